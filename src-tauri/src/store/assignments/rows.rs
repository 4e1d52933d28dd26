//! Assignments as staff see them, and lists of them.

use const_format::formatcp;
use sqlx::FromRow;

use crate::{
    clock::Timestamp,
    domain::{
        assignment::{Passed, Pause, Status},
        protocol::{Sender, WhenUnreachable},
    },
    ids::{AssignmentId, MESSAGES_ASSIGNMENT, PatientId, ProtocolId, VersionId},
    store::{
        Conn, Cursor, Page, Stored,
        fragments::{OPEN_STATES, STARTED_ASSIGNMENTS},
        json_rows,
        search::{self, InPatients},
        sql::{Builder, Pool, query, query_as, query_scalar},
    },
};

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Assignment {
    pub(crate) id: AssignmentId,
    pub(crate) patient_id: PatientId,
    pub(crate) patient_name: String,
    /// The patient's own IANA zone; `None` for the clinic's.
    pub(crate) patient_zone: Option<String>,
    pub(crate) protocol_id: ProtocolId,
    pub(crate) protocol_name: String,
    /// Set when it is made; it never changes.
    pub(crate) version_id: VersionId,
    pub(crate) version: i64,
    pub(crate) when_unreachable: WhenUnreachable,
    /// `None` for the account's own.
    #[sqlx(try_from = "Stored<Option<Sender>>")]
    pub(crate) sender: Option<Sender>,
    pub(crate) step_count: i64,
    pub(crate) status: Status,
    pub(crate) started_at: Option<Timestamp>,
    pub(crate) paused_at: Option<Timestamp>,
    /// Pauses that are over, the oldest first.
    #[sqlx(try_from = "Stored<Vec<Pause>>")]
    pub(crate) pauses: Vec<Pause>,
    /// Occurrences that are planned no more.
    #[sqlx(try_from = "Stored<Vec<Passed>>")]
    pub(crate) passed: Vec<Passed>,
    pub(crate) ended_at: Option<Timestamp>,
    /// The order of the latest step that came due; 0 before the first.
    pub(crate) current_step: i64,
    /// The instant up to which, included, everything due has its delivery; `None` before the start.
    pub(crate) planned_through: Option<Timestamp>,
    pub(crate) next_due_at: Option<Timestamp>,
    /// Messages that are not sent yet and still may be.
    pub(crate) waiting_messages: i64,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

// The inner join with patients leaves out the built-in "Messages".
pub(super) const SELECT: &str = formatcp!(
    "SELECT a.*, p.display_name AS patient_name, p.time_zone AS patient_zone,
    pr.name AS protocol_name, v.version, v.when_unreachable, v.sender,
    (SELECT COUNT(*) FROM protocol_steps s WHERE s.version_id = a.version_id) AS step_count,
    (SELECT COUNT(*) FROM deliveries d WHERE d.assignment_id = a.id
        AND d.state IN {OPEN_STATES}) AS waiting_messages
 FROM assignments a
 JOIN patients p ON p.id = a.patient_id
 JOIN protocols pr ON pr.id = a.protocol_id
 JOIN protocol_versions v ON v.id = a.version_id"
);

#[derive(Clone, Copy, Debug)]
pub(crate) struct New {
    pub(crate) id: AssignmentId,
    pub(crate) patient_id: PatientId,
    pub(crate) protocol_id: ProtocolId,
    pub(crate) version_id: VersionId,
}

pub(crate) async fn insert(conn: &mut Conn, new: &New, now: Timestamp) -> sqlx::Result<()> {
    query(
        "INSERT INTO assignments (id, patient_id, protocol_id, version_id, status, created_at, updated_at)
         VALUES ($1, $2, $3, $4, 'assigned', $5, $5)",
    )
    .bind(new.id)
    .bind(new.patient_id)
    .bind(new.protocol_id)
    .bind(new.version_id)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn get(conn: &mut Conn, id: AssignmentId) -> sqlx::Result<Option<Assignment>> {
    query_as(formatcp!("{SELECT} WHERE a.id = $1")).bind(id).fetch_optional(conn).await
}

/// Those that exist, in no order.
pub(crate) async fn get_many(conn: &mut Conn, ids: &[AssignmentId]) -> sqlx::Result<Vec<Assignment>> {
    query_as(formatcp!("{SELECT} WHERE a.id IN (SELECT value FROM json_each($1))"))
        .bind(json_rows(ids)?)
        .fetch_all(conn)
        .await
}

pub(crate) async fn active_of(conn: &mut Conn, patient: PatientId) -> sqlx::Result<Vec<Assignment>> {
    query_as(formatcp!("{SELECT} WHERE a.patient_id = $1 AND a.status = 'active'"))
        .bind(patient)
        .fetch_all(conn)
        .await
}

/// Those of these patients who have a started assignment that is not over.
pub(crate) async fn with_started(conn: &mut Conn, patients: &[PatientId]) -> sqlx::Result<Vec<PatientId>> {
    if patients.is_empty() {
        return Ok(Vec::new());
    }
    query_scalar(formatcp!(
        "SELECT DISTINCT patient_id FROM assignments
         WHERE patient_id IN (SELECT value FROM json_each($1)) AND status IN {STARTED_ASSIGNMENTS}"
    ))
    .bind(json_rows(patients)?)
    .fetch_all(conn)
    .await
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) patient_id: Option<PatientId>,
    pub(crate) protocol_id: Option<ProtocolId>,
    pub(crate) status: Option<Status>,
    /// Only those of patients whose name, reading, number, telephone or LINE user id contains it.
    pub(crate) search: Option<String>,
}

impl Filter {
    /// Narrows a query of `assignments a` that has a WHERE already; `found` are the patients its
    /// search found.
    fn push(&self, found: Option<&InPatients>, query: &mut Builder) -> sqlx::Result<()> {
        // Few are found by the patient: COALESCE leaves the choice of the index to it.
        let narrow = self.patient_id.is_some() || matches!(found, Some(InPatients::Few(_)));
        if let Some(id) = self.patient_id {
            query.push(" AND a.patient_id = ").push_bind(id);
        }
        if let Some(id) = self.protocol_id {
            query
                .push(if narrow { " AND COALESCE(a.protocol_id, '') = " } else { " AND a.protocol_id = " })
                .push_bind(id);
        }
        if let Some(status) = self.status {
            query.push(if narrow { " AND a.status = " } else { " AND a.listed_status = " }).push_bind(status);
        }
        match found {
            Some(InPatients::Few(ids)) => {
                query.push(" AND a.patient_id IN (SELECT value FROM json_each(");
                query.push_bind(json_rows(ids)?).push("))");
            }
            Some(InPatients::Many(text)) => {
                query.push(
                    " AND EXISTS (SELECT 1 FROM patients f WHERE f.id = a.patient_id AND instr(f.search_text, ",
                );
                query.push_bind(text.clone()).push(") > 0)");
            }
            None => {}
        }
        Ok(())
    }
}

/// From the newest to the oldest.
pub(crate) async fn list(
    pool: &Pool,
    filter: &Filter,
    after: &Cursor,
    limit: u32,
) -> sqlx::Result<Page<Assignment>> {
    let found = search::patients(pool, filter.search.as_deref()).await?;
    let mut query = Builder::new(SELECT);
    query.push(" WHERE (a.created_at, a.id) < (").push_bind(after.at);
    query.push(", ").push_bind(after.id.clone()).push(")");
    filter.push(found.as_ref(), &mut query)?;
    query.push(" ORDER BY a.created_at DESC, a.id DESC LIMIT ").push_bind(i64::from(limit) + 1);
    let rows: Vec<Assignment> = query.build_query_as().fetch_all(pool).await?;
    Ok(Page::cut(rows, limit, |a| Cursor { at: a.created_at.as_millis(), id: a.id.to_string() }))
}

#[derive(Clone, Copy, Debug, FromRow)]
pub(crate) struct StatusCount {
    pub(crate) status: Status,
    pub(crate) count: i64,
}

pub(crate) async fn count_by_status(pool: &Pool, filter: &Filter) -> sqlx::Result<Vec<StatusCount>> {
    let found = search::patients(pool, filter.search.as_deref()).await?;
    // Each status is counted in its index only. The built-in one is nobody's.
    let mut query = Builder::new("SELECT * FROM (SELECT ");
    for (n, &status) in Status::ALL.iter().enumerate() {
        if n > 0 {
            query.push(" UNION ALL SELECT ");
        }
        query.push_bind(status).push(" AS status, COUNT(*) AS count FROM assignments a WHERE a.id <> ");
        query.push_bind(MESSAGES_ASSIGNMENT);
        Filter { status: Some(status), ..filter.clone() }.push(found.as_ref(), &mut query)?;
    }
    query.push(") AS counts");
    query.build_query_as().fetch_all(pool).await
}
