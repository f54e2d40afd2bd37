//! Rules that are never reached, because an earlier one takes every request that they would.

use super::super::{Example, Rule};
use super::is_wish;
use crate::check::Context;
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::MANIFEST;
use crate::kept::moved;
use crate::model::{self, AllowRule};
use crate::policy::{Domain, normal_pattern};
use crate::text::shown;
use crate::yaml::Node;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

pub static SHADOWED: Rule = Rule {
    code: "capabilities/shadowed-rule",
    severity: Severity::Warning,
    summary: "An earlier rule takes every request that this one allows.",
    why: "The first rule that fits decides, over all capabilities. What stands behind the later one never happens: its transforms, its credentials, its budgets.",
    example: Example::manifest(
        "capabilities:\n  - name: openlib-read\n    allow:\n      - {name: all, domains: [openlibrary.org], methods: [GET]}\n      - {name: search, domains: [openlibrary.org], methods: [GET], paths: [/search.json]}\n",
        "capabilities:\n  - name: openlib-read\n    allow:\n      - {name: search, domains: [openlibrary.org], methods: [GET], paths: [/search.json]}\n      - {name: works, domains: [openlibrary.org], methods: [GET], paths: ['/works/*']}\n",
    ),
};

/// How many pairs of rules are compared. A pack that has more says what it says in fewer words, or is not read by anybody.
const MOST_PAIRS: usize = 20_000;

/// A rule that can be read in full.
struct Read<'a> {
    capability: usize,
    name: String,
    place: Range<usize>,
    rule: AllowRule,
    domains: Vec<Domain>,
    /// Its paths as they are compared; `None` when one cannot be. Most rules differ in their hosts, and are never asked for them.
    paths: OnceCell<Option<Vec<String>>>,
    body: Option<&'a Node>,
}

/// Compares the rules of all capabilities.
pub(super) fn check(capabilities: &[&Node], ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let texts: Option<Vec<&Range<usize>>> = capabilities.iter().map(|each| ctx.parts.text_of(&each.span)).collect();
    let Some(texts) = texts else {
        out.extend(compare(capabilities).into_iter().map(|(_, found)| found));
        return;
    };
    let place = |range: &Range<usize>, from: usize, to: usize| range.start - from + to..range.end - from + to;
    let told = ctx.answers.shadowed.to(texts.iter().map(|text| ctx.manifest.get((*text).clone())), || {
        let told = compare(capabilities).into_iter();
        told.map(|(at, found)| (at, moved(&found, |range| place(range, texts[at].start, 0)))).collect()
    });
    out.extend(told.iter().map(|(at, found)| moved(found, |range| place(range, 0, texts[*at].start))));
}

/// What is told of which capability.
fn compare(capabilities: &[&Node]) -> Vec<(usize, Diagnostic)> {
    let mut told = Vec::new();
    let mut rules: Vec<Read<'_>> = Vec::new();
    // By a host that is written out; those with a pattern are looked at for every rule.
    let (mut by_host, mut wide): (HashMap<String, Vec<usize>>, Vec<usize>) = (HashMap::new(), Vec::new());
    let mut pairs = 0;
    for (at, capability) in capabilities.iter().enumerate() {
        if is_wish(capability) || capability.text_at("type").is_some_and(|kind| kind != "http") {
            continue;
        }
        for (number, node) in capability.get("allow").map(Node::items).unwrap_or_default().iter().enumerate() {
            let Some(read) = read(at, number, node) else { continue };
            let host = read.domains.first().map(Domain::host).unwrap_or_default();
            let candidates = wide.iter().chain(by_host.get(&host).into_iter().flatten());
            let mut covering = None;
            for &earlier in candidates {
                pairs += 1;
                if pairs > MOST_PAIRS {
                    return told;
                }
                if rules[earlier].covers(&read) {
                    covering = Some(&rules[earlier]);
                    break;
                }
            }
            if let Some(earlier) = covering {
                told.push((at, shadowed(&read, earlier, capabilities)));
                continue;
            }
            if read.domains.iter().any(Domain::is_pattern) {
                wide.push(rules.len());
            } else {
                for domain in &read.domains {
                    by_host.entry(domain.host()).or_default().push(rules.len());
                }
            }
            rules.push(read);
        }
    }
    told
}

fn shadowed(read: &Read<'_>, earlier: &Read<'_>, capabilities: &[&Node]) -> Diagnostic {
    let of = if read.capability == earlier.capability {
        String::new()
    } else {
        format!(" of `{}`", shown(capabilities[earlier.capability].text_at("name").unwrap_or("another capability")))
    };
    let message = format!("`{}`{of} takes every request that `{}` would allow", shown(&earlier.name), shown(&read.name));
    SHADOWED
        .at(MANIFEST, read.place.clone(), message)
        .hint("Remove this rule, or put it before the other, or let the other allow less.")
}

/// Reads a rule; `None` for one that allows nothing, whose trouble is told elsewhere.
fn read(capability: usize, number: usize, node: &Node) -> Option<Read<'_>> {
    let rule = model::allow_rule(number + 1, node);
    if !rule.unknown.is_empty() || rule.domains.is_empty() || rule.methods.is_empty() {
        return None;
    }
    let domains = rule.domains.iter().map(|domain| Domain::read(domain).ok()).collect::<Option<Vec<_>>>()?;
    let place =
        node.get("name").map_or_else(|| node.entries().first().map(|(key, _)| key.span.clone()), |name| Some(name.span.clone()));
    Some(Read {
        capability,
        name: rule.name.clone(),
        place: place?,
        domains,
        paths: OnceCell::new(),
        body: node.get("body"),
        rule,
    })
}

impl Read<'_> {
    /// True when every request that the other allows is allowed here. Says no where it is hard to tell.
    fn covers(&self, other: &Self) -> bool {
        let query = |(key, pattern): (&String, &String)| {
            other.rule.query.as_ref().and_then(|query| query.get(key)).is_some_and(|narrow| pattern == "*" || pattern == narrow)
        };
        // A pattern never allows what `allow_insecure` opens.
        let open = |domain: &Domain| !other.rule.allow_insecure || (self.rule.allow_insecure && !domain.is_pattern());
        other.domains.iter().all(|narrow| self.domains.iter().any(|wide| wide.covers(narrow) && open(wide)))
            && other.rule.methods.iter().all(|method| self.rule.methods.contains(method))
            && self.rule.query.iter().flatten().all(query)
            && self.body.is_none()
            && self.covers_paths(other)
    }

    fn covers_paths(&self, other: &Self) -> bool {
        let (Some(wide), Some(narrow)) = (self.paths(), other.paths()) else { return false };
        match (&self.rule.paths, &other.rule.paths) {
            (None, _) => true,
            (Some(_), Some(_)) => narrow.iter().all(|narrow| wide.iter().any(|wide| path_covers(wide, narrow))),
            (Some(_), None) => wide.iter().any(|wide| matches!(wide.as_str(), "**" | "/**")),
        }
    }

    fn paths(&self) -> Option<&[String]> {
        let read = || self.rule.paths.iter().flatten().map(|path| normal_pattern(path).ok()).collect();
        self.paths.get_or_init(read).as_deref()
    }
}

/// True when a path that fits `narrow` surely fits `wide`.
fn path_covers(wide: &str, narrow: &str) -> bool {
    if wide == narrow || matches!(wide, "**" | "/**") {
        return true;
    }
    let Some(folder) = wide.strip_suffix("**").filter(|folder| folder.ends_with('/') && !folder.contains('*')) else {
        return false;
    };
    // What `**` or `*` could stand for before the folder ends is not known.
    let sure = narrow.find('*').unwrap_or(narrow.len());
    narrow.len() > folder.len() && sure >= folder.len() && narrow.starts_with(folder)
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::manifest;
    use std::fmt::Write;

    fn rules(rules: &[&str]) -> String {
        let mut text = String::from("name: n\ndescription: d\ncapabilities:\n  - name: c\n    allow:\n");
        for (number, rule) in rules.iter().enumerate() {
            writeln!(text, "      - {{name: r{number}, {rule}}}").expect("a string takes all");
        }
        manifest(&text).lines().filter(|line| line.contains("shadowed")).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_rule_behind_a_wider_one_is_never_reached() {
        insta::assert_snapshot!(rules(&[
            "domains: [a.org, b.org], methods: [GET, POST]",
            "domains: [A.org], methods: [GET], paths: [/x]",
            "domains: [b.org], methods: [POST]",
        ]), @"
        Warning capabilities/shadowed-rule pack.yaml:7:16 <r1> `r0` takes every request that `r1` would allow
        Warning capabilities/shadowed-rule pack.yaml:8:16 <r2> `r0` takes every request that `r2` would allow
        ");
        insta::assert_snapshot!(rules(&[
            "domains: ['*.a.org'], methods: [GET], paths: ['/v1/**'], query: {q: '*'}",
            "domains: [x.a.org], methods: [GET], paths: ['/v1/a/*', /v1/b], query: {q: 'b*', p: '1'}",
        ]), @"Warning capabilities/shadowed-rule pack.yaml:7:16 <r1> `r0` takes every request that `r1` would allow");
    }

    #[test]
    fn a_rule_that_allows_anything_more_is_reached() {
        for later in [
            "domains: [a.org, c.org], methods: [GET], paths: [/v1/x]",
            "domains: [a.org], methods: [GET, HEAD], paths: [/v1/x]",
            "domains: [a.org], methods: [GET], paths: [/v1/x, /v2/x]",
            "domains: [a.org], methods: [GET]",
            "domains: [a.org], methods: [GET], paths: ['/**/x']",
            "domains: ['a.org:8443'], methods: [GET], paths: [/v1/x]",
            "domains: [a.org], methods: [GET], paths: [/v1/x], allow_insecure: true",
            "domains: [a.org], methods: [GET], paths: [/v1/]",
        ] {
            assert_eq!(rules(&["domains: [a.org], methods: [GET], paths: ['/v1/**']", later]), "", "{later}");
        }
        for earlier in [
            "domains: [a.org], methods: [GET], query: {q: '1*'}",
            "domains: [a.org], methods: [GET], body: {type: object}",
            "domains: [a.org], methods: [GET], cel: x",
            "domains: ['*.a.org'], methods: [GET]",
        ] {
            assert_eq!(rules(&[earlier, "domains: [a.org], methods: [GET], query: {q: '*'}"]), "", "{earlier}");
        }
    }

    #[test]
    fn the_first_capability_that_fits_decides() {
        insta::assert_snapshot!(manifest("name: n\ndescription: d\ncapabilities:\n  - name: open\n    allow: [{name: all, domains: [a.org], methods: [GET]}]\n  - name: keyed\n    allow: [{domains: [a.org], methods: [GET]}]\n"), @"
        Warning capabilities/shadowed-rule pack.yaml:7:14 <domains> `all` of `open` takes every request that `rule 1` would allow
          hint: Remove this rule, or put it before the other, or let the other allow less.
        ");
    }

    #[test]
    fn thousands_of_rules_are_compared_soon() {
        let many: Vec<String> =
            (0..3000).map(|number| format!("domains: [a.org], methods: [GET], paths: [/p{number}]")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(rules(&many), "");
    }
}
