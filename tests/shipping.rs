//! `packwright build`, `publish`, `versions`, `verify` and `pull` as their users run them, on this computer's registry and a real one.

use camino::{Utf8Path, Utf8PathBuf};
use packwright_tests::docker_registry::DockerRegistry;
use packwright_tests::{are_installed, copy_folder, program, sources};
use serde_json::Value;
use std::net::TcpListener;
use std::process::{Command, Stdio};

/// A home, and a pack in a folder of its own.
struct Author {
    _keep: tempfile::TempDir,
    root: Utf8PathBuf,
    pack: Utf8PathBuf,
}

impl Author {
    fn with(sample: &str) -> Self {
        let keep = tempfile::tempdir().expect("a temporary folder");
        let root = Utf8Path::from_path(keep.path()).expect("Unicode").canonicalize_utf8().expect("it exists");
        let pack = root.join(sample);
        copy_folder(&sources().join("packs-samples").join(sample), &pack).expect("a copy");
        Self { pack, root, _keep: keep }
    }

    /// Exit code, standard output, standard error.
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = Command::new(program("packwright").expect("it is built"))
            .args(arguments)
            .current_dir(&self.pack)
            .env("PACKWRIGHT_HOME", self.root.join("home"))
            .env("HOME", self.root.join("home"))
            .env("NO_COLOR", "1")
            // Nobody's login is looked for.
            .env_remove("DOCKER_CONFIG")
            .env_remove("REGISTRY_AUTH_FILE")
            .env_remove("XDG_RUNTIME_DIR")
            .env_remove("XDG_CONFIG_HOME")
            .stdin(Stdio::null())
            .output()
            .expect("packwright runs");
        let text = |bytes| String::from_utf8(bytes).expect("programs print UTF-8");
        (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
    }

    fn json(&self, arguments: &[&str]) -> (i32, Value) {
        let (code, out, said) = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(said, "", "with --json nothing is said beside the envelope");
        let envelope: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"));
        assert_eq!((&envelope["schema"], &envelope["command"]), (&Value::from(1), &Value::from(arguments[0])));
        (code, envelope)
    }

    fn replace(&self, path: &str, from: &str, to: &str) {
        let path = self.pack.join(path);
        let text = fs_err::read_to_string(&path).expect("the file");
        assert!(text.contains(from), "{path} has no `{from}`");
        fs_err::write(&path, text.replacen(from, to, 1)).expect("written");
    }

    /// Every file below a folder, with its bytes.
    fn files(folder: &Utf8Path) -> Vec<(String, Vec<u8>)> {
        let (mut files, mut waiting) = (Vec::new(), vec![folder.to_owned()]);
        while let Some(next) = waiting.pop() {
            for entry in next.read_dir_utf8().expect("listed") {
                let path = entry.expect("listed").into_path();
                if path.is_dir() {
                    waiting.push(path);
                } else {
                    let name = path.strip_prefix(folder).expect("below").to_string();
                    files.push((name, fs_err::read(&path).expect("read")));
                }
            }
        }
        files.sort();
        files
    }
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no {pointer} in {value:#}"))
}

#[test]
fn the_same_files_build_to_the_same_digest_and_that_is_what_is_published() {
    let ann = Author::with("open-library");
    let (code, first) = ann.json(&["build"]);
    assert_eq!(code, 0, "{first:#}");
    let layout = Author::files(&ann.pack.join("dist"));
    assert_eq!(ann.json(&["build"]).1["data"], first["data"]);
    assert_eq!(Author::files(&ann.pack.join("dist")), layout);
    // Another author, on another day.
    let ben = Author::with("open-library");
    let (code, _) = ben.json(&["build", "--output", "../out"]);
    assert_eq!((code, Author::files(&ben.root.join("out"))), (0, Author::files(&ann.pack.join("dist/open-library-1.0.0"))));
    let (_, plan) = ann.json(&["publish", "--dry-run"]);
    assert_eq!(text(&plan, "/data/plan/digest"), text(&first, "/data/digest"));
    assert!(!ann.root.join("home/data/registry").exists(), "a dry run sends nothing");
    let (code, out, said) = ann.run(&["build"]);
    assert!(code == 0 && out.starts_with("open-library 1.0.0: ") && said.contains("Written to "), "{out}{said}");
}

#[test]
fn a_release_goes_out_and_comes_back() {
    let ann = Author::with("open-library");
    let (code, out, said) = ann.run(&["publish"]);
    assert_eq!(code, 0, "{said}");
    let pinned = out.trim();
    assert!(pinned.starts_with("packwright-samples/open-library@sha256:"), "{out}");
    assert!(said.contains("Published: packwright-samples/open-library:1.0.0, signed by "), "{said}");
    assert!(said.contains("cases pass") && said.contains("keys/signing.pub.pem"), "{said}");

    let (code, envelope) = ann.json(&["publish"]);
    assert_eq!((code, &envelope["data"]["receipt"]["unchanged"]), (0, &Value::Bool(true)));
    assert_eq!(text(&envelope, "/data/receipt/pinned"), pinned);

    // The same version with other bytes.
    ann.replace("pack.yaml", "Search and read book records", "Search, read and love book records");
    let (code, _, said) = ann.run(&["publish"]);
    assert_eq!(code, 4, "{said}");
    assert!(said.contains("1.0.0 is published already, with other content") && said.contains("for example to 1.0.1"), "{said}");
    assert!(said.contains("pack.yaml:5:10"), "{said}");
    let (code, envelope) = ann.json(&["publish"]);
    assert_eq!((code, text(&envelope, "/error/code")), (4, "version_exists"));

    // Raised, it goes.
    ann.replace("pack.yaml", "version: 1.0.0", "version: 1.0.1");
    assert_eq!(ann.run(&["publish"]).0, 0);
    let (code, out, _) = ann.run(&["versions"]);
    let lines: Vec<&str> = out.lines().collect();
    assert!(code == 0 && lines.len() == 2, "{out}");
    assert!(lines[0].starts_with("1.0.1  sha256:") && lines[0].ends_with("signed    latest"), "{out}");
    assert!(
        lines[1].starts_with("1.0.0  sha256:") && pinned.ends_with(lines[1].split_whitespace().nth(1).expect("a digest")),
        "{out}"
    );
    assert_eq!(ann.run(&["versions", "packwright-samples/open-library"]).1, out);

    for reference in ["packwright-samples/open-library:1.0.1", "packwright-samples/open-library", pinned] {
        let (code, out, said) = ann.run(&["verify", reference]);
        assert!(code == 0 && said == "Verified.\n" && out.contains("signed by "), "{reference}: {out}{said}");
    }
    let into = ann.root.join("back");
    let (code, out, _) = ann.run(&["pull", "packwright-samples/open-library:1.0.1", "--into", into.as_str()]);
    assert_eq!((code, out.trim()), (0, into.as_str()));
    let mut source = Author::files(&ann.pack);
    source.retain(|(path, _)| !path.starts_with("tests/"));
    let mut back = Author::files(&into);
    back.retain(|(path, _)| path != "components/packwright-inline.wasm");
    assert_eq!(back, source);
    let (code, _, said) = ann.run(&["pull", "packwright-samples/open-library", "--into", into.as_str()]);
    assert!(code == 3 && said.contains("is there already"), "{said}");
    // What came back is a pack that can be built; only the version stands in the way of publishing it, and it is the same.
    let (code, out, _) = ann.run(&["check", into.as_str()]);
    assert_eq!((code, out.as_str()), (0, ""));
}

#[test]
fn a_changed_byte_in_the_registry_is_found() {
    let ann = Author::with("word-count");
    assert_eq!(ann.run(&["publish"]).0, 0);
    let blobs = ann.root.join("home/data/registry/packwright-samples/word-count/blobs/sha256");
    // The layer is the one that begins as gzip does.
    let (name, mut bytes) =
        Author::files(&blobs).into_iter().find(|(_, bytes)| bytes.starts_with(&[0x1f, 0x8b])).expect("a layer");
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    fs_err::write(blobs.join(name), bytes).expect("written");
    let (code, out, said) = ann.run(&["verify", "packwright-samples/word-count:1.0.0"]);
    assert!(code == 4 && out.contains("FAIL") && out.contains("changed or damaged"), "{out}{said}");
    assert_eq!(ann.json(&["verify", "packwright-samples/word-count:1.0.0"]).1["data"]["verdict"], "fail");
    let (code, _, said) = ann.run(&["pull", "packwright-samples/word-count:1.0.0"]);
    assert!(code == 4 && said.contains("changed or damaged") && !ann.pack.join("word-count").exists(), "{said}");
    // Publishing the same again mends it.
    assert_eq!(ann.run(&["publish"]).0, 0);
    assert_eq!(ann.run(&["verify", "packwright-samples/word-count:1.0.0"]).0, 0);
}

#[test]
fn what_is_wrong_with_the_pack_is_a_finding_with_its_place() {
    let ann = Author::with("word-count");
    ann.replace("pack.yaml", "category: tools", "category: tool");
    for command in [&["publish"][..], &["publish", "--dry-run"], &["build"]] {
        let (code, out, said) = ann.run(command);
        let all = format!("{out}{said}");
        assert!(code == 1 && all.contains("pack.yaml:8:11") && all.contains("FAIL"), "{command:?}: {all}");
    }
    let (code, envelope) = ann.json(&["publish"]);
    assert_eq!((code, &envelope["ok"], &envelope["error"]), (1, &Value::Bool(false), &Value::Null));
    assert_eq!(envelope["data"]["plan"]["checks"][0]["verdict"], "fail");
    ann.replace("pack.yaml", "category: tool", "category: tools");
    let tests = fs_err::read_to_string(ann.pack.join("tests/count_words.yaml")).expect("cases");
    fs_err::write(ann.pack.join("tests/count_words.yaml"), tests.replace("expect: ", "expect: {error: not_found} # "))
        .expect("written");
    let (code, _, said) = ann.run(&["publish"]);
    assert!(code == 1 && said.contains("FAIL  the case “"), "{said}");
    assert!(!ann.root.join("home/data/registry").exists());
}

#[test]
fn a_registry_that_is_not_there_is_named() {
    let ann = Author::with("word-count");
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").port();
    let registry = format!("127.0.0.1:{port}");
    let commands = [
        vec!["publish", "--to", &registry],
        vec!["publish", "--dry-run", "--to", &registry],
        vec!["versions", "--from", &registry],
        vec!["verify", "acme/notes:1.0.0", "--from", &registry],
        vec!["pull", "acme/notes:1.0.0", "--from", &registry],
    ];
    for command in commands {
        let (code, out, said) = ann.run(&command);
        let all = format!("{out}{said}");
        assert!(
            code == 5 && all.contains(&registry) && all.contains("that the registry is running"),
            "{command:?} {code}: {all}"
        );
    }
    let (code, envelope) = ann.json(&["publish", "--dry-run", "--to", &registry]);
    assert_eq!((code, text(&envelope, "/error/code")), (5, "unreachable"));
    assert!(text(&envelope, "/data/plan/digest").starts_with("sha256:"), "the plan is made all the same");
    assert!(!ann.root.join("home/data/keys").exists(), "no key is made for nothing");
}

#[test]
fn what_is_not_there_and_what_makes_no_sense_is_said() {
    let ann = Author::with("word-count");
    let said = |command: &[&str], code: i32, words: &str| {
        let (found, out, said) = ann.run(command);
        assert!(found == code && said.contains(words), "{command:?} {found}: {out}{said}");
    };
    said(&["versions"], 0, "Nothing of `packwright-samples/word-count` is published there yet");
    said(&["verify", "acme/notes:1.0.0"], 3, "`1.0.0` of `acme/notes` is not published on this computer");
    said(&["pull", "acme/notes"], 3, "`packwright versions acme/notes` lists what is");
    said(&["pull", "Acme/../notes:1"], 2, "names no pack");
    said(&["verify", "acme/notes:1.0.0@sha256:1"], 2, "names no release");
    said(&["publish", "--to", "acme"], 2, "`acme` is not a registry's address");
    said(&["publish", "--to", "http://ghcr.io/acme"], 2, "without encryption");
    said(&["publish", "gone"], 3, "`gone` does not exist");
    said(&["build", "--output", "data/out"], 2, "would become part of the pack");
    said(&["versions", "../.."], 3, "pack.yaml");
}

#[test]
fn a_real_registry_has_the_digest_that_the_plan_promised() {
    if !are_installed("a_real_registry_has_the_digest_that_the_plan_promised", &["docker-registry", "skopeo"]) {
        return;
    }
    let server = DockerRegistry::start().expect("the registry runs");
    let ann = Author::with("open-library");
    let registry = format!("{}/ann", server.address);
    let (code, plan) = ann.json(&["publish", "--dry-run", "--to", &registry]);
    assert_eq!(code, 0, "{plan:#}");
    let promised = text(&plan, "/data/plan/digest");
    let (code, out, said) = ann.run(&["publish", "--to", &registry]);
    assert_eq!((code, out.trim()), (0, format!("{registry}/open-library@{promised}").as_str()), "{said}");

    let image = format!("docker://{registry}/open-library:1.0.0");
    let seen = Command::new("skopeo").args(["inspect", "--tls-verify=false", &image]).output().expect("skopeo runs");
    assert!(seen.status.success(), "{}", String::from_utf8_lossy(&seen.stderr));
    let seen: Value = serde_json::from_slice(&seen.stdout).expect("skopeo prints JSON");
    assert_eq!(seen["Digest"], promised);

    let reference = format!("{registry}/open-library:1.0.0");
    assert_eq!(ann.run(&["verify", &reference]).0, 0);
    let (code, versions) = ann.json(&["versions", "--from", &registry]);
    assert_eq!((code, text(&versions, "/data/releases/0/digest")), (0, promised));
    let into = ann.root.join("back");
    let (code, _, said) = ann.run(&["pull", &reference, "--into", into.as_str()]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(fs_err::read(into.join("pack.yaml")).expect("read"), fs_err::read(ann.pack.join("pack.yaml")).expect("read"));
    // A key that is not trusted here: another author sees the release, and does not believe it.
    let ben = Author::with("word-count");
    let (code, out, _) = ben.run(&["verify", &reference]);
    assert!(code == 4 && out.contains("not trusted here"), "{out}");
    let (code, _, said) = ben.run(&["pull", &reference]);
    assert!(code == 4 && said.contains("keys/trusted"), "{said}");
    // Ben does what the hint says.
    let trusted = ben.root.join("home/data/keys/trusted");
    fs_err::create_dir_all(&trusted).expect("a folder");
    fs_err::copy(ann.root.join("home/data/keys/signing.pub.pem"), trusted.join("ann.pem")).expect("a copy");
    let (code, out, _) = ben.run(&["verify", &reference]);
    assert!(code == 0 && out.contains("signed by ann: SHA256:"), "{out}");
}
