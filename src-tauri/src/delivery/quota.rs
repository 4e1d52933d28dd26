//! Whether the month's quota is used up. LINE answers 429 for that and for haste alike; its words
//! are no promise, its counts are.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::Mutex;

use crate::{
    clock::{Clock, MINUTE_MS, Timestamp},
    line::{Client, LineError},
};

/// How long "nothing is left" is believed, unless LINE takes a message before. "Something is left"
/// may be wrong with the next message.
const KNOWN_FOR_MS: i64 = MINUTE_MS;

/// LINE's last answer about the month's quota, shared by all that ask.
#[derive(Debug, Default)]
pub(super) struct Quota {
    known: Mutex<Option<Known>>,
    /// Questions to LINE begun so far.
    begun: AtomicU64,
    /// Whether LINE took a message since the last answer.
    took: AtomicBool,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    at: Timestamp,
    /// The number of the question it answers, from 1.
    question: u64,
    /// `None` where LINE did not say.
    is_left: Option<bool>,
}

impl Quota {
    /// Notes that LINE took a message: an earlier "nothing is left" has to be asked again.
    pub(super) fn took_one(&self) {
        self.took.store(true, Ordering::SeqCst);
    }

    /// Asks LINE once for all callers that were refused before the question. `None` where LINE does
    /// not say.
    pub(super) async fn is_left(&self, line: &Client, clock: &dyn Clock) -> Option<bool> {
        let begun = self.begun.load(Ordering::SeqCst);
        let mut known = self.known.lock().await;
        let now = clock.now();
        let serves = |k: &Known| {
            let is_young = (0..KNOWN_FOR_MS).contains(&now.millis_since(k.at));
            let lasts = k.is_left == Some(false) && is_young && !self.took.load(Ordering::SeqCst);
            lasts || k.question > begun
        };
        if let Some(known) = known.filter(serves) {
            return known.is_left;
        }
        let question = self.begun.fetch_add(1, Ordering::SeqCst) + 1;
        self.took.store(false, Ordering::SeqCst);
        let is_left = is_left(line).await.ok();
        *known = Some(Known { at: now, question, is_left });
        is_left
    }
}

/// Whether LINE says that messages are left this month.
pub(super) async fn is_left(line: &Client) -> Result<bool, LineError> {
    let Some(limit) = line.quota().await? else { return Ok(true) };
    Ok(line.quota_used().await? < limit)
}
