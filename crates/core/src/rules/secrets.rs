//! Secrets that lie in a pack's text: keys and tokens of known forms, and passwords that look real.
//!
//! Files whose name says that they hold a secret are [`super::files`]' matter. A message never repeats more than the first letters of
//! what was found: it goes into logs and pages of others.

mod forms;

use super::{Example, Rule};
use crate::check::Whole;
use crate::content::Kind;
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::{MANIFEST, is_never_shipped};
use crate::rules::files::{looks_secret, may_hold_key};
use aho_corasick::{AhoCorasick, MatchKind};
use forms::{FORMS, Form, looks_random};
use std::ops::Range;
use std::sync::LazyLock;

pub static PRIVATE_KEY: Rule = Rule {
    code: "secrets/private-key",
    severity: Severity::Error,
    summary: "A file holds a private key.",
    why: "Published is published: whoever can pull the pack has the key for good, and can sign, log in or decrypt with it.",
    example: Example::file(
        "guides/login.md",
        "# Logging in\n\n    -----BEGIN PRIVATE KEY-----\n    MC4CAQAwBQYDK2VwBCIEIJ3kQ1VtR8yWbPz5mXcN7uHfGd0oLsTaEiYwUqZxKvBn\n    -----END PRIVATE KEY-----\n",
        "# Logging in\n\nMake a key with `ssh-keygen`, and give it to the operator.\n",
    ),
};

pub static TOKEN: Rule = Rule {
    code: "secrets/token",
    severity: Severity::Error,
    summary: "A file holds what has the form of a service's token.",
    why: "Published is published: whoever can pull the pack can use the token, and searching for them is done by machines within minutes.",
    example: Example::file(
        "scripts/list.sh",
        "#!/bin/sh\ncurl -H 'Authorization: Bearer ghp_a8Fk2LmQ9xZt4RwB7cYv1NsE6hJp3UdG5oKi' https://api.github.com/user\n",
        "#!/bin/sh\ncurl -H \"Authorization: Bearer $TOKEN\" https://api.github.com/user\n",
    ),
};

pub static PASSWORD: Rule = Rule {
    code: "secrets/password",
    severity: Severity::Warning,
    summary: "The manifest or a program sets a password, key or token to something that looks real.",
    why: "Whoever can pull the pack can read it. Secrets are asked of the operator as credentials, and put into requests by the host.",
    example: Example::file(
        "scripts/sync.py",
        "password = \"k7Qz2VtR8yWbPz5mXcN\"\n",
        "import os\npassword = os.environ[\"SYNC_PASSWORD\"]\n",
    ),
};

/// The family's rules.
pub static RULES: &[&Rule] = &[&PRIVATE_KEY, &TOKEN, &PASSWORD];

/// Most findings of one file: who reads a hundred knows that it must not be published.
const MOST: usize = 100;

/// Checks one file by itself.
pub fn check_file(path: &str, text: &str, kind: Kind, out: &mut Vec<Diagnostic>) {
    let name = path.rsplit('/').next().unwrap_or(path);
    if is_never_shipped(path, false) || looks_secret(name) {
        return;
    }
    // A key in a file made for keys is told with the file's name; see `folder/looks-secret`.
    let told_by_name = may_hold_key(path, text.len() as u64) && text.contains("PRIVATE KEY-----");
    scan(path, text, told_by_name, out);
    if matches!(kind, Kind::Script | Kind::Handler) {
        scan_assignments(path, text, out);
    }
}

/// Checks the manifest's own text.
pub fn check(pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    scan(MANIFEST, &pack.ctx.manifest, false, out);
    scan_assignments(MANIFEST, &pack.ctx.manifest, out);
}

static BEGINNINGS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(FORMS.iter().map(|form| form.begins))
        .expect("the beginnings are short and few")
});

/// Looks at every place where a token or key could begin.
fn scan(path: &str, text: &str, told_by_name: bool, out: &mut Vec<Diagnostic>) {
    let most = out.len() + MOST;
    // What was looked at once is not looked at again, so that the time stays in proportion to the text.
    let mut seen = 0;
    for found in BEGINNINGS.find_iter(text) {
        if found.start() < seen || out.len() >= most {
            continue;
        }
        let form = &FORMS[found.pattern().as_usize()];
        if form.is_word()
            && text[..found.start()].ends_with(|before: char| before.is_ascii_alphanumeric() || matches!(before, '_' | '-'))
        {
            continue;
        }
        let (end, real) = form.read(text, found.range());
        seen = end;
        if !real || (told_by_name && form.is_key()) {
            continue;
        }
        out.push(finding(path, form, found.start()..end, text));
    }
}

fn finding(path: &str, form: &Form, range: Range<usize>, text: &str) -> Diagnostic {
    if form.is_key() {
        return PRIVATE_KEY
            .at(path, range, format!("this is {}", form.what))
            .hint("Take it out, and make a new one: the old one is known to whoever has seen this file.");
    }
    let shown: String = text[range.clone()].chars().take(4).collect();
    TOKEN.at(path, range, format!("`{shown}…` has the form of {}", form.what)).hint(
        "Revoke it where it was made, and take it out. A capability's transform puts a secret in as `${secrets[\"name\"]}`.",
    )
}

/// Names that secrets are given. Spelled out in the usual ways, because a search for these alone is twenty times as fast as one that
/// takes any case, and the manifest is searched at every key.
static SECRET_NAMES: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let names = [
        ["password", "Password", "PASSWORD"],
        ["passwd", "Passwd", "PASSWD"],
        ["secret", "Secret", "SECRET"],
        ["token", "Token", "TOKEN"],
        ["api_key", "apiKey", "API_KEY"],
        ["apikey", "ApiKey", "APIKEY"],
        ["api-key", "Api-Key", "API-KEY"],
        ["access_key", "accessKey", "ACCESS_KEY"],
        ["private_key", "privateKey", "PRIVATE_KEY"],
        ["authorization", "Authorization", "AUTHORIZATION"],
    ];
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostFirst)
        .build(names.iter().flatten())
        .expect("the names are short and few")
});

/// Looks at every name of a secret that is given a value.
fn scan_assignments(path: &str, text: &str, out: &mut Vec<Diagnostic>) {
    let most = out.len() + MOST;
    let mut seen = 0;
    for found in SECRET_NAMES.find_iter(text) {
        if found.end() < seen || out.len() >= most {
            continue;
        }
        let Some(value) = assigned(text, found.end(), path == MANIFEST) else { continue };
        seen = value.end;
        if !looks_random(&text[value.clone()])
            || out.iter().any(|told| told.file == path && told.range.start <= value.start && value.end <= told.range.end)
        {
            continue;
        }
        let shown: String = text[value.clone()].chars().take(4).collect();
        let name = &text[found.range()];
        out.push(PASSWORD.at(path, value, format!("`{name}` is set to `{shown}…`, which looks real")).hint(
            "Declare a credential instead, and let a capability's transform put it in; a program reads it from its surroundings.",
        ));
    }
}

/// What stands before the secret in an `Authorization`.
const SCHEMES: &[&str] = &["Bearer ", "Basic ", "Token "];

/// Longest value that is a password.
const LONGEST_PASSWORD: usize = 200;

/// What a name is set to, behind `=` or `:`: what stands between quotes, or in YAML the word.
fn assigned(text: &str, at: usize, yaml: bool) -> Option<Range<usize>> {
    let line = text[at..].bytes().take(LONGEST_PASSWORD + 40).position(|byte| byte == b'\n');
    let line = &text.as_bytes()[at..line.map_or(text.len().min(at + LONGEST_PASSWORD + 40), |length| at + length)];
    let past = |from: usize, skipped: &[u8]| from + line[from..].iter().take_while(|byte| skipped.contains(byte)).count();
    let mut here = past(0, b"\"']");
    here = past(here, b" \t");
    match line.get(here)? {
        b'=' => here = past(here, b"=>"),
        b':' => here = past(here, b":="),
        _ => return None,
    }
    here = past(here, b" \t");
    let quote = *line.get(here)?;
    let scheme = |from: usize| {
        let known = SCHEMES
            .iter()
            .find(|scheme| line[from..].get(..scheme.len()).is_some_and(|word| word.eq_ignore_ascii_case(scheme.as_bytes())));
        known.map_or(0, |scheme| scheme.len())
    };
    let length = if matches!(quote, b'"' | b'\'' | b'`') {
        here += 1;
        let length = line[here..].iter().position(|byte| *byte == quote)?;
        let scheme = scheme(here).min(length);
        here += scheme;
        length - scheme
    } else if yaml {
        here += scheme(here);
        line[here..].iter().position(|byte| matches!(byte, b' ' | b'\t' | b',' | b'}' | b']' | b'#')).unwrap_or(line.len() - here)
    } else {
        return None;
    };
    let value = at + here..at + here + length;
    (length <= LONGEST_PASSWORD && text.get(value.clone()).is_some()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::{check_file, scan};
    use crate::content::Kind;
    use crate::diagnostic::Diagnostic;
    use crate::rules::tests::{findings, manifest};
    use crate::source::MemoryPack;

    fn lines(text: &str, found: &[Diagnostic]) -> String {
        let lines = found.iter().map(|found| format!("{} <{}> {}", found.code, &text[found.range.clone()], found.message));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// What is told of a text, with the bytes that it names.
    fn told(text: &str) -> String {
        let mut out = Vec::new();
        check_file("guides/a.md", text, Kind::Guide, &mut out);
        lines(text, &out)
    }

    /// Put together here, so that no scanner of sources takes this file for a leak.
    fn token(begin: &str, rest: &str) -> String {
        format!("{begin}{rest}")
    }

    const LETTERS: &str = "a8Fk2LmQ9xZt4RwB7cYv1NsE6hJp3UdG5oKiT0Xe";

    #[test]
    fn tokens_of_known_forms_are_found_at_their_place() {
        for (begin, rest) in [
            ("AKIA", "Z3MHQ7TWN5XKLB2D"),
            ("ghp_", &LETTERS[..36]),
            ("github_pat_", "11ABCDEFG0a8Fk2LmQ9xZt_4RwB7cYv1NsE6hJp3UdG5oKiT0Xe"),
            ("xoxb-", "1234567890-0987654321-a8Fk2LmQ9xZt4RwB"),
            ("sk_live_", &LETTERS[..24]),
            ("sk-ant-", "api03-a8Fk2LmQ9xZt4RwB7cYv1NsE6hJp3UdG5oKiT0Xe"),
            ("sk-proj-", LETTERS),
            ("sk-", LETTERS),
            ("AIza", &LETTERS[..35]),
            ("npm_", &LETTERS[..36]),
            ("ntn_", "123a8Fk2LmQ9xZt4RwB7cYv1NsE6hJp3UdG5oKiT0Xe4"),
            ("hvs.", "CAESIJa8Fk2LmQ9xZt4RwB7cYv1NsE6hJp3UdG5oKiT0Xe"),
            ("AccountKey=", "a8Fk2LmQ9xZt4RwB7cYv1NsE6hJp3UdG5oKiT0Xea8Fk2LmQ9xZt4RwB7cYv1NsE6hJp3UdG5oKiT0Xe1234w=="),
            ("AWS_SECRET_ACCESS_KEY=", LETTERS),
            ("aws_secret_access_key = ", LETTERS),
            ("https://discord.com/api/webhooks/", "1187263549812763549/a8Fk2LmQ9xZt4RwB7cYv1NsE6hJp3UdG5oKiT0Xe_a8Fk2LmQ9x"),
            ("://", "app:k7Qz2VtR8y@db.acme.dev"),
            ("glpat-", &LETTERS[..20]),
            ("hf_", &LETTERS[..34]),
            ("SG.", "a8Fk2LmQ9xZt4RwB7cYv1N.sE6hJp3UdG5oKiT0Xea8Fk2LmQ9xZt4RwB7cYv1NsE6"),
            ("AGE-SECRET-KEY-1", "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3JN54KHCE"),
        ] {
            let token = token(begin, rest);
            let found = told(&format!("é use \"{token}\", please\n").replace("\"://", "\"postgres://"));
            assert!(found.contains(&format!("<{token}>")) && found.lines().count() == 1, "{token}: {found}");
            assert!(!found.split("> ").nth(1).expect("a message").contains(&token), "the message repeats the token");
        }
        insta::assert_snapshot!(told(&token("glpat-", &LETTERS[..20])), @"secrets/token <glpat-a8Fk2LmQ9xZt4RwB7cYv> `glpa…` has the form of a GitLab token");
    }

    #[test]
    fn the_token_of_a_bot_has_a_number_before_it() {
        let half = token(":AA", &LETTERS[..33]);
        assert!(told(&format!("use 123456789{half}\n")).contains("a Telegram bot's token"));
        assert_eq!(told(&format!("use 12{half} and x{half}\n")), "");
    }

    #[test]
    fn what_only_looks_like_a_token_is_left_alone() {
        for text in [
            "sk-…",
            "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "AKIAIOSFODNN7EXAMPLE",
            "class=\"sk-folding-cube-with-a-very-long-name-indeed\"",
            "task-a8Fk2LmQ9xZt4RwB7cYv1NsE6hJp3UdG5oKi",
            "ghp_short",
            "npm_config_registry_something_long_and_more",
            "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "550e8400-e29b-41d4-a716-446655440000",
            "${secrets[\"openlib\"]}",
            "sk-ant-YOUR_KEY_HERE_1234567890",
            "xoxb-your-token-here",
            "eyJ",
            "eyJhbGciOiJIUzI1NiJ9.not.json",
            "hf_hub_download_with_a_long_function_name",
            "SG.x",
            "AIzaSyExampleExampleExampleExampleExamp",
            "postgres://user:password@example.com/db",
            "postgres://user:pw@db.acme.dev/db",
            "postgres://app:${DB_PASSWORD}@db.acme.dev/db",
            "https://user:<your-password-1>@api.acme.dev",
            "redis://:k7Qz2VtR8y@localhost:6379",
            "postgres://postgres:postgres1@db:5432/app",
            "https://api.acme.dev:8443/a@b",
            "https://acme.dev/a?to=ann:k7Qz2VtR8y@b.dev",
            "git+ssh://git@github.com:22/a.git",
            "12:AAAAAAAAA",
            "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "AWS_SECRET_ACCESS_KEY=$SECRET",
            "https://discord.com/api/webhooks/ID/TOKEN",
        ] {
            assert_eq!(told(text), "", "{text}");
        }
    }

    #[test]
    fn a_signed_token_is_one_whose_parts_are_json() {
        use base64::Engine;
        let part = |text: &str| base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(text);
        let token = format!("{}.{}.{}", part("{\"alg\":\"HS256\"}"), part("{\"sub\":\"ann\",\"exp\":1}"), &LETTERS[..30]);
        assert!(told(&format!("Bearer {token} ")).contains(&format!("secrets/token <{token}>")));
        assert_eq!(told(&format!("{}.{}.{}", part("{\"alg\":\"HS256\"}"), part("not json"), &LETTERS[..30])), "");
        let example = format!(
            "{}.{}.{}",
            part("{\"alg\":\"HS256\"}"),
            part("{\"sub\":\"1234567890\",\"name\":\"John Doe\"}"),
            &LETTERS[..30]
        );
        assert_eq!(told(&example), "");
    }

    #[test]
    fn keys_are_found_and_talk_of_keys_is_not() {
        let body = "MC4CAQAwBQYDK2VwBCIEIJ3kQ1VtR8yWbPz5mXcN7uHfGd0oLsTaEiYwUqZxKvBn";
        let key = |dashes: &str, line: &str| {
            format!("{dashes}BEGIN PRIVATE KEY{dashes}{line}{body}{line}{dashes}END PRIVATE KEY{dashes}")
        };
        assert!(told(&key("-----", "\n")).starts_with("secrets/private-key <-----BEGIN PRIVATE KEY-----"));
        assert!(told(&format!("{{\"key\": \"{}\"}}", key("-----", "\\n"))).contains("secrets/private-key"));
        assert!(told("PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n").contains("secrets/private-key"));
        for text in [
            "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
            "-----BEGIN CERTIFICATE-----\nMIIB\n",
            "looks for `-----BEGIN`",
        ] {
            assert_eq!(told(text), "", "{text}");
        }
    }

    #[test]
    fn a_key_file_is_told_once() {
        let key = format!(
            "{0}BEGIN PRIVATE KEY{0}\nMC4CAQAwBQYDK2VwBCIEIJ3kQ1VtR8yWbPz5mXcN7uHfGd0oLsTaEiYwUqZxKvBn\n{0}END PRIVATE KEY{0}\n",
            "-----"
        );
        let pack = |path: &str| findings(&MemoryPack::new([("pack.yaml", "name: n\ndescription: d\n"), (path, key.as_str())]));
        assert_eq!(pack("data/key.pem").lines().filter(|line| line.starts_with("Error")).count(), 1);
        assert!(pack("data/key.md").contains("secrets/private-key"));
        assert_eq!(pack("dist/key.md"), "");
    }

    #[test]
    fn a_password_that_looks_real_is_told_in_programs_and_the_manifest() {
        let script = |text: &str| {
            let mut out = Vec::new();
            check_file("scripts/a.py", text, Kind::Script, &mut out);
            lines(text, &out)
        };
        insta::assert_snapshot!(script("PASSWORD = \"k7Qz2VtR8yWbPz5mXcN\"\nself['api_key'] = 'k7Qz2VtR8yWbPz5mXcN'\nclient_secret: `k7Qz2VtR8yWbPz5mXcN`"), @"
        secrets/password <k7Qz2VtR8yWbPz5mXcN> `PASSWORD` is set to `k7Qz…`, which looks real
        secrets/password <k7Qz2VtR8yWbPz5mXcN> `api_key` is set to `k7Qz…`, which looks real
        secrets/password <k7Qz2VtR8yWbPz5mXcN> `secret` is set to `k7Qz…`, which looks real
        ");
        assert!(script("h = {'Authorization': 'Bearer k7Qz2VtR8yWbPz5mXcN'}\n").contains("<k7Qz2VtR8yWbPz5mXcN>"));
        let yaml = "name: n\ndescription: d\ncapabilities: [{name: c, allow: [{domains: [a.org], methods: [GET]}], transforms: [{headers: {set: {Authorization: Bearer k7Qz2VtR8yWbPz5mXcN}}}]}]\n";
        assert!(manifest(yaml).contains("<k7Qz2VtR8yWbPz5mXcN> `Authorization` is set to `k7Qz…`"));
        assert_eq!(script("h = {'Authorization': 'Bearer your-token-Goes-Here-12345'}\n"), "");
        assert_eq!(script("h = {'Authorization': f'Bearer {token}'}\n"), "");
        for text in [
            "password = \"${secrets[\"x\"]}\"",
            "password = \"hunter2\"",
            "token = \"<your-token-goes-here-1A>\"",
            "password = os.environ[\"K7QZ2VTR8YWBPZ5MXCN\"]",
            "token = \"550e8400-e29b-41d4-a716-446655440000\"",
            "secret = \"my-secret-name-for-things\"",
            "password = input(\"What is it then?\")",
            "token = \"https://A.org/x1?y=Z2abcde\"",
            "password",
            "password =",
            "password = \"",
            "token: \"é\"",
        ] {
            assert_eq!(script(text), "", "{text}");
        }
        insta::assert_snapshot!(manifest("name: n\ndescription: d\nagents:\n  a: {password: k7Qz2VtR8yWbPz5mXcN, other: 1}\npack_id: a.b\nversion: 1.0.0\nkind: library\npublisher: a\n"), @"
        Warning secrets/password pack.yaml:4:17 <k7Qz2VtR8yWbPz5mXcN> `password` is set to `k7Qz…`, which looks real
          hint: Declare a credential instead, and let a capability's transform put it in; a program reads it from its surroundings.
        ");
    }

    #[test]
    fn the_manifest_is_looked_at_too() {
        let token = token("ghp_", &LETTERS[..36]);
        let found = manifest(&format!("name: n\ndescription: d\nx-token: {token}\n"));
        assert!(found.starts_with(&format!("Error secrets/token pack.yaml:3:10 <{token}> `ghp_…` has the form of")), "{found}");
    }

    #[test]
    fn megabytes_of_beginnings_are_read_soon() {
        for piece in ["eyJ", "sk-", "AKIA", "-----BEGIN PRIVATE KEY-----", "-----BEGIN ", "password=\"", "ghp_aB3", "token: '"] {
            let text = piece.repeat(200_000 / piece.len());
            let mut out = Vec::new();
            scan("guides/a.md", &text, false, &mut out);
            check_file("scripts/a.sh", &text, Kind::Script, &mut out);
            assert!(out.len() <= 400, "{piece}: {}", out.len());
        }
    }
}
