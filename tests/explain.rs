//! `packwright explain` and `packwright schema`: what the rules and the manifest's form are, in the terminal.

use packwright_tests::{packwright, sources};
use serde_json::Value;

fn run(arguments: &[&str]) -> (i32, String, String) {
    packwright(sources(), arguments).expect("packwright runs")
}

fn json(arguments: &[&str]) -> (i32, Value) {
    let (code, out, said) = run(arguments);
    assert_eq!(said, "", "with --json nothing is said beside the envelope");
    (code, serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}")))
}

#[test]
fn a_rule_is_explained_with_an_example() {
    let (code, out, said) = run(&["explain", "data/not-yaml"]);
    assert_eq!((code, said.as_str()), (0, ""));
    insta::assert_snapshot!(out, @r#"
    error[data/not-yaml]: A file of YAML is not YAML.

    Why
      Whoever reads the file gets an error in its place: a tool fails, an agent guesses.

    Before
      --> data/greeting.yaml
       | text: Note: call back.

    After
      --> data/greeting.yaml
       | text: "Note: call back."

    Allowing it
      Where it is meant, say so on the line or on the line above, with the reason:

      --> data/greeting.yaml
       | # packwright: allow data/not-yaml — the reason

      Or once for the whole file, in the manifest:

      --> pack.yaml
       | # packwright: allow data/not-yaml in data/greeting.yaml — the reason
    "#);
}

#[test]
fn the_page_in_the_envelope_is_the_committed_one() {
    let (code, envelope) = json(&["explain", "data/not-json", "--json"]);
    assert_eq!((code, &envelope["command"]), (0, &Value::from("explain")));
    let committed = fs_err::read_to_string(sources().join("docs/rules/data/not-json.md")).expect("the page is committed");
    assert_eq!(envelope["data"]["page"], Value::from(committed));
    assert_eq!(envelope["data"]["severity"], "error");
}

#[test]
fn every_rule_that_is_listed_can_be_explained() {
    let (code, out, _) = run(&["explain"]);
    assert!(code == 0 && out.contains("\ntools\n  tools/"), "{out}");
    let (_, envelope) = json(&["explain", "--json"]);
    let rules = envelope["data"]["rules"].as_array().expect("a list");
    assert!(rules.len() >= 43, "{}", rules.len());
    assert!(rules.iter().all(|rule| out.contains(rule["summary"].as_str().expect("a summary"))));
    let (_, tools, _) = run(&["explain", "tools"]);
    assert!(tools.contains("tools/no-input") && !tools.contains("manifest/"), "{tools}");
}

#[test]
fn a_code_that_is_none_is_answered_with_the_nearest() {
    let (code, out, said) = run(&["explain", "tools/no-imput"]);
    assert_eq!((code, out.as_str()), (2, ""));
    insta::assert_snapshot!(said, @"
    error: `tools/no-imput` is not the code of a rule
      Did you mean `tools/no-input`?
      `packwright explain` lists every rule.
    ");
    let (code, envelope) = json(&["explain", "nothing-like-it", "--json"]);
    assert_eq!((code, &envelope["ok"]), (2, &Value::Bool(false)));
}

#[test]
fn the_schema_that_is_printed_is_the_committed_one() {
    let (code, out, _) = run(&["schema"]);
    assert_eq!(code, 0);
    assert_eq!(out, fs_err::read_to_string(sources().join("docs/pack.schema.json")).expect("the schema is committed"));
    let (_, envelope) = json(&["schema", "--json"]);
    assert_eq!(envelope["data"], serde_json::from_str::<Value>(&out).expect("it is JSON"));
}
