//! One batch of events, in one transaction: what is known is read in a few queries, what
//! follows is worked out in memory, and written in a few statements.

use std::collections::HashMap;

use serde_json::Value;

use super::{
    link,
    reply::{self, Reply},
    words::{self, Language, Words},
};
use crate::{
    clock::Timestamp,
    core::{Core, Topic},
    domain::{
        assignment,
        clinic::Clinic,
        delivery::State,
        draft::{Asking, Draft, Rules},
        feedback::{Asked, Button, Effect, Feedback, Next, press},
        patient::Reachability,
        work::Reason,
    },
    ids::{AnswerId, DeliveryId, PatientId, SaidId, WebhookId, WorkId},
    line::{
        webhook::{Event, What, read},
        wire,
    },
    store::{
        Conn,
        answers::{self, Answer, Ask},
        deliveries,
        interactions::{self, Response},
        patients::{self, Patient, Reach},
        said::{self, Said, Unsent},
        webhooks, worklist,
    },
};

/// An answer that overtook the record of its own message waits this long for it,
const OVERTOOK_MS: i64 = 200;

/// and after so many such waits much longer each time,
const SHORT_WAITS: i64 = 50;
const LONG_WAIT_MS: i64 = 10_000;

/// and is given up after about a day.
const MOST_WAITS: u32 = 8_700;

/// An event with what it is stored under.
pub(super) struct Came {
    pub(super) id: WebhookId,
    pub(super) at: Timestamp,
    pub(super) event: Event,
}

/// Works on one batch; returns its size.
pub(super) async fn work(core: &Core, limit: u32) -> sqlx::Result<usize> {
    let now = core.now();
    let mut tx = core.store.begin().await?;
    let stored = webhooks::open(&mut tx, now, limit).await?;
    if stored.is_empty() {
        return Ok(0);
    }
    let mut came: Vec<_> = stored
        .iter()
        .map(|e| {
            let event = read(&serde_json::from_str(&e.body).unwrap_or(Value::Null));
            // A clock ahead of ours does not make an answer come from the future.
            Came { id: e.id, at: event.at.unwrap_or(now).min(now), event }
        })
        .collect();
    came.sort_by_key(|c| c.at);
    let clinic = core.clinic();
    let mut effects = Effects::default();
    link::take_codes(&mut tx, core, &mut came, &mut effects.replies).await?;
    let mut facts = Facts::gather(&mut tx, &came).await?;
    let worker = Worker { clinic: &clinic, practice: core.sandbox.is_some(), now };
    for came in &came {
        worker.handle(came, &mut facts, &mut effects);
    }
    let replies = std::mem::take(&mut effects.replies);
    let waits = std::mem::take(&mut effects.waits);
    effects.write(&mut tx, &clinic, now).await?;
    let done: Vec<_> = came.iter().map(|c| c.id).filter(|id| !waits.contains(id)).collect();
    webhooks::processed(&mut tx, &done, now).await?;
    webhooks::put_off(&mut tx, &waits, now, SHORT_WAITS, [OVERTOOK_MS, LONG_WAIT_MS]).await?;
    webhooks::give_up(&mut tx, MOST_WAITS, now).await?;
    tx.commit().await?;
    core.tick_bell.notify_one();
    for topic in [Topic::Messages, Topic::Patients, Topic::Assignments, Topic::Worklist, Topic::Phones] {
        core.announce(topic);
    }
    reply::send(core, replies, now);
    Ok(stored.len() - waits.len())
}

/// Works on up to `limit` events, each in a transaction of its own; one that fails waits and
/// comes again, and is given up in the end. Returns how many it worked on.
pub(super) async fn one_by_one(core: &Core, limit: u32) -> sqlx::Result<usize> {
    let mut done = 0;
    for _ in 0..limit {
        match work(core, 1).await {
            Ok(0) => break,
            Ok(_) => done += 1,
            Err(error) => {
                let now = core.now();
                let mut tx = core.store.begin().await?;
                let first: Vec<_> =
                    webhooks::open(&mut tx, now, 1).await?.into_iter().map(|e| e.id).collect();
                webhooks::put_off(&mut tx, &first, now, SHORT_WAITS, [LONG_WAIT_MS; 2]).await?;
                tx.commit().await?;
                tracing::error!(event = ?first, %error, "an event could not be worked on; it waits");
            }
        }
    }
    Ok(done)
}

/// What is known before the batch.
struct Facts {
    patients: HashMap<String, Patient>,
    asks: HashMap<DeliveryId, Ask>,
    quoted: HashMap<String, DeliveryId>,
    latest: HashMap<(PatientId, Timestamp), DeliveryId>,
}

impl Facts {
    async fn gather(conn: &mut Conn, came: &[Came]) -> sqlx::Result<Self> {
        let mut users: Vec<_> = came.iter().filter_map(|c| c.event.user.clone()).collect();
        users.sort_unstable();
        users.dedup();
        let found = patients::by_line_users(conn, &users).await?;
        let patients: HashMap<_, _> =
            found.into_iter().filter_map(|p| Some((p.line_user_id.clone()?, p))).collect();
        let (mut asked, mut quotes, mut words) = (Vec::new(), Vec::new(), Vec::new());
        for c in came {
            let patient = c.event.user.as_ref().and_then(|u| patients.get(u));
            match (&c.event.what, patient) {
                (What::Postback { data }, _) => {
                    asked.extend(wire::Answer::from_data(data).map(|a| a.delivery));
                }
                (What::Message { quoted: Some(quoted), .. }, Some(p)) => quotes.push((p.id, quoted.clone())),
                (What::Message { .. }, Some(p)) => words.push((p.id, c.at)),
                _ => {}
            }
        }
        let asks = answers::asks(conn, &asked).await?.into_iter().map(|a| (a.id, a)).collect();
        let quoted = said::quoted(conn, &quotes).await?;
        let latest = said::latest_sent(conn, &words).await?;
        Ok(Self { patients, asks, quoted, latest })
    }
}

/// What follows from a batch.
#[derive(Default)]
struct Effects {
    answers: Vec<Answer>,
    responses: Vec<Response>,
    proven: Vec<DeliveryId>,
    again: Vec<Draft>,
    said: Vec<Said>,
    unsent: Vec<Unsent>,
    quoted: Vec<(DeliveryId, Timestamp)>,
    reach: HashMap<String, Reach>,
    changed: HashMap<PatientId, Reachability>,
    signs: HashMap<PatientId, Timestamp>,
    work: Vec<worklist::New>,
    replies: Vec<Reply>,
    waits: Vec<WebhookId>,
}

/// What the work on every event of a batch needs.
struct Worker<'a> {
    clinic: &'a Clinic,
    practice: bool,
    now: Timestamp,
}

impl Worker<'_> {
    fn handle(&self, came: &Came, facts: &mut Facts, effects: &mut Effects) {
        let Some(user) = &came.event.user else { return };
        if let What::Postback { data } = &came.event.what {
            self.answer(came, user, data, facts, effects);
        }
        let Some(patient) = facts.patients.get(user) else { return };
        match &came.event.what {
            What::Message { .. } => words(came, patient, facts, self.now, effects),
            What::Unsend { id } => effects.unsent.push(Unsent {
                id: SaidId::new(self.now),
                patient_id: patient.id,
                line_message_id: id.clone(),
                at: came.at,
            }),
            What::Postback { .. } | What::Follow | What::Unfollow | What::SignOfLife | What::Other => {}
        }
        evidence(came, user, patient, effects);
    }

    /// A press of a button.
    fn answer(&self, came: &Came, user: &str, data: &str, facts: &mut Facts, effects: &mut Effects) {
        let Facts { patients, asks, .. } = facts;
        let patient = patients.get(user);
        let Some(given) = wire::Answer::from_data(data) else { return };
        let Some(ask) = asks.get_mut(&given.delivery) else { return };
        let Some((feedback, button)) = genuine(ask, &given, user, patient) else { return };
        match ask.state {
            State::Sent => {}
            // The patient was faster than the record of the message: it is being written.
            State::Queued => return effects.waits.push(came.id),
            // Whatever was recorded, or not in time: only a message that arrived has buttons.
            _ => effects.proven.push(ask.id),
        }
        let effect = press(&feedback, &button, standing(ask, &feedback), came.at);
        let text = self.reply(ask, &button, effect, patient);
        if self.practice || !patient.is_some_and(|p| p.demo) {
            effects.replies.extend(Reply::to(came, text));
        }
        effects.press(ask, &button, effect, came.at, self.now);
        if let Next::AskAgain(at) = effect.next {
            let zone = self.clinic.zone_of(patient.and_then(|p| p.time_zone.as_deref()));
            let rules = Rules { clinic: self.clinic, zone, now: self.now };
            let earlier = Asking { occurrence: ask.occurrence, postponed: postponed_of(ask) };
            effects.again.push(Draft::asked_again(ask.source(), earlier, at.max(self.now), rules));
        }
    }

    /// What the patient is told after a press.
    fn reply(&self, ask: &Ask, button: &Button, effect: Effect, patient: Option<&Patient>) -> String {
        let zone = self.clinic.zone_of(patient.and_then(|p| p.time_zone.as_deref()));
        let said = match (effect.next, &ask.answered) {
            (_, Some(first)) => Words::AnsweredBefore(first.clone()),
            (Next::AskAgain(at), None) => Words::AskedAgain(at.max(self.now), zone),
            (Next::TooOften, None) => Words::PostponedTooOften,
            (Next::Nothing, None) => Words::Noted(button.action, button.label.clone()),
        };
        let language = Language::of(patient.and_then(|p| p.locale.as_deref()), self.clinic.time_zone);
        let text = words::say(&said, language);
        if effect.worrying {
            return format!("{text}\n\n{}", words::say(&Words::Worrying, language));
        }
        text
    }
}

/// The question and the button a press names; `None` where it is not this user's to answer,
/// or was never there.
fn genuine(
    ask: &Ask,
    given: &wire::Answer,
    user: &str,
    patient: Option<&Patient>,
) -> Option<(Feedback, Button)> {
    let theirs = ask.recipient.as_deref() == Some(user) || patient.is_some_and(|p| p.id == ask.patient_id);
    let feedback: Feedback = serde_json::from_str(ask.feedback.as_deref().filter(|_| theirs)?).ok()?;
    let button = feedback.button(given.action, &given.value)?.clone();
    Some((feedback, button))
}

fn standing(ask: &Ask, feedback: &Feedback) -> Asked {
    Asked {
        answered: ask.answered.is_some(),
        answer_by: ask.accepted_at.map(|at| at.plus_millis(feedback.answer_window_ms())),
        postponed: postponed_of(ask),
        active: ask.assignment_status == Some(assignment::Status::Active),
    }
}

fn postponed_of(ask: &Ask) -> u32 {
    u32::try_from(ask.postponed).unwrap_or(u32::MAX)
}

/// Something the patient wrote: kept, attached to the message it is about, shown to staff.
fn words(came: &Came, patient: &Patient, facts: &Facts, now: Timestamp, effects: &mut Effects) {
    let What::Message { id, kind, text, quoted } = &came.event.what else { return };
    let quotes = quoted.as_ref().and_then(|q| facts.quoted.get(q)).copied();
    effects.quoted.extend(quotes.map(|d| (d, came.at)));
    let about = quotes.or_else(|| facts.latest.get(&(patient.id, came.at)).copied());
    effects.said.push(Said {
        id: SaidId::new(now),
        patient_id: patient.id,
        delivery_id: about,
        line_message_id: id.clone(),
        kind: kind.clone(),
        text: text.clone(),
        quoted: quotes.is_some(),
        said_at: came.at,
        unsent_at: None,
    });
    // A sticker or a place is a greeting, not a question to staff.
    if matches!(kind.as_str(), "text" | "image" | "video" | "audio" | "file") {
        effects.work.push(worklist::New {
            id: WorkId::new(now),
            patient_id: patient.id,
            delivery_id: about,
            reason: Reason::Wrote,
            // The words stay in one place, from where they can be taken back.
            detail: Some(id.clone()),
        });
    }
}

/// What an event says of the way to the patient.
fn evidence(came: &Came, user: &str, patient: &Patient, effects: &mut Effects) {
    let reachability = match came.event.what {
        What::Unfollow => Reachability::Blocked,
        What::Follow | What::Postback { .. } | What::Message { .. } | What::SignOfLife => {
            Reachability::Reachable
        }
        What::Unsend { .. } | What::Other => return,
    };
    if patient.reached_at.is_some_and(|known| known > came.at) {
        return;
    }
    let followed = came.event.what == What::Follow;
    if reachability == Reachability::Reachable && !followed {
        effects.signs.insert(patient.id, came.at);
    }
    effects.changed.insert(patient.id, reachability);
    let before = effects.reach.get(user).and_then(|r| r.followed_at);
    let followed_at = if followed { Some(came.at) } else { before };
    let reach = Reach { line_user_id: user.to_owned(), reachability, at: came.at, followed_at };
    effects.reach.insert(user.to_owned(), reach);
}

impl Effects {
    /// A press: kept, counted where it is the first, shown to staff where it calls them.
    fn press(&mut self, ask: &mut Ask, button: &Button, effect: Effect, at: Timestamp, now: Timestamp) {
        self.answers.push(Answer {
            id: AnswerId::new(now),
            delivery_id: ask.id,
            patient_id: ask.patient_id,
            action: button.action,
            value: button.value.clone(),
            label: button.label.clone(),
            counted: effect.counted,
            late: effect.late,
            answered_at: at,
        });
        let reason = match effect.next {
            _ if effect.worrying => Some(Reason::Worrying),
            Next::TooOften => Some(Reason::Postponed),
            Next::Nothing | Next::AskAgain(_) => None,
        };
        self.work.extend(reason.map(|reason| worklist::New {
            id: WorkId::new(now),
            patient_id: ask.patient_id,
            delivery_id: Some(ask.id),
            reason,
            detail: Some(button.label.clone()),
        }));
        if effect.counted {
            let (action, value) = (button.action, button.value.clone());
            self.responses.push(Response { id: ask.id, at, action, value });
            ask.answered = Some(button.label.clone());
        }
    }

    async fn write(self, conn: &mut Conn, clinic: &Clinic, now: Timestamp) -> sqlx::Result<()> {
        let zone = clinic.time_zone;
        if !self.proven.is_empty() {
            deliveries::prove_sent(conn, &self.proven, now).await?;
            interactions::log_outcomes(conn, &self.proven, zone, now).await?;
            worklist::follow_outcomes(conn, &self.proven, now).await?;
        }
        answers::insert(conn, &self.answers).await?;
        interactions::respond(conn, &self.responses, zone).await?;
        let answered: Vec<_> = self.responses.iter().map(|r| r.id).collect();
        deliveries::stop_awaiting(conn, &answered).await?;
        worklist::settle_missed(conn, &answered, now).await?;
        deliveries::insert(conn, &self.again, now).await?;
        said::insert(conn, &self.said).await?;
        said::unsend(conn, &self.unsent).await?;
        interactions::read(conn, &self.quoted, zone).await?;
        // First since when the account is a friend: what was sent before may never have come.
        let reach: Vec<_> = self.reach.into_values().collect();
        patients::set_reachability(conn, &reach, now).await?;
        let signs: Vec<_> = self.signs.into_iter().collect();
        interactions::prove_delivered(conn, &signs, zone).await?;
        worklist::open(conn, &self.work, now).await?;
        super::reached(conn, &self.changed, now).await?;
        if !answered.is_empty() {
            crate::store::assignments::complete_answered(conn, &answered, now).await?;
        }
        Ok(())
    }
}
