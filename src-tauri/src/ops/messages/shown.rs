//! Messages as shown: one, or a page of them, with patients' answers and words.

use std::collections::HashMap;

use serde_json::Value;

use crate::{
    clock::Timestamp,
    core::Core,
    domain::{
        acts::{ActedOn, Action},
        clinic::AtNight,
        delivery::{Cause, InteractionStatus, Priority, State},
        draft::Draft,
        feedback::{Feedback, FeedbackAction},
        message::{FurtherMessage, MessageType},
        picker::PickerMode,
        quick_reply::QuickReply,
        stage::Stage,
    },
    error::{Problem, Result, Thing},
    fields::{DAY_OR_INSTANT, or_default},
    ids::{AssignmentId, DeliveryId, PatientId, ProtocolId, RecurrenceId, StepId},
    line::sent::{self, AsWritten},
    ops::{
        Caller, Paged, found,
        wire::{CURSOR, MAX_ROWS, end_of, inputs, outputs, page_in, start_of},
        words::{self, PatientWords},
    },
    store::{
        Conn, Order, answers,
        deliveries::{self, Filter},
        interactions::{self, MessageStatus},
        patient_messages, recurrences,
    },
};

inputs! {
    /// A filter of messages; all fields left out, everything is listed.
    pub(crate) struct ListMessages {
        /// Only messages to this patient.
        #[serde(default)]
        pub(crate) patient_id: Option<PatientId>,
        /// Only messages of this assignment.
        #[serde(default)]
        pub(crate) assignment_id: Option<AssignmentId>,
        /// Only messages in this state.
        #[serde(default)]
        pub(crate) state: Option<State>,
        /// Only messages in this stage; `state` narrows it further.
        #[serde(default)]
        pub(crate) stage: Option<Stage>,
        /// Only messages that failed or wait for this cause.
        #[serde(default)]
        pub(crate) cause: Option<Cause>,
        /// Due on this day of the clinic's zone or later, or from this RFC 3339 time on.
        #[serde(default)]
        #[garde(pattern(DAY_OR_INSTANT))]
        pub(crate) from: Option<String>,
        /// Due on this day at the latest, or before this RFC 3339 time.
        #[serde(default)]
        #[garde(pattern(DAY_OR_INSTANT))]
        pub(crate) to: Option<String>,
        /// The order by due time; `desc` (latest first) where left out.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = Order)]
        pub(crate) order: Order,
        /// Rows of a page: 1 to 200; 50 where left out.
        #[serde(default)]
        #[garde(range(min = 1, max = MAX_ROWS))]
        pub(crate) limit: Option<u32>,
        /// The `nextCursor` of the page before; left out for the first page.
        #[serde(default)]
        #[schemars(regex(pattern = CURSOR))]
        pub(crate) cursor: Option<String>,
    }

    pub(crate) struct OneMessage {
        /// The id of the message, a UUID.
        pub(crate) id: DeliveryId,
    }
}

outputs! {
    /// A message to one patient, from its plan to its outcome.
    pub(crate) struct Message {
        /// A UUID that never changes; also LINE's retry key.
        pub(crate) id: DeliveryId,
        /// The patient who gets it.
        pub(crate) patient_id: PatientId,
        /// The patient's name as written, 1 to 200 characters.
        pub(crate) patient_name: String,
        /// Its assignment; null for a one-off message.
        pub(crate) assignment_id: Option<AssignmentId>,
        /// The protocol; the clinic's own "Messages" for a one-off one.
        pub(crate) protocol_id: ProtocolId,
        /// The step of the protocol; it never changes once published.
        pub(crate) step_id: StepId,
        /// The repetition it is one time of; null where it goes once.
        pub(crate) recurrence_id: Option<RecurrenceId>,
        /// The timetable of its repetition; null where it goes once.
        pub(crate) repetition: Option<Repetition>,
        /// The kind of message, which decides the fields of `content`.
        pub(crate) message_type: MessageType,
        /// The fields that go with `messageType`. Variables stay as written until the message is
        /// made for its patient, and are filled in from then on.
        #[specta(type = specta_typescript::Unknown)]
        pub(crate) content: Value,
        /// The further messages of the same push, in order; may be empty.
        pub(crate) further_messages: Vec<FurtherMessage>,
        /// The question and its buttons; null where nothing is asked.
        pub(crate) feedback: Option<Feedback>,
        /// The quick replies under its last message; may be empty.
        pub(crate) quick_replies: Vec<QuickReply>,
        /// How soon it goes among several due messages.
        pub(crate) priority: Priority,
        /// Changed by the program, and by staff who cancel, hold or retry it.
        pub(crate) state: State,
        /// The actions staff may take now.
        pub(crate) actions: Vec<Action>,
        /// When it was or is due.
        pub(crate) due_at: Timestamp,
        /// When it is tried next; null while it is queued, once it is over, and while it waits for
        /// somebody's act.
        pub(crate) next_attempt_at: Option<Timestamp>,
        /// When LINE accepted it; null before.
        pub(crate) accepted_at: Option<Timestamp>,
        /// How often LINE was asked to take it.
        pub(crate) attempts: i64,
        /// What quiet hours do to it; null for the clinic's rule.
        pub(crate) at_night: Option<AtNight>,
        /// Why it failed or waits; null where it does neither.
        pub(crate) cause: Option<Cause>,
        /// The cause in English; null where it neither failed nor waits.
        pub(crate) cause_text: Option<String>,
        /// LINE's HTTP status at the last attempt; null where there was no answer.
        pub(crate) http_status: Option<i64>,
        /// LINE's words at the last try, with the place it refused; for `unfilled` the variable
        /// (`{{clinic.phone}}`) or the field that is too long. At most 1,000 characters; null where
        /// LINE gave none.
        pub(crate) error_text: Option<String>,
        /// LINE's id of the message object; null until LINE accepts it.
        pub(crate) line_message_id: Option<String>,
        /// LINE's id of the last request, by which LINE's support finds it.
        pub(crate) line_request_id: Option<String>,
        /// What became of it after LINE accepted it, as far as there is evidence; null before.
        pub(crate) outcome: Option<InteractionStatus>,
        /// When the patient first watched its video to its end, by LINE's clock; null where
        /// unknown, or without a video.
        pub(crate) watched_at: Option<Timestamp>,
        /// Every press of its buttons: the counted one first, then in order of time.
        pub(crate) answers: Vec<MessageAnswer>,
        /// What the patient wrote about it, oldest first.
        pub(crate) said: Vec<PatientWords>,
        /// When it was made; it never changes.
        pub(crate) created_at: Timestamp,
        /// When anything of it last changed.
        pub(crate) updated_at: Timestamp,
    }

    /// The timetable of a message that repeats.
    pub(crate) struct Repetition {
        /// Five fields: minute, hour, day of the month, month, day of the week.
        pub(crate) cron: String,
        /// The IANA zone of `cron`; null where it follows the patient's zone.
        pub(crate) time_zone: Option<String>,
    }

    /// A press of a button under its question.
    pub(crate) struct MessageAnswer {
        /// What the press means for the step.
        pub(crate) action: FeedbackAction,
        /// The stored answer, 1 to 100 UTF-16 code units: the button's value, or the choice made
        /// with its picker.
        pub(crate) value: String,
        /// The label on the button.
        pub(crate) label: String,
        /// The mode of the button's picker: `value` is `2026-12-01` (`date`), `09:30` (`time`) or
        /// `2026-12-01T09:30` (`datetime`), without a zone. Null for a button without one.
        pub(crate) picked: Option<PickerMode>,
        /// Whether it is the answer: the first press is.
        pub(crate) counted: bool,
        /// Whether it came after the window.
        pub(crate) late: bool,
        /// Whether it calls staff.
        pub(crate) worrying: bool,
        /// When the button was pressed, by LINE's clock.
        pub(crate) at: Timestamp,
    }
}

impl Message {
    pub(in crate::ops) fn of(mut d: deliveries::Delivery, now: Timestamp) -> Self {
        if let Some(body) = &d.body {
            let written = AsWritten {
                kind: d.message_type,
                content: &mut d.content,
                further: d.further_messages.as_deref_mut().unwrap_or_default(),
                asked: d.feedback.as_mut(),
                quick_replies: d.quick_replies.as_deref_mut().unwrap_or_default(),
            };
            sent::fill_from(body, written);
        }
        let actions = ActedOn::from(&d).actions(now);
        Self {
            id: d.id,
            patient_id: d.patient_id,
            patient_name: d.patient_name,
            assignment_id: d.assignment_id,
            protocol_id: d.protocol_id,
            step_id: d.step_id,
            recurrence_id: d.recurrence_id,
            repetition: d.cron.map(|cron| Repetition { cron, time_zone: d.cron_zone }),
            message_type: d.message_type,
            content: d.content,
            further_messages: d.further_messages.unwrap_or_default(),
            feedback: d.feedback,
            quick_replies: d.quick_replies.unwrap_or_default(),
            priority: d.priority,
            state: d.state,
            actions,
            due_at: d.due_at,
            next_attempt_at: d.next_attempt_at,
            accepted_at: d.accepted_at,
            attempts: d.attempts,
            at_night: d.at_night,
            cause: d.cause,
            cause_text: d.cause.map(|c| c.in_words().to_owned()).or_else(|| d.error_text.clone()),
            http_status: d.http_status,
            error_text: d.error_text,
            line_message_id: d.line_message_ids.into_iter().next(),
            line_request_id: d.line_request_id,
            outcome: None,
            watched_at: d.watched_at,
            answers: Vec::new(),
            said: Vec::new(),
            created_at: d.created_at,
            updated_at: d.updated_at,
        }
    }

    /// Just stored, and without its timetable.
    pub(super) fn made(mut draft: Draft, patient_name: String, now: Timestamp) -> Self {
        if let Some(body) = &draft.body {
            let source = &mut draft.source;
            let written = AsWritten {
                kind: source.message_type,
                content: &mut source.content,
                further: &mut source.further,
                asked: source.feedback.as_mut(),
                quick_replies: &mut source.quick_replies,
            };
            sent::fill_from(&body.json, written);
        }
        let acted_on = ActedOn {
            state: draft.state,
            cause: draft.cause,
            maybe_sent_at: None,
            repeats: draft.recurrence_id.is_some(),
            // It was written just now.
            follow_up: None,
        };
        let next = (draft.state == State::Scheduled).then_some(draft.due_at);
        Self {
            id: draft.id,
            patient_id: draft.source.patient_id,
            patient_name,
            assignment_id: draft.source.assignment_id,
            protocol_id: draft.source.protocol_id,
            step_id: draft.source.step_id,
            recurrence_id: draft.recurrence_id,
            repetition: None,
            message_type: draft.source.message_type,
            content: draft.source.content,
            further_messages: draft.source.further,
            feedback: draft.source.feedback,
            quick_replies: draft.source.quick_replies,
            priority: draft.source.priority,
            state: draft.state,
            actions: acted_on.actions(now),
            due_at: draft.due_at,
            next_attempt_at: next,
            accepted_at: None,
            attempts: 0,
            at_night: draft.source.at_night,
            cause: draft.cause,
            cause_text: draft.cause.map(|c| c.in_words().to_owned()),
            http_status: None,
            line_message_id: None,
            error_text: None,
            line_request_id: None,
            outcome: None,
            watched_at: None,
            answers: Vec::new(),
            said: Vec::new(),
            created_at: now,
            updated_at: now,
        }
    }
}

impl Repetition {
    pub(super) fn of(r: recurrences::Recurrence) -> (RecurrenceId, Self) {
        let time_zone = (!r.follows_patient).then_some(r.time_zone);
        (r.id, Self { cron: r.cron, time_zone })
    }
}

impl MessageAnswer {
    pub(in crate::ops) fn of(a: answers::Answer, question: Option<&Feedback>) -> Self {
        let worrying = question.is_some_and(|question| question.is_worrying(&a.value, &a.label));
        Self {
            worrying,
            action: a.action,
            value: a.value,
            label: a.label,
            picked: a.picked,
            counted: a.counted,
            late: a.late,
            at: a.answered_at,
        }
    }
}

pub(in crate::ops) async fn with_answers(
    conn: &mut Conn,
    mut messages: Vec<Message>,
) -> Result<Vec<Message>> {
    let ids: Vec<_> = messages.iter().map(|m| m.id).collect();
    let mut places: HashMap<_, _> = messages.iter_mut().map(|m| (m.id, m)).collect();
    for MessageStatus { id, status } in interactions::statuses(conn, &ids).await? {
        if let Some(message) = places.get_mut(&id) {
            message.outcome = Some(status);
        }
    }
    for answer in answers::of_deliveries(conn, &ids).await? {
        if let Some(message) = places.get_mut(&answer.delivery_id) {
            message.answers.push(MessageAnswer::of(answer, message.feedback.as_ref()));
        }
    }
    let said = patient_messages::of_deliveries(conn, &ids).await?;
    for (said, words) in words::with_media(conn, said).await? {
        if let Some(message) = said.delivery_id.and_then(|id| places.get_mut(&id)) {
            message.said.push(words);
        }
    }
    Ok(messages)
}

/// By due time.
pub(crate) async fn list(core: &Core, _: &Caller, input: ListMessages) -> Result<Paged<Message>> {
    let (after, limit) = page_in(input.order, input.limit, input.cursor.as_deref())?;
    let zone = core.clinic().time_zone;
    let filter = Filter {
        patient_id: input.patient_id,
        assignment_id: input.assignment_id,
        states: states(input.state, input.stage),
        from: start_of("from", input.from.as_deref(), zone)?,
        to: end_of("to", input.to.as_deref(), zone)?,
        cause: input.cause,
        order: input.order,
    };
    let rows = deliveries::list(core.store.read(), &filter, &after, limit).await?;
    let now = core.now();
    let mut page = Paged::of(rows, |d| Message::of(d, now));
    let mut conn = core.store.read().acquire().await?;
    page.items = with_answers(&mut conn, page.items).await?;
    Ok(page)
}

/// `None` for any.
pub(super) fn states(state: Option<State>, stage: Option<Stage>) -> Option<Vec<State>> {
    let Some(stage) = stage else { return state.map(|state| vec![state]) };
    Some(stage.states().iter().copied().filter(|s| state.is_none_or(|state| state == *s)).collect())
}

/// With its answers and the patient's words about it.
pub(crate) async fn get(core: &Core, _: &Caller, input: OneMessage) -> Result<Message> {
    let mut conn = core.store.read().acquire().await?;
    let message = found(deliveries::get(&mut conn, input.id).await?, Thing::Message, input.id)?;
    let mut shown = with_answers(&mut conn, vec![Message::of(message, core.now())]).await?;
    shown.pop().ok_or_else(|| Problem::not_found(Thing::Message, input.id))
}
