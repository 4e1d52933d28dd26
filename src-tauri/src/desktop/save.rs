//! Exports written to a file by the window.

use std::{path::Path, sync::Arc};

use futures::{StreamExt as _, pin_mut};
use tokio::{fs::File, io::AsyncWriteExt as _};

use crate::{
    core::{Core, Topic},
    error::{Problem, Refusal, Result},
    ids::TaskId,
    ops::exports::Export,
};

/// An export that is being written.
#[derive(Clone, Debug, serde::Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Saving {
    /// The task that says how far it is.
    pub(crate) task_id: TaskId,
    /// Where the file will lie.
    pub(crate) path: String,
}

/// Begins to write an export into `folder`, under a name that is not taken.
pub(super) async fn begin(core: &Arc<Core>, export: Export, folder: &Path) -> Result<Saving> {
    let name = export.file_name();
    let (stem, kind) = name.rsplit_once('.').unwrap_or((&name, "csv"));
    let free = (1..1_000)
        .map(|n| folder.join(if n == 1 { name.clone() } else { format!("{stem} ({n}).{kind}") }))
        .find(|path| !path.exists());
    let Some(path) = free else {
        return Err(Problem::conflict(
            Refusal::DownloadsFull,
            "the folder for downloads is full of exports of these days",
        ));
    };
    let file = File::create_new(&path).await.map_err(|e| {
        Problem::conflict(
            Refusal::NotWritten { error: e.to_string() },
            format!("cannot write to {}: {e}", folder.display()),
        )
    })?;
    let id = core.tasks.begin(export.total, core.now());
    let saving = Saving { task_id: id, path: path.display().to_string() };
    let worker = Arc::clone(core);
    core.background.spawn(async move {
        let ended = write(&worker, export, file, id).await;
        if ended.is_err() {
            let _ = tokio::fs::remove_file(&path).await;
        }
        worker.tasks.end(id, ended);
        worker.announce(Topic::Tasks);
    });
    Ok(saving)
}

async fn write(core: &Core, export: Export, mut file: File, id: TaskId) -> Result<()> {
    let failed = |e: std::io::Error| {
        Problem::conflict(
            Refusal::NotWritten { error: e.to_string() },
            format!("the file could not be written: {e}"),
        )
    };
    let mut done = 0;
    let parts = export.stream();
    pin_mut!(parts);
    while let Some(part) = parts.next().await {
        let (bytes, rows) = part?;
        file.write_all(&bytes).await.map_err(failed)?;
        done += rows;
        core.tasks.progress(id, done);
    }
    file.sync_all().await.map_err(failed)
}
