//! Checking a pack: from a folder to what is known of it and what is wrong with it.

use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::{IGNORE_FILE, MANIFEST, PackIgnore};
use crate::rules::{capabilities, files, keys, manifest, tools};
use crate::source::{PackSource, ReadError, SourceEntry};
use crate::text::Text;
use crate::yaml;

/// Largest text file that rules read. A manifest of 50,000 lines has 2 MB; beyond ten it is data.
pub const MAX_TEXT: u64 = 10 * 1024 * 1024;

/// What checking a pack gives.
#[derive(Debug)]
pub struct Checked {
    pub pack: Pack,
    /// By file, then by place; the folder's own first.
    pub diagnostics: Vec<Diagnostic>,
}

/// What is known of a pack, however broken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pack {
    /// The name, or the last part of `pack_id`.
    pub name: Option<String>,
    pub version: Option<String>,
    pub display_name: Option<String>,
    pub description: Option<String>,
    /// Names of the tools, as far as they have one.
    pub tools: Vec<String>,
}

/// What the rules are given.
pub struct Context<'a> {
    source: &'a dyn PackSource,
    pub entries: &'a [SourceEntry],
    pub truncated: bool,
    pub ignore: PackIgnore,
    /// True when the manifest has a `pack_id`: Greentic's own files are then known.
    pub greentic: bool,
    /// The folder's own name, when it is known: a name for a pack that has none.
    pub folder_name: Option<String>,
}

impl Context<'_> {
    /// The entry at a path.
    pub fn entry(&self, path: &str) -> Option<&SourceEntry> {
        self.entries.binary_search_by(|entry| entry.path.as_str().cmp(path)).ok().map(|at| &self.entries[at])
    }

    /// True for what `.packignore` leaves out.
    pub fn left_out(&self, entry: &SourceEntry) -> bool {
        self.ignore.leaves_out(&entry.path, entry.is_folder())
    }

    /// A file's text; `None` when it is missing, too large, or no text.
    pub fn text(&self, path: &str) -> Option<Text> {
        self.read_text(path)?.ok()
    }

    /// The same, with the place of the first byte that is no text as the error.
    pub fn read_text(&self, path: &str) -> Option<Result<Text, usize>> {
        let entry = self.entry(path).filter(|entry| entry.is_file() && entry.size <= MAX_TEXT)?;
        let bytes = self.source.read(&entry.path).ok()?;
        Some(String::from_utf8(bytes.into_owned()).map(Text::new).map_err(|error| error.utf8_error().valid_up_to()))
    }
}

/// Checks a pack with every rule.
pub fn check_pack(source: &dyn PackSource) -> Checked {
    let mut ctx = Context {
        source,
        entries: source.entries(),
        truncated: source.truncated(),
        ignore: PackIgnore::parse(""),
        greentic: false,
        folder_name: source.folder_name(),
    };
    if let Some(text) = ctx.text(IGNORE_FILE) {
        ctx.ignore = PackIgnore::parse(text.as_str());
    }
    let mut diagnostics = Vec::new();
    let mut pack = Pack::default();
    match read_manifest(&ctx) {
        Err(found) => diagnostics.push(found),
        Ok(text) => match yaml::parse(text.as_str()) {
            Err(error) => diagnostics.push(manifest::syntax(error)),
            Ok(root) => {
                ctx.greentic = root.get("pack_id").is_some();
                pack = describe(&root, &text);
                if manifest::check(&root, &ctx, &mut diagnostics) {
                    keys::check(&root, &mut diagnostics);
                    tools::check(&root, &ctx, &mut diagnostics);
                    capabilities::check(&root, &mut diagnostics);
                }
            }
        },
    }
    files::check(&ctx, &mut diagnostics);
    diagnostics.sort_by(|a, b| {
        (a.file.as_str(), a.range.start, a.range.end, a.code).cmp(&(b.file.as_str(), b.range.start, b.range.end, b.code))
    });
    Checked { pack, diagnostics }
}

/// How many of each severity: errors, then warnings.
pub fn tally(diagnostics: &[Diagnostic]) -> (usize, usize) {
    let count = |severity| diagnostics.iter().filter(|found| found.severity == severity).count();
    (count(Severity::Error), count(Severity::Warning))
}

fn read_manifest(ctx: &Context<'_>) -> Result<Text, Diagnostic> {
    let entry = ctx.entry(MANIFEST).filter(|entry| entry.is_file()).ok_or_else(|| files::manifest_missing(ctx))?;
    if entry.size > MAX_TEXT {
        return Err(files::unreadable(MANIFEST, &ReadError::TooLarge { size: entry.size }));
    }
    let bytes = ctx.source.read(MANIFEST).map_err(|error| files::unreadable(MANIFEST, &error))?;
    String::from_utf8(bytes.into_owned())
        .map(Text::new)
        .map_err(|error| files::not_utf8(MANIFEST, error.utf8_error().valid_up_to()))
}

fn describe(root: &yaml::Node, text: &Text) -> Pack {
    // A number is a version too: as it is written.
    let word = |key: &str| {
        root.get(key).and_then(|node| match &node.value {
            yaml::Value::Text(text) => Some(text.clone()),
            yaml::Value::Number => text.as_str().get(node.span.clone()).map(str::to_owned),
            _ => None,
        })
    };
    let last_of_id = || root.text_at("pack_id").and_then(|id| id.rsplit('.').next()).map(str::to_owned);
    Pack {
        name: word("name").filter(|_| root.get("pack_id").is_none()).or_else(last_of_id),
        version: word("version"),
        display_name: word("display_name"),
        description: word("description"),
        tools: root
            .get("tools")
            .map(yaml::Node::items)
            .unwrap_or_default()
            .iter()
            .filter_map(|tool| tool.text_at("name"))
            .map(str::to_owned)
            .collect(),
    }
}
