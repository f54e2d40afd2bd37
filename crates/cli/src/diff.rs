//! `packwright diff`: what a new version of a pack changes for those who use it.

use crate::exit::Code;
use crate::output::{Output, visible};
use crate::shipping::{answered, shipping};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use packwright_app::compare::{Comparison, compare};
use packwright_app::core::compat::{Change, Report, Severity, Side};
use packwright_app::core::folder::MANIFEST;
use packwright_app::shipping::words::plural;
use packwright_app::wire::Failure;
use serde_json::{Value, json};

/// Compare two versions of a pack: what breaks, what to look at, which version it needs. Exits with 1 when something breaks.
#[derive(clap::Args)]
pub struct Arguments {
    /// The older version: a pack's folder, or a release like `acme/notes:1.2.0`.
    #[arg(value_name = "OLD")]
    old: String,
    /// The newer version.
    #[arg(value_name = "NEW")]
    new: String,
}

pub fn run(arguments: &Arguments, output: &Output) -> Code {
    answered(output, run_diff(arguments, output))
}

fn run_diff(arguments: &Arguments, output: &Output) -> Result<Code, Failure> {
    let compared = compare(&arguments.old, &arguments.new, &|| shipping(output))?;
    let report = &compared.report;
    let breaking = count(report, Severity::Breaking);
    if output.is_json() {
        let data = json!({
            "name": compared.name, "former_name": compared.former_name, "old_version": report.old_version, "new_version": report.new_version,
            "needed": report.needed, "suffices": report.suffices, "breaking": breaking,
            "review": count(report, Severity::Review), "compatible": count(report, Severity::Compatible),
            "changes": report.changes.iter().map(|change| to_json(change, &compared)).collect::<Vec<_>>(),
        });
        output.envelope(breaking == 0, data, Vec::new());
    } else {
        for change in &report.changes {
            output.print(&format!("{}\n\n", render(change, &compared, arguments)));
        }
        output.say(&verdict(&compared));
    }
    Ok(if breaking > 0 { Code::Findings } else { Code::Fine })
}

fn count(report: &Report, severity: Severity) -> usize {
    report.changes.iter().filter(|change| change.severity == severity).count()
}

/// A change in the look of `check`: which manifest, where, what.
fn render(change: &Change, compared: &Comparison, arguments: &Arguments) -> String {
    let (level, word) = match change.severity {
        Severity::Breaking => (Level::ERROR, "breaking"),
        Severity::Review => (Level::WARNING, "review"),
        Severity::Compatible => (Level::INFO, "compatible"),
    };
    let (text, named) = match change.side {
        Side::Old => (&compared.old, &arguments.old),
        Side::New => (&compared.new, &arguments.new),
    };
    let path = if named.ends_with(MANIFEST) { named.clone() } else { format!("{}/{MANIFEST}", named.trim_end_matches('/')) };
    let (path, message) = (visible(&path), visible(&change.message));
    let level = level.with_name(word);
    let title = level.primary_title(message.as_str());
    let group = title.element(
        Snippet::source(text.as_str()).path(path.as_str()).annotation(AnnotationKind::Primary.span(change.range.clone())),
    );
    Renderer::styled().render(&[group])
}

fn verdict(compared: &Comparison) -> String {
    let report = &compared.report;
    let name = visible(compared.name.as_deref().unwrap_or("the pack"));
    let mut remarks = String::new();
    if let Some(former) = &compared.former_name {
        remarks.push_str(&format!("These are two packs to those who use them: `{}` and `{name}`.\n", visible(former)));
    }
    if compared.falls {
        let version = |version: &Option<String>| visible(version.as_deref().unwrap_or_default());
        let (old, new) = (version(&report.old_version), version(&report.new_version));
        remarks.push_str(&format!("The version falls from {old} to {new}: is the older one named first?\n"));
    }
    if report.changes.is_empty() {
        return format!("{name}: nothing changes for those who use it\n{remarks}");
    }
    let found = [Severity::Breaking, Severity::Review, Severity::Compatible].map(|severity| count(report, severity));
    let mut text = format!("{name}: {} breaking, {} to review, {} compatible\n", found[0], found[1], found[2]);
    let word = report.needed.word();
    let (old, new) = (report.old_version.as_deref().unwrap_or("none"), report.new_version.as_deref().unwrap_or("none"));
    let (old, new) = (visible(old), visible(new));
    text.push_str(&match report.suffices {
        Some(true) => format!("The version rises from {old} to {new}, and a {word} version is needed: that is enough.\n"),
        Some(false) => format!("A {word} version is needed, and {old} to {new} is none: raise `version`.\n"),
        None => format!(
            "A {word} version is needed; {old} and {new} are not both semantic versions, so nobody can tell whether it is one.\n"
        ),
    });
    text.push_str(&remarks);
    if found[1] > 0 {
        text.push_str(&format!("{} to be looked at by hand: nothing here decides it.\n", plural(found[1], "change")));
    }
    text
}

fn to_json(change: &Change, compared: &Comparison) -> Value {
    let text = if change.side == Side::Old { &compared.old } else { &compared.new };
    json!({
        "what": change.what, "severity": change.severity, "message": change.message, "example": change.example, "side": change.side,
        "file": MANIFEST,
        "range": {
            "start": text.position(change.range.start), "end": text.position(change.range.end),
            "bytes": { "start": change.range.start, "end": change.range.end },
        },
    })
}
