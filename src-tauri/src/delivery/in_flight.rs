//! The messages being sent at this moment, in a small file that survives the process. It tells a
//! message at which the program ends again and again from those that were merely beside it, or
//! waited for LINE when somebody ended the program. Written without fsync: it has to outlive the
//! process, not the machine.

use std::{
    fs::{File, OpenOptions},
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
    pin::{Pin, pin},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use uuid::Uuid;

use crate::{ids::DeliveryId, store::deliveries::InFlightAtEnd};

const FILE_NAME: &str = "in-flight";

/// Bytes of a slot: the id, and whether this process works on it or waits for LINE.
const SLOT: usize = 17;
const AT_WORK: u8 = 1;
const WAITS: u8 = 2;

/// The file and which of its slots are taken.
#[derive(Clone, Debug)]
pub(crate) struct InFlightLog(Arc<Mutex<Slots>>);

#[derive(Debug)]
struct Slots {
    file: File,
    taken: Vec<bool>,
}

impl InFlightLog {
    /// Opens the log of `data_dir` and empties it. Returns the messages that were in flight when
    /// the program last ended.
    pub(crate) fn open(data_dir: &Path) -> std::io::Result<(Self, Vec<InFlightAtEnd>)> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(data_dir.join(FILE_NAME))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let at_end = bytes.chunks_exact(SLOT).filter_map(at_end).collect();
        file.set_len(0)?;
        Ok((Self(Arc::new(Mutex::new(Slots { file, taken: Vec::new() }))), at_end))
    }

    /// Notes that `id` is being sent, until the guard is dropped. Where the file cannot be written
    /// the message is sent all the same, and its crashes are not counted.
    pub(crate) fn begin(&self, id: DeliveryId) -> InFlight {
        let mut slots = self.slots();
        let slot = slots.taken.iter().position(|t| !t).unwrap_or(slots.taken.len());
        if slot == slots.taken.len() {
            slots.taken.push(true);
        } else {
            slots.taken[slot] = true;
        }
        slots.write(slot, id.0, AT_WORK);
        drop(slots);
        InFlight { log: self.clone(), slot, id, waits: false }
    }

    fn slots(&self) -> MutexGuard<'_, Slots> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn at_end(slot: &[u8]) -> Option<InFlightAtEnd> {
    let (id, phase) = slot.split_at(SLOT - 1);
    let id = Uuid::from_slice(id).ok().filter(|id| !id.is_nil())?;
    Some(InFlightAtEnd { id: DeliveryId(id), at_work: phase != [WAITS] })
}

impl Slots {
    fn write(&mut self, slot: usize, id: Uuid, phase: u8) {
        let mut bytes = [phase; SLOT];
        bytes[..SLOT - 1].copy_from_slice(id.as_bytes());
        let written =
            self.file.seek(SeekFrom::Start((slot * SLOT) as u64)).and_then(|_| self.file.write_all(&bytes));
        if let Err(error) = written {
            tracing::warn!(%error, "the in-flight file cannot be written");
        }
    }
}

#[derive(Debug)]
pub(crate) struct InFlight {
    log: InFlightLog,
    slot: usize,
    id: DeliveryId,
    waits: bool,
}

impl InFlight {
    /// Waits for a call to LINE, noting the wait: a program that ends meanwhile does not count
    /// against the message.
    pub(crate) async fn ask<F: Future>(&mut self, call: F) -> F::Output {
        let mut call = pin!(call);
        std::future::poll_fn(|cx| self.poll(call.as_mut(), cx)).await
    }

    fn poll<F: Future>(&mut self, call: Pin<&mut F>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.note(false);
        let polled = call.poll(cx);
        self.note(polled.is_pending());
        polled
    }

    fn note(&mut self, waits: bool) {
        if self.waits != waits {
            self.waits = waits;
            let phase = if waits { WAITS } else { AT_WORK };
            self.log.slots().write(self.slot, self.id.0, phase);
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut slots = self.log.slots();
        slots.taken[self.slot] = false;
        slots.write(self.slot, Uuid::nil(), WAITS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    #[test]
    fn what_was_in_flight_at_the_end_is_known_at_the_next_start() {
        let dir = tempfile::tempdir().expect("a folder");
        let ids: Vec<_> = (0..3).map(|n| DeliveryId::new(Timestamp::from_millis(n))).collect();
        let (log, before) = InFlightLog::open(dir.path()).expect("opens");
        assert!(before.is_empty());
        let recorded = log.begin(ids[0]);
        let lost = log.begin(ids[1]);
        drop(recorded);
        let reused = log.begin(ids[2]);
        std::mem::forget((lost, reused));
        let (_, mut crashed) = InFlightLog::open(dir.path()).expect("opens again");
        crashed.sort_by_key(|at_end| at_end.id);
        assert_eq!(crashed, [1, 2].map(|n| InFlightAtEnd { id: ids[n], at_work: true }));
        let (_, after) = InFlightLog::open(dir.path()).expect("opens a third time");
        assert!(after.is_empty());
    }

    #[test]
    fn a_message_that_waits_for_line_is_told_from_one_at_work() {
        let dir = tempfile::tempdir().expect("a folder");
        let id = DeliveryId::new(Timestamp::from_millis(1));
        let (log, _) = InFlightLog::open(dir.path()).expect("opens");
        let mut in_flight = log.begin(id);
        let mut answers = std::collections::VecDeque::from([Poll::Pending, Poll::Pending, Poll::Ready(())]);
        let mut at_work = Vec::new();
        let mut look = || {
            let bytes = std::fs::read(dir.path().join(FILE_NAME)).expect("it is there");
            at_work.push(at_end(&bytes).expect("a message").at_work);
        };
        let mut cx = Context::from_waker(std::task::Waker::noop());
        while !answers.is_empty() {
            let call = std::future::poll_fn(|_| {
                look();
                answers.pop_front().expect("an answer")
            });
            let _ = in_flight.poll(pin!(call), &mut cx);
            look();
        }
        assert_eq!(at_work, [true, false, true, false, true, true]);
    }
}
