//! To be written.

pub mod hosts;

use super::Rule;
use crate::check::Whole;
use crate::content::{Facts, Kind};
use crate::diagnostic::Diagnostic;

/// The family's rules.
pub static RULES: &[&Rule] = &[];

/// What such a file says that others count on.
#[derive(Debug, Default)]
pub struct ScriptFacts {}

/// Checks one file by itself.
pub fn check_file(_path: &str, _text: &str, _kind: Kind, _out: &mut Vec<Diagnostic>) -> Facts {
    Facts::Nothing
}

/// Checks what only the whole pack can tell.
pub fn check(_pack: &Whole<'_>, _out: &mut Vec<Diagnostic>) {}
