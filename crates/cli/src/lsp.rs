//! `packwright lsp`: the language server, for any editor that speaks the protocol.

use crate::exit::Code;
use crate::output::Output;
use packwright_app::lsp::{Ended, serve_stdio};
use packwright_app::wire::{Failure, FailureCode};

/// Serve an editor on standard input and output, by the language server protocol.
#[derive(clap::Args)]
pub struct Arguments {
    /// What many editors add by themselves: standard input and output are used anyway.
    #[arg(long, hide = true)]
    stdio: bool,
}

pub fn run(Arguments { stdio: _ }: &Arguments, output: &Output) -> Code {
    match serve_stdio() {
        Ok(Ended::Well) => Code::Fine,
        // So the protocol wants it: an editor's watchdog tells a crash from a goodbye by it.
        Ok(Ended::Abruptly) => Code::Findings,
        Err(error) => output.failure(&Failure::new(
            FailureCode::Other,
            format!("the editor cannot be talked to any more: {error}"),
            "An editor starts `packwright lsp` by itself; there is nothing to type here.",
        )),
    }
}
