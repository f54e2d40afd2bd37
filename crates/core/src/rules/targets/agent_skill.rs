//! Agent Skills: a folder with a `SKILL.md` that an agent reads when its description fits the task.

use super::super::{Example, Rule};
use super::{Asked, HOSTED};
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::MANIFEST;
use crate::text::shown;

pub static REFUSES: Rule = Rule {
    code: "targets/agent-skill-refuses",
    severity: Severity::Error,
    summary: "A `SKILL.md` cannot be made of this pack.",
    why: "It begins with a name of at most 64 small letters, digits and single hyphens, and a description of at most 1024 characters; below stand instructions, which are `behavior.md`.",
    example: Example::file(
        "pack.yaml",
        "targets: {agent-skill: {name: take--notes}}\n",
        "targets: {agent-skill: {name: take-notes}}\n",
    )
    .beside(&[("behavior.md", "Keep every note to one line.\n")]),
};

pub static LOSES: Rule = Rule {
    code: "targets/agent-skill-loses",
    severity: Severity::Info,
    summary: "An Agent Skill has no place for something that the manifest says.",
    why: "A skill is files that an agent reads and scripts that it runs itself: it has no tools, and nobody checks what it reaches.",
    example: Example::file(
        "pack.yaml",
        "credentials: [{name: mail, kind: api_key}]\ntargets: {agent-skill: {}}\n",
        "targets: {agent-skill: {}}\n",
    )
    .beside(&[("behavior.md", "Keep every note to one line.\n")]),
};

/// What has no place there, beside [`HOSTED`].
const LOST: &[&str] = &["tools", "credentials", "capabilities", "storage", "bootstrap", "suggested_packs", "category"];

/// Longest name and description, in characters.
const LONGEST_NAME: usize = 64;
const LONGEST_DESCRIPTION: usize = 1024;

pub(super) fn check(asked: &Asked<'_>, out: &mut Vec<Diagnostic>) {
    let plain = |name: &str| {
        (1..=LONGEST_NAME).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && !name.starts_with('-')
            && !name.ends_with('-')
            && !name.contains("--")
    };
    // With a `pack_id` the name is free text, and the id's last part stands in.
    let free = asked.pack.root.get("pack_id").is_some() && asked.setting("name").is_none();
    if let Some((name, place)) = asked.word("name").filter(|(name, _)| !free && !plain(name)) {
        let message = format!("`{}` is not a name for a skill", shown(name));
        out.push(
            asked
                .refuses(MANIFEST, place, message)
                .hint("Use at most 64 small letters, digits and single hyphens, as in `agent-skill: {name: take-notes}`."),
        );
    }
    asked.wants(&[("description", "description: Keeps notes. Use it when something is to be remembered.")], out);
    if let Some((description, place)) = asked.word("description") {
        let length = description.chars().count();
        if length > LONGEST_DESCRIPTION {
            let message =
                format!("a skill's description has at most {LONGEST_DESCRIPTION} characters, and this one has {length}");
            out.push(
                asked
                    .refuses(MANIFEST, place, message)
                    .hint("Say what it does and when to use it; the rest belongs into `behavior.md`."),
            );
        }
    }
    if !asked.has_file("behavior.md") {
        out.push(
            asked
                .refuses(MANIFEST, asked.place.clone(), "a skill is its instructions, and the pack has no `behavior.md`")
                .hint("Add `behavior.md`: it becomes the body of `SKILL.md`."),
        );
    }
    asked.loses_keys(
        &[HOSTED, LOST].concat(),
        "An agent that has the pack as a skill never sees it. Say in `behavior.md` what it should do instead.",
        out,
    );
}

#[cfg(test)]
mod tests {
    use super::super::tests::told;

    #[test]
    fn a_skill_is_a_name_a_description_and_instructions() {
        insta::assert_snapshot!(told(&[("pack.yaml", "name: take--notes\ntargets: {agent-skill: {}}\n")]), @"
        Error targets/agent-skill-refuses pack.yaml:1:7 <take--notes> `take--notes` is not a name for a skill
        Error targets/agent-skill-refuses pack.yaml:2:11 <agent-skill> a skill is its instructions, and the pack has no `behavior.md`
        Error targets/agent-skill-refuses pack.yaml:2:11 <agent-skill> an Agent Skill wants `description`, and the manifest has none
        ");
        let text = format!(
            "name: n\ndescription: {}\ncategory: tools\ntools: [{{name: add_note}}]\ntargets: {{agent-skill: {{}}}}\n",
            "é".repeat(1025)
        );
        insta::assert_snapshot!(told(&[("pack.yaml", text.as_str()), ("behavior.md", "x")]).replace(&"é".repeat(1025), "…"), @"
        Error targets/agent-skill-refuses pack.yaml:2:14 <…> a skill's description has at most 1024 characters, and this one has 1025
        Info targets/agent-skill-loses pack.yaml:3:1 <category> an Agent Skill has no place for `category`
        Info targets/agent-skill-loses pack.yaml:4:1 <tools> an Agent Skill has no place for `tools`
        ");
        assert_eq!(
            told(&[
                ("pack.yaml", "name: take-notes\ndescription: Keeps notes.\ntargets: {agent-skill: }\n"),
                ("behavior.md", "x")
            ]),
            ""
        );
    }
}
