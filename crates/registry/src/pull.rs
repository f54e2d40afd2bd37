//! Getting a release back: only what a trusted key signed, only whole, and only below the folder it is unpacked in.

use crate::attachment::{self, Descriptor};
use crate::key::{PublicKey, TrustedKeys};
use crate::sbom::{MAX_SBOM, SBOM_TYPE};
use crate::sign::{self, BUNDLE_TYPE, Claim, MAX_BUNDLE, SignatureError};
use crate::store::{MAX_LAYER, Reference, RegistryError, Store, StoredManifest};
use camino::{Utf8Path, Utf8PathBuf};
use packwright_core::artifact::read::{LayerEntry, LayerError, ReadLayerError, content_digest, read_layer};
use packwright_core::artifact::{CONFIG_TYPE, Digest, LAYER_TYPE, PACK_TYPE, annotation, is_release_tag};
use semver::Version;
use serde::Deserialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};

/// Most bytes of an image's config: ours has two hundred.
const MAX_CONFIG: u64 = 1024 * 1024;

/// Why a release was not pulled.
#[derive(Debug, thiserror::Error)]
pub enum PullError {
    #[error(transparent)]
    Registry(#[from] RegistryError),
    #[error("`{reference}` is not a pack: {why}")]
    NotAPack { reference: String, why: String },
    #[error("`{reference}` cannot be trusted: {source}")]
    Untrusted { reference: String, source: SignatureError },
    #[error(transparent)]
    Layer(#[from] LayerError),
    #[error("what is in the layer of `{reference}` is not what was signed: it has {found}")]
    OtherContent { reference: String, found: Digest },
    #[error("`{path}` is there already")]
    TargetExists { path: Utf8PathBuf },
    /// The error of a file names the file.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl PullError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Registry(error) => error.hint(),
            Self::Untrusted { source, .. } => Some(source.hint()),
            Self::NotAPack { .. } => Some("Check the name: this is an image of something else."),
            Self::Layer(_) | Self::OtherContent { .. } => Some("Do not use it, and tell its publisher."),
            Self::TargetExists { .. } => Some("Choose a folder that is not there yet."),
            Self::Io(_) => None,
        }
    }
}

/// A release that was pulled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pulled {
    pub name: String,
    pub version: String,
    pub digest: Digest,
    pub signed_by: PublicKey,
    pub files: usize,
}

/// What checking a release found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub digest: Digest,
    /// As the signature says, or the image's manifest where there is none that counts.
    pub name: Option<String>,
    pub version: Option<String>,
    pub signature: Result<PublicKey, SignatureError>,
    /// The content's digest, or what is wrong with it.
    pub content: Result<Digest, String>,
    /// The bill of materials' digest, or what is wrong with it.
    pub sbom: Result<Digest, String>,
}

impl Verdict {
    /// True when everything is as its signer left it.
    pub fn is_good(&self) -> bool {
        self.signature.is_ok() && self.content.is_ok() && self.sbom.is_ok()
    }
}

/// A release in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    pub tag: String,
    pub digest: Digest,
    /// What the image says of itself.
    pub version: Option<String>,
    pub description: Option<String>,
    /// Who signed it. That its files are whole is not looked at for a list.
    pub signature: Result<PublicKey, SignatureError>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Image {
    artifact_type: Option<String>,
    config: Descriptor,
    layers: Vec<Descriptor>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Config {
    rootfs: RootFs,
}

#[derive(Deserialize)]
struct RootFs {
    diff_ids: Vec<Digest>,
}

/// A release whose manifest was read.
struct Opened {
    digest: Digest,
    image: Image,
    claim: Result<(Claim, PublicKey), SignatureError>,
}

/// Pulls a release into a folder that is not there yet. What fails leaves no folder.
pub fn pull(store: &dyn Store, reference: &Reference, keys: &TrustedKeys, into: &Utf8Path) -> Result<Pulled, PullError> {
    if fs_err::symlink_metadata(into).is_ok() {
        return Err(PullError::TargetExists { path: into.to_owned() });
    }
    let opened = open(store, reference, keys)?;
    let untrusted = |source| PullError::Untrusted { reference: reference.to_string(), source };
    let (claim, signed_by) = opened.claim.map_err(untrusted)?;
    let layer = layer(store, &opened.image)?;
    let beside = Beside::new(into)?;
    let mut files = 0;
    let found = read_layer(&layer, |entry| {
        files += usize::from(matches!(entry, LayerEntry::File { .. }));
        write(&beside.folder, &entry)
    });
    let found = found.map_err(|error| match error {
        ReadLayerError::Layer(error) => PullError::Layer(error),
        ReadLayerError::Stopped(error) => PullError::Io(error),
    })?;
    if found != claim.content {
        return Err(PullError::OtherContent { reference: reference.to_string(), found });
    }
    beside.become_(into)?;
    Ok(Pulled { name: claim.name, version: claim.version, digest: opened.digest, signed_by, files })
}

/// Checks everything about a release and keeps nothing of it.
pub fn verify(store: &dyn Store, reference: &Reference, keys: &TrustedKeys) -> Result<Verdict, PullError> {
    let opened = open(store, reference, keys)?;
    let claim = opened.claim.as_ref().ok().map(|(claim, _)| claim);
    let said = |key: &str| opened.image.annotations.get(key).cloned();
    let content = told(check_content(store, &opened.image, claim))?;
    let sbom = told(check_sbom(store, &opened.digest, claim))?;
    Ok(Verdict {
        name: claim.map(|claim| claim.name.clone()).or_else(|| said(annotation::NAME)),
        version: claim.map(|claim| claim.version.clone()).or_else(|| said(annotation::VERSION)),
        content,
        sbom,
        digest: opened.digest,
        signature: opened.claim.map(|(_, key)| key),
    })
}

/// All releases, newest first; versions that have no order come last.
pub fn versions(store: &dyn Store, keys: &TrustedKeys) -> Result<Vec<Release>, PullError> {
    let mut releases = Vec::new();
    for tag in store.tags()?.into_iter().filter(|tag| is_release_tag(tag)) {
        let opened = match open(store, &Reference::Tag(tag.clone()), keys) {
            Ok(opened) => opened,
            // Other images may lie there too; and a tag may go while we look.
            Err(PullError::NotAPack { .. } | PullError::Registry(RegistryError::NotFound { .. })) => continue,
            Err(error) => return Err(error),
        };
        let said = |key: &str| opened.image.annotations.get(key).cloned();
        releases.push(Release {
            version: said(annotation::VERSION),
            description: said(annotation::DESCRIPTION),
            tag,
            digest: opened.digest,
            signature: opened.claim.map(|(_, key)| key),
        });
    }
    releases.sort_by_cached_key(|release| {
        let version = Version::parse(&release.tag).ok();
        (Reverse(version), release.tag.clone())
    });
    Ok(releases)
}

fn open(store: &dyn Store, reference: &Reference, keys: &TrustedKeys) -> Result<Opened, PullError> {
    let StoredManifest { bytes, digest } = store.manifest(reference)?;
    let no_pack = |why: String| PullError::NotAPack { reference: reference.to_string(), why };
    let image: Image = serde_json::from_slice(&bytes).map_err(|error| no_pack(error.to_string()))?;
    match image.artifact_type.as_deref() {
        Some(PACK_TYPE) => {}
        Some(other) => return Err(no_pack(format!("it is a `{}`", other.chars().take(100).collect::<String>()))),
        None => return Err(no_pack("it does not say that it is one".to_owned())),
    }
    if image.config.media_type != CONFIG_TYPE {
        return Err(no_pack("its config is not an image's".to_owned()));
    }
    if image.layers.len() != 1 || image.layers[0].media_type != LAYER_TYPE {
        return Err(no_pack("it has not just one layer, a gzipped tar".to_owned()));
    }
    let tag = match reference {
        Reference::Tag(tag) if is_release_tag(tag) => Some(tag.as_str()),
        _ => None,
    };
    let claim = signature(store, &digest, tag, keys)?;
    Ok(Opened { digest, image, claim })
}

/// The first signature that counts; without one, why the most promising does not.
fn signature(
    store: &dyn Store,
    manifest: &Digest,
    tag: Option<&str>,
    keys: &TrustedKeys,
) -> Result<Result<(Claim, PublicKey), SignatureError>, RegistryError> {
    let mut worst = SignatureError::Missing;
    for bundle in attachment::blobs(store, manifest, BUNDLE_TYPE, MAX_BUNDLE)? {
        let checked = sign::verify(&bundle, keys)
            .and_then(|(claim, key)| claim.fits(manifest, store.repository(), tag).map(|()| (claim, key.clone())));
        match checked {
            Ok(good) => return Ok(Ok(good)),
            // That a trusted key signed something else tells more than a stranger's signature, and that more than none.
            Err(error) if weight(&error) > weight(&worst) => worst = error,
            Err(_) => {}
        }
    }
    Ok(Err(worst))
}

fn weight(error: &SignatureError) -> u8 {
    match error {
        SignatureError::Missing => 0,
        SignatureError::NotABundle { .. } | SignatureError::NotByKey | SignatureError::TwoKeys => 1,
        SignatureError::UnknownKey { .. } => 2,
        SignatureError::Forged { .. } => 3,
        _ => 4,
    }
}

fn layer(store: &dyn Store, image: &Image) -> Result<Vec<u8>, RegistryError> {
    let layer = &image.layers[0];
    let limit = MAX_LAYER.min(layer.size);
    if layer.size > MAX_LAYER {
        return Err(RegistryError::TooLarge {
            address: store.address().to_owned(),
            what: "the layer".to_owned(),
            limit: MAX_LAYER,
        });
    }
    store.blob(&layer.digest, limit)
}

/// A finding, or trouble that is no finding.
enum Problem {
    Found(String),
    Trouble(PullError),
}

fn told<T>(result: Result<T, Problem>) -> Result<Result<T, String>, PullError> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(Problem::Found(what)) => Ok(Err(what)),
        Err(Problem::Trouble(error)) => Err(error),
    }
}

impl From<RegistryError> for Problem {
    fn from(error: RegistryError) -> Self {
        match error {
            RegistryError::Corrupt { .. } | RegistryError::TooLarge { .. } | RegistryError::NotFound { .. } => {
                Self::Found(error.to_string())
            }
            other => Self::Trouble(other.into()),
        }
    }
}

fn check_content(store: &dyn Store, image: &Image, claim: Option<&Claim>) -> Result<Digest, Problem> {
    let problem = |what: &str| Problem::Found(what.to_owned());
    let layer = layer(store, image)?;
    let content = content_digest(&layer).map_err(|error| Problem::Found(error.to_string()))?;
    let config: Config = serde_json::from_slice(&store.blob(&image.config.digest, MAX_CONFIG)?)
        .map_err(|error| Problem::Found(format!("the image's config cannot be read: {error}")))?;
    if config.rootfs.diff_ids != [content.clone()] {
        return Err(problem("the image's config names another content"));
    }
    match claim {
        Some(claim) if claim.content != content => Err(problem("the signature is for another content")),
        _ => Ok(content),
    }
}

fn check_sbom(store: &dyn Store, manifest: &Digest, claim: Option<&Claim>) -> Result<Digest, Problem> {
    let claim = claim.ok_or_else(|| Problem::Found("no signature says which is the right one".to_owned()))?;
    let bills = attachment::blobs(store, manifest, SBOM_TYPE, MAX_SBOM)?;
    if bills.iter().any(|bill| Digest::of(bill) == claim.sbom) {
        return Ok(claim.sbom.clone());
    }
    Err(Problem::Found(if bills.is_empty() { "it is missing" } else { "it is not the one that was signed" }.to_owned()))
}

/// A folder beside the one that is to be, removed when it does not become it.
struct Beside {
    folder: Utf8PathBuf,
    kept: bool,
}

impl Beside {
    fn new(into: &Utf8Path) -> io::Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let parent = into.parent().filter(|parent| !parent.as_str().is_empty()).unwrap_or(Utf8Path::new("."));
        fs_err::create_dir_all(parent)?;
        let name = into.file_name().unwrap_or("pack");
        let folder = parent.join(format!(".packwright-{name}-{}-{number}", std::process::id()));
        // It must be new: what a stranger put there first is not unpacked into.
        fs_err::create_dir(&folder)?;
        Ok(Self { folder, kept: false })
    }

    fn become_(mut self, into: &Utf8Path) -> Result<(), PullError> {
        // Renaming would take the place of an empty folder that came meanwhile.
        if fs_err::symlink_metadata(into).is_ok() {
            return Err(PullError::TargetExists { path: into.to_owned() });
        }
        fs_err::rename(&self.folder, into)?;
        self.kept = true;
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.kept {
            drop(fs_err::remove_dir_all(&self.folder));
        }
    }
}

/// Writes an entry, whose path was checked: it holds no link, no `..` and no name that a system reads otherwise.
fn write(root: &Utf8Path, entry: &LayerEntry<'_>) -> io::Result<()> {
    match entry {
        LayerEntry::Folder { path } => fs_err::create_dir_all(root.join(path)),
        LayerEntry::File { path, bytes, executable } => {
            let path = root.join(path);
            if let Some(folder) = path.parent() {
                fs_err::create_dir_all(folder)?;
            }
            let mut options = fs_err::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            {
                use fs_err::os::unix::fs::OpenOptionsExt;
                options.mode(if *executable { 0o755 } else { 0o644 });
            }
            #[cfg(not(unix))]
            let _ = executable;
            options.open(path)?.write_all(bytes)
        }
    }
}
