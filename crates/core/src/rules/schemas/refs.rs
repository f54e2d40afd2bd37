//! `$ref`: where each leads, and whether it ever arrives.

use super::look::{Found, Look};
use super::{DEAD_REF, ENDLESS_REF, GROWING_REFS, REMOTE_REF, Rule};
use crate::model::yaml_to_json;
use crate::nearest::Near;
use crate::schema::{SchemaError, decoded};
use crate::text::shown;
use crate::yaml::{Node, Value};
use std::collections::HashMap;
use std::ops::Range;
use url::Url;

/// A reference as it was met.
#[derive(Debug)]
pub(super) struct Use<'a> {
    pub written: &'a str,
    pub span: &'a Range<usize>,
    /// The schema that it stands in.
    pub holder: &'a Node,
    pub base: &'a Node,
    /// `$ref`, whose end does not depend on the way that led there.
    pub static_one: bool,
}

/// A reference, and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    pub written: String,
    pub span: Range<usize>,
    pub leads: Leads,
}

/// Where a reference leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leads {
    /// To a place in the same schema.
    Here,
    /// To another file of the pack, and a place in it.
    File { path: String, fragment: String },
    /// To what is not there, which was told.
    Nowhere,
}

/// Settles every reference of a walk.
pub(super) fn settle<'a>(look: &mut Look<'a>) -> Vec<Reference> {
    let uses = std::mem::take(&mut look.found.refs);
    let addresses = Addresses::of(look.root, &look.found);
    let mut ends: HashMap<*const Node, (&'a Node, &'a Range<usize>)> = HashMap::new();
    let mut settled = Vec::with_capacity(uses.len());
    for one in &uses {
        let leads = match find(look, &addresses, one) {
            Ok((Leads::Here, Some(target))) => {
                if one.static_one {
                    ends.insert(std::ptr::from_ref(one.holder), (target, one.span));
                }
                Leads::Here
            }
            Ok((leads, _)) => leads,
            Err(told) => {
                tell(look, one, told);
                Leads::Nowhere
            }
        };
        settled.push(Reference { written: one.written.to_owned(), span: one.span.clone(), leads });
    }
    if !endless(look, &uses, &ends) && !look.found.broken {
        weigh(look, &uses, &addresses);
    }
    settled
}

/// Most names and references, multiplied, of a schema that is weighed.
const MAX_NAMED: usize = 2_000_000;

/// Counts what the schema comes to, and tells references that are more than can be used.
fn weigh(look: &mut Look<'_>, uses: &[Use<'_>], addresses: &Addresses<'_>) {
    let named = addresses.full.len() + look.found.anchors.len();
    if uses.is_empty() || named.saturating_mul(uses.len()) > MAX_NAMED {
        return;
    }
    match crate::schema::weigh(&yaml_to_json(look.root)) {
        Ok(weight) => look.found.weight = Some(weight),
        Err(growth) => {
            let blamed = growth.reference.and_then(|written| uses.iter().find(|one| one.written == written));
            let span = blamed.unwrap_or(&uses[0]).span;
            let (message, hint) = grown(&growth.error);
            look.tell(&GROWING_REFS, span, format!("this reference {message}")).hints.push(hint.to_owned());
        }
    }
}

/// What is told of references that come to too much, and what to do.
pub(super) fn grown(error: &SchemaError) -> (&'static str, &'static str) {
    match error {
        SchemaError::TooDeep => (
            "leads on through more than a thousand levels",
            "Let it name the schema that is meant at once, instead of one that names the next.",
        ),
        _ => (
            "and those behind it multiply to more than a million parts",
            "Let each part name the next once: twice at every step doubles all that is behind it.",
        ),
    }
}

/// Why a reference does not arrive.
struct Dead {
    rule: &'static Rule,
    message: String,
    /// What was meant, and whether nothing else can have been.
    near: Option<(String, bool)>,
    hint: &'static str,
}

fn tell(look: &mut Look<'_>, one: &Use<'_>, dead: Dead) {
    let near = dead.near.as_ref().map(|(word, certain)| Near { word, certain: *certain });
    look.tell_meant(dead.rule, one.span, dead.message, near, dead.hint);
}

/// The `$id`s of a schema as full addresses.
struct Addresses<'a> {
    root: Option<Url>,
    full: HashMap<String, &'a Node>,
}

impl<'a> Addresses<'a> {
    fn of(root: &'a Node, found: &Found<'a>) -> Self {
        let base = root.text_at("$id").or_else(|| root.text_at("id")).and_then(|id| Url::parse(id).ok());
        let full = |id: &str| match &base {
            Some(base) => base.join(id).map_or_else(|_| id.to_owned(), |url| url.to_string()),
            None => id.to_owned(),
        };
        let full = found.ids.iter().map(|(id, node)| (full(id), *node)).collect();
        Self { root: base, full }
    }

    fn get(&self, document: &str) -> Option<&'a Node> {
        let joined = self.root.as_ref().and_then(|base| base.join(document).ok()).map(|url| url.to_string());
        self.full.get(document).or_else(|| joined.and_then(|joined| self.full.get(&joined))).copied()
    }
}

fn find<'a>(look: &Look<'a>, addresses: &Addresses<'a>, one: &Use<'a>) -> Result<(Leads, Option<&'a Node>), Dead> {
    let (document, fragment) = one.written.split_once('#').unwrap_or((one.written, ""));
    let fragment = decoded(fragment);
    let inside = if document.is_empty() { Some(one.base) } else { addresses.get(document) };
    if let Some(base) = inside {
        let anchored = || look.found.anchors.get(fragment.as_str()).copied();
        let target = match fragment.as_str() {
            "" => Some(base),
            pointer if pointer.starts_with('/') => pointed(base, pointer).or_else(|| pointed(look.root, pointer)),
            _ => anchored(),
        };
        return match target {
            Some(target) => Ok((Leads::Here, Some(target))),
            None => Err(Dead {
                rule: &DEAD_REF,
                message: format!("`{}` leads nowhere: the schema has no such place", shown(one.written)),
                near: nearest_place(look, document, &fragment),
                hint: "Add what it names below `$defs`, or mend the reference.",
            }),
        };
    }
    if is_draft(document) {
        return Ok((Leads::Here, None));
    }
    if has_scheme(document) || document.starts_with("//") {
        let network = ["http:", "https:", "ftp:", "//"].iter().any(|start| document.to_ascii_lowercase().starts_with(start));
        return Err(if network {
            Dead {
                rule: &REMOTE_REF,
                message: format!("`{}` leads to the network, and nothing is ever fetched", shown(one.written)),
                near: None,
                hint: "Copy what it names below `$defs`, and write `#/$defs/name`.",
            }
        } else {
            Dead {
                rule: &DEAD_REF,
                message: format!("`{}` leads nowhere: no part of the schema has that `$id`", shown(one.written)),
                near: None,
                hint: "Write `#/$defs/name` for a part of this schema, or the path of a file in the pack.",
            }
        });
    }
    match beside(look.file, &decoded(document)) {
        Some(path) if path == look.file => Ok((Leads::Here, None)),
        Some(path) => Ok((Leads::File { path, fragment }, None)),
        None => Err(Dead {
            rule: &DEAD_REF,
            message: format!("`{}` leads out of the pack", shown(one.written)),
            near: None,
            hint: "Write a path that stays in the pack, from the folder of this file.",
        }),
    }
}

/// What was most likely meant by a pointer: the same way, with the nearest name at its end.
fn nearest_place(look: &Look<'_>, document: &str, fragment: &str) -> Option<(String, bool)> {
    let (way, last) = fragment.rsplit_once('/')?;
    let homes = [way, "/$defs", "/definitions"];
    homes.into_iter().enumerate().find_map(|(number, way)| {
        let home = if way.is_empty() { look.root } else { pointed(look.root, way)? };
        let near = look.guesses.nearest(last, home.entries().iter().map(|(key, _)| key.name.as_str()))?;
        Some((format!("{document}#{way}/{}", crate::schema::escaped(&near)), near.certain && number == 0))
    })
}

/// The place of a JSON pointer.
pub(super) fn pointed<'a>(root: &'a Node, pointer: &str) -> Option<&'a Node> {
    pointer.strip_prefix('/')?.split('/').try_fold(root, |node, part| match &node.value {
        Value::List(items) => items.get(part.parse::<usize>().ok()?),
        _ if part.contains('~') => node.get(&part.replace("~1", "/").replace("~0", "~")),
        _ => node.get(part),
    })
}

/// A path as it stands from the folder of a file; `None` when it leaves the pack.
fn beside(file: &str, path: &str) -> Option<String> {
    if path.starts_with(['/', '\\']) || path.contains('\0') {
        return None;
    }
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// True for the drafts' own schemas, which need no fetching.
fn is_draft(address: &str) -> bool {
    let bare = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://")).unwrap_or(address);
    bare.starts_with("json-schema.org/draft")
}

fn has_scheme(address: &str) -> bool {
    address.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-'))
    })
}

/// Tells references that come back to themselves without having looked at a part of the value. True when there are some.
fn endless<'a>(look: &mut Look<'a>, uses: &[Use<'a>], ends: &HashMap<*const Node, (&'a Node, &'a Range<usize>)>) -> bool {
    let mut ways = Ways { ends, state: HashMap::new(), found: Vec::new() };
    for one in uses.iter().filter(|one| one.static_one) {
        ways.follow(one.holder);
    }
    ways.found.sort_by_key(|span| span.start);
    ways.found.dedup();
    let any = !ways.found.is_empty();
    for span in ways.found {
        look.tell(&ENDLESS_REF, &span, "this reference comes back to itself and never looks at a part of the value")
            .hints
            .push("Let it lead through `properties` or `items`, or take it out.".to_owned());
    }
    any
}

struct Ways<'a, 'b> {
    ends: &'b HashMap<*const Node, (&'a Node, &'a Range<usize>)>,
    /// True while a schema is being followed, false once that is done.
    state: HashMap<*const Node, bool>,
    found: Vec<Range<usize>>,
}

/// A step of following: into a schema, by the reference that was followed last (without one no way closes), or out of it.
enum Step<'a> {
    Into(&'a Node, Option<&'a Range<usize>>),
    OutOf(&'a Node),
}

impl<'a> Ways<'a, '_> {
    /// Follows all that speaks of the same value. Ways can be as long as a file, so the steps are not on the stack.
    fn follow(&mut self, node: &'a Node) {
        let mut steps = vec![Step::Into(node, None)];
        while let Some(step) = steps.pop() {
            let (node, last) = match step {
                Step::OutOf(node) => {
                    self.state.insert(std::ptr::from_ref(node), false);
                    continue;
                }
                Step::Into(node, last) => (node, last),
            };
            let own = std::ptr::from_ref(node);
            if let Some(open) = self.state.get(&own) {
                self.found.extend(last.filter(|_| *open).cloned());
                continue;
            }
            self.state.insert(own, true);
            steps.push(Step::OutOf(node));
            let inner = steps.len();
            if let Some((target, span)) = self.ends.get(&own).copied() {
                steps.push(Step::Into(target, Some(span)));
            }
            for (key, value) in node.entries() {
                match key.name.as_str() {
                    "allOf" | "anyOf" | "oneOf" => steps.extend(value.items().iter().map(|item| Step::Into(item, last))),
                    "not" | "if" | "then" | "else" => steps.push(Step::Into(value, last)),
                    "dependentSchemas" => steps.extend(value.entries().iter().map(|(_, item)| Step::Into(item, last))),
                    _ => {}
                }
            }
            // In the order of the text.
            steps[inner..].reverse();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn paths_stand_from_the_folder_of_the_file() {
        assert_eq!(beside("schemas/a.json", "b.json").as_deref(), Some("schemas/b.json"));
        assert_eq!(beside("schemas/a.json", "../data/./b.json").as_deref(), Some("data/b.json"));
        assert_eq!(beside("pack.yaml", "schemas/b.json").as_deref(), Some("schemas/b.json"));
        assert_eq!(beside("schemas/a.json", "../../b.json"), None);
        assert_eq!(beside("schemas/a.json", "/b.json"), None);
    }
}
