//! The changes that forms, the wizard and quick fixes ask for, each in one call.

use super::json;
use super::style::Style;
use super::{Change, Data, Document, Edited, Fault, Language, Place, Refusal, Step, What, apply, descend};
use crate::path;
use crate::shape::{self, Shape};
use crate::text::shown;

/// The order in which people write the keywords of a JSON Schema; what is not here comes before `examples`.
const SCHEMA_ORDER: &[&str] = &[
    "$schema",
    "$id",
    "$ref",
    "title",
    "description",
    "type",
    "const",
    "enum",
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "items",
    "minItems",
    "maxItems",
    "properties",
    "required",
    "additionalProperties",
    "default",
    "examples",
    "$defs",
];

/// Gives a value to a key, whether or not the key is there. Mappings that are missing on the way are made, and a new key comes to
/// stand where the format's order has it.
pub fn set_value(text: &str, language: Language, path: &[Step], value: impl Into<Data>) -> Result<Edited, Refusal> {
    let known = read(text, language)?;
    let mut value = value.into();
    let there = (0..=path.len()).rev().find(|&length| known.data.find(&path[..length]).is_some()).unwrap_or(0);
    if there == path.len() {
        return apply(text, language, &Change::set(path.to_vec(), value));
    }
    for step in path[there + 1..].iter().rev() {
        value = match step {
            Step::Key(name) => Data::Map(vec![(name.clone(), value)]),
            Step::Index(_) => Data::List(vec![value]),
        };
    }
    let (above, key) = (&path[..there], &path[there]);
    let what = match key {
        Step::Key(name) => {
            What::Insert { place: place_of(language, above, name, known.data.find(above)), key: Some(name.clone()), value }
        }
        Step::Index(index) => What::Insert { place: Place::At(*index), key: None, value },
    };
    apply(text, language, &Change { path: above.to_vec(), what })
}

/// Takes a key away when it is there; a text without it stays as it is.
pub fn clear_value(text: &str, language: Language, path: &[Step]) -> Result<Edited, Refusal> {
    match read(text, language)?.data.find(path) {
        Some(_) => remove_item(text, language, path),
        None => Ok(Edited { edits: Vec::new(), text: text.to_owned() }),
    }
}

/// Puts an item at the end of a list, which is made when it is missing.
pub fn add_item(text: &str, language: Language, list: &[Step], item: impl Into<Data>) -> Result<Edited, Refusal> {
    let item = item.into();
    match read(text, language)?.data.find(list) {
        Some(_) => apply(text, language, &Change::push(list.to_vec(), Place::Last, item)),
        None => set_value(text, language, list, Data::List(vec![item])),
    }
}

/// Puts a tool behind the others of a manifest. `rest` is what it has besides its name, in order.
pub fn add_tool(text: &str, name: &str, rest: impl IntoIterator<Item = (String, Data)>) -> Result<Edited, Refusal> {
    let known = read(text, Language::Yaml)?;
    if let Some(Data::List(tools)) = known.data.find(&path!["tools"])
        && let Some(twin) = tools.iter().position(|tool| tool.at(&Step::from("name")) == Some(&Data::text(name)))
    {
        let fault = Fault::new(
            known.place(&path!["tools", twin, "name"]),
            format!("there is a tool called `{}` already", shown(name)),
            "choose another name",
        );
        return Err(fault.placed(text, text.len() - known.text.len()));
    }
    let mut tool = vec![("name".to_owned(), Data::text(name))];
    tool.extend(rest);
    add_item(text, Language::Yaml, &path!["tools"], Data::Map(tool))
}

/// Takes an entry out of its list or mapping, with the comment right above it.
pub fn remove_item(text: &str, language: Language, path: &[Step]) -> Result<Edited, Refusal> {
    apply(text, language, &Change::remove(path.to_vec()))
}

/// Gives a key another name.
pub fn rename_key(text: &str, language: Language, path: &[Step], name: &str) -> Result<Edited, Refusal> {
    apply(text, language, &Change::rename(path.to_vec(), name))
}

/// Puts another value in the place of the one that is there: a path for an inline schema, or a schema for its path.
pub fn replace_node_with(text: &str, language: Language, path: &[Step], value: impl Into<Data>) -> Result<Edited, Refusal> {
    apply(text, language, &Change::set(path.to_vec(), value))
}

/// Adds an example to a schema, in its own file or inline in a manifest. One that is there already is not added again.
pub fn insert_example(text: &str, language: Language, schema: &[Step], value: impl Into<Data>) -> Result<Edited, Refusal> {
    let (examples, value) = ([schema, &path!["examples"]].concat(), value.into());
    match read(text, language)?.data.find(&examples) {
        Some(Data::List(known)) if known.contains(&value) => Ok(Edited { edits: Vec::new(), text: text.to_owned() }),
        _ => add_item(text, language, &examples, value),
    }
}

/// Takes an inline schema out of a manifest: the manifest with `file` in its place, and the text of that file.
///
/// A schema with comments is refused, for JSON has none, and they would be lost.
pub fn extract_schema(manifest: &str, path: &[Step], file: &str) -> Result<(Edited, String), Refusal> {
    let known = read(manifest, Language::Yaml)?;
    let refused =
        |message: &str, hint| Fault::new(known.place(path), message, hint).placed(manifest, manifest.len() - known.text.len());
    let (Some(schema), Some(piece)) = (known.data.find(path), descend(&known.root, &known.data, path)) else {
        return Err(refused("there is no schema here", "look whether the text has changed in the meantime, and try again"));
    };
    if schema.is_scalar() && !matches!(schema, Data::Bool(_)) {
        return Err(refused("there is no inline schema here", "choose a tool whose schema stands in the manifest"));
    }
    // A comment behind the last line of a block goes with the block.
    let block = !known.text[piece.start..].starts_with(['{', '[']);
    let behind = known.text[piece.end..].find('\n').filter(|_| block).unwrap_or(0);
    if known.comments.iter().any(|at| (piece.start..piece.end + behind).contains(at)) {
        return Err(refused("there are comments in this schema, and JSON has none", "move them out of it first"));
    }
    let text = schema
        .json_text()
        .ok_or_else(|| refused("there is a number in this schema that JSON does not have", "change it first"))?;
    Ok((replace_node_with(manifest, Language::Yaml, path, file)?, text))
}

/// Puts the schema of a file inline in a manifest, where its path stands, with the file's order and spelling of numbers.
pub fn inline_schema(manifest: &str, path: &[Step], schema: &str) -> Result<Edited, Refusal> {
    replace_node_with(manifest, Language::Yaml, path, Data::from_json(schema)?)
}

impl Data {
    /// What a JSON text says, with its order and its spelling of numbers.
    pub fn from_json(text: &str) -> Result<Self, Refusal> {
        read(text, Language::Json).map(|document| document.data)
    }

    /// The text of a JSON file that says this; `None` when a number in it is none of JSON's.
    pub fn json_text(&self) -> Option<String> {
        let empty = Document::read("{}", Language::Json).ok()?;
        let text = format!("{}\n", Style::of(&empty).json(self, ""));
        json::read(&text).is_ok().then_some(text)
    }
}

fn read(text: &str, language: Language) -> Result<Document, Refusal> {
    let body = text.strip_prefix(crate::text::BYTE_ORDER_MARK).unwrap_or(text);
    Document::read(body, language).map_err(|fault| fault.placed(text, text.len() - body.len()))
}

/// Where a new key belongs: behind the nearest key that the format's order has before it.
fn place_of(language: Language, path: &[Step], name: &str, map: Option<&Data>) -> Place {
    let order: Vec<&str> = match language {
        Language::Json => SCHEMA_ORDER.to_vec(),
        Language::Yaml => order_at(&shape::MANIFEST, path),
    };
    let (Some(Data::Map(entries)), Some(rank)) = (map, order.iter().position(|key| *key == name)) else { return Place::Last };
    let rank_of = |key: &str| order.iter().position(|known| *known == key);
    let before = entries.iter().rposition(|(key, _)| rank_of(key).is_some_and(|other| other < rank));
    match before {
        Some(before) => Place::At(before + 1),
        None if entries.iter().any(|(key, _)| rank_of(key).is_some()) => Place::First,
        None => Place::Last,
    }
}

/// The keys that the manifest's format has at a path, in its order.
fn order_at(shape: &'static Shape, path: &[Step]) -> Vec<&'static str> {
    match (shape, path.split_first()) {
        (Shape::Map(keys), None) => keys.names().collect(),
        (Shape::Map(keys), Some((Step::Key(name), rest))) => {
            keys.get(name).map(|shape| order_at(shape, rest)).unwrap_or_default()
        }
        (Shape::List(item), Some((Step::Index(_), rest))) | (Shape::Table(item), Some((Step::Key(_), rest))) => {
            order_at(item, rest)
        }
        (Shape::Either(one, other), _) => {
            let first = order_at(one, path);
            if first.is_empty() { order_at(other, path) } else { first }
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const PACK: &str = include_str!("../../../../packs-samples/open-library/pack.yaml");
    const SCHEMA: &str = include_str!("../../../../packs-samples/open-library/schemas/search_books.input.json");

    /// The lines that a change puts into a text and takes out of it.
    fn changed(before: &str, edited: Result<Edited, Refusal>) -> String {
        let after = edited.unwrap_or_else(|refusal| panic!("{refusal}")).text;
        let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
        let head = old.iter().zip(&new).take_while(|(one, other)| one == other).count();
        let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(one, other)| one == other).count();
        let mut out = String::new();
        old[head..old.len() - tail].iter().for_each(|line| out.push_str(&format!("-{line}\n")));
        new[head..new.len() - tail].iter().for_each(|line| out.push_str(&format!("+{line}\n")));
        out
    }

    #[test]
    fn a_field_is_set_where_the_format_has_it() {
        let set = |path: &[Step], value: Data| changed(PACK, set_value(PACK, Language::Yaml, path, value));
        insta::assert_snapshot!(set(&path!["license"], "MIT".into()), @"
        -license: Apache-2.0 # an SPDX expression; the text itself is in LICENSE
        +license: MIT # an SPDX expression; the text itself is in LICENSE
        ");
        insta::assert_snapshot!(set(&path!["kind"], "library".into()), @"+kind: library");
        insta::assert_snapshot!(set(&path!["tools", 1, "limits", "fuel"], json!(5).into()), @"
        -    limits: {timeout_ms: 5000, memory_mb: 64, output_kb: 64}
        +    limits: {timeout_ms: 5000, memory_mb: 64, output_kb: 64, fuel: 5}
        ");
        insta::assert_snapshot!(set(&path!["tools", 0, "description"], "Finds books.".into()), @"
        -      Finds books by title, author or ISBN and returns at most `limit` records, best match first.
        -      Each record has the `work_id` that get_book takes.
        +      Finds books.
        ");
        insta::assert_snapshot!(set(&path!["storage", "migrations"], "migrations/".into()), @"+storage: {migrations: migrations/}");
        insta::assert_snapshot!(set(&path!["capabilities", 0, "allow", 1, "allow_insecure"], true.into()), @"+        allow_insecure: true");
        let after = set_value(PACK, Language::Yaml, &path!["storage", "migrations"], "migrations/").expect("it is set").text;
        assert_eq!(clear_value(&after, Language::Yaml, &path!["storage"]).expect("it is cleared").text, PACK);
        assert_eq!(clear_value(PACK, Language::Yaml, &path!["storage"]).expect("nothing to do").text, PACK);
    }

    #[test]
    fn a_tool_comes_behind_the_others() {
        let rest = || {
            let map = [("description", "Counts books."), ("input", "schemas/count.json"), ("handler", "handlers/count.ts")];
            map.map(|(key, value)| (key.to_owned(), Data::text(value)))
        };
        insta::assert_snapshot!(changed(PACK, add_tool(PACK, "count_books", rest())), @"
        +  - name: count_books
        +    description: Counts books.
        +    input: schemas/count.json
        +    handler: handlers/count.ts
        +
        ");
        let small = "name: x\n# The end.\n";
        insta::assert_snapshot!(add_tool(small, "t", rest()).expect("it is added").text, @"
        name: x
        tools:
          - name: t
            description: Counts books.
            input: schemas/count.json
            handler: handlers/count.ts
        # The end.
        ");
        insta::assert_snapshot!(add_tool(PACK, "get_book", rest()).expect_err("it is there"), @"line 31, column 11: there is a tool called `get_book` already; choose another name");
    }

    #[test]
    fn a_schema_gets_an_example() {
        let example = || Data::map([("query", "emma")]);
        insta::assert_snapshot!(changed(SCHEMA, insert_example(SCHEMA, Language::Json, &[], example())), @r#"
        -  "examples": [{ "query": "dune", "limit": 2 }]
        +  "examples": [{ "query": "dune", "limit": 2 }, { "query": "emma" }]
        "#);
        insta::assert_snapshot!(changed(SCHEMA, insert_example(SCHEMA, Language::Json, &path!["properties", "limit"], json!(20))), @r#"
        -      "examples": [5]
        +      "examples": [5, 20]
        "#);
        let known = insert_example(SCHEMA, Language::Json, &path!["properties", "limit"], json!(5)).expect("it is there");
        assert!(known.edits.is_empty());
        let inline = "tools:\n  - name: t\n    input:\n      type: object\n      required: [q]\n    handler: h.ts\n";
        insta::assert_snapshot!(changed(inline, insert_example(inline, Language::Yaml, &path!["tools", 0, "input"], example())), @"
        +      examples:
        +        - query: emma
        ");
    }

    #[test]
    fn a_schema_goes_inline_and_back() {
        let path = path!["tools", 0, "input"];
        let inline = inline_schema(PACK, &path, SCHEMA).expect("it goes inline");
        insta::assert_snapshot!(changed(PACK, Ok(inline.clone())), @r#"
        -    input: schemas/search_books.input.json
        +    input:
        +      $schema: https://json-schema.org/draft/2020-12/schema
        +      title: Search for books
        +      description: What to look for, and how many records to return.
        +      type: object
        +      properties:
        +        query:
        +          title: Query
        +          description: A title, an author, an ISBN, or words from any of them. Not a question.
        +          type: string
        +          minLength: 1
        +          maxLength: 200
        +          examples: [dune, ursula le guin, "9780441013593"]
        +        limit:
        +          title: Limit
        +          description: The most records to return. Left out, it is 5.
        +          type: integer
        +          minimum: 1
        +          maximum: 20
        +          examples: [5]
        +      required: [query]
        +      additionalProperties: false
        +      examples:
        +        - {query: dune, limit: 2}
        "#);
        let (back, file) = extract_schema(&inline.text, &path, "schemas/search_books.input.json").expect("it goes back");
        assert_eq!(back.text, PACK);
        assert_eq!(Data::from_json(&file), Data::from_json(SCHEMA));
        for line in ["      type: object", "        - {query: dune, limit: 2}"] {
            let commented = inline.text.replace(line, &format!("{line} # not any"));
            let refusal = extract_schema(&commented, &path, "schemas/a.json").expect_err("a comment would be lost");
            assert_eq!(refusal.message, "there are comments in this schema, and JSON has none");
        }
        let flow = extract_schema("tools: [{input: {type: object}}] # kept\n", &path[..], "schemas/a.json").expect("it goes");
        assert_eq!(flow.0.text, "tools: [{input: schemas/a.json}] # kept\n");
        let strange = "tools: [{input: {maximum: .inf}}]\n";
        assert!(extract_schema(strange, &path, "a.json").is_err());
    }
}
