//! `cargo xtask fuzz`: feeds random bytes to what reads other people's files, on the stable compiler.
//!
//! libFuzzer comes as a crate and the compiler's coverage pass is asked for by flags, so neither a nightly compiler nor another tool is needed. What a
//! target does is in `fuzz/`. Everything made here lies below the build folder: seeds from the sample packs, the corpus that grows from run to run, and inputs
//! that were found.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::Context;
use fs_err as fs;

use crate::arguments::FuzzOptions;
use crate::process;
use crate::stamp;
use crate::workspace::Workspace;
use crate::{Exit, Stop};

/// A target: its name, what it reads, and which files of the sample packs are its seeds.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    what: &'static str,
    is_seed: fn(&str) -> bool,
}

pub(crate) const TARGETS: [Target; 6] = [
    Target { name: "manifest", what: "pack.yaml, through every check", is_seed: |path| path.ends_with("/pack.yaml") },
    Target { name: "schema", what: "a JSON Schema: compiled, an example made and checked", is_seed: is_schema },
    Target {
        name: "edit",
        what: "any text and any change of it",
        is_seed: |path| path.ends_with("/pack.yaml") || is_schema(path) || is_cases(path),
    },
    Target { name: "ignore", what: ".packignore, against paths", is_seed: |path| path.ends_with("/.packignore") },
    Target { name: "cases", what: "a file of cases, and one more case added to it", is_seed: is_cases },
    Target {
        name: "recording",
        what: "a recording: read, written, read again",
        is_seed: |path| path.contains("/tests/recordings/"),
    },
];

fn is_schema(path: &str) -> bool {
    path.contains("/schemas/")
}

fn is_cases(path: &str) -> bool {
    path.contains("/tests/") && !path.contains("/recordings/")
}

/// What the coverage pass is told. `trace-compares` lets the fuzzer see the words that its input is compared with.
const INSTRUMENTS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Clink-dead-code --cfg fuzzing";

/// Longest that one input may take, in seconds. With instruments, checks for overflow and another program beside it, everything takes
/// several times as long as in the studio, where a second is the limit.
const TIMEOUT: u32 = 5;

/// Most memory, in MB.
const MEMORY: u32 = 1024;

pub(crate) fn run(workspace: &Workspace, options: &FuzzOptions) -> anyhow::Result<Exit> {
    let Some(target) = options.target.as_ref().and_then(|name| TARGETS.iter().find(|target| target.name == name)) else {
        println!("cargo xtask fuzz NAME [--seconds N] [--input FILE]\n");
        for target in &TARGETS {
            println!("  {:<10} {}", target.name, target.what);
        }
        return Ok(Exit::Fine);
    };
    if !cfg!(unix) {
        return Err(Stop::cannot_run("Fuzzing needs Linux or macOS: libFuzzer is not built for this system here.").into());
    }
    let program = build(workspace)?;
    let place = workspace.target.join("fuzz");
    let [corpus, seeds, found] = ["corpus", "seeds", "found"].map(|folder| place.join(folder).join(target.name));
    let mut command = process::program(workspace, program);
    command.env("PACKWRIGHT_FUZZ", target.name);
    command.args([
        format!("-timeout={TIMEOUT}"),
        format!("-rss_limit_mb={MEMORY}"),
        format!("-artifact_prefix={}/", found.display()),
    ]);
    fs::create_dir_all(&found)?;
    if let Some(input) = &options.input {
        // One run of one input: what it did is on the screen.
        let fine = command.arg(input).status().with_context(|| process::cannot_start(&command))?.success();
        println!("{}: {}", target.name, if fine { "this input does no harm" } else { "this input still does harm (see above)" });
        return Ok(if fine { Exit::Fine } else { Exit::Findings });
    }
    fs::create_dir_all(&corpus)?;
    plant(workspace, target, &seeds)?;
    let begin = SystemTime::now();
    command.arg(format!("-max_total_time={}", options.seconds)).arg(&corpus).arg(&seeds);
    let status = command.status().with_context(|| process::cannot_start(&command))?;
    if status.success() {
        println!(
            "{}: nothing found in {} s; the corpus has {} inputs",
            target.name,
            options.seconds,
            fs::read_dir(&corpus)?.count()
        );
        return Ok(Exit::Fine);
    }
    match newest(&found, begin)? {
        Some(input) => {
            let (name, input) = (target.name, input.display());
            println!(
                "{name}: an input does harm (see above). It is kept:\n  {input}\nTry it again with\n  cargo xtask fuzz {name} --input {input}"
            );
            Ok(Exit::Findings)
        }
        None => {
            Err(Stop::cannot_run(format!("{} ended before it could find anything ({status}, see above)", target.name)).into())
        }
    }
}

/// Builds the program with instruments, in a folder of its own: the flags would have everything else built again.
fn build(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    let host = host()?;
    let place = workspace.target.join("fuzz/build");
    // The versions are the studio's own; cargo adds libFuzzer's crates.
    let [lock, studios] = ["fuzz/Cargo.lock", "Cargo.lock"].map(|path| workspace.root.join(path));
    if stamp::is_stale(&lock, &studios)? {
        fs::copy(&studios, &lock)?;
    }
    let mut command = process::cargo(workspace);
    // With a target named, the flags are not for build scripts, which could not be linked with them.
    command.args(["build", "--quiet", "--release", "--manifest-path", "fuzz/Cargo.toml", "--target", &host]);
    command.env("RUSTFLAGS", INSTRUMENTS).env("CARGO_TARGET_DIR", &place);
    eprintln!("Building the fuzz targets (with instruments: some minutes the first time, and after changes of the core)");
    process::must_succeed(&mut command, "building the fuzz targets")?;
    Ok(place.join(host).join("release/packwright-fuzz"))
}

/// The compiler's name for this machine.
fn host() -> anyhow::Result<String> {
    let said = process::answer(Command::new("rustc").arg("-vV")).context("`rustc -vV` says nothing")?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: ")).context("`rustc -vV` names no host")?;
    Ok(host.to_owned())
}

/// Writes the seeds anew: the samples change.
fn plant(workspace: &Workspace, target: &Target, folder: &Path) -> anyhow::Result<()> {
    if folder.is_dir() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    let mut files = Vec::new();
    files_below(&workspace.samples(), &mut files)?;
    for file in files {
        let path = file.to_string_lossy().replace('\\', "/");
        if !(target.is_seed)(&path) {
            continue;
        }
        let name = path.rsplit("packs-samples/").next().unwrap_or(&path).replace('/', "-");
        let text = fs::read(&file)?;
        if target.name == "edit" {
            // The first eight bytes choose the change, see `fuzz/src/edit.rs`.
            for kind in 0..6u8 {
                let language = u8::from(file.extension().is_none_or(|extension| extension != "json"));
                let seed = [&[kind * 4 + language, kind, 1, kind, 0, 1, 255, 0], text.as_slice()].concat();
                fs::write(folder.join(format!("{kind}-{name}")), seed)?;
            }
        } else {
            fs::write(folder.join(name), text)?;
        }
    }
    Ok(())
}

fn files_below(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_type()? {
            kind if kind.is_dir() => files_below(&entry.path(), files)?,
            kind if kind.is_file() => files.push(entry.path()),
            _ => {}
        }
    }
    Ok(())
}

/// The last file that was written since.
fn newest(folder: &Path, since: SystemTime) -> anyhow::Result<Option<PathBuf>> {
    let mut newest = None;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let written = entry.metadata()?.modified()?;
        // Slow inputs are kept, too; they did not end the run.
        let slow = entry.file_name().to_string_lossy().starts_with("slow-unit-");
        if written >= since && !slow && newest.as_ref().is_none_or(|(last, _)| written >= *last) {
            newest = Some((written, entry.path()));
        }
    }
    Ok(newest.map(|(_, path)| path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Scratch;

    #[test]
    fn every_target_is_in_the_program_and_has_seeds() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let program = fs::read_to_string(root.join("fuzz/src/main.rs")).unwrap();
        let arms = program.matches("::run,").count();
        assert_eq!(arms, TARGETS.len());
        let workspace = Workspace { root: root.to_owned(), target: root.join("target") };
        for target in &TARGETS {
            assert!(program.contains(&format!("\"{0}\" => {0}::run,", target.name)), "{}", target.name);
            let folder = Scratch::new().unwrap();
            plant(&workspace, target, &folder.path().join("seeds")).unwrap();
            assert!(fs::read_dir(folder.path().join("seeds")).unwrap().count() >= 2, "{}", target.name);
        }
    }

    #[test]
    fn what_was_found_before_is_not_found_again() {
        let folder = Scratch::new().unwrap();
        fs::write(folder.path().join("crash-old"), "x").unwrap();
        let old = fs::metadata(folder.path().join("crash-old")).unwrap().modified().unwrap();
        let later = old + std::time::Duration::from_secs(1);
        assert_eq!(newest(folder.path(), later).unwrap(), None);
        assert_eq!(newest(folder.path(), old).unwrap(), Some(folder.path().join("crash-old")));
        fs::remove_file(folder.path().join("crash-old")).unwrap();
        fs::write(folder.path().join("slow-unit-1"), "x").unwrap();
        assert_eq!(newest(folder.path(), old).unwrap(), None);
    }
}
