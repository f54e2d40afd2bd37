//! A check's findings as people read them: in the compiler's look.

use crate::output::visible;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use camino::Utf8Path;
use packwright_app::check::Report;
use packwright_app::core::diagnostic::{Diagnostic, Severity};
use packwright_app::mend::MendedFile;
use serde_json::{Value, json};
use similar::TextDiff;
use std::ops::Range;

/// What a fix changes, as `diff` shows it.
pub fn difference(folder: &Utf8Path, file: &MendedFile) -> String {
    let path = visible(folder.join(&file.path).as_str());
    let old = if file.before.is_empty() { "/dev/null".to_owned() } else { path.clone() };
    let diff = TextDiff::from_lines(&file.before, &file.after);
    let mut out = String::new();
    for line in diff.unified_diff().context_radius(2).header(&old, &path).to_string().lines() {
        let shown = visible(line);
        out.push_str(&match line.as_bytes().first() {
            Some(b'+') => format!("\u{1b}[32m{shown}\u{1b}[0m\n"),
            Some(b'-') => format!("\u{1b}[31m{shown}\u{1b}[0m\n"),
            _ => format!("{shown}\n"),
        });
    }
    out.push('\n');
    out
}

/// A finding in the compiler's look: where it is, what is there, what to do.
pub fn render(found: &Diagnostic, report: &Report, folder: &Utf8Path) -> String {
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
    let origin = Origin::path(shown.as_str());
    let text = report.texts.get(&found.file);
    let place = text.map(|text| text.position(found.range.start));
    let lines = text.and_then(|text| excerpt(text.as_str(), &found.range));
    let mut group: Group<'_> = match (place, lines) {
        (Some(place), Some((lines, span))) => {
            let snippet = Snippet::source(lines).line_start(place.line as usize).path(shown.as_str());
            title.element(snippet.annotation(AnnotationKind::Primary.span(span)))
        }
        (Some(place), None) => title.element(origin.line(place.line as usize).char_column(place.column as usize)),
        (None, _) => title.element(origin),
    };
    for hint in &found.hints {
        group = group.element(Level::HELP.message(visible(hint)));
    }
    if let Some(fix) = &found.fix {
        // What may be meant otherwise is for the author to choose.
        let how = if fix.certain { "`packwright check --fix`, or Ctrl+. in the studio" } else { "Ctrl+. in the studio" };
        group = group.element(Level::NOTE.with_name("fix").message(format!("{} ({how})", visible(&fix.title))));
    }
    Renderer::styled().render(&[group])
}

/// How much of a line is shown behind and before a finding: the renderer looks at all that it is given, for each finding.
const MOST_SHOWN: usize = 4096;

/// The lines of a finding, as far as they can be shown, and its place in them. `None` where it stands too far into its line.
fn excerpt<'a>(text: &'a str, range: &Range<usize>) -> Option<(&'a str, Range<usize>)> {
    let (start, end) = (text.floor_char_boundary(range.start), text.floor_char_boundary(range.end));
    let from = text[..start].rfind('\n').map_or(0, |at| at + 1);
    if start - from > MOST_SHOWN {
        return None;
    }
    let end = end.clamp(start, text.floor_char_boundary(start + MOST_SHOWN));
    let rest = &text[end..text.floor_char_boundary(end + MOST_SHOWN)];
    let to = end + rest.find('\n').unwrap_or(rest.len());
    Some((&text[from..to], start - from..end - from))
}

/// A finding in the envelope.
pub fn to_json(found: &Diagnostic, report: &Report) -> Value {
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
            "certain": fix.certain,
            "edits": fix.edits.iter().map(|edit| json!({
                "file": edit.file, "bytes": { "start": edit.range.start, "end": edit.range.end }, "text": edit.text,
            })).collect::<Vec<_>>(),
        })),
    })
}
