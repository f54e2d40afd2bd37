//! The rule that would allow a request that was refused: as narrow as it can be and still be of use.

use super::Request;
use super::address::address_refused;
use crate::yaml::write::word;
use url::Url;

/// An allow rule as one line of YAML. `None` where nothing should be suggested: a host that no rule should reach, or a request too
/// odd to make a rule of.
pub(super) fn allowing(request: &Request, taken: impl Fn(&str) -> bool) -> Option<String> {
    let url = &request.url;
    let host = url.host_str()?;
    let insecure = is_own(request)? || url.scheme() == "http";
    let domain = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let path = pattern(url.path());
    if domain.len() + path.len() > LONGEST {
        return None;
    }
    let mut rule = format!(
        "- {{name: {}, domains: [{}], methods: [{}], paths: [{}]",
        word(&name(url, taken)),
        word(&domain),
        request.method,
        word(&path)
    );
    if insecure {
        rule.push_str(", allow_insecure: true");
    }
    rule.push('}');
    Some(rule)
}

/// Longer than this is no rule that a person would want to read.
const LONGEST: usize = 300;

/// Whether the host is this computer or its network. `None` for what a rule should never reach.
fn is_own(request: &Request) -> Option<bool> {
    let Some(address) = request.literal_address() else {
        let host = request.url.host_str()?;
        return Some(host == "localhost" || host.ends_with(".localhost"));
    };
    match (address_refused(address, false), address_refused(address, true)) {
        (_, Some(_)) => None,
        (own, None) => Some(own.is_some()),
    }
}

/// A name after the host, that no other rule has: `covers` for covers.openlibrary.org, `openlibrary` for openlibrary.org.
fn name(url: &Url, taken: impl Fn(&str) -> bool) -> String {
    let labels: Vec<&str> = url.domain().map(|host| host.split('.').collect()).unwrap_or_default();
    let label = match labels.as_slice() {
        ["www", second, _, ..] => second,
        [first, ..] => first,
        [] => "address",
    };
    let letters = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    let plain = label.starts_with(|first: char| first.is_ascii_alphabetic()) && label.chars().all(letters);
    let base = if plain { label } else { "host" };
    let mut names = (1..).map(|number| if number == 1 { base.to_owned() } else { format!("{base}-{number}") });
    names.find(|name| !taken(name)).unwrap_or_default()
}

/// The path, with `*` for the segments that look like the name of one thing among many: they have a digit in them.
fn pattern(path: &str) -> String {
    path.split('/').map(|segment| if names_one_thing(segment) { "*" } else { segment }).collect::<Vec<_>>().join("/")
}

fn names_one_thing(segment: &str) -> bool {
    let digit = |letter: u8| letter.is_ascii_digit();
    // Not the version of an interface, as in `v2`, and not what an encoding is made of, as in `%20`.
    let version = segment.strip_prefix('v').is_some_and(|rest| rest.bytes().all(|letter| digit(letter) || letter == b'.'));
    let mut pieces = segment.split('%');
    let plain = pieces.next().is_some_and(|piece| piece.bytes().any(digit));
    !version && (plain || pieces.any(|piece| piece.bytes().skip(2).any(digit)))
}
