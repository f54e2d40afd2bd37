//! `cargo xtask test`: every test there is, and one last line that says how many passed.
//!
//! First the Rust unit tests, then the arc: from nothing to a published pack, by command line and in the window, with its times. Then
//! every other Rust test, the window's among them, and those of the page. A test that cannot run on this machine writes a line
//! into the file that `PACKWRIGHT_SKIPS` names: it is shown here, does not count as passed, and counts as failed where `CI=true`.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use anyhow::Context;
use fs_err as fs;

use crate::outcome::{self, CargoTest, Outcome};
use crate::setup::{self, Scope};
use crate::workspace::{Scratch, Workspace};
use crate::{Exit, process};

pub(crate) fn run(workspace: &Workspace, filter: Option<&str>) -> anyhow::Result<Exit> {
    setup::prepare(workspace, Scope::Everything)?;
    let skips = workspace.target.join("skips.txt");
    fs::create_dir_all(&workspace.target)?;
    fs::write(&skips, "")?;
    let run = Run { workspace, filter, home: Scratch::new()? };

    let mut whole = run.rust()?;
    whole.add(run.page()?);

    let skips = fs::read_to_string(skips)?;
    let skips: Vec<&str> = skips.lines().filter(|line| !line.trim().is_empty()).collect();
    let in_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    Ok(conclude(&whole, &skips, in_ci))
}

/// Some of the Rust tests: what cargo is asked for, and how they run.
struct Phase {
    what: &'static [&'static str],
    how: &'static [&'static str],
}

/// All Rust tests, each once, in the order in which a failure says most.
const PHASES: &[Phase] = &[
    Phase { what: &["--lib", "--bins"], how: &[] },
    // One at a time and with what it prints: its times are read by people.
    Phase { what: &["--test", "arc"], how: &["--nocapture", "--test-threads", "1"] },
    Phase { what: &["--test", "*"], how: &["--skip", "ten_minutes_", "--skip", "what_goes_wrong_on_the_way"] },
    Phase { what: &["--doc"], how: &[] },
];

struct Run<'a> {
    workspace: &'a Workspace,
    filter: Option<&'a str>,
    /// In place of the author's configuration and data.
    home: Scratch,
}

impl Run<'_> {
    fn rust(&self) -> anyhow::Result<Outcome> {
        // First all programs: `cargo test` builds only those whose own package has tests, and ours start each other.
        if let Err(error) = process::build(self.workspace, false) {
            let mut outcome = Outcome::default();
            outcome.fail(format!("Rust: {error:#}"));
            return Ok(outcome);
        }
        let mut whole = Outcome::default();
        for phase in PHASES {
            whole.add(self.cargo_test(phase)?);
        }
        Ok(whole)
    }

    fn cargo_test(&self, phase: &Phase) -> anyhow::Result<Outcome> {
        let mut command = process::cargo(self.workspace);
        command.args(["test", "--workspace", "--no-fail-fast"]).args(phase.what).args(self.filter);
        if !phase.how.is_empty() {
            command.arg("--").args(phase.how);
        }
        self.surround(&mut command).stdout(Stdio::piped());
        let mut child = command.spawn().with_context(|| process::cannot_start(&command))?;
        let mut lines = BufReader::new(child.stdout.take().context("stdout is a pipe")?);
        let mut tests = CargoTest::default();
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 {
            let text = String::from_utf8_lossy(&line);
            print!("{text}");
            tests.line(text.trim_end());
            line.clear();
        }
        Ok(tests.end(child.wait()?.success()))
    }

    fn page(&self) -> anyhow::Result<Outcome> {
        let report = self.workspace.target.join("ui-tests.json");
        if report.exists() {
            fs::remove_file(&report)?;
        }
        let mut command = process::npm(self.workspace);
        command.args(["run", "test", "--", "--reporter=default", "--reporter=json"]);
        command.arg(format!("--outputFile={}", report.display()));
        if let Some(filter) = self.filter {
            command.args(["--testNamePattern", filter]);
        }
        let status = self.surround(&mut command).status().with_context(|| process::cannot_start(&command))?;
        let mut outcome = outcome::vitest(&fs::read_to_string(&report).unwrap_or_default());
        if self.filter.is_some() {
            outcome.ignored = 0; // Vitest counts what the filter leaves out.
        }
        if !status.success() && outcome.failures.is_empty() {
            outcome.fail("ui: the test runner ended with an error (see above)");
        }
        Ok(outcome)
    }

    fn surround<'c>(&self, command: &'c mut std::process::Command) -> &'c mut std::process::Command {
        command.env("PACKWRIGHT_HOME", self.home.path()).env("PACKWRIGHT_SKIPS", self.workspace.target.join("skips.txt"))
    }
}

/// Prints failures, skips and, last, the two numbers.
fn conclude(whole: &Outcome, skips: &[&str], in_ci: bool) -> Exit {
    let Totals { passed, failures } = totals(whole, skips, in_ci);
    println!();
    for failure in &failures {
        println!("failed: {failure}");
    }
    for skip in skips {
        println!("skipped: {skip}");
    }
    if whole.ignored > 0 {
        println!("ignored by their authors: {}", whole.ignored);
    }
    let nothing = passed + failures.len() + skips.len() == 0;
    if nothing {
        println!("No test has that in its name.");
    }
    println!("{passed} passed, {} failed", failures.len());
    match (nothing, failures.is_empty()) {
        (true, _) => Exit::Usage,
        (false, true) => Exit::Fine,
        (false, false) => Exit::Findings,
    }
}

struct Totals {
    passed: usize,
    failures: Vec<String>,
}

/// A test that skips returns early and so is reported as passed: it is taken off again.
fn totals(whole: &Outcome, skips: &[&str], in_ci: bool) -> Totals {
    let mut failures = whole.failures.clone();
    if in_ci {
        failures.extend(skips.iter().map(|skip| format!("{skip} (skipped, which CI does not allow)")));
    }
    Totals { passed: whole.passed.saturating_sub(skips.len()), failures }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skip_is_not_a_pass_and_in_ci_a_failure() {
        let whole = Outcome { passed: 5, ignored: 0, failures: vec!["a".to_owned()] };
        let count = |in_ci| {
            let totals = totals(&whole, &["b: no registry here"], in_ci);
            (totals.passed, totals.failures.len())
        };
        assert_eq!(count(false), (4, 1));
        assert_eq!(count(true), (4, 2));
    }

    #[test]
    fn no_test_at_all_is_wrong_usage() {
        assert_eq!(conclude(&Outcome::default(), &[], true), Exit::Usage);
        assert_eq!(conclude(&Outcome { passed: 1, ..Outcome::default() }, &[], true), Exit::Fine);
    }
}
