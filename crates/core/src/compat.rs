//! Compatibility: what changes between two versions of a pack, and what callers notice.
//!
//! [`input`] and [`output`] compare two schemas, [`packs`] compares two packs. An input schema may only take more, an output schema only
//! promise more. Inputs are compared as closed objects and outputs as open ones, so that an optional property may be added to either.
//! A property that an output names no more may be anything from then on, which is a loss, unless the output takes no others.
//!
//! Two things answer. Set algebra over schemas (`jsonschema::canonical`) can prove that nothing was lost. Values can prove that something
//! was: each is made from one schema and tried on the other, and it is shown only when it really is valid here and invalid there. Where
//! neither answers, the verdict is *review*, never *breaking*.

pub use packs::{Bump, Change, PackTexts, Report, Severity, Side, Unreadable, What, packs};
pub use verdict::{Refusal, Verdict, input, output};

mod closed;
mod network;
mod packs;
mod verdict;
