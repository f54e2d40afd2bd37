//! `packwright lsp` under an editor that is not ours: Neovim, without a screen; and under keys that come faster than any editor's.

use camino::{Utf8Path, Utf8PathBuf};
use packwright_tests::language_client::{LanguageClient, uri};
use packwright_tests::{are_installed, program};
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

/// What Neovim does: opens the manifest, waits for findings, asks, mends and waits again. It writes what it saw as JSON.
const SCRIPT: &str = r#"
local seen = {}
local function wait(what, condition)
  seen[what] = vim.wait(15000, condition, 20)
end
local function codes()
  local list = {}
  for _, found in ipairs(vim.diagnostic.get(0)) do
    table.insert(list, { code = found.code, line = found.lnum + 1, column = found.col + 1 })
  end
  return list
end
vim.lsp.start_client({
  name = "packwright",
  cmd = { vim.env.PACKWRIGHT, "lsp" },
  root_dir = vim.fn.getcwd(),
  on_init = function(client) vim.lsp.buf_attach_client(0, client.id) end,
})
wait("found", function() return #vim.diagnostic.get(0) > 0 end)
seen.before = codes()
local function ask(method, line, character)
  local params = { textDocument = vim.lsp.util.make_text_document_params(), position = { line = line, character = character } }
  local answers = vim.lsp.buf_request_sync(0, method, params, 15000) or {}
  for _, answer in pairs(answers) do return answer.result end
end
seen.hover = ask("textDocument/hover", 2, 2)
seen.symbols = ask("textDocument/documentSymbol", 0, 0)
seen.completion = ask("textDocument/completion", 2, 10)
vim.api.nvim_buf_set_lines(0, 2, 3, false, { "category: tools" })
wait("mended", function() return #vim.diagnostic.get(0) == 0 end)
seen.after = codes()
vim.fn.writefile({ vim.fn.json_encode(seen) }, vim.env.SEEN)
vim.cmd("qa!")
"#;

#[test]
fn neovim_shows_findings_and_answers_and_follows_edits() {
    if !are_installed("neovim_shows_findings_and_answers_and_follows_edits", &["nvim"]) {
        return;
    }
    let keep = tempfile::tempdir().expect("a temporary folder");
    let root = Utf8Path::from_path(keep.path()).expect("Unicode").canonicalize_utf8().expect("it exists");
    fs_err::write(root.join("pack.yaml"), "name: notes\ndescription: Keeps notes and finds them again.\ncategory: toolz\n")
        .expect("manifest");
    fs_err::write(root.join("drive.lua"), SCRIPT).expect("script");
    let seen: Utf8PathBuf = root.join("seen.json");
    let packwright = program("packwright").expect("it was built");
    let status = Command::new("nvim")
        .args(["--headless", "-u", "NONE", "-i", "NONE", "-n", "pack.yaml", "-c", "luafile drive.lua"])
        .current_dir(&root)
        .env("HOME", &root)
        .env("XDG_STATE_HOME", root.join("state"))
        .env("PACKWRIGHT", packwright)
        .env("SEEN", &seen)
        .status()
        .expect("Neovim runs");
    assert!(status.success(), "Neovim ended with {status}");
    let seen: Value = serde_json::from_str(&fs_err::read_to_string(&seen).expect("Neovim wrote what it saw")).expect("JSON");
    assert_eq!((&seen["found"], &seen["mended"]), (&Value::Bool(true), &Value::Bool(true)), "{seen:#}");
    let first = &seen["before"][0];
    assert_eq!((&first["code"], &first["line"], &first["column"]), (&"manifest/unknown-category".into(), &3.into(), &11.into()));
    assert!(seen["hover"]["contents"]["value"].as_str().is_some_and(|text| text.contains("catalogue")), "{:#}", seen["hover"]);
    let names: Vec<&str> = seen["symbols"].as_array().expect("a list").iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(names, ["name", "description", "category"]);
    let offered = seen["completion"].as_array().or_else(|| seen["completion"]["items"].as_array()).expect("a list");
    assert!(offered.iter().any(|item| item["label"] == "security"), "{offered:?}");
}

/// What an editor in distress sends is answered, and the session goes on; how it ends is told by the exit code.
#[test]
fn an_editor_in_distress_loses_no_session() {
    const BEGIN: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#;
    const INITIALIZED: &str = r#"{"jsonrpc":"2.0","method":"initialized","params":{}}"#;
    const SHUTDOWN: &str = r#"{"jsonrpc":"2.0","id":8,"method":"shutdown"}"#;
    const EXIT: &str = r#"{"jsonrpc":"2.0","method":"exit"}"#;
    let say = |bodies: &[&str]| -> (String, Option<i32>) {
        let mut command = Command::new(program("packwright").expect("it is built"));
        let mut server =
            command.arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut input = server.stdin.take().expect("a pipe");
        for body in bodies {
            match body.strip_prefix('!') {
                Some(raw) => input.write_all(raw.as_bytes()).expect("it listens"),
                None => write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("it listens"),
            }
        }
        drop(input);
        let done = server.wait_with_output().expect("it ends");
        (String::from_utf8(done.stdout).expect("text") + &String::from_utf8_lossy(&done.stderr), done.status.code())
    };
    let hover = r#"{"jsonrpc":"2.0","id":9,"method":"textDocument/hover","params":{"textDocument":{"uri":"file:///nowhere/pack.yaml"},"position":{"line":0,"character":0}}}"#;
    let noise =
        [r#"{"a":"#, "null", r#"[{"jsonrpc":"2.0","method":"exit"}]"#, r#"{"jsonrpc":"2.0","method":"x","params":["\ud83d"]}"#];
    let (said, code) = say(&[&[BEGIN, INITIALIZED][..], &noise, &[hover, BEGIN, SHUTDOWN, hover, EXIT]].concat());
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(said.matches("-32700").count(), 1, "{said}");
    // Nothing, a batch, a second beginning, and a question after the end.
    assert_eq!(said.matches("-32600").count(), 4, "{said}");
    assert!(said.contains(r#""id":9,"result":null"#) && said.contains(r#""id":8,"result":null"#), "{said}");

    assert_eq!(say(&[BEGIN, INITIALIZED, EXIT]).1, Some(1), "nobody asked for the end");
    let (said, code) = say(&[BEGIN, INITIALIZED, "!Content-Length: 99999999999999\r\n\r\n{}"]);
    assert_eq!(code, Some(0), "the editor went away: {said}");
    let (said, code) = say(&[BEGIN, INITIALIZED, "!hello\n"]);
    assert!(code == Some(3) && said.contains("`hello`"), "{code:?} {said}");
}

/// A pack that is deleted while its folder is watched leaves no findings behind.
#[test]
fn a_pack_that_is_gone_is_forgotten() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().canonicalize().expect("it exists");
    let text = "name: n\ndescription: Keeps notes.\ncategory: toolz\n";
    for pack in ["one", "two"] {
        fs_err::create_dir(root.join(pack)).expect("a folder");
        fs_err::write(root.join(pack).join("pack.yaml"), text).expect("it is written");
    }
    let mut command = Command::new(program("packwright").expect("it is built"));
    let mut client = LanguageClient::start(command.arg("lsp"), Value::Null).expect("it starts");
    client.initialize(&uri(&root)).expect("it answers");
    let document = |pack: &str| format!("{}/pack.yaml", uri(&root.join(pack)));
    for pack in ["one", "two"] {
        let open = json!({ "uri": document(pack), "languageId": "yaml", "version": 1, "text": text });
        client.notify("textDocument/didOpen", json!({ "textDocument": open })).expect("it is sent");
        client.diagnostics(&document(pack), 1, Duration::from_mins(1)).expect("it lives").expect("something is told");
    }
    fs_err::remove_dir_all(root.join("two")).expect("it goes");
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": document("two") } })).expect("it is sent");
    let ask = json!({ "textDocument": { "uri": document("one") } });
    let (_, published) = client.request_and_published("textDocument/documentSymbol", ask).expect("it answers");
    client.leave().expect("it ends");
    let last = |pack: &str| published.iter().rfind(|note| note["params"]["uri"] == document(pack).as_str());
    let two = last("two").expect("its list is taken back");
    assert_eq!(two["params"]["diagnostics"], json!([]), "{published:#?}");
    let about_folder = published.iter().filter(|note| note["params"]["uri"].as_str().is_some_and(|uri| uri.contains("/two")));
    assert!(about_folder.clone().all(|note| note["params"]["diagnostics"] == json!([])), "{published:#?}");
}

/// Keys that come faster than checks are checked together: at each of them the one before would be told late.
#[test]
fn a_burst_of_keys_is_a_check_or_two() {
    const KEYS: i64 = 60;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().canonicalize().expect("it exists");
    // Large enough that a check takes longer than sending a key.
    let tool =
        |number: usize| format!("  - name: tool_{number}\n    description: Returns the number {number}, and nothing else.\n");
    let text = format!("name: n\ndescription: d\ntools:\n{}", (0..300).map(tool).collect::<String>());
    fs_err::write(root.join("pack.yaml"), &text).expect("it is written");
    let mut command = Command::new(program("packwright").expect("it is built"));
    let mut client = LanguageClient::start(command.arg("lsp"), Value::Null).expect("it starts");
    client.initialize(&uri(&root)).expect("it answers");
    let document = format!("{}/pack.yaml", uri(&root));
    let open = json!({ "uri": document, "languageId": "yaml", "version": 1, "text": text });
    client.notify("textDocument/didOpen", json!({ "textDocument": open })).expect("it is sent");
    client.diagnostics(&document, 1, Duration::from_mins(1)).expect("it lives").expect("something is told");
    // Each key makes another list: the name's place moves.
    let key = |key: i64| {
        let start = json!({ "line": 0, "character": 0 });
        let change = json!({ "range": { "start": start, "end": start }, "text": "\n" });
        json!({ "textDocument": { "uri": document, "version": key + 2 }, "contentChanges": [change] })
    };
    client.notify_all("textDocument/didChange", (0..KEYS).map(key)).expect("they are sent");
    let ask = json!({ "textDocument": { "uri": document } });
    let (_, published) = client.request_and_published("textDocument/documentSymbol", ask).expect("it answers");
    client.leave().expect("it ends");
    let last = published.last().expect("it is told");
    assert_eq!(last["params"]["version"], KEYS + 1);
    // A machine that is busy lets the server see them in several parts.
    assert!(published.len() <= 20, "{} lists for {KEYS} keys", published.len());
}
