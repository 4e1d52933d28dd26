//! Pictures, videos, sounds and files of patients: fetched from LINE in the background, a few at
//! once, and retried for as long as LINE may have them.

use std::{collections::HashMap, sync::Arc, time::Duration};

use futures::{StreamExt as _, stream::FuturesUnordered};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{
    clock::{DAY_MS, HOUR_MS, Timestamp},
    core::Core,
    domain::media::{Reason, State},
    files::Folder,
    ids::MediaId,
    store::media::{self, Fetched, Media},
};

mod fetch;
mod tidy;

pub use tidy::tidy;

/// Fetches at once; more would be in the way of outgoing messages.
const MAX_AT_ONCE: usize = 3;

/// The most files one query takes to be fetched.
const MAX_ROUND: u32 = 30;

const MAX_WAIT: Duration = Duration::from_secs(60);

/// The least time between two tries while the database refuses.
const AFTER_AN_ERROR: Duration = Duration::from_secs(5);

/// How often files and rows are compared.
const TIDY_EVERY: Duration = Duration::from_secs(3_600);

/// How long a content is retried. LINE keeps it "for a certain period of time" (Messaging API, "Get
/// content"); nobody misses it longer than a week.
const MAX_AGE_MS: i64 = 7 * DAY_MS;

/// The first wait before a retry; each later one is twice the one before.
const FIRST_WAIT_MS: i64 = 5_000;

const MAX_BACKOFF_MS: i64 = HOUR_MS;

const FOLDER: &str = "media";

pub(crate) fn folder(core: &Core) -> Folder {
    Folder::at(core.config.data_dir.join(FOLDER))
}

#[derive(Debug)]
enum Outcome {
    /// It lies in the folder under `name`.
    Stored { name: String, size: u64, media_type: Option<&'static str> },
    /// A retry is of no use.
    Over(State, Reason),
    /// It is to be retried after a wait.
    Again(Reason),
}

/// Fetches until `stop`: when the bell rings, and when a retry is due.
pub(crate) async fn run(core: Arc<Core>, stop: CancellationToken) {
    let mut tidied: Option<Instant> = None;
    loop {
        let round = async {
            if tidied.is_none_or(|at| at.elapsed() >= TIDY_EVERY) {
                tidied = Some(Instant::now());
                tidy(&core).await?;
            }
            drain(&core).await?;
            until_next(&core).await
        };
        let wait = tokio::select! {
            done = round => done.unwrap_or_else(|error| {
                tracing::error!(%error, "what patients sent could not be fetched; it is tried again");
                AFTER_AN_ERROR
            }),
            () = stop.cancelled() => return,
        };
        tokio::select! {
            () = core.media_bell.notified() => {}
            () = tokio::time::sleep(wait) => {}
            () = stop.cancelled() => return,
        }
    }
}

async fn until_next(core: &Core) -> sqlx::Result<Duration> {
    if !core.line.is_connected() {
        return Ok(MAX_WAIT);
    }
    let Some(at) = media::next_at(core.store.read()).await? else { return Ok(MAX_WAIT) };
    let max = i64::try_from(MAX_WAIT.as_millis()).unwrap_or(i64::MAX);
    Ok(Duration::from_millis(at.millis_since(core.now()).clamp(100, max).unsigned_abs()))
}

/// Deletes files nobody may keep, and fetches every content that is due. Returns how many were
/// tried.
pub async fn drain(core: &Core) -> sqlx::Result<usize> {
    let mut all = 0;
    let mut under_way = FuturesUnordered::new();
    let mut slots: HashMap<MediaId, bool> = HashMap::new();
    loop {
        tidy::delete_discarded(core).await?;
        if core.line.is_connected() {
            for media in media::due(core.store.read(), core.now(), MAX_ROUND).await? {
                if has_room(&slots, &media) {
                    slots.insert(media.id, is_quick(&media));
                    all += 1;
                    under_way.push(async move { (media.id, one(core, media).await) });
                }
            }
        }
        // A message that is unsent or sent meanwhile does not wait for a long video.
        tokio::select! {
            ended = under_way.next() => {
                let Some((id, ended)) = ended else { return Ok(all) };
                slots.remove(&id);
                ended?;
            }
            () = core.media_bell.notified(), if !under_way.is_empty() => {}
        }
    }
}

/// Whether it can be begun now: one slot is only for pictures, which come in a moment.
fn has_room(slots: &HashMap<MediaId, bool>, media: &Media) -> bool {
    let slow = slots.values().filter(|quick| !**quick).count();
    slots.len() < MAX_AT_ONCE && !slots.contains_key(&media.id) && (is_quick(media) || slow + 1 < MAX_AT_ONCE)
}

fn is_quick(media: &Media) -> bool {
    media.kind == "image"
}

async fn one(core: &Core, media: Media) -> sqlx::Result<()> {
    let outcome = if core.now().millis_since(media.created_at) > MAX_AGE_MS {
        Outcome::Over(State::Failed, Reason::GivenUp)
    } else {
        fetch::fetch(core, &media).await
    };
    let name = if let Outcome::Stored { name, .. } = &outcome { Some(name.clone()) } else { None };
    let wanted = record(core, &media, outcome).await;
    if let Some(name) = name
        && !matches!(wanted, Ok(true))
    {
        // Taken back meanwhile, or not recorded: then it is fetched again.
        folder(core).delete(&name).await;
    }
    wanted.map(drop)
}

async fn record(core: &Core, media: &Media, outcome: Outcome) -> sqlx::Result<bool> {
    let now = core.now();
    let (state, reason, fetched) = match outcome {
        Outcome::Stored { name, size, media_type } => {
            let fetched = Fetched {
                stored_as: Some(name),
                size: i64::try_from(size).ok(),
                media_type: media_type.map(str::to_owned),
                next_attempt_at: None,
            };
            (State::Stored, None, fetched)
        }
        Outcome::Over(state, reason) => (state, Some(reason), Fetched::default()),
        Outcome::Again(reason) => {
            let next = Some(next_attempt_at(media.attempts, now));
            (State::Pending, Some(reason), Fetched { next_attempt_at: next, ..Fetched::default() })
        }
    };
    let mut tx = core.store.begin().await?;
    let wanted = media::record(&mut tx, media.id, state, reason, &fetched, now).await?;
    tx.commit().await?;
    Ok(wanted)
}

/// When a content that failed `attempts` times is tried again: after 5, 10, 20, … s, in the end
/// every hour.
fn next_attempt_at(attempts: i64, now: Timestamp) -> Timestamp {
    let doublings = u32::try_from(attempts.clamp(0, 20)).unwrap_or(0);
    now.plus_millis((FIRST_WAIT_MS << doublings).min(MAX_BACKOFF_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_twice_the_one_before_up_to_an_hour() {
        let now = Timestamp::from_millis(0);
        let waits: Vec<_> =
            [0, 1, 2, 9, 10, 500].map(|n| next_attempt_at(n, now).millis_since(now) / 1_000).into();
        assert_eq!(waits, [5, 10, 20, 2_560, 3_600, 3_600]);
    }
}
