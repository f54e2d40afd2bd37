//! To be written.

use super::Rule;
use crate::content::Kind;
use crate::diagnostic::Diagnostic;

/// The family's rules.
pub static RULES: &[&Rule] = &[];

/// Checks one file by itself.
pub fn check_file(_path: &str, _text: &str, _kind: Kind, _out: &mut Vec<Diagnostic>) {}
