//! Every place of a pack that names something: a tool, a file, a credential. Definition, references, renaming and links go by this
//! list, so that none of them knows more or less than the others.

use super::cursor::{Step, line_end, line_start};
use super::grammar::Grammar;
use super::locate::locate;
use super::{Pack, has_ending};
use crate::content::{Kind, Named};
use crate::folder::MANIFEST;
use crate::json;
use crate::rules::manifest::inside;
use crate::shape::{CAPABILITIES_EXTENSION, LeadsTo, Shape};
use crate::yaml::{Key, Node, Value};
use std::ops::Range;

/// How long a name or a link may be that is looked for in a text.
const LONGEST: usize = 500;

/// Something that has a name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Thing {
    Tool(String),
    /// A file or folder, by its path in the pack.
    File(String),
    Credential(String),
    /// A rule of the capability with this number.
    Rule(usize, String),
    Workflow(String),
    Component(String),
    Profile(String),
    Contract(String),
    Case {
        file: String,
        name: String,
    },
    /// A part of a schema, by its JSON pointer. `root` is where the schema begins: 0, or its place in the manifest.
    Part {
        file: String,
        root: usize,
        pointer: String,
    },
    /// Something that a module gives away.
    Export {
        file: String,
        name: String,
    },
    /// A node of a flow.
    Node {
        file: String,
        name: String,
    },
}

/// A place that names something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Use {
    pub(super) thing: Thing,
    pub(super) file: String,
    /// The bytes that are the name, without quotes; all of a value that cannot be changed.
    pub(super) range: Range<usize>,
    /// True where the thing is made.
    pub(super) defines: bool,
    pub(super) written: Written,
}

/// How a name is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// As a plain word of YAML: another name may need quotes.
    Plain,
    /// Between quotes, or as a part of a text.
    Inside,
    /// As a path from the folder of its file.
    Relative,
    /// With escapes, by an alias or over several lines: nothing can be put in its place.
    Otherwise,
    /// Not at all: a handler's function has its tool's name where `export` does not say another.
    Implied,
}

/// What one file names.
pub(super) fn of_file(pack: &Pack<'_>, path: &str, text: &str) -> Vec<Use> {
    of_kind(pack, pack.kind(path), path, text, None)
}

fn of_kind(pack: &Pack<'_>, kind: Option<Kind>, path: &str, text: &str, only: Option<usize>) -> Vec<Use> {
    let mut uses = Uses { pack, file: path, text, only, out: Vec::new() };
    match kind {
        None => uses.of_manifest(),
        Some(Kind::Schema) => uses.of_schema(&json::parse(text).0, 0, &mut String::new()),
        Some(Kind::Cases) => uses.of_cases(),
        Some(Kind::Eval) => {
            let root = uses.tree();
            uses.of_eval(&root);
        }
        Some(Kind::Handler) => uses.of_handler(),
        Some(Kind::Flow) => uses.of_flow(),
        Some(Kind::Behavior | Kind::Guide) => uses.of_markdown(),
        Some(_) if has_ending(path, &["md", "markdown"]) => uses.of_markdown(),
        Some(_) => {}
    }
    uses.out
}

/// What the whole pack names; the file at `path` has this text.
pub(super) fn of_pack(pack: &Pack<'_>, path: &str, text: &str) -> Vec<Use> {
    let mut out = of_file(pack, path, text);
    if path != MANIFEST {
        out.extend(of_file(pack, MANIFEST, pack.manifest_text));
    }
    let named = Named::by(pack.manifest);
    for other in pack.files().filter(|other| *other != path && *other != MANIFEST) {
        let kind = named.kind(other);
        let told =
            matches!(kind, Kind::Schema | Kind::Cases | Kind::Eval | Kind::Handler | Kind::Flow | Kind::Behavior | Kind::Guide);
        if (told || has_ending(other, &["md", "markdown"]))
            && let Some(text) = pack.text(other)
        {
            out.extend(of_kind(pack, Some(kind), other, &text, None));
        }
    }
    out
}

/// A path that a file names, seen from the pack's folder; `None` when it leaves the pack.
pub(super) fn beside(file: &str, written: &str) -> Option<String> {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in written.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/")).filter(|path| !path.is_empty() && !written.starts_with('/'))
}

struct Uses<'a, 'p> {
    pack: &'a Pack<'p>,
    file: &'a str,
    text: &'a str,
    /// The one place that is asked for: what does not hold it need not be looked into.
    only: Option<usize>,
    out: Vec<Use>,
}

impl Uses<'_, '_> {
    fn tree(&self) -> Node {
        super::tree_of(self.file, self.text)
    }

    fn wanted(&self, node: &Node) -> bool {
        self.only.is_none_or(|offset| node.span.start <= offset && offset <= node.span.end)
    }

    fn push(&mut self, thing: Thing, range: Range<usize>, defines: bool, written: Written) {
        self.out.push(Use { thing, file: self.file.to_owned(), range, defines, written });
    }

    /// Where a word stands without its quotes, and how it is written.
    fn word(&self, span: &Range<usize>, name: &str) -> (Range<usize>, Written) {
        let written = self.text.get(span.clone()).unwrap_or_default();
        if written == name && !name.is_empty() {
            return (span.clone(), Written::Plain);
        }
        let inner = written.strip_prefix(['"', '\'']).and_then(|rest| rest.strip_suffix(['"', '\'']));
        match inner {
            Some(inner) if inner == name => (span.start + 1..span.end - 1, Written::Inside),
            _ => (span.clone(), Written::Otherwise),
        }
    }

    fn name(&mut self, node: &Node, defines: bool, thing: impl FnOnce(String) -> Thing) {
        let Some(name) = node.as_text() else { return };
        let (range, written) = self.word(&node.span, name);
        self.push(thing(name.to_owned()), range, defines, written);
    }

    fn key(&mut self, key: &Key, defines: bool, thing: Thing) {
        let (range, written) = self.word(&key.span, &key.name);
        self.push(thing, range, defines, written);
    }

    /// A path from the pack's folder.
    fn path(&mut self, node: &Node) {
        if let Some(path) = node.as_text().and_then(inside).filter(|path| !path.is_empty()) {
            self.name(node, false, |_| Thing::File(path));
        }
    }

    /// A path from the file's own folder, at a part of the text.
    fn relative(&mut self, written: &str, range: Range<usize>) {
        if let Some(path) = beside(self.file, written) {
            let form = if self.text.get(range.clone()) == Some(written) { Written::Relative } else { Written::Otherwise };
            self.push(Thing::File(path), range, false, form);
        }
    }

    fn of_manifest(&mut self) {
        let root = self.pack.root;
        self.by_table(root, Grammar::MANIFEST);
        self.secrets();
        let list = |key: &str| root.get(key).map(Node::items).unwrap_or_default();
        for tool in list("tools") {
            let Some(name) = tool.get("name").filter(|_| self.wanted(tool)) else { continue };
            self.name(name, true, Thing::Tool);
            let handler = tool.get("handler");
            let path = handler.and_then(|handler| handler.as_text().or_else(|| handler.text_at("path"))).and_then(inside);
            if let (Some(file), Some(called)) = (path.filter(|path| is_module(path)), name.as_text()) {
                if let Some(export) = handler.and_then(|handler| handler.get("export")) {
                    self.name(export, false, |name| Thing::Export { file, name });
                } else {
                    let (range, _) = self.word(&name.span, called);
                    self.push(Thing::Export { file, name: called.to_owned() }, range, false, Written::Implied);
                }
            }
        }
        for credential in list("credentials") {
            credential.get("name").into_iter().for_each(|name| self.name(name, true, Thing::Credential));
        }
        for (number, capability) in list("capabilities").iter().enumerate() {
            for rule in capability.get("allow").map(Node::items).unwrap_or_default() {
                rule.get("name").into_iter().for_each(|name| self.name(name, true, |name| Thing::Rule(number, name)));
            }
            for transform in capability.get("transforms").map(Node::items).unwrap_or_default() {
                for rule in transform.get("applies_to").map(Node::items).unwrap_or_default() {
                    self.name(rule, false, |name| Thing::Rule(number, name));
                }
            }
        }
        for workflow in list("workflows") {
            workflow.get("id").into_iter().for_each(|id| self.name(id, true, Thing::Workflow));
        }
        for component in list("components") {
            component.get("id").into_iter().for_each(|id| self.name(id, true, Thing::Component));
        }
        if let Some(inline) = root.get("extensions").and_then(|all| all.get(CAPABILITIES_EXTENSION)?.get("inline")) {
            self.of_contracts(inline);
        }
    }

    fn of_contracts(&mut self, inline: &Node) {
        for (key, list) in inline.entries() {
            match key.name.as_str() {
                "declaration" => self.of_contracts(list),
                "offers" | "requires" | "consumes" => {
                    for item in list.items() {
                        let offer = key.name == "offers";
                        for (key, value) in item.entries() {
                            match key.name.as_str() {
                                "capability" | "cap_id" => self.name(value, offer && key.name == "capability", Thing::Contract),
                                "profiles" => value.items().iter().for_each(|one| self.name(one, false, Thing::Profile)),
                                "provider" => {
                                    let component = value.get("component_ref");
                                    component.into_iter().for_each(|one| self.name(one, false, Thing::Component));
                                }
                                _ => {}
                            }
                        }
                    }
                }
                "profiles" => {
                    for profile in list.items() {
                        profile.get("id").into_iter().for_each(|id| self.name(id, true, Thing::Profile));
                        self.of_contracts(profile);
                    }
                }
                _ => {}
            }
        }
    }

    /// What the tables say leads somewhere.
    fn by_table(&mut self, node: &Node, grammar: Grammar) {
        let Grammar::Shape(shape, info) = grammar else { return };
        match (&node.value, info.and_then(|info| info.leads_to)) {
            (Value::Text(_), Some(LeadsTo::Tool)) => self.name(node, false, Thing::Tool),
            (Value::Text(_), Some(LeadsTo::Workflow)) => self.name(node, false, Thing::Workflow),
            (Value::Text(case), Some(LeadsTo::Case)) => self.case(node, case),
            (Value::Text(path), Some(LeadsTo::Asset)) => {
                if let Some(path) = inside(path) {
                    self.name(node, false, |_| Thing::File(format!("assets/{path}")));
                }
            }
            (Value::Text(_), Some(leads_to)) if leads_to.is_path() => self.path(node),
            (Value::Map(_), Some(LeadsTo::Schema)) => self.of_schema(node, node.span.start, &mut String::new()),
            (Value::Map(entries), _) => {
                for (key, value) in entries {
                    // Data of other systems leads nowhere that is known here.
                    if !matches!(shape, Shape::Any) && self.wanted(value) {
                        self.by_table(value, grammar.at(&[Step::Key(key.name.as_str().into())]));
                    }
                }
            }
            (Value::List(items), _) => {
                for item in items {
                    if self.wanted(item) {
                        self.by_table(item, grammar.at(&[Step::Item]));
                    }
                }
            }
            _ => {}
        }
    }

    /// `file#name`.
    fn case(&mut self, node: &Node, written: &str) {
        let Some((path, name)) = written.split_once('#') else { return self.path(node) };
        let Some(file) = inside(path) else { return };
        let (range, form) = self.word(&node.span, written);
        let form = if form == Written::Otherwise { form } else { Written::Inside };
        let middle = range.start + path.len();
        let (left, right) = match form {
            Written::Inside => (range.start..middle, middle + 1..range.end),
            _ => (range.clone(), range),
        };
        self.push(Thing::File(file.clone()), left, false, form);
        self.push(Thing::Case { file, name: name.to_owned() }, right, false, form);
    }

    /// `${secrets["name"]}`, wherever a text has it.
    fn secrets(&mut self) {
        let lines = self.only.map_or(0..self.text.len(), |at| line_start(self.text, at)..line_end(self.text, at));
        for (at, _) in self.text[lines.clone()].match_indices("${secrets[") {
            let at = lines.start + at;
            let rest = &self.text[at + "${secrets[".len()..];
            let name = rest.trim_start_matches(['\\', '"', '\'']);
            let start = self.text.len() - name.len();
            if rest.len() == name.len() {
                continue;
            }
            let near = &name[..name.floor_char_boundary(LONGEST.min(name.len()))];
            let length = near.find(['\\', '"', '\'', ']', '\n']).unwrap_or(0);
            if length > 0 {
                let name = name[..length].to_owned();
                self.push(Thing::Credential(name), start..start + length, false, Written::Inside);
            }
        }
    }

    /// References and definitions of a schema, which begins at `root` of the text.
    fn of_schema(&mut self, node: &Node, root: usize, pointer: &mut String) {
        let length = pointer.len();
        for (number, item) in node.items().iter().enumerate() {
            pointer.push_str(&format!("/{number}"));
            self.of_schema(item, root, pointer);
            pointer.truncate(length);
        }
        let definitions = pointer.ends_with("/$defs") || pointer.ends_with("/definitions");
        for (key, value) in node.entries() {
            pointer.push('/');
            pointer.push_str(&key.name.replace('~', "~0").replace('/', "~1"));
            if definitions {
                let thing = Thing::Part { file: self.file.to_owned(), root, pointer: pointer.clone() };
                self.key(key, true, thing);
            }
            match value.as_text() {
                Some(reference) if matches!(key.name.as_str(), "$ref" | "$dynamicRef") => {
                    self.reference(value, reference, root);
                }
                _ => self.of_schema(value, root, pointer),
            }
            pointer.truncate(length);
        }
    }

    fn reference(&mut self, node: &Node, written: &str, root: usize) {
        let (path, fragment) = written.split_once('#').unwrap_or((written, ""));
        if path.contains(':') {
            return;
        }
        let (range, form) = self.word(&node.span, written);
        let target = match path {
            "" => Some((self.file.to_owned(), root)),
            // A schema in the manifest names files from the pack's folder, which is the manifest's.
            path => beside(self.file, path).map(|file| (file, 0)),
        };
        let Some((file, root)) = target else { return };
        let simple = form != Written::Otherwise;
        if !path.is_empty() {
            let part = if simple { range.start..range.start + path.len() } else { range.clone() };
            self.relative(path, part);
        }
        if fragment.starts_with('/') {
            let part = if simple { range.end - fragment.len()..range.end } else { range };
            let form = if simple { Written::Inside } else { form };
            self.push(Thing::Part { file, root, pointer: fragment.to_owned() }, part, false, form);
        }
    }

    fn of_cases(&mut self) {
        let root = self.tree();
        root.get("tool").into_iter().for_each(|tool| self.name(tool, false, Thing::Tool));
        for case in root.get("cases").map(Node::items).unwrap_or_default() {
            if let Some(name) = case.get("name") {
                let file = self.file.to_owned();
                self.name(name, true, |name| Thing::Case { file, name });
            }
            if let Some((recording, written)) = case.get("recording").and_then(|node| Some((node, node.as_text()?))) {
                let (range, _) = self.word(&recording.span, written);
                self.relative(written, range);
            }
        }
    }

    /// Tasks name tools by `tool` and `tools`, whatever else they hold.
    fn of_eval(&mut self, node: &Node) {
        for (key, value) in node.entries() {
            let known = |node: &Node| node.as_text().is_some_and(|name| self.pack.tool(name).is_some());
            match key.name.as_str() {
                "tool" if known(value) => self.name(value, false, Thing::Tool),
                "tools" => {
                    let names: Vec<&Node> = value.items().iter().filter(|item| known(item)).collect();
                    names.into_iter().for_each(|item| self.name(item, false, Thing::Tool));
                }
                _ => self.of_eval(value),
            }
        }
        node.items().iter().for_each(|item| self.of_eval(item));
    }

    fn of_handler(&mut self) {
        let Some(outline) = self.pack.languages.outline(self.file, self.text) else { return };
        for export in outline.exports {
            let thing = Thing::Export { file: self.file.to_owned(), name: export.name };
            self.push(thing, export.span, true, Written::Inside);
        }
        for import in outline.imports.into_iter().filter(|import| import.from.starts_with('.')) {
            let Some(path) = beside(self.file, &import.from) else { continue };
            // TypeScript lets the ending out.
            let there = |path: &str| self.pack.entries.binary_search_by(|entry| entry.path.as_str().cmp(path)).is_ok();
            let endings = ["", ".ts", ".js", ".mts", ".mjs", "/index.ts", "/index.js"];
            let whole = endings.iter().map(|ending| format!("{path}{ending}")).find(|path| there(path));
            let written = if whole.as_ref() == Some(&path) { Written::Relative } else { Written::Otherwise };
            self.push(Thing::File(whole.unwrap_or(path)), import.span, false, written);
        }
    }

    fn of_flow(&mut self) {
        let root = self.tree();
        for (key, node) in root.get("nodes").map(Node::entries).unwrap_or_default() {
            let node_of = |name: String| Thing::Node { file: self.file.to_owned(), name };
            self.key(key, true, node_of(key.name.clone()));
            for (operation, _) in node.entries() {
                if let Some((component, _)) = operation.name.rsplit_once('.')
                    && self.has_component(component)
                {
                    let (range, form) = self.word(&operation.span, &operation.name);
                    let form = if form == Written::Otherwise { form } else { Written::Inside };
                    let range = range.start..range.start + component.len();
                    self.push(Thing::Component(component.to_owned()), range, false, form);
                }
            }
            for route in node.get("routing").map(Node::items).unwrap_or_default() {
                if let Some(to) = route.get("to") {
                    let file = self.file.to_owned();
                    self.name(to, false, |name| Thing::Node { file, name });
                }
            }
        }
    }

    fn has_component(&self, id: &str) -> bool {
        let components = self.pack.manifest.components.iter().flat_map(|list| &list.value);
        components.filter_map(|component| component.id.as_ref()).any(|one| one.value == id)
    }

    /// Links and pictures.
    fn of_markdown(&mut self) {
        for (at, _) in self.text.match_indices("](") {
            let start = at + 2;
            let near = &self.text[start..self.text.floor_char_boundary((start + LONGEST).min(self.text.len()))];
            let Some(length) = near.find([')', ' ', '\n', '"', '#', '(', '[']) else { continue };
            let written = &self.text[start..start + length];
            if !written.is_empty() && !written.contains(':') {
                self.relative(written, start..start + length);
            }
        }
    }
}

/// True for the source of an inline handler.
pub(super) fn is_module(path: &str) -> bool {
    has_ending(path, &["ts", "js", "mts", "mjs"])
}

/// What is named at a place of a file: names first, then what they imply.
pub(super) fn at(pack: &Pack<'_>, path: &str, text: &str, offset: usize) -> Vec<Use> {
    let offset = text.floor_char_boundary(offset.min(text.len()));
    let mut found = of_kind(pack, pack.kind(path), path, text, Some(offset));
    found.retain(|one| one.range.start <= offset && offset <= one.range.end);
    // A file and the case in it stand side by side: the narrower one is meant.
    found.sort_by_key(|one| (one.written == Written::Implied, one.range.len()));
    let node = (path == MANIFEST).then(|| locate(pack.root, text, offset)).flatten();
    // A key of the manifest is no name, whatever it is called.
    if node.is_some_and(|spot| spot.key.is_some()) {
        found.retain(|one| matches!(one.thing, Thing::Part { .. }));
    }
    found
}
