//! The time, and the only place that asks for it.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

pub(crate) const SECOND_MS: i64 = 1_000;

pub(crate) const MINUTE_MS: i64 = 60 * SECOND_MS;

pub(crate) const HOUR_MS: i64 = 60 * MINUTE_MS;

/// Cut to whole ones.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "a setting of hours; a cast ends at the largest number"
)]
pub(crate) fn hours_in_ms(hours: f64) -> i64 {
    (hours * HOUR_MS as f64) as i64
}

#[expect(clippy::cast_precision_loss, reason = "a span of hours or days fits")]
pub(crate) fn ms_in_hours(ms: i64) -> f64 {
    ms as f64 / HOUR_MS as f64
}

/// 24 hours in milliseconds; a day of the calendar may be longer or shorter (`domain/calendar.rs`).
pub(crate) const DAY_MS: i64 = 24 * HOUR_MS;

/// An instant: milliseconds since 1970-01-01T00:00:00Z. RFC 3339 in UTC with milliseconds
/// in JSON (`2026-11-24T02:10:00.000Z`), an integer in the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type, specta::Type)]
#[sqlx(transparent)]
#[specta(transparent)]
pub struct Timestamp(#[specta(type = String)] i64);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub(crate) from: Timestamp,
    /// Not included.
    pub(crate) to: Timestamp,
}

impl Timestamp {
    pub(crate) const fn from_millis(ms: i64) -> Self {
        Self(ms)
    }

    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// This instant moved by `ms` milliseconds; stops at the ends of the range.
    pub const fn plus_millis(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this instant; negative when it lies after.
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    pub(crate) fn to_utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// This instant as HTTP writes it, in whole seconds (RFC 9110, 5.6.7).
    pub(crate) fn to_http_date(self) -> String {
        self.to_utc().format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    fn to_text(self) -> String {
        self.to_utc().to_rfc3339_opts(SecondsFormat::Millis, true)
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(at: DateTime<Utc>) -> Self {
        Self(at.timestamp_millis())
    }
}

impl std::ops::Add<TimeDelta> for Timestamp {
    type Output = Self;
    fn add(self, delta: TimeDelta) -> Self {
        self.plus_millis(delta.num_milliseconds())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_text())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        DateTime::parse_from_rfc3339(&text)
            .map(|at| Self::from(at.with_timezone(&Utc)))
            .map_err(|_| D::Error::custom("expected an RFC 3339 time such as 2026-11-24T09:00:00Z"))
    }
}

impl schemars::JsonSchema for Timestamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}

pub trait Clock: Send + Sync + 'static {
    fn now(&self) -> Timestamp;
}

pub(crate) type SharedClock = Arc<dyn Clock>;

#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one home of the time")]
    fn now(&self) -> Timestamp {
        Utc::now().into()
    }
}

/// A clock that stands still until it is moved by hand, for tests.
#[derive(Debug)]
pub struct HandClock(AtomicI64);

impl HandClock {
    pub fn starting_at(start: Timestamp) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(start.as_millis())))
    }

    /// Moves the hands by `delta`, backwards when it is negative.
    pub fn advance(&self, delta: TimeDelta) {
        self.0.fetch_add(delta.num_milliseconds(), Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// The clock of practice mode: ahead of another one by as much as staff made it jump. It never goes
/// back.
pub struct PracticeClock {
    behind: SharedClock,
    ahead_ms: AtomicI64,
}

impl PracticeClock {
    pub(crate) fn ahead_of(behind: SharedClock, ahead_ms: i64) -> Arc<Self> {
        Arc::new(Self { behind, ahead_ms: AtomicI64::new(ahead_ms.max(0)) })
    }

    /// Milliseconds ahead of the real time; 0 or more.
    pub(crate) fn ahead_ms(&self) -> i64 {
        self.ahead_ms.load(Ordering::SeqCst)
    }

    pub(crate) fn real_now(&self) -> Timestamp {
        self.behind.now()
    }

    /// Jumps to an instant, or stays where that has passed. Returns the milliseconds it is ahead
    /// then.
    pub(crate) fn jump_to(&self, at: Timestamp) -> i64 {
        let ahead = at.millis_since(self.behind.now());
        self.ahead_ms.fetch_max(ahead, Ordering::SeqCst).max(ahead)
    }
}

impl fmt::Debug for PracticeClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PracticeClock").field("ahead_ms", &self.ahead_ms()).finish_non_exhaustive()
    }
}

impl Clock for PracticeClock {
    fn now(&self) -> Timestamp {
        self.behind.now().plus_millis(self.ahead_ms())
    }
}

/// A time of day, `09:30`, as a field of serde's `with`.
pub(crate) mod time_of_day {
    use chrono::NaiveTime;
    use const_format::concatcp;
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    /// Of the hour and the minute alone, without the ends of a text.
    pub(crate) const INNER_PATTERN: &str = "([01][0-9]|2[0-3]):[0-5][0-9]";
    pub(crate) const PATTERN: &str = concatcp!("^", INNER_PATTERN, "$");

    pub(crate) fn parse(text: &str) -> Option<NaiveTime> {
        let time = NaiveTime::parse_from_str(text, "%H:%M").ok()?;
        // chrono would take spaces and single digits as well.
        (time.format("%H:%M").to_string() == text).then_some(time)
    }

    pub(crate) fn serialize<S: Serializer>(time: &NaiveTime, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&time.format("%H:%M"))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<NaiveTime, D::Error> {
        let text = String::deserialize(d)?;
        parse(&text).ok_or_else(|| D::Error::custom("expected a time of day such as 20:00"))
    }
}
