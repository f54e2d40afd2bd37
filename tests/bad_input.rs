//! Packs that mean harm: each is answered, with a place and a hint, in bounded time and memory.
//!
//! The system holds the program to both limits: past one it is ended, and the test sees no answer. They are wide, because a debug build
//! takes ten times as long; what a release build takes is measured, not tested.
#![cfg(unix)]

use camino::{Utf8Path, Utf8PathBuf};
use packwright_tests::program;
use serde_json::Value;
use std::process::Command;

/// Seconds of the processor, on all its cores together.
const SECONDS: u32 = 60;

/// Kilobytes of addresses: several times what is used, and far below what a bomb would take.
const KILOBYTES: u32 = 3_000_000;

const HEAD: &str = "name: a\nversion: 1.0.0\ndescription: Does it.\n";

const TOOL: &str = "tools:\n  - name: x\n    description: Gives back what it is given, when asked to.\n    input: schemas/x.json\n    handler: handlers/x.js\n";

struct Folder {
    _keep: tempfile::TempDir,
    path: Utf8PathBuf,
}

impl Folder {
    fn new(manifest: impl AsRef<[u8]>) -> Self {
        let keep = tempfile::tempdir().expect("a temporary folder");
        let path = Utf8Path::from_path(keep.path()).expect("Unicode").canonicalize_utf8().expect("it exists").join("pack");
        Self { _keep: keep, path }.with("pack.yaml", manifest)
    }

    /// A pack whose tool has this schema.
    fn of_schema(schema: impl AsRef<[u8]>) -> Self {
        Self::new(HEAD.to_owned() + TOOL)
            .with("handlers/x.js", "export const x = (input) => input;\n")
            .with("schemas/x.json", schema)
    }

    fn with(self, path: &str, bytes: impl AsRef<[u8]>) -> Self {
        let full = self.path.join(path);
        fs_err::create_dir_all(full.parent().expect("a folder")).expect("folder");
        fs_err::write(full, bytes).expect("written");
        self
    }

    /// What `packwright check` finds within the limits.
    fn findings(&self) -> Vec<Value> {
        let limits = format!("ulimit -t {SECONDS}; ulimit -v {KILOBYTES}; exec \"$0\" check --json .");
        let output = Command::new("sh")
            .args(["-c", &limits])
            .arg(program("packwright").expect("it is built"))
            .current_dir(&self.path)
            .env("PACKWRIGHT_HOME", self.path.with_file_name("home"))
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr);
        let envelope: Value =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {:?} {said}", output.status));
        envelope["diagnostics"].as_array().expect("a list").clone()
    }

    /// Holds that a finding says this, at `file:line:column`, with a hint.
    fn says(&self, code: &str, message: &str, place: &str) {
        let found = self.findings();
        let shown = |one: &Value| {
            let start = &one["range"]["start"];
            let place = format!("{}:{}:{}", one["file"].as_str().unwrap_or_default(), start["line"], start["column"]);
            format!("{} {place} {} {}", one["code"].as_str().unwrap_or_default(), one["message"], one["hints"])
        };
        let hit =
            found.iter().find(|one| one["code"] == code && one["message"].as_str().is_some_and(|text| text.contains(message)));
        let list = || found.iter().take(8).map(shown).collect::<Vec<_>>().join("\n").chars().take(3000).collect::<String>();
        let Some(hit) = hit else { panic!("{code} `{message}` was not found, but\n{}", list()) };
        assert!(
            shown(hit).contains(&format!(" {place} ")),
            "not at {place}: {}",
            shown(hit).chars().take(300).collect::<String>()
        );
        assert!(hit["hints"].as_array().is_some_and(|hints| !hints.is_empty()), "no hint: {}", shown(hit));
    }
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

#[test]
fn aliases_that_repeat_without_end() {
    let laughs = lines(11, |n| format!("  a{}: &a{} [{}]\n", n + 1, n + 1, vec![format!("*a{n}"); 10].join(", ")));
    let bomb = format!("extra:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n{laughs}");
    Folder::new(HEAD.to_owned() + &bomb).says("yaml/syntax", "repeats too much", "pack.yaml:10:12");
    let merged = lines(40, |n| format!("  m{}: &m{}\n    <<: [*m{n}, *m{n}, *m{n}]\n    k{n}: *m{n}\n", n + 1, n + 1));
    Folder::new(format!("{HEAD}extra:\n  m0: &m0 {{a: 1}}\n{merged}")).says("yaml/syntax", "repeats too much", "pack.yaml:28:10");
    Folder::new(HEAD.to_owned() + "extra: &a [*a]\n").says("yaml/syntax", "leads back into itself", "pack.yaml:4:12");
}

#[test]
fn what_nests_ten_thousand_deep() {
    let flow = format!("extra: {}{}\n", "{a: ".repeat(10_000), "}".repeat(10_000));
    Folder::new(HEAD.to_owned() + &flow).says("yaml/syntax", "nests too deep", "pack.yaml:4:804");
    Folder::new(format!("{HEAD}extra:\n  {}x\n", "- ".repeat(10_000))).says("yaml/syntax", "nests too deep", "pack.yaml:5:83");
    // Ten thousand steps of a blank each are fifty megabytes; these are what a manifest may have.
    let block = lines(2800, |depth| format!("{}a:\n", " ".repeat(depth + 1)));
    Folder::new(format!("{HEAD}extra:\n{block}")).says("yaml/syntax", "nothing is read from here on", "pack.yaml:7:1");
    let schema = format!("{}{{}}{}", "{\"items\": ".repeat(10_000), "}".repeat(10_000));
    Folder::of_schema(&schema).says("schemas/not-json", "nests too deep", "schemas/x.json:1:1281");
}

#[test]
fn lines_without_end() {
    Folder::new(format!("{HEAD}extra: {}\n", "x".repeat(20_000_000))).says("manifest/too-large", "stopped here", "pack.yaml:4:1");
    let tools = lines(150_000, |n| format!("  - name: tool_{n}\n    description: Gives back what it is given, {n} times.\n"));
    Folder::new(format!("{HEAD}tools:\n{tools}")).says("manifest/too-large", "stopped here", "pack.yaml:4005:1");
    Folder::of_schema("x".repeat(20_000_000)).says("folder/unreadable", "too many", "schemas/x.json:1:1");
    let schema = format!("{{\"type\": \"object\", \"description\": \"{}}}", "x".repeat(9_000_000));
    Folder::of_schema(schema).says("schemas/not-json", "no closing quote", "schemas/x.json:1:35");
}

#[test]
fn text_of_nothing_but_faults() {
    Folder::new(format!("{HEAD}extra:\n{}", "  a: b: c\n".repeat(200_000))).says(
        "yaml/syntax",
        "mapping values",
        "pack.yaml:5:9",
    );
    Folder::new(format!("{HEAD}extra:\n{}", "  a: \"\n".repeat(200_000))).says("yaml/syntax", "quoted scalar", "pack.yaml:5:6");
    Folder::new(HEAD.to_owned() + &"a: 1\n".repeat(100_000)).says("yaml/duplicate-key", "`a` stands twice", "pack.yaml:5:1");
    Folder::of_schema(format!("{{{}\"type\": \"object\"}}", "\"type\": \"object\", ".repeat(100_000))).says(
        "schemas/duplicate-key",
        "`type` stands twice",
        "schemas/x.json:1:20",
    );
}

#[test]
fn characters_that_do_not_belong() {
    Folder::new(HEAD.to_owned() + "tools:\n\t- name: x\n").says("yaml/syntax", "a tab stands here", "pack.yaml:5:1");
    Folder::new(HEAD.to_owned() + "license: M\0IT\n").says("yaml/syntax", "\\u{0}", "pack.yaml:4:10");
    Folder::new([HEAD.as_bytes(), b"license: \xff\n"].concat()).says("text/not-utf8", "byte 55", "pack.yaml:4:10");
    let wide = format!("\u{feff}{HEAD}");
    Folder::new(wide.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()).says(
        "text/not-utf8",
        "byte",
        "pack.yaml:1:1",
    );
    let pack = Folder::new(HEAD);
    let files = ["schemas/a.json", "data/a.json", "guides/a.md", "behavior.md", "tests/a.yaml", "flows/a.ygtc", "handlers/a.js"];
    let pack = files.iter().fold(pack, |pack, path| pack.with(path, b"{\"a\": \"\xff\"}"));
    for path in files {
        pack.says("text/not-utf8", path, &format!("{path}:1:8"));
    }
    let half = "{\"type\": \"object\", \"description\": \"\\ud800\"}";
    Folder::of_schema(half).says("schemas/not-json", "half of a pair", "schemas/x.json:1:36");
    for sound in [format!("\u{feff}{HEAD}"), HEAD.replace('\n', "\r\n")] {
        assert_eq!(Folder::new(sound).findings(), [] as [Value; 0]);
    }
}

#[test]
fn references_that_never_end() {
    let place = "schemas/x.json:1:28";
    Folder::of_schema(r##"{"type": "object", "$ref": "#"}"##).says("schemas/endless-ref", "comes back to itself", place);
    let remote = r#"{"type": "object", "$ref": "https://example.com/x.json"}"#;
    Folder::of_schema(remote).says("schemas/remote-ref", "leads to the network", place);
    let circle = lines(4000, |n| {
        format!(",\"d{n}\": {{\"allOf\": [{{\"$ref\": \"#/$defs/d{}\"}}, {{\"$ref\": \"#/$defs/d{}\"}}]}}", (n * 7) % 4000, n / 2)
    });
    let schema = format!("{{\"type\": \"object\", \"$ref\": \"#/$defs/d1\", \"$defs\": {{\"d\": {{}}{circle}}}}}");
    assert!(!Folder::of_schema(schema).findings().is_empty());
}

#[test]
fn patterns_and_numbers_beyond_measure() {
    let pattern = format!(
        "{{\"type\": \"object\", \"properties\": {{\"a\": {{\"type\": \"string\", \"pattern\": \"^(a+)+$\", \"default\": \"{}!\"}}}}}}",
        "a".repeat(100_000)
    );
    Folder::of_schema(pattern).says("schemas/slow-pattern", "(a+)+", "schemas/x.json:1:70");
    let digits = format!("{{\"type\": \"object\", \"maxProperties\": {}, \"minProperties\": 1e400}}", "9".repeat(100_000));
    assert!(Folder::of_schema(digits).findings().iter().any(|found| found["file"] == "schemas/x.json"));
}

#[test]
fn a_hundred_thousand_tools() {
    let many =
        lines(100_000, |n| format!("  - name: t{n}\n    description: Does thing number {n}.\n    input: {{type: object}}\n"));
    Folder::new(format!("{HEAD}tools:\n{many}")).says("manifest/too-large", "checking stopped here", "pack.yaml:6005:1");
    let flow = lines(100_000, |n| format!("{{name: t{n}}},"));
    Folder::new(format!("{HEAD}tools: [{flow}]\n")).says("manifest/too-large", "checking stopped here", "pack.yaml:4:26899");
}

#[test]
fn things_in_a_folder_that_are_no_files() {
    let pack = Folder::new(HEAD.to_owned() + TOOL).with("data/a.txt", "a\n");
    for path in ["behavior.md", ".packignore", "data/pipe", "guides.md"] {
        assert!(Command::new("mkfifo").arg(pack.path.join(path)).status().expect("mkfifo runs").success());
    }
    let _socket = std::os::unix::net::UnixListener::bind(pack.path.join("data/socket")).expect("a socket");
    std::os::unix::fs::symlink("/dev/zero", pack.path.join("data/zero")).expect("a link");
    pack.says("folder/special-file", "data/pipe", "data/pipe:1:1");
    pack.says("folder/special-file", "data/socket", "data/socket:1:1");
    pack.says("folder/link-outside", "/dev/zero", "data/zero:1:1");
    fs_err::remove_file(pack.path.join("pack.yaml")).expect("removed");
    assert!(Command::new("mkfifo").arg(pack.path.join("pack.yaml")).status().expect("mkfifo runs").success());
    pack.says("folder/manifest-not-a-file", "is not a file", "pack.yaml:1:1");
}

#[test]
fn more_files_than_a_pack_may_have() {
    let pack = Folder::new(HEAD).with("data/0/a", "");
    // A file with twenty thousand names is as many entries, and made ten times as fast.
    for number in 0..25_000 {
        fs_err::hard_link(pack.path.join("data/0/a"), pack.path.join(format!("data/0/{number}"))).expect("a name");
    }
    pack.says("folder/too-many-files", "only the first 20000 entries", ":1:1");
}
