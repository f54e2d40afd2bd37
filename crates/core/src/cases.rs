//! Cases: saved calls of a tool with what is expected of them, in `tests/*.yaml`.
//!
//! Reading is strict, for a case with a misspelled key would pass without testing anything. [`judge`] compares an outcome with what
//! was expected; [`append`] adds a case to a file that its author laid out, and changes nothing else in it.

use crate::call::ToolError;
use crate::model::{whole, yaml_to_json};
use crate::schema::{escaped, said};
use crate::text::{Text, shown};
use crate::yaml::strict::{self, Fault, FileError, known_keys};
use crate::yaml::{self, Node};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::fmt;

mod append;

pub use append::append;

/// A file of cases, all of one tool.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseFile {
    /// Its path in the pack.
    pub path: String,
    pub tool: String,
    pub cases: Vec<Case>,
}

/// One call and what is expected of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Unique in its file.
    pub name: String,
    pub input: Value,
    pub expect: Expect,
    /// A path in the pack.
    pub recording: Option<String>,
    pub max_ms: Option<u64>,
    /// Where the case stands, counted from 1.
    pub line: usize,
}

/// What is expected of a call.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Expect {
    /// An output that fits the tool's schema, which is always checked.
    #[default]
    Schema,
    /// This output exactly.
    Output(Value),
    /// An output that has at least this. A list may go on after the items named.
    Subset(Value),
    /// An error with this code.
    Error(String),
}

/// A case that is to be added to a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NewCase {
    pub name: String,
    pub input: Value,
    pub expect: Expect,
    /// Relative to the file, as it is written there: `recordings/finds-dune.yaml`.
    pub recording: Option<String>,
    pub max_ms: Option<u64>,
}

/// Why a file of cases cannot be read or added to, and where.
pub type CaseError = FileError;

/// Where an outcome is not as expected.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Mismatch {
    /// A JSON pointer into the output; empty for the whole, and for errors.
    pub at: String,
    /// What was wanted there and what came: `wanted "Dune", got "Emma"`.
    pub message: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at.as_str() {
            "" => formatter.write_str(&self.message),
            at => write!(formatter, "{at}: {}", self.message),
        }
    }
}

/// Reads a file of cases. `path` is its path in the pack.
pub fn read(path: &str, text: &str) -> Result<CaseFile, CaseError> {
    let text = Text::new(text);
    let root = strict::tree(&text).map_err(|fault| fault.placed(&text))?;
    whole_file(read_tree(Some(path), &root, &text)).map_err(|fault| fault.placed(&text))
}

/// The file with recordings as they are written.
fn read_file(root: &Node, text: &Text) -> Result<CaseFile, Fault> {
    whole_file(read_tree(None, root, text))
}

/// The file, when nothing is wrong with it.
fn whole_file(reading: Reading) -> Result<CaseFile, Fault> {
    reading.faults.into_iter().next().map_or(Ok(reading.file), Err)
}

/// A file of cases as far as it can be read: each mapping is a case, whatever is wrong with a part of it.
pub(crate) struct Reading {
    pub(crate) file: CaseFile,
    /// Of each case, its number in the file.
    pub(crate) numbers: Vec<usize>,
    pub(crate) faults: Vec<Fault>,
}

/// The keys of a case.
pub(crate) const KEYS: &[&str] = &["name", "input", "expect", "recording", "max_ms"];

/// Most faults of a file that are told.
const MOST_FAULTS: usize = 100;

/// Reads a file's tree: one faulty case hides no other. Without the file's path, recordings stay as they are written.
pub(crate) fn read_tree(path: Option<&str>, root: &Node, text: &Text) -> Reading {
    let mut faults = Vec::new();
    let mut file = CaseFile { path: path.unwrap_or_default().to_owned(), tool: String::new(), cases: Vec::new() };
    let mut numbers = Vec::new();
    if !all_known(root, &["tool", "cases"], "a file of cases", &mut faults) {
        return Reading { file, numbers, faults };
    }
    let tool = required_word(root, "tool", "this file does not say which tool it tests: add `tool:`");
    file.tool = kept(tool, &mut faults).unwrap_or_default();
    match root.get("cases") {
        None => faults.push(Fault::at(root, "this file has no `cases`")),
        Some(list) if !matches!(list.value, yaml::Value::List(_) | yaml::Value::Null) => {
            faults.push(Fault::at(list, format!("`cases` must be a list, and this is {}", list.kind())));
        }
        Some(_) => {}
    }
    let mut lines: HashMap<String, usize> = HashMap::new();
    for (number, node) in root.get("cases").map(Node::items).unwrap_or_default().iter().enumerate() {
        if faults.len() >= MOST_FAULTS {
            break;
        }
        let Some(case) = read_case(path, node, text, &mut faults) else { continue };
        // One without a name is told that.
        let before = if case.name.is_empty() { None } else { lines.insert(case.name.clone(), case.line) };
        if let Some(line) = before {
            let message =
                format!("the case in line {line} is called `{}` as well; give each a name of its own", shown(&case.name));
            faults.push(Fault::at(node.get("name").unwrap_or(node), message));
        }
        file.cases.push(case);
        numbers.push(number);
    }
    faults.sort_by_key(Fault::start);
    Reading { file, numbers, faults }
}

/// Tells each key that is not known; false for what is no mapping at all.
fn all_known(node: &Node, known: &[&str], what: &str, faults: &mut Vec<Fault>) -> bool {
    if let Err(fault) = strict::mapping(node, what) {
        faults.push(fault);
        return false;
    }
    let unknown = node.entries().iter().filter(|(key, _)| !known.contains(&key.name.as_str()));
    faults.extend(unknown.take(MOST_FAULTS).map(|(key, _)| strict::unknown_key(key, known, what)));
    true
}

/// What was read; what could not be is told.
fn kept<T>(read: Result<T, Fault>, faults: &mut Vec<Fault>) -> Option<T> {
    read.map_err(|fault| faults.push(fault)).ok()
}

/// Reads a case; `None` for what is no mapping. What is wrong with a part of it costs only that part.
fn read_case(path: Option<&str>, node: &Node, text: &Text, faults: &mut Vec<Fault>) -> Option<Case> {
    if !all_known(node, KEYS, "a case", faults) {
        return None;
    }
    let max_ms = present(node, "max_ms").and_then(|max| {
        let number = whole(max).filter(|max| *max > 0);
        kept(number.ok_or_else(|| Fault::at(max, "`max_ms` must be a number of milliseconds above 0")), faults)
    });
    let recording = present(node, "recording").and_then(|value| {
        let written = kept(required_word(node, "recording", "`recording` is empty"), faults)?;
        let Some(path) = path else { return Some(written) };
        kept(beside(path, &written).map_err(|message| Fault::at(value, message)), faults)
    });
    let name = required_word(node, "name", "this case has no name: say in a few words what it shows");
    Some(Case {
        name: kept(name, faults).unwrap_or_default(),
        input: node.get("input").map_or_else(|| Value::Object(Map::new()), yaml_to_json),
        expect: node.get("expect").and_then(|expect| kept(read_expect(expect), faults)).unwrap_or_default(),
        recording,
        max_ms,
        line: text.position(node.span.start).line as usize,
    })
}

fn read_expect(node: &Node) -> Result<Expect, Fault> {
    match &node.value {
        yaml::Value::Null => return Ok(Expect::Schema),
        yaml::Value::Text(word) if word == "schema" => return Ok(Expect::Schema),
        _ => known_keys(node, &["output", "output_subset", "error"], "what a case expects")?,
    }
    match node.entries() {
        [] => Ok(Expect::Schema),
        [(key, value)] => match key.name.as_str() {
            "output" => Ok(Expect::Output(yaml_to_json(value))),
            "output_subset" => Ok(Expect::Subset(yaml_to_json(value))),
            _ => Ok(Expect::Error(required_word(node, "error", "`error` must be an error's code")?)),
        },
        [(first, _), (second, _), ..] => {
            let message = format!("`{}` stands here already, and a case expects one thing: keep one of the two", first.name);
            Err(Fault::new(second.span.clone(), message))
        }
    }
}

/// A value that is there and is not empty.
fn present<'a>(node: &'a Node, key: &str) -> Option<&'a Node> {
    node.get(key).filter(|value| value.value != yaml::Value::Null)
}

fn required_word(node: &Node, key: &str, without: &str) -> Result<String, Fault> {
    let Some(value) = present(node, key) else {
        let at = node.key(key).map_or_else(|| node.span.clone(), |key| key.span.clone());
        return Err(Fault::new(at, without));
    };
    let word = strict::word(value, key)?;
    if word.trim().is_empty() { Err(Fault::at(value, without)) } else { Ok(word.to_owned()) }
}

/// A path that a file names, seen from the pack's folder.
fn beside(file: &str, written: &str) -> Result<String, String> {
    let path = shown(written);
    let drive = matches!(written.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    if drive || written.starts_with('/') || written.contains('\\') {
        return Err(format!("`{path}` must be a path from this file's folder, with `/` between its parts"));
    }
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in written.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or_else(|| format!("`{path}` leaves the pack"))?;
            }
            name => parts.push(name),
        }
    }
    Ok(parts.join("/"))
}

/// Compares what a call ended with and what was expected of it. That an output fits its schema is not looked at here.
pub fn judge(expect: &Expect, outcome: &Result<Value, ToolError>) -> Result<(), Mismatch> {
    let whole = |message: String| Err(Mismatch { at: String::new(), message });
    match (expect, outcome) {
        (Expect::Schema, Ok(_)) => Ok(()),
        (Expect::Output(wanted), Ok(output)) => compare(wanted, output, true, &mut String::new()),
        (Expect::Subset(wanted), Ok(output)) => compare(wanted, output, false, &mut String::new()),
        (Expect::Error(code), Err(error)) if *code == error.code => Ok(()),
        (Expect::Error(code), Err(error)) => whole(format!("wanted the error `{}`, got {}", shown(code), told(error))),
        (Expect::Error(code), Ok(output)) => whole(format!("wanted the error `{}`, got {}", shown(code), said(output))),
        (_, Err(error)) => whole(format!("wanted an output, got {}", told(error))),
    }
}

fn told(error: &ToolError) -> String {
    format!("the error `{}`: {}", shown(&error.code), shown(&error.message))
}

/// `at` is where both stand; it is the same again when they match.
fn compare(wanted: &Value, came: &Value, exact: bool, at: &mut String) -> Result<(), Mismatch> {
    let mismatch = |at: &str, message: String| Err(Mismatch { at: at.to_owned(), message });
    let length = at.len();
    match (wanted, came) {
        (Value::Object(wanted), Value::Object(came)) => {
            for (name, value) in wanted {
                at.push_str(&format!("/{}", escaped(name)));
                match came.get(name) {
                    Some(there) => compare(value, there, exact, at)?,
                    None => return mismatch(at, format!("wanted {}, got nothing", said(value))),
                }
                at.truncate(length);
            }
            match came.iter().find(|(name, _)| exact && !wanted.contains_key(*name)) {
                Some((name, value)) => {
                    mismatch(&format!("{at}/{}", escaped(name)), format!("wanted nothing, got {}", said(value)))
                }
                None => Ok(()),
            }
        }
        (Value::Array(wanted), Value::Array(came)) => {
            for (number, (value, there)) in wanted.iter().zip(came).enumerate() {
                at.push_str(&format!("/{number}"));
                compare(value, there, exact, at)?;
                at.truncate(length);
            }
            let fits = wanted.len() == came.len() || !exact && wanted.len() < came.len();
            let least = if exact { "" } else { "at least " };
            let items = |number: usize| if number == 1 { "1 item".to_owned() } else { format!("{number} items") };
            if fits { Ok(()) } else { mismatch(at, format!("wanted {least}{}, got {}", items(wanted.len()), came.len())) }
        }
        (Value::Number(one), Value::Number(other)) if same_number(one, other) => Ok(()),
        (wanted, came) if wanted == came => Ok(()),
        _ => mismatch(at, format!("wanted {}, got {}", said(wanted), told_apart(wanted, came))),
    }
}

/// What came; where two long texts would look the same, from where they differ.
fn told_apart(wanted: &Value, came: &Value) -> String {
    match (wanted, came) {
        (Value::String(one), Value::String(other)) if said(wanted) == said(came) => {
            let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
            let rest: String = other.chars().skip(same).collect();
            format!("a text that differs after {same} characters: {}", said(&Value::String(rest)))
        }
        _ => said(came),
    }
}

/// 1 and 1.0 are the same to JSON.
fn same_number(one: &serde_json::Number, other: &serde_json::Number) -> bool {
    match (one.as_i128(), other.as_i128()) {
        (Some(one), Some(other)) => one == other,
        _ => one.as_f64() == other.as_f64(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Expect, beside, judge, read};
    use crate::call::ToolError;
    use serde_json::{Value, json};

    pub(super) const SAMPLES: &[&str] = &[
        include_str!("../../../packs-samples/open-library/tests/search_books.yaml"),
        include_str!("../../../packs-samples/open-library/tests/get_book.yaml"),
        include_str!("../../../packs-samples/word-count/tests/count_words.yaml"),
    ];

    fn error(text: &str) -> String {
        read("tests/t.yaml", text).expect_err("it is refused").to_string()
    }

    #[test]
    fn the_samples_are_read() {
        let counts: Vec<usize> =
            SAMPLES.iter().map(|text| read("tests/t.yaml", text).expect("a sample can be read").cases.len()).collect();
        assert_eq!(counts, [8, 4, 11]);
        let file = read("tests/search_books.yaml", SAMPLES[0]).expect("a sample can be read");
        assert_eq!((file.tool.as_str(), file.path.as_str()), ("search_books", "tests/search_books.yaml"));
        let first = &file.cases[0];
        assert_eq!((first.name.as_str(), first.line, first.max_ms), ("finds Dune", 5, Some(2000)));
        assert_eq!(first.input, json!({"query": "dune", "limit": 2}));
        assert_eq!(first.recording.as_deref(), Some("tests/recordings/finds-dune.yaml"));
        let dune = json!({"books": [{"title": "Dune", "work_id": "OL893415W", "authors": ["Frank Herbert"]}]});
        assert_eq!(first.expect, Expect::Subset(dune));
        assert_eq!(file.cases[1].expect, Expect::Output(json!({"books": [], "total": 0})));
        assert_eq!(file.cases[4].expect, Expect::Error("rate_limited".to_owned()));
    }

    #[test]
    fn a_case_says_as_little_as_it_needs() {
        let file = read(
            "tests/t.yaml",
            "tool: t\ncases:\n  - name: 5\n  - {name: b, expect: schema, input: [1]}\n  - {name: c, expect: {}, recording: }\n",
        );
        let cases = file.expect("it can be read").cases;
        assert!(cases.iter().all(|case| case.expect == Expect::Schema && case.recording.is_none()));
        assert_eq!((cases[0].name.as_str(), &cases[0].input, &cases[1].input), ("5", &json!({}), &json!([1])));
        assert!(read("tests/t.yaml", "tool: t\ncases:\n").expect("it can be read").cases.is_empty());
    }

    #[test]
    fn what_is_wrong_has_its_place() {
        let case = |rest: &str| error(&format!("tool: t\ncases:\n  - name: a\n    {rest}\n"));
        let said = [
            error(""),
            error("cases: []\n"),
            error("tool: [t]\ncases: []\n"),
            error("tool: ' '\ncases: []\n"),
            error("tool: t\n"),
            error("tool: t\ncases: {}\n"),
            error("tool: t\ncase: []\n"),
            error("tool: t\ncases: [a]\n"),
            error("tool: t\ncases:\n  - input: {}\n"),
            error("tool: t\ncases:\n  - name: ''\n"),
            error("tool: t\ncases:\n  - name: a\n  - name: b\n  - name: a\n"),
            case("expct: {}"),
            case("expect: {output_subst: {}}"),
            case("expect: {output: {}, error: x}"),
            case("expect: error"),
            case("expect: {error: }"),
            case("expect: {colour: red}"),
            case("max_ms: 0"),
            case("max_ms: soon"),
            case("recording: [a]"),
            case("recording: ../../a.yaml"),
            case("recording: /a.yaml"),
            error("tool: t\ncases: [\n"),
        ];
        insta::assert_snapshot!(said.join("\n"), @"
        line 1, column 1: a file of cases must be a mapping, and this is nothing
        line 1, column 1: this file does not say which tool it tests: add `tool:`
        line 1, column 7: `tool` must be text, and this is a list
        line 1, column 7: this file does not say which tool it tests: add `tool:`
        line 1, column 1: this file has no `cases`
        line 2, column 8: `cases` must be a list, and this is a mapping
        line 1, column 1: this file has no `cases`
        line 2, column 9: a case must be a mapping, and this is text
        line 3, column 5: this case has no name: say in a few words what it shows
        line 3, column 11: this case has no name: say in a few words what it shows
        line 5, column 11: the case in line 3 is called `a` as well; give each a name of its own
        line 4, column 5: `expct` is no key of a case; did you mean `expect`?
        line 4, column 14: `output_subst` is no key of what a case expects; did you mean `output_subset`?
        line 4, column 26: `output` stands here already, and a case expects one thing: keep one of the two
        line 4, column 13: what a case expects must be a mapping, and this is text
        line 4, column 14: `error` must be an error's code
        line 4, column 14: `colour` is no key of what a case expects; it has `output`, `output_subset`, `error`
        line 4, column 13: `max_ms` must be a number of milliseconds above 0
        line 4, column 13: `max_ms` must be a number of milliseconds above 0
        line 4, column 16: `recording` must be text, and this is a list
        line 4, column 16: `../../a.yaml` leaves the pack
        line 4, column 16: `/a.yaml` must be a path from this file's folder, with `/` between its parts
        line 2, column 8: unclosed bracket '['
        ");
    }

    #[test]
    fn a_recording_stays_in_the_pack() {
        for (written, path) in [
            ("a.yaml", "tests/a.yaml"),
            ("./r//a.yaml", "tests/r/a.yaml"),
            ("../data/a.yaml", "data/a.yaml"),
            ("x/../a", "tests/a"),
        ] {
            assert_eq!(beside("tests/t.yaml", written).as_deref(), Ok(path));
        }
        for out in ["../../a", "/a", "C:/a", "c:a", "..\\..\\a", "\\a", "a/../../../b/tests/a"] {
            assert!(beside("tests/t.yaml", out).is_err(), "{out}");
        }
        assert_eq!(beside("t.yaml", "a").as_deref(), Ok("a"));
    }

    #[test]
    fn outcomes_are_judged() {
        let verdict = |expect: Expect, outcome: Result<Value, ToolError>| match judge(&expect, &outcome) {
            Ok(()) => "as expected".to_owned(),
            Err(mismatch) => mismatch.to_string(),
        };
        let subset = |wanted: Value, came: Value| verdict(Expect::Subset(wanted), Ok(came));
        let exact = |wanted: Value, came: Value| verdict(Expect::Output(wanted), Ok(came));
        let failed = || Err(ToolError::new("timeout", "It took too long."));
        let long = |end: &str| json!(format!("{}{end}", "x".repeat(100)));
        let said = [
            subset(json!({"books": [{"title": "Dune"}]}), json!({"books": [{"title": "Dune", "year": 1965}, {}], "total": 2})),
            subset(json!({"books": [{"title": "Dune"}]}), json!({"books": [{"title": "Emma"}]})),
            subset(json!({"books": [{"title": "Dune"}]}), json!({"books": []})),
            subset(json!({"a": [1, 2]}), json!({"a": [1, 3, 2]})),
            subset(json!({"a/b": null}), json!({})),
            subset(json!({"a": {}}), json!({"a": "b"})),
            subset(json!(1), json!(1.0)),
            exact(json!({"a": [1, {"b": 2.0}]}), json!({"a": [1.0, {"b": 2}]})),
            exact(json!({"a": 1}), json!({"a": 1, "b": [1]})),
            exact(json!([1]), json!([1, 2])),
            exact(json!([1, 2]), json!([1])),
            exact(json!(u64::MAX), json!(u64::MAX - 1)),
            exact(json!("1"), json!(1)),
            exact(long("a"), long("b")),
            verdict(Expect::Schema, Ok(json!(5))),
            verdict(Expect::Schema, failed()),
            verdict(Expect::Output(json!(5)), failed()),
            verdict(Expect::Error("timeout".to_owned()), failed()),
            verdict(Expect::Error("not_found".to_owned()), failed()),
            verdict(Expect::Error("not_found".to_owned()), Ok(json!({"a": 1}))),
        ];
        insta::assert_snapshot!(said.join("\n"), @r#"
        as expected
        /books/0/title: wanted "Dune", got "Emma"
        /books: wanted at least 1 item, got 0
        /a/1: wanted 2, got 3
        /a~1b: wanted null, got nothing
        /a: wanted {}, got "b"
        as expected
        as expected
        /b: wanted nothing, got an array
        wanted 1 item, got 2
        wanted 2 items, got 1
        wanted 18446744073709551615, got 18446744073709551614
        wanted "1", got 1
        wanted "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…", got a text that differs after 100 characters: "b"
        as expected
        wanted an output, got the error `timeout`: It took too long.
        wanted an output, got the error `timeout`: It took too long.
        as expected
        wanted the error `not_found`, got the error `timeout`: It took too long.
        wanted the error `not_found`, got an object
        "#);
    }
}
