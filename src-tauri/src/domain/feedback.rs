//! The question of a step, the ways to answer it, and the effect of an answer. Pure.

use serde::{Deserialize, Serialize};

use super::{
    language::Language,
    message::MAX_ALT_TEXT,
    named_enum,
    picker::{Chosen, Picker},
    texts::{Reader, See, Texts},
};
use crate::{
    clock::{MINUTE_MS, Timestamp, hours_in_ms},
    fields::or_default,
};

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
    /// The text the patient reads; 1 to 20 grapheme clusters.
    #[schemars(length(min = 1, max = MAX_LABEL))]
    pub(crate) label: String,
    /// The answer that is stored; 1 to 100 UTF-16 code units. With a picker it only names the
    /// button, and the patient's choice is stored.
    #[schemars(length(min = 1, max = MAX_VALUE))]
    pub(crate) value: String,
    /// The meaning of a press.
    pub(crate) action: FeedbackAction,
    /// Whether a press calls staff at once.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "std::ops::Not::not")]
    #[specta(type = Option<bool>)]
    pub(crate) worrying: bool,
    /// Lets the patient choose a day, a time or both; the choice is the answer, as `2026-12-01`,
    /// `09:30` or `2026-12-01T09:30`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub(crate) picker: Option<Picker>,
}

/// A press of a button, with the patient's choice.
#[derive(Clone, Debug)]
pub(crate) struct Press {
    pub(crate) button: Button,
    /// `Some` exactly where the button has a picker.
    pub(crate) chosen: Option<Chosen>,
}

impl Press {
    pub(crate) fn value(&self) -> String {
        self.chosen.map_or_else(|| self.button.value.clone(), |chosen| chosen.to_string())
    }
}

/// An answer as the patient reads it: the label, with the choice.
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
    /// The question; 1 to 160 grapheme clusters.
    #[schemars(length(min = 1, max = MAX_QUESTION))]
    pub(crate) question: String,
    /// What the lock screen shows; 1 to 1,500 UTF-16 code units, and never a name or a finding.
    /// Left out, a sentence in the patient's language that says only that there is a question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = MAX_ALT_TEXT))]
    pub(crate) alt_text: Option<String>,
    /// Its 1 to 4 buttons, in the order they are shown.
    #[garde(length(min = 1, max = MAX_BUTTONS), dive)]
    pub(crate) buttons: Vec<Button>,
    /// Minutes from a postponement to the next asking: 1 to 10,080; 30 where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(min = 1, max = 10_080))]
    #[schemars(extend("default" = DEFAULT_POSTPONE_MINUTES))]
    pub(crate) postpone_minutes: Option<u32>,
    /// How often it is asked again after a postponement: 0 to 9; 3 where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(max = MAX_POSTPONES))]
    #[schemars(extend("default" = DEFAULT_POSTPONES))]
    pub(crate) max_postpones: Option<u32>,
    /// Hours after which the answer counts as missed: 0.1 to 720; 24 where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(min = 0.1, max = 720.0))]
    #[schemars(extend("default" = DEFAULT_WINDOW_HOURS))]
    pub(crate) answer_window_hours: Option<f64>,
}

/// The most often one question can be postponed.
const MAX_POSTPONES: u32 = 9;

/// How often a question can be postponed where it does not say.
const DEFAULT_POSTPONES: u32 = 3;
/// Minutes of a postponement where the question does not say.
const DEFAULT_POSTPONE_MINUTES: u32 = 30;
/// Hours an answer has where the question does not say.
const DEFAULT_WINDOW_HOURS: f64 = 24.0;

/// The most grapheme clusters of a button's label (LINE's templates and quick replies).
pub(crate) const MAX_LABEL: u32 = 20;

/// The most buttons of a question (LINE's buttons template).
pub(crate) const MAX_BUTTONS: usize = 4;

/// The most UTF-16 code units of a stored answer.
pub(crate) const MAX_VALUE: u32 = 100;

/// The most grapheme clusters of a question (the text of LINE's buttons template).
pub(crate) const MAX_QUESTION: u32 = 160;

impl Feedback {
    /// Whether this answer calls staff, as its button does. A button with a picker is found by its
    /// label.
    pub(crate) fn is_worrying(&self, value: &str, label: &str) -> bool {
        self.buttons
            .iter()
            .any(|b| b.worrying && (b.value == value || b.picker.is_some() && b.label == label))
    }

    /// Milliseconds from LINE's acceptance until the answer counts as missed.
    pub(crate) fn answer_window_ms(&self) -> i64 {
        hours_in_ms(self.answer_window_hours.unwrap_or(DEFAULT_WINDOW_HOURS))
    }

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

/// The state of a question when a press comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Whether an answer was counted before.
    pub(crate) answered: bool,
    /// The end of its window; `None` where the time of sending is unknown.
    pub(crate) answer_by: Option<Timestamp>,
    /// How often the question was postponed before this message.
    pub(crate) postponed: u32,
    /// Whether its follow-up still runs: only then is a question asked again.
    pub(crate) active: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Effect {
    /// Whether it is the answer: the first press is, a later one is kept beside it.
    pub(crate) counted: bool,
    /// Whether it came after the window.
    pub(crate) late: bool,
    pub(crate) next: Next,
    /// Whether a person has to look at once.
    pub(crate) worrying: bool,
}

/// What follows from a press besides its log entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Nothing,
    /// The question comes again at this instant.
    AskAgain(Timestamp),
    /// It was postponed more often than the step allows: a person is to call.
    TooOften,
}

/// The effect of pressing `button` under a question. A worrying press calls staff even when it is
/// not the first: a patient may feel worse after the first answer.
pub(crate) fn press(feedback: &Feedback, button: &Button, asked: Asked, at: Timestamp) -> Effect {
    let counted = !asked.answered;
    // By the time of the press: an answer that reaches us late was not given late.
    let late = asked.answer_by.is_some_and(|by| at > by);
    let allowed = feedback.max_postpones.unwrap_or(DEFAULT_POSTPONES).min(MAX_POSTPONES);
    let next = match button.action {
        FeedbackAction::Postpone if counted && asked.active && asked.postponed < allowed => {
            let minutes = feedback.postpone_minutes.unwrap_or(DEFAULT_POSTPONE_MINUTES);
            Next::AskAgain(at.plus_millis(i64::from(minutes) * MINUTE_MS))
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
