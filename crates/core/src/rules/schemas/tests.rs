//! What schemas are told.

use crate::check::check_pack;
use crate::content::{Facts, Kind};
use crate::diagnostic::Severity;
use crate::rules::schemas::{check_file, look, values};
use crate::rules::tests::{findings, manifest};
use crate::schema::{Draft, judge};
use crate::source::MemoryPack;

/// What a schema in a file is told.
pub(super) fn told(schema: &str) -> String {
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
    insta::assert_snapshot!(told("{\n  \"type\": \"object\",\n  \"é\": }\n"), @"
    Error schemas/not-json schemas/a.json:3:7 <> this is not JSON: a value is wanted behind this colon
      hint: Look at the commas, quotes and brackets here and just before.
    ");
    insta::assert_snapshot!(told("{\"a\": 1"), @"
    Error schemas/not-json schemas/a.json:1:1 <{> this is not JSON: this mapping is not closed
      hint: Look at the commas, quotes and brackets here and just before.
    ");
    insta::assert_snapshot!(told(""), @"
    Error schemas/not-json schemas/a.json:1:1 <> this is not JSON: the file is empty, and a value is wanted
      hint: Look at the commas, quotes and brackets here and just before.
    ");
    insta::assert_snapshot!(told("{'type': tru, \"required\": [1 2]}"), @"
    Error schemas/not-json schemas/a.json:1:2 <'type'> this is not JSON: text stands between double quotes
      hint: Look at the commas, quotes and brackets here and just before.
    Error schemas/not-json schemas/a.json:1:10 <tru> this is not JSON: `tru` needs double quotes
      hint: Look at the commas, quotes and brackets here and just before.
    Error schemas/not-json schemas/a.json:1:29 <> this is not JSON: a comma is missing here
      hint: Look at the commas, quotes and brackets here and just before.
    ");
    insta::assert_snapshot!(told("{\"type\": \"object\", \"type\": \"array\"}"), @r#"
    Error schemas/duplicate-key schemas/a.json:1:20 <"type"> `type` stands twice in this mapping
      hint: Keep one of the two.
    "#);
    insta::assert_snapshot!(told("[1]"), @r#"
    Error schemas/not-a-schema schemas/a.json:1:1 <[1]> a schema is a mapping, and this is a list
      hint: Begin with `{"type": "object"}`.
    "#);
    assert_eq!(told("{\"type\": \"object\"}"), "");
    assert_eq!(told("true"), "");
}

#[test]
fn a_keyword_takes_what_it_takes() {
    insta::assert_snapshot!(told(r#"{"type": "objct", "required": "a", "minLength": -1, "properties": {"n": {"type": ["strin", "null", "null"], "minimum": "3", "required": true}}}"#), @r#"
    Error schemas/unknown-type schemas/a.json:1:10 <"objct"> `objct` is not a kind of value
      hint: Did you mean `object`?
      fix: Change to `object`
    Error schemas/wrong-value schemas/a.json:1:31 <"a"> `required` takes a list of names, and this is the text `a`
      hint: Write a list of names, or leave `required` out.
    Error schemas/wrong-value schemas/a.json:1:49 <-1> `minLength` takes a whole number, zero or more, and this is `-1`
      hint: Write a whole number, zero or more, or leave `minLength` out.
    Error schemas/unknown-type schemas/a.json:1:83 <"strin"> `strin` is not a kind of value
      hint: Did you mean `string`?
      fix: Change to `string`
    Error schemas/wrong-value schemas/a.json:1:100 <"null"> `null` stands twice in `type`
      hint: Keep one of the two.
    Error schemas/wrong-value schemas/a.json:1:120 <"3"> `minimum` takes a number, and this is the text `3`
      hint: Write `3`, without quotes.
      fix: Change to `3`
    Error schemas/wrong-value schemas/a.json:1:137 <true> `required` takes a list of names, and this is true or false
      hint: Name the property in the `required` of the object around it: `"required": ["name"]`.
    "#);
    insta::assert_snapshot!(told(r#"{"items": [{}], "allOf": [], "enum": "a", "properties": [], "title": 5, "maxItems": 2.5, "uniqueItems": "yes", "multipleOf": 0, "additionalProperties": null, "required": ["a", "a", 1]}"#), @r#"
    Error schemas/wrong-value schemas/a.json:1:11 <[{}]> `items` takes one schema in draft 2020-12, and this is a list
      hint: Call the list `prefixItems`; `items` then says what follows.
    Error schemas/wrong-value schemas/a.json:1:26 <[]> `allOf` takes a list of schemas, with at least one, and this is an empty list
      hint: Write a list of schemas, with at least one, or leave `allOf` out.
    Error schemas/wrong-value schemas/a.json:1:38 <"a"> `enum` takes a list of values, and this is the text `a`
      hint: Write a list of values, or leave `enum` out.
    Error schemas/wrong-value schemas/a.json:1:57 <[]> `properties` takes names, each with a schema, and this is an empty list
      hint: Write names, each with a schema, or leave `properties` out.
    Error schemas/wrong-value schemas/a.json:1:70 <5> `title` takes text, and this is `5`
      hint: Write text, or leave `title` out.
    Error schemas/wrong-value schemas/a.json:1:85 <2.5> `maxItems` takes a whole number, zero or more, and this is `2.5`
      hint: Write a whole number, zero or more, or leave `maxItems` out.
    Error schemas/wrong-value schemas/a.json:1:105 <"yes"> `uniqueItems` takes true or false, and this is the text `yes`
      hint: Write true or false, or leave `uniqueItems` out.
    Error schemas/wrong-value schemas/a.json:1:126 <0> `multipleOf` takes a number above zero, and this is `0`
      hint: Write a number above zero, or leave `multipleOf` out.
    Error schemas/wrong-value schemas/a.json:1:153 <null> `additionalProperties` takes a schema: a mapping, or true or false, and this is null
      hint: Write a schema, or leave `additionalProperties` out.
    Error schemas/wrong-value schemas/a.json:1:177 <"a"> `a` stands twice in `required`
      hint: Keep one of the two.
    Error schemas/wrong-value schemas/a.json:1:182 <1> `required` lists names, and this is a number
      hint: Name a property, as text in quotes; what it is like stands below `properties`.
    "#);
    insta::assert_snapshot!(told(r#"{"type": "int", "$id": "a#b", "$anchor": "1", "dependentRequired": {"a": "b"}, "not": 5}"#), @r#"
    Error schemas/unknown-type schemas/a.json:1:10 <"int"> `int` is not a kind of value
      hint: Did you mean `integer`?
      guess: Change to `integer`
    Error schemas/wrong-value schemas/a.json:1:24 <"a#b"> `$id` takes an address without `#`; a name within the schema is an `$anchor`, and this is the text `a#b`
      hint: Write an address without `#`, or leave `$id` out.
    Error schemas/wrong-value schemas/a.json:1:42 <"1"> `$anchor` takes a name: a letter or `_`, then letters, digits, `-`, `_` and `.`, and this is the text `1`
      hint: Write a name, or leave `$anchor` out.
    Error schemas/wrong-value schemas/a.json:1:74 <"b"> `dependentRequired` takes a list of names, and this is the text `b`
      hint: Write a list of names, or leave `dependentRequired` out.
    Error schemas/wrong-value schemas/a.json:1:87 <5> `not` takes a schema: a mapping, or true or false, and this is `5`
      hint: Write a schema, or leave `not` out.
    "#);
}

#[test]
fn words_that_nothing_acts_on() {
    insta::assert_snapshot!(told(r#"{"type": "string", "maxLenght": 5, "nullable": true, "x-own": 1, "ui:widget": "a", "name": {"type": "string"}, "zzzz": 1, "format": "url"}"#), @r#"
    Warning schemas/unknown-keyword schemas/a.json:1:20 <"maxLenght"> `maxLenght` is not a keyword of JSON Schema, so nothing acts on it
      hint: Did you mean `maxLength`?
      fix: Change to `maxLength`
    Warning schemas/unknown-keyword schemas/a.json:1:36 <"nullable"> `nullable` is not a keyword of JSON Schema, so nothing acts on it
      hint: Write `type: [string, null]`, with the kind that is meant.
    Warning schemas/unknown-keyword schemas/a.json:1:84 <"name"> `name` is not a keyword of JSON Schema, so nothing acts on it
      hint: A property's schema stands below `properties`; a word of your own begins with `x-`.
    Warning schemas/unknown-keyword schemas/a.json:1:112 <"zzzz"> `zzzz` is not a keyword of JSON Schema, so nothing acts on it
      hint: Leave it out; a word of your own begins with `x-`.
    Warning schemas/unknown-format schemas/a.json:1:133 <"url"> `url` is not a format that is known here, so nothing checks it
      hint: Did you mean `uri`?
      guess: Change to `uri`
    "#);
    insta::assert_snapshot!(told(r#"{"type": "object", "definitions": {"a": {"type": "strin"}}, "dependencies": {}, "$recursiveRef": "a", "additionalItems": false}"#), @r#"
    Warning schemas/outdated-keyword schemas/a.json:1:20 <"definitions"> `definitions` is not a keyword of 2020-12
      hint: Call it `$defs`, and mend the `$ref`s that lead there.
    Error schemas/unknown-type schemas/a.json:1:50 <"strin"> `strin` is not a kind of value
      hint: Did you mean `string`?
      fix: Change to `string`
    Warning schemas/outdated-keyword schemas/a.json:1:61 <"dependencies"> `dependencies` is not a keyword of 2020-12
      hint: Write `dependentRequired` for lists of names, and `dependentSchemas` for schemas.
    Warning schemas/outdated-keyword schemas/a.json:1:81 <"$recursiveRef"> `$recursiveRef` is not a keyword of 2020-12
      hint: Write `$dynamicRef`, or a plain `$ref`.
    Warning schemas/outdated-keyword schemas/a.json:1:103 <"additionalItems"> `additionalItems` is not a keyword of 2020-12
      hint: Write `items` for what follows `prefixItems`.
    "#);
}

#[test]
fn drafts() {
    insta::assert_snapshot!(told(r##"{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "definitions": {}, "dependentRequired": {}, "properties": {"a": {"$ref": "#/definitions", "minLength": 1, "description": "d"}}}"##), @r#"
    Info schemas/older-draft schemas/a.json:1:13 <"http://json-schema.org/draft-07/schema#"> this schema is held to draft-07
      hint: Protocols take draft 2020-12 when nothing is said; move to it when you next change the schema.
    Warning schemas/unknown-keyword schemas/a.json:1:93 <"dependentRequired"> `dependentRequired` is not a keyword of draft-07
      hint: Declare draft 2020-12, `"$schema": "https://json-schema.org/draft/2020-12/schema"`, or leave it out.
    Warning schemas/idle-keyword schemas/a.json:1:164 <"minLength"> `minLength` stands beside `$ref`, and draft-07 reads nothing beside it
      hint: Put both into an `allOf`, or move to draft 2020-12.
    "#);
    insta::assert_snapshot!(told(r#"{"$schema": "https://json-schema.org/draft/2020-13/schema", "type": 5}"#), @r#"
    Error schemas/unknown-dialect schemas/a.json:1:13 <"https://json-schema.org/draft/2020-13/schema"> `https://json-schema.org/draft/2020-13/schema` is not a draft of JSON Schema that is known here
      hint: Did you mean `https://json-schema.org/draft/2020-12/schema`?
      guess: Change to `https://json-schema.org/draft/2020-12/schema`
    "#);
    assert_eq!(
        codes(
            r#"{"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 5, "exclusiveMinimum": true, "id": "http://x.org/a"}"#
        ),
        ["older-draft"]
    );
    assert_eq!(
        codes(
            r#"{"$schema": "http://json-schema.org/draft-07/schema", "items": [{"type": "string"}], "additionalItems": false}"#
        ),
        ["older-draft"]
    );
}

#[test]
fn references() {
    insta::assert_snapshot!(told(r##"{"$defs": {"book": {"type": "object", "$anchor": "here"}}, "properties": {"a": {"$ref": "#/$defs/boock"}, "b": {"$ref": "https://example.com/b.json"}, "c": {"$ref": "#nope"}, "d": {"$ref": "b.json"}, "e": {"$ref": "../../x.json"}, "f": {"$ref": "urn:x:y"}}}"##), @r##"
    Error schemas/dead-ref schemas/a.json:1:89 <"#/$defs/boock"> `#/$defs/boock` leads nowhere: the schema has no such place
      hint: Did you mean `#/$defs/book`?
      fix: Change to `#/$defs/book`
    Error schemas/remote-ref schemas/a.json:1:121 <"https://example.com/b.json"> `https://example.com/b.json` leads to the network, and nothing is ever fetched
      hint: Copy what it names below `$defs`, and write `#/$defs/name`.
    Error schemas/dead-ref schemas/a.json:1:166 <"#nope"> `#nope` leads nowhere: the schema has no such place
      hint: Add what it names below `$defs`, or mend the reference.
    Error schemas/dead-ref schemas/a.json:1:190 <"b.json"> `b.json` leads nowhere: the pack has no `schemas/b.json`
      hint: Paths stand from the folder of this file. Add the file, or mend the reference.
    Error schemas/dead-ref schemas/a.json:1:215 <"../../x.json"> `../../x.json` leads out of the pack
      hint: Write a path that stays in the pack, from the folder of this file.
    Error schemas/dead-ref schemas/a.json:1:246 <"urn:x:y"> `urn:x:y` leads nowhere: no part of the schema has that `$id`
      hint: Write `#/$defs/name` for a part of this schema, or the path of a file in the pack.
    "##);
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
    insta::assert_snapshot!(pack("boock.json"), @r#"
    Error schemas/dead-ref schemas/a.json:1:10 <"boock.json"> `boock.json` leads nowhere: the pack has no `schemas/boock.json`
      hint: Did you mean `schemas/book.json`? Paths stand from the folder of this file.
    "#);
    insta::assert_snapshot!(pack("book.json#/$defs/di"), @r#"
    Error schemas/dead-ref schemas/a.json:1:10 <"book.json#/$defs/di"> `book.json#/$defs/di` leads nowhere: `schemas/book.json` has no such place
      hint: Mend what stands behind the `#`, or add it there.
    "#);
    insta::assert_snapshot!(manifest("name: n\ndescription: d\ntools:\n  - {name: add, description: Adds two numbers., output: {$ref: schemas/none.json}}\n"), @"
    Warning tools/no-handler pack.yaml:4:12 <add> `add` has no handler
      hint: Add `handler: handlers/add.ts`, a function that answers the call.
    Error tools/no-input pack.yaml:4:12 <add> `add` has no input schema
      hint: Add `input:` with a path below `schemas/`, or the schema itself; a tool without arguments takes `{type: object, additionalProperties: false}`.
    Error schemas/dead-ref pack.yaml:4:64 <schemas/none.json> `schemas/none.json` leads nowhere: the pack has no `schemas/none.json`
      hint: Paths stand from the folder of this file. Add the file, or mend the reference.
    ");
}

#[test]
fn references_that_never_arrive() {
    insta::assert_snapshot!(told(r##"{"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/b"}, {"type": "string"}]}, "b": {"$ref": "#/$defs/a"}}}"##), @r##"
    Error schemas/endless-ref schemas/a.json:1:108 <"#/$defs/a"> this reference comes back to itself and never looks at a part of the value
      hint: Let it lead through `properties` or `items`, or take it out.
    "##);
    assert_eq!(codes(r##"{"$ref": "#"}"##), ["endless-ref"]);
    assert_eq!(codes(r##"{"allOf": [{"$ref": "#"}]}"##), ["endless-ref"]);
    assert_eq!(
        codes(
            r##"{"$defs": {"t": {"properties": {"l": {"$ref": "#/$defs/t"}, "r": {"$ref": "#/$defs/t"}}}}, "$ref": "#/$defs/t"}"##
        ),
        [""; 0]
    );
    // Two ways to one place are no circle.
    assert_eq!(
        codes(r##"{"$defs": {"s": {"type": "string"}}, "allOf": [{"$ref": "#/$defs/s"}, {"$ref": "#/$defs/s"}]}"##),
        [""; 0]
    );
}

#[test]
fn a_number_beyond_all_numbers_is_told_with_what_to_do() {
    insta::assert_snapshot!(told("{\"maximum\": 1e400, \"minLength\": 1e999}"), @"
    Error schemas/wrong-value schemas/a.json:1:13 <1e400> `maximum` takes a number, and this is `1e400`
      hint: `1e400` is beyond what a number can hold: leave `maximum` out, or write a bound that can be met.
    Error schemas/wrong-value schemas/a.json:1:33 <1e999> `minLength` takes a whole number, zero or more, and this is `1e999`
      hint: `1e999` is beyond what a number can hold: leave `minLength` out, or write a bound that can be met.
    ");
}

/// Thirty-one parts, each of which names the next twice.
fn doubling(first: usize, next: impl Fn(usize) -> String) -> String {
    let part = |n: usize| format!("\"a{n}\": {{\"allOf\": [{{\"$ref\": \"{0}\"}}, {{\"$ref\": \"{0}\"}}]}}", next(n));
    format!(
        "{{\"$ref\": \"#/$defs/a{first}\", \"$defs\": {{{}, \"a30\": {{}}}}}}",
        (first..30).map(part).collect::<Vec<_>>().join(", ")
    )
}

#[test]
fn references_that_grow_without_end() {
    let bomb = doubling(0, |n| format!("#/$defs/a{}", n + 1));
    insta::assert_snapshot!(told(&bomb), @r##"
    Error schemas/growing-refs schemas/a.json:1:803 <"#/$defs/a12"> this reference and those behind it multiply to more than a million parts
      hint: Let each part name the next once: twice at every step doubles all that is behind it.
    "##);
    assert_eq!(codes(&doubling(16, |n| format!("#/$defs/a{}", n + 1))), [""; 0]);
    let inline = manifest(&format!("name: n\ndescription: d\ntools:\n  - name: t\n    input: {bomb}\n"));
    assert_eq!(inline.matches("schemas/growing-refs pack.yaml:5").count(), 1, "{inline}");
    let chain = |count: usize, last: &str| {
        let parts: Vec<String> = (0..count).map(|n| format!("\"a{n}\": {{\"$ref\": \"#/$defs/a{}\"}}", n + 1)).collect();
        format!("{{\"$ref\": \"#/$defs/a0\", \"$defs\": {{{}, \"a{count}\": {last}}}}}", parts.join(", "))
    };
    assert_eq!(codes(&chain(100, "{}")), [""; 0]);
    assert_eq!(codes(&chain(5000, "{}")), ["growing-refs"]);
    assert_eq!(codes(&chain(5000, "{\"$ref\": \"#/$defs/a0\"}")), ["endless-ref"]);
}

#[test]
fn references_that_circle_or_grow_through_files() {
    let pack = |files: &[(&str, &str)]| {
        let manifest = ("pack.yaml", "name: n\ndescription: d\n");
        findings(&MemoryPack::new(files.iter().copied().chain([manifest])))
    };
    insta::assert_snapshot!(pack(&[
        ("schemas/a.json", r#"{"$ref": "b.json"}"#),
        ("schemas/b.json", r#"{"allOf": [{"$ref": "c%20c.json#/$defs/x"}]}"#),
        ("schemas/c c.json", r##"{"$defs": {"x": {"anyOf": [{"$ref": "#/$defs/y"}]}, "y": {"$ref": "a.json"}}}"##),
        ("schemas/leads-in.json", r#"{"$ref": "a.json"}"#),
    ]), @r#"
    Error schemas/endless-ref schemas/c c.json:1:67 <"a.json"> through other files, this reference comes back to itself and never looks at a part of the value
      hint: Let one of them lead through `properties` or `items`, or take it out.
    "#);
    // A list of lists is no circle, nor is one that was told already.
    assert_eq!(
        pack(&[
            ("schemas/a.json", r#"{"properties": {"b": {"$ref": "b.json"}}}"#),
            ("schemas/b.json", r#"{"items": {"$ref": "a.json"}}"#)
        ]),
        ""
    );
    let own = pack(&[
        ("schemas/a.json", r##"{"properties": {"b": {"$ref": "b.json"}, "c": {"$ref": "#/properties/c"}}}"##),
        ("schemas/b.json", r#"{"items": {"$ref": "a.json"}}"#),
    ]);
    assert_eq!(own.matches("schemas/endless-ref").count(), 1, "{own}");

    let half =
        |first: usize, last: &str| doubling(first, |n| if n == 14 { last.to_owned() } else { format!("#/$defs/a{}", n + 1) });
    let second = doubling(17, |n| format!("#/$defs/a{}", n + 1));
    let grown =
        pack(&[("schemas/a.json", &half(8, "b.json")), ("schemas/b.json", &second), ("schemas/c.json", r#"{"$ref": "a.json"}"#)]);
    insta::assert_snapshot!(grown, @r#"
    Error schemas/growing-refs schemas/a.json:1:497 <"b.json"> this reference and those behind it multiply to more than a million parts
      hint: Let each part name the next once: twice at every step doubles all that is behind it.
    "#);
    assert_eq!(
        pack(&[("schemas/a.json", r#"{"allOf": [{"$ref": "b.json"}, {"$ref": "b.json"}]}"#), ("schemas/b.json", &second)]),
        ""
    );
    let twice = |n: usize| format!(r#"{{"allOf": [{{"$ref": "s{0:02}.json"}}, {{"$ref": "s{0:02}.json"}}]}}"#, n + 1);
    let row: Vec<(String, String)> = (0..40).map(|n| (format!("schemas/s{n:02}.json"), twice(n))).collect();
    let mut files: Vec<(&str, &str)> = row.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    files.push(("schemas/s40.json", "{}"));
    let grown = pack(&files);
    assert_eq!(grown.matches("schemas/growing-refs").count(), 1, "{grown}");
}

#[test]
fn traps() {
    insta::assert_snapshot!(told(r#"{"type": "object", "properties": {"title": {"type": "string"}}, "required": ["titel"]}"#), @r#"
    Warning schemas/required-unknown schemas/a.json:1:78 <"titel"> `titel` is required, and no property is called that
      hint: Did you mean `title`?
      fix: Change to `title`
    "#);
    insta::assert_snapshot!(told(r#"{"type": "object", "properties": {"title": {"type": "string"}}, "required": ["author"], "additionalProperties": false}"#), @r#"
    Error schemas/contradiction schemas/a.json:1:78 <"author"> `author` must be there, and only the properties may be: no object fits
      hint: Describe it below `properties`, or take it out of `required`.
    "#);
    insta::assert_snapshot!(told(r#"{"enum": ["a", 1, "a", null]}"#), @r#"
    Warning schemas/mixed-enum schemas/a.json:1:16 <1> "a" is text, and 1 is a number
      hint: Write all of them as text, or say with `type` that both are meant.
    Warning schemas/enum-repeats schemas/a.json:1:19 <"a"> "a" stands in `enum` already
      hint: Keep one of the two.
    "#);
    insta::assert_snapshot!(told(r#"{"type": "string", "enum": ["a", 1], "minimum": 1, "properties": {}, "format": "date"}"#), @r#"
    Error schemas/contradiction schemas/a.json:1:20 <"enum"> the keywords beside `enum` allow none of its values, so nothing fits
      hint: Mend the values, or leave the others out.
    Warning schemas/dead-value schemas/a.json:1:34 <1> 1 can never be given: `type` does not allow it
      hint: Take it out, or add its kind to `type`.
    Warning schemas/idle-keyword schemas/a.json:1:38 <"minimum"> `minimum` speaks of numbers, and `type` is `string`: it never applies
      hint: Mend `type`, or leave the keyword out.
    Warning schemas/idle-keyword schemas/a.json:1:52 <"properties"> `properties` speaks of objects, and `type` is `string`: it never applies
      hint: Mend `type`, or leave the keyword out.
    "#);
    insta::assert_snapshot!(told(r#"{"type": "integer", "enum": ["1", "2"]}"#), @r#"
    Error schemas/contradiction schemas/a.json:1:29 <["1", "2"]> `type` allows none of the values of `enum`
      hint: Mend `type`; or write the values as it says, with or without quotes.
    "#);
    insta::assert_snapshot!(told(r#"{"type": "integer", "const": "1", "format": "date"}"#), @r#"
    Error schemas/contradiction schemas/a.json:1:30 <"1"> `const` is "1", which `type` does not allow
      hint: Mend one of the two.
    Warning schemas/idle-keyword schemas/a.json:1:35 <"format"> `format` speaks of text, and `type` is `integer`: it never applies
      hint: Mend `type`, or leave the keyword out.
    "#);
    insta::assert_snapshot!(told(r#"{"minimum": 5, "maximum": 3, "minLength": 2, "maxLength": 1}"#), @"
    Error schemas/contradiction schemas/a.json:1:13 <5> `minimum` is 5 and `maximum` is 3, so no number fits
      hint: Exchange the two, or mend one.
    Error schemas/contradiction schemas/a.json:1:43 <2> `minLength` is above `maxLength`, so no text fits
      hint: Exchange the two, or mend one.
    ");
    insta::assert_snapshot!(told(r#"{"oneOf": [{"type": "string", "title": "a"}, {"title": "a", "type": "string"}], "if": {"type": "string"}}"#), @r#"
    Warning schemas/same-branches schemas/a.json:1:46 <{"title": "a", "type": "string"}> this is form 1 of `oneOf` once more: what fits both fits neither
      hint: Keep one of the two.
    Warning schemas/idle-keyword schemas/a.json:1:81 <"if"> `if` without `then` or `else` decides nothing
      hint: Add what it belongs to, or leave it out.
    "#);
    insta::assert_snapshot!(told(r#"{"type": "object", "allOf": [{"type": "string"}]}"#), @r#"
    Error schemas/contradiction schemas/a.json:1:39 <"string"> no value is of this kind and of the one that must hold as well
      hint: Write `anyOf` when one of them will do.
    "#);
    insta::assert_snapshot!(told(r#"{"type": "string", "pattern": "^(a+)+$"}"#), @r#"
    Warning schemas/slow-pattern schemas/a.json:1:31 <"^(a+)+$"> `(a+)+` repeats what can be cut in many ways
      hint: Leave one of the repetitions out, or put a character between them that the inner one cannot be.
    "#);
    insta::assert_snapshot!(told(r#"{"patternProperties": {"[": {}, "^(?=x)": {}}, "enum": []}"#), @r#"
    Error schemas/bad-pattern schemas/a.json:1:24 <"["> `[` is not a regular expression: the `[` of `[` is never closed
      hint: Close it; one that stands for itself has a backslash before it, which JSON wants twice.
    Error schemas/pattern-looks-around schemas/a.json:1:33 <"^(?=x)"> `^(?=x)` looks ahead with `(?=`
      hint: Say it without: with two properties, an `enum`, or a `not` with a pattern of its own.
    "#);
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
    insta::assert_snapshot!(told(r#"{"type": "object", "properties": {"limit": {"type": "integer", "maximum": 20, "default": 50, "examples": [5, "x"]}, "id": {"type": "string", "pattern": "^OL[0-9]+W$", "examples": ["OL1W", "OL"]}, "when": {"format": "date", "default": "now"}}, "required": ["limit"], "additionalProperties": false, "examples": [{"limit": 1}, {"limit": 100}, {"limt": 1}]}"#), @r#"
    Warning schemas/does-not-fit schemas/a.json:1:90 <50> this default does not fit its schema: it must be at most 20, is 50
      hint: Mend it, or what the schema says.
    Warning schemas/does-not-fit schemas/a.json:1:110 <"x"> this example does not fit its schema: it must be integer, is "x"
      hint: Mend it, or what the schema says.
    Warning schemas/does-not-fit schemas/a.json:1:189 <"OL"> this example does not fit its schema: it must match the pattern `^OL[0-9]+W$`, is "OL"
      hint: Mend it, or what the schema says.
    Warning schemas/does-not-fit schemas/a.json:1:235 <"now"> this default does not fit its schema: it must be a date, as in `2026-01-31`, is "now"
      hint: Mend it, or what the schema says.
    Warning schemas/does-not-fit schemas/a.json:1:335 <100> this example does not fit its schema: `/limit` must be at most 20, is 100
      hint: Mend it, or what the schema says.
    Warning schemas/does-not-fit schemas/a.json:1:341 <{"limt": 1}> this example does not fit its schema: it must have `limit`
      hint: Mend it, or what the schema says.
    "#);
    for sound in [
        r##"{"$defs": {"a": {"type": "integer"}}, "properties": {"n": {"$ref": "#/$defs/a", "default": "x"}}}"##,
        r#"{"type": "array", "items": {"type": "number"}, "uniqueItems": true, "default": [], "examples": [[1, 2.5]]}"#,
        r#"{"oneOf": [{"type": "string"}, {"type": "number"}], "default": 1}"#,
        r#"{"type": "string", "format": "uuid", "default": "123e4567-e89b-42d3-a456-426614174000"}"#,
        r#"{"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "string"}], "default": ["a", 1]}"#,
    ] {
        assert!(!codes(sound).contains(&"does-not-fit"), "{sound}");
    }
    assert!(
        codes(r##"{"$defs": {"a": {"type": "integer"}}, "properties": {"n": {"$ref": "#/$defs/a"}}, "examples": [{"n": "x"}]}"##)
            .contains(&"does-not-fit")
    );
}

#[test]
fn examples_are_held_against_patterns_as_far_as_a_budget_goes() {
    let property = |n: usize, most: usize| format!("\"p{n}\": {{\"pattern\": \"^\\\\p{{L}}{{1,{most}}}$\", \"default\": \"1\"}}");
    let schema = |count: usize, most: usize| {
        let properties = (0..count).map(|n| property(n, most)).collect::<Vec<_>>().join(",");
        format!("{{\"properties\": {{{properties}, \"last\": {{\"minLength\": 2, \"default\": \"a\"}}}}}}")
    };
    let misfits = |schema: &str| codes(schema).iter().filter(|code| **code == "does-not-fit").count();
    assert_eq!(misfits(&schema(3, 5)), 4);
    // What comes behind the one that is too dear is left as well.
    assert_eq!(misfits(&schema(1, 900)), 0);
    let some = misfits(&schema(400, 5));
    assert!((10..100).contains(&some), "{some}");
    // In the manifest, all schemas share one budget.
    let tool = |n: usize| format!("  - name: t{n}\n    input: {}\n", schema(1, 5));
    let found = manifest(&format!("name: n\ndescription: d\ntools:\n{}", (0..200).map(tool).collect::<String>()));
    let some = found.matches("schemas/does-not-fit").count();
    assert!((10..100).contains(&some), "{some}");
}

#[test]
fn a_schema_in_the_manifest_is_told_at_its_place() {
    let tool = |input: &str| {
        let text = format!(
            "name: n\ndescription: d\ntools:\n  - name: add\n    description: Adds two numbers.\n    input:\n{input}    output: {{type: object}}\n    handler: handlers/a.ts\n"
        );
        findings(&MemoryPack::new([("pack.yaml", text.as_str()), ("handlers/a.ts", "")]))
    };
    insta::assert_snapshot!(tool("      type: object\n      properties:\n        n: {type: integr, description: A number}\n        m: {type: integer, description: Another, minimum: '3'}\n      required: [n, m]\n      aditionalProperties: false\n"), @"
    Info schemas/open-input pack.yaml:8:7 <properties> the object at `/` takes any other property as well
      hint: Add `additionalProperties: false`, so that a misspelt one is told.
    Error schemas/unknown-type pack.yaml:9:19 <integr> `integr` is not a kind of value
      hint: Did you mean `integer`?
      fix: Change to `integer`
    Error schemas/wrong-value pack.yaml:10:59 <'3'> `minimum` takes a number, and this is the text `3`
      hint: Write `3`, without quotes.
      fix: Change to `3`
    Warning schemas/unknown-keyword pack.yaml:12:7 <aditionalProperties> `aditionalProperties` is not a keyword of JSON Schema, so nothing acts on it
      hint: Did you mean `additionalProperties`?
      fix: Change to `additionalProperties`
    ");
    insta::assert_snapshot!(tool("      type: object\n      properties: {n: {type: integer, description: A number, $ref: '#/$defs/n'}, o: {type: object, description: More, properties: {p: {type: string, description: Text}}}}\n"), @"
    Info schemas/open-input pack.yaml:8:7 <properties> the object at `/` takes any other property as well
      hint: Add `additionalProperties: false`, so that a misspelt one is told.
    Error schemas/dead-ref pack.yaml:8:68 <'#/$defs/n'> `#/$defs/n` leads nowhere: the schema has no such place
      hint: Add what it names below `$defs`, or mend the reference.
    Info schemas/open-input pack.yaml:8:119 <properties> the object at `/properties/o` takes any other property as well
      hint: Add `additionalProperties: false`, so that a misspelt one is told.
    ");
    assert_eq!(
        tool(
            "      type: object\n      properties: {n: {type: number, description: A number}}\n      additionalProperties: false\n"
        ),
        ""
    );
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
    let one =
        facts(r##"{"properties": {"b": {"$ref": "#/$defs/c"}, "a": {}}, "required": ["a"], "$defs": {"c": {"$anchor": "x"}}}"##);
    assert!(one.valid && one.anchors.contains("x") && one.refs.len() == 1);
    assert_eq!(
        one.properties.iter().map(|one| (one.key.name.as_str(), one.required)).collect::<Vec<_>>(),
        [("b", false), ("a", true)]
    );
    assert!(!facts("{\"type\": 5}").valid);
    let broken = facts("{\"properties\": {\"a\": }}");
    assert!(!broken.valid && broken.root.get("properties").is_some());
}

/// The table of keywords is held to the library: what it calls a schema of a draft, we do, and nothing else.
#[test]
fn it_takes_the_schemas_that_the_drafts_own_schemas_take() {
    let words = [
        "type",
        "enum",
        "const",
        "minimum",
        "maxLength",
        "pattern",
        "items",
        "prefixItems",
        "properties",
        "patternProperties",
        "required",
        "additionalProperties",
        "allOf",
        "not",
        "$id",
        "$ref",
        "$anchor",
        "$comment",
        "$defs",
        "definitions",
        "dependentRequired",
        "dependentSchemas",
        "exclusiveMinimum",
        "multipleOf",
        "uniqueItems",
        "title",
        "readOnly",
        "contains",
        "minContains",
        "if",
        "propertyNames",
        "examples",
        "default",
        "format",
        "unevaluatedItems",
        "contentSchema",
        "$vocabulary",
        "deprecated",
        "additionalItems",
    ];
    let values = [
        "true",
        "false",
        "null",
        "5",
        "-1",
        "0",
        "2.0",
        "2.5",
        "\"string\"",
        "\"a b\"",
        "\"#x\"",
        "[]",
        "[\"string\"]",
        "[\"a\", \"a\"]",
        "[1]",
        "[{}]",
        "{}",
        "{\"a\": {}}",
        "{\"a\": [\"b\"]}",
        "{\"a\": []}",
        "{\"a\": 5}",
        "{\"a\": true}",
        "[true]",
        "{\"type\": \"object\"}",
        "{\"type\": \"x\"}",
        "[\"null\", \"string\"]",
        "\"^a$\"",
    ];
    let drafts = [
        ("http://json-schema.org/draft-04/schema#", Draft::Four),
        ("http://json-schema.org/draft-06/schema#", Draft::Six),
        ("http://json-schema.org/draft-07/schema#", Draft::Seven),
        ("https://json-schema.org/draft/2019-09/schema", Draft::Y2019),
        ("https://json-schema.org/draft/2020-12/schema", Draft::Y2020),
    ];
    let (mut valid, mut invalid, mut differing) = (0, 0, Vec::new());
    for (address, draft) in drafts {
        // Older drafts say nothing of `$defs`, and the oldest nothing of `$ref`; neither could be followed.
        let other = |word: &&&str| !(**word == "$defs" && draft <= Draft::Seven || **word == "$ref" && draft == Draft::Four);
        for word in words.iter().filter(other) {
            for value in values {
                let text = format!("{{\"$schema\": \"{address}\", \"{word}\": {value}}}");
                let json: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
                let theirs = jsonschema::meta::is_valid(&json);
                let (root, _) = crate::json::parse(&text);
                let mut out = Vec::new();
                look::look("schemas/a.json", &root, &mut values::Budget::full(), &mut out);
                let ours = !out.iter().any(|found| {
                    matches!(
                        found.code,
                        "schemas/wrong-value" | "schemas/unknown-type" | "schemas/bad-pattern" | "schemas/not-a-schema"
                    )
                });
                if ours != theirs {
                    differing.push(format!("{text} ours: {ours}"));
                }
                if theirs { valid += 1 } else { invalid += 1 }
            }
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    assert!(valid > 1000 && invalid > 1000, "{valid} {invalid}");
}

#[test]
fn anything_ends() {
    let deep = |levels: usize| format!("{}{{}}{}", "{\"items\": ".repeat(levels), "}".repeat(levels));
    assert_eq!(codes(&deep(100)), [""; 0]);
    assert!(told(&deep(100_000)).contains("nests too deep"));
    let wide = format!(
        "{{\"properties\": {{{}}}}}",
        (0..50_000).map(|n| format!("\"p{n}\": {{\"type\": \"strin\"}}")).collect::<Vec<_>>().join(",")
    );
    let found = told(&wide);
    assert!(found.contains("schemas/too-large") && found.len() < 100_000, "{}", found.len());
    let many = format!("{{\"enum\": [{}]}}", (0..200_000).map(|n| n.to_string()).collect::<Vec<_>>().join(","));
    assert_eq!(codes(&many), [""; 0]);
    let chain: Vec<String> = (0..5000).map(|n| format!("\"a{n}\": {{\"$ref\": \"#/$defs/a{}\"}}", n + 1)).collect();
    codes(&format!("{{\"$ref\": \"#/$defs/a0\", \"$defs\": {{{}, \"a5000\": {{}}}}}}", chain.join(",")));
    let examples = format!(
        "{{\"properties\": {{{}}}, \"examples\": [{{{}}}]}}",
        (0..9000).map(|n| format!("\"p{n}\": {{\"not\": {{}}, \"default\": 1}}")).collect::<Vec<_>>().join(","),
        (0..9000).map(|n| format!("\"p{n}\": 1")).collect::<Vec<_>>().join(",")
    );
    codes(&examples);
    for odd in [
        "{\"type\": \"é\u{1f600}\"}",
        "{\"\u{202e}typ\": 1}",
        "{\"pattern\": \"é(\"}",
        "{\"$ref\": \"#/%ff\"}",
        "{\"$ref\": \"%\"}",
        "{\"$id\": \"\", \"$ref\": \"\"}",
        "{\"$ref\": \"#/\"}",
    ] {
        check_pack(&MemoryPack::new([("pack.yaml", "name: n\ndescription: d\n"), ("schemas/a.json", odd)]));
        told(odd);
    }
}

/// What refuses a schema before it is used, and what is told of it here, are two readings of one standard.
#[test]
fn it_refuses_what_judging_refuses() {
    let schemas = [
        r##"{"$ref": "#/$defs/a", "$defs": {"a": {"$anchor": "x"}}, "items": {"$ref": "#x"}}"##,
        r##"{"$ref": "#/$defs/b", "$defs": {"a": {}}}"##,
        r##"{"$ref": "#nope"}"##,
        r##"{"$ref": "#"}"##,
        r##"{"allOf": [{"anyOf": [{"$ref": "#"}]}]}"##,
        r##"{"not": {"$ref": "#"}}"##,
        r##"{"properties": {"a": {"$ref": "#"}}}"##,
        r##"{"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}"##,
        r#"{"$ref": "book.json"}"#,
        r#"{"$ref": "book.json#/$defs/id"}"#,
        r#"{"$ref": "book.json#id"}"#,
        r#"{"$ref": "book.json#none"}"#,
        r#"{"$ref": "none.json"}"#,
        r#"{"$ref": "../../x.json"}"#,
        r#"{"$ref": "https://example.com/a.json"}"#,
        r#"{"$ref": "https://json-schema.org/draft/2020-12/schema"}"#,
        r##"{"$id": "https://x.org/s/a.json", "$defs": {"b": {"$id": "b.json", "$defs": {"c": {}}, "items": {"$ref": "#/$defs/c"}}}, "allOf": [{"$ref": "b.json"}, {"$ref": "https://x.org/s/b.json#/$defs/c"}]}"##,
        r#"{"$schema": "https://example.com/own"}"#,
        r##"{"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"a": {"$id": "#x"}}, "allOf": [{"$ref": "#x"}]}"##,
        r#"{"pattern": "(?=a)"}"#,
        r#"{"pattern": "("}"#,
        r#"{"patternProperties": {"\\1(a)": {}}}"#,
        r#"{"type": "objct"}"#,
        r##"{"$dynamicAnchor": "node", "items": {"$dynamicRef": "#node"}}"##,
        r#"{"$ref": "round.json"}"#,
        r#"{"items": {"$ref": "round.json"}}"#,
        "[]",
    ];
    let book = r#"{"$defs": {"id": {"$anchor": "id", "type": "string"}}}"#;
    let round = r#"{"not": {"$ref": "a.json"}}"#;
    let files = |path: &str| {
        let text = [("schemas/book.json", book), ("schemas/round.json", round)].into_iter().find(|(name, _)| *name == path)?.1;
        Some(serde_json::from_str(text).expect("it is JSON"))
    };
    for text in schemas {
        let value = serde_json::from_str(text).expect("it is JSON");
        let theirs = judge("schemas/a.json", &value, &files).faults;
        let pack = MemoryPack::new([
            ("pack.yaml", "name: n\ndescription: d\n"),
            ("schemas/book.json", book),
            ("schemas/round.json", round),
            ("schemas/a.json", text),
        ]);
        let ours: Vec<_> = check_pack(&pack).diagnostics.into_iter().filter(|found| found.severity == Severity::Error).collect();
        assert_eq!(ours.is_empty(), theirs.is_empty(), "{text}\n{ours:?}\n{theirs:?}");
    }
}
