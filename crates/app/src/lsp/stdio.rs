//! Messages on standard input and output, framed by the protocol's headers.
//!
//! lsp-server has such a transport, which ends at the first message that it cannot read and takes as much memory as a header asks for.
//! An editor in distress sends half a character, or a batch; the author's session goes on.

use crossbeam_channel::{Receiver, Sender, bounded};
use lsp_server::{Connection, ErrorCode, Message};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::io::{self, BufRead, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

/// Longest message that is read. A manifest of 50,000 lines has two megabytes.
const MOST: u64 = 64 * 1024 * 1024;

/// How many messages wait for the server at most; the others wait in the pipe.
const WAITING: usize = 64;

/// Longest line of a header.
const MOST_OF_HEADER: u64 = 4096;

/// The threads of a connection.
pub(super) struct Threads {
    writer: JoinHandle<io::Result<()>>,
    /// Why nothing is read any more. The reader itself is not waited for: it may still wait for the editor's next word.
    unread: Arc<Mutex<Option<io::Error>>>,
}

impl Threads {
    /// Waits until all is written, and says what went wrong. The connection must be gone by then.
    pub(super) fn join(self) -> io::Result<()> {
        let written = self.writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        self.unread.lock().unwrap_or_else(PoisonError::into_inner).take().map_or(written, Err)
    }
}

/// A connection to whoever is on the other end of two streams.
pub(super) fn connect<R: Read + Send + 'static, W: Write + Send + 'static>(input: R, output: W) -> (Connection, Threads) {
    let output = Arc::new(Mutex::new(output));
    let (sender, outgoing): (Sender<Message>, Receiver<Message>) = bounded(0);
    // What an editor sends in one go waits here together: keys that wait are one check.
    let (incoming, receiver) = bounded(WAITING);
    let unread = Arc::<Mutex<Option<io::Error>>>::default();
    let (own_output, own_unread) = (output.clone(), unread.clone());
    let writer = thread::spawn(move || outgoing.into_iter().try_for_each(|message| write(&own_output, &message)));
    thread::spawn(move || {
        if let Err(error) = listen(&mut io::BufReader::new(input), &incoming, &output) {
            // Before the server learns that nothing comes any more.
            *own_unread.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        }
    });
    (Connection { sender, receiver }, Threads { writer, unread })
}

/// Hands on every message until the last, and answers what is none.
fn listen<W: Write>(input: &mut impl BufRead, incoming: &Sender<Message>, output: &Mutex<W>) -> io::Result<()> {
    while let Some(body) = frame(input)? {
        let message = match body {
            Body::Text(text) => parse(&text),
            Body::TooLong(bytes) => {
                Err(refusal(ErrorCode::InvalidRequest, &format!("a message of {bytes} bytes is not read: {MOST} is the most")))
            }
        };
        match message {
            Ok(message) => {
                let last = matches!(&message, Message::Notification(note) if note.method == "exit");
                // Where nobody takes it, the server has ended.
                if incoming.send(message).is_err() || last {
                    break;
                }
            }
            Err(refusal) => write_json(output, &refusal)?,
        }
    }
    Ok(())
}

/// What stands behind a header.
enum Body {
    Text(Vec<u8>),
    TooLong(u64),
}

/// Reads a message's header and body; `None` when the editor has closed its end.
fn frame(input: &mut impl BufRead) -> io::Result<Option<Body>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        input.by_ref().take(MOST_OF_HEADER).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let Some(line) = line.strip_suffix('\n').map(|line| line.trim_end_matches('\r')) else { return Err(no_header(&line)) };
        if line.is_empty() {
            break;
        }
        let Some((name, value)) = line.split_once(':') else { return Err(no_header(line)) };
        if name.eq_ignore_ascii_case("Content-Length") {
            length = Some(value.trim().parse::<u64>().map_err(|_| no_header(line))?);
        }
    }
    let length = length.ok_or_else(|| no_header(""))?;
    if length > MOST {
        io::copy(&mut input.by_ref().take(length), &mut io::sink())?;
        return Ok(Some(Body::TooLong(length)));
    }
    let mut body = Vec::new();
    input.by_ref().take(length).read_to_end(&mut body)?;
    // Fewer bytes than were promised: the editor went away in the middle of a word.
    let whole = body.len() as u64 == length;
    Ok(whole.then_some(Body::Text(body)))
}

fn no_header(line: &str) -> io::Error {
    let line: String = line.chars().take(40).collect();
    let message =
        format!("`Content-Length: N` and an empty line are wanted before a message, and this came: `{}`", line.escape_debug());
    io::Error::new(io::ErrorKind::InvalidData, message)
}

/// A message, or what is answered to those who sent something else.
fn parse(body: &[u8]) -> Result<Message, Value> {
    let text = String::from_utf8_lossy(body);
    let value: Value = serde_json::from_str(&text)
        .or_else(|error| match with_whole_characters(&text) {
            Cow::Owned(text) => serde_json::from_str(&text),
            Cow::Borrowed(_) => Err(error),
        })
        .map_err(|error| refusal(ErrorCode::ParseError, &format!("this is not JSON: {error}")))?;
    if value.is_array() {
        return Err(refusal(
            ErrorCode::InvalidRequest,
            "the language server protocol knows no batches: send one message at a time",
        ));
    }
    serde_json::from_value(value)
        .map_err(|_| refusal(ErrorCode::InvalidRequest, "this is neither a request, nor a notification, nor an answer"))
}

/// Half a character, as `\ud83d` without its other half, is what an editor sends whose buffer holds one. The sign that stands for what
/// cannot be shown takes its place: it counts the same for whoever counts UTF-16 units.
fn with_whole_characters(text: &str) -> Cow<'_, str> {
    let unit = |at: usize| -> Option<u16> {
        let digits = text.as_bytes().get(at..at + 6)?.strip_prefix(b"\\u")?;
        u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let (mut out, mut kept, mut at) = (String::new(), 0, 0);
    while let Some(found) = text[at..].find('\\').map(|found| at + found) {
        let half = match unit(found) {
            // Both halves.
            Some(0xd800..=0xdbff) if matches!(unit(found + 6), Some(0xdc00..=0xdfff)) => {
                at = found + 12;
                continue;
            }
            Some(0xd800..=0xdfff) => true,
            _ => false,
        };
        if half {
            out.push_str(&text[kept..found]);
            out.push_str("\\ufffd");
            kept = found + 6;
            at = kept;
        } else {
            // A backslash and what it escapes; what it escapes may be a backslash too.
            at = text.len().min(found + 1 + text[found + 1..].chars().next().map_or(0, char::len_utf8));
        }
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

/// An answer to what is no request: it has no number to answer to.
fn refusal(code: ErrorCode, message: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": null, "error": { "code": code as i32, "message": message } })
}

fn write<W: Write>(output: &Mutex<W>, message: &Message) -> io::Result<()> {
    message.write(&mut *output.lock().unwrap_or_else(PoisonError::into_inner))
}

fn write_json<W: Write>(output: &Mutex<W>, value: &Value) -> io::Result<()> {
    let body = value.to_string();
    let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
    write!(output, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::{Body, frame, parse, with_whole_characters};
    use lsp_server::Message;

    fn said(body: &str) -> Result<String, i64> {
        parse(body.as_bytes())
            .map(|message| match message {
                Message::Request(request) => request.method,
                Message::Notification(note) => format!("{} {}", note.method, note.params),
                Message::Response(_) => "an answer".to_owned(),
            })
            .map_err(|refusal| refusal["error"]["code"].as_i64().expect("a code"))
    }

    #[test]
    fn what_is_no_message_is_refused_by_itself() {
        assert_eq!(said(r#"{"jsonrpc":"2.0","id":1,"method":"shutdown"}"#), Ok("shutdown".to_owned()));
        assert_eq!(said(r#"{"a":"#), Err(-32700));
        for body in ["null", "{}", "1", r#"{"jsonrpc":"2.0","id":1}"#] {
            assert_eq!(said(body), Err(-32600), "{body}");
        }
        assert_eq!(said(r#"[{"jsonrpc":"2.0","method":"exit"}]"#), Err(-32600));
    }

    #[test]
    fn half_a_character_costs_itself_alone() {
        let half = r#"{"method":"x","params":["a\ud83d b","\\ud83d","\ud83d\ude00","\ude00\ud83d"]}"#;
        assert_eq!(said(half), Ok("x [\"a\u{fffd} b\",\"\\\\ud83d\",\"\u{1f600}\",\"\u{fffd}\u{fffd}\"]".to_owned()));
        for whole in ["", "\\", "é\\", "\\u12", "{}", "\\ud83d\\ude00"] {
            assert_eq!(with_whole_characters(whole), whole);
        }
    }

    #[test]
    fn headers_are_read_and_absurd_lengths_are_passed_over() {
        let read = |bytes: &[u8]| -> Vec<String> {
            let mut input = std::io::BufReader::new(bytes);
            std::iter::from_fn(|| match frame(&mut input) {
                Ok(Some(Body::Text(text))) => Some(String::from_utf8(text).expect("text")),
                Ok(Some(Body::TooLong(length))) => Some(format!("{length} bytes")),
                Ok(None) => None,
                Err(error) => Some(error.to_string()),
            })
            .take(3)
            .collect()
        };
        assert_eq!(read(b"Content-Length: 2\r\n\r\n{}content-length:2\r\nContent-Type: x\r\n\r\n[]"), ["{}", "[]"]);
        assert_eq!(read(b"Content-Length: 99999999999999\r\n\r\n{}"), ["99999999999999 bytes"]);
        assert_eq!(read(b"Content-Length: 5\r\n\r\n{}"), [""; 0]);
        assert!(read(b"Content-Length: -1\r\n\r\n{}")[0].contains("`Content-Length: -1`"));
        assert!(read(b"hello\n")[0].contains("wanted before a message"));
    }
}
