//! What the tests over the whole product share: the programs under test, and the real window on a screen of its own.
//!
//! Nothing here touches the home folder of whoever runs the tests: each window gets a home, a session bus and a screen of its own,
//! and ends what it started.

pub mod docker_registry;
pub mod generator;
pub mod language_client;
pub mod screen;
pub mod service;
pub mod window;

use anyhow::{Context, Result, bail};
use camino::{Utf8Path, Utf8PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// The root of the sources: those that cargo runs now. What was compiled in may be another clone that shares the target folder.
pub fn sources() -> &'static Utf8Path {
    static SOURCES: LazyLock<Utf8PathBuf> = LazyLock::new(|| {
        let tests = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
        Utf8Path::new(&tests).parent().expect("tests/ lies in the sources").to_owned()
    });
    &SOURCES
}

/// A program of ours, built beside the running one.
pub fn program(name: &str) -> Result<Utf8PathBuf> {
    let me = Utf8PathBuf::from_path_buf(std::env::current_exe()?).ok().context("the target folder's path is Unicode")?;
    // Tests lie in `deps`, a folder below the programs.
    let folder =
        me.ancestors().skip(1).find(|folder| folder.file_name() != Some("deps")).context("a program lies in a folder")?;
    let path = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !path.is_file() {
        bail!("`{path}` is not built: run `cargo xtask test`, which builds it first");
    }
    Ok(path)
}

/// What a window test needs beside ourselves. Debian's names.
const WINDOW_PEERS: &[(&str, &str)] = &[("Xvfb", "xvfb"), ("dbus-daemon", "dbus"), ("WebKitWebDriver", "webkit2gtk-driver")];

/// True when the window can be tested here. When not: a visible skip, which is a failure in CI.
pub fn window_can_be_tested(test: &str) -> bool {
    let missing: Vec<&str> =
        WINDOW_PEERS.iter().filter(|(program, _)| !is_installed(program)).map(|(_, package)| *package).collect();
    missing.is_empty() || skip(test, &format!("not installed: {}", missing.join(", ")))
}

/// True when these programs are on the path; a visible skip otherwise.
pub fn are_installed(test: &str, programs: &[&str]) -> bool {
    let missing: Vec<&str> = programs.iter().copied().filter(|program| !is_installed(program)).collect();
    missing.is_empty() || skip(test, &format!("not installed: {}", missing.join(", ")))
}

/// True when a program is on the path.
pub fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Says that a test did not run, where `cargo xtask test` counts it. Always false.
#[expect(clippy::print_stderr, reason = "a skip must be seen")]
pub fn skip(test: &str, why: &str) -> bool {
    eprintln!("skipped: {test}: {why}");
    if let Some(file) = std::env::var_os("PACKWRIGHT_SKIPS") {
        use std::io::Write;
        let line = format!("{test}: {why}\n");
        // The runner counts the lines: a skip that could not be told must not pass for a success.
        fs_err::OpenOptions::new()
            .create(true)
            .append(true)
            .open(std::path::PathBuf::from(file))
            .and_then(|mut file| file.write_all(line.as_bytes()))
            .expect("the runner's list of skips can be written");
    }
    false
}

/// A writable copy of a sample pack, to be removed by dropping the first.
pub fn copy_of_sample(name: &str) -> Result<(tempfile::TempDir, Utf8PathBuf)> {
    let keep = tempfile::tempdir()?;
    let folder =
        Utf8Path::from_path(keep.path()).context("the temporary folder's path is Unicode")?.canonicalize_utf8()?.join(name);
    copy_folder(&sources().join("packs-samples").join(name), &folder)?;
    Ok((keep, folder))
}

/// Copies a folder, links as links.
pub fn copy_folder(from: &Utf8Path, to: &Utf8Path) -> Result<()> {
    fs_err::create_dir_all(to)?;
    for entry in from.read_dir_utf8().with_context(|| format!("`{from}` can be listed"))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(entry.path(), &target)?;
        } else {
            fs_err::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

/// Runs `packwright` in a folder with a home of its own: exit code, standard output, standard error.
pub fn packwright(folder: &Utf8Path, arguments: &[&str]) -> Result<(i32, String, String)> {
    let home = tempfile::tempdir()?;
    packwright_at(Utf8Path::from_path(home.path()).context("the temporary folder's path is Unicode")?, folder, arguments)
}

/// The same, with a home that outlives the run.
pub fn packwright_at(home: &Utf8Path, folder: &Utf8Path, arguments: &[&str]) -> Result<(i32, String, String)> {
    let output = Command::new(program("packwright")?)
        .args(arguments)
        .current_dir(folder)
        .env("PACKWRIGHT_HOME", home)
        .env("HOME", home)
        .env("NO_COLOR", "1")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .stdin(Stdio::null())
        .output()?;
    let text = |bytes| String::from_utf8(bytes).context("programs print UTF-8");
    Ok((output.status.code().unwrap_or(-1), text(output.stdout)?, text(output.stderr)?))
}
