//! The server's loop: messages in, answers and publications out.

use super::pack::OpenPack;
use super::stdio;
use crate::uri;
use camino::{Utf8Path, Utf8PathBuf};
use crossbeam_channel::{Receiver, Sender, after, never, select, unbounded};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types as lsp;
use lsp_types::notification::{Exit, Notification as _};
use lsp_types::request::{
    CodeActionRequest, Completion, DocumentLinkRequest, DocumentSymbolRequest, FoldingRangeRequest, GotoDefinition, HoverRequest,
    Initialize, InlayHintRequest, PrepareRenameRequest, References, Rename, Request as _, Shutdown,
};
use packwright_core::check::Checked;
use packwright_core::folder::MANIFEST;
use packwright_kit::disk::DiskPack;
use packwright_kit::watch::Watcher;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::time::Duration;

/// What the server says beside the protocol.
pub trait Listener: Send {
    /// A check ended: what is known of the pack now.
    fn checked(&mut self, checked: &Checked);
}

/// How long after a change the next message is waited for before all is checked: editors send a change and a question about it in one
/// go, and keys that waited together are one check.
const BREATH: Duration = Duration::from_micros(250);

/// Asks the server to look at the disk again.
#[derive(Debug, Clone, Copy)]
pub struct DiskChanged;

/// A server for one pack, or for whatever packs an editor opens files of.
pub struct Server<L> {
    packs: Vec<OpenPack>,
    /// Finds packs by their files, and follows them on disk.
    finder: Option<Finder>,
    listener: L,
    /// True when the editor can fill in places of what it inserts.
    snippets: bool,
}

/// Finds the pack that a file belongs to.
struct Finder {
    disk_changed: Sender<DiskChanged>,
    /// Kept: a watch ends when its watcher is dropped.
    watchers: Vec<Watcher>,
}

/// A listener that does not listen.
struct Nobody;

impl Listener for Nobody {
    fn checked(&mut self, _: &Checked) {}
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// As the protocol wants it, or because nobody is there any more.
    Well,
    /// The other side went without asking for the end first.
    Abruptly,
}

/// Serves an editor on this process's standard streams, until it says goodbye or goes away.
pub fn serve_stdio() -> std::io::Result<Ended> {
    let (connection, threads) = stdio::connect(std::io::stdin(), std::io::stdout());
    let (disk_changed, changes) = unbounded();
    let finder = Finder { disk_changed, watchers: Vec::new() };
    let ended = Server { packs: Vec::new(), finder: Some(finder), listener: Nobody, snippets: false }.run(&connection, &changes);
    // The writer ends when nobody can send to it any more.
    drop(connection);
    threads.join()?;
    Ok(ended)
}

impl<L: Listener> Server<L> {
    /// A server for a folder that was listed.
    pub fn new(disk: DiskPack, listener: L) -> Self {
        Self { packs: vec![OpenPack::new(disk)], finder: None, listener, snippets: false }
    }

    /// Serves until the other side says goodbye or goes away.
    pub fn run(mut self, connection: &Connection, disk_changed: &Receiver<DiskChanged>) -> Ended {
        let Ok((id, asked)) = connection.initialize_start() else { return Ended::Abruptly };
        let answer = serde_json::json!({
            "capabilities": capabilities(),
            "serverInfo": { "name": "packwright", "version": env!("CARGO_PKG_VERSION") },
        });
        if connection.initialize_finish(id, answer).is_err() {
            return Ended::Abruptly;
        }
        if let Some(asked) = read::<lsp::InitializeParams>(asked) {
            self.snippets = takes_snippets(&asked);
            self.open_folders(&asked);
        }
        loop {
            // Check only when nothing comes any more: it would change the answer. What waits in a pipe is seen only by taking it.
            let quiet = if self.packs.iter().any(|pack| pack.stale) { after(BREATH) } else { never() };
            select! {
                recv(quiet) -> _ => {
                    if self.check(connection).is_none() {
                        return Ended::Well;
                    }
                }
                recv(connection.receiver) -> message => {
                    let Ok(message) = message else { return Ended::Well };
                    match message {
                        Message::Request(request) if request.method == Shutdown::METHOD => return say_goodbye(connection, request.id),
                        Message::Request(request) => {
                            let response = self.answer(request, connection);
                            if response.is_some_and(|response| connection.sender.send(Message::Response(response)).is_err()) {
                                return Ended::Well;
                            }
                        }
                        Message::Notification(note) if note.method == Exit::METHOD => return Ended::Abruptly,
                        Message::Notification(note) => {
                            self.note(note);
                            if self.close_gone(connection).is_none() {
                                return Ended::Well;
                            }
                        }
                        Message::Response(_) => {}
                    }
                }
                recv(disk_changed) -> change => {
                    if change.is_ok() {
                        self.packs.iter_mut().for_each(OpenPack::relist);
                        if self.close_gone(connection).is_none() {
                            return Ended::Well;
                        }
                    } else if connection.receiver.is_empty() {
                        // The watcher is gone, and with it the session.
                        return Ended::Well;
                    }
                }
            }
        }
    }

    /// Lets go of packs that are gone and of which no file is open, and takes back what was said of them. `None` when nobody listens
    /// any more.
    fn close_gone(&mut self, connection: &Connection) -> Option<()> {
        // The window's pack stays until the window closes it: its folder may come back.
        if self.finder.is_none() {
            return Some(());
        }
        for gone in self.packs.extract_if(.., |pack| pack.is_gone()) {
            for list in gone.taken_back() {
                connection.sender.send(publication(list)).ok()?;
            }
        }
        Some(())
    }

    /// Opens the packs among an editor's folders.
    fn open_folders(&mut self, asked: &lsp::InitializeParams) {
        if self.finder.is_none() {
            return;
        }
        let folders = asked.workspace_folders.iter().flatten().map(|folder| folder.uri.as_str().to_owned());
        #[expect(deprecated, reason = "editors that know no workspace folders still send it")]
        let root = asked.root_uri.as_ref().map(|root| root.as_str().to_owned());
        for folder in folders.chain(root) {
            if let Some(folder) = uri::to_file(&folder)
                && folder.join(MANIFEST).is_file()
            {
                self.open_pack(&folder);
            }
        }
    }

    /// The pack that a file belongs to; with a finder it is opened when it is not yet.
    fn pack_of(&mut self, file: &lsp::Uri) -> Option<(usize, String)> {
        // The innermost: a pack may lie in a folder of another.
        let known = |server: &Self| {
            let packs = server.packs.iter().enumerate();
            packs.filter_map(|(at, pack)| Some((at, pack.path_of(file)?))).min_by_key(|(_, path)| path.len())
        };
        if self.finder.is_some()
            && let Some(path) = uri::to_file(file.as_str())
            && let Some(root) = path.ancestors().skip(1).find(|folder| folder.join(MANIFEST).is_file())
            && !self.packs.iter().any(|pack| pack.root() == root)
        {
            self.open_pack(root);
        }
        known(self)
    }

    fn open_pack(&mut self, root: &Utf8Path) {
        let Some(finder) = &mut self.finder else { return };
        let Ok(disk) = DiskPack::read(root) else { return };
        let root: Utf8PathBuf = disk.root().to_owned();
        if self.packs.iter().any(|pack| pack.root() == root) {
            return;
        }
        let changed = finder.disk_changed.clone();
        finder.watchers.extend(Watcher::start(&root, move |_| changed.send(DiskChanged).unwrap_or_default()).ok());
        self.packs.push(OpenPack::new(disk));
    }

    /// Takes a notification.
    fn note(&mut self, notification: Notification) {
        use lsp::notification::{
            DidChangeTextDocument, DidChangeWatchedFiles, DidCloseTextDocument, DidOpenTextDocument, DidSaveTextDocument,
        };
        match notification.method.as_str() {
            DidOpenTextDocument::METHOD => {
                let Some(params) = read::<lsp::DidOpenTextDocumentParams>(notification.params) else { return };
                let document = params.text_document;
                let Some((pack, path)) = self.pack_of(&document.uri) else { return };
                self.packs[pack].opened(path, document.text, document.version);
            }
            DidChangeTextDocument::METHOD => {
                let Some(params) = read::<lsp::DidChangeTextDocumentParams>(notification.params) else { return };
                let Some((pack, path)) = self.pack_of(&params.text_document.uri) else { return };
                self.packs[pack].changed(path, params.content_changes, params.text_document.version);
            }
            DidCloseTextDocument::METHOD => {
                let Some(params) = read::<lsp::DidCloseTextDocumentParams>(notification.params) else { return };
                let Some((pack, path)) = self.pack_of(&params.text_document.uri) else { return };
                self.packs[pack].closed(&path);
            }
            // For the window its own watcher tells; an editor's word comes before the system's.
            DidSaveTextDocument::METHOD | DidChangeWatchedFiles::METHOD if self.finder.is_some() => {
                self.packs.iter_mut().for_each(OpenPack::relist);
            }
            _ => {}
        }
    }

    /// Answers a request. `None` when nobody listens any more.
    fn answer(&mut self, request: Request, connection: &Connection) -> Option<Response> {
        let Request { id, method, params } = request;
        // Every answer is about the text that the editor shows. For words to choose from nobody waits until all of it is checked.
        if method == Completion::METHOD {
            self.packs.iter_mut().for_each(OpenPack::read_manifest);
        } else {
            self.check(connection)?;
        }
        let snippets = self.snippets;
        Some(match method.as_str() {
            CodeActionRequest::METHOD => self.with(id, params, |pack, path, params: lsp::CodeActionParams| {
                let mut actions = pack.fixes(path, &params);
                actions.extend(pack.actions(path, params.range.start));
                if let Some(wanted) = &params.context.only {
                    actions.retain(|action| is_wanted(action, wanted));
                }
                Ok(actions)
            }),
            Completion::METHOD => self.with(id, params, |pack, path, params: lsp::CompletionParams| {
                Ok(pack.completion(path, params.text_document_position.position, snippets))
            }),
            HoverRequest::METHOD => self.with(id, params, |pack, path, params: lsp::HoverParams| {
                Ok(pack.hover(path, params.text_document_position_params.position))
            }),
            GotoDefinition::METHOD => self.with(id, params, |pack, path, params: lsp::GotoDefinitionParams| {
                Ok(pack.definition(path, params.text_document_position_params.position))
            }),
            References::METHOD => self.with(id, params, |pack, path, params: lsp::ReferenceParams| {
                Ok(pack.references(path, params.text_document_position.position, params.context.include_declaration))
            }),
            PrepareRenameRequest::METHOD => self
                .with(id, params, |pack, path, params: lsp::TextDocumentPositionParams| pack.rename_range(path, params.position)),
            Rename::METHOD => self.with(id, params, |pack, path, params: lsp::RenameParams| {
                pack.rename(path, params.text_document_position.position, &params.new_name)
            }),
            DocumentSymbolRequest::METHOD => {
                self.with(id, params, |pack, path, _: lsp::DocumentSymbolParams| Ok(pack.symbols(path)))
            }
            FoldingRangeRequest::METHOD => self.with(id, params, |pack, path, _: lsp::FoldingRangeParams| Ok(pack.folding(path))),
            InlayHintRequest::METHOD => {
                self.with(id, params, |pack, path, params: lsp::InlayHintParams| Ok(pack.inlays(path, params.range)))
            }
            DocumentLinkRequest::METHOD => self.with(id, params, |pack, path, _: lsp::DocumentLinkParams| Ok(pack.links(path))),
            Initialize::METHOD => {
                Response::new_err(id, ErrorCode::InvalidRequest as i32, "the server is initialised already".to_owned())
            }
            other => {
                let message = format!("this server does not answer `{other}`");
                Response::new_err(id, ErrorCode::MethodNotFound as i32, message)
            }
        })
    }

    /// Answers what is asked about one document; of a file that belongs to no pack nothing is known.
    fn with<P: DeserializeOwned, A: Serialize>(
        &mut self,
        id: RequestId,
        params: Value,
        ask: impl FnOnce(&OpenPack, &str, P) -> Result<A, String>,
    ) -> Response {
        let document = params.pointer("/textDocument/uri").and_then(Value::as_str).and_then(|uri| uri.parse::<lsp::Uri>().ok());
        let (Some(document), Ok(params)) = (document, serde_json::from_value::<P>(params)) else {
            let message = "the parameters are not those of this request".to_owned();
            return Response::new_err(id, ErrorCode::InvalidParams as i32, message);
        };
        match self.pack_of(&document) {
            None => Response::new_ok(id, Value::Null),
            Some((pack, path)) => match ask(&self.packs[pack], &path, params) {
                Ok(answer) => Response::new_ok(id, serde_json::to_value(answer).expect("answers are plain data")),
                // What the author can read: an editor shows it where the name is typed.
                Err(refusal) => Response::new_err(id, ErrorCode::RequestFailed as i32, refusal),
            },
        }
    }

    /// Checks the packs that changed and publishes what is new. `None` when nobody listens any more.
    fn check(&mut self, connection: &Connection) -> Option<()> {
        for pack in self.packs.iter_mut().filter(|pack| pack.stale) {
            for list in pack.check(|checked| self.listener.checked(checked)) {
                connection.sender.send(publication(list)).ok()?;
            }
            pack.tidy();
        }
        Some(())
    }
}

/// True for an action of a kind that was asked for, or of a kind below it.
fn is_wanted(action: &lsp::CodeActionOrCommand, wanted: &[lsp::CodeActionKind]) -> bool {
    let lsp::CodeActionOrCommand::CodeAction(lsp::CodeAction { kind: Some(kind), .. }) = action else { return false };
    wanted.iter().any(|wanted| {
        let below = kind.as_str().strip_prefix(wanted.as_str());
        below.is_some_and(|below| below.is_empty() || below.starts_with('.') || wanted.as_str().is_empty())
    })
}

/// Answers the request to end, and refuses what comes until the other side is gone.
fn say_goodbye(connection: &Connection, id: RequestId) -> Ended {
    let mut answer = Response::new_ok(id, Value::Null);
    loop {
        if connection.sender.send(Message::Response(answer)).is_err() {
            return Ended::Well;
        }
        let next = loop {
            match connection.receiver.recv() {
                Ok(Message::Request(request)) => break request,
                Ok(Message::Notification(note)) if note.method == Exit::METHOD => return Ended::Well,
                Ok(_) => {}
                Err(_) => return Ended::Well,
            }
        };
        let message = "the server was asked to end: only `exit` is left".to_owned();
        answer = Response::new_err(next.id, ErrorCode::InvalidRequest as i32, message);
    }
}

fn publication(list: lsp::PublishDiagnosticsParams) -> Message {
    let params = serde_json::to_value(list).expect("diagnostics are plain data");
    Message::Notification(Notification { method: "textDocument/publishDiagnostics".to_owned(), params })
}

fn takes_snippets(asked: &lsp::InitializeParams) -> bool {
    let completion = asked.capabilities.text_document.as_ref().and_then(|document| document.completion.as_ref());
    completion.and_then(|completion| completion.completion_item.as_ref()).and_then(|item| item.snippet_support).unwrap_or(false)
}

fn capabilities() -> lsp::ServerCapabilities {
    lsp::ServerCapabilities {
        position_encoding: Some(lsp::PositionEncodingKind::UTF16),
        text_document_sync: Some(lsp::TextDocumentSyncCapability::Options(lsp::TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(lsp::TextDocumentSyncKind::INCREMENTAL),
            save: Some(lsp::TextDocumentSyncSaveOptions::Supported(true)),
            ..lsp::TextDocumentSyncOptions::default()
        })),
        code_action_provider: Some(lsp::CodeActionProviderCapability::Options(lsp::CodeActionOptions {
            code_action_kinds: Some(vec![lsp::CodeActionKind::QUICKFIX, lsp::CodeActionKind::REFACTOR]),
            ..lsp::CodeActionOptions::default()
        })),
        completion_provider: Some(lsp::CompletionOptions {
            // What is offered changes with these: a value begins, an item begins, a path goes deeper, a secret or a `$ref` is named.
            trigger_characters: Some([":", " ", "-", "/", "\"", "#", "{", "[", ","].map(str::to_owned).to_vec()),
            ..lsp::CompletionOptions::default()
        }),
        hover_provider: Some(lsp::HoverProviderCapability::Simple(true)),
        definition_provider: Some(lsp::OneOf::Left(true)),
        references_provider: Some(lsp::OneOf::Left(true)),
        rename_provider: Some(lsp::OneOf::Right(lsp::RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: lsp::WorkDoneProgressOptions::default(),
        })),
        document_symbol_provider: Some(lsp::OneOf::Left(true)),
        folding_range_provider: Some(lsp::FoldingRangeProviderCapability::Simple(true)),
        inlay_hint_provider: Some(lsp::OneOf::Left(true)),
        document_link_provider: Some(lsp::DocumentLinkOptions {
            resolve_provider: Some(false),
            work_done_progress_options: lsp::WorkDoneProgressOptions::default(),
        }),
        ..lsp::ServerCapabilities::default()
    }
}

fn read<T: DeserializeOwned>(params: Value) -> Option<T> {
    serde_json::from_value(params).ok()
}
