//! Content packs: files that an agent reads, and permissions that its role takes over.

use super::super::{Example, Rule};
use super::{Asked, HOSTED};
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::MANIFEST;
use crate::yaml::Node;
use std::collections::BTreeSet;

pub static REFUSES: Rule = Rule {
    code: "targets/content-pack-refuses",
    severity: Severity::Error,
    summary: "The pack has entries that a content pack may not have.",
    why: "A content pack holds `pack.yaml`, `behavior.md`, `guides/`, `scripts/`, `data/` and `templates/`. A platform that checks an upload refuses one with anything else.",
    example: Example::file("pack.yaml", "targets: {content-pack: {}}\n", "targets: {}\n")
        .beside(&[("assets/logo.svg", "<svg/>")]),
};

pub static LOSES: Rule = Rule {
    code: "targets/content-pack-loses",
    severity: Severity::Info,
    summary: "A content pack has no place for something that the manifest says.",
    why: "Agents get the pack's files and its permissions, and nothing that would have to be run for them.",
    example: Example::manifest(
        "views: [{id: shelf, source: views/shelf.json}]\ntargets: {content-pack: {}}\n",
        "views: [{id: shelf, source: views/shelf.json}]\n",
    )
    .beside(&[("views/shelf.json", "{}")]),
};

const ENTRIES: &[&str] = &["pack.yaml", "behavior.md", "guides", "scripts", "data", "templates"];

/// What is for people or for building, and is left out of an upload without a loss.
const LEFT_OUT: &[&str] = &[
    "README.md",
    "LICENSE",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "CHANGELOG.md",
    "answers.yaml",
    ".packignore",
    "tests",
    "evals",
    "dist",
    "sbom.json",
    "signature.sig",
];

/// What has no place there, beside [`HOSTED`].
const LOST: &[&str] = &["tools", "credentials", "storage", "assets", "bootstrap"];

pub(super) fn check(asked: &Asked<'_>, out: &mut Vec<Diagnostic>) {
    let ctx = asked.pack.ctx;
    let refused: BTreeSet<&str> = ctx
        .entries
        .iter()
        .filter(|entry| entry.is_file() && !ctx.left_out(entry))
        .filter_map(|entry| entry.path.split('/').next())
        .filter(|top| !ENTRIES.contains(top) && !LEFT_OUT.contains(top))
        .collect();
    if !refused.is_empty() {
        let named = refused.iter().map(|entry| format!("`{entry}`")).collect::<Vec<_>>().join(", ");
        out.push(
            asked
                .refuses(MANIFEST, asked.place.clone(), format!("a content pack may not have {named}"))
                .hint("Leave them out with `.packignore`, or publish the pack under another name without them."),
        );
    }
    asked.loses_keys(
        &[HOSTED, LOST].concat(),
        "An agent that has the pack as content never sees it. Say in `behavior.md` what it should do instead.",
        out,
    );
    for capability in asked.pack.root.get("capabilities").map(Node::items).unwrap_or_default() {
        for rule in capability.get("allow").map(Node::items).unwrap_or_default() {
            if let Some(key) = rule.key("query") {
                out.push(
                    asked
                        .loses(MANIFEST, key.span.clone(), "the rules of a content pack have no patterns for the query")
                        .hint("Conditions there are written in CEL. Without them the rule allows any query."),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::told;

    #[test]
    fn only_six_entries_are_content() {
        let text = "name: n\ndescription: d\ntargets: {content-pack: }\ntools: [{name: add_note, input: {type: object}}]\ncapabilities: [{name: c, allow: [{domains: [a.org], methods: [GET], query: {q: '*'}}]}]\n";
        insta::assert_snapshot!(told(&[("pack.yaml", text), ("handlers/a.ts", ""), ("assets/a.png", ""), ("README.md", "x"), ("guides/a.md", "x")]), @"
        Error targets/content-pack-refuses pack.yaml:3:11 <content-pack> a content pack may not have `assets`, `handlers`
        Info targets/content-pack-loses pack.yaml:4:1 <tools> a content pack has no place for `tools`
        Info targets/content-pack-loses pack.yaml:5:69 <query> the rules of a content pack have no patterns for the query
        ");
        assert_eq!(
            told(&[
                ("pack.yaml", "name: n\ndescription: d\ntargets: {content-pack: {}}\n"),
                ("behavior.md", "Be kind."),
                ("scripts/a.sh", ""),
                ("README.md", "x"),
                ("LICENSE", "x")
            ]),
            ""
        );
    }
}
