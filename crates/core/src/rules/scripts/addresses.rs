//! Web addresses in scripts: those that a request may go to, and not those that people are told to read.
//!
//! No parser stands behind this. It goes line by line, and where a line may mean either, it passes over it: what is told must be so.

use crate::languages::Address;

/// What a script is written in, as far as its comments and strings matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Shell,
    Python,
    /// Comments begin with `#`: Ruby, Perl and their kin.
    Hash,
    /// Comments are `//` and `/* */`: JavaScript, Go and their kin.
    Slashes,
    /// No ending, no `#!`.
    Unknown,
    /// No program: text, data.
    None,
}

/// Most addresses of one file.
const MOST: usize = 1000;

/// Longest line that is looked at: what is longer was made by a program.
const LONGEST_LINE: usize = 2000;

/// Before an address, these say that it is shown, compared or named, and not fetched.
const NOT_FETCHED: &[&str] = &[
    "echo",
    "printf",
    "print(",
    "println",
    "puts ",
    "console.",
    "log.",
    "log(",
    "logger",
    "logging.",
    "warn",
    "raise ",
    "throw ",
    "die ",
    "error(",
    "error ",
    "exception(",
    "help",
    "usage",
    "epilog",
    "description",
    "user-agent",
    "user_agent",
    "useragent",
    "referer",
    "origin",
    "xmlns",
    "namespace",
    "schema",
    "license",
    "homepage",
    "docs",
    "startswith",
    "re.",
    "replace(",
    "==",
    "!=",
    "=~",
    "case ",
];

impl Language {
    /// By the ending, else by what the first line names.
    pub fn of(path: &str, shebang: Option<&str>) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        match name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).as_deref() {
            Some("sh" | "bash" | "zsh" | "ksh") => Self::Shell,
            Some("py") => Self::Python,
            Some("rb" | "pl" | "ps1" | "r" | "tcl" | "awk") => Self::Hash,
            Some("js" | "mjs" | "cjs" | "ts" | "mts" | "go" | "rs" | "java" | "kt" | "php" | "swift") => Self::Slashes,
            Some(_) => Self::None,
            None => match shebang {
                Some(line) if line.contains("python") => Self::Python,
                Some(line) if line.trim_end().ends_with("sh") || line.contains("sh ") => Self::Shell,
                Some(line) if line.contains("node") || line.contains("deno") || line.contains("bun") => Self::Slashes,
                Some(_) => Self::Hash,
                None => Self::Unknown,
            },
        }
    }
}

/// The addresses of a script that a request may go to.
pub fn addresses(text: &str, language: Language) -> Vec<Address> {
    let mut found = Vec::new();
    if matches!(language, Language::None | Language::Unknown) {
        return found;
    }
    let mut inside: Option<String> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        if let Some(end) = &inside {
            // A long string, a comment of several lines, a here-document.
            let ends = if language == Language::Shell { line.trim() == end } else { line.contains(end.as_str()) };
            if ends {
                inside = None;
            }
            continue;
        }
        inside = opens(line, language);
        if line.len() <= LONGEST_LINE {
            in_line(line, at, language, &mut found);
        }
        if found.len() >= MOST {
            break;
        }
    }
    found
}

/// What ends a thing of several lines that this line begins.
fn opens(line: &str, language: Language) -> Option<String> {
    match language {
        Language::Python => ["\"\"\"", "'''"].into_iter().find(|quotes| line.matches(quotes).count() % 2 == 1).map(str::to_owned),
        Language::Slashes => {
            let open = line.rfind("/*")?;
            (!line[open..].contains("*/")).then(|| "*/".to_owned())
        }
        Language::Shell => {
            let (_, rest) = line.split_once("<<").filter(|(_, rest)| !rest.starts_with('<'))?;
            let word = rest.trim_start_matches('-').trim_start().trim_start_matches(['\'', '"', '\\']);
            let end = word.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(word.len());
            (end > 0).then(|| word[..end].to_owned())
        }
        _ => None,
    }
}

fn in_line(line: &str, start: usize, language: Language, out: &mut Vec<Address>) {
    let comment = match language {
        Language::Slashes => "//",
        _ => "#",
    };
    let trimmed = line.trim_start();
    if trimmed.starts_with(comment) || language == Language::Slashes && trimmed.starts_with('*') {
        return;
    }
    for (at, _) in line.match_indices("http") {
        let rest = &line[at..];
        if !rest.starts_with("https://") && !rest.starts_with("http://") {
            continue;
        }
        let before = &line[..at];
        let in_block = language == Language::Slashes && before.rfind("/*").is_some_and(|open| !before[open..].contains("*/"));
        if is_fetched(before, language) && !in_block && !is_in_comment(before, comment) {
            let end = rest
                .find(|letter: char| {
                    letter.is_whitespace() || matches!(letter, '"' | '\'' | '`' | '<' | '>' | '|' | ';' | ',' | ')' | '\\')
                })
                .unwrap_or(rest.len());
            out.push(Address { url: rest[..end].to_owned(), span: start + at..start + at + end });
        }
    }
}

/// True when what stands before an address lets it be one that is asked.
fn is_fetched(before: &str, language: Language) -> bool {
    let lower = before.to_lowercase();
    if NOT_FETCHED.iter().any(|word| lower.contains(word)) {
        return false;
    }
    let open = |quote: char| before.matches(quote).count() % 2 == 1;
    // Between three quotes stands text for people, more often than not.
    let three = language == Language::Python && (before.ends_with("\"\"\"") || before.ends_with("'''"));
    match before.chars().last() {
        Some('"' | '\'' | '`') => !three,
        Some('=') => language == Language::Shell,
        // In a string, words stand before it: it is told, not asked.
        Some(last) if last.is_whitespace() => {
            language == Language::Shell && !open('"') && !open('\'') && !before.trim().is_empty()
        }
        _ => false,
    }
}

/// True behind a comment's mark that stands outside of quotes.
fn is_in_comment(before: &str, comment: &str) -> bool {
    before.match_indices(comment).any(|(at, _)| {
        let code = &before[..at];
        let open = |quote: char| code.matches(quote).count() % 2 == 1;
        code.ends_with(|last: char| last.is_whitespace()) && !open('"') && !open('\'')
    })
}

#[cfg(test)]
mod tests {
    use super::{Language, addresses};

    fn found(text: &str, language: Language) -> String {
        let found: Vec<String> = addresses(text, language)
            .into_iter()
            .inspect(|address| assert_eq!(text[address.span.clone()], address.url))
            .map(|address| address.url)
            .collect();
        found.join(" ")
    }

    #[test]
    fn what_a_script_asks_is_found() {
        for (line, language, url) in [
            ("curl -s https://a.dev/x | jq .", Language::Shell, "https://a.dev/x"),
            ("curl \"https://a.dev/$ID\" -o x", Language::Shell, "https://a.dev/$ID"),
            ("BASE=https://a.dev; wget $BASE", Language::Shell, "https://a.dev"),
            ("wget 'http://a.dev' http://b.dev # http://c.dev", Language::Shell, "http://a.dev http://b.dev"),
            ("requests.get(f\"https://a.dev/{name}\", timeout=5)", Language::Python, "https://a.dev/{name}"),
            ("URL = 'https://a.dev'  # see https://b.dev", Language::Python, "https://a.dev"),
            ("x = urlopen('https://größe.dev/é')", Language::Python, "https://größe.dev/é"),
            ("const r = await fetch(`https://a.dev/${id}`); // https://b.dev", Language::Slashes, "https://a.dev/${id}"),
            ("resp, err := http.Get(\"https://a.dev\")", Language::Slashes, "https://a.dev"),
        ] {
            assert_eq!(found(line, language), url, "{line}");
        }
    }

    #[test]
    fn what_people_are_told_is_not() {
        for (text, language) in [
            ("# https://a.dev", Language::Shell),
            ("echo \"see https://a.dev\"", Language::Shell),
            ("fail \"get a key at https://a.dev\"", Language::Shell),
            ("cat <<EOF\nsee\n curl https://a.dev\nEOF\n", Language::Shell),
            ("cat <<-'END' > x\ncurl https://a.dev\nEND\n", Language::Shell),
            ("\"\"\"Reads.\n\n'https://a.dev'\n\"\"\"\n", Language::Python),
            ("'''https://a.dev'''", Language::Python),
            ("print('https://a.dev')", Language::Python),
            ("raise ValueError('https://a.dev')", Language::Python),
            ("headers = {'User-Agent': 'x (+https://a.dev)'}", Language::Python),
            ("parser.add_argument('--url', help='https://a.dev')", Language::Python),
            ("if url.startswith('https://a.dev'):", Language::Python),
            ("    # 'https://a.dev'", Language::Python),
            ("/* \"https://a.dev\"\n \"https://b.dev\" */", Language::Slashes),
            (" * \"https://a.dev\"", Language::Slashes),
            ("throw new Error(\"https://a.dev\")", Language::Slashes),
            ("<a xmlns='https://a.dev'>", Language::Slashes),
            ("see \"https://a.dev\"", Language::None),
            ("httpx.get(url)", Language::Python),
        ] {
            assert_eq!(found(text, language), "", "{text}");
        }
    }

    #[test]
    fn a_script_is_in_some_language() {
        for (path, shebang, language) in [
            ("scripts/a.SH", None, Language::Shell),
            ("scripts/a", Some("/bin/bash -e"), Language::Shell),
            ("scripts/a", Some("/usr/bin/env python3"), Language::Python),
            ("scripts/a", Some("/usr/bin/env node"), Language::Slashes),
            ("scripts/a", Some("/usr/bin/perl"), Language::Hash),
            ("scripts/a", None, Language::Unknown),
            ("scripts/a.md", None, Language::None),
        ] {
            assert_eq!(Language::of(path, shebang), language, "{path} {shebang:?}");
        }
    }

    #[test]
    fn large_and_odd_texts_are_borne() {
        let line = "curl 'https://a.dev' ".repeat(80) + "\n";
        assert_eq!(addresses(&line.repeat(1000), Language::Shell).len(), 1040);
        addresses(&"\"'https://".repeat(500_000), Language::Slashes);
        addresses(&"é\"https://é\n<<É\n\"\"\"".repeat(50_000), Language::Python);
    }
}
