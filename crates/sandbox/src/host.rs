//! The host interface: what a handler may ask for, by name, JSON in and JSON out.
//!
//! Deny by default: a name that is not here is refused. Everything asked for, but for time and log lines, is in the run's list of calls.

use crate::guest::{Guest, Meter};
use crate::http::{Exchange, HttpLimits, Net};
use crate::run::Chance;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use packwright_core::call::ToolError;
use packwright_core::policy::{Ledger, Policy, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use url::{Url, quirks};
use wasmtime::StoreContextMut;
use wasmtime::component::Linker;

/// Log lines that are kept, and characters of each: the rest is counted, not kept.
pub(crate) const MOST_LINES: usize = 1000;
const LONGEST_LINE: usize = 8_000;
/// Requests that one run may make, and bytes of answers that are kept of them: more is a loop.
const MOST_REQUESTS: usize = 1000;
const MOST_KEPT: u64 = 64 * 1024 * 1024;
/// Random bytes that one request may ask for.
const MOST_RANDOM: usize = 65_536;

/// A line that the handler wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogLine {
    pub level: LogLevel,
    pub text: String,
}

/// How much a log line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    Debug,
    Info,
    Warn,
    Error,
}

/// Answers one instance.
pub(crate) struct Host {
    pub(crate) log: Vec<LogLine>,
    /// Requests over HTTP, allowed or not, in order.
    pub(crate) exchanges: Vec<Exchange>,
    /// Spent waiting for answers.
    pub(crate) waited: Duration,
    pub(crate) policy: Arc<Policy>,
    pub(crate) ledger: Ledger,
    pub(crate) net: Net,
    chance: Chance,
    /// How often the clock was read, when it is not the real one.
    readings: u64,
}

impl Host {
    pub(crate) fn new(policy: Arc<Policy>, ledger: Ledger, net: Net, chance: Chance) -> Self {
        Self { log: Vec::new(), exchanges: Vec::new(), waited: Duration::ZERO, policy, ledger, net, chance, readings: 0 }
    }

    /// Answers a request: `{"ok": …}` or `{"error": {"code", "message"}}`.
    pub(crate) async fn call(&mut self, name: &str, request: &str, deadline: Instant) -> String {
        if name != "http" {
            return self.call_now(name, request);
        }
        let begin = Instant::now();
        let answer = self.http(request, deadline).await;
        self.waited += begin.elapsed();
        written(answer)
    }

    /// Answers what needs no waiting.
    fn call_now(&mut self, name: &str, request: &str) -> String {
        written(match name {
            "log" => self.write_log(request),
            "random" => self.random_bytes(request),
            "url" => read_url(request),
            "clock" => Ok(json!({ "nanoseconds": self.now().to_string() })),
            other => Err(ToolError::new("permission_denied", format!("the host has nothing called `{other}`"))),
        })
    }

    /// The same as `call`, but a run that is stopped waits no longer. The handler gets an error, and ends at its next step.
    pub(crate) async fn call_until_stopped(&mut self, name: &str, request: &str, meter: &Meter) -> String {
        tokio::select! {
            biased;
            () = meter.stop.wait() => written(Err(ToolError::new("timeout", "the run was stopped by hand"))),
            answer = self.call(name, request, meter.deadline) => answer,
        }
    }

    fn write_log(&mut self, request: &str) -> Result<Value, ToolError> {
        #[derive(Deserialize)]
        struct Line {
            level: LogLevel,
            text: String,
        }
        let mut line: Line = read(request)?;
        if self.log.len() < MOST_LINES {
            if line.text.len() > LONGEST_LINE {
                let end = line.text.floor_char_boundary(LONGEST_LINE);
                line.text.truncate(end);
                line.text.push('…');
            }
            self.log.push(LogLine { level: line.level, text: line.text });
        } else if self.log.len() == MOST_LINES {
            self.log.push(LogLine { level: LogLevel::Warn, text: format!("more than {MOST_LINES} lines: the rest is not kept") });
        }
        Ok(Value::Null)
    }

    fn random_bytes(&mut self, request: &str) -> Result<Value, ToolError> {
        #[derive(Deserialize)]
        struct Wanted {
            bytes: usize,
        }
        let Wanted { bytes } = read(request)?;
        if bytes > MOST_RANDOM {
            return Err(ToolError::new("invalid_input", format!("at most {MOST_RANDOM} random bytes at a time")));
        }
        let mut random = vec![0; bytes];
        self.chance.fill(&mut random)?;
        Ok(Value::String(hex::encode(random)))
    }

    /// Nanoseconds since 1970. A replay has a clock of its own, which goes on a millisecond with every look.
    pub(crate) fn now(&mut self) -> u64 {
        /// 2026-01-01.
        const REPLAYED: u64 = 1_767_225_600_000_000_000;
        if self.chance.is_fixed() {
            self.readings += 1;
            return REPLAYED + self.readings * 1_000_000;
        }
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
    }

    fn random(&mut self) -> u64 {
        let mut bytes = [0; 8];
        let _ = self.chance.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    async fn http(&mut self, request: &str, deadline: Instant) -> Result<Value, ToolError> {
        let kept: u64 = self.exchanges.iter().map(|exchange| exchange.received).sum();
        if self.exchanges.len() >= MOST_REQUESTS || kept > MOST_KEPT {
            let message = format!("a run may make {MOST_REQUESTS} requests and take {} MB of answers", MOST_KEPT / 1024 / 1024);
            return Err(ToolError::new("resource_exhausted", message));
        }
        let request = read::<HttpRequest>(request)?.into_request()?;
        let limits = HttpLimits::new(deadline.saturating_duration_since(Instant::now()));
        let exchange = self.net.send(&self.policy, &mut self.ledger, request, &limits).await;
        let answer = exchange.result.as_ref().map_err(Clone::clone).map(|reply| {
            // As pairs: a name may come more than once.
            let mut answer = json!({ "status": reply.status, "url": reply.url, "headers": reply.headers });
            match std::str::from_utf8(&reply.body) {
                Ok(text) => answer["body"] = json!(text),
                Err(_) => answer["body_base64"] = json!(BASE64.encode(&reply.body)),
            }
            answer
        });
        self.exchanges.push(exchange);
        answer
    }
}

fn written(answer: Result<Value, ToolError>) -> String {
    match answer {
        Ok(value) => json!({ "ok": value }).to_string(),
        Err(error) => json!({ "error": error }).to_string(),
    }
}

/// A request as the library writes it.
#[derive(Deserialize)]
struct HttpRequest {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default)]
    query: Vec<(String, String)>,
    body: Option<String>,
    body_base64: Option<String>,
}

impl HttpRequest {
    fn into_request(self) -> Result<Request, ToolError> {
        let body = match (self.body, self.body_base64) {
            (Some(text), _) => text.into_bytes(),
            (None, Some(text)) => {
                BASE64.decode(text).map_err(|error| ToolError::new("invalid_input", format!("the body is no base64: {error}")))?
            }
            (None, None) => Vec::new(),
        };
        let mut request = Request::new(&self.method, &self.url, self.headers, body)?;
        if !self.query.is_empty() {
            request.url.query_pairs_mut().extend_pairs(&self.query);
        }
        Ok(request)
    }
}

/// What `URL` in a handler asks: the parts of an address, or null when it is none.
fn read_url(request: &str) -> Result<Value, ToolError> {
    #[derive(Deserialize)]
    struct Wanted {
        address: String,
        base: Option<String>,
        set: Option<String>,
        value: Option<String>,
    }
    let wanted: Wanted = read(request)?;
    let base = wanted.base.as_deref().map(Url::parse);
    let parsed = match &base {
        Some(Ok(base)) => base.join(&wanted.address),
        Some(Err(_)) => return Ok(Value::Null),
        None => Url::parse(&wanted.address),
    };
    let Ok(mut url) = parsed else { return Ok(Value::Null) };
    if let (Some(part), Some(value)) = (&wanted.set, &wanted.value)
        && set_part(&mut url, part, value).is_none()
    {
        return Ok(Value::Null);
    }
    Ok(json!({
        "href": quirks::href(&url), "origin": quirks::origin(&url), "protocol": quirks::protocol(&url),
        "username": quirks::username(&url), "password": quirks::password(&url), "host": quirks::host(&url),
        "hostname": quirks::hostname(&url), "port": quirks::port(&url), "pathname": quirks::pathname(&url),
        "search": quirks::search(&url), "hash": quirks::hash(&url),
    }))
}

fn set_part(url: &mut Url, part: &str, value: &str) -> Option<()> {
    match part {
        "href" => *url = Url::parse(value).ok()?,
        "protocol" => quirks::set_protocol(url, value).ok()?,
        "username" => quirks::set_username(url, value).ok()?,
        "password" => quirks::set_password(url, value).ok()?,
        "host" => quirks::set_host(url, value).ok()?,
        "hostname" => quirks::set_hostname(url, value).ok()?,
        "port" => quirks::set_port(url, value).ok()?,
        "pathname" => quirks::set_pathname(url, value),
        "search" => quirks::set_search(url, value),
        "hash" => quirks::set_hash(url, value),
        _ => return None,
    }
    Some(())
}

fn read<'t, T: Deserialize<'t>>(request: &'t str) -> Result<T, ToolError> {
    serde_json::from_str(request)
        .map_err(|error| ToolError::new("invalid_input", format!("the host does not understand this: {error}")))
}

impl Chance {
    fn is_fixed(&self) -> bool {
        matches!(self, Self::Fixed(_))
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), ToolError> {
        match self {
            Self::Real => getrandom::fill(bytes).map_err(|error| ToolError::new("internal", format!("no randomness: {error}"))),
            Self::Fixed(state) => {
                // SplitMix64: a replay needs the same numbers everywhere, not secret ones.
                for chunk in bytes.chunks_mut(8) {
                    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                    let mut mixed = *state;
                    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                    let word = (mixed ^ (mixed >> 31)).to_le_bytes();
                    chunk.copy_from_slice(&word[..chunk.len()]);
                }
                Ok(())
            }
        }
    }
}

/// What the engine of inline handlers imports.
pub(crate) fn add_to_linker(linker: &mut Linker<Guest>) -> wasmtime::Result<()> {
    linker
        .instance("packwright:engine/source@0.1.0")?
        .func_wrap("get", |context: StoreContextMut<'_, Guest>, ()| Ok((context.data().source.clone(),)))?;
    let mut host = linker.instance("packwright:engine/host@0.1.0")?;
    host.func_wrap("call", |mut context: StoreContextMut<'_, Guest>, (name, request): (String, String)| {
        let Guest { host, meter, runtime, .. } = context.data_mut();
        // Only what waits for the world needs the runtime; a log line must not cost a trip through it.
        let answer = if name == "http" {
            runtime.block_on(host.call_until_stopped(&name, &request, meter))
        } else {
            host.call_now(&name, &request)
        };
        Ok((answer,))
    })?;
    host.func_wrap("now", |mut context: StoreContextMut<'_, Guest>, ()| Ok((context.data_mut().host.now(),)))?;
    host.func_wrap("random", |mut context: StoreContextMut<'_, Guest>, ()| Ok((context.data_mut().host.random(),)))?;
    host.func_wrap("interrupted", |mut context: StoreContextMut<'_, Guest>, ()| {
        let left = context.get_fuel()?;
        Ok((context.data_mut().meter.interrupts(left),))
    })
}
