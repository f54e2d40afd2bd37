//! What the core asks of parsers that are too heavy for it: programs in languages that handlers are written in.
//!
//! Which function answers a tool, and which file an import means, stands here as well: the rules, the editor and whoever runs a
//! handler go by the same words.

use std::ops::Range;

/// Reads programs. `app` hands over the sandbox's.
pub trait Languages: Sync {
    /// What a module of TypeScript or JavaScript says of itself; `None` when nothing here can read it.
    fn outline(&self, path: &str, text: &str) -> Option<ScriptOutline>;
}

/// Reads nothing: for whoever checks no handlers.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoLanguages;

impl Languages for NoLanguages {
    fn outline(&self, _: &str, _: &str) -> Option<ScriptOutline> {
        None
    }
}

/// A module, as far as rules and assistance need it. Places are bytes of its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScriptOutline {
    /// What keeps it from being run: what does not parse, and what blanking types cannot take away.
    pub faults: Vec<ScriptFault>,
    pub exports: Vec<Export>,
    pub imports: Vec<Import>,
    /// Web addresses that it writes out where a request may take them from.
    pub addresses: Vec<Address>,
    /// Codes of errors that it makes with `host.error`.
    pub errors: Vec<Word>,
    /// Names of secrets in its texts: `${secrets["name"]}`.
    pub secrets: Vec<Word>,
    /// What Node or a browser has and the engine has not, where it is used and not made: `process`, `require`. See [`FOREIGN`].
    pub foreign: Vec<Word>,
}

/// A word of a program, and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub word: String,
    pub span: Range<usize>,
}

/// Names that handlers are written with elsewhere, and that lead nowhere here.
pub const FOREIGN: &[&str] = &[
    "process",
    "require",
    "Buffer",
    "__dirname",
    "__filename",
    "Deno",
    "Bun",
    "setTimeout",
    "setInterval",
    "setImmediate",
    "XMLHttpRequest",
    "WebSocket",
    "localStorage",
];

/// What keeps a module from being run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptFault {
    pub span: Range<usize>,
    pub message: String,
    pub hint: Option<String>,
}

/// Something that a module gives away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    pub name: String,
    /// The name's place.
    pub span: Range<usize>,
    /// True when it can be called, or when its own module does not tell.
    pub function: bool,
}

/// Something that a module asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// `./lib.ts`, `packwright:tools`.
    pub from: String,
    /// The place of what stands between the quotes.
    pub span: Range<usize>,
    /// True for `import type`.
    pub types_only: bool,
    /// True for `export * from`: what the other gives away, this one does as well.
    pub passed_on: bool,
    /// The values that it takes by name; `default` where it takes that.
    pub names: Vec<Word>,
}

/// A web address in a program's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// As far as it is written out: `https://example.org/works/` of a template that goes on with a value.
    pub url: String,
    /// The place of that.
    pub span: Range<usize>,
}

/// The function that answers a tool when the manifest names none: the tool's name, with what no function's name may hold as `_`.
pub fn export_of(tool: &str) -> String {
    let mut name: String = tool.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
    if name.starts_with(|letter: char| letter.is_ascii_digit()) {
        name.insert(0, '_');
    }
    name
}

/// The module that holds a handler's types. There is nothing in it to run.
pub const TYPES: &str = "packwright:tools";

/// Endings that an import may leave out, in the order in which they are tried.
const ENDINGS: &[&str] = &["", ".ts", ".js", ".mts", ".mjs", "/index.ts", "/index.js"];

/// Why an import leads to no file of the pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoModule {
    /// It is no path that begins with `./` or `../`.
    NotAPath,
    /// It leaves the pack.
    Outside,
    /// There is no such file: the path, as far as it is written.
    Missing(String),
}

/// The file that an import of `from` means. The engine's library goes by the same rules.
pub fn resolve(from: &str, import: &str, is_file: impl Fn(&str) -> bool) -> Result<String, NoModule> {
    if !import.starts_with("./") && !import.starts_with("../") {
        return Err(NoModule::NotAPath);
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in import.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop().ok_or(NoModule::Outside)?),
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    let written = path.strip_suffix(".js").map(|stem| format!("{stem}.ts"));
    let ways = ENDINGS.iter().map(|ending| format!("{path}{ending}")).chain(written);
    ways.into_iter().find(|path| is_file(path)).ok_or(NoModule::Missing(path))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{Address, Export, Import, Languages, NoModule, ScriptFault, ScriptOutline, Word, export_of, resolve};

    /// Reads plain lines, one thing each: enough for tests of rules. The real one is the sandbox's, whose tests hold the same rules to it.
    pub(crate) struct Lines;

    impl Languages for Lines {
        fn outline(&self, _: &str, text: &str) -> Option<ScriptOutline> {
            let mut outline = ScriptOutline::default();
            let mut at = 0;
            for line in text.split_inclusive('\n') {
                read_line(line, at, &mut outline);
                at += line.len();
            }
            Some(outline)
        }
    }

    fn read_line(line: &str, at: usize, outline: &mut ScriptOutline) {
        let place = |part: &str| {
            let start = at + (part.as_ptr() as usize - line.as_ptr() as usize);
            start..start + part.len()
        };
        if let Some(fault) = line.find("= =") {
            let (message, span) = ("Unexpected token".to_owned(), at + fault + 2..at + fault + 3);
            outline.faults.push(ScriptFault { span, message, hint: None });
        }
        let quoted = line.split('"').nth(1).filter(|_| line.matches('"').count() > 1);
        if let Some(from) = quoted.filter(|_| line.contains(" from \"") || line.starts_with("import \"")) {
            let (types_only, passed_on) = (line.starts_with("import type"), line.starts_with("export *"));
            let braces = line.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map_or("", |(names, _)| names);
            let names = braces.split(',').map(str::trim).filter(|name| !name.is_empty());
            let names = names.map(|name| Word { word: name.to_owned(), span: place(name) }).collect();
            outline.imports.push(Import { from: from.to_owned(), span: place(from), types_only, passed_on, names });
        } else if let Some(url) = quoted.filter(|text| text.starts_with("http")) {
            outline.addresses.push(Address { url: url.to_owned(), span: place(url) });
        }
        let word = |word: &str| Word { word: word.to_owned(), span: place(word) };
        if let Some((code, _)) = line.split_once("host.error(\"").and_then(|(_, rest)| rest.split_once('"')) {
            outline.errors.push(word(code));
        }
        if let Some((name, _)) = line.split_once("${secrets[\"").and_then(|(_, rest)| rest.split_once('"')) {
            outline.secrets.push(word(name));
        }
        if let Some(at) = line.find("process.") {
            outline.foreign.push(word(&line[at..at + 7]));
        }
        for (start, function) in [("export function ", true), ("export async function ", true), ("export const ", false)] {
            if let Some(rest) = line.strip_prefix(start) {
                let name = rest.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default();
                let function = function || line.contains("=>");
                outline.exports.push(Export { name: name.to_owned(), span: place(name), function });
            }
        }
    }

    #[test]
    fn names_of_functions_are_made_of_names_of_tools() {
        assert_eq!(export_of("books.search-all"), "books_search_all");
        assert_eq!(export_of("2fa"), "_2fa");
        assert_eq!(export_of("größe"), "gr__e");
    }

    #[test]
    fn an_import_means_a_file_of_the_pack() {
        let files = ["handlers/lib/a.ts", "handlers/b.ts", "handlers/c/index.ts", "data/d.js"];
        let means = |import: &str| resolve("handlers/t.ts", import, |path| files.contains(&path));
        for (import, path) in [
            ("./lib/a", "handlers/lib/a.ts"),
            ("./lib/a.ts", "handlers/lib/a.ts"),
            ("./b.js", "handlers/b.ts"),
            ("./c", "handlers/c/index.ts"),
            ("./lib/../b", "handlers/b.ts"),
            ("../data/d.js", "data/d.js"),
        ] {
            assert_eq!(means(import).as_deref(), Ok(path), "{import}");
        }
        assert_eq!(means("./lib/b"), Err(NoModule::Missing("handlers/lib/b".to_owned())));
        assert_eq!(means("../../data/d.js"), Err(NoModule::Outside));
        for import in ["lodash", "handlers/b.ts", "/handlers/b.ts", "", ".", "packwright:tools"] {
            assert_eq!(means(import), Err(NoModule::NotAPath), "{import}");
        }
    }
}
