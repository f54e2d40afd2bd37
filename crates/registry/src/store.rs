//! What a repository can do, whichever kind it is, and how it fails.

use packwright_core::artifact::{Digest, is_repository_part, is_tag};
use std::fmt;
use std::io;

/// Most bytes of a manifest: registries accept no larger ones.
pub const MAX_MANIFEST: u64 = 4 * 1024 * 1024;

/// Most bytes of a layer: 100 MB that do not shrink, and what gzip adds to them.
pub const MAX_LAYER: u64 = 110 * 1000 * 1000;

/// One repository: the releases of one pack.
///
/// Whatever is read is checked against its digest before it is returned.
pub trait Store: Send + Sync {
    /// Where it is, for people: `registry.example.org/acme/notes`.
    fn address(&self) -> &str;

    /// The repository's name: `acme/notes`.
    fn repository(&self) -> &str;

    /// True when the blob is there and whole.
    fn has_blob(&self, digest: &Digest) -> Result<bool, RegistryError>;

    /// Stores a blob, which must have this digest.
    fn put_blob(&self, digest: &Digest, bytes: &[u8]) -> Result<(), RegistryError>;

    /// A blob of at most `limit` bytes.
    fn blob(&self, digest: &Digest, limit: u64) -> Result<Vec<u8>, RegistryError>;

    /// Stores a manifest under its digest, without a tag. One with a `subject` is among that one's referrers from then on.
    fn put_manifest(&self, bytes: &[u8], media_type: &str) -> Result<Digest, RegistryError>;

    /// Lets a tag name a manifest that is there.
    fn set_tag(&self, tag: &str, manifest: &Digest, mode: TagMode) -> Result<(), RegistryError>;

    /// A manifest.
    fn manifest(&self, reference: &Reference) -> Result<StoredManifest, RegistryError>;

    /// All tags, sorted. Empty for a repository that is not there yet.
    fn tags(&self) -> Result<Vec<String>, RegistryError>;

    /// Digests of the manifests that say they belong to this one and are of this type, in the repository's order.
    fn referrers(&self, subject: &Digest, artifact_type: &str) -> Result<Vec<Digest>, RegistryError>;
}

/// What happens to a tag that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagMode {
    /// It must name the same manifest.
    Keep,
    /// It names the new one.
    Move,
}

/// How a manifest is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    Tag(String),
    Digest(Digest),
}

impl Reference {
    /// Reads `1.2.0` or `sha256:…`.
    pub fn parse(text: &str) -> Option<Self> {
        let tag = || is_tag(text).then(|| Self::Tag(text.to_owned()));
        Digest::parse(text).map(Self::Digest).or_else(tag)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tag(tag) => f.write_str(tag),
            Self::Digest(digest) => write!(f, "{digest}"),
        }
    }
}

/// A manifest as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredManifest {
    pub bytes: Vec<u8>,
    pub digest: Digest,
}

/// Why a repository did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    #[error("`{address}` cannot be reached: {why}")]
    Unreachable { address: String, why: String },
    #[error("`{address}` refuses access")]
    Unauthorized { address: String },
    #[error("the saved login for `{address}` cannot be used: {why}")]
    Login { address: String, why: String },
    #[error("`{what}` is not in `{address}`")]
    NotFound { address: String, what: String },
    #[error("the tag `{tag}` is there already, with {existing}")]
    TagExists { tag: String, existing: Digest },
    #[error("{what} in `{address}` was changed or damaged: it has {found}, not {expected}")]
    Corrupt { address: String, what: String, expected: Digest, found: String },
    #[error("{what} in `{address}` has more than {limit} bytes")]
    TooLarge { address: String, what: String, limit: u64 },
    #[error("`{name}` is not a repository's name")]
    BadRepository { name: String },
    #[error("`{address}` is not a registry's address")]
    BadAddress { address: String },
    #[error("`{address}` answered what no registry should: {why}")]
    Protocol { address: String, why: String },
    /// The error of a file names the file.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl RegistryError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Unreachable { .. } => Some("Check the address, its port and the network, and that the registry is running."),
            Self::Unauthorized { .. } => Some("Log in with `docker login`, and check that you may push to this repository."),
            Self::Login { .. } => Some("Log in again with `docker login`, with a user name and a password or token."),
            Self::NotFound { .. } => Some("Check the name and the version."),
            Self::TagExists { .. } => Some("Raise the version: what is published does not change."),
            Self::Corrupt { .. } => Some("Do not use it. Publish it again, or pull it from elsewhere."),
            Self::BadRepository { .. } => {
                Some("Use small letters, digits and hyphens, with `/` between, as in `acme/open-library`.")
            }
            Self::BadAddress { .. } => Some("Write host and port, as in `localhost:5000`, without `https://`."),
            Self::TooLarge { .. } | Self::Protocol { .. } | Self::Io(_) => None,
        }
    }

    pub(crate) fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound { .. })
    }
}

/// What is not there, as `None`.
pub(crate) fn found<T>(result: Result<T, RegistryError>) -> Result<Option<T>, RegistryError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Most bytes of a repository's name: some registries take no more with their own address before it.
const MAX_REPOSITORY: usize = 200;

/// A repository's name, when it is one.
pub(crate) fn checked_repository(name: &str) -> Result<&str, RegistryError> {
    if name.len() <= MAX_REPOSITORY && name.split('/').all(is_repository_part) {
        Ok(name)
    } else {
        Err(RegistryError::BadRepository { name: name.chars().take(MAX_REPOSITORY).collect() })
    }
}

/// Bytes that were read, when they have the digest they were asked by.
pub(crate) fn checked_bytes(address: &str, what: &str, expected: &Digest, bytes: Vec<u8>) -> Result<Vec<u8>, RegistryError> {
    let found = Digest::of(&bytes);
    if found == *expected {
        return Ok(bytes);
    }
    let (address, what, found) = (address.to_owned(), what.to_owned(), found.to_string());
    Err(RegistryError::Corrupt { address, what, expected: expected.clone(), found })
}

#[cfg(test)]
mod tests {
    use super::{Reference, checked_repository};

    #[test]
    fn a_repository_cannot_lead_out_of_its_registry() {
        for good in ["notes", "acme/notes", "a/b/c-d"] {
            assert!(checked_repository(good).is_ok(), "{good}");
        }
        for bad in ["", "/", "..", "../x", "a/../b", "a//b", "/a", "a/", "A/b", "a\\b", "a/.b", "a b", "ä", &"a/".repeat(150)] {
            assert!(checked_repository(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn references_are_tags_or_digests() {
        assert_eq!(Reference::parse("1.0.0"), Some(Reference::Tag("1.0.0".to_owned())));
        let digest = format!("sha256:{}", "0".repeat(64));
        assert!(matches!(Reference::parse(&digest), Some(Reference::Digest(_))));
        for bad in ["", "sha256:1", "../x", "a b", ".x"] {
            assert_eq!(Reference::parse(bad), None);
        }
    }
}
