//! Guesses what an author meant by a word we do not know.

/// The known word nearest to `word`, when it is near enough to be offered.
///
/// Near enough: a swapped, missing or wrong letter for every three letters of the word. Wider, and the guesses are noise.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (word.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|&(distance, _)| distance <= allowed)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn offers_a_slip_of_the_finger_and_nothing_further() {
        let known = ["category", "capabilities", "name"];
        assert_eq!(nearest("catagory", known), Some("category"));
        assert_eq!(nearest("nmae", known), Some("name"));
        assert_eq!(nearest("colour", known), None);
    }
}
