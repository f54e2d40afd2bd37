//! Whole commands over whole packs: ours beside `ajv` and `check-jsonschema`, in turn.
//!
//! Ours reads manifest, schemas and handlers and compares them with each other; the others look at the manifest and at every schema by
//! itself, in two commands. The disk's cache is warm for all: the first round is not counted.

use crate::figures::{Figures, children_ms};
use crate::inputs::{Checker, Inputs, LADDER, Programs, run};
use anyhow::{Result, ensure};
use serde_json::{Value, json};
use std::time::Instant;

pub fn measure(programs: &Programs, inputs: &Inputs, runs: usize, quick: bool) -> Result<Value> {
    let mut report = json!({ "faults": faults(programs, inputs)? });
    let ladder = LADDER.map(|lines| format!("ladder-{lines}"));
    for pack in ["big", "small"].into_iter().chain(ladder.iter().map(String::as_str)) {
        eprintln!("Checking {pack}, {runs} times each");
        report[pack] = in_turn(programs, inputs, pack, &Checker::ALL, runs)?;
    }
    if let Some(floor) = floor(programs, runs)? {
        report["node"] = floor;
    }
    // Against nobody: how our own time grows. Beside the pack of a tenth, so that both meet the same machine.
    let runs = if quick { 1 } else { runs };
    let mut growth = json!({});
    eprintln!("Checking big10, {runs} times");
    for pack in ["big", "big10"] {
        growth[pack] = in_turn(programs, inputs, pack, &[Checker::Ours], runs)?["ours"].take();
    }
    report["growth"] = growth;
    Ok(report)
}

fn in_turn(programs: &Programs, inputs: &Inputs, pack: &str, checkers: &[Checker], runs: usize) -> Result<Value> {
    let folder = inputs.pack(pack);
    let mut all: Vec<_> =
        checkers.iter().map(|&checker| (checker, programs.checker(checker, &folder, inputs), Figures::default())).collect();
    for round in 0..=runs {
        for (checker, slot, figures) in &mut all {
            let Some(commands) = slot else { continue };
            let before = children_ms();
            let begin = Instant::now();
            let code = run(commands)?;
            let wall = begin.elapsed().as_secs_f64() * 1e3;
            // A sound pack that is told something would be another measurement.
            if code != 0 {
                let what = format!("{} says {code} of the generated pack {pack}", checker.key());
                ensure!(*checker != Checker::Ours, what);
                eprintln!("No peer: {what}");
                *slot = None;
                continue;
            }
            if round > 0 {
                figures.add("wall_ms", wall);
                if let (Some(before), Some(after)) = (before, children_ms()) {
                    figures.add("cpu_ms", after - before);
                }
            }
        }
    }
    let figures = all
        .iter()
        .map(|(checker, here, figures)| (checker.key().to_owned(), here.as_ref().map_or(Value::Null, |_| figures.json())));
    Ok(Value::Object(figures.collect()))
}

/// What every command of ajv pays before its first line: Node, started for nothing.
fn floor(programs: &Programs, runs: usize) -> Result<Option<Value>> {
    let Some(mut node) = programs.node() else { return Ok(None) };
    let mut figures = Figures::default();
    for round in 0..=runs {
        let begin = Instant::now();
        ensure!(run(std::slice::from_mut(&mut node))? == 0, "Node runs a program of nothing");
        if round > 0 {
            figures.add("wall_ms", begin.elapsed().as_secs_f64() * 1e3);
        }
    }
    Ok(Some(figures.json()))
}

/// What everybody's exit code is for a pack with one fault. Who does not see it measures nothing.
fn faults(programs: &Programs, inputs: &Inputs) -> Result<Value> {
    let mut report = json!({});
    for fault in ["manifest", "schema"] {
        for checker in Checker::ALL {
            let Some(mut commands) = programs.checker(checker, &inputs.pack(&format!("fault-in-{fault}")), inputs) else {
                continue;
            };
            let code = run(&mut commands)?;
            if code != 1 {
                eprintln!("{} says {code} of a fault in a {fault}, and should say 1", checker.key());
            }
            report[fault][checker.key()] = code.into();
        }
    }
    Ok(report)
}
