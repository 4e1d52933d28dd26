//! Whether messages are being sent; pausing and resuming.

use super::settings::{open_clinic, store_clinic};
use super::{
    Caller, held,
    wire::{Nothing, outputs},
};
use crate::{
    clock::Timestamp,
    core::Core,
    delivery::recorder,
    domain::{
        clinic::{Clinic, Paused},
        delivery::Cause,
        staff::Role,
    },
    error::Result,
    schedule::write_watch,
    store::{deliveries, worklist},
};

outputs! {
    /// Whether messages are being sent, and for whom this looks.
    pub struct Status {
        /// The clinic's name.
        pub clinic_name: String,
        /// The clinic's IANA zone.
        pub time_zone: String,
        /// The version of the program.
        pub version: String,
        /// Whether messages go to the practice LINE.
        pub practice: bool,
        /// Whether messages are being sent.
        pub sending: Sending,
        /// Why not, in plain words.
        pub sending_detail: Option<String>,
        /// Since when not.
        pub sending_since: Option<Timestamp>,
        /// What is wrong though messages are being sent, in plain words.
        pub alert: Option<String>,
        /// What the caller may do.
        pub role: Role,
        /// Messages that failed or wait for a person.
        pub needs_attention: i64,
        /// Messages that are held for more than their own time.
        pub held: i64,
        /// Open lines of the worklist.
        pub worklist_open: i64,
        /// Of these: urgent ones.
        pub worklist_urgent: i64,
        /// Whether a new urgent one raises a notification on the desktop.
        pub notify_urgent: bool,
    }
}

/// Whether messages are being sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Sending {
    /// They are.
    Running,
    /// Staff paused it.
    Paused,
    /// They are, to the practice LINE.
    Practice,
    /// There is no LINE channel to send by.
    NotConnected,
    /// LINE cannot be reached.
    LineUnreachable,
    /// LINE does not take the channel access token.
    TokenInvalid,
    /// The month's messages are used up.
    QuotaExhausted,
    /// What is sent could not be recorded: nothing is sent.
    CannotWrite,
}

/// Whether messages are being sent.
pub async fn status(core: &Core, who: &Caller, _: Nothing) -> Result<Status> {
    let clinic = core.clinic();
    let (sending, detail, since) = sending(core, &clinic);
    let (worklist_open, worklist_urgent) = worklist::count(core.store.read(), core.now()).await?;
    Ok(Status {
        worklist_open,
        worklist_urgent,
        notify_urgent: clinic.notify_urgent,
        clinic_name: clinic.name.clone(),
        time_zone: clinic.time_zone.name().to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        practice: core.config.sandbox,
        sending,
        sending_detail: detail,
        sending_since: since,
        alert: alert(core),
        role: who.role,
        needs_attention: deliveries::count_needing_attention(core.store.read()).await?,
        held: held::count(core).await?,
    })
}

/// Whether messages are being sent; why not, and since when not. What a person can end comes
/// before what ends by itself.
fn sending(core: &Core, clinic: &Clinic) -> (Sending, Option<String>, Option<Timestamp>) {
    if let Some(trouble) = cannot_write(core) {
        return (Sending::CannotWrite, Some(trouble), None);
    }
    if let Some(paused) = &clinic.paused {
        return (Sending::Paused, Some(format!("paused by {}", paused.by)), Some(paused.at));
    }
    if !core.line.is_connected() {
        return (Sending::NotConnected, Some(NOT_CONNECTED.to_owned()), None);
    }
    let Some(down) = core.channel().down() else {
        let practice = core.sandbox.is_some();
        return (if practice { Sending::Practice } else { Sending::Running }, None, None);
    };
    let sending = match down.cause {
        Cause::TokenInvalid => Sending::TokenInvalid,
        Cause::QuotaExhausted => Sending::QuotaExhausted,
        _ => Sending::LineUnreachable,
    };
    (sending, Some(down.cause.in_words().to_owned()), Some(down.since))
}

/// Without a channel nothing can go, however green the rest.
pub(super) const NOT_CONNECTED: &str = "LINE is not connected";

/// What keeps the database from being written.
fn cannot_write(core: &Core) -> Option<String> {
    let trouble = |task| core.supervisor.standing(task)?.trouble;
    trouble(recorder::TASK).or_else(|| trouble(write_watch::TASK))
}

/// What is wrong though messages are being sent.
fn alert(core: &Core) -> Option<String> {
    if core.channel().not_allowed_since().is_some() {
        return Some(Cause::NotAllowed.in_words().to_owned());
    }
    let stopped = core.supervisor.all().iter().any(|(_, task)| !task.is_up);
    stopped.then(|| "a part of the program stopped; it is being started again".to_owned())
}

/// Stops all sending until it is resumed; what comes due waits.
pub async fn pause_sending(core: &Core, who: &Caller, input: Nothing) -> Result<Status> {
    let (tx, mut clinic) = open_clinic(core).await?;
    if clinic.paused.is_none() {
        clinic.paused = Some(Paused { by: who.actor.clone(), at: core.now() });
        store_clinic(core, who, tx, clinic, "sending.pause").await?;
    }
    status(core, who, input).await
}

/// Sends again; what grew too old meanwhile is up for review.
pub async fn resume_sending(core: &Core, who: &Caller, input: Nothing) -> Result<Status> {
    let (tx, mut clinic) = open_clinic(core).await?;
    if clinic.paused.take().is_some() {
        store_clinic(core, who, tx, clinic, "sending.resume").await?;
    }
    status(core, who, input).await
}
