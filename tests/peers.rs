//! Other people's programs: Debian's registry as a server, skopeo, umoci and tar as readers.
//!
//! Where one is not installed, the test says so where `cargo xtask test` counts it.

#![expect(clippy::unwrap_used, reason = "a test that stops at `unwrap` names its line")]

use camino::{Utf8Path, Utf8PathBuf};
use packwright_core::artifact::{Artifact, Part, assemble};
use packwright_core::model::Manifest;
use packwright_core::source::MemoryPack;
use packwright_registry::key::{SigningKey, TrustedKeys};
use packwright_registry::layout::Layout;
use packwright_registry::publish::{Outcome, PublishError, plan, publish};
use packwright_registry::pull::{PullError, pull, verify, versions};
use packwright_registry::remote::{Connection, Login, Remote};
use packwright_registry::sign::BUNDLE_TYPE;
use packwright_registry::store::{Reference, RegistryError, Store, TagMode};
use packwright_tests::are_installed;
use packwright_tests::docker_registry::DockerRegistry;
use serde_json::Value;
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;

fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
    let keep = tempfile::tempdir().unwrap();
    let path = Utf8Path::from_path(keep.path()).unwrap().canonicalize_utf8().unwrap();
    (keep, path)
}

fn artifact(version: &str) -> Artifact {
    let manifest = format!(
        "name: notes\npublisher: acme\nversion: {version}\ndescription: Keeps notes.\nlicense: MIT\ntools:\n  - {{name: add, handler: handlers/add.ts}}\n"
    );
    let long = format!("data/{}größe.md", "deep/".repeat(40));
    let pack = MemoryPack::new([
        ("pack.yaml", manifest.as_str()),
        ("behavior.md", "Be brief."),
        ("handlers/add.ts", "export const add = 1;"),
        ("scripts/run.sh", "#!/bin/sh\necho hello\n"),
        (long.as_str(), "deep"),
    ]);
    // More than one member of the gzip.
    let built = Part { path: "handlers/add.wasm".to_owned(), bytes: (0..600_000_u32).flat_map(u32::to_le_bytes).collect() };
    assemble(&pack, &Manifest::read(&manifest).unwrap(), vec![built], Vec::new()).unwrap()
}

fn key() -> SigningKey {
    SigningKey::from_seed([7; 32], "Ann")
}

fn trusted() -> TrustedKeys {
    TrustedKeys::new([key().public()])
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn open(server: &DockerRegistry, login: Login) -> Remote {
    let connection = Connection { registry: &server.address, plain_http: false, login: &move |_| Ok(login.clone()) };
    Remote::open(&connection, "acme/notes").unwrap()
}

fn tag(text: &str) -> Reference {
    Reference::Tag(text.to_owned())
}

#[test]
fn a_release_goes_to_a_real_registry_and_comes_back() {
    if !are_installed("a_release_goes_to_a_real_registry_and_comes_back", &["docker-registry"]) {
        return;
    }
    let server = DockerRegistry::start().unwrap();
    let store = open(&server, Login::Anonymous);
    let artifact = artifact("1.0.0");
    assert!(versions(&store, &trusted()).unwrap().is_empty());
    let planned = plan(&artifact, &store).unwrap();
    assert_eq!((&planned.outcome, planned.steps.iter().any(|step| step.done)), (&Outcome::New, false));
    let receipt = publish(&artifact, &store, &key(), &(), &AtomicBool::new(false)).unwrap();
    assert_eq!(receipt.digest, planned.digest);
    assert!(verify(&store, &tag("latest"), &trusted()).unwrap().is_good());

    let (_keep, root) = folder();
    let into = root.join("notes");
    let pulled = pull(&store, &tag("1.0.0"), &trusted(), &into).unwrap();
    assert_eq!((pulled.digest, pulled.files), (artifact.digest.clone(), artifact.files.len()));
    assert_eq!(fs_err::read_to_string(into.join("behavior.md")).unwrap(), "Be brief.");

    assert_eq!(plan(&artifact, &store).unwrap().outcome, Outcome::Unchanged);
    assert!(publish(&artifact, &store, &key(), &(), &AtomicBool::new(false)).unwrap().unchanged);
    // A second signer's signature joins the first in the list of referrers.
    let ben = SigningKey::from_seed([8; 32], "Ben");
    publish(&artifact, &store, &ben, &(), &AtomicBool::new(false)).unwrap();
    assert_eq!(store.referrers(&artifact.digest, BUNDLE_TYPE).unwrap().len(), 2);
    assert!(verify(&store, &tag("1.0.0"), &trusted()).unwrap().is_good());

    let listed: Vec<String> = versions(&store, &trusted()).unwrap().into_iter().map(|release| release.tag).collect();
    assert_eq!(listed, ["1.0.0"], "the referrers' tag is no release");
    let missing = store.blob(&packwright_core::artifact::Digest::of(b"?"), 10).unwrap_err();
    assert!(matches!(missing, RegistryError::NotFound { .. }), "{missing:?}");
    assert!(matches!(store.blob(&artifact.layer_digest, 1000), Err(RegistryError::TooLarge { .. })));
    assert!(matches!(
        pull(&store, &tag("9.9.9"), &trusted(), &into.join("x")),
        Err(PullError::Registry(RegistryError::NotFound { .. }))
    ));
}

#[test]
fn a_real_registry_refuses_another_release_of_a_version() {
    if !are_installed("a_real_registry_refuses_another_release_of_a_version", &["docker-registry"]) {
        return;
    }
    let server = DockerRegistry::start().unwrap();
    let store = open(&server, Login::Anonymous);
    let first = artifact("1.0.0");
    publish(&first, &store, &key(), &(), &AtomicBool::new(false)).unwrap();
    let mut manifest = first.manifest.clone();
    let at = manifest.windows(5).position(|window| window == b"Keeps").unwrap();
    manifest[at] = b'k';
    let other = store.put_manifest(&manifest, packwright_core::artifact::MANIFEST_TYPE).unwrap();
    assert!(
        matches!(store.set_tag("1.0.0", &other, TagMode::Keep), Err(RegistryError::TagExists { existing, .. }) if existing == first.digest)
    );
    // Someone moves it by force: neither signed, nor ours to publish over.
    store.set_tag("1.0.0", &other, TagMode::Move).unwrap();
    assert!(verify(&store, &tag("1.0.0"), &trusted()).unwrap().signature.is_err());
    let refused = publish(&first, &store, &key(), &(), &AtomicBool::new(false));
    assert!(matches!(refused, Err(PublishError::VersionExists { existing, .. }) if existing == other));
}

#[test]
fn a_registry_that_wants_a_login_says_so() {
    if !are_installed("a_registry_that_wants_a_login_says_so", &["docker-registry"]) {
        return;
    }
    let server = DockerRegistry::start_with_login().unwrap();
    let ann = |password: &str| Login::Password { user: "ann".to_owned(), password: password.to_owned() };
    for login in [Login::Anonymous, ann("wrong")] {
        let error = publish(&artifact("1.0.0"), &open(&server, login), &key(), &(), &AtomicBool::new(false)).unwrap_err();
        assert!(matches!(error, PublishError::Registry { source: RegistryError::Unauthorized { .. }, .. }), "{error:?}");
        assert!(error.hint().unwrap().contains("docker login"));
    }
    publish(&artifact("1.0.0"), &open(&server, ann("secret")), &key(), &(), &AtomicBool::new(false)).unwrap();
}

#[test]
fn skopeo_sees_the_planned_digest_on_a_real_registry() {
    if !are_installed("skopeo_sees_the_planned_digest_on_a_real_registry", &["docker-registry", "skopeo"]) {
        return;
    }
    let server = DockerRegistry::start().unwrap();
    let artifact = artifact("1.0.0");
    publish(&artifact, &open(&server, Login::Anonymous), &key(), &(), &AtomicBool::new(false)).unwrap();
    let image = format!("docker://{}/acme/notes:1.0.0", server.address);
    let seen: Value = serde_json::from_str(&run("skopeo", &["inspect", "--tls-verify=false", &image])).unwrap();
    assert_eq!(seen["Digest"], artifact.digest.as_str());
    assert_eq!(seen["Layers"][0], artifact.layer_digest.as_str());
}

#[test]
fn skopeo_and_umoci_read_the_folder() {
    if !are_installed("skopeo_and_umoci_read_the_folder", &["skopeo", "umoci"]) {
        return;
    }
    let (_keep, root) = folder();
    let store = Layout::open(&root, "acme/notes").unwrap();
    let artifact = artifact("1.0.0");
    publish(&artifact, &store, &key(), &(), &AtomicBool::new(false)).unwrap();
    let image = format!("{}:1.0.0", store.folder());
    let seen: Value = serde_json::from_str(&run("skopeo", &["inspect", &format!("oci:{image}")])).unwrap();
    assert_eq!(seen["Digest"], artifact.digest.as_str());
    // Copied by another's hand it is the same release.
    let copy = root.join("copy");
    run("skopeo", &["copy", "--preserve-digests", &format!("oci:{image}"), &format!("oci:{copy}:1.0.0")]);
    let copied: Value = serde_json::from_str(&run("skopeo", &["inspect", &format!("oci:{copy}:1.0.0")])).unwrap();
    assert_eq!(copied["Digest"], artifact.digest.as_str());
    let bundle = root.join("bundle");
    run("umoci", &["unpack", "--rootless", "--image", &image, bundle.as_str()]);
    for file in &artifact.files {
        let bytes = fs_err::read(bundle.join("rootfs").join(&file.path)).unwrap();
        assert_eq!(packwright_core::artifact::Digest::of(&bytes), file.digest, "{}", file.path);
    }
}

#[test]
fn tar_and_gzip_read_the_layer() {
    if !are_installed("tar_and_gzip_read_the_layer", &["tar", "gzip"]) {
        return;
    }
    let (_keep, root) = folder();
    let artifact = artifact("1.0.0");
    let layer = root.join("layer.tar.gz");
    fs_err::write(&layer, &artifact.layer).unwrap();
    run("gzip", &["--test", layer.as_str()]);
    let listed = run("tar", &["--list", "--quoting-style=literal", "--file", layer.as_str()]);
    let files: Vec<&str> = listed.lines().filter(|line| !line.ends_with('/')).collect();
    assert_eq!(files, artifact.files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>());
}
