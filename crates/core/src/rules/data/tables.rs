//! Tables of text: rows with as many columns as the head, and quotes that close.

use crate::diagnostic::{Diagnostic, Severity};
use crate::rules::{Example, Rule};
use std::ops::Range;

pub static COLUMN_COUNT: Rule = Rule {
    code: "data/column-count",
    severity: Severity::Warning,
    summary: "A row of a CSV file has more or fewer columns than its head.",
    why: "Values move into the wrong column, or the reader refuses the file.",
    example: Example::file(
        "data/cities.csv",
        "name,country,people\nLisbon,Portugal,548000\nCork,Ireland, county of Cork,224000\n",
        "name,country,people\nLisbon,Portugal,548000\nCork,\"Ireland, county of Cork\",224000\n",
    ),
};

pub static OPEN_QUOTE: Rule = Rule {
    code: "data/open-quote",
    severity: Severity::Warning,
    summary: "A quote of a CSV file is not closed.",
    why: "All that follows becomes one value, to the end of the file.",
    example: Example::file("data/cities.csv", "name,note\nCork,\"on the Lee\n", "name,note\nCork,\"on the Lee\"\n"),
};

/// A row: its bytes, and how many columns it has.
struct Row {
    span: Range<usize>,
    columns: usize,
}

/// Checks a table.
pub(super) fn check(path: &str, text: &str, ending: &str, out: &mut Vec<Diagnostic>) {
    let delimiter = delimiter(text, ending);
    let (rows, open) = rows(text, delimiter);
    if let Some(at) = open {
        out.push(
            OPEN_QUOTE
                .at(path, at..at + 1, "this quote is not closed")
                .hint("Close it; a quote that belongs to the value is written twice: `\"\"`."),
        );
        return;
    }
    let Some(head) = rows.first() else { return };
    for row in rows.iter().skip(1).filter(|row| row.columns != head.columns) {
        let message = format!("this row has {}, and the head has {}", columns(row.columns), head.columns);
        let mark = char::from(delimiter).escape_default();
        out.push(COLUMN_COUNT.at(path, row.span.clone(), message).hint(if row.columns > head.columns {
            format!("A value that holds `{mark}` stands between double quotes.")
        } else {
            format!("Add what is missing; where there is no value, its `{mark}` stands all the same.")
        }));
    }
}

fn columns(number: usize) -> String {
    if number == 1 { "1 column".to_owned() } else { format!("{number} columns") }
}

/// The character between columns: a tab in `.tsv`, else the one that the head has most of.
fn delimiter(text: &str, ending: &str) -> u8 {
    if ending == "tsv" {
        return b'\t';
    }
    let head = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    for byte in head.bytes() {
        quoted ^= byte == b'"';
        counts.iter_mut().filter(|(candidate, _)| *candidate == byte && !quoted).for_each(|(_, count)| *count += 1);
    }
    // The first of equals: a comma.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(candidate, _)| *candidate)
}

/// The rows that are not blank, and where a quote stands that is not closed.
fn rows(text: &str, delimiter: u8) -> (Vec<Row>, Option<usize>) {
    let bytes = text.as_bytes();
    let mut rows = Vec::new();
    let (mut start, mut columns, mut field) = (0, 1, 0);
    let mut open: Option<usize> = None;
    let mut at = 0;
    let mut end_row = |start: usize, end: usize, columns: usize| {
        let written = text[start..end].trim_end_matches(['\r', '\n']);
        if !written.trim().is_empty() {
            rows.push(Row { span: start..start + written.len(), columns });
        }
    };
    while at < bytes.len() {
        match (bytes[at], open) {
            (b'"', Some(_)) if bytes.get(at + 1) == Some(&b'"') => at += 1,
            (b'"', Some(_)) => open = None,
            // A quote counts only where a value begins: `5" disk` is a value.
            (b'"', None) if at == field => open = Some(at),
            (b'\n', None) => {
                end_row(start, at, columns);
                (start, field, columns) = (at + 1, at + 1, 1);
            }
            (byte, None) if byte == delimiter => {
                columns += 1;
                field = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    if open.is_none() {
        end_row(start, text.len(), columns);
    }
    (rows, open)
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings;
    use crate::source::MemoryPack;

    fn told(path: &str, text: &str) -> String {
        findings(&MemoryPack::new([("pack.yaml", "name: n\ndescription: d\n"), (path, text)]))
    }

    #[test]
    fn rows_have_the_columns_of_the_head() {
        insta::assert_snapshot!(told("data/a.csv", "a,b\r\n1,2\r\n1,2,3\r\né\r\n\r\n"), @"
        Warning data/column-count data/a.csv:3:1 <1,2,3> this row has 3 columns, and the head has 2
          hint: A value that holds `,` stands between double quotes.
        Warning data/column-count data/a.csv:4:1 <é> this row has 1 column, and the head has 2
          hint: Add what is missing; where there is no value, its `,` stands all the same.
        ");
        insta::assert_snapshot!(told("data/a.tsv", "a\tb\n1,2\n"), @r"
        Warning data/column-count data/a.tsv:2:1 <1,2> this row has 1 column, and the head has 2
          hint: Add what is missing; where there is no value, its `\t` stands all the same.
        ");
        assert_eq!(told("data/a.csv", "a;b\n1,5;2\n\"x;\n\"\"y\"\"\";3\n5\" disk;4\n"), "");
        assert!(told("data/a.csv", "name\nCork, Ireland\n").contains("this row has 2 columns, and the head has 1"));
        assert_eq!(told("data/a.csv", ""), "");
    }

    #[test]
    fn a_quote_closes() {
        insta::assert_snapshot!(told("data/a.csv", "a,b\n1,\"two\n3,4\n"), @r#"
        Warning data/open-quote data/a.csv:2:3 <"> this quote is not closed
          hint: Close it; a quote that belongs to the value is written twice: `""`.
        "#);
    }

    #[test]
    fn a_table_of_megabytes_is_read_at_once() {
        let text = "a,b,c\n".repeat(500_000);
        assert_eq!(told("data/a.csv", &text), "");
    }
}
