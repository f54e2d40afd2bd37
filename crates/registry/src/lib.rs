//! Releases in OCI registries: putting a pack there so that nobody sees half of one, and getting it back so that nobody gets
//! another.
//!
//! A [`store::Store`] is one repository, which may be a folder ([`layout`]) or a server ([`remote`]). [`publish`](publish::publish)
//! pushes an artifact with its bill of materials ([`sbom`]) and signature ([`sign`], [`key`]), reads it back and moves the tags last;
//! [`pull`](pull::pull) checks and unpacks, [`verify`](pull::verify) only checks.
//!
//! ```
//! # use packwright_core::{artifact::assemble, model::Manifest, source::MemoryPack};
//! # use packwright_registry::{key::{SigningKey, TrustedKeys}, layout::Layout, publish::publish, pull::pull, store::Reference};
//! # let keep = tempfile::tempdir().unwrap();
//! # let root = camino::Utf8Path::from_path(keep.path()).unwrap();
//! # let text = "name: notes\nversion: 1.0.0\ndescription: Keeps notes.\n";
//! # let pack = MemoryPack::new([("pack.yaml", text), ("behavior.md", "Be brief.")]);
//! let artifact = assemble(&pack, &Manifest::read(text).unwrap(), vec![], vec![])?;
//! let store = Layout::open(root, "acme/notes")?;
//! let key = SigningKey::from_seed([7; 32], "Ann");
//! let receipt = publish(&artifact, &store, &key, &(), &false.into())?;
//! assert_eq!(receipt.digest, artifact.digest);
//!
//! let trusted = TrustedKeys::new([key.public()]);
//! let pulled = pull(&store, &Reference::Tag("1.0.0".into()), &trusted, &root.join("notes"))?;
//! assert_eq!(pulled.signed_by.name, "Ann");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Everything here waits for disk or network, on the thread that calls.

pub mod key;
pub mod layout;
pub mod publish;
pub mod pull;
pub mod remote;
pub mod sbom;
pub mod sign;
pub mod store;

mod attachment;
