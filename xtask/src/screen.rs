//! A virtual screen whose picture can be read without asking anybody: Xvfb keeps it in a file, in X's old dump format.
//!
//! No X request and no screenshot tool, so looking costs the measured program next to nothing.

use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::Context;
use fs_err as fs;
use fs_err::os::unix::fs::FileExt;

use crate::process;
use crate::workspace::Scratch;

/// The studio opens at 1280 × 800; a screen of that size shows all of it and nothing else.
const SIZE: &str = "1280x800x24";

/// Every seventh line of the picture, each in full: a line of text is taller than that, so none is missed. Such a look takes 0.09 ms
/// (measured), so one every 4 ms costs 2 % of a core.
const STEP: usize = 7;

/// The header's fields are 25 big-endian words of four bytes.
const HEADER: usize = 100;

/// A screen, and the server that draws it, ended when dropped.
pub(crate) struct Screen {
    server: Child,
    /// What to set `DISPLAY` to.
    pub(crate) display: String,
    file: fs::File,
    /// Where the picture begins in the file, bytes in one of its lines, and how many lines it has.
    start: u64,
    line: usize,
    lines: usize,
    _folder: Scratch,
}

/// A look at the screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Frame {
    pixels: Vec<u8>,
    /// Bytes in a line.
    line: usize,
}

impl Screen {
    pub(crate) fn open() -> anyhow::Result<Self> {
        let folder = Scratch::new()?;
        let mut command = Command::new("Xvfb");
        // The server picks a free number and writes it to stdout, which says that it is ready, too.
        command.args(["-displayfd", "1", "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset", "-fbdir"]).arg(folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = command.spawn().with_context(|| process::cannot_start(&command))?;
        let number = first_line(&mut server)?;
        let file = fs::File::open(folder.path().join("Xvfb_screen0"))?;
        let mut header = [0; HEADER];
        file.read_exact_at(&mut header, 0)?;
        let field =
            |index: usize| u32::from_be_bytes(header[index * 4..index * 4 + 4].try_into().expect("a field has four bytes"));
        // Words of the header: 0 its own size, 5 the picture's height, 12 bytes in a line, 19 entries of 12 bytes in the colour map.
        let start = u64::from(field(0)) + u64::from(field(19)) * 12;
        let line = field(12) as usize;
        let lines = field(5) as usize;
        Ok(Screen { server, display: format!(":{number}"), file, start, line, lines, _folder: folder })
    }

    pub(crate) fn look(&self, frame: &mut Frame) -> anyhow::Result<()> {
        let rows = (0..self.lines).step_by(STEP);
        frame.line = self.line;
        frame.pixels.resize(rows.len() * self.line, 0);
        for (row, part) in rows.zip(frame.pixels.chunks_exact_mut(self.line)) {
            self.file.read_exact_at(part, self.start + (row * self.line) as u64)?;
        }
        Ok(())
    }
}

impl Frame {
    /// Whether at least `count` different colours are seen: text and icons have many, an empty page one or two.
    pub(crate) fn has_colours(&self, count: usize) -> bool {
        let mut seen = HashSet::new();
        let mut above: &[u8] = &[];
        for line in self.pixels.chunks_exact(self.line) {
            // An empty page is one line many times over, and must not take long to see through.
            if line != above {
                above = line;
                seen.extend(line.chunks_exact(4).map(|pixel| &pixel[..3]));
            }
            if seen.len() >= count {
                return true;
            }
        }
        false
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The first line a program prints, its stdout left open: it may write again, and ends when it cannot.
pub(crate) fn first_line(child: &mut Child) -> anyhow::Result<String> {
    let mut line = String::new();
    let stdout = child.stdout.as_mut().context("stdout is a pipe")?;
    BufReader::new(stdout).read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_counted_without_their_fourth_byte() {
        let frame = Frame { pixels: vec![1, 1, 1, 0, 1, 1, 1, 255, 2, 2, 2, 0, 1, 1, 1, 0], line: 8 };
        assert!(frame.has_colours(2));
        assert!(!frame.has_colours(3));
    }
}
