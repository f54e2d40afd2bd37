//! `packwright schema`: the manifest's form, for editors that know JSON Schema and nothing of Packwright.

use crate::exit::Code;
use crate::output::Output;
use packwright_app::core::shape::json_schema;

/// Print the JSON Schema of pack.yaml.
#[derive(clap::Args)]
pub struct Arguments {}

pub fn run(_: &Arguments, output: &Output) -> Code {
    let schema = json_schema::manifest();
    let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    output.print(&format!("{text}\n"));
    output.envelope(true, schema, Vec::new());
    Code::Fine
}
