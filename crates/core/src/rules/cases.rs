//! Cases, their recordings, and evals: that each can be read, and speaks of what the pack has.

mod evals;

use super::{Example, Rule};
use crate::call::BUILT_IN;
use crate::cases::{Case, Expect, KEYS, Reading, read_tree};
use crate::check::Whole;
use crate::content::{Facts, Kind};
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::folder::MANIFEST;
use crate::manifest::Tool;
use crate::manifest::typed::SchemaAt;
use crate::model::{capabilities, yaml_to_json};
use crate::policy::Policy;
use crate::recording::Recording;
use crate::rules::manifest::inside;
use crate::schema::{Schema, Violation, of_parts};
use crate::text::{Text, shown};
use crate::yaml::strict::{self, Fault};
use crate::yaml::{self, Node, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The manifest of the examples.
const ADD: &str = "tools:\n  - name: add\n    description: Adds two numbers and returns the sum.\n    input: {type: object, properties: {a: {type: number}}, required: [a], additionalProperties: false}\n    output: {type: object, properties: {sum: {type: number}}, required: [sum]}\n    handler: handlers/add.ts\n";
const BESIDE: &[(&str, &str)] = &[("pack.yaml", ADD), ("handlers/add.ts", "export function add() {\n  return { sum: 1 };\n}\n")];
const CASE: &str = "tool: add\ncases:\n  - name: adds one\n    input: {a: 1}\n    expect: {output: {sum: 1}}\n";

pub static UNREADABLE: Rule = Rule {
    code: "cases/unreadable",
    severity: Severity::Error,
    summary: "A file of cases cannot be read.",
    why: "Reading is strict, because a case with a misspelled key would pass without testing anything. No case of the file is run.",
    example: Example::file("tests/add.yaml", "tool: add\ncases:\n  - name: adds one\n    inputs: {a: 1}\n", CASE).beside(BESIDE),
};

pub static UNKNOWN_TOOL: Rule = Rule {
    code: "cases/unknown-tool",
    severity: Severity::Error,
    summary: "A file of cases tests a tool that the pack does not have.",
    why: "Its cases cannot be run, and what they should show is not tested.",
    example: Example::file(
        "tests/add.yaml",
        "tool: ad\ncases:\n  - name: adds one\n    input: {a: 1}\n    expect: {output: {sum: 1}}\n",
        CASE,
    )
    .beside(BESIDE),
};

pub static INPUT: Rule = Rule {
    code: "cases/invalid-input",
    severity: Severity::Error,
    summary: "A case's input breaks the tool's input schema.",
    why: "The host refuses such a call before the handler runs, so the case fails. One that means to show that expects `invalid_input`.",
    example: Example::file(
        "tests/add.yaml",
        "tool: add\ncases:\n  - name: adds one\n    input: {a: one}\n    expect: {output: {sum: 1}}\n",
        CASE,
    )
    .beside(BESIDE),
};

pub static OUTPUT: Rule = Rule {
    code: "cases/invalid-output",
    severity: Severity::Error,
    summary: "The output that a case expects breaks the tool's output schema.",
    why: "The host refuses such an output, so the case can never pass.",
    example: Example::file(
        "tests/add.yaml",
        "tool: add\ncases:\n  - name: adds one\n    input: {a: 1}\n    expect: {output: {total: 1}}\n",
        CASE,
    )
    .beside(BESIDE),
};

pub static UNKNOWN_ERROR: Rule = Rule {
    code: "cases/unknown-error",
    severity: Severity::Error,
    summary: "A case expects an error code that is neither built in nor declared by its tool.",
    why: "A tool can answer with no other codes: one that it did not declare becomes `handler_failed`, and the case fails.",
    example: Example::file(
        "tests/add.yaml",
        "tool: add\ncases:\n  - name: nothing to add\n    input: {a: 0}\n    expect: {error: not_fond}\n",
        "tool: add\ncases:\n  - name: nothing to add\n    input: {a: 0}\n    expect: {error: not_found}\n",
    )
    .beside(BESIDE),
};

pub static MISSING_RECORDING: Rule = Rule {
    code: "cases/missing-recording",
    severity: Severity::Error,
    summary: "A case names a recording that is not there.",
    why: "The case cannot be replayed, so it cannot be run without a connection.",
    example: Example::file(
        "tests/add.yaml",
        "tool: add\ncases:\n  - name: adds one\n    input: {a: 1}\n    recording: recordings/ad-one.yaml\n",
        "tool: add\ncases:\n  - name: adds one\n    input: {a: 1}\n    recording: recordings/add-one.yaml\n",
    )
    .beside(&[
        ("pack.yaml", ADD),
        ("handlers/add.ts", "export function add() {\n  return { sum: 1 };\n}\n"),
        ("tests/recordings/add-one.yaml", "recording: 1\ncalls: []\n"),
    ]),
};

pub static UNKNOWN_EXAMPLE: Rule = Rule {
    code: "cases/unknown-example",
    severity: Severity::Error,
    summary: "A tool's `examples` name a case that it does not have.",
    why: "Targets that carry examples are given exactly these: one that does not exist is missing there, without a word.",
    example: Example::manifest(
        "tools:\n  - name: add\n    description: Adds two numbers and returns the sum.\n    input: {type: object}\n    handler: handlers/add.ts\n    examples: [\"tests/add.yaml#adds on\"]\n",
        "tools:\n  - name: add\n    description: Adds two numbers and returns the sum.\n    input: {type: object}\n    handler: handlers/add.ts\n    examples: [\"tests/add.yaml#adds one\"]\n",
    )
    .beside(&[("handlers/add.ts", "export function add() {\n  return { sum: 1 };\n}\n"), ("tests/add.yaml", CASE)]),
};

pub static RECORDING: Rule = Rule {
    code: "recordings/unreadable",
    severity: Severity::Error,
    summary: "A recording cannot be read.",
    why: "A recording that is half understood would replay something that never was, so none of its cases is run.",
    example: Example::file("tests/recordings/add-one.yaml", "recording: 1\ncall: []\n", "recording: 1\ncalls: []\n").beside(&[
        ("pack.yaml", ADD),
        ("handlers/add.ts", "export function add() {\n  return { sum: 1 };\n}\n"),
        ("tests/add.yaml", "tool: add\ncases:\n  - name: adds one\n    input: {a: 1}\n    recording: recordings/add-one.yaml\n"),
    ]),
};

pub static UNUSED_RECORDING: Rule = Rule {
    code: "recordings/unused",
    severity: Severity::Warning,
    summary: "A recording is named by no case.",
    why: "Nothing replays it. It may be left over, or its case has lost its `recording`, and asks the real service now.",
    example: Example::file(
        "tests/add.yaml",
        CASE,
        "tool: add\ncases:\n  - name: adds one\n    input: {a: 1}\n    recording: recordings/add-one.yaml\n",
    )
    .beside(&[
        ("pack.yaml", ADD),
        ("handlers/add.ts", "export function add() {\n  return { sum: 1 };\n}\n"),
        ("tests/recordings/add-one.yaml", "recording: 1\ncalls: []\n"),
    ]),
};

pub static STALE: Rule = Rule {
    code: "recordings/stale",
    severity: Severity::Warning,
    summary: "A recording holds a request that no rule of a capability allows any more.",
    why: "The host refuses the request before it looks into the recording, so the case shows something else than was recorded.",
    example: Example::file(
        "pack.yaml",
        ADD,
        "tools:\n  - name: add\n    description: Adds two numbers and returns the sum.\n    input: {type: object, properties: {a: {type: number}}, required: [a], additionalProperties: false}\n    handler: handlers/add.ts\ncapabilities:\n  - name: sums\n    type: http\n    allow: [{domains: [sums.acme.dev], methods: [GET]}]\n",
    )
    .beside(&[
        ("handlers/add.ts", "export async function add(input, host) {\n  return host.http.get(\"https://sums.acme.dev/\");\n}\n"),
        ("tests/add.yaml", "tool: add\ncases:\n  - name: adds one\n    input: {a: 1}\n    recording: recordings/add-one.yaml\n"),
        (
            "tests/recordings/add-one.yaml",
            "recording: 1\ncalls:\n  - http: {method: GET, url: \"https://sums.acme.dev/\", status: 200, body: '{}'}\n",
        ),
    ]),
};

/// The family's rules.
pub static RULES: &[&Rule] = &[
    &UNREADABLE,
    &UNKNOWN_TOOL,
    &INPUT,
    &OUTPUT,
    &UNKNOWN_ERROR,
    &MISSING_RECORDING,
    &UNKNOWN_EXAMPLE,
    &RECORDING,
    &UNUSED_RECORDING,
    &STALE,
    &evals::SYNTAX,
    &evals::UNKNOWN_TOOL,
    &evals::INPUT,
];

/// Most inputs and outputs of a pack that are held against their schemas at a check.
const MOST_VALUES: usize = 500;

/// What such a file says that others count on.
#[derive(Debug, Default)]
pub struct CaseFacts {
    /// False for a file that cannot be read in full: what it does not name, it may have been meant to name.
    pub readable: bool,
    /// Tools that it names: of a file of cases, its one.
    pub tools: Vec<Placed>,
    pub cases: Vec<CaseFact>,
    /// Of a recording.
    pub requests: Vec<Request>,
    /// Of an eval.
    calls: Vec<evals::Call>,
}

/// A word and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub word: String,
    pub span: Range<usize>,
}

/// One case, with places.
#[derive(Debug)]
pub struct CaseFact {
    pub name: Placed,
    /// The input's tree; `None` when the case has none, and `{}` is the input.
    input: Option<Node>,
    /// False when it may stand under a key with a slip of the finger.
    input_known: bool,
    /// The exact output that is expected.
    output: Option<Node>,
    /// The part of an output that is expected.
    subset: Option<Node>,
    /// The error code that is expected.
    pub error: Option<Placed>,
    /// A path in the pack.
    pub recording: Option<Placed>,
}

/// A request of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    pub url: String,
    /// The URL's place.
    pub span: Range<usize>,
}

/// Checks one file by itself.
pub fn check_file(path: &str, text: &str, kind: Kind, out: &mut Vec<Diagnostic>) -> Facts {
    match kind {
        Kind::Recording => recording(path, text, out),
        Kind::Eval => evals::check_file(path, text, out),
        _ if is_case_file(path) => cases(path, text, out),
        // What lies deeper is somebody's: a recording, when it says so.
        _ if text.trim_start().starts_with("recording:") => recording(path, text, out),
        _ => Facts::Nothing,
    }
}

/// True for `tests/name.yaml`: what lies deeper is not run.
fn is_case_file(path: &str) -> bool {
    path.strip_prefix("tests/").is_some_and(|name| !name.contains('/'))
}

fn cases(path: &str, text: &str, out: &mut Vec<Diagnostic>) -> Facts {
    let mut tell = |fault: Fault| {
        let (at, message) = fault.into_parts();
        out.push(UNREADABLE.at(path, at, message).hint("Until this is mended, no case of this file is run."));
    };
    let text = Text::new(text);
    let root = match strict::tree(&text) {
        Ok(root) => root,
        Err(fault) => {
            tell(fault);
            return Facts::Cases(CaseFacts::default());
        }
    };
    let Reading { file, numbers, faults } = read_tree(Some(path), &root, &text);
    let readable = faults.is_empty();
    faults.into_iter().for_each(tell);
    let nodes = root.get("cases").map(Node::items).unwrap_or_default();
    let tool = root.get("tool").filter(|_| !file.tool.is_empty());
    Facts::Cases(CaseFacts {
        readable,
        tools: tool.map(|node| Placed { word: file.tool.clone(), span: node.span.clone() }).into_iter().collect(),
        cases: file.cases.iter().zip(&numbers).map(|(case, number)| case_fact(case, &nodes[*number])).collect(),
        ..CaseFacts::default()
    })
}

fn case_fact(case: &Case, node: &Node) -> CaseFact {
    let place = |node: Option<&Node>, word: &str| node.map(|node| Placed { word: word.to_owned(), span: node.span.clone() });
    let expect = node.get("expect");
    CaseFact {
        name: place(node.get("name").or(Some(node)), &case.name).expect("a case is a node"),
        input: node.get("input").cloned(),
        input_known: node.get("input").is_some() || node.entries().iter().all(|(key, _)| KEYS.contains(&key.name.as_str())),
        output: expect.and_then(|expect| expect.get("output")).cloned(),
        subset: expect.and_then(|expect| expect.get("output_subset")).cloned(),
        error: match &case.expect {
            Expect::Error(code) => place(expect.and_then(|expect| expect.get("error")), code),
            _ => None,
        },
        recording: case.recording.as_ref().and_then(|path| place(node.get("recording"), path)),
    }
}

fn recording(path: &str, text: &str, out: &mut Vec<Diagnostic>) -> Facts {
    let (recording, root) = match Recording::read_with_tree(&Text::new(text)) {
        Ok(read) => read,
        Err(fault) => {
            let (at, message) = fault.into_parts();
            out.push(RECORDING.at(path, at, message).hint("Mend it here, or record the case again."));
            return Facts::Cases(CaseFacts::default());
        }
    };
    let nodes = root.get("calls").map(Node::items).unwrap_or_default();
    let requests = recording.calls.into_iter().zip(nodes).filter_map(|(call, node)| {
        let span = node.get("http")?.get("url")?.span.clone();
        Some(Request { method: call.method, url: call.url, span })
    });
    Facts::Cases(CaseFacts { readable: true, requests: requests.collect(), ..CaseFacts::default() })
}

/// Checks what only the whole pack can tell.
pub fn check(pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    let files: Vec<(&str, Kind, &CaseFacts)> = pack
        .contents
        .iter()
        .filter_map(|(path, content)| match &content.facts {
            Facts::Cases(facts) => Some((path.as_str(), content.kind, facts)),
            _ => None,
        })
        .collect();
    let named = |tool: &'_ Tool| tool.name.as_ref().map(|name| name.value.clone());
    let manifest = pack.manifest.tools.iter().flat_map(|tools| &tools.value);
    let tools: BTreeMap<String, &Tool> = manifest.filter_map(|tool| Some((named(tool)?, &tool.value))).collect();
    let mut values = MOST_VALUES;
    for &(path, kind, facts) in &files {
        for written in &facts.tools {
            let Some(tool) = tools.get(&written.word) else {
                if !pack.ctx.may_lack(&["tools"]) {
                    out.push(unknown_tool(pack, path, kind, written, &tools));
                }
                continue;
            };
            if kind != Kind::Cases {
                continue;
            }
            if !pack.ctx.may_lack(&["tools"]) {
                check_errors(pack, path, facts, tool, out);
            }
            // The first ones are enough: a pack with more has been tested by running them.
            values = values.saturating_sub(facts.cases.len());
            if values > 0 {
                check_values(pack, path, facts, tool, out);
            }
        }
    }
    for &(path, _, facts) in &files {
        values = values.saturating_sub(facts.calls.len());
        if values > 0 {
            evals::check_calls(pack, path, &facts.calls, &tools, out);
        }
    }
    check_recordings(pack, &files, out);
    for (name, tool) in &tools {
        check_examples(pack, name, tool, &files, out);
    }
}

fn facts_of<'a>(pack: &Whole<'a>, path: &str) -> Option<(Kind, &'a CaseFacts)> {
    match pack.contents.get(path).map(|content| (content.kind, &content.facts)) {
        Some((kind, Facts::Cases(facts))) => Some((kind, facts)),
        _ => None,
    }
}

fn unknown_tool(pack: &Whole<'_>, path: &str, kind: Kind, tool: &Placed, tools: &BTreeMap<String, &Tool>) -> Diagnostic {
    let rule = if kind == Kind::Eval { &evals::UNKNOWN_TOOL } else { &UNKNOWN_TOOL };
    let found = rule.at(path, tool.span.clone(), format!("the pack has no tool `{}`", shown(&tool.word)));
    match pack.ctx.guesses.nearest(&tool.word, tools.keys().map(String::as_str)) {
        Some(near) => found.did_you_mean(near),
        None if tools.is_empty() => found.hint("Its manifest has no `tools`."),
        None => found.hint("Name one of the manifest's tools, or add this one there."),
    }
}

fn check_errors(pack: &Whole<'_>, path: &str, facts: &CaseFacts, tool: &Tool, out: &mut Vec<Diagnostic>) {
    let errors = tool.errors.iter().flat_map(|errors| &errors.value);
    let declared: Vec<&str> = errors.filter_map(|error| error.code.as_ref()).map(|code| code.value.as_str()).collect();
    for error in facts.cases.iter().filter_map(|case| case.error.as_ref()) {
        let code = error.word.as_str();
        if BUILT_IN.contains(&code) || declared.contains(&code) {
            continue;
        }
        let found = UNKNOWN_ERROR.at(path, error.span.clone(), format!("this tool never answers with `{}`", shown(code)));
        out.push(match pack.ctx.guesses.nearest(code, BUILT_IN.iter().copied().chain(declared.iter().copied())) {
            Some(near) => found.did_you_mean(near),
            None => found.hint(format!("Declare it in the manifest: `errors: [{{code: {}, description: …}}]`.", shown(code))),
        });
    }
}

/// Holds inputs and outputs against the tool's schemas.
fn check_values(pack: &Whole<'_>, path: &str, facts: &CaseFacts, tool: &Tool, out: &mut Vec<Diagnostic>) {
    if let Some(schema) = tool.input.as_ref().and_then(|input| schema(pack, input)) {
        out.extend(validate_inputs(path, facts, &schema));
    }
    if facts.cases.iter().any(|case| case.output.is_some())
        && let Some(schema) = tool.output.as_ref().and_then(|output| schema(pack, output))
    {
        out.extend(validate_outputs(path, facts, &schema));
    }
    if facts.cases.iter().any(|case| case.subset.is_some())
        && let Some(schema) = tool.output.as_ref().and_then(|output| schema_of_parts(pack, output))
    {
        out.extend(validate_subsets(path, facts, &schema));
    }
}

/// A tool's schema, compiled with what it refers to. What is wrong with it is told elsewhere.
fn schema(pack: &Whole<'_>, at: &SchemaAt) -> Option<Schema> {
    compiled(pack, at, Clone::clone)
}

/// The same, as it holds for a part of a value.
fn schema_of_parts(pack: &Whole<'_>, at: &SchemaAt) -> Option<Schema> {
    compiled(pack, at, of_parts)
}

fn compiled(pack: &Whole<'_>, at: &SchemaAt, made: impl Fn(&serde_json::Value) -> serde_json::Value) -> Option<Schema> {
    let of_file = |path: &str| match &pack.contents.get(path)?.facts {
        Facts::Schema(facts) if facts.valid => Some(made(facts.value())),
        _ => None,
    };
    match at {
        SchemaAt::Inline(node) => Schema::from_value_in(MANIFEST, &made(&yaml_to_json(node)), &of_file).ok(),
        SchemaAt::Path(path) => {
            let path = inside(path)?;
            Schema::from_value_in(&path, &of_file(&path)?, &of_file).ok()
        }
    }
}

/// Where inputs of cases break the tool's schema, but for those that mean to.
pub fn validate_inputs(path: &str, cases: &CaseFacts, schema: &Schema) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let counts = |case: &&CaseFact| case.input_known && case.error.as_ref().is_none_or(|error| error.word != "invalid_input");
    for case in cases.cases.iter().filter(counts) {
        let value = case.input.as_ref().map_or_else(|| serde_json::json!({}), yaml_to_json);
        for violation in schema.check(&value) {
            let place = case.input.as_ref().map_or_else(|| case.name.span.clone(), |input| place(input, &violation.at));
            found.push(
                INPUT
                    .at(path, place, sentence("the input", &violation))
                    .hint("Mend the input, or expect the refusal: `expect: {error: invalid_input}`."),
            );
        }
    }
    found
}

/// Where outputs that cases expect break the tool's schema.
pub fn validate_outputs(path: &str, cases: &CaseFacts, schema: &Schema) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for output in cases.cases.iter().filter_map(|case| case.output.as_ref()) {
        for violation in schema.check(&yaml_to_json(output)) {
            found.push(OUTPUT.at(path, place(output, &violation.at), sentence("the output", &violation)).hint(
                "Mend what is expected, or the schema. Of an output that only a part matters of, name that: `output_subset`.",
            ));
        }
    }
    found
}

/// Where parts of outputs that cases expect can be part of no output that fits the schema.
fn validate_subsets(path: &str, cases: &CaseFacts, schema: &Schema) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for part in cases.cases.iter().filter_map(|case| case.subset.as_ref()) {
        for violation in schema.check(&yaml_to_json(part)) {
            found.push(
                OUTPUT
                    .at(path, place(part, &violation.at), sentence("the part of an output", &violation))
                    .hint("No output that fits the tool's schema has this part: mend what is expected, or the schema."),
            );
        }
    }
    found
}

/// What is wrong with a value, and where: `whole` is what the value is called itself.
fn sentence(whole: &str, violation: &Violation) -> String {
    let (at, message) = (shown(&violation.at), violation.message.as_str());
    match message.strip_prefix('`').and_then(|rest| rest.split_once("` is not allowed here")) {
        // Its name is the last part of the way to it.
        Some((_, rest)) if !at.is_empty() => format!("`{at}` is not allowed here{rest}"),
        _ if at.is_empty() => format!("{whole} {message}"),
        _ => format!("`{at}` {message}"),
    }
}

/// The place that a JSON pointer leads to, as far as it leads somewhere: a mapping's value is named by its key and itself.
fn place(root: &Node, pointer: &str) -> Range<usize> {
    let (mut node, mut place) = (root, root.span.clone());
    for part in pointer.split('/').skip(1) {
        let name = part.replace("~1", "/").replace("~0", "~");
        let next = match &node.value {
            Value::Map(_) => node.get(&name).zip(node.key(&name)).map(|(value, key)| {
                // What an alias stands for is written elsewhere.
                let whole = if value.span.end > key.span.start { key.span.start..value.span.end } else { key.span.clone() };
                (value, if value.entries().is_empty() && value.items().is_empty() { value.span.clone() } else { whole })
            }),
            Value::List(items) => name.parse().ok().and_then(|at: usize| items.get(at)).map(|item| (item, item.span.clone())),
            _ => None,
        };
        let Some((value, at)) = next else { break };
        (node, place) = (value, at);
    }
    place
}

fn check_recordings(pack: &Whole<'_>, files: &[(&str, Kind, &CaseFacts)], out: &mut Vec<Diagnostic>) {
    let recordings: BTreeMap<&str, &CaseFacts> =
        files.iter().filter(|(_, kind, _)| *kind == Kind::Recording).map(|&(path, _, facts)| (path, facts)).collect();
    let mut used = BTreeSet::new();
    let mut replayed = BTreeSet::new();
    for &(path, _, facts) in files {
        for case in &facts.cases {
            let Some(recording) = &case.recording else { continue };
            used.insert(recording.word.as_str());
            if case.error.as_ref().is_none_or(|error| error.word != "permission_denied") {
                replayed.insert(recording.word.as_str());
            }
            if pack.ctx.entry(&recording.word).is_none_or(|entry| !entry.is_file()) {
                out.push(missing_recording(pack, path, recording, &recordings));
            }
        }
    }
    // What a file that cannot be read would have named is not known.
    if files.iter().all(|(_, kind, facts)| *kind != Kind::Cases || facts.readable) {
        for path in recordings.keys().filter(|path| !used.contains(**path)) {
            out.push(
                UNUSED_RECORDING
                    .at(path, 0..0, "no case names this recording")
                    .hint("Name it in the case that it belongs to, or remove it."),
            );
        }
    }
    let replayed: Vec<(&str, &CaseFacts)> =
        replayed.into_iter().filter_map(|path| Some((path, facts_of(pack, path)?.1))).collect();
    if !pack.ctx.may_lack(&["capabilities"]) && replayed.iter().any(|(_, facts)| !facts.requests.is_empty()) {
        let policy = Policy::new(&capabilities(pack.root));
        replayed.iter().for_each(|(path, facts)| check_stale(path, facts, &policy, out));
    }
}

fn missing_recording(pack: &Whole<'_>, path: &str, recording: &Placed, known: &BTreeMap<&str, &CaseFacts>) -> Diagnostic {
    let found = MISSING_RECORDING.at(path, recording.span.clone(), format!("there is no file `{}`", shown(&recording.word)));
    // By their names: folders are long, and would make everything near.
    let name = |path: &'_ str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let names: BTreeMap<String, &str> = known.keys().map(|path| (name(path), *path)).collect();
    match pack.ctx.guesses.nearest(&name(&recording.word), names.keys().map(String::as_str)) {
        Some(near) => {
            let path = names[near.word];
            found.did_you_mean(path.strip_prefix("tests/").unwrap_or(path))
        }
        None => found.hint("`packwright run TOOL --save-case NAME` makes a case with its recording. One that asks nothing of the network needs none."),
    }
}

/// Each refusal is told once a recording: its requests are mostly of a kind.
fn check_stale(path: &str, facts: &CaseFacts, policy: &Policy, out: &mut Vec<Diagnostic>) {
    let mut told = BTreeSet::new();
    for request in &facts.requests {
        let Some(refusal) = policy.never_allows(&request.method, &request.url) else { continue };
        if told.insert(refusal.message.clone()) {
            let message = format!("{} {} would be refused now: {}", shown(&request.method), shown(&request.url), refusal.message);
            out.push(
                STALE
                    .at(path, request.span.clone(), message.trim_end_matches('.'))
                    .hint("Record the case again, or allow the request again."),
            );
        }
    }
}

fn check_examples(pack: &Whole<'_>, name: &str, tool: &Tool, files: &[(&str, Kind, &CaseFacts)], out: &mut Vec<Diagnostic>) {
    let of_tool = |facts: &CaseFacts| facts.tools.iter().any(|tool| tool.word == name);
    for example in tool.examples.iter().flat_map(|examples| &examples.value) {
        let found = |message: String| UNKNOWN_EXAMPLE.at(MANIFEST, example.span.clone(), message);
        let Some((file, case)) = example.value.split_once('#').filter(|(file, case)| !file.is_empty() && !case.is_empty()) else {
            out.push(
                found(format!("`{}` does not name a case", shown(&example.value)))
                    .hint("Write the file and the case's name: `tests/search.yaml#finds Dune`."),
            );
            continue;
        };
        let Some((_, facts)) = facts_of(pack, file).filter(|(kind, _)| *kind == Kind::Cases) else {
            out.push(
                match files
                    .iter()
                    .filter(|(_, kind, facts)| *kind == Kind::Cases && of_tool(facts))
                    .map(|(path, ..)| *path)
                    .next()
                {
                    Some(near) => found(format!("there are no cases in `{}`", shown(file)))
                        .hint(format!("Cases of this tool are in `{near}`.")),
                    None => found(format!("there are no cases in `{}`", shown(file)))
                        .hint("Write the file's path from the pack's folder, as in `tests/search.yaml`."),
                },
            );
            continue;
        };
        if !facts.readable || facts.cases.iter().any(|one| one.name.word == case) && of_tool(facts) {
            continue;
        }
        if !of_tool(facts) {
            let whose = facts.tools.first().map_or("", |tool| tool.word.as_str());
            out.push(
                found(format!("`{file}` holds cases of `{}`", shown(whose)))
                    .hint("An example shows the tool that it belongs to."),
            );
            continue;
        }
        let found = found(format!("`{file}` has no case `{}`", shown(case)));
        out.push(match pack.ctx.guesses.nearest(case, facts.cases.iter().map(|one| one.name.word.as_str())) {
            Some(near) => {
                let text = yaml::write::word(&format!("{file}#{near}"));
                let fix = Fix::one(format!("Change to `{near}`"), MANIFEST, example.span.clone(), text);
                found.hint(format!("Did you mean `{near}`?")).with_fix(Fix { certain: near.certain, ..fix })
            }
            None => found.hint("Name a case of that file, or add this one there."),
        });
    }
}

#[cfg(test)]
mod tests;
