//! JSON Schema: keywords, types, formats, names of properties and references.

use super::super::cursor::Slot;
use super::super::keywords::{DRAFT, FORMATS, KEYWORDS, Keyword, Part, TYPES, Takes, keyword};
use super::super::{CompletionKind, has_ending};
use super::snippet::escaped;
use super::{Offer, Offers};
use crate::content::{Kind, Named};
use crate::json;
use crate::yaml::{Node, Value};

impl Offers<'_, '_> {
    /// What belongs at a part of a schema.
    pub(super) fn of_schema(&mut self, part: Part) {
        match (self.place.slot, part) {
            (Slot::Key | Slot::Open, Part::Schema) => self.keywords(),
            (Slot::Key | Slot::Open, Part::Schemas) => self.new_property(),
            (Slot::Value, Part::Schema) => self.booleans(),
            (Slot::Value, Part::Value(name)) => self.keyword_value(name, false),
            (Slot::Value | Slot::Open, Part::Item(name)) => self.keyword_value(name, true),
            _ => {}
        }
    }

    fn keywords(&mut self) {
        let kind = self.place.sibling("type").map(str::to_owned);
        let top = self.json && self.place.path.is_empty();
        for (number, keyword) in KEYWORDS.iter().enumerate() {
            let foreign = match kind.as_deref() {
                Some("integer") => !matches!(keyword.of, "" | "number"),
                Some(kind @ ("object" | "array" | "string" | "number" | "boolean" | "null")) => {
                    !matches!(keyword.of, "") && keyword.of != kind
                }
                _ => false,
            };
            if foreign || self.place.has(keyword.name) || (keyword.name == "$schema" && !top) {
                continue;
            }
            let offer = Offer::new(keyword.name, CompletionKind::Key, number).detail(keyword.of).docs(keyword.about);
            let (insert, snippet) = self.keyword_insert(keyword);
            self.offer(offer, insert, snippet);
        }
    }

    fn keyword_insert(&self, keyword: &Keyword) -> (String, bool) {
        let name = self.written(keyword.name);
        if self.place.colon {
            return (name, false);
        }
        let (outer, inner) = (" ".repeat(self.place.indent), " ".repeat(self.place.indent + 2));
        let quote = if self.json { "\"" } else { "" };
        let value = match keyword.takes {
            Takes::Text if keyword.name == "$schema" => format!("{quote}{}{quote}", escaped(DRAFT)),
            Takes::Text | Takes::Types | Takes::Format | Takes::Reference => format!("{quote}$1{quote}"),
            Takes::Names => format!("[{quote}$1{quote}]"),
            Takes::List => "[$1]".to_owned(),
            Takes::SchemaList => "[{$1}]".to_owned(),
            Takes::Bool => "${1:true}".to_owned(),
            Takes::Schema if keyword.of == "object" => "${1:false}".to_owned(),
            Takes::Schema | Takes::SchemaOrList => format!("{{{quote}type{quote}: {quote}$1{quote}}}"),
            Takes::Schemas | Takes::NamesByName if self.json => format!("{{\n{inner}$1\n{outer}}}"),
            Takes::Schemas | Takes::NamesByName if self.place.flow => "{$1}".to_owned(),
            Takes::Schemas | Takes::NamesByName => return (format!("{}:\n{inner}$1", escaped(&name)), true),
            Takes::Number | Takes::Any => "$1".to_owned(),
        };
        (format!("{}: {value}{}", escaped(&name), self.comma()), true)
    }

    /// A comma, where another key follows in JSON.
    fn comma(&self) -> &'static str {
        let follows = self.json && self.text[self.place.range.end..].trim_start().starts_with('"');
        if follows { "," } else { "" }
    }

    fn new_property(&mut self) {
        if self.place.colon {
            return;
        }
        let insert = if self.json {
            format!("\"${{1:name}}\": {{\"type\": \"${{2:string}}\", \"description\": \"$3\"}}{}", self.comma())
        } else {
            "${1:name}: {type: ${2:string}, description: $3}".to_owned()
        };
        // Whatever was typed is the name that is being written.
        if self.place.typed.is_empty() {
            self.offer(Offer::new("new property", CompletionKind::Snippet, 0), insert, true);
        }
    }

    fn booleans(&mut self) {
        for (rank, (word, about)) in [("false", "Nothing fits."), ("true", "Everything fits.")].into_iter().enumerate() {
            if self.place.quote.is_none() {
                self.offer(Offer::new(word, CompletionKind::Word, rank).docs(about), word.to_owned(), false);
            }
        }
    }

    fn keyword_value(&mut self, name: &str, item: bool) {
        let Some(keyword) = keyword(name) else { return };
        let words = |offers: &mut Self, words: &[(&str, &str)]| {
            for (rank, (word, about)) in words.iter().enumerate() {
                offers.word(Offer::new(word, CompletionKind::Word, rank).docs(*about), false);
            }
        };
        match keyword.takes {
            Takes::Types => words(self, TYPES),
            Takes::Format => words(self, FORMATS),
            Takes::Bool if !item => words_as_they_are(self, &["true", "false"]),
            Takes::Names => self.property_names(!item),
            Takes::Reference if !item => self.references(),
            Takes::Text if name == "$schema" => words(self, &[(DRAFT, "The draft that is used today.")]),
            _ => {}
        }
    }

    /// Names of the properties that stand beside the list.
    fn property_names(&mut self, list: bool) {
        let parsed;
        let root = if self.json {
            parsed = json::parse(self.text).0;
            &parsed
        } else {
            self.pack.root
        };
        let chain = chain(root, self.offset);
        let Some(schema) = chain.iter().rev().find(|node| node.get("properties").is_some() && node.get("required").is_some())
        else {
            return;
        };
        let taken: Vec<&str> =
            schema.get("required").map(Node::items).unwrap_or_default().iter().filter_map(Node::as_text).collect();
        let names = schema.get("properties").map(Node::entries).unwrap_or_default();
        for (rank, (key, _)) in names.iter().enumerate() {
            if key.name == self.place.typed || !taken.contains(&key.name.as_str()) {
                self.word(Offer::new(&key.name, CompletionKind::Name, rank), list);
            }
        }
    }

    /// What `$ref` can name: definitions of this schema, and schemas of the pack.
    fn references(&mut self) {
        let parsed;
        let root = if self.json {
            parsed = json::parse(self.text).0;
            &parsed
        } else {
            self.pack.root
        };
        let chain = chain(root, self.offset);
        let mut rank = 0;
        if let Some(definitions) = chain.iter().find_map(|node| node.get("$defs")) {
            for (key, node) in definitions.entries() {
                let about = node.text_at("description").or(node.text_at("title")).unwrap_or_default();
                let pointer = format!("#/$defs/{}", key.name.replace('~', "~0").replace('/', "~1"));
                self.word(Offer::new(&pointer, CompletionKind::Name, rank).docs(about), false);
                rank += 1;
            }
        }
        let folder = self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let own = self.path;
        let named = Named::by(self.pack.manifest);
        for path in self.pack.files().filter(|path| has_ending(path, &["json"]) && *path != own) {
            if named.kind(path) == Kind::Schema {
                self.word(Offer::new(&relative(folder, path), CompletionKind::Path, 100 + rank), false);
            }
        }
        if self.json {
            self.word(
                Offer::new("#", CompletionKind::Name, 200).docs("The whole schema: a value that holds values like itself."),
                false,
            );
        }
    }
}

fn words_as_they_are(offers: &mut Offers<'_, '_>, words: &[&str]) {
    for (rank, word) in words.iter().enumerate() {
        offers.offer(Offer::new(word, CompletionKind::Word, rank), (*word).to_owned(), false);
    }
}

/// A path seen from a folder of the pack.
pub(in crate::assist) fn relative(folder: &str, path: &str) -> String {
    let from: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let to: Vec<&str> = path.split('/').collect();
    let same = from.iter().zip(&to[..to.len() - 1]).take_while(|(one, other)| one == other).count();
    let mut out = "../".repeat(from.len() - same);
    out.push_str(&to[same..].join("/"));
    out
}

/// The nodes that hold a place, from the outermost in.
pub(in crate::assist) fn chain(root: &Node, offset: usize) -> Vec<&Node> {
    let mut chain = vec![root];
    let holds = |node: &&Node| node.span.start <= offset && offset <= node.span.end;
    loop {
        let last = chain[chain.len() - 1];
        let next = match &last.value {
            Value::Map(entries) => entries.iter().map(|(_, node)| node).find(holds),
            Value::List(items) => items.iter().find(holds),
            _ => None,
        };
        match next {
            Some(next) => chain.push(next),
            None => return chain,
        }
    }
}
