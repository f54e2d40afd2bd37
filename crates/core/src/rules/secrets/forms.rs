//! The forms that secrets have, by how they begin.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;
use std::ops::Range;

/// A kind of secret.
pub(super) struct Form {
    /// What it begins with.
    pub(super) begins: &'static str,
    /// What it is, as the end of a sentence.
    pub(super) what: &'static str,
    rest: Rest,
}

/// What follows the beginning.
enum Rest {
    /// So many of these letters, and then others.
    Letters(fn(u8) -> bool, Range<usize>),
    /// A user, a colon, a password and `@` before a host.
    Login,
    /// The second half of a bot's token: before the beginning stands a number.
    Bot,
    /// Three parts with dots between them, the first two of them JSON.
    Signed,
    /// The rest of a PEM block.
    Pem,
    /// Nothing that matters: the beginning says it.
    Anything,
}

const fn letters(begins: &'static str, what: &'static str, which: fn(u8) -> bool, least: usize, most: usize) -> Form {
    Form { begins, what, rest: Rest::Letters(which, least..most + 1) }
}

fn plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn word(byte: u8) -> bool {
    plain(byte) || matches!(byte, b'_' | b'-')
}

fn dotted(byte: u8) -> bool {
    word(byte) || byte == b'.'
}

fn pathed(byte: u8) -> bool {
    word(byte) || byte == b'/'
}

fn base64(byte: u8) -> bool {
    plain(byte) || matches!(byte, b'+' | b'/' | b'=')
}

fn slashed(byte: u8) -> bool {
    plain(byte) || byte == b'/'
}

fn upper(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

fn hex(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'a'..=b'f')
}

/// Longest token that is looked at: a signed one with many claims has a few thousand letters.
const LONGEST: usize = 8 * 1024;

/// From the services' own documents; the lengths are those that they give out, or the least that is worth an alarm.
pub(super) static FORMS: &[Form] = &[
    letters("AKIA", "an AWS access key", upper, 16, 16),
    letters("ASIA", "a temporary AWS access key", upper, 16, 16),
    letters("ghp_", "a GitHub token", plain, 36, 255),
    letters("gho_", "a GitHub OAuth token", plain, 36, 255),
    letters("ghu_", "a GitHub user token", plain, 36, 255),
    letters("ghs_", "a GitHub server token", plain, 36, 255),
    letters("ghr_", "a GitHub refresh token", plain, 36, 255),
    letters("github_pat_", "a GitHub token", word, 40, 255),
    letters("glpat-", "a GitLab token", dotted, 20, 300),
    letters("xoxa-", "a Slack token", word, 20, 255),
    letters("xoxb-", "a Slack bot token", word, 20, 255),
    letters("xoxe-", "a Slack token", word, 20, 512),
    letters("xoxp-", "a Slack user token", word, 20, 255),
    letters("xoxr-", "a Slack refresh token", word, 20, 512),
    letters("xoxs-", "a Slack token", word, 20, 255),
    letters("xapp-", "a Slack app token", word, 20, 255),
    letters("https://hooks.slack.com/services/", "the address of a Slack webhook, which is its only secret", slashed, 30, 100),
    letters("https://discord.com/api/webhooks/", "the address of a Discord webhook, which is its only secret", pathed, 60, 130),
    letters(
        "https://discordapp.com/api/webhooks/",
        "the address of a Discord webhook, which is its only secret",
        pathed,
        60,
        130,
    ),
    letters("ntn_", "a Notion token", plain, 40, 60),
    letters("hvs.", "a token of Vault's", word, 24, 200),
    letters("AccountKey=", "the key of an Azure storage account", base64, 80, 90),
    letters("AWS_SECRET_ACCESS_KEY=", "an AWS secret key", base64, 40, 40),
    letters("aws_secret_access_key=", "an AWS secret key", base64, 40, 40),
    letters("aws_secret_access_key = ", "an AWS secret key", base64, 40, 40),
    Form { begins: ":AA", what: "a Telegram bot's token", rest: Rest::Bot },
    Form { begins: "://", what: "an address with a password in it", rest: Rest::Login },
    letters("sk_live_", "a Stripe secret key", plain, 16, 255),
    letters("rk_live_", "a Stripe restricted key", plain, 16, 255),
    letters("whsec_", "a webhook's signing secret", plain, 24, 100),
    letters("sk-ant-", "an Anthropic key", word, 24, 255),
    letters("sk-proj-", "an OpenAI key", word, 24, 255),
    letters("sk-svcacct-", "an OpenAI key", word, 24, 255),
    letters("sk-admin-", "an OpenAI key", word, 24, 255),
    letters("sk-or-v1-", "an OpenRouter key", hex, 64, 64),
    letters("sk-", "a model provider's key", plain, 32, 255),
    letters("AIza", "a Google API key", word, 35, 35),
    letters("GOCSPX-", "a Google client secret", word, 28, 28),
    letters("npm_", "an npm token", plain, 36, 36),
    letters("pypi-AgEIcHlwaS5vcmc", "a PyPI token", word, 50, 500),
    letters("hf_", "a Hugging Face token", plain, 34, 40),
    letters("gsk_", "a Groq key", plain, 48, 60),
    letters("SG.", "a SendGrid key", dotted, 60, 80),
    letters("SK", "a Twilio key", hex, 32, 32),
    letters("dop_v1_", "a DigitalOcean token", hex, 64, 64),
    letters("shpat_", "a Shopify token", hex, 32, 32),
    letters("lin_api_", "a Linear key", plain, 40, 48),
    letters("dckr_pat_", "a Docker Hub token", word, 27, 40),
    letters("AGE-SECRET-KEY-1", "an age key", upper, 50, 70),
    Form { begins: "eyJ", what: "a signed token (JWT)", rest: Rest::Signed },
    Form { begins: "-----BEGIN ", what: "a private key", rest: Rest::Pem },
    Form { begins: "PuTTY-User-Key-File-", what: "a private key of PuTTY's", rest: Rest::Anything },
];

impl Form {
    /// True for what is reported as a private key.
    pub(super) fn is_key(&self) -> bool {
        matches!(self.rest, Rest::Pem | Rest::Anything) || self.begins == "AGE-SECRET-KEY-1"
    }

    /// True for what must not have a letter before it.
    pub(super) fn is_word(&self) -> bool {
        !matches!(self.rest, Rest::Pem | Rest::Login | Rest::Bot)
    }

    /// Where what begins at `found` ends, and whether it is what it looks like.
    pub(super) fn read(&self, text: &str, found: Range<usize>) -> (usize, bool) {
        match &self.rest {
            Rest::Letters(which, length) => {
                let rest = &text.as_bytes()[found.end..];
                let count = rest.iter().take(LONGEST).take_while(|byte| which(**byte)).count();
                // A dot or dash at the end is the sentence's.
                let mut end = found.end + count;
                while end > found.end && matches!(text.as_bytes()[end - 1], b'.' | b'-') {
                    end -= 1;
                }
                let more = text.as_bytes().get(found.end + count).is_some_and(|byte| plain(*byte) || *byte == b'_');
                let rest = &text[found.end..end];
                (found.end + count, !more && length.contains(&rest.len()) && is_random(rest))
            }
            Rest::Signed => signed(text, found.start),
            Rest::Login => login(text, found),
            Rest::Bot => bot(text, found),
            Rest::Pem => pem(text, found),
            Rest::Anything => (found.end, text[found.end..].starts_with(|version: char| version.is_ascii_digit())),
        }
    }
}

/// Longest user, password and host that are looked at.
const LONGEST_LOGIN: usize = 300;

/// `user:password@host` of an address. Programs and documents show many that are none.
fn login(text: &str, found: Range<usize>) -> (usize, bool) {
    let rest = &text.as_bytes()[found.end..];
    let ends =
        |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'"' | b'\'' | b'`' | b'<' | b'>' | b'?' | b'#' | b')');
    let length = rest.iter().take(LONGEST_LOGIN).position(ends).unwrap_or(rest.len().min(LONGEST_LOGIN));
    let end = found.end + length;
    let real = || {
        let (login, host) = text.get(found.end..end)?.rsplit_once('@')?;
        let (user, password) = login.split_once(':')?;
        let show = |word: &str| host.contains(word);
        let nowhere =
            ["example", "localhost", "127.0.0.1", "host", "domain"].iter().any(|word| show(word)) || !host.contains('.');
        let put_in = ['$', '{', '<', '*', '%', '[', '…'].iter().any(|sign| login.contains(*sign)) || password.contains("...");
        let (letter, digit) = (
            password.bytes().any(|byte| byte.is_ascii_alphabetic()),
            password.bytes().any(|byte| byte.is_ascii_digit() || byte.is_ascii_punctuation()),
        );
        let lower = password.to_ascii_lowercase();
        let shown =
            NO_TOKEN.iter().chain(&["password", "passwd", "secret", "token", "changeme"]).any(|word| lower.contains(word));
        (!nowhere && !put_in && !shown && letter && digit && password.len() >= 6 && password != user).then_some(())
    };
    if real().is_some() { (end, true) } else { (found.end, false) }
}

/// `123456789:AA…` and 33 letters more.
fn bot(text: &str, found: Range<usize>) -> (usize, bool) {
    let before = text[..found.start].bytes().rev().take(12);
    let digits = before.take_while(u8::is_ascii_digit).count();
    let rest = &text.as_bytes()[found.end..];
    let count = rest.iter().take(LONGEST).take_while(|byte| word(**byte)).count();
    let end = found.end + count;
    (end, (8..=10).contains(&digits) && count == 33 && is_random(&text[found.end..end]))
}

/// Words by which authors say that a token is none.
const NO_TOKEN: &[&str] =
    &["example", "xxxx", "your", "placeholder", "redacted", "dummy", "sample", "fake", "0000000000", "123456789012"];

/// True for letters that nobody would think up.
fn is_random(text: &str) -> bool {
    let mut seen = [false; 256];
    text.bytes().for_each(|byte| seen[usize::from(byte)] = true);
    let kinds = seen.iter().filter(|seen| **seen).count();
    let lower = text.to_ascii_lowercase();
    kinds >= 8
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !NO_TOKEN.iter().any(|word| lower.contains(word))
}

/// A token of three parts. What follows is not looked at twice, whatever it is.
fn signed(text: &str, start: usize) -> (usize, bool) {
    let bytes = &text.as_bytes()[start..];
    let length = bytes.iter().take(LONGEST).take_while(|byte| dotted(**byte)).count();
    let end = start + length;
    let mut parts = text[start..end].trim_end_matches('.').split('.');
    let object = |part: &str| -> Option<Value> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(part).ok()?;
        serde_json::from_slice::<Value>(&bytes).ok().filter(Value::is_object)
    };
    let real = (|| {
        let (head, claims, signature) = (parts.next()?, parts.next()?, parts.next()?);
        let (head, claims) = (object(head)?, object(claims)?);
        // The one that every document about such tokens shows.
        let shown = claims["sub"] == "1234567890" && claims["name"] == "John Doe";
        (parts.next().is_none() && head.get("alg").is_some() && signature.len() >= 16 && !shown).then_some(())
    })();
    let length = text[start..end].trim_end_matches('.').len();
    (if real.is_some() { start + length } else { end }, real.is_some())
}

/// How far a key's text is looked at.
const LONGEST_KEY: usize = 16 * 1024;

/// A PEM block, as a file has it or as one line with `\n` in it.
fn pem(text: &str, found: Range<usize>) -> (usize, bool) {
    let cut = |from: usize, length: usize| &text[from..text.floor_char_boundary((from + length).min(text.len()))];
    let Some(label) = cut(found.end, 60).split_once("-----").map(|(label, _)| label) else { return (found.end, false) };
    if !label.ends_with("PRIVATE KEY") && !label.ends_with("PRIVATE KEY BLOCK") {
        return (found.end, false);
    }
    let body = found.end + label.len() + 5;
    let rest = cut(body, LONGEST_KEY);
    let length = rest.find("-----").unwrap_or(rest.len());
    // `\n` in a JSON text is no part of the key, and neither is the frame of a list or a comment.
    let letters = rest[..length].replace("\\n", " ").bytes().filter(|byte| plain(*byte) || matches!(byte, b'+' | b'/')).count();
    let closing = rest.get(length..).unwrap_or_default();
    let end = match closing.strip_prefix("-----END ") {
        Some(line) => body + length + 9 + line.find("-----").filter(|at| *at < 60).map_or(0, |at| at + 5),
        None => body + length,
    };
    (end, letters >= 40)
}

/// True for a value that is most likely a password, key or token, and no name, address or reference.
pub(super) fn looks_random(value: &str) -> bool {
    const REFERENCES: &[&str] = &["${", "{{", "$(", "<", "://", "secrets[", "env.", " "];
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let (upper, lower) =
        (value.bytes().any(|byte| byte.is_ascii_uppercase()), value.bytes().any(|byte| byte.is_ascii_lowercase()));
    (16..=200).contains(&value.len())
        && value.is_ascii()
        && digits >= 2
        && upper
        && lower
        && !REFERENCES.iter().any(|sign| value.contains(sign))
        && is_random(value)
        && entropy(value) >= 3.5
}

/// Bits a letter, as Shannon counts them: 3.5 is more than names and words of this length have.
fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    text.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    #[expect(clippy::cast_precision_loss, reason = "the text has at most 200 letters")]
    let length = text.len() as f64;
    counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / length).map(|share| -share * share.log2()).sum()
}
