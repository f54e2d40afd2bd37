//! What a schema may cost, so that a stranger's can be compiled and used.

use super::{MAX_DEPTH, SchemaError};
use serde_json::Value;
use std::collections::HashMap;

/// How deep a schema may nest when each `$ref` leads on into what it names. Three times that was seen to compile on a stack of 2 MB.
const MAX_CHAIN: usize = 1000;

/// How many parts a schema may have when each `$ref` counts as what it names. The largest schemas in use have some ten thousand.
pub(super) const MAX_PARTS: u64 = 1_000_000;

/// What all compiled patterns of a schema may take together, in bytes.
const MAX_PATTERNS: usize = 64 * 1024 * 1024;

/// What one may take.
const MAX_PATTERN: usize = 8 * 1024 * 1024;

/// Refuses a schema that nests too deep or multiplies without end.
pub(super) fn check(schema: &Value) -> Result<(), SchemaError> {
    let mut parts = Parts::of(schema);
    if nests_deeper(schema, MAX_DEPTH) {
        return Err(SchemaError::TooDeep);
    }
    parts.name(schema);
    let count = parts.count(schema, MAX_CHAIN);
    match (parts.too_deep, count > MAX_PARTS) {
        (true, _) => Err(SchemaError::TooDeep),
        (false, true) => Err(SchemaError::TooLarge),
        (false, false) => Ok(()),
    }
}

/// How many bytes each compiled pattern of a schema may take.
pub(super) fn pattern_size(schema: &Value) -> usize {
    (MAX_PATTERNS / count_patterns(schema).max(1)).min(MAX_PATTERN)
}

/// True when lists and mappings stand in each other more than so many levels deep.
pub(super) fn nests_deeper(value: &Value, levels: usize) -> bool {
    let Some(below) = levels.checked_sub(1) else { return matches!(value, Value::Array(_) | Value::Object(_)) };
    match value {
        Value::Array(items) => items.iter().any(|item| nests_deeper(item, below)),
        Value::Object(entries) => entries.values().any(|item| nests_deeper(item, below)),
        _ => false,
    }
}

fn count_patterns(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(count_patterns).sum(),
        Value::Object(entries) => entries
            .iter()
            .map(|(key, below)| match (key.as_str(), below) {
                ("pattern", Value::String(_)) => 1,
                ("patternProperties", Value::Object(patterns)) => patterns.len() + count_patterns(below),
                _ => count_patterns(below),
            })
            .sum(),
        _ => 0,
    }
}

/// Counts a schema's parts as a validator meets them: what a `$ref` names counts each time. Forty definitions, each naming the next
/// twice, are a million million checks of one value.
struct Parts<'a> {
    root: &'a Value,
    /// Subschemas by their anchor, and by the last part of their `$id`.
    named: HashMap<String, Vec<&'a Value>>,
    /// `None` while a reference is being counted: one that leads back to it counts nothing more.
    counted: HashMap<&'a str, Option<u64>>,
    too_deep: bool,
}

impl<'a> Parts<'a> {
    fn of(root: &'a Value) -> Self {
        Self { root, named: HashMap::new(), counted: HashMap::new(), too_deep: false }
    }

    fn name(&mut self, value: &'a Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.name(item)),
            Value::Object(entries) => {
                for key in ["$id", "id", "$anchor", "$dynamicAnchor"] {
                    if let Some(Value::String(name)) = entries.get(key) {
                        self.named.entry(last_part(name)).or_default().push(value);
                    }
                }
                entries.values().for_each(|item| self.name(item));
            }
            _ => {}
        }
    }

    fn count(&mut self, value: &'a Value, depth: usize) -> u64 {
        let Some(below) = depth.checked_sub(1) else {
            self.too_deep = true;
            return 1;
        };
        let mut sum: u64 = 1;
        match value {
            Value::Array(items) => {
                for item in items {
                    sum = sum.saturating_add(self.count(item, below));
                }
            }
            Value::Object(entries) => {
                for (key, item) in entries {
                    sum = sum.saturating_add(self.count(item, below));
                    if let ("$ref" | "$dynamicRef" | "$recursiveRef", Value::String(reference)) = (key.as_str(), item) {
                        sum = sum.saturating_add(self.count_reference(reference, below));
                    }
                }
            }
            _ => {}
        }
        sum
    }

    fn count_reference(&mut self, reference: &'a str, depth: usize) -> u64 {
        if let Some(known) = self.counted.get(reference) {
            return known.unwrap_or(0);
        }
        self.counted.insert(reference, None);
        let mut sum: u64 = 0;
        for target in self.targets(reference) {
            sum = sum.saturating_add(self.count(target, depth));
        }
        self.counted.insert(reference, Some(sum));
        sum
    }

    /// What a reference may name. Rather too much than too little: this only counts.
    fn targets(&self, reference: &str) -> Vec<&'a Value> {
        let (document, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let documents =
            if document.is_empty() { vec![self.root] } else { self.named.get(&last_part(document)).cloned().unwrap_or_default() };
        let fragment = decoded(fragment);
        if fragment.is_empty() {
            return documents;
        }
        if fragment.starts_with('/') {
            // Below an `$id` of its own, a pointer starts there.
            let bases = documents.into_iter().chain(self.named.values().flatten().copied());
            let mut targets: Vec<&Value> = bases.filter_map(|base| base.pointer(&fragment)).collect();
            targets.dedup_by(|one, other| std::ptr::eq(*one, *other));
            return targets;
        }
        self.named.get(&fragment).cloned().unwrap_or_default()
    }
}

/// The last part of an address, without `#`: what two spellings of one address have in common.
fn last_part(address: &str) -> String {
    decoded(address.trim_matches('#').rsplit(['/', '#']).next().unwrap_or_default())
}

/// `%24defs` as `$defs`.
pub(crate) fn decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| byte == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        let code = code.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(code.unwrap_or(byte));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
