//! Where a place is in a tree that was read: the keys that lead there.

use super::cursor::Step;
use crate::yaml::{Key, Node, Value};
use std::borrow::Cow;

/// A place in a tree.
pub(super) struct Spot<'n> {
    /// What leads to the value; with the cursor on a key, to the key's value.
    pub(super) path: Vec<Step<'n>>,
    /// The key, when the cursor is on one.
    pub(super) key: Option<&'n Key>,
    /// The value.
    pub(super) node: &'n Node,
    /// What holds it, from the outermost in.
    pub(super) above: Vec<&'n Node>,
}

impl Spot<'_> {
    /// The last key of the path.
    pub(super) fn name(&self) -> Option<&str> {
        self.path.iter().rev().find_map(|step| match step {
            Step::Key(key) => Some(&**key),
            Step::Item => None,
        })
    }
}

/// Finds the key or value at a place: the innermost.
pub(super) fn locate<'n>(root: &'n Node, text: &str, offset: usize) -> Option<Spot<'n>> {
    let touches = |start: usize, end: usize| start <= offset && offset <= end;
    let (mut node, mut path, mut above) = (root, Vec::new(), Vec::new());
    loop {
        // What stands below an alias stands elsewhere.
        if text.get(node.span.clone()).is_some_and(|written| written.starts_with('*') && node.span.len() > 1) {
            break;
        }
        let next = match &node.value {
            Value::Map(entries) => {
                let on_key = entries.iter().find(|(key, _)| touches(key.span.start, key.span.end) && !key.span.is_empty());
                if let Some((key, value)) = on_key {
                    above.push(node);
                    path.push(Step::Key(Cow::Borrowed(&key.name)));
                    return Some(Spot { path, key: Some(key), node: value, above });
                }
                let inside =
                    entries.iter().find(|(_, value)| !value.span.is_empty() && touches(value.span.start, value.span.end));
                inside.map(|(key, value)| (Step::Key(Cow::Borrowed(key.name.as_str())), value))
            }
            Value::List(items) => {
                let inside = items.iter().find(|item| !item.span.is_empty() && touches(item.span.start, item.span.end));
                inside.map(|item| (Step::Item, item))
            }
            _ => None,
        };
        let Some((step, inner)) = next else { break };
        above.push(node);
        path.push(step);
        node = inner;
    }
    let scalar = !matches!(node.value, Value::Map(_) | Value::List(_)) && !node.span.is_empty();
    (scalar && touches(node.span.start, node.span.end)).then_some(Spot { path, key: None, node, above })
}

/// The node that a JSON pointer names, and its key.
pub(super) fn pointed<'n>(root: &'n Node, pointer: &str) -> Option<(Option<&'n Key>, &'n Node)> {
    let mut at = (None, root);
    for part in pointer.split('/').skip(1) {
        let name = part.replace("~1", "/").replace("~0", "~");
        at = match &at.1.value {
            Value::Map(entries) => {
                let (key, node) = entries.iter().find(|(key, _)| key.name == name)?;
                (Some(key), node)
            }
            Value::List(items) => (None, items.get(name.parse::<usize>().ok()?)?),
            _ => return None,
        };
    }
    Some(at)
}
