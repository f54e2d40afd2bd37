//! The pack's boundary: that it asks for what it needs and no more, and that one can tell from outside what it is for.
//!
//! None of this keeps a pack from running. It is what whoever attaches it will ask.

mod suffixes;

use super::{Example, Rule};
use crate::check::Whole;
use crate::content::Facts;
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::MANIFEST;
use crate::manifest::{AllowRule, Capability};
use crate::policy::Domain;
use crate::shape::METHODS;
use crate::text::shown;
use std::collections::{BTreeSet, HashSet};
use suffixes::{is_public_suffix, registrable};

pub static WILDCARD_HOST: Rule = Rule {
    code: "boundary/wildcard-host",
    severity: Severity::Warning,
    summary: "A rule allows hosts that anybody can have.",
    why: "`*` is every host there is, and `*.com` or `*.github.io` everyone's who registers a name: what an agent is tricked into sending can go to whoever tricked it.",
    example: Example::manifest(
        "capabilities:\n  - name: pages\n    allow: [{domains: ['*.github.io'], methods: [GET]}]\n",
        "capabilities:\n  - name: pages\n    allow: [{domains: [acme.github.io], methods: [GET]}]\n",
    ),
};

pub static EVERY_METHOD: Rule = Rule {
    code: "boundary/every-method",
    severity: Severity::Warning,
    summary: "A rule allows every method.",
    why: "Reading, writing and deleting are then one permission. Whoever attaches the pack can only trust it with all of them.",
    example: Example::manifest(
        "capabilities:\n  - name: notes\n    allow: [{domains: [api.example.com], methods: [GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS]}]\n",
        "capabilities:\n  - name: notes\n    allow: [{domains: [api.example.com], methods: [GET, POST]}]\n",
    ),
};

pub static UNUSED_CREDENTIAL: Rule = Rule {
    code: "boundary/unused-credential",
    severity: Severity::Warning,
    summary: "A credential is declared and never used.",
    why: "The operator is asked for a secret that goes nowhere. A secret that nobody needs is only good for being lost.",
    example: Example::manifest(
        "credentials: [{name: mail, kind: api_key}]\ncapabilities:\n  - name: mail\n    allow: [{domains: [api.example.com], methods: [POST]}]\n",
        "credentials: [{name: mail, kind: api_key}]\ncapabilities:\n  - name: mail\n    allow: [{domains: [api.example.com], methods: [POST]}]\n    transforms: [{auth: {bearer: '${secrets[\"mail\"]}'}}]\n",
    ),
};

pub static GENERIC_TOOL: Rule = Rule {
    code: "boundary/generic-tool",
    severity: Severity::Warning,
    summary: "A tool's name does not say what it does.",
    why: "Beside the tools of other packs `execute` or `query` could be anything: models call it for the wrong thing, and nobody can decide what to allow.",
    example: Example::manifest(
        "tools: [{name: execute, input: {type: object}}]\n",
        "tools: [{name: search_books, input: {type: object}}]\n",
    ),
};

pub static UNRELATED: Rule = Rule {
    code: "boundary/unrelated",
    severity: Severity::Info,
    summary: "The pack reaches several services that have nothing to do with each other, with tools that have nothing in common.",
    why: "A pack is attached as a whole: whoever needs one of its tools gets the permissions of all. Packs of one purpose are easier to trust, test and reuse.",
    example: Example::manifest(
        "tools:\n  - {name: search_books, input: {type: object}}\n  - {name: send_mail, input: {type: object}}\n  - {name: get_weather, input: {type: object}}\n  - {name: plan_trip, input: {type: object}}\ncapabilities:\n  - name: everything\n    allow: [{domains: [openlibrary.org, api.sendgrid.com, api.weather.gov, api.amadeus.com], methods: [GET, POST]}]\n",
        "tools:\n  - {name: search_books, input: {type: object}}\n  - {name: get_book, input: {type: object}}\ncapabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org], methods: [GET]}]\n",
    ),
};

pub static READ_ONLY_DELETES: Rule = Rule {
    code: "boundary/read-only-deletes",
    severity: Severity::Warning,
    summary: "A rule allows DELETE, and every tool says that it changes nothing.",
    why: "Agents call tools that are read-only without asking. Either the permission is too wide, or a tool says less than it does.",
    example: Example::manifest(
        "tools: [{name: search_books, input: {type: object}, annotations: {read_only: true}}]\ncapabilities:\n  - name: openlib\n    allow: [{domains: [openlibrary.org], methods: [GET, DELETE]}]\n",
        "tools: [{name: search_books, input: {type: object}, annotations: {read_only: true}}]\ncapabilities:\n  - name: openlib\n    allow: [{domains: [openlibrary.org], methods: [GET]}]\n",
    ),
};

pub static NO_WORLD: Rule = Rule {
    code: "boundary/no-open-world",
    severity: Severity::Info,
    summary: "A tool says that it meets the open world, and the pack may reach nothing.",
    why: "Without a network capability every request is refused. A tool that never leaves the pack can say so, and agents then trust its answers more readily.",
    example: Example::manifest(
        "tools: [{name: count_words, input: {type: object}, annotations: {open_world: true}}]\n",
        "tools: [{name: count_words, input: {type: object}, annotations: {open_world: false}}]\n",
    ),
};

/// The family's rules.
pub static RULES: &[&Rule] =
    &[&WILDCARD_HOST, &EVERY_METHOD, &UNUSED_CREDENTIAL, &GENERIC_TOOL, &UNRELATED, &READ_ONLY_DELETES, &NO_WORLD];

/// Checks what only the whole pack can tell.
pub fn check(pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    for rule in rules(pack) {
        check_rule(rule, out);
    }
    // What is not there may stand in the part that cannot be read.
    if !pack.ctx.may_lack(USERS_OF_SECRETS) {
        check_credentials(pack, out);
    }
    if !pack.ctx.may_lack(&["capabilities", "components", "triggers"]) {
        check_world(pack, out);
    }
    check_tools(pack, out);
    check_reach(pack, out);
}

/// Capabilities that are permissions, and not Greentic's wishes.
fn permissions<'a>(pack: &'a Whole<'_>) -> impl Iterator<Item = &'a Capability> {
    let all = pack.manifest.capabilities.iter().flat_map(|capabilities| &capabilities.value);
    all.map(|item| &item.value).filter(|capability| capability.allow.is_some())
}

fn rules<'a>(pack: &'a Whole<'_>) -> impl Iterator<Item = &'a AllowRule> {
    permissions(pack).flat_map(|capability| capability.allow.iter().flat_map(|rules| &rules.value)).map(|item| &item.value)
}

fn check_rule(rule: &AllowRule, out: &mut Vec<Diagnostic>) {
    for written in rule.domains.iter().flat_map(|domains| &domains.value) {
        let Ok(domain) = Domain::read(written) else { continue };
        let host = domain.host();
        if host == "*" {
            out.push(
                WILDCARD_HOST
                    .at(MANIFEST, written.span.clone(), "this rule allows every host there is")
                    .hint("Name the hosts that the tools need."),
            );
        } else if let Some(rest) = below_stars(&host)
            && is_public_suffix(rest)
        {
            let message = format!("below `{}` anybody can register a name", shown(rest));
            out.push(
                WILDCARD_HOST
                    .at(MANIFEST, written.span.clone(), message)
                    .hint(format!("Name the hosts that are meant, as in `acme.{}`.", shown(rest))),
            );
        }
    }
    if let Some(methods) = &rule.methods {
        let listed: HashSet<&str> = methods.value.iter().map(|method| method.value.as_str()).collect();
        if METHODS.iter().all(|method| listed.contains(method)) {
            out.push(
                EVERY_METHOD
                    .at(MANIFEST, methods.key.clone(), "this rule allows every method")
                    .hint("List those that the tools send; a rule of its own can allow writing where it is needed."),
            );
        }
    }
}

/// What stands behind the stars: `com` of `*.com`, `github.io` of `*.*.github.io`.
fn below_stars(host: &str) -> Option<&str> {
    let rest = host.strip_prefix("*.")?;
    below_stars(rest).or(Some(rest))
}

/// The blocks of the manifest that use credentials.
const USERS_OF_SECRETS: &[&str] = &["capabilities", "triggers", "components", "extensions", "agents"];

fn check_credentials(pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    let Some(credentials) = &pack.manifest.credentials else { return };
    let mut used: HashSet<&str> = HashSet::new();
    for key in USERS_OF_SECRETS {
        let Some(part) = pack.root.get(key) else { continue };
        part.walk(&mut |node| {
            if let Some(text) = node.as_text() {
                used.extend(super::capabilities::secret_names(text));
            }
        });
    }
    for content in pack.contents.values() {
        if let Facts::Handler(outline) = &content.facts {
            used.extend(outline.secrets.iter().map(|secret| secret.word.as_str()));
        }
    }
    // A Greentic component asks for secrets by their bare names.
    // A reference that leads nowhere is told first: most likely one of these was meant.
    let declared = |name: &str| credentials.value.iter().any(|one| one.name.as_ref().is_some_and(|known| known.value == name));
    if used.iter().any(|name| !declared(name)) {
        return;
    }
    let mut named: HashSet<&str> = HashSet::new();
    if let Some(components) = pack.root.get("components") {
        components.walk(&mut |node| named.extend(node.as_text()));
    }
    for credential in &credentials.value {
        let Some(name) = &credential.name else { continue };
        let known = credential.kind.as_ref().is_none_or(|kind| crate::shape::CREDENTIAL_KINDS.contains(&kind.value.as_str()));
        // One of a kind that does not exist is told first.
        if !known || used.contains(name.value.as_str()) || named.contains(name.value.as_str()) {
            continue;
        }
        out.push(UNUSED_CREDENTIAL.at(MANIFEST, name.span.clone(), format!("nothing uses `{}`", shown(&name.value))).hint(
            format!(
                "Let a transform put it in, as in `auth: {{bearer: '${{secrets[\"{}\"]}}'}}`, or remove it.",
                shown(&name.value)
            ),
        ));
    }
}

/// Names that fit every tool, and so say nothing of any.
const GENERIC: &[&str] = &[
    "action",
    "api",
    "call",
    "command",
    "default",
    "dispatch",
    "do",
    "eval",
    "exec",
    "execute",
    "function",
    "handle",
    "handler",
    "helper",
    "invoke",
    "main",
    "method",
    "operation",
    "perform",
    "process",
    "query",
    "request",
    "run",
    "task",
    "tool",
    "utility",
    "work",
];

fn check_tools(pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    let Some(tools) = &pack.manifest.tools else { return };
    for tool in &tools.value {
        let Some(name) = &tool.name else { continue };
        // `do_it`, `run_tool`, `api.call`: words that say nothing stay so in pairs.
        let mut words = words(&name.value).peekable();
        if words.peek().is_some()
            && words.all(|word| GENERIC.contains(&word.as_str()) || matches!(word.as_str(), "it" | "this" | "that" | "the" | "a"))
        {
            out.push(
                GENERIC_TOOL
                    .at(MANIFEST, name.span.clone(), format!("`{}` could be any tool of any pack", shown(&name.value)))
                    .hint("Say what it does to what, as in `search_books`."),
            );
        }
    }
    let read_only = |tool: &crate::manifest::Tool| {
        tool.annotations.as_ref().and_then(|annotations| annotations.read_only.as_ref()).is_some_and(|only| only.value)
    };
    if !tools.value.is_empty() && pack.manifest.triggers.is_none() && tools.value.iter().all(|tool| read_only(tool)) {
        let deletes = rules(pack).flat_map(|rule| rule.methods.iter().flat_map(|methods| &methods.value));
        for method in deletes.filter(|method| method.value == "DELETE") {
            out.push(
                READ_ONLY_DELETES
                    .at(MANIFEST, method.span.clone(), "DELETE is allowed, and every tool says `read_only: true`")
                    .hint("Remove DELETE, or let the tool that sends it say `read_only: false`."),
            );
        }
    }
}

/// Tools that say that they meet the world, in a pack that has none.
fn check_world(pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    let Some(tools) = &pack.manifest.tools else { return };
    let annotated =
        |tool: &crate::manifest::Tool| tool.annotations.as_ref().and_then(|annotations| annotations.open_world.clone());
    // What Greentic's components may reach is not said here.
    let silent = permissions(pack).next().is_none() && pack.manifest.components.is_none() && pack.manifest.triggers.is_none();
    if silent {
        for open in tools.value.iter().filter_map(|tool| annotated(tool)).filter(|open| open.value) {
            out.push(
                NO_WORLD
                    .at(MANIFEST, open.key, "nothing outside the pack can be reached, because it has no network capability")
                    .hint("Write `open_world: false`, or add the capability that the tool needs."),
            );
        }
    }
}

/// How many unrelated services make a pack look like several. Three is a pack that joins things: a calendar, a map and a mail.
const MOST_SERVICES: usize = 3;

/// Most services and tools that are compared: a pack with more is looked at no closer.
const MOST_COMPARED: usize = 200;

fn check_reach(pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    let Some(tools) = &pack.manifest.tools else { return };
    let names: Vec<&str> = tools.value.iter().filter_map(|tool| tool.name.as_ref()).map(|name| name.value.as_str()).collect();
    if names.len() < 2 || names.len() > MOST_COMPARED {
        return;
    }
    let mut services: BTreeSet<String> = BTreeSet::new();
    for written in rules(pack).flat_map(|rule| rule.domains.iter().flat_map(|domains| &domains.value)) {
        let Some(domain) = Domain::read(written).ok().filter(|domain| domain.address().is_none()) else { continue };
        services.extend(registrable(&domain.host()).map(str::to_owned));
        if services.len() > MOST_COMPARED {
            return;
        }
    }
    if services.len() <= MOST_SERVICES {
        return;
    }
    // `example.com` and `example-cdn.net` are one service under two names.
    let owners: BTreeSet<String> = services.iter().map(|domain| owner(domain)).collect();
    let mut seen: HashSet<String> = HashSet::new();
    let shared = names.iter().any(|name| {
        let words: BTreeSet<String> = words(name).filter(|word| !is_verb(word)).collect();
        words.into_iter().any(|word| !seen.insert(word))
    });
    if owners.len() > MOST_SERVICES && !shared {
        let some: Vec<&str> = services.iter().take(MOST_SERVICES).map(String::as_str).collect();
        let message = format!(
            "the pack reaches {} services, among them {}, with tools that have no word in common",
            owners.len(),
            some.join(", ")
        );
        out.push(
            UNRELATED
                .at(MANIFEST, tools.key.clone(), message)
                .hint("If these are several purposes, make a pack of each: then each asks only for what it needs."),
        );
    }
}

/// Whose a domain is, most likely: its name up to the first `-`.
fn owner(domain: &str) -> String {
    let name = domain.split('.').next().unwrap_or(domain);
    name.split('-').next().unwrap_or(name).trim_end_matches(|last: char| last.is_ascii_digit()).to_owned()
}

/// Words that begin tools' names and say nothing of what they are about.
fn is_verb(word: &str) -> bool {
    const VERBS: &[&str] = &[
        "get", "list", "search", "find", "read", "create", "add", "update", "set", "delete", "remove", "send", "fetch", "make",
        "count", "check", "by", "of", "to", "in", "and", "the", "a", "all", "new",
    ];
    VERBS.contains(&word)
}

/// The words of a tool's name, in lower case, without a plural's `s`: `searchBooks` and `search_book` have the same.
fn words(name: &str) -> impl Iterator<Item = String> {
    let mut words: Vec<String> = Vec::new();
    let mut small_before = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() {
            small_before = false;
            words.push(String::new());
            continue;
        }
        if words.is_empty() || (letter.is_uppercase() && small_before) {
            words.push(String::new());
        }
        small_before = letter.is_lowercase() || letter.is_numeric();
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
    }
    words.into_iter().filter(|word| !word.is_empty()).map(|word| match word.strip_suffix('s') {
        Some(one) if one.len() > 3 && !one.ends_with('s') => one.to_owned(),
        _ => word,
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::{manifest, only};

    /// What this family says of a manifest.
    fn told(rest: &str) -> String {
        let found = manifest(&format!("name: n\ndescription: d\n{rest}"));
        only("boundary", &found)
    }

    #[test]
    fn hosts_that_anybody_can_have_are_told() {
        let rule =
            |domains: &str| told(&format!("capabilities: [{{name: c, allow: [{{domains: [{domains}], methods: [GET]}}]}}]\n"));
        insta::assert_snapshot!(rule("'*', '*.com', '*.co.uk', '*.github.io', '*.*.com', '*:8080', '*.S3.amazonaws.com'"), @"
        Warning boundary/wildcard-host pack.yaml:3:45 <'*'> this rule allows every host there is
          hint: Name the hosts that the tools need.
        Warning boundary/wildcard-host pack.yaml:3:50 <'*.com'> below `com` anybody can register a name
          hint: Name the hosts that are meant, as in `acme.com`.
        Warning boundary/wildcard-host pack.yaml:3:59 <'*.co.uk'> below `co.uk` anybody can register a name
          hint: Name the hosts that are meant, as in `acme.co.uk`.
        Warning boundary/wildcard-host pack.yaml:3:70 <'*.github.io'> below `github.io` anybody can register a name
          hint: Name the hosts that are meant, as in `acme.github.io`.
        Warning boundary/wildcard-host pack.yaml:3:85 <'*.*.com'> below `com` anybody can register a name
          hint: Name the hosts that are meant, as in `acme.com`.
        Warning boundary/wildcard-host pack.yaml:3:96 <'*:8080'> this rule allows every host there is
          hint: Name the hosts that the tools need.
        Warning boundary/wildcard-host pack.yaml:3:106 <'*.S3.amazonaws.com'> below `s3.amazonaws.com` anybody can register a name
          hint: Name the hosts that are meant, as in `acme.s3.amazonaws.com`.
        ");
        assert_eq!(rule("'*.example.com', '*.a.github.io', a.github.io, '*.bbc.co.uk', 'x.*.org.example.com', 1.2.3.4"), "");
    }

    #[test]
    fn every_method_is_too_many() {
        insta::assert_snapshot!(told("capabilities: [{name: c, allow: [{domains: [a.org], methods: [GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS]}]}]\n"), @"
        Warning boundary/every-method pack.yaml:3:53 <methods> this rule allows every method
          hint: List those that the tools send; a rule of its own can allow writing where it is needed.
        ");
        assert_eq!(
            told("capabilities: [{name: c, allow: [{domains: [a.org], methods: [GET, POST, PUT, DELETE, PATCH]}]}]\n"),
            ""
        );
    }

    #[test]
    fn a_credential_is_used_somewhere() {
        insta::assert_snapshot!(told("credentials: [{name: a, kind: api_key}, {name: b}]\n"), @r#"
        Warning boundary/unused-credential pack.yaml:3:22 <a> nothing uses `a`
          hint: Let a transform put it in, as in `auth: {bearer: '${secrets["a"]}'}`, or remove it.
        Warning boundary/unused-credential pack.yaml:3:48 <b> nothing uses `b`
          hint: Let a transform put it in, as in `auth: {bearer: '${secrets["b"]}'}`, or remove it.
        "#);
        for used in [
            "capabilities: [{name: c, allow: [{domains: [a.org], methods: [GET]}], transforms: [{query: {set: {k: \"${secrets['a']}\"}}}]}]\n",
            "triggers: [{id: t, on: webhook, verify: {hmac: '${secrets[\"a\"]}'}}]\n",
            "components: [{id: c, capabilities: {host: {secrets: {required: [a]}}}}]\n",
        ] {
            assert_eq!(told(&format!("credentials: [{{name: a, kind: api_key}}]\n{used}")), "", "{used}");
        }
    }

    #[test]
    fn a_tool_s_name_says_what_it_does() {
        let tools = |names: &str| told(&format!("tools: [{names}]\n"));
        insta::assert_snapshot!(tools("{name: execute}, {name: runTool}, {name: do_it}, {name: API.call}, {name: Query}"), @"
        Warning boundary/generic-tool pack.yaml:3:16 <execute> `execute` could be any tool of any pack
          hint: Say what it does to what, as in `search_books`.
        Warning boundary/generic-tool pack.yaml:3:33 <runTool> `runTool` could be any tool of any pack
          hint: Say what it does to what, as in `search_books`.
        Warning boundary/generic-tool pack.yaml:3:50 <do_it> `do_it` could be any tool of any pack
          hint: Say what it does to what, as in `search_books`.
        Warning boundary/generic-tool pack.yaml:3:65 <API.call> `API.call` could be any tool of any pack
          hint: Say what it does to what, as in `search_books`.
        Warning boundary/generic-tool pack.yaml:3:83 <Query> `Query` could be any tool of any pack
          hint: Say what it does to what, as in `search_books`.
        ");
        for name in
            ["search_books", "run_query_on_notes", "echo", "count", "get", "execute_sql", "handle_webhook", "callback", "t", "x1"]
        {
            assert_eq!(tools(&format!("{{name: {name}}}")), "", "{name}");
        }
    }

    #[test]
    fn services_without_anything_in_common_are_told() {
        let text = |tools: &[&str], domains: &str| {
            let tools: Vec<String> = tools.iter().map(|name| format!("{{name: {name}}}")).collect();
            told(&format!(
                "tools: [{}]\ncapabilities: [{{name: c, allow: [{{domains: [{domains}], methods: [GET]}}]}}]\n",
                tools.join(", ")
            ))
        };
        let four = "openlibrary.org, api.sendgrid.com, api.weather.gov, api.amadeus.com";
        insta::assert_snapshot!(text(&["search_books", "send_mail", "get_weather"], four), @"
        Info boundary/unrelated pack.yaml:3:1 <tools> the pack reaches 4 services, among them amadeus.com, openlibrary.org, sendgrid.com, with tools that have no word in common
          hint: If these are several purposes, make a pack of each: then each asks only for what it needs.
        ");
        assert_eq!(text(&["search_books", "get_book"], four), "", "they share a word");
        assert_eq!(text(&["search_books"], four), "", "there is one tool");
        assert_eq!(
            text(
                &["search_books", "send_mail"],
                "a.example.com, b.example.com, example-cdn.net, example.org, other.org, third.co.uk"
            ),
            ""
        );
    }

    #[test]
    fn deleting_is_not_reading() {
        let text = |read_only: &str| {
            told(&format!(
                "tools: [{{name: find_notes, annotations: {{read_only: {read_only}}}}}]\ncapabilities: [{{name: c, allow: [{{domains: [a.org], methods: [GET, DELETE]}}]}}]\n"
            ))
        };
        insta::assert_snapshot!(text("true"), @"
        Warning boundary/read-only-deletes pack.yaml:4:68 <DELETE> DELETE is allowed, and every tool says `read_only: true`
          hint: Remove DELETE, or let the tool that sends it say `read_only: false`.
        ");
        assert_eq!(text("false"), "");
    }

    #[test]
    fn a_tool_without_network_meets_no_world() {
        let text = |rest: &str| told(&format!("tools: [{{name: find_notes, annotations: {{open_world: true}}}}]\n{rest}"));
        insta::assert_snapshot!(text(""), @"
        Info boundary/no-open-world pack.yaml:3:42 <open_world> nothing outside the pack can be reached, because it has no network capability
          hint: Write `open_world: false`, or add the capability that the tool needs.
        ");
        assert_eq!(text("capabilities: [{name: c, allow: [{domains: [a.org], methods: [GET]}]}]\n"), "");
    }
}
