//! Examples that fit, are varied, and come in bounded time.

use super::{Examples, examples, examples_of};
use crate::schema::{Bundle, Schema};
use serde_json::{Value, json};

fn made(schema: &Value, count: usize) -> Vec<Value> {
    let values = examples(schema, &Examples { count, ..Examples::default() });
    let compiled = Schema::from_value(schema).unwrap();
    for value in &values {
        assert_eq!(compiled.check(value), [], "{schema} {value}");
    }
    let mut texts: Vec<String> = values.iter().map(Value::to_string).collect();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), values.len(), "distinct");
    values
}

#[test]
fn what_leads_in_a_circle_or_contradicts_itself_has_no_example() {
    let circle = json!({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}});
    let files = |path: &str| (path == "schemas/b.json").then(|| json!({"$ref": "a.json"}));
    let two = Bundle::of("schemas/a.json", &json!({"$ref": "b.json"}), &files);
    for schema in [circle, json!({"type": "string", "enum": [1]}), json!({"not": {}}), json!({"$ref": "#"})] {
        assert_eq!(examples(&schema, &Examples::default()), Vec::<Value>::new(), "{schema}");
    }
    assert!(two.is_ok_and(|two| examples_of(&two, &Examples::default()).is_empty()));
    let list = json!({"$ref": "#/$defs/n", "$defs": {"n": {"type": "object", "properties": {"next": {"$ref": "#/$defs/n"}}}}});
    assert!(!examples(&list, &Examples::default()).is_empty());
}

#[test]
fn names_by_a_pattern_are_as_many_as_are_wanted() {
    let schema = json!({"patternProperties": {"^x-": {"type": "integer"}}, "additionalProperties": false, "minProperties": 2});
    let found = examples(&schema, &Examples::default());
    assert!(found[0].as_object().is_some_and(|value| value.len() == 2), "{found:?}");
}

#[test]
fn each_branch_has_its_turn_early() {
    for word in ["anyOf", "oneOf"] {
        let schema = json!({
            "type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}, "c": {"type": "boolean"}, "d": {"enum": ["x", "y", "z"]}},
            word: [{"required": ["a"]}, {"required": ["b"]}], "additionalProperties": false
        });
        let found = examples(&schema, &Examples::default());
        let alone = |name: &str| {
            found.iter().any(|value| value.get(name).is_some() && value.as_object().is_some_and(|value| value.len() == 1))
        };
        assert!(alone("a") && alone("b"), "{found:?}");
    }
}

#[test]
fn what_the_author_offers_comes_first_then_the_smallest() {
    let schema = json!({"type": "object", "required": ["q"], "examples": [{"q": "dune"}, 5], "default": {"q": "x"},
        "properties": {"q": {"type": "string", "examples": ["solaris"]}, "limit": {"type": "integer", "minimum": 1, "default": 5}}});
    assert_eq!(
        made(&schema, 4),
        [json!({"q": "dune"}), json!({"q": "x"}), json!({"q": "solaris"}), json!({"q": "solaris", "limit": 5})]
    );
}

#[test]
fn every_property_branch_member_and_bound_has_its_turn() {
    let schema = json!({"type": "object", "additionalProperties": false, "properties": {
        "kind": {"enum": ["a", "b", "c"]}, "n": {"type": "integer", "minimum": 3, "maximum": 9}, "list": {"type": "array", "items": {"type": "boolean"}, "maxItems": 2},
        "either": {"oneOf": [{"type": "string", "maxLength": 3}, {"type": "null"}]}, "text": {"type": "string", "minLength": 2, "maxLength": 5}}});
    let values = made(&schema, 200);
    let all = |name: &str| {
        values.iter().filter_map(|value| value.get(name)).map(Value::to_string).collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(all("kind").len(), 3);
    assert!(all("n").contains("3") && all("n").contains("9"));
    assert!(all("list").contains("[]") && all("list").iter().any(|list| list.matches(',').count() == 1));
    assert!(all("either").contains("null"));
    assert!(all("text").contains("\"te\"") && all("text").contains("\"textt\""));
    assert!(values.contains(&json!({})) && values.iter().any(|value| value.as_object().unwrap().len() == 5));
}

#[test]
fn the_seed_decides_and_nothing_else() {
    let schema = json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}, "c": {"type": "array", "items": {"type": "number"}}}});
    let with = |seed| examples(&schema, &Examples { seed, count: 20, ..Examples::default() });
    assert_eq!(with(7), with(7));
    assert_ne!(with(7), with(8));
}

#[test]
fn hard_keywords_have_examples_too() {
    for schema in [
        json!({"type": "string", "pattern": "^[A-Z]{2}-[0-9]{4}$"}),
        json!({"type": "string", "pattern": "^(foo|bar)+x?$", "minLength": 7}),
        json!({"type": "string", "pattern": "\\d{3}", "maxLength": 3}),
        json!({"type": "string", "pattern": "^\\p{Lu}\\S+$"}),
        json!({"type": "object", "minProperties": 2, "propertyNames": {"pattern": "^x-[a-z]+$"}, "additionalProperties": {"type": "integer"}}),
        json!({"type": "object", "patternProperties": {"^s_": {"type": "string"}}, "additionalProperties": false, "minProperties": 1}),
        json!({"type": "object", "required": ["a"], "properties": {"a": {}, "b": {}, "c": {}}, "dependentRequired": {"a": ["b"], "b": ["c"]}}),
        json!({"type": "array", "uniqueItems": true, "minItems": 4, "items": {"type": "string"}}),
        json!({"type": "array", "contains": {"const": 7}, "minContains": 2, "prefixItems": [{"type": "string"}]}),
        json!({"if": {"properties": {"k": {"const": "a"}}, "required": ["k"]}, "then": {"required": ["v"]}, "else": {"required": ["w"]}, "type": "object", "properties": {"k": {"enum": ["a", "b"]}}}),
        json!({"not": {"type": "object"}}),
        json!({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.25}),
        json!({"type": "integer", "multipleOf": 7, "minimum": 100, "maximum": 110}),
        json!({"allOf": [{"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}, {"properties": {"a": {"minimum": 5}}}]}),
        json!({"type": ["string", "null"], "enum": ["a", null, 5]}),
        json!({"$schema": "http://json-schema.org/draft-04/schema#", "type": "integer", "minimum": 5, "exclusiveMinimum": true}),
        json!({"$ref": "#Node", "$defs": {"n": {"$anchor": "Node", "type": "object", "required": ["v"], "properties": {"v": {"type": "integer"}, "kids": {"type": "array", "items": {"$ref": "#/$defs/n"}}}}}}),
        json!({"format": "uri", "type": "string"}),
    ] {
        assert!(made(&schema, 5).len() >= 2 || schema.get("multipleOf").is_some(), "{schema}");
    }
}

#[test]
fn nothing_runs_for_ever() {
    let wide = json!({"$ref": "#/$defs/a", "$defs": {"a": {"type": "array", "minItems": 90, "items": {"$ref": "#/$defs/a"}}}});
    assert!(made(&wide, 5).is_empty());
    assert!(made(&json!(false), 5).is_empty());
    assert!(made(&json!({"type": "string", "minLength": 1_000_000_000_000_u64}), 5).is_empty());
    let endless = json!({"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#"}}});
    assert!(made(&endless, 5).is_empty());
    let many: serde_json::Map<_, _> = (0..5_000).map(|number| (format!("p{number}"), json!({"type": "string"}))).collect();
    assert!(!made(&json!({"type": "object", "properties": many}), 5).is_empty());
    assert!(examples(&json!({"type": "strnig"}), &Examples::default()).is_empty());
    assert!(examples(&json!({"$ref": "#"}), &Examples::default()).len() <= 3);
    let fan = (0..12).fold(json!({"type": "string"}), |inner, _| json!({"anyOf": vec![inner; 3]}));
    examples(&fan, &Examples { count: 100, ..Examples::default() });
}
