//! Starting, starting again, ending badly, coming back.

use crate::{Place, eventually};
use anyhow::Result;
use packwright_tests::program;
use packwright_tests::screen::Screen;
use packwright_tests::window::{Options, key, processes_of};
use serde_json::Value;
use std::process::{Command, Stdio};

#[test]
fn unsaved_text_survives_a_kill() -> Result<()> {
    let Some(place) = Place::with_sample("kill", "open-library") else { return Ok(()) };
    let window = place.open();
    window.open_file("README.md")?;
    window.chord(&[key::CONTROL, key::HOME])?;
    window.type_text("Precious. ")?;
    // Another hand's change keeps the text from being saved by itself, for as long as the author has not chosen.
    place.write("README.md", "Theirs.\n");
    window.wait_for("[data-notice=conflict]")?;
    let journal = place.home.join("data/journal");
    window.until("the journal has it", || {
        journal.read_dir_utf8().is_ok_and(|entries| {
            entries
                .filter_map(Result::ok)
                // A record that is still being written is none yet.
                .filter(|entry| entry.path().extension() == Some("json"))
                .any(|entry| fs_err::read_to_string(entry.path()).is_ok_and(|text| text.contains("Precious. ")))
        })
    })?;
    window.kill()?;
    assert_eq!(place.read("README.md"), "Theirs.\n");

    let window = place.open();
    window.wait_for("[role=tab][data-path='README.md']")?;
    window.wait("the text is back", "return document.querySelector('.cm-content').innerText.includes('Precious. ')")?;
    window.wait_for("[data-notice]")?;
    assert_eq!(place.read("README.md"), "Theirs.\n", "nothing is written before the author chooses");
    window.click_text("Keep")?;
    window.until("mine is on disk, or the choice is offered", || {
        place.read("README.md").contains("Precious. ")
            || window.run("return document.querySelector('[data-notice=conflict]') !== null").is_ok_and(|seen| seen == true)
    })?;
    Ok(())
}

#[test]
fn closing_right_after_a_keystroke_loses_nothing() -> Result<()> {
    let Some(place) = Place::with_sample("close", "open-library") else { return Ok(()) };
    let window = place.open();
    window.open_file("README.md")?;
    window.chord(&[key::CONTROL, key::HOME])?;
    window.type_text("Last words. ")?;
    window.screen().close_window("Packwright")?;
    let studio = program("packwright-studio")?;
    eventually("the studio has ended", || processes_of(&studio, &place.home).is_ok_and(|left| left.is_empty()));
    assert!(place.read("README.md").starts_with("Last words. "));
    Ok(())
}

#[test]
fn another_pack_gets_nothing_of_the_one_before() -> Result<()> {
    let Some(place) = Place::with_sample("two packs", "open-library") else { return Ok(()) };
    let (_keep, other) = packwright_tests::copy_of_sample("word-count")?;
    let before = fs_err::read_to_string(other.join("README.md"))?;
    let window = place.open();
    window.open_file("README.md")?;
    window.chord(&[key::CONTROL, key::HOME])?;
    let studio = program("packwright-studio")?;
    let mut second =
        window.beside(&studio).arg(&other).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    for word in 0..20 {
        // The editor goes away at some point; what was taken until then must be somewhere.
        if window.type_text(&format!("w{word} ")).is_err() {
            break;
        }
    }
    window.wait_for("[role=treeitem][data-path='components']")?;
    window.until("the first words are on disk", || place.read("README.md").starts_with("w0 "))?;
    window.until("the second start has ended", || second.try_wait().is_ok_and(|status| status.is_some()))?;
    assert_eq!(fs_err::read_to_string(other.join("README.md"))?, before);
    // Words that came too late for the disk are kept under the pack that they were typed in, and the later ones were typed in the
    // new pack's own manifest, which has the cursor then.
    for entry in place.home.join("data/journal").read_dir_utf8().into_iter().flatten() {
        let record: Value = serde_json::from_slice(&fs_err::read(entry?.path())?)?;
        assert!(record["pack"] == place.pack.as_str() || record["file"] == "pack.yaml", "{record}");
    }
    Ok(())
}

#[test]
fn a_second_start_hands_its_folder_to_the_first() -> Result<()> {
    let Some(place) = Place::with_sample("second start", "open-library") else { return Ok(()) };
    let (_keep, other) = packwright_tests::copy_of_sample("word-count")?;
    let window = place.open();
    window.wait_for("[role=treeitem][data-path='pack.yaml']")?;
    let studio = program("packwright-studio")?;
    let mut second =
        window.beside(&studio).arg(&other).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    window.wait_for("[role=treeitem][data-path='components']")?;
    window.wait_text("word-count")?;
    window.until("the second start has ended", || second.try_wait().is_ok_and(|status| status.is_some()))?;
    assert_eq!(processes_of(&studio, &place.home)?.len(), 1);
    Ok(())
}

#[test]
fn size_and_layout_come_back() -> Result<()> {
    let Some(place) = Place::with_sample("size", "open-library") else { return Ok(()) };
    let window = place.open();
    window.resize(1100, 700)?;
    window.wait("the page has the size", "return window.innerWidth === 1100 && window.innerHeight === 700")?;
    window.chord(&[key::CONTROL, 'j'])?;
    window.wait("the panel is hidden", "return document.querySelector('.panel, [data-pane=panel]') === null || document.querySelector('.panel, [data-pane=panel]').offsetHeight === 0")?;
    let kept = place.home.join("config/place.json");
    window.until("the size is kept", || {
        fs_err::read(&kept).is_ok_and(|bytes| serde_json::from_slice::<Value>(&bytes).is_ok_and(|place| place["width"] == 1100.0))
    })?;
    window.settle_preferences()?;
    drop(window);
    let window = place.open();
    window.wait("the size is back", "return window.innerWidth === 1100 && window.innerHeight === 700")?;
    window.wait("the panel is still hidden", "return document.querySelector('.panel, [data-pane=panel]') === null || document.querySelector('.panel, [data-pane=panel]').offsetHeight === 0")
}

#[test]
fn recent_packs_are_remembered_with_their_verdict() -> Result<()> {
    let Some(place) = Place::with_sample("recent", "open-library") else { return Ok(()) };
    let window = place.open();
    window.open_file("pack.yaml")?;
    window.chord(&[key::CONTROL, key::END])?;
    window.type_text("license: [a]\n")?;
    window.wait_for("[data-problem]")?;
    drop(window);
    let window = place.open_with(Options::default());
    window.wait_text("1 error")?;
    fs_err::rename(&place.pack, place.pack.with_extension("moved"))?;
    drop(window);
    let window = place.open_with(Options::default());
    window.wait_text("folder not found")
}

#[test]
fn dark_is_dark_from_the_system() -> Result<()> {
    let Some(place) = Place::with_sample("dark", "open-library") else { return Ok(()) };
    let background = "return getComputedStyle(document.querySelector('nav')).backgroundColor";
    let light = place.open().run(background)?;
    let dark = place.open_with(Options { dark: true, ..Options::on(&place.pack) }).run(background)?;
    assert_eq!((light.as_str(), dark.as_str()), (Some("rgb(234, 236, 238)"), Some("rgb(17, 19, 22)")));
    Ok(())
}

#[test]
fn a_page_that_stays_silent_is_started_another_way_and_the_way_is_remembered() -> Result<()> {
    let Some(place) = Place::with_sample("fallback", "open-library") else { return Ok(()) };
    let screen = Screen::start(1280, 800, &place.home)?;
    let studio = program("packwright-studio")?;
    let start = |patience: &str| -> Result<std::process::Child> {
        let mut command = Command::new(&studio);
        screen.dress(&mut command, &place.home);
        command.env("PACKWRIGHT_PAINT_PATIENCE_MS", patience).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(command.spawn()?)
    };
    // No page paints within a millisecond: each step gives up on the one before, until there is none left.
    let mut first = start("1")?;
    let report = place.home.join("cache/window.json");
    let fallback = || -> Option<String> {
        let report: Value = serde_json::from_slice(&fs_err::read(&report).ok()?).ok()?;
        report["painted_ms"].as_u64()?;
        report["fallback"].as_str().map(str::to_owned)
    };
    eventually("the last step has painted", || fallback().as_deref() == Some("no-compositing"));
    eventually("the first process has ended", || first.try_wait().is_ok_and(|status| status.is_some()));
    let running = processes_of(&studio, &place.home)?;
    assert_eq!(running.len(), 1, "one studio is left");
    let variables = fs_err::read(format!("/proc/{}/environ", running[0]))?;
    assert!(String::from_utf8_lossy(&variables).contains("PACKWRIGHT_RENDERING_STEP=no-compositing"));
    let (_, out, _) = env_of(&place, &screen)?;
    assert!(out.contains("WEBKIT_DISABLE_COMPOSITING_MODE"), "{out}");
    for process in running {
        assert!(Command::new("kill").arg(process.to_string()).status()?.success());
    }
    Ok(())
}

fn env_of(place: &Place, screen: &Screen) -> Result<(i32, String, String)> {
    let mut command = Command::new(program("packwright")?);
    screen.dress(&mut command, &place.home);
    let output = command.arg("env").output()?;
    Ok((output.status.code().unwrap_or(-1), String::from_utf8(output.stdout)?, String::from_utf8(output.stderr)?))
}
