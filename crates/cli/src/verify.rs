//! `packwright verify`: whether a release is what its signer left there.

use crate::exit::Code;
use crate::output::{Output, visible};
use crate::shipping::{answered, facts, registry, rows, shipping};
use packwright_app::shipping::Release;
use packwright_app::wire::{Failure, Verdict};

/// Verify a release: digests, signature and bill of materials, from the registry's own bytes.
#[derive(clap::Args)]
pub struct Arguments {
    /// `acme/notes:1.2.0`, `acme/notes@sha256:…`, `localhost:5000/acme/notes`; without a version the latest.
    #[arg(value_name = "REFERENCE")]
    reference: String,
    /// The registry, when the reference names none; this computer unless named.
    #[arg(long, value_name = "REGISTRY")]
    from: Option<String>,
}

pub fn run(arguments: &Arguments, output: &Output) -> Code {
    answered(output, run_verify(arguments, output))
}

fn run_verify(arguments: &Arguments, output: &Output) -> Result<Code, Failure> {
    let release = Release::parse(&arguments.reference, registry(arguments.from.as_deref())?.as_ref())?;
    let verified = shipping(output)?.verify(&release)?;
    let good = verified.verdict == Verdict::Pass;
    output.envelope(good, &verified, Vec::new());
    output.print(&format!(
        "{} {}\n{}{}",
        visible(&release.repository.shown()),
        visible(&verified.version),
        rows(&verified.checks),
        facts(&[("digest", &verified.digest)])
    ));
    output.say(if good { "Verified.\n" } else { "Not verified: do not use it.\n" });
    Ok(if good { Code::Fine } else { Code::Refused })
}
