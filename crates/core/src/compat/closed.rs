//! Schemas as they are compared: inputs with the properties that they declare and no others, outputs with whatever else may come.

use crate::schema::Bundle;
use crate::schema::keywords::children;
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, HashSet};

/// A schema in which every object takes only what it declares; `None` where schemas are laid over each other, so that no one of them knows
/// all names.
pub(super) fn closed(bundle: &Bundle) -> Option<Value> {
    let mut value = bundle.value.clone();
    (bundle.exact && close(&mut value, true)).then_some(value)
}

fn close(schema: &mut Value, whole: bool) -> bool {
    let Value::Object(keywords) = schema else { return true };
    let describes = ["properties", "patternProperties"].iter().any(|key| keywords.contains_key(*key));
    let laid_over = ["allOf", "if", "dependentSchemas", "dependencies", "not"].iter().any(|key| keywords.contains_key(*key));
    let chosen = ["$ref", "anyOf", "oneOf"].iter().any(|key| keywords.contains_key(*key));
    if laid_over || (chosen && describes) {
        return false;
    }
    let says = ["additionalProperties", "unevaluatedProperties"].iter().any(|key| keywords.contains_key(*key));
    if (describes || whole) && !says {
        declare(keywords);
    }
    let object = keywords
        .get("type")
        .is_none_or(|kind| *kind == json!("object") || kind.as_array().is_some_and(|kinds| kinds.contains(&json!("object"))));
    let describes = keywords.contains_key("properties") || describes;
    if !says && !chosen && object && !wants_more(keywords) && (describes || (whole && keywords.contains_key("type"))) {
        keywords.insert("additionalProperties".to_owned(), Value::Bool(false));
    }
    let whole = |keyword: &str| whole && matches!(keyword, "anyOf" | "oneOf");
    each_child(keywords, &mut |keyword, child| close(child, whole(keyword)))
}

/// What must be there is declared, if only by its name: else nothing would fit the closed form, and nothing is less than anything.
fn declare(keywords: &mut Map<String, Value>) {
    let names: Vec<String> = demanded(keywords).map(str::to_owned).collect();
    if names.is_empty() || keywords.get("properties").is_some_and(|properties| !properties.is_object()) {
        return;
    }
    let properties = keywords.entry("properties").or_insert_with(|| json!({}));
    if let Value::Object(properties) = properties {
        for name in names {
            properties.entry(name).or_insert(Value::Bool(true));
        }
    }
}

/// The names in `required` and `dependentRequired`.
fn demanded(keywords: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let always = keywords.get("required").and_then(Value::as_array);
    let depending = ["dependentRequired", "dependencies"].iter().filter_map(|key| keywords.get(*key)?.as_object());
    let depending = depending.flat_map(Map::values).filter_map(Value::as_array);
    always.into_iter().chain(depending).flatten().filter_map(Value::as_str)
}

/// True where more properties must be there than are declared: then others are meant to come.
fn wants_more(keywords: &Map<String, Value>) -> bool {
    let least = keywords.get("minProperties").and_then(Value::as_f64).unwrap_or_default();
    let properties = keywords.get("properties").and_then(Value::as_object);
    let names: BTreeSet<&str> =
        properties.into_iter().flat_map(Map::keys).map(String::as_str).chain(demanded(keywords)).collect();
    #[expect(clippy::cast_precision_loss, reason = "no schema has 2^52 names")]
    let declared = names.len() as f64;
    least > declared && !keywords.contains_key("patternProperties")
}

/// A schema without the words that refuse further properties. What stands below `not` and `if` means its opposite, and stays.
///
/// Branches of `oneOf` that only a further property told apart are no longer apart then: with `apart`, they stay `oneOf` all the same,
/// which takes less than was meant; else they become `anyOf`, which takes more.
pub(super) fn open(bundle: &Bundle, apart: bool) -> Value {
    let mut value = bundle.value.clone();
    widen(&mut value, apart);
    value
}

fn widen(schema: &mut Value, apart: bool) -> bool {
    let Value::Object(keywords) = schema else { return true };
    for key in ["additionalProperties", "unevaluatedProperties"] {
        if keywords.get(key) == Some(&Value::Bool(false)) {
            keywords.remove(key);
        }
    }
    let written = keywords.get("oneOf").filter(|_| !apart).cloned();
    let all =
        each_child(keywords, &mut |keyword, child| matches!(keyword, "not" | "if" | "propertyNames") || widen(child, apart));
    if written.is_some_and(|written| keywords.get("oneOf") != Some(&written) || refers(&written))
        && let Some(branches) = keywords.remove("oneOf")
    {
        if keywords.contains_key("anyOf") {
            let own = json!({ "anyOf": branches });
            match keywords.get_mut("allOf") {
                Some(Value::Array(all)) => all.push(own),
                _ => {
                    keywords.insert("allOf".to_owned(), json!([own]));
                }
            }
        } else {
            keywords.insert("anyOf".to_owned(), branches);
        }
    }
    all
}

/// True when a schema names a part that may have been opened elsewhere.
fn refers(schema: &Value) -> bool {
    match schema {
        Value::Object(entries) => entries.contains_key("$ref") || entries.values().any(refers),
        Value::Array(items) => items.iter().any(refers),
        _ => false,
    }
}

/// Words that say something to people and nothing about values.
const WORDS: &[&str] = &["title", "description", "$comment", "examples", "default", "deprecated", "readOnly", "writeOnly"];

/// A schema without its words, and with one way to write what can be written in two.
pub(super) fn plain(bundle: &Bundle) -> Value {
    let mut value = bundle.value.clone();
    // Both sides of a comparison are asked for their drafts too.
    if let Value::Object(keywords) = &mut value {
        keywords.remove("$schema");
    }
    strip(&mut value);
    value
}

fn strip(schema: &mut Value) -> bool {
    let Value::Object(keywords) = schema else { return true };
    WORDS.iter().for_each(|word| drop(keywords.remove(*word)));
    if let Some([only]) = keywords.get("enum").and_then(Value::as_array).map(Vec::as_slice)
        && !keywords.contains_key("const")
    {
        let only = only.clone();
        keywords.remove("enum");
        keywords.insert("const".to_owned(), only);
    }
    each_child(keywords, &mut |_, child| strip(child))
}

/// True when a schema leaves a choice whose branches know each other's names, so that its closed form says less than itself.
pub(super) fn chooses(schema: &Value) -> bool {
    match schema {
        Value::Object(entries) => {
            ["anyOf", "oneOf", "contains"].iter().any(|key| entries.contains_key(*key)) || entries.values().any(chooses)
        }
        Value::Array(items) => items.iter().any(chooses),
        _ => false,
    }
}

/// Calls `change` with every schema directly below one; true when it always said so.
fn each_child(keywords: &mut Map<String, Value>, change: &mut dyn FnMut(&str, &mut Value) -> bool) -> bool {
    let places: Vec<(String, String)> = children(keywords)
        .iter()
        .map(|child| {
            let mut pointer = String::new();
            child.extend(&mut pointer);
            (child.keyword.to_owned(), pointer)
        })
        .collect();
    let mut all = true;
    for (keyword, pointer) in places {
        let mut steps = pointer[1..].split('/');
        let first = steps.next().and_then(|key| keywords.get_mut(&key.replace("~1", "/").replace("~0", "~")));
        let rest: String = steps.map(|step| format!("/{step}")).collect::<Vec<_>>().concat();
        if let Some(child) = first.and_then(|first| first.pointer_mut(&rest)) {
            all &= change(&keyword, child);
        }
    }
    all
}

/// The first property of a value that its schema does not declare, as a JSON pointer. Free objects below the whole take any name, except
/// those that `named` says the other version declares there.
pub(super) fn undeclared(bundle: &Bundle, value: &Value, other: Option<&Bundle>) -> Option<String> {
    let mut walk = Walk { root: &bundle.value, other: other.map(|other| &other.value), left: 20_000 };
    walk.value(
        &[&bundle.value],
        &other.map(|other| &other.value).into_iter().collect::<Vec<_>>(),
        value,
        &mut String::new(),
        true,
    )
}

struct Walk<'a> {
    root: &'a Value,
    other: Option<&'a Value>,
    /// How many parts may still be looked at.
    left: usize,
}

impl<'a> Walk<'a> {
    fn value(
        &mut self,
        schemas: &[&'a Value],
        others: &[&'a Value],
        value: &Value,
        at: &mut String,
        whole: bool,
    ) -> Option<String> {
        match value {
            Value::Object(entries) => {
                let parts = self.parts(self.root, schemas);
                let theirs = self.other.map(|root| self.parts(root, others)).unwrap_or_default();
                let names = names(&parts);
                let described = parts.iter().any(|part| {
                    ["properties", "patternProperties", "additionalProperties", "unevaluatedProperties"]
                        .iter()
                        .any(|key| part.get(*key).is_some_and(|value| *value != Value::Bool(false)))
                });
                let free = (!whole && !described) || parts.iter().any(|part| wants_more(part));
                let rest = parts.iter().any(|part| {
                    let further = |key: &str| part.get(key).is_some_and(|schema| *schema != Value::Bool(false));
                    further("additionalProperties") || further("unevaluatedProperties") || part.contains_key("patternProperties")
                });
                for (name, inner) in entries {
                    let length = at.len();
                    at.push('/');
                    at.push_str(&crate::schema::escaped(name));
                    let known = names.contains(name.as_str()) || rest || (free && !self::names(&theirs).contains(name.as_str()));
                    if !known {
                        return Some(at.clone());
                    }
                    let (below, theirs) = (property(&parts, name), property(&theirs, name));
                    if let Some(found) = self.value(&below, &theirs, inner, at, false) {
                        return Some(found);
                    }
                    at.truncate(length);
                }
                None
            }
            Value::Array(items) => {
                let parts = self.parts(self.root, schemas);
                let theirs = self.other.map(|root| self.parts(root, others)).unwrap_or_default();
                for (number, inner) in items.iter().enumerate() {
                    let length = at.len();
                    at.push_str(&format!("/{number}"));
                    let (below, theirs) = (item(&parts, number), item(&theirs, number));
                    if let Some(found) = self.value(&below, &theirs, inner, at, false) {
                        return Some(found);
                    }
                    at.truncate(length);
                }
                None
            }
            _ => None,
        }
    }

    /// All schemas that may speak of the same value: what they refer to, what is laid over them, and every branch.
    fn parts(&mut self, root: &'a Value, schemas: &[&'a Value]) -> Vec<&'a Map<String, Value>> {
        let mut parts = Vec::new();
        let mut seen = HashSet::new();
        let mut waiting: Vec<&Value> = schemas.to_vec();
        while let Some(schema) = waiting.pop() {
            let Some(keywords) = schema.as_object() else { continue };
            if self.left == 0 || !seen.insert(std::ptr::from_ref(keywords)) {
                continue;
            }
            self.left -= 1;
            parts.push(keywords);
            waiting.extend(keywords.get("$ref").and_then(Value::as_str).and_then(|to| Bundle::target(root, to)));
            waiting.extend(
                children(keywords).iter().filter(|child| child.stays() && child.keyword != "not").map(|child| child.schema),
            );
        }
        parts
    }
}

fn names<'a>(parts: &[&'a Map<String, Value>]) -> BTreeSet<&'a str> {
    let properties = parts.iter().filter_map(|part| part.get("properties")).filter_map(Value::as_object);
    let named = properties.flat_map(|properties| properties.keys().map(String::as_str));
    named.chain(parts.iter().flat_map(|part| demanded(part))).collect()
}

fn property<'a>(parts: &[&'a Map<String, Value>], name: &str) -> Vec<&'a Value> {
    let mut found = Vec::new();
    for part in parts {
        let own = part.get("properties").and_then(|properties| properties.get(name));
        found.extend(own);
        if own.is_none() {
            found.extend(part.get("additionalProperties"));
            found.extend(part.get("patternProperties").and_then(Value::as_object).into_iter().flat_map(Map::values));
        }
    }
    found
}

fn item<'a>(parts: &[&'a Map<String, Value>], number: usize) -> Vec<&'a Value> {
    let mut found = Vec::new();
    for part in parts {
        let front = part.get("prefixItems").or_else(|| part.get("items").filter(|items| items.is_array()));
        match front.and_then(|front| front.get(number)) {
            Some(schema) => found.push(schema),
            None => found.extend(
                ["items", "additionalItems", "contains"].iter().filter_map(|key| part.get(*key)).filter(|one| !one.is_array()),
            ),
        }
    }
    found
}
