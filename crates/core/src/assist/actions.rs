//! Changes that an author may want at a place, beside the fixes of findings: a schema out of the manifest and back, an example, a case.
//!
//! Each was made, by [`crate::edit`], and read again before it is offered: the text says the same afterwards, but for the one thing.

use super::complete::{holds_cases, relative};
use super::cursor::{Step, line_end, line_start};
use super::grammar::Grammar;
use super::uses::beside;
use super::{Pack, has_ending};
use crate::cases::{self, Expect, NewCase};
use crate::content::Kind;
use crate::diagnostic::Edit;
use crate::edit::{Data, Edited, Language, Step as Part, forms};
use crate::folder::MANIFEST;
use crate::json;
use crate::rules::manifest::inside;
use crate::schema::example;
use crate::shape::LeadsTo;
use crate::yaml::{self, Node, Value};
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

/// The schema, or the path of one, that a place of the manifest is in.
struct SchemaPlace<'n> {
    node: &'n Node,
    /// What leads there; its last part is the key.
    path: Vec<Part>,
    /// The tool or trigger that has it.
    owner: &'n Node,
}

fn schema_around(root: &Node, offset: usize) -> Option<SchemaPlace<'_>> {
    let holds = |start: usize, end: usize| start <= offset && offset <= end;
    let (mut node, mut grammar, mut path) = (root, Grammar::MANIFEST, Vec::new());
    loop {
        match &node.value {
            Value::Map(entries) => {
                let (key, value) = entries.iter().find(|(key, value)| holds(key.span.start, value.span.end.max(key.span.end)))?;
                path.push(Part::from(key.name.as_str()));
                grammar = grammar.at(&[Step::Key(key.name.as_str().into())]);
                if let Grammar::Shape(_, Some(info)) = grammar
                    && info.leads_to == Some(LeadsTo::Schema)
                {
                    return Some(SchemaPlace { node: value, path, owner: node });
                }
                node = value;
            }
            Value::List(items) => {
                let at = items.iter().position(|item| holds(item.span.start, item.span.end))?;
                path.push(Part::from(at));
                grammar = grammar.at(&[Step::Item]);
                node = &items[at];
            }
            _ => return None,
        }
    }
}

/// The schema at the place into a file below `schemas/`, called after its tool.
fn extract_schema(pack: &Pack<'_>, text: &str, offset: usize) -> Option<Action> {
    let place = schema_around(pack.root, offset).filter(|place| matches!(place.node.value, Value::Map(_)))?;
    let owner = place.owner.text_at("name").or(place.owner.text_at("id"))?;
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
    let Some(Part::Key(key)) = place.path.last().filter(|_| owner.chars().all(plain)) else { return None };
    let file = (1..100)
        .map(|number| match number {
            1 => format!("schemas/{owner}.{key}.json"),
            _ => format!("schemas/{owner}.{key}-{number}.json"),
        })
        .find(|file| !pack.entries.iter().any(|entry| entry.path.eq_ignore_ascii_case(file)))?;
    let (edited, schema) = forms::extract_schema(text, &place.path, &file).ok()?;
    // A comment behind the schema's last line would go with it, and JSON has none.
    let marks = |text: &str| text.matches('#').count();
    let taken: usize = edited.edits.iter().map(|edit| marks(&text[edit.range.clone()])).sum();
    (taken <= marks(&schema)).then_some(())?;
    let schema = with_references(&schema, MANIFEST, &file)?;
    let mut edits = edits_of(MANIFEST, edited);
    edits.push(Edit { file: file.clone(), range: 0..0, text: schema });
    Some(Action { title: format!("Move the schema to {file}"), kind: ActionKind::Extract, edits })
}

/// The schema of a file in the place of its path. The file stays: others may use it.
fn inline_schema(pack: &Pack<'_>, text: &str, offset: usize) -> Option<Action> {
    let place = schema_around(pack.root, offset)?;
    let file = inside(place.node.as_text()?).filter(|file| has_ending(file, &["json"]))?;
    let source = pack.text(&file).filter(|source| source.len() <= LARGEST)?;
    let schema = with_references(&source, &file, MANIFEST)?;
    let edited = forms::inline_schema(text, &place.path, &schema).ok()?;
    Some(Action {
        title: format!("Write the schema of {file} here"),
        kind: ActionKind::Inline,
        edits: edits_of(MANIFEST, edited),
    })
}

fn edits_of(file: &str, edited: Edited) -> Vec<Edit> {
    edited.edits.into_iter().map(|edit| Edit { file: file.to_owned(), range: edit.range, text: edit.text }).collect()
}

/// A schema's text with references to files as another file writes them; `None` when it is no JSON.
fn with_references(schema: &str, from: &str, to: &str) -> Option<String> {
    let (root, faults) = json::parse(schema);
    let mut found: Vec<(Range<usize>, String)> = Vec::new();
    root.walk(&mut |node| {
        if let Some((reference, written)) = node.get("$ref").and_then(|node| Some((node, node.as_text()?))) {
            found.push((reference.span.clone(), moved_reference(written, from, to)));
        }
    });
    found.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    let mut out = schema.to_owned();
    for (span, reference) in found {
        out.replace_range(span, &serde_json::Value::from(reference).to_string());
    }
    (faults.is_empty() && matches!(root.value, Value::Map(_))).then_some(out)
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
        let known = pack.files().filter(|path| holds_cases(path)).take(100).find(of_tool);
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
    let cases = root.get("cases")?.items();
    let at = cases.iter().position(|case| case.key("input").is_some_and(|key| line.contains(&key.span.start)))?;
    let input = cases[at].get("input")?;
    let empty = matches!(input.value, Value::Null) || matches!(&input.value, Value::Map(entries) if entries.is_empty());
    // On a line with more than the input, the cursor must be at it.
    let near =
        offset + 1 >= cases[at].key("input")?.span.start && offset <= input.span.end.max(cases[at].key("input")?.span.end + 2);
    let value = example(&pack.schema(&tool.input.as_ref()?.value)?);
    let says_more = value.as_object().is_none_or(|value| !value.is_empty());
    (empty && near && says_more).then_some(())?;
    let value = Data::from_json(&value.to_string()).ok()?;
    let edited =
        forms::set_value(text, Language::Yaml, &[Part::from("cases"), Part::from(at), Part::from("input")], value).ok()?;
    Some(Action { title: "Fill in an example".to_owned(), kind: ActionKind::Insert, edits: edits_of(path, edited) })
}
