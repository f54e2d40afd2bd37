//! Starts other programs: cargo, npm, and what they built. How their results are read is for the callers.

use std::ffi::OsStr;
use std::process::{Command, Stdio};

use anyhow::Context;

use crate::Stop;
use crate::workspace::Workspace;

/// What every build and test names, so that cargo resolves one set of features and builds the heavy crates once.
///
/// `--examples` is here for that reason too: without a target that may use development dependencies, cargo leaves their features
/// out and builds `serde_json`, and all that uses it, a second time. xtask is left out because it is running.
const ALL_PROGRAMS: [&str; 5] = ["--workspace", "--exclude", "xtask", "--bins", "--examples"];

/// A program started in the repository, without what `cargo run` told xtask about xtask.
pub(crate) fn program(workspace: &Workspace, name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(&workspace.root).env("CARGO_TARGET_DIR", &workspace.target);
    for (key, _) in std::env::vars_os() {
        let key = key.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"].iter().any(|prefix| key.starts_with(prefix)) {
            command.env_remove(key.as_ref());
        }
    }
    command
}

/// The cargo that started xtask.
pub(crate) fn cargo(workspace: &Workspace) -> Command {
    program(workspace, std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// npm, working on `ui/`.
pub(crate) fn npm(workspace: &Workspace) -> Command {
    npm_in(workspace, "ui")
}

/// npm, working on a folder of the repository.
pub(crate) fn npm_in(workspace: &Workspace, folder: &str) -> Command {
    let mut command = program(workspace, if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.args(["--prefix", folder, "--no-fund", "--no-audit", "--loglevel=error"]);
    command
}

/// Builds every program and example of the workspace but xtask.
pub(crate) fn build(workspace: &Workspace, release: bool) -> anyhow::Result<()> {
    build_some(workspace, release, &[])
}

/// Builds some programs of the workspace; without a name, all.
pub(crate) fn build_some(workspace: &Workspace, release: bool, programs: &[&str]) -> anyhow::Result<()> {
    let mut command = cargo(workspace);
    command.arg("build");
    if programs.is_empty() {
        command.args(ALL_PROGRAMS);
    } else {
        command.args(["--workspace", "--exclude", "xtask"]);
        command.args(programs.iter().flat_map(|program| ["--bin", program]));
    }
    if release {
        command.arg("--release");
    }
    must_succeed(&mut command, "building the workspace")
}

/// Runs to the end, all output on stderr; `purpose` completes "… failed".
pub(crate) fn must_succeed(command: &mut Command, purpose: &str) -> anyhow::Result<()> {
    command.stdout(std::io::stderr());
    let status = command.status().with_context(|| cannot_start(command))?;
    if !status.success() {
        return Err(Stop::cannot_run(format!("{purpose} failed ({status})")).into());
    }
    Ok(())
}

/// What a program prints on stdout, if it could be started and ended well.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The words for a program that is not there.
pub(crate) fn cannot_start(command: &Command) -> String {
    format!("`{}` cannot be started", command.get_program().to_string_lossy())
}
