//! Packs of any size, by a seed: what `bench check` measures, and for tests that want a lot of sound pack.
//!
//! The same seed gives the same bytes on every machine. What is generated is sound: the checker has nothing to say about it, so that a fault
//! which is planted in it is the only one. Words and chance are in `words.rs`, JSON Schemas in `schemas.rs`.

mod schemas;
mod words;

use anyhow::Result;
use camino::Utf8Path;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use words::{NOUNS, Random, VERBS, sentence};

/// A pack's files: their text by path.
pub type Files = BTreeMap<String, String>;

/// How much of everything.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub tools: usize,
    /// Network capabilities; every tenth has a credential of its own.
    pub capabilities: usize,
}

/// What the language server and the checker are measured on: 200 tools with 400 schema files, and about 8,000 lines of manifest.
pub const BIG: Size = Size { tools: 200, capabilities: 100 };

/// The number that the planted fault makes a word of: in every tool, once.
pub const MARK: &str = "timeout_ms: 5000";

/// A tool pack: manifest, two schema files and a handler for each tool, `behavior.md`.
pub fn pack(name: &str, size: Size, seed: u64) -> Files {
    let mut random = Random::new(seed);
    let mut files = Files::new();
    let mut manifest = head(name, &sentence(&mut random, 8, 14));
    manifest.push_str("\ntools:\n");
    let mut taken = BTreeSet::new();
    while taken.len() < size.tools {
        let tool = Tool::draw(&mut random);
        if !taken.insert(tool.name.clone()) {
            continue;
        }
        for side in ["input", "output"] {
            let schema = schemas::file(&mut random, &format!("{} {side}", tool.title()));
            files.insert(format!("schemas/{}.{side}.json", tool.name), format!("{schema:#}\n"));
        }
        files.insert(format!("handlers/{}.js", tool.name), handler(&tool.name));
        let path = |side: &str| Part::Path(format!("schemas/{}.{side}.json", tool.name));
        manifest.push_str(&tool.lines(&mut random, &path("input"), &path("output"), &format!("handlers/{}.js", tool.name)));
        manifest.push('\n');
    }
    manifest.push_str(&network(&mut random, size.capabilities));
    files.insert("behavior.md".to_owned(), behavior(&mut random, &taken));
    files.insert("pack.yaml".to_owned(), manifest);
    files
}

/// The least that is a tool pack: one tool, and a case for it.
pub fn small() -> Files {
    let closed = |properties: Value, required: &[&str]| {
        let schema = serde_json::json!({
            "$schema": schemas::DIALECT, "type": "object", "properties": properties, "required": required, "additionalProperties": false,
        });
        format!("{schema:#}\n")
    };
    let number = |description: &str| serde_json::json!({ "type": "number", "description": description });
    let mut manifest = head("bench-small", "Adds numbers.");
    manifest.push_str(
        "\ntools:\n  - name: add\n    title: Add\n    description: Adds two numbers and returns their sum. Use it for every sum, however \
         simple.\n    input: schemas/add.input.json\n    output: schemas/add.output.json\n    handler: handlers/add.js\n    annotations: \
         {read_only: true, destructive: false, idempotent: true, open_world: false}\n    examples: [tests/add.yaml#adds two numbers]\n    limits:\n      \
         timeout_ms: 5000\n      memory_mb: 64\n",
    );
    let input = serde_json::json!({ "a": number("The first number."), "b": number("What is added to it.") });
    let files = [
        ("pack.yaml", manifest),
        ("behavior.md", "Use `add` to add two numbers.\n".to_owned()),
        ("schemas/add.input.json", closed(input, &["a", "b"])),
        ("schemas/add.output.json", closed(serde_json::json!({ "sum": number("The first and the second together.") }), &["sum"])),
        ("handlers/add.js", "export function add(input) {\n  return { sum: input.a + input.b };\n}\n".to_owned()),
        (
            "tests/add.yaml",
            "tool: add\ncases:\n  - name: adds two numbers\n    input: {a: 1, b: 2}\n    expect: {output: {sum: 3}}\n".to_owned(),
        ),
    ];
    files.map(|(path, text)| (path.to_owned(), text)).into()
}

/// A pack that is nearly nothing but its manifest, of so many lines: schemas stand in it, and one handler serves every tool.
pub fn ladder(lines: usize, seed: u64) -> Files {
    let mut random = Random::new(seed);
    let mut manifest = head(&format!("bench-ladder-{lines}"), &sentence(&mut random, 8, 14));
    manifest.push_str("\ntools:\n");
    let mut written = manifest.lines().count();
    let mut taken = BTreeSet::new();
    loop {
        let tool = Tool::draw(&mut random);
        if !taken.insert(tool.name.clone()) {
            continue;
        }
        let (input, output) = (schemas::inline(&mut random), schemas::inline(&mut random));
        let text = tool.lines(&mut random, &Part::Inline(input), &Part::Inline(output), "{path: handlers/all.js, export: all}");
        let more = text.lines().count();
        // Tools differ in length: the last one is left out when the manifest is nearer to its size without it.
        if written + more / 2 > lines {
            break;
        }
        written += more;
        manifest.push_str(&text);
    }
    let handler = "export function all(input) {\n  return input;\n}\n";
    [("pack.yaml".to_owned(), manifest), ("handlers/all.js".to_owned(), handler.to_owned())].into()
}

/// Writes a pack into a folder, which is made.
pub fn write(files: &Files, folder: &Utf8Path) -> Result<()> {
    for (path, text) in files {
        let file = folder.join(path);
        fs_err::create_dir_all(file.parent().unwrap_or(folder))?;
        fs_err::write(file, text)?;
    }
    Ok(())
}

/// The lines of a manifest, counted from 0, on which `MARK` ends, with its column.
pub fn marks(manifest: &str) -> Vec<(usize, usize)> {
    manifest.lines().enumerate().filter(|(_, line)| line.ends_with(MARK)).map(|(number, line)| (number, line.len())).collect()
}

/// A manifest with one fault, a word for a number in its middle, and the fault's line, counted from 0.
pub fn plant(manifest: &str) -> (String, usize) {
    let marks = marks(manifest);
    let (wanted, _) = marks[marks.len() / 2];
    let lines = manifest.lines().enumerate().map(|(number, line)| format!("{line}{}\n", if number == wanted { "x" } else { "" }));
    (lines.collect(), wanted)
}

fn head(name: &str, description: &str) -> String {
    format!(
        "# A generated pack: {name}.\nname: {name}\npublisher: bench\nversion: 1.2.0\nkind: application\ndisplay_name: {}\n\
         description: {description}\ncategory: tools\nlicense: Apache-2.0\n",
        spoken(&name.replace('-', "_"))
    )
}

struct Tool {
    name: String,
    verb: &'static words::Verb,
    subject: [&'static str; 2],
}

/// A tool's schema: the path of its file, or itself.
enum Part {
    Path(String),
    Inline(Value),
}

impl Tool {
    fn draw(random: &mut Random) -> Self {
        let verb = &VERBS[random.below(VERBS.len())];
        let subject = random.two(NOUNS);
        Tool { name: format!("{}_{}_{}", verb.name, subject[0], subject[1]), verb, subject }
    }

    fn title(&self) -> String {
        spoken(&self.name)
    }

    /// The tool's lines in the manifest.
    fn lines(&self, random: &mut Random, input: &Part, output: &Part, handler: &str) -> String {
        let mut text = format!("  - name: {}\n    title: {}\n    description: >-\n", self.name, self.title());
        for line in self.description(random) {
            text.push_str(&format!("      {line}\n"));
        }
        for (key, part) in [("input", input), ("output", output)] {
            match part {
                Part::Path(path) => text.push_str(&format!("    {key}: {path}\n")),
                Part::Inline(schema) => {
                    text.push_str(&format!("    {key}:\n"));
                    schemas::block(schema, 6, &mut text);
                }
            }
        }
        text.push_str(&format!(
            "    handler: {handler}\n    annotations:\n      read_only: {}\n      destructive: {}\n      idempotent: {}\n      open_world: true\n    \
             errors:\n",
            self.verb.reads,
            self.verb.name == "delete",
            self.verb.reads || random.below(2) == 0
        ));
        for code in random.some(&["conflict", "expired", "gone", "locked", "stale", "too_large"], 3) {
            text.push_str(&format!(
                "      - code: {code}\n        description: {}\n        retry: never\n",
                sentence(random, 5, 8)
            ));
        }
        text.push_str(&format!("    limits:\n      {MARK}\n      memory_mb: 64\n      output_kb: 256\n      fuel: 500000000\n"));
        text
    }

    /// Four to six lines: what it does, when to use it, what comes back.
    fn description(&self, random: &mut Random) -> Vec<String> {
        let [first, second] = self.subject;
        let mut noun = || random.one(NOUNS);
        let (whole, part, limit) = (noun(), noun(), noun());
        let mut lines = vec![
            format!("{} the {first} {second} of one {whole}, with a record for every {part}.", self.verb.says),
            format!("Use it when the {whole} is known already; it does not guess a missing {part}."),
            format!("Returns the {second} with its {}, {} and {}, the newest {part} first.", noun(), noun(), noun()),
            format!("Where no {first} matches, the list is empty and the {whole} stays as it was."),
        ];
        let more = [
            format!("The {limit} counts only while the {first} is open, and is rounded to whole units."),
            format!("Long answers end at the {limit}, and a count says how much {second} was left out."),
        ];
        lines.extend(more.into_iter().take(random.below(3)));
        lines
    }
}

fn handler(name: &str) -> String {
    format!(
        "export function {name}(input) {{\n  const keys = Object.keys(input).sort();\n  return {{ tool: \"{name}\", keys, count: keys.length \
         }};\n}}\n"
    )
}

/// Credentials, and the capabilities that use them. One service's hosts: a pack that reaches for everything would be told so.
fn network(random: &mut Random, capabilities: usize) -> String {
    let mut text = String::from("credentials:\n");
    for number in (0..capabilities).step_by(10) {
        text.push_str(&format!(
            "  - name: service-{number:04}\n    kind: api_key\n    description: {}\n    required: false\n",
            sentence(random, 5, 8)
        ));
    }
    text.push_str("\ncapabilities:\n");
    for number in 0..capabilities {
        text.push_str(&format!("  - name: net-{number:04}\n    type: http\n    allow:\n"));
        for (rule, noun) in random.two(NOUNS).into_iter().enumerate() {
            let methods = random.one(&["GET", "POST", "GET, POST"]);
            text.push_str(&format!(
                "      - name: rule-{rule}\n        domains: [api{number}.example.com]\n        methods: [{methods}]\n        paths: [/v1/{noun}, \
                 '/v1/{noun}/*']\n"
            ));
        }
        if number % 10 == 0 {
            text.push_str(&format!(
                "    transforms:\n      - applies_to: [rule-0, rule-1]\n        auth: {{bearer: '${{secrets[\"service-{number:04}\"]}}'}}\n"
            ));
        }
        text.push_str(&format!(
            "    budgets:\n      per_task: {{requests: {}}}\n      per_workspace: {{requests: 1000, bytes: 50MB}}\n\n",
            random.one(&[10, 50, 100])
        ));
    }
    text
}

fn behavior(random: &mut Random, tools: &BTreeSet<String>) -> String {
    let named = tools.iter().take(20).map(|tool| format!("- `{tool}`: {}\n", sentence(random, 8, 14)));
    format!("# How to use these tools\n\nBegin with the one that reads.\n\n{}", named.collect::<String>())
}

/// `list_order_lines` as people say it: `List order lines`.
fn spoken(name: &str) -> String {
    let mut text = name.replace('_', " ");
    text[..1].make_ascii_uppercase();
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use packwright_core::check::check_pack;
    use packwright_core::diagnostic::Severity;
    use packwright_core::source::MemoryPack;

    /// What the checker says, a line a finding.
    fn told(files: &Files) -> String {
        let pack = MemoryPack::new(files.clone());
        let found = check_pack(&pack).diagnostics;
        let line = |at: usize| files["pack.yaml"][..at].matches('\n').count();
        let mut told = String::new();
        // Remarks of taste are no faults: the packs are made for measuring.
        for one in found.into_iter().filter(|one| one.severity != Severity::Info) {
            told.push_str(&format!("{} {}:{} {}\n", one.code, one.file, line(one.range.start), one.message));
        }
        told
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let few = Size { tools: 6, capabilities: 11 };
        assert_eq!(pack("p", few, 7), pack("p", few, 7));
        assert_ne!(pack("p", few, 7), pack("p", few, 8));
        // Written down: after a change of the generator, figures of before are of another pack.
        let first = &pack("p", few, 7)["pack.yaml"];
        let tools: Vec<&str> = first.lines().filter_map(|line| line.strip_prefix("  - name: ")).take(2).collect();
        assert_eq!(tools, ["update_carrier_factory", "create_window_feature"]);
    }

    #[test]
    fn generated_packs_are_told_nothing() {
        assert_eq!(told(&small()), "");
        assert_eq!(told(&pack("p", Size { tools: 30, capabilities: 21 }, 42)), "");
        assert_eq!(told(&ladder(1000, 42)), "");
    }

    #[test]
    fn a_planted_fault_is_the_only_one_and_at_its_line() {
        let mut files = pack("p", Size { tools: 5, capabilities: 2 }, 42);
        let (manifest, line) = plant(&files["pack.yaml"]);
        files.insert("pack.yaml".to_owned(), manifest);
        let told = told(&files);
        assert!(told.contains(&format!("pack.yaml:{line} ")) && told.lines().count() == 1, "{told}");
    }

    #[test]
    fn big_is_as_large_as_it_says() {
        let files = pack("bench-big", BIG, 42);
        let lines = files["pack.yaml"].lines().count();
        let count = |folder: &str| files.keys().filter(|path| path.starts_with(folder)).count();
        assert_eq!((count("schemas/"), count("handlers/"), marks(&files["pack.yaml"]).len()), (400, 200, 200));
        assert!((7_700..8_300).contains(&lines), "{lines} lines");
        let bytes: usize = files.iter().filter(|(path, _)| path.starts_with("schemas/")).map(|(_, text)| text.len()).sum();
        assert!((2_200_000..3_000_000).contains(&bytes), "{bytes} bytes of schemas");
    }

    #[test]
    fn a_ladder_has_the_lines_it_is_named_for() {
        for wanted in [1_000, 10_000] {
            let lines = ladder(wanted, 42)["pack.yaml"].lines().count();
            assert!(lines.abs_diff(wanted) <= 100, "{lines} lines instead of {wanted}");
        }
    }
}
