//! Judging a schema as a schema: is it one, by the draft that it names, do its references lead somewhere, can its patterns be run?
//!
//! Nothing is compiled for it. A draft's own schema is compiled once and then only asked, so that the four hundred schemas of a large
//! pack are judged between two keystrokes.

use super::keywords::{Draft, children};
use super::references::{Documents, Files, Reference, Target, circles, holder};
use super::{MAX_DEPTH, MAX_VIOLATIONS, SchemaError, bounds, cut, escaped, pattern, schema_error};
use serde_json::Value;
use std::fmt;

/// What there is to say of a schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The draft that it is read by.
    pub draft: Draft,
    /// Whether `$schema` says so; otherwise it is 2020-12.
    pub declared: bool,
    /// In the order of their places. None: it is a schema.
    pub faults: Vec<Fault>,
    /// Every `$ref`, `$dynamicRef` and `$recursiveRef`.
    pub references: Vec<Reference>,
}

/// One thing that keeps a value from being a schema that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// A JSON pointer into the schema; empty for the whole.
    pub at: String,
    /// The keyword that is at fault, when one is.
    pub keyword: Option<String>,
    pub kind: FaultKind,
    /// To be read after the place, without a full stop: "must be array, is "a"".
    pub message: String,
}

/// What sort of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// A keyword has a value that its draft does not allow.
    Keyword,
    /// `$schema` names no draft that is known, or two files name different ones.
    Draft,
    /// A pattern that is no regular expression, or that cannot run in linear time.
    Pattern,
    /// A reference leads to a part that is not there.
    NoPart,
    /// A reference names a file that the pack does not have, or that is no JSON.
    NoFile,
    /// A reference leads out of the pack, or into the network.
    Elsewhere,
    /// References lead in a circle without getting anywhere.
    Circle,
    /// It nests too deep or multiplies without end.
    TooLarge,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at.as_str() {
            "" => write!(formatter, "the schema {}", self.message),
            at => write!(formatter, "`{}` {}", cut(at), self.message),
        }
    }
}

/// Judges a schema. `path` is the file that it stands in, which relative references start from; `files` answers with the pack's other files.
pub fn judge(path: &str, schema: &Value, files: &Files<'_>) -> Judgement {
    let named = schema.get("$schema");
    let known = named.and_then(Value::as_str).and_then(Draft::named);
    let mut judged =
        Judgement { draft: known.unwrap_or(Draft::Y2020), declared: known.is_some(), faults: Vec::new(), references: Vec::new() };
    match bounds::check(schema) {
        Err(SchemaError::TooDeep) => {
            let message = format!("nests deeper than {MAX_DEPTH} levels; move inner parts below `{}`", judged.draft.parts_key());
            return judged.with(Fault { at: String::new(), keyword: None, kind: FaultKind::TooLarge, message });
        }
        Err(error) => {
            let message = error.to_string().trim_start_matches("The schema").trim_end_matches('.').to_owned();
            let message = message.strip_prefix("'s").map_or(message.trim().to_owned(), |rest| format!("is too large: its{rest}"));
            return judged.with(Fault { at: String::new(), keyword: None, kind: FaultKind::TooLarge, message });
        }
        Ok(()) => {}
    }
    if let (Some(Value::String(named)), None) = (named, known) {
        judged.faults.push(Fault {
            at: "/$schema".to_owned(),
            keyword: Some("$schema".to_owned()),
            kind: FaultKind::Draft,
            message: format!(
                "names `{}`, which is no draft of JSON Schema that is known here; write `https://json-schema.org/draft/2020-12/schema`",
                cut(named)
            ),
        });
    }
    let documents = Documents::gather(path, schema, files);
    judged.keywords(schema, &documents);
    judged.patterns(schema, &mut String::new());
    judged.references(&documents);
    for reference in circles(&documents) {
        judged.faults.push(Fault {
            at: reference.at.clone(),
            keyword: Some(reference.keyword.to_owned()),
            kind: FaultKind::Circle,
            message: format!(
                "leads in a circle: `{}` comes back here before it says anything about a value",
                cut(&reference.written)
            ),
        });
    }
    judged.references = documents.references.into_iter().next().unwrap_or_default();
    judged.faults.sort_by(|one, other| (&one.at, &one.message).cmp(&(&other.at, &other.message)));
    judged.faults.dedup();
    judged.faults.truncate(MAX_VIOLATIONS);
    judged
}

impl Judgement {
    fn with(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Holds the schema against its draft's own schema.
    fn keywords(&mut self, schema: &Value, documents: &Documents) {
        let meta = match self.draft {
            Draft::Four => jsonschema::draft4::meta::validator(),
            Draft::Six => jsonschema::draft6::meta::validator(),
            Draft::Seven => jsonschema::draft7::meta::validator(),
            Draft::Y2019 => jsonschema::draft201909::meta::validator(),
            Draft::Y2020 => jsonschema::draft202012::meta::validator(),
        };
        if meta.is_valid(schema) {
            return;
        }
        for error in meta.iter_errors(schema).take(MAX_VIOLATIONS) {
            let SchemaError::Invalid { at, message } = schema_error(&error) else { continue };
            // Patterns have a judge of their own, who tells more.
            if message.starts_with("has the pattern") {
                continue;
            }
            let keyword = documents.all[0].keyword_at(&at);
            self.faults.push(Fault { at, keyword, kind: FaultKind::Keyword, message });
        }
    }

    fn patterns(&mut self, schema: &Value, at: &mut String) {
        let Value::Object(keywords) = schema else { return };
        let names = keywords.get("patternProperties").and_then(Value::as_object);
        let names = names.into_iter().flat_map(|entries| entries.keys()).map(|name| (name.as_str(), Some(name)));
        let own = keywords.get("pattern").and_then(Value::as_str).map(|text| (text, None));
        for (text, name) in own.into_iter().chain(names) {
            let Err(message) = pattern::check(text) else { continue };
            let (keyword, at) = match name {
                None => ("pattern", format!("{at}/pattern")),
                Some(name) => ("patternProperties", format!("{at}/patternProperties/{}", escaped(name))),
            };
            self.faults.push(Fault { at, keyword: Some(keyword.to_owned()), kind: FaultKind::Pattern, message });
        }
        let length = at.len();
        for child in children(keywords) {
            child.extend(at);
            self.patterns(child.schema, at);
            at.truncate(length);
        }
    }

    fn references(&mut self, documents: &Documents) {
        let first = &documents.all[0];
        for reference in &documents.references[0] {
            let written = cut(&reference.written);
            let (kind, message) = match &reference.target {
                Target::Within { .. } | Target::Draft { .. } => continue,
                Target::File { path, .. } => {
                    let other = documents.position(path).map(|at| &documents.all[at]);
                    let Some(declared) = other.and_then(|other| other.declared).filter(|draft| *draft != first.draft) else {
                        continue;
                    };
                    let message = format!(
                        "names `{}`, which is written in {}, and this schema in {}; give both the same `$schema`",
                        cut(path),
                        declared.name(),
                        first.draft.name()
                    );
                    (FaultKind::Draft, message)
                }
                Target::Network { address } => (
                    FaultKind::Elsewhere,
                    format!(
                        "leads to `{}`, and nothing is fetched; copy that schema into the pack and name its file, as in `common.json#/{}/name`",
                        cut(address),
                        first.draft.parts_key()
                    ),
                ),
                Target::Outside => {
                    (FaultKind::Elsewhere, format!("leads out of the pack with `{written}`; copy that file into the pack"))
                }
                Target::NoFile { path } => {
                    (FaultKind::NoFile, format!("names `{}`, and the pack has no such file, or it is not JSON", cut(path)))
                }
                Target::NoPart { path: None, .. } => {
                    (FaultKind::NoPart, format!("names `{written}`, which this schema does not have"))
                }
                Target::NoPart { path: Some(path), part } => {
                    (FaultKind::NoPart, format!("names `{}` in `{}`, which that file does not have", cut(part), cut(path)))
                }
            };
            debug_assert!(holder(reference).len() < reference.at.len());
            self.faults.push(Fault { at: reference.at.clone(), keyword: Some(reference.keyword.to_owned()), kind, message });
        }
        if documents.too_many {
            let message = "is spread over more than 200 files; bring some of them together".to_owned();
            self.faults.push(Fault { at: String::new(), keyword: None, kind: FaultKind::TooLarge, message });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Draft, Target, judge};
    use crate::schema::{Schema, SchemaError};
    use serde_json::{Value, json};

    fn pack(path: &str) -> Option<Value> {
        Some(match path {
            "schemas/common.json" => json!({"$defs": {
                "slug": {"type": "string", "pattern": "^[a-z]+$"},
                "tree": {"properties": {"next": {"$ref": "#/$defs/tree"}}},
                "back": {"$ref": "circle.json"},
                "named": {"$anchor": "Named", "type": "integer"}
            }}),
            "schemas/circle.json" => json!({"anyOf": [{"$ref": "common.json#/$defs/back"}]}),
            "schemas/old.json" => json!({"$schema": "http://json-schema.org/draft-07/schema#"}),
            "shared/x y.json" => json!({"$ref": "../schemas/common.json#Named"}),
            _ => return None,
        })
    }

    /// A schema's faults as they are told, one a line.
    fn told(schema: Value) -> String {
        let judged = judge("schemas/main.json", &schema, &pack);
        let lines = judged.faults.iter().map(|fault| format!("{fault} [{}]\n", fault.keyword.as_deref().unwrap_or("-")));
        lines.collect::<Vec<_>>().concat()
    }

    #[test]
    fn a_fault_has_its_place_and_its_keyword() {
        insta::assert_snapshot!(told(json!({"type": "object", "properties": {"a": {"type": "strnig"}, "b": {"required": "x"}, "c/d": {"minLength": -1}},
            "required": ["a", "a"], "oneOf": [], "enum": 5, "$defs": {"e": {"items": 5, "patternProperties": {"(": {}}, "pattern": "(?=a)b"}}})), @r#"
        `/$defs/e/items` must be boolean or object, is 5 [items]
        `/$defs/e/pattern` is `(?=a)b`, which looks around or refers back; such patterns can run for ever, so write it without [pattern]
        `/$defs/e/patternProperties/(` is `(`, which is not a regular expression, or one that grows too large [patternProperties]
        `/enum` must be array, is 5 [enum]
        `/oneOf` must not be an empty array [oneOf]
        `/properties/a/type` must be "array", "boolean", "integer", "null", "number", "object" or "string" or array, is "strnig" [type]
        `/properties/b/required` must be array, is "x" [required]
        `/properties/c~1d/minLength` must be at least 0, is -1 [minLength]
        `/required` must not hold the same item twice [required]
        "#);
        insta::assert_snapshot!(told(json!(5)), @"the schema must be boolean or object, is 5 [-]");
        insta::assert_snapshot!(told(json!({"$schema": "https://example.org/mine", "type": 5})), @r#"
        `/$schema` names `https://example.org/mine`, which is no draft of JSON Schema that is known here; write `https://json-schema.org/draft/2020-12/schema` [$schema]
        `/type` must be "array", "boolean", "integer", "null", "number", "object" or "string" or array, is 5 [type]
        "#);
        assert_eq!(told(json!(true)), "");
    }

    #[test]
    fn a_property_may_be_called_like_a_keyword() {
        assert_eq!(
            told(
                json!({"properties": {"$ref": {"type": "string"}, "pattern": {"type": "string"}, "$id": {}}, "default": {"$ref": 5}})
            ),
            ""
        );
    }

    #[test]
    fn each_draft_is_judged_by_its_own_rules() {
        let old = |draft: &str, schema: Value| {
            let mut schema = schema;
            schema["$schema"] = format!("http://json-schema.org/{draft}/schema#").into();
            let judged = judge("a.json", &schema, &|_| None);
            assert!(judged.declared);
            (judged.draft, judged.faults.len())
        };
        assert_eq!(old("draft-04", json!({"minimum": 5, "exclusiveMinimum": true})), (Draft::Four, 0));
        assert_eq!(old("draft-04", json!({"minimum": 1, "exclusiveMinimum": 5})), (Draft::Four, 1));
        assert_eq!(old("draft-06", json!({"exclusiveMinimum": 5})), (Draft::Six, 0));
        assert_eq!(old("draft-07", json!({"items": [{}], "definitions": {"a": {"$id": "#x"}}, "$ref": "#x"})), (Draft::Seven, 0));
        let judged = judge("a.json", &json!({"items": [{}]}), &|_| None);
        assert_eq!((judged.draft, judged.declared, judged.faults.len()), (Draft::Y2020, false, 1));
        let judged =
            judge("a.json", &json!({"$schema": "https://json-schema.org/draft/2019-09/schema", "items": [{}]}), &|_| None);
        assert_eq!((judged.draft, judged.faults.len()), (Draft::Y2019, 0));
    }

    #[test]
    fn references_are_followed_within_the_pack_and_no_further() {
        insta::assert_snapshot!(told(json!({"properties": {
            "a": {"$ref": "common.json#/$defs/slug"}, "b": {"$ref": "../shared/x%20y.json"}, "c": {"$ref": "#/$defs/here"},
            "d": {"$ref": "#/$defs/gone"}, "e": {"$ref": "common.json#/$defs/gone"}, "f": {"$ref": "gone.json"}, "g": {"$ref": "../../x.json"},
            "h": {"$ref": "https://example.org/x.json#/a"}, "i": {"$ref": "old.json"}, "j": {"$ref": "#nobody"}, "k": {"$ref": "file:///etc/passwd"},
            "l": {"$ref": "https://json-schema.org/draft/2020-12/schema"}, "m": {"$dynamicRef": "#Dyn"}
        }, "$defs": {"here": {}, "d": {"$dynamicAnchor": "Dyn"}}})), @"
        `/properties/d/$ref` names `#/$defs/gone`, which this schema does not have [$ref]
        `/properties/e/$ref` names `#/$defs/gone` in `schemas/common.json`, which that file does not have [$ref]
        `/properties/f/$ref` names `schemas/gone.json`, and the pack has no such file, or it is not JSON [$ref]
        `/properties/g/$ref` leads out of the pack with `../../x.json`; copy that file into the pack [$ref]
        `/properties/h/$ref` leads to `https://example.org/x.json`, and nothing is fetched; copy that schema into the pack and name its file, as in `common.json#/$defs/name` [$ref]
        `/properties/i/$ref` names `schemas/old.json`, which is written in draft-07, and this schema in 2020-12; give both the same `$schema` [$ref]
        `/properties/j/$ref` names `#nobody`, which this schema does not have [$ref]
        `/properties/k/$ref` leads to `file:///etc/passwd`, and nothing is fetched; copy that schema into the pack and name its file, as in `common.json#/$defs/name` [$ref]
        ");
        let judged = judge(
            "schemas/main.json",
            &json!({"items": {"$ref": "common.json#Named"}, "$id": "https://acme.org/s/main.json"}),
            &pack,
        );
        let target = Target::File { path: "schemas/common.json".to_owned(), pointer: "/$defs/named".to_owned() };
        assert_eq!((judged.references[0].at.as_str(), &judged.references[0].target), ("/items/$ref", &target));
        assert_eq!(judged.faults, []);
    }

    #[test]
    fn an_id_inside_the_file_is_an_address_of_its_own() {
        let schema = json!({"$id": "https://acme.org/s/main.json", "properties": {"a": {"$ref": "part.json#/$defs/x"}, "b": {"$ref": "/s/part.json#Y"}},
            "$defs": {"p": {"$id": "part.json", "$defs": {"x": {"$anchor": "Y"}}, "items": {"$ref": "#/$defs/x"}}}});
        let judged = judge("main.json", &schema, &|_| None);
        assert_eq!(judged.faults, []);
        let within = Target::Within { pointer: "/$defs/p/$defs/x".to_owned() };
        assert!(judged.references.iter().all(|reference| reference.target == within), "{:?}", judged.references);
    }

    #[test]
    fn a_circle_that_gets_nowhere_is_found() {
        assert_eq!(
            told(
                json!({"properties": {"next": {"$ref": "#"}}, "$ref": "#/$defs/a", "$defs": {"a": {"items": {"$ref": "#/$defs/a"}}}})
            ),
            ""
        );
        insta::assert_snapshot!(told(json!({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"allOf": [{"$ref": "#/$defs/a"}]}}})), @"`/$defs/b/allOf/0/$ref` leads in a circle: `#/$defs/a` comes back here before it says anything about a value [$ref]");
        insta::assert_snapshot!(told(json!({"items": {"$ref": "#/items"}})), @"`/items/$ref` leads in a circle: `#/items` comes back here before it says anything about a value [$ref]");
        insta::assert_snapshot!(told(json!({"$defs": {"back": {"$ref": "common.json#/$defs/back"}}})), @"`/$defs/back/$ref` leads in a circle: `common.json#/$defs/back` comes back here before it says anything about a value [$ref]");
    }

    #[test]
    fn what_cannot_be_borne_is_said() {
        let deep = (0..300).fold(json!({}), |inner, _| json!({ "items": inner }));
        insta::assert_snapshot!(told(deep), @"the schema nests deeper than 128 levels; move inner parts below `$defs` [-]");
        let mut wide = json!({"$ref": "#/$defs/a0", "$defs": {"a60": {}}});
        for step in 0..60 {
            let next = format!("#/$defs/a{}", step + 1);
            wide["$defs"][format!("a{step}")] = json!({"allOf": [{"$ref": next}, {"$ref": next}]});
        }
        insta::assert_snapshot!(told(wide), @"the schema is too large: its references multiply to more than 1000000 parts. Let fewer of them name the same thing over and over [-]");
        insta::assert_snapshot!(told(json!({"pattern": "(a{1000}){1000}"})), @"`/pattern` is `(a{1000}){1000}`, which is not a regular expression, or one that grows too large [pattern]");
        assert_eq!(
            told(json!({"pattern": "^(a+)+$", "minimum": 1e300, "maximum": 123_456_789_012_345_678_901_234_567_890_f64})),
            ""
        );
        let huge: Value =
            serde_json::from_str(r#"{"minimum": -99999999999999999999999999, "maxLength": 99999999999999999999999999}"#).unwrap();
        assert_eq!(told(huge.clone()), "");
        let _ = Schema::from_value(&huge).map(|schema| schema.check(&json!(18_446_744_073_709_551_615_u64)));
    }

    #[test]
    fn a_schema_of_several_files_checks_values() {
        let text = json!({"properties": {"a": {"$ref": "common.json#/$defs/slug"}, "b": {"$ref": "../shared/x%20y.json"}, "t": {"$ref": "common.json#/$defs/tree"}}}).to_string();
        let schema = Schema::compile_in("schemas/main.json", &text, &pack).unwrap();
        assert!(schema.fits(&json!({"a": "abc", "b": 5, "t": {"next": {"next": {}}}})));
        let said: Vec<_> = schema
            .check(&json!({"a": "A", "b": "x"}))
            .into_iter()
            .map(|found| format!("{} {}", found.at, found.message))
            .collect();
        assert_eq!(said, ["/a must match the pattern `^[a-z]+$`, is \"A\"", "/b must be integer, is \"x\""]);
        let error = |schema: Value| Schema::from_value_in("schemas/main.json", &schema, &pack).unwrap_err();
        assert!(matches!(error(json!({"$ref": "gone.json"})), SchemaError::NoFile { .. }));
        assert!(matches!(error(json!({"$ref": "old.json"})), SchemaError::OtherDraft { .. }));
        assert!(matches!(error(json!({"$ref": "https://example.org/a"})), SchemaError::Elsewhere { .. }));
        assert!(matches!(error(json!({"$ref": "common.json#/gone"})), SchemaError::Nowhere { .. }));
    }

    #[test]
    fn twenty_thousand_references_in_circles_are_judged() {
        let parts = (0..20_000).map(|n| (format!("p{n}"), json!({"$ref": format!("#/$defs/p{}", n ^ 1)})));
        let judged = judge("schemas/main.json", &json!({"$defs": parts.collect::<serde_json::Map<_, _>>()}), &pack);
        assert_eq!(judged.references.len(), 20_000);
        assert!(judged.faults.len() > 10 && judged.faults.iter().all(|fault| fault.message.contains("leads in a circle")));
    }
}
