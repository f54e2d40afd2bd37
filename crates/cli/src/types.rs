//! `packwright types`: TypeScript types for a pack's handlers.

use crate::exit::Code;
use crate::output::Output;
use crate::shipping::{answered, pack_folder};
use camino::Utf8PathBuf;
use packwright_app::examples::types;
use packwright_app::wire::Failure;
use serde_json::json;

/// Print the TypeScript types of a pack's tools, for `import type … from "packwright:tools"`, and of the host.
#[derive(clap::Args)]
pub struct Arguments {
    /// The pack's folder.
    #[arg(default_value = ".", value_name = "DIR")]
    folder: Utf8PathBuf,
}

pub fn run(arguments: &Arguments, output: &Output) -> Code {
    answered(output, run_types(arguments, output))
}

fn run_types(arguments: &Arguments, output: &Output) -> Result<Code, Failure> {
    let text = types(&pack_folder(&arguments.folder)?)?;
    output.envelope(true, json!({ "types": text }), Vec::new());
    output.print(&text);
    Ok(Code::Fine)
}
