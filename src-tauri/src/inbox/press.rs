//! A press of a button: the question it answers, its effects, and the reply.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use chrono_tz::Tz;

use super::{
    effects::Effects,
    known::Known,
    received::{Received, Situation},
    reply::Reply,
    words::{self, Words},
};
use crate::{
    clock::Timestamp,
    domain::{
        assignment,
        calendar::local_of,
        delivery::State,
        draft::{Draft, Rules},
        feedback::{Asked, Button, Effect, Feedback, FeedbackAction, Next, Press, answer_in_words, press},
        language::Language,
        picker::{Chosen, Picker},
    },
    ids::DeliveryId,
    line::wire,
    store::{answers::Ask, patients::Patient},
};

/// Works on a press by `user` of a button with `data`, and with the parameters LINE adds. Returns
/// `false` where it is no answer: no button of a question to this user, or a choice that was not
/// offered.
pub(super) fn take(
    situation: &Situation<'_>,
    received: &Received,
    user: &str,
    (data, params): (&str, &BTreeMap<String, String>),
    known: &mut Known,
    effects: &mut Effects,
) -> bool {
    let Some(given) = wire::PressData::from_data(data) else { return false };
    let question = QuestionState::of(known, &given);
    let Known { patients, asks, .. } = known;
    let patient = patients.get(user);
    let Some(ask) = asks.get_mut(&given.delivery) else { return false };
    let Some(feedback) = question_to(ask, user, patient) else { return false };
    let answers = situation.in_practice || !patient.is_some_and(|p| p.demo);
    let Some(button) = button_of(&feedback, ask, &given) else {
        let text = words::say(&Words::NoSuchButton, language_of(situation, patient));
        effects.replies.extend(Reply::to(received, text).filter(|_| answers));
        return false;
    };
    // The patient was faster than the record of the message, which is being written.
    if ask.state == State::Queued || question == QuestionState::SetsOut {
        effects.waits.push(received.id);
        return true;
    }
    // Only a message that arrived has buttons.
    if ask.state != State::Sent {
        effects.arrived(ask.id);
    }
    let local = local_of(situation.now, zone_of(situation, patient));
    let chosen = button.picker.as_ref().map(|picker| chosen(picker, ask, data, params, local)).transpose();
    let unfit = chosen.as_ref().err().map(|words| words::say(words, language_of(situation, patient)));
    let given = Press { button, chosen: chosen.ok().flatten() };
    let id = question.answers(ask.id);
    let Some(ask) = asks.get_mut(&id) else { return false };
    let effect = press(&feedback, &given.button, asked(ask, &feedback, given.button.action), received.at);
    if answers {
        let said = || reply(situation, ask, &given, effect, patient);
        effects.replies.extend(Reply::to(received, unfit.clone().unwrap_or_else(said)));
    }
    if unfit.is_some() {
        return false;
    }
    effects.press(ask, &given, effect, received.at, situation.now);
    if let QuestionState::PutOff { again, .. } = question {
        effects.ask_no_more(ask, again);
    }
    if let Next::AskAgain(at) = effect.next {
        effects.ask_again(asked_again(situation, ask, patient, at));
    }
    true
}

fn asked_again(situation: &Situation<'_>, ask: &Ask, patient: Option<&Patient>, at: Timestamp) -> Draft {
    let zone = zone_of(situation, patient);
    let rules = Rules { clinic: situation.clinic, zone, now: situation.now };
    Draft::asked_again(ask.source(), ask.asking(), at.max(situation.now), rules)
}

/// The state of a press's question, apart from the pressed message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum QuestionState {
    /// As its own message says.
    Asked,
    /// It was put off on the pressed message, and this message asks it again: the answer counts for
    /// that.
    AskedAgain(DeliveryId),
    /// The message that asks it again is going out now: the press waits for its record.
    SetsOut,
    /// It was put off, last on message `on`, and is not asked again yet: the answer counts for that
    /// in the place of the postponement, and the waiting message, where there is one, does not go.
    PutOff { on: DeliveryId, again: Option<DeliveryId> },
}

impl QuestionState {
    /// Putting off is no answer: a later press under either message answers the question.
    fn of(known: &Known, given: &wire::PressData) -> Self {
        let Some(pressed) = known.asks.get(&given.delivery).filter(|ask| ask.is_put_off()) else {
            return Self::Asked;
        };
        if given.action == FeedbackAction::Postpone {
            return Self::Asked;
        }
        let same = || known.asks.values().filter(|ask| ask.asks_the_same(pressed));
        if let Some(answered) = same().find(|ask| ask.answered.is_some() && !ask.is_put_off()) {
            return Self::AskedAgain(answered.id);
        }
        let put_off = same().filter(|ask| ask.is_put_off()).max_by_key(|ask| ask.postponed);
        let on = put_off.unwrap_or(pressed).id;
        let again = known.asked_again.get(&given.delivery).and_then(|id| known.asks.get(id));
        match again.map(|again| (again.id, again.state)) {
            Some((id, State::Sent)) if id != on => Self::AskedAgain(id),
            Some((_, State::Queued)) => Self::SetsOut,
            Some((id, State::Scheduled | State::Retrying | State::Held)) => {
                Self::PutOff { on, again: Some(id) }
            }
            _ => Self::PutOff { on, again: None },
        }
    }

    /// The message that a press under `pressed` answers.
    const fn answers(self, pressed: DeliveryId) -> DeliveryId {
        match self {
            Self::AskedAgain(id) | Self::PutOff { on: id, .. } => id,
            Self::Asked | Self::SetsOut => pressed,
        }
    }
}

fn reply(
    situation: &Situation<'_>,
    ask: &Ask,
    given: &Press,
    effect: Effect,
    patient: Option<&Patient>,
) -> String {
    let zone = zone_of(situation, patient);
    let language = language_of(situation, patient);
    let said = match (effect.next, ask.answered.as_ref().filter(|_| !effect.counted)) {
        (_, Some(first)) => Words::AnsweredBefore(answer_in_words(first, ask.first_choice(), language)),
        (Next::AskAgain(at), None) => {
            let at = at.max(situation.now);
            // When it goes, not when it is due.
            let goes_at = situation.clinic.held_until(at, zone, ask.at_night).unwrap_or(at);
            words::asked_again(goes_at, situation.now, zone)
        }
        (Next::TooOften, None) => Words::PostponedTooOften,
        (Next::Nothing, None) => {
            let about = answer_in_words(&given.button.label, given.chosen, language);
            Words::Noted(given.button.action, about)
        }
    };
    let text = words::say(&said, language);
    if effect.worrying {
        return format!("{text}\n\n{}", words::worrying(situation.clinic, language));
    }
    text
}

fn zone_of(situation: &Situation<'_>, patient: Option<&Patient>) -> Tz {
    situation.clinic.zone_of(patient.and_then(|p| p.time_zone.as_deref()))
}

fn language_of(situation: &Situation<'_>, patient: Option<&Patient>) -> Language {
    Language::of(patient.and_then(|p| p.locale.as_deref()), situation.clinic.time_zone)
}

/// The choice made with a picker, or the words where it is none: it cannot be read, or was not offered
/// (an old LINE, or a wrong clock, may let a patient choose it), or it has passed, for LINE goes on
/// offering the days of the message. `now` is by the patient's clock.
fn chosen(
    picker: &Picker,
    ask: &Ask,
    data: &str,
    params: &BTreeMap<String, String>,
    now: NaiveDateTime,
) -> Result<Chosen, Words> {
    let offer = ask.body.as_deref().map(|push| wire::offer_of(push, data)).unwrap_or_default();
    let chosen = Chosen::of(picker.mode, params).filter(|chosen| offer.has(chosen));
    match chosen.ok_or(Words::NotOffered)? {
        chosen if picker.looks_ahead() && chosen.is_before(now) => Err(Words::Passed),
        chosen => Ok(chosen),
    }
}

/// The question a press names; `None` where it is not this user's to answer.
fn question_to(ask: &Ask, user: &str, patient: Option<&Patient>) -> Option<Feedback> {
    let theirs = ask.recipient.as_deref() == Some(user) || patient.is_some_and(|p| p.id == ask.patient_id);
    serde_json::from_str(ask.feedback.as_deref().filter(|_| theirs)?).ok()
}

fn button_of(feedback: &Feedback, ask: &Ask, given: &wire::PressData) -> Option<Button> {
    let mut button = feedback.button(given.action, &given.value)?.clone();
    // Filled-in labels are in the bytes that were sent.
    if let Some(label) = ask.body.as_deref().and_then(|body| wire::label_of(body, &given.to_data())) {
        button.label = label;
    }
    Some(button)
}

/// Putting off is no answer to anything but putting off again.
fn asked(ask: &Ask, feedback: &Feedback, action: FeedbackAction) -> Asked {
    Asked {
        answered: ask.answered.is_some() && (action == FeedbackAction::Postpone || !ask.is_put_off()),
        answer_by: ask.accepted_at.map(|at| at.plus_millis(feedback.answer_window_ms())),
        postponed: ask.times_postponed(),
        active: ask.assignment_status == Some(assignment::Status::Active),
    }
}
