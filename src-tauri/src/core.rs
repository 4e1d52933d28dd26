//! The handles everybody shares; no behaviour of its own.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

use tokio::sync::{Notify, broadcast};

use crate::{
    clock::{SharedClock, Timestamp},
    config::{Config, secrets},
    domain::{channel::Channel, clinic::Clinic},
    line,
    metrics::Metrics,
    queue::Queues,
    store::Store,
};

/// What kind of thing changed, so that whoever shows it looks again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum Topic {
    /// Deliveries and the interaction log.
    Messages,
    /// Assignments.
    Assignments,
    /// Patients.
    Patients,
    /// Protocols.
    Protocols,
    /// Queues and recurring work.
    Jobs,
    /// The clinic's settings.
    Settings,
    /// The practice phones.
    Phones,
    /// Whether messages are being sent.
    Status,
}

/// Every topic, for a listener that lost count.
pub const ALL_TOPICS: [Topic; 8] = [
    Topic::Messages,
    Topic::Assignments,
    Topic::Patients,
    Topic::Protocols,
    Topic::Jobs,
    Topic::Settings,
    Topic::Phones,
    Topic::Status,
];

/// A set of topics.
pub type Topics = BTreeSet<Topic>;

/// The handles.
pub struct Core {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: SharedClock,
    /// LINE.
    pub line: line::Client,
    /// How the process was set up.
    pub config: Arc<Config>,
    /// The queues of this process.
    pub queues: Queues,
    /// Where the channel's secrets are kept.
    pub secrets: secrets::Keeper,
    /// The practice LINE, where messages go to it.
    pub sandbox: Option<line::sandbox::Running>,
    /// What is counted while the program runs.
    pub metrics: Metrics,
    /// Rung when something may be due earlier than the tick expects.
    pub tick_bell: Notify,
    clinic: RwLock<Arc<Clinic>>,
    channel: Mutex<Channel>,
    ticked_at: Mutex<Option<Timestamp>>,
    webhook_secret: RwLock<Option<String>>,
    changes: broadcast::Sender<Topic>,
}

/// What a core is made of.
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: SharedClock,
    /// LINE.
    pub line: line::Client,
    /// How the process was set up.
    pub config: Arc<Config>,
    /// Where the channel's secrets are kept.
    pub secrets: secrets::Keeper,
    /// The practice LINE.
    pub sandbox: Option<line::sandbox::Running>,
    /// What the clinic decided.
    pub clinic: Clinic,
    /// The channel's secret, which signs webhooks.
    pub webhook_secret: Option<String>,
}

/// Changes that may wait for a slow listener before it loses some; it then looks at all.
const CHANGES_KEPT: usize = 1024;

impl Core {
    /// Puts the handles together.
    pub fn new(parts: Parts) -> Arc<Self> {
        Arc::new(Self {
            store: parts.store,
            clock: parts.clock,
            line: parts.line,
            config: parts.config,
            queues: Queues::default(),
            secrets: parts.secrets,
            sandbox: parts.sandbox,
            metrics: Metrics::default(),
            tick_bell: Notify::new(),
            clinic: RwLock::new(Arc::new(parts.clinic)),
            channel: Mutex::new(Channel::default()),
            ticked_at: Mutex::new(None),
            webhook_secret: RwLock::new(parts.webhook_secret),
            changes: broadcast::Sender::new(CHANGES_KEPT),
        })
    }

    /// The instant now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What the clinic decided.
    pub fn clinic(&self) -> Arc<Clinic> {
        Arc::clone(&self.clinic.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes over what the clinic decided anew.
    pub fn set_clinic(&self, clinic: Clinic) {
        *self.clinic.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(clinic);
    }

    /// What is known of the channel. Never held across an await.
    pub fn channel(&self) -> MutexGuard<'_, Channel> {
        self.channel.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When the tick last ran.
    pub fn ticked_at(&self) -> Option<Timestamp> {
        *self.ticked_at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a tick.
    pub fn set_ticked_at(&self, at: Timestamp) {
        *self.ticked_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(at);
    }

    /// The channel's secret, which signs webhooks.
    pub fn webhook_secret(&self) -> Option<String> {
        self.webhook_secret.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes over another secret.
    pub fn set_webhook_secret(&self, secret: Option<String>) {
        *self.webhook_secret.write().unwrap_or_else(PoisonError::into_inner) = secret;
    }

    /// Announces a change; nobody has to listen.
    pub fn announce(&self, topic: Topic) {
        let _ = self.changes.send(topic);
    }

    /// Listens to changes from now on.
    pub fn changes(&self) -> broadcast::Receiver<Topic> {
        self.changes.subscribe()
    }
}
