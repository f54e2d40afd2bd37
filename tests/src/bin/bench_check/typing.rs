//! Language servers under the same keystrokes: ours and yaml-language-server, as it ships and without its wait, in turn.
//!
//! A keystroke is one incremental change of one letter: an `x` behind a number, which makes a word of it and must be reported on its line, or
//! that `x` taken away, after which the report must be gone. The clock runs from before the change is written until the list of
//! diagnostics that says so has been read. A list that says otherwise is counted as a wrong answer, and the clock runs on.

use crate::figures::{Figures, memory_mb, processor_ms};
use crate::inputs::{Inputs, LADDER, Programs, Server};
use anyhow::{Context, Result, bail};
use camino::Utf8Path;
use packwright_tests::generator;
use packwright_tests::language_client::{LanguageClient, uri};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Each server meets each document so often, in turn with the others, so that whatever else the machine does meets all of them.
const ROUNDS: usize = 2;
/// Keystrokes at the beginning of a round that are not counted: both kinds of server get faster while they warm up.
const WARM_UP: usize = 4;
/// Between two keystrokes: nobody types without a pause, and what a server does after its answer is not the next one's.
const PAUSE: Duration = Duration::from_millis(20);
/// How long a right answer is waited for. The slowest seen is a second.
const PATIENCE: Duration = Duration::from_secs(30);
/// Longer than the shipped wait and the work after it: by then a server that was going to speak has spoken.
const QUIET: Duration = Duration::from_millis(700);

/// How much is done with one document.
struct Plan {
    keystrokes: usize,
    /// Completions of each kind, and hovers.
    requests: usize,
    bursts: usize,
}

pub fn measure(programs: &Programs, inputs: &Inputs, quick: bool) -> Result<Value> {
    let mut report = json!({});
    let documents = std::iter::once("big".to_owned()).chain(LADDER.map(|lines| format!("ladder-{lines}")));
    for document in documents {
        // At 50,000 lines the peer takes a second for each.
        let keystrokes = if document == "ladder-50000" { 20 } else { 50 };
        let extra = document == "big";
        let plan = Plan {
            keystrokes: if quick { 10 } else { keystrokes },
            requests: if extra { if quick { 4 } else { 20 } } else { 0 },
            bursts: if extra { if quick { 1 } else { 3 } } else { 0 },
        };
        eprintln!("Typing in {document}");
        report[&document] = in_turn(programs, inputs, &document, &plan)?;
    }
    eprintln!("Starting servers");
    report["start"] = starts(programs, inputs, if quick { 2 } else { 10 })?;
    Ok(report)
}

fn in_turn(programs: &Programs, inputs: &Inputs, document: &str, plan: &Plan) -> Result<Value> {
    let folder = inputs.pack(document);
    let sound = fs_err::read_to_string(folder.join("pack.yaml"))?;
    let mut figures = each(programs, ROUNDS, |server, round, figures| {
        let mut typist = Typist::open(programs, inputs, &folder, server)?;
        typist.session(&sound, round, plan, figures)?;
        typist.client.leave()
    })?;
    figures["lines"] = sound.lines().count().into();
    Ok(figures)
}

/// Does something with every server that is here, in turn. A peer that fails is said and left out: it is ours that must be measured.
fn each(programs: &Programs, rounds: usize, mut measure: impl FnMut(Server, usize, &mut Figures) -> Result<()>) -> Result<Value> {
    let mut all = Server::ALL.map(|server| (server, programs.server(server).map(|_| Figures::default())));
    for round in 0..rounds {
        for (server, slot) in &mut all {
            let Some(figures) = slot else { continue };
            match measure(*server, round, figures).with_context(|| format!("The language server `{}`", server.key())) {
                Ok(()) => {}
                Err(error) if *server == Server::Ours => return Err(error),
                Err(error) => {
                    eprintln!("No peer: {error:#}");
                    *slot = None;
                }
            }
        }
    }
    let figures =
        all.iter().map(|(server, figures)| (server.key().to_owned(), figures.as_ref().map_or(Value::Null, Figures::json)));
    Ok(Value::Object(figures.collect()))
}

/// Starts alone: from the process to its first word, and to the first right diagnostics of the big pack.
fn starts(programs: &Programs, inputs: &Inputs, count: usize) -> Result<Value> {
    let folder = inputs.pack("big");
    each(programs, count + 1, |server, round, figures| {
        let typist = Typist::open(programs, inputs, &folder, server)?;
        // The first warms the disk's cache.
        if round > 0 {
            figures.add("initialize_ms", typist.initialized);
            figures.add("first_diagnostics_ms", typist.diagnosed);
        }
        typist.client.leave()
    })
}

/// A place in a text: line and column, both from 0. Generated packs are plain letters, so columns are the same in every encoding.
type Place = (usize, usize);

/// Somebody who types in one document of one server.
struct Typist {
    client: LanguageClient,
    document: String,
    version: i64,
    /// How many diagnostics there are while nothing is wrong.
    at_rest: usize,
    /// Milliseconds since the process was started.
    initialized: f64,
    diagnosed: f64,
}

/// A word that is half written: where it stands, in place of what, and what the list of completions must have.
struct Half<'a> {
    from: Place,
    to: Place,
    instead_of: &'a str,
    typed: &'a str,
    wanted: &'a str,
}

/// What became of a change.
struct Seen {
    ms: f64,
    /// Lists that did not say what was so.
    wrong: usize,
}

impl Typist {
    /// Starts a server and opens a pack's manifest with a fault in it, which must be named and, once mended, forgotten.
    fn open(programs: &Programs, inputs: &Inputs, folder: &Utf8Path, server: Server) -> Result<Self> {
        let mut command = programs.server(server).context("it is installed")?;
        let document = uri(folder.join("pack.yaml").as_std_path());
        let settings = settings(&uri(inputs.schema.as_std_path()), &document);
        let mut client = LanguageClient::start(command.current_dir(folder), settings.clone())?;
        let started = client.started;
        let since = |at: Instant| (at - started).as_secs_f64() * 1e3;
        let initialized = since(client.initialize(&uri(folder.as_std_path()))?);
        client.notify("workspace/didChangeConfiguration", json!({ "settings": settings }))?;
        let (text, line) = generator::plant(&fs_err::read_to_string(folder.join("pack.yaml"))?);
        let item = json!({ "uri": document, "languageId": "yaml", "version": 1, "text": text });
        client.notify("textDocument/didOpen", json!({ "textDocument": item }))?;
        let mut typist = Typist { client, document, version: 1, at_rest: 0, initialized, diagnosed: 0.0 };
        // Before its settings have come, a server may well say that all is fine.
        typist.until(line, true, started)?;
        typist.diagnosed = since(Instant::now());
        let end = text.lines().nth(line).unwrap_or_default().len();
        let sent = typist.change((line, end - 1), (line, end), "")?;
        typist.at_rest = typist.until_settled(line, sent)?;
        Ok(typist)
    }

    fn session(&mut self, sound: &str, round: usize, plan: &Plan, figures: &mut Figures) -> Result<()> {
        let marks = generator::marks(sound);
        // Even: what is typed is taken away again.
        let keystrokes = (plan.keystrokes / ROUNDS).next_multiple_of(2) + WARM_UP;
        // Spread over the document, at other places in every round.
        let mark = |number: usize, of: usize| marks[(number * marks.len() / of.max(1) + round) % marks.len()];
        let (mut before, mut counted) = (None, 0_u32);
        for number in 0..keystrokes {
            if number == WARM_UP {
                before = processor_ms(self.client.process());
            }
            let (line, end) = mark(number / 2, keystrokes.div_ceil(2));
            let typed = number % 2 == 0;
            let sent =
                if typed { self.change((line, end), (line, end), "x")? } else { self.change((line, end), (line, end + 1), "")? };
            let seen = self.until(line, typed, sent)?;
            if number >= WARM_UP {
                figures.add("keystroke_ms", seen.ms);
                figures.judge(seen.wrong == 0);
                counted += 1;
            }
            std::thread::sleep(PAUSE);
        }
        if let (Some(before), Some(after)) = (before, processor_ms(self.client.process())) {
            figures.add("cpu_ms", (after - before) / f64::from(counted));
        }
        let handlers: Vec<Place> = ends(sound, "    handler: ");
        for number in 0..plan.requests / ROUNDS {
            let (line, end) = handlers[(number * handlers.len() * ROUNDS / plan.requests + round) % handlers.len()];
            // `examples` is a key of a tool, half written here.
            let half = Half { from: (line, end), to: (line, end), instead_of: "", typed: "\n    exa", wanted: "examples" };
            self.complete("completion_key_ms", &half, figures)?;
        }
        let to = ends(sound, "category: ")[0];
        let from = (to.0, "category: ".len());
        for _ in 0..plan.requests / ROUNDS {
            let half = Half { from, to, instead_of: "tools", typed: "deve", wanted: "developer-tools" };
            self.complete("completion_value_ms", &half, figures)?;
        }
        for number in 0..plan.requests / ROUNDS {
            self.hover(mark(number, plan.requests / ROUNDS).0, figures)?;
        }
        for number in 0..plan.bursts {
            let ms = self.burst(mark(2 * number, 2 * plan.bursts), mark(2 * number + 1, 2 * plan.bursts))?;
            figures.add("burst_ms", ms);
        }
        if let Some((peak, proportional)) = memory_mb(self.client.process()) {
            figures.add("peak_mb", peak);
            figures.add("pss_mb", proportional);
        }
        Ok(())
    }

    /// Replaces what stands between two places: when that was said.
    fn change(&mut self, from: Place, to: Place, text: &str) -> Result<Instant> {
        self.version += 1;
        let place = |(line, column): Place| json!({ "line": line, "character": column });
        let change = json!({ "range": { "start": place(from), "end": place(to) }, "text": text });
        self.client.forget_arrived();
        let sent = Instant::now();
        self.client.notify(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": self.document, "version": self.version }, "contentChanges": [change] }),
        )?;
        Ok(sent)
    }

    /// Waits until the diagnostics say that something is wrong on a line, or that nothing is any more.
    fn until(&mut self, line: usize, wrong_there: bool, sent: Instant) -> Result<Seen> {
        let mut wrong = 0;
        let mut last = None;
        while let Some((at, list)) = self.client.diagnostics(&self.document, self.version, PATIENCE)? {
            let count = if wrong_there { list.len() > self.at_rest } else { list.len() == self.at_rest };
            if count && is_on(&list, line) == wrong_there {
                return Ok(Seen { ms: (at - sent).as_secs_f64() * 1e3, wrong });
            }
            wrong += 1;
            last = Some(Value::from(list));
        }
        let what = if wrong_there { "a fault was not reported" } else { "a mended fault stayed" };
        let said = last.map_or("nothing".to_owned(), |list| list.to_string());
        bail!("{what} on line {}; said was {}", line + 1, said.chars().take(500).collect::<String>())
    }

    /// Waits for silence after a fault has gone: how many diagnostics are left.
    fn until_settled(&mut self, line: usize, sent: Instant) -> Result<usize> {
        let mut left = None;
        loop {
            let patience = if left.is_some() { QUIET } else { PATIENCE };
            match self.client.diagnostics(&self.document, self.version, patience)? {
                Some((_, list)) => left = (!is_on(&list, line)).then_some(list.len()),
                None => return left.with_context(|| format!("a mended fault stayed for {:?}", sent.elapsed())),
            }
        }
    }

    /// Types all but the last letter, then that one together with the question what the word might become.
    fn complete(&mut self, name: &'static str, half: &Half<'_>, figures: &mut Figures) -> Result<()> {
        let &Half { from, to, instead_of, typed, wanted } = half;
        let after = |text: &str| match text.rsplit_once('\n') {
            Some((above, last)) => (from.0 + above.matches('\n').count() + 1, last.len()),
            None => (from.0, from.1 + text.len()),
        };
        let (most, last) = typed.split_at(typed.len() - 1);
        self.change(from, to, most)?;
        // What it says to half a word is of no interest, but it shall have done with it.
        while self.client.diagnostics(&self.document, self.version, QUIET)?.is_some() {}
        let sent = self.change(after(most), after(most), last)?;
        let (line, column) = after(typed);
        let (at, answer) = self.client.request(
            "textDocument/completion",
            json!({ "textDocument": { "uri": self.document }, "position": { "line": line, "character": column } }),
        )?;
        figures.add(name, (at - sent).as_secs_f64() * 1e3);
        let items = answer.get("items").unwrap_or(&answer).as_array().cloned().unwrap_or_default();
        figures.judge(items.iter().any(|item| item["label"].as_str() == Some(wanted)));
        let sent = self.change(from, after(typed), instead_of)?;
        self.until(line, false, sent)?;
        Ok(())
    }

    fn hover(&mut self, line: usize, figures: &mut Figures) -> Result<()> {
        // Inside `timeout_ms`, six columns from the margin.
        let position = json!({ "line": line, "character": 8 });
        let sent = Instant::now();
        let (at, answer) = self
            .client
            .request("textDocument/hover", json!({ "textDocument": { "uri": self.document }, "position": position }))?;
        figures.add("hover_ms", (at - sent).as_secs_f64() * 1e3);
        let text = answer["contents"].get("value").unwrap_or(&answer["contents"]);
        figures.judge(
            text.as_str().is_some_and(|text| !text.trim().is_empty()) || text.as_array().is_some_and(|all| !all.is_empty()),
        );
        Ok(())
    }

    /// Ten keystrokes without a pause: from the last, at a place of its own, until the diagnostics know of it.
    fn burst(&mut self, first: Place, last: Place) -> Result<f64> {
        let behind = |(line, column): Place| (line, column + 1);
        for number in 0..9 {
            if number % 2 == 0 {
                self.change(first, first, "x")?;
            } else {
                self.change(first, behind(first), "")?;
            }
        }
        let sent = self.change(last, last, "x")?;
        let seen = self.until(last.0, true, sent)?;
        self.change(first, behind(first), "")?;
        let sent = self.change(last, behind(last), "")?;
        self.until_settled(last.0, sent)?;
        Ok(seen.ms)
    }
}

/// True when one of the diagnostics begins on a line.
fn is_on(diagnostics: &[Value], line: usize) -> bool {
    diagnostics.iter().any(|found| found["range"]["start"]["line"] == line)
}

/// Where the lines that begin with something end.
fn ends(text: &str, begin: &str) -> Vec<Place> {
    text.lines().enumerate().filter(|(_, line)| line.starts_with(begin)).map(|(number, line)| (number, line.len())).collect()
}

/// What yaml-language-server is told by editors; ours knows its language and does not ask.
fn settings(schema: &str, document: &str) -> Value {
    json!({
        "yaml": {
            "validate": true, "completion": true, "hover": true, "maxItemsComputed": 5000, "schemas": { schema: document },
            // Nothing from the network: that would be another measurement.
            "schemaStore": { "enable": false, "url": "" }, "kubernetesCRDStore": { "enable": false },
        },
        "http": { "proxy": "", "proxyStrictSSL": false },
    })
}
