//! A check's findings in the forms that build servers read: SARIF for code views, `JUnit` for test views.

use camino::Utf8Path;
use packwright_app::check::Report;
use packwright_app::core::diagnostic::{Diagnostic, Severity};
use packwright_app::core::rules;
use packwright_app::core::text::Position;
use packwright_app::uri;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The form's version, and where it is defined.
const SARIF: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// SARIF 2.1.0: one run over all packs. Paths are those that were typed.
pub fn sarif(reports: &[(&Utf8Path, &Report)]) -> String {
    let codes: BTreeSet<&str> =
        reports.iter().flat_map(|(_, report)| &report.checked.diagnostics).map(|found| found.code).collect();
    let described: Vec<Value> = codes
        .iter()
        .filter_map(|code| rules::rule(code))
        .map(|rule| {
            json!({
                "id": rule.code,
                "shortDescription": { "text": rule.summary },
                "fullDescription": { "text": rule.why },
                "defaultConfiguration": { "level": level(rule.severity) },
            })
        })
        .collect();
    let results: Vec<Value> = reports
        .iter()
        .flat_map(|(folder, report)| report.checked.diagnostics.iter().map(|found| result(found, folder, report)))
        .collect();
    let tool = json!({ "driver": { "name": "packwright", "version": env!("CARGO_PKG_VERSION"), "rules": described } });
    let run = json!({ "tool": tool, "columnKind": "unicodeCodePoints", "results": results });
    let log = json!({ "$schema": SARIF, "version": "2.1.0", "runs": [run] });
    serde_json::to_string_pretty(&log).expect("the log is plain data") + "\n"
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result(found: &Diagnostic, folder: &Utf8Path, report: &Report) -> Value {
    let mut text = found.message.clone();
    found.hints.iter().for_each(|hint| text.push_str(&format!("\n{hint}")));
    let (start, end) = places(found, report);
    json!({
        "ruleId": found.code,
        "level": level(found.severity),
        "message": { "text": text },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri::of_path(path(found, folder).as_str().into()) },
            "region": { "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column.max(start.column) },
        } }],
    })
}

fn path(found: &Diagnostic, folder: &Utf8Path) -> String {
    let file = if found.file.is_empty() { "pack.yaml" } else { &found.file };
    if folder == "." { file.to_owned() } else { folder.join(file).into_string() }
}

fn places(found: &Diagnostic, report: &Report) -> (Position, Position) {
    let first = Position { line: 1, column: 1 };
    match report.texts.get(&found.file) {
        Some(text) => (text.position(found.range.start), text.position(found.range.end)),
        None => (first, first),
    }
}

/// `JUnit`: a suite a pack, a test a file, a failure a finding that fails it.
pub fn junit(reports: &[(&Utf8Path, &Report)], deny_warnings: bool) -> String {
    let fails = |found: &Diagnostic| found.severity == Severity::Error || (deny_warnings && found.severity == Severity::Warning);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"packwright check\">\n");
    for (folder, report) in reports {
        let files: BTreeSet<String> = std::iter::once("pack.yaml".to_owned())
            .chain(report.checked.contents.keys().cloned())
            .chain(report.checked.diagnostics.iter().map(|found| found.file.clone()).filter(|file| !file.is_empty()))
            .collect();
        let of_file = |file: &str| -> Vec<&Diagnostic> {
            let here = |found: &&Diagnostic| found.file == file || (found.file.is_empty() && file == "pack.yaml");
            report.checked.diagnostics.iter().filter(here).collect()
        };
        let failures = files.iter().filter(|file| of_file(file).into_iter().any(fails)).count();
        let name = report.checked.pack.name.as_deref().unwrap_or(folder.as_str());
        out.push_str(&format!("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\">\n", xml(name), files.len()));
        for file in &files {
            let found = of_file(file);
            let head = format!("    <testcase classname=\"{}\" name=\"{}\"", xml(name), xml(file));
            if found.is_empty() {
                out.push_str(&format!("{head}/>\n"));
                continue;
            }
            out.push_str(&format!("{head}>\n"));
            let (failing, other): (Vec<&Diagnostic>, Vec<&Diagnostic>) = found.into_iter().partition(|found| fails(found));
            if let Some(first) = failing.first() {
                let lines: Vec<String> = failing.iter().map(|found| line(found, folder, report)).collect();
                out.push_str(&format!(
                    "      <failure type=\"{}\" message=\"{}\">{}</failure>\n",
                    xml(first.code),
                    xml(&first.message),
                    xml(&lines.join("\n"))
                ));
            }
            if !other.is_empty() {
                let lines: Vec<String> = other.iter().map(|found| line(found, folder, report)).collect();
                out.push_str(&format!("      <system-out>{}</system-out>\n", xml(&lines.join("\n"))));
            }
            out.push_str("    </testcase>\n");
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn line(found: &Diagnostic, folder: &Utf8Path, report: &Report) -> String {
    let (start, _) = places(found, report);
    let mut text = format!("{}:{}:{}: {} [{}]", path(found, folder), start.line, start.column, found.message, found.code);
    found.hints.iter().for_each(|hint| text.push_str(&format!("\n  {hint}")));
    text
}

/// Text in XML: its own signs written out, and what XML does not have shown as a question mark.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push('\t'),
            '\u{fffe}' | '\u{ffff}' => out.push('?'),
            hidden if hidden.is_control() => out.push('?'),
            seen => out.push(seen),
        }
    }
    out
}
