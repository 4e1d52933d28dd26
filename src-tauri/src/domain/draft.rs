//! A new delivery: the one place where each kind of message begins. It knows the key that tells an
//! occurrence from the others of its step, how long a message stays fresh, and that nothing stays
//! fresh for longer than LINE remembers its retry key. Pure.

use chrono_tz::Tz;
use serde_json::Value;

use super::{
    clinic::{AtNight, Clinic},
    delivery::{Cause, KEY_LIFE_MS, Priority, State},
    feedback::Feedback,
    language::Language,
    message::{FurtherMessage, MessageType},
    protocol::{Sender, WhenUnreachable},
    quick_reply::QuickReply,
};
use crate::{
    clock::{MINUTE_MS, Timestamp},
    ids::{
        AssignmentId, DeliveryId, MESSAGES_PROTOCOL, MESSAGES_STEP, PatientId, ProtocolId, RecurrenceId,
        StepId,
    },
};

/// The least time a message stays fresh.
const MIN_FRESH_MS: i64 = MINUTE_MS;

/// A delivery to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The delivery's id, and LINE's retry key.
    pub(crate) id: DeliveryId,
    /// The content and origin of the delivery.
    pub(crate) source: Source,
    /// The occurrence of its step; unique with the assignment and the step.
    pub(crate) occurrence: i64,
    /// The repetition it is one time of; `None` for anything else.
    pub(crate) recurrence_id: Option<RecurrenceId>,
    /// The bytes for LINE and the LINE user they name; `None` while nobody is linked.
    pub(crate) body: Option<Body>,
    /// `scheduled`, `queued`, or `review` where it is stale from the beginning.
    pub(crate) state: State,
    /// Why it begins in review; `None` in any other state.
    pub(crate) cause: Option<Cause>,
    pub(crate) due_at: Timestamp,
    /// The instant after which it is not sent by itself.
    pub(crate) expires_at: Timestamp,
    /// The caller's own key, 1 to 200 characters.
    pub(crate) idempotency_key: Option<String>,
    /// How often its question was postponed before: 0 to 9.
    pub(crate) postponed: u32,
}

/// The content and origin of a delivery: its patient, its plan and what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    pub(crate) patient_id: PatientId,
    /// `None` for a message that belongs to no follow-up.
    pub(crate) assignment_id: Option<AssignmentId>,
    /// The protocol; the built-in "Messages" for a one-off message.
    pub(crate) protocol_id: ProtocolId,
    /// The step; the only one of "Messages" for a one-off message.
    pub(crate) step_id: StepId,
    /// How `content` is to be read.
    pub(crate) message_type: MessageType,
    /// The content as staff wrote it, with its variables.
    pub(crate) content: Value,
    /// Up to four more message objects of the same push.
    pub(crate) further: Vec<FurtherMessage>,
    /// Up to thirteen quick replies under its last message.
    pub(crate) quick_replies: Vec<QuickReply>,
    /// The question under its last message; `None` where nothing is asked.
    pub(crate) feedback: Option<Feedback>,
    /// The language it was chosen in; `None` for the patient's at the time it goes.
    pub(crate) language: Option<Language>,
    /// The name and icon it appears under; `None` for the account's own.
    pub(crate) sender: Option<Sender>,
    /// The aggregation unit under which LINE counts openings; `None` where it does not count.
    pub(crate) unit: Option<String>,
    /// Whether it arrives without a sound, whatever the hour.
    pub(crate) silent: bool,
    /// What quiet hours make of it; `None` for what the clinic says.
    pub(crate) at_night: Option<AtNight>,
    /// Its place among several due messages; the highest goes first.
    pub(crate) priority: Priority,
    /// What becomes of it while the patient cannot be reached.
    pub(crate) when_unreachable: WhenUnreachable,
    /// Milliseconds after its time in which it may go out by itself, quiet hours not counted.
    pub(crate) fresh_ms: i64,
}

impl Source {
    pub(crate) const fn one_off(
        patient_id: PatientId,
        message_type: MessageType,
        content: Value,
        further: Vec<FurtherMessage>,
        quick_replies: Vec<QuickReply>,
        priority: Priority,
        fresh_ms: i64,
    ) -> Self {
        Self {
            patient_id,
            assignment_id: None,
            protocol_id: MESSAGES_PROTOCOL,
            step_id: MESSAGES_STEP,
            message_type,
            content,
            further,
            quick_replies,
            feedback: None,
            language: None,
            sender: None,
            unit: None,
            silent: false,
            at_night: None,
            priority,
            when_unreachable: WhenUnreachable::Hold,
            fresh_ms,
        }
    }
}

/// The rendered push to one LINE user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Body {
    /// The array of messages LINE gets, as JSON text.
    pub(crate) json: String,
    pub(crate) recipient: String,
}

/// The rules a draft is made by: the clinic's decisions, the patient's zone, the present.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules<'a> {
    pub(crate) clinic: &'a Clinic,
    pub(crate) zone: Tz,
    pub(crate) now: Timestamp,
}

impl Rules<'_> {
    pub(crate) fn expires_at(
        &self,
        due_at: Timestamp,
        fresh_ms: i64,
        at_night: Option<AtNight>,
    ) -> Timestamp {
        self.clinic.expires_at(due_at, fresh_ms.clamp(MIN_FRESH_MS, KEY_LIFE_MS), self.zone, at_night)
    }
}

/// One time of a step, as the plan has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Planned {
    /// The planner's key.
    pub(crate) occurrence: i64,
    pub(crate) at: Timestamp,
}

impl Draft {
    /// A message of a step; `occurrence` is the planner's key. It begins in review where it is
    /// already stale, or may have been sent before a backup was restored.
    pub(crate) fn step(
        source: Source,
        step_order: i64,
        occurrence: i64,
        due_at: Timestamp,
        rules: Rules<'_>,
    ) -> Self {
        let mut draft = Self::new(source, occurrence, due_at, rules);
        if let Some(assignment) = draft.source.assignment_id {
            let step = (draft.source.step_id, step_order);
            draft.id = DeliveryId::of_occurrence(assignment, step, occurrence, due_at);
        }
        draft.cause = if rules.clinic.is_in_doubt(due_at) {
            Some(Cause::OutcomeUnknown)
        } else {
            (draft.expires_at < rules.now).then_some(Cause::Stale)
        };
        draft.state = if draft.cause.is_some() { State::Review } else { State::Queued };
        draft
    }

    /// A step ahead, taken out of the plan to go now or at another time. It always begins as
    /// scheduled, like everything staff schedule.
    pub(crate) fn step_at(
        source: Source,
        step_order: i64,
        planned: Planned,
        at: Timestamp,
        rules: Rules<'_>,
    ) -> Self {
        let mut draft = Self::new(source, planned.occurrence, at, rules);
        if let Some(assignment) = draft.source.assignment_id {
            let step = (draft.source.step_id, step_order);
            draft.id = DeliveryId::of_occurrence(assignment, step, planned.occurrence, planned.at);
        }
        draft.state = State::Scheduled;
        draft
    }

    pub(crate) fn one_off(source: Source, due_at: Timestamp, rules: Rules<'_>) -> Self {
        Self::new(source, due_at.as_millis(), due_at, rules)
    }

    /// One time of a message that repeats. It always begins as scheduled: its promotion enters the
    /// next time.
    pub(crate) fn repetition(source: Source, of: RecurrenceId, due_at: Timestamp, rules: Rules<'_>) -> Self {
        let mut draft = Self::new(source, repetition_key(due_at), due_at, rules);
        draft.state = State::Scheduled;
        draft.recurrence_id = Some(of);
        draft
    }

    /// A postponed question, as a new message at `at`.
    pub(crate) fn asked_again(source: Source, earlier: Asking, at: Timestamp, rules: Rules<'_>) -> Self {
        let postponed = earlier.postponed.saturating_add(1);
        let mut draft = Self::new(source, asked_again_key(earlier.first(), postponed), at, rules);
        draft.state = State::Scheduled;
        draft.postponed = postponed;
        draft
    }

    pub(crate) fn asks_again(&self, earlier: Asking) -> bool {
        self.postponed > earlier.postponed
            && Asking::first_of(self.occurrence, self.postponed) == earlier.first()
    }

    /// A message that staff send once more, now, as a new one. Its key lies below all keys of the
    /// planner.
    pub(crate) fn sent_again(source: Source, rules: Rules<'_>) -> Self {
        Self::new(source, -rules.now.as_millis(), rules.now, rules)
    }

    /// Begins as `queued` where it is due, else as `scheduled`.
    fn new(source: Source, occurrence: i64, due_at: Timestamp, rules: Rules<'_>) -> Self {
        let expires_at = rules.expires_at(due_at, source.fresh_ms, source.at_night);
        Self {
            id: DeliveryId::new(rules.now),
            source,
            occurrence,
            recurrence_id: None,
            body: None,
            state: if due_at > rules.now { State::Scheduled } else { State::Queued },
            cause: None,
            due_at,
            expires_at,
            idempotency_key: None,
            postponed: 0,
        }
    }

    /// Whether a job is to be enqueued for it at once.
    pub(crate) fn is_ready(&self) -> bool {
        self.state == State::Queued
    }
}

/// The key of one time of a message that repeats.
pub(crate) const fn repetition_key(due_at: Timestamp) -> i64 {
    due_at.as_millis()
}

/// The key of a question asked again: that of the first asking plus a digit that counts the askings.
pub(crate) const fn asked_again_key(first: i64, postponed: u32) -> i64 {
    first * 10 + postponed as i64
}

/// Identifies one asking of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asking {
    /// The key of the delivery that asked.
    pub(crate) occurrence: i64,
    /// How often the question had been postponed before it.
    pub(crate) postponed: u32,
}

impl Asking {
    /// The key of the message that asked first.
    pub(crate) const fn first(self) -> i64 {
        Self::first_of(self.occurrence, self.postponed)
    }

    /// Keys may be negative: a message that was sent again has one.
    const fn first_of(occurrence: i64, postponed: u32) -> i64 {
        if postponed > 0 { (occurrence - postponed as i64) / 10 } else { occurrence }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;
    use crate::clock::HOUR_MS;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
    fn source(fresh_ms: i64) -> Source {
        let patient = PatientId::new(NOW);
        let content = serde_json::json!({ "text": "hello" });
        Source::one_off(
            patient,
            MessageType::Text,
            content,
            Vec::new(),
            Vec::new(),
            Priority::Normal,
            fresh_ms,
        )
    }

    fn rules(clinic: &Clinic) -> Rules<'_> {
        Rules { clinic, zone: Tz::Asia__Bangkok, now: NOW }
    }

    #[test]
    fn a_step_that_is_stale_from_the_beginning_is_for_a_person() {
        let clinic = Clinic::default();
        let due_at = NOW.plus_millis(-2 * HOUR_MS);
        let draft = Draft::step(source(HOUR_MS), 1, 1, due_at, rules(&clinic));
        assert_eq!((draft.state, draft.cause), (State::Review, Some(Cause::Stale)));
        let draft = Draft::step(source(3 * HOUR_MS), 1, 1, due_at, rules(&clinic));
        assert_eq!((draft.state, draft.cause), (State::Queued, None));
    }

    #[test]
    fn a_step_that_was_due_before_a_backup_was_put_back_is_for_a_person() {
        let clinic = Clinic { restored_at: Some(NOW), ..Clinic::default() };
        let step = |due_at| Draft::step(source(HOUR_MS), 1, 1, due_at, rules(&clinic));
        let before = step(NOW);
        assert_eq!((before.state, before.cause), (State::Review, Some(Cause::OutcomeUnknown)));
        let after = step(NOW.plus_millis(1));
        assert_eq!((after.state, after.cause), (State::Queued, None));
    }

    #[test]
    fn nothing_stays_fresh_for_longer_than_line_knows_its_key_nor_shorter_than_a_minute() {
        let clinic = Clinic::default();
        let fresh_for = |fresh_ms| {
            let draft = Draft::one_off(source(fresh_ms), NOW, rules(&clinic));
            draft.expires_at.millis_since(NOW)
        };
        assert_eq!(fresh_for(100 * HOUR_MS), KEY_LIFE_MS);
        assert_eq!(fresh_for(0), MIN_FRESH_MS);
        assert_eq!(fresh_for(HOUR_MS), HOUR_MS);
    }

    #[test]
    fn what_is_due_later_is_scheduled_and_what_is_due_now_is_ready() {
        let clinic = Clinic::default();
        assert!(Draft::one_off(source(HOUR_MS), NOW, rules(&clinic)).is_ready());
        let later = Draft::one_off(source(HOUR_MS), NOW.plus_millis(1), rules(&clinic));
        assert_eq!(later.state, State::Scheduled);
    }

    proptest! {
        #[test]
        fn no_two_askings_of_one_step_share_a_key(times in prop::collection::hash_set(1_i64..1_000_000, 1..8)) {
            let clinic = Clinic::default();
            let mut keys = HashSet::new();
            for first in times {
                // A minute apart at least, as the planner's keys are.
                let mut asking = Asking { occurrence: first * 60_000, postponed: 0 };
                prop_assert!(keys.insert(asking.occurrence));
                for _ in 0..9 {
                    let again = Draft::asked_again(source(HOUR_MS), asking, NOW, rules(&clinic));
                    prop_assert!(keys.insert(again.occurrence));
                    asking = Asking { occurrence: again.occurrence, postponed: again.postponed };
                }
            }
            prop_assert!(keys.insert(Draft::sent_again(source(HOUR_MS), rules(&clinic)).occurrence));
        }
    }
}
