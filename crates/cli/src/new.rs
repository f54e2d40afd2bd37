//! `packwright new`: a pack from a template, ready to be tried.

use crate::exit::Code;
use crate::output::{Output, visible};
use camino::Utf8PathBuf;
use packwright_app::new_pack::{first_tool, list, make};
use packwright_app::wire::{NewPackArg, Template};
use serde_json::json;

/// Make a new pack from a template, in a folder of its own.
#[derive(clap::Args)]
pub struct Arguments {
    /// The pack's name, and that of its folder: a–z, 0–9 and `-`.
    #[arg(required_unless_present = "list")]
    name: Option<String>,
    /// What to begin with; `--list` shows them all.
    #[arg(long, default_value = "http-tool", value_name = "TEMPLATE")]
    template: String,
    /// The service's address, when the template asks for one.
    #[arg(long, value_name = "URL")]
    address: Option<String>,
    /// One sentence: what the pack makes possible.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    description: String,
    /// The folder in which the pack's own folder is made.
    #[arg(long = "in", default_value = ".", value_name = "DIR")]
    folder: Utf8PathBuf,
    /// List the templates.
    #[arg(long, conflicts_with_all = ["name", "template", "address", "description", "folder"])]
    list: bool,
}

pub fn run(arguments: &Arguments, output: &Output) -> Code {
    let Some(name) = arguments.name.as_ref().filter(|_| !arguments.list) else {
        return show_templates(output);
    };
    let wanted = NewPackArg {
        template: arguments.template.clone(),
        folder: arguments.folder.to_string(),
        name: name.clone(),
        description: arguments.description.clone(),
        address: arguments.address.clone(),
    };
    match make(&wanted) {
        Ok(made) => {
            let next = next_commands(&wanted.template);
            output.envelope(true, json!({ "folder": made, "template": wanted.template, "next": next }), Vec::new());
            output.print(&format!("{}\n", visible(made.as_str())));
            output.say(&format!("Made a new pack. In that folder, try:\n\n  {}\n", next.join("\n  ")));
            Code::Fine
        }
        Err(failure) => output.failure(&failure),
    }
}

/// Three commands that show what the pack can do; all of them are typed in its folder.
fn next_commands(template: &str) -> [String; 3] {
    match first_tool(template) {
        Some((tool, input)) => {
            ["packwright test".to_owned(), format!("packwright run {tool} --input '{input}'"), "packwright publish".to_owned()]
        }
        None => ["packwright check", "packwright build", "packwright publish"].map(str::to_owned),
    }
}

fn show_templates(output: &Output) -> Code {
    let templates = list();
    output.envelope(true, json!({ "templates": templates }), Vec::new());
    output.print(&templates.iter().map(in_words).collect::<Vec<_>>().join("\n"));
    Code::Fine
}

fn in_words(template: &Template) -> String {
    let Template { id, title, description, contents, address } = template;
    let asks = address.as_ref().map(|usual| format!("  --address: {usual} unless you say otherwise\n")).unwrap_or_default();
    format!("{id}: {title}\n  {description}\n  Holds {contents}.\n{asks}")
}
