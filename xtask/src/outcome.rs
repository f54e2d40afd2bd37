//! Reads what test runners report: cargo's test programs line by line, Vitest from its JSON file.

use serde_json::Value;

/// What is known of a run so far.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) passed: usize,
    pub(crate) ignored: usize,
    /// Names of failed tests, and sentences about what failed without a name.
    pub(crate) failures: Vec<String>,
}

impl Outcome {
    pub(crate) fn add(&mut self, other: Outcome) {
        self.passed += other.passed;
        self.ignored += other.ignored;
        self.failures.extend(other.failures);
    }

    pub(crate) fn fail(&mut self, what: impl Into<String>) {
        self.failures.push(what.into());
    }
}

/// Listens to the lines of `cargo test`.
#[derive(Debug, Default)]
pub(crate) struct CargoTest {
    outcome: Outcome,
    /// Names since the last `running N tests`.
    names: Vec<String>,
    /// A test program has begun and not yet said how it ended.
    open: bool,
}

impl CargoTest {
    pub(crate) fn line(&mut self, line: &str) {
        if begins_program(line) {
            self.close();
            self.open = true;
        } else if let Some((passed, failed, ignored)) = result(line) {
            self.outcome.passed += passed;
            self.outcome.ignored += ignored;
            // A name is lost when a test's own output ran into its line; the count is not.
            self.names.truncate(failed);
            while self.names.len() < failed {
                self.names.push("a test whose name was not printed on its own line (see above)".to_owned());
            }
            self.outcome.failures.append(&mut self.names);
            self.open = false;
        } else if self.open
            && let Some(name) = failed_name(line)
        {
            self.names.push(name.to_owned());
        }
    }

    /// The whole, once `cargo test` has ended.
    pub(crate) fn end(mut self, succeeded: bool) -> Outcome {
        self.close();
        if !succeeded && self.outcome.failures.is_empty() {
            self.outcome.fail("cargo test ended with an error before a test could fail (see above)");
        }
        self.outcome
    }

    /// A program that never said how it ended has crashed, and its other results are unknown.
    fn close(&mut self) {
        if self.open {
            self.outcome.failures.append(&mut self.names);
            self.outcome.fail("a test program ended before its last test (see above)");
            self.open = false;
        }
    }
}

/// `running 3 tests`, `running 1 test`
fn begins_program(line: &str) -> bool {
    let count = line.strip_prefix("running ").and_then(|rest| rest.strip_suffix(" tests").or_else(|| rest.strip_suffix(" test")));
    count.is_some_and(|count| count.parse::<usize>().is_ok())
}

/// `test result: FAILED. 3 passed; 1 failed; 0 ignored; …` as passed, failed, ignored.
fn result(line: &str) -> Option<(usize, usize, usize)> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let count = |word: &str| counts.split("; ").find_map(|part| part.strip_suffix(word)?.trim().parse().ok());
    Some((count("passed")?, count("failed")?, count("ignored")?))
}

/// `test area::states_a_fact ... FAILED`
fn failed_name(line: &str) -> Option<&str> {
    line.strip_prefix("test ")?.strip_suffix(" ... FAILED")
}

/// Reads Vitest's JSON report. A report that says too little is a failure, never silence.
pub(crate) fn vitest(report: &str) -> Outcome {
    let mut outcome = Outcome::default();
    let report: Value = match serde_json::from_str(report) {
        Ok(report) => report,
        Err(error) => {
            outcome.fail(format!("the page tests left no readable report: {error}"));
            return outcome;
        }
    };
    for file in list(&report, "testResults") {
        let before = outcome.failures.len();
        for test in list(file, "assertionResults") {
            match text(test, "status") {
                "passed" => outcome.passed += 1,
                "failed" => outcome.fail(format!("ui: {}", text(test, "fullName"))),
                _ => outcome.ignored += 1,
            }
        }
        if text(file, "status") == "failed" && outcome.failures.len() == before {
            outcome.fail(format!("ui: {} did not run", text(file, "name")));
        }
    }
    outcome
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &str, succeeded: bool) -> Outcome {
        let mut run = CargoTest::default();
        lines.lines().for_each(|line| run.line(line));
        run.end(succeeded)
    }

    fn outcome(passed: usize, ignored: usize, failures: &[&str]) -> Outcome {
        Outcome { passed, ignored, failures: failures.iter().map(|&name| name.to_owned()).collect() }
    }

    #[test]
    fn counts_of_all_programs_are_summed() {
        let lines = "running 2 tests\ntest a ... ok\ntest b ... ok\n\n\
            test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\n\
            running 1 test\ntest src/lib.rs - (line 3) ... ignored\n\n\
            test result: ok. 0 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s\n";
        assert_eq!(check(lines, true), outcome(2, 1, &[]));
    }

    #[test]
    fn failed_tests_are_named() {
        let lines = "running 3 tests\ntest a::b ... FAILED\ntest c ... ok\ntest src/lib.rs - f (line 3) ... FAILED\n\n\
            failures:\n\n---- a::b stdout ----\ntest in its output ... ok\n\nfailures:\n    a::b\n\n\
            test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
        assert_eq!(check(lines, false), outcome(1, 0, &["a::b", "src/lib.rs - f (line 3)"]));
    }

    #[test]
    fn a_failure_without_a_name_still_counts() {
        let lines = "running 1 test\nsome output test a ... FAILED\n\
            test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
        assert_eq!(check(lines, false).failures.len(), 1);
    }

    #[test]
    fn a_crash_is_a_failure() {
        let crashed = "running 2 tests\ntest a ... ok\n";
        let next = "running 1 test\ntest c ... ok\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(check(&format!("{crashed}{next}"), false).failures.len(), 1);
        assert_eq!(
            check(&format!("{next}{crashed}"), false),
            outcome(1, 0, &["a test program ended before its last test (see above)"])
        );
    }

    #[test]
    fn a_build_error_is_a_failure() {
        assert_eq!(check("", false).failures.len(), 1);
    }

    #[test]
    fn vitest_names_failed_tests_and_files_that_did_not_run() {
        let report = r#"{"testResults": [
            {"name": "a.test.ts", "status": "failed", "assertionResults": [
                {"fullName": "list keeps order", "status": "passed"},
                {"fullName": "list loses nothing", "status": "failed"},
                {"fullName": "list later", "status": "skipped"}]},
            {"name": "b.test.ts", "status": "failed", "assertionResults": []}]}"#;
        assert_eq!(vitest(report), outcome(1, 1, &["ui: list loses nothing", "ui: b.test.ts did not run"]));
        assert_eq!(vitest("").failures.len(), 1);
    }
}
