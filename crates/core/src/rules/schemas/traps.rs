//! Traps: schemas that are valid and do not say what was meant.

use super::keywords::{FORMATS, Of, keyword};
use super::look::{At, Look, Standing, number};
use super::{
    CONTRADICTION, DEAD_VALUE, EMPTY_ENUM, ENUM_REPEATS, IDLE_KEYWORD, MIXED_ENUM, Place, REQUIRED_UNKNOWN, SAME_BRANCHES,
};
use crate::model::yaml_to_json;
use crate::schema::Draft;
use crate::schema::said;
use crate::text::shown;
use crate::yaml::{Node, Value};
use std::collections::{HashMap, HashSet};

/// Most alternatives that are compared with one another.
const MAX_BRANCHES: usize = 1000;

/// Kinds of value, a bit each. A whole number is of two kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rules) struct Kinds(u8);

impl Kinds {
    pub(in crate::rules) const ARRAY: Self = Self(1);
    const BOOLEAN: Self = Self(2);
    const INTEGER: Self = Self(4);
    const NULL: Self = Self(8);
    const FRACTION: Self = Self(16);
    pub(in crate::rules) const OBJECT: Self = Self(32);
    pub(in crate::rules) const STRING: Self = Self(64);
    const NONE: Self = Self(0);

    fn named(name: &str) -> Self {
        match name {
            "array" => Self::ARRAY,
            "boolean" => Self::BOOLEAN,
            "integer" => Self::INTEGER,
            "null" => Self::NULL,
            "number" => Self(Self::INTEGER.0 | Self::FRACTION.0),
            "object" => Self::OBJECT,
            "string" => Self::STRING,
            _ => Self::NONE,
        }
    }

    /// The kinds that a schema's `type` names; `None` without one.
    pub(in crate::rules) fn of_schema(node: &Node) -> Option<Self> {
        let kinds = node.get("type")?;
        Some(match &kinds.value {
            Value::List(items) => Self(items.iter().filter_map(Node::as_text).fold(0, |kinds, name| kinds | Self::named(name).0)),
            _ => Self::named(kinds.as_text().unwrap_or_default()),
        })
    }

    pub(super) fn of_value(node: &Node) -> Self {
        match &node.value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Number(_) => match number(node) {
                Some(number) if number.fract() == 0.0 => Self::INTEGER,
                _ => Self::FRACTION,
            },
            Value::Text(_) => Self::STRING,
            Value::List(_) => Self::ARRAY,
            Value::Map(_) => Self::OBJECT,
        }
    }

    fn of_keyword(of: Of) -> Option<Self> {
        Some(match of {
            Of::All => return None,
            Of::Text => Self::STRING,
            Of::Number => Self::named("number"),
            Of::List => Self::ARRAY,
            Of::Object => Self::OBJECT,
        })
    }

    pub(in crate::rules) fn share(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// Looks at one subschema whose keywords are sound.
pub(super) fn check<'a>(look: &mut Look<'a>, node: &'a Node, at: &At<'_>, standing: Standing<'a>) {
    let kinds = Kinds::of_schema(node);
    if node.entries().len() > 1 {
        bounds(look, node);
        idle(look, node, kinds);
        both_true(look, node, kinds);
        required(look, node, standing);
    }
    choices(look, node, kinds);
    for word in ["oneOf", "anyOf"] {
        if let Some(branches) = node.get(word) {
            same_branches(look, word, branches.items());
        }
    }
    let says_rest = ["additionalProperties", "unevaluatedProperties", "$ref", "allOf", "patternProperties"];
    if let Some(key) = node.key("properties")
        && !standing.branch
        && !says_rest.iter().any(|word| node.get(word).is_some())
        && node.get("properties").is_some_and(|properties| !properties.entries().is_empty())
    {
        look.found.open.push(Place { span: key.span.clone(), at: at.to_string() });
    }
}

/// Lower bounds above upper ones.
fn bounds(look: &mut Look<'_>, node: &Node) {
    let pairs = [
        ("minLength", "maxLength", "text"),
        ("minItems", "maxItems", "array"),
        ("minProperties", "maxProperties", "object"),
        ("minContains", "maxContains", "array"),
    ];
    for (low, high, what) in pairs {
        if let (Some(least), Some(most)) = (node.get(low), node.get(high))
            && number(least) > number(most)
        {
            let message = format!("`{low}` is above `{high}`, so no {what} fits");
            look.tell(&CONTRADICTION, &least.span, message).hints.push("Exchange the two, or mend one.".to_owned());
        }
    }
    // In draft 4 the exclusive ones are true or false, and say so of the others.
    let bound = |plain: &'static str, exclusive: &'static str| {
        let of = |word: &'static str| node.get(word).and_then(|node| Some((number(node)?, word, node)));
        let strict = node.get(exclusive).is_some_and(|node| node.value == Value::Bool(true));
        [
            of(plain).map(|(number, word, node)| (number, strict, word, node)),
            of(exclusive).map(|(number, word, node)| (number, true, word, node)),
        ]
    };
    let lows = bound("minimum", "exclusiveMinimum");
    let highs = bound("maximum", "exclusiveMaximum");
    for (least, strict, low, place) in lows.iter().flatten() {
        for (most, strict_too, high, _) in highs.iter().flatten() {
            #[expect(clippy::float_cmp, reason = "the same number written twice is the same number")]
            let none_between = least > most || (least == most && (*strict || *strict_too));
            if none_between {
                let message = format!("`{low}` is {least} and `{high}` is {most}, so no number fits");
                look.tell(&CONTRADICTION, &place.span, message).hints.push("Exchange the two, or mend one.".to_owned());
                return;
            }
        }
    }
}

/// Keywords that never come to bear.
fn idle(look: &mut Look<'_>, node: &Node, kinds: Option<Kinds>) {
    let older_reference = look.draft <= Draft::Seven && node.get("$ref").is_some();
    for (key, value) in node.entries() {
        let Some(known) = keyword(&key.name).filter(|known| known.in_draft(look.draft)) else { continue };
        if older_reference {
            let asserts =
                known.of != Of::All || matches!(known.name, "type" | "enum" | "const" | "allOf" | "anyOf" | "oneOf" | "not");
            if asserts {
                let message = format!("`{}` stands beside `$ref`, and {} reads nothing beside it", known.name, look.draft.name());
                look.tell(&IDLE_KEYWORD, &key.span, message)
                    .hints
                    .push("Put both into an `allOf`, or move to draft 2020-12.".to_owned());
            }
            continue;
        }
        let of = match known.name {
            "format" if value.as_text().is_some_and(|format| FORMATS.contains(&format)) => Of::Text,
            _ => known.of,
        };
        if let (Some(kinds), Some(wanted)) = (kinds, Kinds::of_keyword(of))
            && !kinds.share(wanted)
        {
            let written = node.get("type").map(|node| said(&yaml_to_json(node)).replace('"', "`")).unwrap_or_default();
            let message = format!("`{}` speaks of {}, and `type` is {written}: it never applies", known.name, of.name());
            look.tell(&IDLE_KEYWORD, &key.span, message).hints.push("Mend `type`, or leave the keyword out.".to_owned());
            continue;
        }
        let lacks = |word: &str| node.get(word).is_none();
        let alone = match known.name {
            "if" if lacks("then") && lacks("else") => Some("`if` without `then` or `else` decides nothing"),
            "then" if lacks("if") => Some("`then` without `if` is never asked"),
            "else" if lacks("if") => Some("`else` without `if` is never asked"),
            "minContains" if lacks("contains") => Some("`minContains` counts what `contains` describes, and there is none"),
            "maxContains" if lacks("contains") => Some("`maxContains` counts what `contains` describes, and there is none"),
            "additionalItems" if node.get("items").is_none_or(|items| !matches!(items.value, Value::List(_))) => {
                Some("`additionalItems` speaks of what follows a list of `items`, and there is none")
            }
            _ => None,
        };
        if let Some(message) = alone {
            look.tell(&IDLE_KEYWORD, &key.span, message).hints.push("Add what it belongs to, or leave it out.".to_owned());
        }
    }
}

/// What must hold at once and cannot.
fn both_true(look: &mut Look<'_>, node: &Node, kinds: Option<Kinds>) {
    if let Some(value) = node.get("const") {
        if kinds.is_some_and(|kinds| !kinds.share(Kinds::of_value(value))) {
            let message = format!("`const` is {}, which `type` does not allow", said(&yaml_to_json(value)));
            look.tell(&CONTRADICTION, &value.span, message).hints.push("Mend one of the two.".to_owned());
        }
        if let Some(choices) = node.get("enum") {
            let wanted = yaml_to_json(value);
            if !choices.items().iter().any(|item| yaml_to_json(item) == wanted) {
                let message = format!("`const` is {}, which `enum` does not allow", said(&wanted));
                look.tell(&CONTRADICTION, &value.span, message).hints.push("Leave `enum` out: `const` says it all.".to_owned());
            }
        }
    }
    let mut left = kinds;
    for branch in node.get("allOf").map(Node::items).unwrap_or_default() {
        let Some(own) = Kinds::of_schema(branch) else { continue };
        if let Some(kinds) = left
            && !kinds.share(own)
            && let Some(place) = branch.get("type")
        {
            look.tell(&CONTRADICTION, &place.span, "no value is of this kind and of the one that must hold as well")
                .hints
                .push("Write `anyOf` when one of them will do.".to_owned());
            return;
        }
        left = Some(left.map_or(own, |kinds| Kinds(kinds.0 & own.0)));
    }
}

/// Names in `required` that no property has.
fn required(look: &mut Look<'_>, node: &Node, standing: Standing<'_>) {
    let (Some(required), Some(properties)) = (node.get("required"), node.get("properties")) else { return };
    // Others may bring the property in.
    let brought = ["$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "if", "dependentSchemas", "patternProperties"];
    if standing.branch || properties.entries().is_empty() || brought.iter().any(|word| node.get(word).is_some()) {
        return;
    }
    let closed = node.get("additionalProperties").is_some_and(|rest| rest.value == Value::Bool(false));
    let known: HashMap<&str, &Node> = properties.entries().iter().map(|(key, value)| (key.name.as_str(), value)).collect();
    let names: HashSet<&str> = required.items().iter().filter_map(Node::as_text).collect();
    for item in required.items() {
        let Some(name) = item.as_text() else { continue };
        match known.get(name) {
            Some(property) if property.value == Value::Bool(false) => {
                let message = format!("`{}` must be there, and `properties` forbids it: no object fits", shown(name));
                look.tell(&CONTRADICTION, &item.span, message).hints.push("Take it out of `required`.".to_owned());
            }
            Some(_) => {}
            None => {
                // A name that is required already is not what was meant here.
                let free = known.keys().copied().filter(|known| !names.contains(known));
                let near = look.guesses.nearest(name, free);
                let otherwise = "Describe it below `properties`, or take it out of `required`.";
                if closed {
                    let message = format!("`{}` must be there, and only the properties may be: no object fits", shown(name));
                    look.tell_meant(&CONTRADICTION, &item.span, message, near, otherwise);
                } else {
                    let message = format!("`{}` is required, and no property is called that", shown(name));
                    look.tell_meant(&REQUIRED_UNKNOWN, &item.span, message, near, otherwise);
                }
            }
        }
    }
}

/// What `enum` lists.
fn choices(look: &mut Look<'_>, node: &Node, kinds: Option<Kinds>) {
    let Some(list) = node.get("enum") else { return };
    let items = list.items();
    if items.is_empty() {
        look.tell(&EMPTY_ENUM, &list.span, "`enum` lists nothing, so no value fits")
            .hints
            .push("List the values, or leave `enum` out.".to_owned());
        return;
    }
    let mut seen = HashSet::new();
    for item in items {
        let new = match &item.value {
            Value::Text(text) => seen.insert(format!("\"{text}")),
            Value::Number(_) => {
                seen.insert(number(item).map_or_else(|| yaml_to_json(item).to_string(), |number| number.to_string()))
            }
            _ => seen.insert(yaml_to_json(item).to_string()),
        };
        if !new {
            let message = format!("{} stands in `enum` already", said(&yaml_to_json(item)));
            look.tell(&ENUM_REPEATS, &item.span, message).hints.push("Keep one of the two.".to_owned());
        }
    }
    if let Some(kinds) = kinds {
        let fits = |item: &&Node| kinds.share(Kinds::of_value(item));
        if items.iter().any(|item| fits(&item)) {
            for item in items.iter().filter(|item| !fits(item)) {
                let message = format!("{} can never be given: `type` does not allow it", said(&yaml_to_json(item)));
                look.tell(&DEAD_VALUE, &item.span, message).hints.push("Take it out, or add its kind to `type`.".to_owned());
            }
        } else {
            look.tell(&CONTRADICTION, &list.span, "`type` allows none of the values of `enum`")
                .hints
                .push("Mend `type`; or write the values as it says, with or without quotes.".to_owned());
        }
        return;
    }
    // With `null` a value may be left open; whole numbers and fractions are both numbers.
    let group = |item: &Node| match Kinds::of_value(item) {
        Kinds::FRACTION => Kinds::INTEGER,
        other => other,
    };
    let mut named = items.iter().filter(|item| item.value != Value::Null);
    let Some(first) = named.next() else { return };
    if let Some(other) = named.find(|item| group(item) != group(first)) {
        let message =
            format!("{} is {}, and {} is {}", said(&yaml_to_json(first)), first.kind(), said(&yaml_to_json(other)), other.kind());
        look.tell(&MIXED_ENUM, &other.span, message)
            .hints
            .push("Write all of them as text, or say with `type` that both are meant.".to_owned());
    }
}

fn same_branches(look: &mut Look<'_>, word: &str, branches: &[Node]) {
    if branches.len() < 2 || branches.len() > MAX_BRANCHES {
        return;
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (number, branch) in branches.iter().enumerate() {
        if let Some(first) = seen.insert(yaml_to_json(branch).to_string(), number) {
            let message = if word == "oneOf" {
                format!("this is form {} of `oneOf` once more: what fits both fits neither", first + 1)
            } else {
                format!("this is form {} of `{word}` once more", first + 1)
            };
            look.tell(&SAME_BRANCHES, &branch.span, message).hints.push("Keep one of the two.".to_owned());
        }
    }
}
