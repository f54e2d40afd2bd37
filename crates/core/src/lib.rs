//! The pack language: reading a manifest, checking a pack, mending what is certain.
//!
//! This crate has no file system, network, clock, randomness, environment, thread or process. What it needs of a pack it asks
//! of a [`source::PackSource`]; what it finds it returns as [`diagnostic::Diagnostic`]s. A broken pack is not an error.
//!
//! ```
//! use packwright_core::{check::check_pack, source::MemoryPack};
//!
//! let pack = MemoryPack::new([("pack.yaml", "name: open-library\ndescription: Find books.\ncatagory: tools\n")]);
//! let checked = check_pack(&pack);
//! assert_eq!(checked.pack.name.as_deref(), Some("open-library"));
//! let found = &checked.diagnostics[0];
//! assert_eq!(found.code, "manifest/unknown-key");
//! assert_eq!(found.fix.as_ref().unwrap().title, "Change to `category`");
//! ```
//!
//! Where to look: [`yaml`] reads text into a tree with positions, [`shape`] says which keys the manifest has, [`rules`] holds what
//! can be wrong, one file a family, and [`check`] runs them.

pub mod artifact;
pub mod assist;
pub mod call;
pub mod cases;
pub mod check;
pub mod compat;
pub mod content;
pub mod diagnostic;
pub mod edit;
pub mod folder;
pub mod json;
pub mod languages;
pub mod manifest;
pub mod model;
pub mod nearest;
pub mod policy;
pub mod recording;
pub mod rules;
pub mod schema;
pub mod shape;
pub mod source;
pub mod text;
pub mod yaml;

mod fixes;
mod kept;
