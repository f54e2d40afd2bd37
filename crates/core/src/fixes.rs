//! Keeps only the fixes that mend: each is tried in memory before it is offered, and those that are certain are tried together, for they are
//! made together. What a fix writes stands in the quotes that the author chose.

use crate::check::{Context, manifest_findings};
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::folder::MANIFEST;
use crate::nearest::Guesses;
use crate::rules::manifest::{MISSING_FILE, inside};
use crate::yaml::blocks::Reader;
use crate::yaml::{self, Node, Value};
use std::collections::{BTreeMap, HashMap, HashSet};

/// How many fixes are tried one by one at a check.
const TRIED_FIXES: usize = 50;

/// How many bytes are read again for that: a small manifest has all its fixes tried, a large one the first few.
const TRIED_BYTES: usize = 1024 * 1024;

/// In how many files beside the manifest a check looks for quotes.
const MOST_QUOTED: usize = 50;

/// Largest manifest whose fixes are tried; past it none is offered.
const LARGEST_TRIED: usize = 4 * 1024 * 1024;

/// Takes away fixes of the manifest that would not mend it. YAML has more ways to write a thing than a rule can think of (aliases,
/// block scalars, flow, directives), so a fix is offered only after it was seen to work. Of certain ones that exclude each other the first
/// stays certain. `faults` is how much of the manifest could not be read.
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
    one_file_each(findings, &fixed, root);
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
    // Those that are made together.
    let mut certain: Vec<usize> = Vec::new();
    for at in if whole { Vec::new() } else { fixed } {
        let mut work = |fixes: &[usize]| {
            tried += 1;
            let within = tried <= TRIED_FIXES && text.len() <= LARGEST_TRIED && text.len().saturating_mul(tried) <= TRIED_BYTES;
            let fixes: Vec<&Diagnostic> = fixes.iter().map(|&at| &findings[at]).collect();
            let most = (before + 1).saturating_sub(fixes.len());
            within && works(&fixes, most, &Tried { text: &text, root, faults }, ctx, reader)
        };
        let works = work(&[at]);
        let is_certain = findings[at].fix.as_ref().is_some_and(|fix| fix.certain);
        let goes_along = works && is_certain && {
            certain.push(at);
            certain.len() == 1 || work(&certain)
        };
        if works && is_certain && !goes_along {
            certain.pop();
        }
        findings[at].fix = findings[at].fix.take().filter(|_| works).map(|fix| Fix { certain: goes_along, ..fix });
    }
    ctx.manifest = text;
    ctx.parts = parts;
    ctx.guesses = guesses;
}

/// A file that something else names already, or that two fixes would name for different ones, is a guess: most files are named once.
fn one_file_each(findings: &mut [Diagnostic], fixed: &[usize], root: &Node) {
    let of_path = |found: &Diagnostic| found.code == MISSING_FILE.code && found.fix.as_ref().is_some_and(|fix| fix.certain);
    let fixed: Vec<usize> = fixed.iter().copied().filter(|&at| of_path(&findings[at])).collect();
    if fixed.is_empty() {
        return;
    }
    let mut named: HashSet<String> = HashSet::new();
    root.walk(&mut |node| named.extend(node.as_text().and_then(inside)));
    // The messages name what was written: two that are alike mean the same file.
    let mut written: HashMap<String, HashSet<&str>> = HashMap::new();
    for &at in &fixed {
        let texts = findings[at].fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.text.clone());
        texts.for_each(|text| written.entry(text).or_default().extend([findings[at].message.as_str()]));
    }
    let shared: HashSet<String> = written.into_iter().filter(|(_, by)| by.len() > 1).map(|(text, _)| text).collect();
    for at in fixed {
        if let Some(fix) = &mut findings[at].fix {
            fix.certain = !fix.edits.iter().any(|edit| {
                let path = bare(&edit.text);
                named.contains(&path) || shared.contains(&edit.text)
            });
        }
    }
}

/// Puts what fixes write into the quotes that stand around what they replace.
pub(crate) fn keep_quotes(findings: &mut [Diagnostic], ctx: &Context<'_>) {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for edit in findings.iter_mut().filter_map(|found| found.fix.as_mut()).flat_map(|fix| &mut fix.edits) {
        if edit.range.len() < 2 {
            continue;
        }
        let text = if edit.file == MANIFEST {
            &ctx.manifest
        } else if [".yaml", ".yml", ".ygtc"].iter().any(|ending| edit.file.ends_with(ending)) {
            if !texts.contains_key(&edit.file) && texts.len() >= MOST_QUOTED {
                continue;
            }
            texts
                .entry(edit.file.clone())
                .or_insert_with_key(|file| ctx.text(file).map(|text| text.as_str().to_owned()).unwrap_or_default())
        } else {
            continue;
        };
        let written = text.get(edit.range.clone()).unwrap_or_default();
        if bare(written) == edit.text {
            // Taking the quotes away is what it is for.
            continue;
        }
        let new = bare(&edit.text);
        edit.text = match quote_of(written) {
            // What would be full of backslashes keeps the quotes that its rule chose.
            Some('"') if new == edit.text || !new.contains(['"', '\\']) => yaml::write::quoted(&new),
            Some('\'') if !new.contains('\n') => format!("'{}'", new.replace('\'', "''")),
            _ => continue,
        };
    }
}

/// The quotes around a scalar of YAML; `None` when there are none, or the text is more than one.
fn quote_of(written: &str) -> Option<char> {
    let quote = written.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let inner = written.get(1..)?.strip_suffix(quote)?;
    (!inner.contains(quote)).then_some(quote)
}

/// What a fix writes, without the quotes that its rule put around it.
fn bare(text: &str) -> String {
    match (
        text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')),
        text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')),
    ) {
        (Some(inner), _) => inner.replace("''", "'"),
        // As JSON, which is what is written between double quotes.
        (_, Some(_)) => serde_json::from_str(text).unwrap_or_else(|_| text.to_owned()),
        _ => text.to_owned(),
    }
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

#[cfg(test)]
mod tests {
    use crate::check::check_pack;
    use crate::diagnostic::Fix;
    use crate::rules::tests::findings;
    use crate::source::MemoryPack;

    /// A pack's manifest, or one of its files, with every certain fix made that is of it.
    fn fixed(files: &[(&str, &str)], path: &str) -> String {
        let pack = MemoryPack::new(files.iter().copied());
        let fixes = check_pack(&pack).diagnostics.into_iter().filter_map(|found| found.fix).filter(|fix| fix.certain);
        let mut edits: Vec<_> = fixes.flat_map(|Fix { edits, .. }| edits).filter(|edit| edit.file == path).collect();
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.range.start));
        let mut text = files.iter().find(|(name, _)| *name == path).map(|(_, text)| (*text).to_owned()).expect("it is there");
        edits.into_iter().for_each(|edit| text.replace_range(edit.range, &edit.text));
        text
    }

    #[test]
    fn quotes_stay_around_what_is_mended() {
        for (before, after) in [
            ("category: &c \"Tools\"\n", "category: &c \"tools\"\n"),
            ("category: 'Tools'\n", "category: 'tools'\n"),
            ("license: \"Apache 2.0\"\n", "license: \"Apache-2.0\"\n"),
            ("\"licens\": MIT\n", "\"license\": MIT\n"),
            (
                "capabilities: [{name: c, type: http, allow: [{domains: ['API.example.org'], methods: [get, 'post', \"put\"]}]}]\n",
                "capabilities: [{name: c, type: http, allow: [{domains: ['api.example.org'], methods: [GET, 'POST', \"PUT\"]}]}]\n",
            ),
        ] {
            let head = "name: n\ndescription: d\n";
            assert_eq!(fixed(&[("pack.yaml", &format!("{head}{before}"))], "pack.yaml"), format!("{head}{after}"));
        }
        let tools = "name: n\ndescription: d\ntools: [{name: search, description: Finds., input: {type: object}, output: {type: object}, handler: handlers/a.ts}]\n";
        let files = |case: &'static str| [("pack.yaml", tools), ("handlers/a.ts", ""), ("tests/a.yaml", case)];
        let case = "\u{feff}tool: \"serach\"\ncases: [{name: a, input: {}}]\n";
        assert_eq!(fixed(&files(&case[3..]), "tests/a.yaml"), "tool: \"search\"\ncases: [{name: a, input: {}}]\n");
        let found = check_pack(&MemoryPack::new(files(case))).diagnostics;
        let edit = found.into_iter().find_map(|found| found.fix).expect("it is told").edits.remove(0);
        assert_eq!((edit.range, edit.text.as_str()), (6..14, "\"search\""));
    }

    #[test]
    fn a_file_that_something_else_names_is_a_guess() {
        let pack = |icon: &str, view: &str| {
            let text = format!("name: n\ndescription: d\nicon: {icon}\nviews: [{{id: v, title: V, source: {view}}}]\n");
            findings(&MemoryPack::new([("pack.yaml", text.as_str()), ("assets/logo.png", ""), ("views/shelf.json", "{}")]))
        };
        assert!(pack("assets/lgoo.png", "views/shelf.json").contains("  fix: Change to `assets/logo.png`"));
        assert!(pack("assets/icon.png", "views/shelf.json").contains("  guess: Change to `assets/logo.png`"));
        assert!(pack("assets/lgoo.png", "./assets/logo.png").contains("  guess: Change to `assets/logo.png`"));
        let both = pack("assets/lgoo.png", "assets/logoo.png");
        assert_eq!(both.matches("  guess: Change to `assets/logo.png`").count(), 2, "{both}");
    }
}
