//! `bench-check [--peers DIR] [--only lsp|batch] [--runs N] [--quick] | --write DIR`: checking, beside the programs that authors check with today.
//!
//! Everybody gets the same generated packs (`generator.rs`) in the same call, in turn, and every answer is looked at: a fast wrong one is
//! counted as wrong. `typing.rs` measures language servers, `batch.rs` whole commands. Prints one JSON object; what the figures are held
//! against, and the tables, are `cargo xtask bench check`'s. Without `--peers` ours is measured alone. `--write` only writes the packs, to be
//! looked at.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "figures and progress are what the program is for")]

mod batch;
mod figures;
mod inputs;
mod typing;

use anyhow::{Context, Result, bail};
use camino::{Utf8Path, Utf8PathBuf};
use inputs::{Inputs, Programs};
use serde_json::json;

struct Options {
    peers: Option<Utf8PathBuf>,
    typing: bool,
    batch: bool,
    /// Runs of every whole command.
    runs: usize,
    /// A tenth of the work, for figures of a tenth of the worth: to see that everything runs.
    quick: bool,
    write: Option<Utf8PathBuf>,
}

fn main() -> Result<()> {
    let options = options(std::env::args().skip(1))?;
    let programs = Programs::find(options.peers.as_deref())?;
    if let Some(folder) = &options.write {
        return Inputs::write(&programs, folder).map(|_| ());
    }
    eprintln!("Generating packs");
    let folder = tempfile::Builder::new().prefix("packwright-bench-").tempdir()?;
    let folder = Utf8Path::from_path(folder.path()).context("the temporary folder's path is Unicode")?;
    let inputs = Inputs::write(&programs, folder)?;
    let mut report = json!({ "peers": programs.versions(), "runs": options.runs });
    if options.typing {
        report["lsp"] = typing::measure(&programs, &inputs, options.quick)?;
    }
    if options.batch {
        report["batch"] = batch::measure(&programs, &inputs, options.runs, options.quick)?;
    }
    println!("{report}");
    Ok(())
}

fn options(mut words: impl Iterator<Item = String>) -> Result<Options> {
    let mut options = Options { peers: None, typing: true, batch: true, runs: 5, quick: false, write: None };
    while let Some(word) = words.next() {
        match word.as_str() {
            "--peers" => options.peers = Some(words.next().context("--peers wants a folder")?.into()),
            "--write" => options.write = Some(words.next().context("--write wants a folder")?.into()),
            "--runs" => {
                options.runs = words.next().and_then(|count| count.parse().ok()).context("--runs wants a number")?;
            }
            "--quick" => options.quick = true,
            "--only" => match words.next().as_deref() {
                Some("lsp") => options.batch = false,
                Some("batch") => options.typing = false,
                _ => bail!("--only wants `lsp` or `batch`"),
            },
            _ => bail!("`{word}` is not understood"),
        }
    }
    Ok(options)
}
