//! `cargo xtask`: set-up, the studio, the tests, the checks and the measurements, each behind one word.
//!
//! This file turns the arguments into a task, starts it and gives its exit code. What a task does is in the module of its
//! name. Progress goes to stderr and results to stdout, so that `--json` and the last line of `test` can be read by programs.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "printing is what this program is for")]

mod arguments;
mod bench;
mod engine;
mod fuzz;
mod generated;
mod lint;
mod outcome;
mod process;
#[cfg(target_os = "linux")]
mod screen;
mod setup;
mod stamp;
#[cfg(target_os = "linux")]
mod startup;
mod studio;
mod suite;
mod system;
mod workspace;

use std::process::ExitCode;

use arguments::Task;
use setup::Scope;
use workspace::Workspace;

/// What the exit code says: the same numbers as the `packwright` command uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Fine = 0,
    /// It ran, and found something: a failed test, a lint.
    Findings = 1,
    /// The command line was not understood.
    Usage = 2,
    /// It could not run here: something is missing on this machine.
    CannotRun = 3,
}

/// An end that is not a bug of ours: a message for the person who typed the command, and the exit code.
#[derive(Debug)]
pub(crate) struct Stop {
    pub(crate) exit: Exit,
    pub(crate) message: String,
}

impl Stop {
    pub(crate) fn cannot_run(message: impl Into<String>) -> Self {
        Stop { exit: Exit::CannotRun, message: message.into() }
    }
}

impl std::fmt::Display for Stop {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Stop {}

fn main() -> ExitCode {
    let exit = match perform() {
        Ok(exit) => exit,
        Err(error) => {
            eprintln!("{error:#}");
            error.downcast_ref::<Stop>().map_or(Exit::CannotRun, |stop| stop.exit)
        }
    };
    ExitCode::from(exit as u8)
}

fn perform() -> anyhow::Result<Exit> {
    let words = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    let task = arguments::parse(words)?;
    let workspace = Workspace::find()?;
    match task {
        Task::Help => {
            println!("{}", arguments::HELP);
            Ok(Exit::Fine)
        }
        Task::Setup => {
            setup::prepare(&workspace, Scope::Everything)?;
            Ok(Exit::Fine)
        }
        Task::Studio(options) => studio::open(&workspace, &options),
        Task::Test { filter } => suite::run(&workspace, filter.as_deref()),
        Task::Lint => lint::run(&workspace),
        Task::Generate => generated::write(&workspace),
        Task::Bench(options) => bench::run(&workspace, &options),
        Task::Fuzz(options) => fuzz::run(&workspace, &options),
    }
}
