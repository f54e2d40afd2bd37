//! One walk over a schema: what each keyword takes, and what is gathered for the questions that come after.

use super::keywords::{self, KINDS, Keyword, Of, Takes, keyword};
use super::pattern::{Verdict, verdict};
use super::refs::{self, Reference};
use super::{
    BAD_PATTERN, NOT_A_SCHEMA, OLDER_DRAFT, OUTDATED_KEYWORD, PATTERN_LOOKS_AROUND, Place, Rule, SLOW_PATTERN, TOO_LARGE,
    UNKNOWN_DIALECT, UNKNOWN_FORMAT, UNKNOWN_KEYWORD, UNKNOWN_TYPE, WRONG_VALUE, empty, traps, values,
};
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::folder::MANIFEST;
use crate::model::yaml_to_json;
use crate::nearest::{Guesses, Near};
use crate::schema::{Draft, Weight};
use crate::text::shown;
use crate::yaml::{Node, Value};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::Range;

/// The address of the draft that holds when none is declared.
pub(super) const Y2020: &str = "https://json-schema.org/draft/2020-12/schema";

/// Most subschemas that are looked at: the largest schemas in use have some ten thousand.
const MAX_PARTS: usize = 10_000;

/// A place in a schema, as the way that leads there.
#[derive(Debug, Clone, Copy)]
pub(in crate::rules) struct At<'a> {
    above: Option<&'a At<'a>>,
    step: Step<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl<'a> At<'a> {
    pub(in crate::rules) const ROOT: At<'static> = At { above: None, step: Step::Root };

    pub(in crate::rules) fn key(&'a self, name: &'a str) -> At<'a> {
        At { above: Some(self), step: Step::Key(name) }
    }

    pub(in crate::rules) fn index(&'a self, index: usize) -> At<'a> {
        At { above: Some(self), step: Step::Index(index) }
    }
}

/// A JSON pointer; the whole is `/`, which reads better than nothing.
impl fmt::Display for At<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.step, self.above) {
            (Step::Root, _) | (_, None) => formatter.write_str("/"),
            (step, Some(above)) => {
                if !matches!(above.step, Step::Root) {
                    above.fmt(formatter)?;
                }
                match step {
                    Step::Key(name) => write!(formatter, "/{}", shown(&crate::schema::escaped(name))),
                    Step::Index(index) => write!(formatter, "/{index}"),
                    Step::Root => Ok(()),
                }
            }
        }
    }
}

/// How a subschema stands to the one around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing<'a> {
    /// The nearest schema around it with an address of its own: pointers begin there.
    pub base: &'a Node,
    /// True when it speaks of the same value as the schema around it, which may say the rest.
    pub branch: bool,
}

/// A walk over one schema.
pub(super) struct Look<'a> {
    pub file: &'a str,
    pub root: &'a Node,
    pub draft: Draft,
    pub guesses: Guesses,
    pub out: Vec<Diagnostic>,
    pub found: Found<'a>,
    parts: usize,
}

/// What a walk gathers.
#[derive(Debug, Default)]
pub(super) struct Found<'a> {
    /// A value that its keyword does not take: nothing can be said of what the schema means.
    pub broken: bool,
    pub too_large: bool,
    pub refs: Vec<refs::Use<'a>>,
    /// Subschemas by `$id`, as it is written.
    pub ids: HashMap<&'a str, &'a Node>,
    /// By `$anchor` and what older drafts have for it.
    pub anchors: HashMap<&'a str, &'a Node>,
    /// Subschemas with a default or examples.
    pub carriers: Vec<&'a Node>,
    pub open: Vec<Place>,
    /// What it comes to with its references, when they can be counted.
    pub weight: Option<Weight>,
}

/// What a whole look gives, for others to count on.
#[derive(Debug, Default)]
pub(super) struct Looked {
    pub valid: bool,
    pub too_large: bool,
    pub refs: Vec<Reference>,
    pub anchors: HashSet<String>,
    pub open: Vec<Place>,
    pub weight: Option<Weight>,
}

/// Looks at a schema that was read. `budget`: what its defaults and examples may cost.
pub(super) fn look(file: &str, root: &Node, budget: &mut values::Budget, out: &mut Vec<Diagnostic>) -> Looked {
    if !matches!(root.value, Value::Map(_) | Value::Bool(_)) {
        let message = format!("a schema is a mapping, and this is {}", root.kind());
        out.push(NOT_A_SCHEMA.at(file, root.span.clone(), message).hint("Begin with `{\"type\": \"object\"}`."));
        return Looked::default();
    }
    let mut look =
        Look { file, root, draft: Draft::Y2020, guesses: Guesses::full(), out: Vec::new(), found: Found::default(), parts: 0 };
    if !look.dialect() {
        out.append(&mut look.out);
        return Looked::default();
    }
    look.schema(root, &At::ROOT, Standing { base: root, branch: false });
    let mut refs = Vec::new();
    if !look.found.too_large {
        refs = refs::settle(&mut look);
        if !look.found.broken {
            values::check(&mut look, budget);
        }
        if !look.found.broken && !look.out.iter().any(|found| found.severity == Severity::Error) {
            empty::check(&mut look);
        }
    }
    let Found { broken, too_large, anchors, open, weight, .. } = look.found;
    let refused = look.out.iter().any(|found| found.severity == Severity::Error);
    out.append(&mut look.out);
    Looked {
        valid: !broken && !refused,
        too_large,
        refs,
        anchors: anchors.into_keys().map(str::to_owned).collect(),
        open,
        weight,
    }
}

impl<'a> Look<'a> {
    pub(super) fn tell(&mut self, rule: &Rule, span: &Range<usize>, message: impl Into<String>) -> &mut Diagnostic {
        self.out.push(rule.at(self.file, span.clone(), message));
        self.out.last_mut().expect("it was just put there")
    }

    /// A finding with the word that was meant in place of one that is quoted in JSON.
    pub(super) fn tell_meant(
        &mut self,
        rule: &Rule,
        span: &Range<usize>,
        message: impl Into<String>,
        near: Option<Near<'_>>,
        else_say: &str,
    ) {
        let quoted = near.map(|near| self.quoted(near.word));
        let file = self.file;
        let found = self.tell(rule, span, message);
        match near.zip(quoted) {
            Some((near, quoted)) => {
                found.hints.push(format!("Did you mean `{near}`?"));
                if !span.is_empty() {
                    let fix = Fix::one(format!("Change to `{near}`"), file, span.clone(), quoted);
                    found.fix = Some(Fix { certain: near.certain, ..fix });
                }
            }
            None if else_say.is_empty() => {}
            None => found.hints.push(else_say.to_owned()),
        }
    }

    /// A word as this file writes text.
    fn quoted(&self, word: &str) -> String {
        if self.file == MANIFEST { crate::yaml::write::word(word) } else { format!("\"{word}\"") }
    }

    /// Reads `$schema`. False when nothing here can read the dialect.
    fn dialect(&mut self) -> bool {
        let root: &'a Node = self.root;
        let Some(node) = root.get("$schema") else { return true };
        let Some(address) = node.as_text() else { return true };
        let Some(draft) = Draft::named(address) else {
            let message = format!("`{}` is not a draft of JSON Schema that is known here", shown(address));
            let span = node.span.clone();
            self.tell_meant(&UNKNOWN_DIALECT, &span, message, Some(Y2020.into()), "");
            self.found.broken = true;
            return false;
        };
        self.draft = draft;
        if draft != Draft::Y2020 {
            let message = format!("this schema is held to {}", draft.name());
            self.tell(&OLDER_DRAFT, &node.span, message).hints.push(
                "Protocols take draft 2020-12 when nothing is said; move to it when you next change the schema.".to_owned(),
            );
        }
        true
    }

    /// One subschema, and all below it.
    fn schema(&mut self, node: &'a Node, at: &At<'_>, standing: Standing<'a>) {
        self.parts += 1;
        if self.parts > MAX_PARTS {
            if !self.found.too_large {
                self.found.too_large = true;
                let message = format!("this schema has more than {MAX_PARTS} parts, and checking stops here");
                self.tell(&TOO_LARGE, &node.span, message)
                    .hints
                    .push("Say once below `$defs` what stands in it over and over.".to_owned());
            }
            return;
        }
        if matches!(node.value, Value::Bool(_)) {
            return;
        }
        let mut inner = standing;
        let older = self.draft <= Draft::Seven;
        let referring = older && node.get("$ref").is_some();
        for word in ["$id", "id"] {
            if let Some(id) = node.text_at(word).filter(|_| !referring && (word == "$id" || self.draft == Draft::Four)) {
                if let Some(anchor) = id.strip_prefix('#') {
                    self.found.anchors.insert(anchor, node);
                } else {
                    self.found.ids.insert(id.trim_end_matches('#'), node);
                    inner.base = node;
                }
            }
        }
        for word in ["$anchor", "$dynamicAnchor"] {
            if let Some(anchor) = node.text_at(word) {
                self.found.anchors.insert(anchor, node);
            }
        }
        let mut sound = true;
        for (key, value) in node.entries() {
            match keyword(&key.name) {
                Some(known) if known.in_draft(self.draft) || (known.name == "$defs" && older) => {
                    sound &= self.keyword(known, node, value, at, inner);
                }
                Some(known) => self.keyword_of_another_draft(known, node, &key.span, value, at, inner),
                None => self.unknown_keyword(&key.name, &key.span, value),
            }
        }
        if sound {
            traps::check(self, node, at, standing);
        } else {
            self.found.broken = true;
        }
        if ["default", "examples"].iter().any(|word| node.get(word).is_some()) {
            self.found.carriers.push(node);
        }
    }

    fn keyword_of_another_draft(
        &mut self,
        known: &'static Keyword,
        holder: &'a Node,
        key: &Range<usize>,
        value: &'a Node,
        at: &At<'_>,
        standing: Standing<'a>,
    ) {
        if let Some(instead) = keywords::replaced_by(known.name).filter(|_| self.draft > known.until) {
            let message = format!("`{}` is not a keyword of {}", known.name, self.draft.name());
            self.tell(&OUTDATED_KEYWORD, key, message).hints.push(instead.to_owned());
            // References lead into it all the same.
            if known.takes == Takes::SchemaMap {
                self.keyword(known, holder, value, at, standing);
            }
            return;
        }
        let message = format!("`{}` is not a keyword of {}", known.name, self.draft.name());
        self.tell(&UNKNOWN_KEYWORD, key, message)
            .hints
            .push(format!("Declare draft 2020-12, `\"$schema\": \"{Y2020}\"`, or leave it out."));
    }

    fn unknown_keyword(&mut self, name: &str, key: &Range<usize>, value: &Node) {
        if keywords::is_annotation(name) {
            return;
        }
        let message = format!("`{}` is not a keyword of JSON Schema, so nothing acts on it", shown(name));
        if let Some(said) = keywords::said_elsewhere(name) {
            self.tell(&UNKNOWN_KEYWORD, key, message).hints.push(said.to_owned());
            return;
        }
        let near = self.guesses.nearest(name, keywords::names(self.draft));
        let otherwise = if matches!(value.value, Value::Map(_)) {
            "A property's schema stands below `properties`; a word of your own begins with `x-`."
        } else {
            "Leave it out; a word of your own begins with `x-`."
        };
        self.tell_meant(&UNKNOWN_KEYWORD, key, message, near, otherwise);
    }

    /// What a keyword takes, and the subschemas in it. False when the value is another.
    fn keyword(
        &mut self,
        known: &'static Keyword,
        holder: &'a Node,
        value: &'a Node,
        at: &At<'_>,
        standing: Standing<'a>,
    ) -> bool {
        let below = Standing { branch: false, ..standing };
        let same = Standing { branch: true, ..standing };
        let here = at.key(known.name);
        match known.takes {
            Takes::Anything => true,
            Takes::Bool => matches!(value.value, Value::Bool(_)) || self.wrong(known, value, "true or false"),
            Takes::Text => {
                let Some(text) = value.as_text() else { return self.wrong(known, value, "text") };
                match known.name {
                    "format" => self.format(text, &value.span),
                    "$id" if matches!(self.draft, Draft::Six | Draft::Seven) && !values::format_holds("uri-reference", value) => {
                        return self.wrong(known, value, "an address");
                    }
                    "$id" if self.draft >= Draft::Y2019 && text.trim_end_matches('#').contains('#') => {
                        return self.wrong(known, value, "an address without `#`; a name within the schema is an `$anchor`");
                    }
                    "$anchor" | "$dynamicAnchor" if !is_anchor(text) => {
                        return self.wrong(known, value, "a name: a letter or `_`, then letters, digits, `-`, `_` and `.`");
                    }
                    _ => {}
                }
                true
            }
            Takes::Reference => match value.as_text() {
                Some(_) if matches!(self.draft, Draft::Six | Draft::Seven) && !values::format_holds("uri-reference", value) => {
                    self.wrong(known, value, "an address")
                }
                Some(written) => {
                    self.found.refs.push(refs::Use {
                        written,
                        span: &value.span,
                        holder,
                        base: standing.base,
                        static_one: known.name == "$ref",
                    });
                    true
                }
                None => self.wrong(known, value, "text: where the schema stands that is meant"),
            },
            Takes::Pattern => match value.as_text() {
                Some(pattern) => self.pattern(pattern, &value.span),
                None => self.wrong(known, value, "text: a regular expression"),
            },
            Takes::Number if self.draft == Draft::Four && known.name.starts_with("exclusive") => {
                let plain = if known.name.ends_with("Minimum") { "minimum" } else { "maximum" };
                (matches!(value.value, Value::Bool(_)) && holder.get(plain).is_some())
                    || self.wrong(known, value, &format!("true or false in draft 4, with a `{plain}` beside it"))
            }
            Takes::Number => number(value).is_some() || self.wrong(known, value, "a number"),
            Takes::Positive => {
                number(value).is_some_and(|number| number > 0.0) || self.wrong(known, value, "a number above zero")
            }
            Takes::Count => {
                // In draft 4, `2.0` is no whole number yet.
                let whole = self.draft > Draft::Four || value.as_word().is_some_and(|written| !written.contains(['.', 'e', 'E']));
                number(value).is_some_and(|number| whole && number >= 0.0 && number.fract() == 0.0)
                    || self.wrong(known, value, "a whole number, zero or more")
            }
            Takes::Values => matches!(value.value, Value::List(_)) || self.wrong(known, value, "a list of values"),
            Takes::Names => self.names(known, value),
            Takes::NameLists => {
                let Value::Map(entries) = &value.value else {
                    return self.wrong(known, value, "names, each with a list of names");
                };
                entries.iter().fold(true, |sound, (_, list)| self.names(known, list) && sound)
            }
            Takes::Kinds => self.kinds(known, value),
            Takes::BoolMap => {
                let each = |(_, value): &(_, Node)| matches!(value.value, Value::Bool(_));
                (matches!(value.value, Value::Map(_)) && value.entries().iter().all(each))
                    || self.wrong(known, value, "addresses, each with true or false")
            }
            Takes::Schema => {
                let branch = matches!(known.name, "not" | "if" | "then" | "else");
                self.subschema(known, value, &here, if branch { same } else { below })
            }
            Takes::Schemas => {
                let branch = matches!(known.name, "allOf" | "anyOf" | "oneOf");
                self.subschemas(known, value, &here, if branch { same } else { below })
            }
            Takes::SchemaOrSchemas => {
                if !matches!(value.value, Value::List(_)) {
                    return self.subschema(known, value, &here, below);
                }
                if self.draft == Draft::Y2020 {
                    self.found.broken = true;
                    let message = "`items` takes one schema in draft 2020-12, and this is a list";
                    self.tell(&WRONG_VALUE, &value.span, message)
                        .hints
                        .push("Call the list `prefixItems`; `items` then says what follows.".to_owned());
                    return false;
                }
                self.subschemas(known, value, &here, below)
            }
            Takes::SchemaMap | Takes::PatternMap | Takes::SchemaOrNamesMap => {
                let Value::Map(entries) = &value.value else {
                    return self.wrong(known, value, "names, each with a schema");
                };
                let standing = if matches!(known.name, "dependentSchemas" | "dependencies") { same } else { below };
                let mut sound = true;
                for (key, child) in entries {
                    if known.takes == Takes::PatternMap {
                        sound &= self.pattern(&key.name, &key.span);
                    }
                    if known.takes == Takes::SchemaOrNamesMap && matches!(child.value, Value::List(_)) {
                        sound &= self.names(known, child);
                    } else {
                        sound &= self.subschema(known, child, &here.key(&key.name), standing);
                    }
                }
                sound
            }
        }
    }

    fn subschema(&mut self, known: &Keyword, value: &'a Node, at: &At<'_>, standing: Standing<'a>) -> bool {
        let bools = self.draft > Draft::Four || known.name.starts_with("additional");
        match &value.value {
            Value::Map(_) => {}
            Value::Bool(_) if bools => {}
            Value::List(_) if matches!(known.name, "properties") => {
                self.wrong(known, value, "a schema for each name");
                return false;
            }
            _ => {
                self.wrong(known, value, if bools { "a schema: a mapping, or true or false" } else { "a schema: a mapping" });
                return false;
            }
        }
        self.schema(value, at, standing);
        true
    }

    fn subschemas(&mut self, known: &Keyword, value: &'a Node, at: &At<'_>, standing: Standing<'a>) -> bool {
        match &value.value {
            Value::List(items) if !items.is_empty() => items
                .iter()
                .enumerate()
                .fold(true, |sound, (index, item)| self.subschema(known, item, &at.index(index), standing) && sound),
            _ => self.wrong(known, value, "a list of schemas, with at least one"),
        }
    }

    /// A list of names, each once.
    fn names(&mut self, known: &Keyword, value: &Node) -> bool {
        let Value::List(items) = &value.value else {
            self.wrong(known, value, "a list of names");
            if known.name == "required" && matches!(value.value, Value::Bool(_)) {
                let found = self.out.last_mut().expect("it was just told");
                found.hints =
                    vec!["Name the property in the `required` of the object around it: `\"required\": [\"name\"]`.".to_owned()];
            }
            return false;
        };
        if items.is_empty() && self.draft == Draft::Four {
            return self.wrong(known, value, "a list of names, with at least one");
        }
        let (mut sound, mut seen) = (true, HashSet::new());
        for item in items {
            match item.as_text() {
                None => {
                    self.found.broken = true;
                    let message = format!("`{}` lists names, and this is {}", known.name, item.kind());
                    self.tell(&WRONG_VALUE, &item.span, message)
                        .hints
                        .push("Name a property, as text in quotes; what it is like stands below `properties`.".to_owned());
                    sound = false;
                }
                Some(name) if !seen.insert(name) => {
                    self.found.broken = true;
                    let message = format!("`{}` stands twice in `{}`", shown(name), known.name);
                    self.tell(&WRONG_VALUE, &item.span, message).hints.push("Keep one of the two.".to_owned());
                    sound = false;
                }
                Some(_) => {}
            }
        }
        sound
    }

    fn kinds(&mut self, known: &Keyword, value: &Node) -> bool {
        let one = |look: &mut Self, node: &Node| {
            let Some(name) = node.as_text() else { return look.wrong(known, node, "the name of a kind, or a list of them") };
            if KINDS.contains(&name) {
                return true;
            }
            look.found.broken = true;
            let near = keywords::kind_elsewhere(name).map(Near::from).or_else(|| look.guesses.nearest(name, KINDS));
            let message = format!("`{}` is not a kind of value", shown(name));
            look.tell_meant(&UNKNOWN_TYPE, &node.span, message, near, &format!("The kinds are {}.", KINDS.join(", ")));
            false
        };
        match &value.value {
            Value::List(items) if items.is_empty() => self.wrong(known, value, "the name of a kind, or a list of them"),
            Value::List(items) => {
                let (mut sound, mut seen) = (true, HashSet::new());
                for item in items {
                    sound &= one(self, item);
                    if item.as_text().is_some_and(|name| !seen.insert(name)) {
                        self.found.broken = true;
                        let message = format!("`{}` stands twice in `type`", shown(item.as_text().unwrap_or_default()));
                        self.tell(&WRONG_VALUE, &item.span, message).hints.push("Keep one of the two.".to_owned());
                        sound = false;
                    }
                }
                sound
            }
            _ => one(self, value),
        }
    }

    /// Tells a value that its keyword does not take; always false.
    fn wrong(&mut self, known: &Keyword, value: &Node, wanted: &str) -> bool {
        self.found.broken = true;
        let is = match &value.value {
            Value::Number(written) => format!("`{}`", shown(written)),
            Value::Text(text) => format!("the text `{}`", shown(text)),
            Value::Null if !value.span.is_empty() => "null".to_owned(),
            Value::List(items) if items.is_empty() => "an empty list".to_owned(),
            _ => value.kind().to_owned(),
        };
        let message = format!("`{}` takes {wanted}, and this is {is}", known.name);
        let file = self.file;
        // A number in quotes is a number that was meant.
        let meant = value
            .as_text()
            .filter(|_| matches!(known.takes, Takes::Number | Takes::Positive | Takes::Count))
            .filter(|text| serde_json::from_str::<serde_json::Number>(text).is_ok())
            .map(str::to_owned);
        let hint = match &value.value {
            Value::Number(written)
                if matches!(known.takes, Takes::Number | Takes::Positive | Takes::Count) && number(value).is_none() =>
            {
                format!(
                    "`{}` is beyond what a number can hold: leave `{}` out, or write a bound that can be met.",
                    shown(written),
                    known.name
                )
            }
            _ => format!("Write {}, or leave `{}` out.", wanted.split([':', ';']).next().unwrap_or(wanted), known.name),
        };
        let found = self.tell(&WRONG_VALUE, &value.span, message);
        if meant.is_none() {
            found.hints.push(hint);
        }
        if let Some(number) = meant {
            found.hints.push(format!("Write `{number}`, without quotes."));
            found.fix = Some(Fix::one(format!("Change to `{number}`"), file, value.span.clone(), number));
        }
        false
    }

    fn pattern(&mut self, pattern: &str, span: &Range<usize>) -> bool {
        match verdict(pattern) {
            Verdict::Sound => true,
            Verdict::Broken(why) => {
                self.found.broken = true;
                let message = format!("`{}` is not a regular expression: {why}", shown(pattern));
                let hint = if why.ends_with("never closed") {
                    "Close it; one that stands for itself has a backslash before it, which JSON wants twice."
                } else {
                    "A mark that stands for itself has a backslash before it, which JSON wants twice."
                };
                self.tell(&BAD_PATTERN, span, message).hints.push(hint.to_owned());
                false
            }
            Verdict::Refused(why, write) => {
                self.found.broken = true;
                self.tell(&BAD_PATTERN, span, format!("`{}` {why}", shown(pattern))).hints.push(write);
                false
            }
            Verdict::NotRegular(part, name) => {
                self.found.broken = true;
                let message = format!("`{}` {name} with `{}`", shown(pattern), shown(&part));
                self.tell(&PATTERN_LOOKS_AROUND, span, message)
                    .hints
                    .push("Say it without: with two properties, an `enum`, or a `not` with a pattern of its own.".to_owned());
                false
            }
            Verdict::Slow(part) => {
                let message = format!("`{}` repeats what can be cut in many ways", shown(&part));
                self.tell(&SLOW_PATTERN, span, message).hints.push(
                    "Leave one of the repetitions out, or put a character between them that the inner one cannot be.".to_owned(),
                );
                true
            }
        }
    }

    fn format(&mut self, name: &str, span: &Range<usize>) {
        if keywords::FORMATS.contains(&name) || keywords::is_other_format(name) || name.contains(':') {
            return;
        }
        let near = keywords::format_elsewhere(name).map(Near::from).or_else(|| self.guesses.nearest(name, keywords::FORMATS));
        let message = format!("`{}` is not a format that is known here, so nothing checks it", shown(name));
        self.tell_meant(&UNKNOWN_FORMAT, span, message, near, "Say what the text looks like with `pattern` and `examples`.");
    }
}

fn is_anchor(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':'))
}

/// A node's number.
pub(super) fn number(node: &Node) -> Option<f64> {
    match &node.value {
        Value::Number(written) => match written.parse::<f64>() {
            Ok(number) if number.is_finite() => Some(number),
            // YAML has more ways to write one.
            _ => yaml_to_json(node).as_f64(),
        },
        _ => None,
    }
}

impl Of {
    /// What a keyword speaks of, in the words of a message.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::All => "anything",
            Self::Text => "text",
            Self::Number => "numbers",
            Self::List => "arrays",
            Self::Object => "objects",
        }
    }
}
