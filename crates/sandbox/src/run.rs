//! One call of a tool: prepared from the pack's files, run in a fresh instance, and everything that can be said of it.

use crate::command::Streams;
use crate::guest::{self, Ended, Guest, Meter};
use crate::host::{Host, LogLine, MOST_LINES};
use crate::http::{Exchange, Net};
use crate::inline::{self, Blocked, Entry};
use crate::machine::Sandbox;
use packwright_core::call::{BUILT_IN, Limits, ToolError};
use packwright_core::folder::MANIFEST;
use packwright_core::languages::export_of;
use packwright_core::model::{HandlerKind, Manifest, SchemaRef, Tool};
use packwright_core::policy::{Ledger, Policy};
use packwright_core::schema::{Schema, SchemaError, Violation};
use packwright_core::source::PackSource;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};
use wasmtime::{Module, Trap};

/// A tool that can be called: its files read, its schemas compiled, its handler ready.
pub struct Prepared {
    pub(crate) tool: Tool,
    input: Option<Bounded>,
    output: Option<Bounded>,
    handler: Handler,
    policy: Arc<Policy>,
}

/// A schema that holds up a run no longer than the run may take.
struct Bounded {
    schema: Schema,
    /// True when it refers to parts of itself: such a one can take time that doubles with every level of a value.
    refers: bool,
}

impl Bounded {
    fn new(schema: Schema) -> Self {
        let text = schema.value().to_string();
        Self { refers: text.contains("$ref") || text.contains("$dynamicRef") || text.contains("$recursiveRef"), schema }
    }

    /// Where a value breaks the schema; `None` when that cannot be said before `deadline`.
    fn check(&self, value: &Value, deadline: Instant) -> Option<Vec<Violation>> {
        if !self.refers {
            return Some(self.schema.check(value));
        }
        // The library cannot be interrupted, so it is given a thread of its own, and given up.
        let (schema, value) = (self.schema.clone(), value.clone());
        let (found, answer) = mpsc::channel();
        std::thread::spawn(move || found.send(schema.check(&value)));
        answer.recv_timeout(deadline.saturating_duration_since(Instant::now())).ok()
    }
}

enum Handler {
    Inline { source: Arc<str> },
    Command { module: Module, arguments: Vec<String> },
}

/// What one call is given.
pub struct Call {
    pub input: Value,
    pub net: Net,
    /// What the session has used of its budgets, and what this run adds.
    pub ledger: Ledger,
    pub chance: Chance,
    pub stop: Stop,
}

/// Where time and randomness come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chance {
    /// The system's.
    Real,
    /// The same every time: for cases.
    Fixed(u64),
}

/// Ends a run from another thread.
#[derive(Clone, Default)]
pub struct Stop(Arc<StopInner>);

#[derive(Default)]
struct StopInner {
    set: AtomicBool,
    told: tokio::sync::Notify,
}

impl Stop {
    pub fn set(&self) {
        self.0.set.store(true, Ordering::SeqCst);
        self.0.told.notify_waiters();
    }

    pub fn is_set(&self) -> bool {
        self.0.set.load(Ordering::SeqCst)
    }

    pub(crate) async fn wait(&self) {
        let told = self.0.told.notified();
        if !self.is_set() {
            told.await;
        }
    }
}

/// All that can be said of a run.
#[derive(Debug)]
pub struct Run {
    pub outcome: Result<Value, Failure>,
    /// What the handler gave, when it gave JSON; also when it breaks the output schema.
    pub output: Option<Value>,
    /// The same as the handler wrote it, in its own order.
    pub output_text: Option<String>,
    pub input_violations: Vec<Violation>,
    pub output_violations: Vec<Violation>,
    pub log: Vec<LogLine>,
    /// Requests over HTTP, in order.
    pub exchanges: Vec<Exchange>,
    pub times: Times,
    pub used: Used,
    pub limits: Limits,
    pub ledger: Ledger,
    /// Calls of a recording that the handler did not make.
    pub not_asked: usize,
}

/// Why a run has no result.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    pub error: ToolError,
    /// Where in the author's files, innermost first.
    pub stack: Vec<Frame>,
}

/// A line of a stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Frame {
    /// Empty at the top of a file.
    pub function: String,
    pub file: String,
    pub line: u32,
    pub column: u32,
}

/// Where the time went.
#[derive(Debug, Clone, Copy, Default)]
pub struct Times {
    pub instantiate: Duration,
    /// Waiting for answers of the host.
    pub host: Duration,
    /// The whole run, checks of input and output included.
    pub total: Duration,
}

/// What a run used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Used {
    /// Bytes, at most.
    pub memory: u64,
    pub fuel: u64,
    /// Bytes.
    pub output: u64,
}

impl Sandbox {
    /// Makes a tool ready to be called.
    pub fn prepare(&self, pack: &dyn PackSource, manifest: &Manifest, name: &str) -> Result<Prepared, Blocked> {
        let tool = manifest.tool(name).ok_or_else(|| {
            let names: Vec<&str> = manifest.tools.iter().map(|tool| tool.name.as_str()).collect();
            let hint =
                if names.is_empty() { "The pack has no tools.".to_owned() } else { format!("It has {}.", names.join(", ")) };
            Blocked::new(format!("the pack has no tool called `{name}`"), hint)
        })?;
        let handler = tool.handler.as_ref().ok_or_else(|| {
            Blocked::new(
                format!("`{name}` has no handler"),
                format!("Add `handler: handlers/{name}.ts` to the tool, and write the function."),
            )
        })?;
        let ready = match handler.kind {
            HandlerKind::Inline => {
                let tools = BTreeMap::from([(name.to_owned(), entry(tool, handler))]);
                Handler::Inline { source: inline::collect(pack, tools)?.into() }
            }
            HandlerKind::Command => {
                Handler::Command { module: self.command(pack, &handler.path)?, arguments: handler.args.clone() }
            }
            HandlerKind::Component => {
                return Err(Blocked::new(
                    format!("`{}` is a component, and this version runs inline handlers and WASI programs", handler.path),
                    "If it is a WASI program, write `handler: {path: …, kind: command}`.",
                ));
            }
            HandlerKind::Source => {
                return Err(Blocked::new(
                    format!("`{}` has to be built first", handler.path),
                    "Build it to a WASI program, and name that: `handler: {path: components/….wasm, kind: command}`.",
                ));
            }
        };
        Ok(Prepared {
            input: tool.input.as_ref().map(|schema| compile(pack, schema).map(Bounded::new)).transpose()?,
            output: tool.output.as_ref().map(|schema| compile(pack, schema).map(Bounded::new)).transpose()?,
            handler: ready,
            policy: Arc::new(Policy::new(&manifest.capabilities)),
            tool: tool.clone(),
        })
    }

    fn command(&self, pack: &dyn PackSource, path: &str) -> Result<Module, Blocked> {
        let bytes = pack
            .read(path)
            .map_err(|_| Blocked::new(format!("`{path}` cannot be read"), "Build it, or name another file.").at(path, 0, 0))?;
        self.module(&bytes).map_err(|error| {
            Blocked::new(format!("`{path}` is no WebAssembly program: {error:#}"), "Build it for the target wasm32-wasip1.")
                .at(path, 0, 0)
        })
    }

    /// Calls a tool once.
    pub fn run(&self, prepared: &Prepared, call: Call) -> Run {
        let begin = Instant::now();
        let limits = prepared.tool.limits;
        let mut run = Run {
            outcome: Ok(Value::Null),
            output: None,
            output_text: None,
            input_violations: Vec::new(),
            output_violations: Vec::new(),
            log: Vec::new(),
            exchanges: Vec::new(),
            times: Times::default(),
            used: Used::default(),
            limits,
            ledger: Ledger::default(),
            not_asked: 0,
        };
        let deadline = begin + Duration::from_millis(limits.timeout_ms);
        let found = prepared.input.as_ref().map_or(Some(Vec::new()), |schema| schema.check(&call.input, deadline));
        run.input_violations = found.clone().unwrap_or_default();
        run.outcome = if found.is_none() {
            Err(schema_without_end("input").into())
        } else if run.input_violations.is_empty() {
            let meter = Meter::new(limits, deadline, call.stop);
            let host = Host::new(prepared.policy.clone(), call.ledger, call.net, call.chance);
            let guest = Guest {
                source: "".into(),
                host,
                wasi: None,
                meter,
                runtime: self.runtime.handle().clone(),
                kept_answer: String::new(),
            };
            match &prepared.handler {
                Handler::Inline { source } => self.run_inline(guest, source, &prepared.tool.name, &call.input, &mut run),
                Handler::Command { module, arguments } => self.run_command(guest, module, arguments, &call.input, &mut run),
            }
            .and_then(|text| accept(&text, prepared.output.as_ref(), deadline, &mut run))
            .map_err(|failure| declared(failure, &prepared.tool))
        } else {
            let message = violations_in_words("the input", &run.input_violations);
            Err(ToolError::new("invalid_input", message).with(json!({ "violations": run.input_violations })).into())
        };
        run.times.total = begin.elapsed();
        run
    }

    fn run_inline(
        &self,
        mut guest: Guest,
        source: &Arc<str>,
        tool: &str,
        input: &Value,
        run: &mut Run,
    ) -> Result<String, Failure> {
        guest.source = source.clone();
        let mut store = guest::store(&self.engine, guest).map_err(internal)?;
        let begin = Instant::now();
        let instance = self.inline.instance.instantiate(&mut store);
        run.times.instantiate = begin.elapsed();
        let input = input.to_string();
        let answer = instance.and_then(|instance| {
            let invoke = instance.get_typed_func::<(&str, &str), (Result<String, String>,)>(&mut store, self.inline.invoke)?;
            invoke.call(&mut store, (tool, &input))
        });
        let left = store.get_fuel().unwrap_or(0);
        let guest = store.into_data();
        let answer = match answer {
            Ok((Ok(output),)) => Ok(output),
            Ok((Err(error),)) => Err(thrown(&error, &guest.meter)),
            Err(error) => Err(trapped(&error, &guest.meter)),
        };
        settle(answer, guest, left, run)
    }

    fn run_command(
        &self,
        mut guest: Guest,
        module: &Module,
        arguments: &[String],
        input: &Value,
        run: &mut Run,
    ) -> Result<String, Failure> {
        let output_limit = usize::try_from(run.limits.output_kb.saturating_mul(1024)).unwrap_or(usize::MAX);
        let streams = Streams::new(&input.to_string(), arguments, output_limit);
        guest.wasi = Some(streams.wasi);
        let (deadline, stop) = (guest.meter.deadline, guest.meter.stop.clone());
        let mut store = guest::store(&self.plain, guest).map_err(internal)?;
        let begin = Instant::now();
        // A program that sleeps in the host is not seen by the machine's clock, hence the second one.
        let answer = self.runtime.block_on(async {
            let started = async {
                let instance = self.commands.instantiate_async(&mut store, module).await?;
                run.times.instantiate = begin.elapsed();
                let start = instance.get_typed_func::<(), ()>(&mut store, "_start")?;
                start.call_async(&mut store, ()).await
            };
            tokio::select! {
                biased;
                answer = started => Some(answer),
                () = tokio::time::sleep_until((deadline + Duration::from_millis(500)).into()) => None,
                () = stop.wait() => None,
            }
        });
        let left = store.get_fuel().unwrap_or(0);
        let guest = store.into_data();
        let remarks = String::from_utf8_lossy(&streams.remarks.contents()).trim().to_owned();
        let output = streams.output.contents();
        let answer = match answer {
            None => {
                let why = if guest.meter.stop.is_set() { Ended::Stopped } else { Ended::Time };
                Err(guest.meter.error(why).into())
            }
            Some(_) if output.len() > output_limit => Err(too_much_output(&run.limits).into()),
            Some(Ok(())) => Ok(()),
            Some(Err(error)) => match error.downcast_ref::<wasmtime_wasi::I32Exit>() {
                Some(exit) if exit.0 == 0 => Ok(()),
                Some(exit) => Err(ToolError::new("handler_failed", exit_in_words(exit.0, &remarks)).into()),
                None => Err(trapped(&error, &guest.meter)),
            },
        };
        run.log.extend(
            remarks.lines().take(MOST_LINES).map(|line| LogLine { level: crate::LogLevel::Error, text: line.to_owned() }),
        );
        let answer = answer.and_then(|()| {
            String::from_utf8(output.to_vec())
                .map_err(|_| ToolError::new("invalid_output", "the program wrote bytes that are not UTF-8 text").into())
        });
        settle(answer, guest, left, run)
    }
}

/// Which function answers a tool.
pub(crate) fn entry(tool: &Tool, handler: &packwright_core::model::Handler) -> Entry {
    Entry { module: handler.path.clone(), export: handler.export.clone().unwrap_or_else(|| export_of(&tool.name)) }
}

fn compile(pack: &dyn PackSource, schema: &SchemaRef) -> Result<Schema, Blocked> {
    // What a `$ref` to another file of the pack leads to; the checker follows it in the same way.
    let files = |path: &str| serde_json::from_slice(&pack.read(path).ok()?).ok();
    match schema {
        SchemaRef::Inline(value) => Schema::from_value_in(MANIFEST, value, &files)
            .map_err(|error| Blocked::new(format!("a schema in the manifest cannot be used: {error}"), "Mend it in pack.yaml.")),
        SchemaRef::File(path) => {
            let unreadable =
                || Blocked::new(format!("`{path}` cannot be read"), "Make the file, or name another one.").at(path, 0, 0);
            let bytes = pack.read(path).map_err(|_| unreadable())?;
            let text = std::str::from_utf8(&bytes).map_err(|_| unreadable())?;
            Schema::compile_in(path, text, &files).map_err(|error| {
                let (line, column) = match error {
                    SchemaError::NotJson { line, column, .. } => {
                        (u32::try_from(line).unwrap_or(0), u32::try_from(column).unwrap_or(0))
                    }
                    _ => (0, 0),
                };
                Blocked::new(format!("`{path}` cannot be used as a schema: {error}"), "Mend the schema.").at(path, line, column)
            })
        }
    }
}

/// Writes down what the instance used, and gives its answer unless it used too much.
fn settle(answer: Result<String, Failure>, guest: Guest, fuel_left: u64, run: &mut Run) -> Result<String, Failure> {
    run.used.fuel = guest::fuel_used(&run.limits, fuel_left);
    run.used.memory = guest.meter.memory as u64;
    let error = |ended| guest.meter.error(ended).into();
    let over = run.used.fuel > run.limits.fuel;
    let late = Instant::now() > guest.meter.deadline;
    run.times.host = guest.host.waited;
    run.not_asked = match &guest.host.net {
        Net::Replay(replay) => replay.left(),
        Net::Live(_) | Net::Off => 0,
    };
    run.log.splice(0..0, guest.host.log);
    run.exchanges = guest.host.exchanges;
    run.ledger = guest.host.ledger;
    let text = answer?;
    run.used.output = text.len() as u64;
    // An engine that notices late must not give away more than was asked for: the same call ends the same way everywhere.
    if late {
        return Err(error(Ended::Time));
    }
    if over {
        return Err(error(Ended::Fuel));
    }
    if run.used.output > run.limits.output_kb.saturating_mul(1024) {
        return Err(too_much_output(&run.limits).into());
    }
    Ok(text)
}

/// Reads the output and holds it against its schema.
fn accept(text: &str, schema: Option<&Bounded>, deadline: Instant, run: &mut Run) -> Result<Value, Failure> {
    let output: Value = serde_json::from_str(text).map_err(|error| {
        let begins = &text[..text.floor_char_boundary(60)];
        let message = if text.trim().is_empty() {
            "the program wrote nothing, and its output must be JSON".to_owned()
        } else {
            format!("the output is not JSON ({error}); it begins with {begins:?}")
        };
        Failure::from(ToolError::new("invalid_output", message))
    })?;
    run.output = Some(output.clone());
    run.output_text = Some(text.to_owned());
    let found = schema.map_or(Some(Vec::new()), |schema| schema.check(&output, deadline));
    run.output_violations = found.ok_or_else(|| Failure::from(schema_without_end("output")))?;
    if run.output_violations.is_empty() {
        return Ok(output);
    }
    let message = violations_in_words("the output", &run.output_violations);
    Err(ToolError::new("invalid_output", message).with(json!({ "violations": run.output_violations })).into())
}

fn violations_in_words(what: &str, violations: &[Violation]) -> String {
    let first = &violations[0];
    let place = if first.at.is_empty() { what.to_owned() } else { format!("{what} at {}", first.at) };
    match violations.len() {
        1 => format!("{place} {}", first.message),
        more => format!("{place} {} (and {} more)", first.message, more - 1),
    }
}

/// The schema refers to itself in a way that takes longer to check than the call may.
fn schema_without_end(which: &str) -> ToolError {
    let message = format!("the {which} cannot be checked in the call's time: its schema refers to itself in too many ways");
    ToolError::new("resource_exhausted", message).with(json!({ "limit": "timeout_ms" }))
}

fn too_much_output(limits: &Limits) -> ToolError {
    ToolError::new("resource_exhausted", format!("the output is larger than {} KB", limits.output_kb))
        .with(json!({ "limit": "output_kb", "allowed": limits.output_kb, "unit": "KB" }))
}

fn exit_in_words(code: i32, remarks: &str) -> String {
    match remarks.lines().next_back() {
        Some(last) => format!("the program ended with exit code {code}: {last}"),
        None => format!("the program ended with exit code {code} and wrote nothing to standard error"),
    }
}

/// What the engine's library says of an error.
fn thrown(text: &str, meter: &Meter) -> Failure {
    #[derive(Deserialize)]
    struct Thrown {
        #[serde(flatten)]
        error: ToolError,
        #[serde(default)]
        stack: String,
    }
    let Ok(Thrown { error, stack }) = serde_json::from_str(text) else {
        return ToolError::new("internal", format!("the engine gave an error that is none: {text}")).into();
    };
    let stack = frames(&stack);
    match meter.ended {
        Some(Ended::Memory) if !error.message.contains("out of memory") => Failure { error, stack },
        Some(ended) => Failure { error: meter.error(ended), stack },
        None => Failure { error, stack },
    }
}

/// What the machine says of an instance that broke off.
fn trapped(error: &wasmtime::Error, meter: &Meter) -> Failure {
    let trap = error.downcast_ref::<Trap>();
    let ended = match trap {
        Some(Trap::OutOfFuel) => Some(Ended::Fuel),
        _ => meter.ended,
    };
    match (ended, trap) {
        (Some(ended), _) => meter.error(ended).into(),
        (None, Some(Trap::StackOverflow)) => {
            ToolError::new("resource_exhausted", "the handler calls itself without end: its stack is full")
                .with(json!({ "limit": "stack" }))
                .into()
        }
        (None, Some(trap)) => ToolError::new("handler_failed", format!("the program broke off: {trap}")).into(),
        (None, None) => ToolError::new("handler_failed", format!("the program cannot run here: {error:#}")).into(),
    }
}

fn internal(error: wasmtime::Error) -> Failure {
    ToolError::new("internal", format!("the sandbox failed: {error:#}")).into()
}

impl From<ToolError> for Failure {
    fn from(error: ToolError) -> Self {
        Self { error, stack: Vec::new() }
    }
}

/// A code that nobody declared becomes `handler_failed`: whoever calls the tool knows its codes from the manifest.
fn declared(mut failure: Failure, tool: &Tool) -> Failure {
    let code = &failure.error.code;
    if !BUILT_IN.contains(&code.as_str()) && !tool.errors.iter().any(|known| known.code == *code) {
        failure.error.message =
            format!("the handler answered with the code `{code}`, which its tool does not declare: {}", failure.error.message);
        "handler_failed".clone_into(&mut failure.error.code);
    }
    failure
}

/// The engine's stack, without what lies in the library: lines like `    at name (handlers/x.ts:3:5)`.
fn frames(stack: &str) -> Vec<Frame> {
    stack.lines().filter_map(frame).filter(|frame| !frame.file.starts_with("packwright:")).collect()
}

fn frame(line: &str) -> Option<Frame> {
    let line = line.trim().strip_prefix("at ")?;
    let (function, place) = match line.strip_suffix(')').and_then(|line| line.rsplit_once(" (")) {
        Some((function, place)) => (function, place),
        None => ("", line),
    };
    let (rest, column) = place.rsplit_once(':')?;
    let (file, line) = rest.rsplit_once(':')?;
    let function = if function == "<anonymous>" || function == "<module>" { "" } else { function };
    Some(Frame { function: function.to_owned(), file: file.to_owned(), line: line.parse().ok()?, column: column.parse().ok()? })
}
