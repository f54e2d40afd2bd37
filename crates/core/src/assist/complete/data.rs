//! What a tool's schema says of the input and output of a case: names of properties and their values.

use super::super::CompletionKind;
use super::super::cursor::{Slot, Step};
use super::snippet::{blank, filled};
use super::{Offer, Offers};
use crate::yaml::write;
use serde_json::{Map, Value};

/// How many parts of a schema are looked at for one place.
const MOST_PARTS: usize = 200;

impl Offers<'_, '_> {
    /// What belongs into a case's input and expected output.
    pub(super) fn of_case(&mut self) {
        let path = self.place.path.clone();
        let (output, inner) = match &path[..] {
            [Step::Key(cases), Step::Item, Step::Key(input), inner @ ..] if cases == "cases" && input == "input" => {
                (false, inner)
            }
            [Step::Key(cases), Step::Item, Step::Key(expect), Step::Key(output), inner @ ..]
                if cases == "cases" && expect == "expect" && output.starts_with("output") =>
            {
                (true, inner)
            }
            _ => return,
        };
        let Some(tool) = self.case_tool() else { return };
        let schema = if output { tool.output.as_ref() } else { tool.input.as_ref() };
        let Some(root) = schema.and_then(|schema| self.pack.schema(&schema.value)) else { return };
        let parts = at(&root, inner);
        match self.place.slot {
            Slot::Key => self.properties(&parts),
            Slot::Open => {
                self.properties(&parts);
                self.data_values(&parts);
            }
            Slot::Value => {
                self.data_values(&parts);
                if self.place.range.is_empty() && inner.is_empty() {
                    let example = crate::schema::example(&root);
                    let insert = write::flow(&example);
                    self.offer(Offer::new("example", CompletionKind::Snippet, 500).detail(insert.clone()), insert, false);
                }
            }
        }
    }

    fn properties(&mut self, parts: &[&Map<String, Value>]) {
        let required: Vec<&str> = parts.iter().flat_map(|part| list(part, "required")).filter_map(Value::as_str).collect();
        let mut rank = 0;
        for (name, schema) in parts.iter().filter_map(|part| part.get("properties")?.as_object()).flatten() {
            rank += 1;
            if self.place.has(name) {
                continue;
            }
            let must = required.contains(&name.as_str());
            let text = |key: &str| schema.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            let detail = if must { format!("required {}", text("type")) } else { text("type") };
            let offer = Offer::new(name, CompletionKind::Key, rank + if must { 0 } else { 100 });
            let key = self.written(name);
            let (insert, snippet) = if self.place.colon {
                (key, false)
            } else {
                let (mut number, kind) = (0, text("type"));
                let begin = begin_with(schema);
                let value = match (begin, kind.as_str()) {
                    (Some(value), _) => filled(&mut number, &write::flow(value)),
                    (None, "object") => format!("{{{}}}", blank(&mut number)),
                    (None, "array") => format!("[{}]", blank(&mut number)),
                    (None, "boolean") => filled(&mut number, "true"),
                    _ => blank(&mut number),
                };
                (format!("{key}: {value}"), true)
            };
            self.offer(offer.detail(detail.trim().to_owned()).docs(text("description")), insert, snippet);
        }
    }

    fn data_values(&mut self, parts: &[&Map<String, Value>]) {
        let mut given: Vec<(&str, &Value)> = Vec::new();
        for part in parts {
            given.extend(list(part, "enum").iter().map(|value| ("", value)));
            given.extend(part.get("const").map(|value| ("the one that is allowed", value)));
            given.extend(part.get("default").map(|value| ("default", value)));
            given.extend(list(part, "examples").iter().map(|value| ("example", value)));
        }
        let boolean = [Value::Bool(true), Value::Bool(false)];
        if parts.iter().any(|part| part.get("type").and_then(Value::as_str) == Some("boolean")) {
            given.extend(boolean.iter().map(|value| ("", value)));
        }
        let mut offered: Vec<&Value> = Vec::new();
        for (rank, (detail, value)) in given.into_iter().enumerate() {
            if offered.contains(&value) {
                continue;
            }
            offered.push(value);
            let label = value.as_str().map_or_else(|| write::flow(value), str::to_owned);
            let insert = value.as_str().map_or_else(|| write::flow(value), |text| self.written(text));
            self.offer(Offer::new(&label, CompletionKind::Word, rank).detail(detail), insert, false);
        }
    }
}

/// A value that the schema itself gives to begin with.
fn begin_with(schema: &Value) -> Option<&Value> {
    let first = |key: &str| schema.get(key).and_then(Value::as_array).and_then(|list| list.first());
    first("examples").or_else(|| schema.get("default")).or_else(|| schema.get("const")).or_else(|| first("enum"))
}

fn list<'v>(part: &'v Map<String, Value>, key: &str) -> &'v [Value] {
    part.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The schemas that speak of what a path leads to.
pub(in crate::assist) fn at<'v>(root: &'v Value, path: &[Step<'_>]) -> Vec<&'v Map<String, Value>> {
    let mut left = MOST_PARTS;
    let mut here = Vec::new();
    gather(root, root, &mut left, &mut here);
    for step in path {
        let mut next = Vec::new();
        for part in here {
            let child = match step {
                Step::Key(name) => part
                    .get("properties")
                    .and_then(|properties| properties.get(&**name))
                    .or_else(|| part.get("additionalProperties")),
                Step::Item => part.get("items"),
            };
            child.into_iter().for_each(|child| gather(root, child, &mut left, &mut next));
        }
        here = next;
    }
    here
}

/// A schema with what it refers to and what its branches say.
fn gather<'v>(root: &'v Value, schema: &'v Value, left: &mut usize, out: &mut Vec<&'v Map<String, Value>>) {
    let Some(part) = schema.as_object().filter(|_| *left > 0) else { return };
    *left -= 1;
    out.push(part);
    let local = part.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#'));
    let target = local.and_then(|pointer| root.pointer(pointer));
    let branches = ["allOf", "anyOf", "oneOf"].into_iter().flat_map(|key| list(part, key));
    for more in target.into_iter().chain(branches) {
        gather(root, more, left, out);
    }
}
