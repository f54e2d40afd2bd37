//! Contracts: what a pack offers to others, needs and uses.

use super::{Example, Rule};
use crate::check::Whole;
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::folder::MANIFEST;
use crate::shape::CAPABILITIES_EXTENSION;
use crate::text::shown;
use crate::yaml::Node;

/// The family's rules.
pub static RULES: &[&Rule] = &[];

pub static BAD_ID: Rule = Rule {
    code: "contracts/bad-id",
    severity: Severity::Error,
    summary: "A contract's capability is not a `cap://` id.",
    why: "Offers and needs are matched by comparing these ids, so one in another form matches nothing.",
    example: Example::OWED,
};

/// Checks the ids. Here because a fix of theirs is tried with the manifest's.
pub fn check_ids(root: &Node, out: &mut Vec<Diagnostic>) {
    let Some(inline) = root.get("extensions").and_then(|all| all.get(CAPABILITIES_EXTENSION)).and_then(|one| one.get("inline"))
    else {
        return;
    };
    // A payload may wrap its lists in `declaration`.
    let lists = inline.get("declaration").unwrap_or(inline);
    for list in ["offers", "requires", "consumes"] {
        for item in lists.get(list).map(Node::items).unwrap_or_default() {
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
                found.hint("Ids look like `cap://memory.short-term`.").with_fix(Fix::one(
                    format!("Change to `{mended}`"),
                    MANIFEST,
                    node.span.clone(),
                    mended,
                ))
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

/// Checks what only the whole pack can tell.
pub fn check(_pack: &Whole<'_>, _out: &mut Vec<Diagnostic>) {}

#[cfg(test)]
mod tests {
    use crate::rules::tests::manifest;

    #[test]
    fn contracts_are_cap_ids() {
        let text = |id: &str| {
            format!(
                "pack_id: a.b\nversion: 1.0.0\nkind: library\npublisher: a\ndescription: d\nextensions:\n  greentic.ext.capabilities.v1:\n    kind: greentic.ext.capabilities.v1\n    version: 1.0.0\n    inline:\n      offers:\n        - {{id: o, capability: {id}}}\n"
            )
        };
        insta::assert_snapshot!(manifest(&text("memory.short-term")), @"
        Error contracts/bad-id pack.yaml:12:31 <memory.short-term> `memory.short-term` is not a `cap://` id
          hint: Ids look like `cap://memory.short-term`.
          fix: Change to `cap://memory.short-term`
        ");
        assert_eq!(manifest(&text("cap://memory.short-term")), "");
        assert!(manifest(&text("CAP://memory")).contains("fix: Change to `cap://memory`"));
        assert!(!manifest(&text("http://memory")).contains("fix:"));
    }
}
