//! The exact bytes LINE gets: rendered once, stored before the first attempt, sent again as
//! they are.

use std::borrow::Cow;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    clock::Timestamp,
    domain::{
        calendar::local_of,
        clinic::Clinic,
        draft::{Body, Draft},
        feedback::Feedback,
        language::Language,
        message::{Content, FurtherMessage},
        protocol::Sender,
        quick_reply::QuickReply,
        variables::{self, MAX_SURE, Missing, Texts, Values},
    },
    error::{FieldCode, FieldProblem},
    ids::DeliveryId,
    line::{content, content::to_line, limits, wire},
    store::{deliveries::Facts, patients},
};

/// A message's patient, as far as its bytes depend on them.
#[derive(Clone, Copy)]
pub(crate) struct Recipient<'a> {
    pub(crate) line_user_id: &'a str,
    pub(crate) name: &'a str,
    pub(crate) nickname: Option<&'a str>,
    pub(crate) language: Language,
    /// The patient's, or the clinic's.
    pub(crate) zone: Tz,
    /// The patient's day, by `zone`.
    pub(crate) today: NaiveDate,
    pub(crate) clinic: &'a Clinic,
    /// `None` for a message that belongs to none.
    pub(crate) started_at: Option<Timestamp>,
}

#[derive(Clone, Copy)]
pub(crate) struct Person<'a> {
    pub(crate) name: &'a str,
    pub(crate) nickname: Option<&'a str>,
    pub(crate) locale: Option<&'a str>,
    pub(crate) time_zone: Option<&'a str>,
}

impl<'a> From<&'a patients::Patient> for Person<'a> {
    fn from(p: &'a patients::Patient) -> Self {
        Self {
            name: &p.display_name,
            nickname: p.nickname.as_deref(),
            locale: p.locale.as_deref(),
            time_zone: p.time_zone.as_deref(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unfilled {
    #[error(transparent)]
    Missing(#[from] Missing),
    /// Even with short names it is too long for LINE.
    #[error("filled in, {field} {message}")]
    TooLong { field: String, message: String },
}

impl Unfilled {
    /// The subject, for storage: the variable without a value, as staff wrote it, or the field that
    /// is too long. A code, not a sentence.
    pub(super) fn about(&self) -> Option<String> {
        match self {
            Self::Missing(Missing::Value(name)) => Some(format!("{{{{{name}}}}}")),
            Self::Missing(Missing::Variable) => None,
            Self::TooLong { field, .. } => Some(field.clone()),
        }
    }
}

impl<'a> Recipient<'a> {
    pub(crate) fn of(line_user_id: &'a str, patient: Person<'a>, clinic: &'a Clinic, now: Timestamp) -> Self {
        let zone = clinic.zone_of(patient.time_zone);
        Self {
            line_user_id,
            name: patient.name,
            nickname: patient.nickname,
            language: Language::of(patient.locale, clinic.time_zone),
            zone,
            today: local_of(now, zone).date(),
            clinic,
            started_at: None,
        }
    }

    /// With the language the message was chosen in, whatever the patient reads by now.
    pub(crate) fn speaking(self, chosen: Option<Language>) -> Self {
        Self { language: chosen.unwrap_or(self.language), ..self }
    }

    pub(crate) fn since(self, started_at: Option<Timestamp>) -> Self {
        Self { started_at, ..self }
    }

    fn values(&self, due_at: Timestamp) -> Values<'_> {
        Values {
            patient_name: self.name,
            nickname: self.nickname,
            clinic_name: &self.clinic.name,
            clinic_phone: self.clinic.phone.as_deref(),
            language: self.language,
            date: local_of(due_at, self.zone).date(),
            start: self.started_at.map(|at| local_of(at, self.zone).date()),
        }
    }
}

/// Lengths to try for names, in UTF-16 code units: whole first, then shorter until all fits.
const NAMES: [Option<usize>; 4] = [None, Some(40), Some(20), Some(MAX_SURE)];

/// A part of a message filled in with names as long as there is room for; `check` says what LINE
/// would refuse.
fn fitting<'t, T: Texts + ?Sized>(
    said: &'t T,
    values: &Values<'_>,
    check: impl Fn(&T) -> Vec<FieldProblem>,
) -> Result<Cow<'t, T>, Unfilled> {
    let mut too_long = None;
    for max in NAMES {
        let filled = variables::fill(said, values, max)?;
        // What has no variable is as long as it was when it was saved.
        if matches!(filled, Cow::Borrowed(_)) {
            return Ok(filled);
        }
        match check(&filled).into_iter().find(|p| p.code == FieldCode::TooLong) {
            None => return Ok(filled),
            Some(problem) => too_long = Some(problem),
        }
    }
    let problem = too_long.unwrap_or_else(|| FieldProblem::new("content", FieldCode::TooLong));
    Err(Unfilled::TooLong { field: problem.field, message: problem.message })
}

/// How a push appears, and what surrounds its messages.
#[derive(Clone, Copy)]
pub(crate) struct Look<'a> {
    /// `None` for the account's own.
    pub(crate) sender: Option<&'a Sender>,
    pub(crate) silent: bool,
    /// Under its last message.
    pub(crate) quick_replies: &'a [QuickReply],
    /// The aggregation unit under which LINE counts openings; `None` where it does not count.
    pub(crate) unit: Option<&'a str>,
}

/// The body of a push due at `due_at`: its messages, and the question under them where the step
/// asks one. All message objects of one push count as one in LINE's quota.
///
/// # Errors
/// A variable has no value, or one that is too long.
pub(crate) fn body(
    to: Recipient<'_>,
    said: &[Content],
    feedback: Option<&Feedback>,
    id: DeliveryId,
    due_at: Timestamp,
    look: Look<'_>,
) -> Result<String, Unfilled> {
    let values = to.values(due_at);
    let object = |said: &Content| {
        fitting(said, &values, |c| content::check(c, "content")).map(|filled| to_line(&filled))
    };
    let mut messages = said.iter().map(object).collect::<Result<Vec<_>, Unfilled>>()?;
    let feedback = feedback
        .map(|asked| fitting(asked, &values, |f| limits::check_feedback(f, "feedback")))
        .transpose()?;
    messages.extend(feedback.map(|f| wire::question(&f, id, to.language, to.today)));
    let quick_replies =
        fitting(look.quick_replies, &values, |replies| limits::check_quick_replies(replies, "quickReplies"))?;
    wire::set_quick_replies(&mut messages, &quick_replies, to.today);
    messages.iter_mut().for_each(|message| wire::track_video(message, id));
    if let Some(sender) = look.sender {
        messages.iter_mut().for_each(|message| wire::set_sender(message, sender));
    }
    let body = wire::push_body(to.line_user_id, &messages, look.unit);
    Ok(wire::with_silence(&body, look.silent).into_owned())
}

/// Gives a draft the bytes for its patient. It stays without where a variable has no value yet, or
/// its value is known only when the message is due: the attempt then makes the bytes or reports
/// what is wrong.
pub(crate) fn address(draft: &mut Draft, to: Recipient<'_>, said: &[Content]) {
    let feedback = draft.source.feedback.as_ref();
    let has_variables = said.iter().any(variables::are_in)
        || feedback.is_some_and(variables::are_in)
        || variables::are_in(draft.source.quick_replies.as_slice());
    if !draft.is_ready() && has_variables {
        return;
    }
    // The attempt asks once more whether it is quiet.
    let silent = draft.source.silent || to.clinic.is_silent_at(draft.due_at, to.zone, draft.source.at_night);
    let source = &draft.source;
    let to = to.speaking(source.language);
    let look = Look {
        sender: source.sender.as_ref(),
        silent,
        quick_replies: &source.quick_replies,
        unit: source.unit.as_deref(),
    };
    if let Ok(json) = body(to, said, feedback, draft.id, draft.due_at, look) {
        draft.body = Some(Body { json, recipient: to.line_user_id.to_owned() });
    }
}

/// Gives a draft its bytes from stored content. Content that cannot be read any more stays without
/// bytes, and the attempt reports it.
pub(crate) fn address_stored(draft: &mut Draft, to: Recipient<'_>) {
    let source = &draft.source;
    if let Ok(said) = Content::parse_all(source.message_type, &source.content, &source.further) {
        address(draft, to, &said);
    }
}

pub(super) struct Written {
    pub(super) said: Vec<Content>,
    pub(super) feedback: Option<Feedback>,
    pub(super) sender: Option<Sender>,
    pub(super) quick_replies: Vec<QuickReply>,
}

impl Written {
    /// Reads it whole, or names the part that cannot be read: a message does not go without its
    /// question.
    pub(super) fn of(facts: &Facts) -> Result<Self, &'static str> {
        let content: Value = read("content", Some(&facts.content))?.unwrap_or_default();
        let further: Vec<FurtherMessage> =
            read("further_messages", facts.further_messages.as_deref())?.unwrap_or_default();
        Ok(Self {
            said: Content::parse_all(facts.message_type, &content, &further).map_err(|_| "content")?,
            feedback: read("feedback", facts.feedback.as_deref())?,
            sender: read("sender", facts.sender.as_deref())?,
            quick_replies: read("quick_replies", facts.quick_replies.as_deref())?.unwrap_or_default(),
        })
    }
}

fn read<T: DeserializeOwned>(part: &'static str, text: Option<&str>) -> Result<Option<T>, &'static str> {
    text.map(serde_json::from_str).transpose().map_err(|_| part)
}
