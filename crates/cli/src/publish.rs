//! `packwright publish`: from the folder to a registry, checked, signed and read back.

use crate::exit::Code;
use crate::output::{Output, visible};
use crate::shipping::{answered, facts, pack_folder, registry, rows, shipping};
use camino::Utf8PathBuf;
use packwright_app::shipping::words::size;
use packwright_app::shipping::{Planned, Registry};
use packwright_app::wire::{Failure, ReceiptView, ShipPlan, StepState, Verdict};
use serde_json::json;
use std::sync::atomic::AtomicBool;

/// Publish a pack: check it, run its cases, build, sign, push, read back, and name the version last.
#[derive(clap::Args)]
pub struct Arguments {
    /// The pack's folder.
    #[arg(default_value = ".", value_name = "DIR")]
    folder: Utf8PathBuf,
    /// `local`, or a registry's address: `localhost:5000`, `ghcr.io/acme`.
    #[arg(long, value_name = "REGISTRY", default_value = "local")]
    to: String,
    /// Show what would be published, with its digest, and send nothing.
    #[arg(long)]
    dry_run: bool,
}

pub fn run(arguments: &Arguments, output: &Output) -> Code {
    answered(output, run_publish(arguments, output))
}

fn run_publish(arguments: &Arguments, output: &Output) -> Result<Code, Failure> {
    let folder = pack_folder(&arguments.folder)?;
    let shipping = shipping(output)?;
    let planned = shipping.planned(&folder, &registry(Some(&arguments.to))?.unwrap_or(Registry::Local))?;
    if arguments.dry_run {
        output.print(&in_words(&planned.view));
        return Ok(ended(&planned, output));
    }
    if planned.obstacle().is_some() {
        let failing: Vec<_> = planned.view.checks.iter().filter(|check| check.verdict == Verdict::Fail).cloned().collect();
        output.say(&format!("Not published:\n{}", rows(&failing)));
        return Ok(ended(&planned, output));
    }
    output.say(&in_words(&planned.view));
    let report = |at: usize, state: StepState| {
        if let (Some(step), StepState::Done | StepState::Skipped) = (planned.view.steps.get(at), state) {
            let amount = step.size.map(|bytes| format!(", {}", size(bytes))).unwrap_or_default();
            let there = if state == StepState::Skipped { "is there already" } else { "done" };
            output.say(&format!("  {}: {there} ({}{amount})\n", step.title, visible(&step.detail)));
        }
    };
    let receipt = shipping.publish_planned(&planned, &report, &AtomicBool::new(false))?;
    output.envelope(true, json!({ "plan": planned.view, "receipt": receipt }), Vec::new());
    output.say(&said(&receipt));
    if planned.view.signed_by.fingerprint.is_none() {
        let public = shipping.public_key();
        output.say(&format!("Your signing key is new. Who is to trust it needs its public half: {}\n", visible(public.as_str())));
    }
    output.print(&format!("{}\n", visible(&receipt.pinned)));
    Ok(Code::Fine)
}

/// The end of a command that sent nothing.
fn ended(planned: &Planned, output: &Output) -> Code {
    let data = json!({ "plan": planned.view });
    let Some(obstacle) = planned.obstacle() else {
        output.envelope(true, data, Vec::new());
        return Code::Fine;
    };
    // What the author can mend is a finding; the rest is a failure with a name.
    let failure = planned.ready.then_some(&obstacle);
    output.envelope_with(false, data, Vec::new(), failure);
    failure.map_or(Code::Findings, |failure| failure.code.into())
}

fn in_words(plan: &ShipPlan) -> String {
    let mut text = format!("{} {} → {}\n", visible(&plan.pack), visible(&plan.version), visible(&plan.to));
    text.push_str(&rows(&plan.checks));
    if let Some(digest) = &plan.digest {
        text.push_str(&facts(&[("digest", digest), ("size", &size(plan.size))]));
    }
    text
}

fn said(receipt: &ReceiptView) -> String {
    let what = if receipt.unchanged { "Published already, bit for bit" } else { "Published" };
    let key = receipt.signed_by.fingerprint.as_deref().unwrap_or_default();
    let took = match receipt.millis {
        millis @ 0..1000 => format!("{millis} ms"),
        millis => format!("{:.1} s", f64::from(millis) / 1000.0),
    };
    let (reference, name) = (visible(&receipt.reference), visible(&receipt.signed_by.name));
    format!("{what}: {reference}, signed by {name} ({key}), in {took}\n")
}
