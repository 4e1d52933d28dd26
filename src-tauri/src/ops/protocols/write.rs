//! Writes protocols: drafts, new versions, publishing, archiving.

use serde_json::json;

use super::{
    check::{MAX_NAME, MAX_STEPS, StepInput, further, said, sets_of, sets_of_stored, stored_problems},
    shown::{OneProtocol, Protocol, read},
};
use crate::{
    clock::{DAY_MS, Timestamp, hours_in_ms},
    core::Core,
    domain::activity::Act,
    domain::{
        protocol::{Action, Sender, Status, WhenUnreachable},
        variables,
    },
    error::{FieldCode, FieldProblem, Problem, Refusal, Result, Thing},
    fields::{LINES, ONE_LINE},
    ids::{ProtocolId, StepId, VersionId},
    line::limits,
    ops::{
        Caller, audit, contents, found, line_check, unchanged,
        wire::{Checks, given, inputs},
    },
    store::{
        Conn,
        protocols::{self, Head, NewVersion},
    },
};

/// The most characters of a protocol's description.
const MAX_DESCRIPTION: usize = 2_000;

inputs! {
    /// A protocol as staff write it; a draft until it is published.
    pub(crate) struct CreateProtocol {
        /// The name; 1 to 200 characters.
        #[garde(length(chars, min = 1, max = MAX_NAME), pattern(ONE_LINE))]
        pub(crate) name: String,
        /// Its purpose; up to 2,000 characters.
        #[serde(default)]
        #[garde(length(chars, max = MAX_DESCRIPTION), pattern(LINES))]
        pub(crate) description: Option<String>,
        /// What becomes of a due step while the patient cannot be reached; `hold` where left out.
        #[serde(default)]
        pub(crate) when_unreachable: Option<WhenUnreachable>,
        /// The name and icon its messages appear under ("Nurse Nok"); the account's own where left
        /// out.
        #[serde(default)]
        pub(crate) sender: Option<Sender>,
        /// 1 to 50 steps, in order.
        #[garde(length(min = 1, max = MAX_STEPS), dive)]
        pub(crate) steps: Vec<StepInput>,
    } also new_steps;

    /// Replaces a draft, or gives a published protocol a new version; running follow-ups keep
    /// theirs.
    pub(crate) struct UpdateProtocol {
        /// The id of the protocol, a UUID.
        pub(crate) id: ProtocolId,
        /// The `updatedAt` the caller last read; 409 where the protocol changed since.
        #[serde(default)]
        pub(crate) unchanged_since: Option<Timestamp>,
        /// The name; 1 to 200 characters.
        #[garde(length(chars, min = 1, max = MAX_NAME), pattern(ONE_LINE))]
        pub(crate) name: String,
        /// Its purpose, up to 2,000 characters; may be empty.
        #[serde(default)]
        #[garde(length(chars, max = MAX_DESCRIPTION), pattern(LINES))]
        pub(crate) description: Option<String>,
        /// What becomes of a due step while the patient cannot be reached; unchanged where left
        /// out.
        #[serde(default)]
        pub(crate) when_unreachable: Option<WhenUnreachable>,
        /// The name and icon its messages appear under; unchanged where left out, the account's own
        /// where null.
        #[serde(default, deserialize_with = "given")]
        #[specta(type = Option<Sender>)]
        pub(crate) sender: Option<Option<Sender>>,
        /// 1 to 50 steps, in order.
        #[garde(length(min = 1, max = MAX_STEPS), dive)]
        pub(crate) steps: Vec<StepInput>,
    } also changed_steps;
}

fn new_steps(input: &CreateProtocol, _: Timestamp, checks: &mut Checks) {
    shown_sender(input.sender.as_ref(), checks);
    further(&input.steps, checks);
}

fn changed_steps(input: &UpdateProtocol, _: Timestamp, checks: &mut Checks) {
    shown_sender(input.sender.as_ref().and_then(Option::as_ref), checks);
    further(&input.steps, checks);
}

fn shown_sender(sender: Option<&Sender>, checks: &mut Checks) {
    if let Some(sender) = sender {
        checks.extend(limits::check_sender(&json!(sender), "sender"));
        let name = sender.name.as_deref().unwrap_or_default();
        if variables::are_in_text(name) {
            checks.extend(vec![FieldProblem::new("sender.name", FieldCode::NoVariableHere)]);
        } else if !sender.name_can_be_shown() {
            // An empty name is refused by its least length.
            let is_said = name.is_empty();
            checks.extend(
                (!is_said)
                    .then(|| FieldProblem::new("sender.name", FieldCode::NotOneLine))
                    .into_iter()
                    .collect(),
            );
        } else if sender.names_line() {
            checks.extend(vec![FieldProblem::new("sender.name", FieldCode::NamesLine)]);
        }
    }
}

/// `None` where it is the account's own.
fn other(sender: Option<Sender>) -> Option<Sender> {
    sender.filter(|sender| !sender.is_empty())
}

/// As a draft.
pub(crate) async fn create(core: &Core, who: &Caller, input: CreateProtocol) -> Result<Protocol> {
    contents::phone_is_there(core, said(&input.steps))?;
    let line_checked_at = line_check::ask(core, &sets_of(&input.steps, input.sender.as_ref())).await?;
    let now = core.now();
    let mut tx = core.store.begin().await?;
    contents::uploads_are_there(&mut tx, core, said(&input.steps), input.sender.as_ref()).await?;
    let id = write_new(&mut tx, core, &input, Made { demo: false, line_checked_at }).await?;
    audit(&mut tx, core, who, Act::ProtocolCreate, Some(id.to_string()), None).await?;
    let protocol = read(&mut tx, id).await?;
    tx.commit().await?;
    tracing::debug!(protocol = %id, %now, "a protocol was written");
    Ok(protocol)
}

/// The facts noted with a new draft.
#[derive(Clone, Copy, Debug)]
pub(in crate::ops) struct Made {
    /// Whether it belongs to the demo clinic.
    pub(crate) demo: bool,
    /// When LINE said that it would take its messages; `None` where it has not.
    pub(crate) line_checked_at: Option<Timestamp>,
}

/// Inside the caller's transaction.
pub(in crate::ops) async fn write_new(
    conn: &mut Conn,
    core: &Core,
    input: &CreateProtocol,
    made: Made,
) -> Result<ProtocolId> {
    let now = core.now();
    let id = ProtocolId::new(now);
    let description = input.description.as_deref().unwrap_or_default();
    protocols::insert(conn, &Head { id, name: &input.name, description, demo: made.demo }, now).await?;
    let version = NewVersion {
        id: VersionId::new(now),
        protocol_id: id,
        number: 1,
        when_unreachable: input.when_unreachable.unwrap_or_default(),
        sender: other(input.sender.clone()),
        line_checked_at: made.line_checked_at,
    };
    let steps = steps_of(core, version.id, &input.steps);
    protocols::insert_version(conn, &version, &steps, now).await?;
    Ok(id)
}

/// Replaces a draft, or gives a published protocol a new version.
pub(crate) async fn update(core: &Core, who: &Caller, input: UpdateProtocol) -> Result<Protocol> {
    contents::phone_is_there(core, said(&input.steps))?;
    let line_checked_at =
        line_check::ask(core, &sets_of(&input.steps, input.sender.as_ref().and_then(Option::as_ref))).await?;
    let now = core.now();
    let mut tx = core.store.begin().await?;
    let p = found(protocols::get(&mut tx, input.id).await?, Thing::Protocol, input.id)?;
    if !p.status.allows(Action::Edit) {
        return Err(Problem::conflict(
            Refusal::ProtocolFixed,
            "an archived protocol cannot be changed; copy it instead",
        ));
    }
    unchanged(input.unchanged_since, p.updated_at, Thing::Protocol)?;
    let sender = input.sender.as_ref().and_then(Option::as_ref);
    contents::uploads_are_there(&mut tx, core, said(&input.steps), sender).await?;
    // Two changes within a millisecond must differ.
    let now = now.max(p.updated_at.plus_millis(1));
    let description = input.description.as_deref().unwrap_or_default();
    protocols::rename(&mut tx, &Head { id: p.id, name: &input.name, description, demo: p.demo }, now).await?;
    let number = if p.published_at.is_some() {
        p.version + 1
    } else {
        protocols::delete_draft(&mut tx, p.version_id).await?;
        p.version
    };
    let version = NewVersion {
        id: VersionId::new(now),
        protocol_id: p.id,
        number,
        when_unreachable: input.when_unreachable.unwrap_or(p.when_unreachable),
        sender: input.sender.clone().map_or(p.sender, other),
        line_checked_at,
    };
    let steps = steps_of(core, version.id, &input.steps);
    protocols::insert_version(&mut tx, &version, &steps, now).await?;
    audit(&mut tx, core, who, Act::ProtocolUpdate, Some(p.id.to_string()), None).await?;
    let protocol = read(&mut tx, p.id).await?;
    tx.commit().await?;
    Ok(protocol)
}

/// Publishes the newest version; from then on it can be assigned and never changes.
pub(crate) async fn activate(core: &Core, who: &Caller, input: OneProtocol) -> Result<Protocol> {
    let checked = ask_line_where_it_did_not_look(core, input.id).await?;
    let mut tx = core.store.begin().await?;
    if let Some((version, at)) = checked {
        protocols::set_line_checked(&mut tx, version, at).await?;
    }
    let protocol = publish(&mut tx, core, who, input.id).await?;
    tx.commit().await?;
    Ok(protocol)
}

/// Asks LINE about a version it did not look at within the last day. Returns the version, and when LINE
/// said that it would take its messages.
async fn ask_line_where_it_did_not_look(
    core: &Core,
    id: ProtocolId,
) -> Result<Option<(VersionId, Timestamp)>> {
    let mut conn = core.store.read().acquire().await?;
    let Some(p) = protocols::get(&mut conn, id).await? else { return Ok(None) };
    let is_checked = p.line_checked_at.is_some_and(|at| core.now().millis_since(at) < DAY_MS);
    if is_checked || !p.status.allows(Action::Activate) {
        return Ok(None);
    }
    let steps = protocols::steps(&mut conn, p.version_id).await?;
    drop(conn);
    let checked_at = line_check::ask(core, &sets_of_stored(&steps, p.sender.as_ref())).await?;
    Ok(checked_at.map(|at| (p.version_id, at)))
}

/// Inside the caller's transaction.
pub(super) async fn publish(conn: &mut Conn, core: &Core, who: &Caller, id: ProtocolId) -> Result<Protocol> {
    let p = found(protocols::get(conn, id).await?, Thing::Protocol, id)?;
    if !p.status.allows(Action::Activate) {
        return Err(Problem::conflict(Refusal::ProtocolArchived, "an archived protocol cannot be published"));
    }
    let errors = stored_problems(&protocols::steps(conn, p.version_id).await?);
    if !errors.is_empty() {
        return Err(Problem::fields(errors));
    }
    protocols::publish(conn, id, p.version_id, core.now()).await?;
    audit(conn, core, who, Act::ProtocolActivate, Some(id.to_string()), None).await?;
    read(conn, id).await
}

/// Running follow-ups go on.
pub(crate) async fn archive(core: &Core, who: &Caller, input: OneProtocol) -> Result<Protocol> {
    let mut tx = core.store.begin().await?;
    found(protocols::get(&mut tx, input.id).await?, Thing::Protocol, input.id)?;
    protocols::set_status(&mut tx, input.id, Status::Archived, core.now()).await?;
    audit(&mut tx, core, who, Act::ProtocolArchive, Some(input.id.to_string()), None).await?;
    let protocol = read(&mut tx, input.id).await?;
    tx.commit().await?;
    Ok(protocol)
}

/// Offers an archived protocol again: as active where a version was published, else as a draft. A
/// protocol that is offered already stays as it is.
pub(crate) async fn bring_back(core: &Core, who: &Caller, input: OneProtocol) -> Result<Protocol> {
    let mut tx = core.store.begin().await?;
    let p = found(protocols::get(&mut tx, input.id).await?, Thing::Protocol, input.id)?;
    if p.status.allows(Action::BringBack) {
        let published = protocols::published_version(&mut tx, input.id).await?;
        let status = if published.is_some() { Status::Active } else { Status::Draft };
        protocols::set_status(&mut tx, input.id, status, core.now()).await?;
        audit(&mut tx, core, who, Act::ProtocolBringBack, Some(input.id.to_string()), None).await?;
    }
    let protocol = read(&mut tx, input.id).await?;
    tx.commit().await?;
    Ok(protocol)
}

fn steps_of(core: &Core, version: VersionId, steps: &[StepInput]) -> Vec<protocols::Step> {
    let now = core.now();
    (1_i64..)
        .zip(steps)
        .map(|(step_order, s)| protocols::Step {
            id: StepId::new(now),
            version_id: version,
            step_order,
            name: s.name.clone().unwrap_or_default(),
            trigger: s.trigger.clone(),
            message_type: s.message_type,
            content: s.content.clone(),
            further_messages: Some(s.further_messages.clone()),
            requires_feedback: s.requires_feedback,
            feedback: s.feedback.clone(),
            quick_replies: Some(s.quick_replies.clone()),
            priority: s.priority.unwrap_or_default(),
            freshness_ms: s.freshness_hours.map_or_else(|| core.config.delivery.freshness_ms(), hours_in_ms),
            press_calls_staff: s.press_calls_staff,
            silent: s.silent,
            at_night: s.at_night,
            translations: Some(s.translations.clone()),
        })
        .collect()
}
