//! One thin line through every floor: open, edit, see, mend, save; and what other hands do meanwhile.

use crate::Place;
use anyhow::Result;
use packwright_tests::packwright;
use packwright_tests::window::key;
use serde_json::Value;

#[test]
fn a_fault_is_seen_while_typing_mended_with_a_key_and_saved() -> Result<()> {
    let Some(place) = Place::with_sample("thin line", "open-library") else { return Ok(()) };
    let window = place.open();
    window.open_file("pack.yaml")?;
    window.chord(&[key::CONTROL, key::END])?;
    window.type_text("workflow: []\n")?;
    window.wait_for(".cm-lintRange-warning")?;
    window.wait_for("[data-problem][data-code='manifest/unknown-key']")?;

    // The command line says the same of the same text, once it is on disk.
    window.wait_saved()?;
    window.until("the text is on disk", || place.read("pack.yaml").ends_with("workflow: []\n"))?;
    let (code, out, _) = packwright(&place.pack, &["check", "--json"])?;
    let envelope: Value = serde_json::from_str(&out)?;
    assert_eq!((code, &envelope["diagnostics"][0]["code"]), (0, &Value::from("manifest/unknown-key")));
    let shown = window.run("return document.querySelector('[data-problem]').innerText")?;
    // On the page, code is set as code instead of standing between backticks.
    let message = envelope["diagnostics"][0]["message"].as_str().unwrap_or("?").replace('`', "");
    assert!(shown.as_str().is_some_and(|shown| shown.contains(&message)), "{shown}");

    window.chord(&[key::F8])?;
    window.wait_text("Platforms pass over keys they do not know")?;
    window.chord(&[key::CONTROL, '.'])?;
    window.wait_gone("[data-problem]")?;
    window.chord(&[key::CONTROL, 's'])?;
    window.until("the repair is on disk", || place.read("pack.yaml").ends_with("\nworkflows: []\n"))?;

    // One undo takes the repair back: it went through the author's own history.
    window.focus_editor()?;
    window.chord(&[key::CONTROL, 'z'])?;
    window.wait_for("[data-problem][data-code='manifest/unknown-key']")
}

#[test]
fn a_fix_may_write_another_file() -> Result<()> {
    let Some(place) = Place::with_sample("fix of another file", "open-library") else { return Ok(()) };
    place.write("notes.txt", "mine\n");
    let window = place.open();
    window.wait_for("[data-problem][data-code='folder/unknown-entry']")?;
    window.click_text("Fix")?;
    window.wait_gone("[data-problem]")?;
    window.until("the ignore file is on disk", || {
        place.pack.join(".packignore").is_file() && place.read(".packignore") == "/notes.txt\n"
    })?;
    assert_eq!(place.read("notes.txt"), "mine\n");
    Ok(())
}

#[test]
fn a_change_by_another_hand_shows_up() -> Result<()> {
    let Some(place) = Place::with_sample("outside change", "open-library") else { return Ok(()) };
    let window = place.open();
    window.open_file("README.md")?;
    place.write("README.md", "# Written elsewhere\n");
    window.wait("the editor has it", "return document.querySelector('.cm-content').innerText.includes('Written elsewhere')")?;
    window.wait_saved()?;
    place.write("guides/new.md", "# New\n");
    window.click("[role=treeitem][data-path='guides']")?;
    window.wait_for("[role=treeitem][data-path='guides/new.md']")?;
    // A file that another rule cares for: the findings follow the disk as well.
    fs_err::remove_file(place.pack.join("schemas/get_book.input.json"))?;
    window.wait_for("[data-problem][data-code='manifest/missing-file']")
}

#[test]
fn two_hands_at_one_file_lose_neither() -> Result<()> {
    let Some(place) = Place::with_sample("conflict", "open-library") else { return Ok(()) };
    let window = place.open();
    window.open_file("README.md")?;
    window.chord(&[key::CONTROL, key::HOME])?;
    window.type_text("Mine. ")?;
    place.write("README.md", "Theirs.\n");
    window.wait_for("[data-notice=conflict]")?;
    assert_eq!(place.read("README.md"), "Theirs.\n");
    window.click_text("Compare")?;
    window.wait_for(".cm-mergeView")?;
    window.click_text("Keep mine")?;
    window.until("mine is on disk", || place.read("README.md").starts_with("Mine. "))?;
    window.wait_gone("[data-notice=conflict]")?;

    window.focus_editor()?;
    window.chord(&[key::CONTROL, key::HOME])?;
    window.type_text("Again. ")?;
    place.write("README.md", "Theirs again.\n");
    window.wait_for("[data-notice=conflict]")?;
    window.click_text("Take theirs")?;
    window.wait("the editor has theirs", "return document.querySelector('.cm-content').innerText.includes('Theirs again.')")?;
    // And mine is one undo away.
    window.focus_editor()?;
    window.chord(&[key::CONTROL, 'z'])?;
    window.wait("mine is back", "return document.querySelector('.cm-content').innerText.includes('Again. ')")
}

#[test]
fn a_folder_becomes_a_pack() -> Result<()> {
    let Some(place) = Place::with_sample("make a pack", "progress-tracking") else { return Ok(()) };
    fs_err::remove_file(place.pack.join("pack.yaml"))?;
    let window = place.open();
    window.click_text("Make this a pack")?;
    window.wait_for("[role=tab][data-path='pack.yaml']")?;
    assert!(place.read("pack.yaml").starts_with("name: progress-tracking\n"));
    // What is still to be said is told, and nothing else.
    window.wait_for("[data-problem][data-code='manifest/placeholder']")?;
    window.wait_gone("[data-problem]:not([data-code='manifest/placeholder'])")?;
    // And it is checked from now on.
    window.focus_editor()?;
    window.chord(&[key::CONTROL, key::END])?;
    window.type_text("catagory2: x\n")?;
    window.wait_for("[data-problem][data-code='manifest/unknown-key']")
}

#[test]
fn a_folder_put_in_the_place_of_another_is_followed() -> Result<()> {
    let Some(place) = Place::with_sample("swapped folder", "open-library") else { return Ok(()) };
    let window = place.open();
    window.open_file("README.md")?;
    let other = place.pack.with_extension("other");
    packwright_tests::copy_folder(&place.pack, &other)?;
    fs_err::write(other.join("README.md"), "# From the other folder\n")?;
    fs_err::rename(&place.pack, place.pack.with_extension("away"))?;
    fs_err::rename(&other, &place.pack)?;
    let shows = |text: &str| format!("return document.querySelector('.cm-content').innerText.includes('{text}')");
    window.wait("the other folder's text is there", &shows("From the other folder"))?;
    place.write("README.md", "# And changed there\n");
    window.wait("its changes are followed", &shows("And changed there"))
}

#[test]
fn a_link_out_of_the_pack_does_not_stop_the_watch() -> Result<()> {
    let Some(place) = Place::with_sample("link and watch", "open-library") else { return Ok(()) };
    std::os::unix::fs::symlink("/proc/self", place.pack.join("guides/p"))?;
    let window = place.open();
    window.wait_for("[data-problem][data-code='folder/link-outside']")?;
    window.open_file("README.md")?;
    place.write("README.md", "# Written elsewhere\n");
    window.wait("the change is seen", "return document.querySelector('.cm-content').innerText.includes('Written elsewhere')")
}

#[test]
fn a_sample_is_opened_as_a_copy() -> Result<()> {
    let Some(place) = Place::with_sample("sample copy", "open-library") else { return Ok(()) };
    let window = place.open_with(packwright_tests::window::Options::default());
    window.wait_text("word-count")?;
    window.click_text("word-count")?;
    window.open_file("README.md")?;
    window.type_text("x")?;
    let copy = place.home.join("data/samples/word-count/README.md");
    let original = packwright_tests::sources().join("packs-samples/word-count/README.md");
    let before = fs_err::read(&original)?;
    window.until("the copy has the change", || fs_err::read(&copy).is_ok_and(|now| now != before))?;
    assert_eq!(fs_err::read(&original)?, before);
    Ok(())
}
