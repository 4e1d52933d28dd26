//! The workers of the queues, and their present work.

use std::collections::HashMap;

use super::{
    Caller,
    wire::{Nothing, outputs},
};
use crate::{
    core::Core,
    error::Result,
    ids::{DeliveryId, PatientId},
    queue::{self, Name},
    store::deliveries::{self, Addressed},
};

/// The most messages shown for each worker.
const MAX_SHOWN: usize = 50;

outputs! {
    /// The workers of both queues.
    pub(crate) struct Workers {
        /// One for each queue: due messages, then scheduled ones.
        pub(crate) items: Vec<Worker>,
    }

    /// The worker of one queue.
    pub(crate) struct Worker {
        /// The queue whose jobs it runs.
        pub(crate) queue: QueueName,
        /// A new one after each start; null while there is none.
        pub(crate) name: Option<String>,
        /// The number of jobs it runs at once; 0 while there is none.
        pub(crate) slots: u64,
        /// Jobs that run at this moment.
        pub(crate) active: u64,
        /// Jobs it has claimed and not begun.
        pub(crate) claimed: u64,
        /// Its present work, the longest first; at most 50.
        pub(crate) working_on: Vec<Work>,
    }

    /// A message that is being worked on.
    pub(crate) struct Work {
        /// The id of the message, a UUID.
        pub(crate) message_id: DeliveryId,
        /// The patient who gets it.
        pub(crate) patient_id: PatientId,
        /// The patient's name as written, 1 to 200 characters.
        pub(crate) patient_name: String,
        /// Milliseconds since the work began.
        pub(crate) running_ms: u64,
    }
}

/// A queue, as `/api/jobs/stats` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum QueueName {
    /// Jobs of messages that are due.
    MessageDelivery,
    /// Scheduled and recurring messages whose time has come.
    ScheduledMessages,
}

impl From<Name> for QueueName {
    fn from(name: Name) -> Self {
        match name {
            Name::MessageDelivery => Self::MessageDelivery,
            Name::ScheduledMessages => Self::ScheduledMessages,
        }
    }
}

pub(crate) async fn workers(core: &Core, _: &Caller, _: Nothing) -> Result<Workers> {
    let found = Name::ALL.map(|name| (name, core.queues.worker(name)));
    let at_work = found.iter().filter_map(|(_, worker)| worker.as_ref());
    let ids: Vec<_> = at_work.flat_map(|w| w.at_work.iter().take(MAX_SHOWN)).map(|(id, _)| *id).collect();
    let addressed =
        if ids.is_empty() { Vec::new() } else { deliveries::addressed(core.store.read(), &ids).await? };
    let addressed: HashMap<_, _> = addressed.into_iter().map(|to| (to.id, to)).collect();
    Ok(Workers {
        items: found.into_iter().map(|(name, worker)| Worker::of(name, worker, &addressed)).collect(),
    })
}

impl Worker {
    fn of(name: Name, worker: Option<queue::Worker>, to: &HashMap<DeliveryId, Addressed>) -> Self {
        let queue = name.into();
        let Some(worker) = worker else {
            return Self { queue, name: None, slots: 0, active: 0, claimed: 0, working_on: Vec::new() };
        };
        let working_on = worker.at_work.iter().take(MAX_SHOWN).filter_map(|(id, running)| {
            let Addressed { id, patient_id, patient_name } = to.get(id)?.clone();
            let running_ms = u64::try_from(running.as_millis()).unwrap_or(u64::MAX);
            Some(Work { message_id: id, patient_id, patient_name, running_ms })
        });
        Self {
            queue,
            name: Some(worker.name),
            slots: worker.slots as u64,
            active: worker.at_work.len() as u64,
            claimed: worker.claimed as u64,
            working_on: working_on.collect(),
        }
    }
}
