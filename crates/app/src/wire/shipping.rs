//! What the Ship screen shows and asks.

use super::{Place, Verdict};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A place to publish to.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RegistryView {
    /// Names it in commands: `local`, or an address such as `ghcr.io/acme`.
    pub id: String,
    pub title: String,
    /// True for the registry on this computer.
    pub local: bool,
}

/// Arguments: a registry, by address.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RegistryArg {
    pub registry: String,
}

/// Arguments: the open pack and a registry.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ShipArg {
    pub session: u32,
    pub registry: String,
}

/// What publishing would do, with every digest known. Nothing was sent to make it.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ShipPlan {
    /// The pack's folder, with `~`: where it comes from.
    pub from: String,
    /// Where it goes: `this computer` or `ghcr.io/acme/open-library`.
    pub to: String,
    /// The full id: `acme.open-library`.
    pub pack: String,
    pub version: String,
    /// The newest release there, when there is one.
    pub after: Option<String>,
    /// The manifest's digest. `null` while a blocker stands in the way of assembling.
    pub digest: Option<String>,
    /// Bytes of the packed layer.
    #[ts(type = "number")]
    pub size: u64,
    pub signed_by: SignerView,
    /// In the order to show them. Those that fail block publishing.
    pub checks: Vec<ShipCheck>,
    /// What will happen, in order.
    pub steps: Vec<ShipStep>,
    pub files: Vec<ShippedFile>,
    /// True when this very digest is published under this version already: there is nothing to do.
    pub published: bool,
}

/// Who signs.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignerView {
    pub name: String,
    /// `SHA256:…`; `null` when the key is made at the first publication.
    pub fingerprint: Option<String>,
}

/// One check of the plan.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ShipCheck {
    pub verdict: Verdict,
    pub text: String,
    /// What to do; `null` when nothing is.
    pub hint: Option<String>,
    /// Where to mend it.
    pub place: Option<Place>,
}

/// One step of publishing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ShipStep {
    pub title: String,
    /// A short digest, a file count …
    pub detail: String,
    #[ts(type = "number | null")]
    pub size: Option<u64>,
}

/// A file of the layer.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ShippedFile {
    pub path: String,
    #[ts(type = "number")]
    pub size: u64,
    /// True when it was built from the author's files.
    pub built: bool,
}

/// Arguments of `publish`.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PublishArg {
    pub session: u32,
    pub registry: String,
    /// The digest that the plan promised. When the files say another by now, nothing is sent.
    pub digest: String,
}

/// What was published.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptView {
    /// `ghcr.io/acme/open-library:1.2.0`, ready to be pasted.
    pub reference: String,
    /// The same, pinned: `ghcr.io/acme/open-library@sha256:…`.
    pub pinned: String,
    pub version: String,
    pub digest: String,
    pub content_digest: String,
    pub source_digest: String,
    pub signed_by: SignerView,
    /// True when the release was there already, bit for bit.
    pub unchanged: bool,
    pub millis: u32,
    /// Milliseconds since 1970.
    #[ts(type = "number")]
    pub at: u64,
}

/// How a step of publishing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum StepState {
    Running,
    Done,
    /// Was there already.
    Skipped,
    Failed,
}

/// A published version.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseView {
    pub version: String,
    pub digest: String,
    /// True when `latest` names it.
    pub latest: bool,
    pub signed: bool,
}

/// Arguments: a release of the open pack.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ReleaseArg {
    pub session: u32,
    pub registry: String,
    pub version: String,
}

/// What verifying a release found.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedView {
    pub version: String,
    pub digest: String,
    pub verdict: Verdict,
    /// One line each: digests, signature, bill of material.
    pub checks: Vec<ShipCheck>,
}

/// A release that was pulled back.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PulledView {
    pub version: String,
    pub digest: String,
    /// The folder it was unpacked into; it may be opened.
    pub folder: String,
    pub shown: String,
    pub files: u32,
}
