//! helmdeck: a marketplace folder with one tool, flat schemas and a version that counts.

use super::super::{Example, Rule};
use super::schemas::{self, Schema};
use super::{Asked, HOSTED, key_of};
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::MANIFEST;
use crate::nearest::nearest;
use crate::text::shown;
use crate::yaml::{Node, Value};
use std::collections::BTreeMap;
use std::ops::Range;

pub static REFUSES: Rule = Rule {
    code: "targets/helmdeck-refuses",
    severity: Severity::Error,
    summary: "helmdeck would not take the pack into its marketplace, or not install it.",
    why: "Its manifest has one tool with a name of two parts, a version `v1`, `v2` …, a category of nine, and schemas whose properties are string, number, boolean, object or array. An `integer` is accepted and then fails at every call.",
    example: Example::manifest(
        "publisher: acme\ntools: [{name: search_books, input: {type: object, properties: {limit: {type: integer}}}}]\ntargets: {helmdeck: {name: search, version: 1.0.0}}\n",
        "publisher: acme\ntools: [{name: search_books, input: {type: object, properties: {limit: {type: number}}}}]\ntargets: {helmdeck: {name: books.search, version: v1}}\n",
    ),
};

pub static LOSES: Rule = Rule {
    code: "targets/helmdeck-loses",
    severity: Severity::Info,
    summary: "helmdeck has no place for something that the pack says.",
    why: "Its schemas know `required` and the `type` of properties. A model sees less there, so what a keyword says belongs into the tool's description as well.",
    example: Example::manifest(
        "publisher: acme\ntools: [{name: search_books, input: {type: object, properties: {order: {type: string, enum: [new, old]}}}}]\ntargets: {helmdeck: {name: books.search, version: v1}}\n",
        "publisher: acme\ntools: [{name: search_books, input: {type: object, properties: {order: {type: string}}}}]\ntargets: {helmdeck: {name: books.search, version: v1}}\n",
    ),
};

/// What its manifest knows; the marketplace's own list.
const CATEGORIES: &[&str] =
    &["developer-tools", "cloud", "notifications", "database", "security", "ai-tools", "monitoring", "productivity", "media"];

/// What a property may be.
const TYPES: &[&str] = &["string", "number", "boolean", "object", "array"];

/// Keywords without a meaning for whoever fills in the schema.
const SILENT: &[&str] = &["$schema", "$id", "$comment", "title"];

/// What has no place there, beside [`HOSTED`].
const LOST: &[&str] = &["capabilities", "credentials", "storage", "suggested_packs"];

pub(super) fn check(asked: &Asked<'_>, out: &mut Vec<Diagnostic>) {
    check_identity(asked, out);
    let tools = asked.tools();
    if tools.len() != 1 {
        let message = match tools.len() {
            0 => "a pack for helmdeck is one tool, and this one has none".to_owned(),
            count => format!("a pack for helmdeck is one tool, and this one has {count}"),
        };
        let place = if tools.is_empty() { asked.place.clone() } else { key_of(asked.pack.root, "tools") };
        out.push(asked.refuses(MANIFEST, place, message).hint("Make a pack of each tool that helmdeck should have."));
    }
    // With more than one it is refused, and looking into all of them says no more.
    if let Some(tool) = tools.first() {
        check_tool(asked, tool, out);
    }
    asked.loses_keys(
        &[HOSTED, LOST].concat(),
        "helmdeck packs are a handler and its schemas; what the handler reaches is the operator's to decide.",
        out,
    );
    for folder in ["guides", "data", "templates"] {
        if asked.has_folder(folder) {
            let message = format!("helmdeck has no place for `{folder}/`: no agent reads it there");
            out.push(
                asked
                    .loses(MANIFEST, asked.place.clone(), message)
                    .hint("What a call needs to know belongs into the tool's description."),
            );
        }
    }
    if asked.has_file("behavior.md") {
        let message = "helmdeck has no place for `behavior.md`: no prompt takes it up there";
        out.push(
            asked
                .loses(MANIFEST, asked.place.clone(), message)
                .hint("What a call needs to know belongs into the tool's description."),
        );
    }
}

fn check_identity(asked: &Asked<'_>, out: &mut Vec<Diagnostic>) {
    let part = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_lowercase())
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    let named = |name: &str| name.split_once('.').is_some_and(|(one, other)| part(one) && part(other));
    match asked.word("name") {
        Some((name, _)) if named(name) => {}
        Some((name, place)) => {
            let message = format!("`{}` is not a name that helmdeck takes", shown(name));
            let place = if asked.setting("name").is_some() { place } else { asked.place.clone() };
            out.push(asked.refuses(MANIFEST, place, message).hint(
                "Give the target two parts of small letters, digits and `_`, as in `helmdeck: {name: books.search, version: v1}`.",
            ));
        }
        None => out.push(
            asked
                .refuses(MANIFEST, asked.place.clone(), "helmdeck wants a name of its own")
                .hint("Write it below the target, as in `helmdeck: {name: books.search, version: v1}`."),
        ),
    }
    let counted = |version: &str| {
        version.strip_prefix('v').is_some_and(|number| {
            !number.is_empty() && !number.starts_with('0') && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    match asked.word("version") {
        Some((version, _)) if counted(version) => {}
        found => {
            let place = found.as_ref().filter(|_| asked.setting("version").is_some());
            let place = place.map_or(asked.place.clone(), |(_, place)| place.clone());
            let message = match found {
                Some((version, _)) => {
                    format!("helmdeck counts its versions `v1`, `v2` …, and `{}` is none of them", shown(version))
                }
                None => "helmdeck wants a version, `v1`, `v2` …".to_owned(),
            };
            out.push(asked.refuses(MANIFEST, place, message).hint("Write it below the target, as in `version: v1`."));
        }
    }
    if let Some((description, place)) = asked.word("description")
        && description.trim().chars().count() < 10
    {
        out.push(
            asked
                .refuses(MANIFEST, place, "helmdeck wants a description of at least 10 characters")
                .hint("Say in one sentence what a call does."),
        );
    }
    if asked.word("author").is_none() && asked.word("publisher").is_none() {
        out.push(
            asked.refuses(MANIFEST, asked.place.clone(), "helmdeck wants an author").hint("Add `publisher:` to the manifest."),
        );
    }
    check_category(asked, out);
}

fn check_category(asked: &Asked<'_>, out: &mut Vec<Diagnostic>) {
    let Some((category, place)) = asked.word("category") else { return };
    if CATEGORIES.contains(&category) {
        return;
    }
    let near = nearest(category, CATEGORIES.iter().copied());
    let hint = match near {
        Some(near) => format!("Write `category: {near}` below the target."),
        None => format!("Choose one of {} below the target.", CATEGORIES.join(", ")),
    };
    out.push(if asked.setting("category").is_some() {
        asked.refuses(MANIFEST, place, format!("`{}` is not a category of helmdeck's", shown(category))).hint(hint)
    } else {
        asked.loses(MANIFEST, place, format!("helmdeck has no category `{}`, and leaves it out", shown(category))).hint(hint)
    });
}

fn check_tool(asked: &Asked<'_>, tool: &Node, out: &mut Vec<Diagnostic>) {
    let handler = tool.get("handler").map(|handler| handler.get("path").unwrap_or(handler));
    if let Some(node) = handler
        && node.as_text().is_some_and(|path| path.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("wasm")))
    {
        out.push(asked.refuses(MANIFEST, node.span.clone(), "helmdeck's installer refuses handlers of WebAssembly").hint(
            "There a handler is a program that reads JSON and writes JSON: a script with `#!`, for bash, jq, python3 or node.",
        ));
    }
    for key in ["annotations", "errors"] {
        if let Some(key) = tool.key(key) {
            let message = format!("helmdeck has no place for a tool's `{}`", key.name);
            out.push(asked.loses(MANIFEST, key.span.clone(), message).hint("Say it in the tool's description."));
        }
    }
    for key in ["input", "output"] {
        if let Some(schema) = schemas::of(asked, tool, key) {
            check_schema(asked, &schema, key, out);
        }
    }
}

fn check_schema(asked: &Asked<'_>, schema: &Schema<'_>, which: &str, out: &mut Vec<Diagnostic>) {
    let root = schema.root;
    if let Some(kind) = root.get("type")
        && kind.as_text() != Some("object")
    {
        let message = format!("helmdeck's {which} is an object, and this is another type");
        out.push(asked.refuses(&schema.file, kind.span.clone(), message).hint("Put the value into an object, under a name."));
    }
    let mut dropped: BTreeMap<&str, (Range<usize>, usize)> = BTreeMap::new();
    for (key, _) in root.entries() {
        if !matches!(key.name.as_str(), "type" | "required" | "properties") {
            dropped.entry(&key.name).or_insert((key.span.clone(), 0)).1 += 1;
        }
    }
    for (name, property) in root.get("properties").map(Node::entries).unwrap_or_default() {
        let kind = property.get("type");
        if !kind.and_then(Node::as_text).is_some_and(|kind| TYPES.contains(&kind)) {
            let place = kind.map_or(name.span.clone(), |kind| kind.span.clone());
            let (message, hint) = match kind.map(|kind| &kind.value) {
                Some(Value::Text(kind)) if kind == "integer" => (
                    format!("`/properties/{}` is an integer, and helmdeck refuses every call with one", shown(&name.name)),
                    "Write `number`; `multipleOf: 1` says here that it is whole.".to_owned(),
                ),
                // A kind that JSON does not have is told for every target.
                Some(Value::Text(kind)) if kind != "null" => continue,
                Some(Value::Text(kind)) => (
                    format!("helmdeck has no type `{}` for `/properties/{}`", shown(kind), shown(&name.name)),
                    format!("Choose one of {}.", TYPES.join(", ")),
                ),
                Some(_) => (
                    format!("helmdeck wants one type for `/properties/{}`, and this is a list of them", shown(&name.name)),
                    "Choose one, and leave the property out where it has no value.".to_owned(),
                ),
                None => (
                    format!("helmdeck wants a type for `/properties/{}`", shown(&name.name)),
                    format!("Add `type`, one of {}.", TYPES.join(", ")),
                ),
            };
            out.push(asked.refuses(&schema.file, place, message).hint(hint));
        }
        for (key, _) in property.entries() {
            if key.name != "type" {
                dropped.entry(&key.name).or_insert((key.span.clone(), 0)).1 += 1;
            }
        }
    }
    for (keyword, (place, count)) in dropped {
        if SILENT.contains(&keyword) {
            continue;
        }
        let places = if count > 1 { format!(", {count} times in this schema") } else { String::new() };
        let message = format!("helmdeck drops `{}`{places}", shown(keyword));
        out.push(asked.loses(&schema.file, place, message).hint("Say in the tool's description what it says here."));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::told;

    const SCHEMA: &str = "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"type\": \"object\",\n  \"additionalProperties\": false,\n  \"required\": [\"q\"],\n  \"properties\": {\n    \"q\": {\"type\": \"string\", \"description\": \"Words.\"},\n    \"order\": {\"type\": \"string\", \"enum\": [\"new\"], \"description\": \"Which first.\"},\n    \"limit\": {\"type\": \"integer\"},\n    \"since\": {\"type\": [\"string\", \"null\"]},\n    \"any\": {}\n  }\n}\n";

    fn pack(rest: &str) -> String {
        let text = format!("name: books\npublisher: acme\nversion: 1.0.0\ndescription: Finds books by their words.\n{rest}");
        told(&[("pack.yaml", text.as_str()), ("schemas/search.json", SCHEMA), ("handlers/s.ts", ""), ("components/s.wasm", "")])
    }

    #[test]
    fn a_pack_is_one_tool_with_names_of_helmdeck_s_own() {
        insta::assert_snapshot!(pack("targets: {helmdeck: }\n"), @"
        Error targets/helmdeck-refuses pack.yaml:5:11 <helmdeck> `books` is not a name that helmdeck takes
        Error targets/helmdeck-refuses pack.yaml:5:11 <helmdeck> a pack for helmdeck is one tool, and this one has none
        Error targets/helmdeck-refuses pack.yaml:5:11 <helmdeck> helmdeck counts its versions `v1`, `v2` …, and `1.0.0` is none of them
        ");
        insta::assert_snapshot!(pack("category: databases\ntargets: {helmdeck: {name: Books, version: 1, category: db}}\ntools: [{name: a}, {name: b}]\n"), @"
        Error targets/helmdeck-refuses pack.yaml:6:28 <Books> `Books` is not a name that helmdeck takes
        Error targets/helmdeck-refuses pack.yaml:6:44 <1> helmdeck counts its versions `v1`, `v2` …, and `1` is none of them
        Error targets/helmdeck-refuses pack.yaml:6:57 <db> `db` is not a category of helmdeck's
        Error targets/helmdeck-refuses pack.yaml:7:1 <tools> a pack for helmdeck is one tool, and this one has 2
        ");
        assert_eq!(
            pack(
                "category: productivity\ntargets: {helmdeck: {name: books.search, version: v12}}\ntools: [{name: search_books}]\n"
            ),
            ""
        );
    }

    #[test]
    fn schemas_lose_what_helmdeck_does_not_know() {
        insta::assert_snapshot!(pack("targets: {helmdeck: {name: books.search, version: v1}}\ntools: [{name: search_books, input: schemas/search.json, output: {type: array}, handler: {path: components/s.wasm, kind: command}, annotations: {read_only: true}}]\n"), @r#"
        Error targets/helmdeck-refuses pack.yaml:6:73 <array> helmdeck's output is an object, and this is another type
        Error targets/helmdeck-refuses pack.yaml:6:97 <components/s.wasm> helmdeck's installer refuses handlers of WebAssembly
        Info targets/helmdeck-loses pack.yaml:6:132 <annotations> helmdeck has no place for a tool's `annotations`
        Info targets/helmdeck-loses schemas/search.json:4:3 <"additionalProperties"> helmdeck drops `additionalProperties`
        Info targets/helmdeck-loses schemas/search.json:7:29 <"description"> helmdeck drops `description`, 2 times in this schema
        Info targets/helmdeck-loses schemas/search.json:8:33 <"enum"> helmdeck drops `enum`
        Error targets/helmdeck-refuses schemas/search.json:9:23 <"integer"> `/properties/limit` is an integer, and helmdeck refuses every call with one
        Error targets/helmdeck-refuses schemas/search.json:10:23 <["string", "null"]> helmdeck wants one type for `/properties/since`, and this is a list of them
        Error targets/helmdeck-refuses schemas/search.json:11:5 <"any"> helmdeck wants a type for `/properties/any`
        "#);
    }

    #[test]
    fn files_that_agents_would_read_are_lost() {
        let text = "name: books\npublisher: acme\ndescription: short\ntools: [{name: search_books}]\nviews: [{id: v}]\ntargets: {helmdeck: {name: books.search, version: v1}}\n";
        insta::assert_snapshot!(told(&[("pack.yaml", text), ("guides/a.md", "x"), ("behavior.md", "x")]), @"
        Error targets/helmdeck-refuses pack.yaml:3:14 <short> helmdeck wants a description of at least 10 characters
        Info targets/helmdeck-loses pack.yaml:5:1 <views> helmdeck has no place for `views`
        Info targets/helmdeck-loses pack.yaml:6:11 <helmdeck> helmdeck has no place for `behavior.md`: no prompt takes it up there
        Info targets/helmdeck-loses pack.yaml:6:11 <helmdeck> helmdeck has no place for `guides/`: no agent reads it there
        ");
    }
}
