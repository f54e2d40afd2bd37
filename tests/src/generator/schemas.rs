//! JSON Schemas: of tools, as files and inside a manifest, and of the manifest itself for programs that do not know it.

use super::words::{NOUNS, Random, sentence};
use serde_json::{Map, Value, json};

pub const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// A closed object of some depth, with two definitions that it refers to: about six kilobytes.
pub fn file(random: &mut Random, title: &str) -> Value {
    let definitions: Vec<String> = names(random, 2).into_iter().map(|name| format!("{name}_record")).collect();
    let width = random.between(2, 5);
    let mut required = names(random, width);
    let mut properties = Map::new();
    for name in &required {
        let depth = random.below(3);
        properties.insert(name.clone(), node(random, depth, &definitions));
    }
    // Each definition is used at least here.
    for definition in &definitions {
        properties.insert(definition.clone(), reference(definition));
        required.push(definition.clone());
    }
    let definitions: Map<String, Value> = definitions.into_iter().map(|name| (name, object(random, 3, 0, &[]))).collect();
    json!({
        "$schema": DIALECT, "title": title, "description": sentence(random, 8, 14), "type": "object", "properties": properties,
        "required": required, "additionalProperties": false, "$defs": definitions,
    })
}

/// A smaller one, without what a schema inside a manifest does not need.
pub fn inline(random: &mut Random) -> Value {
    let depth = random.below(2);
    object(random, 3, depth, &[])
}

/// One node of a schema; `definitions` may be referred to.
fn node(random: &mut Random, depth: usize, definitions: &[String]) -> Value {
    if depth == 0 {
        return leaf(random);
    }
    match random.below(6) {
        0..=2 => {
            let width = random.between(3, 5);
            object(random, width, depth - 1, definitions)
        }
        3 => {
            let items = node(random, depth - 1, definitions);
            json!({ "type": "array", "description": sentence(random, 4, 9), "items": items, "maxItems": random.one(&[10, 50, 200]) })
        }
        4 if !definitions.is_empty() => reference(&definitions[random.below(definitions.len())]),
        // Nothing that may itself be null below: its second null could never be reached.
        _ => json!({ "anyOf": [object(random, 3, 0, &[]), { "type": "null" }] }),
    }
}

/// Closed, and with every property required: what all providers of models understand.
fn object(random: &mut Random, width: usize, depth: usize, definitions: &[String]) -> Value {
    let names = names(random, width);
    let properties: Map<String, Value> = names.iter().map(|name| (name.clone(), node(random, depth, definitions))).collect();
    json!({
        "type": "object", "description": sentence(random, 4, 9), "properties": properties, "required": names, "additionalProperties": false,
    })
}

fn leaf(random: &mut Random) -> Value {
    let note = sentence(random, 4, 9);
    match random.below(7) {
        0 => json!({ "type": "string", "description": note, "minLength": 1, "maxLength": random.one(&[40, 80, 200]) }),
        1 => json!({ "type": "integer", "description": note, "minimum": 0, "maximum": random.one(&[100, 1_000, 10_000]) }),
        2 => {
            let count = random.between(3, 7);
            json!({ "type": "string", "description": note, "enum": random.some(NOUNS, count) })
        }
        3 => json!({ "type": "boolean", "description": note }),
        4 => json!({ "type": "string", "description": note, "pattern": "^[A-Z]{2,4}-[0-9]{3,8}$" }),
        5 => json!({ "type": "number", "description": note, "minimum": 0 }),
        _ => json!({ "type": "string", "description": note, "format": random.one(&["date-time", "uuid", "email", "uri"]) }),
    }
}

fn reference(definition: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{definition}") })
}

/// Names of properties, all different.
fn names(random: &mut Random, count: usize) -> Vec<String> {
    let mut names = Vec::new();
    while names.len() < count {
        let [first, second] = random.two(NOUNS);
        let name = if random.below(3) == 0 { first.to_owned() } else { format!("{first}_{second}") };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// A schema as lines of a manifest, indented by so many columns.
pub fn block(schema: &Value, indent: usize, out: &mut String) {
    match schema {
        Value::Object(map) => {
            for (key, value) in map {
                out.push_str(&format!("{:indent$}{key}:", ""));
                value_after_key(value, indent + 2, out);
            }
        }
        Value::Array(items) => {
            for item in items {
                if item.is_object() {
                    // An object begins on its dash's line.
                    let mut inner = String::new();
                    block(item, indent + 2, &mut inner);
                    out.push_str(&format!("{:indent$}- {}", "", inner.trim_start()));
                } else {
                    out.push_str(&format!("{:indent$}- {item}\n", ""));
                }
            }
        }
        other => out.push_str(&format!("{:indent$}{other}\n", "")),
    }
}

fn value_after_key(value: &Value, indent: usize, out: &mut String) {
    if value.is_object() || value.is_array() {
        out.push('\n');
        block(value, indent, out);
    } else {
        out.push_str(&format!(" {value}\n"));
    }
}
