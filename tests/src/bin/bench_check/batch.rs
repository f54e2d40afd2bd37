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
    let mut report = json!({});
    let mut all = Vec::new();
    for &checker in checkers {
        match programs.checker(checker, &folder, inputs) {
            Some(commands) => all.push((checker, commands, Figures::default())),
            None => report[checker.key()] = Value::Null,
        }
    }
    for round in 0..=runs {
        for (checker, commands, figures) in &mut all {
            let before = children_ms();
            let begin = Instant::now();
            let code = run(commands)?;
            let wall = begin.elapsed().as_secs_f64() * 1e3;
            // A sound pack that is told something would be another measurement.
            ensure!(code == 0, "{} says {code} of the generated pack {pack}", checker.key());
            if round > 0 {
                figures.add("wall_ms", wall);
                if let (Some(before), Some(after)) = (before, children_ms()) {
                    figures.add("cpu_ms", after - before);
                }
            }
        }
    }
    for (checker, _, figures) in &all {
        report[checker.key()] = figures.json();
    }
    Ok(report)
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

/// What everybody's exit code is for a pack with one fault: 1, or the figures say nothing.
fn faults(programs: &Programs, inputs: &Inputs) -> Result<Value> {
    let mut report = json!({});
    for fault in ["manifest", "schema"] {
        for checker in Checker::ALL {
            if let Some(mut commands) = programs.checker(checker, &inputs.pack(&format!("fault-in-{fault}")), inputs) {
                report[fault][checker.key()] = run(&mut commands)?.into();
            }
        }
    }
    Ok(report)
}
