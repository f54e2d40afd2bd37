//! The runs of an open pack: those that go on and can be stopped, and the last ones, which can become cases.

use super::keep::Kept;
use packwright_core::policy::Spent;
use packwright_sandbox::Stop;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Runs that can still become cases.
const KEPT: usize = 50;

/// The runs of one program.
#[derive(Default)]
pub struct Runs(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    going: HashMap<(u32, u32), Stop>,
    kept: VecDeque<((u32, u32), Kept)>,
    /// What a session has used of its budgets.
    spent: HashMap<u32, BTreeMap<String, Spent>>,
}

impl Runs {
    /// A run begins: what stops it, and what its session has spent.
    pub fn begin(&self, session: u32, run: u32) -> (Stop, BTreeMap<String, Spent>) {
        let stop = Stop::default();
        let mut inner = self.inner();
        inner.going.insert((session, run), stop.clone());
        (stop, inner.spent.get(&session).cloned().unwrap_or_default())
    }

    /// A run has ended.
    pub fn end(&self, session: u32, run: u32, kept: Option<Kept>, spent: Option<BTreeMap<String, Spent>>) {
        let mut inner = self.inner();
        inner.going.remove(&(session, run));
        if let Some(spent) = spent {
            inner.spent.insert(session, spent);
        }
        if let Some(kept) = kept {
            inner.kept.push_back(((session, run), kept));
            if inner.kept.len() > KEPT {
                inner.kept.pop_front();
            }
        }
    }

    /// Stops a run. One that has ended needs no stopping.
    pub fn stop(&self, session: u32, run: u32) {
        if let Some(stop) = self.inner().going.get(&(session, run)) {
            stop.set();
        }
    }

    /// A run that has ended.
    pub fn kept(&self, session: u32, run: u32) -> Option<Kept> {
        self.inner().kept.iter().rev().find(|(key, _)| *key == (session, run)).map(|(_, kept)| kept.clone())
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
