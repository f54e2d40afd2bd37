//! The language server: an editor's text in, the core's findings out.
//!
//! One engine, whoever asks: the window speaks to it through a channel in this process, and another editor could through
//! its standard streams. It follows the protocol's order strictly: a change is applied before the next message is looked at, and a
//! check runs when no message waits, so that ten keystrokes in a burst cost one check.

use crate::check::texts_of;
use crate::uri;
use crate::wire::DiagnosticData;
use camino::Utf8PathBuf;
use crossbeam_channel::{Receiver, select};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types as lsp;
use packwright_core::check::{Checked, check_pack};
use packwright_core::diagnostic::{Diagnostic, Severity};
use packwright_core::rules;
use packwright_core::source::PackSource;
use packwright_core::text::{Text, WirePosition};
use packwright_kit::disk::DiskPack;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// What the server says beside the protocol.
pub trait Listener: Send {
    /// A check ended: what is known of the pack now.
    fn checked(&mut self, checked: &Checked);
}

/// A server for one pack.
pub struct Server<L> {
    root: Utf8PathBuf,
    root_uri: String,
    disk: DiskPack,
    /// Texts of open files, by path.
    open: HashMap<String, Document>,
    /// What was last published, by path.
    published: BTreeMap<String, Vec<lsp::Diagnostic>>,
    /// The findings of the last check, for code actions.
    findings: Vec<Diagnostic>,
    texts: BTreeMap<String, Text>,
    listener: L,
}

struct Document {
    text: Text,
    version: i32,
}

/// Asks the server to look at the disk again.
#[derive(Debug, Clone, Copy)]
pub struct DiskChanged;

impl<L: Listener> Server<L> {
    /// A server for a folder that was listed.
    pub fn new(disk: DiskPack, listener: L) -> Self {
        let root = disk.root().to_owned();
        Self {
            root_uri: uri::of_folder(&root),
            root,
            disk,
            open: HashMap::new(),
            published: BTreeMap::new(),
            findings: Vec::new(),
            texts: BTreeMap::new(),
            listener,
        }
    }

    /// Serves until the other side says goodbye or goes away.
    pub fn run(mut self, connection: &Connection, disk_changed: &Receiver<DiskChanged>) {
        let capabilities = lsp::ServerCapabilities {
            position_encoding: Some(lsp::PositionEncodingKind::UTF16),
            text_document_sync: Some(lsp::TextDocumentSyncCapability::Kind(lsp::TextDocumentSyncKind::INCREMENTAL)),
            code_action_provider: Some(lsp::CodeActionProviderCapability::Options(lsp::CodeActionOptions {
                code_action_kinds: Some(vec![lsp::CodeActionKind::QUICKFIX]),
                ..lsp::CodeActionOptions::default()
            })),
            ..lsp::ServerCapabilities::default()
        };
        let capabilities = serde_json::to_value(capabilities).expect("capabilities are plain data");
        if connection.initialize(capabilities).is_err() {
            return;
        }
        let mut stale = true;
        loop {
            // Check only when nothing waits: what arrived meanwhile changes the answer.
            if stale && connection.receiver.is_empty() && disk_changed.is_empty() {
                stale = false;
                if self.check(connection).is_none() {
                    return;
                }
            }
            select! {
                recv(connection.receiver) -> message => {
                    let Ok(message) = message else { return };
                    match message {
                        Message::Request(request) => {
                            if connection.handle_shutdown(&request).unwrap_or(true) {
                                return;
                            }
                            if stale {
                                stale = false;
                                if self.check(connection).is_none() {
                                    return;
                                }
                            }
                            let response = self.answer(request);
                            if connection.sender.send(Message::Response(response)).is_err() {
                                return;
                            }
                        }
                        Message::Notification(notification) => stale |= self.note(notification),
                        Message::Response(_) => {}
                    }
                }
                recv(disk_changed) -> change => {
                    if change.is_ok() {
                        self.relist();
                        stale = true;
                    } else if connection.receiver.is_empty() {
                        // The watcher is gone, and with it the session.
                        return;
                    }
                }
            }
        }
    }

    /// Takes a notification; true when the pack has to be checked again.
    fn note(&mut self, notification: Notification) -> bool {
        use lsp::notification::{DidChangeTextDocument, DidCloseTextDocument, DidOpenTextDocument, Notification as _};
        match notification.method.as_str() {
            DidOpenTextDocument::METHOD => {
                let Some(params) = read::<lsp::DidOpenTextDocumentParams>(notification.params) else { return false };
                let Some(path) = uri::to_path(&self.root_uri, params.text_document.uri.as_str()) else { return false };
                self.disk.open(&path, params.text_document.text.clone());
                self.open
                    .insert(path, Document { text: Text::new(params.text_document.text), version: params.text_document.version });
                true
            }
            DidChangeTextDocument::METHOD => {
                let Some(params) = read::<lsp::DidChangeTextDocumentParams>(notification.params) else { return false };
                let Some(path) = uri::to_path(&self.root_uri, params.text_document.uri.as_str()) else { return false };
                let Some(document) = self.open.get_mut(&path) else { return false };
                document.version = params.text_document.version;
                for change in params.content_changes {
                    document.text = apply(&document.text, &change);
                }
                self.disk.open(&path, document.text.as_str().to_owned());
                true
            }
            DidCloseTextDocument::METHOD => {
                let Some(params) = read::<lsp::DidCloseTextDocumentParams>(notification.params) else { return false };
                let Some(path) = uri::to_path(&self.root_uri, params.text_document.uri.as_str()) else { return false };
                self.open.remove(&path);
                self.relist();
                true
            }
            _ => false,
        }
    }

    fn answer(&self, request: Request) -> Response {
        use lsp::request::{CodeActionRequest, Request as _};
        match request.method.as_str() {
            CodeActionRequest::METHOD => match read::<lsp::CodeActionParams>(request.params) {
                Some(params) => ok(request.id, &self.code_actions(&params)),
                None => Response::new_err(
                    request.id,
                    ErrorCode::InvalidParams as i32,
                    "these are no code action parameters".to_owned(),
                ),
            },
            other => {
                let message = format!("this server does not answer `{other}`");
                Response::new_err(request.id, ErrorCode::MethodNotFound as i32, message)
            }
        }
    }

    /// Reads the folder anew and puts the open texts before it. A folder that is gone leaves the last listing.
    fn relist(&mut self) {
        if let Ok(mut disk) = DiskPack::read(&self.root) {
            for (path, document) in &self.open {
                disk.open(path, document.text.as_str().to_owned());
            }
            self.disk = disk;
        }
    }

    /// Checks the pack and publishes what changed. `None` when nobody listens any more.
    fn check(&mut self, connection: &Connection) -> Option<()> {
        let checked = check_pack(&self.disk);
        self.texts = texts_of(&self.disk, &checked);
        self.listener.checked(&checked);
        let mut now: BTreeMap<String, Vec<lsp::Diagnostic>> = BTreeMap::new();
        for found in &checked.diagnostics {
            now.entry(found.file.clone()).or_default().push(self.to_lsp(found));
        }
        let before = std::mem::take(&mut self.published);
        // A file whose last finding went away is published once more, empty.
        let gone = before.keys().filter(|path| !now.contains_key(*path)).map(|path| (path.clone(), Vec::new()));
        let changed: Vec<(String, Vec<lsp::Diagnostic>)> = now
            .iter()
            .filter(|(path, list)| before.get(*path) != Some(*list))
            .map(|(path, list)| (path.clone(), list.clone()))
            .chain(gone)
            .collect();
        self.published = now;
        self.findings = checked.diagnostics;
        for (path, diagnostics) in changed {
            let params = lsp::PublishDiagnosticsParams {
                uri: self.uri(&path)?,
                diagnostics,
                version: self.open.get(&path).map(|document| document.version),
            };
            let params = serde_json::to_value(params).expect("diagnostics are plain data");
            let note = Notification { method: "textDocument/publishDiagnostics".to_owned(), params };
            connection.sender.send(Message::Notification(note)).ok()?;
        }
        Some(())
    }

    fn to_lsp(&self, found: &Diagnostic) -> lsp::Diagnostic {
        let rule = rules::rule(found.code);
        let data = DiagnosticData {
            hints: found.hints.clone(),
            fix: found.fix.as_ref().map(|fix| fix.title.clone()),
            summary: rule.map(|rule| rule.summary.to_owned()).unwrap_or_default(),
            why: rule.map(|rule| rule.why.to_owned()).unwrap_or_default(),
        };
        lsp::Diagnostic {
            range: self.to_range(&found.file, &found.range),
            severity: Some(match found.severity {
                Severity::Error => lsp::DiagnosticSeverity::ERROR,
                Severity::Warning => lsp::DiagnosticSeverity::WARNING,
                Severity::Info => lsp::DiagnosticSeverity::INFORMATION,
            }),
            code: Some(lsp::NumberOrString::String(found.code.to_owned())),
            source: Some("packwright".to_owned()),
            message: found.message.clone(),
            data: Some(serde_json::to_value(data).expect("wire types are plain data")),
            ..lsp::Diagnostic::default()
        }
    }

    fn to_range(&self, file: &str, range: &Range<usize>) -> lsp::Range {
        let Some(text) = self.open.get(file).map(|document| &document.text).or_else(|| self.texts.get(file)) else {
            return lsp::Range::default();
        };
        let place = |offset| {
            let WirePosition { line, character } = text.wire_position(offset);
            lsp::Position { line, character }
        };
        lsp::Range { start: place(range.start), end: place(range.end) }
    }

    /// The certain fixes of the findings that touch a range.
    fn code_actions(&self, params: &lsp::CodeActionParams) -> Vec<lsp::CodeActionOrCommand> {
        let Some(path) = uri::to_path(&self.root_uri, params.text_document.uri.as_str()) else { return Vec::new() };
        self.findings
            .iter()
            .filter(|found| found.file == path)
            .filter_map(|found| {
                let fix = found.fix.as_ref()?;
                let diagnostic = self.to_lsp(found);
                let touches = diagnostic.range.start <= params.range.end && params.range.start <= diagnostic.range.end;
                // With diagnostics in the request only theirs are meant: the file's first line may hold several of the file as a whole.
                let asked = params.context.diagnostics.is_empty()
                    || params
                        .context
                        .diagnostics
                        .iter()
                        .any(|asked| asked.code == diagnostic.code && asked.range == diagnostic.range);
                if !touches || !asked {
                    return None;
                }
                Some(lsp::CodeActionOrCommand::CodeAction(lsp::CodeAction {
                    title: fix.title.clone(),
                    kind: Some(lsp::CodeActionKind::QUICKFIX),
                    is_preferred: Some(true),
                    edit: Some(self.workspace_edit(fix)?),
                    diagnostics: Some(vec![diagnostic]),
                    ..lsp::CodeAction::default()
                }))
            })
            .collect()
    }

    fn workspace_edit(&self, fix: &packwright_core::diagnostic::Fix) -> Option<lsp::WorkspaceEdit> {
        let mut operations = Vec::new();
        for edit in &fix.edits {
            let uri = self.uri(&edit.file)?;
            let exists = self.disk.entries().iter().any(|entry| entry.path == edit.file);
            if !exists {
                let create = lsp::CreateFile { uri: uri.clone(), options: None, annotation_id: None };
                operations.push(lsp::DocumentChangeOperation::Op(lsp::ResourceOp::Create(create)));
            }
            let range = match self.disk.read(&edit.file) {
                Ok(bytes) => {
                    let text = Text::new(String::from_utf8(bytes.into_owned()).ok()?);
                    let place = |offset| {
                        let WirePosition { line, character } = text.wire_position(offset);
                        lsp::Position { line, character }
                    };
                    lsp::Range { start: place(edit.range.start), end: place(edit.range.end) }
                }
                Err(_) => lsp::Range::default(),
            };
            operations.push(lsp::DocumentChangeOperation::Edit(lsp::TextDocumentEdit {
                text_document: lsp::OptionalVersionedTextDocumentIdentifier {
                    uri,
                    version: self.open.get(&edit.file).map(|document| document.version),
                },
                edits: vec![lsp::OneOf::Left(lsp::TextEdit { range, new_text: edit.text.clone() })],
            }));
        }
        Some(lsp::WorkspaceEdit {
            document_changes: Some(lsp::DocumentChanges::Operations(operations)),
            ..lsp::WorkspaceEdit::default()
        })
    }

    fn uri(&self, path: &str) -> Option<lsp::Uri> {
        uri::of_file(&self.root_uri, path).parse().ok()
    }
}

/// The text after a change. A range that the text does not have changes nothing: the editor will say what it means.
fn apply(text: &Text, change: &lsp::TextDocumentContentChangeEvent) -> Text {
    let Some(range) = change.range else { return Text::new(change.text.clone()) };
    let offset = |place: lsp::Position| text.offset(WirePosition { line: place.line, character: place.character });
    let (Some(start), Some(end)) = (offset(range.start), offset(range.end)) else { return text.clone() };
    if start > end {
        return text.clone();
    }
    let mut new = text.as_str().to_owned();
    new.replace_range(start..end, &change.text);
    Text::new(new)
}

fn read<T: DeserializeOwned>(params: Value) -> Option<T> {
    serde_json::from_value(params).ok()
}

fn ok(id: RequestId, answer: &impl serde::Serialize) -> Response {
    Response::new_ok(id, serde_json::to_value(answer).expect("answers are plain data"))
}
