//! `cargo xtask lint`: every check that needs no test, each named. All run even when one fails, so that one call tells all.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::Context;

use crate::setup::{self, Scope};
use crate::workspace::Workspace;
use crate::{Exit, generated, process};

/// One check: a name for the summary, and what finds out.
struct Check {
    name: &'static str,
    passes: fn(&Workspace) -> anyhow::Result<bool>,
}

const CHECKS: [Check; 7] = [
    Check { name: "Rust formatting", passes: formatting },
    Check { name: "Rust lints", passes: |workspace| shown(process::cargo(workspace).args(CLIPPY)) },
    Check { name: "page: formatting, lints, types", passes: |workspace| shown(process::npm(workspace).args(["run", "lint"])) },
    Check { name: "licences, bans and sources of dependencies", passes: dependencies },
    Check { name: "features of serde_json", passes: json_features },
    Check { name: "generated files", passes: |workspace| shown(&mut generated::freshness_test(workspace)) },
    Check { name: "documentation", passes: documentation },
];

const CLIPPY: [&str; 6] = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];

pub(crate) fn run(workspace: &Workspace) -> anyhow::Result<Exit> {
    setup::prepare(workspace, Scope::Lint)?;
    let mut failed = Vec::new();
    for Check { name, passes } in CHECKS {
        eprintln!("Lint: {name}");
        let begin = Instant::now();
        if !passes(workspace)? {
            failed.push(name);
        }
        eprintln!("Lint: {name} took {:.1} s", begin.elapsed().as_secs_f32());
    }
    println!();
    for Check { name, .. } in CHECKS {
        println!("{:<6} {name}", if failed.contains(&name) { "failed" } else { "ok" });
    }
    Ok(if failed.is_empty() { Exit::Fine } else { Exit::Findings })
}

/// Runs with its output on the screen.
fn shown(command: &mut Command) -> anyhow::Result<bool> {
    Ok(command.status().with_context(|| process::cannot_start(command))?.success())
}

/// Runs quietly; what it says is shown only when it fails.
fn quiet(command: &mut Command) -> anyhow::Result<bool> {
    let output = command.stdin(Stdio::null()).output().with_context(|| process::cannot_start(command))?;
    if !output.status.success() {
        eprint!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    }
    Ok(output.status.success())
}

/// The workspace, and the two beside it, which `--all` does not know of.
fn formatting(workspace: &Workspace) -> anyhow::Result<bool> {
    let beside = ["engine/Cargo.toml", "fuzz/Cargo.toml"];
    let mut fine = shown(process::cargo(workspace).args(["fmt", "--all", "--check"]))?;
    for manifest in beside {
        fine &= shown(process::cargo(workspace).args(["fmt", "--check", "--manifest-path", manifest]))?;
    }
    Ok(fine)
}

fn dependencies(workspace: &Workspace) -> anyhow::Result<bool> {
    quiet(process::program(workspace, workspace.tool("cargo-deny")).args(["--locked", "check", "licenses", "bans", "sources"]))
}

/// Features that change what `serde_json` does for everyone in the build, though only one dependency asks for them: numbers that
/// no longer fit typed data, objects that keep their order where output must be sorted.
fn json_features(workspace: &Workspace) -> anyhow::Result<bool> {
    let mut command = process::cargo(workspace);
    command.args(["tree", "--locked", "--workspace", "--edges", "features", "--invert", "serde_json"]);
    let tree = command.output().with_context(|| process::cannot_start(&command))?;
    if !tree.status.success() {
        eprint!("{}", String::from_utf8_lossy(&tree.stderr));
        return Ok(false);
    }
    let found = unwanted_features(&String::from_utf8_lossy(&tree.stdout));
    for feature in &found {
        eprintln!("A dependency turns on the feature `{feature}` of serde_json for the whole build; `cargo {FIND}` shows which.");
    }
    Ok(found.is_empty())
}

const FIND: &str = "tree --edges features --invert serde_json";

fn unwanted_features(tree: &str) -> Vec<&'static str> {
    let asked = |feature: &str| tree.contains(&format!("serde_json feature \"{feature}\""));
    ["arbitrary_precision", "preserve_order"].into_iter().filter(|feature| asked(feature)).collect()
}

fn documentation(workspace: &Workspace) -> anyhow::Result<bool> {
    // Examples are named for their features, see `process::ALL_PROGRAMS`; else cargo checks the heavy crates a second time.
    let mut command = process::cargo(workspace);
    command.args(["doc", "--workspace", "--no-deps", "--lib", "--bins", "--examples"]).env("RUSTDOCFLAGS", "-D warnings");
    shown(&mut command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unwanted_features_are_seen_only_on_serde_json() {
        let tree = "serde_json v1.0.154\n├── schemars feature \"preserve_order\"\n├── serde_json feature \"std\"\n";
        assert!(unwanted_features(tree).is_empty());
        assert_eq!(unwanted_features(&format!("{tree}└── serde_json feature \"preserve_order\"\n")), ["preserve_order"]);
    }
}
