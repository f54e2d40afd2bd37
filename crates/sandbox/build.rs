//! Sees to it that the engine of inline handlers is there: it is made, not committed.

fn main() {
    // Asked for when it runs: a program compiled for one clone may run for another that shares its target folder.
    let here = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where the package is");
    let engine = std::path::Path::new(&here).join("../../engine/out/inline-engine.wasm");
    println!("cargo::rerun-if-changed={}", engine.display());
    if !engine.is_file() {
        println!("cargo::error=engine/out/inline-engine.wasm is missing: run `cargo xtask setup`, which makes it");
    }
}
