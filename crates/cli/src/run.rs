//! `packwright run`: one call of one tool.

use crate::exit::Code;
use crate::output::{Output, visible};
use camino::Utf8PathBuf;
use packwright_app::core::text::indent_json;
use packwright_app::home::{HOME_VARIABLE, Home};
use packwright_app::trying::sandbox::{LogLevel, Run, Stop};
use packwright_app::trying::{Kept, Runner, TriedPack, hints, save_case};
use packwright_app::wire::{Failure, FailureCode, KeepExpect};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Read;
use std::time::Duration;

/// Run a tool once, in the sandbox, on the real network as far as the pack's capabilities allow it.
#[derive(clap::Args)]
pub struct Arguments {
    /// The tool's name.
    #[arg(value_name = "TOOL")]
    tool: String,
    /// The pack's folder.
    #[arg(default_value = ".", value_name = "DIR")]
    folder: Utf8PathBuf,
    /// The input: JSON, `@FILE`, or `-` for standard input.
    #[arg(long, short, default_value = "{}", value_name = "JSON")]
    input: String,
    /// Keep the run as a case of that name, with a recording of what the network answered.
    #[arg(long, value_name = "NAME")]
    save_case: Option<String>,
}

pub fn run(arguments: &Arguments, output: &Output) -> Code {
    match run_tool(arguments, output) {
        Ok(code) => code,
        Err(failure) => output.failure(&failure),
    }
}

fn run_tool(arguments: &Arguments, output: &Output) -> Result<Code, Failure> {
    let input = read_input(&arguments.input)?;
    let pack = TriedPack::read(&arguments.folder)?;
    let runner = runner(output)?;
    let prepared = match runner.prepare(&pack, &arguments.tool)? {
        Ok(prepared) => prepared,
        Err(blocked) => {
            let place =
                blocked.place.map_or_else(String::new, |place| format!("{}:{}:{}: ", place.file, place.line, place.column));
            let failure = Failure {
                code: FailureCode::BadManifest,
                message: format!("{place}{}", blocked.message),
                hints: vec![blocked.hint],
            };
            return Ok(output.failure(&failure));
        }
    };
    let run = runner.run(&prepared, input.clone(), BTreeMap::new(), Stop::default())?;
    say(&run, output);
    let mut told = data(&run);
    if let Some(name) = &arguments.save_case {
        let saved = save_case(&pack, &Kept::of(&arguments.tool, input, &run), name, KeepExpect::Same)?;
        told["saved"] = json!(saved);
        output.say(&format!("Saved as a case: {}:{}\n", saved.place.file, saved.place.line));
    }
    output.envelope(run.outcome.is_ok(), told, Vec::new());
    Ok(match &run.outcome {
        Ok(_) => Code::Fine,
        Err(failure) if failure.error.code == "permission_denied" => Code::Refused,
        Err(_) => Code::Findings,
    })
}

/// A runner that says when it compiles the engine, which takes a moment once.
pub fn runner(output: &Output) -> Result<Runner, Failure> {
    let home = Home::find(std::env::var_os(HOME_VARIABLE)).map_err(|error| Failure {
        code: FailureCode::Other,
        message: error.to_string(),
        hints: vec![format!("Set {HOME_VARIABLE} to a folder of yours.")],
    })?;
    let quiet = output.is_json();
    let told = move |ready: bool, took: Duration| {
        if !quiet {
            let output = Output::new("engine", false);
            output.say(&if ready {
                format!("Ready after {:.1} s.\n", took.as_secs_f32())
            } else {
                "Compiling the engine of inline handlers, once on this computer …\n".to_owned()
            });
        }
    };
    Ok(Runner::new(&home, Box::new(told)))
}

fn read_input(written: &str) -> Result<Value, Failure> {
    let wrong = |message: String| Failure {
        code: FailureCode::BadRequest,
        message,
        hints: vec![r#"Write JSON, as in --input '{"query": "dune"}', or --input @FILE."#.to_owned()],
    };
    let text = if written == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(|error| wrong(format!("standard input cannot be read: {error}")))?;
        text
    } else if let Some(path) = written.strip_prefix('@') {
        fs_err::read_to_string(path).map_err(|error| wrong(error.to_string()))?
    } else {
        written.to_owned()
    };
    serde_json::from_str(&text).map_err(|error| wrong(format!("the input is not JSON: {error}")))
}

/// What machines are told of a run.
pub fn data(run: &Run) -> Value {
    let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    let limits = run.limits;
    json!({
        "output": run.output,
        "error": run.outcome.as_ref().err().map(|failure| json!({
            "code": failure.error.code, "message": failure.error.message, "details": failure.error.details, "stack": failure.stack,
        })),
        "input_violations": run.input_violations,
        "output_violations": run.output_violations,
        "log": run.log,
        "calls": run.exchanges.iter().map(|exchange| json!({
            "method": exchange.method, "url": exchange.url, "status": exchange.status, "bytes": exchange.received,
            "micros": micros(exchange.duration), "error": exchange.result.as_ref().err(),
        })).collect::<Vec<_>>(),
        "micros": { "instantiate": micros(run.times.instantiate), "host": micros(run.times.host), "total": micros(run.times.total) },
        "used": { "memory": run.used.memory, "fuel": run.used.fuel, "output": run.used.output },
        "limits": limits,
    })
}

/// The output to standard output, the rest to standard error.
fn say(run: &Run, output: &Output) {
    for line in &run.log {
        let level = match line.level {
            LogLevel::Debug => "debug",
            LogLevel::Info => "info",
            LogLevel::Warn => "warn",
            LogLevel::Error => "error",
        };
        output.say(&format!("  {level}: {}\n", visible(&line.text)));
    }
    if let Some(text) = &run.output_text {
        let lines: Vec<String> = indent_json(text).lines().map(visible).collect();
        output.print(&format!("{}\n", lines.join("\n")));
    }
    if let Err(failure) = &run.outcome {
        output.say(&format!("\u{1b}[1;31m{}\u{1b}[0m: {}\n", visible(&failure.error.code), visible(&failure.error.message)));
        for found in run.input_violations.iter().chain(&run.output_violations).skip(1) {
            output.say(&format!("  {} {}\n", visible(&found.at), visible(&found.message)));
        }
        for frame in &failure.stack {
            let function = if frame.function.is_empty() { "the top of the file" } else { &frame.function };
            output.say(&format!("  in {}, {}:{}:{}\n", visible(function), visible(&frame.file), frame.line, frame.column));
        }
        for hint in hints(run, &failure.error) {
            output.say(&format!("  {}\n", visible(&hint)));
        }
    }
    // In tenths, so that small numbers are not all 0.
    let tenths = |number: u64, unit: u64| format!("{}.{}", number / unit, number % unit * 10 / unit);
    output.say(&format!(
        "{} in {:.1} ms, {} of {} MB, {} of {} M fuel, {} {} over HTTP\n",
        if run.outcome.is_ok() { "Done" } else { "Failed" },
        run.times.total.as_secs_f64() * 1000.0,
        tenths(run.used.memory, 1024 * 1024),
        run.limits.memory_mb,
        tenths(run.used.fuel, 1_000_000),
        run.limits.fuel / 1_000_000,
        run.exchanges.len(),
        if run.exchanges.len() == 1 { "request" } else { "requests" },
    ));
}
