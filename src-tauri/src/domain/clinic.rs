//! The clinic itself: its zone, its quiet hours, its rules for sending.

use chrono::{NaiveTime, TimeZone as _};
use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// What the clinic decided. Everything that holds messages back is off until it is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Clinic {
    /// Its name.
    pub name: String,
    /// Its IANA zone; patients without a zone of their own live in it.
    pub time_zone: Tz,
    /// When nothing goes out, in the patient's local time.
    pub quiet_hours: Option<QuietHours>,
    /// The least time between two messages to one patient.
    pub patient_pace_seconds: Option<u32>,
    /// Whether only patients who agreed get messages.
    pub consent_required: bool,
    /// Whether a new urgent line of the worklist raises a notification on the desktop.
    pub notify_urgent: bool,
    /// Set while staff have paused all sending.
    pub paused: Option<Paused>,
}

impl Clinic {
    /// The zone a patient lives in: their own, else the clinic's.
    pub fn zone_of(&self, patient_zone: Option<&str>) -> Tz {
        patient_zone.and_then(|name| name.parse().ok()).unwrap_or(self.time_zone)
    }
}

/// Who paused all sending, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Paused {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl Default for Clinic {
    fn default() -> Self {
        Self {
            name: "Clinic".to_owned(),
            time_zone: Tz::Asia__Bangkok,
            quiet_hours: None,
            patient_pace_seconds: None,
            consent_required: false,
            notify_urgent: true,
            paused: None,
        }
    }
}

/// A daily span in which nothing goes out; it may run over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuietHours {
    /// The first quiet minute: `20:00`.
    #[serde(with = "hour_minute")]
    #[schemars(with = "String")]
    #[specta(type = String)]
    pub start: NaiveTime,
    /// The first minute that is not quiet any more: `08:00`.
    #[serde(with = "hour_minute")]
    #[schemars(with = "String")]
    #[specta(type = String)]
    pub end: NaiveTime,
}

impl QuietHours {
    /// When the quiet that covers `now` in `zone` ends; `None` while it is not quiet.
    pub fn quiet_until(self, now: Timestamp, zone: Tz) -> Option<Timestamp> {
        let local = now.to_utc().with_timezone(&zone).naive_local();
        let time = local.time();
        let quiet = if self.start <= self.end {
            self.start <= time && time < self.end
        } else {
            self.start <= time || time < self.end
        };
        if !quiet {
            return None;
        }
        let day = if time < self.end { local.date() } else { local.date().succ_opt()? };
        let end = day.and_time(self.end);
        // In the hour that does not exist the quiet ends with the gap, at most an hour on.
        let until = zone
            .from_local_datetime(&end)
            .earliest()
            .or_else(|| zone.from_local_datetime(&(end + chrono::TimeDelta::hours(1))).earliest())?;
        Some(Timestamp::from(until.to_utc()))
    }
}

mod hour_minute {
    use chrono::NaiveTime;
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(time: &NaiveTime, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&time.format("%H:%M"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<NaiveTime, D::Error> {
        let text = String::deserialize(d)?;
        NaiveTime::parse_from_str(&text, "%H:%M")
            .map_err(|_| D::Error::custom("expected a time of day such as 20:00"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> Timestamp {
        text.parse::<chrono::DateTime<chrono::Utc>>().expect("a time").into()
    }

    #[test]
    fn quiet_over_midnight_ends_in_the_morning_of_the_patient() {
        let quiet: QuietHours =
            serde_json::from_str(r#"{"start":"20:00","end":"08:00"}"#).expect("quiet hours");
        let zone = Tz::Asia__Bangkok;
        assert_eq!(quiet.quiet_until(utc("2026-11-24T12:59:00Z"), zone), None);
        let morning = Some(utc("2026-11-25T01:00:00Z"));
        assert_eq!(quiet.quiet_until(utc("2026-11-24T13:00:00Z"), zone), morning);
        assert_eq!(quiet.quiet_until(utc("2026-11-25T00:59:59Z"), zone), morning);
        assert_eq!(quiet.quiet_until(utc("2026-11-25T01:00:00Z"), zone), None);
    }
}
