//! Publishing into a folder, with everything that can break on the way.

use super::*;
use crate::layout::Layout;
use crate::pull::{pull, versions};
use camino::{Utf8Path, Utf8PathBuf};
use packwright_core::artifact::assemble;
use packwright_core::model::Manifest;
use packwright_core::source::MemoryPack;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;

/// A small pack.
pub fn artifact(version: &str, text: &str) -> Artifact {
    let manifest =
        format!("name: notes\npublisher: acme\nversion: {version}\ndescription: Keeps notes.\nlicense: MIT OR Apache-2.0\n");
    let pack = MemoryPack::new([("pack.yaml", manifest.as_str()), ("behavior.md", text), ("scripts/run.sh", "#!/bin/sh\n")]);
    assemble(&pack, &Manifest::read(&manifest).unwrap(), Vec::new(), Vec::new()).unwrap()
}

pub fn key() -> SigningKey {
    SigningKey::from_seed([7; 32], "Ann")
}

pub fn trusted() -> TrustedKeys {
    TrustedKeys::new([key().public()])
}

pub fn layout() -> (tempfile::TempDir, Utf8PathBuf, Layout) {
    let keep = tempfile::tempdir().unwrap();
    let root = Utf8Path::from_path(keep.path()).unwrap().to_owned();
    let layout = Layout::open(&root, "acme/notes").unwrap();
    (keep, root, layout)
}

fn publish_quietly(artifact: &Artifact, store: &dyn Store) -> Result<Receipt, PublishError> {
    publish(artifact, store, &key(), &(), &AtomicBool::new(false))
}

fn tag(text: &str) -> Reference {
    Reference::Tag(text.to_owned())
}

#[test]
fn what_is_published_is_what_was_planned_and_comes_back() {
    let (_keep, root, store) = layout();
    let artifact = artifact("1.0.0", "Be brief.");
    let planned = plan(&artifact, &store).unwrap();
    assert_eq!(planned.outcome, Outcome::New);
    assert!(planned.steps.iter().all(|step| !step.done));
    assert_eq!(planned.steps.iter().map(|step| step.step).collect::<Vec<_>>(), Step::ALL);
    assert!(store.tags().unwrap().is_empty() && !store.folder().exists(), "planning writes nothing");

    let receipt = publish_quietly(&artifact, &store).unwrap();
    assert_eq!((&receipt.digest, receipt.unchanged, receipt.latest), (&planned.digest, false, true));
    assert_eq!(store.tags().unwrap(), ["1.0.0", "latest"]);

    let verdict = verify(&store, &tag("1.0.0"), &trusted()).unwrap();
    assert!(verdict.is_good(), "{verdict:?}");
    let into = root.join("there/notes");
    for (number, reference) in [tag("1.0.0"), tag("latest"), Reference::Digest(receipt.digest.clone())].iter().enumerate() {
        let into = into.join(number.to_string());
        let pulled = pull(&store, reference, &trusted(), &into).unwrap();
        assert_eq!((pulled.version.as_str(), pulled.signed_by, pulled.files), ("1.0.0", key().public(), 3));
        assert_eq!(fs_err::read_to_string(into.join("behavior.md")).unwrap(), "Be brief.");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs_err::metadata(into.join("scripts/run.sh")).unwrap().permissions().mode() & 0o111, 0o111);
        }
    }
    assert!(matches!(pull(&store, &tag("1.0.0"), &trusted(), &into), Err(PullError::TargetExists { .. })));
}

#[test]
fn publishing_again_sends_nothing() {
    let (_keep, _, store) = layout();
    let artifact = artifact("1.0.0", "A");
    let first = publish_quietly(&artifact, &store).unwrap();
    let planned = plan(&artifact, &store).unwrap();
    assert_eq!(planned.outcome, Outcome::Unchanged);
    assert!(planned.steps.iter().all(|step| step.done || step.step == Step::ReadBack), "{planned:?}");
    let events = Events::default();
    let again = publish(&artifact, &store, &key(), &events, &AtomicBool::new(false)).unwrap();
    assert_eq!(again, Receipt { unchanged: true, ..first });
    let sent = |event: &&Event| matches!(event, Event::Finished { sent: true, .. });
    assert_eq!(events.0.lock().unwrap().iter().find(sent), None);
}

#[test]
fn a_release_never_changes() {
    let (_keep, _, store) = layout();
    let (first, other) = (artifact("1.0.0", "A"), artifact("1.0.0", "B"));
    publish_quietly(&first, &store).unwrap();
    assert_eq!(plan(&other, &store).unwrap().outcome, Outcome::Taken { existing: first.digest.clone() });
    let error = publish_quietly(&other, &store).unwrap_err();
    assert!(matches!(&error, PublishError::VersionExists { version, existing, ours }
        if version == "1.0.0" && *existing == first.digest && *ours == other.digest));
    assert_eq!(
        error.hint().unwrap(),
        "A release never changes. Raise `version:` in `pack.yaml`, for example to 1.0.1, and publish again."
    );
    assert!(!store.has_blob(&other.layer_digest).unwrap(), "nothing of it was sent");
    assert!(verify(&store, &tag("1.0.0"), &trusted()).unwrap().is_good());
    publish_quietly(&artifact("1.0.1", "B"), &store).unwrap();
}

#[test]
fn what_to_raise_a_version_to() {
    for (version, next) in [("1.2.3", "1.2.4"), ("1.0.0-rc.1", "1.0.0"), ("0.9.9", "0.9.10")] {
        assert!(raise(version).contains(&format!("to {next},")), "{}", raise(version));
    }
    assert!(raise("v1").contains("another value"));
}

#[test]
fn latest_never_goes_back() {
    let (_keep, _, store) = layout();
    let latest = || store.manifest(&tag(LATEST)).unwrap().digest;
    let publish = |version: &str| {
        let artifact = artifact(version, version);
        (publish_quietly(&artifact, &store).unwrap().latest, artifact.digest)
    };
    assert!(publish("1.0.0-rc.1").0, "the first is the latest, whatever it is");
    assert!(publish("1.0.0").0);
    let (moved, two) = publish("2.0.0");
    assert!(moved);
    for older in ["1.0.1", "2.1.0-rc.1", "1.0.0"] {
        assert!(!publish(older).0, "{older}");
    }
    assert_eq!(latest(), two);
    assert!(publish("v3").0, "what has no order is the latest when it is published");
}

#[test]
fn versions_come_newest_first_and_say_who_signed_them() {
    let (_keep, _, store) = layout();
    for version in ["1.9.0", "1.10.0", "1.10.0-rc.1", "v1"] {
        publish_quietly(&artifact(version, version), &store).unwrap();
    }
    let other = artifact("1.11.0", "x");
    publish(&other, &store, &SigningKey::from_seed([8; 32], "Ben"), &(), &AtomicBool::new(false)).unwrap();
    // An image of something else.
    let image = store.put_manifest(br#"{"schemaVersion":2}"#, MANIFEST_TYPE).unwrap();
    store.set_tag("0.0.1", &image, TagMode::Keep).unwrap();
    let releases = versions(&store, &trusted()).unwrap();
    let listed: Vec<String> = releases
        .iter()
        .map(|release| format!("{} {}", release.tag, release.signature.as_ref().map_or("-", |key| key.name.as_str())))
        .collect();
    assert_eq!(listed, ["1.11.0 -", "1.10.0 Ann", "1.10.0-rc.1 Ann", "1.9.0 Ann", "v1 Ann"]);
    assert!(versions(&Layout::open(Utf8Path::new("/nowhere"), "a/b").unwrap(), &trusted()).unwrap().is_empty());
}

#[test]
fn a_pack_goes_only_into_a_repository_of_its_name() {
    let (_keep, root, _) = layout();
    let other = Layout::open(&root, "acme/other").unwrap();
    assert!(matches!(publish_quietly(&artifact("1.0.0", "A"), &other), Err(PublishError::OtherRepository { .. })));
}

#[derive(Default)]
struct Events(Mutex<Vec<Event>>);

impl Progress for Events {
    fn event(&self, event: Event) {
        self.0.lock().unwrap().push(event);
    }
}

#[test]
fn every_step_is_told_in_order() {
    let (_keep, _, store) = layout();
    let events = Events::default();
    publish(&artifact("1.0.0", "A"), &store, &key(), &events, &AtomicBool::new(false)).unwrap();
    let events = events.0.into_inner().unwrap();
    let started: Vec<Step> =
        events.iter().filter_map(|event| if let Event::Started { step, .. } = event { Some(*step) } else { None }).collect();
    assert_eq!(started, Step::ALL);
    assert_eq!(events.len(), 2 * Step::ALL.len());
}

/// Stops publishing as soon as a step is finished.
struct StopAfter<'a>(Step, &'a AtomicBool);

impl Progress for StopAfter<'_> {
    fn event(&self, event: Event) {
        if matches!(event, Event::Finished { step, .. } if step == self.0) {
            self.1.store(true, Ordering::Relaxed);
        }
    }
}

#[test]
fn stopped_between_two_steps_nothing_is_seen() {
    for step in Step::ALL {
        let (_keep, _, store) = layout();
        let cancel = AtomicBool::new(false);
        let outcome = publish(&artifact("1.0.0", "A"), &store, &key(), &StopAfter(*step, &cancel), &cancel);
        if matches!(step, Step::VersionTag | Step::LatestTag) {
            outcome.expect("what is seen is finished");
            continue;
        }
        assert!(matches!(outcome, Err(PublishError::Cancelled)), "{step:?}");
        assert!(store.tags().unwrap().is_empty(), "{step:?}");
    }
}

/// A store that breaks at its n-th call, before or after doing it.
struct Breaking<'a> {
    inner: &'a Layout,
    calls: AtomicUsize,
    at: usize,
    after: bool,
}

impl Breaking<'_> {
    fn call<T>(&self, work: impl FnOnce() -> Result<T, RegistryError>) -> Result<T, RegistryError> {
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        let broken = || Err(RegistryError::Unreachable { address: "here".to_owned(), why: "the cable".to_owned() });
        // Once broken it stays so: the process is gone.
        if number > self.at || (number == self.at && !self.after) {
            return broken();
        }
        let result = work();
        if number == self.at { broken() } else { result }
    }
}

impl Store for Breaking<'_> {
    fn address(&self) -> &str {
        self.inner.address()
    }
    fn repository(&self) -> &str {
        self.inner.repository()
    }
    fn has_blob(&self, digest: &Digest) -> Result<bool, RegistryError> {
        self.call(|| self.inner.has_blob(digest))
    }
    fn put_blob(&self, digest: &Digest, bytes: &[u8]) -> Result<(), RegistryError> {
        self.call(|| self.inner.put_blob(digest, bytes))
    }
    fn blob(&self, digest: &Digest, limit: u64) -> Result<Vec<u8>, RegistryError> {
        self.call(|| self.inner.blob(digest, limit))
    }
    fn put_manifest(&self, bytes: &[u8], media_type: &str) -> Result<Digest, RegistryError> {
        self.call(|| self.inner.put_manifest(bytes, media_type))
    }
    fn set_tag(&self, tag: &str, manifest: &Digest, mode: TagMode) -> Result<(), RegistryError> {
        self.call(|| self.inner.set_tag(tag, manifest, mode))
    }
    fn manifest(&self, reference: &Reference) -> Result<StoredManifest, RegistryError> {
        self.call(|| self.inner.manifest(reference))
    }
    fn tags(&self) -> Result<Vec<String>, RegistryError> {
        self.call(|| self.inner.tags())
    }
    fn referrers(&self, subject: &Digest, artifact_type: &str) -> Result<Vec<Digest>, RegistryError> {
        self.call(|| self.inner.referrers(subject, artifact_type))
    }
}

#[test]
fn wherever_it_breaks_nobody_sees_half_a_release_and_again_finishes_it() {
    let artifact = artifact("1.0.0", "A");
    let mut calls = 0;
    for after in [false, true] {
        for at in 0.. {
            let (_keep, _, store) = layout();
            let breaking = Breaking { inner: &store, calls: AtomicUsize::new(0), at, after };
            let outcome = publish_quietly(&artifact, &breaking);
            for tag in store.tags().unwrap() {
                let verdict = verify(&store, &Reference::Tag(tag.clone()), &trusted()).unwrap();
                assert!(verdict.is_good(), "`{tag}` is seen after call {at}: {verdict:?}");
            }
            if outcome.is_ok() {
                calls = at;
                break;
            }
            let receipt = publish_quietly(&artifact, &store).unwrap();
            assert_eq!(receipt.digest, artifact.digest);
            assert_eq!(store.tags().unwrap(), ["1.0.0", "latest"]);
            assert!(verify(&store, &tag("latest"), &trusted()).unwrap().is_good());
        }
    }
    assert!(calls > 15, "{calls} calls were broken");
}

/// A store that loses what it is given.
struct Losing<'a>(Breaking<'a>, Digest);

impl Store for Losing<'_> {
    fn address(&self) -> &str {
        self.0.address()
    }
    fn repository(&self) -> &str {
        self.0.repository()
    }
    fn has_blob(&self, digest: &Digest) -> Result<bool, RegistryError> {
        Ok(*digest == self.1 || self.0.has_blob(digest)?)
    }
    fn put_blob(&self, digest: &Digest, bytes: &[u8]) -> Result<(), RegistryError> {
        self.0.put_blob(digest, bytes)
    }
    fn blob(&self, digest: &Digest, limit: u64) -> Result<Vec<u8>, RegistryError> {
        self.0.blob(digest, limit)
    }
    fn put_manifest(&self, bytes: &[u8], media_type: &str) -> Result<Digest, RegistryError> {
        self.0.put_manifest(bytes, media_type)
    }
    fn set_tag(&self, tag: &str, manifest: &Digest, mode: TagMode) -> Result<(), RegistryError> {
        self.0.set_tag(tag, manifest, mode)
    }
    fn manifest(&self, reference: &Reference) -> Result<StoredManifest, RegistryError> {
        self.0.manifest(reference)
    }
    fn tags(&self) -> Result<Vec<String>, RegistryError> {
        self.0.tags()
    }
    fn referrers(&self, subject: &Digest, artifact_type: &str) -> Result<Vec<Digest>, RegistryError> {
        self.0.referrers(subject, artifact_type)
    }
}

#[test]
fn a_registry_that_loses_the_files_gets_no_tag() {
    let artifact = artifact("1.0.0", "A");
    let (_keep, _, store) = layout();
    let whole = Breaking { inner: &store, calls: AtomicUsize::new(0), at: usize::MAX, after: false };
    let outcome = publish_quietly(&artifact, &Losing(whole, artifact.layer_digest.clone()));
    assert!(matches!(outcome, Err(PublishError::ReadBack { .. })), "{outcome:?}");
    assert!(store.tags().unwrap().is_empty());
}
