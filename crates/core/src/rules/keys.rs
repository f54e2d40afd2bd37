//! Keys that the format does not have, and values of the wrong kind: found with the table in [`crate::shape`].

use super::{Example, Rule, capabilities};
use crate::check::Context;
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::MANIFEST;
use crate::nearest::{Guesses, Near};
use crate::shape::{self, Keys, Shape};
use crate::text::shown;
use crate::yaml::{Key, Node, Value};
use std::collections::HashSet;

/// A key at the top, or below it anywhere but in a tool.
pub static UNKNOWN_KEY: Rule = Rule {
    code: "manifest/unknown-key",
    severity: Severity::Warning,
    summary: "The manifest has a key that the format does not know.",
    why: "Platforms pass over keys they do not know, so a misspelled one looks as if it were there and does nothing.",
    example: Example::manifest("catagory: tools\n", "category: tools\n"),
};

/// The same in a tool, where it costs more.
pub static TOOL_UNKNOWN_KEY: Rule = Rule {
    code: "tools/unknown-key",
    severity: Severity::Warning,
    summary: "A tool has a key that the format does not know.",
    why: "A tool whose limit or annotation is misspelled runs without it, and nobody is told.",
    example: Example::manifest(
        "tools:\n  - name: search_books\n    limit: {timeout_ms: 2000}\n",
        "tools:\n  - name: search_books\n    limits: {timeout_ms: 2000}\n",
    ),
};

/// A list where text belongs, and the like.
pub static WRONG_TYPE: Rule = Rule {
    code: "manifest/wrong-type",
    severity: Severity::Error,
    summary: "A value is of another kind than the format wants.",
    why: "A platform that reads the manifest with types refuses the whole file; one without reads something else than was meant.",
    example: Example::manifest("tools: search_books\n", "tools:\n  - name: search_books\n"),
};

/// Compares a manifest with the format's table.
pub fn check(root: &Node, ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    compare(root, &shape::MANIFEST, "the manifest", &UNKNOWN_KEY, ctx, out);
}

fn compare(node: &Node, shape: &Shape, what: &str, rule: &'static Rule, ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    match (shape, &node.value) {
        // An empty value is a key still being written; rules that need it say so.
        (Shape::Any, _)
        | (_, Value::Null)
        | (Shape::Text, Value::Text(_))
        | (Shape::Word, Value::Text(_) | Value::Number(_))
        | (Shape::Number, Value::Number(_))
        | (Shape::Bool, Value::Bool(_)) => {}
        (Shape::List(item), Value::List(items)) => {
            for node in items {
                match (item, &node.value) {
                    // What it is compared with is in the name: other lists can have an item of the same text.
                    (Shape::Map(keys), Value::Map(_)) => ctx.of_item((keys.of, 0), &node.span, out, |out| {
                        compare(node, item, what, rule, ctx, out);
                        true
                    }),
                    _ => compare(node, item, what, rule, ctx, out),
                }
            }
        }
        (Shape::Table(value), Value::Map(entries)) => {
            entries.iter().for_each(|(key, node)| compare(node, value, &named(key), rule, ctx, out));
        }
        (Shape::Map(keys), Value::Map(entries)) => {
            let rule = match keys.of {
                // All that stands in a tool is the tool's.
                "a tool" => &TOOL_UNKNOWN_KEY,
                // What is not known there is not passed over: it makes the engine refuse.
                "an allow rule" => &capabilities::UNKNOWN_CONDITION,
                "a transform" => &capabilities::UNKNOWN_CHANGE,
                "an authorization" => &UNKNOWN_KEY,
                _ => rule,
            };
            let present: HashSet<&str> = entries.iter().map(|(key, _)| key.name.as_str()).collect();
            for (key, node) in entries {
                match keys.get(&key.name) {
                    Some(shape) => compare(node, shape, &named(key), rule, ctx, out),
                    // The home of anchors: nothing reads it by its name.
                    None if key.name.starts_with("x-") && keys.of == "the manifest" => {}
                    None => out.push(unknown_key(key, keys, rule, &present, &ctx.guesses)),
                }
            }
        }
        (Shape::Either(one, _), value) if same_kind(one, value) => compare(node, one, what, rule, ctx, out),
        (Shape::Either(_, other), value) if same_kind(other, value) => compare(node, other, what, rule, ctx, out),
        _ => out.push(wrong_type(node, shape, what)),
    }
}

fn same_kind(shape: &Shape, value: &Value) -> bool {
    matches!(
        (shape, value),
        (Shape::Text | Shape::Word, Value::Text(_))
            | (Shape::Word, Value::Number(_))
            | (Shape::List(_), Value::List(_))
            | (Shape::Map(_) | Shape::Table(_), Value::Map(_))
    )
}

fn named(key: &Key) -> String {
    format!("`{}`", shown(&key.name))
}

fn unknown_key(key: &Key, keys: &Keys, rule: &Rule, present: &HashSet<&str>, guesses: &Guesses) -> Diagnostic {
    let found = rule.at(MANIFEST, key.span.clone(), format!("{} is not a key of {}", named(key), keys.of));
    let found = match rule.code {
        code if code == capabilities::UNKNOWN_CONDITION.code => found.hint("The rule allows nothing as long as it stands here."),
        code if code == capabilities::UNKNOWN_CHANGE.code => found.hint("No request is sent as long as it stands here."),
        _ => found,
    };
    // A key that is there already is not what the author meant.
    let free = || keys.names().filter(|name| !present.contains(name));
    // Half a key's name, when it is the half of one key alone: `version` of `version_req`.
    let half = |name: &&str| is_half(&key.name, name);
    let mut wholes = free().filter(half);
    let whole = wholes.next().filter(|_| wholes.next().is_none());
    match guesses.nearest(&key.name, free()).or(whole.map(Near::from)) {
        Some(near) => found.did_you_mean(near),
        None if keys.of == "the manifest" && OF_THE_CATALOGUE.contains(&key.name.as_str()) => {
            found.hint("Remove it: it belongs to the pack's row in the catalogue, and whoever keeps that writes it there.")
        }
        None => found.hint("Remove it, or move what it says to a key that platforms read."),
    }
}

/// True for the first half of a key's name: `version` of `version_req`.
pub(super) fn is_half(half: &str, name: &str) -> bool {
    name.strip_prefix(half).is_some_and(|rest| rest.starts_with('_'))
}

/// What the catalogue knows of a pack, and the pack does not say of itself.
const OF_THE_CATALOGUE: &[&str] = &["tier", "visibility", "origin", "owner", "owners"];

fn wrong_type(node: &Node, shape: &Shape, what: &str) -> Diagnostic {
    let wanted = shape.wanted();
    let found = WRONG_TYPE.at(MANIFEST, node.span.clone(), format!("{what} wants {wanted}, and this is {}", node.kind()));
    match (shape, &node.value) {
        (Shape::Text, Value::Number(_) | Value::Bool(_)) => found.hint("Put it in quotes."),
        (Shape::List(_), Value::Text(_) | Value::Map(_)) => {
            found.hint("Write each item on a line of its own that begins with `- `.")
        }
        (Shape::Number, Value::Text(text)) => found.hint(if text.trim().parse::<f64>().is_ok() {
            "Write it without quotes."
        } else {
            "Write digits alone, as in `5000`: the key's name says what they count."
        }),
        (Shape::Bool, Value::Text(word)) => found.hint(match word.to_lowercase().as_str() {
            "yes" | "on" | "y" | "true" => "Write `true`, without quotes.",
            "no" | "off" | "n" | "false" => "Write `false`, without quotes.",
            _ => "Write `true` or `false`.",
        }),
        (Shape::Map(_) | Shape::Table(_), Value::List(_)) => found.hint("Write keys and values, without `- ` before them."),
        (Shape::Map(keys), _) => match keys.keys.first() {
            Some(key) => found.hint(format!("Write keys below it, as in `{}: …`.", key.name)),
            None => found.hint("Write keys and values below it."),
        },
        (_, Value::List(_) | Value::Map(_)) => found.hint(format!("Write {wanted} behind the colon.")),
        _ => found.hint(format!("Write {wanted}.")),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::{manifest, mended};

    #[test]
    fn an_unknown_key_is_found_wherever_it_stands() {
        insta::assert_snapshot!(manifest(
            "name: notes\ndescription: Keeps notes.\ncatagory: tools\ntools:\n  - name: add\n    description: Adds a note and returns its number.\n    input: {type: object}\n    handler: {path: handlers/add.ts, xport: add}\n    limit: {timeout_ms: 5}\n    zzzz: 1\n    output: {type: object}\n"
        ), @"
        Warning manifest/unknown-key pack.yaml:3:1 <catagory> `catagory` is not a key of the manifest
          hint: Did you mean `category`?
          fix: Change to `category`
        Error manifest/missing-file pack.yaml:8:21 <handlers/add.ts> `handlers/add.ts` does not exist
          hint: Create the file, or write the path of one that is there.
        Warning tools/unknown-key pack.yaml:8:38 <xport> `xport` is not a key of a handler
          hint: Did you mean `export`?
          fix: Change to `export`
        Warning tools/unknown-key pack.yaml:9:5 <limit> `limit` is not a key of a tool
          hint: Did you mean `limits`?
          fix: Change to `limits`
        Warning tools/unknown-key pack.yaml:10:5 <zzzz> `zzzz` is not a key of a tool
          hint: Remove it, or move what it says to a key that platforms read.
        ");
    }

    #[test]
    fn half_a_key_is_taken_for_the_whole() {
        insta::assert_snapshot!(manifest("name: n\ndescription: d\ndependencies: [{alias: a, pack_id: b.c, version: '1', required_capabilities: []}]\n"), @"
        Warning manifest/unknown-key pack.yaml:3:41 <version> `version` is not a key of a dependency
          hint: Did you mean `version_req`?
          guess: Change to `version_req`
        ");
    }

    #[test]
    fn what_the_catalogue_knows_is_no_key() {
        insta::assert_snapshot!(manifest("name: n\ndescription: d\ntier: gold\n"), @"
        Warning manifest/unknown-key pack.yaml:3:1 <tier> `tier` is not a key of the manifest
          hint: Remove it: it belongs to the pack's row in the catalogue, and whoever keeps that writes it there.
        ");
        assert!(manifest("name: n\ndescription: d\nstorage: {owner: a}\n").contains("move what it says"));
    }

    #[test]
    fn words_are_text() {
        insta::assert_snapshot!(manifest("name: n\ndescription: d\ndisplay_name: [a]\n"), @"
        Error manifest/wrong-type pack.yaml:3:15 <[a]> `display_name` wants text, and this is a list
          hint: Write text behind the colon.
        ");
    }

    #[test]
    fn the_nearest_key_mends_it() {
        let (text, after) = mended("name: notes\ndescription: Keeps notes. # why\ncatagory: tools # kept\n");
        assert_eq!(text, "name: notes\ndescription: Keeps notes. # why\ncategory: tools # kept\n");
        assert_eq!(after, "");
    }

    #[test]
    fn keys_that_begin_with_x_are_the_author_s_own_at_the_top_alone() {
        assert_eq!(manifest("name: n\ndescription: d\nx-base: &base [1]\nx-use: *base\n"), "");
        assert!(manifest("name: n\ndescription: d\nstorage: {x-base: 1}\n").contains("`x-base` is not a key of the storage"));
    }

    #[test]
    fn keys_of_other_systems_are_theirs() {
        let found = manifest(
            "pack_id: dev.acme.notes\nversion: 1.0.0\nkind: application\npublisher: acme\ndescription: Keeps notes.\ncomponents: []\nflows: []\nagents: {a: {b: 1}}\ntargets: {greentic: {anything: 1}}\n",
        );
        assert_eq!(found, "");
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_found() {
        insta::assert_snapshot!(manifest("name: notes\ndescription: [a, b]\ntools: search\nlicense: 1\nstorage: x\ncredentials: [{name: a, kind: api_key, required: yes}]\nsuggested_packs: {a: 1}\n"), @r#"
        Error manifest/wrong-type pack.yaml:2:14 <[a, b]> `description` wants text, and this is a list
          hint: Write text behind the colon.
        Error manifest/wrong-type pack.yaml:3:8 <search> `tools` wants a list, each item a tool, and this is text
          hint: Write each item on a line of its own that begins with `- `.
        Error manifest/wrong-type pack.yaml:4:10 <1> `license` wants text, and this is a number
          hint: Put it in quotes.
        Error manifest/wrong-type pack.yaml:5:10 <x> `storage` wants a mapping (the storage), and this is text
          hint: Write keys below it, as in `migrations: …`.
        Warning boundary/unused-credential pack.yaml:6:22 <a> nothing uses `a`
          hint: Let a transform put it in, as in `auth: {bearer: '${secrets["a"]}'}`, or remove it.
        Error manifest/wrong-type pack.yaml:6:50 <yes> `required` wants true or false, and this is text
          hint: Write `true`, without quotes.
        Error manifest/wrong-type pack.yaml:7:18 <{a: 1}> `suggested_packs` wants text or a list of words, and this is a mapping
          hint: Write text or a list of words behind the colon.
        "#);
    }

    #[test]
    fn an_empty_value_is_no_wrong_kind() {
        assert_eq!(manifest("name: notes\ndescription: Keeps notes.\ntools:\nlicense:\n"), "");
    }
}
