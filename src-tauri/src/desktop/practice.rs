//! The window of the practice clinic beside the real one. Its page comes over HTTP and has none of
//! the program's commands.

use tauri::{AppHandle, Manager as _, Url, WebviewUrl, WebviewWindowBuilder};

use super::place;
use crate::error::{Code, Problem, Refusal};

/// The label by which the page knows its window: `ui/src/lib/transport.ts`.
const LABEL: &str = "practice";

/// What the window of the practice clinic shows.
#[derive(Clone, Debug, serde::Deserialize, specta::Type)]
pub(crate) struct ShowPractice {
    /// The sign-in link of the practice clinic.
    link: String,
    /// The title, in the reader's language.
    title: String,
}

/// Opens the practice clinic in a window of its own, or raises it where it is open; a browser goes
/// there by itself. Only in the window.
#[tauri::command]
#[specta::specta]
pub(super) async fn show_practice(app: AppHandle, input: ShowPractice) -> Result<(), Problem> {
    let link = Url::parse(&input.link).ok().filter(|link| link.scheme() == "http");
    let Some(link) = link else {
        return Err(Problem::new(Code::InvalidInput, "link: takes a sign-in link of the practice clinic"));
    };
    if let Some(open) = app.get_webview_window(LABEL) {
        if open.url().is_ok_and(|at| at.origin() == link.origin()) {
            place::show(&open);
            return Ok(());
        }
        open.destroy().map_err(not_shown)?;
    }
    let (practice, handle) = (link.origin(), app.clone());
    WebviewWindowBuilder::new(&app, LABEL, WebviewUrl::External(link))
        .title(input.title)
        .inner_size(1280.0, 860.0)
        .min_inner_size(380.0, 480.0)
        .on_navigation(move |to| {
            let stays = to.origin() == practice;
            // A link back to the real clinic, which has a window of its own.
            if !stays && to.scheme() == "http" {
                let handle = handle.clone();
                // After the browser has heard that it stays.
                tauri::async_runtime::spawn(async move { back(&handle) });
            }
            stays
        })
        .build()
        .map(|_| ())
        .map_err(not_shown)
}

fn back(app: &AppHandle) {
    if let Some(real) = app.get_webview_window(super::MAIN) {
        place::show(&real);
    }
    if let Some(practice) = app.get_webview_window(LABEL) {
        let _ = practice.destroy();
    }
}

fn not_shown(error: tauri::Error) -> Problem {
    Problem::new(Code::Unavailable, format!("the window of the practice clinic could not be opened: {error}"))
        .because(Refusal::PracticeNotOpened { error: error.to_string() })
}
