//! Patterns: what is wrong with one, whether it can run for ever elsewhere, and quickly whether a text matches.
//!
//! Whether a pattern is a regular expression at all is the library's word; this reader says where it breaks, and sees what the
//! library has no opinion on. Here patterns run in linear time. Most other validators backtrack, and a text can be written for a
//! pattern like `(a+)+$` that keeps them busy for ever.

use foreign::{foreign, refused};
use serde_json::{Value, json};
use std::sync::LazyLock;

mod foreign;

/// How deep groups may stand in each other; past it nothing is said.
const MAX_DEPTH: usize = 100;

/// Longest text that is matched here; longer ones are the library's.
const MAX_TEXT: usize = 300;

/// Longest pattern that is looked into; of a longer one it is only said whether it is one.
const MAX_PATTERN: usize = 4096;

/// From how many repetitions on a repeated group counts as repeated without end.
const MANY: u32 = 16;

/// What there is to say of a pattern.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Sound,
    /// No regular expression, and why.
    Broken(String),
    /// Nothing that a schema can be used with: what is told of it, and what to write.
    Refused(String, String),
    /// It looks around or refers back: the part that does, and what that is called.
    NotRegular(String, &'static str),
    /// It backtracks exponentially: the part that does.
    Slow(String),
}

/// A pattern that was read.
#[derive(Debug)]
pub(super) struct Pattern {
    root: Option<Part>,
}

/// Says what is to be said of a pattern.
pub(super) fn verdict(written: &str) -> Verdict {
    if written.len() > MAX_PATTERN {
        return if is_regex(written) {
            refused(written).unwrap_or(Verdict::Sound)
        } else {
            Verdict::Broken("somewhere in it something is not closed, or repeats nothing".to_owned())
        };
    }
    let mut reader = Reader { letters: written.char_indices().collect(), text: written, at: 0, odd: None };
    let read = reader.alternatives(0);
    let read = match read {
        Ok(_) if reader.peek() == Some(')') => Err("a `)` closes nothing".to_owned()),
        read => read,
    };
    if !is_regex(written) {
        if let Some((part, says, write)) = foreign(written) {
            return Verdict::Refused(
                format!("has `{part}`, which {says} and JSON Schema's dialect (ECMAScript's) does not have"),
                write,
            );
        }
        return match read {
            Err(why) => Verdict::Broken(why),
            Ok(_) => Verdict::Refused(
                "is not a regular expression of ECMAScript's dialect, which JSON Schema has".to_owned(),
                "Escape only marks, and letters that mean something there: `\\d`, `\\w`, `\\s`, `\\b`, `\\n`, `\\t`, `\\u0041`."
                    .to_owned(),
            ),
        };
    }
    if let Some((part, name)) = reader.odd {
        return Verdict::NotRegular(part, name);
    }
    if let Some(refused) = refused(written) {
        return refused;
    }
    let Ok(root) = read else { return Verdict::Sound };
    match slow(&root, false) {
        Some(span) => Verdict::Slow(written[span.0..span.1].to_owned()),
        None => Verdict::Sound,
    }
}

/// The library's word on what is a regular expression.
fn is_regex(written: &str) -> bool {
    static REGEX: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
        jsonschema::options()
            .should_validate_formats(true)
            .offline()
            .build(&json!({"format": "regex"}))
            .expect("a format is a schema")
    });
    REGEX.is_valid(&Value::String(written.to_owned()))
}

impl Pattern {
    pub(super) fn read(written: &str) -> Self {
        if written.len() > MAX_PATTERN {
            return Self { root: None };
        }
        let mut reader = Reader { letters: written.char_indices().collect(), text: written, at: 0, odd: None };
        let root = reader.alternatives(0).ok().filter(|_| reader.peek().is_none() && reader.odd.is_none());
        Self { root }
    }

    /// True when a text matches for certain. False: it does not, or only the library can tell.
    pub(super) fn surely_matches(&self, text: &str) -> bool {
        let Some(root) = &self.root else { return false };
        if !text.is_ascii() || text.len() > MAX_TEXT {
            return false;
        }
        let starts = vec![true; text.len() + 1];
        ends(root, text.as_bytes(), &starts).is_some_and(|ends| ends.contains(&true))
    }
}

/// A set of characters: the 128 of ASCII one by one, all others as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Set {
    ascii: u128,
    others: bool,
}

impl Set {
    const ALL: Self = Self { ascii: u128::MAX, others: true };
    const NONE: Self = Self { ascii: 0, others: false };

    fn of(letter: char) -> Self {
        match u8::try_from(letter) {
            Ok(byte) if byte < 128 => Self { ascii: 1 << byte, others: false },
            _ => Self { ascii: 0, others: true },
        }
    }

    fn range(first: char, last: char) -> Self {
        let low = u32::from(first).min(128);
        let high = u32::from(last).min(127);
        let ascii = (low..=high).fold(0, |set, code| set | (1 << code));
        Self { ascii, others: u32::from(last) > 127 }
    }

    fn class(letter: char) -> Option<Self> {
        let digits = Self::range('0', '9');
        let words = digits.or(Self::range('a', 'z')).or(Self::range('A', 'Z')).or(Self::of('_'));
        // Blanks beyond ASCII are left out: they would make `\S` and `\s` overlap.
        let blanks = Self::range('\t', '\r').or(Self::of(' '));
        Some(match letter {
            'd' => digits,
            'D' => digits.not(),
            'w' => words,
            'W' => words.not(),
            's' => blanks,
            'S' => blanks.not(),
            _ => return None,
        })
    }

    fn or(self, other: Self) -> Self {
        Self { ascii: self.ascii | other.ascii, others: self.others || other.others }
    }

    fn and(self, other: Self) -> Self {
        Self { ascii: self.ascii & other.ascii, others: self.others && other.others }
    }

    fn not(self) -> Self {
        // Of the others it is not known which are meant, so there are always some that are not.
        Self { ascii: !self.ascii, others: true }
    }

    fn is_empty(self) -> bool {
        self == Self::NONE
    }
}

/// A part of a pattern.
#[derive(Debug)]
enum Part {
    /// One character of a set.
    One(Set),
    /// `^`.
    Start,
    /// `$`.
    End,
    /// What takes no character, and fails where it does not hold.
    Edge,
    /// What is not understood here.
    Unknown,
    Row(Vec<Part>),
    Either(Vec<Part>),
    Repeat {
        part: Box<Part>,
        least: u32,
        most: Option<u32>,
        span: (usize, usize),
    },
}

struct Reader<'a> {
    letters: Vec<(usize, char)>,
    text: &'a str,
    at: usize,
    /// The first part that no linear engine has.
    odd: Option<(String, &'static str)>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).map(|(_, letter)| *letter)
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek();
        self.at += usize::from(letter.is_some());
        letter
    }

    fn eat(&mut self, wanted: &str) -> bool {
        let found = wanted
            .chars()
            .enumerate()
            .all(|(ahead, letter)| self.letters.get(self.at + ahead).is_some_and(|(_, found)| *found == letter));
        if found {
            self.at += wanted.chars().count();
        }
        found
    }

    /// Where a letter begins, in bytes.
    fn byte(&self, at: usize) -> usize {
        self.letters.get(at).map_or(self.text.len(), |(byte, _)| *byte)
    }

    fn since(&self, start: usize) -> String {
        self.text[self.byte(start)..self.byte(self.at)].to_owned()
    }

    fn alternatives(&mut self, depth: usize) -> Result<Part, String> {
        if depth > MAX_DEPTH {
            return Err("it nests too deep".to_owned());
        }
        let mut rows = vec![self.row(depth)?];
        while self.eat("|") {
            rows.push(self.row(depth)?);
        }
        Ok(if rows.len() == 1 { rows.swap_remove(0) } else { Part::Either(rows) })
    }

    fn row(&mut self, depth: usize) -> Result<Part, String> {
        let mut parts = Vec::new();
        while let Some(letter) = self.peek() {
            if matches!(letter, '|' | ')') {
                break;
            }
            let start = self.at;
            let part = self.atom(depth)?;
            parts.push(self.repeated(part, start)?);
        }
        Ok(if parts.len() == 1 { parts.swap_remove(0) } else { Part::Row(parts) })
    }

    fn atom(&mut self, depth: usize) -> Result<Part, String> {
        let start = self.at;
        Ok(match self.next().expect("a letter was seen") {
            '^' => Part::Start,
            '$' => Part::End,
            '.' => Part::One(Set { ascii: !(1 << b'\n' | 1 << b'\r'), others: true }),
            '[' => Part::One(self.class(start)?),
            '(' => self.group(start, depth)?,
            '\\' => self.escape(start)?,
            letter @ ('*' | '+' | '?') => return Err(format!("`{letter}` repeats nothing")),
            letter => Part::One(Set::of(letter)),
        })
    }

    fn group(&mut self, start: usize, depth: usize) -> Result<Part, String> {
        let mut part = None;
        if self.eat("?") {
            let around = [("=", "looks ahead"), ("!", "looks ahead"), ("<=", "looks back"), ("<!", "looks back")];
            if let Some((_, name)) = around.into_iter().find(|(sign, _)| self.eat(sign)) {
                let shown = self.since(start);
                self.odd.get_or_insert((shown, name));
                part = Some(Part::Edge);
            } else if self.eat("<") {
                while self.next().is_some_and(|letter| letter != '>') {}
            } else if !self.eat(":") {
                // Flags change what the letters within mean.
                while self.peek().is_some_and(|letter| !matches!(letter, ':' | ')')) {
                    self.at += 1;
                }
                self.eat(":");
                part = Some(Part::Unknown);
            }
        }
        let inner = self.alternatives(depth + 1)?;
        if !self.eat(")") {
            return Err("a `(` is never closed".to_owned());
        }
        Ok(part.unwrap_or(inner))
    }

    fn escape(&mut self, start: usize) -> Result<Part, String> {
        let Some(letter) = self.next() else { return Err("it ends in a single `\\`".to_owned()) };
        Ok(match letter {
            'b' | 'B' => Part::Edge,
            '1'..='9' | 'k' => {
                while self.peek().is_some_and(|letter| letter.is_ascii_digit()) {
                    self.at += 1;
                }
                if letter == 'k' && self.peek() == Some('<') {
                    while self.next().is_some_and(|letter| letter != '>') {}
                }
                let shown = self.since(start);
                self.odd.get_or_insert((shown, "refers back"));
                Part::Unknown
            }
            'p' | 'P' => {
                if self.peek() == Some('{') {
                    while self.next().is_some_and(|letter| letter != '}') {}
                }
                // Which letters those are is not known here; that it is one letter is.
                Part::Unknown
            }
            _ => match self.escaped(letter) {
                Some(set) => Part::One(set),
                None => Part::Unknown,
            },
        })
    }

    /// What an escape stands for that can stand in a class as well.
    fn escaped(&mut self, letter: char) -> Option<Set> {
        if let Some(class) = Set::class(letter) {
            return Some(class);
        }
        Some(Set::of(match letter {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'f' => '\u{c}',
            'v' => '\u{b}',
            '0' => '\0',
            'x' => self.code(2)?,
            'u' if self.peek() == Some('{') => {
                while self.next().is_some_and(|letter| letter != '}') {}
                return None;
            }
            'u' => self.code(4)?,
            'c' => {
                self.next();
                return None;
            }
            other => other,
        }))
    }

    fn code(&mut self, digits: usize) -> Option<char> {
        let mut code = 0;
        for _ in 0..digits {
            code = code * 16 + self.peek()?.to_digit(16)?;
            self.at += 1;
        }
        char::from_u32(code)
    }

    fn class(&mut self, start: usize) -> Result<Set, String> {
        let negated = self.eat("^");
        let mut set = Set::NONE;
        loop {
            let Some(letter) = self.next() else { return Err(format!("the `[` of `{}` is never closed", self.since(start))) };
            if letter == ']' {
                break;
            }
            let (first, single) = self.member(letter)?;
            let range_start = self.at;
            if self.peek() == Some('-') && self.letters.get(self.at + 1).is_some_and(|(_, next)| *next != ']') {
                self.at += 1;
                let Some(letter) = self.next() else { continue };
                let (last, last_single) = self.member(letter)?;
                match (single, last_single) {
                    (Some(low), Some(high)) if low > high => {
                        return Err(format!("the range `{low}{}` runs backwards", self.since(range_start)));
                    }
                    (Some(low), Some(high)) => set = set.or(Set::range(low, high)),
                    _ => set = set.or(first).or(Set::of('-')).or(last),
                }
            } else {
                set = set.or(first);
            }
        }
        Ok(if negated { set.not() } else { set })
    }

    /// One member of a class: its set, and itself when it is a single character.
    fn member(&mut self, letter: char) -> Result<(Set, Option<char>), String> {
        if letter != '\\' {
            return Ok((Set::of(letter), Some(letter)));
        }
        let Some(escaped) = self.next() else { return Err("it ends in a single `\\`".to_owned()) };
        if matches!(escaped, 'p' | 'P') {
            if self.peek() == Some('{') {
                while self.next().is_some_and(|letter| letter != '}') {}
            }
            return Ok((Set::ALL, None));
        }
        if escaped == 'b' {
            return Ok((Set::of('\u{8}'), Some('\u{8}')));
        }
        let Some(set) = self.escaped(escaped) else { return Ok((Set::ALL, None)) };
        let single = (set.ascii.is_power_of_two() && !set.others)
            .then(|| u8::try_from(set.ascii.trailing_zeros()).ok().map(char::from))
            .flatten();
        Ok((set, single))
    }

    fn repeated(&mut self, part: Part, start: usize) -> Result<Part, String> {
        let before = self.at;
        let (least, most) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                self.at += 1;
                let inside: String = self.letters[self.at..]
                    .iter()
                    .map(|(_, letter)| *letter)
                    .take_while(|letter| *letter != '}')
                    .take(24)
                    .collect();
                let Some((least, most)) = counts(&inside) else {
                    // A bare brace is itself.
                    self.at = before;
                    return Ok(part);
                };
                self.at += inside.chars().count();
                if most.is_some_and(|most| most < least) {
                    return Err(format!("`{{{inside}}}` counts down"));
                }
                (least, most)
            }
            _ => return Ok(part),
        };
        self.at += 1;
        // Lazy or not, what it can match is the same.
        self.eat("?");
        if matches!(self.peek(), Some(letter @ ('*' | '+' | '?')) if letter != '?') {
            return Err(format!("`{}` repeats a repetition", self.peek().unwrap_or('*')));
        }
        let span = (self.byte(start), self.byte(self.at));
        Ok(Part::Repeat { part: Box::new(part), least, most, span })
    }
}

/// What stands between the braces of `{2,5}`.
fn counts(inside: &str) -> Option<(u32, Option<u32>)> {
    let number = |digits: &str| {
        (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().unwrap_or(u32::MAX))
    };
    match inside.split_once(',') {
        None => number(inside).map(|times| (times, Some(times))),
        Some((least, "")) => number(least).map(|least| (least, None)),
        Some((least, most)) => Some((number(least)?, Some(number(most)?))),
    }
}

/// The first repetition that a text can keep busy. `then`: something follows that can fail, for what cannot fail never turns back.
fn slow(part: &Part, then: bool) -> Option<(usize, usize)> {
    match part {
        Part::Row(parts) => {
            let mut after: Vec<bool> = vec![then; parts.len()];
            for at in (0..parts.len().saturating_sub(1)).rev() {
                after[at] = after[at + 1] || can_fail(&parts[at + 1]);
            }
            parts.iter().zip(after).find_map(|(part, after)| slow(part, after))
        }
        Part::Either(parts) => parts.iter().find_map(|part| slow(part, then)),
        Part::Repeat { part, most, span, .. } => {
            let endless = most.is_none_or(|most| most >= MANY);
            let ambiguous = || !loops(part).or(overlaps(part)).is_empty();
            if endless && then && ambiguous() { Some(*span) } else { slow(part, then) }
        }
        _ => None,
    }
}

fn can_fail(part: &Part) -> bool {
    match part {
        Part::Row(parts) => parts.iter().any(can_fail),
        Part::Either(parts) => parts.iter().all(can_fail),
        Part::Repeat { part, least, .. } => *least > 0 && can_fail(part),
        _ => true,
    }
}

/// Characters of which some run, or nothing, is matched whole.
fn can(part: &Part) -> Set {
    match part {
        Part::One(set) => *set,
        Part::Row(parts) => parts.iter().fold(Set::ALL, |set, part| set.and(can(part))),
        Part::Either(parts) => parts.iter().fold(Set::NONE, |set, part| set.or(can(part))),
        Part::Repeat { least: 0, .. } => Set::ALL,
        Part::Repeat { part, .. } => can(part),
        Part::Start | Part::End | Part::Edge | Part::Unknown => Set::NONE,
    }
}

/// Characters of which some run, and not only nothing, is matched whole.
fn eats(part: &Part) -> Set {
    match part {
        Part::One(set) => *set,
        Part::Row(parts) => within(parts, eats),
        Part::Either(parts) => parts.iter().fold(Set::NONE, |set, part| set.or(eats(part))),
        Part::Repeat { part, most, .. } if *most != Some(0) => eats(part),
        _ => Set::NONE,
    }
}

/// Characters of which runs of several lengths are matched whole: repeated once more, one run can be cut in many ways.
fn loops(part: &Part) -> Set {
    match part {
        Part::Row(parts) => within(parts, loops),
        Part::Either(parts) => parts.iter().fold(Set::NONE, |set, part| set.or(loops(part))),
        Part::Repeat { part, least, most, .. } => {
            let several = most.is_none_or(|most| most > (*least).max(1));
            if several { eats(part) } else { loops(part) }
        }
        _ => Set::NONE,
    }
}

/// Characters that two alternatives both take: repeated, each one doubles the ways.
fn overlaps(part: &Part) -> Set {
    match part {
        Part::Row(parts) => within(parts, overlaps),
        Part::Either(parts) => {
            let (mut seen, mut both) = (Set::NONE, Set::NONE);
            for part in parts {
                if let Part::One(set) = part {
                    both = both.or(seen.and(*set));
                    seen = seen.or(*set);
                }
                both = both.or(overlaps(part));
            }
            // Two letters beyond ASCII are mostly two letters.
            Set { others: false, ..both }
        }
        Part::Repeat { part, .. } => overlaps(part),
        _ => Set::NONE,
    }
}

/// What one part of a row does with runs that all the others let pass.
fn within(parts: &[Part], of: impl Fn(&Part) -> Set) -> Set {
    // What all before and all behind let pass, so that a long row is looked at once.
    let mut behind = vec![Set::ALL; parts.len() + 1];
    for at in (0..parts.len()).rev() {
        behind[at] = behind[at + 1].and(can(&parts[at]));
    }
    let (mut before, mut found) = (Set::ALL, Set::NONE);
    for (at, part) in parts.iter().enumerate() {
        let around = before.and(behind[at + 1]);
        if !around.is_empty() {
            found = found.or(of(part).and(around));
        }
        before = before.and(can(part));
    }
    found
}

/// Where a part can end that begins at any of these places; `None` when that is not known here.
fn ends(part: &Part, text: &[u8], starts: &[bool]) -> Option<Vec<bool>> {
    let mut out = vec![false; starts.len()];
    match part {
        Part::One(set) => {
            for (at, byte) in text.iter().enumerate() {
                out[at + 1] = starts[at] && set.ascii & (1 << byte) != 0;
            }
        }
        Part::Start => out[0] = starts[0],
        Part::End => out[text.len()] = starts[text.len()],
        Part::Edge | Part::Unknown => return None,
        Part::Row(parts) => {
            out = starts.to_vec();
            for part in parts {
                out = ends(part, text, &out)?;
            }
        }
        Part::Either(parts) => {
            for part in parts {
                ends(part, text, starts)?.into_iter().zip(&mut out).for_each(|(found, out)| *out |= found);
            }
        }
        Part::Repeat { part, least, most, .. } => {
            let longest = u32::try_from(text.len()).unwrap_or(u32::MAX).saturating_add(1);
            let mut reached = starts.to_vec();
            for _ in 0..(*least).min(longest) {
                reached = ends(part, text, &reached)?;
            }
            out.clone_from(&reached);
            for _ in *least..most.unwrap_or(u32::MAX).min(least.saturating_add(longest)) {
                reached = ends(part, text, &reached)?;
                let grown = reached.iter().zip(&out).any(|(new, old)| *new && !old);
                reached.iter().zip(&mut out).for_each(|(new, old)| *old |= *new);
                if !grown {
                    break;
                }
            }
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{Pattern, Verdict, verdict};

    fn slow(pattern: &str) -> Option<String> {
        match verdict(pattern) {
            Verdict::Slow(part) => Some(part),
            _ => None,
        }
    }

    #[test]
    fn what_a_text_can_keep_busy_is_seen() {
        for (pattern, part) in [
            ("^(a+)+$", "(a+)+"),
            ("(x+x+)+y", "(x+x+)+"),
            ("^(\\w+\\s?)*$", "(\\w+\\s?)*"),
            ("^(a|a)*$", "(a|a)*"),
            ("^(\\w|\\d)+$", "(\\w|\\d)+"),
            ("(.*,)*x", "(.*,)*"),
            ("^(?:[a-z]{1,3})+!", "(?:[a-z]{1,3})+"),
            ("^((a*)b?)*c", "((a*)b?)*"),
            ("^é(ab?|(a|é)+)+$", "(ab?|(a|é)+)+"),
        ] {
            assert_eq!(slow(pattern).as_deref(), Some(part), "{pattern}");
        }
    }

    #[test]
    fn what_only_looks_like_it_is_not() {
        for pattern in [
            "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
            "^[a-z0-9]+(?:-[a-z0-9]+)*$",
            "^([A-Z][a-z]+)+$",
            "^OL[1-9][0-9]{0,11}W$",
            "(a+)+",
            "^(\\d{1,3}\\.){3}\\d{1,3}$",
            "^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$",
            "^(GET|PUT|POST)+$",
            "^(ü|ö)+$",
            "^\\s*(\\S+\\s+)*\\S+$",
            "",
        ] {
            assert_eq!(verdict(pattern), Verdict::Sound, "{pattern}");
        }
    }

    #[test]
    fn what_is_broken_says_where() {
        let broken = |pattern: &str| match verdict(pattern) {
            Verdict::Broken(why) => why,
            other => panic!("{pattern}: {other:?}"),
        };
        assert_eq!(broken("(a"), "a `(` is never closed");
        assert_eq!(broken("a)"), "a `)` closes nothing");
        assert_eq!(broken("[a-z"), "the `[` of `[a-z` is never closed");
        assert_eq!(broken("*a"), "`*` repeats nothing");
        assert_eq!(broken("a{3,1}"), "`{3,1}` counts down");
        assert_eq!(broken("[z-a]"), "the range `z-a` runs backwards");
        assert_eq!(broken("a\\"), "it ends in a single `\\`");
        assert_eq!(broken("a**"), "`*` repeats a repetition");
    }

    #[test]
    fn what_no_linear_engine_has_is_named() {
        assert_eq!(verdict("^(?!x)a"), Verdict::NotRegular("(?!".to_owned(), "looks ahead"));
        assert_eq!(verdict("(?<=x)a"), Verdict::NotRegular("(?<=".to_owned(), "looks back"));
        assert_eq!(verdict("(a)\\1"), Verdict::NotRegular("\\1".to_owned(), "refers back"));
        assert_eq!(verdict("(?<n>a)\\k<n>"), Verdict::NotRegular("\\k<n>".to_owned(), "refers back"));
        assert_eq!(verdict("(?<n>a)"), Verdict::Sound);
    }

    #[test]
    fn matching_agrees_with_the_library_where_it_is_sure() {
        let patterns = [
            "^OL[1-9][0-9]{0,11}W$",
            "a+b?",
            "^(ab|a)*$",
            "[^a-c]",
            "^\\d{2,3}$",
            "x|^y$",
            "^$",
            "(?:a|b){2,}",
            "\\.",
            "^[\\w.-]+$",
        ];
        let texts = ["OL12W", "ab", "aab", "abc", "12", "1234", "y", "", "bb", ".", "xy z", "OL0W"];
        let (mut sure, mut matched) = (0, 0);
        for pattern in patterns {
            let read = Pattern::read(pattern);
            let theirs = jsonschema::validator_for(&serde_json::json!({"pattern": pattern})).expect("a pattern");
            for text in texts {
                let valid = theirs.is_valid(&serde_json::json!(text));
                let ours = read.surely_matches(text);
                assert_eq!(ours, valid, "{pattern} {text}");
                sure += usize::from(ours);
                matched += usize::from(valid);
            }
        }
        assert!(sure > 30 && sure == matched, "{sure} {matched}");
    }

    #[test]
    fn anything_ends() {
        let mut state = 7u64;
        let pieces =
            ["(", ")", "[", "]", "a", "|", "*", "+", "?", "{2,", "}", "\\", "é", "^", "$", "(?", "<", "-", "\\p{L}", "1", ":"];
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..=state % 12 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(pieces[usize::try_from(state >> 33).expect("31 bits fit") % pieces.len()]);
            }
            verdict(&text);
            Pattern::read(&text).surely_matches("aaa");
        }
        verdict(&"(".repeat(100_000));
        verdict(&format!("{}{}", "(".repeat(99), ")*".repeat(99)));
        verdict(&"a*".repeat(100_000));
    }
}
