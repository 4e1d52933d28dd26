//! Whether the month's messages are used up. LINE answers 429 for that and for haste alike, and
//! its words are no promise; its counts are.

use tokio::sync::Mutex;

use crate::{
    clock::{Clock, Timestamp},
    line::{Client, LineError},
};

/// One answer serves everything that is refused within so long.
const KNOWN_FOR_MS: i64 = 60_000;

/// What was asked last.
#[derive(Debug, Default)]
pub(super) struct Quota(Mutex<Option<Known>>);

#[derive(Clone, Copy, Debug)]
struct Known {
    at: Timestamp,
    is_left: bool,
}

impl Quota {
    /// Asks LINE once for all that were refused. `true` also where LINE does not say: then its
    /// refusal passes as one for haste.
    pub(super) async fn is_left(&self, line: &Client, clock: &dyn Clock) -> bool {
        let mut known = self.0.lock().await;
        let now = clock.now();
        if let Some(known) = known.filter(|k| (0..KNOWN_FOR_MS).contains(&now.millis_since(k.at))) {
            return known.is_left;
        }
        let is_left = is_left(line).await.unwrap_or(true);
        *known = Some(Known { at: now, is_left });
        is_left
    }
}

/// Whether LINE says that messages are left this month.
///
/// # Errors
/// LINE refused or cannot be reached.
pub(super) async fn is_left(line: &Client) -> Result<bool, LineError> {
    let Some(limit) = line.quota().await? else { return Ok(true) };
    Ok(line.quota_used().await? < limit)
}
