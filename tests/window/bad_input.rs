//! Folders and files that are not what an author hopes for: each a clear message with the path in it, and nothing lost.

use crate::Place;
use anyhow::Result;
use packwright_tests::skip;
use packwright_tests::window::{Options, key};
use std::process::Command;

#[test]
fn a_folder_that_is_gone_or_is_a_file_is_named() -> Result<()> {
    let Some(place) = Place::with_sample("vanished at start", "open-library") else { return Ok(()) };
    let gone = place.pack.join("not-here");
    let window = place.open_with(Options::on(&gone));
    window.wait_text("does not exist")?;
    window.wait_text("not-here")?;
    drop(window);
    let window = place.open_with(Options::on(&place.pack.join("README.md")));
    window.wait_text("is not a folder")
}

#[test]
fn a_folder_that_vanishes_and_comes_back_loses_nothing() -> Result<()> {
    let Some(place) = Place::with_sample("vanishing folder", "open-library") else { return Ok(()) };
    let window = place.open();
    window.open_file("README.md")?;
    let away = place.pack.with_extension("away");
    fs_err::rename(&place.pack, &away)?;
    window.focus_editor()?;
    window.chord(&[key::CONTROL, key::HOME])?;
    window.type_text("Kept. ")?;
    window.wait_for("[data-notice]")?;
    window.wait("the text stays", "return document.querySelector('.cm-content').innerText.includes('Kept. ')")?;
    fs_err::rename(&away, &place.pack)?;
    window.focus_editor()?;
    window.type_text("Still here. ")?;
    window.chord(&[key::CONTROL, 's'])?;
    window.until("the text is on disk", || {
        let text = place.read("README.md");
        text.contains("Kept. ") && text.contains("Still here. ")
    })?;
    Ok(())
}

#[test]
fn files_that_no_editor_can_show_say_why() -> Result<()> {
    let Some(place) = Place::with_sample("files without text", "open-library") else { return Ok(()) };
    place.write("guides/latin.md", b"caf\xe9\n");
    let big = fs_err::File::create(place.pack.join("guides/big.md"))?;
    big.set_len(50_000_000)?;
    drop(big);
    let window = place.open();
    window.click("[role=treeitem][data-path='guides']")?;
    window.click("[role=treeitem][data-path='guides/latin.md']")?;
    window.wait_text("is not UTF-8 text")?;
    window.wait_text("guides/latin.md")?;
    window.click("[role=treeitem][data-path='guides/big.md']")?;
    window.wait_text("has 47 MB")?;
    assert_eq!(fs_err::read(place.pack.join("guides/latin.md"))?, b"caf\xe9\n");
    // Mended elsewhere, it opens.
    place.write("guides/latin.md", "café\n");
    window.click("[role=tab][data-path='guides/latin.md']")?;
    // The watcher may have been quicker than the click.
    let again = "const again = [...document.querySelectorAll('button')].find((one) => one.innerText.includes('Try again')); again?.click();";
    let there = "return document.querySelector('.cm-content')?.innerText.includes('café') === true";
    window.wait("the text is there", &format!("{again} {there}"))
}

#[test]
fn line_ends_and_marks_of_a_file_stay() -> Result<()> {
    let Some(place) = Place::with_sample("CRLF and BOM", "open-library") else { return Ok(()) };
    place.write("guides/windows.md", "\u{feff}# One\r\n\r\nTwo\r\n");
    place.write("guides/mixed.md", "One\r\nTwo\nThree\n");
    let window = place.open();
    window.open_file("guides/windows.md")?;
    window.chord(&[key::CONTROL, key::END])?;
    window.type_text("Three\n")?;
    window.until("it is saved", || place.read("guides/windows.md") == "\u{feff}# One\r\n\r\nTwo\r\nThree\r\n")?;
    window.open_file("guides/mixed.md")?;
    window.chord(&[key::CONTROL, key::END])?;
    window.type_text("Four\n")?;
    window.until("it is saved", || place.read("guides/mixed.md") == "One\r\nTwo\nThree\nFour\n")?;
    Ok(())
}

#[test]
fn a_manifest_that_becomes_a_folder_is_said_and_its_text_is_kept() -> Result<()> {
    let Some(place) = Place::with_sample("manifest replaced", "open-library") else { return Ok(()) };
    let window = place.open();
    window.open_file("pack.yaml")?;
    window.chord(&[key::CONTROL, key::HOME])?;
    window.type_text("# Mine\n")?;
    window.wait_saved()?;
    window.until("it is saved", || place.read("pack.yaml").starts_with("# Mine\n"))?;
    let text = place.read("pack.yaml");
    fs_err::remove_file(place.pack.join("pack.yaml"))?;
    fs_err::create_dir(place.pack.join("pack.yaml"))?;
    window.wait_for("[data-notice]")?;
    window.type_text("# More\n")?;
    window.chord(&[key::CONTROL, 's'])?;
    window.wait("the text stays", "return document.querySelector('.cm-content').innerText.includes('# More')")?;
    window.wait_text("is a folder, and a file was to be written")?;
    fs_err::remove_dir(place.pack.join("pack.yaml"))?;
    window.click_text("Try again")?;
    // What stood in the way is gone, and so is the file: that is another thing to be asked about.
    window.click_text("Save again")?;
    window
        .until("the text is on disk", || place.pack.join("pack.yaml").is_file() && place.read("pack.yaml").contains("# More"))?;
    assert!(place.read("pack.yaml").len() > text.len());
    Ok(())
}

#[test]
fn a_read_only_file_says_so() -> Result<()> {
    let Some(place) = Place::with_sample("read-only file", "open-library") else { return Ok(()) };
    let path = place.pack.join("README.md");
    let mut permissions = fs_err::metadata(&path)?.permissions();
    permissions.set_readonly(true);
    fs_err::set_permissions(&path, permissions)?;
    let window = place.open();
    window.open_file("README.md")?;
    window.wait_for("[data-notice=read-only]")?;
    let before = place.read("README.md");
    window.type_text("x")?;
    window.settle()?;
    assert_eq!(place.read("README.md"), before);
    Ok(())
}

/// A disk of 256 KB, unmounted when dropped.
struct SmallDisk(camino::Utf8PathBuf);

impl SmallDisk {
    fn mount(at: &camino::Utf8Path) -> Option<Self> {
        fs_err::create_dir_all(at).ok()?;
        let done = Command::new("mount").args(["-t", "tmpfs", "-o", "size=256k", "tmpfs", at.as_str()]).status().ok()?;
        done.success().then(|| Self(at.to_owned()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_keeps_the_text_until_there_is_room() -> Result<()> {
    let Some(place) = Place::with_sample("full disk", "open-library") else { return Ok(()) };
    let Some(disk) = SmallDisk::mount(&place.home.join("disk")) else {
        skip("full disk", "a disk can be mounted by root only");
        return Ok(());
    };
    let pack = disk.0.join("pack");
    fs_err::create_dir(&pack)?;
    fs_err::write(pack.join("pack.yaml"), "name: small\ndescription: A pack on a small disk.\n")?;
    let window = place.open_with(Options::on(&pack));
    window.open_file("pack.yaml")?;
    // What is left of the disk, to the last block.
    let filler = disk.0.join("filler");
    let mut block = vec![b'x'; 4096];
    let mut file = fs_err::File::create(&filler)?;
    while std::io::Write::write_all(&mut file, &block).is_ok() {
        block.truncate(4096);
    }
    drop(file);
    window.chord(&[key::CONTROL, key::END])?;
    window.type_text("category: general\n")?;
    window.wait_for("[data-notice=save-failed]")?;
    window.wait_text("the disk is full")?;
    assert_eq!(fs_err::read_to_string(pack.join("pack.yaml"))?, "name: small\ndescription: A pack on a small disk.\n");
    fs_err::remove_file(&filler)?;
    window.click_text("Try again")?;
    window.until("the text is on disk", || {
        fs_err::read_to_string(pack.join("pack.yaml")).is_ok_and(|text| text.ends_with("category: general\n"))
    })?;
    window.wait_gone("[data-notice=save-failed]")?;
    drop(window);
    Ok(())
}
