//! Schemas that nothing fits, and branches that are never taken, where it takes more than a look at two keywords to see it.
//!
//! Set algebra (`jsonschema::canonical`) is asked of a subschema by itself, and only where keywords stand together that can contradict
//! each other. What stands below `not`, `if` and the like may mean nothing on purpose, and is left alone; so is what refers elsewhere.

use super::look::Look;
use super::{CONTRADICTION, DEAD_BRANCH, SAME_BRANCHES};
use crate::model::yaml_to_json;
use crate::yaml::{Node, Value};
use jsonschema::PatternOptions;
use jsonschema::canonical::{CanonicalSchema, Containment, Satisfiability};
use serde_json::{Value as Json, json};

/// How much text is given to the algebra for one schema, in bytes: a hundred questions as people write them.
const MOST_ASKED: usize = 64 * 1024;

/// Largest subschema that it is asked of.
const LARGEST_ASKED: usize = 4 * 1024;

/// Most branches that are compared with one another.
const MOST_BRANCHES: usize = 20;

/// Checks a schema in which nothing else was found wrong.
pub(super) fn check(look: &mut Look<'_>) {
    let root = look.root;
    let mut asked = Asked { draft: root.text_at("$schema").map(str::to_owned), left: MOST_ASKED };
    walk(look, root, true, &mut asked);
}

/// What may still be asked.
struct Asked {
    draft: Option<String>,
    left: usize,
}

/// True when something below was told, so that what holds it is not told as well. `own`: whether it speaks of a value of its own.
fn walk(look: &mut Look<'_>, node: &Node, own: bool, asked: &mut Asked) -> bool {
    let mut told = false;
    for (key, value) in node.entries() {
        match key.name.as_str() {
            "properties" | "patternProperties" | "$defs" | "definitions" => {
                // `not: {}` is how older schemas forbid a property.
                for (_, child) in value.entries() {
                    told |= walk(look, child, false, asked);
                }
            }
            "additionalProperties" | "unevaluatedProperties" | "unevaluatedItems" | "contains" | "propertyNames" | "items" => {
                let several = matches!(value.value, Value::List(_));
                for child in if several { value.items() } else { std::slice::from_ref(value) } {
                    told |= walk(look, child, false, asked);
                }
            }
            "prefixItems" | "allOf" | "anyOf" | "oneOf" => {
                for child in value.items() {
                    told |= walk(look, child, true, asked);
                }
            }
            _ => {}
        }
    }
    if told || !asked.may(node) {
        return told;
    }
    let inside = |place: &std::ops::Range<usize>| node.span.start <= place.start && place.end <= node.span.end;
    if look.out.iter().any(|found| found.code == SAME_BRANCHES.code && inside(&found.range)) {
        return false;
    }
    if let Some(key) = suspects(node, own)
        && asked.nothing_fits(node)
    {
        let (message, hint) = words(key);
        let span = node.key(key).map_or(node.span.clone(), |key| key.span.clone());
        look.tell(&CONTRADICTION, &span, message).hints.push(hint.to_owned());
        return true;
    }
    ["oneOf", "anyOf"].into_iter().any(|word| branches(look, node, word, asked))
}

/// The keyword that most likely contradicts those beside it; `None` where nothing can.
fn suspects(node: &Node, own: bool) -> Option<&'static str> {
    let has = |words: &[&str]| words.iter().any(|word| node.get(word).is_some());
    let says = node.entries().len();
    let numbers = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
    let others = [
        "minLength",
        "maxLength",
        "pattern",
        "minItems",
        "maxItems",
        "items",
        "required",
        "properties",
        "not",
        "allOf",
        "anyOf",
        "oneOf",
        "minProperties",
        "maxProperties",
    ];
    if node.get("not").is_some_and(|not| own || !not.entries().is_empty()) {
        Some("not")
    } else if has(&["const"]) && says > 1 && (has(&numbers) || has(&others)) {
        Some("const")
    } else if has(&["enum"]) && says > 1 && (has(&numbers) || has(&others)) {
        Some("enum")
    } else if has(&["contains"]) && has(&["items", "prefixItems", "maxItems"]) {
        Some("contains")
    } else if has(&["minProperties"]) && has(&["additionalProperties", "propertyNames"]) {
        Some("minProperties")
    } else if has(&["minItems"])
        && (has(&["uniqueItems", "prefixItems"]) || node.get("items").is_some_and(|items| matches!(items.value, Value::Bool(_))))
    {
        Some("minItems")
    } else if has(&["minimum", "exclusiveMinimum"]) && has(&["maximum", "exclusiveMaximum"]) && !lie_wide_apart(node) {
        Some(if has(&["minimum"]) { "minimum" } else { "exclusiveMinimum" })
    } else {
        let may_clash = |word: &str| match word {
            "allOf" => true,
            // Something fits one of several forms, unless what stands beside them is against it.
            "anyOf" => !stands_alone(node, word),
            _ => !(stands_alone(node, word) && are_apart(node, word)),
        };
        ["oneOf", "anyOf", "allOf"].into_iter().find(|word| node.get(word).is_some() && may_clash(word))
    }
}

/// True for bounds with a whole number between them, which most are.
fn lie_wide_apart(node: &Node) -> bool {
    let number = |keys: [&str; 2]| keys.iter().find_map(|key| node.get(key)?.as_word()?.parse::<f64>().ok());
    let bounds = number(["minimum", "exclusiveMinimum"]).zip(number(["maximum", "exclusiveMaximum"]));
    bounds.is_some_and(|(least, most)| most - least > 2.0) && node.get("multipleOf").is_none() && node.get("allOf").is_none()
}

/// True when nothing beside a keyword says anything of a value.
fn stands_alone(node: &Node, word: &str) -> bool {
    let says_nothing = [
        "title",
        "description",
        "$comment",
        "examples",
        "default",
        "deprecated",
        "readOnly",
        "writeOnly",
        "$schema",
        "$defs",
        "definitions",
    ];
    node.entries().iter().all(|(key, _)| key.name == word || says_nothing.contains(&key.name.as_str()))
}

/// True for forms that differ in the type that each wants: nothing fits two of them.
fn are_apart(node: &Node, word: &str) -> bool {
    let types: Option<Vec<&str>> =
        node.get(word).map(Node::items).unwrap_or_default().iter().map(|form| form.text_at("type")).collect();
    types.is_some_and(|mut types| {
        types.iter_mut().filter(|kind| **kind == "integer").for_each(|kind| *kind = "number");
        let count = types.len();
        types.sort_unstable();
        types.dedup();
        types.len() == count
    })
}

fn words(key: &str) -> (&'static str, &'static str) {
    match key {
        "not" => ("`not` refuses all that the rest allows, so nothing fits", "Say below `not` what is refused, and only that."),
        "const" => {
            ("the keywords beside `const` do not allow its value, so nothing fits", "Leave the others out: `const` says it all.")
        }
        "enum" => {
            ("the keywords beside `enum` allow none of its values, so nothing fits", "Mend the values, or leave the others out.")
        }
        "contains" => (
            "`contains` wants an item that the array may not have, so no array fits",
            "Let `items` allow what `contains` wants, or take `contains` out.",
        ),
        "minProperties" => {
            ("more properties must be there than may be, so no object fits", "Lower `minProperties`, or allow more properties.")
        }
        "minItems" => ("more items must be there than may be, so no array fits", "Lower `minItems`, or allow more items."),
        "minimum" | "exclusiveMinimum" => {
            ("no number that is allowed here lies between the bounds", "Move one of the two bounds.")
        }
        "oneOf" => ("nothing fits just one of the forms and what stands beside them", "Mend the forms, or write `anyOf`."),
        "anyOf" => ("nothing fits one of the forms and what stands beside them", "Mend the forms, or what stands beside them."),
        _ => ("what must hold at once here cannot, so nothing fits", "Write `anyOf` when one of them will do."),
    }
}

/// Tells branches that are never taken. True when one was.
fn branches(look: &mut Look<'_>, node: &Node, word: &str, asked: &mut Asked) -> bool {
    let Some(list) = node.get(word) else { return false };
    let items = list.items();
    // The same questions as below, where they can be answered by a look.
    let cannot = stands_alone(node, word) && (word == "anyOf" || are_apart(node, word));
    if items.len() < 2 || items.len() > MOST_BRANCHES || cannot {
        return false;
    }
    let beside: serde_json::Map<String, Json> = node
        .entries()
        .iter()
        .filter(|(key, _)| matches!(key.name.as_str(), "type" | "enum" | "const"))
        .map(|(key, value)| (key.name.clone(), yaml_to_json(value)))
        .collect();
    let mut told = false;
    let read: Vec<Option<CanonicalSchema>> = items.iter().map(|item| asked.read(&yaml_to_json(item))).collect();
    for (number, item) in items.iter().enumerate() {
        let Some(own) = &read[number] else { continue };
        if !beside.is_empty() {
            let both = asked.read(&json!({"allOf": [beside, yaml_to_json(item)]}));
            if both.is_some_and(|both| both.satisfiability() == Satisfiability::No) {
                let message = format!("this form of `{word}` is never taken: what stands beside `{word}` does not allow it");
                look.tell(&DEAD_BRANCH, &item.span, message).hints.push("Take it out, or mend what stands beside it.".to_owned());
                told = true;
                continue;
            }
        }
        if word == "oneOf" {
            let wider = read.iter().enumerate().find(|(other, schema)| {
                *other != number
                    && schema.as_ref().is_some_and(|schema| matches!(schema.covers(own), Ok(Containment::Yes)))
                    // Two that are alike are told as such.
                    && !schema.as_ref().is_some_and(|schema| matches!(own.covers(schema), Ok(Containment::Yes)))
            });
            if let Some((other, _)) = wider {
                let message = format!("what fits this form of `oneOf` fits form {} as well, and is refused for that", other + 1);
                let hint = "Write `anyOf`, or say in the wider form what sets it apart.";
                look.tell(&DEAD_BRANCH, &item.span, message).hints.push(hint.to_owned());
                told = true;
            }
        }
    }
    told
}

impl Asked {
    /// True for what stands by itself and is small enough.
    fn may(&self, node: &Node) -> bool {
        self.left > 0 && !matches!(node.value, Value::Bool(_)) && !node.entries().is_empty()
    }

    fn nothing_fits(&mut self, node: &Node) -> bool {
        self.read(&yaml_to_json(node)).is_some_and(|schema| schema.satisfiability() == Satisfiability::No)
    }

    fn read(&mut self, schema: &Json) -> Option<CanonicalSchema> {
        let mut schema = schema.clone();
        let size = schema.to_string().len();
        if size > LARGEST_ASKED || refers(&schema) {
            return None;
        }
        self.left = self.left.checked_sub(size).or_else(|| {
            self.left = 0;
            None
        })?;
        if let (Json::Object(keywords), Some(draft)) = (&mut schema, &self.draft) {
            keywords.insert("$schema".to_owned(), draft.as_str().into());
        }
        jsonschema::canonical::options()
            .offline()
            .should_validate_formats(true)
            .with_pattern_options(PatternOptions::regex())
            .canonicalize(&schema)
            .ok()
    }
}

/// True where something is said in another place, or by an address.
fn refers(schema: &Json) -> bool {
    match schema {
        Json::Object(entries) => {
            ["$ref", "$dynamicRef", "$recursiveRef", "$id", "id"].iter().any(|key| entries.get(*key).is_some_and(Json::is_string))
                || entries.values().any(refers)
        }
        Json::Array(items) => items.iter().any(refers),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::told;
    use crate::rules::tests::findings;
    use crate::source::MemoryPack;

    #[test]
    fn what_nothing_fits_is_told() {
        let all = [
            r#"{"not": {}}"#,
            r#"{"type": "integer", "minimum": 3, "enum": [1, 2]}"#,
            r#"{"type": "string", "minLength": 3, "const": "ab"}"#,
            r#"{"type": "integer", "minimum": 1.2, "maximum": 1.8}"#,
            r#"{"type": "array", "contains": {"type": "string"}, "items": {"type": "integer"}}"#,
            r#"{"type": "object", "properties": {"a": {}}, "minProperties": 2, "additionalProperties": false}"#,
            r#"{"properties": {"n": {"allOf": [{"minimum": 5}, {"maximum": 3}, {"type": "number"}]}}}"#,
        ];
        insta::assert_snapshot!(all.map(told).concat(), @"
        Error schemas/contradiction schemas/a.json:1:2 <\"not\"> `not` refuses all that the rest allows, so nothing fits
          hint: Say below `not` what is refused, and only that.
        Error schemas/contradiction schemas/a.json:1:35 <\"enum\"> the keywords beside `enum` allow none of its values, so nothing fits
          hint: Mend the values, or leave the others out.
        Error schemas/contradiction schemas/a.json:1:36 <\"const\"> the keywords beside `const` do not allow its value, so nothing fits
          hint: Leave the others out: `const` says it all.
        Error schemas/contradiction schemas/a.json:1:21 <\"minimum\"> no number that is allowed here lies between the bounds
          hint: Move one of the two bounds.
        Error schemas/contradiction schemas/a.json:1:19 <\"contains\"> `contains` wants an item that the array may not have, so no array fits
          hint: Let `items` allow what `contains` wants, or take `contains` out.
        Error schemas/contradiction schemas/a.json:1:45 <\"minProperties\"> more properties must be there than may be, so no object fits
          hint: Lower `minProperties`, or allow more properties.
        Error schemas/contradiction schemas/a.json:1:23 <\"allOf\"> what must hold at once here cannot, so nothing fits
          hint: Write `anyOf` when one of them will do.
        ");
    }

    #[test]
    fn what_is_no_schema_is_no_place_to_refer_to() {
        let pack = |path: &str| {
            let schema = format!("{{\"$ref\": \"../{path}\"}}");
            findings(&MemoryPack::new([
                ("pack.yaml", "name: n\ndescription: d\n"),
                ("schemas/a.json", schema.as_str()),
                ("handlers/x.ts", "export function x() {}\n"),
                ("data/b.json", "{}"),
            ]))
        };
        assert!(pack("handlers/x.ts").contains("Error schemas/dead-ref schemas/a.json:1:10 <\"../handlers/x.ts\"> `../handlers/x.ts` leads to a file that is no schema"));
        assert!(!pack("data/b.json").contains("dead-ref"));
    }

    #[test]
    fn branches_that_are_never_taken_are_told() {
        let all = [
            r#"{"type": "string", "oneOf": [{"type": "number"}, {"type": "string"}]}"#,
            r#"{"oneOf": [{"type": "number"}, {"type": "integer"}]}"#,
            r#"{"type": "object", "anyOf": [{"required": ["a"]}, {"type": "null"}]}"#,
        ];
        insta::assert_snapshot!(all.map(told).concat(), @"
        Warning schemas/dead-branch schemas/a.json:1:30 <{\"type\": \"number\"}> this form of `oneOf` is never taken: what stands beside `oneOf` does not allow it
          hint: Take it out, or mend what stands beside it.
        Warning schemas/dead-branch schemas/a.json:1:32 <{\"type\": \"integer\"}> what fits this form of `oneOf` fits form 1 as well, and is refused for that
          hint: Write `anyOf`, or say in the wider form what sets it apart.
        Warning schemas/dead-branch schemas/a.json:1:51 <{\"type\": \"null\"}> this form of `anyOf` is never taken: what stands beside `anyOf` does not allow it
          hint: Take it out, or mend what stands beside it.
        ");
    }

    #[test]
    fn what_authors_write_on_purpose_is_told_nothing() {
        for schema in [
            r#"{"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}"#,
            r#"{"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "anyOf": [{"required": ["a"]}, {"required": ["b"]}]}"#,
            r#"{"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "if": {"required": ["a"]}, "then": {"properties": {"b": {"not": {}}}}}"#,
            r#"{"type": "object", "properties": {"a": {"not": {}}}}"#,
            r#"{"type": "string", "not": {"enum": ["a"]}}"#,
            r#"{"type": ["string", "null"], "oneOf": [{"type": "string", "format": "date"}, {"type": "null"}]}"#,
            r#"{"oneOf": [{"type": "object", "properties": {"kind": {"const": "a"}, "x": {"type": "integer"}}, "required": ["kind"]}, {"type": "object", "properties": {"kind": {"const": "b"}}, "required": ["kind"]}]}"#,
            r#"{"type": "integer", "minimum": 1, "maximum": 1}"#,
            r#"{"type": "array", "items": {"enum": ["a", "b"]}, "minItems": 1, "uniqueItems": true}"#,
            r#"{"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}}"#,
            r#"{"oneOf": [{"type": "integer"}, {"type": "string", "pattern": "^[0-9]+$"}]}"#,
            r#"{"type": "string", "enum": ["2024-01-01"], "pattern": "^[0-9]{4}-"}"#,
            r#"{"type": "array", "contains": {"const": "a"}, "items": {"type": "string"}}"#,
            r#"{"type": "object", "properties": {"a": {"type": "string"}}, "not": {"required": ["b"]}}"#,
            r#"{"anyOf": [{"type": "number"}, {"type": "integer", "description": "Whole ones too"}]}"#,
        ] {
            let found = told(schema);
            assert!(!found.contains("contradiction") && !found.contains("dead-branch"), "{schema}: {found}");
        }
    }
}
