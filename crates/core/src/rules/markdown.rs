//! `behavior.md` and guides: what models read of a pack, and what it costs them.
//!
//! The text itself is read in `reading`. Here are the rules, and the one question that only the whole pack answers: whether what a
//! text leads to is there.

mod reading;

use super::{Example, Rule};
use crate::check::{Whole, thousands};
use crate::content::{Facts, Kind};
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::shown;
use reading::{Link, Reading};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

pub static EMPTY: Rule = Rule {
    code: "markdown/empty",
    severity: Severity::Warning,
    summary: "`behavior.md` or a guide says nothing.",
    why: "An agent that is told to read it spends a call and learns nothing.",
    example: Example::file("guides/setup.md", "<!-- to come -->\n", "# Setting up\n\nAsk for the account's name first.\n"),
};

pub static BEHAVIOR_BUDGET: Rule = Rule {
    code: "markdown/behavior-budget",
    severity: Severity::Warning,
    summary: "`behavior.md` takes more than about 2,000 tokens.",
    why: "It stands in the prompt of every run, word for word, beside that of every other pack: it costs each call, and models with small contexts lose the task itself.",
    example: Example::Told {
        before: "`behavior.md` holds the rules and, in 9,000 words, everything there is to know about the service.",
        after: "`behavior.md` holds the rules in 300 words and says which guide to read when; the rest lies in `guides/`.",
    },
};

pub static GUIDE_BUDGET: Rule = Rule {
    code: "markdown/guide-budget",
    severity: Severity::Info,
    summary: "A guide takes more than about 10,000 tokens.",
    why: "An agent reads a guide whole: a long one pushes the task out of sight, and tools that show files cut it off.",
    example: Example::Told {
        before: "`guides/api.md` describes 80 endpoints in 40,000 words.",
        after: "`guides/api.md` says which of six guides to read for what, and each describes a dozen endpoints.",
    },
};

pub static BROKEN_LINK: Rule = Rule {
    code: "markdown/broken-link",
    severity: Severity::Warning,
    summary: "A link leads to a file that is not in the pack.",
    why: "An agent that follows it finds nothing, and goes on without what it was to read.",
    example: Example::file(
        "guides/setup.md",
        "# Setting up\n\nRead [how to search](search.md) next.\n",
        "# Setting up\n\nRead [how to search](searching.md) next.\n",
    )
    .beside(&[("guides/searching.md", "# Searching\n\nUse few words.\n")]),
};

pub static UNKNOWN_ANCHOR: Rule = Rule {
    code: "markdown/unknown-anchor",
    severity: Severity::Warning,
    summary: "A link leads to a heading that its file does not have.",
    why: "The reader lands at the top of the file, or nowhere, and has to search.",
    example: Example::file(
        "guides/setup.md",
        "# Setting up\n\nSee [limits](#limit).\n\n## Limits\n\nTen a minute.\n",
        "# Setting up\n\nSee [limits](#limits).\n\n## Limits\n\nTen a minute.\n",
    ),
};

pub static NO_TITLE: Rule = Rule {
    code: "markdown/no-title",
    severity: Severity::Info,
    summary: "A guide does not begin with a heading.",
    why: "Agents look at the first lines of many guides to find the one they need.",
    example: Example::file(
        "guides/setup.md",
        "Ask for the account's name first.\n",
        "# Setting up\n\nAsk for the account's name first.\n",
    ),
};

pub static TWO_TITLES: Rule = Rule {
    code: "markdown/two-titles",
    severity: Severity::Info,
    summary: "A guide has more than one heading of the first level.",
    why: "Each looks as if it were the text's title, so what belongs together is read as two texts.",
    example: Example::file(
        "guides/setup.md",
        "# Setting up\n\nAsk first.\n\n# Limits\n\nTen a minute.\n",
        "# Setting up\n\nAsk first.\n\n## Limits\n\nTen a minute.\n",
    ),
};

pub static HEADING_JUMP: Rule = Rule {
    code: "markdown/heading-jump",
    severity: Severity::Info,
    summary: "A heading skips a level.",
    why: "Outlines, and models that cut a text at its headings, put what follows under the wrong one.",
    example: Example::file(
        "guides/setup.md",
        "# Setting up\n\n### Limits\n\nTen a minute.\n",
        "# Setting up\n\n## Limits\n\nTen a minute.\n",
    ),
};

pub static HTML: Rule = Rule {
    code: "markdown/html",
    severity: Severity::Warning,
    summary: "A text holds HTML that is not shown.",
    why: "Models read the tags as text, and pages that show Markdown leave out scripts, styles and frames: what stands in them reaches nobody as it was meant.",
    example: Example::file(
        "guides/setup.md",
        "# Setting up\n\n<iframe src=\"https://example.org/video\"></iframe>\n",
        "# Setting up\n\nThe [video](https://example.org/video) shows it.\n",
    ),
};

pub static PLACEHOLDER: Rule = Rule {
    code: "markdown/placeholder",
    severity: Severity::Info,
    summary: "A word between `<` and `>` is read as an HTML tag.",
    why: "Where the text is shown as a page, the word is not seen.",
    example: Example::file(
        "guides/setup.md",
        "# Setting up\n\nWrite to /workspace/<project>/notes.md.\n",
        "# Setting up\n\nWrite to `/workspace/<project>/notes.md`.\n",
    ),
};

pub static OPEN_FENCE: Rule = Rule {
    code: "markdown/open-fence",
    severity: Severity::Warning,
    summary: "A block of code is not closed.",
    why: "All that follows, headings and rules too, is read as code.",
    example: Example::file(
        "guides/setup.md",
        "# Setting up\n\n```sh\nls data\n\nThen ask for the name.\n",
        "# Setting up\n\n```sh\nls data\n```\n\nThen ask for the name.\n",
    ),
};

pub static UNKNOWN_TOOL: Rule = Rule {
    code: "markdown/unknown-tool",
    severity: Severity::Warning,
    summary: "A text names a tool that is nearly one of the pack's, and is none.",
    why: "A model calls the name it has read; the call fails, or goes to another pack's tool.",
    example: Example::file("behavior.md", "To find a book, call `search_book`.\n", "To find a book, call `search_books`.\n")
        .beside(&[("pack.yaml", "tools:\n  - name: search_books\n")]),
};

/// The family's rules.
pub static RULES: &[&Rule] = &[
    &EMPTY,
    &BEHAVIOR_BUDGET,
    &GUIDE_BUDGET,
    &BROKEN_LINK,
    &UNKNOWN_ANCHOR,
    &NO_TITLE,
    &TWO_TITLES,
    &HEADING_JUMP,
    &HTML,
    &PLACEHOLDER,
    &OPEN_FENCE,
    &UNKNOWN_TOOL,
];

/// What a behaviour may take of a prompt. A system prompt of agents in use has some thousand tokens, and several packs share it. No
/// platform refuses more, so it is a warning however long the text is.
const BEHAVIOR_TOKENS: usize = 2_000;

/// From here on it is more than small models read at all: contexts of 8,192 tokens are common on laptops.
const WHOLE_CONTEXT: usize = 8_000;

/// What a guide may take: two fifths of what agents' tools answer at most (25,000 tokens is a usual bound).
const GUIDE_TOKENS: usize = 10_000;

/// How much of a text is looked into: twenty-five times what a guide may take. That it is too long is told, and its form is then
/// nobody's first worry.
const MOST_READ: usize = 1024 * 1024;

/// What such a file says that others count on.
#[derive(Debug, Default)]
pub struct MarkdownFacts {
    /// About how many tokens a model reads.
    pub tokens: usize,
    links: Vec<Link>,
    /// What links can lead to within the file.
    anchors: BTreeSet<String>,
    /// True when there may be more of all that: the file was not read to its end.
    cut: bool,
    /// Words between backticks that could be tools', with their places.
    names: Vec<(String, Range<usize>)>,
}

/// Checks one file by itself.
pub fn check_file(path: &str, text: &str, kind: Kind, out: &mut Vec<Diagnostic>) -> Facts {
    let tokens = tokens(text);
    let whole = text;
    let text = &whole[..whole.floor_char_boundary(MOST_READ)];
    let cut = text.len() < whole.len();
    let mut reading = Reading::of(path, text);
    if cut {
        reading.open_fences.clear();
    }
    if reading.empty {
        out.push(EMPTY.at(path, 0..0, "this file says nothing").hint("Write it, or remove it."));
        return Facts::Markdown(MarkdownFacts::default());
    }
    check_budget(path, tokens, kind, out);
    check_headings(path, &reading, kind, out);
    for (name, span) in &reading.html {
        out.push(HTML.at(path, span.clone(), format!("`<{name}>` is not shown")).hint("Say it in Markdown, or in words."));
    }
    for span in &reading.placeholders {
        out.push(
            PLACEHOLDER
                .at(path, span.clone(), format!("`{}` is read as an HTML tag", shown(&text[span.clone()])))
                .hint("Put it between backticks, or write a backslash before the `<`."),
        );
    }
    for span in &reading.open_fences {
        out.push(
            OPEN_FENCE
                .at(path, span.clone(), "this block of code is not closed")
                .hint("Close it with a line of as many of the same marks."),
        );
    }
    Facts::Markdown(MarkdownFacts { tokens, links: reading.links, anchors: reading.anchors, cut, names: reading.names })
}

/// About how many tokens a text is to a model: an estimate of our own, for each model counts otherwise. Of Latin letters some four make
/// a token, of other alphabets two, and a sign of Chinese or Japanese is one.
pub fn tokens(text: &str) -> usize {
    let quarters: usize = text
        .chars()
        .map(|letter| match u32::from(letter) {
            0..0x80 => 1,
            0x2e80.. => 4,
            _ => 2,
        })
        .sum();
    quarters.div_ceil(4)
}

fn check_budget(path: &str, tokens: usize, kind: Kind, out: &mut Vec<Diagnostic>) {
    let (rule, budget) = if kind == Kind::Behavior { (&BEHAVIOR_BUDGET, BEHAVIOR_TOKENS) } else { (&GUIDE_BUDGET, GUIDE_TOKENS) };
    if tokens <= budget {
        return;
    }
    // To two digits: an estimate is not better.
    let about = thousands((tokens + 50) / 100 * 100);
    let found = rule.at(path, 0..0, format!("this takes about {about} tokens, and should stay below {}", thousands(budget)));
    out.push(match kind {
        Kind::Behavior if tokens > WHOLE_CONTEXT => {
            found.hint("That is more than small models read at all. Move what is not needed in every run into `guides/`.")
        }
        Kind::Behavior => found.hint("Move what is not needed in every run into `guides/`, and say when to read it."),
        _ => found.hint("Split it by what an agent wants to do, so that it reads only that."),
    });
}

fn check_headings(path: &str, reading: &Reading, kind: Kind, out: &mut Vec<Diagnostic>) {
    if kind == Kind::Guide {
        if !reading.begins_with_heading {
            out.push(
                NO_TITLE
                    .at(path, reading.first.clone(), "this guide does not begin with a heading")
                    .hint("Begin with `# ` and what the guide is for."),
            );
        }
        for (_, span) in reading.headings.iter().filter(|(level, _)| *level == 1).skip(1) {
            out.push(TWO_TITLES.at(path, span.clone(), "this guide has a title already").hint("Begin it with `##`."));
        }
    }
    for pair in reading.headings.windows(2) {
        let [(before, _), (level, span)] = pair else { continue };
        if *level > before + 1 {
            let message = format!("a heading of level {level} follows one of level {before}");
            out.push(HEADING_JUMP.at(path, span.clone(), message).hint(format!("Begin it with `{}`.", "#".repeat(before + 1))));
        }
    }
}

/// Checks what only the whole pack can tell.
pub fn check(pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    let texts = || {
        pack.contents.iter().filter_map(|(path, content)| match &content.facts {
            Facts::Markdown(facts) => Some((path.as_str(), facts)),
            _ => None,
        })
    };
    let tools = Tools::of(pack);
    for (path, facts) in texts() {
        facts.links.iter().for_each(|link| check_link(path, link, facts, pack, out));
        for (name, span) in &facts.names {
            if let Some(near) = tools.near(name) {
                out.push(
                    UNKNOWN_TOOL
                        .at(path, span.clone(), format!("this pack has no tool `{}`", shown(name)))
                        .hint(format!("Did you mean `{near}`?")),
                );
            }
        }
    }
}

fn check_link(path: &str, link: &Link, facts: &MarkdownFacts, pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    let written = shown(&link.written);
    // Within the text itself.
    if link.candidates.is_empty() {
        check_anchor(path, link, facts, out);
        return;
    }
    if let Some(mount) = &link.mount
        && name(pack) != Some(mount)
    {
        return;
    }
    let Some(found) = link.candidates.iter().find_map(|candidate| pack.ctx.entry(candidate)) else {
        let found = BROKEN_LINK.at(path, link.span.clone(), format!("`{written}` is not in the pack"));
        let paths =
            || pack.ctx.entries.iter().filter(|entry| entry.is_file() && entry.path != path).map(|entry| entry.path.as_str());
        // By their names: folders are long, and would make everything near.
        let near = link.candidates.first().and_then(|candidate| {
            // Of a letter or two, any other is near.
            let name = file_name(candidate);
            let short = name.rsplit_once('.').map_or(name, |(stem, _)| stem).chars().count() < 3;
            let same = || paths().map(file_name).find(|other| *other == name);
            let near = if short { same()? } else { pack.ctx.guesses.nearest(name, paths().map(file_name))?.word };
            paths().find(|path| file_name(path) == near)
        });
        out.push(match near {
            Some(near) => {
                found.hint(format!("Did you mean `{near}`? A path is written from this file, or from the pack's folder."))
            }
            None => found.hint("A path is written from this file, or from the pack's folder."),
        });
        return;
    };
    if pack.ctx.left_out(&found) {
        out.push(
            BROKEN_LINK
                .at(path, link.span.clone(), format!("`{written}` is left out of the pack by `.packignore`"))
                .hint("Take it out of `.packignore`, or take the link out of this text."),
        );
        return;
    }
    if let Some(Facts::Markdown(other)) = pack.contents.get(found.path.as_str()).map(|content| &content.facts) {
        check_anchor(path, link, other, out);
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// What the pack's folder is called where it is mounted.
fn name<'a>(pack: &Whole<'a>) -> Option<&'a str> {
    let id = pack.manifest.pack_id.as_ref().and_then(|id| id.value.rsplit('.').next());
    id.or_else(|| pack.manifest.name.as_ref().map(|name| &*name.value.0))
}

fn check_anchor(path: &str, link: &Link, facts: &MarkdownFacts, out: &mut Vec<Diagnostic>) {
    let Some(anchor) = link.anchor.as_deref().filter(|anchor| !anchor.is_empty() && !anchor.eq_ignore_ascii_case("top")) else {
        return;
    };
    if facts.cut || facts.anchors.contains(&anchor.to_lowercase()) {
        return;
    }
    let found = UNKNOWN_ANCHOR.at(path, link.span.clone(), format!("there is no heading `#{}`", shown(anchor)));
    out.push(match crate::nearest::nearest(anchor, facts.anchors.iter().take(200).map(String::as_str)) {
        Some(near) => found.hint(format!("Did you mean `#{near}`?")),
        None => found.hint("An anchor is the heading in lower case, with a hyphen for each blank."),
    });
}

/// The pack's tools, to be compared with words of texts.
struct Tools<'a> {
    names: HashSet<&'a str>,
    /// By length and first letter, which hardly anyone gets wrong.
    alike: HashMap<(usize, u8), Vec<&'a str>>,
    /// How many comparisons are left: words and tools may both be many.
    left: std::cell::Cell<usize>,
}

/// How many a check makes at most.
const MAX_COMPARISONS: usize = 5_000;

/// Shorter names than this differ by a letter or two from too much.
const SHORTEST_TOOL: usize = 6;

impl<'a> Tools<'a> {
    fn of(pack: &Whole<'a>) -> Self {
        let tools = pack.manifest.tools.iter().flat_map(|tools| &tools.value);
        let names: HashSet<&str> = tools.filter_map(|tool| tool.name.as_ref()).map(|name| name.value.as_str()).collect();
        let mut alike: HashMap<(usize, u8), Vec<&str>> = HashMap::new();
        for name in names.iter().filter(|name| name.len() >= SHORTEST_TOOL) {
            alike.entry((name.len(), name.as_bytes()[0])).or_default().push(name);
        }
        alike.values_mut().for_each(|names| names.sort_unstable());
        Self { names, alike, left: std::cell::Cell::new(MAX_COMPARISONS) }
    }

    /// The tool that a word was meant to be: one letter away, or two when it is long. A tool's own name was meant.
    fn near(&self, word: &str) -> Option<&'a str> {
        if word.len() < SHORTEST_TOOL || self.names.contains(word) {
            return None;
        }
        let allowed = if word.len() < 10 { 1 } else { 2 };
        let lengths = word.len() - allowed..=word.len() + allowed;
        let candidates = lengths.filter_map(|length| self.alike.get(&(length, word.as_bytes()[0]))).flatten();
        candidates
            .map_while(|tool| {
                self.left.set(self.left.get().checked_sub(1)?);
                Some((strsim::osa_distance(word, tool), *tool))
            })
            .filter(|(distance, _)| *distance <= allowed)
            .min()
            .map(|(_, tool)| tool)
    }
}

#[cfg(test)]
mod tests {
    use super::tokens;
    use crate::rules::tests::findings;
    use crate::source::MemoryPack;

    #[test]
    fn of_a_text_without_end_the_beginning_is_read() {
        let long = format!("# A\n\n[late](#late) [gone](gone.md)\n\n```\n{}\n```\n\n# Late\n", "word \n".repeat(400_000));
        insta::assert_snapshot!(with(&[("guides/a.md", &long)]), @"
        Info markdown/guide-budget guides/a.md:1:1 <> this takes about 600,000 tokens, and should stay below 10,000
          hint: Split it by what an agent wants to do, so that it reads only that.
        Warning markdown/broken-link guides/a.md:3:22 <gone.md> `gone.md` is not in the pack
          hint: A path is written from this file, or from the pack's folder.
        ");
    }

    const HEAD: (&str, &str) = ("pack.yaml", "name: n\ndescription: d\n");

    fn with(files: &[(&str, &str)]) -> String {
        findings(&MemoryPack::new(files.iter().copied().chain([HEAD])))
    }

    fn guide(text: &str) -> String {
        with(&[("guides/a.md", text)])
    }

    #[test]
    fn tokens_are_about_four_letters() {
        assert_eq!([tokens(""), tokens("a"), tokens("four letters"), tokens("слово"), tokens("漢字")], [0, 1, 3, 3, 2]);
    }

    #[test]
    fn a_text_says_something_and_not_too_much() {
        insta::assert_snapshot!(with(&[("behavior.md", " \n<!-- soon -->\n"), ("guides/a.md", "")]), @"
        Warning markdown/empty behavior.md:1:1 <> this file says nothing
          hint: Write it, or remove it.
        Warning markdown/empty guides/a.md:1:1 <> this file says nothing
          hint: Write it, or remove it.
        ");
        insta::assert_snapshot!(with(&[("behavior.md", &"Be kind. ".repeat(1000)), ("guides/a.md", &("# A\n".to_owned() + &"word ".repeat(10_000)))]), @"
        Warning markdown/behavior-budget behavior.md:1:1 <> this takes about 2,300 tokens, and should stay below 2,000
          hint: Move what is not needed in every run into `guides/`, and say when to read it.
        Info markdown/guide-budget guides/a.md:1:1 <> this takes about 12,500 tokens, and should stay below 10,000
          hint: Split it by what an agent wants to do, so that it reads only that.
        ");
        assert!(with(&[("behavior.md", &"Be kind. ".repeat(5000))]).contains("more than small models read at all"));
        assert_eq!(with(&[("behavior.md", &"Be kind. ".repeat(800))]), "");
    }

    #[test]
    fn a_name_of_a_letter_is_near_to_none() {
        assert!(!with(&[("guides/a.md", "# A\n\n[out](../x.md)\n"), ("guides/b.md", "# B\n")]).contains("Did you mean"));
        assert!(
            with(&[("guides/a.md", "# A\n\n[in](../b.md)\n"), ("guides/b.md", "# B\n")]).contains("Did you mean `guides/b.md`")
        );
    }

    #[test]
    fn links_lead_somewhere() {
        let text = "# A\n\n[b](b.md) [root](guides/b.md#bé) [gone](c.md) ![image](../assets/x.png) [up](../../x) [web](https://a.org/x.md)\n[mail](mailto:a@b.c) [here](#a) [nowhere](#z) [part](b.md#none) [space](<b c.md>) [code](b%20c.md) [data](../data/)\n[ref]\n\n[ref]: ../guides/d.md \"d\"\n";
        insta::assert_snapshot!(with(&[("guides/a.md", text), ("guides/b.md", "# Bé\n"), ("guides/b c.md", "# C\n"), ("data/x.txt", "x")]), @"
        Warning markdown/broken-link guides/a.md:3:41 <c.md> `c.md` is not in the pack
          hint: A path is written from this file, or from the pack's folder.
        Warning markdown/broken-link guides/a.md:3:56 <../assets/x.png> `../assets/x.png` is not in the pack
          hint: A path is written from this file, or from the pack's folder.
        Warning markdown/broken-link guides/a.md:3:78 <../../x> `../../x` is not in the pack
          hint: A path is written from this file, or from the pack's folder.
        Warning markdown/unknown-anchor guides/a.md:4:43 <#z> there is no heading `#z`
          hint: Did you mean `#a`?
        Warning markdown/unknown-anchor guides/a.md:4:54 <b.md#none> there is no heading `#none`
          hint: An anchor is the heading in lower case, with a hyphen for each blank.
        Warning markdown/broken-link guides/a.md:7:8 <../guides/d.md> `../guides/d.md` is not in the pack
          hint: A path is written from this file, or from the pack's folder.
        ");
        assert_eq!(guide("# A\n\n`[x](gone.md)` /workspace/packs/other/x.md [o](/workspace/packs/other/x.md) [t](/tmp/x)\n"), "");
        assert!(guide("# A\n\n[o](/workspace/packs/n/guides/x.md)\n").contains("markdown/broken-link"));
        assert!(
            with(&[("guides/a.md", "# A\n\n[o](b.md)\n"), ("guides/b.md", "# B\n"), (".packignore", "b.md\n")])
                .contains("left out of the pack")
        );
    }

    #[test]
    fn a_file_is_guessed_by_its_own_name() {
        let told =
            |link: &str| with(&[("behavior.md", &format!("See [it]({link}).\n")), ("guides/recalling.md", "# Recalling\n")]);
        assert!(told("data/recalling.md").contains("Did you mean `guides/recalling.md`?"));
        assert!(told("guides/recaling.md").contains("Did you mean `guides/recalling.md`?"));
        // A long folder and a common ending make no likeness.
        assert!(!told("guides/remembering.md").contains("Did you mean"));
    }

    #[test]
    fn anchors_are_headings_as_pages_write_them() {
        let text = "# One *two* `three`\n\n## Same\n\n## Same\n\n<a id=\"own\"></a>\n\n[1](#one-two-three) [2](#same) [3](#same-1) [4](#own) [5](#) [6](#top) [7](#sam)\n";
        insta::assert_snapshot!(guide(text), @"
        Warning markdown/unknown-anchor guides/a.md:9:76 <#sam> there is no heading `#sam`
          hint: Did you mean `#same`?
        ");
    }

    #[test]
    fn headings_make_an_outline() {
        insta::assert_snapshot!(guide("Hello.\n\n# A\n\n### B\n\n# C\n"), @"
        Info markdown/no-title guides/a.md:1:1 <Hello.> this guide does not begin with a heading
          hint: Begin with `# ` and what the guide is for.
        Info markdown/heading-jump guides/a.md:5:1 <### B> a heading of level 3 follows one of level 1
          hint: Begin it with `##`.
        Info markdown/two-titles guides/a.md:7:1 <# C> this guide has a title already
          hint: Begin it with `##`.
        ");
        assert_eq!(guide("---\ntitle: A\n---\n\n<!-- c -->\n# A\n\n## B\n\n### C\n\n## D\n"), "");
        assert_eq!(with(&[("behavior.md", "Be kind.\n\n# A\n\n# B\n")]), "");
    }

    #[test]
    fn html_is_not_shown_and_placeholders_are_not_html() {
        insta::assert_snapshot!(guide("# A\n\n<script>\nalert(1)\n</script>\n\nWrite <your name> or <project> <b>bold</b><br>\n\n<details>\n\nx\n\n</details>\n"), @"
        Warning markdown/html guides/a.md:3:1 <<script>> `<script>` is not shown
          hint: Say it in Markdown, or in words.
        Info markdown/placeholder guides/a.md:7:7 <<your name>> `<your name>` is read as an HTML tag
          hint: Put it between backticks, or write a backslash before the `<`.
        Info markdown/placeholder guides/a.md:7:22 <<project>> `<project>` is read as an HTML tag
          hint: Put it between backticks, or write a backslash before the `<`.
        ");
        assert_eq!(guide("# A\n\n`<project>` <https://a.org> <a@b.c> a < b > c\n\n<!-- <project> -->\n"), "");
    }

    #[test]
    fn blocks_of_code_are_closed() {
        insta::assert_snapshot!(guide("# A\n\n```sh\nls\n```\n\n- x\n\n  ```\n  y\n  ```\n\n> ```\n> z\n> ```\n\n    indented\n\n~~~\nopen\n"), @"
        Warning markdown/open-fence guides/a.md:19:1 <~~~> this block of code is not closed
          hint: Close it with a line of as many of the same marks.
        ");
        insta::assert_snapshot!(guide("# A\n\n````md\n```\n````\n\n```"), @"
        Warning markdown/open-fence guides/a.md:7:1 <```> this block of code is not closed
          hint: Close it with a line of as many of the same marks.
        ");
    }

    #[test]
    fn a_tool_is_called_by_its_name() {
        let tools = "name: n\ndescription: d\ntools:\n  - {name: search_books, description: Finds books and returns them., input: {type: object}, handler: handlers/h.ts}\n";
        let told = |text: &str| {
            findings(&MemoryPack::new([("pack.yaml", tools), ("handlers/h.ts", ""), ("behavior.md", text)]))
                .lines()
                .filter(|line| line.contains("markdown/") || line.contains("Did you mean"))
                .collect::<Vec<_>>()
                .join("\n")
        };
        insta::assert_snapshot!(told("Call `search_book` or `serach_books`, not `search_books`, `search_films` or search_book.\n"), @"
        Warning markdown/unknown-tool behavior.md:1:7 <search_book> this pack has no tool `search_book`
          hint: Did you mean `search_books`?
        Warning markdown/unknown-tool behavior.md:1:24 <serach_books> this pack has no tool `serach_books`
          hint: Did you mean `search_books`?
        ");
    }

    #[test]
    fn odd_texts_end() {
        for piece in ["[", "![a](", "`", "> ", "- ", "<a", "*_", "|a", "[a](b.md) ", "# a\n", "\u{0}", "😀é\n\n", "<!--"] {
            let _ = guide(&piece.repeat(20_000));
        }
    }
}
