//! Guesses what an author meant by a word we do not know.

use std::cell::Cell;

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
    pub fn nearest<'a>(&self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        let length = word.chars().take(MAX_WORD + 1).count();
        if length > MAX_WORD || self.0.get() == 0 {
            return None;
        }
        let allowed = (length / 3).max(1);
        let word = word.to_lowercase();
        known
            .into_iter()
            .filter(|candidate| candidate.chars().take(length + allowed + 1).count().abs_diff(length) <= allowed)
            .map_while(|candidate| {
                self.0.set(self.0.get().checked_sub(1)?);
                Some((distance(&word, &candidate.to_lowercase()), candidate))
            })
            .filter(|&(distance, _)| distance <= allowed)
            .min_by_key(|&(distance, _)| distance)
            .map(|(_, candidate)| candidate)
    }
}

/// The known word nearest to `word`, for a list that is short and asked once.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    Guesses::full().nearest(word, known)
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
        assert_eq!(nearest("catagory", known), Some("category"));
        assert_eq!(nearest("nmae", known), Some("name"));
        assert_eq!(nearest("NAME", known), Some("name"));
        assert_eq!(nearest("colour", known), None);
    }

    #[test]
    fn a_word_beyond_all_measure_is_not_guessed_at() {
        let long = "n".repeat(129);
        assert_eq!(nearest(&long, [long.as_str()]), None);
        assert_eq!(nearest(&long[1..], [&long[2..]]), Some(&long[2..]));
    }

    #[test]
    fn what_both_begin_and_end_with_counts_nothing() {
        for (one, other, apart) in [("aab", "ab", 1), ("é", "è", 1), ("ab", "ba", 1), ("aXbYa", "aYbXa", 2), ("", "abc", 3)] {
            assert_eq!(distance(one, other), apart, "{one} {other}");
        }
    }
}
