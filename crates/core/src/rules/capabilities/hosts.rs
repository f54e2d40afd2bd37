//! Hosts that a rule names: whether they can be read, how they are spelled, and what lies behind them.

use super::super::{Example, Rule};
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::folder::MANIFEST;
use crate::policy::{Domain, address_refused, is_metadata};
use crate::text::shown;
use crate::yaml::{Node, Value};

pub static BAD_DOMAIN: Rule = Rule {
    code: "capabilities/bad-domain",
    severity: Severity::Error,
    summary: "An entry of `domains` is no host.",
    why: "Requests are compared with hosts on whole labels. An entry that cannot be read as one makes its rule allow nothing.",
    example: Example::manifest(
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: ['https://openlibrary.org', 'covers*.openlibrary.org'], methods: [GET]}]\n",
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org, '*.openlibrary.org'], methods: [GET]}]\n",
    ),
};

pub static DOMAIN_SPELLING: Rule = Rule {
    code: "capabilities/domain-spelling",
    severity: Severity::Info,
    summary: "A host is written in another way than platforms compare it.",
    why: "Hosts are compared in lower case, encoded and without the usual port. It works here as it is, but a platform that only compares letters refuses every request.",
    example: Example::manifest(
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: ['OpenLibrary.org:443'], methods: [GET]}]\n",
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org], methods: [GET]}]\n",
    ),
};

pub static PRIVATE_HOST: Rule = Rule {
    code: "capabilities/private-host",
    severity: Severity::Error,
    summary: "A rule names this computer or a private network, and requests there are refused.",
    why: "A pack reaches the public internet and nothing else, so that no agent can be led to the services inside. `allow_insecure: true` opens the one host that `domains` writes out.",
    example: Example::manifest(
        "capabilities:\n  - name: local-api\n    allow: [{domains: ['localhost:8080'], methods: [GET]}]\n",
        "capabilities:\n  - name: local-api\n    allow: [{domains: ['localhost:8080'], methods: [GET], allow_insecure: true}]\n",
    ),
};

pub static OWN_NETWORK: Rule = Rule {
    code: "capabilities/own-network",
    severity: Severity::Info,
    summary: "A rule names a host that only a network of one's own can know.",
    why: "Names without a dot, and those below `.local`, `.internal`, `.corp` and the like, lead to private addresses where they lead anywhere, and requests there are refused unless `allow_insecure: true` opens the host that `domains` writes out.",
    example: Example::manifest(
        "capabilities:\n  - name: printer\n    allow: [{domains: [printer.local], methods: [GET]}]\n",
        "capabilities:\n  - name: printer\n    allow: [{domains: [printer.local], methods: [GET], allow_insecure: true}]\n",
    ),
};

pub static METADATA_HOST: Rule = Rule {
    code: "capabilities/metadata-host",
    severity: Severity::Warning,
    summary: "A rule names a cloud's metadata service.",
    why: "That service tells whoever asks the machine's own credentials: a pack that reaches it can take over the account that runs it.",
    example: Example::manifest(
        "capabilities:\n  - name: where-am-i\n    allow: [{domains: [169.254.169.254], methods: [GET], allow_insecure: true}]\n",
        "capabilities:\n  - name: where-am-i\n    allow: [{domains: [api.example.com], methods: [GET]}]\n",
    ),
};

pub static INSECURE_PUBLIC: Rule = Rule {
    code: "capabilities/insecure-public",
    severity: Severity::Warning,
    summary: "`allow_insecure` lets plain HTTP go to a public host.",
    why: "Whoever sits between can read and change what is sent and answered, secrets included. It is meant for this computer and its own network.",
    example: Example::manifest(
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org], methods: [GET], allow_insecure: true}]\n",
        "capabilities:\n  - name: openlib-read\n    allow: [{domains: [openlibrary.org], methods: [GET]}]\n",
    ),
};

pub static IDLE_INSECURE: Rule = Rule {
    code: "capabilities/idle-insecure",
    severity: Severity::Warning,
    summary: "`allow_insecure` stands in a rule whose hosts all have a `*`.",
    why: "Plain HTTP and private addresses are opened only for hosts that are written out: nobody knows what a pattern covers. Here the key does nothing.",
    example: Example::manifest(
        "capabilities:\n  - name: local-api\n    allow: [{domains: ['*.test.example.com'], methods: [GET], allow_insecure: true}]\n",
        "capabilities:\n  - name: local-api\n    allow: [{domains: [api.localhost], methods: [GET], allow_insecure: true}]\n",
    ),
};

/// Checks the hosts of one rule.
pub(super) fn check(rule: &Node, out: &mut Vec<Diagnostic>) {
    let insecure = matches!(rule.get("allow_insecure").map(|node| &node.value), Some(Value::Bool(true)));
    let mut read = Vec::new();
    for node in rule.get("domains").map(Node::items).unwrap_or_default() {
        let Some(written) = node.as_text() else { continue };
        match Domain::read(written) {
            Err(trouble) => out.push(bad(node, written, &trouble)),
            Ok(domain) => {
                check_spelling(node, written, &domain, insecure, out);
                check_place(node, written, &domain, insecure, out);
                read.push(domain);
            }
        }
    }
    if insecure && !read.is_empty() {
        check_insecure(rule, &read, out);
    }
}

fn bad(node: &Node, written: &str, trouble: &str) -> Diagnostic {
    let found = BAD_DOMAIN.at(MANIFEST, node.span.clone(), format!("this rule {trouble}"));
    let bare = written.split_once("://").map_or(written, |(_, rest)| rest);
    let (host, path) = bare.split_once('/').unwrap_or((bare, ""));
    let host = host.trim().trim_end_matches('.').to_ascii_lowercase();
    if let Some(pattern) = starred(&host) {
        return found.hint(format!("For any name there write `{}`: `*` stands for one whole label.", shown(&pattern)));
    }
    if written.contains("${") {
        return found.hint("Write the host out: what a pack may reach is fixed when it is published.");
    }
    if host == written || Domain::read(&host).is_err() {
        return found.hint("Write a host as in `api.example.org`, or `*.example.org` for those one label below it.");
    }
    if path.is_empty() {
        let fix = Fix::one(format!("Change to `{}`", shown(&host)), MANIFEST, node.span.clone(), quoted(&host));
        return found.hint(format!("Write `{host}`.")).with_fix(fix);
    }
    // Without its path the rule would allow more than was meant.
    found.hint(format!("Write `{host}` here, and `/{path}` below `paths`."))
}

/// The host with a star for each label that is a name between braces: `{tenant}.example.org`.
fn starred(host: &str) -> Option<String> {
    let named = |label: &str| {
        let inner = label.trim_start_matches('$').strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        inner.is_some_and(|name| !name.is_empty())
    };
    let labels: Vec<&str> = host.split('.').map(|label| if named(label) { "*" } else { label }).collect();
    Some(labels.join(".")).filter(|pattern| pattern != host && pattern != "*" && Domain::read(pattern).is_ok())
}

/// A host as YAML takes it: `*` begins an alias.
fn quoted(host: &str) -> String {
    if host.contains(['*', ':', '[']) { format!("'{host}'") } else { host.to_owned() }
}

fn check_spelling(node: &Node, written: &str, domain: &Domain, insecure: bool, out: &mut Vec<Diagnostic>) {
    let mut usual = domain.host();
    match domain.odd_port() {
        Some(port) => usual = format!("{usual}:{port}"),
        // To a rule that allows plain HTTP as well, `:443` says something.
        None if insecure && written.ends_with(":443") => usual.push_str(":443"),
        None => {}
    }
    if usual != written {
        out.push(
            DOMAIN_SPELLING
                .at(MANIFEST, node.span.clone(), format!("`{}` is compared as `{}`", shown(written), shown(&usual)))
                .hint("Write it the way it is compared.")
                .with_fix(Fix::one(format!("Change to `{}`", shown(&usual)), MANIFEST, node.span.clone(), quoted(&usual))),
        );
    }
}

/// What lies behind a host, as far as its name says.
fn check_place(node: &Node, written: &str, domain: &Domain, insecure: bool, out: &mut Vec<Diagnostic>) {
    let host = shown(written);
    let at = node.span.clone();
    let opened = "Add `allow_insecure: true` to this rule if the pack is meant to reach it.";
    match domain.address() {
        Some(address) if is_metadata(address) && insecure => out.push(metadata(node, &host)),
        Some(address) if is_metadata(address) => {
            let message = format!("`{host}` is a cloud's metadata address, and requests to it are refused");
            out.push(PRIVATE_HOST.at(MANIFEST, at, message).hint(ASK_THE_CLOUD));
        }
        Some(address) => match (address_refused(address, insecure), address_refused(address, true)) {
            (Some(why), None) => {
                let message = format!("`{host}` is {why}, and requests to it are refused");
                out.push(PRIVATE_HOST.at(MANIFEST, at, message).hint(opened));
            }
            (_, Some(why)) => {
                let message = format!("`{host}` is {why}, and no rule opens it");
                out.push(PRIVATE_HOST.at(MANIFEST, at, message).hint("Name the host that is meant."));
            }
            (None, None) => {}
        },
        None if METADATA_NAMES.contains(&domain.host().as_str()) => out.push(metadata(node, &host)),
        None if !insecure && is_this_computer(&domain.host()) => {
            let message = format!("`{host}` is this computer itself, and requests to it are refused");
            out.push(PRIVATE_HOST.at(MANIFEST, at, message).hint(opened));
        }
        None if is_of_own_network(&domain.host()) && (!insecure || domain.is_pattern()) => {
            let message = format!("no public look-up knows `{host}`, and requests to private addresses are refused");
            out.push(OWN_NETWORK.at(MANIFEST, at, message).hint(if domain.is_pattern() {
                "Write the hosts out that are meant, and add `allow_insecure: true` to this rule."
            } else {
                opened
            }));
        }
        None => {}
    }
}

/// True for names that networks give their own machines, and nobody else.
fn is_of_own_network(host: &str) -> bool {
    const KEPT: &[&str] = &["local", "internal", "lan", "intranet", "corp", "home", "private"];
    let last = host.rsplit('.').next().unwrap_or(host);
    host != "*" && (!host.contains('.') || host.ends_with(".home.arpa") || KEPT.contains(&last))
}

/// Names under which clouds offer their metadata services.
const METADATA_NAMES: &[&str] =
    &["metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal"];

fn metadata(node: &Node, host: &str) -> Diagnostic {
    METADATA_HOST
        .at(
            MANIFEST,
            node.span.clone(),
            format!("`{host}` is a cloud's metadata service, which gives away the machine's credentials"),
        )
        .hint(ASK_THE_CLOUD)
}

/// What to do instead of asking a metadata service.
const ASK_THE_CLOUD: &str =
    "Remove it. What a pack needs of a cloud it asks of its public interface, with a credential of its own.";

fn check_insecure(rule: &Node, read: &[Domain], out: &mut Vec<Diagnostic>) {
    let Some(key) = rule.key("allow_insecure") else { return };
    if read.iter().all(Domain::is_pattern) {
        out.push(
            IDLE_INSECURE
                .at(MANIFEST, key.span.clone(), "`allow_insecure` opens nothing: every host of this rule has a `*`")
                .hint("Write the host out, or remove the key."),
        );
        return;
    }
    let public = read.iter().find(|domain| match domain.address() {
        Some(address) => address_refused(address, false).is_none(),
        None => !domain.is_pattern() && !is_own_name(&domain.host()),
    });
    if let Some(domain) = public {
        out.push(
            INSECURE_PUBLIC
                .at(MANIFEST, key.span.clone(), format!("plain HTTP may go to `{}`, a public host", shown(&domain.host())))
                .hint("Remove `allow_insecure`; hosts of your own network that need it belong into a rule of their own."),
        );
    }
}

/// True for names that mean the computer they are looked up on.
fn is_this_computer(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost")
}

/// True for names that no public look-up answers: this computer, and the networks people build themselves.
pub(crate) fn is_own_name(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or(host);
    is_this_computer(host)
        || !host.contains('.')
        // Kept for documents: nobody's host.
        || ["example.com", "example.net", "example.org"].iter().any(|reserved| {
            host.strip_suffix(reserved).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
        || host.ends_with(".home.arpa")
        || matches!(
            last,
            "local" | "internal" | "lan" | "intranet" | "corp" | "home" | "private" | "test" | "invalid" | "example"
        )
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::{manifest, mended};

    fn rule(rest: &str) -> String {
        manifest(&format!(
            "name: n\ndescription: d\ncapabilities:\n  - name: c\n    allow:\n      - {{methods: [GET], {rest}}}\n"
        ))
    }

    #[test]
    fn what_is_no_host_is_told_as_the_engine_would() {
        insta::assert_snapshot!(rule("domains: ['https://a.org', 'http://a.org/v1/x', a.org., 'api*.a.org', '*.*', 'u@a.org', 'a.org:99999', '']"), @"
        Error capabilities/bad-domain pack.yaml:6:36 <'https://a.org'> this rule has the domain `https://a.org`, which is no host: only the name belongs here, without `https://` and path, so it allows nothing
          hint: Write `a.org`.
          fix: Change to `a.org`
        Error capabilities/bad-domain pack.yaml:6:53 <'http://a.org/v1/x'> this rule has the domain `http://a.org/v1/x`, which is no host: only the name belongs here, without `https://` and path, so it allows nothing
          hint: Write `a.org` here, and `/v1/x` below `paths`.
        Error capabilities/bad-domain pack.yaml:6:74 <a.org.> this rule has the domain `a.org.`, which ends with a dot, so it allows nothing
          hint: Write `a.org`.
          fix: Change to `a.org`
        Error capabilities/bad-domain pack.yaml:6:82 <'api*.a.org'> this rule has the domain `api*.a.org`, and `*` stands only for whole labels, as in `*.example.org`, so it allows nothing
          hint: Write a host as in `api.example.org`, or `*.example.org` for those one label below it.
        Error capabilities/bad-domain pack.yaml:6:96 <'*.*'> this rule has the domain `*.*`, whose last label must be written out: anybody can register the others, so it allows nothing
          hint: Write a host as in `api.example.org`, or `*.example.org` for those one label below it.
        Error capabilities/bad-domain pack.yaml:6:103 <'u@a.org'> this rule has the domain `u@a.org`, which is no host: only the name belongs here, without `https://` and path, so it allows nothing
          hint: Write a host as in `api.example.org`, or `*.example.org` for those one label below it.
        Error capabilities/bad-domain pack.yaml:6:114 <'a.org:99999'> this rule has the domain `a.org:99999`, whose port is no number, so it allows nothing
          hint: Write a host as in `api.example.org`, or `*.example.org` for those one label below it.
        Error capabilities/bad-domain pack.yaml:6:129 <''> this rule has the domain ``, which is no host: only the name belongs here, without `https://` and path, so it allows nothing
          hint: Write a host as in `api.example.org`, or `*.example.org` for those one label below it.
        ");
        assert_eq!(rule("domains: [a.org, '*.a.org', '*.b.a.org', 'a.org:8443']"), "");
    }

    #[test]
    fn labels_are_those_of_names() {
        insta::assert_snapshot!(rule("domains: ['a..a.org', '-a.org', '{tenant}.a.org', '${HOST}', '*.a-.org', 'a b.org']"), @"
        Error capabilities/bad-domain pack.yaml:6:36 <'a..a.org'> this rule has the domain `a..a.org`, which has nothing between two of its dots, so it allows nothing
          hint: Write a host as in `api.example.org`, or `*.example.org` for those one label below it.
        Error capabilities/bad-domain pack.yaml:6:48 <'-a.org'> this rule has the domain `-a.org`, in which a label begins or ends with `-`, so it allows nothing
          hint: Write a host as in `api.example.org`, or `*.example.org` for those one label below it.
        Error capabilities/bad-domain pack.yaml:6:58 <'{tenant}.a.org'> this rule has the domain `{tenant}.a.org`, which is no host: names have letters, digits and `-`, and nothing is put in, so it allows nothing
          hint: For any name there write `*.a.org`: `*` stands for one whole label.
        Error capabilities/bad-domain pack.yaml:6:76 <'${HOST}'> this rule has the domain `${HOST}`, which is no host: names have letters, digits and `-`, and nothing is put in, so it allows nothing
          hint: Write the host out: what a pack may reach is fixed when it is published.
        Error capabilities/bad-domain pack.yaml:6:87 <'*.a-.org'> this rule has the domain `*.a-.org`, in which a label begins or ends with `-`, so it allows nothing
          hint: Write a host as in `api.example.org`, or `*.example.org` for those one label below it.
        Error capabilities/bad-domain pack.yaml:6:99 <'a b.org'> this rule has the domain `a b.org`, which is no host, so it allows nothing
          hint: Write a host as in `api.example.org`, or `*.example.org` for those one label below it.
        ");
        assert_eq!(rule("domains: [_dmarc.a.org, a--b.a.org, xn--bcher-kva.a.org, 1.a.org]"), "");
    }

    #[test]
    fn names_of_a_network_of_one_s_own_are_told() {
        insta::assert_snapshot!(rule("domains: [printer.local, intranet, wiki.corp, '*.internal', 'db.home.arpa:8080']"), @"
        Info capabilities/own-network pack.yaml:6:36 <printer.local> no public look-up knows `printer.local`, and requests to private addresses are refused
          hint: Add `allow_insecure: true` to this rule if the pack is meant to reach it.
        Info capabilities/own-network pack.yaml:6:51 <intranet> no public look-up knows `intranet`, and requests to private addresses are refused
          hint: Add `allow_insecure: true` to this rule if the pack is meant to reach it.
        Info capabilities/own-network pack.yaml:6:61 <wiki.corp> no public look-up knows `wiki.corp`, and requests to private addresses are refused
          hint: Add `allow_insecure: true` to this rule if the pack is meant to reach it.
        Info capabilities/own-network pack.yaml:6:72 <'*.internal'> no public look-up knows `*.internal`, and requests to private addresses are refused
          hint: Write the hosts out that are meant, and add `allow_insecure: true` to this rule.
        Info capabilities/own-network pack.yaml:6:86 <'db.home.arpa:8080'> no public look-up knows `db.home.arpa:8080`, and requests to private addresses are refused
          hint: Add `allow_insecure: true` to this rule if the pack is meant to reach it.
        ");
        assert_eq!(rule("domains: [api.example.com, a.test, x.local.org]"), "");
        assert!(rule("domains: [printer.local, '*.internal'], allow_insecure: true").contains("own-network"));
        assert_eq!(rule("domains: [printer.local], allow_insecure: true"), "");
    }

    #[test]
    fn a_scheme_is_taken_away_and_a_path_is_not() {
        let text = "name: n\ndescription: d\ncapabilities:\n  - name: c\n    allow:\n      - {methods: [GET], domains: ['https://A.org']}\n";
        let (text, after) = mended(text);
        assert!(text.contains("domains: ['a.org']"), "{text}");
        assert_eq!(after, "");
    }

    #[test]
    fn spellings_are_those_that_are_compared() {
        insta::assert_snapshot!(rule("domains: [API.a.org, 'a.org:443', bücher.example.org, '::1'], allow_insecure: false"), @"
        Info capabilities/domain-spelling pack.yaml:6:36 <API.a.org> `API.a.org` is compared as `api.a.org`
          hint: Write it the way it is compared.
          fix: Change to `api.a.org`
        Info capabilities/domain-spelling pack.yaml:6:47 <'a.org:443'> `a.org:443` is compared as `a.org`
          hint: Write it the way it is compared.
          fix: Change to `a.org`
        Info capabilities/domain-spelling pack.yaml:6:60 <bücher.example.org> `bücher.example.org` is compared as `xn--bcher-kva.example.org`
          hint: Write it the way it is compared.
          fix: Change to `xn--bcher-kva.example.org`
        Info capabilities/domain-spelling pack.yaml:6:80 <'::1'> `::1` is compared as `[::1]`
          hint: Write it the way it is compared.
          fix: Change to `[::1]`
        Error capabilities/private-host pack.yaml:6:80 <'::1'> `::1` is a loopback address: this computer itself, and requests to it are refused
          hint: Add `allow_insecure: true` to this rule if the pack is meant to reach it.
        ");
        assert_eq!(rule("domains: ['localhost:443'], allow_insecure: true"), "");
    }

    #[test]
    fn private_places_need_to_be_opened_and_metadata_never_is() {
        insta::assert_snapshot!(rule("domains: [localhost, 'api.localhost:80', 127.0.0.1, 10.0.0.1, '[::1]', 169.254.169.254, metadata.google.internal, 0.0.0.0, 192.0.2.1, 1.1.1.1]"), @"
        Error capabilities/private-host pack.yaml:6:36 <localhost> `localhost` is this computer itself, and requests to it are refused
          hint: Add `allow_insecure: true` to this rule if the pack is meant to reach it.
        Error capabilities/private-host pack.yaml:6:47 <'api.localhost:80'> `api.localhost:80` is this computer itself, and requests to it are refused
          hint: Add `allow_insecure: true` to this rule if the pack is meant to reach it.
        Error capabilities/private-host pack.yaml:6:67 <127.0.0.1> `127.0.0.1` is a loopback address: this computer itself, and requests to it are refused
          hint: Add `allow_insecure: true` to this rule if the pack is meant to reach it.
        Error capabilities/private-host pack.yaml:6:78 <10.0.0.1> `10.0.0.1` is an address in a private network, and requests to it are refused
          hint: Add `allow_insecure: true` to this rule if the pack is meant to reach it.
        Error capabilities/private-host pack.yaml:6:88 <'[::1]'> `[::1]` is a loopback address: this computer itself, and requests to it are refused
          hint: Add `allow_insecure: true` to this rule if the pack is meant to reach it.
        Error capabilities/private-host pack.yaml:6:97 <169.254.169.254> `169.254.169.254` is a cloud's metadata address, and requests to it are refused
          hint: Remove it. What a pack needs of a cloud it asks of its public interface, with a credential of its own.
        Warning capabilities/metadata-host pack.yaml:6:114 <metadata.google.internal> `metadata.google.internal` is a cloud's metadata service, which gives away the machine's credentials
          hint: Remove it. What a pack needs of a cloud it asks of its public interface, with a credential of its own.
        Error capabilities/private-host pack.yaml:6:140 <0.0.0.0> `0.0.0.0` is no address of a server, and no rule opens it
          hint: Name the host that is meant.
        Error capabilities/private-host pack.yaml:6:149 <192.0.2.1> `192.0.2.1` is an address for examples in documents, and no rule opens it
          hint: Name the host that is meant.
        ");
        insta::assert_snapshot!(rule("domains: [localhost, 127.0.0.1, 169.254.169.254, 192.0.2.1], allow_insecure: true"), @"
        Warning capabilities/metadata-host pack.yaml:6:58 <169.254.169.254> `169.254.169.254` is a cloud's metadata service, which gives away the machine's credentials
          hint: Remove it. What a pack needs of a cloud it asks of its public interface, with a credential of its own.
        Error capabilities/private-host pack.yaml:6:75 <192.0.2.1> `192.0.2.1` is an address for examples in documents, and no rule opens it
          hint: Name the host that is meant.
        ");
    }

    #[test]
    fn plain_http_is_for_hosts_of_one_s_own() {
        insta::assert_snapshot!(rule("domains: [nas.local, api.a.org], allow_insecure: true"), @"
        Warning capabilities/insecure-public pack.yaml:6:59 <allow_insecure> plain HTTP may go to `api.a.org`, a public host
          hint: Remove `allow_insecure`; hosts of your own network that need it belong into a rule of their own.
        ");
        insta::assert_snapshot!(rule("domains: ['*.a.org'], allow_insecure: true"), @"
        Warning capabilities/idle-insecure pack.yaml:6:48 <allow_insecure> `allow_insecure` opens nothing: every host of this rule has a `*`
          hint: Write the host out, or remove the key.
        ");
        assert_eq!(rule("domains: [nas.local, db, 'printer.home.arpa', 192.168.1.5], allow_insecure: true"), "");
        assert_eq!(rule("domains: [a.org], allow_insecure: false"), "");
    }

    #[test]
    fn anything_may_stand_where_a_host_should() {
        for odd in ["[]", "{a: 1}", "5", "null", "'\\0'", "'…'", "'%'", "'*.'", "'.'", "'[::1'", "'xn--'"] {
            rule(&format!("domains: [{odd}]"));
        }
        let long = rule(&format!("domains: ['{}é']", "a.".repeat(20_000)));
        assert!(long.starts_with("Info capabilities/domain-spelling"));
    }
}
