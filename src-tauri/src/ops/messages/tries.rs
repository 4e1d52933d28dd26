//! The failed attempts at a message.

use super::shown::OneMessage;
use crate::{
    clock::Timestamp,
    core::Core,
    domain::delivery::Cause,
    error::{Result, Thing},
    ops::{Caller, found, wire::outputs},
    store::{deliveries, delivery_attempts},
};

outputs! {
    /// A failed attempt to send a message.
    pub(crate) struct FailedTry {
        /// The number of the attempt at the message, from 1.
        pub(crate) attempt: i64,
        /// When the attempt began.
        pub(crate) started_at: Timestamp,
        /// When LINE answered, or the attempt was given up.
        pub(crate) finished_at: Timestamp,
        /// Why it failed, as a stable name.
        pub(crate) cause: Cause,
        /// The cause in English.
        pub(crate) cause_text: String,
        /// LINE's HTTP status; null where there was no answer.
        pub(crate) http_status: Option<i64>,
        /// LINE's words, at most 1,000 characters; null where it gave none.
        pub(crate) error_text: Option<String>,
    }

    /// The failed attempts at one message.
    pub(crate) struct FailedTries {
        /// The first one first; empty where none failed.
        pub(crate) items: Vec<FailedTry>,
    }
}

pub(crate) async fn tries(core: &Core, _: &Caller, input: OneMessage) -> Result<FailedTries> {
    let pool = core.store.read();
    let mut conn = pool.acquire().await?;
    found(deliveries::get(&mut conn, input.id).await?, Thing::Message, input.id)?;
    drop(conn);
    let items = delivery_attempts::of(pool, input.id).await?.into_iter().map(|tried| FailedTry {
        attempt: tried.attempt,
        started_at: tried.started_at,
        finished_at: tried.finished_at,
        cause: tried.cause,
        cause_text: tried.cause.in_words().to_owned(),
        http_status: tried.http_status,
        error_text: tried.error_text,
    });
    Ok(FailedTries { items: items.collect() })
}
