//! The effects of a batch: gathered event by event in memory, written in a few statements.

use std::collections::HashMap;

use super::{
    known::Known,
    menu,
    reach::reached,
    received::{Received, Situation},
    reply::Reply,
    stranger::Strangers,
    words,
};
use crate::{
    clock::Timestamp,
    domain::{
        clinic::Clinic,
        draft::Draft,
        feedback::{Effect, Next, Press},
        language::Language,
        menu::Button,
        patient::Reachability,
        picker::Chosen,
        work::Reason,
    },
    ids::{AnswerId, DeliveryId, PatientId, SaidId, WebhookId, WorkId},
    line::{webhook::What, wire},
    store::{
        Conn,
        answers::{self, Answer, Ask},
        assignments, deliveries,
        interactions::{self, Quoted, Response, SignOfLife},
        media,
        patient_messages::{self, Moment, POSTBACK, Pressed, Said},
        patients::{self, Patient, Reach},
        unsent_messages::{self, Unsent},
        worklist::{self, Untold},
    },
};

#[derive(Default)]
pub(super) struct Effects {
    answers: Vec<Answer>,
    responses: Vec<Response>,
    /// Messages whose postponement gives way to an answer.
    postponed: Vec<DeliveryId>,
    proven: Vec<DeliveryId>,
    again: Vec<Draft>,
    /// Questions that were put off and then answered.
    settled: Vec<DeliveryId>,
    /// The messages that were to ask them again.
    not_again: Vec<DeliveryId>,
    said: Vec<Said>,
    unsent: Vec<Unsent>,
    media: Vec<media::New>,
    quoted: Vec<Quoted>,
    watched: Vec<Quoted>,
    reach: HashMap<String, Reach>,
    changed: HashMap<PatientId, Reachability>,
    signs: HashMap<PatientId, Timestamp>,
    work: Vec<worklist::New>,
    untold: Vec<Untold>,
    /// Of writers who are no patients.
    pub(super) strangers: Strangers,
    /// Sent after the commit.
    pub(super) replies: Vec<Reply>,
    /// Events that come again later and have no other effect yet.
    pub(super) waits: Vec<WebhookId>,
}

impl Effects {
    pub(super) fn arrived(&mut self, id: DeliveryId) {
        self.proven.push(id);
    }

    /// Notes that the video of a message was watched, and so the message read.
    pub(super) fn watched(&mut self, watched: Quoted) {
        self.watched.push(watched);
        self.quoted.push(watched);
    }

    pub(super) fn ask_again(&mut self, draft: Draft) {
        self.again.push(draft);
    }

    /// Notes that a postponed question was answered: it does not come again, whether that message
    /// is stored as `again` or not made yet.
    pub(super) fn ask_no_more(&mut self, ask: &Ask, again: Option<DeliveryId>) {
        let asked = ask.asking();
        self.again.retain(|draft| {
            let is_of =
                draft.source.assignment_id == ask.assignment_id && draft.source.step_id == ask.step_id;
            !(is_of && draft.asks_again(asked))
        });
        self.settled.push(ask.id);
        self.not_again.extend(again);
    }

    /// Lets another answer take the place of a postponement.
    fn give_way(&mut self, id: DeliveryId) {
        self.postponed.push(id);
        self.responses.retain(|response| response.id != id);
        self.answers.iter_mut().filter(|a| a.delivery_id == id).for_each(|a| a.counted = false);
    }

    /// Adds a press: kept, counted where it is the first, shown to staff where it calls them.
    pub(super) fn press(
        &mut self,
        ask: &mut Ask,
        press: &Press,
        effect: Effect,
        at: Timestamp,
        now: Timestamp,
    ) {
        let Press { button, chosen } = press;
        if effect.counted && ask.answered.is_some() {
            self.give_way(ask.id);
        }
        let picked = chosen.map(Chosen::mode);
        self.answers.push(Answer {
            id: AnswerId::new(now),
            delivery_id: ask.id,
            patient_id: ask.patient_id,
            action: button.action,
            value: press.value(),
            label: button.label.clone(),
            picked,
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
            since: None,
        }));
        if effect.counted {
            let (action, value) = (button.action, press.value());
            self.responses.push(Response { id: ask.id, at, action, value });
            ask.answered = Some(button.label.clone());
            ask.answered_action = Some(button.action);
            ask.answered_value = Some(press.value());
            ask.answered_picked = picked;
        }
    }

    /// Adds a patient's text or file: kept, attached to the message it is about, shown to staff.
    pub(super) fn wrote(
        &mut self,
        received: &Received,
        patient: &Patient,
        known: &Known,
        situation: &Situation<'_>,
    ) {
        let What::Message { id, kind, text, quoted, quote_token, read_token, with } = &received.event.what
        else {
            return;
        };
        let now = situation.now;
        let quotes = quoted.as_ref().and_then(|q| known.quoted.get(q)).copied();
        self.quoted.extend(quotes.map(|id| Quoted { id, at: received.at }));
        let about =
            quotes.or_else(|| known.latest.get(&Moment { patient_id: patient.id, at: received.at }).copied());
        self.said.push(Said {
            id: SaidId::new(now),
            patient_id: patient.id,
            delivery_id: about,
            line_message_id: id.clone(),
            kind: kind.clone(),
            text: text.clone(),
            label: None,
            data: None,
            params: None,
            details: with.details.clone(),
            quote_token: quote_token.clone(),
            read_token: read_token.clone(),
            quoted: quotes.is_some(),
            said_at: received.at,
            unsent_at: None,
        });
        self.media.extend(received.to_fetch(now));
        let alarming = text.as_deref().is_some_and(|text| situation.clinic.alarm_words.are_in(text));
        if alarming {
            self.alarm(received, patient, Reason::Alarming, situation);
        } else {
            self.replies.extend(about_code(received, patient, situation));
        }
        self.work.push(worklist::New {
            id: WorkId::new(now),
            patient_id: patient.id,
            delivery_id: about,
            reason: if alarming { Reason::Alarming } else { Reason::Wrote },
            // The words stay in one place, where they can be taken back.
            detail: Some(id.clone()),
            since: None,
        });
    }

    /// Adds a press of a button in a message or in the menu that answers no question: kept, and
    /// shown to staff where the step says so. It proves that the patient has seen the message.
    pub(super) fn pressed(
        &mut self,
        received: &Received,
        patient: &Patient,
        known: &Known,
        situation: &Situation<'_>,
    ) {
        let What::Postback { data, params } = &received.event.what else { return };
        let now = situation.now;
        let press = Pressed { patient_id: patient.id, at: received.at, data: data.clone() };
        let under = known.pressed.get(&press);
        let line_message_id = format!("{POSTBACK} {}", received.id);
        let button = if under.is_none() { Button::of(data) } else { None };
        let language = Language::of(patient.locale.as_deref(), situation.clinic.time_zone);
        let of_menu = button.map(|button| button.label(language).to_owned());
        self.quoted.extend(under.map(|u| Quoted { id: u.id, at: received.at }));
        self.said.push(Said {
            id: SaidId::new(now),
            patient_id: patient.id,
            delivery_id: under.map(|u| u.id),
            line_message_id: line_message_id.clone(),
            kind: POSTBACK.to_owned(),
            text: None,
            label: under.and_then(|u| wire::label_of(&u.body, data)).or(of_menu),
            data: Some(data.clone()),
            params: Some(params.clone()),
            details: None,
            quote_token: None,
            read_token: None,
            quoted: false,
            said_at: received.at,
            unsent_at: None,
        });
        self.work.extend(under.filter(|u| u.calls_staff).map(|u| worklist::New {
            delivery_id: Some(u.id),
            detail: Some(line_message_id.clone()),
            ..worklist::New::about(patient.id, Reason::Pressed, now)
        }));
        match button {
            Some(Button::Worse) => {
                let reason = Reason::FeelsWorse;
                let about = worklist::New::about(patient.id, reason, now);
                self.work.push(worklist::New { detail: Some(line_message_id), ..about });
                self.alarm(received, patient, reason, situation);
            }
            Some(Button::Next) if situation.answers(patient) => {
                let coming = known.coming.get(&patient.id).copied().unwrap_or_default();
                self.replies.extend(Reply::to(received, menu::next(patient, coming, situation.clinic)));
            }
            Some(Button::Next) | None => {}
        }
    }

    /// Answers a patient whose words or press alarm: whom to call, and below it the result of a
    /// code in the text.
    fn alarm(&mut self, received: &Received, patient: &Patient, reason: Reason, situation: &Situation<'_>) {
        if !situation.answers(patient) {
            self.replies.extend(about_code(received, patient, situation));
            return;
        }
        let language = language_in_need(received, patient, situation.clinic);
        let emergency = words::alarming(situation.clinic, language);
        let about_code = received.told.as_ref().map(|told| told.in_language(language));
        let texts = [Some(emergency), about_code].into_iter().flatten().collect();
        let (reply, from) = Reply::urgently(received, texts, situation.now);
        self.replies.extend(reply);
        self.untold.push(Untold { patient_id: patient.id, reason, from });
    }

    /// Notes that a message was taken back, by a patient, a stranger or somebody unknown.
    pub(super) fn took_back(&mut self, received: &Received, message_id: &str) {
        self.unsent.push(Unsent { line_message_id: message_id.to_owned(), at: received.at });
    }

    pub(super) fn sign_of_life(&mut self, received: &Received, user: &str, patient: &Patient) {
        let reachability = match received.event.what {
            What::Unfollow => Reachability::Blocked,
            What::Follow
            | What::Postback { .. }
            | What::Message { .. }
            | What::Watched { .. }
            | What::SignOfLife => Reachability::Reachable,
            What::Unsend { .. } | What::Other => return,
        };
        if patient.reached_at.is_some_and(|known| known > received.at) {
            return;
        }
        let followed = received.event.what == What::Follow;
        if reachability == Reachability::Reachable && !followed {
            self.signs.insert(patient.id, received.at);
        }
        self.changed.insert(patient.id, reachability);
        let before = self.reach.get(user).and_then(|r| r.followed_at);
        let followed_at = if followed { Some(received.at) } else { before };
        let reach = Reach { line_user_id: user.to_owned(), reachability, at: received.at, followed_at };
        self.reach.insert(user.to_owned(), reach);
    }

    /// The patients whom LINE reaches now, or reaches no more.
    pub(super) fn changed_patients(&self) -> Vec<PatientId> {
        self.changed.keys().copied().collect()
    }

    /// Writes everything except `replies` and `waits`.
    pub(super) async fn write(
        mut self,
        conn: &mut Conn,
        clinic: &Clinic,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        let zone = clinic.time_zone;
        if !self.proven.is_empty() {
            deliveries::prove_sent(conn, &self.proven, now).await?;
            interactions::log_outcomes(conn, &self.proven, zone, now).await?;
            worklist::follow_outcomes(conn, &self.proven, now).await?;
        }
        answers::give_way(conn, &self.postponed).await?;
        answers::insert(conn, &self.answers).await?;
        interactions::respond(conn, &self.responses, zone).await?;
        if !self.not_again.is_empty() {
            let cancelled = deliveries::cancel_waiting(conn, &self.not_again, now).await?;
            interactions::log_outcomes(conn, &cancelled, zone, now).await?;
            worklist::follow_outcomes(conn, &cancelled, now).await?;
        }
        let mut answered: Vec<_> = self.responses.iter().map(|r| r.id).collect();
        deliveries::stop_awaiting(conn, &answered).await?;
        answered.append(&mut self.settled);
        worklist::settle_answered(conn, &answered, now).await?;
        deliveries::insert(conn, &self.again, now).await?;
        patient_messages::insert(conn, &self.said).await?;
        interactions::read(conn, &self.quoted, zone).await?;
        deliveries::watched(conn, &self.watched).await?;
        // First since when the account is a friend: earlier messages may never have arrived.
        let reach: Vec<_> = self.reach.into_values().collect();
        patients::set_reachability(conn, &reach, now).await?;
        let sign = |(patient_id, at)| SignOfLife { patient_id, at };
        let signs: Vec<_> = self.signs.into_iter().map(sign).collect();
        interactions::prove_delivered(conn, &signs, zone).await?;
        worklist::open(conn, &self.work, now).await?;
        worklist::owe_answers(conn, &self.untold).await?;
        let mut ids: Vec<_> = self.unsent.iter().map(|u| u.line_message_id.clone()).collect();
        ids.extend(self.said.iter().map(|said| said.line_message_id.clone()));
        ids.extend(self.strangers.message_ids().map(str::to_owned));
        self.media.extend(self.strangers.take_media());
        unsent_messages::note(conn, &self.unsent).await?;
        self.strangers.write(conn, now).await?;
        media::insert(conn, &self.media, now).await?;
        unsent_messages::remove_words(conn, &ids).await?;
        reached(conn, &self.changed, now).await?;
        if !answered.is_empty() {
            assignments::complete_answered(conn, &answered, now).await?;
        }
        Ok(())
    }
}

/// The language for telling a patient whom to call: their own; where none is entered, that of the
/// alarming words, which they surely read, unless the clinic has its own emergency text in its
/// usual language only.
fn language_in_need(received: &Received, patient: &Patient, clinic: &Clinic) -> Language {
    let usual = Language::of(patient.locale.as_deref(), clinic.time_zone);
    let What::Message { text: Some(text), .. } = &received.event.what else { return usual };
    let of_words = patient.locale.is_none().then(|| clinic.alarm_words.language_of(text, usual));
    let own = |language| clinic.emergency_text.of(language).is_some();
    of_words.flatten().filter(|of_words| own(*of_words) || !own(usual)).unwrap_or(usual)
}

fn about_code(received: &Received, patient: &Patient, situation: &Situation<'_>) -> Option<Reply> {
    let language = Language::of(patient.locale.as_deref(), situation.clinic.time_zone);
    Reply::to(received, received.told.as_ref()?.in_language(language))
}
