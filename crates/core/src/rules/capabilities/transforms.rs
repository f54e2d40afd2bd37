//! Changes to requests: whom they are for, and whether the engine would make them.

use super::super::{Example, Rule};
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::folder::MANIFEST;
use crate::nearest::Guesses;
use crate::policy::{header_trouble, is_prefix, secret_name};
use crate::text::shown;
use crate::yaml::{Key, Node, Value};
use std::collections::HashSet;

/// Found where unknown keys are; see [`crate::rules::keys`].
pub static UNKNOWN_CHANGE: Rule = Rule {
    code: "capabilities/unknown-change",
    severity: Severity::Error,
    summary: "A transform asks for a change that is not known here.",
    why: "A request that should have been changed and was not is another request than the author meant, so it is not sent.",
    example: Example::manifest(
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org], methods: [GET]}]\n    transforms: [{headers: {add: {Accept: application/json}}}]\n",
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org], methods: [GET]}]\n    transforms: [{headers: {set: {Accept: application/json}}}]\n",
    ),
};

pub static UNKNOWN_RULE: Rule = Rule {
    code: "capabilities/unknown-rule",
    severity: Severity::Error,
    summary: "`applies_to` names a rule that the capability does not have.",
    why: "The transform is for rules of its own capability. For one that is not there it does nothing, and requests go out without their credentials.",
    example: Example::manifest(
        "capabilities:\n  - name: openlib-read\n    allow: [{name: search, domains: [openlibrary.org], methods: [GET]}]\n    transforms: [{applies_to: [serch], headers: {set: {Accept: application/json}}}]\n",
        "capabilities:\n  - name: openlib-read\n    allow: [{name: search, domains: [openlibrary.org], methods: [GET]}]\n    transforms: [{applies_to: [search], headers: {set: {Accept: application/json}}}]\n",
    ),
};

pub static IDLE_TRANSFORM: Rule = Rule {
    code: "capabilities/idle-transform",
    severity: Severity::Warning,
    summary: "A transform is for no rule, or changes nothing.",
    why: "It looks as if something were done to requests, and nothing is.",
    example: Example::manifest(
        "capabilities:\n  - name: openlib-read\n    allow: [{name: search, domains: [openlibrary.org], methods: [GET]}]\n    transforms: [{applies_to: [], headers: {set: {Accept: application/json}}}]\n",
        "capabilities:\n  - name: openlib-read\n    allow: [{name: search, domains: [openlibrary.org], methods: [GET]}]\n    transforms: [{headers: {set: {Accept: application/json}}}]\n",
    ),
};

pub static BAD_VALUE: Rule = Rule {
    code: "capabilities/bad-header",
    severity: Severity::Error,
    summary: "A transform sets a header that it may not, or a header or parameter to something that is no text.",
    why: "Headers that frame a message or name its receiver are the host's, so the request is not sent. What is no text is left out.",
    example: Example::manifest(
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org], methods: [GET]}]\n    transforms: [{headers: {set: {Host: example.com}}}]\n",
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org], methods: [GET]}]\n    transforms: [{headers: {set: {Accept: application/json}}}]\n",
    ),
};

pub static BAD_REFERENCE: Rule = Rule {
    code: "capabilities/bad-reference",
    severity: Severity::Error,
    summary: "A `${…}` of a transform is no secret, or an `auth` names none.",
    why: "Only secrets can be put in, written `${secrets[\"name\"]}`. A request that would go out without its secret, or with the letters of a reference, is not sent.",
    example: Example::manifest(
        "credentials: [{name: mail, kind: api_key}]\ncapabilities:\n  - name: mail\n    allow: [{domains: [api.example.com], methods: [POST]}]\n    transforms: [{auth: {bearer: '${secrets.mail}'}}]\n",
        "credentials: [{name: mail, kind: api_key}]\ncapabilities:\n  - name: mail\n    allow: [{domains: [api.example.com], methods: [POST]}]\n    transforms: [{auth: {bearer: '${secrets[\"mail\"]}'}}]\n",
    ),
};

pub static BAD_PLACE: Rule = Rule {
    code: "capabilities/bad-place",
    severity: Severity::Error,
    summary: "A transform's path prefix is no path, or its place in a body is no JSON pointer.",
    why: "The engine does not guess where a change belongs: the request is not sent.",
    example: Example::manifest(
        "capabilities:\n  - name: notes\n    allow: [{domains: [api.example.com], methods: [POST]}]\n    transforms: [{path: {prefix: v1}, body: {set: {user/name: ann}}}]\n",
        "capabilities:\n  - name: notes\n    allow: [{domains: [api.example.com], methods: [POST]}]\n    transforms: [{path: {prefix: /v1}, body: {set: {/user/name: ann}}}]\n",
    ),
};

pub static BAD_AUTH: Rule = Rule {
    code: "capabilities/bad-auth",
    severity: Severity::Error,
    summary: "An `auth` lacks a part that it needs.",
    why: "A secret without the name of its header, or a password without its user, is put nowhere: requests go out without it, or not at all.",
    example: Example::manifest(
        "credentials: [{name: mail, kind: api_key}]\ncapabilities:\n  - name: mail\n    allow: [{domains: [api.example.com], methods: [POST]}]\n    transforms: [{auth: {header: {value: '${secrets[\"mail\"]}'}}}]\n",
        "credentials: [{name: mail, kind: api_key}]\ncapabilities:\n  - name: mail\n    allow: [{domains: [api.example.com], methods: [POST]}]\n    transforms: [{auth: {header: {name: X-Api-Key, value: '${secrets[\"mail\"]}'}}}]\n",
    ),
};

pub static SET_AND_REMOVED: Rule = Rule {
    code: "capabilities/set-and-removed",
    severity: Severity::Warning,
    summary: "A transform sets a header or a parameter and removes it.",
    why: "What is set takes the place of what was there by itself, so the removal does nothing; or it was meant to win, and does not.",
    example: Example::manifest(
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org], methods: [GET]}]\n    transforms: [{headers: {set: {Cookie: seen=1}, remove: [Cookie]}}]\n",
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org], methods: [GET]}]\n    transforms: [{headers: {remove: [Cookie]}}]\n",
    ),
};

/// Checks the transforms of one capability.
pub(super) fn check(capability: &Node, rules: &[Node], guesses: &Guesses, out: &mut Vec<Diagnostic>) {
    let transforms = capability.get("transforms").map(Node::items).unwrap_or_default();
    if transforms.is_empty() {
        return;
    }
    // A rule without a name is called by its number, as the engine does.
    let numbers: Vec<String> = (1..=rules.len()).map(|number| format!("rule {number}")).collect();
    let names: HashSet<&str> = rules.iter().zip(&numbers).map(|(rule, number)| rule.text_at("name").unwrap_or(number)).collect();
    for transform in transforms.iter().filter(|transform| matches!(transform.value, Value::Map(_))) {
        check_applies_to(transform, rules, &names, guesses, out);
        check_effect(transform, out);
        for place in ["headers", "query"] {
            let set = transform.get(place).and_then(|changes| changes.get("set")).map(Node::entries).unwrap_or_default();
            set.iter().for_each(|(key, value)| check_value(place, key, value, out));
            check_removed(place, transform, out);
        }
        if let Some(prefix) = transform.get("path").and_then(|path| path.get("prefix")) {
            check_prefix(prefix, out);
        }
        if let Some(body) = transform.get("body") {
            check_body(body, out);
        }
        check_auth(transform, out);
        check_references(transform, out);
    }
}

/// What is set cannot be removed as well.
fn check_removed(place: &str, transform: &Node, out: &mut Vec<Diagnostic>) {
    let Some(changes) = transform.get(place) else { return };
    let set = changes.get("set").map(Node::entries).unwrap_or_default();
    for node in changes.get("remove").map(Node::items).unwrap_or_default() {
        let Some(written) = node.as_text() else { continue };
        // Names of headers are the same in any case, names of parameters are not.
        let same = |name: &str| if place == "headers" { name.eq_ignore_ascii_case(written) } else { name == written };
        if set.iter().any(|(key, _)| same(&key.name)) {
            let message = format!("`{}` is set by this transform as well, and stays", shown(written));
            out.push(
                SET_AND_REMOVED
                    .at(MANIFEST, node.span.clone(), message)
                    .hint("Keep one of the two: what is set takes the place of what was there."),
            );
        }
    }
}

/// The parts of an `auth` that has several.
fn check_auth(transform: &Node, out: &mut Vec<Diagnostic>) {
    const PARTS: &[(&str, [(&str, &str); 2])] = &[
        ("header", [("name", "X-Api-Key"), ("value", "'${secrets[\"name\"]}'")]),
        ("query", [("name", "key"), ("value", "'${secrets[\"name\"]}'")]),
        ("basic", [("user", "ann"), ("password", "'${secrets[\"name\"]}'")]),
    ];
    let Some(auth) = transform.get("auth") else { return };
    for (kind, parts) in PARTS {
        let Some((key, node)) = auth.entries().iter().find(|(key, _)| key.name == *kind) else { continue };
        if !matches!(node.value, Value::Map(_)) {
            continue;
        }
        for (part, example) in parts {
            let lacks = node.get(part).is_none_or(|value| value.value == Value::Null);
            // A user without a password is how some services take a key.
            if lacks && *part != "password" {
                out.push(
                    BAD_AUTH
                        .at(MANIFEST, key.span.clone(), format!("this `{kind}` has no `{part}`"))
                        .hint(format!("Add it, as in `{part}: {example}`.")),
                );
            }
        }
    }
}

fn check_applies_to(transform: &Node, rules: &[Node], names: &HashSet<&str>, guesses: &Guesses, out: &mut Vec<Diagnostic>) {
    let Some((key, node)) = transform.entries().iter().find(|(key, _)| key.name == "applies_to") else { return };
    if node.value == Value::Null || matches!(&node.value, Value::List(items) if items.is_empty()) {
        let found = IDLE_TRANSFORM.at(MANIFEST, key.span.clone(), "`applies_to` names no rule, so this transform does nothing");
        out.push(
            found.hint("Name the rules that it is for, or remove the key: left out, it is for every rule of the capability."),
        );
    }
    for item in node.items() {
        let Some(written) = item.as_text() else { continue };
        if names.contains(written) {
            continue;
        }
        let message = format!("no rule of this capability is called `{}`", shown(written));
        let found = UNKNOWN_RULE.at(MANIFEST, item.span.clone(), message);
        let known: Vec<&str> = rules.iter().filter_map(|rule| rule.text_at("name")).collect();
        out.push(match guesses.nearest(written, known.iter().copied()) {
            Some(near) => found.did_you_mean(near),
            None if known.is_empty() => found.hint("Give the rule that is meant a `name`, or remove `applies_to`."),
            None => found.hint(format!("It has {}.", shown(&known.join(", ")))),
        });
    }
}

fn check_effect(transform: &Node, out: &mut Vec<Diagnostic>) {
    let acts = transform.entries().iter().any(|(key, node)| match key.name.as_str() {
        "applies_to" => false,
        "headers" | "query" | "body" | "path" => {
            // A key still being written, or one that is told of as unknown, is not nothing.
            node.value == Value::Null
                || node.entries().iter().any(|(inner, node)| {
                    let empty = match &node.value {
                        Value::List(items) => items.is_empty(),
                        Value::Map(entries) => entries.is_empty(),
                        Value::Text(text) => text.is_empty(),
                        _ => false,
                    };
                    !empty || !matches!(inner.name.as_str(), "set" | "remove" | "prefix")
                })
        }
        _ => true,
    });
    if !acts {
        let place = transform.entries().first().map_or(transform.span.clone(), |(key, _)| key.span.clone());
        out.push(
            IDLE_TRANSFORM
                .at(MANIFEST, place, "this transform changes nothing")
                .hint("Say what it changes with `auth`, `headers`, `query`, `path` or `body`, or remove it."),
        );
    }
}

fn check_value(place: &str, key: &Key, value: &Node, out: &mut Vec<Diagnostic>) {
    let what = if place == "headers" { "header" } else { "parameter" };
    let Some(text) = value.as_word() else {
        if value.value != Value::Null {
            let message = format!("the {what} `{}` is set to {}, which is left out", shown(&key.name), value.kind());
            out.push(BAD_VALUE.at(MANIFEST, value.span.clone(), message).hint("Put the value in quotes."));
        }
        return;
    };
    if place == "headers"
        && let Some(trouble) = header_trouble(&key.name, text)
    {
        let message = format!("this transform sets the header `{}`, {trouble}, so no request is sent", shown(&key.name));
        let found = BAD_VALUE.at(MANIFEST, key.span.clone(), message);
        out.push(if trouble.contains("letters") {
            found.hint("A header's value has plain letters only: encode others, or send them in the body.")
        } else {
            found.hint("Remove it.")
        });
    }
}

fn check_prefix(prefix: &Node, out: &mut Vec<Diagnostic>) {
    let Some(written) = prefix.as_text() else { return };
    // A reference is put in before the prefix is looked at.
    if written.is_empty() || written.contains("${") || is_prefix(written) {
        return;
    }
    let message = format!("`{}` cannot be put before a path, so no request is sent", shown(written));
    let found = BAD_PLACE.at(MANIFEST, prefix.span.clone(), message);
    let begun = format!("/{written}");
    out.push(if !written.contains("://") && is_prefix(&begun) {
        found.hint(format!("Write `{}`.", shown(&begun))).with_fix(Fix::one(
            format!("Change to `{}`", shown(&begun)),
            MANIFEST,
            prefix.span.clone(),
            begun,
        ))
    } else {
        found.hint("Write the beginning of a path, as in `/v1`: a transform cannot lead to another host, and has no `?` or `..`.")
    });
}

fn check_body(body: &Node, out: &mut Vec<Diagnostic>) {
    for (key, _) in body.get("set").map(Node::entries).unwrap_or_default() {
        if key.name.is_empty() || key.name.starts_with('/') {
            continue;
        }
        let message = format!("`{}` is no JSON pointer, so no request is sent", shown(&key.name));
        let begun = format!("/{}", key.name.replace('.', "/"));
        out.push(
            BAD_PLACE.at(MANIFEST, key.span.clone(), message).hint(format!("Pointers begin with `/`: `{}`.", shown(&begun))),
        );
    }
    if let Some(key) = body.key("remove") {
        out.push(
            UNKNOWN_CHANGE
                .at(MANIFEST, key.span.clone(), "nothing can be taken out of a body, so no request is sent")
                .hint("Set the value to something harmless, or let the handler leave it out."),
        );
    }
}

/// References of a transform: each must be a secret, and an `auth` must have one.
fn check_references(transform: &Node, out: &mut Vec<Diagnostic>) {
    let mut in_auth = false;
    for (key, node) in transform.entries() {
        let auth = key.name == "auth";
        if key.name == "applies_to" {
            continue;
        }
        node.walk(&mut |node| {
            let Some(text) = node.as_text() else { return };
            let references: Vec<&str> = text.split("${").skip(1).collect();
            in_auth |= auth && !references.is_empty();
            for reference in references.into_iter().filter(|reference| secret_name(reference).is_none()) {
                out.push(bad_reference(node, text, reference));
            }
        });
        if auth && matches!(&node.value, Value::Map(_)) && !in_auth {
            out.push(
                BAD_REFERENCE
                    .at(MANIFEST, key.span.clone(), "this `auth` names no secret, so no request is sent")
                    .hint("Declare a credential, and name it as in `bearer: '${secrets[\"name\"]}'`."),
            );
        }
    }
}

fn bad_reference(node: &Node, text: &str, reference: &str) -> Diagnostic {
    let inner = reference.split('}').next().unwrap_or(reference);
    let found = BAD_REFERENCE.at(MANIFEST, node.span.clone(), format!("`${{{}}}` is no secret", shown(inner)));
    let name = inner
        .trim()
        .strip_prefix("secrets.")
        .or_else(|| inner.trim().strip_prefix("secrets[").map(|rest| rest.trim_end_matches(']')));
    let name = name
        .filter(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')));
    let Some(name) = name else {
        return found.hint("Secrets are written `${secrets[\"name\"]}`; nothing else can be put in.");
    };
    let meant = format!("${{secrets[\"{name}\"]}}");
    let mended = text.replace(&format!("${{{inner}}}"), &meant);
    let found = found.hint(format!("Write `{meant}`."));
    if mended.contains(['\'', '\n']) {
        return found;
    }
    found.with_fix(Fix::one(format!("Change to `{meant}`"), MANIFEST, node.span.clone(), format!("'{mended}'")))
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::{manifest, mended};

    fn text(transform: &str) -> String {
        format!(
            "name: n\ndescription: d\ncredentials: [{{name: k, kind: api_key}}]\ncapabilities:\n  - name: c\n    allow: [{{name: search, domains: [a.org], methods: [POST]}}, {{domains: [b.org], methods: [POST]}}]\n    transforms:\n      - {{auth: {{bearer: '${{secrets[\"k\"]}}'}}}}\n      - {transform}\n"
        )
    }

    fn transform(written: &str) -> String {
        manifest(&text(written))
    }

    #[test]
    fn a_transform_is_for_rules_that_are_there() {
        insta::assert_snapshot!(transform("{applies_to: [serch, other], query: {set: {a: b}}}"), @"
        Error capabilities/unknown-rule pack.yaml:9:23 <serch> no rule of this capability is called `serch`
          hint: Did you mean `search`?
          fix: Change to `search`
        Error capabilities/unknown-rule pack.yaml:9:30 <other> no rule of this capability is called `other`
          hint: It has search.
        ");
        insta::assert_snapshot!(transform("{applies_to: [], query: {set: {a: b}}}"), @"
        Warning capabilities/idle-transform pack.yaml:9:10 <applies_to> `applies_to` names no rule, so this transform does nothing
          hint: Name the rules that it is for, or remove the key: left out, it is for every rule of the capability.
        ");
        assert_eq!(transform("{applies_to: [search, rule 2], query: {set: {a: b}}}"), "");
    }

    #[test]
    fn an_auth_has_its_parts() {
        insta::assert_snapshot!(transform("{applies_to: [search], auth: {header: {value: '${secrets[\"k\"]}'}}}"), @"
        Error capabilities/bad-auth pack.yaml:9:39 <header> this `header` has no `name`
          hint: Add it, as in `name: X-Api-Key`.
        ");
        insta::assert_snapshot!(transform("{auth: {basic: {password: '${secrets[\"k\"]}'}}}"), @"
        Error capabilities/bad-auth pack.yaml:9:17 <basic> this `basic` has no `user`
          hint: Add it, as in `user: ann`.
        ");
        for auth in [
            "header: {name: X-Key, value: '${secrets[\"k\"]}'}",
            "basic: {user: '${secrets[\"k\"]}'}",
            "query: {name: key, value: '${secrets[\"k\"]}'}",
        ] {
            assert_eq!(transform(&format!("{{auth: {{{auth}}}}}")), "", "{auth}");
        }
    }

    #[test]
    fn what_is_set_is_not_removed() {
        insta::assert_snapshot!(transform("{headers: {set: {Cookie: a}, remove: [cookie, Referer]}, query: {set: {a: b}, remove: [A]}}"), @"
        Warning capabilities/set-and-removed pack.yaml:9:47 <cookie> `cookie` is set by this transform as well, and stays
          hint: Keep one of the two: what is set takes the place of what was there.
        ");
    }

    #[test]
    fn a_transform_changes_something() {
        insta::assert_snapshot!(transform("{applies_to: [search]}"), @"
        Warning capabilities/idle-transform pack.yaml:9:10 <applies_to> this transform changes nothing
          hint: Say what it changes with `auth`, `headers`, `query`, `path` or `body`, or remove it.
        ");
        insta::assert_snapshot!(transform("{headers: {set: {}, remove: []}, path: {prefix: ''}}"), @"
        Warning capabilities/idle-transform pack.yaml:9:10 <headers> this transform changes nothing
          hint: Say what it changes with `auth`, `headers`, `query`, `path` or `body`, or remove it.
        ");
        assert_eq!(transform("{headers: {remove: [Cookie]}}"), "");
    }

    #[test]
    fn headers_that_are_the_host_s_are_not_set() {
        insta::assert_snapshot!(transform("{headers: {set: {Host: b.org, content-length: 5, 'a b': c, X-Ok: é, X-Fine: yes, X-True: true}}}"), @"
        Error capabilities/bad-header pack.yaml:9:26 <Host> this transform sets the header `Host`, which only the host itself writes, so no request is sent
          hint: Remove it.
        Error capabilities/bad-header pack.yaml:9:39 <content-length> this transform sets the header `content-length`, which only the host itself writes, so no request is sent
          hint: Remove it.
        Error capabilities/bad-header pack.yaml:9:58 <'a b'> this transform sets the header `a b`, which is no name of a header, so no request is sent
          hint: Remove it.
        Error capabilities/bad-header pack.yaml:9:68 <X-Ok> this transform sets the header `X-Ok`, whose value has letters that no header may have, so no request is sent
          hint: A header's value has plain letters only: encode others, or send them in the body.
        Error capabilities/bad-header pack.yaml:9:98 <true> the header `X-True` is set to true or false, which is left out
          hint: Put the value in quotes.
        ");
        insta::assert_snapshot!(transform("{query: {set: {a: true, b: [c], d: 5}}}"), @"
        Error capabilities/bad-header pack.yaml:9:27 <true> the parameter `a` is set to true or false, which is left out
          hint: Put the value in quotes.
        Error capabilities/bad-header pack.yaml:9:36 <[c]> the parameter `b` is set to a list, which is left out
          hint: Put the value in quotes.
        ");
    }

    #[test]
    fn references_are_secrets() {
        insta::assert_snapshot!(transform("{headers: {set: {X-Key: '${secrets.k}', X-Home: '${env.HOME}', X-Two: 'a ${k}'}}}"), @r#"
        Error capabilities/bad-reference pack.yaml:9:33 <'${secrets.k}'> `${secrets.k}` is no secret
          hint: Write `${secrets["k"]}`.
          fix: Change to `${secrets["k"]}`
        Error capabilities/bad-reference pack.yaml:9:57 <'${env.HOME}'> `${env.HOME}` is no secret
          hint: Secrets are written `${secrets["name"]}`; nothing else can be put in.
        Error capabilities/bad-reference pack.yaml:9:79 <'a ${k}'> `${k}` is no secret
          hint: Secrets are written `${secrets["name"]}`; nothing else can be put in.
        "#);
        insta::assert_snapshot!(transform("{auth: {bearer: abc}}"), @r#"
        Error capabilities/bad-reference pack.yaml:9:10 <auth> this `auth` names no secret, so no request is sent
          hint: Declare a credential, and name it as in `bearer: '${secrets["name"]}'`.
        "#);
        let (text, after) = mended(&text("{headers: {set: {X-Key: \"Key ${secrets.k}\"}}}"));
        assert!(text.contains("{X-Key: 'Key ${secrets[\"k\"]}'}"), "{text}");
        assert_eq!(after, "");
    }

    #[test]
    fn places_are_paths_and_pointers() {
        insta::assert_snapshot!(transform("{path: {prefix: v1}, body: {set: {a.b: 1, /ok: 2}, remove: [/c]}}"), @"
        Error capabilities/bad-place pack.yaml:9:25 <v1> `v1` cannot be put before a path, so no request is sent
          hint: Write `/v1`.
          fix: Change to `/v1`
        Error capabilities/bad-place pack.yaml:9:43 <a.b> `a.b` is no JSON pointer, so no request is sent
          hint: Pointers begin with `/`: `/a/b`.
        Error capabilities/unknown-change pack.yaml:9:60 <remove> nothing can be taken out of a body, so no request is sent
          hint: Set the value to something harmless, or let the handler leave it out.
        ");
        insta::assert_snapshot!(transform("{path: {prefix: 'https://b.org/x'}}"), @"
        Error capabilities/bad-place pack.yaml:9:25 <'https://b.org/x'> `https://b.org/x` cannot be put before a path, so no request is sent
          hint: Write the beginning of a path, as in `/v1`: a transform cannot lead to another host, and has no `?` or `..`.
        ");
        assert_eq!(transform("{path: {prefix: '/v1/${secrets[\"k\"]}'}, body: {set: {/a/b: {c: d}}}}"), "");
    }

    #[test]
    fn changes_that_are_not_known_are_told() {
        insta::assert_snapshot!(transform("{headers: {add: {a: b}}, set_headers: {a: b}, path: {suffix: x}}"), @"
        Error capabilities/unknown-change pack.yaml:9:20 <add> `add` is not a key of a set of changes
          hint: No request is sent as long as it stands here.
          hint: Remove it, or move what it says to a key that platforms read.
        Error capabilities/unknown-change pack.yaml:9:34 <set_headers> `set_headers` is not a key of a transform
          hint: No request is sent as long as it stands here.
          hint: Remove it, or move what it says to a key that platforms read.
        Error capabilities/unknown-change pack.yaml:9:62 <suffix> `suffix` is not a key of a change of the path
          hint: No request is sent as long as it stands here.
          hint: Remove it, or move what it says to a key that platforms read.
        ");
    }

    #[test]
    fn anything_may_stand_where_a_transform_should() {
        for odd in [
            "[]",
            "5",
            "{auth: 5}",
            "{auth: {bearer: }}",
            "{headers: x}",
            "{query: {set: 5}}",
            "{body: {set: [1]}}",
            "{path: {prefix: []}}",
            "{headers: {set: {é: '${'}}}",
        ] {
            transform(odd);
        }
    }
}
