//! What the core asks of parsers that are too heavy for it: programs in languages that handlers are written in.

use std::ops::Range;

/// Reads programs. `app` hands over the sandbox's.
pub trait Languages: Sync {
    /// What a module of TypeScript or JavaScript says of itself; `None` when nothing here can read it.
    fn outline(&self, path: &str, text: &str) -> Option<ScriptOutline>;
}

/// Reads nothing: for whoever checks no handlers.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoLanguages;

impl Languages for NoLanguages {
    fn outline(&self, _: &str, _: &str) -> Option<ScriptOutline> {
        None
    }
}

/// A module, as far as rules and assistance need it. Places are bytes of its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScriptOutline {
    /// What keeps it from being run: what does not parse, and what blanking types cannot take away.
    pub faults: Vec<ScriptFault>,
    pub exports: Vec<Export>,
    pub imports: Vec<Import>,
}

/// What keeps a module from being run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptFault {
    pub span: Range<usize>,
    pub message: String,
    pub hint: Option<String>,
}

/// Something that a module gives away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    pub name: String,
    /// The name's place.
    pub span: Range<usize>,
    /// True when it can be called.
    pub function: bool,
}

/// Something that a module asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// `./lib.ts`, `packwright:tools`.
    pub from: String,
    /// The place of what stands between the quotes.
    pub span: Range<usize>,
    /// True for `import type`.
    pub types_only: bool,
}
