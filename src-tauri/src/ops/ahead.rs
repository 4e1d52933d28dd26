//! The steps ahead of an assignment, and the acts on them: leaving one out, bringing it back,
//! sending it at another time, and moving all of them with the start.

use super::{
    Caller,
    assignments::{Assignment, check_start},
    audit, found,
    messages::{Message, check_at},
    wire::{Checks, inputs, outputs, start_of},
};
use crate::{
    clock::Timestamp,
    core::Core,
    domain::activity::Act,
    error::{Problem, Refusal, Result, Thing},
    fields::DAY_OR_INSTANT,
    ids::{AssignmentId, StepId},
    schedule::{
        ahead::{self, Which},
        upcoming,
    },
    store::{Conn, Tx, assignments, deliveries},
};

/// The latest key of an occurrence: the last minute of the year 9999.
const MAX_OCCURRENCE: i64 = 999_912_312_359;

inputs! {
    /// The next steps of one assignment.
    pub(crate) struct UpcomingSteps {
        /// The id of the assignment, a UUID.
        pub(crate) id: AssignmentId,
        /// A start to try, past or future: an RFC 3339 time, or the first instant of a day in the
        /// clinic's zone.
        #[serde(default)]
        #[garde(pattern(DAY_OR_INSTANT))]
        pub(crate) starts_at: Option<String>,
        /// The number of steps: 1 to 100; 10 where left out.
        #[serde(default)]
        #[garde(range(min = 1, max = 100))]
        pub(crate) limit: Option<u32>,
    }

    /// Names one occurrence of a step ahead.
    pub(crate) struct StepAhead {
        /// The id of the assignment, a UUID.
        pub(crate) id: AssignmentId,
        /// The step's id, from the list of steps ahead.
        pub(crate) step_id: StepId,
        /// The step's occurrence, from the list of steps ahead.
        #[garde(range(min = 0, max = MAX_OCCURRENCE))]
        pub(crate) occurrence: i64,
    }

    /// A new time for one occurrence of a step ahead.
    pub(crate) struct MoveStep {
        /// The id of the assignment, a UUID.
        pub(crate) id: AssignmentId,
        /// The step's id, from the list of steps ahead.
        pub(crate) step_id: StepId,
        /// The step's occurrence, from the list of steps ahead.
        #[garde(range(min = 0, max = MAX_OCCURRENCE))]
        pub(crate) occurrence: i64,
        /// The new time: RFC 3339, at most a year ahead; a past one means now.
        pub(crate) at: Timestamp,
    } also in_time;

    /// A new start for a follow-up that has begun.
    pub(crate) struct MoveStart {
        /// The id of the assignment, a UUID.
        pub(crate) id: AssignmentId,
        /// The instant its days and delays count from: RFC 3339, 366 days back to 366 days ahead.
        pub(crate) starts_at: Timestamp,
    } also has_start;
}

outputs! {
    /// A step of a running assignment that is still to come.
    pub(crate) struct Upcoming {
        /// The step of the assignment's version.
        pub(crate) step_id: StepId,
        /// The step's place in the protocol, from 1.
        pub(crate) step_order: i64,
        /// The step's name, written by staff; may be empty.
        pub(crate) step_name: String,
        /// When it is due by the present plan.
        pub(crate) due_at: Timestamp,
        /// 0 where the step comes once, else the local time as YYYYMMDDHHMM.
        pub(crate) occurrence: i64,
    }

    /// The steps to come, the soonest first.
    pub(crate) struct UpcomingList {
        /// At most as many as were asked for; empty where nothing is ahead.
        pub(crate) items: Vec<Upcoming>,
        /// With `startsAt`: steps that come once and whose time would have passed; they would not
        /// be sent.
        pub(crate) left_out: Vec<Upcoming>,
    }
}

fn in_time(input: &MoveStep, now: Timestamp, checks: &mut Checks) {
    check_at(input.at, "at", now, checks);
}

fn has_start(input: &MoveStart, now: Timestamp, checks: &mut Checks) {
    check_start(input.starts_at, now, checks);
}

/// The number of steps shown by default.
const DEFAULT_UPCOMING: u32 = 10;

pub(crate) async fn upcoming(core: &Core, _: &Caller, input: UpcomingSteps) -> Result<UpcomingList> {
    let limit = input.limit.unwrap_or(DEFAULT_UPCOMING) as usize;
    let (clinic, now) = (core.clinic(), core.now());
    let start = start_of("startsAt", input.starts_at.as_deref(), clinic.time_zone)?;
    let mut conn = core.store.read().acquire().await?;
    let a = found(assignments::get(&mut conn, input.id).await?, Thing::Assignment, input.id)?;
    if let Some(start) = start.filter(|_| !a.status.is_over()) {
        let moved = upcoming::with_start(&mut conn, a, start, &clinic, now, limit).await?;
        let shown = |steps: Vec<upcoming::Upcoming>| steps.into_iter().map(Upcoming::from).collect();
        return Ok(UpcomingList { items: shown(moved.next), left_out: shown(moved.left_out) });
    }
    if !a.status.has_steps_ahead() {
        return Ok(UpcomingList { items: Vec::new(), left_out: Vec::new() });
    }
    let after = a.planned_through.unwrap_or(now);
    let steps = upcoming::steps(&mut conn, std::slice::from_ref(&a), &clinic, None, after, limit).await?;
    Ok(UpcomingList { items: steps.into_iter().map(Upcoming::from).collect(), left_out: Vec::new() })
}

impl From<upcoming::Upcoming> for Upcoming {
    fn from(s: upcoming::Upcoming) -> Self {
        Self {
            step_id: s.step_id,
            step_order: s.step_order,
            step_name: s.step_name,
            due_at: s.due_at,
            occurrence: s.occurrence,
        }
    }
}

pub(crate) async fn skip(core: &Core, who: &Caller, input: StepAhead) -> Result<Assignment> {
    let mut tx = core.store.begin().await?;
    let mut a = under_way(&mut tx, input.id).await?;
    if !ahead::skip(&mut tx, &mut a, input.which(), &core.clinic(), core.now()).await? {
        return Err(not_ahead());
    }
    audit(&mut tx, core, who, Act::AssignmentSkip, Some(input.id.to_string()), None).await?;
    ended(tx, core, input.id).await
}

pub(crate) async fn bring_back(core: &Core, who: &Caller, input: StepAhead) -> Result<Assignment> {
    let mut tx = core.store.begin().await?;
    let mut a = under_way(&mut tx, input.id).await?;
    if !ahead::bring_back(&mut tx, &mut a, input.which(), &core.clinic(), core.now()).await? {
        return Err(Problem::conflict(
            Refusal::NotLeftOut,
            "the step was not left out, or its time has passed",
        ));
    }
    audit(&mut tx, core, who, Act::AssignmentBringBack, Some(input.id.to_string()), None).await?;
    ended(tx, core, input.id).await
}

/// Makes the message of a step ahead now, to go at another time, or at once.
pub(crate) async fn move_step(core: &Core, who: &Caller, input: MoveStep) -> Result<Message> {
    let now = core.now();
    let mut tx = core.store.begin().await?;
    let mut a = under_way(&mut tx, input.id).await?;
    let which = Which { step_id: input.step_id, occurrence: input.occurrence };
    let at = input.at.max(now);
    let made = ahead::make_step(&mut tx, &mut a, which, Some(at), &core.clinic(), now).await?;
    let id = made.ok_or_else(not_ahead)?;
    audit(&mut tx, core, who, Act::AssignmentMoveStep, Some(input.id.to_string()), None).await?;
    let message = found(deliveries::get(&mut tx, id).await?, Thing::Message, id)?;
    ended(tx, core, input.id).await?;
    Ok(Message::of(message, now))
}

/// Makes the message of a step ahead now and holds it back at its time until staff release it.
pub(crate) async fn hold_step(core: &Core, who: &Caller, input: StepAhead) -> Result<Message> {
    let now = core.now();
    let mut tx = core.store.begin().await?;
    let mut a = under_way(&mut tx, input.id).await?;
    let made = ahead::make_step(&mut tx, &mut a, input.which(), None, &core.clinic(), now).await?;
    let id = made.ok_or_else(not_ahead)?;
    deliveries::hold_back(&mut tx, id, now).await?;
    audit(&mut tx, core, who, Act::AssignmentHoldStep, Some(input.id.to_string()), None).await?;
    let message = found(deliveries::get(&mut tx, id).await?, Thing::Message, id)?;
    ended(tx, core, input.id).await?;
    Ok(Message::of(message, now))
}

pub(crate) async fn move_start(core: &Core, who: &Caller, input: MoveStart) -> Result<Assignment> {
    let mut tx = core.store.begin().await?;
    let mut a = under_way(&mut tx, input.id).await?;
    ahead::move_start(&mut tx, &mut a, input.starts_at, &core.clinic(), core.now()).await?;
    audit(&mut tx, core, who, Act::AssignmentMoveStart, Some(input.id.to_string()), None).await?;
    ended(tx, core, input.id).await
}

impl StepAhead {
    const fn which(&self) -> Which {
        Which { step_id: self.step_id, occurrence: self.occurrence }
    }
}

/// Where its status allows the act.
async fn under_way(conn: &mut Conn, id: AssignmentId) -> Result<assignments::Assignment> {
    let a = found(assignments::get(conn, id).await?, Thing::Assignment, id)?;
    if !a.status.has_steps_ahead() {
        return Err(Problem::conflict(
            Refusal::NotInThisStatus,
            format!("nothing is ahead of an assignment that is {}", a.status),
        ));
    }
    Ok(a)
}

fn not_ahead() -> Problem {
    Problem::conflict(
        Refusal::NotAhead,
        "the step is not ahead: it came, was left out, or is no step of this assignment",
    )
}

/// As it is now, after the commit.
async fn ended(mut tx: Tx, core: &Core, id: AssignmentId) -> Result<Assignment> {
    let row = found(assignments::get(&mut tx, id).await?, Thing::Assignment, id)?;
    tx.commit().await?;
    core.tick_bell.notify_one();
    Ok(row.into())
}
