//! The page's types are the app's types: the committed TypeScript is what the Rust declarations say.

use camino::Utf8Path;

#[test]
fn committed_typescript_is_fresh() {
    let path = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/generated/wire.ts");
    let made = packwright_app::commands::typescript();
    if std::env::var_os("PACKWRIGHT_BLESS").is_some() {
        fs_err::write(&path, &made).expect("ui/src/lib/generated can be written");
    }
    let committed = fs_err::read_to_string(&path).unwrap_or_default();
    assert_eq!(committed, made, "{path} is stale: run `cargo xtask generate`");
}
