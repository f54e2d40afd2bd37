//! To be written.

use super::Rule;
use crate::check::Whole;
use crate::content::Facts;
use crate::diagnostic::Diagnostic;
use crate::languages::Languages;

/// The family's rules.
pub static RULES: &[&Rule] = &[];

/// Checks what only the whole pack can tell.
pub fn check(_pack: &Whole<'_>, _out: &mut Vec<Diagnostic>) {}

/// Checks one module by itself.
pub fn check_file(path: &str, text: &str, languages: &dyn Languages, _out: &mut Vec<Diagnostic>) -> Facts {
    languages.outline(path, text).map(Facts::Handler).unwrap_or_default()
}
