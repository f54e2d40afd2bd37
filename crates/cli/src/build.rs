//! `packwright build`: the release as a folder, published nowhere.

use crate::exit::Code;
use crate::output::{Output, visible};
use crate::shipping::{answered, facts, pack_folder, rows};
use camino::Utf8PathBuf;
use packwright_app::shipping::words::{plural, size};
use packwright_app::shipping::{BuildOutcome, build};
use packwright_app::wire::{Failure, Verdict};
use serde_json::json;

/// Build a pack: an OCI image layout, with the digests that publishing would give.
#[derive(clap::Args)]
pub struct Arguments {
    /// The pack's folder.
    #[arg(default_value = ".", value_name = "DIR")]
    folder: Utf8PathBuf,
    /// Where to write it; dist/NAME-VERSION in the pack unless named. A build that is there is replaced.
    #[arg(long, short, value_name = "DIR")]
    output: Option<Utf8PathBuf>,
}

pub fn run(arguments: &Arguments, output: &Output) -> Code {
    answered(output, run_build(arguments, output))
}

fn run_build(arguments: &Arguments, output: &Output) -> Result<Code, Failure> {
    let built = match build(&pack_folder(&arguments.folder)?, arguments.output.as_deref())? {
        BuildOutcome::Built(built) => built,
        BuildOutcome::Blocked(checks) => {
            output.envelope(false, json!({ "checks": checks }), Vec::new());
            let failing: Vec<_> = checks.into_iter().filter(|check| check.verdict == Verdict::Fail).collect();
            output.say(&format!("Not built:\n{}", rows(&failing)));
            return Ok(Code::Findings);
        }
    };
    output.envelope(true, &*built, Vec::new());
    output.print(&format!(
        "{} {}: {}, {}\n",
        visible(&built.name),
        visible(&built.version),
        plural(built.files, "file"),
        size(built.uncompressed)
    ));
    output.print(&facts(&[("digest", &built.digest), ("content", &built.content_digest), ("source", &built.source_digest)]));
    output.say(&format!("Written to {}\n", visible(built.folder.as_str())));
    Ok(Code::Fine)
}
