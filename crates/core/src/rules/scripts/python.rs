//! Python, as far as it does not parse.

use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use std::ops::Range;

/// Largest script that is read: what is larger was made by a program.
const LARGEST: usize = 256 * 1024;

/// Room for what nests: the parser looks after its own stack, and taking its tree apart again needs some hundred bytes a level.
/// A script of [`LARGEST`] bytes has at most half as many levels. Only what is used is ever taken from the system.
const STACK: usize = 256 * 1024 * 1024;

/// Most faults that are told: one mistake often makes others.
const MOST: usize = 5;

/// How deep braces may nest, those in strings counted too: the parser's time grows with the square of nested f-strings.
const DEEPEST_BRACES: usize = 200;

/// Where a script does not parse, and why, in the order of the text: one fault a line, for the next ones mostly follow from it.
pub fn faults(text: &str) -> Vec<(Range<usize>, String)> {
    if text.len() > LARGEST || nests_braces(text) {
        return Vec::new();
    }
    stacker::grow(STACK, || {
        let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module));
        let mut faults: Vec<(Range<usize>, String)> = Vec::new();
        for fault in parsed.errors() {
            let at = fault.location.start().to_usize()..fault.location.end().to_usize();
            let new = faults.last().is_none_or(|(last, _)| text[last.start..at.start.max(last.start)].contains('\n'));
            if new && faults.len() < MOST {
                faults.push((at, fault.error.to_string()));
            }
        }
        faults
    })
}

fn nests_braces(text: &str) -> bool {
    let mut depth = 0_usize;
    text.bytes().any(|byte| {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > DEEPEST_BRACES
    })
}

#[cfg(test)]
mod tests {
    use super::faults;

    #[test]
    fn what_python_takes_is_read() {
        let text = "#!/usr/bin/env python3\n\"\"\"Doc.\"\"\"\nfrom __future__ import annotations\nimport os, sys as s\n\n@a.b(c)\nasync def f[T: int](x: int = 1, /, *args, y, **kw) -> list[str]:\n\tasync with a as b, c: pass\n\tawait x\n\treturn [i async for i in x if (y := i)]\n\nmatch x:\n    case {'a': [1, *rest], **other} if rest: print(f\"{x!r:>{width}} {f'{y}'} {'a' + \"b\"}\")\n    case Point(x=0) | None: ...\n    case _: pass\ntry: pass\nexcept* (A, B) as e: raise X from e\nelse: pass\ntype A = int\nlambda *a, b=1: (yield)\nx: int; del x[1:2, ...], y\nglobal z\nprint(*a, **b, sep='')\nmatch = type = case = 1\nassert 0x_ff + 1_0.5e-3j, b'a' rb'b'\nif x: pass\nelif y: pass\nwhile 1:\n    break\nclass C(B, metaclass=M): x = 1\n";
        assert_eq!(faults(text), []);
        assert_eq!(faults(""), []);
        assert_eq!(faults(&text.replace('\n', "\r\n")), []);
    }

    #[test]
    fn a_fault_has_its_place() {
        let told = |text: &str| {
            faults(text).into_iter().map(|(at, why)| format!("<{}> {why}", &text[at])).collect::<Vec<_>>().join("\n")
        };
        insta::assert_snapshot!(told("def f(x)\n    return x\n"), @"
        <
        > Expected `:`, found newline
        ");
        insta::assert_snapshot!(told("if x:\nprint('é')\n"), @"<print> Expected an indented block after `if` statement");
        insta::assert_snapshot!(told("print \"x\"\n"), @r#"<"x"> Simple statements must be separated by newlines or semicolons"#);
        insta::assert_snapshot!(told("x = (1,\ny = 'é\n"), @"
        <=> Expected `,`, found `=`
        <> unexpected EOF while parsing
        ");
        insta::assert_snapshot!(told("a b c d e f g\n"), @"<b> Simple statements must be separated by newlines or semicolons");
    }

    #[test]
    fn nesting_is_borne() {
        for (open, close) in [
            ("(", ")"),
            ("[", "]"),
            ("-", ""),
            ("not ", ""),
            ("lambda: ", ""),
            ("f(", ")"),
            ("a + ", ""),
            ("a.b().", "c"),
            ("f'{", "}'"),
            ("x if y else ", ""),
        ] {
            for count in [100, 20_000] {
                faults(&format!("{}1{}\n", open.repeat(count), close.repeat(count)));
            }
        }
        let deep: Vec<String> = (0..500).map(|level| format!("{}if x:", " ".repeat(level))).collect();
        faults(&deep.join("\n"));
        faults(&"\0\u{feff}é😀'\"\"\"\\".repeat(1_000));
    }
}
