//! Network capabilities and the credentials they use: what can be told without knowing a request.
//!
//! What a rule or a transform will do is asked of the engine that decides ([`crate::policy`]), so that no author is told otherwise here.

mod hosts;
mod requests;
mod shadow;
mod transforms;

pub use requests::UNKNOWN_CONDITION;
pub use transforms::UNKNOWN_CHANGE;

use super::{Example, Rule};
use crate::check::Context;
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::MANIFEST;
use crate::model;
use crate::nearest::Guesses;
use crate::shape::{CREDENTIAL_KINDS, METHODS};
use crate::text::shown;
use crate::yaml::{Node, Value};
use std::collections::{BTreeSet, HashSet};

pub static DUPLICATE_NAME: Rule = Rule {
    code: "capabilities/duplicate-name",
    severity: Severity::Error,
    summary: "Two capabilities have the same name.",
    why: "A platform that copies capabilities into a role merges them by name: one of the two is lost.",
    example: Example::manifest(
        "capabilities:\n  - name: books\n    allow: [{domains: [openlibrary.org], methods: [GET]}]\n  - name: books\n    allow: [{domains: [gutenberg.org], methods: [GET]}]\n",
        "capabilities:\n  - name: openlib\n    allow: [{domains: [openlibrary.org], methods: [GET]}]\n  - name: gutenberg\n    allow: [{domains: [gutenberg.org], methods: [GET]}]\n",
    ),
};

pub static NO_ALLOW: Rule = Rule {
    code: "capabilities/no-allow",
    severity: Severity::Error,
    summary: "A network capability allows nothing.",
    why: "Everything is refused unless a rule allows it, so the tools that count on this capability fail.",
    example: Example::manifest(
        "capabilities:\n  - name: openlib-read\n    type: http\n",
        "capabilities:\n  - name: openlib-read\n    type: http\n    allow:\n      - {domains: [openlibrary.org], methods: [GET], paths: [/search.json]}\n",
    ),
};

pub static BAD_METHOD: Rule = Rule {
    code: "capabilities/bad-method",
    severity: Severity::Error,
    summary: "A rule names a method that is not one of HTTP's, in upper case.",
    why: "Methods are compared letter by letter, so a rule with another spelling never matches.",
    example: Example::manifest(
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org], methods: [get]}]\n",
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org], methods: [GET]}]\n",
    ),
};

pub static UNKNOWN_CREDENTIAL: Rule = Rule {
    code: "capabilities/unknown-credential",
    severity: Severity::Error,
    summary: "A transform or a trigger uses a secret that no credential declares.",
    why: "Nobody is asked for its value, so the request goes out without it, or not at all.",
    example: Example::manifest(
        "capabilities:\n  - name: mail\n    allow: [{domains: [api.example.com], methods: [POST]}]\n    transforms: [{auth: {bearer: '${secrets[\"mail\"]}'}}]\n",
        "credentials: [{name: mail, kind: api_key}]\ncapabilities:\n  - name: mail\n    allow: [{domains: [api.example.com], methods: [POST]}]\n    transforms: [{auth: {bearer: '${secrets[\"mail\"]}'}}]\n",
    ),
};

pub static UNKNOWN_CREDENTIAL_KIND: Rule = Rule {
    code: "credentials/unknown-kind",
    severity: Severity::Error,
    summary: "A credential is of a kind that platforms do not have.",
    why: "The kind decides what the operator is asked for and how it is renewed.",
    example: Example::manifest("credentials: [{name: mail, kind: token}]\n", "credentials: [{name: mail, kind: api_key}]\n"),
};

pub static DUPLICATE_CREDENTIAL: Rule = Rule {
    code: "credentials/duplicate-name",
    severity: Severity::Error,
    summary: "Two credentials have the same name.",
    why: "Transforms call a secret by this name; with two of it, which one is sent is chance.",
    example: Example::manifest(
        "credentials:\n  - {name: mail, kind: api_key}\n  - {name: mail, kind: basic_auth}\n",
        "credentials:\n  - {name: mail, kind: api_key}\n  - {name: archive, kind: basic_auth}\n",
    ),
};

pub static BAD_NAME: Rule = Rule {
    code: "capabilities/bad-name",
    severity: Severity::Error,
    summary: "A capability's name is missing, or not a letter and up to 63 letters, digits, `_` and `-`.",
    why: "Platforms merge capabilities into a role by their names and refuse others; names that begin with `_` are their own. One without a name allows nothing.",
    example: Example::manifest(
        "capabilities:\n  - name: _open library\n    allow: [{domains: [openlibrary.org], methods: [GET]}]\n",
        "capabilities:\n  - name: open-library\n    allow: [{domains: [openlibrary.org], methods: [GET]}]\n",
    ),
};

pub static UNKNOWN_TYPE: Rule = Rule {
    code: "capabilities/unknown-type",
    severity: Severity::Error,
    summary: "A capability is of a type other than `http`.",
    why: "Only network access over HTTP can be permitted; a capability of another type allows nothing.",
    example: Example::manifest(
        "capabilities:\n  - name: openlib-read\n    type: https\n    allow: [{domains: [openlibrary.org], methods: [GET]}]\n",
        "capabilities:\n  - name: openlib-read\n    type: http\n    allow: [{domains: [openlibrary.org], methods: [GET]}]\n",
    ),
};

pub static BAD_BUDGET: Rule = Rule {
    code: "capabilities/bad-budget",
    severity: Severity::Error,
    summary: "A budget is zero, or no number.",
    why: "A budget that cannot be read counts as zero, so that a slip of the finger spends nothing: every request is refused.",
    example: Example::manifest(
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org], methods: [GET]}]\n    budgets: {per_task: {requests: 0, bytes: 50 megs}}\n",
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org], methods: [GET]}]\n    budgets: {per_task: {requests: 20, bytes: 50MB}}\n",
    ),
};

/// The family's rules that are not in the list of the core.
pub static RULES: &[&Rule] = &[
    &DUPLICATE_CREDENTIAL,
    &BAD_NAME,
    &UNKNOWN_TYPE,
    &BAD_BUDGET,
    &hosts::BAD_DOMAIN,
    &hosts::DOMAIN_SPELLING,
    &hosts::PRIVATE_HOST,
    &hosts::OWN_NETWORK,
    &hosts::METADATA_HOST,
    &hosts::INSECURE_PUBLIC,
    &hosts::IDLE_INSECURE,
    &requests::UNKNOWN_CONDITION,
    &requests::EMPTY_CONDITION,
    &requests::BAD_PATH,
    &requests::ODD_PATH,
    &requests::LITERAL_PATTERN,
    &requests::BAD_BODY,
    &requests::DUPLICATE_RULE,
    &requests::DUPLICATE_VALUE,
    &shadow::SHADOWED,
    &transforms::UNKNOWN_CHANGE,
    &transforms::UNKNOWN_RULE,
    &transforms::IDLE_TRANSFORM,
    &transforms::BAD_VALUE,
    &transforms::BAD_REFERENCE,
    &transforms::BAD_PLACE,
    &transforms::BAD_AUTH,
    &transforms::SET_AND_REMOVED,
];

/// Checks capabilities and credentials.
pub fn check(root: &Node, ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let guesses = &ctx.guesses;
    let credentials = root.get("credentials").map(Node::items).unwrap_or_default();
    let mut declared = BTreeSet::new();
    for credential in credentials {
        check_credential(credential, &mut declared, guesses, out);
    }
    // In the part that cannot be read there may be others.
    let declared = (!ctx.may_lack(&["credentials"])).then_some(&declared);
    let capabilities: Vec<&Node> = root.get("capabilities").map(Node::items).unwrap_or_default().iter().collect();
    let mut names = HashSet::new();
    for capability in &capabilities {
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
        if !is_wish(capability) {
            ctx.of_item(("capabilities", 0), &capability.span, out, |out| {
                check_item(capability, guesses, out);
                true
            });
            if let Some(declared) = declared {
                check_secrets(capability, declared, guesses, out);
            }
        }
    }
    shadow::check(&capabilities, ctx, out);
    for trigger in root.get("triggers").map(Node::items).unwrap_or_default() {
        if let (Some(verify), Some(declared)) = (trigger.get("verify"), declared) {
            check_secrets(verify, declared, guesses, out);
        }
    }
}

/// True for an entry with a name and description only: it is Greentic's, a wish and no permission.
pub(crate) fn is_wish(capability: &Node) -> bool {
    capability.entries().iter().all(|(key, _)| matches!(key.name.as_str(), "name" | "description"))
}

/// Checks one capability by itself.
pub fn check_item(capability: &Node, guesses: &Guesses, out: &mut Vec<Diagnostic>) {
    if !matches!(capability.value, Value::Map(_)) {
        return;
    }
    check_name(capability, out);
    if let Some(node) = capability.get("type")
        && let Some(written) = node.as_text()
        && written != "http"
    {
        let found = UNKNOWN_TYPE.at(MANIFEST, node.span.clone(), format!("`{}` is not a type of capability", shown(written)));
        out.push(offer(found, written, &["http"], guesses));
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
    requests::check(rules, out);
    transforms::check(capability, rules, guesses, out);
    check_budgets(capability, out);
}

fn check_credential<'a>(credential: &'a Node, declared: &mut BTreeSet<&'a str>, guesses: &Guesses, out: &mut Vec<Diagnostic>) {
    if let Some(node) = credential.get("kind")
        && let Some(written) = node.as_text()
        && !CREDENTIAL_KINDS.contains(&written)
    {
        let message = format!("`{}` is not a kind of credential", shown(written));
        out.push(offer(UNKNOWN_CREDENTIAL_KIND.at(MANIFEST, node.span.clone(), message), written, CREDENTIAL_KINDS, guesses));
    }
    if let Some(node) = credential.get("name")
        && let Some(name) = node.as_text()
        && !declared.insert(name)
    {
        let message = format!("`{}` is the name of another credential as well", shown(name));
        out.push(
            DUPLICATE_CREDENTIAL
                .at(MANIFEST, node.span.clone(), message)
                .hint("Keep one of the two, or name each after what it opens."),
        );
    }
}

fn check_name(capability: &Node, out: &mut Vec<Diagnostic>) {
    let hint = "Begin with a letter; letters, digits, `_` and `-` may follow, 64 in all, as in `openlib-read`.";
    let Some(node) = capability.get("name") else {
        let place = capability.entries().first().map_or(capability.span.clone(), |(key, _)| key.span.clone());
        out.push(BAD_NAME.at(MANIFEST, place, "this capability has no name, so it allows nothing").hint(hint));
        return;
    };
    match &node.value {
        Value::Text(name) if is_name(name) => {}
        Value::Text(name) => {
            let message = if name.starts_with('_') {
                format!("`{}` begins with `_`, which platforms keep for themselves", shown(name))
            } else {
                format!("`{}` is not a name for a capability", shown(name))
            };
            let place = if node.span.is_empty() { capability.span.clone() } else { node.span.clone() };
            out.push(BAD_NAME.at(MANIFEST, place, message).hint(hint));
        }
        Value::Null => {
            let place = capability.key("name").map_or(capability.span.clone(), |key| key.span.clone());
            out.push(BAD_NAME.at(MANIFEST, place, "this capability has no name, so it allows nothing").hint(hint));
        }
        _ => {}
    }
}

fn is_name(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

fn check_budgets(capability: &Node, out: &mut Vec<Diagnostic>) {
    for (scope, budget) in capability.get("budgets").map(Node::entries).unwrap_or_default() {
        if !matches!(scope.name.as_str(), "per_task" | "per_workspace") {
            continue;
        }
        for (key, node) in budget.entries() {
            let (amount, example) = match (key.name.as_str(), &node.value) {
                ("requests", Value::Null | Value::Number(_)) => (model::whole(node), "`requests: 50`"),
                ("bytes", Value::Null | Value::Number(_) | Value::Text(_)) => {
                    (node.as_word().and_then(model::bytes), "`bytes: 50MB`")
                }
                _ => continue,
            };
            let written = node.as_word().unwrap_or_default();
            let message = match amount {
                Some(0) => format!("`{}: {}` allows nothing", key.name, shown(written)),
                Some(_) => continue,
                None if node.value == Value::Null => format!("`{}` is empty, which counts as 0 and allows nothing", key.name),
                None => format!("`{}` is no amount that can be read, so it counts as 0 and allows nothing", shown(written)),
            };
            let place = if node.span.is_empty() { key.span.clone() } else { node.span.clone() };
            out.push(
                BAD_BUDGET.at(MANIFEST, place, message).hint(format!(
                    "Write how much may be used, as in {example}, or remove the key: without it there is no limit."
                )),
            );
        }
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
pub(crate) fn secret_names(text: &str) -> impl Iterator<Item = &str> {
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

    #[test]
    fn a_capability_has_a_name_that_platforms_take() {
        insta::assert_snapshot!(with("capabilities:\n  - {name: _own, allow: [{domains: [a.org], methods: [GET]}]}\n  - {name: a b, allow: [{domains: [b.org], methods: [GET]}]}\n  - {name: , allow: [{domains: [c.org], methods: [GET]}]}\n  - {type: https, allow: [{domains: [d.org], methods: [GET]}]}\n"), @"
        Error capabilities/bad-name pack.yaml:4:12 <_own> `_own` begins with `_`, which platforms keep for themselves
          hint: Begin with a letter; letters, digits, `_` and `-` may follow, 64 in all, as in `openlib-read`.
        Error capabilities/bad-name pack.yaml:5:12 <a b> `a b` is not a name for a capability
          hint: Begin with a letter; letters, digits, `_` and `-` may follow, 64 in all, as in `openlib-read`.
        Error capabilities/bad-name pack.yaml:6:6 <name> this capability has no name, so it allows nothing
          hint: Begin with a letter; letters, digits, `_` and `-` may follow, 64 in all, as in `openlib-read`.
        Error capabilities/bad-name pack.yaml:7:6 <type> this capability has no name, so it allows nothing
          hint: Begin with a letter; letters, digits, `_` and `-` may follow, 64 in all, as in `openlib-read`.
        Error capabilities/unknown-type pack.yaml:7:12 <https> `https` is not a type of capability
          hint: Did you mean `http`?
          fix: Change to `http`
        ");
        assert_eq!(with("capabilities: [{name: a_B-1, type: http, allow: [{domains: [a.org], methods: [GET]}]}]\n"), "");
    }

    #[test]
    fn budgets_are_amounts_above_zero() {
        let budgets = |written: &str| {
            with(&format!(
                "capabilities:\n  - name: c\n    allow: [{{domains: [a.org], methods: [GET]}}]\n    budgets: {written}\n"
            ))
        };
        insta::assert_snapshot!(budgets("{per_task: {requests: 0, bytes: 5 apples}, per_workspace: {requests: -1, bytes: }}"), @"
        Error capabilities/bad-budget pack.yaml:6:36 <0> `requests: 0` allows nothing
          hint: Write how much may be used, as in `requests: 50`, or remove the key: without it there is no limit.
        Error capabilities/bad-budget pack.yaml:6:46 <5 apples> `5 apples` is no amount that can be read, so it counts as 0 and allows nothing
          hint: Write how much may be used, as in `bytes: 50MB`, or remove the key: without it there is no limit.
        Error capabilities/bad-budget pack.yaml:6:83 <-1> `-1` is no amount that can be read, so it counts as 0 and allows nothing
          hint: Write how much may be used, as in `requests: 50`, or remove the key: without it there is no limit.
        Error capabilities/bad-budget pack.yaml:6:87 <bytes> `bytes` is empty, which counts as 0 and allows nothing
          hint: Write how much may be used, as in `bytes: 50MB`, or remove the key: without it there is no limit.
        ");
        assert_eq!(budgets("{per_task: {requests: 1e2, bytes: 1.5 GiB}, per_workspace: {requests: 0x10, bytes: 4096}}"), "");
    }

    #[test]
    fn names_of_credentials_are_unique_and_a_trigger_may_use_one() {
        insta::assert_snapshot!(with("credentials: [{name: a, kind: api_key}, {name: a, kind: opaque}]\n").lines().filter(|line| line.contains("duplicate")).collect::<String>(), @"Error credentials/duplicate-name pack.yaml:3:48 <a> `a` is the name of another credential as well");
        insta::assert_snapshot!(with("credentials: [{name: hook, kind: opaque}]\ntriggers: [{id: t, on: webhook, verify: {hmac: '${secrets[\"hok\"]}'}}]\n").lines().filter(|line| line.contains("credential")).collect::<String>(), @r#"Error capabilities/unknown-credential pack.yaml:4:48 <'${secrets["hok"]}'> no credential is called `hok`"#);
    }
}
