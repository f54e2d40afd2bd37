//! Views: pages of A2UI, and static HTML.
//!
//! A2UI is told in messages; a view is what they build up: a flat list of components that name each other. Versions 0.8 and 0.9 to 1.0 write
//! them differently, and both are read here. HTML is in `html`.

mod html;

use super::data::{inner, read_json};
use super::{Example, Rule};
use crate::check::Whole;
use crate::content::{Facts, Kind};
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::MANIFEST;
use crate::nearest::{Guesses, Near, nearest};
use crate::text::shown;
use crate::yaml::{Node, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;

pub static NOT_JSON: Rule = Rule {
    code: "views/not-json",
    severity: Severity::Error,
    summary: "A view's file is not JSON.",
    why: "The platform shows an error in the view's place.",
    example: view(
        "{\"components\": [{\"id\": \"root\", \"component\": \"Text\", \"text\": \"Shelf\"},]}\n",
        "{\"components\": [{\"id\": \"root\", \"component\": \"Text\", \"text\": \"Shelf\"}]}\n",
    ),
};

pub static NOT_A_VIEW: Rule = Rule {
    code: "views/not-a-view",
    severity: Severity::Warning,
    summary: "A view's file holds neither messages of A2UI nor components.",
    why: "There is nothing in it to be shown.",
    example: view(
        "{\"title\": \"Shelf\"}\n",
        "{\"components\": [{\"id\": \"root\", \"component\": \"Text\", \"text\": \"Shelf\"}]}\n",
    ),
};

pub static WRONG_SHAPE: Rule = Rule {
    code: "views/wrong-shape",
    severity: Severity::Error,
    summary: "A part of a view is of another kind than its place wants.",
    why: "Renderers check each message and refuse it whole.",
    example: view(
        "{\"components\": [{\"component\": \"Text\", \"text\": \"Shelf\"}]}\n",
        "{\"components\": [{\"id\": \"root\", \"component\": \"Text\", \"text\": \"Shelf\"}]}\n",
    ),
};

pub static NO_ROOT: Rule = Rule {
    code: "views/no-root",
    severity: Severity::Error,
    summary: "A view has no component to begin with.",
    why: "Renderers begin at the component called `root`, or at the one that `beginRendering` names; without it they show nothing.",
    example: view(
        "{\"components\": [{\"id\": \"main\", \"component\": \"Text\", \"text\": \"Shelf\"}]}\n",
        "{\"components\": [{\"id\": \"root\", \"component\": \"Text\", \"text\": \"Shelf\"}]}\n",
    ),
};

pub static DUPLICATE_ID: Rule = Rule {
    code: "views/duplicate-id",
    severity: Severity::Error,
    summary: "Two components of one message have the same id.",
    why: "The second takes the place of the first, which is never shown.",
    example: view(
        "{\"components\": [\n  {\"id\": \"root\", \"component\": \"Column\", \"children\": [\"line\"]},\n  {\"id\": \"line\", \"component\": \"Text\", \"text\": \"Dune\"},\n  {\"id\": \"line\", \"component\": \"Text\", \"text\": \"Emma\"}\n]}\n",
        "{\"components\": [\n  {\"id\": \"root\", \"component\": \"Column\", \"children\": [\"first\", \"second\"]},\n  {\"id\": \"first\", \"component\": \"Text\", \"text\": \"Dune\"},\n  {\"id\": \"second\", \"component\": \"Text\", \"text\": \"Emma\"}\n]}\n",
    ),
};

pub static UNKNOWN_CHILD: Rule = Rule {
    code: "views/unknown-child",
    severity: Severity::Error,
    summary: "A component holds another that there is not.",
    why: "Renderers wait for it, or leave an empty place.",
    example: view(
        "{\"components\": [\n  {\"id\": \"root\", \"component\": \"Card\", \"child\": \"titel\"},\n  {\"id\": \"title\", \"component\": \"Text\", \"text\": \"Shelf\"}\n]}\n",
        "{\"components\": [\n  {\"id\": \"root\", \"component\": \"Card\", \"child\": \"title\"},\n  {\"id\": \"title\", \"component\": \"Text\", \"text\": \"Shelf\"}\n]}\n",
    ),
};

pub static CIRCLE: Rule = Rule {
    code: "views/circle",
    severity: Severity::Error,
    summary: "A component holds itself, at once or by way of others.",
    why: "A renderer builds it without end, until it runs out of memory or gives up.",
    example: view(
        "{\"components\": [\n  {\"id\": \"root\", \"component\": \"Column\", \"children\": [\"box\"]},\n  {\"id\": \"box\", \"component\": \"Card\", \"child\": \"root\"}\n]}\n",
        "{\"components\": [\n  {\"id\": \"root\", \"component\": \"Column\", \"children\": [\"box\"]},\n  {\"id\": \"box\", \"component\": \"Card\", \"child\": \"line\"},\n  {\"id\": \"line\", \"component\": \"Text\", \"text\": \"Dune\"}\n]}\n",
    ),
};

pub static UNUSED: Rule = Rule {
    code: "views/unused",
    severity: Severity::Warning,
    summary: "A component is held by no other.",
    why: "It is never shown: most likely it was to be a child of something.",
    example: view(
        "{\"components\": [\n  {\"id\": \"root\", \"component\": \"Column\", \"children\": [\"first\"]},\n  {\"id\": \"first\", \"component\": \"Text\", \"text\": \"Dune\"},\n  {\"id\": \"second\", \"component\": \"Text\", \"text\": \"Emma\"}\n]}\n",
        "{\"components\": [\n  {\"id\": \"root\", \"component\": \"Column\", \"children\": [\"first\", \"second\"]},\n  {\"id\": \"first\", \"component\": \"Text\", \"text\": \"Dune\"},\n  {\"id\": \"second\", \"component\": \"Text\", \"text\": \"Emma\"}\n]}\n",
    ),
};

pub static UNKNOWN_COMPONENT: Rule = Rule {
    code: "views/unknown-component",
    severity: Severity::Warning,
    summary: "A component is nearly of a type that A2UI has, and of none.",
    why: "Renderers know the types of their catalogue; of another they show nothing, or an error.",
    example: view(
        "{\"components\": [{\"id\": \"root\", \"component\": \"Txet\", \"text\": \"Shelf\"}]}\n",
        "{\"components\": [{\"id\": \"root\", \"component\": \"Text\", \"text\": \"Shelf\"}]}\n",
    ),
};

pub static OTHER_ENDING: Rule = Rule {
    code: "views/other-ending",
    severity: Severity::Warning,
    summary: "A view's source is neither a JSON nor an HTML file.",
    why: "A view is a page of A2UI or static HTML; platforms do not know what to do with another file.",
    example: Example::manifest(
        "views:\n  - {id: shelf, title: My shelf, source: views/shelf.md}\n",
        "views:\n  - {id: shelf, title: My shelf, source: views/shelf.html}\n",
    )
    .beside(&[("views/shelf.md", "# My shelf\n"), ("views/shelf.html", "<h1>My shelf</h1>\n")]),
};

const fn view(before: &'static str, after: &'static str) -> Example {
    Example::file("views/shelf.json", before, after)
}

/// The family's rules.
pub static RULES: &[&Rule] = &[
    &NOT_JSON,
    &NOT_A_VIEW,
    &WRONG_SHAPE,
    &NO_ROOT,
    &DUPLICATE_ID,
    &UNKNOWN_CHILD,
    &CIRCLE,
    &UNUSED,
    &UNKNOWN_COMPONENT,
    &html::REMOTE_RESOURCE,
    &html::INLINE_SCRIPT,
    &html::MISSING_FILE,
    &OTHER_ENDING,
];

/// Messages of A2UI: `beginRendering` and `surfaceUpdate` are of 0.8, the others of 0.9 and later.
const MESSAGES: &[&str] = &[
    "createSurface",
    "updateComponents",
    "updateDataModel",
    "deleteSurface",
    "callRendererFunction",
    "callFunction",
    "agentFunctionResponse",
    "beginRendering",
    "surfaceUpdate",
    "dataModelUpdate",
];

/// Components of the basic catalogue, in both ways that versions spell them.
const COMPONENTS: &[&str] = &[
    "Text",
    "Image",
    "Icon",
    "Video",
    "AudioPlayer",
    "Row",
    "Column",
    "List",
    "Card",
    "Tabs",
    "Modal",
    "Divider",
    "Button",
    "TextField",
    "CheckBox",
    "ChoicePicker",
    "MultipleChoice",
    "Slider",
    "DateTimeInput",
];

/// Properties by which a component holds others.
const HOLDERS: &[&str] = &["child", "children", "trigger", "content", "entryPointChild", "contentChild", "tabs", "tabItems"];

/// What such a file says that others count on.
#[derive(Debug, Default)]
pub struct ViewFacts {
    /// Files that a page of HTML names, as it writes them, with the paths that they mean.
    files: Vec<(String, String, Range<usize>)>,
}

/// Checks one file by itself.
pub fn check_file(path: &str, text: &str, _kind: Kind, out: &mut Vec<Diagnostic>) -> Facts {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "json" => {
            if let Some(root) = read_json(path, text, &NOT_JSON, out) {
                check_a2ui(path, text, &root, out);
            }
            Facts::View(ViewFacts::default())
        }
        "html" | "htm" => Facts::View(ViewFacts { files: html::check(path, text, out) }),
        _ => Facts::Nothing,
    }
}

/// A component as it is written.
struct Component<'a> {
    id: &'a str,
    /// The id's value.
    place: &'a Node,
    /// The mapping that holds its properties, and the type, with its place.
    body: &'a Node,
    kind: Option<(&'a str, Range<usize>)>,
}

/// What messages build up for one surface.
#[derive(Default)]
struct Surface<'a> {
    components: Vec<Component<'a>>,
    /// What `beginRendering` names.
    root: Option<&'a Node>,
    /// True when a catalogue of another's is in use.
    own_catalogue: bool,
}

fn check_a2ui(path: &str, text: &str, root: &Node, out: &mut Vec<Diagnostic>) {
    // A list of messages, one message, a sample with its messages, or what a surface holds and nothing around it.
    let messages: Vec<&Node> = match &root.value {
        Value::List(items) => items.iter().collect(),
        _ => match root.get("messages") {
            Some(messages) => messages.items().iter().collect(),
            None => vec![root],
        },
    };
    let mut surfaces: BTreeMap<&str, Surface<'_>> = BTreeMap::new();
    let mut known = false;
    for message in messages {
        for name in MESSAGES {
            let Some(body) = message.get(name) else { continue };
            known = true;
            let surface = surfaces.entry(body.text_at("surfaceId").unwrap_or_default()).or_default();
            surface.read(path, text, body, out);
            surface.root = surface.root.or(body.get("root").filter(|_| *name == "beginRendering"));
        }
        if message.get("components").is_some() {
            known = true;
            surfaces.entry("").or_default().read(path, text, message, out);
            surfaces.entry("").and_modify(|surface| surface.root = surface.root.or(message.get("root")));
        }
    }
    if !known {
        out.push(
            NOT_A_VIEW
                .at(path, root.span.start..(root.span.start + 1).min(root.span.end), "this holds nothing that A2UI shows")
                .hint("A view holds messages such as `createSurface` and `updateComponents`, or a list of `components`."),
        );
        return;
    }
    surfaces.values().filter(|surface| !surface.components.is_empty()).for_each(|surface| surface.check(path, text, out));
}

impl<'a> Surface<'a> {
    /// Takes in the components of a message.
    fn read(&mut self, path: &str, text: &str, body: &'a Node, out: &mut Vec<Diagnostic>) {
        let basic = |id: &str| id.contains("basic") || id.contains("standard");
        self.own_catalogue |= body.text_at("catalogId").is_some_and(|id| !basic(id));
        let Some(components) = body.get("components") else { return };
        let Value::List(items) = &components.value else {
            let message = format!("`components` wants a list, and this is {}", components.kind());
            out.push(WRONG_SHAPE.at(path, components.span.clone(), message).hint("Put the components between `[` and `]`."));
            return;
        };
        let mut ids: HashSet<&str> = HashSet::new();
        for item in items {
            let Some(id) = item.get("id") else {
                let (place, message) = match item.value {
                    Value::Map(_) => (item.span.start..item.span.start + 1, "this component has no `id`".to_owned()),
                    _ => (item.span.clone(), format!("a component is wanted here, and this is {}", item.kind())),
                };
                out.push(WRONG_SHAPE.at(path, place, message).hint("Write `{\"id\": \"title\", \"component\": \"Text\", …}`."));
                continue;
            };
            let Some(name) = id.as_text() else {
                let message = format!("an `id` is text, and this is {}", id.kind());
                out.push(WRONG_SHAPE.at(path, id.span.clone(), message).hint("Put it in quotes."));
                continue;
            };
            if !ids.insert(name) {
                out.push(
                    DUPLICATE_ID
                        .at(path, inner(id, text), format!("`{}` is the id of another component as well", shown(name)))
                        .hint("Give each its own, and name both where they are to be shown."),
                );
            }
            let (body, kind) = match item.get("component") {
                // 0.8: `"component": {"Text": {…}}`
                Some(node) if matches!(node.value, Value::Map(_)) => match node.entries().first() {
                    Some((key, body)) => (body, Some((key.name.as_str(), key.span.start + 1..key.span.end.saturating_sub(1)))),
                    None => (node, None),
                },
                Some(node) => (item, node.as_text().map(|kind| (kind, inner(node, text)))),
                None => {
                    let message = format!("`{}` does not say what it is", shown(name));
                    out.push(
                        WRONG_SHAPE.at(path, inner(id, text), message).hint("Add `\"component\": \"Text\"`, or another type."),
                    );
                    (item, None)
                }
            };
            self.components.push(Component { id: name, place: id, body, kind });
        }
    }

    fn check(&self, path: &str, text: &str, out: &mut Vec<Diagnostic>) {
        // A later message may give a component again; the last one counts.
        let by_id: HashMap<&str, usize> =
            self.components.iter().enumerate().map(|(number, component)| (component.id, number)).collect();
        let guesses = Guesses::full();
        let ids = || self.components.iter().map(|component| component.id);
        let root = match self.root {
            Some(node) => node.as_text(),
            None => Some("root"),
        };
        let start = root.and_then(|root| by_id.get(root)).copied();
        if start.is_none() {
            let first = &self.components[0];
            let place = self.root.map_or_else(|| inner(first.place, text), |node| inner(node, text));
            let found = NO_ROOT.at(path, place, format!("there is no component `{}`", shown(root.unwrap_or_default())));
            out.push(match self.root {
                Some(_) => found.hint("Name the component that holds all others."),
                None => found.hint("Call the component that holds all others `root`."),
            });
        }
        let mut held: Vec<Vec<usize>> = Vec::with_capacity(self.components.len());
        let mut meant: HashSet<&str> = HashSet::new();
        let sorted: BTreeSet<&str> = ids().collect();
        for component in &self.components {
            if let Some((kind, place)) = &component.kind
                && !self.own_catalogue
                && !COMPONENTS.contains(kind)
                && let Some(near) = nearest(kind, COMPONENTS.iter().copied())
            {
                out.push(
                    UNKNOWN_COMPONENT
                        .at(path, place.clone(), format!("`{}` is not a component of A2UI", shown(kind)))
                        .did_you_mean(near),
                );
            }
            let mut children = Vec::new();
            HOLDERS.iter().filter_map(|name| component.body.get(name)).for_each(|node| names(node, &mut children));
            let mut numbers = Vec::new();
            for child in children {
                let Some(name) = child.as_text() else { continue };
                if let Some(number) = by_id.get(name) {
                    numbers.push(*number);
                    continue;
                }
                let found = UNKNOWN_CHILD.at(path, inner(child, text), format!("there is no component `{}`", shown(name)));
                // Not what would hold itself then: the component, and the one that holds all others.
                let free = ids().filter(|id| *id != component.id && Some(*id) != root);
                // `foot` of `footer`: half a name, when it is the half of one alone.
                let mut wholes = sorted.range(name..).take_while(|id| name.len() > 2 && id.starts_with(name));
                let whole =
                    wholes.next().copied().filter(|id| *id != component.id && Some(*id) != root && wholes.next().is_none());
                out.push(match guesses.nearest(name, free).or(whole.map(Near::from)) {
                    Some(near) => {
                        meant.insert(near.word);
                        found.did_you_mean(near)
                    }
                    None => found.hint("Add it to `components`, or take it out here."),
                });
            }
            held.push(numbers);
        }
        self.check_circles(path, text, &by_id, &held, out);
        if let Some(start) = start {
            // What was meant by a name that is told already is held as soon as that is mended.
            let meant = meant.into_iter().filter_map(|name| by_id.get(name).copied());
            self.check_unused(path, text, [start].into_iter().chain(meant), &by_id, &held, out);
        }
    }

    /// Components that hold themselves, each circle once.
    fn check_circles(
        &self,
        path: &str,
        text: &str,
        by_id: &HashMap<&str, usize>,
        held: &[Vec<usize>],
        out: &mut Vec<Diagnostic>,
    ) {
        // 0: not met, 1: being looked at, 2: done. With a stack of our own: a chain may be as long as the file.
        let mut state = vec![0u8; held.len()];
        for start in 0..held.len() {
            let mut stack: Vec<(usize, usize)> = vec![(start, 0)];
            while let Some((number, next)) = stack.last_mut() {
                let number = *number;
                if *next == 0 {
                    if state[number] != 0 || by_id.get(self.components[number].id) != Some(&number) {
                        stack.pop();
                        continue;
                    }
                    state[number] = 1;
                }
                let Some(child) = held[number].get(*next).copied() else {
                    state[number] = 2;
                    stack.pop();
                    continue;
                };
                *next += 1;
                match state[child] {
                    0 => stack.push((child, 0)),
                    1 => {
                        let component = &self.components[child];
                        let by = self.components[number].id;
                        let message = if number == child {
                            format!("`{}` holds itself", shown(component.id))
                        } else {
                            format!("`{}` holds itself, by way of `{}`", shown(component.id), shown(by))
                        };
                        out.push(CIRCLE.at(path, inner(component.place, text), message).hint(format!(
                            "Take `{}` out of `{}`.",
                            shown(component.id),
                            shown(by)
                        )));
                    }
                    _ => {}
                }
                // So that a component without children is not taken for one not begun.
                if held[number].is_empty() {
                    state[number] = 2;
                    stack.pop();
                }
            }
        }
    }

    /// Components that nothing leads to. What names an id anywhere may hold it: catalogues have properties of their own.
    fn check_unused(
        &self,
        path: &str,
        text: &str,
        starts: impl Iterator<Item = usize>,
        by_id: &HashMap<&str, usize>,
        held: &[Vec<usize>],
        out: &mut Vec<Diagnostic>,
    ) {
        let mut seen = vec![false; held.len()];
        let mut next: Vec<usize> = starts.collect();
        while let Some(number) = next.pop() {
            if std::mem::replace(&mut seen[number], true) {
                continue;
            }
            next.extend(&held[number]);
            self.components[number].body.walk(&mut |node| next.extend(node.as_text().and_then(|name| by_id.get(name))));
        }
        for (number, component) in self.components.iter().enumerate() {
            if !seen[number] && by_id.get(component.id) == Some(&number) {
                out.push(
                    UNUSED
                        .at(path, inner(component.place, text), format!("nothing holds `{}`", shown(component.id)))
                        .hint("Name it among the children of another, or remove it."),
                );
            }
        }
    }
}

/// The ids that a property names: one, a list, a template, tabs, or 0.8's lists within a mapping.
fn names<'a>(node: &'a Node, out: &mut Vec<&'a Node>) {
    match &node.value {
        Value::Text(_) => out.push(node),
        Value::List(items) => {
            for item in items {
                match &item.value {
                    Value::Text(_) => out.push(item),
                    _ => out.extend(item.get("child")),
                }
            }
        }
        Value::Map(_) => {
            out.extend(node.get("componentId"));
            out.extend(node.get("explicitList").map(Node::items).unwrap_or_default());
            out.extend(node.get("template").and_then(|template| template.get("componentId")));
        }
        _ => {}
    }
}

/// Checks what only the whole pack can tell.
pub fn check(pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    for (path, content) in pack.contents {
        let Facts::View(facts) = &content.facts else { continue };
        for (written, target, span) in &facts.files {
            if pack.ctx.entry(target).is_none() {
                out.push(
                    html::MISSING_FILE
                        .at(path, span.clone(), format!("`{}` is not in the pack", shown(written)))
                        .hint("A path is written from the view's own file."),
                );
            }
        }
    }
    for view in pack.manifest.views.iter().flat_map(|views| &views.value) {
        let Some(source) = &view.source else { continue };
        let ending = source.value.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
        // Without a file there is another finding.
        let there =
            super::manifest::inside(&source.value).and_then(|path| pack.ctx.entry(&path)).is_some_and(|entry| entry.is_file());
        if there && !matches!(ending.as_str(), "json" | "html" | "htm") {
            out.push(
                OTHER_ENDING
                    .at(MANIFEST, source.span.clone(), format!("`{}` is neither JSON nor HTML", shown(&source.value)))
                    .hint("Write the view as A2UI, in a `.json` file, or as static HTML."),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings;
    use crate::source::MemoryPack;

    fn told(text: &str) -> String {
        findings(&MemoryPack::new([("pack.yaml", "name: n\ndescription: d\n"), ("views/a.json", text)]))
    }

    #[test]
    fn a_view_is_messages_or_components() {
        insta::assert_snapshot!(told("{\"a\": }"), @"
        Error views/not-json views/a.json:1:6 <> this is not JSON: a value is wanted behind this colon
          hint: Look at the commas, quotes and brackets here and just before.
        ");
        insta::assert_snapshot!(told("[1, {\"title\": \"é\"}]"), @"
        Warning views/not-a-view views/a.json:1:1 <[> this holds nothing that A2UI shows
          hint: A view holds messages such as `createSurface` and `updateComponents`, or a list of `components`.
        ");
        insta::assert_snapshot!(told("{\"components\": {}}"), @"
        Error views/wrong-shape views/a.json:1:16 <{}> `components` wants a list, and this is a mapping
          hint: Put the components between `[` and `]`.
        ");
        insta::assert_snapshot!(told("{\"components\": [7, {\"component\": \"Text\"}, {\"id\": 1}, {\"id\": \"root\"}]}"), @r#"
        Error views/wrong-shape views/a.json:1:17 <7> a component is wanted here, and this is a number
          hint: Write `{"id": "title", "component": "Text", …}`.
        Error views/wrong-shape views/a.json:1:20 <{> this component has no `id`
          hint: Write `{"id": "title", "component": "Text", …}`.
        Error views/wrong-shape views/a.json:1:50 <1> an `id` is text, and this is a number
          hint: Put it in quotes.
        Error views/wrong-shape views/a.json:1:62 <root> `root` does not say what it is
          hint: Add `"component": "Text"`, or another type.
        "#);
        assert_eq!(told("[{\"version\": \"v1.0\", \"deleteSurface\": {\"surfaceId\": \"a\"}}]"), "");
    }

    #[test]
    fn a_slip_in_a_child_s_name_is_one_fault() {
        // `root` is nearer to `foot`, and cannot hold itself; `footer` is held as soon as its name is mended.
        insta::assert_snapshot!(told(
            r#"{"components": [{"id": "root", "component": "Column", "children": ["foot"]}, {"id": "footer", "component": "Text", "text": "x"}]}"#
        ), @"
        Error views/unknown-child views/a.json:1:69 <foot> there is no component `foot`
          hint: Did you mean `footer`?
          guess: Change to `footer`
        ");
    }

    #[test]
    fn components_are_there_once_and_shown() {
        insta::assert_snapshot!(told(r#"{"components": [
            {"id": "root", "component": "Colunm", "children": ["a", "bb", "é"]},
            {"id": "a", "component": "Card", "child": "list"},
            {"id": "b", "component": "Text", "text": "b"},
            {"id": "list", "component": "List", "children": {"componentId": "row", "path": "/items"}},
            {"id": "a", "component": "Chart", "data": "list"},
            {"id": "left", "component": "Text", "text": "x"}
        ]}"#), @"
        Warning views/unknown-component views/a.json:2:42 <Colunm> `Colunm` is not a component of A2UI
          hint: Did you mean `Column`?
          fix: Change to `Column`
        Error views/unknown-child views/a.json:2:70 <bb> there is no component `bb`
          hint: Did you mean `b`?
          guess: Change to `b`
        Error views/unknown-child views/a.json:2:76 <é> there is no component `é`
          hint: Did you mean `a`?
          guess: Change to `a`
        Error views/unknown-child views/a.json:5:78 <row> there is no component `row`
          hint: Add it to `components`, or take it out here.
        Error views/duplicate-id views/a.json:6:21 <a> `a` is the id of another component as well
          hint: Give each its own, and name both where they are to be shown.
        Warning views/unused views/a.json:7:21 <left> nothing holds `left`
          hint: Name it among the children of another, or remove it.
        ");
    }

    #[test]
    fn a_circle_is_told_once() {
        insta::assert_snapshot!(told(r#"{"components": [
            {"id": "root", "component": "Column", "children": ["a"]},
            {"id": "a", "component": "Card", "child": "b"},
            {"id": "b", "component": "Tabs", "tabs": [{"title": "t", "child": "a"}, {"title": "u", "child": "b"}]}
        ]}"#), @"
        Error views/circle views/a.json:3:21 <a> `a` holds itself, by way of `b`
          hint: Take `a` out of `b`.
        Error views/circle views/a.json:4:21 <b> `b` holds itself
          hint: Take `b` out of `b`.
        ");
        let chain: Vec<String> =
            (0..4000).map(|n| format!(r#"{{"id": "n{n}", "component": "Card", "child": "n{}"}}"#, n + 1)).collect();
        let text = format!(
            r#"{{"components": [{}, {{"id": "n4000", "component": "Text"}}, {{"id": "root", "component": "Card", "child": "n0"}}]}}"#,
            chain.join(",")
        );
        assert_eq!(told(&text), "");
    }

    #[test]
    fn messages_of_both_generations_are_read() {
        let new = r#"{"name": "x", "messages": [
            {"version": "v1.0", "createSurface": {"surfaceId": "s", "catalogId": "https://a2ui.org/specification/v1_0/catalogs/basic/catalog.json"}},
            {"version": "v1.0", "updateComponents": {"surfaceId": "s", "components": [{"id": "root", "component": "Card", "child": "x"}]}},
            {"version": "v1.0", "updateComponents": {"surfaceId": "s", "components": [{"id": "x", "component": "Text", "text": "1"}]}},
            {"version": "v1.0", "updateComponents": {"surfaceId": "s", "components": [{"id": "x", "component": "Text", "text": "2"}]}}
        ]}"#;
        assert_eq!(told(new), "");
        let old = r#"[
            {"surfaceUpdate": {"surfaceId": "s", "components": [
                {"id": "top", "component": {"Column": {"children": {"explicitList": ["t", "u"]}}}},
                {"id": "t", "component": {"Text": {"text": {"literalString": "x"}}}}
            ]}},
            {"beginRendering": {"surfaceId": "s", "root": "ROOT"}}
        ]"#;
        insta::assert_snapshot!(told(old), @"
        Error views/unknown-child views/a.json:3:92 <u> there is no component `u`
          hint: Did you mean `t`?
          guess: Change to `t`
        Error views/no-root views/a.json:6:60 <ROOT> there is no component `ROOT`
          hint: Name the component that holds all others.
        ");
        assert_eq!(told(&old.replace("ROOT", "top").replace(r#", "u""#, "")), "");
    }

    #[test]
    fn a_source_is_json_or_html() {
        let pack = |source: &str| {
            let manifest = format!("name: n\ndescription: d\nviews: [{{id: a, title: A, source: {source}}}]\n");
            findings(&MemoryPack::new([("pack.yaml", manifest.as_str()), ("views/a.md", "# A\n"), ("views/a.html", "<p>A</p>")]))
        };
        insta::assert_snapshot!(pack("views/a.md"), @"
        Warning views/other-ending pack.yaml:3:35 <views/a.md> `views/a.md` is neither JSON nor HTML
          hint: Write the view as A2UI, in a `.json` file, or as static HTML.
        ");
        assert_eq!(pack("views/a.html"), "");
    }
}
