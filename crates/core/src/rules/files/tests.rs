//! The folder's rules, by example.

use crate::rules::tests::findings;
use crate::source::{MemoryPack, PackSource, ReadError, SourceEntry, SourceKind};
use std::borrow::Cow;

const SOUND: (&str, &str) = ("pack.yaml", "name: n\ndescription: d\n");

fn with(files: &[(&str, &str)]) -> String {
    findings(&MemoryPack::new(files.iter().copied().chain([SOUND])))
}

#[test]
fn a_folder_without_manifest_is_offered_one() {
    insta::assert_snapshot!(findings(&MemoryPack::new([("behavior.md", "Be kind.")])), @"
    Error folder/no-manifest :1:1 <> this folder has no `pack.yaml`, so it is not a pack yet
      hint: Make one with `packwright init`, or in the studio with “Make this a pack”.
    ");
    insta::assert_snapshot!(findings(&MemoryPack::new([("pack.yaml/note.txt", "")])), @"
    Error folder/manifest-not-a-file pack.yaml:1:1 <> `pack.yaml` is not a file
      hint: Move it out of the way, then let Packwright make a manifest.
    ");
}

#[test]
fn the_top_is_a_closed_set() {
    insta::assert_snapshot!(with(&[("guide/a.md", ""), ("notes.txt", ""), ("guides/any.thing", "")]), @"
    Error folder/unknown-entry guide:1:1 <> `guide` is not a folder of the format
      hint: Did you mean `guides`? Rename it, or list it in `.packignore`.
    Error folder/unknown-entry notes.txt:1:1 <> `notes.txt` is not a file of the format
      hint: Move it into a folder of the format, such as `data/` or `assets/`, or list it in `.packignore`.
      guess: List it in .packignore
    ");
    // A name that is nearly of the format is most likely to be renamed.
    let near = with(&[("LICENSE.md", ""), ("readme.md", ""), ("License", "")]);
    assert!(near.matches("folder/unknown-entry").count() == 3 && !near.contains("fix:"), "{near}");
    assert_eq!(with(&[("notes.txt", ""), (".packignore", "/notes.txt\n")]), "");
    assert_eq!(with(&[("dist/x.tar", ""), ("README.md", ""), ("LICENSE", "")]), "");
}

#[test]
fn links_stay_inside_and_files_are_files() {
    let pack = MemoryPack::new([SOUND])
        .with("data", SourceKind::Folder, 0)
        .with("data/a", SourceKind::LinkOutside { target: "../../x".into() }, 0)
        .with("data/b", SourceKind::LinkBroken { target: "c".into() }, 0)
        .with("data/c", SourceKind::Special, 0)
        .with("data/d", SourceKind::LinkInside { folder: false }, 0)
        .with("data/e", SourceKind::LinkInside { folder: true }, 0)
        .with("tests", SourceKind::Folder, 0)
        .with("tests/data", SourceKind::LinkInside { folder: true }, 0);
    insta::assert_snapshot!(findings(&pack), @"
    Error folder/link-outside data/a:1:1 <> `data/a` is a link to `../../x`, which is not in the pack
      hint: Put a copy of what it leads to in its place.
    Error folder/link-broken data/b:1:1 <> `data/b` is a link to `c`, which does not exist
      hint: Remove the link, or make what it leads to.
    Error folder/special-file data/c:1:1 <> `data/c` is not a file
      hint: Remove it.
    ");
}

/// A pack whose links to folders all lead in circles.
struct Circles(MemoryPack);

impl PackSource for Circles {
    fn entries(&self) -> &[SourceEntry] {
        self.0.entries()
    }

    fn leads_in_circles(&self, _: &str) -> bool {
        true
    }

    fn read(&self, path: &str) -> Result<Cow<'_, [u8]>, ReadError> {
        self.0.read(path)
    }
}

#[test]
fn a_link_in_a_circle_is_told_where_it_would_be_published() {
    let link = SourceKind::LinkInside { folder: true };
    let pack = MemoryPack::new([SOUND, ("guides/a.md", "# A\n")]).with("guides/all", link.clone(), 0);
    let pack = pack.with("tests", SourceKind::Folder, 0).with("tests/all", link, 0);
    insta::assert_snapshot!(findings(&Circles(pack)), @"
    Error folder/linked-folder guides/all:1:1 <> `guides/all` is a link to a folder that cannot be published: it leads in a circle, or to what stays here
      hint: Remove the link, or put a copy of what is meant in its place.
    ");
}

#[test]
fn a_manifest_that_is_left_out_is_told_at_the_line() {
    insta::assert_snapshot!(with(&[(".packignore", "/notes\n*.yaml\n")]), @"
    Error folder/manifest-left-out .packignore:2:1 <*.yaml> `*.yaml` leaves out `pack.yaml`, and with it the pack
      hint: Narrow the pattern, or add `!pack.yaml` on a line below it.
    ");
    assert_eq!(with(&[(".packignore", "*.yaml\n!pack.yaml\n")]), "");
}

#[test]
fn names_work_everywhere() {
    insta::assert_snapshot!(with(&[("guides/aux.md", "# A\n"), ("guides/com1", ""), ("guides/a.", ""), ("guides/a:b", ""), ("guides/Setup.md", "# A\n"), ("guides/setup.md", "# A\n"), ("guides/com.md", "# A\n")]), @"
    Error folder/unsafe-name guides/a.:1:1 <> `a.` ends with a dot or a blank, which Windows drops
      hint: Rename it.
    Error folder/unsafe-name guides/a:b:1:1 <> `a:b` has a character that Windows does not allow
      hint: Rename it.
    Error folder/unsafe-name guides/aux.md:1:1 <> `aux.md` is a device on Windows
      hint: Rename it.
    Error folder/unsafe-name guides/com1:1:1 <> `com1` is a device on Windows
      hint: Rename it.
    Error folder/name-twins guides/setup.md:1:1 <> `guides/setup.md` and `guides/Setup.md` are one file on macOS and Windows
      hint: Rename one of the two.
    ");
}

#[test]
fn secrets_do_not_ship() {
    let key = "-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n";
    insta::assert_snapshot!(with(&[(".env", "A=1"), ("data/key.pem", key), (".env.example", "A=")]), @r#"
    Error folder/looks-secret .env:1:1 <> `.env` looks like a secret and would be published
      hint: Move it out of the pack; tools name a secret with `${secrets["name"]}` and never see it.
      fix: List it in .packignore
    Error folder/unknown-entry .env.example:1:1 <> `.env.example` is not a file of the format
      hint: Move it into a folder of the format, such as `data/` or `assets/`, or list it in `.packignore`.
      guess: List it in .packignore
    Error folder/looks-secret data/key.pem:1:1 <> `data/key.pem` looks like a secret and would be published
      hint: Move it out of the pack; tools name a secret with `${secrets["name"]}` and never see it.
      fix: List it in .packignore
    "#);
    assert_eq!(with(&[(".env", "A=1"), ("data/cert.pem", "-----BEGIN CERTIFICATE-----"), (".packignore", ".env\n")]), "");
}

#[test]
fn a_folder_is_no_secret_but_not_of_the_format_and_keys_are_keys_in_any_case() {
    assert!(with(&[(".env/a", "")]).contains("folder/unknown-entry .env"));
    let key = "-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n";
    assert_eq!(with(&[("data/A.PEM", key), ("data/b.crt", key)]).matches("folder/looks-secret").count(), 2);
}

#[test]
fn an_ignore_file_that_is_no_text_is_told_and_left_alone() {
    let bytes = |text: &[u8]| {
        findings(&MemoryPack::new([
            (".packignore", text),
            ("zzz.dat", b"".as_slice()),
            ("pack.yaml", b"name: n\ndescription: d\n".as_slice()),
        ]))
    };
    insta::assert_snapshot!(bytes(b"caf\xe9\nzzz.dat\n"), @"
    Error text/not-utf8 .packignore:1:4 <> `.packignore` is not UTF-8: byte 4 cannot be read
      hint: Save it again as UTF-8; nothing was changed.
    Error folder/unknown-entry zzz.dat:1:1 <> `zzz.dat` is not a file of the format
      hint: Move it into a folder of the format, such as `data/` or `assets/`, or list it in `.packignore`.
    ");
    assert_eq!(bytes("café\nzzz.dat\n".as_bytes()), "");
    let large = MemoryPack::new([SOUND]).with(".packignore", SourceKind::File, 11 * 1024 * 1024);
    assert!(findings(&large).contains("Error folder/unreadable .packignore"), "{}", findings(&large));
}

#[test]
fn a_name_or_a_file_that_packignore_cannot_hold_is_not_listed_there() {
    assert!(!with(&[("a\nb.dat", "")]).contains("fix:"));
    let long = "# more\n".repeat(1001);
    let found = with(&[("zzz.dat", ""), (".packignore", &long)]);
    assert!(!found.contains("fix:"), "{found}");
    assert!(
        found.contains("Warning folder/bad-ignore .packignore:1001:1 <# more> this line and all below it do not count"),
        "{found}"
    );
}

#[test]
fn what_is_never_shipped_is_no_secret() {
    let key = "-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n";
    assert_eq!(with(&[("dist/key.pem", key)]), "");
}

#[test]
fn an_accent_written_two_ways_is_one_name() {
    let found = with(&[("guides/caf\u{e9}.md", ""), ("guides/cafe\u{301}.md", "")]);
    assert!(found.contains("folder/name-twins"), "{found}");
}

/// A listing that was cut short.
struct Cut(MemoryPack);

impl PackSource for Cut {
    fn entries(&self) -> &[SourceEntry] {
        self.0.entries()
    }

    fn truncated(&self) -> bool {
        true
    }

    fn read(&self, path: &str) -> Result<Cow<'_, [u8]>, ReadError> {
        self.0.read(path)
    }
}

#[test]
fn a_folder_with_too_much_in_it_is_said_to_have() {
    let found = findings(&Cut(MemoryPack::new([SOUND])));
    assert!(found.starts_with("Error folder/too-many-files :1:1 <> only the first 1 entries were read"), "{found}");
    assert_eq!(findings(&MemoryPack::new([SOUND])), "");
}

#[test]
fn a_pack_has_at_most_100_mb() {
    let pack = |size| MemoryPack::new([SOUND]).with("data", SourceKind::Folder, 0).with("data/big.bin", SourceKind::File, size);
    insta::assert_snapshot!(findings(&pack(100_000_001)), @"
    Error folder/too-large :1:1 <> the pack has 101 MB; 100 MB is the limit
      hint: The largest file is `data/big.bin` with 101 MB.
    ");
    assert_eq!(findings(&pack(99_000_000)), "");
}

#[test]
fn a_faulty_pattern_is_pointed_at() {
    insta::assert_snapshot!(with(&[(".packignore", "a\nb{c\n")]), @"
    Warning folder/bad-ignore .packignore:2:1 <b{c> this is not a pattern: error parsing glob 'b{c': unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)
      hint: Patterns are those of `.gitignore`.
    ");
}

#[test]
fn bytes_that_are_no_text_are_said_to_be_so() {
    let behaviour =
        MemoryPack::new([("pack.yaml", b"name: n\ndescription: d\n".to_vec()), ("behavior.md", b"Be k\xeend.".to_vec())]);
    assert!(findings(&behaviour).starts_with("Error text/not-utf8 behavior.md:1:"));
    insta::assert_snapshot!(findings(&MemoryPack::new([("pack.yaml", b"name: \xff\n".to_vec())])), @"
    Error text/not-utf8 pack.yaml:1:7 <> `pack.yaml` is not UTF-8: byte 7 cannot be read
      hint: Save it again as UTF-8; nothing was changed.
    ");
}

#[test]
fn a_behaviour_has_no_mark() {
    insta::assert_snapshot!(with(&[("behavior.md", "\u{feff}Be kind.")]), @"
    Warning text/byte-order-mark behavior.md:1:1 <> `behavior.md` begins with a byte-order mark, which goes into the prompt
      hint: Save it as UTF-8 without one.
    ");
    assert_eq!(with(&[("behavior.md", "Be kind.")]), "");
    assert_eq!(with(&[("behavior.md", "\u{feff}Be kind."), (".packignore", "behavior.md\n")]), "");
}

#[test]
fn paths_have_an_end() {
    let long = format!("guides/{}.md", "a/".repeat(120));
    let found = with(&[(&long, "")]);
    assert!(found.starts_with("Warning folder/long-path guides/a/a/") && found.contains("the path has 242 bytes"), "{found}");
    assert_eq!(with(&[(&format!("guides/{}b.md", "a/".repeat(114)), "")]).matches("long-path").count(), 0);
}

#[test]
fn texts_beyond_reading_are_told() {
    let pack = |path: &str| MemoryPack::new([SOUND]).with("data", SourceKind::Folder, 0).with(path, SourceKind::File, 11_000_000);
    insta::assert_snapshot!(findings(&pack("data/orders.JSON")), @"
    Info folder/large-file data/orders.JSON:1:1 <> `data/orders.JSON` has 11 MB, and no agent reads so much
      hint: Split it into files that are named after what is in them.
    ");
    assert_eq!(findings(&pack("data/model.bin")), "");
}
