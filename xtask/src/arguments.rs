//! The command line of `cargo xtask`: words in, a [`Task`] out, or a sentence that says what was not understood.
//!
//! Small enough to read by hand; a parser crate would take longer to build than the rest of xtask.

use std::path::PathBuf;

use crate::fuzz::TARGETS;
use crate::{Exit, Stop};

pub(crate) const HELP: &str = "\
cargo xtask <command>

  studio [PATH] [--headless] [--release]
             build the studio and open PATH, or your own copy of the sample library; --headless shows the
             real window on a virtual screen and leaves screenshots in target/studio
  test [FILTER]
             every test: Rust, page and window; with FILTER those whose name contains it
  lint       formatting, lints, licences, documentation, freshness of generated files
  bench [startup|type|arc|check] [--json] [--runs N] [--only lsp|batch] [--quick]
             a release build's start-up, typing, the way from a new pack to a published one, and checking
             beside what authors check with today; --only and --quick shorten `check`
  fuzz [NAME] [--seconds N] [--input FILE]
             random bytes for what reads other people's files, for N seconds (60); --input
             tries one file again; without NAME, the list of targets
  generate   write the committed generated files again
  setup      install what is missing; the commands above do it by themselves
  help       this text";

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Help,
    Setup,
    Studio(StudioOptions),
    Test { filter: Option<String> },
    Lint,
    Generate,
    Bench(BenchOptions),
    Fuzz(FuzzOptions),
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct StudioOptions {
    pub(crate) folder: Option<PathBuf>,
    pub(crate) headless: bool,
    pub(crate) release: bool,
}

#[derive(Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the command line")]
pub(crate) struct BenchOptions {
    pub(crate) startup: bool,
    pub(crate) typing: bool,
    pub(crate) arc: bool,
    pub(crate) check: bool,
    pub(crate) json: bool,
    /// Each bench has its own number when this is left out.
    pub(crate) runs: Option<usize>,
    /// One half of `check`: `lsp` or `batch`.
    pub(crate) only: Option<String>,
    pub(crate) quick: bool,
}

impl Default for BenchOptions {
    fn default() -> Self {
        let (json, quick) = (false, false);
        BenchOptions { startup: true, typing: true, arc: true, check: true, json, runs: None, only: None, quick }
    }
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct FuzzOptions {
    /// One of `fuzz::TARGETS`; without, they are listed.
    pub(crate) target: Option<String>,
    pub(crate) seconds: u32,
    /// One input to be tried again.
    pub(crate) input: Option<PathBuf>,
}

const COMMANDS: [&str; 8] = ["studio", "test", "lint", "bench", "fuzz", "generate", "setup", "help"];

pub(crate) fn parse(words: impl IntoIterator<Item = String>) -> Result<Task, Stop> {
    let mut words = words.into_iter();
    let Some(command) = words.next() else { return Ok(Task::Help) };
    let rest: Vec<String> = words.collect();
    if rest.iter().any(|word| word == "--help" || word == "-h") {
        return Ok(Task::Help);
    }
    match command.as_str() {
        "help" | "--help" | "-h" => Ok(Task::Help),
        "setup" => alone("setup", &rest, Task::Setup),
        "lint" => alone("lint", &rest, Task::Lint),
        "generate" => alone("generate", &rest, Task::Generate),
        "studio" => studio(rest).map(Task::Studio),
        "test" => test(rest),
        "bench" => bench(rest).map(Task::Bench),
        "fuzz" => fuzz(rest).map(Task::Fuzz),
        _ => Err(unknown("command", &command, &COMMANDS)),
    }
}

fn alone(command: &str, rest: &[String], task: Task) -> Result<Task, Stop> {
    match rest.first() {
        None => Ok(task),
        Some(word) => Err(usage(&format!("`{command}` takes no argument, but was given `{word}`."))),
    }
}

fn studio(words: Vec<String>) -> Result<StudioOptions, Stop> {
    let mut options = StudioOptions::default();
    for word in words {
        match word.as_str() {
            "--headless" => options.headless = true,
            "--release" => options.release = true,
            flag if flag.starts_with('-') => return Err(unknown("flag of `studio`", flag, &["--headless", "--release"])),
            _ if options.folder.is_some() => return Err(usage(&format!("`studio` opens one folder; `{word}` is a second one."))),
            _ => options.folder = Some(PathBuf::from(word)),
        }
    }
    if options.headless && options.folder.is_some() {
        return Err(usage("`studio --headless` tours the sample library; it takes no PATH."));
    }
    Ok(options)
}

fn test(words: Vec<String>) -> Result<Task, Stop> {
    let mut filter = None;
    for word in words {
        if word.starts_with('-') {
            return Err(unknown("flag of `test`", &word, &[]));
        }
        if filter.is_some() {
            return Err(usage(&format!("`test` takes one FILTER; `{word}` is a second one.")));
        }
        filter = Some(word);
    }
    Ok(Task::Test { filter })
}

const BENCH_WORDS: [&str; 8] = ["startup", "type", "arc", "check", "--json", "--runs", "--only", "--quick"];

fn bench(words: Vec<String>) -> Result<BenchOptions, Stop> {
    let mut options = BenchOptions { startup: false, typing: false, arc: false, check: false, ..BenchOptions::default() };
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "startup" => options.startup = true,
            "type" => options.typing = true,
            "arc" => options.arc = true,
            "check" => options.check = true,
            "--json" => options.json = true,
            "--quick" => options.quick = true,
            "--only" => {
                let half = words.next().filter(|half| ["lsp", "batch"].contains(&half.as_str()));
                options.only = Some(half.ok_or_else(|| usage("`--only` wants `lsp` or `batch`, the halves of `bench check`."))?);
            }
            "--runs" => {
                let count = words.next().and_then(|count| count.parse().ok()).filter(|count| (1..=1000).contains(count));
                options.runs = Some(count.ok_or_else(|| usage("`--runs` wants a number from 1 to 1000."))?);
            }
            _ => return Err(unknown("word of `bench`", &word, &BENCH_WORDS)),
        }
    }
    if !options.startup && !options.typing && !options.arc && !options.check {
        (options.startup, options.typing, options.arc, options.check) = (true, true, true, true);
    }
    if !options.check && (options.quick || options.only.is_some()) {
        return Err(usage("`--only` and `--quick` shorten `bench check`, which is not asked for here."));
    }
    Ok(options)
}

fn fuzz(words: Vec<String>) -> Result<FuzzOptions, Stop> {
    let mut options = FuzzOptions { seconds: 60, ..FuzzOptions::default() };
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--seconds" => {
                let count = words.next().and_then(|count| count.parse().ok()).filter(|count| (1..=1_000_000).contains(count));
                options.seconds = count.ok_or_else(|| usage("`--seconds` wants a number from 1 to 1000000."))?;
            }
            "--input" => {
                let file = words.next().ok_or_else(|| usage("`--input` wants the path of a file."))?;
                // Programs start in the repository, wherever the command was typed.
                options.input = Some(std::path::absolute(&file).unwrap_or_else(|_| file.into()));
            }
            flag if flag.starts_with('-') => return Err(unknown("flag of `fuzz`", flag, &["--seconds", "--input"])),
            _ if options.target.is_some() => return Err(usage(&format!("`fuzz` takes one NAME; `{word}` is a second one."))),
            name => {
                let known: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
                if !known.contains(&name) {
                    return Err(unknown("target of `fuzz`", name, &known));
                }
                options.target = Some(word);
            }
        }
    }
    if options.target.is_none() && options.input.is_some() {
        return Err(usage("`--input` wants the NAME of a target, too."));
    }
    Ok(options)
}

fn usage(message: &str) -> Stop {
    Stop { exit: Exit::Usage, message: format!("{message}\n`cargo xtask help` lists the commands.") }
}

fn unknown(kind: &str, word: &str, known: &[&str]) -> Stop {
    let guess = nearest(word, known).map(|near| format!(" Did you mean `{near}`?")).unwrap_or_default();
    usage(&format!("`{word}` is no {kind}.{guess}"))
}

/// The known word nearest to `word`, when at most every second letter differs.
fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|&candidate| (distance(word, candidate), candidate))
        .filter(|&(distance, candidate)| distance <= candidate.len() / 2)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// How many letters must be put in, left out or replaced to turn one word into the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (above, letter) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (column, &wanted) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != wanted);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str) -> Result<Task, Stop> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    fn refusal(line: &str) -> String {
        let stop = check(line).unwrap_err();
        assert_eq!(stop.exit, Exit::Usage);
        stop.message.lines().next().unwrap().to_owned()
    }

    #[test]
    fn no_word_is_help() {
        assert_eq!(check("").unwrap(), Task::Help);
        assert_eq!(check("test --help").unwrap(), Task::Help);
    }

    #[test]
    fn flags_and_folder_come_in_any_order() {
        let wanted = StudioOptions { folder: Some("my pack".replace(' ', "-").into()), headless: false, release: true };
        assert_eq!(check("studio --release my-pack").unwrap(), Task::Studio(wanted));
        let only = BenchOptions { startup: false, typing: false, arc: false, check: false, ..BenchOptions::default() };
        let options = BenchOptions { startup: true, runs: Some(3), json: true, ..only };
        assert_eq!(check("bench --runs 3 startup --json").unwrap(), Task::Bench(options));
        assert_eq!(check("bench type check startup arc").unwrap(), Task::Bench(BenchOptions::default()));
        assert_eq!(check("bench").unwrap(), Task::Bench(BenchOptions::default()));
    }

    #[test]
    fn the_check_bench_can_be_shortened_and_the_others_not() {
        let Task::Bench(options) = check("bench check --only lsp --quick").unwrap() else { panic!("it is a bench") };
        assert_eq!((options.only.as_deref(), options.quick, options.startup), (Some("lsp"), true, false));
        assert_eq!(refusal("bench arc --quick"), "`--only` and `--quick` shorten `bench check`, which is not asked for here.");
        assert_eq!(refusal("bench check --only all"), "`--only` wants `lsp` or `batch`, the halves of `bench check`.");
        assert_eq!(refusal("bench chekc"), "`chekc` is no word of `bench`. Did you mean `check`?");
    }

    #[test]
    fn wrong_words_name_the_nearest_right_one() {
        assert_eq!(refusal("tset"), "`tset` is no command. Did you mean `test`?");
        assert_eq!(refusal("sudio"), "`sudio` is no command. Did you mean `studio`?");
        assert_eq!(refusal("frobnicate"), "`frobnicate` is no command.");
        assert_eq!(refusal("studio --headles"), "`--headles` is no flag of `studio`. Did you mean `--headless`?");
        assert_eq!(refusal("test --all"), "`--all` is no flag of `test`.");
    }

    #[test]
    fn a_fuzz_target_has_a_name_and_an_end() {
        let wanted = FuzzOptions { target: Some("edit".to_owned()), seconds: 300, input: None };
        assert_eq!(check("fuzz --seconds 300 edit").unwrap(), Task::Fuzz(wanted));
        assert_eq!(check("fuzz").unwrap(), Task::Fuzz(FuzzOptions { seconds: 60, ..FuzzOptions::default() }));
        assert_eq!(refusal("fuzz manifst"), "`manifst` is no target of `fuzz`. Did you mean `manifest`?");
        assert_eq!(refusal("fuzz edit schema"), "`fuzz` takes one NAME; `schema` is a second one.");
        assert_eq!(refusal("fuzz edit --seconds"), "`--seconds` wants a number from 1 to 1000000.");
        assert_eq!(refusal("fuzz edit --second 5"), "`--second` is no flag of `fuzz`. Did you mean `--seconds`?");
        assert_eq!(refusal("fuzz --input x"), "`--input` wants the NAME of a target, too.");
    }

    #[test]
    fn words_too_many_are_refused() {
        assert_eq!(refusal("lint all"), "`lint` takes no argument, but was given `all`.");
        assert_eq!(refusal("studio a b"), "`studio` opens one folder; `b` is a second one.");
        assert_eq!(refusal("studio --headless a"), "`studio --headless` tours the sample library; it takes no PATH.");
        assert_eq!(refusal("bench --runs none"), "`--runs` wants a number from 1 to 1000.");
    }
}
