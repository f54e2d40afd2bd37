//! What the window says and does about the text at the cursor, with the real language behind it.

use crate::Place;
use anyhow::{Context, Result, ensure};
use packwright_tests::window::{Window, key, quoted};

/// Puts the pointer on a word of the text that is shown, in the middle of its first occurrence.
fn point_at(window: &Window, word: &str) -> Result<()> {
    let find = format!(
        "const word = {};
         const texts = document.createTreeWalker(document.querySelector('.cm-content'), NodeFilter.SHOW_TEXT);
         for (let text; (text = texts.nextNode()); ) {{
           const at = text.data.indexOf(word);
           // The messages at the lines' ends are no text, nor are words about what is not written.
           if (at < 0 || text.parentElement.closest('.lens, .cm-inlay')) continue;
           text.parentElement.scrollIntoView({{ block: 'center' }});
           const range = document.createRange();
           range.setStart(text, at);
           range.setEnd(text, at + word.length);
           const box = range.getBoundingClientRect();
           return [Math.round((box.left + box.right) / 2), Math.round((box.top + box.bottom) / 2)];
         }}
         return null;",
        quoted(word)
    );
    // What was said about another word may lie over this one.
    window.point(1, 1)?;
    window.wait_gone(".cm-tooltip-hover")?;
    window.wait(&format!("“{word}” is in sight"), &format!("return (() => {{ {find} }})() !== null"))?;
    let place = window.run(&find)?;
    let number = |at: usize| place[at].as_i64().and_then(|number| i32::try_from(number).ok()).context("a place has two numbers");
    window.point(number(0)? - 2, number(1)?)?;
    window.point(number(0)?, number(1)?)
}

/// Clicks into a word of the text that is shown. The page may still be drawing: what moved away is clicked once more.
fn click_on(window: &Window, word: &str) -> Result<()> {
    let is_there = format!(
        "const at = document.getSelection();
         return document.activeElement.matches('.cm-content') && (at.anchorNode?.data ?? '').includes({})",
        quoted(word)
    );
    window.try_until(&format!("the cursor is in “{word}”"), || {
        point_at(window, word)?;
        window.press_here()?;
        Ok(window.run(&is_there)? == true)
    })
}

fn wait_shows(window: &Window, text: &str) -> Result<()> {
    let script = format!("return document.querySelector('.cm-content').innerText.includes({})", quoted(text));
    window.wait(&format!("the text shows “{text}”"), &script)
}

fn wait_tab(window: &Window, path: &str) -> Result<()> {
    window.wait_for(&format!("[role=tab][data-path={}][aria-selected=true]", quoted(path)))
}

#[test]
fn half_a_key_brings_up_the_key_and_enter_takes_it() -> Result<()> {
    let Some(place) = Place::with_sample("completion", "open-library") else { return Ok(()) };
    let window = place.open();
    window.open_file("pack.yaml")?;
    window.chord(&[key::CONTROL, key::END])?;
    window.type_text("creden")?;
    window.wait(
        "the key is offered",
        "return document.querySelector('.cm-tooltip-autocomplete [aria-selected=true] .cm-completionLabel')?.innerText === 'credentials'",
    )?;
    window.wait_for(".cm-completionInfo .cm-told")?;
    // Nobody complains about a word that is being chosen.
    window.wait("its line is quiet", "return [...document.querySelectorAll('.cm-activeLine .lens')].every((lens) => getComputedStyle(lens).visibility === 'hidden')")?;
    window.wait("the list takes keys", "return document.querySelector('.cm-completionFoot') !== null")?;
    take(&window, "credentials:")?;
    window.until("it is on disk", || place.read("pack.yaml").contains("\ncredentials:"))
}

/// Takes the offer with Enter. In the list's first moment a key is meant for the text; then the list is still there.
fn take(window: &Window, wanted: &str) -> Result<()> {
    let open = "return document.querySelector('.cm-tooltip-autocomplete') !== null";
    window.run("window.packwrightListSince = performance.now()")?;
    window.wait(
        "the list has been there for a moment",
        &format!("{open} && performance.now() - window.packwrightListSince > 100"),
    )?;
    window.chord(&[key::ENTER])?;
    wait_shows(window, wanted)?;
    window.wait_gone(".cm-tooltip-autocomplete")
}

#[test]
fn a_path_and_a_word_of_a_list_are_completed() -> Result<()> {
    let Some(place) = Place::with_sample("completion of values", "open-library") else { return Ok(()) };
    let manifest = place.read("pack.yaml");
    let manifest = manifest.replace("category: tools # one of 13; catalogues filter by it", "category:");
    let manifest = manifest.replace("    input: schemas/search_books.input.json\n", "    input:\n");
    place.write("pack.yaml", manifest);
    let window = place.open();
    window.open_file("pack.yaml")?;
    click_on(&window, "category")?;
    window.chord(&[key::END])?;
    window.type_text(" dev")?;
    window.wait_for(".cm-tooltip-autocomplete li")?;
    take(&window, "category: developer-tools")?;
    click_on(&window, "input")?;
    window.chord(&[key::END])?;
    window.type_text(" sch")?;
    window.wait_for(".cm-tooltip-autocomplete li")?;
    window.wait_text("schemas/search_books.input.json")?;
    take(&window, "input: schemas/")
}

#[test]
fn a_hover_explains_a_key_and_what_is_wrong() -> Result<()> {
    let Some(place) = Place::with_sample("hover", "open-library") else { return Ok(()) };
    place.write("pack.yaml", place.read("pack.yaml").replace("category: tools", "category: tolls"));
    let window = place.open();
    window.open_file("pack.yaml")?;
    point_at(&window, "display_name")?;
    window
        .wait("the key is explained", "return document.querySelector('.cm-told')?.innerText.includes('display_name') === true")?;
    point_at(&window, "tolls")?;
    window.wait_for(".cm-tooltip-lint .cm-problem")?;
    // The mend is one click away from what it mends. What the word means comes a moment later, and moves it.
    window.wait_for(".cm-tooltip-hover .cm-told")?;
    window.settle()?;
    window.click(".cm-problem button")?;
    wait_shows(&window, "category: tools")?;
    // At the right edge there is room for the words still: they move to the left, or over the neighbour.
    point_at(&window, "idempotent")?;
    window.wait(
        "the words stand in lines, not in a column",
        "const told = document.querySelector('.cm-told'); return !!told && told.innerText.includes('idempotent') && told.getBoundingClientRect().width > 240 && told.getBoundingClientRect().right <= innerWidth",
    )?;
    // A key ends it: whoever types has read it.
    window.chord(&[key::F8])?;
    window.wait_gone(".cm-told")
}

#[test]
fn a_definition_is_one_key_or_click_away() -> Result<()> {
    let Some(place) = Place::with_sample("definition", "open-library") else { return Ok(()) };
    let window = place.open();
    window.open_file("pack.yaml")?;
    click_on(&window, "schemas/search_books.input.json")?;
    window.chord(&[key::F12])?;
    wait_tab(&window, "schemas/search_books.input.json")?;
    wait_shows(&window, "\"$schema\"")?;
    window.click("[role=tab][data-path='pack.yaml']")?;
    point_at(&window, "schemas/search_books.output.json")?;
    window.press_here_holding(key::CONTROL)?;
    wait_tab(&window, "schemas/search_books.output.json")?;
    // From a case to its tool.
    window.open_file("tests/search_books.yaml")?;
    click_on(&window, "search_books")?;
    window.chord(&[key::F12])?;
    wait_tab(&window, "pack.yaml")?;
    window.wait_text("Ln 16, Col 11")
}

/// The words in the text that are not written there, each with the line that it stands in.
fn inlays(window: &Window) -> Result<Vec<(String, String)>> {
    let found = window.run(
        "return [...document.querySelectorAll('.cm-inlay')].map((words) => {
           const line = words.closest('.cm-line').cloneNode(true);
           line.querySelectorAll('.cm-inlay, .lens').forEach((each) => each.remove());
           return [words.textContent, line.textContent.trim()];
         })",
    )?;
    Ok(serde_json::from_value(found)?)
}

fn wait_inlays(window: &Window, wanted: &[(&str, &str)]) -> Result<()> {
    let wanted: Vec<_> = wanted.iter().map(|&(words, line)| (words.to_owned(), line.to_owned())).collect();
    window.try_until(&format!("the words are {wanted:?}"), || {
        let found = inlays(window)?;
        ensure!(found == wanted, "they are {found:?}");
        Ok(true)
    })
}

#[test]
fn defaults_are_shown_where_they_hold_and_are_no_text() -> Result<()> {
    let Some(place) = Place::with_sample("inlays", "open-library") else { return Ok(()) };
    let manifest = "name: open-library\nversion: 1.0.0\ntools:\n  - name: search_books\n    handler: handlers/search_books.ts\n";
    place.write("pack.yaml", manifest);
    let window = place.open();
    window.open_file("pack.yaml")?;
    let handler = ("inline: search_books()", "handler: handlers/search_books.ts");
    wait_inlays(&window, &[("5 s · 64 MB · 256 KB out", "- name: search_books"), handler])?;
    // What is selected and copied is the file's text.
    window
        .run("addEventListener('copy', (event) => { window.packwrightCopied = event.clipboardData.getData('text/plain'); })")?;
    window.chord(&[key::CONTROL, 'a'])?;
    window.chord(&[key::CONTROL, 'c'])?;
    window.wait("the file's text is copied", &format!("return window.packwrightCopied === {}", quoted(manifest)))?;
    // Behind a word that grows they stay behind it.
    click_on(&window, "search_books")?;
    window.chord(&[key::END])?;
    window.type_text("s")?;
    wait_inlays(
        &window,
        &[
            ("5 s · 64 MB · 256 KB out", "- name: search_bookss"),
            ("inline: search_bookss()", "handler: handlers/search_books.ts"),
        ],
    )?;
    window.chord(&[key::BACKSPACE])?;
    // What is written now needs no saying.
    window.type_text("\nlimits: {timeout_ms: 5000")?;
    wait_inlays(&window, &[("64 MB · 256 KB out", "limits: {timeout_ms: 5000}"), handler])?;
    // While a word is being chosen nothing beside it distracts.
    window.type_text(", m")?;
    window.wait_for(".cm-tooltip-autocomplete")?;
    let hidden = "getComputedStyle(document.querySelector('.cm-activeLine .cm-inlay')).visibility === 'hidden'";
    window.wait("the line is quiet", &format!("return {hidden}"))?;
    window.chord(&[key::ESCAPE])?;
    window.wait("the words are back", &format!("return !({hidden})"))?;
    window.wait_saved()?;
    let saved = manifest.replace("    handler", "    limits: {timeout_ms: 5000, m}\n    handler");
    window.until("the file has what was typed and no more", || place.read("pack.yaml") == saved)
}

#[test]
fn a_tool_is_renamed_with_its_files_and_back_again() -> Result<()> {
    let Some(place) = Place::with_sample("rename", "open-library") else { return Ok(()) };
    let before = [place.read("pack.yaml"), place.read("tests/search_books.yaml"), place.read("handlers/search_books.ts")];
    let now = || [place.read("pack.yaml"), place.read("tests/search_books.yaml"), place.read("handlers/search_books.ts")];
    let window = place.open();
    window.open_file("schemas/search_books.input.json")?;
    window.open_file("pack.yaml")?;
    click_on(&window, "search_books")?;
    rename(&window, "find_books")?;
    wait_shows(&window, "- name: find_books")?;
    window.wait_saved()?;
    window.until("every file names it", || {
        let [manifest, cases, handler] = now();
        manifest.contains("input: schemas/find_books.input.json")
            && cases.contains("tool: find_books")
            && handler.contains("function find_books(")
    })?;
    assert!(place.pack.join("schemas/find_books.output.json").is_file());
    assert!(!place.pack.join("schemas/search_books.input.json").exists());
    // The tab of a file that moved is still the file's, and nothing is wrong with the pack.
    window.wait_for("[role=tab][data-path='schemas/find_books.input.json']")?;
    window.wait_text("No problems")?;
    window.click("[role=tab][data-path='schemas/find_books.input.json']")?;
    window.focus_editor()?;
    window.chord(&[key::CONTROL, key::END])?;
    window.type_text("\n")?;
    window.until("it is saved under its new name", || {
        place.read("schemas/find_books.input.json").ends_with("}\n\n")
            && !place.pack.join("schemas/search_books.input.json").exists()
    })?;
    // A text is taken back by itself; the file's new name stays, and the manifest says what is wrong with that.
    window.click("[role=tab][data-path='pack.yaml']")?;
    window.focus_editor()?;
    window.chord(&[key::CONTROL, 'z'])?;
    wait_shows(&window, "- name: search_books")?;
    window.wait_for("[data-problem][data-code='manifest/missing-file']")?;
    window.chord(&[key::CONTROL, key::SHIFT, 'z'])?;
    wait_shows(&window, "- name: find_books")?;
    // The way back of all of it is the same key.
    click_on(&window, "find_books")?;
    rename(&window, "search_books")?;
    window.until("all is as it was", || now() == before && place.pack.join("schemas/search_books.input.json").is_file())?;
    window.wait_text("No problems")
}

#[test]
fn a_rename_is_undone_in_one_go() -> Result<()> {
    let Some(place) = Place::with_sample("rename undone", "open-library") else { return Ok(()) };
    let before = place.files();
    let window = place.open();
    window.open_file("pack.yaml")?;
    click_on(&window, "search_books")?;
    rename(&window, "find_books")?;
    window.wait_text("Renamed search_books to find_books in 5 files.")?;
    window.until("it is on disk", || place.pack.join("schemas/find_books.input.json").is_file())?;
    window.click("[data-command=undoAcross]")?;
    window.wait_text("Undone: 5 files are as they were.")?;
    wait_shows(&window, "- name: search_books")?;
    window.until("every file is as before", || place.files() == before)?;
    window.wait_text("No problems")?;
    // Where something was written since, that comes first; the key says so as the button did.
    window.wait_gone("[data-command=undoAcross]")?;
    click_on(&window, "search_books")?;
    rename(&window, "find_books")?;
    window.wait_for("[data-command=undoAcross]")?;
    window.chord(&[key::CONTROL, key::END])?;
    window.type_text("# mine\n")?;
    window.chord(&[key::SHIFT, key::F2])?;
    window.wait_text("pack.yaml has changed since, so nothing was undone. F2 renames it back.")?;
    window.wait_saved()?;
    assert!(place.read("pack.yaml").ends_with("# mine\n"));
    assert!(place.pack.join("schemas/find_books.input.json").is_file());
    Ok(())
}

fn rename(window: &Window, name: &str) -> Result<()> {
    window.chord(&[key::F2])?;
    window.wait("the name is asked for", "return document.activeElement?.matches('dialog input') === true")?;
    window.type_text(&format!("{name}\n"))?;
    window.wait_gone("dialog")
}

#[test]
fn a_name_that_is_taken_is_refused_and_nothing_changes() -> Result<()> {
    let Some(place) = Place::with_sample("refused rename", "open-library") else { return Ok(()) };
    let before = place.read("pack.yaml");
    let window = place.open();
    window.open_file("pack.yaml")?;
    click_on(&window, "search_books")?;
    window.chord(&[key::F2])?;
    window.wait_for("dialog input")?;
    window.type_text("get_book\n")?;
    window.wait_text("There is a tool called get_book already")?;
    window.chord(&[key::ESCAPE])?;
    window.wait_gone("dialog")?;
    assert_eq!(place.read("pack.yaml"), before);
    assert!(place.pack.join("schemas/search_books.input.json").is_file());
    Ok(())
}

#[test]
fn a_schema_goes_into_the_manifest_and_out_again() -> Result<()> {
    let Some(place) = Place::with_sample("schema in and out", "open-library") else { return Ok(()) };
    let window = place.open();
    window.open_file("pack.yaml")?;
    click_on(&window, "schemas/get_book.input.json")?;
    window.chord(&[key::CONTROL, '.'])?;
    choose(&window, "Write the schema")?;
    wait_shows(&window, "    input:\n")?;
    window.chord(&[key::CONTROL, '.'])?;
    choose(&window, "Move the schema")?;
    window.wait_for("[role=tab][data-path='schemas/get_book.input-2.json']")?;
    wait_shows(&window, "input: schemas/get_book.input-2.json")?;
    window.until("the new file is on disk", || {
        place.pack.join("schemas/get_book.input-2.json").is_file()
            && place.read("pack.yaml").contains("input: schemas/get_book.input-2.json")
    })?;
    let value = |path: &str| serde_json::from_str::<serde_json::Value>(&place.read(path)).expect("it is JSON");
    assert_eq!(value("schemas/get_book.input-2.json"), value("schemas/get_book.input.json"));
    // The file goes with its tab when that is undone.
    window.click("[data-command=undoAcross]")?;
    window.wait_gone("[role=tab][data-path='schemas/get_book.input-2.json']")?;
    wait_tab(&window, "pack.yaml")?;
    wait_shows(&window, "    input:\n")?;
    window.until("it is gone from disk, and the manifest has the schema", || {
        !place.pack.join("schemas/get_book.input-2.json").exists() && place.read("pack.yaml").contains("    input:\n")
    })?;
    window.wait_text("No problems")
}

/// Chooses from what is offered, by the words that it begins with.
fn choose(window: &Window, title: &str) -> Result<()> {
    window.wait_for("dialog [role=option]")?;
    window.type_text(title)?;
    window.wait(
        &format!("“{title}” is chosen"),
        &format!(
            "return document.querySelector('[role=option][aria-selected=true]')?.innerText.startsWith({}) === true",
            quoted(title)
        ),
    )?;
    window.chord(&[key::ENTER])?;
    window.wait_gone("dialog")
}

#[test]
fn a_case_with_an_example_is_added() -> Result<()> {
    let Some(place) = Place::with_sample("new case", "open-library") else { return Ok(()) };
    fs_err::remove_dir_all(place.pack.join("tests"))?;
    let window = place.open();
    window.open_file("pack.yaml")?;
    click_on(&window, "Search books")?;
    window.chord(&[key::CONTROL, '.'])?;
    choose(&window, "Add a case")?;
    wait_tab(&window, "tests/search_books.yaml")?;
    wait_shows(&window, "tool: search_books")?;
    // The folder is made with its first file.
    window.until("it is on disk", || {
        place.pack.join("tests/search_books.yaml").is_file() && place.read("tests/search_books.yaml").contains("name: an example")
    })
}

#[test]
fn an_example_is_filled_in_where_a_case_has_no_input() -> Result<()> {
    let Some(place) = Place::with_sample("example filled in", "open-library") else { return Ok(()) };
    let cases =
        "tool: get_book # one book\ncases:\n  - name: reads Dune\n    input: {} # what is asked\n    expect: {output: {}}\n";
    place.write("tests/get_book.yaml", cases);
    let window = place.open();
    window.open_file("tests/get_book.yaml")?;
    click_on(&window, "input")?;
    window.chord(&[key::CONTROL, '.'])?;
    choose(&window, "Fill in an example")?;
    window.wait_saved()?;
    window.until("it is on disk", || place.read("tests/get_book.yaml").contains("work_id:"))?;
    // The value fits the schema, so nothing more is to be said of the input; all else is as it was.
    window.wait(
        "no input is complained about",
        "return document.querySelector('[data-problem][data-code^=\"case/input\"]') === null",
    )?;
    let filled = place.read("tests/get_book.yaml");
    assert!(filled.starts_with("tool: get_book # one book\ncases:\n  - name: reads Dune\n    input:"), "{filled}");
    assert!(filled.ends_with("    expect: {output: {}}\n"), "{filled}");
    // One step of the author's history.
    window.chord(&[key::CONTROL, 'z'])?;
    window.until("it is taken back", || place.read("tests/get_book.yaml") == cases)
}

/// Clicks the mark beside the line that contains a text.
fn click_fold(window: &Window, line: &str) -> Result<()> {
    let find = format!(
        "const line = [...document.querySelectorAll('.cm-line')].find((each) => each.textContent.includes({}));
         const at = line?.getBoundingClientRect();
         const marks = [...document.querySelectorAll('.cm-foldGutter .cm-fold')].map((each) => each.getBoundingClientRect());
         const mark = at && marks.find((box) => box.top >= at.top && box.bottom <= at.bottom);
         return mark ? [Math.round((mark.left + mark.right) / 2), Math.round((mark.top + mark.bottom) / 2)] : null;",
        quoted(line)
    );
    window.wait(&format!("“{line}” has a mark"), &format!("return (() => {{ {find} }})() !== null"))?;
    let place = window.run(&find)?;
    let number = |at: usize| place[at].as_i64().and_then(|number| i32::try_from(number).ok()).context("a place has two numbers");
    window.point(number(0)?, number(1)?)?;
    window.press_here()
}

#[test]
fn a_tool_is_folded_and_unfolded() -> Result<()> {
    let Some(place) = Place::with_sample("folding", "open-library") else { return Ok(()) };
    let limits = "    limits: {timeout_ms: 5000, memory_mb: 64, output_kb: 64}\n\n  - name";
    let before = place.read("pack.yaml").replace(limits, "    limits: {timeout_ms: 5000}\n\n  - name");
    place.write("pack.yaml", &before);
    let window = place.open();
    window.open_file("pack.yaml")?;
    click_on(&window, "search_books")?;
    window.wait_text("64 MB · 256 KB out")?;
    let shows = |text: &str| format!("document.querySelector('.cm-content').textContent.includes({})", quoted(text));
    let folded =
        format!("return {} && !{} && {}", shows("- name: search_books"), shows("title: Search books"), shows("- name: get_book"));
    let unfolded = format!("return {} && {}", shows("title: Search books"), shows("- name: search_books"));
    click_fold(&window, "- name: search_books")?;
    window.wait("the tool is one line", &folded)?;
    window.wait_for(".cm-foldPlaceholder")?;
    // Words about its last line are not about its first.
    window.wait("they are folded with it", "return !document.body.innerText.includes('64 MB · 256 KB out')")?;
    click_fold(&window, "- name: search_books")?;
    window.wait("all of it is there", &unfolded)?;
    // The keys do the same, and what is folded opens at a click.
    click_on(&window, "search_books")?;
    window.chord(&[key::CONTROL, key::SHIFT, '['])?;
    window.wait("the tool is one line", &folded)?;
    window.chord(&[key::CONTROL, key::SHIFT, ']'])?;
    window.wait("all of it is there", &unfolded)?;
    window.chord(&[key::CONTROL, key::SHIFT, '['])?;
    window.wait("the tool is one line", &folded)?;
    window.click(".cm-foldPlaceholder")?;
    window.wait("all of it is there", &unfolded)?;
    // To look away from something changes nothing.
    window.wait_saved()?;
    assert_eq!(place.read("pack.yaml"), before);
    Ok(())
}

#[test]
fn references_are_walked_through_the_pack() -> Result<()> {
    let Some(place) = Place::with_sample("references", "open-library") else { return Ok(()) };
    let window = place.open();
    window.open_file("pack.yaml")?;
    click_on(&window, "search_books")?;
    window.chord(&[key::SHIFT, key::F12])?;
    window.wait_for("[data-reference^='tests/search_books.yaml:'] b")?;
    window.wait_for("[data-reference^='pack.yaml:'][aria-selected=true]")?;
    window.chord(&[key::F4])?;
    wait_tab(&window, "handlers/search_books.ts")?;
    window.chord(&[key::F4])?;
    wait_tab(&window, "tests/search_books.yaml")?;
    window.wait_text("Ln 3, Col 7")?;
    window.click("[data-reference^='pack.yaml:'] td")?;
    wait_tab(&window, "pack.yaml")?;
    window.wait_text("Ln 16, Col 11")
}

#[test]
fn the_outline_leads_to_a_part_of_the_file() -> Result<()> {
    let Some(place) = Place::with_sample("outline", "open-library") else { return Ok(()) };
    let window = place.open();
    window.open_file("pack.yaml")?;
    window.chord(&[key::CONTROL, key::SHIFT, 'o'])?;
    choose(&window, "openlib-read")?;
    window.wait_text("Ln 49, Col 11")?;
    window.open_file("schemas/search_books.input.json")?;
    window.chord(&[key::CONTROL, key::SHIFT, 'o'])?;
    choose(&window, "query")?;
    window.wait(
        "the cursor is at the property",
        "return document.querySelector('.cm-activeLine')?.innerText.includes('\"query\"') === true",
    )
}
