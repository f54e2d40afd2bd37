//! The ten-minute script: from nothing to a published pack that was pulled back and verified, by command line and in the window.
//!
//! What a newcomer does in ten minutes and an expert's script in a few seconds. Each prints how long its steps took. `cargo xtask test` runs
//! them right after the unit tests: when the arc is broken, nothing else matters.

use anyhow::{Context, Result, ensure};
use camino::{Utf8Path, Utf8PathBuf};
use packwright_tests::service::Service;
use packwright_tests::window::{Options, Window, key, quoted};
use packwright_tests::{packwright_at, window_can_be_tested};
use serde_json::Value;
use std::time::{Duration, Instant};

/// What the expert's script may take, on a slow machine.
const EXPERT: Duration = Duration::from_secs(90);

/// Times the steps of a script and prints them at its end.
struct Script {
    name: &'static str,
    begin: Instant,
    last: Instant,
    steps: Vec<(&'static str, Duration)>,
}

impl Script {
    fn begin(name: &'static str) -> Self {
        let now = Instant::now();
        Self { name, begin: now, last: now, steps: Vec::new() }
    }

    fn done(&mut self, step: &'static str) {
        let now = Instant::now();
        self.steps.push((step, now - self.last));
        self.last = now;
    }

    #[expect(clippy::print_stdout, reason = "the times are read by people")]
    fn end(self) -> Result<()> {
        let whole = self.begin.elapsed();
        println!("The arc {}: {:.2} s", self.name, whole.as_secs_f64());
        for (step, took) in &self.steps {
            println!("  {step:<12} {:>8.1} ms", took.as_secs_f64() * 1e3);
        }
        ensure!(whole < EXPERT, "the arc took {whole:?}, and {EXPERT:?} is the most");
        Ok(())
    }
}

/// An author: a home, a place for packs, and the commands.
struct Author {
    _keep: tempfile::TempDir,
    home: Utf8PathBuf,
    packs: Utf8PathBuf,
}

impl Author {
    fn new() -> Result<Self> {
        let keep = tempfile::tempdir()?;
        let folder = Utf8Path::from_path(keep.path()).context("the temporary folder's path is Unicode")?.canonicalize_utf8()?;
        let (home, packs) = (folder.join("home"), folder.join("packs"));
        fs_err::create_dir_all(&home)?;
        fs_err::create_dir_all(&packs)?;
        Ok(Self { _keep: keep, home, packs })
    }

    /// Runs a command in a folder; it must end with that code. Gives what it printed, first the data, then the rest.
    fn says(&self, folder: &Utf8Path, code: i32, arguments: &[&str]) -> Result<(String, String)> {
        let (ended, out, err) = packwright_at(&self.home, folder, arguments)?;
        ensure!(ended == code, "packwright {} ended with {ended}, not {code}\n{out}{err}", arguments.join(" "));
        Ok((out, err))
    }
}

#[test]
fn ten_minutes_by_command_line() -> Result<()> {
    let (author, service) = (Author::new()?, Service::start()?);
    let mut script = Script::begin("by command line");
    author.says(&author.packs, 0, &["new", "field-notes", "--address", &service.address()])?;
    let pack = author.packs.join("field-notes");
    script.done("new pack");

    let manifest = fs_err::read_to_string(pack.join("pack.yaml"))?;
    let changed = manifest.replace("# publisher: acme ", "publisher: acme ");
    ensure!(changed != manifest, "the template offers a publisher:\n{manifest}");
    fs_err::write(pack.join("pack.yaml"), changed)?;
    script.done("one change");

    author.says(&pack, 0, &["check"])?;
    script.done("check");

    let (out, _) = author.says(
        &pack,
        0,
        &["run", "search_items", "--input", r#"{"query": "moss", "limit": 1}"#, "--save-case", "finds moss"],
    )?;
    let output: Value = serde_json::from_str(&out)?;
    assert_eq!(output, serde_json::json!({ "items": [{ "title": "About moss" }] }));
    assert_eq!(service.asked(), 1);
    script.done("run, save");

    let (out, err) = author.says(&pack, 0, &["test"])?;
    ensure!(out.contains("finds moss") && err.contains("0 failed"), "{out}{err}");
    assert_eq!(service.asked(), 1, "cases replay: the service is not asked again");
    script.done("cases");

    let (plan, _) = author.says(&pack, 0, &["publish", "--dry-run", "--json"])?;
    let promised =
        serde_json::from_str::<Value>(&plan)?["data"]["plan"]["digest"].as_str().context("the plan names the digest")?.to_owned();
    script.done("plan");

    let (receipt, _) = author.says(&pack, 0, &["publish", "--json"])?;
    let receipt: Value = serde_json::from_str(&receipt)?;
    assert_eq!(receipt["data"]["receipt"]["digest"], promised.as_str(), "what was promised was published");
    script.done("publish");

    author.says(&author.packs, 0, &["pull", "acme/field-notes:0.1.0", "--into", "pulled"])?;
    let pulled = fs_err::read_to_string(author.packs.join("pulled/handlers/search_items.ts"))?;
    assert_eq!(pulled, fs_err::read_to_string(pack.join("handlers/search_items.ts"))?);
    script.done("pull");

    let (out, err) = author.says(&author.packs, 0, &["verify", "acme/field-notes:0.1.0"])?;
    ensure!(format!("{out}{err}").contains(&promised), "verify names the digest: {out}{err}");
    script.done("verify");
    script.end()
}

#[test]
fn ten_minutes_in_the_window() -> Result<()> {
    if !window_can_be_tested("the arc in the window") {
        return Ok(());
    }
    let (author, service) = (Author::new()?, Service::start()?);
    let mut script = Script::begin("in the window");
    let window = Window::start(&author.home, &Options::default())?;
    script.done("start");

    window.chord(&[key::CONTROL, 'n'])?;
    window.click("[data-template=http-tool]")?;
    fill(&window, "Name", "field-notes")?;
    fill(&window, "Service address", &service.address())?;
    window.click_text("Create pack")?;
    window.wait_for("[role=treeitem][data-path='pack.yaml']")?;
    let pack = author.home.join("packs/field-notes");
    window.until("the pack is on disk", || pack.join("pack.yaml").is_file())?;
    script.done("new pack");

    window.open_file("pack.yaml")?;
    window.chord(&[key::CONTROL, key::END])?;
    window.type_text("publisher: acme\n")?;
    window.wait_gone("[data-problem]")?;
    window.chord(&[key::CONTROL, 's'])?;
    window.until("the change is on disk", || {
        fs_err::read_to_string(pack.join("pack.yaml")).is_ok_and(|text| text.contains("\npublisher: acme"))
    })?;
    script.done("one change");

    rail(&window, "Test")?;
    window.wait_for("[data-tool=search_items]")?;
    window.click_text("JSON")?;
    window.wait_for("[aria-label=Input] .cm-content, .cm-content[aria-label=Input]")?;
    window.click(".cm-content[aria-label=Input]")?;
    window.chord(&[key::CONTROL, 'a'])?;
    window.type_text(r#"{"query": "moss", "limit": 1}"#)?;
    window.chord(&[key::CONTROL, key::ENTER])?;
    window.wait_for("[data-run-outcome=pass]")?;
    window.wait_text("About moss")?;
    window.wait_for("[data-call=pass]")?;
    assert_eq!(service.asked(), 1);
    script.done("run");

    window.chord(&[key::CONTROL, key::SHIFT, 's'])?;
    fill(&window, "Name", "finds moss")?;
    window.click_text("Save case")?;
    window.wait_for("[data-case='finds moss']")?;
    window.click("button[aria-label='Run all cases']")?;
    window.wait_for("[data-case='finds moss'][data-verdict=pass]")?;
    assert_eq!(service.asked(), 1, "cases replay");
    script.done("cases");

    rail(&window, "Ship")?;
    window.wait_for("[data-digest]")?;
    let promised = window.run("return document.querySelector('[data-digest]').dataset.digest")?;
    window.wait(
        "nothing stands in the way",
        "return document.querySelector('[data-command=publish]')?.getAttribute('aria-disabled') !== 'true'",
    )?;
    script.done("plan");

    window.click("[data-command=publish]")?;
    window.wait_for("[data-receipt]")?;
    script.done("publish");

    window.click("[data-release='0.1.0']")?;
    window.click_text("Verify")?;
    window.wait_for("[data-verified]")?;
    script.done("verify");
    window.click_text("Pull a copy")?;
    window.wait_for("[data-pulled]")?;
    script.done("pull");
    script.end()?;

    // What the window published, the command line reads: one engine, one registry.
    let (out, err) = author.says(&author.packs, 0, &["verify", "acme/field-notes:0.1.0"])?;
    let promised = promised.as_str().context("the plan names the digest")?;
    ensure!(promised.starts_with("sha256:") && format!("{out}{err}").contains(promised), "{promised}: {out}{err}");
    Ok(())
}

/// Every way to fail that the issue names: each says what a newcomer needs, and the arc goes on after the mend.
#[test]
fn what_goes_wrong_on_the_way_is_said_and_mended() -> Result<()> {
    let (author, service) = (Author::new()?, Service::start()?);
    author.says(&author.packs, 0, &["new", "field-notes", "--address", &service.address()])?;
    let pack = author.packs.join("field-notes");
    let handler = pack.join("handlers/search_items.ts");
    let good = fs_err::read_to_string(&handler)?;
    let fails = |text: &str, words: &[&str]| -> Result<()> {
        fs_err::write(&handler, text)?;
        let (code, out, err) = packwright_at(&author.home, &pack, &["run", "search_items", "--input", r#"{"query": "moss"}"#])?;
        ensure!(code != 0, "{text}: it ran\n{out}");
        for word in words {
            ensure!(err.contains(word), "{text}: `{word}` is not said:\n{err}");
        }
        Ok(())
    };
    let manifest = fs_err::read_to_string(pack.join("pack.yaml"))?;
    fails(
        "export function search_items() {\n  for (;;);\n}\n",
        &["resource_exhausted", "fuel", "in search_items, handlers/search_items.ts:1"],
    )?;
    fails(
        "export function search_items(input) {\n  return input.no.such;\n}\n",
        &["handler_failed", "TypeError", "handlers/search_items.ts:2:"],
    )?;
    fails("export function search_items( {\n", &["handlers/search_items.ts", "does not parse"])?;
    fails("export const search_items = () => ({ items: 1 });\n", &["invalid_output", "/items", "must be"])?;
    fs_err::write(&handler, &good)?;
    author.says(&pack, 0, &["run", "search_items", "--input", r#"{"query": "moss"}"#])?;

    let (_, err) = author.says(&pack, 5, &["publish", "--to", "127.0.0.1:9/acme"])?;
    ensure!(err.contains("127.0.0.1:9"), "{err}");
    author.says(&pack, 0, &["publish", "--to", "local"])?;
    fs_err::write(&handler, format!("{good}// changed\n"))?;
    let (_, err) = author.says(&pack, 4, &["publish"])?;
    ensure!(err.contains("0.1.0") && err.contains("version"), "a version that exists with other bytes: {err}");
    fs_err::write(pack.join("pack.yaml"), manifest.replace("version: 0.1.0", "version: 0.2.0"))?;
    author.says(&pack, 0, &["publish"])?;
    Ok(())
}

fn rail(window: &Window, name: &str) -> Result<()> {
    let find = format!("[...document.querySelectorAll('nav button')].find(e => e.innerText.trim() === {})", quoted(name));
    window.wait(&format!("the rail has {name}"), &format!("return {find} !== undefined"))?;
    window.run(&format!("{find}.click()")).map(drop)
}

/// Types into the text box of that name, in place of what is there.
fn fill(window: &Window, label: &str, text: &str) -> Result<()> {
    let find = format!(
        "[...document.querySelectorAll('input, textarea')].find(e => (e.getAttribute('aria-label') ?? e.labels?.[0]?.innerText ?? '').trim().startsWith({}))",
        quoted(label)
    );
    window.wait(&format!("there is a box “{label}”"), &format!("return {find} !== undefined"))?;
    window.run(&format!("const box = {find}; box.focus(); box.select()"))?;
    window.type_text(text)
}
