//! Patients as they are looked for: by a part of what is known of them, or by a group.

use const_format::formatcp;
use sqlx::FromRow;

use super::Patient;
use crate::{
    clock::Timestamp,
    domain::patient::Group,
    store::{
        Cursor, Page,
        fragments::{STARTED_ASSIGNMENTS, UNANSWERED_STATUSES},
        json_rows,
        search::{self, Found},
        sql::{Builder, Pool},
    },
};

/// A patient in a list, with what staff look for first.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Summary {
    #[sqlx(flatten)]
    pub(crate) patient: Patient,
    /// Assignments that run now.
    pub(crate) active_assignments: i64,
    /// When the next step of any of them is due.
    #[sqlx(rename = "assignment_next_due_at")]
    pub(crate) next_due_at: Option<Timestamp>,
    /// When they last answered a question.
    pub(crate) last_answer_at: Option<Timestamp>,
}

/// Narrows a list to a group. Those of the first four stand in an index in the order of the
/// list; it is not to be taken where a search has found a few.
fn push_group(query: &mut Builder, group: Group, is_searched: bool) {
    match group {
        Group::Linked | Group::NotLinked | Group::Blocked | Group::Archived => {
            let column =
                if is_searched { " AND COALESCE(f.listed_group, '') = " } else { " AND f.listed_group = " };
            query.push(column).push_bind(group.as_str());
        }
        Group::Followed => {
            query.push(formatcp!(
                " AND f.id IN (SELECT a.patient_id FROM assignments a WHERE a.listed_status IN {STARTED_ASSIGNMENTS})"
            ));
        }
        Group::Unanswered => {
            query.push(formatcp!(
                " AND f.id IN (SELECT d.patient_id FROM deliveries d JOIN interaction_logs i ON i.id = d.id
                    WHERE d.answer_by IS NOT NULL AND i.status IN {UNANSWERED_STATUSES})"
            ));
        }
    }
}

/// Patients from the newest to the oldest; with `search`, those whose name, how it is read,
/// number, telephone or LINE user id contains it.
pub(crate) async fn list(
    pool: &Pool,
    search: Option<&str>,
    group: Option<Group>,
    after: &Cursor,
    limit: u32,
) -> sqlx::Result<Page<Summary>> {
    let text = search.map(search::folded).filter(|text| !text.is_empty());
    // What is shown beside a patient is looked up for the page alone.
    let mut query = Builder::new(
        "SELECT p.*,
            (SELECT COUNT(*) FROM assignments a WHERE a.patient_id = p.id AND a.status = 'active')
                AS active_assignments,
            (SELECT MIN(a.next_due_at) FROM assignments a
                WHERE a.patient_id = p.id AND a.status = 'active') AS assignment_next_due_at,
            (SELECT MAX(i.responded_at) FROM interaction_logs i WHERE i.user_id = p.id) AS last_answer_at
         FROM patients p WHERE p.id IN (SELECT f.id FROM patients f
            WHERE f.erased = FALSE AND (f.created_at, f.id) < (",
    );
    query.push_bind(after.at).push(", ").push_bind(after.id.clone()).push(")");
    if let Some(group) = group {
        push_group(&mut query, group, text.is_some());
    }
    if let Some(text) = text {
        match search::find(pool, &text).await? {
            Found::Few(keys) => {
                query.push(" AND f.search_key IN (SELECT value FROM json_each(");
                query.push_bind(json_rows(&keys)?).push("))");
            }
            Found::Many => {
                query.push(" AND instr(f.search_text, ").push_bind(text).push(") > 0");
            }
        }
    }
    query.push(" ORDER BY f.created_at DESC, f.id DESC LIMIT ").push_bind(i64::from(limit) + 1);
    query.push(") ORDER BY p.created_at DESC, p.id DESC");
    let rows: Vec<Summary> = query.build_query_as().fetch_all(pool).await?;
    Ok(Page::cut(rows, limit, |row| Cursor {
        at: row.patient.created_at.as_millis(),
        id: row.patient.id.to_string(),
    }))
}
