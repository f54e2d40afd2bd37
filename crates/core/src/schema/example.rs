//! A value to begin with, for forms and editors.

use super::bounds::decoded;
use super::{Schema, sample};
use serde_json::{Map, Number, Value, json};

/// A value to begin with: an example, default or constant of the schema, else a small value that fits, else something near.
pub fn example(schema: &Value) -> Value {
    let mut draft = Draft { root: schema, left: MAX_EXAMPLE_PARTS };
    let whole = draft.flat(schema);
    let mut candidates = whole.given();
    candidates.push(draft.minimal(&whole, MAX_EXAMPLE_DEPTH));
    if let Ok(schema) = Schema::from_value(schema)
        && let Some(fitting) = candidates.iter().position(|candidate| schema.check(candidate).is_empty())
    {
        return candidates.swap_remove(fitting);
    }
    candidates.swap_remove(0)
}

/// How many parts an example may have: nobody edits a longer one.
const MAX_EXAMPLE_PARTS: usize = 1000;

/// How deep it may nest; a schema that names itself ends there.
const MAX_EXAMPLE_DEPTH: usize = 12;

/// How long a text or list is made to reach a minimum.
const MAX_EXAMPLE_LENGTH: u64 = 100;

static ANYTHING: Value = Value::Bool(true);

/// Makes an example of one schema.
struct Draft<'a> {
    root: &'a Value,
    /// How many parts may still be looked at.
    left: usize,
}

/// A schema with what it refers to, all of its `allOf`, and the first of its `anyOf` and `oneOf`: what holds for one value.
struct Flat<'a>(Vec<&'a Map<String, Value>>);

impl<'a> Flat<'a> {
    fn get(&self, key: &str) -> Option<&'a Value> {
        self.0.iter().find_map(|part| part.get(key))
    }

    fn list(&self, key: &str) -> &'a [Value] {
        self.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }

    /// A length that is asked for, as far as an example bears it.
    fn length(&self, key: &str) -> usize {
        let length = self.get(key).and_then(Value::as_u64).unwrap_or(0).min(MAX_EXAMPLE_LENGTH);
        usize::try_from(length).unwrap_or(0)
    }

    /// What the author offers, best first.
    fn given(&self) -> Vec<Value> {
        let ones = ["example", "default", "const"].into_iter().filter_map(|key| self.get(key));
        self.list("examples").iter().take(10).chain(ones).chain(self.list("enum").iter().take(10)).cloned().collect()
    }

    /// The type that the schema names, or that its keywords speak of; of several, the first that is not `null`.
    fn kind(&self) -> Option<&'a str> {
        match self.get("type") {
            Some(Value::String(one)) => Some(one),
            Some(Value::Array(several)) => {
                let mut names = several.iter().filter_map(Value::as_str);
                names.find(|name| *name != "null").or(Some("null"))
            }
            _ => {
                let kinds: [(&str, &[&str]); 4] = [
                    ("object", &["properties", "required", "additionalProperties", "patternProperties"]),
                    ("array", &["items", "prefixItems", "minItems", "contains"]),
                    ("string", &["minLength", "maxLength", "pattern", "format"]),
                    ("number", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
                ];
                kinds.iter().find(|(_, keys)| keys.iter().any(|key| self.get(key).is_some())).map(|(kind, _)| *kind)
            }
        }
    }
}

impl<'a> Draft<'a> {
    fn flat(&mut self, schema: &'a Value) -> Flat<'a> {
        let mut parts = Vec::new();
        self.gather(schema, MAX_EXAMPLE_DEPTH, &mut parts);
        Flat(parts)
    }

    fn gather(&mut self, schema: &'a Value, depth: usize, parts: &mut Vec<&'a Map<String, Value>>) {
        let Some(keywords) = schema.as_object().filter(|_| depth > 0 && self.left > 0) else { return };
        self.left -= 1;
        parts.push(keywords);
        let local = keywords.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#'));
        let target = local.and_then(|pointer| self.root.pointer(&decoded(pointer)));
        let list = |key: &str| keywords.get(key).and_then(Value::as_array).into_iter().flatten();
        let more = list("allOf").chain(list("anyOf").take(1)).chain(list("oneOf").take(1));
        for part in target.into_iter().chain(more) {
            self.gather(part, depth - 1, parts);
        }
    }

    fn value(&mut self, schema: &'a Value, depth: usize) -> Value {
        let spent = self.left == 0;
        self.left = self.left.saturating_sub(1);
        if depth == 0 || spent {
            return Value::Null;
        }
        let flat = self.flat(schema);
        match flat.given().into_iter().next() {
            Some(offered) => offered,
            None => self.minimal(&flat, depth),
        }
    }

    fn minimal(&mut self, flat: &Flat<'a>, depth: usize) -> Value {
        match flat.kind() {
            Some("object") => self.object(flat, depth),
            Some("array") => self.array(flat, depth),
            Some("string") => text(flat).into(),
            Some("integer") => number(flat, Some(1.0)),
            Some("number") => number(flat, None),
            Some("boolean") => false.into(),
            // A tool's input is an object, and that is what most schemas without a word describe.
            None if depth == MAX_EXAMPLE_DEPTH => json!({}),
            Some(_) | None => Value::Null,
        }
    }

    fn object(&mut self, flat: &Flat<'a>, depth: usize) -> Value {
        let lists = flat.0.iter().filter_map(|part| part.get("required")).filter_map(Value::as_array);
        let mut object = Map::new();
        for name in lists.flatten().filter_map(Value::as_str).take(self.left) {
            let mut schemas = flat.0.iter().filter_map(|part| part.get("properties").and_then(|properties| properties.get(name)));
            let value = self.value(schemas.next().unwrap_or(&ANYTHING), depth - 1);
            object.insert(name.to_owned(), value);
        }
        object.into()
    }

    fn array(&mut self, flat: &Flat<'a>, depth: usize) -> Value {
        let least = flat.length("minItems").max(usize::from(flat.get("contains").is_some()));
        let rest = flat.get("contains").or_else(|| flat.get("items")).unwrap_or(&ANYTHING);
        let schemas = flat.list("prefixItems").iter().chain(std::iter::repeat(rest));
        schemas.take(least).map(|schema| self.value(schema, depth - 1)).collect()
    }
}

fn text(flat: &Flat<'_>) -> String {
    if let Some(sample) = flat.get("format").and_then(Value::as_str).and_then(sample) {
        return sample.to_owned();
    }
    let of_length = |letters: &str, length: usize| letters.chars().cycle().take(length).collect::<String>();
    let least = flat.length("minLength");
    let Some(pattern) = flat.get("pattern") else { return of_length("text", least) };
    let Ok(schema) = Schema::from_value(&json!({"pattern": pattern, "minLength": least})) else { return String::new() };
    // A pattern is not turned round: letters and digits of some length fit most of those without fixed words.
    let lengths = [least, 1, 2, 3, 4, 8, 12, 16, 32, 36, 40, 64];
    let mut texts = lengths.iter().flat_map(|&length| ["a", "A", "0", "a0"].map(|letters| of_length(letters, length)));
    texts.find(|text| schema.check(&Value::from(text.as_str())).is_empty()).unwrap_or_default()
}

fn number(flat: &Flat<'_>, step: Option<f64>) -> Value {
    let bound = |key: &str| flat.get(key).and_then(Value::as_f64);
    let (least, most) = (bound("minimum"), bound("maximum"));
    let (above, below) = (bound("exclusiveMinimum"), bound("exclusiveMaximum"));
    let step = bound("multipleOf").filter(|step| *step > 0.0).or(step);
    let low = least.into_iter().chain(above).fold(f64::NEG_INFINITY, f64::max);
    let high = most.into_iter().chain(below).fold(f64::INFINITY, f64::min);
    let fits = |number: &f64| {
        least.is_none_or(|least| *number >= least)
            && above.is_none_or(|above| *number > above)
            && most.is_none_or(|most| *number <= most)
            && below.is_none_or(|below| *number < below)
    };
    let up = |number: f64| step.map_or(number, |step| (number / step).ceil() * step);
    let down = |number: f64| step.map_or(number, |step| (number / step).floor() * step);
    let one = step.unwrap_or(1.0);
    let candidates = [0.0, up(low), up(low) + one, down(high), down(high) - one, f64::midpoint(low, high)];
    let number = candidates.into_iter().filter(|number| number.is_finite()).find(fits).unwrap_or(0.0);
    if number.fract() == 0.0 && number.abs() < 9e15 {
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and small")]
        return Value::from(number as i64);
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
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
        assert!(example(&long).to_string().len() < 200);
        let fan = (0..8).fold(json!({"type": "string"}), |inner, _| json!({"allOf": vec![inner; 3]}));
        assert_eq!(example(&fan), "");
    }
}
