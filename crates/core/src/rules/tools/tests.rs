//! What tools are told.

use super::SIMILAR_DESCRIPTIONS;
use crate::check::check_pack;
use crate::rules::tests::{findings, manifest};
use crate::schema::chance::Chance;
use crate::source::MemoryPack;
use std::collections::BTreeSet;

#[test]
fn a_bare_tool_is_told_what_it_lacks() {
    insta::assert_snapshot!(manifest("name: n\ndescription: d\ntools:\n  - name: add\n  - title: x\n  - name: a b\n    input: {}\n    description: Adds and returns.\n    handler:\n"), @"
    Warning tools/no-description pack.yaml:4:11 <add> `add` has no description
      hint: Say what it does, when to use it and what it returns.
    Warning tools/no-handler pack.yaml:4:11 <add> `add` has no handler
      hint: Add `handler: handlers/add.ts`, a function that answers the call.
    Error tools/no-input pack.yaml:4:11 <add> `add` has no input schema
      hint: Add `input:` with a path below `schemas/`, or the schema itself; a tool without arguments takes `{type: object, additionalProperties: false}`.
    Error tools/bad-name pack.yaml:5:5 <title> this tool has no name
      hint: Add `name:`, with a word for what it does, as in `search_books`.
    Warning tools/no-description pack.yaml:5:5 <title> this tool has no description
      hint: Say what it does, when to use it and what it returns.
    Warning tools/no-handler pack.yaml:5:5 <title> this tool has no handler
      hint: Add `handler: handlers/name.ts`, a function that answers the call.
    Error tools/no-input pack.yaml:5:5 <title> this tool has no input schema
      hint: Add `input:` with a path below `schemas/`, or the schema itself; a tool without arguments takes `{type: object, additionalProperties: false}`.
    Error tools/bad-name pack.yaml:6:11 <a b> `a b` is not a name for a tool
      hint: Use letters, digits, `_`, `.` and `-`, as in `search_books`.
    Warning tools/no-handler pack.yaml:6:11 <a b> this tool has no handler
      hint: Add `handler: handlers/name.ts`, a function that answers the call.
    Info tools/no-output pack.yaml:6:11 <a b> `a b` has no output schema
      hint: Add `output:` with a path below `schemas/`, or the schema itself.
    Error tools/input-not-object pack.yaml:7:12 <{}> the input of `a b` does not say `type: object`
      hint: Write `type: object` at the root, with each argument below `properties`.
    ");
}

#[test]
fn names_are_unique() {
    let tool = "  - {name: add, description: Adds and returns., input: {type: object}, handler: h.ts}\n";
    let pack = |second: &str| {
        MemoryPack::new([
            ("pack.yaml", format!("name: n\ndescription: d\ntools:\n{tool}{second}")),
            ("handlers/h.ts", String::new()),
        ])
    };
    insta::assert_snapshot!(findings(&pack(tool)).lines().filter(|line| line.contains("duplicate")).collect::<String>(), @"Error tools/duplicate-name pack.yaml:5:12 <add> `add` is the name of tool 1 as well");
    assert!(!findings(&pack("")).contains("duplicate"));
}

/// What a sound tool is told when this stands in it as well.
fn with(more: &str) -> String {
    let files = [
        (
            "pack.yaml",
            format!(
                "name: n\ndescription: d\ntools:\n  - name: find_book\n    description: Finds a book by its title.\n    input: {{type: object}}\n    output: {{type: object}}\n    handler: handlers/find_book.ts\n    {more}\n"
            ),
        ),
        ("handlers/find_book.ts", "export function find_book() { return {}; }\n".to_owned()),
    ];
    findings(&MemoryPack::new(files))
}

/// Codes of this family that a manifest is told, in order.
fn codes(tools: &str) -> Vec<String> {
    let found = manifest(&format!("name: n\ndescription: d\ntools:\n{tools}"));
    let ours = found.lines().filter_map(|line| line.split(' ').nth(1)?.strip_prefix("tools/").map(str::to_owned));
    ours.filter(|code| !code.starts_with("no-")).collect()
}

#[test]
fn limits_say_what_would_hold() {
    assert_eq!(with("limits: {timeout_ms: 300000, memory_mb: 1, output_kb: 0x10, fuel: 1e3}"), "");
    insta::assert_snapshot!(with("limits: {timeout_ms: 0, memory_mb: -5, output_kb: 99999, fuel: .nan}"), @"
    Warning tools/bad-limits pack.yaml:9:26 <0> `timeout_ms` is 0, which limits nothing: the usual 5000 holds
      hint: Write a number from 1 to 300000, or leave it out.
    Warning tools/bad-limits pack.yaml:9:40 <-5> `memory_mb` is -5, which limits nothing: the usual 64 holds
      hint: Write a number from 1 to 1024, or leave it out.
    Warning tools/bad-limits pack.yaml:9:55 <99999> `output_kb` is 99999, and a tool may ask for 16384 at most: that is what holds
      hint: Write 16384 or less.
    Warning tools/bad-limits pack.yaml:9:68 <.nan> `fuel` is .nan, which limits nothing: the usual 500000000 holds
      hint: Write a number from 1 to 100000000000, or leave it out.
    ");
}

#[test]
fn declared_errors_have_codes() {
    assert_eq!(with("errors: [{code: no_such_book, retry: never}, {code: shelf_2_full, retry: later}]"), "");
    insta::assert_snapshot!(with("errors: [{code: No Such-Book}, {code: _}, {description: x}, {code: timeout}, {code: full, retry: alwys}, {code: full, retry: nevr}]"), @"
    Warning tools/bad-error-code pack.yaml:9:21 <No Such-Book> `No Such-Book` is not a code for an error
      hint: Did you mean `no_such_book`?
      guess: Change to `no_such_book`
    Warning tools/bad-error-code pack.yaml:9:43 <_> `_` is not a code for an error
      hint: Write words in lower case joined by `_`, as in `no_such_book`.
    Warning tools/bad-error-code pack.yaml:9:47 <{description: x}> this error has no code
      hint: Add `code:`, words in lower case joined by `_`, as in `no_such_book`.
    Info tools/built-in-error pack.yaml:9:72 <timeout> `timeout` is built in: every tool may answer it
      hint: Take it out, or declare a code that says more, as in `no_such_book`.
    Warning tools/unknown-retry pack.yaml:9:102 <alwys> `alwys` does not say whether to try again
      hint: Choose one of never, later, once.
    Warning tools/duplicate-error pack.yaml:9:117 <full> `full` is declared already
      hint: Keep one of the two, or give them codes of their own.
    Warning tools/unknown-retry pack.yaml:9:130 <nevr> `nevr` does not say whether to try again
      hint: Did you mean `never`?
      fix: Change to `never`
    ");
}

#[test]
fn annotations_and_kinds_say_one_thing() {
    assert_eq!(with("annotations: {read_only: true, destructive: false}"), "");
    assert_eq!(with("annotations: {read_only: true}"), "");
    insta::assert_snapshot!(with("annotations: {read_only: true, destructive: true}"), @"
    Warning tools/contradicting-annotations pack.yaml:9:49 <true> what changes nothing destroys nothing
      hint: Make one of the two false: `read_only` when a call changes something, else `destructive`.
    ");
    insta::assert_snapshot!(manifest("name: n\ndescription: d\ntools:\n  - {name: add, description: Adds two numbers., input: {type: object}, output: {type: object}, handler: {path: pack.yaml, kind: comand}}\n"), @"
    Error tools/unknown-handler-kind pack.yaml:4:129 <comand> `comand` is not a kind of handler
      hint: Did you mean `command`?
      fix: Change to `command`
    ");
}

#[test]
fn an_input_is_an_object() {
    let input = |schema: &str| codes(&format!("  - {{name: add, input: {schema}}}\n")).contains(&"input-not-object".to_owned());
    for bad in [
        "{}",
        "true",
        "{type: string}",
        "{type: [object, 'null']}",
        "{properties: {a: {}}}",
        "{$ref: '#/$defs/a', $defs: {a: {type: object}}}",
    ] {
        assert!(input(bad), "{bad}");
    }
    assert!(!input("{type: object}") && !input("{type: object, anyOf: [{}]}") && !input("schemas/none.json"));
    let file = |schema: &str| {
        findings(&MemoryPack::new([
            ("pack.yaml", "name: n\ndescription: d\ntools: [{name: add, input: schemas/a.json}]\n"),
            ("schemas/a.json", schema),
        ]))
    };
    assert!(
        file("{\"title\": \"t\"}").contains(
            "Error tools/input-not-object schemas/a.json:1:2 <\"title\"> the input of `add` does not say `type: object`"
        )
    );
    assert!(!file("{\"type\": \"objct\"}").contains("input-not-object") && !file("{").contains("input-not-object"));
}

#[test]
fn a_description_says_more_than_the_name() {
    let vague = |text: &str| {
        codes(&format!("  - {{name: find_book, title: Book finder, description: \"{text}\"}}\n")) == ["vague-description"]
    };
    for bad in [
        "Find book",
        "find_book.",
        "Book Finder!",
        "TODO",
        "TODO: write this",
        "Finds.",
        "d",
        "Finds books",
        "...",
        "Lorem ipsum dolor sit",
        "Finds the book.",
        "Finds a book for you with this tool",
        "This tool is used to interact with the API.",
        "A very useful and powerful tool for many things.",
    ] {
        assert!(vague(bad), "{bad}");
    }
    for good in [
        "Adds and returns.",
        "Gives back the text it was given.",
        "Finds todo items.",
        "Finds all books.",
        "Finds books by title.",
        "Finds a book and returns it.",
        "查找书籍并返回结果",
        "",
    ] {
        assert!(!vague(good), "{good}");
    }
}

#[test]
fn tools_are_kept_apart() {
    let named = |one: &str, other: &str| codes(&format!("  - {{name: {one}}}\n  - {{name: {other}}}\n"));
    for (one, other) in [("get_user", "get_users"), ("getUser", "get_user"), ("get-user", "get.user"), ("Get_User", "get_user")] {
        assert_eq!(named(one, other), ["similar-names"], "{one} {other}");
    }
    assert_eq!(named("get_user", "get_user"), ["duplicate-name"]);
    assert!(named("get_user", "set_user").is_empty() && named("as", "a").is_empty() && named("get_clas", "get_class").is_empty());
    let said =
        |one: &str, other: &str| codes(&format!("  - {{name: a, description: {one}}}\n  - {{name: b, description: {other}}}\n"));
    assert_eq!(said("Finds a book by title.", "finds a BOOK by title"), ["similar-descriptions"]);
    let long = "Finds books by title or author or number and returns the best ten of them";
    assert_eq!(said(long, &format!("{long} now")), ["similar-descriptions"]);
    assert!(said(long, "Reads one book by title or author or number and returns it").is_empty());
    assert!(said("Adds two numbers.", "Adds three numbers.").is_empty());
}

#[test]
fn examples_are_missed_where_others_have_them() {
    let tool = |name: &str, more: &str| format!("  - {{name: {name}{more}}}\n");
    let found = |text: &str| manifest(&format!("name: n\ndescription: d\ntools:\n{text}")).matches("tools/no-examples").count();
    assert_eq!(found(&(tool("add", "") + &tool("take", ""))), 0);
    assert_eq!(found(&(tool("add", ", examples: [a#b]") + &tool("take", "") + &tool("give", ", examples: []"))), 2);
}

#[test]
fn thousands_of_tools_are_compared_quickly() {
    let tool = |n: i32| {
        format!("  - {{name: find_{n}s, description: Finds thing number {n} among all of the things and returns it.}}\n")
    };
    let tools = (0..2000).map(tool).collect::<Vec<_>>().concat();
    let found = manifest(&format!("name: n\ndescription: d\ntools:\n{tools}"));
    assert!(!found.contains("similar-descriptions"), "past a bound only the very same words count");
}

/// Which of these descriptions are told to be nearly those of another tool: by number, with the number of the other.
fn alike(descriptions: &[String]) -> Vec<(usize, usize)> {
    let mut text = String::from("name: n\ndescription: d\ntools:\n");
    for (number, said) in descriptions.iter().enumerate() {
        text.push_str(&format!(
            "  - {{name: tool_{number}, description: '{said}', input: {{type: object}}, output: {{type: object}}}}\n"
        ));
    }
    let found = check_pack(&MemoryPack::new([("pack.yaml", text.as_str())])).diagnostics;
    let number =
        |text: &str| text.split(|letter: char| !letter.is_ascii_digit()).find_map(|digits| digits.parse().ok()).unwrap_or(0);
    let told = found.iter().filter(|found| found.code == SIMILAR_DESCRIPTIONS.code);
    told.map(|found| (text[..found.range.start].matches("name: tool_").count() - 1, number(&found.message))).collect()
}

#[test]
fn descriptions_that_differ_in_a_word_of_ten_are_told() {
    let said = |last: &str| format!("Finds books by author, title or subject, and returns their ids and years; {last}.");
    // Fourteen words, of which one differs: thirteen of fifteen. Of twenty-four it is twenty-three of twenty-five.
    assert_eq!(alike(&[said("quickly"), said("slowly")]), []);
    let long = |last: &str| said(&format!("at most twenty of them in the order of the year that each appeared {last}"));
    assert_eq!(
        alike(&[said("quickly"), long("first"), "Counts the words of a text and says how many.".into(), long("last")]),
        [(3, 1)]
    );
    assert_eq!(alike(&[said("quickly"), said("quickly"), said("Quickly, quickly")]), [(1, 0), (2, 0)]);
}

#[test]
fn descriptions_are_compared_as_one_by_one_would() {
    // Every pair of these was compared by hand, so to speak: by what both have, over what either has.
    let mut chance = Chance::new(5);
    let descriptions: Vec<String> = (0..350)
        .map(|number| {
            let words: Vec<String> =
                (0..20).map(|at| format!("w{}", if chance.below(9) == 0 { chance.below(40) } else { at })).collect();
            format!("{} t{}", words.join(" "), number % 7)
        })
        .collect();
    let sets: Vec<BTreeSet<&str>> = descriptions.iter().map(|said| said.split(' ').collect()).collect();
    let same =
        |one: &BTreeSet<&str>, other: &BTreeSet<&str>| one.intersection(other).count() * 10 >= one.union(other).count() * 9;
    let mut told: Vec<usize> = alike(&descriptions).into_iter().map(|(at, _)| at).collect();
    told.dedup();
    // Past the hundredth finding of a rule the rest is counted.
    let wanted: Vec<usize> =
        (0..sets.len()).filter(|&at| sets[..at].iter().any(|before| same(before, &sets[at]))).take(100).collect();
    assert!(wanted.len() > 20, "{}", wanted.len());
    assert_eq!(told.into_iter().take(wanted.len()).collect::<Vec<_>>(), wanted);
}
