//! Tools that a model cannot tell apart: by their names, or by what is said of them.

use super::{SIMILAR_DESCRIPTIONS, SIMILAR_NAMES, called, place, plain};
use crate::check::Context;
use crate::diagnostic::Diagnostic;
use crate::folder::MANIFEST;
use crate::manifest::Tool;
use crate::manifest::typed::Item;
use crate::text::shown;
use std::collections::HashMap;

/// Names that differ in nothing that a model keeps apart.
pub(super) fn check_names(tools: &[Item<Tool>], out: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for name in tools.iter().filter_map(|tool| tool.name.as_ref()) {
        let Some(first) = seen.get(&bare(name)).copied() else {
            seen.insert(bare(name), name);
            continue;
        };
        // The very same name is another rule's matter.
        if first != name.value {
            out.push(
                SIMILAR_NAMES
                    .at(MANIFEST, name.span.clone(), format!("`{}` and `{}` are all but one name", shown(first), shown(name)))
                    .hint("Let the names say how the tools differ, as in `get_user` and `list_users`."),
            );
        }
    }
}

/// A name without case, separators and plurals.
fn bare(name: &str) -> String {
    let words = name.split(['_', '-', '.']).filter(|word| !word.is_empty());
    words
        .map(|word| {
            let word = word.to_lowercase();
            match word.strip_suffix('s') {
                Some(single) if single.len() > 2 && !single.ends_with('s') => single.to_owned(),
                _ => word,
            }
        })
        .collect()
}

/// Fewest words that make two descriptions comparable.
const FEW_WORDS: usize = 5;

/// Most pairs of descriptions that are compared word by word. Honest packs need a few hundred.
const MAX_COMPARED: usize = 100_000;

/// Descriptions that say the same.
pub(super) fn check_descriptions(tools: &[Item<Tool>], ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let question =
        tools.iter().flat_map(|tool| [&tool.name, &tool.description]).map(|text| text.as_ref().map(|text| text.as_str()));
    for (tool, first) in ctx.answers.alike.to(question, || alike(tools)) {
        let place = tools[tool].description.as_ref().map_or_else(|| place(&tools[tool]), |description| description.span.clone());
        out.push(
            SIMILAR_DESCRIPTIONS
                .at(MANIFEST, place, format!("{} is described in all but the same words", called(&tools[first])))
                .hint("Say in each when to use it, and when the other."),
        );
    }
}

/// The tools that are described like an earlier one, each with the first such.
fn alike(tools: &[Item<Tool>]) -> Vec<(usize, usize)> {
    let mut alike = Vec::new();
    // Two tools of one name are told so already.
    let another = |one: usize, other: usize| match (&tools[one].name, &tools[other].name) {
        (Some(one), Some(other)) => one.value != other.value,
        _ => true,
    };
    let said: Vec<(usize, String)> = tools
        .iter()
        .enumerate()
        .filter_map(|(number, tool)| Some((number, plain(tool.description.as_ref()?))))
        .filter(|(_, said)| !said.is_empty())
        .collect();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let (words, count) = words_by_rarity(said.iter().map(|(_, said)| said.as_str()));
    // Two sets of words that share nine of ten share one of the rarest tenth of each: only such pairs are looked at.
    let mut by_rare_word: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut sets: Vec<(usize, Vec<usize>)> = Vec::new();
    let mut left = MAX_COMPARED;
    for ((tool, said), own) in said.iter().zip(words) {
        if let Some(&first) = seen.get(said.as_str()) {
            if another(first, *tool) {
                alike.push((*tool, first));
            }
            continue;
        }
        if own.len() >= FEW_WORDS {
            let rarest = &own[..=own.len() - (own.len() * 9).div_ceil(10)];
            let mut near: Vec<usize> = rarest.iter().flat_map(|word| &by_rare_word[*word]).copied().take(left).collect();
            left -= near.len();
            near.sort_unstable();
            near.dedup();
            match near.into_iter().map(|near| &sets[near]).find(|(_, other)| nearly_same(&own, other)) {
                Some(&(first, _)) if another(first, *tool) => alike.push((*tool, first)),
                _ => {}
            }
            rarest.iter().for_each(|word| by_rare_word[*word].push(sets.len()));
            sets.push((*tool, own));
        }
        seen.insert(said, *tool);
    }
    alike
}

/// The words of each text as numbers, sorted, the rarest first; and how many words there are.
fn words_by_rarity<'a>(texts: impl Iterator<Item = &'a str>) -> (Vec<Vec<usize>>, usize) {
    let mut known: HashMap<&str, usize> = HashMap::new();
    let mut times: Vec<usize> = Vec::new();
    let mut number = |word| {
        let new = known.len();
        let number = *known.entry(word).or_insert(new);
        if number == new {
            times.push(0);
        }
        times[number] += 1;
        number
    };
    let mut sets: Vec<Vec<usize>> = texts.map(|text| text.split(' ').map(&mut number).collect()).collect();
    let mut order: Vec<usize> = (0..times.len()).collect();
    order.sort_by_key(|&word| times[word]);
    let mut rank = vec![0; order.len()];
    order.iter().enumerate().for_each(|(at, &word)| rank[word] = at);
    for set in &mut sets {
        set.iter_mut().for_each(|word| *word = rank[*word]);
        set.sort_unstable();
        set.dedup();
    }
    (sets, times.len())
}

/// True when nine words of ten are in both, counted over both. Each is sorted.
fn nearly_same(one: &[usize], other: &[usize]) -> bool {
    let (few, many) = (one.len().min(other.len()), one.len().max(other.len()));
    if few * 10 < many * 9 {
        return false;
    }
    // Shared ones are at least nine of nineteen of both lists together.
    let both = one.len() + other.len();
    let mut may_miss = one.len().saturating_sub((both * 9).div_ceil(19));
    let mut at = 0;
    for word in one {
        while other.get(at).is_some_and(|other| other < word) {
            at += 1;
        }
        if other.get(at) != Some(word) {
            let Some(less) = may_miss.checked_sub(1) else { return false };
            may_miss = less;
        }
    }
    true
}
