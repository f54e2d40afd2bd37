//! Lists of the manifest: that their entries have what they must have, and are told apart.

use super::super::{Example, Rule};
use super::is_pack_id;
use crate::check::Context;
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::MANIFEST;
use crate::nearest::{Guesses, Near, nearest};
use crate::rules::keys::is_half;
use crate::shape::{self, KeyInfo, Keys};
use crate::text::shown;
use crate::yaml::{Key, Node, Value};
use std::collections::HashMap;

pub static MISSING_KEY: Rule = Rule {
    code: "manifest/missing-key",
    severity: Severity::Error,
    summary: "An entry lacks a key that it must have.",
    why: "A platform that reads the manifest with types refuses the whole file; one without passes over the entry.",
    example: Example::manifest(
        "views:\n  - {title: My shelf, source: views/shelf.json}\n",
        "views:\n  - {id: shelf, title: My shelf, source: views/shelf.json}\n",
    )
    .beside(&[("views/shelf.json", "{}")]),
};

pub static DUPLICATE_ID: Rule = Rule {
    code: "manifest/duplicate-id",
    severity: Severity::Error,
    summary: "Two entries of a list have the same id.",
    why: "Others refer to an entry by its id; with two of it, which one they get is chance.",
    example: Example::manifest(
        "views:\n  - {id: shelf, source: views/shelf.json}\n  - {id: shelf, source: views/list.json}\n",
        "views:\n  - {id: shelf, source: views/shelf.json}\n  - {id: list, source: views/list.json}\n",
    )
    .beside(&[("views/shelf.json", "{}"), ("views/list.json", "{}")]),
};

pub static GREENTIC_KEY: Rule = Rule {
    code: "manifest/greentic-key",
    severity: Severity::Error,
    summary: "A manifest with a `pack_id` lacks `version`, `kind` or `publisher`.",
    why: "With a `pack_id` the manifest is Greentic's too, and its tools refuse one without these.",
    example: Example::manifest("pack_id: dev.acme.notes\n", "pack_id: dev.acme.notes\nkind: application\npublisher: acme\n"),
};

pub static EXTENSION_KIND: Rule = Rule {
    code: "manifest/extension-kind",
    severity: Severity::Error,
    summary: "An extension's `kind` is not its key.",
    why: "Greentic's tools want the key once more as `kind`, and refuse the manifest when the two differ.",
    example: Example::manifest(
        "extensions:\n  acme.notes.v1: {kind: acme.notes, version: 1.0.0}\n",
        "extensions:\n  acme.notes.v1: {kind: acme.notes.v1, version: 1.0.0}\n",
    ),
};

pub static DOUBLED_ASSETS: Rule = Rule {
    code: "manifest/doubled-assets",
    severity: Severity::Warning,
    summary: "An asset's path begins with `assets/`, which is put before it once more.",
    why: "In the archive the file then lies at `assets/assets/…`, where nobody looks for it. All of `assets/` goes along without being named.",
    example: Example::manifest("assets: [{path: assets/card.json}]\n", "assets: []\n").beside(&[("assets/card.json", "{}")]),
};

/// The lists, with the key by which others refer to their entries.
const LISTS: &[(&str, &str)] = &[
    ("views", "id"),
    ("workflows", "id"),
    ("triggers", "id"),
    ("components", "id"),
    ("flows", "id"),
    ("dependencies", "alias"),
    ("assets", "path"),
    ("credentials", "name"),
];

/// Checks them.
pub(super) fn check(root: &Node, ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (list, id) in LISTS {
        let items = root.get(list).map(Node::items).unwrap_or_default();
        let keys = shape::MANIFEST.below(Some(list)).and_then(|list| list.below(None)).and_then(shape::Shape::keys);
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for (number, item) in items.iter().enumerate() {
            if let Some(keys) = keys {
                check_keys(item, keys, None, out);
            }
            if let Some(node) = item.get(id)
                && let Some(written) = node.as_text()
                && let Some(first) = seen.insert(written, number)
                // Two credentials of a name are told with what uses them.
                && *list != "credentials"
            {
                let message = format!("`{}` is the `{id}` of entry {} of `{list}` as well", shown(written), first + 1);
                out.push(DUPLICATE_ID.at(MANIFEST, node.span.clone(), message).hint("Give each its own."));
            }
        }
    }
    check_extensions(root, &ctx.guesses, out);
    if !ctx.may_lack(&["version", "kind", "publisher"]) {
        check_greentic(root, out);
    }
    for asset in root.get("assets").map(Node::items).unwrap_or_default() {
        let Some(node) = asset.get("path") else { continue };
        if node.as_text().is_some_and(|path| path.trim_start_matches("./").starts_with("assets/")) {
            out.push(
                DOUBLED_ASSETS
                    .at(
                        MANIFEST,
                        node.span.clone(),
                        format!("`{}` becomes `assets/{0}`", shown(node.as_text().unwrap_or_default())),
                    )
                    .hint("Remove the entry: all that lies in `assets/` is part of the pack."),
            );
        }
    }
}

/// Every key that a mapping must have and has not. `head` is where to tell it, when the mapping's own first key is not the place.
fn check_keys(item: &Node, keys: &Keys, head: Option<&Key>, out: &mut Vec<Diagnostic>) {
    if !matches!(item.value, Value::Map(_)) {
        return;
    }
    let absent = |name: &str| item.get(name).is_none_or(|node| node.value == Value::Null);
    // A key with a slip of the finger is told as that, and is not missing too.
    let meant = |name: &str| {
        let unknown = item.entries().iter().map(|(key, _)| key.name.as_str()).filter(|key| keys.get(key).is_none());
        unknown.into_iter().any(|key| is_half(key, name) || nearest(key, [name]).is_some())
    };
    let missing: Vec<&KeyInfo> = keys.keys.iter().filter(|key| key.required && absent(key.name) && !meant(key.name)).collect();
    let Some(first) = missing.first() else { return };
    let place = item
        .key(first.name)
        .or(head)
        .or_else(|| item.entries().first().map(|(key, _)| key))
        .map_or(item.span.clone(), |key| key.span.clone());
    let names: Vec<String> = missing.iter().map(|key| format!("`{}`", key.name)).collect();
    let found = MISSING_KEY.at(MANIFEST, place, format!("{} needs {}", keys.of, together(&names)));
    out.push(match missing.as_slice() {
        [key] => {
            let about = key.about.trim().split(". ").next().unwrap_or_default().trim_end_matches('.');
            found.hint(format!("Add `{}:`. {about}.", key.name))
        }
        _ => found.hint("Add them."),
    });
}

/// Names as a sentence lists them: "`a`, `b` and `c`".
fn together(names: &[String]) -> String {
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

fn check_extensions(root: &Node, guesses: &Guesses, out: &mut Vec<Diagnostic>) {
    let keys = shape::MANIFEST.below(Some("extensions")).and_then(|all| all.below(Some("any"))).and_then(shape::Shape::keys);
    for (key, extension) in root.get("extensions").map(Node::entries).unwrap_or_default() {
        if let Some(keys) = keys {
            check_keys(extension, keys, Some(key), out);
        }
        let Some(node) = extension.get("kind") else { continue };
        let Some(written) = node.as_text() else { continue };
        if written == key.name {
            continue;
        }
        let message = format!("the extension's key is `{}`, and its `kind` is `{}`", shown(&key.name), shown(written));
        let found = EXTENSION_KIND.at(MANIFEST, node.span.clone(), message);
        let half = || key.name.starts_with(written).then(|| Near::from(&key.name));
        out.push(match guesses.nearest(written, [key.name.as_str()]).or_else(half) {
            Some(near) => found.did_you_mean(near),
            None => found.hint("Write the key once more."),
        });
    }
}

fn check_greentic(root: &Node, out: &mut Vec<Diagnostic>) {
    let Some(id) = root.text_at("pack_id") else { return };
    let missing: Vec<&str> = missing_for_greentic(root);
    // An id that is none is told first.
    if !is_pack_id(id) || missing.is_empty() {
        return;
    }
    let place = root.key("pack_id").map_or(0..0, |key| key.span.clone());
    let named = together(&missing.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>());
    let lines = missing.iter().map(|key| match *key {
        "version" => "`version: 0.1.0`",
        "kind" => "`kind: application`",
        _ => "`publisher:` and whose it is",
    });
    out.push(
        GREENTIC_KEY
            .at(MANIFEST, place, format!("with a `pack_id` the manifest needs {named}"))
            .hint(format!("Add {}.", lines.collect::<Vec<_>>().join(", "))),
    );
}

/// What Greentic's tools refuse a manifest without, and this one lacks.
pub(crate) fn missing_for_greentic(root: &Node) -> Vec<&'static str> {
    let absent = |key: &&str| root.get(key).is_none_or(|node| node.value == Value::Null);
    ["version", "kind", "publisher"].into_iter().filter(absent).collect()
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::{findings, manifest};
    use crate::source::MemoryPack;

    #[test]
    fn entries_have_what_they_must_have() {
        insta::assert_snapshot!(manifest("name: n\ndescription: d\nviews: [{title: t}, {id: , title: t}, {}]\ndependencies: [{alias: a}]\nassets: [{path: }]\ncredentials: [{kind: api_key}]\n"), @r#"
        Error manifest/missing-key pack.yaml:3:10 <title> a view needs `id`
          hint: Add `id:`. What it is called by.
        Error manifest/missing-key pack.yaml:3:22 <id> a view needs `id`
          hint: Add `id:`. What it is called by.
        Error manifest/missing-key pack.yaml:3:39 <{}> a view needs `id`
          hint: Add `id:`. What it is called by.
        Error manifest/missing-key pack.yaml:4:17 <alias> a dependency needs `pack_id` and `version_req`
          hint: Add them.
        Error manifest/missing-key pack.yaml:5:11 <path> an asset needs `path`
          hint: Add `path:`. Its path, from `assets/`.
        Error manifest/missing-key pack.yaml:6:16 <kind> a credential needs `name`
          hint: Add `name:`. What transforms call it by: `${secrets["name"]}`.
        "#);
        assert_eq!(manifest("name: n\ndescription: d\nviews: [{id: v}]\nworkflows: []\ntriggers:\n"), "");
    }

    #[test]
    fn a_component_has_what_greentic_wants() {
        let pack = |component: &str| {
            let text =
                format!("pack_id: a.b\nversion: 1.0.0\nkind: library\npublisher: a\ndescription: d\ncomponents: [{component}]\n");
            findings(&MemoryPack::new([("pack.yaml", text.as_str()), ("components/c.wasm", "")]))
        };
        insta::assert_snapshot!(pack("{id: c}"), @"
        Error manifest/missing-key pack.yaml:6:15 <id> a component needs `version`, `world`, `wasm`, `profiles` and `capabilities`
          hint: Add them.
        ");
        insta::assert_snapshot!(pack("{id: c, version: 1.0.0, world: 'a:b/c@1.0.0', profiles: {}, capabilities: {}, wasm: components/d.wasm}"), @"
        Error manifest/missing-file pack.yaml:6:98 <components/d.wasm> `components/d.wasm` does not exist
          hint: Did you mean `components/c.wasm`?
          guess: Change to `components/c.wasm`
        ");
        assert_eq!(
            pack("{id: c, version: 1.0.0, world: 'a:b/c@1.0.0', profiles: {}, capabilities: {}, wasm: components/c.wasm}"),
            ""
        );
    }

    #[test]
    fn ids_are_told_apart() {
        insta::assert_snapshot!(manifest("name: n\ndescription: d\nviews: [{id: a}, {id: b}, {id: a}]\nworkflows: [{id: a}, {id: a}]\ndependencies: [{alias: x, pack_id: a, version_req: '1'}, {alias: x, pack_id: b, version_req: '1'}]\n"), @"
        Error manifest/duplicate-id pack.yaml:3:32 <a> `a` is the `id` of entry 1 of `views` as well
          hint: Give each its own.
        Error manifest/duplicate-id pack.yaml:4:27 <a> `a` is the `id` of entry 1 of `workflows` as well
          hint: Give each its own.
        Error manifest/duplicate-id pack.yaml:5:66 <x> `x` is the `alias` of entry 1 of `dependencies` as well
          hint: Give each its own.
        ");
    }

    #[test]
    fn a_pack_id_wants_company() {
        insta::assert_snapshot!(manifest("pack_id: dev.acme.notes\ndescription: d\nkind:\n"), @"
        Error manifest/greentic-key pack.yaml:1:1 <pack_id> with a `pack_id` the manifest needs `version`, `kind` and `publisher`
          hint: Add `version: 0.1.0`, `kind: application`, `publisher:` and whose it is.
        ");
        insta::assert_snapshot!(manifest("pack_id: dev.acme.notes\ndescription: d\nkind: library\nversion: 1.0.0\n"), @"
        Error manifest/greentic-key pack.yaml:1:1 <pack_id> with a `pack_id` the manifest needs `publisher`
          hint: Add `publisher:` and whose it is.
        ");
    }

    #[test]
    fn extensions_say_their_key_once_more() {
        insta::assert_snapshot!(manifest("name: n\ndescription: d\nextensions:\n  acme.notes.v1: {kind: acme.nots.v1, version: 1.0.0}\n  other.v1: {kind: something.else, version: 1.0.0}\n  bare.v1: {inline: {}}\n  empty.v1: {}\n"), @"
        Error manifest/extension-kind pack.yaml:4:25 <acme.nots.v1> the extension's key is `acme.notes.v1`, and its `kind` is `acme.nots.v1`
          hint: Did you mean `acme.notes.v1`?
          fix: Change to `acme.notes.v1`
        Error manifest/extension-kind pack.yaml:5:20 <something.else> the extension's key is `other.v1`, and its `kind` is `something.else`
          hint: Write the key once more.
        Error manifest/missing-key pack.yaml:6:3 <bare.v1> an extension needs `kind` and `version`
          hint: Add them.
        Error manifest/missing-key pack.yaml:7:3 <empty.v1> an extension needs `kind` and `version`
          hint: Add them.
        ");
        assert_eq!(
            manifest(
                "name: n\ndescription: d\nextensions:\n  acme.notes.v1: {kind: acme.notes.v1, version: 1.0.0, inline: {}}\n"
            ),
            ""
        );
    }

    #[test]
    fn assets_are_not_doubled() {
        insta::assert_snapshot!(manifest("name: n\ndescription: d\nassets: [{path: assets/a.json}, {path: ./assets/b.json}, {path: c.json}]\n"), @"
        Warning manifest/doubled-assets pack.yaml:3:17 <assets/a.json> `assets/a.json` becomes `assets/assets/a.json`
          hint: Remove the entry: all that lies in `assets/` is part of the pack.
        Warning manifest/doubled-assets pack.yaml:3:40 <./assets/b.json> `./assets/b.json` becomes `assets/./assets/b.json`
          hint: Remove the entry: all that lies in `assets/` is part of the pack.
        ");
    }

    #[test]
    fn a_thousand_entries_are_compared_soon() {
        let views: Vec<String> = (0..2000).map(|number| format!("{{id: v{number}}}")).collect();
        assert_eq!(manifest(&format!("name: n\ndescription: d\nviews: [{}]\n", views.join(", "))), "");
    }
}
