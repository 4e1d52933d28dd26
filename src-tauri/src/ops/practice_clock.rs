//! The clock of practice mode, which jumps: to the next message, by an hour or a day, to the end of
//! quiet hours. It stops wherever something is due on the way, so that each message goes out at its
//! time, as if everybody had waited.

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

/// The name of the setting with the clock's lead, in milliseconds.
pub(crate) const AHEAD: &str = "practice.ahead_ms";

/// The most stops of one jump; a longer one ends early, at the next message.
const MAX_STOPS: usize = 500;

/// The longest time of one jump, and of the wait at one stop.
const MAX_JUMP: Duration = Duration::from_secs(15);
const MAX_STOP: Duration = Duration::from_secs(3);

/// The pause between two looks whether everything went out.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

named_enum! {
    /// A jump of the practice clock.
    Jump {
        /// To the time of the next message.
        NextMessage = "nextMessage",
        /// Forward by one hour.
        Hour = "hour",
        /// Forward by 24 hours.
        Day = "day",
        /// To the end of the present quiet hours; refused outside them.
        QuietEnd = "quietEnd",
    }
}

inputs! {
    /// Moves the practice clock.
    pub(crate) struct JumpClock {
        /// The jump to make.
        pub(crate) to: Jump,
    }
}

outputs! {
    /// The practice clock after a jump.
    pub(crate) struct Jumped {
        /// The time it shows now.
        pub(crate) now: Timestamp,
        /// Milliseconds ahead of the real clock.
        pub(crate) ahead_ms: i64,
        /// When the next message is due; null where nothing is planned.
        pub(crate) next_due_at: Option<Timestamp>,
        /// Whether it came all the way: a long jump over very many messages ends early.
        pub(crate) arrived: bool,
    }
}

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

/// The next instant the clock must not jump over: a message, or the end of the time for an answer.
async fn next_stop(core: &Core) -> Result<Option<Timestamp>> {
    let unanswered = deliveries::next_answer_by(core.store.read()).await?;
    Ok(jobs::next_due_at(core).await?.into_iter().chain(unanswered).min())
}

/// Jumps to an instant, stores it, and waits until everything due there has gone out.
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
    // A promoted message, or an answer's effect, may be due at once as well.
    tick::tick(core).await?;
    Ok(())
}
