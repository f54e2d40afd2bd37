//! What goes wrong with registries, in the words of the edge.

use crate::shipping::address::{Registry, Repository};
use crate::wire::{Failure, FailureCode};
use packwright_kit::keys::KeysError;
use packwright_registry::publish::{PublishError, Step};
use packwright_registry::pull::PullError;
use packwright_registry::store::RegistryError;
use std::io;

/// What a repository did not do.
pub fn registry(repository: &Repository, error: &RegistryError) -> Failure {
    let code = match error {
        RegistryError::Unreachable { .. } | RegistryError::Protocol { .. } => FailureCode::Unreachable,
        RegistryError::Unauthorized { .. } | RegistryError::Login { .. } | RegistryError::Corrupt { .. } => FailureCode::Refused,
        RegistryError::NotFound { what, .. } => return not_found(repository, what),
        RegistryError::TagExists { .. } => FailureCode::VersionExists,
        RegistryError::TooLarge { .. } => FailureCode::TooLarge,
        RegistryError::BadRepository { .. } | RegistryError::BadAddress { .. } => FailureCode::BadRequest,
        RegistryError::Io(error) => return file(error),
    };
    let hint = error.hint().unwrap_or(match &repository.registry {
        Registry::Local => "It is the registry on this computer: `packwright env` says where the data folder is.",
        Registry::Server { .. } => "Try again; if it stays so, ask who runs the registry.",
    });
    Failure::new(code, error.to_string(), hint)
}

fn not_found(repository: &Repository, what: &str) -> Failure {
    let shown = repository.shown();
    let there = match &repository.registry {
        Registry::Local => "on this computer".to_owned(),
        Registry::Server { host, .. } => format!("at `{host}`"),
    };
    let message = format!("`{what}` of `{shown}` is not published {there}");
    Failure::new(FailureCode::NotFound, message, &format!("`packwright versions {shown}` lists what is."))
}

/// Why a release was not pulled or checked.
pub fn pull(repository: &Repository, error: &PullError) -> Failure {
    let code = match error {
        PullError::Registry(error) => return registry(repository, error),
        PullError::Io(error) => return file(error),
        PullError::NotAPack { .. } => FailureCode::WrongKind,
        PullError::Untrusted { .. } | PullError::Layer(_) | PullError::OtherContent { .. } => FailureCode::Refused,
        PullError::TargetExists { .. } => FailureCode::Exists,
    };
    Failure::new(code, error.to_string(), error.hint().unwrap_or("Do not use it."))
}

/// Why nothing was published.
pub fn publish(repository: &Repository, error: &PublishError) -> Failure {
    let code = match error {
        PublishError::VersionExists { .. } => FailureCode::VersionExists,
        PublishError::Cancelled => FailureCode::Stopped,
        PublishError::ReadBack { .. } => FailureCode::Unreachable,
        PublishError::OtherRepository { .. } => FailureCode::BadRequest,
        PublishError::Registry { step, source } => return at(*step, registry(repository, source)),
        PublishError::Unreadable { step, source } => return at(*step, pull(repository, source)),
    };
    Failure { code, message: error.to_string(), hints: error.hint().into_iter().collect() }
}

fn at(step: Step, failure: Failure) -> Failure {
    let mut hints = failure.hints;
    hints.push("Nobody sees half a release: publish again, and what is there already is not sent twice.".to_owned());
    Failure { message: format!("could not {step}: {}", failure.message), hints, ..failure }
}

/// A file that could not be read or written; the error names it.
pub fn file(error: &io::Error) -> Failure {
    let (code, hint) = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            (FailureCode::DiskFull, "Make room on the disk, then try again.")
        }
        io::ErrorKind::ReadOnlyFilesystem => (FailureCode::ReadOnly, "Make the disk writable, or choose another folder."),
        io::ErrorKind::PermissionDenied => (FailureCode::Denied, "Give yourself permission there, or choose another folder."),
        _ => (FailureCode::Other, "Check that the disk is there, then try again."),
    };
    Failure::new(code, error.to_string(), hint)
}

/// A key that could not be read or made.
pub fn keys(error: &KeysError) -> Failure {
    match error {
        KeysError::Io(error) => file(error),
        KeysError::TooLarge { .. } => {
            Failure::new(FailureCode::Other, error.to_string(), "Put the right file there, or move it away.")
        }
        KeysError::NoRandomness(_) => Failure::new(FailureCode::Other, error.to_string(), "A key needs them: try again later."),
    }
}
