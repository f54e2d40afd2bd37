//! `bench-type [KEYSTROKES]`: how long from a key to its diagnostic, in the real window. Prints one JSON object.
//!
//! The page's own clock is used: from the key's event to the frame in which the squiggle has come or gone. So what is measured is what
//! an author feels, without the driver's own time.

#![expect(clippy::print_stdout, reason = "the figures are what the program is for")]

use anyhow::{Context, Result, ensure};
use camino::Utf8Path;
use packwright_tests::copy_of_sample;
use packwright_tests::window::{Options, Window, key};
use serde_json::json;

/// Notes the time of each key and of each change of the squiggles.
const WATCH: &str = r"
window.packwrightTimes = [];
let pressed = null;
const marks = () => document.querySelectorAll('.cm-lintRange').length;
let before = marks();
window.addEventListener('keydown', () => { pressed = performance.now(); }, true);
new MutationObserver(() => {
  const now = marks();
  if (now !== before && pressed !== null) {
    const from = pressed;
    pressed = null;
    // The change is seen when it is drawn: in the frame that comes next.
    requestAnimationFrame(() => window.packwrightTimes.push(performance.now() - from));
  }
  before = now;
}).observe(document.querySelector('.cm-content'), { subtree: true, childList: true, attributes: true });
";

fn main() -> Result<()> {
    let pairs: usize = std::env::args().nth(1).map_or(Ok(50), |text| text.parse()).context("how many keystrokes is a number")?;
    let (_keep, pack) = copy_of_sample("open-library")?;
    let home = tempfile::tempdir()?;
    let home = Utf8Path::from_path(home.path()).context("the temporary folder's path is Unicode")?;
    let window = Window::start(home, &Options::on(&pack))?;
    window.open_file("pack.yaml")?;
    window.chord(&[key::CONTROL, key::END])?;
    window.type_text("triggers: []\n")?;
    // The cursor behind the key: one letter too many is a fault, and taking it away mends it.
    window.type_text("views: []")?;
    for _ in 0..":  []".len() - 1 {
        window.chord(&['\u{e012}'])?;
    }
    window.run(WATCH)?;
    let mut seen = 0;
    for _ in 0..pairs {
        for stroke in [&['x'][..], &[key::BACKSPACE][..]] {
            window.chord(stroke)?;
            seen += 1;
            window.wait("the diagnostic follows the key", &format!("return window.packwrightTimes.length === {seen}"))?;
        }
    }
    let times = window.run("return window.packwrightTimes")?;
    let mut times: Vec<f64> = times.as_array().context("a list of times")?.iter().filter_map(serde_json::Value::as_f64).collect();
    ensure!(times.len() == pairs * 2, "every keystroke was answered");
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    println!("{}", json!({ "keystrokes": times.len(), "p50_ms": at(50), "p95_ms": at(95), "max_ms": at(100) }));
    Ok(())
}
