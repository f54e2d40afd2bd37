//! One version of a pack against the one before: everything that somebody who uses it may notice.

use super::network;
use super::verdict::{Verdict, input, output, shown};
use crate::model::{Manifest, SchemaRef, Tool};
use crate::nearest::nearest;
use crate::schema::{Bundle, Files};
use crate::text::shown as quoted;
use crate::yaml::{self, Node};
use semver::Version;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A pack as it is compared: the manifest's text, and its files.
#[derive(Clone, Copy)]
pub struct PackTexts<'a> {
    pub manifest: &'a str,
    /// Answers with a file of the pack, read as JSON.
    pub files: &'a Files<'a>,
}

/// All that changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The gravest first, then in the order of the manifest.
    pub changes: Vec<Change>,
    pub old_version: Option<String>,
    pub new_version: Option<String>,
    /// The least that the version must be raised by.
    pub needed: Bump,
    /// Whether the new version is raised by that much; `None` where one of the two is not semantic.
    pub suffices: Option<bool>,
}

/// One thing that changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub what: What,
    pub severity: Severity,
    /// One sentence without a full stop that names the thing.
    pub message: String,
    /// A value that shows it, for a schema.
    pub example: Option<Value>,
    /// The manifest that [`Change::range`] is a place of.
    pub side: Side,
    /// Bytes of that manifest.
    pub range: Range<usize>,
}

/// What sort of thing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    Tool,
    Input,
    Output,
    Error,
    Contract,
    Requirement,
    Credential,
    Network,
}

/// What a change means for those who use the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Somebody's call, or their set-up, stops working.
    Breaking,
    /// Somebody must look at it and say yes.
    Review,
    Compatible,
}

/// Which of two manifests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    Old,
    New,
}

/// How much a version is raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    Patch,
    Minor,
    Major,
}

impl Bump {
    /// As a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// A manifest that is not YAML: nothing can be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    pub side: Side,
    pub error: yaml::SyntaxError,
}

/// Compares two versions of a pack.
pub fn packs(old: &PackTexts<'_>, new: &PackTexts<'_>) -> Result<Report, Unreadable> {
    let before = Release::read(old, Side::Old)?;
    let after = Release::read(new, Side::New)?;
    let mut changes = Vec::new();
    tools(&before, &after, &mut changes);
    contracts(&before, &after, &mut changes);
    credentials(&before, &after, &mut changes);
    network::compare(&before.manifest.capabilities, &after.manifest.capabilities, &mut |severity, name, message| {
        let node = after.named("capabilities", name);
        changes.push(Change { what: What::Network, severity, message, example: None, side: Side::New, range: place(node) });
    });
    changes.sort_by_key(|change| (change.severity, change.side == Side::Old, change.range.start));
    let breaking = changes.iter().any(|change| change.severity == Severity::Breaking);
    let (old_version, new_version) = (before.manifest.version.clone(), after.manifest.version.clone());
    let versions = old_version.as_deref().map(Version::parse).zip(new_version.as_deref().map(Version::parse));
    let versions = versions.and_then(|(old, new)| Some((old.ok()?, new.ok()?)));
    let young = versions.as_ref().is_some_and(|(old, _)| old.major == 0);
    let needed = match (breaking, changes.is_empty()) {
        (true, _) if young => Bump::Minor,
        (true, _) => Bump::Major,
        (false, false) if !young => Bump::Minor,
        _ => Bump::Patch,
    };
    let suffices = versions.map(|(old, new)| suffices(&old, &new, needed));
    Ok(Report { changes, old_version, new_version, needed, suffices })
}

fn suffices(old: &Version, new: &Version, needed: Bump) -> bool {
    match needed {
        Bump::Major => new.major > old.major,
        Bump::Minor => (new.major, new.minor) > (old.major, old.minor),
        Bump::Patch => new > old,
    }
}

/// A version of the pack that has been read.
struct Release<'a> {
    root: Node,
    manifest: Manifest,
    files: &'a Files<'a>,
}

impl<'a> Release<'a> {
    fn read(texts: &PackTexts<'a>, side: Side) -> Result<Self, Unreadable> {
        let unreadable = |error| Unreadable { side, error };
        let root = yaml::parse(texts.manifest).map_err(unreadable)?;
        let manifest = Manifest::read(texts.manifest).map_err(unreadable)?;
        Ok(Self { root, manifest, files: texts.files })
    }

    /// The item of a list that has a name.
    fn named(&self, list: &str, name: &str) -> Option<&Node> {
        self.root.get(list)?.items().iter().find(|item| item.text_at("name") == Some(name))
    }

    /// Where a part of a tool stands.
    fn part(&self, tool: &Tool, key: &str) -> Range<usize> {
        let node = self.root.get("tools").and_then(|tools| {
            tools.items().iter().find(|item| item.get("name").is_some_and(|name| name.span == tool.span))?.key(key)
        });
        node.map_or(tool.span.clone(), |key| key.span.clone())
    }

    fn schema(&self, schema: &SchemaRef) -> Result<Bundle, String> {
        match schema {
            SchemaRef::Inline(value) => Bundle::of(crate::folder::MANIFEST, value, self.files).map_err(|error| error.to_string()),
            SchemaRef::File(path) => {
                let value = (self.files)(path).ok_or_else(|| format!("`{}` is not there, or not JSON.", quoted(path)))?;
                Bundle::of(path, &value, self.files).map_err(|error| error.to_string())
            }
        }
    }
}

/// Where a thing stands: its name, where it has one.
fn place(node: Option<&Node>) -> Range<usize> {
    let node = node.map(|node| node.get("name").unwrap_or(node));
    node.map_or(0..0, |node| node.span.clone())
}

fn tools(old: &Release<'_>, new: &Release<'_>, changes: &mut Vec<Change>) {
    for before in &old.manifest.tools {
        let Some(after) = new.manifest.tool(&before.name) else {
            let fresh = || new.manifest.tools.iter().filter(|tool| old.manifest.tool(&tool.name).is_none());
            let twin = fresh().find(|tool| tool.handler.is_some() && tool.handler == before.handler);
            let twin = twin.map(|tool| tool.name.as_str());
            let name = quoted(&before.name);
            let message =
                match twin.or_else(|| nearest(&before.name, fresh().map(|tool| tool.name.as_str())).map(|near| near.word)) {
                    Some(twin) => format!("tool `{name}` is gone; it seems to be `{}` now, which nobody calls yet", quoted(twin)),
                    None => format!("tool `{name}` is gone"),
                };
            changes.push(change(What::Tool, Severity::Breaking, message, Side::Old, before.span.clone()));
            continue;
        };
        schemas(old, new, before, after, What::Input, changes);
        schemas(old, new, before, after, What::Output, changes);
        errors(new, before, after, changes);
    }
    for tool in new.manifest.tools.iter().filter(|tool| old.manifest.tool(&tool.name).is_none()) {
        let message = format!("tool `{}` is new", quoted(&tool.name));
        changes.push(change(What::Tool, Severity::Compatible, message, Side::New, tool.span.clone()));
    }
}

fn schemas(old: &Release<'_>, new: &Release<'_>, before: &Tool, after: &Tool, what: What, changes: &mut Vec<Change>) {
    let key = if what == What::Input { "input" } else { "output" };
    let pick = |tool: &Tool| if what == What::Input { tool.input.clone() } else { tool.output.clone() };
    let range = new.part(after, key);
    let name = format!("{key} of `{}`", quoted(&after.name));
    let mut add = |severity, message, example| {
        changes.push(Change { what, severity, message, example, side: Side::New, range: range.clone() });
    };
    let (one, other) = match (pick(before), pick(after)) {
        (None, None) => return,
        (Some(one), Some(other)) => (one, other),
        (None, Some(_)) if what == What::Output => {
            return add(Severity::Compatible, format!("{name}: it has a schema now"), None);
        }
        (Some(_), None) if what == What::Output => {
            return add(Severity::Breaking, format!("{name}: it promises nothing any more, its schema is gone"), None);
        }
        (None, Some(_)) => return add(Severity::Review, format!("{name}: it has a schema now, and had none"), None),
        (Some(_), None) => return add(Severity::Review, format!("{name}: its schema is gone"), None),
    };
    let (one, other) = match (old.schema(&one), new.schema(&other)) {
        (Ok(one), Ok(other)) => (one, other),
        (Err(why), _) => {
            return add(Severity::Review, format!("{name}: the old schema cannot be compared. {}", stem(&why)), None);
        }
        (_, Err(why)) => {
            return add(Severity::Review, format!("{name}: the new schema cannot be compared. {}", stem(&why)), None);
        }
    };
    match if what == What::Input { input(&one, &other) } else { output(&one, &other) } {
        Verdict::Same => {}
        Verdict::Compatible { shown_by } => {
            let message = match (&shown_by, what) {
                (Some(value), What::Input) => format!("{name}: it takes more, `{}` for one", shown(value)),
                (None, What::Input) => format!("{name}: it takes at least what it took"),
                (Some(value), _) => format!("{name}: it promises more, `{}` cannot come any more", shown(value)),
                (None, _) => format!("{name}: it promises at least what it promised"),
            };
            add(Severity::Compatible, message, shown_by);
        }
        Verdict::Breaking(refusal) => {
            add(Severity::Breaking, format!("{name}: {refusal}"), Some(refusal.counter_example));
        }
        Verdict::Review { why } => add(Severity::Review, format!("{name}: {why}"), None),
    }
}

/// A sentence without its full stop.
fn stem(sentence: &str) -> &str {
    sentence.trim_end_matches('.')
}

fn errors(new: &Release<'_>, before: &Tool, after: &Tool, changes: &mut Vec<Change>) {
    let range = new.part(after, "errors");
    let tool = quoted(&after.name);
    let codes = |tool: &Tool| tool.errors.iter().map(|error| error.code.clone()).collect::<BTreeSet<_>>();
    for code in codes(before).difference(&codes(after)) {
        let message = format!("tool `{tool}` no longer answers with the error `{}`, which callers may handle", quoted(code));
        changes.push(change(What::Error, Severity::Breaking, message, Side::New, range.clone()));
    }
    for code in codes(after).difference(&codes(before)) {
        let message = format!("tool `{tool}` may answer with the error `{}` now", quoted(code));
        changes.push(change(What::Error, Severity::Compatible, message, Side::New, range.clone()));
    }
}

/// Greentic's extension for contracts.
const CONTRACTS: &str = "greentic.ext.capabilities.v1";

/// A side of a contract: `cap://` id, version, profiles.
#[derive(Debug, Default)]
struct Contract {
    versions: BTreeSet<String>,
    profiles: BTreeSet<String>,
    /// True when one of them has no profile, and so counts under each.
    everywhere: bool,
    mandatory: bool,
    range: Range<usize>,
}

/// The contracts of a list, by id, whichever of the two known spellings an entry has.
fn listed(version: &Release<'_>, list: &str) -> BTreeMap<String, Contract> {
    let mut found: BTreeMap<String, Contract> = BTreeMap::new();
    let inline = version.root.get("extensions").and_then(|all| all.get(CONTRACTS)).and_then(|one| one.get("inline"));
    let Some(inline) = inline else { return found };
    let nodes = [Some(inline), inline.get("declaration")];
    for item in nodes.into_iter().flatten().filter_map(|node| node.get(list)).flat_map(Node::items) {
        let Some(id) = item.text_at("capability").or_else(|| item.text_at("cap_id")) else { continue };
        let contract = found.entry(id.to_owned()).or_default();
        contract.versions.extend(item.get("version").and_then(Node::as_word).map(str::to_owned));
        let profiles = item.get("profiles").map(Node::items).unwrap_or_default();
        contract.everywhere |= profiles.is_empty();
        contract.profiles.extend(profiles.iter().filter_map(Node::as_word).map(str::to_owned));
        contract.mandatory |= !matches!(item.get("optional").map(|node| &node.value), Some(yaml::Value::Bool(true)));
        contract.range = item.get("capability").or_else(|| item.get("cap_id")).map_or(0..0, |node| node.span.clone());
    }
    found
}

fn contracts(old: &Release<'_>, new: &Release<'_>, changes: &mut Vec<Change>) {
    let (before, after) = (listed(old, "offers"), listed(new, "offers"));
    for (id, was) in &before {
        let name = quoted(id);
        let Some(is) = after.get(id) else {
            let message = format!("contract `{name}` is no longer offered");
            changes.push(change(What::Contract, Severity::Breaking, message, Side::Old, was.range.clone()));
            continue;
        };
        for version in was.versions.difference(&is.versions) {
            let message = format!("contract `{name}` is no longer offered in version `{}`", quoted(version));
            changes.push(change(What::Contract, Severity::Breaking, message, Side::New, is.range.clone()));
        }
        let gone = was.profiles.difference(&is.profiles).filter(|_| !is.everywhere);
        let gone: Vec<String> = gone
            .map(|profile| format!("contract `{name}` is no longer offered under the profile `{}`", quoted(profile)))
            .collect();
        let narrowed =
            (was.everywhere && !is.everywhere).then(|| format!("contract `{name}` is offered under some profiles only"));
        for message in gone.into_iter().chain(narrowed) {
            changes.push(change(What::Contract, Severity::Breaking, message, Side::New, is.range.clone()));
        }
    }
    for (id, is) in after.iter().filter(|(id, _)| !before.contains_key(*id)) {
        let message = format!("contract `{}` is offered now", quoted(id));
        changes.push(change(What::Contract, Severity::Compatible, message, Side::New, is.range.clone()));
    }
    for list in ["requires", "consumes"] {
        let (before, after) = (listed(old, list), listed(new, list));
        for (id, is) in &after {
            let name = quoted(id);
            let was = before.get(id);
            let (severity, message) = match (was.map(|was| was.mandatory), is.mandatory) {
                (None, true) => (Severity::Breaking, format!("`{name}` is needed now: without it the pack does not start")),
                (Some(false), true) => (Severity::Breaking, format!("`{name}` was optional and is needed now")),
                (None, false) => (Severity::Compatible, format!("`{name}` is used now where it is there")),
                (Some(true), false) => (Severity::Compatible, format!("`{name}` is optional now")),
                _ => continue,
            };
            changes.push(change(What::Requirement, severity, message, Side::New, is.range.clone()));
        }
        for (id, was) in before.iter().filter(|(id, _)| !after.contains_key(*id)) {
            let message = format!("`{}` is no longer needed", quoted(id));
            changes.push(change(What::Requirement, Severity::Compatible, message, Side::Old, was.range.clone()));
        }
    }
    dependencies(old, new, changes);
}

fn dependencies(old: &Release<'_>, new: &Release<'_>, changes: &mut Vec<Change>) {
    let packs = |version: &Release<'_>| -> BTreeMap<String, (Option<String>, Range<usize>)> {
        let items = version.root.get("dependencies").map(Node::items).unwrap_or_default();
        let named = items.iter().filter_map(|item| {
            let id = item.get("pack_id")?;
            let wanted = item.get("version_req").and_then(Node::as_word).map(str::to_owned);
            Some((id.as_text()?.to_owned(), (wanted, id.span.clone())))
        });
        named.collect()
    };
    let before = packs(old);
    for (id, (wanted, range)) in packs(new) {
        let name = quoted(&id);
        let (severity, message) = match before.get(&id) {
            None => (Severity::Breaking, format!("pack `{name}` is needed now")),
            Some((was, _)) if *was != wanted => (Severity::Review, format!("another version of pack `{name}` is needed")),
            Some(_) => continue,
        };
        changes.push(change(What::Requirement, severity, message, Side::New, range));
    }
}

fn credentials(old: &Release<'_>, new: &Release<'_>, changes: &mut Vec<Change>) {
    for is in &new.manifest.credentials {
        let name = quoted(&is.name);
        let was = old.manifest.credentials.iter().find(|was| was.name == is.name);
        let (severity, message) = match was {
            None if is.required => (Severity::Breaking, format!("credential `{name}` is needed now, and nobody has set it")),
            None => (Severity::Compatible, format!("credential `{name}` can be set now")),
            Some(was) if is.required && !was.required => {
                (Severity::Breaking, format!("credential `{name}` was optional and is needed now"))
            }
            Some(was) if was.kind != is.kind => {
                let severity = if is.required { Severity::Breaking } else { Severity::Review };
                let kind = |kind: &Option<String>| quoted(kind.as_deref().unwrap_or("of no kind"));
                (
                    severity,
                    format!(
                        "credential `{name}` is `{}` now, and was `{}`: what was set does not fit",
                        kind(&is.kind),
                        kind(&was.kind)
                    ),
                )
            }
            Some(was) if was.required && !is.required => (Severity::Compatible, format!("credential `{name}` is optional now")),
            Some(_) => continue,
        };
        let range = place(new.named("credentials", &is.name));
        changes.push(change(What::Credential, severity, message, Side::New, range));
    }
    for was in old.manifest.credentials.iter().filter(|was| !new.manifest.credentials.iter().any(|is| is.name == was.name)) {
        let range = place(old.named("credentials", &was.name));
        let message = format!("credential `{}` is no longer asked for", quoted(&was.name));
        changes.push(change(What::Credential, Severity::Compatible, message, Side::Old, range));
    }
}

fn change(what: What, severity: Severity, message: String, side: Side, range: Range<usize>) -> Change {
    Change { what, severity, message, example: None, side, range }
}

#[cfg(test)]
mod tests {
    use super::{Bump, PackTexts, Severity, packs};
    use serde_json::{Value, json};

    fn no_files(_: &str) -> Option<Value> {
        None
    }

    /// What is told of two manifests, one line each, and what it asks of the version.
    fn told(old: &str, new: &str) -> String {
        let report =
            packs(&PackTexts { manifest: old, files: &no_files }, &PackTexts { manifest: new, files: &no_files }).unwrap();
        let mut out = String::new();
        for change in &report.changes {
            let text = if change.side == super::Side::New { new } else { old };
            out.push_str(&format!(
                "{:?} {:?} {} <{}>\n",
                change.severity,
                change.what,
                change.message,
                &text[change.range.clone()]
            ));
        }
        out + &format!("{} {:?}", report.needed.word(), report.suffices)
    }

    #[test]
    fn every_part_that_others_rely_on_is_compared() {
        let old = r#"
name: a
version: 1.2.0
tools:
  - {name: find_books, input: {type: object, properties: {q: {type: string}}}, output: {type: object, required: [books], properties: {books: {type: array}}}, handler: h/a.ts, errors: [{code: gone_away}]}
  - {name: old_name, input: true, handler: h/b.ts}
credentials: [{name: key, kind: api_key, required: false}, {name: left, kind: opaque}]
extensions:
  greentic.ext.capabilities.v1:
    kind: greentic.ext.capabilities.v1
    version: 1.0.0
    inline:
      offers: [{id: o, offer_id: o, capability: "cap://a", cap_id: "cap://a", version: "1", profiles: [x]}, {offer_id: p, cap_id: cap.b}]
      requires: [{id: r, capability: "cap://r", optional: true}]
"#;
        let new = r#"
name: a
version: 1.3.0
tools:
  - {name: find_books, input: {type: object, properties: {q: {type: string}, n: {type: integer}}, required: [n]}, output: {type: object, properties: {books: {type: array}}}, handler: h/a.ts, errors: [{code: slow_down}]}
  - {name: new_name, input: true, handler: h/b.ts}
credentials: [{name: key, kind: api_key, required: true}]
extensions:
  greentic.ext.capabilities.v1:
    kind: greentic.ext.capabilities.v1
    version: 1.0.0
    inline:
      offers: [{id: o, offer_id: o, capability: "cap://a", cap_id: "cap://a", version: "2", profiles: [x]}]
      requires: [{id: r, capability: "cap://r"}, {id: s, capability: "cap://s", optional: true}]
dependencies: [{alias: z, pack_id: dev.z, version_req: "^1"}]
"#;
        insta::assert_snapshot!(told(old, new), @r#"
        Breaking Input input of `find_books`: `{}` was valid, now is not: it must have `n` <input>
        Breaking Output output of `find_books`: `{}` may come now, and could not before: it must have `books` <output>
        Breaking Error tool `find_books` no longer answers with the error `gone_away`, which callers may handle <errors>
        Breaking Credential credential `key` was optional and is needed now <key>
        Breaking Contract contract `cap://a` is no longer offered in version `1` <"cap://a">
        Breaking Requirement `cap://r` was optional and is needed now <"cap://r">
        Breaking Requirement pack `dev.z` is needed now <dev.z>
        Breaking Tool tool `old_name` is gone; it seems to be `new_name` now, which nobody calls yet <old_name>
        Breaking Contract contract `cap.b` is no longer offered <cap.b>
        Compatible Error tool `find_books` may answer with the error `slow_down` now <errors>
        Compatible Tool tool `new_name` is new <new_name>
        Compatible Requirement `cap://s` is used now where it is there <"cap://s">
        Compatible Credential credential `left` is no longer asked for <left>
        major Some(false)
        "#);
        assert_eq!(told(old, old), "patch Some(false)");
    }

    #[test]
    fn wider_reach_is_never_silent() {
        let with = |rule: &str, budget: &str| {
            format!(
                "name: a\nversion: 1.0.0\ncapabilities:\n  - name: lib\n    type: http\n    allow:\n      - {rule}\n    budgets: {budget}\n"
            )
        };
        let old = with(
            "{domains: [a.org, '*.b.org'], methods: [GET], paths: [/x/**, /y], query: {q: '*'}}",
            "{per_task: {requests: 5}}",
        );
        let mut out = String::new();
        for (rule, budget) in [
            ("{domains: [a.org], methods: [GET], paths: [/x/1], query: {q: a}}", "{per_task: {requests: 4}}"),
            ("{domains: [c.org], methods: [GET], paths: [/y], query: {q: a}}", "{per_task: {requests: 5}}"),
            ("{domains: [z.b.org], methods: [POST], paths: [/y], query: {q: a}}", "{per_task: {requests: 5}}"),
            ("{domains: [a.org], methods: [GET], query: {q: a}}", "{per_task: {requests: 5}}"),
            ("{domains: [a.org], methods: [GET], paths: [/y]}", "{per_task: {requests: 5}}"),
            ("{domains: [a.org], methods: [GET], paths: [/y], query: {q: a}, allow_insecure: true}", "{per_task: {requests: 6}}"),
            ("{domains: ['*'], methods: [GET], paths: [/y], query: {q: a}, body: {type: object}}", "{}"),
        ] {
            out.push_str(&format!("{}\n\n", told(&old, &with(rule, budget))));
        }
        insta::assert_snapshot!(out, @"
        patch Some(false)

        Review Network wider reach: `lib` may reach `c.org`, which it could not <lib>
        minor Some(false)

        Review Network wider reach: `lib` may send POST to `z.b.org`, which it could not <lib>
        minor Some(false)

        Review Network wider reach: `lib` may send GET to any path of `a.org`, which it could not <lib>
        minor Some(false)

        Review Network wider reach: `lib` asks less of the query of what it sends to `a.org` <lib>
        minor Some(false)

        Review Network wider reach: `lib` may reach `a.org` without encryption, and in private networks <lib>
        Review Network wider reach: `lib` may spend 6 requests in a run, and could 5 <lib>
        minor Some(false)

        Review Network wider reach: `lib` may reach `*`, which it could not <lib>
        Review Network wider reach: `lib` may spend any number of requests in a run, and could 5 <lib>
        minor Some(false)
        ");
    }

    #[test]
    fn the_version_must_rise_by_enough() {
        let with = |version: &str, tools: &str| format!("name: a\nversion: {version}\ntools: [{tools}]\n");
        let one = "{name: a, input: true}";
        for (old, new, before, after, needed, suffices) in [
            ("1.0.0", "1.1.0", one, "", Bump::Major, Some(false)),
            ("1.0.0", "2.0.0", one, "", Bump::Major, Some(true)),
            ("0.3.0", "0.3.1", one, "", Bump::Minor, Some(false)),
            ("0.3.0", "0.4.0", one, "", Bump::Minor, Some(true)),
            ("1.0.0", "1.0.1", "", one, Bump::Minor, Some(false)),
            ("0.1.0", "0.1.1", "", one, Bump::Patch, Some(true)),
            ("1.0.0", "1.0.0", one, one, Bump::Patch, Some(false)),
            ("2026.05", "v2", one, "", Bump::Major, None),
        ] {
            let (old, new) = (with(old, before), with(new, after));
            let report =
                packs(&PackTexts { manifest: &old, files: &no_files }, &PackTexts { manifest: &new, files: &no_files }).unwrap();
            assert_eq!((report.needed, report.suffices), (needed, suffices), "{old} {new}");
        }
    }

    #[test]
    fn a_schema_in_a_file_is_read_with_what_it_refers_to() {
        let manifest = "name: a\nversion: 1.0.0\ntools: [{name: t, input: s/in.json}]\n";
        let files = |max: u32| {
            move |path: &str| match path {
                "s/in.json" => Some(json!({"type": "object", "properties": {"n": {"$ref": "common.json#/$defs/n"}}})),
                "s/common.json" => Some(json!({"$defs": {"n": {"type": "integer", "maximum": max}}})),
                _ => None,
            }
        };
        let (before, after) = (files(9), files(5));
        let report = packs(&PackTexts { manifest, files: &before }, &PackTexts { manifest, files: &after }).unwrap();
        assert_eq!(report.changes[0].message, "input of `t`: `{\"n\": 6}` was valid, now is not: `/n` must be at most 5, is 6");
        assert_eq!((report.changes[0].severity, &manifest[report.changes[0].range.clone()]), (Severity::Breaking, "input"));
    }
}
