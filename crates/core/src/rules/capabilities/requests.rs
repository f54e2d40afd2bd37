//! What a rule asks of a request: its conditions, one by one.

use super::super::{Example, Rule};
use super::hosts;
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::folder::MANIFEST;
use crate::model::yaml_to_json;
use crate::policy::normal_pattern;
use crate::schema::{Schema, SchemaError};
use crate::text::shown;
use crate::yaml::{Key, Node, Value};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Found where unknown keys are; see [`crate::rules::keys`].
pub static UNKNOWN_CONDITION: Rule = Rule {
    code: "capabilities/unknown-condition",
    severity: Severity::Error,
    summary: "A rule has a condition that is not known here.",
    why: "A condition makes a rule allow less. One that cannot be checked must not be passed over, so the rule allows nothing.",
    example: Example::manifest(
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org], methods: [GET], cel: 'request.size < 100'}]\n",
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org], methods: [GET]}]\n",
    ),
};

pub static EMPTY_CONDITION: Rule = Rule {
    code: "capabilities/empty-condition",
    severity: Severity::Error,
    summary: "A rule names no domain or no method, or has a condition without a value.",
    why: "What is not listed is not allowed, so the rule allows nothing. Of an empty list of paths other platforms think the opposite.",
    example: Example::manifest(
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org], paths: []}]\n",
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org], methods: [GET], paths: [/search.json]}]\n",
    ),
};

pub static BAD_PATH: Rule = Rule {
    code: "capabilities/bad-path",
    severity: Severity::Error,
    summary: "An entry of `paths` is no path that a request could have.",
    why: "Paths are compared from their first `/`, encoded, and without query. An entry that cannot be compared makes its rule allow nothing.",
    example: Example::manifest(
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org], methods: [GET], paths: ['search.json?q=*', /a/../b]}]\n",
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org], methods: [GET], paths: [/search.json, /b], query: {q: '*'}}]\n",
    ),
};

pub static ODD_PATH: Rule = Rule {
    code: "capabilities/odd-path",
    severity: Severity::Warning,
    summary: "A pattern of `paths` does not mean what it looks like.",
    why: "`**` crosses segments only where it is a whole segment, and a path begins with `/`: other platforms refuse a pattern that does not.",
    example: Example::manifest(
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org], methods: [GET], paths: ['/works/OL**', '**']}]\n",
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org], methods: [GET], paths: ['/works/**', '/**']}]\n",
    ),
};

pub static LITERAL_PATTERN: Rule = Rule {
    code: "capabilities/literal-pattern",
    severity: Severity::Warning,
    summary: "A pattern is written in the way of another system, and stands for itself.",
    why: "Only `*` is special. `{id}`, `:id`, `[a-z]` and `.*` are letters that a request would have to hold, so the rule matches none.",
    example: Example::manifest(
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org], methods: [GET], paths: ['/works/{id}']}]\n",
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org], methods: [GET], paths: ['/works/*']}]\n",
    ),
};

pub static BAD_BODY: Rule = Rule {
    code: "capabilities/bad-body",
    severity: Severity::Error,
    summary: "A rule's `body` is no JSON Schema.",
    why: "The body of a request is held against it. With something else there, the rule allows nothing.",
    example: Example::manifest(
        "capabilities:\n  - name: notes\n    allow: [{domains: [api.example.com], methods: [POST], body: {type: objekt}}]\n",
        "capabilities:\n  - name: notes\n    allow: [{domains: [api.example.com], methods: [POST], body: {type: object}}]\n",
    ),
};

pub static DUPLICATE_VALUE: Rule = Rule {
    code: "capabilities/duplicate-value",
    severity: Severity::Info,
    summary: "A rule lists a method, a host or a path twice.",
    why: "The second does nothing. Most likely another was meant.",
    example: Example::manifest(
        "capabilities:\n  - name: notes\n    allow: [{domains: [api.example.com], methods: [GET, GET]}]\n",
        "capabilities:\n  - name: notes\n    allow: [{domains: [api.example.com], methods: [GET, POST]}]\n",
    ),
};

pub static DUPLICATE_RULE: Rule = Rule {
    code: "capabilities/duplicate-rule",
    severity: Severity::Warning,
    summary: "Two rules of a capability have the same name.",
    why: "Transforms choose rules by name, and would change the requests of both.",
    example: Example::manifest(
        "capabilities:\n  - name: openlib-read\n    allow:\n      - {name: read, domains: [openlibrary.org], methods: [GET]}\n      - {name: read, domains: [covers.openlibrary.org], methods: [GET]}\n",
        "capabilities:\n  - name: openlib-read\n    allow:\n      - {name: records, domains: [openlibrary.org], methods: [GET]}\n      - {name: covers, domains: [covers.openlibrary.org], methods: [GET]}\n",
    ),
};

/// Checks the rules of one capability.
pub(super) fn check(rules: &[Node], out: &mut Vec<Diagnostic>) {
    let mut names: HashMap<&str, usize> = HashMap::new();
    for (number, rule) in rules.iter().enumerate() {
        if !matches!(rule.value, Value::Map(_)) {
            continue;
        }
        if let Some(node) = rule.get("name")
            && let Some(name) = node.as_text()
            && let Some(first) = names.insert(name, number)
        {
            let message = format!("`{}` is the name of rule {} as well", shown(name), first + 1);
            out.push(DUPLICATE_RULE.at(MANIFEST, node.span.clone(), message).hint("Name each after what it allows."));
        }
        check_presence(rule, out);
        hosts::check(rule, out);
        for node in rule.get("paths").map(Node::items).unwrap_or_default() {
            check_path(node, out);
        }
        check_doubles(rule, out);
        for (_, node) in rule.get("query").map(Node::entries).unwrap_or_default() {
            check_query(node, out);
        }
        if let Some((key, body)) = rule.entries().iter().find(|(key, _)| key.name == "body") {
            check_body(key, body, out);
        }
    }
}

fn check_doubles(rule: &Node, out: &mut Vec<Diagnostic>) {
    for key in ["methods", "domains", "paths"] {
        let mut seen = HashSet::new();
        for node in rule.get(key).map(Node::items).unwrap_or_default() {
            if let Some(written) = node.as_text()
                && !seen.insert(written)
            {
                let message = format!("`{}` stands in `{key}` already", shown(written));
                out.push(
                    DUPLICATE_VALUE.at(MANIFEST, node.span.clone(), message).hint("Remove it, or write the one that is meant."),
                );
            }
        }
    }
}

fn check_presence(rule: &Node, out: &mut Vec<Diagnostic>) {
    let head = rule.get("name").or(rule.entries().first().map(|(_, node)| node)).unwrap_or(rule);
    let head = if head.span.is_empty() { rule.span.clone() } else { head.span.clone() };
    for (key, example) in [("domains", "`domains: [api.example.org]`"), ("methods", "`methods: [GET]`")] {
        if rule.key(key).is_none() {
            let found = EMPTY_CONDITION.at(MANIFEST, head.clone(), format!("this rule has no `{key}`, so it allows nothing"));
            out.push(found.hint(format!("Add {example}.")));
        }
    }
    for (key, node) in rule.entries() {
        let known = matches!(key.name.as_str(), "name" | "domains" | "methods" | "paths" | "query" | "body" | "allow_insecure");
        let message = match &node.value {
            Value::Null if known => format!("`{}` is empty, so this rule allows nothing", key.name),
            Value::List(items) if items.is_empty() && matches!(key.name.as_str(), "domains" | "methods" | "paths") => {
                format!("`{}` lists nothing, so this rule allows nothing", key.name)
            }
            _ => continue,
        };
        let found = EMPTY_CONDITION.at(MANIFEST, key.span.clone(), message);
        out.push(match key.name.as_str() {
            "domains" | "methods" => found.hint("List at least one."),
            _ => found.hint("Give it a value, or remove the key: left out, it stands in nobody's way."),
        });
    }
}

fn check_path(node: &Node, out: &mut Vec<Diagnostic>) {
    let Some(written) = node.as_text() else { return };
    if let Err(trouble) = normal_pattern(written) {
        let found = BAD_PATH.at(MANIFEST, node.span.clone(), format!("this rule {trouble}"));
        let begun = format!("/{written}");
        out.push(if written.contains(['?', '#']) {
            found.hint("Keep what stands before it, and write `query: {name: '*'}` beside `paths`.")
        } else if !written.is_empty() && !written.contains("://") && normal_pattern(&begun).is_ok() {
            found.hint(format!("Write `{}`.", shown(&begun))).with_fix(Fix::one(
                format!("Change to `{begun}`"),
                MANIFEST,
                node.span.clone(),
                quoted(&begun),
            ))
        } else {
            found.hint("Write the path of a URL, as in `/works/*.json`: `*` within a segment, `**` across.")
        });
        return;
    }
    let place = node.span.clone();
    if !written.starts_with('/') {
        let found = ODD_PATH.at(MANIFEST, place, format!("`{}` does not begin with `/`", shown(written)));
        let begun = format!("/{written}");
        out.push(if written.starts_with("**") {
            found.hint(format!("Write `{}`.", shown(&begun))).with_fix(Fix::one(
                format!("Change to `{begun}`"),
                MANIFEST,
                node.span.clone(),
                quoted(&begun),
            ))
        } else {
            found.hint("`*` stays within a segment, so it matches no path. Write `/**` for any path, or leave `paths` out.")
        });
    } else if written.split('/').any(|segment| segment.contains("**") && segment != "**") {
        let message = format!("`**` in `{}` is not a whole segment, so it does not cross one", shown(written));
        out.push(ODD_PATH.at(MANIFEST, place, message).hint("Write `/**` for all below, or a single `*` within a segment."));
    } else if let Some(piece) = foreign_piece(written) {
        let message = format!("`{}` in `{}` stands for itself", shown(piece), shown(written));
        out.push(LITERAL_PATTERN.at(MANIFEST, place, message).hint("Write `*` for what differs from request to request."));
    }
}

/// A path as YAML takes it without quotes, or between them.
fn quoted(path: &str) -> String {
    let plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'_' | b'-' | b'*'));
    if plain { path.to_owned() } else { format!("'{}'", path.replace('\'', "''")) }
}

/// A segment in the way of a router or a shell: `{id}`, `:id`, `[0-9]`, `(.*)`.
fn foreign_piece(path: &str) -> Option<&str> {
    path.split('/').find(|segment| {
        let named = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let within = |open, close| segment.find(open).is_some_and(|at| segment[at..].contains(close));
        segment.strip_prefix(':').is_some_and(named)
            || segment.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).is_some_and(named)
            || within('{', '}')
            // A range or digits; a name between brackets is just that.
            || within_brackets(segment).is_some_and(|inner| {
                inner.contains('-') || (!inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_digit()))
            })
            || segment.contains(".*)")
            || (within('(', ')') && segment.contains('|'))
            || matches!(segment.trim_end_matches('$'), ".*" | ".+" | "(.*)" | "(.+)")
    })
}

/// What stands between the first brackets of a segment.
fn within_brackets(segment: &str) -> Option<&str> {
    segment.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map(|(inner, _)| inner)
}

fn check_query(node: &Node, out: &mut Vec<Diagnostic>) {
    let Some(written) = node.as_text() else { return };
    if written.contains(".*") || written.contains(".+") || (written.starts_with('^') && written.ends_with('$')) {
        let message = format!("`{}` looks like a regular expression, and only `*` is special", shown(written));
        out.push(LITERAL_PATTERN.at(MANIFEST, node.span.clone(), message).hint("Write `*` for any letters, as in `isbn:*`."));
    }
}

fn check_body(key: &Key, body: &Node, out: &mut Vec<Diagnostic>) {
    let (place, message) = match &body.value {
        // A key still being written is told elsewhere; `true` and `false` are schemas.
        Value::Null | Value::Bool(_) => return,
        Value::Text(path) => {
            (body.span.clone(), format!("`{}` is text, and the schema itself is wanted: this rule allows nothing", shown(path)))
        }
        Value::Map(_) => match Schema::from_value(&yaml_to_json(body)) {
            Ok(_) => return,
            Err(error) => {
                let place = match &error {
                    SchemaError::Invalid { at, .. } => place_of(body, at),
                    _ => key.span.clone(),
                };
                (place, format!("this rule allows nothing: {}", lower_first(&error.to_string())))
            }
        },
        _ => (body.span.clone(), format!("a JSON Schema is wanted, and this is {}: this rule allows nothing", body.kind())),
    };
    let hint = "Write the schema below `body:`, as in `{type: object, required: [title]}`, or remove the key.";
    out.push(BAD_BODY.at(MANIFEST, place, message.trim_end_matches('.')).hint(hint));
}

/// Where a JSON pointer leads, as far as it leads anywhere.
fn place_of(node: &Node, pointer: &str) -> Range<usize> {
    let mut node = node;
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        let below = node.get(&step).or_else(|| node.items().get(step.parse::<usize>().ok()?));
        match below {
            Some(below) => node = below,
            None => break,
        }
    }
    node.span.clone()
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::{manifest, mended, only};

    fn rule(rest: &str) -> String {
        manifest(&format!("name: n\ndescription: d\ncapabilities:\n  - name: c\n    allow:\n      - {{{rest}}}\n"))
    }

    #[test]
    fn a_rule_names_hosts_and_methods() {
        insta::assert_snapshot!(rule("name: r"), @"
        Error capabilities/empty-condition pack.yaml:6:16 <r> this rule has no `domains`, so it allows nothing
          hint: Add `domains: [api.example.org]`.
        Error capabilities/empty-condition pack.yaml:6:16 <r> this rule has no `methods`, so it allows nothing
          hint: Add `methods: [GET]`.
        ");
        insta::assert_snapshot!(rule("domains: [], methods: , paths: [], query: , body: , allow_insecure: "), @"
        Error capabilities/empty-condition pack.yaml:6:10 <domains> `domains` lists nothing, so this rule allows nothing
          hint: List at least one.
        Error capabilities/empty-condition pack.yaml:6:23 <methods> `methods` is empty, so this rule allows nothing
          hint: List at least one.
        Error capabilities/empty-condition pack.yaml:6:34 <paths> `paths` lists nothing, so this rule allows nothing
          hint: Give it a value, or remove the key: left out, it stands in nobody's way.
        Error capabilities/empty-condition pack.yaml:6:45 <query> `query` is empty, so this rule allows nothing
          hint: Give it a value, or remove the key: left out, it stands in nobody's way.
        Error capabilities/empty-condition pack.yaml:6:54 <body> `body` is empty, so this rule allows nothing
          hint: Give it a value, or remove the key: left out, it stands in nobody's way.
        Error capabilities/empty-condition pack.yaml:6:62 <allow_insecure> `allow_insecure` is empty, so this rule allows nothing
          hint: Give it a value, or remove the key: left out, it stands in nobody's way.
        ");
        assert_eq!(rule("domains: [a.org], methods: [GET], query: {}"), "");
    }

    #[test]
    fn paths_are_read_as_the_engine_reads_them() {
        insta::assert_snapshot!(rule("domains: [a.org], methods: [GET], paths: [search, '/a?b=*', /a/../b, '/a%2fb', '', 'https://a.org/x', 'a b']"), @"
        Error capabilities/bad-path pack.yaml:6:52 <search> this rule has the path `search`, which does not begin with `/`, so it allows nothing
          hint: Write `/search`.
          fix: Change to `/search`
        Error capabilities/bad-path pack.yaml:6:60 <'/a?b=*'> this rule has the path `/a?b=*`, and a path has no `?` or `#`: conditions on the query stand in `query`, so it allows nothing
          hint: Keep what stands before it, and write `query: {name: '*'}` beside `paths`.
        Error capabilities/bad-path pack.yaml:6:70 </a/../b> this rule has the path `/a/../b`, with `.`, `..` or an encoding that no request may have, so it allows nothing
          hint: Write the path of a URL, as in `/works/*.json`: `*` within a segment, `**` across.
        Error capabilities/bad-path pack.yaml:6:79 <'/a%2fb'> this rule has the path `/a%2fb`, with `.`, `..` or an encoding that no request may have, so it allows nothing
          hint: Write the path of a URL, as in `/works/*.json`: `*` within a segment, `**` across.
        Error capabilities/bad-path pack.yaml:6:89 <''> this rule has the path ``, which does not begin with `/`, so it allows nothing
          hint: Write the path of a URL, as in `/works/*.json`: `*` within a segment, `**` across.
        Error capabilities/bad-path pack.yaml:6:93 <'https://a.org/x'> this rule has the path `https://a.org/x`, which does not begin with `/`, so it allows nothing
          hint: Write the path of a URL, as in `/works/*.json`: `*` within a segment, `**` across.
        Error capabilities/bad-path pack.yaml:6:112 <'a b'> this rule has the path `a b`, which does not begin with `/`, so it allows nothing
          hint: Write `/a b`.
          fix: Change to `/a b`
        ");
        insta::assert_snapshot!(rule("domains: [a.org], methods: [GET], paths: ['**', '*', '/a**', '/v1/{id}/x', '/v1/:id', '/[a-z]/', '/<name>']"), @"
        Warning capabilities/odd-path pack.yaml:6:52 <'**'> `**` does not begin with `/`
          hint: Write `/**`.
          fix: Change to `/**`
        Warning capabilities/odd-path pack.yaml:6:58 <'*'> `*` does not begin with `/`
          hint: `*` stays within a segment, so it matches no path. Write `/**` for any path, or leave `paths` out.
        Warning capabilities/odd-path pack.yaml:6:63 <'/a**'> `**` in `/a**` is not a whole segment, so it does not cross one
          hint: Write `/**` for all below, or a single `*` within a segment.
        Warning capabilities/literal-pattern pack.yaml:6:71 <'/v1/{id}/x'> `{id}` in `/v1/{id}/x` stands for itself
          hint: Write `*` for what differs from request to request.
        Warning capabilities/literal-pattern pack.yaml:6:85 <'/v1/:id'> `:id` in `/v1/:id` stands for itself
          hint: Write `*` for what differs from request to request.
        Warning capabilities/literal-pattern pack.yaml:6:96 <'/[a-z]/'> `[a-z]` in `/[a-z]/` stands for itself
          hint: Write `*` for what differs from request to request.
        Warning capabilities/literal-pattern pack.yaml:6:107 <'/<name>'> `<name>` in `/<name>` stands for itself
          hint: Write `*` for what differs from request to request.
        ");
        assert_eq!(
            rule(
                "domains: [a.org], methods: [GET], paths: [/, '/**', '/a/**/b', '/*.json', '/a:b', '/x/:', '/bücher/*', '/[x]']"
            ),
            ""
        );
    }

    #[test]
    fn a_path_without_its_slash_gets_it() {
        let text = "name: n\ndescription: d\ncapabilities:\n  - name: c\n    allow:\n      - {domains: [a.org], methods: [GET], paths: ['a b']}\n";
        let (text, after) = mended(text);
        assert!(text.contains("paths: ['/a b']"), "{text}");
        assert_eq!(after, "");
    }

    #[test]
    fn a_query_has_no_regular_expressions() {
        insta::assert_snapshot!(rule("domains: [a.org], methods: [GET], query: {q: '^.*$', p: 'a*b', n: 5}"), @"
        Warning capabilities/literal-pattern pack.yaml:6:55 <'^.*$'> `^.*$` looks like a regular expression, and only `*` is special
          hint: Write `*` for any letters, as in `isbn:*`.
        ");
    }

    #[test]
    fn a_body_is_a_schema_and_the_fault_has_its_place() {
        insta::assert_snapshot!(rule("domains: [a.org], methods: [POST], body: {type: object, properties: {a: {type: strin}}}"), @r#"
        Error capabilities/bad-body pack.yaml:6:89 <strin> this rule allows nothing: the schema is not valid at `/properties/a/type`: it must be "array", "boolean", "integer", "null", "number", "object" or "string" or array, is "strin"
          hint: Write the schema below `body:`, as in `{type: object, required: [title]}`, or remove the key.
        "#);
        insta::assert_snapshot!(rule("domains: [a.org], methods: [POST], body: schemas/a.json"), @"
        Error capabilities/bad-body pack.yaml:6:51 <schemas/a.json> `schemas/a.json` is text, and the schema itself is wanted: this rule allows nothing
          hint: Write the schema below `body:`, as in `{type: object, required: [title]}`, or remove the key.
        ");
        insta::assert_snapshot!(rule("domains: [a.org], methods: [POST], body: [1]"), @"
        Error capabilities/bad-body pack.yaml:6:51 <[1]> a JSON Schema is wanted, and this is a list: this rule allows nothing
          hint: Write the schema below `body:`, as in `{type: object, required: [title]}`, or remove the key.
        ");
        assert_eq!(rule("domains: [a.org], methods: [POST], body: {type: object}"), "");
        assert_eq!(rule("domains: [a.org], methods: [POST], body: true"), "");
    }

    #[test]
    fn conditions_that_are_not_known_make_a_rule_refuse() {
        insta::assert_snapshot!(rule("domains: [a.org], methods: [GET], cel: x, pathes: [/a]"), @"
        Error capabilities/unknown-condition pack.yaml:6:44 <cel> `cel` is not a key of an allow rule
          hint: The rule allows nothing as long as it stands here.
          hint: Remove it, or move what it says to a key that platforms read.
        Error capabilities/unknown-condition pack.yaml:6:52 <pathes> `pathes` is not a key of an allow rule
          hint: The rule allows nothing as long as it stands here.
          hint: Did you mean `paths`?
          fix: Change to `paths`
        ");
    }

    #[test]
    fn patterns_of_other_systems_are_told_and_names_are_not() {
        let paths = |paths: &str| only("capabilities", &rule(&format!("domains: [a.org], methods: [GET], paths: [{paths}]")));
        let found = paths("'/v1/.*', '/v[12]/**', '/(a|b)', '/v1/(.*)', '/x/.+$'");
        assert_eq!(found.matches("Warning capabilities/literal-pattern").count(), 5, "{found}");
        assert_eq!(paths("'/a/*.*', '/file.*', '/[slug]', '/a(1)', '/a b', '/.well-known/*'"), "");
    }

    #[test]
    fn what_is_listed_twice_is_told() {
        insta::assert_snapshot!(rule("domains: [a.org, b.org, a.org], methods: [GET, GET, POST], paths: [/a, /b]"), @"
        Info capabilities/duplicate-value pack.yaml:6:34 <a.org> `a.org` stands in `domains` already
          hint: Remove it, or write the one that is meant.
        Info capabilities/duplicate-value pack.yaml:6:57 <GET> `GET` stands in `methods` already
          hint: Remove it, or write the one that is meant.
        ");
    }

    #[test]
    fn names_of_rules_are_unique_in_a_capability() {
        let text = |second: &str| {
            format!(
                "name: n\ndescription: d\ncapabilities:\n  - name: c\n    allow:\n      - {{name: r, domains: [a.org], methods: [GET]}}\n      - {{name: {second}, domains: [b.org], methods: [GET]}}\n"
            )
        };
        insta::assert_snapshot!(manifest(&text("r")), @"
        Warning capabilities/duplicate-rule pack.yaml:7:16 <r> `r` is the name of rule 1 as well
          hint: Name each after what it allows.
        ");
        assert_eq!(manifest(&text("s")), "");
    }
}
