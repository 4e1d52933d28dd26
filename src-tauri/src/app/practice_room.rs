//! A practice clinic beside the real one: in a folder and at a port of its own, with the practice
//! LINE, while the real messages go on. It is opened when somebody first asks for it and runs as
//! long as the program.

use std::{fs, io, net::SocketAddr, path::Path, pin::Pin, sync::Arc};

use tokio::{
    runtime::{Builder, Runtime},
    sync::mpsc,
    task::JoinHandle,
};

use super::{App, Options};
use crate::{
    clock::SharedClock,
    config::{Config, Line},
    core::{AskToPractise, Core},
    domain::clinic::Clinic,
    error::with_sources,
    logs,
    store::{self, FILE_NAME, disk},
};

/// The practice clinic's folder, inside the data folder of the real clinic.
const FOLDER: &str = "practice";

/// Bytes of the disk an open practice clinic may come to need; the rest is left to the real one.
const ROOM: u64 = 64 * 1024 * 1024;

/// Requests for the practice clinic that may queue; more callers wait.
const ASKING: usize = 8;

pub struct Beside {
    /// Opens a practice clinic on request; ends it with the program.
    pub(super) home: String,
    /// The real clinic's decisions, as far as practice uses them.
    pub(super) clinic: Clinic,
}

pub(super) struct Room {
    pub(super) home: String,
    pub(super) clock: SharedClock,
    pub(super) ticking: bool,
}

/// It ends with the program.
pub(super) fn offer(core: &Arc<Core>, room: Room) -> JoinHandle<()> {
    let (ask, asked) = mpsc::channel(ASKING);
    core.offer_practice(ask);
    tokio::spawn(keep(Arc::clone(core), room, asked))
}

/// Answers requests until the program ends. Boxed, since a practice clinic runs this same code.
fn keep(
    core: Arc<Core>,
    room: Room,
    mut asked: mpsc::Receiver<AskToPractise>,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        let stop = core.supervisor.stop().clone();
        let mut open: Option<Open> = None;
        while let Some(Some(ask)) = stop.run_until_cancelled(asked.recv()).await {
            // One that ended by itself, or whose folder somebody threw away, is opened anew.
            if let Some(ended) = open.take_if(|open| open.is_over()) {
                ended.close().await;
            }
            open = match open {
                Some(damaged) if damaged.is_damaged().await => damaged.throw_away().await,
                sound => sound,
            };
            let link = match &open {
                Some(open) => Ok(open.app.link_for(ask.actor, ask.role)),
                None => Open::with(room.options(&core)).await.map(|opened| {
                    let address = opened.app.url();
                    tracing::info!(address, "a practice clinic was opened beside the real one");
                    open.insert(opened).app.link_for(ask.actor, ask.role)
                }),
            };
            // A caller who no longer waits asks again.
            let _ = ask.link.send(link);
        }
        if let Some(open) = open {
            open.close().await;
        }
    })
}

/// A practice clinic that is open. It has threads of its own, by which the log knows its lines.
struct Open {
    app: App,
    threads: Threads,
}

/// The runtime of the practice clinic. Dropping it waits for nothing, since it is dropped on other
/// threads.
struct Threads(Option<Runtime>);

impl Threads {
    fn begin() -> io::Result<Self> {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(1).thread_name(logs::PRACTICE);
        Ok(Self(Some(builder.enable_all().build()?)))
    }

    /// The result of `work`; an error where it panicked.
    async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, String> {
        let Some(threads) = &self.0 else { return Err("it has ended".to_owned()) };
        threads.spawn(work).await.map_err(|error| error.to_string())
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        if let Some(threads) = self.0.take() {
            threads.shutdown_background();
        }
    }
}

impl Open {
    /// # Errors
    /// The reason in words; a practice clinic that was just made is removed again.
    async fn with(options: Options) -> Result<Self, String> {
        let folder = options.config.data_dir.clone();
        look_for_room(disk::free(folder.parent().unwrap_or(&folder)))?;
        let is_new = !folder.exists();
        let threads = Threads::begin().map_err(|error| error.to_string())?;
        let started = threads.run(App::start(options)).await;
        match started.and_then(|started| started.map_err(|error| with_sources(&error))) {
            Ok(app) => Ok(Self { app, threads }),
            Err(error) => {
                drop(threads);
                if is_new {
                    clear_away(&folder);
                    return Err(error);
                }
                // Nothing of a patient is in it.
                Err(format!("{error}. To begin anew, delete the folder {}", folder.display()))
            }
        }
    }

    fn is_over(&self) -> bool {
        self.app.stop.is_cancelled() || !self.app.core.config.data_dir.join(FILE_NAME).exists()
    }

    async fn is_damaged(&self) -> bool {
        match store::look_through(&self.app.core.config.data_dir).await {
            Ok(_) => false,
            Err(detail) => {
                tracing::warn!(detail, "the practice clinic is damaged and begins anew");
                true
            }
        }
    }

    /// Closes the practice clinic and deletes its folder: no patient's data is in it.
    async fn throw_away(self) -> Option<Self> {
        let folder = self.app.core.config.data_dir.clone();
        self.close().await;
        clear_away(&folder);
        None
    }

    async fn close(self) {
        if let Err(error) = self.threads.run(self.app.stop()).await {
            tracing::warn!(error, "the practice clinic did not end in order");
        }
    }
}

/// Refuses to practise where the real clinic might run out of room for its messages.
fn look_for_room(free: Option<u64>) -> Result<(), String> {
    let needed = disk::KEPT_FREE + ROOM;
    match free {
        Some(free) if free < needed => {
            let megabytes = |bytes: u64| bytes / (1024 * 1024);
            let (needed, free) = (megabytes(needed), megabytes(free));
            Err(format!("it needs {needed} MB of the disk and {free} MB are free; make room"))
        }
        _ => Ok(()),
    }
}

/// Deletes the practice folder, so that the real clinic has the room.
fn clear_away(folder: &Path) {
    if let Err(error) = fs::remove_dir_all(folder)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "what was begun of a practice clinic could not be removed");
    }
}

impl Room {
    fn options(&self, core: &Core) -> Options {
        Options {
            config: settings_beside(&core.config),
            clock: Arc::clone(&self.clock),
            ticking: self.ticking,
            beside: Some(Beside { home: self.home.clone(), clinic: to_practise_with(&core.clinic()) }),
        }
    }
}

/// The settings of the practice clinic: without the real clinic's LINE, folder and backups.
fn settings_beside(real: &Config) -> Config {
    let mut config = real.clone();
    config.data_dir = real.data_dir.join(FOLDER);
    config.listen = SocketAddr::new(real.listen.ip(), 0);
    config.sandbox = true;
    config.demo = true;
    config.line = Line::default();
    config.backup.folder = None;
    config.backup.keep = 0;
    config
}

/// The clinic's decisions for practice, without quiet hours: a phone has to ring in the evening,
/// too.
fn to_practise_with(real: &Clinic) -> Clinic {
    Clinic {
        name: real.name.clone(),
        phone: real.phone.clone(),
        time_zone: real.time_zone,
        alarm_words: real.alarm_words.clone(),
        emergency_text: real.emergency_text.clone(),
        ..Clinic::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Flags;

    #[test]
    fn nobody_practises_where_the_real_clinic_would_have_no_room() {
        assert!(look_for_room(Some(disk::KEPT_FREE)).is_err());
        assert!(look_for_room(Some(disk::KEPT_FREE + ROOM)).is_ok());
        assert!(look_for_room(None).is_ok());
    }

    #[tokio::test]
    async fn a_practice_clinic_that_cannot_open_leaves_nothing() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut config = Config::load(Flags::on(dir.path().join(FOLDER))).expect("settings");
        // An address of another machine.
        config.listen = SocketAddr::from(([192, 0, 2, 1], 0));
        let refused = Open::with(Options::real(config)).await;
        assert!(refused.is_err_and(|error| error.contains("cannot listen")));
        assert_eq!(fs::read_dir(dir.path()).expect("readable").count(), 0);
    }
}
