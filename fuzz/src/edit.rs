//! Any text and any change: it is made as it was asked for, or refused.
//!
//! The first bytes say what to change, the rest is the text. That the result is right is found out here a second way: on JSON values, with other
//! readers than the change itself uses for its proof where there are any.

use packwright_core::edit::{Change, Data, Language, Place, Step, What, apply};
use packwright_core::model::yaml_to_json;
use packwright_core::yaml;
use serde_json::{Value, json};

/// How many bytes choose the change: what, two for the value, and five for the path.
const CHOICES: usize = 8;

pub fn run(bytes: &[u8]) {
    let Some((choices, text)) = bytes.split_at_checked(CHOICES) else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let language = if choices[0].is_multiple_of(4) { Language::Json } else { Language::Yaml };
    let Some(before) = value_of(text, language) else { return };
    let change = choose(choices, &before);
    let edited = match apply(text, language, &change) {
        Ok(edited) => edited,
        Err(refusal) => {
            assert!(text.get(refusal.range.clone()).is_some(), "{refusal:?} has no place");
            assert!(!refusal.to_string().is_empty());
            return;
        }
    };
    let mut made = text.to_owned();
    let mut last = text.len();
    for edit in edited.edits.iter().rev() {
        assert!(edit.range.end <= last, "edits lie apart and in order");
        last = edit.range.start;
        made.replace_range(edit.range.clone(), &edit.text);
    }
    assert_eq!(made, edited.text, "the edits make the text");
    let mut wanted = before;
    assert!(change_value(&mut wanted, &change.path, &change.what).is_some(), "{change:?} was made and means nothing");
    let after = value_of(&edited.text, language).expect("what was written is read");
    assert_eq!(after, wanted, "{change:?}\n{}", edited.text);
}

/// What a text says, without the order of its keys.
fn value_of(text: &str, language: Language) -> Option<Value> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match language {
        Language::Json => serde_json::from_str(text).ok(),
        Language::Yaml => yaml::parse(text).ok().map(|node| yaml_to_json(&node)),
    }
}

fn choose(choices: &[u8], value: &Value) -> Change {
    let mut path = Vec::new();
    let mut at = value;
    for choice in choices[3..].iter().map(|byte| usize::from(*byte)) {
        match at {
            Value::Object(entries) if !entries.is_empty() && choice < 250 => {
                let Some((key, inner)) = entries.iter().nth(choice % entries.len()) else { break };
                path.push(Step::Key(key.clone()));
                at = inner;
            }
            Value::Array(items) if !items.is_empty() && choice < 250 => {
                path.push(Step::Index(choice % items.len()));
                at = &items[choice % items.len()];
            }
            _ => break,
        }
    }
    let place = usize::from(choices[2] % 5);
    let what = match choices[0] / 4 % 6 {
        0 => What::Remove,
        1 => What::Rename(["new", "a: b", "é", "'", "<<", "x.y.v1"][usize::from(choices[1] % 6)].to_owned()),
        2 => What::Move(place),
        3 => What::Insert { place: Place::At(place), key: Some("new key".to_owned()), value: new(choices[1]) },
        4 => What::Insert { place: Place::Last, key: None, value: new(choices[1]) },
        _ => What::Set(new(choices[1])),
    };
    Change { path, what }
}

fn new(choice: u8) -> Data {
    let value = match choice % 12 {
        0 => json!(null),
        1 => json!(true),
        2 => json!(-5),
        3 => json!("word"),
        4 => json!("1.2.0"),
        5 => json!("it's: \"a\" # b"),
        6 => json!("two\nlines\n"),
        7 => json!("end\n\n"),
        8 => json!([]),
        9 => json!(["a", {"b": "c"}]),
        10 => json!({"a": {"b": [1, 2]}, "c": "x\ny"}),
        _ => json!(" \u{2028}\ttab"),
    };
    value.into()
}

/// The same change on a value; `None` when it means nothing there.
fn change_value(value: &mut Value, path: &[Step], what: &What) -> Option<()> {
    if let Some((first, rest)) = path.split_first()
        && (!rest.is_empty() || matches!(what, What::Insert { .. }))
    {
        return change_value(inside(value, first)?, rest, what);
    }
    match (what, path.first()) {
        (What::Set(new), None) => *value = json_of(new),
        (What::Set(new), Some(step)) => *inside(value, step)? = json_of(new),
        (What::Insert { key: Some(key), value: new, .. }, _) => {
            if value.is_null() {
                *value = json!({});
            }
            let twin = value.as_object_mut()?.insert(key.clone(), json_of(new));
            assert_eq!(twin, None, "a key was there already");
        }
        (What::Insert { key: None, place, value: new }, _) => {
            if value.is_null() {
                *value = json!([]);
            }
            let items = value.as_array_mut()?;
            let index = if let Place::At(index) = place { *index } else { items.len() };
            (index <= items.len()).then(|| items.insert(index, json_of(new)))?;
        }
        (What::Remove, Some(Step::Key(key))) => drop(value.as_object_mut()?.remove(key)?),
        (What::Remove, Some(Step::Index(index))) => drop(value.as_array_mut()?.remove(*index)),
        (What::Rename(new), Some(Step::Key(key))) => {
            let entries = value.as_object_mut()?;
            let moved = entries.remove(key)?;
            assert_eq!(entries.insert(new.clone(), moved), None, "a key was there already");
        }
        (What::Move(to), Some(Step::Index(index))) => {
            let items = value.as_array_mut()?;
            let item = items.remove(*index);
            (*to <= items.len()).then(|| items.insert(*to, item))?;
        }
        (What::Move(_), Some(Step::Key(_))) => {}
        _ => return None,
    }
    Some(())
}

fn inside<'a>(value: &'a mut Value, step: &Step) -> Option<&'a mut Value> {
    match step {
        Step::Key(key) => value.get_mut(key),
        Step::Index(index) => value.get_mut(index),
    }
}

fn json_of(data: &Data) -> Value {
    match data {
        Data::Null => Value::Null,
        Data::Bool(yes) => Value::Bool(*yes),
        Data::Number(number) => serde_json::from_str(number).expect("the numbers above are JSON's"),
        Data::Text(text) => Value::String(text.clone()),
        Data::List(items) => items.iter().map(json_of).collect(),
        Data::Map(entries) => entries.iter().map(|(key, value)| (key.clone(), json_of(value))).collect(),
    }
}
