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
    let object = keywords
        .get("type")
        .is_none_or(|kind| *kind == json!("object") || kind.as_array().is_some_and(|kinds| kinds.contains(&json!("object"))));
    if !says && !chosen && object && (describes || (whole && keywords.contains_key("type"))) {
        keywords.insert("additionalProperties".to_owned(), Value::Bool(false));
    }
    let whole = |keyword: &str| whole && matches!(keyword, "anyOf" | "oneOf");
    each_child(keywords, &mut |keyword, child| close(child, whole(keyword)))
}

/// A schema without the words that refuse further properties. What stands below `not` and `if` means its opposite, and stays.
pub(super) fn open(bundle: &Bundle) -> Value {
    let mut value = bundle.value.clone();
    widen(&mut value);
    value
}

fn widen(schema: &mut Value) -> bool {
    let Value::Object(keywords) = schema else { return true };
    for key in ["additionalProperties", "unevaluatedProperties"] {
        if keywords.get(key) == Some(&Value::Bool(false)) {
            keywords.remove(key);
        }
    }
    // Branches that only a further property told apart are no longer apart.
    if let Some(branches) = keywords.remove("oneOf") {
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
    each_child(keywords, &mut |keyword, child| matches!(keyword, "not" | "if" | "propertyNames") || widen(child))
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
                let free = !whole && !described;
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
    let required = parts.iter().filter_map(|part| part.get("required")).filter_map(Value::as_array).flatten();
    named.chain(required.filter_map(Value::as_str)).collect()
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
