//! Aggregation units: names under which LINE counts openings of a plan's messages in a month, and
//! LINE's answers.

use sqlx::FromRow;

use super::{
    Conn, json_rows,
    sql::{Pool, query, query_as, query_scalar},
};
use crate::{clock::Timestamp, ids::ProtocolId};

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Unit {
    pub(crate) protocol_id: ProtocolId,
    /// The month by LINE's calendar, `2026-11`.
    pub(crate) month: String,
    /// Sent with each message as `customAggregationUnits`; unique.
    pub(crate) name: String,
}

/// Up to `limit` active plans with at least `least_patients` patients and no unit in this month.
pub(crate) async fn plans_without(
    conn: &mut Conn,
    month: &str,
    least_patients: i64,
    limit: i64,
) -> sqlx::Result<Vec<ProtocolId>> {
    query_scalar(
        "SELECT p.id FROM protocols p WHERE p.status = 'active' AND p.built_in = FALSE
            AND NOT EXISTS (SELECT 1 FROM aggregation_units u WHERE u.protocol_id = p.id AND u.month = $1)
            AND (SELECT COUNT(*) FROM (SELECT DISTINCT a.patient_id FROM assignments a
                WHERE a.protocol_id = p.id AND a.status = 'active' LIMIT $2) AS few) >= $2
         ORDER BY p.id LIMIT $3",
    )
    .bind(month)
    .bind(least_patients)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub(crate) async fn count(conn: &mut Conn, month: &str) -> sqlx::Result<i64> {
    query_scalar("SELECT COUNT(*) FROM aggregation_units WHERE month = $1").bind(month).fetch_one(conn).await
}

/// An existing one stays as it is.
pub(crate) async fn insert(
    conn: &mut Conn,
    month: &str,
    units: &[(ProtocolId, String)],
    now: Timestamp,
) -> sqlx::Result<()> {
    query(
        "INSERT INTO aggregation_units (protocol_id, month, name, created_at)
         SELECT value ->> 0, $2, value ->> 1, $3 FROM json_each($1) WHERE true
         ON CONFLICT DO NOTHING",
    )
    .bind(json_rows(units)?)
    .bind(month)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn of_plans(conn: &mut Conn, plans: &[ProtocolId], month: &str) -> sqlx::Result<Vec<Unit>> {
    query_as(
        "SELECT protocol_id, month, name FROM aggregation_units
         WHERE protocol_id IN (SELECT value FROM json_each($1)) AND month = $2",
    )
    .bind(json_rows(plans)?)
    .bind(month)
    .fetch_all(conn)
    .await
}

/// Units of a month opened before `before` and not asked about since, those that wait longest
/// first.
pub(crate) async fn to_ask(
    conn: &mut Conn,
    month: &str,
    before: Timestamp,
    limit: u32,
) -> sqlx::Result<Vec<Unit>> {
    query_as(
        "SELECT protocol_id, month, name FROM aggregation_units
         WHERE month = $1 AND created_at < $2 AND (asked_at IS NULL OR asked_at < $2)
         ORDER BY COALESCE(asked_at, 0), protocol_id LIMIT $3",
    )
    .bind(month)
    .bind(before)
    .bind(limit)
    .fetch_all(conn)
    .await
}

#[derive(Clone, Debug)]
pub(crate) struct Openings {
    pub(crate) name: String,
    /// People who opened a message; `None` where LINE gives no number.
    pub(crate) opened: Option<i64>,
    /// LINE's words where it refused; else `None`.
    pub(crate) refused: Option<String>,
    pub(crate) was_reached: bool,
}

/// Stores answers. An earlier number stays where LINE gives none now: openings never decrease.
pub(crate) async fn answered(conn: &mut Conn, answers: &[Openings], now: Timestamp) -> sqlx::Result<()> {
    let rows: Vec<_> = answers
        .iter()
        .map(|a| serde_json::json!([a.name, a.opened, a.refused, i32::from(a.was_reached)]))
        .collect();
    query(
        "UPDATE aggregation_units SET asked_at = $2, refused = j.refused, was_reached = j.was_reached = 1,
            opened = COALESCE(j.opened, aggregation_units.opened)
         FROM (SELECT value ->> 0 AS name, CAST(value ->> 1 AS BIGINT) AS opened, value ->> 2 AS refused,
                CAST(value ->> 3 AS BIGINT) AS was_reached
            FROM json_each($1)) AS j
         WHERE aggregation_units.name = j.name",
    )
    .bind(json_rows(&rows)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// A plan in use, with one of its units; without one where it has none.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct OfPlan {
    pub(crate) id: ProtocolId,
    pub(crate) plan_name: String,
    pub(crate) month: Option<String>,
    pub(crate) opened: Option<i64>,
    pub(crate) asked_at: Option<Timestamp>,
    pub(crate) refused: Option<String>,
    pub(crate) was_reached: Option<bool>,
    /// Whether enough patients follow it for it to be counted.
    pub(crate) is_counted: bool,
}

/// The plans in use with their units from this month on, the newest month first; only one plan
/// where it is named.
pub(crate) async fn list(
    pool: &Pool,
    plan: Option<ProtocolId>,
    earliest: &str,
    least_patients: i64,
    limit: u32,
) -> sqlx::Result<Vec<OfPlan>> {
    query_as(
        "SELECT p.id, p.name AS plan_name, u.month, u.opened, u.asked_at, u.refused, u.was_reached,
            (SELECT COUNT(*) FROM (SELECT DISTINCT a.patient_id FROM assignments a
                WHERE a.protocol_id = p.id AND a.status = 'active' LIMIT $3) AS few) >= $3 AS is_counted
         FROM protocols p LEFT JOIN aggregation_units u ON u.protocol_id = p.id AND u.month >= $1
         WHERE p.built_in = FALSE AND p.status = 'active' AND p.id = COALESCE($2, p.id)
         ORDER BY p.name, p.id, u.month DESC LIMIT $4",
    )
    .bind(earliest)
    .bind(plan)
    .bind(least_patients)
    .bind(limit)
    .fetch_all(pool)
    .await
}
