//! Renaming: a name is changed at every place of the pack that has it, and files that bear it move along.
//!
//! What is not certain is refused, with the place, or left as it is and said so. The result was read again before it is offered.

use super::complete::relative;
use super::uses::{self, Thing, Use, Written, beside, is_module};
use super::{Pack, has_ending};
use crate::diagnostic::Edit;
use crate::folder::{MANIFEST, TOP_FOLDERS};
use crate::json;
use crate::manifest::Manifest;
use crate::manifest::typed::{SchemaAt, Typed};
use crate::rules::files::unsafe_name;
use crate::rules::manifest::inside;
use crate::text::{Text, shown};
use crate::yaml::{self, write};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

/// What a renaming changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rename {
    /// In files as they are called before anything moves; of each file from first to last.
    pub edits: Vec<Edit>,
    /// Files that move, after they were edited: from and to.
    pub moves: Vec<(String, String)>,
    /// What was left as it is, and why, in sentences.
    pub notes: Vec<String>,
}

/// What can be renamed at a place: the bytes of its name.
pub fn rename_range(pack: &Pack<'_>, path: &str, text: &str, offset: usize) -> Result<Range<usize>, String> {
    let here = renamed(pack, path, text, offset)?;
    Ok(match &here.thing {
        Thing::Part { .. } => segment(text, &here),
        _ => here.range,
    })
}

/// Renames what stands at a place. A file is renamed by its path, written as it is at the place: from the pack's folder in the manifest, from
/// the file's own folder elsewhere. The error says why not, in a sentence.
pub fn rename(pack: &Pack<'_>, path: &str, text: &str, offset: usize, new: &str) -> Result<Rename, String> {
    let here = renamed(pack, path, text, offset)?;
    let old = &text[rename_range(pack, path, text, offset)?];
    let new = new.trim();
    if new == old {
        return Ok(Rename::default());
    }
    let mut change = Change { pack, path, text, all: uses::of_pack(pack, path, text), out: Rename::default() };
    match &here.thing {
        Thing::Tool(tool) => change.tool(tool, new)?,
        Thing::File(file) => {
            let to = if here.written == Written::Relative { beside(path, new) } else { inside(new) };
            let to = to.ok_or_else(|| format!("`{}` leaves the pack.", shown(new)))?;
            let to = if format!("assets/{old}") == *file { format!("assets/{to}") } else { to };
            change.file(file, &to)?;
        }
        thing => change.name(thing, new)?,
    }
    change.finish()
}

/// What stands at the place, when it can be renamed.
fn renamed(pack: &Pack<'_>, path: &str, text: &str, offset: usize) -> Result<Use, String> {
    let here = uses::at(pack, path, text, offset);
    let Some(one) = here.into_iter().find(|one| one.written != Written::Implied) else {
        return Err(
            "Nothing here has a name that could be changed: put the cursor on a tool's, a file's or a credential's.".to_owned()
        );
    };
    match &one.thing {
        Thing::Export { .. } => {
            Err("The function is renamed with its tool: put the cursor on the tool's name in pack.yaml.".to_owned())
        }
        Thing::Part { pointer, .. } if definition_name(pointer).is_none() => {
            Err("Only what stands below `$defs` can be renamed here.".to_owned())
        }
        Thing::File(file) if !pack.files().any(|path| path == file) => Err(format!("`{}` is no file of the pack.", shown(file))),
        _ if one.written == Written::Otherwise => Err(by_hand(text, &one)),
        _ => Ok(one),
    }
}

fn by_hand(text: &str, one: &Use) -> String {
    let place = Text::new(text).position(one.range.start);
    format!(
        "In {}, line {}, the name is written with escapes or by an alias, and nothing can safely be put in its place. Write it plainly there first.",
        one.file, place.line
    )
}

/// The name that a pointer ends with, when a definition has it.
fn definition_name(pointer: &str) -> Option<&str> {
    let (before, name) = pointer.rsplit_once('/')?;
    (before.ends_with("/$defs") || before.ends_with("/definitions")).then_some(name)
}

/// The bytes of the definition's name in a reference, or in its key.
fn segment(text: &str, one: &Use) -> Range<usize> {
    let written = &text[one.range.clone()];
    let start = if one.defines { 0 } else { written.rfind('/').map_or(0, |at| at + 1) };
    one.range.start + start..one.range.end
}

struct Change<'a, 'p> {
    pack: &'a Pack<'p>,
    path: &'a str,
    text: &'a str,
    /// Every place that names something.
    all: Vec<Use>,
    out: Rename,
}

impl Change<'_, '_> {
    fn text_of(&self, file: &str) -> Option<String> {
        if file == self.path { Some(self.text.to_owned()) } else { self.pack.text(file).map(Cow::into_owned) }
    }

    fn edit(&mut self, file: &str, range: Range<usize>, text: impl Into<String>) {
        self.out.edits.push(Edit { file: file.to_owned(), range, text: text.into() });
    }

    /// Puts another name at every place that has this one.
    fn replace(&mut self, thing: &Thing, new: &str) -> Result<(), String> {
        let places: Vec<Use> =
            self.all.iter().filter(|one| one.thing == *thing && one.written != Written::Implied).cloned().collect();
        for one in places {
            match one.written {
                Written::Otherwise => return Err(by_hand(&self.text_of(&one.file).unwrap_or_default(), &one)),
                Written::Plain if !has_ending(&one.file, &["json"]) => self.edit(&one.file, one.range, write::word(new)),
                _ => self.edit(&one.file, one.range, new),
            }
        }
        Ok(())
    }

    /// A name other than a tool's or a file's.
    fn name(&mut self, thing: &Thing, new: &str) -> Result<(), String> {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
        let (fits, wanted) = match thing {
            Thing::Credential(_) | Thing::Component(_) | Thing::Rule(..) | Thing::Workflow(_) | Thing::Node { .. } => {
                (new.chars().all(plain), "letters of A–Z and a–z, digits, `_`, `-` and `.`")
            }
            Thing::Contract(_) => {
                let rest = new.strip_prefix("cap://").unwrap_or_default();
                let fits =
                    !rest.is_empty() && rest.chars().all(|letter| letter.is_ascii_alphanumeric() || ":/-_.+@".contains(letter));
                (fits, "`cap://` and then letters, digits and `: / - _ . + @`")
            }
            Thing::Part { .. } => (new.chars().all(|letter| plain(letter) || letter == '$'), "letters, digits, `_`, `-` and `.`"),
            _ => {
                let bad = |letter: char| letter.is_control() || matches!(letter, '"' | '\'' | '\\' | '#');
                (!new.contains(bad), "no quotes, backslashes or `#`")
            }
        };
        if new.is_empty() || new.chars().count() > 128 || !fits {
            return Err(format!("`{}` cannot be the name: it has 1 to 128 characters, {wanted}.", shown(new)));
        }
        let renamed = with_name(thing, new);
        // Offers of one contract may stand more than once; anything else has its name alone.
        if !matches!(thing, Thing::Contract(_)) && self.all.iter().any(|one| one.defines && one.thing == renamed) {
            return Err(format!("`{}` is taken: choose another name.", shown(new)));
        }
        if let Thing::Part { file, root, pointer } = thing {
            return self.part(file, *root, pointer, new);
        }
        self.replace(thing, new)
    }

    /// A definition of a schema, and all references to it and to what it holds.
    fn part(&mut self, file: &str, root: usize, pointer: &str, new: &str) -> Result<(), String> {
        let before = pointer.rsplit_once('/').map_or("", |(before, _)| before).to_owned();
        for one in self.all.clone() {
            let Thing::Part { file: other, root: other_root, pointer: other_pointer } = &one.thing else { continue };
            let Some(rest) = other_pointer.strip_prefix(pointer).filter(|rest| rest.is_empty() || rest.starts_with('/')) else {
                continue;
            };
            if other != file || *other_root != root || (one.defines && !rest.is_empty()) {
                continue;
            }
            if one.written == Written::Otherwise {
                return Err(by_hand(&self.text_of(&one.file).unwrap_or_default(), &one));
            }
            let name = match one.written {
                Written::Plain if one.defines => write::word(new),
                _ if one.defines => new.to_owned(),
                _ => format!("{before}/{new}{rest}"),
            };
            self.edit(&one.file, one.range, name);
        }
        Ok(())
    }

    /// A file, and every path that leads to it; in it, every path that led from its old folder.
    fn file(&mut self, old: &str, new: &str) -> Result<(), String> {
        self.check_path(old, new)?;
        let folder = |path: &str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
        let places: Vec<Use> = self.all.iter().filter(|one| one.thing == Thing::File(old.to_owned())).cloned().collect();
        for one in places {
            let text = self.text_of(&one.file).unwrap_or_default();
            let written = text.get(one.range.clone()).unwrap_or_default();
            let path = match one.written {
                Written::Otherwise => return Err(by_hand(&text, &one)),
                Written::Relative => {
                    let own = if one.file == old { new } else { &one.file };
                    as_link(&one.file, near(&folder(own), new, written, old))
                }
                _ if format!("assets/{written}") == old => match new.strip_prefix("assets/") {
                    Some(rest) => rest.to_owned(),
                    None => return Err(format!("`{}` must stay below `assets/`, where pack.yaml names it.", shown(new))),
                },
                Written::Plain => write::word(new),
                _ => new.to_owned(),
            };
            self.edit(&one.file, one.range, path);
        }
        if folder(old) != folder(new) {
            for one in self.all.clone() {
                let Thing::File(target) = &one.thing else { continue };
                if one.file != old || target == old || one.written != Written::Relative {
                    continue;
                }
                let text = self.text_of(old).unwrap_or_default();
                let written = text.get(one.range.clone()).unwrap_or_default();
                let path = near(&folder(new), target, written, target);
                self.edit(old, one.range, as_link(old, path));
            }
        }
        self.out.moves.push((old.to_owned(), new.to_owned()));
        Ok(())
    }

    fn check_path(&self, old: &str, new: &str) -> Result<(), String> {
        let ending =
            |path: &str| path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending.to_owned());
        let said = shown(new);
        let bad = |letter: char| letter.is_control() || "\\:*?\"<>|#".contains(letter);
        if new.is_empty() || new.contains(bad) || new.split('/').any(|part| part.trim() != part || part.ends_with('.')) {
            return Err(format!("`{said}` cannot be a file's path on every system: use letters, digits, `-`, `_` and `.`."));
        }
        if let Some(why) = new.split('/').find_map(unsafe_name) {
            return Err(format!("`{said}` cannot be a file's path on every system: a part of it {why}."));
        }
        if ending(old) != ending(new) {
            return Err(format!("`{said}` has another ending, which says what the file is: keep it."));
        }
        if !new.split_once('/').is_some_and(|(top, _)| TOP_FOLDERS.contains(&top)) {
            return Err(format!("`{said}` lies in no folder of the format: {} are.", TOP_FOLDERS.join(", ")));
        }
        let taken = self.pack.entries.iter().any(|entry| entry.path.eq_ignore_ascii_case(new)) && !old.eq_ignore_ascii_case(new);
        if taken {
            return Err(format!("There is a file `{said}` already."));
        }
        Ok(())
    }

    /// A tool: its name wherever it stands, its schemas' files where they bear it, and its function where that is certain.
    fn tool(&mut self, old: &str, new: &str) -> Result<(), String> {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
        if !(1..=128).contains(&new.len()) || !new.chars().all(plain) {
            return Err(format!("`{}` cannot be a tool's name: 1 to 128 of A–Z, a–z, 0–9, `_`, `.` and `-`.", shown(new)));
        }
        if self.pack.tool(new).is_some() {
            return Err(format!("There is a tool called `{}` already.", shown(new)));
        }
        self.replace(&Thing::Tool(old.to_owned()), new)?;
        for (from, to) in self.schema_files(old, new) {
            self.file(&from, &to)?;
        }
        let implied = self
            .all
            .iter()
            .find(|one| one.written == Written::Implied && matches!(&one.thing, Thing::Export { name, .. } if name == old));
        if let Some(Thing::Export { file, .. }) = implied.map(|one| one.thing.clone()) {
            self.function(&file, old, new)?;
        }
        self.note_mentions(old);
        Ok(())
    }

    /// Files of the tool's schemas that are called after it, and of no other tool.
    fn schema_files(&self, old: &str, new: &str) -> Vec<(String, String)> {
        let Some(tool) = self.pack.tool(old) else { return Vec::new() };
        let mut found = Vec::new();
        for (schema, word) in [(&tool.input, "input"), (&tool.output, "output")] {
            let Some(SchemaAt::Path(path)) = schema.as_ref().map(|schema| &schema.value) else { continue };
            let Some(path) = inside(path) else { continue };
            let name = format!("{old}.{word}.json");
            let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
            let shared = self.pack.tools().filter(|other| other.called() != Some(old)).any(|other| {
                [&other.input, &other.output]
                    .into_iter()
                    .flatten()
                    .any(|schema| matches!(&schema.value, SchemaAt::Path(other) if inside(other).as_deref() == Some(&path)))
            });
            let there = self.pack.files().any(|one| one == path);
            if file == name && there && !shared {
                found.push((path.clone(), format!("{folder}/{new}.{word}.json")));
            }
        }
        found
    }

    /// The exported function that bears the tool's name. Where other code may count on it, it stays, and the manifest says what it is called.
    fn function(&mut self, file: &str, old: &str, new: &str) -> Result<(), String> {
        let Some(text) = self.text_of(file) else { return Ok(()) };
        let exports: Vec<Range<usize>> = self
            .all
            .iter()
            .filter(|one| one.defines && one.thing == Thing::Export { file: file.to_owned(), name: old.to_owned() })
            .map(|one| one.range.clone())
            .collect();
        // Without the function there is nothing to keep.
        let [export] = &exports[..] else { return Ok(()) };
        let identifier = new.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && new.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
            && !RESERVED.contains(&new);
        let alone = words(&text, old) == [export.clone()] && words(&text, new).is_empty();
        let imported = self.all.iter().any(|one| one.thing == Thing::File(file.to_owned()) && is_module(&one.file));
        self.types(file, &text, old, new);
        if identifier && alone && !imported {
            self.edit(file, export.clone(), new);
            return self.replace_explicit(file, old, new);
        }
        let why =
            if identifier { "other code may count on it".to_owned() } else { format!("`{new}` cannot be a function's name") };
        self.out.notes.push(format!("The function in {file} stays `{old}`, as {why}; the handler now says `export: {old}`."));
        self.keep_export(old);
        Ok(())
    }

    /// Texts for people and models that speak of the tool: they are left as they are, and named.
    fn note_mentions(&mut self, old: &str) {
        let telling = old.contains(|letter: char| !letter.is_ascii_alphabetic());
        let mut files = Vec::new();
        let texts = self.pack.files().filter(|file| has_ending(file, &["md", "markdown", "json"]));
        for file in [MANIFEST].into_iter().chain(texts) {
            let Some(text) = self.text_of(file) else { continue };
            let edited = |place: &Range<usize>| {
                self.out
                    .edits
                    .iter()
                    .any(|edit| edit.file == file && edit.range.start <= place.start && place.end <= edit.range.end)
            };
            let spoken =
                |place: &Range<usize>| telling || (text[..place.start].ends_with('`') && text[place.end..].starts_with('`'));
            let named = |place: &Range<usize>| {
                // What is named and stays is no mention: a function, a file.
                self.all.iter().any(|one| one.file == file && one.range.start <= place.start && place.end <= one.range.end)
            };
            if words(&text, old).iter().any(|place| spoken(place) && !edited(place) && !named(place)) {
                files.push(file.to_owned());
            }
        }
        if !files.is_empty() {
            self.out.notes.push(format!("`{old}` is also spoken of in {}: read those texts again.", files.join(", ")));
        }
    }

    /// Handlers that name the function by `export`.
    fn replace_explicit(&mut self, file: &str, old: &str, new: &str) -> Result<(), String> {
        let thing = Thing::Export { file: file.to_owned(), name: old.to_owned() };
        let places: Vec<Use> = self
            .all
            .iter()
            .filter(|one| one.thing == thing && one.file == MANIFEST && one.written != Written::Implied)
            .cloned()
            .collect();
        for one in places {
            if one.written == Written::Otherwise {
                return Err(by_hand(self.pack.manifest_text, &one));
            }
            self.edit(MANIFEST, one.range, new);
        }
        Ok(())
    }

    /// Says in the tool's handler what its function is called.
    fn keep_export(&mut self, old: &str) {
        let tools = self.pack.root.get("tools").map(yaml::Node::items).unwrap_or_default();
        let handler = tools.iter().find(|tool| tool.text_at("name") == Some(old)).and_then(|tool| tool.get("handler"));
        let Some(handler) = handler else { return };
        let text = self.pack.manifest_text;
        let written = text.get(handler.span.clone()).unwrap_or_default().to_owned();
        let export = write::word(old);
        match handler.key("path") {
            None => self.edit(MANIFEST, handler.span.clone(), format!("{{path: {written}, export: {export}}}")),
            Some(key) if written.starts_with('{') => {
                self.edit(MANIFEST, key.span.start..key.span.start, format!("export: {export}, "));
            }
            Some(key) => {
                let line = super::cursor::line_start(text, key.span.start);
                let indent = " ".repeat(key.span.start - line);
                let end = if text[line..].contains("\r\n") { "\r\n" } else { "\n" };
                self.edit(MANIFEST, key.span.start..key.span.start, format!("export: {export}{end}{indent}"));
            }
        }
    }

    /// The types that are generated for the tool, in its handler: `SearchBooks.Input`.
    fn types(&mut self, file: &str, text: &str, old: &str, new: &str) {
        let (old, new) = (type_name(old), type_name(new));
        let outline = self.pack.languages.outline(file, text);
        let imports = outline.map(|outline| outline.imports).unwrap_or_default();
        let Some(import) = imports.iter().find(|import| import.from == "packwright:tools") else { return };
        if old == new || old.is_empty() || !words(text, &new).is_empty() {
            return;
        }
        let import_line = super::cursor::line_start(text, import.span.start)..import.span.start;
        for place in words(text, &old) {
            let behind = &text[place.end..];
            let named = import_line.contains(&place.start);
            if named || behind.starts_with(".Input") || behind.starts_with(".Output") {
                self.edit(file, place, new.clone());
            }
        }
    }

    /// Sorts the edits and reads the result again.
    fn finish(mut self) -> Result<Rename, String> {
        let mut edits = std::mem::take(&mut self.out.edits);
        edits.sort_by(|one, other| {
            (&one.file, one.range.start, one.range.end).cmp(&(&other.file, other.range.start, other.range.end))
        });
        edits.dedup();
        let mut files: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
        edits.iter().for_each(|edit| files.entry(&edit.file).or_default().push(edit));
        for (file, edits) in files {
            let text = self.text_of(file).unwrap_or_default();
            if has_ending(file, &["yaml", "yml", "ygtc"]) && yaml::parse(&text).is_err() {
                return Err(format!("{} is broken. Mend it first, so that no name is missed.", shown(file)));
            }
            let apart = edits.windows(2).all(|pair| pair[0].range.end <= pair[1].range.start);
            let after = apart.then(|| applied(&text, &edits)).flatten();
            if !after.is_some_and(|after| self.reads_as_before(file, &text, &after)) {
                return Err(format!("The change of {} could not be made safely; change the name there by hand.", shown(file)));
            }
        }
        self.out.edits = edits;
        Ok(self.out)
    }

    /// True when a changed text can still be read, and names as much as before.
    fn reads_as_before(&self, file: &str, before: &str, after: &str) -> bool {
        if has_ending(file, &["json"]) {
            return json::parse(after).1.len() <= json::parse(before).1.len();
        }
        if !has_ending(file, &["yaml", "yml", "ygtc"]) {
            return true;
        }
        match (file, yaml::parse(after)) {
            (MANIFEST, Ok(root)) => {
                let manifest = Manifest::read(&root).unwrap_or_default();
                let read = |path: &str| self.pack.text(path).map(|text| Cow::Owned(text.into_owned()));
                let pack = Pack {
                    manifest_text: after,
                    root: &root,
                    manifest: &manifest,
                    entries: self.pack.entries,
                    read: &read,
                    languages: self.pack.languages,
                };
                let count = |uses: &[Use]| uses.iter().filter(|one| one.written != Written::Implied).count();
                let own: Vec<Use> = self.all.iter().filter(|one| one.file == MANIFEST).cloned().collect();
                // One that was implied may be written down now.
                let now = count(&uses::of_file(&pack, MANIFEST, after));
                now == count(&own) || now == count(&own) + 1
            }
            (_, after) => after.is_ok(),
        }
    }
}

/// The same thing under another name.
fn with_name(thing: &Thing, new: &str) -> Thing {
    let new = new.to_owned();
    match thing {
        Thing::Tool(_) => Thing::Tool(new),
        Thing::File(_) => Thing::File(new),
        Thing::Credential(_) => Thing::Credential(new),
        Thing::Rule(number, _) => Thing::Rule(*number, new),
        Thing::Workflow(_) => Thing::Workflow(new),
        Thing::Component(_) => Thing::Component(new),
        Thing::Profile(_) => Thing::Profile(new),
        Thing::Contract(_) => Thing::Contract(new),
        Thing::Case { file, .. } => Thing::Case { file: file.clone(), name: new },
        Thing::Export { file, .. } => Thing::Export { file: file.clone(), name: new },
        Thing::Node { file, .. } => Thing::Node { file: file.clone(), name: new },
        Thing::Part { file, root, pointer } => {
            let before = pointer.rsplit_once('/').map_or("", |(before, _)| before);
            Thing::Part { file: file.clone(), root: *root, pointer: format!("{before}/{new}") }
        }
    }
}

/// A path from a folder, in the manner of the one that stood there.
fn near(folder: &str, to: &str, written: &str, old: &str) -> String {
    let path = relative(folder, to);
    let path = if written.starts_with('.') && !path.starts_with('.') { format!("./{path}") } else { path };
    let ending = old.rsplit_once('.').map_or("", |(_, ending)| ending);
    // TypeScript lets the ending out.
    if is_module(old) && !written.ends_with(&format!(".{ending}")) {
        path.rsplit_once('.').map_or(path.clone(), |(stem, _)| stem.to_owned())
    } else {
        path
    }
}

/// A path as it stands in a file: a link of Markdown ends at a blank.
fn as_link(file: &str, path: String) -> String {
    if !has_ending(file, &["md"]) {
        return path;
    }
    path.replace(' ', "%20").replace('(', "%28").replace(')', "%29")
}

/// A text with edits that are in order and apart.
fn applied(text: &str, edits: &[&Edit]) -> Option<String> {
    let mut out = text.to_owned();
    for edit in edits.iter().rev() {
        out.get(edit.range.clone())?;
        out.replace_range(edit.range.clone(), &edit.text);
    }
    Some(out)
}

/// Where a word stands in a program, as a whole.
fn words(text: &str, word: &str) -> Vec<Range<usize>> {
    let part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
    let alone = |at: &usize| !text[..*at].ends_with(part) && !text[at + word.len()..].starts_with(part);
    text.match_indices(word).map(|(at, _)| at).filter(alone).map(|at| at..at + word.len()).collect()
}

/// `search_books` as `SearchBooks`.
fn type_name(tool: &str) -> String {
    let mut out = String::new();
    for part in tool.split(['_', '-', '.']) {
        let mut letters = part.chars();
        out.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
    out
}

/// Words that no function can be called.
const RESERVED: &[&str] = &[
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "var",
    "void",
    "while",
    "with",
    "yield",
];
