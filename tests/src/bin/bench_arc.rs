//! `bench-arc [RUNS]`: the arc by command line, from nothing to a release that was pulled back and verified. Prints one JSON object.
//!
//! What is left out is what an author does: think and type. So this is our own work, whole programs with their start included, in a home in
//! which the engine is compiled already; the first run of all compiles it, and is reported apart.

#![expect(clippy::print_stdout, reason = "the figures are what the program is for")]

use anyhow::{Context, Result, ensure};
use camino::Utf8Path;
use packwright_tests::packwright_at;
use packwright_tests::service::Service;
use serde_json::json;
use std::time::Instant;

fn main() -> Result<()> {
    let runs: usize = std::env::args().nth(1).map_or(Ok(5), |text| text.parse()).context("how many runs is a number")?;
    let home = tempfile::tempdir()?;
    let home = Utf8Path::from_path(home.path()).context("the temporary folder's path is Unicode")?;
    let service = Service::start()?;
    let first = arc(home, &service, "first")?;
    let mut times = Vec::new();
    for run in 0..runs {
        times.push(arc(home, &service, &format!("run-{run}"))?);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "{}",
        json!({ "runs": runs, "first_ms": first, "p50_ms": times[times.len() / 2], "max_ms": times[times.len() - 1] })
    );
    Ok(())
}

/// One arc: milliseconds.
fn arc(home: &Utf8Path, service: &Service, name: &str) -> Result<f64> {
    let packs = tempfile::tempdir()?;
    let packs = Utf8Path::from_path(packs.path()).context("the temporary folder's path is Unicode")?;
    let pack = packs.join(name);
    let begin = Instant::now();
    let says = |folder: &Utf8Path, arguments: &[&str]| -> Result<()> {
        let (code, out, err) = packwright_at(home, folder, arguments)?;
        ensure!(code == 0, "packwright {}: {code}\n{out}{err}", arguments.join(" "));
        Ok(())
    };
    says(packs, &["new", name, "--address", &service.address()])?;
    says(&pack, &["check"])?;
    says(&pack, &["run", "search_items", "--input", r#"{"query": "moss"}"#, "--save-case", "finds moss"])?;
    says(&pack, &["test"])?;
    says(&pack, &["publish"])?;
    let release = format!("local/{name}:0.1.0");
    says(packs, &["pull", &release, "--into", "pulled"])?;
    says(packs, &["verify", &release])?;
    Ok(begin.elapsed().as_secs_f64() * 1e3)
}
