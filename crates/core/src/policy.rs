//! What a pack may reach over the network. Everything is refused unless a rule of a capability allows it.
//!
//! It decides twice: [`Policy::decide`] takes a request to the rule that allows it, and changes it as the capability says;
//! [`Allowed::refuses`] says of each address that the host's name leads to whether a connection may go there. Whoever sends the
//! request asks both, and asks again for every redirect. Nothing here does I/O.
//!
//! ```
//! use packwright_core::{model::Manifest, policy::{Ledger, Policy, Request}};
//!
//! let manifest = Manifest::read("capabilities:
//!   - name: openlib-read
//!     type: http
//!     allow: [{name: search, domains: [openlibrary.org], methods: [GET], paths: [/search.json]}]
//! ").unwrap();
//! let policy = Policy::new(&manifest.capabilities);
//!
//! let search = Request::new("GET", "https://openlibrary.org/search.json?q=dune", vec![], vec![]).unwrap();
//! assert_eq!(policy.decide(search, &Ledger::default()).unwrap().rule, "search");
//!
//! let cover = Request::new("GET", "https://covers.openlibrary.org/b/id/1-M.jpg", vec![], vec![]).unwrap();
//! let refusal = policy.decide(cover, &Ledger::default()).unwrap_err();
//! assert_eq!(refusal.message, "No rule of `openlib-read` names `covers.openlibrary.org`.");
//! assert_eq!(refusal.suggestion.unwrap(), "- {name: covers, domains: [covers.openlibrary.org], methods: [GET], paths: [/b/id/*]}");
//! ```

mod address;
mod domain;
mod json;
mod rule;
mod suggestion;
mod transform;

pub use address::address_refused;
// For the rules that tell authors what the engine would do.
pub(crate) use address::is_metadata;
pub(crate) use domain::Domain;
pub(crate) use rule::normal_pattern;
pub(crate) use transform::{is_prefix, secret_name};

use crate::call::ToolError;
use crate::model::{Budget, Budgets, Capability, Transform};
use crate::shape::METHODS;
use crate::text::shown;
use core::net::IpAddr;
use domain::Fit;
use rule::{Miss, Rule, Stage};
use serde_json::json;
use std::collections::BTreeMap;
use url::Url;

/// What a handler asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// In upper case.
    pub method: String,
    pub url: Url,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// The capabilities of a pack or role, ready to decide.
#[derive(Debug)]
pub struct Policy {
    capabilities: Vec<Reading>,
}

#[derive(Debug)]
struct Reading {
    name: String,
    rules: Vec<Rule>,
    transforms: Vec<Transform>,
    budgets: Budgets,
}

/// The hosts that a pack's rules name, for whoever asks of a host and no more.
#[derive(Debug)]
pub struct Hosts {
    named: Vec<Domain>,
    /// Entries that are no host: each was meant for one.
    odd: Vec<String>,
}

/// A request that may be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    pub capability: String,
    pub rule: String,
    /// What to send: with the capability's transforms applied.
    pub request: Request,
    /// Plain http and the author's own networks are fine. Only for a host that the rule writes out.
    pub insecure: bool,
    /// How many requests of this run that makes for the capability, and how many it may send.
    pub count: (u64, Option<u64>),
    /// How many bytes the request and its answer may have before a budget is used up.
    pub bytes_left: Option<u64>,
}

/// Why a request was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// One of the built-in codes of a tool's errors.
    pub code: &'static str,
    /// What was refused and why, as one sentence or two.
    pub message: String,
    /// What to do about it.
    pub hint: String,
    /// A rule in YAML that would allow this request and little else.
    pub suggestion: Option<String>,
}

/// What was used up of the budgets, by capability.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    task: BTreeMap<String, Spent>,
    workspace: BTreeMap<String, Spent>,
}

/// Requests sent, and the bytes of their bodies and of the answers'.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    pub requests: u64,
    pub bytes: u64,
}

/// The rule that a request came nearest to, and where it stopped there.
type Nearest<'a> = Option<(Miss, &'a Reading, &'a Rule)>;

impl Policy {
    /// Reads capabilities. Those of another type than `http` allow nothing here.
    pub fn new(capabilities: &[Capability]) -> Self {
        let http = capabilities.iter().filter(|one| one.kind.as_deref().is_none_or(|kind| kind == "http"));
        let read = |one: &Capability| Reading {
            name: one.name.clone(),
            rules: one.allow.iter().map(Rule::read).collect(),
            transforms: one.transforms.clone(),
            budgets: one.budgets,
        };
        // An entry without rules is a wish, not a permission (Greentic's manifests have such).
        Self { capabilities: http.map(read).filter(|one| !one.rules.is_empty()).collect() }
    }

    /// Takes a request to the first rule that allows it. Counts nothing: see [`Ledger::count_request`].
    pub fn decide(&self, request: Request, spent: &Ledger) -> Result<Allowed, Refusal> {
        request.refuse_what_no_rule_can_allow()?;
        match self.first_that_fits(&request) {
            Ok((capability, rule, insecure)) => capability.allow(rule, request, insecure, spent),
            Err(nearest) => Err(self.refusal(&request, nearest)),
        }
    }

    /// Why no rule allows a request of this method and URL, whatever its body and however often. `None` when one does, or might.
    pub fn never_allows(&self, method: &str, url: &str) -> Option<Refusal> {
        let refusal = |request: &Request| match self.first_that_fits(request) {
            Ok(_) => None,
            Err(Some((miss, ..))) if miss.stage >= Stage::Body => None,
            Err(nearest) => Some(self.refusal(request, nearest)),
        };
        let request = Request::new(method, url, Vec::new(), Vec::new());
        match request.and_then(|request| request.refuse_what_no_rule_can_allow().map(|()| request)) {
            Ok(request) => refusal(&request),
            Err(refusal) => Some(refusal),
        }
    }

    /// The first rule that a request fits, and whether it may go there without TLS; else the rule that it came nearest to.
    fn first_that_fits(&self, request: &Request) -> Result<(&Reading, &Rule, bool), Nearest<'_>> {
        let mut nearest: Nearest<'_> = None;
        for capability in &self.capabilities {
            for rule in &capability.rules {
                match rule.fits(request) {
                    Ok(insecure) => return Ok((capability, rule, insecure)),
                    Err(miss) if nearest.as_ref().is_none_or(|(best, ..)| miss.stage > best.stage) => {
                        nearest = Some((miss, capability, rule));
                    }
                    Err(_) => {}
                }
            }
        }
        Err(nearest)
    }

    fn refusal(&self, request: &Request, nearest: Nearest<'_>) -> Refusal {
        let host = domain::shown_host(&request.url);
        let suggestion = suggestion::allowing(request, |name| self.has_rule(name));
        let message = match (self.capabilities.as_slice(), nearest) {
            ([], _) | (_, None) => format!("The pack has no network capability, so `{host}` is not reached."),
            (capabilities, Some((Miss { stage: Stage::Host, .. }, ..))) => {
                let whose = match capabilities {
                    [one] => format!("`{}`", shown(&one.name)),
                    _ => "the pack".to_owned(),
                };
                match request.literal_address().and_then(|address| address_refused(address, false)) {
                    Some(why) => format!("No rule of {whose} names `{host}`, which is {why}."),
                    None => format!("No rule of {whose} names `{host}`."),
                }
            }
            (_, Some((miss, capability, rule))) => {
                format!("Rule `{}` of `{}` {}.", shown(&rule.name), shown(&capability.name), miss.text)
            }
        };
        let hint = match suggestion {
            Some(_) => "If the pack should send this request, add the suggested rule to a capability's `allow`.",
            None => "No rule is suggested for this request.",
        };
        Refusal { code: "permission_denied", message, hint: hint.to_owned(), suggestion }
    }

    fn has_rule(&self, name: &str) -> bool {
        self.capabilities.iter().flat_map(|capability| &capability.rules).any(|rule| rule.name == name)
    }
}

impl Hosts {
    /// Reads entries of `domains`. One that cannot be read names nothing, and may be meant for a host.
    pub fn new<'a>(domains: impl IntoIterator<Item = &'a str>) -> Self {
        let (mut named, mut odd) = (Vec::new(), Vec::new());
        for domain in domains {
            match Domain::read(domain) {
                Ok(domain) => named.push(domain),
                Err(_) => odd.push(domain.to_owned()),
            }
        }
        Self { named, odd }
    }

    /// True when an entry names the URL's host, and its port.
    pub fn name(&self, url: &Url) -> bool {
        self.named.iter().any(|domain| domain.fit(url) > Fit::OtherPort)
    }

    /// True when an entry that is no host may be meant for the URL's.
    pub fn may_mean(&self, url: &Url) -> bool {
        self.odd.iter().any(|odd| domain::may_mean(odd, url))
    }

    /// True when no host is named at all.
    pub fn is_empty(&self) -> bool {
        self.named.is_empty()
    }
}

impl Reading {
    fn allow(&self, rule: &Rule, request: Request, insecure: bool, spent: &Ledger) -> Result<Allowed, Refusal> {
        let request = transform::apply(request, &rule.name, &self.transforms)?;
        let (task, workspace) = (spent.task(&self.name), spent.workspace(&self.name));
        let size = request.body.len() as u64;
        let left = [
            self.budget_left("run", self.budgets.task, task, size)?,
            self.budget_left("session", self.budgets.workspace, workspace, size)?,
        ];
        Ok(Allowed {
            capability: self.name.clone(),
            rule: rule.name.clone(),
            request,
            insecure,
            count: (task.requests + 1, self.budgets.task.requests),
            bytes_left: left.into_iter().flatten().min(),
        })
    }

    /// The bytes that a budget leaves, when it leaves one more request.
    fn budget_left(&self, scope: &str, budget: Budget, spent: Spent, size: u64) -> Result<Option<u64>, Refusal> {
        let name = shown(&self.name);
        if let Some(most) = budget.requests.filter(|most| spent.requests >= *most) {
            return Err(Refusal::budget(format!("`{name}` allows {most} requests a {scope}, and all were sent.")));
        }
        let Some(most) = budget.bytes else { return Ok(None) };
        match most.checked_sub(spent.bytes) {
            Some(left) if left > 0 && left >= size => Ok(Some(left)),
            _ => Err(Refusal::budget(format!(
                "`{name}` allows {most} bytes a {scope}: {} are used, and this request has {size} more.",
                spent.bytes
            ))),
        }
    }
}

impl Allowed {
    /// Why no connection may go to `address`, one of those that the host's name leads to; `None` when it may.
    ///
    /// A cloud's metadata service is reached only by a rule with `allow_insecure` that has its very address in `domains`: a name
    /// that leads there is refused whatever the rule says.
    pub fn refuses(&self, address: IpAddr) -> Option<&'static str> {
        if self.insecure && self.request.literal_address() == Some(address) && address::is_metadata(address) {
            return None;
        }
        address_refused(address, self.insecure)
    }
}

impl Ledger {
    /// A new run in a session that has used this much.
    pub fn new(workspace: BTreeMap<String, Spent>) -> Self {
        Self { task: BTreeMap::new(), workspace }
    }

    /// What this run has used of a capability.
    pub fn task(&self, capability: &str) -> Spent {
        self.task.get(capability).copied().unwrap_or_default()
    }

    /// What the session has used of a capability.
    pub fn workspace(&self, capability: &str) -> Spent {
        self.workspace.get(capability).copied().unwrap_or_default()
    }

    /// Counts a request before it is sent, with the bytes of its body.
    pub fn count_request(&mut self, capability: &str, bytes: u64) {
        self.add(capability, Spent { requests: 1, bytes });
    }

    /// Counts bytes of an answer.
    pub fn count_bytes(&mut self, capability: &str, bytes: u64) {
        self.add(capability, Spent { requests: 0, bytes });
    }

    /// What the session has used, for its next run.
    pub fn into_workspace(self) -> BTreeMap<String, Spent> {
        self.workspace
    }

    fn add(&mut self, capability: &str, more: Spent) {
        for spent in [&mut self.task, &mut self.workspace].map(|part| part.entry(capability.to_owned()).or_default()) {
            spent.requests = spent.requests.saturating_add(more.requests);
            spent.bytes = spent.bytes.saturating_add(more.bytes);
        }
    }
}

impl Refusal {
    fn never(message: impl Into<String>, hint: &str) -> Self {
        Self { code: "permission_denied", message: message.into(), hint: hint.to_owned(), suggestion: None }
    }

    fn budget(message: String) -> Self {
        let hint = "Send fewer requests, or raise the capability's `budgets`.".to_owned();
        Self { code: "resource_exhausted", message, hint, suggestion: None }
    }

    fn secret(message: String) -> Self {
        let hint = "The capability's `transforms` say which secret goes where.".to_owned();
        Self { code: "credential_invalid", message, hint, suggestion: None }
    }

    fn transform(what: &str) -> Self {
        Self::never(
            format!("A transform of the capability {what}: the request was not sent."),
            "Correct `transforms` in pack.yaml.",
        )
    }
}

impl From<Refusal> for ToolError {
    fn from(refusal: Refusal) -> Self {
        let mut details = json!({ "hint": refusal.hint });
        if let Some(suggestion) = refusal.suggestion {
            details["suggestion"] = suggestion.into();
        }
        Self::new(refusal.code, refusal.message).with(details)
    }
}

/// A URL longer than this is refused: servers take about as much, and it is room enough for any honest query.
const LONGEST_URL: usize = 8 * 1024;
/// How many headers a handler may set, and how large they may be together.
const MOST_HEADERS: usize = 64;
const LARGEST_HEADERS: usize = 16 * 1024;

/// Headers that the host writes itself: they frame the message, name its receiver or speak to a proxy. `User-Agent` is none of them:
/// many services ask for one that names who calls.
const HOST_HEADERS: &[&str] = &[
    "host",
    "content-length",
    "connection",
    "keep-alive",
    "transfer-encoding",
    "upgrade",
    "http2-settings",
    "te",
    "trailer",
    "expect",
];

/// Headers by which some servers take a request for another than the one that was allowed.
const DISGUISES: &[&str] =
    &["x-http-method-override", "x-http-method", "x-method-override", "x-original-url", "x-rewrite-url", "x-original-method"];

impl Request {
    /// Reads what a handler asks for. The URL becomes the normal form that rules are compared with.
    pub fn new(method: &str, url: &str, headers: Vec<(String, String)>, body: Vec<u8>) -> Result<Self, Refusal> {
        let invalid = |message: String| Refusal {
            code: "invalid_input",
            message,
            hint: "Write it out in full, as in `https://api.example.org/items`.".to_owned(),
            suggestion: None,
        };
        if url.len() > LONGEST_URL {
            return Err(invalid(format!("The URL has {} bytes, and {LONGEST_URL} are allowed.", url.len())));
        }
        let url =
            Url::parse(url).map_err(|error| invalid(format!("`{}` is no URL to send a request to: {error}.", shown(url))))?;
        let headers = headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
        Ok(Self { method: method.to_ascii_uppercase(), url, headers, body })
    }

    /// The first header of that name, which is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    fn refuse_what_no_rule_can_allow(&self) -> Result<(), Refusal> {
        self.refuse_urls()?;
        if !METHODS.contains(&self.method.as_str()) {
            let message = format!("`{}` is not a method that a pack may use.", shown(&self.method));
            return Err(Refusal::never(message, &format!("Use one of {}.", METHODS.join(", "))));
        }
        self.refuse_headers()
    }

    fn refuse_urls(&self) -> Result<(), Refusal> {
        let url = &self.url;
        if !matches!(url.scheme(), "http" | "https") {
            let message = format!("`{}` is not a scheme that a pack may use.", shown(url.scheme()));
            return Err(Refusal::never(message, "Use an https URL."));
        }
        if !url.username().is_empty() || url.password().is_some() {
            let message = format!("The URL carries a user name or password for `{}`.", domain::shown_host(url));
            return Err(Refusal::never(
                message,
                "Take it out of the URL: credentials are put in by a capability's `transforms`.",
            ));
        }
        let host = url.host_str().unwrap_or_default();
        if host.is_empty() || host.starts_with('.') || host.ends_with('.') || host.contains("..") {
            let message = format!("`{}` is no host that can be compared with a rule.", domain::shown_host(url));
            return Err(Refusal::never(message, "Write the host without a dot at its ends."));
        }
        if url.as_str().len() > LONGEST_URL {
            let message = format!("The URL has {} bytes, and {LONGEST_URL} are allowed.", url.as_str().len());
            return Err(Refusal::never(message, "Send long values in the body."));
        }
        match path_trouble(url.path()) {
            Some(trouble) => Err(Refusal::never(
                format!("The path `{}` has {trouble}, which servers read in different ways.", shown(url.path())),
                "Send such a value in the query or the body.",
            )),
            None => Ok(()),
        }
    }

    fn refuse_headers(&self) -> Result<(), Refusal> {
        let size: usize = self.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        if self.headers.len() > MOST_HEADERS || size > LARGEST_HEADERS {
            let message = format!("The request has {} headers of {size} bytes.", self.headers.len());
            let hint = format!("Send at most {MOST_HEADERS} headers of together {LARGEST_HEADERS} bytes.");
            return Err(Refusal::never(message, &hint));
        }
        for (name, value) in &self.headers {
            if let Some(trouble) = header_trouble(name, value) {
                let message = format!("The request sets the header `{}`, {trouble}.", shown(name));
                return Err(Refusal::never(message, "Leave the header out, or correct it."));
            }
        }
        Ok(())
    }
}

/// Why a header may not be set, as the end of a sentence.
pub(crate) fn header_trouble(name: &str, value: &str) -> Option<&'static str> {
    let token = |letter: u8| letter.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&letter);
    if name.is_empty() || !name.bytes().all(token) {
        return Some("which is no name of a header");
    }
    if !value.bytes().all(|letter| letter == b'\t' || (b' '..=b'~').contains(&letter)) {
        return Some("whose value has letters that no header may have");
    }
    let name = name.to_ascii_lowercase();
    if HOST_HEADERS.contains(&name.as_str()) || name.starts_with("proxy-") {
        return Some("which only the host itself writes");
    }
    DISGUISES
        .contains(&name.as_str())
        .then_some("by which a server may take it for another request than the one that was allowed")
}

/// What makes a path mean one thing to a rule and another to a server.
fn path_trouble(path: &str) -> Option<&'static str> {
    path.split('/').find_map(segment_trouble)
}

/// Looks at a segment as a server may see it: decoded once, and again, for some servers do that.
fn segment_trouble(segment: &str) -> Option<&'static str> {
    let Some(mut seen) = decoded(segment.as_bytes()) else { return Some("a `%` that encodes nothing") };
    if core::str::from_utf8(&seen).is_err() {
        return Some("encoded bytes that are no text");
    }
    loop {
        // Some servers cut a segment at `;`.
        let name = seen.split(|letter| *letter == b';').next().unwrap_or_default();
        if name == b"." || name == b".." {
            return Some("a `.` or `..`");
        }
        if seen.iter().any(|letter| matches!(letter, b'/' | b'\\')) {
            return Some("an encoded slash");
        }
        if seen.iter().any(u8::is_ascii_control) {
            return Some("an encoded control character");
        }
        match decoded(&seen) {
            Some(next) if next != seen => seen = next,
            _ => return None,
        }
    }
}

/// The bytes with every `%xx` as what it stands for. `None` when a `%` stands for nothing.
fn decoded(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    while let Some(&letter) = rest.next() {
        if letter != b'%' {
            out.push(letter);
            continue;
        }
        let digit = |letter: Option<&u8>| letter.and_then(|letter| char::from(*letter).to_digit(16));
        let (high, low) = (digit(rest.next())?, digit(rest.next())?);
        out.push(u8::try_from(high * 16 + low).ok()?);
    }
    Some(out)
}

#[cfg(test)]
mod tests;
