//! `packwright pull`: a release back into a folder, verified.

use crate::exit::Code;
use crate::output::{Output, visible};
use crate::shipping::{answered, registry, shipping};
use camino::Utf8PathBuf;
use packwright_app::shipping::Release;
use packwright_app::shipping::words::plural;
use packwright_app::wire::Failure;

/// Pull a release: check digests and signature, and unpack it into a new folder.
#[derive(clap::Args)]
pub struct Arguments {
    /// `acme/notes:1.2.0`, `acme/notes@sha256:…`, `localhost:5000/acme/notes`; without a version the latest.
    #[arg(value_name = "REFERENCE")]
    reference: String,
    /// The folder, which must not be there yet; the pack's name unless named.
    #[arg(long, value_name = "DIR")]
    into: Option<Utf8PathBuf>,
    /// The registry, when the reference names none; this computer unless named.
    #[arg(long, value_name = "REGISTRY")]
    from: Option<String>,
}

pub fn run(arguments: &Arguments, output: &Output) -> Code {
    answered(output, run_pull(arguments, output))
}

fn run_pull(arguments: &Arguments, output: &Output) -> Result<Code, Failure> {
    let release = Release::parse(&arguments.reference, registry(arguments.from.as_deref())?.as_ref())?;
    let into = arguments.into.clone().unwrap_or_else(|| release.repository.pack().into());
    let pulled = shipping(output)?.pull(&release, &into)?;
    output.envelope(true, &pulled, Vec::new());
    output.print(&format!("{}\n", visible(&pulled.folder)));
    let files = plural(pulled.files as usize, "file");
    output.say(&format!("{} {}: {files}, verified\n", visible(&release.repository.shown()), visible(&pulled.version)));
    Ok(Code::Fine)
}
