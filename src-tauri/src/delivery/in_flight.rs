//! Which messages are being sent at this moment, in a small file that survives the process:
//! so that a message at which the program ends again and again can be told from those that
//! were merely beside it. Written without fsync: it has to outlive the process, not the
//! machine.

use std::{
    fs::{File, OpenOptions},
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use uuid::Uuid;

use crate::ids::DeliveryId;

const FILE_NAME: &str = "in-flight";
const SLOT: usize = 16;

/// The file and which of its slots are taken.
#[derive(Clone, Debug)]
pub(crate) struct InFlightLog(Arc<Mutex<Slots>>);

#[derive(Debug)]
struct Slots {
    file: File,
    taken: Vec<bool>,
}

impl InFlightLog {
    /// Opens the log of `data_dir` and empties it. Returns what was in flight when the
    /// program last ended without recording it.
    ///
    /// # Errors
    /// The file cannot be read or written.
    pub(crate) fn open(data_dir: &Path) -> std::io::Result<(Self, Vec<DeliveryId>)> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(data_dir.join(FILE_NAME))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let crashed = bytes
            .chunks_exact(SLOT)
            .filter_map(|slot| Uuid::from_slice(slot).ok())
            .filter(|id| !id.is_nil())
            .map(DeliveryId)
            .collect();
        file.set_len(0)?;
        Ok((Self(Arc::new(Mutex::new(Slots { file, taken: Vec::new() }))), crashed))
    }

    /// Notes that `id` is being sent, until the guard is dropped. Where the file cannot be
    /// written the message is sent all the same: only its crashes are not counted.
    pub(crate) fn begin(&self, id: DeliveryId) -> InFlight {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = slots.taken.iter().position(|t| !t).unwrap_or(slots.taken.len());
        if slot == slots.taken.len() {
            slots.taken.push(true);
        } else {
            slots.taken[slot] = true;
        }
        slots.write(slot, id.0);
        InFlight { log: self.clone(), slot }
    }
}

impl Slots {
    fn write(&mut self, slot: usize, id: Uuid) {
        let written = self
            .file
            .seek(SeekFrom::Start((slot * SLOT) as u64))
            .and_then(|_| self.file.write_all(id.as_bytes()));
        if let Err(error) = written {
            tracing::warn!(%error, "the in-flight file cannot be written");
        }
    }
}

/// A message on its way.
#[derive(Debug)]
pub(crate) struct InFlight {
    log: InFlightLog,
    slot: usize,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut slots = self.log.0.lock().unwrap_or_else(PoisonError::into_inner);
        slots.taken[self.slot] = false;
        slots.write(self.slot, Uuid::nil());
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
        crashed.sort();
        assert_eq!(crashed, ids[1..]);
        let (_, after) = InFlightLog::open(dir.path()).expect("opens a third time");
        assert!(after.is_empty());
    }
}
