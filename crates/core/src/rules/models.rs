//! Models and their providers: input schemas that are valid, and that a model fills in badly or a provider refuses.
//!
//! What any model stumbles over is told of every tool, at most once a rule. What one provider refuses is told when the pack names
//! that provider below `targets`. Each finding names its place as a JSON pointer.

mod words;

use super::schemas::{At, Kinds};
use super::{Example, Rule};
use crate::check::Whole;
use crate::content::Facts;
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::MANIFEST;
use crate::manifest::typed::SchemaAt;
use crate::rules::manifest::inside;
use crate::text::shown;
use crate::yaml::blocks::MAX_ITEMS;
use crate::yaml::{Key, Node, Value};
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use words::{is_anthropic_name, is_id, is_mute, is_vague, refused_by_gemini, refused_by_openai, told_format};

/// More optional arguments than this, and a model leaves out what it needs or makes up what it does not.
const MANY_OPTIONAL: usize = 6;

/// Objects within objects: what a small model still fills in rightly.
const DEEP: usize = 4;

/// What `OpenAI`'s strict mode takes, by the text of its own error.
const DEEP_FOR_OPENAI: usize = 5;

/// From here on a model picks the wrong tool more often than a description can mend.
const MANY_TOOLS: usize = 40;

/// Most subschemas that are looked at.
const MAX_PARTS: usize = 10_000;

pub static UNDESCRIBED: Rule = Rule {
    code: "models/undescribed",
    severity: Severity::Info,
    summary: "A property of an input schema has no description.",
    why: "A model fills a property in by its name and its description. With the name alone it guesses.",
    example: Example::manifest(
        "tools:\n  - name: add_note\n    input: {type: object, properties: {text: {type: string}}, additionalProperties: false}\n",
        "tools:\n  - name: add_note\n    input: {type: object, properties: {text: {type: string, description: What the note says.}}, additionalProperties: false}\n",
    ),
};

pub static OPAQUE_ID: Rule = Rule {
    code: "models/opaque-id",
    severity: Severity::Info,
    summary: "A property is an id, and nothing says of what or where to get it.",
    why: "A model that does not know where an id comes from makes one up, and it looks right.",
    example: Example::manifest(
        "tools:\n  - name: get_note\n    input: {type: object, properties: {id: {type: string}}, required: [id], additionalProperties: false}\n",
        "tools:\n  - name: get_note\n    input: {type: object, properties: {id: {type: string, description: The `id` of a note that search_notes returned.}}, required: [id], additionalProperties: false}\n",
    ),
};

pub static VAGUE_PROPERTY: Rule = Rule {
    code: "models/vague-property",
    severity: Severity::Info,
    summary: "A property is called `data`, `input` or the like, and little is said of it.",
    why: "Everything that goes into a tool is its input. Such a name makes a model wrap the arguments once more, or put all it knows into it.",
    example: Example::manifest(
        "tools:\n  - name: add_note\n    input: {type: object, properties: {data: {type: object}}, additionalProperties: false}\n",
        "tools:\n  - name: add_note\n    input: {type: object, properties: {note: {type: string, description: What the note says.}}, additionalProperties: false}\n",
    ),
};

pub static UNTOLD_FORMAT: Rule = Rule {
    code: "models/untold-format",
    severity: Severity::Info,
    summary: "A property's name tells a format, and its schema takes any text.",
    why: "`tomorrow` is text, and so is `3/4/26`. With `format` a model writes the one form, and what is not is refused before the handler runs.",
    example: Example::manifest(
        "tools:\n  - name: plan\n    input: {type: object, properties: {due_date: {type: string, description: When it is due.}}, additionalProperties: false}\n",
        "tools:\n  - name: plan\n    input: {type: object, properties: {due_date: {type: string, format: date, description: When it is due.}}, additionalProperties: false}\n",
    ),
};

pub static MUTE_ENUM: Rule = Rule {
    code: "models/mute-enum",
    severity: Severity::Info,
    summary: "The values of an `enum` say nothing, and no description explains them.",
    why: "A model cannot know what `1` and `2` mean, so it picks the first.",
    example: Example::manifest(
        "tools:\n  - name: plan\n    input: {type: object, properties: {priority: {enum: [\"1\", \"2\"], description: How soon.}}, additionalProperties: false}\n",
        "tools:\n  - name: plan\n    input: {type: object, properties: {priority: {enum: [low, high], description: How soon.}}, additionalProperties: false}\n",
    ),
};

pub static MANY_OPTIONAL_PROPERTIES: Rule = Rule {
    code: "models/many-optional",
    severity: Severity::Info,
    summary: "A tool has more than six optional arguments.",
    why: "Small models fill in all they see, with made-up values; each optional argument costs tokens at every request.",
    example: Example::manifest(
        "tools:\n  - name: find\n    input: {type: object, properties: {q: {$ref: \"#/$defs/w\"}, a: {$ref: \"#/$defs/w\"}, b: {$ref: \"#/$defs/w\"}, c: {$ref: \"#/$defs/w\"}, d: {$ref: \"#/$defs/w\"}, e: {$ref: \"#/$defs/w\"}, f: {$ref: \"#/$defs/w\"}}, $defs: {w: {type: string}}}\n",
        "tools:\n  - name: find\n    input: {type: object, properties: {q: {$ref: \"#/$defs/w\"}, a: {$ref: \"#/$defs/w\"}}, required: [q], $defs: {w: {type: string}}}\n",
    ),
};

pub static DEEP_INPUT: Rule = Rule {
    code: "models/deep-input",
    severity: Severity::Info,
    summary: "An input schema nests objects more than four levels deep.",
    why: "Small models lose their place in the brackets, and the call is no JSON or has a value in the wrong object.",
    example: Example::manifest(
        "tools:\n  - name: set\n    input: {properties: {a: {properties: {b: {properties: {c: {properties: {d: {properties: {e: {type: string}}}}}}}}}}}\n",
        "tools:\n  - name: set\n    input: {properties: {path: {type: string, description: The names from a to e with dots between.}}}\n",
    ),
};

pub static MANY_TOOLS_IN_PACK: Rule = Rule {
    code: "models/many-tools",
    severity: Severity::Info,
    summary: "A pack has more than forty tools.",
    why: "All of them are shown to the model at every request: it costs tokens, and the wrong tool is chosen more often. Some clients stop at forty.",
    example: Example::Told {
        before: "One pack with sixty tools for mail, calendar and files.",
        after: "Three packs, each with the tools of one of them.",
    },
};

pub static TOOL_NAME: Rule = Rule {
    code: "models/tool-name",
    severity: Severity::Warning,
    summary: "A provider that the pack names does not take the tool's name.",
    why: "The whole request is refused, with every tool in it.",
    example: Example::manifest(
        "targets: {anthropic: {}}\ntools:\n  - name: notes.search\n",
        "targets: {anthropic: {}}\ntools:\n  - name: notes_search\n",
    ),
};

pub static ROOT_COMBINATOR: Rule = Rule {
    code: "models/root-combinator",
    severity: Severity::Warning,
    summary: "An input schema has `oneOf`, `anyOf` or `allOf` at its root, and a provider that the pack names refuses that.",
    why: "Anthropic and OpenAI take one object with properties; a tool with anything else is refused together with the request.",
    example: Example::manifest(
        "targets: {anthropic: {}}\ntools:\n  - name: find\n    input: {type: object, anyOf: [{required: [a]}, {required: [b]}]}\n",
        "targets: {anthropic: {}}\ntools:\n  - name: find\n    input: {type: object, properties: {a: {type: string}}, required: [a]}\n",
    ),
};

pub static OPENAI_REQUIRED: Rule = Rule {
    code: "models/openai-required",
    severity: Severity::Warning,
    summary: "A property is optional, and the pack is meant for OpenAI's strict mode.",
    why: "Strict mode takes only schemas that require every property. What may be left out is required there, and may be null.",
    example: Example::manifest(
        "targets: {openai: {strict: true}}\ntools:\n  - name: find\n    input: {type: object, properties: {q: {type: string}, page: {type: integer}}, required: [q], additionalProperties: false}\n",
        "targets: {openai: {strict: true}}\ntools:\n  - name: find\n    input: {type: object, properties: {q: {type: string}, page: {type: [integer, \"null\"]}}, required: [q, page], additionalProperties: false}\n",
    ),
};

pub static OPENAI_OPEN: Rule = Rule {
    code: "models/openai-open-object",
    severity: Severity::Warning,
    summary: "An object takes other properties, and the pack is meant for OpenAI's strict mode.",
    why: "Strict mode takes only objects with `additionalProperties: false`, at every level.",
    example: Example::manifest(
        "targets: {openai: {strict: true}}\ntools:\n  - name: find\n    input: {type: object, properties: {q: {type: string}}, required: [q]}\n",
        "targets: {openai: {strict: true}}\ntools:\n  - name: find\n    input: {type: object, properties: {q: {type: string}}, required: [q], additionalProperties: false}\n",
    ),
};

pub static OPENAI_KEYWORD: Rule = Rule {
    code: "models/openai-keyword",
    severity: Severity::Warning,
    summary: "A schema has a keyword that OpenAI's strict mode refuses.",
    why: "Strict mode knows a part of JSON Schema. A tool with any other keyword is refused together with the request.",
    example: Example::manifest(
        "targets: {openai: {strict: true}}\ntools:\n  - name: top\n    input: {type: object, properties: {n: {type: integer, default: 5}}, required: [n], additionalProperties: false}\n",
        "targets: {openai: {strict: true}}\ntools:\n  - name: top\n    input: {type: object, properties: {n: {type: integer}}, required: [n], additionalProperties: false}\n",
    ),
};

pub static OPENAI_DEPTH: Rule = Rule {
    code: "models/openai-depth",
    severity: Severity::Warning,
    summary: "A schema nests deeper than five levels, and the pack is meant for OpenAI's strict mode.",
    why: "Strict mode counts the levels and refuses the sixth.",
    example: Example::manifest(
        "targets: {openai: {strict: true}}\ntools:\n  - name: set\n    input: {properties: {a: {properties: {b: {properties: {c: {properties: {d: {properties: {e: {properties: {f: true}}}}}}}}}}}}\n",
        "targets: {openai: {strict: true}}\ntools:\n  - name: set\n    input: {properties: {a: {properties: {b: {type: string}}}}}\n",
    ),
};

pub static GEMINI_KEYWORD: Rule = Rule {
    code: "models/gemini-keyword",
    severity: Severity::Warning,
    summary: "A schema has a keyword that Gemini refuses.",
    why: "Gemini takes a subset of OpenAPI's schemas. One word outside it, and the request is refused with every tool in it.",
    example: Example::manifest(
        "targets: {gemini: {}}\ntools:\n  - name: top\n    input: {type: object, properties: {n: {type: integer, exclusiveMinimum: 0}}}\n",
        "targets: {gemini: {}}\ntools:\n  - name: top\n    input: {type: object, properties: {n: {type: integer, minimum: 1}}}\n",
    ),
};

pub static GEMINI_KINDS: Rule = Rule {
    code: "models/gemini-kinds",
    severity: Severity::Warning,
    summary: "A property is of several kinds, or of none, which Gemini refuses.",
    why: "Gemini takes one word as `type`. A list, or `null`, is refused together with the request.",
    example: Example::manifest(
        "targets: {gemini: {}}\ntools:\n  - name: top\n    input: {type: object, properties: {n: {type: [integer, \"null\"]}}}\n",
        "targets: {gemini: {}}\ntools:\n  - name: top\n    input: {type: object, properties: {n: {type: integer}}}\n",
    ),
};

pub static GEMINI_ENUM: Rule = Rule {
    code: "models/gemini-enum",
    severity: Severity::Warning,
    summary: "An `enum` lists something else than text, which Gemini refuses.",
    why: "Gemini takes enums of text alone; with a number among them the request is refused.",
    example: Example::manifest(
        "targets: {gemini: {}}\ntools:\n  - name: top\n    input: {type: object, properties: {n: {type: integer, enum: [10, 20]}}}\n",
        "targets: {gemini: {}}\ntools:\n  - name: top\n    input: {type: object, properties: {n: {type: string, enum: [\"10\", \"20\"]}}}\n",
    ),
};

pub static ARRAY_ITEMS: Rule = Rule {
    code: "models/array-items",
    severity: Severity::Warning,
    summary: "An array does not say what its items are, and a provider that the pack names refuses that.",
    why: "OpenAI and Gemini want `items` of every array. Where one lacks it, the request is refused with every tool in it.",
    example: Example::manifest(
        "targets: {gemini: {}}\ntools:\n  - name: find\n    input: {type: object, properties: {words: {type: array}}}\n",
        "targets: {gemini: {}}\ntools:\n  - name: find\n    input: {type: object, properties: {words: {type: array, items: {type: string}}}}\n",
    ),
};

pub static ARGUMENT_NAME: Rule = Rule {
    code: "models/argument-name",
    severity: Severity::Warning,
    summary: "Anthropic does not take an argument's name, and the pack is meant for it.",
    why: "Names of arguments are 1 to 64 letters, digits, `_`, `.` and `-` there. One with a blank or a bracket, and the request is refused with every tool in it.",
    example: Example::manifest(
        "targets: {anthropic: {}}\ntools:\n  - name: find\n    input: {type: object, properties: {\"first name\": {type: string}}}\n",
        "targets: {anthropic: {}}\ntools:\n  - name: find\n    input: {type: object, properties: {first_name: {type: string}}}\n",
    ),
};

/// The family's rules.
pub static RULES: &[&Rule] = &[
    &UNDESCRIBED,
    &OPAQUE_ID,
    &VAGUE_PROPERTY,
    &UNTOLD_FORMAT,
    &MUTE_ENUM,
    &MANY_OPTIONAL_PROPERTIES,
    &DEEP_INPUT,
    &MANY_TOOLS_IN_PACK,
    &TOOL_NAME,
    &ROOT_COMBINATOR,
    &OPENAI_REQUIRED,
    &OPENAI_OPEN,
    &OPENAI_KEYWORD,
    &OPENAI_DEPTH,
    &GEMINI_KEYWORD,
    &GEMINI_KINDS,
    &GEMINI_ENUM,
    &ARRAY_ITEMS,
    &ARGUMENT_NAME,
];

/// For whom a piece of advice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whom {
    Everyone,
    OpenAiStrict,
    OpenAiOrAnthropic,
    OpenAiOrGemini,
    Anthropic,
    Gemini,
}

/// What there is to say of an input schema under one rule, and of one keyword where the rule is about keywords.
#[derive(Debug)]
pub(in crate::rules) struct Advice {
    rule: &'static Rule,
    whom: Whom,
    /// The keyword; empty where the rule is about something else.
    word: String,
    /// The first place.
    span: Range<usize>,
    /// The first few places, as JSON pointers.
    places: Vec<String>,
    /// How many more there are.
    more: usize,
    message: String,
    hint: String,
}

/// How many places of a schema a finding names.
const PLACES: usize = 10;

/// The providers that a pack is meant for.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each stands for one provider, and a pack can name several")]
struct Providers {
    openai: bool,
    strict: bool,
    gemini: bool,
    anthropic: bool,
}

impl Providers {
    /// Those below `targets`, and those that were asked for.
    fn of(pack: &Whole<'_>) -> Self {
        let named = pack.manifest.targets.iter().flat_map(|targets| &targets.value);
        let is =
            |name: &str| named.clone().any(|(key, _)| key.name == name) || pack.ctx.targets.iter().any(|asked| asked == name);
        let strict = named.clone().filter(|(key, _)| key.name == "openai").flat_map(|(_, settings)| &settings.value);
        Self {
            openai: is("openai"),
            strict: strict.into_iter().any(|(key, value)| key.name == "strict" && value.value.value == Value::Bool(true)),
            gemini: is("gemini"),
            anthropic: is("anthropic"),
        }
    }

    fn number(self) -> u8 {
        [self.openai, self.strict, self.gemini, self.anthropic].into_iter().fold(0, |number, one| number << 1 | u8::from(one))
    }

    fn hear(self, whom: Whom) -> bool {
        match whom {
            Whom::Everyone => true,
            Whom::OpenAiStrict => self.strict,
            Whom::OpenAiOrAnthropic => self.openai || self.anthropic,
            Whom::OpenAiOrGemini => self.openai || self.gemini,
            Whom::Anthropic => self.anthropic,
            Whom::Gemini => self.gemini,
        }
    }
}

/// Checks what only the whole pack can tell.
pub fn check(pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    let Some(tools) = &pack.manifest.tools else { return };
    let providers = Providers::of(pack);
    if tools.len() > MANY_TOOLS {
        // Where reading stopped, more may stand.
        let more = if tools.len() >= MAX_ITEMS && pack.ctx.may_lack(&["tools"]) { "more than " } else { "" };
        out.push(
            MANY_TOOLS_IN_PACK
                .at(
                    MANIFEST,
                    tools.key.clone(),
                    format!("this pack has {more}{} tools, and a model sees all of them", tools.len()),
                )
                .hint("Make a pack of what belongs together, or one tool of those that differ in a word."),
        );
    }
    let mut files: BTreeMap<&str, &[Advice]> = BTreeMap::new();
    for tool in tools.iter() {
        if let Some(name) = &tool.name {
            check_name(name, &name.span, providers, out);
        }
        match tool.input.as_ref().map(|input| &input.value) {
            Some(SchemaAt::Inline(node)) => pack.ctx.of_item(("models", providers.number()), &tool.span, out, |out| {
                tell(MANIFEST, &advice(node), providers, out);
                true
            }),
            Some(SchemaAt::Path(path)) => {
                let found = inside(path).and_then(|path| pack.contents.get_key_value(&path));
                if let Some((path, content)) = found
                    && let Facts::Schema(facts) = &content.facts
                {
                    files.insert(path, &facts.advice);
                }
            }
            None => {}
        }
    }
    // A schema that two tools share is told once.
    files.into_iter().for_each(|(path, advice)| tell(path, advice, providers, out));
}

fn tell(file: &str, advice: &[Advice], providers: Providers, out: &mut Vec<Diagnostic>) {
    for one in advice.iter().filter(|one| providers.hear(one.whom)) {
        let places: Vec<String> = one.places.iter().map(|place| format!("`{place}`")).collect();
        let more = if one.more > 0 { format!(" and {} more", one.more) } else { String::new() };
        let message = format!("{}{more}: {}", places.join(", "), one.message);
        out.push(one.rule.at(file, one.span.clone(), message).hint(one.hint.clone()));
    }
}

fn check_name(name: &str, span: &Range<usize>, providers: Providers, out: &mut Vec<Diagnostic>) {
    let of = |also: &[u8]| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte) || also.contains(&byte));
    let short = (1..=64).contains(&name.len());
    let message = if (providers.anthropic || providers.openai) && !(short && of(b"")) {
        let who = match (providers.anthropic, providers.openai) {
            (true, true) => "Anthropic and OpenAI take",
            (true, false) => "Anthropic takes",
            _ => "OpenAI takes",
        };
        format!("{who} 1 to 64 letters, digits, `_` and `-` as a tool's name, and this is `{}`", shown(name))
    } else if providers.gemini
        && !(short && of(b".:") && name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_'))
    {
        format!(
            "Gemini takes a letter or `_` and then up to 63 letters, digits, `_`, `.`, `:` and `-`, and this is `{}`",
            shown(name)
        )
    } else {
        return;
    };
    out.push(TOOL_NAME.at(MANIFEST, span.clone(), message).hint("Join the words with `_`, and keep it short."));
}

/// What there is to say of an input schema, for everyone and for each provider.
pub(in crate::rules) fn advice(root: &Node) -> Vec<Advice> {
    let mut survey = Survey { found: Vec::new(), parts: 0 };
    for word in ["oneOf", "anyOf", "allOf"] {
        if let Some(key) = root.key(word) {
            survey.note(
                &ROOT_COMBINATOR,
                Whom::OpenAiOrAnthropic,
                word,
                &key.span,
                || format!("/{word}"),
                || {
                    (
                        "Anthropic and OpenAI refuse it at the root of an input".to_owned(),
                        "Put it into a property, or make a tool of each form.".to_owned(),
                    )
                },
            );
        }
    }
    if let Some(key) = root.key("properties") {
        let required = root.get("required").map_or(0, |required| required.items().len());
        let optional = root.get("properties").map_or(0, |properties| properties.entries().len()).saturating_sub(required);
        if optional > MANY_OPTIONAL {
            survey.note(
                &MANY_OPTIONAL_PROPERTIES,
                Whom::Everyone,
                "",
                &key.span,
                || "/properties".to_owned(),
                || {
                    (
                        format!("{optional} arguments are optional"),
                        "Require what is mostly needed, and make a tool of its own of what is seldom.".to_owned(),
                    )
                },
            );
        }
    }
    for (name, _) in root.get("properties").map(Node::entries).unwrap_or_default() {
        if !is_anthropic_name(&name.name) {
            let place = || At::ROOT.key("properties").key(&name.name).to_string();
            survey.note(&ARGUMENT_NAME, Whom::Anthropic, "", &name.span, place, || {
                (
                    "Anthropic takes 1 to 64 letters, digits, `_`, `.` and `-` as an argument's name".to_owned(),
                    "Join the words with `_`, and keep it short.".to_owned(),
                )
            });
        }
    }
    survey.schema(root, &At::ROOT, 0);
    survey.found
}

/// True for a `type` that arrays may be of.
fn names_arrays(kind: &Node) -> bool {
    kind.as_text() == Some("array") || kind.items().iter().any(|kind| kind.as_text() == Some("array"))
}

struct Survey {
    found: Vec<Advice>,
    parts: usize,
}

impl Survey {
    /// Notes a place, under its rule and keyword. Only the first place says what is wrong, and only the first few are written out.
    fn note(
        &mut self,
        rule: &'static Rule,
        whom: Whom,
        word: &str,
        span: &Range<usize>,
        place: impl FnOnce() -> String,
        say: impl FnOnce() -> (String, String),
    ) {
        let found = self.found.iter_mut().find(|one| std::ptr::eq(one.rule, rule) && one.word == word);
        if let Some(one) = found {
            match one.places.len() {
                PLACES.. => one.more += 1,
                _ => one.places.push(place()),
            }
            return;
        }
        let (message, hint) = say();
        let (word, span, places) = (word.to_owned(), span.clone(), vec![place()]);
        self.found.push(Advice { rule, whom, word, span, places, more: 0, message, hint });
    }

    /// One subschema, `level` objects deep.
    fn schema(&mut self, node: &Node, at: &At<'_>, level: usize) {
        self.parts += 1;
        if self.parts > MAX_PARTS {
            return;
        }
        if let Some(kind) = node.get("type").filter(|kind| names_arrays(kind))
            && node.get("items").is_none()
        {
            self.note(
                &ARRAY_ITEMS,
                Whom::OpenAiOrGemini,
                "",
                &kind.span,
                || at.to_string(),
                || {
                    (
                        "OpenAI and Gemini refuse an array without `items`".to_owned(),
                        "Say what the items are, as in `items: {type: string}`.".to_owned(),
                    )
                },
            );
        }
        for (key, value) in node.entries() {
            self.keyword(key, value, at);
            let here = at.key(&key.name);
            match key.name.as_str() {
                "properties" => {
                    self.object(node, key, value, at, level + 1);
                    for (name, property) in value.entries() {
                        let here = here.key(&name.name);
                        self.property(name, property, &here, level);
                        self.schema(property, &here, level + 1);
                    }
                }
                "$defs" | "definitions" | "patternProperties" | "dependentSchemas" => {
                    for (name, below) in value.entries() {
                        self.schema(below, &here.key(&name.name), level);
                    }
                }
                "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                    for (index, below) in value.items().iter().enumerate() {
                        self.schema(below, &here.index(index), level);
                    }
                }
                "items" | "additionalProperties" | "not" | "if" | "then" | "else" | "contains" => {
                    self.schema(value, &here, level);
                }
                _ => {}
            }
        }
    }

    /// What providers say of a keyword.
    fn keyword(&mut self, key: &Key, value: &Node, at: &At<'_>) {
        let word = key.name.as_str();
        let place = || at.key(word).to_string();
        if refused_by_openai(word) {
            self.note(&OPENAI_KEYWORD, Whom::OpenAiStrict, word, &key.span, place, || {
                let hint = match word {
                    "default" => "Say in the description what holds when it is left out.",
                    "oneOf" => "Write `anyOf`, below a property.",
                    "allOf" => "Write the parts together as one schema.",
                    "patternProperties" | "propertyNames" => "List the properties, or take a list of names and values.",
                    "prefixItems" => "Write an object with a name for each item.",
                    _ => "Say it in the description, and have the handler check it.",
                };
                (format!("OpenAI's strict mode refuses `{word}`"), hint.to_owned())
            });
        }
        if refused_by_gemini(word) {
            self.note(&GEMINI_KEYWORD, Whom::Gemini, word, &key.span, place, || {
                let hint = match word {
                    "const" => "Write an `enum` of one value.",
                    "exclusiveMinimum" => "Write `minimum`, with the next number.",
                    "exclusiveMaximum" => "Write `maximum`, with the next number.",
                    "$ref" | "$defs" | "definitions" => "Write out what it names.",
                    "$schema" => "Leave it out: draft 2020-12 holds without it.",
                    "$id" => "Leave it out: nothing is looked up by it.",
                    "oneOf" => "Write `anyOf`.",
                    "allOf" => "Write the parts together as one schema.",
                    "patternProperties" | "propertyNames" => "List the properties, or take a list of names and values.",
                    "prefixItems" => "Write an object with a name for each item.",
                    _ => "Say it in the description, and have the handler check it.",
                };
                (format!("Gemini refuses `{word}`"), hint.to_owned())
            });
        }
        if word == "type" && (matches!(value.value, Value::List(_)) || value.as_text() == Some("null")) {
            self.note(&GEMINI_KINDS, Whom::Gemini, "", &value.span, place, || {
                (
                    "Gemini takes one kind of value, and not null".to_owned(),
                    "Name one kind, and leave the property out of `required`.".to_owned(),
                )
            });
        }
        if word == "enum" && value.items().iter().any(|item| item.as_text().is_none()) {
            self.note(&GEMINI_ENUM, Whom::Gemini, "", &value.span, place, || {
                ("Gemini takes enums of text alone".to_owned(), "Write the values as text.".to_owned())
            });
        }
    }

    /// What is said of an object with properties.
    fn object(&mut self, node: &Node, key: &Key, properties: &Node, at: &At<'_>, level: usize) {
        if !node.get("additionalProperties").is_some_and(|rest| rest.value == Value::Bool(false)) {
            self.note(
                &OPENAI_OPEN,
                Whom::OpenAiStrict,
                "",
                &key.span,
                || at.to_string(),
                || {
                    (
                        "OpenAI's strict mode takes only objects without other properties".to_owned(),
                        "Add `additionalProperties: false`, at every level.".to_owned(),
                    )
                },
            );
        }
        let required: HashSet<&str> =
            node.get("required").map(Node::items).unwrap_or_default().iter().filter_map(Node::as_text).collect();
        for (name, _) in properties.entries().iter().filter(|(name, _)| !required.contains(name.name.as_str())) {
            let place = || at.key("properties").key(&name.name).to_string();
            self.note(&OPENAI_REQUIRED, Whom::OpenAiStrict, "", &name.span, place, || {
                (
                    "OpenAI's strict mode requires every property".to_owned(),
                    "Name it in `required`; for what may be left out, add `null` to its `type`.".to_owned(),
                )
            });
        }
        if level > DEEP_FOR_OPENAI {
            self.note(
                &OPENAI_DEPTH,
                Whom::OpenAiStrict,
                "",
                &key.span,
                || at.to_string(),
                || {
                    (
                        format!("OpenAI's strict mode takes {DEEP_FOR_OPENAI} levels, and this is the next"),
                        "Bring inner properties further out.".to_owned(),
                    )
                },
            );
        }
        if level > DEEP {
            self.note(
                &DEEP_INPUT,
                Whom::Everyone,
                "",
                &key.span,
                || at.to_string(),
                || (format!("objects nest more than {DEEP} levels deep"), "Bring inner properties further out.".to_owned()),
            );
        }
    }

    /// What is said of one property, for everyone.
    fn property(&mut self, name: &Key, node: &Node, at: &At<'_>, level: usize) {
        if !matches!(node.value, Value::Map(_)) {
            return;
        }
        let says = |words: &[&str]| words.iter().any(|word| node.get(word).is_some());
        let description = node.text_at("description").unwrap_or_default().trim();
        let text = Kinds::of_schema(node).is_none_or(|kinds| kinds.share(Kinds::STRING));
        let lower = name.name.to_lowercase();
        if says(&["$ref", "const", "allOf", "anyOf", "oneOf"]) {
            return;
        }
        let words = description.split_whitespace().count();
        let place = || at.to_string();
        if level == 0 && is_vague(&lower) && words < 4 {
            self.note(&VAGUE_PROPERTY, Whom::Everyone, "", &name.span, place, || {
                (
                    "the name does not say what goes in".to_owned(),
                    "Call it by what it is, as in `note` or `query`; or take its properties out of it.".to_owned(),
                )
            });
        } else if text
            && description.is_empty()
            && is_id(&name.name)
            && !says(&["pattern", "examples", "format", "enum", "default"])
        {
            self.note(&OPAQUE_ID, Whom::Everyone, "", &name.span, place, || {
                (
                    "an id of which nothing is said".to_owned(),
                    "Say in its description whose id it is and which tool returns it; add `pattern` or `examples`.".to_owned(),
                )
            });
        } else if description.is_empty() && !says(&["enum"]) {
            self.note(&UNDESCRIBED, Whom::Everyone, "", &name.span, place, || {
                ("there is no description".to_owned(), "Say in a sentence what goes in.".to_owned())
            });
        }
        let only_text = node.text_at("type") == Some("string");
        if let Some(format) = told_format(&lower).filter(|_| only_text && !says(&["format", "pattern", "enum"])) {
            self.note(&UNTOLD_FORMAT, Whom::Everyone, format, &name.span, place, || {
                ("the name tells a format, and any text is taken".to_owned(), format!("Add `format: {format}`, or a `pattern`."))
            });
        }
        if let Some(list) = node.get("enum")
            && is_mute(list.items(), description)
        {
            self.note(
                &MUTE_ENUM,
                Whom::Everyone,
                "",
                &list.span,
                || at.key("enum").to_string(),
                || {
                    (
                        "the values do not say what they mean".to_owned(),
                        "Use words, as in `low` and `high`; or say in the description what each value means.".to_owned(),
                    )
                },
            );
        }
    }
}

#[cfg(test)]
mod tests;
