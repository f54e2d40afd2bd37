//! Requests answered from a recording, and exchanges made into one.
//!
//! A replay decides like a live run: what the policy refuses is refused, and takes nothing from the recording.

use super::{Exchange, Reply};
use packwright_core::call::ToolError;
use packwright_core::policy::{Ledger, Policy, Request};
use packwright_core::recording::{HttpCall, Recording};
use std::collections::BTreeMap;
use url::Url;

/// A recording that is being replayed: its calls are answered in their order, each once.
#[derive(Debug, Clone)]
pub struct Replay {
    recording: Recording,
    at: usize,
}

/// Headers that a recording keeps: what handlers look at. Never cookies and credentials, and nothing that differs on every run.
const RECORDED_HEADERS: &[&str] = &["content-type", "etag", "last-modified", "link", "location", "retry-after"];

impl Replay {
    pub fn new(recording: Recording) -> Self {
        Self { recording, at: 0 }
    }

    /// How many recorded calls nobody has asked for yet.
    pub fn left(&self) -> usize {
        self.recording.calls.len() - self.at
    }

    /// Answers a request, when the policy allows it and it is the one that was recorded next.
    pub fn send(&mut self, policy: &Policy, spent: &mut Ledger, request: Request) -> Exchange {
        let mut exchange = Exchange::of(&request);
        let allowed = match policy.decide(request.clone(), spent) {
            Ok(allowed) => allowed,
            Err(refusal) => return exchange.refused(refusal),
        };
        exchange.allow(&allowed);
        exchange.result = match self.next(&request) {
            Err(message) => Err(ToolError::new("network_error", message)),
            Ok(reply) => {
                exchange.status = Some(reply.status);
                exchange.sent = allowed.request.body.len() as u64;
                exchange.received = reply.body.len() as u64;
                spent.count_request(&allowed.capability, exchange.sent);
                spent.count_bytes(&allowed.capability, exchange.received);
                Ok(reply)
            }
        };
        exchange
    }

    fn next(&mut self, request: &Request) -> Result<Reply, String> {
        let asked = format!("{} {}", request.method, request.url);
        let number = self.at + 1;
        let Some(call) = self.recording.calls.get(self.at) else {
            let calls = self.recording.calls.len();
            return Err(format!(
                "The handler asked for {}, and all {calls} calls of the recording were made.",
                shown_whole(&asked)
            ));
        };
        if !is_recorded(call, request) {
            let expected = shown_whole(&format!("{} {}", call.method, call.url));
            return Err(format!(
                "The handler asked for {}, and call {number} of the recording is {expected}.",
                shown_whole(&asked)
            ));
        }
        self.at += 1;
        Ok(Reply {
            status: call.status,
            url: request.url.to_string(),
            headers: call.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect(),
            body: call.body_bytes().to_vec(),
        })
    }
}

/// Longer than a message shows elsewhere: two URLs often differ at their ends.
fn shown_whole(request: &str) -> String {
    const LONGEST: usize = 400;
    let letters: String = request.chars().filter(|letter| !letter.is_control()).take(LONGEST).collect();
    format!("`{letters}`")
}

fn is_recorded(call: &HttpCall, request: &Request) -> bool {
    call.method.eq_ignore_ascii_case(&request.method) && Url::parse(&call.url).is_ok_and(|url| url == request.url)
}

/// The recording of exchanges that were answered. One that was refused or failed has no answer to record.
pub fn record<'a>(exchanges: impl IntoIterator<Item = &'a Exchange>) -> Recording {
    let calls = exchanges.into_iter().filter_map(|exchange| {
        let reply = exchange.result.as_ref().ok()?;
        Some(recorded(exchange, reply))
    });
    Recording { calls: calls.collect() }
}

/// As the handler asked and as it was answered: redirects, and what transforms put into the request, are the host's affair.
fn recorded(exchange: &Exchange, reply: &Reply) -> HttpCall {
    let mut headers: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in reply.headers.iter().filter(|(name, _)| RECORDED_HEADERS.contains(&name.as_str())) {
        // Several headers of a name are one list, by HTTP's own rules.
        headers.entry(name.clone()).and_modify(|list| list.push_str(&format!(", {value}"))).or_insert_with(|| value.clone());
    }
    let (method, url) = (exchange.method.clone(), exchange.url.clone());
    let mut call = HttpCall { method, url, status: reply.status, headers, ..HttpCall::default() };
    call.set_body(reply.body.clone());
    call
}
