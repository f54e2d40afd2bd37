//! What is told of shell scripts, and above all what is not.

use super::{LARGEST, fault};

fn told(text: &str) -> String {
    match fault("scripts/a.sh", text) {
        Some(fault) => {
            let line = 1 + text[..fault.at.start].matches('\n').count();
            format!("{line}: <{}> {}\n  {}", &text[fault.at], fault.message, fault.hint)
        }
        None => String::new(),
    }
}

#[test]
fn what_shells_take_is_told_nothing() {
    for text in [
        "",
        "#!/bin/sh",
        "echo if then fi do done case esac { } [[ '(' \\) # )\n",
        "echo a#b $# ${#x} ${x#'}'} \"${x%\\}}\" # it's \"\n",
        "if a; then b; elif ! c; then d; else e; fi >x 2>&1 | f && g\n",
        "if a; then if b; then c; fi fi\n",
        "if (a) then { b; } fi\n",
        "while read -r x; do :; done <<EOF\n$x ' \" ( EOF\n EOF\nEOF\n",
        "cat <<'A' <<-\"B C\" <<\\D; echo\n'\nA\n\"\n\tB C\n(\nD\n",
        "cat <<EOF | tr a b\n`'\\\nEOF\nEOF\n",
        "x=$(cat <<EOF\nit's\nEOF\n)\n",
        "cat <<'é'\né\n",
        "cat <<EOF\nlast\nEOF",
        "cat <<< \"$x\" 3<&- 4>&1 {fd}>x &>y &>>z >|w\n",
        "for x in a do done; do echo; done; for x; do :; done; for x do :; done; for x\nin a\ndo :\ndone\n",
        "for ((i = 0; i < 3; i++)); do :; done; for ((;;)) do :; done\n",
        "select x in a b; do break; done\nuntil a; do b; done &\n",
        "case x in esac; case $x in (a|b) ;; \"c d\" | e*) f ;& [!a-z]) ;;& *) g; esac\n",
        "case x in\n# comment )\n(esac) a;;\n @(a|b (c)) ) x;;\nif) ;;\nesac | cat\n",
        "x=$(case a in a) echo \")\";; esac)\n",
        "f() { a; }; g () ( b ); function h { c; }; function i() { d; }; j()\n{\n e\n}\nk() if a; then b; fi\n",
        "{ a; } 2>&1; { { a; } }; ( (a); b ); ((a + (b << 2))); x=$((1 + (2) * $#))\n",
        "((a); b); x=$((a) | b); x=$( (a) ); (( a # b\n)) \n",
        "x=(a 'b )' \"c\" $(d) # e )\n [f]=g); x+=(b); x[1]=(); declare -a y=(a)\n",
        "[[ $x =~ ^(a|b\\ ;)$ && ( -f y || z < w ) ]] && a; [[ a == *\"]]\"* ]]\n",
        "diff <(a) <(b | c) > >(d)\n",
        "ls !(a|b) *.@(c|d) ?(e)\nif !(a); then b; fi\n",
        "echo `a 'b` \"`c \"d\" 'e`\" $'it\\'s' $\"f\" \"$\" \"$'\" '\\'\n",
        "echo \"${x:-\"a b\"}\" \"${x:-$(a \"b\" '}')}\" ${x:-'a }'} \"${x//$'\\n'/ }\" \"${x#\"'\"}\" \"${x:-'a'}\"\n",
        "a &&\n\n  # comment\n  b || \\\n  { c; } |\nd\n",
        "a; \\\nif b; then c; fi\\\n\n",
        "! time -p if a; then b; fi; time\n",
        "find . -exec a {} \\; -o \\( -b \\)\n",
        "if a; then # it's\r\n  b\r\nfi\r\n",
        "x=1 y=2 if; >x fi; done=1\n",
        "echo $[1 + 2] \"a$[b]\"\n",
    ] {
        assert_eq!(told(text), "", "{text}");
    }
}

#[test]
fn what_shells_take_each_in_its_way_is_told_nothing() {
    for text in [
        "echo \"${x:-it's}\"\n",
        "x=${ a; }\n",
        "coproc a { b; }\n",
        "for x in a; { b; }\n",
        "echo \"$(cat <<EOF)\"\nEOF\n",
        "x=$((a; case b in c) d;; esac) )\n",
        "x=$((a) ;; fi )\n",
        "for x (a b) c\n",
    ] {
        assert_eq!(told(text), "", "{text}");
    }
    let told = |path: &str, text: &str| fault(path, text).is_some();
    for (path, text) in [
        ("scripts/a.sh", "#!/usr/bin/env zsh\nif [[ a ]] { b }\n"),
        ("scripts/a.zsh", "if\n"),
        ("scripts/a.sh", "[ -n \"$ZSH_VERSION\" ] && if\n"),
        ("scripts/a", "#!/usr/bin/fish\nif a\nend\n"),
        ("scripts/a", "#!/bin/csh\nif (a) then\n"),
        ("scripts/a.ksh", "a |&\nx=(b; c)\nif d; then\nfi\n"),
    ] {
        assert!(!told(path, text), "{path} {text}");
    }
    for path in ["#!/bin/sh -e", "#! /usr/bin/env -S bash -e", "#!/bin/busybox sh", "#!/usr/bin/ksh93"] {
        assert!(told("scripts/a", &format!("{path}\nif a; then b\n")), "{path}");
    }
}

#[test]
fn what_is_never_read_is_told_nothing() {
    for text in [
        "#!/bin/sh\necho; exit 0\n' \" ( if\n",
        "#!/bin/sh\n# \\\nexec tclsh \"$0\" \"$@\"\nputs {a (\n",
        "#!/bin/sh\n\"exec\" \"python3\" \"$0\" \"$@\"\nprint('a', (\n",
        "#!/bin/sh\n'''exec' python3 \"$0\" \"$@\"\n' '''\nif a:\n",
        "#!/bin/sh\neval 'exec perl -x -S $0 ${1+\"$@\"}'\n  if 0;\n",
    ] {
        assert_eq!(told(text), "", "{text}");
    }
    for text in ["exec 2>&1\n(", "exec >x\n(", "a && exit\n(", "exit | a\n(", "exec a &\n(", "if a; then\nexit\nfi\n("] {
        assert!(told(text).contains("this `(` is never closed"), "{text}");
    }
}

#[test]
fn what_is_left_open_has_its_place() {
    insta::assert_snapshot!(told("if a; then\n  while b; do\n    c\n  done\n"), @"
    1: <if> this `if` is never closed: no `fi` follows
      Add `fi` behind the last line of the block.
    ");
    insta::assert_snapshot!(told("if a; then\n  while b; do\n    c\nfi\n"), @"
    2: <while> this `while` is never closed: no `done` stands before the `fi` on line 4
      Add `done` behind the last line of the block.
    ");
    insta::assert_snapshot!(told("f() {\n  for x in é; do\n    a\n}\n"), @"
    2: <for> this `for` is never closed: no `done` stands before the `}` on line 4
      Add `done` behind the last line of the block.
    ");
    insta::assert_snapshot!(told("f() {\n  if a; then b; fi\n"), @"
    1: <{> this `{` is never closed: no `}` follows
      Add `}` behind the last line of the block: on a line of its own, or behind a `;`.
    ");
    insta::assert_snapshot!(told("{ a }\n"), @"
    1: <{> this `{` is never closed: no `}` follows
      Add `}` behind the last line of the block: on a line of its own, or behind a `;`.
    ");
    insta::assert_snapshot!(told("case $1 in\n  a) if b; then c;;\nesac\n"), @"
    2: <if> this `if` is never closed: no `fi` stands before the `;;` on line 2
      Add `fi` behind the last line of the block.
    ");
    insta::assert_snapshot!(told("case $1 in\n  a) b;;\n"), @"
    1: <case> this `case` is never closed: no `esac` follows
      Add `esac` behind the last line of the block.
    ");
    insta::assert_snapshot!(told("x=$(a \"b\"\necho é\n"), @"
    1: <$(> this `$(` is never closed: no `)` follows
      Add `)` where it ends.
    ");
    insta::assert_snapshot!(told("( a\n"), @"
    1: <(> this `(` is never closed: no `)` follows
      Add `)` where it ends.
    ");
    insta::assert_snapshot!(told("echo \"${x\n"), @"
    1: <${> this `${` is never closed: no `}` follows
      Add `}` where it ends.
    ");
    insta::assert_snapshot!(told("x=$((1 + (2)\n"), @"
    1: <$((> this `$((` is never closed: no `))` follows
      Add `))` where it ends.
    ");
    insta::assert_snapshot!(told("((x = 1\n"), @"
    1: <((> this `((` is never closed: no `))` follows
      Add `))` where it ends.
    ");
    insta::assert_snapshot!(told("if [[ -f x; then a; fi\n"), @"
    1: <[[> this `[[` is never closed: no `]]` stands before the `;` on line 1
      Add `]]` behind the condition, with a blank before it.
    ");
    insta::assert_snapshot!(told("x=(a b\nc | d\n"), @"
    1: <(> this `(` is never closed: no `)` stands before the `|` on line 2
      Add `)` where it ends.
    ");
    insta::assert_snapshot!(told("diff <(a b\n"), @"
    1: <<(> this `<(` is never closed: no `)` follows
      Add `)` where it ends.
    ");
}

#[test]
fn a_quote_left_open_names_the_one_that_may_be_meant() {
    insta::assert_snapshot!(told("echo 'é\n"), @"
    1: <'> this quote is never closed
      Add `'` where the text ends.
    ");
    insta::assert_snapshot!(told("echo \"a\necho \"b\"\n"), @r#"
    2: <"> this quote is never closed
      Add `"` where the text ends. Or look at line 1: the quote that begins there ends on another line.
    "#);
    insta::assert_snapshot!(told("echo `a\n"), @"
    1: <`> this quote is never closed
      Add a backquote where the command ends.
    ");
    insta::assert_snapshot!(told("x=$'it\\'s\n"), @"
    1: <$'> this quote is never closed
      Add `'` where the text ends.
    ");
}

#[test]
fn a_here_document_ends_with_its_word() {
    insta::assert_snapshot!(told("cat <<EOF\na\n"), @"
    1: <<<EOF> this here-document never ends: no line is `EOF`
      Write `EOF` on a line of its own where the text ends, with nothing before or behind it.
    ");
    insta::assert_snapshot!(told("cat <<-'END' | b\n\ta\n  END\n"), @"
    1: <<<-'END'> this here-document never ends: no line is `END`
      On line 3 blanks stand beside `END`: write it without them.
    ");
    insta::assert_snapshot!(told("cat <<A <<B\na\nA\nb\n"), @"
    1: <<<B> this here-document never ends: no line is `B`
      Write `B` on a line of its own where the text ends, with nothing before or behind it.
    ");
}

#[test]
fn what_closes_nothing_has_its_place() {
    insta::assert_snapshot!(told("a\nfi\n"), @"
    2: <fi> this `fi` closes nothing: no `if` is open here
      Take it away, or begin the block with `if`.
    ");
    insta::assert_snapshot!(told("while a; do b; done\ndone\n"), @"
    2: <done> this `done` closes nothing: no `while` or `for` is open here
      Take it away, or begin the block with `while` or `for`.
    ");
    insta::assert_snapshot!(told("a; }\n"), @"
    1: <}> this `}` closes nothing: no `{` is open here
      Take it away, or begin the block with `{`.
    ");
    insta::assert_snapshot!(told("echo a)\n"), @"
    1: <)> this `)` closes nothing: no `(` is open here
      Take it away, or add the `(`. Behind a pattern of a `case`, look for a `;;` that is missing before it.
    ");
    insta::assert_snapshot!(told("case x in a) b\nc) d;; esac\n"), @"
    2: <)> this `)` closes nothing: no `(` is open here
      Take it away, or add the `(`. Behind a pattern of a `case`, look for a `;;` that is missing before it.
    ");
    insta::assert_snapshot!(told("esac\n"), @"
    1: <esac> this `esac` closes nothing: no `case` is open here
      Take it away, or begin the block with `case`.
    ");
    insta::assert_snapshot!(told("if a; then b; else c; else d; fi\n"), @"
    1: <else> this `else` belongs to no `if`
      Take it away, or begin the block with `if`.
    ");
    insta::assert_snapshot!(told("a;;\n"), @"
    1: <;;> this `;;` stands outside of a `case`
      Write `;`, or begin the `case` that it belongs to.
    ");
}

#[test]
fn what_is_missing_within_has_its_place() {
    insta::assert_snapshot!(told("if a\n  b\nfi\n"), @"
    1: <if> this `if` has no `then`
      Write `then` before the block: on a line of its own, or behind a `;`.
    ");
    insta::assert_snapshot!(told("if a; then b; elif c\nd; else e; fi\n"), @"
    1: <elif> this `elif` has no `then`
      Write `then` before the block: on a line of its own, or behind a `;`.
    ");
    insta::assert_snapshot!(told("while a\nb\ndone\n"), @"
    1: <while> this `while` has no `do`
      Write `do` before the block: on a line of its own, or behind a `;`.
    ");
    insta::assert_snapshot!(told("for x in a b do\n  c\ndone\n"), @"
    1: <for> this `for` has no `do`
      Write `do` before the block: on a line of its own, or behind a `;`.
    ");
    insta::assert_snapshot!(told("case $x of\na) b;; esac\n"), @"
    1: <case> this `case` has no `in`
      Write `in` behind what stands after the `case`.
    ");
    insta::assert_snapshot!(told("for x on a; do b; done\n"), @"
    1: <for> this `for` has no `in` or `do`
      Write `in` or `do` behind what stands after the `for`.
    ");
    insta::assert_snapshot!(told("case $x in\n  a b;;\nesac\n"), @"
    2: <a> this pattern of a `case` has no `)` behind it
      Write `)` behind the pattern, or `esac` where the `case` ends.
    ");
    insta::assert_snapshot!(told("if a; then\n  # b\nfi\n"), @"
    1: <then> no command stands between this `then` and `fi`
      Write one there; `:` does nothing.
    ");
    insta::assert_snapshot!(told("f() { }\n"), @"
    1: <{> no command stands between this `{` and `}`
      Write one there; `:` does nothing.
    ");
}

#[test]
fn an_operator_stands_between_commands() {
    insta::assert_snapshot!(told("a |\n"), @"
    1: <|> nothing follows this `|`
      Write the command that runs next, or take the `|` away.
    ");
    insta::assert_snapshot!(told("if a && then b; fi\n"), @"
    1: <&&> nothing follows this `&&`
      Write the command that runs next, or take the `&&` away.
    ");
    insta::assert_snapshot!(told("a\n  | b\n"), @"
    2: <|> nothing stands before this `|`
      Write the command that it belongs to. If that is on the line above, end that line with `|`.
    ");
    insta::assert_snapshot!(told("echo a (b)\n"), @"
    1: <(> this `(` stands in the middle of a command
      Where the letter itself is meant, put it in quotes. If it is in quotes, one before it is missing.
    ");
}

#[test]
fn large_and_odd_texts_are_borne() {
    let units = [
        "(",
        "((",
        "$(",
        "$((",
        "${",
        "\"",
        "'",
        "`",
        "{ ",
        "if ",
        "if x; then ",
        "while a; do ",
        "for x in ",
        "for ((",
        "case x in a) ",
        "case a in\n(",
        "[[ ",
        "[[ ( ",
        "[[\n #\n",
        "<<E ",
        "<<E $(a) ",
        "cat <<E\n",
        "$[",
        "x=(",
        "x=( #\n",
        "x@()",
        "@(",
        "<(",
        "f() {",
        "\"${x:-",
        "\"${x:-$'",
        "\"$(",
        "\"a\n\" ",
        "\\",
        "\\\n",
        "#",
        "# \n",
        "a|",
        "a&&",
        "é",
        "$'",
        "((a)",
        "((a) ",
        "((a(",
        "$((1)",
        "a[",
        "exec 2>",
        "{ (( ",
        "time ",
        "! ",
        "function ",
        ";;",
        "\u{feff}é😀'\"\\",
    ];
    for unit in units {
        for count in [1, 100, 199, 201, 5_000] {
            let _ = fault("a.sh", &unit.repeat(count));
            let _ = fault("a.sh", &(unit.repeat(count) + "\n\nfi ) }"));
        }
    }
    let text = "if a; then\n";
    assert!(fault("a.sh", &text.repeat(199)).is_some());
    assert!(fault("a.sh", &text.repeat(201)).is_none());
    assert!(fault("a.sh", &(text.to_owned() + &"#\n".repeat(LARGEST / 2))).is_none());
    assert!(fault("a.sh", "if a; then\0").is_none());
}
