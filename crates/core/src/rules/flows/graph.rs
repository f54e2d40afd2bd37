//! The ways through a flow.

use crate::yaml::{Node, Value};
use std::collections::HashMap;

/// A flow's nodes by number, in the order of the file, and where each leads.
pub(super) struct Graph<'a> {
    /// True when the flow says where it starts, or has but one node.
    pub(super) start_is_told: bool,
    /// Names of nodes that there are not, where they are written.
    pub(super) unknown: Vec<&'a Node>,
    starts: Vec<usize>,
    /// Where routes lead.
    routes: Vec<Vec<usize>>,
    /// Nodes that are named anywhere in a node: what an operation does with a name is its own matter.
    names: Vec<Vec<usize>>,
    /// True for a node where a run ends, or waits for someone.
    rests: Vec<bool>,
}

impl<'a> Graph<'a> {
    pub(super) fn of(root: &'a Node, nodes: &'a Node) -> Self {
        let entries = nodes.entries();
        let numbers: HashMap<&str, usize> =
            entries.iter().enumerate().map(|(number, (key, _))| (key.name.as_str(), number)).collect();
        let mut graph = Self {
            start_is_told: entries.len() < 2,
            unknown: Vec::new(),
            starts: Vec::new(),
            routes: Vec::with_capacity(entries.len()),
            names: Vec::with_capacity(entries.len()),
            rests: Vec::with_capacity(entries.len()),
        };
        let points = root.get("entrypoints").map(Node::entries).unwrap_or_default().iter().map(|(_, node)| node);
        for node in root.get("start").into_iter().chain(points) {
            let Some(name) = node.as_text() else { continue };
            graph.start_is_told = true;
            match numbers.get(name) {
                Some(number) => graph.starts.push(*number),
                None => graph.unknown.push(node),
            }
        }
        if root.get("start").is_none() {
            // Greentic's builder takes `in`, else the first.
            graph.start_is_told |= numbers.contains_key("in");
            graph.starts.extend(numbers.get("in").copied().or((!entries.is_empty()).then_some(0)));
        }
        for (_, node) in entries {
            graph.node(node, &numbers);
        }
        graph
    }

    fn node(&mut self, node: &'a Node, numbers: &HashMap<&str, usize>) {
        let mut routes = Vec::new();
        let mut ends = true;
        if let Some(routing) = node.get("routing") {
            let listed = routing.items();
            ends = listed.is_empty() && !matches!(&routing.value, Value::Text(word) if !matches!(word.as_str(), "out" | "reply"));
            for route in listed {
                let says = |key: &str| route.get(key).is_some_and(|node| node.value == Value::Bool(true));
                let waits = says("on_message");
                match route.get("to") {
                    Some(to) if to.as_text() == Some("out") || says("out") => ends = true,
                    Some(to) => match to.as_text().map(|name| numbers.get(name)) {
                        Some(Some(number)) => routes.push(*number),
                        Some(None) => self.unknown.push(to),
                        None => {}
                    },
                    None => ends = true,
                }
                ends |= says("out") || says("reply") || waits;
            }
        }
        let mut names = Vec::new();
        node.walk(&mut |value| names.extend(value.as_text().and_then(|text| numbers.get(text))));
        // An operation that leads on by itself does not end here; where else it can lead is not known.
        self.rests.push(ends || waits(node) || names.len() > routes.len());
        self.names.push(names);
        self.routes.push(routes);
    }

    /// Nodes that no way leads to.
    pub(super) fn unreachable(&self) -> Vec<usize> {
        let mut seen = vec![false; self.names.len()];
        let mut next = self.starts.clone();
        while let Some(number) = next.pop() {
            if !std::mem::replace(&mut seen[number], true) {
                next.extend(&self.names[number]);
            }
        }
        (0..seen.len()).filter(|number| !seen[*number]).collect()
    }

    /// Circles that nothing leaves: of nodes from which no way leads to one where a run ends or waits, those that lead to each other.
    pub(super) fn endless(&self) -> Vec<Vec<usize>> {
        // Backwards from where a run rests.
        let mut before: Vec<Vec<usize>> = vec![Vec::new(); self.routes.len()];
        for (number, routes) in self.routes.iter().enumerate() {
            routes.iter().for_each(|to| before[*to].push(number));
        }
        let mut rests = vec![false; self.routes.len()];
        let mut next: Vec<usize> = (0..self.rests.len()).filter(|number| self.rests[*number]).collect();
        while let Some(number) = next.pop() {
            if !std::mem::replace(&mut rests[number], true) {
                next.extend(&before[number]);
            }
        }
        // What is left runs for ever. A walk along first routes must come round: what it comes round on is a circle.
        let mut circles = Vec::new();
        let mut walked = vec![0usize; self.routes.len()];
        for start in (0..rests.len()).filter(|number| !rests[*number]) {
            let (mut way, mut at) = (Vec::new(), start);
            while walked[at] == 0 {
                walked[at] = start + 1;
                way.push(at);
                let Some(to) = self.routes[at].first() else { break };
                at = *to;
            }
            if walked[at] == start + 1
                && let Some(from) = way.iter().position(|number| *number == at)
            {
                let mut circle = way.split_off(from);
                // From the node that stands first in the file.
                let first = circle.iter().enumerate().min_by_key(|(_, number)| **number).map_or(0, |(place, _)| place);
                circle.rotate_left(first);
                circles.push(circle);
            }
        }
        circles
    }
}

/// True for a node whose operation waits for someone, or may: then a circle through it is a conversation.
fn waits(node: &Node) -> bool {
    let waiting = [
        "wait", "card", "question", "ask", "approv", "input", "prompt", "agent", "chat", "form", "confirm", "timer", "sleep",
        "delay",
    ];
    let operation = |name: &str| waiting.iter().any(|word| name.to_ascii_lowercase().contains(word));
    node.get("conversational").is_some_and(|node| node.value == Value::Bool(true))
        || node.entries().iter().any(|(key, payload)| {
            key.name != "routing"
                && (operation(&key.name)
                    || ["operation", "component"].iter().any(|key| payload.text_at(key).is_some_and(operation)))
        })
        || node.text_at("operation").is_some_and(operation)
}
