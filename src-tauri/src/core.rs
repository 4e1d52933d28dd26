//! The handles everybody shares; no behaviour of its own.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, Weak};

use tokio::sync::{Notify, RwLock as Turns, Semaphore, broadcast, mpsc, oneshot};
use tokio_util::task::TaskTracker;

use crate::{
    clock::{PracticeClock, SharedClock, Timestamp},
    config::{Config, secrets},
    domain::{
        channel::Channel, clinic::Clinic, code_tries::CodeTries, delivery::Cause, held_lately::HeldLately,
        staff::Role, ticket::Tickets, urgent_reply::UrgentReplies,
    },
    ids::PatientId,
    line::{self, Taken},
    metrics::Metrics,
    queue::{
        InProgress, Queues,
        in_progress::{Act, Scope},
    },
    store::{Store, backup::BackingUp},
    tasks::{Supervisor, Tasks},
};

mod topic;

pub(crate) use topic::Topics;
pub use topic::{Topic, shown_of};

pub(crate) struct AskToPractise {
    /// The caller, and the role they practise with.
    pub(crate) actor: String,
    pub(crate) role: Role,
    /// Takes the link that signs the caller in there, or the reason it cannot be opened.
    pub(crate) link: oneshot::Sender<Result<String, String>>,
}

pub(crate) struct AskToRestore {
    /// The folder of a sound backup.
    pub(crate) backup: PathBuf,
    /// The caller, and the role they have.
    pub(crate) actor: String,
    pub(crate) role: Role,
    /// Takes the link that signs the caller in afterwards.
    pub(crate) link: oneshot::Sender<String>,
}

/// The state of the channel to LINE; see [`Core::channel`].
pub(crate) type SharedChannel = Arc<Mutex<Channel>>;

pub struct Core {
    pub store: Store,
    pub clock: SharedClock,
    pub(crate) line: line::Client,
    pub config: Arc<Config>,
    pub queues: Queues,
    pub in_progress: InProgress,
    pub secrets: secrets::SecretStore,
    /// `None` except in practice mode.
    pub sandbox: Option<line::sandbox::Running>,
    /// The clock, where it can jump: in practice mode; `None` elsewhere.
    pub(crate) practice_clock: Option<Arc<PracticeClock>>,
    /// `None` except in a practice clinic beside it.
    pub(crate) home: Option<String>,
    pub(crate) metrics: Metrics,
    /// Rung when something may be due earlier than the tick expects.
    pub(crate) tick_bell: Notify,
    /// Messages that were held for a reason which may have ended while that was written.
    held_lately: Mutex<HeldLately>,
    /// Rung when a webhook brought something.
    pub(crate) inbox_bell: Notify,
    /// Rung when LINE is to be asked whether patients can be reached.
    pub(crate) probe_bell: Notify,
    /// Rung when something is to be fetched from LINE, or a patient's file to be deleted.
    pub(crate) media_bell: Notify,
    /// Rung when the rich menu is switched on or off.
    pub(crate) menu_bell: Notify,
    /// Held for reading during an upload, for writing while leftovers are deleted.
    pub(crate) uploading: Arc<Turns<()>>,
    /// Permits to decode a picture, which takes much memory.
    pub(crate) decoding: Semaphore,
    /// Rung when statistics are to be counted anew.
    pub(crate) recount_bell: Notify,
    /// Small work beside the workers: replies, imports, exports.
    pub background: TaskTracker,
    pub(crate) tasks: Tasks,
    pub supervisor: Supervisor,
    /// Rung when a write was refused, so that the database is checked.
    pub(crate) write_bell: Notify,
    taken_by_line: Mutex<Taken>,
    /// Acts of staff that have begun: each runs to its end even when the caller hangs up.
    pub acts: TaskTracker,
    itself: Weak<Self>,
    code_tries: Mutex<CodeTries>,
    tickets: Mutex<Tickets>,
    urgent_replies: Mutex<UrgentReplies>,
    clinic: RwLock<Arc<Clinic>>,
    channel: SharedChannel,
    ticked_at: Mutex<Option<Timestamp>>,
    backing_up: Mutex<BackingUp>,
    webhook_secret: RwLock<Option<String>>,
    practice_offered: OnceLock<mpsc::Sender<AskToPractise>>,
    restore_offered: OnceLock<mpsc::Sender<AskToRestore>>,
    changes: broadcast::Sender<Topic>,
}

pub(crate) struct Parts {
    pub store: Store,
    pub clock: SharedClock,
    pub(crate) line: line::Client,
    pub config: Arc<Config>,
    pub secrets: secrets::SecretStore,
    pub sandbox: Option<line::sandbox::Running>,
    /// `None` except in practice mode.
    pub(crate) practice_clock: Option<Arc<PracticeClock>>,
    /// `None` except in a practice clinic beside it.
    pub(crate) home: Option<String>,
    /// As stored at the start.
    pub(crate) clinic: Clinic,
    /// Checks webhooks.
    pub(crate) webhook_secret: Option<String>,
}

/// Changes that may wait for a slow listener; after that it loses some and looks at everything.
const MAX_CHANGES: usize = 1024;

impl Core {
    pub(crate) fn new(parts: Parts) -> Arc<Self> {
        let changes = broadcast::Sender::new(MAX_CHANGES);
        let announce = changes.clone();
        parts.store.tell(move |written| {
            let topics: Topics = written.tables().flat_map(shown_of).copied().collect();
            topics.into_iter().for_each(|topic| _ = announce.send(topic));
        });
        Arc::new_cyclic(|itself| Self {
            store: parts.store,
            clock: parts.clock,
            line: parts.line,
            config: parts.config,
            queues: Queues::default(),
            in_progress: InProgress::default(),
            secrets: parts.secrets,
            sandbox: parts.sandbox,
            practice_clock: parts.practice_clock,
            home: parts.home,
            practice_offered: OnceLock::new(),
            restore_offered: OnceLock::new(),
            metrics: Metrics::default(),
            tick_bell: Notify::new(),
            held_lately: Mutex::default(),
            inbox_bell: Notify::new(),
            probe_bell: Notify::new(),
            media_bell: Notify::new(),
            menu_bell: Notify::new(),
            uploading: Arc::default(),
            decoding: Semaphore::new(1),
            recount_bell: Notify::new(),
            background: TaskTracker::new(),
            tasks: Tasks::default(),
            supervisor: Supervisor::default(),
            write_bell: Notify::new(),
            acts: TaskTracker::new(),
            taken_by_line: Mutex::default(),
            itself: itself.clone(),
            code_tries: Mutex::default(),
            urgent_replies: Mutex::default(),
            tickets: Mutex::default(),
            clinic: RwLock::new(Arc::new(parts.clinic)),
            channel: SharedChannel::default(),
            ticked_at: Mutex::new(None),
            backing_up: Mutex::default(),
            webhook_secret: RwLock::new(parts.webhook_secret),
            changes,
        })
    }

    /// This core as an `Arc`, for work that outlives its caller; `None` while the program ends.
    pub fn shared(&self) -> Option<Arc<Self>> {
        self.itself.upgrade()
    }

    /// The time that sessions count with: a jump of the practice clock signs nobody out.
    pub(crate) fn real_now(&self) -> Timestamp {
        self.practice_clock.as_ref().map_or_else(|| self.now(), |clock| clock.real_now())
    }

    /// Sets where requests for a practice clinic beside this one go.
    pub(crate) fn offer_practice(&self, ask: mpsc::Sender<AskToPractise>) {
        let _ = self.practice_offered.set(ask);
    }

    /// Takes requests for a practice clinic beside this one; `None` in practice mode.
    pub(crate) fn practice_offered(&self) -> Option<&mpsc::Sender<AskToPractise>> {
        self.practice_offered.get()
    }

    /// Sets where requests to put a backup back go.
    pub(crate) fn offer_restore(&self, ask: mpsc::Sender<AskToRestore>) {
        let _ = self.restore_offered.set(ask);
    }

    /// Takes requests to put a backup back; `None` where that is not possible while it runs.
    pub(crate) fn restore_offered(&self) -> Option<&mpsc::Sender<AskToRestore>> {
        self.restore_offered.get()
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The clinic's decisions as they are now; a later change does not reach this copy.
    pub fn clinic(&self) -> Arc<Clinic> {
        Arc::clone(&self.clinic.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn set_clinic(&self, clinic: Clinic) {
        *self.clinic.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(clinic);
    }

    pub(crate) fn shared_channel(&self) -> SharedChannel {
        Arc::clone(&self.channel)
    }

    /// Never held across an await.
    pub(crate) fn channel(&self) -> MutexGuard<'_, Channel> {
        self.channel.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The message contents that LINE said it would take. Never held across an await.
    pub(crate) fn taken_by_line(&self) -> MutexGuard<'_, Taken> {
        self.taken_by_line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether held messages are to be looked through. Never held across an await.
    pub(crate) fn held_lately(&self) -> MutexGuard<'_, HeldLately> {
        self.held_lately.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins acts on patients inside a transaction, to be kept until its commit: no message to them
    /// begins meanwhile, nor afterwards on facts that were read before.
    pub(crate) fn act_on(&self, patients: impl IntoIterator<Item = PatientId>) -> Vec<Act> {
        patients.into_iter().map(|id| self.in_progress.act(Scope::Patient(id))).collect()
    }

    /// LINE answered: an outage ends, and what it held goes.
    pub(crate) fn channel_answered(&self) {
        if self.channel().answered() {
            tracing::warn!("LINE takes messages again");
            self.announce(Topic::Status);
            self.tick_bell.notify_one();
        }
    }

    /// LINE refuses the channel as a whole: nothing goes until it answers again.
    pub(crate) fn channel_refused(&self, cause: Cause) {
        let now = self.now();
        if self.channel().shut(cause, now) {
            tracing::warn!(cause = cause.as_str(), "LINE refuses the channel");
            self.announce(Topic::Status);
            self.tick_bell.notify_one();
        }
    }

    pub(crate) fn ticked_at(&self) -> Option<Timestamp> {
        *self.ticked_at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_ticked_at(&self, at: Timestamp) {
        self.metrics.ticked();
        *self.ticked_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(at);
    }

    /// Never held across an await.
    pub(crate) fn backing_up(&self) -> MutexGuard<'_, BackingUp> {
        self.backing_up.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `None` where none was entered.
    pub fn webhook_secret(&self) -> Option<String> {
        self.webhook_secret.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_webhook_secret(&self, secret: Option<String>) {
        *self.webhook_secret.write().unwrap_or_else(PoisonError::into_inner) = secret;
    }

    /// By account. Never held across an await.
    pub(crate) fn code_tries(&self) -> MutexGuard<'_, CodeTries> {
        self.code_tries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replies that say whom to call. Never held across an await.
    pub(crate) fn urgent_replies(&self) -> MutexGuard<'_, UrgentReplies> {
        self.urgent_replies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Never held across an await.
    pub(crate) fn tickets(&self) -> MutexGuard<'_, Tickets> {
        self.tickets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Announces a change of what no table says: what was written announces itself with its commit.
    /// Nobody has to listen.
    pub(crate) fn announce(&self, topic: Topic) {
        let _ = self.changes.send(topic);
    }

    /// From now on.
    pub fn changes(&self) -> broadcast::Receiver<Topic> {
        self.changes.subscribe()
    }
}
