//! What a manifest says, as types: what running and publishing need of it.
//!
//! Read leniently: what is malformed is left out, and the rules say so. Where leaving out would permit more than the author wrote,
//! the part refuses instead: see [`AllowRule::unknown`], [`Transform::applies_to`] and [`Budget`].

use crate::call::Limits;
use crate::check::describe;
use crate::rules::manifest::inside;
use crate::yaml::{self, Node};
use serde_json::{Map, Number, Value};
use std::collections::BTreeMap;
use std::ops::Range;

/// A manifest.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Manifest {
    /// The name, or the last part of `pack_id`.
    pub name: Option<String>,
    pub publisher: Option<String>,
    /// As written: `1.0` stays `1.0`.
    pub version: Option<String>,
    pub display_name: Option<String>,
    pub description: Option<String>,
    pub license: Option<String>,
    pub category: Option<String>,
    /// Those that have a name.
    pub tools: Vec<Tool>,
    pub capabilities: Vec<Capability>,
    pub credentials: Vec<Credential>,
}

/// A tool.
#[derive(Debug, Clone, PartialEq)]
pub struct Tool {
    pub name: String,
    /// Where the name stands in the manifest, in bytes.
    pub span: Range<usize>,
    pub title: Option<String>,
    pub description: Option<String>,
    pub input: Option<SchemaRef>,
    pub output: Option<SchemaRef>,
    pub handler: Option<Handler>,
    pub errors: Vec<DeclaredError>,
    /// Complete: what the manifest does not say is the usual.
    pub limits: Limits,
    pub annotations: Annotations,
    /// Cases by `file#name`.
    pub examples: Vec<String>,
}

/// Where a schema is.
#[derive(Debug, Clone, PartialEq)]
pub enum SchemaRef {
    /// A path in the pack.
    File(String),
    /// In the manifest itself.
    Inline(Value),
}

/// What answers a tool's calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handler {
    /// A path in the pack.
    pub path: String,
    /// From `kind:`, else from the path's ending.
    pub kind: HandlerKind,
    pub export: Option<String>,
    pub args: Vec<String>,
}

/// How a handler is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandlerKind {
    /// TypeScript or JavaScript, run as it is.
    Inline,
    /// A WebAssembly component.
    Component,
    /// A WASI program: JSON in, JSON out.
    Command,
    /// Go or Rust: needs a build first.
    Source,
}

/// An error code that a tool may answer with, on top of the built-in ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredError {
    pub code: String,
    pub description: Option<String>,
    pub retry: Option<String>,
}

/// What a tool says of its own effects; `None` where it says nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Annotations {
    pub read_only: Option<bool>,
    pub destructive: Option<bool>,
    pub idempotent: Option<bool>,
    pub open_world: Option<bool>,
}

/// A network permission.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Capability {
    pub name: String,
    /// `type:` in the manifest.
    pub kind: Option<String>,
    pub allow: Vec<AllowRule>,
    pub transforms: Vec<Transform>,
    pub budgets: Budgets,
}

/// Requests that a capability allows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AllowRule {
    /// A rule without a name is called by its number: `rule 1`.
    pub name: String,
    pub domains: Vec<String>,
    pub methods: Vec<String>,
    /// `None` is any.
    pub paths: Option<Vec<String>>,
    /// `None` is any.
    pub query: Option<BTreeMap<String, String>>,
    /// A JSON Schema for the body; `None` is any.
    pub body: Option<Value>,
    pub allow_insecure: bool,
    /// Keys that we do not know, or whose value makes no sense: a rule with one refuses, for it was meant to allow less.
    pub unknown: Vec<String>,
}

/// A change to a request that a rule allowed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Transform {
    /// Names of rules; `None` is every rule of the capability. A value that makes no sense is no rule.
    pub applies_to: Option<Vec<String>>,
    pub headers_set: BTreeMap<String, String>,
    pub headers_remove: Vec<String>,
    pub query_set: BTreeMap<String, String>,
    pub query_remove: Vec<String>,
    pub path_prefix: Option<String>,
    /// By JSON pointer.
    pub body_set: BTreeMap<String, Value>,
    pub auth: Option<Value>,
    /// Keys that we do not know, or that are not applied: a request that should have been changed by one is refused.
    pub unknown: Vec<String>,
}

/// How much a capability may be used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Budgets {
    /// One run.
    pub task: Budget,
    /// One session.
    pub workspace: Budget,
}

/// `None` is no limit. A number that cannot be read is 0, so that a slip of the finger spends nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Budget {
    pub requests: Option<u64>,
    pub bytes: Option<u64>,
}

/// A secret that the pack asks its operator for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub name: String,
    pub kind: Option<String>,
    pub required: bool,
}

impl Manifest {
    /// Reads a manifest's text.
    pub fn read(text: &str) -> Result<Self, yaml::SyntaxError> {
        Ok(Self::of(&yaml::parse(text)?))
    }

    /// The first tool of that name.
    pub fn tool(&self, name: &str) -> Option<&Tool> {
        self.tools.iter().find(|tool| tool.name == name)
    }

    fn of(root: &Node) -> Self {
        let pack = describe(root);
        Self {
            name: pack.name,
            publisher: text(root, "publisher"),
            version: pack.version,
            display_name: word(root, "display_name"),
            description: pack.description,
            license: text(root, "license"),
            category: text(root, "category"),
            tools: items(root, "tools").iter().filter_map(tool).collect(),
            capabilities: capabilities(root),
            credentials: items(root, "credentials").iter().filter_map(credential).collect(),
        }
    }
}

/// The network permissions of a manifest's tree.
pub(crate) fn capabilities(root: &Node) -> Vec<Capability> {
    items(root, "capabilities").iter().filter_map(capability).collect()
}

fn tool(node: &Node) -> Option<Tool> {
    Some(Tool {
        name: text(node, "name")?,
        span: node.get("name")?.span.clone(),
        title: text(node, "title"),
        description: text(node, "description"),
        input: node.get("input").and_then(schema),
        output: node.get("output").and_then(schema),
        handler: node.get("handler").and_then(handler),
        errors: items(node, "errors").iter().filter_map(declared_error).collect(),
        limits: node.get("limits").map_or(Limits::USUAL, limits),
        annotations: node.get("annotations").map(annotations).unwrap_or_default(),
        examples: items(node, "examples").iter().filter_map(Node::as_text).map(str::to_owned).collect(),
    })
}

fn schema(node: &Node) -> Option<SchemaRef> {
    match &node.value {
        yaml::Value::Text(written) => path(written).map(SchemaRef::File),
        // `true` is a schema as well: anything.
        yaml::Value::Map(_) | yaml::Value::Bool(_) => Some(SchemaRef::Inline(yaml_to_json(node))),
        _ => None,
    }
}

/// A path that stays in the pack, as its folder lists it.
fn path(written: &str) -> Option<String> {
    inside(written).filter(|path| !path.is_empty())
}

fn handler(node: &Node) -> Option<Handler> {
    if let Some(written) = node.as_text() {
        let path = path(written)?;
        return Some(Handler { kind: kind_by_ending(&path)?, path, export: None, args: Vec::new() });
    }
    let path = path(node.text_at("path")?)?;
    let kind = match node.text_at("kind") {
        Some("inline") => HandlerKind::Inline,
        Some("component") => HandlerKind::Component,
        Some("command") => HandlerKind::Command,
        Some(_) => return None,
        None => kind_by_ending(&path)?,
    };
    let args = items(node, "args").iter().filter_map(Node::as_word).map(str::to_owned).collect();
    Some(Handler { path, kind, export: text(node, "export"), args })
}

pub(crate) fn kind_by_ending(path: &str) -> Option<HandlerKind> {
    match path.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
        "ts" | "js" | "mts" | "mjs" => Some(HandlerKind::Inline),
        "wasm" => Some(HandlerKind::Component),
        "go" | "rs" => Some(HandlerKind::Source),
        _ => None,
    }
}

fn declared_error(node: &Node) -> Option<DeclaredError> {
    Some(DeclaredError { code: text(node, "code")?, description: text(node, "description"), retry: text(node, "retry") })
}

fn limits(node: &Node) -> Limits {
    let usual = Limits::USUAL;
    let or = |key: &str, usual: u64| node.get(key).and_then(whole).filter(|&number| number > 0).unwrap_or(usual);
    Limits {
        timeout_ms: or("timeout_ms", usual.timeout_ms),
        memory_mb: or("memory_mb", usual.memory_mb),
        output_kb: or("output_kb", usual.output_kb),
        fuel: or("fuel", usual.fuel),
    }
    .capped()
}

fn annotations(node: &Node) -> Annotations {
    Annotations {
        read_only: truth(node, "read_only"),
        destructive: truth(node, "destructive"),
        idempotent: truth(node, "idempotent"),
        open_world: truth(node, "open_world"),
    }
}

fn credential(node: &Node) -> Option<Credential> {
    Some(Credential { name: text(node, "name")?, kind: text(node, "kind"), required: truth(node, "required").unwrap_or(false) })
}

fn capability(node: &Node) -> Option<Capability> {
    Some(Capability {
        name: text(node, "name")?,
        kind: text(node, "type"),
        allow: items(node, "allow").iter().enumerate().map(|(at, rule)| allow_rule(at + 1, rule)).collect(),
        transforms: items(node, "transforms").iter().map(transform).collect(),
        budgets: node.get("budgets").map(budgets).unwrap_or_default(),
    })
}

pub(crate) fn allow_rule(number: usize, node: &Node) -> AllowRule {
    let mut rule = AllowRule { name: format!("rule {number}"), ..AllowRule::default() };
    if !matches!(node.value, yaml::Value::Map(_)) {
        // Without a key to name: no domain, so nothing matches.
        return rule;
    }
    for (key, value) in node.entries() {
        let known = match key.name.as_str() {
            "name" => value.as_text().map(|name| name.clone_into(&mut rule.name)),
            "domains" => all_texts(value).map(|domains| rule.domains = domains),
            "methods" => all_texts(value).map(|methods| rule.methods = methods),
            "paths" => all_texts(value).map(|paths| rule.paths = Some(paths)),
            "query" => all_words(value).map(|query| rule.query = Some(query)),
            "body" => schema(value).and_then(inline).map(|body| rule.body = Some(body)),
            "allow_insecure" => as_bool(value).map(|yes| rule.allow_insecure = yes),
            _ => None,
        };
        if known.is_none() {
            rule.unknown.push(key.name.clone());
        }
    }
    rule
}

fn inline(schema: SchemaRef) -> Option<Value> {
    match schema {
        SchemaRef::Inline(value) => Some(value),
        SchemaRef::File(_) => None,
    }
}

fn transform(node: &Node) -> Transform {
    let part = |name: &str, key: &str| node.get(name).and_then(|part| part.get(key));
    let words = |name: &str| part(name, "set").map(some_words).unwrap_or_default();
    let removed = |name: &str| {
        let names = part(name, "remove").map(Node::items).unwrap_or_default();
        names.iter().filter_map(Node::as_word).map(str::to_owned).collect()
    };
    Transform {
        applies_to: node.get("applies_to").map(|rules| all_texts(rules).unwrap_or_default()),
        headers_set: words("headers"),
        headers_remove: removed("headers"),
        query_set: words("query"),
        query_remove: removed("query"),
        path_prefix: part("path", "prefix").and_then(Node::as_text).map(str::to_owned),
        body_set: part("body", "set")
            .map(Node::entries)
            .unwrap_or_default()
            .iter()
            .map(|(key, value)| (key.name.clone(), yaml_to_json(value)))
            .collect(),
        auth: node.get("auth").filter(|auth| matches!(auth.value, yaml::Value::Map(_))).map(yaml_to_json),
        unknown: unknown_changes(node),
    }
}

/// What a transform asks for that nobody would do.
fn unknown_changes(node: &Node) -> Vec<String> {
    let mut unknown = Vec::new();
    for (key, value) in node.entries() {
        let inner: &[&str] = match key.name.as_str() {
            "applies_to" | "auth" => continue,
            "headers" | "query" => &["set", "remove"],
            "path" => &["prefix"],
            "body" => &["set"],
            other => {
                unknown.push(other.to_owned());
                continue;
            }
        };
        let strange = value.entries().iter().filter(|(name, _)| !inner.contains(&name.name.as_str()));
        unknown.extend(strange.map(|(name, _)| format!("{}.{}", key.name, name.name)));
    }
    unknown
}

fn budgets(node: &Node) -> Budgets {
    let budget = |key: &str| {
        let part = node.get(key);
        let number = |key: &str, read: fn(&Node) -> Option<u64>| {
            part.and_then(|part| part.get(key)).map(|number| read(number).unwrap_or(0))
        };
        Budget { requests: number("requests", whole), bytes: number("bytes", |node| node.as_word().and_then(bytes)) }
    };
    Budgets { task: budget("per_task"), workspace: budget("per_workspace") }
}

/// A number of bytes for people: `50MB`, `1.5 GiB`, `4096`. `None` when it is something else.
pub(crate) fn bytes(written: &str) -> Option<u64> {
    let written = written.trim();
    let end = written.find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, '.' | '_')).unwrap_or(written.len());
    let unit: u128 = match written[end..].trim_start().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1000,
        "mb" => 1000_u128.pow(2),
        "gb" => 1000_u128.pow(3),
        "kib" => 1024,
        "mib" => 1024_u128.pow(2),
        "gib" => 1024_u128.pow(3),
        _ => return None,
    };
    let digits = written[..end].replace('_', "");
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    // Nine decimals are a byte of a gigabyte.
    let fraction = &fraction[..fraction.len().min(9)];
    let part = if fraction.is_empty() { 0 } else { fraction.parse::<u128>().ok()? };
    let scale = 10_u128.pow(u32::try_from(fraction.len()).ok()?);
    let total = whole.parse::<u128>().ok()?.saturating_mul(unit).saturating_add(part * unit / scale);
    Some(u64::try_from(total).unwrap_or(u64::MAX))
}

fn items<'a>(node: &'a Node, key: &str) -> &'a [Node] {
    node.get(key).map(Node::items).unwrap_or_default()
}

fn text(node: &Node, key: &str) -> Option<String> {
    node.text_at(key).map(str::to_owned)
}

fn word(node: &Node, key: &str) -> Option<String> {
    node.get(key).and_then(Node::as_word).map(str::to_owned)
}

fn truth(node: &Node, key: &str) -> Option<bool> {
    node.get(key).and_then(as_bool)
}

fn as_bool(node: &Node) -> Option<bool> {
    match node.value {
        yaml::Value::Bool(yes) => Some(yes),
        _ => None,
    }
}

/// A list of texts and nothing else.
fn all_texts(node: &Node) -> Option<Vec<String>> {
    match &node.value {
        yaml::Value::List(items) => items.iter().map(|item| item.as_text().map(str::to_owned)).collect(),
        _ => None,
    }
}

/// A mapping to words and to nothing else.
fn all_words(node: &Node) -> Option<BTreeMap<String, String>> {
    match &node.value {
        yaml::Value::Map(entries) => {
            entries.iter().map(|(key, value)| value.as_word().map(|word| (key.name.clone(), word.to_owned()))).collect()
        }
        _ => None,
    }
}

fn some_words(node: &Node) -> BTreeMap<String, String> {
    node.entries().iter().filter_map(|(key, value)| value.as_word().map(|word| (key.name.clone(), word.to_owned()))).collect()
}

/// A number that is whole and not negative; one that is too large counts as the largest.
pub(crate) fn whole(node: &Node) -> Option<u64> {
    let yaml::Value::Number(written) = &node.value else { return None };
    if let Some(number) = number(written).and_then(|number| number.as_u64()) {
        return Some(number);
    }
    let float = written.replace('_', "").parse::<f64>().ok().filter(|float| *float >= 0.0)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative, and it saturates as is wanted")]
    Some(float as u64)
}

/// YAML as JSON. A number that JSON cannot hold (`.inf`, or one of thirty digits) is the text that was written.
pub fn yaml_to_json(node: &Node) -> Value {
    match &node.value {
        yaml::Value::Null => Value::Null,
        yaml::Value::Bool(yes) => Value::Bool(*yes),
        yaml::Value::Number(written) => number(written).map_or_else(|| Value::String(written.clone()), Value::Number),
        yaml::Value::Text(text) => Value::String(text.clone()),
        yaml::Value::List(items) => items.iter().map(yaml_to_json).collect(),
        yaml::Value::Map(entries) => {
            let mut object = Map::new();
            for (key, value) in entries {
                // As `Node::get` does: the first wins.
                object.entry(&key.name).or_insert_with(|| yaml_to_json(value));
            }
            Value::Object(object)
        }
    }
}

/// A YAML number: `-5`, `0x1f`, `0o17`, `0b11`, `1_000`, `.5`, `1e3`.
fn number(written: &str) -> Option<Number> {
    let plain = written.replace('_', "").to_ascii_lowercase();
    let (negative, digits) = match plain.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let radix = [("0x", 16), ("0o", 8), ("0b", 2)];
    let radix = radix.iter().find_map(|(prefix, radix)| digits.strip_prefix(prefix).map(|rest| (rest, *radix)));
    let (digits, radix) = radix.unwrap_or((digits, 10));
    if radix != 10 || digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let whole = i128::from_str_radix(digits, radix)
            .ok()
            .and_then(|magnitude| Number::from_i128(if negative { -magnitude } else { magnitude }));
        // What has no place in 64 bits is rounded, as JSON's readers do it; other radices are for numbers that have.
        if whole.is_some() || radix != 10 {
            return whole;
        }
    }
    Number::from_f64(plain.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::{AllowRule, Budget, Handler, HandlerKind, Manifest, SchemaRef, bytes, yaml_to_json};
    use crate::call::Limits;
    use crate::yaml;
    use serde_json::{Value, json};

    fn read(text: &str) -> Manifest {
        Manifest::read(text).unwrap()
    }

    fn one_tool(rest: &str) -> super::Tool {
        read(&format!("tools: [{{name: t, {rest}}}]")).tools.remove(0)
    }

    fn one_rule(rule: &str) -> AllowRule {
        read(&format!("capabilities: [{{name: c, type: http, allow: [{rule}]}}]")).capabilities.remove(0).allow.remove(0)
    }

    #[test]
    fn a_whole_number_beyond_64_bits_is_a_number() {
        for (written, value) in [
            ("18446744073709551615", json!(u64::MAX)),
            ("18446744073709551616", json!(18_446_744_073_709_551_616.0)),
            ("-9223372036854775809", json!(-9_223_372_036_854_775_809.0)),
            ("1000000000000000000000000000000000000000000", json!(1e42)),
        ] {
            assert_eq!(yaml_to_json(&yaml::Node::new(0..0, yaml::Value::Number(written.to_owned()))), value, "{written}");
        }
    }

    #[test]
    fn the_sample_is_read_in_full() {
        let text = include_str!("../../../packs-samples/open-library/pack.yaml");
        let manifest = read(text);
        assert_eq!(manifest.name.as_deref(), Some("open-library"));
        assert_eq!(manifest.version.as_deref(), Some("1.0.0"));
        assert_eq!(manifest.tools.len(), 2);
        let tool = manifest.tool("search_books").unwrap();
        assert_eq!(&text[tool.span.clone()], "search_books");
        assert_eq!(tool.input, Some(SchemaRef::File("schemas/search_books.input.json".to_owned())));
        let handler = tool.handler.as_ref().unwrap();
        assert_eq!((handler.path.as_str(), handler.kind), ("handlers/search_books.ts", HandlerKind::Inline));
        assert_eq!(tool.errors[0].code, "unexpected_reply");
        assert_eq!(tool.limits, Limits { output_kb: 64, ..Limits::USUAL });
        assert_eq!((tool.annotations.read_only, tool.annotations.destructive), (Some(true), Some(false)));
        let capability = &manifest.capabilities[0];
        assert_eq!(capability.kind.as_deref(), Some("http"));
        assert_eq!(capability.allow[0].query.as_ref().unwrap()["q"], "*");
        assert_eq!(capability.allow[1].paths.as_deref().unwrap(), ["/works/*.json"]);
        assert!(capability.allow.iter().all(|rule| rule.unknown.is_empty() && !rule.allow_insecure));
        let transform = &capability.transforms[0];
        assert_eq!(transform.applies_to.as_deref().unwrap(), ["search", "works"]);
        assert_eq!(
            (transform.headers_set["Accept"].as_str(), transform.headers_remove.as_slice()),
            ("application/json", &["Cookie".to_owned()][..])
        );
        assert_eq!(capability.budgets.task, Budget { requests: Some(50), bytes: None });
        assert_eq!(capability.budgets.workspace, Budget { requests: Some(1000), bytes: Some(50_000_000) });
    }

    #[test]
    fn a_version_keeps_its_text_and_an_id_gives_the_name() {
        assert_eq!(read("name: n\nversion: 1.0\n").version.as_deref(), Some("1.0"));
        let greentic = read("pack_id: dev.acme.notes\nname: My Notes\n");
        assert_eq!(greentic.name.as_deref(), Some("notes"));
    }

    #[test]
    fn what_is_malformed_is_left_out() {
        assert_eq!(read(""), Manifest::default());
        assert_eq!(read("- 1\n"), Manifest::default());
        assert_eq!(
            read("tools: 5\ncapabilities: {a: b}\ncredentials: [x, {kind: api_key}]\npublisher: [a]\n"),
            Manifest::default()
        );
        assert_eq!(read("tools: [5, {title: t}, {name: [x]}, {name: ok}]").tools.len(), 1);
        let tool =
            one_tool("input: 5, output: [], handler: {kind: inline}, errors: [x, {code: c}], limits: none, examples: [1, a#b]");
        assert_eq!((&tool.input, &tool.output, &tool.handler), (&None, &None, &None));
        assert_eq!((tool.errors.len(), tool.limits, tool.examples), (1, Limits::USUAL, vec!["a#b".to_owned()]));
        assert!(Manifest::read("a: [").is_err());
    }

    #[test]
    fn a_handler_is_known_by_its_kind_or_its_ending() {
        let kind = |handler: &str| one_tool(&format!("handler: {handler}")).handler.map(|handler| handler.kind);
        assert_eq!(kind("handlers/a.mts"), Some(HandlerKind::Inline));
        assert_eq!(kind("handlers/a.JS"), Some(HandlerKind::Inline));
        assert_eq!(kind("components/a.wasm"), Some(HandlerKind::Component));
        assert_eq!(kind("{path: components/a.wasm, kind: command}"), Some(HandlerKind::Command));
        assert_eq!(kind("handlers/a.go"), Some(HandlerKind::Source));
        assert_eq!(kind("handlers/a.py"), None);
        assert_eq!(kind("{path: a.wasm, kind: docker}"), None);
        let handler = one_tool("handler: {path: ./a.wasm, export: run, args: [-v, 2]}").handler;
        let args = vec!["-v".to_owned(), "2".to_owned()];
        assert_eq!(
            handler,
            Some(Handler { path: "a.wasm".to_owned(), kind: HandlerKind::Component, export: Some("run".to_owned()), args })
        );
    }

    #[test]
    fn no_path_leaves_the_pack() {
        for path in ["../secret.ts", "/etc/passwd.ts", "a/../../b.ts", "C:/b.ts", "."] {
            let tool = one_tool(&format!("handler: {path}, input: {path}"));
            assert_eq!((tool.handler, tool.input), (None, None), "{path}");
        }
    }

    #[test]
    fn limits_are_the_usual_ones_unless_they_make_sense() {
        let tool = one_tool("limits: {timeout_ms: 0, memory_mb: -5, output_kb: lots, fuel: 0x10}");
        assert_eq!(tool.limits, Limits { fuel: 16, ..Limits::USUAL });
        let tool = one_tool("limits: {timeout_ms: 1e3, memory_mb: 999999999999999999999999999, output_kb: 1_000, fuel: .inf}");
        assert_eq!(
            tool.limits,
            Limits { timeout_ms: 1000, memory_mb: Limits::MOST.memory_mb, output_kb: 1000, fuel: Limits::USUAL.fuel }
        );
    }

    #[test]
    fn a_rule_that_is_not_understood_is_known_to_be_so() {
        let rule =
            one_rule("{domains: [a.org], methods: [GET], paths: /a, query: {a: [b]}, cel: x, allow_insecure: yes, body: 5}");
        assert_eq!(rule.unknown, ["paths", "query", "cel", "allow_insecure", "body"]);
        assert_eq!((rule.name.as_str(), rule.allow_insecure), ("rule 1", false));
        assert_eq!(one_rule("{domains: [a.org, 5]}").unknown, ["domains"]);
        assert_eq!(one_rule("{domains: [a.org], paths: }").unknown, ["paths"]);
        assert!(one_rule("anything").domains.is_empty());
        let rule = one_rule("{name: r, domains: [a.org], query: {n: 5}, body: {type: object}}");
        assert_eq!((rule.query.unwrap()["n"].as_str(), rule.body), ("5", Some(json!({"type": "object"}))));
    }

    #[test]
    fn a_transform_that_names_its_rules_wrongly_applies_to_none() {
        let transforms =
            read("capabilities: [{name: c, transforms: [{applies_to: search, auth: {bearer: x}}, {body: {set: {/a/b: 1}}}]}]");
        let transforms = &transforms.capabilities[0].transforms;
        assert_eq!(transforms[0].applies_to, Some(Vec::new()));
        assert_eq!(transforms[0].auth, Some(json!({"bearer": "x"})));
        assert_eq!((transforms[1].applies_to.as_ref(), &transforms[1].body_set["/a/b"]), (None, &json!(1)));
    }

    #[test]
    fn bytes_have_units() {
        let cases = [
            ("50MB", Some(50_000_000)),
            ("1 kB", Some(1000)),
            ("2GiB", Some(2_147_483_648)),
            ("1.5MB", Some(1_500_000)),
            ("0.1KiB", Some(102)),
            ("4096", Some(4096)),
            ("7 B", Some(7)),
            ("99999999999999999999GB", Some(u64::MAX)),
            ("1.99999999999999999999999999999999999999999GB", Some(1_999_999_999)),
            ("MB", None),
            ("-5MB", None),
            ("5 apples", None),
            ("1.2.3", None),
            ("", None),
        ];
        for (written, expected) in cases {
            assert_eq!(bytes(written), expected, "{written}");
        }
        let capability =
            &read("capabilities: [{name: c, budgets: {per_task: {requests: many, bytes: 5 apples}}}]").capabilities[0];
        assert_eq!(capability.budgets.task, Budget { requests: Some(0), bytes: Some(0) });
        assert_eq!(capability.budgets.workspace, Budget::default());
    }

    #[test]
    fn yaml_becomes_json() {
        let text = "a: [0x1f, 0o17, -0b11, 1_000, 007, 1.50, .5, 1e3, -0x10, +4]\nb: [18446744073709551615, -9223372036854775808, 18446744073709551616, 1e999, .inf, -.inf, .nan]\nc: &x {d: ~, e: true, 5: '5'}\nf: *x\ng: {<<: *x, e: no}\n";
        let value = yaml_to_json(&yaml::parse(text).unwrap());
        assert_eq!(value["a"], json!([31, 15, -3, 1000, 7, 1.5, 0.5, 1000.0, -16, 4]));
        let odd = json!([u64::MAX, i64::MIN, 18_446_744_073_709_551_616.0, "1e999", ".inf", "-.inf", ".nan"]);
        assert_eq!(value["b"], odd);
        assert_eq!(value["c"], json!({"d": null, "e": true, "5": "5"}));
        assert_eq!(value["f"], value["c"]);
        assert_eq!(value["g"], json!({"d": null, "e": "no", "5": "5"}));
        assert_eq!(yaml_to_json(&yaml::parse("").unwrap()), Value::Null);
    }
}
