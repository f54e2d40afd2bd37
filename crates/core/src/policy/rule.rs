//! One allow rule, ready to be asked: does this request fit, and if not, where does it stop?
//!
//! A rule is meant to allow little. Whatever of it cannot be read therefore makes it allow nothing, and it says so.

use super::Request;
use super::address::address_refused;
use super::domain::{Domain, Fit, may_mean, shown_host};
use super::json;
use crate::model::AllowRule;
use crate::schema::Schema;
use crate::text::shown;
use core::net::IpAddr;
use globset::{GlobBuilder, GlobMatcher};
use url::{Host, Url};

/// A rule that has been read.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) name: String,
    domains: Vec<Domain>,
    methods: Vec<String>,
    /// `None` is any.
    paths: Option<Vec<PathGlob>>,
    query: Vec<(String, String)>,
    body: Option<Schema>,
    allow_insecure: bool,
    /// What stands in the rule and cannot be honoured, as the end of a sentence about the rule.
    unreadable: Option<String>,
    /// Entries of `domains` that are no host: each was meant for one.
    odd_domains: Vec<String>,
}

/// How a request stopped at a rule.
#[derive(Debug)]
pub(super) struct Miss {
    pub(super) stage: Stage,
    /// The end of a sentence that begins with the rule's name.
    pub(super) text: String,
}

/// What of a rule a request did not fit, from far away to nearly allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    Host,
    Port,
    Scheme,
    Address,
    Method,
    Path,
    Query,
    Body,
    /// All that could be read fits, and something could not be read.
    Unreadable,
}

impl Stage {
    fn miss<T>(self, text: impl Into<String>) -> Result<T, Miss> {
        Err(Miss { stage: self, text: text.into() })
    }
}

impl Rule {
    pub(super) fn read(rule: &AllowRule) -> Self {
        let mut unreadable = None;
        let mut trouble = |what: String| unreadable = unreadable.take().or(Some(what));
        if let Some(key) = rule.unknown.first() {
            trouble(format!("has a condition that cannot be checked, `{}`, so it allows nothing", shown(key)));
        }
        let domains = keep(rule.domains.iter().map(|domain| Domain::read(domain)), &mut trouble);
        let paths = rule.paths.as_ref().map(|paths| keep(paths.iter().map(|path| PathGlob::read(path)), &mut trouble));
        let body = rule.body.as_ref().map(Schema::from_value).transpose().unwrap_or_else(|_| {
            trouble("has a `body` that is no JSON Schema, so it allows nothing".to_owned());
            None
        });
        let odd = |domain: &&String| Domain::read(domain).is_err();
        Self {
            name: rule.name.clone(),
            odd_domains: rule.domains.iter().filter(odd).cloned().collect(),
            domains,
            methods: rule.methods.clone(),
            paths,
            query: rule.query.iter().flatten().map(|(key, pattern)| (key.clone(), pattern.clone())).collect(),
            body,
            allow_insecure: rule.allow_insecure,
            unreadable,
        }
    }

    /// Whether the request fits; then also whether it may go without TLS and to the author's own networks.
    pub(super) fn fits(&self, request: &Request) -> Result<bool, Miss> {
        let insecure = self.fits_host(request)?;
        self.fits_scheme(request, insecure)?;
        fits_address(request, insecure)?;
        self.fits_method(request)?;
        self.fits_path(request)?;
        self.fits_query(request)?;
        self.fits_body(request)?;
        match &self.unreadable {
            Some(what) => Stage::Unreadable.miss(what.clone()),
            None => Ok(insecure),
        }
    }

    fn fits_host(&self, request: &Request) -> Result<bool, Miss> {
        match self.domains.iter().map(|domain| domain.fit(&request.url)).max().unwrap_or(Fit::No) {
            Fit::Named => Ok(self.allow_insecure),
            // A pattern covers hosts that nobody thought of: those stay public and encrypted.
            Fit::Covered => Ok(false),
            Fit::OtherPort => {
                let port = request.url.port_or_known_default().unwrap_or(0);
                Stage::Port.miss(format!("names `{}`, and not its port {port}", shown_host(&request.url)))
            }
            Fit::No => match &self.unreadable {
                // A host that was written wrongly looks like one that was not written at all.
                Some(what) if self.may_mean(&request.url) => Stage::Unreadable.miss(what.clone()),
                _ => Stage::Host.miss("does not name the host"),
            },
        }
    }

    /// True when what cannot be read of the hosts may be this one.
    fn may_mean(&self, url: &Url) -> bool {
        if self.odd_domains.is_empty() {
            return self.domains.is_empty();
        }
        self.odd_domains.iter().any(|odd| may_mean(odd, url))
    }

    fn fits_scheme(&self, request: &Request, insecure: bool) -> Result<(), Miss> {
        if request.url.scheme() == "https" || insecure {
            return Ok(());
        }
        Stage::Scheme.miss(if self.allow_insecure {
            "allows plain http only to hosts that `domains` writes out, without `*`"
        } else {
            "allows https and not plain http"
        })
    }

    fn fits_method(&self, request: &Request) -> Result<(), Miss> {
        if self.methods.contains(&request.method) {
            return Ok(());
        }
        Stage::Method.miss(match self.methods.as_slice() {
            [] => "lists no `methods`, so it allows none".to_owned(),
            methods => format!("allows only {}, not {}", methods.join(", "), request.method),
        })
    }

    fn fits_path(&self, request: &Request) -> Result<(), Miss> {
        let Some(paths) = &self.paths else { return Ok(()) };
        if paths.iter().any(|path| path.fits(request.url.path())) {
            return Ok(());
        }
        let allowed: Vec<&str> = paths.iter().map(|path| path.written.as_str()).collect();
        Stage::Path.miss(match allowed.as_slice() {
            [] => "lists no path, so it allows none".to_owned(),
            allowed => format!("allows only {}, not {}", shown(&allowed.join(", ")), shown(request.url.path())),
        })
    }

    fn fits_query(&self, request: &Request) -> Result<(), Miss> {
        for (key, pattern) in &self.query {
            let mut values = request.url.query_pairs().filter(|(name, _)| name == key).map(|(_, value)| value).peekable();
            if values.peek().is_none() {
                return Stage::Query.miss(format!("wants `{}` in the query", shown(key)));
            }
            if let Some(value) = values.find(|value| !wildcard(pattern, value)) {
                let (key, pattern, value) = (shown(key), shown(pattern), shown(&value));
                return Stage::Query.miss(format!("wants `{key}` in the query to be `{pattern}`, not `{value}`"));
            }
        }
        Ok(())
    }

    fn fits_body(&self, request: &Request) -> Result<(), Miss> {
        let Some(schema) = &self.body else { return Ok(()) };
        // The same bytes can be a harmless JSON text and a harmful form, so the server must be told that they are JSON.
        if !request.header("content-type").is_some_and(json::is_content_type) {
            return Stage::Body.miss("wants a JSON body: the header `content-type: application/json` is missing");
        }
        let body = match json::read_strictly(&request.body) {
            Ok(body) => body,
            Err(trouble) => return Stage::Body.miss(format!("wants a JSON body, and this one {trouble}")),
        };
        match schema.check(&body).into_iter().next() {
            None => Ok(()),
            Some(violation) => {
                let place = if violation.at.is_empty() { "the body".to_owned() } else { format!("`{}`", shown(&violation.at)) };
                Stage::Body.miss(format!("wants another body: {place} {}", violation.message))
            }
        }
    }
}

fn fits_address(request: &Request, insecure: bool) -> Result<(), Miss> {
    let Some(address) = request.literal_address() else { return Ok(()) };
    // With `insecure` the rule has this very address in its list, which is what a metadata service takes.
    match address_refused(address, insecure) {
        Some(why) if !(insecure && super::address::is_metadata(address)) => {
            Stage::Address.miss(format!("does not reach `{address}`, which is {why}"))
        }
        _ => Ok(()),
    }
}

impl Request {
    /// The address that the URL names itself, without a look-up.
    pub fn literal_address(&self) -> Option<IpAddr> {
        match self.url.host()? {
            Host::Ipv4(address) => Some(IpAddr::V4(address)),
            Host::Ipv6(address) => Some(IpAddr::V6(address)),
            Host::Domain(_) => None,
        }
    }
}

/// What could be read; the rest is trouble.
fn keep<T>(read: impl Iterator<Item = Result<T, String>>, trouble: &mut impl FnMut(String)) -> Vec<T> {
    read.filter_map(|one| one.map_err(&mut *trouble).ok()).collect()
}

/// A pattern for paths: `*` stays within a segment, `**` as a whole segment crosses them, nothing else is special.
#[derive(Debug)]
struct PathGlob {
    written: String,
    matcher: GlobMatcher,
    spans_empty_segments: bool,
}

impl PathGlob {
    fn read(written: &str) -> Result<Self, String> {
        let path = normal_pattern(written)?;
        let mut literal = String::with_capacity(path.len());
        for letter in path.chars() {
            if matches!(letter, '?' | '[' | ']' | '{' | '}' | '!' | ',' | '\\') {
                literal.push('\\');
            }
            literal.push(letter);
        }
        let glob = GlobBuilder::new(&literal).literal_separator(true).backslash_escape(true).build();
        let matcher = glob.map_err(|_| unreadable_path(written, "which is no pattern"))?.compile_matcher();
        let spans_empty_segments = path.contains("//") || path.contains("**");
        Ok(Self { written: written.to_owned(), matcher, spans_empty_segments })
    }

    fn fits(&self, path: &str) -> bool {
        // Many servers read `//` as `/`: what `*` would pass as an empty segment is then another path.
        (self.spans_empty_segments || !path.contains("//")) && self.matcher.is_match(path)
    }
}

/// A pattern for paths as it is compared: encoded as a URL's path is. What cannot be read is told as the end of a sentence about the rule.
pub(crate) fn normal_pattern(written: &str) -> Result<String, String> {
    let unreadable = |why| unreadable_path(written, why);
    if !written.starts_with(['/', '*']) {
        return Err(unreadable("which does not begin with `/`"));
    }
    if written.contains(['?', '#']) {
        return Err(unreadable("and a path has no `?` or `#`: conditions on the query stand in `query`"));
    }
    let path = normal(written).ok_or_else(|| unreadable("which is too odd to compare"))?;
    if super::path_trouble(written).or(super::path_trouble(&path)).is_some()
        || path.matches('*').count() != written.matches('*').count()
    {
        return Err(unreadable("with `.`, `..` or an encoding that no request may have"));
    }
    Ok(path)
}

fn unreadable_path(written: &str, why: &str) -> String {
    format!("has the path `{}`, {why}, so it allows nothing", shown(written))
}

/// The path as a URL has it: encoded, without dot segments.
fn normal(path: &str) -> Option<String> {
    let mut url = Url::parse("https://host/").ok()?;
    url.set_path(path);
    Some(url.path().to_owned())
}

/// Whether `text` fits a pattern in which `*` stands for anything. (A glob library would take `/` and `\` for separators.)
fn wildcard(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    for piece in middle.split('*') {
        match text.find(piece) {
            Some(at) => text = &text[at + piece.len()..],
            None => return false,
        }
    }
    text.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_patterns() {
        let fits = |pattern: &str, path: &str| PathGlob::read(pattern).unwrap().fits(path);
        for (pattern, path) in [
            ("/search.json", "/search.json"),
            ("/works/*.json", "/works/OL1W.json"),
            ("/b/*", "/b/"),
            ("/files/**", "/files/a"),
            ("/files/**", "/files/a/b//c"),
            ("/files/**/edit", "/files/edit"),
            ("/files/**/edit", "/files/a/b/edit"),
            ("**", "/any/thing"),
            ("/**", "/"),
            ("/bücher/*", "/b%C3%BCcher/1"),
            ("/a b", "/a%20b"),
            ("/{a,b}/[c]!", "/%7Ba,b%7D/[c]!"),
            ("/a//*", "/a//b"),
        ] {
            assert!(fits(pattern, path), "{pattern} allows {path}");
        }
        for (pattern, path) in [
            ("/search.json", "/search.json/"),
            ("/search.json", "/Search.json"),
            ("/search.json", "/search_json"),
            ("/search.json", "/a/search.json"),
            ("/works/*.json", "/works/OL1W/editions.json"),
            ("/works/*.json", "/works/OL1W.json/"),
            ("/files/**", "/files"),
            ("/files/**", "/filesystem/a"),
            ("/a**b", "/a/b"),
            ("/[ab]", "/a"),
            ("/{a,b}", "/a"),
            ("/a*/b", "//b"),
            ("/*/b", "//b"),
            ("/a/*/b", "/a//b"),
        ] {
            assert!(!fits(pattern, path), "{pattern} does not allow {path}");
        }
        for pattern in ["", "search", "/a?b=c", "/a#b", "/a/../b", "/a/./b", "/a/%2e%2e/b", "/a%2fb", "/%zz"] {
            assert!(PathGlob::read(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn query_patterns() {
        for (pattern, text) in [
            ("", ""),
            ("*", ""),
            ("*", "a/b\\c"),
            ("a*", "a"),
            ("*c", "abc"),
            ("a*c", "ac"),
            ("a*b*c", "abbc"),
            ("**", "x"),
            ("a?", "a?"),
        ] {
            assert!(wildcard(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("", "a"), ("a", "A"), ("a*", "ba"), ("ab*ba", "aba"), ("a*b*c", "acb"), ("a*b*b", "ab"), ("?", "x")]
        {
            assert!(!wildcard(pattern, text), "{pattern} {text}");
        }
    }
}
