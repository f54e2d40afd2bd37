//! To be written.

use super::Rule;
use crate::check::Whole;
use crate::diagnostic::Diagnostic;

/// The family's rules.
pub static RULES: &[&Rule] = &[];

/// Checks what only the whole pack can tell.
pub fn check(_pack: &Whole<'_>, _out: &mut Vec<Diagnostic>) {}
