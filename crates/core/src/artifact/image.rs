//! The image's two JSON texts: compact, in a fixed order, and without a date.

use super::{Digest, HOST_INTERFACE};
use crate::model::Manifest;
use serde::Serialize;
use std::collections::BTreeMap;

pub const MANIFEST_TYPE: &str = "application/vnd.oci.image.manifest.v1+json";
pub const CONFIG_TYPE: &str = "application/vnd.oci.image.config.v1+json";
pub const LAYER_TYPE: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
/// What says that an image is a pack.
pub const PACK_TYPE: &str = "application/vnd.packwright.pack.v1";

/// Keys of the manifest's annotations.
pub mod annotation {
    pub const TITLE: &str = "org.opencontainers.image.title";
    pub const DESCRIPTION: &str = "org.opencontainers.image.description";
    pub const VERSION: &str = "org.opencontainers.image.version";
    pub const LICENSES: &str = "org.opencontainers.image.licenses";
    pub const VENDOR: &str = "org.opencontainers.image.vendor";
    pub const NAME: &str = "dev.packwright.name";
    pub const SOURCE_DIGEST: &str = "dev.packwright.source-digest";
    pub const CONTENT_DIGEST: &str = "dev.packwright.content-digest";
    pub const HOST_INTERFACE: &str = "dev.packwright.host-interface";
}

/// What a manifest is made of.
pub struct Parts<'a> {
    pub name: &'a str,
    pub version: &'a str,
    pub manifest: &'a Manifest,
    pub config: (&'a Digest, usize),
    pub layer: (&'a Digest, usize),
    pub content_digest: &'a Digest,
    pub source_digest: &'a Digest,
}

#[derive(Serialize)]
struct ImageConfig<'a> {
    architecture: &'a str,
    os: &'a str,
    config: Empty,
    rootfs: RootFs<'a>,
}

#[derive(Serialize)]
struct Empty {}

#[derive(Serialize)]
struct RootFs<'a> {
    r#type: &'a str,
    diff_ids: [&'a Digest; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ImageManifest<'a> {
    schema_version: u8,
    media_type: &'a str,
    artifact_type: &'a str,
    config: Descriptor<'a>,
    layers: [Descriptor<'a>; 1],
    annotations: BTreeMap<&'a str, &'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor<'a> {
    media_type: &'a str,
    digest: &'a Digest,
    size: usize,
}

/// The config. A pack runs on no processor; the words have to be there, and these are the ones that every tool takes.
pub fn config(content: &Digest) -> Vec<u8> {
    json(&ImageConfig {
        architecture: "amd64",
        os: "linux",
        config: Empty {},
        rootfs: RootFs { r#type: "layers", diff_ids: [content] },
    })
}

/// The manifest.
pub fn manifest(parts: &Parts<'_>) -> Vec<u8> {
    let says = parts.manifest;
    let mut annotations = BTreeMap::from([
        (annotation::TITLE, says.display_name.as_deref().unwrap_or(parts.name)),
        (annotation::VERSION, parts.version),
        (annotation::NAME, parts.name),
        (annotation::SOURCE_DIGEST, parts.source_digest.as_str()),
        (annotation::CONTENT_DIGEST, parts.content_digest.as_str()),
    ]);
    let optional = [
        (annotation::DESCRIPTION, says.description.as_deref()),
        (annotation::LICENSES, says.license.as_deref()),
        (annotation::VENDOR, says.publisher.as_deref()),
        (annotation::HOST_INTERFACE, (!says.tools.is_empty()).then_some(HOST_INTERFACE)),
    ];
    annotations.extend(optional.into_iter().filter_map(|(key, value)| Some((key, value?))));
    json(&ImageManifest {
        schema_version: 2,
        media_type: MANIFEST_TYPE,
        artifact_type: PACK_TYPE,
        config: Descriptor { media_type: CONFIG_TYPE, digest: parts.config.0, size: parts.config.1 },
        layers: [Descriptor { media_type: LAYER_TYPE, digest: parts.layer.0, size: parts.layer.1 }],
        annotations,
    })
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("texts and numbers are JSON")
}
