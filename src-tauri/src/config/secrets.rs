//! The channel's secrets: from the environment, else from the system's keychain, else from a
//! file only its owner can read. Never in the database, never in a log.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, MutexGuard};

/// The credentials of the clinic's channel.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Secrets {
    /// `None` where none was entered.
    pub access_token: Option<String>,
    /// Signs LINE's webhooks, and mints tokens; `None` where none was entered.
    pub channel_secret: Option<String>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(redacted)")
    }
}

/// Where the secrets of this process are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema, specta::Type)]
#[serde(rename = "SecretsHome", rename_all = "camelCase")]
pub enum Home {
    /// Variables of the environment; nothing is written there.
    Environment,
    /// The keychain of the operating system.
    Keychain,
    /// A file in the data folder, readable by its owner only.
    File,
}

impl Home {
    pub(crate) const fn in_words(self) -> &'static str {
        match self {
            Self::Environment => "the environment",
            Self::Keychain => "the system keychain",
            Self::File => "a file only you can read",
        }
    }
}

const FILE_NAME: &str = "secrets.json";
const SERVICE: &str = "clinicue";

/// The longest wait for the keychain: a locked one may be asking an owner who is not there.
const KEYCHAIN_PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

/// Where the secrets of one data folder are kept.
#[derive(Clone, Debug)]
pub struct SecretStore {
    file: PathBuf,
    account: String,
    reads_environment: bool,
    turn: Arc<Mutex<()>>,
}

impl SecretStore {
    /// The store of the secrets that belong to this data folder.
    pub(crate) fn new(data_dir: &Path) -> Self {
        Self {
            file: data_dir.join(FILE_NAME),
            account: data_dir.display().to_string(),
            reads_environment: true,
            turn: Arc::default(),
        }
    }

    /// This store without the environment, whose secrets are another clinic's.
    pub(crate) fn without_environment(self) -> Self {
        Self { reads_environment: false, ..self }
    }

    /// Waits until nobody else changes the secrets; held over reading, changing and writing them.
    pub(crate) async fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// The secrets and where they came from.
    ///
    /// # Errors
    /// The file exists and cannot be read.
    pub fn load(&self) -> std::io::Result<(Secrets, Home)> {
        let (kept, home) = self.load_kept()?;
        let given = |name| self.reads_environment.then(|| super::environment(name)).flatten();
        let env = Secrets {
            access_token: given("CLINICUE_LINE_CHANNEL_ACCESS_TOKEN"),
            channel_secret: given("CLINICUE_LINE_CHANNEL_SECRET"),
        };
        if env == Secrets::default() {
            return Ok((kept, home));
        }
        let merged = Secrets {
            access_token: env.access_token.or(kept.access_token),
            channel_secret: env.channel_secret.or(kept.channel_secret),
        };
        Ok((merged, Home::Environment))
    }

    fn load_kept(&self) -> std::io::Result<(Secrets, Home)> {
        match std::fs::read_to_string(&self.file) {
            Ok(text) => return Ok((serde_json::from_str(&text)?, Home::File)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(e) => return Err(e),
        }
        match self.ask_keychain(|entry| entry.get_password()) {
            Some(Ok(text)) => Ok((serde_json::from_str(&text)?, Home::Keychain)),
            Some(Err(keyring::Error::NoEntry)) => Ok((Secrets::default(), Home::Keychain)),
            Some(Err(_)) | None => Ok((Secrets::default(), Home::File)),
        }
    }

    /// Keeps `secrets`: in the keychain where there is one, else in the file.
    ///
    /// # Errors
    /// Neither the keychain nor the file takes them.
    pub(crate) fn save(&self, secrets: &Secrets) -> std::io::Result<Home> {
        let text = serde_json::to_string(secrets)?;
        let kept = text.clone();
        let in_keychain = self.ask_keychain(move |entry| entry.set_password(&kept));
        if matches!(in_keychain, Some(Ok(()))) {
            match std::fs::remove_file(&self.file) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e),
                _ => return Ok(Home::Keychain),
            }
        }
        write_private(&self.file, text.as_bytes())?;
        Ok(Home::File)
    }

    /// Asks the keychain, where this session has one at all (without a session bus the Linux one
    /// only times out). It runs on a thread of its own, since the library blocks. `None` when there
    /// is no keychain, or it does not answer.
    fn ask_keychain<T: Send + 'static>(
        &self,
        ask: impl FnOnce(keyring::Entry) -> keyring::Result<T> + Send + 'static,
    ) -> Option<keyring::Result<T>> {
        if cfg!(target_os = "linux") && super::environment("DBUS_SESSION_BUS_ADDRESS").is_none() {
            return None;
        }
        let account = self.account.clone();
        let (answer, answered) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let _ = answer.send(keyring::Entry::new(SERVICE, &account).and_then(ask));
        });
        answered.recv_timeout(KEYCHAIN_PATIENCE).ok()
    }
}

/// Replaces `path` in one step by a file only its owner can read.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let new = path.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_show_when_printed() {
        let secrets = Secrets { access_token: Some("tell-nobody".into()), channel_secret: None };
        assert!(!format!("{secrets:?}").contains("tell-nobody"));
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join(FILE_NAME);
        write_private(&path, b"{}").expect("written");
        let mode = std::fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
