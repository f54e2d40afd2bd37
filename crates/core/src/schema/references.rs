//! Where a schema's references lead: within its file, to another file of the pack, or out of it.
//!
//! This is what a schema means by its `$ref`s, told before anything is compiled. Addresses are resolved as JSON Schema says, with two
//! additions for packs: a relative path is a path in the pack, seen from the file that writes it, also when that file has an `$id`
//! of its own; and nothing is ever fetched.

use super::bounds::decoded;
use super::escaped;
use super::keywords::{Draft, children};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap, HashSet};
use url::Url;

/// Answers with a file of the pack, read as JSON; `None` when there is no such file, or it is no JSON.
pub type Files<'a> = dyn Fn(&str) -> Option<Value> + 'a;

/// A reference and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// A JSON pointer to the keyword.
    pub at: String,
    /// `$ref`, `$dynamicRef` or `$recursiveRef`.
    pub keyword: &'static str,
    /// As the author wrote it.
    pub written: String,
    pub target: Target,
}

/// Where a reference leads. Pointers are JSON pointers, without `#`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To a part of the same file.
    Within { pointer: String },
    /// To a part of another file of the pack.
    File { path: String, pointer: String },
    /// To a draft's own schema, which is known here.
    Draft { address: String },
    /// Into the network: never followed.
    Network { address: String },
    /// To a path outside the pack.
    Outside,
    /// To a file that the pack does not have.
    NoFile { path: String },
    /// To a part that its file, or the other file, does not have.
    NoPart { path: Option<String>, part: String },
}

/// One file's schema, with all that references need to know of it.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) path: String,
    pub(super) value: Value,
    /// What `$schema` says, when it is a known draft.
    pub(super) declared: Option<Draft>,
    pub(super) draft: Draft,
    /// Where schemas stand: JSON pointers.
    pub(super) schemas: HashSet<String>,
    /// By whole address, without `#`: the pointer of the schema whose `$id` it is.
    addresses: HashMap<String, String>,
    /// By the pointer of the schema with the `$id` that they belong to, and their name.
    anchors: HashMap<(String, String), String>,
    /// Names of `$dynamicAnchor`s, with how often each stands there.
    pub(super) dynamic: BTreeMap<String, usize>,
    /// Parts that say `$recursiveAnchor: true`.
    pub(super) recursive: usize,
    written: Vec<Written>,
}

/// A reference before it is resolved.
#[derive(Debug)]
struct Written {
    at: String,
    keyword: &'static str,
    reference: String,
    /// The pointer of the schema whose `$id` is its base.
    resource: String,
    base: Option<Url>,
}

impl Document {
    /// Reads a file's schema. `inherited` is the draft of the file that refers to it.
    pub(super) fn read(path: &str, value: Value, inherited: Option<Draft>) -> Self {
        let declared = value.get("$schema").and_then(Value::as_str).and_then(Draft::named);
        let mut document = Self {
            path: path.to_owned(),
            declared,
            draft: declared.or(inherited).unwrap_or(Draft::Y2020),
            schemas: HashSet::new(),
            addresses: HashMap::new(),
            anchors: HashMap::new(),
            dynamic: BTreeMap::new(),
            recursive: 0,
            written: Vec::new(),
            value: Value::Null,
        };
        document.gather(&value, &mut String::new(), "", None);
        document.value = value;
        document
    }

    fn gather(&mut self, schema: &Value, pointer: &mut String, resource: &str, base: Option<&Url>) {
        self.schemas.insert(pointer.clone());
        let Value::Object(keywords) = schema else { return };
        let (mut resource, mut base) = (resource.to_owned(), base.cloned());
        if let Some(Value::String(id)) = keywords.get(self.draft.id_key()) {
            let (address, fragment) = id.split_once('#').unwrap_or((id, ""));
            if !address.is_empty() {
                let whole = match &base {
                    Some(base) => base.join(address).ok(),
                    None => file_address(&self.path).and_then(|base| base.join(address).ok()),
                };
                if let Some(whole) = whole {
                    resource.clone_from(pointer);
                    self.addresses.insert(whole.to_string(), pointer.clone());
                    base = Some(whole);
                }
            } else if !fragment.is_empty() && self.draft < Draft::Y2019 {
                self.anchors.insert((resource.clone(), fragment.to_owned()), pointer.clone());
            }
        }
        for key in ["$anchor", "$dynamicAnchor"] {
            if let Some(Value::String(name)) = keywords.get(key) {
                self.anchors.insert((resource.clone(), name.clone()), pointer.clone());
                if key == "$dynamicAnchor" {
                    *self.dynamic.entry(name.clone()).or_default() += 1;
                }
            }
        }
        if keywords.get("$recursiveAnchor") == Some(&Value::Bool(true)) {
            self.recursive += 1;
        }
        for keyword in ["$ref", "$dynamicRef", "$recursiveRef"] {
            if let Some(Value::String(reference)) = keywords.get(keyword) {
                self.written.push(Written {
                    at: format!("{pointer}/{keyword}"),
                    keyword,
                    reference: reference.clone(),
                    resource: resource.clone(),
                    base: base.clone(),
                });
            }
        }
        let length = pointer.len();
        for child in children(keywords) {
            child.extend(pointer);
            self.gather(child.schema, pointer, &resource, base.as_ref());
            pointer.truncate(length);
        }
    }

    /// The part that a fragment names, seen from the schema with an `$id` that it belongs to.
    fn part(&self, resource: &str, fragment: &str) -> Option<String> {
        let fragment = decoded(fragment);
        if fragment.is_empty() {
            return Some(resource.to_owned());
        }
        if fragment.starts_with('/') {
            let pointer = format!("{resource}{fragment}");
            return self.value.pointer(&pointer).map(|_| pointer);
        }
        self.anchors.get(&(resource.to_owned(), fragment)).cloned()
    }

    /// Where the author may be found wanting: the schema that stands at a pointer, or above it, and the keyword below it.
    pub(super) fn keyword_at(&self, pointer: &str) -> Option<String> {
        let mut schema = pointer;
        loop {
            if self.schemas.contains(schema) {
                let rest = pointer[schema.len()..].strip_prefix('/')?;
                let step = rest.split('/').next().unwrap_or_default();
                return Some(step.replace("~1", "/").replace("~0", "~"));
            }
            schema = &schema[..schema.rfind('/')?];
        }
    }
}

/// All files that a schema needs, itself first.
#[derive(Debug)]
pub(super) struct Documents {
    pub(super) all: Vec<Document>,
    /// What each of them refers to, in the same order.
    pub(super) references: Vec<Vec<Reference>>,
    /// Files past the most that are read.
    pub(super) too_many: bool,
}

/// True when a reference may lead to another file: a quick look, which errs on the side of yes.
pub(super) fn names_a_file(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(names_a_file),
        Value::Object(entries) => entries.iter().any(|(key, below)| match below {
            Value::String(text) => matches!(key.as_str(), "$ref" | "$dynamicRef") && !text.starts_with('#'),
            below => names_a_file(below),
        }),
        _ => false,
    }
}

/// How many files a schema may be spread over.
const MAX_FILES: usize = 200;

impl Documents {
    /// Reads a schema and the files that it refers to, and those that they refer to.
    pub(super) fn gather(path: &str, schema: &Value, files: &Files<'_>) -> Self {
        let first = Document::read(path, schema.clone(), None);
        let mut found = Self { all: vec![first], references: Vec::new(), too_many: false };
        let mut missing = HashSet::new();
        while found.references.len() < found.all.len() {
            let at = found.references.len();
            let mut wanted = Vec::new();
            for written in &found.all[at].written {
                if let Lead::File(path, _) = found.all[at].lead(written) {
                    wanted.push(path);
                }
            }
            let draft = found.all[at].draft;
            for path in wanted {
                if missing.contains(&path) || found.position(&path).is_some() {
                    continue;
                }
                if found.all.len() >= MAX_FILES {
                    found.too_many = true;
                    break;
                }
                match files(&path).filter(|value| !super::bounds::nests_deeper(value, super::MAX_DEPTH)) {
                    Some(value) => found.all.push(Document::read(&path, value, Some(draft))),
                    None => {
                        missing.insert(path);
                    }
                }
            }
            let references = found.all[at].written.iter().map(|written| found.resolve(at, written)).collect();
            found.references.push(references);
        }
        found
    }

    pub(super) fn position(&self, path: &str) -> Option<usize> {
        self.all.iter().position(|document| document.path == path)
    }

    fn resolve(&self, at: usize, written: &Written) -> Reference {
        let document = &self.all[at];
        let target = match document.lead(written) {
            Lead::Within(resource, fragment) => match document.part(&resource, &fragment) {
                Some(pointer) => Target::Within { pointer },
                None => Target::NoPart { path: None, part: written.reference.clone() },
            },
            Lead::Draft(address) => Target::Draft { address },
            Lead::Network(address) => Target::Network { address },
            Lead::Outside => Target::Outside,
            Lead::File(path, fragment) => match self.position(&path).map(|at| &self.all[at]) {
                None => Target::NoFile { path },
                Some(other) => match other.part("", &fragment) {
                    Some(pointer) => Target::File { path, pointer },
                    None => Target::NoPart { path: Some(path), part: format!("#{fragment}") },
                },
            },
        };
        Reference { at: written.at.clone(), keyword: written.keyword, written: written.reference.clone(), target }
    }
}

/// Where a reference's address leads, before its part is looked up.
enum Lead {
    Within(String, String),
    File(String, String),
    Draft(String),
    Network(String),
    Outside,
}

impl Document {
    fn lead(&self, written: &Written) -> Lead {
        let (address, fragment) = written.reference.split_once('#').unwrap_or((&written.reference, ""));
        if address.is_empty() {
            return Lead::Within(written.resource.clone(), fragment.to_owned());
        }
        let fragment = fragment.to_owned();
        let absolute = Url::parse(address).ok();
        let whole = match (&absolute, &written.base) {
            (Some(absolute), _) => Some(absolute.clone()),
            (None, Some(base)) => base.join(address).ok(),
            (None, None) => None,
        };
        if let Some(resource) = whole.and_then(|whole| self.addresses.get(whole.as_str()).cloned()) {
            return Lead::Within(resource, fragment);
        }
        if let Some(absolute) = absolute {
            let known = Draft::named(address).is_some() || absolute.as_str().starts_with("https://json-schema.org/draft/");
            return if known { Lead::Draft(address.to_owned()) } else { Lead::Network(absolute.into()) };
        }
        match beside(&self.path, &decoded(address)) {
            Some(path) if path == self.path => Lead::Within(String::new(), fragment),
            Some(path) => Lead::File(path, fragment),
            None => Lead::Outside,
        }
    }
}

/// A path as an address, to join others to.
fn file_address(path: &str) -> Option<Url> {
    Url::parse("pack:///").ok()?.join(path).ok()
}

/// A path that is written in a file, as the pack's folder lists it; `None` when it leaves the pack.
fn beside(file: &str, written: &str) -> Option<String> {
    if written.starts_with('/') || written.contains('\\') {
        return None;
    }
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for step in written.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// The circles of references that lead from a value back to the same value, so that checking it would never end: the pointer of one
/// reference of each, in the first document.
pub(super) fn circles(documents: &Documents) -> Vec<Reference> {
    let mut search = Circles::of(documents, false);
    for reference in &documents.references[0] {
        search.go(0, reference, (0, reference), MAX_STEPS);
    }
    search.found.into_iter().map(|(_, reference)| reference.clone()).collect()
}

/// The circles among some files of a pack that run through more than one of them: the file and one reference of each.
pub(crate) fn circles_across(paths: &[&str], files: &Files<'_>) -> Vec<(String, Reference)> {
    // A schema that refers to each of them, at a place that no pack has.
    let named = paths.iter().map(|path| serde_json::json!({ "$ref": fragment(path).replace(':', "%3A") }));
    let documents = Documents::gather("", &serde_json::json!({ "anyOf": named.collect::<Vec<_>>() }), files);
    let mut search = Circles::of(&documents, true);
    for (document, references) in documents.references.iter().enumerate().skip(1) {
        for reference in references {
            search.visit(document, holder(reference), (document, reference), MAX_STEPS);
        }
    }
    let path = |document: usize| documents.all[document].path.clone();
    search.found.iter().map(|(document, reference)| (path(*document), (*reference).clone())).collect()
}

/// How many steps in place are followed: deeper ones are refused by the bounds.
const MAX_STEPS: usize = 1000;

/// How many circles are told: who mends fifty finds the others.
const MAX_CIRCLES: usize = 50;

/// A reference and the document that it stands in.
type Came<'a> = (usize, &'a Reference);

struct Circles<'a> {
    documents: &'a Documents,
    /// Where a reference is in its document's list, by document and pointer.
    places: HashMap<(usize, &'a str), usize>,
    /// True when only circles through several documents count, wherever they run; otherwise those that touch the first.
    across: bool,
    /// `false` while a part is being followed, `true` when it was found to end.
    state: HashMap<(usize, String), bool>,
    /// The parts that are being followed.
    way: Vec<(usize, String)>,
    found: Vec<Came<'a>>,
}

impl<'a> Circles<'a> {
    fn of(documents: &'a Documents, across: bool) -> Self {
        let mut places = HashMap::new();
        for (document, references) in documents.references.iter().enumerate() {
            places.extend(references.iter().enumerate().map(|(at, reference)| ((document, reference.at.as_str()), at)));
        }
        Self { documents, places, across, state: HashMap::new(), way: Vec::new(), found: Vec::new() }
    }

    fn visit(&mut self, document: usize, pointer: &str, came: Came<'a>, left: usize) {
        let key = (document, pointer.to_owned());
        match self.state.get(&key) {
            Some(true) => return,
            Some(false) => {
                let mut circle = self.way.iter().rev().take_while(|part| **part != key);
                let counts = !self.across || circle.any(|(other, _)| *other != document);
                if counts && self.found.len() < MAX_CIRCLES && !self.found.contains(&came) {
                    self.found.push(came);
                }
                return;
            }
            None => {}
        }
        let Some(left) = left.checked_sub(1) else { return };
        self.state.insert(key.clone(), false);
        self.way.push(key.clone());
        let value = self.documents.all[document].value.pointer(pointer);
        if let Some(keywords) = value.and_then(Value::as_object) {
            self.follow(document, pointer, keywords, came, left);
        }
        self.way.pop();
        self.state.insert(key, true);
    }

    /// Goes where a reference of a document leads.
    fn go(&mut self, document: usize, reference: &Reference, came: Came<'a>, left: usize) {
        match &reference.target {
            Target::Within { pointer } => self.visit(document, pointer, came, left),
            Target::File { path, pointer } => {
                if let Some(other) = self.documents.position(path) {
                    self.visit(other, pointer, came, left);
                }
            }
            _ => {}
        }
    }

    fn follow(&mut self, document: usize, pointer: &str, keywords: &Map<String, Value>, came: Came<'a>, left: usize) {
        for keyword in ["$ref", "$dynamicRef", "$recursiveRef"] {
            if !keywords.contains_key(keyword) {
                continue;
            }
            let at = format!("{pointer}/{keyword}");
            let Some(&place) = self.places.get(&(document, at.as_str())) else { continue };
            let reference = &self.documents.references[document][place];
            let came = if document == 0 || self.across { (document, reference) } else { came };
            self.go(document, reference, came, left);
        }
        for child in children(keywords).iter().filter(|child| child.stays()) {
            let mut below = pointer.to_owned();
            child.extend(&mut below);
            self.visit(document, &below, came, left);
        }
    }
}

/// A part of a file as what may follow `#` in a reference.
pub(super) fn fragment(pointer: &str) -> String {
    let mut out = String::with_capacity(pointer.len());
    for byte in pointer.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/$+!*'(),:@&=;".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A reference's place without its keyword: the schema that it stands in.
pub(super) fn holder(reference: &Reference) -> &str {
    &reference.at[..reference.at.len() - reference.keyword.len() - 1]
}

/// The pointer of an entry below another.
pub(super) fn below(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", escaped(name))
}
