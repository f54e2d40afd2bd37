//! Operations' errors in the words of the edge: a code to branch on, a sentence, and what to do next.

use crate::wire::{Failure, FailureCode};
use packwright_kit::atomic::WriteError;
use packwright_kit::disk::ListError;
use packwright_kit::journal::JournalError;
use packwright_kit::moves::MoveError;
use packwright_kit::store::StoreError;
use packwright_kit::text_file::{ReadTextError, SaveTextError};

impl Failure {
    /// A failure with one hint.
    pub fn new(code: FailureCode, message: impl Into<String>, hint: &str) -> Self {
        Self { code, message: message.into(), hints: vec![hint.to_owned()] }
    }

    /// There is no pack open.
    pub(crate) fn no_pack() -> Self {
        Self::new(FailureCode::NoPack, "no pack is open", "Open a folder first.")
    }

    /// A path that would leave the pack.
    pub(crate) fn outside(path: &str) -> Self {
        Self::new(
            FailureCode::OutsidePack,
            format!("`{path}` is not in the open pack"),
            "Only files of the open pack can be read and written.",
        )
    }
}

impl From<ListError> for Failure {
    fn from(error: ListError) -> Self {
        let (code, hint) = match error {
            ListError::NotFound { .. } => (FailureCode::NotFound, "Was it moved or renamed? Open it where it is now."),
            ListError::NotAFolder { .. } => (FailureCode::WrongKind, "Open the folder that the file lies in."),
            ListError::Denied { .. } => (FailureCode::Denied, "Give yourself permission to read the folder, then try again."),
            ListError::Io { .. } => (FailureCode::Other, "Check that the disk or network share is there, then try again."),
        };
        Self::new(code, error.to_string(), hint)
    }
}

impl From<ReadTextError> for Failure {
    fn from(error: ReadTextError) -> Self {
        let (code, hint) = match error {
            ReadTextError::NotFound { .. } => (FailureCode::NotFound, "It was removed or renamed by another program."),
            ReadTextError::IsFolder { .. } => (FailureCode::WrongKind, "Open a file in it instead."),
            ReadTextError::Special { .. } => {
                (FailureCode::WrongKind, "Pipes and devices have no text; a pack cannot carry them.")
            }
            ReadTextError::Denied { .. } => (FailureCode::Denied, "Give yourself permission to read the file, then try again."),
            ReadTextError::TooLarge { .. } => {
                (FailureCode::TooLarge, "Nothing was changed. Edit it with another program; it is still part of the pack.")
            }
            ReadTextError::NotText { .. } => (
                FailureCode::NotText,
                "Nothing was changed. If it is meant to be text, save it as UTF-8 with the program that made it.",
            ),
            ReadTextError::Io { .. } => (FailureCode::Other, "Check that the disk or network share is there, then try again."),
        };
        Self::new(code, error.to_string(), hint)
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        let (code, hint) = match error {
            WriteError::DiskFull { .. } => {
                (FailureCode::DiskFull, "Make room on the disk, then save again. Your text is kept until then.")
            }
            WriteError::ReadOnly { .. } => {
                (FailureCode::ReadOnly, "Make the file and its disk writable, then save again. Your text is kept until then.")
            }
            WriteError::Denied { .. } => {
                (FailureCode::Denied, "Give yourself permission to write there, then save again. Your text is kept until then.")
            }
            WriteError::IsFolder { .. } => {
                (FailureCode::WrongKind, "Move the folder out of the way, then save again. Your text is kept until then.")
            }
            WriteError::NoFolder { .. } => {
                (FailureCode::NotFound, "Put the folder back, then save again. Your text is kept until then.")
            }
            WriteError::Io { .. } => (FailureCode::Other, "Save again. Your text is kept until then."),
        };
        Self::new(code, error.to_string(), hint)
    }
}

impl From<SaveTextError> for Failure {
    fn from(error: SaveTextError) -> Self {
        match error {
            SaveTextError::ChangedOutside { .. } => Self::new(
                FailureCode::ChangedOutside,
                error.to_string(),
                "Compare the two versions and choose; neither is lost until you do.",
            ),
            SaveTextError::Removed { .. } => Self::new(
                FailureCode::NotFound,
                error.to_string(),
                "Save again to make it anew, or close it. Your text is kept until then.",
            ),
            SaveTextError::Write(error) => error.into(),
        }
    }
}

impl From<MoveError> for Failure {
    fn from(error: MoveError) -> Self {
        let (code, hint) = match error {
            MoveError::Missing { .. } => {
                (FailureCode::NotFound, "Nothing was changed. It was removed or renamed by another program.")
            }
            MoveError::Exists { .. } => {
                (FailureCode::Exists, "Nothing was changed. Choose another name, or move that file first.")
            }
            MoveError::Io { .. } => (FailureCode::Other, "Nothing was changed. Check that you may write to the pack's folders."),
        };
        Self::new(code, error.to_string(), hint)
    }
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        let hint = "Save the file soon: until the journal works again, unsaved text would not survive a crash.";
        match error {
            JournalError::Write(inner) => {
                Self { hints: vec![hint.to_owned()], message: format!("unsaved text cannot be kept: {inner}"), ..inner.into() }
            }
            other => Self::new(FailureCode::Other, other.to_string(), hint),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::new(
            FailureCode::Other,
            error.to_string(),
            "Your packs are not touched. `packwright env` says where the data folder is.",
        )
    }
}
