//! The folder: what may lie in it, under which names, and how large.

use super::{Example, Rule};
use crate::artifact::stays_at_home;
use crate::check::{Context, MAX_TEXT};
use crate::diagnostic::{Diagnostic, Edit, Fix, Severity};
use crate::folder::{IGNORE_FILE, MANIFEST, MAX_PACK_BYTES, is_known_top_entry, is_never_shipped};
use crate::source::{ReadError, SourceEntry, SourceKind};
use crate::text::shown;
use std::borrow::Cow;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

pub static NOT_UTF8: Rule = Rule {
    code: "text/not-utf8",
    severity: Severity::Error,
    summary: "A text file is not UTF-8.",
    why: "Platforms and models read UTF-8 and nothing else; other bytes become wrong characters or an error.",
    example: Example::Told {
        before: "`behavior.md` was saved as Latin-1: the `é` of `café` is one byte, E9.",
        after: "The file is saved again as UTF-8, where `é` is two bytes, C3 A9.",
    },
};

pub static NO_MANIFEST: Rule = Rule {
    code: "folder/no-manifest",
    severity: Severity::Error,
    summary: "The folder has no `pack.yaml`.",
    why: "The manifest is what makes a folder a pack: it names it and says what it holds.",
    example: Example::Told {
        before: "The folder holds `behavior.md` and `guides/`, and no `pack.yaml`.",
        after: "`packwright init` has made a `pack.yaml` beside them, with the pack's name and description.",
    },
};

pub static MANIFEST_NOT_A_FILE: Rule = Rule {
    code: "folder/manifest-not-a-file",
    severity: Severity::Error,
    summary: "`pack.yaml` is not a file.",
    why: "Nothing can be read from it, so nothing of the pack is known.",
    example: Example::Told {
        before: "`pack.yaml` is a folder that holds `note.txt`.",
        after: "The folder has another name, and `pack.yaml` is a file that begins with `name: notes`.",
    },
};

pub static UNREADABLE: Rule = Rule {
    code: "folder/unreadable",
    severity: Severity::Error,
    summary: "A file of the pack cannot be read.",
    why: "What cannot be read can be neither checked nor published.",
    example: Example::Told {
        before: "`data/rates.csv` may be read by another user only.",
        after: "`chmod u+r data/rates.csv` lets you read it.",
    },
};

pub static UNKNOWN_ENTRY: Rule = Rule {
    code: "folder/unknown-entry",
    severity: Severity::Error,
    summary: "Something at the top of the pack is not of the format.",
    why: "A pack is a closed set of entries, so that everyone knows where to look; platforms refuse a pack with others.",
    example: Example::file(".packignore", "# Nothing is left out yet.\n", "# My own notes stay at home.\n/notes.txt\n")
        .beside(&[("notes.txt", "Ask Ada about the rates.\n")]),
};

pub static LINK_OUTSIDE: Rule = Rule {
    code: "folder/link-outside",
    severity: Severity::Error,
    summary: "A link leads out of the pack.",
    why: "What it leads to exists on this computer only, and a pack must not carry files from beside it by accident.",
    example: Example::Told {
        before: "`data/rates.csv` is a link to `../../shared/rates.csv`.",
        after: "`data/rates.csv` is a copy of that file.",
    },
};

pub static LINK_BROKEN: Rule = Rule {
    code: "folder/link-broken",
    severity: Severity::Error,
    summary: "A link leads nowhere.",
    why: "There is nothing to publish in its place.",
    example: Example::Told {
        before: "`guides/setup.md` is a link to `install.md`, which was renamed.",
        after: "`guides/setup.md` is a link to `installation.md`, which is there.",
    },
};

pub static LINKED_FOLDER: Rule = Rule {
    code: "folder/linked-folder",
    severity: Severity::Error,
    summary: "A link to a folder leads in a circle, or to what is never published.",
    why: "A link to a folder of the pack is published as that folder. One that leads to a folder which it lies in, itself or by way of another link, would have no end.",
    example: Example::Told {
        before: "`guides/all` is a link to `..`, in which `guides/` lies itself.",
        after: "The link is gone, and texts name the files from the pack's folder.",
    },
};

pub static LEFT_OUT: Rule = Rule {
    code: "folder/manifest-left-out",
    severity: Severity::Error,
    summary: "`.packignore` leaves out `pack.yaml`.",
    why: "The manifest is what makes a folder a pack: without it there is nothing to publish.",
    example: Example::file(".packignore", "*.yaml\n", "*.yaml\n!pack.yaml\n"),
};

pub static SPECIAL_FILE: Rule = Rule {
    code: "folder/special-file",
    severity: Severity::Error,
    summary: "The pack holds a device, a pipe or a socket.",
    why: "It has no content to publish, and reading it may never end.",
    example: Example::Told {
        before: "`data/events` is a named pipe.",
        after: "The pipe is made by whoever needs it, outside the pack's folder.",
    },
};

pub static NAME_TWINS: Rule = Rule {
    code: "folder/name-twins",
    severity: Severity::Error,
    summary: "Two names differ only in case, or in how an accent is written.",
    why: "On macOS and Windows they are one file: one of the two disappears there.",
    example: Example::Told {
        before: "`guides/Setup.md` and `guides/setup.md` lie side by side.",
        after: "One of the two is called `guides/setup-windows.md`.",
    },
};

pub static UNSAFE_NAME: Rule = Rule {
    code: "folder/unsafe-name",
    severity: Severity::Error,
    summary: "A name is not valid on every system.",
    why: "Authors and platforms on Windows could not unpack it.",
    example: Example::Told {
        before: "A guide is called `guides/what now?.md`, and Windows has no `?` in names.",
        after: "It is called `guides/what-now.md`.",
    },
};

pub static LOOKS_SECRET: Rule = Rule {
    code: "folder/looks-secret",
    severity: Severity::Error,
    summary: "A file looks as if it held a secret.",
    why: "Published is published: whoever can pull the pack has the secret for good.",
    example: Example::file(".packignore", "# Nothing is left out yet.\n", "# Keys of my own machine.\n/.env\n")
        .beside(&[(".env", "OPENLIB_KEY=\n")]),
};

pub static TOO_LARGE: Rule = Rule {
    code: "folder/too-large",
    severity: Severity::Error,
    summary: "The pack is larger than 100 MB.",
    why: "Platforms refuse larger packs, measured before compression.",
    example: Example::Told {
        before: "`data/films.json` has 140 MB.",
        after: "A tool asks the service that has the films, and `data/films.json` holds the hundred that guides speak of.",
    },
};

pub static TOO_MANY: Rule = Rule {
    code: "folder/too-many-files",
    severity: Severity::Error,
    summary: "The folder holds more files than a pack may have.",
    why: "Nobody means to publish so many; most likely this is a home folder, or a build's output.",
    example: Example::Told {
        before: "A build has left 300,000 files in `data/cache/`.",
        after: "`data/cache/` is gone, or written elsewhere.",
    },
};

pub static BAD_IGNORE: Rule = Rule {
    code: "folder/bad-ignore",
    severity: Severity::Warning,
    summary: "A line of `.packignore` is no pattern.",
    why: "The line leaves nothing out, so files are published that were meant to stay.",
    example: Example::file(".packignore", "build-{old\n", "build-*\n"),
};

pub static BYTE_ORDER_MARK: Rule = Rule {
    code: "text/byte-order-mark",
    severity: Severity::Warning,
    summary: "`behavior.md` begins with a byte-order mark.",
    why: "It goes into the prompt byte by byte, and the mark with it: a character that nobody sees and some models stumble over.",
    example: Example::Told {
        before: "`behavior.md` was saved as “UTF-8 with BOM”.",
        after: "`behavior.md` was saved as “UTF-8”.",
    },
};

pub static LONG_PATH: Rule = Rule {
    code: "folder/long-path",
    severity: Severity::Warning,
    summary: "A path has more than 240 bytes.",
    why: "On Windows a whole path has 260 characters unless the system was told otherwise, and the folder that the pack is unpacked into comes before it.",
    example: Example::Told {
        before: "A guide lies eight folders deep, each with a sentence for a name.",
        after: "It lies at `guides/returns/damaged-goods.md`.",
    },
};

pub static LARGE_FILE: Rule = Rule {
    code: "folder/large-file",
    severity: Severity::Info,
    summary: "A text for agents has more than 10 MB.",
    why: "No agent reads so much at once, and nothing is looked for in it here: faults and secrets in it go unnoticed.",
    example: Example::Told {
        before: "`data/orders.json` has 30 MB.",
        after: "`data/orders/` has a file a month, and a guide says how they are named.",
    },
};

/// The family's rules that are not in the list of the core.
pub static RULES: &[&Rule] = &[&BYTE_ORDER_MARK, &LONG_PATH, &LARGE_FILE, &LINKED_FOLDER, &LEFT_OUT];

/// Longest path, in bytes: what Windows takes, less a folder to unpack into.
const LONGEST_PATH: usize = 240;

/// The findings for a manifest that is not there or cannot be read.
pub fn manifest_missing(ctx: &Context<'_>) -> Diagnostic {
    match ctx.entry(MANIFEST) {
        Some(entry) if !entry.is_file() => MANIFEST_NOT_A_FILE
            .at(MANIFEST, 0..0, "`pack.yaml` is not a file")
            .hint("Move it out of the way, then let Packwright make a manifest."),
        _ => NO_MANIFEST
            .at("", 0..0, "this folder has no `pack.yaml`, so it is not a pack yet")
            .hint("Make one with `packwright init`, or in the studio with “Make this a pack”."),
    }
}

/// The finding for a file that could not be read.
pub fn unreadable(path: &str, error: &ReadError) -> Diagnostic {
    let found = match error {
        ReadError::NotFound => UNREADABLE.at(path, 0..0, format!("`{path}` disappeared while it was read")),
        ReadError::TooLarge { size } => {
            return UNREADABLE
                .at(path, 0..0, format!("`{path}` has {} MB, too many to be read as text", size.div_ceil(1_000_000)))
                .hint(format!("At most {} MB are read. Split it, or remove what nobody needs.", MAX_TEXT / 1024 / 1024));
        }
        ReadError::Failed(why) => UNREADABLE.at(path, 0..0, format!("`{path}` cannot be read: {why}")),
    };
    found.hint("Check the file's permissions.")
}

/// The finding for bytes that are no text. `valid` is where the first bad byte stands.
pub fn not_utf8(path: &str, valid: usize) -> Diagnostic {
    NOT_UTF8
        .at(path, valid..valid + 1, format!("`{path}` is not UTF-8: byte {} cannot be read", valid + 1))
        .hint("Save it again as UTF-8; nothing was changed.")
}

/// Checks the folder's entries.
pub fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    check_ignore_file(ctx, out);
    if ctx.truncated {
        out.push(
            TOO_MANY
                .at("", 0..0, format!("only the first {} entries were read", ctx.entries.len()))
                .hint("Open the pack's own folder, or list what does not belong to it in `.packignore`."),
        );
    }
    // It goes into a prompt as it is.
    match ctx.read_text("behavior.md") {
        Some(Err(valid)) => out.push(not_utf8("behavior.md", valid)),
        Some(Ok(_)) => check_behavior(ctx, out),
        None => {}
    }
    let mut bytes = 0;
    for entry in ctx.entries {
        if ctx.left_out(entry) {
            continue;
        }
        check_entry(entry, ctx, out);
        if entry.is_file() && !is_never_shipped(&entry.path, ctx.greentic) {
            bytes += entry.size;
        }
    }
    if bytes > MAX_PACK_BYTES {
        let largest = ctx.entries.iter().filter(|entry| entry.is_file() && !ctx.left_out(entry)).max_by_key(|entry| entry.size);
        let found = TOO_LARGE.at("", 0..0, format!("the pack has {} MB; 100 MB is the limit", bytes.div_ceil(1_000_000)));
        out.push(match largest {
            Some(file) => found.hint(format!("The largest file is `{}` with {} MB.", file.path, file.size.div_ceil(1_000_000))),
            None => found,
        });
    }
    check_twins(ctx, out);
}

fn check_behavior(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    if ctx.entry("behavior.md").is_some_and(|entry| ctx.left_out(&entry)) {
        return;
    }
    if ctx.begins_with_mark("behavior.md") {
        out.push(
            BYTE_ORDER_MARK
                .at("behavior.md", 0..0, "`behavior.md` begins with a byte-order mark, which goes into the prompt")
                .hint("Save it as UTF-8 without one."),
        );
    }
}

fn check_ignore_file(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let Some(text) = ctx.ignore_text.as_deref() else {
        // Without it, nothing is left out.
        match ctx.entry(IGNORE_FILE).filter(|entry| entry.is_file()) {
            Some(entry) if entry.size > MAX_TEXT => {
                out.push(unreadable(IGNORE_FILE, &ReadError::TooLarge { size: entry.size }));
            }
            Some(_) => out.extend(ctx.read_text(IGNORE_FILE).and_then(Result::err).map(|valid| not_utf8(IGNORE_FILE, valid))),
            None => {}
        }
        return;
    };
    let line = |number: usize| {
        let start: usize = text.split_inclusive('\n').take(number).map(str::len).sum();
        start..start + text[start..].lines().next().unwrap_or_default().len()
    };
    for (number, why) in &ctx.ignore.faults {
        out.push(
            BAD_IGNORE
                .at(IGNORE_FILE, line(*number), format!("this is not a pattern: {why}"))
                .hint("Patterns are those of `.gitignore`."),
        );
    }
    if let Some((number, pattern)) = ctx.ignore.line_of(MANIFEST, false, text) {
        out.push(
            LEFT_OUT
                .at(IGNORE_FILE, line(number), format!("`{}` leaves out `{MANIFEST}`, and with it the pack", shown(pattern)))
                .hint(format!("Narrow the pattern, or add `!{MANIFEST}` on a line below it.")),
        );
    }
    if let Some(number) = ctx.ignore.cut {
        out.push(
            BAD_IGNORE
                .at(IGNORE_FILE, line(number), "this line and all below it do not count: the file is too long")
                .hint("At most 1,000 lines and 64 KiB are read; one pattern for a folder or a suffix leaves out many files."),
        );
    }
}

fn check_entry(entry: &SourceEntry, ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let path = entry.path.as_str();
    let name = path.rsplit('/').next().unwrap_or(path);
    match &entry.kind {
        SourceKind::LinkOutside { target } => {
            out.push(
                LINK_OUTSIDE
                    .at(path, 0..0, format!("`{path}` is a link to `{target}`, which is not in the pack"))
                    .hint("Put a copy of what it leads to in its place."),
            );
        }
        SourceKind::LinkBroken { target } => {
            out.push(
                LINK_BROKEN
                    .at(path, 0..0, format!("`{path}` is a link to `{target}`, which does not exist"))
                    .hint("Remove the link, or make what it leads to."),
            );
        }
        SourceKind::Special => out.push(SPECIAL_FILE.at(path, 0..0, format!("`{path}` is not a file")).hint("Remove it.")),
        SourceKind::Unnameable => {
            out.push(UNSAFE_NAME.at(path, 0..0, format!("the name of `{path}` is not Unicode")).hint("Rename it."));
        }
        SourceKind::LinkInside { folder: true } if !stays_at_home(path, ctx.greentic) && ctx.leads_in_circles(path) => {
            let message =
                format!("`{path}` is a link to a folder that cannot be published: it leads in a circle, or to what stays here");
            out.push(LINKED_FOLDER.at(path, 0..0, message).hint("Remove the link, or put a copy of what is meant in its place."));
        }
        SourceKind::File | SourceKind::Folder | SourceKind::LinkInside { .. } => {}
    }
    // A file that looks like a secret is told so below.
    let secret = entry.is_file() && looks_secret(name);
    if !path.contains('/') && !is_known_top_entry(path, ctx.greentic) && !secret {
        out.push(unknown_entry(entry, ctx));
    }
    if let Some(why) = unsafe_name(name) {
        out.push(UNSAFE_NAME.at(path, 0..0, format!("`{name}` {why}")).hint("Rename it."));
    }
    // Of folders in folders the first that is too deep: what lies in it is too deep because of it.
    let folder = path.rsplit_once('/').map(|(folder, _)| folder).filter(|folder| folder.len() > LONGEST_PATH);
    let is_told = folder.is_some_and(|folder| ctx.entry(folder).is_some());
    if path.len() > LONGEST_PATH && !is_told && name.len() <= 255 {
        out.push(
            LONG_PATH
                .at(path, 0..0, format!("the path has {} bytes, and {LONGEST_PATH} fit everywhere", path.len()))
                .hint("Give its folders shorter names, or fewer of them."),
        );
    }
    if entry.is_file() && entry.size > MAX_TEXT && is_for_agents(path) {
        out.push(
            LARGE_FILE
                .at(path, 0..0, format!("`{path}` has {} MB, and no agent reads so much", entry.size / 1_000_000))
                .hint("Split it into files that are named after what is in them."),
        );
    }
    if entry.is_file() && !is_never_shipped(path, ctx.greentic) && (looks_secret(name) || holds_private_key(entry, ctx)) {
        out.push(
            LOOKS_SECRET
                .at(path, 0..0, format!("`{path}` looks like a secret and would be published"))
                .hint("Move it out of the pack; tools name a secret with `${secrets[\"name\"]}` and never see it.")
                .or_leave_out(path, false, ctx),
        );
    }
}

/// True for texts that an agent is meant to read.
fn is_for_agents(path: &str) -> bool {
    const TEXTS: &[&str] =
        &["md", "markdown", "txt", "json", "jsonl", "ndjson", "yaml", "yml", "csv", "tsv", "toml", "xml", "html"];
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let folder = ["guides/", "data/", "templates/"].iter().any(|folder| path.starts_with(folder));
    folder && TEXTS.iter().any(|text| ending.eq_ignore_ascii_case(text))
}

fn unknown_entry(entry: &SourceEntry, ctx: &Context<'_>) -> Diagnostic {
    let path = entry.path.as_str();
    let what = if entry.is_folder() { "folder" } else { "file" };
    let found = UNKNOWN_ENTRY.at(path, 0..0, format!("`{path}` is not a {what} of the format"));
    let known = if entry.is_folder() { crate::folder::TOP_FOLDERS } else { crate::folder::TOP_FILES };
    match ctx.guesses.nearest(path, known.iter().copied()) {
        // Most likely it is to be renamed, so leaving it out is not certain to be right.
        Some(near) => found.hint(format!("Did you mean `{near}`? Rename it, or list it in `.packignore`.")),
        None => found
            .hint("Move it into a folder of the format, such as `data/` or `assets/`, or list it in `.packignore`.")
            // It may be something that the pack needs, in the wrong place.
            .or_leave_out(path, entry.is_folder(), ctx)
            .guessed(),
    }
}

impl Diagnostic {
    /// The same with a fix that an author chooses, if any.
    fn guessed(mut self) -> Self {
        self.fix = self.fix.map(Fix::guessed);
        self
    }

    /// The same with a line for `.packignore` as its fix, where a line there can name the path and counts.
    fn or_leave_out(self, path: &str, folder: bool, ctx: &Context<'_>) -> Self {
        let readable = ctx.ignore_text.is_some() || ctx.entry(IGNORE_FILE).is_none();
        if path.contains(['\n', '\r']) || ctx.ignore.cut.is_some() || !readable {
            return self;
        }
        self.with_fix(leave_out(path, folder, ctx.ignore_text.as_deref().unwrap_or_default()))
    }
}

/// Lists a path in `.packignore`, which is made when it is not there.
fn leave_out(path: &str, folder: bool, text: &str) -> Fix {
    let line_break = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    let slash = if folder { "/" } else { "" };
    Fix {
        title: "List it in .packignore".to_owned(),
        // From the pack's folder (`/`), so that a file of that name elsewhere stays.
        edits: vec![Edit {
            file: IGNORE_FILE.to_owned(),
            range: text.len()..text.len(),
            text: format!("{line_break}/{}{slash}\n", escaped(path)),
        }],
        certain: true,
    }
}

/// gitignore's own characters in a name stand for themselves.
fn escaped(path: &str) -> String {
    path.chars()
        .flat_map(|character| {
            matches!(character, '*' | '?' | '[' | ']' | '\\' | '!' | '#' | ' ').then_some('\\').into_iter().chain([character])
        })
        .collect()
}

/// Why a name cannot be used everywhere.
pub(crate) fn unsafe_name(name: &str) -> Option<&'static str> {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_uppercase();
    let numbered = |prefix: &str| {
        stem.strip_prefix(prefix).is_some_and(|rest| rest.len() == 1 && rest != "0" && rest.as_bytes()[0].is_ascii_digit())
    };
    if matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT") {
        Some("is a device on Windows")
    } else if name.ends_with(['.', ' ']) {
        Some("ends with a dot or a blank, which Windows drops")
    } else if name
        .chars()
        .any(|character| matches!(character, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\\') || character.is_control())
    {
        Some("has a character that Windows does not allow")
    } else if name.len() > 255 {
        Some("is longer than 255 bytes")
    } else {
        None
    }
}

/// True for names under which secrets usually lie.
pub(crate) fn looks_secret(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower == ".env"
        || (lower.starts_with(".env.") && !matches!(lower.as_str(), ".env.example" | ".env.sample" | ".env.template"))
        || matches!(lower.as_str(), "id_rsa" | "id_ed25519" | "id_ecdsa" | "id_dsa" | ".npmrc" | ".netrc" | ".pypirc")
        || lower.rsplit_once('.').is_some_and(|(_, suffix)| matches!(suffix, "p12" | "pfx" | "jks" | "keystore"))
}

/// True for a small file that begins as a private key does.
fn holds_private_key(entry: &SourceEntry, ctx: &Context<'_>) -> bool {
    may_hold_key(&entry.path, entry.size) && ctx.text(&entry.path).is_some_and(|text| text.as_str().contains("PRIVATE KEY-----"))
}

/// True for a file that is worth opening to look for a private key: only suffixes that hold keys are.
pub(crate) fn may_hold_key(path: &str, size: u64) -> bool {
    let suffix = path.rsplit_once('.').map_or("", |(_, suffix)| suffix);
    // A key has a few kilobytes; a file past 64 is something else.
    ["pem", "key", "asc", "txt", "crt"].iter().any(|known| suffix.eq_ignore_ascii_case(known)) && size < 64 * 1024
}

/// Names that are one on a system that does not tell case apart, or two ways of writing an accent.
fn check_twins(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<Cow<'_, str>, &str> = HashMap::new();
    for entry in ctx.entries.iter().filter(|entry| !ctx.left_out(entry)) {
        if let Some(first) = seen.insert(folded(&entry.path), &entry.path) {
            out.push(
                NAME_TWINS
                    .at(&entry.path, 0..0, format!("`{}` and `{first}` are one file on macOS and Windows", entry.path))
                    .hint("Rename one of the two."),
            );
        }
    }
}

/// A path as file systems compare it that look neither at case nor at how an accent is written.
fn folded(path: &str) -> Cow<'_, str> {
    if path.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(path);
    }
    Cow::Owned(path.nfc().collect::<String>().to_lowercase())
}

#[cfg(test)]
mod tests;
