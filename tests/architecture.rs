//! Who may depend on whom: ARCHITECTURE.md as a test.

use packwright_tests::sources;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Every crate of ours and the crates of ours that it may use. A crate that is not here fails the test: say what it may do.
const MAY_USE: &[(&str, &[&str])] = &[
    ("packwright-core", &[]),
    ("packwright-kit", &["packwright-core"]),
    ("packwright-sandbox", &["packwright-core"]),
    ("packwright-registry", &["packwright-core"]),
    ("packwright-app", &["packwright-core", "packwright-kit", "packwright-sandbox", "packwright-registry"]),
    ("packwright-cli", &["packwright-app"]),
    ("packwright-studio", &["packwright-app"]),
    ("packwright-tests", &["packwright-app"]),
    ("xtask", &[]),
];

/// Libraries with one owner.
const ONE_OWNER: &[(&str, &str)] = &[
    ("tauri", "packwright-studio"),
    ("clap", "packwright-cli"),
    ("rusqlite", "packwright-kit"),
    ("notify", "packwright-kit"),
    ("keyring", "packwright-kit"),
    ("jsonschema", "packwright-core"),
    ("wasmtime", "packwright-sandbox"),
    ("oxc_parser", "packwright-sandbox"),
    ("reqwest", "packwright-sandbox"),
    ("oci-client", "packwright-registry"),
    ("ed25519-dalek", "packwright-registry"),
    ("lsp-server", "packwright-app"),
    ("ts-rs", "packwright-app"),
];

/// What the core may never depend on, directly: it would no longer be pure.
const NOT_IN_CORE: &[&str] = &["fs-err", "tempfile", "tokio", "notify", "walkdir", "rusqlite", "reqwest", "dirs", "rand", "jiff"];

/// Our crates by name, as `cargo metadata` describes them.
fn ours() -> BTreeMap<String, Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"])
        .arg(sources().join("Cargo.toml"))
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo describes the workspace");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    packages.iter().map(|package| (package["name"].as_str().expect("a name").to_owned(), package.clone())).collect()
}

/// What a crate depends on to run; what its tests need besides is its own affair.
fn uses(package: &Value) -> BTreeSet<String> {
    let dependencies = package["dependencies"].as_array().expect("a list of dependencies");
    dependencies.iter().filter(|one| one["kind"].is_null()).filter_map(|one| one["name"].as_str()).map(str::to_owned).collect()
}

#[test]
fn crates_use_only_what_the_architecture_allows() {
    let ours = ours();
    let allowed: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    for (name, package) in &ours {
        let may =
            allowed.get(name.as_str()).unwrap_or_else(|| panic!("`{name}` is new: add it to ARCHITECTURE.md and to this test"));
        for used in uses(package).iter().filter(|used| ours.contains_key(*used)) {
            assert!(may.contains(&used.as_str()), "`{name}` may not use `{used}`");
        }
    }
    assert_eq!(ours.len(), MAY_USE.len(), "a crate of the table is gone");
}

#[test]
fn heavy_libraries_have_one_owner() {
    for (name, package) in &ours() {
        let used = uses(package);
        for (library, owner) in ONE_OWNER {
            assert!(!used.contains(*library) || name == owner, "`{library}` belongs to `{owner}`, and `{name}` uses it");
        }
    }
}

#[test]
fn the_core_is_pure() {
    let ours = ours();
    let core = &ours["packwright-core"];
    for library in uses(core) {
        assert!(!NOT_IN_CORE.contains(&library.as_str()), "`{library}` does not belong in the core");
    }
    let outside = ["std::fs", "std::net", "std::env", "std::thread", "std::process", "std::time", "SystemTime", "Instant::now"];
    let mut files = 0;
    let mut folders = vec![sources().join("crates/core/src")];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir_utf8().expect("the sources can be listed") {
            let entry = entry.expect("the sources can be listed");
            if entry.path().is_dir() {
                folders.push(entry.path().to_owned());
                continue;
            }
            files += 1;
            let text = fs_err::read_to_string(entry.path()).expect("sources are text");
            for word in outside {
                assert!(!text.contains(word), "{} mentions `{word}`", entry.path());
            }
        }
    }
    assert!(files > 8, "the core's sources were looked at");
}

/// The engine is made, not committed, and the same everywhere: its bytes are part of what people publish.
#[test]
fn the_engine_of_inline_handlers_is_the_one_that_is_written_down() {
    let wanted = fs_err::read_to_string(sources().join("engine/inline-engine.sha256")).expect("the digest is committed");
    let made = fs_err::read(sources().join("engine/out/inline-engine.wasm")).expect("set-up makes the engine");
    let digest = hex::encode(Sha256::digest(&made));
    assert_eq!(digest, wanted.trim(), "engine/ makes other bytes now: write the new digest into engine/inline-engine.sha256");
}

/// The page's power, in one place. `ui/` has its own rule that only one folder may reach for Tauri.
#[test]
fn the_page_has_one_command_and_one_channel() {
    let text = fs_err::read_to_string(sources().join("src-tauri/capabilities/studio.json")).expect("the capability file");
    let capability: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(capability["permissions"], serde_json::json!(["allow-call", "allow-listen"]));
    let text = fs_err::read_to_string(sources().join("tauri.conf.json")).expect("the configuration");
    let configuration: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let policy = configuration["app"]["security"]["csp"].to_string();
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(configuration["app"]["withGlobalTauri"], false);
}
