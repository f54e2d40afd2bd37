//! Schemas of tools as trees with places, for targets that look into them.

use super::Asked;
use crate::content::Facts;
use crate::folder::MANIFEST;
use crate::rules::manifest::inside;
use crate::yaml::{Node, Value};

/// A schema and the file that it stands in.
pub(super) struct Schema<'a> {
    pub(super) file: String,
    pub(super) root: &'a Node,
}

/// The schema behind a tool's `input` or `output`; `None` when it is missing, no JSON, or no schema, which others tell.
pub(super) fn of<'a>(asked: &Asked<'a>, tool: &'a Node, key: &str) -> Option<Schema<'a>> {
    let node = tool.get(key)?;
    match &node.value {
        Value::Map(_) => Some(Schema { file: MANIFEST.to_owned(), root: node }),
        Value::Text(path) => {
            let path = inside(path)?;
            let Facts::Schema(facts) = &asked.pack.contents.get(&path)?.facts else { return None };
            (facts.valid && matches!(facts.root.value, Value::Map(_))).then_some(Schema { file: path, root: &facts.root })
        }
        _ => None,
    }
}
