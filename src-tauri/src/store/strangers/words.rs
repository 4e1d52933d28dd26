//! What strangers said.

use std::collections::{BTreeMap, HashMap};

use const_format::formatcp;
use sqlx::FromRow;

use crate::{
    clock::Timestamp,
    domain::media::Details,
    ids::{SaidId, StrangerId},
    store::{
        Conn, Stored,
        fragments::MARKABLE,
        json_rows,
        patient_messages::Unread,
        sql::{Pool, query, query_as},
        to_json,
    },
};

/// The most words kept of one stranger, the newest.
const MAX_WORDS: u32 = 200;

/// Something a stranger said; the fields are those of a patient's.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Words {
    pub(crate) stranger_id: StrangerId,
    pub(crate) line_message_id: String,
    pub(crate) kind: String,
    pub(crate) text: Option<String>,
    /// What stood on the button of the clinic's menu.
    pub(crate) label: Option<String>,
    pub(crate) data: Option<String>,
    #[sqlx(try_from = "Stored<Option<BTreeMap<String, String>>>")]
    pub(crate) params: Option<BTreeMap<String, String>>,
    #[sqlx(try_from = "Stored<Option<Details>>")]
    pub(crate) details: Option<Details>,
    pub(crate) said_at: Timestamp,
    pub(crate) unsent_at: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub(crate) struct NewWords {
    pub(crate) id: SaidId,
    pub(crate) line_user_id: String,
    pub(crate) line_message_id: String,
    pub(crate) kind: String,
    pub(crate) text: Option<String>,
    pub(crate) label: Option<String>,
    pub(crate) data: Option<String>,
    pub(crate) params: Option<BTreeMap<String, String>>,
    /// Whether it makes the stranger urgent.
    pub(crate) alarms: bool,
    pub(crate) details: Option<Details>,
    pub(crate) read_token: Option<String>,
    pub(crate) quote_token: Option<String>,
    pub(crate) said_at: Timestamp,
}

/// Stores words of strangers; the newest 200 of each are kept.
pub(crate) async fn insert_words(conn: &mut Conn, batch: &[NewWords]) -> sqlx::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let rows = batch
        .iter()
        .map(|w| {
            Ok(serde_json::json!([
                w.id,
                w.line_user_id,
                w.line_message_id,
                w.kind,
                w.text,
                w.data,
                w.params.as_ref().map(to_json).transpose()?,
                w.said_at.as_millis(),
                w.details.as_ref().map(to_json).transpose()?,
                w.read_token,
                w.quote_token,
                w.label,
                w.alarms,
            ]))
        })
        .collect::<sqlx::Result<Vec<_>>>()?;
    query(
        "INSERT INTO stranger_words (id, stranger_id, line_message_id, kind, text, data, params, said_at, details,
            read_token, quote_token, label, alarms)
         SELECT value ->> 0, s.id, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
            CAST(value ->> 7 AS BIGINT), value ->> 8, value ->> 9, value ->> 10, value ->> 11,
            CAST(value ->> 12 AS BOOLEAN)
         FROM json_each($1) JOIN strangers s ON s.line_user_id = value ->> 1 WHERE true
         ON CONFLICT (line_message_id) DO NOTHING",
    )
    .bind(json_rows(&rows)?)
    .execute(&mut *conn)
    .await?;
    let users: Vec<_> = batch.iter().map(|w| &w.line_user_id).collect();
    query(
        "DELETE FROM stranger_words WHERE stranger_id IN
            (SELECT id FROM strangers WHERE line_user_id IN (SELECT value FROM json_each($1)))
         AND id NOT IN (SELECT k.id FROM stranger_words k WHERE k.stranger_id = stranger_words.stranger_id
            ORDER BY k.said_at DESC, k.id DESC LIMIT $2)",
    )
    .bind(json_rows(&users)?)
    .bind(MAX_WORDS)
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn words_of(
    conn: &mut Conn,
    ids: &[StrangerId],
) -> sqlx::Result<HashMap<StrangerId, Vec<Words>>> {
    let rows: Vec<Words> = query_as(
        "SELECT * FROM stranger_words WHERE stranger_id IN (SELECT value FROM json_each($1))
         ORDER BY stranger_id, said_at, id",
    )
    .bind(json_rows(ids)?)
    .fetch_all(conn)
    .await?;
    let mut of: HashMap<_, Vec<_>> = HashMap::new();
    rows.into_iter().for_each(|words| of.entry(words.stranger_id).or_default().push(words));
    Ok(of)
}

/// A stranger's latest words that can be marked as read and were not.
pub(crate) async fn unread(pool: &Pool, stranger: StrangerId) -> sqlx::Result<Option<Unread>> {
    query_as(formatcp!(
        "SELECT read_token, said_at FROM stranger_words
         WHERE stranger_id = $1 AND {MARKABLE}
         ORDER BY said_at DESC, id DESC LIMIT 1"
    ))
    .bind(stranger)
    .fetch_optional(pool)
    .await
}

/// Notes that a stranger's words up to an instant were marked as read, or never can be.
pub(crate) async fn marked(
    conn: &mut Conn,
    stranger: StrangerId,
    through: Timestamp,
    now: Timestamp,
) -> sqlx::Result<()> {
    query(formatcp!(
        "UPDATE stranger_words SET read_at = $3
         WHERE stranger_id = $1 AND {MARKABLE} AND said_at <= $2"
    ))
    .bind(stranger)
    .bind(through)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
