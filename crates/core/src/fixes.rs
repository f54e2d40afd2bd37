//! Keeps only the fixes that mend: each is tried in memory before it is called certain.

use crate::check::{Context, manifest_findings};
use crate::diagnostic::{Diagnostic, Edit};
use crate::folder::MANIFEST;
use crate::nearest::Guesses;
use crate::yaml::blocks::Reader;
use crate::yaml::{self, Node, Value};

/// How many fixes are tried one by one at a check.
const TRIED_FIXES: usize = 50;

/// How many bytes are read again for that: a small manifest has all its fixes tried, a large one the first few.
const TRIED_BYTES: usize = 1024 * 1024;

/// Largest manifest whose fixes are tried; past it none is offered.
const LARGEST_TRIED: usize = 4 * 1024 * 1024;

/// Takes away fixes of the manifest that would not mend it. YAML has more ways to write a thing than a rule can think of (aliases,
/// block scalars, flow, directives), so a fix is called certain only after it was seen to work.
/// `faults` is how much of the manifest could not be read.
pub(crate) fn drop_bad_fixes(
    findings: &mut [Diagnostic],
    root: &Node,
    faults: usize,
    ctx: &mut Context<'_>,
    reader: &mut Reader,
) {
    let of_manifest = |found: &Diagnostic| {
        found.fix.as_ref().is_some_and(|fix| !fix.edits.is_empty() && fix.edits.iter().all(|edit| edit.file == MANIFEST))
    };
    let fixed: Vec<usize> = (0..findings.len()).filter(|&at| of_manifest(&findings[at])).collect();
    if fixed.is_empty() {
        return;
    }
    let text = std::mem::take(&mut ctx.manifest);
    let guesses = std::mem::replace(&mut ctx.guesses, Guesses::none());
    ctx.manifest.clone_from(&text);
    let before = manifest_findings(root, ctx).len();
    let parts = std::mem::take(&mut ctx.parts);
    let all: Vec<&Diagnostic> = fixed.iter().map(|&at| &findings[at]).collect();
    // Mostly all of them work, which one reading shows.
    let whole = text.len() <= LARGEST_TRIED
        && works(&all, before.saturating_sub(all.len()), &Tried { text: &text, root, faults }, ctx, reader);
    let mut tried = 0;
    for at in fixed {
        tried += 1;
        let within = tried <= TRIED_FIXES && text.len() <= LARGEST_TRIED && text.len().saturating_mul(tried) <= TRIED_BYTES;
        let sure = whole || (within && works(&[&findings[at]], before, &Tried { text: &text, root, faults }, ctx, reader));
        if !sure {
            findings[at].fix = None;
        }
    }
    ctx.manifest = text;
    ctx.parts = parts;
    ctx.guesses = guesses;
}

/// A manifest whose fixes are tried.
#[derive(Clone, Copy)]
struct Tried<'a> {
    text: &'a str,
    root: &'a Node,
    /// How much of it could not be read, which no fix here mends.
    faults: usize,
}

/// True when the fixes of these findings, made together, leave a manifest that says the same but for one thing each, without these
/// findings and with no more than `most` in all.
fn works(fixed: &[&Diagnostic], most: usize, tried: &Tried<'_>, ctx: &mut Context<'_>, reader: &mut Reader) -> bool {
    let Tried { text, root, faults } = *tried;
    let mut edits: Vec<&Edit> = fixed.iter().filter_map(|found| found.fix.as_ref()).flat_map(|fix| &fix.edits).collect();
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let apart = edits.windows(2).all(|pair| pair[0].range.end <= pair[1].range.start && pair[0].range != pair[1].range);
    if !apart || edits.iter().any(|edit| text.get(edit.range.clone()).is_none()) {
        return false;
    }
    let mut mended = text.to_owned();
    edits.iter().rev().for_each(|edit| mended.replace_range(edit.range.clone(), &edit.text));
    let read = reader.read(&mended);
    let after = read.tree;
    if read.faults.len() > faults || differences(root, &after) != Some(fixed.len()) {
        return false;
    }
    ctx.manifest = mended;
    ctx.parts = read.parts;
    let left = manifest_findings(&after, ctx);
    // Where a finding's place has moved to.
    let moved = |start: usize| {
        edits
            .iter()
            .filter(|edit| edit.range.end <= start && edit.range.start < start)
            .fold(start, |at, edit| at + edit.text.len() - edit.range.len())
    };
    left.len() <= most
        && fixed.iter().all(|found| {
            let start = moved(found.range.start);
            !left.iter().any(|one| one.code == found.code && one.range.start == start)
        })
}

/// In how many places two trees say something else: a value, a key's name, or a key that one has more. `None` for any other difference.
fn differences(one: &Node, other: &Node) -> Option<usize> {
    match (&one.value, &other.value) {
        (Value::List(one), Value::List(other)) if one.len() == other.len() => {
            one.iter().zip(other).map(|(one, other)| differences(one, other)).sum()
        }
        (Value::Map(one), Value::Map(other)) if one.len() == other.len() => one
            .iter()
            .zip(other)
            .map(|((key, one), (other_key, other))| Some(usize::from(key.name != other_key.name) + differences(one, other)?))
            .sum(),
        (Value::Map(one), Value::Map(other)) if one.len() + 1 == other.len() => {
            let new = one.iter().zip(other).take_while(|((one, _), (other, _))| one.name == other.name).count();
            let rest = other.iter().enumerate().filter(|(at, _)| *at != new).map(|(_, entry)| entry);
            let same = |((key, one), (other_key, other)): (&(yaml::Key, Node), &(yaml::Key, Node))| {
                (key.name == other_key.name).then(|| differences(one, other)).flatten()
            };
            one.iter().zip(rest).map(same).sum::<Option<usize>>().map(|sum| sum + 1)
        }
        // A manifest that was not begun yet.
        (Value::Null, Value::Map(entries)) if entries.len() == 1 => Some(1),
        (Value::List(_) | Value::Map(_), _) | (_, Value::List(_) | Value::Map(_)) => None,
        (one, other) => Some(usize::from(one != other)),
    }
}
