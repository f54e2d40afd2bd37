//! Checking a pack: from a folder to what is known of it and what is wrong with it.

use crate::content::{Content, Contents, Facts, Kind, Named};
use crate::diagnostic::{Diagnostic, Severity};
use crate::fixes;
use crate::folder::{IGNORE_FILE, MANIFEST, PackIgnore};
use crate::languages::{Languages, NoLanguages};
use crate::manifest::Manifest;
use crate::manifest::typed::Typed;
use crate::nearest::Guesses;
use crate::rules::{
    boundary, capabilities, cases, contracts, data, files, flows, handlers, keys, locales, manifest, markdown, migrations,
    models, schemas, scripts, secrets, targets, tools, views,
};
use crate::source::{PackSource, ReadError, SourceEntry, SourceKind};
use crate::text::Text;
use crate::yaml::{self, Node};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

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
    /// The manifest's text; empty when it cannot be read.
    pub manifest: String,
    /// The text of `.packignore`, when it is there and is text.
    pub ignore_text: Option<String>,
    /// What hints may still guess.
    pub(crate) guesses: Guesses,
    /// True when the manifest has a `pack_id`: Greentic's own files are then known.
    pub greentic: bool,
    /// The folder's own name, when it is known: a name for a pack that has none.
    pub folder_name: Option<String>,
    /// Targets that the pack is checked for although its manifest does not name them.
    pub targets: Vec<String>,
}

impl Context<'_> {
    /// The entry at a path; what lies behind a linked folder is not listed, and is found when it can be read.
    pub fn entry(&self, path: &str) -> Option<Cow<'_, SourceEntry>> {
        if let Some(entry) = self.listed(path) {
            return Some(Cow::Borrowed(entry));
        }
        if !self.behind_link(path) {
            return None;
        }
        let size = match self.source.read(path) {
            Ok(bytes) => bytes.len() as u64,
            Err(ReadError::TooLarge { size }) => size,
            Err(ReadError::NotFound | ReadError::Failed(_)) => return None,
        };
        Some(Cow::Owned(SourceEntry { path: path.to_owned(), kind: SourceKind::File, size }))
    }

    /// True when a folder that the path runs through is a link to another folder of the pack.
    pub fn behind_link(&self, path: &str) -> bool {
        path.match_indices('/').any(|(at, _)| {
            self.listed(&path[..at]).is_some_and(|entry| matches!(entry.kind, SourceKind::LinkInside { folder: true }))
        })
    }

    fn listed(&self, path: &str) -> Option<&SourceEntry> {
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

    /// True for a file that begins with a byte-order mark, which [`Context::text`] takes away.
    pub fn begins_with_mark(&self, path: &str) -> bool {
        self.source.read(path).is_ok_and(|bytes| bytes.starts_with(b"\xef\xbb\xbf"))
    }

    /// The same, with the place of the first byte that is no text as the error.
    pub fn read_text(&self, path: &str) -> Option<Result<Text, usize>> {
        let entry = self.entry(path).filter(|entry| entry.is_file() && entry.size <= MAX_TEXT)?;
        let bytes = self.source.read(&entry.path).ok()?;
        Some(String::from_utf8(bytes.into_owned()).map(Text::new).map_err(|error| error.utf8_error().valid_up_to()))
    }
}

/// A pack as rules see it that look at all of it.
pub struct Whole<'a> {
    pub manifest: &'a Manifest,
    /// The tree of the same text.
    pub root: &'a Node,
    pub ctx: &'a Context<'a>,
    /// What each file says.
    pub contents: &'a Contents,
}

/// Checks a pack with every rule that needs no other language's parser.
pub fn check_pack(source: &dyn PackSource) -> Checked {
    check_pack_with(source, &NoLanguages)
}

/// Checks a pack with every rule.
pub fn check_pack_with(source: &dyn PackSource, languages: &dyn Languages) -> Checked {
    check_pack_for(source, languages, &[])
}

/// The same, as if the manifest named these targets as well: names as in [`crate::shape::TARGETS`].
pub fn check_pack_for(source: &dyn PackSource, languages: &dyn Languages, targets: &[String]) -> Checked {
    let mut ctx = Context {
        source,
        entries: source.entries(),
        truncated: source.truncated(),
        ignore: PackIgnore::parse(""),
        manifest: String::new(),
        ignore_text: None,
        guesses: Guesses::full(),
        greentic: false,
        folder_name: source.folder_name(),
        targets: targets.to_vec(),
    };
    if let Some(text) = ctx.text(IGNORE_FILE) {
        ctx.ignore = PackIgnore::parse(text.as_str());
        ctx.ignore_text = Some(text.as_str().to_owned());
    }
    let mut diagnostics = Vec::new();
    let mut pack = Pack::default();
    let mut manifest_root = None;
    let mut manifest = Manifest::default();
    match read_manifest(&ctx) {
        Err(found) => diagnostics.push(found),
        Ok(text) => match yaml::parse(text.as_str()) {
            Err(error) => diagnostics.push(manifest::syntax(error)),
            Ok(root) => {
                ctx.greentic = root.get("pack_id").is_some();
                pack = describe(&root);
                text.as_str().clone_into(&mut ctx.manifest);
                manifest = Manifest::read(&root).unwrap_or_default();
                diagnostics = manifest_findings(&root, &ctx);
                tools::check_schemas(&root, &ctx, &mut diagnostics);
                manifest_root = Some(root);
            }
        },
    }
    files::check(&ctx, &mut diagnostics);
    let contents = contents(&ctx, &Named::by(&manifest), languages);
    diagnostics.extend(contents.values().flat_map(|content| content.findings.iter().cloned()));
    if let Some(root) = &manifest_root {
        let whole = Whole { manifest: &manifest, root, ctx: &ctx, contents: &contents };
        boundary::check(&whole, &mut diagnostics);
        cases::check(&whole, &mut diagnostics);
        contracts::check(&whole, &mut diagnostics);
        flows::check(&whole, &mut diagnostics);
        handlers::check(&whole, &mut diagnostics);
        locales::check(&whole, &mut diagnostics);
        markdown::check(&whole, &mut diagnostics);
        migrations::check(&whole, &mut diagnostics);
        models::check(&whole, &mut diagnostics);
        schemas::check(&whole, &mut diagnostics);
        scripts::check(&whole, &mut diagnostics);
        secrets::check(&whole, &mut diagnostics);
        targets::check(&whole, &mut diagnostics);
        views::check(&whole, &mut diagnostics);
    }
    diagnostics.sort_by(|a, b| {
        let place = |found: &Diagnostic| (found.range.start, found.range.end, found.code);
        (a.file.as_str(), place(a), a.message.as_str()).cmp(&(b.file.as_str(), place(b), b.message.as_str()))
    });
    // What an alias repeats is found once for each use of the anchor, at one place.
    diagnostics.dedup();
    let mut diagnostics = capped(diagnostics);
    if let Some(root) = manifest_root {
        fixes::drop_bad_fixes(&mut diagnostics, &root, &mut ctx);
    }
    Checked { pack, diagnostics }
}

/// Looks into every file that rules know something of.
fn contents(ctx: &Context<'_>, named: &Named, languages: &dyn Languages) -> Contents {
    let mut contents = Contents::new();
    for entry in ctx.entries {
        let kind = named.kind(&entry.path);
        if !entry.is_file() || entry.path == MANIFEST || ctx.left_out(entry) {
            continue;
        }
        // What is no text is told by those who need it as text.
        let Some(text) = ctx.text(&entry.path) else { continue };
        contents.insert(entry.path.clone(), Arc::new(content(&entry.path, text.as_str(), kind, languages)));
    }
    contents
}

/// Looks into one file.
fn content(path: &str, text: &str, kind: Kind, languages: &dyn Languages) -> Content {
    let mut findings = Vec::new();
    let out = &mut findings;
    secrets::check_file(path, text, kind, out);
    let facts = match kind {
        Kind::Schema => schemas::check_file(path, text, kind, out),
        Kind::Handler => handlers::check_file(path, text, languages, out),
        Kind::Script => scripts::check_file(path, text, kind, out),
        Kind::Behavior | Kind::Guide => markdown::check_file(path, text, kind, out),
        Kind::Data | Kind::Template | Kind::Card => {
            data::check_file(path, text, kind, out);
            Facts::Nothing
        }
        Kind::Locale => locales::check_file(path, text, kind, out),
        Kind::Flow => flows::check_file(path, text, kind, out),
        Kind::View => views::check_file(path, text, kind, out),
        Kind::Migration => migrations::check_file(path, text, kind, out),
        Kind::Cases | Kind::Recording | Kind::Eval => cases::check_file(path, text, kind, out),
        Kind::Other => Facts::Nothing,
    };
    Content { kind, findings, facts }
}

/// What the rules say of a manifest that can be read.
pub(crate) fn manifest_findings(root: &Node, ctx: &Context<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if manifest::check(root, ctx, &mut found) {
        keys::check(root, &ctx.guesses, &mut found);
        tools::check(root, &mut found);
        capabilities::check(root, &ctx.guesses, &mut found);
    }
    found
}

/// Most findings of one rule in one file: who reads a hundred knows what is wrong.
const MOST_OF_A_KIND: usize = 100;

/// The findings without the flood: past the hundredth of a rule in a file, the next one says how many more there are.
fn capped(findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut counts: HashMap<(String, &'static str), usize> = HashMap::new();
    let (mut kept, mut last): (Vec<Diagnostic>, HashMap<(String, &'static str), usize>) = (Vec::new(), HashMap::new());
    for found in findings {
        let kind = (found.file.clone(), found.code);
        let count = counts.entry(kind.clone()).or_default();
        *count += 1;
        if *count <= MOST_OF_A_KIND + 1 {
            last.insert(kind, kept.len());
            kept.push(found);
        }
    }
    for (kind, count) in counts {
        if count > MOST_OF_A_KIND + 1 {
            let found = &mut kept[last[&kind]];
            found.message = format!("and {} more like it", thousands(count - MOST_OF_A_KIND));
            found.hints.clear();
            found.fix = None;
        }
    }
    kept
}

/// A number for people: `19,900`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
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

/// What a manifest says of itself, as far as it can be read.
pub(crate) fn describe(root: &Node) -> Pack {
    // A number is a version too: as it is written.
    let word = |key: &str| root.get(key).and_then(Node::as_word).map(str::to_owned);
    let last_of_id =
        || root.text_at("pack_id").and_then(|id| id.rsplit('.').next()).filter(|last| !last.is_empty()).map(str::to_owned);
    Pack {
        name: word("name").filter(|_| root.get("pack_id").is_none()).or_else(last_of_id),
        version: word("version"),
        description: word("description"),
        tools: root
            .get("tools")
            .map(Node::items)
            .unwrap_or_default()
            .iter()
            .filter_map(|tool| tool.text_at("name"))
            .map(str::to_owned)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::thousands;
    use crate::rules::tests::{findings, manifest};
    use crate::source::{MemoryPack, PackSource, ReadError, SourceEntry, SourceKind};
    use std::borrow::Cow;

    #[test]
    fn numbers_are_for_people() {
        assert_eq!([7, 900, 1000, 19_900, 1_234_567].map(thousands).join(" "), "7 900 1,000 19,900 1,234,567");
    }

    #[test]
    fn a_fix_that_would_say_something_else_is_not_offered() {
        // Below an alias, the alias would be replaced by one word of what it stands for.
        let aliased = manifest(
            "name: n\ndescription: d\nx-allow: &a [{domains: [a.org], methods: [get]}]\ncapabilities: [{name: c, type: http, allow: *a}]\n",
        );
        assert!(aliased.contains("`get` is not a method") && !aliased.contains("fix:"), "{aliased}");
        // An alias for the very value may be replaced; an anchor may not, for it is meant twice.
        assert!(manifest("x-n: &n My Notes\nname: *n\ndescription: d\n").contains("fix: Change to `my-notes`"));
        assert!(!manifest("name: &n My Notes\ndescription: d\ndisplay_name: *n\n").contains("fix:"));
        assert!(!manifest("name: >\n  A B\ndescription: d\n").contains("fix:"));
    }

    #[test]
    fn two_fixes_that_exclude_each_other_are_tried_one_by_one() {
        let found = manifest("name: n\ndescription: d\nlicens: MIT\nlicensee: MIT\n");
        assert_eq!(found.matches("fix: Change to `license`").count(), 2, "{found}");
    }

    #[test]
    fn what_an_alias_repeats_is_said_once() {
        let found = manifest(
            "name: n\ndescription: d\nx-t: &t [{methods: [FETCH]}, {methods: [FETCH]}]\ncapabilities: [{name: c, type: http, allow: *t}]\n",
        );
        assert_eq!(found.matches("`FETCH` is not a method").count(), 1, "{found}");
    }

    /// `schemas` is a link to `data/schemas`.
    struct Linked(MemoryPack);

    impl PackSource for Linked {
        fn entries(&self) -> &[SourceEntry] {
            self.0.entries()
        }

        fn read(&self, path: &str) -> Result<Cow<'_, [u8]>, ReadError> {
            self.0.read(&path.strip_prefix("schemas/").map_or_else(|| path.to_owned(), |rest| format!("data/schemas/{rest}")))
        }
    }

    #[test]
    fn a_path_through_a_linked_folder_is_followed() {
        let pack = |path: &str| {
            let text = format!(
                "name: n\ndescription: d\ntools: [{{name: t, description: d, input: {path}, handler: data/schemas/a.json}}]\n"
            );
            Linked(MemoryPack::new([("pack.yaml", text.as_str()), ("data/schemas/a.json", "{}")]).with(
                "schemas",
                SourceKind::LinkInside { folder: true },
                0,
            ))
        };
        assert_eq!(findings(&pack("schemas/a.json")), "");
        assert!(findings(&pack("schemas/b.json")).contains("`schemas/b.json` does not exist"));
    }

    #[test]
    fn a_thousand_missing_paths_among_thousands_of_files_are_told_quickly() {
        let mut text = String::from("name: n\ndescription: d\ntools:\n");
        (0..1000).for_each(|n| text.push_str(&format!("  - {{name: t{n}, description: d, input: data/missing{n:04}.json}}\n")));
        let files = (0..5000).map(|n| (format!("data/misssing{n:04}.jsonl"), String::new()));
        let pack = MemoryPack::new(files.chain([("pack.yaml".to_owned(), text)]));
        // Comparing every path with every file would take minutes here.
        let found = findings(&pack);
        assert_eq!(found.matches("manifest/missing-file").count(), 101);
    }
}
