//! The author's own history, in SQLite: packs opened before, where they are published to and what was, and how the window is liked.
//!
//! Several processes may write: write-ahead log, a busy timeout, and each change in one immediate transaction.

use camino::{Utf8Path, Utf8PathBuf};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use rusqlite_migration::{M, Migrations};
use std::time::Duration;

/// Migrations run forward only; one that was released is never changed.
const STEPS: &[M<'static>] = &[
    M::up(
        "CREATE TABLE recent_pack (
             path      TEXT PRIMARY KEY,
             name      TEXT NOT NULL,
             version   TEXT,
             opened_at INTEGER NOT NULL,
             errors    INTEGER NOT NULL,
             warnings  INTEGER NOT NULL
         ) STRICT;
         CREATE TABLE setting (
             key   TEXT PRIMARY KEY,
             value TEXT NOT NULL
         ) STRICT;",
    ),
    M::up(
        "CREATE TABLE registry (
             address TEXT PRIMARY KEY,
             added   INTEGER NOT NULL
         ) STRICT;
         CREATE TABLE receipt (
             id        INTEGER PRIMARY KEY,
             at        INTEGER NOT NULL,
             reference TEXT NOT NULL,
             digest    TEXT NOT NULL,
             body      TEXT NOT NULL
         ) STRICT;
         CREATE INDEX receipt_at ON receipt (at);",
    ),
];
const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);

/// How many packs are remembered. A screen shows about twenty.
const KEPT: u32 = 50;

/// A pack that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecentPack {
    pub path: Utf8PathBuf,
    pub name: String,
    pub version: Option<String>,
    /// Milliseconds since 1970.
    pub opened_at: u64,
    pub errors: u32,
    pub warnings: u32,
}

/// A publication that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Milliseconds since 1970.
    pub at: u64,
    /// `ghcr.io/acme/open-library:1.2.0`.
    pub reference: String,
    pub digest: String,
    /// All of it, as JSON.
    pub body: String,
}

/// The database.
pub struct Store {
    connection: Connection,
}

/// Why the database failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the folder `{path}` cannot be made: {source}")]
    Folder { path: Utf8PathBuf, source: std::io::Error },
    #[error("`{path}` was written by a newer Packwright; update this one")]
    Newer { path: Utf8PathBuf },
    #[error("`{path}` cannot be opened: {source}")]
    Open { path: Utf8PathBuf, source: rusqlite_migration::Error },
    #[error("the history in `packwright.db` failed: {0}")]
    Query(#[from] rusqlite::Error),
}

impl Store {
    /// Opens the database below a data folder, and brings it up to date.
    pub fn open(data: &Utf8Path) -> Result<Self, StoreError> {
        fs_err::create_dir_all(data).map_err(|source| StoreError::Folder { path: data.to_owned(), source })?;
        let path = data.join("packwright.db");
        let mut connection = match connect(&path) {
            // What was in it cannot be read any more; it is kept, in case someone can.
            Err(rusqlite::Error::SqliteFailure(error, _)) if error.code == rusqlite::ErrorCode::NotADatabase => {
                let aside = data.join("packwright.db.broken");
                fs_err::rename(&path, &aside).map_err(|source| StoreError::Folder { path: aside, source })?;
                connect(&path)?
            }
            other => other?,
        };
        MIGRATIONS.to_latest(&mut connection).map_err(|source| match source {
            rusqlite_migration::Error::MigrationDefinition(rusqlite_migration::MigrationDefinitionError::DatabaseTooFarAhead) => {
                StoreError::Newer { path: path.clone() }
            }
            source => StoreError::Open { path: path.clone(), source },
        })?;
        Ok(Self { connection })
    }

    /// Remembers that a pack was opened, or how its last check ended.
    pub fn remember(&mut self, pack: &RecentPack) -> Result<(), StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute(
            "INSERT INTO recent_pack (path, name, version, opened_at, errors, warnings) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (path) DO UPDATE SET name = ?2, version = ?3, opened_at = ?4, errors = ?5, warnings = ?6",
            params![
                pack.path.as_str(),
                pack.name,
                pack.version,
                i64::try_from(pack.opened_at).unwrap_or(i64::MAX),
                pack.errors,
                pack.warnings
            ],
        )?;
        transaction.execute(
            "DELETE FROM recent_pack WHERE path NOT IN (SELECT path FROM recent_pack ORDER BY opened_at DESC, path LIMIT ?1)",
            [KEPT],
        )?;
        Ok(transaction.commit()?)
    }

    /// Packs opened before, newest first.
    pub fn recent(&self) -> Result<Vec<RecentPack>, StoreError> {
        let mut query = self
            .connection
            .prepare("SELECT path, name, version, opened_at, errors, warnings FROM recent_pack ORDER BY opened_at DESC, path")?;
        let rows = query.query_map([], |row| {
            Ok(RecentPack {
                path: row.get::<_, String>(0)?.into(),
                name: row.get(1)?,
                version: row.get(2)?,
                opened_at: row.get::<_, i64>(3)?.try_into().unwrap_or(0),
                errors: row.get(4)?,
                warnings: row.get(5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Takes a pack off the list.
    pub fn forget(&mut self, path: &str) -> Result<(), StoreError> {
        self.connection.execute("DELETE FROM recent_pack WHERE path = ?1", [path])?;
        Ok(())
    }

    /// Registries that the author added, oldest first.
    pub fn registries(&self) -> Result<Vec<String>, StoreError> {
        let mut query = self.connection.prepare("SELECT address FROM registry ORDER BY added, address")?;
        Ok(query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// Adds a registry; one that is there keeps its place.
    pub fn add_registry(&mut self, address: &str) -> Result<(), StoreError> {
        self.connection.execute(
            "INSERT INTO registry (address, added) VALUES (?1, (SELECT coalesce(max(added), 0) + 1 FROM registry)) ON CONFLICT DO NOTHING",
            [address],
        )?;
        Ok(())
    }

    /// Takes a registry off the list.
    pub fn forget_registry(&mut self, address: &str) -> Result<(), StoreError> {
        self.connection.execute("DELETE FROM registry WHERE address = ?1", [address])?;
        Ok(())
    }

    /// Keeps a receipt, for good.
    pub fn keep_receipt(&mut self, receipt: &Receipt) -> Result<(), StoreError> {
        self.connection.execute(
            "INSERT INTO receipt (at, reference, digest, body) VALUES (?1, ?2, ?3, ?4)",
            params![i64::try_from(receipt.at).unwrap_or(i64::MAX), receipt.reference, receipt.digest, receipt.body],
        )?;
        Ok(())
    }

    /// The newest receipts.
    pub fn receipts(&self, most: u32) -> Result<Vec<Receipt>, StoreError> {
        let mut query =
            self.connection.prepare("SELECT at, reference, digest, body FROM receipt ORDER BY at DESC, id DESC LIMIT ?1")?;
        let rows = query.query_map([most], |row| {
            Ok(Receipt {
                at: row.get::<_, i64>(0)?.try_into().unwrap_or(0),
                reference: row.get(1)?,
                digest: row.get(2)?,
                body: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A setting's value.
    pub fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        Ok(self.connection.query_row("SELECT value FROM setting WHERE key = ?1", [key], |row| row.get(0)).optional()?)
    }

    /// Keeps a setting.
    pub fn set_setting(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        self.connection.execute(
            "INSERT INTO setting (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2",
            [key, value],
        )?;
        Ok(())
    }
}

fn connect(path: &Utf8Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::{KEPT, Receipt, RecentPack, Store, StoreError};
    use camino::Utf8Path;

    fn pack(path: &str, opened_at: u64) -> RecentPack {
        RecentPack { path: path.into(), name: "n".into(), version: None, opened_at, errors: 1, warnings: 2 }
    }

    #[test]
    fn remembers_newest_first_forgets_and_survives_reopening() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let data = Utf8Path::from_path(folder.path()).expect("Unicode").join("data");
        let mut store = Store::open(&data).expect("open");
        store.remember(&pack("/a", 1)).expect("remember");
        store.remember(&pack("/b", 2)).expect("remember");
        store.remember(&pack("/a", 3)).expect("again");
        drop(store);
        let mut store = Store::open(&data).expect("open again");
        assert_eq!(store.recent().expect("recent"), [pack("/a", 3), pack("/b", 2)]);
        store.forget("/a").expect("forget");
        assert_eq!(store.recent().expect("recent"), [pack("/b", 2)]);
        store.set_setting("theme", "dark").expect("set");
        store.set_setting("theme", "light").expect("set");
        assert_eq!(store.setting("theme").expect("get").as_deref(), Some("light"));
    }

    #[test]
    fn a_broken_database_is_put_aside() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let data = Utf8Path::from_path(folder.path()).expect("Unicode");
        fs_err::write(data.join("packwright.db"), "no database, and longer than a header would be: ".repeat(9)).expect("write");
        let mut store = Store::open(data).expect("a new one is begun");
        store.remember(&pack("/a", 1)).expect("remember");
        assert!(data.join("packwright.db.broken").is_file());
    }

    #[test]
    fn the_list_does_not_grow_for_ever() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut store = Store::open(Utf8Path::from_path(folder.path()).expect("Unicode")).expect("open");
        for number in 0..u64::from(KEPT) + 5 {
            store.remember(&pack(&format!("/{number}"), number)).expect("remember");
        }
        let recent = store.recent().expect("recent");
        assert_eq!((recent.len(), recent[0].path.as_str()), (KEPT as usize, "/54"));
    }

    #[test]
    fn registries_keep_their_order_and_receipts_stay() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut store = Store::open(Utf8Path::from_path(folder.path()).expect("Unicode")).expect("open");
        for address in ["ghcr.io/acme", "localhost:5000", "ghcr.io/acme"] {
            store.add_registry(address).expect("added");
        }
        assert_eq!(store.registries().expect("list"), ["ghcr.io/acme", "localhost:5000"]);
        store.forget_registry("ghcr.io/acme").expect("forgotten");
        assert_eq!(store.registries().expect("list"), ["localhost:5000"]);
        let receipt = |at: u64| Receipt { at, reference: format!("acme/notes:{at}"), digest: "d".into(), body: "{}".into() };
        for at in [1, 3, 2] {
            store.keep_receipt(&receipt(at)).expect("kept");
        }
        assert_eq!(store.receipts(2).expect("list"), [receipt(3), receipt(2)]);
    }

    #[test]
    fn a_database_of_the_first_days_is_brought_up_to_date() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let data = Utf8Path::from_path(folder.path()).expect("Unicode");
        let mut old = rusqlite::Connection::open(data.join("packwright.db")).expect("new");
        rusqlite_migration::Migrations::from_slice(&super::STEPS[..1]).to_latest(&mut old).expect("the first step");
        drop(old);
        let mut store = Store::open(data).expect("open");
        store.add_registry("localhost:5000").expect("the new table is there");
    }

    #[test]
    fn the_migrations_are_sound_and_a_newer_database_is_refused() {
        super::MIGRATIONS.validate().expect("every migration runs on an empty database");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let data = Utf8Path::from_path(folder.path()).expect("Unicode");
        let store = Store::open(data).expect("open");
        store.connection.pragma_update(None, "user_version", 99).expect("pretend");
        drop(store);
        assert!(matches!(Store::open(data), Err(StoreError::Newer { .. })));
    }
}
