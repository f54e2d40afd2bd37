//! The words of JSON Schema, as a table: what each takes, which values it says something of, and which drafts have it.

use crate::schema::Draft;

/// What a keyword's value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    Anything,
    Text,
    Bool,
    /// A JSON pointer or an address, as `$ref` has it.
    Reference,
    /// A regular expression.
    Pattern,
    Number,
    /// A number above zero.
    Positive,
    /// A whole number, zero or more.
    Count,
    /// A list of anything.
    Values,
    /// A list of texts, each once.
    Names,
    /// Texts, each with a list of names.
    NameLists,
    /// One of the seven kinds, or a list of them.
    Kinds,
    Schema,
    /// A list of schemas, at least one.
    Schemas,
    /// Names, each with a schema.
    SchemaMap,
    /// The same, the names being patterns.
    PatternMap,
    /// A schema, or a list of them: `items` before 2020-12.
    SchemaOrSchemas,
    /// Names, each with a schema or a list of names: `dependencies`.
    SchemaOrNamesMap,
    /// Addresses, each with true or false: `$vocabulary`.
    BoolMap,
}

/// The kinds of value that a keyword says something of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    All,
    Text,
    Number,
    List,
    Object,
}

/// One keyword.
#[derive(Debug)]
pub(super) struct Keyword {
    pub name: &'static str,
    pub takes: Takes,
    pub of: Of,
    /// The drafts that have it.
    pub since: Draft,
    pub until: Draft,
}

const fn word(name: &'static str, takes: Takes, of: Of, since: Draft, until: Draft) -> Keyword {
    Keyword { name, takes, of, since, until }
}

use Draft::{Four, Seven, Six, Y2019, Y2020};

/// Sorted by name, so that it can be searched.
static KEYWORDS: &[Keyword] = &[
    word("$anchor", Takes::Text, Of::All, Y2019, Y2020),
    word("$comment", Takes::Text, Of::All, Seven, Y2020),
    word("$defs", Takes::SchemaMap, Of::All, Y2019, Y2020),
    word("$dynamicAnchor", Takes::Text, Of::All, Y2020, Y2020),
    word("$dynamicRef", Takes::Reference, Of::All, Y2020, Y2020),
    word("$id", Takes::Text, Of::All, Six, Y2020),
    word("$recursiveAnchor", Takes::Bool, Of::All, Y2019, Y2019),
    word("$recursiveRef", Takes::Reference, Of::All, Y2019, Y2019),
    word("$ref", Takes::Reference, Of::All, Four, Y2020),
    word("$schema", Takes::Text, Of::All, Four, Y2020),
    word("$vocabulary", Takes::BoolMap, Of::All, Y2019, Y2020),
    word("additionalItems", Takes::Schema, Of::List, Four, Y2019),
    word("additionalProperties", Takes::Schema, Of::Object, Four, Y2020),
    word("allOf", Takes::Schemas, Of::All, Four, Y2020),
    word("anyOf", Takes::Schemas, Of::All, Four, Y2020),
    word("const", Takes::Anything, Of::All, Six, Y2020),
    word("contains", Takes::Schema, Of::List, Six, Y2020),
    word("contentEncoding", Takes::Text, Of::Text, Seven, Y2020),
    word("contentMediaType", Takes::Text, Of::Text, Seven, Y2020),
    word("contentSchema", Takes::Schema, Of::Text, Y2019, Y2020),
    word("default", Takes::Anything, Of::All, Four, Y2020),
    word("definitions", Takes::SchemaMap, Of::All, Four, Seven),
    word("dependencies", Takes::SchemaOrNamesMap, Of::Object, Four, Seven),
    word("dependentRequired", Takes::NameLists, Of::Object, Y2019, Y2020),
    word("dependentSchemas", Takes::SchemaMap, Of::Object, Y2019, Y2020),
    word("deprecated", Takes::Bool, Of::All, Y2019, Y2020),
    word("description", Takes::Text, Of::All, Four, Y2020),
    word("else", Takes::Schema, Of::All, Seven, Y2020),
    word("enum", Takes::Values, Of::All, Four, Y2020),
    word("examples", Takes::Values, Of::All, Six, Y2020),
    word("exclusiveMaximum", Takes::Number, Of::Number, Four, Y2020),
    word("exclusiveMinimum", Takes::Number, Of::Number, Four, Y2020),
    word("format", Takes::Text, Of::All, Four, Y2020),
    word("id", Takes::Text, Of::All, Four, Four),
    word("if", Takes::Schema, Of::All, Seven, Y2020),
    word("items", Takes::SchemaOrSchemas, Of::List, Four, Y2020),
    word("maxContains", Takes::Count, Of::List, Y2019, Y2020),
    word("maxItems", Takes::Count, Of::List, Four, Y2020),
    word("maxLength", Takes::Count, Of::Text, Four, Y2020),
    word("maxProperties", Takes::Count, Of::Object, Four, Y2020),
    word("maximum", Takes::Number, Of::Number, Four, Y2020),
    word("minContains", Takes::Count, Of::List, Y2019, Y2020),
    word("minItems", Takes::Count, Of::List, Four, Y2020),
    word("minLength", Takes::Count, Of::Text, Four, Y2020),
    word("minProperties", Takes::Count, Of::Object, Four, Y2020),
    word("minimum", Takes::Number, Of::Number, Four, Y2020),
    word("multipleOf", Takes::Positive, Of::Number, Four, Y2020),
    word("not", Takes::Schema, Of::All, Four, Y2020),
    word("oneOf", Takes::Schemas, Of::All, Four, Y2020),
    word("pattern", Takes::Pattern, Of::Text, Four, Y2020),
    word("patternProperties", Takes::PatternMap, Of::Object, Four, Y2020),
    word("prefixItems", Takes::Schemas, Of::List, Y2020, Y2020),
    word("properties", Takes::SchemaMap, Of::Object, Four, Y2020),
    word("propertyNames", Takes::Schema, Of::Object, Six, Y2020),
    word("readOnly", Takes::Bool, Of::All, Seven, Y2020),
    word("required", Takes::Names, Of::Object, Four, Y2020),
    word("then", Takes::Schema, Of::All, Seven, Y2020),
    word("title", Takes::Text, Of::All, Four, Y2020),
    word("type", Takes::Kinds, Of::All, Four, Y2020),
    word("unevaluatedItems", Takes::Schema, Of::List, Y2019, Y2020),
    word("unevaluatedProperties", Takes::Schema, Of::Object, Y2019, Y2020),
    word("uniqueItems", Takes::Bool, Of::List, Four, Y2020),
    word("writeOnly", Takes::Bool, Of::All, Seven, Y2020),
];

/// The keyword of a name, whatever the draft.
pub(super) fn keyword(name: &str) -> Option<&'static Keyword> {
    KEYWORDS.binary_search_by(|known| known.name.cmp(name)).ok().map(|at| &KEYWORDS[at])
}

impl Keyword {
    /// True when a draft has it.
    pub(super) fn in_draft(&self, draft: Draft) -> bool {
        self.since <= draft && draft <= self.until
    }
}

/// The keywords of a draft.
pub(super) fn names(draft: Draft) -> impl Iterator<Item = &'static str> {
    KEYWORDS.iter().filter(move |known| known.in_draft(draft)).map(|known| known.name)
}

/// What a keyword that 2020-12 no longer has is called there.
pub(super) fn replaced_by(name: &str) -> Option<&'static str> {
    Some(match name {
        "definitions" => "Call it `$defs`, and mend the `$ref`s that lead there.",
        "dependencies" => "Write `dependentRequired` for lists of names, and `dependentSchemas` for schemas.",
        "additionalItems" => "Write `items` for what follows `prefixItems`.",
        "$recursiveRef" => "Write `$dynamicRef`, or a plain `$ref`.",
        "$recursiveAnchor" => "Write `$dynamicAnchor`, or nothing when a plain `$ref` will do.",
        "id" => "Call it `$id`.",
        _ => return None,
    })
}

/// Words of other languages that look like JSON Schema, with what is meant by them.
pub(super) fn said_elsewhere(name: &str) -> Option<&'static str> {
    Some(match name {
        "nullable" => "Write `type: [string, null]`, with the kind that is meant.",
        "example" => "Write `examples`, a list.",
        "optional" => "A property is optional unless the object's `required` names it.",
        "discriminator" => "Give each form in `oneOf` a property with a `const` of its own.",
        "values" | "options" | "choices" | "oneof" => "A closed list of values is written `enum`.",
        "regex" | "regexp" => "Write `pattern`.",
        "min" => "Write `minimum` for numbers, `minLength` for text, `minItems` for lists.",
        "max" => "Write `maximum` for numbers, `maxLength` for text, `maxItems` for lists.",
        "length" => "Write `minLength` and `maxLength`.",
        "divisibleBy" => "Write `multipleOf`.",
        "extends" => "Write `allOf` with a `$ref`.",
        "disallow" => "Write `not`.",
        "help" | "doc" | "hint" | "desc" => "Write `description`.",
        _ => return None,
    })
}

/// Annotations that editors, generators and validators act on, outside the standard: known, and nobody's mistake.
pub(super) fn is_annotation(name: &str) -> bool {
    name.starts_with("x-")
        || name.contains([':', '.', '/', '-'])
        || matches!(
            name,
            "defaultSnippets"
                | "discriminator"
                | "deprecationMessage"
                | "doNotSuggest"
                | "enumDescriptions"
                | "enumNames"
                | "errorMessage"
                | "example"
                | "externalDocs"
                | "examplesDescription"
                | "markdownDescription"
                | "markdownEnumDescriptions"
                | "patternErrorMessage"
                | "propertyOrder"
                | "propertyOrdering"
                | "suggestSortText"
                | "taplo"
                | "tsEnumNames"
                | "tsType"
                | "xml"
        )
}

/// The seven kinds of value.
pub(super) const KINDS: [&str; 7] = ["array", "boolean", "integer", "null", "number", "object", "string"];

/// What other languages call a kind.
pub(super) fn kind_elsewhere(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "str" | "text" | "date" | "datetime" | "date-time" | "uuid" | "url" | "uri" | "email" | "char" => "string",
        "int" | "int32" | "int64" | "long" | "uint" => "integer",
        "float" | "double" | "decimal" | "numeric" => "number",
        "bool" => "boolean",
        "list" | "tuple" | "set" => "array",
        "dict" | "map" | "hash" | "record" | "struct" | "json" => "object",
        "none" | "nil" | "void" | "undefined" => "null",
        _ => return None,
    })
}

/// The formats of the standard: the library knows how each is checked.
pub(super) const FORMATS: [&str; 19] = [
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "idn-email",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "regex",
    "relative-json-pointer",
    "time",
    "uri",
    "uri-reference",
    "uri-template",
    "uuid",
];

/// Formats that are written down elsewhere: `OpenAPI`'s registry. Nothing checks them, and nobody is misled.
pub(super) fn is_other_format(name: &str) -> bool {
    matches!(
        name,
        "base64url"
            | "binary"
            | "byte"
            | "char"
            | "color"
            | "commonmark"
            | "decimal"
            | "decimal128"
            | "double"
            | "double-int"
            | "float"
            | "html"
            | "http-date"
            | "int16"
            | "int32"
            | "int64"
            | "int8"
            | "markdown"
            | "media-range"
            | "multiline"
            | "password"
            | "textarea"
            | "uint16"
            | "uint32"
            | "uint64"
            | "uint8"
            | "unixtime"
    )
}

/// What a format is called in the standard.
pub(super) fn format_elsewhere(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "url" | "link" | "website" | "http-url" | "https" => "uri",
        "datetime" | "timestamp" | "iso8601" | "iso-8601" | "date_time" | "rfc3339" => "date-time",
        "mail" | "e-mail" => "email",
        "guid" => "uuid",
        "ip" | "ip-address" | "ipaddress" => "ipv4",
        "host" | "host-name" | "domain" => "hostname",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{KEYWORDS, keyword};

    #[test]
    fn the_table_is_sorted_so_that_it_can_be_searched() {
        assert!(KEYWORDS.windows(2).all(|pair| pair[0].name < pair[1].name));
        assert_eq!(keyword("minItems").map(|known| known.name), Some("minItems"));
        assert!(keyword("minitems").is_none());
    }
}
