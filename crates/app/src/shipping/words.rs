//! Numbers and digests for people.

/// `1 file`, `2 files`, `3 fixes`.
pub fn plural(number: usize, word: &str) -> String {
    let ending = match number {
        1 => "",
        _ if word.ends_with('x') => "es",
        _ => "s",
    };
    format!("{number} {word}{ending}")
}

/// `512 B`, `34 KB`, `2.1 MB`, `100 MB`.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        // What would round to 1000 KB is a megabyte.
        1_000..999_500 => format!("{} KB", (bytes + 500) / 1_000),
        _ => {
            let tenths = (bytes + 50_000) / 100_000;
            if tenths.is_multiple_of(10) { format!("{} MB", tenths / 10) } else { format!("{}.{} MB", tenths / 10, tenths % 10) }
        }
    }
}

/// A digest, short enough for a line and long enough to tell two apart: `sha256:0123456789ab…`.
pub fn short_digest(digest: &str) -> String {
    digest.char_indices().nth(19).map_or_else(|| digest.to_owned(), |(at, _)| format!("{}…", &digest[..at]))
}

#[cfg(test)]
mod tests {
    use super::{plural, short_digest, size};

    #[test]
    fn numbers_are_for_people() {
        assert_eq!(
            [0, 999, 1_000, 34_499, 999_499, 999_500, 2_149_999, 100_000_000].map(size).join(" "),
            "0 B 999 B 1 KB 34 KB 999 KB 1 MB 2.1 MB 100 MB"
        );
        assert_eq!([plural(1, "file"), plural(0, "file"), plural(2, "fix")], ["1 file", "0 files", "2 fixes"]);
        assert_eq!(short_digest(&format!("sha256:0123456789ab{}", "c".repeat(52))), "sha256:0123456789ab…");
    }
}
