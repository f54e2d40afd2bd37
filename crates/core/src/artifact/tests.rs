//! What assembling promises.

use super::*;
use crate::source::MemoryPack;
use std::borrow::Cow;

fn pack(files: &[(&str, &str)]) -> MemoryPack {
    MemoryPack::new(files.iter().copied())
}

fn made(source: &dyn PackSource, built: Vec<Part>) -> Result<Artifact, Blockers> {
    let text = source.read(MANIFEST).map(|bytes| String::from_utf8(bytes.into_owned()).unwrap()).unwrap_or_default();
    assemble(source, &Manifest::read(&text).unwrap(), built, Vec::new())
}

fn part(path: &str, bytes: &str) -> Part {
    Part { path: path.to_owned(), bytes: bytes.as_bytes().to_vec() }
}

fn paths(artifact: &Artifact) -> Vec<&str> {
    artifact.files.iter().map(|file| file.path.as_str()).collect()
}

const NOTES: &str =
    "name: notes\npublisher: acme\nversion: 1.2.0\ndisplay_name: Notes\ndescription: Keeps notes.\nlicense: MIT\n";

fn notes() -> MemoryPack {
    pack(&[("pack.yaml", NOTES), ("behavior.md", "Be brief.\n"), ("guides/a.md", "A\n"), ("scripts/run.sh", "#!/bin/sh\n")])
}

/// Committed: a change of it changes every release's digest, so it wants a line in CHANGELOG.md.
#[test]
fn a_fixed_pack_has_a_fixed_digest() {
    let artifact = made(&notes(), Vec::new()).unwrap();
    assert_eq!(artifact.source_digest.as_str(), "sha256:a4cc2f104203a1926d20e8595ab143f1d8a37b9965e0bf5982662b019b07dbde");
    assert_eq!(artifact.content_digest.as_str(), "sha256:7653c2875c6abff9470f04a26d70d293de4ef7e67aeb0c0d25d07ae8196ced17");
    assert_eq!(artifact.digest.as_str(), "sha256:8ced1578dfd71db505ec64ed9a7b7693486c462a98a7ca3f15ad6324b42eb6fd");
}

#[test]
fn the_manifest_says_what_is_inside() {
    let artifact = made(&notes(), Vec::new()).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&artifact.manifest).unwrap();
    assert_eq!(manifest["artifactType"], PACK_TYPE);
    assert_eq!(manifest["layers"][0]["digest"], artifact.layer_digest.as_str());
    assert_eq!(manifest["layers"][0]["size"], artifact.layer.len());
    assert_eq!(manifest["config"]["digest"], Digest::of(&artifact.config).as_str());
    let annotations = manifest["annotations"].as_object().unwrap();
    assert_eq!(annotations[annotation::VERSION], "1.2.0");
    assert_eq!(annotations[annotation::TITLE], "Notes");
    assert_eq!(annotations[annotation::VENDOR], "acme");
    assert_eq!(annotations[annotation::CONTENT_DIGEST], artifact.content_digest.as_str());
    assert!(!annotations.contains_key(annotation::HOST_INTERFACE), "it has no tools");
    assert!(!String::from_utf8_lossy(&artifact.manifest).contains("created"));
    let config: serde_json::Value = serde_json::from_slice(&artifact.config).unwrap();
    assert_eq!(config["rootfs"]["diff_ids"][0], artifact.content_digest.as_str());
    assert_eq!(read::content_digest(&artifact.layer).unwrap(), artifact.content_digest);
}

/// A pack that lists its files in another order each time.
struct Shuffled(Vec<SourceEntry>, MemoryPack);

impl PackSource for Shuffled {
    fn entries(&self) -> &[SourceEntry] {
        &self.0
    }

    fn read(&self, path: &str) -> Result<Cow<'_, [u8]>, ReadError> {
        self.1.read(path)
    }
}

#[test]
fn the_order_of_listing_does_not_matter() {
    let files: Vec<(String, String)> =
        (0..60).map(|number| (format!("data/{}/f{number}.txt", ["b", "a-b", "a"][number % 3]), number.to_string())).collect();
    let files = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let pack = MemoryPack::new(files.chain([("pack.yaml", "name: n\ndescription: d\n"), ("data/a.txt", "x")]));
    let straight = made(&pack, Vec::new()).unwrap();
    let mut state = 7_usize;
    for _ in 0..20 {
        let mut entries = pack.entries().to_vec();
        for at in (1..entries.len()).rev() {
            state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345) % (1 << 31);
            entries.swap(at, state % (at + 1));
        }
        assert_ne!(entries, pack.entries());
        assert!(made(&Shuffled(entries, pack.clone()), Vec::new()).unwrap() == straight);
    }
}

#[test]
fn the_layer_is_a_plain_tar_of_folders_and_files() {
    let artifact = made(&notes(), Vec::new()).unwrap();
    let tar = flate2::read::MultiGzDecoder::new(artifact.layer.as_slice());
    let mut archive = ::tar::Archive::new(tar);
    let listed: Vec<String> = archive
        .entries()
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let header = entry.header();
            let owner = (header.uid().unwrap(), header.gid().unwrap(), header.mtime().unwrap());
            assert_eq!((owner, header.username().unwrap(), header.groupname().unwrap()), ((0, 0, 0), Some(""), Some("")));
            format!("{:o} {}", header.mode().unwrap(), entry.path().unwrap().display())
        })
        .collect();
    assert_eq!(
        listed,
        ["644 behavior.md", "755 guides/", "644 guides/a.md", "644 pack.yaml", "755 scripts/", "755 scripts/run.sh"]
    );
}

#[test]
fn what_is_not_for_users_stays_at_home() {
    let source = pack(&[
        ("pack.yaml", "pack_id: dev.acme.notes\nversion: 1.0.0\n"),
        (".packignore", "/data/big/\n*.bak\n"),
        ("tests/a.yaml", ""),
        ("evals/a.yaml", ""),
        ("answers.yaml", ""),
        ("dist/a.gtpack", ""),
        ("sbom.json", ""),
        ("signature.sig", ""),
        ("pack.lock.json", ""),
        ("qa/x", ""),
        ("data/big/a.csv", ""),
        ("data/a.csv", ""),
        ("data/a.bak", ""),
        ("data/tests/kept.md", ""),
        ("guides/.DS_Store", ""),
    ])
    .with("data/empty", SourceKind::Folder, 0);
    let artifact = made(&source, Vec::new()).unwrap();
    assert_eq!(paths(&artifact), ["data/a.csv", "data/tests/kept.md", "pack.yaml"]);
    assert_eq!(artifact.name, "notes");
}

#[test]
fn built_parts_stand_beside_inline_sources_and_replace_the_others() {
    let manifest =
        "name: n\ndescription: d\ntools:\n  - {name: a, handler: handlers/a.ts}\n  - {name: b, handler: handlers/b.go}\n";
    let files = [("pack.yaml", manifest), ("handlers/a.ts", "a"), ("handlers/b.go", "b"), ("handlers/lib.ts", "l")];
    let built = || vec![part("handlers/a.wasm", "A"), part("handlers/b.wasm", "B")];
    let artifact = made(&pack(&files), built()).unwrap();
    assert_eq!(paths(&artifact), ["handlers/a.ts", "handlers/a.wasm", "handlers/b.wasm", "handlers/lib.ts", "pack.yaml"]);
    assert_eq!(artifact.files.iter().filter(|file| file.built).count(), 2);
    // Another engine gives another content, and the same source.
    let newer = made(&pack(&files), vec![part("handlers/a.wasm", "A2"), part("handlers/b.wasm", "B")]).unwrap();
    assert_ne!(newer.content_digest, artifact.content_digest);
    assert_eq!((&newer.source_digest, &newer.version), (&artifact.source_digest, &artifact.version));
    // A source that does not ship still is the author's.
    let mut changed = files;
    changed[2].1 = "b2";
    assert_ne!(made(&pack(&changed), built()).unwrap().source_digest, artifact.source_digest);
    // Without its built part the source is all there is.
    assert!(paths(&made(&pack(&files), Vec::new()).unwrap()).contains(&"handlers/b.go"));
}

#[test]
fn a_pack_without_a_version_is_called_by_its_source() {
    let artifact = made(&pack(&[("pack.yaml", "name: n\ndescription: d\n")]), Vec::new()).unwrap();
    assert_eq!(artifact.version, format!("sha-{}", &artifact.source_digest.hex()[..12]));
}

#[test]
fn the_source_digest_sees_every_change() {
    let digest = |files: &[(&str, &str)]| {
        let files: Vec<_> = files.iter().copied().chain([("pack.yaml", "name: n\ndescription: d\n")]).collect();
        made(&pack(&files), Vec::new()).unwrap().source_digest
    };
    let all = [
        digest(&[("data/a", "x")]),
        digest(&[("data/a", "y")]),
        digest(&[("data/b", "x")]),
        digest(&[("data/a", "x"), ("data/b", "x")]),
        digest(&[]),
    ];
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
}

fn blocked(source: &dyn PackSource, built: Vec<Part>) -> String {
    let Err(Blockers(found)) = made(source, built) else { return "nothing".to_owned() };
    found.iter().map(|blocker| format!("{blocker} → {}", blocker.hint())).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_keeps_a_pack_from_being_published_is_said_with_a_way_out() {
    insta::assert_snapshot!(blocked(&pack(&[("pack.yaml", "version: 1.0+x\n"), (".env", "A=1"), ("data/a:b", "")]), Vec::new()), @r"
    the pack has no name → Add `name:` to `pack.yaml`.
    `1.0+x` cannot be the tag of a release → Write `major.minor.patch`, as in `1.0.0`; or leave the key out, and the version is made from the content.
    `.env` looks like a secret and would be published → Move it out of the pack, or list it in `.packignore`: published is published.
    `data/a:b` cannot be unpacked everywhere: it has a character that Windows does not allow → Rename it.
    ");
    insta::assert_snapshot!(blocked(&pack(&[("pack.yaml", "name: My Notes\nversion: latest\n")]), Vec::new()), @r"
    `My Notes` cannot be part of a registry's address → Use small letters, digits and hyphens, as in `open-library`.
    `latest` cannot be the tag of a release → Write `major.minor.patch`, as in `1.0.0`; or leave the key out, and the version is made from the content.
    ");
    insta::assert_snapshot!(blocked(&pack(&[("pack.yaml", "name: n\n"), (".packignore", "pack.yaml\n")]), Vec::new()), @"there is no `pack.yaml` to publish → A pack needs its manifest; see that `.packignore` does not leave it out.");
    insta::assert_snapshot!(
        blocked(&pack(&[("pack.yaml", "name: n\n"), ("data/k.pem", "-----BEGIN PRIVATE KEY-----\n")]), Vec::new()),
        @"`data/k.pem` looks like a secret and would be published → Move it out of the pack, or list it in `.packignore`: published is published."
    );
}

#[test]
fn what_cannot_be_read_blocks() {
    let odd = pack(&[("pack.yaml", "name: n\n")])
        .with("data/out", SourceKind::LinkOutside { target: "/etc/passwd".to_owned() }, 0)
        .with("data/pipe", SourceKind::Special, 0)
        .with("data/gone", SourceKind::File, 3)
        .with("schemas", SourceKind::LinkInside { folder: true }, 0);
    insta::assert_snapshot!(blocked(&odd, Vec::new()), @r"
    `data/out` cannot be published: it is a link to `/etc/passwd`, which is not in the pack → Put a file in its place, or remove it.
    `data/pipe` cannot be published: it is not a file → Put a file in its place, or remove it.
    `schemas` is a link to a folder, which cannot be published → Put a copy of the folder in its place.
    ");
    let gone = pack(&[("pack.yaml", "name: n\n")]).with("data/gone", SourceKind::File, 3);
    insta::assert_snapshot!(blocked(&gone, Vec::new()), @"`data/gone` cannot be read: it disappeared while the pack was read → Check that it is there, and its permissions and size.");
}

#[test]
fn too_much_blocks_before_it_is_read() {
    // Reading it would say that it is not there.
    let large = pack(&[("pack.yaml", "name: n\n")]).with("data/film.bin", SourceKind::File, 150_000_000);
    insta::assert_snapshot!(blocked(&large, Vec::new()), @"the pack has 151 MB; 100 MB is the limit → The largest file is `data/film.bin` with 150 MB; leave it out with `.packignore`.");
    let many: Vec<(String, String)> = (0..MAX_ENTRIES).map(|number| (format!("data/f{number}"), String::new())).collect();
    let many = MemoryPack::new(many.into_iter().chain([("pack.yaml".to_owned(), "name: n\n".to_owned())]));
    assert_eq!(made(&many, Vec::new()), Err(Blockers(vec![Blocker::TooMany])));
}

#[test]
fn a_built_part_takes_nobodys_place() {
    let files = pack(&[("pack.yaml", "name: n\n"), ("handlers/A.wasm", "mine"), ("handlers/b", "a file")]);
    for path in ["handlers/a.wasm", "handlers/b/c.wasm", "handlers"] {
        assert_eq!(made(&files, vec![part(path, "")]), Err(Blockers(vec![Blocker::Taken { path: path.to_owned() }])), "{path}");
    }
    let twice = vec![part("x.wasm", "1"), part("x.wasm", "2")];
    assert_eq!(made(&files, twice), Err(Blockers(vec![Blocker::Taken { path: "x.wasm".to_owned() }])));
    assert!(matches!(made(&files, vec![part("../x", "")]), Err(Blockers(found)) if matches!(found[0], Blocker::BadPath { .. })));
}

#[test]
fn what_is_assembled_can_be_read_back() {
    let mut files = Vec::new();
    let artifact = made(&notes(), vec![part("handlers/größe.wasm", "w")]).unwrap();
    let digest = read::read_layer(&artifact.layer, |entry| {
        if let read::LayerEntry::File { path, bytes, executable } = entry {
            files.push((path.to_owned(), Digest::of(bytes), executable));
        }
        Ok::<_, ()>(())
    });
    assert_eq!(digest.unwrap(), artifact.content_digest);
    let expected: Vec<_> = artifact.files.iter().map(|file| (file.path.clone(), file.digest.clone(), file.executable)).collect();
    assert_eq!(files, expected);
}

#[test]
fn built_parts_stand_beside_their_source() {
    for (handler, built) in [
        ("handlers/a.ts", "handlers/a.wasm"),
        ("handlers/a.b.js", "handlers/a.b.wasm"),
        ("handlers/search/", "handlers/search.wasm"),
        ("v1.2/search", "v1.2/search.wasm"),
    ] {
        assert_eq!(built_path(handler), built);
    }
}

#[test]
fn names_and_tags_are_those_of_registries() {
    for good in ["a", "open-library", "a.b", "a_b", "a__b", "a--b", "0"] {
        assert!(is_repository_part(good), "{good}");
    }
    for bad in ["", "A", "-a", "a-", "a..b", "a___b", "a/b", "a b", "ä", "..", "a.-b", &"a".repeat(129)] {
        assert!(!is_repository_part(bad), "{bad}");
    }
    for good in ["1.0.0", "v1", "2026.05", "sha-0123", "_x"] {
        assert!(is_release_tag(good), "{good}");
    }
    for bad in ["", "1.0+x", ".a", "-a", "a b", "latest", "stable", "staging", "sha256-00", "ä", &"a".repeat(129)] {
        assert!(!is_release_tag(bad), "{bad}");
    }
}
