//! `bench check`: keystrokes and whole packs, ours beside what authors check with today, and what we promise of both.
//!
//! `bench-check` of the `tests/` crate measures; `peers.rs` installs whom it measures against. Here are the aims and the tables.

use serde_json::{Value, json};

use super::peers;
use crate::arguments::BenchOptions;
use crate::workspace::Workspace;

pub(super) fn measure(workspace: &Workspace, options: &BenchOptions) -> anyhow::Result<Value> {
    let peers = peers::install(workspace)?;
    let mut words = vec!["--peers".to_owned(), peers.to_string_lossy().into_owned()];
    // A quick median of three says whether something is badly wrong, and a slow one of five what a command takes.
    let runs = options.runs.unwrap_or(if options.quick { 3 } else { 5 });
    words.extend(["--runs".to_owned(), runs.to_string()]);
    if let Some(half) = &options.only {
        words.extend(["--only".to_owned(), half.clone()]);
    }
    if options.quick {
        words.push("--quick".to_owned());
    }
    super::figures_of(workspace, "bench-check", &words)
}

/// The figures with their rows, for programs.
pub(super) fn report(mut figures: Value) -> Value {
    let rows = rows(&figures);
    figures["rows"] = rows.iter().map(Row::json).collect();
    figures
}

pub(super) fn print(figures: &Value) {
    let mut group = "";
    for row in rows(figures) {
        if row.group != group {
            group = row.group;
            println!("\n{group}\n");
            println!("{:<46}{:>18}{:>18}{:>9}{:>18}", "", "peer p50 / p95", "ours p50 / p95", "ratio", "aim");
        }
        let ratio = row.ratio().map_or(String::new(), |ratio| format!("{ratio:.1}×"));
        let verdict = match row.met() {
            None => "",
            Some(true) => "met",
            Some(false) => "missed",
        };
        let (peer, ours) = (row.peer.map_or("no peer".to_owned(), pair), row.ours.map_or(String::new(), pair));
        let line = format!("{:<46}{peer:>18}{ours:>18}{ratio:>9}{:>18} {verdict}", row.what, row.aim());
        println!("{}", line.trim_end());
    }
    println!(
        "\nTyping: yaml-language-server with the schema that `packwright schema` prints, the same keys in turn; its own wait of 200 ms\n\
         is taken out except where said. Ratios of p95. Whole packs: ajv runs twice, for the manifest and for the schemas; ratios of p50."
    );
}

/// One line of a table: a figure of theirs, the same of ours, and what ours should be.
#[derive(Debug, Default)]
struct Row {
    group: &'static str,
    what: String,
    peer: Option<Pair>,
    ours: Option<Pair>,
    /// Ours at most.
    at_most: Option<f64>,
    /// Ours exactly.
    exactly: Option<f64>,
    /// Theirs is at least so many times ours.
    times: Option<f64>,
    unit: &'static str,
    /// What is held against the aims and compared.
    by: By,
}

#[derive(Debug, Default, Clone, Copy)]
struct Pair {
    p50: f64,
    p95: f64,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum By {
    /// What is felt: the slow ones.
    #[default]
    P95,
    /// Whole commands: with five runs a 95th of a hundred would be the slowest.
    P50,
}

impl Row {
    fn value(&self, pair: Pair) -> f64 {
        match self.by {
            By::P95 => pair.p95,
            By::P50 => pair.p50,
        }
    }

    fn ratio(&self) -> Option<f64> {
        // Of an exit code or a count there is no "so many times".
        if self.unit.is_empty() {
            return None;
        }
        let ratio = self.value(self.peer?) / self.value(self.ours?);
        ratio.is_finite().then_some(ratio)
    }

    /// Whether all aims that can be judged are reached; `None` when there is no aim.
    fn met(&self) -> Option<bool> {
        if self.at_most.is_none() && self.times.is_none() && self.exactly.is_none() {
            return None;
        }
        let Some(ours) = self.ours.map(|ours| self.value(ours)) else { return Some(false) };
        let fast = self.at_most.is_none_or(|limit| ours <= limit) && self.exactly.is_none_or(|exact| (ours - exact).abs() < 1e-9);
        // Without a peer there is nothing to be faster than.
        let faster = self.times.is_none_or(|times| self.ratio().is_none_or(|ratio| ratio >= times));
        Some(fast && faster)
    }

    fn aim(&self) -> String {
        let times = self.times.map(|times| format!("≥ {times:.0}×"));
        let limit = self.at_most.map(|limit| format!("≤ {limit:.0} {}", self.unit).trim_end().to_owned());
        let exact = self.exactly.map(|exact| format!("{exact:.0}"));
        times.into_iter().chain(limit).chain(exact).collect::<Vec<_>>().join(", ")
    }

    fn json(&self) -> Value {
        let pair = |pair: Option<Pair>| pair.map(|pair| json!({ "p50": pair.p50, "p95": pair.p95 }));
        json!({
            "group": self.group, "what": self.what, "unit": self.unit, "peer": pair(self.peer), "ours": pair(self.ours),
            "ratio": self.ratio(), "at_most": self.at_most, "times": self.times, "exactly": self.exactly, "met": self.met(),
        })
    }
}

/// `98 / 115`, small figures with a place behind the point, and one figure where both are the same.
fn pair(pair: Pair) -> String {
    let figure = |value: f64| if value < 20.0 && value.fract() != 0.0 { format!("{value:.1}") } else { format!("{value:.0}") };
    let (p50, p95) = (figure(pair.p50), figure(pair.p95));
    if p50 == p95 { p50 } else { format!("{p50} / {p95}") }
}

/// The spread of one name, when somebody measured it.
fn seen(figures: &Value, name: &str) -> Option<Pair> {
    Some(Pair { p50: figures[name]["p50"].as_f64()?, p95: figures[name]["p95"].as_f64()? })
}

/// A number that has no spread.
fn number(value: &Value) -> Option<Pair> {
    value.as_f64().map(|value| Pair { p50: value, p95: value })
}

fn rows(figures: &Value) -> Vec<Row> {
    let mut rows = Vec::new();
    if let Some(lsp) = figures.get("lsp") {
        typing(lsp, &mut rows);
    }
    if let Some(batch) = figures.get("batch") {
        whole_packs(batch, &mut rows);
    }
    rows
}

/// Documents with what a keystroke may take: a frame at most, and 80 ms for the size that nobody writes by hand.
const DOCUMENTS: [(&str, f64); 4] = [("ladder-1000", 3.0), ("big", 10.0), ("ladder-10000", 10.0), ("ladder-50000", 80.0)];

fn typing(lsp: &Value, rows: &mut Vec<Row>) {
    let group = "Typing in a manifest, ms";
    let plain = |what: String, peer: &Value, ours: &Value, name: &str| Row {
        group,
        what,
        peer: seen(peer, name),
        ours: seen(ours, name),
        unit: "ms",
        ..Row::default()
    };
    for (document, limit) in DOCUMENTS {
        let of = &lsp[document];
        let what = format!("key → diagnostics, {} lines ({document})", of["lines"]);
        let key = plain(what, &of["prompt"], &of["ours"], "keystroke_ms");
        rows.push(Row { at_most: Some(limit), times: Some(10.0), ..key });
        rows.push(plain("  beside the peer with its wait".to_owned(), &of["shipped"], &of["ours"], "keystroke_ms"));
        rows.push(Row { by: By::P50, ..plain("  processor time a key".to_owned(), &of["prompt"], &of["ours"], "cpu_ms") });
    }
    let big = &lsp["big"];
    let (prompt, shipped, ours) = (&big["prompt"], &big["shipped"], &big["ours"]);
    rows.push(plain("ten keys in a burst, from the last (big)".to_owned(), prompt, ours, "burst_ms"));
    for (what, name) in [
        ("completion of a half-written key (big)", "completion_key_ms"),
        ("completion of a half-written value (big)", "completion_value_ms"),
    ] {
        // As it ships: without the wait a validation would stand before every completion.
        rows.push(Row { at_most: Some(8.0), times: Some(15.0), ..plain(what.to_owned(), shipped, ours, name) });
    }
    rows.push(Row { at_most: Some(1.0), ..plain("hover (big)".to_owned(), shipped, ours, "hover_ms") });
    let start = &lsp["start"];
    let begin = plain("program started → initialised".to_owned(), &start["prompt"], &start["ours"], "initialize_ms");
    rows.push(Row { at_most: Some(15.0), ..begin });
    let what = "program started → right diagnostics (big)".to_owned();
    rows.push(plain(what, &start["prompt"], &start["ours"], "first_diagnostics_ms"));
    let memory = plain("most memory (big), MB".to_owned(), prompt, ours, "peak_mb");
    rows.push(Row { at_most: Some(60.0), unit: "MB", ..memory });
    let wrong = |server: &str| {
        let counts: Option<Vec<f64>> =
            DOCUMENTS.iter().map(|(document, _)| lsp[*document][server]["wrong_answers"].as_f64()).collect();
        number(&json!(counts?.iter().sum::<f64>()))
    };
    rows.push(Row {
        group,
        what: "wrong answers".to_owned(),
        peer: wrong("prompt"),
        ours: wrong("ours"),
        at_most: Some(0.0),
        ..Row::default()
    });
}

fn whole_packs(batch: &Value, rows: &mut Vec<Row>) {
    let group = "Checking a whole pack, ms";
    let against = |pack: &str, peer: &str, name: &str| Row {
        group,
        what: format!("{pack}, beside {peer}"),
        peer: seen(&batch[pack][peer], name),
        ours: seen(&batch[pack]["ours"], name),
        unit: "ms",
        by: By::P50,
        ..Row::default()
    };
    for (pack, at_most, times) in [
        ("big", Some(90.0), Some(25.0)),
        ("small", Some(10.0), None),
        ("ladder-1000", None, None),
        ("ladder-10000", None, None),
        ("ladder-50000", None, None),
    ] {
        rows.push(Row { at_most, times, ..against(pack, "ajv", "wall_ms") });
        rows.push(against(pack, "check-jsonschema", "wall_ms"));
    }
    rows.push(Row { what: "big, processor time beside ajv".to_owned(), ..against("big", "ajv", "cpu_ms") });
    let node = seen(&batch["node"], "wall_ms");
    rows.push(Row { group, what: "  of which twice, starting Node".to_owned(), peer: node, ours: None, ..Row::default() });
    let growth = |pack: &str| seen(&batch["growth"][pack], "wall_ms");
    rows.push(Row { what: "ten times big".to_owned(), ours: growth("big10"), ..against("big10", "ajv", "wall_ms") });
    let grown = growth("big10").zip(growth("big")).map(|(ten, one)| ten.p50 / one.p50);
    rows.push(Row {
        group,
        what: "  that many times the time of big".to_owned(),
        ours: number(&json!(grown)),
        at_most: Some(11.0),
        by: By::P50,
        ..Row::default()
    });
    for fault in ["manifest", "schema"] {
        let code = |checker: &str| number(&batch["faults"][fault][checker]);
        rows.push(Row {
            group,
            what: format!("exit code for one fault in a {fault}"),
            peer: code("ajv"),
            ours: code("ours"),
            // Not "at most": 0 would be the checker that sees nothing.
            exactly: Some(1.0),
            ..Row::default()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(p50: f64, p95: f64) -> Value {
        json!({ "p50": p50, "p95": p95 })
    }

    fn row<'a>(rows: &'a [Row], what: &str) -> &'a Row {
        rows.iter().find(|row| row.what.starts_with(what)).unwrap()
    }

    #[test]
    fn an_aim_is_met_when_ours_is_fast_and_the_peer_slow_enough() {
        let figures = |peer: f64, ours: f64| json!({ "lsp": { "big": { "lines": 8000, "prompt": { "keystroke_ms": spread(1.0, peer) }, "ours": { "keystroke_ms": spread(1.0, ours) } } } });
        let judged = |peer: f64, ours: f64| row(&rows(&figures(peer, ours)), "key → diagnostics, 8000").met();
        assert_eq!(judged(100.0, 9.0), Some(true));
        assert_eq!(judged(80.0, 9.0), Some(false), "not ten times");
        assert_eq!(judged(200.0, 11.0), Some(false), "too slow");
    }

    #[test]
    fn without_a_peer_the_limit_alone_is_held_and_without_ours_nothing_is_met() {
        let rows = |ours: Value| rows(&json!({ "batch": { "big": { "ajv": null, "ours": ours } } }));
        let alone = rows(json!({ "wall_ms": spread(80.0, 120.0) }));
        let big = row(&alone, "big, beside ajv");
        assert_eq!((big.met(), big.ratio(), big.aim().as_str()), (Some(true), None, "≥ 25×, ≤ 90 ms"));
        assert_eq!(row(&alone, "big, beside check-jsonschema").met(), None);
        assert_eq!(row(&rows(Value::Null), "big, beside ajv").met(), Some(false));
    }

    #[test]
    fn a_fault_that_is_not_seen_is_missed() {
        let rows = |code: i32| rows(&json!({ "batch": { "faults": { "schema": { "ours": code } } } }));
        let met = |code| row(&rows(code), "exit code for one fault in a schema").met();
        assert_eq!((met(1), met(0), met(2)), (Some(true), Some(false), Some(false)));
    }

    #[test]
    fn small_figures_keep_a_place_behind_the_point() {
        assert_eq!(pair(Pair { p50: 98.4, p95: 115.0 }), "98 / 115");
        assert_eq!(pair(Pair { p50: 0.84, p95: 2.0 }), "0.8 / 2");
        assert_eq!(pair(Pair { p50: 1.0, p95: 1.0 }), "1");
    }
}
