//! Actions, by example.

use super::{FILES, marked, with_files, with_pack};
use crate::assist::{Pack, actions};

/// The actions at a place, with what the files say afterwards where they are changed.
fn told(pack: &Pack<'_>, path: &str, text: &str, at: usize) -> String {
    let mut out = String::new();
    for action in actions(pack, path, text, at) {
        out.push_str(&format!("{:?}: {}\n", action.kind, action.title));
        for edit in action.edits {
            let before = pack.text(&edit.file).unwrap_or_default();
            let mut after = before.to_string();
            after.replace_range(edit.range.clone(), &edit.text);
            let line = before[..edit.range.start].rfind('\n').map_or(0, |at| at + 1);
            let end = edit.range.start + edit.text.len();
            let end = after[end..].find('\n').map_or(after.len(), |length| end + length);
            out.push_str(&format!("--- {}\n{}\n", edit.file, &after[line..end]));
        }
    }
    out
}

fn acted(text: &str) -> String {
    let (text, at) = marked(text);
    let files: Vec<(&str, &str)> = FILES[1..].iter().copied().chain([("pack.yaml", text.as_str())]).collect();
    with_files(&files, |pack| told(pack, "pack.yaml", &text, at))
}

#[test]
fn a_schema_moves_out_and_back() {
    insta::assert_snapshot!(acted("tools:\n  - name: put\n    input:\n      type: ob<|>ject\n      properties: {z: {type: string}, a: {$ref: \"schemas/parts.json#/$defs/hit\"}}\n      required: [z]\n    handler: handlers/put.ts\n"), @r#"
    Extract: Move the schema to schemas/put.input.json
    --- pack.yaml
        input: schemas/put.input.json
    --- schemas/put.input.json
    {
      "type": "object",
      "properties": {
        "z": {
          "type": "string"
        },
        "a": {
          "$ref": "parts.json#/$defs/hit"
        }
      },
      "required": ["z"]
    }

    Insert: Add a case to tests/put.yaml
    --- tests/put.yaml
    tool: put
    cases:
      - name: an example
        input: {z: ""}
    "#);
    // JSON keeps no comments.
    insta::assert_snapshot!(acted("tools:\n  - name: put\n    output:\n      ty<|>pe: object # a mapping\n"), @"");
    insta::assert_snapshot!(acted("tools:\n- {name: put, input: {ty<|>pe: object}}\n"), @r#"
    Extract: Move the schema to schemas/put.input.json
    --- pack.yaml
    - {name: put, input: schemas/put.input.json}
    --- schemas/put.input.json
    {
      "type": "object"
    }

    Insert: Add a case to tests/put.yaml
    --- tests/put.yaml
    tool: put
    cases:
      - name: an example
        input: {}
    "#);
    insta::assert_snapshot!(acted("tools:\n  - name: find\n    output: {ty<|>pe: object}\n"), @r#"
    Extract: Move the schema to schemas/find.output-2.json
    --- pack.yaml
        output: schemas/find.output-2.json
    --- schemas/find.output-2.json
    {
      "type": "object"
    }
    "#);
    insta::assert_snapshot!(acted("tools:\n  - name: put\n    input: schemas/fi<|>nd.input.json\n    title: Put\n"), @r##"
    Inline: Write the schema of schemas/find.input.json here
    --- pack.yaml
        input:
          type: object
          properties:
            query:
              type: string
              description: What to look for.
              examples: [dune]
            sort:
              enum: [new, old]
            exact:
              type: boolean
            page:
              $ref: "#/$defs/page"
          required: [query]
          $defs:
            page:
              type: object
              properties:
                size:
                  type: integer
                  default: 10
    Insert: Add a case to tests/put.yaml
    --- tests/put.yaml
    tool: put
    cases:
      - name: an example
        input: {query: dune}
    "##);
    insta::assert_snapshot!(acted("tools: [{name: put, output: schemas/fi<|>nd.output.json}]\n"), @r#"
    Inline: Write the schema of schemas/find.output.json here
    --- pack.yaml
    tools: [{name: put, output: {type: object, properties: {hits: {$ref: "schemas/parts.json#/$defs/hit"}}}}]
    "#);
    insta::assert_snapshot!(acted("tools:\n  - name: put\n    input: schemas/no<|>ne.json\n"), @"");
    insta::assert_snapshot!(acted("x: &s {type: object}\ntools:\n  - name: put\n    input: *<|>s\n"), @r#"
    Extract: Move the schema to schemas/put.input.json
    --- pack.yaml
        input: schemas/put.input.json
    --- schemas/put.input.json
    {
      "type": "object"
    }

    Insert: Add a case to tests/put.yaml
    --- tests/put.yaml
    tool: put
    cases:
      - name: an example
        input: {}
    "#);
    insta::assert_snapshot!(acted("tools:\n  - name: put\n    input: &s # kept\n      ty<|>pe: object\n"), @"
    Insert: Add a case to tests/put.yaml
    --- tests/put.yaml
    tool: put
    cases:
      - name: an example
        input: {}
    ");
}

#[test]
fn an_example_becomes_a_case() {
    insta::assert_snapshot!(acted("tools:\n  - name: find\n    title: Fi<|>nd\n    input: schemas/find.input.json\n"), @"
    Insert: Add a case to tests/find.yaml
    --- tests/find.yaml
      - name: an example
        input: {query: dune}
    ");
    insta::assert_snapshot!(acted("tools:\n  - name: other\n    title: Fi<|>nd\n    input: schemas/find.input.json\n"), @"
    Insert: Add a case to tests/other.yaml
    --- tests/other.yaml
    tool: other
    cases:
      - name: an example
        input: {query: dune}
    ");
    let inside = |text: &str| {
        let (text, at) = marked(text);
        with_pack("tests/find.yaml", &text, |pack| told(pack, "tests/find.yaml", &text, at))
    };
    insta::assert_snapshot!(inside("tool: find\ncases:\n  - name: a\n    input:<|>\n    max_ms: 5\n"), @"
    Insert: Fill in an example
    --- tests/find.yaml
        input:
          query: dune
    ");
    insta::assert_snapshot!(inside("tool: find\ncases:\n  - {name: a, input: {<|>}}\n"), @"
    Insert: Fill in an example
    --- tests/find.yaml
      - {name: a, input: {query: dune}}
    ");
    insta::assert_snapshot!(inside("tool: find\ncases:\n  - name: a\n    input: {query: <|>a}\n"), @"");
    insta::assert_snapshot!(inside("tool: find\ncases:\n  - name: <|>a\n    input: {}\n"), @"");
}
