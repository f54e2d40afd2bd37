//! The language server as an editor meets it: messages in, messages out.

use camino::{Utf8Path, Utf8PathBuf};
use crossbeam_channel::{Sender, unbounded};
use lsp_server::{Connection, Message, Notification, Request, RequestId};
use packwright_app::lsp::{DiskChanged, Ended, Listener, Server};
use packwright_core::check::Checked;
use packwright_kit::disk::DiskPack;
use serde_json::{Value, json};
use std::thread::JoinHandle;
use std::time::Duration;

struct Nobody;

impl Listener for Nobody {
    fn checked(&mut self, _: &Checked) {}
}

/// An editor with a pack of its own.
struct Editor {
    server: Connection,
    disk: Option<Sender<DiskChanged>>,
    thread: Option<JoinHandle<Ended>>,
    root: Utf8PathBuf,
    version: i32,
    _keep: tempfile::TempDir,
}

impl Editor {
    fn new(files: &[(&str, &str)]) -> Self {
        let keep = tempfile::tempdir().expect("a temporary folder");
        let root = Utf8Path::from_path(keep.path()).expect("Unicode").canonicalize_utf8().expect("it exists");
        for (path, text) in files {
            let path = root.join(path);
            fs_err::create_dir_all(path.parent().expect("a folder")).expect("folder");
            fs_err::write(path, text).expect("file");
        }
        let (inside, server) = Connection::memory();
        let (disk, changes) = unbounded();
        let listing = DiskPack::read(&root).expect("list");
        let thread = std::thread::spawn(move || Server::new(listing, Nobody).run(&inside, &changes));
        let editor = Self { server, disk: Some(disk), thread: Some(thread), root, version: 0, _keep: keep };
        let answer = editor.request("initialize", json!({ "capabilities": {} }));
        assert_eq!(answer["capabilities"]["positionEncoding"], "utf-16");
        editor.notify("initialized", json!({}));
        editor
    }

    fn uri(&self, path: &str) -> String {
        format!("file://{}/{path}", self.root)
    }

    fn notify(&self, method: &str, params: Value) {
        self.server
            .sender
            .send(Message::Notification(Notification { method: method.into(), params }))
            .expect("the server listens");
    }

    fn next(&self) -> Message {
        self.server.receiver.recv_timeout(Duration::from_secs(20)).expect("the server answers")
    }

    fn request(&self, method: &str, params: Value) -> Value {
        let id = RequestId::from(7);
        self.server
            .sender
            .send(Message::Request(Request { id: id.clone(), method: method.into(), params }))
            .expect("the server listens");
        loop {
            if let Message::Response(response) = self.next() {
                assert_eq!(response.id, id);
                return serde_json::to_value(response).expect("plain data")["result"].take();
            }
        }
    }

    fn open(&mut self, path: &str, text: &str) {
        self.version += 1;
        let document = json!({ "uri": self.uri(path), "languageId": "yaml", "version": self.version, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Replaces a range, given as (line, UTF-16 unit) twice.
    fn change(&mut self, path: &str, from: (u32, u32), to: (u32, u32), text: &str) {
        self.version += 1;
        let place = |(line, character): (u32, u32)| json!({ "line": line, "character": character });
        let change = json!({ "range": { "start": place(from), "end": place(to) }, "text": text });
        let document = json!({ "uri": self.uri(path), "version": self.version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [change] }));
    }

    /// The next findings of a file: code and range each.
    fn findings(&self, path: &str) -> Vec<(String, Value)> {
        loop {
            let Message::Notification(note) = self.next() else { continue };
            if note.method == "textDocument/publishDiagnostics" && note.params["uri"] == self.uri(path) {
                let list = note.params["diagnostics"].as_array().expect("a list");
                return list
                    .iter()
                    .map(|one| (one["code"].as_str().unwrap_or_default().to_owned(), one["range"].clone()))
                    .collect();
            }
        }
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        if let Some(thread) = self.thread.take()
            && !std::thread::panicking()
        {
            self.request("shutdown", Value::Null);
            self.notify("exit", Value::Null);
            assert_eq!(thread.join().expect("the server ends without a panic"), Ended::Well);
        }
    }
}

const SOUND: &str = "name: notes\ndescription: Keeps notes.\n";

#[test]
fn a_fault_on_disk_is_published_without_any_file_open() {
    let editor = Editor::new(&[("pack.yaml", SOUND), ("notes.txt", "")]);
    assert_eq!(editor.findings("notes.txt")[0].0, "folder/unknown-entry");
}

#[test]
fn edits_count_in_utf16_and_findings_follow_them() {
    let mut editor = Editor::new(&[("pack.yaml", SOUND)]);
    editor.open("pack.yaml", "name: notes\ndescription: \"😀\"\n");
    // Behind the face, which is two units wide: the text must stay whole.
    editor.change("pack.yaml", (1, 17), (1, 17), "\ncatagory: tools");
    let found = editor.findings("pack.yaml");
    assert_eq!(found[0].0, "manifest/unknown-key");
    assert_eq!(found[0].1, json!({ "start": { "line": 2, "character": 0 }, "end": { "line": 2, "character": 8 } }));
    editor.change("pack.yaml", (2, 0), (2, 8), "category");
    assert!(editor.findings("pack.yaml").is_empty());
}

#[test]
fn a_fix_is_an_edit_of_the_open_text() {
    let mut editor = Editor::new(&[("pack.yaml", SOUND)]);
    editor.open("pack.yaml", "name: notes\ndescription: d\ncatagory: tools\n");
    let range = editor.findings("pack.yaml")[0].1.clone();
    let params = json!({ "textDocument": { "uri": editor.uri("pack.yaml") }, "range": range, "context": { "diagnostics": [] } });
    let actions = editor.request("textDocument/codeAction", params);
    assert_eq!(actions[0]["title"], "Change to `category`");
    let edit = &actions[0]["edit"]["documentChanges"][0];
    assert_eq!((&edit["edits"][0]["newText"], &edit["edits"][0]["range"]), (&json!("category"), &range));
}

#[test]
fn a_fix_may_make_a_file() {
    let editor = Editor::new(&[("pack.yaml", SOUND), ("notes.txt", "")]);
    let range = editor.findings("notes.txt")[0].1.clone();
    let params = json!({ "textDocument": { "uri": editor.uri("notes.txt") }, "range": range, "context": { "diagnostics": [] } });
    let changes = editor.request("textDocument/codeAction", params)[0]["edit"]["documentChanges"].clone();
    assert_eq!(changes[0], json!({ "kind": "create", "uri": editor.uri(".packignore") }));
    assert_eq!(changes[1]["edits"][0]["newText"], "/notes.txt\n");
}

#[test]
fn a_closed_file_counts_as_it_is_on_disk() {
    let mut editor = Editor::new(&[("pack.yaml", SOUND)]);
    editor.open("pack.yaml", "nmae: notes\n");
    assert!(editor.findings("pack.yaml").iter().any(|(code, _)| code == "manifest/no-name"));
    editor.notify("textDocument/didClose", json!({ "textDocument": { "uri": editor.uri("pack.yaml") } }));
    assert!(editor.findings("pack.yaml").is_empty());
}

#[test]
fn a_change_on_disk_is_checked_when_it_is_told() {
    let editor = Editor::new(&[("pack.yaml", SOUND)]);
    fs_err::write(editor.root.join("pack.yaml"), "name: Not A Slug\ndescription: d\n").expect("file");
    editor.disk.as_ref().expect("the session lives").send(DiskChanged).expect("the server listens");
    assert_eq!(editor.findings("pack.yaml")[0].0, "manifest/bad-name");
}

#[test]
fn the_server_ends_with_its_session() {
    let mut editor = Editor::new(&[("pack.yaml", SOUND)]);
    // The watcher goes, and with it the one who tells of changes.
    editor.disk = None;
    editor.thread.take().expect("it runs").join().expect("the server ends without a panic");
}

#[test]
fn nonsense_is_answered_and_harms_nothing() {
    let mut editor = Editor::new(&[("pack.yaml", SOUND)]);
    assert_eq!(editor.request("workspace/symbol", json!({})), Value::Null);
    editor.notify("textDocument/didChange", json!({ "textDocument": 1 }));
    editor.open("pack.yaml", SOUND);
    editor.change("pack.yaml", (99, 0), (99, 1), "x");
    editor.change("pack.yaml", (0, 6), (0, 99), "Not A Slug");
    assert_eq!(editor.findings("pack.yaml")[0].0, "manifest/bad-name");
}
