//! Checks of steps: their form, LINE's limits, and what the planner can follow.

use std::{borrow::Cow, iter};

use serde_json::Value;

use super::shown::OneProtocol;
use crate::{
    clock::Timestamp,
    config::MAX_FRESHNESS_HOURS,
    core::Core,
    domain::{
        clinic::AtNight,
        delivery::Priority,
        feedback::Feedback,
        language::Language,
        message::{Content, FurtherMessage, MAX_FURTHER, MessageType},
        protocol::Sender,
        quick_reply::{MAX_QUICK_REPLIES, QuickReply},
        translation::{TranslatedQuestion, Translation, Translations, by_language},
        trigger::Trigger,
    },
    error::{FieldCode, FieldProblem, Result, Thing},
    fields::{ONE_LINE_OR_EMPTY, or_default},
    ops::{
        Caller,
        contents::{self, Push},
        found, line_check,
        wire::{Checks, inputs, outputs},
    },
    store::protocols::{self},
};

inputs! {
    /// A step as staff write it.
    pub(crate) struct StepInput {
        /// The step's name; up to 200 characters.
        #[serde(default)]
        #[garde(length(chars, max = MAX_NAME), pattern(ONE_LINE_OR_EMPTY))]
        pub(crate) name: Option<String>,
        /// When the step is due.
        #[garde(dive)]
        pub(crate) trigger: Trigger,
        /// The type of its message.
        pub(crate) message_type: MessageType,
        /// The message itself, of the shape its type has. Variables such as `{{patient.name}}` are
        /// filled in where the patient reads them.
        #[specta(type = specta_typescript::Unknown)]
        #[schemars(with = "Content")]
        pub(crate) content: Value,
        /// Up to four more messages of the same push, in order; three where a question follows
        /// them. Together they count as one in the month's quota.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = Vec<FurtherMessage>)]
        #[garde(length(max = MAX_FURTHER), dive)]
        pub(crate) further_messages: Vec<FurtherMessage>,
        /// Whether the message has buttons to answer by; it then needs `feedback`.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = bool)]
        pub(crate) requires_feedback: bool,
        /// The question and its buttons; left out where nothing is asked.
        #[serde(default)]
        #[garde(dive)]
        pub(crate) feedback: Option<Feedback>,
        /// Up to 13 quick replies under the last message of the push, a question included; they go
        /// when the patient taps one, or when something else is said.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = Vec<QuickReply>)]
        #[garde(length(max = MAX_QUICK_REPLIES), dive)]
        pub(crate) quick_replies: Vec<QuickReply>,
        /// How soon it goes among several due messages.
        #[serde(default)]
        pub(crate) priority: Option<Priority>,
        /// Hours after its due time in which it may still be sent; 0.1 to 23.
        #[serde(default)]
        #[garde(range(min = 0.1, max = f64::from(MAX_FRESHNESS_HOURS)))]
        pub(crate) freshness_hours: Option<f64>,
        /// Whether a press of a button of the message itself (flex, template) puts the patient on
        /// the worklist; the question's buttons have rules of their own.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = bool)]
        pub(crate) press_calls_staff: bool,
        /// Whether its message arrives without a sound, whatever the hour.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = bool)]
        pub(crate) silent: bool,
        /// What quiet hours do to its message: `wait` for their end, go `silently`, or `send` as at
        /// any hour; left out, the clinic's rule.
        #[serde(default)]
        pub(crate) at_night: Option<AtNight>,
        /// The step in other languages (`en`, `th`, `ja`, `zh-TW`), in place of its own messages;
        /// patients of any other language get its own. The language is the patient's, or where
        /// unknown that of the clinic's zone, at the time the step is due.
        #[serde(default, deserialize_with = "by_language")]
        #[specta(type = Translations)]
        #[garde(dive)]
        #[schemars(
            with = "std::collections::BTreeMap<Language, Option<Translation>>",
            extend("propertyNames" = serde_json::json!({ "enum": Language::ALL }))
        )]
        pub(crate) translations: Translations,
    }
}

inputs! {
    /// Steps to check before they are saved.
    pub(crate) struct CheckSteps {
        /// 1 to 50 steps, in order.
        #[garde(length(min = 1, max = MAX_STEPS), dive)]
        pub(crate) steps: Vec<StepInput>,
    } also steps_to_check;
}

fn steps_to_check(input: &CheckSteps, _: Timestamp, checks: &mut Checks) {
    further(&input.steps, checks);
}

outputs! {
    /// Whether a protocol can be published.
    pub(crate) struct Validation {
        /// Whether it can be published.
        pub(crate) valid: bool,
        /// The faults; empty where it can be published.
        pub(crate) errors: Vec<FieldProblem>,
        /// When LINE itself said that it would take its messages; null where it has not.
        pub(crate) line_checked_at: Option<Timestamp>,
    }

    /// LINE's answer about steps that can be saved.
    pub(crate) struct CheckedSteps {
        /// When LINE itself said that it would take their messages; null where it could not be
        /// asked, and only the limits known here were checked.
        pub(crate) line_checked_at: Option<Timestamp>,
    }
}

/// The most steps of one protocol.
pub(super) const MAX_STEPS: usize = 50;
/// The most characters of the name of a protocol or a step.
pub(super) const MAX_NAME: usize = 200;

pub(crate) async fn validate(core: &Core, _: &Caller, input: OneProtocol) -> Result<Validation> {
    let mut conn = core.store.read().acquire().await?;
    let p = found(protocols::get(&mut conn, input.id).await?, Thing::Protocol, input.id)?;
    let errors = stored_problems(&protocols::steps(&mut conn, p.version_id).await?);
    Ok(Validation { valid: errors.is_empty(), errors, line_checked_at: p.line_checked_at })
}

/// Stores nothing.
pub(crate) async fn check_steps(core: &Core, _: &Caller, input: CheckSteps) -> Result<CheckedSteps> {
    contents::phone_is_there(core, said(&input.steps))?;
    let mut conn = core.store.read().acquire().await?;
    contents::uploads_are_there(&mut conn, core, said(&input.steps), None).await?;
    drop(conn);
    let line_checked_at = line_check::ask(core, &sets_of(&input.steps, None)).await?;
    Ok(CheckedSteps { line_checked_at })
}

/// In each language they have.
pub(super) fn said(steps: &[StepInput]) -> impl Iterator<Item = Push<'_>> {
    steps.iter().enumerate().flat_map(|(n, step)| Parts::of(n, step).said_in_each())
}

/// The pushes of the steps, for LINE's check.
pub(super) fn sets_of(steps: &[StepInput], sender: Option<&Sender>) -> Vec<line_check::Set> {
    said(steps).filter_map(|said| line_check::Set::of(said, sender)).collect()
}

/// Like [`sets_of`], for stored steps.
pub(super) fn sets_of_stored(steps: &[protocols::Step], sender: Option<&Sender>) -> Vec<line_check::Set> {
    let said = steps.iter().enumerate().flat_map(|(n, step)| Parts::of_stored(n, step).said_in_each());
    said.filter_map(|said| line_check::Set::of(said, sender)).collect()
}

/// What only each whole step shows.
pub(super) fn further(steps: &[StepInput], checks: &mut Checks) {
    for (n, step) in steps.iter().enumerate().take(MAX_STEPS) {
        checks.extend(Parts::of(n, step).problems());
    }
}

pub(super) fn stored_problems(steps: &[protocols::Step]) -> Vec<FieldProblem> {
    steps.iter().enumerate().flat_map(|(n, step)| Parts::of_stored(n, step).problems()).collect()
}

/// A step's parts, as LINE and the planner judge them.
struct Parts<'a> {
    trigger: &'a Trigger,
    requires_feedback: bool,
    feedback: Option<&'a Feedback>,
    said: Push<'a>,
    /// Its translations, by language.
    translations: Vec<(Language, &'a Translation)>,
}

impl<'a> Parts<'a> {
    fn of(n: usize, step: &'a StepInput) -> Self {
        let said = Push {
            prefix: format!("steps[{n}]."),
            message_type: step.message_type,
            content: &step.content,
            further: &step.further_messages,
            feedback: step.feedback.as_ref().map(Cow::Borrowed),
            quick_replies: &step.quick_replies,
        };
        Self {
            trigger: &step.trigger,
            requires_feedback: step.requires_feedback,
            feedback: step.feedback.as_ref(),
            said,
            translations: step.translations.iter().map(|(language, t)| (*language, t)).collect(),
        }
    }

    fn of_stored(n: usize, step: &'a protocols::Step) -> Self {
        let said = Push {
            prefix: format!("steps[{n}]."),
            message_type: step.message_type,
            content: &step.content,
            further: step.further_messages.as_deref().unwrap_or_default(),
            feedback: step.feedback.as_ref().map(Cow::Borrowed),
            quick_replies: step.quick_replies.as_deref().unwrap_or_default(),
        };
        Self {
            trigger: &step.trigger,
            requires_feedback: step.requires_feedback,
            feedback: step.feedback.as_ref(),
            said,
            translations: step.translations.iter().flatten().map(|(language, t)| (*language, t)).collect(),
        }
    }

    /// The push in one language; its question only where the translation has words for it.
    fn said_in(&self, language: Language, translation: &'a Translation) -> Push<'a> {
        let asked = translation.feedback.as_ref().zip(self.feedback);
        Push {
            prefix: format!("{}translations.{language}.", self.said.prefix),
            message_type: translation.message_type,
            content: &translation.content,
            further: &translation.further_messages,
            feedback: asked.map(|(words, own)| Cow::Owned(words.of(own))),
            quick_replies: &translation.quick_replies,
        }
    }

    /// The push for everybody, and then those of each language.
    fn said_in_each(self) -> impl Iterator<Item = Push<'a>> {
        let translated: Vec<_> =
            self.translations.iter().map(|(language, t)| self.said_in(*language, t)).collect();
        iter::once(self.said).chain(translated)
    }

    fn problems(&self) -> Vec<FieldProblem> {
        let prefix = &self.said.prefix;
        let mut found = Vec::new();
        found.extend(self.trigger.parse(&format!("{prefix}trigger")).err());
        found.extend(self.said.problems(contents::IN_FOLLOW_UP));
        if self.requires_feedback && self.feedback.is_none() {
            found.push(FieldProblem::new(format!("{prefix}feedback"), FieldCode::NoQuestion));
        }
        found.extend(self.too_many(&self.said));
        for (language, translation) in &self.translations {
            let said = self.said_in(*language, translation);
            found.extend(said.problems(contents::IN_FOLLOW_UP));
            found.extend(self.too_many(&said));
            let field = format!("{}feedback", said.prefix);
            found.extend(translation.feedback.iter().flat_map(|words| self.problems_of_words(words, &field)));
        }
        found
    }

    /// The refusal of messages that leave no room for the question; where there is none the
    /// field's own limit counts.
    fn too_many(&self, said: &Push<'_>) -> Option<FieldProblem> {
        let field = format!("{}furtherMessages", said.prefix);
        let found = said.further.len();
        let is_over = self.requires_feedback && found > MAX_BESIDE_QUESTION;
        is_over.then(|| FieldProblem::over(field, MAX_BESIDE_QUESTION, "items", found))
    }

    /// The faults of a translated question's structure, not of its words.
    fn problems_of_words(&self, words: &TranslatedQuestion, field: &str) -> Vec<FieldProblem> {
        let Some(own) = self.feedback else {
            return vec![FieldProblem::new(field, FieldCode::NothingAsked)];
        };
        let is_own = |value: &str| own.buttons.iter().any(|button| button.value == value);
        let strange = words.buttons.iter().enumerate().filter(|(_, button)| !is_own(&button.value));
        let mut found: Vec<_> = strange
            .map(|(n, _)| FieldProblem::new(format!("{field}.buttons[{n}].value"), FieldCode::NoSuchButton))
            .collect();
        let is_said = |value: &str| words.buttons.iter().any(|button| button.value == value);
        if !own.buttons.iter().all(|button| is_said(&button.value)) {
            let buttons = u32::try_from(own.buttons.len()).unwrap_or(u32::MAX);
            let field = format!("{field}.buttons");
            found.push(FieldProblem::limited(field, FieldCode::ButtonLeftOut, buttons));
        }
        found
    }
}

/// The most objects after the first one beside a question, which is one of them.
const MAX_BESIDE_QUESTION: usize = MAX_FURTHER - 1;
