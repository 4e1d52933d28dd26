//! Patients: rows, and LINE's reach to them.

mod list;

pub(crate) use list::{Filter, beginning, list, tags};

use std::slice;

use serde::Serialize;
use sqlx::FromRow;

use super::{
    Conn, Stored, json_rows, search,
    sql::{Pool, query, query_as, query_scalar},
    to_json,
};
use crate::{
    clock::Timestamp,
    domain::patient::{Reachability, Status},
    ids::PatientId,
};

#[derive(Clone, Debug, Serialize, FromRow)]
pub struct Patient {
    pub(crate) id: PatientId,
    /// LINE's user id in the clinic's channel: `U` and 32 hex digits; `None` where not linked.
    pub(crate) line_user_id: Option<String>,
    pub(crate) display_name: String,
    /// For messages.
    pub(crate) nickname: Option<String>,
    /// In kana or Latin letters.
    pub(crate) reading: Option<String>,
    /// As written.
    pub(crate) phone: Option<String>,
    /// ISO date, `1956-04-13`, in the Gregorian calendar.
    pub(crate) birth_date: Option<String>,
    /// The clinic's own (HN).
    pub(crate) external_ref: Option<String>,
    /// BCP 47 tag.
    pub(crate) locale: Option<String>,
    /// IANA zone; `None` for the clinic's.
    pub(crate) time_zone: Option<String>,
    pub(crate) status: Status,
    pub(crate) reachability: Reachability,
    /// When LINE last reached them, by LINE's clock.
    pub(crate) reached_at: Option<Timestamp>,
    pub(crate) consented_at: Option<Timestamp>,
    /// The caller who recorded the consent; `None` without consent.
    pub(crate) consented_by: Option<String>,
    #[sqlx(try_from = "Stored<Vec<String>>")]
    pub(crate) tags: Vec<String>,
    /// Patients never see it.
    pub(crate) note: String,
    pub(crate) demo: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// # Errors
/// A unique violation when the LINE user id belongs to another patient.
pub(crate) async fn insert(conn: &mut Conn, p: &Patient) -> sqlx::Result<()> {
    insert_many(conn, slice::from_ref(p)).await
}

/// Writes every changeable column of a patient.
///
/// # Errors
/// A unique violation when the LINE user id belongs to another patient.
pub(crate) async fn update(conn: &mut Conn, p: &Patient) -> sqlx::Result<()> {
    query(
        "UPDATE patients SET line_user_id = $2, display_name = $3, external_ref = $4, locale = $5,
            time_zone = $6, status = $7, reachability = $8, consented_at = $9, tags = $10,
            note = $11, updated_at = $12, reached_at = $13, nickname = $14, reading = $15,
            phone = $16, birth_date = $17, consented_by = $18
         WHERE id = $1",
    )
    .bind(p.id)
    .bind(&p.line_user_id)
    .bind(&p.display_name)
    .bind(&p.external_ref)
    .bind(&p.locale)
    .bind(&p.time_zone)
    .bind(p.status)
    .bind(p.reachability)
    .bind(p.consented_at)
    .bind(to_json(&p.tags)?)
    .bind(&p.note)
    .bind(p.updated_at)
    .bind(p.reached_at)
    .bind(&p.nickname)
    .bind(&p.reading)
    .bind(&p.phone)
    .bind(&p.birth_date)
    .bind(&p.consented_by)
    .execute(&mut *conn)
    .await?;
    search::index(conn, &[p.id]).await
}

pub async fn get(conn: &mut Conn, id: PatientId) -> sqlx::Result<Option<Patient>> {
    query_as("SELECT * FROM patients WHERE id = $1 AND erased = FALSE").bind(id).fetch_optional(conn).await
}

/// Those that exist, in no order.
pub(crate) async fn get_many(conn: &mut Conn, ids: &[PatientId]) -> sqlx::Result<Vec<Patient>> {
    query_as("SELECT * FROM patients WHERE id IN (SELECT value FROM json_each($1))")
        .bind(json_rows(ids)?)
        .fetch_all(conn)
        .await
}

#[derive(Clone, Debug)]
pub(crate) struct Reach {
    pub(crate) line_user_id: String,
    pub(crate) reachability: Reachability,
    /// When it was so, by LINE's clock.
    pub(crate) at: Timestamp,
    /// When the account last became a friend; `None` where that is no news.
    pub(crate) followed_at: Option<Timestamp>,
}

/// Sets whether LINE reaches patients. News older than the stored state changes nothing: webhooks
/// come in any order.
pub(crate) async fn set_reachability(conn: &mut Conn, batch: &[Reach], now: Timestamp) -> sqlx::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = batch
        .iter()
        .map(|r| {
            serde_json::json!([
                r.line_user_id,
                r.reachability,
                r.at.as_millis(),
                r.followed_at.map(Timestamp::as_millis)
            ])
        })
        .collect();
    query(
        "UPDATE patients SET reachability = j.reachability, reached_at = j.at, updated_at = $2,
            followed_at = COALESCE(j.followed_at, patients.followed_at)
         FROM (SELECT value ->> 0 AS line_user_id, value ->> 1 AS reachability,
            CAST(value ->> 2 AS BIGINT) AS at,
            CAST(value ->> 3 AS BIGINT) AS followed_at FROM json_each($1)) AS j
         WHERE patients.line_user_id = j.line_user_id AND COALESCE(patients.reached_at, 0) <= j.at",
    )
    .bind(json_rows(&rows)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// In no order.
pub(crate) async fn by_line_users(conn: &mut Conn, line_user_ids: &[String]) -> sqlx::Result<Vec<Patient>> {
    query_as("SELECT * FROM patients WHERE line_user_id IN (SELECT value FROM json_each($1))")
        .bind(json_rows(line_user_ids)?)
        .fetch_all(conn)
        .await
}

#[derive(Clone, Debug, FromRow)]
pub(crate) struct ToProbe {
    pub(crate) id: PatientId,
    pub(crate) line_user_id: String,
    pub(crate) reachability: Reachability,
}

/// Patients whose next step is due before `until` and who gave no sign since `before`, those never
/// asked about first; demo patients only `with_demo`.
pub(crate) async fn to_probe(
    conn: &mut Conn,
    until: Timestamp,
    before: Timestamp,
    with_demo: bool,
    limit: u32,
) -> sqlx::Result<Vec<ToProbe>> {
    query_as(
        "SELECT p.id, p.line_user_id, p.reachability FROM patients p
         WHERE p.line_user_id IS NOT NULL AND p.status = 'active'
            AND p.id IN (SELECT a.patient_id FROM assignments a
                WHERE a.status = 'active' AND a.next_due_at <= $1)
            AND COALESCE(p.probed_at, 0) < $2 AND COALESCE(p.reached_at, 0) < $2
            AND (p.demo = FALSE OR $3)
         ORDER BY COALESCE(p.probed_at, 0) LIMIT $4",
    )
    .bind(until)
    .bind(before)
    .bind(with_demo)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub(crate) async fn any_real(pool: &Pool) -> sqlx::Result<bool> {
    query_scalar("SELECT EXISTS (SELECT 1 FROM patients WHERE demo = FALSE)").fetch_one(pool).await
}

pub(crate) async fn probed(conn: &mut Conn, ids: &[PatientId], now: Timestamp) -> sqlx::Result<()> {
    query("UPDATE patients SET probed_at = $2 WHERE id IN (SELECT value FROM json_each($1))")
        .bind(json_rows(ids)?)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// # Errors
/// A unique violation when a LINE user id belongs to another patient.
pub(crate) async fn insert_many(conn: &mut Conn, batch: &[Patient]) -> sqlx::Result<()> {
    let rows = batch
        .iter()
        .map(|p| {
            Ok(serde_json::json!([
                p.id,
                p.line_user_id,
                p.display_name,
                p.external_ref,
                p.locale,
                p.time_zone,
                p.status,
                p.reachability,
                p.consented_at.map(Timestamp::as_millis),
                to_json(&p.tags)?,
                p.note,
                p.demo,
                p.created_at.as_millis(),
                p.nickname,
                p.reading,
                p.phone,
                p.birth_date,
                p.consented_by,
            ]))
        })
        .collect::<sqlx::Result<Vec<_>>>()?;
    query(
        "INSERT INTO patients (id, line_user_id, display_name, external_ref, locale, time_zone,
            status, reachability, consented_at, tags, note, demo, created_at, updated_at,
            nickname, reading, phone, birth_date, consented_by)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
            value ->> 6, value ->> 7, CAST(value ->> 8 AS BIGINT), value ->> 9, value ->> 10,
            CAST(value ->> 11 AS BOOLEAN),
            CAST(value ->> 12 AS BIGINT), CAST(value ->> 12 AS BIGINT), value ->> 13,
            value ->> 14, value ->> 15, value ->> 16, value ->> 17
         FROM json_each($1)",
    )
    .bind(json_rows(&rows)?)
    .execute(&mut *conn)
    .await?;
    search::index(conn, &batch.iter().map(|p| p.id).collect::<Vec<_>>()).await
}

#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) line_user_ids: Vec<String>,
    pub(crate) external_refs: Vec<String>,
}

pub(crate) async fn taken(
    conn: &mut Conn,
    line_user_ids: &[String],
    external_refs: &[String],
) -> sqlx::Result<Taken> {
    let line_user_ids = query_scalar(
        "SELECT line_user_id FROM patients WHERE line_user_id IN (SELECT value FROM json_each($1))",
    )
    .bind(json_rows(line_user_ids)?)
    .fetch_all(&mut *conn)
    .await?;
    let external_refs = query_scalar(
        "SELECT external_ref FROM patients WHERE external_ref IN (SELECT value FROM json_each($1))",
    )
    .bind(json_rows(external_refs)?)
    .fetch_all(conn)
    .await?;
    Ok(Taken { line_user_ids, external_refs })
}
