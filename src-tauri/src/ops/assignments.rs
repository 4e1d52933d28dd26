//! Assignments (staff call them follow-ups) and their lifecycle.

use super::{
    Caller, Paged, audit, found,
    wire::{CURSOR, Checks, MAX_ROWS, inputs, outputs, page},
};
use crate::{
    clock::Timestamp,
    core::Core,
    domain::activity::{Act, Change},
    domain::{
        assignment::{Action, Status},
        calendar::MAX_AHEAD_DAYS,
        patient, protocol,
    },
    error::{Problem, Refusal, Result, Thing},
    fields::LINES,
    ids::{AssignmentId, PatientId, ProtocolId},
    queue::in_progress::Scope,
    schedule::lifecycle::{self, Changed},
    store::{
        Conn,
        assignments::{self, Filter, StatusCount},
        patients, protocols,
    },
};

inputs! {
    /// A filter of assignments; all fields left out, everything is listed.
    pub(crate) struct ListAssignments {
        /// Only those of this patient.
        #[serde(default)]
        pub(crate) patient_id: Option<PatientId>,
        /// Only those of this protocol, in any version.
        #[serde(default)]
        pub(crate) protocol_id: Option<ProtocolId>,
        /// Only those of this status.
        #[serde(default)]
        pub(crate) status: Option<Status>,
        /// Only those of patients found by this text, as in `GET /api/patients`; up to 100
        /// characters.
        #[serde(default)]
        #[garde(length(chars, max = 100), pattern(LINES))]
        pub(crate) search: Option<String>,
        /// Rows of a page: 1 to 200; 50 where left out.
        #[serde(default)]
        #[garde(range(min = 1, max = MAX_ROWS))]
        pub(crate) limit: Option<u32>,
        /// The `nextCursor` of the page before; left out for the first page.
        #[serde(default)]
        #[schemars(regex(pattern = CURSOR))]
        pub(crate) cursor: Option<String>,
    }

    /// A filter of counted assignments; all fields left out, everything is counted.
    pub(crate) struct CountAssignments {
        /// Only those of this patient.
        #[serde(default)]
        pub(crate) patient_id: Option<PatientId>,
        /// Only those of this protocol, in any version.
        #[serde(default)]
        pub(crate) protocol_id: Option<ProtocolId>,
        /// Only those of patients found by this text, as in `GET /api/patients`; up to 100
        /// characters.
        #[serde(default)]
        #[garde(length(chars, max = 100), pattern(LINES))]
        pub(crate) search: Option<String>,
    }

    /// A protocol for a patient; nothing is sent before it is started.
    pub(crate) struct CreateAssignment {
        /// The patient who will get its messages.
        pub(crate) patient_id: PatientId,
        /// The protocol, in its newest published version.
        pub(crate) protocol_id: ProtocolId,
    }

    pub(crate) struct OneAssignment {
        /// The id of the assignment, a UUID.
        pub(crate) id: AssignmentId,
    }

    /// Starts an assignment, now or at another time.
    pub(crate) struct StartAssignment {
        /// The id of the assignment, a UUID.
        pub(crate) id: AssignmentId,
        /// The instant its days and delays count from: RFC 3339, 366 days back to 366 days ahead;
        /// now where left out. Steps whose time has passed by then are not sent.
        #[serde(default)]
        pub(crate) starts_at: Option<Timestamp>,
    } also has_start;
}

outputs! {
    /// One patient's way through one version of a protocol.
    pub(crate) struct Assignment {
        /// A UUID that never changes.
        pub(crate) id: AssignmentId,
        /// The patient who gets its messages.
        pub(crate) patient_id: PatientId,
        /// The patient's name as written, 1 to 200 characters.
        pub(crate) patient_name: String,
        /// The protocol, over all its versions.
        pub(crate) protocol_id: ProtocolId,
        /// The protocol's name, written by staff, 1 to 200 characters.
        pub(crate) protocol_name: String,
        /// The version it was made from, 1 or more; a later one does not change it.
        pub(crate) protocol_version: i64,
        /// Changed by staff, and by the program to `completed` when nothing is ahead.
        pub(crate) status: Status,
        /// The actions staff may take now.
        pub(crate) actions: Vec<Action>,
        /// Whether its start may be moved, with everything ahead of it.
        pub(crate) can_move_start: bool,
        /// The start that its days and delays count from; null before.
        pub(crate) started_at: Option<Timestamp>,
        /// When it was completed or cancelled; null before.
        pub(crate) ended_at: Option<Timestamp>,
        /// The order of the latest step that came due; 0 before the first.
        pub(crate) current_step: i64,
        /// How many steps its version has.
        pub(crate) step_count: i64,
        /// When the next step is due; null when nothing is ahead or it is paused.
        pub(crate) next_due_at: Option<Timestamp>,
        /// Messages that are due and not sent yet. While it is paused they are held; when it
        /// resumes they go if they are still fresh.
        pub(crate) waiting_messages: i64,
        /// When it was made; it never changes.
        pub(crate) created_at: Timestamp,
        /// When it last changed, by staff or as its steps came due.
        pub(crate) updated_at: Timestamp,
    }

    /// The number of assignments in each status.
    #[derive(Default)]
    pub(crate) struct AssignmentCounts {
        /// Assignments that were made and not started.
        pub(crate) assigned: i64,
        /// Assignments whose steps are planned and sent.
        pub(crate) active: i64,
        /// Assignments that staff paused: nothing of them is planned or sent.
        pub(crate) paused: i64,
        /// Assignments whose messages all came, or that staff closed.
        pub(crate) completed: i64,
        /// Assignments that staff stopped.
        pub(crate) cancelled: i64,
    }
}

fn has_start(input: &StartAssignment, now: Timestamp, checks: &mut Checks) {
    if let Some(at) = input.starts_at {
        check_start(at, now, checks);
    }
}

/// Near enough to now to be meant.
pub(super) fn check_start(at: Timestamp, now: Timestamp, checks: &mut Checks) {
    checks.near(at, "startsAt", now, MAX_AHEAD_DAYS * 24);
}

impl From<assignments::Assignment> for Assignment {
    fn from(a: assignments::Assignment) -> Self {
        Self {
            id: a.id,
            patient_id: a.patient_id,
            patient_name: a.patient_name,
            protocol_id: a.protocol_id,
            protocol_name: a.protocol_name,
            protocol_version: a.version,
            status: a.status,
            actions: a.status.actions(),
            can_move_start: a.status.has_steps_ahead(),
            started_at: a.started_at,
            ended_at: a.ended_at,
            current_step: a.current_step,
            step_count: a.step_count,
            next_due_at: a.next_due_at,
            waiting_messages: a.waiting_messages,
            created_at: a.created_at,
            updated_at: a.updated_at,
        }
    }
}

pub(crate) async fn list(core: &Core, _: &Caller, input: ListAssignments) -> Result<Paged<Assignment>> {
    let (after, limit) = page(input.limit, input.cursor.as_deref())?;
    let ListAssignments { patient_id, protocol_id, status, search, .. } = input;
    let filter = Filter { patient_id, protocol_id, status, search };
    let rows = assignments::list(core.store.read(), &filter, &after, limit).await?;
    Ok(Paged::of(rows, Assignment::from))
}

pub(crate) async fn count(core: &Core, _: &Caller, input: CountAssignments) -> Result<AssignmentCounts> {
    let CountAssignments { patient_id, protocol_id, search } = input;
    let filter = Filter { patient_id, protocol_id, status: None, search };
    let mut counts = AssignmentCounts::default();
    for StatusCount { status, count } in assignments::count_by_status(core.store.read(), &filter).await? {
        match status {
            Status::Assigned => counts.assigned = count,
            Status::Active => counts.active = count,
            Status::Paused => counts.paused = count,
            Status::Completed => counts.completed = count,
            Status::Cancelled => counts.cancelled = count,
        }
    }
    Ok(counts)
}

/// Assigns a protocol to a patient; nothing is planned until it is started.
pub(crate) async fn create(core: &Core, who: &Caller, input: CreateAssignment) -> Result<Assignment> {
    let mut tx = core.store.begin().await?;
    let id = write_new(&mut tx, core, &input).await?;
    audit(&mut tx, core, who, Act::AssignmentCreate, Some(id.to_string()), None).await?;
    let row = found(assignments::get(&mut tx, id).await?, Thing::Assignment, id)?;
    tx.commit().await?;
    Ok(row.into())
}

/// Inside the caller's transaction.
pub(super) async fn write_new(
    conn: &mut Conn,
    core: &Core,
    input: &CreateAssignment,
) -> Result<AssignmentId> {
    let patient = found(patients::get(conn, input.patient_id).await?, Thing::Patient, input.patient_id)?;
    let protocol = found(protocols::get(conn, input.protocol_id).await?, Thing::Protocol, input.protocol_id)?;
    if patient.status != patient::Status::Active {
        return Err(Problem::conflict(Refusal::PatientArchived, "the patient is archived"));
    }
    let version = protocols::published_version(conn, input.protocol_id).await?;
    let Some(version_id) = version.filter(|_| protocol.status.allows(protocol::Action::Assign)) else {
        return Err(Problem::conflict(
            Refusal::ProtocolNotActive,
            "the protocol is not active; activate it first",
        ));
    };
    let new = assignments::New {
        id: AssignmentId::new(core.now()),
        patient_id: input.patient_id,
        protocol_id: input.protocol_id,
        version_id,
    };
    assignments::insert(conn, &new, core.now()).await?;
    Ok(new.id)
}

pub(crate) async fn get(core: &Core, _: &Caller, input: OneAssignment) -> Result<Assignment> {
    let mut conn = core.store.read().acquire().await?;
    Ok(found(assignments::get(&mut conn, input.id).await?, Thing::Assignment, input.id)?.into())
}

/// Starts an assignment, now or at the given instant; its delays count from there.
pub(crate) async fn start(core: &Core, who: &Caller, input: StartAssignment) -> Result<Assignment> {
    act(core, who, input.id, Action::Start, input.starts_at).await
}

/// Freezes an assignment: nothing is planned, and waiting messages are held until it resumes.
pub(crate) async fn pause(core: &Core, who: &Caller, input: OneAssignment) -> Result<Assignment> {
    act(core, who, input.id, Action::Pause, None).await
}

/// Resumes an assignment: held messages go while they are fresh, delays move by the paused time,
/// missed times of day are skipped.
pub(crate) async fn resume(core: &Core, who: &Caller, input: OneAssignment) -> Result<Assignment> {
    act(core, who, input.id, Action::Resume, None).await
}

pub(crate) async fn complete(core: &Core, who: &Caller, input: OneAssignment) -> Result<Assignment> {
    act(core, who, input.id, Action::Complete, None).await
}

pub(crate) async fn cancel(core: &Core, who: &Caller, input: OneAssignment) -> Result<Assignment> {
    act(core, who, input.id, Action::Cancel, None).await
}

async fn act(
    core: &Core,
    who: &Caller,
    id: AssignmentId,
    action: Action,
    starts_at: Option<Timestamp>,
) -> Result<Assignment> {
    let mut tx = core.store.begin().await?;
    // Nothing of it begins until the commit.
    let on_its_way = core.in_progress.act(Scope::Assignment(id));
    let row = act_in(&mut tx, core, who, id, action, starts_at).await?;
    tx.commit().await?;
    drop(on_its_way);
    core.tick_bell.notify_one();
    Ok(row.into())
}

/// Takes a step of the lifecycle inside the caller's transaction; `starts_at` is the start, now
/// where it is `None`.
pub(super) async fn act_in(
    conn: &mut Conn,
    core: &Core,
    who: &Caller,
    id: AssignmentId,
    action: Action,
    starts_at: Option<Timestamp>,
) -> Result<assignments::Assignment> {
    let mut a = found(assignments::get(conn, id).await?, Thing::Assignment, id)?;
    a.started_at = a.started_at.or(starts_at);
    let before = a.status;
    let sending = core.in_progress.sending(Scope::Assignment(id));
    let done = lifecycle::apply(conn, &mut a, action, &sending, &core.clinic(), core.now()).await?;
    let waiting = match done {
        Changed::Done(waiting) => waiting,
        Changed::NotNow => {
            return Err(Problem::conflict(
                Refusal::NotInThisStatus,
                format!("cannot {action} an assignment that is {before}"),
            ));
        }
    };
    let lifecycle::Waiting { cancelled, held } = waiting;
    let (held, cancelled) = (held as u64, cancelled as u64);
    let change = Change::Status { from: before, to: a.status, held, cancelled };
    audit(conn, core, who, Act::on_assignment(action), Some(id.to_string()), Some(change)).await?;
    found(assignments::get(conn, id).await?, Thing::Assignment, id)
}
