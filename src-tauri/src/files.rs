//! Folders with the files of patients and of staff, readable by their owner only. A file has a
//! random name that says nothing, and exists completely or not at all.

use std::{
    collections::HashSet,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use tokio::{
    fs::{self, File, OpenOptions},
    io::AsyncWriteExt as _,
};

use crate::ids;

/// The suffix of a file or folder that is not complete yet.
const UNFINISHED: &str = ".part";

const MAX_NAMES: usize = 500;

/// A folder of files that never change under their names.
#[derive(Clone, Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// Makes the folder where it is missing, and closes it to others.
    async fn ensure(&self) -> io::Result<&Path> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        builder.mode(0o700);
        builder.create(&self.0).await?;
        // A folder restored from a backup may be open to all.
        #[cfg(unix)]
        fs::set_permissions(&self.0, std::os::unix::fs::PermissionsExt::from_mode(0o700)).await?;
        Ok(&self.0)
    }

    /// `None` where there is no file of this name.
    pub(crate) async fn open(&self, name: &str) -> io::Result<Option<File>> {
        match File::open(self.0.join(name)).await {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Returns whether it is gone.
    pub(crate) async fn delete(&self, name: &str) -> bool {
        match fs::remove_file(self.0.join(name)).await {
            Ok(()) => true,
            Err(error) if error.kind() == ErrorKind::NotFound => true,
            Err(error) => {
                tracing::warn!(%error, "a file could not be deleted; it is tried again");
                false
            }
        }
    }

    /// Deletes unfinished files, and files whose names `known` does not pick out of those it is
    /// given. Nothing may be written meanwhile. The inner result is the folder's.
    ///
    /// # Errors
    /// The errors of `known`.
    pub(crate) async fn delete_strays<E, F: Future<Output = Result<HashSet<String>, E>>>(
        &self,
        known: impl Fn(Vec<String>) -> F,
    ) -> Result<io::Result<()>, E> {
        let mut entries = match self.entries().await {
            Ok(entries) => entries,
            Err(error) => return Ok(Err(error)),
        };
        loop {
            let names = match self.names(&mut entries).await {
                Ok(names) => names,
                Err(error) => return Ok(Err(error)),
            };
            if names.is_empty() {
                return Ok(Ok(()));
            }
            let known = known(names.clone()).await?;
            for name in names.iter().filter(|name| !known.contains(*name)) {
                self.delete(name).await;
            }
        }
    }

    async fn entries(&self) -> io::Result<fs::ReadDir> {
        fs::read_dir(self.ensure().await?).await
    }

    /// The next names of complete files; unfinished ones are deleted on the way.
    async fn names(&self, entries: &mut fs::ReadDir) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        while names.len() < MAX_NAMES
            && let Some(entry) = entries.next_entry().await?
        {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(UNFINISHED) {
                self.delete(&name).await;
            } else {
                names.push(name);
            }
        }
        Ok(names)
    }
}

pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge)
}

/// A file that is being written; a dropped one leaves nothing behind.
pub(crate) struct NewFile {
    file: Option<File>,
    name: String,
    folder: PathBuf,
    kept: bool,
}

impl NewFile {
    pub(crate) async fn begin(folder: &Folder) -> io::Result<Self> {
        let folder = folder.ensure().await?.to_owned();
        let name = ids::secret();
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        options.mode(0o600);
        let file = options.open(folder.join(unfinished(&name))).await?;
        Ok(Self { file: Some(file), name, folder, kept: false })
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        fail::fail_point!("file-writes", |_| Err(ErrorKind::StorageFull.into()));
        self.open_file()?.write_all(bytes).await
    }

    /// Changes the written bytes in place.
    pub(crate) async fn change(
        &mut self,
        change: impl FnOnce(&mut std::fs::File) -> io::Result<()> + Send + 'static,
    ) -> io::Result<()> {
        self.open_file()?.flush().await?;
        let mut file = self.open_file()?.try_clone().await?.into_std().await;
        tokio::task::spawn_blocking(move || change(&mut file)).await.map_err(io::Error::other)?
    }

    /// Puts the complete file under its name, safe from a loss of power; on failure nothing is
    /// left.
    pub(crate) async fn keep(mut self) -> io::Result<String> {
        self.open_file()?.flush().await?;
        self.open_file()?.sync_all().await?;
        fs::rename(self.folder.join(unfinished(&self.name)), self.folder.join(&self.name)).await?;
        // The name is stored in the folder.
        #[cfg(unix)]
        File::open(&self.folder).await?.sync_all().await?;
        self.kept = true;
        Ok(self.name.clone())
    }

    fn open_file(&mut self) -> io::Result<&mut File> {
        self.file.as_mut().ok_or_else(|| ErrorKind::BrokenPipe.into())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        drop(self.file.take());
        for name in [&unfinished(&self.name), &self.name] {
            let _ = std::fs::remove_file(self.folder.join(name));
        }
    }
}

fn unfinished(name: &str) -> String {
    format!("{name}{UNFINISHED}")
}

/// A file's name without folders, control characters and marks that turn the text direction.
pub(crate) fn plain_name(name: &str) -> Option<String> {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control() && !turns(*c)).collect();
    let plain = plain.trim().trim_start_matches('.');
    (!plain.is_empty()).then(|| plain.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_leads_nowhere_and_reads_as_it_is() {
        for (name, plain) in [
            ("report.pdf", Some("report.pdf")),
            ("../../etc/passwd", Some("passwd")),
            (r"C:\Users\a\x.docx", Some("x.docx")),
            ("photo\u{202e}gpj.exe", Some("photogpj.exe")),
            ("a\r\nb\0.txt", Some("ab.txt")),
            (".hidden", Some("hidden")),
            ("///", None),
            (" ", None),
        ] {
            assert_eq!(plain_name(name).as_deref(), plain, "{name:?}");
        }
    }
}
