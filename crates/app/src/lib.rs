//! Use cases: all that a front end may call, whether it is the window or the command line.
//!
//! [`studio::Studio`] answers the window's [`commands`]; [`check`] and [`environment`] answer the command line too. The language server in [`lsp`]
//! is the one place where an editor's text meets the core's checks. What crosses to a page is in [`wire`].

pub mod check;
pub mod commands;
pub mod compare;
pub mod environment;
pub mod examples;
pub mod geometry;
pub mod lsp;
pub mod mend;
pub mod new_pack;
pub mod samples;
pub mod session;
pub mod shipping;
pub mod studio;
pub mod trying;
pub mod wire;

mod failure;
pub mod uri;

pub use packwright_core as core;
pub use packwright_kit::home;
