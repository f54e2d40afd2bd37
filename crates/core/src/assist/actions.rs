//! Changes that an author may want at a place, beside the fixes of findings: a schema out of the manifest and back, an example, a case.
//!
//! Each was made and read again before it is offered: the manifest says the same afterwards, but for the one thing.

use super::complete::relative;
use super::cursor::{Step, line_end, line_start};
use super::grammar::Grammar;
use super::locate::locate;
use super::uses::beside;
use super::{Pack, has_ending};
use crate::cases::{self, Expect, NewCase};
use crate::content::Kind;
use crate::diagnostic::Edit;
use crate::folder::MANIFEST;
use crate::json;
use crate::model::yaml_to_json;
use crate::rules::manifest::inside;
use crate::schema::example;
use crate::shape::LeadsTo;
use crate::yaml::{self, Key, Node, Value, write};
use std::ops::Range;

/// A change that is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// A button's words.
    pub title: String,
    pub kind: ActionKind,
    /// A file that does not exist is made.
    pub edits: Vec<Edit>,
}

/// What an action does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionKind {
    /// Moves a schema out of the manifest into a file of its own.
    Extract,
    /// Writes a file's schema into the manifest.
    Inline,
    /// Puts in an example.
    Insert,
}

/// How long a mapping may be that is written on one line.
const SHORT: usize = 70;

/// How large a file's schema may be that is written into the manifest: larger ones belong into a file.
const LARGEST: usize = 64 * 1024;

/// What can be done at a place.
pub fn actions(pack: &Pack<'_>, path: &str, text: &str, offset: usize) -> Vec<Action> {
    let offset = text.floor_char_boundary(offset.min(text.len()));
    match pack.kind(path) {
        None => [extract_schema(pack, text, offset), inline_schema(pack, text, offset), add_case(pack, offset)]
            .into_iter()
            .flatten()
            .collect(),
        Some(Kind::Cases) => insert_example(pack, path, text, offset).into_iter().collect(),
        Some(_) => Vec::new(),
    }
}

/// The schema, or the path of one, that a place of the manifest is in: its node and key, and what leads there.
struct SchemaPlace<'n> {
    node: &'n Node,
    key: &'n Key,
    /// Where it is in the manifest: a JSON pointer.
    pointer: String,
    /// The tool or trigger that has it.
    owner: &'n Node,
}

fn schema_around<'n>(root: &'n Node, text: &str, offset: usize) -> Option<SchemaPlace<'n>> {
    let inside = |start: usize, end: usize| start <= offset && offset <= end;
    let (mut node, mut grammar, mut pointer) = (root, Grammar::MANIFEST, String::new());
    loop {
        match &node.value {
            Value::Map(entries) => {
                let (key, value) =
                    entries.iter().find(|(key, value)| inside(key.span.start, value.span.end.max(key.span.end)))?;
                pointer.push('/');
                pointer.push_str(&key.name.replace('~', "~0").replace('/', "~1"));
                grammar = grammar.at(&[Step::Key(key.name.as_str().into())]);
                if let Grammar::Shape(_, Some(info)) = grammar
                    && info.leads_to == Some(LeadsTo::Schema)
                {
                    // What an alias or a merge brings stands elsewhere.
                    let here = text.get(key.span.clone()).is_some_and(|written| super::cursor::unquoted(written) == key.name);
                    return here.then_some(SchemaPlace { node: value, key, pointer, owner: node });
                }
                node = value;
            }
            Value::List(items) => {
                let at = items.iter().position(|item| inside(item.span.start, item.span.end))?;
                pointer.push_str(&format!("/{at}"));
                grammar = grammar.at(&[Step::Item]);
                node = &items[at];
            }
            _ => return None,
        }
    }
}

/// The schema at the place into a file below `schemas/`, called after its tool.
fn extract_schema(pack: &Pack<'_>, text: &str, offset: usize) -> Option<Action> {
    let place = schema_around(pack.root, text, offset)?;
    matches!(place.node.value, Value::Map(_)).then_some(())?;
    let owner = place.owner.text_at("name").or(place.owner.text_at("id"))?;
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
    owner.chars().all(plain).then_some(())?;
    let file = (1..100)
        .map(|number| match number {
            1 => format!("schemas/{owner}.{}.json", place.key.name),
            _ => format!("schemas/{owner}.{}-{number}.json", place.key.name),
        })
        .find(|file| !pack.entries.iter().any(|entry| entry.path.eq_ignore_ascii_case(file)))?;
    let colon = place.key.span.end + text[place.key.span.end..].find(':')? + 1;
    // An anchor, a tag or a comment before the schema would be lost.
    text.get(colon..place.node.span.start)?.trim().is_empty().then_some(())?;
    let mut schema = String::new();
    write_json(place.node, 0, &mut schema, &|reference| moved_reference(reference, MANIFEST, &file));
    schema.push('\n');
    let mut after = text.to_owned();
    let range = colon..place.node.span.end;
    after.replace_range(range.clone(), &format!(" {file}"));
    says(pack.root, &after, &place.pointer, serde_json::Value::from(file.as_str())).then_some(())?;
    (json::parse(&schema).1.is_empty()).then_some(())?;
    let comments = text[range.clone()].lines().any(|line| line.contains(" #") || line.trim_start().starts_with('#'));
    let title = format!("Move the schema to {file}{}", if comments { " (JSON keeps no comments)" } else { "" });
    let edits =
        vec![Edit { file: MANIFEST.to_owned(), range, text: format!(" {file}") }, Edit { file, range: 0..0, text: schema }];
    Some(Action { title, kind: ActionKind::Extract, edits })
}

/// The schema of a file in the place of its path. The file stays: others may use it.
fn inline_schema(pack: &Pack<'_>, text: &str, offset: usize) -> Option<Action> {
    let place = schema_around(pack.root, text, offset)?;
    let file = inside(place.node.as_text()?)?;
    let source = pack.text(&file).filter(|source| source.len() <= LARGEST)?;
    let (schema, faults) = json::parse(&source);
    let sound = faults.is_empty() && matches!(schema.value, Value::Map(_)) && has_ending(&file, &["json"]);
    sound.then_some(())?;
    let refs = |reference: &str| moved_reference(reference, &file, MANIFEST);
    let line = line_start(text, place.key.span.start);
    let before = &text[line..place.key.span.start];
    // In a block, only blanks and dashes stand before the key.
    let block = before.trim_start_matches([' ', '-']).is_empty() && !schema.entries().is_empty();
    let colon = place.key.span.end + text[place.key.span.end..].find(':')? + 1;
    let (range, new) = if block {
        let behind = &text[place.node.span.end..line_end(text, place.node.span.end)];
        // A comment behind the path would stand in the schema.
        behind.trim().is_empty().then_some(())?;
        let indent = before.chars().count() + 2;
        let mut lines = String::new();
        write_block(&schema, indent, &mut lines, &refs);
        let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        (colon..place.node.span.end, lines.replace('\n', end))
    } else {
        (colon..place.node.span.end, format!(" {}", flow_text(&schema, &refs)))
    };
    let mut after = text.to_owned();
    after.replace_range(range.clone(), &new);
    let mut wanted = String::new();
    write_json(&schema, 0, &mut wanted, &refs);
    let wanted = serde_json::from_str(&wanted).ok()?;
    says(pack.root, &after, &place.pointer, wanted).then_some(())?;
    let edits = vec![Edit { file: MANIFEST.to_owned(), range, text: new }];
    Some(Action { title: format!("Write the schema of {file} here"), kind: ActionKind::Inline, edits })
}

/// A reference of one file as another one writes it.
fn moved_reference(reference: &str, from: &str, to: &str) -> String {
    let (path, fragment) = reference.split_once('#').map_or((reference, None), |(path, fragment)| (path, Some(fragment)));
    let folder = to.rsplit_once('/').map_or("", |(folder, _)| folder);
    let target = if path.is_empty() || path.contains(':') { None } else { beside(from, path) };
    let Some(target) = target else { return reference.to_owned() };
    let path = relative(folder, &target);
    fragment.map_or(path.clone(), |fragment| format!("{path}#{fragment}"))
}

/// True when a changed manifest says what it said, but for one value.
fn says(before: &Node, after: &str, pointer: &str, wanted: serde_json::Value) -> bool {
    let mut expected = yaml_to_json(before);
    let Some(place) = expected.pointer_mut(pointer) else { return false };
    *place = wanted;
    yaml::parse(after).is_ok_and(|after| yaml_to_json(&after) == expected)
}

/// A tree as JSON, in its own order.
fn write_json(node: &Node, indent: usize, out: &mut String, refs: &dyn Fn(&str) -> String) {
    let inner = " ".repeat(indent + 2);
    match &node.value {
        Value::Map(entries) if !entries.is_empty() => {
            out.push('{');
            for (number, (key, value)) in entries.iter().enumerate() {
                out.push_str(if number > 0 { ",\n" } else { "\n" });
                out.push_str(&format!("{inner}{}: ", serde_json::Value::from(key.name.as_str())));
                match value.as_text() {
                    Some(reference) if key.name == "$ref" => {
                        out.push_str(&serde_json::Value::from(refs(reference)).to_string());
                    }
                    _ => write_json(value, indent + 2, out, refs),
                }
            }
            out.push_str(&format!("\n{}}}", " ".repeat(indent)));
        }
        Value::List(items) if items.iter().any(|item| matches!(item.value, Value::Map(_) | Value::List(_))) => {
            out.push('[');
            for (number, item) in items.iter().enumerate() {
                out.push_str(if number > 0 { ",\n" } else { "\n" });
                out.push_str(&inner);
                write_json(item, indent + 2, out, refs);
            }
            out.push_str(&format!("\n{}]", " ".repeat(indent)));
        }
        Value::List(items) => {
            let words = items.iter().map(|item| yaml_to_json(item).to_string());
            out.push_str(&format!("[{}]", words.collect::<Vec<_>>().join(", ")));
        }
        _ => out.push_str(&yaml_to_json(node).to_string()),
    }
}

/// A tree on one line of YAML, in its own order.
fn flow_text(node: &Node, refs: &dyn Fn(&str) -> String) -> String {
    match &node.value {
        Value::Map(entries) => {
            let said = |(key, value): &(Key, Node)| match value.as_text() {
                Some(reference) if key.name == "$ref" => format!("$ref: {}", write::word(&refs(reference))),
                _ => format!("{}: {}", key_text(&key.name), flow_text(value, refs)),
            };
            format!("{{{}}}", entries.iter().map(said).collect::<Vec<_>>().join(", "))
        }
        Value::List(items) => {
            format!("[{}]", items.iter().map(|item| flow_text(item, refs)).collect::<Vec<_>>().join(", "))
        }
        _ => write::flow(&yaml_to_json(node)),
    }
}

/// A key, plain where that is certain: `$defs` is.
fn key_text(name: &str) -> String {
    let plain =
        name.strip_prefix('$').is_some_and(|rest| !rest.is_empty() && rest.chars().all(|letter| letter.is_ascii_alphabetic()));
    if plain { name.to_owned() } else { write::word(name) }
}

/// What stands behind a key's colon: a short value on the same line, a longer one as a block below it.
fn write_block(node: &Node, indent: usize, out: &mut String, refs: &dyn Fn(&str) -> String) {
    let top = out.is_empty();
    let line = flow_text(node, refs);
    let nests = |node: &Node| matches!(node.value, Value::Map(_) | Value::List(_));
    match &node.value {
        Value::Map(entries) if top || (line.len() > SHORT && !entries.is_empty()) => {
            for (key, value) in entries {
                out.push_str(&format!("\n{}{}:", " ".repeat(indent), key_text(&key.name)));
                match value.as_text() {
                    Some(reference) if key.name == "$ref" => out.push_str(&format!(" {}", write::word(&refs(reference)))),
                    _ => write_block(value, indent + 2, out, refs),
                }
            }
        }
        Value::List(items) if line.len() > SHORT && items.iter().any(nests) => {
            for item in items {
                out.push_str(&format!("\n{}- {}", " ".repeat(indent), flow_text(item, refs)));
            }
        }
        _ => out.push_str(&format!(" {line}")),
    }
}

/// A new case of the tool at the place, with an example of its input, at the end of its file of cases.
fn add_case(pack: &Pack<'_>, offset: usize) -> Option<Action> {
    let around =
        |tool: &&crate::manifest::typed::Item<crate::manifest::Tool>| tool.span.start <= offset && offset <= tool.span.end;
    let tool = pack.manifest.tools.as_ref()?.value.iter().find(around)?;
    let name = tool.called()?;
    let own = format!("tests/{name}.yaml");
    let file = if pack.files().any(|path| path == own) {
        own
    } else {
        let of_tool = |path: &&str| pack.text(path).is_some_and(|text| tool_of(&text).as_deref() == Some(name));
        let known = pack.files().filter(|path| super::complete::holds_cases(path)).take(100).find(of_tool);
        known.map_or(own, str::to_owned)
    };
    let schema = pack.schema(&tool.input.as_ref()?.value)?;
    let text = pack.text(&file);
    let title = format!("Add a case to {file}");
    let new = (1..100).find_map(|number| {
        let name = if number == 1 { "an example".to_owned() } else { format!("an example {number}") };
        let case = NewCase { name, input: example(&schema), expect: Expect::Schema, ..NewCase::default() };
        cases::append(text.as_deref(), tool.called()?, &case).ok()
    })?;
    let edit = difference(&file, text.as_deref().unwrap_or_default(), &new);
    Some(Action { title, kind: ActionKind::Insert, edits: vec![edit] })
}

/// The tool that a file of cases names, by its line.
fn tool_of(text: &str) -> Option<String> {
    let line = text.lines().find_map(|line| line.strip_prefix("tool:"))?;
    Some(super::cursor::unquoted(line.split(" #").next()?.trim()).to_owned())
}

/// The one edit that makes a text another.
fn difference(file: &str, before: &str, after: &str) -> Edit {
    let start = before.bytes().zip(after.bytes()).take_while(|(one, other)| one == other).count();
    let start = before.floor_char_boundary(start).min(after.floor_char_boundary(start));
    let rest = before.len().min(after.len()) - start;
    let same = before.bytes().rev().zip(after.bytes().rev()).take(rest).take_while(|(one, other)| one == other).count();
    // What follows is the same in both, so a boundary of one is a boundary of the other.
    let end = before.ceil_char_boundary(before.len() - same);
    let kept = before.len() - end;
    Edit { file: file.to_owned(), range: start..end, text: after[start..after.len() - kept].to_owned() }
}

/// An example of the tool's input, where a case's `input` is empty.
fn insert_example(pack: &Pack<'_>, path: &str, text: &str, offset: usize) -> Option<Action> {
    let root = yaml::parse(text).ok()?;
    let tool = pack.tool(root.text_at("tool")?)?;
    let line = line_start(text, offset)..line_end(text, offset);
    let near = |range: &Range<usize>| range.start <= line.end && line.start <= range.end;
    let cases = root.get("cases")?.items();
    let (key, node) =
        cases.iter().find_map(|case| case.entries().iter().find(|(key, _)| key.name == "input" && near(&key.span)))?;
    let empty = matches!(node.value, Value::Null) || node.entries().is_empty() && matches!(node.value, Value::Map(_));
    empty.then_some(())?;
    let value = example(&pack.schema(&tool.input.as_ref()?.value)?);
    (!value.as_object().is_some_and(serde_json::Map::is_empty)).then_some(())?;
    let colon = key.span.end + text[key.span.end..].find(':')? + 1;
    let range = if node.span.is_empty() || node.span.start < colon { colon..colon } else { colon..node.span.end };
    let new = format!(" {}", write::flow(&value));
    let mut after = text.to_owned();
    after.replace_range(range.clone(), &new);
    // All else must stay as it was.
    let at = cases.iter().position(|case| case.key("input") == Some(key))?;
    says(&root, &after, &format!("/cases/{at}/input"), value).then_some(())?;
    let edits = vec![Edit { file: path.to_owned(), range, text: new }];
    // A place that locates nothing is still on the line; what is on a value is not.
    let on_value = locate(&root, text, offset).is_some_and(|spot| spot.key.is_none() && !std::ptr::eq(spot.node, node));
    (!on_value).then(|| Action { title: "Fill in an example".to_owned(), kind: ActionKind::Insert, edits })
}
