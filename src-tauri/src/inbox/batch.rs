//! One batch of events, in one transaction: the known facts are read in a few queries, the effects
//! are worked out in memory and written in a few statements.

use super::{
    effects::Effects,
    known::Known,
    link, press,
    received::{Received, Situation},
    reply, stranger,
    watched::watched,
};
use crate::{
    core::{Core, Topic},
    line::webhook::What,
    store::webhook_events,
};

/// Milliseconds that an answer waits for the record of its own message, which it overtook.
const OVERTOOK_MS: i64 = 200;

/// Waits of that length; each later one takes `LONG_WAIT_MS`.
const MAX_SHORT_WAITS: i64 = 50;
const LONG_WAIT_MS: i64 = 10_000;

/// Waits, about a day of them, after which an event is given up.
const MAX_WAITS: u32 = 8_700;

/// Returns how many of its events are done.
pub(super) async fn work(core: &Core, limit: u32) -> sqlx::Result<usize> {
    let now = core.now();
    let mut tx = core.store.begin().await?;
    let stored = webhook_events::open(&mut tx, now, limit).await?;
    if stored.is_empty() {
        return Ok(0);
    }
    let mut batch: Vec<_> = stored.iter().map(|event| Received::of(event, now)).collect();
    batch.sort_by_key(|received| received.at);
    let clinic = core.clinic();
    let mut effects = Effects::default();
    link::take_codes(&mut tx, core, &mut batch, &mut effects.replies).await?;
    let mut known = Known::gather(&mut tx, &batch, now).await?;
    let situation = Situation { clinic: &clinic, in_practice: core.sandbox.is_some(), now };
    for received in &batch {
        follow(received, &situation, &mut known, &mut effects);
    }
    let mut replies = std::mem::take(&mut effects.replies);
    replies.append(&mut effects.strangers.replies);
    let waits = std::mem::take(&mut effects.waits);
    let greetings = std::mem::take(&mut effects.strangers.greetings);
    let met = effects.strangers.met();
    // Until the commit; what was read of them before is old then.
    let acts = core.act_on(effects.changed_patients());
    effects.write(&mut tx, &clinic, now).await?;
    let done: Vec<_> = batch.iter().map(|r| r.id).filter(|id| !waits.contains(id)).collect();
    webhook_events::processed(&mut tx, &done, now).await?;
    webhook_events::put_off(&mut tx, &waits, now, MAX_SHORT_WAITS, [OVERTOOK_MS, LONG_WAIT_MS]).await?;
    webhook_events::give_up(&mut tx, MAX_WAITS, now).await?;
    tx.commit().await?;
    drop(acts);
    core.tick_bell.notify_one();
    core.media_bell.notify_one();
    core.announce(Topic::Phones);
    reply::send(core, replies, now);
    if met {
        stranger::meet(core, greetings);
    }
    Ok(done.len())
}

fn follow(received: &Received, situation: &Situation<'_>, known: &mut Known, effects: &mut Effects) {
    let Some(user) = &received.event.user else { return };
    if let What::Unsend { id } = &received.event.what {
        effects.took_back(received, id);
        return;
    }
    let taken = match &received.event.what {
        What::Postback { data, params } => {
            press::take(situation, received, user, (data, params), known, effects)
        }
        What::Watched { tracking_id } => {
            watched(received, user, tracking_id, known, effects);
            true
        }
        _ => true,
    };
    let Some(patient) = known.patients.get(user) else {
        if !taken || !matches!(received.event.what, What::Postback { .. }) {
            effects.strangers.hear(received, user, known, situation);
        }
        return;
    };
    match &received.event.what {
        What::Message { .. } => effects.wrote(received, patient, known, situation),
        What::Postback { .. } if !taken => effects.pressed(received, patient, known, situation),
        What::Postback { .. }
        | What::Unsend { .. }
        | What::Follow
        | What::Unfollow
        | What::Watched { .. }
        | What::SignOfLife
        | What::Other => {}
    }
    effects.sign_of_life(received, user, patient);
}

/// Works on up to `limit` events, each in a transaction of its own. One that fails waits and comes
/// again, until it is given up. Returns how many are done.
pub(super) async fn one_by_one(core: &Core, limit: u32) -> sqlx::Result<usize> {
    let mut done = 0;
    for _ in 0..limit {
        match work(core, 1).await {
            Ok(0) => break,
            Ok(_) => done += 1,
            Err(error) => {
                let now = core.now();
                let mut tx = core.store.begin().await?;
                let first: Vec<_> =
                    webhook_events::open(&mut tx, now, 1).await?.into_iter().map(|e| e.id).collect();
                webhook_events::put_off(&mut tx, &first, now, MAX_SHORT_WAITS, [LONG_WAIT_MS; 2]).await?;
                tx.commit().await?;
                tracing::error!(event = ?first, %error, "an event could not be worked on; it waits");
            }
        }
    }
    Ok(done)
}
