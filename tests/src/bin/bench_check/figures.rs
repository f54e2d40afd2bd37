//! What was seen, and what it comes to: medians and the like, and what the system says of a process.

use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Samples by name.
#[derive(Debug, Default)]
pub struct Figures {
    samples: BTreeMap<&'static str, Vec<f64>>,
    /// Answers that were not right, of how many.
    pub wrong: usize,
    pub answers: usize,
}

impl Figures {
    pub fn add(&mut self, name: &'static str, sample: f64) {
        self.samples.entry(name).or_default().push(sample);
    }

    /// Counts an answer.
    pub fn judge(&mut self, right: bool) {
        self.answers += 1;
        self.wrong += usize::from(!right);
    }

    pub fn json(&self) -> Value {
        let mut value = json!({ "answers": self.answers, "wrong_answers": self.wrong });
        for (name, samples) in &self.samples {
            value[*name] = spread(samples);
        }
        value
    }
}

/// Median, 95th of a hundred, least and most.
pub fn spread(samples: &[f64]) -> Value {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |share: usize| sorted.get((sorted.len() * share / 100).min(sorted.len().saturating_sub(1)));
    json!({ "p50": at(50), "p95": at(95), "min": sorted.first(), "max": sorted.last(), "n": sorted.len() })
}

/// Processor time of a running process so far, in milliseconds; only Linux says so.
pub fn processor_ms(process: u32) -> Option<f64> {
    ticks(&fs_err::read_to_string(format!("/proc/{process}/stat")).ok()?, 11)
}

/// Processor time of all ended children of this process, in milliseconds.
pub fn children_ms() -> Option<f64> {
    ticks(&fs_err::read_to_string("/proc/self/stat").ok()?, 13)
}

/// User and system time, two fields in a row, counted after the name: that stands in parentheses and may contain anything.
fn ticks(stat: &str, field: usize) -> Option<f64> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(field);
    let mut next = || fields.next()?.parse::<f64>().ok();
    // A tick is 10 ms on every Linux that there is today (USER_HZ is 100).
    Some((next()? + next()?) * 10.0)
}

/// The most memory that a process ever had, and its proportional share now, in megabytes.
pub fn memory_mb(process: u32) -> Option<(f64, f64)> {
    let status = fs_err::read_to_string(format!("/proc/{process}/status")).ok()?;
    let rollup = fs_err::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
    Some((kilobytes(&status, "VmHWM:")? / 1024.0, kilobytes(&rollup, "Pss:")? / 1024.0))
}

/// `Pss:   12345 kB`
fn kilobytes(text: &str, name: &str) -> Option<f64> {
    text.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_read_past_any_name() {
        let stat = "12 (a (b) c) S 7 12 12 0 -1 4194304 100 200 0 0 31 4 5 6 20 0";
        assert_eq!((ticks(stat, 11), ticks(stat, 13)), (Some(350.0), Some(110.0)));
        assert_eq!(ticks("", 11), None);
    }

    #[test]
    fn memory_is_the_named_line_only() {
        assert_eq!(kilobytes("Rss:  900 kB\nPss:  300 kB\nPss_Dirty:  200 kB\n", "Pss:"), Some(300.0));
    }

    #[test]
    fn no_sample_is_no_figure() {
        assert_eq!(spread(&[]), json!({ "p50": null, "p95": null, "min": null, "max": null, "n": 0 }));
        assert_eq!(spread(&[3.0, 1.0, 2.0])["p50"], 2.0);
    }
}
