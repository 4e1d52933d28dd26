//! The operations: the one list of them, their inputs and outputs, and their bodies over
//! [`crate::core::Core`]. Every way in (HTTP, the window, the command line) calls these and
//! nothing else. A trigger type, a message type and an endpoint each have one place here or
//! in `domain`.

mod activity; //MOD
mod assignments; //MOD
mod channel; //MOD
pub(crate) mod demo;
pub(crate) mod exports;
mod failed; //MOD
pub mod health;
mod held; //MOD
mod imports; //MOD
mod interactions; //MOD
pub(crate) mod jobs;
#[cfg(any(test, feature = "desktop"))]
mod limits; //MOD
mod line_check;
mod links; //MOD
pub mod list;
pub mod messages;
pub mod patients;
mod practice; //MOD
mod protocols; //MOD
pub mod sending;
pub mod settings;
pub mod statistics;
mod tasks; //MOD
mod timeline; //MOD
mod today; //MOD
pub mod tokens;
mod wire;
mod worklist; //MOD

pub use wire::{Caller, Nothing};
pub(crate) use wire::{Paged, check};

use crate::{
    clock::Timestamp,
    core::{Core, Topic},
    domain::activity::Change,
    error::{Problem, Refusal, Result, Thing},
    ids::AuditId,
    store::{self, Conn},
};

/// Writes an act to the activity log, inside the transaction of the act.
async fn audit(
    conn: &mut Conn,
    core: &Core,
    who: &Caller,
    action: &str,
    subject: Option<String>,
    change: Option<Change>,
) -> Result<()> {
    let at = core.now();
    let entry = store::audit_log::Entry {
        id: AuditId::new(at),
        at,
        actor: who.actor.clone(),
        action: action.to_owned(),
        subject,
        detail: change.map(|change| change.to_text()),
    };
    Ok(store::audit_log::add(conn, &entry).await?)
}

/// Announces several topics.
fn announce(core: &Core, topics: &[Topic]) {
    for &topic in topics {
        core.announce(topic);
    }
}

/// The row, or 404.
fn found<T>(row: Option<T>, what: Thing, id: impl std::fmt::Display) -> Result<T> {
    row.ok_or_else(|| Problem::not_found(what, id))
}

/// 409 where the row changed after what the caller has seen of it: the second of two who
/// change it at once is told, rather than undoing what the first did.
fn unchanged(seen: Option<Timestamp>, updated_at: Timestamp, what: Thing) -> Result<()> {
    if seen.is_none_or(|seen| seen == updated_at) {
        return Ok(());
    }
    // Staff call a protocol so.
    let name = if what == Thing::Protocol { "care plan" } else { what.in_words() };
    let detail = format!("somebody else changed this {name} meanwhile; look at it again before you save");
    Err(Problem::conflict(Refusal::ChangedMeanwhile { what }, detail))
}
