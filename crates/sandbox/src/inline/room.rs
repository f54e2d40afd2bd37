//! Room to read programs that nest: the parser goes down by recursion, and a stack that is too small ends the whole process.
//!
//! How deep a program nests is known only when it has been read. What can be counted before are its marks, the signs and words that
//! can begin another level: it has no more levels than marks.

/// How many marks there is room for. A handler of a thousand lines has ten thousand.
const MOST_MARKS: usize = 30_000;

/// Stack for a level, in the worst case: a build without optimisation needs several times that of one with it.
const A_LEVEL: usize = if cfg!(debug_assertions) { 24 * 1024 } else { 12 * 1024 };

/// Stack for everything else.
const USUAL: usize = 2 * 1024 * 1024;

/// Words that can stand before one another without end.
const WORDS: &[&str] = &[
    "as",
    "async",
    "await",
    "delete",
    "do",
    "else",
    "extends",
    "for",
    "if",
    "in",
    "infer",
    "instanceof",
    "keyof",
    "new",
    "readonly",
    "satisfies",
    "typeof",
    "unique",
    "void",
    "while",
    "with",
    "yield",
];

/// Calls `work` on a stack on which the program can be read; `None` when it seems to nest deeper than there is room for.
///
/// A text with more marks than there is room for is mostly a long one, and not deep: of it those marks count that no comma, semicolon
/// or bracket has ended, and every `else`, which goes on behind a semicolon.
pub fn with_room<T>(text: &str, work: impl FnOnce() -> T) -> Option<T> {
    let (all, open) = marks(text);
    let levels = if all <= MOST_MARKS { all } else { MOST_MARKS };
    if open > MOST_MARKS {
        return None;
    }
    let wanted = USUAL + levels * A_LEVEL;
    // What is not used of it is never taken from the system.
    Some(stacker::maybe_grow(wanted, wanted, work))
}

/// True for a text that is refused because it seems to nest deeper than there is room for, whatever is in it.
pub fn is_too_deep(text: &str) -> bool {
    marks(text).1 > MOST_MARKS
}

/// True for a program that can be read without fear, whoever has written it.
pub fn is_bounded(text: &str) -> bool {
    marks(text).0 <= MOST_MARKS
}

/// All marks of a text, and the most that are open at one place. Strings and comments count like the rest.
fn marks(text: &str) -> (usize, usize) {
    let mut all = 0;
    let (mut open, mut most, mut elses) = (0_usize, 0_usize, 0_usize);
    // Marks of each bracket that is open, the bracket's own among them; the text's own at the bottom.
    let mut levels: Vec<usize> = vec![0];
    let mut word: Option<usize> = None;
    for (at, byte) in text.bytes().enumerate() {
        let letter = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
        let mut new = 0;
        match (word, letter) {
            (None, true) => word = Some(at),
            (Some(start), false) => {
                new += usize::from(WORDS.contains(&&text[start..at]));
                elses += usize::from(&text[start..at] == "else");
                word = None;
            }
            _ => {}
        }
        match byte {
            b'(' | b'[' | b'{' => {
                levels.push(1);
                (all, open) = (all + 1, open + 1);
            }
            b')' | b']' | b'}' => {
                // What stands before it can go on behind it: `f()()`.
                if levels.len() > 1 {
                    open -= levels.pop().unwrap_or_default();
                }
                new += 1;
            }
            b',' | b';' => {
                let own = usize::from(levels.len() > 1);
                if let Some(level) = levels.last_mut() {
                    open -= *level - own.min(*level);
                    *level = own.min(*level);
                }
            }
            b'<' | b'>' | b'+' | b'-' | b'*' | b'/' | b'%' | b'&' | b'|' | b'^' | b'=' | b'?' | b':' | b'!' | b'~' | b'.'
            | b'@' | b'`' => new += 1,
            _ => {}
        }
        if let Some(level) = levels.last_mut() {
            *level += new;
        }
        (all, open) = (all + new, open + new);
        most = most.max(open);
    }
    (all, most + elses)
}

#[cfg(test)]
mod tests {
    use super::{marks, with_room};

    #[test]
    fn marks_are_what_can_begin_a_level() {
        assert_eq!(marks(""), (0, 0));
        assert_eq!(marks("((1))"), (4, 2));
        assert_eq!(marks("typeof typeof a"), (2, 2));
        assert_eq!(marks("f(a.b, -c); g[1]()"), (8, 2));
        assert_eq!(marks(")))]"), (4, 4));
    }

    #[test]
    fn a_long_program_is_read_and_a_deep_one_is_not() {
        assert_eq!(with_room(&"f(a.b, c);\n".repeat(100_000), || 1), Some(1));
        for deep in ["(", "!", "a => ", "`${", "if (a) b; else "] {
            assert_eq!(with_room(&deep.repeat(100_000), || 1), None, "{deep}");
        }
    }
}
