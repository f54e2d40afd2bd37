//! Changes one thing in a text and nothing else: comments, order, quotes, indentation and line ends stay as the author left them.
//!
//! The form, the wizard and the quick fixes use only this. A change is planned as a few replaced ranges, never as a new text, so that an
//! editor's cursor and its undo survive. Then the result is read again: it must say what the change asked for, and nothing else may say
//! anything else. Where that is not so, the change is refused, with its reason, and nothing is changed.
//!
//! ```
//! use packwright_core::edit::{Change, Language, apply};
//! use packwright_core::path;
//!
//! let text = "name: 'books' # a slug\nversion: 1.2.0\n";
//! let edited = apply(text, Language::Yaml, &Change::set(path!["name"], "open-library")).expect("it can be changed");
//! assert_eq!(edited.text, "name: 'open-library' # a slug\nversion: 1.2.0\n");
//! ```
//!
//! `layout` finds where everything stands, `plan` and `flow` decide what to replace, `style` writes values the way the
//! surroundings are written, and [`forms`] has the changes that forms and fixes ask for. Reading YAML is [`crate::yaml`]'s.

use crate::check::MAX_TEXT;
use crate::text::{BYTE_ORDER_MARK, Position, Text, shown};
use std::fmt;
use std::ops::Range;

mod data;
mod flow;
pub mod forms;
mod json;
mod layout;
mod patch;
mod plan;
mod style;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod trial;

pub use data::Data;

use data::Meaningless;
use layout::{Document, Piece};
use patch::Patch;

/// What a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Yaml,
    Json,
}

/// One step down into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Key(String),
    Index(usize),
}

/// One thing to change.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The way to the value; for [`What::Insert`], to the list or mapping that it goes into.
    pub path: Vec<Step>,
    pub what: What,
}

/// What to change there.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// Puts another value in the place of the one that is there. Of a list or mapping, only what differs is touched.
    Set(Data),
    /// Puts an entry into a list or, with a key, into a mapping. Nothing (`tools:`) becomes what is needed.
    Insert { place: Place, key: Option<String>, value: Data },
    /// Takes an entry out of its list or mapping, with the comment right above it.
    Remove,
    /// Gives a key another name.
    Rename(String),
    /// Moves an entry, with its comments, to another place in the same list or mapping, counted without it.
    Move(usize),
}

/// Where among the entries of a list or mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    First,
    Last,
    At(usize),
    After(String),
    Before(String),
}

/// A range of the text, in bytes, and what comes into its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    pub range: Range<usize>,
    pub text: String,
}

/// A change that was made and found to be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// From first to last, apart from each other, in the bytes of the text as it was.
    pub edits: Vec<TextEdit>,
    pub text: String,
}

/// Why a change was not made. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What happened: "`tools` is an alias (`*tools`), and a change here would change what it stands for".
    pub message: String,
    /// What to do next.
    pub hint: String,
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Where the range begins, for people.
    pub position: Position,
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { line, column } = self.position;
        write!(out, "line {line}, column {column}: {}; {}", self.message, self.hint)
    }
}

impl std::error::Error for Refusal {}

impl From<&str> for Step {
    fn from(name: &str) -> Self {
        Self::Key(name.to_owned())
    }
}

impl From<String> for Step {
    fn from(name: String) -> Self {
        Self::Key(name)
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// A path from its steps: `path!["tools", 0, "input"]`.
#[macro_export]
macro_rules! path {
    ($($step:expr),* $(,)?) => { Vec::<$crate::edit::Step>::from([$($crate::edit::Step::from($step)),*]) };
}

impl Change {
    /// Another value in the place of the one that is there.
    pub fn set(path: Vec<Step>, value: impl Into<Data>) -> Self {
        Self { path, what: What::Set(value.into()) }
    }

    /// An entry for a mapping.
    pub fn insert(path: Vec<Step>, place: Place, key: impl Into<String>, value: impl Into<Data>) -> Self {
        Self { path, what: What::Insert { place, key: Some(key.into()), value: value.into() } }
    }

    /// An item for a list.
    pub fn push(path: Vec<Step>, place: Place, value: impl Into<Data>) -> Self {
        Self { path, what: What::Insert { place, key: None, value: value.into() } }
    }

    /// An entry out of its list or mapping.
    pub fn remove(path: Vec<Step>) -> Self {
        Self { path, what: What::Remove }
    }

    /// Another name for a key.
    pub fn rename(path: Vec<Step>, name: impl Into<String>) -> Self {
        Self { path, what: What::Rename(name.into()) }
    }

    /// Another place for an entry.
    pub fn shift(path: Vec<Step>, to: usize) -> Self {
        Self { path, what: What::Move(to) }
    }
}

/// Most single steps that one change of a list or mapping is taken apart into; past them it is written anew.
const MOST_STEPS: usize = 100;

/// Most bytes that are read again for them: half a second's work.
const MOST_READ: usize = 12 * 1024 * 1024;

/// Most pairs of keys that are compared to find the small steps.
const MOST_PAIRS: usize = 1_000_000;

/// Makes a change, or says why it cannot be made.
///
/// Ranges count in the text as it is given, a byte-order mark included if there is one.
pub fn apply(text: &str, language: Language, change: &Change) -> Result<Edited, Refusal> {
    apply_all(text, language, std::slice::from_ref(change))
}

/// Makes several changes, one after the other, as one: each counts on what those before it left. All are made, or none.
pub fn apply_all(text: &str, language: Language, changes: &[Change]) -> Result<Edited, Refusal> {
    let body = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let mark = text.len() - body.len();
    let placed = |fault: Fault| fault.placed(text, mark);
    if body.len() as u64 > MAX_TEXT {
        return Err(placed(Fault::new(0..0, "the text is too large to be changed here", "change it in an editor")));
    }
    let mut document = Document::read(body, language).map_err(placed)?;
    let mut patch = Patch::of(body);
    for change in changes {
        // A later change's faults have their place in a text that nobody sees: what was left of it is told.
        document = make(document, change, &mut patch)
            .map_err(|fault| placed(Fault { range: patch.old_range(&fault.range), ..fault }))?;
    }
    let mut edits = patch.edits(body);
    for edit in &mut edits {
        edit.range = edit.range.start + mark..edit.range.end + mark;
    }
    Ok(Edited { edits, text: format!("{}{}", &text[..mark], document.text) })
}

/// Makes one change on a document and gives the next document.
fn make(document: Document, change: &Change, patch: &mut Patch) -> Result<Document, Fault> {
    let change = &document.settled(change);
    let mut intended = document.data.clone();
    intended
        .change(&change.path, &change.what)
        .map_err(|Meaningless { found, message, hint }| Fault::new(document.place(&change.path[..found]), message, hint))?;
    if let Some(fault) = document.borrowed(&change.path, &change.what) {
        return Err(fault);
    }
    if intended == document.data {
        return Ok(document);
    }
    let small = taken_apart(&document, change);
    if small.len() > 1 || small.first().is_some_and(|one| one != change) {
        // Where the small steps lead to something else, the value is written anew.
        let mut tried = patch.clone();
        let mut at = Ok(document.clone());
        for one in &small {
            at = at.and_then(|document| step(document, one, &mut tried));
        }
        if let Ok(done) = at
            && done.data == intended
        {
            *patch = tried;
            return Ok(done);
        }
    }
    step(document, change, patch)
}

/// A change as the smallest changes that come to the same.
fn taken_apart(document: &Document, change: &Change) -> Vec<Change> {
    let mut small = Vec::new();
    if let (What::Set(new), Some(old)) = (&change.what, document.data.find(&change.path)) {
        differences(old, new, &mut change.path.clone(), &mut small);
    }
    let most = MOST_STEPS.min(MOST_READ / document.text.len().max(1));
    if small.is_empty() || small.len() > most { vec![change.clone()] } else { small }
}

/// What has to be done to the old value, from last to first, so that places stay.
fn differences(old: &Data, new: &Data, path: &mut Vec<Step>, out: &mut Vec<Change>) {
    match (old, new) {
        _ if old == new || out.len() > MOST_STEPS => {}
        (Data::Map(before), Data::Map(after)) if before.len().saturating_mul(after.len()) > MOST_PAIRS => {
            out.push(Change { path: path.clone(), what: What::Set(new.clone()) });
        }
        (Data::Map(before), Data::Map(after)) if !before.is_empty() && !after.is_empty() => {
            let kept = before.iter().filter(|(key, _)| after.iter().any(|(name, _)| name == key));
            if kept.clone().next().is_none() {
                out.push(Change { path: path.clone(), what: What::Set(new.clone()) });
                return;
            }
            for (key, value) in before {
                path.push(Step::Key(key.clone()));
                match after.iter().find(|(name, _)| name == key) {
                    Some((_, wanted)) => differences(value, wanted, path, out),
                    None => out.push(Change { path: path.clone(), what: What::Remove }),
                }
                path.pop();
            }
            let mut order: Vec<&String> = kept.map(|(key, _)| key).collect();
            for (index, (key, value)) in after.iter().enumerate() {
                match order.iter().position(|name| *name == key) {
                    Some(at) if at == index => {}
                    Some(at) => {
                        let moved = order.remove(at);
                        order.insert(index, moved);
                        path.push(Step::Key(key.clone()));
                        out.push(Change { path: path.clone(), what: What::Move(index) });
                        path.pop();
                    }
                    None => {
                        order.insert(index, key);
                        let what = What::Insert { place: Place::At(index), key: Some(key.clone()), value: value.clone() };
                        out.push(Change { path: path.clone(), what });
                    }
                }
            }
        }
        (Data::List(before), Data::List(after)) if !before.is_empty() && !after.is_empty() => {
            let head = before.iter().zip(after).take_while(|(one, other)| one == other).count();
            let (rest, wanted) = (&before[head..], &after[head..]);
            let tail = rest.iter().rev().zip(wanted.iter().rev()).take_while(|(one, other)| one == other).count();
            let (rest, wanted) = (&rest[..rest.len() - tail], &wanted[..wanted.len() - tail]);
            for (index, (one, other)) in rest.iter().zip(wanted).enumerate() {
                path.push(Step::Index(head + index));
                differences(one, other, path, out);
                path.pop();
            }
            let same = rest.len().min(wanted.len());
            for index in (same..rest.len()).rev() {
                path.push(Step::Index(head + index));
                out.push(Change { path: path.clone(), what: What::Remove });
                path.pop();
            }
            for (index, value) in wanted.iter().enumerate().skip(same) {
                let what = What::Insert { place: Place::At(head + index), key: None, value: value.clone() };
                out.push(Change { path: path.clone(), what });
            }
        }
        _ => out.push(Change { path: path.clone(), what: What::Set(new.clone()) }),
    }
}

/// Makes a change that is not taken apart any further: the first plan that proves right.
fn step(document: Document, change: &Change, patch: &mut Patch) -> Result<Document, Fault> {
    let mut intended = document.data.clone();
    let place = || document.place(&change.path);
    let by_hand = "change it by hand";
    intended
        .change(&change.path, &change.what)
        .map_err(|Meaningless { message, hint, .. }| Fault::new(place(), message, hint))?;
    for edits in plan::plans(&document, change) {
        let text = patched(&document.text, &edits);
        let Some(text) = text else { continue };
        if let Ok(next) = Document::read(&text, document.language)
            && next.data == intended
        {
            patch.then(&edits);
            return Ok(next);
        }
    }
    let shared = "something else in the text would change with it: it has an anchor that is used elsewhere";
    let laid_out = "this is laid out in a way that it cannot be changed safely";
    let anchored = document.has_anchor(&change.path);
    Err(Fault::new(place(), if anchored { shared } else { laid_out }, by_hand))
}

/// The text with these edits made, when they lie apart and on the borders of characters.
fn patched(text: &str, edits: &[TextEdit]) -> Option<String> {
    let mut out = String::with_capacity(text.len() + edits.iter().map(|edit| edit.text.len()).sum::<usize>());
    let mut from = 0;
    for edit in edits {
        out.push_str(text.get(from..edit.range.start)?);
        text.get(edit.range.clone())?;
        out.push_str(&edit.text);
        from = edit.range.end;
    }
    out.push_str(text.get(from..)?);
    Some(out)
}

/// A refusal while its place is still bytes of a text without its mark.
#[derive(Debug)]
struct Fault {
    range: Range<usize>,
    message: String,
    hint: &'static str,
}

impl Fault {
    fn new(range: Range<usize>, message: impl Into<String>, hint: &'static str) -> Self {
        Self { range, message: message.into(), hint }
    }

    fn twice(range: Range<usize>, key: &str) -> Self {
        Self::new(range, format!("`{}` stands here twice", shown(key)), "take one of the two out first")
    }

    fn placed(self, text: &str, mark: usize) -> Refusal {
        let position = Text::new(&text[mark..]).position(self.range.start);
        let range = self.range.start + mark..self.range.end + mark;
        Refusal { message: self.message, hint: self.hint.to_owned(), range, position }
    }
}

/// The value that a path leads to, and the entries on the way.
fn descend<'a>(root: &'a Piece, data: &Data, path: &[Step]) -> Option<&'a Piece> {
    let (mut piece, mut data) = (root, data);
    for step in path {
        piece = &piece.entries().get(data.position(step)?)?.value;
        data = data.at(step)?;
    }
    Some(piece)
}
