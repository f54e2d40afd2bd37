//! One schema against its older self.

use super::closed::{chooses, closed, open, plain, undeclared};
use crate::schema::examples::try_values;
use crate::schema::{Bundle, Schema, Violation};
use jsonschema::PatternOptions;
use jsonschema::canonical::{CanonicalSchema, Containment, Satisfiability};
use serde_json::{Value, json};
use std::fmt;

/// What the newer of two schemas means for those who know the older one.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Both say the same of every value.
    Same,
    /// Nothing is lost. What is new, as a value that shows it, when one was found.
    Compatible { shown_by: Option<Value> },
    /// Something is lost, and here is a value that shows it.
    Breaking(Refusal),
    /// Nobody can tell: no value was found that shows a loss, and it is not proved that there is none.
    Review { why: String },
}

/// A value that one version takes or gives, and the other does not know.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// Small, and real: it fits the one schema and breaks the other.
    pub counter_example: Value,
    /// A JSON pointer into that value: what the other version objects to.
    pub at: String,
    /// What it objects to, to be read after the place: "must have `query`".
    pub reason: String,
    input: bool,
}

impl fmt::Display for Refusal {
    /// "`{"repo": "x"}` was valid, now is not: it must have `query`".
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = shown(&self.counter_example);
        let said = if self.input { "was valid, now is not" } else { "may come now, and could not before" };
        match self.at.as_str() {
            "" => write!(formatter, "`{value}` {said}: it {}", self.reason),
            at => write!(formatter, "`{value}` {said}: `{at}` {}", self.reason),
        }
    }
}

/// Compares two versions of a tool's input: whatever fitted the old one must fit the new one.
pub fn input(old: &Bundle, new: &Bundle) -> Verdict {
    if old.value == new.value {
        return Verdict::Same;
    }
    if let Some(review) = too_large(old, new) {
        return review;
    }
    if only_words(old, new) {
        return Verdict::Same;
    }
    let (Some(before), Some(after)) = (Side::of(old, old.value.clone()), Side::of(new, new.value.clone())) else {
        return unreadable();
    };
    let proved = match (closed(old), closed(new)) {
        (Some(before), Some(after)) => Proof::of_closed(&before, &after, new),
        _ => None,
    };
    let proved = proved.unwrap_or_else(|| Proof::of(&old.value, &new.value).without_equality());
    let accepts = |value: &Value| -> Result<(), (String, String)> {
        if let Some(violation) = after.schema.check(value).into_iter().next() {
            return Err(objection(violation));
        }
        match undeclared(new, value, None) {
            Some(at) => Err((at, "is no longer declared".to_owned())),
            None => Ok(()),
        }
    };
    let offers = |value: &Value| before.schema.fits(value) && undeclared(old, value, Some(new)).is_none();
    let growth = || {
        let offers = |value: &Value| after.schema.fits(value) && undeclared(new, value, None).is_none();
        before_unknown(&after, None, &offers, &|value| before.schema.fits(value) && undeclared(old, value, None).is_none())
    };
    judge(&Question { from: &before, to: &after, proved, offers: &offers, accepts: &accepts, growth: &growth, input: true })
}

/// Compares two versions of a tool's output: whatever the new one promises must fit the old one. Either may answer with more than it names:
/// what the old one says of a property that the new one does not name any more is not promised any more.
pub fn output(old: &Bundle, new: &Bundle) -> Verdict {
    if old.value == new.value {
        return Verdict::Same;
    }
    if let Some(review) = too_large(old, new) {
        return review;
    }
    if only_words(old, new) {
        return Verdict::Same;
    }
    let (Some(before), Some(after)) = (Side::of(old, open(old, false)), Side::of(new, new.value.clone())) else {
        return unreadable();
    };
    let Ok(written) = Schema::from_value(&old.value) else { return unreadable() };
    if let (Some(one), Some(other)) = (closed(old), closed(new))
        && matches!(Proof::of(&one, &other), Proof::Same)
        && matches!(Proof::of(&old.value, &new.value), Proof::Same)
    {
        return Verdict::Same;
    }
    let proved = Proof::of(&new.value, &open(old, true)).without_equality();
    let accepts = |value: &Value| match before.schema.check(value).into_iter().next() {
        Some(violation) if !written.fits(value) => {
            let (at, reason) = objection(violation);
            let dropped = undeclared(new, value, None).is_some_and(|gone| at.starts_with(&gone));
            Err((at, if dropped { format!("{reason}; the new version no longer says what it is") } else { reason }))
        }
        _ => Ok(()),
    };
    let offers = |value: &Value| after.schema.fits(value);
    let growth = || {
        let offers = |value: &Value| written.fits(value) && undeclared(old, value, None).is_none();
        before_unknown(&before, None, &offers, &|value| after.schema.fits(value))
    };
    judge(&Question { from: &after, to: &before, proved, offers: &offers, accepts: &accepts, growth: &growth, input: false })
}

/// True when two versions differ in what they say to people, and in nothing that they say of values.
fn only_words(old: &Bundle, new: &Bundle) -> bool {
    old.draft == new.draft && old.exact && new.exact && plain(old) == plain(new)
}

/// How many parts are looked at while values are made, at most.
const BUDGET: u64 = 20_000;

/// How many values are tried, at most; fewer where one costs more.
const MAX_TRIED: usize = 400;

/// How large two schemas may be together, as text, to be compared. Those of real tools have a hundredth of it.
const MAX_COMPARED: usize = 1_000_000;

/// Whether two schemas are small enough to be compared in a bearable time.
fn too_large(old: &Bundle, new: &Bundle) -> Option<Verdict> {
    let why = "the schemas are too large to be compared".to_owned();
    (size(&old.value).saturating_add(size(&new.value)) > MAX_COMPARED).then_some(Verdict::Review { why })
}

/// One side of a comparison.
struct Side {
    value: Value,
    schema: Schema,
}

impl Side {
    fn of(bundle: &Bundle, value: Value) -> Option<Self> {
        let schema = Schema::from_value(&value).ok()?;
        // A schema that cannot be brought together cannot be compared either.
        bundle.value.is_object().then_some(()).or(bundle.value.is_boolean().then_some(()))?;
        Some(Self { value, schema })
    }
}

/// Says of a value that it is accepted, or where and why not.
type Accepts<'a> = dyn Fn(&Value) -> Result<(), (String, String)> + 'a;

/// What is asked: is there a value that `from` offers and `to` does not accept?
struct Question<'a> {
    from: &'a Side,
    to: &'a Side,
    proved: Proof,
    offers: &'a dyn Fn(&Value) -> bool,
    accepts: &'a Accepts<'a>,
    /// A value that shows what is new.
    growth: &'a dyn Fn() -> Option<Value>,
    input: bool,
}

fn judge(question: &Question<'_>) -> Verdict {
    match question.proved {
        Proof::Same => return Verdict::Same,
        Proof::Nothing { exact: true, .. } => return Verdict::Compatible { shown_by: (question.growth)() },
        _ => {}
    }
    let lost = match &question.proved {
        Proof::Unknown { lost } => lost.as_ref(),
        _ => None,
    };
    let refused = |value: &Value| (question.accepts)(value).is_err();
    let found = before_unknown(question.from, lost, question.offers, &|value| !refused(value)).or_else(|| {
        // Values of the other side lie along its own bounds.
        before_unknown(question.to, None, question.offers, &|value| !refused(value))
    });
    let found = found.or_else(|| {
        let bounds = Bounds::of(&question.to.value);
        let first = first_values(question.from, question.offers);
        first.iter().flat_map(|value| longer(value, &bounds)).find(|value| (question.offers)(value) && refused(value))
    });
    if let Some(value) = found {
        let value = shrunk(value, &|value| (question.offers)(value) && refused(value));
        // Never shown unless it is real.
        if let (true, Err((at, reason))) = ((question.offers)(&value), (question.accepts)(&value)) {
            return Verdict::Breaking(Refusal { counter_example: value, at, reason, input: question.input });
        }
    }
    match question.proved {
        Proof::Nothing { .. } => Verdict::Compatible { shown_by: (question.growth)() },
        _ => Verdict::Review {
            why: if question.input {
                "no value was found that fitted and no longer fits, and it cannot be proved that there is none".to_owned()
            } else {
                "no value was found that may come now and could not before, and it cannot be proved that there is none".to_owned()
            },
        },
    }
}

fn unreadable() -> Verdict {
    Verdict::Review { why: "one of the two versions is no schema that can be used".to_owned() }
}

fn objection(violation: Violation) -> (String, String) {
    (violation.at, violation.message)
}

/// A value that one side offers and the other does not know, made from what is known to be lost, else from the side's own schema.
fn before_unknown(
    side: &Side,
    lost: Option<&Value>,
    offers: &dyn Fn(&Value) -> bool,
    known: &dyn Fn(&Value) -> bool,
) -> Option<Value> {
    let mut found = None;
    for schema in lost.into_iter().chain([&side.value]) {
        let mut tried = 0;
        let most = (2_000_000 / size(schema).max(1)).clamp(10, MAX_TRIED);
        try_values(schema, 1, BUDGET, &mut |value| {
            tried += 1;
            if offers(&value) && !known(&value) {
                found = Some(value);
            }
            found.is_none() && tried < most
        });
        if found.is_some() {
            break;
        }
    }
    found
}

/// The first few values that a side offers.
fn first_values(side: &Side, offers: &dyn Fn(&Value) -> bool) -> Vec<Value> {
    let (mut found, mut tried) = (Vec::new(), 0);
    try_values(&side.value, 1, BUDGET, &mut |value| {
        tried += 1;
        if offers(&value) {
            found.push(value);
        }
        found.len() < 4 && tried < MAX_TRIED
    });
    found
}

/// How long texts and lists may be at most, wherever a schema says so: the longest first. Nobody makes a text of a thousand letters by
/// chance.
#[derive(Default)]
struct Bounds {
    texts: Vec<usize>,
    lists: Vec<usize>,
}

/// Longest text and longest list that are made for it.
const LONGEST_TEXT: usize = 200_000;
const LONGEST_LIST: usize = 5_000;

impl Bounds {
    fn of(schema: &Value) -> Self {
        let mut bounds = Self::default();
        bounds.add(schema);
        for (list, most) in [(&mut bounds.texts, LONGEST_TEXT), (&mut bounds.lists, LONGEST_LIST)] {
            list.retain(|bound| *bound < most);
            list.sort_unstable_by(|a, b| b.cmp(a));
            list.dedup();
            list.truncate(4);
        }
        bounds
    }

    fn add(&mut self, schema: &Value) {
        match schema {
            Value::Object(entries) => {
                let bound = |key: &str| entries.get(key).and_then(Value::as_u64).and_then(|bound| usize::try_from(bound).ok());
                self.texts.extend(bound("maxLength"));
                self.lists.extend(bound("maxItems"));
                entries.values().for_each(|inner| self.add(inner));
            }
            Value::Array(items) => items.iter().for_each(|inner| self.add(inner)),
            _ => {}
        }
    }
}

/// The value with one text or list in it that is longer than a bound.
fn longer(value: &Value, bounds: &Bounds) -> Vec<Value> {
    let mut found = Vec::new();
    match value {
        Value::Object(entries) => {
            for (name, inner) in entries {
                for inner in longer(inner, bounds) {
                    let mut more = entries.clone();
                    more.insert(name.clone(), inner);
                    found.push(more.into());
                }
            }
        }
        Value::Array(items) => {
            if let Some(last) = items.last() {
                for bound in bounds.lists.iter().filter(|bound| **bound >= items.len()) {
                    let mut more = items.clone();
                    more.resize(bound + 1, last.clone());
                    found.push(more.into());
                }
            }
            for (at, item) in items.iter().enumerate().take(5) {
                for inner in longer(item, bounds) {
                    let mut more = items.clone();
                    more[at] = inner;
                    found.push(more.into());
                }
            }
        }
        Value::String(text) => {
            let (length, last) = (text.chars().count(), text.chars().next_back().unwrap_or('x'));
            let more = |bound: &usize| text.chars().chain(std::iter::repeat_n(last, bound + 1 - length)).collect::<String>();
            found.extend(bounds.texts.iter().filter(|bound| **bound >= length).map(|bound| Value::from(more(bound))));
        }
        _ => {}
    }
    found.truncate(40);
    found
}

/// The same with less in it, as long as it still shows.
fn shrunk(value: Value, shows: &dyn Fn(&Value) -> bool) -> Value {
    let mut value = value;
    // Each round removes or shortens one thing; a value of a thousand parts is not worth more.
    for _ in 0..200 {
        match smaller(&value).into_iter().find(|less| shows(less)) {
            Some(less) => value = less,
            None => break,
        }
    }
    value
}

/// Steps to make a value smaller while it stays what it is: without one property, without one item, shorter. Most first.
fn smaller(value: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    match value {
        Value::Object(entries) => {
            for name in entries.keys() {
                let mut less = entries.clone();
                less.remove(name);
                found.push(less.into());
            }
            for (name, inner) in entries {
                for inner in smaller(inner) {
                    let mut less = entries.clone();
                    less.insert(name.clone(), inner);
                    found.push(less.into());
                }
            }
        }
        Value::Array(items) => {
            for at in 0..items.len().min(20) {
                let mut less = items.clone();
                less.remove(at);
                found.push(less.into());
            }
            for (at, item) in items.iter().enumerate().take(20) {
                for inner in smaller(item) {
                    let mut less = items.clone();
                    less[at] = inner;
                    found.push(less.into());
                }
            }
        }
        Value::String(text) if !text.is_empty() => {
            found.push(json!(""));
            let letters: Vec<char> = text.chars().collect();
            for length in [1, letters.len() / 2, letters.len() - 1] {
                if length < letters.len() && length > 0 {
                    found.push(letters[..length].iter().collect::<String>().into());
                }
            }
        }
        Value::Number(number) if number.as_f64().is_some_and(|number| number != 0.0) => {
            found.push(json!(0));
            if number.as_f64().is_some_and(|number| number.abs() > 1.0) {
                found.push(json!(1));
            }
        }
        _ => {}
    }
    found.truncate(300);
    found
}

/// What set algebra says.
enum Proof {
    /// Both take the same values.
    Same,
    /// Nothing is lost.
    Nothing { exact: bool },
    /// Something may be lost: a schema of what, when there is one.
    Unknown { lost: Option<Value> },
}

/// How large a schema may be, as text, for algebra to be tried.
const MAX_ALGEBRA: usize = 200_000;

impl Proof {
    /// Whether every value of `from` is one of `to`.
    fn of(from: &Value, to: &Value) -> Self {
        let unknown = Self::Unknown { lost: None };
        if size(from).saturating_add(size(to)) > MAX_ALGEBRA {
            return unknown;
        }
        let (Some(from), Some(to)) = (canonical(from), canonical(to)) else { return unknown };
        match to.covers(&from) {
            Ok(Containment::Yes) if matches!(from.covers(&to), Ok(Containment::Yes)) => Self::Same,
            Ok(Containment::Yes) => Self::Nothing { exact: true },
            _ => Self::Unknown { lost: from.subtract(&to).ok().map(|lost| lost.to_json_schema()) },
        }
    }

    /// The same for closed forms; `None` where these decide nothing.
    ///
    /// A form that nothing fits is less than anything. And where there are branches, a closed form can take what the schema itself refuses:
    /// then the new version must take it as it is written.
    fn of_closed(from: &Value, to: &Value, new: &Bundle) -> Option<Self> {
        let fits_nothing = |schema| canonical(schema).is_some_and(|schema| schema.satisfiability() == Satisfiability::No);
        if fits_nothing(from) {
            return None;
        }
        let proof = Self::of(from, to);
        if !chooses(from) && !chooses(to) {
            return Some(proof);
        }
        match (proof, Self::of(from, &new.value)) {
            (Self::Same, Self::Same) => Some(Self::Same),
            (Self::Same | Self::Nothing { .. }, Self::Same | Self::Nothing { .. }) => Some(Self::Nothing { exact: false }),
            (_, unknown @ Self::Unknown { .. }) | (unknown @ Self::Unknown { .. }, _) => Some(unknown),
        }
    }

    /// For schemas that are not compared as they are: equality of what is compared is no equality, and a proof wants to be tried.
    fn without_equality(self) -> Self {
        match self {
            Self::Same | Self::Nothing { .. } => Self::Nothing { exact: false },
            unknown @ Self::Unknown { .. } => unknown,
        }
    }
}

/// About how long a schema is, as text.
fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(size).sum::<usize>() + 2,
        Value::Object(entries) => entries.iter().map(|(key, value)| key.len() + 4 + size(value)).sum::<usize>() + 2,
        Value::String(text) => text.len() + 2,
        _ => 5,
    }
}

fn canonical(schema: &Value) -> Option<CanonicalSchema> {
    jsonschema::canonical::options()
        .offline()
        .should_validate_formats(true)
        .with_pattern_options(PatternOptions::regex())
        .canonicalize(schema)
        .ok()
}

/// A value as a sentence shows it: on one line, with blanks as people write JSON.
pub(super) fn shown(value: &Value) -> String {
    let text = spaced(value);
    if text.chars().nth(200).is_none() { text } else { text.chars().take(200).chain(['…']).collect() }
}

fn spaced(value: &Value) -> String {
    match value {
        Value::Object(entries) => {
            let parts: Vec<String> =
                entries.iter().map(|(name, value)| format!("{}: {}", Value::from(name.as_str()), spaced(value))).collect();
            format!("{{{}}}", parts.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(spaced).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Verdict, input, output};
    use crate::schema::{Bundle, Schema};
    use serde_json::{Value, json};

    fn bundle(schema: &Value) -> Bundle {
        Bundle::alone(schema).unwrap()
    }

    fn told(verdict: &Verdict) -> String {
        match verdict {
            Verdict::Same => "same".to_owned(),
            Verdict::Compatible { shown_by } => format!("compatible {}", shown_by.as_ref().map(super::shown).unwrap_or_default()),
            Verdict::Breaking(refusal) => format!("breaking: {refusal}"),
            Verdict::Review { .. } => "review".to_owned(),
        }
    }

    fn both(old: &Value, new: &Value) -> String {
        let (before, after) = (bundle(old), bundle(new));
        let (one, other) = (input(&before, &after), output(&before, &after));
        for (verdict, valid, broken) in [(&one, old, new), (&other, new, old)] {
            if let Verdict::Breaking(refusal) = verdict {
                assert!(Schema::from_value(valid).unwrap().fits(&refusal.counter_example), "{refusal}");
                let strict = Schema::from_value(broken).unwrap().fits(&refusal.counter_example);
                assert!(!strict || refusal.reason.contains("no longer declared"), "{refusal}");
            }
        }
        format!("as input {}\nas output {}", told(&one), told(&other))
    }

    fn object(properties: Value, required: Value) -> Value {
        json!({"type": "object", "properties": properties, "required": required})
    }

    #[test]
    fn an_optional_property_may_be_added_to_either() {
        let old = object(json!({"a": {"type": "string"}}), json!(["a"]));
        let new = object(json!({"a": {"type": "string"}, "b": {"type": "integer"}}), json!(["a"]));
        insta::assert_snapshot!(both(&old, &new), @r#"
                as input compatible {"a": "text", "b": 0}
                as output compatible
                "#);
        let close = |mut schema: Value| {
            schema["additionalProperties"] = json!(false);
            schema
        };
        insta::assert_snapshot!(both(&close(old.clone()), &close(new.clone())), @r#"
            as input compatible {"a": "text", "b": 0}
            as output compatible
            "#);
        insta::assert_snapshot!(both(&old, &close(new)), @r#"
        as input compatible {"a": "text", "b": 0}
        as output compatible
        "#);
        insta::assert_snapshot!(both(&json!({"type": "object"}), &old), @"
        as input breaking: `{}` was valid, now is not: it must have `a`
        as output compatible {}
        ");
        insta::assert_snapshot!(both(&json!({"type": "object"}), &close(json!({"type": "object"}))), @"
        as input same
        as output compatible
        ");
    }

    #[test]
    fn what_is_taken_away_is_shown_by_a_small_value() {
        let old = object(json!({"repo": {"type": "string"}, "limit": {"type": "integer", "maximum": 50}}), json!(["repo"]));
        let with = |change: &dyn Fn(&mut Value)| {
            let mut new = old.clone();
            change(&mut new);
            new
        };
        insta::assert_snapshot!(both(&old, &with(&|new| new["required"] = json!(["repo", "limit"]))), @r#"
        as input breaking: `{"repo": ""}` was valid, now is not: it must have `limit`
        as output compatible {"repo": ""}
        "#);
        insta::assert_snapshot!(both(&old, &with(&|new| new["required"] = json!([]))), @"
        as input compatible {}
        as output breaking: `{}` may come now, and could not before: it must have `repo`
        ");
        insta::assert_snapshot!(both(&old, &with(&|new| new["properties"]["limit"]["maximum"] = json!(20))), @r#"
        as input breaking: `{"limit": 21, "repo": ""}` was valid, now is not: `/limit` must be at most 20, is 21
        as output compatible {"limit": 50, "repo": "text"}
        "#);
        insta::assert_snapshot!(both(&old, &with(&|new| { new["properties"].as_object_mut().unwrap().remove("limit"); })), @r#"
        as input breaking: `{"limit": 0, "repo": ""}` was valid, now is not: `/limit` is no longer declared
        as output breaking: `{"limit": false, "repo": ""}` may come now, and could not before: `/limit` must be integer, is false; the new version no longer says what it is
        "#);
        insta::assert_snapshot!(both(&old, &with(&|new| new["properties"]["repo"] = json!({"type": "string", "pattern": "^[a-z]+/[a-z]+$"}))), @r#"
        as input breaking: `{"repo": ""}` was valid, now is not: `/repo` must match the pattern `^[a-z]+/[a-z]+$`, is ""
        as output compatible {"repo": ""}
        "#);
        insta::assert_snapshot!(both(&old, &with(&|new| new["properties"]["repo"] = json!({"enum": ["a", "b"]}))), @r#"
        as input breaking: `{"repo": ""}` was valid, now is not: `/repo` must be "a" or "b", is ""
        as output compatible {"repo": ""}
        "#);
        insta::assert_snapshot!(both(&old, &with(&|new| new["title"] = json!("words only"))), @"
        as input same
        as output same
        ");
    }

    #[test]
    fn a_closed_form_that_nothing_fits_decides_nothing() {
        let pair = |kind: &str, more: Value| {
            let mut schema = json!({"type": "object", "properties": {"a": {"type": kind}}});
            schema.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            schema
        };
        let told = |more: Value| both(&pair("string", more.clone()), &pair("integer", more));
        insta::assert_snapshot!(told(json!({"required": ["a"], "minProperties": 2})), @"
        as input breaking: `{\"a\": \"\", \"key\": \"\"}` was valid, now is not: `/a` must be integer, is \"\"
        as output breaking: `{\"a\": 0, \"key\": \"\"}` may come now, and could not before: `/a` must be string, is 0
        ");
        insta::assert_snapshot!(told(json!({"required": ["a", "b"]})), @"
        as input breaking: `{\"a\": \"\", \"b\": \"\"}` was valid, now is not: `/a` must be integer, is \"\"
        as output breaking: `{\"a\": 0, \"b\": \"\"}` may come now, and could not before: `/a` must be string, is 0
        ");
        insta::assert_snapshot!(told(json!({"dependentRequired": {"a": ["z"]}})), @"
        as input breaking: `{\"a\": \"\", \"z\": \"\"}` was valid, now is not: `/a` must be integer, is \"\"
        as output breaking: `{\"a\": 0, \"z\": \"\"}` may come now, and could not before: `/a` must be string, is 0
        ");
        let map = |least: u32| json!({"type": "object", "minProperties": least});
        insta::assert_snapshot!(both(&map(1), &map(2)), @"
        as input breaking: `{\"key\": \"\"}` was valid, now is not: it must have at least 2 properties, has 1
        as output compatible {\"key\": \"text\"}
        ");
    }

    #[test]
    fn branches_of_which_one_must_fit_stay_apart() {
        let one = |branches: Value| json!({"type": "object", "properties": {"n": branches}});
        let old = one(json!({"oneOf": [{"type": "integer", "minimum": 1}, {"type": "integer", "minimum": 0}]}));
        insta::assert_snapshot!(both(&old, &one(json!({"type": "integer", "minimum": 1}))), @"
        as input breaking: `{\"n\": 0}` was valid, now is not: `/n` must be at least 1, is 0
        as output breaking: `{\"n\": 1}` may come now, and could not before: `/n` must have just one of the forms that are allowed here and has several: 1
        ");
        // Told apart by a word, or by a further property alone.
        let kinds = |more: Value| {
            let kind = |kind: &str, own: &str| json!({"type": "object", "properties": {"kind": {"const": kind}, own: {"type": "string"}}, "required": ["kind"], "additionalProperties": false});
            let mut first = kind("a", "x");
            first["properties"].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            json!({"oneOf": [first, kind("b", "y")]})
        };
        insta::assert_snapshot!(both(&kinds(json!({})), &kinds(json!({"z": {"type": "integer"}}))), @"
        as input compatible {\"kind\": \"a\", \"x\": \"text\", \"z\": 0}
        as output compatible
        ");
        let named = |names: &[&str]| {
            let branch = |name: &&str| json!({"type": "object", "properties": {*name: {"type": "string"}}, "required": [name], "additionalProperties": false});
            json!({"oneOf": names.iter().map(branch).collect::<Vec<_>>()})
        };
        insta::assert_snapshot!(both(&named(&["a", "b", "c"]), &named(&["a", "b"])), @"
        as input breaking: `{\"c\": \"\"}` was valid, now is not: it must have one of the 2 forms that are allowed here, is an object
        as output compatible {\"c\": \"\"}
        ");
    }

    #[test]
    fn a_bound_that_no_value_meets_by_chance_is_met_on_purpose() {
        let text = |most: u64| json!({"type": "object", "properties": {"text": {"type": "string", "maxLength": most}}, "required": ["text"], "additionalProperties": false});
        let said = told(&input(&bundle(&text(1_000_000)), &bundle(&text(1000))));
        assert!(said.starts_with("breaking: ") && said.contains("`/text`"), "{said}");
        let said = told(&input(&bundle(&text(1_000_000)), &bundle(&text(100_000))));
        assert!(said.starts_with("breaking: "), "{said}");
        let list = |most: u64| json!({"type": "object", "properties": {"ids": {"type": "array", "items": {"type": "integer"}, "maxItems": most}}});
        let said = told(&input(&bundle(&list(4000)), &bundle(&list(900))));
        assert!(said.starts_with("breaking: ") && said.contains("`/ids`"), "{said}");
        assert!(told(&output(&bundle(&list(900)), &bundle(&list(4000)))).starts_with("breaking: "));
        assert!(told(&input(&bundle(&list(900)), &bundle(&list(4000)))).starts_with("compatible"));
    }

    #[test]
    fn words_alone_change_nothing() {
        let old =
            json!({"type": "object", "properties": {"a": {"enum": ["x"]}, "title": {"type": "integer", "exclusiveMinimum": 0}}});
        let new = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "$comment": "c", "title": "t", "type": "object", "examples": [{}], "properties": {
            "a": {"const": "x", "description": "d", "default": "x"}, "title": {"type": "integer", "minimum": 1, "deprecated": true}
        }});
        insta::assert_snapshot!(both(&old, &new), @"
        as input same
        as output same
        ");
        // A property may be called like a word.
        assert_ne!(both(&old, &json!({"type": "object", "properties": {"a": {"enum": ["x"]}}})), both(&old, &old));
    }

    #[test]
    fn hard_schemas_are_compared_by_values() {
        let pattern = |pattern: &str| json!({"type": "string", "pattern": pattern});
        insta::assert_snapshot!(both(&pattern("^[a-z]+$"), &pattern("^[a-z0-9]+$")), @r#"
        as input review
        as output breaking: `"5"` may come now, and could not before: it must match the pattern `^[a-z]+$`, is "5"
        "#);
        let tree = |kind: Value| json!({"$ref": "#/$defs/n", "$defs": {"n": {"type": "object", "properties": {"v": {"type": kind}, "kids": {"type": "array", "items": {"$ref": "#/$defs/n"}}}}}});
        insta::assert_snapshot!(both(&tree(json!("integer")), &tree(json!(["integer", "string"]))), @r#"
        as input review
        as output breaking: `{"kids": [{"kids": [{"v": ""}]}]}` may come now, and could not before: `/kids/0/kids/0/v` must be integer, is ""
        "#);
        let laid = |extra: Value| json!({"allOf": [{"type": "object", "properties": {"a": {"type": "string"}}}, extra]});
        insta::assert_snapshot!(both(&laid(json!({"properties": {"b": {"type": "string"}}})), &laid(json!({"properties": {"b": {"type": "string"}}, "required": ["b"]}))), @"
        as input breaking: `{}` was valid, now is not: it must have `b`
        as output compatible {}
        ");
        let items = |max: u32| json!({"type": "array", "items": {"type": "object", "properties": {"x": {"type": "integer", "maximum": max}}, "additionalProperties": false}});
        insta::assert_snapshot!(both(&items(9), &items(10)), @r#"
        as input compatible [{"x": 10}]
        as output breaking: `[{"x": 10}]` may come now, and could not before: `/0/x` must be at most 9, is 10
        "#);
        let unevaluated = |more: Value| json!({"type": "object", "properties": {"a": {}}, "unevaluatedProperties": more});
        insta::assert_snapshot!(both(&unevaluated(json!(false)), &unevaluated(json!({"type": "string"}))), @"
        as input compatible 
        as output compatible
        ");
        let map = |kind: &str| json!({"type": "object", "properties": {"meta": {"type": "object", "additionalProperties": {"type": kind}}}});
        insta::assert_snapshot!(both(&map("string"), &map("integer")), @r#"
        as input breaking: `{"meta": {"key": ""}}` was valid, now is not: `/meta/key` must be integer, is ""
        as output breaking: `{"meta": {"key": 0}}` may come now, and could not before: `/meta/key` must be string, is 0
        "#);
        insta::assert_snapshot!(both(&json!({"type": "object", "properties": {"meta": {"type": "object"}}}), &map("integer")), @"
        as input review
        as output compatible
        ");
    }

    #[test]
    fn hostile_schemas_are_answered() {
        let fan = |inner: &str| {
            (0..7).fold(json!({"type": inner}), |inner, _| json!({"anyOf": [inner, {"not": inner}, {"items": inner}]}))
        };
        both(&fan("string"), &fan("number"));
        let many = |count: usize| {
            let properties: serde_json::Map<_, _> = (0..count)
                .map(|number| (format!("p{number}"), json!({"type": "string", "pattern": format!("^{number}+$")})))
                .collect();
            object(properties.into(), json!([]))
        };
        both(&many(300), &many(301));
        both(&json!(false), &json!(true));
        both(&json!(true), &json!({"type": "object"}));
        let members: Vec<_> = (0..20_000).map(|number| format!("m{number}")).collect();
        both(&json!({"enum": members}), &json!({"enum": members[1..]}));
    }

    mod laws;
}
