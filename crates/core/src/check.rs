//! Checking a pack: from a folder to what is known of it and what is wrong with it.

use crate::content::{Content, Contents, Facts, Kind, Named};
use crate::diagnostic::{Diagnostic, Severity};
use crate::fixes;
use crate::folder::{IGNORE_FILE, MANIFEST, PackIgnore};
use crate::kept::{Answers, Family, Parts};
use crate::languages::{Languages, NoLanguages};
use crate::manifest::Manifest;
use crate::manifest::typed::Typed;
use crate::nearest::Guesses;
use crate::rules::allow::{self, Allowance};
use crate::rules::{
    boundary, capabilities, cases, contracts, data, files, flows, handlers, keys, locales, manifest, markdown, migrations,
    models, schemas, scripts, secrets, targets, tools, views,
};
use crate::source::{PackSource, ReadError, SourceEntry, SourceKind};
use crate::text::{BYTE_ORDER_MARK, Text};
use crate::yaml::Node;
use crate::yaml::blocks::{Gaps, MAX_BYTES, Reader};
use crate::yaml::tree::Tree;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// Largest text file that rules read. A manifest of 50,000 lines has 2 MB; beyond ten it is data.
pub const MAX_TEXT: u64 = 10 * 1024 * 1024;

/// Largest file that is looked into although no rule knows what it is for: secrets are looked for in it.
const MAX_OTHER: u64 = 1024 * 1024;

/// What checking a pack gives.
#[derive(Debug)]
pub struct Checked {
    pub pack: Pack,
    /// By file, then by place; the folder's own first.
    pub diagnostics: Vec<Diagnostic>,
    /// How many findings the author allows, with a reason each.
    pub allowed: usize,
    /// What each file says.
    pub contents: Contents,
    /// The manifest's tree, as far as it can be read.
    pub tree: Tree,
    /// The same as types.
    pub manifest: Manifest,
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
    /// Its items, with what rules said of each before.
    pub(crate) parts: Parts,
    /// What rules said the last time that compare all items.
    pub(crate) answers: Arc<Answers>,
    /// What of the manifest could not be read: what is not found there may be there.
    pub(crate) gaps: Gaps,
    /// The text of `.packignore`, when it is there and is text.
    pub ignore_text: Option<String>,
    /// What hints may still guess.
    pub(crate) guesses: Guesses,
    /// True when the manifest has a `pack_id`: Greentic's own files are then known.
    pub greentic: bool,
    /// The folder's own name, when it is known: a name for a pack that has none.
    pub folder_name: Option<String>,
    /// Targets that are checked although the manifest does not name them.
    pub targets: &'a [String],
}

impl<'a> Context<'a> {
    fn of(source: &'a dyn PackSource, targets: &'a [String]) -> Self {
        Self {
            source,
            entries: source.entries(),
            truncated: source.truncated(),
            ignore: PackIgnore::parse(""),
            manifest: String::new(),
            parts: Parts::default(),
            answers: Arc::default(),
            gaps: Gaps::default(),
            ignore_text: None,
            guesses: Guesses::full(),
            greentic: false,
            folder_name: source.folder_name(),
            targets,
        }
    }

    /// Adds what `check` says of an item of the manifest, or what it said of the same text before; see [`Parts::findings`].
    pub(crate) fn of_item(
        &self,
        family: Family,
        item: &Range<usize>,
        out: &mut Vec<Diagnostic>,
        check: impl FnOnce(&mut Vec<Diagnostic>) -> bool,
    ) {
        // What was said when there were no guesses left lacks its hints.
        self.parts.findings(family, item, out, |out| check(out) && self.guesses.any_left());
    }

    /// True when what stands behind one of these keys of the manifest may not have been read.
    pub fn may_lack(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.gaps.may_be_in(key))
    }

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

    /// True for a link to a folder that nobody can publish as that folder.
    pub fn leads_in_circles(&self, path: &str) -> bool {
        self.source.leads_in_circles(path)
    }

    fn listed(&self, path: &str) -> Option<&SourceEntry> {
        self.entries.binary_search_by(|entry| entry.path.as_str().cmp(path)).ok().map(|at| &self.entries[at])
    }

    /// True for a file that begins with a byte-order mark, which [`Context::text`] takes away.
    pub fn begins_with_mark(&self, path: &str) -> bool {
        self.source.read(path).is_ok_and(|bytes| bytes.starts_with(b"\xef\xbb\xbf"))
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

    /// The first bytes of a file; `None` when there is no such file.
    pub fn first_bytes(&self, path: &str, length: usize) -> Option<Vec<u8>> {
        self.entry(path).filter(|entry| entry.is_file())?;
        self.source.read_start(path, length).ok()
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

/// Checks a pack once, with every rule that needs no other language's parser.
pub fn check_pack(source: &dyn PackSource) -> Checked {
    Checker::default().check(source, &Outside::default())
}

/// What checking may use of the outside world, beside the pack itself.
#[derive(Clone, Copy)]
pub struct Outside<'a> {
    pub languages: &'a dyn Languages,
    pub spread: &'a dyn Spread,
    /// Targets that are checked although the manifest does not name them.
    pub targets: &'a [String],
}

impl Default for Outside<'_> {
    fn default() -> Self {
        Self { languages: &NoLanguages, spread: &OneByOne, targets: &[] }
    }
}

/// Does a number of things that do not wait for each other.
pub trait Spread {
    /// Calls `work` with each number below `count`, in any order, on any thread, and comes back when all are done.
    fn each(&self, count: usize, work: &(dyn Fn(usize) + Sync));
}

/// One after the other.
#[derive(Debug, Clone, Copy, Default)]
pub struct OneByOne;

impl Spread for OneByOne {
    fn each(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
        (0..count).for_each(work);
    }
}

/// Checks a pack again and again, and keeps what did not change: the work follows the edit, not the pack.
#[derive(Debug, Default)]
pub struct Checker {
    reader: Reader,
    /// The last manifest's tree, when nobody needs it any more.
    done_with: Tree,
    answers: Arc<Answers>,
    /// What is known of files, with the stamp that it holds for.
    files: HashMap<String, (u64, Arc<Content>)>,
}

impl Checker {
    /// Takes back a tree that nobody needs any more: the next is made of what stays the same in it.
    pub fn take_back(&mut self, tree: Tree) {
        self.done_with = tree;
    }

    /// Reads the manifest as far as it can be read, and asks no rule: for whoever must know what it says at once.
    pub fn read(&mut self, source: &dyn PackSource) -> (Tree, Manifest) {
        let Ok((text, _)) = read_manifest(&Context::of(source, &[])) else { return <(Tree, Manifest)>::default() };
        let tree = self.reader.read_after(std::mem::take(&mut self.done_with), &text).tree;
        let manifest = Manifest::read(&tree).unwrap_or_default();
        (tree, manifest)
    }

    /// Checks a pack with every rule.
    pub fn check(&mut self, source: &dyn PackSource, outside: &Outside<'_>) -> Checked {
        let mut ctx = Context { answers: self.answers.clone(), ..Context::of(source, outside.targets) };
        if let Some(text) = ctx.text(IGNORE_FILE) {
            ctx.ignore = PackIgnore::parse(text.as_str());
            ctx.ignore_text = Some(text.as_str().to_owned());
        }
        let mut diagnostics = Vec::new();
        let mut pack = Pack::default();
        let (mut tree, mut faults) = (None, 0);
        let mut manifest = Manifest::default();
        match read_manifest(&ctx) {
            Err(found) => diagnostics.push(found),
            Ok((text, is_whole)) => {
                let read = self.reader.read_after(std::mem::take(&mut self.done_with), &text);
                faults = read.faults.len();
                ctx.gaps = if is_whole { read.gaps } else { Gaps::everywhere() };
                diagnostics.extend(read.faults.into_iter().map(manifest::syntax));
                let stopped = read.stopped.or((!is_whole).then_some(text.len()));
                diagnostics.extend(stopped.map(|at| manifest::stopped(&text, at)));
                ctx.greentic = read.tree.get("pack_id").is_some();
                ctx.manifest = text;
                ctx.parts = read.parts;
                pack = describe(&read.tree);
                manifest = Manifest::read(&read.tree).unwrap_or_default();
                diagnostics.extend(manifest_findings(&read.tree, &ctx));
                tree = Some(read.tree);
            }
        }
        files::check(&ctx, &mut diagnostics);
        let contents = self.look_into(&ctx, &Named::by(&manifest), outside, &mut diagnostics);
        diagnostics.extend(contents.values().flat_map(|content| content.findings.iter().cloned()));
        if let Some(root) = &tree {
            let whole = Whole { manifest: &manifest, root, ctx: &ctx, contents: &contents };
            FAMILIES.iter().for_each(|check| check(&whole, &mut diagnostics));
        }
        let allowed = allow::apply(&mut diagnostics, &remarks(&ctx, &contents));
        diagnostics.sort_by(|a, b| {
            let place = |found: &Diagnostic| (found.range.start, found.range.end, found.code);
            (a.file.as_str(), place(a), a.message.as_str()).cmp(&(b.file.as_str(), place(b), b.message.as_str()))
        });
        // What an alias repeats is found once for each use of the anchor, at one place.
        diagnostics.dedup();
        let mut diagnostics = capped(diagnostics);
        fixes::keep_quotes(&mut diagnostics, &ctx);
        if let Some(root) = &tree {
            fixes::drop_bad_fixes(&mut diagnostics, root, faults, &mut ctx, &mut self.reader);
        }
        Checked { pack, diagnostics, allowed, contents, tree: tree.unwrap_or_default(), manifest }
    }

    /// Looks into every file that rules know something of: those that changed since the last time.
    fn look_into(
        &mut self,
        ctx: &Context<'_>,
        named: &Named,
        outside: &Outside<'_>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Contents {
        let mut before = std::mem::take(&mut self.files);
        let mut contents = Contents::new();
        let mut changed: Vec<(&str, Kind, Option<u64>)> = Vec::new();
        for entry in ctx.entries {
            let kind = named.kind(&entry.path);
            let most = if kind == Kind::Other { MAX_OTHER } else { MAX_TEXT };
            if !entry.is_file() || entry.path == MANIFEST || ctx.left_out(entry) {
                continue;
            }
            if entry.size > most {
                if must_be_read(kind) {
                    diagnostics.push(files::unreadable(&entry.path, &ReadError::TooLarge { size: entry.size }));
                }
                continue;
            }
            let stamp = ctx.source.stamp(&entry.path);
            match before.remove_entry(&entry.path) {
                Some((path, (known, content))) if stamp == Some(known) && content.kind == kind => {
                    contents.insert(path.clone(), content.clone());
                    self.files.insert(path, (known, content));
                }
                _ => changed.push((&entry.path, kind, stamp)),
            }
        }
        let found: Vec<OnceLock<Result<Arc<Content>, Diagnostic>>> = changed.iter().map(|_| OnceLock::new()).collect();
        let source = ctx.source;
        outside.spread.each(changed.len(), &|number| {
            let (path, kind, _) = changed[number];
            let looked = match source.read(path) {
                Ok(bytes) => match std::str::from_utf8(&bytes) {
                    Ok(text) => {
                        let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
                        Ok(Arc::new(look(path, text, kind, outside.languages)))
                    }
                    Err(error) => Err(files::not_utf8(path, error.valid_up_to())),
                },
                // It went away in the meantime.
                Err(ReadError::NotFound) => return,
                Err(error) => Err(files::unreadable(path, &error)),
            };
            let _ = found[number].set(looked);
        });
        for ((path, kind, stamp), looked) in changed.into_iter().zip(found) {
            match looked.into_inner() {
                Some(Ok(content)) => {
                    if let Some(stamp) = stamp {
                        self.files.insert(path.to_owned(), (stamp, content.clone()));
                    }
                    contents.insert(path.to_owned(), content);
                }
                Some(Err(found)) if must_be_text(path, kind) => diagnostics.push(found),
                _ => {}
            }
        }
        contents
    }
}

/// True for a file that Packwright or a platform has to understand. What agents read and run is larger at its author's risk, and told by
/// another rule.
fn must_be_read(kind: Kind) -> bool {
    !matches!(kind, Kind::Other | Kind::Script | Kind::Template | Kind::Data | Kind::Guide | Kind::Behavior)
}

/// True for a file that is text or a mistake. Tables and XML may be in another encoding, templates and scripts anything.
fn must_be_text(path: &str, kind: Kind) -> bool {
    match kind {
        Kind::Data => ![".csv", ".tsv", ".xml"].iter().any(|ending| path.to_ascii_lowercase().ends_with(ending)),
        kind => !matches!(kind, Kind::Other | Kind::Script | Kind::Template),
    }
}

/// The families that look at the whole pack.
static FAMILIES: &[fn(&Whole<'_>, &mut Vec<Diagnostic>)] = &[
    boundary::check,
    cases::check,
    contracts::check,
    flows::check,
    handlers::check,
    locales::check,
    markdown::check,
    migrations::check,
    models::check,
    schemas::check,
    scripts::check,
    secrets::check,
    targets::check,
    tools::check_whole,
    views::check,
];

/// Looks into one file.
fn look(path: &str, text: &str, kind: Kind, languages: &dyn Languages) -> Content {
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
    Content { kind, findings, facts, allowances: allow::allowances(text) }
}

/// The remarks that allow findings, by file.
fn remarks(ctx: &Context<'_>, contents: &Contents) -> BTreeMap<String, Vec<Allowance>> {
    let of_contents = contents.iter().filter(|(_, content)| !content.allowances.is_empty());
    let mut remarks: BTreeMap<String, Vec<Allowance>> =
        of_contents.map(|(path, content)| (path.clone(), content.allowances.clone())).collect();
    let own = allow::allowances(&ctx.manifest);
    if !own.is_empty() {
        remarks.insert(MANIFEST.to_owned(), own);
    }
    remarks
}

/// What the rules say of a manifest that can be read.
pub(crate) fn manifest_findings(root: &Node, ctx: &Context<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if manifest::check(root, ctx, &mut found) {
        keys::check(root, ctx, &mut found);
        tools::check(root, &mut found);
        capabilities::check(root, ctx, &mut found);
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
pub(crate) fn thousands(number: usize) -> String {
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

/// The manifest's text, and whether that is all of it.
fn read_manifest(ctx: &Context<'_>) -> Result<(String, bool), Diagnostic> {
    let entry = ctx.entry(MANIFEST).filter(|entry| entry.is_file()).ok_or_else(|| files::manifest_missing(ctx))?;
    let is_whole = entry.size <= MAX_TEXT;
    let bytes = if is_whole {
        ctx.source.read(MANIFEST).map(Cow::into_owned)
    } else {
        // Whole lines: what is cut in the middle would be told as a fault.
        ctx.source.read_start(MANIFEST, MAX_BYTES).map(|mut bytes| {
            bytes.truncate(memchr::memrchr(b'\n', &bytes).map_or(0, |end| end + 1));
            bytes
        })
    };
    let bytes = bytes.map_err(|error| files::unreadable(MANIFEST, &error))?;
    let mut text = String::from_utf8(bytes).map_err(|error| files::not_utf8(MANIFEST, error.utf8_error().valid_up_to()))?;
    if text.starts_with(BYTE_ORDER_MARK) {
        text.drain(..BYTE_ORDER_MARK.len_utf8());
    }
    Ok((text, is_whole))
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
        let offered = |found: &str| found.contains("fix:") || found.contains("guess:");
        assert!(aliased.contains("`get` is not a method") && !offered(&aliased), "{aliased}");
        // An alias for the very value may be replaced; an anchor may not, for it is meant twice.
        assert!(manifest("x-n: &n My Notes\nname: *n\ndescription: d\n").contains("guess: Change to `my-notes`"));
        assert!(!offered(&manifest("name: &n My Notes\ndescription: d\ndisplay_name: *n\n")));
        assert!(!offered(&manifest("name: >\n  A B\ndescription: d\n")));
    }

    #[test]
    fn of_two_fixes_that_exclude_each_other_the_second_is_a_guess() {
        for text in ["licens: MIT\nlicensee: MIT\n", "licens: MIT\ncatagory: tools\nlicensee: MIT\ncategry: crm\n"] {
            let found = manifest(&format!("name: n\ndescription: d\n{text}"));
            assert_eq!(found.matches("fix: Change to `license`").count(), 1, "{found}");
            assert_eq!(found.matches("guess: Change to `license`").count(), 1, "{found}");
            let categories = text.matches("cat").count() / 2;
            assert_eq!(found.matches("fix: Change to `category`").count(), categories, "{found}");
            assert_eq!(found.matches("guess: Change to `category`").count(), categories, "{found}");
        }
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
                "name: n\ndescription: d\ntools: [{{name: t, description: Reads a record., input: {path}, output: {{type: object}}, handler: data/schemas/a.ts}}]\n"
            );
            Linked(
                MemoryPack::new([("pack.yaml", text.as_str()), ("data/schemas/a.json", "{}"), ("data/schemas/a.ts", "")]).with(
                    "schemas",
                    SourceKind::LinkInside { folder: true },
                    0,
                ),
            )
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
