//! Schemas of tools as trees with places, for targets that look into them.
//!
//! They are read again here, because only a target that is named asks, and most packs name none.

use super::Asked;
use crate::folder::MANIFEST;
use crate::json;
use crate::rules::manifest::inside;
use crate::yaml::{Node, Value};
use std::borrow::Cow;

/// A schema and the file that it stands in.
pub(super) struct Schema<'a> {
    pub(super) file: String,
    pub(super) root: Cow<'a, Node>,
}

/// The schema behind a tool's `input` or `output`; `None` when it is missing, no JSON, or no schema, which others tell.
pub(super) fn of<'a>(asked: &Asked<'a>, tool: &'a Node, key: &str) -> Option<Schema<'a>> {
    let node = tool.get(key)?;
    match &node.value {
        Value::Map(_) => Some(Schema { file: MANIFEST.to_owned(), root: Cow::Borrowed(node) }),
        Value::Text(path) => {
            let path = inside(path)?;
            let text = asked.pack.ctx.text(&path)?;
            let (root, faults) = json::parse(text.as_str());
            (faults.is_empty() && matches!(root.value, Value::Map(_))).then_some(Schema { file: path, root: Cow::Owned(root) })
        }
        _ => None,
    }
}
