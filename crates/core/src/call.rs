//! The words of a tool call: its errors and its limits, the same for whoever runs it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a call ends with when it has no output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolError {
    /// A built-in code, or one that the tool declares.
    pub code: String,
    /// One sentence for a person.
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

impl ToolError {
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), details: None, retry_after_ms: None }
    }

    #[must_use]
    pub fn with(mut self, details: Value) -> Self {
        self.details = Some(details);
        self
    }
}

/// Codes that every tool may answer with.
pub const BUILT_IN: &[&str] = &[
    "invalid_input",
    "invalid_output",
    "schema_mismatch",
    "handler_failed",
    "timeout",
    "resource_exhausted",
    "permission_denied",
    "credential_invalid",
    "session_unavailable",
    "artifact_failed",
    "rate_limited",
    "not_found",
    "network_error",
    "internal",
];

/// What one call may use. Always on; a manifest can ask for other numbers, up to [`Limits::MOST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Limits {
    pub timeout_ms: u64,
    pub memory_mb: u64,
    pub output_kb: u64,
    /// Wasm instructions, roughly: the same number for the same call on every machine.
    pub fuel: u64,
}

impl Limits {
    /// What a tool gets that asks for nothing.
    pub const USUAL: Self = Self { timeout_ms: 5_000, memory_mb: 64, output_kb: 256, fuel: 500_000_000 };
    /// What a tool may ask for.
    pub const MOST: Self = Self { timeout_ms: 300_000, memory_mb: 1_024, output_kb: 16_384, fuel: 100_000_000_000 };

    /// These limits, none beyond [`Limits::MOST`].
    #[must_use]
    pub fn capped(self) -> Self {
        let most = Self::MOST;
        Self {
            timeout_ms: self.timeout_ms.min(most.timeout_ms),
            memory_mb: self.memory_mb.min(most.memory_mb),
            output_kb: self.output_kb.min(most.output_kb),
            fuel: self.fuel.min(most.fuel),
        }
    }
}
