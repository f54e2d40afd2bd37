//! Reads what can be read of a stretch of YAML that is faulty somewhere.
//!
//! Indentation says what belongs together, so a stretch is taken apart into the entries or items at its own indentation. Each is read
//! strictly; only a faulty one is taken apart further, down to the line that is to blame. What that line says is kept when it can be told.

use super::{Key, Node, SyntaxError, Value, parse};
use std::collections::HashSet;
use std::ops::Range;

/// Most faults that are told of one stretch.
const MAX_FAULTS: usize = 50;

/// How deep a stretch is taken apart: deeper than any field of a manifest stands.
const MAX_DEPTH: usize = 40;

/// How often a stretch may be read, in its own lengths, in ever smaller parts.
const MAX_READINGS: usize = 40;

/// How many bytes may be read beyond each one once: what makes the readings of a large stretch fewer, so that hostile text ends soon too.
pub(super) const MAX_MORE: usize = 4 * 1024 * 1024;

/// What is told where reading ends for that.
pub(super) const TOO_MUCH: &str = "too much is faulty: nothing is read from here on";

/// From how many on siblings are read together first.
const TOGETHER: usize = 8;

/// What it costs to begin a reading, in bytes: of a short line, that is most of it.
const BEGINNING: usize = 128;

/// How many bytes are refused in the time that one is read, or looked through for lines: a fault most often ends a reading early.
const REFUSED: usize = 4;

/// What a stretch that the strict reader did not take says all the same.
pub(super) struct Recovered {
    pub node: Node,
    /// At least one.
    pub faults: Vec<SyntaxError>,
    /// How many bytes were read for it.
    pub cost: usize,
}

/// Reads a stretch that the strict reader did not take.
pub(super) fn recover(text: &str) -> Recovered {
    let most = ((text.len() + 1024).saturating_mul(MAX_READINGS)).min(text.len() + MAX_MORE);
    let mut recovery = Recovery { text, faults: Vec::new(), left: most, spent: false, refused: None };
    let node = recovery.taken_apart(0..text.len(), 0);
    Recovered { node, faults: recovery.faults, cost: most - recovery.left }
}

struct Recovery<'a> {
    text: &'a str,
    faults: Vec<SyntaxError>,
    /// Bytes that may still be read.
    left: usize,
    /// True when there was more to read than that: nothing more is.
    spent: bool,
    /// What the strict reader refused last, so that it is not asked twice.
    refused: Option<(Range<usize>, SyntaxError)>,
}

/// The items of a list, or the entries of a mapping, as far as they were read.
struct Siblings {
    list: bool,
    depth: usize,
    items: Vec<Node>,
    entries: Vec<(Key, Node)>,
}

/// A line that says something.
struct Line {
    /// Where its first character that is no blank stands.
    at: usize,
    column: usize,
    end: usize,
}

impl Recovery<'_> {
    fn fault(&mut self, fault: SyntaxError) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(fault);
        }
    }

    /// True while work of this size may still be done. The first that may not is told, once.
    fn may(&mut self, cost: usize, range: &Range<usize>) -> bool {
        if self.spent {
            return false;
        }
        if let Some(left) = self.left.checked_sub(cost) {
            self.left = left;
            return true;
        }
        self.spent = true;
        let place = range.start..self.text[range.clone()].find('\n').map_or(range.end, |length| range.start + length);
        self.fault(SyntaxError::new(TOO_MUCH, place));
        false
    }

    /// Reads a range strictly.
    fn strictly(&mut self, range: &Range<usize>) -> Result<Node, SyntaxError> {
        if let Some((_, error)) = self.refused.as_ref().filter(|(refused, _)| refused == range) {
            return Err(error.clone());
        }
        let read = self.read(range);
        if let Err(error) = &read {
            self.refused = Some((range.clone(), error.clone()));
        }
        read
    }

    fn read(&mut self, range: &Range<usize>) -> Result<Node, SyntaxError> {
        // Blanks before the first word of a line that is cut here, so that what follows is indented as it is written.
        let line = self.text[..range.start].rfind('\n').map_or(0, |at| at + 1);
        if !self.may((range.end - line) / REFUSED + BEGINNING, range) {
            return Err(SyntaxError::new("too much is faulty", range.clone()));
        }
        let read = self.read_from(line, range);
        match &read {
            Ok(_) => self.left = self.left.saturating_sub(range.len()),
            // It would be repeated once more in each of its parts.
            Err(error) if error.repeats => {
                self.fault(error.clone());
                self.spent = true;
            }
            Err(_) => {}
        }
        read
    }

    /// The same, with what stands before the range in its line.
    fn read_from(&self, line: usize, range: &Range<usize>) -> Result<Node, SyntaxError> {
        let before = &self.text[line..range.start];
        if before.is_empty() {
            let node = parse(&self.text[range.clone()]).map_err(|error| error.moved(range.start))?;
            return Ok(node.moved(range.start));
        }
        let padded: String = before.chars().map(|letter| if letter == '\t' { '\t' } else { ' ' }).collect();
        let shorter = before.len() - padded.len();
        let node = parse(&format!("{padded}{}", &self.text[range.clone()])).map_err(|error| error.moved(line + shorter))?;
        Ok(node.moved(line + shorter))
    }

    /// Reads a range that may be faulty: the value of a key or item.
    fn part(&mut self, range: Range<usize>, depth: usize) -> Node {
        match self.strictly(&range) {
            Ok(node) => node,
            Err(_) => self.taken_apart(range, depth),
        }
    }

    /// Reads a range that is faulty, by its entries or items.
    fn taken_apart(&mut self, range: Range<usize>, depth: usize) -> Node {
        let nothing = Node::new(range.start..range.start, Value::Null);
        if !self.may(range.len() / REFUSED, &range) {
            return nothing;
        }
        let lines = self.lines(&range);
        let Some(first) = lines.first() else { return nothing };
        let column = first.column;
        let is_item = |line: &Line| {
            let rest = &self.text[line.at..line.end];
            rest == "-" || rest.starts_with("- ")
        };
        let list = is_item(first);
        // A child begins at each line that is not indented deeper than the first.
        let starts: Vec<usize> = (0..lines.len()).filter(|&at| lines[at].column <= column).collect();
        let mut children = Vec::new();
        for (number, &at) in starts.iter().enumerate() {
            let end = starts.get(number + 1).map_or(range.end, |&next| self.line_start(lines[next].at, range.start));
            let place = lines[at].at..lines[at].end;
            if lines[at].column < column {
                self.fault(SyntaxError::new("this line is indented less than those it stands with", place.clone()));
            }
            if is_item(&lines[at]) != list {
                let message =
                    if list { "an item that begins with `- ` is wanted here" } else { "a key is wanted here, not an item" };
                self.fault(SyntaxError::new(message, place));
                continue;
            }
            children.push(lines[at].at..end);
        }
        if depth >= MAX_DEPTH {
            self.fault(SyntaxError::new("it nests too deep to be read while it is faulty", first.at..first.end));
            return nothing;
        }
        // All of them together were refused already.
        let mut siblings = Siblings { list, depth, items: Vec::new(), entries: Vec::new() };
        let (front, back) =
            if children.len() < TOGETHER { (&children[..], &[][..]) } else { children.split_at(children.len() / 2) };
        self.siblings(front, &mut siblings);
        self.siblings(back, &mut siblings);
        if list {
            let items = siblings.items;
            let span =
                items.first().map_or(first.at, |item| item.span.start)..items.last().map_or(first.at, |item| item.span.end);
            return Node::new(span, Value::List(items));
        }
        let mut entries: Vec<(Key, Node)> = Vec::with_capacity(siblings.entries.len());
        let mut names = HashSet::new();
        for (key, node) in siblings.entries {
            if names.insert(key.name.clone()) {
                entries.push((key, node));
            } else {
                self.fault(SyntaxError::duplicate(&key));
            }
        }
        if entries.is_empty() {
            return Node::new(first.at..first.at, Value::Null);
        }
        let end = entries.iter().map(|(key, node)| key.span.end.max(node.span.end)).max().unwrap_or(first.at);
        Node::new(entries[0].0.span.start..end, Value::Map(entries))
    }

    /// Reads a run of siblings: together while they are sound, so that one fault among thousands costs twenty readings.
    fn siblings(&mut self, run: &[Range<usize>], siblings: &mut Siblings) {
        if run.len() >= TOGETHER {
            match self.strictly(&(run[0].start..run[run.len() - 1].end)).map(|node| node.value) {
                Ok(Value::List(items)) if siblings.list => siblings.items.extend(items),
                Ok(Value::Map(entries)) if !siblings.list => siblings.entries.extend(entries),
                _ => {
                    let (front, back) = run.split_at(run.len() / 2);
                    self.siblings(front, siblings);
                    self.siblings(back, siblings);
                }
            }
            return;
        }
        for child in run {
            if self.spent {
                return;
            }
            if siblings.list {
                siblings.items.extend(self.item(child.clone(), siblings.depth));
            } else {
                let entries = self.entry(child.clone(), siblings.depth);
                siblings.entries.extend(entries);
            }
        }
    }

    /// An item: `- …` and what is indented below it; `None` when no more is read.
    fn item(&mut self, range: Range<usize>, depth: usize) -> Option<Node> {
        if let Ok(node) = self.strictly(&range)
            && let Value::List(mut items) = node.value
        {
            return Some(items.pop().unwrap_or_default());
        }
        if self.spent {
            return None;
        }
        let behind = range.start + 1;
        let blanks = self.text[behind..range.end].len() - self.text[behind..range.end].trim_start_matches(' ').len();
        Some(self.part(behind + blanks..range.end, depth + 1))
    }

    /// An entry: `key: …` and what is indented below it. One faulty entry can be several: those that were glued to it.
    fn entry(&mut self, range: Range<usize>, depth: usize) -> Vec<(Key, Node)> {
        let error = match self.strictly(&range) {
            Ok(Node { value: Value::Map(entries), .. }) => return entries,
            Ok(node) => {
                let message = format!("a key with a colon behind it is wanted here, and this is {}", node.kind());
                SyntaxError::new(message, node.span)
            }
            Err(_) if self.spent => return Vec::new(),
            Err(error) => error,
        };
        let end = self.text[range.clone()].find('\n').map_or(range.end, |length| range.start + length);
        let line = self.text[range.start..end].trim_end();
        let line_end = range.start + line.len();
        let Some(key_end) = key_end(line) else {
            // A word that is still being written.
            let plain = line.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
            let message = if plain { format!("`{line}` has no colon behind it") } else { error.message.clone() };
            self.fault(if plain { SyntaxError::new(message, range.start..line_end) } else { error });
            let key = Key { name: line.to_owned(), span: range.start..line_end };
            return if plain { vec![(key, Node::new(line_end..line_end, Value::Null))] } else { Vec::new() };
        };
        let name = line[..key_end].trim_end();
        let key = Key { name: name.trim_matches(['"', '\'']).to_owned(), span: range.start..range.start + name.len() };
        let behind = range.start + key_end + 1;
        let rest = self.text[behind..line_end.max(behind)].trim_start();
        let value_start = line_end - rest.len().min(line_end - range.start);
        let below = (end + 1).min(range.end)..range.end;
        // What is named or tagged here stands below.
        let mark = |text: &str| text.starts_with(['&', '!']) && !text.contains(' ');
        let says = |text: &str| !text.is_empty() && !text.starts_with('#') && !mark(text);
        if !says(rest) {
            if self.lines(&below).is_empty() {
                // Nothing below either: the key itself is to blame.
                self.fault(error);
                return vec![(key, Node::new(behind..behind, Value::Null))];
            }
            let node = self.part(below, depth + 1);
            return vec![(key, node)];
        }
        let alone = range.start..(end + 1).min(range.end);
        match self.strictly(&alone) {
            Ok(Node { value: Value::Map(mut entries), .. }) if entries.len() == 1 => {
                // The line is sound by itself, so what stands below it is not meant for it.
                match self.lines(&below).first() {
                    Some(first) => {
                        let place = first.at..first.end;
                        let message = "this line is indented deeper than the one above, which has a value already";
                        self.fault(SyntaxError::new(message, place));
                        let mut more = match self.part(below, depth + 1).value {
                            Value::Map(entries) => entries,
                            _ => Vec::new(),
                        };
                        entries.append(&mut more);
                    }
                    None => self.fault(error),
                }
                entries
            }
            _ => {
                self.fault(error);
                // Text that is not closed, or has a colon in it, was meant as text; of a broken bracket nothing is known.
                let value = match rest.as_bytes().first() {
                    Some(b'{' | b'[' | b'&' | b'*' | b'!' | b'|' | b'>') => Value::Null,
                    _ => Value::Text(rest.trim_matches(['"', '\'']).to_owned()),
                };
                vec![(key, Node::new(value_start..line_end, value))]
            }
        }
    }

    /// The lines of a range that say something.
    fn lines(&self, range: &Range<usize>) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut start = range.start;
        while start < range.end {
            let end = self.text[start..range.end].find('\n').map_or(range.end, |length| start + length);
            let line = self.text[start..end].trim_end();
            let words = line.trim_start_matches([' ', '\t']);
            if !words.is_empty() && !words.starts_with('#') {
                let at = start + line.len() - words.len();
                lines.push(Line { at, column: at - self.line_start(at, 0), end: start + line.len() });
            }
            start = end + 1;
        }
        lines
    }

    /// Where the line of a place begins, and no earlier than `from`.
    fn line_start(&self, at: usize, from: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |at| at + 1).max(from)
    }
}

/// Where the colon behind a line's key stands.
pub(super) fn key_end(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let quote = bytes.first().copied().filter(|first| matches!(first, b'"' | b'\''));
    let from = match quote {
        Some(quote) => 2 + bytes[1..].iter().position(|byte| *byte == quote)?,
        None if matches!(bytes.first(), Some(b'{' | b'[' | b'&' | b'*' | b'!' | b'|' | b'>' | b'?')) => return None,
        None => 0,
    };
    (from..bytes.len()).find(|&at| bytes[at] == b':' && bytes.get(at + 1).is_none_or(|next| *next == b' ' || *next == b'\t'))
}

#[cfg(test)]
mod tests {
    use super::{Recovered, recover};
    use crate::yaml::SyntaxError;

    fn last_word(faults: &[SyntaxError]) -> &str {
        faults.last().map_or("", |fault| fault.message.as_str())
    }

    fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
        (0..count).map(line).collect()
    }

    #[test]
    fn one_fault_among_many_entries_costs_only_itself() {
        let mut text = lines(4_000, |number| format!("key{number}: {number}\n"));
        text.insert_str(text.find("key1000:").expect("it is there"), "bad: b: c\n");
        let Recovered { node, faults, .. } = recover(&text);
        assert_eq!((faults.len(), node.entries().len()), (1, 4_001), "{faults:?}");
        assert!(faults[0].message.contains("mapping values"), "{faults:?}");
        let Recovered { node, faults, .. } = recover(&text.replace("key", "- key"));
        // The line between the items is none.
        assert_eq!((faults.len(), node.items().len()), (1, 4_000), "{:?}", &faults[..faults.len().min(3)]);
    }

    #[test]
    fn what_stands_below_a_name_is_read_with_it() {
        let Recovered { node, faults, .. } = recover("a: &a\n  b: 1\n  c: d: e\nf: 2\n");
        assert_eq!((faults.len(), node.entries().len()), (1, 2), "{faults:?}");
        assert!(node.get("a").and_then(|a| a.get("b")).is_some(), "{node:?}");
    }

    #[test]
    fn what_repeats_without_end_is_told_once_and_left() {
        let bomb = lines(40, |n| format!("  b{}: &b{} [*b{n}, *b{n}]\n", n + 1, n + 1));
        let Recovered { faults, .. } = recover(&format!("a:\n  b0: &b0 [x, x]\n{bomb}"));
        assert!(faults.len() == 1 && faults[0].message.contains("repeats too much") && faults[0].span.start > 100, "{faults:?}");
    }

    #[test]
    fn text_of_nothing_but_faults_is_not_read_for_ever() {
        let Recovered { node, faults, .. } = recover(&lines(1_400, |depth| format!("{}a:\n", " ".repeat(depth))));
        assert!(
            last_word(&faults).contains("nothing is read from here on") || last_word(&faults).contains("too deep"),
            "{faults:?}"
        );
        assert!(!node.entries().is_empty());
        let Recovered { faults, .. } = recover(&"a: b: c\n".repeat(50_000));
        assert_eq!(faults.len(), super::MAX_FAULTS);
    }
}
