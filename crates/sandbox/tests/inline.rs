//! Inline handlers in the real engine: what they can do, how they fail, and what stops them.

use packwright_core::model::Manifest;
use packwright_core::policy::Ledger;
use packwright_core::source::MemoryPack;
use packwright_sandbox::http::Net;
use packwright_sandbox::{Blocked, Call, Chance, Failure, Run, Sandbox, Stop};
use serde_json::{Value, json};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

fn sandbox() -> &'static Sandbox {
    static SANDBOX: OnceLock<Sandbox> = OnceLock::new();
    SANDBOX.get_or_init(|| Sandbox::open(env!("CARGO_TARGET_TMPDIR").into(), || {}).expect("the sandbox opens"))
}

const MANIFEST: &str = "name: t\ntools:\n  - name: t\n    input: {}\n    handler: handlers/t.ts\n    errors: [{code: too_shy}]\n    limits: {timeout_ms: 2000, memory_mb: 16, output_kb: 64, fuel: 300000000}\n";

fn call(input: Value) -> Call {
    Call { input, net: Net::Off, ledger: Ledger::default(), chance: Chance::Fixed(7), stop: Stop::default() }
}

fn try_run(files: &[(&str, &str)], input: Value) -> Result<Run, Blocked> {
    let manifest = files.iter().find(|(path, _)| *path == "pack.yaml").map_or(MANIFEST, |(_, text)| text);
    let manifest = Manifest::read(manifest).expect("the manifest reads");
    let prepared = sandbox().prepare(&MemoryPack::new(files.iter().copied()), &manifest, "t")?;
    Ok(sandbox().run(&prepared, call(input)))
}

fn run(text: &str, input: Value) -> Run {
    try_run(&[("handlers/t.ts", text)], input).expect("the handler is prepared")
}

fn output(text: &str) -> Value {
    run(text, json!({})).outcome.unwrap_or_else(|failure| panic!("{text}: {failure:?}"))
}

fn failure(text: &str) -> Failure {
    run(text, json!({})).outcome.expect_err(text)
}

/// The value of an expression in a handler.
fn value(expression: &str) -> Value {
    output(&format!("export function t() {{ return {expression}; }}"))
}

#[test]
fn sync_and_async_handlers_answer() {
    let text = "export function t(input: {a: number}): number { return input.a + 1 }";
    assert_eq!(run(text, json!({"a": 1})).outcome, Ok(json!(2)));
    let text = "export async function t(input: any) { await 0; const b = await Promise.all([1, (async () => 2)()]); return { a: input.a, b } }";
    assert_eq!(run(text, json!({"a": "ä"})).outcome, Ok(json!({"a": "ä", "b": [1, 2]})));
    assert_eq!(output("export const t = () => {};"), Value::Null);
}

#[test]
fn a_handler_imports_files_of_its_pack() {
    let files = [
        (
            "handlers/t.ts",
            "import { twice } from './lib/twice';\nimport type { X } from 'packwright:tools';\nexport const t = (input: X) => twice(input.n);",
        ),
        ("handlers/lib/twice.ts", "import two from '../two.js';\nexport const twice = (n: number) => n * two;"),
        ("handlers/two.js", "export default 2"),
    ];
    assert_eq!(try_run(&files, json!({"n": 21})).unwrap().outcome, Ok(json!(42)));
}

#[test]
fn a_schema_refers_to_another_file_of_the_pack() {
    fn files(manifest: &str) -> [(&str, &str); 4] {
        [
            ("pack.yaml", manifest),
            ("schemas/t.json", r#"{"properties": {"id": {"$ref": "parts/id.json#/$defs/id"}}}"#),
            ("schemas/parts/id.json", r#"{"$defs": {"id": {"type": "string", "minLength": 3}}}"#),
            ("handlers/t.ts", "export const t = (input) => input.id;"),
        ]
    }
    let manifest = |input: &str| format!("name: t\ntools:\n  - {{name: t, input: {input}, handler: handlers/t.ts}}\n");
    for manifest in [manifest("schemas/t.json"), manifest("{properties: {id: {$ref: 'schemas/parts/id.json#/$defs/id'}}}")] {
        assert_eq!(try_run(&files(&manifest), json!({"id": "abc"})).unwrap().outcome, Ok(json!("abc")), "{manifest}");
        let refused = try_run(&files(&manifest), json!({"id": "ab"})).unwrap().outcome.expect_err("it is too short");
        assert_eq!(refused.error.code, "invalid_input", "{manifest}");
    }
}

#[test]
fn an_import_that_is_not_there_says_what_and_where() {
    let found = failure("import { x } from './gone.ts';\nexport const t = () => x;");
    assert!(found.error.message.contains("handlers/gone.ts"), "{found:?}");
    let found = failure("import fs from 'fs';\nexport const t = () => fs;");
    assert!(found.error.message.contains("own pack"), "{found:?}");
    let found = failure("import { T } from 'packwright:tools';\nexport const t = () => T;");
    assert!(found.error.message.contains("import type"), "{found:?}");
}

#[test]
fn an_error_names_the_authors_line() {
    let found = failure(
        "type A = {\n  b: string\n};\nexport function t(input: A): string {\n  return deep(input);\n}\nfunction deep(input: any): string {\n  return input.b.c;\n}\n",
    );
    assert_eq!(found.error.code, "handler_failed");
    assert!(found.error.message.contains("TypeError"), "{found:?}");
    let places: Vec<_> = found.stack.iter().map(|frame| (frame.function.as_str(), frame.file.as_str(), frame.line)).collect();
    assert_eq!(places, [("deep", "handlers/t.ts", 8), ("t", "handlers/t.ts", 5)]);
    assert_eq!(found.stack[0].column, 10, "{:?}", found.stack);

    let found = failure("export async function t() {\n  await 0;\n  throw new RangeError('too far');\n}");
    assert_eq!(found.error.message, "RangeError: too far");
    assert_eq!(found.stack[0].line, 3);

    let found = failure("export const t = () => 1;\nnull.x;\n");
    assert_eq!((found.stack[0].file.as_str(), found.stack[0].line), ("handlers/t.ts", 2), "a module that throws: {found:?}");
}

#[test]
fn codes_that_are_declared_or_built_in_reach_the_caller() {
    let text = "export function t(_: {}, host: Host) {\n  throw host.error('too_shy', 'I would rather not', { why: 'shy' });\n}";
    let found = failure(text);
    assert_eq!((found.error.code.as_str(), found.error.message.as_str()), ("too_shy", "I would rather not"));
    assert_eq!(found.error.details, Some(json!({"why": "shy"})));
    assert_eq!(found.stack[0].line, 2);
    assert_eq!(failure("export const t = (i, host) => { throw host.error('not_found', 'no') }").error.code, "not_found");

    let found = failure("export const t = (i, host) => { throw host.error('surprise', 'what') }");
    assert_eq!(found.error.code, "handler_failed");
    assert!(found.error.message.contains("surprise"), "{found:?}");
    let found = failure("export function t() { throw { code: 'not_found' } }");
    assert_eq!(found.error.code, "handler_failed", "an object that looks like an error is none: {found:?}");
}

#[test]
fn what_is_not_there_is_named() {
    let found = failure("export function u() {}\nexport const v = 1;");
    assert!(found.error.message.contains("no function called t: it exports u"), "{found:?}");
    let found = failure("export async function t() { await new Promise(() => {}) }");
    assert!(found.error.message.contains("never came to an end"), "{found:?}");
    let found = failure(
        "export function t() {\n  later();\n  return 1;\n}\nasync function later() { throw new Error('nobody listens') }",
    );
    assert!(found.error.message.contains("nothing awaited it: Error: nobody listens"), "{found:?}");
    assert_eq!(found.stack[0].line, 5);
    assert_eq!(
        output("export async function t() { try { await Promise.reject(1) } catch { return 'caught' } }"),
        json!("caught")
    );
    let found = failure("export function t() { const a = {}; a.a = a; return a }");
    assert!(found.error.message.contains("cannot be written as JSON"), "{found:?}");
}

#[test]
fn text_that_does_not_parse_is_found_before_anything_runs() {
    let Err(blocked) = try_run(&[("handlers/t.ts", "export function t() {\n  return }}\n")], json!({})) else {
        panic!("it was run")
    };
    assert!(blocked.message.contains("handlers/t.ts"), "{blocked:?}");
    assert_eq!(blocked.place.map(|place| (place.0, place.1)), Some(("handlers/t.ts".to_owned(), 2)));
}

#[test]
fn a_loop_is_ended_and_its_function_named() {
    let manifest = MANIFEST.replace("timeout_ms: 2000", "timeout_ms: 200").replace("fuel: 300000000", "fuel: 100000000000");
    let begin = Instant::now();
    let text = "export function t() {\n  let n = 0;\n  while (true) n++;\n}";
    let run = try_run(&[("pack.yaml", &manifest), ("handlers/t.ts", text)], json!({})).unwrap();
    let found = run.outcome.unwrap_err();
    assert_eq!(found.error.code, "timeout", "{found:?}");
    assert!(found.error.message.contains("200 ms"), "{found:?}");
    assert_eq!(found.stack.first().map(|frame| frame.function.as_str()), Some("t"), "{found:?}");
    assert!(begin.elapsed() < Duration::from_secs(2));
    let found =
        try_run(&[("pack.yaml", &manifest), ("handlers/t.ts", "export async function t() { for (;;) await 0 }")], json!({}))
            .unwrap();
    assert_eq!(found.outcome.unwrap_err().error.code, "timeout", "an async loop ends too");
    let text = "export function t() { try { for (;;); } catch { return 'caught' } finally { for (;;); } }";
    let found = try_run(&[("pack.yaml", &manifest), ("handlers/t.ts", text)], json!({})).unwrap();
    assert_eq!(found.outcome.unwrap_err().error.code, "timeout", "no handler catches its end");
}

#[test]
fn fuel_ends_a_run_at_the_same_point_every_time() {
    let text = "export function t() {\n  for (let n = 0; ; n++);\n}";
    let used = || {
        let run = run(text, json!({}));
        let found = run.outcome.unwrap_err();
        assert_eq!(found.error.code, "resource_exhausted", "{found:?}");
        assert_eq!(found.error.details.as_ref().map(|details| &details["limit"]), Some(&json!("fuel")));
        run.used.fuel
    };
    let first = used();
    assert_eq!(used(), first);
    let cheap = || run("export const t = () => [1, 2, 3].map((n) => n * 2)", json!({})).used.fuel;
    assert_eq!(cheap(), cheap());
}

#[test]
fn memory_stack_and_output_have_limits() {
    let found = failure("export function t() {\n  const a = [];\n  for (;;) a.push(new Uint8Array(1000000));\n}");
    assert_eq!(found.error.code, "resource_exhausted", "{found:?}");
    assert_eq!(found.error.details.as_ref().map(|details| &details["limit"]), Some(&json!("memory_mb")));
    let found = failure("export function t() {\n  return 1 + t();\n}");
    assert!(found.error.message.contains("stack"), "{found:?}");
    assert_eq!(found.stack.first().map(|frame| frame.line), Some(2), "{found:?}");
    let found = failure("export const t = () => 'x'.repeat(70000)");
    assert_eq!(
        (found.error.code.as_str(), found.error.message.as_str()),
        ("resource_exhausted", "the output is larger than 64 KB")
    );
    assert!(run("export const t = () => 1", json!({})).used.memory > 0);
    assert_eq!(value("(() => { try { 'x'.repeat(2 ** 28) } catch (e) { return e.name } })()"), json!("InternalError"));
}

#[test]
fn a_run_is_stopped_by_hand() {
    let manifest = Manifest::read(&MANIFEST.replace("fuel: 300000000", "fuel: 100000000000")).unwrap();
    let prepared =
        sandbox().prepare(&MemoryPack::new([("handlers/t.ts", "export function t() { for (;;); }")]), &manifest, "t").unwrap();
    let call = call(json!({}));
    let stop = call.stop.clone();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        stop.set();
    });
    let begin = Instant::now();
    let found = sandbox().run(&prepared, call).outcome.unwrap_err();
    assert!(found.error.message.contains("stopped"), "{found:?}");
    assert!(begin.elapsed() < Duration::from_secs(1));
}

#[test]
fn input_and_output_are_held_against_their_schemas() {
    let manifest = "name: t\ntools:\n  - name: t\n    input: {type: object, required: [q], properties: {q: {type: string}}}\n    output: {type: object, properties: {n: {type: integer}}}\n    handler: handlers/t.ts\n";
    let files = [("pack.yaml", manifest), ("handlers/t.ts", "export const t = (input) => ({ n: input.q === 'bad' ? '1' : 1 })")];
    let run = try_run(&files, json!({"q": "good"})).unwrap();
    assert_eq!(run.outcome, Ok(json!({"n": 1})));
    let run = try_run(&files, json!({})).unwrap();
    assert_eq!(run.outcome.unwrap_err().error.code, "invalid_input");
    assert_eq!((run.input_violations.len(), run.used.fuel), (1, 0), "nothing ran");
    let run = try_run(&files, json!({"q": "bad"})).unwrap();
    assert_eq!(run.outcome.unwrap_err().error.code, "invalid_output");
    assert_eq!(run.output, Some(json!({"n": "1"})), "what came is shown");
    assert_eq!(run.output_violations[0].at, "/n");
}

#[test]
fn half_a_character_is_replaced_and_breaks_nothing() {
    assert_eq!(value("'😀'.slice(0, 1) + '\\\\ud83d'"), json!("\u{fffd}\\ud83d"));
    let run = run("export const t = () => { console.log('\\ud800'); throw new Error('cut: ' + '😀'.slice(0, 1)) }", json!({}));
    assert_eq!(run.log[0].text, "\u{fffd}");
    assert_eq!(run.outcome.unwrap_err().error.message, "Error: cut: \u{fffd}");
}

#[test]
fn what_is_thrown_may_be_anything() {
    for thrown in [
        "new Proxy({}, { get() { throw 1 } })",
        "Object.assign(new Error('x'), { get message() { throw 1 } })",
        "Symbol('s')",
        "null",
    ] {
        let found = failure(&format!("export function t() {{ throw {thrown} }}"));
        assert_eq!(found.error.code, "handler_failed", "{thrown}: {found:?}");
        assert!(!found.error.message.contains("never came to an end"), "{thrown}: {found:?}");
    }
    let found = failure("export const t = () => ({ toJSON() { throw null } })");
    assert!(found.error.message.contains("cannot be written as JSON"), "{found:?}");
    assert_eq!(failure("import 'constructor'; export const t = () => 1").error.code, "handler_failed");
}

#[test]
fn a_handler_may_ask_the_host_many_times() {
    let manifest = MANIFEST.replace("fuel: 300000000", "fuel: 5000000000");
    let text = "export const t = () => { for (let n = 0; n < 2000; n++) console.log('x'.repeat(6000)); return 1 }";
    let run = try_run(&[("pack.yaml", &manifest), ("handlers/t.ts", text)], json!({})).unwrap();
    assert_eq!(run.outcome, Ok(json!(1)), "nothing of a request stays in its 16 MB");
    assert!(run.used.memory < 8_000_000, "{:?}", run.used);
}

#[test]
fn a_schema_that_takes_for_ever_is_given_up() {
    let manifest = "name: t\ntools:\n  - name: t\n    input: {}\n    output: {$ref: '#/$defs/b', $defs: {b: {type: array, items: {anyOf: [{$ref: '#/$defs/b'}, {$ref: '#/$defs/b'}, {$ref: '#/$defs/b'}, {$ref: '#/$defs/b'}]}}}}\n    handler: handlers/t.ts\n    limits: {timeout_ms: 300}\n";
    let text = "export const t = () => { let a: any = [1]; for (let n = 0; n < 13; n++) a = [a]; return a }";
    let begin = Instant::now();
    let run = try_run(&[("pack.yaml", manifest), ("handlers/t.ts", text)], json!({})).unwrap();
    let found = run.outcome.unwrap_err();
    assert!(found.error.message.contains("its schema refers to itself"), "{found:?}");
    assert!(begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
}

#[test]
fn every_call_has_an_instance_of_its_own() {
    let text = "let calls = 0;\nexport const t = () => { globalThis.seen = (globalThis.seen ?? 0) + 1; return [++calls, globalThis.seen] }";
    assert_eq!(output(text), json!([1, 1]));
    assert_eq!(output(text), json!([1, 1]));
}

#[test]
fn time_and_chance_are_the_hosts() {
    let text = "export const t = (i, host) => [Date.now() === host.clock.now(), new Date().getFullYear(), new Date(0).getTimezoneOffset(), Math.random(), host.random.uuid(), crypto.randomUUID(), [...crypto.getRandomValues(new Uint8Array(3))]]";
    let first = output(text);
    assert_eq!(output(text), first, "the same chance, the same numbers");
    assert_eq!(first[1], json!(2026));
    assert_eq!(first[2], json!(0));
    let uuid = first[4].as_str().unwrap();
    assert!(uuid.len() == 36 && uuid.as_bytes()[14] == b'4', "{uuid}");
    let manifest = Manifest::read(MANIFEST).unwrap();
    let prepared = sandbox().prepare(&MemoryPack::new([("handlers/t.ts", text)]), &manifest, "t").unwrap();
    let real = |()| sandbox().run(&prepared, Call { chance: Chance::Real, ..call(json!({})) }).outcome.unwrap();
    assert_ne!(real(())[3], real(())[3], "Math.random does not repeat in the next instance");
    assert_ne!(real(())[5], real(())[5]);
}

#[test]
fn the_log_keeps_what_the_handler_writes() {
    let run = run(
        "export const t = () => { console.log('a', 1, { b: [true, null], c: new Map([['d', 1n]]) }); console.error(new Error('e').message); console.warn('%s') }",
        json!({}),
    );
    let lines: Vec<String> = run.log.iter().map(|line| format!("{:?} {}", line.level, line.text)).collect();
    assert_eq!(lines, ["Info a 1 {b: [true, null], c: Map {\"d\" => 1n}}", "Error e", "Warn %s"]);
    let run = self::run("export const t = () => { for (let n = 0; n < 5000; n++) console.log('x'.repeat(100)) }", json!({}));
    assert!(run.log.len() <= 1001, "{}", run.log.len());
}

#[test]
fn the_usual_tools_are_there() {
    assert_eq!(value("new URL('../b?q=1#f', 'https://example.org/a/c').href"), json!("https://example.org/b?q=1#f"));
    assert_eq!(
        value(
            "(() => { const u = new URL('https://example.org:8080/p'); u.searchParams.append('a b', 'ä&'); u.port = ''; u.hash = 'x'; return [String(u), u.host, JSON.stringify({ u })] })()"
        ),
        json!(["https://example.org/p?a+b=%C3%A4%26#x", "example.org", "{\"u\":\"https://example.org/p?a+b=%C3%A4%26#x\"}"])
    );
    assert_eq!(value("URL.canParse('nonsense')"), json!(false));
    assert_eq!(value("[...new URLSearchParams('a=1&b=%C3%A4+x&a=2')]"), json!([["a", "1"], ["b", "ä x"], ["a", "2"]]));
    assert_eq!(
        value("[...new TextEncoder().encode('aäé😀\\ud800')]"),
        json!([97, 195, 164, 195, 169, 240, 159, 152, 128, 239, 191, 189])
    );
    assert_eq!(
        value(
            "new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 97, 195, 164, 0xf0, 0x9f, 0x98, 0x80, 0xff, 0xe2, 0x82]))"
        ),
        json!("aä😀\u{fffd}\u{fffd}")
    );
    assert_eq!(value("btoa('Hällo') + atob('aGk=')"), json!("SORsbG8=hi"));
    assert_eq!(
        value(
            "(() => { const a = { d: new Date(5), m: new Map([[1, [2]]]) }; a.self = a; const b = structuredClone(a); return [b !== a, b.self === b, b.d.getTime(), b.m.get(1)] })()"
        ),
        json!([true, true, 5, [2]])
    );
    assert_eq!(
        value("typeof setTimeout + typeof process + typeof require + typeof __host"),
        json!("undefinedundefinedundefinedundefined")
    );
}

#[test]
fn a_handler_cannot_change_how_it_is_read() {
    let text = "JSON.stringify = () => 'no'; JSON.parse = () => 'no'; Promise.prototype.then = () => 'no'; Object.keys = null; Array.prototype.map = null;\nexport const t = (input) => ({ fine: input });";
    assert_eq!(run(text, json!({"a": 1})).outcome, Ok(json!({"fine": {"a": 1}})));
    let input = json!({"__proto__": {"a": 1}, "constructor": 1});
    assert_eq!(run("export const t = (input) => input", input.clone()).outcome, Ok(input));
}
