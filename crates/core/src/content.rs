//! The files of a pack as rules see them: what each is for, and what it says that others count on.
//!
//! A file is checked by itself first, which depends on nothing but its text and can be kept as long as that stays; what it says to
//! others is kept as [`Facts`], and compared once all are known.

use crate::diagnostic::Diagnostic;
use crate::languages::ScriptOutline;
use crate::manifest::Manifest;
use crate::manifest::typed::{Either, SchemaAt};
use crate::rules::allow::Allowance;
use crate::rules::manifest::inside;
use crate::rules::{cases, flows, locales, markdown, migrations, schemas, scripts, views};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A JSON Schema.
    Schema,
    /// The source of an inline handler, or something that one imports.
    Handler,
    /// What an agent runs.
    Script,
    /// `behavior.md`.
    Behavior,
    /// What an agent reads.
    Guide,
    Data,
    Template,
    /// An Adaptive Card.
    Card,
    /// Texts of one language.
    Locale,
    Flow,
    View,
    Migration,
    Cases,
    Recording,
    Eval,
    /// Nothing that rules look into.
    Other,
}

/// What is known of one file.
#[derive(Debug)]
pub struct Content {
    pub kind: Kind,
    /// What is wrong with it by itself.
    pub findings: Vec<Diagnostic>,
    pub facts: Facts,
    /// Findings that its author allows.
    pub allowances: Vec<Allowance>,
}

/// What a file says that others count on.
#[derive(Debug, Default)]
pub enum Facts {
    #[default]
    Nothing,
    Schema(schemas::SchemaFacts),
    Handler(ScriptOutline),
    Script(scripts::ScriptFacts),
    Markdown(markdown::MarkdownFacts),
    Locale(locales::LocaleFacts),
    Flow(flows::FlowFacts),
    View(views::ViewFacts),
    Migration(migrations::MigrationFacts),
    Cases(cases::CaseFacts),
}

/// Every file that rules looked into, by path.
pub type Contents = BTreeMap<String, Arc<Content>>;

/// Paths that the manifest names, by what it names them as: they count before the folder that a file lies in.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Named(BTreeMap<String, Kind>);

impl Named {
    /// What a manifest names.
    pub fn by(manifest: &Manifest) -> Self {
        let mut named = BTreeMap::new();
        let mut name = |path: &str, kind| {
            if let Some(path) = inside(path) {
                named.insert(path, kind);
            }
        };
        for tool in manifest.tools.iter().flat_map(|tools| &tools.value) {
            for schema in [&tool.input, &tool.output].into_iter().flatten() {
                if let SchemaAt::Path(path) = &schema.value {
                    name(path, Kind::Schema);
                }
            }
            match tool.handler.as_ref().map(|handler| &handler.value) {
                Some(Either::One(path)) => name(path, Kind::Handler),
                Some(Either::Other(handler)) => handler.path.iter().for_each(|path| name(path, Kind::Handler)),
                None => {}
            }
        }
        for trigger in manifest.triggers.iter().flat_map(|triggers| &triggers.value) {
            if let Some(SchemaAt::Path(path)) = trigger.input.as_ref().map(|input| &input.value) {
                name(path, Kind::Schema);
            }
        }
        for view in manifest.views.iter().flat_map(|views| &views.value) {
            view.source.iter().for_each(|path| name(path, Kind::View));
        }
        for workflow in manifest.workflows.iter().flat_map(|workflows| &workflows.value) {
            workflow.file.iter().for_each(|path| name(path, Kind::Flow));
        }
        for flow in manifest.flows.iter().flat_map(|flows| &flows.value) {
            flow.file.iter().for_each(|path| name(path, Kind::Flow));
        }
        Self(named)
    }

    /// What a file is for.
    pub fn kind(&self, path: &str) -> Kind {
        let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
        let top = path.split_once('/').map_or("", |(top, _)| top);
        match (self.0.get(path), top, ending.as_str()) {
            // A `.wasm` or a folder is named as a handler too, and holds no text.
            (Some(Kind::Handler), _, "ts" | "js" | "mts" | "mjs") | (None, "handlers", "ts" | "js" | "mts" | "mjs") => {
                Kind::Handler
            }
            (Some(Kind::Handler), ..) => Kind::Other,
            (Some(kind), ..) => *kind,
            (None, "", _) if path == "behavior.md" => Kind::Behavior,
            (None, "schemas", "json") => Kind::Schema,
            (None, "guides", "md" | "markdown") => Kind::Guide,
            (None, "scripts", _) => Kind::Script,
            (None, "data", "json" | "jsonl" | "ndjson" | "yaml" | "yml" | "csv" | "tsv" | "toml" | "xml") => Kind::Data,
            (None, "templates", _) => Kind::Template,
            (None, "assets", "json") if path.starts_with("assets/i18n/") => Kind::Locale,
            (None, "assets", "json") if path.starts_with("assets/cards/") => Kind::Card,
            (None, "flows", "ygtc") => Kind::Flow,
            (None, "views", "json" | "html" | "htm") => Kind::View,
            (None, "migrations", "sql") => Kind::Migration,
            (None, "tests", "yaml" | "yml") if path.starts_with("tests/recordings/") => Kind::Recording,
            (None, "tests", "yaml" | "yml") => Kind::Cases,
            (None, "evals", "yaml" | "yml" | "json") => Kind::Eval,
            _ => Kind::Other,
        }
    }
}
