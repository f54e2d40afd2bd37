//! Entries into and out of lists and mappings in brackets: all of JSON, and YAML's `[…]` and `{…}`.

use super::TextEdit;
use super::layout::{Entry, Piece, line_end, line_start, skipped};
use super::plan::edit;
use super::style::Style;

/// A collection in brackets with at least one entry.
pub(super) struct Flow<'a> {
    pub(super) text: &'a str,
    pub(super) piece: &'a Piece,
    pub(super) style: &'a Style,
}

impl Flow<'_> {
    fn entries(&self) -> &[Entry] {
        self.piece.entries()
    }

    /// True when the first entry begins a line.
    pub(super) fn is_tall(&self) -> bool {
        self.entries().first().is_some_and(|first| self.text[self.piece.start..first.start].contains('\n'))
    }

    /// What stands before the first entry on its line.
    pub(super) fn indent(&self) -> &str {
        let first = self.entries().first().map_or(self.piece.start, |first| first.start);
        let line = &self.text[line_start(self.text, first)..first];
        &line[..line.len() - line.trim_start().len()]
    }

    /// Behind the comma that follows an entry, if one does.
    fn comma(&self, index: usize) -> Option<usize> {
        let at = skipped(self.text, self.entries()[index].end());
        self.text[at..].starts_with(',').then_some(at + 1)
    }

    /// True when nothing but a comment follows on this line.
    fn ends_line(&self, at: usize) -> bool {
        let rest = self.text[at..line_end(self.text, at)].trim_start_matches([' ', '\t']);
        rest.is_empty() || rest.starts_with('#')
    }

    /// Puts an entry in.
    pub(super) fn insert(&self, index: usize, new: &str) -> Vec<TextEdit> {
        let entries = self.entries();
        let comma = &self.style.comma;
        if !self.is_tall() {
            let at = |place: usize, text: String| vec![edit(place..place, text)];
            return match index.checked_sub(1) {
                Some(before) => at(entries[before].end(), format!("{comma}{new}")),
                None => at(entries[0].start, format!("{new}{comma}")),
            };
        }
        let line = format!("{}{}", self.style.line_end, self.indent());
        let Some(before) = index.checked_sub(1) else {
            let start = self.lead(&entries[0]);
            return vec![edit(start..start, format!("{new},{line}"))];
        };
        let end = entries[before].end();
        match self.comma(before) {
            Some(comma) if self.ends_line(comma) => {
                let last = line_end(self.text, comma);
                vec![edit(last..last, format!("{line}{new},"))]
            }
            Some(comma) => vec![edit(comma..comma, format!("{line}{new},"))],
            // A comment behind the last entry stays with it.
            None if self.ends_line(end) => {
                let last = line_end(self.text, end);
                vec![edit(end..end, ","), edit(last..last, format!("{line}{new}"))]
            }
            None => vec![edit(end..end, format!(",{line}{new}"))],
        }
    }

    /// Takes an entry out, with its line when it has one of its own.
    pub(super) fn remove(&self, index: usize) -> Vec<TextEdit> {
        let entries = self.entries();
        let entry = &entries[index];
        let behind = self.comma(index);
        let end = behind.unwrap_or(entry.end());
        let begins_line = self.text[line_start(self.text, entry.start)..entry.start].trim().is_empty();
        if begins_line && self.is_tall() && self.ends_line(end) {
            // From the end of the line above to the end of its own.
            let above = line_start(self.text, self.lead(entry)).saturating_sub(1);
            let above = if self.text[..above].ends_with('\r') { above - 1 } else { above };
            let line = edit(above..line_end(self.text, end), "");
            let comma_before = index.checked_sub(1).and_then(|before| self.comma(before));
            return match comma_before {
                // The new last entry has a comma only when the old one had.
                Some(comma) if index + 1 == entries.len() && behind.is_none() && comma - 1 < line.range.start => {
                    vec![edit(comma - 1..comma, ""), line]
                }
                _ => vec![line],
            };
        }
        match (entries.get(index + 1), index.checked_sub(1)) {
            (Some(next), _) => vec![edit(entry.start..next.start, "")],
            (None, Some(before)) => vec![edit(entries[before].end()..entry.end(), "")],
            (None, None) => vec![edit(entry.start..end, "")],
        }
    }

    /// Where the comments right above an entry begin, or the entry itself.
    fn lead(&self, entry: &Entry) -> usize {
        let column = entry.start - line_start(self.text, entry.start);
        let mut lead = entry.start;
        loop {
            let line = line_start(self.text, lead);
            if line <= self.piece.start {
                return lead;
            }
            let above = line_start(self.text, line - 1);
            let written = self.text[above..line].trim();
            let at = above + (self.text[above..line].len() - self.text[above..line].trim_start().len());
            if above <= self.piece.start || !written.starts_with('#') || at - above != column {
                return lead;
            }
            lead = at;
        }
    }

    /// True when a comment stands between the first and the last bracket.
    pub(super) fn has_comment(&self) -> bool {
        let mut at = self.piece.start + 1;
        self.entries().iter().any(|entry| {
            let gap = &self.text[at..entry.start];
            at = entry.end();
            gap.contains('#')
        }) || self.text[at..self.piece.end].contains('#')
    }
}
