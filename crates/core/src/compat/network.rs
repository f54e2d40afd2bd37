//! The network reach of two versions: what the new one may send that the old one could not.
//!
//! Cautious: a request counts as new unless it is plain that an old rule allowed it. Wider reach is never breaking and never silent.

use super::packs::Severity;
use crate::model::{AllowRule, Budget, Capability};
use crate::text::shown;
use globset::GlobBuilder;
use serde_json::json;
use std::collections::BTreeSet;

/// Tells of every capability that reaches further: severity, the capability's name, and a sentence.
pub(super) fn compare(old: &[Capability], new: &[Capability], tell: &mut dyn FnMut(Severity, &str, String)) {
    let rules: Vec<&AllowRule> =
        old.iter().flat_map(|capability| &capability.allow).filter(|rule| rule.unknown.is_empty()).collect();
    for capability in new {
        let mut told = BTreeSet::new();
        // What cannot be read allows nothing.
        for rule in capability.allow.iter().filter(|rule| rule.unknown.is_empty()) {
            for sentence in wider(rule, &rules) {
                if told.insert(sentence.clone()) {
                    let name = shown(&capability.name);
                    tell(Severity::Review, &capability.name, format!("wider reach: `{name}` {sentence}"));
                }
            }
        }
        let Some(before) = old.iter().find(|before| before.name == capability.name) else { continue };
        let (was, is) = (&before.budgets, &capability.budgets);
        for (what, was, is) in [("a run", was.task, is.task), ("a session", was.workspace, is.workspace)] {
            for sentence in raised(what, was, is) {
                tell(Severity::Review, &capability.name, format!("wider reach: `{}` {sentence}", shown(&capability.name)));
            }
        }
    }
    for before in old.iter().filter(|before| !new.iter().any(|is| is.name == before.name)) {
        let reached = before.allow.iter().filter(|rule| rule.unknown.is_empty()).flat_map(|rule| &rule.domains);
        let kept = |domain: &str| {
            new.iter().flat_map(|is| &is.allow).flat_map(|rule| &rule.domains).any(|other| covers_domain(other, domain))
        };
        if reached.clone().next().is_some() && !reached.clone().any(|domain| kept(domain)) {
            tell(Severity::Compatible, &before.name, format!("`{}` is gone: the pack reaches less", shown(&before.name)));
        }
    }
}

/// How a rule reaches further than all of the old ones together.
fn wider(rule: &AllowRule, old: &[&AllowRule]) -> Vec<String> {
    let any = vec!["/**".to_owned()];
    let paths = rule.paths.as_ref().unwrap_or(&any);
    let mut found = Vec::new();
    let mut add = |sentence: String| {
        if !found.contains(&sentence) && found.len() < 20 {
            found.push(sentence);
        }
    };
    for domain in &rule.domains {
        let here: Vec<&&AllowRule> =
            old.iter().filter(|before| before.domains.iter().any(|other| covers_domain(other, domain))).collect();
        if here.is_empty() {
            add(format!("may reach `{}`, which it could not", shown(domain)));
            continue;
        }
        for method in &rule.methods {
            let here: Vec<&&&AllowRule> = here.iter().filter(|before| before.methods.contains(method)).collect();
            if here.is_empty() {
                add(format!("may send {} to `{}`, which it could not", shown(method), shown(domain)));
                continue;
            }
            for path in paths {
                let here: Vec<&&&&AllowRule> = here.iter().filter(|before| covers_path(before.paths.as_deref(), path)).collect();
                if here.is_empty() {
                    let path = if rule.paths.is_none() { "any path".to_owned() } else { format!("`{}`", shown(path)) };
                    add(format!("may send {} to {path} of `{}`, which it could not", shown(method), shown(domain)));
                } else if !here.iter().any(|before| covers_query(before, rule)) {
                    add(format!("asks less of the query of what it sends to `{}`", shown(domain)));
                } else if !here.iter().any(|before| covers_query(before, rule) && covers_body(before, rule)) {
                    add(format!("asks less of the body of what it sends to `{}`", shown(domain)));
                } else if rule.allow_insecure && !here.iter().any(|before| before.allow_insecure) {
                    add(format!("may reach `{}` without encryption, and in private networks", shown(domain)));
                }
            }
        }
    }
    found
}

/// Whether a domain as an old rule writes it covers one of the new.
fn covers_domain(old: &str, new: &str) -> bool {
    let (old, new) = (old.to_ascii_lowercase(), new.to_ascii_lowercase());
    if old == new || old == "*" {
        return true;
    }
    let split = |text: &str| {
        text.rsplit_once(':').map_or((text.to_owned(), None), |(host, port)| (host.to_owned(), Some(port.to_owned())))
    };
    let ((old, old_port), (new, new_port)) = (split(&old), split(&new));
    if old_port != new_port {
        return false;
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split('.').collect(), new.split('.').collect());
    old.len() == new.len() && old.iter().zip(&new).all(|(old, new)| old == new || (*old == "*" && *new != "**"))
}

fn covers_path(old: Option<&[String]>, new: &str) -> bool {
    let Some(old) = old else { return true };
    old.iter().any(|old| {
        if old == new || old == "/**" || old == "**" {
            return true;
        }
        if let Some(folder) = old.strip_suffix("/**")
            && !folder.contains(['*', '?', '[', '{'])
            && new.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
        {
            return true;
        }
        let plain = !new.contains('*') && !old.contains(['?', '[', '{', '\\']);
        plain && GlobBuilder::new(old).literal_separator(true).build().is_ok_and(|glob| glob.compile_matcher().is_match(new))
    })
}

fn covers_query(old: &AllowRule, new: &AllowRule) -> bool {
    let asked = new.query.as_ref();
    old.query
        .iter()
        .flatten()
        .all(|(key, pattern)| asked.and_then(|asked| asked.get(key)).is_some_and(|is| is == pattern || pattern == "*"))
}

fn covers_body(old: &AllowRule, new: &AllowRule) -> bool {
    match (&old.body, &new.body) {
        (None, _) => true,
        (Some(old), _) if *old == json!(true) => true,
        (Some(old), new) => new.as_ref() == Some(old),
    }
}

fn raised(what: &str, was: Budget, is: Budget) -> Vec<String> {
    let mut found = Vec::new();
    for (unit, was, is) in [("requests", was.requests, is.requests), ("bytes", was.bytes, is.bytes)] {
        match (was, is) {
            (Some(was), Some(is)) if is > was => found.push(format!("may spend {is} {unit} in {what}, and could {was}")),
            (Some(was), None) => found.push(format!("may spend any number of {unit} in {what}, and could {was}")),
            _ => {}
        }
    }
    found
}
