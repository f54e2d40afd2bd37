//! Writes values the way the surroundings are written: indentation, quotes, brackets or lines.

use super::layout::{Document, Form, Piece, line_start};
use super::{Data, Language};
use crate::yaml::write::{quoted, word};
use serde_json::Value;

/// Longest list or mapping that is put on one line by habit.
const MOST_ON_A_LINE: usize = 80;

/// The same where the neighbours are in brackets, too.
const MOST_BESIDE_BRACKETS: usize = 120;

/// Where long text is broken, when the old text does not say.
const WIDTH: usize = 80;

/// What the author does elsewhere in the text.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a habit that an author has or has not")]
pub(super) struct Style {
    pub(super) language: Language,
    pub(super) line_end: &'static str,
    /// Columns that a mapping below a key is indented by.
    map_step: usize,
    /// The same for a list, where 0 is common too.
    list_step: usize,
    /// From a dash to what stands behind it.
    dash_gap: usize,
    /// Text that needs quotes gets single ones.
    single: bool,
    /// Short lists stand in brackets.
    flow_lists: bool,
    /// Small mappings stand in braces.
    flow_maps: bool,
    /// `{ a: 1 }`.
    padding: bool,
    /// `[a,b]` or `[a, b]`.
    pub(super) comma: String,
    /// `"a":1` or `"a": 1`.
    colon: String,
    /// One level of JSON.
    unit: String,
    /// Short lists of JSON have a line for each item.
    tall_lists: bool,
    /// Text of several lines may become a block.
    blocks: bool,
}

/// How a text is quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quote {
    Plain,
    Single,
    Double,
}

/// What was counted on a way through a document.
#[derive(Debug, Default)]
struct Counts {
    map_steps: [usize; 17],
    list_steps: [usize; 17],
    gaps: [usize; 17],
    single: usize,
    double: usize,
    /// Lists of scalars in brackets, and with a line for each; then the same of mappings.
    lists: [usize; 2],
    maps: [usize; 2],
    padded: [usize; 2],
    comma: Option<String>,
    colon: Option<String>,
    unit: Option<String>,
    tall: [usize; 2],
}

impl Style {
    pub(super) fn of(document: &Document) -> Self {
        let text = &document.text;
        let mut counts = Counts::default();
        count(&document.root, text, &mut counts);
        let json = document.language == Language::Json;
        let usual = |steps: &[usize; 17]| (0..17).rev().max_by_key(|&step| steps[step]).filter(|&step| steps[step] > 0);
        let map_step = usual(&counts.map_steps).filter(|step| *step > 0);
        let list_step = usual(&counts.list_steps);
        Self {
            language: document.language,
            line_end: match text.find('\n') {
                Some(at) if text[..at].ends_with('\r') => "\r\n",
                _ => "\n",
            },
            map_step: map_step.or(list_step.filter(|step| *step > 0)).unwrap_or(2),
            list_step: list_step.or(map_step).unwrap_or(2),
            dash_gap: usual(&counts.gaps).filter(|gap| *gap > 1).unwrap_or(2),
            single: counts.single > counts.double,
            flow_lists: counts.lists[0] >= counts.lists[1],
            flow_maps: counts.maps[0] > counts.maps[1],
            padding: counts.padded[1] > counts.padded[0],
            comma: counts.comma.unwrap_or_else(|| ", ".to_owned()),
            colon: counts.colon.filter(|_| json).unwrap_or_else(|| ": ".to_owned()),
            unit: counts.unit.unwrap_or_else(|| "  ".to_owned()),
            tall_lists: counts.tall[1] > counts.tall[0],
            blocks: !json,
        }
    }

    /// Writes no blocks of text from now on; false when it did not before.
    pub(super) fn without_blocks(&mut self) -> bool {
        std::mem::take(&mut self.blocks)
    }

    /// Text on one line.
    pub(super) fn text(&self, text: &str, quote: Quote, flow: bool) -> String {
        if self.language == Language::Json {
            return Value::from(text).to_string();
        }
        let single = || format!("'{}'", text.replace('\'', "''"));
        match quote {
            Quote::Plain if is_plain(text, flow) => text.to_owned(),
            Quote::Single if is_visible(text) => single(),
            Quote::Plain if self.single && is_visible(text) => single(),
            _ => quoted(text),
        }
    }

    pub(super) fn scalar(&self, value: &Data, quote: Quote, flow: bool) -> String {
        match value {
            Data::Null => "null".to_owned(),
            Data::Bool(yes) => yes.to_string(),
            Data::Number(number) => number.clone(),
            Data::Text(text) => self.text(text, quote, flow),
            Data::List(_) | Data::Map(_) => self.flow(value),
        }
    }

    pub(super) fn key(&self, name: &str, quote: Quote, flow: bool) -> String {
        // A sentence may stand without quotes as a value, and as a key it may not.
        match quote {
            Quote::Plain if self.language == Language::Yaml && !is_word(name) => self.text(name, Quote::Double, flow),
            quote => self.text(name, quote, flow),
        }
    }

    /// A value on one line.
    pub(super) fn flow(&self, value: &Data) -> String {
        let mut out = String::new();
        self.write_flow(value, &mut out);
        out
    }

    fn write_flow(&self, value: &Data, out: &mut String) {
        let pad = if self.padding { " " } else { "" };
        match value {
            Data::List(items) => {
                out.push('[');
                for (number, item) in items.iter().enumerate() {
                    out.push_str(if number > 0 { &self.comma } else { "" });
                    self.write_flow(item, out);
                }
                out.push(']');
            }
            Data::Map(entries) if entries.is_empty() => out.push_str("{}"),
            Data::Map(entries) => {
                out.push('{');
                out.push_str(pad);
                for (number, (key, item)) in entries.iter().enumerate() {
                    out.push_str(if number > 0 { &self.comma } else { "" });
                    let key = self.key(key, Quote::Plain, true);
                    // YAML looks for the colon in 1024 characters at most, unless it is told that a key comes.
                    let told = key.len() > 1000 && self.language == Language::Yaml;
                    out.push_str(if told { "? " } else { "" });
                    out.push_str(&key);
                    out.push_str(&self.colon);
                    self.write_flow(item, out);
                }
                out.push_str(pad);
                out.push('}');
            }
            scalar => out.push_str(&self.scalar(scalar, Quote::Plain, true)),
        }
    }

    /// `key: value` or `value` for a collection in brackets.
    pub(super) fn flow_entry(&self, key: Option<&str>, value: &str) -> String {
        key.map_or_else(|| value.to_owned(), |key| format!("{}{}{value}", self.key(key, Quote::Plain, true), self.colon))
    }

    /// True when a list or mapping goes on one line. `beside` says how its neighbours are written.
    pub(super) fn is_on_a_line(&self, value: &Data, beside: Option<bool>) -> bool {
        if value.is_empty() || value.is_scalar() {
            return true;
        }
        if has_lines(value) {
            return false;
        }
        let small = |value: &Data| match value {
            Data::List(items) => items.iter().all(Data::is_scalar),
            scalar => scalar.is_scalar(),
        };
        let (by_habit, most) = match (value, beside) {
            (_, Some(flow)) => (flow, MOST_BESIDE_BRACKETS),
            (Data::List(_), None) => (self.flow_lists && small(value), MOST_ON_A_LINE),
            (Data::Map(entries), None) => (self.flow_maps && entries.iter().all(|(_, value)| small(value)), MOST_ON_A_LINE),
            _ => (true, MOST_ON_A_LINE),
        };
        by_habit && self.flow(value).chars().count() <= most
    }

    /// What stands behind `key:` in a mapping at this column, its first blank or line end included.
    pub(super) fn behind_key(&self, value: &Data, column: usize, beside: Option<bool>) -> String {
        match value {
            Data::Text(text) if text.contains('\n') => {
                if let Some((header, lines)) = self.literal(text, column + self.map_step) {
                    return format!(" {header}{lines}");
                }
                format!(" {}", self.text(text, Quote::Plain, false))
            }
            scalar if self.is_on_a_line(scalar, beside) => format!(" {}", self.on_a_line(scalar)),
            collection => {
                let column = self.below_key(collection, column);
                format!("{}{}{}", self.line_end, " ".repeat(column), self.block(collection, column))
            }
        }
    }

    /// A value on one line, where there are no brackets around it.
    pub(super) fn on_a_line(&self, value: &Data) -> String {
        if value.is_scalar() { self.scalar(value, Quote::Plain, false) } else { self.flow(value) }
    }

    /// The column of a list or mapping below a key at this column.
    pub(super) fn below_key(&self, value: &Data, column: usize) -> usize {
        column + if matches!(value, Data::List(_)) { self.list_step } else { self.map_step }
    }

    /// What stands behind a dash at this column, its first blanks included.
    pub(super) fn behind_dash(&self, value: &Data, column: usize, beside: Option<bool>) -> String {
        let gap = " ".repeat(self.dash_gap - 1);
        match value {
            Data::Text(text) if text.contains('\n') => {
                let block = self.literal(text, column + self.dash_gap).map(|(header, lines)| header + &lines);
                format!("{gap}{}", block.unwrap_or_else(|| self.text(text, Quote::Plain, false)))
            }
            scalar if self.is_on_a_line(scalar, beside) => format!("{gap}{}", self.on_a_line(scalar)),
            collection => format!("{gap}{}", self.block(collection, column + self.dash_gap)),
        }
    }

    /// The column of what stands behind a dash at this column.
    pub(super) fn behind(&self, column: usize) -> usize {
        column + self.dash_gap
    }

    /// The column of the lines of a block of text below a key at this column.
    pub(super) fn text_column(&self, column: usize) -> usize {
        column + self.map_step
    }

    /// A list or mapping with a line for each entry. The first line is not indented: the caller has put it where it belongs.
    pub(super) fn block(&self, value: &Data, column: usize) -> String {
        let indent = format!("{}{}", self.line_end, " ".repeat(column));
        let lines: Vec<String> = match value {
            Data::List(items) => items.iter().map(|item| format!("-{}", self.behind_dash(item, column, None))).collect(),
            Data::Map(entries) => entries
                .iter()
                .map(|(key, item)| format!("{}:{}", self.key(key, Quote::Plain, false), self.behind_key(item, column, None)))
                .collect(),
            scalar => vec![self.on_a_line(scalar)],
        };
        lines.join(&indent)
    }

    /// Text of several lines as a block: its header, and its lines, each after a line end and this many blanks.
    pub(super) fn literal(&self, text: &str, column: usize) -> Option<(String, String)> {
        let (chomp, lines) = block_lines(text).filter(|_| self.blocks)?;
        Some((format!("|{chomp}"), self.lines(&lines, column)))
    }

    /// Text as a block whose lines are joined with blanks (`>`). Lines of the old block that can stay, stay.
    pub(super) fn folded(&self, text: &str, old: &[&str], column: usize) -> Option<(String, String)> {
        let (chomp, paragraphs) = block_lines(text).filter(|_| self.blocks)?;
        if paragraphs.iter().any(|line| line.starts_with([' ', '\t']) || line.ends_with([' ', '\t'])) {
            return None;
        }
        let widest = old.iter().map(|line| line.chars().count()).max();
        let width = widest.map_or(WIDTH, |widest| widest.max(40)).min(WIDTH.max(widest.unwrap_or(0)));
        let mut lines: Vec<String> = Vec::new();
        for (number, paragraph) in paragraphs.iter().enumerate() {
            if number > 0 {
                lines.push(String::new());
            }
            if !paragraph.is_empty() {
                lines.extend(if paragraphs.len() == 1 { refolded(paragraph, old, width) } else { wrapped(paragraph, width) });
            }
        }
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        Some((format!(">{chomp}"), self.lines(&lines, column)))
    }

    fn lines(&self, lines: &[&str], column: usize) -> String {
        let mut out = String::new();
        for line in lines {
            out.push_str(self.line_end);
            if !line.is_empty() {
                out.push_str(&" ".repeat(column));
                out.push_str(line);
            }
        }
        out
    }

    /// JSON, with a line for each entry of what is large; further lines begin with `indent`.
    pub(super) fn json(&self, value: &Data, indent: &str) -> String {
        let deeper = format!("{indent}{}", self.unit);
        let on_a_line = match value {
            Data::List(items) => {
                !self.tall_lists && items.iter().all(Data::is_scalar) && self.flow(value).chars().count() <= MOST_ON_A_LINE
            }
            _ => false,
        };
        if value.is_scalar() || value.is_empty() || on_a_line {
            return self.flow(value);
        }
        let (open, close, lines): (_, _, Vec<String>) = match value {
            Data::List(items) => ('[', ']', items.iter().map(|item| self.json(item, &deeper)).collect()),
            Data::Map(entries) => {
                let entry = |(key, item): &(String, Data)| format!("{}: {}", Value::from(key.as_str()), self.json(item, &deeper));
                ('{', '}', entries.iter().map(entry).collect())
            }
            _ => return self.flow(value),
        };
        let line = format!("{}{deeper}", self.line_end);
        format!("{open}{line}{}{}{indent}{close}", lines.join(&format!(",{line}")), self.line_end)
    }
}

/// True when a text of several lines is in it: such a value wants lines of its own.
fn has_lines(value: &Data) -> bool {
    match value {
        Data::Text(text) => text.contains('\n'),
        Data::List(items) => items.iter().any(has_lines),
        Data::Map(entries) => entries.iter().any(|(_, value)| has_lines(value)),
        _ => false,
    }
}

/// True for what no reader of YAML takes for anything but this text, in brackets too: `name`, `$ref`.
fn is_word(text: &str) -> bool {
    let rest = text.strip_prefix(['$', '_']).unwrap_or(text);
    word(rest) == rest
}

/// True when text needs no quotes here, for any reader of YAML.
fn is_plain(text: &str, flow: bool) -> bool {
    if is_word(text) {
        return true;
    }
    // `50MB`: letters behind a number, and no more digits, make it none.
    let unit = text.trim_start_matches(|one: char| one.is_ascii_digit());
    if unit.len() < text.len() && !text.starts_with('0') && unit.len() > 1 && unit.bytes().all(|byte| byte.is_ascii_alphabetic())
    {
        return true;
    }
    // `1.2.0`, `1.2.0-rc.1`: two points make it no number and no date.
    let parts: Vec<&str> = text.splitn(3, '.').collect();
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.len() == 3 && parts[..2].iter().all(digits) && parts[2].starts_with(|first: char| first.is_ascii_digit()) {
        return text.chars().all(|one| one.is_ascii_alphanumeric() || ".-+".contains(one)) && !text.ends_with(['.', '-', '+']);
    }
    // Sentences, `a:b`: outside brackets, commas and the like mean nothing in the middle of a text. What other readers take for more than
    // text is one word.
    !flow
        && !text.chars().all(char::is_alphanumeric)
        && is_visible(text)
        && text.starts_with(char::is_alphabetic)
        && !text.ends_with(|last: char| last.is_whitespace() || last == ':')
        && !text.contains(": ")
        && !text.contains(" #")
}

/// True when every character can be seen as it is.
fn is_visible(text: &str) -> bool {
    let escapes = text.matches(['"', '\\']).count();
    quoted(text).len() == text.len() + 2 + escapes
}

/// How a block of text ends (`-`, `+` or nothing) and its lines; `None` when a block cannot say the text exactly.
fn block_lines(text: &str) -> Option<(&'static str, Vec<&str>)> {
    let (chomp, lines) = match text.strip_suffix('\n') {
        Some(rest) if rest.ends_with('\n') => ("+", rest),
        Some(rest) => ("", rest),
        None => ("-", text),
    };
    let blank = |line: &str| !line.is_empty() && line.trim().is_empty();
    let first = lines.chars().next()?;
    let hidden = lines.split('\n').any(|line| blank(line) || !is_visible(&line.replace('\t', " ")));
    (!first.is_whitespace() && !hidden).then(|| (chomp, lines.split('\n').collect()))
}

/// The lines of a text broken at blanks.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    // Two blanks in a row would become one at a break.
    if text.contains("  ") || text.contains(" \t") {
        return vec![text.to_owned()];
    }
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The same, where lines at both ends that did not change stay as they are broken.
fn refolded(text: &str, old: &[&str], width: usize) -> Vec<String> {
    let (mut head, mut rest) = (Vec::new(), text);
    for line in old {
        let Some(more) = rest.strip_prefix(line).filter(|_| !line.is_empty()).and_then(|more| more.strip_prefix(' ')) else {
            break;
        };
        head.push((*line).to_owned());
        rest = more;
    }
    let mut tail = Vec::new();
    for line in old[head.len()..].iter().rev() {
        let Some(more) = rest.strip_suffix(line).filter(|_| !line.is_empty()).and_then(|more| more.strip_suffix(' ')) else {
            break;
        };
        tail.push((*line).to_owned());
        rest = more;
    }
    head.extend(wrapped(rest, width));
    head.extend(tail.into_iter().rev());
    head
}

fn count(piece: &Piece, text: &str, counts: &mut Counts) {
    let column = |at: usize| at - line_start(text, at);
    match piece.form {
        Form::Single => counts.single += 1,
        Form::Double => counts.double += 1,
        _ => {}
    }
    let entries = piece.entries();
    if let [first, ..] = entries {
        let scalars = entries.iter().all(|entry| !entry.value.is_collection());
        let own_line = text[piece.start..first.start].contains('\n');
        match &piece.form {
            Form::List { flow, .. } if scalars => {
                counts.lists[usize::from(!flow)] += 1;
                counts.tall[usize::from(own_line)] += 1;
            }
            Form::Map { flow, .. } if scalars => counts.maps[usize::from(!flow)] += 1,
            _ => {}
        }
        if matches!(piece.form, Form::Map { flow: true, .. }) && text[piece.start..].starts_with('{') && !own_line {
            counts.padded[usize::from(first.start > piece.start + 1)] += 1;
        }
        if own_line && counts.unit.is_none() && piece.is_flow() {
            let indent = |at: usize| &text[line_start(text, at)..at];
            let outer = indent(piece.start);
            let outer = &outer[..outer.len() - outer.trim_start().len()];
            counts.unit = indent(first.start)
                .strip_prefix(outer)
                .filter(|unit| unit.trim().is_empty() && !unit.is_empty())
                .map(str::to_owned);
        }
    }
    for (at, entry) in entries.iter().enumerate() {
        let value = &entry.value;
        if piece.is_block() && value.is_block() && text[entry.intro..value.start].contains('\n') && entry.key.is_some() {
            let step = column(value.start).saturating_sub(column(entry.start)).min(16);
            match value.form {
                Form::List { .. } => counts.list_steps[step] += 1,
                _ => counts.map_steps[step] += 1,
            }
        }
        if piece.is_block()
            && entry.key.is_none()
            && !matches!(value.form, Form::Empty)
            && !text[entry.intro..value.outer].contains('\n')
        {
            counts.gaps[(value.outer - entry.start).min(16)] += 1;
        }
        if piece.is_flow() && entry.colon && !matches!(value.form, Form::Empty) && counts.colon.is_none() {
            let gap = &text[entry.intro..value.outer];
            counts.colon = Some(if gap.is_empty() { ":" } else { ": " }.to_owned());
        }
        if piece.is_flow()
            && counts.comma.is_none()
            && let Some(next) = entries.get(at + 1)
        {
            let gap = &text[entry.end()..next.start];
            counts.comma = matches!(gap, "," | ", ").then(|| gap.to_owned());
        }
        count(value, text, counts);
    }
}
