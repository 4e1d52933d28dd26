//! Exports, and texts of the page, written to a file by the window.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use futures::{StreamExt as _, pin_mut};
use tokio::{fs::File, io::AsyncWriteExt as _};

use crate::{
    core::{Core, Topic},
    error::{Problem, Refusal, Result},
    files::plain_name,
    ids::TaskId,
    ops::{exports::Export, media::Opened},
};

/// An export that is being written.
#[derive(Clone, Debug, serde::Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Saving {
    /// The task that reports its progress.
    pub(crate) task_id: TaskId,
    /// The path the file will have.
    pub(crate) path: String,
}

/// Begins to write an export into `folder`, under a name that is not taken.
pub(super) async fn begin(core: &Arc<Core>, export: Export, folder: &Path) -> Result<Saving> {
    let (path, file) = create(folder, &export.file_name()).await?;
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

/// Copies a patient's file into `folder`, under a name that is not taken, and returns its path.
pub(super) async fn copy(mut from: Opened, folder: &Path) -> Result<String> {
    let name = from.file_name.clone().unwrap_or_else(|| from.plain_name());
    let (path, mut file) = create(folder, &name).await?;
    let copied = async {
        tokio::io::copy(&mut from.file, &mut file).await?;
        file.sync_all().await
    };
    if let Err(error) = copied.await {
        let _ = tokio::fs::remove_file(&path).await;
        return Err(not_written(&error));
    }
    Ok(path.display().to_string())
}

/// Writes a text into `folder`, under a name that is not taken, and returns its path.
pub(super) async fn text(name: &str, text: &str, folder: &Path) -> Result<String> {
    let plain = plain_name(name).unwrap_or_else(|| "clinicue.txt".to_owned());
    let (path, mut file) = create(folder, &plain).await?;
    let written = async {
        file.write_all(text.as_bytes()).await?;
        file.sync_all().await
    };
    if let Err(error) = written.await {
        let _ = tokio::fs::remove_file(&path).await;
        return Err(not_written(&error));
    }
    Ok(path.display().to_string())
}

/// Creates a file in `folder` under this name, or a similar one that is not taken.
async fn create(folder: &Path, name: &str) -> Result<(PathBuf, File)> {
    let (stem, kind) = name.rsplit_once('.').map_or((name, String::new()), |(s, k)| (s, format!(".{k}")));
    let free = (1..1_000)
        .map(|n| folder.join(if n == 1 { name.to_owned() } else { format!("{stem} ({n}){kind}") }))
        .find(|path| !path.exists());
    let Some(path) = free else {
        return Err(Problem::conflict(
            Refusal::DownloadsFull,
            "the folder for downloads is full of files of this name",
        ));
    };
    match File::create_new(&path).await {
        Ok(file) => Ok((path, file)),
        Err(e) => Err(Problem::conflict(
            Refusal::NotWritten { error: e.to_string() },
            format!("cannot write to {}: {e}", folder.display()),
        )),
    }
}

fn not_written(error: &std::io::Error) -> Problem {
    Problem::conflict(
        Refusal::NotWritten { error: error.to_string() },
        format!("the file could not be written: {error}"),
    )
}

async fn write(core: &Core, export: Export, mut file: File, id: TaskId) -> Result<()> {
    let failed = |e: std::io::Error| not_written(&e);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_text_becomes_a_file_of_its_own_that_stays_in_the_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let save = |name| text(name, "day,patient\r\n", folder.path());
        let first = save("activity-2026-11-29.csv").await.expect("it is written");
        assert_eq!(first, folder.path().join("activity-2026-11-29.csv").display().to_string());
        assert_eq!(std::fs::read_to_string(&first).expect("it is there"), "day,patient\r\n");
        let second = save("activity-2026-11-29.csv").await.expect("it is written");
        assert_eq!(second, folder.path().join("activity-2026-11-29 (2).csv").display().to_string());
        let outside = save("../../plan.json").await.expect("it is written");
        assert_eq!(outside, folder.path().join("plan.json").display().to_string());
    }
}
