//! The program's few arguments, read by hand: one folder and three flags are no work for a parser.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "before there is a window, the terminal is all there is")]

use std::process::ExitCode;

const HELP: &str = "Packwright: write, check and publish packs for agent platforms

Usage: packwright-studio [FOLDER] [--reset-rendering]

  FOLDER             The pack to open; a second start opens it in the window that is there
  --reset-rendering  Forget the rendering fallback, and start the web engine the usual way
  --version, --help

The command line is `packwright`.";

/// What the program was asked to do.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    /// The folder to open, absolute.
    pub folder: Option<String>,
    pub reset_rendering: bool,
}

/// A reason to end before there is a window.
#[derive(Debug, PartialEq, Eq)]
pub enum Stop {
    Answer(String),
    Wrong(String),
}

impl Arguments {
    /// Reads the words behind the program's name.
    pub fn read(words: impl Iterator<Item = String>) -> Result<Self, Stop> {
        let mut arguments = Self::default();
        for word in words {
            match word.as_str() {
                "--help" | "-h" => return Err(Stop::Answer(HELP.to_owned())),
                "--version" | "-V" => return Err(Stop::Answer(format!("packwright-studio {}", env!("CARGO_PKG_VERSION")))),
                "--reset-rendering" => arguments.reset_rendering = true,
                flag if flag.starts_with('-') => return Err(Stop::Wrong(format!("there is no option `{flag}`"))),
                _ if arguments.folder.is_some() => return Err(Stop::Wrong("one folder at a time can be opened".to_owned())),
                folder => arguments.folder = Some(absolute(folder, &std::env::current_dir().unwrap_or_default())),
            }
        }
        Ok(arguments)
    }
}

/// The folder as seen from where the command was typed. It need not exist: the window says so.
pub fn absolute(folder: &str, from: &std::path::Path) -> String {
    from.join(folder).to_string_lossy().into_owned()
}

impl Stop {
    /// Prints why, and gives the exit code.
    pub fn say(self) -> ExitCode {
        match self {
            Self::Answer(text) => {
                println!("{text}");
                ExitCode::SUCCESS
            }
            Self::Wrong(why) => {
                eprintln!("error: {why}\n\n{HELP}");
                ExitCode::from(2)
            }
        }
    }
}

/// Prints why there will be no window.
pub fn say_and_fail(why: &str) -> ExitCode {
    eprintln!("error: {why}");
    ExitCode::from(3)
}

#[cfg(test)]
mod tests {
    use super::{Arguments, Stop};

    fn read(words: &[&str]) -> Result<Arguments, Stop> {
        Arguments::read(words.iter().map(ToString::to_string))
    }

    #[test]
    fn a_folder_becomes_absolute_and_wrong_words_are_named() {
        assert_eq!(read(&[]), Ok(Arguments::default()));
        let folder = read(&["some/pack"]).expect("it is a folder").folder.expect("it is kept");
        assert!(std::path::Path::new(&folder).is_absolute() && folder.ends_with("pack"));
        assert_eq!(read(&["--colour"]), Err(Stop::Wrong("there is no option `--colour`".into())));
        assert!(matches!(read(&["a", "b"]), Err(Stop::Wrong(_))));
        assert!(matches!(read(&["--help"]), Err(Stop::Answer(_))));
    }
}
