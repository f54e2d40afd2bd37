//! What belongs at a place of a file: the manifest's tables, those of files of cases and recordings, and JSON Schema.

use super::cursor::Step;
use super::keywords::Part;
use crate::shape::{CAPABILITIES_EXTENSION, KeyInfo, Keys, LeadsTo, MANIFEST, Shape};

/// What a value is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Grammar {
    /// What a table says; the key that it stands behind, or behind which its list does.
    Shape(&'static Shape, Option<&'static KeyInfo>),
    /// A part of a JSON Schema.
    Schema(Part),
    /// Nothing is known of it.
    Unknown,
}

impl Grammar {
    pub(super) const MANIFEST: Self = Self::Shape(&MANIFEST, None);
    pub(super) const CASES: Self = Self::Shape(&CASE_FILE, None);
    pub(super) const RECORDING: Self = Self::Shape(&RECORDING_FILE, None);
    pub(super) const SCHEMA: Self = Self::Schema(Part::Schema);

    /// What a path leads to.
    pub(super) fn at(self, path: &[Step<'_>]) -> Self {
        let mut extension = false;
        let mut at = self;
        for step in path {
            at = match (at, step) {
                // Of the extensions, one is known.
                (Self::Shape(shape, _), Step::Key(key)) if extension && key == "inline" && is(shape, "Extension") => {
                    Self::Shape(&CONTRACTS_OR_DECLARATION, None)
                }
                _ => at.below(step),
            };
            extension |= matches!(step, Step::Key(key) if key == CAPABILITIES_EXTENSION);
        }
        at
    }

    fn below(self, step: &Step<'_>) -> Self {
        match (self, step) {
            (Self::Schema(part), Step::Key(key)) => Self::Schema(part.key(key)),
            (Self::Schema(part), Step::Item) => Self::Schema(part.item()),
            (Self::Shape(_, Some(info)), Step::Key(key)) if info.leads_to == Some(LeadsTo::Schema) => {
                Self::Schema(Part::Schema.key(key))
            }
            (Self::Shape(shape, _), Step::Key(key)) => match (shape.keys().and_then(|keys| keys.key(key)), shape) {
                (Some(info), _) if is(shape, "AllowRule") && info.name == "body" => Self::Schema(Part::Schema),
                (Some(info), _) if matches!(info.name, "input_schema" | "output_schema") => Self::Schema(Part::Schema),
                (Some(info), _) => Self::Shape(info.shape, Some(info)),
                (None, _) => shape.below(Some(key)).map_or(Self::Unknown, |shape| Self::Shape(shape, None)),
            },
            (Self::Shape(shape, info), Step::Item) => shape.below(None).map_or(Self::Unknown, |shape| Self::Shape(shape, info)),
            (Self::Unknown, _) => Self::Unknown,
        }
    }
}

fn is(shape: &Shape, name: &str) -> bool {
    shape.keys().is_some_and(|keys| keys.name == name)
}

const WORDS: &Shape = &Shape::List(&Shape::Text);

static CASE_FILE: Shape = Shape::Map(&CASES);
static RECORDING_FILE: Shape = Shape::Map(&RECORDING);

static CASES: Keys = Keys {
    name: "CaseFile",
    of: "a file of cases",
    about: "Saved calls of one tool, with what is expected of them.",
    keys: &[
        KeyInfo::new("tool", "The tool that is called.", &Shape::Text).required().leads_to(LeadsTo::Tool),
        KeyInfo::new("cases", "The calls.", &Shape::List(&Shape::Map(&CASE))).required(),
    ],
};

static CASE: Keys = Keys {
    name: "Case",
    of: "a case",
    about: "One call and what is expected of it.",
    keys: &[
        KeyInfo::new("name", "What the case shows, in a few words. Each case of a file has its own.", &Shape::Text)
            .required()
            .example("what it shows"),
        KeyInfo::new("input", "The arguments of the call. Left out, there are none.", &Shape::Any),
        KeyInfo::new("expect", "What is expected: `output`, `output_subset` or `error`.", &Shape::Map(&EXPECT))
            .usual("any output that fits the tool's schema"),
        KeyInfo::new("recording", "What the network answered: a path from this file's folder.", &Shape::Text)
            .example("recordings/name.yaml"),
        KeyInfo::new("max_ms", "How long the call may take, in milliseconds.", &Shape::Number).example("2000"),
    ],
};

static EXPECT: Keys = Keys {
    name: "Expect",
    of: "what a case expects",
    about: "What is expected of a call: one of these.",
    keys: &[
        KeyInfo::new("output", "This output exactly.", &Shape::Any),
        KeyInfo::new("output_subset", "An output that has at least this. A list may go on after the items named.", &Shape::Any),
        KeyInfo::new("error", "An error with this code: a built-in one, or one that the tool declares.", &Shape::Text),
    ],
};

static RECORDING: Keys = Keys {
    name: "Recording",
    of: "a recording",
    about: "What the host answered during one run of a case.",
    keys: &[
        KeyInfo::new("recording", "The version of the format.", &Shape::Number).required().example("1"),
        KeyInfo::new("calls", "The answers, in the order in which they were given.", &Shape::List(&Shape::Map(&CALL))).required(),
    ],
};

static CALL: Keys = Keys {
    name: "Call",
    of: "a call",
    about: "One request and its answer.",
    keys: &[KeyInfo::new("http", "A request over the network.", &Shape::Map(&HTTP)).required()],
};

static HTTP: Keys = Keys {
    name: "HttpCall",
    of: "an `http` call",
    about: "One request and its answer.",
    keys: &[
        KeyInfo::new("method", "The method of the request.", &Shape::Text).required().one_of(crate::shape::METHODS),
        KeyInfo::new("url", "The whole address that was asked.", &Shape::Text).required(),
        KeyInfo::new("status", "The status of the answer.", &Shape::Number).required().example("200"),
        KeyInfo::new("headers", "Headers of the answer.", &Shape::Table(&Shape::Word)),
        KeyInfo::new("body", "The body of the answer, when it is text.", &Shape::Text),
        KeyInfo::new("body_base64", "The body of the answer, when it is not text.", &Shape::Text),
    ],
};

/// The lists stand in `inline` or in `inline.declaration`.
static CONTRACTS_OR_DECLARATION: Shape = Shape::Map(&Keys {
    name: "Contracts",
    of: "the pack's contracts",
    about: "What the pack offers to other packs, and what it needs of them.",
    keys: &[
        KeyInfo::new("schema_version", "The version of this form.", &Shape::Number).required().example("1"),
        KeyInfo::new("offers", "What the pack provides, and which component answers.", &Shape::List(&Shape::Map(&OFFER))),
        KeyInfo::new("requires", "What must exist before the pack is set up.", &Shape::List(&Shape::Map(&REQUIREMENT))),
        KeyInfo::new("consumes", "What the pack uses while it runs, and how.", &Shape::List(&Shape::Map(&CONSUMPTION))),
        KeyInfo::new("profiles", "Named sets of further needs, chosen at setup.", &Shape::List(&Shape::Map(&PROFILE))),
        KeyInfo::new("declaration", "The same lists, for readers that look here.", &Shape::Map(&DECLARATION)),
    ],
});

static DECLARATION: Keys = Keys {
    name: "Declaration",
    of: "a declaration",
    about: "What the pack offers to other packs, and what it needs of them.",
    keys: &[
        KeyInfo::new("offers", "What the pack provides, and which component answers.", &Shape::List(&Shape::Map(&OFFER))),
        KeyInfo::new("requires", "What must exist before the pack is set up.", &Shape::List(&Shape::Map(&REQUIREMENT))),
        KeyInfo::new("consumes", "What the pack uses while it runs, and how.", &Shape::List(&Shape::Map(&CONSUMPTION))),
        KeyInfo::new("profiles", "Named sets of further needs, chosen at setup.", &Shape::List(&Shape::Map(&PROFILE))),
    ],
};

const ID: KeyInfo = KeyInfo::new("id", "What it is called by. Each id of the pack stands once.", &Shape::Text).required();
const CAPABILITY: KeyInfo =
    KeyInfo::new("capability", "The contract, as a `cap://` id. Offers and needs meet when these are equal.", &Shape::Text)
        .required()
        .example("cap://memory.short-term");
const PROFILES: KeyInfo = KeyInfo::new("profiles", "Profiles that it belongs to. Left out or empty: all of them.", WORDS);
const DESCRIPTION: KeyInfo = KeyInfo::new("description", "What it is for, for people.", &Shape::Text);
const METADATA: KeyInfo = KeyInfo::new("metadata", "Data of whoever reads it.", &Shape::Any);

static OFFER: Keys = Keys {
    name: "Offer",
    of: "an offer",
    about: "Something that the pack provides to others.",
    keys: &[
        ID,
        CAPABILITY,
        KeyInfo::new("offer_id", "The id once more, for Greentic's packer and runtime.", &Shape::Text),
        KeyInfo::new("cap_id", "The contract once more, for Greentic's packer and runtime.", &Shape::Text),
        KeyInfo::new("version", "The contract's version.", &Shape::Word).example("1.0.0"),
        KeyInfo::new("priority", "The lowest wins where several packs offer the same.", &Shape::Number).usual("0"),
        KeyInfo::new("requires_setup", "True when it works only after a setup.", &Shape::Bool).usual("false"),
        KeyInfo::new("setup", "The setup's questions.", &Shape::Any),
        PROFILES,
        DESCRIPTION,
        KeyInfo::new("provider", "What answers.", &Shape::Map(&PROVIDER)).required(),
        KeyInfo::new("scope", "Where it is offered.", &Shape::Any),
        KeyInfo::new("applies_to", "Which operations it is offered for.", &Shape::Any),
        METADATA,
    ],
};

static PROVIDER: Keys = Keys {
    name: "Provider",
    of: "a provider",
    about: "What answers an offer.",
    keys: &[
        KeyInfo::new("component_ref", "The component's id.", &Shape::Text).required(),
        KeyInfo::new("op", "The operation, for Greentic's packer and runtime.", &Shape::Text),
        KeyInfo::new("operation", "The operation.", &Shape::Text),
        KeyInfo::new(
            "operation_map",
            "What the contract calls its operations, and which operation of the component answers each.",
            &Shape::List(&Shape::Map(&OPERATION)),
        ),
    ],
};

static OPERATION: Keys = Keys {
    name: "Operation",
    of: "an operation",
    about: "An operation of the contract and the one that answers it.",
    keys: &[
        KeyInfo::new("contract_operation", "The contract's name for it.", &Shape::Text).required(),
        KeyInfo::new("component_operation", "The component's name for it.", &Shape::Text).required(),
        KeyInfo::new("input_schema", "The JSON Schema of what goes in.", &Shape::Any),
        KeyInfo::new("output_schema", "The JSON Schema of what comes out.", &Shape::Any),
    ],
};

static REQUIREMENT: Keys = Keys {
    name: "Requirement",
    of: "a requirement",
    about: "Something that must exist before the pack is set up.",
    keys: &[
        ID,
        CAPABILITY,
        KeyInfo::new("optional", "True when the pack works without it.", &Shape::Bool).usual("false"),
        PROFILES,
        DESCRIPTION,
        METADATA,
    ],
};

static CONSUMPTION: Keys = Keys {
    name: "Consumption",
    of: "a consumption",
    about: "Something that the pack uses while it runs.",
    keys: &[
        ID,
        CAPABILITY,
        KeyInfo::new("mode", "How it is used beside other packs.", &Shape::Text)
            .one_of(&["shared", "exclusive", "ephemeral"])
            .usual("shared"),
        PROFILES,
        DESCRIPTION,
        METADATA,
    ],
};

static PROFILE: Keys = Keys {
    name: "Profile",
    of: "a profile",
    about: "A set of further needs that holds when it is chosen.",
    keys: &[
        ID,
        DESCRIPTION,
        KeyInfo::new("requires", "What must exist, too.", &Shape::List(&Shape::Map(&REQUIREMENT))),
        KeyInfo::new("consumes", "What is used, too.", &Shape::List(&Shape::Map(&CONSUMPTION))),
    ],
};
