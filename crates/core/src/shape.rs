//! Which keys a mapping has and what each holds: the form of a format, as data.
//!
//! The tables themselves come from the types in [`crate::manifest`]: a field of a type is a key here, its documentation is what an
//! editor shows. [`crate::rules::keys`] finds unknown keys and wrong kinds with them, assistance completes and explains by them, and
//! [`json_schema`] writes them down for other editors. What a table cannot say (a file that must exist) is a rule.

pub mod json_schema;

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
    /// The type's name: `Tool`.
    pub name: &'static str,
    /// What the mapping is, in a message: "a tool".
    pub of: &'static str,
    /// What it is for, in sentences.
    pub about: &'static str,
    pub keys: &'static [KeyInfo],
}

/// One key: what it is for and what it holds.
#[derive(Debug)]
pub struct KeyInfo {
    pub name: &'static str,
    /// What it is for, in sentences.
    pub about: &'static str,
    pub shape: &'static Shape,
    /// The words that it can hold, when they are a closed list; of a list, its items.
    pub one_of: &'static [&'static str],
    /// What its text must match, as JSON Schema writes patterns.
    pub pattern: Option<&'static str>,
    /// What holds when the key is left out.
    pub usual: Option<&'static str>,
    /// A value to begin with.
    pub example: Option<&'static str>,
    /// What its text leads to.
    pub leads_to: Option<LeadsTo>,
    /// True when a mapping without it is not complete.
    pub required: bool,
}

/// What a text of the manifest names: something that can be completed, gone to and renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LeadsTo {
    /// A file: a JSON Schema.
    Schema,
    /// A file: a handler.
    Handler,
    /// A file: a picture.
    Icon,
    /// A folder of migrations.
    Migrations,
    /// A file: a view.
    View,
    /// A file: a flow.
    Flow,
    /// A file: a WebAssembly component.
    Component,
    /// A file below `assets/`.
    Asset,
    /// A case, as `file#name`.
    Case,
    /// A tool of this pack.
    Tool,
    /// A workflow of this pack.
    Workflow,
    /// A rule of the same capability.
    AllowRule,
}

impl LeadsTo {
    /// True for what lies in the pack's folder.
    pub fn is_path(self) -> bool {
        !matches!(self, Self::Case | Self::Tool | Self::Workflow | Self::AllowRule)
    }
}

impl Keys {
    /// The shape behind a key.
    pub fn get(&self, name: &str) -> Option<&'static Shape> {
        self.key(name).map(|key| key.shape)
    }

    /// All that is known of a key.
    pub fn key(&self, name: &str) -> Option<&'static KeyInfo> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// The keys' names.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.keys.iter().map(|key| key.name)
    }
}

/// Builders for the tables, in constant expressions.
impl KeyInfo {
    pub(crate) const fn new(name: &'static str, about: &'static str, shape: &'static Shape) -> Self {
        Self { name, about, shape, one_of: &[], pattern: None, usual: None, example: None, leads_to: None, required: false }
    }

    pub(crate) const fn one_of(mut self, words: &'static [&'static str]) -> Self {
        self.one_of = words;
        self
    }

    pub(crate) const fn pattern(mut self, pattern: &'static str) -> Self {
        self.pattern = Some(pattern);
        self
    }

    pub(crate) const fn usual(mut self, usual: &'static str) -> Self {
        self.usual = Some(usual);
        self
    }

    pub(crate) const fn example(mut self, example: &'static str) -> Self {
        self.example = Some(example);
        self
    }

    pub(crate) const fn leads_to(mut self, what: LeadsTo) -> Self {
        self.leads_to = Some(what);
        self
    }

    pub(crate) const fn required(mut self) -> Self {
        self.required = true;
        self
    }
}

impl Shape {
    /// What it is, in the words of a message.
    pub fn wanted(&self) -> String {
        match self {
            Self::Any => "anything".to_owned(),
            // A number is text as it is written, where a word is wanted.
            Self::Text | Self::Word => "text".to_owned(),
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

    /// The shape of a key or item below this one: `Some(name)` for a key, `None` for an item.
    pub fn below(&'static self, key: Option<&str>) -> Option<&'static Shape> {
        match (self, key) {
            (Self::Map(keys), Some(key)) => keys.get(key),
            (Self::Table(value), Some(_)) => Some(value),
            (Self::List(item), None) => Some(item),
            (Self::Either(one, other), key) => one.below(key).or_else(|| other.below(key)),
            (Self::Any, _) => Some(self),
            _ => None,
        }
    }

    /// The keys of the mapping that it is, or can be.
    pub fn keys(&self) -> Option<&'static Keys> {
        match self {
            Self::Map(keys) => Some(keys),
            Self::Either(one, other) => one.keys().or_else(|| other.keys()),
            _ => None,
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

/// How a handler is run.
pub const HANDLER_KINDS: &[&str] = &["inline", "component", "command"];

/// What sets a trigger off.
pub const TRIGGER_EVENTS: &[&str] = &["webhook", "event", "message", "timer", "pubsub"];

/// Whether a call that failed may be tried again.
pub const RETRIES: &[&str] = &["never", "later", "once"];

/// What a pack can be built for, by the names that `targets` uses: platforms, and the providers whose models call its tools.
pub const TARGETS: &[&str] =
    &["content-pack", "greentic", "helmdeck", "worka", "mcp", "mcpb", "agent-skill", "openai", "anthropic", "gemini"];

/// Those of them that are providers of models: nothing is built for them, and the schemas that they refuse are told.
pub const PROVIDERS: &[&str] = &["openai", "anthropic", "gemini"];

/// The extension that holds contracts.
pub const CAPABILITIES_EXTENSION: &str = "greentic.ext.capabilities.v1";

/// The manifest.
pub static MANIFEST: Shape = Shape::Map(<crate::manifest::Manifest as crate::manifest::typed::Record>::KEYS);
