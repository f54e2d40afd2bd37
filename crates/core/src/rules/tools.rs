//! Tools: that each can be named, called and chosen.

mod likeness;

use super::{Example, Rule};
use crate::call::{BUILT_IN, Limits};
use crate::check::Whole;
use crate::content::Facts;
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::MANIFEST;
use crate::manifest::Tool;
use crate::manifest::typed::{Either, Item, SchemaAt};
use crate::model::yaml_to_json;
use crate::nearest::nearest;
use crate::rules::manifest::inside;
use crate::shape::{HANDLER_KINDS, RETRIES};
use crate::text::shown;
use crate::yaml::{Node, Value};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

pub static BAD_NAME: Rule = Rule {
    code: "tools/bad-name",
    severity: Severity::Error,
    summary: "A tool's name is missing or not 1 to 128 of A–Z, a–z, 0–9, `_`, `.` and `-`.",
    why: "Models call a tool by this name, and protocols refuse other characters.",
    example: Example::manifest("tools:\n  - name: search books\n", "tools:\n  - name: search_books\n"),
};

pub static DUPLICATE_NAME: Rule = Rule {
    code: "tools/duplicate-name",
    severity: Severity::Error,
    summary: "Two tools have the same name.",
    why: "A call names one tool; with two of that name, which one runs is chance.",
    example: Example::manifest(
        "tools:\n  - {name: search}\n  - {name: search}\n",
        "tools:\n  - {name: search_books}\n  - {name: search_authors}\n",
    ),
};

pub static NO_INPUT: Rule = Rule {
    code: "tools/no-input",
    severity: Severity::Error,
    summary: "A tool has no input schema.",
    why: "The schema is what a model is shown to build a call from, and what the host checks the call against.",
    example: Example::manifest(
        "tools:\n  - name: today\n",
        "tools:\n  - name: today\n    input: {type: object, additionalProperties: false}\n",
    ),
};

pub static NO_HANDLER: Rule = Rule {
    code: "tools/no-handler",
    severity: Severity::Warning,
    summary: "A tool has no handler.",
    why: "It can be described and checked, but no call to it can be answered.",
    example: Example::manifest("tools:\n  - name: today\n", "tools:\n  - name: today\n    handler: handlers/today.ts\n")
        .beside(&[("handlers/today.ts", "export function today() { return {}; }\n")]),
};

pub static NO_DESCRIPTION: Rule = Rule {
    code: "tools/no-description",
    severity: Severity::Warning,
    summary: "A tool has no description.",
    why: "A model chooses among tools by their descriptions; one without is not chosen, or chosen wrongly.",
    example: Example::manifest(
        "tools:\n  - name: search_books\n",
        "tools:\n  - name: search_books\n    description: Finds books by title, author or ISBN and returns the best matches.\n",
    ),
};

pub static INPUT_NOT_OBJECT: Rule = Rule {
    code: "tools/input-not-object",
    severity: Severity::Error,
    summary: "A tool's input schema does not say `type: object` at its root.",
    why: "A call's arguments are named, so they are an object. Protocols refuse a tool whose schema is anything else, and some clients then refuse all the tools beside it.",
    example: Example::manifest(
        "tools:\n  - name: echo\n    input: {type: string}\n",
        "tools:\n  - name: echo\n    input: {type: object, properties: {text: {type: string}}}\n",
    ),
};

pub static NO_OUTPUT: Rule = Rule {
    code: "tools/no-output",
    severity: Severity::Info,
    summary: "A tool has no output schema.",
    why: "Nothing checks what the handler answers, later versions cannot be compared with this one, and callers get text instead of values.",
    example: Example::manifest(
        "tools:\n  - name: echo\n    input: {type: object}\n",
        "tools:\n  - name: echo\n    input: {type: object}\n    output: {type: object, properties: {text: {type: string}}}\n",
    ),
};

pub static VAGUE_DESCRIPTION: Rule = Rule {
    code: "tools/vague-description",
    severity: Severity::Info,
    summary: "A tool's description does not say what it does, when to use it or what it returns.",
    why: "A model chooses among tools by their descriptions: one that says no more than the name is chosen wrongly, or not at all.",
    example: Example::manifest(
        "tools:\n  - name: search_books\n    description: Search books\n",
        "tools:\n  - name: search_books\n    description: Finds books by title, author or ISBN and returns the best matches.\n",
    ),
};

pub static SIMILAR_NAMES: Rule = Rule {
    code: "tools/similar-names",
    severity: Severity::Warning,
    summary: "Two tools have names that differ only in case, a separator or a plural.",
    why: "Models mix up `get_user` and `get_users`. Where case does not count, two names become one.",
    example: Example::manifest(
        "tools:\n  - {name: get_user, description: Reads one user by id.}\n  - {name: get_users, description: Lists every user there is.}\n",
        "tools:\n  - {name: get_user, description: Reads one user by id.}\n  - {name: list_users, description: Lists every user there is.}\n",
    ),
};

pub static SIMILAR_DESCRIPTIONS: Rule = Rule {
    code: "tools/similar-descriptions",
    severity: Severity::Warning,
    summary: "Two tools have all but the same description.",
    why: "The description is what a model chooses by: with two alike, which one it takes is chance.",
    example: Example::manifest(
        "tools:\n  - {name: find_book, description: Finds books by a word and returns them.}\n  - {name: read_book, description: Finds books by a word and returns them.}\n",
        "tools:\n  - {name: find_book, description: Finds books by a word and returns them.}\n  - {name: read_book, description: Reads one book by the id that find_book returns.}\n",
    ),
};

pub static NO_EXAMPLES: Rule = Rule {
    code: "tools/no-examples",
    severity: Severity::Info,
    summary: "A tool names no examples, and others in the pack do.",
    why: "Targets that carry examples show the others at work and not this one, so models use it less and worse.",
    example: Example::manifest(
        "tools:\n  - {name: add, examples: [tests/all.yaml#adds]}\n  - {name: take}\n",
        "tools:\n  - {name: add, examples: [tests/all.yaml#adds]}\n  - {name: take, examples: [tests/all.yaml#takes]}\n",
    )
    .beside(&[("tests/all.yaml", "tool: add\ncases: []\n")]),
};

pub static BAD_LIMITS: Rule = Rule {
    code: "tools/bad-limits",
    severity: Severity::Warning,
    summary: "A limit is not a number above zero, or is beyond what a tool may ask for.",
    why: "A call then runs with another limit than the manifest says: the usual one, or the highest there is.",
    example: Example::manifest(
        "tools:\n  - {name: add, limits: {timeout_ms: 0}}\n",
        "tools:\n  - {name: add, limits: {timeout_ms: 2000}}\n",
    ),
};

pub static BAD_ERROR_CODE: Rule = Rule {
    code: "tools/bad-error-code",
    severity: Severity::Warning,
    summary: "A declared error has no code, or one that is not lower-case words joined by `_`.",
    why: "Callers compare codes letter by letter, and platforms turn them into names of their own that take no other characters.",
    example: Example::manifest(
        "tools:\n  - {name: add, errors: [{code: Out-Of-Range}]}\n",
        "tools:\n  - {name: add, errors: [{code: out_of_range}]}\n",
    ),
};

pub static BUILT_IN_ERROR: Rule = Rule {
    code: "tools/built-in-error",
    severity: Severity::Info,
    summary: "A tool declares an error code that every tool has.",
    why: "Built-in codes may be answered without being declared, and keep their meaning whatever the declaration says.",
    example: Example::manifest(
        "tools:\n  - {name: add, errors: [{code: timeout}]}\n",
        "tools:\n  - {name: add, errors: [{code: too_many_numbers}]}\n",
    ),
};

pub static DUPLICATE_ERROR: Rule = Rule {
    code: "tools/duplicate-error",
    severity: Severity::Warning,
    summary: "A tool declares an error code twice.",
    why: "Two descriptions or two answers to whether to try again cannot both hold; the first one does.",
    example: Example::manifest(
        "tools:\n  - {name: add, errors: [{code: too_big, retry: never}, {code: too_big, retry: later}]}\n",
        "tools:\n  - {name: add, errors: [{code: too_big, retry: never}]}\n",
    ),
};

pub static UNKNOWN_RETRY: Rule = Rule {
    code: "tools/unknown-retry",
    severity: Severity::Warning,
    summary: "`retry` of a declared error is not `never`, `later` or `once`.",
    why: "Callers that do not know the word do not try again, or try for ever.",
    example: Example::manifest(
        "tools:\n  - {name: add, errors: [{code: too_busy, retry: latter}]}\n",
        "tools:\n  - {name: add, errors: [{code: too_busy, retry: later}]}\n",
    ),
};

pub static CONTRADICTING_ANNOTATIONS: Rule = Rule {
    code: "tools/contradicting-annotations",
    severity: Severity::Warning,
    summary: "A tool is said to change nothing and to destroy.",
    why: "Agents call what is read-only without asking. One that believes `read_only` deletes without a question.",
    example: Example::manifest(
        "tools:\n  - {name: add, annotations: {read_only: true, destructive: true}}\n",
        "tools:\n  - {name: add, annotations: {read_only: true, destructive: false}}\n",
    ),
};

pub static UNKNOWN_HANDLER_KIND: Rule = Rule {
    code: "tools/unknown-handler-kind",
    severity: Severity::Error,
    summary: "A handler's `kind` is not `inline`, `component` or `command`.",
    why: "Nobody knows how to run it, so no call to the tool can be answered.",
    example: Example::manifest(
        "tools:\n  - {name: add, handler: {path: handlers/add.ts, kind: inlien}}\n",
        "tools:\n  - {name: add, handler: {path: handlers/add.ts, kind: inline}}\n",
    ),
};

/// The family's rules.
pub static RULES: &[&Rule] = &[
    &BAD_NAME,
    &DUPLICATE_NAME,
    &NO_INPUT,
    &NO_HANDLER,
    &NO_DESCRIPTION,
    &INPUT_NOT_OBJECT,
    &NO_OUTPUT,
    &VAGUE_DESCRIPTION,
    &SIMILAR_NAMES,
    &SIMILAR_DESCRIPTIONS,
    &NO_EXAMPLES,
    &BAD_LIMITS,
    &BAD_ERROR_CODE,
    &BUILT_IN_ERROR,
    &DUPLICATE_ERROR,
    &UNKNOWN_RETRY,
    &CONTRADICTING_ANNOTATIONS,
    &UNKNOWN_HANDLER_KIND,
];

/// Checks every tool, as far as the manifest tells.
pub fn check(root: &Node, out: &mut Vec<Diagnostic>) {
    let tools = root.get("tools").map(Node::items).unwrap_or_default();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (number, tool) in tools.iter().enumerate() {
        if !matches!(tool.value, Value::Map(_)) {
            continue;
        }
        let head = tool.entries().first().map_or(tool.span.clone(), |(key, _)| key.span.clone());
        match tool.get("name") {
            Some(node) if node.as_text().is_some_and(is_tool_name) => {
                let name = node.as_text().unwrap_or_default();
                if let Some(first) = seen.insert(name, number) {
                    out.push(
                        DUPLICATE_NAME
                            .at(
                                MANIFEST,
                                node.span.clone(),
                                format!("`{}` is the name of tool {} as well", shown(name), first + 1),
                            )
                            .hint("Give each tool a name that says what it does."),
                    );
                }
            }
            Some(node) if node.value == Value::Null || node.as_text().is_some() => {
                let message = match node.as_text() {
                    Some(text) => format!("`{}` is not a name for a tool", shown(text)),
                    None => "this tool has no name".to_owned(),
                };
                let place = if node.span.is_empty() { head.clone() } else { node.span.clone() };
                out.push(
                    BAD_NAME.at(MANIFEST, place, message).hint("Use letters, digits, `_`, `.` and `-`, as in `search_books`."),
                );
            }
            Some(_) => {}
            None => out.push(
                BAD_NAME
                    .at(MANIFEST, head.clone(), "this tool has no name")
                    .hint("Add `name:`, with a word for what it does, as in `search_books`."),
            ),
        }
        let place = tool.get("name").filter(|node| !node.span.is_empty()).map_or(head, |node| node.span.clone());
        let written = tool.text_at("name").filter(|name| is_tool_name(name));
        let name = written.map_or_else(|| "this tool".to_owned(), |name| format!("`{}`", shown(name)));
        let absent = |key: &str| tool.get(key).is_none_or(|node| node.value == Value::Null);
        if absent("input") {
            out.push(
                NO_INPUT
                    .at(MANIFEST, place.clone(), format!("{name} has no input schema"))
                    .hint("Add `input:` with a path below `schemas/`, or the schema itself; a tool without arguments takes `{type: object, additionalProperties: false}`."),
            );
        }
        let no_path =
            tool.get("handler").is_some_and(|handler| matches!(handler.value, Value::Map(_)) && handler.get("path").is_none());
        if absent("handler") || no_path {
            out.push(
                NO_HANDLER
                    .at(MANIFEST, place.clone(), format!("{name} has no handler"))
                    .hint(format!("Add `handler: handlers/{}.ts`, a function that answers the call.", written.unwrap_or("name"))),
            );
        }
        if tool
            .get("description")
            .is_none_or(|node| node.value == Value::Null || node.as_text().is_some_and(|text| text.trim().is_empty()))
        {
            out.push(
                NO_DESCRIPTION
                    .at(MANIFEST, place, format!("{name} has no description"))
                    .hint("Say what it does, when to use it and what it returns."),
            );
        }
    }
}

pub(super) fn is_tool_name(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}

/// Checks what more than the manifest's tree can tell.
pub fn check_whole(pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    let Some(tools) = &pack.manifest.tools else { return };
    for tool in tools.iter() {
        pack.ctx.of_item(("tools", 0), &tool.span, out, |out| {
            check_item(tool, out);
            true
        });
        check_input(tool, pack, out);
    }
    likeness::check_names(tools, out);
    likeness::check_descriptions(tools, pack.ctx, out);
    let shown_at_work = |tool: &Tool| tool.examples.as_ref().is_some_and(|examples| !examples.is_empty());
    if tools.iter().any(|tool| shown_at_work(tool)) {
        for tool in tools.iter().filter(|tool| !shown_at_work(tool)) {
            let name = called(tool);
            out.push(
                NO_EXAMPLES
                    .at(MANIFEST, place(tool), format!("{name} names no examples, and other tools do"))
                    .hint("Add `examples:` with a case, as in `tests/file.yaml#name of the case`."),
            );
        }
    }
}

/// What a message calls a tool.
fn called(tool: &Tool) -> String {
    tool.name.as_ref().map_or_else(|| "this tool".to_owned(), |name| format!("`{}`", shown(name)))
}

/// Where a finding about a whole tool stands: at its name.
fn place(tool: &Item<Tool>) -> Range<usize> {
    tool.name.as_ref().map_or_else(|| tool.span.start..tool.span.start, |name| name.span.clone())
}

/// Checks one tool by what the manifest says of it alone.
pub fn check_item(tool: &Item<Tool>, out: &mut Vec<Diagnostic>) {
    if tool.output.is_none() && tool.input.is_some() {
        out.push(
            NO_OUTPUT
                .at(MANIFEST, place(tool), format!("{} has no output schema", called(tool)))
                .hint("Add `output:` with a path below `schemas/`, or the schema itself."),
        );
    }
    if let Some(description) = &tool.description
        && let Some((why, hint)) = vague(tool, description)
    {
        out.push(VAGUE_DESCRIPTION.at(MANIFEST, description.span.clone(), why).hint(hint));
    }
    if let Some(annotations) = &tool.annotations
        && annotations.read_only.as_ref().is_some_and(|truth| truth.value)
        && let Some(destructive) = annotations.destructive.as_ref().filter(|truth| truth.value)
    {
        out.push(
            CONTRADICTING_ANNOTATIONS
                .at(MANIFEST, destructive.span.clone(), "what changes nothing destroys nothing")
                .hint("Make one of the two false: `read_only` when a call changes something, else `destructive`."),
        );
    }
    if let Some(Either::Other(handler)) = tool.handler.as_ref().map(|handler| &handler.value)
        && let Some(kind) = handler.kind.as_ref().filter(|kind| !HANDLER_KINDS.contains(&kind.as_str()))
    {
        let found = UNKNOWN_HANDLER_KIND.at(MANIFEST, kind.span.clone(), format!("`{}` is not a kind of handler", shown(kind)));
        out.push(match nearest(kind, HANDLER_KINDS.iter().copied()) {
            Some(near) => found.did_you_mean(near),
            None => found.hint(format!("Choose one of {}; left out, the file's ending tells.", HANDLER_KINDS.join(", "))),
        });
    }
    check_limits(tool, out);
    check_errors(tool, out);
}

/// Why a description does not help to choose, and what to write.
fn vague(tool: &Tool, description: &str) -> Option<(String, &'static str)> {
    const SAY: &str = "Say what it does, when to use it and what it returns.";
    let said = plain(description);
    if said.is_empty() {
        // An empty one is another rule's matter; signs alone are not.
        return description.trim().chars().next().map(|_| ("this description has no words".to_owned(), SAY));
    }
    if ["todo", "tbd", "fixme", "lorem ipsum", "placeholder", "description", "description here"].contains(&said.as_str())
        || said.starts_with("todo ")
        || said.starts_with("lorem ipsum")
    {
        return Some(("this description is still to be written".to_owned(), SAY));
    }
    let names = [tool.name.as_ref().map(|name| plain(name)), tool.title.as_ref().map(|title| plain(title))];
    if names.into_iter().flatten().any(|name| name == said) {
        return Some(("this description says what the name says already".to_owned(), SAY));
    }
    if let Some(why) = empty(tool, &said) {
        return Some((why.to_owned(), SAY));
    }
    // Languages without blanks between words say much in few of them.
    let few = said.is_ascii() && said.split(' ').count() < 3;
    few.then(|| ("this description is too short to choose by".to_owned(), SAY))
}

/// Words of a description that say nothing of a tool by themselves.
const FILLERS: &[&str] = &[
    "a",
    "an",
    "the",
    "this",
    "that",
    "these",
    "it",
    "its",
    "is",
    "are",
    "be",
    "can",
    "will",
    "you",
    "your",
    "me",
    "my",
    "i",
    "we",
    "our",
    "to",
    "of",
    "for",
    "with",
    "and",
    "or",
    "in",
    "on",
    "from",
    "by",
    "via",
    "as",
    "very",
    "really",
    "simple",
    "simply",
    "useful",
    "powerful",
    "great",
    "helpful",
    "handy",
    "generic",
    "general",
    "tool",
    "function",
    "method",
    "helper",
    "utility",
    "used",
    "use",
    "uses",
    "using",
    "lets",
    "let",
    "allows",
    "allow",
    "helps",
    "help",
    "does",
    "do",
    "make",
    "makes",
    "made",
    "interact",
    "interacts",
    "interacting",
    "work",
    "works",
    "working",
    "api",
    "service",
    "system",
    "thing",
    "things",
    "stuff",
    "something",
    "anything",
    "everything",
    "many",
    "various",
    "several",
    "all",
    "any",
    "some",
    "different",
    "purposes",
    "tasks",
];

/// Longest description that is looked through for words that say something.
const MOST_WORDS: usize = 14;

/// Why a description is empty although it has words: it has none but fillers and those of the tool's name.
fn empty(tool: &Tool, said: &str) -> Option<&'static str> {
    let words: Vec<&str> = said.split(' ').collect();
    if words.len() > MOST_WORDS {
        return None;
    }
    let mut told = words.iter().filter(|word| !FILLERS.contains(word)).peekable();
    if told.peek().is_none() {
        return Some("this description would fit any tool");
    }
    let name = tool.name.as_ref().map(|name| plain(name)).unwrap_or_default();
    let named: HashSet<&str> = name.split(' ').map(stem).collect();
    // `Lists all notes` says what comes; `Gets the note` says only what it is called.
    let whole = words.iter().any(|word| matches!(*word, "all" | "every" | "each" | "any"));
    (!whole && told.all(|word| named.contains(stem(word)))).then_some("this description says what the name says already")
}

/// A word without the ending of a verb's third person or of a plural.
fn stem(word: &str) -> &str {
    let bare = word.strip_suffix("es").filter(|stem| stem.ends_with(['s', 'x', 'h'])).or_else(|| word.strip_suffix('s'));
    bare.filter(|stem| stem.len() > 1 && !stem.ends_with('s')).unwrap_or(word)
}

/// Words in lower case with one blank between them, and nothing else.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    if text.is_ascii() {
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() {
                plain.push(char::from(byte.to_ascii_lowercase()));
            } else if !plain.is_empty() && !plain.ends_with(' ') {
                plain.push(' ');
            }
        }
        plain.truncate(plain.trim_end().len());
        return plain;
    }
    for word in text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.push_str(&word.to_lowercase());
    }
    plain
}

fn check_limits(tool: &Tool, out: &mut Vec<Diagnostic>) {
    let Some(limits) = &tool.limits else { return };
    let (usual, most) = (Limits::USUAL, Limits::MOST);
    let each = [
        ("timeout_ms", &limits.timeout_ms, usual.timeout_ms, most.timeout_ms),
        ("memory_mb", &limits.memory_mb, usual.memory_mb, most.memory_mb),
        ("output_kb", &limits.output_kb, usual.output_kb, most.output_kb),
        ("fuel", &limits.fuel, usual.fuel, most.fuel),
    ];
    for (name, field, usual, most) in each {
        let Some(field) = field else { continue };
        let node = Node::new(field.span.clone(), Value::Number(field.value.0.clone()));
        let asked = yaml_to_json(&node).as_f64().filter(|number| number.is_finite());
        let written = shown(&field.value.0);
        #[expect(clippy::cast_precision_loss, reason = "the highest limit is far below 2^52")]
        let (message, hint) = match asked {
            Some(number) if number >= 1.0 && number <= most as f64 => continue,
            Some(number) if number > most as f64 => (
                format!("`{name}` is {written}, and a tool may ask for {most} at most: that is what holds"),
                format!("Write {most} or less."),
            ),
            _ => (
                format!("`{name}` is {written}, which limits nothing: the usual {usual} holds"),
                format!("Write a number from 1 to {most}, or leave it out."),
            ),
        };
        out.push(BAD_LIMITS.at(MANIFEST, field.span.clone(), message).hint(hint));
    }
}

fn check_errors(tool: &Tool, out: &mut Vec<Diagnostic>) {
    let mut seen: HashSet<&str> = HashSet::new();
    for error in tool.errors.iter().flat_map(|errors| &errors.value) {
        match &error.code {
            None => out.push(
                BAD_ERROR_CODE
                    .at(MANIFEST, error.span.clone(), "this error has no code")
                    .hint("Add `code:`, words in lower case joined by `_`, as in `no_such_book`."),
            ),
            Some(code) if !is_code(code) => {
                let found =
                    BAD_ERROR_CODE.at(MANIFEST, code.span.clone(), format!("`{}` is not a code for an error", shown(code)));
                let mended = plain(code).replace(' ', "_");
                out.push(if is_code(&mended) {
                    found.did_you_mean(&mended)
                } else {
                    found.hint("Write words in lower case joined by `_`, as in `no_such_book`.")
                });
            }
            Some(code) if !seen.insert(code) => out.push(
                DUPLICATE_ERROR
                    .at(MANIFEST, code.span.clone(), format!("`{}` is declared already", shown(code)))
                    .hint("Keep one of the two, or give them codes of their own."),
            ),
            Some(code) if BUILT_IN.contains(&code.as_str()) => out.push(
                BUILT_IN_ERROR
                    .at(MANIFEST, code.span.clone(), format!("`{}` is built in: every tool may answer it", shown(code)))
                    .hint("Take it out, or declare a code that says more, as in `no_such_book`."),
            ),
            Some(_) => {}
        }
        if let Some(retry) = error.retry.as_ref().filter(|retry| !RETRIES.contains(&retry.as_str())) {
            let found =
                UNKNOWN_RETRY.at(MANIFEST, retry.span.clone(), format!("`{}` does not say whether to try again", shown(retry)));
            out.push(match nearest(retry, RETRIES.iter().copied()) {
                Some(near) => found.did_you_mean(near),
                None => found.hint(format!("Choose one of {}.", RETRIES.join(", "))),
            });
        }
    }
}

/// Lower-case words joined by `_`.
fn is_code(code: &str) -> bool {
    code.len() <= 64
        && code
            .split('_')
            .all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
        && code.starts_with(|first: char| first.is_ascii_lowercase())
}

/// That the input is an object, as far as its schema can be read.
fn check_input(tool: &Item<Tool>, pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    let Some(input) = &tool.input else { return };
    let (file, root) = match &input.value {
        SchemaAt::Inline(node) => (MANIFEST, node),
        SchemaAt::Path(path) => {
            let found = inside(path).and_then(|path| pack.contents.get_key_value(&path));
            let Some((path, content)) = found else { return };
            match &content.facts {
                Facts::Schema(facts) if facts.valid => (path.as_str(), &facts.root),
                _ => return,
            }
        }
    };
    let kind = root.get("type");
    if kind.is_some_and(|kind| kind.as_text() == Some("object")) {
        return;
    }
    let span = match (kind, &root.value) {
        (Some(kind), _) => kind.span.clone(),
        // All of a long schema underlined helps nobody.
        (None, Value::Map(entries)) => entries.first().map_or(root.span.clone(), |(key, _)| key.span.clone()),
        _ => root.span.clone(),
    };
    let message = match kind {
        Some(kind) => format!("the input of {} is {}, and arguments are an object", called(tool), kind_words(kind)),
        None => format!("the input of {} does not say `type: object`", called(tool)),
    };
    let hint = "Write `type: object` at the root, with each argument below `properties`.";
    out.push(INPUT_NOT_OBJECT.at(file, span, message).hint(hint));
}

fn kind_words(kind: &Node) -> String {
    match kind.as_text() {
        Some(word) => format!("of type `{}`", shown(word)),
        None => "of several types".to_owned(),
    }
}

#[cfg(test)]
mod tests;
