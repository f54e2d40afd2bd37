//! The outside world: what the core needs of a computer, and what a studio keeps on it.
//!
//! [`disk`] reads a pack's folder, [`text_file`] reads and writes one text without losing a byte, [`journal`] keeps what is not saved
//! yet, [`moves`] gives files other names, [`watch`] reports changes by other hands, [`store`] remembers the author's packs, [`templates`] makes new ones, [`home`] says
//! where all that lies, and [`environment`] reports what this computer gives us. Nothing here prints.

pub mod atomic;
pub mod digest;
pub mod disk;
pub mod environment;
pub mod home;
pub mod journal;
pub mod keys;
pub mod moves;
pub mod store;
pub mod templates;
pub mod text_file;
pub mod watch;
