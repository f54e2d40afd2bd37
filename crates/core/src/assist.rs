//! Assistance: what an editor shows and changes beside findings, as plain data.
//!
//! Each entry takes a pack, a file of it with its text as it is being written, and a place in that text; it answers with bytes of the
//! same text. Nothing here fails: where there is nothing to say, the answer is empty. What an editor's protocol makes of it is
//! the language server's.
//!
//! Where to look: `cursor` reads where a cursor stands in text that may be half-written, `grammar` says what belongs there, and
//! `uses` lists every place of the pack that names something. The features are made of these three.

mod actions;
mod complete;
mod cursor;
mod grammar;
mod hover;
mod keywords;
mod locate;
mod navigate;
mod outline;
mod rename;
mod uses;

#[cfg(test)]
mod tests;

use crate::content::{Kind, Named};
use crate::folder::MANIFEST;
use crate::languages::Languages;
use crate::manifest::typed::{Either, SchemaAt};
use crate::manifest::{Manifest, Tool};
use crate::model::yaml_to_json;
use crate::rules::manifest::inside;
use crate::source::SourceEntry;
use crate::yaml::Node;
use crate::{json, yaml};
use serde_json::Value;
use std::borrow::Cow;
use std::ops::Range;

pub use actions::{Action, ActionKind, actions};
pub use complete::complete;
pub use hover::hover;
pub use navigate::{definition, file_references, references};
pub use outline::{Fold, Inlay, Link, Symbol, SymbolKind, folding, inlays, links, symbols};
pub use rename::{Rename, rename, rename_range};

/// How large a broken file of YAML may be, beside the manifest, that is looked into.
const LARGEST_BROKEN: usize = 256 * 1024;

/// A pack as assistance sees it. Texts of open editors count before those of the disk.
pub struct Pack<'a> {
    /// The text of `pack.yaml`, without a byte-order mark.
    pub manifest_text: &'a str,
    /// The tree of that text, as far as it can be read.
    pub root: &'a Node,
    /// The same as types.
    pub manifest: &'a Manifest,
    /// All that lies in the folder, sorted by path.
    pub entries: &'a [SourceEntry],
    /// The text of a file of the pack, without a byte-order mark.
    pub read: &'a dyn Fn(&str) -> Option<Cow<'a, str>>,
    /// Reads handlers.
    pub languages: &'a dyn Languages,
}

/// Something that can be written at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    pub label: String,
    pub kind: CompletionKind,
    /// A few words beside the label.
    pub detail: Option<String>,
    /// Sentences, in Markdown.
    pub docs: Option<String>,
    /// What is written in place of `range`; its lines are indented as they stand, so an editor must not indent them again.
    pub insert: String,
    /// True when `insert` has places to fill in: `$1`, `${1:usual}`. See [`Completion::plain`].
    pub snippet: bool,
    /// Bytes of the text that it replaces.
    pub range: Range<usize>,
    /// What an editor compares with the text in `range`.
    pub filter: String,
    /// Sorted by this, the best comes first.
    pub sort: String,
}

/// What a completion is, for its picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompletionKind {
    /// A key of a mapping.
    Key,
    /// A word of a closed list.
    Word,
    /// A file or folder of the pack.
    Path,
    /// Something that the pack calls by this name.
    Name,
    /// Several lines to fill in.
    Snippet,
}

/// What is said of something when the mouse rests on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// What it is said of.
    pub range: Range<usize>,
    pub markdown: String,
}

/// A place in a file of the pack; `0..0` is the file as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub file: String,
    pub range: Range<usize>,
}

impl Completion {
    /// The text for an editor that knows no places to fill in: without them, what is usual stands as it is.
    pub fn plain(&self) -> String {
        if !self.snippet {
            return self.insert.clone();
        }
        let (mut out, mut rest, mut depth) = (String::new(), self.insert.as_str(), 0usize);
        while let Some(at) = rest.find(['$', '\\', '}']) {
            out.push_str(&rest[..at]);
            let mark = &rest[at..];
            rest = if let Some(escaped) = mark.strip_prefix('\\') {
                let letter = escaped.chars().next().map_or(0, char::len_utf8);
                out.push_str(&escaped[..letter]);
                &escaped[letter..]
            } else if let Some(usual) = mark.strip_prefix("${") {
                depth += 1;
                usual.trim_start_matches(|digit: char| digit.is_ascii_digit()).trim_start_matches(':')
            } else if let Some(number) = mark.strip_prefix('$') {
                number.trim_start_matches(|digit: char| digit.is_ascii_digit())
            } else {
                // It closes a place, or is a brace of the text itself.
                out.push_str(if depth == 0 { "}" } else { "" });
                depth = depth.saturating_sub(1);
                &mark[1..]
            };
        }
        out + rest
    }
}

impl<'a> Pack<'a> {
    /// What a file is for; `None` for the manifest.
    fn kind(&self, path: &str) -> Option<Kind> {
        (path != MANIFEST).then(|| Named::by(self.manifest).kind(path))
    }

    /// The text of a file of the pack.
    fn text(&self, path: &str) -> Option<Cow<'a, str>> {
        if path == MANIFEST { Some(Cow::Borrowed(self.manifest_text)) } else { (self.read)(path) }
    }

    fn tools(&self) -> impl Iterator<Item = &'a Tool> + use<'a> {
        self.manifest.tools.iter().flat_map(|tools| &tools.value).map(|tool| &tool.value)
    }

    fn tool(&self, name: &str) -> Option<&'a Tool> {
        self.tools().find(|tool| tool.name.as_ref().is_some_and(|one| one.value == name))
    }

    /// The tool in whose item of the manifest a place is: the last that begins before it.
    fn tool_around(&self, offset: usize) -> Option<&'a Tool> {
        let tools = self.manifest.tools.as_ref()?;
        tools.value.iter().rfind(|tool| tool.span.start <= offset).map(|tool| &tool.value)
    }

    fn credentials(&self) -> impl Iterator<Item = &'a crate::manifest::Credential> + use<'a> {
        self.manifest.credentials.iter().flat_map(|list| &list.value).map(|one| &one.value)
    }

    /// A schema that the manifest names or holds.
    fn schema(&self, schema: &SchemaAt) -> Option<Value> {
        match schema {
            SchemaAt::Path(path) => self.json(&inside(path)?).map(|node| yaml_to_json(&node)),
            SchemaAt::Inline(node) => Some(yaml_to_json(node)),
        }
    }

    /// A JSON or YAML file as a tree, as far as it can be read.
    fn tree(&self, path: &str) -> Option<Node> {
        self.text(path).map(|text| tree_of(path, &text))
    }

    fn json(&self, path: &str) -> Option<Node> {
        self.text(path).map(|text| json::parse(&text).0)
    }

    /// Paths of files, sorted.
    fn files(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.entries.iter().filter(|entry| entry.is_file()).map(|entry| entry.path.as_str())
    }
}

impl Tool {
    /// The path of its handler, as it is written.
    fn handler_path(&self) -> Option<&str> {
        match &self.handler.as_ref()?.value {
            Either::One(path) => Some(path),
            Either::Other(handler) => handler.path.as_ref().map(|path| path.value.as_str()),
        }
    }

    fn called(&self) -> Option<&str> {
        self.name.as_ref().map(|name| name.value.as_str())
    }
}

/// The tree of a file's text, as far as it can be read.
fn tree_of(path: &str, text: &str) -> Node {
    if has_ending(path, &["json"]) {
        return json::parse(text).0;
    }
    match yaml::parse(text) {
        Ok(root) => root,
        // To look for what can be kept takes many readings: no file that people write is this large.
        Err(_) if text.len() > LARGEST_BROKEN => Node::new(0..0, yaml::Value::Null),
        Err(_) => yaml::recover(text).0,
    }
}

/// True for a path that ends with a dot and one of these.
fn has_ending(path: &str, endings: &[&str]) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| endings.iter().any(|one| ending.eq_ignore_ascii_case(one)))
}
