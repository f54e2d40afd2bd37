//! Nothing that an author types makes assistance stumble: every place of every sample, and of samples cut and shuffled.

use super::{FILES, with_pack};
use crate::assist::{
    Pack, actions, complete, definition, folding, hover, inlays, links, references, rename, rename_range, symbols,
};

const SAMPLES: &[&str] = &[
    FILES[0].1,
    include_str!("../../../../../packs-samples/open-library/pack.yaml"),
    include_str!("../../../../../packs-samples/memory-provider/pack.yaml"),
    include_str!("../../../../../packs-samples/word-count/pack.yaml"),
    include_str!("../../../../../packs-samples/progress-tracking/pack.yaml"),
];

/// Asks everything at one place.
fn ask(pack: &Pack<'_>, path: &str, text: &str, offset: usize) -> usize {
    let found = complete(pack, path, text, offset);
    for one in &found {
        assert!(text.get(one.range.clone()).is_some(), "{one:?}");
        let _ = one.plain();
    }
    if let Some(hover) = hover(pack, path, text, offset) {
        assert!(text.get(hover.range).is_some() && !hover.markdown.is_empty());
    }
    // These look at the pack, and every seventh place is as good as all of them.
    if !offset.is_multiple_of(7) {
        return found.len();
    }
    definition(pack, path, text, offset);
    for edit in actions(pack, path, text, offset).into_iter().flat_map(|action| action.edits) {
        let text = if edit.file == path { text.into() } else { pack.text(&edit.file).unwrap_or_default() };
        assert!(text.get(edit.range.clone()).is_some(), "{edit:?}");
    }
    if let Ok(range) = rename_range(pack, path, text, offset) {
        assert!(text.get(range).is_some());
    }
    found.len()
}

/// Asks what is asked of a file as a whole.
fn ask_once(pack: &Pack<'_>, path: &str, text: &str) {
    symbols(pack, path, text);
    folding(path, text);
    links(pack, path, text);
    inlays(pack, path, text, 0..text.len());
    for part in 1..4 {
        let offset = text.len() / 4 * part;
        references(pack, path, text, offset, true);
        for edit in rename(pack, path, text, offset, "another").into_iter().flat_map(|change| change.edits) {
            let text = if edit.file == path { text.into() } else { pack.text(&edit.file).unwrap_or_default() };
            assert!(text.get(edit.range.clone()).is_some(), "{edit:?}");
        }
    }
}

/// The next of a row of numbers that look random.
fn next(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 33).expect("31 bits fit")
}

#[test]
fn every_place_of_every_sample_has_an_answer() {
    let mut offers = 0;
    for text in SAMPLES {
        with_pack("pack.yaml", text, |pack| {
            ask_once(pack, "pack.yaml", text);
            for offset in 0..=text.len() + 1 {
                offers += ask(pack, "pack.yaml", text, offset);
            }
        });
    }
    for (path, text) in FILES {
        with_pack(path, text, |pack| {
            ask_once(pack, path, text);
            for offset in 0..=text.len() + 1 {
                offers += ask(pack, path, text, offset);
            }
        });
    }
    assert!(offers > 10_000, "{offers}");
}

#[test]
fn broken_texts_have_answers_too() {
    let pieces = [
        "{",
        "}",
        "[",
        "]",
        ":",
        ": ",
        "- ",
        "\n",
        "\n  ",
        "\n      ",
        "\"",
        "'",
        "|",
        "#",
        "é",
        "😀",
        "&a",
        "*a",
        "\t",
        "\\",
        "${secrets[\"",
        ",",
        "\r\n",
        "\0",
    ];
    let mut state = 11;
    for number in 0..500 {
        let (path, sample) = match number % 4 {
            0 => FILES[next(&mut state) % FILES.len()],
            _ => ("pack.yaml", SAMPLES[next(&mut state) % SAMPLES.len()]),
        };
        let mut text = sample.to_owned();
        let at = |text: &str, state: &mut u64| text.floor_char_boundary(next(state) % (text.len() + 1));
        if number % 3 == 0 {
            text.truncate(at(&text, &mut state));
        }
        for _ in 0..number % 7 {
            let place = at(&text, &mut state);
            text.insert_str(place, pieces[next(&mut state) % pieces.len()]);
        }
        for _ in 0..number % 3 {
            let (one, other) = (at(&text, &mut state), at(&text, &mut state));
            text.replace_range(
                one.min(other)
                    ..one.max(other).min(text.ceil_char_boundary((one.min(other) + 40).min(text.len()))).max(one.min(other)),
                "",
            );
        }
        with_pack(path, &text, |pack| {
            ask_once(pack, path, &text);
            for _ in 0..10 {
                let offset = next(&mut state) % (text.len() + 2);
                ask(pack, path, &text, offset);
            }
        });
    }
}

#[test]
fn a_long_and_broken_manifest_is_completed_like_a_short_one() {
    let mut text = String::from("name: long\ntools:\n");
    for number in 0..400 {
        text.push_str(&format!(
            "  - name: tool_{number}\n    title: Tool\n    description: >-\n      Does a thing,\n      and another.\n    input: schemas/{number}.input.json\n    output: schemas/{number}.output.json\n    handler: handlers/{number}.ts\n    annotations: {{read_only: true, idempotent: true}}\n    errors:\n      - {{code: e, description: E., retry: never}}\n    limits:\n      timeout_ms: 5000\n\n"
        ));
    }
    let line = text[..text.len() / 2].rfind("    limits:\n").expect("it stands there") + 12;
    let (head, tail) = text.split_at(line);
    let broken = format!("{head}      me\n    annotations: {{\n{tail}");
    let at = line + 8;
    with_pack("pack.yaml", &text, |pack| {
        let labels: Vec<String> = complete(pack, "pack.yaml", &broken, at).into_iter().map(|offer| offer.label).collect();
        assert_eq!(labels, ["timeout_ms", "memory_mb"]);
        let told = hover(pack, "pack.yaml", &text, line + 8).expect("a limit is explained");
        assert!(told.markdown.contains("in milliseconds"), "{}", told.markdown);
    });
}

/// Whatever works with the square of a text's length does not come back from these.
#[test]
fn what_repeats_without_end_has_an_answer() {
    // Without optimisation the square of a third is as easily seen.
    let many = |times: usize| if cfg!(debug_assertions) { times / 3 } else { times };
    let texts = [
        "](".repeat(many(100_000)),
        "${secrets[".repeat(many(50_000)),
        format!("a:\n{}", "{\n".repeat(many(5_000))),
        format!("a:\n{}", "  [\n".repeat(many(5_000))),
        format!("a: {}", "{b: ".repeat(many(50_000))),
        "- ".repeat(many(100_000)),
        "a:\n".repeat(many(5_000)),
        "x".repeat(many(500_000)),
        "\"".repeat(many(200_000)),
        (0..300).fold(String::new(), |text, depth| text + &" ".repeat(depth) + "a:\n"),
    ];
    for text in &texts {
        for path in ["pack.yaml", "guides/use.md", "schemas/a.json", "tests/find.yaml"] {
            with_pack(path, text, |pack| {
                ask(pack, path, text, text.len());
                ask(pack, path, text, text.len() / 14 * 7);
                symbols(pack, path, text);
                folding(path, text);
                links(pack, path, text);
            });
        }
    }
}
