//! Shipping: from a pack's saved files to a release in a registry, and back. The window and the command line both come here.
//!
//! ```text
//! folder ── check, bundle, assemble, cases ──▶ candidate ──┐
//!                                                          ├─▶ plan ── publish ──▶ receipt
//! registry ── which versions are there? ───────────────────┘
//! ```
//!
//! A plan sends nothing and knows the digest; what is published is what was planned, or nothing.

mod address;
mod build;
mod candidate;
mod failures;
mod plan;
mod signer;
pub mod words;

#[cfg(test)]
mod tests;

pub use address::{LOCAL, Registry, Release, Repository};
pub use build::{BuildOutcome, Built, build};
pub use plan::{Planned, Report};

use crate::trying::Runner;
use crate::wire::{
    Failure, FailureCode, PulledView, ReceiptView, RegistryView, ReleaseView, ShipCheck, ShipPlan, StepState, Verdict,
    VerifiedView,
};
use camino::{Utf8Path, Utf8PathBuf};
use candidate::{fail, row};
use packwright_core::folder::MANIFEST;
use packwright_core::model::Manifest;
use packwright_core::source::PackSource;
use packwright_kit::disk::DiskPack;
use packwright_kit::home::{Home, shown};
use packwright_kit::keys::Keys;
use packwright_kit::store::{self, Store as History};
use packwright_registry::publish::{LATEST, PublishError, Receipt};
use packwright_registry::pull::{PullError, Verdict as Found};
use packwright_registry::store::{Reference, RegistryError, Store};
use packwright_registry::{publish, pull};
use plan::{ASSEMBLE, Told};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use words::short_digest;

/// Everything about releases.
pub struct Shipping {
    home: Home,
    /// Runs the cases before a publication.
    runner: Arc<Runner>,
}

impl Shipping {
    /// Nothing is opened or made before it is needed.
    pub fn new(home: Home, runner: Arc<Runner>) -> Self {
        Self { home, runner }
    }

    /// Where one can publish to: this computer first.
    pub fn registries(&self) -> Result<Vec<RegistryView>, Failure> {
        let added = History::open(&self.home.data)?.registries()?;
        // What an older version wrote may be no address any more.
        let added = added.iter().filter_map(|address| Registry::parse(address).ok());
        Ok(std::iter::once(Registry::Local).chain(added).map(|registry| registry_view(&registry)).collect())
    }

    /// Adds a registry. It is not asked anything yet.
    pub fn add_registry(&self, address: &str) -> Result<RegistryView, Failure> {
        let registry = Registry::parse(address)?;
        if registry != Registry::Local {
            History::open(&self.home.data)?.add_registry(&registry.id())?;
        }
        Ok(registry_view(&registry))
    }

    /// Takes a registry off the list. What is published there stays.
    pub fn forget_registry(&self, id: &str) -> Result<(), Failure> {
        Ok(History::open(&self.home.data)?.forget_registry(id)?)
    }

    /// What publishing would do. Nothing is sent.
    pub fn plan(&self, root: &Utf8Path, registry: &str) -> Result<ShipPlan, Failure> {
        Ok(self.planned(root, &Registry::parse(registry)?)?.view)
    }

    /// The same, with what carrying it out needs.
    pub fn planned(&self, root: &Utf8Path, registry: &Registry) -> Result<Planned, Failure> {
        plan::make(&self.home, root, registry, Some(&self.runner))
    }

    /// Publishes a pack when it is still what a plan promised: `expected` is that plan's digest.
    pub fn publish(
        &self,
        root: &Utf8Path,
        registry: &str,
        expected: Option<&str>,
        report: Report<'_>,
        cancel: &AtomicBool,
    ) -> Result<ReceiptView, Failure> {
        report(ASSEMBLE, StepState::Running);
        let registry = Registry::parse(registry);
        let planned = registry.and_then(|registry| self.planned(root, &registry)).and_then(|planned| {
            check_promise(&planned, expected)?;
            Ok(planned)
        });
        let planned = planned.inspect_err(|_| report(ASSEMBLE, StepState::Failed))?;
        report(ASSEMBLE, StepState::Done);
        self.publish_planned(&planned, report, cancel)
    }

    /// Carries out a plan: the bytes that it was made of are what is sent.
    pub fn publish_planned(&self, planned: &Planned, report: Report<'_>, cancel: &AtomicBool) -> Result<ReceiptView, Failure> {
        if let Some(failure) = planned.obstacle() {
            return Err(failure);
        }
        let (Some(artifact), Some(repository)) = (&planned.artifact, &planned.repository) else { return Err(unready(planned)) };
        let begin = Instant::now();
        let store = repository.open(&self.home).map_err(|error| failures::registry(repository, &error))?;
        let key = signer::signing_or_new(&self.home)?;
        let told = Told::new(report);
        let receipt = publish::publish(artifact, store.as_ref(), &key, &told, cancel).map_err(|error| {
            if !matches!(error, PublishError::Cancelled) {
                told.failed();
            }
            failures::publish(repository, &error)
        })?;
        let view = ReceiptView {
            reference: format!("{}:{}", repository.shown(), receipt.version),
            pinned: format!("{}@{}", repository.shown(), receipt.digest),
            signed_by: signer::of_key(&key.public()),
            millis: u32::try_from(begin.elapsed().as_millis()).unwrap_or(u32::MAX),
            at: now(),
            ..receipt_view(receipt)
        };
        self.keep(&view);
        Ok(view)
    }

    /// Keeps a receipt. What is published is published: that it could not be written down is no failure of publishing.
    fn keep(&self, view: &ReceiptView) {
        let body = serde_json::to_string(view).expect("a receipt is plain data");
        let receipt = store::Receipt { at: view.at, reference: view.reference.clone(), digest: view.digest.clone(), body };
        drop(History::open(&self.home.data).and_then(|mut history| history.keep_receipt(&receipt)));
    }

    /// The newest receipts, newest first.
    pub fn receipts(&self, most: u32) -> Result<Vec<ReceiptView>, Failure> {
        let kept = History::open(&self.home.data)?.receipts(most)?;
        Ok(kept.iter().filter_map(|receipt| serde_json::from_str(&receipt.body).ok()).collect())
    }

    /// The public half of the signing key, to be given to those who are to trust it.
    pub fn public_key(&self) -> Utf8PathBuf {
        Keys::new(&self.home.data).public_path()
    }

    /// A pack's repository in a registry.
    pub fn repository_of(&self, root: &Utf8Path, registry: &Registry) -> Result<Repository, Failure> {
        let text = DiskPack::read(root)?.read(MANIFEST).map(std::borrow::Cow::into_owned).ok();
        let manifest = text.and_then(|bytes| String::from_utf8(bytes).ok()).and_then(|text| {
            let text = packwright_core::text::Text::new(text);
            Manifest::read(text.as_str()).ok()
        });
        let homeless = |message: String, hint: &str| Failure::new(FailureCode::BadManifest, message, hint);
        let manifest = manifest
            .ok_or_else(|| homeless(format!("`{MANIFEST}` cannot be read"), "Mend it first: `packwright check` says how."))?;
        registry.repository_of(&manifest).map_err(|why| homeless(why.message, &why.hint))
    }

    /// The releases of a repository, newest first.
    pub fn releases(&self, repository: &Repository) -> Result<Vec<ReleaseView>, Failure> {
        let explain = |error: PullError| failures::pull(repository, &error);
        let store = repository.open(&self.home).map_err(|error| explain(error.into()))?;
        let releases = pull::versions(store.as_ref(), &signer::trusted(&self.home)?).map_err(explain)?;
        let latest = latest(store.as_ref()).map_err(|error| explain(error.into()))?;
        Ok(releases
            .into_iter()
            .map(|release| ReleaseView {
                latest: latest.as_deref() == Some(release.digest.as_str()),
                version: release.tag,
                digest: release.digest.to_string(),
                signed: release.signature.is_ok(),
            })
            .collect())
    }

    /// Checks a release from the registry's own bytes.
    pub fn verify(&self, release: &Release) -> Result<VerifiedView, Failure> {
        let repository = &release.repository;
        let explain = |error: PullError| failures::pull(repository, &error);
        let store = repository.open(&self.home).map_err(|error| explain(error.into()))?;
        let found = pull::verify(store.as_ref(), &release.reference, &signer::trusted(&self.home)?).map_err(explain)?;
        Ok(VerifiedView {
            verdict: if found.is_good() { Verdict::Pass } else { Verdict::Fail },
            checks: rows(&found, &self.home),
            version: found.version.unwrap_or_else(|| release.reference.to_string()),
            digest: found.digest.to_string(),
        })
    }

    /// Fetches a release, verifies it, and unpacks it into a folder that is not there yet.
    pub fn pull(&self, release: &Release, into: &Utf8Path) -> Result<PulledView, Failure> {
        let repository = &release.repository;
        let explain = |error: PullError| failures::pull(repository, &error);
        let store = repository.open(&self.home).map_err(|error| explain(error.into()))?;
        let pulled = pull::pull(store.as_ref(), &release.reference, &signer::trusted(&self.home)?, into);
        let pulled = pulled.map_err(|error| match &error {
            PullError::Untrusted { source, .. } => Failure { hints: vec![signer::hint(source, &self.home)], ..explain(error) },
            _ => explain(error),
        })?;
        let folder = into.canonicalize_utf8().unwrap_or_else(|_| into.to_owned());
        Ok(PulledView {
            version: pulled.version,
            digest: pulled.digest.to_string(),
            shown: shown(&folder),
            folder: folder.into_string(),
            files: u32::try_from(pulled.files).unwrap_or(u32::MAX),
        })
    }

    /// The same into a new folder of the studio's own, numbered when it was pulled before.
    pub fn pull_to_data(&self, release: &Release) -> Result<PulledView, Failure> {
        let version = match &release.reference {
            Reference::Tag(tag) => tag.clone(),
            Reference::Digest(digest) => digest.hex()[..12].to_owned(),
        };
        let name = format!("{}-{version}", release.repository.pack());
        let folder = self.home.data.join("pulled");
        let numbered =
            |number: u32| -> Utf8PathBuf { folder.join(if number == 1 { name.clone() } else { format!("{name}-{number}") }) };
        for number in 1.. {
            match self.pull(release, &numbered(number)) {
                Err(failure) if failure.code == FailureCode::Exists => {}
                other => return other,
            }
        }
        unreachable!("there are more numbers than folders")
    }
}

impl Planned {
    /// Why it cannot be published as it is; `None` when it can.
    pub fn obstacle(&self) -> Option<Failure> {
        if self.ready { self.trouble.clone() } else { Some(unready(self)) }
    }
}

/// What a front end that did not look at the plan is told.
fn unready(planned: &Planned) -> Failure {
    let first = planned.view.checks.iter().find(|check| check.verdict == Verdict::Fail);
    let message = first.map_or_else(|| "the pack is not ready".to_owned(), |first| first.text.clone());
    let hints = first.and_then(|first| first.hint.clone()).into_iter().collect();
    Failure { code: FailureCode::PlanChanged, message, hints }
}

/// That the pack still is what was promised.
fn check_promise(planned: &Planned, expected: Option<&str>) -> Result<(), Failure> {
    if let Some(failure) = planned.obstacle() {
        return Err(failure);
    }
    match (expected, planned.view.digest.as_deref()) {
        (Some(expected), digest) if digest != Some(expected) => {
            let message = "the files changed after the plan was made; nothing was sent";
            Err(Failure::new(FailureCode::PlanChanged, message, "Look at the new plan, then publish."))
        }
        _ => Ok(()),
    }
}

fn registry_view(registry: &Registry) -> RegistryView {
    let local = *registry == Registry::Local;
    RegistryView { id: registry.id(), title: if local { "This computer".to_owned() } else { registry.id() }, local }
}

fn receipt_view(receipt: Receipt) -> ReceiptView {
    ReceiptView {
        reference: String::new(),
        pinned: String::new(),
        version: receipt.version,
        digest: receipt.digest.to_string(),
        content_digest: receipt.content_digest.to_string(),
        source_digest: receipt.source_digest.to_string(),
        signed_by: crate::wire::SignerView { name: String::new(), fingerprint: Some(receipt.key) },
        unchanged: receipt.unchanged,
        millis: 0,
        at: 0,
    }
}

fn latest(store: &dyn Store) -> Result<Option<String>, RegistryError> {
    match store.manifest(&Reference::Tag(LATEST.to_owned())) {
        Ok(stored) => Ok(Some(stored.digest.to_string())),
        Err(RegistryError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// One row for each thing that was checked.
fn rows(found: &Found, home: &Home) -> Vec<ShipCheck> {
    let broken = "Do not use it, and tell its publisher.";
    let part = |what: &str, result: &Result<packwright_core::artifact::Digest, String>, whole: &str| match result {
        Ok(digest) => row(Verdict::Pass, format!("{whole}: {}", short_digest(digest.as_str()))),
        Err(why) => fail(format!("{what}: {why}"), Some(broken.to_owned()), None),
    };
    vec![
        row(Verdict::Pass, format!("the manifest is the one with its digest: {}", short_digest(found.digest.as_str()))),
        match &found.signature {
            Ok(key) => row(Verdict::Pass, format!("signed by {}: {}", key.name, key.id())),
            Err(error) => fail(error.to_string(), Some(signer::hint(error, home)), None),
        },
        part("the files", &found.content, "the files are whole"),
        part("the bill of materials", &found.sbom, "the bill of materials is the signed one"),
    ]
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
