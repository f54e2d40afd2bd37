//! Flows, `.ygtc`: nodes with one operation each, and routes that lead from one to the next.
//!
//! What a flow is, Greentic defines; its own tools check the form and the targets of routes, and nothing of how a flow runs. The ways
//! through a flow are in `graph`.

mod graph;

use super::data::{inner, yaml_fault};
use super::{Example, Rule};
use crate::check::Whole;
use crate::content::{Facts, Kind};
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::MANIFEST;
use crate::nearest::{Guesses, nearest};
use crate::text::shown;
use crate::yaml::{self, Key, Node, Value};
use graph::Graph;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

pub static NOT_YAML: Rule = Rule {
    code: "flows/not-yaml",
    severity: Severity::Error,
    summary: "A flow is not YAML.",
    why: "Nothing of it can be read, so the pack cannot be built.",
    example: flow(
        "nodes:\n  hello:\n    emit.response: {text: Hello: there}\n    routing: out\n",
        "nodes:\n  hello:\n    emit.response: {text: \"Hello: there\"}\n    routing: out\n",
    ),
};

pub static MISSING_KEY: Rule = Rule {
    code: "flows/missing-key",
    severity: Severity::Error,
    summary: "A flow lacks `id`, `type` or `nodes`.",
    why: "Greentic's builder refuses the file.",
    example: Example::file(
        "flows/main.ygtc",
        "id: main\nnodes:\n  hello:\n    emit.response: {text: Hello}\n    routing: out\n",
        "id: main\ntype: messaging\nnodes:\n  hello:\n    emit.response: {text: Hello}\n    routing: out\n",
    ),
};

pub static WRONG_SHAPE: Rule = Rule {
    code: "flows/wrong-shape",
    severity: Severity::Error,
    summary: "A part of a flow is of another kind than its place wants.",
    why: "Greentic's builder refuses the file.",
    example: flow(
        "nodes:\n  hello:\n    emit.response: {text: Hello}\n    routing: {to: bye}\n  bye:\n    emit.response: {text: Bye}\n    routing: out\n",
        "nodes:\n  hello:\n    emit.response: {text: Hello}\n    routing:\n      - to: bye\n  bye:\n    emit.response: {text: Bye}\n    routing: out\n",
    ),
};

pub static UNKNOWN_TYPE: Rule = Rule {
    code: "flows/unknown-type",
    severity: Severity::Warning,
    summary: "A flow's type is none that Greentic has.",
    why: "The type decides what starts the flow; of an unknown one nothing does.",
    example: Example::file(
        "flows/main.ygtc",
        "id: main\ntype: mesaging\nnodes:\n  hello:\n    emit.response: {text: Hello}\n    routing: out\n",
        "id: main\ntype: messaging\nnodes:\n  hello:\n    emit.response: {text: Hello}\n    routing: out\n",
    ),
};

pub static EMPTY: Rule = Rule {
    code: "flows/empty",
    severity: Severity::Warning,
    summary: "A flow has no nodes.",
    why: "It builds, it is published, and it does nothing: packs have been shipped like that.",
    example: flow("nodes: {}\n", "nodes:\n  hello:\n    emit.response: {text: Hello}\n    routing: out\n"),
};

pub static BAD_NODE_ID: Rule = Rule {
    code: "flows/bad-node-id",
    severity: Severity::Error,
    summary: "A node's id is not a letter or `_`, and then letters, digits, `_` and `-`.",
    why: "Greentic's builder refuses the file.",
    example: flow(
        "nodes:\n  say hello:\n    emit.response: {text: Hello}\n    routing: out\n",
        "nodes:\n  say_hello:\n    emit.response: {text: Hello}\n    routing: out\n",
    ),
};

pub static OPERATION: Rule = Rule {
    code: "flows/operation",
    severity: Severity::Error,
    summary: "A node has no operation, or more than one.",
    why: "A node does one thing; which of two it would do is not told, so the builder refuses the file.",
    example: flow(
        "nodes:\n  hello:\n    emit.response: {text: Hello}\n    session.wait: {reason: answer}\n    routing: out\n",
        "nodes:\n  hello:\n    emit.response: {text: Hello}\n    routing:\n      - to: answer\n  answer:\n    session.wait: {reason: answer}\n    routing: out\n",
    ),
};

pub static UNKNOWN_TARGET: Rule = Rule {
    code: "flows/unknown-target",
    severity: Severity::Error,
    summary: "A route, `start` or an entry point leads to a node that there is not.",
    why: "The flow cannot be built; or it ends there in the middle of a conversation.",
    example: flow(
        "nodes:\n  ask:\n    emit.response: {text: Which city?}\n    routing:\n      - to: anwser\n  answer:\n    emit.response: {text: Sunny}\n    routing: out\n",
        "nodes:\n  ask:\n    emit.response: {text: Which city?}\n    routing:\n      - to: answer\n  answer:\n    emit.response: {text: Sunny}\n    routing: out\n",
    ),
};

pub static UNKNOWN_ROUTE_KEY: Rule = Rule {
    code: "flows/unknown-route-key",
    severity: Severity::Warning,
    summary: "A route has a key that Greentic does not read.",
    why: "A condition under another name is passed over, and the route is taken always.",
    example: flow(
        "nodes:\n  ask:\n    emit.response: {text: Which city?}\n    routing:\n      - when: input.text == 'stop'\n        out: true\n",
        "nodes:\n  ask:\n    emit.response: {text: Which city?}\n    routing:\n      - condition: input.text == 'stop'\n        out: true\n",
    ),
};

pub static UNREACHABLE: Rule = Rule {
    code: "flows/unreachable",
    severity: Severity::Warning,
    summary: "No route leads to a node.",
    why: "It never runs: most likely a route was forgotten, or renamed without it.",
    example: flow(
        "nodes:\n  ask:\n    emit.response: {text: Which city?}\n    routing: out\n  answer:\n    emit.response: {text: Sunny}\n    routing: out\n",
        "nodes:\n  ask:\n    emit.response: {text: Which city?}\n    routing:\n      - to: answer\n  answer:\n    emit.response: {text: Sunny}\n    routing: out\n",
    ),
};

pub static ENDLESS: Rule = Rule {
    code: "flows/endless-loop",
    severity: Severity::Warning,
    summary: "Nodes lead to each other in a circle that nothing leaves and where nothing waits.",
    why: "Greentic builds it without a word, and it runs until its time is up, on each message.",
    example: flow(
        "nodes:\n  ask:\n    weather.fetch: {city: Cork}\n    routing:\n      - to: check\n  check:\n    weather.check: {}\n    routing:\n      - to: ask\n",
        "nodes:\n  ask:\n    weather.fetch: {city: Cork}\n    routing:\n      - to: check\n  check:\n    weather.check: {}\n    routing:\n      - condition: check.failed\n        to: ask\n      - out: true\n",
    ),
};

pub static NO_START: Rule = Rule {
    code: "flows/no-start",
    severity: Severity::Info,
    summary: "A flow of several nodes does not say where it starts.",
    why: "It starts at the node that stands first, so that moving a node changes what the flow does.",
    example: Example::file(
        "flows/main.ygtc",
        "id: main\ntype: messaging\nnodes:\n  ask:\n    emit.response: {text: Which city?}\n    routing:\n      - to: answer\n  answer:\n    emit.response: {text: Sunny}\n    routing: out\n",
        "id: main\ntype: messaging\nstart: ask\nnodes:\n  ask:\n    emit.response: {text: Which city?}\n    routing:\n      - to: answer\n  answer:\n    emit.response: {text: Sunny}\n    routing: out\n",
    ),
};

pub static UNKNOWN_PARAMETER: Rule = Rule {
    code: "flows/unknown-parameter",
    severity: Severity::Warning,
    summary: "A node uses a parameter that the flow does not have.",
    why: "The words `parameters.…` themselves are handed over in its place, or the node fails.",
    example: flow(
        "parameters:\n  city: Cork\nnodes:\n  ask:\n    weather.fetch: {city: parameters.town}\n    routing: out\n",
        "parameters:\n  city: Cork\nnodes:\n  ask:\n    weather.fetch: {city: parameters.city}\n    routing: out\n",
    ),
};

pub static UNKNOWN_COMPONENT: Rule = Rule {
    code: "flows/unknown-component",
    severity: Severity::Warning,
    summary: "A node runs a component that is nearly one of the pack's, and is none.",
    why: "Greentic looks for it elsewhere, and the flow fails when it comes to the node.",
    example: flow(
        "nodes:\n  ask:\n    component.exec: {component: wether, operation: fetch}\n    routing: out\n",
        "nodes:\n  ask:\n    component.exec: {component: weather, operation: fetch}\n    routing: out\n",
    )
    .beside(&[("pack.yaml", "components:\n  - id: weather\n")]),
};

pub static DUPLICATE_ID: Rule = Rule {
    code: "flows/duplicate-id",
    severity: Severity::Error,
    summary: "Two flows have the same id.",
    why: "Flows are called by their ids; Greentic's builder refuses a pack with two of one.",
    example: Example::file(
        "flows/other.ygtc",
        "id: main\ntype: messaging\nnodes:\n  hello:\n    emit.response: {text: Hello}\n    routing: out\n",
        "id: other\ntype: messaging\nnodes:\n  hello:\n    emit.response: {text: Hello}\n    routing: out\n",
    )
    .beside(&[(
        "flows/main.ygtc",
        "id: main\ntype: messaging\nnodes:\n  hello:\n    emit.response: {text: Hello}\n    routing: out\n",
    )]),
};

pub static ID_MISMATCH: Rule = Rule {
    code: "flows/id-mismatch",
    severity: Severity::Error,
    summary: "The manifest names a flow by another id than its file has.",
    why: "Greentic's builder refuses a pack whose manifest and flows disagree.",
    example: Example::manifest(
        "pack_id: dev.acme.notes\nflows:\n  - {id: hello, file: flows/main.ygtc}\n",
        "pack_id: dev.acme.notes\nflows:\n  - {id: main, file: flows/main.ygtc}\n",
    )
    .beside(&[(
        "flows/main.ygtc",
        "id: main\ntype: messaging\nnodes:\n  hello:\n    emit.response: {text: Hello}\n    routing: out\n",
    )]),
};

/// The example of a rule about a flow's nodes: only the lines that matter.
const fn flow(before: &'static str, after: &'static str) -> Example {
    Example::file("flows/main.ygtc", before, after)
}

/// The family's rules.
pub static RULES: &[&Rule] = &[
    &NOT_YAML,
    &MISSING_KEY,
    &WRONG_SHAPE,
    &UNKNOWN_TYPE,
    &EMPTY,
    &BAD_NODE_ID,
    &OPERATION,
    &UNKNOWN_TARGET,
    &UNKNOWN_ROUTE_KEY,
    &UNREACHABLE,
    &ENDLESS,
    &NO_START,
    &UNKNOWN_PARAMETER,
    &UNKNOWN_COMPONENT,
    &DUPLICATE_ID,
    &ID_MISMATCH,
];

/// The types that Greentic's builder takes, and those that its schema names besides.
const TYPES: &[&str] = &[
    "messaging",
    "event",
    "events",
    "component-config",
    "component_config",
    "job",
    "http",
    "webhook",
    "timer",
    "websocket",
    "pubsub",
];

/// Keys of a node that are no operation.
const NODE_KEYS: &[&str] = &[
    "routing",
    "telemetry",
    "output",
    "retry",
    "timeout",
    "when",
    "annotations",
    "meta",
    "operation",
    "pack_alias",
    "in_map",
    "out_map",
    "err_map",
    "conversational",
];

/// Keys of a route.
const ROUTE_KEYS: &[&str] = &["to", "out", "status", "reply", "condition", "on_message"];

/// Largest flow that is read.
const MAX_FLOW: usize = 2 * 1024 * 1024;

/// What such a file says that others count on.
#[derive(Debug, Default)]
pub struct FlowFacts {
    id: Option<(String, Range<usize>)>,
    /// Components that nodes run, with the place of each name.
    components: Vec<(String, Range<usize>)>,
}

/// Checks one file by itself.
pub fn check_file(path: &str, text: &str, _kind: Kind, out: &mut Vec<Diagnostic>) -> Facts {
    // A manifest can name other files as flows; what is in them nobody here knows.
    let known = path.rsplit_once('.').is_some_and(|(_, ending)| matches!(ending, "ygtc" | "yaml" | "yml"));
    if !known || text.len() > MAX_FLOW {
        return Facts::Nothing;
    }
    let root = match yaml::parse(text) {
        Ok(root) => root,
        Err(error) => {
            if let Some(key) = &error.duplicate {
                let message = format!("`{}` stands twice in this mapping", shown(key));
                out.push(NOT_YAML.at(path, error.span, message).hint("Keep one of the two, or give each a name of its own."));
                return Facts::Flow(FlowFacts::default());
            }
            out.extend(yaml_fault(path, text, &error, 0, &NOT_YAML));
            return Facts::Flow(FlowFacts::default());
        }
    };
    let mut flow = Flow { path, text, guesses: Guesses::full(), out };
    flow.check(&root)
}

/// A flow that is being checked.
struct Flow<'a> {
    path: &'a str,
    text: &'a str,
    guesses: Guesses,
    out: &'a mut Vec<Diagnostic>,
}

impl Flow<'_> {
    fn check(&mut self, root: &Node) -> Facts {
        if !matches!(root.value, Value::Map(_)) {
            if root.value == Value::Null {
                self.tell(&MISSING_KEY, 0..0, "this flow is empty", "Begin with `id`, `type` and `nodes`.");
            } else {
                self.wrong(root, "a flow", "keys and values", "Begin with `id`, `type` and `nodes`.");
            }
            return Facts::Flow(FlowFacts::default());
        }
        for key in ["id", "type", "nodes"] {
            if root.get(key).is_none_or(|node| node.value == Value::Null) {
                let place = root.key(key).map_or(0..0, |key| key.span.clone());
                self.tell(
                    &MISSING_KEY,
                    place,
                    format!("this flow has no `{key}`"),
                    match key {
                        "id" => "Call it as the file is called: `id: main`.",
                        "type" => "Say what starts it: `type: messaging`, or `events`.",
                        _ => "Add a node, with what it does and where it leads.",
                    },
                );
            }
        }
        for key in ["id", "type", "start"] {
            if let Some(node) = root.get(key)
                && !matches!(node.value, Value::Text(_) | Value::Null)
            {
                self.wrong(node, &format!("`{key}`"), "text", "Write one word, and put a number in quotes.");
            }
        }
        self.check_type(root);
        let id = root.get("id").and_then(|node| Some((node.as_text()?.to_owned(), inner(node, self.text))));
        let Some(nodes) = root.get("nodes").filter(|nodes| nodes.value != Value::Null) else {
            return Facts::Flow(FlowFacts { id, components: Vec::new() });
        };
        if !matches!(nodes.value, Value::Map(_)) {
            self.wrong(nodes, "`nodes`", "a mapping", "Write each node's id, and below it what the node does.");
            return Facts::Flow(FlowFacts { id, components: Vec::new() });
        }
        if nodes.entries().is_empty() {
            self.tell(&EMPTY, nodes.span.clone(), "this flow has no nodes", "Add one, or remove the flow.");
        }
        let first_version = root.get("schema_version").and_then(Node::as_word) == Some("1");
        let mut components = Vec::new();
        for (key, node) in nodes.entries() {
            self.check_node(key, node, first_version);
            self.check_parameters(root, node);
            if let Some(component) = node.get("component.exec").and_then(|payload| payload.get("component"))
                && let Some(name) = component.as_text()
            {
                components.push((name.to_owned(), inner(component, self.text)));
            }
        }
        self.check_ways(root, nodes);
        Facts::Flow(FlowFacts { id, components })
    }

    fn tell(&mut self, rule: &Rule, place: Range<usize>, message: impl Into<String>, hint: impl Into<String>) {
        self.out.push(rule.at(self.path, place, message).hint(hint));
    }

    fn wrong(&mut self, node: &Node, what: &str, wanted: &str, hint: &str) {
        let message = format!("{what} wants {wanted}, and this is {}", node.kind());
        self.tell(&WRONG_SHAPE, node.span.clone(), message, hint);
    }

    fn check_type(&mut self, root: &Node) {
        let Some(node) = root.get("type") else { return };
        let Some(written) = node.as_text().filter(|written| !TYPES.contains(written)) else { return };
        let found = UNKNOWN_TYPE.at(self.path, inner(node, self.text), format!("`{}` is not a type of flow", shown(written)));
        self.out.push(match nearest(written, TYPES.iter().copied()) {
            Some(near) => found.did_you_mean(near),
            None => found.hint("Greentic has `messaging`, `events`, `component-config`, `job` and `http`."),
        });
    }

    fn check_node(&mut self, key: &Key, node: &Node, first_version: bool) {
        if !is_node_id(&key.name) {
            let message = format!("`{}` is not an id for a node", shown(&key.name));
            self.tell(&BAD_NODE_ID, key.span.clone(), message, "Use letters, digits, `_` and `-`, and begin with a letter.");
        }
        if !matches!(node.value, Value::Map(_)) {
            if node.value == Value::Null {
                let message = format!("`{}` does nothing", shown(&key.name));
                self.tell(&OPERATION, key.span.clone(), message, "Add an operation, as in `emit.response: {text: Hello}`.");
            } else {
                let hint = "Write an operation below it, as in `emit.response: {text: Hello}`.";
                self.wrong(node, &format!("`{}`", shown(&key.name)), "an operation and its routing", hint);
            }
            return;
        }
        let operations: Vec<&Key> =
            node.entries().iter().map(|(key, _)| key).filter(|key| !NODE_KEYS.contains(&key.name.as_str())).collect();
        let runs_component = node.get("component.exec").is_some();
        match operations.as_slice() {
            [] => {
                let message = format!("`{}` has no operation", shown(&key.name));
                self.tell(&OPERATION, key.span.clone(), message, "Add one, as in `emit.response: {text: Hello}`.");
            }
            [_] => {}
            // What names the operation of a component may stand beside it, and old flows may have more.
            [_, _] if runs_component => {}
            _ if first_version => {}
            [first, second, ..] => {
                let message = format!("`{}` has `{}` as an operation already", shown(&key.name), shown(&first.name));
                let found = OPERATION.at(self.path, second.span.clone(), message);
                // A misspelled key of a node looks like an operation, and has no dot.
                let plain = [first, second].into_iter().find(|key| !key.name.contains('.'));
                let near = plain.and_then(|key| nearest(&key.name, NODE_KEYS.iter().copied()));
                self.out.push(match (near, plain) {
                    (Some(near), Some(key)) => found.hint(format!("Was `{}` to be `{near}`?", shown(&key.name))),
                    _ => found.hint("Make a node of each, and route from one to the next."),
                });
            }
        }
        if let Some(routing) = node.get("routing") {
            self.check_routing(routing);
        }
    }

    /// The form of a routing; where it leads is looked at with all ways.
    fn check_routing(&mut self, routing: &Node) {
        match &routing.value {
            Value::Text(word) if matches!(word.as_str(), "out" | "reply") => {}
            Value::Text(word) => {
                let message = format!("`{}` is not a routing", shown(word));
                let hint = format!("Write `out`, `reply`, or a list: `[{{to: {}}}]`.", shown(word));
                self.tell(&WRONG_SHAPE, routing.span.clone(), message, hint);
            }
            Value::List(routes) => routes.iter().for_each(|route| self.check_route(route)),
            Value::Null => {}
            _ => self.wrong(routing, "`routing`", "`out`, `reply` or a list of routes", "Begin each route with `- `."),
        }
    }

    fn check_route(&mut self, route: &Node) {
        if !matches!(route.value, Value::Map(_)) {
            self.wrong(route, "a route", "a mapping", "Write `to: answer`, with the node that comes next.");
            return;
        }
        for (key, _) in route.entries().iter().filter(|(key, _)| !ROUTE_KEYS.contains(&key.name.as_str())) {
            let found =
                UNKNOWN_ROUTE_KEY.at(self.path, key.span.clone(), format!("`{}` is not a key of a route", shown(&key.name)));
            self.out.push(match nearest(&key.name, ROUTE_KEYS.iter().copied()) {
                Some(near) => found.did_you_mean(near),
                // What other languages call it.
                None if matches!(key.name.as_str(), "when" | "if" | "cond" | "match") && route.get("condition").is_none() => {
                    found.did_you_mean("condition")
                }
                None => found.hint(format!("A route has {}.", ROUTE_KEYS.join(", "))),
            });
        }
    }

    /// Words that are a parameter's, and nothing else: `parameters.city`.
    fn check_parameters(&mut self, root: &Node, node: &Node) {
        let declared = root.get("parameters");
        // Handed over as a whole by another.
        if declared.is_some_and(|node| !matches!(node.value, Value::Map(_) | Value::Null)) {
            return;
        }
        let (path, text, guesses) = (self.path, self.text, &self.guesses);
        let mut found = Vec::new();
        node.walk(&mut |value| {
            let Some(name) = value.as_text().and_then(|text| text.strip_prefix("parameters.")) else { return };
            let name = name.split(['.', '[']).next().unwrap_or_default();
            let plain = !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-'));
            if !plain || declared.is_some_and(|parameters| parameters.get(name).is_some()) {
                return;
            }
            let known = declared.map(Node::entries).unwrap_or_default().iter().map(|(key, _)| key.name.as_str());
            let one = UNKNOWN_PARAMETER.at(path, inner(value, text), format!("this flow has no parameter `{}`", shown(name)));
            found.push(match guesses.nearest(name, known) {
                Some(near) => one.hint(format!("Did you mean `parameters.{near}`?")),
                None => one.hint(format!("Declare it: `parameters: {{{}: …}}`.", shown(name))),
            });
        });
        self.out.extend(found);
    }

    /// Where routes lead, what none leads to, and what nothing leaves.
    fn check_ways(&mut self, root: &Node, nodes: &Node) {
        let graph = Graph::of(root, nodes);
        for target in &graph.unknown {
            let Some(written) = target.as_text() else { continue };
            let found = UNKNOWN_TARGET.at(self.path, inner(target, self.text), format!("there is no node `{}`", shown(written)));
            self.out.push(match self.guesses.nearest(written, nodes.entries().iter().map(|(key, _)| key.name.as_str())) {
                Some(near) => found.did_you_mean(near),
                None => found.hint("Add the node, or lead to one that is there."),
            });
        }
        if graph.start_is_told {
            self.unreachable_and_endless(nodes, &graph);
        } else if nodes.entries().len() > 1 {
            let place = root.key("nodes").map_or(0..0, |key| key.span.clone());
            let first = nodes.entries().first().map_or("", |(key, _)| key.name.as_str());
            let message = "this flow does not say where it starts";
            self.tell(&NO_START, place, message, format!("Add `start: {}`, which stands first and so is taken.", shown(first)));
            self.unreachable_and_endless(nodes, &graph);
        }
    }

    fn unreachable_and_endless(&mut self, nodes: &Node, graph: &Graph<'_>) {
        // With a fault in nodes or routes it is not known what else cannot be reached.
        if self.out.iter().any(|found| found.severity == Severity::Error && found.code != MISSING_KEY.code) {
            return;
        }
        let entries = nodes.entries();
        for number in graph.unreachable() {
            let (key, _) = &entries[number];
            let message = format!("no route leads to `{}`", shown(&key.name));
            self.tell(&UNREACHABLE, key.span.clone(), message, "Lead to it from another node, or remove it.");
        }
        for circle in graph.endless() {
            let Some((key, _)) = circle.first().map(|number| &entries[*number]) else { continue };
            let mut way: Vec<String> =
                circle.iter().take(4).map(|number| format!("`{}`", shown(&entries[*number].0.name))).collect();
            if circle.len() > 4 {
                way.push("…".to_owned());
            }
            let message = match way.as_slice() {
                [one] => format!("{one} leads to itself without end"),
                _ => format!("{} lead to each other without end", way.join(", ")),
            };
            self.tell(
                &ENDLESS,
                key.span.clone(),
                message,
                "Lead out of the circle (`- out: true`), or wait in it (`session.wait`).",
            );
        }
    }
}

fn is_node_id(id: &str) -> bool {
    id.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
        && id.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-'))
}

/// Checks what only the whole pack can tell.
pub fn check(pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    let flows: BTreeMap<&str, &FlowFacts> = pack
        .contents
        .iter()
        .filter_map(|(path, content)| match &content.facts {
            Facts::Flow(facts) => Some((path.as_str(), facts)),
            _ => None,
        })
        .collect();
    let mut ids: HashMap<&str, &str> = HashMap::new();
    for (path, facts) in &flows {
        let Some((id, span)) = &facts.id else { continue };
        if let Some(first) = ids.insert(id, path) {
            out.push(
                DUPLICATE_ID
                    .at(path, span.clone(), format!("`{}` is the id of `{first}` as well", shown(id)))
                    .hint("Call each after what it does."),
            );
        }
    }
    let named: Vec<&str> = pack
        .manifest
        .components
        .iter()
        .flat_map(|components| &components.value)
        .filter_map(|component| component.id.as_ref().map(|id| id.value.as_str()))
        .collect();
    for (path, facts) in &flows {
        for (component, span) in facts.components.iter().filter(|(component, _)| !named.contains(&component.as_str())) {
            // What is not nearly one of the pack's own, to a letter or two, comes from elsewhere.
            if let Some(near) = pack.ctx.guesses.nearest(component, named.iter().copied())
                && strsim::osa_distance(component, &near) <= 2
            {
                out.push(
                    UNKNOWN_COMPONENT
                        .at(path, span.clone(), format!("this pack has no component `{}`", shown(component)))
                        .did_you_mean(near),
                );
            }
        }
    }
    let mut seen: HashSet<&str> = HashSet::new();
    for flow in pack.manifest.flows.iter().flat_map(|flows| &flows.value) {
        // An entry that was copied, and kept the id of the first: that is told already.
        if flow.id.as_ref().is_some_and(|id| !seen.insert(&id.value)) {
            continue;
        }
        if let (Some(id), Some(file)) = (&flow.id, &flow.file)
            && let Some(facts) = super::manifest::inside(&file.value).and_then(|path| flows.get(path.as_str()))
            && let Some((own, _)) = &facts.id
            && *own != id.value
        {
            out.push(
                ID_MISMATCH
                    .at(MANIFEST, id.span.clone(), format!("`{}` calls itself `{}`", shown(&file.value), shown(own)))
                    .hint("Write the same id in both."),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings;
    use crate::source::MemoryPack;

    #[test]
    fn an_entry_that_was_copied_with_its_id_is_told_once() {
        let flow = |id: &str| {
            format!("id: {id}\ntype: messaging\nnodes:\n  hello:\n    emit.response: {{text: Hello}}\n    routing: out\n")
        };
        let manifest = "flows:\n  - {id: main, file: flows/main.ygtc}\n  - {id: main, file: flows/other.ygtc}\n";
        insta::assert_snapshot!(pack(manifest, &[("flows/main.ygtc", &flow("main")), ("flows/other.ygtc", &flow("other"))]), @"
        Error manifest/duplicate-id pack.yaml:5:10 <main> `main` is the `id` of entry 1 of `flows` as well
          hint: Give each its own.
        ");
    }

    fn pack(manifest: &str, files: &[(&str, &str)]) -> String {
        let manifest = format!("name: n\ndescription: d\n{manifest}");
        findings(&MemoryPack::new(files.iter().copied().chain([("pack.yaml", manifest.as_str())])))
    }

    fn told(text: &str) -> String {
        pack("", &[("flows/a.ygtc", text)])
    }

    /// What is told of nodes in a sound flow that starts at `a`.
    fn nodes(nodes: &str) -> String {
        told(&format!("id: a\ntype: messaging\nstart: a\nnodes:\n{nodes}"))
    }

    #[test]
    fn a_flow_has_an_id_a_type_and_nodes() {
        insta::assert_snapshot!(told(""), @"
        Error flows/missing-key flows/a.ygtc:1:1 <> this flow is empty
          hint: Begin with `id`, `type` and `nodes`.
        ");
        insta::assert_snapshot!(told("- a\n"), @"
        Error flows/wrong-shape flows/a.ygtc:1:3 <a> a flow wants keys and values, and this is a list
          hint: Begin with `id`, `type` and `nodes`.
        ");
        insta::assert_snapshot!(told("id: [1]\ntype: chat\nnodes:\n"), @"
        Error flows/wrong-shape flows/a.ygtc:1:5 <[1]> `id` wants text, and this is a list
          hint: Write one word, and put a number in quotes.
        Warning flows/unknown-type flows/a.ygtc:2:7 <chat> `chat` is not a type of flow
          hint: Greentic has `messaging`, `events`, `component-config`, `job` and `http`.
        Error flows/missing-key flows/a.ygtc:3:1 <nodes> this flow has no `nodes`
          hint: Add a node, with what it does and where it leads.
        ");
        insta::assert_snapshot!(told("id: a\ntype: messaging\nnodes: {}\n"), @"
        Warning flows/empty flows/a.ygtc:3:8 <{}> this flow has no nodes
          hint: Add one, or remove the flow.
        ");
        insta::assert_snapshot!(told("id: a\ntype: event\nnodes:\n  é: {emit.a: {}}\n  é: {emit.a: {}}\n"), @"
        Error flows/not-yaml flows/a.ygtc:5:3 <é> `é` stands twice in this mapping
          hint: Keep one of the two, or give each a name of its own.
        ");
        insta::assert_snapshot!(told("id: a: b\n"), @r#"
        Error flows/not-yaml flows/a.ygtc:1:8 <b> this is not YAML: mapping values are not allowed in this context
          hint: Text with a colon and a blank in it needs quotes: `"one: two"`.
        "#);
    }

    #[test]
    fn a_node_does_one_thing() {
        insta::assert_snapshot!(nodes("  a: {}\n  b: 1\n  c c: {x.y: {}, z: {}, routng: out}\n  d:\n"), @"
        Error flows/operation flows/a.ygtc:5:3 <a> `a` has no operation
          hint: Add one, as in `emit.response: {text: Hello}`.
        Error flows/wrong-shape flows/a.ygtc:6:6 <1> `b` wants an operation and its routing, and this is a number
          hint: Write an operation below it, as in `emit.response: {text: Hello}`.
        Error flows/bad-node-id flows/a.ygtc:7:3 <c c> `c c` is not an id for a node
          hint: Use letters, digits, `_` and `-`, and begin with a letter.
        Error flows/operation flows/a.ygtc:7:18 <z> `c c` has `x.y` as an operation already
          hint: Make a node of each, and route from one to the next.
        Error flows/operation flows/a.ygtc:8:3 <d> `d` does nothing
          hint: Add an operation, as in `emit.response: {text: Hello}`.
        ");
        assert_eq!(
            nodes(
                "  a:\n    component.exec: {component: x}\n    call: {}\n    operation: y\n    in_map: {}\n    routing: reply\n"
            ),
            ""
        );
        assert_eq!(told("id: a\ntype: events\nschema_version: 1\nnodes:\n  a: {x: {}, y: {}, routing: out}\n"), "");
    }

    #[test]
    fn routes_lead_to_nodes() {
        insta::assert_snapshot!(nodes("  a:\n    x.y: {}\n    routing:\n      - {to: bb, when: x == 1}\n      - {to: out}\n      - {too: b}\n      - b\n  b:\n    x.y: {}\n    routing: a\n"), @"
        Error flows/unknown-target flows/a.ygtc:8:14 <bb> there is no node `bb`
          hint: Did you mean `b`?
          guess: Change to `b`
        Warning flows/unknown-route-key flows/a.ygtc:8:18 <when> `when` is not a key of a route
          hint: Did you mean `condition`?
          guess: Change to `condition`
        Warning flows/unknown-route-key flows/a.ygtc:10:10 <too> `too` is not a key of a route
          hint: Did you mean `to`?
          guess: Change to `to`
        Error flows/wrong-shape flows/a.ygtc:11:9 <b> a route wants a mapping, and this is text
          hint: Write `to: answer`, with the node that comes next.
        Error flows/wrong-shape flows/a.ygtc:14:14 <a> `a` is not a routing
          hint: Write `out`, `reply`, or a list: `[{to: a}]`.
        ");
        insta::assert_snapshot!(told("id: a\ntype: job\nstart: aa\nentrypoints: {default: x, other: {any: thing}}\nnodes:\n  a: {x.y: {}, routing: out}\n"), @"
        Error flows/unknown-target flows/a.ygtc:3:8 <aa> there is no node `aa`
          hint: Did you mean `a`?
          guess: Change to `a`
        Error flows/unknown-target flows/a.ygtc:4:24 <x> there is no node `x`
          hint: Did you mean `a`?
          guess: Change to `a`
        ");
    }

    #[test]
    fn every_node_is_reached_and_every_circle_left() {
        insta::assert_snapshot!(nodes("  a: {x.y: {}, routing: [{to: b}]}\n  b: {x.y: {}, routing: [{to: a}]}\n  c: {x.y: {}, routing: [{to: c}]}\n"), @"
        Warning flows/endless-loop flows/a.ygtc:5:3 <a> `a`, `b` lead to each other without end
          hint: Lead out of the circle (`- out: true`), or wait in it (`session.wait`).
        Warning flows/endless-loop flows/a.ygtc:7:3 <c> `c` leads to itself without end
          hint: Lead out of the circle (`- out: true`), or wait in it (`session.wait`).
        Warning flows/unreachable flows/a.ygtc:7:3 <c> no route leads to `c`
          hint: Lead to it from another node, or remove it.
        ");
        // A way out, a node that waits, a switch that names its targets, an entry point of its own.
        assert_eq!(
            nodes("  a: {x.y: {}, routing: [{condition: q, to: b}, {out: true}]}\n  b: {x.y: {}, routing: [{to: a}]}\n"),
            ""
        );
        assert_eq!(nodes("  a: {session.wait: {}, routing: [{to: b}]}\n  b: {x.y: {}, routing: [{to: a}]}\n"), "");
        assert_eq!(
            nodes("  a:\n    switch: {cases: [{match: q, to: b}], default: c}\n  b: {x.y: {}}\n  c: {x.y: {}, routing: []}\n"),
            ""
        );
        assert_eq!(told("id: a\ntype: events\nstart: a\nentrypoints: {other: b}\nnodes:\n  a: {x.y: {}}\n  b: {x.y: {}}\n"), "");
    }

    #[test]
    fn several_nodes_say_where_they_start() {
        let text = "id: a\ntype: events\nnodes:\n  a: {x.y: {}, routing: [{to: b}]}\n  b: {x.y: {}}\n";
        insta::assert_snapshot!(told(text), @"
        Info flows/no-start flows/a.ygtc:3:1 <nodes> this flow does not say where it starts
          hint: Add `start: a`, which stands first and so is taken.
        ");
        assert_eq!(told(&text.replace("  a:", "  in:")), "");
        assert_eq!(told("id: a\ntype: events\nnodes:\n  a: {x.y: {}}\n"), "");
    }

    #[test]
    fn parameters_are_declared() {
        insta::assert_snapshot!(told("id: a\ntype: events\nparameters: {city: Cork}\nnodes:\n  a: {x.y: {p: parameters.citi, q: [parameters.city.name, 'see parameters.z', parameters.zzzz]}}\n"), @"
        Warning flows/unknown-parameter flows/a.ygtc:5:16 <parameters.citi> this flow has no parameter `citi`
          hint: Did you mean `parameters.city`?
        Warning flows/unknown-parameter flows/a.ygtc:5:79 <parameters.zzzz> this flow has no parameter `zzzz`
          hint: Declare it: `parameters: {zzzz: …}`.
        ");
    }

    #[test]
    fn flows_agree_with_the_manifest_and_with_each_other() {
        let flow = "id: main\ntype: events\nnodes:\n  a: {component.exec: {component: wether}}\n";
        let manifest =
            "components:\n  - {id: weather}\nflows:\n  - {id: mian, file: ./flows/a.ygtc}\n  - {id: main, file: flows/b.ygtc}\n";
        let told = pack(manifest, &[("flows/a.ygtc", flow), ("flows/b.ygtc", &flow.replace("wether", "weather_now"))]);
        let told: Vec<&str> = told.lines().filter(|line| line.contains(" flows/")).collect();
        insta::assert_snapshot!(told.join("\n"), @"
        Warning flows/unknown-component flows/a.ygtc:4:35 <wether> this pack has no component `wether`
        Error flows/duplicate-id flows/b.ygtc:1:5 <main> `main` is the id of `flows/a.ygtc` as well
        Error flows/id-mismatch pack.yaml:6:10 <mian> `./flows/a.ygtc` calls itself `main`
        ");
    }

    #[test]
    fn large_flows_are_read_at_once() {
        let chain: Vec<String> =
            (0..3000).map(|n| format!("  n{n}: {{x.y: {{}}, routing: [{{to: n{}}}]}}\n", (n + 1) % 3000)).collect();
        let told = told(&format!("id: a\ntype: events\nstart: n0\nnodes:\n{}", chain.concat()));
        assert!(told.contains("flows/endless-loop") && told.lines().count() == 2, "{}", &told[..told.len().min(2000)]);
    }
}
