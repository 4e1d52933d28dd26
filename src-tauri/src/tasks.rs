//! Long work with its progress, for whoever waits for it. It lives as long as the process: its
//! result is in the database, or there is none. Also the supervision of tasks that run for ever,
//! and the task that answers many at once.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{clock::Timestamp, error::Problem, ids::TaskId};

mod batcher;
mod supervise;

pub(crate) use batcher::{Batcher, NoAnswer};
pub(crate) use supervise::{Supervisor, TaskHealth};

const MAX_KEPT: usize = 100;

/// Work that takes longer than a request; `done` and `total` are rows.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) id: TaskId,
    pub(crate) done: u64,
    pub(crate) total: u64,
    /// `None` while it runs.
    pub(crate) ended: Option<Result<(), Problem>>,
}

#[derive(Debug, Default)]
pub(crate) struct Tasks(Mutex<BTreeMap<TaskId, Task>>);

impl Tasks {
    fn all(&self) -> MutexGuard<'_, BTreeMap<TaskId, Task>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a task; `total` is the number of rows to work on.
    pub(crate) fn begin(&self, total: u64, now: Timestamp) -> TaskId {
        let id = TaskId::new(now);
        let mut all = self.all();
        while all.len() >= MAX_KEPT {
            let oldest = all.iter().find(|(_, t)| t.ended.is_some()).map(|(id, _)| *id);
            match oldest {
                Some(oldest) => _ = all.remove(&oldest),
                None => break,
            }
        }
        all.insert(id, Task { id, done: 0, total, ended: None });
        id
    }

    pub(crate) fn progress(&self, id: TaskId, done: u64) {
        if let Some(task) = self.all().get_mut(&id) {
            task.done = done;
        }
    }

    pub(crate) fn end(&self, id: TaskId, how: Result<(), Problem>) {
        if let Some(task) = self.all().get_mut(&id) {
            if how.is_ok() {
                task.done = task.total;
            }
            task.ended = Some(how);
        }
    }

    pub(crate) fn get(&self, id: TaskId) -> Option<Task> {
        self.all().get(&id).cloned()
    }
}
