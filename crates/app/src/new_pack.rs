//! New packs from templates: what the dialog and the command line offer, and making one.

use crate::wire::{Failure, FailureCode, NewPackArg, NewPackView, Template};
use camino::{Utf8Path, Utf8PathBuf};
use packwright_kit::home::{Home, shown};
use packwright_kit::templates::{self, Request, TemplateError};
use std::io::ErrorKind;

/// What the New pack dialog shows.
pub fn view(home: &Home) -> NewPackView {
    NewPackView { templates: list(), folder: home.packs.to_string(), shown: shown(&home.packs) }
}

/// The templates, the one that most people want first.
pub fn list() -> Vec<Template> {
    let described = templates::list().iter().map(|template| Template {
        id: template.id.to_owned(),
        title: template.title.to_owned(),
        description: template.description.to_owned(),
        contents: template.contents.to_owned(),
        address: template.address.map(str::to_owned),
    });
    described.collect()
}

/// A tool that a template makes, and an input for it: to be tried at once.
pub fn first_tool(template: &str) -> Option<(&'static str, &'static str)> {
    templates::list().iter().find(|known| known.id == template)?.tool
}

/// Makes a pack and gives its folder, by its one name.
pub fn make(args: &NewPackArg) -> Result<Utf8PathBuf, Failure> {
    let made = templates::make(&Request {
        template: &args.template,
        folder: Utf8Path::new(&args.folder),
        name: &args.name,
        description: &args.description,
        address: args.address.as_deref(),
    })?;
    Ok(made.canonicalize_utf8().unwrap_or(made))
}

impl From<TemplateError> for Failure {
    fn from(error: TemplateError) -> Self {
        let message = error.to_string();
        let with = |code, hint: &str| Self::new(code, message.clone(), hint);
        match error {
            TemplateError::UnknownTemplate(_) => {
                let names: Vec<&str> = templates::list().iter().map(|template| template.id).collect();
                with(FailureCode::BadRequest, &format!("There are {}.", names.join(" and ")))
            }
            TemplateError::BadName { suggestion: Some(name), .. } => {
                with(FailureCode::BadRequest, &format!("Use a–z, 0–9 and `-`: for example `{name}`."))
            }
            TemplateError::BadName { suggestion: None, .. } => {
                with(FailureCode::BadRequest, "Use 1 to 63 of a–z, 0–9 and `-`, with a letter or digit at both ends.")
            }
            TemplateError::AddressNotWanted(_) => {
                with(FailureCode::BadRequest, "Leave the address out, or choose a template that asks for one.")
            }
            TemplateError::BadAddress(_) => {
                with(FailureCode::BadRequest, "Give the address of a service, as in `https://api.example.org/v1/search`.")
            }
            TemplateError::Exists(_) => with(FailureCode::Exists, "Choose another name or folder; nothing was changed."),
            TemplateError::NotAFolder(_) => with(FailureCode::WrongKind, "Choose a folder to make the pack in."),
            TemplateError::Write { source, .. } => match source.kind() {
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                    with(FailureCode::DiskFull, "Make room on the disk, then try again; nothing was made.")
                }
                ErrorKind::ReadOnlyFilesystem => with(FailureCode::ReadOnly, "Choose a folder on a disk that can be written."),
                ErrorKind::PermissionDenied => {
                    with(FailureCode::Denied, "Give yourself permission to write there, or choose another folder.")
                }
                _ => with(FailureCode::Other, "Choose another folder; nothing was made."),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{first_tool, list, make, view};
    use crate::commands::Commands;
    use crate::studio::{Desktop, Studio, StudioOptions};
    use crate::wire::{FailureCode, FolderArg, NewPackArg};
    use camino::{Utf8Path, Utf8PathBuf};
    use packwright_core::cases::{self, judge};
    use packwright_core::model::Manifest;
    use packwright_core::policy::Ledger;
    use packwright_core::recording::Recording;
    use packwright_kit::disk::DiskPack;
    use packwright_kit::home::Home;
    use packwright_sandbox::http::{Net, Replay};
    use packwright_sandbox::{Call, Chance, Sandbox, Stop};

    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = Utf8Path::from_path(folder.path()).expect("Unicode").canonicalize_utf8().expect("it exists");
        (folder, path)
    }

    fn wanted(template: &str, folder: &Utf8Path, name: &str, address: Option<&str>) -> NewPackArg {
        NewPackArg {
            template: template.to_owned(),
            folder: folder.to_string(),
            name: name.to_owned(),
            description: String::new(),
            address: address.map(str::to_owned),
        }
    }

    #[test]
    fn the_dialog_is_told_where_packs_go() {
        let view = view(&Home::at(Utf8Path::new("/somewhere")));
        assert_eq!((view.folder.as_str(), view.shown.as_str()), ("/somewhere/packs", "/somewhere/packs"));
        assert_eq!(view.templates.len(), list().len());
        assert!(view.templates[0].address.is_some() && first_tool(&view.templates[0].id).is_some());
    }

    #[test]
    fn the_cases_of_a_new_pack_pass_without_a_network_for_any_address() {
        let (_keep, root) = folder();
        let sandbox = Sandbox::open(&root.join("cache"), || {}).expect("a sandbox");
        let addresses = [
            None,
            Some("https://example.org"),
            Some("http://localhost:3000/a b/(c),d;e"),
            Some("https://b\u{fc}cher.example/gr\u{f6}\u{df}e/'quoted'"),
            Some("http://[::1]:8080/items"),
        ];
        for (number, address) in addresses.into_iter().enumerate() {
            let pack = make(&wanted("http-tool", &root, &format!("pack-{number}"), address)).expect("it is made");
            let disk = DiskPack::read(&pack).expect("it can be read");
            let read = |path: &str| fs_err::read_to_string(pack.join(path)).expect("it is there");
            let manifest = Manifest::read(&read("pack.yaml")).expect("a manifest");
            let file = cases::read("tests/search_items.yaml", &read("tests/search_items.yaml")).expect("cases");
            let prepared = sandbox.prepare(&disk, &manifest, &file.tool).expect("it can run");
            for case in &file.cases {
                let recording = case.recording.as_deref().map(|path| Recording::read(&read(path)).expect("a recording"));
                let net = recording.map_or(Net::Off, |recording| Net::Replay(Replay::new(recording)));
                let call = Call {
                    input: case.input.clone(),
                    net,
                    ledger: Ledger::default(),
                    chance: Chance::Fixed(0),
                    stop: Stop::default(),
                };
                let run = sandbox.run(&prepared, call);
                let outcome = run.outcome.map_err(|failure| failure.error);
                assert_eq!(judge(&case.expect, &outcome), Ok(()), "{address:?}: {}: {outcome:?}", case.name);
                assert_eq!(run.not_asked, 0);
            }
        }
    }

    #[test]
    fn a_handler_of_the_template_takes_what_services_answer() {
        let (_keep, root) = folder();
        let sandbox = Sandbox::open(&root.join("cache"), || {}).expect("a sandbox");
        let pack = make(&wanted("http-tool", &root, "a", None)).expect("it is made");
        let disk = DiskPack::read(&pack).expect("it can be read");
        let read = |path: &str| fs_err::read_to_string(pack.join(path)).expect("it is there");
        let manifest = Manifest::read(&read("pack.yaml")).expect("a manifest");
        let prepared = sandbox.prepare(&disk, &manifest, "search_items").expect("it can run");
        let recording = Recording::read(&read("tests/recordings/first-answer.yaml")).expect("a recording");
        let answer = |status: u16, body: &str| {
            let mut recording = recording.clone();
            (recording.calls[0].status, recording.calls[0].body) = (status, body.to_owned());
            let input = serde_json::json!({"query": "dune", "limit": 2});
            let (net, stop) = (Net::Replay(Replay::new(recording)), Stop::default());
            let run = sandbox.run(&prepared, Call { input, net, ledger: Ledger::default(), chance: Chance::Fixed(0), stop });
            match run.outcome {
                Ok(output) => output["items"].to_string(),
                Err(failure) => failure.error.code,
            }
        };
        assert_eq!(answer(200, r#"[{"a":1},{"a":2},{"a":3}]"#), r#"[{"a":1},{"a":2}]"#);
        assert_eq!(answer(200, r#"["a",[1],null]"#), r#"[{"value":"a"},{"value":[1]}]"#);
        assert_eq!(answer(200, r#"{"n":1,"list":[]}"#), "[]");
        assert_eq!(answer(200, r#"{"a":[1],"b":[2]}"#), r#"[{"a":[1],"b":[2]}]"#);
        assert_eq!(answer(200, "null"), r#"[{"value":null}]"#);
        assert_eq!(answer(200, "<html>"), "handler_failed");
        assert_eq!([404, 429, 500].map(|status| answer(status, "{}")), ["not_found", "rate_limited", "network_error"]);
    }

    /// A desktop where the author picks one folder.
    struct Picks(Utf8PathBuf);

    impl Desktop for Picks {
        fn pick_folder(&self) -> Option<Utf8PathBuf> {
            Some(self.0.clone())
        }
        fn show(&self) {}
        fn painted(&self) {}
        fn set_title(&self, _: &str) {}
        fn close(&self) {}
    }

    #[test]
    fn the_page_makes_packs_only_where_its_author_said() {
        let (_keep, root) = folder();
        let options = StudioOptions { home: Home::at(&root.join("home")), samples: None, open: None };
        let picked = root.join("picked");
        fs_err::create_dir(&picked).expect("a folder");
        let studio = Studio::new(options, Box::new(Picks(picked.clone())), std::sync::Arc::new(|_| {}));
        let usual = Utf8PathBuf::from(studio.new_pack_view(()).expect("a view").folder);
        assert_eq!(studio.new_pack(wanted("content", &picked, "a", None)).expect_err("not chosen").code, FailureCode::Denied);
        let sly = usual.join("../../picked");
        assert_eq!(studio.new_pack(wanted("content", &sly, "a", None)).expect_err("not chosen").code, FailureCode::Denied);
        assert!(picked.read_dir_utf8().expect("a folder").next().is_none());
        let view = studio.new_pack(wanted("content", &usual, "a", None)).expect("the usual folder is made");
        assert_eq!((view.name.as_str(), view.has_manifest, view.root), ("a", true, usual.join("a").into_string()));
        studio.pick_folder(()).expect("picked");
        let view = studio.new_pack(wanted("content", &picked, "a", None)).expect("the author picked it");
        studio.open_pack(FolderArg { path: view.root }).expect("what was made can be opened again");
    }

    #[test]
    fn what_cannot_be_made_is_told_with_what_to_do() {
        let (_keep, root) = folder();
        let failure = |template: &str, name: &str, address: Option<&str>| {
            let failure = make(&wanted(template, &root, name, address)).expect_err("it is refused");
            (failure.code, failure.message, failure.hints.join(" "))
        };
        let (code, message, hint) = failure("nothing", "a", None);
        assert_eq!(
            (code, message.as_str(), hint.as_str()),
            (FailureCode::BadRequest, "there is no template `nothing`", "There are http-tool and content.")
        );
        let (code, _, hint) = failure("content", "My Pack", None);
        assert_eq!((code, hint.as_str()), (FailureCode::BadRequest, "Use a–z, 0–9 and `-`: for example `my-pack`."));
        assert_eq!(failure("http-tool", "a", Some("example.org")).0, FailureCode::BadRequest);
        fs_err::create_dir_all(root.join("a/b")).expect("folders");
        assert_eq!(failure("content", "a", None).0, FailureCode::Exists);
        fs_err::write(root.join("file"), "").expect("a file");
        let below = make(&wanted("content", &root.join("file"), "a", None)).expect_err("it is refused");
        assert_eq!(below.code, FailureCode::WrongKind);
    }
}
