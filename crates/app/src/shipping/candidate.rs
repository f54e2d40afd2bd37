//! A pack as its files are on disk, on its way to a release: what it would be, and what keeps it from becoming one.

use crate::check::{Report, check_folder};
use crate::shipping::words::{plural, size};
use crate::trying::{Runner, TriedPack};
use crate::wire::{Failure, FailureCode, Place, ShipCheck, Verdict};
use camino::{Utf8Path, Utf8PathBuf};
use packwright_core::artifact::{Artifact, Blocker, Ingredient, Part, assemble};
use packwright_core::check::tally;
use packwright_core::diagnostic::{Diagnostic, Severity};
use packwright_core::folder::{MANIFEST, MAX_PACK_BYTES};
use packwright_core::model::Manifest;
use packwright_core::source::PackSource;
use packwright_core::text::Text;
use packwright_core::yaml;
use packwright_kit::disk::DiskPack;
use packwright_sandbox::{BUNDLE_PATH, bundle};

/// What every inline handler is run by; see `engine/package.json`.
const ENGINE: (&str, &str, &str) = ("quickjs-wasi", "3.6.2", "MIT");

/// How many of a kind are named one by one: who mends five sees the next five.
const MOST_NAMED: usize = 5;

/// A pack on its way to a release.
pub struct Candidate {
    pub root: Utf8PathBuf,
    pub manifest: Manifest,
    manifest_text: Option<Text>,
    /// `None` while something stands in the way of assembling.
    pub artifact: Option<Artifact>,
    /// What was found, in the order to show it.
    pub checks: Vec<ShipCheck>,
}

impl Candidate {
    /// Reads, checks and assembles a pack. With a runner its cases are run, too.
    pub fn read(root: &Utf8Path, runner: Option<&Runner>) -> Result<Self, Failure> {
        let report = check_folder(root)?;
        let disk = DiskPack::for_shipping(root)?;
        let manifest_text = disk.read(MANIFEST).ok().and_then(|bytes| String::from_utf8(bytes.into_owned()).ok()).map(Text::new);
        let manifest = manifest_text.as_ref().and_then(|text| Manifest::read(text.as_str()).ok());
        let mut candidate = Self {
            root: disk.root().to_owned(),
            manifest: manifest.clone().unwrap_or_default(),
            manifest_text,
            artifact: None,
            checks: findings(&report),
        };
        // A manifest that is no manifest has been reported; everything else would only follow from it.
        if manifest.is_some() {
            candidate.assemble(&disk, &report);
            // A first row that says all is well must not stand above what is not.
            if candidate.checks.iter().any(|check| check.verdict == Verdict::Fail) {
                candidate.checks.retain(|check| check.verdict != Verdict::Pass);
            }
            if let Some(runner) = runner {
                candidate.checks.extend(cases(&candidate.root, runner));
            }
        }
        if let Some(artifact) = &candidate.artifact {
            candidate.checks.push(files(artifact));
        }
        Ok(candidate)
    }

    /// True when nothing of the pack's own stands in the way.
    pub fn is_ready(&self) -> bool {
        self.artifact.is_some() && self.checks.iter().all(|check| check.verdict != Verdict::Fail)
    }

    /// The full id: `acme.notes`.
    pub fn id(&self) -> String {
        let name = self.manifest.name.as_deref().or(self.root.file_name()).unwrap_or("pack");
        self.manifest.publisher.as_deref().map_or_else(|| name.to_owned(), |publisher| format!("{publisher}.{name}"))
    }

    /// Where a key of the manifest has its value, or could get one.
    pub fn place_of(&self, key: &str) -> Option<Place> {
        let text = self.manifest_text.as_ref()?;
        let root = yaml::parse(text.as_str()).ok()?;
        let place = root.get(key).map(|node| text.position(node.span.start));
        Some(Place {
            file: MANIFEST.to_owned(),
            line: place.map_or(0, |place| place.line),
            column: place.map_or(0, |place| place.column),
        })
    }

    fn assemble(&mut self, disk: &DiskPack, report: &Report) {
        let bundled = bundle(disk, &self.manifest);
        let built = match bundled {
            Ok(bytes) => bytes.map(|bytes| Part { path: BUNDLE_PATH.to_owned(), bytes }),
            Err(blocked) => {
                let place = blocked.place.map(|(file, line, column)| Place { file, line, column });
                // A handler that is not there is found by the check as well.
                if !has_error(report) || place.as_ref().is_some_and(|place| place.line > 0) {
                    self.checks.push(fail(blocked.message, Some(blocked.hint), place));
                }
                return;
            }
        };
        let (name, version, license) = ENGINE;
        let ingredients = built.iter().map(|_| Ingredient {
            name: name.to_owned(),
            version: version.to_owned(),
            license: Some(license.to_owned()),
            digest: None,
        });
        let ingredients = ingredients.collect();
        match assemble(disk, &self.manifest, built.into_iter().collect(), ingredients) {
            Ok(artifact) => self.artifact = Some(artifact),
            Err(blockers) => {
                let news: Vec<ShipCheck> = blockers
                    .0
                    .iter()
                    .map(|blocker| fail(blocker.to_string(), Some(blocker.hint()), self.place_of_blocker(blocker)))
                    .filter(|row| !is_known(row, report))
                    .collect();
                self.checks.extend(capped(news, "thing"));
            }
        }
    }

    fn place_of_blocker(&self, blocker: &Blocker) -> Option<Place> {
        let file = |path: &str| Some(Place { file: path.to_owned(), line: 0, column: 0 });
        match blocker {
            Blocker::NoName | Blocker::BadName { .. } => self.place_of("name"),
            Blocker::BadVersion { .. } => self.place_of("version"),
            Blocker::NothingToShip | Blocker::TooMany => None,
            Blocker::TooLarge { largest, .. } => largest.as_ref().and_then(|(path, _)| file(path)),
            Blocker::Unreadable { path, .. }
            | Blocker::NotAFile { path, .. }
            | Blocker::LinkedFolder { path }
            | Blocker::LooksSecret { path }
            | Blocker::BadPath { path, .. }
            | Blocker::Taken { path } => file(path),
        }
    }
}

/// A row that stands in the way.
pub fn fail(text: impl Into<String>, hint: Option<String>, place: Option<Place>) -> ShipCheck {
    ShipCheck { verdict: Verdict::Fail, text: text.into(), hint, place }
}

/// A row that needs no one.
pub fn row(verdict: Verdict, text: impl Into<String>) -> ShipCheck {
    ShipCheck { verdict, text: text.into(), hint: None, place: None }
}

fn has_error(report: &Report) -> bool {
    tally(&report.checked.diagnostics).0 > 0
}

/// What checking found: every error, and one row for all warnings.
fn findings(report: &Report) -> Vec<ShipCheck> {
    let all = &report.checked.diagnostics;
    let of = |severity: Severity| all.iter().filter(move |found| found.severity == severity);
    let errors = of(Severity::Error).map(|found| fail(&found.message, found.hints.first().cloned(), place(found, report)));
    let mut rows = capped(errors.collect(), "error");
    let warnings = of(Severity::Warning).count();
    if warnings > 0 {
        let first = of(Severity::Warning).next();
        rows.push(ShipCheck {
            verdict: Verdict::Warn,
            text: plural(warnings, "warning"),
            hint: first.map(|first| format!("{}: {}", if warnings == 1 { "It says" } else { "The first says" }, first.message)),
            place: first.and_then(|first| place(first, report)),
        });
    }
    if rows.is_empty() {
        rows.push(row(Verdict::Pass, "no problems in the pack"));
    }
    rows
}

fn place(found: &Diagnostic, report: &Report) -> Option<Place> {
    if found.file.is_empty() {
        return None;
    }
    let position = report.texts.get(&found.file).map(|text| text.position(found.range.start));
    let (line, column) = position.map_or((0, 0), |place| (place.line, place.column));
    Some(Place { file: found.file.clone(), line, column })
}

/// True when checking said of this file already that it is wrong.
fn is_known(row: &ShipCheck, report: &Report) -> bool {
    let errors = || report.checked.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    match &row.place {
        Some(place) => errors().any(|found| found.file == place.file),
        None => errors().any(|found| found.file.is_empty()),
    }
}

/// The first few, and how many more there are.
fn capped(mut rows: Vec<ShipCheck>, word: &str) -> Vec<ShipCheck> {
    if rows.len() > MOST_NAMED + 1 {
        let more = rows.len() - MOST_NAMED;
        rows.truncate(MOST_NAMED);
        rows.push(fail(format!("and {more} more {word}s"), None, None));
    }
    rows
}

fn files(artifact: &Artifact) -> ShipCheck {
    row(
        Verdict::Pass,
        format!("{}, {} of {}", plural(artifact.files.len(), "file"), size(artifact.uncompressed), size(MAX_PACK_BYTES)),
    )
}

/// Runs the cases. A tool without any is worth a word, for nobody knows that it works.
fn cases(root: &Utf8Path, runner: &Runner) -> Vec<ShipCheck> {
    let trouble = |failure: Failure| vec![fail(failure.message, failure.hints.into_iter().next(), None)];
    let pack = match TriedPack::read(root) {
        Ok(pack) => pack,
        // Said by the check.
        Err(failure) if failure.code == FailureCode::BadManifest => return Vec::new(),
        Err(failure) => return trouble(failure),
    };
    let broken = pack
        .broken
        .iter()
        .map(|(place, message)| fail(format!("`{}` cannot be read: {message}", place.file), None, Some(place.clone())));
    let mut rows: Vec<ShipCheck> = broken.collect();
    let tally = runner.run_all(&pack, None, |file, case, ended| {
        if let Some(problem) = &ended.problem {
            let place = Place { file: file.path.clone(), line: u32::try_from(case.line).unwrap_or(0), column: 1 };
            rows.push(fail(format!("the case “{}” fails: {problem}", case.name), None, Some(place)));
        }
    });
    let tally = match tally {
        Ok(tally) => tally,
        Err(failure) => return trouble(failure),
    };
    let mut rows = capped(rows, "failing case");
    if rows.is_empty() && tally.passed > 0 {
        rows.push(row(
            Verdict::Pass,
            format!("{} {}", plural(tally.passed, "case"), if tally.passed == 1 { "passes" } else { "pass" }),
        ));
    } else if rows.is_empty() && !pack.manifest.tools.is_empty() {
        rows.push(ShipCheck {
            verdict: Verdict::Warn,
            text: "no cases: nothing shows that the tools work".to_owned(),
            hint: Some("Run a tool, and save the run as a case.".to_owned()),
            place: None,
        });
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::ENGINE;

    #[test]
    fn the_bill_names_the_engine_that_is_inside() {
        let package = include_str!("../../../../engine/package.json");
        let (name, version, _) = ENGINE;
        assert!(package.contains(&format!("\"{name}\": \"{version}\"")), "{package}");
    }
}
