//! The engine of inline handlers: made by the program in `engine/`, a workspace of its own, from an npm package and text.

use fs_err as fs;
use std::path::PathBuf;

use crate::workspace::Workspace;
use crate::{process, stamp};

/// Makes `engine/out/inline-engine.wasm` when anything that it is made of has changed since.
pub(crate) fn make(workspace: &Workspace) -> anyhow::Result<()> {
    let engine = workspace.root.join("engine");
    let made = engine.join("out/inline-engine.wasm");
    let file = engine.join("out/.packwright-made-of");
    let stamp = stamp::of_contents(&made_of(&engine)?)?;
    if stamp::is_current(&file, &stamp) && made.is_file() {
        return Ok(());
    }
    eprintln!("Making the engine of inline handlers (once, about a minute)");
    process::must_succeed(process::npm_in(workspace, "engine").arg("ci"), "npm ci in engine/")?;
    fs::create_dir_all(engine.join("out"))?;
    let mut program = process::cargo(workspace);
    program.args(["run", "--quiet", "--locked", "--manifest-path", "engine/Cargo.toml", "--"]);
    program.args(["engine/node_modules/quickjs-wasi/quickjs.wasm", "engine/out/inline-engine.wasm"]);
    process::must_succeed(&mut program, "making the engine")?;
    fs::write(file, stamp)?;
    Ok(())
}

/// Everything under version control in `engine/`, sorted.
fn made_of(engine: &std::path::Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for folder in ["", "src", "library", "wit"] {
        for entry in fs::read_dir(engine.join(folder))? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}
