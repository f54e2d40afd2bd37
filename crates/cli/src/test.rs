//! `packwright test`: a pack's cases, offline.

use crate::exit::Code;
use crate::output::{Output, visible};
use crate::run::runner;
use camino::Utf8PathBuf;
use packwright_app::trying::TriedPack;
use packwright_app::wire::Failure;
use serde_json::json;

/// Run the cases in tests/*.yaml, offline: with their recordings, and the same time and chance every time.
#[derive(clap::Args)]
pub struct Arguments {
    /// The pack's folder.
    #[arg(default_value = ".", value_name = "DIR")]
    folder: Utf8PathBuf,
    /// Only cases whose name, or whose tool's name, has this in it.
    #[arg(long, short, value_name = "TEXT")]
    filter: Option<String>,
}

pub fn run(arguments: &Arguments, output: &Output) -> Code {
    match run_cases(arguments, output) {
        Ok(code) => code,
        Err(failure) => output.failure(&failure),
    }
}

fn run_cases(arguments: &Arguments, output: &Output) -> Result<Code, Failure> {
    let pack = TriedPack::read(&arguments.folder)?;
    let mut cases = Vec::new();
    let tally = runner(output)?.run_all(&pack, arguments.filter.as_deref(), |file, case, ended| {
        let millis = ended.run.as_ref().map_or(0.0, |run| run.times.total.as_secs_f64() * 1000.0);
        let passed = ended.problem.is_none();
        let mark = if passed { "\u{1b}[32mpass\u{1b}[0m" } else { "\u{1b}[1;31mfail\u{1b}[0m" };
        output.print(&format!("{mark}  {}  {} ({millis:.1} ms)\n", file.tool, visible(&case.name)));
        if let Some(problem) = &ended.problem {
            output.print(&format!("      {}\n      {}:{}\n", visible(problem), file.path, case.line));
        }
        cases.push(json!({ "tool": file.tool, "file": file.path, "line": case.line, "name": case.name, "passed": passed, "problem": ended.problem, "millis": millis }));
    })?;
    for (place, message) in &pack.broken {
        output.print(&format!(
            "\u{1b}[1;31mfail\u{1b}[0m  {}:{}:{}: {}\n",
            place.file,
            place.line,
            place.column,
            visible(message)
        ));
    }
    let fine = tally.failed == 0 && tally.broken == 0;
    output.envelope(fine, json!({ "tally": tally, "cases": cases }), Vec::new());
    output.say(&if tally.passed + tally.failed + tally.broken == 0 {
        match &arguments.filter {
            Some(filter) => format!("No case has “{filter}” in its name.\n"),
            None => "There are no cases yet. Save one: packwright run TOOL --input '{…}' --save-case NAME\n".to_owned(),
        }
    } else {
        format!("{} passed, {} failed\n", tally.passed, tally.failed + tally.broken)
    });
    // A build server with a misspelled filter must not stay green.
    let nothing = tally.passed + tally.failed + tally.broken == 0 && arguments.filter.is_some();
    Ok(match (nothing, fine) {
        (true, _) => Code::Usage,
        (false, true) => Code::Fine,
        (false, false) => Code::Findings,
    })
}
