//! A rule's example: what its page shows, and what a test holds it to.

/// A fault and the same mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Example {
    /// One file before and after. Of `pack.yaml` only the lines that matter: [`Example::files`] puts a head before them.
    File {
        path: &'static str,
        before: &'static str,
        after: &'static str,
        /// Files that lie beside it, the same before and after; not shown on the page.
        beside: &'static [(&'static str, &'static str)],
    },
    /// For what text cannot show (a link, a device, a hundred megabytes): told in a sentence each.
    Told { before: &'static str, after: &'static str },
}

/// What a manifest of an example begins with, unless it says its own.
const HEAD: [(&str, &str); 3] =
    [("name:", "name: notes\n"), ("version:", "version: 1.0.0\n"), ("description:", "description: Keeps notes.\n")];

impl Example {
    /// Lines of a manifest.
    pub const fn manifest(before: &'static str, after: &'static str) -> Self {
        Self::file("pack.yaml", before, after)
    }

    /// A file of a pack.
    pub const fn file(path: &'static str, before: &'static str, after: &'static str) -> Self {
        Self::File { path, before, after, beside: &[] }
    }

    /// The same with other files beside it.
    #[must_use]
    pub const fn beside(self, beside: &'static [(&'static str, &'static str)]) -> Self {
        match self {
            Self::File { path, before, after, .. } => Self::File { path, before, after, beside },
            told @ Self::Told { .. } => told,
        }
    }

    /// The files of the example's pack, before or after; `None` for what is told.
    pub fn files(&self, mended: bool) -> Option<Vec<(String, String)>> {
        let Self::File { path, before, after, beside } = *self else { return None };
        let mut files: Vec<(String, String)> = vec![(path.to_owned(), if mended { after } else { before }.to_owned())];
        files.extend(beside.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
        match files.iter_mut().find(|(path, _)| path == "pack.yaml") {
            // A list takes no keys.
            Some((_, text)) if text.starts_with("- ") => {}
            Some((_, text)) => {
                let says = |key: &str| text.lines().any(|line| line.starts_with(key));
                // With an id there is a name; and whoever writes a name on purpose wrong writes it.
                let head: String = HEAD
                    .iter()
                    .filter(|(key, _)| !says(key) && (*key != "name:" || !says("pack_id:")))
                    .map(|(_, line)| *line)
                    .collect();
                text.insert_str(0, &head);
            }
            None => files.push(("pack.yaml".to_owned(), HEAD.iter().map(|(_, line)| *line).collect())),
        }
        Some(files)
    }
}
