//! Two versions of a pack, side by side: folders, or releases that are pulled for it.

use crate::examples::ReadPack;
use crate::shipping::{Release, Shipping};
use crate::wire::{Failure, FailureCode};
use camino::Utf8Path;
use packwright_core::compat::{self, PackTexts, Report, Side};
use packwright_core::folder::MANIFEST;
use packwright_core::text::Text;

/// What changed, with the manifests that the changes point into.
pub struct Comparison {
    pub report: Report,
    pub old: Text,
    pub new: Text,
    /// The pack's name in the newer version.
    pub name: Option<String>,
    /// What it was called before, where that was something else.
    pub former_name: Option<String>,
    /// True when the newer version has the lower number.
    pub falls: bool,
}

/// Compares two versions. Each is a folder with a pack, its manifest, or a release as `packwright pull` names it; `shipping` is asked for
/// only when one is a release.
pub fn compare(old: &str, new: &str, shipping: &dyn Fn() -> Result<Shipping, Failure>) -> Result<Comparison, Failure> {
    let before = read(old, shipping)?;
    let after = read(new, shipping)?;
    let (old_files, new_files) = (|path: &str| before.json(path), |path: &str| after.json(path));
    let report = compat::packs(
        &PackTexts { manifest: &before.text, files: &old_files },
        &PackTexts { manifest: &after.text, files: &new_files },
    );
    let report = report.map_err(|unreadable| {
        let which = if unreadable.side == Side::Old { old } else { new };
        let text = Text::new(if unreadable.side == Side::Old { before.text.as_str() } else { after.text.as_str() });
        let place = text.position(unreadable.error.span.start);
        let why = &unreadable.error.message;
        let message = format!("the manifest of `{which}` cannot be read at line {}, column {}: {why}", place.line, place.column);
        Failure::new(FailureCode::BadManifest, message, "Run `packwright check`: it says what to mend, and where.")
    })?;
    let name = after.manifest.name.clone();
    let former_name = before.manifest.name.clone().filter(|_| before.manifest.name != name);
    let number = |version: &Option<String>| version.as_deref().and_then(|version| semver::Version::parse(version).ok());
    let falls = number(&report.old_version).zip(number(&report.new_version)).is_some_and(|(old, new)| new < old);
    Ok(Comparison { report, old: Text::new(before.text), new: Text::new(after.text), name, former_name, falls })
}

fn read(named: &str, shipping: &dyn Fn() -> Result<Shipping, Failure>) -> Result<ReadPack, Failure> {
    let path = Utf8Path::new(named);
    if path.as_str().is_empty() {
        let hint = "Name a pack's folder, or a release: `acme/notes:1.2.0`.";
        return Err(Failure::new(FailureCode::BadRequest, "an empty path names no folder", hint));
    }
    if path.file_name() == Some(MANIFEST) && path.is_file() {
        return ReadPack::read(path.parent().filter(|parent| !parent.as_str().is_empty()).unwrap_or(".".into()));
    }
    // What lies there is meant, even when it could be a release's name.
    let release = if path.exists() || !named.contains([':', '@']) { None } else { Release::parse(named, None).ok() };
    let Some(release) = release else {
        return ReadPack::read(path).map_err(|mut failure| {
            if !path.exists() && Release::parse(named, None).is_ok() {
                failure.hints.push(format!("A release is named with its version: `{named}:1.0.0`."));
            }
            failure
        });
    };
    let failed = |error: std::io::Error| {
        Failure::new(FailureCode::Other, format!("no temporary folder could be made: {error}"), "Make room, then try again.")
    };
    let folder = tempfile::tempdir().map_err(failed)?;
    let into = Utf8Path::from_path(folder.path()).map(|folder| folder.join("pack"));
    let into = into.ok_or_else(|| failed(std::io::Error::other("its path is not Unicode")))?;
    shipping()?.pull(&release, &into)?;
    Ok(ReadPack::read(&into)?.with(folder))
}
