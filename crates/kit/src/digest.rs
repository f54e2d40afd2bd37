//! Names for bytes.

use sha2::{Digest, Sha256};

/// `sha256:` and the digest in hexadecimal: the form that registries use too.
pub fn of(bytes: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(bytes)))
}
