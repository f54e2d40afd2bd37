//! What schemas are told.

use crate::check::check_pack;
use crate::content::{Facts, Kind};
use crate::rules::schemas::{check_file, draft, look};
use crate::rules::tests::{findings, manifest};
use crate::source::MemoryPack;

/// What a schema in a file is told.
fn told(schema: &str) -> String {
    findings(&MemoryPack::new([("pack.yaml", "name: n\ndescription: d\n"), ("schemas/a.json", schema)]))
}

/// The codes alone, in order.
fn codes(schema: &str) -> Vec<&'static str> {
    let mut out = Vec::new();
    check_file("schemas/a.json", schema, Kind::Schema, &mut out);
    out.sort_by_key(|found| (found.range.start, found.range.end));
    out.into_iter().map(|found| found.code.trim_start_matches("schemas/")).collect()
}

#[test]
fn a_file_that_is_no_json_is_told_every_fault() {
    insta::assert_snapshot!(told("{\n  \"type\": \"object\",\n  \"é\": }\n"), @"");
    insta::assert_snapshot!(told("{\"a\": 1"), @"");
    insta::assert_snapshot!(told(""), @"");
    insta::assert_snapshot!(told("{'type': tru, \"required\": [1 2]}"), @"");
    insta::assert_snapshot!(told("{\"type\": \"object\", \"type\": \"array\"}"), @"");
    insta::assert_snapshot!(told("[1]"), @"");
    assert_eq!(told("{\"type\": \"object\"}"), "");
    assert_eq!(told("true"), "");
}

#[test]
fn a_keyword_takes_what_it_takes() {
    insta::assert_snapshot!(told(r#"{"type": "objct", "required": "a", "minLength": -1, "properties": {"n": {"type": ["strin", "null", "null"], "minimum": "3", "required": true}}}"#), @"");
    insta::assert_snapshot!(told(r#"{"items": [{}], "allOf": [], "enum": "a", "properties": [], "title": 5, "maxItems": 2.5, "uniqueItems": "yes", "multipleOf": 0, "additionalProperties": null, "required": ["a", "a", 1]}"#), @"");
    insta::assert_snapshot!(told(r#"{"type": "int", "$id": "a#b", "$anchor": "1", "dependentRequired": {"a": "b"}, "not": 5}"#), @"");
}

#[test]
fn words_that_nothing_acts_on() {
    insta::assert_snapshot!(told(r#"{"type": "string", "maxLenght": 5, "nullable": true, "x-own": 1, "ui:widget": "a", "name": {"type": "string"}, "zzzz": 1, "format": "url"}"#), @"");
    insta::assert_snapshot!(told(r#"{"type": "object", "definitions": {"a": {"type": "strin"}}, "dependencies": {}, "$recursiveRef": "a", "additionalItems": false}"#), @"");
}

#[test]
fn drafts() {
    insta::assert_snapshot!(told(r#"{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "definitions": {}, "dependentRequired": {}, "properties": {"a": {"$ref": "#/definitions", "minLength": 1, "description": "d"}}}"#), @"");
    insta::assert_snapshot!(told(r#"{"$schema": "https://json-schema.org/draft/2020-13/schema", "type": 5}"#), @"");
    assert_eq!(codes(r#"{"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 5, "exclusiveMinimum": true, "id": "http://x.org/a"}"#), ["older-draft"]);
    assert_eq!(codes(r#"{"$schema": "http://json-schema.org/draft-07/schema", "items": [{"type": "string"}], "additionalItems": false}"#), ["older-draft"]);
}

#[test]
fn references() {
    insta::assert_snapshot!(told(r##"{"$defs": {"book": {"type": "object", "$anchor": "here"}}, "properties": {"a": {"$ref": "#/$defs/boock"}, "b": {"$ref": "https://example.com/b.json"}, "c": {"$ref": "#nope"}, "d": {"$ref": "b.json"}, "e": {"$ref": "../../x.json"}, "f": {"$ref": "urn:x:y"}}}"##), @"");
    for sound in [
        r##"{"$defs": {"a/b": {"$anchor": "x"}}, "allOf": [{"$ref": "#/$defs/a~1b"}, {"$ref": "#/%24defs/a~1b"}, {"$ref": "#x"}]}"##,
        r##"{"$id": "https://x.org/s/a.json", "$defs": {"b": {"$id": "b.json", "$defs": {"c": {}}, "items": {"$ref": "#/$defs/c"}}}, "allOf": [{"$ref": "b.json"}, {"$ref": "https://x.org/s/b.json#/$defs/c"}, {"$ref": "https://x.org/s/a.json"}]}"##,
        r##"{"type": "object", "properties": {"next": {"$ref": "#"}}}"##,
        r#"{"$ref": "https://json-schema.org/draft/2020-12/schema"}"#,
        r##"{"$dynamicAnchor": "node", "items": {"$dynamicRef": "#node"}}"##,
    ] {
        let found = told(sound);
        assert!(!found.contains("-ref ") || sound.contains("x.org") && !found.contains("dead"), "{sound}\n{found}");
    }
}

#[test]
fn references_to_other_files_of_the_pack() {
    let pack = |reference: &str| {
        let text = format!("{{\"$ref\": \"{reference}\"}}");
        findings(&MemoryPack::new([
            ("pack.yaml", "name: n\ndescription: d\n"),
            ("schemas/a.json", text.as_str()),
            ("schemas/book.json", r#"{"$defs": {"id": {"$anchor": "id", "type": "string"}}}"#),
            ("data/kinds.json", "{}"),
        ]))
    };
    for sound in ["book.json", "./book.json#/$defs/id", "book.json#id", "../data/kinds.json", "../schemas/book.json#"] {
        assert_eq!(pack(sound), "", "{sound}");
    }
    insta::assert_snapshot!(pack("boock.json"), @"");
    insta::assert_snapshot!(pack("book.json#/$defs/di"), @"");
    insta::assert_snapshot!(manifest("name: n\ndescription: d\ntools:\n  - {name: add, description: Adds two numbers., output: {$ref: schemas/none.json}}\n"), @"");
}

#[test]
fn references_that_never_arrive() {
    insta::assert_snapshot!(told(r##"{"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/b"}, {"type": "string"}]}, "b": {"$ref": "#/$defs/a"}}}"##), @"");
    assert_eq!(codes(r##"{"$ref": "#"}"##), ["endless-ref"]);
    assert_eq!(codes(r##"{"allOf": [{"$ref": "#"}]}"##), ["endless-ref"]);
    assert_eq!(codes(r##"{"$defs": {"t": {"properties": {"l": {"$ref": "#/$defs/t"}, "r": {"$ref": "#/$defs/t"}}}}, "$ref": "#/$defs/t"}"##), [""; 0]);
    // Two ways to one place are no circle.
    assert_eq!(codes(r##"{"$defs": {"s": {"type": "string"}}, "allOf": [{"$ref": "#/$defs/s"}, {"$ref": "#/$defs/s"}]}"##), [""; 0]);
}

#[test]
fn traps() {
    insta::assert_snapshot!(told(r#"{"type": "object", "properties": {"title": {"type": "string"}}, "required": ["titel"]}"#), @"");
    insta::assert_snapshot!(told(r#"{"type": "object", "properties": {"title": {"type": "string"}}, "required": ["author"], "additionalProperties": false}"#), @"");
    insta::assert_snapshot!(told(r#"{"enum": ["a", 1, "a", null]}"#), @"");
    insta::assert_snapshot!(told(r#"{"type": "string", "enum": ["a", 1], "minimum": 1, "properties": {}, "format": "date"}"#), @"");
    insta::assert_snapshot!(told(r#"{"type": "integer", "enum": ["1", "2"]}"#), @"");
    insta::assert_snapshot!(told(r#"{"type": "integer", "const": "1", "format": "date"}"#), @"");
    insta::assert_snapshot!(told(r#"{"minimum": 5, "maximum": 3, "minLength": 2, "maxLength": 1}"#), @"");
    insta::assert_snapshot!(told(r#"{"oneOf": [{"type": "string", "title": "a"}, {"title": "a", "type": "string"}], "if": {"type": "string"}}"#), @"");
    insta::assert_snapshot!(told(r#"{"type": "object", "allOf": [{"type": "string"}]}"#), @"");
    insta::assert_snapshot!(told(r#"{"type": "string", "pattern": "^(a+)+$"}"#), @"");
    insta::assert_snapshot!(told(r#"{"patternProperties": {"[": {}, "^(?=x)": {}}, "enum": []}"#), @"");
}

#[test]
fn what_only_looks_like_a_trap_is_not_one() {
    for sound in [
        r#"{"type": ["string", "null"], "enum": ["a", null], "maxLength": 5}"#,
        r#"{"enum": ["a", "b", null]}"#,
        r#"{"enum": [1, 2.5]}"#,
        r#"{"type": ["string", "integer"], "enum": ["a", 1], "minimum": 1}"#,
        r#"{"type": "number", "minimum": 1, "maximum": 1, "const": 1}"#,
        r#"{"type": "number", "const": 1.5}"#,
        r#"{"type": "integer", "format": "int64"}"#,
        r#"{"type": "object", "properties": {"a": {}, "b": {}}, "anyOf": [{"required": ["a"]}, {"required": ["b"]}], "required": ["c"]}"#,
        r#"{"properties": {"kind": {"const": "a"}}, "oneOf": [{"properties": {"kind": {"const": "a"}}, "required": ["kind", "other"]}]}"#,
        r#"{"if": {"required": ["a"]}, "then": {"required": ["b"]}}"#,
        r#"{"type": "object", "additionalProperties": {"type": "string"}, "required": ["a"]}"#,
        r#"{"allOf": [{"type": "number"}, {"type": "integer"}]}"#,
        r#"{"type": "string", "pattern": "^\\p{L}+$", "contentEncoding": "base64", "x-a": 1}"#,
        r#"{"properties": {"type": {"type": "string"}, "required": {"type": "boolean"}, "$ref": {"type": "string"}}}"#,
        r#"{"const": {"type": "objct", "$ref": "nowhere"}, "default": {"type": "objct", "$ref": "nowhere"}}"#,
    ] {
        let found: Vec<_> = codes(sound).into_iter().filter(|code| *code != "does-not-fit").collect();
        assert_eq!(found, [""; 0], "{sound}");
    }
}

#[test]
fn examples_fit_their_schema() {
    insta::assert_snapshot!(told(r#"{"type": "object", "properties": {"limit": {"type": "integer", "maximum": 20, "default": 50, "examples": [5, "x"]}, "id": {"type": "string", "pattern": "^OL[0-9]+W$", "examples": ["OL1W", "OL"]}, "when": {"format": "date", "default": "now"}}, "required": ["limit"], "additionalProperties": false, "examples": [{"limit": 1}, {"limit": 100}, {"limt": 1}]}"#), @"");
    for sound in [
        r##"{"$defs": {"a": {"type": "integer"}}, "properties": {"n": {"$ref": "#/$defs/a", "default": "x"}}}"##,
        r#"{"type": "array", "items": {"type": "number"}, "uniqueItems": true, "default": [], "examples": [[1, 2.5]]}"#,
        r#"{"oneOf": [{"type": "string"}, {"type": "number"}], "default": 1}"#,
        r#"{"type": "string", "format": "uuid", "default": "123e4567-e89b-42d3-a456-426614174000"}"#,
        r#"{"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "string"}], "default": ["a", 1]}"#,
    ] {
        assert!(!codes(sound).contains(&"does-not-fit"), "{sound}");
    }
    assert!(codes(r##"{"$defs": {"a": {"type": "integer"}}, "properties": {"n": {"$ref": "#/$defs/a"}}, "examples": [{"n": "x"}]}"##).contains(&"does-not-fit"));
}

#[test]
fn a_schema_in_the_manifest_is_told_at_its_place() {
    let tool = |input: &str| {
        manifest(&format!(
            "name: n\ndescription: d\ntargets: {{helmdeck: {{}}}}\ntools:\n  - name: add\n    description: Adds two numbers.\n    input:\n{input}    output: {{type: object}}\n    handler: pack.yaml\n"
        ))
    };
    insta::assert_snapshot!(tool("      type: object\n      properties:\n        n: {type: integr, description: A number}\n        m: {type: integer, description: Another, minimum: '3'}\n      required: [n, m]\n      aditionalProperties: false\n"), @"");
    insta::assert_snapshot!(tool("      type: object\n      properties: {n: {type: integer, description: A number, $ref: '#/$defs/n'}, o: {type: object, description: More, properties: {p: {type: string, description: Text}}}}\n"), @"");
    assert_eq!(tool("      type: object\n      properties: {n: {type: number, description: A number}}\n      additionalProperties: false\n"), "");
    let body = manifest("name: n\ndescription: d\ncapabilities: [{name: c, type: http, allow: [{domains: [a.org], methods: [POST], body: {type: objct}}]}]\n");
    assert!(body.contains("schemas/unknown-type pack.yaml:3:"), "{body}");
}

#[test]
fn a_schema_that_is_no_text_is_told() {
    let pack = MemoryPack::new([
        ("pack.yaml", b"name: n\ndescription: d\ntools: [{name: add, input: schemas/a.json}]\n".to_vec()),
        ("schemas/a.json", vec![b'{', 0xff]),
    ]);
    assert!(findings(&pack).contains("`schemas/a.json` is not UTF-8: byte 2"), "{}", findings(&pack));
}

#[test]
fn facts_are_kept_for_others() {
    let facts = |text: &str| match check_file("schemas/a.json", text, Kind::Schema, &mut Vec::new()) {
        Facts::Schema(facts) => facts,
        other => panic!("{other:?}"),
    };
    let one = facts(r##"{"properties": {"b": {"$ref": "#/$defs/c"}, "a": {}}, "required": ["a"], "$defs": {"c": {"$anchor": "x"}}}"##);
    assert!(one.valid && one.anchors.contains("x") && one.refs.len() == 1);
    assert_eq!(one.properties.iter().map(|one| (one.key.name.as_str(), one.required)).collect::<Vec<_>>(), [("b", false), ("a", true)]);
    assert!(!facts("{\"type\": 5}").valid);
    let broken = facts("{\"properties\": {\"a\": }}");
    assert!(!broken.valid && broken.root.get("properties").is_some());
}

/// The table of keywords is held to the library: what it calls a schema of a draft, we do, and nothing else.
#[test]
fn it_takes_the_schemas_that_the_drafts_own_schemas_take() {
    let words = [
        "type", "enum", "const", "minimum", "maxLength", "pattern", "items", "prefixItems", "properties", "patternProperties", "required",
        "additionalProperties", "allOf", "not", "$id", "$ref", "$anchor", "$comment", "$defs", "definitions", "dependentRequired",
        "dependentSchemas", "exclusiveMinimum", "multipleOf", "uniqueItems", "title", "readOnly", "contains", "minContains", "if",
        "propertyNames", "examples", "default", "format", "unevaluatedItems", "contentSchema", "$vocabulary", "deprecated", "additionalItems",
    ];
    let values = [
        "true", "false", "null", "5", "-1", "0", "2.0", "2.5", "\"string\"", "\"a b\"", "\"#x\"", "[]", "[\"string\"]", "[\"a\", \"a\"]", "[1]",
        "[{}]", "{}", "{\"a\": {}}", "{\"a\": [\"b\"]}", "{\"a\": []}", "{\"a\": 5}", "{\"a\": true}", "[true]", "{\"type\": \"object\"}", "{\"type\": \"x\"}",
        "[\"null\", \"string\"]", "\"^a$\"",
    ];
    let drafts = [
        ("http://json-schema.org/draft-04/schema#", draft::Draft::Four),
        ("http://json-schema.org/draft-06/schema#", draft::Draft::Six),
        ("http://json-schema.org/draft-07/schema#", draft::Draft::Seven),
        ("https://json-schema.org/draft/2019-09/schema", draft::Draft::Nineteen),
        ("https://json-schema.org/draft/2020-12/schema", draft::Draft::Twenty),
    ];
    // Told under a code of their own, or where the library is wider than what can be used.
    let (mut valid, mut invalid) = (0, 0);
    for (address, _) in drafts {
        for word in words {
            for value in values {
                let text = format!("{{\"$schema\": \"{address}\", \"{word}\": {value}}}");
                let json: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
                let theirs = jsonschema::meta::is_valid(&json);
                let (root, _) = crate::json::parse(&text);
                let mut out = Vec::new();
                look::look("schemas/a.json", &root, &mut out);
                let ours = !out.iter().any(|found| matches!(found.code, "schemas/wrong-value" | "schemas/unknown-type" | "schemas/bad-pattern" | "schemas/not-a-schema"));
                assert_eq!(ours, theirs, "{text}: {out:?}");
                if theirs { valid += 1 } else { invalid += 1 }
            }
        }
    }
    assert!(valid > 1000 && invalid > 1000, "{valid} {invalid}");
}

#[test]
fn anything_ends() {
    let deep = |levels: usize| format!("{}{{}}{}", "{\"items\": ".repeat(levels), "}".repeat(levels));
    assert_eq!(codes(&deep(100)), [""; 0]);
    assert!(told(&deep(100_000)).contains("nests too deep"));
    let wide = format!("{{\"properties\": {{{}}}}}", (0..50_000).map(|n| format!("\"p{n}\": {{\"type\": \"strin\"}}")).collect::<Vec<_>>().join(","));
    let found = told(&wide);
    assert!(found.contains("schemas/too-large") && found.len() < 100_000, "{}", found.len());
    let many = format!("{{\"enum\": [{}]}}", (0..200_000).map(|n| n.to_string()).collect::<Vec<_>>().join(","));
    assert_eq!(codes(&many), [""; 0]);
    let chain: Vec<String> = (0..5000).map(|n| format!("\"a{n}\": {{\"$ref\": \"#/$defs/a{}\"}}", n + 1)).collect();
    codes(&format!("{{\"$ref\": \"#/$defs/a0\", \"$defs\": {{{}, \"a5000\": {{}}}}}}", chain.join(",")));
    let examples = format!("{{\"properties\": {{{}}}, \"examples\": [{{{}}}]}}", (0..9000).map(|n| format!("\"p{n}\": {{\"not\": {{}}, \"default\": 1}}")).collect::<Vec<_>>().join(","), (0..9000).map(|n| format!("\"p{n}\": 1")).collect::<Vec<_>>().join(","));
    codes(&examples);
    for odd in ["{\"type\": \"é\u{1f600}\"}", "{\"\u{202e}typ\": 1}", "{\"pattern\": \"é(\"}", "{\"$ref\": \"#/%ff\"}", "{\"$ref\": \"%\"}", "{\"$id\": \"\", \"$ref\": \"\"}", "{\"$ref\": \"#/\"}"] {
        check_pack(&MemoryPack::new([("pack.yaml", "name: n\ndescription: d\n"), ("schemas/a.json", odd)]));
        told(odd);
    }
}
