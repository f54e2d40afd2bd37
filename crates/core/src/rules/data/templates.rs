//! Templates: tags between `{{` and `}}` that close, and sections that end.
//!
//! A template can be of any kind of file, and two braces mean something else in many. So only what begins as a tag is taken for one.

use super::cards;
use crate::content::Kind;
use crate::diagnostic::{Diagnostic, Severity};
use crate::json;
use crate::rules::{Example, Rule};
use crate::text::shown;
use std::collections::HashMap;
use std::ops::Range;

pub static OPEN_TAG: Rule = Rule {
    code: "data/open-tag",
    severity: Severity::Warning,
    summary: "A template's tag begins with `{{` or ends with `}}`, and not both.",
    why: "Nothing is filled in there, and the braces reach the reader; some engines refuse the whole template.",
    example: Example::file(
        "templates/letter.md",
        "Dear {{name},\n\nyour order {{number}} is on its way.\n",
        "Dear {{name}},\n\nyour order {{number}} is on its way.\n",
    ),
};

pub static SECTION: Rule = Rule {
    code: "data/open-section",
    severity: Severity::Warning,
    summary: "A template's section is not closed, or closed and never opened.",
    why: "The engine refuses the template, and whoever was to fill it in makes up a text instead.",
    example: Example::file(
        "templates/letter.md",
        "{{#items}}\n- {{title}}\n{{/item}}\n",
        "{{#items}}\n- {{title}}\n{{/items}}\n",
    ),
};

/// Checks a template.
pub(super) fn check(path: &str, text: &str, ending: &str, out: &mut Vec<Diagnostic>) {
    // What is filled into JSON need not be JSON before; a card is one all the same.
    if ending == "json" {
        let (root, faults) = json::parse(text);
        if faults.is_empty() {
            cards::check(path, text, &root, Kind::Template, out);
        }
    }
    // Raw blocks and tags of the author's own: another language.
    if !text.contains("{{") || text.contains("{{{{") || text.contains("{{=") {
        return;
    }
    let tags = tags(text);
    for tag in tags.iter().filter(|tag| !tag.closed) {
        out.push(
            OPEN_TAG
                .at(path, tag.span.clone(), format!("`{}` is not closed", shown(&text[tag.span.clone()])))
                .hint("A tag ends with `}}`."),
        );
    }
    if tags.iter().any(|tag| tag.closed) && !matches!(ending, "json" | "tex" | "css" | "js" | "ts" | "html") {
        for span in half_open(text, &tags) {
            out.push(
                OPEN_TAG
                    .at(path, span.clone(), format!("`{}` begins with one brace and ends with two", shown(&text[span])))
                    .hint("A tag begins with `{{`."),
            );
        }
    }
    check_sections(path, text, &tags, out);
}

/// How much of a tag without an end is looked at.
const LONGEST_SHOWN: usize = 100;

/// A tag: its bytes, what stands between its braces, and whether it ends.
struct Tag<'a> {
    span: Range<usize>,
    content: &'a str,
    closed: bool,
}

fn tags(text: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let (mut from, mut comments_end) = (0, true);
    while let Some(found) = text[from..].find("{{") {
        let start = from + found;
        let behind = start + text[start..].bytes().take_while(|byte| *byte == b'{').count();
        let rest = &text[behind..];
        let comment = rest.starts_with('!');
        let (close, length) = if rest.starts_with("!--") { ("--}}", 4) } else { ("}}", 2) };
        // A tag holds no other, but a comment may. Behind a comment that does not end, no other does.
        let reach = if comment { rest.len() } else { rest.find("{{").unwrap_or(rest.len()) };
        let end = if comment && !comments_end { None } else { rest[..reach].find(close) };
        comments_end &= !comment || end.is_some();
        if let Some(end) = end {
            tags.push(Tag { span: start..behind + end + length, content: &rest[..end], closed: true });
            from = behind + end + length;
        } else {
            let line = rest[..rest.floor_char_boundary(reach.min(LONGEST_SHOWN))].lines().next().unwrap_or_default();
            // To the one brace, when there is one.
            let shown = line.find('}').map_or(line.trim_end().len(), |brace| brace + 1);
            if begins_as_a_tag(rest) {
                tags.push(Tag { span: start..behind + shown, content: "", closed: false });
            }
            from = behind;
        }
    }
    tags
}

/// True for what a template's author writes behind two braces, and hardly anyone else: a word, or a mark and a word, and then no more
/// than a tag has.
fn begins_as_a_tag(rest: &str) -> bool {
    let bare = rest.trim_start_matches(['#', '^', '/', '&', '>', '~', '-', ' ']);
    let word = bare.find(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '_' | '.' | '-'))).unwrap_or(bare.len());
    let behind = bare[word..].chars().next();
    bare.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
        && matches!(behind, None | Some('}' | '\n' | '\r' | ' '))
}

/// Places like `{name}}` that are no part of a tag.
fn half_open(text: &str, tags: &[Tag<'_>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    for (start, end) in tags.iter().map(|tag| (tag.span.start, tag.span.end)).chain([(text.len(), text.len())]) {
        let between = &text[at..start.max(at)];
        for (close, _) in between.match_indices("}}") {
            let before = &between[..close];
            let word = before.trim_end_matches(|letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.'));
            let named = before[word.len()..].starts_with(|letter: char| letter.is_alphabetic() || letter == '_');
            if named && word.ends_with('{') && !word.ends_with("${") && !word.ends_with("{{") {
                found.push(at + word.len() - 1..at + close + 2);
            }
        }
        at = end.max(at);
    }
    found
}

fn check_sections(path: &str, text: &str, tags: &[Tag<'_>], out: &mut Vec<Diagnostic>) {
    let mut open: Vec<(&str, &Range<usize>)> = Vec::new();
    // How many of a name are open: nobody looks for one that is not.
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let not_closed = |name: &str, span: &Range<usize>| {
        SECTION
            .at(path, span.clone(), format!("the section `{}` is not closed", shown(name)))
            .hint(format!("Write `{{{{/{}}}}}` where it ends.", shown(name)))
    };
    for Tag { span, content, .. } in tags {
        let content = content.trim_start_matches(['~', '-']).trim_start();
        if let Some(rest) = content.strip_prefix(['#', '^']) {
            let name = name(rest.trim_start_matches(['*', '>', ' ']));
            // `{{^}}` is an else.
            if !name.is_empty() {
                open.push((name, span));
                *counts.entry(name).or_default() += 1;
            }
        } else if let Some(rest) = content.strip_prefix('/')
            && !rest.starts_with('*')
        {
            let name = name(rest.trim_start());
            let opened = counts.get(name).is_some_and(|count| *count > 0);
            let at = if opened { open.iter().rposition(|(other, _)| *other == name) } else { None };
            match at {
                Some(at) => {
                    for (number, (name, span)) in open.drain(at..).enumerate() {
                        counts.entry(name).and_modify(|count| *count -= 1);
                        if number > 0 {
                            out.push(not_closed(name, span));
                        }
                    }
                }
                None => out.push(
                    SECTION.at(path, span.clone(), format!("no section `{}` is open here", shown(&text[span.clone()]))).hint(
                        match open.last() {
                            Some((opened, _)) => format!("The one that is open is `{}`.", shown(opened)),
                            None => format!("Open it with `{{{{#{}}}}}`, or remove this.", shown(name)),
                        },
                    ),
                ),
            }
        }
    }
    out.extend(open.into_iter().map(|(name, span)| not_closed(name, span)));
}

fn name(rest: &str) -> &str {
    rest.split(|letter: char| letter.is_whitespace() || matches!(letter, '~' | '(' | '}')).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings;
    use crate::source::MemoryPack;

    fn told(path: &str, text: &str) -> String {
        findings(&MemoryPack::new([("pack.yaml", "name: n\ndescription: d\n"), (path, text)]))
    }

    #[test]
    fn tags_close() {
        insta::assert_snapshot!(told("templates/a.md", "Dear {{ name },\n{{é\n{{ok}} and {half}} {{a\n"), @"
Warning data/open-tag templates/a.md:1:6 <{{ name }> `{{ name }` is not closed
  hint: A tag ends with `}}`.
Warning data/open-tag templates/a.md:2:1 <{{é> `{{é` is not closed
  hint: A tag ends with `}}`.
Warning data/open-tag templates/a.md:3:12 <{half}}> `{half}}` begins with one brace and ends with two
  hint: A tag begins with `{{`.
Warning data/open-tag templates/a.md:3:20 <{{a> `{{a` is not closed
  hint: A tag ends with `}}`.
");
        for other in [
            "println!(\"{{\")",
            "style={{\n  color: 'red',\n}}",
            "{\"a\": {\"b\": {}}}",
            "int a[2][2] = {{1, 2}, {3, 4}};",
            "{{! a comment }} {{!-- a }} {{ --}} {{{raw}}} {{> part}}",
            "{{ a | upper }} ${{ github.ref }} ${name}}",
        ] {
            assert_eq!(told("templates/a.txt", other), "", "{other}");
        }
    }

    #[test]
    fn sections_close_in_order() {
        insta::assert_snapshot!(told("templates/a.md", "{{#a}}{{#b x}}{{/a}}\n{{/c}}\n{{#if y}}\n"), @"
        Warning data/open-section templates/a.md:1:7 <{{#b x}}> the section `b` is not closed
          hint: Write `{{/b}}` where it ends.
        Warning data/open-section templates/a.md:2:1 <{{/c}}> no section `{{/c}}` is open here
          hint: Open it with `{{#c}}`, or remove this.
        Warning data/open-section templates/a.md:3:1 <{{#if y}}> the section `if` is not closed
          hint: Write `{{/if}}` where it ends.
        ");
        let sound =
            "{{#if a}}{{else}}{{^}}{{/if}}{{^none}}{{/none}}{{#*inline \"x\"}}{{/inline}}{{#> page}}{{~/page~}}{{/* go */}}";
        assert_eq!(told("templates/a.hbs", sound), "");
    }

    #[test]
    fn many_tags_are_read_at_once() {
        let text = "{{#a}}".repeat(10_000) + &"{{/a}}".repeat(10_000) + &"{{a\n".repeat(10_000);
        assert!(told("templates/a.md", &text).contains("more like it"));
        assert!(told("templates/a.md", &"{{a ".repeat(20_000)).contains("more like it"));
        assert!(told("templates/a.md", &("{{#a}}".repeat(10_000) + &"{{/b}}".repeat(10_000))).contains("more like it"));
        assert_eq!(told("templates/a.md", &"{{!-- ".repeat(20_000)), "");
    }
}
