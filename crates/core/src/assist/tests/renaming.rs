//! Renaming, by example.

use super::{FILES, marked, with_files, with_pack};
use crate::assist::{Pack, rename, rename_range};

/// What a renaming does: the lines that it changes, the files that move, and what it says.
fn told(pack: &Pack<'_>, path: &str, text: &str, at: usize, new: &str) -> String {
    let change = match rename(pack, path, text, at, new) {
        Ok(change) => change,
        Err(refusal) => return refusal,
    };
    let mut out = String::new();
    let mut files: Vec<&str> = change.edits.iter().map(|edit| edit.file.as_str()).collect();
    files.dedup();
    for file in files {
        let before = pack.text(file).unwrap_or_default();
        let mut after = before.to_string();
        for edit in change.edits.iter().rev().filter(|edit| edit.file == file) {
            after.replace_range(edit.range.clone(), &edit.text);
        }
        let changed = after.lines().filter(|line| !before.lines().any(|one| one == *line));
        changed.for_each(|line| out.push_str(&format!("{file}: {}\n", line.trim())));
    }
    change.moves.iter().for_each(|(from, to)| out.push_str(&format!("{from} > {to}\n")));
    change.notes.iter().for_each(|note| out.push_str(&format!("note: {note}\n")));
    out
}

fn renamed(path: &str, around: &str, new: &str) -> String {
    let text = FILES.iter().find(|(one, _)| *one == path).expect("it is a file of the pack").1;
    let (before, within) = marked(around);
    let at = text.find(&before).expect("it stands there") + within;
    with_pack(path, text, |pack| told(pack, path, text, at, new))
}

#[test]
fn a_tool_is_renamed_wherever_it_stands() {
    insta::assert_snapshot!(renamed("pack.yaml", "name: fi<|>nd\n    title", "search_all"), @r#"
    evals/find.yaml: tool: search_all
    evals/find.yaml: tools: [search_all, get]
    guides/use.md: See [the schema](../schemas/search_all.input.json) and `find`.
    handlers/find.ts: export function search_all(input) {
    pack.yaml: - name: search_all
    pack.yaml: input: schemas/search_all.input.json
    pack.yaml: output: schemas/search_all.output.json
    pack.yaml: handler: {path: handlers/find.ts, export: search_all}
    pack.yaml: - {id: hook, on: webhook, tool: search_all, verify: {hmac: '${secrets["finder_key"]}'}}
    tests/find.yaml: tool: search_all
    schemas/find.input.json > schemas/search_all.input.json
    schemas/find.output.json > schemas/search_all.output.json
    note: `find` is also spoken of in guides/use.md: read those texts again.
    "#);
    insta::assert_snapshot!(renamed("tests/find.yaml", "tool: fi<|>nd", "look"), @r#"
    evals/find.yaml: tool: look
    evals/find.yaml: tools: [look, get]
    guides/use.md: See [the schema](../schemas/look.input.json) and `find`.
    handlers/find.ts: export function look(input) {
    pack.yaml: - name: look
    pack.yaml: input: schemas/look.input.json
    pack.yaml: output: schemas/look.output.json
    pack.yaml: handler: {path: handlers/find.ts, export: look}
    pack.yaml: - {id: hook, on: webhook, tool: look, verify: {hmac: '${secrets["finder_key"]}'}}
    tests/find.yaml: tool: look
    schemas/find.input.json > schemas/look.input.json
    schemas/find.output.json > schemas/look.output.json
    note: `find` is also spoken of in guides/use.md: read those texts again.
    "#);
    insta::assert_snapshot!(renamed("pack.yaml", "name: g<|>et", "fetch-one"), @"
    evals/find.yaml: tools: [find, fetch-one]
    pack.yaml: - name: fetch-one
    ");
    insta::assert_snapshot!(renamed("pack.yaml", "name: fi<|>nd\n    title", "get"), @"There is a tool called `get` already.");
    insta::assert_snapshot!(renamed("pack.yaml", "name: fi<|>nd\n    title", "no blanks"), @"`no blanks` cannot be a tool's name: 1 to 128 of A–Z, a–z, 0–9, `_`, `.` and `-`.");
    insta::assert_snapshot!(renamed("pack.yaml", "name: fi<|>nd\n    title", "2.0"), @r#"
    evals/find.yaml: tool: "2.0"
    evals/find.yaml: tools: ["2.0", get]
    guides/use.md: See [the schema](../schemas/2.0.input.json) and `find`.
    pack.yaml: - name: "2.0"
    pack.yaml: input: schemas/2.0.input.json
    pack.yaml: output: schemas/2.0.output.json
    pack.yaml: - {id: hook, on: webhook, tool: "2.0", verify: {hmac: '${secrets["finder_key"]}'}}
    tests/find.yaml: tool: "2.0"
    schemas/find.input.json > schemas/2.0.input.json
    schemas/find.output.json > schemas/2.0.output.json
    note: The function in handlers/find.ts stays `find`, as `2.0` cannot be a function's name; the handler now says `export: find`.
    note: `find` is also spoken of in guides/use.md: read those texts again.
    "#);
    insta::assert_snapshot!(renamed("pack.yaml", "name: fi<|>nd\n    title", "find"), @"");
}

#[test]
fn a_function_that_others_may_count_on_keeps_its_name() {
    let with = |manifest: &str, handler: &str| {
        let files = [("pack.yaml", manifest), ("handlers/h.ts", handler)];
        let at = manifest.find("name: a_tool").expect("it stands there") + 6;
        with_files(&files, |pack| told(pack, "pack.yaml", manifest, at, "b_tool"))
    };
    let alone = "export function a_tool() {}\n";
    let twice = "export function a_tool() {}\nexport function other() { return a_tool(); }\n";
    insta::assert_snapshot!(with("tools:\n  - name: a_tool\n    handler: handlers/h.ts # runs\n", alone), @"
    handlers/h.ts: export function b_tool() {}
    pack.yaml: - name: b_tool
    ");
    insta::assert_snapshot!(with("tools:\n  - name: a_tool\n    handler: handlers/h.ts # runs\n", twice), @"
    pack.yaml: - name: b_tool
    pack.yaml: handler: {path: handlers/h.ts, export: a_tool} # runs
    note: The function in handlers/h.ts stays `a_tool`, as other code may count on it; the handler now says `export: a_tool`.
    ");
    insta::assert_snapshot!(with("tools:\n  - {name: a_tool, handler: {path: handlers/h.ts}}\n", twice), @"
    pack.yaml: - {name: b_tool, handler: {export: a_tool, path: handlers/h.ts}}
    note: The function in handlers/h.ts stays `a_tool`, as other code may count on it; the handler now says `export: a_tool`.
    ");
    insta::assert_snapshot!(with("tools:\n  - name: a_tool\n    handler:\n      kind: inline\n      path: handlers/h.ts\n", twice), @"
    pack.yaml: - name: b_tool
    pack.yaml: export: a_tool
    note: The function in handlers/h.ts stays `a_tool`, as other code may count on it; the handler now says `export: a_tool`.
    ");
    insta::assert_snapshot!(with("tools:\n  - name: \"a_tool\"\n    handler: handlers/h.ts\n".replace("\"a_tool\"", "a_tool").as_str(), "export const nothing = 1;\n"), @"pack.yaml: - name: b_tool");
    let typed = "import type { ATool } from \"packwright:tools\";\nexport function a_tool(input: ATool.Input): ATool.Output {}\n";
    insta::assert_snapshot!(with("tools:\n  - name: a_tool\n    handler: handlers/h.ts\n", typed), @r#"
    handlers/h.ts: import type { BTool } from "packwright:tools";
    handlers/h.ts: export function b_tool(input: BTool.Input): BTool.Output {}
    pack.yaml: - name: b_tool
    "#);
}

#[test]
fn a_file_moves_and_every_path_to_it_follows() {
    insta::assert_snapshot!(renamed("pack.yaml", "schemas/fi<|>nd.input.json", "schemas/deep/query.json"), @"
    guides/use.md: See [the schema](../schemas/deep/query.json) and `find`.
    pack.yaml: input: schemas/deep/query.json
    schemas/find.input.json > schemas/deep/query.json
    ");
    // A link of Markdown ends at a blank.
    insta::assert_snapshot!(renamed("pack.yaml", "schemas/fi<|>nd.input.json", "schemas/my query (1).json"), @"
    guides/use.md: See [the schema](../schemas/my%20query%20%281%29.json) and `find`.
    pack.yaml: input: schemas/my query (1).json
    schemas/find.input.json > schemas/my query (1).json
    ");
    insta::assert_snapshot!(renamed("pack.yaml", "schemas/find.out<|>put.json", "schemas/deep/out.json"), @r#"
    pack.yaml: output: schemas/deep/out.json
    schemas/find.output.json: {"type": "object", "properties": {"hits": {"$ref": "../parts.json#/$defs/hit"}}}
    schemas/find.output.json > schemas/deep/out.json
    "#);
    insta::assert_snapshot!(renamed("schemas/find.output.json", "par<|>ts.json", "shared/parts.json"), @r#"
    schemas/find.output.json: {"type": "object", "properties": {"hits": {"$ref": "shared/parts.json#/$defs/hit"}}}
    schemas/parts.json > schemas/shared/parts.json
    "#);
    insta::assert_snapshot!(renamed("handlers/find.ts", "./li<|>b.ts", "./lib/shout.ts"), @r#"
    handlers/find.ts: import { shout } from "./lib/shout.ts";
    handlers/lib.ts > handlers/lib/shout.ts
    "#);
    insta::assert_snapshot!(renamed("tests/find.yaml", "recordings/fin<|>ds", "recordings/dune.yaml"), @"
    tests/find.yaml: recording: recordings/dune.yaml
    tests/recordings/finds-dune.yaml > tests/recordings/dune.yaml
    ");
    insta::assert_snapshot!(renamed("pack.yaml", "tests/fi<|>nd.yaml#", "tests/finding.yaml"), @r#"
    pack.yaml: examples: ["tests/finding.yaml#finds Dune"]
    tests/find.yaml > tests/finding.yaml
    "#);
    for (new, why) in [
        ("../out.json", "leaves the pack"),
        ("schemas/find.input.yaml", "another ending"),
        ("other/find.input.json", "no folder of the format"),
        ("schemas/parts.json", "already"),
        ("schemas/a:b.json", "on every system"),
        ("schemas/con.json", "is a device on Windows"),
        ("schemas/nul/a.json", "is a device on Windows"),
    ] {
        let told = renamed("pack.yaml", "schemas/fi<|>nd.input.json", new);
        assert!(told.contains(why), "{new}: {told}");
    }
}

#[test]
fn other_names_are_changed_too() {
    insta::assert_snapshot!(renamed("pack.yaml", "secrets[\"finder<|>_key", "new_key"), @r#"
    pack.yaml: - {name: new_key, kind: api_key, description: From the finder's settings page., required: true}
    pack.yaml: auth: {bearer: '${secrets["new_key"]}'}
    pack.yaml: - {id: hook, on: webhook, tool: find, verify: {hmac: '${secrets["new_key"]}'}}
    "#);
    insta::assert_snapshot!(renamed("pack.yaml", "name: sea<|>rch", "look-up"), @"
    pack.yaml: - name: look-up
    pack.yaml: - applies_to: [look-up]
    ");
    insta::assert_snapshot!(renamed("pack.yaml", "name: sea<|>rch", "things"), @"`things` is taken: choose another name.");
    insta::assert_snapshot!(renamed("pack.yaml", "{id: mem<|>ory", "store"), @r#"
    flows/main.ygtc: store.handle: {}
    pack.yaml: - {id: store, version: 1.0.0, world: w, wasm: components/memory.wasm}
    pack.yaml: - {id: offer.find, capability: "cap://finder.find", profiles: [fast], provider: {component_ref: store}}
    "#);
    insta::assert_snapshot!(renamed("pack.yaml", "profiles: [fa<|>st", "slow"), @r#"
    pack.yaml: - {id: offer.find, capability: "cap://finder.find", profiles: [slow], provider: {component_ref: memory}}
    pack.yaml: - {id: slow}
    "#);
    insta::assert_snapshot!(renamed("schemas/parts.json", "\"hi<|>t\"", "found"), @r#"
    schemas/find.output.json: {"type": "object", "properties": {"hits": {"$ref": "parts.json#/$defs/found"}}}
    schemas/parts.json: {"$defs": {"found": {"type": "string"}}}
    "#);
    insta::assert_snapshot!(renamed("schemas/find.input.json", "#/$defs/pa<|>ge", "slice"), @r##"
    schemas/find.input.json: "page": {"$ref": "#/$defs/slice"}
    schemas/find.input.json: "$defs": {"slice": {"type": "object", "properties": {"size": {"type": "integer", "default": 10}}}}
    "##);
    insta::assert_snapshot!(renamed("tests/find.yaml", "name: fin<|>ds Dune", "finds a book"), @r#"
    pack.yaml: examples: ["tests/find.yaml#finds a book"]
    tests/find.yaml: - name: finds a book
    "#);
    insta::assert_snapshot!(renamed("flows/main.ygtc", "to: e<|>nd", "finish"), @"
    flows/main.ygtc: routing: [{to: finish}]
    flows/main.ygtc: finish:
    ");
    insta::assert_snapshot!(renamed("pack.yaml", "category: to<|>ols", "x"), @"Nothing here has a name that could be changed: put the cursor on a tool's, a file's or a credential's.");
    insta::assert_snapshot!(renamed("pack.yaml", "export: fi<|>nd", "x"), @"The function is renamed with its tool: put the cursor on the tool's name in pack.yaml.");
    insta::assert_snapshot!(renamed("pack.yaml", "{name: finder<|>_key", "a \"b\""), @r#"`a "b"` cannot be the name: it has 1 to 128 characters, letters of A–Z and a–z, digits, `_`, `-` and `.`."#);
}

#[test]
fn what_is_written_with_escapes_is_left_alone() {
    let manifest = "tools:\n  - name: a\ntriggers:\n  - {id: t, tool: \"\\x61\"}\n";
    with_files(&[("pack.yaml", manifest)], |pack| {
        insta::assert_snapshot!(told(pack, "pack.yaml", manifest, manifest.find("a\n").unwrap(), "b"), @"In pack.yaml, line 4, the name is written with escapes or by an alias, and nothing can safely be put in its place. Write it plainly there first.");
    });
}

#[test]
fn the_name_alone_is_what_an_editor_marks() {
    let text = FILES[2].1;
    with_pack("schemas/find.output.json", text, |pack| {
        let range = rename_range(pack, "schemas/find.output.json", text, text.find("hit\"}").unwrap());
        assert_eq!(range.map(|range| &text[range]), Ok("hit"));
    });
    let text = FILES[0].1;
    with_pack("pack.yaml", text, |pack| {
        let at = text.find("finder_key\"]").unwrap();
        assert_eq!(rename_range(pack, "pack.yaml", text, at).map(|range| &text[range]), Ok("finder_key"));
        assert!(rename_range(pack, "pack.yaml", text, text.find("category").unwrap()).is_err());
    });
}
