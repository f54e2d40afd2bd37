//! The protocol's ways to say what the core says.

use crate::wire::DiagnosticData;
use lsp_types as lsp;
use packwright_core::diagnostic::{Diagnostic, Severity};
use packwright_core::rules;
use packwright_core::text::{Text, WirePosition};
use std::ops::Range;

pub(super) fn position(text: &Text, offset: usize) -> lsp::Position {
    let WirePosition { line, character } = text.wire_position(offset);
    lsp::Position { line, character }
}

/// A range of a text; the beginning of a file whose text nobody has.
pub(super) fn range(text: Option<&Text>, range: &Range<usize>) -> lsp::Range {
    let Some(text) = text else { return lsp::Range::default() };
    lsp::Range { start: position(text, range.start), end: position(text, range.end) }
}

/// The offset of a place; past the end of the text it is the end.
pub(super) fn offset(text: &Text, place: lsp::Position) -> usize {
    text.offset(WirePosition { line: place.line, character: place.character }).unwrap_or(text.as_str().len())
}

pub(super) fn diagnostic(found: &Diagnostic, text: Option<&Text>) -> lsp::Diagnostic {
    let rule = rules::rule(found.code);
    let data = DiagnosticData {
        hints: found.hints.clone(),
        fix: found.fix.as_ref().map(|fix| fix.title.clone()),
        summary: rule.map(|rule| rule.summary.to_owned()).unwrap_or_default(),
        why: rule.map(|rule| rule.why.to_owned()).unwrap_or_default(),
    };
    lsp::Diagnostic {
        range: range(text, &found.range),
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

pub(super) fn workspace_edit(operations: Vec<lsp::DocumentChangeOperation>) -> lsp::WorkspaceEdit {
    lsp::WorkspaceEdit { document_changes: Some(lsp::DocumentChanges::Operations(operations)), ..lsp::WorkspaceEdit::default() }
}

/// The text after a change. A range that the text does not have changes nothing: the editor will say what it means.
pub(super) fn changed(text: &Text, change: lsp::TextDocumentContentChangeEvent) -> Option<String> {
    let Some(range) = change.range else { return Some(change.text) };
    let offset = |place: lsp::Position| text.offset(WirePosition { line: place.line, character: place.character });
    let (start, end) = (offset(range.start)?, offset(range.end)?);
    if start > end {
        return None;
    }
    let whole = text.as_str();
    let mut new = String::with_capacity(whole.len() + change.text.len());
    new.push_str(&whole[..start]);
    new.push_str(&change.text);
    new.push_str(&whole[end..]);
    Some(new)
}
