//! Types that know their place: how a tree becomes records, and a record's declaration a table of keys.
//!
//! `records!` is the format's one source. From a declaration it makes the type, its reader and its [`Keys`], so that a
//! field cannot be read without being known to the checker, documented, completed and written into the JSON Schema.

use crate::shape::{Keys, Shape};
use crate::yaml::{Key, Node, Value};
use std::ops::{Deref, Range};

/// Something that a tree can hold.
pub trait Typed: Sized {
    const SHAPE: &'static Shape;

    /// Reads it; `None` for another kind of value, which is a rule's matter.
    fn read(node: &Node) -> Option<Self>;
}

/// A mapping with known keys.
pub trait Record: Typed {
    const KEYS: &'static Keys;
}

/// A value behind a key, with the places of both.
#[derive(Debug, Clone, PartialEq)]
pub struct Field<T> {
    /// Bytes of the key.
    pub key: Range<usize>,
    /// Bytes of the value; empty, behind the key, while it is still to be written.
    pub span: Range<usize>,
    pub value: T,
}

impl<T> Deref for Field<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// An item of a list, with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Item<T> {
    pub span: Range<usize>,
    pub value: T,
}

impl<T> Deref for Item<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// A list: items of another kind than wanted are left out.
pub type List<T> = Vec<Item<T>>;

/// A mapping with any keys.
pub type Table<T> = Vec<(Key, Item<T>)>;

/// Text or a number, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word(pub String);

impl Deref for Word {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// A number, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number(pub String);

/// One or the other.
#[derive(Debug, Clone, PartialEq)]
pub enum Either<A, B> {
    One(A),
    Other(B),
}

/// A path to a JSON Schema, or the schema itself.
#[derive(Debug, Clone, PartialEq)]
pub enum SchemaAt {
    Path(String),
    Inline(Node),
}

impl Typed for String {
    const SHAPE: &'static Shape = &Shape::Text;

    fn read(node: &Node) -> Option<Self> {
        node.as_text().map(str::to_owned)
    }
}

impl Typed for Word {
    const SHAPE: &'static Shape = &Shape::Word;

    fn read(node: &Node) -> Option<Self> {
        node.as_word().map(|word| Self(word.to_owned()))
    }
}

impl Typed for Number {
    const SHAPE: &'static Shape = &Shape::Number;

    fn read(node: &Node) -> Option<Self> {
        match &node.value {
            Value::Number(number) => Some(Self(number.clone())),
            _ => None,
        }
    }
}

impl Typed for bool {
    const SHAPE: &'static Shape = &Shape::Bool;

    fn read(node: &Node) -> Option<Self> {
        match node.value {
            Value::Bool(truth) => Some(truth),
            _ => None,
        }
    }
}

impl Typed for Node {
    const SHAPE: &'static Shape = &Shape::Any;

    fn read(node: &Node) -> Option<Self> {
        Some(node.clone())
    }
}

impl<T: Typed> Typed for List<T> {
    const SHAPE: &'static Shape = &Shape::List(T::SHAPE);

    fn read(node: &Node) -> Option<Self> {
        let item = |item: &Node| Some(Item { span: item.span.clone(), value: T::read(item)? });
        matches!(node.value, Value::List(_)).then(|| node.items().iter().filter_map(item).collect())
    }
}

impl<T: Typed> Typed for Table<T> {
    const SHAPE: &'static Shape = &Shape::Table(T::SHAPE);

    fn read(node: &Node) -> Option<Self> {
        let entry = |(key, value): &(Key, Node)| Some((key.clone(), Item { span: value.span.clone(), value: T::read(value)? }));
        matches!(node.value, Value::Map(_)).then(|| node.entries().iter().filter_map(entry).collect())
    }
}

impl<A: Typed, B: Typed> Typed for Either<A, B> {
    const SHAPE: &'static Shape = &Shape::Either(A::SHAPE, B::SHAPE);

    fn read(node: &Node) -> Option<Self> {
        A::read(node).map(Self::One).or_else(|| B::read(node).map(Self::Other))
    }
}

impl Typed for SchemaAt {
    const SHAPE: &'static Shape = &Shape::Either(&Shape::Text, &Shape::Table(&Shape::Any));

    fn read(node: &Node) -> Option<Self> {
        match &node.value {
            Value::Text(path) => Some(Self::Path(path.clone())),
            // `true` is a schema as well: anything.
            Value::Map(_) | Value::Bool(_) => Some(Self::Inline(node.clone())),
            _ => None,
        }
    }
}

/// Puts what stands behind a key into its field. The first of two stays; the second is a rule's matter.
pub(super) fn put<T: Typed>(field: &mut Option<Field<T>>, key: &Key, node: &Node) {
    if field.is_none()
        && let Some(value) = T::read(node)
    {
        *field = Some(Field { key: key.span.clone(), span: node.span.clone(), value });
    }
}

/// Declares records: `/// about`, `Type "in a message" { /// about  field as "key": Type => builder(…), …; }`.
macro_rules! records {
    ($(
        $(#[doc = $about:literal])+
        $name:ident $of:literal {
            $(
                $(#[doc = $doc:literal])+
                $field:ident $(as $key:literal)? : $type:ty $(=> $($with:ident($($argument:expr),*)),+)? ;
            )+
        }
    )+) => {$(
        $(#[doc = $about])+
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct $name {
            $( $(#[doc = $doc])+ pub $field: Option<crate::manifest::typed::Field<$type>>, )+
        }

        impl crate::manifest::typed::Record for $name {
            const KEYS: &'static crate::shape::Keys = &crate::shape::Keys {
                name: stringify!($name),
                of: $of,
                about: concat!($($about),+),
                keys: &[ $(
                    crate::shape::KeyInfo::new(
                        crate::manifest::typed::key_name!($field $($key)?),
                        concat!($($doc),+),
                        <$type as crate::manifest::typed::Typed>::SHAPE,
                    )$($(.$with($($argument),*))+)?
                ),+ ],
            };
        }

        impl crate::manifest::typed::Typed for $name {
            const SHAPE: &'static crate::shape::Shape =
                &crate::shape::Shape::Map(<Self as crate::manifest::typed::Record>::KEYS);

            fn read(node: &crate::yaml::Node) -> Option<Self> {
                if !matches!(node.value, crate::yaml::Value::Map(_)) {
                    return None;
                }
                let mut record = Self::default();
                for (key, value) in node.entries() {
                    $( if key.name == crate::manifest::typed::key_name!($field $($key)?) {
                        crate::manifest::typed::put(&mut record.$field, key, value);
                    } )+
                }
                Some(record)
            }
        }
    )+};
}

/// A field's key: its own name, or the one given for a name that is Rust's.
macro_rules! key_name {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $key:literal) => {
        $key
    };
}

pub(crate) use {key_name, records};
