//! What a capability changes in a request that one of its rules allowed.
//!
//! The author of the manifest wrote these changes, so they may do what a handler may not, such as setting `Authorization`. They
//! cannot send the request to another host, and they cannot write what frames a message.

use super::{Refusal, Request, header_trouble, path_trouble};
use crate::model::Transform;
use crate::text::shown;
use serde_json::Value;
use url::form_urlencoded;

/// Applies the transforms that are for `rule`, in their order.
pub(super) fn apply(mut request: Request, rule: &str, transforms: &[Transform]) -> Result<Request, Refusal> {
    let origin = request.url.origin();
    for transform in transforms {
        if transform.applies_to.as_ref().is_some_and(|rules| !rules.iter().any(|name| name == rule)) {
            continue;
        }
        if let Some(key) = transform.unknown.first() {
            return Err(Refusal::transform(&format!("asks for `{}`, which is not known here", shown(key))));
        }
        needs_no_secret(rule, transform)?;
        change_headers(&mut request, transform)?;
        change_query(&mut request, transform);
        change_path(&mut request, transform)?;
        change_body(&mut request, transform)?;
    }
    // Nothing above can change the origin; should that ever be untrue, nothing is sent.
    if request.url.origin() == origin { Ok(request) } else { Err(Refusal::transform("would change the host")) }
}

/// Secrets are put in by the host, and a request without its secret is not the one that the author meant.
fn needs_no_secret(rule: &str, transform: &Transform) -> Result<(), Refusal> {
    let mut texts: Vec<&str> = transform.headers_set.values().chain(transform.query_set.values()).map(String::as_str).collect();
    texts.extend(transform.path_prefix.as_deref());
    transform.body_set.values().chain(&transform.auth).for_each(|value| collect_texts(value, &mut texts));
    if let Some(reference) = texts.iter().find_map(|text| text.split_once("${").map(|(_, rest)| rest)) {
        return Err(match secret_name(reference) {
            Some(name) => Refusal::secret(format!(
                "Rule `{}` needs the secret `{}`, and no secret is set: the request was not sent.",
                shown(rule),
                shown(name)
            )),
            None => Refusal::transform(&format!("refers to `${{{}`, which is no secret", shown(reference))),
        });
    }
    if transform.auth.is_some() {
        return Err(Refusal::secret(format!(
            "Rule `{}` asks for `auth` without naming a secret, as in `${{secrets[\"name\"]}}`: the request was not sent.",
            shown(rule)
        )));
    }
    Ok(())
}

fn collect_texts<'a>(value: &'a Value, out: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => out.push(text),
        Value::Array(items) => items.iter().for_each(|item| collect_texts(item, out)),
        Value::Object(entries) => entries.values().for_each(|entry| collect_texts(entry, out)),
        _ => {}
    }
}

/// The name in `secrets["name"]}…`, with either quote.
pub(crate) fn secret_name(reference: &str) -> Option<&str> {
    let rest = reference.strip_prefix("secrets[")?;
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    rest[1..].split(quote).next()
}

fn change_headers(request: &mut Request, transform: &Transform) -> Result<(), Refusal> {
    let goes = |header: &str| {
        let mut names = transform.headers_remove.iter().chain(transform.headers_set.keys());
        names.any(|name| name.eq_ignore_ascii_case(header))
    };
    request.headers.retain(|(header, _)| !goes(header));
    for (name, value) in &transform.headers_set {
        if let Some(trouble) = header_trouble(name, value) {
            return Err(Refusal::transform(&format!("sets the header `{}`, {trouble}", shown(name))));
        }
        request.headers.push((name.to_ascii_lowercase(), value.clone()));
    }
    Ok(())
}

/// Takes pairs out of the query and adds others at its end; the rest keeps every byte.
fn change_query(request: &mut Request, transform: &Transform) {
    if transform.query_set.is_empty() && transform.query_remove.is_empty() {
        return;
    }
    let goes = |pair: &str| {
        let name = form_urlencoded::parse(pair.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default();
        transform.query_remove.contains(&name) || transform.query_set.contains_key(&name)
    };
    let query = request.url.query().unwrap_or_default();
    let mut pairs: Vec<String> = query.split('&').filter(|pair| !pair.is_empty() && !goes(pair)).map(str::to_owned).collect();
    for (name, value) in &transform.query_set {
        pairs.push(form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish());
    }
    request.url.set_query(Some(pairs.join("&")).filter(|query| !query.is_empty()).as_deref());
}

fn change_path(request: &mut Request, transform: &Transform) -> Result<(), Refusal> {
    let Some(prefix) = transform.path_prefix.as_deref().filter(|prefix| !prefix.is_empty()) else { return Ok(()) };
    if !is_prefix(prefix) {
        return Err(Refusal::transform(&format!("puts `{}` before the path, which is no path", shown(prefix))));
    }
    let path = format!("{}{}", prefix.trim_end_matches('/'), request.url.path());
    request.url.set_path(&path);
    Ok(())
}

/// True for what may be put before a path.
pub(crate) fn is_prefix(prefix: &str) -> bool {
    prefix.starts_with('/') && !prefix.contains(['\\', '?', '#']) && path_trouble(prefix).is_none()
}

fn change_body(request: &mut Request, transform: &Transform) -> Result<(), Refusal> {
    if transform.body_set.is_empty() {
        return Ok(());
    }
    let mut body: Value = serde_json::from_slice(&request.body)
        .map_err(|_| Refusal::transform("sets a value in the body, and the body is no JSON"))?;
    for (pointer, value) in &transform.body_set {
        set(&mut body, pointer, value)
            .ok_or_else(|| Refusal::transform(&format!("sets `{}` in the body, and there is no such place", shown(pointer))))?;
    }
    request.body = body.to_string().into_bytes();
    Ok(())
}

/// Puts a value where a JSON pointer leads. Its last step may be new in an object, or `-` for one more item of a list.
fn set(body: &mut Value, pointer: &str, value: &Value) -> Option<()> {
    if pointer.is_empty() {
        *body = value.clone();
        return Some(());
    }
    let (parent, last) = pointer.rsplit_once('/')?;
    let last = last.replace("~1", "/").replace("~0", "~");
    match body.pointer_mut(parent)? {
        Value::Object(entries) => {
            entries.insert(last, value.clone());
        }
        Value::Array(items) if last == "-" => items.push(value.clone()),
        Value::Array(items) => *items.get_mut(last.parse::<usize>().ok()?)? = value.clone(),
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Manifest;
    use serde_json::json;
    use std::collections::BTreeMap;

    fn request() -> Request {
        let headers = vec![("cookie".to_owned(), "a=b".to_owned()), ("accept".to_owned(), "text/html".to_owned())];
        let body = br#"{"a": {"b": [1]}}"#.to_vec();
        Request::new("POST", "https://a.org/x%2Cy?q=a%20b&lang=de&Lang=it&flag", headers, body).unwrap()
    }

    fn words<const N: usize>(pairs: [(&str, &str); N]) -> BTreeMap<String, String> {
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    fn applied(transform: Transform) -> Request {
        apply(request(), "search", &[transform]).unwrap()
    }

    fn refused(transform: Transform) -> Refusal {
        apply(request(), "search", &[transform]).unwrap_err()
    }

    #[test]
    fn a_change_that_nobody_would_make_is_refused() {
        let manifest = Manifest::read("name: t\ncapabilities: [{name: c, transforms: [{headers: {set: {a: b}, add: {c: d}}}, {set_headers: {a: b}}, {applies_to: [other], cel: x}, {body: {remove: [/a]}}]}]").unwrap();
        let transforms = &manifest.capabilities[0].transforms;
        assert_eq!(
            transforms.iter().map(|one| one.unknown.join(" ")).collect::<Vec<_>>(),
            ["headers.add", "set_headers", "cel", "body.remove"]
        );
        for refused in [&transforms[..1], &transforms[1..2], &transforms[3..]] {
            let refusal = apply(request(), "search", refused).unwrap_err();
            assert!(refusal.message.contains("not known here"), "{refusal:?}");
        }
        assert!(apply(request(), "search", &transforms[2..3]).is_ok(), "it is for another rule");
    }

    #[test]
    fn headers_are_set_and_removed_whatever_their_case() {
        let out = applied(Transform {
            headers_set: words([("Accept", "application/json")]),
            headers_remove: vec!["Cookie".to_owned()],
            ..Transform::default()
        });
        assert_eq!(out.headers, [("accept".to_owned(), "application/json".to_owned())]);
    }

    #[test]
    fn the_query_changes_only_where_it_was_asked_to() {
        let out = applied(Transform {
            query_set: words([("lang", "en&q=x")]),
            query_remove: vec!["flag".to_owned()],
            ..Transform::default()
        });
        assert_eq!(out.url.as_str(), "https://a.org/x%2Cy?q=a%20b&Lang=it&lang=en%26q%3Dx");
        let all = ["q", "lang", "Lang", "flag"].map(str::to_owned).to_vec();
        let out = applied(Transform { query_remove: all, ..Transform::default() });
        assert_eq!(out.url.as_str(), "https://a.org/x%2Cy");
    }

    #[test]
    fn a_prefix_goes_before_the_path_and_nowhere_else() {
        let prefix = |prefix: &str| Transform { path_prefix: Some(prefix.to_owned()), ..Transform::default() };
        assert_eq!(applied(prefix("/v2/")).url.path(), "/v2/x%2Cy");
        assert_eq!(applied(prefix("//evil.org")).url.as_str().split('?').next(), Some("https://a.org//evil.org/x%2Cy"));
        for bad in ["v2", "/../", "/a/%2e%2e", "/a?b", "/a#b", "\\evil.org", "/a%2f"] {
            let refusal = refused(prefix(bad));
            assert_eq!(refusal.code, "permission_denied");
            assert!(refusal.message.contains("which is no path"), "{bad}: {}", refusal.message);
        }
    }

    #[test]
    fn the_body_is_set_by_pointer() {
        let set = |pointer: &str| Transform { body_set: [(pointer.to_owned(), json!(7))].into(), ..Transform::default() };
        let body = |pointer: &str| String::from_utf8(applied(set(pointer)).body).unwrap();
        assert_eq!(body("/new"), r#"{"a":{"b":[1]},"new":7}"#);
        assert_eq!(body("/a/b/0"), r#"{"a":{"b":[7]}}"#);
        assert_eq!(body("/a/b/-"), r#"{"a":{"b":[1,7]}}"#);
        assert_eq!(body("/a~1b"), r#"{"a":{"b":[1]},"a/b":7}"#);
        for bad in ["a", "/x/y", "/a/b/7", "/a/b/0/c"] {
            assert!(refused(set(bad)).message.contains("no such place"), "{bad}");
        }
        let text = Request { body: b"hello".to_vec(), ..request() };
        assert!(apply(text, "search", &[set("/a")]).unwrap_err().message.contains("no JSON"));
    }

    #[test]
    fn a_transform_is_for_the_rules_it_names() {
        let for_rules = |rules: &[&str]| Transform {
            applies_to: Some(rules.iter().map(|rule| (*rule).to_owned()).collect()),
            query_remove: vec!["q".to_owned()],
            ..Transform::default()
        };
        assert!(applied(for_rules(&["works", "search"])).url.query().is_some_and(|query| !query.contains("q=")));
        assert!(applied(for_rules(&["works"])).url.query().is_some_and(|query| query.contains("q=")));
        assert!(applied(for_rules(&[])).url.query().is_some_and(|query| query.contains("q=")));
    }

    #[test]
    fn nothing_is_sent_without_its_secret() {
        let secret = r#"${secrets["openlib"]}"#;
        for transform in [
            Transform { auth: Some(json!({"bearer": secret})), ..Transform::default() },
            Transform {
                auth: Some(json!({"basic": {"user": "u", "password": "${secrets['openlib']}"}})),
                ..Transform::default()
            },
            Transform { headers_set: words([("authorization", &format!("Bearer {secret}"))]), ..Transform::default() },
            Transform { query_set: words([("key", secret)]), ..Transform::default() },
            Transform { path_prefix: Some(format!("/{secret}")), ..Transform::default() },
            Transform { body_set: [("/key".to_owned(), json!([secret]))].into(), ..Transform::default() },
        ] {
            let refusal = refused(transform);
            assert_eq!(refusal.code, "credential_invalid");
            let message = "Rule `search` needs the secret `openlib`, and no secret is set: the request was not sent.";
            assert_eq!(refusal.message, message);
        }
        let refusal = refused(Transform { auth: Some(json!({"bearer": "abc"})), ..Transform::default() });
        assert_eq!(refusal.code, "credential_invalid");
        let refusal = refused(Transform { headers_set: words([("x", "${env.HOME}")]), ..Transform::default() });
        assert!(refusal.message.contains("refers to `${env.HOME}`"), "{}", refusal.message);
    }

    #[test]
    fn a_transform_cannot_write_the_frame_of_a_message() {
        for (name, value) in
            [("Host", "evil.org"), ("Content-Length", "0"), ("Transfer-Encoding", "chunked"), ("x", "a\r\nhost: b")]
        {
            let refusal = refused(Transform { headers_set: words([(name, value)]), ..Transform::default() });
            assert!(refusal.message.contains("sets the header"), "{}", refusal.message);
        }
    }
}
