//! What closing the window does: asked once, in the page, and kept on this computer.

use std::{
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tauri::{AppHandle, Emitter as _, Manager as _, State};

use super::{Window, place, tray};
use crate::{
    clock::DAY_MS,
    error::{Problem, Refusal},
    ops::{MAX_ROWS, PageOf, coming_up},
};

/// The longest wait for the desktop to let the window go when the program ends.
const FAREWELL: Duration = Duration::from_secs(5);

/// What closing the window does to the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum WhenClosed {
    /// Asks whether to go on sending or to end.
    #[default]
    Ask,
    /// Goes on sending, out of sight.
    Background,
    /// Ends the program: nothing is sent until it is opened again.
    Quit,
}

/// The choice, and whether the page has heard that it is to ask.
pub(super) struct Closing {
    file: PathBuf,
    chosen: Mutex<WhenClosed>,
    asked: AtomicU64,
    heard: AtomicU64,
}

/// The file in the configuration folder.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kept {
    when_closed: WhenClosed,
}

impl Closing {
    pub(super) fn kept_in(folder: &Path) -> Self {
        let file = folder.join("closing.json");
        let kept = std::fs::read(&file).ok().and_then(|text| serde_json::from_slice::<Kept>(&text).ok());
        let chosen = kept.map_or(WhenClosed::Ask, |kept| kept.when_closed);
        Self { file, chosen: Mutex::new(chosen), asked: AtomicU64::new(0), heard: AtomicU64::new(0) }
    }

    pub(super) fn chosen(&self) -> WhenClosed {
        *self.chosen.lock().expect("nobody panics with it")
    }

    fn choose(&self, when_closed: WhenClosed) -> std::io::Result<()> {
        let text = serde_json::to_vec(&Kept { when_closed })?;
        if let Some(folder) = self.file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&self.file, text)?;
        *self.chosen.lock().expect("nobody panics with it") = when_closed;
        Ok(())
    }
}

/// Tells the page to ask what closing does.
#[derive(Clone, Debug, serde::Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClosingAsked {
    /// Whether the program is to end, rather than the window to close.
    quits: bool,
    /// Messages that would go out in the next 24 hours; null where unknown.
    waiting: Option<usize>,
    /// Whether more messages than `waiting` would go out.
    has_more: bool,
    /// Whether there is a tray from which the window comes back.
    has_tray: bool,
}

pub(super) fn window_closed(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        match app.state::<Closing>().chosen() {
            WhenClosed::Ask => ask(&app, false).await,
            WhenClosed::Background => go_to_background(&app).await,
            WhenClosed::Quit => app.exit(0),
        }
    });
}

/// Ends the program when somebody asks for it; asks first where messages wait.
pub(super) fn quit_asked(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move { ask(&app, true).await });
}

/// The longest wait for the page to say that it heard.
const SILENCE: Duration = Duration::from_secs(10);

async fn ask(app: &AppHandle, quits: bool) {
    let waiting = waiting(app).await;
    if quits && waiting.is_some_and(|(count, _)| count == 0) {
        return app.exit(0);
    }
    place::raise(app);
    let closing = app.state::<Closing>();
    let question = closing.asked.fetch_add(1, Ordering::Relaxed) + 1;
    let (count, has_more) = waiting.unzip();
    let asked = ClosingAsked {
        quits,
        waiting: count,
        has_more: has_more.unwrap_or(false),
        has_tray: tray::is_shown(app).await,
    };
    let told = app.emit("closing", asked);
    tokio::time::sleep(SILENCE).await;
    // A page that is broken can ask nothing, and must not keep the window open.
    if told.is_err() || closing.heard.load(Ordering::Relaxed) < question {
        tracing::warn!("the page did not ask what closing is to do; the program ends");
        app.exit(0);
    }
}

/// The messages that would go out in the next 24 hours, at most a page of them, and whether there
/// may be more.
async fn waiting(app: &AppHandle) -> Option<(usize, bool)> {
    let window = app.state::<Window>();
    let first = PageOf { limit: Some(MAX_ROWS), cursor: None };
    let read = coming_up::list(&window.core(), &window.who, first).await;
    let list = read.inspect_err(|error| tracing::warn!(%error, "what waits is not known")).ok()?;
    let end = window.core().now().plus_millis(DAY_MS);
    let count = list.items.iter().filter(|row| row.due_at <= end).count();
    Some((count, count == MAX_ROWS as usize && list.next_cursor.is_some()))
}

/// Hides the window where a tray brings it back, else minimizes it: it is never lost.
async fn go_to_background(app: &AppHandle) {
    let is_kept = tray::is_shown(app).await;
    for window in app.webview_windows().values() {
        let _ = if is_kept { window.hide() } else { window.minimize() };
    }
}

/// Seconds a hidden start waits for the desktop's tray, which starts with the desktop.
const MAX_TRAY_WAIT_S: u32 = 20;

/// Shows the window at a start; a hidden one stays hidden where there is a tray.
pub(super) async fn begin(app: AppHandle, hidden: bool) {
    if !hidden {
        return place::raise(&app);
    }
    for _ in 0..MAX_TRAY_WAIT_S {
        if tray::is_shown(&app).await {
            return;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    for window in app.webview_windows().values() {
        // Somebody may have opened it meanwhile.
        if !window.is_visible().unwrap_or(false) {
            let _ = window.minimize();
            let _ = window.show();
        }
    }
}

/// Says that the page asks. Only in the window.
#[tauri::command]
#[specta::specta]
pub(super) async fn closing_heard(closing: State<'_, Closing>) -> Result<(), Problem> {
    closing.heard.store(closing.asked.load(Ordering::Relaxed), Ordering::Relaxed);
    Ok(())
}

/// The answer given when the window was closed.
#[derive(Clone, Debug, serde::Deserialize, specta::Type)]
pub(crate) struct CloseNow {
    /// What happens now; `ask` changes nothing.
    how: WhenClosed,
    /// Whether closing does the same from now on.
    always: bool,
}

/// Does what was answered when the window was closed. Only in the window.
#[tauri::command]
#[specta::specta]
pub(super) async fn close_now(app: AppHandle, input: CloseNow) -> Result<(), Problem> {
    if input.always {
        keep(&app, input.how)?;
    }
    match input.how {
        WhenClosed::Ask => {}
        WhenClosed::Background => go_to_background(&app).await,
        WhenClosed::Quit => app.exit(0),
    }
    Ok(())
}

/// Ends the program, asked for by its key. Only in the window.
#[tauri::command]
#[specta::specta]
pub(super) async fn quit(app: AppHandle) -> Result<(), Problem> {
    quit_asked(&app);
    Ok(())
}

/// What closing the window is to do.
#[derive(Clone, Debug, serde::Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChooseClosing {
    when_closed: WhenClosed,
}

/// Chooses what closing the window does from now on, on this computer. Only in the window.
#[tauri::command]
#[specta::specta]
pub(super) async fn choose_closing(app: AppHandle, input: ChooseClosing) -> Result<(), Problem> {
    keep(&app, input.when_closed)
}

fn keep(app: &AppHandle, when_closed: WhenClosed) -> Result<(), Problem> {
    app.state::<Closing>().choose(when_closed).map_err(|e| {
        Problem::conflict(
            Refusal::NotWritten { error: e.to_string() },
            format!("what closing does could not be kept: {e}"),
        )
    })
}

/// Ends the program even where the desktop hangs. Everything committed is on disk by now, and
/// removing the icon from the tray waits for the session's bus, which may have ended or be stuck.
pub(super) fn end_soon() {
    static ASKED: std::sync::Once = std::sync::Once::new();
    ASKED.call_once(|| {
        std::thread::spawn(|| {
            std::thread::sleep(FAREWELL);
            tracing::warn!("the desktop did not let the window go; the program ends without it");
            std::process::exit(0);
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_closing_does_is_asked_until_it_was_chosen_and_then_kept() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("not there yet");
        let closing = Closing::kept_in(&folder);
        assert_eq!(closing.chosen(), WhenClosed::Ask);
        closing.choose(WhenClosed::Background).expect("it is written");
        assert_eq!(closing.chosen(), WhenClosed::Background);
        assert_eq!(Closing::kept_in(&folder).chosen(), WhenClosed::Background);
    }

    #[test]
    fn a_file_that_is_no_choice_asks() {
        let home = tempfile::tempdir().expect("a folder");
        std::fs::write(home.path().join("closing.json"), "{\"whenClosed\":\"never\"}")
            .expect("it is written");
        assert_eq!(Closing::kept_in(home.path()).chosen(), WhenClosed::Ask);
    }
}
