//! WASI programs: what they get, what they give, and what ends them.

use packwright_core::model::Manifest;
use packwright_core::policy::Ledger;
use packwright_core::source::MemoryPack;
use packwright_sandbox::http::Net;
use packwright_sandbox::{Call, Chance, Run, Sandbox, Stop};
use serde_json::json;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

fn sandbox() -> &'static Sandbox {
    static SANDBOX: OnceLock<Sandbox> = OnceLock::new();
    SANDBOX.get_or_init(|| Sandbox::open(env!("CARGO_TARGET_TMPDIR").into(), || {}).expect("the sandbox opens"))
}

const MANIFEST: &str = "name: t\ntools:\n  - name: t\n    handler: {path: components/t.wasm, kind: command, args: [--fast]}\n    limits: {timeout_ms: 300, memory_mb: 4, output_kb: 1, fuel: 50000000}\n";

/// Runs a module of WAT whose imports are declared, with 64 KB of memory and `$start` as its program.
fn run(body: &str) -> Run {
    let text = format!(
        r#"(module
          (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
          (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "args_sizes_get" (func $args (param i32 i32) (result i32)))
          (import "packwright_host" "call" (func $host (param i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 1)
          (func $write (param $fd i32) (param $at i32) (param $length i32)
            (i32.store (i32.const 0) (local.get $at)) (i32.store (i32.const 4) (local.get $length))
            (drop (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8))))
          {body})"#
    );
    run_bytes(&wat::parse_str(text).expect("the module assembles"))
}

fn run_bytes(module: &[u8]) -> Run {
    // A pack holds text in memory here; the module goes through a file as in life.
    let pack = OnDisk(module.to_vec());
    let manifest = Manifest::read(MANIFEST).expect("the manifest reads");
    let prepared = sandbox().prepare(&pack, &manifest, "t").unwrap_or_else(|blocked| panic!("{blocked:?}"));
    let call = Call {
        input: json!({"a": "ä"}),
        net: Net::Off,
        ledger: Ledger::default(),
        chance: Chance::Fixed(1),
        stop: Stop::default(),
    };
    sandbox().run(&prepared, call)
}

/// A pack of one file.
struct OnDisk(Vec<u8>);

impl packwright_core::source::PackSource for OnDisk {
    fn entries(&self) -> &[packwright_core::source::SourceEntry] {
        &[]
    }

    fn read(&self, _: &str) -> Result<std::borrow::Cow<'_, [u8]>, packwright_core::source::ReadError> {
        Ok(std::borrow::Cow::Borrowed(&self.0))
    }
}

fn code(run: &Run) -> (&str, &str) {
    let failure = run.outcome.as_ref().expect_err("it fails");
    (failure.error.code.as_str(), failure.error.message.as_str())
}

#[test]
fn input_comes_in_and_output_goes_out() {
    let echo = r#"(func (export "_start")
      (i32.store (i32.const 0) (i32.const 100)) (i32.store (i32.const 4) (i32.const 1000))
      (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
      (call $write (i32.const 1) (i32.const 100) (i32.load (i32.const 8))))"#;
    let run = run(echo);
    assert_eq!(run.outcome, Ok(json!({"a": "ä"})));
    assert!(run.used.fuel > 0 && run.used.memory == 65536, "{:?}", run.used);
}

#[test]
fn an_exit_code_is_a_failure_with_its_last_remark() {
    let run = run(
        r#"(data (i32.const 100) "first\nno such book\n") (func (export "_start") (call $write (i32.const 2) (i32.const 100) (i32.const 19)) (call $exit (i32.const 3)))"#,
    );
    assert_eq!(code(&run), ("handler_failed", "the program ended with exit code 3: no such book"));
    assert_eq!(run.log.len(), 2);
    let fine = self::run(
        r#"(data (i32.const 100) "1") (func (export "_start") (call $write (i32.const 1) (i32.const 100) (i32.const 1)) (call $exit (i32.const 0)))"#,
    );
    assert_eq!(fine.outcome, Ok(json!(1)));
}

#[test]
fn output_that_is_no_json_is_said_to_be_none() {
    assert!(code(&run(r#"(func (export "_start"))"#)).1.contains("wrote nothing"));
    let broken = run(
        r#"(data (i32.const 100) "{oops") (func (export "_start") (call $write (i32.const 1) (i32.const 100) (i32.const 5)))"#,
    );
    assert_eq!(code(&broken).0, "invalid_output");
    let bytes = run(
        r#"(data (i32.const 100) "\ff\fe") (func (export "_start") (call $write (i32.const 1) (i32.const 100) (i32.const 2)))"#,
    );
    assert!(code(&bytes).1.contains("UTF-8"), "{:?}", bytes.outcome);
}

#[test]
fn time_fuel_memory_output_and_stack_have_ends() {
    let begin = Instant::now();
    // Fuel first: the loop is cheap and quick.
    assert!(code(&run(r#"(func (export "_start") (loop $l (br $l)))"#)).0 == "resource_exhausted");
    // A sleeping program burns no fuel: one subscription to the clock, an hour from now.
    let sleeper = r#"(func (export "_start")
      (i64.store (i32.const 208) (i64.const 0)) (i32.store (i32.const 216) (i32.const 1)) (i64.store (i32.const 224) (i64.const 3600000000000))
      (drop (call $poll (i32.const 200) (i32.const 300) (i32.const 1) (i32.const 400))))"#;
    assert_eq!(code(&run(sleeper)).0, "timeout");
    let much = run(r#"(func (export "_start") (loop $l (call $write (i32.const 1) (i32.const 100) (i32.const 500)) (br $l)))"#);
    assert_eq!(code(&much), ("resource_exhausted", "the output is larger than 1 KB"));
    let grow = run(r#"(func (export "_start") (if (i32.eq (memory.grow (i32.const 1000)) (i32.const -1)) (then unreachable)))"#);
    assert_eq!(code(&grow).0, "resource_exhausted");
    let deep = run(r#"(func $f (export "_start") (call $f))"#);
    assert!(code(&deep).1.contains("without end"), "{:?}", deep.outcome);
    let trap = run(r#"(func (export "_start") unreachable)"#);
    assert!(code(&trap).1.contains("unreachable"), "{:?}", trap.outcome);
    assert!(begin.elapsed() < Duration::from_secs(10));
}

#[test]
fn there_are_no_files_and_the_arguments_are_the_manifests() {
    // Descriptors 3 to 9 lead nowhere; there are two arguments, `tool` and `--fast`.
    let run = run(r#"(data (i32.const 100) "0") (func (export "_start") (local $fd i32)
      (local.set $fd (i32.const 3))
      (loop $next
        (if (i32.eqz (call $open (local.get $fd) (i32.const 0) (i32.const 100) (i32.const 1) (i32.const 0) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 8))) (then unreachable))
        (local.set $fd (i32.add (local.get $fd) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $fd) (i32.const 10))))
      (drop (call $args (i32.const 16) (i32.const 20)))
      (i32.store8 (i32.const 100) (i32.add (i32.const 48) (i32.load (i32.const 16))))
      (call $write (i32.const 1) (i32.const 100) (i32.const 1)))"#);
    assert_eq!(run.outcome, Ok(json!(2)));
}

#[test]
fn a_program_reaches_the_host_through_one_import() {
    // Too little room first: the answer's length comes back, and the answer with a second call.
    let text = r#"{\"name\": \"random\", \"request\": {\"bytes\": 4}}"#;
    let run = run(&format!(
        r#"(data (i32.const 100) "{text}") (func (export "_start") (local $length i32)
        (local.set $length (call $host (i32.const 100) (i32.const {}) (i32.const 1000) (i32.const 1)))
        (if (i32.ne (local.get $length) (call $host (i32.const 0) (i32.const 0) (i32.const 1000) (i32.const 500))) (then unreachable))
        (call $write (i32.const 1) (i32.const 1000) (local.get $length)))"#,
        text.replace('\\', "").len()
    ));
    let answer = run.outcome.expect("the host answers");
    assert_eq!(answer["ok"].as_str().map(str::len), Some(8), "{answer}");
    let outside = self::run(
        r#"(func (export "_start") (drop (call $host (i32.const 65000) (i32.const 10000) (i32.const 0) (i32.const 0))))"#,
    );
    assert!(code(&outside).1.contains("memory that the program does not have"), "{:?}", outside.outcome);
}

#[test]
fn what_is_no_program_is_said_before_it_runs() {
    let manifest = Manifest::read(MANIFEST).expect("the manifest reads");
    let Err(blocked) = sandbox().prepare(&MemoryPack::new([("components/t.wasm", "not Wasm")]), &manifest, "t") else {
        panic!("it is none")
    };
    assert!(blocked.message.contains("components/t.wasm"), "{blocked:?}");
    let run = run_bytes(&wat::parse_str("(module (import \"env\" \"f\" (func)) (func (export \"_start\")))").unwrap());
    assert!(code(&run).1.contains("env"), "{:?}", run.outcome);
}
