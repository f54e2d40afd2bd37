//! Random changes of random texts: what was asked for is done, and nothing else.
//!
//! The texts have everything that people write: comments in all places, every kind of quotes, both line ends, odd keys, brackets and lines
//! mixed. `TRIALS` is small enough for every test run; the same trial was run with twenty times as many.

use super::layout::{line_end, line_start, skipped};
use super::{Change, Data, Document, Language, Place, Step, What, apply, descend, patched};
use crate::yaml::write::tests::nasty;

/// Random changes in one test run.
const TRIALS: usize = 10_000;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("it fits") % sides.max(1)
    }

    fn one_in(&mut self, sides: usize) -> bool {
        self.below(sides) == 0
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// A text in the making.
struct Author {
    dice: Dice,
    out: String,
    /// How this author indents.
    step: usize,
    list_step: usize,
    gap: usize,
    /// One line in so many has a comment.
    comments: usize,
    blanks: usize,
    count: usize,
    anchors: Vec<String>,
    with_anchors: bool,
}

const KEYS: &[&str] = &[
    "name",
    "tools",
    "input",
    "a",
    "b",
    "c",
    "on_x",
    "greentic.ext.capabilities.v1",
    "two words",
    "\"quoted: key\"",
    "'it''s'",
    "\"a\\tb\"",
    "é",
    "日本",
    "\"😀\"",
    "5",
    "yes",
    "x-y",
    "/p/{q}",
    "$ref",
    "\"#hash\"",
    "a#b",
    "https://a.org/b",
];

const SCALARS: &[&str] = &[
    "x",
    "two words",
    "5",
    "1.50",
    "0x1f",
    "true",
    "~",
    "null",
    "'single'",
    "'it''s # no'",
    "\"double\"",
    "\"a \\\"b\\\" # no\"",
    "\"x\\ny\"",
    "1.2.0",
    "https://a.org/b?c=d&e",
    "a#b",
    "é日😀",
    "''",
    "\"\"",
    "-1e3",
    "it's",
    "a: b".split_at(1).0,
    "[x]",
    "{}",
    "!!str 5",
    "text, and more",
    "yes",
];

impl Author {
    fn new(seed: u64, with_anchors: bool) -> Self {
        let mut dice = Dice(seed);
        (0..3).for_each(|_| {
            dice.below(2);
        });
        let step = if dice.one_in(3) { 4 } else { 2 };
        let list_step = *dice.pick(&[&0, &2, &step]);
        let gap = if dice.one_in(5) { 4 } else { 2 };
        let (comments, blanks) = (2 + dice.below(8), 3 + dice.below(9));
        Self { dice, out: String::new(), step, list_step, gap, comments, blanks, count: 0, anchors: Vec::new(), with_anchors }
    }

    fn text(mut self) -> String {
        if self.dice.one_in(3) {
            self.comment_lines(0);
        }
        if self.dice.one_in(10) {
            self.out.push_str("---\n");
        }
        match self.dice.below(10) {
            0 => self.list(0, 2),
            depth => self.map(0, 1 + depth % 3),
        }
        if self.dice.one_in(4) {
            self.out.push('\n');
            self.comment_lines(0);
        }
        if self.dice.one_in(20) {
            self.out.push_str("...\n");
        } else if self.dice.one_in(5) {
            self.out.pop();
        }
        if self.dice.one_in(3) {
            self.out = self.out.replace('\n', "\r\n");
        }
        if self.dice.one_in(8) { format!("\u{feff}{}", self.out) } else { self.out }
    }

    fn comment(&mut self) -> String {
        self.count += 1;
        format!("# c{}: x, 'y' [z", self.count)
    }

    fn comment_lines(&mut self, column: usize) {
        for _ in 0..=self.dice.below(2) {
            let comment = self.comment();
            self.out.push_str(&format!("{}{comment}\n", " ".repeat(column)));
        }
    }

    /// What may stand above an entry.
    fn above(&mut self, column: usize) {
        if self.dice.one_in(self.blanks) {
            self.out.push('\n');
        }
        if self.dice.one_in(self.comments) {
            let deeper = usize::from(self.dice.one_in(5));
            self.comment_lines(column + deeper);
            if self.dice.one_in(6) {
                self.out.push('\n');
            }
        }
    }

    fn end_line(&mut self) {
        if self.dice.one_in(self.comments) {
            let comment = self.comment();
            self.out.push(' ');
            self.out.push_str(&comment);
        }
        self.out.push('\n');
    }

    /// Entries of a mapping. The first begins where the text has come to.
    fn map(&mut self, column: usize, depth: usize) {
        let mut keys = KEYS.to_vec();
        for number in 0..=self.dice.below(4) {
            if number > 0 {
                self.above(column);
                self.out.push_str(&" ".repeat(column));
            }
            if number > 0 && self.with_anchors && self.dice.one_in(8) && self.anchors.iter().any(|name| name.starts_with('m')) {
                let name = self.anchors.iter().find(|name| name.starts_with('m')).expect("there is one");
                self.out.push_str(&format!("<<: *{name}\n"));
                keys.retain(|key| *key != "<<");
                if number < 3 {
                    self.out.push_str(&" ".repeat(column));
                } else {
                    return;
                }
            }
            let key = keys.remove(self.dice.below(keys.len()));
            if self.dice.one_in(25) {
                self.out.push_str(&format!("? {key}\n{}:", " ".repeat(column)));
            } else {
                self.out.push_str(key);
                self.out.push_str(if self.dice.one_in(12) { " :" } else { ":" });
            }
            self.value(column, depth, true);
        }
    }

    fn list(&mut self, column: usize, depth: usize) {
        for number in 0..=self.dice.below(4) {
            if number > 0 {
                self.above(column);
                self.out.push_str(&" ".repeat(column));
            }
            self.out.push('-');
            self.value(column, depth, false);
        }
    }

    /// What stands behind a colon or a dash, to the end of its last line.
    fn value(&mut self, column: usize, depth: usize, of_key: bool) {
        let inner = column + if of_key { self.step } else { self.gap };
        let gap = if of_key { 1 } else { self.gap - 1 };
        match self.dice.below(if depth == 0 { 8 } else { 14 }) {
            0 => self.end_line(),
            1 => self.block_text(inner),
            2 => {
                self.out.push_str(&" ".repeat(gap));
                self.flow(2, inner);
                self.end_line();
            }
            3 if self.dice.one_in(3) => {
                let text = self.dice.pick(&["plain text", "\"double", "'single"]);
                let close = if text.starts_with(['"', '\'']) { &text[..1] } else { "" };
                self.out.push_str(&format!(" {text}\n{}goes on{close}", " ".repeat(inner)));
                self.end_line();
            }
            3 if self.with_anchors && !self.anchors.is_empty() => {
                let name = self.anchors[self.dice.below(self.anchors.len())].clone();
                self.out.push_str(&format!(" *{name}"));
                self.end_line();
            }
            4 if self.with_anchors && self.dice.one_in(2) => {
                let map = self.dice.one_in(2);
                let name = format!("{}{}", if map { "m" } else { "s" }, self.anchors.len());
                self.out.push_str(&format!(" &{name} {}", if map { "{k: v, name: w}" } else { "text" }));
                self.anchors.push(name);
                self.end_line();
            }
            3..=7 => {
                let scalar = self.dice.pick(SCALARS);
                self.out.push_str(&" ".repeat(gap));
                self.out.push_str(scalar);
                self.end_line();
            }
            kind => {
                let map = kind < 11;
                let below = if of_key && !map { column + self.list_step } else { inner };
                if of_key || self.dice.one_in(8) {
                    self.end_line();
                    if self.dice.one_in(self.comments) {
                        self.comment_lines(below);
                    }
                    self.out.push_str(&" ".repeat(below));
                } else {
                    self.out.push_str(&" ".repeat(self.gap - 1));
                }
                if map {
                    self.map(below, depth - 1);
                } else {
                    self.list(below, depth - 1);
                }
            }
        }
    }

    fn block_text(&mut self, inner: usize) {
        let header = self.dice.pick(&["|", "|-", "|+", ">", ">-"]);
        self.out.push(' ');
        self.out.push_str(header);
        self.end_line();
        for number in 0..=self.dice.below(3) {
            let lines = ["text of a line", "# no comment", "- no: item", "  deeper", ""];
            let line = if number == 0 { "first" } else { self.dice.pick(&lines) };
            self.out.push_str(&if line.is_empty() { "\n".to_owned() } else { format!("{}{line}\n", " ".repeat(inner)) });
        }
        if self.out.ends_with("\n\n") {
            self.out.pop();
        }
    }

    fn flow(&mut self, depth: usize, column: usize) {
        let map = self.dice.one_in(2);
        let (open, close) = if map { ("{", "}") } else { ("[", "]") };
        let tall = self.dice.one_in(4);
        let mut keys = vec!["k", "\"q\"", "'r'", "s t", "name", "é"];
        self.out.push_str(open);
        let count = self.dice.below(4);
        let trailing = self.dice.one_in(5);
        for number in 0..count {
            if tall {
                self.end_line();
                if self.dice.one_in(self.comments * 2) {
                    self.comment_lines(column);
                }
                self.out.push_str(&" ".repeat(column));
            }
            if map {
                let key = keys.remove(self.dice.below(keys.len()));
                self.out.push_str(key);
                let colon = if key.starts_with('"') { ":" } else { ": " };
                self.out.push_str(colon);
            }
            if depth > 0 && self.dice.one_in(4) {
                self.flow(depth - 1, column);
            } else {
                self.out.push_str(self.dice.pick(&["x", "5", "1.50", "\"a, b\"", "'c: d'", "true", "null", "w w", "a#b"]));
            }
            if number + 1 < count || trailing {
                self.out.push_str(if tall || number + 1 == count { "," } else { ", " });
            }
        }
        if tall && count > 0 {
            self.end_line();
            self.out.push_str(&" ".repeat(column));
        }
        self.out.push_str(close);
    }
}

/// Every path of a value.
fn paths(data: &Data, path: &mut Vec<Step>, out: &mut Vec<Vec<Step>>) {
    out.push(path.clone());
    let steps: Vec<Step> = match data {
        Data::List(items) => (0..items.len()).map(Step::Index).collect(),
        Data::Map(entries) => entries.iter().map(|(key, _)| Step::Key(key.clone())).collect(),
        _ => return,
    };
    for step in steps {
        let inner = data.at(&step).expect("it is there").clone();
        path.push(step);
        paths(&inner, path, out);
        path.pop();
    }
}

fn new_value(dice: &mut Dice, texts: &[String], depth: usize) -> Data {
    match dice.below(if depth == 0 { 8 } else { 11 }) {
        0 => Data::Null,
        1 => Data::Bool(dice.one_in(2)),
        2 => Data::Number((*dice.pick(&["0", "-5", "1.50", "18446744073709551615", "1e3"])).to_owned()),
        3 => Data::text(texts[dice.below(texts.len())].as_str()),
        4 => {
            Data::text(dice.pick(&["two\nlines", "two\nlines\n", "\n lead", "a\n\n\nb\n", "end\n\n", "tab\t\nx", "a: b\n# c\n"]))
        }
        5 => {
            Data::text("A long description of what this does, with commas, and more words than would fit into a line of eighty.")
        }
        6 | 7 => Data::text(dice.pick(&["word", "two words", "1.3.0", "yes", "5", "it's", "a, b", "x: y"])),
        8 | 9 => {
            let mut entries: Vec<(String, Data)> = Vec::new();
            for _ in 0..dice.below(4) {
                let key = dice.pick(&["k", "name", "two words", "a: b", "5", "é", "$ref"]).to_owned();
                let value = new_value(dice, texts, depth - 1);
                entries.retain(|(known, _)| *known != key);
                entries.push((key, value));
            }
            Data::Map(entries)
        }
        _ => Data::List((0..dice.below(4)).map(|_| new_value(dice, texts, depth - 1)).collect()),
    }
}

fn new_change(dice: &mut Dice, data: &Data, texts: &[String]) -> Change {
    let mut all = Vec::new();
    paths(data, &mut Vec::new(), &mut all);
    let path = all[dice.below(all.len())].clone();
    let what = match dice.below(6) {
        0 => What::Remove,
        1 => What::Rename((*dice.pick(&["new", "two words", "a: b", "é", "yes", "x.y.v1", "'"])).to_owned()),
        2 => What::Move(dice.below(4)),
        3 => What::Set(new_value(dice, texts, 3)),
        _ => match data.find(&path) {
            Some(known @ (Data::List(_) | Data::Map(_) | Data::Null)) => {
                let count = match known {
                    Data::List(items) => items.len(),
                    Data::Map(entries) => entries.len(),
                    _ => 0,
                };
                let place = if dice.one_in(2) { Place::Last } else { Place::At(dice.below(count + 1)) };
                let key = match known {
                    Data::Map(_) => true,
                    Data::Null => dice.one_in(2),
                    _ => false,
                };
                let key = key.then(|| (*dice.pick(&["new", "new key", "n: n", "ü"])).to_owned());
                What::Insert { place, key, value: new_value(dice, texts, 2) }
            }
            _ => What::Set(new_value(dice, texts, 1)),
        },
    };
    Change { path, what }
}

/// Where a change may touch the text: from the comments above its entry to what comes next.
fn may_touch(document: &Document, change: &Change) -> (usize, usize) {
    let text = &document.text;
    let inside = matches!(change.what, What::Insert { .. });
    let above = match change.path.split_last() {
        Some((_, above)) if !inside || change.path.len() == 1 => above,
        Some(_) => &change.path[..change.path.len() - 1],
        None => return (0, text.len()),
    };
    let Some(parent) = descend(&document.root, &document.data, above) else { return (0, text.len()) };
    let moves = matches!(change.what, What::Move(_));
    let index = document.data.find(above).and_then(|data| data.position(change.path.last()?));
    let index = if moves { index.map(|_| 0) } else { index };
    let Some(entry) = index.and_then(|index| parent.entries().get(index)) else { return (0, text.len()) };
    let mut top = line_start(text, entry.start);
    while top > 0 {
        let line = line_start(text, top - 1);
        let written = text[line..top].trim();
        if !written.is_empty() && !written.starts_with('#') {
            break;
        }
        top = line;
    }
    if parent.entries().len() == 1 && top > 0 {
        // Brackets come behind the key above.
        top = line_start(text, top - 1);
    }
    let before =
        index.and_then(|index| parent.entries().get(index.checked_sub(1)?)).map_or(parent.start, super::layout::Entry::end);
    (
        before.min(top.saturating_sub(2)),
        skipped(text, if moves || parent.entries().len() == 1 { parent.end } else { entry.end() }),
    )
}

/// The comments that a change may take along.
fn may_go(document: &Document, change: &Change, at: usize) -> bool {
    let text = &document.text;
    let Some((last, above)) = change.path.split_last() else { return matches!(change.what, What::Set(_)) };
    let Some(parent) = descend(&document.root, &document.data, above) else { return false };
    let Some(entry) =
        document.data.find(above).and_then(|data| data.position(last)).and_then(|index| parent.entries().get(index))
    else {
        return false;
    };
    let column = |at: usize| at - line_start(text, at);
    let trailing = at >= entry.end()
        && (at < line_end(text, entry.end()) || column(at) > column(entry.start))
        && at < skipped(text, entry.end());
    match &change.what {
        What::Remove => {
            let next = text[entry.end()..].trim_start().starts_with(',');
            let above = (may_touch(document, change).0..entry.start).contains(&at) && column(at) == column(entry.start);
            // Behind the comma of an entry in brackets.
            let behind_comma = next && at < line_end(text, skipped(text, entry.end()));
            above || (at >= entry.start && at < entry.end()) || trailing || (at >= entry.end() && behind_comma)
        }
        What::Set(new) => {
            let old = document.data.find(&change.path).expect("it is there");
            (!old.is_scalar() || !new.is_scalar()) && (at >= entry.intro && at < entry.end() || (trailing && !old.is_scalar()))
        }
        _ => false,
    }
}

/// What came of one change.
#[derive(Debug, Default)]
struct Tally {
    made: usize,
    refused: usize,
    unread: usize,
    /// Refused though nothing forbids it: layout that is not understood.
    at_a_loss: Vec<String>,
}

fn try_one(text: &str, document: &Document, change: &Change, tally: &mut Tally) {
    let (body, language) = (document.text.as_str(), document.language);
    let mut intended = document.data.clone();
    let possible = intended.change(&change.path, &change.what).is_ok();
    let shown = || format!("{change:?}\n--- before\n{text}");
    let edited = match apply(text, language, change) {
        Ok(edited) => edited,
        Err(refusal) => {
            tally.refused += 1;
            assert!(text.is_char_boundary(refusal.range.start) && text.is_char_boundary(refusal.range.end), "{}", shown());
            if possible && !text.contains('&') && document.borrowed(&change.path, &change.what).is_none() {
                tally.at_a_loss.push(format!("{refusal}\n{}", shown()));
            }
            return;
        }
    };
    tally.made += 1;
    assert!(possible, "{}", shown());
    let shown = || format!("{}\n--- after\n{}", shown(), edited.text);
    assert_eq!(patched(text, &edited.edits).as_deref(), Some(edited.text.as_str()), "{}", shown());
    let after = Document::read(edited.text.trim_start_matches('\u{feff}'), language).expect("it is read again");
    let merged = body.contains("<<");
    assert!(merged || after.data == intended, "{}", shown());
    assert_eq!(text.starts_with('\u{feff}'), edited.text.starts_with('\u{feff}'), "{}", shown());
    // The line ends of `|+` are its text.
    let ends = body.ends_with('\n') == edited.text.ends_with('\n') || body.contains("|+") || body.is_empty();
    assert!(ends, "the last line's end stays\n{}", shown());
    if body.contains('\n') {
        let crlf = edited.text.matches("\r\n").count();
        assert_eq!(
            crlf,
            if body.contains("\r\n") { edited.text.matches('\n').count() } else { 0 },
            "line ends stay\n{}",
            shown()
        );
    }
    let (from, to) = may_touch(document, change);
    let mark = text.len() - body.len();
    for edit in &edited.edits {
        let inside = edit.range.start - mark >= from && edit.range.end - mark <= to.max(line_end(body, to));
        assert!(inside, "an edit at {:?}, outside of {from}..{to}\n{}", edit.range, shown());
    }
    let comment = |text: &str, at: usize| text[at..line_end(text, at)].to_owned();
    let mut left: Vec<String> = after.comments.iter().map(|at| comment(&after.text, *at)).collect();
    for at in &document.comments {
        let wanted = comment(body, *at);
        match left.iter().position(|one| *one == wanted) {
            Some(found) => drop(left.remove(found)),
            None => assert!(may_go(document, change, *at), "`{wanted}` is gone\n{}", shown()),
        }
    }
    assert!(left.is_empty(), "a comment is new: {left:?}\n{}", shown());
}

/// Tries many changes on many texts.
fn trial(count: usize, seed: u64, anchors: bool, language: Language) -> Tally {
    let texts = nasty();
    let mut tally = Tally::default();
    let mut number = seed;
    while tally.made + tally.refused < count {
        number += 1;
        let text = match language {
            Language::Yaml => Author::new(number.wrapping_mul(0x9e37_79b9_7f4a_7c15), anchors).text(),
            Language::Json => json_text(number, &texts),
        };
        let body = text.trim_start_matches('\u{feff}');
        let document = match Document::read(body, language) {
            Ok(document) => document,
            Err(fault) => {
                tally.unread += 1;
                if crate::yaml::parse(body).is_ok() {
                    let place = fault.placed(&text, text.len() - body.len());
                    tally.at_a_loss.push(format!("not understood: {place}\n{text}"));
                }
                assert!(tally.unread < 200 + count / 4, "the texts are no YAML: {text}");
                continue;
            }
        };
        let mut dice = Dice(number);
        for _ in 0..8 {
            let change = new_change(&mut dice, &document.data, &texts);
            try_one(&text, &document, &change, &mut tally);
        }
    }
    tally
}

/// A JSON text in one of the ways in which programs and people write it.
fn json_text(seed: u64, texts: &[String]) -> String {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    (0..3).for_each(|_| {
        dice.below(2);
    });
    let value = Data::Map((0..=dice.below(4)).map(|number| (format!("k{number}"), new_value(&mut dice, texts, 3))).collect());
    let text = value.json_text().expect("its numbers are JSON's");
    let text = match dice.below(4) {
        0 => serde_json::from_str::<serde_json::Value>(&text).expect("it is JSON").to_string(),
        1 => text.replace("\n  ", "\n\t"),
        2 => text.replace('\n', "\r\n"),
        _ => text,
    };
    if dice.one_in(5) { text.trim_end().to_owned() } else { text }
}

#[track_caller]
fn found(tally: &Tally, most_at_a_loss: usize) {
    assert!(tally.made > tally.refused, "most changes can be made: {} made, {} refused", tally.made, tally.refused);
    assert!(
        tally.at_a_loss.len() <= most_at_a_loss,
        "{} of {} were refused without a reason, {} texts unread:\n{}",
        tally.at_a_loss.len(),
        tally.made + tally.refused,
        tally.unread,
        tally.at_a_loss[..tally.at_a_loss.len().min(12)].join("\n=====\n")
    );
}

#[test]
fn random_changes_of_yaml_change_one_thing() {
    found(&trial(TRIALS / 2, 1, false, Language::Yaml), TRIALS / 200);
}

#[test]
fn random_changes_among_anchors_change_one_thing_or_are_refused() {
    found(&trial(TRIALS / 5, 7, true, Language::Yaml), usize::MAX);
}

#[test]
fn random_changes_of_json_change_one_thing() {
    found(&trial(TRIALS * 3 / 10, 3, false, Language::Json), 0);
}

/// Texts that people wrote.
const SAMPLES: [(Language, &str); 5] = [
    (Language::Yaml, include_str!("../../../../packs-samples/open-library/pack.yaml")),
    (Language::Yaml, include_str!("../../../../packs-samples/memory-provider/pack.yaml")),
    (Language::Yaml, include_str!("../../../../packs-samples/open-library/tests/search_books.yaml")),
    (Language::Json, include_str!("../../../../packs-samples/open-library/schemas/search_books.input.json")),
    (Language::Json, include_str!("../../../../packs-samples/open-library/schemas/search_books.output.json")),
];

#[test]
fn everything_in_the_samples_can_be_changed() {
    for (language, text) in SAMPLES {
        let document = Document::read(text, language).unwrap_or_else(|fault| panic!("{fault:?}"));
        let mut all = Vec::new();
        paths(&document.data, &mut Vec::new(), &mut all);
        let mut tally = Tally::default();
        for path in all.iter().filter(|path| !path.is_empty()) {
            let old = document.data.find(path).expect("it is there").clone();
            try_one(text, &document, &Change::remove(path.clone()), &mut tally);
            match old {
                Data::Text(_) | Data::Number(_) | Data::Bool(_) => {
                    let new = if matches!(old, Data::Text(_)) { Data::text("other") } else { Data::Number("7".to_owned()) };
                    let edited =
                        apply(text, language, &Change::set(path.clone(), new)).unwrap_or_else(|refusal| panic!("{refusal}"));
                    let back = apply(&edited.text, language, &Change::set(path.clone(), old))
                        .unwrap_or_else(|refusal| panic!("{refusal}"));
                    let folded = text[document.place(path)].starts_with('>');
                    assert!(folded || back.text == text, "{path:?}:\n{}", back.text);
                }
                Data::List(_) => try_one(text, &document, &Change::push(path.clone(), Place::Last, "new"), &mut tally),
                _ => try_one(text, &document, &Change::insert(path.clone(), Place::First, "new", "new"), &mut tally),
            }
        }
        assert!(tally.refused == 0 && tally.made > 20, "{:?}", tally.at_a_loss.first());
    }
}
