//! What may lie in a pack's folder.

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The manifest's name.
pub const MANIFEST: &str = "pack.yaml";

/// The file that says what to leave out, in gitignore's syntax.
pub const IGNORE_FILE: &str = ".packignore";

/// Top-level files of the format.
pub const TOP_FILES: &[&str] = &[
    MANIFEST,
    "behavior.md",
    "answers.yaml",
    "README.md",
    "LICENSE",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "CHANGELOG.md",
    IGNORE_FILE,
];

/// Top-level folders of the format.
pub const TOP_FOLDERS: &[&str] = &[
    "guides",
    "scripts",
    "data",
    "templates",
    "schemas",
    "handlers",
    "components",
    "flows",
    "views",
    "migrations",
    "extensions",
    "assets",
    "tests",
    "evals",
];

/// Known at the top and never shipped: what builds leave behind.
const LEFT_BY_BUILDS: &[&str] = &["dist", "sbom.json", "signature.sig"];

/// Largest sum of uncompressed bytes that a content pack may hold: platforms refuse more.
pub const MAX_PACK_BYTES: u64 = 100 * 1000 * 1000;

/// True for what an operating system, a version control system or an editor leaves in a folder: it is left out without a word.
pub fn is_litter(name: &str) -> bool {
    matches!(
        name,
        ".DS_Store"
            | "Thumbs.db"
            | "desktop.ini"
            | "__MACOSX"
            | ".git"
            | ".hg"
            | ".svn"
            | ".gitignore"
            | ".gitattributes"
            | ".gitkeep"
            | ".gitmodules"
            | ".github"
            | ".gitlab"
            | ".editorconfig"
    ) || name.starts_with("._")
        || name.starts_with(".#")
        || name.starts_with(".packwright-")
        || name.ends_with('~')
        || (name.starts_with('.') && matches!(name.rsplit('.').next(), Some("swp" | "swo" | "swx")))
}

/// True for a top-level name that belongs to the format or is known never to be shipped.
pub fn is_known_top_entry(name: &str, greentic: bool) -> bool {
    TOP_FILES.contains(&name)
        || TOP_FOLDERS.contains(&name)
        || LEFT_BY_BUILDS.contains(&name)
        || (greentic && is_greentic_left_over(name))
}

/// With `pack_id`, the files that Greentic's own tools write beside a manifest.
#[expect(clippy::case_sensitive_file_extension_comparisons, reason = "these names are written by a program, always the same way")]
fn is_greentic_left_over(name: &str) -> bool {
    name == "qa"
        || name.starts_with("pack.lock.")
        || name.ends_with(".lock.json")
        || (name.starts_with("pack.extensions") && name.ends_with(".json"))
}

/// True for what never becomes part of the pack's content, whatever `.packignore` says.
pub fn is_never_shipped(path: &str, greentic: bool) -> bool {
    let top = path.split('/').next().unwrap_or(path);
    LEFT_BY_BUILDS.contains(&top) || top == IGNORE_FILE || (greentic && is_greentic_left_over(top))
}

/// What `.packignore` leaves out.
#[derive(Debug)]
pub struct PackIgnore {
    patterns: Gitignore,
    /// Lines that are no pattern: index from 0, and why.
    pub faults: Vec<(usize, String)>,
    /// The first line that does not count, when there are too many: index from 0.
    pub cut: Option<usize>,
}

/// Most lines of an ignore file that count: each is compared with every path.
const MAX_IGNORE_LINES: usize = 1000;

/// Most bytes of them.
const MAX_IGNORE_BYTES: usize = 64 * 1024;

impl PackIgnore {
    /// Reads the file's text; a faulty line costs only itself.
    pub fn parse(text: &str) -> Self {
        let mut builder = GitignoreBuilder::new("");
        let mut bytes = 0;
        let cut = text.split_inclusive('\n').enumerate().find_map(|(number, line)| {
            bytes += line.len();
            (number >= MAX_IGNORE_LINES || bytes > MAX_IGNORE_BYTES).then_some(number)
        });
        let faults = text
            .lines()
            .take(cut.unwrap_or(usize::MAX))
            .enumerate()
            .filter_map(|(number, line)| builder.add_line(None, line).err().map(|error| (number, error.to_string())))
            .collect();
        // Every line went through the builder above, so building can only fail for patterns too large together: then none holds.
        Self { patterns: builder.build().unwrap_or_else(|_| Gitignore::empty()), faults, cut }
    }

    /// True when the path, or a folder it lies in, is left out.
    pub fn leaves_out(&self, path: &str, folder: bool) -> bool {
        self.patterns.matched_path_or_any_parents(path, folder).is_ignore()
    }

    /// The line that leaves a path out: index from 0, and the pattern. `text` is what was parsed.
    pub fn line_of<'t>(&self, path: &str, folder: bool, text: &'t str) -> Option<(usize, &'t str)> {
        let Match::Ignore(pattern) = self.patterns.matched_path_or_any_parents(path, folder) else { return None };
        // The last line that says so counts; a pattern is kept without the blanks behind it.
        let lines = text.lines().enumerate().take(self.cut.unwrap_or(usize::MAX));
        lines.filter(|(_, line)| line.trim_end() == pattern.original().trim_end()).last()
    }
}

#[cfg(test)]
mod tests {
    use super::{PackIgnore, is_litter};

    #[test]
    fn ignore_file_follows_git() {
        let ignore = PackIgnore::parse("# comment\nnotes/\n*.bak\n!keep.bak\n");
        assert!(ignore.leaves_out("notes", true));
        assert!(ignore.leaves_out("notes/deep/a.md", false));
        assert!(ignore.leaves_out("data/x.bak", false));
        assert!(!ignore.leaves_out("data/keep.bak", false));
        assert!(!ignore.leaves_out("guides/a.md", false));
    }

    #[test]
    fn the_line_that_leaves_a_path_out_is_known() {
        let text = "# mine\nnotes/ \n*.bak\n!keep.bak\nnotes/\n";
        let ignore = PackIgnore::parse(text);
        assert_eq!(ignore.line_of("notes/a.md", false, text), Some((4, "notes/")));
        assert_eq!(ignore.line_of("data/x.bak", false, text), Some((2, "*.bak")));
        assert_eq!(ignore.line_of("data/keep.bak", false, text), None);
        assert_eq!(ignore.line_of("guides/a.md", false, text), None);
    }

    #[test]
    fn a_faulty_line_costs_only_itself() {
        let ignore = PackIgnore::parse("a{b\nnotes/\n");
        assert_eq!(ignore.faults.len(), 1);
        assert!(ignore.leaves_out("notes", true));
    }

    #[test]
    fn a_file_without_end_counts_up_to_its_thousandth_line() {
        let lines: Vec<String> = (0..1002).map(|number| format!("/n{number}")).collect();
        let ignore = PackIgnore::parse(&lines.join("\n"));
        assert_eq!(ignore.cut, Some(1000));
        assert!(ignore.leaves_out("n999", false) && !ignore.leaves_out("n1000", false));
        assert_eq!(PackIgnore::parse(&format!("a\n{}\n", "b".repeat(64 * 1024))).cut, Some(1));
        assert_eq!(PackIgnore::parse("a\n").cut, None);
    }

    #[test]
    fn litter_is_known_by_name() {
        for name in [".DS_Store", "._x", ".pack.yaml.swp", "a.md~", "__MACOSX", ".git", ".github", ".editorconfig"] {
            assert!(is_litter(name), "{name}");
        }
        for name in [".env", ".packignore", "swp", "a.swp.md"] {
            assert!(!is_litter(name), "{name}");
        }
    }
}
