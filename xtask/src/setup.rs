//! Set-up: makes a fresh clone ready, and does nothing, quickly, when it is.
//!
//! Every command calls [`prepare`] first. What the operating system must provide is in `system.rs`.

use std::path::Path;
use std::time::Instant;

use fs_err as fs;

use crate::engine;
use crate::process;
use crate::stamp;
use crate::system::{self, Purpose};
use crate::workspace::Workspace;

/// How much a command needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// To build and open the studio.
    Build,
    /// To build, and to check sources and dependencies.
    Lint,
    /// To build, and to drive the window on a virtual screen.
    Everything,
}

/// The oldest Rust is the one the crates ask for; cargo refuses older ones too, but only once it can read the manifest.
const RUST: &str = env!("CARGO_PKG_RUST_VERSION");
/// The oldest Node with which Vite 8, which builds the page, starts.
const NODE: &str = "20.19";
const CARGO_DENY: &str = "0.20.2";

/// One step: what it makes ready, for whom, and how.
struct Step {
    name: &'static str,
    scopes: &'static [Scope],
    make: fn(&Workspace) -> anyhow::Result<()>,
}

const ALWAYS: &[Scope] = &[Scope::Build, Scope::Lint, Scope::Everything];

const STEPS: [Step; 8] = [
    Step { name: "Rust and Node", scopes: ALWAYS, make: languages },
    Step { name: "system libraries", scopes: &[Scope::Build, Scope::Lint], make: |_| system::provide(Purpose::Build) },
    Step {
        name: "system libraries and a virtual screen",
        scopes: &[Scope::Everything],
        make: |_| system::provide(Purpose::Window),
    },
    Step { name: "the page's packages", scopes: ALWAYS, make: page_packages },
    Step { name: "the page", scopes: ALWAYS, make: page },
    Step { name: "the engine of inline handlers", scopes: ALWAYS, make: engine::make },
    Step { name: "components of the sample packs", scopes: ALWAYS, make: sample_components },
    Step { name: "cargo-deny", scopes: &[Scope::Lint], make: cargo_deny },
];

pub(crate) fn prepare(workspace: &Workspace, scope: Scope) -> anyhow::Result<()> {
    let begin = Instant::now();
    for step in STEPS.iter().filter(|step| step.scopes.contains(&scope)) {
        (step.make)(workspace).map_err(|error| error.context(format!("Set-up stopped at {}", step.name)))?;
    }
    eprintln!("Set-up: ready ({:.1} s)", begin.elapsed().as_secs_f32());
    Ok(())
}

fn languages(_: &Workspace) -> anyhow::Result<()> {
    system::require_version(Path::new("rustc"), RUST, "Update with `rustup update`, or see https://rustup.rs.")?;
    system::require_version(Path::new("node"), NODE, "See https://nodejs.org/en/download.")
}

/// `npm ci` when the lock file is not the one that `node_modules` was made from.
fn page_packages(workspace: &Workspace) -> anyhow::Result<()> {
    let ui = workspace.ui();
    // In `node_modules`, so that removing the folder removes the stamp.
    let file = ui.join("node_modules/.packwright-lock");
    let stamp = stamp::of_contents(&[ui.join("package-lock.json"), ui.join("package.json")])?;
    if stamp::is_current(&file, &stamp) {
        return Ok(());
    }
    eprintln!("Installing the page's packages (npm ci)");
    process::must_succeed(process::npm(workspace).arg("ci"), "npm ci")?;
    fs::write(file, stamp)?;
    Ok(())
}

/// Builds `ui/dist` when any file of `ui/` has changed since.
fn page(workspace: &Workspace) -> anyhow::Result<()> {
    let ui = workspace.ui();
    // Not in `dist`: all that lies there is built into the studio.
    let file = ui.join("node_modules/.packwright-dist");
    let stamp = stamp::of_listing(&ui, &["node_modules", "dist"])?;
    if stamp::is_current(&file, &stamp) && ui.join("dist/index.html").is_file() {
        return Ok(());
    }
    eprintln!("Building the page (npm run build)");
    process::must_succeed(process::npm(workspace).args(["run", "build"]), "building the page")?;
    fs::write(file, stamp)?;
    Ok(())
}

/// Assembles `components/*.wat` of the sample packs: text under version control, Wasm beside it.
fn sample_components(workspace: &Workspace) -> anyhow::Result<()> {
    let samples = workspace.samples();
    if !samples.is_dir() {
        return Ok(());
    }
    for sample in fs::read_dir(samples)? {
        let components = sample?.path().join("components");
        if components.is_dir() {
            assemble(&components)?;
        }
    }
    Ok(())
}

fn assemble(components: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(components)? {
        let source = entry?.path();
        let made = source.with_extension("wasm");
        if source.extension().is_some_and(|extension| extension == "wat") && stamp::is_stale(&made, &source)? {
            eprintln!("Assembling {}", source.display());
            // Written aside and renamed: half a file would be newer than its source, and would stay.
            let aside = source.with_extension("part.wasm");
            fs::write(&aside, wat::parse_file(&source)?)?;
            fs::rename(aside, made)?;
        }
    }
    Ok(())
}

fn cargo_deny(workspace: &Workspace) -> anyhow::Result<()> {
    let tool = workspace.tool("cargo-deny");
    let wanted = format!("cargo-deny {CARGO_DENY}");
    if tool.is_file() && process::answer(process::program(workspace, &tool).arg("--version")).as_ref() == Some(&wanted) {
        return Ok(());
    }
    eprintln!("Building {wanted}, which checks licences and sources of dependencies (once, some minutes)");
    let mut command = process::cargo(workspace);
    command.args(["install", "--quiet", "--locked", "--root"]).arg(workspace.target.join("tools"));
    process::must_succeed(command.arg(format!("cargo-deny@{CARGO_DENY}")), "building cargo-deny")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Scratch;

    #[test]
    fn components_are_assembled_once() {
        let folder = Scratch::new().unwrap();
        let (source, made) = (folder.path().join("one.wat"), folder.path().join("one.wasm"));
        fs::write(&source, "(component)").unwrap();
        fs::write(folder.path().join("notes.txt"), "not Wasm").unwrap();
        assemble(folder.path()).unwrap();
        assert!(fs::read(&made).unwrap().starts_with(b"\0asm"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
        let first = fs::metadata(&made).unwrap().modified().unwrap();
        assemble(folder.path()).unwrap();
        assert_eq!(fs::metadata(&made).unwrap().modified().unwrap(), first);
    }

    #[test]
    fn a_component_that_does_not_assemble_leaves_nothing_behind() {
        let folder = Scratch::new().unwrap();
        fs::write(folder.path().join("one.wat"), "(component").unwrap();
        assert!(assemble(folder.path()).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn every_scope_sees_to_the_system_once() {
        for scope in ALWAYS {
            let count = STEPS.iter().filter(|step| step.scopes.contains(scope) && step.name.starts_with("system")).count();
            assert_eq!(count, 1, "{scope:?}");
        }
    }
}
