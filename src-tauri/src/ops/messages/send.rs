//! Accepting messages: now, later, or again and again; one or up to 1,000 at once.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{
    keys::{known_keys, one_message_a_key},
    shown::Message,
};
use crate::{
    clock::{DAY_MS, Timestamp},
    core::{Core, Topic},
    delivery::compose::{self, Recipient},
    domain::activity::{Act, Change},
    domain::{
        delivery::{KEY_LIFE_MS, Priority},
        draft::{Draft, Rules, Source},
        message::{Content, FurtherMessage, MAX_FURTHER, MessageType},
        patient,
        quick_reply::{MAX_QUICK_REPLIES, QuickReply},
        trigger::Cron,
    },
    error::{FieldCode, FieldProblem, Problem, Refusal, Result, Thing},
    fields::{ONE_LINE, ZONE, or_default},
    ids::{DeliveryId, PatientId, RecurrenceId},
    ops::{
        Caller, announce, audit, contents,
        wire::{Checks, inputs, outputs},
    },
    queue::{self, Name},
    store::{Conn, deliveries, jobs, patients, recurrences, uploads},
};

/// When a message goes.
#[derive(Clone, Debug, serde::Deserialize, garde::Validate, schemars::JsonSchema, specta::Type)]
#[garde(allow_unvalidated)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub(crate) enum Schedule {
    /// At once, as soon as the rules of the clinic let it.
    // With braces, since serde lets a variant without any take every member: an `at` beside it
    // would be lost, and the message would go at once.
    Immediate {},
    /// So many milliseconds from now; 0 to a year.
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
        cron: String,
        /// In which IANA zone; the patient's where it is left out.
        #[serde(default)]
        #[garde(pattern(ZONE))]
        time_zone: Option<String>,
    },
}

inputs! {
    /// A message to a patient.
    pub(crate) struct SendMessage {
        /// The patient who gets it.
        pub(crate) patient_id: PatientId,
        /// What kind of message.
        pub(crate) message_type: MessageType,
        /// text `{"text","quoteToken"?}`; image `{"imageUrl","previewImageUrl"?}`; video
        /// `{"videoUrl","previewImageUrl"}`; flex `{"altText","contents"}`; template `{"altText","template"}`. Variables such as
        /// `{{patient.name}}` in what the patient reads are filled in.
        #[specta(type = specta_typescript::Unknown)]
        #[schemars(with = "Content")]
        pub(crate) content: Value,
        /// Up to four more messages of the same push, in their order: one of the month's quota
        /// together.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = Vec<FurtherMessage>)]
        #[garde(length(max = MAX_FURTHER), dive)]
        pub(crate) further_messages: Vec<FurtherMessage>,
        /// Up to 13 quick replies under the last message of the push; they go when the patient taps
        /// one, or when something else is said. They take no variables.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = Vec<QuickReply>)]
        #[garde(length(max = MAX_QUICK_REPLIES), dive)]
        pub(crate) quick_replies: Vec<QuickReply>,
        /// When; now where it is left out.
        #[serde(default)]
        #[garde(dive)]
        pub(crate) schedule: Option<Schedule>,
        /// Which of several due messages goes first.
        #[serde(default)]
        pub(crate) priority: Option<Priority>,
        /// The caller's own key, 1 to 200 characters: the same message under it once more is the
        /// first, another one is refused.
        #[serde(default)]
        #[garde(length(chars, min = 1, max = MAX_KEY), pattern(ONE_LINE))]
        pub(crate) idempotency_key: Option<String>,
    } also one;

    /// Messages that are accepted together or not at all.
    pub struct SendBulk {
        /// 1 to 1,000 messages.
        #[garde(length(min = 1, max = MAX_BULK), dive)]
        pub(crate) messages: Vec<SendMessage>,
    } also all;
}

outputs! {
    /// The messages, in the order they were given.
    pub struct Accepted {
        /// One for each message given.
        pub(crate) items: Vec<Message>,
    }
}

/// Most messages of one bulk.
const MAX_BULK: usize = 1_000;

/// Characters of a caller's own key.
const MAX_KEY: usize = 200;

/// The furthest ahead a message is scheduled: a year and a day.
const MAX_AHEAD_MS: i64 = 366 * DAY_MS;

/// Accepts a message for a patient.
pub(crate) async fn send(core: &Core, who: &Caller, input: SendMessage) -> Result<Message> {
    let mut items = accept(core, who, &[input], |_| String::new()).await?;
    items.pop().ok_or_else(|| Problem::internal("accepting a message", "nothing was stored"))
}

/// Accepts up to 1,000 messages, all or none.
pub async fn send_bulk(core: &Core, who: &Caller, input: SendBulk) -> Result<Accepted> {
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
    contents::phone_is_there(core, messages.iter().enumerate().map(|(n, m)| m.said(prefix(n))))?;
    let now = core.now();
    let mut tx = core.store.begin().await?;
    let known = known_keys(&mut tx, messages).await?;
    one_message_a_key(messages, &known, &prefix)?;
    let patients = recipients(&mut tx, messages, &prefix).await?;
    // What was taken before is shown as it is, whatever became of its pictures.
    let is_new = |m: &SendMessage| m.idempotency_key.as_ref().is_none_or(|key| !known.contains_key(key));
    let new = messages.iter().enumerate().filter(|(_, m)| is_new(m)).map(|(n, m)| m.said(prefix(n)));
    contents::uploads_are_there(&mut tx, core, new, None).await?;
    let mut batch = Batch::default();
    let mut order = Vec::with_capacity(messages.len());
    for (n, message) in messages.iter().enumerate() {
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
    // What was just made is shown from what was made; only what came earlier is read.
    let earlier: Vec<_> = known.into_values().map(|d| d.id).collect();
    let earlier = deliveries::get_many(&mut tx, &earlier).await?.into_iter().map(Message::from);
    tx.commit().await?;
    core.queues.wake(Name::MessageDelivery);
    core.tick_bell.notify_one();
    announce(core, &[Topic::Messages]);
    let made = batch.deliveries.into_iter().map(|draft| {
        let name = patients.get(&draft.source.patient_id).map(|p| p.display_name.clone());
        Message::made(draft, name.unwrap_or_default(), now)
    });
    Ok(in_order(&order, earlier.chain(made).map(|m| (m.id, m)).collect()))
}

/// Each message at its place.
fn in_order(order: &[DeliveryId], mut messages: HashMap<DeliveryId, Message>) -> Vec<Message> {
    // A key that stands twice in one call names one message; both places show it.
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

impl SendMessage {
    fn said(&self, prefix: String) -> contents::Said<'_> {
        contents::Said {
            prefix,
            message_type: self.message_type,
            content: &self.content,
            further: &self.further_messages,
            feedback: None,
            quick_replies: &self.quick_replies,
        }
    }
}

/// What only the whole message says: LINE's limits, and times that pass.
fn one(m: &SendMessage, now: Timestamp, checks: &mut Checks) {
    further(m, "", now, checks);
}

fn all(bulk: &SendBulk, now: Timestamp, checks: &mut Checks) {
    for (n, message) in bulk.messages.iter().enumerate().take(MAX_BULK) {
        further(message, &format!("messages[{n}]."), now, checks);
    }
}

fn further(m: &SendMessage, prefix: &str, now: Timestamp, checks: &mut Checks) {
    match m.schedule.as_ref().unwrap_or(&Schedule::Immediate {}) {
        Schedule::Immediate {} | Schedule::Delay { .. } => {}
        Schedule::At { at } => {
            let ahead = at.millis_since(now);
            if ahead > MAX_AHEAD_MS {
                checks.add(FieldProblem::limited(
                    format!("{prefix}schedule.at"),
                    FieldCode::TooFarAhead,
                    366,
                ));
            }
            if -ahead > KEY_LIFE_MS {
                checks.add(FieldProblem::limited(format!("{prefix}schedule.at"), FieldCode::TooFarBack, 23));
            }
        }
        Schedule::Recurring { cron, .. } => match Cron::parse(cron, &format!("{prefix}schedule.cron")) {
            Ok(cron) if cron.next_after(now, chrono_tz::Tz::UTC).is_none() => {
                checks.add(FieldProblem::new(format!("{prefix}schedule.cron"), FieldCode::NeverComes));
            }
            Ok(_) => {}
            Err(problem) => checks.add(problem),
        },
    }
    checks.extend(m.said(prefix.to_owned()).problems(contents::ALONE));
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
        let mut problem = Problem::not_found(Thing::Patient, m.patient_id);
        problem.errors.push(FieldProblem::new(format!("{}patientId", prefix(n)), FieldCode::NoSuchPatient));
        return Err(problem);
    }
    if found.values().any(|p| p.status != patient::Status::Active) {
        return Err(Problem::conflict(Refusal::PatientArchived, "a patient of this message is archived"));
    }
    Ok(found)
}

/// When a repetition comes first.
struct FirstTime {
    recurrence: RecurrenceId,
    due_at: Timestamp,
}

/// What one call stores.
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
        message: &SendMessage,
        said: &[Content],
        patient: &patients::Patient,
        now: Timestamp,
    ) -> Result<DeliveryId> {
        let clinic = core.clinic();
        let zone = clinic.zone_of(patient.time_zone.as_deref());
        let rules = Rules { clinic: &clinic, zone, now };
        let priority = message.priority.unwrap_or_default();
        let fresh_ms = core.config.delivery.freshness_ms();
        let (content, further) = (message.content.clone(), message.further_messages.clone());
        let (kind, replies) = (message.message_type, message.quick_replies.clone());
        let source = Source::one_off(patient.id, kind, content, further, replies, priority, fresh_ms);
        let mut draft = match message.schedule.as_ref().unwrap_or(&Schedule::Immediate {}) {
            Schedule::Immediate {} => Draft::one_off(source, now, rules),
            Schedule::Delay { delay_ms } => Draft::one_off(source, now.plus_millis(*delay_ms), rules),
            Schedule::At { at } => Draft::one_off(source, *at, rules),
            Schedule::Recurring { .. } => {
                let next = self
                    .recurrence(core, message, patient, now)
                    .ok_or_else(|| Problem::field("schedule.cron", FieldCode::NeverComesInZone))?;
                Draft::repetition(source, next.recurrence, next.due_at, rules)
            }
        };
        draft.idempotency_key.clone_from(&message.idempotency_key);
        if let Some(recipient) = &patient.line_user_id {
            let to = Recipient::of(recipient, patient.into(), &clinic, now);
            compose::address(&mut draft, to, said);
        }
        let id = draft.id;
        if draft.is_ready() {
            self.ready.push(jobs::New { key: id, priority });
        }
        self.deliveries.push(draft);
        if let Some(key) = &message.idempotency_key {
            self.keys.insert(key.clone(), id);
        }
        Ok(id)
    }

    /// Stores everything; the uploads it shows stay from now on.
    async fn store(&self, conn: &mut Conn, now: Timestamp) -> Result<()> {
        recurrences::insert(conn, &self.recurrences, now).await?;
        uploads::mark_used(conn, &self.written(), now).await?;
        deliveries::insert(conn, &self.deliveries, now).await?;
        queue::enqueue(conn, Name::MessageDelivery, &self.ready).await?;
        Ok(())
    }

    /// All that is written in its messages.
    fn written(&self) -> String {
        let contents = |draft: &Draft| {
            let further = draft.source.further.iter().map(|one| one.content.to_string());
            let under = serde_json::to_string(&draft.source.quick_replies).unwrap_or_default();
            [draft.source.content.to_string(), under].into_iter().chain(further).collect::<Vec<_>>()
        };
        self.deliveries.iter().flat_map(contents).collect()
    }

    /// The repetition of a recurring message, and when it comes first.
    fn recurrence(
        &mut self,
        core: &Core,
        message: &SendMessage,
        patient: &patients::Patient,
        now: Timestamp,
    ) -> Option<FirstTime> {
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
        Some(FirstTime { recurrence: id, due_at })
    }
}
