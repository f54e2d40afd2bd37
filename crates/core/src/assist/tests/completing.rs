//! Completion, by example.

use super::{FILES, marked, with_pack};
use crate::assist::{Completion, complete};

fn offers(path: &str, text: &str) -> Vec<Completion> {
    let (text, at) = marked(text);
    let mut found = with_pack(path, &text, |pack| complete(pack, path, &text, at));
    found.sort_by(|one, other| one.sort.cmp(&other.sort));
    for one in &found {
        assert!(text.get(one.range.clone()).is_some() && one.range.start <= at && at <= one.range.end, "{one:?}");
    }
    found
}

/// The labels, best first.
fn labels(path: &str, text: &str) -> String {
    offers(path, text).into_iter().map(|one| one.label).collect::<Vec<_>>().join(" ")
}

fn manifest(text: &str) -> String {
    labels("pack.yaml", text)
}

/// The text with one of the offers taken.
fn taken(path: &str, text: &str, label: &str) -> String {
    let found = offers(path, text);
    let one = found.iter().find(|one| one.label == label).unwrap_or_else(|| panic!("no `{label}`"));
    let (mut text, _) = marked(text);
    text.replace_range(one.range.clone(), &one.insert);
    text
}

/// The tests' manifest with a mark put behind the first `after`.
fn behind(after: &str) -> String {
    let text = FILES[0].1;
    let at = text.find(after).expect("it stands there") + after.len();
    format!("{}<|>{}", &text[..at], &text[at..])
}

#[test]
fn an_empty_line_offers_the_keys_that_are_missing() {
    insta::assert_snapshot!(manifest("<|>"), @"name pack_id publisher version kind display_name description category license icon suggested_packs tools credentials capabilities storage views workflows triggers extensions targets components flows dependencies assets bootstrap agents");
    insta::assert_snapshot!(manifest("name: a\n<|>\ntools: []\n"), @"pack_id publisher version kind display_name description category license icon suggested_packs credentials capabilities storage views workflows triggers extensions targets components flows dependencies assets bootstrap agents");
    insta::assert_snapshot!(manifest("name: a\ntools:\n  - name: x\n    <|>\n    input: a.json\n  - name: y\n"), @"title description output handler annotations errors limits examples");
    insta::assert_snapshot!(manifest("name: a\ncapabilities:\n  - name: x\n    allow:\n      - domains: [a.org]\n        <|>\n"), @"methods name paths query body allow_insecure");
    insta::assert_snapshot!(manifest("tools:\n- name: x\n  <|>\n"), @"input title description output handler annotations errors limits examples");
    insta::assert_snapshot!(manifest("tools:\n  - name: x\n    annotations:\n      <|>\n"), @"read_only destructive idempotent open_world");
    insta::assert_snapshot!(manifest("targets:\n  <|>\n"), @"content-pack greentic helmdeck worka mcp mcpb agent-skill openai anthropic gemini");
}

#[test]
fn a_word_in_the_making_offers_what_it_may_become() {
    insta::assert_snapshot!(manifest("name: a\nca<|>\n"), @"category capabilities credentials");
    insta::assert_snapshot!(manifest("tools:\n  - na<|>\n"), @"name annotations");
    insta::assert_snapshot!(manifest("tools:\n  -<|>\n"), @"name input title description output handler annotations errors limits examples");
    insta::assert_snapshot!(manifest("tools:\n  - <|>\n  - name: b\n"), @"name input title description output handler annotations errors limits examples");
    insta::assert_snapshot!(manifest("tools:\n  <|>\n"), @"new tool");
    insta::assert_snapshot!(manifest("tools:\n  - name: a\n  <|>\n"), @"new tool");
}

#[test]
fn words_of_closed_lists_are_offered() {
    insta::assert_snapshot!(manifest("category: <|>\n"), @"communication monitoring security cloud databases data-warehouses developer-tools crm productivity storage tools scenarios general");
    insta::assert_snapshot!(manifest("category:<|>\n"), @"communication monitoring security cloud databases data-warehouses developer-tools crm productivity storage tools scenarios general");
    insta::assert_snapshot!(manifest("category: to<|>\nname: b\n"), @"tools monitoring developer-tools storage communication data-warehouses");
    insta::assert_snapshot!(manifest("category: \"da<|>\n"), @"databases data-warehouses");
    insta::assert_snapshot!(manifest("capabilities:\n  - allow:\n      - methods: <|>\n"), @"GET POST PUT DELETE PATCH HEAD OPTIONS");
    insta::assert_snapshot!(manifest("capabilities:\n  - allow:\n      - methods: [GET, <|>\n        domains: [a.org]\n"), @"GET POST PUT DELETE PATCH HEAD OPTIONS");
    insta::assert_snapshot!(manifest("capabilities:\n  - allow:\n      - methods:\n          - P<|>\n"), @"POST PUT PATCH OPTIONS");
    insta::assert_snapshot!(manifest("tools:\n  - annotations: {read_only: <|>}\n"), @"true false");
    insta::assert_snapshot!(manifest("tools:\n  - annotations: {read_only: true, <|>}\n    name: x\n"), @"destructive idempotent open_world");
    insta::assert_snapshot!(manifest("tools:\n  - annotations: {read_only: true, <|>\n    name: x\n"), @"destructive idempotent open_world");
    insta::assert_snapshot!(manifest("tools:\n  - annotations: {\n      read_only: true,\n      <|>\n    }\n    name: x\n"), @"destructive idempotent open_world");
    insta::assert_snapshot!(manifest("credentials:\n  - {name: a, kind: <|>}\n"), @"oauth2_authorization_code oauth2_client_credentials jwt_bearer jwt_bearer_with_subject client_assertion api_key basic_auth query_api_key opaque");
    insta::assert_snapshot!(manifest("license: <|>\n"), @"Apache-2.0 MIT BSD-3-Clause BSD-2-Clause ISC MPL-2.0 GPL-3.0-or-later GPL-3.0-only LGPL-3.0-or-later AGPL-3.0-or-later AGPL-3.0-only EUPL-1.2 0BSD MIT-0 Unlicense CC0-1.0 CC-BY-4.0");
    insta::assert_snapshot!(manifest("license: MIT OR Ap<|>\n"), @"Apache-2.0 APAFML APL-1.0 APSL-1.0 APSL-1.1 APSL-1.2 APSL-2.0 Apache-1.0 Apache-1.1 App-s2p CAPEC-tou FSFAP FSFAP-no-warranty-disclaimer Graphics-Gems HIDAPI Lucida-Bitmap-Fonts OLDAP-1.1 OLDAP-1.2 OLDAP-1.3 OLDAP-1.4 OLDAP-2.0 OLDAP-2.0.1 OLDAP-2.1 OLDAP-2.2 OLDAP-2.2.1 OLDAP-2.2.2 OLDAP-2.3 OLDAP-2.4 OLDAP-2.5 OLDAP-2.6 OLDAP-2.7 OLDAP-2.8 TAPR-OHL-1.0 TCP-wrappers X11-swapped gSOAP-1.3b python-ldap");
    insta::assert_snapshot!(manifest("tools:\n  - limits: {timeout_ms: <|>}\n"), @"5000");
}

#[test]
fn names_of_the_pack_are_offered() {
    insta::assert_snapshot!(manifest(&behind("applies_to: [")), @"search things");
    insta::assert_snapshot!(manifest(&behind("on: webhook, tool: ")), @"find get");
    insta::assert_snapshot!(manifest(&behind("hmac: '${secrets[\"")), @"finder_key");
    insta::assert_snapshot!(manifest(&behind("examples: [")), @"tests/find.yaml#finds Dune tests/find.yaml#nothing");
    insta::assert_snapshot!(manifest(&behind("profiles: [")), @"fast");
    insta::assert_snapshot!(manifest(&behind("component_ref: ")), @"memory");
    insta::assert_snapshot!(manifest(&behind("capability: ")), @"cap://finder.find");
    insta::assert_snapshot!(manifest(&behind("export: ")), @"find");
    insta::assert_snapshot!(manifest("extensions:\n  <|>\n"), @"greentic.ext.capabilities.v1 greentic.deployer.v1 greentic.components greentic.static-routes.v1 greentic.provider-extension.v1");
    insta::assert_snapshot!(manifest("extensions:\n  greentic.ext.capabilities.v1:\n    kind: <|>\n    inline:\n      offers: []\n"), @"greentic.ext.capabilities.v1");
    insta::assert_snapshot!(manifest("extensions:\n  greentic.ext.capabilities.v1:\n    inline:\n      requires:\n        - <|>\n"), @"id capability optional profiles description metadata");
    insta::assert_snapshot!(manifest(&behind("kind: api_key").replace("<|>", "").replace("'${secrets[\"finder_key\"]}'}\n    budg", "<|>}\n    budg")), @r#"${secrets["finder_key"]}"#);
}

#[test]
fn paths_that_exist_are_offered() {
    insta::assert_snapshot!(manifest(&behind("icon: ")), @"assets/logo.svg assets/icon.png");
    insta::assert_snapshot!(manifest("tools:\n  - name: find\n    input: <|>\n"), @"schemas/find.input.json schemas/find.output.json schemas/parts.json");
    insta::assert_snapshot!(manifest("tools:\n  - name: find\n    output: <|>\n"), @"schemas/find.output.json schemas/find.input.json schemas/parts.json");
    insta::assert_snapshot!(manifest("tools:\n  - handler: ha<|>\n"), @"handlers/find.ts handlers/lib.ts");
    insta::assert_snapshot!(manifest("tools:\n  - handler: {path: <|>}\n"), @"components/memory.wasm handlers/find.ts handlers/lib.ts");
    insta::assert_snapshot!(manifest("storage: {migrations: <|>}\n"), @"migrations/");
    insta::assert_snapshot!(manifest("views: [{source: <|>}]\n"), @"views/shelf.json");
    insta::assert_snapshot!(manifest("workflows: [{file: <|>}]\n"), @"flows/main.ygtc");
    insta::assert_snapshot!(manifest("components: [{wasm: <|>}]\n"), @"components/memory.wasm");
    insta::assert_snapshot!(manifest("assets: [{path: <|>}]\n"), @"icon.png logo.svg");
}

#[test]
fn what_is_taken_has_the_form_of_its_value() {
    let taken = |text: &str, label: &str| taken("pack.yaml", text, label);
    let hmac = |text: &str| FILES[0].1.replace("{hmac: '${secrets[\"finder_key\"]}'}", &format!("{{hmac: {text}}}"));
    insta::assert_snapshot!(taken("to<|>", "tools"), @"
    tools:
      - name: ${1:search_books}
        input: $2
    ");
    insta::assert_snapshot!(taken("tools:\n  - name: a\n    <|>\n", "handler"), @"
    tools:
      - name: a
        handler: $1
    ");
    insta::assert_snapshot!(taken("tools:\n  - name: a\n    <|>\n", "annotations"), @"
    tools:
      - name: a
        annotations:
          $1
    ");
    insta::assert_snapshot!(taken("tools:\n  - name: a\n    <|>\n", "errors"), @"
    tools:
      - name: a
        errors:
          - code: ${1:not_found}
    ");
    insta::assert_snapshot!(taken("tools:\n  <|>\n", "new tool"), @"
    tools:
      - name: ${1:search_books}
        input: $2
    ");
    insta::assert_snapshot!(taken("tools:\n  -<|>\n", "name"), @"
    tools:
      - name: ${1:search_books}
    ");
    insta::assert_snapshot!(taken("capabilities:\n  - name: a\n    <|>\n", "allow"), @"
    capabilities:
      - name: a
        allow:
          - domains: [$1]
            methods: [$2]
    ");
    insta::assert_snapshot!(taken("capabilities:\n  - transforms:\n      - {<|>}\n", "auth"), @r#"
    capabilities:
      - transforms:
          - {auth: {bearer: '\${secrets["name"]}'}}
    "#);
    insta::assert_snapshot!(taken("capabilities:\n  - allow: [{methods: <|>}]\n", "GET"), @"
    capabilities:
      - allow: [{methods: [GET]}]
    ");
    insta::assert_snapshot!(taken("capabilities:\n  - allow:\n      - methods:\n          <|>\n", "GET"), @"
    capabilities:
      - allow:
          - methods:
              - GET
    ");
    insta::assert_snapshot!(taken("catego<|>ry: tools\n", "category"), @"category: tools");
    insta::assert_snapshot!(taken("category:<|>\n", "tools"), @"category: tools");
    insta::assert_snapshot!(taken("category: 'to<|>'\n", "tools"), @"category: 'tools'");
    insta::assert_snapshot!(taken("tools:\n  - limits: <|>\n", "a tool's limits"), @"
    tools:
      - limits: {timeout_ms: ${1:5000}, memory_mb: ${2:64}, output_kb: ${3:256}, fuel: ${4:500000000}}
    ");
    insta::assert_snapshot!(taken("extensions:\n  <|>\n", "greentic.ext.capabilities.v1"), @"
    extensions:
      greentic.ext.capabilities.v1:
        kind: greentic.ext.capabilities.v1
        version: ${1:1.0.0}
        inline:
          $2
    ");
    insta::assert_snapshot!(taken(&hmac("'${secrets[<|>'"), "finder_key").contains("hmac: '${secrets[\"finder_key\"]}'"), @"true");
    insta::assert_snapshot!(taken(&hmac("\"${secrets[\\\"f<|>\""), "finder_key").contains("hmac: \"${secrets[\\\"finder_key\\\"]}\""), @"true");
    insta::assert_snapshot!(taken("license: MIT OR Apa<|>\n", "Apache-2.0"), @"license: MIT OR Apache-2.0");
}

#[test]
fn nothing_is_offered_inside_text_and_comments() {
    for text in [
        "description: |\n  na<|>\n",
        "description: >-\n  some\n    words<|>\nname: a\n",
        "description: some text\n  that goes on <|>\n",
        "name: a # ca<|>\n",
        "# <|>\nname: a\n",
        "tools:\n  - annotations: {read_only: true} <|>\n",
        "tools:\n  - annotations: {read_only: true <|>\n",
        "tools:\n  - annotations: {read_only: true, # des<|>\n",
        "description: <|>\n",
        "category: &a to<|>\n",
        "tools:\n  - description: |\n      name: x\n        <|>\n",
        "unknown:\n  <|>\n",
    ] {
        assert_eq!(manifest(text), "", "{text}");
    }
}

#[test]
fn cases_are_completed_from_the_tools_schema() {
    let cases = |text: &str| labels("tests/find.yaml", text);
    insta::assert_snapshot!(cases("<|>"), @"tool cases");
    insta::assert_snapshot!(cases("tool: <|>\n"), @"find get");
    insta::assert_snapshot!(cases("tool: find\ncases:\n  - name: a\n    <|>\n"), @"input expect recording max_ms");
    insta::assert_snapshot!(cases("tool: find\ncases:\n  - input: <|>\n"), @"example");
    insta::assert_snapshot!(cases("tool: find\ncases:\n  - input: {<|>}\n"), @"query exact page sort");
    insta::assert_snapshot!(cases("tool: find\ncases:\n  - input:\n      query: a\n      <|>\n"), @"exact page sort");
    insta::assert_snapshot!(cases("tool: find\ncases:\n  - input: {sort: <|>}\n"), @"new old");
    insta::assert_snapshot!(cases("tool: find\ncases:\n  - input: {page: {<|>\n"), @"size");
    insta::assert_snapshot!(cases("tool: get\ncases:\n  - input: {<|>\n"), @"id");
    insta::assert_snapshot!(cases("tool: find\ncases:\n  - expect: {<|>}\n"), @"output output_subset error");
    insta::assert_snapshot!(cases("tool: find\ncases:\n  - expect: {error: <|>}\n"), @"too_vague invalid_input invalid_output schema_mismatch handler_failed timeout resource_exhausted permission_denied credential_invalid session_unavailable artifact_failed rate_limited not_found network_error internal");
    insta::assert_snapshot!(cases("tool: find\ncases:\n  - name: finds Dune\n    recording: <|>\n"), @"recordings/finds-dune.yaml");
    insta::assert_snapshot!(labels("tests/recordings/a.yaml", "recording: 1\ncalls:\n  - http:\n      method: GET\n      <|>\n"), @"url status headers body body_base64");
    insta::assert_snapshot!(taken("tests/find.yaml", "tool: find\ncases:\n  - input: <|>\n", "example"), @"
    tool: find
    cases:
      - input: {query: dune}
    ");
}

#[test]
fn schemas_are_completed_by_place() {
    let schema = |text: &str| labels("schemas/a.json", text);
    insta::assert_snapshot!(schema("{\"type\": \"string\", \"<|>\"}"), @"$schema title description enum const default examples format pattern minLength maxLength $ref $defs anyOf oneOf allOf not if then else deprecated readOnly writeOnly contentMediaType contentEncoding contentSchema $id $anchor $dynamicRef $dynamicAnchor $vocabulary $comment");
    insta::assert_snapshot!(schema("{\"type\": \"<|>\"}"), @"object array string integer number boolean null");
    insta::assert_snapshot!(schema("{\"type\": [\"<|>"), @"object array string integer number boolean null");
    insta::assert_snapshot!(schema("{\"format\": \"ip<|>\"}"), @"ipv4 ipv6 uri-template relative-json-pointer");
    insta::assert_snapshot!(schema("{\"properties\": {\"a\": {\"ty<|>\n}}"), @"type propertyNames contentMediaType writeOnly");
    insta::assert_snapshot!(schema("{\"properties\": {\"a\": {}, \"b\": {}}, \"required\": [\"a\", <|>]}"), @"b");
    insta::assert_snapshot!(schema("{\"$defs\": {\"x\": {}}, \"items\": {\"$ref\": \"<|>\"}}"), @"#/$defs/x find.input.json find.output.json parts.json #");
    insta::assert_snapshot!(schema("{\"additionalProperties\": <|>}"), @"false true");
    insta::assert_snapshot!(schema("{\"properties\": {<|>}}"), @"new property");
    insta::assert_snapshot!(schema("{\"default\": {<|>}}"), @"");
    insta::assert_snapshot!(taken("schemas/a.json", "{\n  <|>\n  \"title\": \"x\"\n}", "properties"), @r#"
    {
      "properties": {
        $1
      },
      "title": "x"
    }
    "#);
    insta::assert_snapshot!(taken("schemas/a.json", "{\n  \"ty<|>\"\n}", "type"), @r#"
    {
      "type": "$1"
    }
    "#);
    insta::assert_snapshot!(manifest("tools:\n  - input:\n      type: object\n      <|>\n"), @"title description properties required additionalProperties enum const default examples minProperties maxProperties patternProperties propertyNames dependentRequired dependentSchemas unevaluatedProperties $ref $defs anyOf oneOf allOf not if then else deprecated readOnly writeOnly $id $anchor $dynamicRef $dynamicAnchor $vocabulary $comment");
    insta::assert_snapshot!(manifest("tools:\n  - input: {type: <|>}\n"), @"object array string integer number boolean null");
    insta::assert_snapshot!(manifest("tools:\n  - input:\n      properties:\n        a:\n          format: da<|>\n"), @"date-time date duration idn-email idn-hostname");
    insta::assert_snapshot!(taken("pack.yaml", "tools:\n  - input:\n      type: object\n      <|>\n", "properties"), @"
    tools:
      - input:
          type: object
          properties:
            $1
    ");
}

#[test]
fn an_editor_without_places_gets_the_text_alone() {
    let found = offers("pack.yaml", "tools:\n  - name: a\n    <|>\n");
    let plain = |label: &str| found.iter().find(|one| one.label == label).expect("it is offered").plain();
    insta::assert_snapshot!([plain("limits"), plain("errors"), plain("handler")].join("\n--\n"), @"
    limits:
          
    --
    errors:
          - code: not_found
    --
    handler:
    ");
    let auth = offers("pack.yaml", "capabilities:\n  - transforms:\n      - auth:\n          <|>\n");
    insta::assert_snapshot!(auth[0].plain(), @r#"bearer: '${secrets["name"]}'"#);
}

#[test]
fn lines_end_as_they_do_in_the_file() {
    let found = offers("pack.yaml", "name: a\r\ncapabilities:\r\n  - name: a\r\n    <|>\r\n");
    let allow = found.iter().find(|one| one.label == "allow").expect("it is offered");
    assert_eq!(allow.insert, "allow:\r\n      - domains: [$1]\r\n        methods: [$2]");
}

#[test]
fn a_remark_that_allows_offers_the_rules() {
    insta::assert_snapshot!(manifest("name: a\n# packwright: allow manifest/unkn<|>\n"), @"manifest/unknown-category manifest/unknown-key manifest/unknown-kind");
    insta::assert_snapshot!(taken("pack.yaml", "# packwright: allow ma<|>\n", "manifest/unknown-key"), @"# packwright: allow manifest/unknown-key —");
    let said = taken("pack.yaml", "# packwright: allow manifest/<|>unknown — ours\n", "manifest/unknown-key");
    assert_eq!(said, "# packwright: allow manifest/unknown-key — ours\n");
    insta::assert_snapshot!(labels("handlers/find.ts", "// packwright: allow handlers/missing<|>\n"), @"handlers/missing-export handlers/missing-import");
    assert_eq!(manifest("description: packwright: allow manifest<|>\n"), "");
}
