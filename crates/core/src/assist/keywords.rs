//! JSON Schema's keywords, draft 2020-12: which stand where, what they hold, and what they are for.

/// A keyword.
#[derive(Debug)]
pub(super) struct Keyword {
    pub(super) name: &'static str,
    /// What it is for, in a sentence.
    pub(super) about: &'static str,
    pub(super) takes: Takes,
    /// The type that it speaks of; empty for every type.
    pub(super) of: &'static str,
}

/// What a keyword holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    Schema,
    /// Schemas by name.
    Schemas,
    SchemaList,
    /// A schema; a list of them in older drafts.
    SchemaOrList,
    /// One of the types, or a list of them.
    Types,
    Format,
    /// Names of properties.
    Names,
    /// Lists of names, by name.
    NamesByName,
    Reference,
    Number,
    Bool,
    Text,
    Any,
    List,
}

/// A part of a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Schema,
    /// Schemas by name: what `properties` holds.
    Schemas,
    SchemaList,
    /// The value of a keyword.
    Value(&'static str),
    /// An item of the list that a keyword holds.
    Item(&'static str),
    /// A value of which no keyword says anything.
    Data,
}

impl Part {
    /// The part behind a key.
    pub(super) fn key(self, key: &str) -> Self {
        match self {
            Self::Schema => match keyword(key) {
                Some(keyword) => match keyword.takes {
                    Takes::Schema | Takes::SchemaOrList => Self::Schema,
                    Takes::Schemas => Self::Schemas,
                    Takes::SchemaList => Self::SchemaList,
                    Takes::Any | Takes::List => Self::Data,
                    _ => Self::Value(keyword.name),
                },
                None => Self::Data,
            },
            Self::Schemas => Self::Schema,
            Self::Value(name) if keyword(name).is_some_and(|keyword| keyword.takes == Takes::NamesByName) => {
                Self::Value("required")
            }
            _ => Self::Data,
        }
    }

    /// The part of an item.
    pub(super) fn item(self) -> Self {
        match self {
            Self::Schema | Self::SchemaList => Self::Schema,
            Self::Value(name) => Self::Item(name),
            _ => Self::Data,
        }
    }
}

pub(super) fn keyword(name: &str) -> Option<&'static Keyword> {
    KEYWORDS.iter().find(|keyword| keyword.name == name)
}

pub(super) const TYPES: &[(&str, &str)] = &[
    ("object", "A mapping of names to values."),
    ("array", "A list."),
    ("string", "Text."),
    ("integer", "A whole number."),
    ("number", "Any number."),
    ("boolean", "`true` or `false`."),
    ("null", "Nothing: `null`."),
];

pub(super) const FORMATS: &[(&str, &str)] = &[
    ("date-time", "A date with a time and a zone: `2026-01-31T12:00:00Z`."),
    ("date", "A date: `2026-01-31`."),
    ("time", "A time with a zone: `12:00:00Z`."),
    ("duration", "A length of time: `P3DT12H`."),
    ("email", "An e-mail address."),
    ("idn-email", "An e-mail address that may have letters of any script."),
    ("hostname", "A host's name."),
    ("idn-hostname", "A host's name that may have letters of any script."),
    ("ipv4", "An address like `192.0.2.1`."),
    ("ipv6", "An address like `2001:db8::1`."),
    ("uri", "A whole address: `https://example.org/a`."),
    ("uri-reference", "An address, whole or relative."),
    ("iri", "A whole address that may have letters of any script."),
    ("iri-reference", "An address with letters of any script, whole or relative."),
    ("uri-template", "An address with places to fill in: `/books/{id}`."),
    ("uuid", "A UUID."),
    ("json-pointer", "A JSON pointer: `/a/0`."),
    ("relative-json-pointer", "A JSON pointer from some place: `1/a`."),
    ("regex", "A regular expression."),
];

pub(super) const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

const fn of(name: &'static str, of: &'static str, takes: Takes, about: &'static str) -> Keyword {
    Keyword { name, about, takes, of }
}

/// In the order in which people write them.
pub(super) static KEYWORDS: &[Keyword] = &[
    of("$schema", "", Takes::Text, "The draft that the schema is written in."),
    of("title", "", Takes::Text, "A name for people."),
    of("description", "", Takes::Text, "What the value means. Models read this to fill it in."),
    of("type", "", Takes::Types, "What kind of value it is: one word, or a list of them."),
    of("properties", "object", Takes::Schemas, "The schema of each named property."),
    of("required", "object", Takes::Names, "Names of properties that must be there."),
    of(
        "additionalProperties",
        "object",
        Takes::Schema,
        "The schema of every property without one of its own; `false` allows none.",
    ),
    of("items", "array", Takes::SchemaOrList, "The schema of every item, or of those behind `prefixItems`."),
    of("enum", "", Takes::List, "The values that are allowed, as a list."),
    of("const", "", Takes::Any, "The one value that is allowed."),
    of("default", "", Takes::Any, "What is meant when the value is left out. Nothing fills it in."),
    of("examples", "", Takes::List, "Values that show what is meant, as a list."),
    of("format", "string", Takes::Format, "A known form of text: a date, an address."),
    of("pattern", "string", Takes::Text, "A regular expression that the text must match somewhere."),
    of("minLength", "string", Takes::Number, "The fewest characters."),
    of("maxLength", "string", Takes::Number, "The most characters."),
    of("minimum", "number", Takes::Number, "The smallest number."),
    of("maximum", "number", Takes::Number, "The largest number."),
    of("exclusiveMinimum", "number", Takes::Number, "The number must be greater than this."),
    of("exclusiveMaximum", "number", Takes::Number, "The number must be less than this."),
    of("multipleOf", "number", Takes::Number, "The number must be a multiple of this."),
    of("minItems", "array", Takes::Number, "The fewest items."),
    of("maxItems", "array", Takes::Number, "The most items."),
    of("uniqueItems", "array", Takes::Bool, "True when no two items may be equal."),
    of("prefixItems", "array", Takes::SchemaList, "The schemas of the first items, one by one."),
    of("contains", "array", Takes::Schema, "A schema that at least one item must fit."),
    of("minContains", "array", Takes::Number, "How many items at least must fit `contains`."),
    of("maxContains", "array", Takes::Number, "How many items at most may fit `contains`."),
    of("unevaluatedItems", "array", Takes::Schema, "The schema of items that nothing else spoke of; `false` allows none."),
    of("minProperties", "object", Takes::Number, "The fewest properties."),
    of("maxProperties", "object", Takes::Number, "The most properties."),
    of("patternProperties", "object", Takes::Schemas, "The schemas of properties whose names match a regular expression."),
    of("propertyNames", "object", Takes::Schema, "A schema that every property's name must fit."),
    of("dependentRequired", "object", Takes::NamesByName, "Properties that must be there when another one is."),
    of("dependentSchemas", "object", Takes::Schemas, "A schema that must fit as well when a property is there."),
    of(
        "unevaluatedProperties",
        "object",
        Takes::Schema,
        "The schema of properties that nothing else spoke of; `false` allows none.",
    ),
    of("$ref", "", Takes::Reference, "Another schema that must fit: `#/$defs/name`, or a file of the pack."),
    of("$defs", "", Takes::Schemas, "Schemas that others name by `$ref`."),
    of("anyOf", "", Takes::SchemaList, "At least one of these must fit."),
    of("oneOf", "", Takes::SchemaList, "Just one of these must fit. Where they overlap, nothing does: `anyOf` is mostly meant."),
    of("allOf", "", Takes::SchemaList, "All of these must fit."),
    of("not", "", Takes::Schema, "This must not fit."),
    of("if", "", Takes::Schema, "When this fits, `then` must too; when it does not, `else` must."),
    of("then", "", Takes::Schema, "What must fit when `if` does."),
    of("else", "", Takes::Schema, "What must fit when `if` does not."),
    of("deprecated", "", Takes::Bool, "True for what should no longer be used."),
    of("readOnly", "", Takes::Bool, "True for what only an answer has."),
    of("writeOnly", "", Takes::Bool, "True for what only a question has."),
    of("contentMediaType", "string", Takes::Text, "What the text holds: `application/json`."),
    of("contentEncoding", "string", Takes::Text, "How the text is encoded: `base64`."),
    of("contentSchema", "string", Takes::Schema, "The schema of what the text holds."),
    of("$id", "", Takes::Text, "The schema's own address."),
    of("$anchor", "", Takes::Text, "A name that `$ref` can use: `#name`."),
    of("$dynamicRef", "", Takes::Reference, "Like `$ref`, found when the value is checked."),
    of("$dynamicAnchor", "", Takes::Text, "A name that `$dynamicRef` can use."),
    of("$vocabulary", "", Takes::Any, "Which sets of keywords a draft of its own has."),
    of("$comment", "", Takes::Text, "A note for whoever keeps the schema."),
];
