//! Markdown as the rules read it: links, headings, HTML, blocks of code and words between backticks, each with its place.

use crate::rules::manifest::inside;
use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

/// A link to something that may be in the pack.
#[derive(Debug)]
pub(super) struct Link {
    /// As it is written.
    pub(super) written: String,
    pub(super) span: Range<usize>,
    /// Paths of the pack that it can mean: from the file, and from the pack's folder. Empty: the file itself.
    pub(super) candidates: Vec<String>,
    /// The pack whose mounted folder the path begins with.
    pub(super) mount: Option<String>,
    pub(super) anchor: Option<String>,
}

/// What is known of a text.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// True when there is nothing but blanks and comments.
    pub(super) empty: bool,
    pub(super) begins_with_heading: bool,
    /// Its first line that says something.
    pub(super) first: Range<usize>,
    /// Level and place.
    pub(super) headings: Vec<(usize, Range<usize>)>,
    pub(super) links: Vec<Link>,
    pub(super) anchors: BTreeSet<String>,
    pub(super) names: Vec<(String, Range<usize>)>,
    /// Elements that pages leave out, by name.
    pub(super) html: Vec<(String, Range<usize>)>,
    /// Tags that HTML does not have.
    pub(super) placeholders: Vec<Range<usize>>,
    /// The first lines of blocks that do not end.
    pub(super) open_fences: Vec<Range<usize>>,
}

/// Most links, names and tags of a text that are looked at. A text of the usual size has a few dozen.
const MOST: usize = 5_000;

/// Elements that pages leave out, or that do nothing there.
const NOT_SHOWN: &[&str] = &[
    "script", "style", "iframe", "object", "embed", "applet", "form", "input", "button", "select", "textarea", "link", "meta",
    "base", "head", "html", "body", "title", "frame", "frameset", "noscript", "canvas", "audio", "video", "source", "svg",
    "template", "dialog",
];

/// Elements that pages show; anything else between `<` and `>` is a word of the author's.
const SHOWN: &[&str] = &[
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "nav",
    "ol",
    "p",
    "picture",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
    "article",
    "aside",
    "address",
];

impl Reading {
    pub(super) fn of(path: &str, text: &str) -> Self {
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
        let mut reading = Self { empty: true, first: 0..0, ..Self::default() };
        let mut slugs = HashMap::new();
        // The heading that is being read, and its words.
        let mut heading: Option<(usize, Range<usize>, String)> = None;
        let mut front_matter = false;
        let parser = Parser::new_ext(text, options);
        for (_, definition) in parser.reference_definitions().iter() {
            reading.link(path, text, &definition.dest, definition.span.clone());
        }
        for (event, span) in parser.into_offset_iter() {
            match &event {
                Event::Start(Tag::MetadataBlock(_)) => front_matter = true,
                Event::End(TagEnd::MetadataBlock(_)) => front_matter = false,
                _ if front_matter => {}
                Event::Html(html) | Event::InlineHtml(html) => {
                    let said = !html.trim().is_empty() && !html.trim_start().starts_with("<!--");
                    reading.tags(html, span.start, text);
                    if said {
                        reading.says(&span, text);
                    }
                }
                Event::Start(Tag::HtmlBlock) | Event::End(_) => {}
                _ => {
                    if reading.empty {
                        reading.begins_with_heading = matches!(event, Event::Start(Tag::Heading { .. }));
                    }
                    reading.says(&span, text);
                }
            }
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    let span = span.start..span.start + first_line(&text[span.clone()]);
                    heading = Some((level as usize, span, String::new()));
                }
                Event::End(TagEnd::Heading(_)) => {
                    if let Some((level, span, words)) = heading.take() {
                        reading.headings.push((level, span));
                        reading.anchors.insert(unique(slug(&words), &mut slugs));
                    }
                }
                Event::Text(words) if !front_matter => {
                    if let Some((_, _, heading)) = &mut heading {
                        heading.push_str(&words);
                    }
                }
                Event::Code(words) => {
                    if let Some((_, _, heading)) = &mut heading {
                        heading.push_str(&words);
                    }
                    reading.name(&words, &span, text);
                }
                Event::Start(
                    Tag::Link { link_type: LinkType::Inline, dest_url, .. }
                    | Tag::Image { link_type: LinkType::Inline, dest_url, .. },
                ) => reading.link(path, text, &dest_url, span),
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) if is_open(&text[span.clone()]) => {
                    let line = first_line(&text[span.clone()]);
                    reading.open_fences.push(span.start..span.start + line);
                }
                _ => {}
            }
        }
        reading
    }

    fn says(&mut self, span: &Range<usize>, text: &str) {
        if self.empty {
            self.empty = false;
            self.first = span.start..span.start + first_line(&text[span.clone()]);
        }
    }

    /// A word between backticks that could be a tool's: letters and digits, with a `_`.
    fn name(&mut self, words: &str, span: &Range<usize>, text: &str) {
        let plain =
            words.contains('_') && words.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'));
        if plain
            && self.names.len() < MOST
            && let Some(at) = text[span.clone()].find(words)
        {
            self.names.push((words.to_owned(), span.start + at..span.start + at + words.len()));
        }
    }

    fn link(&mut self, path: &str, text: &str, destination: &str, span: Range<usize>) {
        if self.links.len() >= MOST {
            return;
        }
        let written = destination;
        // Where it stands; an escaped one is found by its link.
        let source = &text[span.clone()];
        let span = source
            .rfind(destination)
            .filter(|_| !destination.is_empty())
            .map_or(span.clone(), |at| span.start + at..span.start + at + destination.len());
        let (target, anchor) = match destination.split_once('#') {
            Some((target, anchor)) => (target, Some(decoded(anchor))),
            None => (destination, None),
        };
        let target = target.split('?').next().unwrap_or(target);
        let link = |candidates, mount| Link {
            written: written.to_owned(),
            span: span.clone(),
            candidates,
            mount,
            anchor: anchor.clone(),
        };
        if target.is_empty() {
            if destination.starts_with('#') {
                self.links.push(link(Vec::new(), None));
            }
            return;
        }
        if has_scheme(target) {
            return;
        }
        if let Some(rest) = target.strip_prefix('/') {
            // The agent's own folders are not ours, but for the place where this pack is mounted.
            if let Some((name, rest)) = rest.strip_prefix("workspace/packs/").and_then(|rest| rest.split_once('/'))
                && !rest.is_empty()
            {
                self.links.push(link(candidates("", rest), Some(name.to_owned())));
            }
            return;
        }
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.links.push(link(candidates(folder, target), None));
    }

    /// Tags in HTML that starts at `offset`.
    fn tags(&mut self, html: &str, offset: usize, text: &str) {
        let mut at = 0;
        while let Some(found) = html[at..].find('<') {
            let start = at + found;
            let rest = &html[start + 1..];
            if rest.starts_with("!--") {
                // A comment can hold tags, and they are none.
                match rest.find("-->") {
                    Some(end) => at = start + 1 + end + 3,
                    None => return,
                }
                continue;
            }
            at = start + 1;
            let name: String = rest.chars().take_while(char::is_ascii_alphanumeric).take(32).collect();
            let Some(end) = rest.find('>').filter(|_| rest.starts_with(|letter: char| letter.is_ascii_alphabetic())) else {
                continue;
            };
            let tag = &rest[..end];
            at = start + end + 2;
            self.anchors.extend(["id=", "name="].iter().filter_map(|key| attribute(tag, key)));
            let lower = name.to_ascii_lowercase();
            // The event's text is the file's own, but for line breaks, which only move what follows by a byte.
            let place = offset + start..(offset + at).min(text.len());
            let sound = text.get(place.clone()).is_some_and(|written| written.starts_with('<'));
            if !sound || self.html.len() + self.placeholders.len() >= MOST {
                continue;
            }
            if NOT_SHOWN.contains(&lower.as_str()) {
                self.html.push((lower, place));
            } else if !SHOWN.contains(&lower.as_str()) && !tag.contains('=') {
                self.placeholders.push(place);
            }
        }
    }
}

/// The value of an attribute that leads to a place of the text.
fn attribute(tag: &str, key: &str) -> Option<String> {
    let at = tag.find(key).filter(|at| tag[..*at].ends_with(char::is_whitespace))?;
    let value = &tag[at + key.len()..];
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value[1..].split(quote).next().map(str::to_lowercase)
}

/// Bytes of the first line, without what ends it.
fn first_line(text: &str) -> usize {
    text.find(['\n', '\r']).unwrap_or(text.len())
}

/// True when a fenced block has no last line that closes it.
fn is_open(block: &str) -> bool {
    let bare = |line: &str| line.trim_start_matches(['>', ' ', '\t']).trim_end().to_owned();
    let block = block.trim_end_matches(['\n', '\r']);
    let mut lines = block.lines();
    let first = bare(lines.next().unwrap_or_default());
    let mark = first.chars().next().unwrap_or('`');
    let length = first.chars().take_while(|letter| *letter == mark).count();
    lines.next_back().is_none_or(|last| {
        let last = bare(last);
        last.chars().count() < length || !last.chars().all(|letter| letter == mark)
    })
}

/// True for `https:`, `mailto:` and the like, and for `//host`.
fn has_scheme(target: &str) -> bool {
    let scheme = target.split_once(':').map_or("", |(scheme, _)| scheme);
    let named = scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    named || target.starts_with("//")
}

/// The paths that a link can mean: as it is written and with its `%20` read, from the file's folder and from the pack's.
fn candidates(folder: &str, target: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut candidates = Vec::new();
    for target in [target.to_owned(), decoded(target)] {
        for path in [joined(folder, &target), inside(&target)].into_iter().flatten() {
            if !path.is_empty() && seen.insert(path.clone()) {
                candidates.push(path);
            }
        }
    }
    if candidates.is_empty() {
        // It leaves the pack, and no file has this name.
        candidates.push(target.to_owned());
    }
    candidates
}

/// A path from a folder of the pack; `None` when it leaves the pack.
fn joined(folder: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The text with `%20` and its like read.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(code.unwrap_or(bytes[at]));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

/// A heading as pages make an anchor of it: lower case, a hyphen for a blank, and no other marks.
fn slug(heading: &str) -> String {
    heading
        .trim()
        .chars()
        .flat_map(char::to_lowercase)
        .filter_map(|letter| match letter {
            ' ' => Some('-'),
            letter if letter.is_alphanumeric() || matches!(letter, '-' | '_') => Some(letter),
            _ => None,
        })
        .collect()
}

/// The second heading of a name gets a number.
fn unique(slug: String, seen: &mut HashMap<String, usize>) -> String {
    let count = seen.entry(slug.clone()).or_default();
    *count += 1;
    if *count == 1 { slug } else { format!("{slug}-{}", *count - 1) }
}
