//! Asks LINE itself what it would refuse. It is free and sends nothing. Where LINE cannot be asked,
//! the limits known here decide, and nothing claims that LINE has looked.

use std::time::Duration;

use futures::{StreamExt as _, stream};
use serde_json::{Value, json};
use uuid::Uuid;

use super::contents::Push;
use crate::{
    clock::Timestamp,
    core::Core,
    domain::{
        calendar::local_of, feedback::Feedback, language::Language, message::Content, protocol::Sender,
        quick_reply::QuickReply, variables,
    },
    error::{FieldProblem, Problem, Result},
    ids::DeliveryId,
    line::{Objection, Taken, content::to_line, nearest, wire},
};

/// The longest time a save waits for LINE.
const PATIENCE: Duration = Duration::from_secs(3);

/// Requests to LINE's check at the same time.
const MAX_AT_ONCE: usize = 8;

/// The messages of one push, as LINE's check takes them.
pub(super) struct Set {
    /// The path in the request: `steps[0].`
    pub(crate) prefix: String,
    pub(crate) contents: Vec<Content>,
    pub(crate) feedback: Option<Feedback>,
    /// The quick replies under the last message.
    pub(crate) quick_replies: Vec<QuickReply>,
    /// The name and icon they appear under.
    pub(crate) sender: Option<Sender>,
}

impl Set {
    /// The messages LINE is asked about, filled in as for some patient. `None` for a malformed one,
    /// which is refused before.
    pub(super) fn of(said: Push<'_>, sender: Option<&Sender>) -> Option<Self> {
        let contents = Content::parse_all(said.message_type, said.content, said.further).ok()?;
        let contents = contents.iter().map(|c| variables::example(c).into_owned()).collect();
        let feedback = said.feedback.map(|f| variables::example(f.as_ref()).into_owned());
        let quick_replies = variables::example(said.quick_replies).into_owned();
        Some(Self { prefix: said.prefix, contents, feedback, quick_replies, sender: sender.cloned() })
    }

    fn written(&self) -> Value {
        let (first, further) = self.contents.split_at(self.contents.len().min(1));
        let further: Vec<_> = further.iter().map(|content| json!({ "content": content })).collect();
        json!({
            "content": first.first(),
            "furtherMessages": further,
            "feedback": self.feedback,
            "quickReplies": self.quick_replies,
            "sender": self.sender,
        })
    }
}

/// Asks LINE what it would refuse in `sets`. Returns the instant since when LINE is known to take
/// all of them; `None` where LINE is the practice LINE, or could not be asked about each in time.
/// The next call first asks what is left.
///
/// # Errors
/// LINE would refuse something: every place it named in time.
pub(super) async fn ask(core: &Core, sets: &[Set]) -> Result<Option<Timestamp>> {
    if !core.line.is_connected() || core.channel().down().is_some() {
        return Ok(None);
    }
    let now = core.now();
    let (mut keys, mut open, mut since) = (Vec::new(), Vec::new(), now);
    for set in sets {
        let objects = objects_of(core, set, now);
        let key = Taken::key(&objects);
        match core.taken_by_line().since(&key, now) {
            Some(at) => since = since.min(at),
            None => open.push((set, objects, key)),
        }
        keys.push(key);
    }
    let unanswered = open.len();
    let asking: Vec<_> = open
        .into_iter()
        .enumerate()
        .map(|(n, (set, objects, key))| async move { (n, set, key, core.line.validate_push(&objects).await) })
        .collect();
    let asking = stream::iter(asking).buffer_unordered(MAX_AT_ONCE);
    let mut answers: Vec<_> = asking.take_until(tokio::time::sleep(PATIENCE)).collect().await;
    answers.sort_by_key(|(n, ..)| *n);
    let (mut errors, mut taken) = (Vec::new(), Vec::new());
    for (_, set, key, answer) in answers {
        match answer {
            Ok(objections) if objections.is_empty() => taken.push(key),
            Ok(objections) => add(&mut errors, set, objections),
            Err(error) => tracing::debug!(%error, "LINE did not say what it would refuse"),
        }
    }
    let asked_all = taken.len() == unanswered;
    if asked_all {
        core.taken_by_line().forget(&keys);
    } else {
        core.taken_by_line().add(taken, now);
    }
    if !errors.is_empty() {
        return Err(Problem::fields(errors));
    }
    Ok((asked_all && core.sandbox.is_none()).then_some(since))
}

/// The message objects LINE is asked about, the same for the same messages.
fn objects_of(core: &Core, set: &Set, now: Timestamp) -> Vec<Value> {
    let mut objects: Vec<_> = set.contents.iter().map(to_line).collect();
    let today = local_of(now, core.clinic().time_zone).date();
    // Any id and language will do: all ids have one length, and LINE takes each language's text.
    let question = |f| wire::question(f, DeliveryId(Uuid::nil()), Language::English, today);
    objects.extend(set.feedback.as_ref().map(question));
    wire::set_quick_replies(&mut objects, &set.quick_replies, today);
    if let Some(sender) = &set.sender {
        objects.iter_mut().for_each(|object| wire::set_sender(object, sender));
    }
    objects
}

/// The most places reported at once.
const MAX_ERRORS: usize = 100;

/// Adds what LINE would refuse, each at its field or the nearest written one: LINE names members of
/// its own objects, which may have none here. The sender is the plan's, so its faults are named
/// with every message and reported once.
fn add(errors: &mut Vec<FieldProblem>, set: &Set, objections: Vec<Objection>) {
    let written = set.written();
    for objection in objections {
        let sender = objection.of_sender().filter(|_| set.sender.is_some());
        let is_sender = sender.is_some();
        let field = if let Some(field) = sender {
            nearest(&written, &field).unwrap_or(field)
        } else {
            let field = nearest(&written, &objection.field(&set.contents));
            format!("{}{}", set.prefix, field.unwrap_or_else(|| "content".to_owned()))
        };
        let is_said = errors
            .iter()
            .any(|known| known.field == field && (is_sender || known.message == objection.words));
        if !is_said && errors.len() < MAX_ERRORS {
            errors.push(FieldProblem::by_line(field, objection.words));
        }
    }
}
