//! LINE itself is asked what it would refuse. Free, and nothing is sent; where LINE cannot be
//! asked, the limits known here decide, and nobody says that LINE has looked.

use std::time::Duration;

use futures::{StreamExt as _, stream};

use crate::{
    clock::Timestamp,
    core::Core,
    domain::{
        calendar::local_of, feedback::Feedback, language::Language, message::Content, protocol::Sender,
        quick_reply::QuickReply,
    },
    error::{FieldProblem, Problem, Result},
    ids::DeliveryId,
    line::{content::to_line, wire},
};

/// Nobody who saves waits longer for LINE.
const PATIENCE: Duration = Duration::from_secs(3);

/// Asked at once.
const MAX_AT_ONCE: usize = 8;

/// Messages that go together.
pub(super) struct Set {
    /// Where they stand in the request: `steps[0].`
    pub(crate) prefix: String,
    pub(crate) contents: Vec<Content>,
    pub(crate) feedback: Option<Feedback>,
    /// Under the last of them.
    pub(crate) quick_replies: Vec<QuickReply>,
    /// Under which name and icon they appear.
    pub(crate) sender: Option<Sender>,
}

/// Asks LINE what it would refuse in `sets`: the instant since when LINE is known to take all of
/// them, `None` where it could not be asked, or is the practice LINE.
///
/// # Errors
/// LINE would refuse something; every place it named.
pub(super) async fn ask(core: &Core, sets: &[Set]) -> Result<Option<Timestamp>> {
    if !core.line.is_connected() || core.channel().down().is_some() {
        return Ok(None);
    }
    let questions: Vec<_> = sets.iter().map(|set| ask_one(core, set)).collect();
    let asking = stream::iter(questions).buffered(MAX_AT_ONCE).collect::<Vec<_>>();
    let Ok(answers) = tokio::time::timeout(PATIENCE, asking).await else { return Ok(None) };
    let asked_all = answers.iter().all(Option::is_some);
    let errors: Vec<_> = answers.into_iter().flatten().flatten().collect();
    if !errors.is_empty() {
        return Err(Problem::fields(errors));
    }
    Ok((asked_all && core.sandbox.is_none()).then(|| core.now()))
}

/// What LINE would refuse; `None` where it did not say.
async fn ask_one(core: &Core, set: &Set) -> Option<Vec<FieldProblem>> {
    let mut objects: Vec<_> = set.contents.iter().map(to_line).collect();
    let now = core.now();
    let today = local_of(now, core.clinic().time_zone).date();
    // Any id will do, every one is as long; and any language, each has a text that LINE takes.
    let question = |f| wire::question(f, DeliveryId::new(now), Language::English, today);
    objects.extend(set.feedback.as_ref().map(question));
    wire::set_quick_replies(&mut objects, &set.quick_replies, today);
    if let Some(sender) = &set.sender {
        objects.iter_mut().for_each(|object| wire::set_sender(object, sender));
    }
    let objections = core.line.validate_push(&objects).await.ok()?;
    let of = |o: crate::line::Objection| {
        FieldProblem::by_line(format!("{}{}", set.prefix, o.field(&set.contents)), o.words)
    };
    Some(objections.into_iter().map(of).collect())
}
