//! Where a text in brackets has more items than are read: it is cut there before it is parsed, so that what is not read costs nothing.

use super::blocks::MAX_ITEMS;
use super::recover::key_end;
use super::{Node, Value};

/// A text that ends early.
#[derive(Debug)]
pub(super) struct Cut {
    /// What is read: the text to its last item, with every bracket closed.
    pub text: String,
    /// Where that ends in the text.
    end: usize,
    /// Where the first item begins that is not read.
    pub stopped: usize,
}

impl Cut {
    /// Takes away places that only the brackets put there have.
    pub fn settle(&self, root: &mut Node) {
        let mut node = root;
        loop {
            node.span.end = node.span.end.min(self.end);
            node.span.start = node.span.start.min(node.span.end);
            let last = match &mut node.value {
                Value::List(items) => items.last_mut(),
                Value::Map(entries) => entries.last_mut().map(|(_, node)| node),
                _ => None,
            };
            let Some(last) = last else { return };
            node = last;
        }
    }
}

/// Cuts an entry at the top, `key: [ … ]`, behind its last item that is read.
pub(super) fn entry(text: &str) -> Option<Cut> {
    let line = text.lines().next()?;
    cut(text, begin(text, key_end(line)? + 1), 1)
}

/// Cuts a text that is in brackets as a whole: at its keys, and at the items of their lists.
pub(super) fn document(text: &str) -> Option<Cut> {
    let begins = text.find("---").filter(|&at| text[..at].lines().all(|line| line.is_empty() || line.starts_with(['#', '%'])));
    cut(text, begin(text, begins.map_or(0, |at| at + 3)), 2)
}

/// Keeps what is read of the lists at the top, and of the top itself. Gives where the first begins that is left out.
pub(super) fn shorten(root: &mut Node) -> Option<usize> {
    let mut stopped = None;
    let mut at = |node: &Node| stopped = stopped.or(Some(node.span.start));
    match &mut root.value {
        Value::List(items) => {
            items.drain(MAX_ITEMS.min(items.len())..).take(1).for_each(|item| at(&item));
        }
        Value::Map(entries) => {
            for (_, node) in entries.iter_mut() {
                if let Value::List(items) = &mut node.value {
                    items.drain(MAX_ITEMS.min(items.len())..).take(1).for_each(|item| at(&item));
                }
            }
            entries.drain(MAX_ITEMS.min(entries.len())..).take(1).for_each(|(_, node)| at(&node));
        }
        _ => {}
    }
    stopped
}

/// The first place from one on where a value begins: behind blanks, comments, an anchor and a tag.
fn begin(text: &str, mut at: usize) -> usize {
    loop {
        let rest = &text[at..];
        let words = rest.trim_start();
        at += rest.len() - words.len();
        match words.as_bytes().first() {
            Some(b'#') => at += words.find('\n').unwrap_or(words.len()),
            Some(b'&' | b'!') => at += words.find(char::is_whitespace).unwrap_or(words.len()),
            _ => return at,
        }
    }
}

/// Cuts a value in brackets where a level no deeper than `deepest` has more items than are read. Keys count as items at the top alone.
fn cut(text: &str, from: usize, deepest: usize) -> Option<Cut> {
    let bytes = text.as_bytes();
    // For each bracket that is open: whether it is a list, and how many commas it has had.
    let mut open: Vec<(bool, usize)> = Vec::new();
    // True where a quote would open quoted text; in the middle of a word it stands for itself.
    let mut fresh = true;
    let mut mark = false;
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'[' | b'{' => {
                open.push((byte == b'[', 0));
                fresh = true;
            }
            b']' | b'}' => {
                open.pop();
                fresh = false;
            }
            b',' => {
                let depth = open.len();
                let (list, commas) = open.last_mut()?;
                *commas += 1;
                fresh = true;
                let counts = if *list { depth <= deepest } else { depth < deepest };
                let next = begin(text, at + 1);
                if counts && *commas >= MAX_ITEMS && !matches!(bytes.get(next), None | Some(b']' | b'}')) {
                    let closing = open.iter().rev().map(|(list, _)| if *list { ']' } else { '}' });
                    return Some(Cut { text: text[..at].chars().chain(closing).collect(), end: at, stopped: next });
                }
            }
            b'"' | b'\'' if fresh => {
                at = quoted(bytes, at);
                // `"key":1` needs no blank.
                fresh = bytes.get(at + 1) == Some(&b':');
                at += usize::from(fresh);
            }
            b'#' if at == 0 || bytes[at - 1].is_ascii_whitespace() => {
                at = bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |length| at + length);
            }
            b':' if bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace) => fresh = true,
            b'&' | b'!' if fresh => (fresh, mark) = (false, true),
            byte if byte.is_ascii_whitespace() => {
                fresh |= mark;
                mark = false;
            }
            _ => fresh = false,
        }
        if open.is_empty() {
            return None;
        }
        at += 1;
    }
    None
}

/// Where quoted text ends that begins at a place: its closing quote, or the last byte.
fn quoted(bytes: &[u8], start: usize) -> usize {
    let quote = bytes[start];
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        let twice = quote == b'\'' && bytes.get(at + 1) == Some(&quote);
        match byte {
            b'\\' if quote == b'"' => at += 1,
            byte if byte == quote && twice => at += 1,
            byte if byte == quote => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::super::blocks::{MAX_ITEMS, Reader};
    use super::{document, entry};

    fn items(count: usize, item: &str) -> String {
        (0..count).map(|number| format!("{item}{number}, ")).collect::<Vec<_>>().concat()
    }

    #[test]
    fn what_is_not_read_is_cut_off_before_it_is_parsed() {
        let odd = r#"{a: "x, ]\", [", b: 'it''s, [', c: it's, "d":"[,"}, # [, '
 &a "[,", !!str '],', [1, [2, 3]], "#;
        let few = format!("tools: &t # [\n  [{odd}{}]\nname: n\n", items(MAX_ITEMS - 4, "t"));
        assert!(entry(&few).is_none());
        let many = format!("tools: &t # [\n  [{odd}{}]\nname: n\n", items(MAX_ITEMS + 9, "t"));
        let cut = entry(&many).expect("it is too long");
        assert!(many[cut.stopped..].starts_with("t1996, ") && cut.text.ends_with("t1995]"), "{}", &many[cut.stopped..][..20]);
        // Lists further in are a schema's matter, and what is no list is not cut.
        assert!(entry(&format!("a: [[{}]]", items(MAX_ITEMS + 9, "t"))).is_none());
        assert!(entry(&format!("a: {{{}}}", items(MAX_ITEMS + 9, "t"))).is_none());
        assert!(entry(&format!("a: t, {}", items(MAX_ITEMS + 9, "t"))).is_none());
        assert!(document(&format!("--- {{a: {{b: [{}]}}}}", items(MAX_ITEMS + 9, "t"))).is_none());
        let text = format!("# x\n--- {{\"a\":[{}], b: 1}}", items(MAX_ITEMS + 9, "t"));
        assert!(document(&text).expect("it is too long").text.ends_with("t1999]}"));
        assert!(document(&format!("{{{}}}", items(MAX_ITEMS + 9, "t"))).expect("it is too long").text.ends_with("t1999}"));
    }

    #[test]
    fn reading_stops_in_every_form_of_a_list() {
        let block = |count: usize| (0..count).map(|number| format!("- t{number}\n")).collect::<Vec<_>>().concat();
        let tools = |text: &str| {
            let read = Reader::default().read(text);
            assert_eq!(read.faults, [], "{}", &text[..40]);
            let said = read.tree.get("tools").map_or(0, |node| node.items().len());
            (
                said,
                read.stopped.map(|at| text[at..].trim_start_matches("- ").chars().take(5).collect::<String>()),
                read.gaps.may_be_in("tools"),
            )
        };
        let many = MAX_ITEMS + 9;
        for text in [
            format!("tools: [{}]\nname: n\n", items(many, "t")),
            format!("tools: [{}é{}]\nname: n\n", items(MAX_ITEMS, "t"), items(9, "t")).replace("é", "t2000, é"),
            format!("{{tools: [{}], name: n}}", items(many, "t")),
            format!("---\ntools:\n{}name: n\n", block(many)),
            format!("x: &x 1\ny: *x\ntools:\n{}name: n\n", block(many)),
        ] {
            assert_eq!(tools(&text), (MAX_ITEMS, Some("t2000".to_owned()), true), "{}", &text[..40]);
        }
        assert_eq!(tools(&format!("tools: [{}]\n", items(MAX_ITEMS, "t"))), (MAX_ITEMS, None, false));
        assert_eq!(tools(&format!("{{tools: [{}]}}", items(MAX_ITEMS, "t"))), (MAX_ITEMS, None, false));
        assert_eq!(tools(&format!("---\ntools:\n{}", block(MAX_ITEMS))), (MAX_ITEMS, None, false));
    }

    #[test]
    fn keys_past_the_most_are_not_read() {
        let text: String = (0..MAX_ITEMS + 9).map(|number| format!("k{number}: [\n")).collect::<Vec<_>>().concat();
        let read = Reader::default().read(&text);
        assert_eq!(read.stopped, text.find("k2000:"));
        assert_eq!(read.tree.entries().len(), MAX_ITEMS);
        let sound = text.replace('[', "1");
        let read = Reader::default().read(&sound);
        assert_eq!((read.stopped, read.tree.entries().len(), read.faults.len()), (sound.find("k2000:"), MAX_ITEMS, 0));
        let read = Reader::default().read(&format!("--- # whole\n{sound}"));
        assert_eq!((read.tree.entries().len(), read.faults.len(), read.stopped.is_some()), (MAX_ITEMS, 0, true));
    }

    #[test]
    fn what_is_faulty_throughout_is_not_read_to_its_end() {
        let item = |n: usize| format!("- a: {n}\n  b: c: d\n  e: f: g\n  h: [\n");
        let list = |key: usize| {
            format!("k{key}:\n{}", (0..MAX_ITEMS - 1).map(|n| item(key * MAX_ITEMS + n)).collect::<Vec<_>>().concat())
        };
        let text: String = (0..5).map(list).collect::<Vec<_>>().concat();
        let read = Reader::default().read(&text);
        let last = read.faults.last().expect("all is faulty");
        assert!(last.message.contains("nothing is read from here on"), "{last:?}");
        assert!(text.get(last.span.clone()).is_some_and(|line| line.starts_with("- a: ")), "{last:?}");
        assert!(read.faults.len() < 20_000 && read.gaps.may_be_in("k4"), "{}", read.faults.len());
    }
}
