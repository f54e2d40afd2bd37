//! Scripts: that they start on the systems where agents run them, parse, and reach only where the pack may.
//!
//! Python is read in full; of shell, what is opened and closed, for no reader of it but a shell is right about all of it.

pub mod hosts;

mod addresses;
mod python;
mod shell;

use super::{Example, Rule};
use crate::check::Whole;
use crate::content::{Facts, Kind};
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::text::shown;
use addresses::{Language, addresses};
use hosts::{Allowed, Reached, reached};

pub static NO_SHEBANG: Rule = Rule {
    code: "scripts/no-shebang",
    severity: Severity::Info,
    summary: "A script does not say what runs it.",
    why: "Only files that begin with `#!` can be run by their own name; of any other an agent has to guess the program.",
    example: Example::file("scripts/report.sh", "echo done\n", "#!/bin/sh\necho done\n"),
};

pub static CRLF_SHEBANG: Rule = Rule {
    code: "scripts/crlf-shebang",
    severity: Severity::Error,
    summary: "A script's first line ends as on Windows.",
    why: "The system takes the invisible `\\r` for a part of the interpreter's name, and says that there is no such file.",
    example: Example::file("scripts/report.py", "#!/usr/bin/env python3\r\nprint(1)\r\n", "#!/usr/bin/env python3\nprint(1)\n"),
};

pub static CRLF: Rule = Rule {
    code: "scripts/crlf",
    severity: Severity::Warning,
    summary: "A shell script's lines end as on Windows.",
    why: "A shell takes the invisible `\\r` for a part of the last word: commands are not found, and files get names that end in it.",
    example: Example::file("scripts/report.sh", "#!/bin/sh\necho done\r\n", "#!/bin/sh\necho done\n"),
};

pub static MARK: Rule = Rule {
    code: "scripts/byte-order-mark",
    severity: Severity::Error,
    summary: "A byte-order mark stands before a script's `#!`.",
    why: "The system looks for `#!` in the first two bytes. Behind the mark it is not found, and the script is not run by what it names.",
    example: Example::file(
        "scripts/report.py",
        "\u{feff}#!/usr/bin/env python3\nprint(1)\n",
        "#!/usr/bin/env python3\nprint(1)\n",
    ),
};

pub static INTERPRETER: Rule = Rule {
    code: "scripts/interpreter-path",
    severity: Severity::Info,
    summary: "A script names its interpreter by the place where one system has it.",
    why: "Elsewhere it lies in another folder, and the script is not found. `/usr/bin/env` looks for it.",
    example: Example::file("scripts/report.py", "#!/usr/local/bin/python3\nprint(1)\n", "#!/usr/bin/env python3\nprint(1)\n"),
};

pub static SYNTAX: Rule = Rule {
    code: "scripts/syntax",
    severity: Severity::Error,
    summary: "A Python or shell script does not parse.",
    why: "Python reads a script in full before it runs its first line, so none of it runs. A shell reads on as it runs, and stops half-way: \
          what stands before the fault is done, and the rest is not. \
          Of shell, only what is never closed or closes nothing is told, and only where all shells agree.",
    example: Example::file("scripts/report.py", "#!/usr/bin/env python3\nprint(1\n", "#!/usr/bin/env python3\nprint(1)\n"),
};

pub static HOST_NOT_ALLOWED: Rule = Rule {
    code: "scripts/host-not-allowed",
    severity: Severity::Warning,
    summary: "A script reaches for a host that no capability allows.",
    why: "Where packs run, everything is refused that no rule allows: the script works for its author and for nobody else.",
    example: Example::file(
        "pack.yaml",
        "description: Reports.\n",
        "description: Reports.\ncapabilities:\n  - name: reports\n    type: http\n    allow: [{domains: [api.acme.dev], methods: [GET]}]\n",
    )
    .beside(&[("scripts/report.sh", "#!/bin/sh\ncurl -s https://api.acme.dev/report\n")]),
};

/// The family's rules.
pub static RULES: &[&Rule] = &[&NO_SHEBANG, &CRLF_SHEBANG, &CRLF, &MARK, &INTERPRETER, &SYNTAX, &HOST_NOT_ALLOWED];

/// Largest script whose line ends are changed for its author.
const LARGEST_FIXED: usize = 256 * 1024;

/// What such a file says that others count on.
#[derive(Debug, Default)]
pub struct ScriptFacts {
    hosts: Vec<Reached>,
    /// True when it begins with `#!`.
    shebang: bool,
}

/// Checks one file by itself.
pub fn check_file(path: &str, text: &str, _kind: Kind, out: &mut Vec<Diagnostic>) -> Facts {
    let first = text.split('\n').next().unwrap_or_default();
    let shebang = first.strip_prefix("#!");
    let language = Language::of(path, shebang);
    check_first_line(path, text, language, out);
    check_line_ends(path, text, language, out);
    // What is written for Python 2 is not Python any more.
    if language == Language::Python && !shebang.is_some_and(|line| line.contains("python2")) {
        for (at, why) in python::faults(text) {
            out.push(SYNTAX.at(path, at, lower_first(&why)).hint("Look here and just before."));
        }
    }
    if language == Language::Shell
        && let Some(fault) = shell::fault(path, text)
    {
        out.push(SYNTAX.at(path, fault.at, fault.message).hint(fault.hint));
    }
    Facts::Script(ScriptFacts { hosts: reached(&addresses(text, language)), shebang: shebang.is_some() })
}

/// The parser's messages are sentences, and ours go on from a place.
fn lower_first(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

fn check_first_line(path: &str, text: &str, language: Language, out: &mut Vec<Diagnostic>) {
    let first = text.split('\n').next().unwrap_or_default();
    let Some(line) = first.strip_prefix("#!") else {
        let started = match language {
            Language::Shell => !text.contains("shellcheck shell="),
            Language::Python => text.contains("__name__ == \"__main__\"") || text.contains("__name__ == '__main__'"),
            Language::Unknown => is_program(path),
            _ => false,
        };
        if started && !text.trim().is_empty() {
            let line = match language {
                Language::Python => "#!/usr/bin/env python3",
                _ => "#!/bin/sh",
            };
            out.push(
                NO_SHEBANG
                    .at(path, 0..first.trim_end().len(), "nothing says what runs this")
                    .hint(format!("Begin with `{line}`, or whatever it is written for.")),
            );
        }
        return;
    };
    let mut words = line.split_whitespace();
    let Some(interpreter) = words.next().filter(|path| path.starts_with('/')) else { return };
    let name = interpreter.rsplit('/').next().unwrap_or_default();
    if matches!(interpreter, "/usr/bin/env" | "/bin/env" | "/bin/sh" | "/usr/bin/sh" | "/bin/bash" | "/usr/bin/bash")
        || name.is_empty()
    {
        return;
    }
    let start = 2 + (line.len() - line.trim_start().len());
    let found =
        INTERPRETER.at(path, start..start + interpreter.len(), format!("`{}` is not there on every system", shown(interpreter)));
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    out.push(match words.next() {
        None if plain => {
            let found = found.hint(format!("Write `#!/usr/bin/env {name}`."));
            found.with_fix(Fix::one(
                format!("Change to `/usr/bin/env {name}`"),
                path,
                start..start + interpreter.len(),
                format!("/usr/bin/env {name}"),
            ))
        }
        _ => found.hint(format!("Write `#!/usr/bin/env -S {}` and what follows.", shown(name))),
    });
}

/// A file without an ending, that is not one of those for people or tools.
fn is_program(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    !name.contains('.')
        && name.chars().any(|letter| letter.is_ascii_lowercase())
        && !matches!(name, "Makefile" | "Dockerfile" | "Justfile" | "justfile")
}

fn check_line_ends(path: &str, text: &str, language: Language, out: &mut Vec<Diagnostic>) {
    let Some(first) = text.find("\r\n") else { return };
    let in_shebang = text.starts_with("#!") && !text[..first].contains('\n');
    let found = if in_shebang {
        CRLF_SHEBANG.at(path, 0..first, "this line ends with `\\r\\n`, and the system takes `\\r` for a part of the name")
    } else if language == Language::Shell {
        let start = text[..first].rfind('\n').map_or(0, |at| at + 1);
        CRLF.at(path, start..first, "from here on lines end with `\\r\\n`, and a shell takes `\\r` for a part of the last word")
    } else {
        return;
    };
    let found = found.hint("Save it with line ends as Unix has them (LF).");
    let sure = text.len() <= LARGEST_FIXED;
    out.push(if sure {
        found.with_fix(Fix::one("End lines with LF", path, 0..text.len(), text.replace("\r\n", "\n")))
    } else {
        found
    });
}

/// Checks what only the whole pack can tell.
pub fn check(pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    let scripts = pack.contents.iter().filter_map(|(path, content)| match &content.facts {
        Facts::Script(facts) => Some((path.as_str(), facts)),
        _ => None,
    });
    let mut allowed = None;
    for (path, facts) in scripts {
        // A text is handed over without its mark, so the file itself is asked.
        if facts.shebang && pack.ctx.first_bytes(path, 3).is_some_and(|start| start == "\u{feff}".as_bytes()) {
            out.push(
                MARK.at(path, 0..2, "a byte-order mark stands before this").hint("Save it as UTF-8 without a byte-order mark."),
            );
        }
        if !facts.hosts.is_empty() {
            let allowed = allowed.get_or_insert_with(|| Allowed::by(pack));
            allowed.check(&HOST_NOT_ALLOWED, path, &facts.hosts, pack, out);
        }
    }
}

#[cfg(test)]
mod tests;
