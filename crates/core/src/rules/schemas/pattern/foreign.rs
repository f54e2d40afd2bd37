//! Patterns of other dialects, and those that the engine does not take: what is told of each, and what to write instead.

use super::Verdict;
use crate::schema::Stopped;
use crate::text::shown;

/// What the engine that runs patterns has against one that is a regular expression.
pub(super) fn refused(written: &str) -> Option<Verdict> {
    let (why, write) = match crate::schema::runs(written)? {
        Stopped::Unread if written.contains("[^]") => {
            ("has `[^]`, which not every engine takes".to_owned(), "Write `[\\s\\S]` for any character.")
        }
        Stopped::Unread if written.contains("[]") => (
            "has `[]`, which matches nothing".to_owned(),
            "Write between the brackets what may stand there, or `\\[\\]` for the two marks.",
        ),
        Stopped::Unread if written.contains("\\p") || written.contains("\\P") => {
            let class = written.split(['\\']).find(|part| part.starts_with(['p', 'P'])).unwrap_or_default();
            let class = class.split_inclusive('}').next().unwrap_or(class);
            (
                format!("has `\\{}`, and no class of letters may be called that", shown(class)),
                "Write a class of Unicode's, as in `\\p{L}` for letters or `\\p{Script=Greek}`.",
            )
        }
        Stopped::TooDeep => ("nests its groups deeper than can be run".to_owned(), "Take groups away that nothing repeats."),
        Stopped::TooLarge => (
            "grows too large when it is compiled, so no call of the tool can be checked".to_owned(),
            "Repeat less: lower the numbers between `{` and `}`, above all of what stands in each other, or check the length with `maxLength`.",
        ),
        Stopped::Unread => ("cannot be run here".to_owned(), "Say it in plainer words: classes, groups and counts."),
    };
    Some(Verdict::Refused(why, write.to_owned()))
}

/// The first part of a pattern that another dialect knows: the part, what it does there, and what to write.
pub(super) fn foreign(written: &str) -> Option<(String, &'static str, String)> {
    let mut in_class = false;
    let mut rest = written;
    while let Some(letter) = rest.chars().next() {
        if letter == '\\' {
            let next = rest[1..].chars().next()?;
            let part = format!("\\{next}");
            match next {
                'A' | '`' => return Some((part, "stands for the beginning in other dialects", "Write `^`.".to_owned())),
                'z' | 'Z' => return Some((part, "stands for the end in other dialects", "Write `$`.".to_owned())),
                'h' => return Some((part, "stands for a blank in other dialects", "Write `[ \\t]`.".to_owned())),
                'R' => return Some((part, "stands for a line's end in other dialects", "Write `\\r?\\n`.".to_owned())),
                'Q' | 'E' => {
                    let write = "Write a backslash before each mark instead.".to_owned();
                    return Some((part, "quotes marks in other dialects", write));
                }
                _ => {}
            }
            rest = &rest[1 + next.len_utf8()..];
            continue;
        }
        match letter {
            '[' if !in_class => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => {
                if let Some(found) = foreign_group(rest) {
                    return Some(found);
                }
            }
            _ => {}
        }
        if !in_class && ["*+", "++", "?+", "}+"].iter().any(|sign| rest.starts_with(sign)) {
            let write = "Leave the second `+` out.".to_owned();
            return Some((rest[..2].to_owned(), "keeps what it took in other dialects", write));
        }
        rest = &rest[letter.len_utf8()..];
    }
    None
}

/// The same for a group: `rest` begins with its bracket.
fn foreign_group(rest: &str) -> Option<(String, &'static str, String)> {
    let inside = rest.strip_prefix("(?")?;
    let until = |end: char| inside.find(end).map_or("", |at| &inside[..at]);
    if let Some(name) = inside.strip_prefix("P<").map(|_| &until('>')[2..]) {
        let write = format!("Write `(?<{}>…)`, or a plain group: nothing reads its name.", shown(name));
        return Some((format!("(?P<{}>", shown(name)), "names a group in Python and Rust", write));
    }
    let flags: String = inside.chars().take_while(|letter| letter.is_ascii_alphabetic() || *letter == '-').collect();
    if !flags.is_empty() && inside[flags.len()..].starts_with([')', ':']) {
        let write = if flags.starts_with('i') {
            "Write both cases, as in `[Aa][Bb]`, or `[A-Za-z]`."
        } else {
            "Leave it out, and say what it changes in the pattern itself: `[\\s\\S]` for any character, line breaks as well."
        };
        let end = &inside[flags.len()..=flags.len()];
        return Some((format!("(?{flags}{end}"), "sets a flag in other dialects", write.to_owned()));
    }
    if inside.starts_with('>') {
        return Some(("(?>".to_owned(), "keeps what it took in other dialects", "Write `(?:`.".to_owned()));
    }
    inside.starts_with('#').then(|| {
        let write = "Leave it out; `$comment` beside the pattern says the same.".to_owned();
        ("(?#".to_owned(), "begins a remark in other dialects", write)
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Verdict, verdict};

    fn told(pattern: &str) -> String {
        match verdict(pattern) {
            Verdict::Refused(why, write) => format!("{why} | {write}"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn other_dialects_are_told_by_their_names() {
        let all = [r"(?i)abc", r"(?s:a)", r"\Aabc\z", r"abc\Z", r"(?P<x>a)", r"a++b", r"(?>a)", r"(?#note)a", r"\Qa.b\E", r"\ya"];
        insta::assert_snapshot!(all.map(told).join("\n"), @"
        has `(?i)`, which sets a flag in other dialects and JSON Schema's dialect (ECMAScript's) does not have | Write both cases, as in `[Aa][Bb]`, or `[A-Za-z]`.
        Sound
        has `\\A`, which stands for the beginning in other dialects and JSON Schema's dialect (ECMAScript's) does not have | Write `^`.
        has `\\Z`, which stands for the end in other dialects and JSON Schema's dialect (ECMAScript's) does not have | Write `$`.
        has `(?P<x>`, which names a group in Python and Rust and JSON Schema's dialect (ECMAScript's) does not have | Write `(?<x>…)`, or a plain group: nothing reads its name.
        has `++`, which keeps what it took in other dialects and JSON Schema's dialect (ECMAScript's) does not have | Leave the second `+` out.
        has `(?>`, which keeps what it took in other dialects and JSON Schema's dialect (ECMAScript's) does not have | Write `(?:`.
        has `(?#`, which begins a remark in other dialects and JSON Schema's dialect (ECMAScript's) does not have | Leave it out; `$comment` beside the pattern says the same.
        has `\\Q`, which quotes marks in other dialects and JSON Schema's dialect (ECMAScript's) does not have | Write a backslash before each mark instead.
        is not a regular expression of ECMAScript's dialect, which JSON Schema has | Escape only marks, and letters that mean something there: `\\d`, `\\w`, `\\s`, `\\b`, `\\n`, `\\t`, `\\u0041`.
        ");
    }

    #[test]
    fn what_the_engine_does_not_take_is_told() {
        let deep = format!("{}a{}", "(".repeat(1000), ")".repeat(1000));
        let all = [r"(x{1000}){1000}", r"\p{Foo}", "[^]", "a[]", deep.as_str()];
        insta::assert_snapshot!(all.map(told).join("\n"), @"
        grows too large when it is compiled, so no call of the tool can be checked | Repeat less: lower the numbers between `{` and `}`, above all of what stands in each other, or check the length with `maxLength`.
        has `\\p{Foo}`, and no class of letters may be called that | Write a class of Unicode's, as in `\\p{L}` for letters or `\\p{Script=Greek}`.
        has `[^]`, which not every engine takes | Write `[\\s\\S]` for any character.
        has `[]`, which matches nothing | Write between the brackets what may stand there, or `\\[\\]` for the two marks.
        nests its groups deeper than can be run | Take groups away that nothing repeats.
        ");
        let long = format!("{}a{}", "(".repeat(5000), ")".repeat(5000));
        assert_eq!(told(&long), told(&deep));
    }

    #[test]
    fn what_authors_write_is_sound() {
        for pattern in [
            r"^[a-z]+$",
            r"^\p{L}+$",
            r"^\p{Script=Greek}$",
            r"^(?<year>\d{4})-(?:0[1-9]|1[0-2])$",
            r"[\s\S]{0,2000}",
            r"^.{1,4000}$",
            r"^[\w.+-]+@[\w-]+\.[\w.]+$",
            r"\u0041[\u00e9]",
            r"[A-Z\]]+\+",
            r"^\/a\-b$",
        ] {
            assert_eq!(verdict(pattern), Verdict::Sound, "{pattern}");
        }
    }
}
