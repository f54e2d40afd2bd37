//! A text read in stretches: what stands behind each key at the top, and each item of a list there, by itself.
//!
//! A stretch that was read before is not read again, so the work follows the edit and not the file; a faulty one costs only itself. Where a
//! text cannot be cut so (flow at the top, an alias to an anchor in another stretch), it is read as a whole. A property test holds
//! that both ways say the same.

use super::recover::{MAX_MORE, Recovered, TOO_MUCH, recover};
use super::tree::{Piece, Row, Tree};
use super::{Key, MAX_REPEATED, Node, SyntaxError, Value, limit, parse};
use crate::kept::{Kept, Parts};
use crate::text::shown;
use memchr::{memchr_iter, memmem};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

/// Most tabs that are told.
const MAX_TABS: usize = 20;

/// Reads texts, and keeps what it read for the next one.
#[derive(Debug, Default)]
pub struct Reader {
    known: HashMap<Box<str>, Arc<Stretch>, foldhash::fast::RandomState>,
}

/// What a stretch says; places count from its own start.
#[derive(Debug)]
pub(super) struct Stretch {
    node: Node,
    faults: Vec<SyntaxError>,
    /// How many bytes were read for its faults.
    cost: usize,
    /// How many parts aliases add to what is written.
    repeated: usize,
    /// Where reading stopped, when it has more items than are read.
    stopped: Option<usize>,
    /// What rules say of it.
    kept: Arc<Kept>,
}

/// A text that was read.
#[derive(Debug)]
pub struct Reading {
    pub tree: Tree,
    pub faults: Vec<SyntaxError>,
    /// The items of lists at the top that were read by themselves.
    pub parts: Parts,
    /// Where reading stopped, when the text is too large to be read to its end.
    pub stopped: Option<usize>,
    /// What may hold more than was read.
    pub gaps: Gaps,
}

/// What of a text may hold more than was read: a fault costs what stands behind its key, and what stands behind others is known in full.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gaps {
    /// Keys at the top that hold a fault.
    keys: BTreeSet<String>,
    /// True when a fault belongs to no key: any key may be missing then.
    anywhere: bool,
}

impl Gaps {
    /// Anything may be missing.
    pub fn everywhere() -> Self {
        Self { keys: BTreeSet::new(), anywhere: true }
    }

    /// True when something could not be read, wherever.
    pub fn any(&self) -> bool {
        self.anywhere || !self.keys.is_empty()
    }

    /// True when what stands behind this key at the top, or the key itself, may not have been read.
    pub fn may_be_in(&self, key: &str) -> bool {
        self.anywhere || self.keys.contains(key)
    }
}

/// Most bytes of a text that are read: two hundred times the largest manifest that anyone has shown us.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;

/// Most items of a list at the top that are read, and most keys there: no model chooses among two thousand tools.
pub const MAX_ITEMS: usize = 2000;

/// Most stretches of a text that are read: each is kept by itself.
const MAX_STRETCHES: usize = 10_000;

/// A key at the top, and where its items are when it holds a list.
struct Section {
    head: Range<usize>,
    items: Vec<Range<usize>>,
}

impl Reader {
    /// Reads a text.
    pub fn read(&mut self, text: &str) -> Reading {
        self.read_after(Tree::default(), text)
    }

    /// The same, where an earlier tree is not needed any more: what is in it and in the text is taken out of it.
    pub fn read_after(&mut self, before: Tree, text: &str) -> Reading {
        let mut reading = match sections(text) {
            Some(sections) => self.assemble(text, &sections, before),
            None => whole(text),
        };
        for tab in tabs(text) {
            // With its key it would have to be looked for; a file with tabs is mended first of all.
            reading.gaps.anywhere = true;
            reading.faults.push(tab);
        }
        reading
    }

    fn assemble(&mut self, text: &str, sections: &[Section], tree_before: Tree) -> Reading {
        let mut remains = tree_before.into_remains();
        let mut rows = Vec::new();
        let mut before = std::mem::take(&mut self.known);
        let mut stretch = |range: &Range<usize>| -> Arc<Stretch> {
            let text = &text[range.clone()];
            if let Some(stretch) = self.known.get(text) {
                return stretch.clone();
            }
            let (text, stretch) = before.remove_entry(text).unwrap_or_else(|| (text.into(), Arc::new(Stretch::read(text))));
            self.known.insert(text, stretch.clone());
            stretch
        };
        let (mut entries, mut faults): (Vec<(Key, Node)>, Vec<SyntaxError>) = (Vec::new(), Vec::new());
        let (mut names, mut torn, mut parts) = (HashSet::new(), false, Parts::default());
        let mut gaps = Gaps::default();
        let mut left = Left::all();
        for (number, section) in sections.iter().enumerate() {
            if !left.may(number, section.head.start) {
                break;
            }
            let head = stretch(&section.head);
            left.take(&head, section.head.start);
            let at = section.head.start;
            let told = faults.len();
            faults.extend(head.faults.iter().map(|fault| fault.clone().moved(at)));
            torn |= head.faults.iter().any(|fault| fault.unknown_anchor) || head.is_torn();
            let said = match &head.node.value {
                Value::Map(said) => said,
                Value::Text(word) if head.faults.is_empty() => {
                    // A key that is still being written.
                    let span = at + head.node.span.start..at + head.node.span.end;
                    faults.push(SyntaxError::new(format!("`{}` has no colon behind it", shown(word)), span.clone()));
                    gaps.anywhere = true;
                    let key = Key { name: word.clone(), span };
                    if names.insert(word.clone()) {
                        entries.push((key.clone(), Node::new(key.span.end..key.span.end, Value::Null)));
                    }
                    continue;
                }
                _ => {
                    gaps.anywhere = true;
                    if head.faults.is_empty() {
                        let message = format!("a key with a colon behind it is wanted here, and this is {}", head.node.kind());
                        faults.push(SyntaxError::new(message, at + head.node.span.start..at + head.node.span.end));
                    }
                    continue;
                }
            };
            for (key, node) in said {
                let key = key.moved(at);
                let name = key.name.clone();
                if !names.insert(name.clone()) {
                    faults.push(SyntaxError::duplicate(&key));
                    gaps.keys.insert(name);
                    continue;
                }
                if section.items.is_empty() {
                    if faults.len() > told {
                        gaps.keys.insert(name);
                    }
                    entries.push((key, node.moved(at)));
                    continue;
                }
                let mut remains = remains.remove(&name);
                let mut row = Row { entry: entries.len(), pieces: Vec::with_capacity(section.items.len()) };
                let mut list = Vec::with_capacity(section.items.len());
                for (number, range) in section.items.iter().enumerate() {
                    if !left.may(number, range.start) {
                        break;
                    }
                    let item = stretch(range);
                    left.take(&item, range.start);
                    faults.extend(item.faults.iter().map(|fault| fault.clone().moved(range.start)));
                    torn |= item.faults.iter().any(|fault| fault.unknown_anchor) || !matches!(item.node.value, Value::List(_));
                    if let [one] = item.node.items() {
                        parts.push(range.start + one.span.start, range.clone(), item.kept.clone());
                    }
                    let nodes = item.node.items();
                    if !remains.as_mut().is_some_and(|remains| remains.take(&item, range.start, &mut list)) {
                        list.extend(nodes.iter().map(|node| node.moved(range.start)));
                    }
                    row.pieces.push(Piece { at: range.start, nodes: nodes.len(), stretch: item });
                }
                rows.push(row);
                if faults.len() > told {
                    gaps.keys.insert(name);
                }
                let start = list.first().map_or(key.span.end, |item| item.span.start);
                let span = start..list.last().map_or(start, |item| item.span.end);
                entries.push((key, Node::new(span, Value::List(list))));
            }
        }
        // What does not fit its stretch may fit the text: an anchor further up, a bracket that is closed further down.
        if torn && left.stopped.is_none() && left.spent.is_none() {
            match parse(text) {
                Ok(root) => return Reading::of(root, Vec::new(), None),
                // The anchors are there, and come to more than is read.
                Err(error) if error.repeats => {
                    faults.retain(|fault| !fault.unknown_anchor);
                    faults.push(error);
                    gaps.anywhere = true;
                }
                Err(_) => {}
            }
        }
        if text.contains('&') {
            // The anchor is there, and what keeps it from being found is told elsewhere.
            let others = left.stopped.is_some() || faults.iter().any(|fault| !fault.unknown_anchor);
            faults.retain(|fault| !(others && fault.unknown_anchor));
        }
        let root = match (entries.first(), entries.last()) {
            (Some((first, _)), Some((key, last))) => {
                let span = first.span.start..key.span.end.max(last.span.end);
                Node::new(span, Value::Map(entries))
            }
            _ => Node::new(0..0, Value::Null),
        };
        if let Some((at, message)) = left.spent {
            let line = text[at..].lines().next().unwrap_or_default().trim_end().len();
            faults.push(SyntaxError::new(message, at..at + line));
        }
        gaps.anywhere |= left.stopped.is_some() || left.spent.is_some();
        Reading { tree: Tree::new(root, rows), faults, parts, stopped: left.stopped, gaps }
    }
}

/// What may still be read of a text.
struct Left {
    stretches: usize,
    /// Bytes that may be read again because they are faulty.
    bytes: usize,
    /// What aliases may still repeat.
    repeated: usize,
    /// Where the first begins that is not read because there is too much.
    stopped: Option<usize>,
    /// The same when too much is faulty or repeated, and what is told of it: nothing more is read then.
    spent: Option<(usize, &'static str)>,
}

impl Left {
    fn all() -> Self {
        Self { stretches: MAX_STRETCHES, bytes: MAX_MORE, repeated: 2 * MAX_REPEATED, stopped: None, spent: None }
    }

    /// True when the stretch that begins here, so many behind the first of its row, may be read.
    fn may(&mut self, number: usize, at: usize) -> bool {
        if self.spent.is_none() && self.bytes == 0 {
            self.spent = Some((at, TOO_MUCH));
        }
        if self.spent.is_none() && self.repeated == 0 {
            self.spent = Some((at, "aliases repeat too much: nothing is read from here on"));
        }
        let few = number < MAX_ITEMS && at < MAX_BYTES && self.stretches > 0;
        if self.spent.is_none() && !few {
            self.stopped = self.stopped.or(Some(at));
        }
        self.spent.is_none() && few
    }

    /// Counts one that was read.
    fn take(&mut self, stretch: &Stretch, start: usize) {
        self.stretches -= 1;
        self.bytes = self.bytes.saturating_sub(stretch.cost);
        self.repeated = self.repeated.saturating_sub(stretch.repeated);
        self.stopped = self.stopped.or(stretch.stopped.map(|at| start + at));
    }
}

impl Reading {
    /// What was read of a text in one go.
    fn of(mut root: Node, faults: Vec<SyntaxError>, stopped: Option<usize>) -> Self {
        let stopped = limit::shorten(&mut root).into_iter().chain(stopped).min();
        let gaps = if faults.is_empty() && stopped.is_none() { Gaps::default() } else { Gaps::everywhere() };
        Self { tree: root.into(), faults, parts: Parts::default(), stopped, gaps }
    }
}

impl Stretch {
    fn read(text: &str) -> Self {
        let cut = limit::entry(text);
        let (Recovered { mut node, mut faults, cost }, error) = read(cut.as_ref().map_or(text, |cut| &cut.text));
        faults.extend(error.filter(|error| error.unknown_anchor));
        if let Some(cut) = &cut {
            cut.settle(&mut node);
        }
        let repeated = match faults.iter().any(|fault| fault.repeats) {
            true => MAX_REPEATED,
            // What is written takes a byte at least.
            false if text.contains('*') => {
                let mut nodes = 0;
                node.walk(&mut |_| nodes += 1_usize);
                nodes.saturating_sub(text.len())
            }
            false => 0,
        };
        Self { node, faults, cost, repeated, stopped: cut.map(|cut| cut.stopped), kept: Arc::default() }
    }

    /// True when it looks like the half of something: a stretch begins with a key.
    fn is_torn(&self) -> bool {
        !matches!(self.node.value, Value::Map(_))
    }
}

/// Reads a text that may be faulty: what can be kept, and why the strict reader did not take it.
fn read(text: &str) -> (Recovered, Option<SyntaxError>) {
    match parse(text) {
        Ok(node) => (Recovered { node, faults: Vec::new(), cost: 0 }, None),
        Err(error) => (recover(text), Some(error)),
    }
}

/// Reads a text that cannot be cut into stretches.
fn whole(text: &str) -> Reading {
    if text.len() > MAX_BYTES {
        return Reading::of(Node::default(), Vec::new(), Some(text.floor_char_boundary(MAX_BYTES)));
    }
    // What stands in another document is no part of this one.
    if let Some(at) = second_document(text) {
        let mut reading = whole(&text[..at]);
        reading.faults.push(SyntaxError::new("a second document begins here, and a manifest is one", at..at + 3));
        return reading;
    }
    let cut = limit::document(text);
    let (Recovered { node: mut root, mut faults, .. }, error) = read(cut.as_ref().map_or(text, |cut| &cut.text));
    faults.extend(error.filter(|_| faults.is_empty()));
    if let Some(cut) = &cut {
        cut.settle(&mut root);
    }
    Reading::of(root, faults, cut.map(|cut| cut.stopped))
}

/// Where a second document begins: at a mark that something stands before.
fn second_document(text: &str) -> Option<usize> {
    let (mut begun, mut at) = (false, 0);
    for line in lines(text) {
        let mark = line.starts_with("---") && line[3..].starts_with([' ', '\t', '\r', '\n']);
        if mark && begun {
            return Some(at);
        }
        begun |= mark || !(line.trim().is_empty() || line.starts_with(['#', '%']));
        at += line.len();
    }
    None
}

/// Tabs at the beginning of lines: the strict reader takes them for blanks, and others refuse them.
fn tabs(text: &str) -> impl Iterator<Item = SyntaxError> {
    let tab = |at: usize| text[at..].starts_with('\t') && !text[at..].lines().next().unwrap_or_default().trim().is_empty();
    let lines = (!text.is_empty()).then_some(0).into_iter().chain(memmem::find_iter(text.as_bytes(), "\n\t").map(|at| at + 1));
    lines
        .filter(move |&at| tab(at))
        .take(MAX_TABS)
        .map(|at| SyntaxError::new("a tab stands here where blanks are wanted", at..at + 1))
}

/// Cuts a text at its keys. `None` when it is not a block of keys from its first word on.
fn sections(text: &str) -> Option<Vec<Section>> {
    // Other line breaks than YAML's usual ones would be overlooked.
    if memchr_iter(b'\r', text.as_bytes()).any(|at| text.as_bytes().get(at + 1) != Some(&b'\n')) {
        return None;
    }
    let mut starts: Vec<usize> = Vec::new();
    let mut at = 0;
    for line in lines(text) {
        match line.as_bytes()[0] {
            b'\n' | b'\r' | b'#' => {}
            b' ' | b'\t' if !starts.is_empty() || line.trim().is_empty() => {}
            b' ' | b'\t' => return None,
            b'-' if line.starts_with("---") || starts.is_empty() => return None,
            b'-' if line.starts_with("- ") || line.trim_end() == "-" => {}
            b'%' | b'{' | b'}' | b'[' | b']' | b',' | b'&' | b'*' | b'!' | b'|' | b'>' | b'?' | b'@' | b'`' | b'.' | b':' => {
                return None;
            }
            _ if starts.len() <= MAX_ITEMS => starts.push(at),
            _ => {}
        }
        at += line.len();
    }
    let sections = starts.iter().enumerate().map(|(number, &start)| {
        let end = starts.get(number + 1).copied().unwrap_or(text.len());
        section(text, start..end)
    });
    Some(sections.collect())
}

/// The lines of a text with their ends.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    let ends = memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1).chain((!text.ends_with('\n')).then_some(text.len()));
    ends.filter_map(move |end| text.get(std::mem::replace(&mut from, end)..end).filter(|line| !line.is_empty()))
}

/// Cuts a section at its items, when it holds a block list and nothing else.
fn section(text: &str, range: Range<usize>) -> Section {
    let plain = Section { head: range.clone(), items: Vec::new() };
    let mut lines = lines(&text[range.clone()]);
    let Some(first) = lines.next() else { return plain };
    let head = first.trim_end();
    // `key:` alone, or with a comment behind it.
    let head = head.split_once(" #").map_or(head, |(key, _)| key.trim_end());
    if !head.ends_with(':') || head[..head.len() - 1].contains([':', '"', '\'', '#']) {
        return plain;
    }
    let (mut at, mut column, mut starts) = (range.start + first.len(), None, Vec::new());
    for line in lines {
        let indent = line.bytes().take_while(|byte| *byte == b' ').count();
        if column.is_some_and(|column| indent > column) {
            at += line.len();
            continue;
        }
        let words = &line[indent..];
        let blank = words.trim().is_empty() || words.starts_with('#');
        let dash = words.starts_with("- ") || words.trim_end() == "-";
        match column {
            _ if blank => {}
            None if dash => {
                column = Some(indent);
                starts.push(at);
            }
            // One more than is read, which says where that stops.
            Some(column) if indent == column && dash && starts.len() <= MAX_ITEMS => starts.push(at),
            Some(column) if indent == column && dash => {}
            _ => return plain,
        }
        at += line.len();
    }
    let Some(&first) = starts.first() else { return plain };
    let end = |number: usize| starts.get(number + 1).copied().unwrap_or(range.end);
    Section { head: range.start..first, items: starts.iter().enumerate().map(|(number, &start)| start..end(number)).collect() }
}

#[cfg(test)]
mod tests {
    use super::{Reader, sections};
    use crate::model::yaml_to_json;
    use crate::yaml::{Node, Value, parse};

    /// The faults of a text, each with what it points at, and what was read all the same.
    fn told(text: &str) -> String {
        let read = Reader::default().read(text);
        let mut out = String::new();
        for fault in &read.faults {
            let place = text.get(fault.span.clone()).unwrap_or("?").lines().next().unwrap_or_default();
            out.push_str(&format!("<{place}> {}\n", fault.message));
        }
        out.push_str(&yaml_to_json(&read.tree).to_string());
        out
    }

    #[test]
    fn a_fault_costs_only_itself() {
        insta::assert_snapshot!(told("name: notes\ndescr\ntools:\n  - name: add\n    description: one: two\n    input: {type: object}\n  - name: \"get\n    title: Get\n  - name: third\nlicense: MIT\n"), @r#"
        <descr> `descr` has no colon behind it
        <two> mapping values are not allowed in this context
        <"get> invalid indentation in multiline quoted scalar
        {"descr":null,"license":"MIT","name":"notes","tools":[{"description":"one: two","input":{"type":"object"},"name":"add"},{"name":"get","title":"Get"},{"name":"third"}]}
        "#);
        insta::assert_snapshot!(told("tools:\n  - name: a\n     title: b\n    x: 1\n   y: 2\n"), @r#"
        <y: 2> this line is indented less than those it stands with
        <title: b> this line is indented deeper than the one above, which has a value already
        {"tools":[{"name":"a","title":"b","x":1,"y":2}]}
        "#);
        insta::assert_snapshot!(told("a: 1\nb: [1, 2\nc: 3\na: 4\n"), @r#"
        <2> unclosed bracket '['
        <a> this key stands twice
        {"a":1,"b":null,"c":3}
        "#);
        insta::assert_snapshot!(told("a:\n\tb: 1\nc: 2\n"), @r#"
        <	> a tab stands here where blanks are wanted
        {"a":{"b":1},"c":2}
        "#);
        insta::assert_snapshot!(told("tools:\n- name: a\n  handler: {path: x,\n- name: b\n"), @r#"
        <x,> unclosed bracket '{'
        {"tools":[{"handler":null,"name":"a"},{"name":"b"}]}
        "#);
        insta::assert_snapshot!(told("a: &x 1\nb: *x\nc: *y\nd: ]\n"), @r#"
        <]> misplaced bracket
        {"a":1,"b":null,"c":null,"d":"]"}
        "#);
        insta::assert_snapshot!(told("a:\n  b: {\n"), @r#"
        <{> unclosed bracket '{'
        {"a":{"b":null}}
        "#);
    }

    #[test]
    fn what_needs_the_whole_text_gets_it() {
        for text in [
            "base: &b {n: 1}\nuse: *b\n",
            "{a: 1,\nb: 2}\n",
            "--- # begins\na: 1\n",
            "a: {\n  b: 1\n}\nc: 2\n",
            "tools: &t\n  - a\nmore: *t\n",
            "? a\n: b\n",
            "- a\n- b\n",
            "word",
            "",
            "# nothing\n",
        ] {
            let read = Reader::default().read(text);
            assert!(read.faults.is_empty() && same(&read.tree, &parse(text).expect(text)), "{text}: {read:?}");
        }
    }

    /// A generator of numbers that is the same everywhere.
    struct Chance(u64);

    impl Chance {
        fn below(&mut self, most: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).expect("31 bits fit") % most
        }

        fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
            of[self.below(of.len())]
        }
    }

    /// The same but for spans of what is not written: where nothing is said to be is nobody's matter.
    fn same(one: &Node, other: &Node) -> bool {
        let written = |node: &Node| !matches!(node.value, Value::Null) && node.as_text() != Some("");
        // A collection ends where its last child does, which may be nothing.
        let ends = matches!(one.value, Value::List(_) | Value::Map(_)) || one.span.end == other.span.end;
        (!written(one) || (one.span.start == other.span.start && ends))
            && match (&one.value, &other.value) {
                (Value::List(one), Value::List(other)) => {
                    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| same(a, b))
                }
                (Value::Map(one), Value::Map(other)) => {
                    one.len() == other.len() && one.iter().zip(other).all(|((k, a), (l, b))| k == l && same(a, b))
                }
                (one, other) => one == other,
            }
    }

    #[test]
    fn in_stretches_a_text_says_what_it_says_as_a_whole() {
        const LINES: &[&str] = &[
            "name: notes",
            "version: 1.0",
            "tools:",
            "tools: # why",
            "- name: a",
            "  - name: a",
            "    description: what",
            "  description: |",
            "  text",
            "    more text",
            "",
            "  ",
            "# said",
            "  # said",
            "list:",
            "- a",
            "  - b: 1",
            "    c: 2",
            "  - - x",
            "map: {a: 1, b: [x]}",
            "map: {a: 1,",
            "  b: 2}",
            "}",
            "k: \"quoted",
            "  and on\"",
            "k: 'it''s'",
            "x: &anchor {a: 1}",
            "y: *anchor",
            "  <<: *anchor",
            "z: >-",
            "  folded",
            "  deep:",
            "    deeper:",
            "      - deepest",
            "\"odd key\": 1",
            "a.b.c: 1",
            "- ",
            "-",
            "  -",
            "    - q: 1",
            "...",
            "e:",
            "f: ~",
            "\tg: 1",
            "h: a: b",
            "i: 'open",
            "j: [1, 2",
            "? complex",
            ": value",
            "é: ü",
            "x: *nobody",
        ];
        let (mut sound, mut broken, mut cut) = (0, 0, 0);
        let mut chance = Chance(1);
        for _ in 0..6_000 {
            let ending = chance.one(&["\n", "\n", "\n", "\r\n"]);
            let lines: Vec<&str> = (0..=chance.below(9)).map(|_| chance.one(LINES)).collect();
            let mut text = lines.join(ending);
            if chance.below(4) > 0 {
                text.push_str(ending);
            }
            // One reader reads two texts: what it kept of the first must not show in the second.
            let mut reader = Reader::default();
            let first = reader.read(&text);
            let other = reader.read(&format!("{}{ending}{text}{}{ending}", chance.one(LINES), chance.one(LINES)));
            let again = reader.read_after(other.tree, &text);
            assert_eq!((&*first.tree, &first.faults), (&*again.tree, &again.faults), "{text:?}");
            match parse(&text) {
                Ok(root) => {
                    let tabbed = text.contains("\tg");
                    assert!(
                        first.faults.is_empty() != tabbed && same(&root, &first.tree),
                        "{text:?}: {first:#?} is not {root:#?}"
                    );
                    sound += 1;
                    cut += usize::from(sections(&text).is_some_and(|cut| cut.iter().any(|section| !section.items.is_empty())));
                }
                Err(error) => {
                    assert!(!first.faults.is_empty(), "{text:?}: {error:?}");
                    broken += 1;
                }
            }
            assert_eq!(first.gaps.any(), !first.faults.is_empty() || first.stopped.is_some(), "{text:?}: {first:?}");
            for fault in &first.faults {
                assert!(text.get(fault.span.clone()).is_some(), "{text:?}: {fault:?}");
            }
        }
        assert!(sound > 600 && broken > 600 && cut > 20, "{sound} sound, {broken} broken, {cut} cut");
    }

    #[test]
    fn a_fault_leaves_the_other_keys_known() {
        let gaps = |text: &str| {
            let read = Reader::default().read(text);
            let keys = ["a", "b", "c", "z"];
            keys.into_iter().filter(|key| read.gaps.may_be_in(key)).collect::<String>()
        };
        assert_eq!(gaps("a: 1\nb:\n  - x: 1\nc: 3\n"), "");
        assert_eq!(gaps("a: 1\nb:\n   - x\n  - y\nc: 3\n"), "b");
        assert_eq!(gaps("a: 1\nb:\n  - x: [\n  - y\nc: 3\n"), "b");
        assert_eq!(gaps("a: 1\nb: [1, 2\nc: 3\n"), "b");
        assert_eq!(gaps("a: 1\nb: 2\na: 3\n"), "a");
        // What has no key may be any of them.
        assert_eq!(gaps("a: 1\nb\nc: 3\n"), "abcz");
        assert_eq!(gaps("a: 1\nb:\n\tx: 2\n"), "abcz");
        assert_eq!(gaps("{a: 1, b: [}"), "abcz");
    }

    #[test]
    fn what_repeats_without_end_across_keys_is_told_once_as_what_it_is() {
        let bomb: Vec<String> =
            ('a'..='k').zip('b'..='l').map(|(one, next)| format!("{next}: &{next} [*{one}, *{one}, *{one}, *{one}]\n")).collect();
        let text = format!("a: &a [x, x, x, x, x]\n{}name: n\n", bomb.concat());
        let read = Reader::default().read(&text);
        assert_eq!(read.faults.len(), 1, "{:?}", read.faults);
        let fault = &read.faults[0];
        assert!(fault.message.contains("repeats too much") && text[fault.span.clone()].starts_with('*'), "{fault:?}");
        assert!(read.gaps.may_be_in("license") && read.tree.text_at("name") == Some("n"));
    }

    #[test]
    fn keys_that_repeat_much_each_end_soon() {
        // Each of them may; all of them would be a hundred million parts.
        let one = |key: usize| format!("k{key}:\n  x: &x [{}]\n  y: [{}]\n", "x, ".repeat(1500), "*x, ".repeat(60));
        let text: String = (0..600).map(one).collect();
        let read = Reader::default().read(&text);
        assert!(read.faults.len() == 1 && read.faults[0].message.contains("aliases repeat too much"), "{:?}", read.faults);
        assert!(read.tree.entries().len() < 10 && read.gaps.may_be_in("k599"));
    }

    #[test]
    fn hostile_text_ends_soon() {
        let lines = |count: usize, line: fn(usize) -> String| (0..count).map(line).collect::<String>();
        for text in [
            "a:\n".to_owned() + &lines(10_000, |depth| format!("{}b:\n", " ".repeat(depth % 300))),
            "[".repeat(100_000),
            "a: ".to_owned() + &"[".repeat(100_000),
            "- ".repeat(50_000),
            "a: \"".to_owned() + &"x".repeat(1_000_000),
            lines(3000, |depth| format!("{}- a: \"\n", " ".repeat(depth))),
            "k: v: w\n".repeat(20_000),
            "\u{0}".repeat(1000),
        ] {
            let read = Reader::default().read(&text);
            assert!(!read.faults.is_empty() || read.stopped.is_some());
        }
    }
}
