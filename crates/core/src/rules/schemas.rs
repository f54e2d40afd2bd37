//! Schemas: that each is one, and that it says what was meant.
//!
//! A schema in a file of its own and one that stands in the manifest are looked at alike, on the tree that knows its places. What
//! compiling, generating and comparing need of schemas is in [`crate::schema`].

use super::{Example, Rule, files};
use crate::check::{MAX_TEXT, Whole};
use crate::content::{Content, Facts, Kind};
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::MANIFEST;
use crate::manifest::Manifest;
use crate::manifest::typed::{Field, SchemaAt};
use crate::model::yaml_to_json;
use crate::rules::data::json_hint;
use crate::rules::manifest::inside;
use crate::rules::models::{self, Advice};
use crate::schema::Weight;
use crate::text::shown;
use crate::yaml::{Key, Node};
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::OnceLock;

mod empty;
mod keywords;
mod look;
mod pattern;
mod refs;
mod spread;
mod traps;
mod values;

pub(in crate::rules) use look::At;
pub use refs::{Leads, Reference};
pub(in crate::rules) use traps::Kinds;

pub static NOT_JSON: Rule = Rule {
    code: "schemas/not-json",
    severity: Severity::Error,
    summary: "A schema file is not JSON.",
    why: "The tool's calls cannot be checked, so every one of them fails.",
    example: Example::file(
        "schemas/echo.input.json",
        "{\n  \"type\": \"object\",\n  \"properties\": {\"text\": {\"type\": \"string\"},}\n}\n",
        "{\n  \"type\": \"object\",\n  \"properties\": {\"text\": {\"type\": \"string\"}}\n}\n",
    ),
};

pub static DUPLICATE_KEY: Rule = Rule {
    code: "schemas/duplicate-key",
    severity: Severity::Error,
    summary: "A key stands twice in one mapping of a schema file.",
    why: "One reader takes the first, another the last: the schema means two things, and nobody is told which one holds.",
    example: Example::file(
        "schemas/age.json",
        "{\"type\": \"integer\", \"minimum\": 0, \"minimum\": 18}\n",
        "{\"type\": \"integer\", \"minimum\": 18}\n",
    ),
};

pub static NOT_A_SCHEMA: Rule = Rule {
    code: "schemas/not-a-schema",
    severity: Severity::Error,
    summary: "A schema file holds a list, a text or a number.",
    why: "A schema is a mapping of keywords, or true or false; anything else is refused when the tool is loaded.",
    example: Example::file("schemas/tags.json", "[\"string\"]\n", "{\"type\": \"array\", \"items\": {\"type\": \"string\"}}\n"),
};

pub static WRONG_VALUE: Rule = Rule {
    code: "schemas/wrong-value",
    severity: Severity::Error,
    summary: "A keyword has a value that it does not take.",
    why: "The schema is not valid, so validators refuse it as a whole, and every call of the tool fails.",
    example: Example::file(
        "schemas/age.json",
        "{\"type\": \"integer\", \"minimum\": \"18\"}\n",
        "{\"type\": \"integer\", \"minimum\": 18}\n",
    ),
};

pub static UNKNOWN_TYPE: Rule = Rule {
    code: "schemas/unknown-type",
    severity: Severity::Error,
    summary: "`type` names something that is not one of the seven kinds of value.",
    why: "JSON has arrays, booleans, integers, null, numbers, objects and strings; a schema that names another kind is refused.",
    example: Example::file("schemas/id.json", "{\"type\": \"int\"}\n", "{\"type\": \"integer\"}\n"),
};

pub static UNKNOWN_KEYWORD: Rule = Rule {
    code: "schemas/unknown-keyword",
    severity: Severity::Warning,
    summary: "A schema has a word that JSON Schema does not know.",
    why: "Validators pass over unknown words without a sound, so a slip of the finger takes a limit away and nobody notices. A word of your own begins with `x-`.",
    example: Example::file(
        "schemas/query.json",
        "{\"type\": \"string\", \"maxLenght\": 200}\n",
        "{\"type\": \"string\", \"maxLength\": 200}\n",
    ),
};

pub static UNKNOWN_DIALECT: Rule = Rule {
    code: "schemas/unknown-dialect",
    severity: Severity::Error,
    summary: "`$schema` names no draft of JSON Schema that is known here.",
    why: "What a keyword means depends on the draft. Nothing is fetched to find out, so the schema cannot be used.",
    example: Example::file(
        "schemas/id.json",
        "{\"$schema\": \"https://json-schema.org/draft/2021-12/schema\", \"type\": \"string\"}\n",
        "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"type\": \"string\"}\n",
    ),
};

pub static OLDER_DRAFT: Rule = Rule {
    code: "schemas/older-draft",
    severity: Severity::Info,
    summary: "A schema declares a draft of JSON Schema before 2020-12.",
    why: "The declaration is honoured here. Platforms and models that take 2020-12 for granted may read some keywords otherwise.",
    example: Example::file(
        "schemas/id.json",
        "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"type\": \"string\"}\n",
        "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"type\": \"string\"}\n",
    ),
};

pub static OUTDATED_KEYWORD: Rule = Rule {
    code: "schemas/outdated-keyword",
    severity: Severity::Warning,
    summary: "A schema has a keyword that its draft no longer knows.",
    why: "Under draft 2020-12 the word does nothing, so what it used to forbid is let through.",
    example: Example::file(
        "schemas/card.json",
        "{\"type\": \"object\", \"dependencies\": {\"card\": [\"address\"]}}\n",
        "{\"type\": \"object\", \"dependentRequired\": {\"card\": [\"address\"]}}\n",
    ),
};

pub static DEAD_REF: Rule = Rule {
    code: "schemas/dead-ref",
    severity: Severity::Error,
    summary: "A `$ref` leads to a place, or a file, that is not there.",
    why: "A schema with a reference that does not arrive cannot be used at all, not even for values that never come near it.",
    example: Example::file(
        "schemas/order.json",
        "{\"$ref\": \"#/$defs/odrer\", \"$defs\": {\"order\": {\"type\": \"object\"}}}\n",
        "{\"$ref\": \"#/$defs/order\", \"$defs\": {\"order\": {\"type\": \"object\"}}}\n",
    ),
};

pub static REMOTE_REF: Rule = Rule {
    code: "schemas/remote-ref",
    severity: Severity::Error,
    summary: "A `$ref` leads to the network.",
    why: "Nothing is ever fetched: what lies behind an address can change or go away, and protocols forbid following it.",
    example: Example::file(
        "schemas/place.json",
        "{\"$ref\": \"https://example.com/schemas/place.json\"}\n",
        "{\"$ref\": \"#/$defs/place\", \"$defs\": {\"place\": {\"type\": \"object\"}}}\n",
    ),
};

pub static ENDLESS_REF: Rule = Rule {
    code: "schemas/endless-ref",
    severity: Severity::Error,
    summary: "A `$ref` comes back to itself and never looks at a part of the value.",
    why: "The standard forbids it. Some validators run until their stack is full, others let every value through.",
    example: Example::file(
        "schemas/tree.json",
        "{\"$defs\": {\"node\": {\"allOf\": [{\"$ref\": \"#/$defs/node\"}]}}, \"$ref\": \"#/$defs/node\"}\n",
        "{\"$defs\": {\"node\": {\"properties\": {\"next\": {\"$ref\": \"#/$defs/node\"}}}}, \"$ref\": \"#/$defs/node\"}\n",
    ),
};

pub static GROWING_REFS: Rule = Rule {
    code: "schemas/growing-refs",
    severity: Severity::Error,
    summary: "References multiply to more than a million parts, or lead on through more than a thousand levels.",
    why: "A validator follows each of them anew: a value of one word keeps it busy for hours. Hosts that run strangers' schemas refuse such, this one among them.",
    example: Example::Told {
        before: "`a` has `b` twice in its `allOf`, `b` has `c` twice, and so on through thirty parts: a thousand million checks.",
        after: "Each part has the next once.",
    },
};

pub static REQUIRED_UNKNOWN: Rule = Rule {
    code: "schemas/required-unknown",
    severity: Severity::Warning,
    summary: "`required` names something that no property is called.",
    why: "Whoever fills the schema in must give a value of which nothing is said, and mostly the name was meant to be another.",
    example: Example::file(
        "schemas/book.json",
        "{\"type\": \"object\", \"properties\": {\"title\": {\"type\": \"string\"}}, \"required\": [\"titel\"]}\n",
        "{\"type\": \"object\", \"properties\": {\"title\": {\"type\": \"string\"}}, \"required\": [\"title\"]}\n",
    ),
};

pub static CONTRADICTION: Rule = Rule {
    code: "schemas/contradiction",
    severity: Severity::Error,
    summary: "Two keywords say what cannot both be true.",
    why: "No value fits such a schema, so every call that gives one is refused.",
    example: Example::file(
        "schemas/limit.json",
        "{\"type\": \"integer\", \"minimum\": 20, \"maximum\": 1}\n",
        "{\"type\": \"integer\", \"minimum\": 1, \"maximum\": 20}\n",
    ),
};

pub static DEAD_VALUE: Rule = Rule {
    code: "schemas/dead-value",
    severity: Severity::Warning,
    summary: "`enum` lists a value that `type` does not allow.",
    why: "A model sees the value offered, gives it, and is refused.",
    example: Example::file(
        "schemas/size.json",
        "{\"type\": \"string\", \"enum\": [\"small\", \"large\", null]}\n",
        "{\"type\": [\"string\", \"null\"], \"enum\": [\"small\", \"large\", null]}\n",
    ),
};

pub static EMPTY_ENUM: Rule = Rule {
    code: "schemas/empty-enum",
    severity: Severity::Error,
    summary: "`enum` lists nothing.",
    why: "A value must be one of those listed, so none fits.",
    example: Example::file("schemas/size.json", "{\"enum\": []}\n", "{\"enum\": [\"small\", \"large\"]}\n"),
};

pub static ENUM_REPEATS: Rule = Rule {
    code: "schemas/enum-repeats",
    severity: Severity::Warning,
    summary: "`enum` lists a value twice.",
    why: "It is mostly a slip for another value, which is now refused; some validators refuse the schema.",
    example: Example::file(
        "schemas/size.json",
        "{\"enum\": [\"small\", \"small\", \"large\"]}\n",
        "{\"enum\": [\"small\", \"large\"]}\n",
    ),
};

pub static MIXED_ENUM: Rule = Rule {
    code: "schemas/mixed-enum",
    severity: Severity::Warning,
    summary: "`enum` lists values of several kinds, and no `type` says that this is meant.",
    why: "`1` and `\"1\"` look alike to a model and are different values: it gives the one that was not listed. Some providers take text alone.",
    example: Example::file(
        "schemas/level.json",
        "{\"enum\": [\"low\", 2, \"high\"]}\n",
        "{\"enum\": [\"low\", \"middle\", \"high\"]}\n",
    ),
};

pub static IDLE_KEYWORD: Rule = Rule {
    code: "schemas/idle-keyword",
    severity: Severity::Warning,
    summary: "A keyword never comes to bear.",
    why: "What it was meant to check is not checked: it speaks of another kind of value, or of a keyword that is not there.",
    example: Example::file(
        "schemas/age.json",
        "{\"type\": \"string\", \"minimum\": 18}\n",
        "{\"type\": \"integer\", \"minimum\": 18}\n",
    ),
};

pub static SAME_BRANCHES: Rule = Rule {
    code: "schemas/same-branches",
    severity: Severity::Warning,
    summary: "`oneOf` or `anyOf` lists the same form twice.",
    why: "With `oneOf` a value must fit just one form: what fits the repeated one is refused. With `anyOf` one of the two does nothing.",
    example: Example::file(
        "schemas/id.json",
        "{\"oneOf\": [{\"type\": \"string\"}, {\"type\": \"string\"}]}\n",
        "{\"oneOf\": [{\"type\": \"string\"}, {\"type\": \"integer\"}]}\n",
    ),
};

pub static DEAD_BRANCH: Rule = Rule {
    code: "schemas/dead-branch",
    severity: Severity::Warning,
    summary: "A form of `oneOf` or `anyOf` is never taken.",
    why: "A model sees the form offered, gives it, and is refused: what stands beside it does not allow it, or another form of `oneOf` takes the same.",
    example: Example::file(
        "schemas/count.json",
        "{\"oneOf\": [{\"type\": \"number\"}, {\"type\": \"integer\"}]}\n",
        "{\"oneOf\": [{\"type\": \"number\"}, {\"type\": \"string\"}]}\n",
    ),
};

pub static BAD_PATTERN: Rule = Rule {
    code: "schemas/bad-pattern",
    severity: Severity::Error,
    summary: "A pattern is not a regular expression.",
    why: "A schema with a pattern that cannot be read is refused as a whole.",
    example: Example::file(
        "schemas/id.json",
        "{\"type\": \"string\", \"pattern\": \"^[a-z+$\"}\n",
        "{\"type\": \"string\", \"pattern\": \"^[a-z]+$\"}\n",
    ),
};

pub static PATTERN_LOOKS_AROUND: Rule = Rule {
    code: "schemas/pattern-looks-around",
    severity: Severity::Error,
    summary: "A pattern looks ahead, looks back or refers back.",
    why: "Such patterns cannot be matched in linear time, so hosts that run strangers' schemas refuse them, this one among them.",
    example: Example::file(
        "schemas/name.json",
        "{\"type\": \"string\", \"pattern\": \"^(?!test)[a-z]+$\"}\n",
        "{\"type\": \"string\", \"pattern\": \"^[a-z]+$\", \"not\": {\"pattern\": \"^test\"}}\n",
    ),
};

pub static SLOW_PATTERN: Rule = Rule {
    code: "schemas/slow-pattern",
    severity: Severity::Warning,
    summary: "A pattern repeats a repetition, so that a text can be cut in ever more ways.",
    why: "Here patterns run in linear time. A validator that backtracks tries every way: some thirty characters keep it busy for hours.",
    example: Example::file(
        "schemas/words.json",
        "{\"type\": \"string\", \"pattern\": \"^(\\\\w+ ?)+$\"}\n",
        "{\"type\": \"string\", \"pattern\": \"^\\\\w+( \\\\w+)*$\"}\n",
    ),
};

pub static UNKNOWN_FORMAT: Rule = Rule {
    code: "schemas/unknown-format",
    severity: Severity::Warning,
    summary: "`format` names a format that nothing checks.",
    why: "The schema looks stricter than it is: any text passes.",
    example: Example::file(
        "schemas/page.json",
        "{\"type\": \"string\", \"format\": \"url\"}\n",
        "{\"type\": \"string\", \"format\": \"uri\"}\n",
    ),
};

pub static DOES_NOT_FIT: Rule = Rule {
    code: "schemas/does-not-fit",
    severity: Severity::Warning,
    summary: "A default or an example does not fit its own schema.",
    why: "Models copy examples, forms begin with defaults, and both are then refused.",
    example: Example::file(
        "schemas/limit.json",
        "{\"type\": \"integer\", \"minimum\": 1, \"maximum\": 20, \"default\": 50}\n",
        "{\"type\": \"integer\", \"minimum\": 1, \"maximum\": 20, \"default\": 5}\n",
    ),
};

pub static TOO_LARGE: Rule = Rule {
    code: "schemas/too-large",
    severity: Severity::Warning,
    summary: "A schema has more than ten thousand parts.",
    why: "Models are shown the whole input schema with every request, and hosts bound what they take. Checking stops there, too.",
    example: Example::Told {
        before: "A schema of a megabyte that spells the same address out four thousand times.",
        after: "The address stands once below `$defs`, and the rest refers to it.",
    },
};

pub static OPEN_INPUT: Rule = Rule {
    code: "schemas/open-input",
    severity: Severity::Info,
    summary: "An object of an input schema takes any other property as well.",
    why: "A model that misspells an optional argument is not told, and the call runs without it. With `additionalProperties: false` it is told the right name.",
    example: Example::manifest(
        "tools:\n  - name: add\n    input: {type: object, properties: {note: {type: string}}}\n",
        "tools:\n  - name: add\n    input: {type: object, properties: {note: {type: string}}, additionalProperties: false}\n",
    ),
};

/// The family's rules.
pub static RULES: &[&Rule] = &[
    &NOT_JSON,
    &DUPLICATE_KEY,
    &NOT_A_SCHEMA,
    &WRONG_VALUE,
    &UNKNOWN_TYPE,
    &UNKNOWN_KEYWORD,
    &UNKNOWN_DIALECT,
    &OLDER_DRAFT,
    &OUTDATED_KEYWORD,
    &DEAD_REF,
    &REMOTE_REF,
    &ENDLESS_REF,
    &GROWING_REFS,
    &REQUIRED_UNKNOWN,
    &CONTRADICTION,
    &DEAD_VALUE,
    &EMPTY_ENUM,
    &ENUM_REPEATS,
    &MIXED_ENUM,
    &IDLE_KEYWORD,
    &SAME_BRANCHES,
    &DEAD_BRANCH,
    &BAD_PATTERN,
    &PATTERN_LOOKS_AROUND,
    &SLOW_PATTERN,
    &UNKNOWN_FORMAT,
    &DOES_NOT_FIT,
    &TOO_LARGE,
    &OPEN_INPUT,
];

/// A place in a schema: its bytes, and the JSON pointer that leads there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub span: Range<usize>,
    pub at: String,
}

/// What a schema says that others count on.
#[derive(Debug)]
pub struct SchemaFacts {
    /// The tree, as far as it can be read.
    pub root: Node,
    value: OnceLock<serde_json::Value>,
    /// True when it can be used: JSON, a schema of its draft, and every reference within it arrives.
    pub valid: bool,
    /// The properties of the whole, in the author's order.
    pub properties: Vec<Property>,
    pub refs: Vec<Reference>,
    /// What it comes to with its references.
    weight: Option<Weight>,
    /// Names that references can lead to.
    pub anchors: HashSet<String>,
    /// Objects that take any other property as well.
    pub(in crate::rules) open: Vec<Place>,
    /// What models and providers would rather have otherwise, if this is a tool's input.
    pub(in crate::rules) advice: Vec<Advice>,
}

/// A property of a schema's object.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    pub key: Key,
    /// Bytes of its schema.
    pub span: Range<usize>,
    pub required: bool,
}

impl SchemaFacts {
    /// Looks at a schema that was read, and tells what is wrong with it.
    pub fn of(file: &str, root: Node, out: &mut Vec<Diagnostic>) -> Self {
        let looked = look::look(file, &root, &mut values::Budget::full(), out);
        let required: HashSet<&str> =
            root.get("required").map(Node::items).unwrap_or_default().iter().filter_map(Node::as_text).collect();
        let property = |(key, node): &(Key, Node)| Property {
            required: required.contains(key.name.as_str()),
            span: node.span.clone(),
            key: key.clone(),
        };
        let properties = root.get("properties").map(Node::entries).unwrap_or_default().iter().map(property).collect();
        let advice = if looked.valid && !looked.too_large { models::advice(&root) } else { Vec::new() };
        Self {
            value: OnceLock::new(),
            valid: looked.valid,
            properties,
            refs: looked.refs,
            weight: looked.weight,
            anchors: looked.anchors,
            open: looked.open,
            advice,
            root,
        }
    }

    /// The same as a value, made when somebody first asks: most schemas are only looked at.
    pub fn value(&self) -> &serde_json::Value {
        self.value.get_or_init(|| yaml_to_json(&self.root))
    }
}

/// Checks one file by itself.
pub fn check_file(path: &str, text: &str, _kind: Kind, out: &mut Vec<Diagnostic>) -> Facts {
    let (root, faults) = crate::json::parse(text);
    let mut broken = false;
    for fault in faults {
        if let Some(key) = &fault.duplicate {
            out.push(
                DUPLICATE_KEY
                    .at(path, fault.span.clone(), format!("`{}` stands twice in this mapping", shown(key)))
                    .hint("Keep one of the two."),
            );
            continue;
        }
        broken = true;
        out.push(NOT_JSON.at(path, fault.span, format!("this is not JSON: {}", fault.message)).hint(json_hint(&fault.message)));
    }
    if broken {
        return Facts::Schema(SchemaFacts {
            root,
            value: OnceLock::new(),
            valid: false,
            properties: Vec::new(),
            refs: Vec::new(),
            weight: None,
            anchors: HashSet::new(),
            open: Vec::new(),
            advice: Vec::new(),
        });
    }
    Facts::Schema(SchemaFacts::of(path, root, out))
}

fn facts(content: &Content) -> Option<&SchemaFacts> {
    match &content.facts {
        Facts::Schema(facts) => Some(facts),
        _ => None,
    }
}

/// Every schema field of a manifest, behind the place of the item that it is in, with what it is: a tool's `input` or `output`, or a
/// `trigger`'s.
fn fields(manifest: &Manifest) -> impl Iterator<Item = (&Range<usize>, &Field<SchemaAt>, &'static str)> {
    let tools = manifest.tools.iter().flat_map(|tools| &tools.value).flat_map(|tool| {
        let input = tool.value.input.as_ref().map(|field| (&tool.span, field, "input"));
        let output = tool.value.output.as_ref().map(|field| (&tool.span, field, "output"));
        input.into_iter().chain(output)
    });
    let triggers = manifest.triggers.iter().flat_map(|triggers| &triggers.value);
    tools.chain(triggers.filter_map(|trigger| trigger.input.as_ref().map(|field| (&trigger.span, field, "trigger"))))
}

/// Checks what only the whole pack can tell.
pub fn check(pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    for (path, content) in pack.contents {
        if let Some(facts) = facts(content) {
            check_refs(path, &facts.refs, pack, out);
        }
    }
    spread::check(pack, out);
    let mut inputs: BTreeMap<&str, &SchemaFacts> = BTreeMap::new();
    let mut unread: HashSet<String> = HashSet::new();
    // All schemas of the manifest share one, as those of another file do.
    let mut budget = values::Budget::full();
    for (item, field, of) in fields(pack.manifest) {
        let input = of == "input";
        match &field.value {
            SchemaAt::Inline(node) => {
                pack.ctx.of_item((of, 0), item, out, |out| check_inline(node, input, &mut budget, pack, out));
            }
            SchemaAt::Path(path) => {
                let Some(path) = inside(path) else { continue };
                match pack.contents.get_key_value(&path).map(|(path, content)| (path, facts(content))) {
                    Some((path, Some(facts))) if input => {
                        inputs.insert(path, facts);
                    }
                    Some(_) => {}
                    None => {
                        unread.insert(path);
                    }
                }
            }
        }
    }
    for (path, facts) in inputs {
        check_input(path, &facts.open, out);
    }
    // What is named as a schema and is no text.
    for path in unread {
        if pack.ctx.entry(&path).is_some_and(|entry| entry.size <= MAX_TEXT)
            && let Some(Err(valid)) = pack.ctx.read_text(&path)
        {
            out.push(files::not_utf8(&path, valid));
        }
    }
}

/// A schema that stands in the manifest. True when it refers to no other file, and all was asked of it.
fn check_inline(node: &Node, input: bool, budget: &mut values::Budget, pack: &Whole<'_>, out: &mut Vec<Diagnostic>) -> bool {
    let looked = look::look(MANIFEST, node, budget, out);
    check_refs(MANIFEST, &looked.refs, pack, out);
    if input {
        check_input(MANIFEST, &looked.open, out);
    }
    !budget.is_spent() && looked.refs.iter().all(|reference| !matches!(reference.leads, Leads::File { .. }))
}

/// What is said of a tool's input alone.
fn check_input(file: &str, open: &[Place], out: &mut Vec<Diagnostic>) {
    for place in open {
        out.push(
            OPEN_INPUT
                .at(file, place.span.clone(), format!("the object at `{}` takes any other property as well", place.at))
                .hint("Add `additionalProperties: false`, so that a misspelt one is told."),
        );
    }
}

/// Endings of files that hold anything but a schema.
const NO_SCHEMAS: &[&str] =
    &["ts", "js", "mjs", "cjs", "tsx", "py", "sh", "go", "rs", "wasm", "md", "txt", "csv", "sql", "html", "png", "svg", "jpg"];

/// References to other files of the pack.
fn check_refs(file: &str, refs: &[Reference], pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    for reference in refs {
        let Leads::File { path, fragment } = &reference.leads else { continue };
        let written = shown(&reference.written);
        let dead = |message: String| DEAD_REF.at(file, reference.span.clone(), message);
        match pack.contents.get(path.as_str()).and_then(|content| facts(content)) {
            Some(other) => {
                let there = match fragment.as_str() {
                    "" => true,
                    pointer if pointer.starts_with('/') => refs::pointed(&other.root, pointer).is_some(),
                    anchor => other.anchors.contains(anchor),
                };
                if !there && other.valid {
                    let message = format!("`{written}` leads nowhere: `{}` has no such place", shown(path));
                    out.push(dead(message).hint("Mend what stands behind the `#`, or add it there."));
                }
            }
            None if pack.ctx.entry(path).is_some_and(|entry| entry.is_file()) => {
                let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
                if NO_SCHEMAS.contains(&ending.as_str()) {
                    let message = format!("`{written}` leads to a file that is no schema");
                    out.push(dead(message).hint("Name a file of JSON, from the folder of this one."));
                }
            }
            None => {
                let others = pack.contents.keys().map(String::as_str).filter(|other| *other != file);
                let near = pack.ctx.guesses.nearest(path, others);
                let found = dead(format!("`{written}` leads nowhere: the pack has no `{}`", shown(path)));
                out.push(match near {
                    Some(near) => {
                        found.hint(format!("Did you mean `{}`? Paths stand from the folder of this file.", shown(&near)))
                    }
                    None => found.hint("Paths stand from the folder of this file. Add the file, or mend the reference."),
                });
            }
        }
    }
}

#[cfg(test)]
mod tests;
