//! The language server: an editor's text in, the core's findings and answers out.
//!
//! One engine, whoever asks: the window speaks to it through a channel in this process, any other editor through its standard
//! streams ([`serve_stdio`]). It follows the protocol's order strictly: a change is applied before the next message is looked at, and
//! a check runs when no message follows at once, so that ten keystrokes in a burst cost a check or two.
//!
//! `server` is the loop, `pack` one open pack, `answers` what it says when asked, `convert` the protocol's ways to say a place, `stdio`
//! the standard streams.

mod answers;
mod convert;
mod pack;
mod server;
mod stdio;

pub use server::{DiskChanged, Ended, Listener, Server, serve_stdio};
