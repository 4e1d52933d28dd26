//! The clock of practice mode, which jumps: to the next message, by an hour or a day, to the end of
//! quiet hours. On the way it stops wherever something is due, so that each message goes out at its
//! time, as it would have if everybody had waited.

use std::time::Duration;

use super::{
    Caller, announce, jobs,
    wire::{inputs, outputs},
};
use crate::{
    clock::{DAY_MS, HOUR_MS, PracticeClock, Timestamp},
    core::{Core, Topic},
    domain::named_enum,
    error::{Problem, Refusal, Result},
    queue::{self, Name},
    schedule::tick,
    store::{deliveries, settings},
};

/// The name of the setting: how many milliseconds the clock is ahead.
pub(crate) const AHEAD: &str = "practice.ahead_ms";

/// Stops on the way of one jump; one that would need more ends early, where the next message is.
const MAX_STOPS: usize = 500;

/// How long one jump may take altogether, and how long it waits at one stop for what goes out.
const MAX_JUMP: Duration = Duration::from_secs(15);
const MAX_STOP: Duration = Duration::from_secs(3);

/// The pause between two looks whether all went out.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

named_enum! {
    /// How far the clock of practice jumps.
    Jump {
        /// To when the next message is due.
        NextMessage = "nextMessage",
        /// By one hour.
        Hour = "hour",
        /// By 24 hours.
        Day = "day",
        /// To the end of the quiet hours that are now; refused outside them.
        QuietEnd = "quietEnd",
    }
}

inputs! {
    /// How far the clock of practice jumps.
    pub(crate) struct JumpClock {
        /// How far it jumps.
        pub(crate) to: Jump,
    }
}

outputs! {
    /// Where the clock of practice stands.
    pub(crate) struct Jumped {
        /// The time the clock of practice shows now.
        pub(crate) now: Timestamp,
        /// How many milliseconds it is ahead of the real one.
        pub(crate) ahead_ms: i64,
        /// When the next message is due; null where nothing is planned.
        pub(crate) next_due_at: Option<Timestamp>,
        /// Whether it came as far as it was told: a long jump over very many messages ends early.
        pub(crate) arrived: bool,
    }
}

/// Lets the clock of practice jump.
pub(crate) async fn jump(core: &Core, _: &Caller, input: JumpClock) -> Result<Jumped> {
    let Some(clock) = &core.practice_clock else {
        return Err(Problem::conflict(Refusal::NoPhones, "the clock jumps in practice mode alone"));
    };
    let target = target(core, input.to).await?;
    let began = tokio::time::Instant::now();
    let mut arrived = false;
    for _ in 0..MAX_STOPS {
        let stop = next_stop(core).await?.map_or(target, |due| due.min(target));
        stand_at(core, clock, stop.max(core.now())).await?;
        arrived = core.now() >= target;
        if arrived || began.elapsed() > MAX_JUMP {
            break;
        }
    }
    announce(core, &[Topic::Messages, Topic::Assignments, Topic::Worklist, Topic::Phones, Topic::Status]);
    let next_due_at = jobs::next_due_at(core).await?;
    Ok(Jumped { now: core.now(), ahead_ms: clock.ahead_ms(), next_due_at, arrived })
}

async fn target(core: &Core, to: Jump) -> Result<Timestamp> {
    let now = core.now();
    match to {
        Jump::Hour => Ok(now.plus_millis(HOUR_MS)),
        Jump::Day => Ok(now.plus_millis(DAY_MS)),
        Jump::NextMessage => jobs::next_due_at(core)
            .await?
            .ok_or_else(|| Problem::conflict(Refusal::NothingPlanned, "no message is planned")),
        Jump::QuietEnd => {
            let clinic = core.clinic();
            let end = clinic.quiet_until(now, clinic.time_zone);
            end.ok_or_else(|| Problem::conflict(Refusal::NotQuiet, "quiet hours are not now"))
        }
    }
}

/// When something happens next that the clock is not to jump over: a message, or the end of the
/// time for an answer.
async fn next_stop(core: &Core) -> Result<Option<Timestamp>> {
    let unanswered = deliveries::next_answer_by(core.store.read()).await?;
    Ok(jobs::next_due_at(core).await?.into_iter().chain(unanswered).min())
}

/// Jumps to an instant, keeps it, and waits until what is due there has gone out.
async fn stand_at(core: &Core, clock: &PracticeClock, at: Timestamp) -> Result<()> {
    let ahead = clock.jump_to(at);
    let mut tx = core.store.begin().await?;
    settings::set(&mut tx, AHEAD, &ahead, core.now()).await?;
    tx.commit().await?;
    tick::tick(core).await?;
    let began = tokio::time::Instant::now();
    while began.elapsed() < MAX_STOP {
        let counts = queue::counts(&core.store, &core.queues).await?;
        if counts.iter().all(|c| c.waiting == 0 && c.active == 0) {
            break;
        }
        for name in Name::ALL {
            core.queues.wake(name);
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    // What was promoted, or answered, may be due at once as well.
    tick::tick(core).await?;
    Ok(())
}
