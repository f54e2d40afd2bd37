//! Where the studio keeps what is its own.
//!
//! `PACKWRIGHT_HOME` holds everything when it is set; tests always set it. Otherwise the system's own places are used.

use camino::{Utf8Path, Utf8PathBuf};

/// The variable that moves everything.
pub const HOME_VARIABLE: &str = "PACKWRIGHT_HOME";

/// Folders of the studio. They may not exist yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Preferences.
    pub config: Utf8PathBuf,
    /// The author's history, journal and sample copies: worth a backup.
    pub data: Utf8PathBuf,
    /// What can be made again.
    pub cache: Utf8PathBuf,
    /// New packs, unless their author names another folder. They are the author's own.
    pub packs: Utf8PathBuf,
}

/// Why there is no place for the studio's folders.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    #[error("this account has no home folder")]
    NoHome,
    #[error("the path `{0}` is not Unicode")]
    NotUnicode(String),
}

impl Home {
    /// All of them below one folder.
    pub fn at(root: &Utf8Path) -> Self {
        Self { config: root.join("config"), data: root.join("data"), cache: root.join("cache"), packs: root.join("packs") }
    }

    /// The folder that a variable's value names, else the system's places.
    pub fn find(variable: Option<std::ffi::OsString>) -> Result<Self, HomeError> {
        if let Some(root) = variable.filter(|value| !value.is_empty()) {
            // Made absolute once: every command must mean the same folder, wherever it is typed.
            let root = std::path::absolute(&root).unwrap_or_else(|_| root.into());
            return Ok(Self::at(&unicode(root)?));
        }
        let known = |found: Option<std::path::PathBuf>| found.ok_or(HomeError::NoHome).and_then(unicode);
        let place = |found| known(found).map(|path| path.join("packwright"));
        Ok(Self {
            config: place(dirs::config_dir())?,
            data: place(dirs::data_dir())?,
            cache: place(dirs::cache_dir())?,
            packs: known(dirs::home_dir())?.join("packs"),
        })
    }
}

/// A path for people: `~` for the home folder.
pub fn shown(path: &Utf8Path) -> String {
    let home = dirs::home_dir().and_then(|home| Utf8PathBuf::from_path_buf(home).ok());
    match home.as_deref().and_then(|home| path.strip_prefix(home).ok()) {
        Some(rest) if rest.as_str().is_empty() => "~".to_owned(),
        Some(rest) => format!("~/{rest}"),
        None => path.to_string(),
    }
}

fn unicode(path: std::path::PathBuf) -> Result<Utf8PathBuf, HomeError> {
    Utf8PathBuf::from_path_buf(path).map_err(|path| HomeError::NotUnicode(path.display().to_string()))
}

#[cfg(test)]
mod tests {
    use super::Home;

    #[test]
    fn the_variable_holds_everything() {
        let home = Home::find(Some("/somewhere".into())).expect("the path is Unicode");
        assert_eq!(home.data, "/somewhere/data");
        assert_eq!(home.config, "/somewhere/config");
        assert_eq!(home.packs, "/somewhere/packs");
    }
}
