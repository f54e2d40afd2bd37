//! Reading files of ours that must be understood in full, cases and recordings: the first fault ends it, with its place.

use super::{Key, Node, Value, parse};
use crate::nearest::nearest;
use crate::text::{Text, shown};
use std::fmt;
use std::ops::Range;

/// What is wrong with a file, and where; line and column count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileError {
    pub message: String,
    pub line: u32,
    pub column: u32,
}

impl fmt::Display for FileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for FileError {}

/// The same while its place is still a range of bytes.
pub(crate) struct Fault {
    at: Range<usize>,
    message: String,
}

impl Fault {
    pub(crate) fn new(at: Range<usize>, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }

    /// At a node.
    pub(crate) fn at(node: &Node, message: impl Into<String>) -> Self {
        Self::new(node.span.clone(), message)
    }

    /// Where it begins.
    pub(crate) fn start(&self) -> usize {
        self.at.start
    }

    /// Where and what, for a finding.
    pub(crate) fn into_parts(self) -> (Range<usize>, String) {
        (self.at, self.message)
    }

    pub(crate) fn placed(self, text: &Text) -> FileError {
        let place = text.position(self.at.start);
        FileError { message: self.message, line: place.line, column: place.column }
    }
}

/// Reads the tree.
pub(crate) fn tree(text: &Text) -> Result<Node, Fault> {
    parse(text.as_str()).map_err(|error| Fault::new(error.span, error.message))
}

/// Refuses what is no mapping, and a key that is not known.
pub(crate) fn known_keys(node: &Node, known: &[&str], what: &str) -> Result<(), Fault> {
    mapping(node, what)?;
    let unknown = node.entries().iter().find(|(key, _)| !known.contains(&key.name.as_str()));
    unknown.map_or(Ok(()), |(key, _)| Err(unknown_key(key, known, what)))
}

/// Refuses what is no mapping.
pub(crate) fn mapping(node: &Node, what: &str) -> Result<(), Fault> {
    match &node.value {
        Value::Map(_) => Ok(()),
        _ => Err(Fault::at(node, format!("{what} must be a mapping, and this is {}", node.kind()))),
    }
}

/// What a key is told that is not known.
pub(crate) fn unknown_key(key: &Key, known: &[&str], what: &str) -> Fault {
    let hint = match nearest(&key.name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it has {}", known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")),
    };
    Fault::new(key.span.clone(), format!("`{}` is no key of {what}; {hint}", shown(&key.name)))
}

/// Text, or a number as it is written.
pub(crate) fn word<'a>(node: &'a Node, key: &str) -> Result<&'a str, Fault> {
    let message = || format!("`{}` must be text, and this is {}", shown(key), node.kind());
    node.as_word().ok_or_else(|| Fault::at(node, message()))
}
