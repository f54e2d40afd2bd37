//! Who signs, and whose signatures count.

use crate::shipping::failures;
use crate::wire::{Failure, FailureCode, SignerView};
use packwright_kit::home::{Home, shown};
use packwright_kit::keys::{KeptKey, Keys, NewKey};
use packwright_registry::key::{KeyError, PublicKey, SigningKey, TrustedKeys};
use packwright_registry::sign::SignatureError;

/// The key that signs, when there is one.
pub fn signing(home: &Home) -> Result<Option<SigningKey>, Failure> {
    let kept = Keys::new(&home.data).signing().map_err(|error| failures::keys(&error))?;
    kept.map(|kept| read(&kept)).transpose()
}

/// The same; a new one when there is none.
pub fn signing_or_new(home: &Home) -> Result<SigningKey, Failure> {
    let make = |seed| {
        let key = SigningKey::from_seed(seed, "");
        NewKey { secret: key.to_pem().clone(), public: key.public().to_pem() }
    };
    let kept = Keys::new(&home.data).signing_or_new(make).map_err(|error| failures::keys(&error))?;
    read(&kept)
}

fn read(kept: &KeptKey) -> Result<SigningKey, Failure> {
    SigningKey::from_pem(&kept.pem, &kept.name).map_err(|error| {
        let hint = "Put the right file back. Or move this one away: then a new key is made, and who trusts the old one has to trust the new one.";
        bad_key(kept, &error, hint)
    })
}

fn bad_key(kept: &KeptKey, error: &KeyError, hint: &str) -> Failure {
    Failure::new(FailureCode::Other, format!("`{}` cannot be used: {error}", kept.path), hint)
}

/// The author's own key, and those that the author trusts.
pub fn trusted(home: &Home) -> Result<TrustedKeys, Failure> {
    let own = signing(home)?.map(|key| key.public());
    let others = Keys::new(&home.data).trusted().map_err(|error| failures::keys(&error))?;
    let others = others.iter().map(|kept| {
        let hint = "Put the PEM of a public key there, or remove the file.";
        PublicKey::from_pem(&kept.pem, &kept.name).map_err(|error| bad_key(kept, &error, hint))
    });
    Ok(TrustedKeys::new(others.chain(own.map(Ok)).collect::<Result<Vec<_>, _>>()?))
}

/// Who signs, or would.
pub fn view(home: &Home) -> Result<SignerView, Failure> {
    if let Some(key) = signing(home)? {
        return Ok(of_key(&key.public()));
    }
    let name = Keys::new(&home.data).name().map_err(|error| failures::keys(&error))?;
    Ok(SignerView { name, fingerprint: None })
}

pub fn of_key(key: &PublicKey) -> SignerView {
    SignerView { name: key.name.clone(), fingerprint: Some(key.id()) }
}

/// What to do about a signature that does not count.
pub fn hint(error: &SignatureError, home: &Home) -> String {
    match error {
        SignatureError::UnknownKey { .. } => {
            let folder = shown(&Keys::new(&home.data).trusted_folder());
            format!("If you know whose key it is, put its public half, a file such as `ann.pem`, into `{folder}`.")
        }
        other => other.hint().to_owned(),
    }
}
