//! What handlers say, held against the manifest and each other: errors, secrets, plain HTTP, imports by name, and names that the engine
//! does not have.

use super::super::{Example, Rule};
use super::{ADD, ADDS, Given, Handler, Modules};
use crate::call::BUILT_IN;
use crate::check::Whole;
use crate::diagnostic::{Diagnostic, Severity};
use crate::languages::{ScriptOutline, TYPES, Word};
use crate::model::capabilities;
use crate::policy::Policy;
use crate::shape::METHODS;
use crate::text::shown;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

/// The handler of some examples.
const HANDLER: &str = "handlers/add.ts";

pub static MISSING_EXPORT: Rule = Rule {
    code: "handlers/missing-export",
    severity: Severity::Error,
    summary: "A handler imports by name what the other file does not export.",
    why: "Imports are joined before anything runs: when one name is missing, the handler does not start. A type is not there either, unless it is imported with `import type`.",
    example: Example::file(
        HANDLER,
        "import { plsu } from \"./plus.ts\";\nexport function add() {\n  return plsu();\n}\n",
        "import { plus } from \"./plus.ts\";\nexport function add() {\n  return plus();\n}\n",
    )
    .beside(&[("pack.yaml", ADD), ("handlers/plus.ts", "export function plus() {\n  return {};\n}\n")]),
};

pub static PLAIN_HTTP: Rule = Rule {
    code: "handlers/plain-http",
    severity: Severity::Warning,
    summary: "A handler asks a host over plain HTTP, and no rule allows that.",
    why: "Rules allow `https` only, unless they say `allow_insecure: true`: every such request is refused with `permission_denied`.",
    example: Example::file(
        HANDLER,
        "export async function add(input, host) {\n  return (await host.http.get(\"http://sums.acme.dev/add\")).json();\n}\n",
        "export async function add(input, host) {\n  return (await host.http.get(\"https://sums.acme.dev/add\")).json();\n}\n",
    )
    .beside(&[("pack.yaml", "tools:\n  - name: add\n    description: Adds two numbers and returns the sum.\n    input: {type: object}\n    handler: handlers/add.ts\ncapabilities:\n  - name: sums\n    type: http\n    allow: [{domains: [sums.acme.dev], methods: [GET]}]\n")]),
};

pub static UNDECLARED_ERROR: Rule = Rule {
    code: "handlers/undeclared-error",
    severity: Severity::Warning,
    summary: "A handler answers with an error code that is neither built in nor declared by its tool.",
    why: "A code that nobody declared becomes `handler_failed`: callers cannot tell it from a crash, and do not know whether to try again.",
    example: Example::file(
        HANDLER,
        "export function add(input, host) {\n  throw host.error(\"not_fond\", \"no such sum\");\n}\n",
        "export function add(input, host) {\n  throw host.error(\"not_found\", \"no such sum\");\n}\n",
    )
    .beside(&[("pack.yaml", ADD)]),
};

pub static UNKNOWN_SECRET: Rule = Rule {
    code: "handlers/unknown-secret",
    severity: Severity::Error,
    summary: "A handler names a secret that no credential declares.",
    why: "Nobody is asked for its value, so the request is not sent.",
    example: Example::file(
        "pack.yaml",
        ADD,
        "tools:\n  - name: add\n    description: Adds two numbers and returns the sum.\n    input: {type: object}\n    handler: handlers/add.ts\ncredentials: [{name: sums, kind: api_key}]\n",
    )
    .beside(&[(
        HANDLER,
        "export const key = '${secrets[\"sums\"]}';\nexport function add() {\n  return {};\n}\n",
    )]),
};

pub static FOREIGN_NAME: Rule = Rule {
    code: "handlers/foreign-name",
    severity: Severity::Warning,
    summary: "A handler uses what Node or a browser has, and the engine has not.",
    why: "Handlers run in an engine of their own, without Node and without a page: such a name stands for nothing, and the call ends where it is used.",
    example: Example::file(HANDLER, "export function add() {\n  return { by: process.env.USER };\n}\n", ADDS)
        .beside(&[("pack.yaml", ADD)]),
};

/// What the manifest says of handlers, asked of one module after the other.
pub(super) struct Said<'a> {
    pack: &'a Whole<'a>,
    modules: &'a Modules<'a>,
    /// Codes that the tools of a handler declare; of a module that others import, all that any tool declares.
    codes: BTreeMap<&'a str, BTreeSet<&'a str>>,
    all_codes: BTreeSet<&'a str>,
    secrets: BTreeSet<&'a str>,
    /// Made when an address asks for it: most handlers have none that does.
    policy: OnceCell<Policy>,
}

impl<'a> Said<'a> {
    pub(super) fn of(pack: &'a Whole<'a>, modules: &'a Modules<'a>, inline: &[&'a Handler<'a>]) -> Self {
        let imported: BTreeSet<String> = modules
            .outlines
            .iter()
            .flat_map(|(path, outline)| outline.imports.iter().filter_map(|import| modules.resolve(path, import).ok()))
            .collect();
        let mut codes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut all_codes = BTreeSet::new();
        for handler in inline {
            let errors = handler.tool.errors.iter().flat_map(|errors| &errors.value);
            let declared: Vec<&str> = errors.filter_map(|error| error.code.as_ref()).map(|code| code.value.as_str()).collect();
            all_codes.extend(declared.iter().copied());
            if !imported.contains(&handler.path) {
                codes.entry(&handler.path).or_default().extend(declared);
            }
        }
        let credentials = pack.manifest.credentials.iter().flat_map(|credentials| &credentials.value);
        let secrets = credentials.filter_map(|credential| credential.name.as_ref()).map(|name| name.value.as_str()).collect();
        Self { pack, modules, codes, all_codes, secrets, policy: OnceCell::new() }
    }

    pub(super) fn check(&self, path: &str, outline: &ScriptOutline, out: &mut Vec<Diagnostic>) {
        self.check_names(path, outline, out);
        self.check_addresses(path, outline, out);
        self.check_errors(path, outline, out);
        self.check_secrets(path, outline, out);
        let mut told = BTreeSet::new();
        for name in outline.foreign.iter().filter(|name| told.insert(name.word.as_str())) {
            let message = format!("`{}` is not there: handlers run without Node and without a browser", shown(&name.word));
            out.push(FOREIGN_NAME.at(path, name.span.clone(), message).hint(match name.word.as_str() {
                "require" => {
                    "Write `import { … } from \"./file.ts\";`: handlers are modules, and import files of their own pack."
                }
                "process" => "What a tool needs to know comes with its input; secrets are put into requests by the host.",
                "Buffer" => "Use `TextEncoder`, `atob` and `btoa`, or a `Uint8Array`.",
                "setTimeout" | "setInterval" | "setImmediate" => {
                    "A call does its work and ends: nothing waits, and nothing runs later."
                }
                "XMLHttpRequest" => "Use `host.http`, or `fetch`.",
                _ => "What handlers may use is in `host`, and in the language itself.",
            }));
        }
    }

    fn check_names(&self, path: &str, outline: &ScriptOutline, out: &mut Vec<Diagnostic>) {
        for import in outline.imports.iter().filter(|import| !import.types_only && import.from != TYPES) {
            let Ok(file) = self.modules.resolve(path, import) else { continue };
            let missing = import.names.iter().filter(|name| matches!(self.modules.export(&file, &name.word), Given::No));
            for name in missing {
                let message = format!("`{}` exports no `{}`", shown(&file), shown(&name.word));
                let found = MISSING_EXPORT.at(path, name.span.clone(), message);
                let exports = self.modules.outlines.get(file.as_str()).into_iter().flat_map(|outline| &outline.exports);
                out.push(match self.pack.ctx.guesses.nearest(&name.word, exports.map(|export| export.name.as_str())) {
                    Some(near) => found.did_you_mean(near),
                    None => found.hint("Export it there, or take it out here; a type is imported with `import type`."),
                });
            }
        }
    }

    /// Plain HTTP to a host that may be asked, but not so.
    fn check_addresses(&self, path: &str, outline: &ScriptOutline, out: &mut Vec<Diagnostic>) {
        if self.pack.ctx.may_lack(&["capabilities"]) {
            return;
        }
        for address in &outline.addresses {
            let Some(rest) = address.url.strip_prefix("http://") else { continue };
            let policy = self.policy.get_or_init(|| Policy::new(&capabilities(self.pack.root)));
            let refused = |url: &str| METHODS.iter().all(|method| policy.never_allows(method, url).is_some());
            if !refused(&format!("https://{rest}")) && refused(&address.url) {
                out.push(
                    PLAIN_HTTP
                        .at(path, address.span.clone(), format!("`{}` is plain HTTP, which no rule allows", shown(&address.url)))
                        .hint("Write `https://`; a host of your own network that has only HTTP needs `allow_insecure: true` in its rule."),
                );
            }
        }
    }

    fn check_errors(&self, path: &str, outline: &ScriptOutline, out: &mut Vec<Diagnostic>) {
        if self.pack.ctx.may_lack(&["tools"]) {
            return;
        }
        let declared = self.codes.get(path).unwrap_or(&self.all_codes);
        for error in &outline.errors {
            let code = error.word.as_str();
            if BUILT_IN.contains(&code) || declared.contains(code) {
                continue;
            }
            let message = format!("no tool that this answers declares the error `{}`", shown(code));
            let found = UNDECLARED_ERROR.at(path, error.span.clone(), message);
            out.push(match self.pack.ctx.guesses.nearest(code, BUILT_IN.iter().copied().chain(declared.iter().copied())) {
                Some(near) => found.did_you_mean(near),
                None => found.hint(format!(
                    "Declare it in pack.yaml, in the tool: `errors: [{{code: {}, description: …}}]`.",
                    shown(code)
                )),
            });
        }
    }

    fn check_secrets(&self, path: &str, outline: &ScriptOutline, out: &mut Vec<Diagnostic>) {
        if self.pack.ctx.may_lack(&["credentials"]) {
            return;
        }
        for Word { word, span } in outline.secrets.iter().filter(|secret| !self.secrets.contains(secret.word.as_str())) {
            let found = UNKNOWN_SECRET.at(path, span.clone(), format!("no credential is called `{}`", shown(word)));
            out.push(match self.pack.ctx.guesses.nearest(word, self.secrets.iter().copied()) {
                Some(near) => found.hint(format!("Did you mean `{near}`?")),
                None => {
                    found.hint(format!("Declare it in pack.yaml: `credentials: [{{name: {}, kind: api_key}}]`.", shown(word)))
                }
            });
        }
    }
}
