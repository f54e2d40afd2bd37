//! Where releases are: registries, repositories in them, and releases in these, as people write them.

use crate::wire::{Failure, FailureCode};
use packwright_core::artifact::is_repository_part;
use packwright_core::model::Manifest;
use packwright_kit::home::Home;
use packwright_registry::layout::Layout;
use packwright_registry::publish::LATEST;
use packwright_registry::remote::{Connection, Remote, docker_login};
use packwright_registry::store::{Reference, RegistryError, Store};
use std::net::{Ipv4Addr, Ipv6Addr};

/// What the registry on this computer is called.
pub const LOCAL: &str = "local";

/// The organisation on this computer of packs that name no publisher.
const NO_PUBLISHER: &str = "local";

/// A place to publish to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Registry {
    /// The one on this computer.
    Local,
    /// Any OCI registry.
    Server {
        /// With the port, where it is not the usual one.
        host: String,
        /// Whose repositories; without it the pack's publisher.
        org: Option<String>,
    },
}

/// A repository: the releases of one pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    pub registry: Registry,
    /// `acme/notes`.
    pub name: String,
}

/// A release, as a reference names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    pub repository: Repository,
    pub reference: Reference,
}

/// Why a pack has no repository in a registry: what to say and to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Homeless {
    pub message: String,
    pub hint: String,
}

impl Registry {
    /// Reads `local`, `localhost:5000`, `ghcr.io/acme`; the `https://` of a pasted address does no harm.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let text = text.trim();
        if text == LOCAL {
            return Ok(Self::Local);
        }
        let wrong = || {
            let message = format!("`{}` is not a registry's address", short(text));
            Failure::new(
                FailureCode::BadRequest,
                message,
                "Write `local`, or a host and whose it is: `ghcr.io/acme`, `localhost:5000`.",
            )
        };
        let plain = text.strip_prefix("http://");
        let address = plain.or_else(|| text.strip_prefix("https://")).or_else(|| text.strip_prefix("oci://")).unwrap_or(text);
        let (host, org) = match address.trim_end_matches('/').split_once('/') {
            Some((host, org)) => (host, Some(org)),
            None => (address.trim_end_matches('/'), None),
        };
        let host = host.to_ascii_lowercase();
        let here = host_of(&host).ok_or_else(wrong)?;
        if plain.is_some() && !here {
            let message = format!("`{host}` would be spoken to without encryption");
            return Err(Failure::new(FailureCode::BadRequest, message, "Only a registry on this computer may do without https."));
        }
        if org.is_some_and(|org| !org.split('/').all(is_repository_part)) {
            return Err(wrong());
        }
        Ok(Self::Server { host, org: org.map(str::to_owned) })
    }

    /// Names it in commands: what [`Registry::parse`] reads.
    pub fn id(&self) -> String {
        match self {
            Self::Local => LOCAL.to_owned(),
            Self::Server { host, org: None } => host.clone(),
            Self::Server { host, org: Some(org) } => format!("{host}/{org}"),
        }
    }

    /// The repository of a pack.
    pub fn repository_of(&self, manifest: &Manifest) -> Result<Repository, Homeless> {
        let homeless = |message: String, hint: &str| Err(Homeless { message, hint: hint.to_owned() });
        let Some(name) = manifest.name.as_deref().filter(|name| is_repository_part(name)) else {
            return homeless("the pack has no name that an address could end with".to_owned(), "Mend `name:` in `pack.yaml`.");
        };
        let publisher = manifest.publisher.as_deref();
        let org = match self {
            Self::Server { org: Some(org), .. } => org,
            Self::Server { host, org: None } if publisher.is_none() => {
                return homeless(
                    format!("`{host}` has to be told whose pack this is"),
                    &format!("Add `publisher:` to `pack.yaml`, or publish to `{host}/` and a name."),
                );
            }
            Self::Local | Self::Server { .. } => publisher.unwrap_or(NO_PUBLISHER),
        };
        if !org.split('/').all(is_repository_part) {
            return homeless(
                format!("the publisher `{}` cannot be part of an address", short(org)),
                "Write it with small letters, digits and hyphens, as in `acme-books`.",
            );
        }
        Ok(Repository { registry: self.clone(), name: format!("{org}/{name}") })
    }
}

impl Repository {
    /// Reads `acme/notes` or `localhost:5000/acme/notes`. `from` is the registry when the text names none.
    pub fn parse(text: &str, from: Option<&Registry>) -> Result<Self, Failure> {
        let wrong = |why: &str| {
            let message = format!("`{}` names no pack: {why}", short(text));
            Failure::new(FailureCode::BadRequest, message, "Write `acme/notes`, or `ghcr.io/acme/notes` for one on a server.")
        };
        let (server, path) = match text.split_once('/') {
            Some((host, path)) if host_of(&host.to_ascii_lowercase()).is_some() => {
                (Some(Registry::Server { host: host.to_ascii_lowercase(), org: None }), path)
            }
            _ => (None, text),
        };
        if server.is_some() && from.is_some_and(|from| Some(from) != server.as_ref()) {
            return Err(wrong("it names a registry, and `--from` names another"));
        }
        let registry = server.or_else(|| from.cloned()).unwrap_or(Registry::Local);
        if !path.split('/').all(is_repository_part) {
            return Err(wrong("names have small letters, digits and hyphens, with `/` between"));
        }
        let org = match &registry {
            _ if path.contains('/') => None,
            Registry::Local => Some(NO_PUBLISHER),
            Registry::Server { org, .. } => org.as_deref(),
        };
        let name = org.map_or_else(|| path.to_owned(), |org| format!("{org}/{path}"));
        Ok(Self { registry, name })
    }

    /// As it is written in a reference: `acme/notes`, `ghcr.io/acme/notes`.
    pub fn shown(&self) -> String {
        match &self.registry {
            Registry::Local => self.name.clone(),
            Registry::Server { host, .. } => format!("{host}/{}", self.name),
        }
    }

    /// The pack's own name.
    pub fn pack(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }

    /// Opens it. Nothing is asked of a server yet.
    pub fn open(&self, home: &Home) -> Result<Box<dyn Store>, RegistryError> {
        Ok(match &self.registry {
            Registry::Local => Box::new(Layout::open(&home.data.join("registry"), &self.name)?),
            Registry::Server { host, .. } => {
                // Without TLS it speaks to this computer only.
                let connection = Connection { registry: host, plain_http: false, login: &docker_login };
                Box::new(Remote::open(&connection, &self.name)?)
            }
        })
    }
}

impl Release {
    /// Reads `acme/notes:1.2.0`, `acme/notes@sha256:…`, `localhost:5000/acme/notes`; without a version it is the latest.
    pub fn parse(text: &str, from: Option<&Registry>) -> Result<Self, Failure> {
        let text = text.trim();
        let wrong = |why: &str| {
            let message = format!("`{}` names no release: {why}", short(text));
            Failure::new(FailureCode::BadRequest, message, "Write `acme/notes:1.2.0`, or `acme/notes@sha256:` and the digest.")
        };
        let tagged = |path: &str| path.rfind(':').filter(|at| !path[*at..].contains('/'));
        let (path, written) = match text.split_once('@') {
            Some((path, _)) if tagged(path).is_some() => return Err(wrong("it has a version and a digest; write one of them")),
            Some((path, digest)) => (path, Some(digest)),
            None => match tagged(text) {
                Some(at) => (&text[..at], Some(&text[at + 1..])),
                None => (text, None),
            },
        };
        let repository = Repository::parse(path, from)?;
        let reference = match written {
            None => Some(Reference::Tag(LATEST.to_owned())),
            Some(written) => {
                let by_digest = text.contains('@');
                Reference::parse(written).filter(|read| matches!(read, Reference::Digest(_)) == by_digest)
            }
        };
        Ok(Self { repository, reference: reference.ok_or_else(|| wrong("what follows the name is neither version nor digest"))? })
    }

    /// As [`Release::parse`] reads it.
    pub fn shown(&self) -> String {
        let sign = if matches!(self.reference, Reference::Digest(_)) { '@' } else { ':' };
        format!("{}{sign}{}", self.repository.shown(), self.reference)
    }
}

/// Whether a host, with or without a port, is this computer; `None` when it is no host. A bare word is none: `acme` is somebody.
fn host_of(text: &str) -> Option<bool> {
    let (name, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((inner, after)) => {
            let address: Ipv6Addr = inner.parse().ok()?;
            return (after.is_empty() || is_port(after.strip_prefix(':')?)).then(|| address.is_loopback());
        }
        None => text.split_once(':').map_or((text, None), |(name, port)| (name, Some(port))),
    };
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let local = name == "localhost";
    if !name.split('.').all(label) || port.is_some_and(|port| !is_port(port)) || !(local || port.is_some() || name.contains('.'))
    {
        return None;
    }
    Some(local || name.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback()))
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok_and(|port| port > 0) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What someone wrote, as far as a message repeats it.
fn short(text: &str) -> String {
    packwright_core::text::shown(text)
}

#[cfg(test)]
mod tests {
    use super::{Registry, Release, Repository};
    use packwright_core::model::Manifest;

    #[test]
    fn registries_are_read_as_people_write_them() {
        let id = |text: &str| Registry::parse(text).map(|registry| registry.id()).ok();
        for (written, meant) in [
            ("local", "local"),
            ("ghcr.io/acme", "ghcr.io/acme"),
            (" https://GHCR.io/acme/ ", "ghcr.io/acme"),
            ("localhost:5000", "localhost:5000"),
            ("http://127.0.0.1:5000/acme", "127.0.0.1:5000/acme"),
            ("[::1]:5000", "[::1]:5000"),
            ("registry.example.org/group/team", "registry.example.org/group/team"),
            ("my-registry:5000", "my-registry:5000"),
        ] {
            assert_eq!(id(written).as_deref(), Some(meant), "{written}");
        }
        for wrong in [
            "",
            "acme",
            "/",
            "acme/notes",
            "http://ghcr.io",
            "ghcr.io/Acme",
            "ghcr.io/../x",
            "user@ghcr.io",
            "ghcr.io:0",
            "ghcr.io:x",
            "ghcr.io?x",
            "a b.c",
            "-a.b",
            "ghcr.io//x",
            "[::g]",
            "[::1]x",
            "localhost:+5000",
        ] {
            assert_eq!(id(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn releases_are_read_as_people_write_them() {
        let digest = format!("sha256:{}", "a".repeat(64));
        let read = |text: &str, from: Option<&str>| {
            let from = from.map(|from| Registry::parse(from).unwrap());
            Release::parse(text, from.as_ref())
                .map(|release| format!("{} {}", release.repository.registry.id(), release.shown()))
                .ok()
        };
        let pinned = format!("acme/notes@{digest}");
        for (text, from, meant) in [
            ("acme/notes:1.2.0", None, "local acme/notes:1.2.0".to_owned()),
            ("acme/notes", None, "local acme/notes:latest".to_owned()),
            ("notes:1.0.0", None, "local local/notes:1.0.0".to_owned()),
            (&pinned, None, format!("local {pinned}")),
            ("localhost:5000/acme/notes:1.2.0", None, "localhost:5000 localhost:5000/acme/notes:1.2.0".to_owned()),
            ("localhost:5000/acme/notes", None, "localhost:5000 localhost:5000/acme/notes:latest".to_owned()),
            ("notes:1.0.0", Some("ghcr.io/acme"), "ghcr.io/acme ghcr.io/acme/notes:1.0.0".to_owned()),
            ("acme/notes:1.0.0", Some("localhost:5000"), "localhost:5000 localhost:5000/acme/notes:1.0.0".to_owned()),
        ] {
            assert_eq!(read(text, from).as_deref(), Some(meant.as_str()), "{text}");
        }
        let both = format!("acme/notes:1.0.0@{digest}");
        let wrong =
            ["", ":", "@", "acme/notes:", "acme/notes@1.0.0", &both, "Acme/notes:1", "acme/../x:1", "a/b@sha256:1", "/a:1"];
        for text in wrong {
            assert_eq!(read(text, None), None, "{text}");
        }
        assert_eq!(read("ghcr.io/acme/notes:1", Some("localhost:5000")), None, "two registries");
        let colon = format!("acme/notes:{digest}");
        assert_eq!(read(&colon, None), None, "a digest stands after @");
    }

    #[test]
    fn a_pack_has_one_repository_in_a_registry() {
        let repository = |registry: &str, manifest: &str| {
            let manifest = Manifest::read(manifest).unwrap();
            Registry::parse(registry).unwrap().repository_of(&manifest).map(|one| one.shown()).map_err(|why| why.message)
        };
        assert_eq!(repository("local", "name: notes\npublisher: acme\n").unwrap(), "acme/notes");
        assert_eq!(repository("local", "name: notes\n").unwrap(), "local/notes");
        assert_eq!(repository("localhost:5000", "name: notes\npublisher: acme\n").unwrap(), "localhost:5000/acme/notes");
        assert_eq!(repository("ghcr.io/ann", "name: notes\npublisher: acme\n").unwrap(), "ghcr.io/ann/notes");
        assert!(repository("localhost:5000", "name: notes\n").unwrap_err().contains("whose pack"));
        assert!(repository("local", "name: notes\npublisher: Acme Inc\n").unwrap_err().contains("Acme Inc"));
        assert!(repository("local", "publisher: acme\n").unwrap_err().contains("no name"));
        assert_eq!(Repository::parse("acme/notes", None).unwrap().pack(), "notes");
    }
}
