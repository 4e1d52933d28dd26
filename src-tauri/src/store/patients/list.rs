//! Lists of patients, searched or by group.

use const_format::formatcp;
use sqlx::FromRow;

use super::Patient;
use crate::{
    clock::Timestamp,
    domain::patient::{Group, Sort},
    store::{
        Cursor, Order, Page,
        fragments::{STARTED_ASSIGNMENTS, UNANSWERED_STATUSES, WAITING_STATES},
        json_rows,
        search::{self, Matches},
        sql::{Builder, Pool, query_as},
        to_json,
    },
};

/// A patient in a list, with what staff look for first.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Summary {
    #[sqlx(flatten)]
    pub(crate) patient: Patient,
    pub(crate) active_assignments: i64,
    /// When the next step of any of them is due; `None` where none is ahead.
    #[sqlx(rename = "assignment_next_due_at")]
    pub(crate) next_due_at: Option<Timestamp>,
    /// When the first waiting message is tried; `None` where none waits for a time.
    next_attempt_at: Option<Timestamp>,
    last_answer_at: Timestamp,
    /// The key of their place in a list by name.
    sort_name: String,
}

impl Summary {
    pub(crate) fn last_answer_at(&self) -> Option<Timestamp> {
        Some(self.last_answer_at).filter(|at| at.as_millis() > 0)
    }

    /// When the next message goes: a step's, or a waiting one.
    pub(crate) fn next_message_at(&self) -> Option<Timestamp> {
        self.next_due_at.into_iter().chain(self.next_attempt_at).min()
    }
}

/// Narrows a list to a group. The first four groups have an index in the order of the list, which
/// must not be used where a search has found a few.
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

#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// Only those whose name, reading, number, telephone or LINE user id contains it.
    pub(crate) search: Option<String>,
    pub(crate) group: Option<Group>,
    /// Only those with exactly this label.
    pub(crate) tag: Option<String>,
}

/// The first column of the key a list is ordered by, and its direction; the id is the second.
struct Key {
    beyond: &'static str,
    inner: &'static str,
    outer: &'static str,
}

impl Key {
    const fn of(sort: Sort) -> Self {
        match sort {
            Sort::Newest => Self {
                beyond: "(f.created_at, f.id) < (",
                inner: " ORDER BY f.created_at DESC, f.id DESC LIMIT ",
                outer: ") ORDER BY p.created_at DESC, p.id DESC",
            },
            Sort::Name => Self {
                beyond: "(f.sort_name, f.id) > (",
                inner: " ORDER BY f.sort_name, f.id LIMIT ",
                outer: ") ORDER BY p.sort_name, p.id",
            },
            Sort::Answered => Self {
                beyond: "(f.last_answer_at, f.id) < (",
                inner: " ORDER BY f.last_answer_at DESC, f.id DESC LIMIT ",
                outer: ") ORDER BY p.last_answer_at DESC, p.id DESC",
            },
        }
    }
}

/// Separates the name and the id of a place in a list by name; no folded text has it.
const BETWEEN: char = '\n';

/// Begins the id of a place in a list by last answer; no id has it.
const ANSWERED: char = '\t';

/// The place of a row in a list in this order.
fn place(row: &Summary, sort: Sort) -> Cursor {
    let (at, id) = (row.patient.created_at.as_millis(), row.patient.id);
    match sort {
        Sort::Newest => Cursor { at, id: id.to_string() },
        Sort::Name => Cursor { at, id: format!("{}{BETWEEN}{id}", row.sort_name) },
        Sort::Answered => Cursor { at: row.last_answer_at.as_millis(), id: format!("{ANSWERED}{id}") },
    }
}

pub(crate) fn beginning(sort: Sort) -> Cursor {
    match sort {
        Sort::Newest => Cursor::first_in(Order::Desc),
        Sort::Name => Cursor { at: 0, id: BETWEEN.to_string() },
        Sort::Answered => {
            let Cursor { at, id } = Cursor::first_in(Order::Desc);
            Cursor { at, id: format!("{ANSWERED}{id}") }
        }
    }
}

/// Narrows a query of `patients f` that has a WHERE already.
async fn push_filter(query: &mut Builder, pool: &Pool, filter: &Filter) -> sqlx::Result<()> {
    let text = filter.search.as_deref().map(search::folded).filter(|text| !text.is_empty());
    if let Some(group) = filter.group {
        push_group(query, group, text.is_some());
    }
    if let Some(tag) = &filter.tag {
        // With the quotes of its JSON, it cannot be part of a longer label.
        query.push(" AND instr(f.tags, ").push_bind(to_json(tag)?).push(") > 0");
    }
    let Some(text) = text else { return Ok(()) };
    match search::find(pool, &text).await? {
        Matches::Few(keys) => {
            query.push(" AND f.search_key IN (SELECT value FROM json_each(");
            query.push_bind(json_rows(&keys)?).push("))");
        }
        Matches::Many => {
            query.push(" AND instr(f.search_text, ").push_bind(text).push(") > 0");
        }
    }
    Ok(())
}

/// The columns shown with a patient, looked up only for the page.
const SUMMARIES: &str = formatcp!(
    "SELECT p.*,
        (SELECT COUNT(*) FROM assignments a WHERE a.patient_id = p.id AND a.status = 'active')
            AS active_assignments,
        (SELECT MIN(a.next_due_at) FROM assignments a
            WHERE a.patient_id = p.id AND a.status = 'active') AS assignment_next_due_at,
        (SELECT MIN(d.next_attempt_at) FROM deliveries d
            WHERE d.patient_id = p.id AND d.state IN {WAITING_STATES}) AS next_attempt_at
     FROM patients p WHERE p.id IN (SELECT f.id FROM patients f WHERE f.erased = FALSE AND "
);

/// Patients in this order; `None` where `after` is no place in it.
pub(crate) async fn list(
    pool: &Pool,
    filter: &Filter,
    sort: Sort,
    after: &Cursor,
    limit: u32,
) -> sqlx::Result<Option<Page<Summary>>> {
    let key = Key::of(sort);
    let mut query = Builder::new(SUMMARIES);
    query.push(key.beyond);
    match (sort, after.id.split_once(BETWEEN), after.id.strip_prefix(ANSWERED)) {
        (Sort::Newest, None, None) => query.push_bind(after.at).push(", ").push_bind(after.id.clone()),
        (Sort::Name, Some((name, id)), None) => {
            query.push_bind(name.to_owned()).push(", ").push_bind(id.to_owned())
        }
        (Sort::Answered, None, Some(id)) => query.push_bind(after.at).push(", ").push_bind(id.to_owned()),
        _ => return Ok(None),
    };
    query.push(")");
    push_filter(&mut query, pool, filter).await?;
    query.push(key.inner).push_bind(i64::from(limit) + 1).push(key.outer);
    let rows: Vec<Summary> = query.build_query_as().fetch_all(pool).await?;
    Ok(Some(Page::cut(rows, limit, |row| place(row, sort))))
}

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Tagged {
    pub(crate) tag: String,
    pub(crate) patients: i64,
}

/// The most frequent first.
pub(crate) async fn tags(pool: &Pool, limit: u32) -> sqlx::Result<Vec<Tagged>> {
    query_as(
        "SELECT l.atom AS tag, COUNT(*) AS patients
         FROM patients p CROSS JOIN json_each(p.tags) l
         WHERE p.tags <> '[]' GROUP BY l.atom ORDER BY COUNT(*) DESC, l.atom LIMIT $1",
    )
    .bind(limit)
    .fetch_all(pool)
    .await
}
