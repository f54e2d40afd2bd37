//! `packwright explain`: a rule's page, in the terminal.

use crate::exit::Code;
use crate::output::Output;
use packwright_app::core::diagnostic::Severity;
use packwright_app::core::rules::page::{Block, families, near, page, sections, severity};
use packwright_app::core::rules::{Example, Rule, rule};
use packwright_app::wire::{Failure, FailureCode};
use serde_json::{Value, json};

/// Explain a rule: what it says, why, an example, and how to allow it with a reason.
#[derive(clap::Args)]
pub struct Arguments {
    /// The rule's code, as in `tools/no-input`, or a family, as in `tools`. Left out, every rule is listed.
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

pub fn run(arguments: &Arguments, output: &Output) -> Code {
    let families = families();
    let Some(code) = arguments.code.as_deref() else {
        return list(families.into_iter().collect(), output);
    };
    if let Some(rule) = rule(code) {
        output.print(&shown(rule));
        output.envelope(true, to_json(rule), Vec::new());
        return Code::Fine;
    }
    if let Some((family, rules)) = families.into_iter().find(|(family, _)| *family == code.trim_end_matches('/')) {
        return list(vec![(family, rules)], output);
    }
    let mut hints: Vec<String> = near(code).into_iter().map(|near| format!("Did you mean `{near}`?")).collect();
    hints.push("`packwright explain` lists every rule.".to_owned());
    output.failure(&Failure { code: FailureCode::BadRequest, message: format!("`{code}` is not the code of a rule"), hints })
}

/// Rules by family, a line each.
fn list(families: Vec<(&str, Vec<&Rule>)>, output: &Output) -> Code {
    let rules = || families.iter().flat_map(|(_, rules)| rules);
    let width = rules().map(|rule| rule.code.len()).max().unwrap_or_default();
    let mut text = String::new();
    for (family, rules) in &families {
        text.push_str(&format!("{}\n", bold(family)));
        for rule in rules {
            let (code, word) = (rule.code, severity(rule.severity).to_lowercase());
            text.push_str(&format!("  {code:<width$}  {word:<7}  {}\n", rule.summary));
        }
        text.push('\n');
    }
    text.push_str("`packwright explain CODE` says more of one.\n");
    output.print(&text);
    let line =
        |rule: &&Rule| json!({ "code": rule.code, "family": rule.family(), "severity": rule.severity, "summary": rule.summary });
    output.envelope(true, json!({ "rules": rules().map(line).collect::<Vec<Value>>() }), Vec::new());
    Code::Fine
}

/// A page in the look of a finding.
fn shown(rule: &Rule) -> String {
    let colour = match rule.severity {
        Severity::Error => "\u{1b}[1;31m",
        Severity::Warning => "\u{1b}[1;33m",
        Severity::Info => "\u{1b}[1;34m",
    };
    let word = severity(rule.severity).to_lowercase();
    let mut text = format!("{colour}{word}[{}]\u{1b}[0m: {}\n", rule.code, bold(rule.summary));
    for section in sections(rule) {
        text.push_str(&format!("\n{}\n", bold(section.title)));
        for (number, block) in section.blocks.iter().enumerate() {
            if number > 0 {
                text.push('\n');
            }
            match block {
                Block::Text(sentences) => wrapped(sentences, &mut text),
                Block::Lines { path, text: lines } => {
                    text.push_str(&format!("  \u{1b}[1;34m-->\u{1b}[0m {path}\n"));
                    lines.lines().for_each(|line| text.push_str(&format!("   \u{1b}[1;34m|\u{1b}[0m {line}\n")));
                }
            }
        }
    }
    text
}

/// Sentences in lines that a terminal of the usual width shows whole.
fn wrapped(sentences: &str, out: &mut String) {
    const WIDTH: usize = 96;
    let mut column = 0;
    for word in sentences.split_whitespace() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > WIDTH {
            out.push('\n');
            column = 0;
        }
        out.push_str(if column == 0 { "  " } else { " " });
        out.push_str(word);
        column += length + 1;
    }
    out.push('\n');
}

fn bold(text: &str) -> String {
    format!("\u{1b}[1m{text}\u{1b}[0m")
}

fn to_json(rule: &Rule) -> Value {
    let (path, before, after) = match rule.example {
        Example::File { path, before, after, .. } => (Some(path), before, after),
        Example::Told { before, after } => (None, before, after),
    };
    json!({
        "code": rule.code,
        "family": rule.family(),
        "severity": rule.severity,
        "summary": rule.summary,
        "why": rule.why,
        "example": { "file": path, "before": before, "after": after },
        "page": page(rule),
    })
}
