//! Values that the pack, or a closed list, has for a place of the manifest or of a file of cases.

use super::super::cursor::Step;
use super::super::{CompletionKind, has_ending};
use super::{Offer, Offers};
use crate::content::Kind;
use crate::manifest::typed::SchemaAt;
use crate::rules::manifest::inside;
use crate::shape::{CAPABILITIES_EXTENSION, KeyInfo, LeadsTo, Shape};
use std::collections::HashSet;

/// Licences that most packs choose from; the others are offered once a letter is typed.
const COMMON_LICENCES: &[&str] = &[
    "Apache-2.0",
    "MIT",
    "BSD-3-Clause",
    "BSD-2-Clause",
    "ISC",
    "MPL-2.0",
    "GPL-3.0-or-later",
    "GPL-3.0-only",
    "LGPL-3.0-or-later",
    "AGPL-3.0-or-later",
    "AGPL-3.0-only",
    "EUPL-1.2",
    "0BSD",
    "MIT-0",
    "Unlicense",
    "CC0-1.0",
    "CC-BY-4.0",
];

/// How many files of cases are read for the names of their cases.
const MOST_CASE_FILES: usize = 20;

impl<'p> Offers<'p, '_> {
    /// Values for a place that a table describes.
    pub(super) fn values(&mut self, shape: &'static Shape, info: Option<&'static KeyInfo>) {
        let list = matches!(shape, Shape::List(_));
        let key = self.place.key().unwrap_or_default().to_owned();
        let item = if let Shape::List(item) = shape { item } else { shape };
        if matches!(item, Shape::Bool) {
            let usual = info.and_then(|info| info.usual);
            for (rank, word) in ["true", "false"].into_iter().enumerate() {
                let detail = if usual == Some(word) { "what holds when it is left out" } else { "" };
                self.offer(Offer::new(word, CompletionKind::Word, rank).detail(detail), word.to_owned(), false);
            }
            return;
        }
        let Some(info) = info else { return };
        for (rank, word) in info.one_of.iter().enumerate() {
            let detail = if info.usual == Some(word) { "what holds when it is left out" } else { "" };
            self.word(Offer::new(word, CompletionKind::Word, rank).detail(detail), list);
        }
        match info.leads_to {
            Some(leads_to) if leads_to.is_path() => self.paths(leads_to, list),
            Some(LeadsTo::Tool) => self.tool_names(),
            Some(LeadsTo::Workflow) => self.workflows(),
            Some(LeadsTo::AllowRule) => self.rules(list),
            Some(LeadsTo::Case) => self.case_names(list),
            _ => {}
        }
        match key.as_str() {
            "license" => self.licences(),
            "export" => self.exports(),
            "recording" => self.recordings(),
            "capability" | "cap_id" => self.contracts("capability"),
            "profiles" => self.profiles(list),
            "component_ref" => self.components(),
            "error" => self.error_codes(),
            "kind" => self.extension_kind(),
            _ => {}
        }
        // A place to begin with, where nothing else is known.
        let usual = info.usual.filter(|usual| matches!(shape, Shape::Number) && !usual.contains(' '));
        if self.out.is_empty()
            && let Some(begin) = info.example.or(usual)
        {
            if begin.starts_with("${") {
                self.secrets_whole();
            } else if matches!(shape, Shape::Number | Shape::Word) {
                self.offer(Offer::new(begin, CompletionKind::Word, 0), begin.to_owned(), false);
            }
        }
    }

    /// Files and folders of the pack that fit: those named after the tool first, then those that nothing names yet.
    fn paths(&mut self, leads_to: LeadsTo, list: bool) {
        let folder = |path: &str, top: &str| path.strip_prefix(top).is_some_and(|rest| rest.starts_with('/'));
        let fits = |path: &str| match leads_to {
            LeadsTo::Schema => folder(path, "schemas") && has_ending(path, &["json"]),
            LeadsTo::Handler => {
                (folder(path, "handlers") || folder(path, "components"))
                    && has_ending(path, &["ts", "js", "mts", "mjs", "wasm", "go", "rs"])
                    && !path.ends_with(".d.ts")
            }
            LeadsTo::Icon => folder(path, "assets") && has_ending(path, &["png", "svg", "jpg", "jpeg", "webp", "gif"]),
            LeadsTo::View => folder(path, "views") && has_ending(path, &["json", "html", "htm"]),
            LeadsTo::Flow => folder(path, "flows") && has_ending(path, &["ygtc", "yaml", "yml", "json"]),
            LeadsTo::Component => has_ending(path, &["wasm"]),
            LeadsTo::Asset => folder(path, "assets"),
            _ => false,
        };
        if leads_to == LeadsTo::Migrations {
            let folders = self.pack.entries.iter().filter(|entry| entry.is_folder());
            let fitting = folders.filter(|entry| entry.path == "migrations" || entry.path.starts_with("migrations/"));
            for (rank, entry) in fitting.enumerate() {
                self.word(Offer::new(&format!("{}/", entry.path), CompletionKind::Path, rank), list);
            }
            return;
        }
        let used = self.named_paths();
        let tool = self.place.sibling("name").map(str::to_owned).or_else(|| {
            // In `handler: {path: …}` the name stands further out.
            self.pack.tool_around(self.offset).and_then(|tool| tool.called().map(str::to_owned))
        });
        let end = self.place.key().map(|key| format!(".{key}.")).unwrap_or_default();
        for path in self.pack.files().filter(|path| fits(path)) {
            let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
            let own = tool.as_deref().is_some_and(|tool| name.strip_prefix(tool).is_some_and(|rest| rest.starts_with('.')));
            let other_end = leads_to == LeadsTo::Schema && name.matches('.').count() > 1 && !name.contains(&end);
            let used = used.contains(path);
            let rank = usize::from(!own) * 2 + usize::from(other_end) + usize::from(used) * 4;
            let label = if leads_to == LeadsTo::Asset { path.strip_prefix("assets/").unwrap_or(path) } else { path };
            let detail = if used { "named already" } else { "" };
            self.word(Offer::new(label, CompletionKind::Path, rank).detail(detail), list);
        }
    }

    /// Paths that the manifest names.
    fn named_paths(&self) -> HashSet<String> {
        let mut named = HashSet::new();
        let mut name = |path: &str| {
            named.extend(inside(path));
        };
        for tool in self.pack.tools() {
            for schema in [&tool.input, &tool.output].into_iter().flatten() {
                if let SchemaAt::Path(path) = &schema.value {
                    name(path);
                }
            }
            tool.handler_path().into_iter().for_each(&mut name);
        }
        let manifest = self.pack.manifest;
        manifest.icon.iter().for_each(|path| name(path));
        manifest.views.iter().flat_map(|list| &list.value).filter_map(|view| view.source.as_ref()).for_each(|path| name(path));
        manifest.workflows.iter().flat_map(|list| &list.value).filter_map(|one| one.file.as_ref()).for_each(|path| name(path));
        manifest.flows.iter().flat_map(|list| &list.value).filter_map(|one| one.file.as_ref()).for_each(|path| name(path));
        manifest.components.iter().flat_map(|list| &list.value).filter_map(|one| one.wasm.as_ref()).for_each(|path| name(path));
        named
    }

    fn tool_names(&mut self) {
        for (rank, tool) in self.pack.tools().enumerate() {
            let Some(name) = tool.called() else { continue };
            let offer = Offer::new(name, CompletionKind::Name, rank)
                .detail(tool.title.as_ref().map(|title| title.value.clone()).unwrap_or_default())
                .docs(tool.description.as_ref().map(|text| text.value.clone()).unwrap_or_default());
            self.word(offer, false);
        }
    }

    fn workflows(&mut self) {
        let workflows = self.pack.manifest.workflows.iter().flat_map(|list| &list.value);
        for (rank, id) in workflows.filter_map(|workflow| workflow.id.as_ref()).enumerate() {
            self.word(Offer::new(id, CompletionKind::Name, rank), false);
        }
    }

    /// Rules of the capability that the cursor is in.
    fn rules(&mut self, list: bool) {
        let capabilities = self.pack.manifest.capabilities.as_ref();
        let Some(own) = capabilities.and_then(|all| all.value.iter().rfind(|one| one.span.start <= self.offset)) else { return };
        for (rank, rule) in own.allow.iter().flat_map(|rules| &rules.value).enumerate() {
            let Some(name) = &rule.name else { continue };
            let words = |list: &Option<crate::manifest::typed::Field<Vec<crate::manifest::typed::Item<String>>>>| {
                list.iter().flat_map(|list| &list.value).map(|word| word.value.as_str()).collect::<Vec<_>>().join(", ")
            };
            let detail = format!("{} {}", words(&rule.methods), words(&rule.domains));
            self.word(Offer::new(name, CompletionKind::Name, rank).detail(detail.trim()), list);
        }
    }

    /// Cases of the tool that the cursor is in, as `file#name`.
    fn case_names(&mut self, list: bool) {
        let tool = self.pack.tool_around(self.offset).and_then(|tool| tool.called());
        let files: Vec<&str> = self.pack.files().filter(|path| holds_cases(path)).collect();
        // Files are mostly named after their tool: where one is, the others need not be read.
        let named = |path: &&&str| tool.is_some_and(|tool| path.contains(tool));
        let own: Vec<&str> = files.iter().filter(named).copied().collect();
        let mut rank = 0;
        for path in if own.is_empty() { files } else { own }.into_iter().take(MOST_CASE_FILES) {
            let Some(root) = self.pack.tree(path) else { continue };
            if tool.is_some() && root.text_at("tool") != tool {
                continue;
            }
            for case in root.get("cases").map(crate::yaml::Node::items).unwrap_or_default() {
                let Some(name) = case.get("name").and_then(crate::yaml::Node::as_word) else { continue };
                self.word(Offer::new(&format!("{path}#{name}"), CompletionKind::Name, rank), list);
                rank += 1;
            }
        }
    }

    fn licences(&mut self) {
        // In `MIT OR Ap` the last word is the one that is being written.
        let typed = self.place.typed;
        let last = typed.rfind([' ', '(']).map_or(0, |at| at + 1);
        let word = typed.len() - last;
        let range = if last == 0 { self.place.range.clone() } else { self.offset - word..self.offset };
        let common = COMMON_LICENCES.iter().filter_map(|id| spdx::license_id(id));
        let mut offered: HashSet<&str> = HashSet::new();
        let mut offers: Vec<(usize, spdx::LicenseId)> = common.map(|id| (0, id)).collect();
        if word > 0 {
            let all = spdx::identifiers::LICENSES.iter().filter_map(|licence| spdx::license_id(licence.name));
            offers.extend(all.filter(|id| !id.is_deprecated()).map(|id| (100, id)));
        }
        for (number, (rank, id)) in offers.into_iter().enumerate() {
            let wanted = &typed[last..].to_lowercase();
            let fits = |text: &str| text.to_lowercase().contains(wanted);
            if !fits(id.name) || !offered.insert(id.name) {
                continue;
            }
            let rank = rank + if rank == 0 { number } else { 0 };
            let offer = Offer::new(id.name, CompletionKind::Word, rank).detail(id.full_name);
            let insert = if last == 0 { self.written(id.name) } else { id.name.to_owned() };
            self.offer_at(offer, insert, false, range.clone(), word);
        }
    }

    /// Functions of the handler that the cursor is in.
    fn exports(&mut self) {
        let path = self.place.sibling("path").map(str::to_owned);
        let Some(path) = path.and_then(|path| inside(&path)) else { return };
        let Some(outline) = self.pack.text(&path).and_then(|text| self.pack.languages.outline(&path, &text)) else { return };
        for (rank, export) in outline.exports.iter().filter(|export| export.function).enumerate() {
            self.word(Offer::new(&export.name, CompletionKind::Name, rank), false);
        }
    }

    /// Recordings, from the folder of the file that names them.
    fn recordings(&mut self) {
        let folder = self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let case = self.place.sibling("name").map(|name| name.replace(' ', "-").to_lowercase());
        let all = self.pack.files().filter(|path| path.contains("recordings/") && has_ending(path, &["yaml", "yml"]));
        for path in all {
            let Some(near) = path.strip_prefix(folder).map(|rest| rest.trim_start_matches('/')) else { continue };
            let stem = near.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default();
            let used = self.text.contains(near);
            let own = case.as_deref() == Some(stem);
            let rank = usize::from(!own) + usize::from(used) * 2;
            let detail = if used { "named already" } else { "" };
            self.word(Offer::new(near, CompletionKind::Path, rank).detail(detail), false);
        }
    }

    fn inline_contracts(&self) -> Vec<&'p crate::yaml::Node> {
        let extensions = self.pack.root.get("extensions").and_then(|all| all.get(CAPABILITIES_EXTENSION));
        let inline = extensions.and_then(|extension| extension.get("inline"));
        inline.into_iter().chain(inline.and_then(|inline| inline.get("declaration"))).collect()
    }

    /// Contracts that the pack speaks of.
    fn contracts(&mut self, key: &str) {
        let mut seen = Vec::new();
        for part in self.inline_contracts() {
            let items =
                |part: &'p crate::yaml::Node, list: &str| part.get(list).map(crate::yaml::Node::items).unwrap_or_default();
            let profiles = items(part, "profiles");
            for owner in std::iter::once(part).chain(profiles) {
                for list in ["offers", "requires", "consumes"] {
                    seen.extend(items(owner, list).iter().filter_map(|item| item.text_at(key)));
                }
            }
        }
        seen.dedup();
        let own = self.place.sibling("capability").or(self.place.sibling("cap_id"));
        let mut offered = HashSet::new();
        for (rank, id) in own.into_iter().chain(seen).enumerate() {
            // What the cursor stands in is no news.
            if id.starts_with("cap://") && id.len() > 6 && id != self.place.typed && offered.insert(id.to_owned()) {
                self.word(Offer::new(id, CompletionKind::Name, rank), false);
            }
        }
    }

    fn profiles(&mut self, list: bool) {
        let named: Vec<&str> = self
            .inline_contracts()
            .into_iter()
            .flat_map(|part| part.get("profiles").map(crate::yaml::Node::items).unwrap_or_default())
            .filter_map(|profile| profile.text_at("id"))
            .collect();
        for (rank, id) in named.into_iter().enumerate() {
            self.word(Offer::new(id, CompletionKind::Name, rank), list);
        }
    }

    fn components(&mut self) {
        let components = self.pack.manifest.components.iter().flat_map(|list| &list.value);
        for (rank, id) in components.filter_map(|component| component.id.as_ref()).enumerate() {
            self.word(Offer::new(id, CompletionKind::Name, rank), false);
        }
    }

    /// An extension says its key once more.
    fn extension_kind(&mut self) {
        if let [Step::Key(outer), Step::Key(key), Step::Key(_)] = &self.place.path[..]
            && outer == "extensions"
        {
            let key = key.to_string();
            self.word(Offer::new(&key, CompletionKind::Word, 0), false);
        }
    }

    /// Built-in error codes and those of the tool.
    pub(super) fn error_codes(&mut self) {
        let declared: Vec<_> = self
            .case_tool()
            .and_then(|tool| tool.errors.as_ref())
            .into_iter()
            .flat_map(|errors| &errors.value)
            .filter_map(|error| Some((error.code.as_ref()?, error.description.as_ref())))
            .collect();
        for (rank, (code, about)) in declared.into_iter().enumerate() {
            let docs = about.map(|text| text.value.clone()).unwrap_or_default();
            self.word(Offer::new(code, CompletionKind::Word, rank).detail("declared by the tool").docs(docs), false);
        }
        for (rank, (code, about)) in super::super::hover::ERROR_CODES.iter().enumerate() {
            self.word(Offer::new(code, CompletionKind::Word, 100 + rank).docs(*about), false);
        }
    }

    /// The tool that the file of cases at hand tests.
    pub(super) fn case_tool(&self) -> Option<&'p crate::manifest::Tool> {
        let line = self.text.lines().find_map(|line| line.strip_prefix("tool:"))?;
        let name = line.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']);
        self.pack.tool(name)
    }

    /// The whole text that a secret is asked for with.
    fn secrets_whole(&mut self) {
        for (rank, credential) in self.pack.credentials().enumerate() {
            let Some(name) = &credential.name else { continue };
            let text = format!("${{secrets[\"{}\"]}}", name.value);
            let offer = Offer::new(&text, CompletionKind::Name, rank)
                .docs(credential.description.as_ref().map(|text| text.value.clone()).unwrap_or_default());
            self.offer(offer, format!("'{text}'"), false);
        }
    }
}

/// True for a path where cases lie.
pub(in crate::assist) fn holds_cases(path: &str) -> bool {
    crate::content::Named::default().kind(path) == Kind::Cases
}
