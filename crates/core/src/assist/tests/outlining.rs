//! Symbols, folding, links and inlays, by example.

use super::{FILES, with_pack};
use crate::assist::{Symbol, folding, inlays, links, symbols};

fn file(path: &str) -> &'static str {
    FILES.iter().find(|(one, _)| *one == path).expect("it is a file of the pack").1
}

fn listed(path: &str) -> String {
    fn write(out: &mut String, symbols: &[Symbol], text: &str, depth: usize) {
        for one in symbols {
            assert!(one.range.start <= one.selection.start && one.selection.end <= one.range.end, "{one:?}");
            let detail = one.detail.as_deref().map(|detail| format!(" ({detail})")).unwrap_or_default();
            let lines = text[one.range.clone()].lines().count();
            out.push_str(&format!(
                "{}{:?} {}{detail} <{}> {lines}\n",
                "  ".repeat(depth),
                one.kind,
                one.name,
                &text[one.selection.clone()]
            ));
            write(out, &one.children, text, depth + 1);
        }
    }
    let text = file(path);
    let mut out = String::new();
    write(&mut out, &with_pack(path, text, |pack| symbols(pack, path, text)), text, 0);
    out
}

#[test]
fn files_have_an_outline() {
    insta::assert_snapshot!(listed("pack.yaml"), @"
    Key name (finder) <name> 1
    Key publisher (acme) <publisher> 1
    Key version (1.2.0) <version> 1
    Key description (Finds things.) <description> 1
    Key category (tools) <category> 1
    Key license (MIT) <license> 1
    Key icon (assets/icon.png) <icon> 1
    Key tools (2 items) <tools> 21
      Tool find (Find) <find> 11
      Tool get <get> 9
    Key credentials <credentials> 2
      Credential finder_key (api_key) <finder_key> 1
    Key capabilities <capabilities> 14
      Capability finder-read <finder-read> 13
        Rule search <search> 3
        Rule things <things> 3
    Key storage <storage> 1
    Key views <views> 1
      Item shelf (Shelf) <shelf> 1
    Key workflows <workflows> 1
      Item main <main> 1
    Key triggers <triggers> 2
      Item hook (webhook) <hook> 1
    Key components <components> 2
      Item memory <memory> 1
    Key extensions <extensions> 10
      Item greentic.ext.capabilities.v1 <greentic.ext.capabilities.v1> 9
    ");
    insta::assert_snapshot!(listed("tests/find.yaml"), @"
    Key tool (find) <tool> 1
    Key cases <cases> 6
      Case finds Dune <finds Dune> 3
      Case nothing <nothing> 2
    ");
    insta::assert_snapshot!(listed("schemas/find.input.json"), @r#"
    Property query (string) <"query"> 1
    Property sort <"sort"> 1
    Property exact (boolean) <"exact"> 1
    Property page <"page"> 1
    Definition page (object) <"page"> 1
      Property size (integer) <"size"> 1
    "#);
}

#[test]
fn blocks_brackets_and_comments_fold() {
    let folds = |path: &str, text: &str| {
        let folds = folding(path, text);
        folds
            .iter()
            .map(|fold| format!("{}-{}{}", fold.first, fold.last, if fold.comment { "#" } else { "" }))
            .collect::<Vec<_>>()
            .join(" ")
    };
    insta::assert_snapshot!(folds("pack.yaml", "# a\n# b\nname: x\ntools:\n- name: a\n  title: b\n\n- name: c\nlast: 1\n"), @"0-1# 3-7 4-5");
    insta::assert_snapshot!(folds("pack.yaml", "a:\n  b:\n    - c: |\n        text\n\n      d: 1\n  e: 2\n# one\nf: 3"), @"0-6 1-5 2-5");
    insta::assert_snapshot!(folds("a.json", "{\n  \"a\": {\n    \"b\": \"}{\"\n  },\n  \"c\": [\n    1,\n    2\n  ]\n}\n"), @"0-7 1-2 4-6");
    insta::assert_snapshot!(folds("a.json", "}]{{[\"\n"), @"");
}

#[test]
fn paths_are_links() {
    let linked = |path: &str| {
        let text = file(path);
        let found = with_pack(path, text, |pack| links(pack, path, text));
        found.iter().map(|link| format!("{} > {}", &text[link.range.clone()], link.file)).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(linked("pack.yaml"), @"
    assets/icon.png > assets/icon.png
    schemas/find.input.json > schemas/find.input.json
    schemas/find.output.json > schemas/find.output.json
    handlers/find.ts > handlers/find.ts
    tests/find.yaml > tests/find.yaml
    handlers/find.ts > handlers/find.ts
    views/shelf.json > views/shelf.json
    flows/main.ygtc > flows/main.ygtc
    components/memory.wasm > components/memory.wasm
    ");
    insta::assert_snapshot!(linked("tests/find.yaml"), @"recordings/finds-dune.yaml > tests/recordings/finds-dune.yaml");
    insta::assert_snapshot!(linked("guides/use.md"), @"../schemas/find.input.json > schemas/find.input.json");
    insta::assert_snapshot!(linked("handlers/find.ts"), @"./lib.ts > handlers/lib.ts");
    insta::assert_snapshot!(linked("schemas/find.output.json"), @"parts.json > schemas/parts.json");
}

#[test]
fn what_holds_without_being_written_stands_between_the_lines() {
    let text = file("pack.yaml");
    let found = with_pack("pack.yaml", text, |pack| inlays(pack, "pack.yaml", text, 0..text.len()));
    let shown: Vec<String> = found
        .iter()
        .map(|inlay| {
            let line = text[..inlay.offset].rfind('\n').map_or(0, |at| at + 1);
            format!("{} <{}>", text[line..inlay.offset].trim(), inlay.label)
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @"
    handler: handlers/find.ts <inline: find()>
    limits: {timeout_ms: 2000} <64 MB · 256 KB out>
    - name: get <5 s · 64 MB · 256 KB out>
    methods: [GET] <any path>
    methods: [GET, HEAD] <any path>
    ");
    let part = text.find("capabilities").expect("it is there")..text.len();
    let found = with_pack("pack.yaml", text, |pack| inlays(pack, "pack.yaml", text, part));
    assert_eq!(found.len(), 2);
}
