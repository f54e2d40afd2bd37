//! Definition and references, by example.

use super::{FILES, marked, with_pack};
use crate::assist::{Pack, Target, definition, references};

fn shown(pack: &Pack<'_>, targets: Vec<Target>) -> String {
    let mut out = String::new();
    for Target { file, range } in targets {
        let text = pack.text(&file).unwrap_or_default();
        let line = text[..range.start].matches('\n').count() + 1;
        out.push_str(&format!("{file}:{line} <{}>\n", &text[range]));
    }
    out
}

/// Asks at a place in the first `around` of a file of the tests' pack.
fn ask<T>(path: &str, around: &str, ask: impl FnOnce(&Pack<'_>, &str, usize) -> T) -> T {
    let text = FILES.iter().find(|(one, _)| *one == path).expect("it is a file of the pack").1;
    let (before, within) = marked(around);
    let at = text.find(&before).expect("it stands there") + within;
    with_pack(path, text, |pack| ask(pack, text, at))
}

fn made(path: &str, around: &str) -> String {
    ask(path, around, |pack, text, at| shown(pack, definition(pack, path, text, at)))
}

fn named(path: &str, around: &str) -> String {
    ask(path, around, |pack, text, at| shown(pack, references(pack, path, text, at, false)))
}

#[test]
fn what_is_named_leads_to_where_it_is_made() {
    let pack = |around: &str| made("pack.yaml", around);
    insta::assert_snapshot!(pack("schemas/fi<|>nd.input.json"), @"schemas/find.input.json:1 <>");
    insta::assert_snapshot!(pack("name: fi<|>nd\n    title"), @"handlers/find.ts:2 <find>");
    insta::assert_snapshot!(pack("name: g<|>et"), @"pack.yaml:21 <get>");
    insta::assert_snapshot!(pack("export: fi<|>nd"), @"handlers/find.ts:2 <find>");
    insta::assert_snapshot!(pack("tests/find.yaml#fin<|>ds Dune"), @"tests/find.yaml:3 <finds Dune>");
    insta::assert_snapshot!(pack("tests/fi<|>nd.yaml#finds Dune"), @"tests/find.yaml:1 <>");
    insta::assert_snapshot!(pack("applies_to: [sea<|>rch"), @"pack.yaml:38 <search>");
    insta::assert_snapshot!(pack("secrets[\"finder<|>_key"), @"pack.yaml:32 <finder_key>");
    insta::assert_snapshot!(pack("tool: fi<|>nd"), @"pack.yaml:10 <find>");
    insta::assert_snapshot!(pack("component_ref: mem<|>ory"), @"pack.yaml:56 <memory>");
    insta::assert_snapshot!(pack("profiles: [fa<|>st"), @"pack.yaml:67 <fast>");
    insta::assert_snapshot!(pack("category: to<|>ols"), @"");
    insta::assert_snapshot!(pack("ti<|>tle: Find"), @"");
    insta::assert_snapshot!(made("tests/find.yaml", "tool: fi<|>nd"), @"pack.yaml:10 <find>");
    insta::assert_snapshot!(made("tests/find.yaml", "recordings/fin<|>ds"), @"tests/recordings/finds-dune.yaml:1 <>");
    insta::assert_snapshot!(made("evals/find.yaml", "[find, g<|>et"), @"pack.yaml:21 <get>");
    insta::assert_snapshot!(made("schemas/find.input.json", "#/$defs/pa<|>ge"), @r#"schemas/find.input.json:10 <"page">"#);
    insta::assert_snapshot!(made("schemas/find.output.json", "#/$defs/hi<|>t"), @r#"schemas/parts.json:1 <"hit">"#);
    insta::assert_snapshot!(made("schemas/find.output.json", "par<|>ts.json"), @"schemas/parts.json:1 <>");
    insta::assert_snapshot!(made("handlers/find.ts", "./li<|>b.ts"), @"handlers/lib.ts:1 <>");
    insta::assert_snapshot!(made("guides/use.md", "../schemas/fi<|>nd"), @"schemas/find.input.json:1 <>");
    insta::assert_snapshot!(made("flows/main.ygtc", "memo<|>ry.handle"), @"pack.yaml:56 <memory>");
    insta::assert_snapshot!(made("flows/main.ygtc", "to: e<|>nd"), @"flows/main.ygtc:7 <end>");
}

#[test]
fn what_is_made_knows_where_it_is_named() {
    let pack = |around: &str| named("pack.yaml", around);
    insta::assert_snapshot!(pack("name: fi<|>nd\n    title"), @"
    evals/find.yaml:1 <find>
    evals/find.yaml:4 <find>
    pack.yaml:29 <find>
    pack.yaml:53 <find>
    tests/find.yaml:1 <find>
    ");
    insta::assert_snapshot!(pack("{name: finder<|>_key"), @"
    pack.yaml:46 <finder_key>
    pack.yaml:53 <finder_key>
    ");
    insta::assert_snapshot!(pack("name: sea<|>rch"), @"pack.yaml:45 <search>");
    insta::assert_snapshot!(pack("schemas/fi<|>nd.input.json"), @"
    guides/use.md:3 <../schemas/find.input.json>
    pack.yaml:13 <schemas/find.input.json>
    ");
    insta::assert_snapshot!(pack("handlers/fi<|>nd.ts"), @"
    pack.yaml:15 <handlers/find.ts>
    pack.yaml:29 <handlers/find.ts>
    ");
    insta::assert_snapshot!(pack("{id: mem<|>ory"), @"
    flows/main.ygtc:5 <memory>
    pack.yaml:65 <memory>
    ");
    insta::assert_snapshot!(named("tests/find.yaml", "name: fin<|>ds Dune"), @"pack.yaml:20 <finds Dune>");
    insta::assert_snapshot!(named("schemas/parts.json", "\"hi<|>t\""), @"schemas/find.output.json:1 </$defs/hit>");
    insta::assert_snapshot!(named("schemas/find.input.json", "\"pa<|>ge\": {\"type\""), @"schemas/find.input.json:7 </$defs/page>");
    insta::assert_snapshot!(named("handlers/lib.ts", "sh<|>out"), @"");
}
