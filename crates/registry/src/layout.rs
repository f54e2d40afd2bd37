//! A repository as a folder: an OCI image layout, which any OCI tool can read.
//!
//! Blobs are written beside and renamed; `index.json` is replaced under a lock, so that two processes cannot lose each other's entry.

use crate::store::{
    MAX_MANIFEST, Reference, RegistryError, Store, StoredManifest, TagMode, checked_bytes, checked_repository, found,
};
use camino::{Utf8Path, Utf8PathBuf};
use packwright_core::artifact::{Digest, is_tag};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};

/// Where an index says which tag an entry has.
const TAG: &str = "org.opencontainers.image.ref.name";

/// What an entry belongs to, so that not every manifest has to be opened to find it.
const SUBJECT: &str = "dev.packwright.subject";

const INDEX_TYPE: &str = "application/vnd.oci.image.index.v1+json";

/// Most bytes of an index: 64 MB are 150,000 releases.
const MAX_INDEX: u64 = 64 * 1024 * 1024;

/// Names in a layout's folder. A repository below another one cannot be called so.
const OWN_NAMES: &[&str] = &["blobs", "index.json", "index.lock", "oci-layout"];

/// A repository in a folder.
#[derive(Debug)]
pub struct Layout {
    folder: Utf8PathBuf,
    repository: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Index {
    schema_version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    media_type: Option<String>,
    manifests: Vec<Entry>,
    /// What other tools wrote stays.
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    media_type: String,
    digest: String,
    size: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    artifact_type: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<String, String>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl Entry {
    fn tag(&self) -> Option<&str> {
        self.annotations.get(TAG).map(String::as_str)
    }
}

/// What an index wants to know of a manifest.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Brief {
    artifact_type: Option<String>,
    subject: Option<BriefSubject>,
}

#[derive(Deserialize)]
struct BriefSubject {
    digest: Digest,
}

impl Layout {
    /// The repository of this name below `root`. Nothing is made before something is stored.
    pub fn open(root: &Utf8Path, repository: &str) -> Result<Self, RegistryError> {
        checked_repository(repository)?;
        if repository.split('/').any(|part| OWN_NAMES.contains(&part)) {
            return Err(RegistryError::BadRepository { name: repository.to_owned() });
        }
        Ok(Self { folder: root.join(repository), repository: repository.to_owned() })
    }

    /// Where it lies.
    pub fn folder(&self) -> &Utf8Path {
        &self.folder
    }

    fn blob_path(&self, digest: &Digest) -> Utf8PathBuf {
        self.folder.join("blobs/sha256").join(digest.hex())
    }

    fn read(&self, path: &Utf8Path, what: &str, limit: u64) -> Result<Vec<u8>, RegistryError> {
        let file = fs_err::File::open(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                RegistryError::NotFound { address: self.folder.to_string(), what: what.to_owned() }
            }
            _ => RegistryError::Io(error),
        })?;
        let mut bytes = Vec::new();
        file.take(limit + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            return Err(RegistryError::TooLarge { address: self.folder.to_string(), what: what.to_owned(), limit });
        }
        Ok(bytes)
    }

    fn index(&self) -> Result<Index, RegistryError> {
        let empty = Index { schema_version: 2, media_type: Some(INDEX_TYPE.to_owned()), manifests: Vec::new(), rest: Map::new() };
        let Some(bytes) = found(self.read(&self.folder.join("index.json"), "index.json", MAX_INDEX))? else { return Ok(empty) };
        serde_json::from_slice(&bytes).map_err(|error| self.strange(format!("index.json: {error}")))
    }

    /// Changes the index while nobody else does.
    fn change(&self, change: impl FnOnce(&mut Index) -> Result<(), RegistryError>) -> Result<(), RegistryError> {
        self.prepare()?;
        let lock = fs_err::OpenOptions::new().create(true).truncate(false).write(true).open(self.folder.join("index.lock"))?;
        // Let go of when the file is closed, even by a crash.
        lock.lock()?;
        let mut index = self.index()?;
        let before = serde_json::to_vec(&index).ok();
        change(&mut index)?;
        let bytes = serde_json::to_vec(&index).map_err(|error| self.strange(error.to_string()))?;
        if before.as_ref() == Some(&bytes) {
            return Ok(());
        }
        self.replace(&self.folder.join("index.json"), &bytes)
    }

    fn prepare(&self) -> Result<(), RegistryError> {
        fs_err::create_dir_all(self.folder.join("blobs/sha256"))?;
        let marker = self.folder.join("oci-layout");
        if !marker.is_file() {
            self.replace(&marker, br#"{"imageLayoutVersion":"1.0.0"}"#)?;
        }
        Ok(())
    }

    /// Writes a file that is whole or not there, also after a power cut.
    fn replace(&self, path: &Utf8Path, bytes: &[u8]) -> Result<(), RegistryError> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let beside = self.folder.join(format!(".writing-{}-{number}", std::process::id()));
        let write = || -> io::Result<()> {
            let mut file = fs_err::File::create(&beside)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            drop(file);
            fs_err::rename(&beside, path)?;
            // The new name, too, must survive a power cut. Elsewhere a folder cannot be opened.
            #[cfg(unix)]
            if let Some(folder) = path.parent() {
                fs_err::File::open(folder)?.sync_all()?;
            }
            Ok(())
        };
        write().inspect_err(|_| drop(fs_err::remove_file(&beside))).map_err(RegistryError::Io)
    }

    fn strange(&self, why: String) -> RegistryError {
        RegistryError::Protocol { address: self.folder.to_string(), why }
    }

    /// What a tag names; a tag that stands twice must name the same.
    fn tagged(&self, index: &Index, tag: &str) -> Result<Option<Digest>, RegistryError> {
        let mut digests: Vec<&str> =
            index.manifests.iter().filter(|entry| entry.tag() == Some(tag)).map(|entry| entry.digest.as_str()).collect();
        digests.dedup();
        match digests.as_slice() {
            [] => Ok(None),
            [one] => Digest::parse(one).map(Some).ok_or_else(|| self.strange(format!("`{one}` is not a sha256 digest"))),
            _ => Err(self.strange(format!("the tag `{tag}` stands twice in index.json"))),
        }
    }
}

impl Store for Layout {
    fn address(&self) -> &str {
        self.folder.as_str()
    }

    fn repository(&self) -> &str {
        &self.repository
    }

    fn has_blob(&self, digest: &Digest) -> Result<bool, RegistryError> {
        match self.blob(digest, u64::MAX - 1) {
            // A damaged one does not count: storing it again mends it.
            Err(RegistryError::Corrupt { .. } | RegistryError::NotFound { .. }) => Ok(false),
            other => other.map(|_| true),
        }
    }

    fn put_blob(&self, digest: &Digest, bytes: &[u8]) -> Result<(), RegistryError> {
        if Digest::of(bytes) != *digest {
            return Err(self.strange(format!("what was to be stored does not have {digest}")));
        }
        if self.has_blob(digest)? {
            return Ok(());
        }
        self.prepare()?;
        self.replace(&self.blob_path(digest), bytes)
    }

    fn blob(&self, digest: &Digest, limit: u64) -> Result<Vec<u8>, RegistryError> {
        let bytes = self.read(&self.blob_path(digest), digest.as_str(), limit)?;
        checked_bytes(self.folder.as_str(), digest.as_str(), digest, bytes)
    }

    fn put_manifest(&self, bytes: &[u8], media_type: &str) -> Result<Digest, RegistryError> {
        let digest = Digest::of(bytes);
        let brief: Brief = serde_json::from_slice(bytes).map_err(|error| self.strange(error.to_string()))?;
        self.put_blob(&digest, bytes)?;
        self.change(|index| {
            if index.manifests.iter().all(|entry| entry.digest != digest.as_str()) {
                let subject = brief.subject.map(|subject| (SUBJECT.to_owned(), subject.digest.to_string()));
                index.manifests.push(Entry {
                    media_type: media_type.to_owned(),
                    digest: digest.to_string(),
                    size: bytes.len() as u64,
                    artifact_type: brief.artifact_type,
                    annotations: subject.into_iter().collect(),
                    rest: Map::new(),
                });
            }
            Ok(())
        })?;
        Ok(digest)
    }

    fn set_tag(&self, tag: &str, manifest: &Digest, mode: TagMode) -> Result<(), RegistryError> {
        if !is_tag(tag) {
            return Err(self.strange(format!("`{tag}` is not a tag")));
        }
        self.blob(manifest, MAX_MANIFEST)?;
        self.change(|index| {
            match self.tagged(index, tag)? {
                Some(existing) if existing == *manifest => return Ok(()),
                Some(existing) if mode == TagMode::Keep => {
                    return Err(RegistryError::TagExists { tag: tag.to_owned(), existing });
                }
                _ => {}
            }
            untag(index, tag);
            let same = |entry: &&mut Entry| entry.digest == manifest.as_str();
            if let Some(entry) = index.manifests.iter_mut().filter(|entry| entry.tag().is_none()).find(same) {
                entry.annotations.insert(TAG.to_owned(), tag.to_owned());
                return Ok(());
            }
            let missing = || RegistryError::NotFound { address: self.folder.to_string(), what: manifest.to_string() };
            let mut entry = index.manifests.iter_mut().find(same).ok_or_else(missing)?.clone();
            entry.annotations.insert(TAG.to_owned(), tag.to_owned());
            index.manifests.push(entry);
            Ok(())
        })
    }

    fn manifest(&self, reference: &Reference) -> Result<StoredManifest, RegistryError> {
        let missing = || RegistryError::NotFound { address: self.folder.to_string(), what: reference.to_string() };
        let index = self.index()?;
        let digest = match reference {
            // A blob that no entry names is not stored yet.
            Reference::Digest(digest) if index.manifests.iter().any(|entry| entry.digest == digest.as_str()) => digest.clone(),
            Reference::Digest(_) => return Err(missing()),
            Reference::Tag(tag) => self.tagged(&index, tag)?.ok_or_else(missing)?,
        };
        Ok(StoredManifest { bytes: self.blob(&digest, MAX_MANIFEST)?, digest })
    }

    fn tags(&self) -> Result<Vec<String>, RegistryError> {
        let index = self.index()?;
        let mut tags: Vec<String> =
            index.manifests.iter().filter_map(Entry::tag).filter(|tag| is_tag(tag)).map(str::to_owned).collect();
        tags.sort();
        tags.dedup();
        Ok(tags)
    }

    fn referrers(&self, subject: &Digest, artifact_type: &str) -> Result<Vec<Digest>, RegistryError> {
        let mut referrers = Vec::new();
        for entry in self.index()?.manifests {
            // What other tools wrote says neither: then the manifest is asked.
            let other = |said: Option<&str>, wanted: &str| said.is_some_and(|said| said != wanted);
            let said = entry.annotations.get(SUBJECT).map(String::as_str);
            if other(entry.artifact_type.as_deref(), artifact_type) || other(said, subject.as_str()) {
                continue;
            }
            let Some(digest) = Digest::parse(&entry.digest) else { continue };
            let Ok(bytes) = self.blob(&digest, MAX_MANIFEST) else { continue };
            let brief: Option<Brief> = serde_json::from_slice(&bytes).ok();
            let fits = brief.is_some_and(|brief| {
                brief.artifact_type.as_deref() == Some(artifact_type) && brief.subject.is_some_and(|one| one.digest == *subject)
            });
            if fits && !referrers.contains(&digest) {
                referrers.push(digest);
            }
        }
        Ok(referrers)
    }
}

/// Takes a tag off the entry that has it; an entry that is there twice then goes.
fn untag(index: &mut Index, tag: &str) {
    while let Some(at) = index.manifests.iter().position(|entry| entry.tag() == Some(tag)) {
        let digest = index.manifests[at].digest.clone();
        if index.manifests.iter().filter(|entry| entry.digest == digest).count() > 1 {
            index.manifests.remove(at);
        } else {
            index.manifests[at].annotations.remove(TAG);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Layout;
    use crate::store::{Reference, RegistryError, Store, TagMode};
    use camino::{Utf8Path, Utf8PathBuf};
    use packwright_core::artifact::Digest;

    fn layout() -> (tempfile::TempDir, Utf8PathBuf, Layout) {
        let keep = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(keep.path()).unwrap().to_owned();
        let layout = Layout::open(&root, "acme/notes").unwrap();
        (keep, root, layout)
    }

    fn image(number: u32) -> Vec<u8> {
        format!(r#"{{"schemaVersion":2,"artifactType":"t","n":{number}}}"#).into_bytes()
    }

    fn referrer(subject: &Digest, kind: &str) -> Vec<u8> {
        format!(r#"{{"schemaVersion":2,"artifactType":"{kind}","subject":{{"mediaType":"m","digest":"{subject}","size":1}}}}"#)
            .into_bytes()
    }

    #[test]
    fn what_is_stored_is_found_by_tag_and_by_digest() {
        let (_keep, _, layout) = layout();
        assert_eq!(layout.tags().unwrap(), Vec::<String>::new());
        let digest = layout.put_manifest(&image(1), "m").unwrap();
        assert_eq!(layout.tags().unwrap(), Vec::<String>::new());
        layout.set_tag("1.0.0", &digest, TagMode::Keep).unwrap();
        layout.set_tag("latest", &digest, TagMode::Move).unwrap();
        assert_eq!(layout.tags().unwrap(), ["1.0.0", "latest"]);
        for reference in [Reference::Tag("1.0.0".to_owned()), Reference::Digest(digest.clone())] {
            assert_eq!(layout.manifest(&reference).unwrap().bytes, image(1));
        }
        assert!(layout.manifest(&Reference::Tag("2".to_owned())).unwrap_err().is_not_found());
        assert!(!layout.has_blob(&Digest::of(b"x")).unwrap());
    }

    #[test]
    fn a_tag_moves_only_when_it_is_told_to() {
        let (_keep, _, layout) = layout();
        let (one, two) = (layout.put_manifest(&image(1), "m").unwrap(), layout.put_manifest(&image(2), "m").unwrap());
        layout.set_tag("v", &one, TagMode::Keep).unwrap();
        layout.set_tag("v", &one, TagMode::Keep).unwrap();
        assert!(
            matches!(layout.set_tag("v", &two, TagMode::Keep), Err(RegistryError::TagExists { existing, .. }) if existing == one)
        );
        layout.set_tag("v", &two, TagMode::Move).unwrap();
        layout.set_tag("w", &two, TagMode::Move).unwrap();
        layout.set_tag("w", &one, TagMode::Move).unwrap();
        let named = |tag: &str| layout.manifest(&Reference::Tag(tag.to_owned())).unwrap().digest;
        assert_eq!((named("v"), named("w")), (two.clone(), one.clone()));
        // Two manifests, and no entry that says nothing.
        assert_eq!(layout.index().unwrap().manifests.len(), 2);
        assert!(layout.set_tag("../x", &one, TagMode::Move).is_err());
        assert!(layout.set_tag("x", &Digest::of(b"?"), TagMode::Move).unwrap_err().is_not_found());
    }

    #[test]
    fn referrers_are_found_by_subject_and_type() {
        let (_keep, _, layout) = layout();
        let (one, two) = (layout.put_manifest(&image(1), "m").unwrap(), layout.put_manifest(&image(2), "m").unwrap());
        let signature = layout.put_manifest(&referrer(&one, "sig"), "m").unwrap();
        layout.put_manifest(&referrer(&one, "sbom"), "m").unwrap();
        layout.put_manifest(&referrer(&two, "sig"), "m").unwrap();
        assert_eq!(layout.referrers(&one, "sig").unwrap(), std::slice::from_ref(&signature));
        // An index that another tool wrote says neither subject nor type.
        let path = layout.folder().join("index.json");
        let text = fs_err::read_to_string(&path).unwrap();
        let mut index: serde_json::Value = serde_json::from_str(&text).unwrap();
        for entry in index["manifests"].as_array_mut().unwrap() {
            entry.as_object_mut().unwrap().remove("annotations");
            entry.as_object_mut().unwrap().remove("artifactType");
        }
        fs_err::write(&path, index.to_string()).unwrap();
        assert_eq!(layout.referrers(&one, "sig").unwrap(), [signature]);
    }

    #[test]
    fn damage_is_seen_and_storing_again_mends_it() {
        let (_keep, _, layout) = layout();
        let digest = Digest::of(b"hello");
        assert!(layout.put_blob(&digest, b"hullo").is_err());
        layout.put_blob(&digest, b"hello").unwrap();
        fs_err::write(layout.blob_path(&digest), "hullo").unwrap();
        assert!(matches!(layout.blob(&digest, 100), Err(RegistryError::Corrupt { .. })));
        assert!(!layout.has_blob(&digest).unwrap());
        layout.put_blob(&digest, b"hello").unwrap();
        assert_eq!(layout.blob(&digest, 100).unwrap(), b"hello");
        assert!(matches!(layout.blob(&digest, 4), Err(RegistryError::TooLarge { .. })));
    }

    #[test]
    fn an_index_that_is_none_is_said_and_left_alone() {
        let (_keep, _, layout) = layout();
        layout.put_manifest(&image(1), "m").unwrap();
        let path = layout.folder().join("index.json");
        fs_err::write(&path, "{").unwrap();
        assert!(matches!(layout.tags(), Err(RegistryError::Protocol { .. })));
        assert!(layout.put_manifest(&image(2), "m").is_err());
        assert_eq!(fs_err::read_to_string(&path).unwrap(), "{");
        let twice = r#"{"schemaVersion":2,"manifests":[
            {"mediaType":"m","digest":"sha256:a","size":1,"annotations":{"org.opencontainers.image.ref.name":"v"}},
            {"mediaType":"m","digest":"sha256:b","size":1,"annotations":{"org.opencontainers.image.ref.name":"v"}}]}"#;
        fs_err::write(&path, twice).unwrap();
        assert!(matches!(layout.manifest(&Reference::Tag("v".to_owned())), Err(RegistryError::Protocol { .. })));
    }

    #[test]
    fn what_other_tools_wrote_into_the_index_stays() {
        let (_keep, _, layout) = layout();
        layout.put_manifest(&image(1), "m").unwrap();
        let path = layout.folder().join("index.json");
        let text = fs_err::read_to_string(&path).unwrap().replacen('{', r#"{"annotations":{"a":"b"},"#, 1);
        fs_err::write(&path, text.replace(r#""size""#, r#""platform":{"os":"linux"},"size""#)).unwrap();
        layout.put_manifest(&image(2), "m").unwrap();
        let text = fs_err::read_to_string(&path).unwrap();
        assert!(text.contains(r#""annotations":{"a":"b"}"#) && text.contains(r#""platform":{"os":"linux"}"#), "{text}");
    }

    #[test]
    fn many_writers_lose_nothing() {
        let (_keep, root, _) = layout();
        std::thread::scope(|scope| {
            for writer in 0..8 {
                let root = &root;
                scope.spawn(move || {
                    let layout = Layout::open(root, "acme/notes").unwrap();
                    for number in 0..10 {
                        let digest = layout.put_manifest(&image(writer * 100 + number), "m").unwrap();
                        layout.set_tag(&format!("t{writer}-{number}"), &digest, TagMode::Keep).unwrap();
                    }
                });
            }
        });
        let layout = Layout::open(&root, "acme/notes").unwrap();
        assert_eq!(layout.tags().unwrap().len(), 80);
        let left = fs_err::read_dir(layout.folder())
            .unwrap()
            .filter_map(Result::ok)
            .map(|entry| entry.file_name().into_string().unwrap());
        let mut left: Vec<String> = left.collect();
        left.sort();
        assert_eq!(left, ["blobs", "index.json", "index.lock", "oci-layout"]);
    }

    #[test]
    fn repositories_lie_side_by_side_and_below_each_other() {
        let (_keep, root, _) = layout();
        for name in ["acme", "acme/notes", "acme/notes/more"] {
            Layout::open(&root, name).unwrap().put_manifest(name.replace("acme", r#"{"n":"acme"#).as_bytes(), "m").unwrap_err();
            let digest = Layout::open(&root, name).unwrap().put_manifest(format!(r#"{{"n":"{name}"}}"#).as_bytes(), "m").unwrap();
            Layout::open(&root, name).unwrap().set_tag("v", &digest, TagMode::Keep).unwrap();
        }
        assert_eq!(Layout::open(&root, "acme").unwrap().tags().unwrap(), ["v"]);
        for bad in ["acme/blobs", "index.json", "../x", "acme/index.lock", ""] {
            assert!(matches!(Layout::open(&root, bad), Err(RegistryError::BadRepository { .. })), "{bad}");
        }
    }
}
