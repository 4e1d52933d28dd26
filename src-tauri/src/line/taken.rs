//! Messages that LINE said it would take, remembered until a round of questions is complete.

use std::collections::HashMap;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::clock::{HOUR_MS, Timestamp};

/// The hash of message objects LINE was asked about together.
pub(crate) type Key = [u8; 32];

/// LINE's approvals from rounds that ran out of time. The next round continues where this one
/// ended, so that even a plan of many steps and languages is checked in the end.
#[derive(Debug, Default)]
pub(crate) struct Taken(HashMap<Key, Timestamp>);

/// The most messages remembered: a large plan in each of its languages, and some more.
const MAX: usize = 2_000;

/// How long an approval is believed: LINE may change its mind.
const KEPT_MS: i64 = HOUR_MS;

impl Taken {
    pub(crate) fn key(objects: &[Value]) -> Key {
        Sha256::digest(serde_json::to_vec(objects).unwrap_or_default()).into()
    }

    /// When LINE approved them; `None` where it did not, or too long ago.
    pub(crate) fn since(&self, key: &Key, now: Timestamp) -> Option<Timestamp> {
        self.0.get(key).copied().filter(|at| is_kept(*at, now))
    }

    pub(crate) fn add(&mut self, keys: impl IntoIterator<Item = Key>, now: Timestamp) {
        self.0.retain(|_, at| is_kept(*at, now));
        let room = MAX.saturating_sub(self.0.len());
        self.0.extend(keys.into_iter().take(room).map(|key| (key, now)));
    }

    pub(crate) fn forget(&mut self, keys: &[Key]) {
        for key in keys {
            self.0.remove(key);
        }
    }
}

fn is_kept(at: Timestamp, now: Timestamp) -> bool {
    (0..KEPT_MS).contains(&now.millis_since(at))
}
