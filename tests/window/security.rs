//! The page has no power but its one command and its one channel.

use crate::Place;
use anyhow::Result;
use serde_json::Value;

#[test]
fn the_policy_holds_in_the_window() -> Result<()> {
    let Some(place) = Place::with_sample("policy", "open-library") else { return Ok(()) };
    let window = place.open();
    window.open_file("pack.yaml")?;
    let answer = |script: &str| window.run(script);

    // The editor is styled, though styles without the nonce are refused.
    assert_eq!(answer("return getComputedStyle(document.querySelector('.cm-scroller')).display")?, "flex");
    let style = "const s = document.createElement('style'); s.textContent = 'body { outline: 7px solid red }'; document.head.append(s); return getComputedStyle(document.body).outlineWidth";
    assert_ne!(answer(style)?, "7px");
    let attribute = "const e = document.createElement('div'); e.innerHTML = '<p style=\"outline: 7px solid red\">x</p>'; document.body.append(e); const w = getComputedStyle(e.firstChild).outlineWidth; e.remove(); return w";
    assert_ne!(answer(attribute)?, "7px");

    // No script but our own.
    let inline = "window.packwrightOwned = 0; const s = document.createElement('script'); s.textContent = 'window.packwrightOwned = 1'; document.head.append(s); return window.packwrightOwned";
    assert_eq!(answer(inline)?, 0);
    let handler = "window.packwrightOwned = 0; const e = document.createElement('div'); e.innerHTML = '<img src=x onerror=\"window.packwrightOwned = 1\">'; document.body.append(e); return window.packwrightOwned";
    assert_eq!(answer(handler)?, 0);

    // No way out.
    window.run("window.packwrightFetched = 'waiting'; fetch('http://127.0.0.1:9/').then(() => { window.packwrightFetched = 'yes' }, e => { window.packwrightFetched = String(e) })")?;
    window.wait("the fetch has ended", "return window.packwrightFetched !== 'waiting'")?;
    assert_ne!(answer("return window.packwrightFetched")?, "yes");
    let before = answer("return location.href")?;
    window.run("setTimeout(() => { location.href = 'http://127.0.0.1:9/elsewhere' })")?;
    window.settle()?;
    assert_eq!(answer("return location.href")?, before);
    assert_eq!(answer("return window.open('http://127.0.0.1:9/') === null")?, true);
    assert_eq!(answer("return typeof window.__TAURI__")?, "undefined");
    Ok(())
}

/// Asks the shell behind the page's back, as a script that got in would.
fn ask(window: &packwright_tests::window::Window, command: &str, arguments: &str) -> Result<Value> {
    window.run(&format!(
        "window.packwrightAsked = null; window.__TAURI_INTERNALS__.invoke('{command}', {arguments}).then(a => {{ window.packwrightAsked = ['yes', a] }}, e => {{ window.packwrightAsked = ['no', e] }})"
    ))?;
    window.wait("the shell has answered", "return window.packwrightAsked !== null")?;
    window.run("return window.packwrightAsked")
}

#[test]
fn the_page_opens_only_what_the_author_chose() -> Result<()> {
    let Some(place) = Place::with_sample("chosen folders", "open-library") else { return Ok(()) };
    let window = place.open();
    window.open_file("pack.yaml")?;
    let answer = ask(&window, "call", "{ command: 'open_pack', args: { path: '/etc' } }")?;
    assert_eq!((&answer[0], &answer[1]["code"]), (&Value::from("no"), &Value::from("denied")), "{answer}");
    Ok(())
}

#[test]
fn the_shell_answers_one_command_and_stays_in_the_pack() -> Result<()> {
    let Some(place) = Place::with_sample("shell", "open-library") else { return Ok(()) };
    let outside = place.home.join("outside.txt");
    fs_err::write(&outside, "not yours")?;
    std::os::unix::fs::symlink(&outside, place.pack.join("data.txt"))?;
    let window = place.open();
    window.open_file("pack.yaml")?;
    for (command, arguments) in [
        ("plugin:fs|read_text_file", "{ path: '/etc/hostname' }"),
        ("plugin:shell|execute", "{ program: 'true' }"),
        ("plugin:dialog|open", "{ options: {} }"),
        ("plugin:webview|create_webview_window", "{ options: { label: 'x' } }"),
        ("plugin:window|close", "{ label: 'main' }"),
    ] {
        assert_eq!(ask(&window, command, arguments)?[0], "no", "{command}");
    }
    let read = |path: &str| ask(&window, "call", &format!("{{ command: 'read_file', args: {{ session: 1, path: '{path}' }} }}"));
    assert_eq!(read("README.md")?[0], "yes");
    for path in ["../outside.txt", "/etc/hostname", "data.txt", "guides/../../outside.txt", ""] {
        let answer = read(path)?;
        assert_eq!((&answer[0], &answer[1]["code"]), (&Value::from("no"), &Value::from("outside_pack")), "{path}: {answer}");
    }
    let save = "{ command: 'save_file', args: { session: 1, path: 'data.txt', text: 'mine now', base: null, lineEnding: 'lf', bom: false } }";
    assert_eq!(ask(&window, "call", save)?[1]["code"], "outside_pack");
    assert_eq!(fs_err::read_to_string(&outside)?, "not yours");
    let unknown = ask(&window, "call", "{ command: 'format_disk', args: null }")?;
    assert_eq!(unknown[1]["code"], "bad_request");
    Ok(())
}
