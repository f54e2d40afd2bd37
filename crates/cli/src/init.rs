//! `packwright init`: makes a folder a pack.

use crate::exit::Code;
use crate::output::Output;
use camino::Utf8PathBuf;
use packwright_app::studio::create_manifest;
use serde_json::json;

/// Make a folder a pack: write a first pack.yaml into it.
#[derive(clap::Args)]
pub struct Arguments {
    /// The folder; it must exist.
    #[arg(default_value = ".", value_name = "DIR")]
    folder: Utf8PathBuf,
}

pub fn run(arguments: &Arguments, output: &Output) -> Code {
    match create_manifest(&arguments.folder) {
        Ok(path) => {
            output.envelope(true, json!({ "manifest": path }), Vec::new());
            output.print(&format!("{path}\n"));
            output.say("Wrote a first manifest. Say in `description` what the pack is for, then run `packwright check`.\n");
            Code::Fine
        }
        Err(failure) => output.failure(&failure),
    }
}
