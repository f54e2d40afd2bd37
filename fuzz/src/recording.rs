//! A recording of any bytes: read or refused; what was read is written and read again as the same.

use packwright_core::recording::Recording;

pub fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(recording) = Recording::read(text) else { return };
    let written = recording.write();
    let again = Recording::read(&written).unwrap_or_else(|error| panic!("{error}\n{written}"));
    assert_eq!(again.write(), written);
}
