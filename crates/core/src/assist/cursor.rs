//! Where a cursor stands in text that is being written: which keys lead there, and what stands beside it.
//!
//! The text is mostly broken at that moment, so no parser is asked. A block is read by its indentation, upwards from the cursor; a
//! collection in brackets by [`flow`], from where it opens. Either looks at the lines around the cursor and not at the file.

pub(super) mod flow;

use std::borrow::Cow;
use std::ops::Range;

/// How many brackets above the cursor are tried: more are open in no text that makes sense.
const MAX_OPENERS: usize = 20;

/// A step from a value to one in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step<'a> {
    Key(Cow<'a, str>),
    Item,
}

/// What can be written at the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// A key, in braces.
    Key,
    /// What a line begins with: a key, a list's dash, or a value, whatever belongs at the end of the path.
    Open,
    /// A value, behind a colon or in brackets.
    Value,
}

/// Where a cursor stands.
#[derive(Debug, Clone)]
pub(super) struct Place<'a> {
    /// What leads to the mapping, list or value at the cursor.
    pub(super) path: Vec<Step<'a>>,
    pub(super) slot: Slot,
    /// Keys of the mapping that the cursor is in, with what their lines say behind the colon. Not the one at the cursor.
    pub(super) siblings: Vec<(Cow<'a, str>, &'a str)>,
    /// The word at the cursor, with its quotes.
    pub(super) range: Range<usize>,
    /// The part of it before the cursor, without a quote.
    pub(super) typed: &'a str,
    /// How far the keys of the mapping are indented; of a value, those of the mapping that holds its key.
    pub(super) indent: usize,
    /// True in braces or brackets.
    pub(super) flow: bool,
    /// True when a blank is wanted before what is written: the cursor touches a colon or a dash.
    pub(super) gap: bool,
    /// True when a colon stands behind the word.
    pub(super) colon: bool,
    /// The quote that the word begins with.
    pub(super) quote: Option<char>,
}

impl<'a> Place<'a> {
    /// What a key beside the cursor says.
    pub(super) fn sibling(&self, name: &str) -> Option<&'a str> {
        self.siblings.iter().find(|(key, _)| key == name).map(|(_, value)| unquoted(value)).filter(|value| !value.is_empty())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.siblings.iter().any(|(key, _)| key == name)
    }

    /// The path's last key.
    pub(super) fn key(&self) -> Option<&str> {
        self.path.iter().rev().find_map(|step| match step {
            Step::Key(key) => Some(&**key),
            Step::Item => None,
        })
    }
}

/// A word without the quotes around it.
pub(super) fn unquoted(word: &str) -> &str {
    let inner = word.strip_prefix(['"', '\'']).unwrap_or(word);
    if inner.len() == word.len() { word } else { inner.strip_suffix(['"', '\'']).unwrap_or(inner) }
}

/// One line as a block reads it.
#[derive(Debug)]
struct Row<'a> {
    /// Where it begins.
    start: usize,
    /// Columns of the dashes that it begins with.
    dashes: Vec<usize>,
    /// The column of what follows them.
    column: usize,
    /// What follows them, without blanks and a comment at the end.
    content: &'a str,
    /// The key, as it is written, and where behind its colon the line goes on.
    key: Option<(&'a str, usize)>,
}

impl<'a> Row<'a> {
    fn read(text: &'a str, start: usize) -> Self {
        let line = &text[start..line_end(text, start)];
        let bytes = line.as_bytes();
        let blank = |at: usize| bytes.get(at).is_none_or(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
        let mut column = bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let mut dashes = Vec::new();
        while bytes.get(column) == Some(&b'-') && blank(column + 1) {
            dashes.push(column);
            column += 1;
            while column < bytes.len() && blank(column) {
                column += 1;
            }
        }
        let content = without_comment(&line[column..]);
        let key = key_length(content).map(|length| {
            let colon = content[length..].find(':').map_or(content.len(), |at| length + at + 1);
            (&content[..length], start + column + colon)
        });
        Self { start, dashes, column, content, key }
    }

    fn is_empty(&self) -> bool {
        self.content.is_empty() && self.dashes.is_empty()
    }

    fn indent(&self) -> usize {
        self.dashes.first().copied().unwrap_or(self.column)
    }

    fn name(&self) -> Option<Cow<'a, str>> {
        self.key.map(|(key, _)| flow::word(key))
    }

    /// What stands behind the key, or behind the dashes where there is no key.
    fn value(&self) -> &'a str {
        let from = self.key.map_or(0, |(_, behind)| behind - self.start - self.column);
        self.content.get(from..).unwrap_or_default().trim_start()
    }

    /// Where that begins.
    fn value_start(&self) -> usize {
        let content = self.start + self.column;
        content + self.content.len() - self.value().len()
    }
}

/// How long the key is that a line begins with.
fn key_length(content: &str) -> Option<usize> {
    let bytes = content.as_bytes();
    let ends = |at: usize| bytes.get(at).is_none_or(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
    match bytes.first()? {
        quote @ (b'"' | b'\'') => {
            let close = content[1..].find(char::from(*quote))? + 2;
            let colon = close + content[close..].len() - content[close..].trim_start().len();
            (bytes.get(colon) == Some(&b':') && ends(colon + 1)).then_some(close)
        }
        b'{' | b'[' | b'#' | b'|' | b'>' | b'%' | b'@' => None,
        _ => content.match_indices(':').find(|(at, _)| ends(at + 1)).map(|(at, _)| content[..at].trim_end().len()),
    }
}

/// A line without blanks at its end and without the comment there.
fn without_comment(line: &str) -> &str {
    if line.starts_with('#') {
        return "";
    }
    // A quote is one only where a word begins; elsewhere it is an apostrophe.
    let (mut quote, mut before) = (None, ' ');
    for (at, letter) in line.char_indices() {
        match quote {
            Some(open) => quote = Some(open).filter(|open| *open != letter),
            None if letter == '#' && before.is_whitespace() => return line[..at].trim_end(),
            None if matches!(letter, '"' | '\'') && (before.is_whitespace() || matches!(before, '[' | '{' | ',')) => {
                quote = Some(letter);
            }
            None => {}
        }
        before = letter;
    }
    line.trim_end()
}

pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |at| at + 1)
}

pub(super) fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |length| at + length)
}

/// What is being looked for on the way up.
#[derive(Debug, Clone, Copy)]
enum Level {
    /// What holds the keys of this column.
    Keys(usize),
    /// What holds the list whose dashes stand in this column.
    Items(usize),
}

/// Something above the cursor that it may be inside of: where it begins, how far its line is indented, and how many of the steps
/// that were found before do not lead to it.
struct Opener<'a> {
    value: usize,
    indent: usize,
    steps: usize,
    /// The key before it, where it is not among the steps.
    key: Option<Cow<'a, str>>,
}

impl<'a> Opener<'a> {
    fn of(row: &Row<'a>, steps: usize) -> Self {
        // Behind a key, what stands no deeper than the key is outside; behind a dash, what stands no deeper than the dash.
        let indent = if row.key.is_some() { row.column } else { row.indent() };
        Self { value: row.value_start(), indent, steps, key: None }
    }
}

/// Reads where a cursor stands in YAML; `None` inside text, in a comment, and behind a value that is complete.
pub(super) fn yaml(text: &str, offset: usize) -> Option<Place<'_>> {
    let offset = text.floor_char_boundary(offset.min(text.len()));
    if let Some(start) = opening_brace(text) {
        return flow::read(text, start, offset, None);
    }
    let start = line_start(text, offset);
    let row = Row::read(text, start);
    let mut place = at_row(text, &row, offset)?;
    let column = if row.is_empty() { offset - start } else { row.column };
    let mut above = Above::begin(&row, column, &mut place);
    above.climb(text, start, &mut place.siblings);
    // The outermost that is still open holds all the others.
    let own = Opener { key: row.name(), ..Opener::of(&row, 0) };
    let open = |opener: &&Opener<'_>| opener.value < offset && text[opener.value..].starts_with(['{', '[']);
    let mut openers = above.openers.iter().rev().chain(std::iter::once(&own)).filter(open).take(MAX_OPENERS);
    let inside = openers.find_map(|opener| {
        let inner = flow::read(text, opener.value, offset, Some(opener.indent))?;
        // Steps run from the cursor outwards until they are turned round.
        let outer = above.steps[opener.steps..].iter().rev().cloned();
        let path = outer.chain(opener.key.clone().map(Step::Key)).chain(inner.path.iter().cloned()).collect();
        Some(Place { path, ..inner })
    });
    if inside.is_some() {
        return inside;
    }
    if above.text || place.slot == Slot::Value && row.value().starts_with(['{', '[']) {
        return None;
    }
    above.steps.reverse();
    place.path = above.steps;
    if place.slot == Slot::Value {
        place.path.extend(row.name().map(Step::Key));
    }
    beside_below(text, &row, place.indent, &mut place.siblings);
    Some(place)
}

/// Reads where a cursor stands in JSON.
pub(super) fn json(text: &str, offset: usize) -> Option<Place<'_>> {
    flow::read(text, opening_brace(text)?, text.floor_char_boundary(offset.min(text.len())), None)
}

/// Where a text begins that is all in braces, as JSON is.
fn opening_brace(text: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = text[at..].trim_start();
        at = text.len() - rest.len();
        match rest.as_bytes().first()? {
            b'{' | b'[' => return Some(at),
            b'#' => at = line_end(text, at),
            _ => return None,
        }
    }
}

/// What the cursor's own line says of it; the path is still to be found.
fn at_row<'a>(text: &'a str, row: &Row<'a>, offset: usize) -> Option<Place<'a>> {
    let content = row.start + row.column;
    let end = content + row.content.len();
    let before = &text[row.start..offset];
    if without_comment(before).len() != before.trim_end().len() {
        return None;
    }
    let (slot, range) = match row.key {
        _ if row.is_empty() => {
            // A line of blanks, or a comment: its `#` may stand right of the cursor only.
            (before.trim().is_empty() && !text[offset..].starts_with('#')).then_some((Slot::Open, offset..offset))?
        }
        // What is in brackets has a reader of its own.
        key if offset >= row.value_start()
            && key.is_none_or(|(_, behind)| offset >= behind)
            && row.value().starts_with(['{', '[']) =>
        {
            (Slot::Value, offset..offset)
        }
        Some((_, behind)) if offset >= behind => {
            let value = row.value_start();
            if row.value().is_empty() {
                (Slot::Value, offset..offset)
            } else if offset < value || row.value().starts_with(['|', '>', '&', '*', '!']) {
                return None;
            } else {
                (Slot::Value, value..end)
            }
        }
        Some((key, _)) if offset >= content => (Slot::Open, content..content + key.len()),
        None if row.content.is_empty() && offset > row.dashes.last()? + row.start => (Slot::Open, offset..offset),
        None if offset >= content && offset <= end => (Slot::Open, content..end),
        _ => return None,
    };
    if offset > range.end {
        return None;
    }
    let quote = text[range.clone()].chars().next().filter(|first| matches!(first, '"' | '\''));
    let typed = &text[(range.start + quote.map_or(0, char::len_utf8)).min(offset)..offset];
    let gap = range.start == offset && text[..offset].ends_with([':', '-']);
    let indent = if row.is_empty() { offset - row.start } else { row.column };
    let colon = slot == Slot::Open && row.key.is_some();
    Some(Place { path: Vec::new(), slot, siblings: Vec::new(), range, typed, indent, flow: false, gap, colon, quote })
}

/// What was found above the cursor.
struct Above<'a> {
    level: Level,
    /// From the cursor outwards.
    steps: Vec<Step<'a>>,
    openers: Vec<Opener<'a>>,
    /// True while keys belong to the cursor's own mapping.
    own: bool,
    /// True when the cursor is inside a text of several lines.
    text: bool,
}

impl<'a> Above<'a> {
    fn begin(row: &Row<'a>, column: usize, place: &mut Place<'a>) -> Self {
        let mut above = Above { level: Level::Keys(column), steps: Vec::new(), openers: Vec::new(), own: true, text: false };
        if let Some(first) = row.dashes.first() {
            above.steps.extend(row.dashes.iter().map(|_| Step::Item));
            above.level = Level::Items(*first);
            above.own = false;
            if row.content.is_empty() {
                place.indent = place.range.start - row.start + usize::from(place.gap);
            }
        }
        above
    }

    /// Walks up from the line that begins at `start`, to the text's first or to where nothing further out can come.
    fn climb(&mut self, text: &'a str, start: usize, siblings: &mut Vec<(Cow<'a, str>, &'a str)>) {
        let mut next = start;
        while next > 0 {
            next = line_start(text, next - 1);
            // Most lines stand deeper than what is looked for: their first letter says so.
            let limit = match self.level {
                Level::Keys(0) if !self.own => return,
                Level::Keys(column) | Level::Items(column) => column,
            };
            let line = &text.as_bytes()[next..];
            let indent = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            if indent > limit || matches!(line.get(indent), None | Some(b'\n' | b'\r' | b'#')) {
                continue;
            }
            let row = Row::read(text, next);
            if row.is_empty() {
                continue;
            }
            match self.level {
                Level::Keys(column) => self.above_keys(&row, column, siblings),
                Level::Items(column) => self.above_items(&row, column),
            }
        }
    }

    fn above_keys(&mut self, row: &Row<'a>, column: usize, siblings: &mut Vec<(Cow<'a, str>, &'a str)>) {
        let begins_item = row.dashes.last().is_some_and(|dash| *dash < column);
        if row.column == column || (row.column > column && begins_item) {
            if let Some(name) = row.name().filter(|_| self.own) {
                siblings.push((name, row.value()));
            } else if self.own && row.dashes.is_empty() && row.key.is_none() {
                // Not a key, and it stands where keys do: the line is one of a text, or half-written.
                self.openers.push(self.opener(row));
            }
            if begins_item {
                self.items(row);
            }
        } else if row.column < column {
            self.parent(row);
        }
    }

    fn above_items(&mut self, row: &Row<'a>, column: usize) {
        if let Some(at) = row.dashes.iter().position(|dash| *dash == column) {
            if at > 0 {
                self.steps.extend((0..at).map(|_| Step::Item));
                self.level = Level::Items(row.dashes[0]);
            }
        } else if row.column <= column {
            self.parent(row);
        } else if row.indent() < column {
            self.items(row);
        }
    }

    /// The row's value holds what was found so far.
    fn parent(&mut self, row: &Row<'a>) {
        self.own = false;
        let value = row.value();
        let opener = self.opener(row);
        self.openers.push(opener);
        // What stands deeper than a value, or than a line without a key, goes on with its text.
        self.text |= row.key.is_none() || !(value.is_empty() || value.starts_with(['{', '[', '&', '!']));
        self.steps.extend(row.name().map(Step::Key));
        if row.dashes.is_empty() { self.level = Level::Keys(row.column) } else { self.items(row) }
    }

    fn opener(&self, row: &Row<'a>) -> Opener<'a> {
        Opener::of(row, self.steps.len())
    }

    /// The row begins the item that holds what was found so far.
    fn items(&mut self, row: &Row<'a>) {
        self.own = false;
        self.steps.extend(row.dashes.iter().map(|_| Step::Item));
        self.level = Level::Items(row.dashes[0]);
    }
}

/// Keys of the cursor's mapping that come after it.
fn beside_below<'a>(text: &'a str, row: &Row<'a>, column: usize, siblings: &mut Vec<(Cow<'a, str>, &'a str)>) {
    let mut next = line_end(text, row.start) + 1;
    while next < text.len() {
        let start = next;
        next = line_end(text, start) + 1;
        let line = &text.as_bytes()[start..];
        let indent = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        match line.get(indent) {
            None | Some(b'\n' | b'\r' | b'#') => {}
            _ if indent < column => return,
            _ if indent > column => {}
            _ => {
                let row = Row::read(text, start);
                if let Some(name) = row.name().filter(|_| row.dashes.is_empty()) {
                    siblings.push((name, row.value()));
                }
            }
        }
    }
}
