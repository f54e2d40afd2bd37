//! Completion: what can be written at the cursor.
//!
//! [`super::cursor`] says where the cursor stands, [`super::grammar`] what belongs there; here the two become offers. The whole file is
//! not read for it, so that a long manifest is as quick as a short one.

mod data;
mod schemas;
mod snippet;
mod values;

pub(super) use data::at as schemas_at;
pub(super) use schemas::relative;
pub(super) use values::holds_cases;

use super::cursor::{self, Place, Slot, Step};
use super::grammar::Grammar;
use super::keywords::Part;
use super::{Completion, CompletionKind, Pack, has_ending};
use crate::content::Kind;
use crate::folder::MANIFEST;
use crate::rules::{self, Rule, allow};
use crate::shape::{CAPABILITIES_EXTENSION, KeyInfo, Keys, Shape};
use crate::yaml::write;
use std::ops::Range;

/// Most offers at one place: past it, an author types another letter.
const MOST: usize = 1000;

/// What can be written at a place of a file. `offset` counts bytes; inside a character it counts as the character's begin.
pub fn complete(pack: &Pack<'_>, path: &str, text: &str, offset: usize) -> Vec<Completion> {
    let offset = text.floor_char_boundary(offset.min(text.len()));
    let kind = pack.kind(path);
    if let Some(found) = codes(text, offset) {
        return found;
    }
    let (grammar, json) = match kind {
        None => (Grammar::MANIFEST, false),
        Some(Kind::Schema) if has_ending(path, &["json"]) => (Grammar::SCHEMA, true),
        Some(Kind::Cases) => (Grammar::CASES, false),
        Some(Kind::Recording) => (Grammar::RECORDING, false),
        Some(_) => return Vec::new(),
    };
    if path == MANIFEST
        && let Some(found) = secrets(pack, text, offset)
    {
        return found;
    }
    let Some(place) = (if json { cursor::json(text, offset) } else { cursor::yaml(text, offset) }) else { return Vec::new() };
    let mut offers = Offers { pack, path, text, offset, json, place, out: Vec::new() };
    let here = grammar.at(&offers.place.path);
    match here {
        Grammar::Schema(part) => offers.of_schema(part),
        Grammar::Shape(shape, info) => offers.of_shape(shape, info),
        Grammar::Unknown => {}
    }
    if kind == Some(Kind::Cases) {
        offers.of_case();
    }
    offers.out.truncate(MOST);
    if text.find('\n').is_some_and(|at| text[..at].ends_with('\r')) {
        offers.out.iter_mut().for_each(|offer| offer.insert = offer.insert.replace('\n', "\r\n"));
    }
    offers.out
}

/// Names of credentials, where a text asks for a secret: behind `${secrets["`.
fn secrets(pack: &Pack<'_>, text: &str, offset: usize) -> Option<Vec<Completion>> {
    const OPEN: &str = "${secrets[";
    let line = &text[cursor::line_start(text, offset)..offset];
    let inner = &line[line.rfind(OPEN)? + OPEN.len()..];
    let word = inner.trim_start_matches(['\\', '"', '\'']);
    if word.contains(['"', '\'', ']', '\\']) {
        return None;
    }
    let opened = inner.len() > word.len();
    let rest = &text[offset..cursor::line_end(text, offset)];
    let length = rest.find(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.'))).unwrap_or(rest.len());
    // A text in double quotes has them escaped inside.
    let escaped = inner.starts_with('\\') || (!opened && line.trim_end_matches(OPEN).ends_with('"'));
    let quote = if escaped { "\\\"" } else { "\"" };
    let before = if opened { "" } else { quote };
    let closed = rest[length..].starts_with([if escaped { '\\' } else { '"' }, ']']);
    let after = if closed { String::new() } else { format!("{quote}]}}") };
    let range = offset - word.len()..offset + length;
    let named = pack.credentials().filter_map(|credential| Some((credential.name.as_ref()?.value.as_str(), credential)));
    let mut out = Vec::new();
    for (number, (name, credential)) in named.enumerate().filter(|(_, (name, _))| fits(word, name)) {
        out.push(Completion {
            label: name.to_owned(),
            kind: CompletionKind::Name,
            detail: Some(credential.kind.as_ref().map_or("credential", |kind| kind.value.as_str()).to_owned()),
            docs: credential.description.as_ref().map(|text| text.value.clone()),
            insert: format!("{before}{name}{after}"),
            snippet: false,
            range: range.clone(),
            filter: name.to_owned(),
            sort: format!("{number:04}"),
        });
    }
    Some(out)
}

/// Codes of rules, where a remark allows a finding: behind `# packwright: allow `.
fn codes(text: &str, offset: usize) -> Option<Vec<Completion>> {
    let line = &text[cursor::line_start(text, offset)..offset];
    let at = line.rfind(allow::WORDS).filter(|at| line[..*at].contains(['#', '/', '<', '-']))?;
    let word = &line[at + allow::WORDS.len()..];
    let rest = &text[offset..cursor::line_end(text, offset)];
    let is_code = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '/');
    if !word.chars().all(is_code) {
        return None;
    }
    let length = rest.find(|letter| !is_code(letter)).unwrap_or(rest.len());
    let after = if rest[length..].trim().is_empty() { " — " } else { "" };
    let offer = |rule: &Rule| Completion {
        label: rule.code.to_owned(),
        kind: CompletionKind::Name,
        detail: None,
        docs: Some(format!("{}\n\n{}", rule.summary, rule.why)),
        insert: format!("{}{after}", rule.code),
        snippet: false,
        range: offset - word.len()..offset + length,
        filter: rule.code.to_owned(),
        sort: rule.code.to_owned(),
    };
    Some(rules::all().filter(|rule| fits(word, rule.code)).map(offer).collect())
}

/// True when the letters of what was typed stand in a name in their order: what editors go by.
fn fits(typed: &str, name: &str) -> bool {
    let mut letters = name.chars().flat_map(char::to_lowercase);
    typed.chars().flat_map(char::to_lowercase).all(|letter| letters.by_ref().any(|one| one == letter))
}

/// What is offered at one place.
struct Offers<'p, 'a> {
    pack: &'a Pack<'p>,
    path: &'a str,
    text: &'a str,
    offset: usize,
    json: bool,
    place: Place<'a>,
    out: Vec<Completion>,
}

/// Something to offer, before it is fitted to its place.
struct Offer<'o> {
    label: &'o str,
    kind: CompletionKind,
    detail: Option<String>,
    docs: Option<String>,
    rank: usize,
}

impl<'o> Offer<'o> {
    fn new(label: &'o str, kind: CompletionKind, rank: usize) -> Self {
        Self { label, kind, detail: None, docs: None, rank }
    }

    fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into()).filter(|text| !text.is_empty());
        self
    }

    fn docs(mut self, docs: impl Into<String>) -> Self {
        self.docs = Some(docs.into()).filter(|text| !text.is_empty());
        self
    }
}

impl Offers<'_, '_> {
    /// Offers a text as it is.
    fn offer(&mut self, offer: Offer<'_>, insert: String, snippet: bool) {
        self.offer_at(offer, insert, snippet, self.place.range.clone(), self.place.typed.len());
    }

    fn offer_at(&mut self, offer: Offer<'_>, insert: String, snippet: bool, range: Range<usize>, typed: usize) {
        let typed = &self.text[self.offset - typed..self.offset];
        if !fits(typed, offer.label) {
            return;
        }
        // What begins as was typed comes before what only holds it.
        let (small, typed) = (offer.label.to_lowercase(), typed.to_lowercase());
        let far = if small.starts_with(&typed) { 0 } else { 2000 + 2000 * usize::from(!small.contains(&typed)) };
        let gap = if self.place.gap { " " } else { "" };
        let filter = match self.place.quote {
            Some(quote) if range.start == self.place.range.start => format!("{quote}{}", offer.label),
            _ => offer.label.to_owned(),
        };
        self.out.push(Completion {
            label: offer.label.to_owned(),
            kind: offer.kind,
            detail: offer.detail,
            docs: offer.docs,
            insert: format!("{gap}{insert}"),
            snippet,
            range,
            filter,
            sort: format!("{:04} {}", offer.rank.min(1999) + far, offer.label),
        });
    }

    /// Offers a word as a value: quoted where it must be, and in brackets or behind a dash where a list is wanted.
    fn word(&mut self, offer: Offer<'_>, list: bool) {
        let mut insert = self.written(offer.label);
        if list {
            insert = match self.place.slot {
                Slot::Open => format!("- {insert}"),
                _ if self.json => format!("[{insert}]"),
                _ => format!("[{insert}]"),
            };
        }
        self.offer(offer, insert, false);
    }

    /// A text as it is written at this place.
    fn written(&self, text: &str) -> String {
        match self.place.quote {
            _ if self.json => serde_json::Value::from(text).to_string(),
            Some(quote) if !text.contains([quote, '\\']) => format!("{quote}{text}{quote}"),
            _ => write::word(text),
        }
    }

    /// What a table says of this place.
    fn of_shape(&mut self, shape: &'static Shape, info: Option<&'static KeyInfo>) {
        match (self.place.slot, shape) {
            (Slot::Key | Slot::Open, Shape::Table(_)) => self.names_of_table(info),
            (Slot::Key, _) => self.keys_of(shape),
            (Slot::Open, Shape::List(item)) if item.keys().is_some() => self.new_item(item, info),
            (Slot::Open, shape) if shape.keys().is_some() => {
                self.keys_of(shape);
                if !matches!(shape, Shape::Map(_)) && self.place.siblings.is_empty() {
                    // A path may stand here too.
                    self.values(shape, info);
                }
            }
            // A schema that was begun.
            (Slot::Open, Shape::Either(..)) if !self.place.siblings.is_empty() => {}
            (Slot::Open | Slot::Value, shape) => {
                self.values(shape, info);
                if let (Slot::Value, Shape::Map(keys)) = (self.place.slot, shape) {
                    self.whole(keys);
                }
            }
        }
        if matches!(self.place.slot, Slot::Key | Slot::Open)
            && info.is_some_and(|info| info.leads_to == Some(crate::shape::LeadsTo::Schema))
        {
            self.of_schema(Part::Schema);
        }
    }

    fn keys_of(&mut self, shape: &'static Shape) {
        let Some(keys) = shape.keys() else { return };
        let pending = keys.keys.iter().enumerate().filter(|(_, info)| !self.place.has(info.name));
        // What a case expects is one thing; a manifest has a name or an id.
        let told = keys.name == "Expect" && !self.place.siblings.is_empty();
        for (number, info) in pending.collect::<Vec<_>>() {
            let rank = number + if info.required || (keys.name == "Manifest" && info.name == "name") { 0 } else { 100 };
            if told {
                continue;
            }
            let mut offer = Offer::new(info.name, CompletionKind::Key, rank).docs(info.about.trim()).detail(detail_of(info));
            if info.required {
                offer = offer.detail("required");
            }
            let (insert, snippet) = self.key_insert(info);
            self.offer(offer, insert, snippet);
        }
    }

    /// Names for a mapping that may have any: those that are known to mean something.
    fn names_of_table(&mut self, info: Option<&'static KeyInfo>) {
        let keys: Vec<String> = self
            .place
            .path
            .iter()
            .rev()
            .take(2)
            .map(|step| match step {
                Step::Key(key) => key.to_string(),
                Step::Item => String::new(),
            })
            .collect();
        let known: &[&str] = match keys.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["extensions"] => EXTENSIONS,
            ["set" | "headers", "headers"] => HEADERS,
            ["headers", "http"] => ANSWER_HEADERS,
            _ => info.map_or(&[], |info| info.one_of),
        };
        let extension = keys.first().is_some_and(|key| key == "extensions");
        for (rank, name) in known.iter().enumerate() {
            if self.place.has(name) {
                continue;
            }
            let key = self.written(name);
            let (insert, snippet) = match () {
                () if self.place.colon => (key, false),
                () if extension && !self.place.flow => {
                    let inner = " ".repeat(self.place.indent + 2);
                    (format!("{key}:\n{inner}kind: {key}\n{inner}version: ${{1:1.0.0}}\n{inner}inline:\n{inner}  $2"), true)
                }
                () if info.is_some_and(|info| !info.one_of.is_empty()) => (format!("{key}: {{$1}}"), true),
                () => (format!("{key}: $1"), true),
            };
            self.offer(Offer::new(name, CompletionKind::Key, rank), insert, snippet);
        }
    }

    /// A whole item of a list, with what it cannot do without.
    fn new_item(&mut self, item: &'static Shape, info: Option<&'static KeyInfo>) {
        let Some(keys) = item.keys() else { return };
        let mut number = 0;
        let indent = self.place.indent + 2;
        let insert = format!("- {}", snippet::skeleton(keys, indent, &mut number));
        let label = format!("new {}", keys.of.trim_start_matches("a ").trim_start_matches("an "));
        let docs = info.map_or(keys.about, |info| info.about).trim();
        self.offer(Offer::new(&label, CompletionKind::Snippet, 0).docs(docs), insert, true);
    }

    /// A whole mapping on one line.
    fn whole(&mut self, keys: &'static Keys) {
        if !self.place.range.is_empty() {
            return;
        }
        let mut number = 0;
        let insert = snippet::in_braces(keys, &mut number);
        let label = keys.of.to_owned();
        self.offer(Offer::new(&label, CompletionKind::Snippet, 0).docs(keys.about.trim()), insert, true);
    }
}

/// What stands beside a key: what holds when it is left out, or what it wants.
fn detail_of(info: &KeyInfo) -> String {
    match info.usual {
        Some(usual) => format!("left out: {usual}"),
        None => info.shape.wanted(),
    }
}

/// Extensions that some system is known to read.
const EXTENSIONS: &[&str] = &[
    CAPABILITIES_EXTENSION,
    "greentic.deployer.v1",
    "greentic.components",
    "greentic.static-routes.v1",
    "greentic.provider-extension.v1",
];

/// Headers that a request often sets.
const HEADERS: &[&str] = &["Accept", "Accept-Language", "Content-Type", "User-Agent", "X-Api-Key"];

/// Headers that a recording often has.
const ANSWER_HEADERS: &[&str] = &["content-type", "retry-after", "location", "etag", "link"];
