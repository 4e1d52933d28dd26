//! Protocols, their versions and steps.

use std::collections::HashMap;

use const_format::formatcp;
use serde_json::{Value, json};
use sqlx::FromRow;

use super::{
    Conn, Cursor, Page, Stored, json_rows,
    sql::{Pool, query, query_as, query_scalar},
    to_json, to_json_unless_empty, uploads,
};
use crate::{
    clock::Timestamp,
    domain::{
        clinic::AtNight,
        delivery::Priority,
        feedback::Feedback,
        message::{FurtherMessage, MessageType},
        protocol::{Sender, Status, WhenUnreachable},
        quick_reply::QuickReply,
        translation::Translations,
        trigger::Trigger,
    },
    ids::{ProtocolId, StepId, VersionId},
};

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Protocol {
    /// A UUID that is the same for all versions.
    pub(crate) id: ProtocolId,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) status: Status,
    pub(crate) demo: bool,
    pub(crate) version_id: VersionId,
    /// From 1.
    pub(crate) version: i64,
    pub(crate) when_unreachable: WhenUnreachable,
    /// `None` for the account's own.
    #[sqlx(try_from = "Stored<Option<Sender>>")]
    pub(crate) sender: Option<Sender>,
    /// When LINE said that it would take every message of the newest version; `None` where it has
    /// not.
    pub(crate) line_checked_at: Option<Timestamp>,
    /// `None` for a draft.
    pub(crate) published_at: Option<Timestamp>,
    pub(crate) step_count: i64,
    /// Assignments of any version that run now.
    pub(crate) active_assignments: i64,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

const SELECT: &str = "SELECT p.id, p.name, p.description, p.status, p.demo, p.created_at, p.updated_at,
    v.id AS version_id, v.version, v.when_unreachable, v.sender, v.line_checked_at, v.published_at,
    (SELECT COUNT(*) FROM protocol_steps s WHERE s.version_id = v.id) AS step_count,
    (SELECT COUNT(*) FROM assignments a WHERE a.protocol_id = p.id AND a.status = 'active')
        AS active_assignments
 FROM protocols p
 JOIN protocol_versions v ON v.protocol_id = p.id
    AND v.version = (SELECT MAX(version) FROM protocol_versions w WHERE w.protocol_id = p.id)
 WHERE p.built_in = FALSE";

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Step {
    pub(crate) id: StepId,
    pub(crate) version_id: VersionId,
    /// The step's place in its version, from 1.
    pub(crate) step_order: i64,
    /// May be empty.
    pub(crate) name: String,
    #[sqlx(rename = "trigger_rule", try_from = "Stored<Trigger>")]
    pub(crate) trigger: Trigger,
    pub(crate) message_type: MessageType,
    /// The fields that go with the type.
    #[sqlx(try_from = "Stored<Value>")]
    pub(crate) content: Value,
    #[sqlx(try_from = "Stored<Option<Vec<FurtherMessage>>>")]
    pub(crate) further_messages: Option<Vec<FurtherMessage>>,
    pub(crate) requires_feedback: bool,
    #[sqlx(try_from = "Stored<Option<Feedback>>")]
    pub(crate) feedback: Option<Feedback>,
    #[sqlx(try_from = "Stored<Option<Vec<QuickReply>>>")]
    pub(crate) quick_replies: Option<Vec<QuickReply>>,
    pub(crate) priority: Priority,
    /// Milliseconds after its due time in which it may still be sent.
    pub(crate) freshness_ms: i64,
    /// Whether a press of a button of the message itself puts the patient on the worklist.
    pub(crate) press_calls_staff: bool,
    pub(crate) silent: bool,
    /// `None` for the clinic's rule.
    pub(crate) at_night: Option<AtNight>,
    /// The step in other languages; `None` where it has one text for all.
    #[sqlx(try_from = "Stored<Option<Translations>>")]
    pub(crate) translations: Option<Translations>,
}

#[derive(Clone, Debug)]
pub(crate) struct Head<'a> {
    pub(crate) id: ProtocolId,
    pub(crate) name: &'a str,
    pub(crate) description: &'a str,
    pub(crate) demo: bool,
}

/// As a draft.
pub(crate) async fn insert(conn: &mut Conn, head: &Head<'_>, now: Timestamp) -> sqlx::Result<()> {
    query(
        "INSERT INTO protocols (id, name, description, status, demo, created_at, updated_at)
         VALUES ($1, $2, $3, 'draft', $4, $5, $5)",
    )
    .bind(head.id)
    .bind(head.name)
    .bind(head.description)
    .bind(head.demo)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn rename(conn: &mut Conn, head: &Head<'_>, now: Timestamp) -> sqlx::Result<()> {
    query("UPDATE protocols SET name = $2, description = $3, updated_at = $4 WHERE id = $1")
        .bind(head.id)
        .bind(head.name)
        .bind(head.description)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

#[derive(Clone, Debug)]
pub(crate) struct NewVersion {
    pub(crate) id: VersionId,
    pub(crate) protocol_id: ProtocolId,
    /// From 1 within its protocol.
    pub(crate) number: i64,
    pub(crate) when_unreachable: WhenUnreachable,
    pub(crate) sender: Option<Sender>,
    /// When LINE said that it would take its messages; `None` where it could not be asked.
    pub(crate) line_checked_at: Option<Timestamp>,
}

pub(crate) async fn insert_version(
    conn: &mut Conn,
    version: &NewVersion,
    steps: &[Step],
    now: Timestamp,
) -> sqlx::Result<()> {
    query(
        "INSERT INTO protocol_versions
            (id, protocol_id, version, when_unreachable, line_checked_at, created_at, sender)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(version.id)
    .bind(version.protocol_id)
    .bind(version.number)
    .bind(version.when_unreachable)
    .bind(version.line_checked_at)
    .bind(now)
    .bind(version.sender.as_ref().map(to_json).transpose()?)
    .execute(&mut *conn)
    .await?;
    let rows = steps.iter().map(row_of).collect::<sqlx::Result<Vec<_>>>()?;
    let rows = json_rows(&rows)?;
    let sender = version.sender.as_ref().map(to_json).transpose()?.unwrap_or_default();
    uploads::mark_used(conn, &(sender + &rows), now).await?;
    query(
        "INSERT INTO protocol_steps (id, version_id, step_order, name, trigger_rule, message_type,
            content, requires_feedback, feedback, priority, freshness_ms, press_calls_staff,
            further_messages, silent, translations, quick_replies, at_night)
         SELECT value ->> 0, $2, CAST(value ->> 1 AS BIGINT), value ->> 2, value ->> 3, value ->> 4,
            value ->> 5,
            CAST(value ->> 6 AS BOOLEAN), value ->> 7, value ->> 8, CAST(value ->> 9 AS BIGINT),
            CAST(value ->> 10 AS BOOLEAN), value ->> 11,
            CAST(value ->> 12 AS BOOLEAN), value ->> 13, value ->> 14, value ->> 15
         FROM json_each($1)",
    )
    .bind(rows)
    .bind(version.id)
    .execute(conn)
    .await?;
    Ok(())
}

fn row_of(s: &Step) -> sqlx::Result<Value> {
    Ok(json!([
        s.id,
        s.step_order,
        s.name,
        to_json(&s.trigger)?,
        s.message_type,
        to_json(&s.content)?,
        s.requires_feedback,
        s.feedback.as_ref().map(to_json).transpose()?,
        s.priority,
        s.freshness_ms,
        s.press_calls_staff,
        to_json_unless_empty(s.further_messages.as_deref().unwrap_or_default())?,
        s.silent,
        s.translations.as_ref().filter(|t| !t.is_empty()).map(to_json).transpose()?,
        to_json_unless_empty(s.quick_replies.as_deref().unwrap_or_default())?,
        s.at_night,
    ]))
}

pub(crate) async fn set_line_checked(conn: &mut Conn, version: VersionId, at: Timestamp) -> sqlx::Result<()> {
    query("UPDATE protocol_versions SET line_checked_at = $2 WHERE id = $1")
        .bind(version)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

/// Deletes a version that was never published, with its steps.
///
/// # Errors
/// The database failed, or the version is in use.
pub(crate) async fn delete_draft(conn: &mut Conn, version_id: VersionId) -> sqlx::Result<()> {
    query("DELETE FROM protocol_versions WHERE id = $1 AND published_at IS NULL")
        .bind(version_id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Publishes a version and makes its protocol assignable.
pub(crate) async fn publish(
    conn: &mut Conn,
    protocol: ProtocolId,
    version_id: VersionId,
    now: Timestamp,
) -> sqlx::Result<()> {
    query("UPDATE protocol_versions SET published_at = $2 WHERE id = $1 AND published_at IS NULL")
        .bind(version_id)
        .bind(now)
        .execute(&mut *conn)
        .await?;
    set_status(conn, protocol, Status::Active, now).await
}

/// Sets a protocol's status; the caller has checked that it may.
pub(crate) async fn set_status(
    conn: &mut Conn,
    protocol: ProtocolId,
    status: Status,
    now: Timestamp,
) -> sqlx::Result<()> {
    query("UPDATE protocols SET status = $2, updated_at = $3 WHERE id = $1")
        .bind(protocol)
        .bind(status)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// With its newest version.
pub(crate) async fn get(conn: &mut Conn, id: ProtocolId) -> sqlx::Result<Option<Protocol>> {
    query_as(formatcp!("{SELECT} AND p.id = $1")).bind(id).fetch_optional(conn).await
}

pub(crate) async fn published_version(conn: &mut Conn, id: ProtocolId) -> sqlx::Result<Option<VersionId>> {
    query_scalar(
        "SELECT id FROM protocol_versions WHERE protocol_id = $1 AND published_at IS NOT NULL
         ORDER BY version DESC LIMIT 1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
}

#[derive(Clone, Debug, FromRow)]
pub(crate) struct VersionRow {
    pub(crate) id: VersionId,
    pub(crate) version: i64,
    pub(crate) created_at: Timestamp,
    pub(crate) published_at: Option<Timestamp>,
    pub(crate) step_count: i64,
    pub(crate) active_assignments: i64,
}

/// The last 200 versions of a protocol, from the newest to the oldest.
pub(crate) async fn versions(conn: &mut Conn, id: ProtocolId) -> sqlx::Result<Vec<VersionRow>> {
    query_as(
        "SELECT v.id, v.version, v.created_at, v.published_at,
            (SELECT COUNT(*) FROM protocol_steps s WHERE s.version_id = v.id) AS step_count,
            (SELECT COUNT(*) FROM assignments a
                WHERE a.protocol_id = v.protocol_id AND a.status = 'active' AND a.version_id = v.id)
                AS active_assignments
         FROM protocol_versions v JOIN protocols p ON p.id = v.protocol_id
         WHERE v.protocol_id = $1 AND p.built_in = FALSE ORDER BY v.version DESC LIMIT 200",
    )
    .bind(id)
    .fetch_all(conn)
    .await
}

/// From the newest to the oldest.
pub(crate) async fn list(pool: &Pool, after: &Cursor, limit: u32) -> sqlx::Result<Page<Protocol>> {
    let rows: Vec<Protocol> = query_as(formatcp!(
        "{SELECT} AND (p.created_at, p.id) < ($1, $2)
         ORDER BY p.created_at DESC, p.id DESC LIMIT $3"
    ))
    .bind(after.at)
    .bind(&after.id)
    .bind(i64::from(limit) + 1)
    .fetch_all(pool)
    .await?;
    Ok(Page::cut(rows, limit, |p| Cursor { at: p.created_at.as_millis(), id: p.id.to_string() }))
}

/// In order.
pub(crate) async fn steps(conn: &mut Conn, version: VersionId) -> sqlx::Result<Vec<Step>> {
    query_as("SELECT * FROM protocol_steps WHERE version_id = $1 ORDER BY step_order")
        .bind(version)
        .fetch_all(conn)
        .await
}

/// The steps of several versions, each in order.
pub(crate) async fn steps_of(
    conn: &mut Conn,
    versions: &[VersionId],
) -> sqlx::Result<HashMap<VersionId, Vec<Step>>> {
    let rows: Vec<Step> = query_as(
        "SELECT * FROM protocol_steps WHERE version_id IN (SELECT value FROM json_each($1))
         ORDER BY version_id, step_order",
    )
    .bind(json_rows(versions)?)
    .fetch_all(conn)
    .await?;
    let mut by_version: HashMap<VersionId, Vec<Step>> = HashMap::new();
    for step in rows {
        by_version.entry(step.version_id).or_default().push(step);
    }
    Ok(by_version)
}

#[derive(Clone, Debug, FromRow)]
pub(crate) struct StepName {
    pub(crate) id: StepId,
    pub(crate) step_order: i64,
    pub(crate) name: String,
    pub(crate) protocol_name: String,
}

/// Those of earlier versions first.
pub(crate) async fn step_names(conn: &mut Conn, ids: &[StepId]) -> sqlx::Result<Vec<StepName>> {
    query_as(
        "SELECT s.id, s.step_order, s.name, p.name AS protocol_name FROM protocol_steps s
         JOIN protocol_versions v ON v.id = s.version_id JOIN protocols p ON p.id = v.protocol_id
         WHERE s.id IN (SELECT value FROM json_each($1)) ORDER BY v.version",
    )
    .bind(json_rows(ids)?)
    .fetch_all(conn)
    .await
}
