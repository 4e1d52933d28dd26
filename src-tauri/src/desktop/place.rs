//! Where the window stands, from one start to the next, and how it comes and goes.

use std::time::Duration;

use tauri::{
    AppHandle, Manager as _, Monitor, PhysicalPosition, PhysicalSize, WebviewWindow, plugin::TauriPlugin,
};
use tauri_plugin_window_state::StateFlags;

/// Keeps size, place and whether it fills the screen, in the user's configuration folder. Whether
/// it is shown is not kept: a start shows it.
pub(super) fn kept<R: tauri::Runtime>() -> TauriPlugin<R> {
    let flags = StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED;
    tauri_plugin_window_state::Builder::new().with_state_flags(flags).build()
}

pub(super) fn raise(app: &AppHandle) {
    for window in app.webview_windows().values() {
        show(window);
    }
    tauri::async_runtime::spawn(keep_in_sight(app.clone()));
}

/// Also one that is minimized.
pub(super) fn show(window: &WebviewWindow) {
    let _ = window.unminimize();
    let _ = window.show();
    let _ = window.set_focus();
}

/// The longest wait for the system to place a window that was just shown.
const PLACED: Duration = Duration::from_millis(500);

/// Moves the window back into sight where a screen is gone or smaller than it was.
async fn keep_in_sight(app: AppHandle) {
    tokio::time::sleep(PLACED).await;
    for window in app.webview_windows().values() {
        if let Err(error) = bring_into_sight(window) {
            tracing::debug!(%error, "it is not known where the window stands");
        }
    }
}

fn bring_into_sight(window: &WebviewWindow) -> tauri::Result<()> {
    if window.is_maximized()? || window.is_minimized()? {
        return Ok(());
    }
    let (at, size) = (window.outer_position()?, window.outer_size()?);
    let is = Rect { x: at.x, y: at.y, width: size.width, height: size.height };
    let screens: Vec<_> = window.available_monitors()?.iter().map(Rect::of).collect();
    let Some(better) = in_sight(is, &screens) else { return Ok(()) };
    tracing::info!("the window was out of sight; it is moved");
    window.set_size(PhysicalSize { width: better.width, height: better.height })?;
    window.set_position(PhysicalPosition { x: better.x, y: better.y })
}

/// A part of the desktop, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rect {
    x: i32,
    y: i32,
    width: u32,
    height: u32,
}

impl Rect {
    /// The part of a screen that is free of panels.
    fn of(screen: &Monitor) -> Self {
        let area = screen.work_area();
        Self { x: area.position.x, y: area.position.y, width: area.size.width, height: area.size.height }
    }

    fn common(self, other: Self) -> (i64, i64) {
        let along = |a: i32, a_size: u32, b: i32, b_size: u32| {
            let end = (i64::from(a) + i64::from(a_size)).min(i64::from(b) + i64::from(b_size));
            (end - i64::from(a.max(b))).max(0)
        };
        (along(self.x, self.width, other.x, other.width), along(self.y, self.height, other.y, other.height))
    }
}

/// Height in pixels of the title bar, and how much of it must be in sight to be dragged.
const TITLE: u32 = 40;
const MIN_SEEN: (i64, i64) = (100, 20);

/// The new place of a window that cannot be dragged, or is larger than every screen; `None` where
/// it stands well.
fn in_sight(window: Rect, screens: &[Rect]) -> Option<Rect> {
    let title = Rect { height: TITLE.min(window.height), ..window };
    let is_seen = screens.iter().any(|screen| {
        let (wide, high) = title.common(*screen);
        wide >= MIN_SEEN.0 && high >= MIN_SEEN.1
    });
    let fits = screens.iter().any(|s| window.width <= s.width && window.height <= s.height);
    if is_seen && fits {
        return None;
    }
    let shared = |screen: &&Rect| {
        let (wide, high) = window.common(**screen);
        wide * high
    };
    // Of equal shares `max_by_key` takes the last: the first screen, where it is on none.
    let screen = screens.iter().rev().max_by_key(shared)?;
    let (width, height) = (window.width.min(screen.width), window.height.min(screen.height));
    let within = |at: i32, from: i32, room: u32| at.clamp(from, from.saturating_add_unsigned(room));
    Some(Rect {
        x: within(window.x, screen.x, screen.width - width),
        y: within(window.y, screen.y, screen.height - height),
        width,
        height,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn rect(x: i32, y: i32, width: u32, height: u32) -> Rect {
        Rect { x, y, width, height }
    }

    const SCREEN: Rect = rect(0, 0, 1920, 1080);

    #[test]
    fn a_window_that_can_be_taken_hold_of_stays_where_it_is() {
        for seen in [rect(100, 100, 1280, 860), rect(-1000, 50, 1280, 860), rect(1800, 900, 1280, 860)] {
            assert_eq!(in_sight(seen, &[SCREEN]), None, "{seen:?}");
        }
    }

    #[test]
    fn a_window_of_a_screen_that_is_gone_comes_to_the_first_one() {
        let second = rect(1920, 0, 1280, 1024);
        let lost = rect(4000, 300, 1280, 860);
        assert_eq!(in_sight(lost, &[SCREEN, second]), Some(rect(640, 220, 1280, 860)));
    }

    #[test]
    fn a_window_whose_title_is_above_the_screen_comes_down() {
        assert_eq!(in_sight(rect(200, -300, 1280, 860), &[SCREEN]), Some(rect(200, 0, 1280, 860)));
    }

    #[test]
    fn a_window_of_a_larger_screen_shrinks() {
        assert_eq!(in_sight(rect(0, 0, 2560, 1400), &[SCREEN]), Some(SCREEN));
    }

    #[test]
    fn without_a_screen_nothing_is_moved() {
        assert_eq!(in_sight(SCREEN, &[]), None);
    }
}
