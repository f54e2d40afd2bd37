//! Runs and tools as the page shows them.

use super::{CaseRun, TriedPack};
use crate::wire::{
    Blocked, BrokenCases, CallView, CaseVerdict, CaseView, Frame, LogLevel, LogLine, Place, RunError, RunView, Times, ToolView,
    ToolsView, Use, Verdict, ViolationView,
};
use packwright_core::call::ToolError;
use packwright_core::cases::{Case, CaseFile, Expect};
use packwright_core::model::{SchemaRef, Tool};
use packwright_core::schema::{Violation, example};
use packwright_core::source::PackSource;
use packwright_core::text::{Text, indent_json};
use packwright_core::yaml::{self, Node};
use packwright_sandbox::http::{Decision, Exchange};
use packwright_sandbox::{Failure, Run};
use serde_json::{Value, json};
use std::time::Duration;

/// The tools of a pack, with what their forms and cases need.
pub fn tools_view(pack: &TriedPack) -> ToolsView {
    let broken = pack.broken.iter().map(|(place, message)| BrokenCases { place: place.clone(), message: message.clone() });
    ToolsView {
        // Of two tools with one name the first is the one that is called; a rule says that there are two.
        tools: (pack.manifest.tools.iter().enumerate())
            .filter(|(at, tool)| pack.manifest.tools[..*at].iter().all(|before| before.name != tool.name))
            .map(|(_, tool)| tool_view(pack, tool))
            .collect(),
        broken_cases: broken.collect(),
        problem: None,
    }
}

fn tool_view(pack: &TriedPack, tool: &Tool) -> ToolView {
    let text = tool.input.as_ref().and_then(|schema| schema_text(pack, schema));
    let schema: Option<Value> = text.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let files = pack.cases.iter().filter(|file| file.tool == tool.name);
    ToolView {
        name: tool.name.clone(),
        title: tool.title.clone(),
        description: tool.description.clone(),
        handler: tool.handler.as_ref().map(|handler| handler.path.clone()),
        example: indented(&schema.as_ref().map_or_else(|| json!({}), example)),
        input_schema: text.filter(|_| schema.is_some()),
        blocked: tool.handler.is_none().then(|| Blocked {
            message: format!("`{}` has no handler", tool.name),
            hint: format!("Add `handler: handlers/{}.ts` to the tool, and write the function.", tool.name),
            place: pack.tool_place(&tool.name),
        }),
        cases: files.flat_map(|file| file.cases.iter().map(|case| case_view(file, case))).collect(),
    }
}

/// A file's own text keeps the author's order of properties, in which a form should stand.
fn schema_text(pack: &TriedPack, schema: &SchemaRef) -> Option<String> {
    match schema {
        SchemaRef::Inline(value) => Some(value.to_string()),
        SchemaRef::File(path) => Some(String::from_utf8_lossy(&pack.disk.read(path).ok()?).into_owned()),
    }
}

/// A case in a list.
pub fn case_view(file: &CaseFile, case: &Case) -> CaseView {
    CaseView {
        file: file.path.clone(),
        name: case.name.clone(),
        line: u32::try_from(case.line).unwrap_or(0),
        input: indented(&case.input),
        expects: match &case.expect {
            Expect::Schema => "any output that fits the schema".to_owned(),
            Expect::Output(value) => format!("output {}", short(value)),
            Expect::Subset(value) => format!("output with {}", short(value)),
            Expect::Error(code) => format!("error {code}"),
        },
        recorded: case.recording.is_some(),
    }
}

/// A run, ready to be shown. `case` is the one that was run, with what came of it.
pub fn run_view(pack: &TriedPack, tool: &str, number: u32, prepare: Duration, ended: &CaseRun, case: Option<&Case>) -> RunView {
    let verdict = case.map(|case| CaseVerdict {
        name: case.name.clone(),
        verdict: if ended.problem.is_none() { Verdict::Pass } else { Verdict::Fail },
        message: ended.problem.clone().unwrap_or_default(),
    });
    let Some(run) = &ended.run else {
        let message = ended.problem.clone().unwrap_or_default();
        return RunView { verdict, ..broken_off(number, tool, ToolError::new("internal", message), Vec::new()) };
    };
    let schemas = pack.manifest.tool(tool);
    let input = schemas.and_then(|tool| tool.input.as_ref());
    let output = schemas.and_then(|tool| tool.output.as_ref());
    let own = run.times.total.saturating_sub(run.times.instantiate).saturating_sub(run.times.host);
    RunView {
        run: number,
        tool: tool.to_owned(),
        output: run.output_text.as_deref().map(indent_json),
        error: run.outcome.as_ref().err().map(|failure| run_error(run, failure)),
        input_violations: run.input_violations.iter().map(|found| violation(pack, found, input, None)).collect(),
        output_violations: run
            .output_violations
            .iter()
            .map(|found| violation(pack, found, output, run.output_text.as_deref()))
            .collect(),
        logs: run.log.iter().map(|line| LogLine { level: level(line.level), text: line.text.clone() }).collect(),
        calls: run.exchanges.iter().map(call).collect(),
        times: Times {
            compile: micros(prepare),
            instantiate: micros(run.times.instantiate),
            host: micros(run.times.host),
            own: micros(own),
            total: micros(prepare + run.times.total),
        },
        use_of: Use {
            timeout_ms: u32::try_from(run.limits.timeout_ms).unwrap_or(u32::MAX),
            memory: run.used.memory,
            memory_limit: run.limits.memory_mb * 1024 * 1024,
            fuel: run.used.fuel,
            fuel_limit: run.limits.fuel,
            output: run.used.output,
            output_limit: run.limits.output_kb * 1024,
        },
        verdict,
        recordable: run.exchanges.iter().any(|exchange| exchange.result.is_ok()),
    }
}

/// A run that never began.
pub fn broken_off(number: u32, tool: &str, error: ToolError, hints: Vec<String>) -> RunView {
    RunView {
        run: number,
        tool: tool.to_owned(),
        output: None,
        error: Some(RunError { code: error.code, message: error.message, hints, stack: Vec::new(), details: None }),
        input_violations: Vec::new(),
        output_violations: Vec::new(),
        logs: Vec::new(),
        calls: Vec::new(),
        times: Times::default(),
        use_of: Use::default(),
        verdict: None,
        recordable: false,
    }
}

/// A tool that cannot run, as a run: its place is the top of the stack.
pub(super) fn blocked(number: u32, tool: &str, blocked: &Blocked) -> RunView {
    let mut view =
        broken_off(number, tool, ToolError::new("handler_failed", blocked.message.clone()), vec![blocked.hint.clone()]);
    if let (Some(error), Some(place)) = (&mut view.error, &blocked.place) {
        error.stack.push(Frame { function: String::new(), place: place.clone() });
    }
    view
}

fn run_error(run: &Run, failure: &Failure) -> RunError {
    // Violations are shown where they are; their list would only repeat them.
    let details = failure.error.details.as_ref().filter(|details| details.get("violations").is_none());
    RunError {
        code: failure.error.code.clone(),
        message: failure.error.message.clone(),
        hints: hints(run, &failure.error),
        stack: failure
            .stack
            .iter()
            .map(|frame| Frame {
                function: frame.function.clone(),
                place: Place { file: frame.file.clone(), line: frame.line, column: frame.column },
            })
            .collect(),
        details: details.map(indented),
    }
}

/// What to do next, by the error's code.
pub fn hints(run: &Run, error: &ToolError) -> Vec<String> {
    let one = |text: &str| vec![text.to_owned()];
    match error.code.as_str() {
        "invalid_input" => one("Change the input, or the tool's input schema."),
        "invalid_output" if run.output.is_some() => {
            one("Change the handler so that it returns what the output schema promises, or change the promise.")
        }
        "timeout" => one("Look for a loop or a slow service; `limits: {timeout_ms: …}` of the tool allows more time."),
        "resource_exhausted" => one("`limits` of the tool allows more: memory_mb, output_kb, fuel."),
        "permission_denied" => {
            let refused = run.exchanges.iter().rev().find_map(|exchange| match &exchange.decision {
                Decision::Refused { hint, .. } => Some(hint.clone()),
                Decision::Allowed { .. } => None,
            });
            refused.into_iter().collect()
        }
        "handler_failed" if error.message.contains("which its tool does not declare") => {
            one("Declare it: `errors: [{code: …, description: …}]` of the tool, or use a built-in code.")
        }
        _ => Vec::new(),
    }
}

fn call(exchange: &Exchange) -> CallView {
    let (allowed, rule, budget, refusal) = match &exchange.decision {
        Decision::Allowed { capability, rule, count: (used, most) } => {
            let budget = most.map(|most| format!("{used} / {most}"));
            (true, format!("{capability} › {rule}"), budget, None)
        }
        Decision::Refused { message, suggestion, .. } => {
            (false, String::new(), None, Some((message.clone(), suggestion.clone())))
        }
    };
    let (message, suggestion) = refusal.map_or_else(
        || (exchange.result.as_ref().err().map(|error| error.message.clone()), None),
        |(message, suggestion)| (Some(message), suggestion),
    );
    CallView {
        call: format!("http {}", exchange.method),
        what: exchange.url.clone(),
        status: exchange.status,
        size: exchange.received,
        micros: micros(exchange.duration),
        allowed,
        rule,
        budget,
        message,
        suggestion,
    }
}

fn level(level: packwright_sandbox::LogLevel) -> LogLevel {
    match level {
        packwright_sandbox::LogLevel::Debug => LogLevel::Debug,
        packwright_sandbox::LogLevel::Info => LogLevel::Info,
        packwright_sandbox::LogLevel::Warn => LogLevel::Warn,
        packwright_sandbox::LogLevel::Error => LogLevel::Error,
    }
}

fn violation(pack: &TriedPack, found: &Violation, schema: Option<&SchemaRef>, value: Option<&str>) -> ViolationView {
    ViolationView {
        at: found.at.clone(),
        message: found.message.clone(),
        line: value.map_or(1, |text| line_in(&indent_json(text), &found.at)),
        rule: match schema {
            Some(SchemaRef::File(path)) => {
                pack.disk.read(path).ok().and_then(|bytes| place_of(path, std::str::from_utf8(&bytes).ok()?, &found.rule))
            }
            _ => None,
        },
    }
}

/// Where a JSON pointer leads in a text of JSON. JSON is YAML, and our YAML tree knows its places.
pub fn place_of(file: &str, text: &str, pointer: &str) -> Option<Place> {
    let tree = yaml::parse(text).ok()?;
    let node = follow(&tree, pointer);
    let place = Text::new(text.to_owned()).position(node.span.start);
    Some(Place { file: file.to_owned(), line: place.line, column: place.column })
}

/// As far as the pointer leads.
fn follow<'n>(mut node: &'n Node, pointer: &str) -> &'n Node {
    for part in pointer.split('/').skip(1) {
        let name = part.replace("~1", "/").replace("~0", "~");
        let next = match &node.value {
            yaml::Value::List(items) => name.parse::<usize>().ok().and_then(|index| items.get(index)),
            _ => node.get(&name),
        };
        match next {
            Some(next) => node = next,
            None => break,
        }
    }
    node
}

fn line_in(text: &str, pointer: &str) -> u32 {
    place_of("", text, pointer).map_or(1, |place| place.line)
}

pub(crate) fn indented(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("a value is plain data")
}

fn short(value: &Value) -> String {
    const SHOWN: usize = 60;
    let text = value.to_string();
    if text.len() <= SHOWN { text } else { format!("{}…", &text[..text.floor_char_boundary(SHOWN)]) }
}

fn micros(time: Duration) -> u32 {
    u32::try_from(time.as_micros()).unwrap_or(u32::MAX)
}
