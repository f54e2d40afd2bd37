//! Keys: one to sign with, and the ones that are believed.
//!
//! Where a key is kept is not this crate's affair; it goes in and out as PEM.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey};
use ed25519_dalek::{Signature, Signer, VerifyingKey};
use sha2::{Digest, Sha256};
use std::fmt;
use std::ops::Deref;

/// A key that signs. Its secret is wiped from memory when it is dropped, and never shown.
pub struct SigningKey {
    secret: ed25519_dalek::SigningKey,
    name: String,
}

/// A key that is believed.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    key: VerifyingKey,
    /// Whose it is, for people.
    pub name: String,
}

/// Why text is not a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("this is not an Ed25519 key in PEM: {why}")]
    NotAKey { why: String },
    #[error("this key is weak: anyone could sign with it")]
    Weak,
}

impl SigningKey {
    /// The key of these 32 random bytes: they are the secret.
    pub fn from_seed(seed: [u8; 32], name: &str) -> Self {
        Self { secret: ed25519_dalek::SigningKey::from_bytes(&seed), name: name.to_owned() }
    }

    /// Reads PKCS#8.
    pub fn from_pem(pem: &str, name: &str) -> Result<Self, KeyError> {
        let secret = ed25519_dalek::SigningKey::from_pkcs8_pem(pem).map_err(not_a_key)?;
        Ok(Self { secret, name: name.to_owned() })
    }

    /// The key as PKCS#8, wiped from memory when it is dropped.
    pub fn to_pem(&self) -> impl Deref<Target = String> + use<> {
        self.secret.to_pkcs8_pem(LineEnding::LF).expect("a key of 32 bytes has a PEM form")
    }

    pub fn public(&self) -> PublicKey {
        PublicKey { key: self.secret.verifying_key(), name: self.name.clone() }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.secret.sign(message).to_bytes()
    }
}

impl PublicKey {
    /// Reads a public key's PEM.
    pub fn from_pem(pem: &str, name: &str) -> Result<Self, KeyError> {
        let key = VerifyingKey::from_public_key_pem(pem).map_err(not_a_key)?;
        if key.is_weak() { Err(KeyError::Weak) } else { Ok(Self { key, name: name.to_owned() }) }
    }

    pub fn to_pem(&self) -> String {
        self.key.to_public_key_pem(LineEnding::LF).expect("a key of 32 bytes has a PEM form")
    }

    /// `SHA256:` and the hash of the key, as `ssh-keygen` writes such things.
    pub fn id(&self) -> String {
        format!("SHA256:{}", STANDARD_NO_PAD.encode(Sha256::digest(self.key.as_bytes())))
    }

    pub(crate) fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}

fn not_a_key(error: impl fmt::Display) -> KeyError {
    KeyError::NotAKey { why: error.to_string() }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("public", &self.public()).finish_non_exhaustive()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} {:?})", self.id(), self.name)
    }
}

/// The keys whose signatures count.
#[derive(Debug, Clone, Default)]
pub struct TrustedKeys {
    keys: Vec<PublicKey>,
}

impl TrustedKeys {
    pub fn new(keys: impl IntoIterator<Item = PublicKey>) -> Self {
        Self { keys: keys.into_iter().collect() }
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The key of this id.
    pub fn find(&self, id: &str) -> Option<&PublicKey> {
        self.keys.iter().find(|key| key.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::{KeyError, PublicKey, SigningKey, TrustedKeys};

    #[test]
    fn keys_go_through_pem_and_back() {
        let key = SigningKey::from_seed([7; 32], "Ann");
        let again = SigningKey::from_pem(&key.to_pem(), "Ann").unwrap();
        assert_eq!(again.public(), key.public());
        let public = PublicKey::from_pem(&key.public().to_pem(), "Ann").unwrap();
        assert_eq!(public, key.public());
        assert!(public.accepts(b"hello", &key.sign(b"hello")));
        assert!(!public.accepts(b"hullo", &key.sign(b"hello")));
        assert!(!public.accepts(b"hello", &[]));
    }

    #[test]
    fn a_key_is_known_by_its_hash() {
        let key = SigningKey::from_seed([7; 32], "Ann").public();
        assert_eq!(key.id(), "SHA256:/oEsEvOrTOasXbaaw1L5BssbEe9D+zPiUu9/9VImOIk");
        let trusted = TrustedKeys::new([key.clone()]);
        assert_eq!(trusted.find(&key.id()), Some(&key));
        assert_eq!(trusted.find(&SigningKey::from_seed([8; 32], "Ben").public().id()), None);
    }

    #[test]
    fn a_secret_is_not_shown() {
        let key = SigningKey::from_seed([7; 32], "Ann");
        let shown = format!("{key:?}");
        assert!(shown.contains("Ann") && !shown.contains("7, 7") && !shown.contains("0707"), "{shown}");
    }

    #[test]
    fn other_text_is_no_key() {
        for text in ["", "hello", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"] {
            assert!(matches!(SigningKey::from_pem(text, ""), Err(KeyError::NotAKey { .. })));
            assert!(matches!(PublicKey::from_pem(text, ""), Err(KeyError::NotAKey { .. })));
        }
        // The neutral point: every signature of zeros fits it.
        let weak = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n-----END PUBLIC KEY-----\n";
        assert_eq!(PublicKey::from_pem(weak, ""), Err(KeyError::Weak));
    }
}
