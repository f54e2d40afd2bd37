//! What tools are told for the sake of models.

use crate::rules::tests::{findings, manifest};
use crate::source::MemoryPack;

/// What is said of a tool's input, and of nothing else.
fn told(targets: &str, input: &str) -> String {
    let found = manifest(&format!(
        "name: n\ndescription: d\ntargets: {targets}\ntools:\n  - name: find_book\n    description: Finds a book and returns it.\n    output: {{type: object}}\n    handler: pack.yaml\n    input: {input}\n"
    ));
    let mut kept = false;
    let ours = found.lines().filter(|line| {
        kept = if line.starts_with(' ') { kept } else { line.contains(" models/") };
        kept
    });
    ours.flat_map(|line| [line, "\n"]).collect()
}

#[test]
fn what_any_model_stumbles_over() {
    insta::assert_snapshot!(told("{}", "{type: object, properties: {id: {type: string}, book_id: {type: string}, data: {type: object}, due_date: {type: string, description: When it is due}, level: {enum: ['1', '2']}, flag: {type: boolean}}, additionalProperties: false}"), @"
    Info models/opaque-id pack.yaml:9:40 <id> `/properties/id`, `/properties/book_id`: an id of which nothing is said
      hint: Say in its description whose id it is and which tool returns it; add `pattern` or `examples`.
    Info models/vague-property pack.yaml:9:85 <data> `/properties/data`: the name does not say what goes in
      hint: Call it by what it is, as in `note` or `query`; or take its properties out of it.
    Info models/untold-format pack.yaml:9:107 <due_date> `/properties/due_date`: the name tells a format, and any text is taken
      hint: Add `format: date`, or a `pattern`.
    Info models/mute-enum pack.yaml:9:176 <['1', '2']> `/properties/level/enum`: the values do not say what they mean
      hint: Use words, as in `low` and `high`; or say in the description what each value means.
    Info models/undescribed pack.yaml:9:189 <flag> `/properties/flag`: there is no description
      hint: Say in a sentence what goes in.
    ");
    insta::assert_snapshot!(told("{}", "{type: object, properties: {a: {title: A}, b: true, c: true, d: true, e: true, f: true, g: true, h: true}, required: [h], additionalProperties: false}"), @"
    Info models/many-optional pack.yaml:9:27 <properties> `/properties`: 7 arguments are optional
      hint: Require what is mostly needed, and make a tool of its own of what is seldom.
    Info models/undescribed pack.yaml:9:40 <a> `/properties/a`: there is no description
      hint: Say in a sentence what goes in.
    ");
    insta::assert_snapshot!(told("{}", "{properties: {a: {description: x, properties: {b: {description: x, properties: {c: {description: x, properties: {d: {description: x, properties: {e: true}}}}}}}}}}"), @"
    Info models/deep-input pack.yaml:9:145 <properties> `/properties/a/properties/b/properties/c/properties/d`: objects nest more than 4 levels deep
      hint: Bring inner properties further out.
    ");
}

#[test]
fn what_says_enough_is_told_nothing() {
    for sound in [
        "{type: object, properties: {id: {type: string, description: The id that search_books returned.}}}",
        "{type: object, properties: {id: {type: string, pattern: '^b[0-9]+$', description: Its id}, count: {type: integer, description: How many}}}",
        "{type: object, properties: {due_date: {type: string, format: date, description: When it is due}}}",
        "{type: object, properties: {due_date: {type: integer, description: When it is due}}}",
        "{type: object, properties: {level: {enum: ['1', '2'], description: 1 is low and 2 is high.}}}",
        "{type: object, properties: {level: {enum: [low, high]}, per_page: {enum: [10, 20], description: How many}}}",
        "{type: object, properties: {data: {type: string, description: The rows as CSV with a header.}}}",
        "{type: object, properties: {a: {$ref: '#/$defs/a'}}, $defs: {a: {type: string}}}",
        "{type: object, additionalProperties: false}",
        "true",
    ] {
        assert_eq!(told("{}", sound), "", "{sound}");
    }
}

#[test]
fn what_a_provider_refuses_is_told_when_it_is_named() {
    let input = "{$schema: 'https://json-schema.org/draft/2020-12/schema', type: object, anyOf: [{required: [a]}], properties: {a: {type: [string, 'null'], description: A word}, b: {type: integer, description: A number, exclusiveMinimum: 0, default: 1, enum: [1, 2]}, c: {type: object, description: More of it, properties: {d: {const: x}}}}}";
    assert_eq!(told("{}", input), "");
    assert_eq!(
        told("{mcp: {}, openai: {strict: false}, helmdeck: {}}", "{type: object, properties: {a: {description: d, default: 1}}}"),
        ""
    );
    insta::assert_snapshot!(told("{openai: {strict: true}}", input), @"
    Warning models/root-combinator pack.yaml:9:84 <anyOf> `/anyOf`: Anthropic and OpenAI refuse it at the root of an input
      hint: Put it into a property, or make a tool of each form.
    Warning models/openai-open-object pack.yaml:9:110 <properties> `/`, `/properties/c`: OpenAI's strict mode takes only objects without other properties
      hint: Add `additionalProperties: false`, at every level.
    Warning models/openai-required pack.yaml:9:123 <a> `/properties/a`, `/properties/b`, `/properties/c`, `/properties/c/properties/d`: OpenAI's strict mode requires every property
      hint: Name it in `required`; for what may be left out, add `null` to its `type`.
    Warning models/openai-keyword pack.yaml:9:236 <default> `/properties/b/default`: OpenAI's strict mode refuses `default`
      hint: Say in the description what holds when it is left out.
    ");
    insta::assert_snapshot!(told("{gemini: {}}", input), @"
    Warning models/gemini-keyword pack.yaml:9:13 <$schema> `/$schema`: Gemini refuses `$schema`
      hint: Leave it out: draft 2020-12 holds without it.
    Warning models/gemini-kinds pack.yaml:9:133 <[string, 'null']> `/properties/a/type`: Gemini takes one kind of value, and not null
      hint: Name one kind, and leave the property out of `required`.
    Warning models/gemini-keyword pack.yaml:9:215 <exclusiveMinimum> `/properties/b/exclusiveMinimum`: Gemini refuses `exclusiveMinimum`
      hint: Write `minimum`, with the next number.
    Warning models/gemini-enum pack.yaml:9:254 <[1, 2]> `/properties/b/enum`: Gemini takes enums of text alone
      hint: Write the values as text.
    Warning models/gemini-keyword pack.yaml:9:323 <const> `/properties/c/properties/d/const`: Gemini refuses `const`
      hint: Write an `enum` of one value.
    ");
    insta::assert_snapshot!(told("{anthropic: {}}", input), @"
    Warning models/root-combinator pack.yaml:9:84 <anyOf> `/anyOf`: Anthropic and OpenAI refuse it at the root of an input
      hint: Put it into a property, or make a tool of each form.
    ");
}

#[test]
fn each_keyword_is_named_with_its_places() {
    let input = "{type: object, properties: {a: {type: integer, description: One, const: 1, multipleOf: 2}, b: {type: integer, description: Two, const: 2}}}";
    insta::assert_snapshot!(told("{gemini: {}}", input), @"
    Warning models/gemini-keyword pack.yaml:9:77 <const> `/properties/a/const`, `/properties/b/const`: Gemini refuses `const`
      hint: Write an `enum` of one value.
    Warning models/gemini-keyword pack.yaml:9:87 <multipleOf> `/properties/a/multipleOf`: Gemini refuses `multipleOf`
      hint: Say it in the description, and have the handler check it.
    ");
    let many =
        (0..12).map(|n| format!("p{n}: {{type: integer, description: A number, const: {n}}}")).collect::<Vec<_>>().join(", ");
    let found = told("{gemini: {}}", &format!("{{type: object, properties: {{{many}}}}}"));
    assert!(found.contains("`/properties/p9/const` and 2 more: Gemini refuses `const`"), "{found}");
}

#[test]
fn arrays_say_what_their_items_are() {
    let input = "{type: object, properties: {a: {type: array, description: Words}, b: {type: array, description: Rows, items: {type: [array, 'null']}}}}";
    insta::assert_snapshot!(told("{openai: {}}", input), @"
    Warning models/array-items pack.yaml:9:50 <array> `/properties/a`, `/properties/b/items`: OpenAI and Gemini refuse an array without `items`
      hint: Say what the items are, as in `items: {type: string}`.
    ");
    assert!(told("{gemini: {}}", input).contains("models/array-items"));
    assert_eq!(told("{anthropic: {}}", input), "");
    assert_eq!(
        told(
            "{openai: {}}",
            "{type: object, properties: {items: {type: string, description: d}, c: {type: array, items: {}, description: d}}}"
        ),
        ""
    );
}

#[test]
fn names_of_arguments_that_a_provider_refuses() {
    let input = "{type: object, properties: {first name: {type: string, description: Who}, 'filter[x]': {type: object, description: Which, properties: {a b: {type: string, description: In it}}}, ok.a-b_1: {type: string, description: d}}}";
    insta::assert_snapshot!(told("{anthropic: {}}", input), @"
    Warning models/argument-name pack.yaml:9:40 <first name> `/properties/first name`, `/properties/filter[x]`: Anthropic takes 1 to 64 letters, digits, `_`, `.` and `-` as an argument's name
      hint: Join the words with `_`, and keep it short.
    ");
    assert_eq!(told("{mcp: {}}", input), "");
}

#[test]
fn names_that_a_provider_refuses() {
    let named = |target: &str, name: &str| {
        manifest(&format!("name: n\ndescription: d\ntargets: {target}\ntools: [{{name: {name}}}]\n")).contains("models/tool-name")
    };
    assert!(
        named("{anthropic: {}}", "a.b")
            && named("{openai: {}}", "a.b")
            && !named("{gemini: {}}", "a.b")
            && !named("{mcp: {}}", "a.b")
    );
    assert!(
        named("{gemini: {}}", "-a")
            && named("{gemini: {}}", &"a".repeat(65))
            && !named("{gemini: {}, openai: {}, anthropic: {}}", "find_book")
    );
}

#[test]
fn a_schema_in_a_file_is_told_there_and_once() {
    let pack = MemoryPack::new([
        ("handlers/a.ts", ""),
        (
            "pack.yaml",
            "name: n\ndescription: d\ntools:\n  - {name: find_book, description: Finds a book by id., input: schemas/id.json, output: {type: object}, handler: handlers/a.ts}\n  - {name: drop_book, description: Removes it from the shelf., input: schemas/id.json, output: {type: object}, handler: handlers/a.ts}\n",
        ),
        (
            "schemas/id.json",
            "{\"type\": \"object\", \"properties\": {\"id\": {\"type\": \"string\"}}, \"additionalProperties\": false}",
        ),
        ("schemas/other.json", "{\"type\": \"object\", \"properties\": {\"id\": {\"type\": \"string\"}}}"),
    ]);
    insta::assert_snapshot!(findings(&pack), @r#"
    Info models/opaque-id schemas/id.json:1:35 <"id"> `/properties/id`: an id of which nothing is said
      hint: Say in its description whose id it is and which tool returns it; add `pattern` or `examples`.
    "#);
}

#[test]
fn many_tools_are_too_many() {
    let pack = |count: usize| {
        let tools = (0..count).map(|n| format!("  - name: t{n}\n")).collect::<Vec<_>>().concat();
        manifest(&format!("name: n\ndescription: d\ntools:\n{tools}"))
    };
    assert!(!pack(40).contains("models/many-tools"));
    assert!(pack(2000).contains("this pack has 2000 tools"));
    assert!(pack(2500).contains("this pack has more than 2000 tools"));
    assert!(
        pack(41).contains("Info models/many-tools pack.yaml:3:1 <tools> this pack has 41 tools, and a model sees all of them")
    );
}
