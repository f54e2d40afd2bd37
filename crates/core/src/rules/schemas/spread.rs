//! Schemas that are spread over files: circles of references through several, and references that multiply from file to file.
//!
//! What one file does by itself is told where that file is looked at. Here, what each file said of itself is held together, and only
//! files that could do harm are looked into again.

use super::refs::{grown, pointed};
use super::{ENDLESS_REF, GROWING_REFS, Leads, Reference, SchemaFacts, facts};
use crate::check::Whole;
use crate::diagnostic::Diagnostic;
use crate::schema::{Bundle, MAX_PARTS, SchemaError, circles_across, weigh};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Most files among which circles are looked for: who has as many in circles is told of some.
const MAX_CIRCLING: usize = 150;

/// Most schemas that are brought together to be counted.
const MAX_COUNTED: usize = 20;

/// A file that refers to others.
struct Spread<'a> {
    facts: &'a SchemaFacts,
    outward: Vec<(&'a str, &'a Reference)>,
}

/// Checks what only several files can tell.
pub(super) fn check(pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    let mut files: BTreeMap<&str, Spread<'_>> = BTreeMap::new();
    for (path, content) in pack.contents {
        let Some(facts) = facts(content).filter(|facts| facts.valid) else { continue };
        let outward = facts.refs.iter().filter_map(|reference| match &reference.leads {
            Leads::File { path, .. } => Some((path.as_str(), reference)),
            Leads::Here | Leads::Nowhere => None,
        });
        let outward: Vec<_> = outward.collect();
        if !outward.is_empty() {
            files.insert(path, Spread { facts, outward });
        }
    }
    if files.is_empty() {
        return;
    }
    let (order, rest) = sorted(&files);
    if !rest.is_empty() {
        circles(pack, &rest, out);
    }
    growing(pack, &files, order.iter().chain(&rest), out);
}

/// The files so that each comes behind those it refers to, and those of which that cannot be said.
fn sorted<'a>(files: &BTreeMap<&'a str, Spread<'a>>) -> (Vec<&'a str>, Vec<&'a str>) {
    let mut waits: BTreeMap<&str, usize> = BTreeMap::new();
    let mut named_by: BTreeMap<&str, Vec<&'a str>> = BTreeMap::new();
    for (path, file) in files {
        let others: HashSet<&str> =
            file.outward.iter().map(|(other, _)| *other).filter(|other| files.contains_key(other)).collect();
        waits.insert(path, others.len());
        others.into_iter().for_each(|other| named_by.entry(other).or_default().push(path));
    }
    let mut order: Vec<&str> = files.keys().copied().filter(|path| waits[path] == 0).collect();
    let mut at = 0;
    while let Some(path) = order.get(at).copied() {
        for name in named_by.get(path).into_iter().flatten() {
            let left = waits.get_mut(name).expect("each file is there");
            *left -= 1;
            if *left == 0 {
                order.push(name);
            }
        }
        at += 1;
    }
    let rest = files.keys().copied().filter(|path| waits[path] > 0).collect();
    (order, rest)
}

fn circles(pack: &Whole<'_>, paths: &[&str], out: &mut Vec<Diagnostic>) {
    let read = |path: &str| pack.contents.get(path).and_then(|content| facts(content)).map(|facts| facts.value().clone());
    for (path, reference) in circles_across(&paths[..paths.len().min(MAX_CIRCLING)], &read) {
        let Some(facts) = pack.contents.get(&path).and_then(|content| facts(content)) else { continue };
        let Some(node) = pointed(&facts.root, &reference.at) else { continue };
        out.push(
            ENDLESS_REF
                .at(
                    &path,
                    node.span.clone(),
                    "through other files, this reference comes back to itself and never looks at a part of the value",
                )
                .hint("Let one of them lead through `properties` or `items`, or take it out."),
        );
    }
}

/// Tells files that come to too much with those that they refer to: the first of a row.
fn growing<'a>(
    pack: &Whole<'_>,
    files: &BTreeMap<&str, Spread<'_>>,
    order: impl Iterator<Item = &'a &'a str>,
    out: &mut Vec<Diagnostic>,
) {
    let read = |path: &str| pack.contents.get(path).and_then(|content| facts(content)).map(|facts| facts.value().clone());
    // At most so many parts each file comes to; less than that is known to be right.
    let mut most: BTreeMap<&str, u64> = BTreeMap::new();
    let (mut told, mut left): (HashSet<&str>, usize) = (HashSet::new(), MAX_COUNTED);
    // A file without references is what is written.
    let mut written: HashMap<&str, u64> = HashMap::new();
    for (other, _) in files.values().flat_map(|file| &file.outward) {
        let Some(facts) = pack.contents.get(*other).and_then(|content| facts(content)) else { continue };
        written.entry(other).or_insert_with(|| {
            let mut nodes = 0;
            facts.root.walk(&mut |_| nodes += 1);
            nodes
        });
    }
    for path in order {
        let file = &files[path];
        let weight = |other: &str| {
            let own = pack.contents.get(other).and_then(|content| facts(content)).and_then(|facts| facts.weight);
            most.get(other).copied().or(own.map(|own| own.parts)).or(written.get(other).copied()).unwrap_or(0)
        };
        let heaviest = file.outward.iter().max_by_key(|(other, _)| weight(other));
        let (Some(own), Some((other, reference))) = (file.facts.weight, heaviest) else { continue };
        let parts = own.parts.saturating_add(own.outward.saturating_mul(weight(other)));
        most.insert(path, parts);
        if file.outward.iter().any(|(other, _)| told.contains(other)) {
            told.insert(path);
            continue;
        }
        if parts <= MAX_PARTS || left == 0 {
            continue;
        }
        left -= 1;
        let Ok(bundle) = Bundle::of(path, file.facts.value(), &read) else { continue };
        match weigh(&bundle.value) {
            Ok(weight) => _ = most.insert(path, weight.parts),
            Err(growth) => {
                told.insert(path);
                let (message, hint) = grown(&growth.error);
                let begin =
                    if growth.error == SchemaError::TooDeep { "through other files, this reference" } else { "this reference" };
                out.push(GROWING_REFS.at(path, reference.span.clone(), format!("{begin} {message}")).hint(hint));
            }
        }
    }
}
