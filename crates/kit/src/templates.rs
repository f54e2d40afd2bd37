//! New packs: a folder with the files of a template, in which a name, a sentence and an address are filled in.
//!
//! What a template makes is a sound pack: nothing to find for the checks, and cases that pass without a network. The folder appears
//! whole or not at all, and nothing that is there already is touched.

use camino::{Utf8Path, Utf8PathBuf};
use packwright_core::folder::MANIFEST;
use packwright_core::model::Manifest;
use packwright_core::policy::{self, Ledger, Policy};
use packwright_core::recording::{HttpCall, Recording};
use packwright_core::rules::manifest::{is_slug, slug};
use packwright_core::text::shown;
use packwright_core::yaml::write::word;
use std::collections::BTreeMap;
use std::io;
use url::{Host, Url};

/// A pack to begin with.
#[derive(Debug, PartialEq, Eq)]
pub struct Template {
    pub id: &'static str,
    pub title: &'static str,
    /// What it is for, in one sentence.
    pub description: &'static str,
    /// What it holds, in a few words.
    pub contents: &'static str,
    /// The address to begin with, when it asks for that of a service.
    pub address: Option<&'static str>,
    /// The tool that it makes, and an input for it.
    pub tool: Option<(&'static str, &'static str)>,
    /// What the manifest says when the author says nothing.
    sentence: &'static str,
    /// Paths and texts.
    files: &'static [(&'static str, &'static str)],
}

/// What a pack is made of.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// A template's `id`.
    pub template: &'a str,
    /// The folder in which the pack's own folder is made. It is made, too, when it is missing.
    pub folder: &'a Utf8Path,
    /// The pack's name, and that of its folder.
    pub name: &'a str,
    /// Empty: the template's own sentence.
    pub description: &'a str,
    /// The service's address. `None`: the template's.
    pub address: Option<&'a str>,
}

/// Why no pack was made. Nothing has changed on the disk.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    #[error("there is no template `{}`", shown(.0))]
    UnknownTemplate(String),
    #[error("`{}` is not a name that every platform takes", shown(name))]
    BadName { name: String, suggestion: Option<String> },
    #[error("the template `{0}` asks for no address")]
    AddressNotWanted(&'static str),
    #[error(transparent)]
    BadAddress(#[from] AddressError),
    #[error("`{0}` exists already, and has something in it")]
    Exists(Utf8PathBuf),
    #[error("`{0}` is not a folder")]
    NotAFolder(Utf8PathBuf),
    #[error("`{folder}` cannot be written: {source}")]
    Write { folder: Utf8PathBuf, source: io::Error },
}

/// Why an address is not one that a tool can ask. None of these repeats what may be a secret.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    #[error("this is not an address: {0}")]
    Unreadable(String),
    #[error("an address begins with `https://` or `http://`, and this one with `{}`", shown(.0))]
    OtherScheme(String),
    #[error("the address has a user name or password in it, which everyone could read in the published pack")]
    Secret,
    #[error("the address has a query (what begins with `?`): leave it out, the handler adds one to every request")]
    Query,
    #[error("the address has a mark within a page (what begins with `#`): leave it out, a service never sees it")]
    Fragment,
    #[error("the address has a `*` in its path, which would allow more than this one")]
    Star,
    #[error("a pack cannot reach this address: {0}")]
    Unreachable(String),
}

macro_rules! files {
    ($template:literal: $($path:literal),+ $(,)?) => {
        &[$(($path, include_str!(concat!("../templates/", $template, "/", $path)))),+]
    };
}

const TEMPLATES: &[Template] = &[
    Template {
        id: "http-tool",
        title: "A tool that calls an HTTP API",
        description: "Asks a web service with a few words and hands on what it finds.",
        contents: "one tool, its schemas, two cases",
        // Free, without a key, and with the two parameters that the handler sends: it answers at once.
        address: Some("https://openlibrary.org/search.json"),
        tool: Some(("search_items", r#"{"query": "dune", "limit": 2}"#)),
        sentence: "Searches a web service and returns what it finds.",
        files: files!("http-tool":
            "pack.yaml",
            "README.md",
            "handlers/search_items.ts",
            "schemas/search_items.input.json",
            "schemas/search_items.output.json",
            "tests/search_items.yaml",
            "tests/recordings/first-answer.yaml",
        ),
    },
    Template {
        id: "content",
        title: "Guides for agents",
        description: "Tells an agent how something is done: behaviour, a guide to read, a form to fill in. No code.",
        contents: "behaviour, one guide, one form",
        address: None,
        tool: None,
        sentence: "Tells an agent how reports are written here.",
        files: files!("content": "pack.yaml", "README.md", "behavior.md", "guides/writing-a-report.md", "templates/report.md"),
    },
];

/// The templates, the one that most people want first.
pub fn list() -> &'static [Template] {
    TEMPLATES
}

/// Makes a pack and gives its folder: `folder/name`, which must not be there yet, or be empty.
pub fn make(request: &Request<'_>) -> Result<Utf8PathBuf, TemplateError> {
    let unknown = || TemplateError::UnknownTemplate(request.template.to_owned());
    let template = TEMPLATES.iter().find(|template| template.id == request.template).ok_or_else(unknown)?;
    if !is_slug(request.name) {
        let suggestion = Some(slug(request.name)).filter(|name| is_slug(name));
        return Err(TemplateError::BadName { name: request.name.to_owned(), suggestion });
    }
    let address = match (template.address, request.address) {
        (Some(usual), given) => Some(Address::read(given.unwrap_or(usual))?),
        (None, Some(_)) => return Err(TemplateError::AddressNotWanted(template.id)),
        (None, None) => None,
    };
    let files = template.filled(request, address.as_ref());
    if let (Some(address), Some((_, manifest))) = (&address, files.iter().find(|(path, _)| *path == MANIFEST)) {
        address.refused_by(manifest)?;
    }
    let target = request.folder.join(request.name);
    write(request.folder, &target, &files)?;
    Ok(target)
}

impl Template {
    /// Its files, with the author's words in them.
    fn filled(&self, request: &Request<'_>, address: Option<&Address>) -> Vec<(&'static str, String)> {
        let description = Some(request.description.trim()).filter(|text| !text.is_empty()).unwrap_or(self.sentence);
        // What steers a terminal or a page has no place in a text for people.
        let letters = |word: &str| word.chars().filter(|letter| !letter.is_control()).collect::<String>();
        let in_lines = description.split_whitespace().map(letters).collect::<Vec<_>>().join(" ");
        let mut words = BTreeMap::from([
            ("name", request.name.to_owned()),
            // `null` and `0` are names, too.
            ("name_in_yaml", word(request.name)),
            ("capability", capability_of(request.name)),
            ("description", word(description)),
            ("description_in_lines", in_lines),
        ]);
        words.extend(address.map(Address::words).into_iter().flatten());
        self.files.iter().map(|(path, text)| (*path, fill(text, &words))).collect()
    }
}

/// What the capability of a pack is called: 64 characters are the most, and the first is a letter.
fn capability_of(name: &str) -> String {
    let name = if name.starts_with(|first: char| first.is_ascii_alphabetic()) { name.to_owned() } else { format!("pack-{name}") };
    format!("{}-read", name.chars().take(59).collect::<String>().trim_end_matches('-'))
}

/// Puts words in the place of their names in `{{…}}`. What is put in is not looked at again.
fn fill(text: &str, words: &BTreeMap<&str, String>) -> String {
    let mut pieces = text.split("{{");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once("}}").expect("the templates are ours");
        out.push_str(words.get(name).unwrap_or_else(|| panic!("a template wants `{name}`, which nobody fills in")));
        out.push_str(rest);
    }
    out
}

/// A service's address, fit to be asked.
struct Address {
    url: Url,
    /// Plain http, or a host of the author's own network: a rule must say that this is meant.
    insecure: bool,
}

impl Address {
    fn read(text: &str) -> Result<Self, AddressError> {
        let mut url = match Url::parse(text.trim()) {
            Ok(url) => url,
            Err(url::ParseError::RelativeUrlWithoutBase) => {
                return Err(AddressError::Unreadable("it does not begin with `https://` or `http://`".to_owned()));
            }
            Err(error) => return Err(AddressError::Unreadable(error.to_string())),
        };
        if !matches!(url.scheme(), "https" | "http") {
            return Err(AddressError::OtherScheme(url.scheme().to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::Secret);
        }
        match (url.query(), url.fragment()) {
            (Some(query), _) if !query.is_empty() => return Err(AddressError::Query),
            (_, Some(fragment)) if !fragment.is_empty() => return Err(AddressError::Fragment),
            _ => {}
        }
        url.set_query(None);
        url.set_fragment(None);
        if url.path().contains('*') {
            return Err(AddressError::Star);
        }
        let address = match url.host() {
            Some(Host::Ipv4(address)) => Some(address.into()),
            Some(Host::Ipv6(address)) => Some(address.into()),
            _ => None,
        };
        if let Some(why) = address.and_then(|address| policy::address_refused(address, true)) {
            return Err(AddressError::Unreachable(format!("it is {why}")));
        }
        let own = address.map_or_else(
            || url.domain().is_some_and(|host| host == "localhost" || host.ends_with(".localhost")),
            |address| policy::address_refused(address, false).is_some(),
        );
        Ok(Self { insecure: own || url.scheme() == "http", url })
    }

    /// What the templates want to know of it.
    fn words(&self) -> [(&'static str, String); 7] {
        const INSECURE: &str = "        # Plain http, and addresses of one's own network, are refused unless a rule says so and writes the host out.\n        # For a service on the internet use https, and take this line out.\n        allow_insecure: true\n";
        let host = self.url.host_str().expect("http has a host");
        let domain = self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        [
            ("host", host.to_owned()),
            ("domain", word(&domain)),
            ("path", word(self.url.path())),
            ("insecure", if self.insecure { INSECURE } else { "" }.to_owned()),
            ("address", self.url.to_string()),
            ("address_in_quotes", serde_json::Value::from(self.url.as_str()).to_string()),
            ("recording", self.recording().write().trim_end().to_owned()),
        ]
    }

    /// An answer to the first case, for the very address that the handler will ask.
    fn recording(&self) -> Recording {
        let mut url = self.url.clone();
        url.query_pairs_mut().append_pair("q", "dune").append_pair("limit", "2");
        Recording {
            calls: vec![HttpCall {
                method: "GET".to_owned(),
                url: url.into(),
                status: 200,
                headers: BTreeMap::from([("content-type".to_owned(), "application/json".to_owned())]),
                body: include_str!("../templates/http-tool/answer.json").to_owned(),
                body_base64: None,
            }],
        }
    }

    /// Whether the manifest that was made for it lets the tool reach it: some addresses no rule allows.
    fn refused_by(&self, manifest: &str) -> Result<(), AddressError> {
        let refused = |refusal: policy::Refusal| AddressError::Unreachable(refusal.message);
        let manifest = Manifest::read(manifest).expect("the templates are ours, and words are quoted");
        let request = policy::Request::new("GET", self.url.as_str(), Vec::new(), Vec::new()).map_err(refused)?;
        Policy::new(&manifest.capabilities).decide(request, &Ledger::default()).map(drop).map_err(refused)
    }
}

/// Writes the files below `folder` under another name, which then becomes `target`.
fn write(folder: &Utf8Path, target: &Utf8Path, files: &[(&str, String)]) -> Result<(), TemplateError> {
    let failed = |source: io::Error| TemplateError::Write { folder: folder.to_owned(), source };
    if is_taken(target).map_err(failed)? {
        return Err(TemplateError::Exists(target.to_owned()));
    }
    if let Some(file) = folder.ancestors().find(|path| path.exists()).filter(|path| !path.is_dir()) {
        return Err(TemplateError::NotAFolder(file.to_owned()));
    }
    let missing: Vec<&Utf8Path> = folder.ancestors().take_while(|path| !path.as_str().is_empty() && !path.exists()).collect();
    let written = fs_err::create_dir_all(folder).and_then(|()| write_aside(folder, target, files));
    written.map_err(|error| {
        // Only what is empty goes: the folders that were made for the pack.
        missing.iter().for_each(|path| drop(fs_err::remove_dir(path)));
        match error.kind() {
            // Somebody made it in the meantime.
            io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
                TemplateError::Exists(target.to_owned())
            }
            _ => failed(error),
        }
    })
}

/// Whether there is something that a new folder would hide or replace.
fn is_taken(target: &Utf8Path) -> io::Result<bool> {
    match fs_err::symlink_metadata(target) {
        Ok(metadata) if metadata.is_dir() => Ok(fs_err::read_dir(target)?.next().is_some()),
        Ok(_) => Ok(true),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(false),
        Err(error) => Err(error),
    }
}

fn write_aside(folder: &Utf8Path, target: &Utf8Path, files: &[(&str, String)]) -> io::Result<()> {
    // The prefix marks it as ours: file trees pass over it, should it ever stay behind. It is gone when this function ends.
    let aside = tempfile::Builder::new().prefix(".packwright-").tempdir_in(if folder == "" { ".".into() } else { folder })?;
    // Within it, because a temporary folder is its owner's alone, and a pack is as open as any other folder.
    let pack = aside.path().join("pack");
    fs_err::create_dir(&pack)?;
    for (path, text) in files {
        let path = pack.join(path);
        fs_err::create_dir_all(path.parent().unwrap_or(&pack))?;
        fs_err::write(path, text)?;
    }
    if cfg!(windows) {
        // There an empty folder is not replaced by a rename.
        let _ = fs_err::remove_dir(target);
    }
    fs_err::rename(pack, target)
}

#[cfg(test)]
mod tests {
    use super::{AddressError, Request, Template, TemplateError, list, make};
    use crate::disk::DiskPack;
    use camino::{Utf8Path, Utf8PathBuf};
    use packwright_core::cases;
    use packwright_core::check::check_pack;
    use packwright_core::model::Manifest;
    use packwright_core::recording::Recording;
    use packwright_core::schema::Schema;

    const NAMES: &[&str] = &[
        "a",
        "0",
        "null",
        "1e5",
        "true",
        "my-first-pack",
        "0x10",
        "2026-01-01",
        "no",
        "packs-with-sixty-three-letters-are-the-longest-names-there-arok",
    ];

    const DESCRIPTIONS: &[&str] = &[
        "",
        "  ",
        "Finds things.",
        "a: b # c",
        "- a\n- b: {c}\n\n  d",
        "\"quotes\" and 'quotes' and `ticks`",
        "{{name}} {{address}} {{nobody}}",
        "&anchor *alias !tag %x @y | > [",
        "\u{0} \u{7f} \u{85} \u{2028} \u{feff} \u{202e} \u{1b}[31m",
        "ends with a backslash \\",
        "---\nname: other\n...",
        "Bücher, 本, 🐙",
        "true",
        "${secrets[\"x\"]}",
    ];

    const ADDRESSES: &[&str] = &[
        "https://openlibrary.org/search.json",
        "https://openlibrary.org",
        " https://api.example.org:8443/v1/a,b;c/(d)!$&'+=@:~ \n",
        "https://example.org/%E6%9C%AC/a%20b/[x]/{y}/\"q\"/`t`?",
        "https://bücher.example/größe",
        "http://example.org/a",
        "http://localhost:3000/items",
        "https://api.localhost/items",
        "http://127.0.0.1:8080/items#",
        "https://192.168.1.4/items",
        "http://[::1]:8080/items",
        "HTTPS://EXAMPLE.org/null",
    ];

    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = Utf8Path::from_path(folder.path()).expect("Unicode").canonicalize_utf8().expect("it exists");
        (folder, path)
    }

    fn request<'a>(template: &'a str, folder: &'a Utf8Path, name: &'a str) -> Request<'a> {
        Request { template, folder, name, description: "", address: None }
    }

    fn names(folder: &Utf8Path) -> Vec<String> {
        let mut names: Vec<String> = folder
            .read_dir_utf8()
            .expect("it can be listed")
            .map(|entry| entry.expect("an entry").file_name().to_owned())
            .collect();
        names.sort();
        names
    }

    /// A pack that has just been made: sound, with cases that can be read and inputs that fit.
    fn is_sound(template: &Template, pack: &Utf8Path, name: &str, description: &str) {
        let disk = DiskPack::read(pack).expect("it can be read");
        let checked = check_pack(&disk);
        assert!(checked.diagnostics.is_empty(), "{description:?}: {:#?}", checked.diagnostics);
        assert_eq!(checked.pack.name.as_deref(), Some(name));
        let wanted = if description.trim().is_empty() { template.sentence } else { description.trim() };
        assert_eq!(checked.pack.description.as_deref(), Some(wanted));
        let read = |path: &str| fs_err::read_to_string(pack.join(path)).expect("it is there");
        let readme = read("README.md");
        assert!(
            readme.starts_with(&format!("# {name}\n")) && !readme.contains(|letter: char| letter.is_control() && letter != '\n')
        );
        let manifest = Manifest::read(&read("pack.yaml")).expect("it can be read");
        assert_eq!(manifest.tools.first().map(|tool| tool.name.as_str()), template.tool.map(|(name, _)| name));
        let Some((tool, input)) = template.tool else { return };
        let schema = Schema::compile(&read("schemas/search_items.input.json")).expect("a schema");
        assert!(schema.check(&serde_json::from_str(input).expect("JSON")).is_empty());
        let file = cases::read("tests/search_items.yaml", &read("tests/search_items.yaml")).expect("cases");
        assert_eq!((file.tool.as_str(), file.cases.len()), (tool, 2));
        assert!(schema.check(&file.cases[0].input).is_empty() && !schema.check(&file.cases[1].input).is_empty());
        let recording = Recording::read(&read(file.cases[0].recording.as_deref().expect("recorded"))).expect("a recording");
        // The handler asks for the address that stands in it, and the host appends the query.
        let handler = read("handlers/search_items.ts");
        let asked = recording.calls[0].url.strip_suffix("?q=dune&limit=2").expect("the query of the first case");
        assert!(handler.contains(&format!("const ADDRESS = \"{asked}\";")), "{asked} is not in {handler}");
    }

    #[test]
    fn what_a_template_makes_is_sound_whatever_it_is_given() {
        let (_keep, root) = folder();
        for template in list() {
            let addresses: Vec<Option<&str>> = match template.address {
                Some(_) => ADDRESSES.iter().copied().map(Some).chain([None]).collect(),
                None => vec![None],
            };
            for (at, address) in addresses.into_iter().enumerate() {
                for (number, name) in NAMES.iter().enumerate() {
                    let folder = root.join(format!("{}/{at}", template.id));
                    // Every description meets every address and name somewhere.
                    let description = DESCRIPTIONS[(at * NAMES.len() + number) % DESCRIPTIONS.len()];
                    let made = make(&Request { description, address, ..request(template.id, &folder, name) });
                    let pack = made.unwrap_or_else(|error| panic!("{address:?}: {error}"));
                    assert_eq!(pack, folder.join(name));
                    is_sound(template, &pack, name, description);
                }
            }
            let left: Vec<String> = names(&root.join(format!("{}/0", template.id)));
            assert_eq!(left.len(), NAMES.len(), "nothing stays behind: {left:?}");
        }
    }

    #[test]
    fn the_rule_is_as_narrow_as_the_address() {
        let (_keep, root) = folder();
        let rule = |name: &str, address: &str| {
            let pack = make(&Request { address: Some(address), ..request("http-tool", &root, name) }).expect("it is made");
            let manifest =
                Manifest::read(&fs_err::read_to_string(pack.join("pack.yaml")).expect("text")).expect("it can be read");
            let rule = manifest.capabilities[0].allow[0].clone();
            (rule.domains.join(" "), rule.methods.join(" "), rule.paths.expect("a path").join(" "), rule.allow_insecure)
        };
        let wanted = |domain: &str, path: &str, insecure| (domain.to_owned(), "GET".to_owned(), path.to_owned(), insecure);
        assert_eq!(rule("a", "https://openlibrary.org/search.json"), wanted("openlibrary.org", "/search.json", false));
        assert_eq!(rule("b", "http://127.0.0.1:8080/items"), wanted("127.0.0.1:8080", "/items", true));
        assert_eq!(rule("c", "http://[::1]/"), wanted("[::1]", "/", true));
        assert_eq!(rule("d", "https://10.0.0.1/x"), wanted("10.0.0.1", "/x", true));
        assert_eq!(rule("e", "https://localhost/x"), wanted("localhost", "/x", true));
    }

    #[test]
    fn an_address_that_cannot_be_asked_is_said_to_be_so() {
        let (_keep, root) = folder();
        let refused = |address: &str| match make(&Request { address: Some(address), ..request("http-tool", &root, "a") }) {
            Err(TemplateError::BadAddress(error)) => error,
            other => panic!("{address}: {other:?}"),
        };
        for address in ["", "openlibrary.org/search.json", "https://", "https://a b/", "https://example.org:99999/"] {
            assert!(matches!(refused(address), AddressError::Unreadable(_)), "{address}");
        }
        assert_eq!(refused("ftp://example.org/"), AddressError::OtherScheme("ftp".to_owned()));
        assert_eq!(refused("localhost:8080/items"), AddressError::OtherScheme("localhost".to_owned()));
        assert_eq!(refused("https://me:hunter2@example.org/"), AddressError::Secret);
        assert_eq!(refused("https://example.org/?key=hunter2"), AddressError::Query);
        assert_eq!(refused("https://example.org/#part"), AddressError::Fragment);
        assert_eq!(refused("https://example.org/*"), AddressError::Star);
        for address in [
            "http://169.254.169.254/latest",
            "https://example.org/a%2fb",
            "https://example.org./",
            "http://0.0.0.0/",
            "https://224.0.0.1/",
        ] {
            assert!(matches!(refused(address), AddressError::Unreachable(_)), "{address}");
        }
        assert_eq!(names(&root), [""; 0], "nothing was made");
    }

    #[test]
    fn a_request_that_makes_no_sense_makes_nothing() {
        let (_keep, root) = folder();
        assert!(matches!(make(&request("htp-tool", &root, "a")), Err(TemplateError::UnknownTemplate(_))));
        for (name, offered) in
            [("", None), ("..", None), ("My Pack", Some("my-pack")), ("a/b", Some("a-b")), ("/etc", Some("etc"))]
        {
            match make(&request("content", &root, name)) {
                Err(TemplateError::BadName { suggestion, .. }) => assert_eq!(suggestion.as_deref(), offered, "{name}"),
                other => panic!("{name}: {other:?}"),
            }
        }
        let address = Some("https://example.org/");
        let made = make(&Request { address, ..request("content", &root, "a") });
        assert!(matches!(made, Err(TemplateError::AddressNotWanted("content"))));
        assert_eq!(names(&root), [""; 0]);
    }

    #[test]
    fn what_is_there_is_left_alone() {
        let (_keep, root) = folder();
        fs_err::create_dir(root.join("full")).expect("a folder");
        fs_err::write(root.join("full/notes.txt"), "mine").expect("a file");
        fs_err::write(root.join("file"), "mine").expect("a file");
        for name in ["full", "file"] {
            let error = make(&request("content", &root, name)).expect_err("it is taken");
            assert!(matches!(&error, TemplateError::Exists(path) if path.file_name() == Some(name)), "{error}");
        }
        assert_eq!(names(&root.join("full")), ["notes.txt"]);
        assert_eq!(fs_err::read_to_string(root.join("file")).expect("a file"), "mine");
        assert!(matches!(make(&request("content", &root.join("file"), "a")), Err(TemplateError::NotAFolder(_))));
        assert!(matches!(make(&request("content", &root.join("file/deep"), "a")), Err(TemplateError::NotAFolder(_))));
        fs_err::create_dir(root.join("empty")).expect("a folder");
        make(&request("content", &root, "empty")).expect("an empty folder hides nothing");
        assert_eq!(names(&root), ["empty", "file", "full"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_replaced_and_the_new_folder_is_as_open_as_others() {
        use std::os::unix::fs::PermissionsExt;
        let (_keep, root) = folder();
        std::os::unix::fs::symlink(root.join("nowhere"), root.join("link")).expect("a link");
        assert!(matches!(make(&request("content", &root, "link")), Err(TemplateError::Exists(_))));
        let pack = make(&request("content", &root, "a")).expect("it is made");
        fs_err::create_dir(root.join("usual")).expect("a folder");
        let mode = |path: &Utf8Path| fs_err::metadata(path).expect("it is there").permissions().mode();
        assert_eq!(mode(&pack), mode(&root.join("usual")));
    }

    /// A name in the way of one of the files stands for whatever may go wrong between the first and the last.
    #[test]
    fn failing_half_way_leaves_nothing() {
        let (_keep, root) = folder();
        let folder = root.join("new/deep");
        let files = [("pack.yaml", String::new()), ("pack.yaml/below-a-file", String::new())];
        assert!(super::write(&folder, &folder.join("a"), &files).is_err());
        assert_eq!(names(&root), [""; 0]);
        // The same where the folder was there before.
        fs_err::create_dir_all(folder.join("a")).expect("folders");
        assert!(super::write(&folder, &folder.join("a"), &files).is_err());
        assert_eq!(names(&folder), ["a"]);
    }

    #[test]
    fn every_name_in_a_template_is_filled_in() {
        let (_keep, root) = folder();
        for template in list() {
            let pack = make(&request(template.id, &root, template.id)).expect("it is made");
            for (path, _) in template.files {
                let text = fs_err::read_to_string(pack.join(path)).expect("it is there");
                assert!(!text.contains("{{") && text.ends_with('\n') && !text.ends_with("\n\n"), "{path}: {text}");
                assert!(text.lines().all(|line| line.chars().count() <= 130 && !line.ends_with(' ')), "{path}");
            }
        }
    }
}
