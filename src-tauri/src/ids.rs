//! Identifiers and randomness, and the only place that makes them.

use std::sync::{Mutex, PoisonError};

use rand::{Rng, RngExt};
use sha2::{Digest as _, Sha256};
use uuid::{ContextV7, Uuid};

use crate::clock::Timestamp;

/// Declares a newtype over a UUID: text in JSON and in the database.
macro_rules! id {
    ($($(#[$doc:meta])? $name:ident),+ $(,)?) => {$(
        $(#[$doc])?
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize, schemars::JsonSchema, specta::Type,
        )]
        #[serde(transparent)]
        #[specta(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id, ordered by its time.
            pub fn new(now: Timestamp) -> Self {
                Self(time_ordered(now))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        // Ids are text in the database: readable in a shell, and the same in PostgreSQL.
        impl<DB: sqlx::Database> sqlx::Type<DB> for $name
        where
            String: sqlx::Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <String as sqlx::Type<DB>>::type_info()
            }
            fn compatible(ty: &DB::TypeInfo) -> bool {
                <String as sqlx::Type<DB>>::compatible(ty)
            }
        }

        impl<'q, DB: sqlx::Database> sqlx::Encode<'q, DB> for $name
        where
            String: sqlx::Encode<'q, DB>,
        {
            fn encode_by_ref(
                &self,
                buf: &mut <DB as sqlx::Database>::ArgumentBuffer,
            ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
                sqlx::Encode::<DB>::encode(self.0.to_string(), buf)
            }
        }

        impl<'r, DB: sqlx::Database> sqlx::Decode<'r, DB> for $name
        where
            &'r str: sqlx::Decode<'r, DB>,
        {
            fn decode(
                value: <DB as sqlx::Database>::ValueRef<'r>,
            ) -> Result<Self, sqlx::error::BoxDynError> {
                let text = <&str as sqlx::Decode<DB>>::decode(value)?;
                Ok(Self(Uuid::parse_str(text)?))
            }
        }
    )+};
}

id! {
    PatientId,
    /// A care protocol, over all its versions.
    ProtocolId,
    /// One published or drafted version of a protocol.
    VersionId,
    /// One step of one version.
    StepId,
    /// A protocol version assigned to a patient.
    AssignmentId,
    /// A message to one patient. It is LINE's `X-Line-Retry-Key` from the first attempt on.
    DeliveryId,
    /// A message that repeats by cron.
    RecurrenceId,
    TokenId,
    SessionId,
    /// An entry of the activity log.
    AuditId,
    /// A webhook event as stored.
    WebhookId,
    /// A press of a button.
    AnswerId,
    /// A message, file or press of a patient.
    SaidId,
    /// A picture, video, sound or file of a patient.
    MediaId,
    /// Somebody of whom only the LINE account is known.
    StrangerId,
    WorkId,
    /// A note of staff on a patient or a worklist item.
    NoteId,
    /// Work that takes long.
    TaskId,
    /// A message kept to write others from.
    TemplateId,
    /// A picture or video that staff uploaded.
    UploadId,
}

/// The protocol that one-off messages carry (migrations/, first file).
pub(crate) const MESSAGES_PROTOCOL: ProtocolId = ProtocolId(Uuid::from_u128(0x7000_8000_0000_0000_0001));
/// The step that one-off messages carry.
pub(crate) const MESSAGES_STEP: StepId = StepId(Uuid::from_u128(0x7000_8000_0000_0000_0003));
/// The assignment that one-off messages carry.
pub(crate) const MESSAGES_ASSIGNMENT: AssignmentId =
    AssignmentId(Uuid::from_u128(0x7000_8000_0000_0000_0004));

/// Orders the ids of one millisecond by the time they were made.
static COUNTER: Mutex<ContextV7> = Mutex::new(ContextV7::new());

/// A UUID of version 7 at `now`: later rows sort later, so indexes grow at their end.
pub(crate) fn time_ordered(now: Timestamp) -> Uuid {
    let ms = now.as_millis().max(0).cast_unsigned();
    let secs = ms / 1000;
    let nanos = u32::try_from(ms % 1000).unwrap_or(0) * 1_000_000;
    let counter = COUNTER.lock().unwrap_or_else(PoisonError::into_inner);
    Uuid::new_v7(uuid::Timestamp::from_unix(&*counter, secs, nanos))
}

impl DeliveryId {
    /// The id of one time of a step, always the same for the same arguments. If the database is put
    /// back to an earlier state, the message is planned anew under the key LINE already has, and
    /// LINE answers that it was sent.
    ///
    /// Ids of one instant sort by the order of their steps, and after all others made then: the
    /// counter of [`time_ordered`] begins with its highest bit unset.
    pub(crate) fn of_occurrence(
        assignment: AssignmentId,
        (step, step_order): (StepId, i64),
        occurrence: i64,
        due_at: Timestamp,
    ) -> Self {
        const BEHIND: u16 = 0x800;
        let mut of = Sha256::new();
        of.update(assignment.0.as_bytes());
        of.update(step.0.as_bytes());
        of.update(occurrence.to_be_bytes());
        let digest: [u8; 32] = of.finalize().into();
        let order = u16::try_from(step_order).unwrap_or(BEHIND - 1).min(BEHIND - 1);
        let mut tail = [0_u8; 10];
        tail[..2].copy_from_slice(&(BEHIND | order).to_be_bytes());
        tail[2..].copy_from_slice(&digest[..8]);
        let ms = due_at.as_millis().max(0).cast_unsigned();
        Self(uuid::Builder::from_unix_timestamp_millis(ms, &tail).into_uuid())
    }
}

/// 256 bits from the operating system, as 43 characters of URL-safe base64.
pub(crate) fn secret() -> String {
    use base64::Engine as _;
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// Letters and digits without look-alikes.
pub(crate) const CODE_LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// A one-time code for paper: 8 characters of [`CODE_LETTERS`], from 40 of these bits.
pub(crate) fn short_code(bits: u64) -> String {
    let mut bits = bits;
    let mut code = String::with_capacity(8);
    for _ in 0..8 {
        code.push(char::from(CODE_LETTERS[(bits % 32) as usize]));
        bits /= 32;
    }
    code
}

/// A short random word for names that only have to differ.
pub(crate) fn nonce() -> String {
    format!("{:016x}", rand::rng().next_u64())
}

/// A number in `0.0..1.0`, for jitter.
pub(crate) fn unit_interval() -> f64 {
    rand::rng().random_range(0.0..1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_made_later_sort_later() {
        let a = DeliveryId::new(Timestamp::from_millis(1_000));
        let b = DeliveryId::new(Timestamp::from_millis(2_000));
        assert!(a < b);
    }

    #[test]
    fn ids_of_one_millisecond_sort_as_they_were_made() {
        let ids: Vec<_> = (0..1_000).map(|_| DeliveryId::new(Timestamp::from_millis(5_000))).collect();
        assert!(ids.is_sorted());
    }

    #[test]
    fn a_time_of_a_step_has_one_id_whenever_it_is_made_and_no_other_has_it() {
        let (at, later) =
            (Timestamp::from_millis(1_800_000_000_000), Timestamp::from_millis(1_800_000_060_000));
        let (assignment, other) = (AssignmentId::new(at), AssignmentId::new(at));
        let (step, next) = (StepId::new(at), StepId::new(at));
        let of =
            |assignment, step, occurrence, at| DeliveryId::of_occurrence(assignment, step, occurrence, at);
        let id = of(assignment, (step, 1), 7, at);
        assert_eq!(id, of(assignment, (step, 1), 7, at));
        assert_eq!(id.0.get_version_num(), 7);
        let others =
            [of(other, (step, 1), 7, at), of(assignment, (next, 1), 7, at), of(assignment, (step, 1), 8, at)];
        assert!(!others.contains(&id));
        assert!(id < of(assignment, (step, 1), 7, later));
    }

    #[test]
    fn of_one_instant_the_steps_sort_in_their_order_behind_what_was_made_then() {
        let at = Timestamp::from_millis(1_800_000_000_000);
        let assignment = AssignmentId::new(at);
        let id_of = |order| DeliveryId::of_occurrence(assignment, (StepId::new(at), order), 0, at);
        let ids: Vec<_> = [1, 2, 10, 50].into_iter().map(id_of).collect();
        assert!(ids.is_sorted());
        assert!((0..1_000).all(|_| DeliveryId::new(at) < ids[0]));
    }

    #[test]
    fn secrets_differ_and_are_long() {
        assert_ne!(secret(), secret());
        assert_eq!(secret().len(), 43);
    }
}
