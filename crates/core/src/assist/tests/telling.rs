//! Hover, by example.

use super::{FILES, marked, with_pack};
use crate::assist::hover;

/// What is said at the mark, and of what.
fn told(path: &str, text: &str) -> String {
    let (text, at) = marked(text);
    match with_pack(path, &text, |pack| hover(pack, path, &text, at)) {
        Some(hover) => format!("<{}>\n{}", &text[hover.range], hover.markdown),
        None => "nothing".to_owned(),
    }
}

/// What the tests' pack says inside the first `after` of a file.
fn inside(path: &str, around: &str) -> String {
    let text = FILES.iter().find(|(one, _)| *one == path).expect("it is a file of the pack").1;
    let (before, _) = marked(around);
    let at = text.find(&before).expect("it stands there") + around.find("<|>").expect("a mark");
    told(path, &format!("{}<|>{}", &text[..at], &text[at..]))
}

#[test]
fn keys_say_what_they_are_for_and_what_holds() {
    let pack = |around: &str| inside("pack.yaml", around);
    insta::assert_snapshot!(pack("cat<|>egory"), @"
    <category>
    **`category`**: Where catalogues list the pack.

    *text · left out: `general`*

    One of `communication`, `monitoring`, `security`, `cloud`, `databases`, `data-warehouses`, `developer-tools`, `crm`, `productivity`, `storage`, `tools`, `scenarios`, `general`.
    ");
    insta::assert_snapshot!(pack("in<|>put: schemas"), @"
    <input>
    **`input`**: The JSON Schema of the arguments: a path below `schemas/`, or the schema itself.

    *text or a mapping · required*
    ");
    insta::assert_snapshot!(pack("annot<|>ations"), @"
    <annotations>
    **`annotations`**: What a call does to the world. Agents ask before they call what is destructive.

    *a mapping (a tool's annotations)*

    A call changes nothing, deletes nothing, twice is not the same as once, meets things outside the pack.
    ");
    insta::assert_snapshot!(pack("lim<|>its"), @"
    <limits>
    **`limits`**: What one call may use.

    *a mapping (a tool's limits)*

    Here: 2 s, 64 MB of memory, 256 KB of output, 500 million instructions.
    ");
    insta::assert_snapshot!(pack("budg<|>ets"), @"
    <budgets>
    **`budgets`**: How much may be used.

    *a mapping (budgets)*

    At most 50 requests in one run, 1000 requests and 50MB in one session.
    ");
    insta::assert_snapshot!(pack("ver<|>sion"), @"
    <version>
    **`version`**: A semantic version. Left out, it is made from the content: `sha-` and twelve digits of the source digest.

    *text*

    Next: `1.2.1` when something was mended, `1.3.0` when something was added, `2.0.0` when callers must change.
    ");
    insta::assert_snapshot!(pack("capa<|>bility"), @"
    <capability>
    **`capability`**: The contract, as a `cap://` id. Offers and needs meet when these are equal.

    *text · required*
    ");
    insta::assert_snapshot!(pack("additional<|>Properties"), @"
    <additionalProperties>
    **`additionalProperties`**: The schema of every property without one of its own; `false` allows none.

    *for type `object`*
    ");
    insta::assert_snapshot!(pack("i<|>d: {type"), @"
    <id>
    string
    ");
    insta::assert_snapshot!(told("pack.yaml", "name: a\nun<|>known: b\n"), @"nothing");
}

#[test]
fn values_say_what_they_mean() {
    let pack = |around: &str| inside("pack.yaml", around);
    insta::assert_snapshot!(pack("name: fin<|>der"), @"
    <finder>
    The full id is `acme.finder`.
    ");
    insta::assert_snapshot!(pack("version: 1<|>.2"), @"
    <1.2.0>
    Next: `1.2.1` when something was mended, `1.3.0` when something was added, `2.0.0` when callers must change.
    ");
    insta::assert_snapshot!(pack("license: M<|>IT"), @"
    <MIT>
    **MIT License** · approved by the OSI
    ");
    insta::assert_snapshot!(told("pack.yaml", "name: a\nlicense: MIT OR GPL-3.0<|>-only\n"), @"
    <MIT OR GPL-3.0-only>
    **MIT License** · approved by the OSI

    **GNU General Public License v3.0 only** · approved by the OSI · copyleft
    ");
    insta::assert_snapshot!(pack("schemas/fi<|>nd.input.json"), @"
    <schemas/find.input.json>
    `schemas/find.input.json` · 372 B · a JSON Schema
    ");
    insta::assert_snapshot!(pack("handlers/fi<|>nd.ts"), @"
    <handlers/find.ts>
    `handlers/find.ts` · 89 B · a handler: exports `find`
    ");
    insta::assert_snapshot!(pack("migrations: mig<|>rations/"), @"
    <migrations/>
    `migrations/`: 1 file
    ");
    insta::assert_snapshot!(pack("timeout_ms: 2<|>000"), @"
    <2000>
    At most 2 s. What can be asked for: 300 s.
    ");
    insta::assert_snapshot!(pack("api.fin<|>der.example, "), @"
    <api.finder.example>
    The host `api.finder.example` and no other: its subdomains are other hosts. The scheme's usual port: 443.
    ");
    insta::assert_snapshot!(pack("\"*.fin<|>der.example:8443\""), @r#"
    <"*.finder.example:8443">
    Each `*` is just one label: `a.finder.example` fits, `finder.example` and `a.b.finder.example` do not. Port 8443.
    "#);
    insta::assert_snapshot!(pack("bytes: 50<|>MB"), @"
    <50MB>
    At most 50 requests in one run, 1000 requests and 50MB in one session.
    ");
    insta::assert_snapshot!(pack("applies_to: [sea<|>rch]"), @"
    <search>
    **rule `search`**: GET to api.finder.example, *.finder.example:8443, any path
    ");
    insta::assert_snapshot!(pack("secrets[\"finder<|>_key"), @r#"
    <'${secrets["finder_key"]}'>
    **credential `finder_key`** · api_key · required

    From the finder's settings page.
    "#);
    insta::assert_snapshot!(pack("tool: fi<|>nd"), @"
    <find>
    **tool `find`**: Find

    Finds things by a query and returns them.

    Input:
    - `exact` (boolean)
    - `page` (`#/$defs/page`)
    - `query` (string, required): What to look for.
    - `sort` (one of a list)

    Output:
    - `hits` (`parts.json#/$defs/hit`)
    ");
    insta::assert_snapshot!(pack("tests/find.yaml#fin<|>ds Dune"), @r#"
    <"tests/find.yaml#finds Dune">
    **case `finds Dune`** of `find`

    `{query: dune}`
    "#);
    insta::assert_snapshot!(pack("kind: api<|>_key"), @"
    <api_key>
    **`kind`**: What is asked for and how it is renewed.

    *text*

    One of `oauth2_authorization_code`, `oauth2_client_credentials`, `jwt_bearer`, `jwt_bearer_with_subject`, `client_assertion`, `api_key`, `basic_auth`, `query_api_key`, `opaque`.
    ");
    insta::assert_snapshot!(told("pack.yaml", "name: a\nicon: assets/no<|>ne.png\n"), @"
    <assets/none.png>
    `assets/none.png` is not in the pack.
    ");
    // No catalogue has a list of that name.
    assert!(!told("pack.yaml", "name: a\ncategory: to<|>lls\n").contains("list the pack under"));
}

#[test]
fn cases_and_schemas_speak_too() {
    insta::assert_snapshot!(inside("tests/find.yaml", "tool: fi<|>nd"), @"
    <find>
    **tool `find`**: Find

    Finds things by a query and returns them.

    Input:
    - `exact` (boolean)
    - `page` (`#/$defs/page`)
    - `query` (string, required): What to look for.
    - `sort` (one of a list)

    Output:
    - `hits` (`parts.json#/$defs/hit`)
    ");
    insta::assert_snapshot!(inside("tests/find.yaml", "{que<|>ry"), @"
    <query>
    string

    What to look for.
    ");
    insta::assert_snapshot!(inside("tests/find.yaml", "error: not_<|>found"), @"
    <not_found>
    **`not_found`**, built in: What was asked for does not exist.
    ");
    insta::assert_snapshot!(inside("tests/find.yaml", "recordings/fi<|>nds"), @"
    <recordings/finds-dune.yaml>
    `tests/recordings/finds-dune.yaml` · 23 B · a recording
    ");
    insta::assert_snapshot!(inside("tests/find.yaml", "expe<|>ct"), @"
    <expect>
    **`expect`**: What is expected: `output`, `output_subset` or `error`.

    *a mapping (what a case expects) · left out: `any output that fits the tool's schema`*
    ");
    insta::assert_snapshot!(inside("schemas/find.input.json", "\"proper<|>ties\""), @r#"
    <"properties">
    **`properties`**: The schema of each named property.

    *for type `object`*
    "#);
    insta::assert_snapshot!(inside("schemas/find.input.json", "\"que<|>ry\""), @r#"
    <"query">
    string

    What to look for.
    "#);
    insta::assert_snapshot!(inside("schemas/find.input.json", "\"boo<|>lean\""), @r#"
    <"boolean">
    **`boolean`**: `true` or `false`.
    "#);
    insta::assert_snapshot!(inside("schemas/find.input.json", "#/$defs/pa<|>ge"), @r##"
    <"#/$defs/page">
    object

    Properties:
    - `size` (integer)
    "##);
    insta::assert_snapshot!(inside("schemas/find.output.json", "parts.json#/$defs/hi<|>t"), @r#"
    <"parts.json#/$defs/hit">
    string
    "#);
    insta::assert_snapshot!(inside("tests/recordings/finds-dune.yaml", "cal<|>ls"), @"
    <calls>
    **`calls`**: The answers, in the order in which they were given.

    *a list, each item a call · required*
    ");
    insta::assert_snapshot!(inside("handlers/find.ts", "ret<|>urn"), @"nothing");
}

#[test]
fn a_key_that_holds_a_schema_is_the_manifests() {
    insta::assert_snapshot!(told("pack.yaml", "capabilities:\n  - allow:\n      - bo<|>dy: {type: object}\n"), @"
    <body>
    **`body`**: A JSON Schema for a JSON body. Left out: any.
    ");
    insta::assert_snapshot!(told("pack.yaml", "capabilities:\n  - allow:\n      - body: {ty<|>pe: object}\n"), @"
    <type>
    **`type`**: What kind of value it is: one word, or a list of them.
    ");
}
