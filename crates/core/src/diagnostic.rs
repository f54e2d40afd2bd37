//! What is wrong with a pack, as data.
//!
//! A [`Diagnostic`] is a value: the language server, the command line and the window each show it their own way, and all
//! show the same one. Positions are byte ranges into the file's text (without a byte-order mark); [`crate::text`] turns them into lines.

use serde::Serialize;
use std::ops::Range;

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The pack cannot be published as it is.
    Error,
    /// It can, and someone will regret it.
    Warning,
    /// Worth knowing.
    Info,
}

/// One thing that is wrong, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable: `family/rule`. Documentation, suppressions and CI go by it.
    pub code: &'static str,
    pub severity: Severity,
    /// One sentence that names the thing: "`colour` is not a key of a tool".
    pub message: String,
    /// Relative to the pack, with `/`. Empty: the folder as a whole.
    pub file: String,
    /// Bytes in the file's text; `0..0` when the file as a whole is meant.
    pub range: Range<usize>,
    /// What to do next, sentence by sentence.
    pub hints: Vec<String>,
    /// A change that mends it: one that is certain, or a guess that the author may choose.
    pub fix: Option<Fix>,
}

/// A change to the pack that mends a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// A button's words: "Change to `category`".
    pub title: String,
    pub edits: Vec<Edit>,
    /// True where nothing else can have been meant, so that it is made without asking. Any other is offered, and never made by itself.
    pub certain: bool,
}

/// Replaces a range of a file by text. A file that does not exist is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edit {
    pub file: String,
    pub range: Range<usize>,
    pub text: String,
}

impl Fix {
    /// A certain fix of one edit.
    pub fn one(title: impl Into<String>, file: impl Into<String>, range: Range<usize>, text: impl Into<String>) -> Self {
        Self { title: title.into(), edits: vec![Edit { file: file.into(), range, text: text.into() }], certain: true }
    }

    /// The same as a guess: the author may have meant something else.
    #[must_use]
    pub fn guessed(self) -> Self {
        Self { certain: false, ..self }
    }
}
