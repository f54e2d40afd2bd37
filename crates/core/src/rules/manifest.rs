//! The manifest's own fields: that it can be read, names itself, and points at files that are there.

mod entries;
mod paths;
mod triggers;
mod words;

pub(crate) use entries::missing_for_greentic;
pub(crate) use paths::inside;
pub use paths::{MISSING_FILE, PATH_OUTSIDE};

use super::{Example, Rule, contracts};
use crate::artifact::{MOVING_TAGS, is_release_tag, is_repository_part, is_tag};
use crate::check::Context;
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::folder::MANIFEST;
use crate::nearest::{Near, nearest};
use crate::shape::{CATEGORIES, KINDS};
use crate::text::shown;
use crate::yaml::{Key, Node, SyntaxError, Value};

pub static SYNTAX: Rule = Rule {
    code: "yaml/syntax",
    severity: Severity::Error,
    summary: "The manifest is not YAML.",
    why: "No platform reads such a file. Here the rest is checked as far as it can be told what it says, and what stands in the faulty part is not.",
    example: Example::manifest("license: MIT\n  category: tools\n", "license: MIT\ncategory: tools\n"),
};

pub static DUPLICATE_KEY: Rule = Rule {
    code: "yaml/duplicate-key",
    severity: Severity::Error,
    summary: "A key stands twice in one mapping.",
    why: "One reader takes the first, another the last, a third refuses the file: the pack means three things.",
    example: Example::manifest("license: MIT\nlicense: Apache-2.0\n", "license: Apache-2.0\n"),
};

pub static TOO_LARGE: Rule = Rule {
    code: "manifest/too-large",
    severity: Severity::Error,
    summary: "The manifest has more than 2,000 keys or items in a list, 10,000 items in all, or more than 4 MB.",
    why: "What stands behind that place is not checked, and no platform or model can do anything with so much.",
    example: Example::Told {
        before: "A manifest with 100,000 tools.",
        after: "Several packs, each with the tools that belong together.",
    },
};

pub static NOT_A_MAPPING: Rule = Rule {
    code: "manifest/not-a-mapping",
    severity: Severity::Error,
    summary: "The manifest is not a mapping of keys to values.",
    why: "A manifest says `name: …`, `version: …` and so on; a list or a bare word has no keys to look up.",
    example: Example::Told {
        before: "`pack.yaml` begins with `- name: notes`, which is a list.",
        after: "`pack.yaml` begins with `name: notes`.",
    },
};

pub static NO_NAME: Rule = Rule {
    code: "manifest/no-name",
    severity: Severity::Error,
    summary: "The pack has neither `name` nor `pack_id`.",
    why: "A pack is attached, mounted and published by its name.",
    example: Example::Told {
        before: "`pack.yaml` has a `description`, and neither `name` nor `pack_id`.",
        after: "`pack.yaml` begins with `name: notes`.",
    },
};

pub static BAD_NAME: Rule = Rule {
    code: "manifest/bad-name",
    severity: Severity::Error,
    summary: "The name is not 1 to 63 of a–z, 0–9 and `-`, beginning and ending with a letter or digit.",
    why: "The name becomes a folder, a registry path and part of an address; each of them refuses other characters.",
    example: Example::manifest("name: My Notes\n", "name: my-notes\ndisplay_name: My Notes\n"),
};

pub static BAD_PACK_ID: Rule = Rule {
    code: "manifest/bad-pack-id",
    severity: Severity::Error,
    summary: "The `pack_id` is not parts of A–Z, a–z, 0–9, `_` and `-`, joined by dots.",
    why: "Greentic stores and resolves a pack under its id, so other characters, or none, leave it without a place.",
    example: Example::manifest(
        "pack_id: dev.acme notes\nkind: application\npublisher: acme\n",
        "pack_id: dev.acme.notes\nkind: application\npublisher: acme\n",
    ),
};

pub static BAD_VERSION: Rule = Rule {
    code: "manifest/bad-version",
    severity: Severity::Error,
    summary: "The version cannot be the tag of a release.",
    why: "The version becomes the tag of the published image for good. A registry refuses other characters, and `latest`, `stable` and `staging` move from one release to the next.",
    example: Example::manifest("version: 1.0 beta!\n", "version: 1.0.0-beta\n"),
};

pub static LOOSE_VERSION: Rule = Rule {
    code: "manifest/loose-version",
    severity: Severity::Warning,
    summary: "The version is a tag but no semantic version.",
    why: "Without major, minor and patch nobody can tell a breaking release from a harmless one, so the compatibility gate stays open.",
    example: Example::manifest("version: v1.2.0\n", "version: 1.2.0\n"),
};

pub static UNKNOWN_CATEGORY: Rule = Rule {
    code: "manifest/unknown-category",
    severity: Severity::Error,
    summary: "The category is not one of the 13 that catalogues have.",
    why: "Catalogues filter by a closed list and refuse a pack that names another.",
    example: Example::manifest("category: tool\n", "category: tools\n"),
};

pub static UNKNOWN_KIND: Rule = Rule {
    code: "manifest/unknown-kind",
    severity: Severity::Error,
    summary: "The kind is not application, provider, infrastructure or library.",
    why: "Platforms decide by the kind where a pack may be attached.",
    example: Example::manifest("kind: app\n", "kind: application\n"),
};

pub static BAD_LICENSE: Rule = Rule {
    code: "manifest/bad-license",
    severity: Severity::Warning,
    summary: "The licence is not an SPDX expression.",
    why: "Those who must know whether they may use the pack read the licence by machine.",
    example: Example::manifest("license: Apache 2\n", "license: Apache-2.0\n"),
};

pub static NO_DESCRIPTION: Rule = Rule {
    code: "manifest/no-description",
    severity: Severity::Warning,
    summary: "The pack has no description.",
    why: "The description stands in the catalogue and in the agent's prompt: without it neither people nor models know when to use the pack.",
    example: Example::manifest("description:\n", "description: Keeps notes, and finds them again by their words.\n"),
};

/// The family's rules that are not in the list of the core.
pub static RULES: &[&Rule] = &[
    &words::BAD_PUBLISHER,
    &words::BAD_SUGGESTION,
    &words::BAD_ICON,
    &words::PLACEHOLDER,
    &words::LONG_DESCRIPTION,
    &entries::MISSING_KEY,
    &entries::DUPLICATE_ID,
    &entries::GREENTIC_KEY,
    &entries::EXTENSION_KIND,
    &entries::DOUBLED_ASSETS,
    &triggers::UNKNOWN_EVENT,
    &triggers::NO_TARGET,
    &triggers::UNKNOWN_TARGET,
    &triggers::BAD_SCHEDULE,
];

/// The finding for a manifest that is not YAML.
pub fn syntax(error: SyntaxError) -> Diagnostic {
    if let Some(key) = error.duplicate {
        return DUPLICATE_KEY
            .at(MANIFEST, error.span, format!("`{key}` stands twice in this mapping"))
            .hint("Keep one of the two.");
    }
    let hint = syntax_hint(&error.message);
    let second = error.message.contains("second document");
    let message = if second { error.message } else { format!("this is not YAML: {}", error.message) };
    SYNTAX.at(MANIFEST, error.span, message).hint(hint)
}

/// The finding for a manifest that is too large to be read to its end.
pub fn stopped(text: &str, at: usize) -> Diagnostic {
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    TOO_LARGE
        .at(MANIFEST, at..text.floor_char_boundary(end.min(at + 200)), "checking stopped here: the manifest is too large")
        .hint("At most 2,000 keys, 2,000 items of a list, 10,000 items in all and 4 MB are read. Make several packs of it, or move schemas into files below `schemas/`.")
}

/// What to do about a fault that the parser names. Most are a mapping where none was meant.
pub(crate) fn syntax_hint(message: &str) -> &'static str {
    if message.contains("mapping values are not allowed") {
        "Text with a colon and a blank in it needs quotes: `\"one: two\"`."
    } else if message.contains("second document") {
        "A manifest is one document: make a pack of its own of the other, or take the `---` away."
    } else if message.contains("tab") {
        "YAML is indented with blanks, never with tabs."
    } else if message.contains("repeat") {
        "Write some of the aliases out: a repeated part that repeats others grows with each of them."
    } else if message.contains("too many parts") || message.contains("nests too deep") {
        "Make several packs of it, or move parts into files of their own."
    } else {
        "Look at the indentation, quotes and brackets of this line and the one above."
    }
}

/// Checks the fields at the top. False when there are no fields to check.
pub fn check(root: &Node, ctx: &Context<'_>, out: &mut Vec<Diagnostic>) -> bool {
    // An empty file is a manifest that was not begun yet: it lacks a name, which is said below.
    if !matches!(root.value, Value::Map(_) | Value::Null) {
        let message = format!("the manifest is {}, not keys and values", root.kind());
        out.push(NOT_A_MAPPING.at(MANIFEST, root.span.clone(), message).hint("Begin with `name: my-pack` on a line of its own."));
        return false;
    }
    check_name(root, ctx, out);
    check_pack_id(root, out);
    check_version(root, out);
    check_word(root, "category", CATEGORIES, &UNKNOWN_CATEGORY, out);
    // Greentic has one kind more, which it records as an application.
    if !(root.text_at("pack_id").is_some() && root.text_at("kind") == Some("dw-application")) {
        check_word(root, "kind", KINDS, &UNKNOWN_KIND, out);
    }
    check_license(root, out);
    let has_none = root.text_at("description").is_none_or(|text| text.trim().is_empty()) && !wrong_kind(root, "description");
    // In the part that is not read there may be one.
    let unseen = root.get("description").is_none() && ctx.may_lack(&["description"]);
    if has_none && !unseen {
        let place = root
            .key("description")
            .or_else(|| root.key("name"))
            .or_else(|| root.key("pack_id"))
            .map_or(0..0, |key| key.span.clone());
        out.push(
            NO_DESCRIPTION
                .at(MANIFEST, place, "the pack has no description")
                .hint("Say in one sentence what an agent can do with it."),
        );
    }
    words::check(root, ctx, out);
    paths::check(root, ctx, out);
    entries::check(root, ctx, out);
    triggers::check(root, ctx, out);
    contracts::check_ids(root, out);
    true
}

/// A value of a kind that `manifest/wrong-type` reports already.
fn wrong_kind(root: &Node, key: &str) -> bool {
    root.get(key).is_some_and(|node| !matches!(node.value, Value::Text(_) | Value::Null))
}

fn check_name(root: &Node, ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    // With an id the name is free, even while the id is still to be written.
    if root.get("pack_id").is_some() {
        return;
    }
    // A name that is still being written in a broken file is told as the fault that it is, and one may stand in what is not read.
    if ctx.may_lack(&["name"]) && root.get("name").is_none_or(|node| node.value == Value::Null) {
        return;
    }
    match root.get("name") {
        None | Some(Node { value: Value::Null, .. }) => {
            let suggested =
                ctx.folder_name.as_deref().map(slug).filter(|name| is_slug(name)).unwrap_or_else(|| "my-pack".to_owned());
            let place = root.key("name").map_or(0..0, |key| key.span.clone());
            let found = NO_NAME.at(MANIFEST, place, "the pack has no name").hint(format!("Add `name: {suggested}` at the top."));
            out.push(
                found.with_fix(
                    match (root.key("name"), root.get("name")) {
                        (Some(_), Some(node)) if !node.span.is_empty() => {
                            Fix::one(format!("Name it `{suggested}`"), MANIFEST, node.span.clone(), suggested)
                        }
                        (Some(key), _) => fill_in(key, &suggested, &ctx.manifest),
                        (None, _) => {
                            // Before the first key, where it stands: behind comments, directives and the mark of a document's start.
                            let text = ctx.manifest.as_str();
                            let first = root.entries().iter().map(|(key, _)| key.span.start).min();
                            let at = first.unwrap_or(text.len());
                            let column = at - text[..at].rfind('\n').map_or(0, |line| line + 1);
                            let text = match first {
                                Some(_) if text[root.span.start..].starts_with('{') => format!("name: {suggested}, "),
                                Some(_) => format!("name: {suggested}\n{}", " ".repeat(column)),
                                // Nothing but comments: behind them.
                                None if column > 0 => format!("\nname: {suggested}\n"),
                                None => format!("name: {suggested}\n"),
                            };
                            Fix::one(format!("Name it `{suggested}`"), MANIFEST, at..at, text)
                        }
                    }
                    .guessed(),
                ),
            );
        }
        Some(node) => {
            // A number is a name too, as it is written.
            let written = node.as_word().unwrap_or_default();
            if matches!(node.value, Value::Text(_) | Value::Number(_)) && !is_slug(written) {
                let mended = slug(written);
                let found = BAD_NAME.at(
                    MANIFEST,
                    node.span.clone(),
                    format!("`{}` is not a name that every platform takes", shown(written)),
                );
                out.push(if is_slug(&mended) {
                    found
                        .hint("Use a–z, 0–9 and `-`; put the name for people into `display_name`.")
                        .with_fix(Fix::one(format!("Change to `{mended}`"), MANIFEST, node.span.clone(), mended).guessed())
                } else {
                    found.hint("Use 1 to 63 of a–z, 0–9 and `-`.")
                });
            }
        }
    }
}

fn check_pack_id(root: &Node, out: &mut Vec<Diagnostic>) {
    let Some((key, node)) = root.entries().iter().find(|(key, _)| key.name == "pack_id") else { return };
    let hint = "Write parts joined by dots, as in `dev.acme.notes`.";
    match &node.value {
        Value::Text(id) if is_pack_id(id) => {
            let name = id.rsplit('.').next().unwrap_or_default();
            if !is_repository_part(name) {
                let message = format!("`{}`, the last part, is the pack's name, and no registry takes it", shown(name));
                let found = BAD_PACK_ID.at(MANIFEST, node.span.clone(), message);
                out.push(found.hint("Write the last part with small letters, digits and `-`."));
            }
        }
        Value::Text(id) if !id.trim().is_empty() => {
            let message = format!("`{}` is not a `pack_id`", shown(id));
            out.push(BAD_PACK_ID.at(MANIFEST, node.span.clone(), message).hint(hint));
        }
        Value::Null | Value::Text(_) => {
            let place = if node.span.is_empty() { key.span.clone() } else { node.span.clone() };
            out.push(BAD_PACK_ID.at(MANIFEST, place, "`pack_id` is empty").hint(hint));
        }
        _ => {}
    }
}

/// True for an id of Greentic's.
pub(crate) fn is_pack_id(id: &str) -> bool {
    id.split('.')
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')))
}

/// Writes a value behind a key that has none: behind its colon. Where no colon follows, the fix does nothing, and is not offered.
fn fill_in(key: &Key, value: &str, text: &str) -> Fix {
    let rest = text.get(key.span.end..).unwrap_or_default();
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let at = key.span.end + blanks;
    let behind = if rest[blanks..].starts_with(':') {
        at + 1
    } else {
        return Fix::one(format!("Name it `{value}`"), MANIFEST, at..at, "");
    };
    Fix::one(format!("Name it `{value}`"), MANIFEST, behind..behind, format!(" {value}"))
}

/// True for a name of the format.
pub fn is_slug(name: &str) -> bool {
    let bytes = name.as_bytes();
    (1..=63).contains(&bytes.len())
        && bytes.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-')
        && bytes[0] != b'-'
        && bytes[bytes.len() - 1] != b'-'
}

/// The name nearest to a text: lower-case, everything else a single `-`.
pub fn slug(text: &str) -> String {
    let mut name = String::new();
    for character in text.chars().flat_map(char::to_lowercase) {
        if character.is_ascii_alphanumeric() {
            name.push(character);
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    name.truncate(63);
    name.trim_end_matches('-').to_owned()
}

fn check_version(root: &Node, out: &mut Vec<Diagnostic>) {
    let Some(node) = root.get("version") else { return };
    let written = match &node.value {
        Value::Text(text) | Value::Number(text) => text.as_str(),
        _ => return,
    };
    let told = |rule: &Rule, message: String| rule.at(MANIFEST, node.span.clone(), message);
    let parsed = semver::Version::parse(written);
    if let Ok(version) = &parsed
        && !version.build.is_empty()
    {
        let bare = written.split('+').next().unwrap_or(written);
        let message = format!("`{}` has build metadata, and a registry's tag cannot", shown(written));
        out.push(
            told(&BAD_VERSION, message)
                .hint("Leave out what follows the `+`; the digest names the build.")
                .with_fix(Fix::one(format!("Change to `{bare}`"), MANIFEST, node.span.clone(), bare).guessed()),
        );
    } else if !is_release_tag(written) {
        let message = if MOVING_TAGS.contains(&written) {
            format!("`{written}` moves from release to release, and cannot be the version of one")
        } else if is_tag(written) {
            format!("`{}` begins as the tags do that registries keep for signatures", shown(written))
        } else {
            format!("`{}` is not a version", shown(written))
        };
        out.push(
            told(&BAD_VERSION, message).hint(
                "Write `major.minor.patch`, as in `1.0.0`; or leave the key out, and the version is made from the content.",
            ),
        );
    } else if let Value::Number(_) = node.value {
        out.push(
            told(&LOOSE_VERSION, "YAML reads this version as a number".to_owned())
                .hint("Write three parts, as in `1.0.0`, or put it in quotes."),
        );
    } else if parsed.is_err() {
        let found = told(&LOOSE_VERSION, format!("`{}` is not a semantic version", shown(written)));
        let bare = written.trim_start_matches('v');
        out.push(if semver::Version::parse(bare).is_ok() {
            found.hint("Semantic versions have no `v` in front.").with_fix(Fix::one(
                format!("Change to `{bare}`"),
                MANIFEST,
                node.span.clone(),
                bare,
            ))
        } else {
            found.hint("Write three parts, as in `1.0.0`: then releases can be compared, and callers of an older one are safe.")
        });
    }
}

fn check_word(root: &Node, key: &str, known: &'static [&'static str], rule: &Rule, out: &mut Vec<Diagnostic>) {
    let Some(node) = root.get(key) else { return };
    let Some(written) = node.as_text() else { return };
    if known.contains(&written) {
        return;
    }
    let found = rule.at(MANIFEST, node.span.clone(), format!("`{}` is not a {key}", shown(written)));
    // Half a word, when it is the half of one alone: `app` of `application`.
    let mut wholes = known.iter().copied().filter(|word| written.len() > 2 && word.starts_with(written));
    let whole = wholes.next().filter(|_| wholes.next().is_none());
    out.push(match nearest(written, known.iter().copied()).or(whole.map(Near::from)) {
        Some(near) => found.did_you_mean(near),
        None => found.hint(format!("Choose one of {}.", known.join(", "))),
    });
}

fn check_license(root: &Node, out: &mut Vec<Diagnostic>) {
    let Some(node) = root.get("license") else { return };
    let Some(written) = node.as_text() else { return };
    let Err(error) = spdx::Expression::parse(written) else { return };
    let found = BAD_LICENSE.at(
        MANIFEST,
        node.span.clone(),
        format!("`{}` is not an SPDX licence expression: {}", shown(written), error.reason),
    );
    out.push(match usual_licence(written) {
        Some(near) => {
            let title = format!("Change to `{}`", shown(&near));
            let certain = one_licence(written, &near);
            let fix = Fix { certain, ..Fix::one(title, MANIFEST, node.span.clone(), near.as_str()) };
            found.hint(format!("Did you mean `{}`?", shown(&near))).with_fix(fix)
        }
        None => found.hint(
            "Write an id such as `Apache-2.0` or `MIT`, or several joined by `OR` and `AND`; `LicenseRef-…` names your own.",
        ),
    });
}

/// The expression meant by a usual way of writing a licence: "Apache 2", "apache2", "MIT/Apache-2.0".
fn usual_licence(written: &str) -> Option<String> {
    let whole = |name: &str| {
        spdx::imprecise_license_id(name).filter(|(_, length)| *length == name.len()).map(|(id, _)| id.name.to_owned())
    };
    spdx::Expression::canonicalize(written)
        .ok()
        .flatten()
        .or_else(|| whole(written))
        .or_else(|| whole(&written.replace(' ', "-")))
}

/// True when a licence was named that is this one alone, and only its case or separators differ. `GPL` names several, and what SPDX calls
/// outdated leaves open which of them.
fn one_licence(written: &str, near: &str) -> bool {
    let plain =
        |name: &str| name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let sound = spdx::license_id(near).is_some_and(|id| !id.is_deprecated());
    sound && plain(written) == plain(near)
}

#[cfg(test)]
mod tests {
    use super::{is_slug, slug};
    use crate::rules::tests::{findings, manifest, mended};
    use crate::source::MemoryPack;

    #[test]
    fn text_that_is_not_yaml_has_a_place_and_a_hint() {
        insta::assert_snapshot!(manifest("name: notes\ndescription: \"Keeps notes.\nversion: 1.0.0\n"), @"
        Error yaml/syntax pack.yaml:2:21 <notes.> this is not YAML: invalid indentation in multiline quoted scalar
          hint: Look at the indentation, quotes and brackets of this line and the one above.
        ");
    }

    #[test]
    fn a_manifest_is_one_document() {
        insta::assert_snapshot!(manifest("---\n# mine\nname: n\ndescription: d\n---\nname: m\ncatagory: x\n"), @"
        Error yaml/syntax pack.yaml:5:1 <---> a second document begins here, and a manifest is one
          hint: A manifest is one document: make a pack of its own of the other, or take the `---` away.
        ");
        insta::assert_snapshot!(manifest("name: n\ndescription: d\ncatagory: tools\n--- # two\n"), @"
        Warning manifest/unknown-key pack.yaml:3:1 <catagory> `catagory` is not a key of the manifest
          hint: Did you mean `category`?
          fix: Change to `category`
        Error yaml/syntax pack.yaml:4:1 <---> a second document begins here, and a manifest is one
          hint: A manifest is one document: make a pack of its own of the other, or take the `---` away.
        ");
        assert_eq!(manifest("%YAML 1.2\n---\nname: n\ndescription: |\n  a\n  ---\n  b\n"), "");
    }

    #[test]
    fn a_key_that_stands_twice_is_named() {
        insta::assert_snapshot!(manifest("name: notes\ndescription: a\nname: other\n"), @"
        Error yaml/duplicate-key pack.yaml:3:1 <name> `name` stands twice in this mapping
          hint: Keep one of the two.
        ");
    }

    #[test]
    fn a_list_is_no_manifest_and_an_empty_file_lacks_a_name() {
        insta::assert_snapshot!(manifest("- name: notes\n"), @"
        Error manifest/not-a-mapping pack.yaml:1:3 <name: notes> the manifest is a list, not keys and values
          hint: Begin with `name: my-pack` on a line of its own.
        ");
        insta::assert_snapshot!(manifest("# nothing yet\n"), @"
        Warning manifest/no-description pack.yaml:1:1 <> the pack has no description
          hint: Say in one sentence what an agent can do with it.
        Error manifest/no-name pack.yaml:1:1 <> the pack has no name
          hint: Add `name: my-pack` at the top.
          guess: Name it `my-pack`
        ");
    }

    #[test]
    fn a_missing_name_is_added_and_an_empty_one_filled_in() {
        assert_eq!(mended("description: Keeps notes.\n").0, "name: my-pack\ndescription: Keeps notes.\n");
        let (text, after) = mended("name:\ndescription: Keeps notes.\n");
        assert_eq!((text.as_str(), after.as_str()), ("name: my-pack\ndescription: Keeps notes.\n", ""));
    }

    /// What the name's fix makes of a manifest; `None` when none is offered.
    fn named(text: &str) -> Option<String> {
        let checked = crate::check::check_pack(&MemoryPack::new([("pack.yaml", text)]));
        let fix = checked.diagnostics.into_iter().find(|found| found.code == "manifest/no-name")?.fix?;
        let mut text = text.to_owned();
        fix.edits.into_iter().for_each(|edit| text.replace_range(edit.range, &edit.text));
        Some(text)
    }

    #[test]
    fn a_name_is_offered_only_where_it_was_seen_to_work() {
        let ok = |text: &str| named(text).unwrap_or_else(|| panic!("no fix for {text:?}"));
        assert_eq!(ok("---\ndescription: d\n"), "---\nname: my-pack\ndescription: d\n");
        assert_eq!(ok("%YAML 1.2\n---\ndescription: d\n"), "%YAML 1.2\n---\nname: my-pack\ndescription: d\n");
        assert_eq!(ok("# mine\n  description: d\n"), "# mine\n  name: my-pack\n  description: d\n");
        assert_eq!(ok("name: ~\ndescription: d\n"), "name: my-pack\ndescription: d\n");
        assert_eq!(ok("{description: d}\n"), "{name: my-pack, description: d}\n");
        assert_eq!(ok("name: null # todo\ndescription: d\n"), "name: my-pack # todo\ndescription: d\n");
        assert_eq!(ok("name : \ndescription: d\n"), "name : my-pack \ndescription: d\n");
        assert_eq!(
            ok("{\"name\":null,\"description\":\"d\"}\n"),
            "{\"name\": my-pack,\"description\":\"d\"}\n".replace(": my", ":my")
        );
        assert_eq!(ok("# mine"), "# mine\nname: my-pack\n");
        assert_eq!(ok("---\n"), "---\nname: my-pack\n");
        assert_eq!(ok(""), "name: my-pack\n");
        // Ways of writing that a rule need not know: no fix is better than one that breaks the file.
        for text in ["? name\n:\n", "? description\n: d\n", "~\n", "{}\n", "---\n...\n"] {
            assert_eq!(named(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_pack_id_is_parts_and_dots() {
        insta::assert_snapshot!(manifest("pack_id: dev.acme notes\ndescription: d\n"), @"
        Error manifest/bad-pack-id pack.yaml:1:10 <dev.acme notes> `dev.acme notes` is not a `pack_id`
          hint: Write parts joined by dots, as in `dev.acme.notes`.
        ");
        insta::assert_snapshot!(manifest("pack_id:\ndescription: d\n"), @"
        Error manifest/bad-pack-id pack.yaml:1:1 <pack_id> `pack_id` is empty
          hint: Write parts joined by dots, as in `dev.acme.notes`.
        ");
        insta::assert_snapshot!(manifest("pack_id: ' '\ndescription: d\n"), @"
        Error manifest/bad-pack-id pack.yaml:1:10 <' '> `pack_id` is empty
          hint: Write parts joined by dots, as in `dev.acme.notes`.
        ");
        insta::assert_snapshot!(manifest("pack_id: dev.acme.My-Notes\nversion: 1.0.0\nkind: library\npublisher: a\ndescription: d\n"), @"
        Error manifest/bad-pack-id pack.yaml:1:10 <dev.acme.My-Notes> `My-Notes`, the last part, is the pack's name, and no registry takes it
          hint: Write the last part with small letters, digits and `-`.
        ");
        for id in ["dev..acme", ".", "a.", "über"] {
            assert!(manifest(&format!("pack_id: {id}\ndescription: d\n")).contains("manifest/bad-pack-id"), "{id}");
        }
        assert_eq!(manifest("pack_id: dev.Acme_2.my-notes\ndescription: d\nversion: 1.0.0\nkind: library\npublisher: a\n"), "");
    }

    #[test]
    fn paths_are_read_as_the_folder_lists_them() {
        let told = |path: &str| {
            let text = format!("name: n\ndescription: d\nicon: {path}\n");
            findings(&MemoryPack::new([("pack.yaml", text.as_str()), ("assets/a.png", ""), ("assets/a:b", "")]))
                .lines()
                .filter(|line| line.contains("manifest/"))
                .map(|line| line.split_once("> ").map_or(line, |(_, message)| message).to_owned())
                .collect::<String>()
        };
        for path in ["assets/a.png", "./assets//./a.png", "assets/a.png/", "assets/a:b"] {
            assert_eq!(told(path), "", "{path}");
        }
        assert_eq!(told("''"), "`icon` is empty");
        assert_eq!(told("./"), "`./` is the pack's own folder, and a file in it is wanted");
        assert_eq!(told("a:b"), "`a:b` does not exist");
        for path in ["C:/a", "'c:\\a'", "/a", "assets/../../a"] {
            assert!(told(path).ends_with("leaves the pack"), "{path}");
        }
        assert!(
            manifest("name: n\ndescription: d\nstorage: {migrations: .}\n")
                .contains("`.` is the pack's own folder, and a folder in it is wanted")
        );
    }

    #[test]
    fn what_is_named_must_not_be_left_out() {
        let told = |ignore: &str| {
            let text = "name: n\ndescription: d\nicon: assets/a.png\n";
            findings(&MemoryPack::new([("pack.yaml", text), ("assets/a.png", ""), (".packignore", ignore)]))
        };
        insta::assert_snapshot!(told("# mine\n*.png\n"), @"
        Error manifest/missing-file pack.yaml:3:7 <assets/a.png> `assets/a.png` is not published: `.packignore` leaves it out
          hint: Line 2 of `.packignore` says `*.png`: take it away, or narrow it.
        ");
        assert!(told("assets/\n").contains("Line 1 of `.packignore` says `assets/`"));
        assert_eq!(told("*.png\n!a.png\n"), "");
        // What a disk does not list: its folder is left out.
        let folder =
            MemoryPack::new([("pack.yaml", "name: n\ndescription: d\nicon: assets/a.png\n"), (".packignore", "assets/\n")]);
        assert!(findings(&folder).contains("`assets/a.png` is not published"));
        let missing =
            MemoryPack::new([("pack.yaml", "name: n\ndescription: d\nicon: assets/a.png\n"), (".packignore", "*.png\n")]);
        assert!(findings(&missing).contains("`assets/a.png` does not exist"));
    }

    #[test]
    fn a_fix_does_not_take_an_alias_for_its_value() {
        let text = "name: n\ndescription: d\nx-limits: &l {memory_mbs: 1}\ntools:\n  - {name: a, description: A tool., input: {}, handler: {path: h, kind: inline}, limits: *l}\n";
        let checked = crate::check::check_pack(&MemoryPack::new([("pack.yaml", text)]));
        for found in checked.diagnostics.iter().filter(|found| found.code == "tools/unknown-key") {
            if let Some(fix) = &found.fix {
                let mut mended = text.to_owned();
                fix.edits.iter().for_each(|edit| mended.replace_range(edit.range.clone(), &edit.text));
                assert!(!manifest(&mended).contains("wrong-type"), "{mended}");
            }
        }
    }

    #[test]
    fn numbers_and_block_texts_are_names_as_they_are_written() {
        assert_eq!(manifest("name: 123\ndescription: d\n"), "");
        assert!(manifest("name: 0x1F\ndescription: d\n").contains("`0x1F` is not a name"));
        assert!(manifest("name: >\n  A B\ndescription: d\n").contains("`A B` is not a name"));
    }

    #[test]
    fn a_manifest_of_nothing_but_faults_is_answered_soon_and_briefly() {
        let keys = (0..1_998).map(|number| format!("unknown{number}: 1")).collect::<Vec<_>>().join("\n");
        let checked = crate::check::check_pack(&MemoryPack::new([("pack.yaml", format!("name: n\ndescription: d\n{keys}"))]));
        assert_eq!(checked.diagnostics.len(), 101);
        assert!(checked.diagnostics.iter().any(|found| found.message == "and 1,898 more like it"));
    }

    #[test]
    fn pack_id_is_a_name_too_and_lets_name_be_free() {
        assert_eq!(
            manifest(
                "pack_id: dev.acme.notes\nname: My Notes!\nversion: 1.0.0\nkind: library\npublisher: a\ndescription: Keeps notes.\n"
            ),
            ""
        );
    }

    #[test]
    fn a_name_must_be_a_slug() {
        insta::assert_snapshot!(manifest("name: My Notes\ndescription: Keeps notes.\n"), @"
        Error manifest/bad-name pack.yaml:1:7 <My Notes> `My Notes` is not a name that every platform takes
          hint: Use a–z, 0–9 and `-`; put the name for people into `display_name`.
          guess: Change to `my-notes`
        ");
        assert_eq!(
            mended("name: \"My Notes\"\ndescription: Keeps notes.\n").0,
            "name: \"my-notes\"\ndescription: Keeps notes.\n"
        );
        assert!(is_slug("a") && is_slug("a-1") && !is_slug("-a") && !is_slug("a-") && !is_slug("") && !is_slug(&"a".repeat(64)));
        assert_eq!(slug("  Über Notes!! 2"), "ber-notes-2");
    }

    #[test]
    fn versions_are_semantic_or_at_least_a_tag() {
        insta::assert_snapshot!(manifest("name: n\ndescription: Keeps notes.\nversion: 1.0 beta!\n"), @"
        Error manifest/bad-version pack.yaml:3:10 <1.0 beta!> `1.0 beta!` is not a version
          hint: Write `major.minor.patch`, as in `1.0.0`; or leave the key out, and the version is made from the content.
        ");
        insta::assert_snapshot!(manifest("name: n\ndescription: Keeps notes.\nversion: 1.0\n"), @"
        Warning manifest/loose-version pack.yaml:3:10 <1.0> YAML reads this version as a number
          hint: Write three parts, as in `1.0.0`, or put it in quotes.
        ");
        assert_eq!(
            mended("name: n\ndescription: Keeps notes.\nversion: v1.2.0\n").0,
            "name: n\ndescription: Keeps notes.\nversion: 1.2.0\n"
        );
        assert_eq!(manifest("name: n\ndescription: Keeps notes.\nversion: 1.2.0-rc.1\n"), "");
        insta::assert_snapshot!(manifest("name: n\ndescription: Keeps notes.\nversion: latest\n"), @"
        Error manifest/bad-version pack.yaml:3:10 <latest> `latest` moves from release to release, and cannot be the version of one
          hint: Write `major.minor.patch`, as in `1.0.0`; or leave the key out, and the version is made from the content.
        ");
        insta::assert_snapshot!(manifest("name: n\ndescription: Keeps notes.\nversion: sha256-0c1f\n"), @"
        Error manifest/bad-version pack.yaml:3:10 <sha256-0c1f> `sha256-0c1f` begins as the tags do that registries keep for signatures
          hint: Write `major.minor.patch`, as in `1.0.0`; or leave the key out, and the version is made from the content.
        ");
        assert!(manifest("name: n\ndescription: Keeps notes.\nversion: -1.5\n").contains("Error manifest/bad-version"));
        assert!(manifest("name: n\ndescription: Keeps notes.\nversion: latest-1\n").contains("Warning manifest/loose-version"));
        assert_eq!(
            mended("name: n\ndescription: Keeps notes.\nversion: 1.2.0+b.7\n"),
            ("name: n\ndescription: Keeps notes.\nversion: 1.2.0\n".to_owned(), String::new())
        );
    }

    #[test]
    fn category_kind_and_licence_are_of_known_lists() {
        insta::assert_snapshot!(manifest("name: n\ndescription: Keeps notes.\ncategory: tool\nkind: gadget\nlicense: Apache 2\n"), @"
        Error manifest/unknown-category pack.yaml:3:11 <tool> `tool` is not a category
          hint: Did you mean `tools`?
          fix: Change to `tools`
        Error manifest/unknown-kind pack.yaml:4:7 <gadget> `gadget` is not a kind
          hint: Choose one of application, provider, infrastructure, library.
        Warning manifest/bad-license pack.yaml:5:10 <Apache 2> `Apache 2` is not an SPDX licence expression: unknown term
          hint: Did you mean `Apache-2.0`?
          guess: Change to `Apache-2.0`
        ");
        assert_eq!(
            mended("name: n\ndescription: Keeps notes.\nlicense: Apache 2\n").0,
            "name: n\ndescription: Keeps notes.\nlicense: Apache-2.0\n"
        );
        assert_eq!(
            mended("name: n\ndescription: Keeps notes.\nkind: app\n").0,
            "name: n\ndescription: Keeps notes.\nkind: application\n"
        );
        assert_eq!(manifest("name: n\ndescription: Keeps notes.\ncategory: crm\nkind: library\nlicense: LicenseRef-acme\n"), "");
    }

    #[test]
    fn a_pack_without_description_is_told_so_at_its_name() {
        insta::assert_snapshot!(manifest("version: 1.0.0\nname: n\n"), @"
        Warning manifest/no-description pack.yaml:2:1 <name> the pack has no description
          hint: Say in one sentence what an agent can do with it.
        ");
    }

    #[test]
    fn files_that_are_named_must_be_there() {
        let pack = |text: &str| {
            MemoryPack::new([
                ("pack.yaml", text),
                ("schemas/find.input.json", "{\"type\": \"object\"}"),
                ("handlers/find.ts", ""),
                ("assets/icon.png", "x"),
            ])
        };
        insta::assert_snapshot!(findings(&pack(
            "name: n\ndescription: Finds.\nicon: assets\ntools:\n  - name: find\n    description: Finds a record and returns it.\n    input: schemas/find.inputs.json\n    output: ../find.json\n    handler: /tmp/x.ts\n"
        )), @"
        Error manifest/missing-file pack.yaml:3:7 <assets> `assets` is a folder, and a file is wanted
          hint: Create the file, or write the path of one that is there.
        Error manifest/missing-file pack.yaml:7:12 <schemas/find.inputs.json> `schemas/find.inputs.json` does not exist
          hint: Did you mean `schemas/find.input.json`?
          fix: Change to `schemas/find.input.json`
        Error manifest/path-outside pack.yaml:8:13 <../find.json> `../find.json` leaves the pack
          hint: Copy what it names into the pack, and write the path from the pack's folder.
        Error manifest/path-outside pack.yaml:9:14 </tmp/x.ts> `/tmp/x.ts` leaves the pack
          hint: Copy what it names into the pack, and write the path from the pack's folder.
        ");
        assert_eq!(
            findings(&pack(
                "name: n\ndescription: Finds.\nicon: ./assets/icon.png\ntools:\n  - name: find\n    description: Finds a record and returns it.\n    input: schemas/find.input.json\n    output: {type: object}\n    handler: handlers/find.ts\n"
            )),
            ""
        );
    }
}
