//! Schemas that grow from a seed, for laws that hold of all.

use super::*;
use crate::schema::chance::Chance;
use crate::schema::{Examples, examples};

/// How many schemas the laws are tried on: without optimisation each takes a third of a second.
const SEEDS: u64 = if cfg!(debug_assertions) { 20 } else { 60 };

fn grown(chance: &mut Chance, depth: usize) -> Value {
    let number = chance.below(20);
    match chance.below(if depth == 0 { 5 } else { 9 }) {
        0 => json!({"type": "string", "minLength": number % 4, "maxLength": 4 + number}),
        1 => json!({"type": "integer", "minimum": number, "maximum": number + 1 + chance.below(50)}),
        2 => json!({"enum": ["a", "b", number]}),
        3 => json!({"type": "string", "pattern": (["^[a-z]+$", "^x", "[0-9]{2}"][number % 3])}),
        4 => json!({"type": ["string", "null"]}),
        5 => {
            json!({"type": "array", "items": grown(chance, depth - 1), "minItems": number % 2, "maxItems": 2 + number % 4})
        }
        6 => json!({"anyOf": [grown(chance, depth - 1), grown(chance, depth - 1)]}),
        _ => {
            let names = ["a", "b", "c", "d"];
            let properties: serde_json::Map<_, _> =
                names[..=number % 4].iter().map(|name| ((*name).to_owned(), grown(chance, depth - 1))).collect();
            let mut schema = json!({"type": "object", "properties": properties, "required": names[..number % 2]});
            if number.is_multiple_of(3) {
                schema["additionalProperties"] = json!(false);
            }
            schema
        }
    }
}

/// Takes one condition away, or adds something that may be there.
fn widened(schema: &Value, chance: &mut Chance) -> Value {
    let mut schema = schema.clone();
    let Value::Object(keywords) = &mut schema else { return schema };
    let keys: Vec<String> = keywords.keys().cloned().collect();
    match keys[chance.below(keys.len())].as_str() {
        key @ ("minLength" | "maxLength" | "minimum" | "maximum" | "pattern" | "minItems" | "maxItems" | "required") => {
            keywords.remove(key);
        }
        "enum" => keywords["enum"].as_array_mut().unwrap().push(json!("more")),
        "anyOf" => keywords["anyOf"].as_array_mut().unwrap().push(json!({"type": "boolean"})),
        "items" => keywords["items"] = widened(&keywords["items"].clone(), chance),
        "properties" if chance.below(2) == 0 => keywords["properties"]["e"] = json!({"type": "boolean"}),
        "properties" => {
            let name = keywords["properties"].as_object().unwrap().keys().next().unwrap().clone();
            keywords["properties"][&name] = widened(&keywords["properties"][&name].clone(), chance);
        }
        _ => {}
    }
    schema
}

#[test]
fn a_schema_is_compatible_with_itself_and_with_whatever_takes_more() {
    for seed in 0..SEEDS {
        let mut chance = Chance::new(seed);
        let old = grown(&mut chance, 3);
        assert_eq!(input(&bundle(&old), &bundle(&old)), Verdict::Same);
        let new = widened(&old, &mut chance);
        let verdict = input(&bundle(&old), &bundle(&new));
        assert!(!matches!(verdict, Verdict::Breaking(_)), "{seed} {old} {new} {}", told(&verdict));
        // What a further property of an output was is promised no more once it is gone.
        let dropped = new.to_string().contains(r#""e":{"type":"boolean"}"#);
        let verdict = output(&bundle(&new), &bundle(&old));
        assert!(dropped || !matches!(verdict, Verdict::Breaking(_)), "{seed} {old} {new} {}", told(&verdict));
    }
}

/// Schemas whose closed and open forms are not what they are.
fn odd(chance: &mut Chance) -> Value {
    let number = chance.below(12);
    let mut object = |names: &[&str]| {
        let mut schema = json!({"type": "object"});
        for name in names {
            schema["properties"][*name] = grown(chance, usize::from(number.is_multiple_of(3)));
        }
        match chance.below(9) {
            0 => schema["required"] = json!(["a", "z"]),
            1 => schema["required"] = json!(["a"]),
            2 => schema["minProperties"] = json!(1 + chance.below(3)),
            3 => schema["dependentRequired"] = json!({"a": ["z"]}),
            4 => schema["maxProperties"] = json!(1 + chance.below(2)),
            5 => schema["propertyNames"] = json!({"maxLength": chance.below(3)}),
            6 => schema["additionalProperties"] = json!({"type": (["string", "integer"][chance.below(2)])}),
            7 => schema["description"] = json!("words"),
            _ => schema["additionalProperties"] = json!(false),
        }
        schema
    };
    match number {
        0..4 => object(&["a"]),
        4..6 => object(&["a", "b"]),
        6 => object(&[]),
        7 => json!({"oneOf": [object(&["a"]), object(&["b"])]}),
        8 => json!({"anyOf": [object(&["a"]), object(&["a", "b"])]}),
        9 => {
            json!({"type": "object", "properties": {"n": {"oneOf": [{"type": "integer", "minimum": chance.below(3)}, {"type": "integer", "minimum": 0}]}}})
        }
        10 => json!({"type": "object", "properties": {"o": object(&["a"])}}),
        _ => json!({"type": "array", "contains": object(&["a"]), "items": object(&["a", "b"])}),
    }
}

/// The same with one thing said in another way, or something else.
fn turned(schema: &Value, chance: &mut Chance) -> Value {
    let mut schema = schema.clone();
    match chance.below(7) {
        0 => schema["required"] = json!(["a"]),
        1 => schema["minProperties"] = json!(2),
        2 if schema["properties"]["a"].is_object() => schema["properties"]["a"] = json!({"type": "integer"}),
        3 if schema["properties"]["b"].is_object() => {
            drop(schema["properties"].as_object_mut().map(|all| all.remove("b")));
        }
        4 => schema["additionalProperties"] = json!(false),
        5 => return widened(&schema, chance),
        _ => return odd(chance),
    }
    schema
}

#[test]
fn what_is_called_compatible_is_contradicted_by_no_value() {
    let mut decided = 0;
    for seed in 0..SEEDS * 2 {
        let mut chance = Chance::new(seed + 5000);
        let old = odd(&mut chance);
        let new = turned(&old, &mut chance);
        let (Ok(before), Ok(after)) = (Schema::from_value(&old), Schema::from_value(&new)) else { continue };
        let (one, other) = (bundle(&old), bundle(&new));
        let options = Examples { seed, count: 60, ..Examples::default() };
        let values = || [&old, &new].into_iter().flat_map(|schema| examples(schema, &options));
        let kept = |verdict: &Verdict| matches!(verdict, Verdict::Same | Verdict::Compatible { .. });
        let verdict = input(&one, &other);
        if kept(&verdict) {
            decided += 1;
            for value in values() {
                let declared = before.fits(&value) && super::super::undeclared(&one, &value, None).is_none();
                assert!(!declared || after.fits(&value), "{seed} input {old} {new} {value} {}", told(&verdict));
                let declared = after.fits(&value) && super::super::undeclared(&other, &value, None).is_none();
                let same = verdict == Verdict::Same;
                assert!(!same || !declared || before.fits(&value), "{seed} input {old} {new} {value} same");
            }
        }
        let verdict = output(&one, &other);
        if kept(&verdict) {
            decided += 1;
            let promised = Schema::from_value(&super::super::open(&one, true)).unwrap();
            for value in values() {
                let known = promised.fits(&value) || before.fits(&value);
                assert!(!after.fits(&value) || known, "{seed} output {old} {new} {value} {}", told(&verdict));
                let same = verdict == Verdict::Same;
                assert!(!same || after.fits(&value) == before.fits(&value), "{seed} output {old} {new} {value} same");
            }
        }
    }
    assert!(decided > SEEDS, "{decided}");
}

#[test]
fn a_loss_that_a_value_shows_is_breaking() {
    let mut losses: u64 = 0;
    for seed in 0..SEEDS {
        let mut chance = Chance::new(seed + 1000);
        let new = grown(&mut chance, 2);
        let old = widened(&new, &mut chance);
        let narrow = Schema::from_value(&new).unwrap();
        let witness =
            examples(&old, &Examples { count: 60, ..Examples::default() }).into_iter().find(|value| !narrow.fits(value));
        let Some(witness) = witness else { continue };
        losses += 1;
        let verdict = input(&bundle(&old), &bundle(&new));
        assert!(matches!(verdict, Verdict::Breaking(_)), "{seed} {old} {new} {witness} {}", told(&verdict));
    }
    assert!(losses > SEEDS / 5, "{losses}");
}
