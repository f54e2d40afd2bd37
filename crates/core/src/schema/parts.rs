//! What a schema says of a part of a value: of an output of which a case names some properties, say.

use serde_json::{Map, Value};

/// Keywords that hold for the whole value only: a part may lack what they ask for, or have what they forbid mended by the rest.
const OF_THE_WHOLE: &[&str] = &[
    "required",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "minProperties",
    "minItems",
    "uniqueItems",
    "contains",
    "minContains",
    "maxContains",
    "if",
    "then",
    "else",
    "not",
    // Whether something is evaluated may hang on what the part lacks.
    "unevaluatedProperties",
    "unevaluatedItems",
];

/// Keywords with a schema for each name.
const BY_NAME: &[&str] = &["properties", "patternProperties", "$defs", "definitions"];

/// Keywords that hold plain values.
const VALUES: &[&str] = &["default", "examples"];

/// The schema that each part of each value has that the schema allows: a part that breaks it belongs to no such value. Of a list, a
/// part is its beginning.
pub fn of_parts(schema: &Value) -> Value {
    match schema {
        Value::Object(keywords) => Value::Object(of_object(keywords)),
        Value::Array(schemas) => schemas.iter().map(of_parts).collect(),
        other => other.clone(),
    }
}

fn of_object(keywords: &Map<String, Value>) -> Map<String, Value> {
    let mut parts = Map::new();
    let mut one_of = None;
    for (name, value) in keywords {
        match (name.as_str(), value) {
            (name, _) if OF_THE_WHOLE.contains(&name) => {}
            // A part may fit several.
            ("oneOf", schemas) => one_of = Some(of_parts(schemas)),
            ("const", Value::Object(_) | Value::Array(_)) => {}
            ("enum", Value::Array(values)) if values.iter().any(|value| value.is_object() || value.is_array()) => {}
            ("const" | "enum", value) => drop(parts.insert(name.clone(), value.clone())),
            (key, value) if VALUES.contains(&key) => drop(parts.insert(name.clone(), value.clone())),
            (key, Value::Object(schemas)) if BY_NAME.contains(&key) => {
                let schemas = schemas.iter().map(|(name, schema)| (name.clone(), of_parts(schema)));
                parts.insert(name.clone(), Value::Object(schemas.collect()));
            }
            (_, value) => drop(parts.insert(name.clone(), of_parts(value))),
        }
    }
    if let Some(schemas) = one_of {
        let any = Value::Object(Map::from_iter([("anyOf".to_owned(), schemas)]));
        match parts.get_mut("allOf") {
            Some(Value::Array(all)) => all.push(any),
            _ => drop(parts.insert("allOf".to_owned(), Value::Array(vec![any]))),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::of_parts;
    use crate::schema::Schema;
    use serde_json::{Value, json};

    fn told(schema: &Value, part: &Value) -> String {
        let schema = Schema::from_value(&of_parts(schema)).expect("a schema");
        schema.check(part).iter().map(|found| format!("{} {}\n", found.at, found.message)).collect::<Vec<_>>().concat()
    }

    #[test]
    fn a_part_may_lack_what_the_whole_has_to_have() {
        let schema = json!({
            "type": "object",
            "required": ["required", "books"],
            "properties": {
                "required": {"type": "boolean"},
                "books": {"type": "array", "minItems": 2, "uniqueItems": true, "items": {"$ref": "#/$defs/book"}},
                "kind": {"oneOf": [{"type": "string"}, {"enum": ["a", {"b": 1}]}]},
            },
            "additionalProperties": false,
            "if": {"properties": {"kind": {"const": "a"}}},
            "then": false,
            "$defs": {"book": {"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]}},
        });
        for part in [json!({}), json!({"required": true}), json!({"books": [{}, {}]}), json!({"kind": {"c": 1}})] {
            assert_eq!(told(&schema, &part), "", "{part}");
        }
        assert_eq!(told(&schema, &json!({"boks": []})), "/boks `boks` is not allowed here; did you mean `books`?\n");
        assert_eq!(told(&schema, &json!({"books": [5]})), "/books/0 must be object, is 5\n");
        assert_eq!(told(&schema, &json!({"required": "yes"})), "/required must be boolean, is \"yes\"\n");
    }

    #[test]
    fn of_several_forms_a_part_has_one() {
        let schema = json!({"oneOf": [{"properties": {"a": {"type": "string"}}, "required": ["a"]}, {"properties": {"a": {"type": "number"}}}], "allOf": [{"type": "object"}]});
        assert_eq!(told(&schema, &json!({"a": 1})), "");
        assert_eq!(told(&schema, &json!({})), "");
        assert_ne!(told(&schema, &json!({"a": true})), "");
        assert!(told(&schema, &json!(5)).contains("must be object"));
    }
}
