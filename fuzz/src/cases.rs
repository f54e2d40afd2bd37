//! A file of cases of any bytes: read or refused, and what can be read takes one more case.

use packwright_core::cases::{NewCase, append, read};
use serde_json::json;

pub fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(file) = read("tests/t.yaml", text) else { return };
    let case = NewCase { name: "a new one".to_owned(), input: json!({"q": "a: b"}), ..NewCase::default() };
    let Ok(after) = append(Some(text), &file.tool, &case) else { return };
    let after = read("tests/t.yaml", &after).expect("what was written is read");
    assert_eq!(after.cases.len(), file.cases.len() + 1);
}
