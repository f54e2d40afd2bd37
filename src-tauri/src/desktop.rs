//! What only a window can do for the app: ask for a folder, show itself, carry a title.

use crate::paint::Ladder;
use crate::window::MAIN;
use camino::Utf8PathBuf;
use packwright_app::studio::Desktop;
use tauri::{AppHandle, Manager};
use tauri_plugin_dialog::DialogExt;

/// The desktop as this window sees it.
pub struct Shell {
    app: AppHandle,
    ladder: Ladder,
}

impl Shell {
    pub fn new(app: AppHandle, ladder: Ladder) -> Self {
        Self { app, ladder }
    }
}

impl Desktop for Shell {
    fn pick_folder(&self) -> Option<Utf8PathBuf> {
        // A native dialog cannot be clicked by a test: it answers for the dialog. Not in a release.
        #[cfg(debug_assertions)]
        if let Some(answer) = std::env::var_os("PACKWRIGHT_TEST_PICK") {
            return Utf8PathBuf::from_path_buf(answer.into()).ok().filter(|path| !path.as_str().is_empty());
        }
        let picked = self.app.dialog().file().set_title("Open a pack's folder").blocking_pick_folder()?;
        Utf8PathBuf::from_path_buf(picked.into_path().ok()?).ok()
    }

    fn show(&self) {
        crate::window::show(&self.app);
    }

    fn painted(&self) {
        self.ladder.painted();
    }

    fn close(&self) {
        crate::window::close(&self.app);
    }

    fn set_title(&self, title: &str) {
        if let Some(window) = self.app.get_webview_window(MAIN) {
            let _ = window.set_title(title);
        }
    }
}

/// Where the sample packs lie: beside an installed studio, or in the sources of one that was built from them.
pub fn samples(app: &AppHandle) -> Option<Utf8PathBuf> {
    let installed = app.path().resource_dir().ok().map(|folder| folder.join("packs-samples"));
    let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("packs-samples");
    // An installed studio must not look into the folder of the machine it was built on.
    let candidates = if cfg!(debug_assertions) { [Some(sources), installed] } else { [installed, None] };
    candidates.into_iter().flatten().find(|folder| folder.is_dir()).and_then(|folder| Utf8PathBuf::from_path_buf(folder).ok())
}
