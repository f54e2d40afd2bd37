//! Contracts: what a pack offers to others, needs and uses, below `greentic.ext.capabilities.v1`.
//!
//! Two readers exist of this payload, with different words for the same things: the packer and the runtime read `offer_id`, `cap_id`,
//! `version` and `provider.op`; the capability model reads `id`, `capability`, `provider.operation` and profiles. Either is understood
//! here, and both together are what we write.

use super::{Example, Rule};
use crate::check::Whole;
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::folder::MANIFEST;
use crate::nearest::Guesses;
use crate::rules::manifest::inside;
use crate::shape::CAPABILITIES_EXTENSION;
use crate::text::shown;
use crate::yaml::{Key, Node, Value};
use std::collections::HashMap;

/// An example's manifest, by the lines of its payload.
macro_rules! contract {
    ($before:literal, $after:literal) => {
        Example::manifest(
            concat!(
                "pack_id: dev.acme.memory\nkind: provider\npublisher: acme\nextensions:\n  greentic.ext.capabilities.v1:\n    kind: greentic.ext.capabilities.v1\n    version: 1.0.0\n    inline:\n      ",
                $before
            ),
            concat!(
                "pack_id: dev.acme.memory\nkind: provider\npublisher: acme\nextensions:\n  greentic.ext.capabilities.v1:\n    kind: greentic.ext.capabilities.v1\n    version: 1.0.0\n    inline:\n      ",
                $after
            ),
        )
    };
}

pub static BAD_ID: Rule = Rule {
    code: "contracts/bad-id",
    severity: Severity::Error,
    summary: "A contract's capability is not a `cap://` id.",
    why: "Offers and needs are matched by comparing these ids, so one in another form matches nothing.",
    example: contract!(
        "requires: [{id: require.state, capability: state.store}]\n",
        "requires: [{id: require.state, capability: 'cap://state.store'}]\n"
    ),
};

pub static DUPLICATE_ID: Rule = Rule {
    code: "contracts/duplicate-id",
    severity: Severity::Error,
    summary: "Two contracts have the same id, or one thing is named twice in a list.",
    why: "Bindings are recorded by id. With two of it the whole resolution fails, even where one is a need and the other a use.",
    example: contract!(
        "requires: [{id: state, capability: 'cap://state.store'}]\n      consumes: [{id: state, capability: 'cap://state.store'}]\n",
        "requires: [{id: require.state, capability: 'cap://state.store'}]\n      consumes: [{id: consume.state, capability: 'cap://state.store'}]\n"
    ),
};

pub static MISSING_KEY: Rule = Rule {
    code: "contracts/missing-key",
    severity: Severity::Error,
    summary: "A contract lacks a key that every reader of it wants.",
    why: "The packer refuses the manifest, and the contract never reaches the one that would bind it.",
    example: contract!(
        "requires: [{capability: 'cap://state.store'}]\n",
        "requires: [{id: require.state, capability: 'cap://state.store'}]\n"
    ),
};

pub static UNKNOWN_PROFILE: Rule = Rule {
    code: "contracts/unknown-profile",
    severity: Severity::Error,
    summary: "A contract is for a profile that is not declared.",
    why: "A contract with profiles counts only when one of them is chosen. One that cannot be chosen leaves it without effect, and the declaration is refused.",
    example: contract!(
        "requires: [{id: require.state, capability: 'cap://state.store', profiles: [observd]}]\n      profiles: [{id: observed}]\n",
        "requires: [{id: require.state, capability: 'cap://state.store', profiles: [observed]}]\n      profiles: [{id: observed}]\n"
    ),
};

pub static BAD_MODE: Rule = Rule {
    code: "contracts/bad-mode",
    severity: Severity::Error,
    summary: "The mode of a use is not shared, exclusive or ephemeral.",
    why: "Readers know these three and refuse the declaration with another.",
    example: contract!(
        "consumes: [{id: consume.state, capability: 'cap://state.store', mode: share}]\n",
        "consumes: [{id: consume.state, capability: 'cap://state.store', mode: shared}]\n"
    ),
};

pub static UNKNOWN_COMPONENT: Rule = Rule {
    code: "contracts/unknown-component",
    severity: Severity::Warning,
    summary: "An offer is answered by a component, or an operation of it, that the pack does not declare.",
    why: "The packer wants the provider among `components`, and a bound contract fails at its first call when the operation is not there.",
    example: Example::manifest(
        "pack_id: dev.acme.memory\nkind: provider\npublisher: acme\ncomponents: [{id: memory, version: 1.0.0, world: 'greentic:component/component@0.6.0', profiles: {}, capabilities: {}, wasm: components/memory.wasm}]\nextensions:\n  greentic.ext.capabilities.v1:\n    kind: greentic.ext.capabilities.v1\n    version: 1.0.0\n    inline:\n      offers: [{id: offer.memory, capability: 'cap://memory.short-term', provider: {component_ref: memori, operation: handle}}]\n",
        "pack_id: dev.acme.memory\nkind: provider\npublisher: acme\ncomponents: [{id: memory, version: 1.0.0, world: 'greentic:component/component@0.6.0', profiles: {}, capabilities: {}, wasm: components/memory.wasm}]\nextensions:\n  greentic.ext.capabilities.v1:\n    kind: greentic.ext.capabilities.v1\n    version: 1.0.0\n    inline:\n      offers: [{id: offer.memory, capability: 'cap://memory.short-term', provider: {component_ref: memory, operation: handle}}]\n",
    )
    .beside(&[("components/memory.wasm", "")]),
};

pub static NO_SETUP: Rule = Rule {
    code: "contracts/no-setup",
    severity: Severity::Error,
    summary: "An offer requires setup, and there are no questions to ask.",
    why: "Whoever installs the pack is to be asked something first. The packer looks for the file with the questions, and refuses the pack without it.",
    example: contract!(
        "offers: [{offer_id: offer.memory, cap_id: 'cap://memory', version: 1.0.0, requires_setup: true, provider: {component_ref: memory, op: handle}}]\n",
        "offers: [{offer_id: offer.memory, cap_id: 'cap://memory', version: 1.0.0, provider: {component_ref: memory, op: handle}}]\n"
    ),
};

pub static ONE_READER: Rule = Rule {
    code: "contracts/one-reader",
    severity: Severity::Info,
    summary: "An offer is written for one of its two readers.",
    why: "The packer and the capability model have different words for the same things. An offer with both halves builds and is bound everywhere.",
    example: contract!(
        "schema_version: 1\n      offers: [{id: offer.memory, capability: 'cap://memory', provider: {component_ref: memory, operation: handle}}]\n",
        "schema_version: 1\n      offers:\n        - id: offer.memory\n          offer_id: offer.memory\n          capability: cap://memory\n          cap_id: cap://memory\n          version: 1.0.0\n          provider: {component_ref: memory, op: handle, operation: handle}\n"
    ),
};

pub static HALVES_DIFFER: Rule = Rule {
    code: "contracts/halves-differ",
    severity: Severity::Warning,
    summary: "The two halves of an offer say different things.",
    why: "Each reader goes by its own half: the packer builds one offer, and the capability model binds another.",
    example: contract!(
        "schema_version: 1\n      offers: [{id: offer.memory, offer_id: offer.memory, capability: 'cap://memory', cap_id: 'cap://memory', version: 1.0.0, provider: {component_ref: memory, op: handle, operation: provide}}]\n",
        "schema_version: 1\n      offers: [{id: offer.memory, offer_id: offer.memory, capability: 'cap://memory', cap_id: 'cap://memory', version: 1.0.0, provider: {component_ref: memory, op: handle, operation: handle}}]\n"
    ),
};

pub static UNKNOWN_SECTION: Rule = Rule {
    code: "contracts/unknown-section",
    severity: Severity::Warning,
    summary: "A part of the contracts has a name that no reader knows.",
    why: "Readers pass over it, so what it offers or needs is never bound.",
    example: contract!(
        "requries: [{id: require.state, capability: 'cap://state.store'}]\n",
        "requires: [{id: require.state, capability: 'cap://state.store'}]\n"
    ),
};

/// The family's rules, but for the one in the list of the core.
pub static RULES: &[&Rule] = &[
    &DUPLICATE_ID,
    &MISSING_KEY,
    &UNKNOWN_PROFILE,
    &BAD_MODE,
    &UNKNOWN_COMPONENT,
    &NO_SETUP,
    &ONE_READER,
    &HALVES_DIFFER,
    &UNKNOWN_SECTION,
];

/// The payload and the mapping that holds its lists.
fn payload(root: &Node) -> Option<(&Node, &Node)> {
    let inline = root.get("extensions")?.get(CAPABILITIES_EXTENSION)?.get("inline")?;
    // A payload may wrap its lists in `declaration`.
    Some((inline, inline.get("declaration").unwrap_or(inline)))
}

/// Checks what only the whole pack can tell.
pub fn check(pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    let Some((inline, lists)) = payload(pack.root) else { return };
    check_sections(lists, &pack.ctx.guesses, out);
    let profiles: Vec<&Node> = lists.get("profiles").map(Node::items).unwrap_or_default().iter().collect();
    let known: Vec<&str> = profiles.iter().filter_map(|profile| profile.text_at("id")).collect();
    let guesses = &pack.ctx.guesses;
    let offers: Vec<&Node> = lists.get("offers").map(Node::items).unwrap_or_default().iter().collect();
    for offer in &offers {
        check_offer(offer, inline, pack, out);
        check_profiles(offer, &known, guesses, out);
    }
    check_ids_differ(offers.iter().copied().map(|offer| (offer, "offers")), out);
    check_ids_differ(profiles.iter().copied().map(|profile| (profile, "profiles")), out);
    check_needs(lists, &known, guesses, out);
    for profile in profiles {
        check_id(profile, &["id"], "a profile", out);
        check_needs(profile, &known, guesses, out);
    }
}

const SECTIONS: [&str; 6] = ["schema_version", "declaration", "offers", "requires", "consumes", "profiles"];

fn check_sections(lists: &Node, guesses: &Guesses, out: &mut Vec<Diagnostic>) {
    for (key, _) in lists.entries().iter().filter(|(key, _)| !SECTIONS.contains(&key.name.as_str())) {
        let free = SECTIONS.iter().copied().filter(|section| lists.get(section).is_none());
        // Anything that is no slip of the finger may be somebody's own.
        if let Some(near) = guesses.nearest(&key.name, free) {
            let message = format!("`{}` is no part of a declaration", shown(&key.name));
            out.push(UNKNOWN_SECTION.at(MANIFEST, key.span.clone(), message).did_you_mean(near));
        }
    }
}

/// Needs and uses, at the top or of a profile.
fn check_needs(lists: &Node, profiles: &[&str], guesses: &Guesses, out: &mut Vec<Diagnostic>) {
    let items = |list: &'static str| lists.get(list).map(Node::items).unwrap_or_default().iter().map(move |item| (item, list));
    for (item, list) in items("requires").chain(items("consumes")) {
        let what = if list == "requires" { "a need" } else { "a use" };
        check_id(item, &["id"], what, out);
        check_present(item, &["capability"], what, out);
        check_profiles(item, profiles, guesses, out);
        if let Some(node) = item.get("mode").filter(|_| list == "consumes")
            && let Some(written) = node.as_text()
            && !MODES.contains(&written)
        {
            let found = BAD_MODE.at(MANIFEST, node.span.clone(), format!("`{}` is not a mode", shown(written)));
            out.push(match guesses.nearest(written, MODES.iter().copied()) {
                Some(near) => found.did_you_mean(near),
                None => found.hint(format!("Choose one of {}.", MODES.join(", "))),
            });
        }
    }
    check_ids_differ(items("requires").chain(items("consumes")), out);
}

const MODES: &[&str] = &["shared", "exclusive", "ephemeral"];

/// The key of an item that says what it is, for what has no place of its own.
fn head(item: &Node) -> Option<&Key> {
    item.entries().first().map(|(key, _)| key)
}

fn is_there(item: &Node, key: &str) -> bool {
    item.get(key).is_some_and(|node| node.value != Value::Null && node.as_text() != Some(""))
}

/// One of the keys must be there.
fn check_present(item: &Node, keys: &[&str], what: &str, out: &mut Vec<Diagnostic>) {
    if !matches!(item.value, Value::Map(_)) || keys.iter().any(|key| is_there(item, key)) {
        return;
    }
    let Some(name) = keys.first() else { return };
    let place = item.key(name).or_else(|| head(item)).map_or(item.span.clone(), |key| key.span.clone());
    out.push(MISSING_KEY.at(MANIFEST, place, format!("{what} needs `{name}`")).hint(match *name {
        "id" => "Add an id of its own, without blanks, as in `require.state`.",
        "capability" => "Say what it is, as in `capability: cap://state.store`.",
        "version" => "Say which version of the capability is offered, as in `version: 1.0.0`.",
        "provider" => "Say which component and operation answer: `provider: {component_ref: …, op: …, operation: …}`.",
        "component_ref" => "Name the component that answers.",
        _ => "Name the operation that answers.",
    }));
}

/// An id must be there, and have no blanks.
fn check_id(item: &Node, keys: &[&str], what: &str, out: &mut Vec<Diagnostic>) {
    check_present(item, keys, what, out);
    for node in keys.iter().filter_map(|key| item.get(key)) {
        if node.as_text().is_some_and(|id| !id.is_empty() && id.contains(char::is_whitespace)) {
            let message = format!("`{}` has blanks, and an id has none", shown(node.as_text().unwrap_or_default()));
            out.push(MISSING_KEY.at(MANIFEST, node.span.clone(), message).hint("Write dots or hyphens in their place."));
        }
    }
}

fn check_ids_differ<'a>(items: impl Iterator<Item = (&'a Node, &'a str)>, out: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<&str, &str> = HashMap::new();
    for (item, list) in items {
        let Some(node) = item.get("id").or_else(|| item.get("offer_id")) else { continue };
        let Some(id) = node.as_text().filter(|id| !id.is_empty()) else { continue };
        if let Some(first) = seen.insert(id, list) {
            let message = format!("`{}` is an id in `{first}` already", shown(id));
            out.push(
                DUPLICATE_ID
                    .at(MANIFEST, node.span.clone(), message)
                    .hint("Give each its own, as in `require.state` and `consume.state`."),
            );
        }
    }
}

fn check_profiles(item: &Node, known: &[&str], guesses: &Guesses, out: &mut Vec<Diagnostic>) {
    let mut seen: Vec<&str> = Vec::new();
    // Nobody has more profiles than can be told apart; a list beyond that is not compared.
    for node in item.get("profiles").map(Node::items).unwrap_or_default().iter().take(100) {
        let Some(written) = node.as_text() else { continue };
        if seen.contains(&written) {
            let message = format!("`{}` stands twice in this list", shown(written));
            out.push(DUPLICATE_ID.at(MANIFEST, node.span.clone(), message).hint("Remove one of the two."));
        }
        seen.push(written);
        if known.contains(&written) {
            continue;
        }
        let found = UNKNOWN_PROFILE.at(MANIFEST, node.span.clone(), format!("no profile is called `{}`", shown(written)));
        out.push(match guesses.nearest(written, known.iter().copied()) {
            Some(near) => found.did_you_mean(near),
            None => found.hint(format!("Declare it: `profiles: [{{id: {}}}]`.", shown(written))),
        });
    }
}

fn check_offer(offer: &Node, inline: &Node, pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    if !matches!(offer.value, Value::Map(_)) {
        return;
    }
    check_id(offer, &["id", "offer_id"], "an offer", out);
    check_present(offer, &["capability", "cap_id"], "an offer", out);
    let provider = offer.get("provider");
    let packer = is_there(offer, "offer_id") || is_there(offer, "cap_id");
    let mut lacks: Vec<String> = Vec::new();
    if packer {
        check_present(offer, &["version"], "an offer", out);
        match provider {
            Some(provider) => {
                check_present(provider, &["component_ref"], "a provider", out);
                check_present(provider, &["op"], "a provider", out);
            }
            None => check_present(offer, &["provider"], "an offer", out),
        }
        // What neither half has was told above.
        for (key, other) in [("id", "offer_id"), ("capability", "cap_id")] {
            if !is_there(offer, key) && is_there(offer, other) {
                lacks.push(format!("`{key}`"));
            }
        }
    }
    if is_there(offer, "id") || is_there(offer, "capability") {
        for (key, other) in [("offer_id", "id"), ("cap_id", "capability")] {
            if !is_there(offer, key) && is_there(offer, other) {
                lacks.push(format!("`{key}`"));
            }
        }
        if !packer {
            if !is_there(offer, "version") {
                lacks.push("`version`".to_owned());
            }
            for key in ["component_ref", "op"] {
                if !provider.is_some_and(|provider| is_there(provider, key)) {
                    lacks.push(format!("`provider.{key}`"));
                }
            }
        }
    }
    if !is_there(inline, "schema_version") {
        lacks.push("`schema_version: 1` at the top".to_owned());
    }
    if !lacks.is_empty() {
        let place = offer.get("id").or_else(|| offer.get("offer_id")).filter(|node| !node.span.is_empty());
        let place =
            place.map_or_else(|| head(offer).map_or(offer.span.clone(), |key| key.span.clone()), |node| node.span.clone());
        let message = format!("one of the two readers of this offer wants {} as well", lacks.join(", "));
        out.push(
            ONE_READER
                .at(MANIFEST, place, message)
                .hint("Write both halves, and let them say the same: each reader passes over what it does not know."),
        );
    }
    check_halves(offer, out);
    check_setup(offer, pack, out);
    if let Some(provider) = provider {
        check_provider(provider, pack, out);
    }
}

fn check_halves(offer: &Node, out: &mut Vec<Diagnostic>) {
    let mut compare = |item: &Node, one: &str, other: &str| {
        if let (Some(first), Some(second)) = (item.get(one), item.get(other))
            && let (Some(a), Some(b)) = (first.as_text(), second.as_text())
            && a != b
        {
            let message = format!("`{other}` is `{}`, and `{one}` is `{}`", shown(b), shown(a));
            out.push(HALVES_DIFFER.at(MANIFEST, second.span.clone(), message).hint("Write the same in both."));
        }
    };
    compare(offer, "id", "offer_id");
    // Greentic's ids of capabilities are free text: only one that is a contract's says the same in other words.
    if offer.text_at("cap_id").is_some_and(is_contract_id) {
        compare(offer, "capability", "cap_id");
    }
    if let Some(provider) = offer.get("provider") {
        compare(provider, "op", "operation");
    }
}

fn check_setup(offer: &Node, pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    let Some((key, _)) =
        offer.entries().iter().find(|(key, node)| key.name == "requires_setup" && node.value == Value::Bool(true))
    else {
        return;
    };
    match offer.get("setup").and_then(|setup| setup.get("qa_ref")).filter(|node| node.value != Value::Null) {
        None => out.push(
            NO_SETUP
                .at(MANIFEST, key.span.clone(), "this offer requires setup, and names no questions")
                .hint("Add `setup: {qa_ref: …}` with the path of the file that holds them, or write `requires_setup: false`."),
        ),
        Some(node) => {
            let path = node.as_text().unwrap_or_default();
            if !inside(path).is_some_and(|path| pack.ctx.entry(&path).is_some_and(|entry| entry.is_file())) {
                let message = format!("`{}` is not a file of the pack", shown(path));
                out.push(
                    NO_SETUP
                        .at(MANIFEST, node.span.clone(), message)
                        .hint("Create the file with the questions, or write the path of one that is there."),
                );
            }
        }
    }
}

fn check_provider(provider: &Node, pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    let map = provider.get("operation_map").map(Node::items).unwrap_or_default();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (number, entry) in map.iter().enumerate() {
        check_present(entry, &["contract_operation"], "an entry of `operation_map`", out);
        check_present(entry, &["component_operation"], "an entry of `operation_map`", out);
        if let Some(node) = entry.get("contract_operation")
            && let Some(name) = node.as_text()
            && let Some(first) = seen.insert(name, number)
        {
            let message = format!("entry {} of `operation_map` says who answers `{}` already", first + 1, shown(name));
            out.push(DUPLICATE_ID.at(MANIFEST, node.span.clone(), message).hint("Keep one of the two."));
        }
    }
    let components = pack.root.get("components").map(Node::items).unwrap_or_default();
    // A pack without components leaves them to whoever builds on it; what cannot be read may have them.
    let known = !components.is_empty() && !pack.ctx.may_lack(&["components"]);
    let Some(node) = provider.get("component_ref").filter(|_| known) else { return };
    let Some(written) = node.as_text() else { return };
    let guesses = &pack.ctx.guesses;
    let ids: Vec<&str> = components.iter().filter_map(|component| component.text_at("id")).collect();
    let Some(component) = components.iter().find(|component| component.text_at("id") == Some(written)) else {
        let message = format!("no component of this pack is called `{}`", shown(written));
        let found = UNKNOWN_COMPONENT.at(MANIFEST, node.span.clone(), message);
        let bare = written.rsplit_once(':').map_or(written, |(_, bare)| bare);
        out.push(match guesses.nearest(bare, ids.iter().copied()) {
            Some(near) => found.did_you_mean(near),
            None => found.hint(format!("It has {}.", shown(&ids.join(", ")))),
        });
        return;
    };
    let operations: Vec<&str> =
        component.get("operations").map(Node::items).unwrap_or_default().iter().filter_map(|one| one.text_at("name")).collect();
    if operations.is_empty() {
        return;
    }
    let named = [provider.get("op"), provider.get("operation")].into_iter().flatten();
    for node in named.chain(map.iter().filter_map(|entry| entry.get("component_operation"))) {
        let Some(operation) = node.as_text().filter(|operation| !operations.contains(operation)) else { continue };
        let message = format!("`{}` has no operation `{}`", shown(written), shown(operation));
        let found = UNKNOWN_COMPONENT.at(MANIFEST, node.span.clone(), message);
        out.push(match guesses.nearest(operation, operations.iter().copied()) {
            Some(near) => found.did_you_mean(near),
            None => found.hint(format!("It has {}.", shown(&operations.join(", ")))),
        });
    }
}

/// Checks the ids. Here because a fix of theirs is tried with the manifest's.
pub fn check_ids(root: &Node, out: &mut Vec<Diagnostic>) {
    let Some((_, lists)) = payload(root) else { return };
    let profiles = lists.get("profiles").map(Node::items).unwrap_or_default();
    for lists in std::iter::once(lists).chain(profiles) {
        for item in ["offers", "requires", "consumes"].iter().filter_map(|list| lists.get(list)).flat_map(Node::items) {
            let Some(node) = item.get("capability") else { continue };
            let Some(written) = node.as_text() else { continue };
            if is_contract_id(written) {
                continue;
            }
            let found = BAD_ID.at(MANIFEST, node.span.clone(), format!("`{}` is not a `cap://` id", shown(written)));
            let scheme = written.split_once(':').map(|(scheme, _)| scheme);
            let bare = written.get(..4).filter(|start| start.eq_ignore_ascii_case("cap:")).map_or(written, |_| &written[4..]);
            let mended = format!("cap://{}", bare.trim_start_matches('/'));
            // Another scheme was meant as another scheme.
            let meant = scheme.is_none_or(|scheme| scheme.eq_ignore_ascii_case("cap"));
            out.push(if meant && is_contract_id(&mended) {
                let fix = Fix::one(format!("Change to `{mended}`"), MANIFEST, node.span.clone(), mended);
                // An id that never said `cap:` may be of something else.
                let fix = if scheme.is_some() { fix } else { fix.guessed() };
                found.hint("Ids look like `cap://memory.short-term`.").with_fix(fix)
            } else {
                found.hint("After `cap://` come letters, digits and `: / - _ . + @`, as in `cap://memory.short-term`.")
            });
        }
    }
}

/// `cap://` and at least one of Greentic's characters.
fn is_contract_id(text: &str) -> bool {
    text.strip_prefix("cap://").is_some_and(|rest| {
        !rest.is_empty()
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'/' | b'-' | b'_' | b'.' | b'+' | b'@'))
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::{findings, manifest};
    use crate::source::MemoryPack;

    #[test]
    fn contracts_are_cap_ids() {
        let text = |id: &str| {
            format!(
                "pack_id: a.b\nversion: 1.0.0\nkind: library\npublisher: a\ndescription: d\nextensions:\n  greentic.ext.capabilities.v1:\n    kind: greentic.ext.capabilities.v1\n    version: 1.0.0\n    inline:\n      requires:\n        - {{id: o, capability: {id}}}\n"
            )
        };
        insta::assert_snapshot!(manifest(&text("memory.short-term")), @"
        Error contracts/bad-id pack.yaml:12:31 <memory.short-term> `memory.short-term` is not a `cap://` id
          hint: Ids look like `cap://memory.short-term`.
          guess: Change to `cap://memory.short-term`
        ");
        assert_eq!(manifest(&text("cap://memory.short-term")), "");
        assert!(manifest(&text("CAP://memory")).contains("fix: Change to `cap://memory`"));
        assert!(!manifest(&text("http://memory")).contains("fix:"));
    }

    const HEAD: &str = "pack_id: a.b\nversion: 1.0.0\nkind: library\npublisher: a\ndescription: d\n";

    fn inline(inline: &str) -> String {
        manifest(&format!(
            "{HEAD}extensions:\n  greentic.ext.capabilities.v1:\n    kind: greentic.ext.capabilities.v1\n    version: 1.0.0\n    inline:\n{inline}"
        ))
    }

    const WHOLE: &str = "      schema_version: 1\n      offers:\n        - {offer_id: o, cap_id: 'cap://m', version: 1.0.0, id: o, capability: 'cap://m', provider: {component_ref: c, op: h, operation: h}}\n";

    #[test]
    fn an_offer_for_both_readers_is_told_nothing() {
        assert_eq!(inline(WHOLE), "");
        assert_eq!(inline("      declaration: {requires: [{id: r, capability: 'cap://x'}]}\n"), "");
    }

    #[test]
    fn an_offer_for_one_reader_is_said_to_be_so() {
        insta::assert_snapshot!(inline("      offers: [{id: o, capability: 'cap://m'}]\n"), @"
        Info contracts/one-reader pack.yaml:11:21 <o> one of the two readers of this offer wants `offer_id`, `cap_id`, `version`, `provider.component_ref`, `provider.op`, `schema_version: 1` at the top as well
          hint: Write both halves, and let them say the same: each reader passes over what it does not know.
        ");
        insta::assert_snapshot!(inline("      schema_version: 1\n      offers: [{offer_id: o, cap_id: m, version: 1.0.0, provider: {component_ref: c, op: h}}]\n"), @"
        Info contracts/one-reader pack.yaml:12:27 <o> one of the two readers of this offer wants `id`, `capability` as well
          hint: Write both halves, and let them say the same: each reader passes over what it does not know.
        ");
    }

    #[test]
    fn what_no_reader_can_do_without_is_missed() {
        insta::assert_snapshot!(inline("      schema_version: 1\n      offers: [{offer_id: o}, {version: 1.0.0}]\n      requires: [{id: 'a b', capability: 'cap://m'}, {id: x}]\n      profiles: [{description: d}]\n"), @"
        Error contracts/missing-key pack.yaml:12:17 <offer_id> an offer needs `capability`
          hint: Say what it is, as in `capability: cap://state.store`.
        Error contracts/missing-key pack.yaml:12:17 <offer_id> an offer needs `provider`
          hint: Say which component and operation answer: `provider: {component_ref: …, op: …, operation: …}`.
        Error contracts/missing-key pack.yaml:12:17 <offer_id> an offer needs `version`
          hint: Say which version of the capability is offered, as in `version: 1.0.0`.
        Info contracts/one-reader pack.yaml:12:27 <o> one of the two readers of this offer wants `id` as well
          hint: Write both halves, and let them say the same: each reader passes over what it does not know.
        Error contracts/missing-key pack.yaml:12:32 <version> an offer needs `capability`
          hint: Say what it is, as in `capability: cap://state.store`.
        Error contracts/missing-key pack.yaml:12:32 <version> an offer needs `id`
          hint: Add an id of its own, without blanks, as in `require.state`.
        Error contracts/missing-key pack.yaml:13:23 <'a b'> `a b` has blanks, and an id has none
          hint: Write dots or hyphens in their place.
        Error contracts/missing-key pack.yaml:13:55 <id> a need needs `capability`
          hint: Say what it is, as in `capability: cap://state.store`.
        Error contracts/missing-key pack.yaml:14:19 <description> a profile needs `id`
          hint: Add an id of its own, without blanks, as in `require.state`.
        ");
    }

    #[test]
    fn ids_profiles_and_modes_are_checked_in_profiles_too() {
        insta::assert_snapshot!(inline("      requires: [{id: a, capability: 'cap://m'}]\n      consumes: [{id: a, capability: 'cap://m', mode: share}]\n      profiles:\n        - {id: p, requires: [{id: b, capability: m, profiles: [p, p, q]}, {id: b, capability: 'cap://m'}]}\n        - {id: p}\n"), @"
        Error contracts/duplicate-id pack.yaml:12:23 <a> `a` is an id in `requires` already
          hint: Give each its own, as in `require.state` and `consume.state`.
        Error contracts/bad-mode pack.yaml:12:55 <share> `share` is not a mode
          hint: Did you mean `shared`?
          fix: Change to `shared`
        Error contracts/bad-id pack.yaml:14:50 <m> `m` is not a `cap://` id
          hint: Ids look like `cap://memory.short-term`.
          guess: Change to `cap://m`
        Error contracts/duplicate-id pack.yaml:14:67 <p> `p` stands twice in this list
          hint: Remove one of the two.
        Error contracts/unknown-profile pack.yaml:14:70 <q> no profile is called `q`
          hint: Did you mean `p`?
          guess: Change to `p`
        Error contracts/duplicate-id pack.yaml:14:80 <b> `b` is an id in `requires` already
          hint: Give each its own, as in `require.state` and `consume.state`.
        Error contracts/duplicate-id pack.yaml:15:16 <p> `p` is an id in `profiles` already
          hint: Give each its own, as in `require.state` and `consume.state`.
        ");
    }

    #[test]
    fn halves_say_the_same() {
        insta::assert_snapshot!(inline("      schema_version: 1\n      offers:\n        - {offer_id: p, cap_id: 'cap://m', version: 1.0.0, id: o, capability: 'cap://m', provider: {component_ref: c, op: h, operation: i}}\n"), @"
        Warning contracts/halves-differ pack.yaml:13:22 <p> `offer_id` is `p`, and `id` is `o`
          hint: Write the same in both.
        Warning contracts/halves-differ pack.yaml:13:137 <i> `operation` is `i`, and `op` is `h`
          hint: Write the same in both.
        ");
    }

    #[test]
    fn an_id_of_greentic_s_own_is_no_half() {
        let offer = |cap: &str| {
            inline(&format!(
                "      schema_version: 1\n      offers:\n        - {{offer_id: o, cap_id: '{cap}', version: 1.0.0, id: o, capability: 'cap://m', provider: {{component_ref: c, op: h, operation: h}}}}\n"
            ))
        };
        assert_eq!(offer("greentic.cap.memory.v1"), "");
        insta::assert_snapshot!(offer("cap://n"), @"
        Warning contracts/halves-differ pack.yaml:13:33 <'cap://n'> `cap_id` is `cap://n`, and `capability` is `cap://m`
          hint: Write the same in both.
        ");
    }

    #[test]
    fn a_part_that_is_misspelled_is_found() {
        insta::assert_snapshot!(inline("      requries: []\n      vendor_notes: {}\n"), @"
        Warning contracts/unknown-section pack.yaml:11:7 <requries> `requries` is no part of a declaration
          hint: Did you mean `requires`?
          fix: Change to `requires`
        ");
    }

    #[test]
    fn setup_has_questions() {
        let offer = |rest: &str| {
            inline(&WHOLE.replace("id: o,", &format!("id: o, {rest},")).replace(&format!("offer_id: o, {rest},"), "offer_id: o,"))
        };
        insta::assert_snapshot!(offer("requires_setup: true"), @"
        Error contracts/no-setup pack.yaml:13:67 <requires_setup> this offer requires setup, and names no questions
          hint: Add `setup: {qa_ref: …}` with the path of the file that holds them, or write `requires_setup: false`.
        ");
        insta::assert_snapshot!(offer("requires_setup: true, setup: {qa_ref: qa/a.json}"), @"
        Error contracts/no-setup pack.yaml:13:105 <qa/a.json> `qa/a.json` is not a file of the pack
          hint: Create the file with the questions, or write the path of one that is there.
        ");
        assert_eq!(offer("requires_setup: false"), "");
    }

    #[test]
    fn providers_are_components_of_the_pack_once_it_has_some() {
        let component = "components: [{id: c, version: 1.0.0, world: w, profiles: {}, capabilities: {}, wasm: components/c.wasm, operations: [{name: handle}]}]\n";
        let pack = |provider: &str| {
            let text = format!(
                "{HEAD}{component}extensions:\n  greentic.ext.capabilities.v1:\n    kind: greentic.ext.capabilities.v1\n    version: 1.0.0\n    inline:\n{}",
                WHOLE.replace("component_ref: c, op: h, operation: h", provider)
            );
            findings(&MemoryPack::new([("pack.yaml", text.as_str()), ("components/c.wasm", "")]))
        };
        insta::assert_snapshot!(pack("component_ref: 'component:d', op: handle"), @"
        Warning contracts/unknown-component pack.yaml:14:116 <'component:d'> no component of this pack is called `component:d`
          hint: Did you mean `c`?
          guess: Change to `c`
        ");
        insta::assert_snapshot!(pack("component_ref: c, op: handel, operation: handel, operation_map: [{contract_operation: read, component_operation: handle}, {contract_operation: read}]"), @"
        Warning contracts/unknown-component pack.yaml:14:123 <handel> `c` has no operation `handel`
          hint: Did you mean `handle`?
          fix: Change to `handle`
        Warning contracts/unknown-component pack.yaml:14:142 <handel> `c` has no operation `handel`
          hint: Did you mean `handle`?
          fix: Change to `handle`
        Error contracts/missing-key pack.yaml:14:224 <contract_operation> an entry of `operation_map` needs `component_operation`
          hint: Name the operation that answers.
        Error contracts/duplicate-id pack.yaml:14:244 <read> entry 1 of `operation_map` says who answers `read` already
          hint: Keep one of the two.
        ");
        assert_eq!(pack("component_ref: c, op: handle, operation: handle"), "");
    }

    #[test]
    fn anything_may_stand_where_contracts_should() {
        for odd in [
            "[]",
            "5",
            "{offers: 5}",
            "{offers: [5, {}, {provider: 5}, {provider: {operation_map: [5, {}]}}]}",
            "{profiles: [5, {requires: 5}]}",
            "{declaration: []}",
            "{requires: [{profiles: 5, id: [], capability: {}}]}",
        ] {
            inline(&format!("      {odd}\n"));
        }
    }
}
