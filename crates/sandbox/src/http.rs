//! The network, under policy: sends what a rule allows, to addresses that the policy allows, and tells all of it.
//!
//! One call of [`Net::send`] is one request of a handler, from its first hop to the answer. For every hop the policy decides anew;
//! the host's name is looked up here and every address it leads to is judged, and the connection goes to one of those addresses
//! and to no other. There is no proxy, no cookie, no cache, and no redirect but those that `redirect.rs` follows.

mod redirect;
mod replay;
mod resolve;

pub use replay::{Replay, record};

use packwright_core::call::ToolError;
use packwright_core::policy::{Allowed, Ledger, Policy, Refusal, Request};
use packwright_core::text::shown;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use resolve::{Checked, LookupError};
use std::error::Error;
use std::io;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use url::Url;

/// Where a run's requests go.
#[derive(Debug)]
pub enum Net {
    /// To the real servers.
    Live(Client),
    /// To a recording, which gives the answers it was given.
    Replay(Replay),
    /// Nowhere: every request is refused.
    Off,
}

/// How much one request may take.
#[derive(Debug, Clone, Copy)]
pub struct HttpLimits {
    /// What is left of the call's time.
    pub time_left: Duration,
    pub request_bytes: usize,
    pub reply_bytes: usize,
}

/// One request of a handler and what came of it.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// As the handler asked: before transforms, so without anything that the host put in.
    pub method: String,
    pub url: String,
    /// What was decided about the last hop.
    pub decision: Decision,
    /// The hops before that one.
    pub redirects: Vec<Hop>,
    /// The status of the last answer, also of one that was too large to hand over.
    pub status: Option<u16>,
    /// Bytes of bodies, over all hops.
    pub sent: u64,
    pub received: u64,
    pub duration: Duration,
    /// What the handler gets.
    pub result: Result<Reply, ToolError>,
}

/// What the policy said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    Allowed {
        capability: String,
        rule: String,
        /// How many requests of the run that makes for the capability, and how many it may send.
        count: (u64, Option<u64>),
    },
    Refused {
        message: String,
        hint: String,
        suggestion: Option<String>,
    },
}

/// A hop that was answered with another place to go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    pub method: String,
    pub url: String,
    pub status: u16,
    pub decision: Decision,
}

/// A server's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    /// Where it came from, after redirects.
    pub url: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// Sends requests to real servers. Cheap to clone; one per process keeps connections open between requests.
///
/// It needs a tokio runtime with I/O and time, and no other than the one it was first used in.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// Made when first needed, for reading the system's certificates takes a while.
    connectors: Arc<Connectors>,
}

#[derive(Debug, Default)]
struct Connectors {
    public: OnceLock<Result<reqwest::Client, String>>,
    /// For rules with `allow_insecure`: plain http, and the author's own networks. It checks certificates like the other.
    insecure: OnceLock<Result<reqwest::Client, String>>,
}

const USER_AGENT: &str = concat!("packwright/", env!("CARGO_PKG_VERSION"));
/// As many as curl and browsers need on honest sites, and far fewer than a loop takes.
const MOST_REDIRECTS: usize = 5;
/// A server that does not take the connection in this time is not there.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// More headers than this, or larger ones, are an attack or a mistake: servers themselves rarely take 16 KiB.
const MOST_HEADERS: usize = 100;
const LARGEST_HEADERS: u32 = 64 * 1024;

impl Net {
    /// Sends a request as far as the policy lets it.
    pub async fn send(&mut self, policy: &Policy, spent: &mut Ledger, request: Request, limits: &HttpLimits) -> Exchange {
        match self {
            Self::Live(client) => client.send(policy, spent, request, limits).await,
            Self::Replay(replay) => replay.send(policy, spent, request),
            Self::Off => Exchange::of(&request).refused(no_network()),
        }
    }
}

fn no_network() -> Refusal {
    Refusal {
        code: "permission_denied",
        message: "This run has no network: nothing is sent and nothing is replayed.".to_owned(),
        hint: "Run it live, or with a recording.".to_owned(),
        suggestion: None,
    }
}

impl HttpLimits {
    /// The usual sizes.
    pub fn new(time_left: Duration) -> Self {
        Self { time_left, request_bytes: 8 << 20, reply_bytes: 8 << 20 }
    }
}

impl Client {
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends a request and follows where it leads, as far as the policy allows every step.
    pub async fn send(&self, policy: &Policy, spent: &mut Ledger, request: Request, limits: &HttpLimits) -> Exchange {
        let started = Instant::now();
        let mut exchange = Exchange::of(&request);
        let host = host(&request.url);
        let followed = tokio::time::timeout(limits.time_left, self.follow(policy, spent, request, limits, &mut exchange)).await;
        exchange.result = followed.unwrap_or_else(|_| {
            let waited = limits.time_left.as_millis();
            Err(ToolError::new(
                "timeout",
                format!("`{host}` did not answer within the {waited} ms that were left of the call's time."),
            ))
        });
        exchange.duration = started.elapsed();
        exchange
    }

    async fn follow(
        &self,
        policy: &Policy,
        spent: &mut Ledger,
        mut request: Request,
        limits: &HttpLimits,
        exchange: &mut Exchange,
    ) -> Result<Reply, ToolError> {
        loop {
            let allowed = match policy.decide(request.clone(), spent) {
                Ok(allowed) => allowed,
                Err(refusal) => return Err(exchange.refuse(refusal)),
            };
            exchange.allow(&allowed);
            let response = self.open(&allowed, spent, limits, exchange).await?;
            let location = response.headers().get("location").map(|value| String::from_utf8_lossy(value.as_bytes()));
            let status = response.status().as_u16();
            let Some(next) = redirect::next(&request, status, location.as_deref())? else {
                return read(response, &request.url, &allowed, spent, limits, exchange).await;
            };
            exchange.pass_on(&request, status);
            if exchange.redirects.len() > MOST_REDIRECTS {
                let message = format!("`{}` and its like redirected more than {MOST_REDIRECTS} times.", host(&request.url));
                return Err(ToolError::new("network_error", message));
            }
            request = next;
        }
    }

    /// Sends one request and waits for the head of the answer.
    async fn open(
        &self,
        allowed: &Allowed,
        spent: &mut Ledger,
        limits: &HttpLimits,
        exchange: &mut Exchange,
    ) -> Result<reqwest::Response, ToolError> {
        let request = &allowed.request;
        if request.body.len() > limits.request_bytes {
            return Err(too_large("The request's body", limits.request_bytes as u64));
        }
        // An address in the URL is never looked up, so it is judged here.
        if let Some(address) = request.literal_address()
            && let Some(why) = allowed.refuses(address)
        {
            return Err(exchange.refuse(address_refusal(allowed, &address.to_string(), why)));
        }
        let (connector, outgoing) = self.prepare(allowed)?;
        let size = request.body.len() as u64;
        spent.count_request(&allowed.capability, size);
        exchange.sent += size;
        let response = connector.execute(outgoing).await.map_err(|error| failure(&error, allowed, exchange))?;
        exchange.status = Some(response.status().as_u16());
        let headers: usize = response.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        if headers > LARGEST_HEADERS as usize || response.headers().len() > MOST_HEADERS {
            return Err(too_large(&format!("The head of `{}`'s answer", host(&request.url)), LARGEST_HEADERS.into()));
        }
        Ok(response)
    }

    fn prepare(&self, allowed: &Allowed) -> Result<(&reqwest::Client, reqwest::Request), ToolError> {
        let unsendable = |what: String| ToolError::new("internal", format!("The request could not be made: {what}."));
        let connector = self.connectors.get(allowed.insecure).map_err(unsendable)?;
        let request = &allowed.request;
        let method = reqwest::Method::from_bytes(request.method.as_bytes()).map_err(|error| unsendable(error.to_string()))?;
        let mut headers = HeaderMap::new();
        for (name, value) in &request.headers {
            // The policy has looked at both; what it let pass by mistake does not pass here.
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| unsendable(error.to_string()))?;
            headers.append(name, HeaderValue::from_str(value).map_err(|error| unsendable(error.to_string()))?);
        }
        let mut outgoing = connector.request(method, request.url.clone()).headers(headers);
        if !request.body.is_empty() {
            outgoing = outgoing.body(request.body.clone());
        }
        Ok((connector, outgoing.build().map_err(|error| unsendable(error.to_string()))?))
    }
}

impl Connectors {
    fn get(&self, insecure: bool) -> Result<&reqwest::Client, String> {
        let slot = if insecure { &self.insecure } else { &self.public };
        slot.get_or_init(|| connector(insecure).map_err(|error| root_of(&error))).as_ref().map_err(String::clone)
    }
}

fn connector(insecure: bool) -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .dns_resolver(Checked { insecure })
        .https_only(!insecure)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        // A request that was sent twice would be counted once.
        .retry(reqwest::retry::never())
        .user_agent(USER_AGENT)
        .connect_timeout(CONNECT_TIMEOUT)
        .http1_max_headers(MOST_HEADERS)
        .http2_max_header_list_size(LARGEST_HEADERS)
        .build()
}

/// Reads the answer's body, no further than it may be large.
async fn read(
    mut response: reqwest::Response,
    url: &Url,
    allowed: &Allowed,
    spent: &mut Ledger,
    limits: &HttpLimits,
    exchange: &mut Exchange,
) -> Result<Reply, ToolError> {
    let budget = allowed.bytes_left.map(|left| left - allowed.request.body.len() as u64);
    let most = budget.unwrap_or(u64::MAX).min(limits.reply_bytes as u64);
    let answer = format!("The answer of `{}`", host(url));
    let over = || match budget {
        Some(left) if left == most => ToolError::new(
            "resource_exhausted",
            format!("{answer} is larger than the {most} bytes that the budget of `{}` leaves.", shown(&allowed.capability)),
        ),
        _ => too_large(&answer, most),
    };
    let head_only = allowed.request.method == "HEAD";
    if !head_only && response.content_length().is_some_and(|length| length > most) {
        return Err(over());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure(&error, allowed, exchange))? {
        let size = chunk.len() as u64;
        spent.count_bytes(&allowed.capability, size);
        exchange.received += size;
        if body.len() as u64 + size > most {
            return Err(over());
        }
        body.extend_from_slice(&chunk);
    }
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = response.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    Ok(Reply { status: response.status().as_u16(), url: url.to_string(), headers, body })
}

/// What went wrong, as a newcomer understands it.
fn failure(error: &reqwest::Error, allowed: &Allowed, exchange: &mut Exchange) -> ToolError {
    let host = host(&allowed.request.url);
    let network = |message: String| ToolError::new("network_error", message);
    if let Some(lookup) = cause::<LookupError>(error) {
        return match lookup {
            LookupError::Refused { address, why } => exchange.refuse(address_refusal(allowed, &address.to_string(), why)),
            LookupError::NotFound => {
                network(format!("The name `{host}` was not found. Check its spelling, and whether this computer is online."))
            }
            LookupError::TimedOut => {
                network(format!("Nobody said in time where `{host}` is. Check whether this computer is online."))
            }
        };
    }
    if error.is_timeout() {
        let seconds = CONNECT_TIMEOUT.as_secs();
        return ToolError::new("timeout", format!("`{host}` did not take the connection within {seconds} seconds."));
    }
    let root = shown(&root_of(error));
    if cause::<io::Error>(error).is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused) {
        let port = allowed.request.url.port_or_known_default().unwrap_or_default();
        return network(format!("Nothing answers at port {port} of `{host}`: the connection was refused."));
    }
    if error.is_connect() {
        let connection = if allowed.request.url.scheme() == "https" { "secure connection" } else { "connection" };
        return network(format!("No {connection} to `{host}`: {root}."));
    }
    if root.contains("too large") {
        return too_large(&format!("The head of `{host}`'s answer"), LARGEST_HEADERS.into());
    }
    network(format!("`{host}` broke off, or does not speak HTTP: {root}."))
}

/// The first error of a kind among an error's causes.
fn cause<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    std::iter::successors(Some(error), |&error| error.source()).find_map(|error| error.downcast_ref())
}

fn root_of(error: &(dyn Error + 'static)) -> String {
    std::iter::successors(Some(error), |&error| error.source()).last().map(ToString::to_string).unwrap_or_default()
}

fn address_refusal(allowed: &Allowed, address: &str, why: &str) -> Refusal {
    let host = host(&allowed.request.url);
    let (rule, capability) = (shown(&allowed.rule), shown(&allowed.capability));
    Refusal {
        code: "permission_denied",
        message: format!("`{host}` leads to {address}, which is {why}. Rule `{rule}` of `{capability}` does not reach there."),
        hint: "If that is meant, write the host out in the rule's `domains` and set `allow_insecure: true`.".to_owned(),
        suggestion: None,
    }
}

fn too_large(what: &str, most: u64) -> ToolError {
    ToolError::new("resource_exhausted", format!("{what} is larger than the {most} bytes that are allowed."))
}

fn host(url: &Url) -> String {
    shown(url.host_str().unwrap_or_default())
}

impl Exchange {
    /// An exchange that nothing has come of yet.
    fn of(request: &Request) -> Self {
        Self {
            method: request.method.clone(),
            url: request.url.to_string(),
            decision: Decision::from(no_network()),
            redirects: Vec::new(),
            status: None,
            sent: 0,
            received: 0,
            duration: Duration::ZERO,
            result: Err(no_network().into()),
        }
    }

    fn allow(&mut self, allowed: &Allowed) {
        let (capability, rule) = (allowed.capability.clone(), allowed.rule.clone());
        self.decision = Decision::Allowed { capability, rule, count: allowed.count };
    }

    /// Notes a refusal, and makes the error of it.
    fn refuse(&mut self, mut refusal: Refusal) -> ToolError {
        if let Some(hop) = self.redirects.last() {
            refusal.message = format!("`{}` redirected elsewhere. {}", shown(&hop.url), refusal.message);
        }
        self.decision = Decision::from(refusal.clone());
        refusal.into()
    }

    fn refused(mut self, refusal: Refusal) -> Self {
        self.result = Err(self.refuse(refusal));
        self
    }

    /// Notes that the hop just made leads on.
    fn pass_on(&mut self, request: &Request, status: u16) {
        let decision = self.decision.clone();
        self.redirects.push(Hop { method: request.method.clone(), url: request.url.to_string(), status, decision });
        self.status = None;
    }
}

impl From<Refusal> for Decision {
    fn from(refusal: Refusal) -> Self {
        Self::Refused { message: refusal.message, hint: refusal.hint, suggestion: refusal.suggestion }
    }
}

#[cfg(test)]
mod tests;
