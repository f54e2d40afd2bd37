//! Paths that the manifest names: that they stay in the pack and lead somewhere.

use super::super::{Example, Rule};
use crate::check::Context;
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::{IGNORE_FILE, MANIFEST};
use crate::text::shown;
use crate::yaml::Node;

pub static MISSING_FILE: Rule = Rule {
    code: "manifest/missing-file",
    severity: Severity::Error,
    summary: "The manifest names a file that is not in the pack.",
    why: "A platform that needs the file fails when it is first used, long after publishing.",
    example: Example::manifest("icon: assets/logo.png\n", "icon: assets/icon.png\n").beside(&[("assets/icon.png", "")]),
};

pub static PATH_OUTSIDE: Rule = Rule {
    code: "manifest/path-outside",
    severity: Severity::Error,
    summary: "The manifest names a path that leaves the pack.",
    why: "Only the pack's own folder is published; what lies beside it exists on one computer.",
    example: Example::manifest("icon: ../pictures/icon.png\n", "icon: assets/icon.png\n").beside(&[("assets/icon.png", "")]),
};

/// Every place of the manifest that names a file: with what it wants there.
pub(super) fn check(root: &Node, ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut paths: Vec<(&str, &Node, bool)> = Vec::new();
    paths.extend(root.get("icon").map(|node| ("icon", node, false)));
    for tool in root.get("tools").map(Node::items).unwrap_or_default() {
        paths.extend(["input", "output", "handler"].iter().filter_map(|key| Some((*key, tool.get(key)?, false))));
        paths.extend(tool.get("handler").and_then(|handler| handler.get("path")).map(|node| ("path", node, false)));
    }
    paths.extend(root.get("storage").and_then(|storage| storage.get("migrations")).map(|node| ("migrations", node, true)));
    let places = [("views", "source"), ("workflows", "file"), ("triggers", "input"), ("flows", "file"), ("components", "wasm")];
    for (list, key) in places {
        paths.extend(
            root.get(list).map(Node::items).unwrap_or_default().iter().filter_map(|item| Some((key, item.get(key)?, false))),
        );
    }
    for (key, node, folder) in paths {
        if let Some(path) = node.as_text() {
            out.extend(check_path(path, key, folder, node, ctx));
        }
    }
}

/// A path of the manifest as the folder lists it: without `.`, empty parts and a slash at the end. `None` when it leaves the pack.
pub(crate) fn inside(path: &str) -> Option<String> {
    // `C:\` and `C:/` begin at a drive; any other `a:b` is a file's name.
    let drive = matches!(path.as_bytes(), [letter, b':', b'/' | b'\\', ..] if letter.is_ascii_alphabetic());
    if drive || path.starts_with(['/', '\\']) || path.split('/').any(|part| part == "..") {
        return None;
    }
    Some(path.split('/').filter(|part| !matches!(*part, "" | ".")).collect::<Vec<_>>().join("/"))
}

fn check_path(written: &str, key: &str, folder: bool, node: &Node, ctx: &Context<'_>) -> Option<Diagnostic> {
    // In words only where there is something to say: most paths are right.
    let path = || shown(written);
    let Some(clean) = inside(written) else {
        return Some(
            PATH_OUTSIDE
                .at(MANIFEST, node.span.clone(), format!("`{}` leaves the pack", path()))
                .hint("Copy what it names into the pack, and write the path from the pack's folder."),
        );
    };
    let wanted = if folder { "folder" } else { "file" };
    if written.trim().is_empty() {
        let found = MISSING_FILE.at(MANIFEST, node.span.clone(), format!("`{key}` is empty"));
        return Some(found.hint(format!("Write the path of a {wanted} in the pack, or remove the key.")));
    }
    if clean.is_empty() {
        let message = format!("`{}` is the pack's own folder, and a {wanted} in it is wanted", path());
        return Some(MISSING_FILE.at(MANIFEST, node.span.clone(), message).hint(format!("Write the path of a {wanted}.")));
    }
    let clean = clean.as_str();
    let there = ctx.entry(clean);
    if let Some(found) = left_out(clean, written, there.is_some(), folder, node, ctx) {
        return Some(found);
    }
    // What lies behind a link is not listed; a folder there is taken at its word.
    if there.is_none() && folder && ctx.behind_link(clean) {
        return None;
    }
    if there.as_deref().is_some_and(|entry| if folder { entry.is_folder() } else { entry.is_file() }) {
        return None;
    }
    let found = match there {
        Some(_) if folder => {
            MISSING_FILE.at(MANIFEST, node.span.clone(), format!("`{}` is a file, and a folder is wanted", path()))
        }
        Some(_) => MISSING_FILE.at(MANIFEST, node.span.clone(), format!("`{}` is a folder, and a file is wanted", path())),
        None => MISSING_FILE.at(MANIFEST, node.span.clone(), format!("`{}` does not exist", path())),
    };
    // In the same folder, or under the same name elsewhere: anything else is a guess.
    let (in_folder, of_name) = parts(clean);
    let near = |path: &str| {
        let (folder, name) = parts(path);
        folder == in_folder || name == of_name
    };
    let candidates = ctx
        .entries
        .iter()
        .filter(|entry| if folder { entry.is_folder() } else { entry.is_file() })
        .filter(|entry| near(&entry.path));
    Some(match ctx.guesses.nearest(clean, candidates.map(|entry| entry.path.as_str())) {
        Some(near) => found.did_you_mean(near),
        None => found.hint("Create the file, or write the path of one that is there."),
    })
}

/// The finding for a path that is named and does not go along: what lies in a folder that is left out is not even listed.
fn left_out(clean: &str, written: &str, there: bool, folder: bool, node: &Node, ctx: &Context<'_>) -> Option<Diagnostic> {
    let text = ctx.ignore_text.as_deref()?;
    // Of a path that is not there, only the folder is known to be left out.
    let (named, is_folder) = if there { (clean, folder) } else { (clean.rsplit_once('/')?.0, true) };
    let (number, pattern) = ctx.ignore.line_of(named, is_folder, text)?;
    let message = format!("`{}` is not published: `{IGNORE_FILE}` leaves it out", shown(written));
    Some(MISSING_FILE.at(MANIFEST, node.span.clone(), message).hint(format!(
        "Line {} of `{IGNORE_FILE}` says `{}`: take it away, or narrow it.",
        number + 1,
        shown(pattern)
    )))
}

/// A path's folder and name.
fn parts(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}
