//! The Model Context Protocol: tools behind a server, and the same as a bundle to install.

use super::super::{Example, Rule};
use super::{Asked, HOSTED, key_of, schemas};
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::MANIFEST;
use crate::text::shown;
use crate::yaml::{Node, Value};

pub static MCP_REFUSES: Rule = Rule {
    code: "targets/mcp-refuses",
    severity: Severity::Error,
    summary: "The pack has no tools, or one whose input is not an object.",
    why: "An MCP server is a list of tools, and a tool's arguments have names: clients refuse a list with another input in it, and then have no tools at all.",
    example: Example::manifest(
        "tools: [{name: search_books, input: {type: string}}]\ntargets: {mcp: {}}\n",
        "tools: [{name: search_books, input: {type: object, properties: {q: {type: string}}}}]\ntargets: {mcp: {}}\n",
    ),
};

pub static MCP_LOSES: Rule = Rule {
    code: "targets/mcp-loses",
    severity: Severity::Info,
    summary: "An MCP server has no place for something that the pack has.",
    why: "Clients see tools with their schemas and annotations. The rest of a pack is for platforms that know packs.",
    example: Example::manifest(
        "tools: [{name: search_books, input: {type: object}, output: {type: string}}]\ntargets: {mcp: {}}\n",
        "tools: [{name: search_books, input: {type: object}, output: {type: object, properties: {title: {type: string}}}}]\ntargets: {mcp: {}}\n",
    ),
};

pub static MCPB_REFUSES: Rule = Rule {
    code: "targets/mcpb-refuses",
    severity: Severity::Error,
    summary: "An MCP bundle wants something that the pack does not have.",
    why: "Its manifest has a name, a semantic version, a description and an author, and the bundle is installed with a click: what is missing there cannot be asked for.",
    example: Example::manifest(
        "tools: [{name: search_books, input: {type: object}}]\ntargets: {mcpb: {}}\n",
        "publisher: acme\ntools: [{name: search_books, input: {type: object}}]\ntargets: {mcpb: {}}\n",
    ),
};

pub static MCPB_LOSES: Rule = Rule {
    code: "targets/mcpb-loses",
    severity: Severity::Info,
    summary: "An MCP bundle has no place for something that the pack has.",
    why: "Its clients see tools with their schemas and annotations. The rest of a pack is for platforms that know packs.",
    example: Example::manifest(
        "publisher: acme\ntools: [{name: search_books, input: {type: object}}]\nviews: [{id: shelf, source: views/shelf.json}]\ntargets: {mcpb: {}}\n",
        "publisher: acme\ntools: [{name: search_books, input: {type: object}}]\ntargets: {mcpb: {}}\n",
    )
    .beside(&[("views/shelf.json", "{}")]),
};

/// What has no place there, beside [`HOSTED`].
const LOST: &[&str] = &["bootstrap", "suggested_packs"];

pub(super) fn check(asked: &Asked<'_>, out: &mut Vec<Diagnostic>) {
    let tools = asked.tools();
    if tools.is_empty() {
        let place = if asked.pack.root.key("tools").is_some() { key_of(asked.pack.root, "tools") } else { asked.place.clone() };
        let message = format!("{} is there for tools, and the pack has none", asked.target.title);
        out.push(asked.refuses(MANIFEST, place, message).hint("Add a tool; a pack of files alone is for other targets."));
    }
    for tool in tools {
        check_input(asked, tool, out);
        check_output(asked, tool, out);
    }
    asked.loses_keys(&[HOSTED, LOST].concat(), "Its clients see the tools, and nothing of this.", out);
}

pub(super) fn check_bundle(asked: &Asked<'_>, out: &mut Vec<Diagnostic>) {
    check(asked, out);
    asked.wants(&[("version", "version: 1.0.0"), ("description", "description: Keeps notes.")], out);
    if asked.word("author").is_none() && asked.word("publisher").is_none() {
        out.push(
            asked
                .refuses(MANIFEST, asked.place.clone(), "an MCP bundle wants an author")
                .hint("Add `publisher:` to the manifest."),
        );
    }
    if let Some((version, place)) = asked.word("version")
        && semver::Version::parse(version).is_err()
    {
        let message = format!("an MCP bundle wants a semantic version, and `{}` is none", shown(version));
        out.push(asked.refuses(MANIFEST, place, message).hint("Write three parts, as in `1.0.0`."));
    }
}

fn check_input(asked: &Asked<'_>, tool: &Node, out: &mut Vec<Diagnostic>) {
    let Some(schema) = schemas::of(asked, tool, "input") else {
        // `true` is a schema, and no object.
        if let Some(node) = tool.get("input").filter(|node| matches!(node.value, Value::Bool(_))) {
            let message = format!("{} wants an object as input", asked.target.title);
            out.push(asked.refuses(MANIFEST, node.span.clone(), message).hint("Write `{type: object}`."));
        }
        return;
    };
    let kind = schema.root.get("type");
    if kind.and_then(Node::as_text) == Some("object") {
        return;
    }
    let place = match (kind, schema.root.entries().first()) {
        (Some(kind), _) => kind.span.clone(),
        (None, Some((key, _))) => key.span.clone(),
        (None, None) => schema.root.span.clone(),
    };
    let (message, hint) = match kind {
        Some(_) => ("and this is another type", "Put the value into an object, under a name."),
        None => ("and this one does not say so", "Add `\"type\": \"object\"` at the top of the schema."),
    };
    let message = format!("{} wants an input that is an object, {message}", asked.target.title);
    out.push(asked.refuses(&schema.file, place, message).hint(hint));
}

fn check_output(asked: &Asked<'_>, tool: &Node, out: &mut Vec<Diagnostic>) {
    let Some(schema) = schemas::of(asked, tool, "output") else { return };
    if let Some(kind) = schema.root.get("type").filter(|kind| kind.as_text() != Some("object")) {
        let message = "older clients take an output only when it is an object";
        out.push(asked.loses(&schema.file, kind.span.clone(), message).hint("Put the value into an object, under a name."));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::told;

    #[test]
    fn tools_take_objects() {
        insta::assert_snapshot!(told(&[("pack.yaml", "name: n\ndescription: d\ntargets: {mcp: {}}\n")]), @"Error targets/mcp-refuses pack.yaml:3:11 <mcp> an MCP server is there for tools, and the pack has none");
        let text = "name: n\ndescription: d\ntargets: {mcp: {}}\nviews: [{id: v}]\ntools: [{name: a, input: schemas/a.json}, {name: b, input: {type: [object]}, output: {type: string}}, {name: c, input: true}, {name: d, input: {}}]\n";
        insta::assert_snapshot!(told(&[("pack.yaml", text), ("schemas/a.json", "{\"properties\": {}}")]), @r#"
        Info targets/mcp-loses pack.yaml:4:1 <views> an MCP server has no place for `views`
        Error targets/mcp-refuses pack.yaml:5:67 <[object]> an MCP server wants an input that is an object, and this is another type
        Info targets/mcp-loses pack.yaml:5:93 <string> older clients take an output only when it is an object
        Error targets/mcp-refuses pack.yaml:5:120 <true> an MCP server wants an object as input
        Error targets/mcp-refuses pack.yaml:5:144 <{}> an MCP server wants an input that is an object, and this one does not say so
        Error targets/mcp-refuses schemas/a.json:1:2 <"properties"> an MCP server wants an input that is an object, and this one does not say so
        "#);
        assert_eq!(
            told(&[(
                "pack.yaml",
                "name: n\ndescription: d\ntargets: {mcp: {}}\ntools: [{name: a, input: {type: object}, output: {type: object}}]\n"
            )]),
            ""
        );
    }

    #[test]
    fn a_bundle_says_who_made_it() {
        insta::assert_snapshot!(told(&[("pack.yaml", "name: n\nversion: v1\ntargets: {mcpb: {}}\ntools: [{name: a, input: {type: object}}]\n")]), @"
        Error targets/mcpb-refuses pack.yaml:2:10 <v1> an MCP bundle wants a semantic version, and `v1` is none
        Error targets/mcpb-refuses pack.yaml:3:11 <mcpb> an MCP bundle wants `description`, and the manifest has none
        Error targets/mcpb-refuses pack.yaml:3:11 <mcpb> an MCP bundle wants an author
        ");
        assert_eq!(
            told(&[(
                "pack.yaml",
                "name: n\nversion: 1.0.0\ndescription: d\npublisher: a\ntargets: {mcpb: {}}\ntools: [{name: a, input: {type: object}}]\n"
            )]),
            ""
        );
    }
}
