//! A rule's page: what it says, why, the fault and the same mended, and how to allow it with a reason.
//!
//! The pages in `docs/rules/` and what `packwright explain` prints are both made from [`sections`], and those from the [`Rule`]: what
//! is told about a rule cannot drift from what the rule does.

use super::{Example, Rule, all};
use crate::diagnostic::Severity;
use crate::folder::MANIFEST;
use crate::nearest::nearest;
use std::collections::BTreeMap;

/// A part of a rule's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub title: &'static str,
    pub blocks: Vec<Block>,
}

/// A paragraph, or lines of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Sentences, with code between backticks.
    Text(String),
    /// Lines of the file at `path`.
    Lines { path: String, text: String },
}

/// All that is told of a rule besides its code, its severity and its summary.
pub fn sections(rule: &Rule) -> Vec<Section> {
    let shown = |lines: &str| match rule.example {
        Example::File { path, .. } => vec![Block::Lines { path: path.to_owned(), text: seen(lines.trim_end()) }],
        Example::Told { .. } => vec![Block::Text(lines.to_owned())],
    };
    let (Example::File { before, after, .. } | Example::Told { before, after }) = rule.example;
    vec![
        Section { title: "Why", blocks: vec![Block::Text(rule.why.to_owned())] },
        Section { title: "Before", blocks: shown(before) },
        Section { title: "After", blocks: shown(after) },
        Section { title: "Allowing it", blocks: allowing(rule) },
    ]
}

/// Lines with signs for what would not be seen, and what git would change: a carriage return, a byte-order mark.
fn seen(lines: &str) -> String {
    lines.replace('\r', "␍").replace(crate::text::BYTE_ORDER_MARK, "<U+FEFF>")
}

/// How to say that the fault is meant. The comment takes the form of the file that it stands in.
fn allowing(rule: &Rule) -> Vec<Block> {
    let code = rule.code;
    let path = match rule.example {
        // What is told of the folder is told of a file as a whole.
        Example::File { path, .. } if !matches!(rule.family(), "folder" | "text") => Some(path),
        _ => None,
    };
    let comment = path.and_then(|path| Some((path, comment(path, &format!("packwright: allow {code} — the reason"))?)));
    let whole = |path: &str| Block::Lines {
        path: MANIFEST.to_owned(),
        text: format!("# packwright: allow {code} in {path} — the reason"),
    };
    let mut blocks = Vec::new();
    if let Some((path, line)) = comment {
        blocks.push(Block::Text("Where it is meant, say so on the line or on the line above, with the reason:".to_owned()));
        blocks.push(Block::Lines { path: path.to_owned(), text: line });
        if path != MANIFEST {
            blocks.push(Block::Text("Or once for the whole file, in the manifest:".to_owned()));
            blocks.push(whole(path));
        }
    } else {
        blocks.push(Block::Text(match path {
            Some(_) => "This file takes no comments. Where it is meant, say so in the manifest, with the reason:".to_owned(),
            None => {
                "Where it is meant, say so in the manifest, with the file's path in the place of PATH, and the reason:".to_owned()
            }
        }));
        blocks.push(whole(path.unwrap_or("PATH")));
    }
    blocks
}

/// A comment as the file at `path` takes it; `None` for what takes none.
fn comment(path: &str, text: &str) -> Option<String> {
    match ending(path) {
        "yaml" | "yml" | "ygtc" | "sh" | "bash" | "py" | "rb" | "toml" => Some(format!("# {text}")),
        "ts" | "js" | "mts" | "mjs" => Some(format!("// {text}")),
        "sql" => Some(format!("-- {text}")),
        "md" | "markdown" => Some(format!("<!-- {text} -->")),
        _ => None,
    }
}

fn ending(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// A rule's page in Markdown.
pub fn page(rule: &Rule) -> String {
    let mut out = format!("{NOTICE}\n# {}\n\n{}: {}\n", rule.code, severity(rule.severity), rule.summary);
    for Section { title, blocks } in sections(rule) {
        out.push_str(&format!("\n## {title}\n"));
        for block in blocks {
            match block {
                Block::Text(text) => out.push_str(&format!("\n{text}\n")),
                Block::Lines { path, text } => {
                    let fence = fence(&text);
                    let language = language(&path);
                    out.push_str(&format!("\n`{path}`\n\n{fence}{language}\n{text}\n{fence}\n"));
                }
            }
        }
    }
    out
}

/// What every generated page begins with.
const NOTICE: &str = "<!-- Made from the rule's own declaration: `cargo xtask generate` writes it again. -->\n";

/// A fence that the text does not close.
fn fence(text: &str) -> String {
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or_default();
    "`".repeat(3.max(longest + 1))
}

fn language(path: &str) -> &str {
    match ending(path) {
        "ygtc" | "yml" => "yaml",
        "markdown" => "md",
        "jsonl" | "ndjson" => "json",
        known @ ("yaml" | "json" | "md" | "ts" | "js" | "sql" | "html" | "csv" | "sh" | "py") => known,
        _ => "text",
    }
}

/// Every page by its path below `docs/rules/`.
pub fn pages() -> BTreeMap<String, String> {
    let mut pages: BTreeMap<String, String> = all().map(|rule| (format!("{}.md", rule.code), page(rule))).collect();
    pages.insert("README.md".to_owned(), index());
    pages
}

/// The page that leads to all others.
fn index() -> String {
    let mut out = format!("{NOTICE}\n# Rules\n\n{INDEX}\n");
    for (family, rules) in families() {
        out.push_str(&format!("\n## {family}\n\n| Rule | Severity | What it says |\n|---|---|---|\n"));
        for rule in rules {
            let (code, summary) = (rule.code, rule.summary.replace('|', "\\|"));
            out.push_str(&format!("| [{code}]({code}.md) | {} | {summary} |\n", severity(rule.severity).to_lowercase()));
        }
    }
    out
}

const INDEX: &str = "What checking a pack can find: in the window, in an editor, with `packwright check` and on a build server, all the same. An *error* \
keeps the pack from being published, a *warning* is something that someone will regret, and an *info* is worth knowing.
`packwright explain CODE` shows a rule's page in the terminal.";

/// The rules by family, both in the order of their codes.
pub fn families() -> BTreeMap<&'static str, Vec<&'static Rule>> {
    let mut families: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in all() {
        families.entry(rule.family()).or_default().push(rule);
    }
    families.values_mut().for_each(|rules| rules.sort_by_key(|rule| rule.code));
    families
}

/// Codes that may have been meant by a word that is none: those of a family, those of that name in any family, or the nearest.
pub fn near(word: &str) -> Vec<&'static str> {
    let word = word.trim().trim_matches('/');
    let of_name = |rule: &&Rule| rule.family() == word || rule.code.rsplit('/').next() == Some(word);
    let named: Vec<&str> = all().filter(of_name).map(|rule| rule.code).collect();
    if !named.is_empty() {
        return named;
    }
    nearest(word, all().map(|rule| rule.code)).map(|near| near.word).into_iter().collect()
}

/// A severity for people.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Info => "Info",
    }
}

#[cfg(test)]
mod tests {
    use super::{comment, fence, near, page, pages};
    use crate::diagnostic::Severity;
    use crate::rules::{Example, Rule, all, rule};

    /// A rule that stays as it is, whatever the others become.
    fn of(example: Example) -> Rule {
        Rule {
            code: "owls/asleep",
            severity: Severity::Warning,
            summary: "An owl sleeps.",
            why: "It is awake at night.",
            example,
        }
    }

    #[test]
    fn a_page_says_what_why_and_how() {
        insta::assert_snapshot!(page(&of(Example::manifest("owl: asleep\n", "owl: awake\n"))), @"
        <!-- Made from the rule's own declaration: `cargo xtask generate` writes it again. -->

        # owls/asleep

        Warning: An owl sleeps.

        ## Why

        It is awake at night.

        ## Before

        `pack.yaml`

        ```yaml
        owl: asleep
        ```

        ## After

        `pack.yaml`

        ```yaml
        owl: awake
        ```

        ## Allowing it

        Where it is meant, say so on the line or on the line above, with the reason:

        `pack.yaml`

        ```yaml
        # packwright: allow owls/asleep — the reason
        ```
        ");
        insta::assert_snapshot!(page(&of(Example::file("data/owl.json", "{}\n", "[]\n"))), @"
        <!-- Made from the rule's own declaration: `cargo xtask generate` writes it again. -->

        # owls/asleep

        Warning: An owl sleeps.

        ## Why

        It is awake at night.

        ## Before

        `data/owl.json`

        ```json
        {}
        ```

        ## After

        `data/owl.json`

        ```json
        []
        ```

        ## Allowing it

        This file takes no comments. Where it is meant, say so in the manifest, with the reason:

        `pack.yaml`

        ```yaml
        # packwright: allow owls/asleep in data/owl.json — the reason
        ```
        ");
        insta::assert_snapshot!(page(&of(Example::Told { before: "It sleeps.", after: "It is awake." })), @"
        <!-- Made from the rule's own declaration: `cargo xtask generate` writes it again. -->

        # owls/asleep

        Warning: An owl sleeps.

        ## Why

        It is awake at night.

        ## Before

        It sleeps.

        ## After

        It is awake.

        ## Allowing it

        Where it is meant, say so in the manifest, with the file's path in the place of PATH, and the reason:

        `pack.yaml`

        ```yaml
        # packwright: allow owls/asleep in PATH — the reason
        ```
        ");
    }

    #[test]
    fn every_rule_has_its_page_and_the_first_page_leads_to_it() {
        let pages = pages();
        assert_eq!(pages.len(), all().count() + 1);
        let index = &pages["README.md"];
        for code in all().map(|rule| rule.code) {
            assert!(index.contains(&format!("[{code}]({code}.md)")) && pages[&format!("{code}.md")].contains(code), "{code}");
        }
    }

    #[test]
    fn nothing_on_a_page_is_hidden() {
        let page = page(&of(Example::file("scripts/owl.sh", "\u{feff}#!/bin/sh\r\nls\n", "#!/bin/sh\nls\n")));
        assert!(page.contains("<U+FEFF>#!/bin/sh␍\nls\n") && !page.contains(['\r', '\u{feff}']), "{page}");
        assert!(pages().values().all(|page| !page.contains(['\r', '\u{feff}', '\0'])));
    }

    #[test]
    fn a_fence_is_longer_than_any_in_the_text() {
        assert_eq!([fence("a"), fence("```sh\nls"), fence("````")], ["```", "````", "`````"]);
    }

    #[test]
    fn a_comment_is_of_the_file_s_own_kind() {
        let told = ["a.ts", "a.md", "a.sql", "a.ygtc", "a.json", "a"].map(|path| comment(path, "x").unwrap_or_default());
        assert_eq!(told, ["// x", "<!-- x -->", "-- x", "# x", "", ""]);
    }

    #[test]
    fn a_code_that_is_none_is_guessed() {
        assert_eq!(near("tools/no-imput"), ["tools/no-input"]);
        assert_eq!(near("no-input"), ["tools/no-input"]);
        assert!(near("tools").len() > 4 && near("tools/").iter().all(|code| rule(code).is_some()));
        assert!(near("").is_empty() && near("zzzzzzzzzzzzzzzz").is_empty());
    }
}
