//! A press of a button: whose question it answers, what follows, and what the patient is told.

use std::collections::BTreeMap;

use super::{
    effects::Effects,
    known::Known,
    received::Received,
    reply::Reply,
    words::{self, Words},
};
use crate::{
    clock::Timestamp,
    domain::{
        assignment,
        clinic::Clinic,
        delivery::State,
        draft::{Asking, Draft, Rules},
        feedback::{Asked, Button, Effect, Feedback, Next, Press, answer_in_words, press},
        language::Language,
        picker::{Chosen, Picker},
    },
    line::wire,
    store::{answers::Ask, patients::Patient},
};

/// What a press is judged by, beside its question.
pub(super) struct Presses<'a> {
    pub(super) clinic: &'a Clinic,
    /// Whether messages go to the practice LINE; only there are patients of the demo clinic
    /// answered.
    pub(super) in_practice: bool,
    pub(super) now: Timestamp,
}

impl Presses<'_> {
    /// Works on a press by `user` of a button that carries `data`, with what LINE adds to it;
    /// `false` where it is no answer: no button of a question to this user, or nothing was chosen
    /// that was offered.
    pub(super) fn take(
        &self,
        received: &Received,
        user: &str,
        (data, params): (&str, &BTreeMap<String, String>),
        known: &mut Known,
        effects: &mut Effects,
    ) -> bool {
        let Known { patients, asks, .. } = known;
        let patient = patients.get(user);
        let Some(given) = wire::Answer::from_data(data) else { return false };
        let Some(ask) = asks.get_mut(&given.delivery) else { return false };
        let Some((feedback, button)) = genuine(ask, &given, user, patient) else { return false };
        match ask.state {
            State::Sent => {}
            // The patient was faster than the record of the message: it is being written.
            State::Queued => {
                effects.waits.push(received.id);
                return true;
            }
            // Only a message that arrived has buttons.
            _ => effects.arrived(ask.id),
        }
        let chosen = button.picker.as_ref().map(|picker| chosen(picker, ask, data, params));
        let is_unfit = chosen == Some(None);
        let given = Press { button, chosen: chosen.flatten() };
        let effect = press(&feedback, &given.button, asked(ask, &feedback), received.at);
        if self.in_practice || !patient.is_some_and(|p| p.demo) {
            let text =
                if is_unfit { self.ask_to_choose(patient) } else { self.reply(ask, &given, effect, patient) };
            effects.replies.extend(Reply::to(received, text));
        }
        if is_unfit {
            return false;
        }
        effects.press(ask, &given, effect, received.at, self.now);
        if let Next::AskAgain(at) = effect.next {
            let zone = self.clinic.zone_of(patient.and_then(|p| p.time_zone.as_deref()));
            let rules = Rules { clinic: self.clinic, zone, now: self.now };
            let earlier = Asking { occurrence: ask.occurrence, postponed: postponed(ask) };
            effects.ask_again(Draft::asked_again(ask.source(), earlier, at.max(self.now), rules));
        }
        true
    }

    /// What the patient is told after a press.
    fn reply(&self, ask: &Ask, given: &Press, effect: Effect, patient: Option<&Patient>) -> String {
        let zone = self.clinic.zone_of(patient.and_then(|p| p.time_zone.as_deref()));
        let language = self.language_of(patient);
        let said = match (effect.next, &ask.answered) {
            (_, Some(first)) => Words::AnsweredBefore(answer_in_words(first, ask.first_choice(), language)),
            (Next::AskAgain(at), None) => Words::AskedAgain(at.max(self.now), zone),
            (Next::TooOften, None) => Words::PostponedTooOften,
            (Next::Nothing, None) => {
                let about = answer_in_words(&given.button.label, given.chosen, language);
                Words::Noted(given.button.action, about)
            }
        };
        let text = words::say(&said, language);
        if effect.worrying {
            return format!("{text}\n\n{}", words::say(&Words::Worrying, language));
        }
        text
    }

    /// What the patient is told who chose what was not offered.
    fn ask_to_choose(&self, patient: Option<&Patient>) -> String {
        words::say(&Words::NotOffered, self.language_of(patient))
    }

    fn language_of(&self, patient: Option<&Patient>) -> Language {
        Language::of(patient.and_then(|p| p.locale.as_deref()), self.clinic.time_zone)
    }
}

/// What was chosen with a picker; `None` where it cannot be read, or lies outside what was
/// offered: an old LINE, or a clock that is wrong, may let a patient choose it.
fn chosen(picker: &Picker, ask: &Ask, data: &str, params: &BTreeMap<String, String>) -> Option<Chosen> {
    let chosen = Chosen::of(picker.mode, params)?;
    let offer = ask.body.as_deref().map(|push| wire::offer_of(push, data)).unwrap_or_default();
    offer.has(&chosen).then_some(chosen)
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
    let mut button = feedback.button(given.action, &given.value)?.clone();
    // What was filled in stands in the bytes that were sent.
    if let Some(label) = ask.body.as_deref().and_then(|body| wire::label_of(body, &given.to_data())) {
        button.label = label;
    }
    Some((feedback, button))
}

fn asked(ask: &Ask, feedback: &Feedback) -> Asked {
    Asked {
        answered: ask.answered.is_some(),
        answer_by: ask.accepted_at.map(|at| at.plus_millis(feedback.answer_window_ms())),
        postponed: postponed(ask),
        active: ask.assignment_status == Some(assignment::Status::Active),
    }
}

fn postponed(ask: &Ask) -> u32 {
    u32::try_from(ask.postponed).unwrap_or(u32::MAX)
}
