//! Targets: what a platform refuses of this pack, and what it loses on the way there.
//!
//! A target's rules apply when the manifest names it below `targets`, or when somebody asks for it. What can be decided without a target
//! (a name that no platform takes) is other families' matter.

mod agent_skill;
mod content_pack;
mod greentic;
mod helmdeck;
mod protocol;
mod schemas;
mod worka;

use super::{Example, Rule};
use crate::check::Whole;
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::MANIFEST;
use crate::shape::{PROVIDERS, TARGETS};
use crate::text::shown;
use crate::yaml::{Node, Value};
use std::ops::Range;

pub static UNKNOWN_TARGET: Rule = Rule {
    code: "targets/unknown-target",
    severity: Severity::Warning,
    summary: "`targets` names a platform that is not known here.",
    why: "What is written for it is read by nobody, and the pack is not checked for it.",
    example: Example::manifest("targets:\n  helmdek: {name: books.search, version: v1}\n", "targets: {}\n"),
};

/// The family's rules.
pub static RULES: &[&Rule] = &[
    &UNKNOWN_TARGET,
    &content_pack::REFUSES,
    &content_pack::LOSES,
    &greentic::REFUSES,
    &greentic::LOSES,
    &helmdeck::REFUSES,
    &helmdeck::LOSES,
    &worka::REFUSES,
    &worka::LOSES,
    &protocol::MCP_REFUSES,
    &protocol::MCP_LOSES,
    &protocol::MCPB_REFUSES,
    &protocol::MCPB_LOSES,
    &agent_skill::REFUSES,
    &agent_skill::LOSES,
];

/// A platform that packs can be built for.
pub struct Target {
    /// As `targets` names it.
    pub name: &'static str,
    /// As sentences name it.
    pub title: &'static str,
    /// What it does not take at all, and what it leaves out.
    pub refuses: &'static Rule,
    pub loses: &'static Rule,
    check: fn(&Asked<'_>, &mut Vec<Diagnostic>),
}

/// Every target but the providers, in the order of [`TARGETS`].
pub static KNOWN: &[Target] = &[
    Target {
        name: "content-pack",
        title: "a content pack",
        refuses: &content_pack::REFUSES,
        loses: &content_pack::LOSES,
        check: content_pack::check,
    },
    Target { name: "greentic", title: "Greentic", refuses: &greentic::REFUSES, loses: &greentic::LOSES, check: greentic::check },
    Target { name: "helmdeck", title: "helmdeck", refuses: &helmdeck::REFUSES, loses: &helmdeck::LOSES, check: helmdeck::check },
    Target { name: "worka", title: "Worka", refuses: &worka::REFUSES, loses: &worka::LOSES, check: worka::check },
    Target {
        name: "mcp",
        title: "an MCP server",
        refuses: &protocol::MCP_REFUSES,
        loses: &protocol::MCP_LOSES,
        check: protocol::check,
    },
    Target {
        name: "mcpb",
        title: "an MCP bundle",
        refuses: &protocol::MCPB_REFUSES,
        loses: &protocol::MCPB_LOSES,
        check: protocol::check_bundle,
    },
    Target {
        name: "agent-skill",
        title: "an Agent Skill",
        refuses: &agent_skill::REFUSES,
        loses: &agent_skill::LOSES,
        check: agent_skill::check,
    },
];

/// The target of a name.
pub fn for_target(name: &str) -> Option<&'static Target> {
    KNOWN.iter().find(|target| target.name == name)
}

/// What only a platform that runs packs itself has a place for: neither a skill nor a list of tools does.
const HOSTED: &[&str] = &["views", "workflows", "triggers", "extensions", "components", "flows", "dependencies", "agents"];

/// A pack that is checked for a target.
struct Asked<'a> {
    pack: &'a Whole<'a>,
    target: &'static Target,
    /// Where to tell what concerns the pack as a whole: the target's key, or the manifest's beginning.
    place: Range<usize>,
    settings: Option<&'a Node>,
}

/// Checks the pack for every target that is named or asked for.
pub fn check(pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    // What a target misses may stand in the part that cannot be read. A content pack misses nothing: it can only have too much.
    let unread = pack.ctx.gaps.any();
    let ready = |target: &Target| !unread || target.name == "content-pack";
    let named = pack.root.get("targets").map(Node::entries).unwrap_or_default();
    for (key, settings) in named {
        if let Some(target) = for_target(&key.name) {
            if ready(target) {
                (target.check)(&Asked { pack, target, place: key.span.clone(), settings: Some(settings) }, out);
            }
            continue;
        }
        // What a provider refuses is told of schemas, by the models' rules.
        if PROVIDERS.contains(&key.name.as_str()) {
            continue;
        }
        let found = UNKNOWN_TARGET.at(MANIFEST, key.span.clone(), format!("no target is called `{}`", shown(&key.name)));
        let free = TARGETS.iter().copied().filter(|name| !named.iter().any(|(key, _)| key.name == *name));
        out.push(match pack.ctx.guesses.nearest(&key.name, free) {
            Some(near) => found.did_you_mean(near),
            None => found.hint(format!("There are {}.", TARGETS.join(", "))),
        });
    }
    let head = pack.root.key("name").or_else(|| pack.root.key("pack_id")).map_or(0..0, |key| key.span.clone());
    for target in pack.ctx.targets.iter().filter_map(|name| for_target(name)) {
        if ready(target) && !named.iter().any(|(key, _)| key.name == target.name) {
            (target.check)(&Asked { pack, target, place: head.clone(), settings: None }, out);
        }
    }
}

impl<'a> Asked<'a> {
    /// What the target's settings say under a key, else what the manifest says.
    fn word(&self, key: &str) -> Option<(&'a str, Range<usize>)> {
        let of = |node: &'a Node| node.get(key).and_then(|node| Some((node.as_word()?, node.span.clone())));
        self.settings.and_then(of).or_else(|| of(self.pack.root)).filter(|(word, _)| !word.trim().is_empty())
    }

    /// What the target's settings say under a key.
    fn setting(&self, key: &str) -> Option<(&'a str, Range<usize>)> {
        let node = self.settings?.get(key)?;
        Some((node.as_word()?, node.span.clone()))
    }

    fn refuses(&self, file: &str, place: Range<usize>, message: impl Into<String>) -> Diagnostic {
        self.target.refuses.at(file, place, message)
    }

    fn loses(&self, file: &str, place: Range<usize>, message: impl Into<String>) -> Diagnostic {
        self.target.loses.at(file, place, message)
    }

    /// Tells every key of the manifest that the target has no place for.
    fn loses_keys(&self, keys: &[&str], hint: &str, out: &mut Vec<Diagnostic>) {
        for (key, node) in self.pack.root.entries() {
            let empty = match &node.value {
                Value::Null => true,
                Value::List(items) => items.is_empty(),
                Value::Map(entries) => entries.is_empty(),
                _ => false,
            };
            if !empty && keys.contains(&key.name.as_str()) {
                let message = format!("{} has no place for `{}`", self.target.title, key.name);
                out.push(self.loses(MANIFEST, key.span.clone(), message).hint(hint));
            }
        }
    }

    /// Tells what the target wants and neither its settings nor the manifest say.
    fn wants(&self, keys: &[(&str, &str)], out: &mut Vec<Diagnostic>) {
        for (key, example) in keys {
            if self.word(key).is_none() {
                let message = format!("{} wants `{key}`, and the manifest has none", self.target.title);
                out.push(self.refuses(MANIFEST, self.place.clone(), message).hint(format!("Add `{example}`.")));
            }
        }
    }

    fn tools(&self) -> &'a [Node] {
        self.pack.root.get("tools").map(Node::items).unwrap_or_default()
    }

    /// True when a folder of the pack has something in it.
    fn has_folder(&self, folder: &str) -> bool {
        self.pack.ctx.entries.iter().any(|entry| {
            entry.is_file()
                && entry.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
                && !self.pack.ctx.left_out(entry)
        })
    }

    /// True when the pack has this file and does not leave it out.
    fn has_file(&self, path: &str) -> bool {
        self.pack.ctx.entry(path).is_some_and(|entry| entry.is_file() && !self.pack.ctx.left_out(&entry))
    }
}

/// The key under which a value of the manifest stands.
fn key_of(root: &Node, name: &str) -> Range<usize> {
    root.key(name).map_or(0..0, |key| key.span.clone())
}

#[cfg(test)]
mod tests {
    use super::{KNOWN, for_target};
    use crate::check::{Checker, Outside};
    use crate::rules::tests::{findings, manifest};
    use crate::shape::{PROVIDERS, TARGETS};
    use crate::source::MemoryPack;

    /// What targets say of a pack, a line each.
    pub(super) fn told(files: &[(&str, &str)]) -> String {
        let found = findings(&MemoryPack::new(files.iter().copied()));
        found.lines().filter(|line| line.contains(" targets/")).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn every_target_of_the_format_has_its_rules() {
        let platforms: Vec<&str> = TARGETS.iter().copied().filter(|name| !PROVIDERS.contains(name)).collect();
        assert_eq!(KNOWN.iter().map(|target| target.name).collect::<Vec<_>>(), platforms);
        assert!(platforms.iter().all(|name| for_target(name).is_some()) && for_target("other").is_none());
    }

    #[test]
    fn a_target_that_is_not_known_is_guessed_at() {
        insta::assert_snapshot!(manifest("name: n\ndescription: d\ntargets: {helmdek: {}, kubernetes: {}}\n"), @"
        Warning targets/unknown-target pack.yaml:3:11 <helmdek> no target is called `helmdek`
          hint: Did you mean `helmdeck`?
          fix: Change to `helmdeck`
        Warning targets/unknown-target pack.yaml:3:24 <kubernetes> no target is called `kubernetes`
          hint: There are content-pack, greentic, helmdeck, worka, mcp, mcpb, agent-skill, openai, anthropic, gemini.
        ");
        assert_eq!(manifest("name: n\ndescription: d\ntargets: {}\n"), "");
        assert_eq!(manifest("name: n\ndescription: d\ntargets: {openai: {}}\n"), "");
        assert_eq!(manifest("name: n\ndescription: d\ntargets:\n"), "");
    }

    #[test]
    fn a_target_can_be_asked_for() {
        let pack = MemoryPack::new([("pack.yaml", "name: n\ndescription: Keeps notes well.\nversion: 1.0.0\n")]);
        let codes = |targets: &[&str]| -> Vec<&str> {
            let targets: Vec<String> = targets.iter().map(ToString::to_string).collect();
            Checker::default()
                .check(&pack, &Outside { targets: &targets, ..Outside::default() })
                .diagnostics
                .iter()
                .map(|found| found.code)
                .collect()
        };
        assert_eq!(codes(&[]), [""; 0]);
        assert_eq!(codes(&["agent-skill"]), ["targets/agent-skill-refuses"]);
        assert_eq!(codes(&["nothing-of-the-kind"]), [""; 0]);
    }

    #[test]
    fn anything_may_stand_where_targets_should() {
        for odd in [
            "5",
            "[helmdeck]",
            "{helmdeck: }",
            "{helmdeck: [1]}",
            "{helmdeck: {name: [], version: {}}}",
            "{greentic: {pack_id: 5}}",
            "{mcp: x}",
        ] {
            manifest(&format!(
                "name: n\ndescription: d\ntargets: {odd}\ntools: [5, {{}}, {{input: 5}}, {{input: {{type: 5, properties: 5}}}}, {{input: {{properties: {{a: 5, b: {{type: []}}}}}}}}]\n"
            ));
        }
    }
}
