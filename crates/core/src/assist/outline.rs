//! What a file looks like from further off: its symbols, what can be folded, what leads somewhere, and what holds without being written.

use super::hover::{limits_in_words, milliseconds};
use super::uses::{self, Thing};
use super::{Pack, has_ending};
use crate::call::Limits;
use crate::content::Kind;
use crate::folder::MANIFEST;
use crate::json;
use crate::model::whole;
use crate::rules::manifest::inside;
use crate::yaml::{Key, Node, Value};
use std::ops::Range;

/// Something that an outline lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    pub name: String,
    pub detail: Option<String>,
    pub kind: SymbolKind,
    /// All that belongs to it.
    pub range: Range<usize>,
    /// Its name; within `range`.
    pub selection: Range<usize>,
    pub children: Vec<Symbol>,
}

/// What a symbol is, for its picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SymbolKind {
    /// A key of the manifest, or of a file of cases.
    Key,
    Tool,
    Credential,
    Capability,
    Rule,
    Case,
    /// An item of another list.
    Item,
    Property,
    /// A schema that others name.
    Definition,
}

/// Lines that can be folded, counted from 0; the last one belongs to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    pub first: usize,
    pub last: usize,
    /// True for a comment of several lines.
    pub comment: bool,
}

/// A path in a text, and the file that it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub range: Range<usize>,
    pub file: String,
}

/// A word between the lines of a text: what holds there without being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inlay {
    /// It stands behind this place, with a blank before it.
    pub offset: usize,
    pub label: String,
    pub tooltip: String,
}

/// How deep an outline goes.
const MAX_DEPTH: usize = 12;

/// The symbols of a manifest, a file of cases or a schema, in the order of the text.
pub fn symbols(pack: &Pack<'_>, path: &str, text: &str) -> Vec<Symbol> {
    let kind = pack.kind(path);
    let mut found = match kind {
        None => entries(pack.root, top),
        Some(Kind::Schema) if has_ending(path, &["json"]) => of_schema(&json::parse(text).0, 0),
        Some(Kind::Cases) => entries(&super::tree_of(path, text), |key, node| {
            let children = items(node, SymbolKind::Case, &["name"], |_| Vec::new());
            symbol(key, node, SymbolKind::Key, node.as_text(), children)
        }),
        Some(_) => Vec::new(),
    };
    settle(&mut found, text);
    found
}

/// Keeps what an editor can show: names within their symbols, and all of it within the text.
fn settle(symbols: &mut Vec<Symbol>, text: &str) {
    symbols.retain_mut(|symbol| {
        symbol.range.start = symbol.range.start.min(symbol.selection.start);
        symbol.range.end = symbol.range.end.max(symbol.selection.end);
        settle(&mut symbol.children, text);
        text.get(symbol.range.clone()).is_some() && text.get(symbol.selection.clone()).is_some()
    });
    symbols.sort_by_key(|symbol| symbol.range.start);
}

fn entries<'n>(node: &'n Node, symbol: impl Fn(&'n Key, &'n Node) -> Symbol) -> Vec<Symbol> {
    node.entries().iter().map(|(key, node)| symbol(key, node)).collect()
}

fn symbol(key: &Key, node: &Node, kind: SymbolKind, detail: Option<&str>, children: Vec<Symbol>) -> Symbol {
    Symbol {
        name: if key.name.trim().is_empty() { "(empty)".to_owned() } else { crate::text::shown(&key.name) },
        detail: detail.map(crate::text::shown).filter(|detail| !detail.is_empty()),
        kind,
        range: key.span.start..node.span.end.max(key.span.end),
        selection: key.span.clone(),
        children,
    }
}

/// A key of the manifest.
fn top(key: &Key, node: &Node) -> Symbol {
    let children = match key.name.as_str() {
        "tools" => items(node, SymbolKind::Tool, &["name"], |_| Vec::new()),
        "credentials" => items(node, SymbolKind::Credential, &["name"], |_| Vec::new()),
        "capabilities" => items(node, SymbolKind::Capability, &["name"], |capability| {
            capability.get("allow").map(|rules| items(rules, SymbolKind::Rule, &["name"], |_| Vec::new())).unwrap_or_default()
        }),
        "extensions" | "targets" => entries(node, |key, node| symbol(key, node, SymbolKind::Item, None, Vec::new())),
        _ => items(node, SymbolKind::Item, &["id", "name", "alias", "path"], |_| Vec::new()),
    };
    let detail = node.as_word().map(str::to_owned).or_else(|| {
        let count = node.items().len();
        (count > 1).then(|| format!("{count} items"))
    });
    symbol(key, node, SymbolKind::Key, detail.as_deref(), children)
}

/// Items of a list that have a name, under the first of these keys.
fn items(node: &Node, kind: SymbolKind, names: &[&str], children: impl Fn(&Node) -> Vec<Symbol>) -> Vec<Symbol> {
    let named = |item: &Node| {
        let name = names.iter().find_map(|name| item.get(name)).filter(|name| name.as_word().is_some())?;
        let detail = item.text_at("title").or(item.text_at("kind")).or(item.text_at("on"));
        Some(Symbol {
            name: crate::text::shown(name.as_word().filter(|name| !name.trim().is_empty())?),
            detail: detail.map(crate::text::shown),
            kind,
            range: item.span.clone(),
            selection: name.span.clone(),
            children: children(item),
        })
    };
    node.items().iter().filter_map(named).collect()
}

/// Properties and definitions.
fn of_schema(schema: &Node, depth: usize) -> Vec<Symbol> {
    let mut found = Vec::new();
    if depth > MAX_DEPTH {
        return found;
    }
    for (keyword, value) in schema.entries() {
        match keyword.name.as_str() {
            "properties" | "patternProperties" | "$defs" | "definitions" => {
                let kind = if keyword.name.ends_with("roperties") { SymbolKind::Property } else { SymbolKind::Definition };
                for (key, node) in value.entries() {
                    found.push(symbol(key, node, kind, node.text_at("type"), of_schema(node, depth + 1)));
                }
            }
            "items" | "additionalProperties" => found.extend(of_schema(value, depth + 1)),
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                value.items().iter().for_each(|item| found.extend(of_schema(item, depth + 1)));
            }
            _ => {}
        }
    }
    found
}

/// What can be folded: blocks by their indentation, brackets of several lines, comments.
pub fn folding(path: &str, text: &str) -> Vec<Fold> {
    if has_ending(path, &["json"]) { brackets(text) } else { blocks(text) }
}

fn brackets(text: &str) -> Vec<Fold> {
    let (mut open, mut found, mut line): (Vec<usize>, Vec<Fold>, usize) = (Vec::new(), Vec::new(), 0);
    let mut letters = text.bytes();
    while let Some(letter) = letters.next() {
        match letter {
            b'\n' => line += 1,
            b'"' => {
                // A text ends with its line when it has no closing quote.
                while let Some(inner) = letters.next() {
                    match inner {
                        b'\\' => line += usize::from(letters.next() == Some(b'\n')),
                        b'"' => break,
                        b'\n' => {
                            line += 1;
                            break;
                        }
                        _ => {}
                    }
                }
            }
            b'{' | b'[' => open.push(line),
            b'}' | b']' => {
                // The line of the closing bracket stays to be seen.
                if let Some(first) = open.pop().filter(|first| line > first + 1) {
                    found.push(Fold { first, last: line - 1, comment: false });
                }
            }
            _ => {}
        }
    }
    found.sort_by_key(|fold| (fold.first, std::cmp::Reverse(fold.last)));
    found.dedup_by_key(|fold| fold.first);
    found
}

fn blocks(text: &str) -> Vec<Fold> {
    let (mut open, mut found): (Vec<(usize, usize)>, Vec<Fold>) = (Vec::new(), Vec::new());
    let (mut last, mut comment): (usize, Option<usize>) = (0, None);
    let mut close = |open: &mut Vec<(usize, usize)>, level: usize, last: usize| {
        while let Some((_, first)) = open.pop_if(|(one, _)| *one >= level) {
            if last > first {
                found.push(Fold { first, last, comment: false });
            }
        }
    };
    let mut comments = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let content = line.trim_start();
        if content.starts_with('#') {
            comment = comment.or(Some(number));
            continue;
        }
        if let Some(first) = comment.take().filter(|first| number > first + 1) {
            comments.push(Fold { first, last: number - 1, comment: true });
        }
        if content.trim_end().is_empty() {
            continue;
        }
        let indent = line.len() - content.len();
        // A dash stands in its key's column, and yet belongs below it.
        let level = indent * 2 + usize::from(content.starts_with("- ") || content.trim_end() == "-");
        close(&mut open, level, last);
        open.push((level, number));
        last = number;
    }
    close(&mut open, 0, last);
    found.extend(comments);
    found.sort_by_key(|fold| (fold.first, std::cmp::Reverse(fold.last)));
    found.dedup_by_key(|fold| fold.first);
    found
}

/// Paths in a text that lead to files of the pack.
pub fn links(pack: &Pack<'_>, path: &str, text: &str) -> Vec<Link> {
    let there = |file: &str| {
        let entry = pack.entries.binary_search_by(|entry| entry.path.as_str().cmp(file));
        entry.is_ok_and(|at| pack.entries[at].is_file())
    };
    let uses = uses::of_file(pack, path, text).into_iter();
    let paths = uses.filter_map(|one| match one.thing {
        Thing::File(file) if there(&file) => Some(Link { range: one.range, file }),
        _ => None,
    });
    let mut links: Vec<Link> = paths.filter(|link| text.get(link.range.clone()).is_some()).collect();
    links.sort_by_key(|link| link.range.start);
    links
}

/// What holds in a part of the manifest without being written there.
pub fn inlays(pack: &Pack<'_>, path: &str, text: &str, part: Range<usize>) -> Vec<Inlay> {
    let mut found = Vec::new();
    if path != MANIFEST {
        return found;
    }
    let items = |key: &str| pack.root.get(key).map(Node::items).unwrap_or_default().iter();
    let shown = |node: &&Node| node.span.start < part.end && part.start < node.span.end;
    items("tools").filter(shown).for_each(|tool| of_tool(tool, &mut found));
    items("capabilities").filter(shown).for_each(|capability| of_capability(capability, &mut found));
    found.retain(|inlay| part.contains(&inlay.offset) && text.is_char_boundary(inlay.offset));
    found.sort_by_key(|inlay| inlay.offset);
    found
}

fn of_tool(tool: &Node, out: &mut Vec<Inlay>) {
    let Some(name) = tool.get("name").filter(|name| name.as_text().is_some()) else { return };
    let limits = tool.get("limits");
    let left_out = |key: &str| limits.is_none_or(|limits| limits.get(key).and_then(whole).is_none());
    let usual = Limits::USUAL;
    let said = [
        ("timeout_ms", milliseconds(usual.timeout_ms)),
        ("memory_mb", format!("{} MB", usual.memory_mb)),
        ("output_kb", format!("{} KB out", usual.output_kb)),
    ];
    let words: Vec<String> = said.into_iter().filter(|(key, _)| left_out(key)).map(|(_, word)| word).collect();
    let place = limits.filter(|limits| matches!(limits.value, Value::Map(_)));
    if !words.is_empty() && (limits.is_none() || place.is_some()) {
        out.push(Inlay {
            offset: place.unwrap_or(name).span.end,
            label: words.join(" · "),
            tooltip: format!("What `limits` does not say is the usual: {}.", limits_in_words(usual)),
        });
    }
    if let Some((node, path)) = tool.get("handler").and_then(|node| Some((node, node.as_text()?)))
        && let Some(path) = inside(path)
    {
        let function = name.as_text().unwrap_or_default();
        let told = match path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).as_deref() {
            Some("ts" | "js" | "mts" | "mjs") => {
                Some((format!("inline: {function}()"), "The exported function has the tool's name. `export` can name another."))
            }
            Some("wasm") => Some(("component".to_owned(), "A program that reads its input on stdin says `kind: command`.")),
            Some("go" | "rs") => Some(("built to a command".to_owned(), "The source is compiled when it is saved.")),
            _ => None,
        };
        out.extend(told.map(|(label, tooltip)| Inlay { offset: node.span.end, label, tooltip: tooltip.to_owned() }));
    }
}

fn of_capability(capability: &Node, out: &mut Vec<Inlay>) {
    if let (Some(name), None, Some(_)) = (capability.get("name"), capability.get("budgets"), capability.get("allow")) {
        let tooltip = "Nothing limits how many requests a run may make. `budgets` does.".to_owned();
        out.push(Inlay { offset: name.span.end, label: "no budget".to_owned(), tooltip });
    }
    for rule in capability.get("allow").map(Node::items).unwrap_or_default() {
        if let (Some(methods), None) = (rule.get("methods"), rule.get("paths")) {
            let tooltip = "Every path of these hosts is allowed. `paths` says which are.".to_owned();
            out.push(Inlay { offset: methods.span.end, label: "any path".to_owned(), tooltip });
        }
    }
}
