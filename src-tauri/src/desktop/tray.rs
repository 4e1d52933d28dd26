//! The tray icon: its menu, and whether the desktop shows it.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Mutex,
};

use tauri::{
    AppHandle, Manager as _, State, Wry,
    menu::{MenuBuilder, MenuItem, PredefinedMenuItem},
    tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent},
};

use super::place;
use crate::error::Problem;

/// The ids of the menu's entries.
pub(super) const OPEN: &str = "tray.open";
pub(super) const ACT: &str = "tray.act";
pub(super) const QUIT: &str = "tray.quit";

/// The icon; `None` where the system lacks what it needs.
#[derive(Default)]
pub(super) struct Tray(Mutex<Option<Shown>>);

struct Shown {
    icon: TrayIcon,
    open: MenuItem<Wry>,
    sending: MenuItem<Wry>,
    act: MenuItem<Wry>,
    quit: MenuItem<Wry>,
    /// Whether `act` pauses, as its words say.
    pauses: bool,
}

/// The labels of the tray menu, in the reader's language; the page supplies them.
#[derive(Clone, Debug, serde::Deserialize, specta::Type)]
pub(crate) struct TrayWords {
    /// The entry that shows the window.
    open: String,
    /// The line that says whether messages are being sent.
    sending: String,
    /// The label of the entry that pauses all sending, or resumes it.
    act: String,
    /// Whether `act` pauses; false where it resumes.
    pauses: bool,
    /// The entry that ends the program.
    quit: String,
}

/// Labels the tray menu, at each change. Only in the window.
#[tauri::command]
#[specta::specta]
pub(super) async fn tray_words(app: AppHandle, input: TrayWords) -> Result<(), Problem> {
    let failed = |e| Problem::internal("naming the entries of the tray", e);
    tell(&app.state::<Tray>(), input).map_err(failed)
}

fn tell(tray: &State<'_, Tray>, words: TrayWords) -> tauri::Result<()> {
    let mut shown = tray.0.lock().expect("nobody panics with it");
    let Some(shown) = shown.as_mut() else { return Ok(()) };
    shown.open.set_text(words.open)?;
    shown.act.set_text(words.act)?;
    shown.act.set_enabled(true)?;
    shown.pauses = words.pauses;
    shown.quit.set_text(words.quit)?;
    // Some systems show it under the pointer.
    shown.icon.set_tooltip(Some(format!("Clinicue: {}", words.sending)))?;
    shown.sending.set_text(words.sending)
}

/// Whether a click on `ACT` pauses now; `None` before the page has labelled it.
pub(super) fn pauses(app: &AppHandle) -> Option<bool> {
    let tray = app.state::<Tray>();
    let shown = tray.0.lock().expect("nobody panics with it");
    shown.as_ref().map(|shown| shown.pauses)
}

/// Puts the icon into the tray. Without a tray the program runs as well, and the window is never
/// hidden. On the main thread only.
pub(super) fn begin(app: &AppHandle) {
    // libappindicator is looked for at the first use, and its crate panics where it is missing.
    let built = catch_unwind(AssertUnwindSafe(|| build(app)));
    let why = match built {
        Ok(Ok(shown)) => {
            *app.state::<Tray>().0.lock().expect("nobody panics with it") = Some(shown);
            return;
        }
        Ok(Err(error)) => error.to_string(),
        Err(_) => "its library is not installed".to_owned(),
    };
    tracing::warn!(why, "there is no icon in the tray");
}

fn build(app: &AppHandle) -> tauri::Result<Shown> {
    let entry = |id, words, on| MenuItem::with_id(app, id, words, on, None::<&str>);
    let open = entry(OPEN, "Open Clinicue", true)?;
    let sending = entry("tray.sending", "Clinicue", false)?;
    let act = entry(ACT, "Pause all sending", false)?;
    let quit = entry(QUIT, "Quit", true)?;
    let line = PredefinedMenuItem::separator(app)?;
    let menu = MenuBuilder::new(app).items(&[&open, &sending, &act, &line, &quit]).build()?;
    let mut icon = TrayIconBuilder::with_id("main")
        .menu(&menu)
        .tooltip("Clinicue")
        // Where clicks are told (not on Linux), the main one opens the window as the menu does.
        .show_menu_on_left_click(false)
        .on_tray_icon_event(|icon, event| {
            let button = MouseButton::Left;
            if matches!(event, TrayIconEvent::Click { button: b, button_state: MouseButtonState::Up, .. } if b == button)
            {
                place::raise(icon.app_handle());
            }
        });
    if let Some(picture) = app.default_window_icon() {
        icon = icon.icon(picture.clone());
    }
    Ok(Shown { icon: icon.build(app)?, open, sending, act, quit, pauses: true })
}

pub(super) async fn is_shown(app: &AppHandle) -> bool {
    let is_there = app.state::<Tray>().0.lock().expect("nobody panics with it").is_some();
    is_there && has_host().await
}

/// Whether the desktop has a tray. GNOME has none by itself; a desktop that is starting may get one
/// soon.
#[cfg(target_os = "linux")]
async fn has_host() -> bool {
    const WATCHER: &str = "org.kde.StatusNotifierWatcher";
    let asked = async {
        let bus = zbus::Connection::session().await?;
        let watcher = zbus::Proxy::new(&bus, WATCHER, "/StatusNotifierWatcher", WATCHER).await?;
        watcher.get_property::<bool>("IsStatusNotifierHostRegistered").await
    };
    asked.await.unwrap_or(false)
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::unused_async, reason = "Linux has to ask")]
async fn has_host() -> bool {
    true
}
