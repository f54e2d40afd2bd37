//! Where a cursor stands in braces and brackets: those of JSON, and those that YAML took over.

use super::{Place, Slot, Step, line_end};
use std::borrow::Cow;
use std::ops::Range;

/// How far behind the cursor a collection's end is looked for: a key that stands further away than this may be offered again.
const LOOK_AHEAD: usize = 64 * 1024;

/// How deep brackets may nest. Deeper ones are nothing that anybody edits.
const MAX_DEPTH: usize = 200;

/// A collection that is open.
struct Frame<'a> {
    map: bool,
    /// The word that stands where a key does.
    key: Option<Cow<'a, str>>,
    /// True behind the key's colon.
    behind_colon: bool,
    keys: Vec<(Cow<'a, str>, &'a str)>,
}

/// A key or a plain value, without its quotes.
pub(in crate::assist) fn word(written: &str) -> Cow<'_, str> {
    if written.starts_with('"') && written.contains('\\') {
        // Where the escapes are broken, the text as it stands will do.
        return serde_json::from_str(written).map_or(Cow::Borrowed(written), Cow::Owned);
    }
    Cow::Borrowed(super::unquoted(written))
}

/// Reads where a cursor stands in what opens at `start`; `None` when it was closed before, and in a comment.
///
/// `indent` is that of the line where it opens, when it stands in a block: a line that is indented no further does not belong to it.
pub(super) fn read(text: &str, start: usize, offset: usize, indent: Option<usize>) -> Option<Place<'_>> {
    let mut reader = Reader { text, at: start, indent, stack: Vec::new(), found: None };
    while reader.blanks(offset)? {
        if reader.found.is_none() && offset <= reader.at && !reader.touches_word(offset) {
            reader.stand(offset..offset, offset, None);
            reader.found.as_ref()?;
        }
        reader.step(offset);
        let closed = reader.found.as_ref().is_some_and(|(_, depth)| reader.stack.len() < *depth);
        if closed || reader.stack.is_empty() || reader.at > offset.saturating_add(LOOK_AHEAD) || reader.stack.len() > MAX_DEPTH {
            break;
        }
    }
    let between = &text[reader.at.min(offset)..reader.at.max(offset)];
    if reader.found.is_none() && between.trim().is_empty() {
        reader.stand(offset..offset, offset, None);
    }
    let (mut place, depth) = reader.found?;
    if let Some(frame) = reader.stack.get_mut(depth - 1) {
        place.siblings.append(&mut frame.keys);
    }
    Some(place)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    indent: Option<usize>,
    stack: Vec<Frame<'a>>,
    /// Where the cursor stands, once it was come by, and how many collections were open there.
    found: Option<(Place<'a>, usize)>,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Past blanks and comments. False at the end of what belongs to the collection; `None` with the cursor in a comment.
    fn blanks(&mut self, offset: usize) -> Option<bool> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                Some(b'\n') => {
                    let line = &self.text[self.at + 1..];
                    let column = line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
                    let first = line.as_bytes().get(column);
                    let outside = self.indent.is_some_and(|indent| column <= indent)
                        && !matches!(first, None | Some(b'\n' | b'\r' | b'#' | b'}' | b']'));
                    if outside {
                        // The cursor may stand on an empty line before it.
                        return Some(false);
                    }
                    self.at += 1;
                }
                Some(b'#') if self.text[..self.at].ends_with([' ', '\t', '\n']) => {
                    let end = line_end(self.text, self.at);
                    if self.at < offset && offset <= end {
                        return None;
                    }
                    self.at = end;
                }
                other => return Some(other.is_some()),
            }
        }
    }

    /// True when what stands here is a word and the cursor touches it.
    fn touches_word(&self, offset: usize) -> bool {
        offset == self.at && !matches!(self.peek(), Some(b'{' | b'[' | b'}' | b']' | b',' | b':'))
    }

    /// Notes that the cursor stands here.
    fn stand(&mut self, range: Range<usize>, offset: usize, end: Option<usize>) {
        // Behind a value only a comma can follow.
        let Some(frame) = self.stack.last().filter(|frame| !frame.map || !frame.behind_colon || frame.key.is_some()) else {
            return;
        };
        let mut path: Vec<Step<'a>> = Vec::new();
        for outer in &self.stack[..self.stack.len() - 1] {
            path.push(if outer.map { outer.key.clone().map_or(Step::Item, Step::Key) } else { Step::Item });
        }
        let slot = match (frame.map, frame.behind_colon) {
            (true, false) => Slot::Key,
            (true, true) => {
                path.extend(frame.key.clone().map(Step::Key));
                Slot::Value
            }
            (false, _) => {
                path.push(Step::Item);
                Slot::Value
            }
        };
        let quote = self.text[range.clone()].chars().next().filter(|first| matches!(first, '"' | '\''));
        let typed = &self.text[(range.start + quote.map_or(0, char::len_utf8)).min(offset)..offset];
        let behind = self.text[end.unwrap_or(range.end)..].trim_start_matches([' ', '\t']);
        let line = super::line_start(self.text, range.start);
        let indent = self.text[line..].len() - self.text[line..].trim_start_matches([' ', '\t']).len();
        let place = Place {
            path,
            slot,
            siblings: Vec::new(),
            typed,
            indent,
            flow: true,
            gap: range.start == offset && slot == Slot::Value && self.text[..offset].ends_with(':'),
            colon: slot == Slot::Key && behind.starts_with(':'),
            quote,
            range,
        };
        self.found = Some((place, self.stack.len()));
    }

    /// Takes one bracket, mark or word.
    fn step(&mut self, offset: usize) {
        let Some(byte) = self.peek() else { return };
        match byte {
            b'{' | b'[' => {
                self.stack.push(Frame { map: byte == b'{', key: None, behind_colon: false, keys: Vec::new() });
                self.at += 1;
            }
            b'}' | b']' => {
                self.end_entry("");
                // What the cursor's own collection holds is kept for whoever asked.
                let own = self.found.as_ref().is_some_and(|(_, depth)| *depth == self.stack.len());
                if let (Some(frame), true) = (self.stack.pop(), own)
                    && let Some((place, _)) = &mut self.found
                {
                    place.siblings = frame.keys;
                }
                self.at += 1;
            }
            b',' => {
                self.end_entry("");
                self.at += 1;
            }
            b':' => {
                if let Some(frame) = self.stack.last_mut() {
                    frame.behind_colon = true;
                }
                self.at += 1;
            }
            _ => self.word(offset),
        }
    }

    /// A comma or a bracket: the next word is a key again.
    fn end_entry(&mut self, value: &'a str) {
        let Some(frame) = self.stack.last_mut() else { return };
        if let Some(key) = frame.key.take() {
            frame.keys.push((key, value));
        }
        frame.behind_colon = false;
    }

    fn word(&mut self, offset: usize) {
        let start = self.at;
        let length = match self.peek() {
            Some(quote @ (b'"' | b'\'')) => self.quoted(quote),
            _ => self.plain(),
        };
        self.at = start + length.max(self.text[start..].chars().next().map_or(1, char::len_utf8));
        let here = start <= offset && offset <= self.at && self.found.is_none();
        if here {
            self.stand(start..self.at, offset, Some(self.at));
        }
        let written = &self.text[start..self.at];
        let Some(frame) = self.stack.last_mut() else { return };
        if frame.map && !frame.behind_colon {
            // A word where a comma is missing: the one before it was a key without a value.
            if let Some(lost) = frame.key.take() {
                frame.keys.push((lost, ""));
            }
            frame.key = (!here).then(|| word(written));
        } else if frame.map
            && let Some(key) = frame.key.take()
        {
            // Its own key is no sibling of the value at the cursor.
            if !here {
                frame.keys.push((key, written));
            }
        }
    }

    /// A text ends with its quote, or with its line when that has none.
    fn quoted(&self, quote: u8) -> usize {
        let bytes = &self.text.as_bytes()[self.at..];
        let mut at = 1;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'\\' if quote == b'"' && bytes.get(at + 1).is_some_and(|next| *next != b'\n') => at += 1,
                b'\n' => return self.text[self.at..self.at + at].trim_end().len(),
                byte if *byte == quote && quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => at += 1,
                byte if *byte == quote => return at + 1,
                _ => {}
            }
            at += 1;
        }
        // The text's last character may be one that an escape skipped half of.
        self.text.len() - self.at
    }

    fn plain(&self) -> usize {
        let bytes = &self.text.as_bytes()[self.at..];
        let ends = |at: usize| bytes.get(at).is_none_or(|next| b" \t\r\n,[]{}".contains(next));
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            let end = match byte {
                b',' | b'[' | b']' | b'{' | b'}' | b'\n' | b'"' => true,
                b':' => ends(at + 1),
                b'#' => at > 0 && matches!(bytes[at - 1], b' ' | b'\t'),
                _ => false,
            };
            if end {
                break;
            }
            at += 1;
        }
        self.text[self.at..self.at + at].trim_end().len()
    }
}
