//! Domains below which anybody can have a name.
//!
//! A short list of our own: the registries' second levels and the hosters that people reach for. The full public list has ten thousand
//! entries and changes every week; a pattern over one that is not here goes unnoticed, and nothing else happens.

/// Second levels under which registries give out names, with the countries that have them.
const SECOND_LEVELS: &[&str] =
    &["ac", "co", "com", "edu", "go", "gob", "gov", "ltd", "me", "ne", "net", "nom", "or", "org", "plc", "sch"];

/// Countries whose registries give out names one level down, at least among others.
const COUNTRIES: &[&str] = &[
    "ar", "at", "au", "bd", "bo", "br", "cn", "co", "cy", "ec", "eg", "gr", "hk", "id", "il", "in", "jp", "ke", "kr", "lb", "ma",
    "mt", "mx", "my", "ng", "np", "nz", "pe", "ph", "pk", "pl", "py", "sa", "sg", "th", "tr", "tw", "ua", "ug", "uk", "uy", "ve",
    "vn", "za",
];

/// Hosters that give everyone a name below theirs.
const HOSTERS: &[&str] = &[
    "amazonaws.com",
    "appspot.com",
    "azureedge.net",
    "azurestaticapps.net",
    "azurewebsites.net",
    "blob.core.windows.net",
    "blogspot.com",
    "cloudapp.azure.com",
    "cloudflare.net",
    "cloudfront.net",
    "cloudfunctions.net",
    "deno.dev",
    "elasticbeanstalk.com",
    "execute-api.us-east-1.amazonaws.com",
    "firebaseapp.com",
    "firebaseio.com",
    "fly.dev",
    "github.io",
    "githubusercontent.com",
    "gitlab.io",
    "glitch.me",
    "googleusercontent.com",
    "herokuapp.com",
    "hf.space",
    "lambda-url.us-east-1.on.aws",
    "loca.lt",
    "myshopify.com",
    "netlify.app",
    "ngrok-free.app",
    "ngrok.app",
    "ngrok.io",
    "onrender.com",
    "pages.dev",
    "r2.dev",
    "railway.app",
    "readthedocs.io",
    "repl.co",
    "replit.app",
    "run.app",
    "s3.amazonaws.com",
    "sharepoint.com",
    "supabase.co",
    "surge.sh",
    "trycloudflare.com",
    "vercel.app",
    "web.app",
    "wordpress.com",
    "workers.dev",
];

/// True for a domain below which anybody can have a name.
pub(super) fn is_public_suffix(domain: &str) -> bool {
    match domain.split_once('.') {
        // Names of one's own network are their owner's.
        None => !matches!(
            domain,
            "localhost" | "local" | "internal" | "lan" | "test" | "example" | "invalid" | "home" | "corp" | "intranet"
        ),
        Some((second, country)) if SECOND_LEVELS.contains(&second) && COUNTRIES.contains(&country) => true,
        Some(_) => HOSTERS.contains(&domain),
    }
}

/// The part of a host that somebody registered: `example.co.uk` of `api.example.co.uk`. `None` for a name of one's own network.
pub(super) fn registrable(host: &str) -> Option<&str> {
    let host = host.trim_start_matches("*.");
    let mut rest = host;
    loop {
        let (_, below) = rest.split_once('.')?;
        if is_public_suffix(below) {
            return Some(rest);
        }
        rest = below;
    }
}

#[cfg(test)]
mod tests {
    use super::{is_public_suffix, registrable};

    #[test]
    fn what_somebody_registered_is_one_label_more() {
        for (host, expected) in [
            ("api.example.com", Some("example.com")),
            ("*.example.co.uk", Some("example.co.uk")),
            ("acme.github.io", Some("acme.github.io")),
            ("a.b.c.example.org", Some("example.org")),
            ("nas.local", None),
            ("localhost", None),
            ("com", None),
        ] {
            assert_eq!(registrable(host), expected, "{host}");
        }
        assert!(is_public_suffix("com") && is_public_suffix("co.uk") && is_public_suffix("github.io"));
        assert!(!is_public_suffix("example.com") && !is_public_suffix("uk.com.example") && !is_public_suffix("co.example"));
    }
}
