//! The first decision as a whole: a manifest, a request, what is said.

use super::*;
use crate::model::Manifest;

const BOOKS: &str = "
capabilities:
  - name: openlib-read
    type: http
    allow:
      - {name: search, domains: [openlibrary.org], methods: [GET], paths: [/search.json], query: {q: '*', lang: 'e*'}}
      - {name: works, domains: [openlibrary.org, '*.openlibrary.org'], methods: [GET, HEAD], paths: [/works/*.json]}
      - {name: edit, domains: ['openlibrary.org:8443'], methods: [POST], body: {type: object, required: [title], additionalProperties: false, properties: {title: {type: string}}}}
";

fn policy(manifest: &str) -> Policy {
    Policy::new(&Manifest::read(manifest).expect("YAML").capabilities)
}

/// A policy of one rule.
fn rule(rule: &str) -> Policy {
    policy(&format!("capabilities: [{{name: c, type: http, allow: [{rule}]}}]"))
}

fn request(line: &str) -> Result<Request, Refusal> {
    let (method, url) = line.split_once(' ').expect("a method and a URL");
    Request::new(method, url, Vec::new(), Vec::new())
}

fn decide(policy: &Policy, line: &str) -> Result<Allowed, Refusal> {
    policy.decide(request(line)?, &Ledger::default())
}

fn message(policy: &Policy, line: &str) -> String {
    match decide(policy, line) {
        Ok(allowed) => format!("allowed by {}", allowed.rule),
        Err(refusal) => refusal.message,
    }
}

/// A refusal, with what goes with it.
fn whole(refusal: Refusal) -> String {
    format!("{}: {}\n{}\n{}", refusal.code, refusal.message, refusal.hint, refusal.suggestion.unwrap_or_default())
}

fn with_header(name: &str, value: &str) -> Request {
    let headers = vec![(name.to_owned(), value.to_owned())];
    Request::new("GET", "https://openlibrary.org/works/1.json", headers, Vec::new()).expect("a request")
}

fn post(content_type: &str, body: &str) -> Result<Allowed, Refusal> {
    let headers = vec![("Content-Type".to_owned(), content_type.to_owned())];
    let request = Request::new("post", "https://openlibrary.org:8443/x", headers, body.into()).expect("a request");
    policy(BOOKS).decide(request, &Ledger::default())
}

#[test]
fn what_is_never_allowed_can_be_told_without_a_body() {
    let policy = policy(BOOKS);
    let told = |line: &str| {
        let (method, url) = line.split_once(' ').expect("a method and a URL");
        policy.never_allows(method, url).map(|refusal| refusal.message)
    };
    assert_eq!(told("GET https://openlibrary.org/works/1.json"), None);
    // Whether the body will do is for the body to say.
    assert_eq!(told("POST https://openlibrary.org:8443/x"), None);
    for (line, why) in [
        ("DELETE https://openlibrary.org/works/1.json", "allows only"),
        ("GET https://elsewhere.org/", "names `elsewhere.org`"),
        ("GET openlibrary.org", "no URL"),
        ("BREW https://openlibrary.org/works/1.json", "not a method"),
    ] {
        assert!(told(line).is_some_and(|message| message.contains(why)), "{line}: {:?}", told(line));
    }
}

#[test]
fn a_domain_that_is_no_host_may_be_meant_for_that_host_alone() {
    let policy = policy(
        "capabilities: [{name: c, type: http, allow: [{name: odd, domains: ['https://b.example/x'], methods: [GET]}, {name: a, domains: [a.example], methods: [GET], paths: [/v2/**]}]}]\n",
    );
    assert_eq!(policy.never_allows("GET", "https://b.example/"), None);
    let refusal = policy.never_allows("GET", "https://a.example/v1/x").expect("refused");
    assert!(refusal.message.contains("allows only /v2/**"), "{}", refusal.message);
}

#[test]
fn hosts_are_named_with_their_port() {
    let hosts = Hosts::new(["a.org", "*.b.org:8443", "no host"]);
    let named = |url: &str| hosts.name(&Url::parse(url).expect("a URL"));
    assert!(named("https://a.org/") && named("https://x.b.org:8443/"));
    assert!(!named("https://a.org:8443/") && !named("https://x.b.org/") && !named("https://c.org/"));
    assert!(!hosts.is_empty() && Hosts::new(["no host"]).is_empty());
    let odd = Hosts::new(["https://A.org/x", "a.org."]);
    let may_mean = |url: &str| odd.may_mean(&Url::parse(url).expect("a URL"));
    assert!(may_mean("https://a.org/") && !may_mean("https://b.org/"));
}

#[test]
fn requests_that_fit_are_allowed_by_the_first_rule() {
    let policy = policy(BOOKS);
    for (line, rule) in [
        ("GET https://openlibrary.org/search.json?q=dune&lang=en", "search"),
        ("get https://openlibrary.org/search.json?lang=e&x=y&q=", "search"),
        ("GET HTTPS://OpenLibrary.org:443/a/../works/OL1W.json#top", "works"),
        ("HEAD https://en.openlibrary.org/works/OL1W.json", "works"),
    ] {
        let allowed = decide(&policy, line).unwrap_or_else(|refusal| panic!("{line}: {}", refusal.message));
        assert_eq!(
            (allowed.capability.as_str(), allowed.rule.as_str(), allowed.insecure),
            ("openlib-read", rule, false),
            "{line}"
        );
    }
    assert_eq!(decide(&policy, "GET https://openlibrary.org/a/../works/1.json").unwrap().request.url.path(), "/works/1.json");
}

#[test]
fn a_refusal_names_the_nearest_rule() {
    let policy = policy(BOOKS);
    for (line, said) in [
        ("GET https://covers.example/", "No rule of `openlib-read` names `covers.example`."),
        ("GET https://openlibrary.org.evil.example/", "No rule of `openlib-read` names `openlibrary.org.evil.example`."),
        (
            "GET http://169.254.169.254/latest",
            "No rule of `openlib-read` names `169.254.169.254`, which is a cloud's metadata address.",
        ),
        ("GET https://openlibrary.org:22/", "Rule `search` of `openlib-read` names `openlibrary.org`, and not its port 22."),
        ("GET http://openlibrary.org/works/1.json", "Rule `search` of `openlib-read` allows https and not plain http."),
        ("PUT https://openlibrary.org/search.json", "Rule `search` of `openlib-read` allows only GET, not PUT."),
        ("GET https://openlibrary.org/b", "Rule `search` of `openlib-read` allows only /search.json, not /b."),
        (
            "HEAD https://openlibrary.org/works/1/x.json",
            "Rule `works` of `openlib-read` allows only /works/*.json, not /works/1/x.json.",
        ),
        ("GET https://openlibrary.org/search.json?lang=en", "Rule `search` of `openlib-read` wants `q` in the query."),
        (
            "GET https://openlibrary.org/search.json?q=a&lang=en&lang=de",
            "Rule `search` of `openlib-read` wants `lang` in the query to be `e*`, not `de`.",
        ),
    ] {
        assert_eq!(message(&policy, line), said, "{line}");
    }
    assert_eq!(
        message(&rule("{name: r, domains: [a.org]}"), "GET https://a.org/"),
        "Rule `r` of `c` lists no `methods`, so it allows none."
    );
    let no_path = rule("{name: r, domains: [a.org], methods: [GET], paths: []}");
    assert_eq!(message(&no_path, "GET https://a.org/"), "Rule `r` of `c` lists no path, so it allows none.");
    let two = policy_of_two();
    assert_eq!(message(&two, "GET https://c.org/"), "No rule of the pack names `c.org`.");
    assert_eq!(message(&two, "GET https://b.org/"), "allowed by b");
    assert_eq!(
        message(&Policy::new(&[]), "GET https://c.org/"),
        "The pack has no network capability, so `c.org` is not reached."
    );
}

fn policy_of_two() -> Policy {
    policy(
        "capabilities:
  - {name: one, type: http, allow: [{name: a, domains: [a.org], methods: [GET]}]}
  - {name: two, allow: [{name: b, domains: [b.org], methods: [GET]}]}
  - {name: other, type: git, allow: [{name: c, domains: [c.org], methods: [GET]}]}
  - {name: wish}
",
    )
}

#[test]
fn a_refusal_suggests_the_rule_that_would_allow_it_and_little_else() {
    let policy = policy(BOOKS);
    for (line, suggested) in [
        (
            "GET https://covers.openlibrary.org/b/id/11481354-M.jpg",
            "- {name: covers, domains: [covers.openlibrary.org], methods: [GET], paths: [/b/id/*]}",
        ),
        (
            "DELETE https://openlibrary.org/v2/x",
            "- {name: openlibrary, domains: [openlibrary.org], methods: [DELETE], paths: [/v2/x]}",
        ),
        ("GET https://search.org/", "- {name: search-2, domains: [search.org], methods: [GET], paths: [/]}"),
        ("GET https://www.a.org/a,b", "- {name: a, domains: [www.a.org], methods: [GET], paths: [\"/a,b\"]}"),
        ("GET https://no.a.org/", "- {name: \"no\", domains: [no.a.org], methods: [GET], paths: [/]}"),
        ("GET https://1.a.org/", "- {name: host, domains: [\"1.a.org\"], methods: [GET], paths: [/]}"),
        (
            "GET http://localhost:3000/a",
            "- {name: localhost, domains: [\"localhost:3000\"], methods: [GET], paths: [/a], allow_insecure: true}",
        ),
        (
            "GET https://[::1]/a%20b",
            "- {name: address, domains: [\"[::1]\"], methods: [GET], paths: [/a%20b], allow_insecure: true}",
        ),
        (
            "GET http://127.1/'",
            "- {name: address, domains: [\"127.0.0.1\"], methods: [GET], paths: [\"/'\"], allow_insecure: true}",
        ),
    ] {
        let refusal = decide(&policy, line).unwrap_err();
        assert_eq!(refusal.suggestion.as_deref(), Some(suggested), "{line}");
        // It must do what it is there for.
        let with_it = policy_with(suggested);
        assert!(decide(&with_it, line).is_ok(), "{suggested} allows {line}: {}", message(&with_it, line));
    }
    for line in ["GET http://169.254.169.254/latest", "GET https://0.0.0.0/", "GET https://224.0.0.1/"] {
        assert_eq!(decide(&policy, line).unwrap_err().suggestion, None, "{line}");
    }
    let long = format!("GET https://a.org/{}", "a".repeat(400));
    assert_eq!(decide(&policy, &long).unwrap_err().suggestion, None);
}

fn policy_with(suggestion: &str) -> Policy {
    policy(&format!("capabilities:\n  - name: c\n    type: http\n    allow:\n      {suggestion}\n"))
}

#[test]
fn a_refusal_is_a_tool_error_with_its_hint() {
    let refusal = decide(&policy(BOOKS), "GET https://a.org/").unwrap_err();
    assert_eq!(
        whole(refusal.clone()),
        "permission_denied: No rule of `openlib-read` names `a.org`.
If the pack should send this request, add the suggested rule to a capability's `allow`.
- {name: a, domains: [a.org], methods: [GET], paths: [/]}"
    );
    let error = ToolError::from(refusal);
    assert_eq!(error.code, "permission_denied");
    assert_eq!(error.details.unwrap()["suggestion"], "- {name: a, domains: [a.org], methods: [GET], paths: [/]}");
}

#[test]
fn what_no_rule_can_allow() {
    let open = rule("{name: all, domains: ['*', localhost], methods: [GET, POST, CONNECT, TRACE], allow_insecure: true}");
    assert_eq!(message(&open, "GET https://a.org/x"), "allowed by all");
    for (line, said) in [
        ("GET ftp://a.org/", "`ftp` is not a scheme that a pack may use."),
        ("GET file:///etc/passwd", "`file` is not a scheme that a pack may use."),
        ("GET data:text/plain,x", "`data` is not a scheme that a pack may use."),
        ("GET javascript:x", "`javascript` is not a scheme that a pack may use."),
        ("GET https://user@a.org/", "The URL carries a user name or password for `a.org`."),
        ("GET https://:pw@a.org/", "The URL carries a user name or password for `a.org`."),
        ("GET https://a.org@evil.net/", "The URL carries a user name or password for `evil.net`."),
        ("GET https://a.org./", "`a.org.` is no host that can be compared with a rule."),
        ("GET https://a..org/", "`a..org` is no host that can be compared with a rule."),
        ("CONNECT https://a.org/", "`CONNECT` is not a method that a pack may use."),
        ("TRACE https://a.org/", "`TRACE` is not a method that a pack may use."),
        ("G\rET https://a.org/", "`GET` is not a method that a pack may use."),
        ("GET /x", "`/x` is no URL to send a request to: relative URL without a base."),
        ("GET https://", "`https://` is no URL to send a request to: empty host."),
        ("GET https://a b/", "`https://a b/` is no URL to send a request to: invalid international domain name."),
    ] {
        assert_eq!(message(&open, line), said, "{line}");
        assert_eq!(decide(&open, line).unwrap_err().suggestion, None, "{line}");
    }
    let long = format!("GET https://a.org/?{}", "a".repeat(LONGEST_URL));
    assert!(message(&open, &long).starts_with("The URL has 8"), "{}", message(&open, &long));
    // Encoding makes it longer after it was measured.
    let long = format!("GET https://a.org/?{}", "ü".repeat(LONGEST_URL / 3));
    assert!(message(&open, &long).starts_with("The URL has "), "{}", message(&open, &long));
}

#[test]
fn paths_that_servers_read_in_different_ways_are_refused() {
    let open = rule("{name: all, domains: [a.org], methods: [GET]}");
    for (path, trouble) in [
        ("a%2Fb", "an encoded slash"),
        ("a%5cb", "an encoded slash"),
        ("a%252fb", "an encoded slash"),
        ("a%25252Fb", "an encoded slash"),
        ("..;/admin", "a `.` or `..`"),
        ("%2e%2e;x/admin", "a `.` or `..`"),
        ("%252e%252e/admin", "a `.` or `..`"),
        ("a%00b", "an encoded control character"),
        ("a%0d%0ax", "an encoded control character"),
        ("a%", "a `%` that encodes nothing"),
        ("a%u002f", "a `%` that encodes nothing"),
        ("a%c0%af", "encoded bytes that are no text"),
    ] {
        let said = message(&open, &format!("GET https://a.org/{path}"));
        assert!(said.contains(&format!("` has {trouble}, which")), "{path}: {said}");
    }
    for path in ["", "a/../b", "a%20b", "100%25", "a;b=c", "%C3%BC", "a//b", "...", "a+b", "%41"] {
        assert_eq!(message(&open, &format!("GET https://a.org/{path}")), "allowed by all", "{path}");
    }
}

#[test]
fn plain_http_and_own_networks_need_a_rule_that_names_them() {
    let named =
        rule("{name: dev, domains: ['localhost:3000', '10.0.0.1', '*.corp.example'], methods: [GET], allow_insecure: true}");
    assert!(decide(&named, "GET http://localhost:3000/").unwrap().insecure);
    assert!(decide(&named, "GET http://10.0.0.1/").unwrap().insecure);
    assert!(decide(&named, "GET http://0xa.1/").unwrap().insecure);
    // A pattern names nobody.
    assert!(!decide(&named, "GET https://wiki.corp.example/").unwrap().insecure);
    assert_eq!(
        message(&named, "GET http://wiki.corp.example/"),
        "Rule `dev` of `c` allows plain http only to hosts that `domains` writes out, without `*`."
    );
    assert!(message(&named, "GET http://localhost/").contains("not its port 80"));

    let careful = rule("{name: r, domains: ['127.0.0.1', '[::1]', '192.168.1.1:8443'], methods: [GET]}");
    for url in ["https://127.0.0.1/", "https://2130706433/", "https://0177.1/", "https://[::1]/", "https://192.168.1.1:8443/"] {
        let said = message(&careful, &format!("GET {url}"));
        assert!(said.starts_with("Rule `r` of `c` does not reach `"), "{url}: {said}");
    }
    let all = rule("{name: all, domains: ['*'], methods: [GET], allow_insecure: true}");
    assert_eq!(message(&all, "GET https://1.1.1.1/"), "allowed by all");
    for url in [
        "https://127.0.0.1/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://0/",
        "https://169.254.169.254/",
    ] {
        assert!(message(&all, &format!("GET {url}")).starts_with("Rule `all` of `c` does not reach `"), "{url}");
    }
}

#[test]
fn metadata_is_reached_only_by_its_very_address() {
    let metadata: IpAddr = "169.254.169.254".parse().unwrap();
    let named = rule("{name: cloud, domains: ['169.254.169.254', name.example], methods: [GET], allow_insecure: true}");
    let by_address = decide(&named, "GET http://169.254.169.254/latest").unwrap();
    assert_eq!(by_address.refuses(metadata), None);
    assert!(by_address.refuses("169.254.170.2".parse().unwrap()).is_some());
    let by_name = decide(&named, "GET http://name.example/latest").unwrap();
    assert!(by_name.refuses(metadata).is_some());
    assert_eq!(by_name.refuses("127.0.0.1".parse().unwrap()), None);
    let without = rule("{name: cloud, domains: ['169.254.169.254'], methods: [GET]}");
    assert!(message(&without, "GET https://169.254.169.254/").ends_with("which is a cloud's metadata address."));
    let public = decide(&rule("{name: r, domains: [a.org], methods: [GET]}"), "GET https://a.org/").unwrap();
    assert!(public.refuses("127.0.0.1".parse().unwrap()).is_some());
}

#[test]
fn a_rule_that_cannot_be_read_allows_nothing() {
    for (bad, said) in [
        (
            "{name: r, domains: [a.org], methods: [GET], cel: 'true'}",
            "Rule `r` of `c` has a condition that cannot be checked, `cel`, so it allows nothing.",
        ),
        (
            "{name: r, domains: ['https://a.org'], methods: [GET]}",
            "Rule `r` of `c` has the domain `https://a.org`, which is no host: only the name belongs here, without `https://` and path, so it allows nothing.",
        ),
        (
            "{name: r, domains: [a.org], methods: [GET], paths: ['/x?y', /**]}",
            "Rule `r` of `c` has the path `/x?y`, and a path has no `?` or `#`: conditions on the query stand in `query`, so it allows nothing.",
        ),
        (
            "{name: r, domains: [a.org], methods: [GET], body: {type: 7}}",
            "Rule `r` of `c` has a `body` that is no JSON Schema, so it allows nothing.",
        ),
    ] {
        assert_eq!(message(&rule(bad), "GET https://a.org/x"), said);
    }
    // It allows nothing, and keeps no other rule from allowing.
    let two = rule("{name: r, domains: [a.org], methods: [GET], cel: x}, {name: s, domains: [a.org], methods: [GET]}");
    assert_eq!(message(&two, "GET https://a.org/x"), "allowed by s");
}

#[test]
fn headers_of_the_host_are_not_a_handler_s() {
    let policy = policy(BOOKS);
    let said = |name: &str, value: &str| match policy.decide(with_header(name, value), &Ledger::default()) {
        Ok(allowed) => format!("allowed by {}", allowed.rule),
        Err(refusal) => refusal.message,
    };
    assert_eq!(said("Accept", "application/json"), "allowed by works");
    assert_eq!(said("Authorization", "Bearer x"), "allowed by works");
    assert_eq!(said("User-Agent", "notes/1.0 (ann@acme.dev)"), "allowed by works");
    for name in [
        "Host",
        "Content-Length",
        "Connection",
        "Transfer-Encoding",
        "Proxy-Authorization",
        "proxy-x",
        "Upgrade",
        "TE",
        "Trailer",
        "Expect",
        "Keep-Alive",
    ] {
        assert_eq!(
            said(name, "x"),
            format!("The request sets the header `{}`, which only the host itself writes.", name.to_lowercase())
        );
    }
    for name in ["X-HTTP-Method-Override", "x-original-url"] {
        assert!(said(name, "x").contains("another request than the one that was allowed"), "{name}");
    }
    for name in ["", "a b", "a:", "a\r\nb", "ü", "a\0"] {
        assert!(said(name, "x").ends_with("which is no name of a header."), "{name:?}");
    }
    for value in ["a\r\nhost: evil", "a\nb", "a\0", "ü", "\u{7f}"] {
        assert_eq!(
            said("x", value),
            "The request sets the header `x`, whose value has letters that no header may have.",
            "{value:?}"
        );
    }
    assert!(said("x", &"a".repeat(LARGEST_HEADERS)).contains("1 headers of"));
    let many = (0..=MOST_HEADERS).map(|number| (format!("x-{number}"), String::new())).collect();
    let request = Request::new("GET", "https://openlibrary.org/works/1.json", many, Vec::new()).unwrap();
    assert!(policy.decide(request, &Ledger::default()).unwrap_err().message.contains("65 headers"));
}

#[test]
fn a_body_must_be_what_the_rule_wants() {
    assert_eq!(post("application/json; charset=utf-8", r#"{"title": "Dune"}"#).unwrap().rule, "edit");
    assert_eq!(post("application/vnd.api+json", r#"{"title": "Dune"}"#).unwrap().rule, "edit");
    for (content_type, body, said) in [
        ("text/plain", r#"{"title": "Dune"}"#, "wants a JSON body: the header `content-type: application/json` is missing."),
        ("application/json", "", "wants a JSON body, and this one is empty."),
        ("application/json", "title=Dune", "wants a JSON body, and this one is no JSON."),
        ("application/json", r#"{"title": "Dune", "title": "x"}"#, "wants a JSON body, and this one has a key twice."),
        ("application/json", "{}", "wants another body: the body "),
        ("application/json", r#"{"title": 7}"#, "wants another body: `/title` "),
    ] {
        let refusal = post(content_type, body).unwrap_err();
        assert!(refusal.message.starts_with(&format!("Rule `edit` of `openlib-read` {said}")), "{}", refusal.message);
    }
}

#[test]
fn transforms_are_applied_and_never_reach_another_host() {
    let policy = policy(
        "capabilities:
  - name: c
    type: http
    allow: [{name: r, domains: [a.org], methods: [GET], paths: [/x]}, {name: s, domains: [a.org], methods: [GET], paths: [/y]}]
    transforms:
      - {headers: {set: {Accept: application/json, Authorization: Basic abc}, remove: [Cookie]}, query: {set: {lang: en}}, path: {prefix: /v2}}
      - {applies_to: [r], query: {set: {lang: de}}}
      - {applies_to: [s], auth: {bearer: '${secrets[\"key\"]}'}}
",
    );
    let request = Request::new("GET", "https://a.org/x?q=1", vec![("Cookie".into(), "a=b".into())], vec![]).unwrap();
    let sent = policy.decide(request, &Ledger::default()).unwrap().request;
    assert_eq!(sent.url.as_str(), "https://a.org/v2/x?q=1&lang=de");
    assert_eq!(sent.headers, [("accept".into(), "application/json".into()), ("authorization".into(), "Basic abc".to_owned())]);
    let refusal = decide(&policy, "GET https://a.org/y").unwrap_err();
    assert_eq!(
        whole(refusal),
        "credential_invalid: Rule `s` needs the secret `key`, and no secret is set: the request was not sent.
The capability's `transforms` say which secret goes where.
"
    );
}

#[test]
fn budgets_are_kept_for_the_run_and_the_session() {
    let policy = policy(
        "capabilities:
  - name: c
    type: http
    allow: [{name: r, domains: [a.org], methods: [GET, POST]}]
    budgets: {per_task: {requests: 2}, per_workspace: {requests: 3, bytes: 100}}
",
    );
    let mut ledger = Ledger::default();
    let ask = |ledger: &Ledger| policy.decide(request("GET https://a.org/").unwrap(), ledger);
    let first = ask(&ledger).unwrap();
    assert_eq!((first.count, first.bytes_left), ((1, Some(2)), Some(100)));
    ledger.count_request("c", 10);
    ledger.count_bytes("c", 30);
    let second = ask(&ledger).unwrap();
    assert_eq!((second.count, second.bytes_left), ((2, Some(2)), Some(60)));
    ledger.count_request("c", 0);
    let refusal = ask(&ledger).unwrap_err();
    assert_eq!((refusal.code, refusal.suggestion), ("resource_exhausted", None));
    assert_eq!(refusal.message, "`c` allows 2 requests a run, and all were sent.");

    let mut next = Ledger::new(ledger.into_workspace());
    assert_eq!((next.task("c"), next.workspace("c")), (Spent::default(), Spent { requests: 2, bytes: 40 }));
    let large = Request::new("POST", "https://a.org/", vec![], vec![0; 61]).unwrap();
    let refusal = policy.decide(large, &next).unwrap_err();
    assert_eq!(refusal.message, "`c` allows 100 bytes a session: 40 are used, and this request has 61 more.");
    next.count_request("c", 60);
    assert_eq!(ask(&next).unwrap_err().message, "`c` allows 3 requests a session, and all were sent.");
    let mut full = Ledger::default();
    full.count_bytes("c", 100);
    assert_eq!(ask(&full).unwrap_err().code, "resource_exhausted");
    full.count_bytes("c", u64::MAX);
    assert_eq!(ask(&full).unwrap_err().code, "resource_exhausted");
}

/// What is refused as text stays refused however it is written: a host that is not in the list is never allowed.
#[test]
fn no_spelling_of_a_url_leaves_the_rule() {
    let policy = rule("{name: r, domains: [good.example], methods: [GET], paths: [/open/*]}");
    let hosts = [
        "good.example",
        "good.example.evil.net",
        "evil.net",
        "GOOD.example",
        "good.example:444",
        "good.example.",
        "xgood.example",
    ];
    let before =
        ["", "evil.net@", "good.example@", "evil.net\\@", "evil.net#@", "evil.net?@", "evil.net/", "\\\\evil.net\\", "\t"];
    let paths = [
        "/open/x",
        "/open/../shut",
        "/open/..%2fshut",
        "/open/x/y",
        "/open\\x",
        "/open/%2e%2e/shut",
        "/open/x?/../shut",
        "//open/x",
        "/./open/x",
    ];
    let mut allowed = 0;
    for scheme in ["https://", "HTTPS:", "https:\\\\", "http://", "https:/"] {
        for (host, before) in hosts.iter().flat_map(|host| before.iter().map(move |before| (host, before))) {
            for path in paths {
                let Ok(request) = Request::new("GET", &format!("{scheme}{before}{host}{path}"), vec![], vec![]) else { continue };
                let Ok(one) = policy.decide(request, &Ledger::default()) else { continue };
                allowed += 1;
                let url = &one.request.url;
                assert_eq!((url.scheme(), url.host_str(), url.port()), ("https", Some("good.example"), None), "{url}");
                assert!(url.path().strip_prefix("/open/").is_some_and(|rest| !rest.contains('/')), "{url}");
            }
        }
    }
    assert!(allowed > 20, "{allowed}");
}
