//! Values that fit a schema: what its author offers, then the smallest, then varied ones.
//!
//! Values are made by walking the schema and choosing where it leaves a choice: whether an optional property is there, which branch, which
//! member, which bound. The first walk always takes the first choice and gives the smallest value; the next ones turn one choice round
//! each, so that every property, branch, member and bound has its turn; then chance decides, by the seed. Whatever comes out is held
//! against the schema before anybody sees it: what cannot be made from keywords (`not`, look-ahead by `if`) is at least never wrong.

use super::bundle::Bundle;
use super::chance::Chance;
use super::{MAX_DEPTH, Schema, bounds, pattern, sample};
use serde_json::{Map, Number, Value, json};
use std::collections::{BTreeSet, HashSet};

/// How examples are made.
#[derive(Debug, Clone, Copy)]
pub struct Examples {
    /// The same seed gives the same values.
    pub seed: u64,
    /// Most values that are wanted.
    pub count: usize,
    /// How many parts may be looked at in all: what keeps a stranger's schema from taking for ever.
    pub budget: u64,
}

impl Default for Examples {
    fn default() -> Self {
        Self { seed: 0, count: 3, budget: 50_000 }
    }
}

/// Distinct values that fit a schema, best first; fewer than asked for when there are no more, or the budget is used up. None for what is
/// no schema.
pub fn examples(schema: &Value, options: &Examples) -> Vec<Value> {
    Bundle::alone(schema).map(|bundle| examples_of(&bundle, options)).unwrap_or_default()
}

/// The same for a schema that was brought together from several files.
pub fn examples_of(bundle: &Bundle, options: &Examples) -> Vec<Value> {
    let Ok(schema) = Schema::from_value(&bundle.value) else { return Vec::new() };
    if endless(&bundle.value) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    try_values(&bundle.value, options.seed, options.budget, &mut |value| {
        if found.len() < options.count && schema.fits(&value) && seen.insert(value.to_string()) {
            found.push(value);
        }
        found.len() < options.count
    });
    found
}

/// True when the whole leads on from reference to reference and back to itself: no value can be held against it.
pub(super) fn endless(root: &Value) -> bool {
    let (mut schema, mut seen) = (root, HashSet::new());
    while let Some(next) = schema.get("$ref").and_then(Value::as_str).and_then(|to| Bundle::target(root, to)) {
        if !seen.insert(std::ptr::from_ref(schema)) {
            return true;
        }
        schema = next;
    }
    false
}

/// How deep a value may nest before optional parts are left out.
const DEPTH: usize = 12;

/// Below this depth optional parts are left out: a schema that names itself ends there.
const SHALLOW: usize = 5;

/// How many parts one value may have.
const MAX_PARTS: u64 = 1_000;

/// How long a text or list is made to reach a bound.
const MAX_LENGTH: u16 = 1_000;

/// How many choices of a walk are turned round, and how many ways each.
const MAX_TURNS: (usize, usize) = (400, 12);

static ANYTHING: Value = Value::Bool(true);

/// Calls `visit` with values that may fit, best first, until it has enough or the budget is used up. Not held against the schema.
pub(crate) fn try_values(root: &Value, seed: u64, budget: u64, visit: &mut dyn FnMut(Value) -> bool) {
    let mut left = budget;
    let mut walk = |script: Script| {
        let mut maker = Maker { root, script, left: left.min(MAX_PARTS), spin: 0 };
        let given = left.min(MAX_PARTS);
        let value = maker.whole();
        left = left.saturating_sub(given - maker.left + 10);
        (value, maker.script, left > 0)
    };
    for value in given(root) {
        if !visit(value) {
            return;
        }
    }
    let mut turns = Vec::new();
    // Each branch as small as can be: what differs most is shown first.
    let mut forks = Vec::new();
    for base in [Base::Least, Base::Most] {
        let (value, script, more) = walk(Script::new(base.clone(), None));
        if !visit(value) || !more {
            return;
        }
        for (at, &arity) in script.made.iter().enumerate().take(MAX_TURNS.0) {
            let ways = (0..arity.min(MAX_TURNS.1)).map(|way| (base.clone(), (at, way)));
            if matches!(base, Base::Least) && script.forks.contains(&at) { forks.extend(ways) } else { turns.extend(ways) }
        }
    }
    let mut chance = Chance::new(seed);
    for at in (1..turns.len()).rev() {
        turns.swap(at, chance.below(at + 1));
    }
    for (base, turn) in forks.into_iter().chain(turns) {
        let (value, _, more) = walk(Script::new(base, Some(turn)));
        if !visit(value) || !more {
            return;
        }
    }
    loop {
        let (value, script, more) = walk(Script::new(Base::Chance(Chance::new(chance.next())), None));
        // Without a choice there is one value, and it was shown.
        if !visit(value) || !more || script.made.is_empty() {
            return;
        }
    }
}

/// What the author offers for the whole.
pub(super) fn given(root: &Value) -> Vec<Value> {
    let mut maker = Maker { root, script: Script::new(Base::Least, None), left: MAX_PARTS, spin: 0 };
    maker.flat(&[root]).given()
}

/// The smallest value, or something near it.
pub(super) fn least(root: &Value) -> Value {
    Maker { root, script: Script::new(Base::Least, None), left: MAX_PARTS, spin: 0 }.whole()
}

/// How choices are made when nothing else is said.
#[derive(Debug, Clone)]
enum Base {
    /// The first way; nothing optional.
    Least,
    /// The first way; everything optional.
    Most,
    Chance(Chance),
}

/// The choices of one walk.
#[derive(Debug)]
struct Script {
    base: Base,
    /// One choice that is made otherwise.
    turn: Option<(usize, usize)>,
    /// How many ways each choice had.
    made: Vec<usize>,
    /// Which of them were between branches.
    forks: Vec<usize>,
}

impl Script {
    fn new(base: Base, turn: Option<(usize, usize)>) -> Self {
        Self { base, turn, made: Vec::new(), forks: Vec::new() }
    }

    fn choose(&mut self, arity: usize, most: usize) -> usize {
        if arity < 2 {
            return 0;
        }
        let at = self.made.len();
        self.made.push(arity);
        match (self.turn, &mut self.base) {
            (Some((turn, way)), _) if turn == at => way.min(arity - 1),
            (_, Base::Least) => 0,
            (_, Base::Most) => most.min(arity - 1),
            (_, Base::Chance(chance)) => chance.below(arity),
        }
    }
}

/// Makes one value.
struct Maker<'a> {
    root: &'a Value,
    script: Script,
    /// How many parts may still be looked at.
    left: u64,
    /// The how-manieth attempt at an item that must differ from the others.
    spin: usize,
}

/// What holds for one value: a schema with what it refers to, all of its `allOf`, and one branch of each choice.
struct Flat<'a> {
    parts: Vec<&'a Map<String, Value>>,
    /// A `false` is among them: no value fits.
    never: bool,
}

impl<'a> Flat<'a> {
    fn all(&self, key: &'a str) -> impl Iterator<Item = &'a Value> + '_ {
        self.parts.iter().filter_map(move |part| part.get(key))
    }

    fn has(&self, key: &'a str) -> bool {
        self.all(key).next().is_some()
    }

    fn most(&self, key: &'a str) -> Option<f64> {
        self.all(key).filter_map(Value::as_f64).reduce(f64::max)
    }

    fn least(&self, key: &'a str) -> Option<f64> {
        self.all(key).filter_map(Value::as_f64).reduce(f64::min)
    }

    /// What the author offers, best first.
    fn given(&self) -> Vec<Value> {
        let lists = self.all("examples").filter_map(Value::as_array).flat_map(|list| list.iter().take(10));
        let ones = ["example", "default", "const"].into_iter().flat_map(|key| self.all(key));
        lists.chain(ones).cloned().collect()
    }

    /// The types that all parts allow; empty when none is named.
    fn types(&self) -> Option<Vec<&'a str>> {
        let mut allowed: Option<Vec<&str>> = None;
        for named in self.all("type") {
            let these: Vec<&str> = match named {
                Value::String(one) => vec![one],
                Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
                _ => continue,
            };
            allowed = Some(match allowed {
                None => these,
                Some(before) => before
                    .into_iter()
                    .filter_map(|kind| match kind {
                        "number" if !these.contains(&"number") => these.contains(&"integer").then_some("integer"),
                        "integer" => (these.contains(&"integer") || these.contains(&"number")).then_some("integer"),
                        kind => these.contains(&kind).then_some(kind),
                    })
                    .collect(),
            });
        }
        if let Some(types) = &mut allowed {
            // Of several, `null` last.
            types.sort_by_key(|kind| *kind == "null");
        }
        allowed
    }

    /// The type that keywords speak of, where none is named.
    fn implied(&self) -> Option<&'static str> {
        let kinds: [(&str, &[&str]); 4] = [
            (
                "object",
                &[
                    "properties",
                    "required",
                    "additionalProperties",
                    "patternProperties",
                    "propertyNames",
                    "minProperties",
                    "dependentRequired",
                ],
            ),
            ("array", &["items", "prefixItems", "minItems", "maxItems", "contains", "uniqueItems"]),
            ("string", &["minLength", "maxLength", "pattern", "format"]),
            ("number", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
        ];
        kinds.iter().find(|(_, keys)| keys.iter().any(|key| self.has(key))).map(|(kind, _)| *kind)
    }
}

impl<'a> Maker<'a> {
    fn choose(&mut self, arity: usize) -> usize {
        let chosen = self.script.choose(arity, 0);
        if arity > 1 { (chosen + self.spin) % arity } else { chosen }
    }

    /// Whether an optional thing is there.
    fn there(&mut self) -> bool {
        self.script.choose(2, 1) == 1
    }

    fn whole(&mut self) -> Value {
        let flat = self.flat(&[self.root]);
        self.of_flat(&flat, DEPTH, true)
    }

    fn flat(&mut self, schemas: &[&'a Value]) -> Flat<'a> {
        let mut flat = Flat { parts: Vec::new(), never: false };
        for schema in schemas {
            self.gather(schema, DEPTH * 2, &mut flat);
        }
        flat
    }

    fn gather(&mut self, schema: &'a Value, depth: usize, flat: &mut Flat<'a>) {
        flat.never |= *schema == Value::Bool(false);
        let Some(keywords) = schema.as_object().filter(|_| depth > 0 && self.left > 0) else { return };
        self.left -= 1;
        flat.parts.push(keywords);
        if let Some(target) = keywords.get("$ref").and_then(Value::as_str).and_then(|to| Bundle::target(self.root, to)) {
            self.gather(target, depth - 1, flat);
        }
        for part in keywords.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.gather(part, depth - 1, flat);
        }
        for key in ["anyOf", "oneOf"] {
            if let Some(branches) = keywords.get(key).and_then(Value::as_array) {
                if branches.len() > 1 {
                    self.script.forks.push(self.script.made.len());
                }
                let chosen = self.choose(branches.len());
                if let Some(branch) = branches.get(chosen) {
                    self.gather(branch, depth - 1, flat);
                }
            }
        }
        if let Some(condition) = keywords.get("if") {
            let (holds, fails) = (keywords.get("then"), keywords.get("else"));
            if self.choose(2) == 0 {
                self.gather(condition, depth - 1, flat);
                holds.into_iter().for_each(|part| self.gather(part, depth - 1, flat));
            } else {
                fails.into_iter().for_each(|part| self.gather(part, depth - 1, flat));
            }
        }
    }

    fn value(&mut self, schemas: &[&'a Value], depth: usize) -> Value {
        let spent = self.left == 0;
        self.left = self.left.saturating_sub(1);
        if depth == 0 || spent {
            return Value::Null;
        }
        let flat = self.flat(schemas);
        self.of_flat(&flat, depth, false)
    }

    fn of_flat(&mut self, flat: &Flat<'a>, depth: usize, whole: bool) -> Value {
        if let Some(fixed) = flat.all("const").next() {
            return fixed.clone();
        }
        let types = flat.types();
        let mut lists = flat.all("enum").filter_map(Value::as_array);
        if let Some(first) = lists.next() {
            let rest: Vec<_> = lists.collect();
            let is = |value: &Value| types.as_ref().is_none_or(|types| types.iter().any(|kind| is_of(value, kind)));
            let fits = |value: &&Value| is(value) && rest.iter().all(|list| list.contains(value));
            let members: Vec<&Value> = first.iter().filter(fits).take(1_000).collect();
            let chosen = self.choose(members.len());
            return members.get(chosen).map_or(Value::Null, |member| (*member).clone());
        }
        let mut given = if whole { Vec::new() } else { flat.given() };
        let chosen = self.choose(given.len() + 1);
        if chosen < given.len() {
            return given.swap_remove(chosen);
        }
        let kind = match &types {
            Some(types) => {
                let chosen = self.choose(types.len());
                types.get(chosen).copied().unwrap_or("null")
            }
            None => {
                if let Some(kind) = flat.implied() {
                    kind
                } else {
                    let mut values = [json!("text"), json!(1), json!(true), json!(null), json!([]), json!({}), json!(0.5)];
                    if whole {
                        // A tool's input is an object, and that is what most schemas without a word describe.
                        values.swap(0, 5);
                    }
                    let chosen = self.choose(values.len());
                    return values[chosen].take();
                }
            }
        };
        match kind {
            "object" => self.object(flat, depth),
            "array" => self.array(flat, depth),
            "string" => self.text(flat).into(),
            "integer" => self.number(flat, true),
            "number" => self.number(flat, false),
            "boolean" => (self.choose(2) == 1).into(),
            _ => Value::Null,
        }
    }

    fn object(&mut self, flat: &Flat<'a>, depth: usize) -> Value {
        let names = |key: &'a str| flat.all(key).filter_map(Value::as_array).flatten().filter_map(Value::as_str);
        let mut required: BTreeSet<&str> = names("required").take(usize::from(MAX_LENGTH)).collect();
        let mut declared: BTreeSet<&str> = BTreeSet::new();
        for properties in flat.all("properties").filter_map(Value::as_object) {
            declared.extend(properties.keys().map(String::as_str));
        }
        let needs: Vec<(&str, Vec<&str>)> = ["dependentRequired", "dependencies"]
            .into_iter()
            .flat_map(|key| flat.all(key))
            .filter_map(Value::as_object)
            .flatten()
            .filter_map(|(name, list)| Some((name.as_str(), list.as_array()?.iter().filter_map(Value::as_str).collect())))
            .collect();
        let forbidden: BTreeSet<&str> = flat
            .all("properties")
            .filter_map(Value::as_object)
            .flat_map(|properties| properties.iter().filter(|(_, schema)| **schema == Value::Bool(false)))
            .map(|(name, _)| name.as_str())
            .collect();
        let least = length(flat.most("minProperties")).unwrap_or(0);
        let most = length(flat.least("maxProperties")).unwrap_or(usize::MAX);
        let mut optional: Vec<&str> = declared.difference(&required).copied().collect();
        optional.retain(|name| !forbidden.contains(name));
        let mut chosen: Vec<&str> = Vec::new();
        for name in &optional {
            if self.left == 0 {
                break;
            }
            if depth > SHALLOW && self.there() {
                chosen.push(name);
            }
        }
        chosen.truncate(most.saturating_sub(required.len()));
        required.extend(chosen);
        // What is needed because something else is there, and what is missing of the least.
        for _ in 0..=needs.len() {
            for (name, list) in &needs {
                if required.contains(name) {
                    required.extend(list);
                }
            }
        }
        for name in optional {
            if required.len() >= least {
                break;
            }
            required.insert(name);
        }
        let mut object = Map::new();
        for name in required {
            if self.left == 0 {
                break;
            }
            let schemas = schemas_of(flat, name);
            let value = self.value(&schemas, depth - 1);
            object.insert(name.to_owned(), value);
        }
        // A mapping by free names: one entry, where the author says what entries are.
        let described = flat.has("patternProperties") || flat.all("additionalProperties").any(Value::is_object);
        let free = usize::from(described && depth > SHALLOW && object.len() < most && self.there());
        let wanted = least.max(object.len() + free).min(most);
        for number in 0..wanted.saturating_sub(object.len()) {
            if self.left == 0 {
                break;
            }
            let (mut name, schemas) = self.free_name(flat, number, depth);
            // A pattern that only says how names begin takes any end.
            if object.contains_key(&name) {
                name.push_str(&number.to_string());
            }
            if !forbidden.contains(name.as_str()) && !object.contains_key(&name) {
                let value = self.value(&schemas, depth - 1);
                object.insert(name, value);
            }
        }
        object.into()
    }

    /// A name that is not declared, with what holds for its value.
    fn free_name(&mut self, flat: &Flat<'a>, number: usize, depth: usize) -> (String, Vec<&'a Value>) {
        let others = || flat.all("additionalProperties").filter(|schema| schema.is_object()).collect::<Vec<_>>();
        let mut patterns = flat.all("patternProperties").filter_map(Value::as_object).flatten();
        if let Some((written, schema)) = patterns.next()
            && let Some(tree) = pattern::read(written)
        {
            let mut chance = Chance::new(number as u64);
            let stretch = u32::try_from(number).unwrap_or(0) + 1;
            return (pattern::text(&tree, stretch, &mut |end| chance.below(end)), vec![schema]);
        }
        let names: Vec<&Value> = flat.all("propertyNames").collect();
        if names.is_empty() {
            let name = if number == 0 { "key".to_owned() } else { format!("key{number}") };
            return (name, others());
        }
        let spin = std::mem::replace(&mut self.spin, number);
        let named = self.value(&names, depth - 1);
        self.spin = spin;
        (named.as_str().filter(|name| !name.is_empty()).unwrap_or("key").to_owned(), others())
    }

    fn array(&mut self, flat: &Flat<'a>, depth: usize) -> Value {
        let mut front: Vec<Vec<&Value>> = Vec::new();
        for list in flat.all("prefixItems").chain(flat.all("items")).filter_map(Value::as_array) {
            for (at, schema) in list.iter().enumerate() {
                if front.len() <= at {
                    front.push(Vec::new());
                }
                front[at].push(schema);
            }
        }
        let rest_key = if flat.all("items").any(Value::is_array) { "additionalItems" } else { "items" };
        let rest: Vec<&Value> = flat.all(rest_key).filter(|schema| !schema.is_array()).collect();
        let closed = rest.contains(&&Value::Bool(false));
        let contained: Vec<&Value> = flat.all("contains").collect();
        let holding = if contained.is_empty() { 0 } else { length(flat.most("minContains")).unwrap_or(1) };
        let least = length(flat.most("minItems")).unwrap_or(0).max(holding);
        let most = length(flat.least("maxItems")).unwrap_or(usize::MAX);
        let most = if closed { most.min(front.len()) } else { most };
        let mut lengths = vec![least];
        if depth > SHALLOW {
            lengths.extend([least.max(1).max(front.len()), least + 1, 2, 3]);
            if most <= 20 {
                lengths.push(most);
            }
        }
        lengths.retain(|length| (least..=most).contains(length));
        let mut seen = BTreeSet::new();
        lengths.retain(|length| seen.insert(*length));
        let chosen = self.script.choose(lengths.len(), 1);
        let length = lengths.get(chosen).copied().unwrap_or(least);
        let unique = flat.all("uniqueItems").any(|unique| *unique == Value::Bool(true));
        let mut items: Vec<Value> = Vec::new();
        for at in 0..length {
            if self.left == 0 {
                break;
            }
            let mut schemas: Vec<&Value> = front.get(at).unwrap_or(&rest).clone();
            if at >= length.saturating_sub(holding) {
                schemas.extend(&contained);
            }
            if schemas.is_empty() {
                schemas.push(&ANYTHING);
            }
            let spin = self.spin;
            let mut item = self.value(&schemas, depth - 1);
            for again in 1..8 {
                if !unique || !items.contains(&item) || self.left == 0 {
                    break;
                }
                self.spin = again;
                item = self.value(&schemas, depth - 1);
            }
            self.spin = spin;
            if unique && items.contains(&item) {
                item = changed(item, at);
            }
            items.push(item);
        }
        items.into()
    }

    fn text(&mut self, flat: &Flat<'a>) -> String {
        let least = length(flat.most("minLength")).unwrap_or(0);
        let most = length(flat.least("maxLength"));
        let fits = |text: &String| {
            let length = text.chars().take(usize::from(MAX_LENGTH) + 1).count();
            length >= least && most.is_none_or(|most| length <= most)
        };
        let mut texts: Vec<String> = Vec::new();
        if let Some(format) = flat.all("format").find_map(Value::as_str) {
            texts.extend(sample(format).map(str::to_owned));
            texts.extend(more_samples(format).iter().map(|&text| text.to_owned()));
        }
        if let Some(tree) = flat.all("pattern").find_map(Value::as_str).and_then(pattern::read) {
            // To read a pattern takes as long as to look at many parts.
            self.left = self.left.saturating_sub(20);
            let stretches = [0, 1, 2, 3, 5, 8, 13, 30, 60, 200];
            for stretch in stretches {
                let mut chance = Chance::new(u64::from(stretch));
                texts.push(pattern::text(&tree, stretch, &mut |end| chance.below(end)));
            }
            texts.push(pattern::text(&tree, 1, &mut |_| 0));
        }
        if texts.is_empty() {
            let of_length = |letters: &str, length: usize| letters.chars().cycle().take(length).collect::<String>();
            let short = "text".len().clamp(least, most.unwrap_or(usize::MAX).max(least));
            texts.extend([of_length("text", least), of_length("text", short), of_length("a", least + 1)]);
            texts.extend([of_length("é ", least.max(1)), of_length("0", least.max(1))]);
            if let Some(most) = most {
                texts.extend([of_length("text", most), of_length("text", most.saturating_sub(1))]);
            } else {
                texts.push(of_length("some longer text, ", least + 20));
            }
        }
        texts.retain(fits);
        let mut seen = HashSet::new();
        texts.retain(|text| seen.insert(text.clone()));
        let chosen = self.script.choose(texts.len(), 1);
        let chosen = if texts.is_empty() { 0 } else { (chosen + self.spin) % texts.len() };
        texts.into_iter().nth(chosen).unwrap_or_default()
    }

    fn number(&mut self, flat: &Flat<'a>, whole: bool) -> Value {
        // In draft 4 `exclusiveMinimum` is a boolean beside `minimum`.
        let strict = |key: &'a str| flat.all(key).any(|value| *value == Value::Bool(true));
        let (least, most) = (flat.most("minimum"), flat.least("maximum"));
        let above = flat.most("exclusiveMinimum").or(least.filter(|_| strict("exclusiveMinimum")));
        let below = flat.least("exclusiveMaximum").or(most.filter(|_| strict("exclusiveMaximum")));
        let step = flat.all("multipleOf").filter_map(Value::as_f64).find(|step| *step > 0.0).or(whole.then_some(1.0));
        let step = step.map(|step| if whole && step.fract() != 0.0 { step * (1.0 / step).round().max(1.0) } else { step });
        let low = least.into_iter().chain(above).fold(f64::NEG_INFINITY, f64::max);
        let high = most.into_iter().chain(below).fold(f64::INFINITY, f64::min);
        let fits = |number: &f64| {
            number.is_finite()
                && least.is_none_or(|least| *number >= least)
                && above.is_none_or(|above| *number > above)
                && most.is_none_or(|most| *number <= most)
                && below.is_none_or(|below| *number < below)
        };
        let up = |number: f64| step.map_or(number, |step| (number / step).ceil() * step);
        let down = |number: f64| step.map_or(number, |step| (number / step).floor() * step);
        let one = step.unwrap_or(1.0);
        let mut numbers = vec![0.0, up(low), up(low) + one, down(high), down(high) - one, f64::midpoint(low, high)];
        numbers.extend([one, -one, 10.0 * one, 1000.0 * one, up(low) + 2.0 * one]);
        if step.is_none() {
            numbers.extend([0.5, -0.5, low + 0.5, high - 0.5, low + (high - low) / 4.0]);
        }
        numbers.retain(|number| fits(number) && step.is_none_or(|step| ((number / step).round() * step - number).abs() < 1e-9));
        let mut distinct: Vec<f64> = Vec::new();
        for number in numbers {
            if !distinct.iter().any(|before| before.to_bits() == number.to_bits() || (*before == 0.0 && number == 0.0)) {
                distinct.push(number);
            }
        }
        let chosen = self.choose(distinct.len());
        number(distinct.get(chosen).copied().unwrap_or(0.0))
    }
}

/// What holds for a property of an object.
fn schemas_of<'a>(flat: &Flat<'a>, name: &str) -> Vec<&'a Value> {
    let mut schemas = Vec::new();
    for part in &flat.parts {
        match part.get("properties").and_then(|properties| properties.get(name)) {
            Some(schema) => schemas.push(schema),
            None => schemas.extend(part.get("additionalProperties").filter(|schema| schema.is_object())),
        }
    }
    if schemas.is_empty() {
        schemas.push(&ANYTHING);
    }
    schemas
}

/// A length that is asked for, as far as an example bears it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a small range")]
fn length(bound: Option<f64>) -> Option<usize> {
    bound.map(|bound| bound.clamp(0.0, f64::from(MAX_LENGTH)) as usize)
}

fn number(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and small")]
        return Value::from(number as i64);
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

/// Another value of the same kind, for lists whose items must differ.
fn changed(value: Value, by: usize) -> Value {
    match value {
        Value::String(text) => format!("{text}{by}").into(),
        Value::Number(number) => match number.as_i64() {
            Some(number) => Value::from(number.saturating_add(i64::try_from(by).unwrap_or(0))),
            None => number.as_f64().map_or(Value::Null, |number| Value::from(number + 1.0)),
        },
        other => other,
    }
}

/// Whether a value is of a type.
pub(crate) fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        _ => false,
    }
}

fn more_samples(format: &str) -> &'static [&'static str] {
    match format {
        "date-time" => &["1999-12-31T23:59:59.5+02:00"],
        "date" => &["2024-02-29"],
        "time" => &["23:59:59.25+02:00"],
        "duration" => &["P1DT2H"],
        "email" | "idn-email" => &["a.b+c@example.com"],
        "hostname" | "idn-hostname" => &["a-b.example.com"],
        "ipv4" => &["198.51.100.255"],
        "ipv6" => &["::1"],
        "uri" | "iri" => &["https://example.org/a?b=c#d", "urn:isbn:0451450523"],
        "uri-reference" | "iri-reference" => &["../a?b"],
        "uuid" => &["00000000-0000-4000-8000-000000000000"],
        "json-pointer" => &["", "/~0/0"],
        _ => &[],
    }
}

impl Schema {
    /// Whether a value fits. Several times faster than [`Schema::check`], which says why not.
    pub fn fits(&self, value: &Value) -> bool {
        !bounds::nests_deeper(value, MAX_DEPTH) && self.validator.is_valid(value)
    }
}

#[cfg(test)]
mod tests;
