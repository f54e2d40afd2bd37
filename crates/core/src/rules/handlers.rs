//! Handlers: that the code behind a tool can be loaded, and answers to the name that the tool calls.
//!
//! What a module says comes from [`crate::languages::Languages`]; without one, only programs (`.wasm`) are looked at. That a file
//! is there at all is [`crate::rules::manifest`]'s matter.

pub mod running;
pub mod saying;

use super::scripts::hosts::{self, Allowed};
use super::tools::is_tool_name;
use super::{Example, Rule};
use crate::check::Whole;
use crate::content::Facts;
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::MANIFEST;
use crate::languages::{Export, Import, Languages, NoModule, ScriptOutline, TYPES, export_of, resolve};
use crate::manifest::Tool;
use crate::manifest::typed::{Either, Field};
use crate::model::{HandlerKind, kind_by_ending};
use crate::nearest::Near;
use crate::rules::manifest::inside;
use crate::text::shown;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

/// The manifest of the examples.
const ADD: &str = "tools:\n  - name: add\n    description: Adds two numbers and returns the sum.\n    input: {type: object}\n    handler: handlers/add.ts\n";
/// A sound handler for it.
const ADDS: &str = "export function add() {\n  return {};\n}\n";

pub static SYNTAX: Rule = Rule {
    code: "handlers/syntax",
    severity: Severity::Error,
    summary: "A handler cannot be read: it does not parse, or uses what only TypeScript's compiler makes code of.",
    why: "Types are taken out and the rest runs as it is written; a handler that cannot be read answers no call.",
    example: Example::file(
        "handlers/add.ts",
        "export function add(): number {\n  let sum = = 1;\n}\n",
        "export function add(): number {\n  let sum = 1;\n}\n",
    )
    .beside(&[("pack.yaml", ADD)]),
};

pub static NO_EXPORT: Rule = Rule {
    code: "handlers/no-export",
    severity: Severity::Error,
    summary: "A handler does not export the function that answers its tool.",
    why: "A tool calls the function of its own name, or the one in `export`; without it every call fails.",
    example: Example::file("handlers/add.ts", "export function sum() {\n  return {};\n}\n", ADDS).beside(&[("pack.yaml", ADD)]),
};

pub static NOT_A_FUNCTION: Rule = Rule {
    code: "handlers/not-a-function",
    severity: Severity::Error,
    summary: "What a handler exports under its tool's name cannot be called.",
    why: "The tool's call is a call of this export; anything but a function fails.",
    example: Example::file("handlers/add.ts", "export const add = 1;\n", ADDS).beside(&[("pack.yaml", ADD)]),
};

pub static UNUSED_EXPORT: Rule = Rule {
    code: "handlers/unused-export",
    severity: Severity::Info,
    summary: "A handler exports a function that no tool calls and no other file imports.",
    why: "It is left over, or a tool for it was forgotten.",
    example: Example::file(
        "handlers/add.ts",
        "export function add() {\n  return {};\n}\nexport function subtract() {\n  return {};\n}\n",
        ADDS,
    )
    .beside(&[("pack.yaml", ADD)]),
};

pub static UNUSED_FILE: Rule = Rule {
    code: "handlers/unused-file",
    severity: Severity::Warning,
    summary: "A file in `handlers/` is named by no tool and imported by no handler.",
    why: "It is shipped, and nothing ever runs it.",
    example: Example::file("pack.yaml", "description: Adds.\n", ADD).beside(&[("handlers/add.ts", ADDS)]),
};

pub static MISSING_IMPORT: Rule = Rule {
    code: "handlers/missing-import",
    severity: Severity::Error,
    summary: "A handler imports a file that the pack does not have.",
    why: "A handler is loaded with all that it imports; when one file is missing, every call fails.",
    example: Example::file(
        "handlers/add.ts",
        "import { plus } from \"./lib/pluss.ts\";\nexport function add() {\n  return plus();\n}\n",
        "import { plus } from \"./lib/plus.ts\";\nexport function add() {\n  return plus();\n}\n",
    )
    .beside(&[("pack.yaml", ADD), ("handlers/lib/plus.ts", "export function plus() {\n  return {};\n}\n")]),
};

pub static IMPORT_OUTSIDE: Rule = Rule {
    code: "handlers/import-outside",
    severity: Severity::Error,
    summary: "A handler imports a file outside of the pack.",
    why: "The pack runs elsewhere than where it was written, and takes along only what lies in its folder.",
    example: Example::file(
        "handlers/add.ts",
        "import { plus } from \"../../shared/plus.ts\";\nexport function add() {\n  return plus();\n}\n",
        "import { plus } from \"./plus.ts\";\nexport function add() {\n  return plus();\n}\n",
    )
    .beside(&[("pack.yaml", ADD), ("handlers/plus.ts", "export function plus() {\n  return {};\n}\n")]),
};

pub static PACKAGE: Rule = Rule {
    code: "handlers/package-import",
    severity: Severity::Error,
    summary: "A handler imports a package, and handlers have none.",
    why: "Handlers run in an engine without npm and without Node: they can import files of their own pack, and nothing else.",
    example: Example::file(
        "handlers/add.ts",
        "import { sum } from \"lodash\";\nexport function add() {\n  return sum([1, 2]);\n}\n",
        ADDS,
    )
    .beside(&[("pack.yaml", ADD)]),
};

pub static NOT_A_SCRIPT: Rule = Rule {
    code: "handlers/import-no-script",
    severity: Severity::Error,
    summary: "A handler imports a file that is neither JavaScript nor TypeScript.",
    why: "Every import is loaded as a program, whatever its name: JSON or text is not one.",
    example: Example::file(
        "handlers/add.ts",
        "import table from \"../data/table.json\";\nexport function add() {\n  return table;\n}\n",
        "import { table } from \"./table.ts\";\nexport function add() {\n  return table;\n}\n",
    )
    .beside(&[("pack.yaml", ADD), ("data/table.json", "{}\n"), ("handlers/table.ts", "export const table = {};\n")]),
};

pub static TYPES_ONLY: Rule = Rule {
    code: "handlers/import-of-types",
    severity: Severity::Error,
    summary: "A handler imports from `packwright:tools` without `import type`.",
    why: "That module holds types only. Types are taken out before the handler runs, an import of values stays, and it leads nowhere.",
    example: Example::file(
        "handlers/add.ts",
        "import { Add } from \"packwright:tools\";\nexport function add(input: Add.Input) {\n  return {};\n}\n",
        "import type { Add } from \"packwright:tools\";\nexport function add(input: Add.Input) {\n  return {};\n}\n",
    )
    .beside(&[("pack.yaml", ADD)]),
};

pub static HOST_NOT_ALLOWED: Rule = Rule {
    code: "handlers/host-not-allowed",
    severity: Severity::Warning,
    summary: "A handler reaches for a host that no capability allows.",
    why: "Every request is refused that no rule allows: the call ends with `permission_denied`.",
    example: Example::file(
        "pack.yaml",
        ADD,
        "tools:\n  - name: add\n    description: Adds two numbers and returns the sum.\n    input: {type: object}\n    handler: handlers/add.ts\ncapabilities:\n  - name: sums\n    type: http\n    allow: [{domains: [sums.acme.dev], methods: [GET]}]\n",
    )
    .beside(&[("handlers/add.ts", "export async function add(input, host) {\n  return (await host.http.get(\"https://sums.acme.dev/add\")).json();\n}\n")]),
};

pub static NOT_WASM: Rule = Rule {
    code: "handlers/not-wasm",
    severity: Severity::Error,
    summary: "A `.wasm` file that a tool names is no WebAssembly.",
    why: "The file is empty, cut off, or something else with this ending: no call to the tool can be answered.",
    example: Example::file(
        "pack.yaml",
        "tools:\n  - name: add\n    description: Adds two numbers and returns the sum.\n    input: {type: object}\n    handler: {path: components/broken.wasm, kind: command}\n",
        "tools:\n  - name: add\n    description: Adds two numbers and returns the sum.\n    input: {type: object}\n    handler: {path: components/add.wasm, kind: command}\n",
    )
    .beside(&[("components/broken.wasm", "<html>"), ("components/add.wasm", "\0asm\u{1}\0\0\0")]),
};

pub static WRONG_KIND: Rule = Rule {
    code: "handlers/wrong-kind",
    severity: Severity::Error,
    summary: "A `.wasm` file is a plain module, and the tool takes it for a component.",
    why: "Both end in `.wasm` and are run in different ways: taken for the other kind, it does not start.",
    example: Example::file(
        "pack.yaml",
        "tools:\n  - name: add\n    description: Adds two numbers and returns the sum.\n    input: {type: object}\n    handler: components/add.wasm\n",
        "tools:\n  - name: add\n    description: Adds two numbers and returns the sum.\n    input: {type: object}\n    handler: {path: components/add.wasm, kind: command}\n",
    )
    .beside(&[("components/add.wasm", "\0asm\u{1}\0\0\0")]),
};

/// The family's rules.
pub static RULES: &[&Rule] = &[
    &SYNTAX,
    &NO_EXPORT,
    &NOT_A_FUNCTION,
    &UNUSED_EXPORT,
    &UNUSED_FILE,
    &MISSING_IMPORT,
    &IMPORT_OUTSIDE,
    &PACKAGE,
    &NOT_A_SCRIPT,
    &TYPES_ONLY,
    &HOST_NOT_ALLOWED,
    &NOT_WASM,
    &WRONG_KIND,
    &saying::MISSING_EXPORT,
    &saying::PLAIN_HTTP,
    &saying::UNDECLARED_ERROR,
    &saying::UNKNOWN_SECRET,
    &saying::FOREIGN_NAME,
    &running::NOT_RUN,
    &running::NOT_COMPILED,
];

/// Endings of files that are certainly no program.
const DATA: &[&str] = &["json", "jsonl", "yaml", "yml", "toml", "csv", "txt", "md", "html", "css", "sql", "wasm", "png", "svg"];

/// Checks one module by itself.
pub fn check_file(path: &str, text: &str, languages: &dyn Languages, out: &mut Vec<Diagnostic>) -> Facts {
    let Some(outline) = languages.outline(path, text) else { return Facts::Nothing };
    for fault in &outline.faults {
        // At the end of the file the fault shows itself, and is not there.
        if fault.span.start >= text.trim_end().len()
            && fault.message.contains('}')
            && let Some((brace, line)) = open_brace(text)
        {
            out.push(
                SYNTAX
                    .at(path, brace, "this `{` is never closed")
                    .hint(format!("By the indentation, its `}}` belongs before line {line}.")),
            );
            continue;
        }
        let found = SYNTAX.at(path, on_characters(text, &fault.span), fault.message.clone());
        out.push(match &fault.hint {
            Some(hint) => found.hint(hint.clone()),
            None => found.hint("Look here and just before."),
        });
    }
    for import in outline.imports.iter().filter(|import| import.from == TYPES && !import.types_only) {
        let found = TYPES_ONLY.at(path, import.span.clone(), format!("`{TYPES}` holds types only"));
        out.push(match before_braces(text, import) {
            Some(at) => found.hint("Write `import type { … }`.").with_fix(crate::diagnostic::Fix::one(
                "Change to `import type`",
                path,
                at..at,
                "type ",
            )),
            None => found.hint("Write `import type { … }`."),
        });
    }
    Facts::Handler(outline)
}

/// The brace that is never closed, and the line that closes one further out, by the indentation of lines that end with `{` or begin
/// with `}`. `None` when these agree.
fn open_brace(text: &str) -> Option<(Range<usize>, usize)> {
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        // A comment, and not the middle of an address.
        let comment = line.find(" //").or_else(|| line.starts_with("//").then_some(0));
        let code = line[..comment.unwrap_or(line.len())].trim_end();
        let words = code.trim_start();
        let indent = code.len() - words.len();
        if words.starts_with('}')
            && let Some(&(column, brace)) = open.last()
        {
            if column > indent {
                return Some((brace..brace + 1, number + 1));
            }
            if column == indent {
                open.pop();
            }
        }
        if words.ends_with('{') {
            open.push((indent, at + code.len() - 1));
        }
        at += line.len();
    }
    None
}

/// A place on whole characters of the text: it comes from another parser.
fn on_characters(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let end = text.ceil_char_boundary(span.end.clamp(start, text.len()));
    start..end
}

/// Where `type` belongs, when the import is plainly `import { A, B } from "…"`.
fn before_braces(text: &str, import: &Import) -> Option<usize> {
    let before = text.get(..import.span.start)?.strip_suffix(['"', '\''])?.trim_end().strip_suffix("from")?.trim_end();
    let names = before.strip_suffix('}')?;
    let open = names.rfind('{')?;
    let plain = names[open + 1..]
        .chars()
        .all(|letter| letter.is_alphanumeric() || letter.is_whitespace() || matches!(letter, ',' | '_' | '$'));
    let inner = names[open + 1..].split(',').any(|name| name.trim_start().starts_with("type "));
    let keyword = names[..open].trim_end();
    let whole = keyword.strip_suffix("import").is_some_and(|rest| rest.is_empty() || rest.ends_with(['\n', ';', ' ', '\t']));
    (plain && !inner && whole).then_some(open)
}

/// Checks what only the whole pack can tell.
pub fn check(pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    pack.manifest.tools.iter().flat_map(|tools| &tools.value).for_each(|tool| running::check(&tool.value, pack.ctx, out));
    let handlers = handlers(pack);
    check_programs(pack, &handlers, out);
    let modules = Modules::of(pack);
    if modules.outlines.is_empty() {
        return;
    }
    let inline: Vec<&Handler<'_>> = handlers.iter().filter(|handler| handler.kind == HandlerKind::Inline).collect();
    let loaded = modules.loaded(inline.iter().map(|handler| handler.path.as_str()));
    let misses = check_exports(pack, &modules, &inline, out);
    // What a part of the manifest that cannot be read would have named is not known.
    if !pack.ctx.may_lack(&["tools"]) {
        check_unused(pack, &modules, &inline, &loaded, &misses, out);
    }
    let allowed = Allowed::by(pack);
    let said = saying::Said::of(pack, &modules, &inline);
    for path in &loaded.run {
        let Some((path, outline)) = modules.outlines.get_key_value(path.as_str()) else { continue };
        check_imports(&modules, path, outline, out);
        said.check(path, outline, out);
        allowed.check(&HOST_NOT_ALLOWED, path, &hosts::reached(&outline.addresses), pack, out);
    }
}

/// A handler that a tool names, as far as it can be read.
struct Handler<'a> {
    tool: &'a Tool,
    /// A path in the pack.
    path: String,
    /// The path's place in the manifest.
    span: Range<usize>,
    kind: HandlerKind,
    export: Option<&'a Field<String>>,
    /// True when something makes the file.
    built: bool,
}

fn handlers<'a>(pack: &Whole<'a>) -> Vec<Handler<'a>> {
    let tools = pack.manifest.tools.iter().flat_map(|tools| &tools.value);
    tools.filter_map(|tool| handler(&tool.value)).collect()
}

fn handler(tool: &Tool) -> Option<Handler<'_>> {
    let field = tool.handler.as_ref()?;
    let (written, span, kind, export, built) = match &field.value {
        Either::One(path) => (path, field.span.clone(), None, None, false),
        Either::Other(handler) => {
            let path = handler.path.as_ref()?;
            let kind = handler.kind.as_ref().map(|kind| kind.value.as_str());
            (&path.value, path.span.clone(), kind, handler.export.as_ref(), handler.build.is_some())
        }
    };
    let path = inside(written).filter(|path| !path.is_empty())?;
    let kind = match kind {
        Some("inline") => HandlerKind::Inline,
        Some("component") => HandlerKind::Component,
        Some("command") => HandlerKind::Command,
        Some(_) => return None,
        None => kind_by_ending(&path)?,
    };
    Some(Handler { tool, path, span, kind, export, built })
}

/// Looks at the first bytes of programs: `\0asm`, then a version that tells modules from components.
fn check_programs(pack: &Whole<'_>, handlers: &[Handler<'_>], out: &mut Vec<Diagnostic>) {
    let programs = handlers.iter().filter(|one| matches!(one.kind, HandlerKind::Component | HandlerKind::Command));
    let mut starts: HashMap<&str, Option<Vec<u8>>> = HashMap::new();
    for program in programs {
        let path = program.path.as_str();
        let Some(start) = starts.entry(path).or_insert_with(|| pack.ctx.first_bytes(path, 8)) else { continue };
        let told = |message: String| NOT_WASM.at(MANIFEST, program.span.clone(), message);
        let name = shown(path);
        match start.as_slice() {
            [] => out.push(told(format!("`{name}` is empty")).hint("Build it again.")),
            [b'\0', b'a', b's', b'm', 1, 0, 0, 0] if program.kind == HandlerKind::Component => out.push(
                WRONG_KIND
                    .at(MANIFEST, program.span.clone(), format!("`{name}` is a plain module, and is taken for a component"))
                    .hint(format!("If it is a WASI program, say so: `handler: {{path: {name}, kind: command}}`."))
                    .hint("If it should be a component, make it one: `wasm-tools component new`."),
            ),
            [b'\0', b'a', b's', b'm', 1, 0, 0, 0] | [b'\0', b'a', b's', b'm', _, 0, 1, 0] => {}
            [b'\0', b'a', b's', b'm', _, _, _, _] => {
                out.push(
                    told(format!("`{name}` is WebAssembly of a version that is not known here"))
                        .hint("Build it with current tools."),
                );
            }
            _ => out.push(
                told(format!("`{name}` is no WebAssembly: it does not begin as such files do"))
                    .hint("Build it again, and look whether the build ended well."),
            ),
        }
    }
}

/// The modules of a pack that could be read, by path.
struct Modules<'a> {
    outlines: BTreeMap<&'a str, &'a ScriptOutline>,
    pack: &'a Whole<'a>,
}

/// What handlers bring along.
struct Loaded {
    /// What runs.
    run: BTreeSet<String>,
    /// What is imported for its types alone.
    types: BTreeSet<String>,
    /// True when everything is known: no file on the way was unreadable.
    all: bool,
}

/// Whether a module gives something away.
enum Given<'a> {
    Yes(&'a Export),
    No,
    /// A file on the way cannot be read.
    Unknown,
}

impl<'a> Modules<'a> {
    fn of(pack: &'a Whole<'a>) -> Self {
        let outlines = pack.contents.iter().filter_map(|(path, content)| match &content.facts {
            Facts::Handler(outline) => Some((path.as_str(), outline)),
            _ => None,
        });
        Self { outlines: outlines.collect(), pack }
    }

    /// A module that was read in full.
    fn sound(&self, path: &str) -> Option<&'a ScriptOutline> {
        self.outlines.get(path).copied().filter(|outline| outline.faults.is_empty())
    }

    fn resolve(&self, from: &str, import: &Import) -> Result<String, NoModule> {
        resolve(from, &import.from, |path| self.pack.ctx.entry(path).is_some_and(|entry| entry.is_file()))
    }

    /// Another module whose name is nearly that of a missing one: folders are long, and would make everything near.
    /// Certain is only what stands beside it.
    fn nearest(&self, from: &str, missing: &str) -> Option<Near<'a>> {
        let name = |path: &'a str| path.rsplit('/').next().unwrap_or(path);
        let others = || self.outlines.keys().copied().filter(|path| *path != from);
        let wanted = missing.rsplit('/').next().unwrap_or(missing);
        let near = self.pack.ctx.guesses.nearest(wanted, others().map(name))?;
        let word = others().find(|path| name(path) == near.word)?;
        let beside = word.strip_suffix(near.word) == missing.strip_suffix(wanted);
        Some(Near { word, certain: near.certain && beside })
    }

    fn loaded<'p>(&self, handlers: impl Iterator<Item = &'p str>) -> Loaded {
        let mut loaded = Loaded { run: handlers.map(str::to_owned).collect(), types: BTreeSet::new(), all: true };
        let mut waiting: Vec<(String, bool)> = loaded.run.iter().map(|path| (path.clone(), true)).collect();
        while let Some((path, runs)) = waiting.pop() {
            loaded.all &= self.sound(&path).is_some();
            for import in self.outlines.get(path.as_str()).iter().flat_map(|outline| &outline.imports) {
                let Ok(next) = self.resolve(&path, import) else { continue };
                let runs = runs && !import.types_only;
                let new = if runs { loaded.run.insert(next.clone()) } else { loaded.types.insert(next.clone()) };
                if new {
                    waiting.push((next, runs));
                }
            }
        }
        loaded
    }

    /// What a module gives away under a name, of its own or of another module's.
    fn export(&self, path: &str, name: &str) -> Given<'a> {
        let mut seen = BTreeSet::from([path.to_owned()]);
        let mut waiting = vec![path.to_owned()];
        let mut known = true;
        while let Some(path) = waiting.pop() {
            let Some(outline) = self.sound(&path) else {
                known = false;
                continue;
            };
            if let Some(export) = outline.exports.iter().find(|export| export.name == name) {
                return Given::Yes(export);
            }
            for import in outline.imports.iter().filter(|import| import.passed_on && !import.types_only) {
                match self.resolve(&path, import) {
                    Ok(next) if seen.insert(next.clone()) => waiting.push(next),
                    Ok(_) => {}
                    Err(_) => known = false,
                }
            }
        }
        if known { Given::No } else { Given::Unknown }
    }
}

/// Looks for every tool's function. Gives the files where one is missing.
fn check_exports<'h>(
    pack: &Whole<'_>,
    modules: &Modules<'_>,
    handlers: &'h [&Handler<'_>],
    out: &mut Vec<Diagnostic>,
) -> BTreeSet<&'h str> {
    let mut misses = BTreeSet::new();
    for handler in handlers {
        let Some(wanted) = wanted(handler) else { continue };
        let file = shown(&handler.path);
        let place = handler.export.map_or(&handler.span, |export| &export.span).clone();
        match modules.export(&handler.path, &wanted) {
            Given::Unknown => {}
            Given::Yes(export) if export.function => {}
            Given::Yes(_) => out.push(
                NOT_A_FUNCTION
                    .at(MANIFEST, place, format!("what `{file}` exports as `{}` cannot be called", shown(&wanted)))
                    .hint(format!("Write `export function {}(input, host) {{ … }}`.", shown(&wanted))),
            ),
            // What is no name for a tool is told as such.
            Given::No if handler.export.is_none() && !handler.tool.name.as_ref().is_some_and(|name| is_tool_name(name)) => {}
            Given::No => {
                misses.insert(handler.path.as_str());
                let outline = modules.outlines.get(handler.path.as_str());
                let functions: Vec<&str> = outline
                    .iter()
                    .flat_map(|outline| &outline.exports)
                    .filter(|export| export.function)
                    .map(|export| export.name.as_str())
                    .collect();
                let found = NO_EXPORT.at(MANIFEST, place, format!("`{file}` exports no function `{}`", shown(&wanted)));
                let near = pack.ctx.guesses.nearest(&wanted, functions.iter().copied());
                out.push(match (handler.export, near, functions.as_slice()) {
                    (Some(_), Some(near), _) => found.did_you_mean(near),
                    (Some(_), None, []) => {
                        found.hint(format!("Add it: `export function {}(input, host) {{ … }}`.", shown(&wanted)))
                    }
                    (Some(_), None, _) => found.hint(format!("It exports {}.", listed(&functions))),
                    (None, None, []) => found.hint(format!(
                        "Add it: `export function {}(input, host) {{ … }}`. A tool calls the function of its own name.",
                        shown(&wanted)
                    )),
                    (None, near, _) => found.hint(format!(
                        "Call the function so, or name the one that is there: `handler: {{path: {file}, export: {}}}`.",
                        near.map_or(functions.first().copied().unwrap_or("name"), |near| near.word)
                    )),
                });
            }
        }
    }
    misses
}

/// The function that a tool calls; `None` for a tool without a name.
fn wanted(handler: &Handler<'_>) -> Option<String> {
    match handler.export {
        Some(export) => Some(export.value.clone()),
        None => handler.tool.name.as_ref().map(|name| export_of(&name.value)),
    }
}

fn listed(names: &[&str]) -> String {
    const MOST: usize = 5;
    let shown: Vec<String> = names.iter().take(MOST).map(|name| format!("`{}`", shown(name))).collect();
    let more = if names.len() > MOST { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

fn check_unused(
    pack: &Whole<'_>,
    modules: &Modules<'_>,
    handlers: &[&Handler<'_>],
    loaded: &Loaded,
    misses: &BTreeSet<&str>,
    out: &mut Vec<Diagnostic>,
) {
    // What is imported is used by somebody; by whom is not asked.
    let imported: BTreeSet<String> = modules
        .outlines
        .iter()
        .flat_map(|(path, outline)| outline.imports.iter().filter_map(|import| modules.resolve(path, import).ok()))
        .collect();
    let mut called: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for handler in handlers {
        called.entry(&handler.path).or_default().extend(wanted(handler));
    }
    for (path, names) in &called {
        let Some(outline) = modules.sound(path).filter(|_| !imported.contains(*path) && !misses.contains(path)) else { continue };
        for export in outline.exports.iter().filter(|export| export.function && !names.contains(&export.name)) {
            out.push(
                UNUSED_EXPORT
                    .at(path, export.span.clone(), format!("no tool calls `{}`", shown(&export.name)))
                    .hint("Take away `export`, or the function; or add a tool for it."),
            );
        }
    }
    let sources =
        pack.manifest.tools.iter().flat_map(|tools| &tools.value).any(|tool| handler(tool).is_some_and(|one| one.built));
    if !loaded.all || sources {
        return;
    }
    for path in modules.outlines.keys().filter(|path| path.starts_with("handlers/")) {
        let used = loaded.run.contains(*path) || loaded.types.contains(*path);
        if !used && !is_set_apart(path) {
            out.push(
                UNUSED_FILE
                    .at(path, 0..0, format!("no tool names `{}`, and no handler imports it", shown(path)))
                    .hint("Name it as a tool's `handler`, or remove it; `.packignore` keeps it here and out of the pack."),
            );
        }
    }
}

/// Files that nobody expects to be run with the handlers: declarations of types, and tests.
fn is_set_apart(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    [".d.", ".test.", ".spec."].iter().any(|mark| name.contains(mark))
}

fn check_imports(modules: &Modules<'_>, path: &str, outline: &ScriptOutline, out: &mut Vec<Diagnostic>) {
    for import in outline.imports.iter().filter(|import| !import.types_only && import.from != TYPES) {
        let from = shown(&import.from);
        let span = import.span.clone();
        match modules.resolve(path, import) {
            Ok(file) => {
                let ending = file.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
                if DATA.contains(&ending.as_str()) {
                    out.push(
                        NOT_A_SCRIPT
                            .at(path, span, format!("`{from}` is no JavaScript and no TypeScript"))
                            .hint("Write the values into a `.ts` file: `export const table = { … };`."),
                    );
                }
            }
            Err(NoModule::Outside) => out.push(
                IMPORT_OUTSIDE
                    .at(path, span, format!("`{from}` leaves the pack"))
                    .hint("Copy what it names into the pack, and import that."),
            ),
            Err(NoModule::NotAPath) => {
                let found = PACKAGE.at(path, span, format!("`{from}` is no file of this pack"));
                out.push(if import.from.starts_with("packwright:") {
                    found.hint(format!("Types are in `{TYPES}`: `import type {{ … }} from \"{TYPES}\";`."))
                } else if import.from.starts_with("node:") {
                    found.hint("Handlers run without Node. What they may use is in `host`, and in the language itself.")
                } else {
                    found.hint("Import files of the pack by a path that begins with `./`. What a package does must be copied, or bundled into one file.")
                });
            }
            Err(NoModule::Missing(missing)) => {
                let found = MISSING_IMPORT.at(path, span, format!("there is no file `{}`", shown(&missing)));
                out.push(match modules.nearest(path, &missing) {
                    Some(near) => {
                        let word = relative(path, near.word);
                        found.did_you_mean(Near { word: &word, ..near })
                    }
                    None => found.hint("Make the file, or take the import away."),
                });
            }
        }
    }
}

/// A file as another one of the pack imports it.
fn relative(from: &str, to: &str) -> String {
    let folder: Vec<&str> = from.rsplit_once('/').map_or(Vec::new(), |(folder, _)| folder.split('/').collect());
    let same = folder.iter().zip(to.split('/')).take_while(|(one, other)| *one == other).count();
    let up = "../".repeat(folder.len() - same);
    let rest: Vec<&str> = to.split('/').skip(same).collect();
    format!("{}{}", if up.is_empty() { "./" } else { &up }, rest.join("/"))
}

#[cfg(test)]
mod tests;
