//! The window's commands and the TypeScript client, from the list of operations.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use base64::Engine as _;
use serde_json::json;
use specta_typescript::Typescript;
use tauri::{State, Wry};
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

use super::{Window, closing, computer, menu, practice as practice_window, save::Saving, tray};
use crate::{
    core::Topic,
    domain::{
        activity::Actor,
        assignment,
        staff::Role,
        stage,
        trigger::MAX_TIMES,
        upload::{MAX_PICTURE_BYTES, MAX_VIDEO_BYTES},
        variables,
    },
    error::{Code, Problem, Refusal, Thing},
    ids::{MediaId, TaskId},
    line::{limits::said, sandbox::Fault},
    ops::{
        Nothing, PageOf, Paged, activity, ahead, answers, assignments, backups, channel, check, coming_up,
        demo, drifting, erasure,
        exports::{self, ExportInteractions},
        failed, health, held, hours, imports, interactions, jobs,
        limits::limits,
        links,
        list::for_each_operation,
        logs,
        media::{self, OneMedia},
        messages, openings,
        operation::{allow, operations, to_end},
        patients, practice, practice_clock, practice_room, protocols, rich_menu, sending, settings,
        statistics, strangers, tasks, templates, timeline, timetables, today as day,
        uploads::{self, NewUpload, Receiving, Upload},
        workers, worklist,
    },
};
use day as today;

macro_rules! commands {
    ($($name:ident $method:ident $path:literal $role:ident $status:literal
        $(shows[$($topic:ident),*])? $(asks[$answered:ident])? =>
        $module:ident :: $function:ident ($input:ty) -> $output:ty, $doc:literal;)*) => {
        $(
            #[doc = $doc]
            #[tauri::command]
            #[specta::specta]
            async fn $name(window: State<'_, Window>, input: $input) -> Result<$output, Problem> {
                allow(&window.who, Role::$role)?;
                let (core, who) = (window.core(), window.who.clone());
                check(&input, core.now())?;
                let begun = Arc::clone(&core);
                let act = async move { $module::$function(&begun, &who, input).await };
                to_end(&core, stringify!($method), act).await
            }
        )*

        fn collected() -> tauri_specta::Commands<Wry> {
            collect_commands![
                $($name,)* save_export, save_text, media_part, save_media, upload_part, notify_desktop,
                tray::tray_words, menu::menu_words, closing::closing_heard, closing::close_now, closing::quit,
                closing::choose_closing, computer::on_this_computer, computer::start_by_itself,
                practice_window::show_practice
            ]
        }
    };
}
for_each_operation!(commands);

/// Raises a notification on the desktop. The page words it, in the reader's language; it names no
/// patient, since anybody may see the screen.
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

/// A notification of the desktop.
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
    allow(&window.who, exports::MIN_ROLE)?;
    check(&input, window.core().now())?;
    let export = exports::begin(&window.core(), &window.who, input).await?;
    super::save::begin(&window.core(), export, &downloads()).await
}

/// A text made by the page, to be saved as a file.
#[derive(Clone, Debug, serde::Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TextFile {
    file_name: String,
    text: String,
}

/// Writes a text into the folder for downloads and returns its path. Only in the window: a browser
/// saves it by itself.
#[tauri::command]
#[specta::specta]
async fn save_text(window: State<'_, Window>, input: TextFile) -> Result<String, Problem> {
    allow(&window.who, Role::Viewer)?;
    super::save::text(&input.file_name, &input.text, &downloads()).await
}

/// The most bytes of one part: small enough that the page stays quick.
const PART_BYTES: u64 = 2 * 1024 * 1024;

/// A part of a picture, video, sound or file of a patient.
#[derive(Clone, Debug, serde::Deserialize, specta::Type)]
pub(crate) struct AskForPart {
    id: MediaId,
    /// The first byte of the part, counted from 0.
    offset: u64,
}

/// Some bytes of a picture, video, sound or file of a patient.
#[derive(Clone, Debug, serde::Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MediaPart {
    /// The bytes of the part, in Base64.
    bytes: String,
    /// The size of the whole file, in bytes.
    size: u64,
    /// The media type: one that a browser shows and does not run, else `application/octet-stream`.
    media_type: String,
}

/// Reads a part of a picture, video, sound or file of a patient. Only in the window: a browser
/// fetches it by its address.
#[tauri::command]
#[specta::specta]
async fn media_part(window: State<'_, Window>, input: AskForPart) -> Result<MediaPart, Problem> {
    allow(&window.who, Role::Viewer)?;
    let mut opened = media::open(&window.core(), &window.who, OneMedia { id: input.id }).await?;
    let mut bytes = Vec::new();
    let read = async {
        opened.file.seek(std::io::SeekFrom::Start(input.offset)).await?;
        opened.file.take(PART_BYTES).read_to_end(&mut bytes).await
    };
    read.await.map_err(|e| Problem::internal("reading a file of a patient", e))?;
    Ok(MediaPart {
        bytes: base64::engine::general_purpose::STANDARD.encode(bytes),
        size: opened.size,
        media_type: opened.shown_as.unwrap_or("application/octet-stream").to_owned(),
    })
}

/// Saves a picture, video, sound or file of a patient into the folder for downloads and returns its
/// path. Only in the window.
#[tauri::command]
#[specta::specta]
async fn save_media(window: State<'_, Window>, input: OneMedia) -> Result<String, Problem> {
    allow(&window.who, Role::Viewer)?;
    let opened = media::open(&window.core(), &window.who, input).await?;
    super::save::copy(opened, &downloads()).await
}

/// A part of a file that is uploaded.
#[derive(Clone, Debug, serde::Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PartOfUpload {
    /// Null for the first part; then the id from the answer to the part before.
    id: Option<TaskId>,
    /// The bytes of the part, in Base64.
    bytes: String,
    /// Whether this part is the last.
    is_last: bool,
    /// The name staff know it by.
    file_name: Option<String>,
}

/// The answer to a part of a file.
#[derive(Clone, Debug, serde::Serialize, specta::Type)]
pub(crate) struct PartTaken {
    /// The id to send the next part with.
    id: TaskId,
    /// The upload once it is complete, else null.
    upload: Option<Upload>,
}

/// The longest wait for the next part; after it the upload is given up.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// Takes a picture or video part by part. Only in the window: a browser sends it whole.
#[tauri::command]
#[specta::specta]
async fn upload_part(window: State<'_, Window>, input: PartOfUpload) -> Result<PartTaken, Problem> {
    allow(&window.who, uploads::MIN_ROLE)?;
    let named = NewUpload { file_name: input.file_name };
    check(&named, window.core().now())?;
    let broken = |_| Problem::new(Code::InvalidInput, "the part is not Base64");
    let bytes = base64::engine::general_purpose::STANDARD.decode(&input.bytes).map_err(broken)?;
    let parts = &window.uploading;
    let mut next = match input.id {
        Some(id) => parts.next(id).await.ok_or_else(|| Problem::not_found(Thing::Upload, id))?,
        None => parts.begin(TaskId::new(window.core().now()), Receiving::begin(&window.core())).await,
    };
    next.upload.take(&bytes).await?;
    let id = next.id;
    if !input.is_last {
        // An upload that was broken off holds up nobody who deletes leftovers.
        parts.hold(next, tokio::time::sleep(MAX_PAUSE)).await;
        return Ok(PartTaken { id, upload: None });
    }
    let who = window.who.clone();
    let keep = async move { next.upload.keep(&who, named.file_name).await };
    Ok(PartTaken { id, upload: Some(to_end(&window.core(), "POST", keep).await?) })
}

fn downloads() -> PathBuf {
    dirs::download_dir().or_else(dirs::home_dir).unwrap_or_else(std::env::temp_dir)
}

pub(super) fn builder() -> Builder<Wry> {
    let routes: serde_json::Map<_, _> = operations()
        .into_iter()
        .map(|o| {
            (o.name.to_owned(), json!({ "method": o.method, "path": o.path, "role": o.role, "asks": o.asks }))
        })
        .collect();
    // What is streamed as bytes is no operation of the list.
    let streams = json!({
        "interactions_export": { "role": exports::MIN_ROLE },
        "upload": { "role": uploads::MIN_ROLE },
    });
    Builder::<Wry>::new()
        .commands(collected())
        .error_handling(ErrorHandlingMode::Throw)
        .dangerously_cast_bigints_to_number()
        .disable_serde_phases()
        .typ::<Topic>()
        .typ::<Actor>()
        .typ::<variables::Name>()
        .typ::<closing::ClosingAsked>()
        .typ::<menu::MenuAct>()
        .constant("ALL_TOPICS", Topic::ALL)
        .constant("operations", routes)
        .constant("STREAMS", streams)
        .constant("ROLES", Role::ALL)
        .constant("LIMITS", limits())
        .constant("TEMPLATE_LIMITS", said::templates())
        .constant("FILE_LIMITS", file_limits())
        .constant("MAX_TIMES_OF_DAY", MAX_TIMES)
        .constant("VARIABLES", variables::offered())
        .constant("STATE_GROUPS", stage::table())
        .constant("ONGOING_ASSIGNMENTS", assignment::Status::ONGOING)
}

/// The most bytes of a file of each kind, and the most patients of one.
fn file_limits() -> serde_json::Value {
    json!({
        "patients": imports::MAX_BYTES,
        "patientRows": imports::MAX_ROWS,
        "picture": MAX_PICTURE_BYTES,
        "video": MAX_VIDEO_BYTES,
    })
}

/// Writes the TypeScript client to `file`, and its queries to `queries.ts` beside it.
pub(crate) fn export_bindings(file: &Path) -> Result<(), Box<dyn std::error::Error>> {
    builder().export(Typescript::default(), file)?;
    let text = std::fs::read_to_string(file)?;
    // One client serves the window and the browser: its calls go through our transport.
    let ours = text.replace("from \"@tauri-apps/api/core\"", "from \"./lib/transport\"");
    std::fs::write(file, ours)?;
    std::fs::write(file.with_file_name("queries.ts"), super::queries::text())?;
    Ok(())
}
