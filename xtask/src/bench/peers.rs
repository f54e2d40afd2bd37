//! The programs with which authors check packs today, installed below the build folder and nowhere else.
//!
//! Versions are pinned: a figure of last month and one of today are then of the same programs. Where they cannot be installed, the bench
//! says so and measures ours alone.

use std::path::{Path, PathBuf};

use anyhow::Context;
use fs_err as fs;

use crate::process;
use crate::stamp;
use crate::workspace::Workspace;

/// For npm. `ajv` stands here because ajv-cli takes any 8.
const PACKAGES: &str = r#"{
  "private": true,
  "dependencies": { "ajv": "8.20.0", "ajv-cli": "5.0.0", "ajv-formats": "3.0.1", "yaml-language-server": "1.25.0" },
  "overrides": { "ajv": "8.20.0" }
}
"#;
/// For pip.
const CHECK_JSONSCHEMA: &str = "check-jsonschema==0.39.0";
/// The wait after a keystroke that yaml-language-server has by design, as its source says it, and without it.
const WAIT: (&str, &str) = ("validationDelayMs = 200;", "validationDelayMs = 0;");

/// The folder of peers, with as many of them as can be had.
pub(super) fn install(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    let folder = workspace.target.join("peers");
    fs::create_dir_all(&folder)?;
    for (name, step) in [
        ("yaml-language-server and ajv", node_packages as fn(&Workspace, &Path) -> anyhow::Result<()>),
        ("check-jsonschema", python_package),
    ] {
        if let Err(error) = step(workspace, &folder) {
            eprintln!("No peer: {name} cannot be installed here ({error:#})");
        }
    }
    Ok(folder)
}

fn node_packages(workspace: &Workspace, folder: &Path) -> anyhow::Result<()> {
    let stamp = folder.join(".node-packages");
    if stamp::is_current(&stamp, PACKAGES) {
        return Ok(());
    }
    eprintln!("Installing yaml-language-server and ajv, to be measured against");
    let modules = folder.join("node_modules");
    if modules.exists() {
        fs::remove_dir_all(&modules)?;
    }
    fs::write(folder.join("package.json"), PACKAGES)?;
    let mut npm = process::npm_in(workspace, &folder.to_string_lossy());
    // Without a network a minute of attempts would say no more than one.
    npm.args(["install", "--no-package-lock", "--fetch-retries=1", "--fetch-timeout=60000"]);
    process::must_succeed(&mut npm, "npm install")?;
    without_wait(&modules)?;
    fs::write(stamp, PACKAGES)?;
    Ok(())
}

/// A second yaml-language-server that begins its work at once.
fn without_wait(modules: &Path) -> anyhow::Result<()> {
    let copy = modules.join("yaml-language-server-prompt");
    crate::workspace::copy_folder(&modules.join("yaml-language-server"), &copy)?;
    let settings = copy.join("out/server/src/yamlSettings.js");
    let text = fs::read_to_string(&settings)?;
    let (from, to) = WAIT;
    anyhow::ensure!(text.contains(from), "`{from}` does not stand in {}", settings.display());
    fs::write(settings, text.replace(from, to))?;
    Ok(())
}

fn python_package(workspace: &Workspace, folder: &Path) -> anyhow::Result<()> {
    let stamp = folder.join(".python-package");
    if stamp::is_current(&stamp, CHECK_JSONSCHEMA) {
        return Ok(());
    }
    eprintln!("Installing check-jsonschema, to be measured against");
    let home = folder.join("venv");
    let mut python = process::program(workspace, if cfg!(windows) { "python" } else { "python3" });
    process::must_succeed(python.args(["-m", "venv"]).arg(&home), "making a Python environment")?;
    let mut pip = process::program(workspace, home.join(if cfg!(windows) { "Scripts/pip.exe" } else { "bin/pip" }));
    pip.args(["install", "--quiet", "--disable-pip-version-check", "--retries=1", CHECK_JSONSCHEMA]);
    process::must_succeed(&mut pip, "pip install").context(CHECK_JSONSCHEMA)?;
    fs::write(stamp, CHECK_JSONSCHEMA)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Scratch;

    #[test]
    fn the_prompt_server_differs_in_its_wait_alone_and_a_new_release_without_that_line_is_noticed() {
        let folder = Scratch::new().unwrap();
        let file = |package: &str| folder.path().join(package).join("out/server/src/yamlSettings.js");
        fs::create_dir_all(file("yaml-language-server").parent().unwrap()).unwrap();
        fs::write(file("yaml-language-server"), "a\n        this.validationDelayMs = 200;\nb\n").unwrap();
        without_wait(folder.path()).unwrap();
        let made = fs::read_to_string(file("yaml-language-server-prompt")).unwrap();
        assert_eq!(made, "a\n        this.validationDelayMs = 0;\nb\n");
        fs::write(file("yaml-language-server"), "this.delay = 200;").unwrap();
        assert!(without_wait(folder.path()).is_err());
    }
}
