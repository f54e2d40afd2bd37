//! Building: the release as a folder that any OCI tool can read, without publishing it anywhere.

use crate::shipping::candidate::Candidate;
use crate::shipping::failures;
use crate::wire::{Failure, FailureCode, ShipCheck};
use camino::{Utf8Path, Utf8PathBuf};
use packwright_core::artifact::{Artifact, MANIFEST_TYPE};
use packwright_registry::layout::Layout;
use packwright_registry::sbom::sbom;
use packwright_registry::store::{RegistryError, Store, TagMode};
use serde::Serialize;
use std::io;

/// The folder that no pack ships, where builds go.
const DIST: &str = "dist";

/// The bill of materials in a build.
const BILL: &str = "sbom.cdx.json";

/// What was built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Built {
    pub name: String,
    pub version: String,
    /// Of the image's manifest: the same that publishing would give.
    pub digest: String,
    pub content_digest: String,
    pub source_digest: String,
    pub layer_digest: String,
    pub files: usize,
    /// Bytes of the files together, and of the layer.
    pub uncompressed: u64,
    pub size: u64,
    /// An OCI image layout, with the version as its tag.
    pub folder: Utf8PathBuf,
    pub sbom: Utf8PathBuf,
}

/// What became of a build.
pub enum BuildOutcome {
    Built(Box<Built>),
    /// What has to be mended first.
    Blocked(Vec<ShipCheck>),
}

/// Builds a pack into a folder: `dist/<name>-<version>` unless another is named. A build that is there is replaced.
pub fn build(root: &Utf8Path, output: Option<&Utf8Path>) -> Result<BuildOutcome, Failure> {
    let candidate = Candidate::read(root, None)?;
    let Some(artifact) = candidate.artifact.as_ref().filter(|_| candidate.is_ready()) else {
        return Ok(BuildOutcome::Blocked(candidate.checks));
    };
    let folder = match output {
        Some(output) => outside_the_content(&candidate.root, output)?,
        None => candidate.root.join(DIST).join(format!("{}-{}", artifact.name, artifact.version)),
    };
    write(artifact, &folder)?;
    Ok(BuildOutcome::Built(Box::new(Built {
        name: artifact.name.clone(),
        version: artifact.version.clone(),
        digest: artifact.digest.to_string(),
        content_digest: artifact.content_digest.to_string(),
        source_digest: artifact.source_digest.to_string(),
        layer_digest: artifact.layer_digest.to_string(),
        files: artifact.files.len(),
        uncompressed: artifact.uncompressed,
        size: artifact.layer.len() as u64,
        sbom: folder.join(BILL),
        folder,
    })))
}

/// The folder, unless the next build would ship it.
fn outside_the_content(root: &Utf8Path, output: &Utf8Path) -> Result<Utf8PathBuf, Failure> {
    let absolute = camino::absolute_utf8(output).map_err(|error| failures::file(&error))?;
    // What exists of it may be reached through links.
    let real = absolute.ancestors().find_map(|there| {
        let below = absolute.strip_prefix(there).ok()?;
        Some(there.canonicalize_utf8().ok()?.join(below))
    });
    let real = real.unwrap_or(absolute);
    match real.strip_prefix(root).map(|below| below.components().next()) {
        Ok(first) if first.is_none_or(|first| first.as_str() != DIST) => {
            let message = format!("`{output}` would become part of the pack");
            Err(Failure::new(FailureCode::BadRequest, message, "Name a folder outside the pack, or below its `dist/`."))
        }
        _ => Ok(real),
    }
}

fn write(artifact: &Artifact, folder: &Utf8Path) -> Result<(), Failure> {
    if fs_err::symlink_metadata(folder).is_ok() && !folder.join("oci-layout").is_file() && !is_empty(folder) {
        let message = format!("`{folder}` is there already, and is no build");
        return Err(Failure::new(FailureCode::Exists, message, "Name another folder; nothing was changed."));
    }
    let parent = folder.parent().unwrap_or(Utf8Path::new("."));
    // Beside it, so that the finished build takes its place in one step.
    let make = || -> Result<(), RegistryError> {
        fs_err::create_dir_all(parent)?;
        let beside = Beside(parent.join(format!(".packwright-build-{}", std::process::id())));
        fs_err::create_dir(&beside.0)?;
        let layout = Layout::open(&beside.0, "image")?;
        layout.put_blob(&artifact.layer_digest, &artifact.layer)?;
        layout.put_blob(&artifact.config_digest, &artifact.config)?;
        let digest = layout.put_manifest(&artifact.manifest, MANIFEST_TYPE)?;
        layout.set_tag(&artifact.version, &digest, TagMode::Keep)?;
        fs_err::write(layout.folder().join(BILL), sbom(artifact))?;
        fs_err::remove_file(layout.folder().join("index.lock"))?;
        if fs_err::symlink_metadata(folder).is_ok() {
            fs_err::remove_dir_all(folder)?;
        }
        Ok(fs_err::rename(layout.folder(), folder)?)
    };
    make().map_err(|error| match error {
        RegistryError::Io(error) => failures::file(&error),
        other => Failure::new(FailureCode::Other, other.to_string(), "Build again."),
    })
}

fn is_empty(folder: &Utf8Path) -> bool {
    fs_err::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

/// A folder that goes, whatever happens.
struct Beside(Utf8PathBuf);

impl Drop for Beside {
    fn drop(&mut self) {
        let gone: io::Result<()> = fs_err::remove_dir_all(&self.0);
        drop(gone);
    }
}
