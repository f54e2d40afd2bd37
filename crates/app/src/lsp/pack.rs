//! One open pack of the language server: its texts, what was found in them, and what is published.

use super::convert;
use crate::check::{check_with, text_up_to};
use crate::uri;
use camino::{Utf8Path, Utf8PathBuf};
use lsp_types as lsp;
use packwright_core::check::{Checked, Checker};
use packwright_core::diagnostic::{Diagnostic, Edit, Fix};
use packwright_core::folder::MANIFEST;
use packwright_core::manifest::Manifest;
use packwright_core::source::{PackSource, SourceEntry};
use packwright_core::text::Text;
use packwright_core::yaml::tree::Tree;
use packwright_kit::disk::DiskPack;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A pack whose files are open in an editor.
pub(super) struct OpenPack {
    root: Utf8PathBuf,
    root_uri: String,
    disk: DiskPack,
    checker: Checker,
    /// The manifest as the last check read it: as a tree and as types.
    pub(super) tree: Tree,
    pub(super) manifest: Manifest,
    /// The last check's, to be dropped when nobody waits.
    done_with: Manifest,
    /// Texts of open files, by path.
    open: HashMap<String, Document>,
    /// What was last found, by path.
    found: BTreeMap<String, Vec<Diagnostic>>,
    /// What was last published, by path.
    published: BTreeMap<String, Vec<lsp::Diagnostic>>,
    /// Texts of files that are not open and that findings point into, with the stamp that they hold for.
    texts: HashMap<String, (Option<u64>, Text)>,
    /// True when something changed since the last check.
    pub(super) stale: bool,
    /// True when tree and types are those of the text as it is now.
    read: bool,
}

pub(super) struct Document {
    pub(super) text: Text,
    version: i32,
}

impl OpenPack {
    pub(super) fn new(disk: DiskPack) -> Self {
        let root = disk.root().to_owned();
        Self {
            root_uri: uri::of_folder(&root),
            root,
            disk,
            checker: Checker::default(),
            tree: Tree::default(),
            manifest: Manifest::default(),
            done_with: Manifest::default(),
            open: HashMap::new(),
            found: BTreeMap::new(),
            published: BTreeMap::new(),
            texts: HashMap::new(),
            stale: true,
            read: false,
        }
    }

    pub(super) fn root(&self) -> &Utf8Path {
        &self.root
    }

    /// The path in this pack that a URI names.
    pub(super) fn path_of(&self, uri: &lsp::Uri) -> Option<String> {
        uri::to_path(&self.root_uri, uri.as_str())
    }

    pub(super) fn uri_of(&self, path: &str) -> Option<lsp::Uri> {
        uri::of_file(&self.root_uri, path).parse().ok()
    }

    pub(super) fn opened(&mut self, path: String, text: String, version: i32) {
        self.put(path, Text::new(text), version);
    }

    /// Applies an editor's changes, in order.
    pub(super) fn changed(&mut self, path: String, changes: Vec<lsp::TextDocumentContentChangeEvent>, version: i32) {
        let Some(Document { text, .. }) = self.open.get(&path) else { return };
        let mut now: Option<Text> = None;
        for change in changes {
            if let Some(text) = convert::changed(now.as_ref().unwrap_or(text), change) {
                now = Some(Text::new(text));
            }
        }
        let text = now.unwrap_or_else(|| text.clone());
        self.put(path, text, version);
    }

    fn put(&mut self, path: String, text: Text, version: i32) {
        self.disk.open(&path, text.as_str().to_owned());
        self.open.insert(path, Document { text, version });
        self.stale = true;
        self.read = false;
    }

    pub(super) fn closed(&mut self, path: &str) {
        self.open.remove(path);
        self.relist();
    }

    /// Reads the folder anew and puts the open texts before it. A folder that is gone leaves the last listing.
    pub(super) fn relist(&mut self) {
        if let Ok(mut disk) = DiskPack::read(&self.root) {
            for (path, document) in &self.open {
                disk.open(path, document.text.as_str().to_owned());
            }
            self.disk = disk;
        }
        self.stale = true;
        self.read = false;
    }

    /// True when it is no pack any more, and no file of it is open.
    pub(super) fn is_gone(&self) -> bool {
        self.open.is_empty() && !self.root.join(MANIFEST).is_file()
    }

    /// An empty list for every file of which something was said.
    pub(super) fn taken_back(&self) -> Vec<lsp::PublishDiagnosticsParams> {
        self.published.keys().filter_map(|path| self.publication(path, Vec::new())).collect()
    }

    /// Reads the manifest, and leaves its check for later.
    pub(super) fn read_manifest(&mut self) {
        if !self.read {
            self.checker.take_back(std::mem::take(&mut self.tree));
            (self.tree, self.manifest) = self.checker.read(&self.disk);
            self.read = true;
        }
    }

    /// Checks the pack, and gives the lists that changed.
    pub(super) fn check(&mut self, tell: impl FnOnce(&Checked)) -> Vec<lsp::PublishDiagnosticsParams> {
        self.stale = false;
        self.read = true;
        self.checker.take_back(std::mem::take(&mut self.tree));
        let checked = check_with(&mut self.checker, &self.disk);
        tell(&checked);
        self.tree = checked.tree;
        self.done_with = std::mem::replace(&mut self.manifest, checked.manifest);
        let mut now: BTreeMap<String, Vec<Diagnostic>> = BTreeMap::new();
        for found in checked.diagnostics {
            now.entry(found.file.clone()).or_default().push(found);
        }
        let before = std::mem::replace(&mut self.found, now);
        let mut lists = Vec::new();
        // A file whose last finding went away is published once more, empty.
        for path in before.keys().filter(|path| !self.found.contains_key(*path)) {
            self.published.remove(path);
            lists.extend(self.publication(path, Vec::new()));
        }
        let mut texts = std::mem::take(&mut self.texts);
        for (path, list) in &self.found {
            let stamp = self.disk.stamp(path);
            let open = self.open.get(path).map(|document| &document.text);
            let same_text = open.is_none() && texts.get(path).is_some_and(|(known, _)| stamp.is_some() && *known == stamp);
            // Same words at the same places of the same text: nothing to say.
            if same_text && before.get(path) == Some(list) {
                if let Some(kept) = texts.remove_entry(path) {
                    self.texts.insert(kept.0, kept.1);
                }
                continue;
            }
            let read = if open.is_none() { text_up_to(&self.disk, path) } else { None };
            let text = open.or(read.as_ref());
            let said: Vec<lsp::Diagnostic> = list.iter().map(|found| convert::diagnostic(found, text)).collect();
            if self.published.get(path) != Some(&said) {
                lists.extend(self.publication(path, said.clone()));
                self.published.insert(path.clone(), said);
            }
            if let Some(text) = read {
                self.texts.insert(path.clone(), (stamp, text));
            }
        }
        lists
    }

    /// Drops what the last check made superfluous.
    pub(super) fn tidy(&mut self) {
        self.done_with = Manifest::default();
    }

    fn publication(&self, path: &str, diagnostics: Vec<lsp::Diagnostic>) -> Option<lsp::PublishDiagnosticsParams> {
        let version = self.open.get(path).map(|document| document.version);
        Some(lsp::PublishDiagnosticsParams { uri: self.uri_of(path)?, diagnostics, version })
    }

    /// A file's text: the editor's, else the disk's.
    pub(super) fn text(&self, path: &str) -> Option<std::borrow::Cow<'_, Text>> {
        match self.open.get(path) {
            Some(document) => Some(std::borrow::Cow::Borrowed(&document.text)),
            None => self.read(path).map(std::borrow::Cow::Owned),
        }
    }

    fn read(&self, path: &str) -> Option<Text> {
        let bytes = self.disk.read(path).ok()?;
        String::from_utf8(bytes.into_owned()).ok().map(Text::new)
    }

    /// The fixes of the findings that touch a range.
    pub(super) fn fixes(&self, path: &str, params: &lsp::CodeActionParams) -> Vec<lsp::CodeActionOrCommand> {
        let text = self.text(path);
        self.found
            .get(path)
            .into_iter()
            .flatten()
            .filter_map(|found| {
                let fix = found.fix.as_ref()?;
                let diagnostic = convert::diagnostic(found, text.as_deref());
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
                    is_preferred: Some(fix.certain),
                    edit: Some(self.edit_of(fix)?),
                    diagnostics: Some(vec![diagnostic]),
                    ..lsp::CodeAction::default()
                }))
            })
            .collect()
    }

    /// All that lies in the folder.
    pub(super) fn entries(&self) -> &[SourceEntry] {
        self.disk.entries()
    }

    /// A fix as the protocol says it.
    pub(super) fn edit_of(&self, fix: &Fix) -> Option<lsp::WorkspaceEdit> {
        Some(convert::workspace_edit(self.operations(&fix.edits)?))
    }

    /// Edits as the protocol says them, a file's together. A file that does not exist is made first.
    pub(super) fn operations(&self, edits: &[Edit]) -> Option<Vec<lsp::DocumentChangeOperation>> {
        let mut operations = Vec::new();
        let mut files: Vec<&str> = edits.iter().map(|edit| edit.file.as_str()).collect();
        files.dedup();
        let mut seen = BTreeSet::new();
        for file in files.into_iter().filter(|file| seen.insert(*file)) {
            let uri = self.uri_of(file)?;
            let exists = self.disk.entries().binary_search_by(|entry| entry.path.as_str().cmp(file)).is_ok();
            if !exists {
                let create = lsp::CreateFile { uri: uri.clone(), options: None, annotation_id: None };
                operations.push(lsp::DocumentChangeOperation::Op(lsp::ResourceOp::Create(create)));
            }
            let text = self.text(file);
            let edits = edits.iter().filter(|edit| edit.file == file).map(|edit| {
                let range = convert::range(text.as_deref(), &edit.range);
                lsp::OneOf::Left(lsp::TextEdit { range, new_text: edit.text.clone() })
            });
            operations.push(lsp::DocumentChangeOperation::Edit(lsp::TextDocumentEdit {
                text_document: lsp::OptionalVersionedTextDocumentIdentifier {
                    uri,
                    version: self.open.get(file).map(|document| document.version),
                },
                edits: edits.collect(),
            }));
        }
        Some(operations)
    }
}
