//! The reader: once through the text from its beginning, with a stack of what is open.
//!
//! Each step looks at one place and goes on from there, so its time follows the text's length; what looks ahead either moves there or
//! ends the reading.

mod documents;
mod told;
mod words;

use super::Fault;
use super::open::{Kind, Open, Place, Stage};
use documents::Document;
use std::ops::Range;
use told::astray;

/// Deepest nesting that is followed.
const DEEPEST: usize = 200;

/// Why reading ends before the text does.
#[derive(Debug)]
pub(super) enum Stop {
    /// Shells differ here, or nobody can know.
    Unsure,
    /// What follows is never read by a shell.
    Left,
    Fault(Fault),
}

type Step<T = ()> = Result<T, Stop>;

pub(super) struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    stack: Vec<Open>,
    documents: Vec<Document>,
    /// How many substitutions are open.
    level: usize,
    korn: bool,
    /// True when this line ends the script's run: nothing behind it is read.
    leaves: bool,
    /// The first text in quotes that goes on over several lines. Where a quote is left open, it is often that one which should have ended.
    long: Option<usize>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, korn: bool) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            stack: vec![Open::new(Kind::Script, 0..0)],
            documents: Vec::new(),
            level: 0,
            korn,
            leaves: false,
            long: None,
        }
    }

    pub(super) fn fault(mut self) -> Option<Fault> {
        match self.read() {
            Err(Stop::Fault(fault)) if !self.doubts() => Some(fault),
            _ => None,
        }
    }

    fn read(&mut self) -> Step {
        while self.at < self.bytes.len() {
            if self.stack.len() > DEEPEST {
                return Err(Stop::Unsure);
            }
            match self.top().kind {
                Kind::Quotes => self.in_quotes()?,
                Kind::Expansion { quoted, pattern } => self.in_expansion(quoted, pattern)?,
                Kind::Arithmetic => self.in_arithmetic()?,
                Kind::Array => self.in_array()?,
                Kind::Test => self.in_test()?,
                Kind::Pattern => self.in_pattern()?,
                _ => self.in_commands()?,
            }
        }
        self.at = self.bytes.len();
        self.end()
    }

    /// At the end of the text.
    fn end(&mut self) -> Step {
        if self.top().kind.holds_commands() {
            self.end_word()?;
        }
        if self.top().kind == Kind::Script {
            if let Some(document) = self.documents.first() {
                return Err(self.endless(document, None));
            }
            return match self.top().place {
                Place::Needed => Err(self.nothing_follows()),
                _ => Ok(()),
            };
        }
        Err(self.unclosed(None))
    }

    // ── Commands ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    fn in_commands(&mut self) -> Step {
        let byte = self.bytes[self.at];
        if self.top().word.is_some() {
            return match byte {
                b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b')' => self.end_word(),
                b'\r' if self.peek(1) == Some(b'\n') => self.end_word(),
                b'(' => self.parenthesis_in_word(),
                _ => self.part_of_word(byte),
            };
        }
        match byte {
            b' ' | b'\t' => self.at += 1,
            b'\r' if self.peek(1) == Some(b'\n') => self.at += 1,
            b'\n' => return self.newline(),
            b'\\' if self.continued() > 0 => self.at += self.continued(),
            b'#' if self.doubts() => return Err(Stop::Unsure),
            b'#' => self.comment(),
            b';' => return self.semicolon(),
            b'&' => return self.ampersand(),
            b'|' => return self.pipe(),
            b'<' | b'>' => return self.redirection(byte),
            b'(' => return self.open_parenthesis(),
            b')' => return self.close_parenthesis(),
            _ => {
                let at = self.at;
                self.top_mut().word = Some(at);
            }
        }
        Ok(())
    }

    /// A letter, a quote, a `$`: what a word goes on with wherever it stands.
    fn part_of_word(&mut self, byte: u8) -> Step {
        match byte {
            b'\'' => self.single_quotes(),
            b'"' => {
                self.open(Kind::Quotes, 1);
                Ok(())
            }
            b'`' => self.backquotes(),
            b'\\' => {
                self.escape();
                Ok(())
            }
            b'$' => self.dollar(false),
            _ => {
                self.at += 1;
                Ok(())
            }
        }
    }

    fn parenthesis_in_word(&mut self) -> Step {
        let start = self.top().word.unwrap_or(self.at);
        let raw = &self.text[start..self.at];
        let open = self.top();
        let negation = raw == "!" && open.in_commands() && open.at_start();
        if !negation && self.extended(start) {
            self.open(Kind::Pattern, 1);
            return Ok(());
        }
        if raw.ends_with('=') && is_assignment(raw) && open.in_commands() {
            self.open(Kind::Array, 1);
            return Ok(());
        }
        let plain = raw.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte >= 0x80 || b"_-.:+@/,%^".contains(&byte));
        if !plain && !negation {
            return Err(Stop::Unsure);
        }
        self.end_word()
    }

    /// True when a pattern such as `@(a|b)` begins with the `(` here.
    fn extended(&self, start: usize) -> bool {
        let before = |back: usize| self.at.checked_sub(back).filter(|at| *at >= start).map(|at| self.bytes[at]);
        before(1).is_some_and(|byte| b"?*+@!".contains(&byte)) && !before(2).is_some_and(|byte| matches!(byte, b'$' | b'\\'))
    }

    fn end_word(&mut self) -> Step {
        let end = self.at;
        let Some(start) = self.top_mut().word.take() else { return Ok(()) };
        let at = start..end;
        let joined;
        let raw = match &self.text[at.clone()] {
            raw if raw.len() < 64 && raw.contains("\\\n") => {
                joined = raw.replace("\\\n", "");
                joined.as_str()
            }
            raw => raw,
        };
        let descriptor = matches!(self.bytes.get(end), Some(b'<' | b'>')) && raw.bytes().all(|byte| byte.is_ascii_digit());
        if descriptor {
            return Ok(());
        }
        let open = self.stack.last_mut().expect("the script itself is never closed");
        if open.redirects {
            open.redirects = false;
            open.place = match open.place {
                Place::Start | Place::Begun | Place::Needed => Place::Name,
                Place::After => Place::Redirected,
                place => place,
            };
            return Ok(());
        }
        match (open.stage, raw) {
            (Stage::Name, _) => open.stage = Stage::Named,
            (Stage::Named, "in") => open.stage = Stage::Items,
            (Stage::Named | Stage::Ready, "do") => open.turn(Stage::Body, at),
            (Stage::Ready, "{") => return Err(Stop::Unsure),
            (Stage::Ready, _) => return Err(self.headless("do")),
            (Stage::Named, _) if self.korn || raw == "{" || !self.text[open.at.clone()].starts_with("for") => {
                return Err(Stop::Unsure);
            }
            (Stage::Named, _) => return Err(self.headless("in` or `do")),
            (Stage::Items, _) => {}
            (Stage::Subject, _) => open.stage = Stage::In,
            (Stage::In, "in") => open.stage = Stage::Patterns,
            (Stage::In, _) if self.korn || raw == "{" => return Err(Stop::Unsure),
            (Stage::In, _) => return Err(self.headless("in")),
            (Stage::Patterns, "esac") => self.close(),
            (Stage::Patterns | Stage::Alternative, _) => {
                open.part = at;
                open.stage = Stage::Matched;
            }
            (Stage::Matched, _) => return Err(self.unmatched()),
            _ => return self.word_of_command(at, raw),
        }
        Ok(())
    }

    fn word_of_command(&mut self, at: Range<usize>, raw: &str) -> Step {
        let outermost = self.stack.len() == 1;
        let doubts = raw == "case" && self.doubts();
        let open = self.stack.last_mut().expect("the script itself is never closed");
        match open.place {
            Place::Start | Place::Begun | Place::Needed => {
                if matches!(raw, "then" | "elif" | "else" | "fi" | "do" | "done" | "esac" | "}") {
                    return self.closing_word(at, raw);
                }
                open.filled = true;
                let block = match raw {
                    "case" if doubts => return Err(Stop::Unsure),
                    "if" => Open::new(Kind::If, at).at_stage(Stage::Condition),
                    "while" | "until" => Open::new(Kind::Loop, at).at_stage(Stage::Condition),
                    "for" | "select" => Open::new(Kind::Loop, at).at_stage(Stage::Name),
                    "case" => Open::new(Kind::Case, at).at_stage(Stage::Subject),
                    "{" => Open::new(Kind::Group, at),
                    "[[" => Open::new(Kind::Test, at),
                    "coproc" => return Err(Stop::Unsure),
                    "namespace" if self.korn => return Err(Stop::Unsure),
                    _ => {
                        let sure = open.place == Place::Start;
                        open.place = match raw {
                            "function" => Place::FunctionName,
                            "!" if open.place == Place::Needed => Place::Needed,
                            "!" | "time" | "-p" | "--" => Place::Begun,
                            _ if is_assignment(raw) => Place::Name,
                            _ => Place::FirstArgument,
                        };
                        self.leaves |= outermost && sure && matches!(unquoted(raw).as_str(), "exit" | "return");
                        self.hands_over(at, raw);
                        return Ok(());
                    }
                };
                open.place = Place::After;
                self.stack.push(block);
            }
            Place::FunctionName => open.place = Place::Begun,
            Place::Name if is_assignment(raw) => {}
            Place::Name => open.place = Place::FirstArgument,
            Place::FirstArgument => open.place = Place::Arguments,
            Place::Arguments => {}
            Place::After if matches!(raw, "then" | "elif" | "else" | "fi" | "do" | "done" | "esac" | "}") => {
                return self.closing_word(at, raw);
            }
            Place::After | Place::Redirected => return Err(Stop::Unsure),
        }
        Ok(())
    }

    /// `exec` gives the script to another program, and what follows may be in its language: Tcl, Perl and Python scripts begin so.
    fn hands_over(&mut self, at: Range<usize>, raw: &str) {
        if self.stack.len() != 1 {
            return;
        }
        let rest = self.bytes[at.end..].iter().take_while(|byte| **byte != b'\n').take(200);
        let mut rest = rest.skip_while(|byte| matches!(byte, b' ' | b'\t')).copied();
        match unquoted(raw).as_str() {
            "exec" => {
                // Only redirections: it goes on itself.
                let Some(next) = rest.next() else { return };
                self.leaves |= !(next.is_ascii_digit() || matches!(next, b'<' | b'>' | b'{' | b';' | b'&' | b'|' | b'#' | b'\\'));
            }
            "eval" => {
                let begins: Vec<u8> = rest.take(6).collect();
                self.leaves |= matches!(begins.as_slice(), [b'\'' | b'"', b'e', b'x', b'e', b'c', b' ']);
            }
            _ => {}
        }
    }

    fn closing_word(&mut self, at: Range<usize>, raw: &str) -> Step {
        if self.top().place == Place::Needed {
            return Err(self.nothing_follows());
        }
        let open = self.stack.last_mut().expect("the script itself is never closed");
        let kind = match raw {
            "then" | "elif" | "else" | "fi" => Kind::If,
            "do" | "done" => Kind::Loop,
            "esac" => Kind::Case,
            _ => Kind::Group,
        };
        if open.kind != kind {
            let within = self.stack.iter().any(|open| open.kind == kind && open.in_commands());
            return Err(if within { self.unclosed(Some((raw, at.start))) } else { astray(at, raw) });
        }
        match (raw, open.stage) {
            ("then" | "do", Stage::Condition)
            | ("else" | "elif" | "fi", Stage::Body)
            | ("fi", Stage::Else)
            | ("done" | "}", _) => {}
            ("else" | "elif" | "fi", Stage::Condition) => return Err(self.headless("then")),
            ("esac", _) => {
                self.close();
                return Ok(());
            }
            _ => return Err(astray(at, raw)),
        }
        if raw == "done" && open.stage == Stage::Condition {
            return Err(self.headless("do"));
        }
        if !open.filled && !self.korn {
            return Err(self.empty(raw));
        }
        match raw {
            "then" | "do" => open.turn(Stage::Body, at),
            "elif" => open.turn(Stage::Condition, at),
            "else" => open.turn(Stage::Else, at),
            _ => self.close(),
        }
        Ok(())
    }

    fn newline(&mut self) -> Step {
        let open = self.top_mut();
        open.redirects = false;
        match open.stage {
            Stage::Name | Stage::Subject => return Err(Stop::Unsure),
            Stage::Items => open.stage = Stage::Ready,
            Stage::Matched => return Err(self.unmatched()),
            Stage::Body | Stage::Condition | Stage::Else => match open.place {
                Place::Needed | Place::Begun => {}
                Place::FunctionName => return Err(Stop::Unsure),
                _ => open.place = Place::Start,
            },
            _ => {}
        }
        self.at += 1;
        self.read_documents()?;
        if self.leaves && self.stack.len() == 1 && self.top().place == Place::Start {
            return Err(Stop::Left);
        }
        Ok(())
    }

    fn semicolon(&mut self) -> Step {
        if matches!(self.peek(1), Some(b';' | b'&')) {
            let length = if self.rest().starts_with(b";;&") { 3 } else { 2 };
            return self.end_of_arm(length);
        }
        if self.peek(1) == Some(b'|') {
            return Err(Stop::Unsure);
        }
        let open = self.top_mut();
        open.redirects = false;
        match open.stage {
            Stage::Named | Stage::Items => open.stage = Stage::Ready,
            Stage::Body | Stage::Condition | Stage::Else => match open.place {
                Place::Needed => return Err(self.nothing_follows()),
                Place::FunctionName => return Err(Stop::Unsure),
                _ => open.place = Place::Start,
            },
            Stage::Matched => return Err(self.unmatched()),
            _ => return Err(Stop::Unsure),
        }
        self.at += 1;
        Ok(())
    }

    /// `;;` and its kin.
    fn end_of_arm(&mut self, length: usize) -> Step {
        let at = self.at..self.at + length;
        let operator = &self.text[at.clone()];
        let open = self.top();
        if open.in_commands() && open.place == Place::Needed {
            return Err(self.nothing_follows());
        }
        if open.kind == Kind::Case {
            return match open.stage {
                Stage::Body => {
                    let open = self.top_mut();
                    open.stage = Stage::Patterns;
                    open.redirects = false;
                    self.at += length;
                    Ok(())
                }
                Stage::Matched => Err(self.unmatched()),
                _ => Err(Stop::Unsure),
            };
        }
        if !open.in_commands() {
            return Err(Stop::Unsure);
        }
        if self.stack.iter().any(|open| open.kind == Kind::Case) {
            return Err(self.unclosed(Some((operator, at.start))));
        }
        Err(Stop::Fault(Fault {
            message: format!("this `{operator}` stands outside of a `case`"),
            hint: "Write `;`, or begin the `case` that it belongs to.".to_owned(),
            at,
        }))
    }

    fn ampersand(&mut self) -> Step {
        match self.peek(1) {
            Some(b'&') => self.operator(2),
            Some(b'>') => {
                self.at += 1;
                self.redirection(b'>')
            }
            _ => {
                let open = self.top_mut();
                if !open.in_commands() || open.place == Place::FunctionName {
                    return Err(Stop::Unsure);
                }
                if open.place == Place::Needed {
                    return Err(self.nothing_follows());
                }
                open.place = Place::Start;
                open.redirects = false;
                self.at += 1;
                if self.stack.len() == 1 {
                    self.leaves = false;
                }
                Ok(())
            }
        }
    }

    fn pipe(&mut self) -> Step {
        if self.top().stage == Stage::Matched {
            self.top_mut().stage = Stage::Alternative;
            self.at += 1;
            return Ok(());
        }
        match self.peek(1) {
            // To the Korn shell, what runs beside.
            Some(b'&') if self.korn => Err(Stop::Unsure),
            Some(b'|' | b'&') => self.operator(2),
            _ => self.operator(1),
        }
    }

    /// `|`, `||`, `&&`: a command must follow.
    fn operator(&mut self, length: usize) -> Step {
        let at = self.at..self.at + length;
        let word = &self.text[at.clone()];
        let outermost = self.stack.len() == 1;
        let open = self.top_mut();
        if !open.in_commands() || open.place == Place::FunctionName {
            return Err(Stop::Unsure);
        }
        match open.place {
            Place::Needed => return Err(self.nothing_follows()),
            Place::Start => {
                return Err(Stop::Fault(Fault {
                    message: format!("nothing stands before this `{word}`"),
                    hint: format!(
                        "Write the command that it belongs to. If that is on the line above, end that line with `{word}`."
                    ),
                    at,
                }));
            }
            _ => {}
        }
        open.place = Place::Needed;
        open.redirects = false;
        open.operator = at;
        self.at += length;
        if outermost && matches!(word, "|" | "|&") {
            self.leaves = false;
        }
        Ok(())
    }

    fn redirection(&mut self, byte: u8) -> Step {
        let rest = self.rest();
        if rest.get(1) == Some(&b'(') {
            let at = self.at;
            self.top_mut().word = Some(at);
            self.open(Kind::Process, 2);
            self.level += 1;
            return Ok(());
        }
        let open = self.top();
        if !open.in_commands() || open.place == Place::FunctionName {
            return Err(Stop::Unsure);
        }
        self.top_mut().filled = true;
        if byte == b'<' && rest.starts_with(b"<<") && rest.get(2) != Some(&b'<') {
            return self.announce_document();
        }
        let length = if rest.starts_with(b"<<<") {
            3
        } else if matches!((byte, rest.get(1)), (b'<', Some(b'&' | b'>')) | (b'>', Some(b'>' | b'|' | b'&'))) {
            2
        } else {
            1
        };
        self.at += length;
        self.top_mut().redirects = true;
        Ok(())
    }

    fn open_parenthesis(&mut self) -> Step {
        let open = self.top();
        match open.stage {
            Stage::Patterns => {
                self.top_mut().stage = Stage::Alternative;
                self.at += 1;
                return Ok(());
            }
            Stage::Name if self.peek(1) == Some(b'(') => {
                self.top_mut().stage = Stage::Named;
                self.open(Kind::Arithmetic, 2);
                self.top_mut().depth = 1;
                return Ok(());
            }
            _ if !open.in_commands() || open.redirects => return Err(Stop::Unsure),
            _ => {}
        }
        let head = matches!(open.place, Place::FirstArgument | Place::Begun);
        if head && let Some(length) = self.empty_parentheses() {
            self.at += length;
            self.top_mut().place = Place::Begun;
            return Ok(());
        }
        if matches!(open.place, Place::FirstArgument | Place::Arguments) && !self.korn {
            return Err(Stop::Fault(Fault {
                at: self.at..self.at + 1,
                message: "this `(` stands in the middle of a command".to_owned(),
                hint: "Where the letter itself is meant, put it in quotes. If it is in quotes, one before it is missing."
                    .to_owned(),
            }));
        }
        if !open.at_start() {
            return Err(Stop::Unsure);
        }
        let open = self.top_mut();
        open.filled = true;
        open.place = Place::After;
        if self.peek(1) == Some(b'(') {
            self.open(Kind::Arithmetic, 2);
            self.top_mut().depth = 1;
        } else {
            self.open(Kind::Subshell, 1);
        }
        Ok(())
    }

    /// The length of `()` or `( )`, as behind a function's name.
    fn empty_parentheses(&self) -> Option<usize> {
        let rest = &self.rest()[1..];
        let blanks = rest.iter().take(200).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        (rest.get(blanks) == Some(&b')')).then_some(blanks + 2)
    }

    fn close_parenthesis(&mut self) -> Step {
        let open = self.top();
        match open.stage {
            Stage::Matched => {
                let at = self.at;
                self.top_mut().turn(Stage::Body, at..at + 1);
                self.at += 1;
                return Ok(());
            }
            Stage::Patterns | Stage::Alternative => return Err(Stop::Unsure),
            _ => {}
        }
        if open.in_commands() && open.place == Place::Needed {
            return Err(self.nothing_follows());
        }
        match open.kind {
            Kind::Subshell if !open.filled && !self.korn => Err(self.empty(")")),
            Kind::Subshell => {
                self.at += 1;
                self.close();
                Ok(())
            }
            Kind::Substitution | Kind::Process => {
                // Whether its document stands behind it depends on the shell.
                if self.documents.last().is_some_and(|document| document.level == self.level) {
                    return Err(Stop::Unsure);
                }
                self.at += 1;
                self.level -= 1;
                self.close();
                Ok(())
            }
            _ => {
                let closed = |open: &Open| matches!(open.kind, Kind::Subshell | Kind::Substitution | Kind::Process);
                Err(if self.stack.iter().any(closed) {
                    self.unclosed(Some((")", self.at)))
                } else {
                    astray(self.at..self.at + 1, ")")
                })
            }
        }
    }

    // ── The stack ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    fn top(&self) -> &Open {
        self.stack.last().expect("the script itself is never closed")
    }

    /// True within what may be arithmetic or commands: comments and patterns hold anything, and each shell has its own way with it.
    fn doubts(&self) -> bool {
        self.stack.iter().any(|open| open.doubtful)
    }

    fn top_mut(&mut self) -> &mut Open {
        self.stack.last_mut().expect("the script itself is never closed")
    }

    fn open(&mut self, kind: Kind, length: usize) {
        self.stack.push(Open::new(kind, self.at..self.at + length));
        self.at += length;
    }

    fn close(&mut self) {
        self.stack.pop();
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    /// True when no word goes on here.
    fn after_blank(&self) -> bool {
        let before = |back: usize| self.at.checked_sub(back).map(|at| self.bytes[at]);
        matches!(before(1), Some(b' ' | b'\t' | b'\n' | b'(')) && before(2) != Some(b'\\')
    }
}

/// True for `x=…`, `x+=…` and `x[…]=…`.
fn is_assignment(raw: &str) -> bool {
    let bytes = raw.as_bytes();
    let name = bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    if name == 0 || bytes[0].is_ascii_digit() {
        return false;
    }
    match &bytes[name..] {
        [b'=', ..] | [b'+', b'=', ..] => true,
        [b'[', rest @ ..] => rest.windows(2).any(|pair| matches!(pair, b"]=" | b"]+")),
        _ => false,
    }
}

/// A word without its quotes. Long ones are no command's name.
fn unquoted(raw: &str) -> String {
    raw.chars().filter(|letter| !matches!(letter, '\'' | '"' | '\\')).take(64).collect()
}
