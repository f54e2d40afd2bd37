//! `packwright env`: what this computer gives us, in words to paste into a report.

use crate::exit::Code;
use crate::output::Output;
use packwright_app::environment::report;
use packwright_app::home::{HOME_VARIABLE, Home};
use packwright_app::wire::{Environment, Failure, FailureCode, Verdict};

pub fn run(output: &Output) -> Code {
    let home = match Home::find(std::env::var_os(HOME_VARIABLE)) {
        Ok(home) => home,
        Err(error) => {
            return output.failure(&Failure {
                code: FailureCode::Other,
                message: error.to_string(),
                hints: vec![format!("Set {HOME_VARIABLE} to a folder that Packwright may use.")],
            });
        }
    };
    let environment = report(&home);
    let failed = environment.facts.iter().any(|fact| fact.verdict == Verdict::Fail);
    output.envelope(!failed, &environment, Vec::new());
    output.print(&in_words(&environment));
    if failed { Code::CouldNotRun } else { Code::Fine }
}

fn in_words(environment: &Environment) -> String {
    let width = environment.facts.iter().map(|fact| fact.label.len()).max().unwrap_or(0);
    let mut text = format!("Packwright {} on {}\n\n", environment.version, environment.system);
    for fact in &environment.facts {
        let mark = match fact.verdict {
            Verdict::Pass => "ok  ",
            Verdict::Warn => "warn",
            Verdict::Fail => "FAIL",
            Verdict::Info => "    ",
        };
        text.push_str(&format!("{mark}  {:width$}  {}\n", fact.label, fact.value));
        if let Some(hint) = &fact.hint {
            text.push_str(&format!("      {:width$}  {hint}\n", ""));
        }
    }
    text
}
