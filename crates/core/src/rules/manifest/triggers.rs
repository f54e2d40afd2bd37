//! Triggers: that something sets them off, and that they run something.

use super::super::{Example, Rule};
use crate::check::Context;
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder::MANIFEST;
use crate::nearest::Guesses;
use crate::shape::TRIGGER_EVENTS;
use crate::text::shown;
use crate::yaml::{Node, Value};
use std::ops::RangeInclusive;

pub static UNKNOWN_EVENT: Rule = Rule {
    code: "triggers/unknown-event",
    severity: Severity::Error,
    summary: "A trigger does not say what sets it off, or names something that platforms do not have.",
    why: "Nothing ever sets it off, and nobody is told.",
    example: Example::manifest(
        "tools: [{name: receive_message, input: {type: object}}]\ntriggers: [{id: incoming, on: webhok, tool: receive_message}]\n",
        "tools: [{name: receive_message, input: {type: object}}]\ntriggers: [{id: incoming, on: webhook, tool: receive_message}]\n",
    ),
};

pub static NO_TARGET: Rule = Rule {
    code: "triggers/no-target",
    severity: Severity::Error,
    summary: "A trigger runs neither a tool nor a workflow, or both.",
    why: "A trigger is there to run one thing. With none it does nothing; with two, what runs is the platform's guess.",
    example: Example::manifest(
        "tools: [{name: receive_message, input: {type: object}}]\ntriggers: [{id: incoming, on: webhook}]\n",
        "tools: [{name: receive_message, input: {type: object}}]\ntriggers: [{id: incoming, on: webhook, tool: receive_message}]\n",
    ),
};

pub static UNKNOWN_TARGET: Rule = Rule {
    code: "triggers/unknown-target",
    severity: Severity::Error,
    summary: "A trigger runs a tool or a workflow that the pack does not have.",
    why: "When it is set off there is nothing to run.",
    example: Example::manifest(
        "tools: [{name: receive_message, input: {type: object}}]\ntriggers: [{id: incoming, on: webhook, tool: recieve_message}]\n",
        "tools: [{name: receive_message, input: {type: object}}]\ntriggers: [{id: incoming, on: webhook, tool: receive_message}]\n",
    ),
};

pub static BAD_SCHEDULE: Rule = Rule {
    code: "triggers/bad-schedule",
    severity: Severity::Error,
    summary: "A timer has no schedule, or one that cron would not understand.",
    why: "The timer never goes off, or at times that nobody meant.",
    example: Example::manifest(
        "tools: [{name: clean_up, input: {type: object}}]\ntriggers: [{id: nightly, on: timer, tool: clean_up, schedule: '0 25 * * *'}]\n",
        "tools: [{name: clean_up, input: {type: object}}]\ntriggers: [{id: nightly, on: timer, tool: clean_up, schedule: '0 2 * * *'}]\n",
    ),
};

/// Checks them.
pub(super) fn check(root: &Node, ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let guesses = &ctx.guesses;
    let triggers = root.get("triggers").map(Node::items).unwrap_or_default();
    if triggers.is_empty() {
        return;
    }
    let names = |list: &str, key: &str| -> Vec<&str> {
        root.get(list).map(Node::items).unwrap_or_default().iter().filter_map(|item| item.text_at(key)).collect()
    };
    let tools = names("tools", "name");
    let workflows: Vec<&str> = names("workflows", "id").into_iter().chain(names("flows", "id")).collect();
    for trigger in triggers.iter().filter(|trigger| matches!(trigger.value, Value::Map(_))) {
        check_event(trigger, guesses, out);
        if !ctx.may_lack(&["tools", "workflows", "flows"]) {
            check_target(trigger, &tools, &workflows, guesses, out);
        }
        check_schedule(trigger, out);
    }
}

fn check_event(trigger: &Node, guesses: &Guesses, out: &mut Vec<Diagnostic>) {
    let known = format!("Choose one of {}.", TRIGGER_EVENTS.join(", "));
    match trigger.get("on").map(|node| (&node.value, node)) {
        None | Some((Value::Null, _)) => {
            let message = "this trigger does not say what sets it off";
            out.push(UNKNOWN_EVENT.at(MANIFEST, head(trigger, "on"), message).hint(format!("Add `on:`. {known}")));
        }
        Some((Value::Text(written), node)) if !TRIGGER_EVENTS.contains(&written.as_str()) => {
            let found = UNKNOWN_EVENT.at(
                MANIFEST,
                node.span.clone(),
                format!("nothing is called `{}` that could set it off", shown(written)),
            );
            out.push(match guesses.nearest(written, TRIGGER_EVENTS.iter().copied()) {
                Some(near) => found.did_you_mean(near),
                None => found.hint(known),
            });
        }
        Some(_) => {}
    }
}

/// Where to tell what a trigger lacks: at the key, when it is there without a value.
fn head(trigger: &Node, key: &str) -> std::ops::Range<usize> {
    match (trigger.key(key), trigger.get("id").or(trigger.entries().first().map(|(_, node)| node))) {
        (Some(key), _) => key.span.clone(),
        (None, Some(node)) if !node.span.is_empty() => node.span.clone(),
        (None, _) => trigger.entries().first().map_or(trigger.span.clone(), |(key, _)| key.span.clone()),
    }
}

fn check_target(trigger: &Node, tools: &[&str], workflows: &[&str], guesses: &Guesses, out: &mut Vec<Diagnostic>) {
    let named = |key: &str| trigger.get(key).filter(|node| node.value != Value::Null);
    match (named("tool"), named("workflow")) {
        (None, None) => out.push(
            NO_TARGET
                .at(MANIFEST, head(trigger, "tool"), "this trigger runs nothing")
                .hint("Add `tool:` or `workflow:` with the name of what it runs."),
        ),
        (Some(_), Some(workflow)) => out.push(
            NO_TARGET
                .at(MANIFEST, workflow.span.clone(), "this trigger runs a tool and a workflow, and one is wanted")
                .hint("Remove one of the two; a workflow can call the tool."),
        ),
        _ => {}
    }
    for (key, known) in [("tool", tools), ("workflow", workflows)] {
        let Some(node) = named(key) else { continue };
        let Some(written) = node.as_text() else { continue };
        if known.contains(&written) {
            continue;
        }
        let found = UNKNOWN_TARGET.at(MANIFEST, node.span.clone(), format!("no {key} is called `{}`", shown(written)));
        out.push(match guesses.nearest(written, known.iter().copied()) {
            Some(near) => found.did_you_mean(near),
            None if known.is_empty() => found.hint(format!("The pack has no {key}s: add it, or run something else.")),
            None => found.hint(format!("The pack has {}.", shown(&known.join(", ")))),
        });
    }
}

fn check_schedule(trigger: &Node, out: &mut Vec<Diagnostic>) {
    let timer = trigger.text_at("on") == Some("timer");
    let hint = "Write five fields, as cron has them: `0 8 * * 1-5` is every working day at eight.";
    match trigger.get("schedule").map(|node| (&node.value, node)) {
        None | Some((Value::Null, _)) if timer => {
            out.push(BAD_SCHEDULE.at(MANIFEST, head(trigger, "schedule"), "this timer has no schedule").hint(hint));
        }
        Some((Value::Text(written), node)) => {
            if let Some(trouble) = cron_trouble(written) {
                let message = format!("`{}` {trouble}", shown(written));
                out.push(BAD_SCHEDULE.at(MANIFEST, node.span.clone(), message).hint(hint));
            } else if !timer && trigger.text_at("on").is_some_and(|on| TRIGGER_EVENTS.contains(&on)) {
                let message = "only a timer has a schedule, and this trigger is set off otherwise";
                out.push(BAD_SCHEDULE.at(MANIFEST, node.span.clone(), message).hint("Write `on: timer`, or remove `schedule`."));
            }
        }
        _ => {}
    }
}

/// A field of a schedule: what it is called, what it goes from and to, and the words that stand for its numbers.
type Field = (&'static str, RangeInclusive<u32>, &'static [&'static str]);

const FIELDS: [Field; 5] = [
    ("minute", 0..=59, &[]),
    ("hour", 0..=23, &[]),
    ("day", 1..=31, &[]),
    ("month", 1..=12, &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
    ("weekday", 0..=7, &["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
];

/// Why a schedule is not one that every cron understands, as the end of a sentence.
fn cron_trouble(written: &str) -> Option<String> {
    if let Some(word) = written.trim().strip_prefix('@') {
        let known = matches!(word, "yearly" | "annually" | "monthly" | "weekly" | "daily" | "midnight" | "hourly");
        return (!known).then(|| "is not a schedule's short name".to_owned());
    }
    let fields: Vec<&str> = written.split_whitespace().take(8).collect();
    match fields.len() {
        5 => {}
        6 => return Some("has six fields: seconds or years are not cron's".to_owned()),
        count => return Some(format!("has {count} fields, and a schedule has five")),
    }
    fields.iter().zip(&FIELDS).find_map(|(field, (name, range, words))| {
        field.split(',').find_map(|part| field_trouble(part, range, words)).map(|trouble| format!("{trouble} as its {name}"))
    })
}

fn field_trouble(part: &str, range: &RangeInclusive<u32>, words: &[&str]) -> Option<String> {
    let (span, step) = part.split_once('/').map_or((part, None), |(span, step)| (span, Some(step)));
    if step.is_some_and(|step| step.parse::<u32>().ok().is_none_or(|step| step == 0 || step > *range.end())) {
        return Some(format!("has the step `{}`", shown(part)));
    }
    if span == "*" {
        return None;
    }
    let number = |text: &str| {
        let named = words.iter().position(|word| text.eq_ignore_ascii_case(word));
        // Weekdays begin with 0, and months with 1, as their ranges do.
        let named = named.and_then(|at| u32::try_from(at).ok()).map(|at| at + range.start());
        named.or_else(|| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten())
    };
    let (first, last) = span.split_once('-').unwrap_or((span, span));
    match (number(first), number(last)) {
        (Some(first), Some(last)) if range.contains(&first) && range.contains(&last) && first <= last => None,
        _ => Some(format!("has `{}`", shown(part))),
    }
}

#[cfg(test)]
mod tests {
    use super::cron_trouble;
    use crate::rules::tests::{manifest, only};

    fn trigger(trigger: &str) -> String {
        let found = manifest(&format!(
            "name: n\ndescription: d\ntools: [{{name: receive_message}}]\nworkflows: [{{id: main}}]\nflows: [{{id: main_flow}}]\ntriggers:\n  - {trigger}\n"
        ));
        only("triggers", &found)
    }

    #[test]
    fn a_trigger_is_set_off_by_something_and_runs_something() {
        insta::assert_snapshot!(trigger("{id: t, on: webhok}"), @"
        Error triggers/no-target pack.yaml:7:10 <t> this trigger runs nothing
          hint: Add `tool:` or `workflow:` with the name of what it runs.
        Error triggers/unknown-event pack.yaml:7:17 <webhok> nothing is called `webhok` that could set it off
          hint: Did you mean `webhook`?
          fix: Change to `webhook`
        ");
        insta::assert_snapshot!(trigger("{id: t, tool: recieve_message, workflow: main}"), @"
        Error triggers/unknown-event pack.yaml:7:10 <t> this trigger does not say what sets it off
          hint: Add `on:`. Choose one of webhook, event, message, timer, pubsub.
        Error triggers/unknown-target pack.yaml:7:19 <recieve_message> no tool is called `recieve_message`
          hint: Did you mean `receive_message`?
          fix: Change to `receive_message`
        Error triggers/no-target pack.yaml:7:46 <main> this trigger runs a tool and a workflow, and one is wanted
          hint: Remove one of the two; a workflow can call the tool.
        ");
        insta::assert_snapshot!(trigger("{id: t, on: , workflow: other}"), @"
        Error triggers/unknown-event pack.yaml:7:13 <on> this trigger does not say what sets it off
          hint: Add `on:`. Choose one of webhook, event, message, timer, pubsub.
        Error triggers/unknown-target pack.yaml:7:29 <other> no workflow is called `other`
          hint: The pack has main, main_flow.
        ");
        for sound in [
            "{id: t, on: webhook, tool: receive_message}",
            "{id: t, on: event, workflow: main}",
            "{id: t, on: pubsub, workflow: main_flow}",
        ] {
            assert_eq!(trigger(sound), "", "{sound}");
        }
    }

    #[test]
    fn a_timer_has_a_schedule() {
        insta::assert_snapshot!(trigger("{id: t, on: timer, tool: receive_message}"), @"
        Error triggers/bad-schedule pack.yaml:7:10 <t> this timer has no schedule
          hint: Write five fields, as cron has them: `0 8 * * 1-5` is every working day at eight.
        ");
        insta::assert_snapshot!(trigger("{id: t, on: timer, tool: receive_message, schedule: '0 25 * * *'}"), @"
        Error triggers/bad-schedule pack.yaml:7:57 <'0 25 * * *'> `0 25 * * *` has `25` as its hour
          hint: Write five fields, as cron has them: `0 8 * * 1-5` is every working day at eight.
        ");
        insta::assert_snapshot!(trigger("{id: t, on: webhook, tool: receive_message, schedule: '0 2 * * *'}"), @"
        Error triggers/bad-schedule pack.yaml:7:59 <'0 2 * * *'> only a timer has a schedule, and this trigger is set off otherwise
          hint: Write `on: timer`, or remove `schedule`.
        ");
    }

    #[test]
    fn schedules_are_read_as_cron_reads_them() {
        for sound in ["* * * * *", "0 8 * * *", "*/5 0-6,12 1,15 jan-MAR mon-fri", "59 23 31 12 7", "@daily", "0 0 1 1 0"] {
            assert_eq!(cron_trouble(sound), None, "{sound}");
        }
        for bad in [
            "",
            "0 8 * *",
            "0 0 8 * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "* * * * 8",
            "*/0 * * * *",
            "a * * * *",
            "5-1 * * * *",
            "@noon",
            "* * * * mon-",
            "+5 * * * *",
            "é * * * *",
        ] {
            assert!(cron_trouble(bad).is_some(), "{bad}");
        }
    }
}
