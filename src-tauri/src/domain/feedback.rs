//! What a step asks, how a patient can answer, and what an answer does. Pure.

use serde::{Deserialize, Serialize};

use super::{
    language::Language,
    message::MAX_ALT_TEXT,
    named_enum,
    picker::{Chosen, Picker},
    texts::{Reader, See, Texts},
};
use crate::{clock::Timestamp, fields::or_default};

named_enum! {
    /// What a press of a button means for its step.
    FeedbackAction {
        /// The patient has done the step.
        Complete = "complete",
        /// The question is to come again later.
        Postpone = "postpone",
        /// The patient does not do the step.
        Skip = "skip",
    }
}

/// A button under a question.
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, Deserialize, garde::Validate, schemars::JsonSchema, specta::Type,
)]
#[garde(allow_unvalidated)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Button {
    /// What the patient reads; 1 to 20 grapheme clusters.
    #[schemars(length(min = 1, max = MAX_LABEL))]
    pub(crate) label: String,
    /// What is stored as the answer; 1 to 100 characters. With a picker it only names the
    /// button: what is chosen is stored.
    #[schemars(length(min = 1, max = MAX_VALUE))]
    pub(crate) value: String,
    /// What a press of it means.
    pub(crate) action: FeedbackAction,
    /// Whether staff are called at once when a patient presses it.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "std::ops::Not::not")]
    #[specta(type = Option<bool>)]
    pub(crate) worrying: bool,
    /// What the patient chooses when they press it: a day, a time or both; the choice is the
    /// answer, as `2026-12-01`, `09:30` or `2026-12-01T09:30`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub(crate) picker: Option<Picker>,
}

/// A press of a button, with what was chosen by it.
#[derive(Clone, Debug)]
pub(crate) struct Press {
    pub(crate) button: Button,
    /// There exactly where the button has a picker.
    pub(crate) chosen: Option<Chosen>,
}

impl Press {
    /// What is stored as the answer.
    pub(crate) fn value(&self) -> String {
        self.chosen.map_or_else(|| self.button.value.clone(), |chosen| chosen.to_string())
    }
}

/// What a patient reads of an answer: the label, and what was chosen with it.
pub(crate) fn answer_in_words(label: &str, chosen: Option<Chosen>, language: Language) -> String {
    match chosen {
        Some(chosen) => format!("{label} – {}", chosen.in_words(language)),
        None => label.to_owned(),
    }
}

/// A question with its buttons, under the last message of a push.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Serialize,
    Deserialize,
    garde::Validate,
    schemars::JsonSchema,
    specta::Type,
)]
#[garde(allow_unvalidated)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Feedback {
    /// What is asked; 1 to 160 grapheme clusters.
    #[schemars(length(min = 1, max = MAX_QUESTION))]
    pub(crate) question: String,
    /// What the lock screen shows of it; 1 to 1,500 UTF-16 code units, and never a name or a
    /// finding. Left out, a sentence that says nothing but that there is a question, in the
    /// patient's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = MAX_ALT_TEXT))]
    pub(crate) alt_text: Option<String>,
    /// Its 1 to 4 buttons, in the order they are shown.
    #[garde(length(min = 1, max = 4), dive)]
    pub(crate) buttons: Vec<Button>,
    /// Minutes after a postponement at which it is asked again: 1 to 10,080; 30 where it is
    /// left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(min = 1, max = 10_080))]
    #[schemars(extend("default" = DEFAULT_POSTPONE_MINUTES))]
    pub(crate) postpone_minutes: Option<u32>,
    /// How often it is asked again after a postponement: 0 to 9; 3 where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(max = MAX_POSTPONES))]
    #[schemars(extend("default" = DEFAULT_POSTPONES))]
    pub(crate) max_postpones: Option<u32>,
    /// Hours after which an answer counts as missed: 0.1 to 720; 24 where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(min = 0.1, max = 720.0))]
    #[schemars(extend("default" = DEFAULT_WINDOW_HOURS))]
    pub(crate) answer_window_hours: Option<f64>,
}

/// How often one question can be put off.
const MAX_POSTPONES: u32 = 9;

/// How often a question can be put off that does not say it.
const DEFAULT_POSTPONES: u32 = 3;
/// For how many minutes a question is put off that does not say it.
const DEFAULT_POSTPONE_MINUTES: u32 = 30;
/// For how many hours an answer is in time to a question that does not say it.
const DEFAULT_WINDOW_HOURS: f64 = 24.0;

/// What a button says, in grapheme clusters (LINE's templates and quick replies).
pub(crate) const MAX_LABEL: u32 = 20;

/// What is stored as the answer, in UTF-16 code units.
pub(crate) const MAX_VALUE: u32 = 100;

/// A question, in grapheme clusters (the text of LINE's buttons template).
pub(crate) const MAX_QUESTION: u32 = 160;

impl Feedback {
    /// Whether this answer calls staff: its button does. A button whose value was chosen by the
    /// patient is known by its label.
    pub(crate) fn is_worrying(&self, value: &str, label: &str) -> bool {
        self.buttons
            .iter()
            .any(|b| b.worrying && (b.value == value || b.picker.is_some() && b.label == label))
    }

    /// From LINE's yes until the answer counts as missed, milliseconds.
    #[expect(clippy::cast_possible_truncation, reason = "at most 720 hours, checked when it is saved")]
    pub(crate) fn answer_window_ms(&self) -> i64 {
        (self.answer_window_hours.unwrap_or(DEFAULT_WINDOW_HOURS) * 3_600_000.0) as i64
    }

    /// The button with this action and value, as a press names it.
    pub(crate) fn button(&self, action: FeedbackAction, value: &str) -> Option<&Button> {
        self.buttons.iter().find(|b| b.action == action && b.value == value)
    }
}

impl Texts for Feedback {
    fn each_text(&mut self, field: &str, see: See<'_>) {
        see(&format!("{field}.question"), Reader::Patient, &mut self.question);
        if let Some(alt_text) = &mut self.alt_text {
            see(&format!("{field}.altText"), Reader::LockScreen, alt_text);
        }
        for (n, button) in self.buttons.iter_mut().enumerate() {
            see(&format!("{field}.buttons[{n}].label"), Reader::Patient, &mut button.label);
        }
    }

    fn has(&self, what: &str) -> bool {
        self.question.contains(what)
            || self.alt_text.as_ref().is_some_and(|text| text.contains(what))
            || self.buttons.iter().any(|button| button.label.contains(what))
    }
}

/// Where a question stands when a press comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Whether an answer was counted before.
    pub(crate) answered: bool,
    /// The end of its window; `None` where it is not known when it was sent.
    pub(crate) answer_by: Option<Timestamp>,
    /// How often the question was postponed before this message.
    pub(crate) postponed: u32,
    /// Whether its follow-up still runs: only then is anything asked again.
    pub(crate) active: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Effect {
    /// Whether it is the answer: the first one is, a later one is kept beside it.
    pub(crate) counted: bool,
    /// Whether it came after the window.
    pub(crate) late: bool,
    pub(crate) next: Next,
    /// Whether a person is to look at once.
    pub(crate) worrying: bool,
}

/// What follows from a press beside the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Nothing,
    /// The question comes again at this instant.
    AskAgain(Timestamp),
    /// It was postponed more often than the step allows: a person is to call.
    TooOften,
}

/// What pressing `button` under a question does. A press that is worrying calls staff even
/// when it is not the first: a patient may feel worse after the first answer.
pub(crate) fn press(feedback: &Feedback, button: &Button, asked: Asked, at: Timestamp) -> Effect {
    let counted = !asked.answered;
    // By the patient's time: an answer that reaches us late was not given late.
    let late = asked.answer_by.is_some_and(|by| at > by);
    let allowed = feedback.max_postpones.unwrap_or(DEFAULT_POSTPONES).min(MAX_POSTPONES);
    let next = match button.action {
        FeedbackAction::Postpone if counted && asked.active && asked.postponed < allowed => {
            let minutes = feedback.postpone_minutes.unwrap_or(DEFAULT_POSTPONE_MINUTES);
            Next::AskAgain(at.plus_millis(i64::from(minutes) * 60_000))
        }
        FeedbackAction::Postpone if counted && asked.active => Next::TooOften,
        _ => Next::Nothing,
    };
    Effect { counted, late, next, worrying: button.worrying }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn feedback() -> Feedback {
        let button = |value: &str, action| Button {
            label: value.into(),
            value: value.into(),
            action,
            worrying: value == "pain",
            picker: None,
        };
        Feedback {
            question: "Taken?".into(),
            buttons: vec![
                button("yes", FeedbackAction::Complete),
                button("later", FeedbackAction::Postpone),
                button("no", FeedbackAction::Skip),
                button("pain", FeedbackAction::Complete),
            ],
            max_postpones: Some(2),
            ..Feedback::default()
        }
    }

    const OPEN: Asked =
        Asked { answered: false, answer_by: Some(Timestamp::from_millis(1_000)), postponed: 0, active: true };

    #[test]
    fn a_postponed_question_comes_again_after_half_an_hour() {
        let f = feedback();
        let effect = press(&f, &f.buttons[1], OPEN, Timestamp::from_millis(500));
        assert_eq!(effect.next, Next::AskAgain(Timestamp::from_millis(500 + 30 * 60_000)));
    }

    /// A question and the presses under it, in any order and however often.
    fn run(presses: &[(usize, i64)]) -> Vec<Effect> {
        let f = feedback();
        let mut asked = OPEN;
        presses
            .iter()
            .map(|(button, at)| {
                let effect = press(&f, &f.buttons[*button], asked, Timestamp::from_millis(*at));
                asked.answered |= effect.counted;
                effect
            })
            .collect()
    }

    proptest! {
        #[test]
        fn of_any_presses_exactly_the_first_counts(presses in prop::collection::vec((0_usize..4, 0_i64..3_000), 1..12)) {
            let effects = run(&presses);
            prop_assert!(effects[0].counted);
            prop_assert!(effects[1..].iter().all(|e| !e.counted && e.next == Next::Nothing));
        }

        #[test]
        fn an_answer_is_late_exactly_after_the_window(button in 0_usize..4, at in 0_i64..3_000) {
            prop_assert_eq!(run(&[(button, at)])[0].late, at > 1_000);
        }

        #[test]
        fn a_question_is_asked_again_at_most_as_often_as_the_step_allows(postponed in 0_u32..12) {
            let f = feedback();
            let effect = press(&f, &f.buttons[1], Asked { postponed, ..OPEN }, Timestamp::from_millis(0));
            prop_assert_eq!(matches!(effect.next, Next::AskAgain(_)), postponed < 2);
            prop_assert_eq!(effect.next == Next::TooOften, postponed >= 2);
        }

        #[test]
        fn nothing_is_asked_again_once_the_follow_up_is_over(postponed in 0_u32..12) {
            let f = feedback();
            let asked = Asked { postponed, active: false, ..OPEN };
            prop_assert_eq!(press(&f, &f.buttons[1], asked, Timestamp::from_millis(0)).next, Next::Nothing);
        }

        #[test]
        fn a_worrying_answer_calls_staff_first_or_not(answered: bool) {
            let (f, asked) = (feedback(), Asked { answered, ..OPEN });
            let effect = press(&f, &f.buttons[3], asked, Timestamp::from_millis(0));
            prop_assert!(effect.worrying);
        }
    }
}
