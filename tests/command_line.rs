//! `packwright` as its users run it: words in, text and exit code out.

use camino::{Utf8Path, Utf8PathBuf};
use packwright_tests::{copy_of_sample, packwright, sources};
use serde_json::Value;

fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = Utf8Path::from_path(folder.path()).expect("Unicode").canonicalize_utf8().expect("it exists");
    (folder, path)
}

fn run(folder: &Utf8Path, arguments: &[&str]) -> (i32, String, String) {
    packwright(folder, arguments).expect("packwright runs")
}

fn json(folder: &Utf8Path, arguments: &[&str]) -> (i32, Value) {
    let (code, out, said) = run(folder, arguments);
    assert_eq!(said, "", "with --json nothing is said beside the envelope");
    let envelope: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"));
    assert_eq!(envelope["schema"], 1);
    (code, envelope)
}

#[test]
fn a_sound_pack_is_fine() {
    let (code, out, said) = run(&sources().join("packs-samples"), &["check", "open-library"]);
    assert_eq!((code, out.as_str(), said.as_str()), (0, "", "open-library: no problems\n"));
}

#[test]
fn a_finding_has_its_place_its_hint_and_its_fix() {
    let (code, out, said) = run(sources(), &["check", "packs-samples/invalid/manifest-unknown-category"]);
    assert_eq!((code, said.as_str()), (1, "manifest-unknown-category: 1 error, 0 warnings\n"));
    insta::assert_snapshot!(out);
}

#[test]
fn warnings_alone_are_fine_unless_denied() {
    let pack = "packs-samples/invalid/manifest-unknown-key";
    assert_eq!(run(sources(), &["check", pack]).0, 0);
    assert_eq!(run(sources(), &["check", "--deny-warnings", pack]).0, 1);
}

#[test]
fn text_and_envelope_say_the_same() {
    let pack = sources().join("packs-samples/invalid/tools-no-input");
    let (code, envelope) = json(&pack, &["check", "--json"]);
    assert_eq!((code, &envelope["ok"]), (1, &Value::Bool(false)));
    let found = &envelope["diagnostics"][0];
    let (_, out, _) = run(&pack, &["check"]);
    let place = format!("pack.yaml:{}:{}", found["range"]["start"]["line"], found["range"]["start"]["column"]);
    assert!(out.contains(&format!("error[{}]", found["code"].as_str().expect("a code"))) && out.contains(&place), "{out}{found}");
    let text = fs_err::read_to_string(pack.join("pack.yaml")).expect("the manifest");
    let byte = |end: &str| usize::try_from(found["range"]["bytes"][end].as_u64().expect("an offset")).expect("small");
    assert!(!text[byte("start")..byte("end")].is_empty());
}

#[test]
fn a_fix_in_the_envelope_mends_the_pack() {
    let (_keep, pack) = copy_of_sample("invalid/manifest-unknown-key").expect("a copy");
    let (_, envelope) = json(&pack, &["check", "--json"]);
    let edit = &envelope["diagnostics"][0]["fix"]["edits"][0];
    let path = pack.join(edit["file"].as_str().expect("a file"));
    let mut text = fs_err::read_to_string(&path).expect("the file");
    let byte = |end: &str| usize::try_from(edit["bytes"][end].as_u64().expect("an offset")).expect("small");
    text.replace_range(byte("start")..byte("end"), edit["text"].as_str().expect("a text"));
    fs_err::write(&path, text).expect("written");
    assert_eq!(json(&pack, &["check", "--json"]).1["diagnostics"], serde_json::json!([]));
}

#[test]
fn init_makes_a_folder_a_pack_and_never_writes_over_one() {
    let (_keep, root) = folder();
    let pack = root.join("My Notes");
    fs_err::create_dir(&pack).expect("folder");
    assert_eq!(run(&pack, &["check"]).0, 1, "no manifest yet");
    assert_eq!(run(&pack, &["init"]).0, 0);
    let (code, envelope) = json(&pack, &["check", "--json"]);
    // Sound, and told what is still to be said.
    let told: Vec<&str> =
        envelope["diagnostics"].as_array().expect("a list").iter().filter_map(|one| one["code"].as_str()).collect();
    assert_eq!(
        (code, envelope["data"]["name"].as_str(), told.as_slice()),
        (0, Some("my-notes"), ["manifest/placeholder"].as_slice())
    );
    fs_err::write(pack.join("pack.yaml"), "name: mine\n").expect("written");
    let (code, _, said) = run(&pack, &["init"]);
    assert!(code == 3 && said.contains("exists already"), "{said}");
    assert_eq!(fs_err::read_to_string(pack.join("pack.yaml")).expect("read"), "name: mine\n");
}

#[test]
fn what_cannot_run_says_why_and_what_next() {
    let (_keep, root) = folder();
    let (code, _, said) = run(&root, &["check", "gone"]);
    assert_eq!((code, said.as_str()), (3, "error: `gone` does not exist\n  Was it moved or renamed? Open it where it is now.\n"));
    fs_err::write(root.join("file.txt"), "").expect("written");
    let (code, _, said) = run(&root, &["check", "file.txt"]);
    assert!(code == 3 && said.contains("is not a folder"), "{said}");
    let (code, envelope) = json(&root, &["check", "gone", "--json"]);
    assert_eq!((code, envelope["error"]["code"].as_str()), (3, Some("not_found")));
}

#[test]
fn bad_input_is_answered_and_nothing_is_changed() {
    let (_keep, root) = folder();
    let told = |bytes: &[u8], code: &str| {
        fs_err::write(root.join("pack.yaml"), bytes).expect("written");
        let (_, envelope) = json(&root, &["check", "--json"]);
        let codes: Vec<&str> =
            envelope["diagnostics"].as_array().expect("a list").iter().filter_map(|found| found["code"].as_str()).collect();
        assert!(
            codes.contains(&code) || code.is_empty() && codes.is_empty(),
            "{codes:?} for {:?}",
            String::from_utf8_lossy(&bytes[..bytes.len().min(60)])
        );
        assert_eq!(fs_err::read(root.join("pack.yaml")).expect("read"), bytes);
    };
    told(b"name: a\ndescription: \xff\n", "text/not-utf8");
    told(b"\xef\xbb\xbfname: a\r\ndescription: b\r\n", "");
    told(b"name: a\n\tdescription: b\n", "yaml/syntax");
    told(b"name: \0a\n", "yaml/syntax");
    told("[".repeat(100_000).as_bytes(), "yaml/syntax");
    let huge = [b"name: a\ndescription: ".as_slice(), &vec![b'x'; 50_000_000], b"\n"].concat();
    told(&huge, "manifest/too-large");
    fs_err::remove_file(root.join("pack.yaml")).expect("removed");
    fs_err::create_dir(root.join("pack.yaml")).expect("folder");
    let (_, envelope) = json(&root, &["check", "--json"]);
    assert_eq!(envelope["diagnostics"][0]["code"], "folder/manifest-not-a-file");
}

#[test]
fn env_tells_of_display_web_engine_folders_and_keychain() {
    let (_keep, root) = folder();
    let (code, envelope) = json(&root, &["env", "--json"]);
    assert_eq!(code, 0);
    let facts = envelope["data"]["facts"].as_array().expect("a list");
    for key in ["display", "webkit", "rendering", "keychain", "data", "config", "cache"] {
        assert!(facts.iter().any(|fact| fact["key"] == key), "{key}");
    }
    assert!(run(&root, &["env"]).1.contains("Display"));
}

#[cfg(unix)]
#[test]
fn strange_words_and_closed_pipes_are_no_reason_to_panic() {
    use std::os::unix::ffi::OsStrExt;
    let (_keep, root) = folder();
    let studio = |name: &str| std::process::Command::new(packwright_tests::program(name).expect("it is built"));
    let odd = std::ffi::OsStr::from_bytes(b"a\xffb");
    let output = studio("packwright").arg("check").arg(odd).current_dir(&root).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));

    // Nobody reads: the pipe is closed before the first word.
    let pack = sources().join("packs-samples/invalid/tools-no-input");
    for arguments in [vec!["check"], vec!["check", "--json"]] {
        let mut child = studio("packwright")
            .args(&arguments)
            .current_dir(&pack)
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("it runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"), "{arguments:?}");
    }
    let full = fs_err::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let status =
        studio("packwright").args(["check", "--json"]).current_dir(&pack).stdout(full.into_file()).status().expect("it runs");
    assert_eq!(status.code(), Some(3), "an answer that could not be written is no success");
}

#[cfg(unix)]
#[test]
fn a_name_cannot_steer_the_terminal() {
    let (_keep, root) = folder();
    fs_err::write(root.join("pack.yaml"), "name: a\ndescription: b\n").expect("written");
    fs_err::write(root.join("evil\u{1b}[2J\nname"), "").expect("written");
    let home = tempfile::tempdir().expect("a temporary folder");
    let output = std::process::Command::new(packwright_tests::program("packwright").expect("it is built"))
        .arg("check")
        .current_dir(&root)
        .env("PACKWRIGHT_HOME", home.path())
        .env("CLICOLOR_FORCE", "1")
        .output()
        .expect("it runs");
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(shown.contains("folder/unknown-entry") && !shown.contains("\u{1b}[2J"), "{shown:?}");
}

#[test]
fn wrong_words_are_wrong_usage() {
    let (_keep, root) = folder();
    let (code, _, said) = run(&root, &["chek"]);
    assert!(code == 2 && said.contains("check"), "{said}");
    let (code, envelope) = json(&root, &["check", "--colour", "--json"]);
    assert_eq!((code, envelope["error"]["code"].as_str()), (2, Some("usage")));
    assert_eq!(run(&root, &["--help"]).0, 0);
}

#[test]
fn a_first_case_makes_its_folder() {
    let (keep, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (folder, home) = (camino::Utf8Path::from_path(keep.path()).unwrap(), camino::Utf8Path::from_path(home.path()).unwrap());
    let says = |arguments: &[&str]| packwright_tests::packwright_at(home, folder, arguments).unwrap();
    fs_err::write(
        folder.join("pack.yaml"),
        "name: small\nversion: 0.1.0\ndescription: Small.\ntools:\n  - {name: a, description: Gives its input., input: {type: object}, handler: handlers/a.js}\n",
    )
    .unwrap();
    fs_err::create_dir(folder.join("handlers")).unwrap();
    fs_err::write(folder.join("handlers/a.js"), "export const a = (input) => input;\n").unwrap();
    let (code, out, err) = says(&["run", "a", "--input", "{\"b\": 1}", "--save-case", "first", "--json"]);
    assert_eq!(code, 0, "{out}{err}");
    let told: serde_json::Value = serde_json::from_str(&out).expect("one envelope");
    assert_eq!(told["data"]["saved"]["place"]["file"], "tests/a.yaml");
    let (code, out, _) = says(&["test"]);
    assert_eq!((code, out.starts_with("pass  a  first")), (0, true), "{out}");
    assert_eq!(says(&["test", "--filter", "nothere"]).0, 2, "a filter that matches nothing is a mistake");

    // A pulled copy carries the component that was built; publishing it again makes it anew.
    assert_eq!(says(&["publish"]).0, 0);
    assert_eq!(says(&["pull", "local/small:0.1.0", "--into", "copy"]).0, 0);
    let copy = folder.join("copy");
    assert!(copy.join("components/packwright-inline.wasm").is_file());
    let (code, out, err) = packwright_tests::packwright_at(home, &copy, &["publish"]).unwrap();
    assert_eq!(code, 0, "the same bytes: {out}{err}");
}
