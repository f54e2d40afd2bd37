//! Lets Tauri read `tauri.conf.json` and the capability file, both at places of our choosing.

fn main() {
    // The pattern below emits no rerun line of its own.
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("src-tauri/capabilities/**/*")
        .app_manifest(tauri_build::AppManifest::new().commands(&["call", "listen"]));
    tauri_build::try_build(attributes).expect("the Tauri configuration is valid");
}
