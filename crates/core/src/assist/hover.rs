//! Hover: what a key is for, what holds when it is left out, and what a value means.

use super::cursor::Step;
use super::grammar::Grammar;
use super::keywords::{FORMATS, KEYWORDS, Part, TYPES, keyword};
use super::locate::{Spot, locate};
use super::uses::{self, Thing};
use super::{Hover, Pack, complete, has_ending};
use crate::content::Kind;
use crate::folder::MANIFEST;
use crate::manifest::Tool;
use crate::manifest::typed::{Field, SchemaAt};
use crate::shape::{CATEGORIES, KeyInfo, Shape};
use crate::text::shown;
use crate::yaml::Node;
use crate::{json, yaml};
use serde_json::Value;

/// Built-in error codes and when they are answered.
pub(super) const ERROR_CODES: &[(&str, &str)] = &[
    ("invalid_input", "The arguments do not fit the tool's input schema. The handler was not called."),
    ("invalid_output", "What the handler answered does not fit the tool's output schema."),
    ("schema_mismatch", "The two sides know different schemas of the tool."),
    ("handler_failed", "The handler stopped with a fault, or answered a code that its tool does not declare."),
    ("timeout", "The call took longer than `limits.timeout_ms`."),
    ("resource_exhausted", "The call used more than one of its limits allows; the error says which."),
    ("permission_denied", "No rule of `capabilities` allows the request; the error says what was missing."),
    ("credential_invalid", "A credential is not set, or the other side refused it."),
    ("session_unavailable", "The session of the call is gone."),
    ("artifact_failed", "An artifact could not be stored or read."),
    ("rate_limited", "The other side, or a budget, asks to wait."),
    ("not_found", "What was asked for does not exist."),
    ("network_error", "The other side could not be reached, or its answer made no sense."),
    ("internal", "The host itself failed."),
];

/// How many properties of a schema are listed.
const MOST_PROPERTIES: usize = 20;

/// What there is to say of a place.
pub fn hover(pack: &Pack<'_>, path: &str, text: &str, offset: usize) -> Option<Hover> {
    let offset = text.floor_char_boundary(offset.min(text.len()));
    let parsed;
    let (root, grammar) = match pack.kind(path) {
        None => (pack.root, Grammar::MANIFEST),
        Some(Kind::Schema) if has_ending(path, &["json"]) => {
            parsed = json::parse(text).0;
            (&parsed, Grammar::SCHEMA)
        }
        Some(kind @ (Kind::Cases | Kind::Recording)) => {
            parsed = super::tree_of(path, text);
            (&parsed, if kind == Kind::Cases { Grammar::CASES } else { Grammar::RECORDING })
        }
        Some(_) => return None,
    };
    let spot = locate(root, text, offset)?;
    let here = Here { pack, path, text, spot: &spot, offset };
    let markdown = here.told(root, grammar).filter(|told| !told.is_empty())?;
    let range = match spot.key {
        Some(key) => key.span.clone(),
        None => spot.node.span.clone(),
    };
    text.get(range.clone())?;
    Some(Hover { range, markdown })
}

struct Here<'a, 'p> {
    pack: &'a Pack<'p>,
    path: &'a str,
    text: &'a str,
    spot: &'a Spot<'a>,
    offset: usize,
}

impl Here<'_, '_> {
    fn told(&self, root: &Node, grammar: Grammar) -> Option<String> {
        let at = grammar.at(&self.spot.path);
        if self.spot.key.is_some()
            && let Some((Step::Key(name), outer)) = self.spot.path.split_last()
            && let Grammar::Shape(shape, _) = grammar.at(outer)
            && let Some(info) = shape.keys().and_then(|keys| keys.key(name))
        {
            return Some(paragraphs([about_key(info, info.shape), self.effective(info)]));
        }
        if let Grammar::Schema(part) = at {
            return self.of_schema(part, grammar);
        }
        if let Some(told) = self.of_case_data(root) {
            return Some(told);
        }
        match at {
            Grammar::Shape(_, info) if self.spot.key.is_none() => self.of_value(info),
            _ => None,
        }
    }

    /// A keyword of a schema, or its value.
    fn of_schema(&self, part: Part, grammar: Grammar) -> Option<String> {
        let (last, outer) = self.spot.path.split_last()?;
        let within = match grammar.at(outer) {
            Grammar::Schema(part) => part,
            // `input: {…}`: the key is the manifest's, what it holds is a schema.
            Grammar::Shape(_, Some(info)) if info.leads_to.is_some() => Part::Schema,
            _ => Part::Data,
        };
        if self.spot.key.is_some() {
            let Step::Key(name) = last else { return None };
            if within == Part::Schema {
                let keyword = keyword(name)?;
                let of = if keyword.of.is_empty() { String::new() } else { format!("*for type `{}`*", keyword.of) };
                return Some(paragraphs([format!("**`{}`**: {}", keyword.name, keyword.about), of]));
            }
            // A property: what its schema says.
            return (within == Part::Schemas).then(|| summary_of(&crate::model::yaml_to_json(self.spot.node)));
        }
        let written = self.spot.node.as_text()?;
        let said = |list: &[(&str, &str)]| {
            list.iter().find(|(word, _)| *word == written).map(|(word, about)| format!("**`{word}`**: {about}"))
        };
        match part {
            Part::Value("type") | Part::Item("type") => said(TYPES),
            Part::Value("format") => said(FORMATS),
            Part::Value("$ref") => self.of_reference(),
            _ => None,
        }
    }

    fn of_reference(&self) -> Option<String> {
        let uses = uses::at(self.pack, self.path, self.text, self.offset);
        let one = uses.iter().find(|one| matches!(one.thing, Thing::Part { .. })).or(uses.first())?;
        match &one.thing {
            Thing::Part { file, root, pointer } => {
                let text = if file == self.path { self.text.into() } else { self.pack.text(file)? };
                let tree = super::tree_of(file, &text);
                let whole = super::navigate::subtree(&tree, *root)?;
                let (_, node) = super::locate::pointed(whole, pointer)?;
                Some(summary_of(&crate::model::yaml_to_json(node)))
            }
            Thing::File(file) => Some(self.of_file(file)),
            _ => None,
        }
    }

    /// A property of a case's input or output, from the tool's schema.
    fn of_case_data(&self, root: &Node) -> Option<String> {
        let inner = match &self.spot.path[..] {
            [Step::Key(cases), Step::Item, Step::Key(input), inner @ ..] if cases == "cases" && input == "input" => {
                (false, inner)
            }
            [Step::Key(cases), Step::Item, Step::Key(expect), Step::Key(output), inner @ ..]
                if cases == "cases" && expect == "expect" && output.starts_with("output") =>
            {
                (true, inner)
            }
            _ => return None,
        };
        let tool = self.pack.tool(root.text_at("tool")?)?;
        let schema = if inner.0 { tool.output.as_ref()? } else { tool.input.as_ref()? };
        if inner.1.is_empty() {
            return None;
        }
        let value = self.pack.schema(&schema.value)?;
        let parts = complete::schemas_at(&value, inner.1);
        let told: Vec<String> = parts.into_iter().map(|part| summary_of(&Value::Object(part.clone()))).collect();
        (!told.is_empty()).then(|| paragraphs(told))
    }

    /// What a value means.
    fn of_value(&self, info: Option<&'static KeyInfo>) -> Option<String> {
        let key = self.spot.name().unwrap_or_default();
        let written = self.spot.node.as_word().unwrap_or_default();
        // A secret in a text is what the mouse is on, not the text.
        let named = uses::at(self.pack, self.path, self.text, self.offset);
        if let Some(told) = named.iter().find_map(|one| self.of_thing(&one.thing)) {
            return Some(told);
        }
        let special = match key {
            "version" if self.path == MANIFEST && self.spot.path.len() == 1 => next_versions(written),
            "license" => licence(written),
            "domains" => Some(domain(written)),
            "paths" if !written.is_empty() => Some(path_glob(written)),
            "error" | "code" => error_code(written),
            "category" if CATEGORIES.contains(&written) => {
                Some(format!("Catalogues list the pack under *{}*.", written.replace('-', " ")))
            }
            "name" if self.spot.path.len() == 1 => self.full_name(),
            "bytes" | "requests" => self.budget(),
            _ => None,
        };
        let info = info?;
        special.or_else(|| limit(info.name, written)).or_else(|| Some(about_key(info, info.shape)))
    }

    fn of_thing(&self, thing: &Thing) -> Option<String> {
        match thing {
            Thing::Tool(name) => self.pack.tool(name).map(|tool| self.of_tool(tool)),
            Thing::File(path) => Some(self.of_file(path)),
            Thing::Credential(name) => {
                let credential = self.pack.credentials().find(|one| one.name.as_ref().is_some_and(|own| own.value == *name));
                let Some(credential) = credential else {
                    return Some(format!("No credential is called `{}`: declare it under `credentials`.", shown(name)));
                };
                let kind = credential.kind.as_ref().map_or("no kind", |kind| kind.value.as_str());
                let required = credential.required.as_ref().is_some_and(|field| field.value);
                let needed = if required { "required" } else { "not required" };
                let about = credential.description.as_ref().map(|text| text.value.clone()).unwrap_or_default();
                Some(paragraphs([format!("**credential `{name}`** · {kind} · {needed}"), about]))
            }
            Thing::Rule(number, name) => {
                let capability = self.pack.root.get("capabilities")?.items().get(*number)?;
                let rule = capability.get("allow")?.items().iter().find(|rule| rule.text_at("name") == Some(name))?;
                let words = |key: &str| {
                    let words = rule.get(key).map(Node::items).unwrap_or_default().iter().filter_map(Node::as_word);
                    words.collect::<Vec<_>>().join(", ")
                };
                let paths = words("paths");
                let paths = if paths.is_empty() { "any path".to_owned() } else { paths };
                Some(format!("**rule `{name}`**: {} to {}, {paths}", words("methods"), words("domains")))
            }
            Thing::Component(id) => Some(format!("**component `{id}`**")),
            Thing::Case { file, name } => {
                let root = self.pack.tree(file)?;
                let case = root.get("cases")?.items().iter().find(|case| case.text_at("name") == Some(name))?;
                let tool = root.text_at("tool").unwrap_or("?");
                let input = case.get("input").map_or_else(|| serde_json::json!({}), crate::model::yaml_to_json);
                let input = crate::yaml::write::flow(&input);
                let input = shown(&input);
                Some(paragraphs([format!("**case `{name}`** of `{tool}`"), format!("`{input}`")]))
            }
            _ => None,
        }
    }

    fn of_tool(&self, tool: &Tool) -> String {
        let said = |field: &Option<Field<String>>| field.as_ref().map(|text| text.value.trim().to_owned()).unwrap_or_default();
        let name = tool.called().unwrap_or_default();
        let title = said(&tool.title);
        let head = if title.is_empty() { format!("**tool `{name}`**") } else { format!("**tool `{name}`**: {title}") };
        let schema = |word: &str, schema: &Option<Field<SchemaAt>>| {
            let value = schema.as_ref().and_then(|schema| self.pack.schema(&schema.value));
            value.map(|value| properties_of(word, &value)).unwrap_or_default()
        };
        paragraphs([head, said(&tool.description), schema("Input", &tool.input), schema("Output", &tool.output)])
    }

    fn of_file(&self, path: &str) -> String {
        let Some(entry) = self.pack.entries.iter().find(|entry| entry.path == path) else {
            return format!("`{}` is not in the pack.", shown(path));
        };
        if entry.is_folder() {
            let inside = self.pack.files().filter(|file| file.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')));
            let count = inside.count();
            return format!("`{path}/`: {}", if count == 1 { "1 file".to_owned() } else { format!("{count} files") });
        }
        let about = match self.pack.kind(path) {
            Some(Kind::Schema) => {
                let node = self.pack.json(path);
                let title = node.as_ref().and_then(|node| node.text_at("title").or(node.text_at("description")));
                title.map_or_else(|| "a JSON Schema".to_owned(), |title| format!("a JSON Schema: {title}"))
            }
            Some(Kind::Handler) => {
                let outline = self.pack.text(path).and_then(|text| self.pack.languages.outline(path, &text));
                let names = outline.map(|outline| {
                    let functions = outline.exports.into_iter().filter(|export| export.function);
                    functions.map(|export| format!("`{}`", export.name)).collect::<Vec<_>>().join(", ")
                });
                names
                    .filter(|names| !names.is_empty())
                    .map_or_else(|| "a handler".to_owned(), |names| format!("a handler: exports {names}"))
            }
            Some(Kind::Recording) => "a recording".to_owned(),
            Some(Kind::Cases) => "cases".to_owned(),
            Some(Kind::Flow) => "a flow".to_owned(),
            Some(Kind::View) => "a view".to_owned(),
            _ if has_ending(path, &["wasm"]) => "a WebAssembly file".to_owned(),
            _ => "a file".to_owned(),
        };
        format!("`{path}` · {} · {about}", size(entry.size))
    }

    /// What holds at the key, where that is more than what is written.
    fn effective(&self, info: &KeyInfo) -> String {
        let node = self.spot.node;
        match info.name {
            "annotations" => {
                let holds = |key: &str, usual: bool| node.get(key).map_or(usual, |node| node.value == yaml::Value::Bool(true));
                let words = [
                    (holds("read_only", false), "changes nothing", "may change things"),
                    (holds("destructive", true) && !holds("read_only", false), "may delete or overwrite", "deletes nothing"),
                    (holds("idempotent", false), "twice is as good as once", "twice is not the same as once"),
                    (holds("open_world", true), "meets things outside the pack", "stays inside the pack"),
                ];
                let words = words.map(|(holds, yes, no)| if holds { yes } else { no });
                format!("A call {}.", words.join(", "))
            }
            "limits" => {
                let number = |key: &str, usual: u64| node.get(key).and_then(crate::model::whole).unwrap_or(usual);
                let usual = crate::call::Limits::USUAL;
                let limits = crate::call::Limits {
                    timeout_ms: number("timeout_ms", usual.timeout_ms),
                    memory_mb: number("memory_mb", usual.memory_mb),
                    output_kb: number("output_kb", usual.output_kb),
                    fuel: number("fuel", usual.fuel),
                };
                format!("Here: {}.", limits_in_words(limits.capped()))
            }
            "budgets" | "per_task" | "per_workspace" | "requests" | "bytes" => self.budget().unwrap_or_default(),
            "timeout_ms" | "memory_mb" | "output_kb" | "fuel" => {
                limit(info.name, node.as_word().unwrap_or_default()).unwrap_or_default()
            }
            "version" if self.spot.path.len() == 1 => node.as_word().and_then(next_versions).unwrap_or_default(),
            "license" => node.as_text().and_then(licence).unwrap_or_default(),
            _ => String::new(),
        }
    }

    fn full_name(&self) -> Option<String> {
        let name = self.spot.node.as_word()?;
        let publisher = self.pack.manifest.publisher.as_ref()?;
        Some(format!("The full id is `{}.{}`.", shown(&publisher.value), shown(name)))
    }

    /// The budgets around the place, in words.
    fn budget(&self) -> Option<String> {
        let budgets = self.spot.above.iter().copied().chain([self.spot.node]);
        let budgets = budgets
            .filter_map(|node| {
                if node.key("per_task").or(node.key("per_workspace")).is_some() { Some(node) } else { node.get("budgets") }
            })
            .next_back()?;
        let said = |key: &str, place: &str| {
            let budget = budgets.get(key)?;
            let requests = budget.get("requests").and_then(Node::as_word).map(|number| format!("{number} requests"));
            let bytes = budget.get("bytes").and_then(Node::as_word).map(str::to_owned);
            let parts: Vec<String> = requests.into_iter().chain(bytes).collect();
            (!parts.is_empty()).then(|| format!("{} in one {place}", parts.join(" and ")))
        };
        let parts: Vec<String> = [said("per_task", "run"), said("per_workspace", "session")].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| format!("At most {}.", parts.join(", ")))
    }
}

/// Paragraphs that say something.
fn paragraphs(parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// A key: what it is for, what it holds, what holds without it.
pub(super) fn about_key(info: &KeyInfo, shape: &Shape) -> String {
    let mut facts = Vec::new();
    if !matches!(shape, Shape::Any) {
        facts.push(shape.wanted());
    }
    if info.required {
        facts.push("required".to_owned());
    }
    facts.extend(info.usual.map(|usual| format!("left out: `{usual}`")));
    let words = if info.one_of.is_empty() {
        String::new()
    } else {
        format!("One of {}.", info.one_of.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "))
    };
    let facts = if facts.is_empty() { String::new() } else { format!("*{}*", facts.join(" · ")) };
    paragraphs([format!("**`{}`**: {}", info.name, info.about.trim()), facts, words])
}

/// A schema in a few lines.
fn summary_of(schema: &Value) -> String {
    let text = |key: &str| schema.get(key).and_then(Value::as_str).unwrap_or_default();
    let kind = kind_of(schema);
    let mut facts: Vec<String> = Vec::new();
    for one in KEYWORDS.iter().filter(|one| {
        matches!(
            one.name,
            "format"
                | "pattern"
                | "minLength"
                | "maxLength"
                | "minimum"
                | "maximum"
                | "minItems"
                | "maxItems"
                | "default"
                | "const"
                | "enum"
        )
    }) {
        if let Some(value) = schema.get(one.name) {
            facts.push(format!("{}: `{}`", one.name, shown(&value.to_string())));
        }
    }
    let head = [text("title"), &kind].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let properties = if schema.get("properties").is_some() { properties_of("Properties", schema) } else { String::new() };
    paragraphs([head, text("description").to_owned(), facts.join(" · "), properties])
}

fn kind_of(schema: &Value) -> String {
    match schema.get("type") {
        Some(Value::String(one)) => one.clone(),
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        _ if schema.get("enum").is_some() => "one of a list".to_owned(),
        _ => schema.get("$ref").and_then(Value::as_str).map(|name| format!("`{}`", shown(name))).unwrap_or_default(),
    }
}

/// The properties of an object, a line each.
fn properties_of(word: &str, schema: &Value) -> String {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        let kind = kind_of(schema);
        return if kind.is_empty() { String::new() } else { format!("{word}: {kind}") };
    };
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let mut lines = vec![format!("{word}:")];
    for (name, schema) in properties.iter().take(MOST_PROPERTIES) {
        let must = if required.contains(&name.as_str()) { ", required" } else { "" };
        let about =
            schema.get("description").and_then(Value::as_str).map(|text| format!(": {}", shown(text))).unwrap_or_default();
        lines.push(format!("- `{}` ({}{must}){about}", shown(name), kind_of(schema)));
    }
    if properties.len() > MOST_PROPERTIES {
        lines.push(format!("- and {} more", properties.len() - MOST_PROPERTIES));
    }
    lines.join("\n")
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1000 => format!("{bytes} B"),
        1000..1_000_000 => format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// What the version after this one is, by what has changed.
fn next_versions(written: &str) -> Option<String> {
    let version = semver::Version::parse(written).ok()?;
    let (major, minor, patch) = (version.major, version.minor, version.patch);
    let (more, breaking) = match major {
        0 => (format!("0.{minor}.{}", patch.saturating_add(1)), format!("0.{}.0", minor.saturating_add(1))),
        _ => (format!("{major}.{}.0", minor.saturating_add(1)), format!("{}.0.0", major.saturating_add(1))),
    };
    Some(format!(
        "Next: `{major}.{minor}.{}` when something was mended, `{more}` when something was added, `{breaking}` when callers must change.",
        patch.saturating_add(1)
    ))
}

/// Full names of the licences in an expression.
fn licence(written: &str) -> Option<String> {
    let expression = spdx::Expression::parse(written).ok()?;
    let mut lines: Vec<String> = Vec::new();
    for one in expression.requirements() {
        let Some(id) = one.req.license.id() else { continue };
        let mut facts = vec![format!("**{}**", id.full_name)];
        facts.extend(id.is_osi_approved().then(|| "approved by the OSI".to_owned()));
        facts.extend(id.is_copyleft().then(|| "copyleft".to_owned()));
        facts.extend(id.is_deprecated().then(|| "deprecated".to_owned()));
        let line = facts.join(" · ");
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    (!lines.is_empty()).then(|| lines.join("\n\n"))
}

/// Which hosts a glob of `domains` names.
fn domain(written: &str) -> String {
    let (host, port) = match written.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => (host, Some(port)),
        _ => (written, None),
    };
    let hosts = if host == "*" {
        "Any host.".to_owned()
    } else if host.contains('*') {
        let example = host.replace('*', "a");
        let short = host.trim_start_matches("*.");
        let deep = host.replacen('*', "a.b", 1);
        format!("Each `*` is just one label: `{}` fits, `{}` and `{}` do not.", shown(&example), shown(short), shown(&deep))
    } else {
        format!("The host `{}` and no other: its subdomains are other hosts.", shown(host))
    };
    let port = port.map_or_else(|| "The scheme's usual port: 443.".to_owned(), |port| format!("Port {port}."));
    format!("{hosts} {port}")
}

fn path_glob(written: &str) -> String {
    let mut parts = vec![format!("Requests whose path fits `{}`.", shown(written))];
    if written.contains("**") {
        parts.push("`**` stands for any number of segments.".to_owned());
    }
    if written.replace("**", "").contains('*') {
        parts.push("`*` stands for anything within one segment.".to_owned());
    }
    parts.join(" ")
}

fn error_code(code: &str) -> Option<String> {
    ERROR_CODES.iter().find(|(known, _)| *known == code).map(|(known, about)| format!("**`{known}`**, built in: {about}"))
}

/// A limit with its unit, and what the most is.
fn limit(key: &str, written: &str) -> Option<String> {
    let number: u64 = written.parse().ok()?;
    let most = crate::call::Limits::MOST;
    let (said, most) = match key {
        "timeout_ms" => (milliseconds(number), milliseconds(most.timeout_ms)),
        "memory_mb" => (format!("{number} MB of memory"), format!("{} MB", most.memory_mb)),
        "output_kb" => (format!("an answer of {number} KB"), format!("{} KB", most.output_kb)),
        "fuel" => (format!("{} million instructions", number / 1_000_000), format!("{} million", most.fuel / 1_000_000)),
        "max_ms" => return Some(format!("At most {}.", milliseconds(number))),
        _ => return None,
    };
    Some(format!("At most {said}. What can be asked for: {most}."))
}

pub(super) fn milliseconds(number: u64) -> String {
    if number >= 1000 && number.is_multiple_of(100) {
        let tenth = number % 1000 / 100;
        if tenth == 0 { format!("{} s", number / 1000) } else { format!("{}.{tenth} s", number / 1000) }
    } else {
        format!("{number} ms")
    }
}

pub(super) fn limits_in_words(limits: crate::call::Limits) -> String {
    let fuel = limits.fuel / 1_000_000;
    format!(
        "{}, {} MB of memory, {} KB of output, {fuel} million instructions",
        milliseconds(limits.timeout_ms),
        limits.memory_mb,
        limits.output_kb
    )
}
