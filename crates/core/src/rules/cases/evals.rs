//! Evals: tasks for a model. Their form is whoever runs them's, so only what any form will have is looked at: that a file can be read,
//! which tools it names, and what it calls them with.

use super::super::{Example, Rule};
use super::{BESIDE, CaseFacts, Placed, place, schema_of_parts, sentence};
use crate::check::Whole;
use crate::content::Facts;
use crate::diagnostic::{Diagnostic, Severity};
use crate::json;
use crate::manifest::Tool;
use crate::model::yaml_to_json;
use crate::schema::Schema;
use crate::text::shown;
use crate::yaml::{self, Node, Value};
use std::collections::BTreeMap;

pub static SYNTAX: Rule = Rule {
    code: "evals/syntax",
    severity: Severity::Error,
    summary: "A file in `evals/` is neither YAML nor JSON.",
    why: "Its tasks cannot be given to a model.",
    example: Example::file("evals/sums.yaml", "tasks: [\n", "tasks: []\n"),
};

pub static UNKNOWN_TOOL: Rule = Rule {
    code: "evals/unknown-tool",
    severity: Severity::Warning,
    summary: "An eval speaks of a tool that the pack does not have.",
    why: "No model can call it, so the task always counts as failed.",
    example: Example::file(
        "evals/sums.yaml",
        "tasks:\n  - {prompt: Add one and one., tool: ad}\n",
        "tasks:\n  - {prompt: Add one and one., tool: add}\n",
    )
    .beside(BESIDE),
};

pub static INPUT: Rule = Rule {
    code: "evals/invalid-input",
    severity: Severity::Warning,
    summary: "An eval expects a call that the tool's input schema does not allow.",
    why: "A model that called the tool so would be refused, and one that calls it as the schema says counts as failed.",
    example: Example::file(
        "evals/sums.yaml",
        "tasks:\n  - {prompt: Add one and one., expect: {tool: add, input: {a: one}}}\n",
        "tasks:\n  - {prompt: Add one and one., expect: {tool: add, input: {a: 1}}}\n",
    )
    .beside(BESIDE),
};

/// A call that an eval expects, as far as it says.
#[derive(Debug)]
pub(super) struct Call {
    tool: String,
    input: Node,
}

/// Keys below which tasks stand by name, or one alone.
const TASKS: &[&str] = &["task", "tasks", "case", "cases", "eval", "evals"];

/// Keys of a task that say what a model is to do.
const EXPECTED: &[&str] = &["expect", "expected", "call", "calls", "tool_call", "tool_calls"];

/// Keys of a call that hold what the tool is given.
const INPUTS: &[&str] = &["input", "arguments", "args"];

/// Checks one file by itself.
pub(super) fn check_file(path: &str, text: &str, out: &mut Vec<Diagnostic>) -> Facts {
    let json = path.rsplit('.').next().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    let read = if json {
        let (root, mut faults) = json::parse(text);
        // A key that stands twice is no reason not to read on.
        faults.retain(|fault| fault.duplicate.is_none());
        if faults.is_empty() { Ok(root) } else { Err(faults.remove(0)) }
    } else {
        yaml::parse(text)
    };
    let root = match read {
        Ok(root) => root,
        Err(fault) => {
            out.push(SYNTAX.at(path, fault.span, fault.message).hint("Look here and just before."));
            return Facts::Cases(CaseFacts::default());
        }
    };
    let mut facts = CaseFacts { readable: true, ..CaseFacts::default() };
    read_task(&root, &mut facts);
    root.items().iter().for_each(|task| read_task(task, &mut facts));
    for (key, tasks) in root.entries() {
        tasks.items().iter().for_each(|task| read_task(task, &mut facts));
        if TASKS.contains(&key.name.as_str()) {
            read_task(tasks, &mut facts);
            tasks.entries().iter().for_each(|(_, task)| read_task(task, &mut facts));
        }
    }
    // What is a task in two ways is one.
    facts.tools.sort_by_key(|tool| tool.span.start);
    facts.tools.dedup();
    facts.calls.sort_by_key(|call| call.input.span.start);
    facts.calls.dedup_by_key(|call| call.input.span.clone());
    Facts::Cases(facts)
}

/// Takes what a task says itself, and what it says of the calls that are expected.
fn read_task(task: &Node, facts: &mut CaseFacts) {
    take(task, &["tool"], facts);
    for (key, expected) in task.entries().iter().filter(|(key, _)| EXPECTED.contains(&key.name.as_str())) {
        let names: &[&str] = if key.name.contains("call") { &["tool", "name"] } else { &["tool"] };
        take(expected, names, facts);
        expected.items().iter().for_each(|one| take(one, names, facts));
        for (_, deeper) in expected.entries().iter().filter(|(key, _)| key.name.contains("call")) {
            take(deeper, &["tool", "name"], facts);
            deeper.items().iter().for_each(|one| take(one, &["tool", "name"], facts));
        }
    }
}

/// Takes the tools that a mapping names, and what the one of them is given.
fn take(node: &Node, names: &[&str], facts: &mut CaseFacts) {
    let placed = |node: &Node| Some(Placed { word: node.as_text()?.to_owned(), span: node.span.clone() });
    let one = names.iter().find_map(|name| node.get(name).and_then(placed));
    if let Some(tool) = &one
        && let Some(input) = INPUTS.iter().find_map(|key| node.get(key)).filter(|input| matches!(input.value, Value::Map(_)))
    {
        facts.calls.push(Call { tool: tool.word.clone(), input: input.clone() });
    }
    let several = node.get("tools").map(Node::items).unwrap_or_default();
    facts.tools.extend(one.into_iter().chain(several.iter().filter_map(placed)));
}

/// Holds what tools are to be given against their schemas. An eval may name what matters, and leave out the rest.
pub(super) fn check_calls(
    pack: &Whole<'_>,
    path: &str,
    calls: &[Call],
    tools: &BTreeMap<String, &Tool>,
    out: &mut Vec<Diagnostic>,
) {
    // A schema is compiled once, however often its tool is called.
    let mut schemas: BTreeMap<&str, Option<Schema>> = BTreeMap::new();
    for call in calls {
        let schema = schemas.entry(&call.tool).or_insert_with(|| {
            let input = tools.get(&call.tool).and_then(|tool| tool.input.as_ref());
            input.and_then(|input| schema_of_parts(pack, input))
        });
        let Some(schema) = schema else { continue };
        for violation in schema.check(&yaml_to_json(&call.input)) {
            out.push(
                INPUT
                    .at(path, place(&call.input, &violation.at), sentence("the input", &violation))
                    .hint(format!("Mend it by the input schema of `{}`: no call with this is answered.", shown(&call.tool))),
            );
        }
    }
}
