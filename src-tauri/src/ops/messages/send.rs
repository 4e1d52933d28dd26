//! Accepts messages: now, later, or repeatedly; one or up to 1,000 at once.

use std::collections::{HashMap, HashSet};

use super::{
    input::{Schedule, SendBulk, SendMessage},
    keys::{known_keys, one_message_a_key},
    shown::{Message, Repetition},
};
use crate::{
    clock::Timestamp,
    core::Core,
    delivery::compose::{self, Recipient},
    domain::activity::{Act, Change},
    domain::{
        draft::{Draft, Rules, Source},
        message::Content,
        patient,
        trigger::Cron,
    },
    error::{FieldCode, FieldProblem, Problem, Refusal, Result, Thing},
    ids::{DeliveryId, PatientId, RecurrenceId},
    ops::{Caller, audit, contents, wire::outputs},
    queue::{self, Name},
    store::{Conn, deliveries, jobs, patients, recurrences, uploads},
};

outputs! {
    /// The accepted messages, in the order they were given.
    pub struct Accepted {
        /// One message for each that was given, in order.
        pub(crate) items: Vec<Message>,
    }
}

pub(crate) async fn send(core: &Core, who: &Caller, input: SendMessage) -> Result<Message> {
    let mut items = accept(core, who, vec![input], |_| String::new()).await?;
    items.pop().ok_or_else(|| Problem::internal("accepting a message", "nothing was stored"))
}

/// All or none.
pub async fn send_bulk(core: &Core, who: &Caller, input: SendBulk) -> Result<Accepted> {
    let items = accept(core, who, input.messages, |n| format!("messages[{n}].")).await?;
    Ok(Accepted { items })
}

async fn accept(
    core: &Core,
    who: &Caller,
    messages: Vec<SendMessage>,
    prefix: impl Fn(usize) -> String,
) -> Result<Vec<Message>> {
    contents::phone_is_there(core, messages.iter().enumerate().map(|(n, m)| m.said(prefix(n))))?;
    let now = core.now();
    let mut tx = core.store.begin().await?;
    let known = known_keys(&mut tx, &messages).await?;
    one_message_a_key(&messages, &known, &prefix)?;
    let patients = recipients(&mut tx, &messages, &prefix).await?;
    // A message accepted before is shown as it is, whatever became of its pictures.
    let is_new = |m: &SendMessage| m.idempotency_key.as_ref().is_none_or(|key| !known.contains_key(key));
    let new = messages.iter().enumerate().filter(|(_, m)| is_new(m)).map(|(n, m)| m.said(prefix(n)));
    contents::uploads_are_there(&mut tx, core, new, None).await?;
    let mut batch = Batch::default();
    let mut order = Vec::with_capacity(messages.len());
    for (n, message) in messages.into_iter().enumerate() {
        let key = message.idempotency_key.as_deref();
        let earlier = key.and_then(|k| known.get(k).map(|d| d.id).or_else(|| batch.keys.get(k).copied()));
        order.push(match (earlier, patients.get(&message.patient_id)) {
            (Some(id), _) => id,
            (None, Some(patient)) => {
                let (content, further) = (&message.content, &message.further_messages);
                let said = Content::parse_all(message.message_type, content, further)
                    .map_err(|p| Problem::fields(vec![FieldProblem { field: prefix(n) + &p.field, ..p }]))?;
                batch.add(core, message, &said, patient, now)?
            }
            (None, None) => return Err(Problem::not_found(Thing::Patient, message.patient_id)),
        });
    }
    batch.store(&mut tx, now).await?;
    if !batch.deliveries.is_empty() {
        let subject = (batch.deliveries.len() == 1).then(|| batch.deliveries[0].id.to_string());
        let change = Change::Messages { count: batch.deliveries.len() as u64 };
        audit(&mut tx, core, who, Act::MessageSend, subject, Some(change)).await?;
    }
    // New messages are shown from memory; only earlier ones are read.
    let earlier: Vec<_> = known.into_values().map(|d| d.id).collect();
    let earlier = deliveries::get_many(&mut tx, &earlier).await?.into_iter().map(|d| Message::of(d, now));
    tx.commit().await?;
    core.queues.wake(Name::MessageDelivery);
    core.tick_bell.notify_one();
    let mut timetables: HashMap<_, _> = batch.recurrences.into_iter().map(Repetition::of).collect();
    let made = batch.deliveries.into_iter().map(|draft| {
        let name = patients.get(&draft.source.patient_id).map(|p| p.display_name.clone());
        let repetition = draft.recurrence_id.and_then(|id| timetables.remove(&id));
        Message { repetition, ..Message::made(draft, name.unwrap_or_default(), now) }
    });
    Ok(in_order(&order, earlier.chain(made).map(|m| (m.id, m)).collect()))
}

/// The messages in the order of `order`; a repeated id shows its message twice.
fn in_order(order: &[DeliveryId], mut messages: HashMap<DeliveryId, Message>) -> Vec<Message> {
    // A key given twice in one call names one message, shown in both places.
    let mut left: HashMap<DeliveryId, usize> = HashMap::new();
    for id in order {
        *left.entry(*id).or_default() += 1;
    }
    let item = |id: &DeliveryId| {
        let left = left.get_mut(id)?;
        *left -= 1;
        if *left == 0 { messages.remove(id) } else { messages.get(id).cloned() }
    };
    order.iter().filter_map(item).collect()
}

/// Every one must exist and not be archived.
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
        let mut problem = Problem::not_found(Thing::Patient, m.patient_id);
        problem.errors.push(FieldProblem::new(format!("{}patientId", prefix(n)), FieldCode::NoSuchPatient));
        return Err(problem);
    }
    if found.values().any(|p| p.status != patient::Status::Active) {
        return Err(Problem::conflict(Refusal::PatientArchived, "a patient of this message is archived"));
    }
    Ok(found)
}

/// When a message goes.
enum Goes {
    Once(Timestamp),
    AgainAndAgain { recurrence: RecurrenceId, first: Timestamp },
}

/// Everything one call stores in its transaction.
#[derive(Default)]
struct Batch {
    deliveries: Vec<Draft>,
    recurrences: Vec<recurrences::Recurrence>,
    ready: Vec<jobs::New>,
    keys: HashMap<String, DeliveryId>,
}

impl Batch {
    fn add(
        &mut self,
        core: &Core,
        message: SendMessage,
        said: &[Content],
        patient: &patients::Patient,
        now: Timestamp,
    ) -> Result<DeliveryId> {
        let clinic = core.clinic();
        let zone = clinic.zone_of(patient.time_zone.as_deref());
        let rules = Rules { clinic: &clinic, zone, now };
        let priority = message.priority.unwrap_or_default();
        let fresh_ms = core.config.delivery.freshness_ms();
        let goes = match message.schedule.as_ref().unwrap_or(&Schedule::Immediate {}) {
            Schedule::Immediate {} => Goes::Once(now),
            Schedule::Delay { delay_ms } => Goes::Once(now.plus_millis(*delay_ms)),
            Schedule::At { at } => Goes::Once(*at),
            Schedule::Recurring { .. } => self
                .recurrence(core, &message, patient, now)
                .ok_or_else(|| Problem::field("schedule.cron", FieldCode::NeverComesInZone))?,
        };
        let (content, further) = (message.content, message.further_messages);
        let (kind, replies) = (message.message_type, message.quick_replies);
        let source = Source::one_off(patient.id, kind, content, further, replies, priority, fresh_ms);
        let mut draft = match goes {
            Goes::Once(at) => Draft::one_off(source, at, rules),
            Goes::AgainAndAgain { recurrence, first } => Draft::repetition(source, recurrence, first, rules),
        };
        draft.idempotency_key = message.idempotency_key;
        if let Some(recipient) = &patient.line_user_id {
            let to = Recipient::of(recipient, patient.into(), &clinic, now);
            compose::address(&mut draft, to, said);
        }
        let id = draft.id;
        if draft.is_ready() {
            self.ready.push(jobs::New { key: id, priority });
        }
        self.keys.extend(draft.idempotency_key.clone().map(|key| (key, id)));
        self.deliveries.push(draft);
        Ok(id)
    }

    /// The uploads in it are kept from now on.
    async fn store(&self, conn: &mut Conn, now: Timestamp) -> Result<()> {
        recurrences::insert(conn, &self.recurrences, now).await?;
        uploads::mark_used(conn, &self.written(), now).await?;
        deliveries::insert(conn, &self.deliveries, now).await?;
        queue::enqueue(conn, Name::MessageDelivery, &self.ready).await?;
        Ok(())
    }

    fn written(&self) -> String {
        let contents = self.deliveries.iter().map(|draft| {
            let source = &draft.source;
            (&source.content, &source.further, &source.quick_replies)
        });
        serde_json::to_string(&contents.collect::<Vec<_>>()).unwrap_or_default()
    }

    /// The repetition of a recurring message, and its first time.
    fn recurrence(
        &mut self,
        core: &Core,
        message: &SendMessage,
        patient: &patients::Patient,
        now: Timestamp,
    ) -> Option<Goes> {
        let Some(Schedule::Recurring { cron, time_zone }) = &message.schedule else { return None };
        let zone = core.clinic().zone_of(time_zone.as_deref().or(patient.time_zone.as_deref()));
        let due_at = Cron::parse(cron, "schedule.cron").ok()?.next_after(now, zone)?;
        let id = RecurrenceId::new(now);
        self.recurrences.push(recurrences::Recurrence {
            id,
            patient_id: patient.id,
            message_type: message.message_type,
            content: message.content.clone(),
            further_messages: Some(message.further_messages.clone()),
            quick_replies: Some(message.quick_replies.clone()),
            priority: message.priority.unwrap_or_default(),
            cron: cron.clone(),
            time_zone: zone.name().to_owned(),
            last_due_at: None,
            follows_patient: time_zone.is_none(),
            patient_zone: patient.time_zone.clone(),
        });
        Some(Goes::AgainAndAgain { recurrence: id, first: due_at })
    }
}
