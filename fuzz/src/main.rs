//! One program for all fuzz targets: which one runs is in the environment, so that everything is linked once.
//!
//! A target takes bytes, and panics when something is wrong. `cargo xtask fuzz` builds this with instruments, makes seeds from the sample packs, and reads how
//! it ended; its list of targets and the one below are held together by a test there.
#![no_main]

mod cases;
mod edit;
mod ignore;
mod manifest;
mod recording;
mod schema;

use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

/// Names the target.
const VARIABLE: &str = "PACKWRIGHT_FUZZ";

static TARGET: OnceLock<fn(&[u8])> = OnceLock::new();

fn target() -> fn(&[u8]) {
    match std::env::var(VARIABLE).unwrap_or_default().as_str() {
        "manifest" => manifest::run,
        "schema" => schema::run,
        "edit" => edit::run,
        "ignore" => ignore::run,
        "cases" => cases::run,
        "recording" => recording::run,
        other => panic!("{VARIABLE} names no target: `{other}`"),
    }
}

fuzz_target!(|bytes: &[u8]| TARGET.get_or_init(target)(bytes));
