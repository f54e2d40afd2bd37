//! Runs a tool: a fresh Wasm instance for every call, with limits that are always on.
//!
//! ```text
//! handlers/*.ts ── inline: types blanked, imports collected ──┐
//!                                                             ├─▶ Prepared ── run ──▶ Run: outcome, calls, log, time, memory, fuel
//! components/*.wasm (a WASI program) ── compiled once ────────┘       │
//!                                                                     └─ host: log, clock, random, url, http under the pack's policy
//! ```
//!
//! Start at [`Sandbox`]. A handler that fails is an answer, never an error of ours: [`Run::outcome`] says how.

mod bundle;
mod command;
mod guest;
mod host;
mod inline;
mod machine;
mod run;

pub mod http;

pub use bundle::{PATH as BUNDLE_PATH, bundle};
pub use host::{LogLevel, LogLine};
pub use inline::{Blocked, outline};
pub use machine::{OpenError, Sandbox};
pub use run::{Call, Chance, Failure, Frame, Prepared, Run, Stop, Times, Used};
