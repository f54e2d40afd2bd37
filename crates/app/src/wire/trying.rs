//! What the Test screen and the New pack dialog show and ask.

use super::Verdict;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the New pack dialog offers.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NewPackView {
    pub templates: Vec<Template>,
    /// Where new packs go unless the author says otherwise: an absolute path.
    pub folder: String,
    /// The same, with `~` for the home folder: for people.
    pub shown: String,
}

/// A pack to begin with.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Template {
    /// Names it for `new_pack`.
    pub id: String,
    pub title: String,
    /// What it is for, in one sentence.
    pub description: String,
    /// What it holds, in a few words: "one tool, its schemas, two cases".
    pub contents: String,
    /// An address to begin with, when the template asks for the address of a service.
    pub address: Option<String>,
}

/// Arguments of `new_pack`.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NewPackArg {
    pub template: String,
    /// The folder in which the pack's own folder is made.
    pub folder: String,
    /// The pack's name, and that of its folder: a–z, 0–9 and `-`.
    pub name: String,
    /// One sentence; empty keeps the template's.
    pub description: String,
    /// The service's address, when the template asks for one.
    pub address: Option<String>,
}

/// The tools of a pack, as its files are on disk now.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ToolsView {
    pub tools: Vec<ToolView>,
    /// Case files that cannot be read, and why.
    pub broken_cases: Vec<BrokenCases>,
    /// Why there are no tools to show: the manifest cannot be read. `null` when it can.
    pub problem: Option<String>,
}

/// A tool that can be tried.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ToolView {
    pub name: String,
    pub title: Option<String>,
    pub description: Option<String>,
    /// The handler's path in the pack.
    pub handler: Option<String>,
    /// The input schema as JSON text, for a form, in the author's order; `null` when it cannot be read.
    pub input_schema: Option<String>,
    /// An input to begin with: indented JSON.
    pub example: String,
    /// Why it cannot run; `null` when it can.
    pub blocked: Option<Blocked>,
    pub cases: Vec<CaseView>,
}

/// Why a tool cannot run, and what to do.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Blocked {
    pub message: String,
    pub hint: String,
    /// Where to mend it.
    pub place: Option<Place>,
}

/// A place in a file of the pack. Lines and columns count from 1; 0 when only the file is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    pub file: String,
    pub line: u32,
    pub column: u32,
}

/// A saved test.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CaseView {
    pub file: String,
    pub name: String,
    pub line: u32,
    /// Indented JSON.
    pub input: String,
    /// What it expects, in a few words: "output contains …", "error `not_found`", "the schema".
    pub expects: String,
    /// True when it replays a recording instead of asking the network.
    pub recorded: bool,
}

/// A case file that cannot be read.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BrokenCases {
    pub place: Place,
    pub message: String,
}

/// Arguments of `run_tool`.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunArg {
    pub session: u32,
    /// Names the run, for `stop_run` and `save_case`: a number the page has not used in this session.
    pub run: u32,
    pub tool: String,
    /// JSON. With a case, the case's own input counts.
    pub input: String,
    pub case: Option<CaseArg>,
}

/// A case, by its file and name.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CaseArg {
    pub file: String,
    pub name: String,
}

/// Arguments: a run that goes on.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct StopRunArg {
    pub session: u32,
    pub run: u32,
}

/// One run of a tool: what came out, and what it cost.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunView {
    pub run: u32,
    pub tool: String,
    /// Indented JSON; `null` when the run ended with an error before there was an output. An output that breaks its schema is here too.
    pub output: Option<String>,
    pub error: Option<RunError>,
    /// Where the input breaks its schema.
    pub input_violations: Vec<ViolationView>,
    /// Where the output breaks its schema.
    pub output_violations: Vec<ViolationView>,
    pub logs: Vec<LogLine>,
    pub calls: Vec<CallView>,
    pub times: Times,
    pub use_of: Use,
    /// The verdict of the case that was run; `null` for a run by hand.
    pub verdict: Option<CaseVerdict>,
    /// True when the network was asked, so that a case of this run needs a recording (it is made by `save_case`).
    pub recordable: bool,
}

/// Why a run has no result.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunError {
    /// A built-in code, or one that the tool declares.
    pub code: String,
    pub message: String,
    /// What to do next.
    pub hints: Vec<String>,
    /// Where in the author's files it happened, innermost first.
    pub stack: Vec<Frame>,
    /// What the handler said besides: indented JSON.
    pub details: Option<String>,
}

/// A line of a stack trace.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Frame {
    /// The function's name; empty at the top of a module.
    pub function: String,
    pub place: Place,
}

/// A place where a value breaks its schema.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ViolationView {
    /// A JSON pointer into the value; empty for the whole.
    pub at: String,
    pub message: String,
    /// Line of the value's indented JSON, from 1.
    pub line: u32,
    /// The rule that was broken.
    pub rule: Option<Place>,
}

/// A line that the handler wrote.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LogLine {
    pub level: LogLevel,
    pub text: String,
}

/// How much a log line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    Debug,
    Info,
    Warn,
    Error,
}

/// Something the handler asked of the host.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CallView {
    /// "http GET", "random", "clock" …
    pub call: String,
    /// The address that was asked, or what was asked for.
    pub what: String,
    pub status: Option<u16>,
    /// Bytes of the answer.
    #[ts(type = "number")]
    pub size: u64,
    pub micros: u32,
    pub allowed: bool,
    /// The rule that allowed it: "openlib-read › search"; empty for what needs none.
    pub rule: String,
    /// Of the task's budget: "1 / 50".
    pub budget: Option<String>,
    /// Why it was refused or failed.
    pub message: Option<String>,
    /// An allow rule that would permit it, as a line of YAML.
    pub suggestion: Option<String>,
}

/// Where the time went, in microseconds.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Times {
    /// Reading and preparing the handler.
    pub compile: u32,
    pub instantiate: u32,
    /// Waiting for the host: the network, mostly.
    pub host: u32,
    /// The handler's own.
    pub own: u32,
    pub total: u32,
}

/// What a run used, and what it might have.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Use {
    pub timeout_ms: u32,
    /// Bytes.
    #[ts(type = "number")]
    pub memory: u64,
    #[ts(type = "number")]
    pub memory_limit: u64,
    #[ts(type = "number")]
    pub fuel: u64,
    #[ts(type = "number")]
    pub fuel_limit: u64,
    /// Bytes.
    #[ts(type = "number")]
    pub output: u64,
    #[ts(type = "number")]
    pub output_limit: u64,
}

/// How a case ended.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CaseVerdict {
    pub name: String,
    pub verdict: Verdict,
    /// What was wanted and what came; empty when it passed.
    pub message: String,
}

/// Arguments of `save_case`: keeps a run as a case.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SaveCaseArg {
    pub session: u32,
    /// A run of this session.
    pub run: u32,
    pub name: String,
    pub expect: KeepExpect,
}

/// What a saved case expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum KeepExpect {
    /// The same output, or the same error's code.
    Same,
    /// Any output that its schema allows.
    Schema,
}

/// Where a case was saved.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SavedCase {
    pub place: Place,
    /// The recording's path, when one was written.
    pub recording: Option<String>,
}
