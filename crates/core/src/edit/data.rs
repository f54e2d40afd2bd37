//! What a text says, without its layout: values with their keys in order and their numbers as they are spelled.

use super::{Place, Step, What};
use crate::text::shown;
use crate::yaml::{self, Node};
use serde_json::Value;
use std::fmt;

/// A value for a text. Unlike [`serde_json::Value`] it keeps the order of keys and the spelling of numbers.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    Null,
    Bool(bool),
    /// A number as it is to be written: `1.50`.
    Number(String),
    Text(String),
    List(Vec<Data>),
    Map(Vec<(String, Data)>),
}

/// Why a change means nothing for a value, in words that fit behind "line 3, column 5: ".
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Meaningless {
    /// How many steps of the path were found.
    pub(super) found: usize,
    pub(super) message: String,
    pub(super) hint: &'static str,
}

const CHANGED: &str = "look whether the text has changed in the meantime, and try again";
const OTHER_NAME: &str = "choose another name";
const BY_HAND: &str = "change it by hand";

impl Data {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A mapping with its keys in this order.
    pub fn map<K: Into<String>, V: Into<Self>>(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }

    /// True for what is no list and no mapping.
    pub(super) fn is_scalar(&self) -> bool {
        !matches!(self, Self::List(_) | Self::Map(_))
    }

    /// True for a list or mapping without anything in it.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::List(items) => items.is_empty(),
            Self::Map(entries) => entries.is_empty(),
            _ => false,
        }
    }

    /// The value behind one step.
    pub(super) fn at(&self, step: &Step) -> Option<&Self> {
        match (self, step) {
            (Self::Map(entries), Step::Key(name)) => entries.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            (Self::List(items), Step::Index(index)) => items.get(*index),
            _ => None,
        }
    }

    fn at_mut(&mut self, step: &Step) -> Option<&mut Self> {
        match (self, step) {
            (Self::Map(entries), Step::Key(name)) => entries.iter_mut().find(|(key, _)| key == name).map(|(_, value)| value),
            (Self::List(items), Step::Index(index)) => items.get_mut(*index),
            _ => None,
        }
    }

    /// The value behind a path.
    pub(super) fn find(&self, path: &[Step]) -> Option<&Self> {
        path.iter().try_fold(self, |at, step| at.at(step))
    }

    /// Where a new entry comes to stand among the entries of this list or mapping.
    pub(super) fn index_of(&self, place: &Place) -> Option<usize> {
        let count = match self {
            Self::List(items) => items.len(),
            Self::Map(entries) => entries.len(),
            Self::Null => 0,
            _ => return None,
        };
        let position = |name: &str| match self {
            Self::Map(entries) => entries.iter().position(|(key, _)| key == name),
            _ => None,
        };
        match place {
            Place::First => Some(0),
            Place::Last => Some(count),
            Place::At(index) => (*index <= count).then_some(*index),
            Place::After(name) => position(name).map(|at| at + 1),
            Place::Before(name) => position(name),
        }
    }

    /// The same change made here: what the text must say when it is made there.
    pub(super) fn change(&mut self, path: &[Step], what: &What) -> Result<(), Meaningless> {
        let inside = match what {
            What::Insert { .. } => path.len(),
            _ => path.len().saturating_sub(1),
        };
        let mut node = self;
        for (found, step) in path[..inside].iter().enumerate() {
            let said = missing(node, step);
            node = node.at_mut(step).ok_or(Meaningless { found, message: said, hint: CHANGED })?;
        }
        let wrong = |message: String| Meaningless { found: inside, message, hint: CHANGED };
        let taken =
            |name: &str| Meaningless { found: inside, message: format!("`{}` is there already", shown(name)), hint: OTHER_NAME };
        let refused = |message: String| Meaningless { found: inside, message, hint: BY_HAND };
        match (what, path.last()) {
            (What::Set(value), None) => *node = value.clone(),
            (What::Set(value), Some(step)) => {
                let said = missing(node, step);
                *node.at_mut(step).ok_or_else(|| wrong(said))? = value.clone();
            }
            (What::Insert { place, key, value }, _) => {
                let index = node.index_of(place);
                if *node == Self::Null {
                    *node = if key.is_some() { Self::Map(Vec::new()) } else { Self::List(Vec::new()) };
                }
                if node.is_scalar() {
                    return Err(refused(format!("nothing can be put into {}", node.kind())));
                }
                let index = index.ok_or_else(|| wrong(format!("there is no {place} here")))?;
                match (node, key) {
                    (Self::Map(entries), Some(name)) if entries.iter().any(|(key, _)| key == name) => {
                        return Err(taken(name));
                    }
                    (Self::Map(entries), Some(name)) => entries.insert(index, (name.clone(), value.clone())),
                    (Self::List(items), None) => items.insert(index, value.clone()),
                    (Self::Map(_), None) => return Err(refused("what is put into a mapping needs a key".to_owned())),
                    (node, _) => return Err(refused(format!("{} takes no key", node.kind()))),
                }
            }
            (_, None) => return Err(refused("the whole text has no place of its own to be taken from".to_owned())),
            (What::Remove, Some(step)) => {
                let index = node.position(step).ok_or_else(|| wrong(missing(node, step)))?;
                match node {
                    Self::Map(entries) => drop(entries.remove(index)),
                    Self::List(items) => drop(items.remove(index)),
                    _ => {}
                }
            }
            (What::Rename(new), Some(step)) => {
                let index = node.position(step).ok_or_else(|| wrong(missing(node, step)))?;
                let Self::Map(entries) = node else { return Err(refused("only a key has a name".to_owned())) };
                if entries.iter().enumerate().any(|(at, (key, _))| key == new && at != index) {
                    return Err(taken(new));
                }
                entries[index].0.clone_from(new);
            }
            (What::Move(to), Some(step)) => {
                let from = node.position(step).ok_or_else(|| wrong(missing(node, step)))?;
                let beyond = || wrong(format!("there is no place {to} to move it to"));
                match node {
                    Self::Map(entries) if *to < entries.len() => {
                        let entry = entries.remove(from);
                        entries.insert(*to, entry);
                    }
                    Self::List(items) if *to < items.len() => {
                        let item = items.remove(from);
                        items.insert(*to, item);
                    }
                    _ => return Err(beyond()),
                }
            }
        }
        Ok(())
    }

    /// Which entry a step names.
    pub(super) fn position(&self, step: &Step) -> Option<usize> {
        match (self, step) {
            (Self::Map(entries), Step::Key(name)) => entries.iter().position(|(key, _)| key == name),
            (Self::List(items), Step::Index(index)) => (*index < items.len()).then_some(*index),
            _ => None,
        }
    }

    /// What it is, in the words of a message.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
        }
    }
}

fn missing(node: &Data, step: &Step) -> String {
    match (node, step) {
        (Data::Map(_), Step::Key(name)) => format!("there is no `{}` here", shown(name)),
        (Data::List(items), Step::Index(index)) => format!("there is no item {index} here; the list has {}", items.len()),
        (other, Step::Key(name)) => format!("`{}` is looked for in {}", shown(name), other.kind()),
        (other, Step::Index(_)) => format!("an item is looked for in {}", other.kind()),
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::First | Self::Last => out.write_str("place for it"),
            Self::At(index) => write!(out, "place {index}"),
            Self::After(name) | Self::Before(name) => write!(out, "`{}`", shown(name)),
        }
    }
}

impl From<&Node> for Data {
    fn from(node: &Node) -> Self {
        match &node.value {
            yaml::Value::Null => Self::Null,
            yaml::Value::Bool(yes) => Self::Bool(*yes),
            yaml::Value::Number(written) => Self::Number(written.clone()),
            yaml::Value::Text(text) => Self::Text(text.clone()),
            yaml::Value::List(items) => Self::List(items.iter().map(Self::from).collect()),
            yaml::Value::Map(entries) => {
                Self::Map(entries.iter().map(|(key, value)| (key.name.clone(), Self::from(value))).collect())
            }
        }
    }
}

impl From<Value> for Data {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(yes) => Self::Bool(yes),
            Value::Number(number) => Self::Number(number.to_string()),
            Value::String(text) => Self::Text(text),
            Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Value::Object(entries) => Self::Map(entries.into_iter().map(|(key, value)| (key, Self::from(value))).collect()),
        }
    }
}

impl From<&str> for Data {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<bool> for Data {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}
