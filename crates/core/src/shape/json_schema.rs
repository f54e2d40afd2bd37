//! The manifest's form as a JSON Schema, for editors that know nothing of Packwright.
//!
//! It says what a schema can say: keys, kinds, closed lists, patterns, and what a key is for. The rules say more.

use super::{KeyInfo, Keys, Shape};
use crate::manifest::Manifest;
use crate::manifest::typed::Record;
use serde_json::{Map, Value, json};

/// What the schema of the manifest is called. It is printed and committed, and lives at no address.
pub const ID: &str = "urn:packwright:schema:pack:1";

/// The JSON Schema of `pack.yaml`, draft 2020-12.
pub fn manifest() -> Value {
    let mut definitions = Map::new();
    let mut schema = mapping(Manifest::KEYS, &mut definitions);
    let root = schema.as_object_mut().expect("a mapping's schema is an object");
    root.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    root.insert("$id".to_owned(), json!(ID));
    root.insert("title".to_owned(), json!("pack.yaml"));
    // The home of anchors: keys of the author's own.
    root.insert("patternProperties".to_owned(), json!({ "^x-": true }));
    root.insert("anyOf".to_owned(), json!([{ "required": ["name"] }, { "required": ["pack_id"] }]));
    root.insert("$defs".to_owned(), Value::Object(definitions));
    schema
}

fn mapping(keys: &'static Keys, definitions: &mut Map<String, Value>) -> Value {
    let properties: Map<String, Value> = keys.keys.iter().map(|key| (key.name.to_owned(), property(key, definitions))).collect();
    let required: Vec<&str> = keys.keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    let mut schema = json!({
        "type": "object", "description": keys.about.trim(), "properties": properties, "additionalProperties": false,
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn property(key: &'static KeyInfo, definitions: &mut Map<String, Value>) -> Value {
    let mut schema = match said_of(key.shape, definitions) {
        Value::Object(schema) => schema,
        // Anything at all.
        _ => Map::new(),
    };
    schema.insert("description".to_owned(), json!(key.about.trim()));
    if !key.one_of.is_empty() {
        let words = json!({ "enum": key.one_of });
        match key.shape {
            Shape::List(_) => schema.insert("items".to_owned(), words),
            Shape::Table(_) => schema.insert("propertyNames".to_owned(), words),
            _ => schema.insert("enum".to_owned(), words["enum"].clone()),
        };
    }
    if let Some(pattern) = key.pattern {
        // A word may be a number, which a pattern says nothing of.
        schema.insert("pattern".to_owned(), json!(pattern));
    }
    if let Some(usual) = key.usual {
        schema.insert("default".to_owned(), serde_json::from_str(usual).unwrap_or_else(|_| json!(usual)));
    }
    if let Some(example) = key.example {
        schema.insert("examples".to_owned(), json!([example]));
    }
    Value::Object(schema)
}

fn said_of(shape: &'static Shape, definitions: &mut Map<String, Value>) -> Value {
    match shape {
        Shape::Any => json!(true),
        Shape::Text => json!({ "type": "string" }),
        Shape::Word => json!({ "type": ["string", "number"] }),
        Shape::Number => json!({ "type": "number" }),
        Shape::Bool => json!({ "type": "boolean" }),
        Shape::List(item) => json!({ "type": "array", "items": said_of(item, definitions) }),
        Shape::Table(value) => json!({ "type": "object", "additionalProperties": said_of(value, definitions) }),
        Shape::Either(one, other) => {
            let both = [said_of(one, definitions), said_of(other, definitions)];
            json!({ "anyOf": both })
        }
        Shape::Map(keys) => {
            if !definitions.contains_key(keys.name) {
                // Before its contents, so that a record that holds itself would end.
                definitions.insert(keys.name.to_owned(), Value::Null);
                let schema = mapping(keys, definitions);
                definitions.insert(keys.name.to_owned(), schema);
            }
            json!({ "$ref": format!("#/$defs/{}", keys.name) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::manifest;
    use crate::model::yaml_to_json;
    use crate::schema::Schema;
    use crate::yaml;

    fn told(text: &str) -> Vec<String> {
        let schema = Schema::from_value(&manifest()).expect("the schema is one");
        let value = yaml_to_json(&yaml::parse(text).expect("it parses"));
        schema.check(&value).into_iter().map(|violation| violation.at).collect()
    }

    #[test]
    fn the_schema_takes_what_the_format_is() {
        assert_eq!(told("name: notes\nx-own: 1\nsuggested_packs: a, b\nversion: 1.0\n"), [""; 0]);
        let tool = "tools: [{name: add, input: schemas/a.json, handler: {path: h.wasm, kind: command, args: [1, a]}}]\n";
        assert_eq!(told(&format!("pack_id: dev.acme.notes\n{tool}")), [""; 0]);
    }

    #[test]
    fn the_schema_refuses_what_it_is_not() {
        assert_eq!(told("name: notes\ncatagory: tools\n").len(), 1);
        assert_eq!(told("description: d\n").len(), 1);
        assert_eq!(told("name: notes\ncategory: books\n"), ["/category"]);
        assert_eq!(told("name: notes\ntools: [{input: {}}]\n").len(), 1);
    }
}
