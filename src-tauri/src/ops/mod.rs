//! The operations: the one list of them, their inputs and outputs, and their bodies over
//! [`crate::core::Core`]. HTTP, the window and the command line call these and nothing else. A
//! trigger type, a message type and an endpoint each have one place here or in `domain`.

pub(crate) mod activity;
pub(crate) mod ahead;
pub(crate) mod answers;
pub(crate) mod assignments;
pub mod backups;
pub(crate) mod channel;
pub(crate) mod coming_up;
mod contents;
pub(crate) mod demo;
pub(crate) mod drifting;
pub(crate) mod erasure;
pub(crate) mod exports;
pub(crate) mod failed;
pub mod health;
pub(crate) mod held;
pub(crate) mod hours;
pub(crate) mod imports;
pub(crate) mod interactions;
pub(crate) mod jobs;
#[cfg(any(test, feature = "desktop"))]
pub(crate) mod limits;
mod line_check;
pub(crate) mod links;
pub(crate) mod list;
pub(crate) mod logs;
pub(crate) mod media;
pub mod messages;
pub(crate) mod openings;
pub mod operation;
pub mod patients;
pub(crate) mod practice;
pub(crate) mod practice_clock;
pub(crate) mod practice_room;
pub(crate) mod protocols;
pub(crate) mod rich_menu;
#[cfg(test)]
mod screens;
pub mod sending;
pub mod settings;
pub mod statistics;
pub(crate) mod strangers;
pub(crate) mod tasks;
pub(crate) mod templates;
pub(crate) mod timeline;
pub(crate) mod timetables;
pub(crate) mod today;
pub mod tokens;
pub(crate) mod uploads;
mod wire;
pub(crate) mod words;
pub(crate) mod workers;
pub(crate) mod worklist;

pub use wire::{Caller, Nothing};
#[cfg(feature = "desktop")]
pub(crate) use wire::{MAX_ROWS, PageOf};
pub(crate) use wire::{Paged, check};

use crate::{
    clock::Timestamp,
    core::{Core, Topic},
    domain::activity::{Act, Change},
    error::{Problem, Refusal, Result, Thing},
    ids::AuditId,
    store::{self, Conn},
};

/// Inside the transaction of the act.
async fn audit(
    conn: &mut Conn,
    core: &Core,
    who: &Caller,
    action: Act,
    subject: Option<String>,
    change: Option<Change>,
) -> Result<()> {
    let at = core.now();
    let entry = store::audit_log::AuditRow {
        id: AuditId::new(at),
        at,
        actor: who.actor.clone(),
        action,
        subject,
        detail: change.map(|change| change.to_text()),
    };
    Ok(store::audit_log::add(conn, &entry).await?)
}

fn announce(core: &Core, topics: &[Topic]) {
    for &topic in topics {
        core.announce(topic);
    }
}

/// 404 where there is none.
fn found<T>(row: Option<T>, what: Thing, id: impl std::fmt::Display) -> Result<T> {
    row.ok_or_else(|| Problem::not_found(what, id))
}

/// 409 where the row changed after the caller last read it: the second of two concurrent changes is
/// refused instead of undoing the first.
fn unchanged(seen: Option<Timestamp>, updated_at: Timestamp, what: Thing) -> Result<()> {
    if seen.is_none_or(|seen| seen == updated_at) {
        return Ok(());
    }
    // Staff call a protocol a care plan.
    let name = if what == Thing::Protocol { "care plan" } else { what.in_words() };
    let detail = format!("somebody else changed this {name} meanwhile; look at it again before you save");
    Err(Problem::conflict(Refusal::ChangedMeanwhile { what }, detail))
}
