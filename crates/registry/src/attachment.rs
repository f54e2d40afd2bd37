//! What belongs to a release and is stored beside it: a blob, with a manifest that says what it is about.

use crate::store::{Reference, RegistryError, Store, found};
use packwright_core::artifact::{Digest, MANIFEST_TYPE};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The config of what needs none.
pub const EMPTY: &[u8] = b"{}";
const EMPTY_TYPE: &str = "application/vnd.oci.empty.v1+json";

/// Most attachments of one kind that are looked at: a stranger may have put there any number.
const MOST: usize = 50;

/// A reference to something stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    pub media_type: String,
    pub digest: Digest,
    pub size: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attachment {
    artifact_type: String,
    layers: Vec<Descriptor>,
    subject: Descriptor,
}

/// The manifest that attaches a blob to a subject, which are each a digest and a size.
pub fn manifest(artifact_type: &str, blob: (&Digest, usize), subject: (&Digest, usize)) -> Vec<u8> {
    // serde_json sorts the keys of what is made so: the same bytes each time.
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST_TYPE,
        "artifactType": artifact_type,
        "config": {"mediaType": EMPTY_TYPE, "digest": Digest::of(EMPTY), "size": EMPTY.len()},
        "layers": [{"mediaType": artifact_type, "digest": blob.0, "size": blob.1}],
        "subject": {"mediaType": MANIFEST_TYPE, "digest": subject.0, "size": subject.1},
    });
    manifest.to_string().into_bytes()
}

/// Blobs of this kind that are attached to a manifest. What is malformed, gone or too large is left out: it proves nothing.
pub fn blobs(store: &dyn Store, subject: &Digest, artifact_type: &str, limit: u64) -> Result<Vec<Vec<u8>>, RegistryError> {
    let mut blobs = Vec::new();
    for referrer in store.referrers(subject, artifact_type)?.into_iter().take(MOST) {
        let Some(stored) = usable(store.manifest(&Reference::Digest(referrer)))? else { continue };
        let Ok(attachment) = serde_json::from_slice::<Attachment>(&stored.bytes) else { continue };
        if attachment.artifact_type != artifact_type || attachment.subject.digest != *subject {
            continue;
        }
        let [blob] = attachment.layers.as_slice() else { continue };
        if blob.media_type == artifact_type && blob.size <= limit {
            blobs.extend(usable(store.blob(&blob.digest, limit))?);
        }
    }
    Ok(blobs)
}

fn usable<T>(result: Result<T, RegistryError>) -> Result<Option<T>, RegistryError> {
    match result {
        Err(RegistryError::Corrupt { .. } | RegistryError::TooLarge { .. }) => Ok(None),
        other => found(other),
    }
}
