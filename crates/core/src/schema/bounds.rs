//! What a schema may cost, so that a stranger's can be compiled and used.

use super::{MAX_DEPTH, SchemaError};
use serde_json::Value;
use std::collections::HashMap;

/// How deep a schema may nest when each `$ref` leads on into what it names. Three times that was seen to compile on a stack of 2 MB.
const MAX_CHAIN: usize = 1000;

/// How many parts a schema may have when each `$ref` counts as what it names. The largest schemas in use have some ten thousand.
pub(crate) const MAX_PARTS: u64 = 1_000_000;

/// What all compiled patterns of a schema may take together, in bytes.
const MAX_PATTERNS: usize = 64 * 1024 * 1024;

/// What one may take.
const MAX_PATTERN: usize = 8 * 1024 * 1024;

/// Refuses a schema that nests too deep or multiplies without end.
pub(super) fn check(schema: &Value) -> Result<(), SchemaError> {
    if nests_deeper(schema, MAX_DEPTH) {
        return Err(SchemaError::TooDeep);
    }
    weigh(schema).map(|_| ()).map_err(|growth| growth.error)
}

/// What a schema comes to when each reference counts as what it names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Weight {
    pub parts: u64,
    /// How often other files are named.
    pub outward: u64,
}

impl Weight {
    fn add(&mut self, other: Self) {
        self.parts = self.parts.saturating_add(other.parts);
        self.outward = self.outward.saturating_add(other.outward);
    }
}

/// References that come to more than can be borne.
#[derive(Debug)]
pub(crate) struct Growth {
    pub error: SchemaError,
    /// One of the references that are to blame: the innermost, as it is written.
    pub reference: Option<String>,
}

/// Counts a schema's parts. It nests no deeper than reading allows.
pub(crate) fn weigh(schema: &Value) -> Result<Weight, Growth> {
    let mut parts = Parts::of(schema);
    parts.name(schema);
    let weight = parts.count(schema, MAX_CHAIN);
    let grown = |error, reference: Option<&str>| Err(Growth { error, reference: reference.map(str::to_owned) });
    if parts.too_deep {
        return grown(SchemaError::TooDeep, parts.deepest);
    }
    if weight.parts <= MAX_PARTS {
        return Ok(weight);
    }
    let heaviest = || {
        let counted = parts.counted.iter().filter_map(|(reference, weight)| Some(((*weight)?.parts, *reference)));
        counted.max().map(|(_, reference)| reference)
    };
    grown(SchemaError::TooLarge, parts.too_large.or_else(heaviest))
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
    counted: HashMap<&'a str, Option<Weight>>,
    /// The references that lead to what is being counted.
    way: Vec<&'a str>,
    too_deep: bool,
    /// The last of them where it first went too deep.
    deepest: Option<&'a str>,
    /// The first reference that names too much.
    too_large: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(root: &'a Value) -> Self {
        Self {
            root,
            named: HashMap::new(),
            counted: HashMap::new(),
            way: Vec::new(),
            too_deep: false,
            deepest: None,
            too_large: None,
        }
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

    fn count(&mut self, value: &'a Value, depth: usize) -> Weight {
        let mut sum = Weight { parts: 1, outward: 0 };
        let Some(below) = depth.checked_sub(1) else {
            self.deepest = self.deepest.or(self.way.last().copied());
            self.too_deep = true;
            return sum;
        };
        match value {
            Value::Array(items) => items.iter().for_each(|item| sum.add(self.count(item, below))),
            Value::Object(entries) => {
                for (key, item) in entries {
                    sum.add(self.count(item, below));
                    if let ("$ref" | "$dynamicRef" | "$recursiveRef", Value::String(reference)) = (key.as_str(), item) {
                        sum.add(self.count_reference(reference, below));
                    }
                }
            }
            _ => {}
        }
        sum
    }

    fn count_reference(&mut self, reference: &'a str, depth: usize) -> Weight {
        if let Some(known) = self.counted.get(reference) {
            return known.unwrap_or_default();
        }
        self.counted.insert(reference, None);
        self.way.push(reference);
        let targets = self.targets(reference);
        let mut sum = Weight { parts: 0, outward: u64::from(targets.is_empty() && !reference.starts_with('#')) };
        for target in targets {
            sum.add(self.count(target, depth));
        }
        self.way.pop();
        if sum.parts > MAX_PARTS {
            self.too_large.get_or_insert(reference);
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
