//! Reading a layer that a stranger may have made: what is handed on is safe to write below a folder, on every system.

use super::{Digest, MAX_ENTRIES, ancestors, folded, unsafe_path};
use crate::folder::MAX_PACK_BYTES;
use flate2::read::MultiGzDecoder;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::fmt;
use std::io::{self, Read};
use tar::EntryType;

/// Something in a layer.
#[derive(Debug)]
pub enum LayerEntry<'a> {
    Folder { path: &'a str },
    File { path: &'a str, bytes: &'a [u8], executable: bool },
}

/// Why a layer is not unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LayerError {
    /// Not a gzipped tar, or one that was cut off.
    Broken {
        why: String,
    },
    TooLarge,
    TooMany,
    /// A path that leads elsewhere, or that some system cannot hold.
    BadPath {
        path: String,
        why: &'static str,
    },
    /// A link, a device or whatever else is neither file nor folder.
    NotAFile {
        path: String,
    },
    /// Two entries that are one on some system, or a file where a folder must be.
    Twins {
        path: String,
    },
}

impl fmt::Display for LayerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken { why } => write!(f, "the layer is not a gzipped tar: {why}"),
            Self::TooLarge => write!(f, "the layer has more than {} MB uncompressed", MAX_PACK_BYTES / 1_000_000),
            Self::TooMany => write!(f, "the layer has more than {MAX_ENTRIES} files and folders"),
            Self::BadPath { path, why } => write!(f, "the layer's `{path}` cannot be unpacked: it {why}"),
            Self::NotAFile { path } => write!(f, "the layer's `{path}` is a link or a device, and a pack has none"),
            Self::Twins { path } => write!(f, "the layer has more than one `{path}`, or two that differ in case only"),
        }
    }
}

impl std::error::Error for LayerError {}

/// Why reading ended early.
#[derive(Debug)]
pub enum ReadLayerError<E> {
    Layer(LayerError),
    /// What `each` said.
    Stopped(E),
}

/// The digest of the tar in a layer, which is not looked at otherwise.
pub fn content_digest(layer: &[u8]) -> Result<Digest, LayerError> {
    let mut tar = Bounded::new(layer);
    io::copy(&mut tar, &mut io::sink()).map_err(|error| tar.explain(&error))?;
    Ok(tar.digest())
}

/// Hands on what is in a layer, one by one, and says the digest of the tar when all is read.
///
/// What was handed on before an error is from a layer that must not be used.
pub fn read_layer<E>(layer: &[u8], mut each: impl FnMut(LayerEntry<'_>) -> Result<(), E>) -> Result<Digest, ReadLayerError<E>> {
    let mut tar = Bounded::new(layer);
    let mut read = || -> Result<(), Fault<E>> {
        let mut archive = tar::Archive::new(&mut tar);
        let mut seen = Seen::default();
        for entry in archive.entries()? {
            let mut entry = entry?;
            let path = path_of(&entry.path_bytes())?;
            match entry.header().entry_type() {
                EntryType::Directory => {
                    seen.add(&path, true)?;
                    each(LayerEntry::Folder { path: &path }).map_err(Fault::Stopped)?;
                }
                EntryType::Regular => {
                    seen.add(&path, false)?;
                    let executable = entry.header().mode()? & 0o111 != 0;
                    let mut bytes = Vec::new();
                    entry.read_to_end(&mut bytes)?;
                    if bytes.len() as u64 != entry.size() {
                        return Err(LayerError::Broken { why: format!("`{path}` is cut off") }.into());
                    }
                    each(LayerEntry::File { path: &path, bytes: &bytes, executable }).map_err(Fault::Stopped)?;
                }
                _ => return Err(LayerError::NotAFile { path }.into()),
            }
        }
        Ok(())
    };
    let outcome = read();
    // What stands behind the tar's end counts for its digest.
    let outcome = outcome.and_then(|()| io::copy(&mut tar, &mut io::sink()).map(|_| ()).map_err(Fault::Io));
    match outcome {
        Ok(()) => Ok(tar.digest()),
        Err(Fault::Io(error)) => Err(ReadLayerError::Layer(tar.explain(&error))),
        Err(Fault::Layer(error)) => Err(ReadLayerError::Layer(error)),
        Err(Fault::Stopped(error)) => Err(ReadLayerError::Stopped(error)),
    }
}

enum Fault<E> {
    Io(io::Error),
    Layer(LayerError),
    Stopped(E),
}

impl<E> From<io::Error> for Fault<E> {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl<E> From<LayerError> for Fault<E> {
    fn from(error: LayerError) -> Self {
        Self::Layer(error)
    }
}

fn path_of(bytes: &[u8]) -> Result<String, LayerError> {
    let shown = String::from_utf8_lossy(bytes);
    let bad = |why| LayerError::BadPath { path: shown.chars().take(200).collect(), why };
    let path = std::str::from_utf8(bytes).map_err(|_| bad("is not Unicode"))?;
    if path.starts_with('/') {
        return Err(bad("starts at the root"));
    }
    let path = path.strip_suffix('/').unwrap_or(path);
    match unsafe_path(path) {
        Some(why) => Err(bad(why)),
        None => Ok(path.to_owned()),
    }
}

/// Names so far, so that no two are one where case or accents are not told apart.
#[derive(Default)]
struct Seen {
    /// By folded name: as it is written, and whether it is a folder.
    names: HashMap<String, (String, bool)>,
    entries: usize,
}

impl Seen {
    fn add(&mut self, path: &str, folder: bool) -> Result<(), LayerError> {
        self.entries += 1;
        let twins = || LayerError::Twins { path: path.to_owned() };
        for ancestor in ancestors(path) {
            let (written, folder) = self.names.entry(folded(ancestor)).or_insert_with(|| (ancestor.to_owned(), true));
            if written != ancestor || !*folder {
                return Err(twins());
            }
        }
        if self.names.insert(folded(path), (path.to_owned(), folder)).is_some() {
            return Err(twins());
        }
        if self.entries > MAX_ENTRIES || self.names.len() > MAX_ENTRIES { Err(LayerError::TooMany) } else { Ok(()) }
    }
}

/// The tar in a layer, read up to the largest that a pack can have.
struct Bounded<'a> {
    tar: MultiGzDecoder<&'a [u8]>,
    hash: Sha256,
    read: u64,
    burst: bool,
}

impl<'a> Bounded<'a> {
    fn new(layer: &'a [u8]) -> Self {
        Self { tar: MultiGzDecoder::new(layer), hash: Sha256::new(), read: 0, burst: false }
    }

    fn digest(self) -> Digest {
        Digest::from_hash(self.hash.finalize().into())
    }

    fn explain(&self, error: &io::Error) -> LayerError {
        if self.burst { LayerError::TooLarge } else { LayerError::Broken { why: error.to_string() } }
    }
}

impl Read for Bounded<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.tar.read(into)?;
        self.read += count as u64;
        if self.read > MAX_PACK_BYTES {
            self.burst = true;
            return Err(io::Error::other("too large"));
        }
        self.hash.update(&into[..count]);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::{LayerEntry, LayerError, ReadLayerError, content_digest, read_layer};
    use crate::artifact::gzip;
    use flate2::write::GzEncoder;
    use std::io::Write;
    use tar::{EntryType, Header};

    fn entry(name: &[u8], kind: EntryType, link: Option<&str>, bytes: &[u8]) -> Vec<u8> {
        let mut header = Header::new_ustar();
        header.as_ustar_mut().unwrap().name[..name.len()].copy_from_slice(name);
        header.set_entry_type(kind);
        header.set_mode(0o644);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        header.set_size(bytes.len() as u64);
        if let Some(link) = link {
            header.set_link_name(link).unwrap();
        }
        header.set_cksum();
        let mut out = [header.as_bytes().as_slice(), bytes].concat();
        out.resize(out.len().next_multiple_of(512), 0);
        out
    }

    fn file(name: &str) -> Vec<u8> {
        entry(name.as_bytes(), EntryType::Regular, None, b"x")
    }

    fn read(entries: &[Vec<u8>]) -> Result<Vec<String>, LayerError> {
        read_gzip(&gzip::compress(&[entries.concat(), vec![0; 1024]].concat()))
    }

    fn read_gzip(layer: &[u8]) -> Result<Vec<String>, LayerError> {
        let mut paths = Vec::new();
        let outcome = read_layer(layer, |entry| {
            let (LayerEntry::Folder { path } | LayerEntry::File { path, .. }) = entry;
            paths.push(path.to_owned());
            Ok::<_, ()>(())
        });
        match outcome {
            Ok(_) => Ok(paths),
            Err(ReadLayerError::Layer(error)) => Err(error),
            Err(ReadLayerError::Stopped(())) => unreachable!(),
        }
    }

    #[test]
    fn files_and_folders_are_read() {
        let folder = entry(b"guides/", EntryType::Directory, None, b"");
        assert_eq!(read(&[folder, file("guides/a.md"), file("pack.yaml")]).unwrap(), ["guides", "guides/a.md", "pack.yaml"]);
    }

    #[test]
    fn paths_that_lead_elsewhere_are_refused() {
        for name in [
            "../evil",
            "/etc/passwd",
            "a/../../b",
            "a//b",
            "./a",
            "a/.",
            "",
            "C:evil",
            "a\\..\\b",
            "CON",
            "data/nul.txt",
            "a\nb",
            "x. ",
        ] {
            assert!(matches!(read(&[file(name)]), Err(LayerError::BadPath { .. })), "{name}: {:?}", read(&[file(name)]));
        }
        let not_unicode = entry(b"data/\xff", EntryType::Regular, None, b"");
        assert!(matches!(read(&[not_unicode]), Err(LayerError::BadPath { .. })));
    }

    #[test]
    fn a_pax_path_is_judged_like_any_other() {
        let renamed = |path: &str| {
            let record = format!("path={path}\n");
            // Four digits and a blank.
            let record = format!("{:04} {record}", record.len() + 5);
            read(&[entry(b"x", EntryType::XHeader, None, record.as_bytes()), file("harmless")])
        };
        assert_eq!(renamed("data/good").unwrap(), ["data/good"]);
        for bad in ["../../etc/evil", &"d/".repeat(80), &"n".repeat(300), &"nnnn/".repeat(300)] {
            assert!(matches!(renamed(bad), Err(LayerError::BadPath { .. })), "{bad}: {:?}", renamed(bad));
        }
    }

    #[test]
    fn links_and_devices_are_refused() {
        for kind in [EntryType::Symlink, EntryType::Link, EntryType::Char, EntryType::Block, EntryType::Fifo] {
            let link = matches!(kind, EntryType::Symlink | EntryType::Link).then_some("/etc/passwd");
            assert!(matches!(read(&[entry(b"a", kind, link, b"")]), Err(LayerError::NotAFile { .. })), "{kind:?}");
        }
    }

    #[test]
    fn twins_are_refused() {
        let folder = |name: &str| entry(name.as_bytes(), EntryType::Directory, None, b"");
        let twins: &[&[Vec<u8>]] = &[
            &[file("a"), file("a")],
            &[file("data/A.md"), file("data/a.md")],
            &[file("Data/x"), file("data/y")],
            &[file("data"), file("data/x")],
            &[file("data/x"), file("data")],
            &[folder("data"), folder("data/")],
        ];
        for entries in twins {
            assert!(matches!(read(entries), Err(LayerError::Twins { .. })), "{:?}", read(entries));
        }
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        // A file that says it has 8 GB, and 120 MB of nothing in 120 KB.
        let mut writer = GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let zeros = vec![0; 1024 * 1024];
        (0..120).for_each(|_| writer.write_all(&zeros).unwrap());
        let bomb = writer.finish().unwrap();
        let mut header = Header::new_ustar();
        header.set_path("big").unwrap();
        header.set_size(8 << 30);
        header.set_mode(0o644);
        header.set_cksum();
        let file = [gzip::compress(header.as_bytes()), bomb].concat();
        assert_eq!(read_gzip(&file), Err(LayerError::TooLarge));
    }

    #[test]
    fn too_many_files_are_refused() {
        let entries: Vec<Vec<u8>> = (0..=super::MAX_ENTRIES).map(|number| file(&format!("f{number}"))).collect();
        assert_eq!(read(&entries), Err(LayerError::TooMany));
    }

    #[test]
    fn rubbish_is_refused() {
        let whole = gzip::compress(&[file("a"), vec![0; 1024]].concat());
        for broken in [b"not gzip".as_slice(), &whole[..whole.len() - 9], &gzip::compress(&file("a")[..600])] {
            assert!(matches!(read_gzip(broken), Err(LayerError::Broken { .. })), "{:?}", read_gzip(broken));
        }
        assert!(matches!(content_digest(&whole[..whole.len() - 9]), Err(LayerError::Broken { .. })));
    }
}
