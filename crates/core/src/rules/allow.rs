//! Findings that an author has looked at and allows, each with a reason: `# packwright: allow CODE — why`.
//!
//! A remark counts for its own line and the one below. JSON has no remarks, so the manifest may speak for another file:
//! `# packwright: allow CODE in schemas/a.json — why`. One that is not needed is a finding itself.

use super::{Example, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::MANIFEST;
use crate::nearest::nearest;
use crate::text::shown;
use aho_corasick::AhoCorasick;
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

pub static NO_REASON: Rule = Rule {
    code: "allow/no-reason",
    severity: Severity::Warning,
    summary: "A remark allows a finding without saying why.",
    why: "Whoever reads it in a year cannot tell whether it still holds, so it does not count.",
    example: Example::manifest(
        "category: general\n# packwright: allow manifest/unknown-key\nmascot: owl\n",
        "category: general\n# packwright: allow manifest/unknown-key — our catalogue shows it\nmascot: owl\n",
    ),
};

pub static UNKNOWN_CODE: Rule = Rule {
    code: "allow/unknown-code",
    severity: Severity::Warning,
    summary: "A remark allows a finding that no rule makes.",
    why: "It does nothing, and the finding that was meant is still told.",
    example: Example::manifest(
        "# packwright: allow manifest/unknown-keys — our catalogue shows it\nmascot: owl\n",
        "# packwright: allow manifest/unknown-key — our catalogue shows it\nmascot: owl\n",
    ),
};

pub static UNUSED: Rule = Rule {
    code: "allow/unused",
    severity: Severity::Warning,
    summary: "A remark allows a finding that is not made.",
    why: "The fault is gone, or stands elsewhere; the next one here would be hidden by it.",
    example: Example::manifest(
        "# packwright: allow manifest/unknown-key — our catalogue shows it\ncategory: general\n",
        "category: general\n",
    ),
};

pub static NOT_UNDERSTOOD: Rule = Rule {
    code: "allow/not-understood",
    severity: Severity::Warning,
    summary: "A remark begins with `packwright:` and allows nothing.",
    why: "Remarks are read letter by letter. One that is written in another way is passed over, and the finding that was meant is still told.",
    example: Example::manifest(
        "# Packwright: alow manifest/unknown-key — our catalogue shows it\nmascot: owl\n",
        "# packwright: allow manifest/unknown-key — our catalogue shows it\nmascot: owl\n",
    ),
};

/// The family's rules.
pub static RULES: &[&Rule] = &[&NO_REASON, &UNKNOWN_CODE, &UNUSED, &NOT_UNDERSTOOD];

/// What every remark begins with.
pub(crate) const WORDS: &str = "packwright: allow ";

/// The same as authors may write it who mean it.
static MARK: LazyLock<AhoCorasick> =
    LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(["packwright:"]).expect("it is short and alone"));

/// Words of other checkers for the same.
const MEANT: &[&str] = &["allow", "allows", "ignore", "disable", "suppress", "skip"];

/// A remark that allows something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// Empty for a remark that cannot be understood.
    code: String,
    /// Another file that it speaks for, as a path or with `*` at its end.
    file: Option<String>,
    reason: bool,
    /// The code's place.
    span: Range<usize>,
    /// Lines that it counts for: its own and the one below.
    lines: Range<usize>,
}

/// The remarks of a text.
pub fn allowances(text: &str) -> Vec<Allowance> {
    MARK.find_iter(text).filter_map(|found| allowance(text, found.range())).collect()
}

fn allowance(text: &str, mark: Range<usize>) -> Option<Allowance> {
    let line = text[..mark.start].rfind('\n').map_or(0, |at| at + 1);
    // Behind a mark that begins a remark in one of the languages that a pack holds.
    let before = text[line..mark.start].trim_end();
    if !["#", "//", "--", "<!--", "/*"].iter().any(|mark| before.ends_with(mark)) {
        return None;
    }
    let end = text[mark.end..].find(['\n', '\r']).map_or(text.len(), |length| mark.end + length);
    let next = text[end..].find('\n').map_or(text.len(), |length| end + length + 1);
    let below = text[next..].find('\n').map_or(text.len(), |length| next + length);
    let closed = |from: usize| text[from..end].trim_end().trim_end_matches("-->").trim_end_matches("*/");
    let as_it_should = text[mark.start..end].starts_with(WORDS);
    let from = mark.start + WORDS.len();
    let mut words = if as_it_should { closed(from).split_whitespace() } else { "".split_whitespace() };
    let code = words.next().unwrap_or_default().trim_end_matches([':', ',']).to_owned();
    if !code.chars().any(char::is_alphanumeric) {
        let said = closed(mark.end);
        // What only speaks of the program is no remark.
        let meant = as_it_should || means_to_allow(said);
        let span = mark.start..mark.end + said.trim_end().len();
        return meant.then(|| Allowance { span, code: String::new(), file: None, reason: false, lines: line..below });
    }
    let said = closed(from);
    let start = from + said.len() - said.trim_start().len();
    let mut file = None;
    let mut rest = words.next();
    if rest == Some("in") {
        file = words.next().map(str::to_owned);
        rest = words.next();
    }
    // A dash or colon before the reason is usual, and not the reason.
    let reason = rest.into_iter().chain(words).any(|word| word.chars().any(char::is_alphanumeric));
    Some(Allowance { span: start..start + code.len(), code, file, reason, lines: line..below })
}

/// True for a remark that is written in another way than remarks are: it begins with nearly the word, or names a rule.
fn means_to_allow(said: &str) -> bool {
    let word = |word: &str| word.trim_matches(|letter: char| !letter.is_alphanumeric() && letter != '/').to_lowercase();
    let first = said.split_whitespace().next().map(word).unwrap_or_default();
    nearest(&first, MEANT.iter().copied()).is_some() || said.split_whitespace().any(|one| super::rule(&word(one)).is_some())
}

impl Allowance {
    fn allows(&self, found: &Diagnostic, file: &str) -> bool {
        let place = match &self.file {
            None => found.file == file && self.lines.contains(&found.range.start),
            Some(path) => match path.strip_suffix('*') {
                Some(start) => found.file.starts_with(start),
                None => found.file == *path,
            },
        };
        self.reason && place && found.code == self.code
    }
}

/// Takes out what is allowed, and says what is wrong with the remarks themselves. Gives how many findings were taken out.
pub fn apply(findings: &mut Vec<Diagnostic>, remarks: &BTreeMap<String, Vec<Allowance>>) -> usize {
    if remarks.values().all(Vec::is_empty) {
        return 0;
    }
    let mut used: HashSet<(&str, usize)> = HashSet::new();
    let before = findings.len();
    findings.retain(|found| {
        let of_file = |file: &str| remarks.get_key_value(file).map(|(file, list)| (file.as_str(), list));
        let speaking = [of_file(&found.file), of_file(MANIFEST).filter(|_| found.file != MANIFEST)];
        for (file, list) in speaking.into_iter().flatten() {
            if let Some(number) = list.iter().position(|remark| remark.allows(found, file)) {
                used.insert((file, number));
                return false;
            }
        }
        true
    });
    let taken = before - findings.len();
    for (file, list) in remarks {
        for (number, remark) in list.iter().enumerate() {
            let told = |rule: &Rule, message: String| rule.at(file, remark.span.clone(), message);
            if remark.code.is_empty() {
                let found = told(&NOT_UNDERSTOOD, "this remark allows nothing: it is written in another way".to_owned());
                findings.push(found.hint(format!("Write `{WORDS}CODE — why`, in small letters, with the code of the finding.")));
            } else if super::rule(&remark.code).is_none() {
                let found = told(&UNKNOWN_CODE, format!("no rule has the code `{}`", shown(&remark.code)));
                findings.push(match nearest(&remark.code, super::all().map(|rule| rule.code)) {
                    Some(near) => found.did_you_mean(near),
                    None => found.hint("The code stands in brackets behind each finding; `packwright explain` lists all."),
                });
            } else if !remark.reason {
                let found = told(&NO_REASON, format!("this allows `{}` and does not say why", remark.code));
                findings.push(found.hint(format!("Write the reason behind it: `{WORDS}{} — why`.", remark.code)));
            } else if !used.contains(&(file.as_str(), number)) {
                let found = told(&UNUSED, format!("`{}` is not told here, so there is nothing to allow", remark.code));
                findings.push(found.hint("Remove the remark, or move it to the line that it is meant for."));
            }
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use crate::check::check_pack;
    use crate::rules::tests::{findings, manifest, only};
    use crate::source::MemoryPack;

    #[test]
    fn what_is_allowed_with_a_reason_is_not_told() {
        let head = "name: n\ndescription: d\n";
        assert_eq!(manifest(&format!("{head}# packwright: allow manifest/unknown-key — ours\nmascot: owl\n")), "");
        assert_eq!(manifest(&format!("{head}mascot: owl # packwright: allow manifest/unknown-key: ours\n")), "");
        let counted = |text: &str| check_pack(&MemoryPack::new([("pack.yaml", text)])).allowed;
        assert_eq!(counted(&format!("{head}mascot: owl # packwright: allow manifest/unknown-key: ours\n")), 1);
    }

    #[test]
    fn a_remark_counts_for_its_line_and_the_one_below() {
        insta::assert_snapshot!(manifest("name: n\ndescription: d\n# packwright: allow manifest/unknown-key — ours\ncategory: general\nmascot: owl\n"), @"
        Warning allow/unused pack.yaml:3:21 <manifest/unknown-key> `manifest/unknown-key` is not told here, so there is nothing to allow
          hint: Remove the remark, or move it to the line that it is meant for.
        Warning manifest/unknown-key pack.yaml:5:1 <mascot> `mascot` is not a key of the manifest
          hint: Remove it, or move what it says to a key that platforms read.
        ");
    }

    #[test]
    fn a_remark_without_a_reason_or_with_a_wrong_code_is_told() {
        insta::assert_snapshot!(manifest("name: n\ndescription: d\n# packwright: allow manifest/unknown-key —\nmascot: owl\n# packwright: allow manifest/unknown-kez — a\nmascots: owl\n"), @"
        Warning allow/no-reason pack.yaml:3:21 <manifest/unknown-key> this allows `manifest/unknown-key` and does not say why
          hint: Write the reason behind it: `packwright: allow manifest/unknown-key — why`.
        Warning manifest/unknown-key pack.yaml:4:1 <mascot> `mascot` is not a key of the manifest
          hint: Remove it, or move what it says to a key that platforms read.
        Warning allow/unknown-code pack.yaml:5:21 <manifest/unknown-kez> no rule has the code `manifest/unknown-kez`
          hint: Did you mean `manifest/unknown-key`?
        Warning manifest/unknown-key pack.yaml:6:1 <mascots> `mascots` is not a key of the manifest
          hint: Remove it, or move what it says to a key that platforms read.
        ");
        // In text it is text.
        assert_eq!(manifest("name: n\ndescription: 'say packwright: allow this'\n"), "");
    }

    #[test]
    fn a_remark_that_is_written_in_another_way_is_told() {
        let told = |remark: &str| only("allow", &manifest(&format!("name: n\ndescription: d\n{remark}\nmascot: owl\n")));
        insta::assert_snapshot!(told("# packwright: alow manifest/unknown-key — ours"), @"
        Warning allow/not-understood pack.yaml:3:3 <packwright: alow manifest/unknown-key — ours> this remark allows nothing: it is written in another way
          hint: Write `packwright: allow CODE — why`, in small letters, with the code of the finding.
        ");
        insta::assert_snapshot!(told("# packwright: allow — ours"), @"
        Warning allow/not-understood pack.yaml:3:3 <packwright: allow — ours> this remark allows nothing: it is written in another way
          hint: Write `packwright: allow CODE — why`, in small letters, with the code of the finding.
        ");
        for remark in [
            "# Packwright: Allow manifest/unknown-key — a",
            "# PACKWRIGHT: ignore x",
            "#packwright:allow manifest/unknown-key — a",
            "# packwright: see manifest/unknown-key",
        ] {
            assert!(told(remark).contains("allow/not-understood"), "{remark}");
        }
        for remark in [
            "# packwright: a studio for packs",
            "# Packwright:",
            "# made with packwright: nice",
            "x-a: 'packwright: alow'",
            "# packwright: how to begin",
        ] {
            assert_eq!(told(remark), "", "{remark}");
        }
    }

    #[test]
    fn the_manifest_speaks_for_files_without_remarks() {
        let pack = |remark: &str| {
            MemoryPack::new([("pack.yaml", format!("name: n\ndescription: d\n{remark}")), ("notes.txt", "x".to_owned())])
        };
        assert!(findings(&pack("")).contains("folder/unknown-entry"));
        assert_eq!(findings(&pack("# packwright: allow folder/unknown-entry in notes.txt — read by nobody\n")), "");
        assert_eq!(findings(&pack("# packwright: allow folder/unknown-entry in notes* — read by nobody\n")), "");
        assert!(findings(&pack("# packwright: allow folder/unknown-entry in other.txt — no\n")).contains("allow/unused"));
    }
}
