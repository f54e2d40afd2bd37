//! What a pack's cases, recordings and evals are told.

use crate::rules::tests::{findings, only};
use crate::source::MemoryPack;

const MANIFEST: &str = "name: n
description: d
tools:
  - name: add
    description: Adds and returns.
    input: {type: object, properties: {a: {type: number, description: The first number}, list: {type: array, items: {type: string}, description: More words}}, required: [a], additionalProperties: false}
    output: schemas/out.json
    errors: [{code: too_many}]
    handler: handlers/add.ts
";
const OUT: &str = "{\"type\": \"object\", \"properties\": {\"sum\": {\"type\": \"number\"}}, \"required\": [\"sum\"]}";

fn told_with(manifest: &str, files: &[(&str, &str)]) -> String {
    let usual = [("pack.yaml", manifest), ("schemas/out.json", OUT), ("handlers/add.ts", "")];
    findings(&MemoryPack::new(usual.iter().chain(files).copied()))
}

fn told(files: &[(&str, &str)]) -> String {
    told_with(MANIFEST, files)
}

/// A file of cases, and its lines below `cases:`.
fn cases(lines: &str) -> String {
    told(&[("tests/add.yaml", &format!("tool: add\ncases:\n{lines}"))])
}

#[test]
fn sound_cases_are_told_nothing() {
    let recording = ("tests/recordings/a.yaml", "recording: 1\ncalls: []\n");
    let lines = "tool: add
cases:
  - {name: a, input: {a: 1}, expect: {output: {sum: 1, more: 2}}, recording: recordings/a.yaml}
  - {name: b, input: {a: one}, expect: {error: invalid_input}}
  - {name: c, input: {a: 1}, expect: {error: too_many}}
  - {name: d, input: {a: 1}, expect: {output_subset: {sum: 4}}, max_ms: 5}
  - {name: e, input: {a: 1}, expect: {output_subset: {}}}
";
    let other = ("tests/fixtures/anything.yaml", "[a, b");
    let manifest = format!("{MANIFEST}    examples: ['tests/add.yaml#a', \"tests/add.yaml#b\"]\n");
    assert_eq!(told_with(&manifest, &[("tests/add.yaml", lines), recording, other]), "");
}

#[test]
fn a_faulty_case_hides_no_other() {
    insta::assert_snapshot!(cases("  - {name: a, input: {a: one}, max_ms: -5, expcet: {}}\n  - 5\n  - {name: b, input: {a: two}, recording: recordings/x.yaml}\n  - {input: {a: 1}, expect: {error: nope}, tiem: 1}\n"), @r#"
    Error cases/invalid-input tests/add.yaml:3:26 <one> `/a` must be number, is "one"
      hint: Mend the input, or expect the refusal: `expect: {error: invalid_input}`.
    Error cases/unreadable tests/add.yaml:3:40 <-5> `max_ms` must be a number of milliseconds above 0
      hint: Until this is mended, no case of this file is run.
    Error cases/unreadable tests/add.yaml:3:44 <expcet> `expcet` is no key of a case; did you mean `expect`?
      hint: Until this is mended, no case of this file is run.
    Error cases/unreadable tests/add.yaml:4:5 <5> a case must be a mapping, and this is a number
      hint: Until this is mended, no case of this file is run.
    Error cases/invalid-input tests/add.yaml:5:26 <two> `/a` must be number, is "two"
      hint: Mend the input, or expect the refusal: `expect: {error: invalid_input}`.
    Error cases/missing-recording tests/add.yaml:5:43 <recordings/x.yaml> there is no file `tests/recordings/x.yaml`
      hint: `packwright run TOOL --save-case NAME` makes a case with its recording. One that asks nothing of the network needs none.
    Error cases/unreadable tests/add.yaml:6:5 <{input: {a: 1}, expect: {error: nope}, tiem: 1}> this case has no name: say in a few words what it shows
      hint: Until this is mended, no case of this file is run.
    Error cases/unknown-error tests/add.yaml:6:37 <nope> this tool never answers with `nope`
      hint: Declare it in the manifest: `errors: [{code: nope, description: …}]`.
    Error cases/unreadable tests/add.yaml:6:44 <tiem> `tiem` is no key of a case; it has `name`, `input`, `expect`, `recording`, `max_ms`
      hint: Until this is mended, no case of this file is run.
    "#);
}

#[test]
fn a_part_of_an_output_must_be_of_one_that_fits() {
    let out = "{\"type\": \"object\", \"properties\": {\"books\": {\"type\": \"array\", \"minItems\": 1, \"items\": {\"type\": \"object\", \"properties\": {\"title\": {\"type\": \"string\"}}, \"required\": [\"title\"]}}}, \"required\": [\"books\"], \"additionalProperties\": false}";
    let files = |part: &str| {
        let case = format!("tool: add\ncases: [{{name: a, input: {{a: 1}}, expect: {{output_subset: {part}}}}}]\n");
        let files =
            [("pack.yaml", MANIFEST), ("schemas/out.json", out), ("handlers/add.ts", ""), ("tests/a.yaml", case.as_str())];
        only("cases", &findings(&MemoryPack::new(files)))
    };
    insta::assert_snapshot!(files("{boks: []}"), @"
    Error cases/invalid-output tests/a.yaml:2:65 <[]> `/boks` is not allowed here; did you mean `books`?
      hint: No output that fits the tool's schema has this part: mend what is expected, or the schema.
    ");
    insta::assert_snapshot!(files("{books: [5]}"), @"
    Error cases/invalid-output tests/a.yaml:2:67 <5> `/books/0` must be object, is 5
      hint: No output that fits the tool's schema has this part: mend what is expected, or the schema.
    ");
    for part in ["{books: []}", "{books: [{}]}", "{}", "{books: [{more: 1}]}"] {
        assert_eq!(files(part), "", "{part}");
    }
}

#[test]
fn what_evals_expect_fits_the_tools() {
    let told = |text: &str| only("evals", &told(&[("evals/a.yaml", text)]));
    insta::assert_snapshot!(told("tasks:\n  - {prompt: x, expect: {tool: ad}}\n  - {prompt: y, tool: add, input: {b: 1}}\n  - {prompt: z, call: {name: addd, arguments: {}}}\n  - {expect: {tool_calls: [{name: add, arguments: {a: x}}]}}\n"), @r#"
    Warning evals/unknown-tool evals/a.yaml:2:32 <ad> the pack has no tool `ad`
      hint: Did you mean `add`?
      guess: Change to `add`
    Warning evals/invalid-input evals/a.yaml:3:39 <1> `/b` is not allowed here; did you mean `a`?
      hint: Mend it by the input schema of `add`: no call with this is answered.
    Warning evals/unknown-tool evals/a.yaml:4:30 <addd> the pack has no tool `addd`
      hint: Did you mean `add`?
      fix: Change to `add`
    Warning evals/invalid-input evals/a.yaml:5:55 <x> `/a` must be number, is "x"
      hint: Mend it by the input schema of `add`: no call with this is answered.
    "#);
    insta::assert_snapshot!(told("prompt: x\nexpect: {tools: [add, ad]}\n"), @"
    Warning evals/unknown-tool evals/a.yaml:2:23 <ad> the pack has no tool `ad`
      hint: Did you mean `add`?
      guess: Change to `add`
    ");
    insta::assert_snapshot!(told("task: {prompt: x, tool: ad}\n"), @"
    Warning evals/unknown-tool evals/a.yaml:1:25 <ad> the pack has no tool `ad`
      hint: Did you mean `add`?
      guess: Change to `add`
    ");
    insta::assert_snapshot!(told("tasks: {one: {expect: [{tool: ad}]}}\n"), @"
    Warning evals/unknown-tool evals/a.yaml:1:31 <ad> the pack has no tool `ad`
      hint: Did you mean `add`?
      guess: Change to `add`
    ");
    for text in [
        "tasks: [{prompt: x, tool: add, input: what is one and one?}]\n",
        "tasks: [{name: ad, prompt: x, tool: add, input: {list: [x]}}]\n",
        "prompt: x\ntool: add\ninput: {list: [ad]}\nexpect: {name: ad, output: {tool: ad}}\n",
    ] {
        assert_eq!(told(text), "", "{text}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_told_once() {
    insta::assert_snapshot!(cases("  - name: a\n    inptu: {}\n"), @"
    Error cases/unreadable tests/add.yaml:4:5 <inptu> `inptu` is no key of a case; did you mean `input`?
      hint: Until this is mended, no case of this file is run.
    ");
    insta::assert_snapshot!(cases("  - {name: a, input: {a: 1}}\n  - {name: b, input: {a: 1}}\n  - {name: a}\n"), @"
    Error cases/invalid-input tests/add.yaml:5:12 <a> the input must have `a`
      hint: Mend the input, or expect the refusal: `expect: {error: invalid_input}`.
    Error cases/unreadable tests/add.yaml:5:12 <a> the case in line 3 is called `a` as well; give each a name of its own
      hint: Until this is mended, no case of this file is run.
    ");
    insta::assert_snapshot!(cases("  - {name: a, input: {a: 1}, max_ms: 0}\n"), @"
    Error cases/unreadable tests/add.yaml:3:38 <0> `max_ms` must be a number of milliseconds above 0
      hint: Until this is mended, no case of this file is run.
    ");
    insta::assert_snapshot!(told(&[("tests/add.yaml", ""), ("tests/b.yaml", "a: [\n"), ("tests/c.yml", "\u{feff}tool: [é]\ncases: []")]), @"
    Error cases/unreadable tests/add.yaml:1:1 <> a file of cases must be a mapping, and this is nothing
      hint: Until this is mended, no case of this file is run.
    Error cases/unreadable tests/b.yaml:1:4 <[> unclosed bracket '['
      hint: Until this is mended, no case of this file is run.
    Error cases/unreadable tests/c.yml:1:7 <[é]> `tool` must be text, and this is a list
      hint: Until this is mended, no case of this file is run.
    ");
}

#[test]
fn names_are_those_of_the_pack() {
    insta::assert_snapshot!(told(&[("tests/a.yaml", "tool: 'ad'\ncases: []\n"), ("tests/b.yaml", "tool: subtract\ncases: [{name: a, expect: {error: x}}]\n")]), @"
    Error cases/unknown-tool tests/a.yaml:1:7 <'ad'> the pack has no tool `ad`
      hint: Did you mean `add`?
      guess: Change to `add`
    Error cases/unknown-tool tests/b.yaml:1:7 <subtract> the pack has no tool `subtract`
      hint: Name one of the manifest's tools, or add this one there.
    ");
    insta::assert_snapshot!(cases("  - {name: a, input: {a: 1}, expect: {error: not_fond}}\n  - {name: b, input: {a: 1}, expect: {error: gone_fishing}}\n"), @"
    Error cases/unknown-error tests/add.yaml:3:46 <not_fond> this tool never answers with `not_fond`
      hint: Did you mean `not_found`?
      fix: Change to `not_found`
    Error cases/unknown-error tests/add.yaml:4:46 <gone_fishing> this tool never answers with `gone_fishing`
      hint: Declare it in the manifest: `errors: [{code: gone_fishing, description: …}]`.
    ");
    assert!(
        told_with("name: n\ndescription: d\n", &[("tests/a.yaml", "tool: a\ncases: []\n")])
            .contains("Its manifest has no `tools`.")
    );
}

#[test]
fn values_fit_their_schemas() {
    insta::assert_snapshot!(
        cases("  - name: a\n    input:\n      a: one\n      list: [x, 5]\n      b: {c: 1}\n  - name: b\n  - {name: c, input: [1]}\n  - {name: d, input: {a: 1}, expect: {output: {total: 1}}}\n  - {name: e, input: {a: 1}, expect: {output: {sum: [1]}}}\n"),
        @r#"
    Error cases/invalid-input tests/add.yaml:5:10 <one> `/a` must be number, is "one"
      hint: Mend the input, or expect the refusal: `expect: {error: invalid_input}`.
    Error cases/invalid-input tests/add.yaml:6:17 <5> `/list/1` must be string, is 5
      hint: Mend the input, or expect the refusal: `expect: {error: invalid_input}`.
    Error cases/invalid-input tests/add.yaml:7:7 <b: {c: 1}> `/b` is not allowed here; did you mean `a`?
      hint: Mend the input, or expect the refusal: `expect: {error: invalid_input}`.
    Error cases/invalid-input tests/add.yaml:8:11 <b> the input must have `a`
      hint: Mend the input, or expect the refusal: `expect: {error: invalid_input}`.
    Error cases/invalid-input tests/add.yaml:9:22 <[1]> the input must be object, is an array
      hint: Mend the input, or expect the refusal: `expect: {error: invalid_input}`.
    Error cases/invalid-output tests/add.yaml:10:47 <{total: 1}> the output must have `sum`
      hint: Mend what is expected, or the schema. Of an output that only a part matters of, name that: `output_subset`.
    Error cases/invalid-output tests/add.yaml:11:48 <sum: [1]> `/sum` must be number, is an array
      hint: Mend what is expected, or the schema. Of an output that only a part matters of, name that: `output_subset`.
    "#
    );
}

#[test]
fn recordings_belong_to_cases() {
    let files = [
        (
            "tests/add.yaml",
            "tool: add\ncases:\n  - {name: a, input: {a: 1}, recording: recordings/on.yaml}\n  - {name: b, input: {a: 1}, recording: recordings/far-away.yaml}\n",
        ),
        ("tests/recordings/one.yaml", "recording: 1\ncalls: []\n"),
        ("tests/recordings/two.yml", "recording: 1\ncalls: [{http: {method: GET}}]\n"),
    ];
    insta::assert_snapshot!(told(&files), @"
    Error cases/missing-recording tests/add.yaml:3:41 <recordings/on.yaml> there is no file `tests/recordings/on.yaml`
      hint: Did you mean `recordings/one.yaml`?
      guess: Change to `recordings/one.yaml`
    Error cases/missing-recording tests/add.yaml:4:41 <recordings/far-away.yaml> there is no file `tests/recordings/far-away.yaml`
      hint: `packwright run TOOL --save-case NAME` makes a case with its recording. One that asks nothing of the network needs none.
    Warning recordings/unused tests/recordings/one.yaml:1:1 <> no case names this recording
      hint: Name it in the case that it belongs to, or remove it.
    Warning recordings/unused tests/recordings/two.yml:1:1 <> no case names this recording
      hint: Name it in the case that it belongs to, or remove it.
    Error recordings/unreadable tests/recordings/two.yml:2:9 <{http: {method: GET}}> this call has no `status`
      hint: Mend it here, or record the case again.
    ");
    let broken = [("tests/add.yaml", "tool: add\n"), files[1]];
    assert!(!told(&broken).contains("recordings/unused"));
}

#[test]
fn a_recording_is_as_the_rules_allow() {
    let call = |method: &str, url: &str| format!("  - http: {{method: {method}, url: \"{url}\", status: 200}}\n");
    let calls = [
        call("GET", "https://api.acme.dev/a"),
        call("POST", "https://api.acme.dev/a"),
        call("POST", "https://api.acme.dev/b"),
        call("GET", "https://old.acme.dev/"),
        call("POST", "https://api.acme.dev/json"),
    ];
    let recording = format!("recording: 1\ncalls:\n{}", calls.concat());
    let manifest = format!(
        "{MANIFEST}capabilities: [{{name: c, type: http, allow: [{{name: r, domains: [api.acme.dev], methods: [GET]}}, {{name: s, domains: [api.acme.dev], methods: [POST], paths: [/json], body: {{type: object}}}}]}}]\n"
    );
    let case = |expect: &str| format!("tool: add\ncases: [{{name: a, input: {{a: 1}}, recording: recordings/a.yaml{expect}}}]\n");
    let told = |case: &str| told_with(&manifest, &[("tests/add.yaml", case), ("tests/recordings/a.yaml", &recording)]);
    insta::assert_snapshot!(told(&case("")), @r#"
    Warning recordings/stale tests/recordings/a.yaml:4:31 <"https://api.acme.dev/a"> POST https://api.acme.dev/a would be refused now: Rule `s` of `c` allows only /json, not /a
      hint: Record the case again, or allow the request again.
    Warning recordings/stale tests/recordings/a.yaml:5:31 <"https://api.acme.dev/b"> POST https://api.acme.dev/b would be refused now: Rule `s` of `c` allows only /json, not /b
      hint: Record the case again, or allow the request again.
    Warning recordings/stale tests/recordings/a.yaml:6:30 <"https://old.acme.dev/"> GET https://old.acme.dev/ would be refused now: No rule of `c` names `old.acme.dev`
      hint: Record the case again, or allow the request again.
    "#);
    assert_eq!(told(&case(", expect: {error: permission_denied}")), "");
}

#[test]
fn examples_name_cases() {
    let manifest = format!(
        "{MANIFEST}    examples: [\"tests/add.yaml#adds on\", tests/add.yaml, 'tests/gone.yaml#a', 'tests/other.yaml#a', 'tests/add.yaml#z']\n  - {{name: other, description: d, input: {{type: object}}, handler: handlers/add.ts}}\n"
    );
    let files = [
        ("tests/add.yaml", "tool: add\ncases: [{name: adds one, input: {a: 1}}]\n"),
        ("tests/other.yaml", "tool: other\ncases: [{name: a}]\n"),
    ];
    insta::assert_snapshot!(told_with(&manifest, &files), @r#"
    Error cases/unknown-example pack.yaml:10:16 <"tests/add.yaml#adds on"> `tests/add.yaml` has no case `adds on`
      hint: Did you mean `adds one`?
      guess: Change to `adds one`
    Error cases/unknown-example pack.yaml:10:42 <tests/add.yaml> `tests/add.yaml` does not name a case
      hint: Write the file and the case's name: `tests/search.yaml#finds Dune`.
    Error cases/unknown-example pack.yaml:10:58 <'tests/gone.yaml#a'> there are no cases in `tests/gone.yaml`
      hint: Cases of this tool are in `tests/add.yaml`.
    Error cases/unknown-example pack.yaml:10:79 <'tests/other.yaml#a'> `tests/other.yaml` holds cases of `other`
      hint: An example shows the tool that it belongs to.
    Error cases/unknown-example pack.yaml:10:101 <'tests/add.yaml#z'> `tests/add.yaml` has no case `z`
      hint: Name a case of that file, or add this one there.
    Info tools/no-examples pack.yaml:11:12 <other> `other` names no examples, and other tools do
      hint: Add `examples:` with a case, as in `tests/file.yaml#name of the case`.
    Info tools/no-output pack.yaml:11:12 <other> `other` has no output schema
      hint: Add `output:` with a path below `schemas/`, or the schema itself.
    Info tools/vague-description pack.yaml:11:32 <d> this description is too short to choose by
      hint: Say what it does, when to use it and what it returns.
    "#);
}

#[test]
fn evals_are_read_as_far_as_they_have_a_form() {
    let files = [
        ("evals/a.yaml", "tool: ad\ntasks: [{prompt: x, tool: subtract, input: {tool: free}}, {tools: [add, addd]}]\n"),
        ("evals/b.json", "[{\"tool\": \"add\", \"tool\": \"ad\"}, 5]"),
        ("evals/c.json", "{\"a\": }"),
        ("evals/d.yaml", "a: [\n"),
        ("evals/e.yaml", ""),
    ];
    insta::assert_snapshot!(told(&files), @"
    Warning evals/unknown-tool evals/a.yaml:1:7 <ad> the pack has no tool `ad`
      hint: Did you mean `add`?
      guess: Change to `add`
    Warning evals/unknown-tool evals/a.yaml:2:27 <subtract> the pack has no tool `subtract`
      hint: Name one of the manifest's tools, or add this one there.
    Warning evals/unknown-tool evals/a.yaml:2:73 <addd> the pack has no tool `addd`
      hint: Did you mean `add`?
      fix: Change to `add`
    Error evals/syntax evals/c.json:1:6 <> a value is wanted behind this colon
      hint: Look here and just before.
    Error evals/syntax evals/d.yaml:1:4 <[> unclosed bracket '['
      hint: Look here and just before.
    ");
}

#[test]
fn many_cases_are_checked_quickly() {
    let case = |number: usize| {
        format!("  - {{name: n{number}, input: {{a: 1, list: [x, y]}}, expect: {{output: {{sum: {number}}}}}}}\n")
    };
    let file = |from: usize| format!("tool: add\ncases:\n{}", (from..from + 400).map(case).collect::<String>());
    let files: Vec<(String, String)> = (0..5).map(|number| (format!("tests/t{number}.yaml"), file(number * 400))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    assert_eq!(told(&files), "");
}
