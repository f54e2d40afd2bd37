//! `packwright diff`, `example` and `types`: two versions of a pack, example values, and types that the real compiler takes.

use camino::{Utf8Path, Utf8PathBuf};
use packwright_tests::{copy_of_sample, packwright, packwright_at, skip, sources};
use serde_json::{Value, json};
use std::process::Command;

fn run(folder: &Utf8Path, arguments: &[&str]) -> (i32, String, String) {
    packwright(folder, arguments).expect("packwright runs")
}

fn envelope(folder: &Utf8Path, arguments: &[&str]) -> (i32, Value) {
    let (code, out, _) = run(folder, arguments);
    (code, serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}")))
}

/// A sample, and a copy of it to change.
fn versions(change: impl Fn(&mut String, &mut Value)) -> (tempfile::TempDir, Utf8PathBuf) {
    let (keep, new) = copy_of_sample("open-library").expect("a copy");
    let root = new.parent().expect("a folder").to_owned();
    packwright_tests::copy_folder(&new, &root.join("old")).expect("a copy");
    let (manifest, schema) = (new.join("pack.yaml"), new.join("schemas/search_books.input.json"));
    let mut text = fs_err::read_to_string(&manifest).expect("the manifest");
    let mut value = serde_json::from_slice(&fs_err::read(&schema).expect("the schema")).expect("JSON");
    change(&mut text, &mut value);
    fs_err::write(&manifest, text).expect("written");
    fs_err::write(&schema, value.to_string()).expect("written");
    (keep, root)
}

#[test]
fn nothing_changed_is_fine() {
    let (_keep, root) = versions(|_, _| {});
    let (code, out, said) = run(&root, &["diff", "old", "open-library"]);
    assert_eq!((code, out.as_str(), said.as_str()), (0, "", "open-library: nothing changes for those who use it\n"));
}

#[test]
fn a_break_is_shown_by_a_value_and_exits_with_one() {
    let (_keep, root) = versions(|_, schema| schema["required"] = json!(["query", "limit"]));
    let (code, out, said) = run(&root, &["diff", "old", "open-library"]);
    assert_eq!(code, 1, "{out}{said}");
    assert!(out.starts_with("breaking: input of `search_books`: `{\"query\": "), "{out}");
    assert!(out.contains("was valid, now is not: it must have `limit`") && out.contains("open-library/pack.yaml:"), "{out}");
    assert!(said.contains("1 breaking, 0 to review, 0 compatible") && said.contains("raise `version`"), "{said}");
    let (code, envelope) = envelope(&root, &["diff", "old", "open-library", "--json"]);
    assert_eq!((code, &envelope["ok"], &envelope["command"]), (1, &json!(false), &json!("diff")));
    let change = &envelope["data"]["changes"][0];
    assert_eq!((&change["severity"], &change["what"]), (&json!("breaking"), &json!("input")));
    assert_eq!(change["example"].as_object().map(serde_json::Map::len), Some(1), "{change}");
    assert_eq!(envelope["data"]["suffices"], false);
}

#[test]
fn wider_reach_is_shown_and_is_no_break() {
    let (_keep, root) = versions(|manifest, schema| {
        *manifest = manifest.replacen("openlibrary.org", "openlibrary.org, covers.openlibrary.org", 1);
        schema["properties"]["lang"] = json!({"type": "string"});
    });
    let (code, out, said) = run(&root, &["diff", "old", "open-library/pack.yaml"]);
    assert_eq!(code, 0, "{out}{said}");
    assert!(out.contains("compatible: input of `search_books`: it takes more"), "{out}");
    assert!(said.contains("compatible"), "{said}");
}

#[test]
fn what_cannot_be_compared_says_why() {
    let (_keep, root) = versions(|_, _| {});
    let (code, _, said) = run(&root, &["diff", "old", "gone"]);
    assert!(code == 3 && said.contains("`gone` does not exist"), "{code} {said}");
    let (code, _, said) = run(&root, &["diff", "acme/notes", "old"]);
    assert!(code == 3 && said.contains("with its version: `acme/notes:1.0.0`"), "{code} {said}");
    fs_err::write(root.join("old/pack.yaml"), "a: [").expect("written");
    let (code, _, said) = run(&root, &["diff", "old", "open-library"]);
    assert!(code == 3 && said.contains("cannot be read"), "{code} {said}");
    let home = tempfile::tempdir().expect("a home");
    let home = Utf8Path::from_path(home.path()).expect("Unicode");
    let (code, _, said) = packwright_at(home, &root, &["diff", "acme/none:1.0.0", "open-library"]).expect("packwright runs");
    assert!(code != 0 && !said.is_empty(), "{code} {said}");
}

#[test]
fn another_name_and_a_lower_number_are_remarked() {
    let (_keep, root) = versions(|manifest, _| {
        *manifest = manifest.replace("name: open-library\n", "name: shut-library\n").replace("version: 1.0.0", "version: 0.9.0");
    });
    let (code, _, said) = run(&root, &["diff", "old", "open-library"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("two packs to those who use them: `open-library` and `shut-library`"), "{said}");
    assert!(said.contains("The version falls from 1.0.0 to 0.9.0"), "{said}");
    fs_err::write(root.join("open-library/pack.yaml"), "name: a\ndescription: one: two\n").expect("written");
    let (code, _, said) = run(&root, &["diff", "old", "open-library"]);
    assert!(code == 3 && said.contains("cannot be read at line 2, column"), "{said}");
}

#[test]
fn examples_fit_and_are_the_same_for_a_seed() {
    let pack = sources().join("packs-samples/open-library");
    let (code, out, said) = run(&pack, &["example", "search_books", "--count", "5"]);
    assert_eq!((code, said.as_str(), out.lines().count()), (0, "", 5), "{out}");
    for line in out.lines() {
        let value: Value = serde_json::from_str(line).expect("each line is a value");
        assert!(value["query"].is_string(), "{line}");
    }
    assert_eq!(run(&pack, &["example", "search_books", "--count", "5"]).1, out);
    assert_ne!(run(&pack, &["example", "search_books", "--count", "5", "--seed", "4"]).1, out);
    let (code, envelope) = envelope(&pack, &["example", "search_books", "--output", "--json"]);
    assert_eq!((code, &envelope["data"]["of"]), (0, &json!("output")));
    assert!(!envelope["data"]["examples"].as_array().expect("a list").is_empty());
    let (code, _, said) = run(&pack, &["example", "serch_books"]);
    assert!(code == 2 && said.contains("Did you mean `search_books`?"), "{code} {said}");
}

/// TypeScript's own compiler, from the page's packages. Without it: a visible skip, which is a failure in CI.
fn compiler(test: &str) -> Option<Utf8PathBuf> {
    let path = sources().join("ui/node_modules/typescript/bin/tsc");
    if path.is_file() {
        return Some(path);
    }
    skip(test, "ui/node_modules is missing: run `cargo xtask setup`");
    None
}

/// What the compiler says of a handler that uses a pack's types.
fn compiled(tsc: &Utf8Path, types: &str, handler: &str) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs_err::write(folder.path().join("tools.d.ts"), types).expect("written");
    fs_err::write(folder.path().join("handler.ts"), handler).expect("written");
    let flags = ["--noEmit", "--strict", "--target", "es2022", "--module", "esnext", "tools.d.ts", "handler.ts"];
    let output = Command::new("node").arg(tsc).args(flags).current_dir(folder.path()).output().expect("node runs");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_types_of_every_sample_compile() {
    let Some(tsc) = compiler("the_types_of_every_sample_compile") else { return };
    for entry in sources().join("packs-samples").read_dir_utf8().expect("samples") {
        let pack = entry.expect("an entry").path().to_owned();
        if !pack.join("pack.yaml").is_file() {
            continue;
        }
        let (code, types, said) = run(&pack, &["types"]);
        assert_eq!((code, said.as_str()), (0, ""), "{pack}");
        assert_eq!(compiled(&tsc, &types, "export {};\n"), "", "{pack}");
    }
}

#[test]
fn a_handler_is_held_to_its_types() {
    let Some(tsc) = compiler("a_handler_is_held_to_its_types") else { return };
    let (_, types, _) = run(&sources().join("packs-samples/open-library"), &["types"]);
    let right = r#"import type { SearchBooks } from "packwright:tools";
export async function search_books(input: SearchBooks.Input, host: Host): Promise<SearchBooks.Output> {
  const reply = await host.http.get("https://openlibrary.org/search.json", { query: { q: input.query, limit: input.limit } });
  if (reply.status === 404) throw host.error("not_found", "no such book");
  host.log.info(input.query, host.clock.now());
  return reply.json();
}
"#;
    assert_eq!(compiled(&tsc, &types, right), "");
    let wrong = compiled(
        &tsc,
        &types,
        &right.replace("input.query, host", "input.qurey, host").replace("host.http.get", "host.http.fetch"),
    );
    assert!(wrong.contains("'qurey'") && wrong.contains("'fetch'"), "{wrong}");
}

#[test]
fn the_types_of_strange_schemas_compile() {
    let Some(tsc) = compiler("the_types_of_strange_schemas_compile") else { return };
    let keep = tempfile::tempdir().expect("a temporary folder");
    let pack = Utf8Path::from_path(keep.path()).expect("Unicode");
    let input = json!({
        "title": "a */ b", "description": "two\nlines \u{2028} /* and */ \"quotes\" `ticks` ${x}", "type": "object", "required": ["a b", "class", "gone"], "additionalProperties": {"type": "integer"},
        "properties": {
            "a b": {"type": "string"}, "class": {"enum": ["x\n\"y\"", 1.5, -2, null, true, [1, "a"], {"k v": []}, {}]}, "1": {"const": {"a": {"b": [null]}}}, "__proto__": {}, "é": {"type": ["string", "null", "array"], "items": {"type": ["string", "null"]}},
            "tuple": {"prefixItems": [{"type": "string"}, {"anyOf": [{"type": "number"}, {"type": "null"}]}], "minItems": 1, "items": {"type": ["string", "number"]}}, "none": false, "empty": {"type": "object", "additionalProperties": false},
            "self": {"$ref": "#"}, "tree": {"$ref": "#/$defs/tree"}, "circle": {"$ref": "#/$defs/a"}, "both": {"allOf": [{"$ref": "#/$defs/string"}, {"$ref": "#/$defs/a~1b"}]},
            "map": {"type": "object", "patternProperties": {"^x": {"type": "boolean"}}, "properties": {"y": {"type": "string"}}}, "if": {"if": {}, "then": {"type": "string"}}, "closed": {"prefixItems": [{}], "items": false}
        },
        "$defs": {
            "tree": {"type": "object", "properties": {"kids": {"type": "array", "items": {"$ref": "#/$defs/tree"}}, "up": {"oneOf": [{"type": "null"}, {"$ref": "#/$defs/tree"}]}}},
            "a": {"anyOf": [{"$ref": "#/$defs/b"}, {"type": "array", "items": {"$ref": "#/$defs/a"}}]}, "b": {"oneOf": [{"$ref": "#/$defs/a"}, {"type": "string"}]},
            "string": {"type": "object", "properties": {"s": {"type": "string"}}}, "a/b": {"type": "object", "properties": {"Array": {"$ref": "#/$defs/Array"}}}, "Array": {"type": "array", "items": {"type": "string"}}, "Input": {"const": 1}
        }
    });
    let tool = |name: &str| json!({"name": name, "description": "*/ x", "input": input, "output": input});
    let names = ["a.b", "a-b", "A_B", "1", "class", "Array", "_", "Host", "never"];
    let manifest = json!({"name": "strange", "tools": names.map(tool)});
    fs_err::write(pack.join("pack.yaml"), manifest.to_string()).expect("written");
    let (code, types, said) = run(pack, &["types"]);
    assert_eq!((code, said.as_str()), (0, ""));
    let handler = "import type { AB, AB2, AB3, _1, Class, Never } from \"packwright:tools\";\nexport const names = (one: AB.Input, _two: AB2.Output, _three: AB3.Input, _four: _1.Input, _five: Class.Input, _six: Never.Output): string => one[\"a b\"];\n";
    assert_eq!(compiled(&tsc, &types, handler), "", "{types}");
}
