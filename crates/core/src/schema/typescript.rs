//! TypeScript types of a pack's tools: what `import type { SearchBooks } from "packwright:tools"` means.
//!
//! Types say less than schemas: bounds, patterns, `not` and `if` have no type and are left out; a value of the type may still break its
//! schema, and the host checks. What they say is never narrower than the schema.

use super::bundle::Bundle;
use super::keywords::children;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A tool, as its types need it.
#[derive(Debug, Clone, Copy)]
pub struct TypedTool<'a> {
    pub name: &'a str,
    pub title: Option<&'a str>,
    pub description: Option<&'a str>,
    /// `None` where it has none, or none that can be read: then the type is `unknown`.
    pub input: Option<&'a Bundle>,
    pub output: Option<&'a Bundle>,
}

/// The types that every handler has: `Host` and what belongs to it.
const HOST: &str = include_str!("typescript/host.d.ts");

/// How deep types may nest, and how many parts they may have: past it they are `unknown`.
const MAX_DEPTH: usize = 60;
const MAX_PARTS: usize = 100_000;

/// A declaration file for a pack: the module `packwright:tools` with a namespace for each tool, and the host's types.
pub fn typescript(tools: &[TypedTool<'_>]) -> String {
    let mut out = "// Made by `packwright types` from the pack's schemas; changes here are lost.\n\n".to_owned();
    out.push_str("declare module \"packwright:tools\" {\n");
    let mut taken = BTreeSet::new();
    for tool in tools {
        let name = unique(&pascal(tool.name, "Tool"), &mut taken);
        let words = [tool.title, tool.description];
        comment(&mut out, "  ", words.into_iter().flatten(), false);
        out.push_str(&format!("  export namespace {name} {{\n"));
        let mut names: BTreeSet<String> = ["Input", "Output"].map(str::to_owned).into();
        for (name, bundle) in [("Input", tool.input), ("Output", tool.output)] {
            match bundle {
                Some(bundle) => Writer::new(&bundle.value, name, &mut names).write(&mut out),
                None => out.push_str(&format!("    export type {name} = unknown;\n")),
            }
        }
        out.push_str("  }\n");
    }
    if tools.is_empty() {
        out.push_str("  export {};\n");
    }
    out.push_str("}\n\n");
    out.push_str(HOST);
    out
}

/// Writes one schema's types.
struct Writer<'a> {
    root: &'a Value,
    whole: &'static str,
    /// Names that are taken in the namespace.
    taken: &'a mut BTreeSet<String>,
    /// By reference: the name of its type.
    named: BTreeMap<String, String>,
    waiting: Vec<(String, String)>,
    left: usize,
}

impl<'a> Writer<'a> {
    fn new(root: &'a Value, whole: &'static str, taken: &'a mut BTreeSet<String>) -> Self {
        let named = [("#".to_owned(), whole.to_owned())].into();
        Self { root, whole, taken, named, waiting: Vec::new(), left: MAX_PARTS }
    }

    fn write(mut self, out: &mut String) {
        self.declare(self.whole.to_owned(), self.root, "#", out);
        while let Some((reference, name)) = self.waiting.pop() {
            let schema = Bundle::target(self.root, &reference).unwrap_or(&Value::Bool(true));
            self.declare(name, schema, &reference, out);
        }
    }

    fn declare(&mut self, name: String, schema: &Value, reference: &str, out: &mut String) {
        comment_of(out, "    ", schema);
        let written = self.type_of(schema, 2, reference);
        // An object of its own is an interface: editors show its name.
        if written.starts_with('{') && is_object_alone(schema) {
            out.push_str(&format!("    export interface {name} {written}\n"));
        } else {
            out.push_str(&format!("    export type {name} = {written};\n"));
        }
    }

    /// A schema's type. `within` is the reference whose type is being declared, while nothing stands between: a type may not be itself.
    fn type_of(&mut self, schema: &Value, depth: usize, within: &str) -> String {
        if depth > MAX_DEPTH || self.left == 0 {
            return "unknown".to_owned();
        }
        self.left -= 1;
        let Value::Object(keywords) = schema else {
            return if *schema == Value::Bool(false) { "never" } else { "unknown" }.to_owned();
        };
        let mut parts: Vec<String> = Vec::new();
        if let Some(reference) = keywords.get("$ref").and_then(Value::as_str) {
            parts.extend(self.reference(reference, within));
        }
        if let Some(fixed) = keywords.get("const") {
            parts.push(literal(fixed, 0));
        } else if let Some(members) = keywords.get("enum").and_then(Value::as_array) {
            let mut literals: Vec<String> = members.iter().take(2_000).map(|member| literal(member, 0)).collect();
            if members.len() > literals.len() {
                literals = vec!["unknown".to_owned()];
            }
            parts.push(union(literals));
        } else {
            parts.extend(self.by_type(keywords, depth));
        }
        for part in keywords.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            parts.push(self.type_of(part, depth, within));
        }
        for key in ["anyOf", "oneOf"] {
            if let Some(branches) = keywords.get(key).and_then(Value::as_array) {
                let branches = branches.iter().map(|branch| self.type_of(branch, depth, within)).collect();
                parts.push(union(branches));
            }
        }
        intersection(parts)
    }

    fn reference(&mut self, reference: &str, within: &str) -> Option<String> {
        let target = Bundle::target(self.root, reference)?;
        if self.leads_back(target, within) {
            return None;
        }
        if let Some(name) = self.named.get(reference) {
            return Some(name.clone());
        }
        let last = super::bounds::decoded(reference.rsplit('/').next().unwrap_or_default()).replace("~1", "/").replace("~0", "~");
        let plain = last.rsplit('/').next().unwrap_or_default().trim_end_matches(".json");
        let name = unique(&pascal(plain, "Part"), self.taken);
        self.named.insert(reference.to_owned(), name.clone());
        self.waiting.push((reference.to_owned(), name.clone()));
        Some(name)
    }

    /// Whether a schema is, without anything between, the one that is being declared.
    fn leads_back(&self, schema: &Value, within: &str) -> bool {
        let Some(declared) = Bundle::target(self.root, within) else { return false };
        let mut seen = HashSet::new();
        let mut waiting = vec![schema];
        while let Some(schema) = waiting.pop() {
            if std::ptr::eq(schema, declared) {
                return true;
            }
            let Some(keywords) = schema.as_object() else { continue };
            if !seen.insert(std::ptr::from_ref(keywords)) {
                continue;
            }
            waiting.extend(keywords.get("$ref").and_then(Value::as_str).and_then(|to| Bundle::target(self.root, to)));
            let in_place = |keyword: &str| matches!(keyword, "allOf" | "anyOf" | "oneOf");
            waiting.extend(children(keywords).iter().filter(|child| in_place(child.keyword)).map(|child| child.schema));
        }
        false
    }

    fn by_type(&mut self, keywords: &Map<String, Value>, depth: usize) -> Option<String> {
        let kinds: Vec<&str> = match keywords.get("type") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            _ if ["properties", "additionalProperties", "patternProperties", "required"]
                .iter()
                .any(|key| keywords.contains_key(*key))
                || !conditional(keywords).is_empty() =>
            {
                vec!["object"]
            }
            _ if ["items", "prefixItems"].iter().any(|key| keywords.contains_key(*key)) => vec!["array"],
            _ => return None,
        };
        let each = kinds.into_iter().map(|kind| match kind {
            "string" => "string".to_owned(),
            "integer" | "number" => "number".to_owned(),
            "boolean" => "boolean".to_owned(),
            "null" => "null".to_owned(),
            "array" => self.array(keywords, depth),
            "object" => self.object(keywords, depth),
            _ => "unknown".to_owned(),
        });
        let each = each.collect();
        Some(union(each))
    }

    fn array(&mut self, keywords: &Map<String, Value>, depth: usize) -> String {
        let front = keywords.get("prefixItems").or_else(|| keywords.get("items")).and_then(Value::as_array);
        let rest = if keywords.get("items").is_some_and(Value::is_array) { "additionalItems" } else { "items" };
        let rest = keywords.get(rest).filter(|rest| !rest.is_array());
        let Some(front) = front.filter(|front| !front.is_empty()) else {
            return match rest {
                Some(Value::Bool(false)) => "[]".to_owned(),
                Some(rest) => list_of(&self.type_of(rest, depth + 1, "")),
                None => "unknown[]".to_owned(),
            };
        };
        let least = keywords.get("minItems").and_then(Value::as_u64).unwrap_or(0);
        let most = keywords.get("maxItems").and_then(Value::as_u64).unwrap_or(u64::MAX);
        let mut items: Vec<String> = Vec::new();
        for (at, schema) in front.iter().enumerate().take(200) {
            let item = self.type_of(schema, depth + 1, "");
            if at as u64 >= most {
                break;
            }
            items.push(if (at as u64) < least { item } else { format!("{}?", grouped(&item)) });
        }
        if rest != Some(&Value::Bool(false)) && most > front.len() as u64 {
            let rest = rest.map_or_else(|| "unknown".to_owned(), |rest| self.type_of(rest, depth + 1, ""));
            items.push(format!("...{}", list_of(&rest)));
        }
        format!("[{}]", items.join(", "))
    }

    fn object(&mut self, keywords: &Map<String, Value>, depth: usize) -> String {
        let nothing = Map::new();
        let properties = keywords.get("properties").and_then(Value::as_object).unwrap_or(&nothing);
        let required = keywords.get("required").and_then(Value::as_array);
        let required: BTreeSet<&str> = required.into_iter().flatten().filter_map(Value::as_str).collect();
        let indent = "  ".repeat(depth + 1);
        let mut lines = String::new();
        let mut types = Vec::new();
        for (name, schema) in properties {
            let written = self.type_of(schema, depth + 1, "");
            comment_of(&mut lines, &indent, schema);
            let mark = if required.contains(name.as_str()) { "" } else { "?" };
            lines.push_str(&format!("{indent}{}{mark}: {written};\n", key(name)));
            types.push(written);
            if mark == "?" {
                types.push("undefined".to_owned());
            }
        }
        // What only a condition brings in may be there.
        let mut sometimes: BTreeMap<&str, Vec<&Value>> = conditional(keywords);
        sometimes.retain(|name, _| !properties.contains_key(*name) && !required.contains(name));
        for (name, schemas) in &sometimes {
            let each: Vec<String> = schemas.iter().map(|schema| self.type_of(schema, depth + 1, "")).collect();
            let written = union(each);
            comment_of(&mut lines, &indent, schemas[0]);
            lines.push_str(&format!("{indent}{}?: {written};\n", key(name)));
            types.extend([written, "undefined".to_owned()]);
        }
        let mut further = Vec::new();
        for schema in keywords.get("patternProperties").and_then(Value::as_object).into_iter().flat_map(Map::values) {
            further.push(self.type_of(schema, depth + 1, ""));
        }
        match keywords.get("additionalProperties") {
            Some(Value::Bool(false)) => {}
            Some(schema) => further.push(self.type_of(schema, depth + 1, "")),
            None if properties.is_empty() && sometimes.is_empty() && further.is_empty() => further.push("unknown".to_owned()),
            None => {}
        }
        let rest = union(further.clone());
        for name in required.iter().filter(|name| !properties.contains_key(**name)) {
            let written = if further.is_empty() { "unknown" } else { &rest };
            lines.push_str(&format!("{indent}{}: {written};\n", key(name)));
        }
        if !further.is_empty() {
            // TypeScript wants every property to be of the type that further ones have.
            types.splice(0..0, further);
            lines.push_str(&format!("{indent}[name: string]: {};\n", union(types)));
        } else if lines.is_empty() {
            lines.push_str(&format!("{indent}[name: string]: never;\n"));
        }
        format!("{{\n{lines}{}}}", "  ".repeat(depth))
    }
}

/// The properties that stand below `then`, `else` and what depends on others: with each schema that may hold.
fn conditional(keywords: &Map<String, Value>) -> BTreeMap<&str, Vec<&Value>> {
    let mut found: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    let ways = ["then", "else"].iter().filter(|_| keywords.contains_key("if")).filter_map(|key| keywords.get(*key));
    let depending = keywords.get("dependentSchemas").and_then(Value::as_object).into_iter().flat_map(Map::values);
    for way in ways.chain(depending).filter_map(Value::as_object) {
        let properties = way.get("properties").and_then(Value::as_object);
        // A `false` forbids it there, and says nothing of it elsewhere.
        for (name, schema) in properties.into_iter().flatten().filter(|(_, schema)| **schema != Value::Bool(false)) {
            found.entry(name).or_default().push(schema);
        }
        let required = way.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        for name in required.filter(|name| properties.is_none_or(|properties| !properties.contains_key(*name))) {
            found.entry(name).or_default().push(&Value::Bool(true));
        }
    }
    found
}

/// Whether nothing stands beside the keywords of an object.
fn is_object_alone(schema: &Value) -> bool {
    let other = ["$ref", "allOf", "anyOf", "oneOf", "enum", "const"];
    schema.as_object().is_some_and(|keywords| !other.iter().any(|key| keywords.contains_key(*key)))
}

fn union(mut parts: Vec<String>) -> String {
    let mut seen = HashSet::new();
    parts.retain(|part| seen.insert(part.clone()));
    if parts.iter().any(|part| part == "unknown") {
        return "unknown".to_owned();
    }
    if parts.len() > 1 {
        parts.retain(|part| part != "never");
    }
    match parts.as_slice() {
        [] => "never".to_owned(),
        [one] => one.clone(),
        several => several.iter().map(|part| grouped(part)).collect::<Vec<_>>().join(" | "),
    }
}

fn intersection(mut parts: Vec<String>) -> String {
    parts.retain(|part| part != "unknown");
    let mut seen = HashSet::new();
    parts.retain(|part| seen.insert(part.clone()));
    match parts.as_slice() {
        [] => "unknown".to_owned(),
        [one] => one.clone(),
        several => several.iter().map(|part| grouped(part)).collect::<Vec<_>>().join(" & "),
    }
}

/// In brackets, where it is not one thing already.
fn grouped(part: &str) -> String {
    let simple = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'));
    if simple || part.starts_with('"') && part.matches('"').count() == 2 { part.to_owned() } else { format!("({part})") }
}

fn list_of(item: &str) -> String {
    format!("{}[]", grouped(item))
}

/// A value as the type that only it has.
fn literal(value: &Value, depth: usize) -> String {
    if depth > MAX_DEPTH {
        return "unknown".to_owned();
    }
    match value {
        Value::Array(items) => {
            format!("[{}]", items.iter().map(|item| literal(item, depth + 1)).collect::<Vec<_>>().join(", "))
        }
        Value::Object(entries) if entries.is_empty() => "{ [name: string]: never }".to_owned(),
        Value::Object(entries) => {
            let each: Vec<String> =
                entries.iter().map(|(name, value)| format!("{}: {}", key(name), literal(value, depth + 1))).collect();
            format!("{{ {} }}", each.join("; "))
        }
        other => other.to_string(),
    }
}

/// A property's name, quoted where it is no identifier.
fn key(name: &str) -> String {
    let mut letters = name.chars();
    let plain = letters.next().is_some_and(|letter| letter.is_ascii_alphabetic() || matches!(letter, '_' | '$'))
        && letters.all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '$'));
    if plain { name.to_owned() } else { Value::from(name).to_string() }
}

/// A name for a type: `search_books` is `SearchBooks`.
fn pascal(name: &str, otherwise: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let joined: String =
        words.map(|word| format!("{}{}", word[..1].to_ascii_uppercase(), &word[1..])).collect::<Vec<_>>().concat();
    match joined.as_bytes().first() {
        None => otherwise.to_owned(),
        Some(digit) if digit.is_ascii_digit() => format!("_{joined}"),
        Some(_) => joined,
    }
}

/// The name, with a number where it is taken.
fn unique(name: &str, taken: &mut BTreeSet<String>) -> String {
    let mut one = name.to_owned();
    let mut number = 2;
    while !taken.insert(one.clone()) {
        one = format!("{name}{number}");
        number += 1;
    }
    one
}

fn comment_of(out: &mut String, indent: &str, schema: &Value) {
    let text = |key: &str| schema.get(key).and_then(Value::as_str);
    let deprecated = schema.get("deprecated") == Some(&Value::Bool(true));
    comment(out, indent, [text("title"), text("description")].into_iter().flatten(), deprecated);
}

fn comment<'a>(out: &mut String, indent: &str, words: impl Iterator<Item = &'a str>, deprecated: bool) {
    let mut lines: Vec<String> = Vec::new();
    for text in words {
        for line in text.trim().lines().take(40) {
            let safe: String = line.chars().filter(|letter| !letter.is_control()).take(500).collect();
            lines.push(safe.trim_end().replace("*/", "*\\/"));
        }
    }
    if deprecated {
        lines.push("@deprecated".to_owned());
    }
    match lines.as_slice() {
        [] => {}
        [one] => out.push_str(&format!("{indent}/** {one} */\n")),
        several => {
            out.push_str(&format!("{indent}/**\n"));
            for line in several {
                out.push_str(&format!("{indent} * {line}\n").replace(" * \n", " *\n"));
            }
            out.push_str(&format!("{indent} */\n"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bundle, TypedTool, typescript};
    use serde_json::{Value, json};

    fn module(name: &str, input: Value, output: Value) -> String {
        let (input, output) = (Bundle::alone(&input).unwrap(), Bundle::alone(&output).unwrap());
        let tool = TypedTool {
            name,
            title: None,
            description: Some("Says */ what\nit does"),
            input: Some(&input),
            output: Some(&output),
        };
        let text = typescript(&[tool, TypedTool { name: "search-books", input: None, output: None, ..tool }]);
        text[..text.find("\n\n/** What a handler").unwrap()].to_owned()
    }

    #[test]
    fn a_tool_is_a_namespace_with_its_two_types() {
        let input = json!({"type": "object", "required": ["query", "odd name"], "additionalProperties": false, "properties": {
            "query": {"type": "string", "description": "What to find"}, "odd name": {"type": ["string", "null"]}, "limit": {"type": "integer", "deprecated": true},
            "sort": {"enum": ["new", "old", 3, null]}, "pair": {"prefixItems": [{"type": "string"}, {"type": "number"}], "minItems": 1, "items": false},
            "tags": {"type": "object", "additionalProperties": {"type": "string"}}, "either": {"oneOf": [{"type": "string"}, {"$ref": "#/$defs/book"}]}},
            "$defs": {"book": {"type": "object", "properties": {"title": {"type": "string"}, "like": {"type": "array", "items": {"$ref": "#/$defs/book"}}}}}});
        let output = json!({"allOf": [{"$ref": "#/$defs/book"}, {"type": "object", "required": ["id"]}], "$defs": {"book": {"type": "object", "properties": {"n": {"const": -1}}, "additionalProperties": true}}});
        insta::assert_snapshot!(module("search_books", input, output), @r#"
        // Made by `packwright types` from the pack's schemas; changes here are lost.

        declare module "packwright:tools" {
          /**
           * Says *\/ what
           * it does
           */
          export namespace SearchBooks {
            export interface Input {
              either?: string | Book;
              /** @deprecated */
              limit?: number;
              "odd name": string | null;
              pair?: [string, number?];
              /** What to find */
              query: string;
              sort?: "new" | "old" | 3 | null;
              tags?: {
                [name: string]: string;
              };
            }
            export interface Book {
              like?: Book[];
              title?: string;
            }
            export type Output = Book2 & ({
              id: unknown;
              [name: string]: unknown;
            });
            export interface Book2 {
              n?: -1;
              [name: string]: unknown;
            }
          }
          /**
           * Says *\/ what
           * it does
           */
          export namespace SearchBooks2 {
            export type Input = unknown;
            export type Output = unknown;
          }
        }
        "#);
    }

    #[test]
    fn what_a_condition_brings_in_may_be_there() {
        let input = json!({"type": "object", "required": ["k"], "properties": {"k": {"enum": ["a", "b"]}}, "if": {"properties": {"k": {"const": "a"}}},
            "then": {"required": ["z", "w"], "properties": {"z": {"type": "integer", "description": "How many"}, "k": {"type": "string"}}},
            "else": {"properties": {"z": {"type": "string"}, "no": false}}});
        let output = json!({"type": "object", "properties": {"k": {"type": "string"}}, "dependentSchemas": {"k": {"properties": {"d": {"type": "null"}}}},
            "allOf": [{"if": {"required": ["k"]}, "then": {"properties": {"y": {"type": "boolean"}}}}]});
        let text = module("t", input, output);
        insta::assert_snapshot!(text[text.find("export interface").unwrap()..text.find("/**\n   * Says *\\/ what\n   * it does\n   */\n  export namespace SearchBooks").unwrap()], @"
        export interface Input {
              k: \"a\" | \"b\";
              w?: unknown;
              /** How many */
              z?: number | string;
            }
            export type Output = ({
              k?: string;
              d?: null;
            }) & ({
              y?: boolean;
            });
          }
        ");
    }

    #[test]
    fn what_is_strange_is_still_a_type() {
        let circle = json!({"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/b"}, {"type": "string"}]}, "b": {"$ref": "#/$defs/a"}}});
        insta::assert_snapshot!(module("1st", circle, json!(false)), @r#"
        // Made by `packwright types` from the pack's schemas; changes here are lost.

        declare module "packwright:tools" {
          /**
           * Says *\/ what
           * it does
           */
          export namespace _1st {
            export type Input = A;
            export type A = unknown;
            export type Output = never;
          }
          /**
           * Says *\/ what
           * it does
           */
          export namespace SearchBooks {
            export type Input = unknown;
            export type Output = unknown;
          }
        }
        "#);
        let deep = (0..100).fold(json!({}), |inner, _| json!({"type": "array", "items": inner}));
        assert!(module("a", deep, json!({"type": "object", "additionalProperties": false})).contains("unknown"));
    }
}
