//! The sample packs are what they say they are: the valid ones sound, the invalid ones broken in one known way each.

use packwright_app::check::check_folder;
use packwright_app::core::diagnostic::Severity;
use packwright_app::core::rules;
use packwright_tests::sources;
use std::collections::BTreeSet;

const VALID: &[&str] = &["change-tracking", "memory-provider", "open-library", "progress-tracking", "word-count"];

/// What the checker says, a line each: `severity code file:line:column`.
fn findings(folder: &camino::Utf8Path) -> String {
    let report = check_folder(folder).expect("the folder can be read");
    let mut lines = String::new();
    for found in &report.checked.diagnostics {
        let severity = match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        let file = if found.file.is_empty() { "." } else { &found.file };
        let place = match report.texts.get(&found.file) {
            Some(text) => {
                let place = text.position(found.range.start);
                format!("{}:{}", place.line, place.column)
            }
            None => "-".to_owned(),
        };
        lines.push_str(&format!("{severity} {} {file}:{place}\n", found.code));
    }
    lines
}

#[test]
fn valid_samples_are_told_nothing() {
    for name in VALID {
        let folder = sources().join("packs-samples").join(name);
        assert_eq!(findings(&folder), "", "{name}");
    }
}

#[test]
fn invalid_samples_are_told_exactly_what_stands_beside_them() {
    let folder = sources().join("packs-samples/invalid");
    let mut seen = 0;
    for entry in folder.read_dir_utf8().expect("the samples can be listed") {
        let path = entry.expect("the samples can be listed").path().to_owned();
        if !path.is_dir() {
            continue;
        }
        seen += 1;
        let expected_path = path.with_extension("expected");
        let found = findings(&path);
        if std::env::var_os("PACKWRIGHT_BLESS").is_some() {
            fs_err::write(&expected_path, &found).expect("the expectation can be written");
        }
        let expected = fs_err::read_to_string(&expected_path).expect("each invalid sample has its expectation beside it");
        assert_eq!(found, expected, "{path}");
        assert_eq!(found.lines().count(), 1, "{path} is broken in one way");
        let code = found.split(' ').nth(1).expect("a line has a code").replace('/', "-");
        assert_eq!(path.file_name(), Some(code.as_str()), "a sample is called after its rule");
    }
    assert!(seen > 20, "the samples were looked at");
}

#[test]
fn every_sample_is_tested() {
    let names = |folder: &str| -> BTreeSet<String> {
        let entries = sources().join(folder).read_dir_utf8().expect("the samples can be listed");
        entries
            .map(|entry| entry.expect("listed"))
            .filter(|entry| entry.path().is_dir())
            .map(|entry| entry.file_name().to_owned())
            .collect()
    };
    let mut valid = names("packs-samples");
    assert!(valid.remove("invalid") && valid.remove("planted"), "packs with faults have tests of their own");
    assert_eq!(valid, VALID.iter().map(ToString::to_string).collect());
    let known: BTreeSet<String> = rules::all().map(|rule| rule.code.replace('/', "-")).collect();
    let unknown: Vec<String> = names("packs-samples/invalid").into_iter().filter(|name| !known.contains(name)).collect();
    assert!(unknown.is_empty(), "samples of rules that are not there: {unknown:?}");
}
