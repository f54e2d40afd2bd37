//! Several edits, each counting on what those before it left, as one list of edits of the first text.

use super::TextEdit;
use std::ops::Range;

/// A text as the pieces that it is made of by now.
#[derive(Debug, Clone)]
pub(super) struct Patch {
    parts: Vec<Part>,
}

#[derive(Debug, Clone)]
enum Part {
    /// A range of the first text.
    Kept(Range<usize>),
    New(String),
}

impl Part {
    fn len(&self) -> usize {
        match self {
            Self::Kept(range) => range.len(),
            Self::New(text) => text.len(),
        }
    }

    /// The part of a part.
    fn cut(&self, range: Range<usize>) -> Self {
        match self {
            Self::Kept(kept) => Self::Kept(kept.start + range.start..kept.start + range.end),
            Self::New(text) => Self::New(text[range].to_owned()),
        }
    }
}

impl Patch {
    /// A text that nothing has changed yet.
    pub(super) fn of(text: &str) -> Self {
        Self { parts: vec![Part::Kept(0..text.len())] }
    }

    /// Adds edits, which lie apart and in order.
    pub(super) fn then(&mut self, edits: &[TextEdit]) {
        // From the last to the first, so that places stay.
        for edit in edits.iter().rev() {
            let mut parts = Vec::with_capacity(self.parts.len() + 2);
            let mut new = Some(Part::New(edit.text.clone()));
            let mut at = 0;
            for part in &self.parts {
                let (begin, end) = (at, at + part.len());
                at = end;
                if begin < edit.range.start {
                    parts.push(part.cut(0..edit.range.start.min(end) - begin));
                }
                if end >= edit.range.start {
                    parts.extend(new.take());
                }
                if end > edit.range.end {
                    parts.push(part.cut(edit.range.end.max(begin) - begin..end - begin));
                }
            }
            parts.extend(new);
            parts.retain(|part| part.len() > 0);
            self.parts = parts;
        }
    }

    /// The edits of the first text.
    pub(super) fn edits(&self, text: &str) -> Vec<TextEdit> {
        let mut edits = Vec::new();
        let (mut from, mut new) = (0, String::new());
        for part in &self.parts {
            match part {
                Part::New(more) => new.push_str(more),
                Part::Kept(range) => {
                    edits.push(TextEdit { range: from..range.start, text: std::mem::take(&mut new) });
                    from = range.end;
                }
            }
        }
        edits.push(TextEdit { range: from..text.len(), text: new });
        edits.iter_mut().for_each(|edit| shorten(edit, text));
        edits.retain(|edit| !edit.range.is_empty() || !edit.text.is_empty());
        edits
    }

    /// Where a place of the text as it is by now was in the first text, as near as that can be told.
    pub(super) fn old_range(&self, range: &Range<usize>) -> Range<usize> {
        let old = |place: usize| {
            let (mut at, mut last) = (0, 0);
            for part in &self.parts {
                if let Part::Kept(kept) = part {
                    if place < at {
                        return last;
                    }
                    if place <= at + kept.len() {
                        return kept.start + (place - at);
                    }
                    last = kept.end;
                }
                at += part.len();
            }
            last
        };
        let start = old(range.start);
        start..old(range.end).max(start)
    }
}

/// Leaves out what is the same at both ends.
fn shorten(edit: &mut TextEdit, text: &str) {
    let old = &text[edit.range.clone()];
    let head: usize =
        old.chars().zip(edit.text.chars()).take_while(|(one, other)| one == other).map(|(one, _)| one.len_utf8()).sum();
    let (old, new) = (&old[head..], &edit.text[head..]);
    let tail: usize =
        old.chars().rev().zip(new.chars().rev()).take_while(|(one, other)| one == other).map(|(one, _)| one.len_utf8()).sum();
    edit.range = edit.range.start + head..edit.range.end - tail;
    edit.text = new[..new.len() - tail].to_owned();
}

#[cfg(test)]
mod tests {
    use super::Patch;
    use crate::edit::{TextEdit, patched};

    fn edit(range: std::ops::Range<usize>, text: &str) -> TextEdit {
        TextEdit { range, text: text.to_owned() }
    }

    #[test]
    fn edits_after_edits_are_edits_of_the_first_text() {
        let first = "one two three";
        let mut patch = Patch::of(first);
        let (one, two) = ([edit(0..3, "1"), edit(8..13, "3")], [edit(0..0, ">"), edit(1..3, "1,"), edit(7..7, "<")]);
        patch.then(&one);
        patch.then(&two);
        let last = patched(&patched(first, &one).expect("apart"), &two);
        assert_eq!(patched(first, &patch.edits(first)), last);
        // `>11,wo 3<`: the `w` was the sixth character.
        assert_eq!((last.as_deref(), patch.old_range(&(4..5))), (Some(">11,wo 3<"), 5..6));
    }

    #[test]
    fn what_stays_is_not_in_an_edit() {
        let mut patch = Patch::of("key: värde\n");
        patch.then(&[edit(5..11, "värme")]);
        assert_eq!(patch.edits("key: värde\n"), [edit(9..10, "m")]);
        patch.then(&[edit(0..0, "")]);
        assert_eq!(patch.edits("key: värde\n").len(), 1);
    }
}
