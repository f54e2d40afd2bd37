//! Migrations: that they are run in an order that everybody can tell, that SQLite can read them, and that no data is lost by surprise.

use super::{Example, Rule};
use crate::check::Whole;
use crate::content::{Facts, Kind};
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::folder::MANIFEST;
use crate::rules::manifest::inside;
use crate::text::shown;
use sql::{Does, Made, Slip, Statement};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;

mod sql;

/// A manifest that has a database.
const STORAGE: &str = "storage: {migrations: migrations/}\n";
const NOTES: &str = "CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT);\n";

pub static SYNTAX: Rule = Rule {
    code: "migrations/syntax",
    severity: Severity::Error,
    summary: "A migration has a statement that SQLite cannot read.",
    why: "The migration fails before the first call, and with it every call of a tool that uses the database.",
    example: Example::file("migrations/0001-notes.sql", "CREATE TABLE notes (id INTEGER PRIMARY KEY title TEXT,);\n", NOTES)
        .beside(&[("pack.yaml", STORAGE)]),
};

pub static EMPTY: Rule = Rule {
    code: "migrations/empty",
    severity: Severity::Warning,
    summary: "A migration has no statement.",
    why: "It is counted as done and can never be used again: what is written into it later is run nowhere that it ran before.",
    example: Example::file("migrations/0001-notes.sql", "-- to do\n", NOTES).beside(&[("pack.yaml", STORAGE)]),
};

pub static BAD_NAME: Rule = Rule {
    code: "migrations/bad-name",
    severity: Severity::Error,
    summary: "A migration's name is not `NNNN-name.sql`.",
    why: "Migrations are run in the order of their four digits; one without them has no place in it.",
    example: Example::Told { before: "`migrations/1_notes.sql`", after: "`migrations/0001-notes.sql`" },
};

pub static DUPLICATE_NUMBER: Rule = Rule {
    code: "migrations/duplicate-number",
    severity: Severity::Error,
    summary: "Two migrations have the same number.",
    why: "Which of them comes first is chance, and a database that has run one may never run the other.",
    example: Example::Told {
        before: "`migrations/0002-tags.sql` and `migrations/0002-dates.sql`",
        after: "`migrations/0002-tags.sql` and `migrations/0003-dates.sql`",
    },
};

pub static GAP: Rule = Rule {
    code: "migrations/gap",
    severity: Severity::Warning,
    summary: "A number is missing between two migrations.",
    why: "Either a file was forgotten, or one that comes later into the gap will not be run where the next one has been.",
    example: Example::Told {
        before: "`migrations/0001-notes.sql` and `migrations/0003-dates.sql`",
        after: "`migrations/0001-notes.sql` and `migrations/0002-dates.sql`",
    },
};

pub static FIRST_NUMBER: Rule = Rule {
    code: "migrations/first-number",
    severity: Severity::Info,
    summary: "The first migration is not number 0001.",
    why: "Whoever reads the folder looks for the ones before.",
    example: Example::Told {
        before: "`migrations/0005-notes.sql` is the first",
        after: "`migrations/0001-notes.sql` is the first",
    },
};

pub static DESTRUCTIVE: Rule = Rule {
    code: "migrations/destructive",
    severity: Severity::Warning,
    summary: "A migration throws data away: a table, a column, or every row.",
    why: "Migrations go forward only. What one removes from the databases of those who use the pack, nobody brings back.",
    example: Example::file("migrations/0002-done.sql", "DELETE FROM notes;\n", "DELETE FROM notes WHERE done = 1;\n").beside(&[
        ("pack.yaml", STORAGE),
        ("migrations/0001-notes.sql", "CREATE TABLE notes (id INTEGER PRIMARY KEY, done INTEGER);\n"),
    ]),
};

pub static REFUSED: Rule = Rule {
    code: "migrations/refused",
    severity: Severity::Error,
    summary: "A migration asks for what no host lets a pack do.",
    why: "A pack has one database. Other files, extensions and the database's own tables are out of its reach, so the migration fails.",
    example: Example::file("migrations/0001-notes.sql", "ATTACH DATABASE 'other.db' AS other;\n", NOTES)
        .beside(&[("pack.yaml", STORAGE)]),
};

pub static TRANSACTION: Rule = Rule {
    code: "migrations/transaction",
    severity: Severity::Warning,
    summary: "A migration begins or ends a transaction.",
    why: "The host runs each migration in a transaction of its own, so that it happens whole or not at all; another inside it fails.",
    example: Example::file(
        "migrations/0001-notes.sql",
        "BEGIN;\nCREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT);\nCOMMIT;\n",
        NOTES,
    )
    .beside(&[("pack.yaml", STORAGE)]),
};

pub static NO_EFFECT: Rule = Rule {
    code: "migrations/no-effect",
    severity: Severity::Warning,
    summary: "A migration sets what cannot be set inside a transaction.",
    why: "The host runs each migration in a transaction, where SQLite passes over this pragma, or refuses it.",
    example: Example::file(
        "migrations/0001-notes.sql",
        "PRAGMA foreign_keys = ON;\nCREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT);\n",
        NOTES,
    )
    .beside(&[("pack.yaml", STORAGE)]),
};

pub static NO_SUCH_TABLE: Rule = Rule {
    code: "migrations/no-such-table",
    severity: Severity::Error,
    summary: "A migration changes a table that no migration before it makes.",
    why: "The database is empty before the first migration, so the statement fails.",
    example: Example::file(
        "migrations/0002-done.sql",
        "ALTER TABLE note ADD COLUMN done INTEGER;\n",
        "ALTER TABLE notes ADD COLUMN done INTEGER;\n",
    )
    .beside(&[("pack.yaml", STORAGE), ("migrations/0001-notes.sql", NOTES)]),
};

pub static TABLE_EXISTS: Rule = Rule {
    code: "migrations/table-exists",
    severity: Severity::Error,
    summary: "A migration makes a table that an earlier one has made.",
    why: "SQLite refuses to make a table twice, so the statement fails.",
    example: Example::file("migrations/0002-tags.sql", NOTES, "CREATE TABLE tags (note INTEGER, tag TEXT);\n")
        .beside(&[("pack.yaml", STORAGE), ("migrations/0001-notes.sql", NOTES)]),
};

pub static VALUES: Rule = Rule {
    code: "migrations/values",
    severity: Severity::Error,
    summary: "An `INSERT` names another number of columns than it has values.",
    why: "SQLite refuses the statement, so the migration fails, and with it every call of a tool that uses the database.",
    example: Example::file(
        "migrations/0002-first.sql",
        "INSERT INTO notes (id, title) VALUES (1);\n",
        "INSERT INTO notes (id, title) VALUES (1, 'First');\n",
    )
    .beside(&[("pack.yaml", STORAGE), ("migrations/0001-notes.sql", NOTES)]),
};

pub static NOT_NULL: Rule = Rule {
    code: "migrations/not-null",
    severity: Severity::Warning,
    summary: "A column is added that must not be null, and has no default.",
    why: "Rows that are there already have nothing for it: where there is one, SQLite refuses the statement and the migration fails.",
    example: Example::file(
        "migrations/0002-done.sql",
        "ALTER TABLE notes ADD COLUMN done INTEGER NOT NULL;\n",
        "ALTER TABLE notes ADD COLUMN done INTEGER NOT NULL DEFAULT 0;\n",
    )
    .beside(&[("pack.yaml", STORAGE), ("migrations/0001-notes.sql", NOTES)]),
};

pub static NOT_DECLARED: Rule = Rule {
    code: "migrations/not-declared",
    severity: Severity::Warning,
    summary: "The pack has migrations, and its manifest has no `storage`.",
    why: "Without `storage` a pack has no database: the migrations are shipped, and never run.",
    example: Example::file("pack.yaml", "description: Keeps notes.\n", STORAGE).beside(&[("migrations/0001-notes.sql", NOTES)]),
};

pub static NONE: Rule = Rule {
    code: "migrations/none",
    severity: Severity::Warning,
    summary: "The manifest names a folder of migrations that has none.",
    why: "The pack gets a database without a single table.",
    example: Example::file("pack.yaml", "storage: {migrations: data/}\n", STORAGE)
        .beside(&[("data/notes.json", "[]\n"), ("migrations/0001-notes.sql", NOTES)]),
};

/// The family's rules.
pub static RULES: &[&Rule] = &[
    &SYNTAX,
    &EMPTY,
    &BAD_NAME,
    &DUPLICATE_NUMBER,
    &GAP,
    &FIRST_NUMBER,
    &DESTRUCTIVE,
    &REFUSED,
    &TRANSACTION,
    &NO_EFFECT,
    &NO_SUCH_TABLE,
    &TABLE_EXISTS,
    &VALUES,
    &NOT_NULL,
    &NOT_DECLARED,
    &NONE,
];

/// Pragmas that do nothing, or fail, inside a transaction.
const OUTSIDE_TRANSACTIONS: &[&str] = &["foreign_keys", "journal_mode", "synchronous", "auto_vacuum", "page_size", "encoding"];

/// Tables that are there without being made.
const BUILT_IN: &str = "sqlite_";

/// What a migration does to the tables, for those after it.
#[derive(Debug, Default)]
pub struct MigrationFacts {
    /// In the order of the file.
    steps: Vec<(Range<usize>, Does)>,
    /// False when not all of it is known.
    whole: bool,
}

/// Checks one file by itself.
pub fn check_file(path: &str, text: &str, _kind: Kind, out: &mut Vec<Diagnostic>) -> Facts {
    let statements = sql::statements(text);
    if statements.is_empty() {
        out.push(
            EMPTY
                .at(path, 0..0, "this migration has no statement")
                .hint("Write it, or remove the file before anybody has run it."),
        );
    }
    let mut whole = !statements.iter().any(|statement| statement.does == Does::TooMuch);
    for statement in &statements {
        if let Does::Nothing { at, why } = &statement.does {
            whole = false;
            out.push(
                SYNTAX.at(path, at.clone(), why.clone()).hint("This is read as SQLite reads it. Look here and just before."),
            );
        } else {
            check_statement(path, text, statement, &statements, out);
        }
    }
    let steps = statements.into_iter().map(|statement| (first_line(text, &statement.span), statement.does)).collect();
    Facts::Migration(MigrationFacts { steps, whole })
}

/// A statement's place, no longer than a line.
fn first_line(text: &str, span: &Range<usize>) -> Range<usize> {
    let line = text[span.clone()].lines().next().unwrap_or_default();
    span.start..span.start + line.trim_end().len()
}

fn check_statement(path: &str, text: &str, statement: &Statement, all: &[Statement], out: &mut Vec<Diagnostic>) {
    let place = first_line(text, &statement.span);
    let destructive = |message: String, hint: &str| DESTRUCTIVE.at(path, place.clone(), message).hint(hint);
    match &statement.does {
        Does::DropTable { name, .. } if !is_rebuilt(name, statement, all) => out.push(destructive(
            format!("this removes the table `{}` with all that is in it", shown(name)),
            "Keep the table, or copy first what somebody may still want.",
        )),
        Does::DropColumn { table } => out.push(destructive(
            format!("this removes a column of `{}` with all that is in it", shown(table)),
            "Keep the column unused, or copy its values first.",
        )),
        Does::EveryRow { table, deletes: true } => out.push(destructive(
            format!("this deletes every row of `{}`", shown(table)),
            "Say which rows: `WHERE …`. If all are meant, `WHERE true` says so.",
        )),
        Does::EveryRow { table, deletes: false } if !is_filled(table, statement, all) => out.push(destructive(
            format!("this overwrites every row of `{}`", shown(table)),
            "Say which rows: `WHERE …`. If all are meant, `WHERE true` says so.",
        )),
        Does::Transaction => {
            out.push(TRANSACTION.at(path, place, "each migration runs in a transaction already").hint("Take the statement out."));
        }
        Does::Pragma { name, .. } if name == "writable_schema" => out.push(
            REFUSED
                .at(path, place, "`writable_schema` lets a pack write into the database's own tables")
                .hint("Change tables with `ALTER TABLE`, or make a new one and copy the rows."),
        ),
        Does::Pragma { name, sets: true } if OUTSIDE_TRANSACTIONS.contains(&name.as_str()) => out.push(
            NO_EFFECT
                .at(path, place, format!("`{name}` cannot be set inside a transaction"))
                .hint("Take the statement out: the host sets it for the pack's database."),
        ),
        Does::Attach => out.push(
            REFUSED
                .at(path, place, "a pack has one database and cannot reach another")
                .hint("Keep all tables in the pack's own database."),
        ),
        Does::Vacuum => out.push(
            REFUSED
                .at(path, place, "`VACUUM` cannot run inside a transaction, and its `INTO` writes a file")
                .hint("Take the statement out: the host looks after the file."),
        ),
        _ => {}
    }
    match &statement.slip {
        Some(Slip::Values { columns, values }) => out.push(
            VALUES
                .at(
                    path,
                    first_line(text, &statement.span),
                    format!("a row has as many values as columns are named: {columns} here, and this has {values}"),
                )
                .hint("Give each column a value, or name the columns that are given one."),
        ),
        Some(Slip::NotNull { column }) if !is_new(statement, all) => out.push(
            NOT_NULL
                .at(path, first_line(text, &statement.span), format!("rows that are there have nothing for `{}`", shown(column)))
                .hint("Add a `DEFAULT`, or let the column be null and fill it in afterwards."),
        ),
        _ => {}
    }
    if let Some(call) = &statement.loads {
        out.push(
            REFUSED
                .at(path, call.clone(), "a pack cannot load extensions into its database")
                .hint("What SQLite brings is there: JSON, full-text search, mathematics."),
        );
    }
}

/// True when a table goes so that a better one takes its name, or was made in the same file to be thrown away.
fn is_rebuilt(name: &str, at: &Statement, all: &[Statement]) -> bool {
    all.iter().any(|other| match &other.does {
        Does::Rename { to, .. } => to == name,
        Does::Create { name: made, again, what } => {
            made == name && (!again || *what == Made::Temporary) && other.span.start < at.span.start
        }
        _ => false,
    })
}

/// True when the same file has made the table that a statement changes: nobody has put a row into it yet.
fn is_new(at: &Statement, all: &[Statement]) -> bool {
    let Does::Change { table } = &at.does else { return false };
    let before = || all.iter().take_while(|other| other.span.start < at.span.start);
    before().any(|other| matches!(&other.does, Does::Create { name, again: false, .. } if name == table))
}

/// True when the same file has changed the table's form before: then its rows are being filled in.
fn is_filled(table: &str, at: &Statement, all: &[Statement]) -> bool {
    let before = all.iter().take_while(|other| other.span.start < at.span.start);
    before.into_iter().any(|other| match &other.does {
        Does::Change { table: changed } => changed == table,
        Does::Create { name, .. } => name == table,
        _ => false,
    })
}

/// Checks what only the whole pack can tell.
pub fn check(pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    let declared = pack.manifest.storage.as_ref().and_then(|storage| storage.migrations.as_ref());
    let folder = match declared {
        None => "migrations".to_owned(),
        Some(path) => match inside(path).filter(|path| !path.is_empty()) {
            Some(path) => path,
            // That it leads out of the pack is told elsewhere.
            None => return,
        },
    };
    let files = files(pack, &folder);
    match (declared, files.first()) {
        (None, Some((first, _))) if !pack.ctx.may_lack(&["storage"]) => out.push(not_declared(pack, first)),
        (Some(path), None) if pack.ctx.entry(&folder).is_some_and(|entry| entry.is_folder()) => out.push(
            NONE.at(MANIFEST, path.span.clone(), format!("`{}` holds no migration", shown(&folder)))
                .hint(format!("Add the first: `{}/0001-name.sql`.", shown(&folder))),
        ),
        _ => {}
    }
    let numbered = check_names(&files, out);
    check_tables(pack, &numbered, out);
}

/// The folder's SQL: paths, and their names below it.
fn files<'a>(pack: &Whole<'a>, folder: &str) -> Vec<(&'a str, &'a str)> {
    let sql = pack.ctx.entries.iter().filter(|entry| entry.is_file() && !pack.ctx.left_out(entry)).filter_map(|entry| {
        let name = entry.path.strip_prefix(folder)?.strip_prefix('/')?;
        let (_, ending) = name.rsplit_once('.')?;
        ending.eq_ignore_ascii_case("sql").then_some((entry.path.as_str(), name))
    });
    sql.collect()
}

fn not_declared(pack: &Whole<'_>, first: &str) -> Diagnostic {
    let found = NOT_DECLARED
        .at(first, 0..0, "the manifest does not say that the pack has a database, so this is never run")
        .hint("Add `storage: {migrations: migrations/}` to pack.yaml.");
    if pack.root.key("storage").is_some() {
        return found;
    }
    let text = &pack.ctx.manifest;
    let before = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    let end = text.len();
    found.with_fix(
        Fix::one("Add `storage`", MANIFEST, end..end, format!("{before}storage: {{migrations: migrations/}}\n")).guessed(),
    )
}

/// Checks names and numbers. Gives the files in the order in which they are run.
fn check_names<'a>(files: &[(&'a str, &str)], out: &mut Vec<Diagnostic>) -> Vec<&'a str> {
    let mut numbered: BTreeMap<u32, &'a str> = BTreeMap::new();
    let mut sure = true;
    for &(path, name) in files {
        let Some(number) = number(name) else {
            sure = false;
            let found = BAD_NAME.at(path, 0..0, format!("`{}` is not named `NNNN-name.sql`", shown(name)));
            out.push(match better_name(name) {
                Some(better) => found.hint(format!("Call it `{}`.", shown(&better))),
                None => found.hint("Begin with four digits and `-`, directly in the folder: `0001-notes.sql`."),
            });
            continue;
        };
        if let Some(first) = numbered.get(&number) {
            sure = false;
            out.push(
                DUPLICATE_NUMBER
                    .at(path, 0..0, format!("`{}` has the number {number:04} as well", shown(first)))
                    .hint("Give the later one the next free number."),
            );
        } else {
            numbered.insert(number, path);
        }
    }
    let mut before: Option<u32> = None;
    for (&number, path) in &numbered {
        match before {
            None if number != 1 => out.push(
                FIRST_NUMBER
                    .at(path, 0..0, format!("the first migration has the number {number:04}"))
                    .hint("Begin with 0001, unless others have run these already."),
            ),
            Some(before) if number > before + 1 => {
                let missing = match number - before {
                    2 => format!("{:04} is missing", before + 1),
                    _ => format!("{:04} to {:04} are missing", before + 1, number - 1),
                };
                out.push(
                    GAP.at(path, 0..0, format!("before {number:04}, {missing}"))
                        .hint("Add what was forgotten, or close the gap while nobody has run this one."),
                );
            }
            _ => {}
        }
        before = Some(number);
    }
    if sure { numbered.into_values().collect() } else { Vec::new() }
}

/// The number of a migration that is named as it should be.
fn number(name: &str) -> Option<u32> {
    let (digits, rest) = name.split_at_checked(4)?;
    let stem = rest.strip_prefix('-')?.strip_suffix(".sql")?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let fine = !stem.is_empty() && stem.bytes().all(plain) && digits.bytes().all(|digit| digit.is_ascii_digit());
    fine.then(|| digits.parse().ok()).flatten()
}

/// `0001-notes.sql` for `1_notes.sql`, `V1__Notes.SQL` and their kin.
fn better_name(name: &str) -> Option<String> {
    let (stem, _) = name.rsplit_once('.')?;
    let stem = stem.strip_prefix(['V', 'v']).unwrap_or(stem);
    let digits = stem.bytes().take_while(u8::is_ascii_digit).count();
    let number: u32 = stem[..digits].parse().ok().filter(|number| *number < 10_000)?;
    let dashed = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
    let words: String = stem[digits..].chars().map(dashed).collect();
    let words: Vec<&str> = words.split('-').filter(|word| !word.is_empty()).collect();
    let rest = if words.is_empty() { "name".to_owned() } else { words.join("-") };
    (!name.contains('/')).then(|| format!("{number:04}-{rest}.sql"))
}

/// Follows the tables from the first migration to the last. Ends where something is not known.
fn check_tables(pack: &Whole<'_>, files: &[&str], out: &mut Vec<Diagnostic>) {
    let mut tables: BTreeSet<&str> = BTreeSet::new();
    // Full-text search and its like keep tables of their own, named after theirs.
    let mut modules: Vec<&str> = Vec::new();
    let mut told = HashSet::new();
    for file in files {
        let Some(Facts::Migration(facts)) = pack.contents.get(*file).map(|content| &content.facts) else { return };
        for (place, does) in &facts.steps {
            match does {
                Does::Create { name, again, what } => {
                    if !tables.insert(name) && !again && *what != Made::Temporary {
                        out.push(
                            TABLE_EXISTS
                                .at(file, place.clone(), format!("`{}` is there already", shown(name)))
                                .hint("Choose another name, or change the table that is there with `ALTER TABLE`."),
                        );
                    }
                    if *what == Made::Module {
                        modules.push(name);
                    }
                }
                Does::DropView { name } => drop(tables.remove(name.as_str())),
                Does::Rename { from: name, .. }
                | Does::DropTable { name, perhaps: false }
                | Does::DropColumn { table: name }
                | Does::Change { table: name }
                | Does::EveryRow { table: name, .. } => {
                    let known = tables.contains(name.as_str())
                        || name.contains('.')
                        || name.starts_with(BUILT_IN)
                        || modules.iter().any(|module| name.strip_prefix(module).is_some_and(|rest| rest.starts_with('_')));
                    if !known && told.insert(name) {
                        let found =
                            NO_SUCH_TABLE.at(file, place.clone(), format!("no migration before this makes `{}`", shown(name)));
                        out.push(match pack.ctx.guesses.nearest(name, tables.iter().copied()) {
                            Some(near) => found.hint(format!("Did you mean `{near}`?")),
                            None => found.hint("Make the table first, here or in an earlier migration."),
                        });
                    }
                }
                _ => {}
            }
            match does {
                Does::Rename { from, to } => {
                    tables.remove(from.as_str());
                    tables.insert(to);
                }
                Does::DropTable { name, .. } => drop(tables.remove(name.as_str())),
                _ => {}
            }
        }
        if !facts.whole {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings;
    use crate::source::MemoryPack;

    const STORAGE: &str = "name: n\ndescription: d\nstorage: {migrations: migrations/}\n";

    fn told(files: &[(&str, &str)]) -> String {
        let files = files.iter().map(|(name, sql)| (format!("migrations/{name}"), (*sql).to_owned()));
        findings(&MemoryPack::new(files.chain([("pack.yaml".to_owned(), STORAGE.to_owned())])))
    }

    /// A first migration of these statements.
    fn sql(text: &str) -> String {
        told(&[("0001-a.sql", text)])
    }

    const A: (&str, &str) = ("0001-a.sql", "CREATE TABLE a(b);");

    #[test]
    fn what_sqlite_reads_and_refuses_is_told() {
        insta::assert_snapshot!(told(&[A, ("0002-b.sql", "INSERT INTO a (b) VALUES (1), (2, 3);\nALTER TABLE a ADD COLUMN c TEXT NOT NULL;\n")]), @"
        Error migrations/values migrations/0002-b.sql:1:1 <INSERT INTO a (b) VALUES (1), (2, 3)> a row has as many values as columns are named: 1 here, and this has 2
          hint: Give each column a value, or name the columns that are given one.
        Warning migrations/not-null migrations/0002-b.sql:2:1 <ALTER TABLE a ADD COLUMN c TEXT NOT NULL> rows that are there have nothing for `c`
          hint: Add a `DEFAULT`, or let the column be null and fill it in afterwards.
        ");
        let sound = "INSERT INTO a (b) VALUES (1), (2); INSERT INTO a VALUES (1, 2); INSERT INTO a (b) SELECT 1; ALTER TABLE a ADD d NOT NULL DEFAULT 0; ALTER TABLE a ADD e NULL; CREATE TABLE f(g); ALTER TABLE f ADD h NOT NULL;";
        assert_eq!(told(&[A, ("0002-b.sql", sound)]), "");
    }

    #[test]
    fn sound_migrations_are_told_nothing() {
        assert_eq!(
            told(&[A, ("0002-c.sql", "ALTER TABLE a ADD c; UPDATE a SET c = 1; CREATE INDEX i ON a(c);"), ("README.md", "x")]),
            ""
        );
        let found = sql(include_str!("migrations/sound.sql"));
        assert!(!found.contains("Error"), "{found}");
        // As SQLite's manual changes what `ALTER TABLE` cannot.
        assert_eq!(
            told(&[
                A,
                (
                    "0002-b.sql",
                    "CREATE TABLE new_a(b NOT NULL); INSERT INTO new_a SELECT b FROM a; DROP TABLE a; ALTER TABLE new_a RENAME TO a;"
                )
            ]),
            ""
        );
        assert_eq!(sql("CREATE TABLE t(a); INSERT INTO t VALUES (1); DROP TABLE t;"), "");
        assert_eq!(
            sql(
                "CREATE VIRTUAL TABLE f USING fts5(a); INSERT INTO f_config VALUES ('x', 1); DELETE FROM sqlite_sequence WHERE 1;"
            ),
            ""
        );
    }

    #[test]
    fn names_say_the_order() {
        let one = "SELECT 1";
        let named = ["0003-c.sql", "0009-d.sql", "10_Add tags.sql", "V2__x.SQL", "notes.sql", "old/0001-x.sql", "0010-größe.sql"];
        let files: Vec<(&str, &str)> = [A, ("0001-b.sql", one)].into_iter().chain(named.map(|name| (name, one))).collect();
        insta::assert_snapshot!(told(&files), @"
        Error migrations/duplicate-number migrations/0001-b.sql:1:1 <> `migrations/0001-a.sql` has the number 0001 as well
          hint: Give the later one the next free number.
        Warning migrations/gap migrations/0003-c.sql:1:1 <> before 0003, 0002 is missing
          hint: Add what was forgotten, or close the gap while nobody has run this one.
        Warning migrations/gap migrations/0009-d.sql:1:1 <> before 0009, 0004 to 0008 are missing
          hint: Add what was forgotten, or close the gap while nobody has run this one.
        Error migrations/bad-name migrations/0010-größe.sql:1:1 <> `0010-größe.sql` is not named `NNNN-name.sql`
          hint: Call it `0010-gr-e.sql`.
        Error migrations/bad-name migrations/10_Add tags.sql:1:1 <> `10_Add tags.sql` is not named `NNNN-name.sql`
          hint: Call it `0010-add-tags.sql`.
        Error migrations/bad-name migrations/V2__x.SQL:1:1 <> `V2__x.SQL` is not named `NNNN-name.sql`
          hint: Call it `0002-x.sql`.
        Error migrations/bad-name migrations/notes.sql:1:1 <> `notes.sql` is not named `NNNN-name.sql`
          hint: Begin with four digits and `-`, directly in the folder: `0001-notes.sql`.
        Error migrations/bad-name migrations/old/0001-x.sql:1:1 <> `old/0001-x.sql` is not named `NNNN-name.sql`
          hint: Begin with four digits and `-`, directly in the folder: `0001-notes.sql`.
        ");
        insta::assert_snapshot!(told(&[("0005-a.sql", "SELECT 1")]), @"
        Info migrations/first-number migrations/0005-a.sql:1:1 <> the first migration has the number 0005
          hint: Begin with 0001, unless others have run these already.
        ");
    }

    #[test]
    fn what_cannot_be_read_has_its_place() {
        insta::assert_snapshot!(sql("CREATE TABLE a (\n  id INT PRIMARY KEY,\n) ENGINE=InnoDB;\nSELECT 'é"), @"
        Error migrations/syntax migrations/0001-a.sql:2:21 <,> nothing follows this comma
          hint: This is read as SQLite reads it. Look here and just before.
        Error migrations/syntax migrations/0001-a.sql:4:8 <'> this quote is never closed
          hint: This is read as SQLite reads it. Look here and just before.
        ");
        insta::assert_snapshot!(sql("-- nothing yet\n"), @"
        Warning migrations/empty migrations/0001-a.sql:1:1 <> this migration has no statement
          hint: Write it, or remove the file before anybody has run it.
        ");
    }

    #[test]
    fn what_throws_data_away_is_told() {
        insta::assert_snapshot!(sql("CREATE TABLE IF NOT EXISTS a(b, c);\nDROP TABLE IF EXISTS\n  a;\nCREATE TABLE d(e);\nALTER TABLE d DROP COLUMN e;\nDELETE FROM d;\nDELETE FROM d WHERE true;"), @"
        Warning migrations/destructive migrations/0001-a.sql:2:1 <DROP TABLE IF EXISTS> this removes the table `a` with all that is in it
          hint: Keep the table, or copy first what somebody may still want.
        Warning migrations/destructive migrations/0001-a.sql:5:1 <ALTER TABLE d DROP COLUMN e> this removes a column of `d` with all that is in it
          hint: Keep the column unused, or copy its values first.
        Warning migrations/destructive migrations/0001-a.sql:6:1 <DELETE FROM d> this deletes every row of `d`
          hint: Say which rows: `WHERE …`. If all are meant, `WHERE true` says so.
        ");
        insta::assert_snapshot!(told(&[A, ("0002-b.sql", "UPDATE a SET b = 1")]), @"
        Warning migrations/destructive migrations/0002-b.sql:1:1 <UPDATE a SET b = 1> this overwrites every row of `a`
          hint: Say which rows: `WHERE …`. If all are meant, `WHERE true` says so.
        ");
    }

    #[test]
    fn what_no_host_allows_is_told() {
        insta::assert_snapshot!(sql("BEGIN;\nATTACH 'x' AS y;\nDETACH y;\nPRAGMA writable_schema = 1;\nPRAGMA foreign_keys = 0;\nPRAGMA foreign_keys;\nSELECT Load_Extension ('x');\nVACUUM INTO 'x';\nCOMMIT;"), @"
        Warning migrations/transaction migrations/0001-a.sql:1:1 <BEGIN> each migration runs in a transaction already
          hint: Take the statement out.
        Error migrations/refused migrations/0001-a.sql:2:1 <ATTACH 'x' AS y> a pack has one database and cannot reach another
          hint: Keep all tables in the pack's own database.
        Error migrations/refused migrations/0001-a.sql:3:1 <DETACH y> a pack has one database and cannot reach another
          hint: Keep all tables in the pack's own database.
        Error migrations/refused migrations/0001-a.sql:4:1 <PRAGMA writable_schema = 1> `writable_schema` lets a pack write into the database's own tables
          hint: Change tables with `ALTER TABLE`, or make a new one and copy the rows.
        Warning migrations/no-effect migrations/0001-a.sql:5:1 <PRAGMA foreign_keys = 0> `foreign_keys` cannot be set inside a transaction
          hint: Take the statement out: the host sets it for the pack's database.
        Error migrations/refused migrations/0001-a.sql:7:8 <Load_Extension> a pack cannot load extensions into its database
          hint: What SQLite brings is there: JSON, full-text search, mathematics.
        Error migrations/refused migrations/0001-a.sql:8:1 <VACUUM INTO 'x'> `VACUUM` cannot run inside a transaction, and its `INTO` writes a file
          hint: Take the statement out: the host looks after the file.
        Warning migrations/transaction migrations/0001-a.sql:9:1 <COMMIT> each migration runs in a transaction already
          hint: Take the statement out.
        ");
    }

    #[test]
    fn tables_are_followed_through_the_migrations() {
        insta::assert_snapshot!(told(&[A, ("0002-b.sql", "INSERT INTO as_ VALUES (1);\nCREATE TABLE A(c);\nCREATE TABLE IF NOT EXISTS a(c);\nALTER TABLE a RENAME TO b;\nCREATE INDEX i ON a(b);\nDROP TABLE IF EXISTS gone;\nDROP TABLE gone;")]), @"
        Error migrations/no-such-table migrations/0002-b.sql:1:1 <INSERT INTO as_ VALUES (1)> no migration before this makes `as_`
          hint: Make the table first, here or in an earlier migration.
        Error migrations/table-exists migrations/0002-b.sql:2:1 <CREATE TABLE A(c)> `a` is there already
          hint: Choose another name, or change the table that is there with `ALTER TABLE`.
        Error migrations/no-such-table migrations/0002-b.sql:5:1 <CREATE INDEX i ON a(b)> no migration before this makes `a`
          hint: Did you mean `b`?
        Warning migrations/destructive migrations/0002-b.sql:6:1 <DROP TABLE IF EXISTS gone> this removes the table `gone` with all that is in it
          hint: Keep the table, or copy first what somebody may still want.
        Warning migrations/destructive migrations/0002-b.sql:7:1 <DROP TABLE gone> this removes the table `gone` with all that is in it
          hint: Keep the table, or copy first what somebody may still want.
        Error migrations/no-such-table migrations/0002-b.sql:7:1 <DROP TABLE gone> no migration before this makes `gone`
          hint: Make the table first, here or in an earlier migration.
        ");
        // Behind what cannot be read, nothing is known.
        assert!(!told(&[("0001-a.sql", "CREATE TABEL a(b);"), ("0002-b.sql", "ALTER TABLE a ADD c;")]).contains("no-such-table"));
    }

    #[test]
    fn the_manifest_and_the_folder_belong_together() {
        let pack = |manifest: &str, files: &[(&str, &str)]| {
            findings(&MemoryPack::new([("pack.yaml", manifest)].iter().chain(files).copied()))
        };
        let a = ("migrations/0001-a.sql", "CREATE TABLE a(b);");
        insta::assert_snapshot!(pack("name: n\ndescription: d", &[a]), @"
        Warning migrations/not-declared migrations/0001-a.sql:1:1 <> the manifest does not say that the pack has a database, so this is never run
          hint: Add `storage: {migrations: migrations/}` to pack.yaml.
          guess: Add `storage`
        ");
        insta::assert_snapshot!(pack("name: n\ndescription: d\nstorage: {}\n", &[a]), @"
        Warning migrations/not-declared migrations/0001-a.sql:1:1 <> the manifest does not say that the pack has a database, so this is never run
          hint: Add `storage: {migrations: migrations/}` to pack.yaml.
        ");
        insta::assert_snapshot!(pack(STORAGE, &[("migrations/README.md", "")]), @"
        Warning migrations/none pack.yaml:3:23 <migrations/> `migrations` holds no migration
          hint: Add the first: `migrations/0001-name.sql`.
        ");
        assert_eq!(pack("name: n\ndescription: d\nstorage: {migrations: data/sql}\n", &[("data/sql/0001-a.sql", "")]), "");
        assert!(pack(STORAGE, &[]).contains("manifest/missing-file"));
    }
}
