//! Where everything in a text stands: dashes, colons, brackets, values, and how each is written.
//!
//! The tree of [`crate::yaml`] says what there is; this module goes through the text beside it and writes down where. What it does not
//! understand, it refuses: a text that was walked through to its end is known whole.

use super::{Change, Data, Fault, Language, Place, Step, What, descend, json};
use crate::text::shown;
use crate::yaml::{self, Node, Value};
use std::ops::Range;

/// A text and all that is known of it.
#[derive(Debug, Clone)]
pub(super) struct Document {
    pub(super) text: String,
    pub(super) language: Language,
    pub(super) data: Data,
    pub(super) root: Piece,
    /// Where the first thing can stand: behind directives and `---`.
    pub(super) start: usize,
    /// Where comments begin, in order.
    pub(super) comments: Vec<usize>,
}

/// A value as it is written.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// Where its anchor or tag begins; without one, where the value begins.
    pub(super) outer: usize,
    pub(super) start: usize,
    /// Behind its last character. A block of text ends behind its last line, without the line's end.
    pub(super) end: usize,
    pub(super) form: Form,
}

/// How a value is written.
#[derive(Debug, Clone)]
pub(super) enum Form {
    /// Nothing is written: `key:`.
    Empty,
    Plain,
    Single,
    Double,
    /// A block of text; `header` is `|`, `>-`, `|2` …
    Block {
        header: Range<usize>,
        /// Columns before its lines; 0 when there is none.
        indent: usize,
    },
    Alias,
    List {
        flow: bool,
        entries: Vec<Entry>,
    },
    Map {
        flow: bool,
        entries: Vec<Entry>,
        /// It has a `<<`.
        merges: bool,
    },
}

/// An entry of a list or mapping.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The dash, or where the key begins; in a flow list, where the value begins.
    pub(super) start: usize,
    /// The key with its quotes.
    pub(super) key: Option<Range<usize>>,
    /// Behind the dash, the colon, or a key that has no colon: where a value can be written.
    pub(super) intro: usize,
    pub(super) colon: bool,
    pub(super) value: Piece,
}

impl Piece {
    pub(super) fn scalar(range: Range<usize>, form: Form) -> Self {
        Self { outer: range.start, start: range.start, end: range.end, form }
    }

    /// The entries of a list or mapping that are written here.
    pub(super) fn entries(&self) -> &[Entry] {
        match &self.form {
            Form::List { entries, .. } | Form::Map { entries, .. } => entries,
            _ => &[],
        }
    }

    /// True for a list or mapping in brackets.
    pub(super) fn is_flow(&self) -> bool {
        matches!(self.form, Form::List { flow: true, .. } | Form::Map { flow: true, .. })
    }

    /// True for a list or mapping with a line for each entry.
    pub(super) fn is_block(&self) -> bool {
        matches!(self.form, Form::List { flow: false, .. } | Form::Map { flow: false, .. })
    }

    pub(super) fn is_collection(&self) -> bool {
        self.is_flow() || self.is_block()
    }

    /// True for `key: value` in a flow list, which is a mapping without brackets.
    pub(super) fn is_bare(&self, text: &str) -> bool {
        matches!(self.form, Form::Map { flow: true, .. }) && !text[self.start..].starts_with('{')
    }
}

impl Entry {
    /// Behind its last character, comments not counted.
    pub(super) fn end(&self) -> usize {
        self.value.end.max(self.intro)
    }
}

impl Document {
    /// Reads a text in full.
    pub(super) fn read(text: &str, language: Language) -> Result<Self, Fault> {
        if language == Language::Json {
            let (data, root) = json::read(text)?;
            return Ok(Self { text: text.to_owned(), language, data, start: root.start, root, comments: Vec::new() });
        }
        // A lone carriage return ends a line for YAML and for no editor.
        if let Some(at) = text.match_indices('\r').map(|(at, _)| at).find(|at| !text[at + 1..].starts_with('\n')) {
            let message = "a line ends here with a carriage return alone, as on very old computers";
            return Err(Fault::new(at..at + 1, message, "save the text with another line ending first"));
        }
        let tree = yaml::parse(text).map_err(|error| match error.duplicate {
            Some(key) => Fault::twice(error.span, &key),
            None => Fault::new(error.span, error.message, "mend this first"),
        })?;
        let mut walk = Walk { text, at: 0, depth: 0, comments: Vec::new() };
        walk.prologue();
        let start = walk.at;
        let root = walk.value(&tree, -1, false)?;
        walk.epilogue()?;
        let mut comments = walk.comments;
        comments.sort_unstable();
        comments.dedup();
        Ok(Self { text: text.to_owned(), language, data: Data::from(&tree), root, start, comments })
    }

    /// Where the value at a path stands, or the nearest above it that is written in this text.
    pub(super) fn place(&self, path: &[Step]) -> Range<usize> {
        let found = (0..=path.len()).rev().find_map(|length| descend(&self.root, &self.data, &path[..length]));
        found.map_or(0..0, |piece| piece.start..piece.end)
    }

    /// The same change, where the place of a new entry is before what `<<` brings in: that stands nowhere here.
    pub(super) fn settled(&self, change: &Change) -> Change {
        let What::Insert { place, key, value } = &change.what else { return change.clone() };
        let written = descend(&self.root, &self.data, &change.path).map(|piece| piece.entries().len());
        let index = self.data.find(&change.path).and_then(|data| data.index_of(place));
        let place = match (index, written) {
            (Some(index), Some(written)) if index > written => Place::At(written),
            _ => place.clone(),
        };
        Change { path: change.path.clone(), what: What::Insert { place, key: key.clone(), value: value.clone() } }
    }

    /// Why a path leads into what is written elsewhere: below an alias, or brought in by `<<`.
    pub(super) fn borrowed(&self, path: &[Step], what: &What) -> Option<Fault> {
        let elsewhere = "make the change where the anchor is, or write the value out here first";
        let (mut piece, mut data) = (&self.root, &self.data);
        let into = matches!(what, What::Insert { .. });
        for step in path {
            if let Some(fault) = self.is_alias(piece, elsewhere) {
                return Some(fault);
            }
            let at = data.position(step)?;
            let Some(entry) = piece.entries().get(at) else {
                let Step::Key(name) = step else { return None };
                let message = format!("`{}` comes from another mapping, through `<<`", shown(name));
                return Some(Fault::new(piece.start..piece.end, message, elsewhere));
            };
            piece = &entry.value;
            data = data.at(step)?;
        }
        if into { self.is_alias(piece, elsewhere) } else { None }
    }

    fn is_alias(&self, piece: &Piece, hint: &'static str) -> Option<Fault> {
        matches!(piece.form, Form::Alias).then(|| {
            let alias = shown(&self.text[piece.start..piece.end]);
            let message = format!("`{alias}` stands for a value that is written elsewhere and may be used more than once");
            Fault::new(piece.start..piece.end, message, hint)
        })
    }

    /// True when an anchor stands on the way to a value, or in it: what an alias stands for elsewhere would change, too.
    pub(super) fn has_anchor(&self, path: &[Step]) -> bool {
        let begins = |at: usize| self.text[at..].starts_with('&');
        let mut piece = Some(&self.root);
        let mut data = Some(&self.data);
        for step in path {
            if piece.is_some_and(|piece| begins(piece.outer)) {
                return true;
            }
            let index = data.and_then(|data| data.position(step));
            piece = piece.zip(index).and_then(|(piece, index)| piece.entries().get(index)).map(|entry| &entry.value);
            data = data.and_then(|data| data.at(step));
        }
        let Some(piece) = piece else { return false };
        let written = &self.text[piece.outer..piece.end];
        written.match_indices('&').any(|(at, _)| !written[..at].ends_with(|before: char| before.is_alphanumeric()))
    }
}

/// A way through a text, beside the tree that was read from it.
struct Walk<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    comments: Vec<usize>,
}

impl Walk<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Bytes since the line's begin: what stands before a value on its line is blanks, dashes and the like.
    fn column(&self) -> usize {
        self.at - line_start(self.text, self.at)
    }

    fn lost(&self) -> Fault {
        let rest = self.rest().lines().next().unwrap_or_default();
        Fault::new(self.at..self.at + rest.len(), "what is written here is too unusual to be changed safely", "change it by hand")
    }

    /// Goes behind blanks, line ends and comments.
    fn skip(&mut self) {
        while let Some(comment) = next_comment(self.text, self.at) {
            self.comments.push(comment);
            self.at = line_end(self.text, comment);
        }
        self.at = skipped(self.text, self.at);
    }

    fn is_marker(&self, marker: &str) -> bool {
        self.column() == 0
            && self.rest().strip_prefix(marker).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
    }

    fn prologue(&mut self) {
        self.skip();
        while self.peek() == Some('%') && self.column() == 0 {
            self.at = line_end(self.text, self.at);
            self.skip();
        }
        if self.is_marker("---") {
            self.at += 3;
        } else {
            self.at = 0;
        }
    }

    fn epilogue(&mut self) -> Result<(), Fault> {
        self.skip();
        while self.is_marker("...") {
            self.at += 3;
            self.skip();
        }
        if self.rest().is_empty() { Ok(()) } else { Err(self.lost()) }
    }

    /// Reads a value that was introduced just before.
    fn value(&mut self, node: &Node, parent: isize, flow: bool) -> Result<Piece, Fault> {
        let intro = self.at;
        self.skip();
        let (mut outer, mut behind) = (None, intro);
        while self.peek().is_some_and(|first| matches!(first, '&' | '!')) {
            let begin = self.at;
            self.property(flow);
            let end = self.at;
            self.skip();
            // `&a key: value`: the anchor is the key's when the mapping begins on its line.
            let of_key = matches!(node.value, Value::Map(_))
                && !matches!(self.peek(), Some('{'))
                && !self.text[end..self.at].contains('\n');
            if of_key && !flow {
                self.at = begin;
                break;
            }
            outer = outer.or(Some(begin));
            behind = end;
        }
        let mut piece = if let Some(piece) = self.written(node, parent, flow)? {
            piece
        } else {
            self.at = behind;
            Piece::scalar(behind..behind, Form::Empty)
        };
        piece.outer = outer.unwrap_or(piece.start);
        Ok(piece)
    }

    /// Goes behind an anchor or a tag.
    fn property(&mut self, flow: bool) {
        let verbatim = self.rest().starts_with("!<");
        let ends = |one: char| match one {
            ' ' | '\t' | '\r' | '\n' => true,
            ',' | '[' | ']' | '{' | '}' => flow && !verbatim,
            _ => false,
        };
        self.at += self.rest().find(ends).unwrap_or(self.rest().len());
    }

    /// Reads a value at the very place where it begins; `None` when nothing is written.
    fn written(&mut self, node: &Node, parent: isize, flow: bool) -> Result<Option<Piece>, Fault> {
        let start = self.at;
        let first = self.peek();
        if first == Some('*') {
            let end = start + self.rest().find([' ', '\t', '\r', '\n', ',', ']', '}']).unwrap_or(self.rest().len());
            // An alias that is a key is none of the value's.
            if node.span == (start..end) {
                self.at = end;
                return Ok(Some(Piece::scalar(start..end, Form::Alias)));
            }
        }
        match &node.value {
            Value::Null => {
                let word = ["null", "Null", "NULL", "~"].into_iter().find(|word| self.rest().starts_with(word));
                let ends = |rest: &str| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n', ',', ']', '}']);
                match word.filter(|word| ends(&self.rest()[word.len()..])) {
                    Some(word) => Ok(Some(self.advance(start + word.len(), Form::Plain))),
                    None => Ok(None),
                }
            }
            Value::Bool(_) | Value::Number(_) | Value::Text(_) => match first {
                Some('\'') => self.quoted().map(|end| Some(self.advance(end, Form::Single))),
                Some('"') => self.quoted().map(|end| Some(self.advance(end, Form::Double))),
                Some('|' | '>') if !flow => Ok(Some(self.block_text(parent))),
                Some(_) if node.span.start == start && node.span.end > start => {
                    Ok(Some(self.advance(node.span.end, Form::Plain)))
                }
                _ => Err(self.lost()),
            },
            Value::List(items) if first == Some('[') => self.deeper(|walk| walk.flow_list(items)).map(Some),
            Value::List(items) if !flow => self.deeper(|walk| walk.block_list(items)).map(Some),
            Value::Map(entries) if first == Some('{') && !self.is_key_in_braces(entries) => {
                self.deeper(|walk| walk.flow_map(entries)).map(Some)
            }
            Value::Map(entries) if flow && entries.len() == 1 => self
                .deeper(|walk| {
                    let entry = walk.entry(&entries[0].0, &entries[0].1, -1, true)?;
                    let end = entry.end();
                    let form = Form::Map { flow: true, entries: vec![entry], merges: false };
                    Ok(Piece { outer: start, start, end, form })
                })
                .map(Some),
            Value::Map(entries) if !flow => self.deeper(|walk| walk.block_map(entries)).map(Some),
            _ => Err(self.lost()),
        }
    }

    /// `{a: b}: c` is read by nobody: keys are words.
    fn is_key_in_braces(&self, entries: &[(yaml::Key, Node)]) -> bool {
        entries.first().is_some_and(|(key, _)| key.span.start == self.at && !key.span.is_empty())
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        // The tree's own depth is bounded; this is the second lock.
        if self.depth > 250 {
            return Err(self.lost());
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn advance(&mut self, end: usize, form: Form) -> Piece {
        let piece = Piece::scalar(self.at..end, form);
        self.at = end;
        piece
    }

    /// Where the quoted text that begins here ends.
    fn quoted(&self) -> Result<usize, Fault> {
        let bytes = self.text.as_bytes();
        let quote = bytes[self.at];
        let mut at = self.at + 1;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'\\' if quote == b'"' => at += 2,
                b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => at += 2,
                byte if byte == quote => return Ok(at + 1),
                _ => at += 1,
            }
        }
        Err(self.lost())
    }

    fn block_text(&mut self, parent: isize) -> Piece {
        let start = self.at;
        let header = start + self.rest().find([' ', '\t', '\r', '\n']).unwrap_or(self.rest().len());
        let marks = &self.text[start + 1..header];
        let told = marks.chars().find_map(|one| one.to_digit(10)).map(|digit| digit as usize);
        let keep = marks.contains('+');
        self.comments.extend(self.text[header..line_end(self.text, header)].find('#').map(|at| header + at));
        let least = usize::try_from(parent + 1).unwrap_or(0);
        let mut indent = told.map(|told| usize::try_from(parent.max(0)).unwrap_or(0) + told);
        let (mut end, mut line) = (header, next_line(self.text, start));
        while let Some(begin) = line.filter(|begin| *begin < self.text.len()) {
            let stop = line_end(self.text, begin);
            let written = &self.text[begin..stop];
            let depth = written.len() - written.trim_start_matches(' ').len();
            let blank = written.trim_matches([' ', '\t']).is_empty();
            if !blank {
                let wanted = *indent.get_or_insert(depth);
                if depth < wanted.max(least)
                    || (depth == 0 && parent < 0 && (written.starts_with("---") || written.starts_with("...")))
                {
                    break;
                }
            }
            if !blank || keep || indent.is_some_and(|indent| written.len() > indent) {
                end = stop;
            }
            line = next_line(self.text, begin);
        }
        self.at = end;
        let form = Form::Block { header: start..header, indent: indent.unwrap_or(0) };
        Piece { outer: start, start, end, form }
    }

    fn flow_list(&mut self, items: &[Node]) -> Result<Piece, Fault> {
        let start = self.at;
        self.at += 1;
        let mut entries = Vec::with_capacity(items.len());
        for item in items {
            self.skip();
            let begin = self.at;
            let value = self.value(item, -1, true)?;
            if matches!(value.form, Form::Empty) && value.outer == value.start {
                return Err(self.lost());
            }
            entries.push(Entry { start: begin, key: None, intro: begin, colon: false, value });
            self.comma();
        }
        self.close(']')?;
        Ok(Piece { outer: start, start, end: self.at, form: Form::List { flow: true, entries } })
    }

    fn flow_map(&mut self, nodes: &[(yaml::Key, Node)]) -> Result<Piece, Fault> {
        let start = self.at;
        self.at += 1;
        let (entries, merges) = self.entries(nodes, -1, true)?;
        self.close('}')?;
        Ok(Piece { outer: start, start, end: self.at, form: Form::Map { flow: true, entries, merges } })
    }

    fn comma(&mut self) {
        self.skip();
        if self.peek() == Some(',') {
            self.at += 1;
            self.skip();
        }
    }

    fn close(&mut self, bracket: char) -> Result<(), Fault> {
        self.skip();
        if self.peek() != Some(bracket) {
            return Err(self.lost());
        }
        self.at += 1;
        Ok(())
    }

    fn block_list(&mut self, items: &[Node]) -> Result<Piece, Fault> {
        let (start, column) = (self.at, self.column());
        let mut entries = Vec::with_capacity(items.len());
        for item in items {
            self.skip();
            let dash =
                self.rest().strip_prefix('-').is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']));
            if !dash || self.column() != column {
                return Err(self.lost());
            }
            let begin = self.at;
            self.at += 1;
            let intro = self.at;
            let value = self.value(item, signed(column), false)?;
            entries.push(Entry { start: begin, key: None, intro, colon: false, value });
        }
        let end = entries.last().map_or(start, Entry::end);
        if entries.is_empty() {
            return Err(self.lost());
        }
        Ok(Piece { outer: start, start, end, form: Form::List { flow: false, entries } })
    }

    fn block_map(&mut self, nodes: &[(yaml::Key, Node)]) -> Result<Piece, Fault> {
        let (start, column) = (self.at, self.column());
        let (entries, merges) = self.entries(nodes, signed(column), false)?;
        let end = entries.iter().map(Entry::end).max().unwrap_or(start).max(self.at);
        if entries.is_empty() {
            return Err(self.lost());
        }
        Ok(Piece { outer: start, start, end, form: Form::Map { flow: false, entries, merges } })
    }

    /// The entries of a mapping that are written here. What `<<` brings in stands at the end of the tree's entries.
    fn entries(&mut self, nodes: &[(yaml::Key, Node)], column: isize, flow: bool) -> Result<(Vec<Entry>, bool), Fault> {
        let (mut entries, mut merges, mut end) = (Vec::with_capacity(nodes.len()), false, self.at);
        loop {
            self.skip();
            let here = flow || signed(self.column()) == column;
            if here && self.is_merge() {
                merges = true;
                self.merge(flow)?;
            } else if let Some((key, node)) =
                nodes.get(entries.len()).filter(|(key, _)| here && self.key_start() == key.span.start)
            {
                entries.push(self.entry(key, node, column, flow)?);
            } else {
                break;
            }
            if flow {
                self.comma();
            }
            end = self.at;
        }
        if entries.len() < nodes.len() && !merges {
            return Err(self.lost());
        }
        self.at = end;
        Ok((entries, merges))
    }

    /// Where the key's own characters begin: behind `? `, an anchor, a tag.
    fn key_start(&self) -> usize {
        let mut probe = Walk { text: self.text, at: self.at, depth: 0, comments: Vec::new() };
        if probe.is_question() {
            probe.at += 1;
            probe.skip();
        }
        while probe.peek().is_some_and(|first| matches!(first, '&' | '!')) {
            probe.property(false);
            probe.skip();
        }
        probe.at
    }

    fn is_question(&self) -> bool {
        self.rest().strip_prefix('?').is_some_and(|rest| rest.starts_with([' ', '\t', '\r', '\n']))
    }

    fn entry(&mut self, key: &yaml::Key, node: &Node, column: isize, flow: bool) -> Result<Entry, Fault> {
        let start = self.at;
        let explicit = self.is_question();
        self.at = self.key_start();
        let end = match self.peek() {
            Some('"' | '\'') => self.quoted()?,
            Some('|' | '>' | '*' | '[' | '{') | None => return Err(self.lost()),
            Some(_) => key.span.end,
        };
        if self.at != key.span.start || end <= self.at {
            return Err(self.lost());
        }
        let span = self.at..end;
        self.at = end;
        let before = self.at;
        if explicit || flow {
            self.skip();
        } else {
            self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
        }
        let colon = self.peek() == Some(':');
        if colon {
            self.at += 1;
        } else if flow || explicit {
            self.at = before;
        } else {
            return Err(self.lost());
        }
        let intro = self.at;
        let value = if colon { self.value(node, column, flow)? } else { Piece::scalar(intro..intro, Form::Empty) };
        Ok(Entry { start, key: Some(span), intro, colon, value })
    }

    fn is_merge(&self) -> bool {
        let rest = self.rest().strip_prefix("<<").map(|rest| rest.trim_start_matches([' ', '\t']));
        rest.is_some_and(|rest| rest.starts_with(':'))
    }

    /// Goes behind `<<: *a`, `<<: [*a, *b]` and `<<: {…}`.
    fn merge(&mut self, flow: bool) -> Result<(), Fault> {
        self.at += self.rest().find(':').unwrap_or(0) + 1;
        self.skip();
        match self.peek() {
            Some('*') => self.property(flow),
            Some('[' | '{') => {
                let mut depth = 0usize;
                loop {
                    self.skip();
                    match self.peek().ok_or_else(|| self.lost())? {
                        '[' | '{' => depth += 1,
                        ']' | '}' => depth -= 1,
                        '"' | '\'' => {
                            self.at = self.quoted()?;
                            continue;
                        }
                        _ => {
                            self.at += self.peek().map_or(0, char::len_utf8);
                            continue;
                        }
                    }
                    self.at += 1;
                    if depth == 0 {
                        break;
                    }
                }
            }
            _ => return Err(self.lost()),
        }
        Ok(())
    }
}

fn signed(column: usize) -> isize {
    isize::try_from(column).unwrap_or(isize::MAX)
}

/// Behind blanks, line ends and comments.
pub(super) fn skipped(text: &str, mut at: usize) -> usize {
    while let Some(comment) = next_comment(text, at) {
        at = line_end(text, comment);
    }
    at + (text.len() - at) - text[at..].trim_start_matches(BLANK).len()
}

const BLANK: [char; 4] = [' ', '\t', '\n', '\r'];

/// The comment that is next behind blanks, if one is. It begins a line, or stands behind a blank.
fn next_comment(text: &str, at: usize) -> Option<usize> {
    let next = text.len() - text[at..].trim_start_matches(BLANK).len();
    let begins = text[next..].starts_with('#') && (next == 0 || text[..next].ends_with(BLANK));
    begins.then_some(next)
}

/// Where the line begins that a place is in.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text.as_bytes()[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)
}

/// Where the line's characters end, before its line end.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let end = text.as_bytes()[at..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |length| at + length);
    if end > at && text.as_bytes()[end - 1] == b'\r' && end < text.len() { end - 1 } else { end }
}

/// Where the next line begins, if there is one.
pub(super) fn next_line(text: &str, at: usize) -> Option<usize> {
    text.as_bytes()[at..].iter().position(|byte| *byte == b'\n').map(|length| at + length + 1)
}
