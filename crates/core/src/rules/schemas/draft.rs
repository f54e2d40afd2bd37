//! The drafts of JSON Schema, and which one a schema declares.

/// A draft that is known here, oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Draft {
    Four,
    Six,
    Seven,
    Nineteen,
    Twenty,
}

/// The address of the draft that holds when none is declared.
pub(super) const TWENTY: &str = "https://json-schema.org/draft/2020-12/schema";

impl Draft {
    /// The draft of an address.
    pub(super) fn of(address: &str) -> Option<Self> {
        let bare = address.trim_end_matches('#');
        let bare = bare.strip_prefix("https://").or_else(|| bare.strip_prefix("http://"))?;
        Some(match bare {
            "json-schema.org/draft-04/schema" => Self::Four,
            "json-schema.org/draft-06/schema" => Self::Six,
            "json-schema.org/draft-07/schema" => Self::Seven,
            "json-schema.org/draft/2019-09/schema" => Self::Nineteen,
            "json-schema.org/draft/2020-12/schema" => Self::Twenty,
            _ => return None,
        })
    }

    /// What people call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Four => "draft 4",
            Self::Six => "draft 6",
            Self::Seven => "draft 7",
            Self::Nineteen => "draft 2019-09",
            Self::Twenty => "draft 2020-12",
        }
    }

    /// What the address of the draft begins with, for references to the drafts' own schemas.
    pub(super) fn is_address_of_one(address: &str) -> bool {
        let bare = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://")).unwrap_or(address);
        bare.starts_with("json-schema.org/draft")
    }
}
