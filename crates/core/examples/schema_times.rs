//! How long schemas take, one thread: `cargo run --release -p packwright-core --example schema_times`.

use packwright_core::compat;
use packwright_core::schema::{Bundle, Examples, examples, judge};
use serde_json::{Map, Value, json};
use std::hint::black_box;
use std::time::Instant;

fn main() {
    let schemas: Vec<Value> = (0..400).map(schema).collect();
    let lines = serde_json::to_string_pretty(&schemas[7]).map_or(0, |text| text.lines().count());
    // The drafts' own schemas are compiled by the first.
    let begin = Instant::now();
    black_box(judge("a.json", &schemas[0], &|_| None));
    tell("the first schema", begin);
    let begin = Instant::now();
    let faults: usize = schemas.iter().map(|schema| judge("a.json", black_box(schema), &|_| None).faults.len()).sum();
    tell(&format!("400 schemas of about {lines} lines judged, {faults} faults"), begin);
    let begin = Instant::now();
    let made: usize = schemas.iter().map(|schema| examples(black_box(schema), &Examples::default()).len()).sum();
    tell(&format!("{made} examples of them"), begin);
    let bundles: Vec<Bundle> = schemas.iter().filter_map(|schema| Bundle::alone(schema).ok()).collect();
    let begin = Instant::now();
    for pair in bundles.windows(2) {
        black_box((compat::input(&pair[0], &pair[1]), compat::output(&pair[0], &pair[1])));
    }
    tell("399 pairs of different schemas compared, both ways", begin);
    for (name, old, new) in hostile() {
        let (Ok(old), Ok(new)) = (Bundle::alone(&old), Bundle::alone(&new)) else { continue };
        let begin = Instant::now();
        black_box((compat::input(&old, &new), compat::output(&old, &new)));
        tell(name, begin);
    }
}

#[expect(clippy::print_stdout, reason = "what it is for")]
fn tell(what: &str, begin: Instant) {
    println!("{:>9.2} ms  {what}", begin.elapsed().as_secs_f64() * 1000.0);
}

fn schema(number: usize) -> Value {
    let mut properties = Map::new();
    for at in 0..6 {
        let name = format!("field_{number}_{at}");
        let property = match (number + at) % 4 {
            0 => json!({"type": "string", "description": "A text", "minLength": 1, "maxLength": 80, "pattern": "^[a-z0-9-]+$"}),
            1 => json!({"type": "integer", "description": "A number", "minimum": 1, "maximum": 100 + number}),
            2 => json!({"type": "array", "items": {"$ref": "#/$defs/item"}, "maxItems": 20}),
            _ => json!({"enum": ["one", "two", "three"], "default": "one"}),
        };
        properties.insert(name, property);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "title": format!("Schema {number}"), "properties": properties,
        "required": [format!("field_{number}_0")], "additionalProperties": false,
        "$defs": {"item": {"type": "object", "properties": {"id": {"type": "string", "format": "uuid"}, "on": {"type": "boolean"}}, "required": ["id"]}}
    })
}

fn hostile() -> Vec<(&'static str, Value, Value)> {
    let fan =
        |inner: &str| (0..7).fold(json!({"type": inner}), |inner, _| json!({"anyOf": [inner, {"not": inner}, {"items": inner}]}));
    let many = |count: usize| {
        let one = |number| (format!("p{number}"), json!({"type": "string", "pattern": format!("^{number}+$")}));
        json!({"type": "object", "properties": (0..count).map(one).collect::<Map<_, _>>()})
    };
    let members: Vec<String> = (0..20_000).map(|number| format!("m{number}")).collect();
    vec![
        ("hostile: branches in branches", fan("string"), fan("number")),
        ("hostile: 300 patterns", many(300), many(301)),
        ("hostile: 20,000 members", json!({ "enum": members }), json!({ "enum": members[1..] })),
    ]
}
