//! Adaptive Cards: elements that hosts know, with what each needs.

use super::inner;
use crate::content::Kind;
use crate::diagnostic::{Diagnostic, Severity};
use crate::nearest::nearest;
use crate::rules::{Example, Rule};
use crate::text::shown;
use crate::yaml::{Node, Value};
use std::collections::HashMap;
use std::ops::Range;

pub static NOT_A_CARD: Rule = Rule {
    code: "cards/not-a-card",
    severity: Severity::Warning,
    summary: "A file in `assets/cards/` is no Adaptive Card.",
    why: "A host that is given it as a card shows nothing.",
    example: Example::file(
        "assets/cards/hello.json",
        "{\n  \"version\": \"1.5\",\n  \"body\": []\n}\n",
        "{\n  \"type\": \"AdaptiveCard\",\n  \"version\": \"1.5\",\n  \"body\": []\n}\n",
    ),
};

pub static NO_VERSION: Rule = Rule {
    code: "cards/no-version",
    severity: Severity::Warning,
    summary: "An Adaptive Card has no version, or one that there is not.",
    why: "A host decides by the version whether it can show a card; without one, it shows the fallback or refuses.",
    example: Example::file(
        "assets/cards/hello.json",
        "{\n  \"type\": \"AdaptiveCard\",\n  \"body\": []\n}\n",
        "{\n  \"type\": \"AdaptiveCard\",\n  \"version\": \"1.5\",\n  \"body\": []\n}\n",
    ),
};

pub static WRONG_SHAPE: Rule = Rule {
    code: "cards/wrong-shape",
    severity: Severity::Error,
    summary: "A part of an Adaptive Card is of another kind than its place wants.",
    why: "Hosts refuse the whole card, and people see an error in its place.",
    example: Example::file(
        "assets/cards/hello.json",
        "{\n  \"type\": \"AdaptiveCard\",\n  \"version\": \"1.5\",\n  \"body\": {\"type\": \"TextBlock\", \"text\": \"Hello\"}\n}\n",
        "{\n  \"type\": \"AdaptiveCard\",\n  \"version\": \"1.5\",\n  \"body\": [{\"type\": \"TextBlock\", \"text\": \"Hello\"}]\n}\n",
    ),
};

pub static UNKNOWN_ELEMENT: Rule = Rule {
    code: "cards/unknown-element",
    severity: Severity::Warning,
    summary: "An Adaptive Card has an element or action of a type that hosts do not know.",
    why: "A host leaves it out without a word, and what follows it may make no sense.",
    example: Example::file(
        "assets/cards/hello.json",
        "{\n  \"type\": \"AdaptiveCard\",\n  \"version\": \"1.5\",\n  \"body\": [{\"type\": \"TextBlok\", \"text\": \"Hello\"}]\n}\n",
        "{\n  \"type\": \"AdaptiveCard\",\n  \"version\": \"1.5\",\n  \"body\": [{\"type\": \"TextBlock\", \"text\": \"Hello\"}]\n}\n",
    ),
};

pub static MISSING_PROPERTY: Rule = Rule {
    code: "cards/missing-property",
    severity: Severity::Error,
    summary: "An element of an Adaptive Card lacks a property that it needs.",
    why: "Hosts refuse the card; of an input without `id`, the answer never arrives.",
    example: Example::file(
        "assets/cards/ask.json",
        "{\n  \"type\": \"AdaptiveCard\",\n  \"version\": \"1.5\",\n  \"body\": [{\"type\": \"Input.Text\", \"label\": \"Your name\"}]\n}\n",
        "{\n  \"type\": \"AdaptiveCard\",\n  \"version\": \"1.5\",\n  \"body\": [{\"type\": \"Input.Text\", \"id\": \"name\", \"label\": \"Your name\"}]\n}\n",
    ),
};

pub static DUPLICATE_ID: Rule = Rule {
    code: "cards/duplicate-id",
    severity: Severity::Error,
    summary: "Two elements of an Adaptive Card have the same id.",
    why: "Hosts refuse the card, or send the answer of one input as the other's.",
    example: Example::file(
        "assets/cards/ask.json",
        "{\n  \"type\": \"AdaptiveCard\",\n  \"version\": \"1.5\",\n  \"body\": [\n    {\"type\": \"Input.Date\", \"id\": \"day\"},\n    {\"type\": \"Input.Date\", \"id\": \"day\"}\n  ]\n}\n",
        "{\n  \"type\": \"AdaptiveCard\",\n  \"version\": \"1.5\",\n  \"body\": [\n    {\"type\": \"Input.Date\", \"id\": \"first_day\"},\n    {\"type\": \"Input.Date\", \"id\": \"last_day\"}\n  ]\n}\n",
    ),
};

pub static NEWER_ELEMENT: Rule = Rule {
    code: "cards/newer-element",
    severity: Severity::Warning,
    summary: "An Adaptive Card has an element that is newer than the version it says.",
    why: "A host of that version leaves the element out.",
    example: Example::file(
        "assets/cards/table.json",
        "{\n  \"type\": \"AdaptiveCard\",\n  \"version\": \"1.3\",\n  \"body\": [{\"type\": \"Table\", \"rows\": []}]\n}\n",
        "{\n  \"type\": \"AdaptiveCard\",\n  \"version\": \"1.5\",\n  \"body\": [{\"type\": \"Table\", \"rows\": []}]\n}\n",
    ),
};

/// An element or action: the minor version of 1.x that brought it, and what it needs.
struct Known {
    name: &'static str,
    since: u32,
    needs: &'static [&'static str],
}

const fn known(name: &'static str, since: u32, needs: &'static [&'static str]) -> Known {
    Known { name, since, needs }
}

/// The published schema's, up to 1.6; and those that one large host adds to 1.5, which need no more than their type here.
const KNOWN: &[Known] = &[
    known("AdaptiveCard", 0, &[]),
    known("TextBlock", 0, &["text"]),
    known("Image", 0, &["url"]),
    known("Container", 0, &["items"]),
    known("ColumnSet", 0, &[]),
    known("Column", 0, &[]),
    known("FactSet", 0, &["facts"]),
    known("ImageSet", 0, &["images"]),
    known("Media", 1, &["sources"]),
    known("ActionSet", 2, &["actions"]),
    known("RichTextBlock", 2, &["inlines"]),
    known("TextRun", 2, &["text"]),
    known("Table", 5, &[]),
    known("TableRow", 5, &[]),
    known("TableCell", 5, &[]),
    known("Input.Text", 0, &["id"]),
    known("Input.Number", 0, &["id"]),
    known("Input.Date", 0, &["id"]),
    known("Input.Time", 0, &["id"]),
    known("Input.Toggle", 0, &["id", "title"]),
    known("Input.ChoiceSet", 0, &["id"]),
    known("Input.Rating", 0, &["id"]),
    known("Action.OpenUrl", 0, &["url"]),
    known("Action.Submit", 0, &[]),
    known("Action.ShowCard", 0, &["card"]),
    known("Action.ToggleVisibility", 2, &["targetElements"]),
    known("Action.Execute", 4, &[]),
    known("Action.OpenUrlDialog", 0, &[]),
    known("Action.ResetInputs", 0, &[]),
    known("Accordion", 0, &[]),
    known("Badge", 0, &[]),
    known("Carousel", 0, &[]),
    known("CarouselPage", 0, &[]),
    known("CodeBlock", 0, &[]),
    known("CompoundButton", 0, &[]),
    known("Component", 0, &[]),
    known("Icon", 0, &[]),
    known("ProgressBar", 0, &[]),
    known("ProgressRing", 0, &[]),
    known("Rating", 0, &[]),
    known("TabSet", 0, &[]),
    known("TabPage", 0, &[]),
];

/// Properties that hold elements or actions: their name, and whether they hold a list.
const HOLDERS: &[(&str, bool)] = &[
    ("body", true),
    ("items", true),
    ("columns", true),
    ("actions", true),
    ("images", true),
    ("rows", true),
    ("cells", true),
    ("card", false),
    ("selectAction", false),
    ("inlineAction", false),
];

/// Checks a file that is, or should be, a card. The tree is of sound JSON.
pub(super) fn check(path: &str, text: &str, root: &Node, kind: Kind, out: &mut Vec<Diagnostic>) {
    if root.text_at("type") != Some("AdaptiveCard") {
        // A template fills its type in.
        if kind == Kind::Card && !root.text_at("type").is_some_and(is_filled_in) {
            let place = root.get("type").map_or(opening(root), |node| inner(node, text));
            out.push(
                NOT_A_CARD
                    .at(path, place, "this is no Adaptive Card")
                    .hint("A card is a mapping with `\"type\": \"AdaptiveCard\"`; other data belongs below `data/`."),
            );
        }
        return;
    }
    let version = check_version(path, text, root, out);
    let mut card = Card { path, text, version, ids: HashMap::new(), out };
    card.element(root);
}

/// The card's minor version.
fn check_version(path: &str, text: &str, root: &Node, out: &mut Vec<Diagnostic>) -> Option<u32> {
    let Some(node) = root.get("version") else {
        out.push(NO_VERSION.at(path, opening(root), "this card has no version").hint("Add `\"version\": \"1.5\"`."));
        return None;
    };
    let minor = node.as_text().and_then(|written| written.strip_prefix("1.")).and_then(|minor| minor.parse().ok());
    if minor.is_none_or(|minor: u32| minor > 6) && !node.as_text().is_some_and(is_filled_in) {
        let written = node.as_word().unwrap_or(node.kind());
        let found = NO_VERSION.at(path, inner(node, text), format!("`{}` is no version of Adaptive Cards", shown(written)));
        out.push(match node.value {
            Value::Number(_) => found.hint("Put it in quotes: `\"1.5\"`."),
            _ => found.hint("Versions are `1.0` to `1.6`."),
        });
    }
    minor
}

/// True for what a template fills in.
fn is_filled_in(text: &str) -> bool {
    text.contains("${") || text.contains("{{")
}

fn opening(node: &Node) -> Range<usize> {
    node.span.start..(node.span.start + 1).min(node.span.end)
}

struct Card<'a> {
    path: &'a str,
    text: &'a str,
    version: Option<u32>,
    /// Ids of elements, with how each was met first.
    ids: HashMap<&'a str, &'a str>,
    out: &'a mut Vec<Diagnostic>,
}

impl<'a> Card<'a> {
    /// An element, and all that it holds.
    fn element(&mut self, node: &'a Node) {
        let Value::Map(_) = node.value else {
            // Text is a piece of a `RichTextBlock`, or filled in.
            if node.as_text().is_none() {
                let message = format!("an element is wanted here, and this is {}", node.kind());
                self.out
                    .push(WRONG_SHAPE.at(self.path, node.span.clone(), message).hint("Write `{\"type\": \"TextBlock\", …}`."));
            }
            return;
        };
        self.check_type(node);
        self.check_id(node);
        for (name, list) in HOLDERS {
            let Some(held) = node.get(name) else { continue };
            match (&held.value, list) {
                (Value::List(items), true) => items.iter().for_each(|item| self.element(item)),
                (Value::Map(_), false) => self.element(held),
                // Filled in, or empty by intent.
                (Value::Text(_) | Value::Null, _) => {}
                // `rows` of a list, `columns` of a table: widths, which are no elements.
                _ => {
                    let wanted = if *list { "a list" } else { "a mapping" };
                    let message = format!("`{name}` wants {wanted}, and this is {}", held.kind());
                    self.out.push(WRONG_SHAPE.at(self.path, held.span.clone(), message).hint(if *list {
                        "Put it between `[` and `]`."
                    } else {
                        "One is wanted here, not several."
                    }));
                }
            }
        }
    }

    fn check_type(&mut self, node: &'a Node) {
        let Some(typed) = node.get("type") else { return };
        let Some(written) = typed.as_text() else {
            let message = format!("`type` wants text, and this is {}", typed.kind());
            self.out.push(WRONG_SHAPE.at(self.path, typed.span.clone(), message).hint("Name an element, as in `\"TextBlock\"`."));
            return;
        };
        let place = inner(typed, self.text);
        let Some(element) = KNOWN.iter().find(|element| element.name == written) else {
            // Charts and layouts are one host's own, and a fallback says what others show.
            let own = written.starts_with("Chart.") || written.starts_with("Layout.") || is_filled_in(written);
            if !own && node.get("fallback").is_none() {
                let found = UNKNOWN_ELEMENT.at(self.path, place, format!("`{}` is not an element or action", shown(written)));
                self.out.push(match nearest(written, KNOWN.iter().map(|element| element.name)) {
                    Some(near) => found.did_you_mean(near),
                    None => found.hint("Give it a `fallback` for hosts that do not know it."),
                });
            }
            return;
        };
        if self.version.is_some_and(|version| version < element.since) && node.get("fallback").is_none() {
            let message = format!("`{written}` came with 1.{}, and this card is 1.{}", element.since, self.version.unwrap_or(0));
            self.out.push(
                NEWER_ELEMENT
                    .at(self.path, place.clone(), message)
                    .hint(format!("Raise the card's `version` to `1.{}`, or give the element a `fallback`.", element.since)),
            );
        }
        for need in element.needs.iter().filter(|need| node.get(need).is_none()) {
            self.out.push(
                MISSING_PROPERTY
                    .at(self.path, place.clone(), format!("this `{written}` has no `{need}`"))
                    .hint(format!("Add `\"{need}\"`.")),
            );
        }
    }

    fn check_id(&mut self, node: &'a Node) {
        let Some(id) = node.get("id") else { return };
        let Some(written) = id.as_text().filter(|id| !is_filled_in(id)) else { return };
        let what = node.text_at("type").unwrap_or("element");
        if let Some(first) = self.ids.insert(written, what) {
            self.out.push(
                DUPLICATE_ID
                    .at(
                        self.path,
                        inner(id, self.text),
                        format!("`{}` is the id of another `{}` as well", shown(written), shown(first)),
                    )
                    .hint("Give each its own: answers are told apart by it."),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings;
    use crate::source::MemoryPack;

    fn told(path: &str, text: &str) -> String {
        findings(&MemoryPack::new([("pack.yaml", "name: n\ndescription: d\n"), (path, text)]))
    }

    fn card(body: &str) -> String {
        told("assets/cards/a.json", &format!("{{\"type\": \"AdaptiveCard\", \"version\": \"1.3\", \"body\": {body}}}"))
    }

    #[test]
    fn elements_are_known_and_whole() {
        insta::assert_snapshot!(card(r#"[{"type": "TextBlok", "text": "é"}, {"type": "Wobble"}, {"type": "TextBlock"}, {"type": 1}, 7]"#), @r#"
        Warning cards/unknown-element assets/cards/a.json:1:63 <TextBlok> `TextBlok` is not an element or action
          hint: Did you mean `TextBlock`?
          fix: Change to `TextBlock`
        Warning cards/unknown-element assets/cards/a.json:1:98 <Wobble> `Wobble` is not an element or action
          hint: Give it a `fallback` for hosts that do not know it.
        Error cards/missing-property assets/cards/a.json:1:118 <TextBlock> this `TextBlock` has no `text`
          hint: Add `"text"`.
        Error cards/wrong-shape assets/cards/a.json:1:140 <1> `type` wants text, and this is a number
          hint: Name an element, as in `"TextBlock"`.
        Error cards/wrong-shape assets/cards/a.json:1:144 <7> an element is wanted here, and this is a number
          hint: Write `{"type": "TextBlock", …}`.
        "#);
        insta::assert_snapshot!(card(r#"[{"type": "Container", "items": [{"type": "Table"}, {"type": "Image", "url": "x", "selectAction": []}]}]"#), @"
        Warning cards/newer-element assets/cards/a.json:1:95 <Table> `Table` came with 1.5, and this card is 1.3
          hint: Raise the card's `version` to `1.5`, or give the element a `fallback`.
        Error cards/wrong-shape assets/cards/a.json:1:150 <[]> `selectAction` wants a mapping, and this is a list
          hint: One is wanted here, not several.
        ");
        insta::assert_snapshot!(card(r#"[{"type": "Input.Text", "id": "a"}, {"type": "Input.Toggle", "id": "a"}]"#), @r#"
        Error cards/missing-property assets/cards/a.json:1:98 <Input.Toggle> this `Input.Toggle` has no `title`
          hint: Add `"title"`.
        Error cards/duplicate-id assets/cards/a.json:1:120 <a> `a` is the id of another `Input.Text` as well
          hint: Give each its own: answers are told apart by it.
        "#);
        insta::assert_snapshot!(card(r#"{"type": "TextBlock", "text": "x"}"#), @r#"
        Error cards/wrong-shape assets/cards/a.json:1:52 <{"type": "TextBlock", "text": "x"}> `body` wants a list, and this is a mapping
          hint: Put it between `[` and `]`.
        "#);
        assert_eq!(card(r#"[{"type": "Wobble", "fallback": "drop"}, {"type": "${kind}", "id": "${id}"}, "text"]"#), "");
    }

    #[test]
    fn a_card_is_one_and_has_a_version() {
        insta::assert_snapshot!(told("assets/cards/a.json", "[]"), @r#"
        Warning cards/not-a-card assets/cards/a.json:1:1 <[> this is no Adaptive Card
          hint: A card is a mapping with `"type": "AdaptiveCard"`; other data belongs below `data/`.
        "#);
        insta::assert_snapshot!(told("assets/cards/a.json", "{\"type\": \"AdaptiveCard\", \"version\": 1.5}"), @r#"
        Warning cards/no-version assets/cards/a.json:1:37 <1.5> `1.5` is no version of Adaptive Cards
          hint: Put it in quotes: `"1.5"`.
        "#);
        insta::assert_snapshot!(told("data/a.json", "{\"type\": \"AdaptiveCard\", \"version\": \"2.0\"}"), @"
        Warning cards/no-version data/a.json:1:38 <2.0> `2.0` is no version of Adaptive Cards
          hint: Versions are `1.0` to `1.6`.
        ");
        assert_eq!(told("data/a.json", "{\"type\": \"other\"}"), "");
        assert!(told("templates/a.json", "{\"type\": \"AdaptiveCard\"}").contains("cards/no-version"));
        assert_eq!(told("templates/a.json", "{\"type\": {{kind}}}"), "");
    }
}
