//! What belongs to one running instance: its limits, and what ended it.

use crate::host::Host;
use crate::run::Stop;
use packwright_core::call::{Limits, ToolError};
use serde_json::json;
use std::sync::Arc;
use std::time::Instant;
use tokio::runtime::Handle;
use wasmtime::{ResourceLimiter, Store, UpdateDeadline};
use wasmtime_wasi::p1::WasiP1Ctx;

/// Fuel beyond the limit, for the engine to notice, throw and say where. A guest that burns this too is ended by a trap.
const FUEL_RESERVE: u64 = 20_000_000;
/// Time beyond the limit, for the same.
const GRACE: std::time::Duration = std::time::Duration::from_millis(250);

/// The data of a store.
pub(crate) struct Guest {
    /// What the engine's `source` answers with; empty for a command.
    pub(crate) source: Arc<str>,
    pub(crate) host: Host,
    pub(crate) wasi: Option<WasiP1Ctx>,
    pub(crate) meter: Meter,
    /// An answer of the host that did not fit what a program had room for.
    pub(crate) kept_answer: String,
    /// What waits for the network.
    pub(crate) runtime: Handle,
}

/// Counts what a guest uses, and says when it is too much.
pub(crate) struct Meter {
    limits: Limits,
    pub(crate) deadline: Instant,
    pub(crate) stop: Stop,
    /// The most bytes of memory it had.
    pub(crate) memory: usize,
    /// What ended it, once something has.
    pub(crate) ended: Option<Ended>,
    /// True when the guest was told to end and has not been asked again.
    told: bool,
}

/// Why a guest had to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    Time,
    Fuel,
    Memory,
    Stopped,
}

impl Meter {
    pub(crate) fn new(limits: Limits, deadline: Instant, stop: Stop) -> Self {
        Self { limits, deadline, stop, memory: 0, ended: None, told: false }
    }

    /// Whether the guest must end. It is told once: what the engine does to throw and describe the error is not interrupted again.
    pub(crate) fn interrupts(&mut self, fuel_left: u64) -> bool {
        if self.told {
            return false;
        }
        let why = if self.stop.is_set() {
            Ended::Stopped
        } else if Instant::now() >= self.deadline {
            Ended::Time
        } else if fuel_left < FUEL_RESERVE {
            Ended::Fuel
        } else {
            return false;
        };
        self.ended.get_or_insert(why);
        self.told = true;
        true
    }

    /// The error of what ended it.
    pub(crate) fn error(&self, ended: Ended) -> ToolError {
        let Limits { timeout_ms, memory_mb, fuel, .. } = self.limits;
        let exhausted = |what: &str, limit: u64, unit: &str, sentence: String| {
            ToolError::new("resource_exhausted", sentence).with(json!({ "limit": what, "allowed": limit, "unit": unit }))
        };
        match ended {
            Ended::Time => ToolError::new("timeout", format!("the handler was still running after {timeout_ms} ms")),
            Ended::Stopped => ToolError::new("timeout", "the run was stopped by hand"),
            Ended::Fuel => exhausted("fuel", fuel, "instructions", format!("the handler used up its fuel: {fuel} instructions")),
            Ended::Memory => {
                exhausted("memory_mb", memory_mb, "MB", format!("the handler wanted more than its {memory_mb} MB of memory"))
            }
        }
    }

    fn memory_limit(&self) -> usize {
        usize::try_from(self.limits.memory_mb.saturating_mul(1024 * 1024)).unwrap_or(usize::MAX)
    }
}

impl ResourceLimiter for Meter {
    fn memory_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        if desired > self.memory_limit() {
            // The guest may catch it and go on with less; what it does then is its affair.
            self.ended.get_or_insert(Ended::Memory);
            return Ok(false);
        }
        self.memory = self.memory.max(desired);
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(desired <= 100_000)
    }
}

/// A store with every limit on.
pub(crate) fn store(engine: &wasmtime::Engine, guest: Guest) -> wasmtime::Result<Store<Guest>> {
    let fuel = guest.meter.limits.fuel;
    let mut store = Store::new(engine, guest);
    store.limiter(|guest| &mut guest.meter);
    store.set_fuel(fuel.saturating_add(FUEL_RESERVE))?;
    store.set_epoch_deadline(1);
    // The last word: a guest that does not ask whether it must end, or was told and goes on, is ended here.
    store.epoch_deadline_callback(|mut context| {
        let meter = &mut context.data_mut().meter;
        let now = Instant::now();
        if meter.stop.is_set() {
            meter.deadline = meter.deadline.min(now);
        }
        if now >= meter.deadline + GRACE {
            meter.ended.get_or_insert(if meter.stop.is_set() { Ended::Stopped } else { Ended::Time });
            return Err(wasmtime::Trap::Interrupt.into());
        }
        Ok(UpdateDeadline::Continue(1))
    });
    Ok(store)
}

/// How much fuel a guest has used.
pub(crate) fn fuel_used(limits: &Limits, left: u64) -> u64 {
    limits.fuel.saturating_add(FUEL_RESERVE).saturating_sub(left)
}
