//! Where an answer leads, by the rules of `fetch`. Whether to go there, the policy decides.

use packwright_core::call::ToolError;
use packwright_core::policy::Request;
use packwright_core::text::shown;

/// Headers that may go along to another origin. All others stay behind: any of them may be a credential.
const KEPT_ACROSS_ORIGINS: &[&str] = &[
    "accept",
    "accept-encoding",
    "accept-language",
    "content-language",
    "content-type",
    "if-modified-since",
    "if-none-match",
    "range",
];

/// The request that an answer sends on to another place; `None` when it is an answer to keep.
pub(super) fn next(request: &Request, status: u16, location: Option<&str>) -> Result<Option<Request>, ToolError> {
    let (301 | 302 | 303 | 307 | 308, Some(location)) = (status, location) else { return Ok(None) };
    let Ok(url) = request.url.join(location) else {
        let host = shown(request.url.host_str().unwrap_or_default());
        let message = format!("`{host}` redirects to `{}`, which is no URL.", shown(location));
        return Err(ToolError::new("network_error", message));
    };
    let mut next = request.clone();
    let becomes_get = match status {
        301 | 302 => request.method == "POST",
        303 => !matches!(request.method.as_str(), "GET" | "HEAD"),
        _ => false,
    };
    if becomes_get {
        "GET".clone_into(&mut next.method);
        next.body.clear();
        next.headers.retain(|(name, _)| !name.starts_with("content-"));
    }
    if url.origin() != request.url.origin() {
        next.headers.retain(|(name, _)| KEPT_ACROSS_ORIGINS.contains(&name.as_str()));
    }
    next.url = url;
    Ok(Some(next))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str) -> Request {
        let headers = [("accept", "a"), ("authorization", "b"), ("cookie", "c"), ("x-api-key", "d"), ("content-type", "e")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Request::new(method, "https://a.org/x/y?q", headers, b"body".to_vec()).unwrap()
    }

    fn names(request: &Request) -> Vec<&str> {
        request.headers.iter().map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn methods_change_as_in_fetch() {
        for (status, method, then) in [
            (301, "POST", "GET"),
            (302, "POST", "GET"),
            (302, "PUT", "PUT"),
            (303, "PUT", "GET"),
            (303, "HEAD", "HEAD"),
            (307, "POST", "POST"),
            (308, "DELETE", "DELETE"),
        ] {
            let next = next(&request(method), status, Some("/z")).unwrap().unwrap();
            assert_eq!((next.method.as_str(), next.url.as_str()), (then, "https://a.org/z"), "{status} {method}");
            assert_eq!(next.body.is_empty(), method != then, "{status} {method}");
            assert_eq!(names(&next).contains(&"content-type"), method == then, "{status} {method}");
        }
    }

    #[test]
    fn credentials_stay_with_their_origin() {
        let to = |location: &str| next(&request("GET"), 302, Some(location)).unwrap().unwrap();
        assert_eq!(names(&to("z?r")).len(), 5);
        for other in ["https://b.org/", "//b.org/", "https://a.org:444/", "http://a.org/", "https://sub.a.org/"] {
            assert_eq!(names(&to(other)), ["accept", "content-type"], "{other}");
        }
    }

    #[test]
    fn other_answers_are_kept() {
        assert_eq!(next(&request("GET"), 200, Some("/z")).unwrap(), None);
        assert_eq!(next(&request("GET"), 304, Some("/z")).unwrap(), None);
        assert_eq!(next(&request("GET"), 302, None).unwrap(), None);
        let error = next(&request("GET"), 302, Some("https://")).unwrap_err();
        assert_eq!(
            (error.code.as_str(), error.message.as_str()),
            ("network_error", "`a.org` redirects to `https://`, which is no URL.")
        );
    }
}
