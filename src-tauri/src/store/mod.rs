//! All SQL of Clinicue, a file or folder for each table; queries are nowhere else.
//!
//! Writes go through one connection, so that they queue fairly in the process instead of fighting
//! for SQLite's lock; reads have a few of their own (WAL: readers never wait for the writer). What
//! belongs together is written in one transaction, in batches: many rows travel as one JSON array
//! and are unpacked by `json_each`.
//!
//! Every function here fails when the database does; an `# Errors` names any other failure.

#![allow(clippy::missing_errors_doc, reason = "said once, above")]

use std::path::PathBuf;

use crate::clock::Timestamp;

use self::tables::Listener;
#[cfg(debug_assertions)]
pub use self::tables::tables_read;
pub use self::tables::{Table, Written};
use self::{
    json::{Stored, json_rows, to_json, to_json_unless_empty},
    soundness::Condition,
};
pub use self::{
    open_error::OpenError,
    soundness::Remark,
    sql::{Conn, Pool, Tx},
};
pub(crate) use self::{
    page::{Cursor, Order, Page},
    soundness::look_through,
};

pub(crate) mod aggregation_units;
pub(crate) mod answers;
pub(crate) mod api_tokens;
mod arg;
pub(crate) mod assignments;
pub(crate) mod audit_log;
pub(crate) mod backup;
pub(crate) mod cron_jobs;
pub mod deliveries;
pub(crate) mod delivery_attempts;
pub(crate) mod demo;
pub(crate) mod disk;
mod ending;
pub(crate) mod erasure;
mod fragments;
pub(crate) mod interactions;
pub(crate) mod jobs;
mod json;
pub(crate) mod link_codes;
pub(crate) mod media;
pub(crate) mod menus;
pub(crate) mod message_templates;
mod open;
mod open_error;
mod page;
pub(crate) mod patient_messages;
pub mod patients;
mod place;
#[cfg(feature = "postgres")]
pub(crate) mod postgres;
pub(crate) mod protocols;
pub(crate) mod recurrences;
#[cfg(test)]
mod schema;
mod search;
pub(crate) mod sessions;
pub mod settings;
mod soundness;
pub mod sql;
pub mod statistics;
pub(crate) mod strangers;
mod tables;
pub(crate) mod timeline;
mod unreadable;
pub(crate) mod unsent_messages;
pub(crate) mod uploads;
pub mod webhook_events;
pub(crate) mod worklist;

pub const FILE_NAME: &str = "clinicue.db";

#[derive(Clone, Debug)]
pub struct Store {
    write: Pool,
    read: Pool,
    delivery_read: Pool,
    /// The data folder; `None` where another process opened it first, or on a server.
    folder: Option<PathBuf>,
    condition: Condition,
    /// The number of the clean end before this run.
    turn: i64,
    listener: Listener,
}

impl Store {
    /// The damage that a check found, in SQLite's words; `None` where it found none.
    pub fn damage(&self) -> Option<String> {
        self.condition.damage()
    }

    /// What staff should know about the database and its folder.
    pub fn remarks(&self) -> Vec<Remark> {
        self.condition.remarks()
    }

    /// Whether it lies on a server, which looks after it.
    pub(crate) const fn is_on_server(&self) -> bool {
        match &self.write {
            Pool::Sqlite(_) => false,
            #[cfg(feature = "postgres")]
            Pool::Postgres(_) => true,
        }
    }

    /// The connections for reading; a write through them fails.
    pub const fn read(&self) -> &Pool {
        &self.read
    }

    /// A connection for reading messages to send, so that lists do not make it wait.
    pub(crate) const fn delivery_read(&self) -> &Pool {
        &self.delivery_read
    }

    /// The one connection for writing, as a pool: for the queue's own statements and for tests.
    pub const fn writer(&self) -> &Pool {
        &self.write
    }

    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// Another process locks the database, or it failed.
    pub async fn begin(&self) -> sqlx::Result<Tx> {
        Ok(self.write.begin_writing().await?.heard_by(self.listener.clone()))
    }

    /// Sets who hears, after each commit, which tables were written.
    pub(crate) fn tell(&self, hears: impl Fn(Written) + Send + Sync + 'static) {
        self.listener.set(hears);
    }

    /// Closes every connection; everything committed is on disk.
    pub async fn close(&self) {
        self.read.close().await;
        self.delivery_read.close().await;
        let turn = if self.folder.is_some() { self.next_turn().await } else { self.turn };
        self.write.close().await;
        // A database that is not known to be sound is checked at the next start.
        if let Some(folder) = &self.folder
            && self.condition.is_sound()
            && let Err(error) = ending::end(folder, turn)
        {
            tracing::warn!(%error, "the clean end could not be noted; the next start checks the database");
        }
    }

    /// Numbers this end in the database. Returns the number stored there.
    async fn next_turn(&self) -> i64 {
        let next = self.turn + 1;
        let noted = async {
            let mut tx = self.begin().await?;
            settings::set(&mut tx, ending::TURN, &next, Timestamp::default()).await?;
            tx.commit().await
        };
        match noted.await {
            Ok(()) => next,
            Err::<_, sqlx::Error>(error) => {
                tracing::warn!(%error, "this end could not be numbered");
                self.turn
            }
        }
    }
}
