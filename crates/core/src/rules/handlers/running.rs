//! Whether what a tool names as its handler is of a kind that is run at all: told by the file's ending.

use super::super::{Example, Rule};
use crate::check::Context;
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::MANIFEST;
use crate::manifest::Tool;
use crate::manifest::typed::Either;
use crate::model::{HandlerKind, kind_by_ending};
use crate::rules::manifest::inside;
use crate::text::shown;
use std::ops::Range;

pub static NOT_RUN: Rule = Rule {
    code: "handlers/not-run",
    severity: Severity::Error,
    summary: "A handler's file is of a kind that nothing runs.",
    why: "Inline handlers are JavaScript or TypeScript, and everything else is compiled to WebAssembly: of another file nobody knows how to run it, and no call to the tool can be answered.",
    example: Example::manifest(
        "tools:\n  - {name: add, handler: handlers/add.py}\n",
        "tools:\n  - {name: add, handler: handlers/add.ts}\n",
    )
    .beside(&[
        ("handlers/add.py", "def add(input):\n    return {}\n"),
        ("handlers/add.ts", "export function add() {\n  return {};\n}\n"),
    ]),
};

pub static NOT_COMPILED: Rule = Rule {
    code: "handlers/not-compiled",
    severity: Severity::Error,
    summary: "A handler is Go or Rust, and has to be compiled first.",
    why: "This Packwright does not compile handlers itself: such a tool can be neither run nor published.",
    example: Example::manifest(
        "tools:\n  - {name: add, handler: handlers/add.go}\n",
        "tools:\n  - {name: add, handler: {path: components/add.wasm, kind: command}}\n",
    )
    .beside(&[("handlers/add.go", "package main\n"), ("components/add.wasm", "\0asm\u{1}\0\0\0")]),
};

/// Checks the ending of a tool's handler.
pub(super) fn check(tool: &Tool, ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let Some((written, span, kind)) = named(tool) else { return };
    // What leaves the pack, names nothing or is a folder is told as that.
    let Some(path) = inside(written).filter(|path| !path.is_empty()) else { return };
    if ctx.entry(&path).is_some_and(|entry| entry.is_folder()) {
        return;
    }
    let by_ending = kind_by_ending(&path);
    let told = |rule: &Rule, message: String| rule.at(MANIFEST, span.clone(), message);
    let name = shown(&path);
    match (kind, by_ending) {
        (None, None) => out.push(
            told(&NOT_RUN, format!("`{name}` is nothing that runs as a handler"))
                .hint(instead(&path, tool.name.as_ref().map(|name| name.value.as_str()))),
        ),
        (Some("inline"), by_ending) if by_ending != Some(HandlerKind::Inline) => out.push(
            told(&NOT_RUN, format!("`{name}` is no JavaScript and no TypeScript, and is run as if it were"))
                .hint(instead(&path, tool.name.as_ref().map(|name| name.value.as_str()))),
        ),
        (None, Some(HandlerKind::Source)) => out.push(
            told(&NOT_COMPILED, format!("`{name}` has to be compiled first, which this Packwright does not do yet"))
                .hint("Compile it to a WASI program, and name that: `handler: {path: components/….wasm, kind: command}`."),
        ),
        _ => {}
    }
}

/// The path of a tool's handler, its place, and the kind that is written beside it.
fn named(tool: &Tool) -> Option<(&str, &Range<usize>, Option<&str>)> {
    let field = tool.handler.as_ref()?;
    Some(match &field.value {
        Either::One(path) => (path.as_str(), &field.span, None),
        Either::Other(handler) => {
            let path = handler.path.as_ref()?;
            (path.value.as_str(), &path.span, handler.kind.as_ref().map(|kind| kind.value.as_str()))
        }
    })
}

/// What to do with a file that nothing runs.
fn instead(path: &str, tool: Option<&str>) -> String {
    let ending = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("tsx" | "cts") => "Name the file `.ts`: handlers have types, and no JSX.".to_owned(),
        Some("jsx" | "cjs") => "Name the file `.js`, and write it as a module: `export function …`.".to_owned(),
        Some("go" | "rs" | "c" | "cpp" | "zig" | "wat") => {
            "Compile it to a WASI program, and name that: `handler: {path: components/….wasm, kind: command}`.".to_owned()
        }
        Some("wasm") => "Take `kind` away for a component, or write `kind: command` for a WASI program.".to_owned(),
        _ => format!(
            "Name a `.ts` or `.js` file that exports the tool's function, as in `handlers/{}.ts`, or a compiled `.wasm`.",
            tool.map_or_else(|| "name".to_owned(), shown)
        ),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::{findings, only};
    use crate::source::MemoryPack;

    fn told(handler: &str) -> String {
        let text = format!(
            "name: n\ndescription: Adds.\ntools:\n  - name: add\n    description: Adds two numbers and returns the sum.\n    input: {{type: object}}\n    handler: {handler}\n"
        );
        let files = ["py", "sh", "tsx", "ts", "go", "mjs", "JS"].map(|ending| (format!("handlers/a.{ending}"), String::new()));
        let wasm = ("components/a.wasm".to_owned(), "\0asm\u{1}\0\0\0".to_owned());
        let pack = MemoryPack::new(files.into_iter().chain([wasm, ("pack.yaml".to_owned(), text)]));
        only("handlers", &findings(&pack))
    }

    #[test]
    fn what_nothing_runs_is_told() {
        insta::assert_snapshot!(told("handlers/a.py"), @"
        Error handlers/not-run pack.yaml:7:14 <handlers/a.py> `handlers/a.py` is nothing that runs as a handler
          hint: Name a `.ts` or `.js` file that exports the tool's function, as in `handlers/add.ts`, or a compiled `.wasm`.
        ");
        insta::assert_snapshot!(told("{path: handlers/a.tsx}"), @"
        Error handlers/not-run pack.yaml:7:21 <handlers/a.tsx> `handlers/a.tsx` is nothing that runs as a handler
          hint: Name the file `.ts`: handlers have types, and no JSX.
        ");
        insta::assert_snapshot!(told("handlers/a.go"), @"
        Error handlers/not-compiled pack.yaml:7:14 <handlers/a.go> `handlers/a.go` has to be compiled first, which this Packwright does not do yet
          hint: Compile it to a WASI program, and name that: `handler: {path: components/….wasm, kind: command}`.
        ");
        insta::assert_snapshot!(told("{path: handlers/a.sh, kind: inline}"), @"
        Error handlers/not-run pack.yaml:7:21 <handlers/a.sh> `handlers/a.sh` is no JavaScript and no TypeScript, and is run as if it were
          hint: Name a `.ts` or `.js` file that exports the tool's function, as in `handlers/add.ts`, or a compiled `.wasm`.
        ");
        insta::assert_snapshot!(told("{path: components/a.wasm, kind: inline}"), @"
        Error handlers/not-run pack.yaml:7:21 <components/a.wasm> `components/a.wasm` is no JavaScript and no TypeScript, and is run as if it were
          hint: Take `kind` away for a component, or write `kind: command` for a WASI program.
        ");
    }

    #[test]
    fn what_runs_is_told_nothing() {
        for handler in [
            "handlers/a.ts",
            "./handlers/a.mjs",
            "handlers/a.JS",
            "{path: handlers/a.ts, kind: inline}",
            "{path: components/a.wasm, kind: command}",
        ] {
            assert_eq!(told(handler), "", "{handler}");
        }
        assert_eq!(told("handlers").matches("not-run").count(), 0);
        assert!(!told("../a.py").contains("not-run"));
    }
}
