//! Tasks that take longer than a request, with their progress.

use super::{
    Caller, found,
    wire::{inputs, outputs},
};
use crate::{
    core::Core,
    error::{Code, Refusal, Result, Thing},
    ids::TaskId,
    tasks,
};

inputs! {
    pub(crate) struct OneTask {
        /// The id from the answer that began it; forgotten when the program ends.
        pub(crate) id: TaskId,
    }
}

outputs! {
    /// Work that takes longer than a request, with its progress.
    pub(crate) struct Task {
        /// The id to ask for it again.
        pub(crate) id: TaskId,
        /// Whether it still runs, and how it ended.
        pub(crate) state: TaskState,
        /// Rows worked on so far, at most `total`; equal to it once it is done.
        pub(crate) done: u64,
        /// The number of rows to work on.
        pub(crate) total: u64,
        /// Why it failed, in English; null where it did not.
        pub(crate) problem: Option<String>,
        /// The kind of problem, as a stable name; null where it did not fail.
        pub(crate) problem_code: Option<Code>,
        /// Why it failed, as a stable name with its parts; null where it did not.
        pub(crate) refusal: Option<Refusal>,
    }
}

/// Whether long work still runs, and how it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum TaskState {
    /// At work: ask again for its progress.
    Running,
    /// Everything was done and stays.
    Done,
    /// It failed, and nothing of it stayed.
    Failed,
}

impl From<tasks::Task> for Task {
    fn from(t: tasks::Task) -> Self {
        let (state, problem) = match t.ended {
            None => (TaskState::Running, None),
            Some(Ok(())) => (TaskState::Done, None),
            Some(Err(problem)) => (TaskState::Failed, Some(problem)),
        };
        Self {
            id: t.id,
            state,
            done: t.done,
            total: t.total,
            problem_code: problem.as_ref().map(|problem| problem.code),
            refusal: problem.as_ref().and_then(|problem| problem.refusal.clone()),
            problem: problem.map(|problem| problem.detail),
        }
    }
}

/// 404 once it is forgotten.
#[expect(clippy::unused_async, reason = "operations are called alike")]
pub(crate) async fn get(core: &Core, _: &Caller, input: OneTask) -> Result<Task> {
    shown(core, input.id)
}

pub(super) fn shown(core: &Core, id: TaskId) -> Result<Task> {
    Ok(found(core.tasks.get(id), Thing::Task, id)?.into())
}
