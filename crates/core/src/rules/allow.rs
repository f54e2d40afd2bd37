//! Findings that an author has looked at and allows, each with a reason: `# packwright: allow CODE — why`.
//!
//! A remark counts for its own line and the one below. JSON has no remarks, so the manifest may speak for another file:
//! `# packwright: allow CODE in schemas/a.json — why`. One that is not needed is a finding itself.

use super::{Example, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::MANIFEST;
use crate::nearest::nearest;
use crate::text::shown;
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

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

/// The family's rules.
pub static RULES: &[&Rule] = &[&NO_REASON, &UNKNOWN_CODE, &UNUSED];

/// What every remark begins with.
pub(crate) const WORDS: &str = "packwright: allow ";

/// A remark that allows something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
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
    memchr::memmem::find_iter(text.as_bytes(), WORDS).filter_map(|at| allowance(text, at)).collect()
}

fn allowance(text: &str, at: usize) -> Option<Allowance> {
    let line = text[..at].rfind('\n').map_or(0, |at| at + 1);
    // Behind a mark that begins a remark in one of the languages that a pack holds.
    let before = text[line..at].trim_end();
    if !["#", "//", "--", "<!--", "/*"].iter().any(|mark| before.ends_with(mark)) {
        return None;
    }
    let from = at + WORDS.len();
    let end = text[from..].find(['\n', '\r']).map_or(text.len(), |length| from + length);
    let said = text[from..end].trim_end().trim_end_matches("-->").trim_end_matches("*/");
    let start = from + said.len() - said.trim_start().len();
    let mut words = said.split_whitespace();
    let code = words.next().unwrap_or_default().trim_end_matches([':', ',']).to_owned();
    let mut file = None;
    let mut rest = words.next();
    if rest == Some("in") {
        file = words.next().map(str::to_owned);
        rest = words.next();
    }
    // A dash or colon before the reason is usual, and not the reason.
    let reason = rest.into_iter().chain(words).any(|word| word.chars().any(char::is_alphanumeric));
    let next = text[end..].find('\n').map_or(text.len(), |length| end + length + 1);
    let below = text[next..].find('\n').map_or(text.len(), |length| next + length);
    Some(Allowance { span: start..start + code.len(), code, file, reason, lines: line..below })
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
            if super::rule(&remark.code).is_none() {
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
    use crate::rules::tests::{findings, manifest};
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
