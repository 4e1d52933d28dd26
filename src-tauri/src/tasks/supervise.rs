//! Tasks that run as long as the program: one that ends or panics is restarted, counted, logged
//! once, and shown in health and metrics.

use std::{
    collections::{BTreeMap, VecDeque},
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use futures::FutureExt as _;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::error::Trouble;

/// The least pause from the end of a task to its next start; it grows with each end.
const MIN_BACKOFF: Duration = Duration::from_millis(200);
const MAX_BACKOFF: Duration = Duration::from_secs(10);

/// How long a task must run to count as healthy: its next end then begins with the shortest pause.
const HEALTHY_AFTER: Duration = Duration::from_secs(60);

/// The ends within [`HEALTHY_AFTER`] after which a vital task cannot be kept running.
const MAX_ENDS: usize = 5;

/// The end of a task. `Ok` is right only when the program ends.
pub(super) type Ended = Result<(), Box<dyn std::error::Error + Send + Sync>>;

#[derive(Clone, Debug, Default)]
pub struct TaskHealth {
    pub is_up: bool,
    pub restarts: u64,
    /// What keeps it from its work while it runs; `None` where nothing does.
    pub trouble: Option<Trouble>,
}

#[derive(Clone, Debug, Default)]
pub struct Supervisor {
    tasks: Arc<Mutex<BTreeMap<&'static str, TaskHealth>>>,
    stop: CancellationToken,
}

impl Supervisor {
    fn tasks(&self) -> MutexGuard<'_, BTreeMap<&'static str, TaskHealth>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Cancelled when the program ends; tasks then end for good.
    pub(crate) const fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    pub fn all(&self) -> Vec<(&'static str, TaskHealth)> {
        self.tasks().iter().map(|(name, health)| (*name, health.clone())).collect()
    }

    /// `None` where it was never started.
    pub fn health_of(&self, name: &str) -> Option<TaskHealth> {
        self.tasks().get(name).cloned()
    }

    /// Notes what keeps a task from its work; `None` once nothing does.
    pub fn set_trouble(&self, name: &'static str, trouble: Option<Trouble>) {
        self.tasks().entry(name).or_default().trouble = trouble;
    }

    /// Runs a task until the program ends. `run` begins it, the first time and again.
    pub fn spawn<F, R>(&self, name: &'static str, run: F) -> JoinHandle<()>
    where
        F: FnMut() -> R + Send + 'static,
        R: Future<Output = Ended> + Send + 'static,
    {
        tokio::spawn(self.clone().keep_running(name, run, None::<fn()>))
    }

    /// Runs a vital task, without which the program must not go on: it is restarted even while the
    /// program ends, until it ends well; when it ends too often, `give_up` is called.
    pub(crate) fn spawn_vital<F, R>(
        &self,
        name: &'static str,
        run: F,
        give_up: impl FnOnce() + Send + 'static,
    ) -> JoinHandle<()>
    where
        F: FnMut() -> R + Send + 'static,
        R: Future<Output = Ended> + Send + 'static,
    {
        tokio::spawn(self.clone().keep_running(name, run, Some(give_up)))
    }

    /// Runs a task again and again; a vital one comes with what to do when it cannot be kept
    /// running.
    async fn keep_running<F, R>(
        self,
        name: &'static str,
        mut run: F,
        mut give_up: Option<impl FnOnce() + Send>,
    ) where
        F: FnMut() -> R + Send,
        R: Future<Output = Ended> + Send + 'static,
    {
        let is_vital = give_up.is_some();
        let mut ends = Ends::default();
        loop {
            let began = Instant::now();
            let why = self.once(name, &mut run).await;
            if self.stop.is_cancelled() && !(is_vital && why.is_some()) {
                return;
            }
            self.note_end(name, why.as_deref());
            if let Some(give_up) = give_up.take_if(|_| ends.too_many_at(Instant::now())) {
                return give_up();
            }
            tokio::select! {
                () = tokio::time::sleep(ends.wait_after(began.elapsed())) => {}
                () = self.stop.cancelled(), if !is_vital => return,
            }
        }
    }

    /// Runs a task once. Returns why it ended; `None` when it ended by itself.
    async fn once<R>(&self, name: &'static str, run: &mut (impl FnMut() -> R + Send)) -> Option<String>
    where
        R: Future<Output = Ended> + Send + 'static,
    {
        self.tasks().entry(name).or_default().is_up = true;
        let ended = AssertUnwindSafe(async { run().await }).catch_unwind().await;
        let mut tasks = self.tasks();
        let health = tasks.entry(name).or_default();
        (health.is_up, health.trouble) = (false, None);
        match ended {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some("a panic".to_owned()),
        }
    }

    fn note_end(&self, name: &'static str, why: Option<&str>) {
        let why = why.unwrap_or("it ended by itself");
        let restarts = {
            let mut tasks = self.tasks();
            let health = tasks.entry(name).or_default();
            health.restarts += 1;
            health.restarts
        };
        tracing::error!(task = name, why, restarts, "a task ended; it is started again");
    }
}

#[derive(Debug, Default)]
struct Ends {
    waits: u32,
    times: VecDeque<Instant>,
}

impl Ends {
    /// The pause after the task ran for `ran`: 200 ms, 400 ms, … 10 s.
    fn wait_after(&mut self, ran: Duration) -> Duration {
        if ran >= HEALTHY_AFTER {
            self.waits = 0;
        }
        let wait = MIN_BACKOFF.saturating_mul(1 << self.waits.min(10)).min(MAX_BACKOFF);
        self.waits += 1;
        wait
    }

    /// Notes an end. Returns whether there were too many within a minute.
    fn too_many_at(&mut self, now: Instant) -> bool {
        self.times.push_back(now);
        while self.times.len() > MAX_ENDS {
            self.times.pop_front();
        }
        let oldest = self.times.front().map(|at| now.duration_since(*at));
        self.times.len() == MAX_ENDS && oldest.is_some_and(|age| age <= HEALTHY_AFTER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_ten_seconds_and_begin_anew_after_a_healthy_minute() {
        let mut ends = Ends::default();
        let waits: Vec<_> = (0..8).map(|_| ends.wait_after(Duration::ZERO).as_millis()).collect();
        assert_eq!(waits, [200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
        assert_eq!(ends.wait_after(HEALTHY_AFTER).as_millis(), 200);
    }

    #[test]
    fn five_ends_within_a_minute_are_too_many_and_five_in_two_are_not() {
        let start = Instant::now();
        let ends_every = |seconds: u64| {
            let mut ends = Ends::default();
            (0..10).any(|n| ends.too_many_at(start + Duration::from_secs(n * seconds)))
        };
        assert!(ends_every(15));
        assert!(!ends_every(30));
    }

    #[tokio::test]
    async fn a_task_that_panics_and_one_that_ends_are_started_again_and_counted() {
        let supervisor = Supervisor::default();
        let (began, mut begins) = tokio::sync::mpsc::unbounded_channel();
        let (stop, mut count) = (supervisor.stop().clone(), 0);
        let task = supervisor.spawn("probe", move || {
            count += 1;
            let (began, stop, count) = (began.clone(), stop.clone(), count);
            async move {
                assert!(count != 1, "a fault on purpose");
                if count == 3 {
                    let _ = began.send(());
                    stop.cancelled().await;
                }
                Ok(())
            }
        });
        begins.recv().await.expect("it runs");
        let health = supervisor.health_of("probe").expect("it is known");
        assert_eq!((health.is_up, health.restarts), (true, 2));
        supervisor.stop().cancel();
        task.await.expect("it ends with the program");
        assert!(!supervisor.health_of("probe").expect("known").is_up);
    }

    #[tokio::test]
    async fn a_vital_task_that_cannot_be_kept_running_is_given_up() {
        let supervisor = Supervisor::default();
        let (given_up, up) = tokio::sync::oneshot::channel();
        supervisor.spawn_vital("recorder", || async { Err("no".into()) }, move || _ = given_up.send(()));
        up.await.expect("it is given up");
        assert_eq!(supervisor.health_of("recorder").expect("known").restarts, 5);
    }
}
