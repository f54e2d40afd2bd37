//! What the manifest says of the pack to people and catalogues.

use super::super::{Example, Rule};
use super::{is_slug, slug};
use crate::artifact::is_repository_part;
use crate::check::Context;
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::folder::MANIFEST;
use crate::text::shown;
use crate::yaml::{Node, Value};
use std::ops::Range;

pub static BAD_PUBLISHER: Rule = Rule {
    code: "manifest/bad-publisher",
    severity: Severity::Error,
    summary: "The publisher cannot be part of an address.",
    why: "The pack's full id is `publisher.name`, and its folder in a registry is named after the publisher: registries take small letters, digits and single `.`, `_` and `-` between them.",
    example: Example::manifest("publisher: Acme Inc\n", "publisher: acme-inc\n"),
};

pub static BAD_SUGGESTION: Rule = Rule {
    code: "manifest/bad-suggestion",
    severity: Severity::Warning,
    summary: "An entry of `suggested_packs` is not the name of another pack.",
    why: "Catalogues look these up by name: what is no name is never found, and nobody is told.",
    example: Example::manifest("suggested_packs: [Web Fetch, notes]\n", "suggested_packs: [web-fetch]\n"),
};

pub static BAD_ICON: Rule = Rule {
    code: "manifest/bad-icon",
    severity: Severity::Warning,
    summary: "The icon is no picture that catalogues show, or has more than 1 MB.",
    why: "Catalogues show PNG, SVG, JPEG, WebP and GIF, small and many at once; others become an empty square, and large ones keep the page waiting.",
    example: Example::manifest("icon: assets/icon.tiff\n", "icon: assets/icon.png\n")
        .beside(&[("assets/icon.tiff", ""), ("assets/icon.png", "")]),
};

pub static PLACEHOLDER: Rule = Rule {
    code: "manifest/placeholder",
    severity: Severity::Warning,
    summary: "The description says nothing of the pack.",
    why: "It stands in the catalogue and in the agent's prompt, where people and models decide by it.",
    example: Example::manifest("description: TODO\n", "description: Keeps notes, and finds them again by their words.\n"),
};

pub static LONG_DESCRIPTION: Rule = Rule {
    code: "manifest/long-description",
    severity: Severity::Warning,
    summary: "The description has more than 1024 characters.",
    why: "Every agent that has the pack reads it with every task, and platforms that have a limit cut it off there. What is longer belongs into `behavior.md` or a guide.",
    example: Example::Told {
        before: "`description:` holds two pages on how the notes are kept.",
        after: "`description:` says in a sentence what an agent can do, and `behavior.md` says how.",
    },
};

/// Endings of pictures that browsers show.
const PICTURES: &[&str] = &["png", "svg", "jpg", "jpeg", "webp", "gif"];

/// Largest icon: a drawing of 512 × 512 has a tenth of it.
const LARGEST_ICON: u64 = 1_000_000;

/// Longest description, in characters: the least that a known platform takes.
pub(crate) const LONGEST_DESCRIPTION: usize = 1024;

/// Checks them.
pub(super) fn check(root: &Node, ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    check_publisher(root, out);
    check_suggestions(root, out);
    check_icon(root, ctx, out);
    check_description(root, out);
}

fn check_publisher(root: &Node, out: &mut Vec<Diagnostic>) {
    let Some(node) = root.get("publisher") else { return };
    let Some(written) = node.as_text() else { return };
    // Greentic takes any text, and goes by `pack_id`. Where an address is made of it, publishing says so.
    if root.get("pack_id").is_some() || written.split('/').all(is_repository_part) {
        return;
    }
    let mended = slug(written);
    let found = BAD_PUBLISHER.at(MANIFEST, node.span.clone(), format!("`{}` cannot be part of an address", shown(written)));
    out.push(if is_repository_part(&mended) {
        found
            .hint("Use small letters, digits and `-`.")
            .with_fix(Fix::one(format!("Change to `{mended}`"), MANIFEST, node.span.clone(), mended).guessed())
    } else {
        found.hint("Use small letters, digits and `-`, as in `acme-books`.")
    });
}

fn check_suggestions(root: &Node, out: &mut Vec<Diagnostic>) {
    let Some(node) = root.get("suggested_packs") else { return };
    let own = root.text_at("name");
    let mut check = |written: &str, place: Range<usize>, whole: bool| {
        let written = written.trim();
        if Some(written) == own {
            let message = format!("`{}` is this pack itself", shown(written));
            out.push(BAD_SUGGESTION.at(MANIFEST, place, message).hint("Remove it."));
            return;
        }
        // Whose it is may stand before the name.
        if written.split('.').all(is_slug) {
            return;
        }
        let mended = slug(written);
        let found = BAD_SUGGESTION.at(MANIFEST, place.clone(), format!("`{}` is not the name of a pack", shown(written)));
        out.push(if whole && is_slug(&mended) {
            found
                .hint(format!("Names have small letters, digits and `-`: `{mended}`."))
                .with_fix(Fix::one(format!("Change to `{mended}`"), MANIFEST, place, mended).guessed())
        } else {
            found.hint("Names have small letters, digits and `-`, as in `web-fetch`.")
        });
    };
    match &node.value {
        Value::Text(list) => list.split(',').for_each(|name| {
            if !name.trim().is_empty() {
                check(name, node.span.clone(), false);
            }
        }),
        Value::List(items) => {
            items.iter().filter_map(|item| Some((item.as_text()?, item))).for_each(|(name, item)| {
                check(name, item.span.clone(), true);
            });
        }
        _ => {}
    }
}

fn check_icon(root: &Node, ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let Some(node) = root.get("icon") else { return };
    let Some(path) = node.as_text().and_then(super::inside) else { return };
    let Some(entry) = ctx.entry(&path).filter(|entry| entry.is_file()) else { return };
    let name = path.rsplit('/').next().unwrap_or_default();
    if let Some((_, ending)) = name.rsplit_once('.')
        && !PICTURES.iter().any(|known| ending.eq_ignore_ascii_case(known))
    {
        let message = format!("`.{}` is no picture that every catalogue shows", shown(ending));
        out.push(BAD_ICON.at(MANIFEST, node.span.clone(), message).hint("Save it as PNG, or as SVG when it is drawn of lines."));
    } else if entry.size > LARGEST_ICON {
        let message = format!("the icon has {} KB, and 1 MB is plenty", entry.size / 1000);
        out.push(BAD_ICON.at(MANIFEST, node.span.clone(), message).hint("Save it with 512 × 512 points or fewer."));
    }
}

fn check_description(root: &Node, out: &mut Vec<Diagnostic>) {
    let Some(node) = root.get("description") else { return };
    let Some(written) = node.as_text() else { return };
    let names = ["name", "display_name"].into_iter().filter_map(|key| root.get(key).and_then(Node::as_word));
    if is_placeholder(written, names) {
        let message = format!("`{}` says nothing of the pack", shown(written));
        out.push(PLACEHOLDER.at(MANIFEST, node.span.clone(), message).hint("Say in one sentence what an agent can do with it."));
    }
    let length = written.chars().count();
    if length > LONGEST_DESCRIPTION {
        let message =
            format!("the description has {length} characters, and {LONGEST_DESCRIPTION} are the most that every platform takes");
        out.push(
            LONG_DESCRIPTION
                .at(MANIFEST, node.span.clone(), message)
                .hint("Keep what helps to choose the pack, and move the rest into `behavior.md` or a guide."),
        );
    }
}

/// What people write where a description is still to come.
const PLACEHOLDERS: &[&str] = &[
    "a pack",
    "pack",
    "my pack",
    "new pack",
    "a new pack",
    "example pack",
    "an example pack",
    "test pack",
    "a test pack",
    "my first pack",
    "description",
    "a description",
    "pack description",
    "describe your pack",
    "describe your pack here",
    "add a description",
    "description goes here",
    "n/a",
    "none",
    "test",
    "changeme",
    "change me",
];

fn is_placeholder<'a>(written: &str, mut names: impl Iterator<Item = &'a str>) -> bool {
    let plain = written.trim().trim_end_matches(['.', '!', ':', ' ']).to_lowercase();
    let begins = |word: &str| {
        plain.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '-'))
    };
    !written.trim().is_empty()
        && (plain.chars().all(|letter| letter.is_ascii_punctuation() || letter == '…')
            || PLACEHOLDERS.contains(&plain.as_str())
            || ["todo", "tbd", "fixme", "lorem ipsum"].iter().any(|word| begins(word))
            || (plain.starts_with("{{") && plain.find("}}") == Some(plain.len() - 2))
            || (plain.starts_with('<') && plain.ends_with('>'))
            || (plain.len() > 4 && names.any(|name| name.trim().to_lowercase() == plain)))
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::{findings, manifest, mended};
    use crate::source::{MemoryPack, SourceKind};

    #[test]
    fn a_publisher_is_part_of_an_address() {
        insta::assert_snapshot!(manifest("name: n\ndescription: d\npublisher: Acme Inc.\n"), @"
        Error manifest/bad-publisher pack.yaml:3:12 <Acme Inc.> `Acme Inc.` cannot be part of an address
          hint: Use small letters, digits and `-`.
          guess: Change to `acme-inc`
        ");
        assert_eq!(mended("name: n\ndescription: d\npublisher: \"Acme Inc.\"\n").1, "");
        for publisher in ["acme", "acme-books", "a.b_c", "org/team"] {
            assert_eq!(manifest(&format!("name: n\ndescription: d\npublisher: {publisher}\n")), "", "{publisher}");
        }
        assert!(manifest("name: n\ndescription: d\npublisher: 会社\n").contains("manifest/bad-publisher"));
        let greentic = "pack_id: dev.acme.n\nversion: 1.0.0\nkind: library\ndescription: d\npublisher: Acme Labs, Inc.\n";
        assert_eq!(manifest(greentic), "");
    }

    #[test]
    fn suggestions_are_names_of_other_packs() {
        insta::assert_snapshot!(manifest("name: notes\ndescription: d\nsuggested_packs: [web-fetch, Web Fetch, notes, '', acme.books]\n"), @"
        Warning manifest/bad-suggestion pack.yaml:3:30 <Web Fetch> `Web Fetch` is not the name of a pack
          hint: Names have small letters, digits and `-`: `web-fetch`.
          guess: Change to `web-fetch`
        Warning manifest/bad-suggestion pack.yaml:3:41 <notes> `notes` is this pack itself
          hint: Remove it.
        Warning manifest/bad-suggestion pack.yaml:3:48 <''> `` is not the name of a pack
          hint: Names have small letters, digits and `-`, as in `web-fetch`.
        ");
        insta::assert_snapshot!(manifest("name: notes\ndescription: d\nsuggested_packs: web-fetch, Web Fetch, \n"), @"
        Warning manifest/bad-suggestion pack.yaml:3:18 <web-fetch, Web Fetch,> `Web Fetch` is not the name of a pack
          hint: Names have small letters, digits and `-`, as in `web-fetch`.
        ");
    }

    #[test]
    fn an_icon_is_a_small_picture() {
        let pack = |path: &str, size: u64| {
            let text = format!("name: n\ndescription: d\nicon: {path}\n");
            findings(&MemoryPack::new([("pack.yaml", text.as_str())]).with("assets", SourceKind::Folder, 0).with(
                path,
                SourceKind::File,
                size,
            ))
        };
        insta::assert_snapshot!(pack("assets/icon.bmp", 10), @"
        Warning manifest/bad-icon pack.yaml:3:7 <assets/icon.bmp> `.bmp` is no picture that every catalogue shows
          hint: Save it as PNG, or as SVG when it is drawn of lines.
        ");
        insta::assert_snapshot!(pack("assets/icon.png", 2_000_000), @"
        Warning manifest/bad-icon pack.yaml:3:7 <assets/icon.png> the icon has 2000 KB, and 1 MB is plenty
          hint: Save it with 512 × 512 points or fewer.
        ");
        assert_eq!(pack("assets/icon.PNG", 1_000_000), "");
        assert_eq!(pack("assets/icon", 10), "");
    }

    #[test]
    fn a_description_says_something_and_not_too_much() {
        for nothing in [
            "TODO",
            "'todo: write this'",
            "A pack.",
            "'{{description}}'",
            "<what it does>",
            "Description",
            "notes",
            "NOTES!",
            "Lorem ipsum dolor",
            "...",
        ] {
            let found = manifest(&format!("name: notes\ndescription: {nothing}\n"));
            assert!(found.contains("Warning manifest/placeholder"), "{nothing}: {found}");
        }
        for something in [
            "Todoist tasks",
            "todo-list for agents",
            "Keeps notes.",
            "d",
            "A pack of cards to play with.",
            "Tests web pages.",
            "'{{name}} {{address}}'",
            "😀",
        ] {
            assert_eq!(manifest(&format!("name: notes\ndescription: {something}\n")), "", "{something}");
        }
        insta::assert_snapshot!(manifest(&format!("name: notes\ndescription: {}\n", "é".repeat(1025))).replace(&"é".repeat(1025), "…"), @"
        Warning manifest/long-description pack.yaml:2:14 <…> the description has 1025 characters, and 1024 are the most that every platform takes
          hint: Keep what helps to choose the pack, and move the rest into `behavior.md` or a guide.
        ");
        assert_eq!(manifest(&format!("name: notes\ndescription: {}\n", "é".repeat(1024))), "");
    }
}
