//! Shell, as far as something in it is never closed, or closes what was never opened.
//!
//! A shell's grammar depends on what the script does: aliases, options, `eval`. So this is no parser that takes or refuses a text.
//! It goes through it once, keeps what is open on a stack, and tells what no shell would take. Wherever one shell reads a text otherwise
//! than the next one it ends, and has found nothing: a false alarm costs more than a fault that the first run shows.

mod open;
mod reader;

use reader::Reader;
use std::ops::Range;

/// Largest script that is read: what is larger was made by a program.
const LARGEST: usize = 1024 * 1024;

/// What is wrong with a script, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub at: Range<usize>,
    pub message: String,
    pub hint: String,
}

/// Which shell a script is written for, as far as it is read otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialect {
    /// What POSIX says, and what bash and dash make of it.
    Common,
    /// The Korn shells: they know everything of the above, and more.
    Korn,
}

/// The first place where a shell script cannot be read, if there is one. What follows from it would be told as well if it went on.
pub fn fault(path: &str, text: &str) -> Option<Fault> {
    if text.len() > LARGEST || text.contains('\0') {
        return None;
    }
    let dialect = dialect(path, text)?;
    Reader::new(text, dialect == Dialect::Korn).fault()
}

/// `None` for shells that go their own ways, as zsh and fish do.
fn dialect(path: &str, text: &str) -> Option<Dialect> {
    let Some(line) = text.split('\n').next().and_then(|first| first.strip_prefix("#!")) else {
        let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        // What is read by others may be meant for zsh too, and says so by its name somewhere.
        let zsh = || text.as_bytes().windows(3).any(|word| word.eq_ignore_ascii_case(b"zsh"));
        return match ending.as_str() {
            "sh" | "bash" if !zsh() => Some(Dialect::Common),
            "ksh" => Some(Dialect::Korn),
            _ => None,
        };
    };
    let names = line.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or_default());
    let name =
        names.into_iter().find(|name| !name.starts_with('-') && !name.contains('=') && !matches!(*name, "env" | "busybox"))?;
    match name {
        "sh" | "bash" | "dash" | "ash" | "rbash" => Some(Dialect::Common),
        "ksh" | "ksh93" | "rksh" | "mksh" | "pdksh" | "oksh" | "lksh" => Some(Dialect::Korn),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
