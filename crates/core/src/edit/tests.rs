//! What becomes of texts: one change each.

use super::{Change, Data, Language, Place, apply};
use crate::path;
use serde_json::json;

/// Makes a change on YAML and wants this text.
#[track_caller]
fn check(before: &str, change: Change, after: &str) {
    check_in(Language::Yaml, before, change, after);
}

#[track_caller]
fn check_json(before: &str, change: Change, after: &str) {
    check_in(Language::Json, before, change, after);
}

#[track_caller]
fn check_in(language: Language, before: &str, change: Change, after: &str) {
    let edited = apply(before, language, &change).unwrap_or_else(|refusal| panic!("{refusal}\n{before}"));
    assert!(edited.text == after, "wanted:\n{after}\ncame:\n{}", edited.text);
    assert_eq!(super::patched(before, &edited.edits).as_deref(), Some(after), "the edits make the text");
    if language == Language::Yaml && !before.contains('\r') && before.contains('\n') {
        // The same with other line ends and a mark.
        let other = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
        let edited = apply(&other(before), language, &change).unwrap_or_else(|refusal| panic!("with CRLF: {refusal}"));
        assert!(edited.text == other(after), "with CRLF:\n{}", edited.text.replace('\r', "␍"));
    }
}

#[track_caller]
fn refused(text: &str, change: Change) -> String {
    apply(text, Language::Yaml, &change).expect_err("it is refused").to_string()
}

fn set<V: Into<Data>>(path: Vec<super::Step>, value: V) -> Change {
    Change::set(path, value)
}

#[test]
fn a_scalar_keeps_its_quotes_and_its_comment() {
    check("a: x # why\n", set(path!["a"], "b"), "a: b # why\n");
    check("a: 'x' # why\n", set(path!["a"], "it's"), "a: 'it''s' # why\n");
    check("a:   \"x\"\n", set(path!["a"], "y"), "a:   \"y\"\n");
    check("a: 'x'\n", set(path!["a"], "two\nlines"), "a: |-\n  two\n  lines\n");
    check("a: \"x\\ny\"\n", set(path!["a"], "p\nq"), "a: \"p\\nq\"\n");
    check("version: 1.2.0\n", set(path!["version"], "1.3.0"), "version: 1.3.0\n");
    check("version: 1.2.0\n", set(path!["version"], "1.3"), "version: \"1.3\"\n");
    check("a: {b: 10MB}\n", set(path!["a", "b"], "50MB"), "a: {b: 50MB}\n");
    check("a: x\n", set(path!["a"], "0xff"), "a: \"0xff\"\n");
    check("a: x\n", set(path!["a"], "yes"), "a: \"yes\"\n");
    check("a: 'x'\nb: 'y'\nc: z\n", set(path!["c"], "no"), "a: 'x'\nb: 'y'\nc: 'no'\n");
    check("a: \"5\"\n", set(path!["a"], json!(5)), "a: 5\n");
    check("a: 5\n", set(path!["a"], "5"), "a: \"5\"\n");
    check("a: x\n", set(path!["a"], "Finds books, and more."), "a: Finds books, and more.\n");
    check("a: x\n", set(path!["a"], "Finds: books"), "a: \"Finds: books\"\n");
    check("a: x\n", set(path!["a"], true), "a: true\n");
    check("a: x\n", set(path!["a"], Data::Null), "a: null\n");
    check("a: # soon\nb: 1", set(path!["a"], "x"), "a: x # soon\nb: 1");
    check("a:\nb: 1\n", set(path!["a"], "x"), "a: x\nb: 1\n");
    check("a: long\n  text\nb: 1\n", set(path!["a"], "short"), "a: short\nb: 1\n");
    check("- x # one\n- y\n", set(path![0], "z"), "- z # one\n- y\n");
    check("-\n- y\n", set(path![0], "z"), "- z\n- y\n");
    check("x", set(path![], "w"), "w");
    check("é: 'ü' # ö\n", set(path!["é"], "ß"), "é: 'ß' # ö\n");
}

#[test]
fn a_block_of_text_stays_one() {
    check(
        "a: | # why\n  one\n  two\n\nb: 1\n",
        set(path!["a"], "three\nfour\nfive\n"),
        "a: | # why\n  three\n  four\n  five\n\nb: 1\n",
    );
    check("a: |\n    one\nb: 1\n", set(path!["a"], "x\ny"), "a: |-\n    x\n    y\nb: 1\n");
    check("a: |-\n  one\n  two\nb: 1\n", set(path!["a"], "x\n\ny\n"), "a: |\n  x\n\n  y\nb: 1\n");
    check("a: |\n  one\nb: 1\n", set(path!["a"], "x"), "a: x\nb: 1\n");
    check("a: | # why\n  one\nb: 1\n", set(path!["a"], json!(1)), "a: 1 # why\nb: 1\n");
    check(
        "a: >-\n  Finds books by title, author\n  or ISBN and returns some of\n  them, best match first.\nb: 1\n",
        set(path!["a"], "Finds books by title, author or ISBN and returns all of them, best match first."),
        "a: >-\n  Finds books by title, author\n  or ISBN and returns all of\n  them, best match first.\nb: 1\n",
    );
    check("a: >\n  one\n  two\n\n  three\n", set(path!["a"], "one two\nfour\n"), "a: >\n  one two\n\n  four\n");
    check("- |\n  one\n  two\n- y\n", set(path![0], "x\ny\n"), "- |\n  x\n  y\n- y\n");
    check("a: |+\n  one\n\n\nb: 1\n", set(path!["a"], "x\n\n"), "a: |+\n  x\n\nb: 1\n");
}

#[test]
fn a_value_becomes_a_list_or_mapping_and_back() {
    let schema = || Data::map([("type", Data::text("object")), ("required", json!(["q"]).into())]);
    let text = "tools:\n  - name: t\n    # About the input.\n    input: a.json # here\n    output: b.json\n";
    let inline = "tools:\n  - name: t\n    # About the input.\n    input: # here\n      type: object\n      required: [q]\n    output: b.json\n";
    check(text, set(path!["tools", 0, "input"], schema()), inline);
    check(inline, set(path!["tools", 0, "input"], "a.json"), text);
    check("a: 1\n", set(path!["a"], json!([])), "a: []\n");
    check("a: []\n", set(path!["a"], json!({"b": {"c": 1}})), "a:\n  b:\n    c: 1\n");
    check("- 1 # x\n- 2\n", set(path![0], json!({"a": 1, "b": 2})), "- a: 1 # x\n  b: 2\n- 2\n");
    check("-   a: 1\n    b: 2\n- 2\n", set(path![0], "x"), "- x\n- 2\n".replacen("- x", "-   x", 1).as_str());
    check("a:\n- 1\n- 2\nb: 1\n", set(path!["a"], json!({"c": {"d": 1}})), "a:\n  c:\n    d: 1\nb: 1\n");
    check("a: {b: 1}\n", set(path!["a", "b"], json!({"c": [1]})), "a: {b: {c: [1]}}\n");
    check("a: x\n", set(path![], json!({"b": 1})), "b: 1\n");
}

#[test]
fn of_a_list_or_mapping_only_what_differs_is_touched() {
    check(
        "a:\n  # one\n  b: 1 # x\n  # two\n  c: 'x'\n",
        set(path!["a"], json!({"b": 2, "c": "x", "d": [1]})),
        "a:\n  # one\n  b: 2 # x\n  # two\n  c: 'x'\n  d: [1]\n",
    );
    check("a: [1, 2, 3] # x\n", set(path!["a"], json!([1, 3])), "a: [1, 3] # x\n");
    check("a:\n- 1 # one\n- 2 # two\n- 3 # three\n", set(path!["a"], json!([1, 3])), "a:\n- 1 # one\n- 3 # three\n");
}

#[test]
fn a_new_entry_is_written_like_its_neighbours() {
    check("a: 1\nb: 2 # two\n", Change::insert(path![], Place::Last, "c", "x"), "a: 1\nb: 2 # two\nc: x\n");
    check("a: 1\nb: 2", Change::insert(path![], Place::Last, "c", "x"), "a: 1\nb: 2\nc: x");
    check("# head\na: 1\n", Change::insert(path![], Place::First, "c", "x"), "# head\nc: x\na: 1\n");
    check(
        "a: 1\n\n# About b.\nb: 2\n",
        Change::insert(path![], Place::After("a".into()), "c", "x"),
        "a: 1\nc: x\n\n# About b.\nb: 2\n",
    );
    check(
        "l:\n  # first\n  - 1\n  - 2\n",
        Change::push(path!["l"], Place::First, json!(0)),
        "l:\n  - 0\n  # first\n  - 1\n  - 2\n",
    );
    check(
        "l:\n-   a: 1\n    b: 2\n",
        Change::push(path!["l"], Place::Last, json!({"a": 3, "b": 4})),
        "l:\n-   a: 1\n    b: 2\n-   a: 3\n    b: 4\n",
    );
    check("- a: 1\n", Change::insert(path![0], Place::First, "b", "x"), "- b: x\n  a: 1\n");
    check(
        "tools:\n  - name: a\n    # todo: more\n\n  # second\n  - name: b\n\n# end\n",
        Change::push(path!["tools"], Place::At(1), json!({"name": "c"})),
        "tools:\n  - name: a\n    # todo: more\n\n  - name: c\n\n  # second\n  - name: b\n\n# end\n",
    );
    check("a: [x, y] # two\n", Change::push(path!["a"], Place::Last, "z"), "a: [x, y, z] # two\n");
    check("a: [x, y]\n", Change::push(path!["a"], Place::First, "z, z"), "a: [\"z, z\", x, y]\n");
    check("a: [\n  x, # ex\n  y # why\n]\n", Change::push(path!["a"], Place::Last, "z"), "a: [\n  x, # ex\n  y, # why\n  z\n]\n");
    check("a: [\n  x,\n  y,\n]\n", Change::push(path!["a"], Place::Last, "z"), "a: [\n  x,\n  y,\n  z,\n]\n");
    check("a: {b: 1}\n", Change::insert(path!["a"], Place::Last, "c d", json!({"e": [1]})), "a: {b: 1, c d: {e: [1]}}\n");
}

#[test]
fn nothing_becomes_a_list_or_mapping() {
    let item = || json!({"name": "x", "type": "http"});
    check("l: [] # none yet\n", Change::push(path!["l"], Place::Last, item()), "l: # none yet\n  - name: x\n    type: http\n");
    check("l:\nb: 1\n", Change::push(path!["l"], Place::Last, item()), "l:\n  - name: x\n    type: http\nb: 1\n");
    check("m:\n- 1\nl: []\n", Change::push(path!["l"], Place::Last, item()), "m:\n- 1\nl:\n- name: x\n  type: http\n");
    check("l: ~\n", Change::push(path!["l"], Place::Last, "x"), "l: [x]\n");
    check("m: {}\n", Change::insert(path!["m"], Place::Last, "k", json!({"a": {"b": 1}})), "m:\n  k:\n    a:\n      b: 1\n");
    check("", Change::insert(path![], Place::Last, "a", "x"), "a: x\n");
    check("# only\n", Change::insert(path![], Place::Last, "a", "x"), "# only\na: x\n");
    check(
        "t:\n  - e: {a: 1}\n  - e: {}\n",
        Change::insert(path!["t", 1, "e"], Place::Last, "a", json!(2)),
        "t:\n  - e: {a: 1}\n  - e: {a: 2}\n",
    );
}

#[test]
fn what_is_removed_takes_its_comment_along() {
    check("a: 1\n# About b.\n# More.\nb: 2 # two\nc: 3\n", Change::remove(path!["b"]), "a: 1\nc: 3\n");
    check("# head\na: 1\nb: 2\n", Change::remove(path!["a"]), "# head\nb: 2\n");
    check("a: 1\nb: 2", Change::remove(path!["b"]), "a: 1");
    check("a: 1\n\n# About b.\nb: 2\n\nc: 3\n", Change::remove(path!["b"]), "a: 1\n\nc: 3\n");
    check("l:\n  - a\n\n  - b\n\n  - c\n", Change::remove(path!["l", 0]), "l:\n  - b\n\n  - c\n");
    check("l:\n  - a\n\n  - b\n\n  - c\n", Change::remove(path!["l", 2]), "l:\n  - a\n\n  - b\n");
    check("- name: a # x\n  # about b\n  b: 1\n", Change::remove(path![0, "name"]), "- # about b\n  b: 1\n");
    check("- name: a\n  b: 1\n", Change::remove(path![0, "name"]), "- b: 1\n");
    check("l: # mine\n  # one\n  - a # x\n\n  # left\nb: 1\n", Change::remove(path!["l", 0]), "l: [] # mine\n\n  # left\nb: 1\n");
    check("- - a\n- b\n", Change::remove(path![0, 0]), "- []\n- b\n");
    check("a: |\n  text\nb: 2", Change::remove(path!["b"]), "a: |\n  text");
    check("a: [x, y, z]\n", Change::remove(path!["a", 1]), "a: [x, z]\n");
    check("a: [x, y, z,]\n", Change::remove(path!["a", 2]), "a: [x, y,]\n");
    check("a: {b: 1}\n", Change::remove(path!["a", "b"]), "a: {}\n");
    check("a: [\n  x, # ex\n  # about y\n  y # why\n]\n", Change::remove(path!["a", 1]), "a: [\n  x # ex\n]\n");
}

#[test]
fn a_key_gets_another_name() {
    check("a: 1 # x\n", Change::rename(path!["a"], "b"), "b: 1 # x\n");
    check("'a': 1\n", Change::rename(path!["a"], "it's"), "'it''s': 1\n");
    check("x: {\"a\":1}\n", Change::rename(path!["x", "a"], "b"), "x: {\"b\":1}\n");
    check("a:\n  b: 1\n", Change::rename(path!["a"], "greentic.ext.capabilities.v1"), "greentic.ext.capabilities.v1:\n  b: 1\n");
    check("a: 1\n", Change::rename(path!["a"], "c: d"), "\"c: d\": 1\n");
    check("? a\n: 1\n", Change::rename(path!["a"], "b"), "? b\n: 1\n");
}

#[test]
fn an_entry_moves_with_its_comments() {
    let text = "tools:\n  # first\n  - name: a # x\n  # second\n  - name: b\n    c: |\n      text\n  - name: c\n";
    check(
        text,
        Change::shift(path!["tools", 0], 1),
        "tools:\n  # second\n  - name: b\n    c: |\n      text\n  # first\n  - name: a # x\n  - name: c\n",
    );
    check(
        text,
        Change::shift(path!["tools", 2], 0),
        "tools:\n  - name: c\n  # first\n  - name: a # x\n  # second\n  - name: b\n    c: |\n      text\n",
    );
    check("- a: 1\n  b: 2\n  c: 3\n", Change::shift(path![0, "c"], 0), "- c: 3\n  a: 1\n  b: 2\n");
    check("- a: 1\n  b: 2\n  c: 3\n", Change::shift(path![0, "a"], 2), "- b: 2\n  c: 3\n  a: 1\n");
    check("a: [1, 2, 3]\n", Change::shift(path!["a", 0], 2), "a: [2, 3, 1]\n");
    check("a: [1, 2, 3]\n", Change::shift(path!["a", 2], 1), "a: [1, 3, 2]\n");
    check("a: 1\nb: 2", Change::shift(path!["a"], 1), "b: 2\na: 1");
}

#[test]
fn json_is_changed_the_same_way() {
    let text = "{\n\t\"type\": \"object\",\n\t\"properties\": {},\n\t\"n\": 1.50\n}\n";
    check_json(text, set(path!["type"], "array"), "{\n\t\"type\": \"array\",\n\t\"properties\": {},\n\t\"n\": 1.50\n}\n");
    check_json(
        text,
        Change::insert(path!["properties"], Place::Last, "q", json!({"type": "string"})),
        "{\n\t\"type\": \"object\",\n\t\"properties\": {\n\t\t\"q\": {\n\t\t\t\"type\": \"string\"\n\t\t}\n\t},\n\t\"n\": 1.50\n}\n",
    );
    check_json(text, Change::remove(path!["n"]), "{\n\t\"type\": \"object\",\n\t\"properties\": {}\n}\n");
    check_json(text, Change::remove(path!["type"]), "{\n\t\"properties\": {},\n\t\"n\": 1.50\n}\n");
    check_json(
        text,
        Change::insert(path![], Place::Last, "required", json!(["q"])),
        "{\n\t\"type\": \"object\",\n\t\"properties\": {},\n\t\"n\": 1.50,\n\t\"required\": [\"q\"]\n}\n",
    );
    check_json(text, Change::shift(path!["n"], 0), "{\n\t\"n\": 1.50,\n\t\"type\": \"object\",\n\t\"properties\": {}\n}\n");
    check_json(
        "{\"a\":1,\"b\":[1,2]}",
        Change::push(path!["b"], Place::Last, json!({"c": "é"})),
        "{\"a\":1,\"b\":[1,2,{\"c\":\"é\"}]}",
    );
    check_json("{ \"a\": 1 }", Change::rename(path!["a"], "b\n"), "{ \"b\\n\": 1 }");
    check_json(
        "{}\r\n",
        Change::insert(path![], Place::Last, "a", json!({"b": 1})),
        "{\r\n  \"a\": {\r\n    \"b\": 1\r\n  }\r\n}\r\n",
    );
    check_json(
        "{\n\"e\": [{ \"q\": 1 }]}",
        Change::push(path!["e"], Place::Last, json!({"q": 2})),
        "{\n\"e\": [{ \"q\": 1 }, { \"q\": 2 }]}",
    );
}

#[test]
fn what_cannot_be_changed_is_told_why() {
    let said = [
        refused("a: &x {b: 1}\nc: *x\n", set(path!["c", "b"], json!(2))),
        refused("a: &x {b: 1}\nc: *x\n", set(path!["a", "b"], json!(2))),
        refused("a: &x {b: 1}\nc: *x\n", Change::remove(path!["a"])),
        refused("a: &x {b: 1}\nc: {<<: *x}\n", set(path!["c", "b"], json!(2))),
        refused("a: 1\n---\nb: 1\n", set(path!["a"], json!(2))),
        refused("a: 1\na: 2\n", set(path!["a"], json!(2))),
        refused("a: [1\n", set(path!["a"], json!(2))),
        refused("a: 1\n", set(path!["b"], json!(2))),
        refused("a: [1]\n", set(path!["a", 3], json!(2))),
        refused("a: 1\nb: 2\n", Change::rename(path!["a"], "b")),
        refused("a: 1\nb: 2\n", Change::insert(path![], Place::Last, "b", "x")),
        refused("a: 1\n", Change::push(path!["a"], Place::Last, "x")),
        refused("a: 1\n", Change::remove(path![])),
        refused("a: 1\rb: 2\n", set(path!["a"], json!(2))),
    ];
    insta::assert_snapshot!(said.join("\n"), @"
    line 2, column 4: `*x` stands for a value that is written elsewhere and may be used more than once; make the change where the anchor is, or write the value out here first
    line 1, column 11: something else in the text would change with it: it has an anchor that is used elsewhere; change it by hand
    line 1, column 7: something else in the text would change with it: it has an anchor that is used elsewhere; change it by hand
    line 2, column 4: `b` comes from another mapping, through `<<`; make the change where the anchor is, or write the value out here first
    line 3, column 1: a second document begins here, and a manifest is one; mend this first
    line 2, column 1: `a` stands here twice; take one of the two out first
    line 1, column 4: unclosed bracket '['; mend this first
    line 1, column 1: there is no `b` here; look whether the text has changed in the meantime, and try again
    line 1, column 4: there is no item 3 here; the list has 1; look whether the text has changed in the meantime, and try again
    line 1, column 1: `b` is there already; choose another name
    line 1, column 1: `b` is there already; choose another name
    line 1, column 4: nothing can be put into a number; change it by hand
    line 1, column 1: the whole text has no place of its own to be taken from; change it by hand
    line 1, column 5: a line ends here with a carriage return alone, as on very old computers; save the text with another line ending first
    ");
}

#[test]
fn large_and_strange_texts_are_answered_quickly() {
    // Looking for the line's begin at each of these would take minutes.
    let anchors = format!("a: [{}]\nb: 1\n", many(8_000, |n| format!("&x{n} y, ")));
    let items = format!("a: [{}z]\nb: 1\n", "y, ".repeat(20_000));
    let comments = format!("a: 0\n{}b: 1\n", "# why\n".repeat(20_000));
    let deep = format!("{}x: 1\nb: 1\n", many(40, |n| format!("k:\n{}", " ".repeat(n + 1))));
    let keys = format!("{}b: 1\n", many(2_000, |n| format!("k{n}: {n}\n")));
    for text in [&anchors, &items, &comments, &deep, &keys] {
        let edited = apply(text, Language::Yaml, &set(path!["b"], json!(2))).expect("it can be changed");
        assert!(edited.text.ends_with("b: 2\n") && edited.edits.len() == 1);
    }
    let after = apply(&comments, Language::Yaml, &Change::remove(path!["b"])).expect("it can be changed");
    assert_eq!(after.text, "a: 0\n");
    let renamed: Vec<(String, Data)> = (0..2_000).map(|n| (format!("j{n}"), Data::Bool(true))).collect();
    let whole = apply(&keys, Language::Yaml, &set(path![], Data::Map(renamed))).expect("it is written anew");
    assert!(whole.text.starts_with("j0: true\n"));
    for broken in [
        "\u{0}",
        "a: \"",
        "{",
        "\u{feff}\u{feff}a: 1",
        "%YAML 9\n---\na: 1\n",
        "a: b: c\n",
        "\t- a\n",
        "? ? ? a\n",
        "- &a\n- *a\n",
        "a: !<",
        "&",
    ] {
        // Whatever it says: it says something.
        drop(apply(broken, Language::Yaml, &set(path!["a"], "x")));
        drop(apply(broken, Language::Json, &set(path!["a"], "x")));
    }
}

fn many(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |text, number| text + &one(number))
}
