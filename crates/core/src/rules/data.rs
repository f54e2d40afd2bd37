//! Data, templates and cards: that what a file's ending promises can be read.
//!
//! The readers for one format each are in the modules below; what other families need of them, `read_json` and `inner`, is here.

mod cards;
mod tables;
mod templates;

use super::{Example, Rule};
use crate::content::Kind;
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::shown;
use crate::yaml::{Node, SyntaxError, Value};
use crate::{json, yaml};
use std::ops::Range;

pub static NOT_JSON: Rule = Rule {
    code: "data/not-json",
    severity: Severity::Error,
    summary: "A file of JSON, or a line of JSON Lines, is not JSON.",
    why: "Whoever reads the file gets an error in its place: a tool fails, an agent guesses.",
    example: Example::file(
        "data/rates.json",
        "{\n  \"EUR\": 1.0,\n  \"USD\": 1.08,\n}\n",
        "{\n  \"EUR\": 1.0,\n  \"USD\": 1.08\n}\n",
    ),
};

pub static NOT_YAML: Rule = Rule {
    code: "data/not-yaml",
    severity: Severity::Error,
    summary: "A file of YAML is not YAML.",
    why: "Whoever reads the file gets an error in its place: a tool fails, an agent guesses.",
    example: Example::file("data/greeting.yaml", "text: Note: call back.\n", "text: \"Note: call back.\"\n"),
};

pub static DUPLICATE_KEY: Rule = Rule {
    code: "data/duplicate-key",
    severity: Severity::Warning,
    summary: "A key stands twice in one mapping of a JSON or YAML file.",
    why: "One reader takes the first, another the last, a third refuses the file.",
    example: Example::file(
        "data/rates.json",
        "{\"EUR\": 1.0, \"USD\": 1.07, \"USD\": 1.08}\n",
        "{\"EUR\": 1.0, \"USD\": 1.08}\n",
    ),
};

/// The family's rules.
pub static RULES: &[&Rule] = &[
    &NOT_JSON,
    &NOT_YAML,
    &DUPLICATE_KEY,
    &tables::COLUMN_COUNT,
    &tables::OPEN_QUOTE,
    &templates::OPEN_TAG,
    &templates::SECTION,
    &cards::NOT_A_CARD,
    &cards::NO_VERSION,
    &cards::WRONG_SHAPE,
    &cards::UNKNOWN_ELEMENT,
    &cards::MISSING_PROPERTY,
    &cards::DUPLICATE_ID,
    &cards::NEWER_ELEMENT,
    &cards::MISPLACED,
    &cards::UNKNOWN_PROPERTY,
    &cards::UNKNOWN_TARGET,
];

/// Largest YAML file that is read: reading YAML takes ten times as long as reading JSON.
const MAX_YAML: usize = 2 * 1024 * 1024;

/// A file of this size cannot say as much as a reader's budget allows, unless it repeats itself.
const SMALL: usize = 256 * 1024;

/// Checks one file by itself.
pub fn check_file(path: &str, text: &str, kind: Kind, out: &mut Vec<Diagnostic>) {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    match (kind, ending.as_str()) {
        (Kind::Template, _) => templates::check(path, text, &ending, out),
        (_, "json") => {
            if let Some(root) = read_json(path, text, &NOT_JSON, out) {
                cards::check(path, text, &root, kind, out);
            }
        }
        (_, "jsonl" | "ndjson") => check_lines(path, text, out),
        (_, "yaml" | "yml") => check_yaml(path, text, out),
        (_, "csv" | "tsv") => tables::check(path, text, &ending, out),
        _ => {}
    }
}

/// Reads JSON. What is none is told once, by the rule of whoever reads; a key that stands twice is told, and the text is read all the same.
pub(crate) fn read_json(path: &str, text: &str, rule: &Rule, out: &mut Vec<Diagnostic>) -> Option<Node> {
    let (root, faults) = json::parse(text);
    if let Some(fault) = faults.iter().find(|fault| fault.duplicate.is_none()) {
        out.push(not_json(path, fault, 0, rule));
        return None;
    }
    out.extend(faults.iter().map(|fault| duplicate_key(path, fault, 0)));
    Some(root)
}

/// What stands between a text's quotes, so that a fix leaves them; all of it for another value.
pub(crate) fn inner(node: &Node, text: &str) -> Range<usize> {
    let written = text.get(node.span.clone()).unwrap_or_default();
    let quoted = written.len() >= 2 && ['"', '\''].iter().any(|quote| written.starts_with(*quote) && written.ends_with(*quote));
    if quoted && matches!(node.value, Value::Text(_)) { node.span.start + 1..node.span.end - 1 } else { node.span.clone() }
}

fn not_json(path: &str, fault: &SyntaxError, offset: usize, rule: &Rule) -> Diagnostic {
    rule.at(path, moved(&fault.span, offset), format!("this is not JSON: {}", fault.message)).hint(json_hint(&fault.message))
}

/// What to do about a fault of JSON.
pub(crate) fn json_hint(message: &str) -> &'static str {
    if message.contains("nests too deep") {
        "Take inner parts out into files of their own, or write them side by side: no reader goes down so far."
    } else {
        "Look at the commas, quotes and brackets here and just before."
    }
}

fn duplicate_key(path: &str, fault: &SyntaxError, offset: usize) -> Diagnostic {
    let name = shown(fault.duplicate.as_deref().unwrap_or_default());
    DUPLICATE_KEY
        .at(path, moved(&fault.span, offset), format!("`{name}` stands twice in this mapping"))
        .hint("Keep one of the two.")
}

fn moved(span: &Range<usize>, offset: usize) -> Range<usize> {
    span.start + offset..span.end + offset
}

/// JSON Lines: a value a line.
fn check_lines(path: &str, text: &str, out: &mut Vec<Diagnostic>) {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if !line.trim().is_empty() {
            let (_, faults) = json::parse(line);
            out.extend(faults.first().map(|fault| match fault.duplicate {
                Some(_) => duplicate_key(path, fault, offset),
                None => not_json(path, fault, offset, &NOT_JSON).hint("Each line is a value of its own."),
            }));
        }
        offset += line.len();
    }
}

/// YAML, one document or several.
fn check_yaml(path: &str, text: &str, out: &mut Vec<Diagnostic>) {
    if text.len() > MAX_YAML {
        return;
    }
    for (offset, document) in documents(text) {
        let Err(error) = yaml::parse(document) else { continue };
        out.extend(yaml_fault(path, document, &error, offset, &NOT_YAML));
    }
}

/// A fault of YAML that is no manifest. What a manifest may not hold, but YAML may (keys that are no text, tags), is none.
pub(crate) fn yaml_fault(path: &str, text: &str, error: &SyntaxError, offset: usize, rule: &Rule) -> Option<Diagnostic> {
    if error.duplicate.is_some() {
        return Some(duplicate_key(path, error, offset));
    }
    let only_for_manifests = ["text is wanted here", "a key is empty", "of the kind that its tag says"];
    if only_for_manifests.iter().any(|words| error.message.contains(words)) {
        return None;
    }
    let too_much =
        ["budget", "nests too deep", "repeats too much", "too many parts"].iter().any(|words| error.message.contains(words));
    // What is large may hold that much; what is small repeats itself without end.
    if too_much && text.len() > SMALL {
        return None;
    }
    let message = if too_much {
        "it nests too deep or repeats too much".to_owned()
    } else {
        error.message.replace(", and a manifest is one", "")
    };
    Some(
        rule.at(path, moved(&error.span, offset), format!("this is not YAML: {message}"))
            .hint(super::manifest::syntax_hint(&error.message)),
    )
}

/// The documents of a YAML file with where each begins. A line of `---` parts two wherever it stands.
fn documents(text: &str) -> Vec<(usize, &str)> {
    let mut documents = Vec::new();
    let (mut start, mut at) = (0, 0);
    let mut begun = false;
    for line in text.split_inclusive('\n') {
        let marks = line.trim_end() == "---" || line.starts_with("--- ");
        // Directives and comments stand before the first document's mark and belong to it.
        if marks && begun {
            documents.push((start, &text[start..at]));
            start = at;
        }
        begun |= marks || !(line.trim().is_empty() || line.starts_with(['#', '%']));
        at += line.len();
    }
    documents.push((start, &text[start..]));
    documents
}

#[cfg(test)]
mod tests {
    use super::documents;
    use crate::rules::tests::findings;
    use crate::source::MemoryPack;

    fn told(path: &str, text: &str) -> String {
        findings(&MemoryPack::new([("pack.yaml", "name: n\ndescription: d\n"), (path, text)]))
    }

    #[test]
    fn json_is_json_and_the_fault_is_told_once() {
        insta::assert_snapshot!(told("data/a.json", "{\n  \"é\": [1, 2,\n}\n"), @"
        Error data/not-json data/a.json:2:8 <[> this is not JSON: this list is not closed
          hint: Look at the commas, quotes and brackets here and just before.
        ");
        insta::assert_snapshot!(told("data/a.json", ""), @"
        Error data/not-json data/a.json:1:1 <> this is not JSON: the file is empty, and a value is wanted
          hint: Look at the commas, quotes and brackets here and just before.
        ");
        insta::assert_snapshot!(told("data/a.json", "{\"a\": 1, \"a\": 2}"), @r#"
        Warning data/duplicate-key data/a.json:1:10 <"a"> `a` stands twice in this mapping
          hint: Keep one of the two.
        "#);
        assert_eq!(told("data/a.json", "\u{feff}{\"a\": [1, {}]}\n"), "");
        assert!(told("data/a.json", &"[".repeat(100_000)).contains("nests too deep\n  hint: Take inner parts out"));
    }

    #[test]
    fn json_lines_are_read_line_by_line() {
        insta::assert_snapshot!(told("data/a.jsonl", "{\"a\": 1}\n{\"a\": }\n\n{\"b\": 1, \"b\": 2}\n[1\n"), @r#"
        Error data/not-json data/a.jsonl:2:6 <> this is not JSON: a value is wanted behind this colon
          hint: Look at the commas, quotes and brackets here and just before.
          hint: Each line is a value of its own.
        Warning data/duplicate-key data/a.jsonl:4:10 <"b"> `b` stands twice in this mapping
          hint: Keep one of the two.
        Error data/not-json data/a.jsonl:5:1 <[> this is not JSON: this list is not closed
          hint: Look at the commas, quotes and brackets here and just before.
          hint: Each line is a value of its own.
        "#);
        assert_eq!(told("data/a.ndjson", "{\"a\": 1}\r\n{\"a\": 2}\r\n"), "");
    }

    #[test]
    fn yaml_is_yaml_and_may_be_more_than_a_manifest_is() {
        insta::assert_snapshot!(told("data/a.yaml", "a: b: c\n"), @r#"
        Error data/not-yaml data/a.yaml:1:7 <c> this is not YAML: mapping values are not allowed in this context
          hint: Text with a colon and a blank in it needs quotes: `"one: two"`.
        "#);
        insta::assert_snapshot!(told("data/a.yml", "---\na: 1\n---\nb: 1\nb: 2\n"), @"
        Warning data/duplicate-key data/a.yml:5:1 <b> `b` stands twice in this mapping
          hint: Keep one of the two.
        ");
        insta::assert_snapshot!(told("data/a.yml", "a: 1\n\tb: 2\n"), @"
        Error data/not-yaml data/a.yml:2:5 <2> this is not YAML: while scanning a plain scalar, found a tab
          hint: YAML is indented with blanks, never with tabs.
        ");
        assert_eq!(told("data/a.yaml", "# none\n"), "");
        assert_eq!(told("data/a.yaml", "1: one\ntrue: two\n"), "");
        assert_eq!(told("data/a.yaml", "bucket: !Ref Name\nlist: !!set {a, b}\n"), "");
        assert_eq!(told("data/a.yaml", "%YAML 1.2\n---\na: 1\n...\n---\nb: |\n  text\n"), "");
        let bomb: Vec<String> = (0..40).map(|n| format!("a{}: &a{} [*a{n}, *a{n}]\n", n + 1, n + 1)).collect();
        insta::assert_snapshot!(told("data/a.yaml", &format!("a0: &a0 [x]\n{}", bomb.concat())), @"
        Error data/not-yaml data/a.yaml:16:12 <*a14, *a14]> this is not YAML: it nests too deep or repeats too much
          hint: Write some of the aliases out: a repeated part that repeats others grows with each of them.
        ");
    }

    #[test]
    fn documents_are_parted_at_their_marks() {
        let text = "# c\n---\na: 1\n--- \nb: 2\n";
        assert_eq!(documents(text), [(0, "# c\n---\na: 1\n"), (13, "--- \nb: 2\n")]);
    }
}
