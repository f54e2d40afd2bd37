//! Worka: a release of tools and views for workspaces.

use super::super::{Example, Rule};
use super::Asked;
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::MANIFEST;
use crate::text::shown;
use crate::yaml::Node;

pub static REFUSES: Rule = Rule {
    code: "targets/worka-refuses",
    severity: Severity::Error,
    summary: "Worka's manifest wants something that this one does not say.",
    why: "A release is named `publisher.pack`, and shown by its display name, description and version: all five must be there.",
    example: Example::manifest("targets: {worka: {}}\n", "publisher: acme\ndisplay_name: Notes\ntargets: {worka: {}}\n"),
};

pub static LOSES: Rule = Rule {
    code: "targets/worka-loses",
    severity: Severity::Info,
    summary: "Worka has no place for something that the pack has.",
    why: "Its packs are tools, A2UI views, migrations and declared domains; its broker decides on requests in its own way.",
    example: Example::manifest(
        "publisher: acme\ndisplay_name: Notes\nviews: [{id: shelf, source: views/shelf.html}]\ntargets: {worka: {}}\n",
        "publisher: acme\ndisplay_name: Notes\nviews: [{id: shelf, source: views/shelf.json}]\ntargets: {worka: {}}\n",
    )
    .beside(&[("views/shelf.html", "<p>Shelf</p>"), ("views/shelf.json", "{}")]),
};

const LOST: &[&str] =
    &["category", "suggested_packs", "extensions", "components", "flows", "dependencies", "bootstrap", "agents"];

pub(super) fn check(asked: &Asked<'_>, out: &mut Vec<Diagnostic>) {
    asked.wants(
        &[
            ("publisher", "publisher: acme"),
            ("display_name", "display_name: Notes"),
            ("description", "description: Keeps notes."),
            ("version", "version: 1.0.0"),
        ],
        out,
    );
    asked.loses_keys(LOST, "Nothing of it reaches the workspace.", out);
    for view in asked.pack.root.get("views").map(Node::items).unwrap_or_default() {
        let Some(source) = view.get("source") else { continue };
        if source.as_text().is_some_and(|path| path.rsplit_once('.').is_some_and(|(_, ending)| matches!(ending, "html" | "htm")))
        {
            let message = format!("Worka shows A2UI, and `{}` is a page", shown(source.as_text().unwrap_or_default()));
            out.push(asked.loses(MANIFEST, source.span.clone(), message).hint("Describe the view as A2UI JSON."));
        }
    }
    for capability in asked.pack.root.get("capabilities").map(Node::items).unwrap_or_default() {
        if let Some(key) = capability.key("budgets") {
            let message = "Worka has no budgets: only the domains go along";
            out.push(asked.loses(MANIFEST, key.span.clone(), message).hint("Let the tool itself stop after so many requests."));
        }
    }
    if asked.has_file("behavior.md") {
        let message = "Worka has no place for `behavior.md`: no prompt takes it up there";
        out.push(
            asked
                .loses(MANIFEST, asked.place.clone(), message)
                .hint("What a call needs to know belongs into the tools' descriptions."),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::told;

    #[test]
    fn a_release_has_a_name_and_says_what_it_is() {
        insta::assert_snapshot!(told(&[("pack.yaml", "name: n\ntargets: {worka: {publisher: acme}}\n")]), @"
        Error targets/worka-refuses pack.yaml:2:11 <worka> Worka wants `description`, and the manifest has none
        Error targets/worka-refuses pack.yaml:2:11 <worka> Worka wants `display_name`, and the manifest has none
        Error targets/worka-refuses pack.yaml:2:11 <worka> Worka wants `version`, and the manifest has none
        ");
        assert_eq!(
            told(&[(
                "pack.yaml",
                "name: n\npublisher: a\ndisplay_name: N\ndescription: d\nversion: 1.0.0\ntargets: {worka: }\n"
            )]),
            ""
        );
    }

    #[test]
    fn what_has_no_place_is_told() {
        let text = "name: n\npublisher: a\ndisplay_name: N\ndescription: d\nversion: 1.0.0\ncategory: tools\ntargets: {worka: }\nviews: [{id: a, source: views/a.html}, {id: b, source: views/b.json}]\ncapabilities: [{name: c, allow: [{domains: [a.org], methods: [GET]}], budgets: {per_task: {requests: 1}}}]\n";
        insta::assert_snapshot!(told(&[("pack.yaml", text), ("views/a.html", ""), ("views/b.json", "{}"), ("behavior.md", "x")]), @"
        Info targets/worka-loses pack.yaml:6:1 <category> Worka has no place for `category`
        Info targets/worka-loses pack.yaml:7:11 <worka> Worka has no place for `behavior.md`: no prompt takes it up there
        Info targets/worka-loses pack.yaml:8:25 <views/a.html> Worka shows A2UI, and `views/a.html` is a page
        Info targets/worka-loses pack.yaml:9:71 <budgets> Worka has no budgets: only the domains go along
        ");
    }
}
