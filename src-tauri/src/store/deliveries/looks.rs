//! The facts that an act on many deliveries needs of each.

use const_format::formatcp;
use sqlx::FromRow;

use super::lists::Filter;
use crate::{
    clock::Timestamp,
    domain::{
        acts::ActedOn,
        assignment,
        clinic::AtNight,
        delivery::{Cause, State},
        patient::{self, Reachability},
    },
    ids::{DeliveryId, PatientId, RecurrenceId},
    store::{
        Cursor, json_rows,
        sql::{Pool, query_as},
    },
};

/// A delivery as an act finds it, and whether its patient can be written to.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Looked {
    pub(crate) id: DeliveryId,
    pub(crate) state: State,
    pub(crate) cause: Option<Cause>,
    pub(crate) maybe_sent_at: Option<Timestamp>,
    /// The repetition it is one time of; `None` where it goes once.
    pub(crate) recurrence_id: Option<RecurrenceId>,
    /// `None` for a one-off message.
    pub(crate) assignment_status: Option<assignment::Status>,
    pub(crate) line_user_id: Option<String>,
    pub(crate) reachability: Reachability,
    pub(crate) patient_status: patient::Status,
    pub(crate) consented_at: Option<Timestamp>,
    /// IANA; `None` for the clinic's.
    pub(crate) time_zone: Option<String>,
    pub(crate) demo: bool,
    /// `None` for the clinic's rule.
    pub(crate) at_night: Option<AtNight>,
}

impl From<&Looked> for ActedOn {
    fn from(d: &Looked) -> Self {
        Self {
            state: d.state,
            cause: d.cause,
            maybe_sent_at: d.maybe_sent_at,
            repeats: d.recurrence_id.is_some(),
            follow_up: d.assignment_status,
        }
    }
}

const LOOK: &str = "SELECT d.id, d.state, d.cause, d.maybe_sent_at, d.recurrence_id,
    a.status AS assignment_status, p.line_user_id, p.reachability, p.status AS patient_status,
    p.consented_at, p.time_zone, p.demo, d.at_night
    FROM deliveries d JOIN patients p ON p.id = d.patient_id
    LEFT JOIN assignments a ON a.id = d.assignment_id";

/// The deliveries of a list, in its order; up to `limit` + 1.
pub(crate) async fn look_at_list(pool: &Pool, filter: &Filter, limit: u32) -> sqlx::Result<Vec<Looked>> {
    match filter.select(LOOK, &Cursor::first_in(filter.order), limit)? {
        Some(query) => query.build_query_as().fetch_all(pool).await,
        None => Ok(Vec::new()),
    }
}

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Addressed {
    pub(crate) id: DeliveryId,
    pub(crate) patient_id: PatientId,
    /// As written.
    pub(crate) patient_name: String,
}

/// Deleted ones are left out.
pub(crate) async fn addressed(pool: &Pool, ids: &[DeliveryId]) -> sqlx::Result<Vec<Addressed>> {
    query_as(
        "SELECT d.id, d.patient_id, p.display_name AS patient_name
         FROM deliveries d JOIN patients p ON p.id = d.patient_id
         WHERE d.id IN (SELECT value FROM json_each($1))",
    )
    .bind(json_rows(ids)?)
    .fetch_all(pool)
    .await
}

/// By due time; deleted ones are left out.
pub(crate) async fn look_at(pool: &Pool, ids: &[DeliveryId]) -> sqlx::Result<Vec<Looked>> {
    query_as(formatcp!("{LOOK} WHERE d.id IN (SELECT value FROM json_each($1)) ORDER BY d.due_at, d.id"))
        .bind(json_rows(ids)?)
        .fetch_all(pool)
        .await
}
