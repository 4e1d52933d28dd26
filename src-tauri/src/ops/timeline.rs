//! Everything about one patient, in order: planned, sent, answered, written, noted, changed.

use std::collections::HashMap;

use serde_json::Value;

use super::{
    Caller,
    activity::AuditEntry,
    found,
    messages::{Message, MessageAnswer, with_answers},
    wire::{CURSOR, MAX_ROWS, inputs, outputs, page},
    words::{self, PatientWords},
    worklist::StaffNote,
};
use crate::{
    clock::Timestamp,
    core::Core,
    domain::{
        assignment,
        calendar::local_of,
        clinic::AtNight,
        feedback::Feedback,
        language::Language,
        message::{FurtherMessage, MessageType},
        quick_reply::QuickReply,
    },
    error::{Result, Thing},
    ids::{AssignmentId, DeliveryId, PatientId, StepId},
    schedule::upcoming,
    store::{
        Conn, Cursor, Order, answers, assignments, audit_log, deliveries, patient_messages, patients,
        timeline, worklist,
    },
};

inputs! {
    /// A page of a patient's timeline.
    pub(crate) struct TimelineOf {
        /// The id of the patient, a UUID.
        pub(crate) id: PatientId,
        /// Rows of a page: 1 to 200; 50 where left out.
        #[serde(default)]
        #[garde(range(min = 1, max = MAX_ROWS))]
        pub(crate) limit: Option<u32>,
        /// The `nextCursor` of the page before; left out for the first page.
        #[serde(default)]
        #[schemars(regex(pattern = CURSOR))]
        pub(crate) cursor: Option<String>,
    }
}

outputs! {
    /// What happened to a patient, and what is ahead.
    pub(crate) struct Timeline {
        /// The IANA zone of its local times.
        pub(crate) time_zone: String,
        /// Planned messages, the next first; only on the first page.
        pub(crate) planned: Vec<PlannedMessage>,
        /// Past and waiting entries, from the latest to the earliest.
        pub(crate) items: Vec<TimelineItem>,
        /// The `cursor` for the next page; null at the end.
        pub(crate) next_cursor: Option<String>,
    }

    /// A step of a follow-up whose message is not made yet.
    pub(crate) struct PlannedMessage {
        /// When it is due, by the present plan.
        pub(crate) due_at: Timestamp,
        /// `dueAt` in the patient's local time: `2026-11-24 09:00`.
        pub(crate) local_time: String,
        /// The assignment whose step it is.
        pub(crate) assignment_id: AssignmentId,
        /// The protocol's name, 1 to 200 characters.
        pub(crate) protocol_name: String,
        /// The step's name; may be empty.
        pub(crate) step_name: String,
        /// The step's place in the protocol, from 1.
        pub(crate) step_order: i64,
        /// The step; with `occurrence` it identifies what to leave out or to send at another time.
        pub(crate) step_id: StepId,
        /// 0 where the step comes once, else the local time as YYYYMMDDHHMM.
        pub(crate) occurrence: i64,
        /// What quiet hours do to it; null for the clinic's rule.
        pub(crate) at_night: Option<AtNight>,
        /// The kind of message, which decides the fields of `content`.
        pub(crate) message_type: MessageType,
        /// The fields that go with `messageType`, in the patient's language; variables stay as
        /// written.
        #[specta(type = specta_typescript::Unknown)]
        pub(crate) content: Value,
        /// The further messages of the same push, in order; may be empty.
        pub(crate) further_messages: Vec<FurtherMessage>,
        /// The question and its buttons; null where nothing is asked.
        pub(crate) feedback: Option<Feedback>,
        /// The quick replies under its last message; may be empty.
        pub(crate) quick_replies: Vec<QuickReply>,
    }

    /// An entry, with exactly one of the fields after `localTime`.
    pub(crate) struct TimelineItem {
        /// Its id, in the order of the list.
        pub(crate) id: String,
        /// When it happened; for a message, when it is or was due.
        pub(crate) at: Timestamp,
        /// `at` in the patient's local time: `2026-11-24 09:00`.
        pub(crate) local_time: String,
        /// A message to the patient, sent or waiting.
        pub(crate) message: Option<Message>,
        /// A press of a button under a message.
        pub(crate) answer: Option<TimelineAnswer>,
        /// Something the patient wrote, sent or pressed.
        pub(crate) said: Option<PatientWords>,
        /// A note that staff wrote on the patient or an item.
        pub(crate) note: Option<StaffNote>,
        /// A change to the patient or to one of their assignments.
        pub(crate) event: Option<AuditEntry>,
        /// The name of a protocol that came to its end.
        pub(crate) completed: Option<String>,
    }

    /// A press of a button under a message.
    pub(crate) struct TimelineAnswer {
        /// The message with the button.
        pub(crate) message_id: DeliveryId,
        /// The meaning of the button, and when it was pressed.
        pub(crate) answer: MessageAnswer,
    }
}

/// Planned messages the first page shows for each assignment.
const PLANNED: usize = 10;

pub(crate) async fn timeline(core: &Core, _: &Caller, input: TimelineOf) -> Result<Timeline> {
    let first = input.cursor.is_none();
    let (after, limit) = page(input.limit, input.cursor.as_deref())?;
    let mut conn = core.store.read().acquire().await?;
    let patient = found(patients::get(&mut conn, input.id).await?, Thing::Patient, input.id)?;
    let clinic = core.clinic();
    let zone = clinic.zone_of(patient.time_zone.as_deref());
    let local = |at: Timestamp| local_of(at, zone).format("%Y-%m-%d %H:%M").to_string();
    let entries = timeline::entries(core.store.read(), input.id, &after, limit).await?;
    let mut parts = Parts::read(&mut conn, &entries.items, core.now()).await?;
    let rows = super::Paged::of(entries, |e| parts.item(e, &local));
    let mut planned = Vec::new();
    if first {
        let filter = assignments::Filter {
            patient_id: Some(input.id),
            status: Some(assignment::Status::Active),
            ..assignments::Filter::default()
        };
        let active =
            assignments::list(core.store.read(), &filter, &Cursor::first_in(Order::Desc), 50).await?;
        let language = Language::own(patient.locale.as_deref(), clinic.time_zone);
        planned = upcoming::steps(&mut conn, &active.items, &clinic, language, core.now(), PLANNED)
            .await?
            .into_iter()
            .map(|u| PlannedMessage {
                due_at: u.due_at,
                local_time: local(u.due_at),
                assignment_id: u.assignment_id,
                protocol_name: u.protocol_name,
                step_name: u.step_name,
                step_order: u.step_order,
                step_id: u.step_id,
                occurrence: u.occurrence,
                at_night: u.said.at_night,
                message_type: u.said.message_type,
                content: u.said.content,
                further_messages: u.said.further,
                feedback: u.said.feedback,
                quick_replies: u.said.quick_replies,
            })
            .collect();
    }
    Ok(Timeline {
        time_zone: zone.name().to_owned(),
        planned,
        items: rows.items,
        next_cursor: rows.next_cursor,
    })
}

/// The rows behind the entries of a page, each kind read in one query.
struct Parts {
    messages: HashMap<String, Message>,
    answers: HashMap<String, TimelineAnswer>,
    said: HashMap<String, PatientWords>,
    notes: HashMap<String, worklist::Note>,
    events: HashMap<String, audit_log::AuditRow>,
    completed: HashMap<String, String>,
}

impl Parts {
    async fn read(conn: &mut Conn, entries: &[timeline::Entry], now: Timestamp) -> Result<Self> {
        fn ids<T: std::str::FromStr>(entries: &[timeline::Entry], kind: &str) -> Vec<T> {
            entries.iter().filter(|e| e.kind == kind).filter_map(|e| e.id.parse().ok()).collect()
        }
        let messages = deliveries::get_many(conn, &ids(entries, "message")).await?;
        let messages =
            with_answers(conn, messages.into_iter().map(|d| Message::of(d, now)).collect()).await?;
        let said = patient_messages::get_many(conn, &ids(entries, "said")).await?;
        let said = words::with_media(conn, said).await?;
        let answered = answers::get_many(conn, &ids(entries, "answer")).await?;
        let completed = assignments::get_many(conn, &ids(entries, "completed")).await?;
        Ok(Self {
            messages: messages.into_iter().map(|m| (m.id.to_string(), m)).collect(),
            answers: with_questions(conn, answered).await?,
            said: said.into_iter().map(|(s, words)| (s.id.to_string(), words)).collect(),
            notes: worklist::notes(conn, &ids(entries, "note"))
                .await?
                .into_iter()
                .map(|n| (n.id.to_string(), n))
                .collect(),
            events: audit_log::get_many(conn, &ids(entries, "event"))
                .await?
                .into_iter()
                .map(|e| (e.id.to_string(), e))
                .collect(),
            completed: completed.into_iter().map(|a| (a.id.to_string(), a.protocol_name)).collect(),
        })
    }

    fn item(&mut self, entry: timeline::Entry, local: &impl Fn(Timestamp) -> String) -> TimelineItem {
        let id = entry.id.as_str();
        let is = |kind: &str| entry.kind == kind;
        TimelineItem {
            at: entry.at,
            local_time: local(entry.at),
            message: self.messages.remove(id).filter(|_| is("message")),
            answer: self.answers.remove(id),
            said: self.said.remove(id),
            note: self.notes.remove(id).map(StaffNote::from),
            event: self.events.remove(id).map(AuditEntry::from),
            completed: self.completed.remove(id).filter(|_| is("completed")),
            id: entry.id,
        }
    }
}

/// By their ids.
async fn with_questions(
    conn: &mut Conn,
    answers: Vec<answers::Answer>,
) -> Result<HashMap<String, TimelineAnswer>> {
    let asked: Vec<_> = answers.iter().map(|a| a.delivery_id).collect();
    let asked = deliveries::get_many(conn, &asked).await?;
    let questions: HashMap<_, _> = asked.into_iter().map(|d| (d.id, d.feedback)).collect();
    let shown = answers.into_iter().map(|a| {
        let (id, message_id) = (a.id.to_string(), a.delivery_id);
        let question = questions.get(&message_id).and_then(Option::as_ref);
        (id, TimelineAnswer { message_id, answer: MessageAnswer::of(a, question) })
    });
    Ok(shown.collect())
}
