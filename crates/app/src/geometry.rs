//! Where the window stood: a small file of its own, because it is wanted before anything else is open.

use packwright_kit::atomic;
use packwright_kit::home::Home;
use serde::{Deserialize, Serialize};

/// Size and place of the window, in logical pixels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Geometry {
    pub width: f64,
    pub height: f64,
    /// `None`: where the system puts it.
    pub position: Option<(f64, f64)>,
    pub maximized: bool,
}

impl Default for Geometry {
    fn default() -> Self {
        Self { width: 1280.0, height: 800.0, position: None, maximized: false }
    }
}

impl Geometry {
    /// What was kept last, when it is a window that a person could use.
    pub fn read(home: &Home) -> Self {
        let kept =
            fs_err::read(home.config.join("place.json")).ok().and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok());
        // A screen that is gone may have left a place far outside, or a size of nothing.
        kept.filter(|kept| {
            let sound = |value: f64| value.is_finite() && (-4096.0..16384.0).contains(&value);
            (200.0..16384.0).contains(&kept.width)
                && (200.0..16384.0).contains(&kept.height)
                && kept.position.is_none_or(|(x, y)| sound(x) && sound(y))
        })
        .unwrap_or_default()
    }

    /// The same, no larger than a screen of that size: a window's edges must be within reach.
    #[must_use]
    pub fn fitted(self, screen: Option<(f64, f64)>) -> Self {
        match screen {
            Some((width, height)) if self.width > width || self.height > height => {
                Self { width: self.width.min(width), height: self.height.min(height), position: None, ..self }
            }
            _ => self,
        }
    }

    /// Keeps it. That it could not be kept costs a drag of the mouse, and is no error.
    pub fn write(&self, home: &Home) {
        let bytes = serde_json::to_vec_pretty(self).expect("a geometry is plain data");
        if fs_err::create_dir_all(&home.config).is_ok() {
            let _ = atomic::write(&home.config.join("place.json"), &bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Geometry;
    use camino::Utf8Path;
    use packwright_kit::home::Home;

    #[test]
    fn a_window_fits_its_screen() {
        let fitted = Geometry { position: Some((5.0, 5.0)), ..Geometry::default() }.fitted(Some((1000.0, 2000.0)));
        assert_eq!((fitted.width, fitted.height, fitted.position), (1000.0, 800.0, None));
        assert_eq!(Geometry::default().fitted(None), Geometry::default());
    }

    #[test]
    fn a_place_is_kept_and_nonsense_is_not_believed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let home = Home::at(Utf8Path::from_path(folder.path()).expect("Unicode"));
        assert_eq!(Geometry::read(&home), Geometry::default());
        let place = Geometry { width: 1000.0, height: 640.0, position: Some((20.0, 30.0)), maximized: false };
        place.write(&home);
        assert_eq!(Geometry::read(&home), place);
        Geometry { width: 1.0, ..place.clone() }.write(&home);
        assert_eq!(Geometry::read(&home), Geometry::default());
        Geometry { position: Some((1e9, 0.0)), ..place }.write(&home);
        assert_eq!(Geometry::read(&home), Geometry::default());
    }
}
