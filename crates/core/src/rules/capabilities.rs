//! Network capabilities and the credentials they use: what can be told without knowing a request.

use super::{Example, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::MANIFEST;
use crate::nearest::Guesses;
use crate::shape::{CREDENTIAL_KINDS, METHODS};
use crate::text::shown;
use crate::yaml::Node;
use std::collections::{BTreeSet, HashSet};

pub static DUPLICATE_NAME: Rule = Rule {
    code: "capabilities/duplicate-name",
    severity: Severity::Error,
    summary: "Two capabilities have the same name.",
    why: "A platform that copies capabilities into a role merges them by name: one of the two is lost.",
    example: Example::manifest(
        "capabilities:\n  - name: openlib-read\n    type: http\n    allow:\n      - domains: [openlibrary.org]\n        methods: [GET]\n  - name: openlib-read\n    type: http\n    allow:\n      - domains: [covers.openlibrary.org]\n        methods: [GET]\n",
        "capabilities:\n  - name: openlib-read\n    type: http\n    allow:\n      - domains: [openlibrary.org]\n        methods: [GET]\n  - name: covers-read\n    type: http\n    allow:\n      - domains: [covers.openlibrary.org]\n        methods: [GET]\n",
    ),
};

pub static NO_ALLOW: Rule = Rule {
    code: "capabilities/no-allow",
    severity: Severity::Error,
    summary: "A network capability allows nothing.",
    why: "Everything is refused unless a rule allows it, so the tools that count on this capability fail.",
    example: Example::manifest(
        "capabilities:\n  - name: openlib-read\n    type: http\n    allow: []\n",
        "capabilities:\n  - name: openlib-read\n    type: http\n    allow:\n      - domains: [openlibrary.org]\n        methods: [GET]\n",
    ),
};

pub static BAD_METHOD: Rule = Rule {
    code: "capabilities/bad-method",
    severity: Severity::Error,
    summary: "A rule names a method that is not one of HTTP's, in upper case.",
    why: "Methods are compared letter by letter, so a rule with another spelling never matches.",
    example: Example::manifest(
        "capabilities:\n  - name: openlib-read\n    type: http\n    allow:\n      - domains: [openlibrary.org]\n        methods: [get]\n",
        "capabilities:\n  - name: openlib-read\n    type: http\n    allow:\n      - domains: [openlibrary.org]\n        methods: [GET]\n",
    ),
};

pub static UNKNOWN_CREDENTIAL: Rule = Rule {
    code: "capabilities/unknown-credential",
    severity: Severity::Error,
    summary: "A transform uses a secret that no credential declares.",
    why: "Nobody is asked for its value, so the request goes out without it, or not at all.",
    example: Example::manifest(
        "credentials:\n  - {name: openlib, kind: api_key}\ncapabilities:\n  - name: openlib-read\n    type: http\n    allow:\n      - domains: [openlibrary.org]\n        methods: [GET]\n    transforms:\n      - auth: {bearer: '${secrets[\"open-lib\"]}'}\n",
        "credentials:\n  - {name: openlib, kind: api_key}\ncapabilities:\n  - name: openlib-read\n    type: http\n    allow:\n      - domains: [openlibrary.org]\n        methods: [GET]\n    transforms:\n      - auth: {bearer: '${secrets[\"openlib\"]}'}\n",
    ),
};

pub static UNKNOWN_CREDENTIAL_KIND: Rule = Rule {
    code: "credentials/unknown-kind",
    severity: Severity::Error,
    summary: "A credential is of a kind that platforms do not have.",
    why: "The kind decides what the operator is asked for and how it is renewed.",
    example: Example::manifest(
        "credentials:\n  - {name: openlib, kind: token}\n",
        "credentials:\n  - {name: openlib, kind: api_key}\n",
    ),
};

/// Checks capabilities and credentials.
pub fn check(root: &Node, guesses: &Guesses, out: &mut Vec<Diagnostic>) {
    let credentials = root.get("credentials").map(Node::items).unwrap_or_default();
    for credential in credentials {
        let Some(node) = credential.get("kind") else { continue };
        if let Some(written) = node.as_text()
            && !CREDENTIAL_KINDS.contains(&written)
        {
            out.push(offer(
                UNKNOWN_CREDENTIAL_KIND.at(
                    MANIFEST,
                    node.span.clone(),
                    format!("`{}` is not a kind of credential", shown(written)),
                ),
                written,
                CREDENTIAL_KINDS,
                guesses,
            ));
        }
    }
    let declared: BTreeSet<&str> = credentials.iter().filter_map(|credential| credential.text_at("name")).collect();
    let mut names = HashSet::new();
    for capability in root.get("capabilities").map(Node::items).unwrap_or_default() {
        if let Some(node) = capability.get("name")
            && let Some(name) = node.as_text()
            && !names.insert(name)
        {
            out.push(
                DUPLICATE_NAME
                    .at(MANIFEST, node.span.clone(), format!("`{}` is the name of another capability as well", shown(name)))
                    .hint("Name each after what it allows, as in `openlib-read`."),
            );
        }
        // With a name and description only, it is Greentic's: a wish, not a permission.
        if capability.entries().iter().all(|(key, _)| matches!(key.name.as_str(), "name" | "description")) {
            continue;
        }
        let rules = capability.get("allow").map(Node::items).unwrap_or_default();
        if rules.is_empty() && capability.get("allow").is_none_or(|node| node.as_text().is_none()) {
            let place = capability
                .key("allow")
                .map(|key| key.span.clone())
                .or_else(|| capability.get("name").map(|node| node.span.clone()))
                .unwrap_or_else(|| capability.span.clone());
            out.push(
                NO_ALLOW
                    .at(
                        MANIFEST,
                        place,
                        format!("`{}` allows nothing", shown(capability.text_at("name").unwrap_or("this capability"))),
                    )
                    .hint("Add `allow:` with at least one rule: `- {domains: [api.example.org], methods: [GET]}`."),
            );
        }
        for method in rules.iter().filter_map(|rule| rule.get("methods")).flat_map(Node::items) {
            if let Some(written) = method.as_text()
                && !METHODS.contains(&written)
            {
                let found = BAD_METHOD.at(MANIFEST, method.span.clone(), format!("`{}` is not a method", shown(written)));
                out.push(offer(found, &written.to_uppercase(), METHODS, guesses));
            }
        }
        check_secrets(capability, &declared, guesses, out);
    }
}

fn offer(found: Diagnostic, written: &str, known: &'static [&'static str], guesses: &Guesses) -> Diagnostic {
    match guesses.nearest(written, known.iter().copied()) {
        Some(near) => found.did_you_mean(near),
        None => found.hint(format!("Choose one of {}.", known.join(", "))),
    }
}

/// Every `${secrets["name"]}` below a capability must name a credential.
fn check_secrets(capability: &Node, declared: &BTreeSet<&str>, guesses: &Guesses, out: &mut Vec<Diagnostic>) {
    capability.walk(&mut |node| {
        let Some(text) = node.as_text() else { return };
        for name in secret_names(text) {
            if declared.contains(name) {
                continue;
            }
            let found = UNKNOWN_CREDENTIAL.at(MANIFEST, node.span.clone(), format!("no credential is called `{}`", shown(name)));
            out.push(match guesses.nearest(name, declared.iter().copied()) {
                Some(near) => found.hint(format!("Did you mean `{near}`?")),
                None => found.hint(format!("Declare it: `credentials: [{{name: {}, kind: api_key}}]`.", shown(name))),
            });
        }
    });
}

/// The names in a text's secret references, quoted with either quote.
fn secret_names(text: &str) -> impl Iterator<Item = &str> {
    text.split("${secrets[").skip(1).filter_map(|rest| {
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        rest[1..].split(quote).next()
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::manifest;

    fn with(rest: &str) -> String {
        manifest(&format!("name: n\ndescription: d\n{rest}"))
    }

    #[test]
    fn a_capability_must_allow_something() {
        insta::assert_snapshot!(with("capabilities:\n  - {name: read, type: http}\n  - {name: read, type: http, allow: []}\n"), @"
        Error capabilities/no-allow pack.yaml:4:12 <read> `read` allows nothing
          hint: Add `allow:` with at least one rule: `- {domains: [api.example.org], methods: [GET]}`.
        Error capabilities/duplicate-name pack.yaml:5:12 <read> `read` is the name of another capability as well
          hint: Name each after what it allows, as in `openlib-read`.
        Error capabilities/no-allow pack.yaml:5:30 <allow> `read` allows nothing
          hint: Add `allow:` with at least one rule: `- {domains: [api.example.org], methods: [GET]}`.
        ");
        assert_eq!(with("capabilities:\n  - {name: greentic.cap.x.v1, description: A wish.}\n"), "");
    }

    #[test]
    fn methods_are_http_s_in_upper_case() {
        insta::assert_snapshot!(with("capabilities:\n  - {name: read, type: http, allow: [{domains: [a.org], methods: [get, FETCH, POST]}]}\n"), @"
        Error capabilities/bad-method pack.yaml:4:67 <get> `get` is not a method
          hint: Did you mean `GET`?
          fix: Change to `GET`
        Error capabilities/bad-method pack.yaml:4:72 <FETCH> `FETCH` is not a method
          hint: Choose one of GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS.
        ");
    }

    #[test]
    fn a_secret_names_a_credential() {
        let pack = |name: &str| {
            format!(
                "credentials: [{{name: openlib, kind: api_key}}]\ncapabilities:\n  - name: read\n    type: http\n    allow: [{{domains: [a.org], methods: [GET]}}]\n    transforms: [{{auth: {{bearer: '${{secrets[\"{name}\"]}}'}}}}]\n"
            )
        };
        insta::assert_snapshot!(with(&pack("openlab")), @r#"
        Error capabilities/unknown-credential pack.yaml:8:34 <'${secrets["openlab"]}'> no credential is called `openlab`
          hint: Did you mean `openlib`?
        "#);
        assert_eq!(with(&pack("openlib")), "");
    }

    #[test]
    fn a_credential_is_of_a_known_kind() {
        insta::assert_snapshot!(with("credentials: [{name: a, kind: apikey}]\n"), @"
        Error credentials/unknown-kind pack.yaml:3:31 <apikey> `apikey` is not a kind of credential
          hint: Did you mean `api_key`?
          fix: Change to `api_key`
        ");
    }
}
