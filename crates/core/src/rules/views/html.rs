//! Views of static HTML: that they need nothing from outside the pack.

use crate::diagnostic::{Diagnostic, Severity};
use crate::rules::{Example, Rule};
use crate::text::shown;
use std::ops::Range;

pub static REMOTE_RESOURCE: Rule = Rule {
    code: "views/remote-resource",
    severity: Severity::Warning,
    summary: "A view of HTML loads something from the network.",
    why: "Platforms show views without network, so it stays out; where it does load, a stranger's server learns who looks, and can change the page.",
    example: Example::file(
        "views/shelf.html",
        "<h1>My shelf</h1>\n<img src=\"https://example.org/shelf.png\" alt=\"A shelf\">\n",
        "<h1>My shelf</h1>\n<img src=\"../assets/shelf.png\" alt=\"A shelf\">\n",
    )
    .beside(&[("assets/shelf.png", "")]),
};

pub static INLINE_SCRIPT: Rule = Rule {
    code: "views/inline-script",
    severity: Severity::Info,
    summary: "A view of HTML holds a script.",
    why: "A static view is shown as it is: most platforms do not run what stands in it.",
    example: Example::file(
        "views/shelf.html",
        "<h1 id=\"title\"></h1>\n<script>document.title = \"My shelf\";</script>\n",
        "<h1 id=\"title\">My shelf</h1>\n",
    ),
};

pub static MISSING_FILE: Rule = Rule {
    code: "views/missing-file",
    severity: Severity::Warning,
    summary: "A view of HTML names a file that is not in the pack.",
    why: "There is a gap where the picture, the style or the script belongs.",
    example: Example::file(
        "views/shelf.html",
        "<img src=\"shelf.png\" alt=\"A shelf\">\n",
        "<img src=\"../assets/shelf.png\" alt=\"A shelf\">\n",
    )
    .beside(&[("assets/shelf.png", "")]),
};

/// Most files and tags of a page that are looked at.
const MOST: usize = 5_000;

/// Most attributes of a tag.
const MOST_ATTRIBUTES: usize = 200;

/// Longest address that a style names.
const LONGEST: usize = 100_000;

/// Attributes by which an element loads something; of a `link` its `href`.
const LOADING: &[&str] = &["src", "srcset", "poster", "data", "background"];

/// Checks a page. Gives the files that it names: as it is written, as a path of the pack, and where.
pub(super) fn check(path: &str, text: &str, out: &mut Vec<Diagnostic>) -> Vec<(String, String, Range<usize>)> {
    let mut files = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find('<') {
        let start = at + found;
        let rest = &text[start..];
        if rest.starts_with("<!--") {
            at = rest.find("-->").map_or(text.len(), |end| start + end + 3);
            continue;
        }
        let Some(tag) = Tag::read(text, start) else {
            at = start + 1;
            continue;
        };
        at = tag.end;
        for (name, value) in &tag.attributes {
            let loads = LOADING.contains(&name.as_str()) || (tag.name == "link" && name == "href" && tag.loads);
            if loads {
                // `srcset` names several, each with a width behind it; the first stands for all.
                let first = text[value.clone()].trim_start().split([' ', ',']).next().unwrap_or_default();
                let start = value.start + (text[value.clone()].len() - text[value.clone()].trim_start().len());
                resource(path, first, start..start + first.len(), &mut files, out);
            } else if name == "style" {
                style(path, text, value.clone(), &mut files, out);
            }
        }
        match tag.name.as_str() {
            "script" => {
                let end = closing(text, at, "</script");
                let own = tag.attributes.iter().all(|(name, _)| name != "src") && !tag.is_data(text);
                if own && !text[at..end].trim().is_empty() {
                    out.push(
                        INLINE_SCRIPT
                            .at(path, start..tag.end, "this view holds a script")
                            .hint("Write what it would make into the page, or make the view of A2UI and a tool."),
                    );
                }
                at = end;
            }
            "style" => {
                let end = closing(text, at, "</style");
                style(path, text, at..end, &mut files, out);
                at = end;
            }
            _ => {}
        }
        if files.len() + out.len() > MOST {
            break;
        }
    }
    files
}

/// Where the text of a script or style ends.
fn closing(text: &str, from: usize, tag: &str) -> usize {
    let mut at = from;
    while let Some(found) = text[at..].find("</") {
        at += found;
        if text.as_bytes()[at..].get(..tag.len()).is_some_and(|bytes| bytes.eq_ignore_ascii_case(tag.as_bytes())) {
            return at;
        }
        at += 2;
    }
    text.len()
}

/// An opening tag.
struct Tag {
    name: String,
    /// Names in lower case, and the places of their values.
    attributes: Vec<(String, Range<usize>)>,
    /// True when a `rel` makes a `link` load something.
    loads: bool,
    end: usize,
}

impl Tag {
    /// The tag that begins at `start`; `None` for what is none.
    fn read(text: &str, start: usize) -> Option<Self> {
        let bytes = text.as_bytes();
        if !bytes.get(start + 1)?.is_ascii_alphabetic() {
            return None;
        }
        let name = word(bytes, start + 1, b"/>");
        let mut at = name.end;
        let mut tag = Self { name: text[name].to_ascii_lowercase(), attributes: Vec::new(), loads: false, end: 0 };
        for _ in 0..MOST_ATTRIBUTES {
            at = behind_blanks(bytes, at, b"/");
            if *bytes.get(at)? == b'>' {
                tag.end = at + 1;
                return Some(tag);
            }
            let name = word(bytes, at, b"=/><");
            at = name.end.max(at + usize::from(name.is_empty()));
            let equals = behind_blanks(bytes, at, b"");
            if name.is_empty() || bytes.get(equals) != Some(&b'=') {
                continue;
            }
            let from = behind_blanks(bytes, equals + 1, b"");
            let quote = *bytes.get(from)?;
            let value = if matches!(quote, b'"' | b'\'') {
                from + 1..from + 1 + text[from + 1..].find(char::from(quote))?
            } else {
                word(bytes, from, b"><")
            };
            at = value.end + usize::from(matches!(quote, b'"' | b'\''));
            let name = text[name].to_ascii_lowercase();
            if name == "rel" {
                let rel = text[value.clone()].to_ascii_lowercase();
                tag.loads |= rel.split_whitespace().any(|word| matches!(word, "stylesheet" | "icon" | "preload" | "manifest"));
            }
            tag.attributes.push((name, value));
        }
        // No tag of anyone's.
        None
    }

    /// True for a script that holds data, and nothing to run.
    fn is_data(&self, text: &str) -> bool {
        let kind =
            self.attributes.iter().find(|(name, _)| name == "type").map(|(_, value)| text[value.clone()].to_ascii_lowercase());
        kind.is_some_and(|kind| {
            !kind.is_empty() && kind != "module" && !kind.contains("javascript") && !kind.contains("ecmascript")
        })
    }
}

/// The bytes from `at` to the next blank, or to one of `stop`.
fn word(bytes: &[u8], at: usize, stop: &[u8]) -> Range<usize> {
    let rest = bytes.get(at..).unwrap_or_default();
    let length = rest.iter().take_while(|byte| !byte.is_ascii_whitespace() && !stop.contains(byte)).count();
    at..at + length
}

/// Where something other than a blank, or one of `also`, stands.
fn behind_blanks(bytes: &[u8], at: usize, also: &[u8]) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| byte.is_ascii_whitespace() || also.contains(byte)).count()
}

/// What a style loads: `@import "…"` and `url(…)`.
fn style(path: &str, text: &str, span: Range<usize>, files: &mut Vec<(String, String, Range<usize>)>, out: &mut Vec<Diagnostic>) {
    let css = &text[span.clone()];
    for (mark, stop) in [("url(", ')'), ("@import \"", '"'), ("@import '", '\'')] {
        for (at, _) in css.match_indices(mark) {
            let from = at + mark.len();
            let rest = &css[from..css.floor_char_boundary(css.len().min(from + LONGEST))];
            // What does not end names nothing, and neither does anything behind it.
            let Some(length) = rest.find([stop, '\n']) else { break };
            let written = css[from..from + length].trim_matches([' ', '"', '\'']);
            let start = span.start + from + css[from..from + length].find(written).unwrap_or(0);
            resource(path, written, start..start + written.len(), files, out);
        }
    }
}

/// Something that the page loads: from the network, or from the pack.
fn resource(
    path: &str,
    written: &str,
    span: Range<usize>,
    files: &mut Vec<(String, String, Range<usize>)>,
    out: &mut Vec<Diagnostic>,
) {
    let lower = written.to_ascii_lowercase();
    if ["http:", "https:", "//", "ws:", "wss:", "ftp:"].iter().any(|scheme| lower.starts_with(scheme)) {
        let found = REMOTE_RESOURCE.at(path, span, format!("`{}` is loaded from the network", shown(written)));
        out.push(found.hint("Put a copy into `assets/`, and name that."));
        return;
    }
    let target = written.split(['?', '#']).next().unwrap_or_default();
    let other = target.is_empty() || target.starts_with('/') || target.contains([':', '{', '}']);
    if other || files.len() >= MOST {
        return;
    }
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            ".." if parts.pop().is_none() => return,
            "" | "." | ".." => {}
            part => parts.push(part),
        }
    }
    files.push((written.to_owned(), parts.join("/"), span));
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings;
    use crate::source::MemoryPack;

    fn told(text: &str) -> String {
        findings(&MemoryPack::new([
            ("pack.yaml", "name: n\ndescription: d\n"),
            ("views/a.html", text),
            ("assets/x.png", ""),
            ("views/a.css", ""),
        ]))
    }

    #[test]
    fn a_page_needs_nothing_from_outside() {
        insta::assert_snapshot!(told("<script src=\"//cdn.example.org/é.js\"></script>\n<LINK href='https://a.org/a.css' rel=StyleSheet>\n<img\n  src=gone.png>\n<style>@import \"http://a.org/b.css\"; p { background: url( 'no.png' ) }</style>\n<p style=\"background:url(https://a.org/p.png)\">\n"), @"
        Warning views/remote-resource views/a.html:1:14 <//cdn.example.org/é.js> `//cdn.example.org/é.js` is loaded from the network
          hint: Put a copy into `assets/`, and name that.
        Warning views/remote-resource views/a.html:2:13 <https://a.org/a.css> `https://a.org/a.css` is loaded from the network
          hint: Put a copy into `assets/`, and name that.
        Warning views/missing-file views/a.html:4:7 <gone.png> `gone.png` is not in the pack
          hint: A path is written from the view's own file.
        Warning views/remote-resource views/a.html:5:17 <http://a.org/b.css> `http://a.org/b.css` is loaded from the network
          hint: Put a copy into `assets/`, and name that.
        Warning views/missing-file views/a.html:5:60 <no.png> `no.png` is not in the pack
          hint: A path is written from the view's own file.
        Warning views/remote-resource views/a.html:6:26 <https://a.org/p.png> `https://a.org/p.png` is loaded from the network
          hint: Put a copy into `assets/`, and name that.
        ");
        assert_eq!(
            told(
                "<!-- <img src='https://a.org'> --><a href=\"https://a.org\">x</a> <img src=\"../assets/x.png?1\"><link rel=stylesheet href=a.css><link rel=canonical href=https://a.org><img src=\"data:image/png;base64,AA\"> 1 < 2 <"
            ),
            ""
        );
    }

    #[test]
    fn a_script_in_a_page_is_told() {
        insta::assert_snapshot!(told("<script type=module>\n  if (a < b) { document.write('<img src=\"https://a.org\">') }\n</SCRIPT>\n"), @"
        Info views/inline-script views/a.html:1:1 <<script type=module>> this view holds a script
          hint: Write what it would make into the page, or make the view of A2UI and a tool.
        ");
        assert_eq!(told("<script type=\"application/json\">{\"a\": 1}</script>"), "");
    }

    #[test]
    fn odd_pages_end() {
        for piece in ["<", "<a ", "<a b=\"", "<a =", "</", "<script>", "<style>url(", "<!--", "<é", "<img src=x>", "<a b=c/"] {
            let _ = told(&piece.repeat(20_000));
        }
    }
}
