//! `tour FOLDER`: the real window, from opening a pack to a saved repair, with pictures left in the folder.
//!
//! What `cargo xtask studio --headless` runs where there is no display: proof that the window works here, and how it looks.

#![expect(clippy::print_stdout, reason = "a program that tells what it saw")]

use anyhow::{Context, Result, ensure};
use camino::{Utf8Path, Utf8PathBuf};
use packwright_tests::copy_of_sample;
use packwright_tests::window::{Options, Window, key};

fn main() -> Result<()> {
    let folder = std::env::args().nth(1).context("say where the pictures go: `tour FOLDER`")?;
    let pictures = Utf8PathBuf::from(folder);
    fs_err::create_dir_all(&pictures)?;
    for dark in [false, true] {
        walk(&pictures, if dark { "-dark" } else { "" }, dark, (1280, 800))?;
    }
    walk(&pictures, "-1000x640", false, (1000, 640))
}

fn walk(pictures: &Utf8Path, suffix: &str, dark: bool, (width, height): (u32, u32)) -> Result<()> {
    let (_keep, pack) = copy_of_sample("open-library")?;
    let home = tempfile::tempdir()?;
    let home = Utf8Path::from_path(home.path()).context("the temporary folder's path is Unicode")?;
    let size = Options { width, height, dark, ..Options::default() };
    let picture = |window: &Window, name: &str| -> Result<()> {
        let path = pictures.join(format!("{name}{suffix}.png"));
        window.picture(&path)?;
        println!("{path}");
        Ok(())
    };

    let window = Window::start(home, &size)?;
    window.wait_text("open-library")?;
    picture(&window, "start")?;
    drop(window);

    let window = Window::start(home, &Options { folder: Some(pack.clone()), ..size })?;
    window.open_file("pack.yaml")?;
    window.wait_gone("[data-problem]")?;
    picture(&window, "pack")?;

    // A slip of the finger: the key is one letter short.
    window.chord(&[key::CONTROL, key::END])?;
    window.type_text("workflow: []\n")?;
    window.wait_for("[data-problem][data-code='manifest/unknown-key']")?;
    window.wait_for(".cm-lintRange-warning")?;
    picture(&window, "problem")?;

    window.chord(&[key::F8])?;
    window.chord(&[key::CONTROL, '.'])?;
    window.wait("the key is mended", "return document.querySelector('.cm-content').innerText.includes('workflows: []')")?;
    window.chord(&[key::CONTROL, 's'])?;
    window.wait_saved()?;
    picture(&window, "fixed")?;
    let saved = fs_err::read_to_string(pack.join("pack.yaml"))?;
    ensure!(saved.contains("\nworkflows: []\n"), "the repair is on disk");

    window.chord(&[key::CONTROL, 'k'])?;
    window.wait_for("#palette-input")?;
    picture(&window, "palette")?;
    window.chord(&[key::ESCAPE])?;

    // Trying: a case that replays, a run that the network refuses here, and what they cost.
    window.chord(&[key::CONTROL, '2'])?;
    window.wait_for("[data-tool=search_books]")?;
    window.settle()?;
    picture(&window, "test")?;
    window.click("button[aria-label='Run all cases']")?;
    window.wait_for("[data-case='an unknown property is refused'][data-verdict=pass]")?;
    window.click("[data-case='finds Dune']")?;
    window.settle()?;
    window.chord(&[key::CONTROL, key::ENTER])?;
    window.wait_text("Dune Messiah")?;
    window.settle()?;
    picture(&window, "test-run")?;

    // Shipping: the plan, the publication, the receipt.
    window.chord(&[key::CONTROL, '3'])?;
    window.wait_for("[data-digest]")?;
    window.settle()?;
    picture(&window, "ship")?;
    window.click("[data-command=publish]")?;
    window.wait_for("[data-receipt]")?;
    window.settle()?;
    picture(&window, "ship-done")?;
    window.chord(&[key::CONTROL, 'n'])?;
    window.wait_for("[data-template]")?;
    window.settle()?;
    picture(&window, "new-pack")?;
    Ok(())
}
