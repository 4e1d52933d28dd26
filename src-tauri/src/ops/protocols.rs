//! Protocols: written as drafts, checked by LINE's limits, published in versions.

use serde_json::Value;

use super::{
    Caller, Paged, announce, audit, found, unchanged,
    wire::{Checks, PageOf, inputs, outputs, page},
};
use crate::{
    clock::Timestamp,
    core::{Core, Topic},
    domain::{
        delivery::Priority,
        feedback::Feedback,
        message::{Content, MessageType},
        protocol::{Status, WhenUnreachable},
        trigger::Trigger,
    },
    error::{FieldProblem, Problem, Result},
    ids::{ProtocolId, StepId, VersionId},
    line::limits,
    store::{
        Conn,
        protocols::{self, Head},
    },
};

inputs! {
    /// A new protocol.
    pub struct CreateProtocol {
        /// What staff call it; 1 to 200 characters.
        pub name: String,
        /// What it is for; up to 2,000 characters.
        #[serde(default)]
        pub description: Option<String>,
        /// What becomes of a due step while the patient cannot be reached: `hold` where it is
        /// left out.
        #[serde(default)]
        pub when_unreachable: Option<WhenUnreachable>,
        /// 1 to 50 steps.
        pub steps: Vec<StepInput>,
    }

    /// A step as it is written.
    pub struct StepInput {
        /// What staff call it; up to 200 characters.
        #[serde(default)]
        pub name: Option<String>,
        /// When it is due.
        pub trigger: Trigger,
        /// What kind of message it sends.
        pub message_type: MessageType,
        /// text `{"text"}`; image `{"imageUrl","previewImageUrl"?}`; flex
        /// `{"altText","contents"}`; template `{"altText","template"}`.
        #[specta(type = specta_typescript::Unknown)]
        pub content: Value,
        /// Whether it asks.
        #[serde(default)]
        pub requires_feedback: bool,
        /// What it asks.
        #[serde(default)]
        pub feedback: Option<Feedback>,
        /// Which of several due messages goes first.
        #[serde(default)]
        pub priority: Option<Priority>,
        /// Hours after its due time in which it may still be sent; 0.1 to 23.
        #[serde(default)]
        pub freshness_hours: Option<f64>,
    }

    /// One protocol.
    pub struct OneProtocol {
        /// Which.
        pub id: ProtocolId,
    }

    /// A protocol written anew. A draft is replaced; a published one gets a new version, and
    /// follow-ups that run keep theirs.
    pub struct UpdateProtocol {
        /// Which.
        pub id: ProtocolId,
        /// The `updatedAt` the caller has seen; 409 where the protocol changed since.
        #[serde(default)]
        pub unchanged_since: Option<Timestamp>,
        /// What staff call it.
        pub name: String,
        /// What it is for.
        #[serde(default)]
        pub description: Option<String>,
        /// What becomes of a due step while the patient cannot be reached: as before where it
        /// is left out.
        #[serde(default)]
        pub when_unreachable: Option<WhenUnreachable>,
        /// 1 to 50 steps.
        pub steps: Vec<StepInput>,
    }
}

outputs! {
    /// A protocol with the steps of its newest version.
    pub struct Protocol {
        /// Its id, over all versions.
        pub id: ProtocolId,
        /// What staff call it.
        pub name: String,
        /// What it is for.
        pub description: String,
        /// Whether it can be assigned.
        pub status: Status,
        /// The newest version's number, from 1.
        pub version: i64,
        /// Whether the newest version is published.
        pub published: bool,
        /// What becomes of a due step while the patient cannot be reached.
        pub when_unreachable: WhenUnreachable,
        /// Its steps in their order.
        pub steps: Vec<Step>,
        /// Follow-ups of any version that run now.
        pub active_assignments: i64,
        /// Part of the demo clinic.
        pub demo: bool,
        /// When it was made.
        pub created_at: Timestamp,
        /// When it last changed.
        pub updated_at: Timestamp,
    }

    /// A protocol in a list.
    pub struct ProtocolSummary {
        /// Its id.
        pub id: ProtocolId,
        /// What staff call it.
        pub name: String,
        /// What it is for.
        pub description: String,
        /// Whether it can be assigned.
        pub status: Status,
        /// The newest version's number.
        pub version: i64,
        /// Whether the newest version is published.
        pub published: bool,
        /// Steps in the newest version.
        pub step_count: i64,
        /// Follow-ups of any version that run now.
        pub active_assignments: i64,
        /// Part of the demo clinic.
        pub demo: bool,
        /// When it was made.
        pub created_at: Timestamp,
        /// When it last changed.
        pub updated_at: Timestamp,
    }

    /// A step.
    pub struct Step {
        /// Its id.
        pub id: StepId,
        /// Its place, from 1.
        pub step_order: i64,
        /// What staff call it.
        pub name: String,
        /// When it is due.
        pub trigger: Trigger,
        /// What kind of message it sends.
        pub message_type: MessageType,
        /// The content, of the fields that go with the type.
        #[specta(type = specta_typescript::Unknown)]
        pub content: Value,
        /// Whether it asks.
        pub requires_feedback: bool,
        /// What it asks.
        pub feedback: Option<Feedback>,
        /// Which of several due messages goes first.
        pub priority: Priority,
        /// Hours after its due time in which it may still be sent.
        pub freshness_hours: f64,
    }

    /// Whether a protocol can be published.
    pub struct Validation {
        /// Whether it can.
        pub valid: bool,
        /// What stands against it.
        pub errors: Vec<FieldProblem>,
    }
}

const MOST_STEPS: u32 = 50;

/// Protocols from the newest to the oldest.
pub async fn list(core: &Core, _: &Caller, input: PageOf) -> Result<Paged<ProtocolSummary>> {
    let (after, limit) = page(input.limit, input.cursor.as_deref())?;
    let rows = protocols::list(core.store.read(), &after, limit).await?;
    Ok(Paged::of(rows, |p| ProtocolSummary {
        id: p.id,
        name: p.name,
        description: p.description,
        status: p.status,
        version: p.version,
        published: p.published_at.is_some(),
        step_count: p.step_count,
        active_assignments: p.active_assignments,
        demo: p.demo,
        created_at: p.created_at,
        updated_at: p.updated_at,
    }))
}

/// Writes a protocol as a draft.
pub async fn create(core: &Core, who: &Caller, input: CreateProtocol) -> Result<Protocol> {
    let now = core.now();
    let mut tx = core.store.begin().await?;
    let id = write_new(&mut tx, core, &input, false).await?;
    audit(&mut tx, core, who, "protocol.create", Some(id.to_string()), None).await?;
    let protocol = read(&mut tx, id).await?;
    tx.commit().await?;
    tracing::debug!(protocol = %id, %now, "a protocol was written");
    announce(core, &[Topic::Protocols]);
    Ok(protocol)
}

/// Stores a new draft inside the caller's transaction.
pub(super) async fn write_new(
    conn: &mut Conn,
    core: &Core,
    input: &CreateProtocol,
    demo: bool,
) -> Result<ProtocolId> {
    let now = core.now();
    check(&input.name, input.description.as_deref(), &input.steps)?;
    let id = ProtocolId::new(now);
    let description = input.description.as_deref().unwrap_or_default();
    protocols::insert(conn, &Head { id, name: &input.name, description, demo }, now).await?;
    let version = VersionId::new(now);
    let steps = steps_of(core, version, &input.steps);
    let unreachable = input.when_unreachable.unwrap_or_default();
    protocols::insert_version(conn, id, version, 1, unreachable, &steps, now).await?;
    Ok(id)
}

/// One protocol, with the steps of its newest version.
pub async fn get(core: &Core, _: &Caller, input: OneProtocol) -> Result<Protocol> {
    let mut conn = core.store.read().acquire().await?;
    read(&mut conn, input.id).await
}

/// Writes a protocol anew.
pub async fn update(core: &Core, who: &Caller, input: UpdateProtocol) -> Result<Protocol> {
    let now = core.now();
    check(&input.name, input.description.as_deref(), &input.steps)?;
    let mut tx = core.store.begin().await?;
    let p = found(protocols::get(&mut tx, input.id).await?, "protocol", input.id)?;
    if p.status == Status::Archived {
        return Err(Problem::conflict("an archived protocol cannot be changed; copy it instead"));
    }
    unchanged(input.unchanged_since, p.updated_at, "care plan")?;
    // Two changes within a millisecond are two.
    let now = now.max(p.updated_at.plus_millis(1));
    let description = input.description.as_deref().unwrap_or_default();
    protocols::rename(&mut tx, &Head { id: p.id, name: &input.name, description, demo: p.demo }, now).await?;
    let version = VersionId::new(now);
    let number = if p.published_at.is_some() {
        p.version + 1
    } else {
        protocols::delete_draft(&mut tx, p.version_id).await?;
        p.version
    };
    let steps = steps_of(core, version, &input.steps);
    let unreachable = input.when_unreachable.unwrap_or(p.when_unreachable);
    protocols::insert_version(&mut tx, p.id, version, number, unreachable, &steps, now).await?;
    audit(&mut tx, core, who, "protocol.update", Some(p.id.to_string()), None).await?;
    let protocol = read(&mut tx, p.id).await?;
    tx.commit().await?;
    announce(core, &[Topic::Protocols]);
    Ok(protocol)
}

/// Says whether a protocol can be published, and what stands against it.
pub async fn validate(core: &Core, _: &Caller, input: OneProtocol) -> Result<Validation> {
    let mut conn = core.store.read().acquire().await?;
    let p = found(protocols::get(&mut conn, input.id).await?, "protocol", input.id)?;
    let errors = stored_problems(&protocols::steps(&mut conn, p.version_id).await?);
    Ok(Validation { valid: errors.is_empty(), errors })
}

/// Publishes the newest version; from now on it can be assigned and never changes.
pub async fn activate(core: &Core, who: &Caller, input: OneProtocol) -> Result<Protocol> {
    let mut tx = core.store.begin().await?;
    let protocol = publish(&mut tx, core, who, input.id).await?;
    tx.commit().await?;
    announce(core, &[Topic::Protocols]);
    Ok(protocol)
}

/// Publishes inside the caller's transaction.
pub(super) async fn publish(conn: &mut Conn, core: &Core, who: &Caller, id: ProtocolId) -> Result<Protocol> {
    let p = found(protocols::get(conn, id).await?, "protocol", id)?;
    if p.status == Status::Archived {
        return Err(Problem::conflict("an archived protocol cannot be published"));
    }
    let errors = stored_problems(&protocols::steps(conn, p.version_id).await?);
    if !errors.is_empty() {
        return Err(Problem::fields(errors));
    }
    protocols::publish(conn, id, p.version_id, core.now()).await?;
    audit(conn, core, who, "protocol.activate", Some(id.to_string()), None).await?;
    read(conn, id).await
}

/// Takes a protocol out of use; follow-ups that run go on.
pub async fn archive(core: &Core, who: &Caller, input: OneProtocol) -> Result<Protocol> {
    let mut tx = core.store.begin().await?;
    found(protocols::get(&mut tx, input.id).await?, "protocol", input.id)?;
    protocols::set_status(&mut tx, input.id, Status::Archived, core.now()).await?;
    audit(&mut tx, core, who, "protocol.archive", Some(input.id.to_string()), None).await?;
    let protocol = read(&mut tx, input.id).await?;
    tx.commit().await?;
    announce(core, &[Topic::Protocols]);
    Ok(protocol)
}

async fn read(conn: &mut Conn, id: ProtocolId) -> Result<Protocol> {
    let p = found(protocols::get(conn, id).await?, "protocol", id)?;
    let steps = protocols::steps(conn, p.version_id).await?;
    Ok(Protocol {
        id: p.id,
        name: p.name,
        description: p.description,
        status: p.status,
        version: p.version,
        published: p.published_at.is_some(),
        when_unreachable: p.when_unreachable,
        steps: steps.into_iter().map(Step::from).collect(),
        active_assignments: p.active_assignments,
        demo: p.demo,
        created_at: p.created_at,
        updated_at: p.updated_at,
    })
}

impl From<protocols::Step> for Step {
    #[expect(clippy::cast_precision_loss, reason = "at most 23 hours")]
    fn from(s: protocols::Step) -> Self {
        Self {
            id: s.id,
            step_order: s.step_order,
            name: s.name,
            trigger: s.trigger,
            message_type: s.message_type,
            content: s.content,
            requires_feedback: s.requires_feedback,
            feedback: s.feedback,
            priority: s.priority,
            freshness_hours: s.freshness_ms as f64 / 3_600_000.0,
        }
    }
}

fn steps_of(core: &Core, version: VersionId, steps: &[StepInput]) -> Vec<protocols::Step> {
    #[expect(clippy::cast_possible_truncation, reason = "at most 23 hours, checked before")]
    let ms = |hours: f64| (hours * 3_600_000.0) as i64;
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
            requires_feedback: s.requires_feedback,
            feedback: s.feedback.clone(),
            priority: s.priority.unwrap_or_default(),
            freshness_ms: s.freshness_hours.map_or_else(|| core.config.delivery.freshness_ms(), ms),
        })
        .collect()
}

fn check(name: &str, description: Option<&str>, steps: &[StepInput]) -> Result<()> {
    let mut checks = Checks::default();
    checks.line("name", Some(name), 200);
    checks.note("description", description, 2_000);
    if steps.is_empty() {
        checks.add(FieldProblem::new("steps", "needs at least one step"));
    }
    if steps.len() > MOST_STEPS as usize {
        checks.add(FieldProblem::over("steps", MOST_STEPS, "items", steps.len()));
    }
    for (n, step) in steps.iter().enumerate().take(MOST_STEPS as usize) {
        check_step(&mut checks, &format!("steps[{n}]"), step);
    }
    checks.done()
}

fn check_step(checks: &mut Checks, field: &str, step: &StepInput) {
    if let Some(name) = step.name.as_deref().filter(|n| !n.is_empty()) {
        checks.line(&format!("{field}.name"), Some(name), 200);
    }
    if step.freshness_hours.is_some_and(|h| !(0.1..=23.0).contains(&h)) {
        checks.add(FieldProblem::new(format!("{field}.freshnessHours"), "takes 0.1 to 23"));
    }
    let parts = Parts {
        trigger: &step.trigger,
        message_type: step.message_type,
        content: &step.content,
        requires_feedback: step.requires_feedback,
        feedback: step.feedback.as_ref(),
    };
    checks.extend(parts.problems(field));
}

fn stored_problems(steps: &[protocols::Step]) -> Vec<FieldProblem> {
    let of = |(n, s): (usize, &protocols::Step)| {
        let parts = Parts {
            trigger: &s.trigger,
            message_type: s.message_type,
            content: &s.content,
            requires_feedback: s.requires_feedback,
            feedback: s.feedback.as_ref(),
        };
        parts.problems(&format!("steps[{n}]"))
    };
    steps.iter().enumerate().flat_map(of).collect()
}

/// What LINE and the planner have to say about a step.
struct Parts<'a> {
    trigger: &'a Trigger,
    message_type: MessageType,
    content: &'a Value,
    requires_feedback: bool,
    feedback: Option<&'a Feedback>,
}

impl Parts<'_> {
    fn problems(&self, field: &str) -> Vec<FieldProblem> {
        let mut found = Vec::new();
        found.extend(self.trigger.parse(&format!("{field}.trigger")).err());
        let content_field = format!("{field}.content");
        match Content::parse(self.message_type, self.content, &content_field) {
            Ok(content) => found.extend(limits::check(&content, &content_field)),
            Err(problem) => found.push(problem),
        }
        let feedback_field = format!("{field}.feedback");
        match self.feedback {
            Some(feedback) => found.extend(limits::check_feedback(feedback, &feedback_field)),
            None if self.requires_feedback => found.push(FieldProblem::new(
                feedback_field,
                "is missing: a step that asks needs a question and buttons",
            )),
            None => {}
        }
        found
    }
}
