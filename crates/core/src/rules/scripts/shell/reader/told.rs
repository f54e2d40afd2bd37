//! What is told, in words.

use super::documents::Document;
use super::{Fault, Kind, Reader, Stage, Stop};
use std::ops::Range;

impl Reader<'_> {
    /// What is open last is never closed: the text ends, or something else is closed first.
    pub(super) fn unclosed(&self, before: Option<(&str, usize)>) -> Stop {
        let open = self.top();
        match (open.kind, open.stage) {
            (Kind::If, Stage::Condition) => return self.headless("then"),
            (Kind::Loop, Stage::Condition | Stage::Name | Stage::Named | Stage::Items | Stage::Ready) => {
                return self.headless("do");
            }
            (Kind::Case, Stage::In) => return self.headless("in"),
            (Kind::Case, Stage::Matched) => return self.unmatched(),
            (Kind::Quotes, _) => return self.unquoted(open.at.clone(), "\""),
            (Kind::Pattern, _) => return Stop::Unsure,
            (Kind::Array, _) if self.korn => return Stop::Unsure,
            _ => {}
        }
        let (word, closer) = (&self.text[open.at.clone()], open.kind.closer());
        let message = match before {
            None => format!("this `{word}` is never closed: no `{closer}` follows"),
            Some((other, at)) => {
                format!("this `{word}` is never closed: no `{closer}` stands before the `{other}` on line {}", self.line(at))
            }
        };
        let hint = match open.kind {
            Kind::If | Kind::Loop | Kind::Case => format!("Add `{closer}` behind the last line of the block."),
            Kind::Group => "Add `}` behind the last line of the block: on a line of its own, or behind a `;`.".to_owned(),
            Kind::Test => "Add `]]` behind the condition, with a blank before it.".to_owned(),
            _ => format!("Add `{closer}` where it ends."),
        };
        Stop::Fault(Fault { at: open.at.clone(), message, hint })
    }

    /// An `if` without `then`, a loop without `do`, a `case` without `in`.
    pub(super) fn headless(&self, word: &str) -> Stop {
        let open = self.top();
        // Behind `elif` too stands a `then`.
        let at = if open.stage == Stage::Condition { open.part.clone() } else { open.at.clone() };
        Stop::Fault(Fault {
            message: format!("this `{}` has no `{word}`", &self.text[at.clone()]),
            hint: match word {
                "then" | "do" => format!("Write `{word}` before the block: on a line of its own, or behind a `;`."),
                _ => format!("Write `{word}` behind what stands after the `{}`.", &self.text[at.clone()]),
            },
            at,
        })
    }

    pub(super) fn unmatched(&self) -> Stop {
        Stop::Fault(Fault {
            at: self.top().part.clone(),
            message: "this pattern of a `case` has no `)` behind it".to_owned(),
            hint: "Write `)` behind the pattern, or `esac` where the `case` ends.".to_owned(),
        })
    }

    pub(super) fn nothing_follows(&self) -> Stop {
        let at = self.top().operator.clone();
        let word = &self.text[at.clone()];
        Stop::Fault(Fault {
            message: format!("nothing follows this `{word}`"),
            hint: format!("Write the command that runs next, or take the `{word}` away."),
            at,
        })
    }

    pub(super) fn empty(&self, closer: &str) -> Stop {
        let at = self.top().part.clone();
        Stop::Fault(Fault {
            message: format!("no command stands between this `{}` and `{closer}`", &self.text[at.clone()]),
            hint: "Write one there; `:` does nothing.".to_owned(),
            at,
        })
    }

    pub(super) fn unquoted(&self, at: Range<usize>, quote: &str) -> Stop {
        let hint = match self.long {
            Some(long) if quote != "`" => format!(
                "Add `{quote}` where the text ends. Or look at line {}: the quote that begins there ends on another line.",
                self.line(long)
            ),
            _ if quote == "`" => "Add a backquote where the command ends.".to_owned(),
            _ => format!("Add `{quote}` where the text ends."),
        };
        Stop::Fault(Fault { at, message: "this quote is never closed".to_owned(), hint })
    }

    pub(super) fn endless(&self, document: &Document, near: Option<usize>) -> Stop {
        let word = &document.word;
        let hint = match near {
            Some(near) => format!("On line {} blanks stand beside `{word}`: write it without them.", self.line(near)),
            None => format!("Write `{word}` on a line of its own where the text ends, with nothing before or behind it."),
        };
        Stop::Fault(Fault {
            at: document.at.clone(),
            message: format!("this here-document never ends: no line is `{word}`"),
            hint,
        })
    }

    /// The line of a place, as people count them.
    pub(super) fn line(&self, at: usize) -> usize {
        1 + self.text[..at].matches('\n').count()
    }
}

/// A word that closes or goes on with what is not open.
pub(super) fn astray(at: Range<usize>, word: &str) -> Stop {
    let opener = match word {
        "then" | "else" | "elif" | "fi" => "if",
        "do" | "done" => "while` or `for",
        "esac" => "case",
        "}" => "{",
        _ => "(",
    };
    let message = match word {
        "then" | "else" | "elif" | "do" => format!("this `{word}` belongs to no `{opener}`"),
        _ => format!("this `{word}` closes nothing: no `{opener}` is open here"),
    };
    let hint = match word {
        ")" => {
            "Take it away, or add the `(`. Behind a pattern of a `case`, look for a `;;` that is missing before it.".to_owned()
        }
        _ => format!("Take it away, or begin the block with `{opener}`."),
    };
    Stop::Fault(Fault { at, message, hint })
}
