//! The manifest's own fields: that it can be read, names itself, and points at files that are there.

use super::Rule;
use crate::check::Context;
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::folder::MANIFEST;
use crate::nearest::nearest;
use crate::shape::{CAPABILITIES_EXTENSION, CATEGORIES, KINDS};
use crate::yaml::{Key, Node, SyntaxError, Value};

pub static SYNTAX: Rule = Rule {
    code: "yaml/syntax",
    severity: Severity::Error,
    summary: "The manifest is not YAML.",
    why: "Nothing after the fault can be read, so no other rule can say anything about it.",
};

pub static DUPLICATE_KEY: Rule = Rule {
    code: "yaml/duplicate-key",
    severity: Severity::Error,
    summary: "A key stands twice in one mapping.",
    why: "One reader takes the first, another the last, a third refuses the file: the pack means three things.",
};

pub static NOT_A_MAPPING: Rule = Rule {
    code: "manifest/not-a-mapping",
    severity: Severity::Error,
    summary: "The manifest is not a mapping of keys to values.",
    why: "A manifest says `name: …`, `version: …` and so on; a list or a bare word has no keys to look up.",
};

pub static NO_NAME: Rule = Rule {
    code: "manifest/no-name",
    severity: Severity::Error,
    summary: "The pack has neither `name` nor `pack_id`.",
    why: "A pack is attached, mounted and published by its name.",
};

pub static BAD_NAME: Rule = Rule {
    code: "manifest/bad-name",
    severity: Severity::Error,
    summary: "The name is not 1 to 63 of a–z, 0–9 and `-`, beginning and ending with a letter or digit.",
    why: "The name becomes a folder, a registry path and part of an address; each of them refuses other characters.",
};

pub static BAD_VERSION: Rule = Rule {
    code: "manifest/bad-version",
    severity: Severity::Error,
    summary: "The version can be neither a semantic version nor a registry tag.",
    why: "The version becomes the tag of the published image, and a registry refuses other characters.",
};

pub static LOOSE_VERSION: Rule = Rule {
    code: "manifest/loose-version",
    severity: Severity::Warning,
    summary: "The version is a tag but no semantic version.",
    why: "Without major, minor and patch nobody can tell a breaking release from a harmless one, so the compatibility gate stays open.",
};

pub static UNKNOWN_CATEGORY: Rule = Rule {
    code: "manifest/unknown-category",
    severity: Severity::Error,
    summary: "The category is not one of the 13 that catalogues have.",
    why: "Catalogues filter by a closed list and refuse a pack that names another.",
};

pub static UNKNOWN_KIND: Rule = Rule {
    code: "manifest/unknown-kind",
    severity: Severity::Error,
    summary: "The kind is not application, provider, infrastructure or library.",
    why: "Platforms decide by the kind where a pack may be attached.",
};

pub static BAD_LICENSE: Rule = Rule {
    code: "manifest/bad-license",
    severity: Severity::Warning,
    summary: "The licence is not an SPDX expression.",
    why: "Those who must know whether they may use the pack read the licence by machine.",
};

pub static NO_DESCRIPTION: Rule = Rule {
    code: "manifest/no-description",
    severity: Severity::Warning,
    summary: "The pack has no description.",
    why: "The description stands in the catalogue and in the agent's prompt: without it neither people nor models know when to use the pack.",
};

pub static MISSING_FILE: Rule = Rule {
    code: "manifest/missing-file",
    severity: Severity::Error,
    summary: "The manifest names a file that is not in the pack.",
    why: "A platform that needs the file fails when it is first used, long after publishing.",
};

pub static PATH_OUTSIDE: Rule = Rule {
    code: "manifest/path-outside",
    severity: Severity::Error,
    summary: "The manifest names a path that leaves the pack.",
    why: "Only the pack's own folder is published; what lies beside it exists on one computer.",
};

pub static BAD_CONTRACT_ID: Rule = Rule {
    code: "contracts/bad-id",
    severity: Severity::Error,
    summary: "A contract's capability is not a `cap://` id.",
    why: "Offers and needs are matched by comparing these ids, so one in another form matches nothing.",
};

/// The finding for a manifest that is not YAML.
pub fn syntax(error: SyntaxError) -> Diagnostic {
    match error.duplicate {
        Some(key) => DUPLICATE_KEY
            .at(MANIFEST, error.span, format!("`{key}` stands twice in this mapping"))
            .hint("Keep one of the two; other rules are checked again once the file can be read."),
        None => SYNTAX.at(MANIFEST, error.span, format!("this is not YAML: {}", error.message)).hint(syntax_hint(&error.message)),
    }
}

/// What to do about a fault that the parser names. Most are a mapping where none was meant.
fn syntax_hint(message: &str) -> &'static str {
    if message.contains("mapping values are not allowed") {
        "Text with a colon and a blank in it needs quotes: `\"one: two\"`."
    } else if message.contains("tab") {
        "YAML is indented with blanks, never with tabs."
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
    check_version(root, out);
    check_word(root, "category", CATEGORIES, &UNKNOWN_CATEGORY, out);
    // Greentic has one kind more, which it records as an application.
    if !(root.text_at("pack_id").is_some() && root.text_at("kind") == Some("dw-application")) {
        check_word(root, "kind", KINDS, &UNKNOWN_KIND, out);
    }
    check_license(root, out);
    if root.text_at("description").is_none_or(|text| text.trim().is_empty()) && !wrong_kind(root, "description") {
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
    check_paths(root, ctx, out);
    check_contracts(root, out);
    true
}

/// A value of a kind that `manifest/wrong-type` reports already.
fn wrong_kind(root: &Node, key: &str) -> bool {
    root.get(key).is_some_and(|node| !matches!(node.value, Value::Text(_) | Value::Null))
}

fn check_name(root: &Node, ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let greentic = root.text_at("pack_id");
    match root.get("name") {
        None | Some(Node { value: Value::Null, .. }) if greentic.is_none() => {
            let suggested =
                ctx.folder_name.as_deref().map(slug).filter(|name| is_slug(name)).unwrap_or_else(|| "my-pack".to_owned());
            let place = root.key("name").map_or(0..0, |key| key.span.clone());
            let found = NO_NAME.at(MANIFEST, place, "the pack has no name").hint(format!("Add `name: {suggested}` at the top."));
            out.push(match root.key("name") {
                Some(key) => found.with_fix(fill_in(key, &suggested)),
                None => {
                    found.with_fix(Fix::one(format!("Name it `{suggested}`"), MANIFEST, 0..0, format!("name: {suggested}\n")))
                }
            });
        }
        Some(node) if greentic.is_none() => {
            let written = node.as_text().unwrap_or_default();
            if matches!(node.value, Value::Text(_) | Value::Number) && !is_slug(written) {
                let mended = slug(written);
                let found =
                    BAD_NAME.at(MANIFEST, node.span.clone(), format!("`{written}` is not a name that every platform takes"));
                out.push(if is_slug(&mended) {
                    found.hint("Use a–z, 0–9 and `-`; put the name for people into `display_name`.").with_fix(Fix::one(
                        format!("Change to `{mended}`"),
                        MANIFEST,
                        node.span.clone(),
                        mended,
                    ))
                } else {
                    found.hint("Use 1 to 63 of a–z, 0–9 and `-`.")
                });
            }
        }
        _ => {}
    }
}

/// Writes a value behind a key that has none: behind its colon, which follows the key at once.
fn fill_in(key: &Key, value: &str) -> Fix {
    let end = key.span.end;
    Fix::one(format!("Name it `{value}`"), MANIFEST, end + 1..end + 1, format!(" {value}"))
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
        Value::Text(text) => text.as_str(),
        Value::Number => "",
        _ => return,
    };
    if let Value::Number = node.value {
        out.push(
            LOOSE_VERSION
                .at(MANIFEST, node.span.clone(), "YAML reads this version as a number")
                .hint("Write three parts, as in `1.0.0`, or put it in quotes."),
        );
    } else if let Ok(version) = semver::Version::parse(written) {
        if !version.build.is_empty() {
            let bare = written.split('+').next().unwrap_or(written);
            out.push(
                BAD_VERSION
                    .at(MANIFEST, node.span.clone(), format!("`{written}` has build metadata, and a registry's tag cannot"))
                    .hint("Leave out what follows the `+`; the digest names the build.")
                    .with_fix(Fix::one(format!("Change to `{bare}`"), MANIFEST, node.span.clone(), bare)),
            );
        }
    } else if is_tag(written) {
        let found = LOOSE_VERSION.at(MANIFEST, node.span.clone(), format!("`{written}` is not a semantic version"));
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
    } else {
        out.push(
            BAD_VERSION.at(MANIFEST, node.span.clone(), format!("`{written}` is not a version")).hint(
                "Write `major.minor.patch`, as in `1.0.0`; or leave the key out, and the version is made from the content.",
            ),
        );
    }
}

/// True for what a registry takes as a tag.
fn is_tag(text: &str) -> bool {
    let mut bytes = text.bytes();
    text.len() <= 128
        && bytes.next().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}

fn check_word(root: &Node, key: &str, known: &'static [&'static str], rule: &Rule, out: &mut Vec<Diagnostic>) {
    let Some(node) = root.get(key) else { return };
    let Some(written) = node.as_text() else { return };
    if known.contains(&written) {
        return;
    }
    let found = rule.at(MANIFEST, node.span.clone(), format!("`{written}` is not a {key}"));
    out.push(match nearest(written, known.iter().copied()) {
        Some(near) => found.hint(format!("Did you mean `{near}`?")).with_fix(Fix::one(
            format!("Change to `{near}`"),
            MANIFEST,
            node.span.clone(),
            near,
        )),
        None => found.hint(format!("Choose one of {}.", known.join(", "))),
    });
}

fn check_license(root: &Node, out: &mut Vec<Diagnostic>) {
    let Some(node) = root.get("license") else { return };
    let Some(written) = node.as_text() else { return };
    let Err(error) = spdx::Expression::parse(written) else { return };
    let found =
        BAD_LICENSE.at(MANIFEST, node.span.clone(), format!("`{written}` is not an SPDX licence expression: {}", error.reason));
    out.push(match usual_licence(written) {
        Some(near) => found.hint(format!("Did you mean `{near}`?")).with_fix(Fix::one(
            format!("Change to `{near}`"),
            MANIFEST,
            node.span.clone(),
            near,
        )),
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

/// Every place of the manifest that names a file: with what it wants there.
fn check_paths(root: &Node, ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut paths: Vec<(&Node, bool)> = Vec::new();
    paths.extend(root.get("icon").map(|node| (node, false)));
    for tool in root.get("tools").map(Node::items).unwrap_or_default() {
        paths.extend(["input", "output", "handler"].iter().filter_map(|key| tool.get(key)).map(|node| (node, false)));
        paths.extend(tool.get("handler").and_then(|handler| handler.get("path")).map(|node| (node, false)));
    }
    paths.extend(root.get("storage").and_then(|storage| storage.get("migrations")).map(|node| (node, true)));
    for (list, key) in [("views", "source"), ("workflows", "file"), ("triggers", "input")] {
        paths.extend(
            root.get(list).map(Node::items).unwrap_or_default().iter().filter_map(|item| item.get(key)).map(|node| (node, false)),
        );
    }
    for (node, folder) in paths {
        if let Some(path) = node.as_text() {
            out.extend(check_path(path, folder, node, ctx));
        }
    }
}

fn check_path(path: &str, folder: bool, node: &Node, ctx: &Context<'_>) -> Option<Diagnostic> {
    let absolute = path.starts_with('/') || path.starts_with('\\') || path.as_bytes().get(1) == Some(&b':');
    if absolute || path.split('/').any(|part| part == "..") {
        return Some(
            PATH_OUTSIDE
                .at(MANIFEST, node.span.clone(), format!("`{path}` leaves the pack"))
                .hint("Copy what it names into the pack, and write the path from the pack's folder."),
        );
    }
    let clean = path.trim_start_matches("./").trim_end_matches('/');
    let there = ctx.entry(clean);
    if there.is_some_and(|entry| if folder { entry.is_folder() } else { entry.is_file() }) {
        return None;
    }
    let found = match there {
        Some(_) if folder => MISSING_FILE.at(MANIFEST, node.span.clone(), format!("`{path}` is a file, and a folder is wanted")),
        Some(_) => MISSING_FILE.at(MANIFEST, node.span.clone(), format!("`{path}` is a folder, and a file is wanted")),
        None => MISSING_FILE.at(MANIFEST, node.span.clone(), format!("`{path}` does not exist")),
    };
    let candidates = ctx.entries.iter().filter(|entry| if folder { entry.is_folder() } else { entry.is_file() });
    Some(match nearest(clean, candidates.map(|entry| entry.path.as_str())) {
        Some(near) => found.hint(format!("Did you mean `{near}`?")).with_fix(Fix::one(
            format!("Change to `{near}`"),
            MANIFEST,
            node.span.clone(),
            near,
        )),
        None => found.hint("Create the file, or write the path of one that is there."),
    })
}

fn check_contracts(root: &Node, out: &mut Vec<Diagnostic>) {
    let Some(inline) = root.get("extensions").and_then(|all| all.get(CAPABILITIES_EXTENSION)).and_then(|one| one.get("inline"))
    else {
        return;
    };
    // A payload may wrap its lists in `declaration`.
    let lists = inline.get("declaration").unwrap_or(inline);
    for list in ["offers", "requires", "consumes"] {
        for item in lists.get(list).map(Node::items).unwrap_or_default() {
            let Some(node) = item.get("capability") else { continue };
            let Some(written) = node.as_text() else { continue };
            if is_contract_id(written) {
                continue;
            }
            let found = BAD_CONTRACT_ID.at(MANIFEST, node.span.clone(), format!("`{written}` is not a `cap://` id"));
            let mended = format!("cap://{}", written.trim_start_matches("cap:").trim_start_matches('/'));
            out.push(if is_contract_id(&mended) {
                found.hint("Ids look like `cap://memory.short-term`.").with_fix(Fix::one(
                    format!("Change to `{mended}`"),
                    MANIFEST,
                    node.span.clone(),
                    mended,
                ))
            } else {
                found.hint("After `cap://` come letters, digits and `: / - _ . + @`, as in `cap://memory.short-term`.")
            });
        }
    }
}

/// `cap://` and at least one of Greentic's characters.
fn is_contract_id(text: &str) -> bool {
    text.strip_prefix("cap://").is_some_and(|rest| {
        !rest.is_empty()
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'/' | b'-' | b'_' | b'.' | b'+' | b'@'))
    })
}

#[cfg(test)]
mod tests {
    use super::{is_slug, slug};
    use crate::rules::tests::{findings, manifest, mended};
    use crate::source::MemoryPack;

    #[test]
    fn text_that_is_not_yaml_has_a_place_and_a_hint() {
        insta::assert_snapshot!(manifest("name: notes\ndescription: \"Keeps notes.\nversion: 1.0.0\n"), @"
        Error yaml/syntax pack.yaml:3:10 <1.0.0> this is not YAML: invalid indentation in multiline quoted scalar
          hint: Look at the indentation, quotes and brackets of this line and the one above.
        ");
    }

    #[test]
    fn a_key_that_stands_twice_is_named() {
        insta::assert_snapshot!(manifest("name: notes\ndescription: a\nname: other\n"), @"
        Error yaml/duplicate-key pack.yaml:3:1 <name> `name` stands twice in this mapping
          hint: Keep one of the two; other rules are checked again once the file can be read.
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
          fix: Name it `my-pack`
        ");
    }

    #[test]
    fn a_missing_name_is_added_and_an_empty_one_filled_in() {
        assert_eq!(mended("description: Keeps notes.\n").0, "name: my-pack\ndescription: Keeps notes.\n");
        let (text, after) = mended("name:\ndescription: Keeps notes.\n");
        assert_eq!((text.as_str(), after.as_str()), ("name: my-pack\ndescription: Keeps notes.\n", ""));
    }

    #[test]
    fn pack_id_is_a_name_too_and_lets_name_be_free() {
        assert_eq!(manifest("pack_id: dev.acme.notes\nname: My Notes!\ndescription: Keeps notes.\n"), "");
    }

    #[test]
    fn a_name_must_be_a_slug() {
        insta::assert_snapshot!(manifest("name: My Notes\ndescription: Keeps notes.\n"), @"
        Error manifest/bad-name pack.yaml:1:7 <My Notes> `My Notes` is not a name that every platform takes
          hint: Use a–z, 0–9 and `-`; put the name for people into `display_name`.
          fix: Change to `my-notes`
        ");
        assert_eq!(mended("name: \"My Notes\"\ndescription: Keeps notes.\n").0, "name: my-notes\ndescription: Keeps notes.\n");
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
          fix: Change to `Apache-2.0`
        ");
        assert_eq!(
            mended("name: n\ndescription: Keeps notes.\nlicense: Apache 2\n").0,
            "name: n\ndescription: Keeps notes.\nlicense: Apache-2.0\n"
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
        let pack =
            |text: &str| MemoryPack::new([("pack.yaml", text), ("schemas/find.input.json", "{}"), ("assets/icon.png", "x")]);
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
                "name: n\ndescription: Finds.\nicon: ./assets/icon.png\ntools:\n  - name: find\n    description: Finds a record and returns it.\n    input: schemas/find.input.json\n    handler: schemas/find.input.json\n"
            )),
            ""
        );
    }

    #[test]
    fn contracts_are_cap_ids() {
        let text = |id: &str| {
            format!(
                "pack_id: a.b\ndescription: d\nextensions:\n  greentic.ext.capabilities.v1:\n    kind: greentic.ext.capabilities.v1\n    version: 1.0.0\n    inline:\n      offers:\n        - {{id: o, capability: {id}}}\n"
            )
        };
        insta::assert_snapshot!(manifest(&text("memory.short-term")), @"
        Error contracts/bad-id pack.yaml:9:31 <memory.short-term> `memory.short-term` is not a `cap://` id
          hint: Ids look like `cap://memory.short-term`.
          fix: Change to `cap://memory.short-term`
        ");
        assert_eq!(manifest(&text("cap://memory.short-term")), "");
    }
}
