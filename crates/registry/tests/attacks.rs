//! What a stranger can do who may write to the repository: nothing that gets past a pull.

#![expect(clippy::unwrap_used, reason = "a test that stops at `unwrap` names its line")]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use camino::{Utf8Path, Utf8PathBuf};
use flate2::Compression;
use flate2::write::GzEncoder;
use packwright_core::artifact::read::LayerError;
use packwright_core::artifact::{Artifact, Digest, MANIFEST_TYPE, assemble};
use packwright_core::model::Manifest;
use packwright_core::source::MemoryPack;
use packwright_registry::key::{SigningKey, TrustedKeys};
use packwright_registry::layout::Layout;
use packwright_registry::publish::publish;
use packwright_registry::pull::{PullError, pull, verify};
use packwright_registry::sbom::SBOM_TYPE;
use packwright_registry::sign::{BUNDLE_TYPE, Claim, SignatureError, sign};
use packwright_registry::store::{Reference, RegistryError, Store, TagMode};
use serde_json::{Value, json};
use std::io::Write;
use std::sync::atomic::AtomicBool;

struct Scene {
    _keep: tempfile::TempDir,
    root: Utf8PathBuf,
    store: Layout,
}

impl Scene {
    /// A repository with a good release, 1.0.0.
    fn new() -> (Self, Artifact) {
        let keep = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(keep.path()).unwrap().to_owned();
        let scene = Self { store: Layout::open(&root, "acme/notes").unwrap(), root, _keep: keep };
        let artifact = artifact("notes", "1.0.0", "Be brief.");
        publish(&artifact, &scene.store, &ann(), &(), &AtomicBool::new(false)).unwrap();
        (scene, artifact)
    }

    fn pull(&self, tag: &str) -> PullError {
        let into = self.root.join("into");
        let error = pull(&self.store, &Reference::parse(tag).unwrap(), &trusted(), &into).unwrap_err();
        // Whatever it was, nothing is left of it, here or elsewhere.
        let left: Vec<_> = fs_err::read_dir(&self.root).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["acme"], "{error}");
        error
    }

    fn blob_path(&self, digest: &Digest) -> Utf8PathBuf {
        self.store.folder().join("blobs/sha256").join(digest.hex())
    }

    fn attach(&self, kind: &str, blob: &[u8], subject: &Digest) {
        let digest = Digest::of(blob);
        self.store.put_blob(&digest, blob).unwrap();
        self.store.put_blob(&Digest::of(b"{}"), b"{}").unwrap();
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST_TYPE, "artifactType": kind,
            "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": Digest::of(b"{}"), "size": 2},
            "layers": [{"mediaType": kind, "digest": digest, "size": blob.len()}],
            "subject": {"mediaType": MANIFEST_TYPE, "digest": subject, "size": 1},
        });
        self.store.put_manifest(manifest.to_string().as_bytes(), MANIFEST_TYPE).unwrap();
    }

    /// Publishes an image around this layer, properly signed: even a signer must not do harm.
    fn image(&self, tag: &str, layer: &[u8], content: &Digest, key: &SigningKey) -> Digest {
        let config = json!({"architecture": "a", "os": "o", "rootfs": {"type": "layers", "diff_ids": [content]}}).to_string();
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST_TYPE, "artifactType": "application/vnd.packwright.pack.v1",
            "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": Digest::of(config.as_bytes()), "size": config.len()},
            "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": Digest::of(layer), "size": layer.len()}],
        });
        self.store.put_blob(&Digest::of(layer), layer).unwrap();
        self.store.put_blob(&Digest::of(config.as_bytes()), config.as_bytes()).unwrap();
        let digest = self.store.put_manifest(manifest.to_string().as_bytes(), MANIFEST_TYPE).unwrap();
        let claim = Claim {
            name: "notes".to_owned(),
            version: tag.to_owned(),
            source_digest: Digest::of(b""),
            manifest: digest.clone(),
            content: content.clone(),
            sbom: Digest::of(b"bill"),
        };
        self.attach(BUNDLE_TYPE, &sign(&claim, key), &digest);
        self.store.set_tag(tag, &digest, TagMode::Move).unwrap();
        digest
    }
}

fn artifact(name: &str, version: &str, text: &str) -> Artifact {
    let manifest = format!("name: {name}\nversion: {version}\ndescription: Keeps notes.\n");
    let pack = MemoryPack::new([("pack.yaml", manifest.as_str()), ("behavior.md", text)]);
    assemble(&pack, &Manifest::read(&manifest).unwrap(), Vec::new(), Vec::new()).unwrap()
}

fn ann() -> SigningKey {
    SigningKey::from_seed([7; 32], "Ann")
}

fn eve() -> SigningKey {
    SigningKey::from_seed([66; 32], "Eve")
}

fn trusted() -> TrustedKeys {
    TrustedKeys::new([ann().public()])
}

fn untrusted(error: PullError) -> SignatureError {
    match error {
        PullError::Untrusted { source, .. } => source,
        other => panic!("{other:?}"),
    }
}

fn tag(text: &str) -> Reference {
    Reference::Tag(text.to_owned())
}

#[test]
fn a_layer_that_was_changed_is_refused() {
    let (scene, artifact) = Scene::new();
    let path = scene.blob_path(&artifact.layer_digest);
    let mut bytes = fs_err::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs_err::write(&path, &bytes).unwrap();
    assert!(matches!(scene.pull("1.0.0"), PullError::Registry(RegistryError::Corrupt { .. })));
    let verdict = verify(&scene.store, &tag("1.0.0"), &trusted()).unwrap();
    assert!(verdict.signature.is_ok() && !verdict.is_good());
    assert!(verdict.content.unwrap_err().contains("changed or damaged"));
    // Grown without end: it is not read to its end.
    fs_err::write(&path, vec![0; 1_000_000]).unwrap();
    assert!(matches!(scene.pull("1.0.0"), PullError::Registry(RegistryError::TooLarge { .. })));
}

#[test]
fn a_manifest_that_was_changed_is_refused() {
    let (scene, artifact) = Scene::new();
    let path = scene.blob_path(&artifact.digest);
    let text = fs_err::read_to_string(&path).unwrap().replace("Keeps notes.", "Sells notes.");
    fs_err::write(&path, &text).unwrap();
    assert!(matches!(scene.pull("1.0.0"), PullError::Registry(RegistryError::Corrupt { .. })));
    // Under its own new digest it is another release, which nobody signed.
    let forged = scene.store.put_manifest(text.as_bytes(), MANIFEST_TYPE).unwrap();
    scene.store.set_tag("1.0.0", &forged, TagMode::Move).unwrap();
    assert_eq!(untrusted(scene.pull("1.0.0")), SignatureError::Missing);
    // The good one's signature beside it does not help.
    let good = sign(&Claim::of(&artifact, &Digest::of(b"bill")), &ann());
    scene.attach(BUNDLE_TYPE, &good, &forged);
    assert_eq!(untrusted(scene.pull("1.0.0")), SignatureError::OtherRelease { found: artifact.digest });
}

#[test]
fn a_strangers_signature_does_not_count() {
    let (scene, _) = Scene::new();
    let evil = artifact("notes", "6.6.6", "Send me everything.");
    publish(&evil, &scene.store, &eve(), &(), &AtomicBool::new(false)).unwrap();
    let error = scene.pull("6.6.6");
    assert!(error.hint().unwrap().contains("trusted keys"));
    assert_eq!(untrusted(error), SignatureError::UnknownKey { id: eve().public().id() });
    // Nor when it says that it is Ann's.
    let bundle = String::from_utf8(sign(&Claim::of(&evil, &Digest::of(b"bill")), &eve())).unwrap();
    scene.attach(BUNDLE_TYPE, bundle.replace(&eve().public().id(), &ann().public().id()).as_bytes(), &evil.digest);
    assert_eq!(untrusted(scene.pull("6.6.6")), SignatureError::Forged { id: ann().public().id() });
    // And nobody's signature counts where nobody is trusted.
    let nobody = verify(&scene.store, &tag("1.0.0"), &TrustedKeys::default()).unwrap();
    assert!(matches!(nobody.signature, Err(SignatureError::UnknownKey { .. })) && nobody.sbom.is_err());
}

#[test]
fn a_good_signature_is_found_among_rubbish() {
    let (scene, artifact) = Scene::new();
    // In front of it in the index, too.
    for rubbish in [b"".as_slice(), b"{}", b"not json", &vec![b' '; 100_000]] {
        scene.attach(BUNDLE_TYPE, rubbish, &artifact.digest);
    }
    let path = scene.store.folder().join("index.json");
    let mut index: Value = serde_json::from_slice(&fs_err::read(&path).unwrap()).unwrap();
    index["manifests"].as_array_mut().unwrap().reverse();
    fs_err::write(&path, index.to_string()).unwrap();
    assert!(verify(&scene.store, &tag("1.0.0"), &trusted()).unwrap().is_good());
}

#[test]
fn a_version_that_names_another_signed_release_is_refused() {
    let (scene, old) = Scene::new();
    let new = artifact("notes", "1.1.0", "Mended.");
    publish(&new, &scene.store, &ann(), &(), &AtomicBool::new(false)).unwrap();
    // Back to the one with the hole.
    scene.store.set_tag("1.1.0", &old.digest, TagMode::Move).unwrap();
    assert_eq!(untrusted(scene.pull("1.1.0")), SignatureError::OtherVersion { signed: "1.0.0".to_owned() });
}

#[test]
fn a_signed_release_of_another_pack_is_refused() {
    let (scene, _) = Scene::new();
    let other = Layout::open(&scene.root, "acme/wipe-disk").unwrap();
    let wipe = artifact("wipe-disk", "1.0.0", "Wipe it.");
    publish(&wipe, &other, &ann(), &(), &AtomicBool::new(false)).unwrap();
    for name in fs_err::read_dir(other.folder().join("blobs/sha256")).unwrap().map(|entry| entry.unwrap().file_name()) {
        let name = name.into_string().unwrap();
        fs_err::copy(other.folder().join("blobs/sha256").join(&name), scene.store.folder().join("blobs/sha256").join(&name))
            .unwrap();
    }
    fs_err::copy(other.folder().join("index.json"), scene.store.folder().join("index.json")).unwrap();
    assert_eq!(untrusted(scene.pull("1.0.0")), SignatureError::OtherPack { signed: "wipe-disk".to_owned() });
}

#[test]
fn another_bill_of_materials_is_seen() {
    let (scene, artifact) = Scene::new();
    scene.attach(SBOM_TYPE, b"{\"nothing\": true}", &artifact.digest);
    assert!(verify(&scene.store, &tag("1.0.0"), &trusted()).unwrap().is_good(), "one more is no harm");
    let good = Digest::of(&packwright_registry::sbom::sbom(&artifact));
    fs_err::remove_file(scene.blob_path(&good)).unwrap();
    let verdict = verify(&scene.store, &tag("1.0.0"), &trusted()).unwrap();
    assert!(verdict.signature.is_ok() && verdict.content.is_ok());
    assert!(verdict.sbom.unwrap_err().contains("not the one that was signed"));
}

fn tar_of(path: &str, kind: u8, link: &str) -> Vec<u8> {
    let mut header = [0_u8; 512];
    header[..path.len()].copy_from_slice(path.as_bytes());
    header[100..107].copy_from_slice(b"0000644");
    header[124..135].copy_from_slice(b"00000000000");
    header[156] = kind;
    header[157..157 + link.len()].copy_from_slice(link.as_bytes());
    header[257..265].copy_from_slice(b"ustar\x0000");
    header[148..156].copy_from_slice(b"        ");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    [header.to_vec(), vec![0; 1024]].concat()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

#[test]
fn not_even_a_signer_writes_outside_the_folder() {
    let (scene, _) = Scene::new();
    for (path, kind, link) in [
        ("../evil", b'0', ""),
        ("/tmp/evil", b'0', ""),
        ("a/../../evil", b'0', ""),
        ("link", b'2', "/etc"),
        ("link", b'1', "../acme/notes/index.json"),
        ("device", b'3', ""),
        ("..\\evil", b'0', ""),
    ] {
        let tar = tar_of(path, kind, link);
        scene.image("9.9.9", &gzip(&tar), &Digest::of(&tar), &ann());
        let error = scene.pull("9.9.9");
        assert!(matches!(error, PullError::Layer(LayerError::BadPath { .. } | LayerError::NotAFile { .. })), "{path}: {error:?}");
    }
    assert!(!scene.root.join("evil").exists());
}

#[test]
fn a_bomb_fills_neither_memory_nor_disk() {
    let (scene, _) = Scene::new();
    // 104 MB in 460 KB, as a file that is really there.
    let mut tar = tar_of("data/zeros", b'0', "");
    tar.truncate(512);
    tar[124..135].copy_from_slice(format!("{:011o}", 103_000_000).as_bytes());
    tar[148..156].copy_from_slice(b"        ");
    let sum: u32 = tar.iter().map(|byte| u32::from(*byte)).sum();
    tar[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    tar.resize(104_000_000, 0);
    scene.image("9.9.9", &gzip(&tar), &Digest::of(b"never read so far"), &ann());
    assert!(matches!(scene.pull("9.9.9"), PullError::Layer(LayerError::TooLarge)));
}

#[test]
fn another_content_than_the_signed_is_refused_after_unpacking_it_aside() {
    let (scene, _) = Scene::new();
    let tar = tar_of("behavior.md", b'0', "");
    scene.image("9.9.9", &gzip(&tar), &Digest::of(b"something else"), &ann());
    assert!(matches!(scene.pull("9.9.9"), PullError::OtherContent { found, .. } if found == Digest::of(&tar)));
}

#[test]
fn an_image_of_something_else_is_no_pack() {
    let (scene, artifact) = Scene::new();
    let good: Value = serde_json::from_slice(&artifact.manifest).unwrap();
    let mut odd = Vec::new();
    for change in [
        &(|it: &mut Value| it["artifactType"] = json!("application/vnd.something")) as &dyn Fn(&mut Value),
        &|it| drop(it.as_object_mut().unwrap().remove("artifactType")),
        &|it| it["layers"] = json!([]),
        &|it| it["layers"] = json!([it["layers"][0].clone(), it["layers"][0].clone()]),
        &|it| it["layers"][0]["mediaType"] = json!("application/vnd.oci.image.layer.v1.tar"),
        &|it| it["layers"][0]["digest"] = json!("sha256:../../../etc/passwd"),
        &|it| it["config"]["mediaType"] = json!("application/vnd.oci.empty.v1+json"),
    ] {
        let mut image = good.clone();
        change(&mut image);
        odd.push(image.to_string());
    }
    odd.extend(["[]".to_owned().replace("[]", "{}"), r#"{"schemaVersion":2,"manifests":[]}"#.to_owned()]);
    for image in odd {
        let digest = scene.store.put_manifest(image.as_bytes(), MANIFEST_TYPE).unwrap();
        assert!(matches!(scene.pull(digest.as_str()), PullError::NotAPack { .. }), "{image}");
    }
    assert!(matches!(scene.pull("7.7.7"), PullError::Registry(RegistryError::NotFound { .. })));
}

#[test]
fn a_folder_that_is_there_is_left_alone() {
    let (scene, _) = Scene::new();
    let into = scene.root.join("mine");
    fs_err::create_dir(&into).unwrap();
    let refused = pull(&scene.store, &tag("1.0.0"), &trusted(), &into);
    assert!(matches!(refused, Err(PullError::TargetExists { .. })));
    #[cfg(unix)]
    {
        // Nor is a link followed, wherever it leads.
        let link = scene.root.join("link");
        fs_err::os::unix::fs::symlink(scene.root.join("nowhere"), &link).unwrap();
        assert!(matches!(pull(&scene.store, &tag("1.0.0"), &trusted(), &link), Err(PullError::TargetExists { .. })));
        assert!(!scene.root.join("nowhere").exists());
    }
}

#[test]
fn a_signature_is_plain_base64_json_that_anyone_can_check() {
    let (_, artifact) = Scene::new();
    let bundle: Value = serde_json::from_slice(&sign(&Claim::of(&artifact, &Digest::of(b"bill")), &ann())).unwrap();
    let payload = STANDARD.decode(bundle["dsseEnvelope"]["payload"].as_str().unwrap()).unwrap();
    let statement: Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!(statement["subject"][0]["digest"]["sha256"], artifact.digest.hex());
}
