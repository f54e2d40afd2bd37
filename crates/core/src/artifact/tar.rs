//! A tar that depends on nothing but what is in it: plain ustar, with a pax header where ustar has no room for a path.

use tar::{EntryType, Header};

const BLOCK: usize = 512;

/// Most bytes of ustar's two fields for a path.
const NAME: usize = 100;
const PREFIX: usize = 155;

/// The mode of a file.
pub fn mode(executable: bool) -> u32 {
    if executable { 0o755 } else { 0o644 }
}

/// Writes entries in the order they come.
#[derive(Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub fn folder(&mut self, path: &str) {
        self.entry(&format!("{path}/"), EntryType::Directory, 0o755, &[]);
    }

    pub fn file(&mut self, path: &str, bytes: &[u8], executable: bool) {
        self.entry(path, EntryType::Regular, mode(executable), bytes);
    }

    /// Bytes so far.
    pub fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// The whole tar, with the two empty blocks that end one.
    pub fn finish(mut self) -> Vec<u8> {
        self.bytes.resize(self.bytes.len() + 2 * BLOCK, 0);
        self.bytes
    }

    fn entry(&mut self, path: &str, kind: EntryType, mode: u32, bytes: &[u8]) {
        let (prefix, name) = split(path).unwrap_or_else(|| {
            let record = pax_record("path", path);
            self.block("", "PaxHeaders/path", EntryType::XHeader, 0o644, record.as_bytes());
            // Who does not read pax still gets a file, under a name that cannot be another's.
            ("", "PaxHeaders/long")
        });
        self.block(prefix, name, kind, mode, bytes);
    }

    fn block(&mut self, prefix: &str, name: &str, kind: EntryType, mode: u32, bytes: &[u8]) {
        let mut header = Header::new_ustar();
        let fields = header.as_ustar_mut().expect("it was made as ustar");
        fields.name[..name.len()].copy_from_slice(name.as_bytes());
        fields.prefix[..prefix.len()].copy_from_slice(prefix.as_bytes());
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        self.bytes.extend_from_slice(header.as_bytes());
        self.bytes.extend_from_slice(bytes);
        self.bytes.resize(self.bytes.len().next_multiple_of(BLOCK), 0);
    }
}

/// A path in ustar's two fields; `None` when it does not fit, or has letters for which ustar knows no encoding.
fn split(path: &str) -> Option<(&str, &str)> {
    if !path.is_ascii() {
        return None;
    }
    if path.len() <= NAME {
        return Some(("", path));
    }
    path.match_indices('/')
        .map(|(at, _)| (&path[..at], &path[at + 1..]))
        .find(|(prefix, name)| prefix.len() <= PREFIX && !name.is_empty() && name.len() <= NAME)
}

/// `length key=value`, where the length counts itself.
fn pax_record(key: &str, value: &str) -> String {
    let rest = format!(" {key}={value}\n");
    let mut length = rest.len();
    while length.to_string().len() + rest.len() != length {
        length = length.to_string().len() + rest.len();
    }
    format!("{length}{rest}")
}

#[cfg(test)]
mod tests {
    use super::{Writer, pax_record, split};
    use std::io::Read;

    #[test]
    fn a_pax_length_counts_itself() {
        assert_eq!(pax_record("path", "a"), "9 path=a\n");
        for length in 1..1100 {
            let record = pax_record("path", &"x".repeat(length));
            assert_eq!(record.split(' ').next(), Some(record.len().to_string().as_str()));
        }
    }

    #[test]
    fn paths_of_every_length_read_back() {
        let long = |length: usize| format!("data/{}/{}", "d".repeat(length / 2), "f".repeat(length - length / 2));
        let mut paths: Vec<String> = (80..400).step_by(7).map(long).collect();
        paths.extend(["data/Größe.md".to_owned(), "a".to_owned(), format!("{}/x", "p".repeat(155)), "n".repeat(101)]);
        let mut writer = Writer::default();
        paths.iter().for_each(|path| writer.file(path, path.as_bytes(), false));
        let bytes = writer.finish();
        let mut archive = tar::Archive::new(bytes.as_slice());
        let mut seen = Vec::new();
        for entry in archive.entries().expect("a tar") {
            let mut entry = entry.expect("an entry");
            let (path, mut text) = (String::from_utf8(entry.path_bytes().into_owned()).expect("text"), String::new());
            entry.read_to_string(&mut text).expect("its content");
            assert_eq!(path, text);
            seen.push(path);
        }
        assert_eq!(seen, paths);
    }

    #[test]
    fn plain_paths_need_no_extension() {
        assert_eq!(split("guides/a.md"), Some(("", "guides/a.md")));
        assert_eq!(split(&format!("{}/b.md", "a".repeat(120))), Some(("a".repeat(120).as_str(), "b.md")));
        assert_eq!(split("ö"), None);
        let mut writer = Writer::default();
        writer.folder("guides");
        writer.file("guides/a.md", b"hello", false);
        assert_eq!(writer.finish().len(), 512 + 1024 + 1024);
    }
}
