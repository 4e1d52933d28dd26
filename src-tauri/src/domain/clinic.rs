//! The clinic itself: its zone, its quiet hours, its rules for sending.

use chrono::NaiveTime;
use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    alarm::{self, AlarmWords, EmergencyText},
    calendar::{instant_of, local_of},
    media::DEFAULT_RETENTION_DAYS,
    named_enum,
};
use crate::{
    clock::{MINUTE_MS, Timestamp, time_of_day},
    fields::or_default,
};

/// The most characters of the clinic's phone number.
pub(crate) const MAX_PHONE: usize = 30;

/// The most characters of the clinic's public address, so that an address below it fits in a
/// message.
pub(crate) const MAX_PUBLIC_URL: usize = 300;

/// The clinic's decisions. Everything that holds messages back is off until it is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Clinic {
    pub(crate) name: String,
    /// The phone number patients call, as they read it.
    pub(crate) phone: Option<String>,
    /// The address under which LINE reaches this program, without a slash at its end: the
    /// webhook's, up to `/webhook/line`. `None` where nobody reaches it.
    pub(crate) public_url: Option<String>,
    /// The clinic's IANA zone; patients without a zone of their own live in it.
    pub time_zone: Tz,
    /// The span in which nothing goes out, in the patient's local time.
    pub(crate) quiet_hours: Option<QuietHours>,
    /// The least time between two messages to one patient.
    pub(crate) patient_pace_seconds: Option<u32>,
    /// Whether only patients who agreed get messages.
    pub(crate) consent_required: bool,
    /// Whether a new urgent worklist item raises a notification on the desktop.
    pub(crate) notify_urgent: bool,
    /// Words that make a message urgent.
    #[serde(deserialize_with = "alarm::stored")]
    pub(crate) alarm_words: AlarmWords,
    /// The emergency text for patients who wrote one of them.
    pub(crate) emergency_text: EmergencyText,
    /// Whether a patient's message is marked as read at LINE when staff take or settle it.
    pub(crate) mark_as_read: bool,
    /// Days for which pictures, videos, sounds and files of patients are kept.
    pub(crate) media_retention_days: u32,
    /// Set while staff have paused all sending.
    pub paused: Option<Paused>,
    /// When an older copy of the database was last restored: whether messages due until then went
    /// out is unknown.
    pub(crate) restored_at: Option<Timestamp>,
    /// How often staff have changed the settings.
    pub(crate) version: u32,
}

impl Clinic {
    /// The patient's own, else the clinic's.
    pub(crate) fn zone_of(&self, patient_zone: Option<&str>) -> Tz {
        patient_zone.and_then(|name| name.parse().ok()).unwrap_or(self.time_zone)
    }

    /// Whether a message due at `due_at` may have been sent by a database since replaced with an
    /// older copy.
    pub(crate) fn is_in_doubt(&self, due_at: Timestamp) -> bool {
        self.restored_at.is_some_and(|restored| due_at <= restored)
    }

    /// The quiet hours where they make `make` of a message; its step's word (`own`) beats the
    /// clinic's.
    fn hours_that(&self, make: AtNight, own: Option<AtNight>) -> Option<QuietHours> {
        let of_clinic = |quiet: &QuietHours| if quiet.silently { AtNight::Silently } else { AtNight::Wait };
        self.quiet_hours.filter(|quiet| own.unwrap_or_else(|| of_clinic(quiet)) == make)
    }

    /// When a message that waits for the end of quiet hours may go; `None` where it does not wait
    /// at `now`. `own` is what its step says of quiet hours.
    pub(crate) fn held_until(&self, now: Timestamp, zone: Tz, own: Option<AtNight>) -> Option<Timestamp> {
        self.hours_that(AtNight::Wait, own)?.quiet_until(now, zone)
    }

    /// When the quiet hours that hold at `now` end, whatever they make of messages.
    pub(crate) fn quiet_until(&self, now: Timestamp, zone: Tz) -> Option<Timestamp> {
        self.quiet_hours?.quiet_until(now, zone)
    }

    /// Whether a message that goes at `now` goes without a sound.
    pub(crate) fn is_silent_at(&self, now: Timestamp, zone: Tz, own: Option<AtNight>) -> bool {
        let silent = self.hours_that(AtNight::Silently, own);
        silent.is_some_and(|quiet| quiet.quiet_until(now, zone).is_some())
    }

    /// The instant until which a message due at `due_at` and fresh for `fresh_ms` may go out by
    /// itself; the wait for the end of quiet hours is not counted.
    pub(crate) fn expires_at(
        &self,
        due_at: Timestamp,
        fresh_ms: i64,
        zone: Tz,
        own: Option<AtNight>,
    ) -> Timestamp {
        match self.hours_that(AtNight::Wait, own) {
            Some(quiet) => quiet.fresh_until(due_at, fresh_ms, zone),
            None => due_at.plus_millis(fresh_ms),
        }
    }

    /// `expires_at`, or later where it lies in quiet hours: a message that was fresh when they
    /// began goes when they end, with as much time left as it had, at least [`GRACE_MS`].
    pub(crate) fn past_quiet(
        &self,
        due_at: Timestamp,
        expires_at: Timestamp,
        zone: Tz,
        own: Option<AtNight>,
    ) -> Timestamp {
        let held = self.hours_that(AtNight::Wait, own);
        let Some(Quiet { start, end }) = held.and_then(|q| q.span_at(expires_at, zone)) else {
            return expires_at;
        };
        end.plus_millis(expires_at.millis_since(start.max(due_at)).max(GRACE_MS))
    }
}

/// Who paused all sending, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Paused {
    /// The name of the token or session.
    pub(crate) by: String,
    pub(crate) at: Timestamp,
    /// The reason, where the program paused it; `None` where staff did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) because: Option<PauseReason>,
}

/// Why the program itself paused all sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PauseReason {
    /// An older copy of the database was restored: messages due since it was made may have been
    /// sent, and are up for review.
    Restored,
}

impl Default for Clinic {
    fn default() -> Self {
        Self {
            name: "Clinic".to_owned(),
            phone: None,
            public_url: None,
            time_zone: Tz::Asia__Bangkok,
            quiet_hours: None,
            patient_pace_seconds: None,
            consent_required: false,
            notify_urgent: true,
            alarm_words: AlarmWords::default(),
            emergency_text: EmergencyText::default(),
            mark_as_read: false,
            media_retention_days: DEFAULT_RETENTION_DAYS,
            paused: None,
            restored_at: None,
            version: 0,
        }
    }
}

named_enum! {
    /// What quiet hours do to a message.
    AtNight {
        /// It waits for their end.
        Wait = "wait",
        /// It goes, without a sound.
        Silently = "silently",
        /// It goes as at any hour.
        Send = "send",
    }
}

/// A daily span in which nothing goes out, or nothing that makes a sound; it may span midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct QuietHours {
    /// The first quiet minute by local time, `20:00`.
    #[serde(with = "time_of_day")]
    #[schemars(with = "String", regex(pattern = time_of_day::PATTERN))]
    #[specta(type = String)]
    pub(crate) start: NaiveTime,
    /// The first minute that is not quiet any more, `08:00`.
    #[serde(with = "time_of_day")]
    #[schemars(with = "String", regex(pattern = time_of_day::PATTERN))]
    #[specta(type = String)]
    pub(crate) end: NaiveTime,
    /// Whether messages go all the same, without a sound; left out, they wait for the end.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "std::ops::Not::not")]
    #[specta(type = Option<bool>)]
    pub(crate) silently: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quiet {
    pub(crate) start: Timestamp,
    /// The first instant that is not quiet any more.
    pub(crate) end: Timestamp,
}

/// The least time a message stays fresh after quiet hours it was fresh at the beginning of.
const GRACE_MS: i64 = 5 * MINUTE_MS;

/// The most quiet spans one freshness is carried over.
const MAX_SPANS: usize = 64;

impl QuietHours {
    /// `None` while it is not quiet.
    fn span_at(self, at: Timestamp, zone: Tz) -> Option<Quiet> {
        let local = local_of(at, zone);
        let (day, time) = (local.date(), local.time());
        let over_midnight = self.start > self.end;
        let quiet = if over_midnight {
            self.start <= time || time < self.end
        } else {
            self.start <= time && time < self.end
        };
        if !quiet {
            return None;
        }
        let (first, last) = match (over_midnight, time < self.end) {
            (false, _) => (day, day),
            (true, true) => (day.pred_opt()?, day),
            (true, false) => (day, day.succ_opt()?),
        };
        let start = instant_of(first.and_time(self.start), zone)?;
        let end = instant_of(last.and_time(self.end), zone)?;
        Some(Quiet { start: start.min(at), end })
    }

    /// `None` while it is not quiet.
    fn quiet_until(self, now: Timestamp, zone: Tz) -> Option<Timestamp> {
        self.span_at(now, zone).map(|quiet| quiet.end)
    }

    fn next_start(self, at: Timestamp, zone: Tz) -> Option<Timestamp> {
        let mut day = local_of(at, zone).date();
        loop {
            let start = instant_of(day.and_time(self.start), zone)?;
            if start > at {
                return Some(start);
            }
            day = day.succ_opt()?;
        }
    }

    /// `fresh_ms` after `from`, not counting the quiet in between.
    fn fresh_until(self, from: Timestamp, fresh_ms: i64, zone: Tz) -> Timestamp {
        let (mut at, mut left) = (from, fresh_ms);
        for _ in 0..MAX_SPANS {
            if let Some(quiet) = self.span_at(at, zone).filter(|quiet| quiet.end > at) {
                at = quiet.end;
            }
            let Some(start) = self.next_start(at, zone) else { break };
            let open = start.millis_since(at);
            if left <= open {
                break;
            }
            left -= open;
            at = start;
        }
        at.plus_millis(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::HOUR_MS;

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

    #[test]
    fn quiet_hours_are_written_with_two_digits() {
        for start in ["9:00", " 9:00", "09: 0", "24:00", "09:00:00", ""] {
            let read =
                serde_json::from_value::<QuietHours>(serde_json::json!({ "start": start, "end": "08:00" }));
            assert!(read.is_err(), "{start:?}");
        }
    }

    fn night() -> Clinic {
        let quiet_hours =
            Some(serde_json::from_str(r#"{"start":"20:00","end":"08:00"}"#).expect("quiet hours"));
        Clinic { quiet_hours, ..Clinic::default() }
    }
    #[test]
    fn the_wait_for_the_morning_does_not_make_a_message_late() {
        let (clinic, zone) = (night(), Tz::Asia__Bangkok);
        // Bangkok is 7 h ahead: 12:00Z is 19:00, 01:00Z is 08:00.
        for (due, hours, expires) in [
            ("2026-11-24T02:00:00Z", 6, "2026-11-24T08:00:00Z"),
            ("2026-11-24T12:00:00Z", 1, "2026-11-24T13:00:00Z"),
            ("2026-11-24T12:00:00Z", 6, "2026-11-25T06:00:00Z"),
            ("2026-11-24T16:00:00Z", 1, "2026-11-25T02:00:00Z"),
            ("2026-11-24T16:00:00Z", 15, "2026-11-26T04:00:00Z"),
        ] {
            assert_eq!(
                clinic.expires_at(utc(due), hours * HOUR_MS, zone, None),
                utc(expires),
                "{due} {hours} h"
            );
        }
    }

    #[test]
    fn where_messages_go_without_a_sound_none_waits_and_none_stays_fresh_for_longer() {
        let mut clinic = night();
        let (evening, zone) = (utc("2026-11-24T14:00:00Z"), Tz::Asia__Bangkok);
        assert!(
            clinic.held_until(evening, zone, None).is_some() && !clinic.is_silent_at(evening, zone, None)
        );
        clinic.quiet_hours = clinic.quiet_hours.map(|quiet| QuietHours { silently: true, ..quiet });
        assert!(clinic.held_until(evening, zone, None).is_none() && clinic.is_silent_at(evening, zone, None));
        assert!(!clinic.is_silent_at(utc("2026-11-24T05:00:00Z"), zone, None));
        assert_eq!(clinic.expires_at(evening, HOUR_MS, zone, None), utc("2026-11-24T15:00:00Z"));
    }

    #[test]
    fn a_step_may_say_of_quiet_hours_otherwise_than_the_clinic() {
        let mut clinic = night();
        let (evening, zone) = (utc("2026-11-24T14:00:00Z"), Tz::Asia__Bangkok);
        for silently in [false, true] {
            clinic.quiet_hours = clinic.quiet_hours.map(|quiet| QuietHours { silently, ..quiet });
            let made = |own| {
                (clinic.held_until(evening, zone, own).is_some(), clinic.is_silent_at(evening, zone, own))
            };
            assert_eq!(made(Some(AtNight::Wait)), (true, false));
            assert_eq!(made(Some(AtNight::Silently)), (false, true));
            assert_eq!(made(Some(AtNight::Send)), (false, false));
            let until = clinic.expires_at(evening, HOUR_MS, zone, Some(AtNight::Send));
            assert_eq!(until, utc("2026-11-24T15:00:00Z"), "what does not wait grows old as by day");
        }
        clinic.quiet_hours = None;
        assert_eq!(clinic.held_until(evening, zone, Some(AtNight::Wait)), None);
    }

    #[test]
    fn what_was_fresh_when_quiet_hours_began_is_fresh_when_they_end() {
        let (clinic, zone) = (night(), Tz::Asia__Bangkok);
        let due = utc("2026-11-24T12:30:00Z");
        // Fresh until 21:30: an hour and a half of the night, which is left in the morning.
        let morning = clinic.past_quiet(due, utc("2026-11-24T14:30:00Z"), zone, None);
        assert_eq!(morning, utc("2026-11-25T02:30:00Z"));
        // By day nothing changes.
        assert_eq!(clinic.past_quiet(due, morning, zone, None), morning);
    }

    /// The same cases as those of the screens (`ui/src/lib/quiet.ts`).
    #[test]
    fn a_time_of_day_is_quiet_as_the_screens_say_it_is() {
        #[derive(Deserialize)]
        struct Case {
            #[serde(flatten)]
            quiet_hours: QuietHours,
            time: String,
            quiet: bool,
        }
        let cases = include_str!("../../../tests/fixtures/rules/quiet.json");
        for Case { quiet_hours, time, quiet } in serde_json::from_str::<Vec<Case>>(cases).expect("cases") {
            let clinic = Clinic { quiet_hours: Some(quiet_hours), ..Clinic::default() };
            let until = clinic.quiet_until(utc(&format!("2026-11-24T{time}:00Z")), Tz::UTC);
            assert_eq!(until.is_some(), quiet, "{quiet_hours:?} at {time}");
        }
    }
}
