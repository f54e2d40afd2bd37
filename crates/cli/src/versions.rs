//! `packwright versions`: what is published of a pack.

use crate::exit::Code;
use crate::output::{Output, visible};
use crate::shipping::{answered, pack_folder, registry, shipping};
use camino::Utf8Path;
use packwright_app::core::folder::MANIFEST;
use packwright_app::shipping::{Registry, Repository, Shipping};
use packwright_app::wire::Failure;
use serde_json::json;

/// List the published versions of a pack, newest first.
#[derive(clap::Args)]
pub struct Arguments {
    /// A name, `acme/notes`, or the pack's folder.
    #[arg(default_value = ".", value_name = "NAME|DIR")]
    pack: String,
    /// The registry; this computer unless named.
    #[arg(long, value_name = "REGISTRY")]
    from: Option<String>,
}

pub fn run(arguments: &Arguments, output: &Output) -> Code {
    answered(output, run_versions(arguments, output))
}

fn run_versions(arguments: &Arguments, output: &Output) -> Result<Code, Failure> {
    let shipping = shipping(output)?;
    let repository = repository(&shipping, &arguments.pack, registry(arguments.from.as_deref())?)?;
    let releases = shipping.releases(&repository)?;
    output.envelope(true, json!({ "repository": repository.shown(), "releases": releases }), Vec::new());
    let width = releases.iter().map(|release| release.version.len()).max().unwrap_or(0);
    for release in &releases {
        let signed = if release.signed { "signed  " } else { "UNSIGNED" };
        let latest = if release.latest { "  latest" } else { "" };
        output.print(&format!("{:width$}  {}  {signed}{latest}\n", release.version, release.digest));
    }
    if releases.is_empty() {
        output.say(&format!(
            "Nothing of `{}` is published there yet: `packwright publish` does that.\n",
            visible(&repository.shown())
        ));
    }
    Ok(Code::Fine)
}

/// What looks like a path, or is a pack's folder, is one; anything else is a name.
fn repository(shipping: &Shipping, pack: &str, from: Option<Registry>) -> Result<Repository, Failure> {
    let path = Utf8Path::new(pack);
    let looks_so = pack.is_empty() || pack.starts_with('.') || path.is_absolute();
    if looks_so || path.join(MANIFEST).is_file() || path.file_name() == Some(MANIFEST) {
        return shipping.repository_of(&pack_folder(path)?, &from.unwrap_or(Registry::Local));
    }
    Repository::parse(pack, from.as_ref())
}
