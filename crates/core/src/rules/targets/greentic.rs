//! Greentic: a `.gtpack` that its own tools open without a word.

use super::super::{Example, Rule};
use super::{Asked, key_of};
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::{MANIFEST, is_never_shipped};
use crate::rules::manifest::{is_pack_id, missing_for_greentic};
use crate::text::shown;
use crate::yaml::{Node, Value};

pub static REFUSES: Rule = Rule {
    code: "targets/greentic-refuses",
    severity: Severity::Error,
    summary: "Greentic's tools would not build or open the pack.",
    why: "They want an id, a semantic version, a kind and a publisher, ids of plain letters, entries of at most 16 MiB and 64 MiB in all. What breaks a limit builds, and then cannot be opened.",
    example: Example::manifest(
        "targets: {greentic: {}}\n",
        "kind: application\npublisher: acme\ntargets: {greentic: {pack_id: dev.acme.notes}}\n",
    ),
};

pub static LOSES: Rule = Rule {
    code: "targets/greentic-loses",
    severity: Severity::Info,
    summary: "Greentic passes over something that the manifest says.",
    why: "Its packs are flows, components and assets. What it does not know it leaves out without a word.",
    example: Example::manifest(
        "kind: application\npublisher: acme\ncredentials: [{name: mail, kind: api_key}]\ntargets: {greentic: {pack_id: dev.acme.notes}}\n",
        "kind: application\npublisher: acme\ntargets: {greentic: {pack_id: dev.acme.notes}}\n",
    ),
};

/// Largest entry of an archive that its reader opens.
const LARGEST_ENTRY: u64 = 16 * 1024 * 1024;

/// Largest archive.
const LARGEST_PACK: u64 = 64 * 1024 * 1024;

const LOST: &[&str] = &["tools", "credentials", "storage", "views", "workflows", "triggers"];

pub(super) fn check(asked: &Asked<'_>, out: &mut Vec<Diagnostic>) {
    check_identity(asked, out);
    check_ids(asked, out);
    check_files(asked, out);
    asked.loses_keys(LOST, "Greentic runs flows of components: it needs one of each to do the same.", out);
    for capability in asked.pack.root.get("capabilities").map(Node::items).unwrap_or_default() {
        if let Some(key) = capability.key("allow") {
            let message = "Greentic reads a capability's name and description, and passes over its rules";
            out.push(
                asked
                    .loses(MANIFEST, key.span.clone(), message)
                    .hint("There a component declares what it may use, below its `capabilities`."),
            );
        }
    }
}

fn check_identity(asked: &Asked<'_>, out: &mut Vec<Diagnostic>) {
    let root = asked.pack.root;
    match asked.word("pack_id") {
        None => out.push(
            asked
                .refuses(MANIFEST, asked.place.clone(), "Greentic wants a `pack_id`")
                .hint("Add it to the target, as in `greentic: {pack_id: dev.acme.notes}`."),
        ),
        Some((id, place)) if asked.setting("pack_id").is_some() && !is_pack_id(id) => out.push(
            asked
                .refuses(MANIFEST, place, format!("`{}` is not a `pack_id`", shown(id)))
                .hint("Write parts joined by dots, as in `dev.acme.notes`."),
        ),
        Some(_) => {}
    }
    // With a `pack_id` at the top it is told for every target.
    if root.get("pack_id").is_none() {
        for key in missing_for_greentic(root).into_iter().filter(|key| asked.setting(key).is_none()) {
            let example = match key {
                "version" => "version: 0.1.0",
                "kind" => "kind: application",
                _ => "publisher: acme",
            };
            out.push(
                asked
                    .refuses(MANIFEST, asked.place.clone(), format!("Greentic wants `{key}`, and the manifest has none"))
                    .hint(format!("Add `{example}`.")),
            );
        }
    }
    if let Some((version, place)) = asked.word("version")
        && semver::Version::parse(version).is_err()
    {
        out.push(
            asked
                .refuses(MANIFEST, place, format!("Greentic wants a semantic version, and `{}` is none", shown(version)))
                .hint("Write three parts, as in `1.0.0`."),
        );
    }
}

fn check_ids(asked: &Asked<'_>, out: &mut Vec<Diagnostic>) {
    let plain =
        |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
    for (list, key) in [("components", "id"), ("flows", "id"), ("dependencies", "alias"), ("dependencies", "pack_id")] {
        for item in asked.pack.root.get(list).map(Node::items).unwrap_or_default() {
            let Some(node) = item.get(key) else { continue };
            if let Some(written) = node.as_text().filter(|id| !plain(id)) {
                let message = format!("`{}` is not an id that Greentic takes", shown(written));
                out.push(asked.refuses(MANIFEST, node.span.clone(), message).hint("Use letters, digits, `.`, `_` and `-`."));
            }
        }
    }
}

fn check_files(asked: &Asked<'_>, out: &mut Vec<Diagnostic>) {
    let ctx = asked.pack.ctx;
    let mut bytes = 0;
    for entry in
        ctx.entries.iter().filter(|entry| entry.is_file() && !is_never_shipped(&entry.path, true) && !ctx.left_out(entry))
    {
        bytes += entry.size;
        if entry.size > LARGEST_ENTRY {
            let message = format!(
                "`{}` has {} MiB, and Greentic opens entries of at most 16",
                entry.path,
                entry.size.div_ceil(1024 * 1024)
            );
            out.push(asked.refuses(&entry.path, 0..0, message).hint("Make it smaller, or leave it out with `.packignore`."));
        }
        let ending = entry.path.rsplit_once('.').map_or("", |(_, ending)| ending);
        if ending.eq_ignore_ascii_case("ygtc") && !entry.path.starts_with("flows/") {
            let message = format!("`{}` is a flow's source, and only those in `flows/` are compiled", entry.path);
            out.push(
                asked
                    .refuses(&entry.path, 0..0, message)
                    .hint("Move it to `flows/` and name it below `flows:`, or leave it out."),
            );
        }
    }
    if bytes > LARGEST_PACK {
        let message = format!("the pack has {} MiB, and Greentic opens archives of at most 64", bytes.div_ceil(1024 * 1024));
        out.push(asked.refuses(MANIFEST, asked.place.clone(), message).hint("Leave out what is not needed at run time."));
    }
    if let Some(kind) = asked.pack.root.get("kind").filter(|kind| kind.value != Value::Null)
        && kind.as_text().is_none()
    {
        let place = key_of(asked.pack.root, "kind");
        out.push(asked.refuses(MANIFEST, place, "Greentic wants a word for `kind`"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::told;
    use crate::rules::tests::findings;
    use crate::source::{MemoryPack, SourceKind};

    #[test]
    fn an_identity_is_wanted() {
        insta::assert_snapshot!(told(&[("pack.yaml", "name: n\ndescription: d\ntargets: {greentic: {}}\n")]), @"
        Error targets/greentic-refuses pack.yaml:3:11 <greentic> Greentic wants `kind`, and the manifest has none
        Error targets/greentic-refuses pack.yaml:3:11 <greentic> Greentic wants `publisher`, and the manifest has none
        Error targets/greentic-refuses pack.yaml:3:11 <greentic> Greentic wants `version`, and the manifest has none
        Error targets/greentic-refuses pack.yaml:3:11 <greentic> Greentic wants a `pack_id`
        ");
        insta::assert_snapshot!(told(&[("pack.yaml", "name: n\ndescription: d\nversion: v1\nkind: library\npublisher: a\ntargets: {greentic: {pack_id: a b}}\n")]), @"
        Error targets/greentic-refuses pack.yaml:3:10 <v1> Greentic wants a semantic version, and `v1` is none
        Error targets/greentic-refuses pack.yaml:6:31 <a b> `a b` is not a `pack_id`
        ");
        assert_eq!(
            told(&[(
                "pack.yaml",
                "name: n\ndescription: d\nversion: 1.0.0\nkind: library\npublisher: a\ntargets: {greentic: {pack_id: a.b}}\n"
            )]),
            ""
        );
        assert_eq!(
            told(&[(
                "pack.yaml",
                "pack_id: a.b\ndescription: d\nversion: 1.0.0\nkind: library\npublisher: a\ntargets: {greentic: }\n"
            )]),
            ""
        );
    }

    #[test]
    fn ids_and_files_have_limits() {
        let text = "pack_id: a.b\ndescription: d\nversion: 1.0.0\nkind: library\npublisher: a\ntargets: {greentic: {}}\ncomponents: [{id: 'component:x'}]\nflows: [{id: main, file: flows/a.ygtc}]\ndependencies: [{alias: é, pack_id: a.b, version_req: '*'}]\ntools: [{name: add_note}]\ncapabilities: [{name: c, allow: [{domains: [a.org], methods: [GET]}]}]\n";
        insta::assert_snapshot!(told(&[("pack.yaml", text), ("flows/a.ygtc", ""), ("assets/b.ygtc", "")]), @"
        Error targets/greentic-refuses assets/b.ygtc:1:1 <> `assets/b.ygtc` is a flow's source, and only those in `flows/` are compiled
        Error targets/greentic-refuses pack.yaml:7:19 <'component:x'> `component:x` is not an id that Greentic takes
        Error targets/greentic-refuses pack.yaml:9:24 <é> `é` is not an id that Greentic takes
        Info targets/greentic-loses pack.yaml:10:1 <tools> Greentic has no place for `tools`
        Info targets/greentic-loses pack.yaml:11:26 <allow> Greentic reads a capability's name and description, and passes over its rules
        ");
    }

    #[test]
    fn sizes_are_those_that_can_be_opened() {
        let text = "pack_id: a.b\ndescription: d\nversion: 1.0.0\nkind: library\npublisher: a\ntargets: {greentic: {}}\n";
        let mut pack = MemoryPack::new([("pack.yaml", text)]).with("assets", SourceKind::Folder, 0);
        for number in 0..4 {
            pack = pack.with(&format!("assets/{number}.bin"), SourceKind::File, 17_000_000);
        }
        insta::assert_snapshot!(findings(&pack), @"
        Error targets/greentic-refuses assets/0.bin:1:1 <> `assets/0.bin` has 17 MiB, and Greentic opens entries of at most 16
          hint: Make it smaller, or leave it out with `.packignore`.
        Error targets/greentic-refuses assets/1.bin:1:1 <> `assets/1.bin` has 17 MiB, and Greentic opens entries of at most 16
          hint: Make it smaller, or leave it out with `.packignore`.
        Error targets/greentic-refuses assets/2.bin:1:1 <> `assets/2.bin` has 17 MiB, and Greentic opens entries of at most 16
          hint: Make it smaller, or leave it out with `.packignore`.
        Error targets/greentic-refuses assets/3.bin:1:1 <> `assets/3.bin` has 17 MiB, and Greentic opens entries of at most 16
          hint: Make it smaller, or leave it out with `.packignore`.
        Error targets/greentic-refuses pack.yaml:6:11 <greentic> the pack has 65 MiB, and Greentic opens archives of at most 64
          hint: Leave out what is not needed at run time.
        ");
    }
}
