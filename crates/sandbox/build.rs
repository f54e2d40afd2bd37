//! Sees to it that the engine of inline handlers is there: it is made, not committed.

fn main() {
    let engine = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../engine/out/inline-engine.wasm");
    println!("cargo::rerun-if-changed={}", engine.display());
    if !engine.is_file() {
        println!("cargo::error=engine/out/inline-engine.wasm is missing: run `cargo xtask setup`, which makes it");
    }
}
