//! A practice clinic beside the real one: in a folder and at a port of its own, with the practice
//! LINE, while the real messages go on. It is opened when somebody first asks for it and runs as
//! long as the program.

use std::{net::SocketAddr, pin::Pin, sync::Arc};

use tokio::{sync::mpsc, task::JoinHandle};

use super::{App, Options};
use crate::{
    clock::SharedClock,
    config::{Config, Line},
    core::{AskToPractise, Core},
    domain::clinic::Clinic,
    error::with_sources,
};

/// Its folder in the data folder of the real clinic.
const FOLDER: &str = "practice";

/// More than so many who ask at the same moment wait for each other.
const ASKING: usize = 8;

/// What a practice clinic has of the real one beside it.
pub struct Beside {
    /// The address of the real clinic.
    pub(super) home: String,
    /// What was decided there, as far as one practises with it.
    pub(super) clinic: Clinic,
}

/// What the practice clinic is opened with.
pub(super) struct Room {
    pub(super) home: String,
    pub(super) clock: SharedClock,
    pub(super) ticking: bool,
}

/// Opens a practice clinic for whoever asks; ends it with the program.
pub(super) fn offer(core: &Arc<Core>, room: Room) -> JoinHandle<()> {
    let (ask, asked) = mpsc::channel(ASKING);
    core.offer_practice(ask);
    tokio::spawn(keep(Arc::clone(core), room, asked))
}

/// Boxed, since a practice clinic is a program as the one that opens it.
fn keep(
    core: Arc<Core>,
    room: Room,
    mut asked: mpsc::Receiver<AskToPractise>,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        let stop = core.supervisor.stop().clone();
        let mut open: Option<App> = None;
        while let Some(Some(ask)) = stop.run_until_cancelled(asked.recv()).await {
            // One that ended by itself is opened anew.
            if let Some(ended) = open.take_if(|app| app.stop.is_cancelled()) {
                ended.stop().await;
            }
            let link = match &open {
                Some(app) => Ok(app.link_for(ask.actor, ask.role)),
                None => App::start(room.options(&core)).await.map(|app| {
                    tracing::info!(address = app.url(), "a practice clinic was opened beside the real one");
                    open.insert(app).link_for(ask.actor, ask.role)
                }),
            };
            // Whoever does not wait any more asks again.
            let _ = ask.link.send(link.map_err(|error| with_sources(&error)));
        }
        if let Some(app) = open {
            app.stop().await;
        }
    })
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

/// Nothing of the real clinic's LINE, folder or backups.
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

/// Quiet hours are left out: who tries the program in the evening wants to see a phone ring.
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
