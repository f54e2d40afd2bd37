//! What publishing would do, and its steps as they are shown.

use crate::shipping::address::{Registry, Repository};
use crate::shipping::candidate::{Candidate, fail, row};
use crate::shipping::words::{plural, short_digest};
use crate::shipping::{failures, signer};
use crate::trying::Runner;
use crate::wire::{Failure, FailureCode, ShipCheck, ShipPlan, ShipStep, ShippedFile, SignerView, StepState, Verdict};
use camino::Utf8Path;
use packwright_core::artifact::{Artifact, Digest, is_release_tag};
use packwright_kit::home::{Home, shown};
use packwright_registry::publish::{Event, Outcome, Plan, Progress, PublishError, Step, plan};
use packwright_registry::sbom::sbom;
use packwright_registry::store::{RegistryError, Store};
use semver::Version;
use std::cell::Cell;
use std::cmp::Ordering;

/// A plan, and what carrying it out needs.
pub struct Planned {
    pub view: ShipPlan,
    /// False while something of the author's own has to be mended.
    pub ready: bool,
    /// Why it would fail though the pack is ready: the registry does not answer, or the version is taken.
    pub trouble: Option<Failure>,
    pub(super) artifact: Option<Artifact>,
    pub(super) repository: Option<Repository>,
}

/// What a registry says before anything is sent.
struct Answer {
    newest: Option<String>,
    plan: Option<Plan>,
}

/// Makes a plan. Nothing is sent.
pub fn make(home: &Home, root: &Utf8Path, registry: &Registry, runner: Option<&Runner>) -> Result<Planned, Failure> {
    let candidate = Candidate::read(root, runner)?;
    let mut checks = candidate.checks.clone();
    let mut ready = candidate.is_ready();
    let mut trouble = None;
    let mut answer = Answer { newest: None, plan: None };
    let repository = match registry.repository_of(&candidate.manifest) {
        Ok(repository) => Some(repository),
        Err(homeless) => {
            // Without a readable name there is a row that says so already.
            if candidate.artifact.is_some() {
                checks.push(fail(homeless.message, Some(homeless.hint), candidate.place_of("publisher")));
            }
            ready = false;
            None
        }
    };
    if let Some(repository) = &repository {
        match ask(home, repository, candidate.artifact.as_ref()) {
            Ok(answered) => {
                answer = answered;
                let (rows, refused) = about_version(&candidate, &answer);
                checks.extend(rows);
                trouble = refused;
            }
            Err(error) => {
                let failure = failures::registry(repository, &error);
                checks.push(fail(failure.message.clone(), failure.hints.first().cloned(), None));
                trouble = Some(failure);
            }
        }
    }
    let signed_by = match signer::view(home) {
        Ok(signer) => {
            checks.push(about_key(&signer));
            signer
        }
        Err(failure) => {
            checks.push(fail(failure.message.clone(), failure.hints.first().cloned(), None));
            trouble = trouble.or(Some(failure));
            SignerView { name: String::new(), fingerprint: None }
        }
    };
    let artifact = candidate.artifact.as_ref();
    let view = ShipPlan {
        from: shown(&candidate.root),
        to: match (registry, &repository) {
            (Registry::Local, _) => "this computer".to_owned(),
            (Registry::Server { .. }, Some(repository)) => repository.shown(),
            (Registry::Server { .. }, None) => registry.id(),
        },
        pack: candidate.id(),
        version: artifact.map(|artifact| artifact.version.clone()).or(candidate.manifest.version.clone()).unwrap_or_default(),
        digest: artifact.map(|artifact| artifact.digest.to_string()),
        size: artifact.map_or(0, |artifact| artifact.layer.len() as u64),
        steps: artifact.map(|artifact| steps(artifact, &signed_by, &answer)).unwrap_or_default(),
        signed_by,
        checks,
        files: artifact.map(files).unwrap_or_default(),
        published: answer.plan.as_ref().is_some_and(|plan| plan.outcome == Outcome::Unchanged),
        after: answer.newest,
    };
    Ok(Planned { view, ready, trouble, artifact: candidate.artifact, repository })
}

fn ask(home: &Home, repository: &Repository, artifact: Option<&Artifact>) -> Result<Answer, RegistryError> {
    let store = repository.open(home)?;
    let newest = newest(store.as_ref())?;
    let plan = artifact.map(|artifact| plan(artifact, store.as_ref())).transpose()?;
    Ok(Answer { newest, plan })
}

/// The newest release, by what the tags say: one that has no order is newer than none.
fn newest(store: &dyn Store) -> Result<Option<String>, RegistryError> {
    let tags = store.tags()?.into_iter().filter(|tag| is_release_tag(tag));
    Ok(tags.max_by(|a, b| match (Version::parse(a), Version::parse(b)) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        (Ok(_), Err(_)) => Ordering::Greater,
        (Err(_), Ok(_)) => Ordering::Less,
        (Err(_), Err(_)) => a.cmp(b),
    }))
}

/// How the version stands among those that are there; a failure when it is taken.
fn about_version(candidate: &Candidate, answer: &Answer) -> (Option<ShipCheck>, Option<Failure>) {
    let (Some(artifact), Some(plan)) = (&candidate.artifact, &answer.plan) else { return (None, None) };
    let version = &artifact.version;
    match &plan.outcome {
        Outcome::Taken { existing } => {
            let error = taken(artifact, existing);
            let (message, hint) = (error.to_string(), error.hint());
            let failure =
                Failure { code: FailureCode::VersionExists, message: message.clone(), hints: hint.iter().cloned().collect() };
            (Some(fail(message, hint, candidate.place_of("version"))), Some(failure))
        }
        Outcome::Unchanged => (Some(row(Verdict::Info, format!("{version} is published there already, bit for bit"))), None),
        Outcome::New => (Some(new_version(candidate, version, answer.newest.as_deref())), None),
    }
}

fn taken(artifact: &Artifact, existing: &Digest) -> PublishError {
    PublishError::VersionExists { version: artifact.version.clone(), existing: existing.clone(), ours: artifact.digest.clone() }
}

fn new_version(candidate: &Candidate, version: &str, newest: Option<&str>) -> ShipCheck {
    let older =
        |newest: &str| matches!((Version::parse(version), Version::parse(newest)), (Ok(ours), Ok(newest)) if ours < newest);
    match newest {
        None => row(Verdict::Pass, format!("{version} is the first release there")),
        Some(newest) if older(newest) => ShipCheck {
            verdict: Verdict::Warn,
            text: format!("{version} is older than {newest}, which stays the latest"),
            hint: None,
            place: candidate.place_of("version"),
        },
        Some(newest) => row(Verdict::Pass, format!("{version} comes after {newest}")),
    }
}

fn about_key(signer: &SignerView) -> ShipCheck {
    match &signer.fingerprint {
        Some(_) => row(Verdict::Pass, format!("signed with the key of {}", signer.name)),
        None => row(Verdict::Info, format!("a signing key is made for {} at the first publication", signer.name)),
    }
}

fn files(artifact: &Artifact) -> Vec<ShippedFile> {
    artifact.files.iter().map(|file| ShippedFile { path: file.path.clone(), size: file.size, built: file.built }).collect()
}

/// How many steps of the registry are one for people, in the order of [`steps`]. The first step is ours: assembling.
const GROUPS: &[&[Step]] = &[
    &[Step::Layer],
    &[Step::Config, Step::Manifest],
    &[Step::Sbom],
    &[Step::Signature],
    &[Step::ReadBack],
    &[Step::VersionTag, Step::LatestTag],
];

/// The place of assembling among the steps.
pub const ASSEMBLE: usize = 0;

fn steps(artifact: &Artifact, signer: &SignerView, answer: &Answer) -> Vec<ShipStep> {
    let step = |title: &str, detail: String, size: Option<u64>| ShipStep { title: title.to_owned(), detail, size };
    let image = (artifact.config.len() + artifact.manifest.len()) as u64;
    let older = answer.newest.as_deref().and_then(|newest| Version::parse(newest).ok());
    let stays = older.is_some_and(|newest| Version::parse(&artifact.version).is_ok_and(|ours| ours < newest));
    vec![
        step("Assemble", plural(artifact.files.len(), "file"), Some(artifact.uncompressed)),
        step("Push the files", short_digest(artifact.layer_digest.as_str()), Some(artifact.layer.len() as u64)),
        step("Push config and manifest", short_digest(artifact.digest.as_str()), Some(image)),
        step("Attach the bill of materials", "CycloneDX 1.5".to_owned(), Some(sbom(artifact).len() as u64)),
        step("Sign", format!("key of {}", signer.name), None),
        step("Read back and verify", "manifest, files, signature".to_owned(), None),
        step("Name the release", if stays { artifact.version.clone() } else { format!("{}, latest", artifact.version) }, None),
    ]
}

/// Who is told how far publishing is: the place of a step in the plan, and how it goes.
pub type Report<'a> = &'a dyn Fn(usize, StepState);

/// Tells a registry's steps as those of the plan.
pub struct Told<'a> {
    report: Report<'a>,
    running: Cell<Option<usize>>,
    sent: Cell<bool>,
}

impl<'a> Told<'a> {
    pub fn new(report: Report<'a>) -> Self {
        Self { report, running: Cell::new(None), sent: Cell::new(false) }
    }

    /// The step that was running went wrong.
    pub fn failed(&self) {
        if let Some(at) = self.running.take() {
            (self.report)(at, StepState::Failed);
        }
    }
}

impl Progress for Told<'_> {
    fn event(&self, event: Event) {
        let of = |step: Step| GROUPS.iter().position(|group| group.contains(&step)).map(|at| (at + 1, GROUPS[at]));
        match event {
            Event::Started { step, .. } => {
                let Some((at, _)) = of(step) else { return };
                if self.running.replace(Some(at)) != Some(at) {
                    self.sent.set(false);
                    (self.report)(at, StepState::Running);
                }
            }
            Event::Finished { step, sent } => {
                let Some((at, group)) = of(step) else { return };
                self.sent.set(self.sent.get() || sent || step == Step::ReadBack);
                if group.last() == Some(&step) {
                    self.running.set(None);
                    (self.report)(at, if self.sent.get() { StepState::Done } else { StepState::Skipped });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{GROUPS, Told};
    use crate::wire::StepState::{self, Done, Failed, Running, Skipped};
    use packwright_registry::publish::{Event, Progress, Step};
    use std::cell::RefCell;

    #[test]
    fn every_step_of_the_registry_is_shown_in_its_order() {
        let shown: Vec<Step> = GROUPS.iter().flat_map(|group| group.iter().copied()).collect();
        assert_eq!(shown, Step::ALL);
    }

    #[test]
    fn what_was_there_already_is_skipped_and_what_breaks_is_failed() {
        let heard = RefCell::new(Vec::new());
        let report = |at: usize, state: StepState| heard.borrow_mut().push((at, state));
        let told = Told::new(&report);
        let step = |step: Step, sent: bool| {
            told.event(Event::Started { step, bytes: 0 });
            told.event(Event::Finished { step, sent });
        };
        step(Step::Layer, false);
        step(Step::Config, true);
        step(Step::Manifest, false);
        step(Step::ReadBack, false);
        told.event(Event::Started { step: Step::VersionTag, bytes: 0 });
        told.failed();
        told.failed();
        assert_eq!(
            heard.take(),
            [(1, Running), (1, Skipped), (2, Running), (2, Done), (5, Running), (5, Done), (6, Running), (6, Failed)]
        );
    }
}
