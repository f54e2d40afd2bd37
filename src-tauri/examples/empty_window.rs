//! Nothing but a Tauri window with one line of text: what `cargo xtask bench startup` holds the studio against.

fn main() {
    tauri::Builder::default()
        .setup(|app| {
            let page = "data:text/html,<!doctype html><title>Empty</title><body style='font:16px sans-serif'>An empty Tauri window, built from the same lock file.";
            tauri::WebviewWindowBuilder::new(app, "empty", tauri::WebviewUrl::External(page.parse()?)).inner_size(1280.0, 800.0).build()?;
            Ok(())
        })
        .run(tauri::generate_context!())
        .expect("the window runs");
}
