//! The window's commands and the TypeScript client, from the list of operations.

use std::{path::Path, sync::Arc};

use serde_json::json;
use specta_typescript::Typescript;
use tauri::{State, Wry};
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands};

use super::{Window, save::Saving};
use crate::{
    core::{ALL_TOPICS, Topic},
    error::{Problem, Refusal},
    line::sandbox::Fault,
    ops::{
        Nothing, PageOf, Paged, activity, assignments, channel, check, demo,
        exports::{self, ExportInteractions},
        failed, health, held, imports, interactions, jobs,
        limits::limits,
        links,
        list::{allow, for_each_operation, operations, to_end},
        messages, patients, practice, protocols, sending, settings, statistics, strangers, tasks, timeline,
        today as day, worklist,
    },
};
use day as today;

macro_rules! commands {
    ($($name:ident $method:ident $path:literal $role:ident $status:literal
        $(shows[$($topic:ident),*])? =>
        $module:ident :: $function:ident ($input:ty) -> $output:ty, $doc:literal;)*) => {
        $(
            #[doc = $doc]
            #[tauri::command]
            #[specta::specta]
            async fn $name(window: State<'_, Window>, input: $input) -> Result<$output, Problem> {
                allow(&window.who, crate::domain::staff::Role::$role)?;
                check(&input, window.core.now())?;
                let (core, who) = (Arc::clone(&window.core), window.who.clone());
                let act = async move { $module::$function(&core, &who, input).await };
                to_end(&window.core, stringify!($method), act).await
            }
        )*

        fn collected() -> tauri_specta::Commands<Wry> {
            collect_commands![$($name,)* save_export, notify_desktop]
        }
    };
}
for_each_operation!(commands);

/// Raises a notification on the desktop. The page words it, in the language of whoever
/// reads; it names no patient, since anybody may see the screen.
#[tauri::command]
#[specta::specta]
async fn notify_desktop(app: tauri::AppHandle, input: Notice) -> Result<(), Problem> {
    use tauri_plugin_notification::NotificationExt as _;
    let shown = app.notification().builder().title(input.title).body(input.body).show();
    shown.map_err(|e| {
        Problem::conflict(
            Refusal::NoNotification { error: e.to_string() },
            format!("the desktop takes no notification: {e}"),
        )
    })
}

/// What a notification says.
#[derive(Clone, Debug, serde::Deserialize, specta::Type)]
pub(crate) struct Notice {
    /// Shown in bold, in one line.
    title: String,
    /// Shown below it, a sentence or two.
    body: String,
}

/// Writes an export into the folder for downloads; the task says how far it is. Only in the
/// window: a browser takes the stream itself.
#[tauri::command]
#[specta::specta]
async fn save_export(window: State<'_, Window>, input: ExportInteractions) -> Result<Saving, Problem> {
    allow(&window.who, crate::domain::staff::Role::Operator)?;
    check(&input, window.core.now())?;
    let export = exports::begin(&window.core, &window.who, input).await?;
    let folder = dirs::download_dir().or_else(dirs::home_dir).unwrap_or_else(std::env::temp_dir);
    super::save::begin(&window.core, export, &folder).await
}

/// The commands as Tauri takes them.
pub(super) fn builder() -> Builder<Wry> {
    let routes: serde_json::Map<_, _> = operations()
        .into_iter()
        .map(|o| (o.name.to_owned(), json!({ "method": o.method, "path": o.path })))
        .collect();
    Builder::<Wry>::new()
        .commands(collected())
        .error_handling(ErrorHandlingMode::Throw)
        .dangerously_cast_bigints_to_number()
        .disable_serde_phases()
        .typ::<Topic>()
        .constant("ALL_TOPICS", ALL_TOPICS)
        .constant("operations", routes)
        .constant("LIMITS", limits())
}

/// Writes the TypeScript client to `file`, and its queries to `queries.ts` beside it.
///
/// # Errors
/// A type cannot be exported, or the file not be written.
pub(crate) fn export_bindings(file: &Path) -> Result<(), Box<dyn std::error::Error>> {
    builder().export(Typescript::default(), file)?;
    let text = std::fs::read_to_string(file)?;
    // The same client works in the window and in a browser: its calls go through ours.
    let ours = text.replace("from \"@tauri-apps/api/core\"", "from \"./lib/transport\"");
    std::fs::write(file, ours)?;
    std::fs::write(file.with_file_name("queries.ts"), super::queries::text())?;
    Ok(())
}
