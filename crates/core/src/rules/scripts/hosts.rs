//! Which hosts programs mean to reach, and whether the pack allows it: for scripts and handlers alike.

use crate::check::Whole;
use crate::diagnostic::Diagnostic;
use crate::languages::Address;
use crate::policy::Hosts;
use crate::rules::Rule;
use crate::text::shown;
use std::collections::BTreeSet;
use std::ops::Range;
use url::{Host, Url};

/// Most hosts of one file that are looked at: who writes more writes data.
const MOST_HOSTS: usize = 100;

/// A host that a program names, where it first does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// Scheme, host and port; nothing else of it counts.
    pub url: Url,
    /// The place of the address.
    pub span: Range<usize>,
}

/// Hosts of a program's addresses, each once: those that lie in the network, and are not merely a name.
pub fn reached<'a>(addresses: impl IntoIterator<Item = &'a Address>) -> Vec<Reached> {
    let mut seen = BTreeSet::new();
    let mut hosts = Vec::new();
    for address in addresses {
        let Some(url) = origin(&address.url) else { continue };
        if seen.insert(url.as_str().to_owned()) {
            hosts.push(Reached { url, span: address.span.clone() });
        }
        if hosts.len() == MOST_HOSTS {
            break;
        }
    }
    hosts
}

/// What of an address says where it leads; `None` when that is made while the program runs, or is nowhere.
fn origin(written: &str) -> Option<Url> {
    let (scheme, rest) = written.split_once("://")?;
    if !matches!(scheme, "http" | "https") {
        return None;
    }
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let host = rest[..end].rsplit_once('@').map_or(&rest[..end], |(_, host)| host);
    // `$HOST`, `{host}`, `<your-server>`, `%s`: nobody knows yet.
    let plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '-' | ':' | '[' | ']');
    if host.is_empty() || !host.chars().all(plain) {
        return None;
    }
    let url = Url::parse(&format!("{scheme}://{host}/")).ok()?;
    let somewhere = match url.host()? {
        Host::Domain(name) => name.contains('.') && !is_for_show(name) && !(scheme == "http" && is_a_name(name)),
        Host::Ipv4(address) => !address.is_loopback() && !address.is_unspecified(),
        Host::Ipv6(address) => !address.is_loopback() && !address.is_unspecified(),
    };
    somewhere.then_some(url)
}

/// Names that lead nowhere: kept for examples, tests and one's own machine.
fn is_for_show(name: &str) -> bool {
    let last = name.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
    matches!(last, "example" | "test" | "invalid" | "localhost" | "local")
        || ["example.com", "example.org", "example.net"]
            .iter()
            .any(|shown| name.strip_suffix(shown).is_some_and(|before| before.is_empty() || before.ends_with('.')))
}

/// Hosts whose `http:` addresses are names of vocabularies: nobody fetches them.
fn is_a_name(host: &str) -> bool {
    matches!(
        host,
        "www.w3.org" | "json-schema.org" | "schema.org" | "purl.org" | "xmlns.com" | "ns.adobe.com" | "www.sitemaps.org"
    ) || host.starts_with("schemas.")
        || host.starts_with("xmlns.")
}

/// What a pack's rules allow, asked of one host after the other.
pub struct Allowed<'a> {
    hosts: Hosts,
    domains: Vec<&'a str>,
}

impl<'a> Allowed<'a> {
    /// Reads the rules of a manifest.
    pub fn by(pack: &Whole<'a>) -> Self {
        let capabilities = pack.manifest.capabilities.iter().flat_map(|capabilities| &capabilities.value);
        let http = capabilities.filter(|one| one.kind.as_ref().is_none_or(|kind| kind.value == "http"));
        let rules = http.flat_map(|one| &one.allow).flat_map(|rules| &rules.value);
        let domains: Vec<&str> =
            rules.flat_map(|rule| &rule.domains).flat_map(|domains| &domains.value).map(|domain| domain.value.as_str()).collect();
        Self { hosts: Hosts::new(domains.iter().copied()), domains }
    }

    /// Tells of hosts that no rule names.
    pub fn check(&self, rule: &Rule, file: &str, reached: &[Reached], pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
        // The rule that allows it may stand in a part of the manifest that cannot be read.
        if pack.ctx.may_lack(&["capabilities"]) {
            return;
        }
        // A rule that was to allow it, and is told itself.
        let allowed = |url: &Url| self.hosts.name(url) || self.hosts.may_mean(url);
        for one in reached.iter().filter(|one| !allowed(&one.url)) {
            let host = one.url.host_str().unwrap_or_default();
            let named = match one.url.port() {
                Some(port) => format!("{host}:{port}"),
                None => host.to_owned(),
            };
            let message = if self.hosts.is_empty() {
                format!("this reaches for `{}`, and the pack has no network capability", shown(&named))
            } else {
                format!("this reaches for `{}`, and no rule of a capability names it", shown(&named))
            };
            let found = rule.at(file, one.span.clone(), message);
            out.push(match pack.ctx.guesses.nearest(&named, self.domains.iter().copied()) {
                Some(near) => found.hint(format!("Did you mean `{near}`, which is allowed?")),
                None => found.hint(format!(
                    "If it should be reached, allow it in pack.yaml: `capabilities: [{{name: …, type: http, allow: [{{domains: [{}], methods: [GET]}}]}}]`.",
                    shown(&named)
                )),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn an_address_leads_to_a_host_or_nowhere() {
        for (written, leads_to) in [
            ("https://api.acme.dev/v1?x=1", "https://api.acme.dev/"),
            ("https://user:pass@api.acme.dev:8443", "https://api.acme.dev:8443/"),
            ("http://10.0.0.7:9200/_search", "http://10.0.0.7:9200/"),
            ("https://bücher.de", "https://xn--bcher-kva.de/"),
            ("https://www.w3.org/TR/", "https://www.w3.org/"),
        ] {
            assert_eq!(origin(written).map(String::from).as_deref(), Some(leads_to), "{written}");
        }
        for written in [
            "https://$HOST/a",
            "https://{host}/",
            "https://<server>/",
            "https://",
            "https:///a",
            "ftp://a.org",
            "https://api.example.com/",
            "http://localhost:8080",
            "http://127.0.0.1",
            "http://[::1]:80/",
            "http://redis:6379",
            "http://www.w3.org/2000/svg",
            "http://schemas.xmlsoap.org/x",
            "https://a.test",
            "https://%s/a",
            "https://*.acme.dev",
            "https://a b.org",
        ] {
            assert_eq!(origin(written), None, "{written}");
        }
    }
}
