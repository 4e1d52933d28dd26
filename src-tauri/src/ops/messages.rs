//! Messages to one patient: one-off ones from here, those of protocols to look at.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{
    Caller, Paged, announce, audit, found,
    wire::{Checks, inputs, outputs, page},
};
use crate::{
    clock::Timestamp,
    core::{Core, Topic},
    delivery::compose,
    domain::{
        delivery::{Cause, InteractionStatus, KEY_LIFE_MS, Priority, State},
        draft::{Draft, Rules, Source},
        feedback::{Feedback, FeedbackAction},
        message::{Content, MessageType},
        patient,
        trigger::Cron,
    },
    error::{FieldProblem, Problem, Result},
    ids::{AssignmentId, DeliveryId, PatientId, ProtocolId, RecurrenceId, StepId},
    line::limits,
    queue::{self, Name, in_progress::Scope},
    store::{
        Conn, answers,
        deliveries::{self, Filter, Open},
        interactions, jobs, patients, recurrences, said, worklist,
    },
};

/// When a message goes.
#[derive(Clone, Debug, Default, serde::Deserialize, schemars::JsonSchema, specta::Type)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Schedule {
    /// Now.
    #[default]
    Immediate,
    /// So many milliseconds from now; 0 to a year.
    Delay {
        /// How many.
        delay_ms: i64,
    },
    /// At this instant, at most a year ahead.
    At {
        /// Which.
        at: Timestamp,
    },
    /// Again and again, by a five-field cron expression.
    Recurring {
        /// When.
        cron: String,
        /// In which IANA zone; the patient's where it is left out.
        #[serde(default)]
        time_zone: Option<String>,
    },
}

inputs! {
    /// A message to a patient.
    pub struct SendMessage {
        /// To whom.
        pub patient_id: PatientId,
        /// What kind of message.
        pub message_type: MessageType,
        /// text `{"text"}`; image `{"imageUrl","previewImageUrl"?}`; flex
        /// `{"altText","contents"}`; template `{"altText","template"}`.
        #[specta(type = specta_typescript::Unknown)]
        pub content: Value,
        /// When; now where it is left out.
        #[serde(default)]
        pub schedule: Option<Schedule>,
        /// Which of several due messages goes first.
        #[serde(default)]
        pub priority: Option<Priority>,
        /// The caller's own key, 1 to 200 characters: a second message under it is the first.
        #[serde(default)]
        pub idempotency_key: Option<String>,
    }

    /// Messages that are accepted together or not at all.
    pub struct SendBulk {
        /// 1 to 1,000 messages.
        pub messages: Vec<SendMessage>,
    }

    /// Which messages.
    pub struct ListMessages {
        /// One patient's.
        #[serde(default)]
        pub patient_id: Option<PatientId>,
        /// One assignment's.
        #[serde(default)]
        pub assignment_id: Option<AssignmentId>,
        /// Those that stand there.
        #[serde(default)]
        pub state: Option<State>,
        /// Rows of a page: 1 to 200; 50 where it is left out.
        #[serde(default)]
        pub limit: Option<u32>,
        /// `nextCursor` of the page before.
        #[serde(default)]
        pub cursor: Option<String>,
    }

    /// One message.
    pub struct OneMessage {
        /// Which.
        pub id: DeliveryId,
    }
}

outputs! {
    /// A message to one patient.
    pub struct Message {
        /// Its id; LINE's retry key as well.
        pub id: DeliveryId,
        /// To whom.
        pub patient_id: PatientId,
        /// The patient's name.
        pub patient_name: String,
        /// Of which assignment; null for a one-off message.
        pub assignment_id: Option<AssignmentId>,
        /// Of which protocol.
        pub protocol_id: ProtocolId,
        /// Of which step.
        pub step_id: StepId,
        /// Of which repetition.
        pub recurrence_id: Option<RecurrenceId>,
        /// What kind of message.
        pub message_type: MessageType,
        /// What it says.
        #[specta(type = specta_typescript::Unknown)]
        pub content: Value,
        /// What it asks.
        pub feedback: Option<Feedback>,
        /// Which of several goes first.
        pub priority: Priority,
        /// Where it stands.
        pub state: State,
        /// When it was or is due.
        pub due_at: Timestamp,
        /// When it is tried next.
        pub next_attempt_at: Option<Timestamp>,
        /// When LINE accepted it.
        pub accepted_at: Option<Timestamp>,
        /// Attempts so far.
        pub attempts: i64,
        /// Why it failed or waits.
        pub cause: Option<Cause>,
        /// The same in plain words.
        pub cause_text: Option<String>,
        /// LINE's status.
        pub http_status: Option<i64>,
        /// LINE's id of the message.
        pub line_message_id: Option<String>,
        /// LINE's id of the request.
        pub line_request_id: Option<String>,
        /// What became of it after LINE took it, as far as there is evidence; null before.
        pub outcome: Option<InteractionStatus>,
        /// Every press of its buttons: the counted one first, then in the order of time.
        pub answers: Vec<MessageAnswer>,
        /// What the patient wrote about it, oldest first.
        pub said: Vec<PatientWords>,
        /// When it was made.
        pub created_at: Timestamp,
        /// When it last changed.
        pub updated_at: Timestamp,
    }

    /// A press of a button.
    pub struct MessageAnswer {
        /// What it means.
        pub action: FeedbackAction,
        /// What is stored.
        pub value: String,
        /// What the patient read on the button.
        pub label: String,
        /// Whether it is the answer: the first one is.
        pub counted: bool,
        /// Whether it came after the window.
        pub late: bool,
        /// When.
        pub at: Timestamp,
    }

    /// Something a patient wrote.
    pub struct PatientWords {
        /// LINE's type: text, image, sticker, …
        pub kind: String,
        /// The words; null for anything else, and once the patient took it back.
        pub text: Option<String>,
        /// Whether the patient quoted the message.
        pub quoted: bool,
        /// When.
        pub at: Timestamp,
        /// When the patient took it back.
        pub unsent_at: Option<Timestamp>,
    }

    /// The messages, in the order they were given.
    pub struct Accepted {
        /// The messages.
        pub items: Vec<Message>,
    }
}

impl From<deliveries::Delivery> for Message {
    fn from(d: deliveries::Delivery) -> Self {
        Self {
            id: d.id,
            patient_id: d.patient_id,
            patient_name: d.patient_name,
            assignment_id: d.assignment_id,
            protocol_id: d.protocol_id,
            step_id: d.step_id,
            recurrence_id: d.recurrence_id,
            message_type: d.message_type,
            content: d.content,
            feedback: d.feedback,
            priority: d.priority,
            state: d.state,
            due_at: d.due_at,
            next_attempt_at: d.next_attempt_at,
            accepted_at: d.accepted_at,
            attempts: d.attempts,
            cause: d.cause,
            cause_text: d.cause.map(|c| c.in_words().to_owned()).or(d.error_text),
            http_status: d.http_status,
            line_message_id: d.line_message_ids.into_iter().next(),
            line_request_id: d.line_request_id,
            outcome: None,
            answers: Vec::new(),
            said: Vec::new(),
            created_at: d.created_at,
            updated_at: d.updated_at,
        }
    }
}

impl From<answers::Answer> for MessageAnswer {
    fn from(a: answers::Answer) -> Self {
        Self {
            action: a.action,
            value: a.value,
            label: a.label,
            counted: a.counted,
            late: a.late,
            at: a.answered_at,
        }
    }
}

impl From<said::Said> for PatientWords {
    fn from(s: said::Said) -> Self {
        Self { kind: s.kind, text: s.text, quoted: s.quoted, at: s.said_at, unsent_at: s.unsent_at }
    }
}

/// Messages with what the patients answered and wrote.
pub(super) async fn with_answers(conn: &mut Conn, mut messages: Vec<Message>) -> Result<Vec<Message>> {
    let ids: Vec<_> = messages.iter().map(|m| m.id).collect();
    let mut places: HashMap<_, _> = messages.iter_mut().map(|m| (m.id, m)).collect();
    for (id, status) in interactions::statuses(conn, &ids).await? {
        if let Some(message) = places.get_mut(&id) {
            message.outcome = Some(status);
        }
    }
    for answer in answers::of_deliveries(conn, &ids).await? {
        if let Some(message) = places.get_mut(&answer.delivery_id) {
            message.answers.push(answer.into());
        }
    }
    for said in said::of_deliveries(conn, &ids).await? {
        if let Some(message) = said.delivery_id.and_then(|id| places.get_mut(&id)) {
            message.said.push(said.into());
        }
    }
    Ok(messages)
}

/// Most messages of one bulk.
const MOST: u32 = 1_000;

/// The furthest ahead a message is scheduled: a year and a day.
const FURTHEST_MS: i64 = 366 * 24 * 3_600_000;

/// Accepts a message for a patient.
pub async fn send(core: &Core, who: &Caller, input: SendMessage) -> Result<Message> {
    let mut items = accept(core, who, &[input], |_| String::new()).await?;
    items.pop().ok_or_else(|| Problem::internal("accepting a message", "nothing was stored"))
}

/// Accepts up to 1,000 messages, all or none.
pub async fn send_bulk(core: &Core, who: &Caller, input: SendBulk) -> Result<Accepted> {
    let count = input.messages.len();
    if count == 0 {
        return Err(Problem::field("messages", "needs at least one message"));
    }
    if count > MOST as usize {
        return Err(Problem::fields(vec![FieldProblem::over("messages", MOST, "items", count)]));
    }
    let items = accept(core, who, &input.messages, |n| format!("messages[{n}].")).await?;
    Ok(Accepted { items })
}

/// Checks and stores messages with their jobs in one transaction.
async fn accept(
    core: &Core,
    who: &Caller,
    messages: &[SendMessage],
    prefix: impl Fn(usize) -> String,
) -> Result<Vec<Message>> {
    let now = core.now();
    let mut checks = Checks::default();
    let contents: Vec<_> =
        messages.iter().enumerate().map(|(n, m)| check(&mut checks, &prefix(n), m, now)).collect();
    checks.done()?;
    let mut tx = core.store.begin().await?;
    let known = known_keys(&mut tx, messages).await?;
    let patients = recipients(&mut tx, messages, &prefix).await?;
    let mut batch = Batch::default();
    let mut order = Vec::with_capacity(messages.len());
    for (message, content) in messages.iter().zip(contents) {
        let key = message.idempotency_key.as_deref();
        let earlier = key.and_then(|k| known.get(k).copied().or_else(|| batch.keys.get(k).copied()));
        order.push(match (earlier, content, patients.get(&message.patient_id)) {
            (Some(id), ..) => id,
            (None, Some(content), Some(patient)) => batch.add(core, message, &content, patient, now)?,
            _ => return Err(Problem::internal("accepting a message", "it was not checked")),
        });
    }
    recurrences::insert(&mut tx, &batch.recurrences, now).await?;
    deliveries::insert(&mut tx, &batch.deliveries, now).await?;
    queue::enqueue(&mut tx, Name::MessageDelivery, &batch.ready).await?;
    if !batch.deliveries.is_empty() {
        let subject = (batch.deliveries.len() == 1).then(|| batch.deliveries[0].id.to_string());
        let detail = format!("{} messages", batch.deliveries.len());
        audit(&mut tx, core, who, "message.send", subject, Some(detail)).await?;
    }
    let mut rows: HashMap<_, _> =
        deliveries::get_many(&mut tx, &order).await?.into_iter().map(|d| (d.id, d)).collect();
    tx.commit().await?;
    core.queues.wake(Name::MessageDelivery);
    core.tick_bell.notify_one();
    announce(core, &[Topic::Messages]);
    // A key that stands twice in one call names one message; both places show it.
    let mut last: HashMap<DeliveryId, usize> = HashMap::new();
    for id in &order {
        *last.entry(*id).or_default() += 1;
    }
    let item = |id: &DeliveryId| {
        let left = last.get_mut(id)?;
        *left -= 1;
        let row = if *left == 0 { rows.remove(id) } else { rows.get(id).cloned() };
        row.map(Message::from)
    };
    Ok(order.iter().filter_map(item).collect())
}

fn check(checks: &mut Checks, prefix: &str, m: &SendMessage, now: Timestamp) -> Option<Content> {
    checks.line(&format!("{prefix}idempotencyKey"), m.idempotency_key.as_deref(), 200);
    match m.schedule.as_ref().unwrap_or(&Schedule::Immediate) {
        Schedule::Immediate => {}
        Schedule::Delay { delay_ms } => {
            if !(0..=FURTHEST_MS).contains(delay_ms) {
                let message = format!("takes 0 to {FURTHEST_MS} milliseconds (366 days)");
                checks.add(FieldProblem::new(format!("{prefix}schedule.delayMs"), message));
            }
        }
        Schedule::At { at } => {
            if at.millis_since(now) > FURTHEST_MS {
                checks
                    .add(FieldProblem::new(format!("{prefix}schedule.at"), "lies more than 366 days ahead"));
            }
            if now.millis_since(*at) > KEY_LIFE_MS {
                checks.add(FieldProblem::new(format!("{prefix}schedule.at"), "lies more than 23 hours back"));
            }
        }
        Schedule::Recurring { cron, time_zone } => {
            checks.zone(&format!("{prefix}schedule.timeZone"), time_zone.as_deref());
            match Cron::parse(cron, &format!("{prefix}schedule.cron")) {
                Ok(cron) if cron.next_after(now, chrono_tz::Tz::UTC).is_none() => {
                    checks.add(FieldProblem::new(format!("{prefix}schedule.cron"), "never comes"));
                }
                Ok(_) => {}
                Err(problem) => checks.add(problem),
            }
        }
    }
    let field = format!("{prefix}content");
    match Content::parse(m.message_type, &m.content, &field) {
        Ok(content) => {
            checks.extend(limits::check(&content, &field));
            Some(content)
        }
        Err(problem) => {
            checks.add(problem);
            None
        }
    }
}

/// The messages that were accepted before under the keys of these.
async fn known_keys(conn: &mut Conn, messages: &[SendMessage]) -> Result<HashMap<String, DeliveryId>> {
    let keys: Vec<_> = messages.iter().filter_map(|m| m.idempotency_key.as_deref()).collect();
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(deliveries::by_idempotency_keys(conn, &keys).await?.into_iter().collect())
}

/// The patients of these messages; every one must exist and not be archived.
async fn recipients(
    conn: &mut Conn,
    messages: &[SendMessage],
    prefix: &impl Fn(usize) -> String,
) -> Result<HashMap<PatientId, patients::Patient>> {
    let ids: HashSet<_> = messages.iter().map(|m| m.patient_id).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let found: HashMap<_, _> = patients::get_many(conn, &ids).await?.into_iter().map(|p| (p.id, p)).collect();
    let missing = messages.iter().enumerate().find(|(_, m)| !found.contains_key(&m.patient_id));
    if let Some((n, m)) = missing {
        let mut problem = Problem::not_found("patient", m.patient_id);
        problem.errors.push(FieldProblem::new(format!("{}patientId", prefix(n)), "names no patient"));
        return Err(problem);
    }
    if found.values().any(|p| p.status != patient::Status::Active) {
        return Err(Problem::conflict("a patient of this message is archived"));
    }
    Ok(found)
}

/// What one call stores.
#[derive(Default)]
struct Batch {
    deliveries: Vec<Draft>,
    recurrences: Vec<recurrences::Recurrence>,
    ready: Vec<(DeliveryId, Priority)>,
    keys: HashMap<String, DeliveryId>,
}

impl Batch {
    fn add(
        &mut self,
        core: &Core,
        message: &SendMessage,
        content: &Content,
        patient: &patients::Patient,
        now: Timestamp,
    ) -> Result<DeliveryId> {
        let clinic = core.clinic();
        let zone = clinic.zone_of(patient.time_zone.as_deref());
        let rules = Rules { clinic: &clinic, zone, now };
        let priority = message.priority.unwrap_or_default();
        let fresh_ms = core.config.delivery.freshness_ms();
        let source =
            Source::one_off(patient.id, message.message_type, message.content.clone(), priority, fresh_ms);
        let mut draft = match message.schedule.as_ref().unwrap_or(&Schedule::Immediate) {
            Schedule::Immediate => Draft::one_off(source, now, rules),
            Schedule::Delay { delay_ms } => Draft::one_off(source, now.plus_millis(*delay_ms), rules),
            Schedule::At { at } => Draft::one_off(source, *at, rules),
            Schedule::Recurring { .. } => {
                let (recurrence, first) = self
                    .recurrence(core, message, patient, now)
                    .and_then(|(id, due)| Some((id, due?)))
                    .ok_or_else(|| Problem::field("schedule.cron", "never comes in this zone"))?;
                Draft::repetition(source, recurrence, first, rules)
            }
        };
        draft.idempotency_key.clone_from(&message.idempotency_key);
        if let Some(recipient) = &patient.line_user_id {
            compose::address(&mut draft, recipient, content);
        }
        let id = draft.id;
        if draft.is_ready() {
            self.ready.push((id, priority));
        }
        self.deliveries.push(draft);
        if let Some(key) = &message.idempotency_key {
            self.keys.insert(key.clone(), id);
        }
        Ok(id)
    }

    /// The repetition of a recurring message, and when it comes first.
    fn recurrence(
        &mut self,
        core: &Core,
        message: &SendMessage,
        patient: &patients::Patient,
        now: Timestamp,
    ) -> Option<(RecurrenceId, Option<Timestamp>)> {
        let Some(Schedule::Recurring { cron, time_zone }) = &message.schedule else { return None };
        let zone = core.clinic().zone_of(time_zone.as_deref().or(patient.time_zone.as_deref()));
        let first = Cron::parse(cron, "schedule.cron").ok()?.next_after(now, zone);
        let id = RecurrenceId::new(now);
        self.recurrences.push(recurrences::Recurrence {
            id,
            patient_id: patient.id,
            message_type: message.message_type,
            content: message.content.clone(),
            priority: message.priority.unwrap_or_default(),
            cron: cron.clone(),
            time_zone: zone.name().to_owned(),
            active: true,
            last_due_at: None,
            follows_patient: time_zone.is_none(),
            patient_zone: patient.time_zone.clone(),
        });
        Some((id, first))
    }
}

/// Messages from the latest due to the earliest.
pub async fn list(core: &Core, _: &Caller, input: ListMessages) -> Result<Paged<Message>> {
    let (after, limit) = page(input.limit, input.cursor.as_deref())?;
    let filter =
        Filter { patient_id: input.patient_id, assignment_id: input.assignment_id, state: input.state };
    let rows = deliveries::list(core.store.read(), filter, &after, limit).await?;
    let mut page = Paged::of(rows, Message::from);
    let mut conn = core.store.read().acquire().await?;
    page.items = with_answers(&mut conn, page.items).await?;
    Ok(page)
}

/// One message.
pub async fn get(core: &Core, _: &Caller, input: OneMessage) -> Result<Message> {
    let mut conn = core.store.read().acquire().await?;
    let message = found(deliveries::get(&mut conn, input.id).await?, "message", input.id)?.into();
    let mut shown = with_answers(&mut conn, vec![message]).await?;
    shown.pop().ok_or_else(|| Problem::not_found("message", input.id))
}

/// Cancels a message that has not been sent; of a repetition also all that would follow. One
/// that LINE may have got all the same stays on record as that.
pub async fn cancel(core: &Core, who: &Caller, input: OneMessage) -> Result<Message> {
    let now = core.now();
    let mut tx = core.store.begin().await?;
    let before = found(deliveries::get(&mut tx, input.id).await?, "message", input.id)?;
    // Until the commit nothing of it begins.
    let act = core.in_progress.act(Scope::Message(input.id));
    if !act.sending().is_empty() {
        return Err(Problem::conflict("it is on its way to LINE at this moment; look again in a moment"));
    }
    let mut cancelled = deliveries::cancel(&mut tx, Open::One(input.id), now).await?;
    let mut stopped = 0;
    if let Some(recurrence) = before.recurrence_id {
        stopped = recurrences::stop(&mut tx, &[recurrence]).await?;
        cancelled.extend(deliveries::cancel(&mut tx, Open::OfRecurrence(recurrence), now).await?);
    }
    if cancelled.is_empty() && stopped == 0 {
        return Err(Problem::conflict(format!("cannot cancel a message that is {}", before.state)));
    }
    jobs::kill(&mut tx, &Name::STRS, &cancelled, now).await?;
    interactions::log_outcomes(&mut tx, &cancelled, core.clinic().time_zone, now).await?;
    worklist::follow_outcomes(&mut tx, &cancelled, now).await?;
    audit(&mut tx, core, who, "message.cancel", Some(input.id.to_string()), None).await?;
    let after = found(deliveries::get(&mut tx, input.id).await?, "message", input.id)?;
    tx.commit().await?;
    drop(act);
    announce(core, &[Topic::Messages]);
    Ok(after.into())
}

/// Sends a message that failed, or waits for a person, once more: the same bytes under the
/// same key, for as long as LINE surely remembers the key.
pub async fn retry(core: &Core, who: &Caller, input: OneMessage) -> Result<Message> {
    let now = core.now();
    let mut tx = core.store.begin().await?;
    let before = found(deliveries::get(&mut tx, input.id).await?, "message", input.id)?;
    if before.maybe_sent_at.is_some_and(|at| now.millis_since(at) > KEY_LIFE_MS) {
        return Err(Problem::conflict(
            "it may have been sent more than 23 hours ago, and LINE may no longer recognise a repeat: \
             the patient could get it twice. Ask the patient, or send a new message",
        ));
    }
    let fresh_until = now.plus_millis(core.config.delivery.freshness_ms());
    let again = deliveries::retry(&mut tx, &[input.id], fresh_until, now).await?;
    if again.is_empty() {
        return Err(Problem::conflict(format!("cannot retry a message that is {}", before.state)));
    }
    let jobs: Vec<_> = again.iter().map(|r| (r.id, r.priority)).collect();
    queue::enqueue(&mut tx, Name::MessageDelivery, &jobs).await?;
    worklist::follow_outcomes(&mut tx, &[input.id], now).await?;
    audit(&mut tx, core, who, "message.retry", Some(input.id.to_string()), None).await?;
    let after = found(deliveries::get(&mut tx, input.id).await?, "message", input.id)?;
    tx.commit().await?;
    core.channel().let_one_through();
    core.queues.wake(Name::MessageDelivery);
    announce(core, &[Topic::Messages]);
    Ok(after.into())
}
