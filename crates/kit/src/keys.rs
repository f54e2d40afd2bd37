//! Where the author's signing key lies, and the keys that are trusted.
//!
//! ```text
//! <data>/keys/signing.pem        the secret: read by its owner alone, written once, never replaced
//! <data>/keys/signing.pub.pem    its public half, to be given away; its first line says whose it is
//! <data>/keys/trusted/ben.pem    other people's public keys, called as the author calls them
//! ```
//!
//! Keys are text here: what is in them is the registry's affair.

use camino::{Utf8Path, Utf8PathBuf};
use std::io::{self, Write};

/// Keys on this computer.
#[derive(Debug, Clone)]
pub struct Keys {
    folder: Utf8PathBuf,
}

/// A key as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptKey {
    /// Whose it is.
    pub name: String,
    pub pem: String,
    pub path: Utf8PathBuf,
}

/// A new key: both halves as PEM.
pub struct NewKey {
    pub secret: String,
    pub public: String,
}

/// Why a key could not be read or made.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    #[error("this computer gives no random numbers: {0}")]
    NoRandomness(String),
    #[error("`{path}` has more than a key: {size} bytes")]
    TooLarge { path: Utf8PathBuf, size: u64 },
    /// The error of a file names the file.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Most bytes of a key's file, explanations before the key counted in.
const MAX_KEY: u64 = 64 * 1024;

/// Most characters of a name: it stands in a line with others.
const MAX_NAME: usize = 60;

const SECRET: &str = "signing.pem";
const PUBLIC: &str = "signing.pub.pem";

/// A key's secret is for its file alone.
impl std::fmt::Debug for KeptKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptKey").field("name", &self.name).field("path", &self.path).finish_non_exhaustive()
    }
}

impl Keys {
    /// The keys below a data folder. Nothing is made before a key is.
    pub fn new(data: &Utf8Path) -> Self {
        Self { folder: data.join("keys") }
    }

    /// The key that signs, when there is one.
    pub fn signing(&self) -> Result<Option<KeptKey>, KeysError> {
        let path = self.folder.join(SECRET);
        let Some(pem) = read(&path)? else { return Ok(None) };
        Ok(Some(KeptKey { name: self.name()?, pem, path }))
    }

    /// The key that signs, made of 32 random bytes when there is none. Who comes second gets the first one's.
    pub fn signing_or_new(&self, make: impl FnOnce([u8; 32]) -> NewKey) -> Result<KeptKey, KeysError> {
        if let Some(key) = self.signing()? {
            return Ok(key);
        }
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|error| KeysError::NoRandomness(error.to_string()))?;
        let key = make(seed);
        private_folder(&self.folder)?;
        if self.keep(SECRET, key.secret.as_bytes())? {
            // One that is left over belongs to a key that is gone.
            match fs_err::remove_file(self.folder.join(PUBLIC)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
                _ => self.keep(PUBLIC, format!("{}\n{}", name_here(), key.public).as_bytes())?,
            };
        }
        // Read back: what signs is what was kept.
        self.signing()?.ok_or_else(|| io::Error::other(format!("`{}` was removed meanwhile", self.folder.join(SECRET))).into())
    }

    /// What the key that signs is called, or would be if it were made now.
    pub fn name(&self) -> Result<String, KeysError> {
        let said = read(&self.folder.join(PUBLIC))?.and_then(|text| text.lines().next().map(clean));
        Ok(said.filter(|name| !name.is_empty() && !name.starts_with("-----")).unwrap_or_else(name_here))
    }

    /// Other people's public keys, by name.
    pub fn trusted(&self) -> Result<Vec<KeptKey>, KeysError> {
        let folder = self.trusted_folder();
        let listed = match fs_err::read_dir(&folder) {
            Ok(listed) => listed,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let mut keys = Vec::new();
        for entry in listed {
            let Ok(path) = Utf8PathBuf::from_path_buf(entry?.path()) else { continue };
            if path.extension() != Some("pem") || !path.is_file() {
                continue;
            }
            if let Some(pem) = read(&path)? {
                keys.push(KeptKey { name: clean(path.file_stem().unwrap_or_default()), pem, path });
            }
        }
        keys.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(keys)
    }

    /// Where the public half of the signing key lies.
    pub fn public_path(&self) -> Utf8PathBuf {
        self.folder.join(PUBLIC)
    }

    /// Where other people's public keys go.
    pub fn trusted_folder(&self) -> Utf8PathBuf {
        self.folder.join("trusted")
    }

    /// Writes a file that only its owner reads, unless there is one: then nothing is written, and the answer is false.
    fn keep(&self, name: &str, bytes: &[u8]) -> Result<bool, KeysError> {
        // Made for its owner alone from the first moment.
        let mut file = tempfile::Builder::new().prefix(".packwright-").tempfile_in(&self.folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        match file.persist_noclobber(self.folder.join(name)) {
            Ok(_) => {}
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            Err(error) => return Err(error.error.into()),
        }
        #[cfg(unix)]
        fs_err::File::open(&self.folder)?.sync_all()?;
        Ok(true)
    }
}

fn read(path: &Utf8Path) -> Result<Option<String>, KeysError> {
    match fs_err::metadata(path) {
        Ok(metadata) if metadata.len() > MAX_KEY => Err(KeysError::TooLarge { path: path.to_owned(), size: metadata.len() }),
        Ok(_) => Ok(Some(fs_err::read_to_string(path)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn private_folder(folder: &Utf8Path) -> Result<(), KeysError> {
    fs_err::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs_err::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Who this is, as well as the computer knows: `ann@laptop`.
fn name_here() -> String {
    let variable = |name: &str| std::env::var(name).ok().map(|value| clean(&value)).filter(|value| !value.is_empty());
    let user = variable("USER").or_else(|| variable("USERNAME")).or_else(|| variable("LOGNAME"));
    let host = fs_err::read_to_string("/etc/hostname").ok().map(|name| clean(&name)).filter(|name| !name.is_empty());
    let host = host.or_else(|| variable("COMPUTERNAME")).or_else(|| variable("HOSTNAME"));
    match (user, host) {
        (Some(user), Some(host)) => clean(&format!("{user}@{host}")),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "laptop".to_owned(),
    }
}

/// A name on one line, of a length that a line bears.
fn clean(text: &str) -> String {
    let line: String = text.trim().trim_start_matches('#').chars().filter(|character| !character.is_control()).collect();
    line.trim().chars().take(MAX_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::{Keys, KeysError, NewKey};
    use camino::{Utf8Path, Utf8PathBuf};

    fn keys() -> (tempfile::TempDir, Utf8PathBuf, Keys) {
        let keep = tempfile::tempdir().expect("a temporary folder");
        let data = Utf8Path::from_path(keep.path()).expect("Unicode").join("data");
        let keys = Keys::new(&data);
        (keep, data.join("keys"), keys)
    }

    fn made(seed: [u8; 32]) -> NewKey {
        NewKey { secret: format!("secret {seed:?}"), public: format!("-----BEGIN{}-----", seed[0]) }
    }

    #[test]
    fn a_key_is_made_once_of_other_bytes_each_time() {
        let (_keep, folder, keys) = keys();
        assert_eq!(keys.signing().expect("read"), None);
        assert!(!folder.exists(), "looking makes nothing");
        let first = keys.signing_or_new(made).expect("made");
        let again = keys.signing_or_new(|_| unreachable!("there is one")).expect("read");
        assert_eq!(first, again);
        let (_keep, _, others) = self::keys();
        assert_ne!(others.signing_or_new(made).expect("made").pem, first.pem);
        assert!(!format!("{first:?}").contains("secret"), "{first:?}");
    }

    #[cfg(unix)]
    #[test]
    fn a_secret_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let (_keep, folder, keys) = keys();
        keys.signing_or_new(made).expect("made");
        let mode = |path: &Utf8Path| fs_err::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&folder.join("signing.pem"))), (0o700, 0o600));
    }

    #[test]
    fn who_comes_second_gets_the_first_ones_key() {
        let (_keep, folder, keys) = keys();
        // Another process makes one while this one thinks about it.
        let key = keys.signing_or_new(|seed| {
            fs_err::create_dir_all(&folder).expect("folder");
            fs_err::write(folder.join("signing.pem"), "the other's").expect("written");
            made(seed)
        });
        assert_eq!(key.expect("read").pem, "the other's");
    }

    #[test]
    fn a_key_has_a_name_that_can_be_changed() {
        let (_keep, folder, keys) = keys();
        let key = keys.signing_or_new(made).expect("made");
        assert!(!key.name.is_empty());
        fs_err::write(folder.join("signing.pub.pem"), "# Ann\u{1b}[2J at work\n-----BEGIN").expect("written");
        assert_eq!(keys.signing().expect("read").expect("there").name, "Ann[2J at work");
        fs_err::write(folder.join("signing.pub.pem"), "-----BEGIN").expect("written");
        assert_eq!(keys.signing().expect("read").expect("there").name, key.name);
    }

    #[test]
    fn trusted_keys_are_called_as_their_files() {
        let (_keep, folder, keys) = keys();
        assert_eq!(keys.trusted().expect("none"), []);
        let trusted = folder.join("trusted");
        fs_err::create_dir_all(trusted.join("folder.pem")).expect("folder");
        for name in ["zoe.pem", "ben.pem", "notes.txt"] {
            fs_err::write(trusted.join(name), "key").expect("written");
        }
        let names: Vec<String> = keys.trusted().expect("read").into_iter().map(|key| key.name).collect();
        assert_eq!(names, ["ben", "zoe"]);
        fs_err::write(trusted.join("huge.pem"), vec![b'x'; 70_000]).expect("written");
        assert!(matches!(keys.trusted(), Err(KeysError::TooLarge { .. })));
    }
}
