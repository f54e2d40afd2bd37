//! The generated files that are committed: `cargo xtask generate` writes them, `cargo xtask lint` asks whether they are fresh.
//!
//! What is generated, and from what, is known to the tests that compare the two; with `PACKWRIGHT_BLESS` set they write instead.

use std::process::Command;

use crate::setup::{self, Scope};
use crate::workspace::Workspace;
use crate::{Exit, process};

pub(crate) fn write(workspace: &Workspace) -> anyhow::Result<Exit> {
    setup::prepare(workspace, Scope::Build)?;
    process::must_succeed(freshness_test(workspace).env("PACKWRIGHT_BLESS", "1"), "writing the generated files")?;
    Ok(Exit::Fine)
}

/// The tests that own the generated files, asked for over the whole workspace so that features stay the same.
pub(crate) fn freshness_test(workspace: &Workspace) -> Command {
    let mut command = process::cargo(workspace);
    command.args(["test", "--workspace", "--test", "wire", "--test", "rule_pages", "--", "--exact"]);
    command.args(["committed_typescript_is_fresh", "committed_rule_pages_are_fresh", "committed_manifest_schema_is_fresh"]);
    command
}
