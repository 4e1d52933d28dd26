//! What LINE said it would take, while a round of questions is not over.

use std::collections::HashMap;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::clock::{HOUR_MS, Timestamp};

/// The message objects LINE was asked about together, by their hash.
pub(crate) type Key = [u8; 32];

/// What LINE would take of rounds that were not over in time: the next round goes on where this
/// one ended, so that a plan of many steps and languages is asked about in the end.
#[derive(Debug, Default)]
pub(crate) struct Taken(HashMap<Key, Timestamp>);

/// Messages that are remembered: a large plan in each of its languages, and some more.
const MAX: usize = 2_000;

/// How long it is believed: LINE may change its mind.
const KEPT_MS: i64 = HOUR_MS;

impl Taken {
    pub(crate) fn key(objects: &[Value]) -> Key {
        Sha256::digest(serde_json::to_vec(objects).unwrap_or_default()).into()
    }

    /// When LINE said that it would take them.
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
