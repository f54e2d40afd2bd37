//! What a pack's scripts are told.

use crate::rules::tests::findings;
use crate::source::MemoryPack;

fn told_with(manifest: &str, path: &str, text: &str) -> String {
    findings(&MemoryPack::new([("pack.yaml", format!("name: n\ndescription: d\n{manifest}").as_str()), (path, text)]))
}

fn told(path: &str, text: &str) -> String {
    told_with("", path, text)
}

#[test]
fn sound_scripts_are_told_nothing() {
    for (path, text) in [
        ("scripts/a.sh", "#!/bin/sh\necho a\n"),
        ("scripts/a", "#!/usr/bin/env -S deno run\n"),
        ("scripts/a.py", "#!/usr/bin/env python3\nprint('é')\n"),
        ("scripts/lib.py", "X = 1\r\n"),
        ("scripts/lib.sh", "# shellcheck shell=bash\nf() { :; }\n"),
        ("scripts/README", "text\n"),
        ("scripts/README.md", "https://nowhere.dev\r\n"),
        ("scripts/Makefile", "all:\n"),
        ("scripts/data.json", "{\r\n}"),
        ("scripts/a.bat", "@echo off\r\n"),
        ("scripts/old", "#!/usr/bin/env python2\nprint 'x'\n"),
        ("scripts/empty", ""),
    ] {
        assert_eq!(told(path, text), "", "{path}");
    }
}

#[test]
fn a_script_says_what_runs_it() {
    insta::assert_snapshot!(told("scripts/a.sh", "echo é\n"), @"
    Info scripts/no-shebang scripts/a.sh:1:1 <echo é> nothing says what runs this
      hint: Begin with `#!/bin/sh`, or whatever it is written for.
    ");
    insta::assert_snapshot!(told("scripts/a.py", "\nif __name__ == '__main__':\n    pass\n"), @"
    Info scripts/no-shebang scripts/a.py:1:1 <> nothing says what runs this
      hint: Begin with `#!/usr/bin/env python3`, or whatever it is written for.
    ");
    insta::assert_snapshot!(told("scripts/run", "echo a"), @"
    Info scripts/no-shebang scripts/run:1:1 <echo a> nothing says what runs this
      hint: Begin with `#!/bin/sh`, or whatever it is written for.
    ");
}

#[test]
fn line_ends_are_those_of_unix() {
    insta::assert_snapshot!(told("scripts/a.py", "#!/usr/bin/env python3\r\nprint(1)\r\n"), @r"
    Error scripts/crlf-shebang scripts/a.py:1:1 <#!/usr/bin/env python3> this line ends with `\r\n`, and the system takes `\r` for a part of the name
      hint: Save it with line ends as Unix has them (LF).
      fix: End lines with LF
    ");
    insta::assert_snapshot!(told("scripts/a.sh", "#!/bin/sh\necho a\necho é\r\n"), @r"
    Warning scripts/crlf scripts/a.sh:3:1 <echo é> from here on lines end with `\r\n`, and a shell takes `\r` for a part of the last word
      hint: Save it with line ends as Unix has them (LF).
      fix: End lines with LF
    ");
    let large = format!("#!/bin/sh\r\n{}", "echo\r\n".repeat(50_000));
    assert!(!told("scripts/a.sh", &large).contains("fix:"));
}

#[test]
fn nothing_stands_before_the_first_line() {
    insta::assert_snapshot!(told("scripts/a.py", "\u{feff}#!/usr/bin/env python3\nprint(1)\n"), @"
    Error scripts/byte-order-mark scripts/a.py:1:1 <#!> a byte-order mark stands before this
      hint: Save it as UTF-8 without a byte-order mark.
    ");
    assert_eq!(told("scripts/a.py", "\u{feff}print(1)\n"), "");
}

#[test]
fn an_interpreter_is_looked_for() {
    insta::assert_snapshot!(told("scripts/a", "#! /usr/local/bin/node\n"), @"
    Info scripts/interpreter-path scripts/a:1:4 </usr/local/bin/node> `/usr/local/bin/node` is not there on every system
      hint: Write `#!/usr/bin/env node`.
      fix: Change to `/usr/bin/env node`
    ");
    insta::assert_snapshot!(told("scripts/a.py", "#!/opt/py/bin/python3 -u\nprint(1)\n"), @"
    Info scripts/interpreter-path scripts/a.py:1:3 </opt/py/bin/python3> `/opt/py/bin/python3` is not there on every system
      hint: Write `#!/usr/bin/env -S python3` and what follows.
    ");
}

#[test]
fn python_that_does_not_parse_has_its_place() {
    insta::assert_snapshot!(told("scripts/a.py", "def f(x)\n    return 'é'\n"), @"
    Error scripts/syntax scripts/a.py:1:9 <> expected `:`, found newline
      hint: Look here and just before.
    ");
}

#[test]
fn shell_that_is_left_open_has_its_place() {
    insta::assert_snapshot!(told("scripts/a.sh", "#!/bin/sh\nif [ -f é ]; then\n  echo \"(\"\n"), @"
    Error scripts/syntax scripts/a.sh:2:1 <if> this `if` is never closed: no `fi` follows
      hint: Add `fi` behind the last line of the block.
    ");
    // What reads it may be no shell that is known here, and line ends are told by themselves.
    assert_eq!(told("scripts/a.sh", "#!/usr/bin/env zsh\nif [[ a ]] { b }\n"), "");
    assert!(!told("scripts/a.sh", "#!/bin/sh\r\nif a; then\r\n  b\r\nfi\r\n").contains("scripts/syntax"));
}

#[test]
fn a_host_must_be_allowed() {
    let script =
        "#!/bin/sh\ncurl https://api.acme.dev/a https://api.acme.dev/b http://localhost:80\ncurl https://other.dev:8443/\n";
    insta::assert_snapshot!(told("scripts/a.sh", script), @"
    Warning scripts/host-not-allowed scripts/a.sh:2:6 <https://api.acme.dev/a> this reaches for `api.acme.dev`, and the pack has no network capability
      hint: If it should be reached, allow it in pack.yaml: `capabilities: [{name: …, type: http, allow: [{domains: [api.acme.dev], methods: [GET]}]}]`.
    Warning scripts/host-not-allowed scripts/a.sh:3:6 <https://other.dev:8443/> this reaches for `other.dev:8443`, and the pack has no network capability
      hint: If it should be reached, allow it in pack.yaml: `capabilities: [{name: …, type: http, allow: [{domains: [other.dev:8443], methods: [GET]}]}]`.
    ");
    let allow = "capabilities: [{name: c, type: http, allow: [{domains: [api.acme.dev, 'other.dev:8443'], methods: [GET]}]}]\n";
    assert_eq!(told_with(allow, "scripts/a.sh", script), "");
    let odd = "capabilities: [{name: c, type: http, allow: [{domains: ['https://api.acme.dev', other.dev], methods: [GET]}]}]\n";
    let told = told_with(odd, "scripts/a.sh", script);
    assert!(
        told.contains("capabilities/bad-domain")
            && told.contains("`other.dev:8443`")
            && !told.contains("reaches for `api.acme.dev`"),
        "{told}"
    );
    // Where a part of the manifest cannot be read, the rule may stand there.
    assert!(told_with("tools: [\n", "scripts/a.sh", script).contains("scripts/host-not-allowed"));
    assert!(!told_with("capabilities: [\n", "scripts/a.sh", script).contains("scripts/host-not-allowed"));
}
