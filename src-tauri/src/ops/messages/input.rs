//! A message as callers give it, and its own limits.

use serde_json::Value;

use crate::{
    clock::Timestamp,
    domain::{
        calendar::MAX_AHEAD_MS,
        delivery::{KEY_LIFE_HOURS, Priority},
        message::{Content, FurtherMessage, MAX_FURTHER, MessageType},
        quick_reply::{MAX_QUICK_REPLIES, QuickReply},
        trigger::{Cron, MAX_CRON},
    },
    fields::{ONE_LINE, ZONE, or_default},
    ids::PatientId,
    ops::{
        contents,
        wire::{Checks, inputs},
    },
};

/// The most messages of one bulk.
const MAX_BULK: usize = 1_000;

/// The most characters of a caller's own key.
const MAX_KEY: usize = 200;

/// When a message goes, once or again and again.
#[derive(Clone, Debug, serde::Deserialize, garde::Validate, schemars::JsonSchema, specta::Type)]
#[garde(allow_unvalidated)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub(crate) enum Schedule {
    /// At once, as soon as the rules of the clinic let it.
    // With braces, since serde lets a variant without any take every member: an `at` beside it
    // would be lost, and the message would go at once.
    Immediate {},
    /// A time from now, up to a year.
    Delay {
        /// Milliseconds from now; 0 to a year.
        #[garde(range(min = 0, max = MAX_AHEAD_MS))]
        delay_ms: i64,
    },
    /// At this instant, at most a year ahead.
    At {
        /// RFC 3339, with its offset from UTC.
        at: Timestamp,
    },
    /// Again and again, by a five-field cron expression.
    Recurring {
        /// Five fields: minute, hour, day of the month, month, day of the week.
        #[schemars(length(max = MAX_CRON))]
        cron: String,
        /// The IANA zone of `cron`; the patient's where left out.
        #[serde(default)]
        #[garde(pattern(ZONE))]
        time_zone: Option<String>,
    },
}

inputs! {
    /// A message to one patient.
    pub(crate) struct SendMessage {
        /// The patient who gets it.
        pub(crate) patient_id: PatientId,
        /// The kind of message, which decides the fields of `content`.
        pub(crate) message_type: MessageType,
        /// The message itself, of the shape its type has. Variables such as `{{patient.name}}` are
        /// filled in where the patient reads them.
        #[specta(type = specta_typescript::Unknown)]
        #[schemars(with = "Content")]
        pub(crate) content: Value,
        /// Up to four more messages of the same push, in order; together they count as one in the
        /// month's quota.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = Vec<FurtherMessage>)]
        #[garde(length(max = MAX_FURTHER), dive)]
        pub(crate) further_messages: Vec<FurtherMessage>,
        /// Up to 13 quick replies under the last message of the push; they go when the patient taps
        /// one, or when something else is said.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = Vec<QuickReply>)]
        #[garde(length(max = MAX_QUICK_REPLIES), dive)]
        pub(crate) quick_replies: Vec<QuickReply>,
        /// When it goes; now where left out.
        #[serde(default)]
        #[garde(dive)]
        pub(crate) schedule: Option<Schedule>,
        /// How soon it goes among several due messages.
        #[serde(default)]
        pub(crate) priority: Option<Priority>,
        /// The caller's own key, 1 to 200 characters. The same message under it again returns the
        /// first; another message is refused.
        #[serde(default)]
        #[garde(length(chars, min = 1, max = MAX_KEY), pattern(ONE_LINE))]
        pub(crate) idempotency_key: Option<String>,
    } also one;

    /// Messages that are accepted together or not at all.
    pub struct SendBulk {
        /// 1 to 1,000 messages; all are accepted, or none.
        #[garde(length(min = 1, max = MAX_BULK), dive)]
        pub(crate) messages: Vec<SendMessage>,
    } also all;
}

impl SendMessage {
    pub(super) fn said(&self, prefix: String) -> contents::Push<'_> {
        contents::Push {
            prefix,
            message_type: self.message_type,
            content: &self.content,
            further: &self.further_messages,
            feedback: None,
            quick_replies: &self.quick_replies,
        }
    }
}

/// Checks what only the whole message shows: LINE's limits, and past times.
fn one(m: &SendMessage, now: Timestamp, checks: &mut Checks) {
    further(m, "", now, checks);
}

fn all(bulk: &SendBulk, now: Timestamp, checks: &mut Checks) {
    for (n, message) in bulk.messages.iter().enumerate().take(MAX_BULK) {
        further(message, &format!("messages[{n}]."), now, checks);
    }
}

/// Checks that an instant for a message is not too far ahead, nor so long ago that it is a slip.
pub(in crate::ops) fn check_at(at: Timestamp, field: &str, now: Timestamp, checks: &mut Checks) {
    checks.near(at, field, now, KEY_LIFE_HOURS);
}

fn further(m: &SendMessage, prefix: &str, now: Timestamp, checks: &mut Checks) {
    match m.schedule.as_ref().unwrap_or(&Schedule::Immediate {}) {
        Schedule::Immediate {} | Schedule::Delay { .. } => {}
        Schedule::At { at } => check_at(*at, &format!("{prefix}schedule.at"), now, checks),
        Schedule::Recurring { cron, .. } => {
            let read = Cron::to_come(cron, &format!("{prefix}schedule.cron"), now);
            read.err().into_iter().for_each(|problem| checks.add(problem));
        }
    }
    checks.extend(m.said(prefix.to_owned()).problems(contents::ALONE));
}
