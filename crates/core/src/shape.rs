//! Which keys a manifest has, and what each holds: the format as a table.
//!
//! The table is all that [`crate::rules::keys`] needs to find unknown keys and wrong types, anywhere in the manifest. A field that the
//! format gains is a line here. What a table cannot say (a name's grammar, a file that must exist) is a rule.

/// What a value must be.
#[derive(Debug)]
pub enum Shape {
    /// Anything: another system defines it.
    Any,
    Text,
    /// Text or a number: YAML reads `version: 1.0` as a number.
    Word,
    Number,
    Bool,
    List(&'static Shape),
    /// A mapping with these keys.
    Map(&'static Keys),
    /// A mapping with any keys, each holding this.
    Table(&'static Shape),
    /// One or the other, told apart by their kind.
    Either(&'static Shape, &'static Shape),
}

/// The keys of one mapping.
#[derive(Debug)]
pub struct Keys {
    /// What the mapping is, in a message: "a tool".
    pub of: &'static str,
    pub keys: &'static [(&'static str, Shape)],
}

impl Keys {
    /// The shape behind a key.
    pub fn get(&self, name: &str) -> Option<&'static Shape> {
        self.keys.iter().find(|(key, _)| *key == name).map(|(_, shape)| shape)
    }
}

impl Shape {
    /// What it is, in the words of a message.
    pub fn wanted(&self) -> String {
        match self {
            Self::Any => "anything".to_owned(),
            Self::Text => "text".to_owned(),
            Self::Word => "a word or a number".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Bool => "true or false".to_owned(),
            Self::List(item) => match item {
                Self::Map(keys) => format!("a list, each item {}", keys.of),
                Self::Text | Self::Word => "a list of words".to_owned(),
                _ => "a list".to_owned(),
            },
            Self::Map(keys) => format!("a mapping ({})", keys.of),
            Self::Table(_) => "a mapping".to_owned(),
            Self::Either(one, other) => format!("{} or {}", one.wanted(), other.wanted()),
        }
    }
}

/// The categories of a catalogue: a closed list.
pub const CATEGORIES: &[&str] = &[
    "communication",
    "monitoring",
    "security",
    "cloud",
    "databases",
    "data-warehouses",
    "developer-tools",
    "crm",
    "productivity",
    "storage",
    "tools",
    "scenarios",
    "general",
];

/// What a pack is to a platform that tells kinds apart.
pub const KINDS: &[&str] = &["application", "provider", "infrastructure", "library"];

/// The methods a rule may allow: a closed list, upper-case.
pub const METHODS: &[&str] = &["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

/// Kinds of credential.
pub const CREDENTIAL_KINDS: &[&str] = &[
    "oauth2_authorization_code",
    "oauth2_client_credentials",
    "jwt_bearer",
    "jwt_bearer_with_subject",
    "client_assertion",
    "api_key",
    "basic_auth",
    "query_api_key",
    "opaque",
];

/// The extension that holds contracts.
pub const CAPABILITIES_EXTENSION: &str = "greentic.ext.capabilities.v1";

/// The manifest.
pub static MANIFEST: Shape = Shape::Map(&MANIFEST_KEYS);

static MANIFEST_KEYS: Keys = Keys {
    of: "the manifest",
    keys: &[
        ("name", Shape::Word),
        ("pack_id", Shape::Text),
        ("publisher", Shape::Text),
        ("version", Shape::Word),
        ("kind", Shape::Text),
        ("display_name", Shape::Word),
        ("description", Shape::Text),
        ("category", Shape::Text),
        ("license", Shape::Text),
        ("icon", Shape::Text),
        ("suggested_packs", Shape::Either(&Shape::Text, &Shape::List(&Shape::Text))),
        ("tools", Shape::List(&Shape::Map(&TOOL))),
        ("credentials", Shape::List(&Shape::Map(&CREDENTIAL))),
        ("capabilities", Shape::List(&Shape::Map(&CAPABILITY))),
        ("storage", Shape::Map(&STORAGE)),
        ("views", Shape::List(&Shape::Map(&VIEW))),
        ("workflows", Shape::List(&Shape::Map(&WORKFLOW))),
        ("triggers", Shape::List(&Shape::Map(&TRIGGER))),
        ("extensions", Shape::Table(&Shape::Map(&EXTENSION))),
        ("targets", Shape::Table(&Shape::Table(&Shape::Any))),
        // Greentic's own, read as Greentic defines them.
        ("components", Shape::List(&Shape::Any)),
        ("flows", Shape::List(&Shape::Any)),
        ("dependencies", Shape::List(&Shape::Any)),
        ("assets", Shape::List(&Shape::Any)),
        ("bootstrap", Shape::Any),
        ("agents", Shape::Any),
    ],
};

static TOOL: Keys = Keys {
    of: "a tool",
    keys: &[
        ("name", Shape::Text),
        ("title", Shape::Text),
        ("description", Shape::Text),
        ("input", SCHEMA),
        ("output", SCHEMA),
        ("handler", Shape::Either(&Shape::Text, &Shape::Map(&HANDLER))),
        ("annotations", Shape::Map(&ANNOTATIONS)),
        ("errors", Shape::List(&Shape::Map(&TOOL_ERROR))),
        ("limits", Shape::Map(&LIMITS)),
        ("examples", Shape::List(&Shape::Text)),
    ],
};

/// A path to a JSON Schema, or the schema itself.
const SCHEMA: Shape = Shape::Either(&Shape::Text, &Shape::Table(&Shape::Any));

static HANDLER: Keys = Keys {
    of: "a handler",
    keys: &[
        ("path", Shape::Text),
        ("kind", Shape::Text),
        ("export", Shape::Text),
        ("args", Shape::List(&Shape::Word)),
        ("build", Shape::Map(&BUILD)),
    ],
};

static BUILD: Keys =
    Keys { of: "a build", keys: &[("command", Shape::Either(&Shape::Text, &Shape::List(&Shape::Word))), ("watch", Shape::Any)] };

static ANNOTATIONS: Keys = Keys {
    of: "a tool's annotations",
    keys: &[("read_only", Shape::Bool), ("destructive", Shape::Bool), ("idempotent", Shape::Bool), ("open_world", Shape::Bool)],
};

static TOOL_ERROR: Keys =
    Keys { of: "a declared error", keys: &[("code", Shape::Text), ("description", Shape::Text), ("retry", Shape::Text)] };

static LIMITS: Keys = Keys {
    of: "a tool's limits",
    keys: &[("timeout_ms", Shape::Number), ("memory_mb", Shape::Number), ("output_kb", Shape::Number), ("fuel", Shape::Number)],
};

static CREDENTIAL: Keys = Keys {
    of: "a credential",
    keys: &[("name", Shape::Text), ("kind", Shape::Text), ("description", Shape::Text), ("required", Shape::Bool)],
};

static CAPABILITY: Keys = Keys {
    of: "a capability",
    keys: &[
        ("name", Shape::Text),
        ("description", Shape::Text),
        ("type", Shape::Text),
        ("allow", Shape::List(&Shape::Map(&ALLOW))),
        ("transforms", Shape::List(&Shape::Map(&TRANSFORM))),
        ("budgets", Shape::Map(&BUDGETS)),
    ],
};

static ALLOW: Keys = Keys {
    of: "an allow rule",
    keys: &[
        ("name", Shape::Text),
        ("domains", Shape::List(&Shape::Text)),
        ("methods", Shape::List(&Shape::Text)),
        ("paths", Shape::List(&Shape::Text)),
        ("query", Shape::Table(&Shape::Word)),
        ("body", Shape::Any),
        ("allow_insecure", Shape::Bool),
    ],
};

static TRANSFORM: Keys = Keys {
    of: "a transform",
    keys: &[
        ("applies_to", Shape::List(&Shape::Text)),
        ("auth", Shape::Table(&Shape::Any)),
        ("headers", Shape::Map(&CHANGES)),
        ("query", Shape::Map(&CHANGES)),
        ("path", Shape::Map(&PATH_CHANGE)),
        ("body", Shape::Map(&CHANGES)),
    ],
};

static CHANGES: Keys =
    Keys { of: "a set of changes", keys: &[("set", Shape::Table(&Shape::Any)), ("remove", Shape::List(&Shape::Text))] };

static PATH_CHANGE: Keys = Keys { of: "a change of the path", keys: &[("prefix", Shape::Text)] };

static BUDGETS: Keys = Keys { of: "budgets", keys: &[("per_task", Shape::Map(&BUDGET)), ("per_workspace", Shape::Map(&BUDGET))] };

static BUDGET: Keys = Keys { of: "a budget", keys: &[("requests", Shape::Number), ("bytes", Shape::Word)] };

static STORAGE: Keys = Keys { of: "the storage", keys: &[("migrations", Shape::Text)] };

static VIEW: Keys = Keys { of: "a view", keys: &[("id", Shape::Text), ("title", Shape::Text), ("source", Shape::Text)] };

static WORKFLOW: Keys = Keys { of: "a workflow", keys: &[("id", Shape::Text), ("file", Shape::Text)] };

static TRIGGER: Keys = Keys {
    of: "a trigger",
    keys: &[
        ("id", Shape::Text),
        ("on", Shape::Text),
        ("tool", Shape::Text),
        ("workflow", Shape::Text),
        ("input", SCHEMA),
        ("verify", Shape::Table(&Shape::Any)),
        ("schedule", Shape::Text),
    ],
};

static EXTENSION: Keys = Keys {
    of: "an extension",
    keys: &[
        ("kind", Shape::Text),
        ("version", Shape::Word),
        ("digest", Shape::Text),
        ("location", Shape::Text),
        ("inline", Shape::Any),
    ],
};
