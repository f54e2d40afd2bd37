//! Guesses what an author meant by a word we do not know.

use std::cell::Cell;
use std::fmt;
use std::ops::Deref;

/// Longest word that is guessed at, in characters: nobody mistypes a key or a path of that length.
const MAX_WORD: usize = 128;

/// How many words a check compares at most. Past it nothing is guessed: a manifest with thousands of faults is no slip of the finger.
const MAX_COMPARISONS: usize = 50_000;

/// What is left of a check's guesses, so that a manifest of nothing but mistakes is checked as quickly as a sound one.
#[derive(Debug)]
pub struct Guesses(Cell<usize>);

impl Guesses {
    /// As many as a check may make.
    pub(crate) fn full() -> Self {
        Self(Cell::new(MAX_COMPARISONS))
    }

    /// None: for checks whose hints nobody reads.
    pub(crate) fn none() -> Self {
        Self(Cell::new(0))
    }

    /// True while there are some.
    pub(crate) fn any_left(&self) -> bool {
        self.0.get() > 0
    }

    /// The known word nearest to `word`, when it is near enough to be offered.
    ///
    /// Near enough: a swapped, missing or wrong letter for every three letters of the word. Wider, and the guesses are noise.
    pub fn nearest<'a>(&self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<Near<'a>> {
        let length = word.chars().take(MAX_WORD + 1).count();
        if length > MAX_WORD || self.0.get() == 0 {
            return None;
        }
        let allowed = (length / 3).max(1);
        let word = word.to_lowercase();
        let plain = without_separators(&word);
        let mut nearest: Option<(Apart, &str)> = None;
        // Others that could have been meant as well, as far as letters tell.
        let mut rivals = false;
        for candidate in known {
            if candidate.chars().take(length + allowed + 1).count().abs_diff(length) > allowed {
                continue;
            }
            let Some(left) = self.0.get().checked_sub(1) else {
                // What was not compared may be nearer.
                rivals = true;
                break;
            };
            self.0.set(left);
            let lower = candidate.to_lowercase();
            let distance = distance(&word, &lower);
            if distance > allowed {
                continue;
            }
            let apart = if without_separators(&lower) == plain {
                Apart::Spelling(distance)
            } else if distance == 1 {
                Apart::Slip
            } else {
                Apart::Letters(distance)
            };
            match &nearest {
                Some((best, other)) if apart.kind() == best.kind() => {
                    rivals |= candidate != *other;
                    if apart < *best {
                        nearest = Some((apart, candidate));
                    }
                }
                Some((best, _)) if *best < apart => {}
                _ => {
                    rivals = false;
                    nearest = Some((apart, candidate));
                }
            }
        }
        nearest.map(|(apart, candidate)| {
            let certain = !rivals
                && match apart {
                    Apart::Spelling(_) => true,
                    Apart::Slip => is_slip(&word, &candidate.to_lowercase()),
                    Apart::Letters(_) => false,
                };
            Near { word: candidate, certain }
        })
    }
}

/// A known word near to one that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near<'a> {
    pub word: &'a str,
    /// True when no other can have been meant: it differs by case, separators or one slip of the finger, and it alone does.
    pub certain: bool,
}

impl<'a> From<&'a str> for Near<'a> {
    /// A word that comes from elsewhere is a guess.
    fn from(word: &'a str) -> Self {
        Self { word, certain: false }
    }
}

impl<'a> From<&'a String> for Near<'a> {
    fn from(word: &'a String) -> Self {
        word.as_str().into()
    }
}

impl Deref for Near<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        self.word
    }
}

impl fmt::Display for Near<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word)
    }
}

/// The known word nearest to `word`, for a list that is short and asked once.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<Near<'a>> {
    Guesses::full().nearest(word, known)
}

/// How a candidate differs, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Apart {
    /// In case and separators alone.
    Spelling(usize),
    /// By one letter.
    Slip,
    /// By several.
    Letters(usize),
}

impl Apart {
    /// Candidates of one kind are as likely to be meant.
    fn kind(self) -> u8 {
        match self {
            Self::Spelling(_) => 0,
            Self::Slip => 1,
            Self::Letters(_) => 2,
        }
    }
}

/// A word without what joins its parts.
fn without_separators(word: &str) -> String {
    word.chars()
        .filter(|letter| !matches!(letter, '-' | '_' | ' '))
        .map(|letter| if letter == '\\' { '/' } else { letter })
        .collect()
}

/// Shortest run of letters in which one letter is a slip: `t` for `bt`, or `en` for `es`, is another word.
const SHORTEST_SLIPPED: usize = 4;

/// True when two words one letter apart are one word with a slip: in a run of letters that is long enough to be known by the others, and
/// not in a number, where each digit says something else.
fn is_slip(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let front = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let most = one.len().min(other.len()) - front;
    let back = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count().min(most);
    let changed = |word: &[char]| word[front..word.len() - back].to_vec();
    let letters = |word: &[char]| {
        let begins = word[..front].iter().rev().take_while(|letter| letter.is_alphabetic()).count();
        let ends = word[word.len() - back..].iter().take_while(|letter| letter.is_alphabetic()).count();
        begins + (word.len() - front - back) + ends
    };
    let plain = |word: &[char]| changed(word).iter().all(|letter| !letter.is_numeric());
    plain(&one) && plain(&other) && letters(&one).max(letters(&other)) >= SHORTEST_SLIPPED
}

/// How many letters are swapped, missing or wrong. What both begin and end with is not looked at: paths of one folder begin alike.
fn distance(one: &str, other: &str) -> usize {
    let same = |(a, b): &(char, char)| a == b;
    let front: usize = one.chars().zip(other.chars()).take_while(same).map(|(a, _)| a.len_utf8()).sum();
    let (one, other) = (&one[front..], &other[front..]);
    let back: usize = one.chars().rev().zip(other.chars().rev()).take_while(same).map(|(a, _)| a.len_utf8()).sum();
    strsim::osa_distance(&one[..one.len() - back], &other[..other.len() - back])
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn offers_a_slip_of_the_finger_and_nothing_further() {
        let known = ["category", "capabilities", "name"];
        let nearest = |word| nearest(word, known).map(|near| near.word);
        assert_eq!(nearest("catagory"), Some("category"));
        assert_eq!(nearest("nmae"), Some("name"));
        assert_eq!(nearest("NAME"), Some("name"));
        assert_eq!(nearest("colour"), None);
    }

    #[test]
    fn one_slip_is_certain_where_one_word_alone_can_have_been_meant() {
        let certain = |word: &str, known: &[&'static str]| nearest(word, known.iter().copied()).map(|near| near.certain);
        for (word, known) in [
            ("catagory", "category"),
            ("categry", "category"),
            ("catefgory", "category"),
            ("caetgory", "category"),
            ("CATEGORY", "category"),
            ("display-name", "display_name"),
            ("DisplayName", "display_name"),
            ("handlers/serach.ts", "handlers/search.ts"),
            ("handlers\\search.ts", "handlers/search.ts"),
            ("limit", "limits"),
        ] {
            assert_eq!(certain(word, &[known, "elsewhere"]), Some(true), "{word}");
        }
        for (word, known) in [
            ("handlers/one.ts", "handlers/two.ts"),
            ("assets/icon.png", "assets/logo.png"),
            ("bt", "t"),
            ("i18n/es.json", "i18n/en.json"),
            ("search_v1.json", "search_v2.json"),
            ("search.json", "search2.json"),
            ("catagori", "category"),
        ] {
            assert_eq!(certain(word, &[known]), Some(false), "{word}");
        }
        assert_eq!(certain("note", &["notes", "noted"]), Some(false), "two are as near");
        assert_eq!(certain("note", &["notes", "notes"]), Some(true), "one that is listed twice is one");
        assert_eq!(certain("Notes", &["note", "notes"]), Some(true), "the case alone is nearer than a letter");
        assert_eq!(certain("no-tes", &["notes", "not_es"]), Some(false), "both differ by a separator");
    }

    #[test]
    fn a_word_beyond_all_measure_is_not_guessed_at() {
        let long = "n".repeat(129);
        assert_eq!(nearest(&long, [long.as_str()]), None);
        assert_eq!(nearest(&long[1..], [&long[2..]]).map(|near| near.word), Some(&long[2..]));
    }

    #[test]
    fn what_both_begin_and_end_with_counts_nothing() {
        for (one, other, apart) in [("aab", "ab", 1), ("é", "è", 1), ("ab", "ba", 1), ("aXbYa", "aYbXa", 2), ("", "abc", 3)] {
            assert_eq!(distance(one, other), apart, "{one} {other}");
        }
    }
}
