//! The state of sending; pausing and resuming.

use super::{
    Caller, held,
    settings::{open_clinic, store_clinic},
    wire::{Nothing, outputs},
};
use crate::{
    clock::Timestamp,
    core::Core,
    delivery::recorder,
    domain::activity::Act,
    domain::{
        clinic::{Clinic, PauseReason, Paused},
        delivery::Cause,
        staff::Role,
    },
    error::{Result, Trouble},
    schedule::write_watch,
    store::{deliveries, strangers, worklist},
};

outputs! {
    /// The state of sending, of the clinic and of the caller.
    pub struct Status {
        /// The name of the clinic, as staff entered it.
        pub(crate) clinic_name: String,
        /// The clinic's IANA zone, such as `Asia/Bangkok`.
        pub(crate) time_zone: String,
        /// The time by the program's clock.
        pub(crate) now: Timestamp,
        /// Milliseconds by which the practice clock is ahead of the real one; 0 where it did not
        /// jump.
        pub(crate) practice_ahead_ms: i64,
        /// The version of the program, such as `0.1.0`.
        pub(crate) version: String,
        /// Whether messages go to the practice LINE.
        pub(crate) practice: bool,
        /// The address of the real clinic, in a practice clinic opened beside it; null elsewhere.
        pub(crate) practice_home: Option<String>,
        /// Whether messages are being sent, or what stops them.
        pub(crate) sending: Sending,
        /// Why messages are not sent, in English; null where nothing stops them.
        pub(crate) sending_detail: Option<String>,
        /// Who paused it; null where it is not paused.
        pub(crate) paused_by: Option<String>,
        /// Why the program itself paused it; null where it did not.
        pub(crate) paused_because: Option<PauseReason>,
        /// Why the database cannot be written, where that stops sending; else null.
        pub(crate) sending_trouble: Option<Trouble>,
        /// Since when nothing is sent; null where messages are being sent.
        pub(crate) sending_since: Option<Timestamp>,
        /// What is wrong although messages are being sent, in English; null where nothing is.
        pub(crate) alert: Option<String>,
        /// The alert as a stable name, for translation; null without one.
        pub(crate) alert_code: Option<AlertCode>,
        /// What the caller may do, by token or session.
        pub(crate) role: Role,
        /// Messages that failed or wait for a person.
        pub(crate) needs_attention: i64,
        /// Messages that are held for more than their own time.
        pub(crate) held: i64,
        /// Open worklist items, and strangers who wait for staff.
        pub(crate) worklist_open: i64,
        /// Urgent ones among `worklistOpen`.
        pub(crate) worklist_urgent: i64,
        /// Whether a new urgent one raises a notification on the desktop.
        pub(crate) notify_urgent: bool,
    }
}

/// Whether messages are being sent, or what stops them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema, specta::Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Sending {
    /// Messages are sent, to the real LINE, as fast as it takes them.
    Running,
    /// Nothing is sent: staff paused it, or the program did, until staff resume it.
    Paused,
    /// Messages are sent, to the practice LINE.
    Practice,
    /// There is no LINE channel to send by.
    NotConnected,
    /// LINE cannot be reached; messages wait for it.
    LineUnreachable,
    /// LINE does not take the channel access token.
    TokenInvalid,
    /// The month's messages are used up.
    QuotaExhausted,
    /// Sent messages could not be recorded, so nothing is sent.
    CannotWrite,
}

/// What is wrong although messages are being sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum AlertCode {
    /// LINE refuses messages because of the account's plan or rights.
    NotAllowed,
    /// A part of the program stopped and is being restarted.
    Restarting,
    /// The last backup could not be made.
    NoBackup,
}

impl AlertCode {
    const fn in_words(self) -> &'static str {
        match self {
            Self::NotAllowed => Cause::NotAllowed.in_words(),
            Self::NoBackup => "the last backup could not be made; System says why",
            Self::Restarting => "a part of the program stopped; it is being started again",
        }
    }
}

pub(crate) async fn status(core: &Core, who: &Caller, _: Nothing) -> Result<Status> {
    let clinic = core.clinic();
    let SendingState { sending, detail, since, paused_by, paused_because, trouble } = state(core, &clinic);
    let worklist = worklist::count_open(core.store.read(), core.now()).await?;
    let strangers = strangers::count_open(core.store.read()).await?;
    let alert = alert(core);
    Ok(Status {
        worklist_open: worklist.open + strangers.open,
        worklist_urgent: worklist.urgent + strangers.urgent,
        notify_urgent: clinic.notify_urgent,
        clinic_name: clinic.name.clone(),
        time_zone: clinic.time_zone.name().to_owned(),
        now: core.now(),
        practice_ahead_ms: core.practice_clock.as_ref().map_or(0, |clock| clock.ahead_ms()),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        practice: core.config.sandbox,
        practice_home: core.home.clone(),
        sending,
        sending_detail: detail,
        paused_by,
        paused_because,
        sending_trouble: trouble,
        sending_since: since,
        alert: alert.map(|alert| alert.in_words().to_owned()),
        alert_code: alert,
        role: who.role,
        needs_attention: deliveries::count_needing_attention(core.store.read()).await?,
        held: held::count(core).await?,
    })
}

/// Whether messages are being sent; else why not, and since when.
struct SendingState {
    sending: Sending,
    detail: Option<String>,
    since: Option<Timestamp>,
    paused_by: Option<String>,
    paused_because: Option<PauseReason>,
    trouble: Option<Trouble>,
}

impl SendingState {
    fn of(sending: Sending, detail: Option<&str>) -> Self {
        let detail = detail.map(str::to_owned);
        Self { sending, detail, since: None, paused_by: None, paused_because: None, trouble: None }
    }
}

/// A cause that a person can end comes before one that ends by itself.
fn state(core: &Core, clinic: &Clinic) -> SendingState {
    if let Some(trouble) = cannot_write(core) {
        let cannot = SendingState::of(Sending::CannotWrite, Some(trouble.in_words()));
        return SendingState { trouble: Some(trouble), ..cannot };
    }
    if let Some(paused) = &clinic.paused {
        let detail = match paused.because {
            Some(PauseReason::Restored) => RESTORED.to_owned(),
            None => format!("paused by {}", paused.by),
        };
        let by = SendingState::of(Sending::Paused, Some(&detail));
        let paused_by = Some(paused.by.clone());
        return SendingState { since: Some(paused.at), paused_by, paused_because: paused.because, ..by };
    }
    if !core.line.is_connected() {
        return SendingState::of(Sending::NotConnected, Some(NOT_CONNECTED));
    }
    let Some(down) = core.channel().down() else {
        let practice = core.sandbox.is_some();
        return SendingState::of(if practice { Sending::Practice } else { Sending::Running }, None);
    };
    let sending = match down.cause {
        Cause::TokenInvalid => Sending::TokenInvalid,
        Cause::QuotaExhausted => Sending::QuotaExhausted,
        _ => Sending::LineUnreachable,
    };
    SendingState { since: Some(down.since), ..SendingState::of(sending, Some(down.cause.in_words())) }
}

/// The advice to staff after a restored backup.
const RESTORED: &str = "an older copy of the data was put back; look through the messages that may have \
    been sent, then resume sending";

/// The fault of a missing channel: nothing can go, however healthy the rest.
pub(super) const NOT_CONNECTED: &str = "LINE is not connected";

/// `None` where it can.
fn cannot_write(core: &Core) -> Option<Trouble> {
    let trouble = |task| core.supervisor.health_of(task)?.trouble;
    trouble(recorder::TASK).or_else(|| trouble(write_watch::TASK))
}

fn alert(core: &Core) -> Option<AlertCode> {
    if core.channel().not_allowed_since().is_some() {
        return Some(AlertCode::NotAllowed);
    }
    let stopped = core.supervisor.all().iter().any(|(_, task)| !task.is_up);
    if stopped {
        return Some(AlertCode::Restarting);
    }
    core.backing_up().failed.is_some().then_some(AlertCode::NoBackup)
}

/// Stops all sending until it is resumed; messages that come due wait.
pub async fn pause_sending(core: &Core, who: &Caller, input: Nothing) -> Result<Status> {
    let (tx, mut clinic) = open_clinic(core).await?;
    if clinic.paused.is_none() {
        clinic.paused = Some(Paused { by: who.actor.clone(), at: core.now(), because: None });
        store_clinic(core, who, tx, clinic, Act::SendingPause).await?;
    }
    status(core, who, input).await
}

/// Resumes sending; messages that expired meanwhile are up for review.
pub async fn resume_sending(core: &Core, who: &Caller, input: Nothing) -> Result<Status> {
    let (tx, mut clinic) = open_clinic(core).await?;
    if clinic.paused.take().is_some() {
        store_clinic(core, who, tx, clinic, Act::SendingResume).await?;
    }
    status(core, who, input).await
}
