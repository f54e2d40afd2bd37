//! Makes the engine that runs inline handlers: QuickJS, started, with its standard library inside, as a component.
//!
//! ```text
//! quickjs.wasm ── started, library evaluated ──▶ snapshot ── + glue.wat, system.wat ──▶ inline-engine.wasm
//! ```
//!
//! `cargo xtask setup` calls it: `packwright-engine QUICKJS_WASM OUT`. Same input, same bytes, on every computer.

mod quickjs;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// The QuickJS module of npm's `quickjs-wasi` 3.6.2. Another one may have other functions, and other faults.
const QUICKJS: &str = "d4c9375f2b1ca4dc95f72c8aa2982a7a9951ac8011490d79c6582df732b4bbd9";
/// Bytes of stack that JavaScript may use.
const STACK: u32 = 256 * 1024;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(from), Some(to), None) = (arguments.next(), arguments.next(), arguments.next()) else {
        anyhow::bail!("usage: packwright-engine QUICKJS_WASM OUT");
    };
    let module = fs_err::read(&from)?;
    let digest = hex::encode(Sha256::digest(&module));
    ensure!(
        digest == QUICKJS,
        "{from} is not the QuickJS that this program knows: its SHA-256 is {digest}, and {QUICKJS} is wanted"
    );
    let snapshot = quickjs::snapshot(&module, include_str!("../library/library.js"))?;
    let component = component(&snapshot)?;
    // Written aside and renamed: who reads it meanwhile gets the old one or the new one.
    let aside = format!("{to}.part");
    fs_err::write(&aside, &component)?;
    fs_err::rename(aside, &to)?;
    println!("{} {} bytes", hex::encode(Sha256::digest(&component)), component.len());
    Ok(())
}

/// The snapshot and its two adapters as one component of the world `engine`.
fn component(snapshot: &quickjs::Snapshot) -> Result<Vec<u8>> {
    let mut wit = Resolve::default();
    let package = wit.push_str("engine.wit", include_str!("../wit/engine.wit"))?;
    let with_world = |mut module: Vec<u8>, world: &str| -> Result<Vec<u8>> {
        let world = wit.select_world(&[package], Some(world))?;
        embed_component_metadata(&mut module, &wit, world, StringEncoding::UTF8)?;
        Ok(module)
    };
    let main = with_world(snapshot.module.clone(), "quickjs")?;
    let glue = with_world(wat::parse_str(glue(snapshot)).context("glue.wat")?, "engine")?;
    let system = with_world(wat::parse_str(include_str!("system.wat")).context("system.wat")?, "system")?;
    ComponentEncoder::default()
        .module(&main)?
        .adapter("env", &glue)?
        .adapter("wasi_snapshot_preview1", &system)?
        .validate(true)
        .encode()
}

/// The glue with the addresses of the library's functions in this snapshot.
fn glue(snapshot: &quickjs::Snapshot) -> String {
    let mut text = include_str!("glue.wat").replace("(i32.const STACK)", &format!("(i32.const {STACK})"));
    for (name, address) in ["BEGIN", "END", "RESOLVE", "LOAD", "REJECTED"].iter().zip(snapshot.library) {
        text = text.replace(&format!("(i32.const {name})"), &format!("(i32.const {address})"));
    }
    text
}
