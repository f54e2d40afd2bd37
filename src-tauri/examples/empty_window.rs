//! Nothing but a Tauri window: what `cargo xtask bench startup` holds the studio against.

const PAGE: &str =
    "<!doctype html><title>Empty</title><body style='font:16px sans-serif'>An empty Tauri window, built from the same lock file.";

fn main() {
    tauri::Builder::default()
        .register_uri_scheme_protocol("empty", |_, _| {
            let page = PAGE.as_bytes().to_vec();
            tauri::http::Response::builder().header("Content-Type", "text/html").body(page).expect("the response is well formed")
        })
        .setup(|app| {
            let page = tauri::WebviewUrl::CustomProtocol("empty://localhost/".parse()?);
            tauri::WebviewWindowBuilder::new(app, "empty", page).inner_size(1280.0, 800.0).build()?;
            Ok(())
        })
        .run(tauri::generate_context!())
        .expect("the window runs");
}
