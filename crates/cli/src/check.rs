//! `packwright check`: a pack's findings, as the studio shows them.

use crate::exit::Code;
use crate::output::{Output, visible};
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use camino::{Utf8Path, Utf8PathBuf};
use packwright_app::check::{Report, check_folder};
use packwright_app::core::check::tally;
use packwright_app::core::diagnostic::{Diagnostic, Severity};
use packwright_app::core::folder::MANIFEST;
use packwright_app::shipping::words::plural;
use packwright_app::wire::{Failure, FailureCode};
use serde_json::{Value, json};

/// Check a pack: the manifest, the folder, and the files that the manifest names.
#[derive(clap::Args)]
pub struct Arguments {
    /// The pack's folder.
    #[arg(default_value = ".", value_name = "DIR")]
    folder: Utf8PathBuf,
    /// Exit with 1 for warnings too.
    #[arg(long)]
    deny_warnings: bool,
}

pub fn run(arguments: &Arguments, output: &Output) -> Code {
    if arguments.folder.as_str().is_empty() {
        let hints = vec!["Name the pack's folder, or leave the argument out for the one you are in.".to_owned()];
        return output.failure(&Failure {
            code: FailureCode::BadRequest,
            message: "an empty path names no folder".to_owned(),
            hints,
        });
    }
    // A manifest stands for its pack.
    let folder = match arguments.folder.file_name() {
        Some(MANIFEST) if arguments.folder.is_file() => {
            arguments.folder.parent().filter(|parent| !parent.as_str().is_empty()).unwrap_or(".".into())
        }
        _ => arguments.folder.as_path(),
    };
    let report = match check_folder(folder) {
        Ok(report) => report,
        Err(failure) => return output.failure(&failure),
    };
    let (errors, warnings) = tally(&report.checked.diagnostics);
    let failed = errors > 0 || (arguments.deny_warnings && warnings > 0);
    if output.is_json() {
        let pack = &report.checked.pack;
        let data = json!({
            "root": report.root, "name": pack.name, "version": pack.version, "tools": pack.tools, "errors": errors, "warnings": warnings,
        });
        output.envelope(!failed, data, report.checked.diagnostics.iter().map(|found| to_json(found, &report)).collect());
    } else {
        for found in &report.checked.diagnostics {
            output.print(&format!("{}\n\n", render(found, &report, folder)));
        }
        output.say(&verdict(&report, errors, warnings));
    }
    if failed { Code::Findings } else { Code::Fine }
}

fn verdict(report: &Report, errors: usize, warnings: usize) -> String {
    let name = report.checked.pack.name.as_deref().or(report.root.file_name()).unwrap_or("the pack");
    match (errors, warnings) {
        (0, 0) => format!("{name}: no problems\n"),
        _ => format!("{name}: {}, {}\n", plural(errors, "error"), plural(warnings, "warning")),
    }
}

/// A finding in the compiler's look: where it is, what is there, what to do.
fn render(found: &Diagnostic, report: &Report, folder: &Utf8Path) -> String {
    let level = match found.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    // From where the command was typed, so that a terminal can open it.
    let shown = if folder == "." && !found.file.is_empty() { found.file.clone() } else { folder.join(&found.file).into_string() };
    let shown = visible(shown.trim_end_matches('/'));
    let message = visible(&found.message);
    let title = level.primary_title(message.as_str()).id(found.code);
    let mut group: Group<'_> = match report.texts.get(&found.file) {
        Some(text) => title.element(
            Snippet::source(text.as_str()).path(shown.as_str()).annotation(AnnotationKind::Primary.span(found.range.clone())),
        ),
        None => title.element(Origin::path(shown.as_str())),
    };
    for hint in &found.hints {
        group = group.element(Level::HELP.message(hint));
    }
    if let Some(fix) = &found.fix {
        group = group.element(Level::NOTE.with_name("fix").message(format!("{} (in the studio: Ctrl+.)", fix.title)));
    }
    Renderer::styled().render(&[group])
}

fn to_json(found: &Diagnostic, report: &Report) -> Value {
    let text = report.texts.get(&found.file);
    let place =
        |offset: usize| text.map(|text| text.position(offset)).map_or(json!({ "line": 1, "column": 1 }), |place| json!(place));
    json!({
        "code": found.code,
        "severity": found.severity,
        "message": found.message,
        "file": found.file,
        "range": { "start": place(found.range.start), "end": place(found.range.end), "bytes": { "start": found.range.start, "end": found.range.end } },
        "hints": found.hints,
        "fix": found.fix.as_ref().map(|fix| json!({
            "title": fix.title,
            "edits": fix.edits.iter().map(|edit| json!({
                "file": edit.file, "bytes": { "start": edit.range.start, "end": edit.range.end }, "text": edit.text,
            })).collect::<Vec<_>>(),
        })),
    })
}
