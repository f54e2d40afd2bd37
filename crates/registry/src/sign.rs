//! Signatures: what a release claims, as an in-toto statement in a DSSE envelope in a sigstore bundle.
//!
//! The forms are those of sigstore's own types; a key is believed because the user has it, so no certificate and no log is asked.

use crate::key::{PublicKey, SigningKey, TrustedKeys};
use packwright_core::artifact::{Artifact, Digest};
use serde::{Deserialize, Serialize};
use sigstore_types::bundle::{
    Bundle, MediaType, PublicKeyIdentifier, SignatureContent, VerificationMaterial, VerificationMaterialContent,
};
use sigstore_types::dsse::{DsseEnvelope, DsseSignature, pae};
use sigstore_types::encoding::{KeyId, PayloadBytes, SignatureBytes};

/// The type of a bundle, as an artifact and as a blob.
pub const BUNDLE_TYPE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

/// Most bytes of a bundle: ours has two thousand.
pub const MAX_BUNDLE: u64 = 64 * 1024;

const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
const PREDICATE_TYPE: &str = "https://packwright.dev/release/v1";

const MANIFEST: &str = "manifest";
const CONTENT: &str = "content";
const SBOM: &str = "sbom";

/// What a signature says of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub name: String,
    pub version: String,
    pub source_digest: Digest,
    /// Of the image's manifest.
    pub manifest: Digest,
    /// Of what is in its layer.
    pub content: Digest,
    /// Of the bill of materials.
    pub sbom: Digest,
}

impl Claim {
    /// What can be said of an artifact.
    pub fn of(artifact: &Artifact, sbom: &Digest) -> Self {
        Self {
            name: artifact.name.clone(),
            version: artifact.version.clone(),
            source_digest: artifact.source_digest.clone(),
            manifest: artifact.digest.clone(),
            content: artifact.content_digest.clone(),
            sbom: sbom.clone(),
        }
    }
}

/// Why a signature does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    #[error("nobody signed it")]
    Missing,
    #[error("the signature is not a sigstore bundle: {why}")]
    NotABundle { why: String },
    #[error("the signature is not made with a plain key")]
    NotByKey,
    #[error("the signature names two keys")]
    TwoKeys,
    #[error("it is signed by `{id}`, a key that is not trusted here")]
    UnknownKey { id: String },
    #[error("the signature is not by `{id}`, whatever it says")]
    Forged { id: String },
    #[error("what is signed is not a statement about a release: {why}")]
    NotAStatement { why: String },
    #[error("the signature does not name the {what}, or names it twice")]
    Subject { what: &'static str },
    #[error("the signature belongs to another release: it is for {found}")]
    OtherRelease { found: Digest },
    #[error("the signature is for the pack `{signed}`, not for this repository's")]
    OtherPack { signed: String },
    #[error("the tag was moved: it names version `{signed}`")]
    OtherVersion { signed: String },
}

impl SignatureError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Missing => "Ask the publisher to publish it with Packwright, which signs.",
            Self::UnknownKey { .. } => "If you know whose key this is, add it to the trusted keys.",
            _ => "Do not use it, and tell its publisher.",
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Statement {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<Subject>,
    predicate_type: String,
    predicate: Predicate,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject {
    name: String,
    digest: SubjectDigest,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SubjectDigest {
    sha256: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Predicate {
    name: String,
    version: String,
    source_digest: Digest,
}

/// Signs a claim: a bundle. The same claim and key give the same bytes.
pub fn sign(claim: &Claim, key: &SigningKey) -> Vec<u8> {
    let subject = |name: &str, digest: &Digest| Subject {
        name: name.to_owned(),
        digest: SubjectDigest { sha256: digest.hex().to_owned() },
    };
    let statement = Statement {
        kind: STATEMENT_TYPE.to_owned(),
        subject: vec![subject(MANIFEST, &claim.manifest), subject(CONTENT, &claim.content), subject(SBOM, &claim.sbom)],
        predicate_type: PREDICATE_TYPE.to_owned(),
        predicate: Predicate {
            name: claim.name.clone(),
            version: claim.version.clone(),
            source_digest: claim.source_digest.clone(),
        },
    };
    bundle(&serde_json::to_vec(&statement).expect("texts are JSON"), PAYLOAD_TYPE, key)
}

fn bundle(payload: &[u8], payload_type: &str, key: &SigningKey) -> Vec<u8> {
    let id = key.public().id();
    let signature = SignatureBytes::from_bytes(&key.sign(&pae(payload_type, payload)));
    let envelope =
        DsseEnvelope::new(payload_type, PayloadBytes::from_bytes(payload), DsseSignature::new(signature, KeyId::new(id.clone())));
    let mut named: PublicKeyIdentifier = serde_json::from_str("{}").expect("its one field has a default");
    named.hint = id;
    let material = VerificationMaterial::new(VerificationMaterialContent::PublicKey(named));
    let bundle = Bundle::new(MediaType::Bundle0_3, material, SignatureContent::DsseEnvelope(envelope));
    serde_json::to_vec(&bundle).expect("texts are JSON")
}

/// What a bundle claims and who says so, when a trusted key signed it. Whether the claim fits is for [`Claim::fits`].
pub fn verify<'k>(bundle: &[u8], keys: &'k TrustedKeys) -> Result<(Claim, &'k PublicKey), SignatureError> {
    let not_a_bundle = |why: String| SignatureError::NotABundle { why };
    let bundle: Bundle = serde_json::from_slice(bundle).map_err(|error| not_a_bundle(error.to_string()))?;
    if bundle.media_type != MediaType::Bundle0_3 {
        return Err(not_a_bundle(format!("its type is `{}`", bundle.media_type)));
    }
    let VerificationMaterialContent::PublicKey(named) = &bundle.verification_material.content else {
        return Err(SignatureError::NotByKey);
    };
    let SignatureContent::DsseEnvelope(envelope) = &bundle.content else {
        return Err(not_a_bundle("it holds no envelope".to_owned()));
    };
    if envelope.signature.keyid.as_str() != named.hint {
        return Err(SignatureError::TwoKeys);
    }
    // A stranger wrote this: it may be long.
    let id: String = named.hint.chars().take(100).collect();
    let key = keys.find(&named.hint).ok_or_else(|| SignatureError::UnknownKey { id: id.clone() })?;
    if !key.accepts(&envelope.pae(), envelope.signature.sig.as_bytes()) {
        return Err(SignatureError::Forged { id });
    }
    // From here on a trusted key said it.
    if envelope.payload_type != PAYLOAD_TYPE {
        return Err(SignatureError::NotAStatement { why: format!("its type is `{}`", envelope.payload_type) });
    }
    Ok((claim(envelope.payload.as_bytes())?, key))
}

fn claim(payload: &[u8]) -> Result<Claim, SignatureError> {
    let not_a_statement = |why: String| SignatureError::NotAStatement { why };
    let statement: Statement = serde_json::from_slice(payload).map_err(|error| not_a_statement(error.to_string()))?;
    if statement.kind != STATEMENT_TYPE {
        return Err(not_a_statement(format!("it is a `{}`", statement.kind)));
    }
    if statement.predicate_type != PREDICATE_TYPE {
        return Err(not_a_statement(format!("it says `{}`", statement.predicate_type)));
    }
    let subject = |what: &'static str| {
        let mut named = statement.subject.iter().filter(|subject| subject.name == what);
        let digest = named.next().and_then(|subject| Digest::parse(&format!("sha256:{}", subject.digest.sha256)));
        digest.filter(|_| named.next().is_none()).ok_or(SignatureError::Subject { what })
    };
    let (manifest, content, sbom) = (subject(MANIFEST)?, subject(CONTENT)?, subject(SBOM)?);
    if statement.subject.len() > 3 {
        return Err(not_a_statement("it names more than a release has".to_owned()));
    }
    let Predicate { name, version, source_digest } = statement.predicate;
    Ok(Claim { name, version, source_digest, manifest, content, sbom })
}

impl Claim {
    /// True to its place: for this manifest, in a repository of this name, under this tag if it names a version.
    pub fn fits(&self, manifest: &Digest, repository: &str, release_tag: Option<&str>) -> Result<(), SignatureError> {
        if self.manifest != *manifest {
            return Err(SignatureError::OtherRelease { found: self.manifest.clone() });
        }
        if repository.rsplit('/').next() != Some(self.name.as_str()) {
            return Err(SignatureError::OtherPack { signed: self.name.clone() });
        }
        match release_tag {
            Some(tag) if tag != self.version => Err(SignatureError::OtherVersion { signed: self.version.clone() }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Claim, SignatureError, bundle, sign, verify};
    use crate::key::{SigningKey, TrustedKeys};
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use packwright_core::artifact::Digest;
    use serde_json::{Value, json};

    fn key() -> SigningKey {
        SigningKey::from_seed([7; 32], "Ann")
    }

    fn trusted() -> TrustedKeys {
        TrustedKeys::new([key().public()])
    }

    fn release() -> Claim {
        Claim {
            name: "notes".to_owned(),
            version: "1.0.0".to_owned(),
            source_digest: Digest::of(b"source"),
            manifest: Digest::of(b"manifest"),
            content: Digest::of(b"content"),
            sbom: Digest::of(b"sbom"),
        }
    }

    fn signed() -> Value {
        serde_json::from_slice(&sign(&release(), &key())).unwrap()
    }

    fn check(bundle: &Value) -> Result<Claim, SignatureError> {
        verify(bundle.to_string().as_bytes(), &trusted()).map(|(claim, _)| claim)
    }

    fn statement() -> Value {
        let payload = signed()["dsseEnvelope"]["payload"].as_str().unwrap().to_owned();
        serde_json::from_slice(&STANDARD.decode(payload).unwrap()).unwrap()
    }

    /// A statement that Ann really signed.
    fn check_statement(statement: &Value) -> Result<Claim, SignatureError> {
        verify(&bundle(statement.to_string().as_bytes(), super::PAYLOAD_TYPE, &key()), &trusted()).map(|(claim, _)| claim)
    }

    #[test]
    fn what_is_signed_is_what_comes_back() {
        assert_eq!(check(&signed()), Ok(release()));
        assert_eq!(sign(&release(), &key()), sign(&release(), &key()));
        assert_eq!(check_statement(&statement()), Ok(release()));
    }

    #[test]
    fn the_bundle_is_of_the_form_that_others_read() {
        let bundle = signed();
        assert_eq!(bundle["mediaType"], super::BUNDLE_TYPE);
        assert_eq!(bundle["verificationMaterial"]["publicKey"]["hint"], key().public().id());
        assert_eq!(bundle["dsseEnvelope"]["payloadType"], "application/vnd.in-toto+json");
        let statement = statement();
        assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
        assert_eq!(statement["subject"][0], json!({"name": "manifest", "digest": {"sha256": release().manifest.hex()}}));
        assert_eq!(statement["predicate"]["version"], "1.0.0");
    }

    #[test]
    fn another_key_does_not_count() {
        let other = SigningKey::from_seed([8; 32], "Ben");
        let bundle = sign(&release(), &other);
        assert_eq!(verify(&bundle, &trusted()).unwrap_err(), SignatureError::UnknownKey { id: other.public().id() });
        // Ben signs and says that he is Ann.
        let text = String::from_utf8(bundle).unwrap().replace(&other.public().id(), &key().public().id());
        assert_eq!(verify(text.as_bytes(), &trusted()).unwrap_err(), SignatureError::Forged { id: key().public().id() });
        let mut two = signed();
        two["verificationMaterial"]["publicKey"]["hint"] = json!(other.public().id());
        assert_eq!(check(&two), Err(SignatureError::TwoKeys));
        assert!(matches!(verify(&sign(&release(), &key()), &TrustedKeys::default()), Err(SignatureError::UnknownKey { .. })));
    }

    #[test]
    fn every_changed_byte_of_what_is_signed_is_seen() {
        let payload = statement().to_string().replace("1.0.0", "1.0.1");
        let mut changed = signed();
        changed["dsseEnvelope"]["payload"] = json!(STANDARD.encode(payload));
        assert!(matches!(check(&changed), Err(SignatureError::Forged { .. })));
        let mut retyped = signed();
        retyped["dsseEnvelope"]["payloadType"] = json!("text/plain");
        assert!(matches!(check(&retyped), Err(SignatureError::Forged { .. })));
        let mut cut = signed();
        cut["dsseEnvelope"]["signatures"][0]["sig"] = json!("AAAA");
        assert!(matches!(check(&cut), Err(SignatureError::Forged { .. })));
    }

    #[test]
    fn what_is_no_bundle_is_said() {
        for text in ["", "{}", "[]", "\"x\""] {
            assert!(matches!(verify(text.as_bytes(), &trusted()), Err(SignatureError::NotABundle { .. })), "{text}");
        }
        let mut old = signed();
        old["mediaType"] = json!("application/vnd.dev.sigstore.bundle+json;version=0.1");
        assert!(matches!(check(&old), Err(SignatureError::NotABundle { .. })));
        let mut many = signed();
        let signature = many["dsseEnvelope"]["signatures"][0].clone();
        many["dsseEnvelope"]["signatures"].as_array_mut().unwrap().push(signature);
        assert!(matches!(check(&many), Err(SignatureError::NotABundle { .. })));
        let mut chain = signed();
        chain["verificationMaterial"] = json!({"x509CertificateChain": {"certificates": []}});
        assert_eq!(check(&chain), Err(SignatureError::NotByKey));
    }

    #[test]
    fn a_trusted_key_signing_something_else_does_not_count() {
        let not = |change: &dyn Fn(&mut Value)| {
            let mut statement = statement();
            change(&mut statement);
            check_statement(&statement).unwrap_err()
        };
        let strange = |error| matches!(error, SignatureError::NotAStatement { .. });
        assert!(strange(not(&|it| it["_type"] = json!("https://in-toto.io/Statement/v0.1"))));
        assert!(strange(not(&|it| it["predicateType"] = json!("https://slsa.dev/provenance/v1"))));
        assert!(strange(not(&|it| it["extra"] = json!(1))));
        assert!(strange(not(&|it| it["predicate"]["sourceDigest"] = json!("x"))));
        assert_eq!(not(&|it| it["subject"][1]["name"] = json!("manifest")), SignatureError::Subject { what: "manifest" });
        assert_eq!(not(&|it| it["subject"][2]["name"] = json!("other")), SignatureError::Subject { what: "sbom" });
        assert_eq!(not(&|it| it["subject"][1]["digest"]["sha256"] = json!("00")), SignatureError::Subject { what: "content" });
        assert!(strange(not(&|it| {
            let mut more = it["subject"][0].clone();
            more["name"] = json!("more");
            it["subject"].as_array_mut().unwrap().push(more);
        })));
        let twice = statement().to_string().replacen(
            r#""predicate":"#,
            r#""predicate":{"name":"evil","version":"1","sourceDigest":""},"predicate":"#,
            1,
        );
        let twice = bundle(twice.as_bytes(), super::PAYLOAD_TYPE, &key());
        assert!(matches!(verify(&twice, &trusted()), Err(SignatureError::NotAStatement { .. })));
        let plain = bundle(statement().to_string().as_bytes(), "text/plain", &key());
        assert!(matches!(verify(&plain, &trusted()), Err(SignatureError::NotAStatement { .. })));
    }

    #[test]
    fn a_claim_fits_one_place() {
        let claim = release();
        let manifest = claim.manifest.clone();
        assert_eq!(claim.fits(&manifest, "acme/notes", Some("1.0.0")), Ok(()));
        assert_eq!(claim.fits(&manifest, "notes", None), Ok(()));
        assert!(matches!(claim.fits(&claim.content, "acme/notes", None), Err(SignatureError::OtherRelease { .. })));
        assert!(matches!(claim.fits(&manifest, "acme/other", None), Err(SignatureError::OtherPack { .. })));
        assert!(matches!(claim.fits(&manifest, "acme/notes", Some("1.0.1")), Err(SignatureError::OtherVersion { .. })));
    }
}
