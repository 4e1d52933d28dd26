//! Patients' words, and buttons they pressed besides those of questions, attached to the message
//! they are about.

use std::collections::{BTreeMap, HashMap};

use const_format::formatcp;
use sqlx::FromRow;
use uuid::Uuid;

use super::{
    Conn, Stored,
    fragments::MARKABLE,
    json_rows,
    sql::{Pool, query, query_as},
    to_json,
};
use crate::{
    clock::Timestamp,
    domain::media::Details,
    ids::{DeliveryId, PatientId, SaidId, WorkId},
};

pub(crate) const POSTBACK: &str = "postback";

/// Something a patient wrote or sent, or a button they pressed.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Said {
    pub(crate) id: SaidId,
    pub(crate) patient_id: PatientId,
    /// The message it is about; `None` where none was sent before.
    pub(crate) delivery_id: Option<DeliveryId>,
    /// LINE's id of it; for a press, which has none, a text made from the event's.
    pub(crate) line_message_id: String,
    /// LINE's type: text, image, sticker, …; [`POSTBACK`] for a press.
    pub(crate) kind: String,
    pub(crate) text: Option<String>,
    /// The label of the pressed button; `None` where unknown, and for words.
    pub(crate) label: Option<String>,
    /// The data of the pressed button; `None` for words.
    pub(crate) data: Option<String>,
    /// LINE's own parameters of the press; `None` for words.
    #[sqlx(try_from = "Stored<Option<BTreeMap<String, String>>>")]
    pub(crate) params: Option<BTreeMap<String, String>>,
    /// A place, a sticker, an address; `None` where only words came.
    #[sqlx(try_from = "Stored<Option<Details>>")]
    pub(crate) details: Option<Details>,
    /// LINE's token that quotes it; `None` where LINE gave none.
    pub(crate) quote_token: Option<String>,
    /// LINE's token that marks it as read; `None` where LINE gave none.
    pub(crate) read_token: Option<String>,
    pub(crate) quoted: bool,
    /// The time by LINE's clock.
    pub(crate) said_at: Timestamp,
    pub(crate) unsent_at: Option<Timestamp>,
}

/// Stores words and presses; one with a known `line_message_id` is skipped.
pub(crate) async fn insert(conn: &mut Conn, batch: &[Said]) -> sqlx::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = batch
        .iter()
        .map(|s| {
            Ok(serde_json::json!([
                s.id,
                s.patient_id,
                s.delivery_id,
                s.line_message_id,
                s.kind,
                s.text,
                s.quoted,
                s.said_at.as_millis(),
                s.label,
                s.data,
                s.params.as_ref().map(to_json).transpose()?,
                s.quote_token,
                s.read_token,
                s.details.as_ref().map(to_json).transpose()?,
            ]))
        })
        .collect::<sqlx::Result<_>>()?;
    query(
        "INSERT INTO patient_messages
            (id, patient_id, delivery_id, line_message_id, kind, text, quoted, said_at, label, data, params,
            quote_token, read_token, details)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
            CAST(value ->> 6 AS BOOLEAN), CAST(value ->> 7 AS BIGINT), value ->> 8, value ->> 9, value ->> 10,
            value ->> 11, value ->> 12, value ->> 13
         FROM json_each($1) WHERE true
         ON CONFLICT (line_message_id) DO NOTHING",
    )
    .bind(json_rows(&rows)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// A patient's quote, by LINE's id of the quoted message.
#[derive(Clone, Debug)]
pub(crate) struct Quote {
    pub(crate) patient_id: PatientId,
    pub(crate) line_message_id: String,
}

/// The quoted messages: those to a patient that have one of these LINE message ids.
pub(crate) async fn quoted(conn: &mut Conn, quotes: &[Quote]) -> sqlx::Result<HashMap<String, DeliveryId>> {
    #[derive(FromRow)]
    struct Quoted {
        line_message_id: String,
        id: DeliveryId,
    }
    if quotes.is_empty() {
        return Ok(HashMap::new());
    }
    let asked: Vec<_> = quotes.iter().map(|q| serde_json::json!([q.patient_id, q.line_message_id])).collect();
    let rows: Vec<Quoted> = query_as(
        "SELECT q.value ->> 1 AS line_message_id, d.id FROM json_each($1) q
         JOIN deliveries d ON d.patient_id = q.value ->> 0
         WHERE EXISTS (SELECT 1 FROM json_each(d.line_message_ids) m WHERE m.atom = q.value ->> 1)",
    )
    .bind(json_rows(&asked)?)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|q| (q.line_message_id, q.id)).collect())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Moment {
    pub(crate) patient_id: PatientId,
    pub(crate) at: Timestamp,
}

/// The last message each of these patients got before an instant, which free words are about.
pub(crate) async fn latest_sent(
    conn: &mut Conn,
    before: &[Moment],
) -> sqlx::Result<HashMap<Moment, DeliveryId>> {
    #[derive(FromRow)]
    struct Latest {
        patient_id: PatientId,
        at: Timestamp,
        id: DeliveryId,
    }
    if before.is_empty() {
        return Ok(HashMap::new());
    }
    let asked: Vec<_> = before.iter().map(|m| serde_json::json!([m.patient_id, m.at.as_millis()])).collect();
    let rows: Vec<Latest> = query_as(
        "SELECT b.value ->> 0 AS patient_id, CAST(b.value ->> 1 AS BIGINT) AS at, d.id FROM json_each($1) b
         JOIN deliveries d ON d.id = (SELECT l.id FROM deliveries l
            WHERE l.patient_id = b.value ->> 0 AND l.state = 'sent' AND l.accepted_at <= CAST(b.value ->> 1 AS BIGINT)
            ORDER BY l.due_at DESC, l.id DESC LIMIT 1)",
    )
    .bind(json_rows(&asked)?)
    .fetch_all(conn)
    .await?;
    let moment = |l: &Latest| Moment { patient_id: l.patient_id, at: l.at };
    Ok(rows.into_iter().map(|l| (moment(&l), l.id)).collect())
}

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Unread {
    pub(crate) read_token: String,
    pub(crate) said_at: Timestamp,
}

/// A patient's latest message that can be marked as read and was not; LINE marks earlier ones with
/// it.
pub(crate) async fn unread(pool: &Pool, patient: PatientId) -> sqlx::Result<Option<Unread>> {
    query_as(formatcp!(
        "SELECT read_token, said_at FROM patient_messages
         WHERE patient_id = $1 AND {MARKABLE}
         ORDER BY said_at DESC, id DESC LIMIT 1"
    ))
    .bind(patient)
    .fetch_optional(pool)
    .await
}

/// Notes that a patient's words up to an instant were marked as read, or never can be.
pub(crate) async fn marked(
    conn: &mut Conn,
    patient: PatientId,
    through: Timestamp,
    now: Timestamp,
) -> sqlx::Result<()> {
    query(formatcp!(
        "UPDATE patient_messages SET read_at = $3
         WHERE patient_id = $1 AND {MARKABLE} AND said_at <= $2"
    ))
    .bind(patient)
    .bind(through)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// A press of a button, identified by user, time and the button's data.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Pressed {
    pub(crate) patient_id: PatientId,
    pub(crate) at: Timestamp,
    pub(crate) data: String,
}

#[derive(Clone, Debug, FromRow)]
pub(crate) struct PressedUnder {
    pub(crate) id: DeliveryId,
    /// The bytes LINE got, which have the button and its label.
    pub(crate) body: String,
    pub(crate) calls_staff: bool,
}

/// The message of each of these presses: the latest one the patient had got that contains its data
/// in quotes; none for a button of a menu.
pub(crate) async fn pressed_under(
    conn: &mut Conn,
    presses: &[Pressed],
) -> sqlx::Result<HashMap<Pressed, PressedUnder>> {
    #[derive(FromRow)]
    struct UnderPress {
        n: i64,
        #[sqlx(flatten)]
        under: PressedUnder,
    }
    if presses.is_empty() {
        return Ok(HashMap::new());
    }
    let asked = presses
        .iter()
        .enumerate()
        .map(|(n, p)| Ok(serde_json::json!([p.patient_id, p.at.as_millis(), to_json(&p.data)?, n])))
        .collect::<sqlx::Result<Vec<_>>>()?;
    let rows: Vec<UnderPress> = query_as(
        "SELECT CAST(b.value ->> 3 AS BIGINT) AS n, d.id, d.body, s.press_calls_staff AS calls_staff
         FROM json_each($1) b
         JOIN deliveries d ON d.id = (SELECT l.id FROM deliveries l
            WHERE l.patient_id = b.value ->> 0 AND l.state = 'sent' AND l.accepted_at <= CAST(b.value ->> 1 AS BIGINT)
                AND instr(l.body, b.value ->> 2) > 0
            ORDER BY l.due_at DESC, l.id DESC LIMIT 1)
         JOIN protocol_steps s ON s.id = d.step_id",
    )
    .bind(json_rows(&asked)?)
    .fetch_all(conn)
    .await?;
    let of = |found: UnderPress| Some((presses.get(usize::try_from(found.n).ok()?)?.clone(), found.under));
    Ok(rows.into_iter().filter_map(of).collect())
}

/// Oldest first.
pub(crate) async fn of_deliveries(conn: &mut Conn, ids: &[DeliveryId]) -> sqlx::Result<Vec<Said>> {
    query_as(
        "SELECT * FROM patient_messages WHERE delivery_id IN (SELECT value FROM json_each($1))
         ORDER BY said_at, id",
    )
    .bind(json_rows(ids)?)
    .fetch_all(conn)
    .await
}

/// A worklist item about a patient's words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Since {
    pub(crate) work_id: WorkId,
    pub(crate) patient_id: PatientId,
    /// When the item came up, by this machine's clock.
    pub(crate) at: Timestamp,
    /// The words or the press it was about when it was read.
    pub(crate) said_id: SaidId,
}

#[derive(Clone, Debug, FromRow)]
pub(crate) struct SaidSince {
    pub(crate) work_id: WorkId,
    #[sqlx(flatten)]
    pub(crate) said: Said,
}

/// The newest words and presses that came in since, at most `max` for each item, oldest first; and
/// whatever an item was last about, whenever that came.
pub(crate) async fn since(conn: &mut Conn, asked: &[Since], max: u32) -> sqlx::Result<Vec<SaidSince>> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    // An id begins with the milliseconds of its making.
    let first = |at: Timestamp| Uuid::from_u128(u128::from(at.as_millis().unsigned_abs()) << 80);
    let rows: Vec<_> =
        asked.iter().map(|s| serde_json::json!([s.patient_id, first(s.at), s.work_id, s.said_id])).collect();
    query_as(
        "SELECT s.value ->> 2 AS work_id, m.* FROM json_each($1) s
         JOIN patient_messages m ON m.id = s.value ->> 3 OR m.id IN (SELECT l.id FROM patient_messages l
            WHERE l.patient_id = s.value ->> 0 AND l.id >= s.value ->> 1
            ORDER BY l.said_at DESC, l.id DESC LIMIT $2)
         ORDER BY m.said_at, m.id",
    )
    .bind(json_rows(&rows)?)
    .bind(max)
    .fetch_all(conn)
    .await
}

/// In no order.
pub(crate) async fn get_many(conn: &mut Conn, ids: &[SaidId]) -> sqlx::Result<Vec<Said>> {
    query_as("SELECT * FROM patient_messages WHERE id IN (SELECT value FROM json_each($1))")
        .bind(json_rows(ids)?)
        .fetch_all(conn)
        .await
}
