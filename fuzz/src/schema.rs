//! A schema of any bytes: it compiles or is refused, and an example made for it can be held against it.

use packwright_core::schema::{Schema, example};
use serde_json::{Value, json};

pub fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(schema) = Schema::compile(text) else { return };
    let made = example(schema.value());
    for value in [made, Value::Null, json!({}), json!({"query": "dune", "limit": 2}), json!(["a", 1.5, null])] {
        for violation in schema.check(&value) {
            assert!(!format!("{violation:?}").is_empty());
        }
    }
}
