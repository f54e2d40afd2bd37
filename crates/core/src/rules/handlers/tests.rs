//! What a pack's handlers are told, with a reader of plain lines in the place of a parser.

use crate::languages::tests::Lines;
use crate::languages::{Languages, ScriptFault, ScriptOutline};
use crate::rules::tests::{findings, findings_with};
use crate::source::MemoryPack;

/// A pack whose tool `add` has a handler given as the manifest writes it.
fn pack(handler: &str, files: &[(&str, &str)]) -> MemoryPack {
    let manifest = format!(
        "name: n\ndescription: d\ntools:\n  - name: add\n    description: Adds and returns.\n    input: {{type: object}}\n    handler: {handler}\n    output: {{type: object}}\n"
    );
    MemoryPack::new([("pack.yaml", manifest.as_str())].iter().chain(files).copied())
}

fn told(handler: &str, files: &[(&str, &str)]) -> String {
    findings_with(&pack(handler, files), &Lines)
}

const ADD: (&str, &str) = ("handlers/add.ts", "export async function add() {}\n");

#[test]
fn a_sound_handler_is_told_nothing() {
    assert_eq!(told("handlers/add.ts", &[ADD]), "");
    assert_eq!(told("{path: handlers/add.ts, export: sum}", &[("handlers/add.ts", "export const sum = () => 1;\n")]), "");
    let library = ("handlers/lib/plus.ts", "export function plus() {}\nexport function minus() {}\n");
    let types = ("handlers/types.ts", "export const a = 1;\n");
    let add = "import \"./lib/plus\"\nimport type { A } from \"./types.ts\"\nimport type { B } from \"packwright:tools\"\nimport type { C } from \"npm\"\nexport function add() {}\n";
    assert_eq!(told("handlers/add.ts", &[("handlers/add.ts", add), library, types]), "");
    // Whoever checks without a parser is told nothing of modules.
    assert_eq!(findings(&pack("handlers/add.ts", &[("handlers/add.ts", "let a = = 1\n")])), "");
}

#[test]
fn a_handler_that_cannot_be_read_is_told_so_and_nothing_else() {
    insta::assert_snapshot!(told("handlers/add.ts", &[("handlers/add.ts", "let é = = 1\n"), ("handlers/b.ts", "")]), @"
    Error handlers/syntax handlers/add.ts:1:9 <=> Unexpected token
      hint: Look here and just before.
    ");
}

#[test]
fn what_a_handler_says_is_held_against_the_manifest() {
    let manifest = "name: n\ndescription: d\ntools:\n  - name: add\n    description: Adds and returns.\n    input: {type: object}\n    output: {type: object}\n    handler: handlers/add.ts\n    errors: [{code: too_many}]\n  - name: take\n    description: Takes and returns.\n    input: {type: object}\n    output: {type: object}\n    handler: handlers/take.ts\n    errors: [{code: too_few}]\ncredentials: [{name: sums, kind: api_key}]\ncapabilities: [{name: c, type: http, allow: [{domains: [a.acme.dev], methods: [GET]}, {domains: [b.acme.dev], methods: [POST], allow_insecure: true}]}]\n";
    let add = "import { plus, minsu, nothing } from \"./lib.ts\"\nimport { A } from \"packwright:tools\"\nexport function add() {\n  host.error(\"too_many\")\n  host.error(\"too_few\")\n  host.error(\"not_fond\")\n  host.error(\"timeout\")\n  get(\"http://a.acme.dev/x\")\n  post(\"http://b.acme.dev/x\")\n  get(\"https://a.acme.dev/x\")\n  '${secrets[\"sums\"]}'\n  '${secrets[\"nope\"]}'\n  process.env.A\n  process.env.B\n}\n";
    let lib = "export function plus() {\n  host.error(\"too_few\")\n  host.error(\"no_such\")\n}\nexport const minus = 1\n";
    let take = "import { plus } from \"./lib.ts\"\nexport function take() {}\n";
    let files = [("pack.yaml", manifest), ("handlers/add.ts", add), ("handlers/lib.ts", lib), ("handlers/take.ts", take)];
    insta::assert_snapshot!(findings_with(&MemoryPack::new(files), &Lines), @"
    Error handlers/missing-export handlers/add.ts:1:16 <minsu> `handlers/lib.ts` exports no `minsu`
      hint: Did you mean `minus`?
      fix: Change to `minus`
    Error handlers/missing-export handlers/add.ts:1:23 <nothing> `handlers/lib.ts` exports no `nothing`
      hint: Export it there, or take it out here; a type is imported with `import type`.
    Error handlers/import-of-types handlers/add.ts:2:20 <packwright:tools> `packwright:tools` holds types only
      hint: Write `import type { … }`.
      fix: Change to `import type`
    Warning handlers/undeclared-error handlers/add.ts:5:15 <too_few> no tool that this answers declares the error `too_few`
      hint: Declare it in pack.yaml, in the tool: `errors: [{code: too_few, description: …}]`.
    Warning handlers/undeclared-error handlers/add.ts:6:15 <not_fond> no tool that this answers declares the error `not_fond`
      hint: Did you mean `not_found`?
      fix: Change to `not_found`
    Warning handlers/plain-http handlers/add.ts:8:8 <http://a.acme.dev/x> `http://a.acme.dev/x` is plain HTTP, which no rule allows
      hint: Write `https://`; a host of your own network that has only HTTP needs `allow_insecure: true` in its rule.
    Error handlers/unknown-secret handlers/add.ts:12:15 <nope> no credential is called `nope`
      hint: Declare it in pack.yaml: `credentials: [{name: nope, kind: api_key}]`.
    Warning handlers/foreign-name handlers/add.ts:13:3 <process> `process` is not there: handlers run without Node and without a browser
      hint: What a tool needs to know comes with its input; secrets are put into requests by the host.
    Warning handlers/undeclared-error handlers/lib.ts:3:15 <no_such> no tool that this answers declares the error `no_such`
      hint: Declare it in pack.yaml, in the tool: `errors: [{code: no_such, description: …}]`.
    Warning capabilities/insecure-public pack.yaml:17:128 <allow_insecure> plain HTTP may go to `b.acme.dev`, a public host
      hint: Remove `allow_insecure`; hosts of your own network that need it belong into a rule of their own.
    ");
}

#[test]
fn a_secret_that_a_handler_names_is_used() {
    let manifest = "name: n\ndescription: d\ntools:\n  - name: add\n    description: Adds and returns.\n    input: {type: object}\n    output: {type: object}\n    handler: handlers/add.ts\ncredentials: [{name: sums, kind: api_key}]\n";
    let add = |secret: &str| format!("export function add() {{\n  '${{secrets[\"{secret}\"]}}'\n}}\n");
    let told = |secret: &str| {
        findings_with(&MemoryPack::new([("pack.yaml", manifest), ("handlers/add.ts", add(secret).as_str())]), &Lines)
    };
    assert_eq!(told("sums"), "");
    assert!(told("sms").contains("handlers/unknown-secret") && !told("sms").contains("unused-credential"));
}

/// A parser that comes to the end, and wants more.
struct Wants;

impl Languages for Wants {
    fn outline(&self, _: &str, text: &str) -> Option<ScriptOutline> {
        let fault = ScriptFault { span: text.len()..text.len(), message: "Expected `}` but found `EOF`".to_owned(), hint: None };
        Some(ScriptOutline { faults: vec![fault], ..ScriptOutline::default() })
    }
}

#[test]
fn a_brace_that_is_never_closed_is_told_where_it_stands() {
    let open = |text: &str| super::open_brace(text).map(|(brace, line)| (text[..brace.start].lines().count(), line));
    assert_eq!(open("function a() {\n  if (b) { // why\n    c();\n  d();\n}\n"), Some((2, 5)));
    assert_eq!(open("function a() {\n  b(\"https://c\", {\n    d: 1,\n  });\n  if (e) {\n    f();\n}\n"), Some((5, 7)));
    assert_eq!(open("function a() {\r\n  if (é) {\r\n    c();\r\n}\r\n"), Some((2, 4)));
    for sound in ["function a() {\n  if (b) {\n    c();\n  } else {\n    d();\n  }\n}\n", "const a = { b: 1 };\n", "", "}\n", "{"]
    {
        assert_eq!(open(sound), None, "{sound}");
    }
    let told = |text: &str| findings_with(&pack("handlers/add.ts", &[("handlers/add.ts", text)]), &Wants);
    insta::assert_snapshot!(told("export function add() {\n  if (b) {\n    c();\n}\n"), @"
    Error handlers/syntax handlers/add.ts:2:10 <{> this `{` is never closed
      hint: By the indentation, its `}` belongs before line 4.
    ");
    insta::assert_snapshot!(told("export function add() {\n"), @"
    Error handlers/syntax handlers/add.ts:2:1 <> Expected `}` but found `EOF`
      hint: Look here and just before.
    ");
}

#[test]
fn a_tool_calls_the_function_of_its_name() {
    insta::assert_snapshot!(told("handlers/add.ts", &[("handlers/add.ts", "export function addd() {}\n")]), @"
    Error handlers/no-export pack.yaml:7:14 <handlers/add.ts> `handlers/add.ts` exports no function `add`
      hint: Call the function so, or name the one that is there: `handler: {path: handlers/add.ts, export: addd}`.
    ");
    insta::assert_snapshot!(told("handlers/add.ts", &[("handlers/add.ts", "")]), @"
    Error handlers/no-export pack.yaml:7:14 <handlers/add.ts> `handlers/add.ts` exports no function `add`
      hint: Add it: `export function add(input, host) { … }`. A tool calls the function of its own name.
    ");
    insta::assert_snapshot!(told("{path: handlers/add.ts, export: sun}", &[("handlers/add.ts", "export function sum() {}\nexport function x() {}\n")]), @"
    Error handlers/no-export pack.yaml:7:46 <sun> `handlers/add.ts` exports no function `sun`
      hint: Did you mean `sum`?
      guess: Change to `sum`
    ");
    insta::assert_snapshot!(told("{path: handlers/add.ts, export: total}", &[("handlers/add.ts", "export function sum() {}\n")]), @"
    Error handlers/no-export pack.yaml:7:46 <total> `handlers/add.ts` exports no function `total`
      hint: It exports `sum`.
    ");
    insta::assert_snapshot!(told("{path: handlers/add.ts, export: total}", &[("handlers/add.ts", "")]), @"
    Error handlers/no-export pack.yaml:7:46 <total> `handlers/add.ts` exports no function `total`
      hint: Add it: `export function total(input, host) { … }`.
    ");
    insta::assert_snapshot!(told("handlers/add.ts", &[("handlers/add.ts", "export const add = 5;\n")]), @"
    Error handlers/not-a-function pack.yaml:7:14 <handlers/add.ts> what `handlers/add.ts` exports as `add` cannot be called
      hint: Write `export function add(input, host) { … }`.
    ");
}

#[test]
fn a_function_may_come_from_another_module() {
    let add = ("handlers/add.ts", "export * from \"./all.ts\"\n");
    let all = ("handlers/all.ts", "export * from \"./one.ts\"\nexport * from \"./add.ts\"\n");
    assert_eq!(told("handlers/add.ts", &[add, all, ("handlers/one.ts", "export function add() {}\n")]), "");
    assert!(told("handlers/add.ts", &[add, all, ("handlers/one.ts", "")]).contains("handlers/no-export"));
    // What is not known is not said to be missing.
    assert!(!told("handlers/add.ts", &[add, all]).contains("handlers/no-export"));
    assert!(!told("handlers/add.ts", &[add, all, ("handlers/one.ts", "let a = = 1\n")]).contains("handlers/no-export"));
}

#[test]
fn what_nothing_uses_is_told() {
    let two = ("handlers/add.ts", "export function add() {}\nexport function subtract() {}\nexport const LIMIT = 5;\n");
    insta::assert_snapshot!(told("handlers/add.ts", &[two, ("handlers/old.ts", ""), ("handlers/add.test.ts", "import \"vitest\"\n"), ("handlers/host.d.ts", "")]), @"
    Info handlers/unused-export handlers/add.ts:2:17 <subtract> no tool calls `subtract`
      hint: Take away `export`, or the function; or add a tool for it.
    Warning handlers/unused-file handlers/old.ts:1:1 <> no tool names `handlers/old.ts`, and no handler imports it
      hint: Name it as a tool's `handler`, or remove it; `.packignore` keeps it here and out of the pack.
    ");
    // Who imports it may use it.
    let other = ("handlers/other.ts", "import { subtract } from \"./add.ts\"\n");
    assert!(!told("handlers/add.ts", &[two, other]).contains("handlers/unused-export"));
    // A build's sources are used by the build.
    assert_eq!(
        told(
            "{path: components/a.wasm, build: {command: make}}",
            &[("handlers/a.ts", ""), ("components/a.wasm", "\0asm\r\0\u{1}\0")]
        ),
        ""
    );
}

#[test]
fn an_import_leads_to_a_script_of_the_pack() {
    let add = "import { a } from \"./lib/pluss.ts\"\nimport { b } from \"./gone.ts\"\nimport { c } from \"../../c.ts\"\nimport { d } from \"lodash\"\nimport { e } from \"node:fs\"\nimport { f } from \"packwright:tool\"\nimport g from \"../data/g.json\"\nexport function add() {}\n";
    let files = [("handlers/add.ts", add), ("handlers/lib/plus.ts", "import \"../add.ts\"\n"), ("data/g.json", "{}")];
    let found = told("handlers/add.ts", &files);
    insta::assert_snapshot!(found.lines().filter(|line| !line.contains("unused-file")).collect::<Vec<_>>().join("\n"), @r#"
    Error handlers/missing-import handlers/add.ts:1:20 <./lib/pluss.ts> there is no file `handlers/lib/pluss.ts`
      hint: Did you mean `./lib/plus.ts`?
      fix: Change to `./lib/plus.ts`
    Error handlers/missing-import handlers/add.ts:2:20 <./gone.ts> there is no file `handlers/gone.ts`
      hint: Make the file, or take the import away.
    Error handlers/import-outside handlers/add.ts:3:20 <../../c.ts> `../../c.ts` leaves the pack
      hint: Copy what it names into the pack, and import that.
    Error handlers/package-import handlers/add.ts:4:20 <lodash> `lodash` is no file of this pack
      hint: Import files of the pack by a path that begins with `./`. What a package does must be copied, or bundled into one file.
    Error handlers/package-import handlers/add.ts:5:20 <node:fs> `node:fs` is no file of this pack
      hint: Handlers run without Node. What they may use is in `host`, and in the language itself.
    Error handlers/package-import handlers/add.ts:6:20 <packwright:tool> `packwright:tool` is no file of this pack
      hint: Types are in `packwright:tools`: `import type { … } from "packwright:tools";`.
    Error handlers/import-no-script handlers/add.ts:7:16 <../data/g.json> `../data/g.json` is no JavaScript and no TypeScript
      hint: Write the values into a `.ts` file: `export const table = { … };`.
    "#);
}

#[test]
fn types_are_imported_as_types() {
    let add = "import { Add, type Sub } from \"packwright:tools\"\nimport {\n  Add } from 'packwright:tools'\nimport * as t from \"packwright:tools\"\nexport function add() {}\n";
    insta::assert_snapshot!(told("handlers/add.ts", &[("handlers/add.ts", add)]), @"
    Error handlers/import-of-types handlers/add.ts:1:32 <packwright:tools> `packwright:tools` holds types only
      hint: Write `import type { … }`.
    Error handlers/import-of-types handlers/add.ts:4:21 <packwright:tools> `packwright:tools` holds types only
      hint: Write `import type { … }`.
    ");
    insta::assert_snapshot!(told("handlers/add.ts", &[("handlers/add.ts", "const a = 1\nimport { Add, Sub } from \"packwright:tools\"\nexport function add() {}\n")]), @"
    Error handlers/import-of-types handlers/add.ts:2:27 <packwright:tools> `packwright:tools` holds types only
      hint: Write `import type { … }`.
      fix: Change to `import type`
    ");
}

#[test]
fn a_host_must_be_allowed() {
    let add = (
        "handlers/add.ts",
        "const a = \"https://api.acme.dev/x\"\nconst b = \"https://api.acme.dev/y\"\nconst c = \"http://localhost:80\"\nexport function add() {}\n",
    );
    insta::assert_snapshot!(told("handlers/add.ts", &[add]), @"
    Warning handlers/host-not-allowed handlers/add.ts:1:12 <https://api.acme.dev/x> this reaches for `api.acme.dev`, and the pack has no network capability
      hint: If it should be reached, allow it in pack.yaml: `capabilities: [{name: …, type: http, allow: [{domains: [api.acme.dev], methods: [GET]}]}]`.
    ");
    let allowing = |domain: &str| {
        let handler = format!(
            "handlers/add.ts\n    output: {{type: object}}\ncapabilities: [{{name: c, type: http, allow: [{{domains: ['{domain}'], methods: [GET]}}]}}]\nx-rest:"
        );
        told(&handler, &[add])
    };
    assert_eq!(allowing("api.acme.dev"), "");
    assert_eq!(allowing("*.acme.dev"), "");
    insta::assert_snapshot!(allowing("api.acme.de"), @"
    Warning handlers/host-not-allowed handlers/add.ts:1:12 <https://api.acme.dev/x> this reaches for `api.acme.dev`, and no rule of a capability names it
      hint: Did you mean `api.acme.de`, which is allowed?
    ");
    insta::assert_snapshot!(allowing("files.other.net:8443"), @"
    Warning handlers/host-not-allowed handlers/add.ts:1:12 <https://api.acme.dev/x> this reaches for `api.acme.dev`, and no rule of a capability names it
      hint: If it should be reached, allow it in pack.yaml: `capabilities: [{name: …, type: http, allow: [{domains: [api.acme.dev], methods: [GET]}]}]`.
    ");
}

#[test]
fn a_program_begins_as_webassembly_does() {
    let program = |handler: &str, start: &str| told(handler, &[("components/a.wasm", start)]);
    let command = "{path: components/a.wasm, kind: command}";
    for (handler, start) in [
        (command, "\0asm\u{1}\0\0\0and so on"),
        (command, "\0asm\r\0\u{1}\0"),
        ("components/a.wasm", "\0asm\r\0\u{1}\0"),
        ("components/A.WASM", ""),
    ] {
        assert!(!program(handler, start).contains("handlers/"), "{handler}");
    }
    insta::assert_snapshot!(program("components/a.wasm", "\0asm\u{1}\0\0\0"), @"
    Error handlers/wrong-kind pack.yaml:7:14 <components/a.wasm> `components/a.wasm` is a plain module, and is taken for a component
      hint: If it is a WASI program, say so: `handler: {path: components/a.wasm, kind: command}`.
      hint: If it should be a component, make it one: `wasm-tools component new`.
    ");
    insta::assert_snapshot!(program(command, ""), @"
    Error handlers/not-wasm pack.yaml:7:21 <components/a.wasm> `components/a.wasm` is empty
      hint: Build it again.
    ");
    insta::assert_snapshot!(program(command, "\0asm"), @"
    Error handlers/not-wasm pack.yaml:7:21 <components/a.wasm> `components/a.wasm` is no WebAssembly: it does not begin as such files do
      hint: Build it again, and look whether the build ended well.
    ");
    insta::assert_snapshot!(program(command, "\0asm\u{2}\0\0\0"), @"
    Error handlers/not-wasm pack.yaml:7:21 <components/a.wasm> `components/a.wasm` is WebAssembly of a version that is not known here
      hint: Build it with current tools.
    ");
    insta::assert_snapshot!(program(command, "#!/bin/sh\n"), @"
    Error handlers/not-wasm pack.yaml:7:21 <components/a.wasm> `components/a.wasm` is no WebAssembly: it does not begin as such files do
      hint: Build it again, and look whether the build ended well.
    ");
}

#[test]
fn ten_thousand_modules_in_a_row_are_checked_quickly() {
    let mut files: Vec<(String, String)> = (0..10_000)
        .map(|number| (format!("handlers/m{number}.ts"), format!("export * from \"./m{}.ts\"\n", number + 1)))
        .collect();
    files.push(("handlers/m10000.ts".to_owned(), "export function add() {}\n".to_owned()));
    let manifest = "name: n\ndescription: d\ntools: [{name: add, description: Adds and returns., input: {type: object}, output: {type: object}, handler: handlers/m0.ts}]\n";
    files.push(("pack.yaml".to_owned(), manifest.to_owned()));
    assert_eq!(findings_with(&MemoryPack::new(files), &Lines), "");
}
