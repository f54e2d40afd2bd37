//! What the server answers: the core's assistance, in the protocol's words.

use super::convert::{self, position};
use super::pack::OpenPack;
use lsp_types as lsp;
use packwright_core::assist::{self, Action, ActionKind, Completion, CompletionKind, Inlay, Pack, Symbol, SymbolKind, Target};
use packwright_core::diagnostic::Fix;
use packwright_core::text::Text;
use packwright_sandbox::outline::Scripts;
use std::borrow::Cow;

impl OpenPack {
    /// Calls with the pack as assistance sees it, and a file's text.
    fn with<T>(&self, path: &str, ask: impl FnOnce(&Pack<'_>, &Text) -> T) -> Option<T> {
        let text = self.text(path)?;
        let manifest = self.text(packwright_core::folder::MANIFEST);
        let read = |path: &str| self.text(path).map(|text| Cow::Owned(text.as_str().to_owned()));
        let pack = Pack {
            manifest_text: manifest.as_deref().map_or("", Text::as_str),
            root: &self.tree,
            manifest: &self.manifest,
            entries: self.entries(),
            read: &read,
            languages: &Scripts,
        };
        Some(ask(&pack, &text))
    }

    pub(super) fn completion(&self, path: &str, at: lsp::Position, snippets: bool) -> Option<Vec<lsp::CompletionItem>> {
        self.with(path, |pack, text| {
            let offset = convert::offset(text, at);
            let found = assist::complete(pack, path, text.as_str(), offset);
            found.into_iter().map(|one| completion_item(one, text, snippets)).collect()
        })
    }

    pub(super) fn hover(&self, path: &str, at: lsp::Position) -> Option<lsp::Hover> {
        self.with(path, |pack, text| {
            let hover = assist::hover(pack, path, text.as_str(), convert::offset(text, at))?;
            let contents = lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value: hover.markdown };
            Some(lsp::Hover {
                contents: lsp::HoverContents::Markup(contents),
                range: Some(convert::range(Some(text), &hover.range)),
            })
        })?
    }

    pub(super) fn definition(&self, path: &str, at: lsp::Position) -> Vec<lsp::Location> {
        let found = self.with(path, |pack, text| assist::definition(pack, path, text.as_str(), convert::offset(text, at)));
        self.locations(found.unwrap_or_default())
    }

    pub(super) fn references(&self, path: &str, at: lsp::Position, own: bool) -> Vec<lsp::Location> {
        let found = self.with(path, |pack, text| assist::references(pack, path, text.as_str(), convert::offset(text, at), own));
        self.locations(found.unwrap_or_default())
    }

    fn locations(&self, targets: Vec<Target>) -> Vec<lsp::Location> {
        let location = |target: Target| {
            let text = self.text(&target.file);
            Some(lsp::Location { uri: self.uri_of(&target.file)?, range: convert::range(text.as_deref(), &target.range) })
        };
        targets.into_iter().filter_map(location).collect()
    }

    /// What would be renamed, and what it is called now; why nothing can be, as an error.
    pub(super) fn rename_range(&self, path: &str, at: lsp::Position) -> Result<lsp::PrepareRenameResponse, String> {
        let nothing = || Err("this file is not open, and cannot be read".to_owned());
        self.with(path, |pack, text| {
            let range = assist::rename_range(pack, path, text.as_str(), convert::offset(text, at))?;
            let placeholder = text.as_str().get(range.clone()).unwrap_or_default().to_owned();
            Ok(lsp::PrepareRenameResponse::RangeWithPlaceholder { range: convert::range(Some(text), &range), placeholder })
        })
        .unwrap_or_else(nothing)
    }

    pub(super) fn rename(&self, path: &str, at: lsp::Position, name: &str) -> Result<lsp::WorkspaceEdit, String> {
        let nothing = || Err("this file is not open, and cannot be read".to_owned());
        let renamed = self
            .with(path, |pack, text| assist::rename(pack, path, text.as_str(), convert::offset(text, at), name))
            .unwrap_or_else(nothing)?;
        let mut operations = self.operations(&renamed.edits).ok_or("a file of this pack has a name that no editor can open")?;
        for (from, to) in &renamed.moves {
            let (Some(old_uri), Some(new_uri)) = (self.uri_of(from), self.uri_of(to)) else { continue };
            let options = lsp::RenameFileOptions { overwrite: Some(false), ignore_if_exists: Some(false) };
            operations.push(lsp::DocumentChangeOperation::Op(lsp::ResourceOp::Rename(lsp::RenameFile {
                old_uri,
                new_uri,
                options: Some(options),
                annotation_id: None,
            })));
        }
        Ok(convert::workspace_edit(operations))
    }

    /// What can be done at a place, beside the fixes of findings.
    pub(super) fn actions(&self, path: &str, at: lsp::Position) -> Vec<lsp::CodeActionOrCommand> {
        let found = self.with(path, |pack, text| assist::actions(pack, path, text.as_str(), convert::offset(text, at)));
        let said = |Action { title, kind, edits }: Action| {
            let edit = self.edit_of(&Fix { title: title.clone(), edits, certain: true })?;
            Some(lsp::CodeActionOrCommand::CodeAction(lsp::CodeAction {
                title,
                kind: Some(match kind {
                    ActionKind::Extract => lsp::CodeActionKind::REFACTOR_EXTRACT,
                    ActionKind::Inline => lsp::CodeActionKind::REFACTOR_INLINE,
                    ActionKind::Insert => lsp::CodeActionKind::REFACTOR_REWRITE,
                }),
                edit: Some(edit),
                ..lsp::CodeAction::default()
            }))
        };
        found.unwrap_or_default().into_iter().filter_map(said).collect()
    }

    pub(super) fn symbols(&self, path: &str) -> Option<Vec<lsp::DocumentSymbol>> {
        self.with(path, |pack, text| {
            assist::symbols(pack, path, text.as_str()).into_iter().map(|symbol| document_symbol(symbol, text)).collect()
        })
    }

    pub(super) fn folding(&self, path: &str) -> Option<Vec<lsp::FoldingRange>> {
        let text = self.text(path)?;
        let line = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let folds = assist::folding(path, text.as_str()).into_iter().map(|fold| lsp::FoldingRange {
            start_line: line(fold.first),
            end_line: line(fold.last),
            kind: Some(if fold.comment { lsp::FoldingRangeKind::Comment } else { lsp::FoldingRangeKind::Region }),
            ..lsp::FoldingRange::default()
        });
        Some(folds.collect())
    }

    pub(super) fn inlays(&self, path: &str, range: lsp::Range) -> Option<Vec<lsp::InlayHint>> {
        self.with(path, |pack, text| {
            let part = convert::offset(text, range.start)..convert::offset(text, range.end);
            let said = |Inlay { offset, label, tooltip }: Inlay| lsp::InlayHint {
                position: position(text, offset),
                label: lsp::InlayHintLabel::String(label),
                kind: None,
                text_edits: None,
                tooltip: Some(lsp::InlayHintTooltip::String(tooltip)),
                padding_left: Some(true),
                padding_right: None,
                data: None,
            };
            assist::inlays(pack, path, text.as_str(), part).into_iter().map(said).collect()
        })
    }

    pub(super) fn links(&self, path: &str) -> Option<Vec<lsp::DocumentLink>> {
        self.with(path, |pack, text| {
            let links = assist::links(pack, path, text.as_str()).into_iter().map(|link| lsp::DocumentLink {
                range: convert::range(Some(text), &link.range),
                target: self.uri_of(&link.file),
                tooltip: Some(format!("Open {}", link.file)),
                data: None,
            });
            links.collect()
        })
    }
}

fn completion_item(found: Completion, text: &Text, snippets: bool) -> lsp::CompletionItem {
    let snippet = found.snippet && snippets;
    let new_text = if snippet { found.insert.clone() } else { found.plain() };
    let range = convert::range(Some(text), &found.range);
    lsp::CompletionItem {
        label: found.label,
        kind: Some(match found.kind {
            CompletionKind::Key => lsp::CompletionItemKind::PROPERTY,
            CompletionKind::Word => lsp::CompletionItemKind::ENUM_MEMBER,
            CompletionKind::Path => lsp::CompletionItemKind::FILE,
            CompletionKind::Name => lsp::CompletionItemKind::REFERENCE,
            CompletionKind::Snippet => lsp::CompletionItemKind::SNIPPET,
        }),
        detail: found.detail,
        documentation: found
            .docs
            .map(|value| lsp::Documentation::MarkupContent(lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value })),
        sort_text: Some(found.sort),
        filter_text: Some(found.filter),
        insert_text_format: Some(if snippet { lsp::InsertTextFormat::SNIPPET } else { lsp::InsertTextFormat::PLAIN_TEXT }),
        // Its lines are indented as they stand.
        insert_text_mode: Some(lsp::InsertTextMode::AS_IS),
        text_edit: Some(lsp::CompletionTextEdit::Edit(lsp::TextEdit { range, new_text })),
        ..lsp::CompletionItem::default()
    }
}

fn document_symbol(symbol: Symbol, text: &Text) -> lsp::DocumentSymbol {
    let children: Vec<lsp::DocumentSymbol> = symbol.children.into_iter().map(|child| document_symbol(child, text)).collect();
    #[expect(deprecated, reason = "the type has no constructor, and its old field must be named")]
    lsp::DocumentSymbol {
        // The protocol wants a name that is not blank.
        name: if symbol.name.trim().is_empty() { "?".to_owned() } else { symbol.name },
        detail: symbol.detail,
        kind: match symbol.kind {
            SymbolKind::Key | SymbolKind::Property => lsp::SymbolKind::PROPERTY,
            SymbolKind::Tool => lsp::SymbolKind::FUNCTION,
            SymbolKind::Credential => lsp::SymbolKind::KEY,
            SymbolKind::Capability => lsp::SymbolKind::INTERFACE,
            SymbolKind::Rule => lsp::SymbolKind::FIELD,
            SymbolKind::Case => lsp::SymbolKind::EVENT,
            SymbolKind::Item => lsp::SymbolKind::OBJECT,
            SymbolKind::Definition => lsp::SymbolKind::CLASS,
        },
        tags: None,
        deprecated: None,
        range: convert::range(Some(text), &symbol.range),
        selection_range: convert::range(Some(text), &symbol.selection),
        children: (!children.is_empty()).then_some(children),
    }
}
