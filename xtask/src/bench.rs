//! `cargo xtask bench`: our figures beside what they are held against, measured in the same call on the same machine.
//!
//! `startup` runs the studio and an empty Tauri window in turn (see `startup.rs` for how); `type`, `arc` and `check` run programs of the
//! `tests/` crate. This file starts them, takes medians and prints; what `check` is held against is in `bench/check.rs`.

mod check;
mod peers;

use anyhow::Context;
use serde_json::{Value, json};

use crate::arguments::BenchOptions;
use crate::setup::{self, Scope};
use crate::workspace::Workspace;
use crate::{Exit, Stop, process};

/// From keystroke to screen, at most: three frames of 16 ms, which still reads as "at once".
const TYPING_TARGET_MS: f64 = 50.0;

pub(crate) fn run(workspace: &Workspace, options: &BenchOptions) -> anyhow::Result<Exit> {
    setup::prepare(workspace, Scope::Everything)?;
    // Two programs are built in a third of the time that all take.
    let only_check = options.check && !(options.startup || options.typing || options.arc);
    process::build_some(workspace, true, if only_check { &["packwright", "bench-check"] } else { &[] })?;
    let mut report = json!({});
    if options.startup {
        // Ten runs: start-up times vary by a fifth from run to run, and a median of ten settles within a few per cent.
        let runs = options.runs.unwrap_or(10);
        let rows = startup_rows(workspace, runs)?;
        if !options.json {
            print_startup(&rows, runs);
        }
        report["startup"] = rows.iter().map(|row| row.json(&rows[0])).collect();
    }
    if options.typing {
        let figures = typing(workspace)?;
        if !options.json {
            print_typing(&figures);
        }
        report["type"] = figures;
    }
    if options.arc {
        let figures = arc(workspace, options.runs.unwrap_or(10))?;
        if !options.json {
            print_arc(&figures);
        }
        report["arc"] = figures;
    }
    if options.check {
        let figures = check::measure(workspace, options)?;
        if !options.json {
            check::print(&figures);
        }
        report["check"] = check::report(figures);
    }
    if options.json {
        println!("{report:#}");
    }
    Ok(Exit::Fine)
}

/// One program's figures over all runs. A value that some run did not reach is missing from its list.
struct Row {
    name: &'static str,
    mapped: Vec<f64>,
    content: Vec<f64>,
    /// Milliseconds from the first pixel to the content: a window that is there and shows nothing.
    gap: Vec<f64>,
    still: Vec<f64>,
    memory: Vec<f64>,
}

impl Row {
    /// In the order of the table's columns.
    fn figures(&self) -> [(&'static str, &[f64]); 5] {
        [
            ("first_pixel_ms", &self.mapped),
            ("content_ms", &self.content),
            ("white_gap_ms", &self.gap),
            ("still_ms", &self.still),
            ("pss_mb", &self.memory),
        ]
    }

    fn json(&self, floor: &Row) -> Value {
        let mut value = json!({ "name": self.name });
        for ((key, figures), (_, floor)) in self.figures().into_iter().zip(floor.figures()) {
            value[key] = match Spread::of(figures) {
                None => Value::Null,
                Some(spread) => json!({
                    "median": spread.median, "min": spread.min, "max": spread.max, "runs": figures.len(),
                    "times_empty": Spread::of(floor).map(|floor| spread.median / floor.median),
                }),
            };
        }
        value
    }
}

#[cfg(not(target_os = "linux"))]
fn startup_rows(_: &Workspace, _: usize) -> anyhow::Result<Vec<Row>> {
    Err(Stop::cannot_run("`bench startup` reads the picture of a virtual X screen, so it runs on Linux only.").into())
}

#[cfg(target_os = "linux")]
fn startup_rows(workspace: &Workspace, runs: usize) -> anyhow::Result<Vec<Row>> {
    use crate::startup::{Subject, once};

    let studio = workspace.program("release", "packwright-studio");
    let empty = workspace.program("release", "examples/empty-window");
    let subjects = [
        Subject { name: "empty Tauri window", program: empty, folder: None },
        Subject { name: "studio, no folder", program: studio.clone(), folder: None },
        Subject { name: "studio, sample library", program: studio, folder: Some(workspace.samples().join("open-library")) },
    ];
    let row = |subject: &Subject| Row {
        name: subject.name,
        mapped: Vec::new(),
        content: Vec::new(),
        gap: Vec::new(),
        still: Vec::new(),
        memory: Vec::new(),
    };
    let mut rows: Vec<Row> = subjects.iter().map(row).collect();
    // In turn, so that whatever else the machine does meets all of them; the first round warms the disk cache.
    for round in 0..=runs {
        eprintln!("Round {round} of {runs}{}", if round == 0 { " (not counted)" } else { "" });
        for (subject, row) in subjects.iter().zip(&mut rows) {
            let start = once(subject).with_context(|| subject.name)?;
            if round > 0 {
                row.mapped.extend(start.mapped);
                row.content.extend(start.content);
                row.gap.extend(start.content.zip(start.mapped).map(|(content, mapped)| content - mapped));
                row.still.push(start.still);
                row.memory.push(start.memory);
            }
        }
    }
    Ok(rows)
}

fn print_startup(rows: &[Row], runs: usize) {
    println!(
        "Start-up, release build, {runs} runs each in turn: median (min–max), and how many times the empty window's median\n"
    );
    println!("{:<24}{:>30}{:>30}{:>30}{:>30}", "", "first pixel ms", "content ms", "white gap ms", "memory MB");
    for row in rows {
        let [mapped, content, gap, _, memory] = row.figures();
        let [floor_mapped, floor_content, floor_gap, _, floor_memory] = rows[0].figures();
        print!("{:<24}", row.name);
        for (figures, floor) in [(mapped, floor_mapped), (content, floor_content), (gap, floor_gap), (memory, floor_memory)] {
            print!("{:>30}", cell(figures.1, floor.1));
        }
        println!();
    }
    println!("\nwhite gap: from the first pixel to the content. memory: proportional set size of all processes.");
}

/// `547 (461–601) 1.10×`
fn cell(figures: &[f64], floor: &[f64]) -> String {
    let Some(spread) = Spread::of(figures) else {
        return "none".to_owned();
    };
    let times =
        Spread::of(floor).filter(|floor| floor.median > 0.0).map(|floor| format!(" {:.2}×", spread.median / floor.median));
    format!("{:.0} ({:.0}–{:.0}){}", spread.median, spread.min, spread.max, times.unwrap_or_default())
}

#[derive(Debug, PartialEq)]
struct Spread {
    median: f64,
    min: f64,
    max: f64,
}

impl Spread {
    fn of(figures: &[f64]) -> Option<Self> {
        let mut sorted = figures.to_vec();
        sorted.sort_by(f64::total_cmp);
        let half = sorted.len() / 2;
        let median =
            if sorted.len() % 2 == 1 { sorted[half] } else { f64::midpoint(*sorted.get(half.checked_sub(1)?)?, sorted[half]) };
        Some(Spread { median, min: *sorted.first()?, max: *sorted.last()? })
    }
}

fn typing(workspace: &Workspace) -> anyhow::Result<Value> {
    figures_of(workspace, "bench-type", &[])
}

/// What a program of ours measured: it prints one JSON object.
fn figures_of(workspace: &Workspace, name: &str, arguments: &[String]) -> anyhow::Result<Value> {
    let mut command = process::program(workspace, workspace.program("release", name));
    command.args(arguments).stderr(std::process::Stdio::inherit());
    let output = command.output().with_context(|| process::cannot_start(&command))?;
    if !output.status.success() {
        return Err(Stop::cannot_run(format!("{name} failed ({})", output.status)).into());
    }
    serde_json::from_slice(&output.stdout).with_context(|| format!("{name} prints its figures as JSON"))
}

fn arc(workspace: &Workspace, runs: usize) -> anyhow::Result<Value> {
    Ok(json!({
        "script": figures_of(workspace, "bench-arc", &[runs.to_string()])?,
        "warm_call": figures_of(workspace, "examples/warm-call", &[])?,
        "save": figures_of(workspace, "bench-save", &[])?,
    }))
}

/// Our figures, each with what it is held against.
fn print_arc(figures: &Value) {
    let rows = [
        ("new → published → verified, whole commands", &figures["script"]["p50_ms"], "ms", 2000.0),
        ("the same, the first time on a computer", &figures["script"]["first_ms"], "ms", 4000.0),
        ("engine compiled, once per computer", &figures["warm_call"]["compile_ms"], "ms", 2000.0),
        ("engine loaded, ever after", &figures["warm_call"]["load_ms"], "ms", 10.0),
        ("warm inline call, validated and traced, p50", &figures["warm_call"]["call"]["p50_us"], "µs", 250.0),
        ("the same, p95", &figures["warm_call"]["call"]["p95_us"], "µs", 500.0),
        ("floor: the same instance, input given back, p50", &figures["warm_call"]["floor"]["p50_us"], "µs", f64::NAN),
        ("save → verdict in the window, p50", &figures["save"]["p50_ms"], "ms", 50.0),
        ("the same, p95", &figures["save"]["p95_ms"], "ms", f64::NAN),
    ];
    println!("\nThe arc, from a new pack to a published one\n");
    println!("{:<52}{:>12}{:>14}", "", "seen", "aim");
    for (what, seen, unit, aim) in rows {
        let seen = seen.as_f64().unwrap_or(f64::NAN);
        let held = match (aim.is_nan(), seen <= aim) {
            (true, _) => String::new(),
            (false, true) => format!("≤ {aim:.0} met"),
            (false, false) => format!("≤ {aim:.0} missed"),
        };
        println!("{what:<52}{seen:>9.1} {unit}{held:>14}");
    }
}

fn print_typing(figures: &Value) {
    let figure = |key: &str| figures[key].as_f64().unwrap_or(f64::NAN);
    let p95 = figure("p95_ms");
    let verdict = if p95 <= TYPING_TARGET_MS { "met" } else { "missed" };
    println!("\nTyping, from the key to the changed screen, {} keystrokes\n", figures["keystrokes"]);
    println!("{:>10}{:>10}{:>10}{:>14}", "p50 ms", "p95 ms", "max ms", "target p95");
    println!("{:>10.1}{p95:>10.1}{:>10.1}{TYPING_TARGET_MS:>14.0} {verdict}", figure("p50_ms"), figure("max_ms"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn median_lies_between_two_middle_figures() {
        assert_eq!(Spread::of(&[3.0, 1.0, 2.0]), Some(Spread { median: 2.0, min: 1.0, max: 3.0 }));
        assert_eq!(Spread::of(&[4.0, 1.0]), Some(Spread { median: 2.5, min: 1.0, max: 4.0 }));
        assert_eq!(Spread::of(&[]), None);
    }

    #[test]
    fn cells_say_none_where_nothing_was_reached() {
        assert_eq!(cell(&[550.0, 600.0, 650.0], &[500.0]), "600 (550–650) 1.20×");
        assert_eq!(cell(&[5.0], &[]), "5 (5–5)");
        assert_eq!(cell(&[], &[5.0]), "none");
    }
}
