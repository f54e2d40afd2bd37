//! Hover.

/// Built-in error codes and when they are answered.
pub(super) const ERROR_CODES: &[(&str, &str)] = &[
    ("invalid_input", "The arguments do not fit the tool's input schema. The handler was not called."),
    ("invalid_output", "What the handler answered does not fit the tool's output schema."),
    ("schema_mismatch", "The two sides know different schemas of the tool."),
    ("handler_failed", "The handler stopped with a fault, or answered a code that its tool does not declare."),
    ("timeout", "The call took longer than `limits.timeout_ms`."),
    ("resource_exhausted", "The call used more than one of its limits allows; the error says which."),
    ("permission_denied", "No rule of `capabilities` allows the request; the error says what was missing."),
    ("credential_invalid", "A credential is not set, or the other side refused it."),
    ("session_unavailable", "The session of the call is gone."),
    ("artifact_failed", "An artifact could not be stored or read."),
    ("rate_limited", "The other side, or a budget, asks to wait."),
    ("not_found", "What was asked for does not exist."),
    ("network_error", "The other side could not be reached, or its answer made no sense."),
    ("internal", "The host itself failed."),
];
