//! This computer as the window knows it: its folders, and whether the window starts with it.

use std::{ffi::OsString, path::Path};

use tauri::{AppHandle, Manager as _, plugin::TauriPlugin};
use tauri_plugin_autostart::ManagerExt as _;

use super::{
    Window,
    closing::{Closing, WhenClosed},
    tray,
};
use crate::{
    config::Flags,
    error::{Problem, Refusal},
};

/// The flag that marks a start by the system.
pub(super) const HIDDEN: &str = "--hidden";

/// Makes the program start with the computer, hidden, with its present arguments.
pub(super) fn autostart<R: tauri::Runtime>(flags: &Flags) -> TauriPlugin<R> {
    tauri_plugin_autostart::Builder::new().args(again(flags)).build()
}

/// The arguments of a hidden start like this one.
fn again(flags: &Flags) -> Vec<String> {
    let mut again = vec![HIDDEN.to_owned()];
    if let Some(folder) = &flags.folder.data_dir {
        let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
        again.extend(["--data-dir".to_owned(), as_one(&whole)]);
    }
    if let Some(listen) = flags.listen {
        again.extend(["--listen".to_owned(), listen.to_string()]);
    }
    again.extend(flags.sandbox.then(|| "--sandbox".to_owned()));
    again
}

/// A path as one argument of the command line. macOS keeps arguments apart by itself; elsewhere the
/// plugin writes them in one line unquoted.
fn as_one(path: &Path) -> String {
    let path = OsString::from(path).to_string_lossy().into_owned();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/\\:._-".contains(c);
    if path.chars().all(is_plain) || cfg!(target_os = "macos") { path } else { format!("\"{path}\"") }
}

/// The window's settings on this computer, and its folders.
#[derive(Clone, Debug, serde::Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OnThisComputer {
    /// What closing the window does on this computer.
    when_closed: WhenClosed,
    /// Whether there is a tray now, into which the window goes.
    has_tray: bool,
    /// Whether it starts with the computer; null where the system does not say.
    starts_by_itself: Option<bool>,
    /// The path of the folder with the clinic's data.
    data_folder: String,
}

/// Returns the window's settings on this computer, and its folders. Only in the window.
#[tauri::command]
#[specta::specta]
pub(super) async fn on_this_computer(app: AppHandle) -> Result<OnThisComputer, Problem> {
    Ok(OnThisComputer {
        when_closed: app.state::<Closing>().chosen(),
        has_tray: tray::is_shown(&app).await,
        starts_by_itself: app.autolaunch().is_enabled().ok(),
        data_folder: app.state::<Window>().data_folder.display().to_string(),
    })
}

/// Whether the window starts with the computer.
#[derive(Clone, Debug, serde::Deserialize, specta::Type)]
pub(crate) struct StartBySelf {
    on: bool,
}

/// Starts the window with the computer from now on, or no more. Only in the window.
#[tauri::command]
#[specta::specta]
pub(super) async fn start_by_itself(app: AppHandle, input: StartBySelf) -> Result<(), Problem> {
    let starts = app.autolaunch();
    let done = if input.on { starts.enable() } else { starts.disable() };
    done.map_err(|e| {
        Problem::conflict(
            Refusal::NotWritten { error: e.to_string() },
            format!("the start with the computer could not be set: {e}"),
        )
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::{super::Args, *};

    #[test]
    fn it_starts_again_out_of_sight_and_with_the_same_clinic() {
        let again = |args: &[&str]| again(&Args::parse_from(args).flags);
        let given = again(&["clinicue", "--data-dir", "/srv/clinic", "--sandbox", "--demo"]);
        assert_eq!(given, [HIDDEN, "--data-dir", "/srv/clinic", "--sandbox"]);
        assert_eq!(again(&["clinicue"]), [HIDDEN]);
    }

    #[test]
    #[cfg(not(target_os = "macos"))]
    fn a_folder_with_a_space_stays_one_argument() {
        assert_eq!(as_one(Path::new("/home/a b/clinic")), "\"/home/a b/clinic\"");
    }
}
