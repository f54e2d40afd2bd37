//! Which ranges to replace for a change, where every entry has lines of its own. Brackets are [`super::flow`]'s.
//!
//! A plan need not be right: the caller reads the result again. Where layout leaves a choice, the better plan comes first.

use super::flow::Flow;
use super::layout::{Document, Entry, Form, Piece, line_end, line_start, next_line};
use super::style::{Quote, Style};
use super::{Change, Data, Language, Step, TextEdit, What, descend};
use std::ops::Range;

pub(super) fn edit(range: Range<usize>, text: impl Into<String>) -> TextEdit {
    TextEdit { range, text: text.into() }
}

/// The plans for a change, the best first.
pub(super) fn plans(document: &Document, change: &Change) -> Vec<Vec<TextEdit>> {
    let mut plan = Plan { document, text: &document.text, style: Style::of(document) };
    let mut plans = plan.of(change);
    // A block of text can take in what follows it, where quotes cannot.
    if plan.style.without_blocks() {
        plans.extend(plan.of(change));
    }
    plans.into_iter().filter_map(in_order).collect()
}

/// Edits from first to last; `None` when they overlap. What is put in at one place comes in the order in which it was planned.
fn in_order(mut edits: Vec<TextEdit>) -> Option<Vec<TextEdit>> {
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    edits.windows(2).all(|pair| pair[0].range.end <= pair[1].range.start).then_some(edits)
}

/// A value with what is around it.
struct Spot<'a> {
    piece: &'a Piece,
    /// The list or mapping that it is in, and its entry there; nothing for the root.
    parent: Option<(&'a Piece, usize)>,
}

impl<'a> Spot<'a> {
    fn entry(&self) -> Option<&'a Entry> {
        self.parent.map(|(parent, index)| &parent.entries()[index])
    }
}

struct Plan<'a> {
    document: &'a Document,
    text: &'a str,
    style: Style,
}

/// How a new value is going to stand.
enum New {
    Line(String),
    /// A block of text: its header, and its lines with a line end before each.
    Text(String, String),
    Lines,
}

impl<'a> Plan<'a> {
    fn of(&self, change: &Change) -> Vec<Vec<TextEdit>> {
        let plans = match &change.what {
            What::Set(value) => self.set(&change.path, value),
            What::Insert { place, key, value } => {
                let index = self.document.data.find(&change.path).and_then(|data| data.index_of(place));
                index.map(|index| self.insert(&change.path, index, key.as_deref(), value))
            }
            What::Remove => self.remove(&change.path),
            What::Rename(name) => self.rename(&change.path, name),
            What::Move(to) => self.shift(&change.path, *to),
        };
        plans.unwrap_or_default()
    }

    fn spot(&self, path: &[Step]) -> Option<Spot<'a>> {
        let (root, data) = (&self.document.root, &self.document.data);
        let Some((last, above)) = path.split_last() else { return Some(Spot { piece: root, parent: None }) };
        let parent = descend(root, data, above)?;
        let index = data.find(above)?.position(last)?;
        Some(Spot { piece: &parent.entries().get(index)?.value, parent: Some((parent, index)) })
    }

    fn column(&self, at: usize) -> usize {
        at - line_start(self.text, at)
    }

    /// True when only blanks stand before a place on its line.
    fn begins_line(&self, at: usize) -> bool {
        self.text[line_start(self.text, at)..at].bytes().all(|byte| byte == b' ')
    }

    // Setting.

    /// How the neighbours of a value that may be a list or mapping are written: in brackets or not, if there are any.
    fn beside(&self, path: &[Step], value: &Data) -> Option<bool> {
        let spot = self.spot(path)?;
        let cousin = || match path {
            [above @ .., Step::Index(_), Step::Key(name)] => self.among_cousins(above, name, value),
            _ => None,
        };
        alike(spot.piece, value).or_else(cousin).or_else(|| among(spot.parent?.0, value))
    }

    /// How the same key is written in the other items of a list.
    fn among_cousins(&self, list: &[Step], name: &str, value: &Data) -> Option<bool> {
        let piece = descend(&self.document.root, &self.document.data, list)?;
        let Data::List(items) = self.document.data.find(list)? else { return None };
        let key = Step::Key(name.to_owned());
        piece.entries().iter().zip(items).find_map(|(entry, item)| {
            let cousin = entry.value.entries().get(item.position(&key)?)?;
            alike(&cousin.value, value)
        })
    }

    fn set(&self, path: &[Step], value: &Data) -> Option<Vec<Vec<TextEdit>>> {
        let spot = self.spot(path)?;
        let mut plans = self.set_at(path, &spot, value);
        // A tag says what the old value was, and may be wrong for the new one.
        let property = &self.text[spot.piece.outer..spot.piece.start];
        if property.starts_with('!') && !property.contains('&') {
            let bare = Piece { start: spot.piece.outer, ..spot.piece.clone() };
            plans.extend(self.set_at(path, &Spot { piece: &bare, parent: spot.parent }, value));
        }
        Some(plans)
    }

    fn set_at(&self, path: &[Step], spot: &Spot<'_>, value: &Data) -> Vec<Vec<TextEdit>> {
        let in_brackets = self.document.language == Language::Json || spot.parent.is_some_and(|(parent, _)| parent.is_flow());
        if in_brackets {
            return vec![self.set_in_brackets(spot, value)];
        }
        let mut plans = Vec::new();
        if let (Form::Block { header, indent }, Data::Text(text)) = (&spot.piece.form, value)
            && let Some(block) = self.block_like(spot.piece, header, *indent, text)
        {
            plans.push(self.set_in_lines(spot, value, New::Text(block.0, block.1)));
        }
        let quote = quote_of(spot.piece);
        match value {
            Data::Text(text) if text.contains('\n') && !self.keeps_on_a_line(spot.piece) && spot.parent.is_some() => {
                let column = self.text_column(spot);
                if let Some((header, lines)) = self.style.literal(text, column) {
                    plans.push(self.set_in_lines(spot, value, New::Text(header, lines)));
                }
            }
            _ => {}
        }
        if value.is_scalar() {
            plans.push(self.set_in_lines(spot, value, New::Line(self.style.scalar(value, quote, false))));
            plans.push(self.set_in_lines(spot, value, New::Line(self.style.scalar(value, Quote::Double, false))));
        } else if self.style.is_on_a_line(value, self.beside(path, value)) && (spot.parent.is_some() || value.is_empty()) {
            plans.push(self.set_in_lines(spot, value, New::Line(self.style.flow(value))));
        } else {
            plans.push(self.set_in_lines(spot, value, New::Lines));
            plans.push(self.set_in_lines(spot, value, New::Line(self.style.flow(value))));
        }
        plans.into_iter().flatten().collect()
    }

    /// True for text between double quotes that has line breaks in it already.
    fn keeps_on_a_line(&self, piece: &Piece) -> bool {
        matches!(piece.form, Form::Double) && self.text[piece.start..piece.end].contains("\\n")
    }

    /// The column of a block of text at a spot that had none.
    fn text_column(&self, spot: &Spot<'_>) -> usize {
        spot.entry().map_or(2, |entry| {
            let column = self.column(entry.start);
            if entry.key.is_some() { self.style.text_column(column) } else { self.style.behind(column) }
        })
    }

    /// A new text in the way of the block that it replaces.
    fn block_like(&self, piece: &Piece, header: &Range<usize>, indent: usize, text: &str) -> Option<(String, String)> {
        let marks = &self.text[header.clone()];
        let content = self.text[header.end..piece.end].split('\n').skip(1);
        let old: Vec<&str> = content.map(|line| line.get(indent..).unwrap_or_default().trim_end_matches('\r')).collect();
        let folds = marks.starts_with('>');
        // One line needs no block, unless it is a long text that is told to be one.
        if !folds && !text.contains('\n') && old.len() < 2 {
            return None;
        }
        let folded = if folds { self.style.folded(text, &old, indent) } else { None };
        let (new, lines) = folded.or_else(|| self.style.literal(text, indent))?;
        let told: String = marks.chars().filter(char::is_ascii_digit).collect();
        Some((format!("{}{told}{}", &new[..1], &new[1..]), lines))
    }

    fn set_in_brackets(&self, spot: &Spot<'_>, value: &Data) -> Vec<TextEdit> {
        let piece = spot.piece;
        let json = self.document.language == Language::Json;
        let tall = spot.parent.map_or(self.text.contains('\n') || piece.entries().is_empty(), |(parent, _)| {
            Flow { text: self.text, piece: parent, style: &self.style }.is_tall()
        });
        let written = match value {
            Data::List(_) | Data::Map(_) if json && tall => {
                let line = &self.text[line_start(self.text, piece.start)..piece.start];
                self.style.json(value, &line[..line.len() - line.trim_start().len()])
            }
            value => self.style.scalar(value, quote_of(piece), true),
        };
        match (&piece.form, spot.entry()) {
            (Form::Empty, Some(entry)) if !entry.colon => vec![edit(piece.start..piece.start, format!(": {written}"))],
            (Form::Empty, _) => vec![edit(piece.start..piece.start, format!(" {written}"))],
            _ => vec![edit(piece.start..piece.end, written)],
        }
    }

    /// Puts a value where it has its own lines or the end of one.
    fn set_in_lines(&self, spot: &Spot<'_>, value: &Data, new: New) -> Option<Vec<TextEdit>> {
        let piece = spot.piece;
        let eol = self.style.line_end;
        let Some(entry) = spot.entry() else { return self.set_root(piece, value, new) };
        let column = self.column(entry.start);
        let has_property = piece.outer != piece.start;
        let first_line_end = line_end(self.text, entry.intro);
        // The lines of the new value, and what stands behind its colon or dash.
        let (head, lines) = match new {
            New::Line(text) => (Some(text), String::new()),
            New::Text(header, lines) => (Some(header), lines),
            New::Lines if entry.key.is_some() => {
                let below = self.style.below_key(value, column);
                (None, format!("{eol}{}{}", " ".repeat(below), self.style.block(value, below)))
            }
            New::Lines => {
                let block = self.style.block(value, self.style.behind(column));
                match block.find(eol) {
                    Some(at) => (Some(block[..at].to_owned()), block[at..].to_owned()),
                    None => (Some(block), String::new()),
                }
            }
        };
        let gap = if entry.key.is_some() { " ".to_owned() } else { " ".repeat(self.style.behind(0) - 1) };
        let behind_intro = head.as_ref().map_or_else(String::new, |head| format!("{gap}{head}"));
        match &piece.form {
            Form::Empty => {
                let end = line_end(self.text, piece.start);
                Some(vec![edit(piece.start..piece.start, behind_intro), edit(end..end, lines)])
            }
            Form::Block { header, .. } => {
                let end = line_end(self.text, header.end);
                let from = if head.is_some() { header.start } else { entry.intro };
                if has_property && head.is_none() {
                    return None;
                }
                Some(vec![edit(from..header.end, head.unwrap_or_default()), edit(end..piece.end.max(end), lines)])
            }
            _ if piece.is_block() => {
                if has_property {
                    return None;
                }
                let end = line_end(self.text, self.body_end(entry));
                if self.text[entry.intro..piece.start].contains('\n') {
                    return Some(vec![edit(entry.intro..entry.intro, behind_intro), edit(first_line_end..end, lines)]);
                }
                Some(vec![edit(piece.start..end, format!("{}{lines}", head.unwrap_or_default()))])
            }
            _ => {
                let end = line_end(self.text, piece.end);
                let between = &self.text[entry.intro..piece.outer];
                if let Some(head) = head {
                    return Some(vec![edit(piece.start..piece.end, head), edit(end..end, lines)]);
                }
                if between.contains('\n') {
                    // The old value has a line of its own below its key; the new one begins there.
                    let at = self.column(piece.start);
                    return (!has_property).then(|| vec![edit(piece.start..piece.end, self.style.block(value, at))]);
                }
                let from = if has_property { self.text[..piece.start].trim_end().len() } else { entry.intro };
                Some(vec![edit(from..piece.end, ""), edit(end..end, lines)])
            }
        }
    }

    fn set_root(&self, piece: &Piece, value: &Data, new: New) -> Option<Vec<TextEdit>> {
        let written = match new {
            New::Line(text) => text,
            New::Lines => self.style.block(value, 0),
            New::Text(..) => return None,
        };
        if !matches!(piece.form, Form::Empty) {
            return Some(vec![edit(piece.start..piece.end, written)]);
        }
        // An empty text, or one of comments: the first value comes behind them.
        let eol = self.style.line_end;
        let end = self.text.len();
        let open = !self.text.is_empty() && !self.text.ends_with('\n');
        let (before, after) = if open { (eol, "") } else { ("", eol) };
        Some(vec![edit(end..end, format!("{before}{written}{after}"))])
    }

    // Entries.

    /// Where the comments right above an entry begin, or the entry itself: its line must be its own.
    fn lead(&self, parent: &Piece, entry: &Entry) -> usize {
        let column = self.column(entry.start);
        let mut lead = entry.start;
        while let Some(before) = line_start(self.text, lead).checked_sub(1) {
            let above = line_start(self.text, before);
            let line = &self.text[above..before];
            let depth = line.len() - line.trim_start_matches(' ').len();
            if above < self.document.start || depth != column || !line[depth..].starts_with('#') {
                return lead;
            }
            lead = above + depth;
        }
        // Comments that begin the text are about all of it.
        if std::ptr::eq(parent, &raw const self.document.root) && lead < entry.start { entry.start } else { lead }
    }

    /// Where an entry ends, the deeper comments that follow it included.
    fn body_end(&self, entry: &Entry) -> usize {
        let column = self.column(entry.start);
        let mut end = entry.end();
        let mut line = next_line(self.text, end);
        while let Some(begin) = line {
            let written = &self.text[begin..line_end(self.text, begin)];
            let depth = written.len() - written.trim_start_matches(' ').len();
            match written[depth..].chars().next() {
                Some('#') if depth > column => end = begin + written.len(),
                None => {}
                Some(_) => break,
            }
            line = next_line(self.text, begin);
        }
        end
    }

    fn is_blank(&self, line: usize) -> bool {
        self.text[line..line_end(self.text, line)].trim().is_empty()
    }

    /// True when a blank line stands above a place, which begins a line.
    fn spaced_above(&self, at: usize) -> bool {
        line_start(self.text, at).checked_sub(1).is_some_and(|above| {
            let above = line_start(self.text, above);
            above > 0 && self.is_blank(above)
        })
    }

    /// True when a new entry gets a blank line between itself and its neighbour.
    fn is_spaced(&self, parent: &Piece, value_is_block: bool) -> bool {
        let entries = parent.entries();
        let mut later = entries.iter().skip(1).filter(|entry| self.begins_line(entry.start));
        let spaced = |entry: &Entry| self.spaced_above(self.lead(parent, entry));
        if matches!(parent.form, Form::List { .. }) {
            return later.next_back().is_some_and(spaced);
        }
        let of_kind: Vec<&Entry> = later.filter(|entry| entry.value.is_block() == value_is_block).collect();
        // One blank line among scalars begins a section; two are a habit.
        of_kind.len() > usize::from(!value_is_block) && of_kind.iter().all(|entry| spaced(entry))
    }

    fn insert(&self, path: &[Step], index: usize, key: Option<&str>, value: &Data) -> Vec<Vec<TextEdit>> {
        let Some(spot) = self.spot(path) else { return Vec::new() };
        let piece = spot.piece;
        if piece.entries().is_empty() {
            let whole = match key {
                Some(key) => Data::Map(vec![(key.to_owned(), value.clone())]),
                None => Data::List(vec![value.clone()]),
            };
            return self.set(path, &whole).unwrap_or_default();
        }
        let beside = match (key, path) {
            (None, _) => among(piece, value),
            (Some(key), [above @ .., Step::Index(_)]) => self.among_cousins(above, key, value),
            _ => None,
        };
        let new = if piece.is_flow() {
            let flow = Flow { text: self.text, piece, style: &self.style };
            let json = self.document.language == Language::Json;
            let value = if json && flow.is_tall() {
                self.style.json(value, flow.indent())
            } else {
                self.style.scalar(value, Quote::Plain, true)
            };
            self.style.flow_entry(key, &value)
        } else {
            let column = self.column(piece.entries()[0].start);
            match key {
                Some(key) => {
                    format!("{}:{}", self.style.key(key, Quote::Plain, false), self.style.behind_key(value, column, beside))
                }
                None => format!("-{}", self.style.behind_dash(value, column, beside)),
            }
        };
        let block = !self.style.is_on_a_line(value, beside);
        self.put(piece, index, &new, block)
    }

    /// Puts an entry, as it is to be written, among those of a collection: with a blank line where that is the habit, then without.
    fn put(&self, parent: &Piece, index: usize, new: &str, block: bool) -> Vec<Vec<TextEdit>> {
        let spaced = self.is_spaced(parent, block).then_some(self.style.line_end);
        [spaced, Some("")].into_iter().flatten().filter_map(|blank| self.put_with(parent, index, new, blank)).collect()
    }

    fn put_with(&self, parent: &Piece, index: usize, new: &str, blank: &str) -> Option<Vec<TextEdit>> {
        let entries = parent.entries();
        if parent.is_flow() {
            return (!parent.is_bare(self.text))
                .then(|| Flow { text: self.text, piece: parent, style: &self.style }.insert(index, new));
        }
        let eol = self.style.line_end;
        let indent = " ".repeat(self.column(entries[0].start));
        match index.checked_sub(1) {
            Some(before) => {
                let end = line_end(self.text, self.body_end(entries.get(before)?));
                Some(vec![edit(end..end, format!("{eol}{blank}{indent}{new}"))])
            }
            None if self.begins_line(entries[0].start) => {
                let lead = self.lead(parent, &entries[0]);
                Some(vec![edit(lead..lead, format!("{new}{eol}{blank}{indent}"))])
            }
            None => Some(vec![edit(entries[0].start..entries[0].start, format!("{new}{eol}{indent}"))]),
        }
    }

    fn remove(&self, path: &[Step]) -> Option<Vec<Vec<TextEdit>>> {
        let (last, above) = path.split_last()?;
        let spot = self.spot(above)?;
        let parent = spot.piece;
        let index = self.document.data.find(above)?.position(last)?;
        let entry = parent.entries().get(index)?;
        let only = parent.entries().len() == 1 && !matches!(parent.form, Form::Map { merges: true, .. });
        if parent.is_flow() {
            let flow = Flow { text: self.text, piece: parent, style: &self.style };
            if parent.is_bare(self.text) {
                return None;
            }
            let brackets = if matches!(parent.form, Form::List { .. }) { "[]" } else { "{}" };
            let emptied = (only && !flow.has_comment()).then(|| vec![edit(parent.start..parent.end, brackets)]);
            return Some(emptied.into_iter().chain([flow.remove(index)]).collect());
        }
        if only {
            return Some(vec![self.emptied(&spot, entry)?]);
        }
        Some(self.taken_out(parent, index))
    }

    /// Takes out the only entry of a list or mapping, which stays as `[]` or `{}`.
    fn emptied(&self, spot: &Spot<'_>, entry: &Entry) -> Option<Vec<TextEdit>> {
        let parent = spot.piece;
        let brackets = if matches!(parent.form, Form::List { .. }) { "[]" } else { "{}" };
        let end = line_end(self.text, self.body_end(entry));
        let Some(outside) = spot.entry().filter(|_| self.begins_line(entry.start)) else {
            return Some(vec![edit(entry.start..end, brackets)]);
        };
        if parent.outer != parent.start {
            return None;
        }
        let lines = self.line_above(self.lead(parent, entry))..end;
        Some(vec![edit(outside.intro..outside.intro, format!(" {brackets}")), edit(lines, "")])
    }

    /// The end of the line above the one that a place is in.
    fn line_above(&self, at: usize) -> usize {
        let before = line_start(self.text, at).saturating_sub(1);
        if self.text[..before].ends_with('\r') { before - 1 } else { before }
    }

    /// Takes out one entry of several, with its lines.
    fn taken_out(&self, parent: &Piece, index: usize) -> Vec<Vec<TextEdit>> {
        let entries = parent.entries();
        let entry = &entries[index];
        let end = line_end(self.text, self.body_end(entry));
        if !self.begins_line(entry.start) {
            // It shares its line with a dash: what comes next moves up to it.
            let rest = &self.text[end..];
            let next = end + (rest.len() - rest.trim_start().len());
            return vec![vec![edit(entry.start..next, "")]];
        }
        let lead = self.lead(parent, entry);
        let first = line_start(self.text, lead);
        if first == 0 {
            let next = next_line(self.text, end).unwrap_or(self.text.len());
            return vec![vec![edit(first..next, "")]];
        }
        let plain = self.line_above(lead)..end;
        let mut plans = Vec::new();
        let after = next_line(self.text, end);
        let open_below = after.is_none_or(|line| self.is_blank(line));
        if self.spaced_above(lead) && (open_below || index + 1 == entries.len()) {
            let mut top = first;
            while top > 0 && self.spaced_above(top) {
                top = line_start(self.text, top - 1);
            }
            plans.push(vec![edit(self.line_above(top)..end, "")]);
        } else if index == 0 && open_below && after.is_some() {
            let rest = &self.text[end..];
            let blank = rest.len() - rest.trim_start().len();
            let bottom = self.line_above(end + blank);
            plans.push(vec![edit(plain.start..bottom.max(end), "")]);
        }
        plans.push(vec![edit(plain.clone(), "")]);
        // Where the line above must keep its end: a block of text ends there.
        plans.push(vec![edit(first..plain.end, "")]);
        plans
    }

    fn rename(&self, path: &[Step], name: &str) -> Option<Vec<Vec<TextEdit>>> {
        let spot = self.spot(path)?;
        let (parent, _) = spot.parent?;
        let key = spot.entry()?.key.clone()?;
        let quote = match self.text[key.clone()].chars().next() {
            Some('\'') => Quote::Single,
            Some('"') => Quote::Double,
            _ => Quote::Plain,
        };
        Some(vec![
            vec![edit(key.clone(), self.style.key(name, quote, parent.is_flow()))],
            vec![edit(key, self.style.key(name, Quote::Double, parent.is_flow()))],
        ])
    }

    fn shift(&self, path: &[Step], to: usize) -> Option<Vec<Vec<TextEdit>>> {
        let spot = self.spot(path)?;
        let (parent, from) = spot.parent?;
        let entries = parent.entries();
        let entry = &entries[from];
        let at = if to > from { to + 1 } else { to };
        if at > entries.len() {
            return None;
        }
        if parent.is_flow() {
            let flow = Flow { text: self.text, piece: parent, style: &self.style };
            if flow.has_comment() || parent.is_bare(self.text) {
                return None;
            }
            let mut edits = flow.remove(from);
            edits.extend(flow.insert(at, &self.text[entry.start..entry.end()]));
            return Some(vec![edits]);
        }
        let lead = if self.begins_line(entry.start) { self.lead(parent, entry) } else { entry.start };
        let written = &self.text[lead..line_end(self.text, self.body_end(entry))];
        let put = self.put(parent, at, written, entry.value.is_block());
        let plans = self
            .taken_out(parent, from)
            .into_iter()
            .flat_map(|out| put.iter().map(move |put| out.iter().chain(put).cloned().collect()));
        Some(plans.collect())
    }
}

/// Whether a list or mapping is in brackets, when it is of the value's kind and has something in it.
fn alike(piece: &Piece, value: &Data) -> Option<bool> {
    let list = matches!(value, Data::List(_));
    match &piece.form {
        Form::List { flow, entries } if list && !entries.is_empty() => Some(*flow),
        Form::Map { flow, entries, .. } if !list && !entries.is_empty() => Some(*flow),
        _ => None,
    }
}

/// How the entries of a list or mapping are written, where some are a list or mapping as the value is.
fn among(parent: &Piece, value: &Data) -> Option<bool> {
    let mut written = parent.entries().iter().filter_map(|entry| alike(&entry.value, value));
    let first = written.next()?;
    // A list's items are like each other. A mapping's entries are not: that they have lines says something, and that they have brackets
    // may have a reason of its own.
    let of_list = matches!(parent.form, Form::List { .. });
    (of_list || (!first && written.all(|flow| !flow))).then_some(first)
}

/// How a text is quoted that replaces this.
fn quote_of(piece: &Piece) -> Quote {
    match piece.form {
        Form::Single => Quote::Single,
        Form::Double => Quote::Double,
        _ => Quote::Plain,
    }
}
