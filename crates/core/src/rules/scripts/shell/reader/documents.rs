//! Here-documents: announced in a line, read behind its end.

use super::{Place, Reader, Step, Stop};
use std::ops::Range;

/// A here-document that is announced and not read yet.
#[derive(Debug)]
pub(super) struct Document {
    /// From `<<` to the end of the word.
    pub(super) at: Range<usize>,
    pub(super) word: String,
    /// `<<-`: tabs before its lines are not part of it.
    tabs: bool,
    /// A backslash at a line's end joins lines.
    joins: bool,
    /// How many substitutions stand around it.
    pub(super) level: usize,
}

impl Reader<'_> {
    pub(super) fn announce_document(&mut self) -> Step {
        let start = self.at;
        self.at += 2;
        let tabs = self.peek(0) == Some(b'-');
        self.at += usize::from(tabs);
        while matches!(self.peek(0), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        let word_at = self.at;
        let mut joins = true;
        let mut word = Vec::new();
        while let Some(byte) = self.peek(0) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b'<' | b'>' | b')' => break,
                b'$' | b'`' | b'(' => return Err(Stop::Unsure),
                b'\\' => {
                    joins = false;
                    match self.peek(1) {
                        Some(next) if next != b'\n' && next != b'\r' => word.push(next),
                        _ => return Err(Stop::Unsure),
                    }
                    self.at += 2;
                }
                b'\'' | b'"' => {
                    joins = false;
                    let inner = self.at + 1;
                    let ends = |other: &u8| *other == byte || matches!(other, b'\n' | b'\\' | b'$' | b'`');
                    let length = self.bytes[inner..].iter().position(ends).ok_or(Stop::Unsure)?;
                    if self.bytes[inner + length] != byte {
                        return Err(Stop::Unsure);
                    }
                    word.extend_from_slice(&self.bytes[inner..inner + length]);
                    self.at = inner + length + 1;
                }
                _ => {
                    word.push(byte);
                    self.at += 1;
                }
            }
        }
        if self.at == word_at {
            return Err(Stop::Unsure);
        }
        let word = String::from_utf8(word).map_err(|_| Stop::Unsure)?;
        self.documents.push(Document { at: start..self.at, word, tabs, joins, level: self.level });
        let open = self.top_mut();
        open.place = match open.place {
            Place::Start | Place::Begun | Place::Needed => Place::Name,
            Place::After => Place::Redirected,
            place => place,
        };
        Ok(())
    }

    /// Behind a line's end: the documents that it announced.
    pub(super) fn read_documents(&mut self) -> Step {
        if self.documents.is_empty() {
            return Ok(());
        }
        if self.documents.iter().any(|document| document.level != self.level) {
            return Err(Stop::Unsure);
        }
        for document in std::mem::take(&mut self.documents) {
            self.read_document(&document)?;
        }
        Ok(())
    }

    pub(super) fn read_document(&mut self, document: &Document) -> Step {
        let mut near = None;
        let mut joined = false;
        while self.at < self.bytes.len() {
            let start = self.at;
            let length = self.rest().iter().position(|byte| *byte == b'\n').unwrap_or(self.bytes.len() - start);
            let whole = &self.text[start..start + length];
            self.at = (start + length + 1).min(self.bytes.len());
            let line = whole.strip_suffix('\r').unwrap_or(whole);
            let line = if document.tabs { line.trim_start_matches('\t') } else { line };
            if line == document.word {
                if joined {
                    return Err(Stop::Unsure);
                }
                return Ok(());
            }
            // Some shells take what closes the substitution on the same line.
            if self.level > 0 && line.strip_prefix(document.word.as_str()).is_some_and(|rest| rest.trim_start().starts_with(')'))
            {
                return Err(Stop::Unsure);
            }
            if near.is_none() && line.trim() == document.word && !document.word.is_empty() {
                near = Some(start);
            }
            let slashes = line.bytes().rev().take_while(|byte| *byte == b'\\').count();
            joined = document.joins && slashes % 2 == 1;
        }
        Err(self.endless(document, near))
    }
}
