//! Where a thing is made, and where it is named.

use super::locate::pointed;
use super::uses::{self, Thing, Use, Written};
use super::{Pack, Target};
use crate::folder::MANIFEST;
use crate::yaml;

/// Where what stands at a place is made: a path's file, a secret's credential, a case's tool. The place itself, when it is made there.
pub fn definition(pack: &Pack<'_>, path: &str, text: &str, offset: usize) -> Vec<Target> {
    let mut here = uses::at(pack, path, text, offset);
    // A tool's own name leads on to what answers its calls.
    here.sort_by_key(|one| one.written != Written::Implied);
    let mut targets = here.iter().map(|one| made_at(pack, &one.thing, path, text)).filter(|found| !found.is_empty());
    targets.next().unwrap_or_default()
}

/// Every place that names what stands at a place; with the place where it is made when `own` is true.
pub fn references(pack: &Pack<'_>, path: &str, text: &str, offset: usize, own: bool) -> Vec<Target> {
    let here = uses::at(pack, path, text, offset);
    let Some(first) = here.iter().find(|one| one.written != Written::Implied) else { return Vec::new() };
    let mut things = vec![&first.thing];
    // Whoever looks for a tool looks for its function too, where that bears the same name.
    things.extend(here.iter().filter(|one| one.written == Written::Implied).map(|one| &one.thing));
    places(pack, &things, path, text, own)
}

/// Every place of the pack that names a file: for what moves files.
pub fn file_references(pack: &Pack<'_>, file: &str) -> Vec<Target> {
    places(pack, &[&Thing::File(file.to_owned())], MANIFEST, pack.manifest_text, false)
}

fn places(pack: &Pack<'_>, things: &[&Thing], path: &str, text: &str, own: bool) -> Vec<Target> {
    let all = uses::of_pack(pack, path, text).into_iter();
    let fitting = all.filter(|one| things.contains(&&one.thing) && (own || !one.defines) && one.written != Written::Implied);
    let mut found: Vec<Target> = fitting.map(|one| Target { file: one.file, range: one.range }).collect();
    found.sort_by(|one, other| (&one.file, one.range.start).cmp(&(&other.file, other.range.start)));
    found.dedup();
    found
}

/// Where a thing is made.
fn made_at(pack: &Pack<'_>, thing: &Thing, path: &str, text: &str) -> Vec<Target> {
    let text_of = |file: &str| if file == path { Some(text.into()) } else { pack.text(file) };
    let makers = |file: &str| -> Vec<Use> {
        let Some(text) = text_of(file) else { return Vec::new() };
        uses::of_file(pack, file, &text).into_iter().filter(|one| one.defines && one.thing == *thing).collect()
    };
    let targets = |uses: Vec<Use>| uses.into_iter().map(|one| Target { file: one.file, range: one.range }).collect();
    match thing {
        Thing::File(file) => {
            let there = pack.entries.iter().any(|entry| entry.path == *file);
            there.then(|| Target { file: file.clone(), range: 0..0 }).into_iter().collect()
        }
        Thing::Case { file, .. } | Thing::Export { file, .. } | Thing::Node { file, .. } => targets(makers(file)),
        Thing::Part { file, root, pointer } => {
            let Some(text) = text_of(file) else { return Vec::new() };
            let tree = super::tree_of(file, &text);
            let whole = subtree(&tree, *root);
            let named = whole.and_then(|whole| pointed(whole, pointer));
            let range = named.map(|(key, node)| key.map_or_else(|| node.span.clone(), |key| key.span.clone()));
            range.map(|range| Target { file: file.clone(), range }).into_iter().collect()
        }
        _ => targets(makers(MANIFEST)),
    }
}

/// The schema that begins at a place of a tree.
pub(super) fn subtree(tree: &yaml::Node, start: usize) -> Option<&yaml::Node> {
    if start == 0 {
        return Some(tree);
    }
    let mut found = None;
    tree.walk(&mut |node| {
        // The first is the outermost.
        if found.is_none() && node.span.start == start && matches!(node.value, yaml::Value::Map(_)) {
            found = Some(node);
        }
    });
    found
}
