//! Whole ways through shipping, each in a home of its own.

use super::{BuildOutcome, Registry, Release, Shipping, build};
use crate::trying::Runner;
use crate::wire::{FailureCode, ShipPlan, StepState, Verdict};
use camino::{Utf8Path, Utf8PathBuf};
use packwright_kit::home::Home;
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

struct World {
    _keep: tempfile::TempDir,
    root: Utf8PathBuf,
    home: Home,
    pack: Utf8PathBuf,
    shipping: Shipping,
}

impl World {
    fn new() -> Self {
        let keep = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(keep.path()).unwrap().canonicalize_utf8().unwrap();
        let home = Home::at(&root.join("home"));
        let runner = Arc::new(Runner::new(&home, Box::new(|_, _| ())));
        let world = Self { pack: root.join("notes"), shipping: Shipping::new(home.clone(), runner), home, root, _keep: keep };
        world.write("behavior.md", "Be brief.\n");
        world.version("1.0.0");
        world
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.pack.join(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }

    fn version(&self, version: &str) {
        self.write(
            "pack.yaml",
            &format!("name: notes\npublisher: acme\nversion: {version}\ndescription: Keeps notes.\nlicense: MIT\n"),
        );
    }

    fn plan(&self) -> ShipPlan {
        self.shipping.plan(&self.pack, "local").unwrap()
    }

    fn publish(&self) -> Result<crate::wire::ReceiptView, crate::wire::Failure> {
        let promised = self.plan().digest;
        self.shipping.publish(&self.pack, "local", promised.as_deref(), &|_, _| (), &AtomicBool::new(false))
    }

    /// The files of the registry on this computer.
    fn blobs(&self) -> Utf8PathBuf {
        self.home.data.join("registry/acme/notes/blobs/sha256")
    }
}

fn release(version: &str) -> Release {
    Release::parse(&format!("acme/notes:{version}"), None).unwrap()
}

/// What stands in the way, and where.
fn blockers(plan: &ShipPlan) -> String {
    let failing = plan.checks.iter().filter(|check| check.verdict == Verdict::Fail);
    let lines = failing.map(|check| {
        let place = check.place.as_ref().map(|place| format!(" [{}:{}:{}]", place.file, place.line, place.column));
        format!("{}{} — {}", check.text, place.unwrap_or_default(), check.hint.as_deref().unwrap_or("?"))
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn texts(plan: &ShipPlan) -> Vec<&str> {
    plan.checks.iter().map(|check| check.text.as_str()).collect()
}

#[test]
fn a_plan_promises_the_digest_and_sends_nothing() {
    let world = World::new();
    let plan = world.plan();
    assert_eq!(blockers(&plan), "");
    assert_eq!(
        (plan.to.as_str(), plan.pack.as_str(), plan.version.as_str(), plan.after.as_deref()),
        ("this computer", "acme.notes", "1.0.0", None)
    );
    assert!(plan.signed_by.fingerprint.is_none() && !plan.published && plan.size > 0);
    assert_eq!(plan.files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), ["behavior.md", "pack.yaml"]);
    assert_eq!(texts(&plan)[..3], ["no problems in the pack", "2 files, 3 KB of 100 MB", "1.0.0 is the first release there"]);
    assert!(!world.home.data.join("registry").exists() && !world.home.data.join("keys").exists());

    let heard = RefCell::new(Vec::new());
    let report = |at: usize, state: StepState| heard.borrow_mut().push((at, state));
    let receipt = world.shipping.publish(&world.pack, "local", plan.digest.as_deref(), &report, &AtomicBool::new(false)).unwrap();
    assert_eq!(Some(&receipt.digest), plan.digest.as_ref());
    assert_eq!(receipt.reference, "acme/notes:1.0.0");
    assert_eq!(receipt.pinned, format!("acme/notes@{}", receipt.digest));
    assert!(!receipt.unchanged && receipt.signed_by.fingerprint.is_some() && receipt.at > 0);
    let expected = (0..plan.steps.len()).flat_map(|at| [(at, StepState::Running), (at, StepState::Done)]).collect::<Vec<_>>();
    assert_eq!(heard.take(), expected);
    let kept = world.shipping.receipts(10).unwrap();
    assert_eq!(kept.iter().map(|kept| &kept.digest).collect::<Vec<_>>(), [&receipt.digest]);
}

#[test]
fn publishing_again_is_no_publication_and_a_taken_version_is_refused() {
    let world = World::new();
    let first = world.publish().unwrap();
    assert!(world.plan().published);
    let again = world.publish().unwrap();
    assert!(again.unchanged && again.signed_by.fingerprint == first.signed_by.fingerprint && again.digest == first.digest);

    world.write("behavior.md", "Be verbose.\n");
    let plan = world.plan();
    assert!(!plan.published && plan.digest.is_some() && plan.after.as_deref() == Some("1.0.0"));
    let told = blockers(&plan);
    assert!(told.contains("1.0.0 is published already, with other content") && told.contains("[pack.yaml:3:10]"), "{told}");
    assert!(told.contains("for example to 1.0.1"), "{told}");
    assert_eq!(world.publish().unwrap_err().code, FailureCode::VersionExists);

    world.version("1.1.0");
    let plan = world.plan();
    assert!(texts(&plan).contains(&"1.1.0 comes after 1.0.0"), "{:?}", texts(&plan));
    world.publish().unwrap();
    world.version("1.0.5");
    let plan = world.plan();
    assert!(texts(&plan).contains(&"1.0.5 is older than 1.1.0, which stays the latest"), "{:?}", texts(&plan));
    world.publish().unwrap();
    let repository = world.shipping.repository_of(&world.pack, &Registry::Local).unwrap();
    let releases = world.shipping.releases(&repository).unwrap();
    let listed: Vec<_> = releases.iter().map(|release| (release.version.as_str(), release.latest, release.signed)).collect();
    assert_eq!(listed, [("1.1.0", true, true), ("1.0.5", false, true), ("1.0.0", false, true)]);
}

#[test]
fn what_changed_after_the_plan_is_not_published() {
    let world = World::new();
    let promised = world.plan().digest;
    world.write("behavior.md", "Something else.\n");
    let heard = RefCell::new(Vec::new());
    let report = |at: usize, state: StepState| heard.borrow_mut().push((at, state));
    let publish = || world.shipping.publish(&world.pack, "local", promised.as_deref(), &report, &AtomicBool::new(false));
    assert_eq!(publish().unwrap_err().code, FailureCode::PlanChanged);
    assert_eq!(heard.take(), [(0, StepState::Running), (0, StepState::Failed)]);
    // What got worse is said by its name.
    world.write("oops/notes.txt", "");
    let failure = publish().unwrap_err();
    assert!(failure.code == FailureCode::PlanChanged && failure.message.contains("oops"), "{failure:?}");
    assert!(!world.home.data.join("registry").exists());
}

#[test]
fn a_stop_leaves_nothing_that_can_be_seen() {
    let world = World::new();
    // Between two steps, and in the middle of one that is two for the registry.
    for stop_at in [4, 2] {
        let (cancel, failed) = (AtomicBool::new(false), AtomicBool::new(false));
        let report = |at: usize, state: StepState| {
            cancel.fetch_or((at, state) == (stop_at, StepState::Running), Ordering::Relaxed);
            failed.fetch_or(state == StepState::Failed, Ordering::Relaxed);
        };
        let failure = world.shipping.publish(&world.pack, "local", None, &report, &cancel).unwrap_err();
        assert_eq!(failure.code, FailureCode::Stopped);
        assert!(!failed.into_inner(), "a stop is no failure of a step");
    }
    let repository = world.shipping.repository_of(&world.pack, &Registry::Local).unwrap();
    assert!(world.shipping.releases(&repository).unwrap().is_empty());
    assert!(world.shipping.receipts(10).unwrap().is_empty());
    assert!(!world.publish().unwrap().unchanged, "and it goes on from there");
}

#[test]
fn blockers_are_said_once_each_with_their_place() {
    let world = World::new();
    world.write("pack.yaml", "name: notes\npublisher: acme\nversion: 1.0.0\ndescription: d\ncategory: nonsense\n");
    world.write(".env", "TOKEN=1\n");
    let plan = world.plan();
    let told = blockers(&plan);
    assert_eq!(told.lines().count(), 2, "{told}");
    assert!(told.contains("[pack.yaml:5:11]") && told.contains("[.env:"), "{told}");
    assert!(plan.digest.is_none() && plan.steps.is_empty());
    assert!(!texts(&plan).contains(&"no problems in the pack"));

    // Checking and assembling both refuse it, and it is said once.
    world.version("latest");
    fs_err::remove_file(world.pack.join(".env")).unwrap();
    let told = blockers(&world.plan());
    assert!(told.contains("`latest` moves from release to release") && told.contains("[pack.yaml:3:10]"), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");

    world.write("pack.yaml", "name: [\n");
    assert_eq!(blockers(&world.plan()).lines().count(), 1);
    fs_err::remove_file(world.pack.join("pack.yaml")).unwrap();
    assert_eq!(blockers(&world.plan()).lines().count(), 1);
}

#[test]
fn a_flood_of_errors_is_five_and_a_number() {
    let world = World::new();
    for number in 0..20 {
        world.write(&format!("stray{number:02}/a.md"), "");
    }
    let told = blockers(&world.plan());
    assert_eq!(told.lines().count(), 6, "{told}");
    assert!(told.contains("and 15 more errors"), "{told}");
}

#[test]
fn cases_decide_too() {
    let world = World::new();
    let manifest = "name: notes\npublisher: acme\nversion: 1.0.0\ndescription: d\nlicense: MIT\ntools:\n  - name: count\n    description: Counts.\n    input: {type: object}\n    output: {type: object}\n    handler: handlers/count.js\n";
    world.write("pack.yaml", manifest);
    world.write("handlers/count.js", "export const count = (input) => ({n: input.text.length});\n");
    let plan = world.plan();
    assert_eq!(blockers(&plan), "");
    assert!(texts(&plan).contains(&"no cases: nothing shows that the tools work"), "{:?}", texts(&plan));
    assert!(plan.files.iter().any(|file| file.built && file.path == "components/packwright-inline.wasm"));

    let case =
        |n: u32| format!("tool: count\ncases:\n  - name: counts\n    input: {{text: abc}}\n    expect: {{output: {{n: {n}}}}}\n");
    world.write("tests/count.yaml", &case(4));
    let told = blockers(&world.plan());
    assert!(told.contains("the case “counts” fails") && told.contains("[tests/count.yaml:3:"), "{told}");
    assert_eq!(world.publish().unwrap_err().code, FailureCode::PlanChanged);
    world.write("tests/count.yaml", &case(3));
    let plan = world.plan();
    assert!(texts(&plan).contains(&"1 case passes"), "{:?}", texts(&plan));
    world.publish().unwrap();
    world.write("tests/count.yaml", "cases: 1\n");
    assert!(blockers(&world.plan()).contains("`tests/count.yaml` cannot be read"));

    world.write("handlers/count.js", "export const count = (input => 1;\n");
    let told = blockers(&world.plan());
    assert!(told.contains("does not parse") && told.contains("[handlers/count.js:1:"), "{told}");
}

#[test]
fn whose_it_is_must_be_known_for_a_server() {
    let world = World::new();
    world.write("pack.yaml", "name: notes\nversion: 1.0.0\ndescription: d\nlicense: MIT\n");
    let plan = world.shipping.plan(&world.pack, "127.0.0.1:1").unwrap();
    assert!(blockers(&plan).contains("has to be told whose pack this is"), "{}", blockers(&plan));
    assert_eq!(world.publish().unwrap().reference, "local/notes:1.0.0");
}

#[test]
fn what_is_pulled_is_what_was_published() {
    let world = World::new();
    world.write("guides/größe.md", "Groß.\n");
    world.write("tests/none.txt", "Not shipped.\n");
    world.publish().unwrap();
    let into = world.root.join("copy");
    let pulled = world.shipping.pull(&release("1.0.0"), &into).unwrap();
    assert_eq!((pulled.files, pulled.version.as_str(), pulled.folder.as_str()), (3, "1.0.0", into.as_str()));
    for path in ["pack.yaml", "behavior.md", "guides/größe.md"] {
        assert_eq!(fs_err::read(into.join(path)).unwrap(), fs_err::read(world.pack.join(path)).unwrap(), "{path}");
    }
    assert!(!into.join("tests").exists());
    fs_err::write(into.join("mine.txt"), "mine").unwrap();
    let failure = world.shipping.pull(&release("1.0.0"), &into).unwrap_err();
    assert_eq!(failure.code, FailureCode::Exists);
    assert!(into.join("mine.txt").exists());
    // The window never asks: it takes the next name.
    let folders: Vec<String> = (0..2).map(|_| world.shipping.pull_to_data(&release("latest")).unwrap().folder).collect();
    assert!(folders[0].ends_with("pulled/notes-latest") && folders[1].ends_with("pulled/notes-latest-2"), "{folders:?}");
    let failure = world.shipping.pull(&release("9.9.9"), &world.root.join("x")).unwrap_err();
    assert!(failure.code == FailureCode::NotFound && failure.message.contains("`9.9.9` of `acme/notes`"), "{failure:?}");
}

#[test]
fn what_was_tampered_with_is_refused() {
    let world = World::new();
    world.publish().unwrap();
    let good = world.shipping.verify(&release("1.0.0")).unwrap();
    assert_eq!((good.verdict, good.version.as_str(), good.checks.len()), (Verdict::Pass, "1.0.0", 4));

    for blob in world.blobs().read_dir_utf8().unwrap().map(|entry| entry.unwrap().into_path()) {
        let bytes = fs_err::read(&blob).unwrap();
        let mut changed = bytes.clone();
        let at = changed.len() / 2;
        changed[at] ^= 1;
        fs_err::write(&blob, changed).unwrap();
        let verdict = world.shipping.verify(&release("1.0.0"));
        // Of the empty config of an attachment nothing depends.
        if bytes != b"{}" {
            assert!(
                verdict
                    .as_ref()
                    .map_or_else(|failure| failure.code == FailureCode::Refused, |view| view.verdict == Verdict::Fail),
                "{}: {verdict:?}",
                String::from_utf8_lossy(&bytes[..bytes.len().min(200)])
            );
        }
        fs_err::write(&blob, bytes).unwrap();
    }
    assert_eq!(world.shipping.verify(&release("1.0.0")).unwrap().verdict, Verdict::Pass);
}

#[test]
fn only_trusted_keys_count_and_trust_is_a_file() {
    let world = World::new();
    world.publish().unwrap();
    let keys = world.home.data.join("keys");
    let public = fs_err::read(keys.join("signing.pub.pem")).unwrap();
    fs_err::rename(&keys, world.root.join("old-keys")).unwrap();
    let stranger = world.shipping.verify(&release("1.0.0")).unwrap();
    assert_eq!(stranger.verdict, Verdict::Fail);
    assert!(stranger.checks[1].text.contains("not trusted here"), "{:?}", stranger.checks[1]);
    assert_eq!(world.shipping.pull(&release("1.0.0"), &world.root.join("x")).unwrap_err().code, FailureCode::Refused);
    let repository = world.shipping.repository_of(&world.pack, &Registry::Local).unwrap();
    assert!(!world.shipping.releases(&repository).unwrap()[0].signed);

    fs_err::create_dir_all(keys.join("trusted")).unwrap();
    fs_err::write(keys.join("trusted/ann.pem"), public).unwrap();
    let trusted = world.shipping.verify(&release("1.0.0")).unwrap();
    assert!(
        trusted.verdict == Verdict::Pass && trusted.checks[1].text.starts_with("signed by ann: SHA256:"),
        "{:?}",
        trusted.checks
    );
    fs_err::write(keys.join("trusted/ben.pem"), "no key").unwrap();
    let failure = world.shipping.verify(&release("1.0.0")).unwrap_err();
    assert!(failure.message.contains("ben.pem"), "{failure:?}");
}

#[test]
fn a_broken_signing_key_is_said_and_never_replaced() {
    let world = World::new();
    let path = world.home.data.join("keys/signing.pem");
    fs_err::create_dir_all(path.parent().unwrap()).unwrap();
    fs_err::write(&path, "half a k").unwrap();
    assert!(blockers(&world.plan()).contains("signing.pem"));
    assert!(world.publish().unwrap_err().message.contains("signing.pem"));
    assert_eq!(fs_err::read(&path).unwrap(), b"half a k");
}

#[test]
fn registries_are_remembered() {
    let world = World::new();
    let ids = || world.shipping.registries().unwrap().into_iter().map(|one| one.id).collect::<Vec<_>>();
    assert_eq!(ids(), ["local"]);
    assert_eq!(world.shipping.add_registry("https://GHCR.io/acme/").unwrap().id, "ghcr.io/acme");
    world.shipping.add_registry("localhost:5000").unwrap();
    world.shipping.add_registry("local").unwrap();
    assert_eq!(ids(), ["local", "ghcr.io/acme", "localhost:5000"]);
    assert_eq!(world.shipping.add_registry("acme").unwrap_err().code, FailureCode::BadRequest);
    world.shipping.forget_registry("ghcr.io/acme").unwrap();
    assert_eq!(ids(), ["local", "localhost:5000"]);
}

#[test]
fn a_build_is_the_release_and_never_part_of_the_next_one() {
    let world = World::new();
    let built = |output: Option<&Utf8Path>| match build(&world.pack, output) {
        Ok(BuildOutcome::Built(built)) => Ok(built),
        Ok(BuildOutcome::Blocked(checks)) => panic!("{checks:?}"),
        Err(failure) => Err(failure),
    };
    let promised = world.plan().digest.unwrap();
    let first = built(None).unwrap();
    assert_eq!((first.digest.as_str(), first.files), (promised.as_str(), 2));
    assert_eq!(first.folder, world.pack.join("dist/notes-1.0.0"));
    let index = |folder: &Utf8Path| fs_err::read_to_string(folder.join("index.json")).unwrap();
    assert!(index(&first.folder).contains(&promised));
    assert_eq!(built(None).unwrap(), first, "a build that is there changes nothing, and is replaced");
    let left: Vec<_> =
        world.pack.join("dist").read_dir_utf8().unwrap().map(|entry| entry.unwrap().file_name().to_owned()).collect();
    assert_eq!(left, ["notes-1.0.0"]);

    let elsewhere = built(Some(&world.root.join("out"))).unwrap();
    assert_eq!(index(&elsewhere.folder), index(&first.folder));
    for inside in ["out", "guides/out", ".", "dist/../out"] {
        assert_eq!(built(Some(&world.pack.join(inside))).unwrap_err().code, FailureCode::BadRequest, "{inside}");
    }
    fs_err::create_dir(world.root.join("mine")).unwrap();
    fs_err::write(world.root.join("mine/thesis.txt"), "").unwrap();
    assert_eq!(built(Some(&world.root.join("mine"))).unwrap_err().code, FailureCode::Exists);
    assert!(world.root.join("mine/thesis.txt").exists());
}
