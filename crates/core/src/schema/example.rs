//! A value to begin with, for forms and editors.

use super::bundle::Bundle;
use super::examples::{given, least};
use super::{Schema, bounds};
use serde_json::Value;

/// A value to begin with: an example, default or constant of the schema, else a small value that fits, else something near.
pub fn example(schema: &Value) -> Value {
    // What cannot be brought together, or nests too deep to be walked, still has a beginning.
    let bundle = Bundle::alone(schema).map(|bundle| bundle.value);
    let root = match &bundle {
        Ok(root) => root,
        Err(_) if bounds::check(schema).is_ok() => schema,
        Err(_) => &Value::Bool(true),
    };
    let mut candidates = given(root);
    candidates.push(least(root));
    if let Ok(schema) = Schema::from_value(root)
        && let Some(fitting) = candidates.iter().position(|candidate| schema.fits(candidate))
    {
        return candidates.swap_remove(fitting);
    }
    candidates.swap_remove(0)
}

#[cfg(test)]
mod tests {
    use super::super::Schema;
    use super::example;
    use serde_json::{Value, json};

    #[test]
    fn an_example_fits_its_schema() {
        let schemas = [
            json!(true),
            json!({}),
            json!({"type": "object", "required": ["query"], "properties": {"query": {"type": "string", "minLength": 1}, "limit": {"type": "integer"}}}),
            json!({"type": "string", "minLength": 5}),
            json!({"type": "string", "format": "date-time"}),
            json!({"type": "string", "format": "uuid"}),
            json!({"type": "string", "pattern": "^[0-9a-f]{12}$"}),
            json!({"type": "integer", "minimum": 3, "multipleOf": 5}),
            json!({"type": "integer", "exclusiveMinimum": 3, "maximum": 4}),
            json!({"type": "integer", "maximum": -3}),
            json!({"type": "integer", "exclusiveMaximum": -2.5}),
            json!({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}),
            json!({"type": "number", "maximum": 2.5, "minimum": 2.25}),
            json!({"type": ["null", "boolean"]}),
            json!({"type": "array", "minItems": 2, "items": {"enum": [7]}}),
            json!({"prefixItems": [{"type": "string"}], "minItems": 2, "items": {"type": "boolean"}}),
            json!({"contains": {"const": 5}}),
            json!({"$ref": "#/$defs/a", "$defs": {"a": {"required": ["b"], "properties": {"b": {"type": "array"}}}}}),
            json!({"allOf": [{"required": ["a"], "properties": {"a": {"type": "null"}}}, {"required": ["b"], "properties": {"b": {"const": 4}}}]}),
            json!({"oneOf": [{"type": "string"}, {"type": "number"}]}),
            json!({"type": "object", "default": {"a": 5}, "properties": {"a": {"type": "string"}}, "examples": [7, {"a": "b"}]}),
        ];
        for schema in schemas {
            let value = example(&schema);
            let found = Schema::from_value(&schema).expect("a schema").check(&value);
            assert_eq!(found, [], "{schema} {value}");
        }
        assert_eq!(example(&json!({"type": "string", "examples": [5, "b"], "default": "a"})), "b");
        assert_eq!(example(&json!(true)), json!({}));
    }

    #[test]
    fn an_example_is_bounded_and_always_there() {
        assert_eq!(example(&json!(false)), json!({}));
        assert_eq!(example(&json!({"type": "strnig"})), Value::Null);
        assert_eq!(example(&json!({"$ref": "https://example.com/a"})), json!({}));
        let wide =
            json!({"$defs": {"a": {"type": "array", "minItems": 90, "items": {"$ref": "#/$defs/a"}}}, "$ref": "#/$defs/a"});
        assert!(example(&wide).to_string().len() < 20_000);
        let long = json!({"type": "string", "minLength": 1_000_000_000_000_u64});
        assert!(example(&long).to_string().len() < 2_000);
        let fan = (0..8).fold(json!({"type": "string"}), |inner, _| json!({"allOf": vec![inner; 3]}));
        assert_eq!(example(&fan), "");
    }
}
