//! A repository on a server: any OCI registry.
//!
//! The wire is oci-client's, run to its end on a private runtime, so nothing here may be called from inside another one. Registries
//! without a referrers list get the tag that the distribution specification has for them, which oci-client reads and we write.

use crate::store::{
    MAX_MANIFEST, Reference, RegistryError, Store, StoredManifest, TagMode, checked_bytes, checked_repository, found,
};
use docker_credential::{CredentialRetrievalError, DockerCredential};
use oci_client::client::{Client, ClientConfig, ClientProtocol};
use oci_client::errors::{OciDistributionError, OciErrorCode};
use oci_client::manifest::OciDescriptor;
use oci_client::secrets::RegistryAuth;
use packwright_core::artifact::{Digest, MANIFEST_TYPE, is_tag};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::AsyncWrite;
use tokio::runtime::Runtime;
use url::{Host, Url};

const INDEX_TYPE: &str = "application/vnd.oci.image.index.v1+json";

/// How long a server may take to answer the door.
const CONNECT: Duration = Duration::from_secs(10);
/// How long it may say nothing while it sends.
const SILENCE: Duration = Duration::from_mins(1);
/// How long everything but a blob may take.
const WHOLE: Duration = Duration::from_mins(2);

/// Tags asked for at once, and most that are listed.
const PAGE: usize = 1000;
const MOST_TAGS: usize = 10_000;

/// How often an entry is put into the referrers' tag again when another writer overwrote it.
const ATTEMPTS: usize = 8;

/// Who to be at a registry.
#[derive(Clone, PartialEq, Eq)]
pub enum Login {
    Anonymous,
    Password { user: String, password: String },
}

/// How to reach a registry.
pub struct Connection<'a> {
    /// Host, and port where it is not the usual one.
    pub registry: &'a str,
    /// Speak HTTP also to a host that is not this computer.
    pub plain_http: bool,
    /// Finds the login for a registry; [`docker_login`] is the usual one. An error is why a saved login cannot be used.
    pub login: &'a dyn Fn(&str) -> Result<Login, String>,
}

/// The login that Docker or Podman saved on this computer.
pub fn docker_login(registry: &str) -> Result<Login, String> {
    let server = if registry == "docker.io" { "https://index.docker.io/v1/" } else { registry };
    let none = |error: &CredentialRetrievalError| {
        use CredentialRetrievalError::{ConfigNotFound, ConfigReadError, NoCredentialConfigured};
        // A file that is not there is one that cannot be read, too: who never used Docker has none.
        matches!(error, NoCredentialConfigured | ConfigNotFound | ConfigReadError)
    };
    let saved = match docker_credential::get_credential(server) {
        Err(error) if none(&error) => docker_credential::get_podman_credential(server),
        other => other,
    };
    match saved {
        Ok(DockerCredential::UsernamePassword(user, password)) => Ok(Login::Password { user, password }),
        Ok(DockerCredential::IdentityToken(_)) => Err("it is an identity token".to_owned()),
        Err(error) if none(&error) => Ok(Login::Anonymous),
        Err(error) => Err(error.to_string()),
    }
}

/// A repository on a server.
pub struct Remote {
    client: Client,
    runtime: Runtime,
    registry: String,
    repository: String,
    address: String,
    auth: RegistryAuth,
}

impl Remote {
    /// The repository of this name. Nothing is asked of the server yet.
    pub fn open(connection: &Connection<'_>, repository: &str) -> Result<Self, RegistryError> {
        checked_repository(repository)?;
        let registry = connection.registry;
        let address = format!("{registry}/{repository}");
        let loopback = is_loopback(registry).ok_or_else(|| RegistryError::BadAddress { address: registry.to_owned() })?;
        let auth = match (connection.login)(registry) {
            Ok(Login::Anonymous) => RegistryAuth::Anonymous,
            Ok(Login::Password { user, password }) => RegistryAuth::Basic(user, password),
            Err(why) => return Err(RegistryError::Login { address: registry.to_owned(), why }),
        };
        let mut config = ClientConfig {
            protocol: if loopback || connection.plain_http { ClientProtocol::Http } else { ClientProtocol::Https },
            platform_resolver: None,
            connect_timeout: Some(CONNECT),
            read_timeout: Some(SILENCE),
            user_agent: concat!("packwright/", env!("CARGO_PKG_VERSION")),
            ..ClientConfig::default()
        };
        if loopback {
            // A proxy that is set for the world is not asked for this computer: naming one, for nobody, keeps the client from looking.
            config.http_proxy = Some("http://127.0.0.1:9".to_owned());
            config.no_proxy = Some("localhost,127.0.0.0/8,::1".to_owned());
        }
        let strange = |why: String| RegistryError::Protocol { address: address.clone(), why };
        let client = Client::try_from(config).map_err(|error| strange(error.to_string()))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(client.store_auth_if_needed(registry, &auth));
        Ok(Self { client, runtime, registry: registry.to_owned(), repository: repository.to_owned(), address, auth })
    }

    fn tagged(&self, tag: &str) -> oci_client::Reference {
        oci_client::Reference::with_tag(self.registry.clone(), self.repository.clone(), tag.to_owned())
    }

    fn by_digest(&self, digest: &Digest) -> oci_client::Reference {
        oci_client::Reference::with_digest(self.registry.clone(), self.repository.clone(), digest.to_string())
    }

    /// Runs a call to its end, in bounded time.
    fn wait<T>(&self, what: &str, call: impl Future<Output = Result<T, OciDistributionError>>) -> Result<T, RegistryError> {
        let outcome = self.runtime.block_on(async { tokio::time::timeout(WHOLE, call).await });
        match outcome {
            Ok(result) => result.map_err(|error| self.explain(what, error)),
            Err(_) => Err(self.unreachable("it does not answer in time")),
        }
    }

    fn unreachable(&self, why: &str) -> RegistryError {
        RegistryError::Unreachable { address: self.registry.clone(), why: why.to_owned() }
    }

    fn strange(&self, why: impl Into<String>) -> RegistryError {
        RegistryError::Protocol { address: self.address.clone(), why: why.into() }
    }

    fn explain(&self, what: &str, error: OciDistributionError) -> RegistryError {
        let address = || self.address.clone();
        let by_status = |code: u16| match code {
            401 | 403 => Some(RegistryError::Unauthorized { address: address() }),
            404 => Some(RegistryError::NotFound { address: address(), what: what.to_owned() }),
            _ => None,
        };
        let status = match &error {
            OciDistributionError::UnauthorizedError { .. } | OciDistributionError::AuthenticationFailure(_) => 401,
            OciDistributionError::ImageManifestNotFoundError(_) => 404,
            OciDistributionError::ServerError { code, .. } => *code,
            OciDistributionError::RequestError(error) => error.status().map_or(0, |status| status.as_u16()),
            OciDistributionError::RegistryError { envelope, .. } => {
                envelope.errors.first().map_or(0, |error| status_of(&error.code))
            }
            _ => 0,
        };
        if let Some(known) = by_status(status) {
            return known;
        }
        match &error {
            OciDistributionError::RequestError(request)
                if request.is_connect() || request.is_timeout() || request.is_request() =>
            {
                self.unreachable(&causes(request))
            }
            OciDistributionError::DigestError(digest) => self.strange(format!("{what} was changed or damaged: {digest}")),
            OciDistributionError::ServerError { code, message, .. } => {
                self.strange(format!("{code} {}", message.chars().take(300).collect::<String>()))
            }
            other => self.strange(causes(other)),
        }
    }

    /// A manifest of any kind, however it is named.
    fn read(&self, image: &oci_client::Reference, what: &str) -> Result<Vec<u8>, RegistryError> {
        let call = self.client.pull_manifest_raw(image, &self.auth, &[MANIFEST_TYPE, INDEX_TYPE]);
        let (bytes, _) = self.wait(what, call)?;
        if bytes.len() as u64 > MAX_MANIFEST {
            return Err(RegistryError::TooLarge { address: self.address.clone(), what: what.to_owned(), limit: MAX_MANIFEST });
        }
        Ok(bytes.to_vec())
    }

    fn write(&self, name: &str, bytes: &[u8], media_type: &str) -> Result<(), RegistryError> {
        let media_type = media_type.parse().map_err(|_| self.strange(format!("`{media_type}` is no media type")))?;
        // A digest goes as a tag too: oci-client expects that of servers that do not say where they put it.
        self.wait(name, self.client.push_manifest_raw(&self.tagged(name), bytes.to_vec(), media_type)).map(|_| ())
    }

    /// Puts a manifest into the tag that stands for a list of referrers, where the server has no such list.
    fn announce(&self, manifest: &Digest, bytes: &[u8], subject: &Digest, artifact_type: &str) -> Result<(), RegistryError> {
        let tag = format!("sha256-{}", subject.hex());
        for _ in 0..ATTEMPTS {
            if self.referrers(subject, artifact_type)?.contains(manifest) {
                return Ok(());
            }
            let mut index = match found(self.read(&self.tagged(&tag), &tag))? {
                None => json!({"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": []}),
                Some(bytes) => serde_json::from_slice(&bytes).map_err(|error| self.strange(format!("`{tag}`: {error}")))?,
            };
            let entries = index["manifests"].as_array_mut().filter(|_| true);
            let entries = entries.ok_or_else(|| self.strange(format!("`{tag}` is not a list of referrers")))?;
            entries.retain(|entry| entry["digest"] != manifest.as_str());
            entries.push(json!({
                "mediaType": MANIFEST_TYPE, "digest": manifest, "size": bytes.len(), "artifactType": artifact_type,
            }));
            self.write(&tag, index.to_string().as_bytes(), INDEX_TYPE)?;
        }
        Err(self.strange(format!("the list of referrers `{tag}` does not keep what is written to it")))
    }
}

impl Store for Remote {
    fn address(&self) -> &str {
        &self.address
    }

    fn repository(&self) -> &str {
        &self.repository
    }

    fn has_blob(&self, digest: &Digest) -> Result<bool, RegistryError> {
        self.wait(digest.as_str(), self.client.blob_exists(&self.by_digest(digest), digest.as_str()))
    }

    fn put_blob(&self, digest: &Digest, bytes: &[u8]) -> Result<(), RegistryError> {
        // As long as it takes: the server must only keep reading.
        let image = self.by_digest(digest);
        let call = self.client.push_blob(&image, bytes.to_vec(), digest.as_str());
        self.runtime.block_on(call).map(|_| ()).map_err(|error| self.explain(digest.as_str(), error))
    }

    fn blob(&self, digest: &Digest, limit: u64) -> Result<Vec<u8>, RegistryError> {
        let mut out = Bounded { bytes: Vec::new(), limit, full: false };
        let wanted = OciDescriptor { digest: digest.to_string(), ..OciDescriptor::default() };
        let outcome = self.runtime.block_on(self.client.pull_blob(&self.by_digest(digest), &wanted, &mut out));
        if out.full {
            return Err(RegistryError::TooLarge { address: self.address.clone(), what: digest.to_string(), limit });
        }
        match outcome {
            // What came is told by the digest that it has.
            Ok(()) | Err(OciDistributionError::DigestError(_)) => {
                checked_bytes(&self.address, digest.as_str(), digest, out.bytes)
            }
            Err(error) => Err(self.explain(digest.as_str(), error)),
        }
    }

    fn put_manifest(&self, bytes: &[u8], media_type: &str) -> Result<Digest, RegistryError> {
        let digest = Digest::of(bytes);
        let manifest: Value = serde_json::from_slice(bytes).map_err(|error| self.strange(error.to_string()))?;
        self.write(digest.as_str(), bytes, media_type)?;
        if let Some(subject) = manifest["subject"]["digest"].as_str().and_then(Digest::parse) {
            let artifact_type = manifest["artifactType"].as_str().unwrap_or_default();
            self.announce(&digest, bytes, &subject, artifact_type)?;
        }
        Ok(digest)
    }

    fn set_tag(&self, tag: &str, manifest: &Digest, mode: TagMode) -> Result<(), RegistryError> {
        if !is_tag(tag) {
            return Err(self.strange(format!("`{tag}` is not a tag")));
        }
        match found(self.manifest(&Reference::Tag(tag.to_owned())))? {
            Some(existing) if existing.digest == *manifest => return Ok(()),
            Some(StoredManifest { digest: existing, .. }) if mode == TagMode::Keep => {
                return Err(RegistryError::TagExists { tag: tag.to_owned(), existing });
            }
            _ => {}
        }
        let stored = self.manifest(&Reference::Digest(manifest.clone()))?;
        let says: Map<String, Value> = serde_json::from_slice(&stored.bytes).map_err(|error| self.strange(error.to_string()))?;
        let media_type = says.get("mediaType").and_then(Value::as_str).unwrap_or(MANIFEST_TYPE);
        self.write(tag, &stored.bytes, media_type)?;
        // Servers know no "only if it is not there": who lost a race is told here.
        let now = self.manifest(&Reference::Tag(tag.to_owned()))?.digest;
        if now == *manifest || mode == TagMode::Move {
            return Ok(());
        }
        Err(RegistryError::TagExists { tag: tag.to_owned(), existing: now })
    }

    fn manifest(&self, reference: &Reference) -> Result<StoredManifest, RegistryError> {
        match reference {
            Reference::Tag(tag) => {
                let bytes = self.read(&self.tagged(tag), tag)?;
                Ok(StoredManifest { digest: Digest::of(&bytes), bytes })
            }
            Reference::Digest(digest) => {
                let bytes = self.read(&self.by_digest(digest), digest.as_str())?;
                let bytes = checked_bytes(&self.address, "the manifest", digest, bytes)?;
                Ok(StoredManifest { digest: digest.clone(), bytes })
            }
        }
    }

    fn tags(&self) -> Result<Vec<String>, RegistryError> {
        let image = self.tagged("latest");
        let mut tags = BTreeSet::new();
        let mut last: Option<String> = None;
        // Servers give what they like at once, so the end is where nothing new comes.
        while tags.len() < MOST_TAGS {
            let call = self.client.list_tags(&image, &self.auth, Some(PAGE), last.as_deref());
            let Some(page) = found(self.wait("the list of tags", call))? else { break };
            let before = tags.len();
            last = page.tags.last().cloned();
            tags.extend(page.tags.into_iter().filter(|tag| is_tag(tag)));
            if tags.len() == before {
                break;
            }
        }
        Ok(tags.into_iter().collect())
    }

    fn referrers(&self, subject: &Digest, artifact_type: &str) -> Result<Vec<Digest>, RegistryError> {
        let image = self.by_digest(subject);
        let index = found(self.wait("the list of referrers", self.client.pull_referrers(&image, Some(artifact_type))))?;
        let entries = index.map(|index| index.manifests).unwrap_or_default();
        // Not every server filters.
        let fits = |said: Option<&str>| said.is_none_or(|said| said == artifact_type);
        let fitting = entries.iter().filter(|entry| fits(entry.artifact_type.as_deref()));
        Ok(fitting.filter_map(|entry| Digest::parse(&entry.digest)).collect())
    }
}

fn status_of(code: &OciErrorCode) -> u16 {
    match code {
        OciErrorCode::BlobUnknown
        | OciErrorCode::ManifestBlobUnknown
        | OciErrorCode::ManifestUnknown
        | OciErrorCode::NameUnknown
        | OciErrorCode::NotFound => 404,
        OciErrorCode::Unauthorized | OciErrorCode::Denied => 401,
        _ => 0,
    }
}

/// An error and what caused it, in one line.
fn causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        // Some say their cause themselves.
        let said = error.to_string();
        if !text.contains(&said) {
            let _ = write!(text, ": {said}");
        }
        cause = error.source();
    }
    text.chars().take(500).collect()
}

/// Whether a registry is this computer; `None` when it is no host and port.
fn is_loopback(registry: &str) -> Option<bool> {
    let url = Url::parse(&format!("https://{registry}/")).ok()?;
    let plain = url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if !plain || registry.contains(['/', '@', '\\', ' ']) {
        return None;
    }
    Some(match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    })
}

/// Takes bytes up to a limit.
struct Bounded {
    bytes: Vec<u8>,
    limit: u64,
    full: bool,
}

impl AsyncWrite for Bounded {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if (self.bytes.len() + bytes.len()) as u64 > self.limit {
            self.full = true;
            return Poll::Ready(Err(io::Error::other("too large")));
        }
        self.bytes.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Connection, Login, Remote, is_loopback};
    use crate::store::{RegistryError, Store};

    #[test]
    fn only_this_computer_is_spoken_to_without_tls() {
        for here in ["localhost", "localhost:5000", "127.0.0.1:5000", "127.8.8.8", "[::1]:5000", "LOCALHOST:1"] {
            assert_eq!(is_loopback(here), Some(true), "{here}");
        }
        for elsewhere in ["registry.example.org", "10.0.0.1:5000", "localhost.example.org", "[::2]:5000", "ghcr.io"] {
            assert_eq!(is_loopback(elsewhere), Some(false), "{elsewhere}");
        }
        for wrong in ["", "http://localhost", "a/b", "user@localhost", "localhost:99999", "a b", "localhost?x", "localhost#x"] {
            assert_eq!(is_loopback(wrong), None, "{wrong}");
        }
    }

    fn open(registry: &str, login: Result<Login, String>) -> Result<Remote, RegistryError> {
        Remote::open(&Connection { registry, plain_http: false, login: &move |_| login.clone() }, "acme/notes")
    }

    #[test]
    fn nobody_at_home_is_said_with_the_address() {
        // A port that was free a moment ago.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let registry = format!("127.0.0.1:{port}");
        let error = open(&registry, Ok(Login::Anonymous)).unwrap().tags().unwrap_err();
        assert!(matches!(&error, RegistryError::Unreachable { address, .. } if *address == registry), "{error:?}");
        assert!(error.to_string().contains("refused") && error.hint().unwrap().contains("running"), "{error}");
    }

    #[test]
    fn a_login_that_cannot_be_used_is_said_before_anything_is_asked() {
        let error = open("127.0.0.1:1", Err("the helper is gone".to_owned())).err().unwrap();
        assert!(matches!(error, RegistryError::Login { .. }));
        assert!(matches!(open("http://x", Ok(Login::Anonymous)).err(), Some(RegistryError::BadAddress { .. })));
    }
}
