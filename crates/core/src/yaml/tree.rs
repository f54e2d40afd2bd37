//! A tree that was put together from stretches. The next one takes out of it what stayed the same: copying forty thousand nodes for one
//! letter, and taking the old ones apart, costs more than anything a rule does.

use super::blocks::Stretch;
use super::{Node, Value};
use std::collections::HashMap;
use std::ops::{Deref, Range};
use std::sync::Arc;

/// How far ahead of the last item that was found again the next is looked for. Whoever takes out more items pays for one copy.
const NEAR: usize = 64;

/// A tree, and which of its nodes are of which stretch. It reads as its root.
#[derive(Debug, Default)]
pub struct Tree {
    root: Node,
    rows: Vec<Row>,
}

/// A list at the top whose items were read by themselves: what stands behind which entry of the root.
#[derive(Debug)]
pub(super) struct Row {
    pub entry: usize,
    pub pieces: Vec<Piece>,
}

/// So many items of a list, where their stretch begins.
#[derive(Debug)]
pub(super) struct Piece {
    pub stretch: Arc<Stretch>,
    pub at: usize,
    pub nodes: usize,
}

impl Tree {
    /// A tree of a mapping, with the rows among its entries.
    pub(super) fn new(root: Node, rows: Vec<Row>) -> Self {
        Self { root, rows }
    }

    /// The tree alone.
    pub fn into_root(self) -> Node {
        self.root
    }

    /// What another tree may take, by key.
    pub(super) fn into_remains(self) -> HashMap<String, Remains> {
        let Value::Map(entries) = self.root.value else { return HashMap::new() };
        let mut rows = self.rows.into_iter().peekable();
        let mut remains = HashMap::new();
        for (number, (key, node)) in entries.into_iter().enumerate() {
            if let Some(row) = rows.next_if(|row| row.entry == number)
                && let Value::List(items) = node.value
            {
                remains.insert(key.name, Remains { pieces: row.pieces.into_iter(), items: items.into_iter() });
            }
        }
        remains
    }
}

/// Of a text that cannot be cut: there is nothing to take out.
impl From<Node> for Tree {
    fn from(root: Node) -> Self {
        Self { root, rows: Vec::new() }
    }
}

impl Deref for Tree {
    type Target = Node;

    fn deref(&self) -> &Node {
        &self.root
    }
}

/// What is left of a list of an earlier tree.
#[derive(Debug)]
pub(super) struct Remains {
    pieces: std::vec::IntoIter<Piece>,
    items: std::vec::IntoIter<Node>,
}

impl Remains {
    /// Adds the items of a stretch to a list, with the places that they have where it begins now; false when they are not here.
    pub fn take(&mut self, stretch: &Arc<Stretch>, at: usize, into: &mut Vec<Node>) -> bool {
        let found = self.pieces.as_slice().iter().take(NEAR).position(|piece| Arc::ptr_eq(&piece.stretch, stretch));
        let Some(found) = found else { return false };
        for gone in self.pieces.by_ref().take(found) {
            self.items.by_ref().take(gone.nodes).for_each(drop);
        }
        let Some(piece) = self.pieces.next() else { return false };
        into.extend(self.items.by_ref().take(piece.nodes).map(|mut node| {
            shift(&mut node, piece.at, at);
            node
        }));
        true
    }
}

/// Moves every place of a node, and of all below it, from behind one offset to behind another.
fn shift(node: &mut Node, from: usize, to: usize) {
    if from == to {
        return;
    }
    let moved = |span: &Range<usize>| span.start - from + to..span.end - from + to;
    node.span = moved(&node.span);
    node.defined = moved(&node.defined);
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| shift(item, from, to)),
        Value::Map(entries) => {
            for (key, node) in entries {
                key.span = moved(&key.span);
                shift(node, from, to);
            }
        }
        _ => {}
    }
}
