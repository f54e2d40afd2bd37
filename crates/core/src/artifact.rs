//! From a pack's files to the bytes of an OCI image: the same files give the same bytes, on every system and in every order.
//!
//! What ships is what the author wrote, without litter, tests, evals, answers and what `.packignore` names, and beside it the parts
//! that a build made. The source of an inline handler ships too: it is small, and people read it. The component that runs it stands
//! next to it, see [`built_path`]. A handler's source that a build replaces (Go, Rust) stays at home, but counts for the source digest.
//!
//! Pushing the bytes somewhere is the registry's affair; reading a layer back is [`read`]'s.

pub mod digest;
pub mod read;

mod gzip;
mod image;
mod tar;

pub use digest::Digest;
pub use image::{CONFIG_TYPE, LAYER_TYPE, MANIFEST_TYPE, PACK_TYPE, annotation};

use crate::folder::{IGNORE_FILE, MANIFEST, MAX_PACK_BYTES, PackIgnore, is_litter, is_never_shipped};
use crate::model::{HandlerKind, Manifest};
use crate::rules::files::{looks_secret, may_hold_key, unsafe_name};
use crate::source::{PackSource, ReadError, SourceEntry, SourceKind};
use crate::yaml;
use sha2::{Digest as _, Sha256};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// The version of the host interface that built parts ask for.
pub const HOST_INTERFACE: &str = "0.1.0";

/// Most files and folders in a layer: as many as a pack's folder may list.
pub const MAX_ENTRIES: usize = 20_000;

/// Tags that move: no release can be called so.
pub const MOVING_TAGS: &[&str] = &["latest", "stable", "staging"];

/// A file that a build made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Where it goes in the pack.
    pub path: String,
    pub bytes: Vec<u8>,
}

/// Something that built parts carry inside and that the author did not write, such as the engine: for the bill of materials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ingredient {
    pub name: String,
    pub version: String,
    /// An SPDX expression.
    pub license: Option<String>,
    pub digest: Option<Digest>,
}

/// A pack as an OCI image. Nothing in it depends on when, where or by whom it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    pub name: String,
    /// The release's tag: the manifest's version, or `sha-` and the first twelve digits of the source digest.
    pub version: String,
    pub publisher: Option<String>,
    pub description: Option<String>,
    pub license: Option<String>,
    /// What ships, sorted by path.
    pub files: Vec<ShippedFile>,
    pub ingredients: Vec<Ingredient>,
    /// Bytes of the layer before compression.
    pub uncompressed: u64,
    /// A gzipped tar.
    pub layer: Vec<u8>,
    pub layer_digest: Digest,
    /// Of the tar inside the layer: what OCI calls the diff id.
    pub content_digest: Digest,
    /// Of what the author wrote, whatever built parts stand beside it.
    pub source_digest: Digest,
    pub config: Vec<u8>,
    pub config_digest: Digest,
    pub manifest: Vec<u8>,
    /// Of the image's manifest: what a release is pinned by.
    pub digest: Digest,
}

/// A file of an artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShippedFile {
    pub path: String,
    pub size: u64,
    pub digest: Digest,
    /// It starts with `#!`.
    pub executable: bool,
    /// A build made it, not the author.
    pub built: bool,
}

/// Why there is no artifact: all that was found, not just the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blockers(pub Vec<Blocker>);

/// One thing that has to be mended before a pack can be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blocker {
    NoName,
    /// The name cannot be part of a registry's address.
    BadName {
        name: String,
    },
    /// The version cannot be a tag, or is one that moves.
    BadVersion {
        version: String,
    },
    /// There is no manifest among what would ship.
    NothingToShip,
    TooLarge {
        bytes: u64,
        largest: Option<(String, u64)>,
    },
    TooMany,
    Unreadable {
        path: String,
        why: String,
    },
    /// A link that leads nowhere in the pack, a device, a pipe.
    NotAFile {
        path: String,
        why: String,
    },
    /// A link to a folder: what lies behind it is not listed.
    LinkedFolder {
        path: String,
    },
    LooksSecret {
        path: String,
    },
    /// A path that cannot be unpacked everywhere.
    BadPath {
        path: String,
        why: &'static str,
    },
    /// A built part would stand where something else already is.
    Taken {
        path: String,
    },
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoName => write!(f, "the pack has no name"),
            Self::BadName { name } => write!(f, "`{name}` cannot be part of a registry's address"),
            Self::BadVersion { version } => write!(f, "`{version}` cannot be the tag of a release"),
            Self::NothingToShip => write!(f, "there is no `{MANIFEST}` to publish"),
            Self::TooLarge { bytes, .. } => {
                write!(f, "the pack has {} MB; {} MB is the limit", megabytes(*bytes), megabytes(MAX_PACK_BYTES))
            }
            Self::TooMany => write!(f, "the pack has more than {MAX_ENTRIES} files and folders"),
            Self::Unreadable { path, why } => write!(f, "`{path}` cannot be read: {why}"),
            Self::NotAFile { path, why } => write!(f, "`{path}` cannot be published: {why}"),
            Self::LinkedFolder { path } => write!(f, "`{path}` is a link to a folder, which cannot be published"),
            Self::LooksSecret { path } => write!(f, "`{path}` looks like a secret and would be published"),
            Self::BadPath { path, why } => write!(f, "`{path}` cannot be unpacked everywhere: it {why}"),
            Self::Taken { path } => write!(f, "the build makes `{path}`, and something of that name is there already"),
        }
    }
}

impl Blocker {
    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::NoName => format!("Add `name:` to `{MANIFEST}`."),
            Self::BadName { .. } => "Use small letters, digits and hyphens, as in `open-library`.".to_owned(),
            Self::BadVersion { .. } => {
                "Write `major.minor.patch`, as in `1.0.0`; or leave the key out, and the version is made from the content."
                    .to_owned()
            }
            Self::NothingToShip => format!("A pack needs its manifest; see that `{IGNORE_FILE}` does not leave it out."),
            Self::TooLarge { largest: Some((path, size)), .. } => {
                format!("The largest file is `{path}` with {} MB; leave it out with `{IGNORE_FILE}`.", megabytes(*size))
            }
            Self::TooLarge { largest: None, .. } | Self::TooMany => {
                format!("List in `{IGNORE_FILE}` what does not belong to the pack.")
            }
            Self::Unreadable { .. } => "Check that it is there, and its permissions and size.".to_owned(),
            Self::NotAFile { .. } => "Put a file in its place, or remove it.".to_owned(),
            Self::LinkedFolder { .. } => "Put a copy of the folder in its place.".to_owned(),
            Self::LooksSecret { .. } => {
                format!("Move it out of the pack, or list it in `{IGNORE_FILE}`: published is published.")
            }
            Self::BadPath { .. } => "Rename it.".to_owned(),
            Self::Taken { .. } => "Rename the file; what a build makes stands beside its source.".to_owned(),
        }
    }
}

impl fmt::Display for Blockers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [one] => write!(f, "{one}"),
            all => write!(f, "{} things keep the pack from being published", all.len()),
        }
    }
}

impl std::error::Error for Blockers {}

/// Where the component of all inline handlers goes.
pub const INLINE_COMPONENT: &str = "components/packwright-inline.wasm";

/// Where the built part of a handler goes: `handlers/search.ts` → `handlers/search.wasm`.
pub fn built_path(handler: &str) -> String {
    let handler = handler.trim_end_matches('/');
    let stem = match handler.rsplit_once('.') {
        Some((stem, ending)) if !ending.contains('/') && !stem.is_empty() => stem,
        _ => handler,
    };
    format!("{stem}.wasm")
}

/// True for what a registry takes as a part of a repository's name.
pub fn is_repository_part(text: &str) -> bool {
    let bytes = text.as_bytes();
    let word = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    // One dot, one or two underscores, or any number of hyphens stand between words, and nothing else does.
    let separators = || text.split(|character: char| word(&(character as u8)) && character.is_ascii());
    bytes.len() <= 128
        && bytes.first().is_some_and(word)
        && bytes.last().is_some_and(word)
        && separators().all(|between| matches!(between, "" | "." | "_" | "__") || between.bytes().all(|byte| byte == b'-'))
}

/// True for what a registry takes as a tag.
pub fn is_tag(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (1..=128).contains(&text.len())
        && word(text.as_bytes()[0])
        && text.bytes().all(|byte| word(byte) || matches!(byte, b'.' | b'-'))
}

/// True for a tag that names one release for good.
pub fn is_release_tag(text: &str) -> bool {
    // `sha256-…` is where registries without a referrers list keep what refers to an image.
    is_tag(text) && !MOVING_TAGS.contains(&text) && !text.starts_with("sha256-")
}

/// Makes the image of a pack. `built` are the parts that a build made, `ingredients` what these carry inside.
pub fn assemble(
    source: &dyn PackSource,
    manifest: &Manifest,
    built: Vec<Part>,
    ingredients: Vec<Ingredient>,
) -> Result<Artifact, Blockers> {
    let mut blockers = Vec::new();
    let name = pack_name(manifest, &mut blockers);
    if let Some(version) = manifest.version.as_deref().filter(|version| !is_release_tag(version)) {
        blockers.push(Blocker::BadVersion { version: version.to_owned() });
    }
    let chosen = choose(source, manifest, &built, &mut blockers);
    if !blockers.is_empty() {
        return Err(Blockers(blockers));
    }
    let Contents { tar, files, source_digest } = gather(source, &chosen, &mut blockers);
    if !blockers.is_empty() {
        return Err(Blockers(blockers));
    }
    let uncompressed = tar.len() as u64;
    let content_digest = Digest::of(&tar);
    let layer = gzip::compress(&tar);
    let layer_digest = Digest::of(&layer);
    let version = manifest.version.clone().unwrap_or_else(|| format!("sha-{}", &source_digest.hex()[..12]));
    let config = image::config(&content_digest);
    let config_digest = Digest::of(&config);
    let image = image::manifest(&image::Parts {
        name: &name,
        version: &version,
        manifest,
        config: (&config_digest, config.len()),
        layer: (&layer_digest, layer.len()),
        content_digest: &content_digest,
        source_digest: &source_digest,
    });
    Ok(Artifact {
        name,
        version,
        publisher: manifest.publisher.clone(),
        description: manifest.description.clone(),
        license: manifest.license.clone(),
        files,
        ingredients,
        uncompressed,
        layer,
        layer_digest,
        content_digest,
        source_digest,
        config,
        config_digest,
        digest: Digest::of(&image),
        manifest: image,
    })
}

fn pack_name(manifest: &Manifest, blockers: &mut Vec<Blocker>) -> String {
    match &manifest.name {
        Some(name) if is_repository_part(name) => return name.clone(),
        Some(name) => blockers.push(Blocker::BadName { name: name.clone() }),
        None => blockers.push(Blocker::NoName),
    }
    String::new()
}

/// A file that goes into the artifact, or counts for it.
enum Chosen<'a> {
    Author { ships: bool },
    Built(&'a [u8]),
}

/// Decides by names alone what goes into the artifact, sorted by path.
fn choose<'a>(
    source: &dyn PackSource,
    manifest: &Manifest,
    built: &'a [Part],
    blockers: &mut Vec<Blocker>,
) -> BTreeMap<String, Chosen<'a>> {
    let mut chosen = BTreeMap::new();
    if source.truncated() {
        blockers.push(Blocker::TooMany);
    }
    let ignore = ignore_file(source);
    let greentic = is_greentic(source);
    let mut sizes: Vec<(&str, u64)> = built.iter().map(|part| (part.path.as_str(), part.bytes.len() as u64)).collect();
    for entry in source.entries() {
        if stays_at_home(&entry.path, greentic) || ignore.leaves_out(&entry.path, entry.is_folder()) {
            continue;
        }
        if let Some(blocker) = unfit(entry) {
            blockers.push(blocker);
        } else if entry.is_file() {
            let ships = !is_replaced(&entry.path, manifest, built);
            if ships {
                sizes.push((&entry.path, entry.size));
            }
            chosen.insert(entry.path.clone(), Chosen::Author { ships });
        }
    }
    if !chosen.contains_key(MANIFEST) {
        blockers.push(Blocker::NothingToShip);
    }
    // Told before anything is read: what is too large may not fit into memory either.
    let bytes = sizes.iter().map(|(_, size)| size).sum();
    if bytes > MAX_PACK_BYTES {
        let largest = sizes.iter().max_by_key(|(_, size)| size).map(|(path, size)| ((*path).to_owned(), *size));
        blockers.push(Blocker::TooLarge { bytes, largest });
    }
    place_built_parts(built, &mut chosen, blockers);
    chosen
}

fn place_built_parts<'a>(built: &'a [Part], chosen: &mut BTreeMap<String, Chosen<'a>>, blockers: &mut Vec<Blocker>) {
    let mut names: BTreeSet<String> = chosen.keys().flat_map(|path| ancestors(path).chain([path.as_str()])).map(folded).collect();
    for part in built {
        if let Some(why) = unsafe_path(&part.path) {
            blockers.push(Blocker::BadPath { path: part.path.clone(), why });
        } else if !names.insert(folded(&part.path)) || ancestors(&part.path).any(|folder| chosen.contains_key(folder)) {
            blockers.push(Blocker::Taken { path: part.path.clone() });
        } else {
            chosen.insert(part.path.clone(), Chosen::Built(&part.bytes));
        }
    }
}

/// What never leaves the author's folder. The component of a pulled pack is made anew.
pub(crate) fn stays_at_home(path: &str, greentic: bool) -> bool {
    let top = path.split('/').next().unwrap_or(path);
    path == INLINE_COMPONENT
        || matches!(top, "tests" | "evals" | "answers.yaml")
        || is_never_shipped(path, greentic)
        || path.split('/').any(is_litter)
}

/// True for the source of a handler that a build replaced; a folder's files are its source.
fn is_replaced(path: &str, manifest: &Manifest, built: &[Part]) -> bool {
    manifest.tools.iter().filter_map(|tool| tool.handler.as_ref()).filter(|handler| handler.kind == HandlerKind::Source).any(
        |handler| {
            let source = handler.path.trim_end_matches('/');
            let below = path.strip_prefix(source).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            below && built.iter().any(|part| part.path == built_path(source))
        },
    )
}

fn unfit(entry: &SourceEntry) -> Option<Blocker> {
    let path = entry.path.clone();
    let no_file = |why: String| Some(Blocker::NotAFile { path: path.clone(), why });
    match &entry.kind {
        SourceKind::LinkInside { folder: true } => Some(Blocker::LinkedFolder { path }),
        SourceKind::LinkOutside { target } => no_file(format!("it is a link to `{target}`, which is not in the pack")),
        SourceKind::LinkBroken { target } => no_file(format!("it is a link to `{target}`, which does not exist")),
        SourceKind::Special => no_file("it is not a file".to_owned()),
        SourceKind::Unnameable => Some(Blocker::BadPath { path, why: "has a name that is not Unicode" }),
        SourceKind::Folder => None,
        SourceKind::File | SourceKind::LinkInside { folder: false } => {
            let name = path.rsplit('/').next().unwrap_or(&path);
            if looks_secret(name) {
                return Some(Blocker::LooksSecret { path });
            }
            unsafe_path(&path).map(|why| Blocker::BadPath { path, why })
        }
    }
}

/// What reading the chosen files gave.
struct Contents {
    tar: Vec<u8>,
    files: Vec<ShippedFile>,
    source_digest: Digest,
}

fn gather(source: &dyn PackSource, chosen: &BTreeMap<String, Chosen<'_>>, blockers: &mut Vec<Blocker>) -> Contents {
    let mut tar = tar::Writer::default();
    let mut files = Vec::new();
    let mut listing = Sha256::new();
    listing.update(b"packwright source 1\n");
    let mut folders = BTreeSet::new();
    for (path, origin) in chosen {
        let (bytes, ships, built): (Cow<'_, [u8]>, bool, bool) = match origin {
            Chosen::Built(bytes) => (Cow::Borrowed(bytes), true, true),
            Chosen::Author { ships } => match source.read(path) {
                Ok(bytes) => (bytes, *ships, false),
                Err(error) => {
                    blockers.push(Blocker::Unreadable { path: path.clone(), why: why_unreadable(&error) });
                    continue;
                }
            },
        };
        if !built && may_hold_key(path, bytes.len() as u64) && holds_key(&bytes) {
            blockers.push(Blocker::LooksSecret { path: path.clone() });
            continue;
        }
        let executable = bytes.starts_with(b"#!");
        let digest = Digest::of(&bytes);
        if !built {
            // No field can run into the next one: a path has no NUL, and what follows has no line break.
            listing.update(format!("{path}\0{:o}\0{}\0{}\n", tar::mode(executable), bytes.len(), digest.hex()));
        }
        if !ships {
            continue;
        }
        // Folders stand before what is in them: not every tool makes the missing ones.
        ancestors(path).filter(|folder| folders.insert((*folder).to_owned())).for_each(|folder| tar.folder(folder));
        tar.file(path, &bytes, executable);
        files.push(ShippedFile { path: path.clone(), size: bytes.len() as u64, digest, executable, built });
        if tar.len() > MAX_PACK_BYTES {
            let largest = files.iter().max_by_key(|file| file.size).map(|file| (file.path.clone(), file.size));
            blockers.push(Blocker::TooLarge { bytes: tar.len(), largest });
            break;
        }
    }
    if folders.len() + files.len() > MAX_ENTRIES {
        blockers.push(Blocker::TooMany);
    }
    Contents { tar: tar.finish(), files, source_digest: Digest::from_hash(listing.finalize().into()) }
}

fn why_unreadable(error: &ReadError) -> String {
    match error {
        ReadError::NotFound => "it disappeared while the pack was read".to_owned(),
        ReadError::TooLarge { size } => format!("it has {} MB, more than can be read", megabytes(*size)),
        ReadError::Failed(why) => why.clone(),
    }
}

fn holds_key(bytes: &[u8]) -> bool {
    bytes.windows(b"PRIVATE KEY-----".len()).any(|window| window == b"PRIVATE KEY-----")
}

fn ignore_file(source: &dyn PackSource) -> PackIgnore {
    let text = source.read(IGNORE_FILE).ok().and_then(|bytes| String::from_utf8(bytes.into_owned()).ok());
    PackIgnore::parse(&text.unwrap_or_default())
}

fn is_greentic(source: &dyn PackSource) -> bool {
    let text = source.read(MANIFEST).ok().and_then(|bytes| String::from_utf8(bytes.into_owned()).ok());
    text.and_then(|text| yaml::parse(&text).ok()).is_some_and(|root| root.get("pack_id").is_some())
}

/// Most bytes of a path: systems stop at 4,096, and the folder it is unpacked in has a name too.
const MAX_PATH: usize = 1024;

/// How deep folders may nest.
const MAX_DEPTH: usize = 64;

/// Why a path cannot be unpacked everywhere.
fn unsafe_path(path: &str) -> Option<&'static str> {
    if path.len() > MAX_PATH {
        return Some("is longer than 1,024 bytes");
    }
    if path.split('/').count() > MAX_DEPTH {
        return Some("lies more than 64 folders deep");
    }
    path.split('/').find_map(|part| match part {
        "" => Some("has an empty part"),
        "." | ".." => Some("leads elsewhere"),
        name => unsafe_name(name),
    })
}

/// The folders that a path lies in, outermost first.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// A name as systems see it that tell neither case nor ways of writing an accent apart.
fn folded(path: &str) -> String {
    path.nfc().flat_map(char::to_lowercase).nfc().collect()
}

fn megabytes(bytes: u64) -> u64 {
    bytes.div_ceil(1_000_000)
}

#[cfg(test)]
mod tests;
