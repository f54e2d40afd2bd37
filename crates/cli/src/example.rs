//! `packwright example`: values that fit a tool's schema.

use crate::exit::Code;
use crate::output::{Output, visible};
use crate::shipping::{answered, pack_folder};
use camino::Utf8PathBuf;
use packwright_app::core::schema::Examples;
use packwright_app::examples::{Of, examples};
use packwright_app::wire::Failure;
use serde_json::json;

/// Print example values for a tool's input: what its author offers, then the smallest, then varied ones.
#[derive(clap::Args)]
pub struct Arguments {
    /// The tool's name.
    #[arg(value_name = "TOOL")]
    tool: String,
    /// The pack's folder.
    #[arg(default_value = ".", value_name = "DIR")]
    folder: Utf8PathBuf,
    /// Most values that are printed, one a line.
    #[arg(long, default_value_t = 3, value_name = "N")]
    count: u16,
    /// Another number, other values; the same number, the same values.
    #[arg(long, default_value_t = 0, value_name = "N")]
    seed: u64,
    /// Values of the output instead.
    #[arg(long)]
    output: bool,
}

pub fn run(arguments: &Arguments, output: &Output) -> Code {
    answered(output, run_example(arguments, output))
}

fn run_example(arguments: &Arguments, output: &Output) -> Result<Code, Failure> {
    let of = if arguments.output { Of::Output } else { Of::Input };
    let count = usize::from(arguments.count);
    let options = Examples { seed: arguments.seed, count, ..Examples::default() };
    let values = examples(&pack_folder(&arguments.folder)?, &arguments.tool, of, &options)?;
    output.envelope(
        true,
        json!({ "tool": arguments.tool, "of": if arguments.output { "output" } else { "input" }, "examples": values }),
        Vec::new(),
    );
    for value in &values {
        output.print(&format!("{}\n", visible(&value.to_string())));
    }
    if values.is_empty() && count > 0 {
        output.say("No value was found that fits: the schema may allow none, or ask for more than can be guessed. Write `examples` into it.\n");
        return Ok(Code::Findings);
    }
    Ok(Code::Fine)
}
