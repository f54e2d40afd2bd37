//! Real connections to servers on this computer that say exactly what a test wants, however wrong.

use super::*;
use packwright_core::model::Manifest;
use packwright_core::recording::Recording;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Mutex;
use std::thread;

/// A server that gives one answer to each connection, in their order, and keeps what it was sent.
struct Server {
    port: u16,
    seen: Arc<Mutex<Vec<String>>>,
}

/// What a server does with a connection once it has read the request.
enum Answer {
    /// Writes this and closes.
    Say(String),
    /// Writes this and then never anything more.
    Stall(String),
    /// Writes this again and again until nobody reads.
    Flood(String),
}

impl Server {
    fn new(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let server = Self { port: listener.local_addr().unwrap().port(), seen: Arc::default() };
        let seen = Arc::clone(&server.seen);
        thread::spawn(move || {
            let mut stalled = Vec::new();
            for answer in answers {
                let mut stream = listener.accept().unwrap().0;
                let request = read_request(&mut stream);
                seen.lock().unwrap().push(request);
                match answer {
                    Answer::Say(text) => drop(stream.write_all(text.as_bytes())),
                    Answer::Stall(text) => {
                        drop(stream.write_all(text.as_bytes()));
                        stalled.push(stream);
                    }
                    Answer::Flood(text) => while stream.write_all(text.as_bytes()).is_ok() {},
                }
            }
            // Connections that must stay open do, for as long as the test runs.
            loop {
                thread::park();
            }
        });
        server
    }

    fn saying<const N: usize>(answers: [&str; N]) -> Self {
        Self::new(answers.map(|text| Answer::Say(text.to_owned())).into())
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

fn read_request(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|count| count == 1) {
        text.push(byte[0]);
        // The first byte of TLS, which has no lines to wait for.
        if text == [0x16] {
            return String::new();
        }
    }
    let head = String::from_utf8_lossy(&text).to_lowercase();
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next()?.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    text.extend(body);
    String::from_utf8_lossy(&text).into_owned()
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

fn redirect(location: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
}

fn policy(rules: &str) -> Policy {
    let manifest = format!("capabilities: [{{name: c, type: http, allow: [{rules}]}}]");
    Policy::new(&Manifest::read(&manifest).unwrap().capabilities)
}

/// A policy that lets everything reach these servers.
fn open(servers: &[&Server]) -> Policy {
    let domains: Vec<String> = servers.iter().map(|server| format!("'127.0.0.1:{}'", server.port)).collect();
    policy(&format!("{{name: r, domains: [{}], methods: [GET, POST, HEAD], allow_insecure: true}}", domains.join(", ")))
}

const LIMITS: HttpLimits = HttpLimits { time_left: Duration::from_secs(20), request_bytes: 1000, reply_bytes: 1000 };

fn get(url: &str) -> Request {
    Request::new("GET", url, Vec::new(), Vec::new()).unwrap()
}

fn send(policy: &Policy, request: Request) -> Exchange {
    send_with(policy, &mut Ledger::default(), request, &LIMITS)
}

fn send_with(policy: &Policy, spent: &mut Ledger, request: Request, limits: &HttpLimits) -> Exchange {
    send_by(&mut Net::Live(Client::new()), policy, spent, request, limits)
}

fn send_by(net: &mut Net, policy: &Policy, spent: &mut Ledger, request: Request, limits: &HttpLimits) -> Exchange {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(net.send(policy, spent, request, limits))
}

fn error(exchange: &Exchange) -> (&str, &str) {
    let error = exchange.result.as_ref().unwrap_err();
    (&error.code, &error.message)
}

fn is_refused(exchange: &Exchange) -> bool {
    matches!(exchange.decision, Decision::Refused { .. })
}

#[test]
fn an_allowed_request_is_sent_and_told() {
    let server = Server::saying([&ok("hello")]);
    let mut spent = Ledger::default();
    let headers = vec![("X-Key".to_owned(), "1".to_owned()), ("Content-Type".to_owned(), "text/plain".to_owned())];
    let request = Request::new("post", &server.url("/a?q=1#top"), headers, b"body".to_vec()).unwrap();
    let exchange = send_with(&open(&[&server]), &mut spent, request, &LIMITS);

    let reply = exchange.result.unwrap();
    assert_eq!((reply.status, reply.body.as_slice()), (200, b"hello".as_slice()));
    assert!(reply.headers.contains(&("content-type".to_owned(), "text/plain".to_owned())));
    assert_eq!((exchange.method.as_str(), exchange.url), ("POST", server.url("/a?q=1#top")));
    assert_eq!(exchange.decision, Decision::Allowed { capability: "c".into(), rule: "r".into(), count: (1, None) });
    assert_eq!((exchange.sent, exchange.received, exchange.status), (4, 5, Some(200)));
    assert_eq!((spent.task("c").requests, spent.task("c").bytes), (1, 9));

    let seen = &server.seen()[0];
    assert!(seen.starts_with("POST /a?q=1 HTTP/1.1\r\n"), "{seen}");
    assert!(seen.contains(&format!("\r\nuser-agent: packwright/{}\r\n", env!("CARGO_PKG_VERSION"))), "{seen}");
    assert!(seen.contains(&format!("\r\nhost: 127.0.0.1:{}\r\n", server.port)), "{seen}");
    assert!(seen.contains("\r\nx-key: 1\r\n") && seen.ends_with("\r\n\r\nbody"), "{seen}");
    for unasked in ["cookie", "referer", "accept-encoding", "authorization"] {
        assert!(!seen.contains(unasked), "{seen}");
    }
}

#[test]
fn a_refused_request_is_not_sent() {
    let server = Server::saying([&ok("never")]);
    let mut spent = Ledger::default();
    let other = policy("{name: r, domains: [a.org], methods: [GET]}");
    let exchange = send_with(&other, &mut spent, get(&server.url("/")), &LIMITS);
    assert_eq!(error(&exchange).0, "permission_denied");
    let Decision::Refused { suggestion: Some(suggestion), .. } = &exchange.decision else { panic!("{exchange:?}") };
    assert!(suggestion.contains("allow_insecure: true"), "{suggestion}");
    assert_eq!(exchange.result.unwrap_err().details.unwrap()["suggestion"], suggestion.as_str());
    assert!(server.seen().is_empty());
    assert_eq!(spent, Ledger::default());
}

#[test]
fn a_name_that_leads_inside_is_refused() {
    let server = Server::saying([&ok("never")]);
    let careful = policy(&format!("{{name: r, domains: ['localhost:{}'], methods: [GET]}}", server.port));
    let exchange = send(&careful, get(&format!("https://localhost:{}/", server.port)));
    let (code, message) = error(&exchange);
    assert_eq!(code, "permission_denied");
    assert!(message.starts_with("`localhost` leads to ") && message.contains("a loopback address"), "{message}");
    assert!(is_refused(&exchange) && server.seen().is_empty());
    // A pattern names nobody, whatever else the rule says.
    let pattern = policy(&format!("{{name: r, domains: ['*:{}'], methods: [GET], allow_insecure: true}}", server.port));
    let exchange = send(&pattern, get(&format!("https://localhost:{}/", server.port)));
    assert_eq!(error(&exchange).0, "permission_denied");
    assert!(server.seen().is_empty());
}

/// The policy refuses such a request before; should it ever not, this still does.
#[test]
fn an_address_in_the_url_is_judged_again_before_connecting() {
    let server = Server::saying([&ok("never")]);
    let request = get(&server.url("/").replace("http:", "https:"));
    let (capability, rule) = ("c".to_owned(), "r".to_owned());
    let allowed = Allowed { capability, rule, request, insecure: false, count: (1, None), bytes_left: None };
    let mut exchange = Exchange::of(&allowed.request);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = Client::new();
    let opened = runtime.block_on(client.open(&allowed, &mut Ledger::default(), &LIMITS, &mut exchange));
    let message = opened.unwrap_err().message;
    assert!(message.starts_with("`127.0.0.1` leads to 127.0.0.1, which is a loopback address"), "{message}");
    // Nor does plain http pass where only the public internet may be reached.
    let request = get("http://a.org/");
    let plain = Allowed { request, ..allowed };
    let opened = runtime.block_on(client.open(&plain, &mut Ledger::default(), &LIMITS, &mut exchange));
    let message = opened.unwrap_err().message;
    assert!(message.contains("scheme"), "{message}");
    assert!(server.seen().is_empty());
}

#[test]
fn a_named_host_may_lead_inside_when_the_rule_says_so() {
    let server = Server::saying([&ok("hello")]);
    let named = policy(&format!("{{name: r, domains: ['localhost:{}'], methods: [GET], allow_insecure: true}}", server.port));
    let exchange = send(&named, get(&format!("http://localhost:{}/", server.port)));
    assert_eq!(exchange.result.unwrap().body, b"hello");
}

#[test]
fn a_redirect_is_decided_like_a_request() {
    let inside = Server::saying([&ok("secret")]);
    for location in [
        inside.url("/"),
        format!("http://localhost:{}/", inside.port),
        format!("http://[::ffff:127.0.0.1]:{}/", inside.port),
        format!("http://2130706433:{}/", inside.port),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "https://user:pw@127.0.0.1/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "gopher://127.0.0.1/".to_owned(),
    ] {
        let server = Server::saying([&redirect(&location)]);
        let exchange = send(&open(&[&server]), get(&server.url("/start")));
        let (code, message) = error(&exchange);
        assert_eq!(code, "permission_denied", "{location}");
        assert!(message.starts_with(&format!("`{}` redirected elsewhere. ", server.url("/start"))), "{message}");
        assert!(is_refused(&exchange), "{location}");
        assert_eq!((exchange.redirects.len(), exchange.redirects[0].status), (1, 302));
        assert!(matches!(exchange.redirects[0].decision, Decision::Allowed { .. }));
    }
    assert!(inside.seen().is_empty());
}

#[test]
fn a_redirect_to_a_name_that_leads_inside_is_refused() {
    let inside = Server::saying([&ok("secret")]);
    let server = Server::saying([&redirect(&format!("https://localhost:{}/", inside.port))]);
    let rules = policy(&format!(
        "{{name: r, domains: ['127.0.0.1:{}'], methods: [GET], allow_insecure: true}}, {{name: s, domains: ['localhost:{}'], methods: [GET]}}",
        server.port, inside.port
    ));
    let exchange = send(&rules, get(&server.url("/")));
    assert!(error(&exchange).1.contains("`localhost` leads to "), "{:?}", exchange.result);
    assert!(is_refused(&exchange) && inside.seen().is_empty());
}

#[test]
fn redirects_are_followed_where_they_are_allowed() {
    let other = Server::saying([&ok("there")]);
    let server = Server::saying([&redirect("/next"), &redirect(&other.url("/end"))]);
    let headers = vec![("authorization".to_owned(), "Bearer x".to_owned()), ("accept".to_owned(), "text/plain".to_owned())];
    let request = Request::new("POST", &server.url("/start"), headers, b"body".to_vec()).unwrap();
    let mut spent = Ledger::default();
    let exchange = send_with(&open(&[&server, &other]), &mut spent, request, &LIMITS);

    assert_eq!(exchange.url, server.url("/start"));
    let reply = exchange.result.unwrap();
    assert_eq!((reply.url, reply.body), (other.url("/end"), b"there".to_vec()));
    let hops: Vec<_> = exchange.redirects.iter().map(|hop| (hop.method.as_str(), hop.url.clone())).collect();
    assert_eq!(hops, [("POST", server.url("/start")), ("GET", server.url("/next"))]);
    assert_eq!(spent.task("c").requests, 3);
    // On the same origin credentials go along; elsewhere they do not, and a body went nowhere but to its first receiver.
    assert!(server.seen()[1].contains("authorization: Bearer x") && !server.seen()[1].contains("body"));
    assert!(!other.seen()[0].contains("authorization") && other.seen()[0].contains("accept: text/plain"));
}

#[test]
fn a_circle_of_redirects_ends() {
    let around = redirect("/again");
    let server = Server::saying([around.as_str(); 10]);
    let exchange = send(&open(&[&server]), get(&server.url("/")));
    assert_eq!(error(&exchange), ("network_error", "`127.0.0.1` and its like redirected more than 5 times."));
    assert_eq!(server.seen().len(), 6);
}

#[test]
fn redirects_use_up_the_budget() {
    let server = Server::saying([&redirect("/next"), &ok("never")]);
    let manifest = format!(
        "capabilities: [{{name: c, type: http, allow: [{{name: r, domains: ['127.0.0.1:{}'], methods: [GET], allow_insecure: true}}], budgets: {{per_task: {{requests: 1}}}}}}]",
        server.port
    );
    let one = Policy::new(&Manifest::read(&manifest).unwrap().capabilities);
    let exchange = send(&one, get(&server.url("/")));
    assert_eq!(error(&exchange).0, "resource_exhausted");
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn a_body_that_is_too_large_is_cut_off() {
    let announced = "HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n".to_owned();
    let chunk = format!("{:x}\r\n{}\r\n", 700, "a".repeat(700));
    let chunked = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{chunk}{chunk}");
    let endless = format!("HTTP/1.1 200 OK\r\n\r\n{}", "a".repeat(5000));
    for answer in [Answer::Stall(announced), Answer::Stall(chunked), Answer::Flood(endless)] {
        let server = Server::new(vec![answer]);
        let exchange = send(&open(&[&server]), get(&server.url("/")));
        let said = "The answer of `127.0.0.1` is larger than the 1000 bytes that are allowed.";
        assert_eq!(error(&exchange), ("resource_exhausted", said));
        assert_eq!(exchange.status, Some(200));
    }
    let server = Server::saying([&ok(&"a".repeat(1000))]);
    assert_eq!(send(&open(&[&server]), get(&server.url("/"))).result.unwrap().body.len(), 1000);
}

#[test]
fn a_budget_of_bytes_cuts_an_answer_off() {
    let server = Server::saying([&ok("12345"), &ok("123456")]);
    let manifest = format!(
        "capabilities: [{{name: c, type: http, allow: [{{name: r, domains: ['127.0.0.1:{}'], methods: [POST], allow_insecure: true}}], budgets: {{per_task: {{bytes: 16}}}}}}]",
        server.port
    );
    let small = Policy::new(&Manifest::read(&manifest).unwrap().capabilities);
    let mut spent = Ledger::default();
    let post = || Request::new("POST", &server.url("/"), vec![], b"123".to_vec()).unwrap();
    assert_eq!(send_with(&small, &mut spent, post(), &LIMITS).received, 5);
    let exchange = send_with(&small, &mut spent, post(), &LIMITS);
    let said = "The answer of `127.0.0.1` is larger than the 5 bytes that the budget of `c` leaves.";
    assert_eq!(error(&exchange), ("resource_exhausted", said));
}

#[test]
fn a_request_body_that_is_too_large_is_not_sent() {
    let server = Server::saying([&ok("never")]);
    let request = Request::new("POST", &server.url("/"), vec![], vec![b'a'; 1001]).unwrap();
    let exchange = send(&open(&[&server]), request);
    assert_eq!(error(&exchange), ("resource_exhausted", "The request's body is larger than the 1000 bytes that are allowed."));
    assert!(server.seen().is_empty());
}

#[test]
fn the_head_of_an_answer_is_limited() {
    let many = "x: a\r\n".repeat(200);
    let large = format!("x: {}\r\n", "a".repeat(100_000));
    for headers in [many, large] {
        let server = Server::saying([&format!("HTTP/1.1 200 OK\r\n{headers}content-length: 0\r\n\r\n")]);
        let exchange = send(&open(&[&server]), get(&server.url("/")));
        assert_eq!(error(&exchange).0, "resource_exhausted", "{:?}", exchange.result);
        assert!(error(&exchange).1.starts_with("The head of `127.0.0.1`'s answer"), "{:?}", exchange.result);
    }
    let server = Server::new(vec![Answer::Flood("a: b\r\n".repeat(1000))]);
    assert!(send(&open(&[&server]), get(&server.url("/"))).result.is_err());
}

#[test]
fn a_server_that_takes_its_time_is_left() {
    let limits = HttpLimits { time_left: Duration::from_millis(200), ..LIMITS };
    for said in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc"] {
        let server = Server::new(vec![Answer::Stall(said.to_owned())]);
        let mut spent = Ledger::default();
        let exchange = send_with(&open(&[&server]), &mut spent, get(&server.url("/")), &limits);
        let message = "`127.0.0.1` did not answer within the 200 ms that were left of the call's time.";
        assert_eq!(error(&exchange), ("timeout", message));
        assert!(exchange.duration >= limits.time_left && exchange.duration < Duration::from_secs(5));
        assert_eq!(spent.task("c").requests, 1);
    }
}

#[test]
fn failures_are_said_in_words() {
    let closed = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let long = "a".repeat(64);
    let here =
        |port| policy(&format!("{{name: r, domains: ['127.0.0.1:{port}', {long}], methods: [GET], allow_insecure: true}}"));
    for scheme in ["http", "https"] {
        let exchange = send(&here(closed), get(&format!("{scheme}://127.0.0.1:{closed}/")));
        let said = format!("Nothing answers at port {closed} of `127.0.0.1`: the connection was refused.");
        assert_eq!(error(&exchange), ("network_error", said.as_str()));
    }

    // Labels have at most 63 letters, so nobody needs to be asked.
    let exchange = send(&here(closed), get(&format!("http://{long}/")));
    let said = format!("The name `{}…` was not found. Check its spelling, and whether this computer is online.", "a".repeat(60));
    assert_eq!(error(&exchange), ("network_error", said.as_str()));

    let server = Server::saying(["HTTP/1.1 400 Bad Request\r\n\r\n"]);
    let exchange = send(&here(server.port), get(&format!("https://127.0.0.1:{}/", server.port)));
    let (code, message) = error(&exchange);
    assert_eq!(code, "network_error");
    assert!(message.starts_with("No secure connection to `127.0.0.1`: "), "{message}");

    for nonsense in ["", "SSH-2.0-x\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc"] {
        let server = Server::saying([nonsense]);
        let exchange = send(&open(&[&server]), get(&server.url("/")));
        let (code, message) = error(&exchange);
        assert_eq!(code, "network_error", "{nonsense}");
        assert!(message.starts_with("`127.0.0.1` broke off, or does not speak HTTP: "), "{message}");
    }
}

#[test]
fn cookies_are_not_kept() {
    let cookie = "HTTP/1.1 200 OK\r\nset-cookie: a=b\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let server = Server::saying([cookie, &ok("hello")]);
    let mut net = Net::Live(Client::new());
    for _ in 0..2 {
        let exchange = send_by(&mut net, &open(&[&server]), &mut Ledger::default(), get(&server.url("/")), &LIMITS);
        assert_eq!(exchange.status, Some(200));
    }
    assert!(!server.seen()[1].contains("cookie"));
}

#[test]
fn a_header_cannot_smuggle_another() {
    let server = Server::saying([&ok("never")]);
    for (name, value) in [
        ("x", "a\r\nhost: evil"),
        ("x\r\nhost", "evil"),
        ("host", "evil"),
        ("content-length", "0"),
        ("Transfer-Encoding", "chunked"),
    ] {
        let request = Request::new("GET", &server.url("/"), vec![(name.to_owned(), value.to_owned())], vec![]).unwrap();
        assert_eq!(error(&send(&open(&[&server]), request)).0, "permission_denied", "{name:?}");
    }
    assert!(server.seen().is_empty());
}

#[test]
fn a_server_cannot_break_a_header_into_two() {
    let server = Server::saying(["HTTP/1.1 200 OK\r\nx: a\0b\r\ncontent-length: 0\r\n\r\n"]);
    assert!(send(&open(&[&server]), get(&server.url("/"))).result.is_err());
}

#[test]
fn without_a_network_everything_is_refused() {
    let server = Server::saying([&ok("never")]);
    let exchange = send_by(&mut Net::Off, &open(&[&server]), &mut Ledger::default(), get(&server.url("/")), &LIMITS);
    assert_eq!(error(&exchange), ("permission_denied", "This run has no network: nothing is sent and nothing is replayed."));
    assert!(is_refused(&exchange) && server.seen().is_empty());
}

const BOOKS: &str = "{name: search, domains: [openlibrary.org], methods: [GET, POST], paths: [/search.json]}";
const SEARCH: &str = "https://openlibrary.org/search.json?q=dune";

fn recorded() -> Recording {
    Recording::read(
        "recording: 1
calls:
  - http: {method: GET, url: 'https://openlibrary.org:443/search.json?q=dune', status: 200, headers: {Content-Type: text/plain}, body: one}
  - http: {method: GET, url: 'https://openlibrary.org/search.json?q=emma', status: 429, headers: {retry-after: '5'}, body: two}
",
    )
    .unwrap()
}

#[test]
fn a_replay_answers_in_the_recorded_order() {
    let mut replay = Replay::new(recorded());
    let (books, mut spent) = (policy(BOOKS), Ledger::default());
    assert_eq!(replay.left(), 2);
    let first = replay.send(&books, &mut spent, get(SEARCH));
    assert_eq!(first.decision, Decision::Allowed { capability: "c".into(), rule: "search".into(), count: (1, None) });
    assert_eq!((first.status, first.received), (Some(200), 3));
    let reply = first.result.unwrap();
    assert_eq!(
        (reply.body.as_slice(), reply.headers),
        (b"one".as_slice(), vec![("content-type".into(), "text/plain".to_owned())])
    );
    let second = replay.send(&books, &mut spent, get("https://openlibrary.org/search.json?q=emma"));
    assert_eq!(second.result.unwrap().status, 429);
    assert_eq!((replay.left(), spent.task("c").requests, spent.task("c").bytes), (0, 2, 6));
    let third = replay.send(&books, &mut spent, get(SEARCH));
    let said = format!("The handler asked for `GET {SEARCH}`, and all 2 calls of the recording were made.");
    assert_eq!(error(&third), ("network_error", said.as_str()));
}

#[test]
fn a_replay_says_what_it_expected() {
    let mut replay = Replay::new(recorded());
    let (books, mut spent) = (policy(BOOKS), Ledger::default());
    let other = Request::new("POST", SEARCH, vec![], vec![]).unwrap();
    for request in [other, get("https://openlibrary.org/search.json?q=Dune"), get("https://openlibrary.org/search.json?q=emma")] {
        let asked = format!("{} {}", request.method, request.url);
        let exchange = replay.send(&books, &mut spent, request);
        let expected = "GET https://openlibrary.org:443/search.json?q=dune";
        let said = format!("The handler asked for `{asked}`, and call 1 of the recording is `{expected}`.");
        assert_eq!(error(&exchange), ("network_error", said.as_str()));
    }
    assert_eq!((replay.left(), spent), (2, Ledger::default()));
}

#[test]
fn a_replay_refuses_what_the_policy_refuses() {
    let mut net = Net::Replay(Replay::new(recorded()));
    let other = policy("{name: r, domains: [a.org], methods: [GET]}");
    let exchange = send_by(&mut net, &other, &mut Ledger::default(), get(SEARCH), &LIMITS);
    assert_eq!(error(&exchange).0, "permission_denied");
    assert!(is_refused(&exchange));
    let Net::Replay(replay) = net else { panic!() };
    assert_eq!(replay.left(), 2);
}

#[test]
fn what_was_sent_becomes_a_recording_without_secrets() {
    let text = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nSet-Cookie: a=b\r\nAuthorization: x\r\nDate: y\r\nETag: \"1\"\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello";
    let server = Server::saying([text, &redirect("/end"), &ok("there")]);
    let rules = open(&[&server]);
    let (first, second) = (send(&rules, get(&server.url("/a"))), send(&rules, get(&server.url("/b"))));
    let refused = send(&rules, get("https://a.org/"));
    let recording = record([&first, &refused, &second]);
    assert_eq!(recording.calls.len(), 2);
    let names: Vec<&str> = recording.calls[0].headers.keys().map(String::as_str).collect();
    assert_eq!(names, ["content-type", "etag"]);

    let mut replay = Replay::new(Recording::read(&recording.write()).unwrap());
    for live in [first, second] {
        let replayed = replay.send(&rules, &mut Ledger::default(), get(&live.url));
        assert_eq!(replayed.result.unwrap().body, live.result.unwrap().body);
    }
    assert_eq!(replay.left(), 0);
}

#[test]
fn bytes_that_are_no_text_survive_a_recording() {
    let server = Server::new(vec![Answer::Say(ok("hello"))]);
    let rules = open(&[&server]);
    let mut exchange = send(&rules, get(&server.url("/")));
    let bytes = vec![0, 159, 146, 150, b'\n', 255];
    exchange.result.as_mut().unwrap().body.clone_from(&bytes);
    let recording = Recording::read(&record([&exchange]).write()).unwrap();
    let replayed = Replay::new(recording).send(&rules, &mut Ledger::default(), get(&server.url("/")));
    assert_eq!(replayed.result.unwrap().body, bytes);
}
