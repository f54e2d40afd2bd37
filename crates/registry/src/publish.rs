//! Publishing: everything by digest first, then read back, and only then the tags. Whatever breaks on the way, nobody sees half a
//! release, and doing it again finishes it.

use crate::attachment::{self, EMPTY};
use crate::key::{SigningKey, TrustedKeys};
use crate::pull::{PullError, verify};
use crate::sbom::{SBOM_TYPE, sbom};
use crate::sign::{BUNDLE_TYPE, Claim, sign};
use crate::store::{Reference, RegistryError, Store, StoredManifest, TagMode, found};
use packwright_core::artifact::{Artifact, Digest, MANIFEST_TYPE, annotation};
use semver::Version;
use serde_json::Value;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

/// The tag that names the newest release, for who does not ask for one.
pub const LATEST: &str = "latest";

/// A step of publishing, in the order they are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Layer,
    Config,
    Manifest,
    Sbom,
    Signature,
    ReadBack,
    VersionTag,
    LatestTag,
}

impl Step {
    pub const ALL: &[Self] = &[
        Self::Layer,
        Self::Config,
        Self::Manifest,
        Self::Sbom,
        Self::Signature,
        Self::ReadBack,
        Self::VersionTag,
        Self::LatestTag,
    ];
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Layer => "push the files",
            Self::Config => "push the image's config",
            Self::Manifest => "push the image's manifest",
            Self::Sbom => "push the bill of materials",
            Self::Signature => "push the signature",
            Self::ReadBack => "read everything back and check it",
            Self::VersionTag => "name the version",
            Self::LatestTag => "name it the latest",
        })
    }
}

/// What publishing would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub address: String,
    pub name: String,
    pub version: String,
    /// Of the manifest: known before anything is pushed.
    pub digest: Digest,
    pub outcome: Outcome,
    pub steps: Vec<PlannedStep>,
}

/// How a plan relates to what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    New,
    /// This very release is there.
    Unchanged,
    /// The version is there with other bytes: publishing will refuse.
    Taken {
        existing: Digest,
    },
}

/// A step of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedStep {
    pub step: Step,
    /// Bytes that it would send.
    pub bytes: u64,
    /// There is nothing left to do.
    pub done: bool,
}

/// Who wants to know how far publishing is.
pub trait Progress {
    fn event(&self, event: Event);
}

/// Nobody.
impl Progress for () {
    fn event(&self, _: Event) {}
}

/// What happens while publishing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    Started {
        step: Step,
        bytes: u64,
    },
    /// `sent` is false when all was there already.
    Finished {
        step: Step,
        sent: bool,
    },
}

/// What was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub address: String,
    pub repository: String,
    pub name: String,
    pub version: String,
    pub digest: Digest,
    pub content_digest: Digest,
    pub source_digest: Digest,
    pub sbom_digest: Digest,
    /// The id of the key that signed.
    pub key: String,
    pub layer_bytes: u64,
    /// The version was there already, with these bytes.
    pub unchanged: bool,
    /// `latest` names this release now.
    pub latest: bool,
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error("version {version} is published already, with other content ({existing}; yours has {ours})")]
    VersionExists { version: String, existing: Digest, ours: Digest },
    #[error("could not {step}: {source}")]
    Registry { step: Step, source: RegistryError },
    #[error("could not {step}: {source}")]
    Unreadable { step: Step, source: PullError },
    #[error("what came back is not what was pushed: {why}")]
    ReadBack { why: String },
    #[error("the repository `{repository}` is not for a pack called `{name}`")]
    OtherRepository { repository: String, name: String },
    #[error("publishing was stopped; nothing is visible yet")]
    Cancelled,
}

impl PublishError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::VersionExists { version, .. } => Some(raise(version)),
            Self::Registry { source, .. } => source.hint().map(str::to_owned),
            Self::Unreadable { source, .. } => source.hint().map(str::to_owned),
            Self::ReadBack { .. } => Some("The registry changes or loses what it is given; ask who runs it.".to_owned()),
            Self::OtherRepository { name, .. } => Some(format!("Push to a repository whose last part is `{name}`.")),
            Self::Cancelled => Some("Publish again: what is there already is not sent twice.".to_owned()),
        }
    }
}

/// What a newcomer does about a version that is taken.
fn raise(version: &str) -> String {
    let next = Version::parse(version).map(|mut next| {
        if next.pre.is_empty() {
            next.patch += 1;
        }
        next.pre = semver::Prerelease::EMPTY;
        next
    });
    match next {
        Ok(next) => {
            format!("A release never changes. Raise `version:` in `pack.yaml`, for example to {next}, and publish again.")
        }
        Err(_) => "A release never changes. Give `version:` in `pack.yaml` another value and publish again.".to_owned(),
    }
}

/// What publishing would do, and how much of it is done.
pub fn plan(artifact: &Artifact, store: &dyn Store) -> Result<Plan, RegistryError> {
    let bill = sbom(artifact);
    let tagged = |tag: &str| Ok::<_, RegistryError>(found(store.manifest(&tag_of(tag)))?.map(|stored| stored.digest));
    let existing = tagged(&artifact.version)?;
    let outcome = match &existing {
        None => Outcome::New,
        Some(digest) if *digest == artifact.digest => Outcome::Unchanged,
        Some(digest) => Outcome::Taken { existing: digest.clone() },
    };
    let attached = |kind: &str| Ok::<_, RegistryError>(!store.referrers(&artifact.digest, kind)?.is_empty());
    let manifest = found(store.manifest(&Reference::Digest(artifact.digest.clone())))?.is_some();
    let step = |step, bytes: usize, done| PlannedStep { step, bytes: bytes as u64, done };
    let steps = vec![
        step(Step::Layer, artifact.layer.len(), store.has_blob(&artifact.layer_digest)?),
        step(Step::Config, artifact.config.len(), store.has_blob(&artifact.config_digest)?),
        step(Step::Manifest, artifact.manifest.len(), manifest),
        step(Step::Sbom, bill.len(), store.has_blob(&Digest::of(&bill))? && attached(SBOM_TYPE)?),
        // How long it gets is known when it is signed; it is always about this long.
        step(Step::Signature, 1_500, attached(BUNDLE_TYPE)?),
        step(Step::ReadBack, 0, false),
        step(Step::VersionTag, 0, outcome == Outcome::Unchanged),
        step(Step::LatestTag, 0, tagged(LATEST)?.as_ref() == Some(&artifact.digest)),
    ];
    Ok(Plan {
        address: store.address().to_owned(),
        name: artifact.name.clone(),
        version: artifact.version.clone(),
        digest: artifact.digest.clone(),
        outcome,
        steps,
    })
}

/// Publishes an artifact. `cancel` is looked at between steps, until the first tag is set.
pub fn publish(
    artifact: &Artifact,
    store: &dyn Store,
    key: &SigningKey,
    report: &dyn Progress,
    cancel: &AtomicBool,
) -> Result<Receipt, PublishError> {
    // Checked by whoever pulls, so it must not get there.
    if store.repository().rsplit('/').next() != Some(artifact.name.as_str()) {
        let (repository, name) = (store.repository().to_owned(), artifact.name.clone());
        return Err(PublishError::OtherRepository { repository, name });
    }
    let run = Run { artifact, store, report, cancel };
    let unchanged = run.is_unchanged()?;
    let bill = sbom(artifact);
    let sbom_digest = Digest::of(&bill);
    let bundle = sign(&Claim::of(artifact, &sbom_digest), key);

    run.step(Step::Layer, artifact.layer.len(), || run.blob(&artifact.layer_digest, &artifact.layer))?;
    run.step(Step::Config, artifact.config.len(), || run.blob(&artifact.config_digest, &artifact.config))?;
    run.step(Step::Manifest, artifact.manifest.len(), || {
        if found(store.manifest(&Reference::Digest(artifact.digest.clone())))?.is_some() {
            return Ok(false);
        }
        store.put_manifest(&artifact.manifest, MANIFEST_TYPE).map(|_| true)
    })?;
    run.step(Step::Sbom, bill.len(), || run.attach(SBOM_TYPE, &bill))?;
    run.step(Step::Signature, bundle.len(), || run.attach(BUNDLE_TYPE, &bundle))?;
    run.read_back(key)?;
    // From here on the release is seen: the rest is done whatever happens.
    run.step(Step::VersionTag, 0, || store.set_tag(&artifact.version, &artifact.digest, TagMode::Keep).map(|()| !unchanged))?;
    let mut latest = false;
    run.unstoppable(Step::LatestTag, || {
        let current = found(store.manifest(&tag_of(LATEST)))?;
        latest = current.as_ref().is_none_or(|current| moves_latest(artifact, current));
        if !latest || current.is_some_and(|current| current.digest == artifact.digest) {
            return Ok(false);
        }
        store.set_tag(LATEST, &artifact.digest, TagMode::Move).map(|()| true)
    })?;
    Ok(Receipt {
        address: store.address().to_owned(),
        repository: store.repository().to_owned(),
        name: artifact.name.clone(),
        version: artifact.version.clone(),
        digest: artifact.digest.clone(),
        content_digest: artifact.content_digest.clone(),
        source_digest: artifact.source_digest.clone(),
        sbom_digest,
        key: key.public().id(),
        layer_bytes: artifact.layer.len() as u64,
        unchanged,
        latest,
    })
}

struct Run<'a> {
    artifact: &'a Artifact,
    store: &'a dyn Store,
    report: &'a dyn Progress,
    cancel: &'a AtomicBool,
}

impl Run<'_> {
    fn step(&self, step: Step, bytes: usize, work: impl FnOnce() -> Result<bool, RegistryError>) -> Result<bool, PublishError> {
        self.start(step, bytes)?;
        self.finish(step, work())
    }

    fn unstoppable(&self, step: Step, work: impl FnOnce() -> Result<bool, RegistryError>) -> Result<bool, PublishError> {
        self.report.event(Event::Started { step, bytes: 0 });
        self.finish(step, work())
    }

    fn start(&self, step: Step, bytes: usize) -> Result<(), PublishError> {
        if self.cancel.load(Ordering::Relaxed) {
            return Err(PublishError::Cancelled);
        }
        self.report.event(Event::Started { step, bytes: bytes as u64 });
        Ok(())
    }

    fn finish(&self, step: Step, result: Result<bool, RegistryError>) -> Result<bool, PublishError> {
        let sent = result.map_err(|source| self.explain(step, source))?;
        self.report.event(Event::Finished { step, sent });
        Ok(sent)
    }

    fn explain(&self, step: Step, source: RegistryError) -> PublishError {
        match source {
            // Someone published it since we looked.
            RegistryError::TagExists { existing, .. } if step == Step::VersionTag => self.version_exists(existing),
            source => PublishError::Registry { step, source },
        }
    }

    fn version_exists(&self, existing: Digest) -> PublishError {
        PublishError::VersionExists { version: self.artifact.version.clone(), existing, ours: self.artifact.digest.clone() }
    }

    /// True when this very release is there.
    fn is_unchanged(&self) -> Result<bool, PublishError> {
        let existing = found(self.store.manifest(&tag_of(&self.artifact.version)));
        match existing.map_err(|source| PublishError::Registry { step: Step::VersionTag, source })? {
            None => Ok(false),
            Some(existing) if existing.digest == self.artifact.digest => Ok(true),
            Some(existing) => Err(self.version_exists(existing.digest)),
        }
    }

    /// True when it had to be sent.
    fn blob(&self, digest: &Digest, bytes: &[u8]) -> Result<bool, RegistryError> {
        if self.store.has_blob(digest)? {
            return Ok(false);
        }
        self.store.put_blob(digest, bytes).map(|()| true)
    }

    fn attach(&self, kind: &str, bytes: &[u8]) -> Result<bool, RegistryError> {
        let digest = Digest::of(bytes);
        let subject = (&self.artifact.digest, self.artifact.manifest.len());
        let manifest = attachment::manifest(kind, (&digest, bytes.len()), subject);
        let blob = self.blob(&digest, bytes)?;
        let there = self.store.referrers(&self.artifact.digest, kind)?.contains(&Digest::of(&manifest));
        if there {
            return Ok(blob);
        }
        self.blob(&Digest::of(EMPTY), EMPTY)?;
        self.store.put_manifest(&manifest, MANIFEST_TYPE).map(|_| true)
    }

    fn read_back(&self, key: &SigningKey) -> Result<(), PublishError> {
        self.start(Step::ReadBack, 0)?;
        let trusted = TrustedKeys::new([key.public()]);
        let verdict = verify(self.store, &Reference::Digest(self.artifact.digest.clone()), &trusted);
        let verdict = verdict.map_err(|source| PublishError::Unreadable { step: Step::ReadBack, source })?;
        let why = [verdict.signature.err().map(|error| error.to_string()), verdict.content.err(), verdict.sbom.err()];
        if let Some(why) = why.into_iter().flatten().next() {
            return Err(PublishError::ReadBack { why });
        }
        self.report.event(Event::Finished { step: Step::ReadBack, sent: false });
        Ok(())
    }
}

/// True when `latest` is to name this release: not when it names a newer one, nor for a prerelease when it names a release.
fn moves_latest(artifact: &Artifact, current: &StoredManifest) -> bool {
    let current: Option<Value> = serde_json::from_slice(&current.bytes).ok();
    let current = current.and_then(|image| Version::parse(image["annotations"][annotation::VERSION].as_str()?).ok());
    let (Some(current), Ok(ours)) = (current, Version::parse(&artifact.version)) else { return true };
    ours >= current && (ours.pre.is_empty() || !current.pre.is_empty())
}

fn tag_of(tag: &str) -> Reference {
    Reference::Tag(tag.to_owned())
}

#[cfg(test)]
pub mod tests;
