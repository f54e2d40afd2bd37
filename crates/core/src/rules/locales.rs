//! Texts in several languages: `assets/i18n/<locale>.json` with the same keys and the same placeholders in each.

use super::data::read_json;
use super::{Example, Rule};
use crate::check::Whole;
use crate::content::{Facts, Kind};
use crate::diagnostic::{Diagnostic, Severity};
use crate::nearest::nearest;
use crate::text::shown;
use crate::yaml::{Node, Value};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;

pub static NOT_JSON: Rule = Rule {
    code: "locales/not-json",
    severity: Severity::Error,
    summary: "A locale's file is not JSON.",
    why: "None of its texts can be read, so people see keys, or another language.",
    example: Example::file("assets/i18n/en.json", "{\"title\": \"Notes\",}\n", "{\"title\": \"Notes\"}\n"),
};

pub static NOT_TEXT: Rule = Rule {
    code: "locales/not-text",
    severity: Severity::Warning,
    summary: "A locale's file holds something that is no text, or no mapping of texts.",
    why: "What shows a text gets something else, and shows nothing or fails.",
    example: Example::file(
        "assets/i18n/en.json",
        "{\"title\": \"Notes\", \"limit\": 10}\n",
        "{\"title\": \"Notes\", \"limit\": \"10\"}\n",
    ),
};

pub static BAD_NAME: Rule = Rule {
    code: "locales/bad-name",
    severity: Severity::Warning,
    summary: "A locale's file is not called after a locale.",
    why: "A platform looks for the file by the language that a person has set, and does not find it.",
    example: Example::Told {
        before: "The German texts lie in `assets/i18n/german.json`.",
        after: "They lie in `assets/i18n/de.json`; for one country, in `de-AT.json`.",
    },
};

pub static MISSING_KEY: Rule = Rule {
    code: "locales/missing-key",
    severity: Severity::Warning,
    summary: "A locale lacks texts that the others have.",
    why: "People of that language see the key itself, or English in the middle of their own.",
    example: Example::file(
        "assets/i18n/de.json",
        "{\"title\": \"Notizen\"}\n",
        "{\"title\": \"Notizen\", \"empty\": \"Noch nichts da.\"}\n",
    )
    .beside(&[("assets/i18n/en.json", "{\"title\": \"Notes\", \"empty\": \"Nothing here yet.\"}\n")]),
};

pub static UNKNOWN_KEY: Rule = Rule {
    code: "locales/unknown-key",
    severity: Severity::Warning,
    summary: "A locale has a text that the others do not have.",
    why: "Most likely its key was renamed in the others, so the text is shown nowhere.",
    example: Example::file(
        "assets/i18n/de.json",
        "{\"title\": \"Notizen\", \"emtpy\": \"Noch nichts da.\"}\n",
        "{\"title\": \"Notizen\", \"empty\": \"Noch nichts da.\"}\n",
    )
    .beside(&[("assets/i18n/en.json", "{\"title\": \"Notes\", \"empty\": \"Nothing here yet.\"}\n")]),
};

pub static PLACEHOLDER: Rule = Rule {
    code: "locales/placeholder",
    severity: Severity::Warning,
    summary: "A text has other placeholders than it has in another language.",
    why: "What is to be filled in is missing there, or a name between braces is shown to people.",
    example: Example::file("assets/i18n/de.json", "{\"found\": \"{zahl} Bücher\"}\n", "{\"found\": \"{count} Bücher\"}\n")
        .beside(&[("assets/i18n/en.json", "{\"found\": \"{count} books\"}\n")]),
};

/// The family's rules.
pub static RULES: &[&Rule] = &[&NOT_JSON, &NOT_TEXT, &BAD_NAME, &MISSING_KEY, &UNKNOWN_KEY, &PLACEHOLDER];

/// What such a file says that others count on.
#[derive(Debug, Default)]
pub struct LocaleFacts {
    /// The texts by the way to them: `errors.not_found`. `None` for a file that could not be read, or is none of texts.
    texts: Option<BTreeMap<String, Entry>>,
}

/// A text of a locale.
#[derive(Debug)]
struct Entry {
    key: Range<usize>,
    value: Range<usize>,
    placeholders: BTreeSet<String>,
}

/// Most texts of a file that are compared.
const MOST_TEXTS: usize = 50_000;

/// Checks one file by itself.
pub fn check_file(path: &str, text: &str, _kind: Kind, out: &mut Vec<Diagnostic>) -> Facts {
    // Lists of locales and the like: tools keep them beside, behind an underscore.
    let Some(place) = Place::of(path) else { return Facts::Nothing };
    if !is_locale(place.locale) {
        let found = BAD_NAME.at(path, 0..0, format!("`{}` is not the name of a locale", shown(place.locale)));
        let mended = place.locale.replace('_', "-");
        out.push(if is_locale(&mended) {
            found.hint(format!("Did you mean `{mended}`? Rename it."))
        } else {
            found.hint("A locale is a language and, where it matters, a script and a country: `en`, `pt-BR`, `zh-Hant`.")
        });
    }
    let Some(root) = read_json(path, text, &NOT_JSON, out) else { return Facts::Locale(LocaleFacts::default()) };
    if !matches!(root.value, Value::Map(_)) {
        let message = format!("this is {}, and keys with texts are wanted", root.kind());
        out.push(NOT_TEXT.at(path, root.span.clone(), message).hint("Write `{\"key\": \"text\"}`."));
        return Facts::Locale(LocaleFacts::default());
    }
    let mut texts = BTreeMap::new();
    collect(path, &root, "", &mut texts, out);
    Facts::Locale(LocaleFacts { texts: Some(texts) })
}

fn collect(path: &str, node: &Node, way: &str, texts: &mut BTreeMap<String, Entry>, out: &mut Vec<Diagnostic>) {
    for (key, value) in node.entries() {
        if texts.len() >= MOST_TEXTS {
            return;
        }
        let way = if way.is_empty() { key.name.clone() } else { format!("{way}.{}", key.name) };
        match &value.value {
            Value::Text(text) => {
                let entry = Entry { key: key.span.clone(), value: value.span.clone(), placeholders: placeholders(text) };
                texts.entry(way).or_insert(entry);
            }
            // A way as long as that is no key of anyone's, and would be written down for each text below it.
            Value::Map(_) if way.len() < 1000 => collect(path, value, &way, texts, out),
            Value::Map(_) => {}
            _ => out.push(
                NOT_TEXT
                    .at(path, value.span.clone(), format!("`{}` is {}, and text is wanted", shown(&way), value.kind()))
                    .hint("Put it in quotes, or give each part a key of its own."),
            ),
        }
    }
}

/// What is filled in: names between braces, `{count}` and `{{count}}`. What a plural holds below its own name is not looked at.
fn placeholders(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut depth = 0usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => {
                let name = text[at + 1..].split(['}', ',', '{']).next().unwrap_or_default().trim();
                let inside = depth == 0 || (depth == 1 && text[..at].ends_with('{'));
                let named = name.starts_with(|first: char| first.is_alphabetic() || matches!(first, '_' | '$'))
                    && name.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '-' | '$'));
                let numbered = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
                if inside && (named || numbered) && name.len() <= 64 {
                    found.insert(name.to_owned());
                }
                depth += 1;
            }
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    found
}

/// Where a file belongs: its locale, and the group of files that say the same in other languages.
#[derive(Debug, PartialEq, Eq)]
struct Place<'a> {
    locale: &'a str,
    group: &'a str,
}

impl<'a> Place<'a> {
    fn of(path: &'a str) -> Option<Self> {
        let rest = path.strip_prefix("assets/i18n/")?;
        if rest.split('/').any(|part| part.starts_with(['_', '.'])) {
            return None;
        }
        Some(match rest.split_once('/') {
            // `assets/i18n/de/errors.json`
            Some((locale, group)) => Self { locale, group },
            None => Self { locale: rest.rsplit_once('.').map_or(rest, |(stem, _)| stem), group: "" },
        })
    }
}

/// True for a language tag as they are used: a language, and then a script, a country, variants.
fn is_locale(name: &str) -> bool {
    let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let mut parts = name.split('-');
    let language = parts.next().unwrap_or_default();
    (2..=3).contains(&language.len())
        && letters(language)
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// A file of a group: its path, its locale and its texts.
type File<'a> = (&'a str, &'a str, &'a BTreeMap<String, Entry>);

/// Checks what only the whole pack can tell.
pub fn check(pack: &Whole<'_>, out: &mut Vec<Diagnostic>) {
    let mut groups: BTreeMap<&str, Vec<File<'_>>> = BTreeMap::new();
    for (path, content) in pack.contents {
        if let Facts::Locale(LocaleFacts { texts: Some(texts) }) = &content.facts
            && let Some(place) = Place::of(path)
        {
            groups.entry(place.group).or_default().push((path, place.locale, texts));
        }
    }
    groups.values().filter(|files| files.len() > 1).for_each(|files| compare(files, out));
}

/// Compares the files of one group with the English one; without it, with what most of them have.
fn compare(files: &[File<'_>], out: &mut Vec<Diagnostic>) {
    let plurals = Plurals::of(files);
    let english = files.iter().find(|(_, locale, _)| locale.eq_ignore_ascii_case("en"));
    let mut wanted: BTreeMap<Cow<'_, str>, Wanted<'_>> = BTreeMap::new();
    let model = if let Some((path, _, texts)) = english {
        texts.iter().for_each(|(key, entry)| wanted.entry(plurals.name(key)).or_default().add(key, entry));
        format!("`{path}`")
    } else {
        let mut counts: BTreeMap<Cow<'_, str>, (BTreeSet<&str>, Wanted<'_>)> = BTreeMap::new();
        for (path, _, texts) in files {
            for (key, entry) in *texts {
                let (having, text) = counts.entry(plurals.name(key)).or_default();
                having.insert(path);
                text.add(key, entry);
            }
        }
        // Of two files nobody can tell which is right: each is to have what the other has.
        let most = if files.len() == 2 { 1 } else { files.len() / 2 + 1 };
        wanted.extend(counts.into_iter().filter(|(_, (having, _))| having.len() >= most).map(|(key, (_, text))| (key, text)));
        "the other locales".to_owned()
    };
    for (path, _, texts) in files {
        if english.is_some_and(|(english, ..)| english == path) {
            continue;
        }
        let here: HashSet<Cow<'_, str>> = texts.keys().map(|key| plurals.name(key)).collect();
        let missing: Vec<&str> = wanted.keys().filter(|key| !here.contains(*key)).map(AsRef::as_ref).collect();
        let mut meant: HashSet<&str> = HashSet::new();
        let mut unknown: HashSet<Cow<'_, str>> = HashSet::new();
        for (key, entry) in *texts {
            let name = plurals.name(key);
            let Some(other) = wanted.get(&name) else {
                // The forms of one plural are one text.
                if !unknown.insert(name) {
                    continue;
                }
                let found = UNKNOWN_KEY.at(path, entry.key.clone(), format!("`{}` is not in {model}", shown(key)));
                out.push(match nearest(key, missing.iter().take(100).copied()) {
                    Some(near) => {
                        meant.insert(near.word);
                        found.hint(format!("Did you mean `{near}`?"))
                    }
                    None => found.hint("Remove it, or add it to the others."),
                });
                continue;
            };
            let there = other.placeholders(key, entry);
            if entry.placeholders != *there {
                out.push(
                    PLACEHOLDER
                        .at(
                            path,
                            entry.value.clone(),
                            format!("`{}` {}", shown(key), difference(&entry.placeholders, &there, &model)),
                        )
                        .hint("Placeholders are names of the program, and stay the same in each language."),
                );
            }
        }
        // What is there under a name with a slip of the finger is told once, and there.
        let missing: Vec<&str> = missing.into_iter().filter(|key| !meant.contains(key)).collect();
        if !missing.is_empty() {
            out.push(MISSING_KEY.at(path, 0..0, lacks(&missing, &model)).hint(match missing.as_slice() {
                [key] => format!("Add `{}`, translated.", shown(key)),
                _ => "Add them, translated.".to_owned(),
            }));
        }
    }
}

/// A text that a locale is to have: by the keys under which the model has it, which are several where it is a plural.
#[derive(Default)]
struct Wanted<'a> {
    forms: BTreeMap<&'a str, &'a Entry>,
}

impl<'a> Wanted<'a> {
    fn add(&mut self, key: &'a str, entry: &'a Entry) {
        self.forms.entry(key).or_insert(entry);
    }

    /// What a text under this key is to have filled in. A form of a plural may spell its number out, and so may have less.
    fn placeholders(&self, key: &str, here: &'a Entry) -> Cow<'a, BTreeSet<String>> {
        let plural = self.forms.len() > 1 || !self.forms.contains_key(key);
        match self.forms.get(key) {
            Some(same) if !plural || key.ends_with(OTHER) => Cow::Borrowed(&same.placeholders),
            _ => {
                let any = |name: &String| self.forms.values().any(|form| form.placeholders.contains(name));
                Cow::Owned(here.placeholders.iter().filter(|name| any(name)).cloned().collect())
            }
        }
    }
}

/// The forms that a plural may have: each language has some of them.
const FORMS: &[&str] = &["zero", "one", "two", "few", "many", OTHER];

/// The form that every language has.
const OTHER: &str = "other";

/// Texts that have a form for each number: `items_one`, `items_other`; or `one` and `other` below `items`.
struct Plurals<'a>(HashSet<&'a str>);

impl<'a> Plurals<'a> {
    fn of(files: &[File<'a>]) -> Self {
        let keys = files.iter().flat_map(|(_, _, texts)| texts.keys());
        Self(keys.filter_map(|key| key.strip_suffix(OTHER)).filter(|stem| stem.ends_with(['_', '.'])).collect())
    }

    /// One name for all forms of a text: that of the form which every language has.
    fn name<'k>(&self, key: &'k str) -> Cow<'k, str> {
        let stem = FORMS.iter().find_map(|form| key.strip_suffix(form)).filter(|stem| self.0.contains(stem));
        stem.map_or(Cow::Borrowed(key), |stem| Cow::Owned(format!("{stem}{OTHER}")))
    }
}

/// What is filled in here, and not there, and the other way round.
fn difference(here: &BTreeSet<String>, there: &BTreeSet<String>, model: &str) -> String {
    let names = |names: Vec<&String>| names.iter().map(|name| format!("`{{{}}}`", shown(name))).collect::<Vec<_>>().join(", ");
    let (more, less) = (names(here.difference(there).collect()), names(there.difference(here).collect()));
    match (more.is_empty(), less.is_empty()) {
        (false, true) => format!("has {more}, not found in {model}"),
        (true, _) => format!("lacks {less}, found in {model}"),
        (false, false) => format!("has {more}, and {less} is found in {model}"),
    }
}

/// How many keys a message names.
const NAMED: usize = 5;

fn lacks(missing: &[&str], model: &str) -> String {
    let named: Vec<String> = missing.iter().take(NAMED).map(|key| format!("`{}`", shown(key))).collect();
    let more = missing.len().saturating_sub(NAMED);
    let and_more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("this lacks {}{and_more}, found in {model}", named.join(", "))
}

#[cfg(test)]
mod tests {
    use super::{Place, is_locale, placeholders};
    use crate::rules::tests::findings;
    use crate::source::MemoryPack;

    fn with(files: &[(&str, &str)]) -> String {
        let files = files.iter().map(|(locale, text)| (format!("assets/i18n/{locale}.json"), (*text).to_owned()));
        findings(&MemoryPack::new(files.chain([("pack.yaml".to_owned(), "name: n\ndescription: d\n".to_owned())])))
    }

    #[test]
    fn a_file_holds_texts() {
        insta::assert_snapshot!(with(&[("en", "{\"a\": 1, \"b\": {\"c\": [\"x\"], \"d\": \"é\"}, \"b\": {}}"), ("de", "{\"a\": }"), ("fr", "[]")]), @r#"
        Error locales/not-json assets/i18n/de.json:1:6 <> this is not JSON: a value is wanted behind this colon
          hint: Look at the commas, quotes and brackets here and just before.
        Warning locales/not-text assets/i18n/en.json:1:7 <1> `a` is a number, and text is wanted
          hint: Put it in quotes, or give each part a key of its own.
        Warning locales/not-text assets/i18n/en.json:1:21 <["x"]> `b.c` is a list, and text is wanted
          hint: Put it in quotes, or give each part a key of its own.
        Warning data/duplicate-key assets/i18n/en.json:1:39 <"b"> `b` stands twice in this mapping
          hint: Keep one of the two.
        Warning locales/not-text assets/i18n/fr.json:1:1 <[]> this is a list, and keys with texts are wanted
          hint: Write `{"key": "text"}`.
        "#);
        assert_eq!(with(&[("en", "{}"), ("_manifest", "[\"en\"]")]), "");
    }

    #[test]
    fn a_file_is_called_after_a_locale() {
        insta::assert_snapshot!(with(&[("en_US", "{}"), ("german", "{}")]), @"
        Warning locales/bad-name assets/i18n/en_US.json:1:1 <> `en_US` is not the name of a locale
          hint: Did you mean `en-US`? Rename it.
        Warning locales/bad-name assets/i18n/german.json:1:1 <> `german` is not the name of a locale
          hint: A locale is a language and, where it matters, a script and a country: `en`, `pt-BR`, `zh-Hant`.
        ");
        for name in ["en", "de-AT", "zh-Hant-TW", "es-419", "gsw", "ca-valencia"] {
            assert!(is_locale(name), "{name}");
        }
        for name in ["e", "en-", "english", "en_US", "de-toolongvariant", ""] {
            assert!(!is_locale(name), "{name}");
        }
        assert_eq!(Place::of("assets/i18n/de/errors.json"), Some(Place { locale: "de", group: "errors.json" }));
    }

    #[test]
    fn all_locales_have_the_texts_of_the_english_one() {
        insta::assert_snapshot!(with(&[
            ("en", "{\"a\": \"A\", \"b\": {\"open\": \"x\", \"close\": \"y\"}}"),
            ("de", "{\"a\": \"Ä\", \"b\": {\"opem\": \"x\"}, \"zzzzzzzzz\": \"\"}"),
        ]), @r#"
        Warning locales/missing-key assets/i18n/de.json:1:1 <> this lacks `b.close`, found in `assets/i18n/en.json`
          hint: Add `b.close`, translated.
        Warning locales/unknown-key assets/i18n/de.json:1:18 <"opem"> `b.opem` is not in `assets/i18n/en.json`
          hint: Did you mean `b.open`?
        Warning locales/unknown-key assets/i18n/de.json:1:32 <"zzzzzzzzz"> `zzzzzzzzz` is not in `assets/i18n/en.json`
          hint: Remove it, or add it to the others.
        "#);
        let many = (0..9).map(|n| format!("\"k{n}\": \"\",")).collect::<Vec<_>>().concat();
        assert!(with(&[("en", &format!("{{{many} \"z\": \"\"}}")), ("de", "{}")]).contains("and 5 more, found"));
    }

    #[test]
    fn without_english_most_decide() {
        insta::assert_snapshot!(with(&[("de", "{\"a\": \"\", \"b\": \"\"}"), ("fr", "{\"a\": \"\", \"b\": \"\"}"), ("it", "{\"a\": \"\", \"long\": \"\"}")]), @r#"
        Warning locales/missing-key assets/i18n/it.json:1:1 <> this lacks `b`, found in the other locales
          hint: Add `b`, translated.
        Warning locales/unknown-key assets/i18n/it.json:1:11 <"long"> `long` is not in the other locales
          hint: Remove it, or add it to the others.
        "#);
        insta::assert_snapshot!(with(&[("de", "{\"a\": \"\"}"), ("fr", "{\"b\": \"\"}")]), @"
        Warning locales/missing-key assets/i18n/de.json:1:1 <> this lacks `b`, found in the other locales
          hint: Add `b`, translated.
        Warning locales/missing-key assets/i18n/fr.json:1:1 <> this lacks `a`, found in the other locales
          hint: Add `a`, translated.
        ");
    }

    #[test]
    fn each_language_has_its_own_forms_of_a_plural() {
        let en = "{\"items_one\": \"One item\", \"items_other\": \"{{count}} items\", \"n\": {\"one\": \"a\", \"other\": \"b\"}}";
        let pl = "{\"items_one\": \"{{count}} rzecz\", \"items_few\": \"{{count}} rzeczy\", \"items_many\": \"wiele\", \"items_other\": \"{{count}} rzeczy\", \"n\": {\"few\": \"a\", \"other\": \"b\"}}";
        let ja = "{\"items_other\": \"{{count}}個\", \"n\": {\"other\": \"b\"}}";
        assert_eq!(with(&[("en", en), ("pl", pl), ("ja", ja)]), "");
        assert_eq!(with(&[("de", en), ("pl", pl), ("ja", ja)]), "");
        insta::assert_snapshot!(with(&[
            ("en", "{\"items_one\": \"One item\", \"items_other\": \"{{count}} items\", \"step_one\": \"x\"}"),
            ("ja", "{\"items_other\": \"個\", \"step_two\": \"x\"}"),
            ("pl", "{\"step_one\": \"x\", \"books_few\": \"\", \"books_other\": \"\"}"),
            ("ru", "{\"items_few\": \"{{n}}\", \"step_one\": \"x\"}"),
        ]), @r#"
        Warning locales/missing-key assets/i18n/ja.json:1:1 <> this lacks `step_one`, found in `assets/i18n/en.json`
          hint: Add `step_one`, translated.
        Warning locales/placeholder assets/i18n/ja.json:1:17 <"個"> `items_other` lacks `{count}`, found in `assets/i18n/en.json`
          hint: Placeholders are names of the program, and stay the same in each language.
        Warning locales/unknown-key assets/i18n/ja.json:1:22 <"step_two"> `step_two` is not in `assets/i18n/en.json`
          hint: Remove it, or add it to the others.
        Warning locales/missing-key assets/i18n/pl.json:1:1 <> this lacks `items_other`, found in `assets/i18n/en.json`
          hint: Add `items_other`, translated.
        Warning locales/unknown-key assets/i18n/pl.json:1:19 <"books_few"> `books_few` is not in `assets/i18n/en.json`
          hint: Remove it, or add it to the others.
        Warning locales/placeholder assets/i18n/ru.json:1:15 <"{{n}}"> `items_few` has `{n}`, not found in `assets/i18n/en.json`
          hint: Placeholders are names of the program, and stay the same in each language.
        "#);
    }

    #[test]
    fn placeholders_stay_the_same() {
        insta::assert_snapshot!(with(&[
            ("en", "{\"a\": \"{count} of {{total}}\", \"b\": \"{n, plural, one {# day} other {# days}}\", \"c\": \"x\"}"),
            ("de", "{\"a\": \"{zahl} von {{total}}\", \"b\": \"{n, plural, one {# Tag} other {# Tage}}\", \"c\": \"{x}\"}"),
            ("fr", "{\"a\": \"rien\", \"b\": \"{n}\", \"c\": \"{ é { \"}"),
        ]), @r#"
        Warning locales/placeholder assets/i18n/de.json:1:7 <"{zahl} von {{total}}"> `a` has `{zahl}`, and `{count}` is found in `assets/i18n/en.json`
          hint: Placeholders are names of the program, and stay the same in each language.
        Warning locales/placeholder assets/i18n/de.json:1:84 <"{x}"> `c` has `{x}`, not found in `assets/i18n/en.json`
          hint: Placeholders are names of the program, and stay the same in each language.
        Warning locales/placeholder assets/i18n/fr.json:1:7 <"rien"> `a` lacks `{count}`, `{total}`, found in `assets/i18n/en.json`
          hint: Placeholders are names of the program, and stay the same in each language.
        Warning locales/placeholder assets/i18n/fr.json:1:32 <"{ é { "> `c` has `{é}`, not found in `assets/i18n/en.json`
          hint: Placeholders are names of the program, and stay the same in each language.
        "#);
        assert_eq!(placeholders("a {0} {b.c} { spaced } {not it!} } {"), ["0", "b.c", "spaced"].map(str::to_owned).into());
    }

    #[test]
    fn many_texts_are_compared_at_once() {
        let texts = |from: usize| (from..from + 5000).map(|n| format!("\"key{n}\": \"{{x}}\"")).collect::<Vec<_>>().join(",");
        let told = with(&[("en", &format!("{{{}}}", texts(0))), ("de", &format!("{{{}}}", texts(3000)))]);
        assert!(told.contains("more like it"), "{}", told.len());
        let _ = with(&[("en", &"{\"a\":".repeat(120)), ("de", &("{\"a\": \"".to_owned() + &"{".repeat(200_000) + "\"}"))]);
    }
}
