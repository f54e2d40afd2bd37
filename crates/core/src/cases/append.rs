//! Adding a case to a file that its author laid out.

use super::{Case, CaseError, CaseFile, Expect, NewCase, read_file};
use crate::text::{Text, shown};
use crate::yaml::Node;
use crate::yaml::strict::{self, Fault};
use crate::yaml::write::{flow, word};
use std::ops::Range;

/// The text of a file with one more case at the end of its list; without a text, of a new file.
///
/// All that stands in the file stays as it is: comments, line ends, layout. The result was read again and found to hold the old cases and
/// the new one; where that cannot be, the error says to add the case by hand.
pub fn append(text: Option<&str>, tool: &str, case: &NewCase) -> Result<String, CaseError> {
    if case.name.trim().is_empty() {
        return Err(CaseError { message: "the case needs a name".to_owned(), line: 1, column: 1 });
    }
    let Some(whole_text) = text else {
        let new = format!("tool: {}\ncases:\n{}\n", word(tool), lines_of(case, "  ", "    ").join("\n"));
        let empty = CaseFile { path: String::new(), tool: tool.to_owned(), cases: Vec::new() };
        return if holds(&new, &empty, case) { Ok(new) } else { Err(by_hand(&Text::new(new))) };
    };
    let text = Text::new(whole_text);
    let root = strict::tree(&text).map_err(|fault| fault.placed(&text))?;
    let file = read_file(&root, &text).map_err(|fault| fault.placed(&text))?;
    if file.tool != tool {
        let at = root.get("tool").map_or(0..0, |tool| tool.span.clone());
        let message = format!("this file tests `{}`; put a case of `{}` into a file of its own", shown(&file.tool), shown(tool));
        return Err(Fault::new(at, message).placed(&text));
    }
    if let Some(known) = file.cases.iter().find(|known| known.name == case.name) {
        let message = format!("there is a case called `{}` already; choose another name", shown(&case.name));
        return Err(CaseError { message, line: u32::try_from(known.line).unwrap_or(u32::MAX), column: 1 });
    }
    let mark = &whole_text[..whole_text.len() - text.as_str().len()];
    let candidates = Layout::of(&root, text.as_str()).candidates(case);
    let fitting = candidates.into_iter().find(|candidate| holds(candidate, &file, case));
    fitting.map(|new| format!("{mark}{new}")).ok_or_else(|| by_hand(&text))
}

fn by_hand(text: &Text) -> CaseError {
    let place = text.position(text.as_str().len());
    let message = "this file is laid out in a way that the case cannot be added to safely; add it by hand".to_owned();
    CaseError { message, line: place.line, column: place.column }
}

/// True when the text has the file's cases, and after them this one.
fn holds(text: &str, file: &CaseFile, case: &NewCase) -> bool {
    let text = Text::new(text);
    let read = strict::tree(&text).ok().and_then(|root| read_file(&root, &text).ok());
    let Some((last, before)) = read.as_ref().filter(|read| read.tool == file.tool).and_then(|read| read.cases.split_last())
    else {
        return false;
    };
    let same = |(one, other): (&Case, &Case)| Case { line: 0, ..one.clone() } == Case { line: 0, ..other.clone() };
    let NewCase { name, input, expect, recording, max_ms } = case.clone();
    before.len() == file.cases.len()
        && before.iter().zip(&file.cases).all(same)
        && same((last, &Case { name, input, expect, recording, max_ms, line: 0 }))
}

/// A case as the lines of a list's item: the first after `dash` and a dash, the others after `indent`.
fn lines_of(case: &NewCase, dash: &str, indent: &str) -> Vec<String> {
    let gap = " ".repeat(indent.chars().count().saturating_sub(dash.chars().count() + 1).max(1));
    let mut lines = vec![format!("{dash}-{gap}name: {}", word(&case.name))];
    lines.extend(parts_of(case).into_iter().map(|(key, value)| format!("{indent}{key}: {value}")));
    lines
}

/// What a case has besides its name.
fn parts_of(case: &NewCase) -> Vec<(&'static str, String)> {
    let expect = match &case.expect {
        Expect::Schema => None,
        Expect::Output(value) => Some(format!("{{output: {}}}", flow(value))),
        Expect::Subset(value) => Some(format!("{{output_subset: {}}}", flow(value))),
        Expect::Error(code) => Some(format!("{{error: {}}}", word(code))),
    };
    let parts = [
        Some(("input", flow(&case.input))),
        expect.map(|expect| ("expect", expect)),
        case.recording.as_deref().map(|path| ("recording", word(path))),
        case.max_ms.map(|max| ("max_ms", max.to_string())),
    ];
    parts.into_iter().flatten().collect()
}

/// How a file is laid out: where a case can go and what it looks like there.
struct Layout<'a> {
    text: &'a str,
    line_end: &'static str,
    list: Option<&'a Node>,
    /// Where the next key of the file begins, or its end.
    limit: usize,
}

impl<'a> Layout<'a> {
    fn of(root: &'a Node, text: &'a str) -> Self {
        let list = root.get("cases");
        let key = root.key("cases").map_or(0, |key| key.span.start);
        let next = root.entries().iter().map(|(key, _)| key.span.start).filter(|start| *start > key).min();
        let line_end = match text.find('\n') {
            Some(at) if text[..at].ends_with('\r') => "\r\n",
            _ => "\n",
        };
        Self { text, line_end, list, limit: next.map_or(text.len(), |at| line_start(text, at)) }
    }

    /// The texts that may be meant, the best first. Whether one holds what it should, the caller finds out.
    fn candidates(&self, case: &NewCase) -> Vec<String> {
        let Some(list) = self.list else { return Vec::new() };
        let bracket = self.text[list.span.clone()].starts_with('[');
        match list.items().last() {
            Some(last) if bracket => {
                let inner = parts_of(case).into_iter().map(|(key, value)| format!(", {key}: {value}"));
                let item = format!(", {{name: {}{}}}", word(&case.name), inner.collect::<String>());
                vec![self.with(last.span.end..last.span.end, &item)]
            }
            Some(last) => self.after_last(list, last, case),
            None if bracket => {
                // The brackets go, and a comment behind them stays.
                let before = self.text[..list.span.start].trim_end_matches([' ', '\t']).len();
                let shorter = self.with(before..list.span.end, "");
                let at = line_start(&shorter, before) + line_length(&shorter[line_start(&shorter, before)..]);
                vec![self.inserted(&shorter, at, &lines_of(case, "  ", "    "), false)]
            }
            None => self.ends().map(|at| self.inserted(self.text, at, &lines_of(case, "  ", "    "), false)).to_vec(),
        }
    }

    fn after_last(&self, list: &Node, last: &Node, case: &NewCase) -> Vec<String> {
        let start = line_start(self.text, last.span.start);
        let head = &self.text[start..last.span.start];
        let dash = &head[..head.len() - head.trim_start().len()];
        let indent = if head.trim() == "-" { " ".repeat(head.chars().count()) } else { format!("{dash}  ") };
        let lines = lines_of(case, dash, &indent);
        let spaced = list.items().len() > 1 && self.spaced_before(start);
        self.ends().map(|at| self.inserted(self.text, at, &lines, spaced)).to_vec()
    }

    /// True when a blank line stands above the item that begins here, or above its comments.
    fn spaced_before(&self, start: usize) -> bool {
        let above = self.text[..start].lines().rev().map(str::trim).find(|line| !line.starts_with('#'));
        above == Some("")
    }

    /// Where the list may end: before the blank lines and comments that follow its last line, or after them, where they belong to a
    /// block of text.
    fn ends(&self) -> [usize; 2] {
        let mut end = self.limit;
        while end > 0 {
            let start = line_start(self.text, end - 1);
            let line = self.text[start..end].trim_end();
            let outside = line.is_empty() || line == "..." || self.is_comment_of_list(line);
            if !outside {
                break;
            }
            end = start;
        }
        [end, self.limit]
    }

    /// A comment that stands no deeper than the dashes is not inside a case.
    fn is_comment_of_list(&self, line: &str) -> bool {
        let depth = line.len() - line.trim_start().len();
        let dashes = self.list.and_then(|list| list.items().last()).map_or(2, |last| {
            let start = line_start(self.text, last.span.start);
            self.text[start..].len() - self.text[start..].trim_start().len()
        });
        line.trim_start().starts_with('#') && depth <= dashes
    }

    fn with(&self, range: Range<usize>, new: &str) -> String {
        format!("{}{new}{}", &self.text[..range.start], &self.text[range.end..])
    }

    /// The lines put into a text where a line begins, or at its end. A text without a last line break stays so.
    fn inserted(&self, text: &str, at: usize, lines: &[String], spaced: bool) -> String {
        let (before, after) = text.split_at(at);
        let mut new = String::new();
        let open = !before.is_empty() && !before.ends_with('\n');
        new.push_str(if open { self.line_end } else { "" });
        new.push_str(if spaced { self.line_end } else { "" });
        new.push_str(&lines.join(self.line_end));
        new.push_str(if open && after.is_empty() { "" } else { self.line_end });
        format!("{before}{new}{after}")
    }
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |at| at + 1)
}

/// The length of the first line with its end.
fn line_length(text: &str) -> usize {
    text.find('\n').map_or(text.len(), |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::append;
    use crate::cases::tests::SAMPLES;
    use crate::cases::{Expect, NewCase, read};
    use crate::yaml::write::tests::nasty;
    use serde_json::json;

    fn new_case() -> NewCase {
        NewCase {
            name: "a new one".to_owned(),
            input: json!({"query": "dune", "limit": 2}),
            expect: Expect::Subset(json!({"books": [{"title": "Dune"}]})),
            recording: Some("recordings/a-new-one.yaml".to_owned()),
            max_ms: Some(2000),
        }
    }

    fn short() -> NewCase {
        NewCase { name: "new".to_owned(), input: json!({}), ..NewCase::default() }
    }

    fn added(text: &str) -> String {
        append(Some(text), "t", &short()).expect("it can be added")
    }

    #[test]
    fn a_new_file_is_made() {
        insta::assert_snapshot!(append(None, "search_books", &new_case()).expect("it can be made"), @"
        tool: search_books
        cases:
          - name: a new one
            input: {limit: 2, query: dune}
            expect: {output_subset: {books: [{title: Dune}]}}
            recording: recordings/a-new-one.yaml
            max_ms: 2000
        ");
        insta::assert_snapshot!(append(None, "5", &short()).expect("it can be made"), @r#"
        tool: "5"
        cases:
          - name: new
            input: {}
        "#);
    }

    #[test]
    fn a_case_is_added_to_every_sample_and_nothing_else_changes() {
        for sample in SAMPLES {
            let variants = [
                (*sample).to_owned(),
                sample.replace('\n', "\r\n"),
                sample.trim_end().to_owned(),
                format!("\u{feff}{sample}"),
                format!("{sample}\n\n# The end.\n"),
                format!("{sample}...\n"),
                sample.replace("\n  ", "\n"),
            ];
            for text in variants {
                let before = read("tests/t.yaml", &text).expect("a sample can be read");
                let after = append(Some(&text), &before.tool, &new_case()).expect("a case can be added");
                let file = read("tests/t.yaml", &after).expect("it can be read again");
                assert_eq!(file.cases[..before.cases.len()], before.cases[..]);
                let new = file.cases.last().expect("the new one");
                assert_eq!((&new.input, &new.expect, new.max_ms), (&new_case().input, &new_case().expect, Some(2000)));
                assert_eq!(new.recording.as_deref(), Some("tests/recordings/a-new-one.yaml"));
                // What is new is one piece: without it, the file is as it was.
                let same = text.bytes().zip(after.bytes()).take_while(|(one, other)| one == other).count();
                assert!(after.ends_with(&text[same..]), "{after}");
                assert_eq!(after.matches("\r\n").count() * 2 == after.matches(['\r', '\n']).count(), text.contains("\r\n"));
                assert_eq!(after.ends_with('\n'), text.ends_with('\n'));
            }
        }
    }

    #[test]
    fn the_authors_layout_is_kept() {
        insta::assert_snapshot!(added("tool: t\ncases:\n- name: a\n  input: {}\n"), @"
        tool: t
        cases:
        - name: a
          input: {}
        - name: new
          input: {}
        ");
        insta::assert_snapshot!(added("tool: t # x\ncases:\n    -   name: a\n        input: {}\n\n    # Why b.\n    -   name: b\n"), @"
        tool: t # x
        cases:
            -   name: a
                input: {}

            # Why b.
            -   name: b

            -   name: new
                input: {}
        ");
        insta::assert_snapshot!(added("cases:\n  - name: a\n    input:\n      text: |\n        # no comment\n\n# Of the tool.\ntool: t\n"), @"
        cases:
          - name: a
            input:
              text: |
                # no comment
          - name: new
            input: {}

        # Of the tool.
        tool: t
        ");
        insta::assert_snapshot!(added("tool: t\ncases: []  # none yet\n"), @"
        tool: t
        cases:  # none yet
          - name: new
            input: {}
        ");
        insta::assert_snapshot!(added("cases: []\ntool: t"), @"
        cases:
          - name: new
            input: {}
        tool: t
        ");
        insta::assert_snapshot!(added("tool: t\ncases:\n"), @"
        tool: t
        cases:
          - name: new
            input: {}
        ");
        insta::assert_snapshot!(added("tool: t\ncases:"), @"
        tool: t
        cases:
          - name: new
            input: {}
        ");
        insta::assert_snapshot!(added("cases:\n# none\ntool: t\n"), @"
        cases:
          - name: new
            input: {}
        # none
        tool: t
        ");
        insta::assert_snapshot!(added("tool: t\ncases: [{name: a}, {name: b, input: {}}] # two\n"), @"
        tool: t
        cases: [{name: a}, {name: b, input: {}}, {name: new, input: {}}] # two
        ");
        insta::assert_snapshot!(added("tool: t\ncases: [\n  {name: a},\n]\n"), @"
        tool: t
        cases: [
          {name: a}, {name: new, input: {}},
        ]
        ");
        insta::assert_snapshot!(added("{tool: t, cases: [{name: a}]}"), @"{tool: t, cases: [{name: a}, {name: new, input: {}}]}");
    }

    #[test]
    fn a_block_of_text_keeps_its_last_lines() {
        let text = "tool: t\ncases:\n  - name: a\n    input:\n      text: |+\n        a\n\n\n";
        let after = added(text);
        assert!(after.starts_with(text), "{after}");
        assert_eq!(read("t.yaml", &after).expect("it can be read").cases[0].input["text"], "a\n\n\n");
    }

    #[test]
    fn what_cannot_be_added_is_said_to_be_for_the_hand() {
        let refused = |text: &str| append(Some(text), "t", &short()).expect_err("it is refused").to_string();
        let said = [
            refused("{tool: t, cases: []}"),
            refused("tool: t\ncases: ~\n"),
            refused("x: &x []\n"),
            refused("tool: other\ncases: []\n"),
            refused("tool: t\ncases:\n  - name: new\n"),
            refused("tool: t\ncases:\n  - nmae: new\n"),
            refused("tool: t\ncases: [\n"),
            append(None, "t", &NewCase { name: " ".to_owned(), ..short() }).expect_err("it is refused").to_string(),
        ];
        insta::assert_snapshot!(said.join("\n"), @"
        line 1, column 21: this file is laid out in a way that the case cannot be added to safely; add it by hand
        line 3, column 1: this file is laid out in a way that the case cannot be added to safely; add it by hand
        line 1, column 1: `x` is no key of a file of cases; it has `tool`, `cases`
        line 1, column 7: this file tests `other`; put a case of `t` into a file of its own
        line 3, column 1: there is a case called `new` already; choose another name
        line 3, column 5: `nmae` is no key of a case; did you mean `name`?
        line 2, column 8: unclosed bracket '['
        line 1, column 1: the case needs a name
        ");
    }

    #[test]
    fn any_text_can_be_saved() {
        for text in nasty().into_iter().step_by(4).filter(|text| !text.trim().is_empty()) {
            let value = json!({ text.as_str(): [text, 1.5, null] });
            for expect in [Expect::Output(value.clone()), Expect::Subset(value.clone()), Expect::Error(text.clone())] {
                let case =
                    NewCase { name: text.clone(), input: value.clone(), expect, recording: Some(text.clone()), max_ms: None };
                let file = append(None, &text, &case).expect("it can be made");
                let more = append(Some(&file), &text, &NewCase { name: format!("{text}2"), ..case }).expect("it can be added");
                assert!(more.starts_with(&file));
            }
        }
    }
}
