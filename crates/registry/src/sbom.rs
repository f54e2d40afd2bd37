//! The bill of materials: what is in a pack, as `CycloneDX` 1.5. The same artifact gives the same bytes: no date, no random number.

use cyclonedx_bom::external_models::normalized_string::NormalizedString;
use cyclonedx_bom::external_models::spdx::SpdxExpression;
use cyclonedx_bom::models::bom::{Bom, SpecVersion};
use cyclonedx_bom::models::component::{Classification, Component, Components};
use cyclonedx_bom::models::hash::{Hash, HashAlgorithm, HashValue, Hashes};
use cyclonedx_bom::models::license::{LicenseChoice, Licenses};
use cyclonedx_bom::models::metadata::Metadata;
use packwright_core::artifact::{Artifact, Digest, Ingredient, ShippedFile};

/// The type of a bill of materials, as an artifact and as a blob.
pub const SBOM_TYPE: &str = "application/vnd.cyclonedx+json";

/// Most bytes of one: 20,000 files with their hashes.
pub const MAX_SBOM: u64 = 32 * 1024 * 1024;

/// The bill of an artifact.
pub fn sbom(artifact: &Artifact) -> Vec<u8> {
    let mut pack = Component::new(Classification::Application, &artifact.name, &artifact.version, Some("pack".to_owned()));
    pack.group = artifact.publisher.as_deref().map(NormalizedString::new);
    pack.description = artifact.description.as_deref().map(NormalizedString::new);
    pack.licenses = artifact.license.as_deref().map(licenses);
    pack.hashes = Some(hashes(&artifact.content_digest));
    let parts = artifact.files.iter().map(file).chain(artifact.ingredients.iter().map(ingredient));
    let bom = Bom {
        version: 1,
        serial_number: None,
        metadata: Some(Metadata { component: Some(pack), ..Metadata::default() }),
        components: Some(Components(parts.collect())),
        spec_version: SpecVersion::V1_5,
        ..Bom::default()
    };
    let mut bytes = Vec::new();
    bom.output_as_json_v1_5(&mut bytes).expect("texts are JSON, and memory takes them");
    bytes
}

fn file(file: &ShippedFile) -> Component {
    let mut component = Component::new(Classification::File, &file.path, "", Some(format!("file:{}", file.path)));
    component.version = None;
    component.hashes = Some(hashes(&file.digest));
    component
}

fn ingredient(ingredient: &Ingredient) -> Component {
    let Ingredient { name, version, license, digest } = ingredient;
    let mut component = Component::new(Classification::Framework, name, version, Some(format!("built-in:{name}@{version}")));
    component.licenses = license.as_deref().map(licenses);
    component.hashes = digest.as_ref().map(hashes);
    component
}

fn hashes(digest: &Digest) -> Hashes {
    Hashes(vec![Hash { alg: HashAlgorithm::SHA_256, content: HashValue(digest.hex().to_owned()) }])
}

/// An expression where it is one, else the words as they are.
fn licenses(text: &str) -> Licenses {
    let expression = SpdxExpression::try_from(text.to_owned());
    Licenses(vec![expression.map_or_else(|_| LicenseChoice::license(text), LicenseChoice::Expression)])
}

#[cfg(test)]
mod tests {
    use super::sbom;
    use crate::publish::tests::artifact;
    use cyclonedx_bom::models::bom::{Bom, SpecVersion};
    use cyclonedx_bom::validation::Validate;
    use packwright_core::artifact::Ingredient;
    use serde_json::{Value, json};

    #[test]
    fn a_bill_names_every_file_and_what_is_built_in() {
        let mut artifact = artifact("1.0.0", "A");
        artifact.ingredients = vec![Ingredient {
            name: "quickjs".to_owned(),
            version: "1".to_owned(),
            license: Some("MIT".to_owned()),
            digest: None,
        }];
        let bytes = sbom(&artifact);
        assert_eq!(bytes, sbom(&artifact));
        let bill: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!((&bill["bomFormat"], &bill["specVersion"]), (&json!("CycloneDX"), &json!("1.5")));
        assert_eq!(bill["metadata"]["component"]["name"], "notes");
        assert_eq!(bill["metadata"]["component"]["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert!(bill["metadata"].get("timestamp").is_none() && bill.get("serialNumber").is_none());
        let components = bill["components"].as_array().unwrap();
        assert_eq!(components.len(), artifact.files.len() + 1);
        for (file, component) in artifact.files.iter().zip(components) {
            assert_eq!((&component["type"], &component["name"]), (&json!("file"), &json!(file.path)));
            assert_eq!(component["hashes"][0], json!({"alg": "SHA-256", "content": file.digest.hex()}));
        }
        assert_eq!(components.last().unwrap()["name"], "quickjs");
        let bom = Bom::parse_from_json(bytes.as_slice()).unwrap();
        assert!(bom.validate_version(SpecVersion::V1_5).passed(), "{:?}", bom.validate_version(SpecVersion::V1_5));
    }

    #[test]
    fn a_license_that_is_no_expression_is_kept_as_words() {
        let mut artifact = artifact("1.0.0", "A");
        artifact.license = Some("ask us".to_owned());
        let bill: Value = serde_json::from_slice(&sbom(&artifact)).unwrap();
        assert_eq!(bill["metadata"]["component"]["licenses"][0]["license"]["name"], "ask us");
    }
}
