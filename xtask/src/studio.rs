//! `cargo xtask studio`: builds the window and opens it, or shows it on a virtual screen and keeps pictures.
//!
//! The tour that makes the pictures is a program of the `tests/` crate; this file starts it and lists what it left.

use std::path::{Path, PathBuf};

use anyhow::Context;
use fs_err as fs;

use crate::arguments::StudioOptions;
use crate::setup::{self, Scope};
use crate::workspace::{Scratch, Workspace, copy_folder};
use crate::{Exit, Stop, process, system};

pub(crate) fn open(workspace: &Workspace, options: &StudioOptions) -> anyhow::Result<Exit> {
    if options.headless {
        return tour(workspace, options.release);
    }
    if !system::has_display() {
        let message = "No display here; `cargo xtask studio --headless` runs the real window on a virtual screen and leaves \
                       screenshots in target/studio/.";
        return Err(Stop::cannot_run(message).into());
    }
    let folder = match &options.folder {
        Some(folder) => existing(folder)?,
        None => own_library(workspace)?,
    };
    setup::prepare(workspace, Scope::Build)?;
    process::build(workspace, options.release)?;
    eprintln!("Opening {}", folder.display());
    let mut studio = process::program(workspace, workspace.program(profile(options.release), "packwright-studio"));
    if std::env::var_os("PACKWRIGHT_HOME").is_none() {
        // A build under development must not change the data of an installed studio.
        studio.env("PACKWRIGHT_HOME", workspace.target.join("studio/home"));
    }
    let status = studio.arg(folder).status().with_context(|| process::cannot_start(&studio))?;
    if !status.success() {
        return Err(Stop::cannot_run(format!("The studio ended with {status}")).into());
    }
    Ok(Exit::Fine)
}

fn profile(release: bool) -> &'static str {
    if release { "release" } else { "debug" }
}

fn existing(folder: &Path) -> anyhow::Result<PathBuf> {
    let folder = std::path::absolute(folder)?;
    if !folder.is_dir() {
        return Err(Stop { exit: Exit::Usage, message: format!("There is no folder {}", folder.display()) }.into());
    }
    Ok(folder)
}

/// The copy of the sample library that is the author's to change.
fn own_library(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    let copy = workspace.target.join("studio/open-library");
    if copy.is_dir() {
        eprintln!("Your copy of the sample library is kept as you left it; remove {} for a fresh one.", copy.display());
        return Ok(copy);
    }
    // Aside first: a copy that was interrupted must not be taken for the author's.
    let aside = copy.with_extension("part");
    if aside.exists() {
        fs::remove_dir_all(&aside)?;
    }
    copy_folder(&workspace.samples().join("open-library"), &aside)?;
    fs::rename(aside, &copy)?;
    eprintln!("Copied the sample library to {}: change what you like.", copy.display());
    Ok(copy)
}

fn tour(workspace: &Workspace, release: bool) -> anyhow::Result<Exit> {
    setup::prepare(workspace, Scope::Everything)?;
    process::build(workspace, release)?;
    let folder = workspace.target.join("studio");
    fs::create_dir_all(&folder)?;
    for old in pictures(&folder)? {
        fs::remove_file(old)?;
    }
    let home = Scratch::new()?;
    let mut tour = process::program(workspace, workspace.program(profile(release), "tour"));
    let status = tour.arg(&folder).env("PACKWRIGHT_HOME", home.path()).status().with_context(|| process::cannot_start(&tour))?;
    let pictures = pictures(&folder)?;
    println!("{} screenshots:", pictures.len());
    for picture in &pictures {
        println!("  {}", picture.display());
    }
    if !status.success() {
        eprintln!("The tour ended early ({status}).");
        return Ok(Exit::Findings);
    }
    Ok(Exit::Fine)
}

fn pictures(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut pictures = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "png") {
            pictures.push(path);
        }
    }
    pictures.sort();
    Ok(pictures)
}
