//! Defaults and examples: that each fits the schema it stands in.
//!
//! Most are plain values of plain schemas, which is seen here in passing. What is not sure is asked of the library, as far as a
//! budget goes.

use super::DOES_NOT_FIT;
use super::keywords::FORMATS;
use super::look::{Look, Y2020, number};
use super::pattern::Pattern;
use super::traps::Kinds;
use crate::model::yaml_to_json;
use crate::schema::{Draft, Schema, states_of};
use crate::text::shown;
use crate::yaml::{Node, Value};
use serde_json::json;
use std::collections::HashMap;
use std::sync::LazyLock;

/// How many bytes of schemas one file may have compiled for its examples.
const MAX_COMPILED: usize = 256 * 1024;

/// How many states the patterns in them may come to: twenty times `^\p{L}{1,5}$`, which takes a fortieth of a second.
const MAX_STATES: u64 = 200_000;

/// Most comparisons of names that are made here for one value.
const MAX_LOOKUPS: usize = 10_000;

/// Most items that are compared with each other here.
const MAX_UNIQUE: usize = 50;

/// What may still be asked of the library: what lies past it is not held against its schema, in silence, as most authors' examples fit.
#[derive(Debug)]
pub(super) struct Budget {
    bytes: usize,
    states: u64,
    spent: bool,
}

impl Budget {
    /// As much as one file may use.
    pub(super) fn full() -> Self {
        Self { bytes: MAX_COMPILED, states: MAX_STATES, spent: false }
    }

    /// True when something was left out: another check might say more.
    pub(super) fn is_spent(&self) -> bool {
        self.spent
    }

    /// Takes something off; `None` when there is not as much, and nothing more is given then.
    fn take(&mut self, bytes: usize, states: u64) -> Option<()> {
        let left = self.bytes.checked_sub(bytes).zip(self.states.checked_sub(states)).filter(|_| !self.spent);
        self.spent = left.is_none();
        (self.bytes, self.states) = left?;
        Some(())
    }
}

/// Checks what a walk has gathered.
pub(super) fn check(look: &mut Look<'_>, budget: &mut Budget) {
    let carriers = std::mem::take(&mut look.found.carriers);
    for node in carriers {
        let mut compiled = None;
        let default = node.get("default").map(|value| ("default", value));
        let examples = node.get("examples").map(Node::items).unwrap_or_default().iter().map(|value| ("example", value));
        for (what, value) in default.into_iter().chain(examples) {
            if surely_fits(node, value) {
                continue;
            }
            let schema = compiled.get_or_insert_with(|| compile(look, node, budget));
            let Some(schema) = schema else { break };
            let Some(first) = schema.check(&yaml_to_json(value)).into_iter().next() else { continue };
            let place = super::refs::pointed(value, &first.at).unwrap_or(value);
            let at = if first.at.is_empty() { "it".to_owned() } else { format!("`{}`", shown(&first.at)) };
            let message = format!("this {what} does not fit its schema: {at} {}", first.message);
            look.tell(&DOES_NOT_FIT, &place.span, message).hints.push("Mend it, or what the schema says.".to_owned());
        }
    }
}

/// The schema around a value, ready to check it; `None` when that leads too far.
fn compile(look: &Look<'_>, node: &Node, budget: &mut Budget) -> Option<Schema> {
    budget.take(node.span.len().max(1), 0)?;
    let mut value = yaml_to_json(node);
    if !std::ptr::eq(node, look.root) {
        let mut refers = false;
        node.walk(&mut |node| refers |= ["$ref", "$dynamicRef", "$recursiveRef"].iter().any(|word| node.get(word).is_some()));
        if refers {
            return None;
        }
        if look.draft != Draft::Y2020 {
            let declared = look.root.text_at("$schema").unwrap_or(Y2020);
            value.as_object_mut()?.insert("$schema".to_owned(), json!(declared));
        }
    }
    budget.take(0, states_of(&value, MAX_STATES))?;
    Schema::from_value(&value).ok()
}

/// True when a value fits for certain. False: it does not, or only the library can tell.
fn surely_fits(schema: &Node, value: &Node) -> bool {
    match &schema.value {
        Value::Bool(anything) => *anything,
        Value::Map(entries) => entries.iter().all(|(key, rule)| keyword_holds(schema, &key.name, rule, value)),
        _ => false,
    }
}

fn keyword_holds(schema: &Node, word: &str, rule: &Node, value: &Node) -> bool {
    let length = || value.as_text().map(|text| text.chars().count());
    let items = || matches!(value.value, Value::List(_)).then(|| value.items());
    let entries = || matches!(value.value, Value::Map(_)).then(|| value.entries());
    // Past this, looking names up one by one is slow, and the library does it better.
    let lookups =
        |names: &Node| value.entries().len().saturating_mul(names.entries().len().max(names.items().len())) <= MAX_LOOKUPS;
    let at_least = |count: Option<usize>| count.is_none_or(|count| number(rule).is_some_and(|least| as_f64(count) >= least));
    let at_most = |count: Option<usize>| count.is_none_or(|count| number(rule).is_some_and(|most| as_f64(count) <= most));
    let compare = |holds: fn(f64, f64) -> bool| match (number(value), number(rule)) {
        (Some(value), Some(rule)) => holds(value, rule),
        (None, Some(_)) => !matches!(value.value, Value::Number(_)),
        _ => false,
    };
    match word {
        "$schema" | "$id" | "$comment" | "$defs" | "definitions" | "$anchor" | "title" | "description" | "default"
        | "examples" | "deprecated" | "readOnly" | "writeOnly" | "contentEncoding" | "contentMediaType" => true,
        "type" => Kinds::of_schema(schema).is_some_and(|kinds| kinds.share(Kinds::of_value(value))),
        "const" => yaml_to_json(rule) == yaml_to_json(value),
        "enum" => {
            let wanted = yaml_to_json(value);
            rule.items().iter().any(|item| yaml_to_json(item) == wanted)
        }
        "minimum" => compare(|value, least| value >= least),
        "maximum" => compare(|value, most| value <= most),
        "exclusiveMinimum" => compare(|value, least| value > least),
        "exclusiveMaximum" => compare(|value, most| value < most),
        "minLength" => at_least(length()),
        "maxLength" => at_most(length()),
        "minItems" => at_least(items().map(<[_]>::len)),
        "maxItems" => at_most(items().map(<[_]>::len)),
        "minProperties" => at_least(entries().map(<[_]>::len)),
        "maxProperties" => at_most(entries().map(<[_]>::len)),
        "pattern" => match (rule.as_text(), value.as_text()) {
            (Some(pattern), Some(text)) => Pattern::read(pattern).surely_matches(text),
            (Some(_), None) => true,
            _ => false,
        },
        "format" => rule.as_text().is_some_and(|format| format_holds(format, value)),
        "properties" => entries().is_none_or(|entries| {
            lookups(rule)
                && entries.iter().all(|(key, value)| rule.get(&key.name).is_none_or(|schema| surely_fits(schema, value)))
        }),
        "required" => {
            !matches!(value.value, Value::Map(_))
                || (lookups(rule) && rule.items().iter().all(|name| name.as_text().is_some_and(|name| value.get(name).is_some())))
        }
        "additionalProperties" => entries().is_none_or(|entries| {
            let known = schema.get("properties");
            schema.get("patternProperties").is_none()
                && known.is_none_or(lookups)
                && entries
                    .iter()
                    .filter(|(key, _)| known.is_none_or(|known| known.get(&key.name).is_none()))
                    .all(|(_, value)| surely_fits(rule, value))
        }),
        "items" if !matches!(rule.value, Value::List(_)) => {
            items().is_none_or(|items| schema.get("prefixItems").is_none() && items.iter().all(|item| surely_fits(rule, item)))
        }
        "uniqueItems" => items().is_none_or(|items| {
            rule.value == Value::Bool(false)
                || (items.len() <= MAX_UNIQUE && {
                    let values: Vec<serde_json::Value> = items.iter().map(yaml_to_json).collect();
                    values.iter().enumerate().all(|(at, one)| !values[..at].contains(one))
                })
        }),
        "allOf" => rule.items().iter().all(|schema| surely_fits(schema, value)),
        "anyOf" => rule.items().iter().any(|schema| surely_fits(schema, value)),
        word => super::keywords::keyword(word).is_none(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "no value in a file has 2^52 parts")]
fn as_f64(count: usize) -> f64 {
    count as f64
}

/// The library's word on a text of a format.
pub(super) fn format_holds(format: &str, value: &Node) -> bool {
    static CHECKS: LazyLock<HashMap<&'static str, jsonschema::Validator>> = LazyLock::new(|| {
        let check = |format: &'static str| {
            let options = jsonschema::options().should_validate_formats(true).offline();
            Some((format, options.build(&json!({"format": format})).ok()?))
        };
        FORMATS.into_iter().filter_map(check).collect()
    });
    let Some(text) = value.as_text() else { return true };
    CHECKS.get(format).is_none_or(|check| check.is_valid(&json!(text)))
}
