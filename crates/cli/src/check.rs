//! `packwright check`: a pack's findings, as the studio shows them.

mod machine;
mod text;

use crate::exit::Code;
use crate::output::{Output, visible};
use camino::{Utf8Path, Utf8PathBuf};
use packwright_app::check::{CheckedFolder, Report, Seen};
use packwright_app::core::check::tally;
use packwright_app::core::diagnostic::Diagnostic;
use packwright_app::core::folder::MANIFEST;
use packwright_app::core::nearest::nearest;
use packwright_app::core::shape::TARGETS;
use packwright_app::mend::{Mended, mend_folder};
use packwright_app::shipping::words::plural;
use packwright_app::wire::{Failure, FailureCode};
use serde_json::{Value, json};
use std::collections::HashSet;

/// Check packs: the manifest, the folder, and the files in it.
#[derive(clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own on the command line")]
pub struct Arguments {
    /// Folders of packs, or their manifests.
    #[arg(default_value = ".", value_name = "PATH")]
    paths: Vec<Utf8PathBuf>,
    /// Exit with 1 for warnings too.
    #[arg(long)]
    deny_warnings: bool,
    /// Check for this target too, although the manifest does not name it. Can be repeated.
    #[arg(long, value_name = "NAME")]
    target: Vec<String>,
    /// Make the fixes that are certain, and show what they change.
    #[arg(long, conflicts_with_all = ["watch", "sarif", "junit"])]
    fix: bool,
    /// With --fix: show what would change, and write nothing.
    #[arg(long, requires = "fix")]
    dry_run: bool,
    /// Check again whenever a file changes, until you press Ctrl+C.
    #[arg(long, conflicts_with_all = ["json", "sarif", "junit"])]
    watch: bool,
    /// Print SARIF 2.1.0, for code views.
    #[arg(long, conflicts_with_all = ["json", "junit"])]
    sarif: bool,
    // As help and not as a comment, which would want the name between back quotes.
    #[arg(long, conflicts_with = "json", help = "Print JUnit XML, for build servers")]
    junit: bool,
}

pub fn run(arguments: &Arguments, output: &Output) -> Code {
    match checked(arguments, output) {
        Ok(code) => code,
        Err(failure) => output.failure(&failure),
    }
}

fn checked(arguments: &Arguments, output: &Output) -> Result<Code, Failure> {
    if let Some(other) = other_form(arguments).filter(|_| output.is_json()) {
        let message = format!("`--json` cannot be used with `{other}`");
        return Err(Failure::new(FailureCode::BadRequest, message, "Leave one of them out."));
    }
    arguments.target.iter().try_for_each(|name| known_target(name))?;
    let mut folders = arguments.paths.iter().map(|path| folder_of(path)).collect::<Result<Vec<_>, _>>()?;
    // A pack that is named twice is one pack.
    let mut named = HashSet::new();
    folders.retain(|folder| folder.canonicalize_utf8().map_or(true, |real| named.insert(real)));
    if arguments.fix {
        return mend(arguments, &folders, output);
    }
    let opened = folders.iter().map(|folder| CheckedFolder::open(folder, &arguments.target));
    // A form for machines holds all packs or none; people are told what can be told of the others.
    if arguments.watch || arguments.sarif || arguments.junit || output.is_json() {
        return follow(arguments, &folders, opened.collect::<Result<_, _>>()?, output);
    }
    let (mut there, mut packs, mut failures) = (Vec::new(), Vec::new(), Vec::new());
    for (folder, opened) in folders.iter().zip(opened) {
        match opened {
            Ok(pack) => {
                there.push(folder.clone());
                packs.push(pack);
            }
            Err(failure) => failures.push(failure),
        }
    }
    let code = tell(arguments, &there, &packs, output);
    Ok(failures.iter().fold(code, |_, failure| output.failure(failure)))
}

/// Tells what was found, and again whenever something changes where that was asked for.
fn follow(
    arguments: &Arguments,
    folders: &[Utf8PathBuf],
    mut packs: Vec<CheckedFolder>,
    output: &Output,
) -> Result<Code, Failure> {
    if arguments.watch {
        packs.iter_mut().try_for_each(CheckedFolder::follow)?;
    }
    let mut code = tell(arguments, folders, &packs, output);
    if arguments.watch {
        output.say("Waiting for changes; Ctrl+C ends it.\n");
        while let Some(seen) = CheckedFolder::wait_for_change(&mut packs)? {
            let (Seen::Changed(number) | Seen::Gone(number)) = seen;
            let folder = visible(folders[number].as_str());
            if let Seen::Gone(_) = seen {
                output.say(&format!("\n{folder} is not there any more; it is checked again when it comes back.\n"));
                continue;
            }
            output.say(&format!("\n{folder} changed:\n"));
            code = tell(arguments, folders, &packs, output);
        }
    }
    Ok(code)
}

/// What else than text was asked for: the parser does not see a `--json` that stands before the command.
fn other_form(arguments: &Arguments) -> Option<&'static str> {
    let asked = [(arguments.sarif, "--sarif"), (arguments.junit, "--junit"), (arguments.watch, "--watch")];
    asked.into_iter().find(|(asked, _)| *asked).map(|(_, name)| name)
}

/// A manifest stands for its pack.
fn folder_of(path: &Utf8Path) -> Result<Utf8PathBuf, Failure> {
    if path.as_str().is_empty() {
        let hint = "Name the pack's folder, or leave the argument out for the one you are in.";
        return Err(Failure::new(FailureCode::BadRequest, "an empty path names no folder", hint));
    }
    Ok(match path.file_name() {
        Some(MANIFEST) if path.is_file() => path.parent().filter(|parent| !parent.as_str().is_empty()).unwrap_or(".".into()),
        _ => path,
    }
    .to_owned())
}

fn known_target(name: &str) -> Result<(), Failure> {
    if TARGETS.contains(&name) {
        return Ok(());
    }
    let mut hints: Vec<String> =
        nearest(name, TARGETS.iter().copied()).map(|near| format!("Did you mean `{near}`?")).into_iter().collect();
    hints.push(format!("Targets are {}.", TARGETS.join(", ")));
    let message = format!("`{name}` is not a target that Packwright knows");
    Err(Failure { code: FailureCode::BadRequest, message, hints })
}

/// Prints what was found, in the form that was asked for.
fn tell(arguments: &Arguments, folders: &[Utf8PathBuf], packs: &[CheckedFolder], output: &Output) -> Code {
    let reports: Vec<(&Utf8Path, &Report)> =
        folders.iter().map(Utf8PathBuf::as_path).zip(packs.iter().map(CheckedFolder::report)).collect();
    let failed = reports.iter().any(|(_, report)| fails(arguments, &report.checked.diagnostics));
    if arguments.sarif {
        output.print(&machine::sarif(&reports));
    } else if arguments.junit {
        output.print(&machine::junit(&reports, arguments.deny_warnings));
    } else if output.is_json() {
        envelope(&reports, failed, output);
    } else {
        for (folder, report) in &reports {
            for found in &report.checked.diagnostics {
                output.print(&format!("{}\n\n", text::render(found, report, folder)));
            }
            output.say(&verdict(report));
        }
    }
    if failed { Code::Findings } else { Code::Fine }
}

fn fails(arguments: &Arguments, found: &[Diagnostic]) -> bool {
    let (errors, warnings) = tally(found);
    errors > 0 || (arguments.deny_warnings && warnings > 0)
}

/// One pack is the envelope's data; of several each has its place in a list.
fn envelope(reports: &[(&Utf8Path, &Report)], failed: bool, output: &Output) {
    if let [(_, report)] = reports {
        return output.envelope(!failed, pack_data(report), diagnostics(report));
    }
    let packs: Vec<Value> = reports.iter().map(|(_, report)| pack_data(report)).collect();
    output.envelope(
        !failed,
        json!({ "packs": packs }),
        reports.iter().flat_map(|(_, report)| diagnostics_of_one(report)).collect(),
    );
}

fn diagnostics(report: &Report) -> Vec<Value> {
    report.checked.diagnostics.iter().map(|found| text::to_json(found, report)).collect()
}

/// The same where they stand among those of other packs.
fn diagnostics_of_one(report: &Report) -> Vec<Value> {
    let mut list = diagnostics(report);
    list.iter_mut().for_each(|found| found["root"] = json!(report.root));
    list
}

fn pack_data(report: &Report) -> Value {
    let pack = &report.checked.pack;
    let (errors, warnings) = tally(&report.checked.diagnostics);
    json!({
        "root": report.root, "name": pack.name, "version": pack.version, "tools": pack.tools,
        "errors": errors, "warnings": warnings, "allowed": report.checked.allowed,
    })
}

fn verdict(report: &Report) -> String {
    let name = visible(report.checked.pack.name.as_deref().or(report.root.file_name()).unwrap_or("the pack"));
    let (errors, warnings) = tally(&report.checked.diagnostics);
    let notes = report.checked.diagnostics.len() - errors - warnings;
    let mut said = match (errors, warnings, notes) {
        (0, 0, 0) => format!("{name}: no problems"),
        (0, 0, notes) => format!("{name}: no problems, {}", plural(notes, "note")),
        (.., 0) => format!("{name}: {}, {}", plural(errors, "error"), plural(warnings, "warning")),
        _ => format!("{name}: {}, {}, {}", plural(errors, "error"), plural(warnings, "warning"), plural(notes, "note")),
    };
    if report.checked.allowed > 0 {
        said.push_str(&format!(" ({} allowed)", report.checked.allowed));
    }
    said.push('\n');
    said
}

/// Makes the certain fixes, shows them, and says what is left.
fn mend(arguments: &Arguments, folders: &[Utf8PathBuf], output: &Output) -> Result<Code, Failure> {
    // All are looked at before one is changed.
    let mended = folders.iter().map(|folder| mend_folder(folder, &arguments.target)).collect::<Result<Vec<Mended>, _>>()?;
    let mut failed = false;
    let (mut packs, mut left) = (Vec::new(), Vec::new());
    for (folder, mended) in folders.iter().zip(&mended) {
        if !arguments.dry_run {
            mended.write()?;
        }
        failed |= fails(arguments, &mended.report.checked.diagnostics);
        for file in &mended.files {
            output.print(&text::difference(folder, file));
        }
        for found in &mended.report.checked.diagnostics {
            output.print(&format!("{}\n\n", text::render(found, &mended.report, folder)));
        }
        let done = match (mended.fixes, arguments.dry_run) {
            (0, _) => "nothing to fix".to_owned(),
            (fixes, true) => format!("{} would be made", plural(fixes, "fix")),
            (fixes, false) => format!("{} made", plural(fixes, "fix")),
        };
        output.say(&format!("{}: {done}\n", visible(mended.report.checked.pack.name.as_deref().unwrap_or(folder.as_str()))));
        let rest = verdict(&mended.report);
        output.say(&if arguments.dry_run && mended.fixes > 0 { format!("With them, {rest}") } else { rest });
        let mut data = pack_data(&mended.report);
        data["fixes"] = json!(mended.fixes);
        data["written"] = json!(!arguments.dry_run && !mended.files.is_empty());
        data["files"] = mended.files.iter().map(|file| json!(file.path)).collect();
        packs.push(data);
        left.extend(if folders.len() == 1 { diagnostics(&mended.report) } else { diagnostics_of_one(&mended.report) });
    }
    let data = if let [_] = packs.as_slice() { packs.remove(0) } else { json!({ "packs": packs }) };
    output.envelope(!failed, data, left);
    Ok(if failed { Code::Findings } else { Code::Fine })
}
