//! SQL as SQLite reads it: a file's statements, what each does to the tables, and where one cannot be read.

use sqlite3_parser::ast::{AlterTableBody, Cmd, ColumnConstraint, InsertBody, OneSelect, QualifiedName, Stmt};
use sqlite3_parser::dialect::TokenType;
use sqlite3_parser::lexer::Scanner;
use sqlite3_parser::lexer::sql::{Error, Parser, ParserError, Tokenizer};
use sqlite3_parser::{Bump, FallibleIterator};
use std::ops::Range;

/// Most bytes of a file that are read: a migration has a few hundred lines, and what has more fills tables.
const MOST_BYTES: usize = 1024 * 1024;

/// Most words of one statement: past them it is data, and nobody has written it by hand.
const MOST_WORDS: usize = 200_000;

/// Most statements that are told to be unreadable: past them it is no SQL.
const MOST_FAULTS: usize = 20;

/// A statement.
#[derive(Debug, PartialEq, Eq)]
pub struct Statement {
    /// From its first word to its last, without the semicolon.
    pub span: Range<usize>,
    pub does: Does,
    /// A call of `load_extension`.
    pub loads: Option<Range<usize>>,
    /// What SQLite reads, and refuses when it runs.
    pub slip: Option<Slip>,
}

/// What of a statement can be told to fail without knowing the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slip {
    /// A row has another number of values than columns are named.
    Values { columns: usize, values: usize },
    /// A column is added that must not be null, and rows that are there have nothing for it.
    NotNull { column: String },
}

/// What a statement does, as far as a migration's reader cares. Names are in lower case and without quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Does {
    /// It cannot be read.
    Nothing {
        at: Range<usize>,
        why: String,
    },
    /// Makes something that has rows; `again` when it is content to find it made.
    Create {
        name: String,
        again: bool,
        what: Made,
    },
    /// Removes a table with all that is in it.
    DropTable {
        name: String,
        perhaps: bool,
    },
    DropView {
        name: String,
    },
    DropColumn {
        table: String,
    },
    Rename {
        from: String,
        to: String,
    },
    /// Changes rows or form of a table that must be there.
    Change {
        table: String,
    },
    /// Deletes or overwrites every row.
    EveryRow {
        table: String,
        deletes: bool,
    },
    Transaction,
    Pragma {
        name: String,
        sets: bool,
    },
    Attach,
    Vacuum,
    /// Anything else.
    Other,
    /// There is more than is read: what comes from here on is not known.
    TooMuch,
}

/// What is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    Table,
    View,
    /// A virtual table, which may keep tables of its own beside it.
    Module,
    /// Something that is gone with the connection, and may stand before a table of that name.
    Temporary,
}

/// A token's place and kind.
type Token = (Range<usize>, TokenType);

/// The statements of a file, in order.
pub fn statements(text: &str) -> Vec<Statement> {
    let input = text.as_bytes();
    let mut scanner = Scanner::new(Tokenizer::new());
    let mut statements = Vec::new();
    let mut tokens: Vec<Token> = Vec::new();
    let mut faults = 0;
    loop {
        match scanner.scan(input) {
            Ok((start, Some((bytes, kind)), end)) => {
                if tokens.len() == MOST_WORDS || end > MOST_BYTES || faults == MOST_FAULTS {
                    statements.push(Statement { span: start..end, does: Does::TooMuch, loads: None, slip: None });
                    return statements;
                }
                if kind != TokenType::TK_SEMI {
                    tokens.push((end - bytes.len()..end, kind));
                    continue;
                }
                if is_in_trigger(&tokens) {
                    tokens.push((start..end, kind));
                    continue;
                }
                if let Some(statement) = statement(text, &tokens) {
                    faults += usize::from(matches!(statement.does, Does::Nothing { .. }));
                    statements.push(statement);
                }
                tokens.clear();
            }
            Ok((_, None, _)) => {
                statements.extend(statement(text, &tokens));
                return statements;
            }
            Err(error) => {
                // What opened and never closed swallows the rest.
                let (at, why) = fault(text, &error, &[], text.len());
                let start = tokens.first().map_or(at.start, |(first, _)| first.start);
                statements.push(Statement { span: start..at.end, does: Does::Nothing { at, why }, loads: None, slip: None });
                return statements;
            }
        }
    }
}

/// True while a trigger's body goes on: its statements end with semicolons too, and only `; END` ends it.
fn is_in_trigger(tokens: &[Token]) -> bool {
    let mut kinds = tokens.iter().map(|(_, kind)| *kind);
    let create = kinds.next() == Some(TokenType::TK_CREATE);
    let trigger = kinds.find(|kind| *kind != TokenType::TK_TEMP) == Some(TokenType::TK_TRIGGER);
    let ended = matches!(tokens, [.., (_, TokenType::TK_SEMI), (_, TokenType::TK_END)]);
    create && trigger && !ended
}

fn statement(text: &str, tokens: &[Token]) -> Option<Statement> {
    let span = tokens.first()?.0.start..tokens.last()?.0.end;
    let written = &text[span.clone()];
    let bump = Bump::new();
    let mut parser = Parser::new(&bump, written.as_bytes());
    let mut slips = None;
    let does = match parser.next() {
        Ok(Some(Cmd::Stmt(statement))) => {
            slips = slip(&statement);
            does(&statement)
        }
        Ok(_) => Does::Other,
        Err(error) => {
            let (at, why) = fault(text, &error, tokens, span.start);
            Does::Nothing { at, why }
        }
    };
    let loads = tokens.windows(2).find_map(|pair| match pair {
        [(name, _), (_, TokenType::TK_LP)] if text[name.clone()].eq_ignore_ascii_case("load_extension") => Some(name.clone()),
        _ => None,
    });
    Some(Statement { span, does, loads, slip: slips })
}

fn does(statement: &Stmt<'_>) -> Does {
    match statement {
        Stmt::CreateTable { temporary, if_not_exists, tbl_name, .. } => {
            create(tbl_name, *if_not_exists, if *temporary { Made::Temporary } else { Made::Table })
        }
        Stmt::CreateView { temporary, if_not_exists, view_name, .. } => {
            create(view_name, *if_not_exists, if *temporary { Made::Temporary } else { Made::View })
        }
        Stmt::CreateVirtualTable { if_not_exists, tbl_name, .. } => create(tbl_name, *if_not_exists, Made::Module),
        Stmt::DropTable { if_exists, tbl_name } => Does::DropTable { name: plain(tbl_name), perhaps: *if_exists },
        Stmt::DropView { view_name, .. } => Does::DropView { name: plain(view_name) },
        Stmt::AlterTable(table, AlterTableBody::RenameTo(to)) => Does::Rename { from: plain(table), to: unquoted(to.0) },
        Stmt::AlterTable(table, AlterTableBody::DropColumn(_)) => Does::DropColumn { table: plain(table) },
        Stmt::AlterTable(table, _) => Does::Change { table: plain(table) },
        Stmt::Delete { tbl_name, where_clause: None, limit: None, .. } => {
            Does::EveryRow { table: plain(tbl_name), deletes: true }
        }
        Stmt::Update { tbl_name, where_clause: None, limit: None, from: None, .. } => {
            Does::EveryRow { table: plain(tbl_name), deletes: false }
        }
        Stmt::Delete { tbl_name, .. } | Stmt::Update { tbl_name, .. } | Stmt::Insert { tbl_name, .. } => {
            Does::Change { table: plain(tbl_name) }
        }
        Stmt::CreateIndex { tbl_name, idx_name, .. } if idx_name.db_name.is_none() => {
            Does::Change { table: unquoted(tbl_name.0) }
        }
        Stmt::Begin(..) | Stmt::Commit(_) | Stmt::Rollback { .. } | Stmt::Savepoint(_) | Stmt::Release(_) => Does::Transaction,
        Stmt::Pragma(name, body) => Does::Pragma { name: plain(name), sets: body.is_some() },
        Stmt::Attach { .. } | Stmt::Detach(_) => Does::Attach,
        Stmt::Vacuum(..) => Does::Vacuum,
        _ => Does::Other,
    }
}

fn slip(statement: &Stmt<'_>) -> Option<Slip> {
    match statement {
        Stmt::Insert { columns: Some(columns), body: InsertBody::Select(select, _), .. } => {
            let OneSelect::Values(rows) = &select.body.select else { return None };
            let row = rows.iter().find(|row| row.len() != columns.len())?;
            Some(Slip::Values { columns: columns.len(), values: row.len() })
        }
        Stmt::AlterTable(_, AlterTableBody::AddColumn(column)) => {
            let has = |which: fn(&ColumnConstraint<'_>) -> bool| column.constraints.iter().any(|one| which(&one.constraint));
            let full = has(|one| matches!(one, ColumnConstraint::NotNull { nullable: false, .. }));
            let given = has(|one| matches!(one, ColumnConstraint::Default(_) | ColumnConstraint::Generated { .. }));
            (full && !given).then(|| Slip::NotNull { column: unquoted(column.col_name.0) })
        }
        _ => None,
    }
}

fn create(name: &QualifiedName<'_>, again: bool, what: Made) -> Does {
    Does::Create { name: plain(name), again, what }
}

/// A name as SQLite compares it; one that says in which database it is stays as it is written, and is like no other.
fn plain(name: &QualifiedName<'_>) -> String {
    match &name.db_name {
        Some(database) => format!("{}.{}", unquoted(database.0), unquoted(name.name.0)),
        None => unquoted(name.name.0),
    }
}

fn unquoted(name: &str) -> String {
    let inner = match name.as_bytes() {
        [b'"', .., b'"'] | [b'`', .., b'`'] | [b'\'', .., b'\''] | [b'[', .., b']'] => &name[1..name.len() - 1],
        _ => name,
    };
    inner.to_ascii_lowercase()
}

/// Where a statement cannot be read, and why. The parser counts from `start`, in lines.
fn fault(text: &str, error: &Error, tokens: &[Token], start: usize) -> (Range<usize>, String) {
    if let Error::ParserError(ParserError::Custom(message), _) = error
        && let Some(found) = twice(text, message, tokens)
    {
        return found;
    }
    let from = if tokens.is_empty() { 0 } else { start };
    let (place, why) = match error {
        Error::ParserError(ParserError::SyntaxError(near), place) if near.is_empty() => {
            (place, "the statement ends too early".to_owned())
        }
        Error::ParserError(ParserError::SyntaxError(near), place) => (place, format!("`{near}` is not expected here")),
        Error::ParserError(ParserError::UnexpectedEof, place) => (place, "the statement ends too early".to_owned()),
        Error::ParserError(ParserError::Custom(message), place) => (place, message.clone()),
        Error::UnterminatedLiteral(place) => (place, "this quote is never closed".to_owned()),
        Error::UnterminatedBracket(place) => (place, "this `[` is never closed".to_owned()),
        Error::UnterminatedBlockComment(place) => (place, "this comment is never closed".to_owned()),
        Error::BadVariableName(place) => (place, "this is no name for a parameter".to_owned()),
        Error::BadNumber(place) | Error::MalformedHexInteger(place) => (place, "this is no number".to_owned()),
        Error::MalformedBlobLiteral(place) => {
            (place, "this is no blob: it wants pairs of hexadecimal digits, as in `x'1f'`".to_owned())
        }
        Error::ExpectedEqualsSign(place) => (place, "`!` wants a `=` behind it".to_owned()),
        Error::UnrecognizedToken(place) => (place, "this is no SQL".to_owned()),
        _ => (&None, "this is no SQL".to_owned()),
    };
    let at = place.as_ref().map_or(from, |place| {
        let line = text[from..].split_inclusive('\n').take(place.line.saturating_sub(1)).map(str::len).sum::<usize>();
        (from + line + place.column.saturating_sub(1)).min(text.len())
    });
    // At the end it is the last word that something should follow.
    let number = tokens.iter().rposition(|(token, _)| token.start <= at);
    let token = number.map(|number| &tokens[number]);
    // A list whose last item went, and left its comma.
    if let Some([(comma, TokenType::TK_COMMA), (_, TokenType::TK_RP)]) =
        number.and_then(|number| tokens.get(number.checked_sub(1)?..=number))
    {
        return (comma.clone(), "nothing follows this comma".to_owned());
    }
    let at = text.floor_char_boundary(at);
    let next = || at..text[at..].chars().next().map_or(at, |letter| at + letter.len_utf8());
    (token.map_or_else(next, |(token, _)| token.clone()), why)
}

/// The second of two columns of one name: the parser only says which name.
fn twice(text: &str, message: &str, tokens: &[Token]) -> Option<(Range<usize>, String)> {
    let quoted = || message.strip_prefix("column \"").and_then(|rest| rest.strip_suffix("\" specified more than once"));
    let name = unquoted(message.strip_prefix("duplicate column name: ").or_else(quoted)?);
    // Columns begin the outer list and follow its commas; in brackets within are conditions and types.
    let mut depth = 0_usize;
    let columns = tokens.windows(2).filter(|pair| {
        match pair[0].1 {
            TokenType::TK_LP => depth += 1,
            TokenType::TK_RP => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 1 && matches!(pair[0].1, TokenType::TK_LP | TokenType::TK_COMMA)
    });
    let second = columns.map(|pair| pair[1].0.clone()).filter(|place| unquoted(&text[place.clone()]) == name).nth(1)?;
    let why = format!("`{}` is the name of another column as well", &text[second.clone()]);
    Some((second, why))
}

#[cfg(test)]
mod tests {
    use super::{Does, statements};

    fn told(sql: &str) -> String {
        let lines = statements(sql).into_iter().map(|statement| match statement.does {
            Does::Nothing { at, why } => format!("<{}> {why}\n", &sql[at]),
            does => format!("<{}> {does:?}\n", sql[statement.span].lines().next().unwrap_or_default()),
        });
        lines.collect()
    }

    #[test]
    fn what_sqlite_takes_is_read() {
        let sql = include_str!("sound.sql");
        let broken: String = told(sql).lines().filter(|line| line.contains("expected") || line.contains("early")).collect();
        assert_eq!(broken, "");
        assert_eq!(statements(sql).len(), 37);
    }

    #[test]
    fn statements_are_told_apart() {
        insta::assert_snapshot!(told("CREATE TABLE \"A\"(b);DROP TABLE IF EXISTS [a];;DELETE FROM a;DELETE FROM a WHERE 1;UPDATE `a` SET b=1;\nALTER TABLE a DROP b;ALTER TABLE a RENAME TO c;ALTER TABLE a ADD d;BEGIN;PRAGMA foreign_keys=ON;PRAGMA user_version;VACUUM;ATTACH 'x' AS y;CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM a; SELECT CASE WHEN 1 THEN 2 END; END;SELECT 1 -- no end"), @r#"
        <CREATE TABLE "A"(b)> Create { name: "a", again: false, what: Table }
        <DROP TABLE IF EXISTS [a]> DropTable { name: "a", perhaps: true }
        <DELETE FROM a> EveryRow { table: "a", deletes: true }
        <DELETE FROM a WHERE 1> Change { table: "a" }
        <UPDATE `a` SET b=1> EveryRow { table: "a", deletes: false }
        <ALTER TABLE a DROP b> DropColumn { table: "a" }
        <ALTER TABLE a RENAME TO c> Rename { from: "a", to: "c" }
        <ALTER TABLE a ADD d> Change { table: "a" }
        <BEGIN> Transaction
        <PRAGMA foreign_keys=ON> Pragma { name: "foreign_keys", sets: true }
        <PRAGMA user_version> Pragma { name: "user_version", sets: false }
        <VACUUM> Vacuum
        <ATTACH 'x' AS y> Attach
        <CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM a; SELECT CASE WHEN 1 THEN 2 END; END> Other
        <SELECT 1> Other
        "#);
    }

    #[test]
    fn a_fault_has_its_place_and_the_next_statement_is_read() {
        insta::assert_snapshot!(told("CREATE TABEL a(b);\n-- é\nSELECT 'é' FROM;\nCREATE TABLE a(b\n;DROP TABLE a;\nSELECT 'open"), @r#"
        <TABEL> `TABEL` is not expected here
        <FROM> the statement ends too early
        <b> the statement ends too early
        <DROP TABLE a> DropTable { name: "a", perhaps: false }
        <'> this quote is never closed
        "#);
        insta::assert_snapshot!(told("CREATE TABLE a(b,\n);"), @"<,> nothing follows this comma");
        insta::assert_snapshot!(told("SELECT 1 /* open"), @"</> this comment is never closed");
        insta::assert_snapshot!(told("SELECT x'1'; SELECT 2"), @"<x> this is no blob: it wants pairs of hexadecimal digits, as in `x'1f'`");
        insta::assert_snapshot!(told("SELECT é 日本 FROM §"), @"<SELECT é 日本 FROM §> Other");
        insta::assert_snapshot!(told("CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1;\nCREATE TABLE b(c);"), @"<CREATE> `CREATE` is not expected here");
        assert_eq!(told("-- nothing\n/* at all */ ;;"), "");
    }

    #[test]
    fn a_column_that_stands_twice_is_told_at_the_second() {
        insta::assert_snapshot!(told("CREATE TABLE a(id INTEGER, t TEXT CHECK(t <> ''), \"T\" TEXT);\nINSERT INTO b (id, c, [id]) VALUES (1, 2, 3);"), @r#"
        <"T"> `"T"` is the name of another column as well
        <[id]> `[id]` is the name of another column as well
        "#);
    }

    #[test]
    fn nesting_and_size_are_borne() {
        let deep = format!("SELECT {}1{};", "(".repeat(90_000), ")".repeat(90_000));
        assert_eq!(statements(&deep).len(), 1);
        let selects = format!("SELECT {}1{};", "(SELECT ".repeat(20_000), ")".repeat(20_000));
        assert_eq!(statements(&selects).len(), 1);
        assert_eq!(told(&"(".repeat(1_000_000)), "<(> TooMuch\n");
        assert_eq!(statements(&"a;".repeat(1_000_000)).len(), super::MOST_FAULTS + 1);
        assert!(statements(&"DROP TABLE a;".repeat(800_000)).len() > 10_000);
        for letter in ["\0", "\u{feff}", "é", "😀", "'", "\"", "[", "`", "x'", "0x", "1e", "$", ":", "@", "!", "#", "?", "\r"]
        {
            for around in [letter.to_owned(), format!("SELECT {letter}"), format!("{letter};SELECT 1"), letter.repeat(1000)] {
                statements(&around).into_iter().for_each(|one| assert!(around.get(one.span).is_some()));
            }
        }
    }
}
