//! Exit codes. They are stable: build servers branch on them.

use packwright_app::wire::FailureCode;
use std::process::ExitCode;

/// The part of `--help` that lists them.
pub const HELP: &str = "Exit codes:
  0  fine
  1  ran, with findings
  2  wrong usage
  3  could not run: a file, folder or the environment is in the way
  4  refused: by the pack's network rules, a signature, or a release that exists
  5  the other side failed: a registry";

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    Fine = 0,
    Findings = 1,
    Usage = 2,
    CouldNotRun = 3,
    Refused = 4,
    OtherSideFailed = 5,
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        Self::from(code as u8)
    }
}

impl From<FailureCode> for Code {
    fn from(code: FailureCode) -> Self {
        match code {
            FailureCode::BadRequest => Self::Usage,
            FailureCode::VersionExists | FailureCode::Refused | FailureCode::PlanChanged => Self::Refused,
            FailureCode::Unreachable => Self::OtherSideFailed,
            _ => Self::CouldNotRun,
        }
    }
}
