//! The tasks that run as long as the program: recorder, workers, tick, inbox, probe.

use std::sync::Arc;

use chrono_tz::Tz;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{EXIT_NO_RECORDER, StartError};
use crate::{
    core::{Core, Topic},
    delivery::{
        Deliverer,
        in_flight::InFlightLog,
        probe,
        recorder::{self, Committed, Recorder, Zone},
    },
    domain::delivery::State,
    inbox,
    queue::{self, Handler, Name},
    schedule::{promote::Promoter, recount, recover, recurring, tick, write_watch},
};

/// The tasks that were started; the recorder ends last, after the last send.
pub(super) struct Begun {
    pub(super) tasks: Vec<JoinHandle<()>>,
    pub(super) recorder: JoinHandle<()>,
}

/// Heals what the last run left and starts recorder, workers and tick.
pub(super) async fn begin(core: &Arc<Core>, ticking: bool) -> Result<Begun, StartError> {
    let dir = &core.config.data_dir;
    let (in_flight, crashed) = InFlightLog::open(dir).map_err(|e| StartError::Folder(dir.clone(), e))?;
    recurring::ensure(core).await?;
    recover::run(core, &crashed).await?;
    let parts = recorder::Parts {
        store: core.store.clone(),
        clock: Arc::clone(&core.clock),
        retention: core.config.retention.clone(),
        max_at_once: core.config.delivery.record_batch,
        zone: zone_of(core),
        channel: core.shared_channel(),
        committed: after_commit(core),
        queues: core.queues.clone(),
        in_progress: core.in_progress.clone(),
        supervisor: core.supervisor.clone(),
    };
    let (recorder, recording) = Recorder::start(parts, end_without_recorder(core));
    let deliverer = Deliverer::start(Arc::clone(core), recorder, in_flight).await?;
    let deliver: Handler = Arc::new(move |id| {
        let deliverer = Arc::clone(&deliverer);
        Box::pin(deliverer.deliver(id))
    });
    let promoter = Promoter::start(core);
    let promote: Handler = Arc::new(move |id| {
        let promoter = promoter.clone();
        Box::pin(async move { Ok(promoter.promote(id).await?) })
    });
    let slots = &core.config.delivery;
    let mut tasks = Vec::new();
    for (name, slots, handler) in [
        (Name::MessageDelivery, slots.workers, deliver),
        (Name::ScheduledMessages, slots.scheduled_workers, promote),
    ] {
        tasks.extend(work_on(core, name, slots, &handler));
    }
    if ticking {
        probe::ask_at_start(core);
        tasks.push(keep_running(core, "tick", tick::run));
        tasks.push(keep_running(core, "inbox", inbox::run));
        tasks.push(keep_running(core, "probe", inbox::probe::run));
        tasks.push(keep_running(core, "media", inbox::media::run));
        tasks.push(keep_running(core, "menu", inbox::menu::run));
        tasks.push(keep_running(core, "recount", recount::run));
        tasks.push(keep_running(core, write_watch::TASK, write_watch::run));
    }
    Ok(Begun { tasks, recorder: recording })
}

/// Keeps a queue's worker running, and beside it the task that gives back jobs it could not do.
fn work_on(core: &Arc<Core>, name: Name, slots: usize, handler: &Handler) -> [JoinHandle<()>; 2] {
    let (working, returning) = (Arc::clone(core), Arc::clone(core));
    let handler = Arc::clone(handler);
    let work = core.supervisor.spawn(name.as_str(), move || {
        let (core, handler) = (Arc::clone(&working), Arc::clone(&handler));
        async move {
            let stop = core.supervisor.stop().clone();
            queue::run(&core.store, &core.clock, &core.queues, name, slots, handler, stop).await
        }
    });
    let returns = match name {
        Name::MessageDelivery => "message-delivery-returns",
        Name::ScheduledMessages => "scheduled-messages-returns",
    };
    let give_back = core.supervisor.spawn(returns, move || {
        let core = Arc::clone(&returning);
        async move {
            let stop = core.supervisor.stop().clone();
            queue::give_back_unfinished(&core.store, &core.queues, name, stop).await;
            Ok(())
        }
    });
    [work, give_back]
}

fn keep_running<R>(
    core: &Arc<Core>,
    name: &'static str,
    run: impl Fn(Arc<Core>, CancellationToken) -> R + Send + Sync + 'static,
) -> JoinHandle<()>
where
    R: Future<Output = ()> + Send + 'static,
{
    let task = Arc::clone(core);
    core.supervisor.spawn(name, move || {
        let running = run(Arc::clone(&task), task.supervisor.stop().clone());
        async move {
            fail::fail_point!(name);
            running.await;
            Ok(())
        }
    })
}

/// Ends the program when the recorder cannot be kept running: nothing may be sent that cannot be
/// recorded. The next start sends what was not recorded once more under the same key, and LINE says
/// that it has it. A practice clinic beside the real one ends alone.
fn end_without_recorder(core: &Core) -> impl FnOnce() + Send + use<> {
    let alone = core.home.is_some().then(|| core.supervisor.stop().clone());
    move || {
        tracing::error!("the recorder cannot be kept running; the program ends, nothing is sent unrecorded");
        match alone {
            Some(stop) => stop.cancel(),
            None => std::process::exit(EXIT_NO_RECORDER),
        }
    }
}

fn zone_of(core: &Arc<Core>) -> Zone {
    let core = Arc::downgrade(core);
    Arc::new(move || core.upgrade().map_or(Tz::UTC, |core| core.clinic().time_zone))
}

/// Runs after each commit of the recorder: counts, announces changes, and rings the tick where
/// something is to be tried again.
fn after_commit(core: &Arc<Core>) -> Committed {
    let core = Arc::downgrade(core);
    Arc::new(move |reports| {
        let Some(core) = core.upgrade() else { return };
        let (mut waits, mut held) = (false, false);
        for report in reports {
            let outcome = &report.outcome;
            core.metrics.recorded(outcome.state.as_str());
            if let Some(at) = outcome.accepted_at {
                core.metrics.accepted_after(at - report.due_at.as_millis());
            }
            waits |= outcome.next_attempt_at.is_some();
            held |= outcome.state == State::Held && outcome.next_attempt_at.is_none();
        }
        if held {
            core.held_lately().note();
        }
        if waits || held {
            core.tick_bell.notify_one();
        }
        if core.sandbox.is_some() {
            core.announce(Topic::Phones);
        }
    })
}
