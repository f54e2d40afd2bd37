//! What rules said of an item of the manifest, kept with the item's text: while another is typed in, it is not asked again.
//!
//! A rule that looks at one tool, or one capability, and at nothing else, runs behind [`Parts::findings`]. Places are kept from the item's
//! own start, so that lines added further up change nothing. A rule that compares all items asks a question about what it compares,
//! and its last [`Answer`] is kept while the question stays the same.

use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::folder::MANIFEST;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// Who said it, and under which circumstances: what else it depends on, as a number.
pub type Family = (&'static str, u8);

/// What was said of one item, by each family.
#[derive(Debug, Default)]
pub struct Kept(Mutex<Vec<(Family, Arc<[Diagnostic]>)>>);

impl Kept {
    fn get(&self, family: Family) -> Option<Arc<[Diagnostic]>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(of, _)| *of == family).map(|(_, found)| found.clone())
    }

    fn put(&self, family: Family, found: Arc<[Diagnostic]>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((family, found));
    }
}

/// The last answers of rules that compare all items.
#[derive(Debug, Default)]
pub struct Answers {
    /// Which tools are described alike: a tool, and the first like it.
    pub alike: Answer<Vec<(usize, usize)>>,
    /// Which rules of capabilities are never reached: a capability, and what is told of it, from its stretch's start on.
    pub shadowed: Answer<Vec<(usize, Diagnostic)>>,
}

/// An answer, and the question to which it was one.
#[derive(Debug, Default)]
pub struct Answer<A>(Mutex<Option<(Vec<Option<String>>, A)>>);

impl<A: Clone> Answer<A> {
    /// The answer to a question, which depends on nothing else.
    pub fn to<'a>(&self, question: impl Iterator<Item = Option<&'a str>> + Clone, answer: impl FnOnce() -> A) -> A {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((asked, answer)) = &*kept {
            let mut parts = question.clone();
            let begins_so = asked.iter().all(|asked| parts.next().is_some_and(|part| part == asked.as_deref()));
            if begins_so && parts.next().is_none() {
                return answer.clone();
            }
        }
        let answer = answer();
        *kept = Some((question.map(|part| part.map(str::to_owned)).collect(), answer.clone()));
        answer
    }
}

/// The items of a manifest that were read by themselves, in their order.
#[derive(Debug, Default)]
pub struct Parts(Vec<Part>);

#[derive(Debug)]
struct Part {
    /// Where the item begins: at its first key.
    item: usize,
    /// The text that it was read from.
    text: Range<usize>,
    kept: Arc<Kept>,
}

impl Parts {
    pub(crate) fn push(&mut self, item: usize, text: Range<usize>, kept: Arc<Kept>) {
        self.0.push(Part { item, text, kept });
    }

    /// The text that an item was read from; `None` when it was not read by itself.
    pub fn text_of(&self, item: &Range<usize>) -> Option<&Range<usize>> {
        self.part(item).map(|part| &part.text)
    }

    fn part(&self, item: &Range<usize>) -> Option<&Part> {
        self.0.binary_search_by_key(&item.start, |part| part.item).ok().map(|at| &self.0[at])
    }

    /// Adds what `check` says of the item at `item`, or what it said of the same text before. `check` looks at the item alone, and says
    /// whether its answer will hold as long as the text does.
    pub fn findings(
        &self,
        family: Family,
        item: &Range<usize>,
        out: &mut Vec<Diagnostic>,
        check: impl FnOnce(&mut Vec<Diagnostic>) -> bool,
    ) {
        let Some(part) = self.part(item) else {
            check(out);
            return;
        };
        let start = part.text.start;
        if let Some(found) = part.kept.get(family) {
            out.extend(found.iter().map(|found| moved(found, |range| range.start + start..range.end + start)));
            return;
        }
        let before = out.len();
        let holds = check(out);
        let said = &out[before..];
        let within = |range: &Range<usize>| part.text.start <= range.start && range.end <= part.text.end;
        let own = |found: &Diagnostic| {
            found.file == MANIFEST
                && within(&found.range)
                && edits(found).all(|edit| edit.file == MANIFEST && within(&edit.range))
        };
        if holds && said.iter().all(own) {
            let kept = said.iter().map(|found| moved(found, |range| range.start - start..range.end - start));
            part.kept.put(family, kept.collect());
        }
    }
}

fn edits(found: &Diagnostic) -> impl Iterator<Item = &Edit> {
    found.fix.iter().flat_map(|fix| &fix.edits)
}

/// A finding with every place elsewhere.
pub(crate) fn moved(found: &Diagnostic, place: impl Fn(&Range<usize>) -> Range<usize>) -> Diagnostic {
    let edit = |edit: &Edit| Edit { range: place(&edit.range), ..edit.clone() };
    let fix = found.fix.as_ref().map(|fix| Fix { edits: fix.edits.iter().map(edit).collect(), ..fix.clone() });
    Diagnostic { range: place(&found.range), fix, ..found.clone() }
}

#[cfg(test)]
mod tests {
    use crate::check::{Checker, Outside, check_pack};
    use crate::schema::chance::Chance;
    use crate::source::MemoryPack;

    const MANIFEST: &str = "\
name: notes
description: Keeps notes.
targets: {openai: {strict: true}}
credentials: [{name: key}]
tools:
  - name: add
    description: Adds a note and returns its number.
    limit: {timeout_ms: 5}
    input: {type: object, properties: {text: {type: strin}, id: {type: string}}, required: [txet]}
    output: {$ref: schemas/gone.json}
    handler: handlers/add.ts
  - name: put
    description: Adds a note and returns its number, too.
  - name: search
    description: Finds notes by words, and returns the first twenty of them.
    input:
      type: object
      properties:
        words: {type: string, patern: a}
    output: {type: object}
    handler: {path: handlers/add.ts, kind: wams}
    limits: {timeout_ms: 0}
capabilities:
  - name: read
    allow:
      - {domains: [example.org], methods: [FETCH]}
      - {domains: [example.org], methods: [GET]}
  - name: write
    type: https
    budgets: {requests: 0}
  - name: again
    allow:
      - {domains: [example.org], methods: [GET], paths: [/notes]}
";

    /// What a checker that saw other texts before says is what a new one says.
    #[test]
    fn what_was_kept_is_what_would_be_said() {
        let pieces =
            ["\n", "  ", "- ", "x", "0", "name: ", "}", "'", "&a ", "*a", "# packwright: allow tools/unknown-key — for now\n"];
        let mut chance = Chance::new(11);
        let mut checker = Checker::default();
        let (mut text, mut findings) = (MANIFEST.to_owned(), 0);
        // Each checks twice: without optimisation fewer are enough for a test run.
        let rounds = if cfg!(debug_assertions) { 200 } else { 400 };
        for round in 0..rounds {
            if round % 20 == 0 {
                MANIFEST.clone_into(&mut text);
            }
            let at = text.floor_char_boundary(chance.below(text.len() + 1));
            match chance.below(4) {
                // A line again, elsewhere: items are shared, and lists have items of the same text.
                0 => {
                    let lines: Vec<&str> = text.lines().collect();
                    let (from, to) = (chance.below(lines.len()), chance.below(lines.len()));
                    let moved = lines[from..(from + 1 + chance.below(9)).min(lines.len())].to_vec();
                    text = [&lines[..to], &moved, &lines[to..]].concat().join("\n");
                }
                1 => {
                    let end = text.floor_char_boundary((at + chance.below(12)).min(text.len()));
                    text.replace_range(at..end.max(at), "");
                }
                _ => text.insert_str(at, pieces[chance.below(pieces.len())]),
            }
            let pack = MemoryPack::new([("pack.yaml", text.as_str()), ("handlers/add.ts", "")]);
            let (kept, fresh) = (checker.check(&pack, &Outside::default()), check_pack(&pack));
            assert_eq!(kept.diagnostics, fresh.diagnostics, "{text}");
            assert_eq!(*kept.tree, *fresh.tree, "{text}");
            findings += kept.diagnostics.len();
            if chance.below(4) > 0 {
                checker.take_back(kept.tree);
            }
        }
        assert!(findings > 5 * rounds, "{findings} findings in all");
    }
}
