//! A schema and all that it refers to, in one value whose references are all `#/…`: what examples, types and comparisons read.

use super::SchemaError;
use super::keywords::Draft;
use super::references::{Documents, Files, Target, below, fragment, holder};
use serde_json::{Map, Value};

/// A schema on its own legs.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    /// Every reference in it is a JSON pointer within it, or names a draft's own schema.
    pub value: Value,
    pub draft: Draft,
    /// False when a `$dynamicRef` or `$recursiveRef` could mean several parts: then the bundle takes the first, which may be wrong.
    pub exact: bool,
    /// Whether other files went into it.
    pub files: bool,
}

impl Bundle {
    /// Brings a schema and the files that it refers to together. `path` is the file that the schema stands in.
    pub fn of(path: &str, schema: &Value, files: &Files<'_>) -> Result<Self, SchemaError> {
        super::bounds::check(schema)?;
        let documents = Documents::gather(path, schema, files);
        refuse(&documents)?;
        let first = &documents.all[0];
        let dynamic = documents.all.iter().flat_map(|document| &document.dynamic);
        let mut names: Vec<&String> = dynamic.flat_map(|(name, &count)| std::iter::repeat_n(name, count)).collect();
        let all = names.len();
        names.sort();
        names.dedup();
        let recursive: usize = documents.all.iter().map(|document| document.recursive).sum();
        let mut exact = names.len() == all && recursive < 2;

        let mut value = first.value.clone();
        let draft = first.draft;
        // A keyword beside `$ref` says nothing in the old drafts: what is found there is not what the author's validator sees.
        let parts = draft.parts_key();
        let taken = |name: &str| first.value.get(parts).and_then(|parts| parts.get(name)).is_some();
        let mut names = vec![String::new()];
        for document in &documents.all[1..] {
            let mut name = document.path.clone();
            while taken(&name) || names.contains(&name) {
                name.push('~');
            }
            names.push(name);
        }
        let place = |document: usize, pointer: &str| match document {
            0 => pointer.to_owned(),
            _ => format!("{}{pointer}", below(&format!("/{parts}"), &names[document])),
        };
        let mut embedded: Vec<(String, Value)> = Vec::new();
        for (at, document) in documents.all.iter().enumerate() {
            let mut rewritten = if at == 0 { std::mem::take(&mut value) } else { document.value.clone() };
            for reference in &documents.references[at] {
                let target = match &reference.target {
                    Target::Within { pointer } => place(at, pointer),
                    Target::File { path, pointer } => place(documents.position(path).unwrap_or(0), pointer),
                    _ => continue,
                };
                let Some(Value::Object(keywords)) = rewritten.pointer_mut(holder(reference)) else { continue };
                keywords.remove(reference.keyword);
                if keywords.contains_key("$ref") && reference.keyword != "$ref" {
                    exact = false;
                    continue;
                }
                keywords.insert("$ref".to_owned(), format!("#{}", fragment(&target)).into());
            }
            for pointer in &document.schemas {
                let Some(Value::Object(keywords)) = rewritten.pointer_mut(pointer) else { continue };
                for key in [draft.id_key(), "$anchor", "$dynamicAnchor", "$recursiveAnchor"] {
                    // A property of that name stands elsewhere: only schemas come here.
                    if keywords.get(key).is_some_and(|value| value.is_string() || value.is_boolean()) {
                        keywords.remove(key);
                    }
                }
                if at > 0 {
                    keywords.remove("$schema");
                }
            }
            if at == 0 {
                value = rewritten;
            } else {
                embedded.push((names[at].clone(), rewritten));
            }
        }
        let files = !embedded.is_empty();
        if files && let Value::Object(keywords) = &mut value {
            let entry = keywords.entry(parts).or_insert_with(|| Map::new().into());
            if let Value::Object(entries) = entry {
                entries.extend(embedded);
            }
        }
        Ok(Self { value, draft, exact, files })
    }

    /// A schema that refers to no other file.
    pub fn alone(schema: &Value) -> Result<Self, SchemaError> {
        Self::of("", schema, &|_| None)
    }

    /// What a reference within the bundle names.
    pub(crate) fn target<'a>(root: &'a Value, reference: &str) -> Option<&'a Value> {
        let pointer = super::bounds::decoded(reference.strip_prefix('#')?);
        root.pointer(&pointer)
    }
}

/// The first thing that keeps a schema from standing on its own legs.
fn refuse(documents: &Documents) -> Result<(), SchemaError> {
    if documents.too_many {
        return Err(SchemaError::TooLarge);
    }
    for (document, references) in documents.all.iter().zip(&documents.references) {
        for reference in references {
            let written = reference.written.clone();
            match &reference.target {
                Target::Within { .. } | Target::File { .. } | Target::Draft { .. } => {}
                Target::NoPart { .. } => return Err(SchemaError::Nowhere { reference: written }),
                Target::NoFile { path } => {
                    return Err(SchemaError::NoFile { reference: written, path: path.clone() });
                }
                Target::Network { .. } | Target::Outside => return Err(SchemaError::Elsewhere { reference: written }),
            }
        }
        if let Some(declared) = document.declared.filter(|declared| *declared != documents.all[0].draft) {
            let (file, draft) = (document.path.clone(), declared.name());
            return Err(SchemaError::OtherDraft { file, draft, wanted: documents.all[0].draft.name() });
        }
    }
    Ok(())
}
