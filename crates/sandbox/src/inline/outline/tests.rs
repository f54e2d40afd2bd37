//! What is said of handlers, and that the core's rules go by it.

use super::Scripts;
use packwright_core::check::{Checker, Outside};
use packwright_core::languages::{Languages, ScriptOutline, Word};
use packwright_core::rules::handlers;
use packwright_core::source::MemoryPack;

fn outline(text: &str) -> ScriptOutline {
    Scripts.outline("handlers/x.ts", text).expect("it can be read")
}

/// Every place must be a place of the text, and show what it names.
fn checked(text: &str) -> ScriptOutline {
    let outline = outline(text);
    for export in outline.exports.iter().filter(|export| export.name != "default") {
        assert_eq!(text[export.span.clone()].trim_matches('"'), export.name, "{text}");
    }
    outline.imports.iter().for_each(|import| assert_eq!(text[import.span.clone()], import.from, "{text}"));
    outline.addresses.iter().for_each(|address| assert_eq!(text[address.span.clone()], address.url, "{text}"));
    outline.faults.iter().for_each(|fault| assert!(text.get(fault.span.clone()).is_some(), "{text}"));
    outline
}

fn exports(text: &str) -> String {
    let outline = checked(text);
    assert_eq!(outline.faults, [], "{text}");
    let said = outline.exports.iter().map(|export| format!("{}{}", export.name, if export.function { "()" } else { "" }));
    said.collect::<Vec<_>>().join(" ")
}

#[test]
fn exports_are_named_and_told_apart() {
    for (text, said) in [
        ("export function a() {}\nexport async function b() {}\nexport function* c() {}", "a() b() c()"),
        ("export const a = () => 1, b = function () {}, c = 1, d = make(), e = { f() {} };", "a() b() c d() e"),
        ("export const a = (async () => 1) as Handler;\nexport let b;\nexport const c = `x` satisfies string;", "a() b() c"),
        ("export class A {}\nexport abstract class B {}", "A B"),
        ("export const { a, b: [c] } = d;", "a() c()"),
        ("function a() {}\nconst b = 1;\nexport { a, b as größe, a as \"x\" };", "a() größe x()"),
        ("import { a } from './a';\nexport { a };\nexport { b as c } from './b';\nexport * as d from './d';", "a() c() d"),
        ("export default function () {}", "default()"),
        ("export default class {}", "default"),
        ("const a = 5;\nexport default a;", "default"),
        (
            "export type A = 1;\nexport interface B {}\nexport type { C } from './c';\nexport { type D } from './d';\nexport declare const e: 1;",
            "",
        ),
        ("export function a(x: string): void;\nexport function a(x: any) {}", "a()"),
        ("", ""),
    ] {
        assert_eq!(exports(text), said, "{text}");
    }
}

fn words(words: &[Word], text: &str) -> String {
    let said = words.iter().map(|word| format!("{}<{}>", word.word, &text[word.span.clone()]));
    said.collect::<Vec<_>>().join(" ")
}

#[test]
fn names_that_are_imported_are_told() {
    for (text, said) in [
        ("import a, { b, c as d, type E } from './a';", "default<a> b<b> c<c>"),
        ("import type { A } from './a';\nimport { type B } from './a';\nimport * as c from './a';\nimport './a';", ""),
        ("export { a, b as c, type D } from './a';", "a<a> b<b>"),
        ("export * from './a';", ""),
        ("import { größe } from './a';", "größe<größe>"),
    ] {
        let names: Vec<Word> = checked(text).imports.into_iter().flat_map(|import| import.names).collect();
        assert_eq!(words(&names, text), said, "{text}");
    }
}

#[test]
fn errors_and_secrets_are_told_where_they_are_written() {
    let text = "export function a(input, host) {\n  if (input) throw host.error('no_such', 'é');\n  host.error(input.code);\n  other.error('x');\n  const key = 'Bearer ${secrets[\"a\"]}' + `\\${secrets[\"b\"]}` + `${secrets[\"c\"]}`;\n}\n";
    let outline = checked(text);
    assert_eq!(words(&outline.errors, text), "no_such<no_such>");
    assert_eq!(outline.secrets.iter().map(|secret| secret.word.as_str()).collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn names_of_node_and_browsers_are_told_where_they_are_used() {
    for (text, said) in [
        ("const a = process.env.A, b = require('fs'), c = Buffer.from(d);", "process<process> require<require> Buffer<Buffer>"),
        ("setTimeout(() => process.exit(1), 5);", "setTimeout<setTimeout> process<process>"),
        ("const a = typeof process === 'undefined' ? 1 : process.env.A;", ""),
        ("function a(process) { return process.id; }", ""),
        ("import { Buffer } from './buffer.ts';\nBuffer.from('');", ""),
        ("let a; try { a = require('fs'); } catch { a = null; }", ""),
        ("let a: Buffer, b: typeof process; const c = { process: 1 }; c.process; c?.require;", ""),
        ("globalThis.process?.env", ""),
    ] {
        assert_eq!(words(&checked(text).foreign, text), said, "{text}");
    }
}

#[test]
fn imports_are_told_apart() {
    let text = "import type { A } from 'packwright:tools';\nimport { type B } from './b.ts';\nimport c, { type D } from './c.ts';\nimport './d';\nexport * from './e';\nexport * as f from './f';\nexport type * from './g';\nexport { h } from './h';\nexport { type I } from './i';\nconst j = await import('./j.js');\nimport {} from './größe';\n";
    let said: Vec<String> = checked(text)
        .imports
        .iter()
        .map(|import| {
            let kind = if import.types_only { " types" } else { "" };
            format!("{}{kind}{}", import.from, if import.passed_on { " all" } else { "" })
        })
        .collect();
    let wanted = [
        "packwright:tools types",
        "./b.ts types",
        "./c.ts",
        "./d",
        "./e all",
        "./f",
        "./g types",
        "./h",
        "./i types",
        "./j.js",
        "./größe",
    ];
    assert_eq!(said, wanted);
}

#[test]
fn every_fault_has_its_place() {
    let told = |path: &str, text: &str| {
        let outline = Scripts.outline(path, text).expect("it can be read");
        let faults = outline.faults.iter().map(|fault| format!("<{}> {}", &text[fault.span.clone()], fault.message));
        faults.collect::<Vec<_>>()
    };
    let text = "export function é(a: string {\n  return 1;\n}\n";
    assert_eq!(told("x.ts", text).len(), 1, "{:?}", told("x.ts", text));
    let twice = told(
        "x.ts",
        "const a;
export const b = 1;
const c;
",
    );
    assert_eq!(twice.len(), 2, "{twice:?}");
    let refused = told(
        "x.ts",
        "enum A { B }\nnamespace C {\n  export const d = 1;\n}\nclass E { constructor(private f: string) {} }\n@g class H {}\n",
    );
    assert_eq!(refused.len(), 4, "{refused:?}");
    assert!(refused[0].starts_with("<enum A { B }>") && refused[1].starts_with("<namespace C {>"), "{refused:?}");
    assert!(!told("x.js", "let a: string = 1;").is_empty(), "JavaScript has no types");
    assert!(told("x.mts", "let a: string = '1';").is_empty());
    assert!(Scripts.outline("x.py", "").is_none() && Scripts.outline("x", "").is_none());
}

#[test]
fn addresses_are_those_that_are_asked() {
    let addresses = |text: &str| checked(text).addresses.into_iter().map(|address| address.url).collect::<Vec<_>>().join(" ");
    for (text, said) in [
        ("await host.http.get('https://a.dev/x')", "https://a.dev/x"),
        ("fetch(`https://a.dev/${id}/b`)", "https://a.dev/"),
        ("fetch('https://a.dev/' + id)", "https://a.dev/"),
        ("const BASE_URL: string = 'https://größe.dev';", "https://größe.dev"),
        ("function f(endpoint = \"https://a.dev\") {}", "https://a.dev"),
        ("new URL('/x', base); new URL('https://a.dev')", "https://a.dev"),
        ("const api = process ? 'https://a.dev' : (b ?? 'https://b.dev');", "https://a.dev https://b.dev"),
        ("class A { base = 'https://a.dev' }", "https://a.dev"),
        ("const config = { apiBase: 'https://a.dev', url: 'https://shown.dev' };", "https://a.dev"),
        // Shown, and not asked.
        ("console.log('https://a.dev'); // 'https://b.dev'", ""),
        ("return_({ url: `https://a.dev/${id}` })", ""),
        ("throw host.error('not_found', 'https://a.dev')", ""),
        ("const DOCS_URL = 'https://a.dev';", ""),
        ("if (link.startsWith('https://a.dev')) {}", ""),
        // The host is not written out.
        ("fetch(`https://${host}/`); fetch('https://api.' + region); fetch(`https://api.${x}.dev/`)", ""),
    ] {
        assert_eq!(addresses(text), said, "{text}");
    }
}

#[test]
fn what_nests_is_read_or_let_be() {
    let nests = [
        ("(", ")"),
        ("[", "]"),
        ("{", "}"),
        ("`${", "}`"),
        ("f(", ")"),
        ("!", ""),
        ("- ", ""),
        ("typeof ", ""),
        ("a => ", ""),
        ("a ? b : ", ""),
        ("a + ", ""),
        ("a.", ""),
        ("a = ", ""),
        ("if (a) b; else ", ""),
        ("() => {", "}"),
        ("class A { b() {", "}}"),
        ("new ", ""),
        ("a(", "=> 1)"),
        ("<T>", ""),
        ("a ** ", ""),
        ("l: ", ""),
        ("x as ", ""),
        ("(a, ", ")"),
        ("async () => ", ""),
        ("a?.[", "]"),
        ("await ", ""),
        ("for (;;) ", ""),
        ("do ", " while (1);"),
        ("{ a: ", "}"),
        ("...[", "]"),
        ("let a: A<", ">"),
        ("type A = [", "]"),
        ("type A = (a: ", ") => b"),
    ];
    for (open, close) in nests {
        // The marks of the longest of these are just as many as there is room for.
        for count in [10, 2_000, 28_000 / open.len().max(close.len()).max(2) * 2] {
            let text = format!("export const a = 1;\n{}1{}\n", open.repeat(count), close.repeat(count));
            for path in ["x.ts", "x.js"] {
                let _ = Scripts.outline(path, &text);
                let _ = super::script::read(path, &text);
            }
        }
        // What could be deeper than there is room for is not read.
        let text = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        let told = Scripts.outline("x.ts", &text).map(|outline| outline.faults);
        let refused = super::script::read("x.ts", &text).is_err_and(|error| error.message == super::TOO_DEEP);
        assert_eq!(told.is_some_and(|faults| faults[0].message == super::TOO_DEEP), refused, "{open}");
    }
    for text in [
        "\0",
        "\u{feff}é😀",
        "'",
        "`${",
        "/*",
        "//",
        "\\u{",
        "#!",
        "<!--",
        "\u{2028}",
        "/[",
        "0x",
        "1_",
        "@",
        "#",
        "import",
        "export",
        "export {",
        "import '",
    ] {
        for text in
            [text.to_owned(), text.repeat(500), format!("export function a() {{ {text}"), format!("{text}\nexport const a = 1")]
        {
            checked_places(&text);
        }
    }
}

fn checked_places(text: &str) {
    let outline = outline(text);
    let spans = outline.faults.iter().map(|fault| &fault.span).chain(outline.exports.iter().map(|export| &export.span));
    let spans = spans.chain(outline.imports.iter().map(|import| &import.span));
    spans.for_each(|span| assert!(text.get(span.clone()).is_some(), "{text:?}"));
}

#[test]
fn the_examples_of_the_rules_hold_for_real_handlers() {
    for rule in handlers::RULES {
        let told = |mended: bool| {
            let files = rule.example.files(mended).expect("rules for handlers have examples");
            let outside = Outside { languages: &Scripts, ..Outside::default() };
            Checker::default().check(&MemoryPack::new(files), &outside).diagnostics.iter().any(|found| found.code == rule.code)
        };
        assert!(told(false) && !told(true), "{}", rule.code);
    }
}

#[test]
fn the_sample_s_handlers_are_told_nothing() {
    let pack = MemoryPack::new([
        ("pack.yaml", include_str!("../../../../../packs-samples/open-library/pack.yaml")),
        ("handlers/get_book.ts", include_str!("../../../../../packs-samples/open-library/handlers/get_book.ts")),
        ("handlers/search_books.ts", include_str!("../../../../../packs-samples/open-library/handlers/search_books.ts")),
    ]);
    let checked = Checker::default().check(&pack, &Outside { languages: &Scripts, ..Outside::default() });
    let told: Vec<_> = checked.diagnostics.iter().filter(|found| found.code.starts_with("handlers/")).collect();
    assert_eq!(told, Vec::<&packwright_core::diagnostic::Diagnostic>::new());
    // They were read: without their functions they would be told so.
    let read =
        Scripts.outline("handlers/get_book.ts", include_str!("../../../../../packs-samples/open-library/handlers/get_book.ts"));
    let read = read.expect("it can be read");
    assert!(read.exports.iter().any(|export| export.name == "get_book" && export.function));
    assert_eq!(read.addresses[0].url, "https://openlibrary.org/works/");
}

#[test]
fn a_large_handler_is_read_quickly() {
    let function = |number: usize| {
        format!("export function f{number}(input: In, host: Host) {{\n  return {{ a: input.a ?? {number} }};\n}}\n")
    };
    let text: String = (0..2_000).map(function).collect();
    assert_eq!(outline(&text).exports.len(), 2_000);
}
