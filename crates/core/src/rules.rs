//! What can be wrong with a pack: one file a family, one [`Rule`] a fault.
//!
//! To add a rule: declare it in its family's file, report it from that family's function, list it in the family's `RULES`, and write
//! a test that shows it firing and one that shows it not firing. `packs-samples/invalid/` wants a pack for it; a test says so.

pub mod allow;
pub mod boundary;
pub mod capabilities;
pub mod cases;
pub mod contracts;
pub mod data;
pub mod files;
pub mod flows;
pub mod handlers;
pub mod keys;
pub mod locales;
pub mod manifest;
pub mod markdown;
pub mod migrations;
pub mod models;
pub mod page;
pub mod schemas;
pub mod scripts;
pub mod secrets;
pub mod targets;
pub mod tools;
pub mod views;

mod example;

pub use example::Example;

use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::nearest::Near;
use crate::text::one_line;
use std::ops::Range;

/// A fault that a pack can have.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable: `family/rule`.
    pub code: &'static str,
    pub severity: Severity,
    /// What the rule says, in one sentence.
    pub summary: &'static str,
    /// Why it exists: what happens to those who break it.
    pub why: &'static str,
    /// The fault and the same mended. The rule's page shows it, and a test holds the rule to it.
    pub example: Example,
}

/// Every rule, by family.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().flat_map(|family| family.iter().copied())
}

/// The families, each from its own file.
static FAMILIES: &[&[&Rule]] = &[
    CORE,
    allow::RULES,
    boundary::RULES,
    capabilities::RULES,
    cases::RULES,
    contracts::RULES,
    data::RULES,
    files::RULES,
    flows::RULES,
    handlers::RULES,
    locales::RULES,
    manifest::RULES,
    markdown::RULES,
    migrations::RULES,
    models::RULES,
    schemas::RULES,
    scripts::RULES,
    secrets::RULES,
    targets::RULES,
    tools::RULES,
    views::RULES,
];

static CORE: &[&Rule] = &[
    &manifest::SYNTAX,
    &manifest::DUPLICATE_KEY,
    &files::NOT_UTF8,
    &files::NO_MANIFEST,
    &files::MANIFEST_NOT_A_FILE,
    &files::UNREADABLE,
    &files::UNKNOWN_ENTRY,
    &files::LINK_OUTSIDE,
    &files::LINK_BROKEN,
    &files::SPECIAL_FILE,
    &files::NAME_TWINS,
    &files::UNSAFE_NAME,
    &files::LOOKS_SECRET,
    &files::TOO_LARGE,
    &files::TOO_MANY,
    &files::BAD_IGNORE,
    &manifest::TOO_LARGE,
    &manifest::NOT_A_MAPPING,
    &manifest::NO_NAME,
    &manifest::BAD_NAME,
    &manifest::BAD_PACK_ID,
    &manifest::BAD_VERSION,
    &manifest::LOOSE_VERSION,
    &keys::UNKNOWN_KEY,
    &keys::TOOL_UNKNOWN_KEY,
    &keys::WRONG_TYPE,
    &manifest::UNKNOWN_CATEGORY,
    &manifest::UNKNOWN_KIND,
    &manifest::BAD_LICENSE,
    &manifest::NO_DESCRIPTION,
    &manifest::MISSING_FILE,
    &manifest::PATH_OUTSIDE,
    &contracts::BAD_ID,
    &capabilities::DUPLICATE_NAME,
    &capabilities::NO_ALLOW,
    &capabilities::BAD_METHOD,
    &capabilities::UNKNOWN_CREDENTIAL,
    &capabilities::UNKNOWN_CREDENTIAL_KIND,
];

/// The rule of a code.
pub fn rule(code: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.code == code)
}

impl Rule {
    /// What stands before the code's `/`.
    pub fn family(&self) -> &'static str {
        self.code.split('/').next().unwrap_or(self.code)
    }

    /// A finding of this rule.
    pub fn at(&self, file: &str, range: Range<usize>, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code: self.code,
            severity: self.severity,
            message: one_line(&message.into()),
            file: file.to_owned(),
            range,
            hints: Vec::new(),
            fix: None,
        }
    }
}

impl Diagnostic {
    /// The same with one more sentence on what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The same with the word that was meant in place of the one found: as a hint, and as the fix. It is certain when the word is; a word
    /// that comes from elsewhere is a guess.
    #[must_use]
    pub fn did_you_mean<'n>(self, near: impl Into<Near<'n>>) -> Self {
        let near = near.into();
        let fix = Fix::one(format!("Change to `{near}`"), self.file.clone(), self.range.clone(), near.word);
        self.hint(format!("Did you mean `{near}`?")).with_fix(Fix { certain: near.certain, ..fix })
    }

    /// The same with a change that mends it.
    #[must_use]
    pub fn with_fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::all;
    use crate::check::{Checker, Outside, check_pack};
    use crate::languages::{Languages, NoLanguages, tests::Lines};
    use crate::source::{MemoryPack, PackSource};
    use std::collections::BTreeSet;

    /// The one way rules are tested: what a pack is told, a line a finding, its hints and its fix below.
    pub(crate) fn findings(pack: &impl PackSource) -> String {
        findings_with(pack, &NoLanguages)
    }

    /// The same where handlers are read.
    pub(crate) fn findings_with(pack: &impl PackSource, languages: &dyn Languages) -> String {
        let checked = Checker::default().check(pack, &Outside { languages, ..Outside::default() });
        let mut out = String::new();
        for found in &checked.diagnostics {
            let bytes = pack.read(&found.file).map(std::borrow::Cow::into_owned).unwrap_or_default();
            let text = crate::text::Text::new(String::from_utf8_lossy(&bytes));
            let place = text.position(found.range.start);
            let shown = text.as_str().get(found.range.clone()).unwrap_or_default().lines().next().unwrap_or_default();
            out.push_str(&format!(
                "{:?} {} {}:{}:{} <{shown}> {}\n",
                found.severity, found.code, found.file, place.line, place.column, found.message
            ));
            let more = found.message.starts_with("and ") && found.message.ends_with(" more like it");
            assert!(more || !found.hints.is_empty(), "{} says nothing of what to do: {}", found.code, found.message);
            found.hints.iter().for_each(|hint| out.push_str(&format!("  hint: {hint}\n")));
            if let Some(fix) = &found.fix {
                let kind = if fix.certain { "fix" } else { "guess" };
                out.push_str(&format!("  {kind}: {}\n", fix.title));
            }
        }
        out
    }

    /// Of what [`findings`] says, the findings of one family, with their hints and fixes.
    pub(crate) fn only(family: &str, found: &str) -> String {
        let mut ours = false;
        let mut lines: Vec<&str> = Vec::new();
        for line in found.lines() {
            ours = if line.starts_with("  ") { ours } else { line.contains(&format!(" {family}/")) };
            if ours {
                lines.push(line);
            }
        }
        lines.join("\n")
    }

    /// The same for a pack that is only a manifest.
    pub(crate) fn manifest(text: &str) -> String {
        findings(&MemoryPack::new([("pack.yaml", text)]))
    }

    /// Applies a manifest's first fix and checks again.
    pub(crate) fn mended(text: &str) -> (String, String) {
        let checked = check_pack(&MemoryPack::new([("pack.yaml", text)]));
        let fix = checked.diagnostics.iter().find_map(|found| found.fix.clone()).expect("a finding has a fix");
        let mut text = text.to_owned();
        let mut edits = fix.edits;
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.range.start));
        for edit in edits {
            assert_eq!(edit.file, "pack.yaml");
            text.replace_range(edit.range, &edit.text);
        }
        let after = manifest(&text);
        (text, after)
    }

    #[test]
    fn codes_are_unique_and_every_rule_says_why() {
        let mut seen = BTreeSet::new();
        for rule in all() {
            assert!(seen.insert(rule.code), "{} stands twice", rule.code);
            assert!(rule.code.contains('/') && rule.summary.ends_with('.') && rule.why.ends_with('.'), "{rule:?}");
        }
    }

    #[test]
    fn every_example_shows_its_rule_and_how_it_is_mended() {
        let check = |files: Vec<(String, String)>| {
            let outside = Outside { languages: &Lines, ..Outside::default() };
            Checker::default().check(&MemoryPack::new(files), &outside).diagnostics
        };
        for rule in all() {
            let (super::Example::File { before, after, .. } | super::Example::Told { before, after }) = rule.example;
            assert!(before != after && !after.trim().is_empty(), "{} has no example", rule.code);
            let (Some(before), Some(after)) = (rule.example.files(false), rule.example.files(true)) else { continue };
            let found: Vec<_> = check(before).into_iter().filter(|found| found.code == rule.code).collect();
            assert!(!found.is_empty(), "{} is not told of its own example", rule.code);
            assert!(
                found.iter().all(|found| !found.hints.is_empty() || found.fix.is_some()),
                "{} says what, and not what next",
                rule.code
            );
            let left = check(after);
            assert!(!left.iter().any(|found| found.code == rule.code), "{} is told of its mended example", rule.code);
        }
    }

    #[test]
    fn a_sound_manifest_is_told_nothing() {
        assert_eq!(
            manifest("name: notes\nversion: 1.0.0\ndescription: Keeps notes.\ncategory: general\nlicense: MIT OR Apache-2.0\n"),
            ""
        );
    }
}
