//! One JSON Schema, compiled: what a tool's input and output are held against, said in words for people.
//!
//! Draft 2020-12 unless `$schema` names an older one; formats count; nothing is ever fetched. A schema may come from a stranger, so
//! patterns run in linear time, and what nests too deep or multiplies without end is refused when it is compiled.

use crate::nearest::nearest;
use crate::text::one_line;
pub(crate) use bounds::{MAX_PARTS, Weight, decoded, weigh};
pub use bundle::Bundle;
pub use example::example;
pub use examples::{Examples, examples, examples_of};
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{PatternOptions, ValidationError, Validator};
pub use judge::{Fault, FaultKind, Judgement, judge};
pub use keywords::Draft;
pub use parts::of_parts;
pub(crate) use pattern::{Stopped, runs, states_of};
pub(crate) use references::circles_across;
pub use references::{Files, Reference, Target};
use serde_json::{Map, Value};
use std::fmt;
pub use typescript::{TypedTool, typescript};

mod bounds;
mod bundle;
pub(crate) mod chance;
mod example;
pub(crate) mod examples;
mod judge;
pub(crate) mod keywords;
mod parts;
mod pattern;
pub(crate) mod references;
mod typescript;

/// How deep schemas and values may nest: what reading JSON allows as well. A stack of 2 MB bears five times that.
const MAX_DEPTH: usize = 128;

/// Most violations that a check names: who reads fifty knows what is wrong.
const MAX_VIOLATIONS: usize = 50;

/// How many characters of a value a message repeats.
const SHOWN: usize = 60;

/// A schema, ready to check values.
#[derive(Debug, Clone)]
pub struct Schema {
    value: Value,
    validator: Validator,
}

/// Where a value breaks its schema.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Violation {
    /// A JSON pointer into the value; empty for the whole.
    pub at: String,
    /// A JSON pointer into the schema: the keyword that says so.
    pub rule: String,
    /// What is wrong, to be read after the place: "must be string, is null".
    pub message: String,
}

/// Why something is not a schema that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaError {
    /// Line and column count from 1.
    NotJson {
        message: String,
        line: usize,
        column: usize,
    },
    /// `at` is a JSON pointer into the schema.
    Invalid {
        at: String,
        message: String,
    },
    /// A `$ref` that leads out of the schema.
    Elsewhere {
        reference: String,
    },
    /// A `$ref` that leads nowhere.
    Nowhere {
        reference: String,
    },
    /// A `$ref` to a file that the pack does not have.
    NoFile {
        reference: String,
        path: String,
    },
    /// A file that is referred to is written in another draft.
    OtherDraft {
        file: String,
        draft: &'static str,
        wanted: &'static str,
    },
    /// A `$dynamicRef` that could mean several parts, in a schema of several files.
    Ambiguous,
    /// `$schema` names none of the drafts.
    UnknownDraft {
        named: String,
    },
    TooDeep,
    TooLarge,
}

impl fmt::Display for SchemaError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson { message, line, column } => {
                write!(formatter, "The schema is not JSON: {message}, at line {line}, column {column}.")
            }
            Self::Invalid { at, message } if at.is_empty() => write!(formatter, "The schema {message}."),
            Self::Invalid { at, message } => write!(formatter, "The schema is not valid at `{}`: it {message}.", cut(at)),
            Self::Elsewhere { reference } => write!(
                formatter,
                "`$ref: {}` leads out of the schema, and nothing is fetched. Copy what it names below `$defs` and write `#/$defs/name`.",
                cut(reference)
            ),
            Self::Nowhere { reference } => write!(
                formatter,
                "A `$ref` names `{}`, which the schema does not have. Add it, or mend the reference.",
                cut(reference)
            ),
            Self::NoFile { reference, path } => write!(
                formatter,
                "`$ref: {}` names `{}`, and the pack has no such file, or it is not JSON. Add it, or mend the reference.",
                cut(reference),
                cut(path)
            ),
            Self::OtherDraft { file, draft, wanted } => write!(
                formatter,
                "`{}` is written in {draft}, and the schema that refers to it in {wanted}. Give both the same `$schema`.",
                cut(file)
            ),
            Self::Ambiguous => write!(
                formatter,
                "A `$dynamicRef` could mean parts of several files. Use `$ref`, or bring the schema together in one file."
            ),
            Self::UnknownDraft { named } => write!(
                formatter,
                "`$schema: {}` is not a draft of JSON Schema that is known here. Use `https://json-schema.org/draft/2020-12/schema`.",
                cut(named)
            ),
            Self::TooDeep => {
                write!(formatter, "The schema nests deeper than {MAX_DEPTH} levels. Move inner parts below `$defs`.")
            }
            Self::TooLarge => write!(
                formatter,
                "The schema's references multiply to more than {} parts. Let fewer of them name the same thing over and over.",
                bounds::MAX_PARTS
            ),
        }
    }
}

impl std::error::Error for SchemaError {}

impl Schema {
    /// Compiles a schema's text.
    pub fn compile(json_text: &str) -> Result<Self, SchemaError> {
        Self::from_value(&read(json_text)?)
    }

    /// Compiles the text of a file in a pack, with the files that it refers to.
    pub fn compile_in(path: &str, json_text: &str, files: &Files<'_>) -> Result<Self, SchemaError> {
        Self::from_value_in(path, &read(json_text)?, files)
    }

    /// The same for a schema that was read already. `path` is the file that it stands in: relative references start there.
    pub fn from_value_in(path: &str, value: &Value, files: &Files<'_>) -> Result<Self, SchemaError> {
        bounds::check(value)?;
        if !references::names_a_file(value) {
            return Self::from_value(value);
        }
        let bundle = Bundle::of(path, value, files)?;
        match bundle.files {
            true if bundle.exact => Self::from_value(&bundle.value),
            true => Err(SchemaError::Ambiguous),
            false => Self::from_value(value),
        }
    }

    /// Compiles a schema that was read already.
    pub fn from_value(value: &Value) -> Result<Self, SchemaError> {
        bounds::check(value)?;
        let validator = jsonschema::options()
            .should_validate_formats(true)
            .offline()
            .with_pattern_options(PatternOptions::regex().size_limit(bounds::pattern_size(value)))
            .build(value)
            .map_err(|error| schema_error(&error))?;
        Ok(Self { value: value.clone(), validator })
    }

    /// What is wrong with a value; nothing when it fits. At most fifty, in the order of their places.
    pub fn check(&self, value: &Value) -> Vec<Violation> {
        if bounds::nests_deeper(value, MAX_DEPTH) {
            let message = format!("must not nest deeper than {MAX_DEPTH} levels");
            return vec![Violation { at: String::new(), rule: String::new(), message }];
        }
        // Most values fit, and to know only that is several times faster.
        if self.validator.is_valid(value) {
            return Vec::new();
        }
        let mut violations = Vec::new();
        for error in self.validator.iter_errors(value) {
            self.explain(&error, &mut violations);
            if violations.len() >= MAX_VIOLATIONS {
                break;
            }
        }
        violations.truncate(MAX_VIOLATIONS);
        violations.sort_by(|one, other| (&one.at, &one.message).cmp(&(&other.at, &other.message)));
        violations.dedup();
        violations
    }

    /// The schema itself.
    pub fn value(&self) -> &Value {
        &self.value
    }

    fn explain(&self, error: &ValidationError<'_>, out: &mut Vec<Violation>) {
        let at = error.instance_path().as_str();
        let rule = error.schema_path().as_str();
        let mut add = |at: String, message: String| out.push(Violation { at, rule: rule.to_owned(), message });
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected }
            | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                let properties =
                    rule.rsplit_once('/').and_then(|(parent, _)| self.value.pointer(&format!("{parent}/properties")));
                let known = || properties.and_then(Value::as_object).into_iter().flat_map(Map::keys).map(String::as_str);
                for name in unexpected.iter().take(MAX_VIOLATIONS) {
                    let meant = nearest(name, known()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                    add(format!("{at}/{}", escaped(name)), format!("`{}` is not allowed here{meant}", cut(name)));
                }
            }
            ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
                match closest(at, context) {
                    // It is of one form's kind, so that form's complaint is the one to hear.
                    Some(branch) => branch.iter().for_each(|error| self.explain(error, out)),
                    None => add(at.to_owned(), no_form(error.instance(), at, context)),
                }
            }
            _ => add(at.to_owned(), sentence(error)),
        }
    }
}

fn read(json_text: &str) -> Result<Value, SchemaError> {
    serde_json::from_str(json_text).map_err(|error| {
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default().to_owned();
        SchemaError::NotJson { message, line: error.line(), column: error.column() }
    })
}

/// The one branch whose kind the value has, when there is just one.
fn closest<'e>(at: &str, branches: &'e [Vec<ValidationError<'static>>]) -> Option<&'e [ValidationError<'static>]> {
    let other_kind = |error: &ValidationError<'_>| {
        error.instance_path().as_str() == at
            && matches!(
                error.kind(),
                ValidationErrorKind::Type { .. }
                    | ValidationErrorKind::Constant { .. }
                    | ValidationErrorKind::Enum { .. }
                    | ValidationErrorKind::FalseSchema
            )
    };
    let mut near = branches.iter().filter(|errors| !errors.iter().any(other_kind));
    near.next().filter(|errors| near.next().is_none() && !errors.is_empty()).map(Vec::as_slice)
}

fn no_form(value: &Value, at: &str, branches: &[Vec<ValidationError<'static>>]) -> String {
    let mut wanted = Vec::new();
    for branch in branches {
        match branch.as_slice() {
            [error] if error.instance_path().as_str() == at => match error.kind() {
                ValidationErrorKind::Type { kind } => wanted.push(types(kind)),
                ValidationErrorKind::Constant { expected_value } => wanted.push(said(expected_value)),
                ValidationErrorKind::Enum { options } => wanted.push(choices(options)),
                _ => return no_form_at_all(branches.len(), value),
            },
            _ => return no_form_at_all(branches.len(), value),
        }
    }
    format!("must be {}, is {}", wanted.join(" or "), said(value))
}

fn no_form_at_all(forms: usize, value: &Value) -> String {
    format!("must have one of the {forms} forms that are allowed here, is {}", said(value))
}

/// What one error says, as a sentence without its subject.
fn sentence(error: &ValidationError<'_>) -> String {
    let value = error.instance().as_ref();
    let keyword = error.schema_path().as_str().rsplit('/').next().unwrap_or_default();
    let length = value.as_str().map_or(0, |text| text.chars().count());
    let items = value.as_array().map_or(0, Vec::len);
    let properties = value.as_object().map_or(0, Map::len);
    match error.kind() {
        ValidationErrorKind::Type { kind } => format!("must be {}, is {}", types(kind), said(value)),
        ValidationErrorKind::Required { property } => format!("must have `{}`", cut(property.as_str().unwrap_or_default())),
        ValidationErrorKind::Enum { options } => format!("must be {}, is {}", choices(options), said(value)),
        ValidationErrorKind::Constant { expected_value } => format!("must be {}, is {}", said(expected_value), said(value)),
        ValidationErrorKind::Minimum { limit } => format!("must be at least {limit}, is {}", said(value)),
        ValidationErrorKind::Maximum { limit } => format!("must be at most {limit}, is {}", said(value)),
        ValidationErrorKind::ExclusiveMinimum { limit } => format!("must be more than {limit}, is {}", said(value)),
        ValidationErrorKind::ExclusiveMaximum { limit } => format!("must be less than {limit}, is {}", said(value)),
        ValidationErrorKind::MultipleOf { multiple_of } => format!("must be a multiple of {multiple_of}, is {}", said(value)),
        ValidationErrorKind::MinLength { .. } if length == 0 => "must not be empty".to_owned(),
        ValidationErrorKind::MinLength { limit } => format!("must have at least {}, has {length}", counted(*limit, "character")),
        ValidationErrorKind::MaxLength { limit } => format!("must have at most {}, has {length}", counted(*limit, "character")),
        ValidationErrorKind::MinItems { .. } if items == 0 => "must not be an empty array".to_owned(),
        ValidationErrorKind::MinItems { limit } => format!("must have at least {}, has {items}", counted(*limit, "item")),
        ValidationErrorKind::MaxItems { limit } => format!("must have at most {}, has {items}", counted(*limit, "item")),
        ValidationErrorKind::AdditionalItems { limit } => {
            format!("must have at most {}, has {items}", counted(*limit as u64, "item"))
        }
        ValidationErrorKind::UnevaluatedItems { .. } => "has more items than are allowed here".to_owned(),
        ValidationErrorKind::MinProperties { limit } => {
            format!("must have at least {}, has {properties}", counted(*limit, "property"))
        }
        ValidationErrorKind::MaxProperties { limit } => {
            format!("must have at most {}, has {properties}", counted(*limit, "property"))
        }
        ValidationErrorKind::UniqueItems => "must not hold the same item twice".to_owned(),
        ValidationErrorKind::Contains => match keyword {
            "maxContains" => "holds too many items of a kind of which it may hold only some".to_owned(),
            "minContains" => "holds too few items of a kind of which it must hold some".to_owned(),
            _ => "must hold an item of a kind that it does not hold".to_owned(),
        },
        ValidationErrorKind::Pattern { pattern } => format!("must match the pattern `{}`, is {}", cut(pattern), said(value)),
        ValidationErrorKind::Format { format } if format == "regex" => pattern_fault(value.as_str().unwrap_or_default()),
        ValidationErrorKind::Format { format } => match sample(format) {
            Some(sample) => format!("must be a {format}, as in `{sample}`, is {}", said(value)),
            None => format!("must be a {}, is {}", cut(format), said(value)),
        },
        ValidationErrorKind::PropertyNames { error: inner } => {
            format!(
                "`{}` is no name for a property here: it {}",
                cut(inner.instance().as_str().unwrap_or_default()),
                sentence(inner)
            )
        }
        ValidationErrorKind::FalseSchema => "is not allowed here".to_owned(),
        ValidationErrorKind::Not { .. } => format!("is of the very form that is not allowed here: {}", said(value)),
        ValidationErrorKind::OneOfMultipleValid { .. } => {
            format!("must have just one of the forms that are allowed here and has several: {}", said(value))
        }
        _ => one_line(&error.to_string()).chars().take(4 * SHOWN).collect(),
    }
}

fn schema_error(error: &ValidationError<'_>) -> SchemaError {
    use jsonschema::ReferencingError as Fault;
    match error.kind() {
        ValidationErrorKind::Referencing(Fault::Unretrievable { uri, .. }) => SchemaError::Elsewhere { reference: uri.clone() },
        ValidationErrorKind::Referencing(Fault::UnknownSpecification { specification }) => {
            SchemaError::UnknownDraft { named: specification.clone() }
        }
        ValidationErrorKind::Referencing(Fault::PointerToNowhere { pointer }) => {
            SchemaError::Nowhere { reference: format!("#{pointer}") }
        }
        ValidationErrorKind::Referencing(Fault::NoSuchAnchor { anchor }) => {
            SchemaError::Nowhere { reference: format!("#{anchor}") }
        }
        ValidationErrorKind::AnyOf { context } => {
            let at = error.instance_path().as_str();
            match closest(at, context).and_then(<[_]>::first) {
                Some(inner) => schema_error(inner),
                None => SchemaError::Invalid { at: at.to_owned(), message: no_form(error.instance(), at, context) },
            }
        }
        _ => SchemaError::Invalid { at: error.instance_path().as_str().to_owned(), message: sentence(error) },
    }
}

fn pattern_fault(pattern: &str) -> String {
    let looks = ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|around| pattern.contains(around));
    let repeats =
        pattern.contains("\\k") || pattern.as_bytes().windows(2).any(|pair| pair[0] == b'\\' && matches!(pair[1], b'1'..=b'9'));
    let shown = cut(pattern);
    if looks || repeats {
        format!(
            "has the pattern `{shown}`, which looks around or refers back; such patterns can run for ever, so write it without"
        )
    } else {
        format!("has the pattern `{shown}`, which is not a regular expression, or one that grows too large")
    }
}

fn types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(one) => one.to_string(),
        TypeKind::Multiple(several) => several.iter().map(|one| one.to_string()).collect::<Vec<_>>().join(" or "),
    }
}

fn choices(options: &Value) -> String {
    let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut shown: Vec<String> = options.iter().take(10).map(said).collect();
    if options.len() > shown.len() {
        shown.push(format!("{} more", options.len() - 10));
    }
    match shown.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => shown.concat(),
    }
}

fn counted(number: u64, what: &str) -> String {
    match (number, what.strip_suffix('y')) {
        (1, _) => format!("1 {what}"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        (_, None) => format!("{number} {what}s"),
    }
}

/// A value as a message shows it: whole when it is short.
pub(crate) fn said(value: &Value) -> String {
    match value {
        Value::Array(items) if items.is_empty() => "[]".to_owned(),
        Value::Array(_) => "an array".to_owned(),
        Value::Object(entries) if entries.is_empty() => "{}".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::String(text) => format!("\"{}\"", cut(text)),
        other => other.to_string(),
    }
}

/// Text on one line and no longer than a message bears. Blanks at its ends are kept: they may be the fault.
fn cut(text: &str) -> String {
    let mut line = one_line(&text.chars().take(SHOWN).collect::<String>());
    if text.chars().nth(SHOWN).is_some() {
        line.push('…');
    }
    line
}

/// A name as a part of a JSON pointer.
pub(crate) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A text of a format.
fn sample(format: &str) -> Option<&'static str> {
    Some(match format {
        "date-time" => "2026-01-31T12:00:00Z",
        "date" => "2026-01-31",
        "time" => "12:00:00Z",
        "duration" => "PT30M",
        "email" | "idn-email" => "someone@example.org",
        "hostname" | "idn-hostname" => "example.org",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "uri" | "uri-reference" | "iri" | "iri-reference" => "https://example.org/",
        "uri-template" => "https://example.org/{id}",
        "uuid" => "123e4567-e89b-42d3-a456-426614174000",
        "json-pointer" => "/a/b",
        "relative-json-pointer" => "0/a",
        "regex" => "^a+$",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Schema, SchemaError, example};
    use serde_json::{Value, json};

    /// What is said of a value, one line each.
    fn said_of(schema: &Value, value: Value) -> String {
        let schema = Schema::from_value(schema).unwrap();
        let lines = schema.check(&value).into_iter().map(|found| format!("{} {} [{}]\n", found.at, found.message, found.rule));
        lines.collect()
    }

    fn refused(schema: Value) -> String {
        Schema::from_value(&schema).unwrap_err().to_string()
    }

    #[test]
    fn a_newcomer_is_told_what_is_wrong_and_where() {
        let schema: Value =
            serde_json::from_str(include_str!("../../../packs-samples/open-library/schemas/search_books.input.json")).unwrap();
        assert_eq!(said_of(&schema, json!({"query": "dune"})), "");
        insta::assert_snapshot!(said_of(&schema, json!({"qurey": "dune", "limit": 500, "sort": null})), @"
         must have `query` [/required]
        /limit must be at most 20, is 500 [/properties/limit/maximum]
        /qurey `qurey` is not allowed here; did you mean `query`? [/additionalProperties]
        /sort `sort` is not allowed here [/additionalProperties]
        ");
        insta::assert_snapshot!(said_of(&schema, json!({"query": null, "limit": 2.5})), @"
        /limit must be integer, is 2.5 [/properties/limit/type]
        /query must be string, is null [/properties/query/type]
        ");
        insta::assert_snapshot!(said_of(&schema, json!([])), @" must be object, is [] [/type]");
    }

    #[test]
    fn every_keyword_has_its_sentence() {
        let schema = json!({"properties": {
            "text": {"minLength": 3, "maxLength": 4, "pattern": "^[a-z]+$"}, "number": {"exclusiveMinimum": 0, "exclusiveMaximum": 9, "multipleOf": 2},
            "one": {"enum": ["a", "b", 1]}, "fixed": {"const": "x"}, "kinds": {"type": ["string", "null"]},
            "list": {"minItems": 2, "maxItems": 3, "uniqueItems": true, "contains": {"const": 1}}, "few": {"minProperties": 1, "maxProperties": 1},
            "when": {"format": "date-time"}, "names": {"propertyNames": {"pattern": "^x"}}, "no": false, "not": {"not": {"type": "string"}},
            "pair": {"prefixItems": [{"type": "string"}], "items": false}, "needs": {"dependentRequired": {"a": ["b"]}}, "some": {"contains": {"const": 1}, "minContains": 2},
            "rest": {"unevaluatedProperties": false}, "tail": {"unevaluatedItems": false}
        }});
        insta::assert_snapshot!(said_of(&schema, json!({"text": "ABCDE", "number": 9, "one": "q", "fixed": {}, "kinds": [1], "list": [2], "few": {}, "when": "now"})), @r#"
        /few must have at least 1 property, has 0 [/properties/few/minProperties]
        /fixed must be "x", is {} [/properties/fixed/const]
        /kinds must be null or string, is an array [/properties/kinds/type]
        /list must have at least 2 items, has 1 [/properties/list/minItems]
        /list must hold an item of a kind that it does not hold [/properties/list/contains]
        /number must be a multiple of 2, is 9 [/properties/number/multipleOf]
        /number must be less than 9, is 9 [/properties/number/exclusiveMaximum]
        /one must be "a", "b" or 1, is "q" [/properties/one/enum]
        /text must have at most 4 characters, has 5 [/properties/text/maxLength]
        /text must match the pattern `^[a-z]+$`, is "ABCDE" [/properties/text/pattern]
        /when must be a date-time, as in `2026-01-31T12:00:00Z`, is "now" [/properties/when/format]
        "#);
        insta::assert_snapshot!(said_of(&schema, json!({"text": "", "number": 3, "list": [2, 2, 2, 2], "few": {"a": 1, "b": 1}, "names": {"y": 1}, "no": 1, "not": "a"})), @r#"
        /few must have at most 1 property, has 2 [/properties/few/maxProperties]
        /list must have at most 3 items, has 4 [/properties/list/maxItems]
        /list must hold an item of a kind that it does not hold [/properties/list/contains]
        /list must not hold the same item twice [/properties/list/uniqueItems]
        /names `y` is no name for a property here: it must match the pattern `^x`, is "y" [/properties/names/propertyNames/pattern]
        /no is not allowed here [/properties/no]
        /not is of the very form that is not allowed here: "a" [/properties/not/not]
        /number must be a multiple of 2, is 3 [/properties/number/multipleOf]
        /text must match the pattern `^[a-z]+$`, is "" [/properties/text/pattern]
        /text must not be empty [/properties/text/minLength]
        "#);
        insta::assert_snapshot!(said_of(&schema, json!({"text": "a", "number": 0, "list": [], "pair": ["a", 2], "needs": {"a": 1}, "some": [1], "rest": {"a/b": 1}, "tail": [1]})), @"
        /list must hold an item of a kind that it does not hold [/properties/list/contains]
        /list must not be an empty array [/properties/list/minItems]
        /needs must have `b` [/properties/needs/dependentRequired]
        /number must be more than 0, is 0 [/properties/number/exclusiveMinimum]
        /pair/1 is not allowed here [/properties/pair/items]
        /rest/a~1b `a/b` is not allowed here [/properties/rest/unevaluatedProperties]
        /some holds too few items of a kind of which it must hold some [/properties/some/minContains]
        /tail has more items than are allowed here [/properties/tail/unevaluatedItems]
        /text must have at least 3 characters, has 1 [/properties/text/minLength]
        ");
    }

    #[test]
    fn of_several_forms_the_one_that_was_meant_speaks() {
        let schema = json!({"anyOf": [{"type": "string", "minLength": 2}, {"type": "object", "required": ["id"]}]});
        insta::assert_snapshot!(said_of(&schema, json!({})), @" must have `id` [/anyOf/1/required]");
        insta::assert_snapshot!(said_of(&schema, json!("a")), @" must have at least 2 characters, has 1 [/anyOf/0/minLength]");
        insta::assert_snapshot!(said_of(&schema, json!(5)), @" must be string or object, is 5 [/anyOf]");
        let shapes = json!({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]});
        insta::assert_snapshot!(said_of(&shapes, json!({})), @" must have one of the 2 forms that are allowed here, is {} [/oneOf]");
        insta::assert_snapshot!(said_of(&shapes, json!({"a": 1, "b": 1})), @" must have just one of the forms that are allowed here and has several: an object [/oneOf]");
    }

    #[test]
    fn a_schema_that_cannot_be_used_says_why() {
        let not_json = Schema::compile("{\n  \"type\": }").unwrap_err();
        assert_eq!(not_json, SchemaError::NotJson { message: "expected value".to_owned(), line: 2, column: 11 });
        let said = [
            json!({"$ref": "https://example.com/a.json"}),
            json!({"properties": {"a": {"$ref": "other.json#/x"}}}),
            json!({"$ref": "#/$defs/nope"}),
            json!({"$ref": "#nope"}),
            json!({"$schema": "https://example.com/meta"}),
            json!({"properties": {"a": {"type": "strnig"}}}),
            json!({"required": "a"}),
            json!(5),
            json!({"pattern": "(?=a)b"}),
            json!({"patternProperties": {"(": {}}}),
        ];
        insta::assert_snapshot!(said.into_iter().map(refused).collect::<Vec<_>>().join("\n"), @r#"
        `$ref: https://example.com/a.json` leads out of the schema, and nothing is fetched. Copy what it names below `$defs` and write `#/$defs/name`.
        `$ref: other.json#/x` leads out of the schema, and nothing is fetched. Copy what it names below `$defs` and write `#/$defs/name`.
        A `$ref` names `#/$defs/nope`, which the schema does not have. Add it, or mend the reference.
        A `$ref` names `#nope`, which the schema does not have. Add it, or mend the reference.
        `$schema: https://example.com/meta` is not a draft of JSON Schema that is known here. Use `https://json-schema.org/draft/2020-12/schema`.
        The schema is not valid at `/properties/a/type`: it must be "array", "boolean", "integer", "null", "number", "object" or "string" or array, is "strnig".
        The schema is not valid at `/required`: it must be array, is "a".
        The schema must be boolean or object, is 5.
        The schema is not valid at `/pattern`: it has the pattern `(?=a)b`, which looks around or refers back; such patterns can run for ever, so write it without.
        The schema is not valid at `/patternProperties/(`: it has the pattern `(`, which is not a regular expression, or one that grows too large.
        "#);
    }

    #[test]
    fn older_drafts_count_when_they_are_named() {
        let old = json!({"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 5, "exclusiveMinimum": true});
        assert_eq!(said_of(&old, json!(5)), " must be more than 5, is 5 [/exclusiveMinimum]\n");
        assert_eq!(
            said_of(
                &json!({"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "string"}]}),
                json!(["a", 2])
            ),
            ""
        );
    }

    #[test]
    fn violations_are_counted_out() {
        let many = Value::from(vec![1; 10_000]);
        let found = Schema::from_value(&json!({"items": {"type": "string"}})).unwrap().check(&many);
        assert_eq!(found.len(), 50);
        let mut mixed: serde_json::Map<_, _> = (0..100).map(|number| (number.to_string(), Value::Null)).collect();
        mixed.insert("a".to_owned(), vec![1; 45].into());
        let schema = json!({"properties": {"a": {"items": {"type": "string"}}}, "additionalProperties": false});
        assert_eq!(Schema::from_value(&schema).unwrap().check(&mixed.into()).len(), 50);
        let keys: Value = (0..10_000).map(|number| (number.to_string(), Value::Null)).collect::<serde_json::Map<_, _>>().into();
        assert_eq!(
            Schema::from_value(&json!({"properties": {"a": {}}, "additionalProperties": false})).unwrap().check(&keys).len(),
            50
        );
    }

    #[test]
    fn a_long_value_is_not_repeated_in_full() {
        let found = said_of(&json!({"type": "number"}), json!(format!("line\n{}", "x".repeat(1_000_000))));
        assert!(found.len() < 200 && found.lines().count() == 1, "{found}");
    }

    #[test]
    fn a_stranger_cannot_make_it_run_for_ever() {
        // A pattern that backtracks.
        let found = said_of(&json!({"pattern": "^(a+)+$"}), json!(format!("{}!", "a".repeat(100_000))));
        assert!(found.contains("must match the pattern"), "{found}");
        // One that grows, and many that do.
        assert!(refused(json!({"pattern": "(a{1000}){1000}"})).contains("grows too large"));
        let patterns = |pattern: &str, count: usize| {
            let many = (0..count).map(|number| (format!("{pattern}{number}"), json!({})));
            json!({"patternProperties": many.collect::<serde_json::Map<_, _>>()})
        };
        assert!(Schema::from_value(&patterns("\\p{L}{20}", 10)).is_ok());
        assert!(refused(patterns("\\p{L}{20}", 2000)).contains("grows too large"));
        assert!(Schema::from_value(&patterns("^[a-z0-9-]+$", 2000)).is_ok());
        // References that double at each step, by pointer and by identifier.
        for (id, reference) in
            [("", "#/$defs/a"), ("https://x.org/s", "s#/%24defs/a"), ("https://x.org/s", "https://x.org/s#/$defs/a")]
        {
            let mut schema = json!({"$id": id, "$ref": format!("{reference}0"), "$defs": {"a60": {"type": "string"}}});
            if id.is_empty() {
                schema.as_object_mut().unwrap().remove("$id");
            }
            for step in 0..60 {
                let next = format!("{reference}{}", step + 1);
                schema["$defs"][format!("a{step}")] = json!({"allOf": [{"$ref": next}, {"$ref": next}]});
            }
            assert_eq!(Schema::from_value(&schema).unwrap_err(), SchemaError::TooLarge, "{reference}");
        }
        // Doubling below a base of its own, and by anchors.
        let mut inner = json!({"$id": "inner", "$ref": "#/$defs/a0", "$defs": {"a60": {"type": "string"}}});
        let mut anchored = json!({"$ref": "#a0", "$defs": {"a60": {"$anchor": "a60"}}});
        for step in 0..60 {
            let next = |to: &str| json!([{"$ref": format!("{to}{}", step + 1)}, {"$ref": format!("{to}{}", step + 1)}]);
            inner["$defs"][format!("a{step}")] = json!({"allOf": next("#/$defs/a")});
            anchored["$defs"][format!("a{step}")] = json!({"$anchor": format!("a{step}"), "allOf": next("#a")});
        }
        assert_eq!(Schema::from_value(&json!({"properties": {"a": inner}})).unwrap_err(), SchemaError::TooLarge);
        assert_eq!(Schema::from_value(&anchored).unwrap_err(), SchemaError::TooLarge);
    }

    #[test]
    fn a_schema_that_names_itself_ends() {
        for circle in
            [json!({"$ref": "#"}), json!({"allOf": [{"$ref": "#"}]}), json!({"$anchor": "x", "anyOf": [{"$ref": "#x"}]})]
        {
            assert_eq!(said_of(&circle, json!(1)), "");
            example(&circle);
        }
        let tree = json!({"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#"}}});
        assert!(said_of(&tree, json!({"next": {"next": 1}})).contains("/next/next must be object, is 1"));
        example(&tree);
    }

    #[test]
    fn what_nests_too_deep_is_refused_and_does_no_harm() {
        let deep = |levels: usize| (0..levels).fold(json!({}), |inner, _| json!({ "items": inner }));
        assert!(Schema::from_value(&deep(100)).is_ok());
        assert_eq!(Schema::from_value(&deep(200)).unwrap_err(), SchemaError::TooDeep);
        let value = (0..200).fold(json!(1), |inner, _| json!([inner]));
        let chain: serde_json::Map<_, _> =
            (0..20_000).map(|step| (format!("a{step}"), json!({"$ref": format!("#/$defs/a{}", step + 1)}))).collect();
        assert_eq!(Schema::from_value(&json!({"$ref": "#/$defs/a0", "$defs": chain})).unwrap_err(), SchemaError::TooDeep);
        assert_eq!(said_of(&json!({"items": {"$ref": "#"}}), value), " must not nest deeper than 128 levels []\n");
    }
}
