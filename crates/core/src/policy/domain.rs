//! Hosts that a rule names: `openlibrary.org`, `*.example.org`, `localhost:8080`, `*`.

use crate::text::shown;
use core::net::{IpAddr, Ipv6Addr};
use url::{Host, Url};

/// One entry of a rule's `domains`.
#[derive(Debug)]
pub(crate) struct Domain {
    host: Pattern,
    /// `None` is the usual port of the scheme.
    port: Option<u16>,
}

#[derive(Debug, PartialEq, Eq)]
enum Pattern {
    /// `*`: any host.
    Any,
    /// A host, written out.
    Exact(Host),
    /// Labels; `None` is `*`, which stands for one.
    Labels(Vec<Option<String>>),
}

/// How a URL's host fits, from not at all to best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    No,
    OtherPort,
    /// By a pattern with `*`.
    Covered,
    /// Written out.
    Named,
}

impl Domain {
    /// Reads it. What cannot be read is told as the end of a sentence about the rule.
    pub(crate) fn read(written: &str) -> Result<Self, String> {
        let unreadable = |why: &str| format!("has the domain `{}`, {why}, so it allows nothing", shown(written));
        let (host, port) = split(written).ok_or_else(|| unreadable("whose port is no number"))?;
        Ok(Self { host: Pattern::read(host).map_err(unreadable)?, port })
    }

    pub(super) fn fit(&self, url: &Url) -> Fit {
        let fit = match (&self.host, url.host()) {
            (Pattern::Any, Some(_)) => Fit::Covered,
            (Pattern::Exact(named), Some(host)) if host == as_borrowed(named) => Fit::Named,
            (Pattern::Labels(pattern), Some(Host::Domain(host))) if labels_fit(pattern, host) => Fit::Covered,
            _ => return Fit::No,
        };
        let port = self.port.or_else(|| usual_port(url.scheme()));
        if url.port_or_known_default() == port { fit } else { Fit::OtherPort }
    }

    /// The host as it is compared: in lower case, encoded, and without a port.
    pub(crate) fn host(&self) -> String {
        match &self.host {
            Pattern::Any => "*".to_owned(),
            Pattern::Exact(host) => host.to_string(),
            Pattern::Labels(labels) => labels.iter().map(|label| label.as_deref().unwrap_or("*")).collect::<Vec<_>>().join("."),
        }
    }

    /// The port, when one is written that is not https's own.
    pub(crate) fn odd_port(&self) -> Option<u16> {
        self.port.filter(|port| Some(*port) != usual_port("https"))
    }

    /// The address, when it is one and no name.
    pub(crate) fn address(&self) -> Option<IpAddr> {
        match self.host {
            Pattern::Exact(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Pattern::Exact(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            _ => None,
        }
    }

    /// True for a pattern with `*`.
    pub(crate) fn is_pattern(&self) -> bool {
        !matches!(self.host, Pattern::Exact(_))
    }

    /// True when every URL that fits the other fits this one, and as closely.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        let hosts = match (&self.host, &other.host) {
            (Pattern::Any, _) => true,
            (Pattern::Labels(wide), Pattern::Labels(narrow)) => {
                wide.len() == narrow.len() && wide.iter().zip(narrow).all(|(wide, narrow)| wide.is_none() || wide == narrow)
            }
            (Pattern::Labels(wide), Pattern::Exact(Host::Domain(host))) => labels_fit(wide, host),
            (one, other) => one == other,
        };
        hosts && self.port == other.port
    }
}

impl Pattern {
    fn read(host: &str) -> Result<Self, &'static str> {
        if host == "*" {
            return Ok(Self::Any);
        }
        if host.is_empty() || host.contains(['/', '@', '%', '?', '#', '\\']) {
            return Err("which is no host: only the name belongs here, without `https://` and path");
        }
        if host.ends_with('.') {
            return Err("which ends with a dot");
        }
        if !host.contains('*') {
            let host = if host.parse::<Ipv6Addr>().is_ok() { Host::parse(&format!("[{host}]")) } else { Host::parse(host) };
            let host = host.map_err(|_| "which is no host")?;
            if let Host::Domain(name) = &host {
                check_labels(name)?;
            }
            return Ok(Self::Exact(host));
        }
        Self::read_labels(host)
    }

    fn read_labels(host: &str) -> Result<Self, &'static str> {
        let labels: Vec<&str> = host.split('.').collect();
        if labels.iter().any(|label| label.contains('*') && *label != "*") {
            return Err("and `*` stands only for whole labels, as in `*.example.org`");
        }
        if labels.last() == Some(&"*") {
            return Err("whose last label must be written out: anybody can register the others");
        }
        // With a letter in the star's place it is a host like any other, and is read by the same rules.
        let stars: Vec<bool> = labels.iter().map(|label| *label == "*").collect();
        let named: Vec<&str> = labels.into_iter().map(|label| if label == "*" { "x" } else { label }).collect();
        let Ok(Host::Domain(read)) = Host::parse(&named.join(".")) else { return Err("which is no host") };
        check_labels(&read)?;
        let pattern: Vec<_> = read.split('.').zip(&stars).map(|(label, star)| (!star).then(|| label.to_owned())).collect();
        if pattern.len() == stars.len() { Ok(Self::Labels(pattern)) } else { Err("which is no host") }
    }
}

/// A URL may hold stranger names; no look-up answers them.
fn check_labels(name: &str) -> Result<(), &'static str> {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    for label in name.split('.') {
        if label.is_empty() {
            return Err("which has nothing between two of its dots");
        }
        if !label.bytes().all(letter) {
            return Err("which is no host: names have letters, digits and `-`, and nothing is put in");
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Err("in which a label begins or ends with `-`");
        }
    }
    Ok(())
}

/// True when an entry that is no host may be meant for a URL's: `https://api.acme.dev/v2` for `api.acme.dev`.
pub(super) fn may_mean(odd: &str, url: &Url) -> bool {
    // What has a star, or is spelled in other letters than a URL has, cannot be compared with it.
    odd.contains('*') || !odd.is_ascii() || odd.to_ascii_lowercase().contains(url.host_str().unwrap_or_default())
}

/// The host and the port, `[::1]:8080` and `::1` included. `None` when the port is no port.
fn split(written: &str) -> Option<(&str, Option<u16>)> {
    let end_of_host = written.rfind(']').map_or(0, |at| at + 1);
    match written[end_of_host..].rfind(':') {
        Some(_) if written.parse::<Ipv6Addr>().is_ok() => Some((written, None)),
        // `https://…` is no host with a port, and the message about hosts says more.
        Some(_) if written.contains('/') => Some((written, None)),
        Some(at) => {
            let port = &written[end_of_host + at + 1..];
            let digits = port.bytes().all(|letter| letter.is_ascii_digit());
            let port = port.parse().ok().filter(|port| digits && *port > 0)?;
            Some((&written[..end_of_host + at], Some(port)))
        }
        None => Some((written, None)),
    }
}

fn as_borrowed(host: &Host) -> Host<&str> {
    match host {
        Host::Domain(name) => Host::Domain(name.as_str()),
        Host::Ipv4(address) => Host::Ipv4(*address),
        Host::Ipv6(address) => Host::Ipv6(*address),
    }
}

fn labels_fit(pattern: &[Option<String>], host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    labels.len() == pattern.len()
        && pattern.iter().zip(&labels).all(|(wanted, label)| wanted.as_deref().is_none_or(|wanted| wanted == *label))
}

fn usual_port(scheme: &str) -> Option<u16> {
    match scheme {
        "https" => Some(443),
        "http" => Some(80),
        _ => None,
    }
}

/// The URL's host, for messages: without port.
pub(super) fn shown_host(url: &Url) -> String {
    shown(url.host_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(domain: &str, url: &str) -> Fit {
        Domain::read(domain).unwrap().fit(&Url::parse(url).unwrap())
    }

    #[test]
    fn hosts_are_compared_on_whole_labels() {
        for (domain, url, expected) in [
            ("example.org", "https://example.org/", Fit::Named),
            ("Example.ORG", "https://eXample.org/", Fit::Named),
            ("example.org", "https://evil-example.org/", Fit::No),
            ("example.org", "https://example.org.evil.net/", Fit::No),
            ("example.org", "https://sub.example.org/", Fit::No),
            ("*.example.org", "https://sub.example.org/", Fit::Covered),
            ("*.example.org", "https://a.b.example.org/", Fit::No),
            ("*.example.org", "https://example.org/", Fit::No),
            ("*.example.org", "https://evil-example.org/", Fit::No),
            ("*.example.org", "https://example.org.evil.net/", Fit::No),
            ("api.*.example.org", "https://api.eu.example.org/", Fit::Covered),
            ("api.*.example.org", "https://api.a.b.example.org/", Fit::No),
            ("api.*.example.org", "https://api.example.org/", Fit::No),
            ("api.*.example.org", "https://x.api.eu.example.org/", Fit::No),
            ("*", "https://example.org/", Fit::Covered),
            ("*", "https://127.0.0.1/", Fit::Covered),
            ("bücher.example", "https://xn--bcher-kva.example/", Fit::Named),
            ("*.bücher.example", "https://a.BÜCHER.example/", Fit::Covered),
            ("ｅxample.org", "https://example.org/", Fit::Named),
        ] {
            assert_eq!(fit(domain, url), expected, "{domain} {url}");
        }
    }

    #[test]
    fn a_port_must_be_the_usual_one_or_named() {
        for (domain, url, expected) in [
            ("a.org", "https://a.org:443/", Fit::Named),
            ("a.org", "https://a.org:8443/", Fit::OtherPort),
            ("a.org", "http://a.org/", Fit::Named),
            ("a.org", "http://a.org:443/", Fit::OtherPort),
            ("a.org:8443", "https://a.org:8443/", Fit::Named),
            ("a.org:8443", "https://a.org/", Fit::OtherPort),
            ("*.a.org:8443", "https://b.a.org:8443/", Fit::Covered),
            ("*", "https://a.org:22/", Fit::OtherPort),
            ("*:22", "https://a.org:22/", Fit::Covered),
            ("[::1]:8080", "http://[::1]:8080/", Fit::Named),
            ("[::1]", "http://[0:0::1]/", Fit::Named),
            ("::1", "http://[::1]/", Fit::Named),
        ] {
            assert_eq!(fit(domain, url), expected, "{domain} {url}");
        }
    }

    #[test]
    fn odd_spellings_of_addresses_are_the_same_address() {
        for url in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://127.0.0.1./",
        ] {
            assert_eq!(fit("127.0.0.1", url), Fit::Named, "{url}");
        }
        assert_eq!(fit("[::ffff:127.0.0.1]", "http://[::ffff:7f00:1]/"), Fit::Named);
        assert_eq!(fit("127.0.0.1", "http://[::ffff:7f00:1]/"), Fit::No);
    }

    #[test]
    fn what_is_no_host_is_unreadable() {
        for domain in [
            "",
            "https://a.org",
            "a.org/path",
            "user@a.org",
            "a.org.",
            "a.org:",
            "a.org:0",
            "a.org:99999",
            "a.org:+80",
            "a.*",
            "*.*",
            "a*.org",
            "%61.org",
            "*.1.2.3",
            "a b.org",
            "[::1",
            "::1]",
            "a.org:80:90",
        ] {
            assert!(Domain::read(domain).is_err(), "{domain}");
        }
    }
}
