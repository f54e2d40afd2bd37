//! `warm-call [CALLS]`: what one call of an inline handler costs once everything is loaded, as one JSON object.
//!
//! Each call has an instance of its own, an async TypeScript handler, input and output schemas, one HTTP request answered from a recording
//! and decided by the policy, and a complete trace. Beside it the floor: the same instance that only returns its input. And how long
//! the engine takes to compile, once per computer, and to load ever after.

#![expect(clippy::print_stdout, reason = "the figures are what the program is for")]

use packwright_core::model::Manifest;
use packwright_core::policy::Ledger;
use packwright_core::recording::{HttpCall, Recording};
use packwright_core::source::MemoryPack;
use packwright_sandbox::http::{Net, Replay};
use packwright_sandbox::{Call, Chance, Sandbox, Stop};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const MANIFEST: &str = r"name: books
tools:
  - {name: search, handler: handlers/search.ts, input: schemas/in.json, output: schemas/out.json}
  - {name: echo, handler: handlers/echo.ts}
capabilities:
  - name: library
    type: http
    allow: [{name: search, domains: [example.org], methods: [GET], paths: [/search.json]}]
";
const SEARCH: &str = r"interface Reply { docs: { title: string; year?: number }[] }
export async function search(input: { query: string; limit?: number }, host: Host): Promise<{ books: unknown[] }> {
  const reply = await host.http.get('https://example.org/search.json', { query: { q: input.query } });
  if (reply.status !== 200) throw host.error('network_error', `answered ${reply.status}`);
  const found: Reply = reply.json();
  return { books: found.docs.slice(0, input.limit ?? 5).map((doc) => ({ title: doc.title })) };
}
";
const INPUT: &str = r#"{"type": "object", "required": ["query"], "additionalProperties": false, "properties": {"query": {"type": "string", "minLength": 1}, "limit": {"type": "integer", "minimum": 1, "maximum": 20}}}"#;
const OUTPUT: &str = r#"{"type": "object", "required": ["books"], "properties": {"books": {"type": "array", "items": {"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}}}}}}"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let calls: usize = std::env::args().nth(1).map_or(Ok(1000), |text| text.parse())?;
    let cache = std::env::temp_dir().join(format!("packwright-warm-call-{}", std::process::id()));
    let cache = camino::Utf8PathBuf::try_from(cache)?;
    let open = || -> Result<(Sandbox, Duration), Box<dyn std::error::Error>> {
        let begin = Instant::now();
        let sandbox = Sandbox::open(&cache, || {})?;
        Ok((sandbox, begin.elapsed()))
    };
    let (_, compile) = open()?;
    let (sandbox, load) = open()?;
    let pack = MemoryPack::new([
        ("handlers/search.ts", SEARCH),
        ("handlers/echo.ts", "export const echo = (input) => input;"),
        ("schemas/in.json", INPUT),
        ("schemas/out.json", OUTPUT),
    ]);
    let manifest = Manifest::read(MANIFEST).map_err(|error| error.message)?;
    let recording = Recording {
        calls: vec![HttpCall {
            method: "GET".to_owned(),
            url: "https://example.org/search.json?q=dune".to_owned(),
            status: 200,
            body: r#"{"docs": [{"title": "Dune"}, {"title": "Dune Messiah"}, {"title": "Children of Dune"}]}"#.to_owned(),
            ..HttpCall::default()
        }],
    };
    let measure = |tool: &str, input: &Value, replay: bool| -> Result<Value, Box<dyn std::error::Error>> {
        let prepared = sandbox.prepare(&pack, &manifest, tool).map_err(|blocked| blocked.message)?;
        let (mut times, mut instantiate, mut host) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..calls + 50 {
            let net = if replay { Net::Replay(Replay::new(recording.clone())) } else { Net::Off };
            let call =
                Call { input: input.clone(), net, ledger: Ledger::default(), chance: Chance::Fixed(1), stop: Stop::default() };
            let begin = Instant::now();
            let run = sandbox.run(&prepared, call);
            let took = begin.elapsed();
            run.outcome.as_ref().map_err(|failure| failure.error.message.clone())?;
            // The first ones fill caches.
            if round >= 50 {
                times.push(took);
                instantiate.push(run.times.instantiate);
                host.push(run.times.host);
            }
        }
        let at = |times: &mut Vec<Duration>, share: usize| {
            times.sort();
            times[(times.len() * share / 100).min(times.len() - 1)].as_secs_f64() * 1e6
        };
        Ok(json!({
            "p50_us": at(&mut times, 50), "p95_us": at(&mut times, 95),
            "instantiate_p50_us": at(&mut instantiate, 50), "host_p50_us": at(&mut host, 50),
        }))
    };
    let search = measure("search", &json!({ "query": "dune", "limit": 2 }), true)?;
    let echo = measure("echo", &json!({ "query": "dune" }), false)?;
    let _ = fs_err::remove_dir_all(&cache);
    let millis = |time: Duration| time.as_secs_f64() * 1e3;
    println!(
        "{}",
        json!({ "calls": calls, "call": search, "floor": echo, "compile_ms": millis(compile), "load_ms": millis(load) })
    );
    Ok(())
}
