//! `packwright check` in all its forms: what build servers read, with readers that are not ours; fixes; and watching.

use camino::{Utf8Path, Utf8PathBuf};
use junit_parser::TestStatus;
use packwright_tests::{packwright, program, sources};
use serde_json::{Value, json};
use serde_sarif::sarif::{ResultLevel, Sarif};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// A manifest with an error, two warnings and a note; the key has a certain fix.
const FAULTY: &str = "name: faulty\nversion: 1.0.0\ndescripton: Says <what> & \"how\".\ntools:\n  - name: say\n    description: Says what it is given, when asked, and returns it.\n    input: {type: object, properties: {text: {type: string, description: What to say.}}, additionalProperties: false}\n    handler: handlers/gone.js\n";

fn run(folder: &Utf8Path, arguments: &[&str]) -> (i32, String, String) {
    packwright(folder, arguments).expect("packwright runs")
}

fn json(folder: &Utf8Path, arguments: &[&str]) -> (i32, Value) {
    let (code, out, said) = run(folder, arguments);
    assert_eq!(said, "", "with --json nothing is said beside the envelope");
    (code, serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}")))
}

/// Two packs in folders with names that a URI has to write otherwise.
fn packs() -> (tempfile::TempDir, Utf8PathBuf) {
    let keep = tempfile::tempdir().expect("a temporary folder");
    let root = Utf8Path::from_path(keep.path()).expect("Unicode").canonicalize_utf8().expect("it exists");
    fs_err::create_dir(root.join("süß 100%")).expect("folder");
    fs_err::write(root.join("süß 100%/pack.yaml"), FAULTY).expect("written");
    packwright_tests::copy_folder(&sources().join("packs-samples/open-library"), &root.join("sound")).expect("a copy");
    (keep, root)
}

/// The findings of the one pack, as the envelope tells them: code, severity, start.
fn told(root: &Utf8Path) -> Vec<(String, String, Value)> {
    let (_, envelope) = json(root, &["check", "süß 100%", "--json"]);
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let list = envelope["diagnostics"].as_array().expect("a list");
    list.iter().map(|found| (text(&found["code"]), text(&found["severity"]), found["range"]["start"].clone())).collect()
}

#[test]
fn a_reader_of_sarif_gets_every_finding_at_its_place() {
    let (_keep, root) = packs();
    let (code, out, said) = run(&root, &["check", "süß 100%", "sound", "--sarif"]);
    assert_eq!((code, said.as_str()), (1, ""));
    let log: Sarif = serde_json::from_str(&out).expect("it is SARIF");
    let [run] = log.runs.as_slice() else { panic!("one run: {out}") };
    assert_eq!(run.tool.driver.name, "packwright");
    let rules: Vec<&str> = run.tool.driver.rules.iter().flatten().map(|rule| rule.id.as_str()).collect();
    let mut seen = Vec::new();
    for result in run.results.iter().flatten() {
        let rule = result.rule_id.clone().expect("a rule");
        assert!(rules.contains(&rule.as_str()), "{rule} is described");
        assert!(result.message.text.as_ref().is_some_and(|text| text.contains('\n')), "a hint stands below");
        let place = result.locations.as_ref().expect("places")[0].physical_location.as_ref().expect("a place in a file");
        let address = place.artifact_location.as_ref().expect("a file").uri.as_deref();
        assert_eq!(address, Some("s%C3%BC%C3%9F%20100%25/pack.yaml"));
        let region = place.region.as_ref().expect("a region");
        let level = match result.level.as_ref().expect("a level") {
            ResultLevel::Error => "error",
            ResultLevel::Warning => "warning",
            _ => "info",
        };
        seen.push((rule, level.to_owned(), json!({"line": region.start_line, "column": region.start_column})));
    }
    assert_eq!(seen, told(&root));
    assert!(seen.len() >= 3, "{seen:?}");
    // The reader is strict: what SARIF does not have is refused.
    assert!(serde_json::from_str::<Sarif>(&out.replace("\"startLine\": ", "\"startLine\": \"a\", \"x\": ")).is_err());
    // Elsewhere than below the folder one is in: the whole address.
    let (_, out, _) = self::run(&root.join("sound"), &["check", root.join("süß 100%").as_str(), "--sarif"]);
    let log: Value = serde_json::from_str(&out).expect("JSON");
    let address = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str();
    assert!(
        address.is_some_and(|uri| uri.starts_with("file:///") && uri.ends_with("/s%C3%BC%C3%9F%20100%25/pack.yaml")),
        "{out}"
    );
}

#[test]
fn a_reader_of_junit_gets_a_suite_a_pack_and_a_test_a_file() {
    let (_keep, root) = packs();
    let (code, out, said) = run(&root, &["check", "süß 100%", "sound", "--junit"]);
    assert_eq!((code, said.as_str()), (1, ""));
    let read = junit_parser::from_reader(out.as_bytes()).expect("it is JUnit");
    let [faulty, sound] = read.suites.as_slice() else { panic!("two packs: {out}") };
    assert_eq!((faulty.name.as_str(), faulty.failures, sound.name.as_str(), sound.failures), ("faulty", 1, "open-library", 0));
    for suite in [faulty, sound] {
        assert_eq!(suite.tests, suite.cases.len() as u64);
    }
    assert!(sound.cases.iter().all(|case| case.status.is_success()) && sound.cases.len() > 5);
    let manifest = faulty.cases.iter().find(|case| case.original_name == "pack.yaml").expect("the manifest's test");
    let TestStatus::Failure(failure) = &manifest.status else { panic!("it fails: {manifest:?}") };
    assert_eq!(
        (failure.failure_type.as_str(), failure.message.as_str()),
        ("manifest/missing-file", "`handlers/gone.js` does not exist")
    );
    assert!(failure.text.contains("süß 100%/pack.yaml:8:14: "), "{failure:?}");
    let beside = manifest.system_out.as_deref().unwrap_or_default();
    assert!(beside.contains("[manifest/unknown-key]") && !beside.contains("[manifest/missing-file]"), "{beside}");
    // Warnings fail where they are denied.
    let (_, out, _) = run(&root, &["check", "süß 100%", "--junit", "--deny-warnings"]);
    let read = junit_parser::from_reader(out.as_bytes()).expect("it is JUnit");
    assert!(
        matches!(&read.suites[0].cases[0].status, TestStatus::Failure(failure) if failure.text.contains("[manifest/unknown-key]"))
    );
}

#[test]
fn what_an_author_writes_does_not_break_the_forms() {
    let (_keep, root) = packs();
    let odd = "name: \"<&>'\\\"\\u0007 ]]>\"\nversion: 1.0.0\n\"<b a='c'>\": 1\n";
    fs_err::write(root.join("süß 100%/pack.yaml"), odd).expect("written");
    let (_, out, _) = run(&root, &["check", "süß 100%", "--junit"]);
    let read = junit_parser::from_reader(out.as_bytes()).expect("it is JUnit");
    assert!(read.suites[0].name.starts_with("<&>'\"? ]]>"), "{:?}", read.suites[0].name);
    let (_, out, _) = run(&root, &["check", "süß 100%", "--sarif"]);
    assert!(serde_json::from_str::<Sarif>(&out).is_ok(), "{out}");
}

#[test]
fn of_several_packs_each_has_its_place_in_the_envelope() {
    let (_keep, root) = packs();
    let (code, one) = json(&root, &["check", "sound", "--json"]);
    assert_eq!((code, &one["ok"], &one["data"]["name"], &one["error"]), (0, &json!(true), &json!("open-library"), &Value::Null));
    let (code, two) = json(&root, &["check", "sound", "süß 100%/pack.yaml", "--json"]);
    assert_eq!((code, &two["ok"]), (1, &json!(false)));
    let names: Vec<&Value> = two["data"]["packs"].as_array().expect("a list").iter().map(|pack| &pack["name"]).collect();
    assert_eq!(names, ["open-library", "faulty"]);
    let roots: Vec<&Value> = two["diagnostics"].as_array().expect("a list").iter().map(|found| &found["root"]).collect();
    assert!(roots.len() >= 3 && roots.iter().all(|one| *one == root.join("süß 100%").as_str()), "{roots:?}");
    // Named twice, it is one pack.
    let (_, same) = json(&root, &["check", "sound", "./sound", "sound/pack.yaml", "--json"]);
    assert_eq!(same, one);
}

#[test]
fn a_pack_that_is_not_there_costs_people_nothing_of_the_others() {
    let (_keep, root) = packs();
    let (code, out, said) = run(&root, &["check", "gone", "süß 100%", "nowhere"]);
    assert_eq!(code, 3);
    assert!(out.contains("manifest/unknown-key") && said.contains("faulty: 1 error, 2 warnings"), "{out} {said}");
    assert!(said.contains("`gone` does not exist") && said.contains("`nowhere` does not exist"), "{said}");
    // A machine gets the packs or the failure.
    let (code, envelope) = json(&root, &["check", "gone", "süß 100%", "--json"]);
    assert_eq!((code, &envelope["error"]["code"], &envelope["data"]), (3, &json!("not_found"), &Value::Null));
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_is_said_to_be_so() {
    let (_keep, root) = packs();
    let full = fs_err::OpenOptions::new().write(true).open("/dev/full").expect("a full disk");
    let done = Command::new(program("packwright").expect("it is built"))
        .args(["check", "süß 100%"])
        .current_dir(&root)
        .stdout(full.into_file())
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.code() == Some(3) && said.contains("cannot be written") && said.contains("space"), "{done:?}");
}

#[test]
fn forms_that_exclude_each_other_are_refused() {
    let (_keep, root) = packs();
    for words in [
        ["check", "--json", "--sarif"],
        ["check", "--junit", "--sarif"],
        ["check", "--json", "--watch"],
        ["check", "--watch", "--fix"],
        ["--json", "check", "--sarif"],
        ["--json", "check", "--junit"],
        ["--json", "check", "--watch"],
    ] {
        let (code, out, said) = run(&root, &words);
        assert!(
            code == 2 && (said.contains("cannot be used with") || out.contains("cannot be used with")),
            "{words:?}: {out}{said}"
        );
    }
    assert_eq!(run(&root, &["check", "--dry-run", "sound"]).0, 2, "only with --fix");
}

#[test]
fn a_target_is_checked_though_the_manifest_does_not_name_it() {
    let (_keep, root) = packs();
    let codes = |arguments: &[&str]| -> Vec<String> {
        let (_, envelope) = json(&root, arguments);
        let list = envelope["diagnostics"].as_array().expect("a list");
        list.iter().map(|found| found["code"].as_str().expect("a code").to_owned()).collect()
    };
    let target = |code: &String| code.starts_with("targets/");
    assert!(!codes(&["check", "süß 100%", "--json"]).iter().any(target));
    let more = codes(&["check", "süß 100%", "--target", "mcpb", "--target", "greentic", "--json"]);
    assert!(more.iter().any(|code| code.starts_with("targets/mcpb-")), "{more:?}");
    assert!(more.iter().any(|code| code.starts_with("targets/greentic-")), "{more:?}");
    // What is left after fixes is told for the same targets.
    let left = codes(&["check", "süß 100%", "--target", "greentic", "--fix", "--dry-run", "--json"]);
    assert!(left.iter().any(|code| code.starts_with("targets/greentic-")), "{left:?}");
    let (code, _, said) = run(&root, &["check", "sound", "--target", "greentik"]);
    assert!(code == 2 && said.contains("Did you mean `greentic`?") && said.contains("Targets are "), "{said}");
}

#[test]
fn certain_fixes_are_shown_made_and_then_done() {
    let (_keep, root) = packs();
    let manifest = root.join("süß 100%/pack.yaml");
    fs_err::write(root.join("süß 100%/.env"), "").expect("written");
    let (code, out, said) = run(&root, &["check", "süß 100%", "--fix", "--dry-run"]);
    assert!(code == 1 && said.contains("2 fixes would be made"), "{said}");
    assert!(out.contains("-descripton: Says") && out.contains("+description: Says") && out.contains("+/.env"), "{out}");
    assert_eq!(fs_err::read_to_string(&manifest).expect("read"), FAULTY, "nothing is written");
    let (code, out, said) = run(&root, &["check", "süß 100%", "--fix"]);
    assert!(code == 1 && said.contains("2 fixes made") && out.contains("+description: Says"), "{said}");
    assert_eq!(fs_err::read_to_string(&manifest).expect("read"), FAULTY.replace("descripton", "description"));
    // What is not certain is left, and told.
    assert!(out.contains("error[manifest/missing-file]"), "{out}");
    let (code, out, said) = run(&root, &["check", "süß 100%", "--fix"]);
    assert!(code == 1 && said.contains("nothing to fix") && !out.contains("+++"), "{out}{said}");
    let (_, envelope) = json(&root, &["check", "süß 100%", "sound", "--fix", "--json"]);
    assert_eq!(envelope["data"]["packs"][0]["fixes"], 0);
    assert_eq!(envelope["diagnostics"][0]["root"], root.join("süß 100%").as_str());
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_is_named_and_left() {
    use std::os::unix::fs::PermissionsExt;
    let (_keep, root) = packs();
    let manifest = root.join("süß 100%/pack.yaml");
    fs_err::set_permissions(&manifest, std::fs::Permissions::from_mode(0o444)).expect("locked");
    let (code, _, said) = run(&root, &["check", "süß 100%", "--fix"]);
    assert!(code == 3 && said.contains("/pack.yaml` cannot be written") && said.contains("run it again"), "{said}");
    assert_eq!(fs_err::read_to_string(&manifest).expect("read"), FAULTY);
    // A folder that is not there keeps the others from being changed.
    fs_err::set_permissions(&manifest, std::fs::Permissions::from_mode(0o644)).expect("unlocked");
    assert_eq!(run(&root, &["check", "süß 100%", "gone", "--fix"]).0, 3);
    assert_eq!(fs_err::read_to_string(&manifest).expect("read"), FAULTY);
}

/// A run of `packwright check --watch`, ended when it is dropped.
struct Watched {
    child: std::process::Child,
    lines: Receiver<String>,
}

impl Watched {
    fn start(folder: &Utf8Path) -> Self {
        let home = folder.join("home");
        let mut child = Command::new(program("packwright").expect("it is built"))
            .args(["check", "--watch", "sound", "süß 100%"])
            .current_dir(folder)
            .env("PACKWRIGHT_HOME", home)
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let (send, lines) = channel();
        let said = BufReader::new(child.stderr.take().expect("it is piped"));
        std::thread::spawn(move || said.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        Self { child, lines }
    }

    /// Waits for a line; bounded, so that what is never said fails the test.
    fn says(&self, wanted: &str) {
        let mut seen = Vec::new();
        while let Ok(line) = self.lines.recv_timeout(Duration::from_secs(20)) {
            if line.contains(wanted) {
                return;
            }
            seen.push(line);
        }
        panic!("`{wanted}` was not said, but {seen:?}");
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn watching_tells_each_change_and_a_folder_that_goes_and_comes_back() {
    let (_keep, root) = packs();
    let pack = root.join("süß 100%");
    let watched = Watched::start(&root);
    watched.says("faulty: 1 error, 2 warnings");
    watched.says("Waiting for changes");
    // As editors save: a new file takes the old one's place.
    let save = |text: &str| {
        fs_err::write(pack.join("pack.yaml.new"), text).expect("written");
        fs_err::rename(pack.join("pack.yaml.new"), pack.join("pack.yaml")).expect("renamed");
    };
    save(&FAULTY.replace("descripton", "description"));
    watched.says("faulty: 1 error, 0 warnings");
    fs_err::create_dir(pack.join("handlers")).expect("folder");
    fs_err::write(pack.join("handlers/gone.js"), "export const say = (input) => input;\n").expect("written");
    watched.says("faulty: no problems");
    fs_err::remove_dir_all(pack.join("handlers")).expect("removed");
    watched.says("faulty: 1 error");
    save("name: [");
    watched.says("süß 100%: 1 error");
    fs_err::write(root.join("sound/stray.bin"), "").expect("written");
    watched.says("open-library: 1 error");
    // A build that makes the folder anew, a branch that is changed.
    fs_err::rename(&pack, root.join("away")).expect("renamed");
    watched.says("is not there any more");
    fs_err::rename(root.join("away"), &pack).expect("renamed");
    watched.says("süß 100%: 1 error");
    save(FAULTY);
    watched.says("faulty: 1 error, 2 warnings");
}
