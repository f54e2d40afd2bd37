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

pub static MISPLACED: Rule = Rule {
    code: "cards/misplaced",
    severity: Severity::Error,
    summary: "An action stands among the elements of an Adaptive Card, or an element among its actions.",
    why: "Hosts refuse the card, or leave the part out without a word.",
    example: Example::file(
        "assets/cards/hello.json",
        "{\n  \"type\": \"AdaptiveCard\",\n  \"version\": \"1.5\",\n  \"body\": [{\"type\": \"Action.Submit\", \"title\": \"Send\"}]\n}\n",
        "{\n  \"type\": \"AdaptiveCard\",\n  \"version\": \"1.5\",\n  \"actions\": [{\"type\": \"Action.Submit\", \"title\": \"Send\"}]\n}\n",
    ),
};

pub static UNKNOWN_PROPERTY: Rule = Rule {
    code: "cards/unknown-property",
    severity: Severity::Warning,
    summary: "A property of an Adaptive Card is nearly one that hosts know.",
    why: "Hosts pass over properties that they do not know: a misspelt one looks as if it were there and does nothing.",
    example: Example::file(
        "assets/cards/hello.json",
        "{\n  \"type\": \"AdaptiveCard\",\n  \"version\": \"1.5\",\n  \"body\": [{\"type\": \"TextBlock\", \"text\": \"Hello\", \"wieght\": \"bolder\"}]\n}\n",
        "{\n  \"type\": \"AdaptiveCard\",\n  \"version\": \"1.5\",\n  \"body\": [{\"type\": \"TextBlock\", \"text\": \"Hello\", \"weight\": \"bolder\"}]\n}\n",
    ),
};

pub static UNKNOWN_TARGET: Rule = Rule {
    code: "cards/unknown-target",
    severity: Severity::Warning,
    summary: "An action shows or hides an element that the card does not have.",
    why: "Whoever presses the button sees nothing happen.",
    example: Example::file(
        "assets/cards/more.json",
        "{\n  \"type\": \"AdaptiveCard\",\n  \"version\": \"1.5\",\n  \"body\": [{\"type\": \"TextBlock\", \"id\": \"more\", \"text\": \"More\"}],\n  \"actions\": [{\"type\": \"Action.ToggleVisibility\", \"targetElements\": [\"moer\"]}]\n}\n",
        "{\n  \"type\": \"AdaptiveCard\",\n  \"version\": \"1.5\",\n  \"body\": [{\"type\": \"TextBlock\", \"id\": \"more\", \"text\": \"More\"}],\n  \"actions\": [{\"type\": \"Action.ToggleVisibility\", \"targetElements\": [\"more\"]}]\n}\n",
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

/// Elements whose `items` are elements.
const BOXES: &[&str] = &["Container", "Column", "TableCell"];

/// Properties that are true or false.
const TRUTHS: &[&str] = &[
    "wrap",
    "isSubtle",
    "isMultiline",
    "isMultiSelect",
    "isRequired",
    "isVisible",
    "isEnabled",
    "separator",
    "bleed",
    "rtl",
    "firstRowAsHeader",
    "firstRowAsHeaders",
    "showGridLines",
    "italic",
    "strikethrough",
    "highlight",
    "underline",
];

/// Other properties of the published schema.
const PROPERTIES: &[&str] = &[
    "type",
    "id",
    "version",
    "body",
    "actions",
    "items",
    "columns",
    "rows",
    "cells",
    "images",
    "facts",
    "choices",
    "inlines",
    "sources",
    "card",
    "text",
    "title",
    "value",
    "label",
    "placeholder",
    "errorMessage",
    "altText",
    "color",
    "fontType",
    "horizontalAlignment",
    "verticalContentAlignment",
    "horizontalCellContentAlignment",
    "verticalCellContentAlignment",
    "maxLines",
    "maxLength",
    "size",
    "weight",
    "style",
    "spacing",
    "height",
    "width",
    "minHeight",
    "backgroundImage",
    "backgroundColor",
    "selectAction",
    "inlineAction",
    "fallback",
    "fallbackText",
    "requires",
    "speak",
    "lang",
    "schema",
    "refresh",
    "authentication",
    "metadata",
    "url",
    "iconUrl",
    "tooltip",
    "mode",
    "data",
    "verb",
    "associatedInputs",
    "targetElements",
    "elementId",
    "imageSize",
    "poster",
    "mimeType",
    "regex",
    "min",
    "max",
    "valueOn",
    "valueOff",
    "gridStyle",
    "captionSources",
    "choices.data",
    "msteams",
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
    check_targets(path, text, root, out);
}

/// Targets of actions that show and hide, compared with every id there is.
fn check_targets(path: &str, text: &str, root: &Node, out: &mut Vec<Diagnostic>) {
    let (mut ids, mut targets): (Vec<&str>, Vec<&Node>) = (Vec::new(), Vec::new());
    root.walk(&mut |node| {
        ids.extend(node.text_at("id"));
        let named = node.get("targetElements").map(Node::items).unwrap_or_default();
        targets.extend(named.iter().filter_map(|target| match target.value {
            Value::Map(_) => target.get("elementId"),
            _ => Some(target),
        }));
    });
    // What is filled in may be any of them.
    if ids.iter().any(|id| is_filled_in(id)) {
        return;
    }
    for target in targets {
        let Some(written) = target.as_text().filter(|written| !is_filled_in(written) && !ids.contains(written)) else { continue };
        let message = format!("this card has no element with the id `{}`", shown(written));
        let found = UNKNOWN_TARGET.at(path, inner(target, text), message);
        out.push(match nearest(written, ids.iter().take(200).copied()) {
            Some(near) => found.did_you_mean(near),
            None => found.hint("Give the element that is meant this `id`."),
        });
    }
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
        self.check_properties(node);
        self.check_places(node);
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

    /// Properties of an element that hosts know: their names and kinds.
    fn check_properties(&mut self, node: &'a Node) {
        if !node.text_at("type").is_some_and(|written| KNOWN.iter().any(|element| element.name == written)) {
            return;
        }
        for (key, value) in node.entries() {
            let name = key.name.as_str();
            if TRUTHS.contains(&name) {
                let truth = match &value.value {
                    Value::Bool(_) | Value::Null => true,
                    Value::Text(text) => is_filled_in(text),
                    _ => false,
                };
                if !truth {
                    let message = format!("`{name}` is true or false, and this is {}", value.kind());
                    let found = WRONG_SHAPE.at(self.path, value.span.clone(), message);
                    self.out.push(found.hint("Write `true` or `false`, without quotes."));
                }
            } else if !PROPERTIES.contains(&name)
                && !name.starts_with(['$', '_'])
                && let Some(near) =
                    nearest(name, TRUTHS.iter().chain(PROPERTIES).copied().filter(|known| node.get(known).is_none()))
                && name.len() > 3
            {
                let message = format!("`{}` is no property that hosts know", shown(name));
                // The key's own quotes stay.
                let place = key.span.clone();
                let quoted = self.text.get(place.clone()).is_some_and(|text| text.len() > 2 && text.starts_with('"'));
                let place = if quoted { place.start + 1..place.end - 1 } else { place };
                self.out.push(UNKNOWN_PROPERTY.at(self.path, place, message).did_you_mean(near));
            }
        }
        for choice in node.get("choices").map(Node::items).unwrap_or_default() {
            // A list that a template repeats is filled in as a whole.
            for need in ["title", "value"].iter().filter(|_| matches!(choice.value, Value::Map(_))) {
                if choice.get(need).is_none() && choice.text_at("$data").is_none() {
                    self.out.push(
                        MISSING_PROPERTY
                            .at(self.path, opening(choice), format!("this choice has no `{need}`"))
                            .hint(format!("Add `\"{need}\"`: people see the title, and the value is what is sent.")),
                    );
                }
            }
        }
    }

    /// What stands among elements is an element, and what stands among actions an action.
    fn check_places(&mut self, node: &'a Node) {
        let of = node.text_at("type").unwrap_or_default();
        for (name, actions) in [("body", false), ("items", false), ("actions", true)] {
            if name == "items" && !BOXES.contains(&of) {
                continue;
            }
            for item in node.get(name).map(Node::items).unwrap_or_default() {
                if !matches!(item.value, Value::Map(_)) {
                    continue;
                }
                let Some(typed) = item.get("type") else {
                    let what = if actions { "action" } else { "element" };
                    let example = if actions { "Action.Submit" } else { "TextBlock" };
                    self.out.push(
                        MISSING_PROPERTY
                            .at(self.path, opening(item), format!("this {what} has no `type`"))
                            .hint(format!("Say what it is, as in `\"type\": \"{example}\"`.")),
                    );
                    continue;
                };
                let Some(written) = typed.as_text().filter(|written| KNOWN.iter().any(|known| known.name == *written)) else {
                    continue;
                };
                if written.starts_with("Action.") != actions {
                    let (message, hint) = if actions {
                        ("is an element, and stands among actions", "Put it into `body`.")
                    } else {
                        ("is an action, and stands among elements", "Put it into `actions`, or into an `ActionSet`.")
                    };
                    self.out.push(
                        MISPLACED.at(self.path, inner(typed, self.text), format!("`{}` {message}", shown(written))).hint(hint),
                    );
                }
            }
        }
    }

    fn check_id(&mut self, node: &'a Node) {
        // Of the alternatives of a template one is shown.
        let Some(id) = node.get("id").filter(|_| node.get("$when").is_none()) else { return };
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
    fn parts_stand_where_they_belong() {
        insta::assert_snapshot!(card(r#"[{"text": "x"}, {"type": "Action.Submit"}, {"type": "Container", "items": [{"text": "y"}]}, {"type": "ActionSet", "actions": [{"type": "TextBlock", "text": "z"}, {"title": "a"}]}]"#), @r#"
        Error cards/missing-property assets/cards/a.json:1:53 <{> this element has no `type`
          hint: Say what it is, as in `"type": "TextBlock"`.
        Error cards/misplaced assets/cards/a.json:1:78 <Action.Submit> `Action.Submit` is an action, and stands among elements
          hint: Put it into `actions`, or into an `ActionSet`.
        Error cards/missing-property assets/cards/a.json:1:127 <{> this element has no `type`
          hint: Say what it is, as in `"type": "TextBlock"`.
        Error cards/misplaced assets/cards/a.json:1:188 <TextBlock> `TextBlock` is an element, and stands among actions
          hint: Put it into `body`.
        Error cards/missing-property assets/cards/a.json:1:214 <{> this action has no `type`
          hint: Say what it is, as in `"type": "Action.Submit"`.
        "#);
        assert_eq!(
            card(
                r#"[{"type": "ColumnSet", "columns": [{"width": "auto", "items": [{"type": "Image", "url": "x"}]}]}, {"type": "ImageSet", "images": [{"url": "x"}]}, {"type": "FactSet", "facts": [{"title": "a", "value": "b"}]}]"#
            ),
            ""
        );
    }

    #[test]
    fn properties_are_known_and_of_their_kind() {
        insta::assert_snapshot!(card(r#"[{"type": "TextBlock", "text": "x", "wrap": "yes", "wieght": "bolder", "isSubtle": 1}, {"type": "Input.ChoiceSet", "id": "c", "choices": [{"title": "A"}, {"title": "B", "value": "b"}]}]"#), @r#"
        Error cards/wrong-shape assets/cards/a.json:1:96 <"yes"> `wrap` is true or false, and this is text
          hint: Write `true` or `false`, without quotes.
        Warning cards/unknown-property assets/cards/a.json:1:104 <wieght> `wieght` is no property that hosts know
          hint: Did you mean `weight`?
          fix: Change to `weight`
        Error cards/wrong-shape assets/cards/a.json:1:135 <1> `isSubtle` is true or false, and this is a number
          hint: Write `true` or `false`, without quotes.
        Error cards/missing-property assets/cards/a.json:1:190 <{> this choice has no `value`
          hint: Add `"value"`: people see the title, and the value is what is sent.
        "#);
        assert_eq!(
            card(
                r#"[{"type": "TextBlock", "text": "x", "wrap": "${wide}", "$when": "${a}", "acme.extra": 1, "targetWidth": "wide", "$data": "${b}"}, {"type": "Input.ChoiceSet", "id": "c", "choices": [{"$data": "${all}", "title": "${t}", "value": "${v}"}]}, {"type": "Badge", "icn": "x"}]"#
            ),
            ""
        );
    }

    #[test]
    fn what_is_shown_and_hidden_is_there() {
        insta::assert_snapshot!(card(r#"[{"type": "TextBlock", "id": "more", "text": "x", "selectAction": {"type": "Action.ToggleVisibility", "targetElements": ["moer", {"elementId": "gone"}, "more", "${x}"]}}]"#), @"
        Warning cards/unknown-target assets/cards/a.json:1:174 <moer> this card has no element with the id `moer`
          hint: Did you mean `more`?
          fix: Change to `more`
        Warning cards/unknown-target assets/cards/a.json:1:196 <gone> this card has no element with the id `gone`
          hint: Give the element that is meant this `id`.
        ");
        assert_eq!(
            card(
                r#"[{"type": "TextBlock", "id": "${id}", "text": "x", "selectAction": {"type": "Action.ToggleVisibility", "targetElements": ["a"]}}]"#
            ),
            ""
        );
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
