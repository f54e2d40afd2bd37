//! Packs with planted faults: each is found, at its place, with what to do next, and nothing else is. The window, the command line and
//! the language server say the same.
//!
//! What was planted stands in `packs-samples/planted/<pack>.faults`, written by hand by whoever planted it. A rule that says more, less or
//! something elsewhere fails here; what is right then is for a person to judge, so there is no way to bless the lists.

use camino::{Utf8Path, Utf8PathBuf};
use packwright_app::check::{Report, check_folder};
use packwright_app::core::diagnostic::Severity;
use packwright_app::core::text::{Text, WirePosition};
use packwright_app::session::{Session, Tell};
use packwright_app::wire::Event;
use packwright_kit::disk::DiskPack;
use packwright_tests::language_client::{LanguageClient, uri};
use packwright_tests::{packwright, program, sources};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

const PACKS: &[&str] = &["content-pack", "greentic-source", "tool-pack"];

/// The families of rules that the packs together show.
const SHOWN: &[&str] = &[
    "boundary",
    "capabilities",
    "cards",
    "cases",
    "contracts",
    "data",
    "evals",
    "flows",
    "folder",
    "handlers",
    "locales",
    "manifest",
    "markdown",
    "migrations",
    "models",
    "recordings",
    "schemas",
    "scripts",
    "secrets",
    "targets",
    "tools",
    "views",
    "yaml",
];

fn folder(pack: &str) -> Utf8PathBuf {
    sources().join("packs-samples/planted").join(pack)
}

/// A finding as everybody must tell it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    file: String,
    start: usize,
    end: usize,
    code: String,
    severity: String,
    message: String,
    hints: Vec<String>,
    fix: Option<String>,
}

fn checked(report: &Report) -> Vec<Told> {
    let severity = |severity| match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    let told = report.checked.diagnostics.iter().map(|found| Told {
        file: found.file.clone(),
        start: found.range.start,
        end: found.range.end,
        code: found.code.to_owned(),
        severity: severity(found.severity).to_owned(),
        message: found.message.clone(),
        hints: found.hints.clone(),
        fix: found.fix.as_ref().map(|fix| fix.title.clone()),
    });
    sorted(told.collect())
}

fn sorted(mut told: Vec<Told>) -> Vec<Told> {
    told.sort();
    told
}

/// The lines of a list: those that name a fault, and those that name more that is told of the same one (`and …`).
fn planted(pack: &str) -> (Vec<String>, Vec<String>) {
    let path = folder(pack).with_file_name(format!("{pack}.faults"));
    let text = fs_err::read_to_string(path).expect("each pack has its list beside it");
    let (mut faults, mut more) = (Vec::new(), Vec::new());
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (list, line) = match line.strip_prefix("and ") {
            Some(line) => (&mut more, line),
            None => (&mut faults, line),
        };
        let mut words = line.split_whitespace();
        let (place, code) = (words.next().expect("a place"), words.next().expect("a code"));
        assert!(words.next().is_some(), "{pack}: `{line}` does not say what was done");
        list.push(format!("{place} {code}"));
    }
    (faults, more)
}

/// `file:line:column code`, with `-` for the place of what concerns a file as a whole.
fn places(root: &Utf8Path, told: &[Told]) -> Vec<String> {
    let mut lines: Vec<String> = told
        .iter()
        .map(|one| {
            let place = match (one.start, one.end) {
                (0, 0) => "-".to_owned(),
                (start, _) => {
                    let place = Text::new(fs_err::read_to_string(root.join(&one.file)).expect("a text")).position(start);
                    format!("{}:{}", place.line, place.column)
                }
            };
            format!("{}:{place} {}", one.file, one.code)
        })
        .collect();
    lines.sort();
    lines
}

#[test]
fn every_planted_fault_is_found_and_nothing_else() {
    for pack in PACKS {
        let report = check_folder(&folder(pack)).expect("the folder can be read");
        let told = checked(&report);
        let (faults, more) = planted(pack);
        assert!((12..=25).contains(&faults.len()), "{pack}: a dozen and some, and not {}", faults.len());
        // One slip of the finger that is told over and over drowns the others.
        assert!(more.len() <= 2, "{pack}: {more:?}");
        let mut wanted: Vec<String> = faults.into_iter().chain(more).collect();
        wanted.sort();
        let found = places(&report.root, &told);
        let missed: Vec<&String> = wanted.iter().filter(|line| !found.contains(line)).collect();
        let extra: Vec<&String> = found.iter().filter(|line| !wanted.contains(line)).collect();
        assert!(missed.is_empty() && extra.is_empty(), "{pack}\nnot told: {missed:#?}\ntold besides: {extra:#?}");
        assert_eq!(found, wanted, "{pack}: told twice");
        for one in &told {
            assert!(!one.hints.is_empty() || one.fix.is_some(), "{pack}: {} says what, and not what next", one.code);
        }
    }
}

#[test]
fn faults_are_of_every_kind() {
    let codes: BTreeSet<String> = PACKS
        .iter()
        .flat_map(|pack| planted(pack).0)
        .filter_map(|line| Some(line.split_once(' ')?.1.split_once('/')?.0.to_owned()))
        .collect();
    let shown: BTreeSet<String> = SHOWN.iter().map(ToString::to_string).collect();
    assert_eq!(codes, shown);
}

#[test]
fn the_command_line_says_the_same() {
    for pack in PACKS {
        let report = check_folder(&folder(pack)).expect("the folder can be read");
        let (code, out, said) = packwright(&report.root, &["check", "--json"]).expect("packwright runs");
        assert_eq!((code, said.as_str()), (1, ""), "{pack}");
        let envelope: Value = serde_json::from_str(&out).expect("one envelope");
        let word = |value: &Value| value.as_str().expect("a text").to_owned();
        let byte =
            |found: &Value, end: &str| usize::try_from(found["range"]["bytes"][end].as_u64().expect("an offset")).expect("small");
        let told = envelope["diagnostics"].as_array().expect("a list").iter().map(|found| Told {
            file: word(&found["file"]),
            start: byte(found, "start"),
            end: byte(found, "end"),
            code: word(&found["code"]),
            severity: word(&found["severity"]),
            message: word(&found["message"]),
            hints: found["hints"].as_array().expect("a list").iter().map(word).collect(),
            fix: found["fix"]["title"].as_str().map(str::to_owned),
        });
        assert_eq!(sorted(told.collect()), checked(&report), "{pack}");
    }
}

#[test]
fn the_language_server_says_the_same() {
    for pack in PACKS {
        let report = check_folder(&folder(pack)).expect("the folder can be read");
        let address = uri(report.root.as_std_path());
        let mut command = Command::new(program("packwright").expect("it is built"));
        let mut client = LanguageClient::start(command.arg("lsp"), Value::Null).expect("it starts");
        client.initialize(&address).expect("it answers");
        // Nothing is open: what is published is the folder's. Whoever asks is answered after the check.
        let ask = json!({ "textDocument": { "uri": format!("{address}/pack.yaml") } });
        let (_, published) = client.request_and_published("textDocument/documentSymbol", ask).expect("it answers");
        client.leave().expect("it ends");
        assert_eq!(told_to_editors(&report.root, &address, &published), checked(&report), "{pack}");
    }
}

#[test]
fn the_window_is_told_the_same() {
    for pack in PACKS {
        let report = check_folder(&folder(pack)).expect("the folder can be read");
        let address = uri(report.root.as_std_path());
        // What the page gets: the events of an open pack. It shows every list that is published, of files that are open or not.
        let (sender, arrived) = channel();
        let tell: Tell = Arc::new(move |event| {
            if let Event::Lsp { message, .. } = event {
                let _ = sender.send(serde_json::from_str::<Value>(&message).expect("JSON-RPC"));
            }
        });
        let disk = DiskPack::read(&report.root).expect("the folder can be read");
        let session = Session::start(disk, &tell, |_| {});
        let send = |message: Value| session.send(&message.to_string()).expect("the server listens");
        send(json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": { "capabilities": {}, "rootUri": address } }));
        send(json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }));
        let ask = json!({ "textDocument": { "uri": format!("{address}/pack.yaml") } });
        send(json!({ "jsonrpc": "2.0", "id": 2, "method": "textDocument/documentSymbol", "params": ask }));
        let mut published = Vec::new();
        loop {
            let message = arrived.recv_timeout(Duration::from_mins(1)).expect("the server answers");
            match message["method"].as_str() {
                Some("textDocument/publishDiagnostics") => published.push(message),
                None if message["id"] == 2 => break,
                _ => {}
            }
        }
        assert_eq!(told_to_editors(&report.root, &address, &published), checked(&report), "{pack}");
    }
}

/// What `publishDiagnostics` said last of each file, with the protocol's places as bytes of the files.
fn told_to_editors(root: &Utf8Path, address: &str, published: &[Value]) -> Vec<Told> {
    let mut lists: BTreeMap<String, &Value> = BTreeMap::new();
    for message in published {
        let path = message["params"]["uri"].as_str().and_then(|uri| uri.strip_prefix(address)).expect("a file of the pack");
        lists.insert(path.trim_start_matches('/').to_owned(), &message["params"]["diagnostics"]);
    }
    let mut told = Vec::new();
    for (file, list) in lists {
        let text = fs_err::read_to_string(root.join(&file)).ok().map(Text::new);
        let byte = |place: &Value| {
            let number = |key: &str| u32::try_from(place[key].as_u64().expect("a number")).expect("small");
            let place = WirePosition { line: number("line"), character: number("character") };
            text.as_ref().map_or(0, |text| text.offset(place).expect("a place in the file"))
        };
        let words = |value: &Value| value.as_str().expect("a text").to_owned();
        told.extend(list.as_array().expect("a list").iter().map(|found| {
            Told {
                file: file.clone(),
                start: byte(&found["range"]["start"]),
                end: byte(&found["range"]["end"]),
                code: words(&found["code"]),
                severity: match found["severity"].as_u64() {
                    Some(1) => "error",
                    Some(2) => "warning",
                    _ => "info",
                }
                .to_owned(),
                message: words(&found["message"]),
                hints: found["data"]["hints"].as_array().expect("a list").iter().map(words).collect(),
                fix: found["data"]["fix"].as_str().map(str::to_owned),
            }
        }));
    }
    sorted(told)
}
