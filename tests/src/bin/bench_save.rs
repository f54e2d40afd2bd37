//! `bench-save [SAVES]`: how long from saving a handler to the verdict of its case, in the real window. Prints one JSON object.
//!
//! The page's own clock is used: from Ctrl+S to the frame in which the status bar shows the new verdict. Between them lie the write to disk,
//! reading the pack, blanking types, compiling schemas, a fresh instance, the replayed call and the comparison.

#![expect(clippy::print_stdout, reason = "the figures are what the program is for")]

use anyhow::{Context, Result, ensure};
use camino::Utf8Path;
use packwright_tests::copy_of_sample;
use packwright_tests::window::{Options, Window, key};
use serde_json::json;

/// Notes the time from each Ctrl+S to the frame with another verdict.
const WATCH: &str = r"
window.packwrightTimes = [];
const verdict = () => document.querySelector('[data-run-verdict]')?.dataset.runVerdict;
let pressed = null;
let before = verdict();
window.addEventListener('keydown', (event) => { if (event.ctrlKey && event.key === 's') pressed = performance.now(); }, true);
new MutationObserver(() => {
  const now = verdict();
  if (now === before || (now !== 'pass' && now !== 'fail')) return;
  before = now;
  if (pressed === null) return;
  const from = pressed;
  pressed = null;
  requestAnimationFrame(() => window.packwrightTimes.push(performance.now() - from));
}).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
";

fn main() -> Result<()> {
    let pairs: usize = std::env::args().nth(1).map_or(Ok(25), |text| text.parse()).context("how many saves is a number")?;
    let (_keep, pack) = copy_of_sample("open-library")?;
    let home = tempfile::tempdir()?;
    let home = Utf8Path::from_path(home.path()).context("the temporary folder's path is Unicode")?;
    let window = Window::start(home, &Options::on(&pack))?;
    window.chord(&[key::CONTROL, '2'])?;
    window.click("[data-case='finds Dune']")?;
    window.chord(&[key::CONTROL, key::ENTER])?;
    window.wait_for("[data-run-verdict=pass]")?;
    window.click("[data-command=runOnSave]")?;
    window.chord(&[key::CONTROL, '1'])?;
    window.open_file("handlers/search_books.ts")?;
    window.chord(&[key::CONTROL, key::HOME])?;
    window.run(WATCH)?;
    for seen in 1..=pairs * 2 {
        // One bracket too many breaks the handler, and taking it away mends it.
        let stroke = if seen % 2 == 1 { ')' } else { key::BACKSPACE };
        window.chord(&[stroke])?;
        window.chord(&[key::CONTROL, 's'])?;
        window.wait("the verdict follows the save", &format!("return window.packwrightTimes.length === {seen}"))?;
    }
    let times = window.run("return window.packwrightTimes")?;
    let mut times: Vec<f64> = times.as_array().context("a list of times")?.iter().filter_map(serde_json::Value::as_f64).collect();
    ensure!(times.len() == pairs * 2, "every save was answered");
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    println!("{}", json!({ "saves": times.len(), "p50_ms": at(50), "p95_ms": at(95), "max_ms": at(100) }));
    Ok(())
}
