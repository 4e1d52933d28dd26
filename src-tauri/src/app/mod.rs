//! The only place that builds things: settings, lock, database, LINE, workers, HTTP, and
//! their end.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read as _, Seek as _, Write as _},
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{net::TcpListener, sync::mpsc, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::{
    clock::{SharedClock, SystemClock},
    config::{self, Config},
    core::{AskToRestore, Core},
    delivery::allowed,
    domain::{activity::Actor, staff::Role},
    error::Problem,
    http::{self, SignIn},
    ops::{Caller, Nothing, backups, demo, settings as clinic_settings},
    queue::{self},
    store::{OpenError, Store, jobs, settings},
};

pub use practice_room::Beside;
use practice_room::Room;
use work::Begun;

mod assemble;
mod practice_room;
mod reopen;
mod work;

/// The longest wait at the end for what is in flight; what is left is given back at the next start.
const FINISH_WITHIN: Duration = Duration::from_secs(7);

/// The time after the begin of the end within which a slow disk may write results; a second is
/// always left.
const WRITE_WITHIN: Duration = Duration::from_secs(6);

/// The exit code when sent messages cannot be recorded (`EX_SOFTWARE` of sysexits.h).
const EXIT_NO_RECORDER: i32 = 70;

const LOCK_FILE: &str = "clinicue.lock";

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("{} is in use by another Clinicue ({holder}); close it first, or give another --data-dir", dir.display())]
    InUse {
        dir: PathBuf,
        /// What its lock file says of the process that has it.
        holder: String,
    },
    #[error(
        "{} has real patients and was used with the real LINE; in practice mode their messages would be \
         recorded as sent and reach nobody. Practise with another --data-dir", .0.display()
    )]
    Real(PathBuf),
    #[error("cannot use the data folder {}", .0.display())]
    Folder(PathBuf, #[source] std::io::Error),
    #[error(transparent)]
    Config(#[from] config::Error),
    #[error(transparent)]
    Store(#[from] OpenError),
    #[error("cannot listen on {0}; is the port taken? --listen 127.0.0.1:0 picks a free one")]
    Listen(SocketAddr, #[source] std::io::Error),
    #[error("the database failed at the start")]
    Sqlx(#[from] sqlx::Error),
    #[error("the HTTP client cannot be set up")]
    Http(#[from] reqwest::Error),
    #[error("the LINE secrets cannot be read")]
    Secrets(#[source] std::io::Error),
    /// The messages that an older copy of the database leaves in doubt could not be put up for
    /// review.
    #[error("the older copy of the database that was put back could not be looked through: {0}")]
    Restored(Problem),
    #[error("the demo clinic could not be loaded: {0}")]
    Demo(Problem),
}

pub struct Options {
    pub config: Config,
    pub clock: SharedClock,
    /// Whether the tick runs by itself; tests tick by hand.
    pub ticking: bool,
    /// The real clinic, where this is a practice clinic beside it.
    pub beside: Option<Beside>,
}

impl Options {
    /// Options as the programs start with: the machine's clock, and a tick that runs by itself.
    pub fn real(config: Config) -> Self {
        Self { config, clock: Arc::new(SystemClock), ticking: true, beside: None }
    }
}

/// The program while it runs; [`App::stop`] ends it in order.
pub struct App {
    pub core: Arc<Core>,
    /// Where the HTTP interface listens, with its real port.
    pub addr: SocketAddr,
    /// As it was given; in practice mode that of the core can jump.
    clock: SharedClock,
    ticking: bool,
    sign_in: Arc<SignIn>,
    stop: CancellationToken,
    workers: Vec<JoinHandle<()>>,
    /// Keeps the practice clinic, where one is offered; `None` elsewhere.
    practice: Option<JoinHandle<()>>,
    server: JoinHandle<()>,
    recorder: JoinHandle<()>,
    restores: mpsc::Receiver<AskToRestore>,
    _lock: File,
}

/// What a program begins with, besides its core.
struct Begin {
    listener: TcpListener,
    lock: File,
    clock: SharedClock,
    ticking: bool,
    sign_in: Arc<SignIn>,
}

impl App {
    /// Starts everything; when this returns the program is at work.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        Self::start_with(options, Arc::default()).await
    }

    async fn start_with(options: Options, sign_in: Arc<SignIn>) -> Result<Self, StartError> {
        let lock = lock_folder(&options.config.data_dir)?;
        let store = Store::open(&options.config.data_dir, queue::migrations()).await?;
        let started = Self::start_on(store.clone(), lock, options, sign_in).await;
        if started.is_err() {
            // Whoever moves the files next finds them let go.
            store.close().await;
        }
        started
    }

    #[cfg(feature = "postgres")]
    pub async fn start_on_postgres(options: Options, url: &str) -> Result<Self, StartError> {
        let lock = lock_folder(&options.config.data_dir)?;
        Self::start_on(Store::connect(url).await?, lock, options, Arc::default()).await
    }

    async fn start_on(
        store: Store,
        lock: File,
        options: Options,
        sign_in: Arc<SignIn>,
    ) -> Result<Self, StartError> {
        let Options { config, clock, ticking, beside } = options;
        let base_clock = Arc::clone(&clock);
        let listener =
            TcpListener::bind(config.listen).await.map_err(|e| StartError::Listen(config.listen, e))?;
        let addr = listener.local_addr().map_err(|e| StartError::Listen(config.listen, e))?;
        let core = assemble::core(config, clock, store, addr, beside).await?;
        let parts = Begin { listener, lock, clock: base_clock, ticking, sign_in };
        let begun = Self::begin(Arc::clone(&core), addr, parts).await;
        if begun.is_err() {
            core.supervisor.stop().cancel();
        }
        begun
    }

    async fn begin(core: Arc<Core>, addr: SocketAddr, parts: Begin) -> Result<Self, StartError> {
        let Begin { listener, lock, clock, ticking, sign_in } = parts;
        keep_apart(&core).await?;
        allowed::recall(&core).await?;
        backups::settle_restored(&core).await.map_err(StartError::Restored)?;
        let stop = core.supervisor.stop().clone();
        let Begun { tasks: workers, recorder } = work::begin(&core, ticking).await?;
        let router = http::router(Arc::clone(&core), Arc::clone(&sign_in), addr);
        let server = tokio::spawn(http::serve(listener, router, http::Limits::default(), stop.clone()));
        let practice = (!core.config.sandbox).then(|| {
            let home = format!("http://{}", reachable(addr));
            practice_room::offer(&core, Room { home, clock: Arc::clone(&clock), ticking })
        });
        let (ask, restores) = mpsc::channel(1);
        // One beside the real clinic ends with that, and begins again on data of its own.
        if core.home.is_none() && !core.store.is_on_server() {
            core.offer_restore(ask);
        }
        let app = Self {
            core,
            addr,
            clock,
            ticking,
            sign_in,
            stop,
            workers,
            practice,
            server,
            recorder,
            restores,
            _lock: lock,
        };
        app.offer_demo().await?;
        Ok(app)
    }

    /// The one-time link that signs a browser in as administrator.
    pub fn sign_in_link(&self) -> String {
        self.link_for(Actor::SignInLink.to_string(), Role::Admin)
    }

    fn link_for(&self, actor: String, role: Role) -> String {
        let code = self.sign_in.new_code(actor, role, self.core.real_now());
        format!("http://{}/signin?code={code}", reachable(self.addr))
    }

    pub fn url(&self) -> String {
        format!("http://{}", reachable(self.addr))
    }

    /// Ends everything: claims stop, and what is in flight is finished and written.
    pub async fn stop(self) {
        let write_by = Instant::now() + WRITE_WITHIN;
        let left = || write_by.saturating_duration_since(Instant::now()).max(Duration::from_secs(1));
        self.stop.cancel();
        let workers = futures::future::join_all(self.workers);
        let acts = async {
            // Browsers that listen to changes would hold the server for ever.
            if tokio::time::timeout(Duration::from_millis(300), self.server).await.is_err() {
                tracing::debug!("connections were open at the end");
            }
            self.core.acts.close();
            self.core.acts.wait().await;
        };
        let finished = futures::future::join(workers, acts);
        let practised = futures::future::OptionFuture::from(self.practice);
        let (worked, practised) = tokio::join!(
            tokio::time::timeout(FINISH_WITHIN, finished),
            tokio::time::timeout(FINISH_WITHIN, practised)
        );
        let worked = worked.is_ok();
        if practised.is_err() {
            tracing::warn!("the practice clinic did not end in time");
        }
        if !worked {
            tracing::warn!("some work did not end in time; it goes on at the next start");
        }
        let recorded = tokio::time::timeout(left(), self.recorder).await.is_ok();
        if !recorded {
            tracing::warn!("the recorder did not end in time; LINE will answer that it has the messages");
        }
        if worked && recorded {
            give_back_claimed(&self.core, left()).await;
        }
        self.core.background.close();
        if tokio::time::timeout(Duration::from_secs(1), self.core.background.wait()).await.is_err() {
            tracing::warn!("some small work did not end in time");
        }
        if let Some(sandbox) = &self.core.sandbox {
            sandbox.stop();
        }
        let closed = self.core.store.close();
        let _ = tokio::time::timeout(Duration::from_secs(1), closed).await;
        tracing::info!("stopped");
    }

    async fn offer_demo(&self) -> Result<(), StartError> {
        let core = &self.core;
        if let Some(running) = &core.sandbox {
            demo::plug_in_phones(&running.sandbox);
        }
        let offered: Option<bool> = settings::get(core.store.read(), demo::OFFERED).await?;
        if core.config.demo && offered.is_none() {
            let who = Caller { actor: Actor::Program.to_string(), role: Role::Admin };
            demo::load(core, &who, Nothing {}).await.map_err(StartError::Demo)?;
        }
        Ok(())
    }
}

/// Gives back jobs that were claimed and not begun: they were surely not sent, but the next start
/// would take them for perhaps sent.
async fn give_back_claimed(core: &Core, within: Duration) {
    let release = async {
        let mut tx = core.store.begin().await?;
        jobs::release_all(&mut tx).await?;
        tx.commit().await
    };
    let given_back = tokio::time::timeout(within, release).await;
    if !matches!(given_back, Ok(Ok(()))) {
        tracing::warn!("what was claimed could not be given back; it counts as tried");
    }
}

/// Locks the folder for this process alone, making it where it is missing.
pub(crate) fn lock_folder(dir: &Path) -> Result<File, StartError> {
    let folder = |e| StartError::Folder(dir.to_owned(), e);
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(folder)?;
    let path = dir.join(LOCK_FILE);
    let mut file =
        OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(folder)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let _ = file.read_to_string(&mut holder);
            return Err(StartError::InUse { dir: dir.to_owned(), holder: holder.trim().to_owned() });
        }
        Err(TryLockError::Error(e)) => return Err(folder(e)),
    }
    file.set_len(0).and_then(|()| file.rewind()).map_err(folder)?;
    writeln!(file, "process {}", std::process::id()).map_err(folder)?;
    Ok(file)
}

/// The address to call: `0.0.0.0` is for listening only.
fn reachable(addr: SocketAddr) -> SocketAddr {
    let mut addr = addr;
    if addr.ip().is_unspecified() {
        addr.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    addr
}

/// Refuses practice mode on a folder with real patients that was used with the real LINE.
async fn keep_apart(core: &Core) -> Result<(), StartError> {
    clinic_settings::note_real_line(core).await?;
    match &core.sandbox {
        Some(running) if clinic_settings::is_for_real(core).await? => {
            running.stop();
            Err(StartError::Real(core.config.data_dir.clone()))
        }
        _ => Ok(()),
    }
}
