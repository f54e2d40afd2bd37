//! What words are made of: quotes, expansions, arithmetic, lists, patterns.

use super::{Kind, Open, Place, Reader, Step, Stop};

impl Reader<'_> {
    pub(super) fn in_quotes(&mut self) -> Step {
        match self.bytes[self.at] {
            b'"' => {
                let start = self.top().at.start;
                if self.top().filled {
                    self.long.get_or_insert(start);
                }
                self.at += 1;
                self.close();
            }
            b'\\' => self.at += 2,
            b'`' => return self.backquotes(),
            b'$' => return self.dollar(true),
            _ => {
                let rest = self.rest();
                let length = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | b'`' | b'$')).unwrap_or(rest.len());
                // Quotes are filled when they go on over a line's end.
                self.top_mut().filled |= rest[..length].contains(&b'\n');
                self.at += length;
            }
        }
        Ok(())
    }

    pub(super) fn in_expansion(&mut self, quoted: bool, pattern: bool) -> Step {
        match self.bytes[self.at] {
            b'}' => {
                self.at += 1;
                self.close();
                Ok(())
            }
            // Bash takes it for a quote, others for a letter. Where nothing stands in it that means something, it is all the same.
            b'\'' if quoted && !pattern => {
                let rest = &self.bytes[self.at + 1..];
                let length = rest.iter().position(|byte| b"'\"}$`\\\n".contains(byte));
                match length.filter(|length| rest[*length] == b'\'') {
                    Some(length) => self.at += length + 2,
                    None => return Err(Stop::Unsure),
                }
                Ok(())
            }
            b'$' if quoted && self.peek(1) == Some(b'\'') => {
                let rest = &self.bytes[self.at + 2..];
                let mut length = 0;
                loop {
                    match rest.get(length) {
                        Some(b'\'') => break,
                        Some(b'\\') => length += 2,
                        None | Some(b'"' | b'}' | b'$' | b'`' | b'\n') => return Err(Stop::Unsure),
                        Some(_) => length += 1,
                    }
                }
                self.at += length + 3;
                Ok(())
            }
            b'$' => self.dollar(quoted),
            byte => self.part_of_word(byte),
        }
    }

    pub(super) fn in_arithmetic(&mut self) -> Step {
        let byte = self.bytes[self.at];
        let start = !self.bytes[self.at - 1].is_ascii_alphanumeric();
        match byte {
            b'(' => {
                self.top_mut().depth += 1;
                self.at += 1;
            }
            b')' => {
                self.at += 1;
                let open = self.top_mut();
                open.depth -= 1;
                if open.depth == 0 {
                    if self.peek(0) == Some(b')') {
                        self.at += 1;
                        self.close();
                    } else {
                        return self.no_arithmetic();
                    }
                }
            }
            b'#' if matches!(self.bytes[self.at - 1], b' ' | b'\t' | b'\n' | b'(' | b';') => {
                self.top_mut().doubtful = true;
                self.at += 1;
            }
            b'<' if self.peek(1) == Some(b'<') => {
                self.top_mut().doubtful = true;
                self.at += 2;
            }
            b'c' if start && self.rest().starts_with(b"case") => {
                self.top_mut().doubtful = true;
                self.at += 4;
            }
            b'\'' if self.stack.iter().any(|open| open.kind == Kind::Quotes) => return Err(Stop::Unsure),
            b'\n' if !self.documents.is_empty() => return Err(Stop::Unsure),
            byte => return self.part_of_word(byte),
        }
        Ok(())
    }

    /// What began as `((` were two parentheses: the inner one has just been closed.
    pub(super) fn no_arithmetic(&mut self) -> Step {
        let open = self.top_mut();
        if open.doubtful {
            return Err(Stop::Unsure);
        }
        let at = open.at.clone();
        let substitution = self.bytes[at.start] == b'$';
        self.stack.pop();
        if self.stack.last().is_some_and(|open| !open.in_commands() && open.kind == Kind::Loop) && !substitution {
            return Err(Stop::Unsure);
        }
        let at = at.start..at.end - 1;
        let mut outer = Open::new(if substitution { Kind::Substitution } else { Kind::Subshell }, at);
        self.level += usize::from(substitution);
        outer.place = Place::After;
        outer.filled = true;
        // Bash looks for nothing but parentheses in it, dash refuses it.
        outer.doubtful = substitution;
        self.stack.push(outer);
        Ok(())
    }

    pub(super) fn in_array(&mut self) -> Step {
        let byte = self.bytes[self.at];
        match byte {
            b')' => {
                self.at += 1;
                self.close();
            }
            b'#' if self.after_blank() => self.comment(),
            b'<' | b'>' if self.peek(1) == Some(b'(') => {
                self.open(Kind::Process, 2);
                self.level += 1;
            }
            b'(' if self.extended(self.top().at.end) => self.open(Kind::Pattern, 1),
            b';' | b'|' | b'&' if !self.korn => return Err(self.unclosed(Some((&self.text[self.at..=self.at], self.at)))),
            b'(' | b';' | b'|' | b'&' | b'<' | b'>' => return Err(Stop::Unsure),
            b'\n' if !self.documents.is_empty() => return Err(Stop::Unsure),
            byte => return self.part_of_word(byte),
        }
        Ok(())
    }

    pub(super) fn in_test(&mut self) -> Step {
        let byte = self.bytes[self.at];
        let rest = self.rest();
        match byte {
            b']' if self.after_blank()
                && rest.starts_with(b"]]")
                && rest.get(2).is_none_or(|byte| b" \t\r\n;&|)<>".contains(byte)) =>
            {
                // In a pattern's parentheses it may be a part of the pattern.
                if self.top().depth > 0 {
                    return Err(Stop::Unsure);
                }
                self.at += 2;
                self.close();
            }
            b'#' if self.after_blank() => {
                let before = self.text[..self.at].trim_end_matches([' ', '\t']);
                if !before.ends_with('\n') {
                    return Err(Stop::Unsure);
                }
                self.comment();
            }
            b'(' => {
                self.top_mut().depth += 1;
                self.at += 1;
            }
            b')' => {
                let open = self.top_mut();
                open.depth = open.depth.checked_sub(1).ok_or(Stop::Unsure)?;
                self.at += 1;
            }
            b';' if self.top().depth == 0 && !self.korn => return Err(self.unclosed(Some((";", self.at)))),
            b'\n' if !self.documents.is_empty() => return Err(Stop::Unsure),
            byte => return self.part_of_word(byte),
        }
        Ok(())
    }

    /// `@(a|b)`: it ends on its line, or is none.
    pub(super) fn in_pattern(&mut self) -> Step {
        match self.bytes[self.at] {
            b'\n' => return Err(Stop::Unsure),
            b'(' => {
                self.top_mut().depth += 1;
                self.at += 1;
            }
            b')' => {
                self.at += 1;
                let open = self.top_mut();
                match open.depth.checked_sub(1) {
                    Some(depth) => open.depth = depth,
                    None => self.close(),
                }
            }
            byte => return self.part_of_word(byte),
        }
        Ok(())
    }

    pub(super) fn dollar(&mut self, quoted: bool) -> Step {
        match self.peek(1) {
            Some(b'(') if self.peek(2) == Some(b'(') => {
                self.open(Kind::Arithmetic, 3);
                self.top_mut().depth = 1;
            }
            Some(b'(') => {
                self.open(Kind::Substitution, 2);
                self.level += 1;
            }
            Some(b'{') => {
                // `${ …; }` runs commands, where a shell knows it.
                if matches!(self.peek(2), Some(b' ' | b'\t' | b'\n' | b'|')) {
                    return Err(Stop::Unsure);
                }
                let pattern = takes_pattern(&self.rest()[2..]);
                self.open(Kind::Expansion { quoted, pattern }, 2);
            }
            // Arithmetic as it was written once: to other shells, two letters.
            Some(b'[') => {
                let length = self.rest().iter().position(|byte| b"]'\"`\\\n#".contains(byte));
                match length.filter(|length| self.rest()[*length] == b']') {
                    Some(length) => self.at += length + 1,
                    None => return Err(Stop::Unsure),
                }
            }
            Some(b'\'') if !quoted => return self.escaped_quotes(),
            Some(b'$' | b'#' | b'?' | b'!' | b'*' | b'@' | b'-' | b'0'..=b'9') => self.at += 2,
            _ => self.at += 1,
        }
        Ok(())
    }

    pub(super) fn single_quotes(&mut self) -> Step {
        let start = self.at;
        let Some(length) = self.bytes[start + 1..].iter().position(|byte| *byte == b'\'') else {
            return Err(self.unquoted(start..start + 1, "'"));
        };
        self.at = start + length + 2;
        if self.bytes[start..self.at].contains(&b'\n') {
            self.long.get_or_insert(start);
        }
        Ok(())
    }

    /// `$'…'`
    pub(super) fn escaped_quotes(&mut self) -> Step {
        self.past_the_next(2, b'\'', "'")
    }

    /// What stands between backquotes is a script of its own, and a shell reads it when it comes there.
    pub(super) fn backquotes(&mut self) -> Step {
        self.past_the_next(1, b'`', "`")
    }

    /// From an opener of so many bytes to behind what ends it.
    fn past_the_next(&mut self, opener: usize, end: u8, shown: &str) -> Step {
        let start = self.at;
        let Some(end) = self.past(start + opener, end) else { return Err(self.unquoted(start..start + opener, shown)) };
        self.at = end;
        Ok(())
    }

    /// Behind the next such byte that no backslash stands before.
    pub(super) fn past(&self, mut at: usize, end: u8) -> Option<usize> {
        loop {
            match self.bytes.get(at)? {
                b'\\' => at += 2,
                byte if *byte == end => return Some(at + 1),
                _ => at += 1,
            }
        }
    }

    /// Past a backslash and what it escapes.
    pub(super) fn escape(&mut self) {
        self.at += self.continued().max(2);
    }

    /// The length of a backslash and the line's end behind it.
    pub(super) fn continued(&self) -> usize {
        match self.rest() {
            [b'\\', b'\n', ..] => 2,
            [b'\\', b'\r', b'\n', ..] => 3,
            _ => 0,
        }
    }

    pub(super) fn comment(&mut self) {
        self.at += self.rest().iter().position(|byte| *byte == b'\n').unwrap_or(self.rest().len());
    }
}

/// True when what follows `${` takes a parameter's beginning or end away, or replaces in it.
fn takes_pattern(rest: &[u8]) -> bool {
    let rest = match rest {
        [b'!' | b'#', rest @ ..] if rest.first().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') => rest,
        _ => rest,
    };
    let name = match rest {
        [byte, ..] if byte.is_ascii_alphanumeric() || *byte == b'_' => {
            rest.iter().take(200).take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count()
        }
        [_, ..] => 1,
        [] => 0,
    };
    let rest = &rest[name..];
    let index = match rest {
        [b'[', ..] => rest.iter().take(200).position(|byte| *byte == b']').map_or(0, |at| at + 1),
        _ => 0,
    };
    matches!(rest.get(index), Some(b'#' | b'%' | b'/'))
}
