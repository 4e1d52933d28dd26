//! Asks LINE, before a step is due, whether the patient can be reached: the one question that
//! sends nothing.

use std::{collections::HashMap, sync::Arc};

use futures::StreamExt as _;
use tokio_util::sync::CancellationToken;

use super::{openings, reach::reached};
use crate::{
    clock::DAY_MS,
    core::Core,
    domain::patient::Reachability,
    ids::PatientId,
    line::LineError,
    store::patients::{self, Reach},
};

/// How near a step must be for its patient to be checked.
const AHEAD_MS: i64 = DAY_MS;

/// How long a sign of life or a probe is valid.
const GOOD_FOR_MS: i64 = DAY_MS;

/// The most patients of one round; the next takes the rest.
const MAX_ROUND: u32 = 1_000;

/// Questions under way at once: LINE allows 2,000 a second, and deliveries go first.
const MAX_AT_ONCE: usize = 8;

/// Asks at the start, since a round may have been missed, and whenever the bell rings, until
/// `stop`; each time also about openings of plans' messages.
pub(crate) async fn run(core: Arc<Core>, stop: CancellationToken) {
    loop {
        if let Err(error) = round(&core).await {
            tracing::warn!(%error, "patients could not be looked up at LINE");
        }
        if let Err(error) = openings::round(&core).await {
            tracing::warn!(%error, "LINE could not be asked who opened messages");
        }
        tokio::select! {
            () = core.probe_bell.notified() => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Asks LINE about patients whose next step is near and who gave no recent sign of life. One who
/// was reachable and is not found any more has blocked the account; for one who never was, nothing
/// is known, since an account may hide its profile.
pub async fn round(core: &Core) -> sqlx::Result<usize> {
    let now = core.now();
    let mut tx = core.store.begin().await?;
    // The real LINE is not asked about patients of the demo clinic.
    let with_demo = core.sandbox.is_some();
    let (until, before) = (now.plus_millis(AHEAD_MS), now.plus_millis(-GOOD_FOR_MS));
    let due = patients::to_probe(&mut tx, until, before, with_demo, MAX_ROUND).await?;
    drop(tx);
    if due.is_empty() || core.channel().down().is_some() {
        return Ok(0);
    }
    let answers: Vec<_> = futures::stream::iter(due)
        .map(|patient| async move { (core.line.profile(&patient.line_user_id).await, patient) })
        .buffer_unordered(MAX_AT_ONCE)
        .collect()
        .await;
    let (mut asked, mut reach, mut changed) = (Vec::new(), Vec::new(), HashMap::<PatientId, _>::new());
    for (answer, patient) in answers {
        let found = match answer {
            Ok(_) => Some(Reachability::Reachable),
            Err(LineError::Refused { status: 404, .. }) => {
                (patient.reachability == Reachability::Reachable).then_some(Reachability::Blocked)
            }
            // LINE is away: ask again next time.
            Err(_) => continue,
        };
        asked.push(patient.id);
        if let Some(reachability) = found {
            changed.insert(patient.id, reachability);
            let line_user_id = patient.line_user_id;
            reach.push(Reach { line_user_id, reachability, at: now, followed_at: None });
        }
    }
    let mut tx = core.store.begin().await?;
    let acts = core.act_on(changed.keys().copied());
    patients::probed(&mut tx, &asked, now).await?;
    patients::set_reachability(&mut tx, &reach, now).await?;
    reached(&mut tx, &changed, now).await?;
    tx.commit().await?;
    drop(acts);
    core.tick_bell.notify_one();
    Ok(asked.len())
}
