//! A language server as a child process, and the editor's side of the protocol: enough to type and to look at the clock.
//!
//! It knows nothing of packs and favours no server. Every message carries the moment at which its last byte was read. What servers ask of
//! an editor (their configuration, mostly) is answered as soon as it arrives, whoever waits for what.

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A message from the server that the caller may wait for.
#[derive(Debug)]
pub struct Arrived {
    pub at: Instant,
    pub message: Value,
}

/// A running server. Ended when dropped, however that comes about.
pub struct LanguageClient {
    child: Child,
    /// When the process was asked for.
    pub started: Instant,
    wire: Arc<Wire>,
    arrived: Receiver<Arrived>,
    last_request: i64,
}

/// Longest wait for any one answer: ten times what the slowest server needs for the largest document.
const PATIENCE: Duration = Duration::from_mins(1);

impl LanguageClient {
    /// Starts a server; `settings` are what it is told when it asks for its configuration.
    pub fn start(command: &mut Command, settings: Value) -> Result<Self> {
        let started = Instant::now();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{} can be started", command.get_program().to_string_lossy()))?;
        let stdin = child.stdin.take().context("standard input is a pipe")?;
        let stdout = child.stdout.take().context("standard output is a pipe")?;
        let wire = Arc::new(Wire(Mutex::new(stdin)));
        let (sender, arrived) = channel();
        let answering = Arc::clone(&wire);
        std::thread::spawn(move || read_all(BufReader::new(stdout), &sender, &answering, &settings));
        Ok(LanguageClient { child, started, wire, arrived, last_request: 0 })
    }

    /// `initialize` for one folder: the moment of the answer. Completes the handshake.
    pub fn initialize(&mut self, root: &str) -> Result<Instant> {
        let (at, _) = self.request(
            "initialize",
            json!({
                "processId": std::process::id(),
                "rootUri": root,
                "workspaceFolders": [{ "uri": root, "name": "bench" }],
                "capabilities": {
                    "workspace": { "configuration": true, "workspaceFolders": true, "didChangeConfiguration": { "dynamicRegistration": true } },
                    "textDocument": {
                        "synchronization": { "didSave": true },
                        "publishDiagnostics": { "versionSupport": true },
                        "completion": { "completionItem": { "snippetSupport": true } },
                        "hover": { "contentFormat": ["markdown", "plaintext"] },
                    },
                },
            }),
        )?;
        self.notify("initialized", json!({}))?;
        Ok(at)
    }

    pub fn notify(&self, method: &str, params: Value) -> Result<()> {
        self.notify_all(method, [params])
    }

    /// Several notifications in one write: what an editor sends in one go.
    pub fn notify_all(&self, method: &str, each: impl IntoIterator<Item = Value>) -> Result<()> {
        let messages = each.into_iter().map(|params| json!({ "jsonrpc": "2.0", "method": method, "params": params }));
        self.wire.send(messages)
    }

    /// The answer, and the lists of diagnostics that came before it, in their order.
    pub fn request_and_published(&mut self, method: &str, params: Value) -> Result<(Value, Vec<Value>)> {
        let published = RefCell::new(Vec::new());
        let note = |message: &Value| {
            if message["method"] == "textDocument/publishDiagnostics" {
                published.borrow_mut().push(message.clone());
            }
        };
        let (_, answer) = self.ask(method, params, note)?;
        Ok((answer, published.into_inner()))
    }

    /// The answer and its moment. Whatever else arrives before it is dropped.
    pub fn request(&mut self, method: &str, params: Value) -> Result<(Instant, Value)> {
        self.ask(method, params, |_| {})
    }

    /// The answer and its moment. Whatever arrives before it is shown to `meanwhile`.
    fn ask(&mut self, method: &str, params: Value, meanwhile: impl Fn(&Value)) -> Result<(Instant, Value)> {
        self.last_request += 1;
        let id = self.last_request;
        self.wire.send([json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })])?;
        let found = self.wait(PATIENCE, |message| {
            meanwhile(message);
            message["id"] == id && message.get("method").is_none()
        })?;
        let mut found = found.ok_or_else(|| anyhow!("{method} was not answered within {PATIENCE:?}"))?;
        match found.message.get("error") {
            Some(error) => bail!("{method}: {error}"),
            None => Ok((found.at, found.message["result"].take())),
        }
    }

    /// The next list of diagnostics for a document that is not of an older version; `None` when none comes in time.
    pub fn diagnostics(&mut self, uri: &str, version: i64, patience: Duration) -> Result<Option<(Instant, Vec<Value>)>> {
        let found = self.wait(patience, |message| {
            let params = &message["params"];
            // A server that does not say which version it means is believed to mean the newest.
            let fits = params["version"].is_null() || params["version"] == version;
            message["method"] == "textDocument/publishDiagnostics" && params["uri"] == uri && fits
        })?;
        Ok(found.map(|mut found| {
            let list = found.message["params"]["diagnostics"].take();
            (found.at, list.as_array().cloned().unwrap_or_default())
        }))
    }

    /// Forgets what has arrived and was not waited for.
    pub fn forget_arrived(&self) {
        while self.arrived.try_recv().is_ok() {}
    }

    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// `shutdown` and `exit`, as an editor takes its leave.
    pub fn leave(mut self) -> Result<()> {
        self.request("shutdown", Value::Null)?;
        self.notify("exit", Value::Null)
        // Who does not go is ended by `drop`.
    }

    fn wait(&self, patience: Duration, wanted: impl Fn(&Value) -> bool) -> Result<Option<Arrived>> {
        let end = Instant::now() + patience;
        loop {
            match self.arrived.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(found) if wanted(&found.message) => return Ok(Some(found)),
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => return Ok(None),
                Err(RecvTimeoutError::Disconnected) => bail!("the language server ended without being asked to"),
            }
        }
    }
}

impl Drop for LanguageClient {
    fn drop(&mut self) {
        // Gone already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A file's address, for paths of plain letters as benches make them.
pub fn uri(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/").replace(' ', "%20");
    format!("file://{}{path}", if path.starts_with('/') { "" } else { "/" })
}

struct Wire(Mutex<ChildStdin>);

impl Wire {
    fn send(&self, messages: impl IntoIterator<Item = Value>) -> Result<()> {
        let framed = |message: Value| {
            let body = message.to_string();
            format!("Content-Length: {}\r\n\r\n{body}", body.len())
        };
        let framed: String = messages.into_iter().map(framed).collect();
        let mut stdin = self.0.lock().map_err(|_| anyhow!("a thread stopped while it wrote"))?;
        // One write: two would be two packets for the server to wake up for.
        stdin.write_all(framed.as_bytes())?;
        stdin.flush().context("the language server reads")
    }
}

fn read_all(mut stdout: impl BufRead, sender: &Sender<Arrived>, wire: &Wire, settings: &Value) {
    // An end of the stream in the middle of a message is an end like any other: who waits is told.
    while let Ok(Some(body)) = read_one(&mut stdout) {
        let at = Instant::now();
        let Ok(message) = serde_json::from_slice::<Value>(&body) else { continue };
        let is_request = message.get("id").is_some() && message.get("method").is_some();
        let sent = if is_request { wire.send([reply(&message, settings)]) } else { Ok(()) };
        if sent.is_err() || (!is_request && sender.send(Arrived { at, message }).is_err()) {
            return;
        }
    }
}

/// One message's bytes; `None` at the end of the stream.
fn read_one(stdout: &mut impl BufRead) -> Result<Option<Vec<u8>>> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if stdout.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = Some(value.trim().parse()?),
            Some(_) => {}
            None if line.trim().is_empty() => break,
            None => bail!("`{}` is no header", line.trim()),
        }
    }
    let mut body = vec![0; length.context("a message says how long it is")?];
    stdout.read_exact(&mut body)?;
    Ok(Some(body))
}

/// What an editor answers: its settings when asked for them, and nothing of interest otherwise.
fn reply(request: &Value, settings: &Value) -> Value {
    let section = |item: &Value| {
        let path = item["section"].as_str().unwrap_or_default();
        path.split('.').filter(|part| !part.is_empty()).fold(settings, |value, part| &value[part]).clone()
    };
    let result = match (request["method"].as_str(), request["params"]["items"].as_array()) {
        (Some("workspace/configuration"), Some(items)) => items.iter().map(section).collect(),
        (Some("workspace/workspaceFolders"), _) => json!([]),
        _ => Value::Null,
    };
    json!({ "jsonrpc": "2.0", "id": request["id"], "result": result })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_whatever_other_headers_they_have() {
        let mut stream = &b"Content-Type: x; charset=utf-8\r\ncontent-length: 2\r\n\r\n{}Content-Length: 1\r\n\r\n0Content-Length: 9\r\n\r\nshort"[..];
        assert_eq!(read_one(&mut stream).unwrap().unwrap(), b"{}");
        assert_eq!(read_one(&mut stream).unwrap().unwrap(), b"0");
        assert!(read_one(&mut stream).is_err());
        assert_eq!(read_one(&mut stream).unwrap(), None);
    }

    #[test]
    fn settings_are_given_by_section() {
        let settings = json!({ "yaml": { "hover": true }, "http": { "proxy": "" } });
        let asked = json!({ "id": 7, "method": "workspace/configuration", "params": { "items": [{ "section": "yaml.hover" }, { "section": "editor" }, {}] } });
        assert_eq!(reply(&asked, &settings), json!({ "jsonrpc": "2.0", "id": 7, "result": [true, null, settings] }));
    }

    #[test]
    fn addresses_have_three_slashes() {
        assert_eq!(uri(Path::new("/a b/pack.yaml")), "file:///a%20b/pack.yaml");
    }
}
