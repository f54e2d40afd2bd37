//! Tools: that each can be named, called and chosen.

use super::{Example, Rule, files};
use crate::check::Context;
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::MANIFEST;
use crate::rules::manifest::inside;
use crate::text::shown;
use crate::yaml::{Node, Value};
use std::collections::{BTreeSet, HashMap};

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
        "tools:\n  - name: search_books\n    input: schemas/by_title.input.json\n  - name: search_books\n    input: schemas/by_author.input.json\n",
        "tools:\n  - name: search_books_by_title\n    input: schemas/by_title.input.json\n  - name: search_books_by_author\n    input: schemas/by_author.input.json\n",
    ),
};

pub static NO_INPUT: Rule = Rule {
    code: "tools/no-input",
    severity: Severity::Error,
    summary: "A tool has no input schema.",
    why: "The schema is what a model is shown to build a call from, and what the host checks the call against.",
    example: Example::manifest("tools:\n  - name: search_books\n    description: Finds books by title and returns at most five.\n    handler: handlers/search_books.ts\n", "tools:\n  - name: search_books\n    description: Finds books by title and returns at most five.\n    input: schemas/search_books.input.json\n    handler: handlers/search_books.ts\n").beside(&[("schemas/search_books.input.json", "{\"type\": \"object\", \"additionalProperties\": false}\n"), ("handlers/search_books.ts", "export function search_books() {\n  return {};\n}\n")]),
};

pub static NO_HANDLER: Rule = Rule {
    code: "tools/no-handler",
    severity: Severity::Warning,
    summary: "A tool has no handler.",
    why: "It can be described and checked, but no call to it can be answered.",
    example: Example::manifest("tools:\n  - name: search_books\n    description: Finds books by title and returns at most five.\n    input: schemas/search_books.input.json\n", "tools:\n  - name: search_books\n    description: Finds books by title and returns at most five.\n    input: schemas/search_books.input.json\n    handler: handlers/search_books.ts\n").beside(&[("schemas/search_books.input.json", "{\"type\": \"object\", \"additionalProperties\": false}\n"), ("handlers/search_books.ts", "export function search_books() {\n  return {};\n}\n")]),
};

pub static NO_DESCRIPTION: Rule = Rule {
    code: "tools/no-description",
    severity: Severity::Warning,
    summary: "A tool has no description.",
    why: "A model chooses among tools by their descriptions; one without is not chosen, or chosen wrongly.",
    example: Example::manifest("tools:\n  - name: search_books\n    input: schemas/search_books.input.json\n    handler: handlers/search_books.ts\n", "tools:\n  - name: search_books\n    description: Finds books by title; use it before ordering one. Returns title, author and ISBN of at most five.\n    input: schemas/search_books.input.json\n    handler: handlers/search_books.ts\n").beside(&[("schemas/search_books.input.json", "{\"type\": \"object\", \"additionalProperties\": false}\n"), ("handlers/search_books.ts", "export function search_books() {\n  return {};\n}\n")]),
};

pub static SCHEMA_NOT_JSON: Rule = Rule {
    code: "schemas/not-json",
    severity: Severity::Error,
    summary: "A schema file that a tool names is not JSON.",
    why: "The tool's calls cannot be checked, so every one of them fails.",
    example: Example::file("schemas/search_books.input.json", "{\n  \"type\": \"object\",\n  \"properties\": {\n    \"title\": {\"type\": \"string\"},\n  }\n}\n", "{\n  \"type\": \"object\",\n  \"properties\": {\n    \"title\": {\"type\": \"string\"}\n  }\n}\n").beside(&[("pack.yaml", "tools:\n  - name: search_books\n    description: Finds books by title and returns at most five.\n    input: schemas/search_books.input.json\n")]),
};

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

/// Reads every schema file that a tool names.
pub fn check_schemas(root: &Node, ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let tools = root.get("tools").map(Node::items).unwrap_or_default();
    let named = tools.iter().flat_map(|tool| ["input", "output"].into_iter().filter_map(|key| tool.text_at(key)));
    let paths: BTreeSet<String> = named.filter_map(inside).collect();
    paths.iter().for_each(|path| out.extend(check_schema_file(path, ctx)));
}

fn is_tool_name(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}

/// A file that is missing is another rule's matter.
fn check_schema_file(path: &str, ctx: &Context<'_>) -> Option<Diagnostic> {
    let text = match ctx.read_text(path)? {
        Ok(text) => text,
        Err(valid) => return Some(files::not_utf8(path, valid)),
    };
    let error = serde_json::from_str::<serde::de::IgnoredAny>(text.as_str()).err()?;
    let line = text
        .as_str()
        .split_inclusive('\n')
        .scan(0, |at, line| {
            let start = *at;
            *at += line.len();
            Some((start, line))
        })
        .nth(error.line().saturating_sub(1));
    let (start, line) = line.unwrap_or((text.as_str().len(), ""));
    // serde_json counts columns in bytes and from 1; at the end of the text it names the last one.
    let at = text.as_str().floor_char_boundary(start + error.column().saturating_sub(1).min(line.trim_end().len()));
    let end = text.as_str()[at..].chars().next().filter(|first| *first != '\n').map_or(at, |first| at + first.len_utf8());
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
    Some(
        SCHEMA_NOT_JSON
            .at(path, at..end, format!("this is not JSON: {message}"))
            .hint("Look at the commas, quotes and brackets here and just before."),
    )
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::{findings, manifest};
    use crate::source::MemoryPack;

    #[test]
    fn a_bare_tool_is_told_what_it_lacks() {
        insta::assert_snapshot!(manifest("name: n\ndescription: d\ntools:\n  - name: add\n  - title: x\n  - name: a b\n    input: {}\n    description: Adds and returns.\n    handler:\n"), @"
        Warning tools/no-description pack.yaml:4:11 <add> `add` has no description
          hint: Say what it does, when to use it and what it returns.
        Warning tools/no-handler pack.yaml:4:11 <add> `add` has no handler
          hint: Add `handler: handlers/add.ts`, a function that answers the call.
        Error tools/no-input pack.yaml:4:11 <add> `add` has no input schema
          hint: Add `input:` with a path below `schemas/`, or the schema itself; a tool without arguments takes `{type: object, additionalProperties: false}`.
        Error tools/bad-name pack.yaml:5:5 <title> this tool has no name
          hint: Add `name:`, with a word for what it does, as in `search_books`.
        Warning tools/no-description pack.yaml:5:5 <title> this tool has no description
          hint: Say what it does, when to use it and what it returns.
        Warning tools/no-handler pack.yaml:5:5 <title> this tool has no handler
          hint: Add `handler: handlers/name.ts`, a function that answers the call.
        Error tools/no-input pack.yaml:5:5 <title> this tool has no input schema
          hint: Add `input:` with a path below `schemas/`, or the schema itself; a tool without arguments takes `{type: object, additionalProperties: false}`.
        Error tools/bad-name pack.yaml:6:11 <a b> `a b` is not a name for a tool
          hint: Use letters, digits, `_`, `.` and `-`, as in `search_books`.
        Warning tools/no-handler pack.yaml:6:11 <a b> this tool has no handler
          hint: Add `handler: handlers/name.ts`, a function that answers the call.
        ");
    }

    #[test]
    fn names_are_unique() {
        let tool = "  - {name: add, description: Adds and returns., input: {type: object}, handler: h.ts}\n";
        let pack = |second: &str| {
            MemoryPack::new([
                ("pack.yaml", format!("name: n\ndescription: d\ntools:\n{tool}{second}")),
                ("handlers/h.ts", String::new()),
            ])
        };
        insta::assert_snapshot!(findings(&pack(tool)).lines().filter(|line| line.contains("duplicate")).collect::<String>(), @"Error tools/duplicate-name pack.yaml:5:12 <add> `add` is the name of tool 1 as well");
        assert!(!findings(&pack("")).contains("duplicate"));
    }

    #[test]
    fn a_schema_must_be_json_and_the_fault_has_a_place() {
        let pack = |schema: &str| {
            MemoryPack::new([
                (
                    "pack.yaml",
                    "name: n\ndescription: d\ntools:\n  - {name: add, description: Adds and returns., input: schemas/a.json, handler: handlers/h.ts}\n",
                ),
                ("handlers/h.ts", ""),
                ("schemas/a.json", schema),
            ])
        };
        insta::assert_snapshot!(findings(&pack("{\n  \"type\": \"object\",\n  \"é\": }\n")), @"
        Error schemas/not-json schemas/a.json:3:8 <}> this is not JSON: expected value
          hint: Look at the commas, quotes and brackets here and just before.
        ");
        insta::assert_snapshot!(findings(&pack("{\"a\": 1")), @"
        Error schemas/not-json schemas/a.json:1:7 <1> this is not JSON: EOF while parsing an object
          hint: Look at the commas, quotes and brackets here and just before.
        ");
        insta::assert_snapshot!(findings(&pack("")), @"
        Error schemas/not-json schemas/a.json:1:1 <> this is not JSON: EOF while parsing a value
          hint: Look at the commas, quotes and brackets here and just before.
        ");
        assert_eq!(findings(&pack("{\"type\": \"object\"}")), "");
    }
}
