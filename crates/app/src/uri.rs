//! `file:` URIs for a pack and its files, and back.

use camino::{Utf8Path, Utf8PathBuf};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What JavaScript's `encodeURIComponent` leaves alone: so both sides write a URI the same way.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// A folder's URI, without a slash at the end.
pub(crate) fn of_folder(path: &Utf8Path) -> String {
    let plain = path.as_str().replace('\\', "/");
    let encoded: Vec<String> = plain.trim_matches('/').split('/').map(encode).collect();
    format!("file:///{}", encoded.join("/"))
}

/// The URI of a file below a folder; the empty path is the folder itself.
pub(crate) fn of_file(root_uri: &str, path: &str) -> String {
    if path.is_empty() {
        return root_uri.to_owned();
    }
    let encoded: Vec<String> = path.split('/').map(encode).collect();
    format!("{root_uri}/{}", encoded.join("/"))
}

/// A path as others write it in a document: relative to where that is read, unless it is absolute.
pub fn of_path(path: &Utf8Path) -> String {
    let plain = path.as_str().replace('\\', "/");
    if path.is_absolute() {
        return of_folder(path);
    }
    plain.split('/').map(encode).collect::<Vec<_>>().join("/")
}

/// The path below the folder that a URI names, however it was encoded.
pub(crate) fn to_path(root_uri: &str, uri: &str) -> Option<String> {
    let decode = |text: &str| percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned);
    decode(uri)?.strip_prefix(&format!("{}/", decode(root_uri)?)).map(str::to_owned)
}

/// The file that a URI names.
pub(crate) fn to_file(uri: &str) -> Option<Utf8PathBuf> {
    let path = percent_decode_str(uri.strip_prefix("file://")?).decode_utf8().ok()?;
    // `file:///C:/…`: the slash before a drive is the URI's.
    let drive = matches!(path.as_bytes(), [b'/', letter, b':', ..] if letter.is_ascii_alphabetic());
    Some(Utf8PathBuf::from(if drive { &path[1..] } else { &path[..] })).filter(|path| path.is_absolute())
}

fn encode(part: &str) -> String {
    // A drive letter's colon stays, as every editor writes it.
    let bytes = part.as_bytes();
    if bytes.len() == 2 && bytes[1] == b':' {
        return part.to_owned();
    }
    utf8_percent_encode(part, COMPONENT).to_string()
}

#[cfg(test)]
mod tests {
    use super::{of_file, of_folder, of_path, to_path};
    use camino::Utf8Path;

    #[test]
    fn names_survive_the_way_there_and_back() {
        let root = of_folder(Utf8Path::new("/home/zoë/my packs"));
        assert_eq!(root, "file:///home/zo%C3%AB/my%20packs");
        for path in ["pack.yaml", "guides/50% off?.md", "a#b/c+d.json"] {
            assert_eq!(to_path(&root, &of_file(&root, path)).as_deref(), Some(path));
        }
        assert_eq!(to_path(&root, "file:///home/zoë/my packs/a.md").as_deref(), Some("a.md"));
        assert_eq!(to_path(&root, "file:///elsewhere/a.md"), None);
    }

    #[test]
    fn a_relative_path_stays_one() {
        assert_eq!(of_path(Utf8Path::new("../my packs/50%/a#b.md")), "../my%20packs/50%25/a%23b.md");
        #[cfg(unix)]
        assert_eq!(of_path(Utf8Path::new("/home/zoë/pack.yaml")), "file:///home/zo%C3%AB/pack.yaml");
    }
}
