//! Free replies: within a minute of what the patient did, or not at all.

use std::{sync::Arc, time::Duration};

use futures::StreamExt as _;
use serde_json::{Value, json};

use super::received::Received;
use crate::{
    clock::Timestamp,
    core::Core,
    domain::urgent_reply::Begun,
    line::{self, LineError, webhook::What},
    store::{strangers, worklist},
};

/// The most milliseconds after an event at which a reply is tried: LINE takes a token for a minute.
const MAX_AGE_MS: i64 = 50_000;

const MAX_AT_ONCE: usize = 16;

/// Milliseconds before each further try of an urgent reply; after the last the token is too old.
const WAITS_MS: [u64; 7] = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 16_000];

pub(super) struct Reply {
    token: String,
    at: Timestamp,
    /// Messages of their own, in this order.
    texts: Vec<String>,
    /// The message that the first of them quotes.
    quote_token: Option<String>,
    /// The LINE account that reads it, where it says whom to call in an emergency.
    urgent_to: Option<String>,
}

impl Reply {
    /// A reply to an event; `None` where the event cannot be answered.
    pub(super) fn to(received: &Received, text: String) -> Option<Self> {
        Self::of(received, vec![text])
    }

    fn of(received: &Received, texts: Vec<String>) -> Option<Self> {
        let token = received.event.reply_token.clone()?;
        Some(Self { token, at: received.at, texts, quote_token: None, urgent_to: None })
    }

    /// A reply that says whom to call. It carries the instant from which staff see that LINE did
    /// not take it: at once where the event cannot be answered any more.
    pub(super) fn urgently(
        received: &Received,
        texts: Vec<String>,
        now: Timestamp,
    ) -> (Option<Self>, Timestamp) {
        let Some(reply) = Self::of(received, texts).filter(|reply| reply.is_fresh(now)) else {
            return (None, now);
        };
        let end = reply.at.plus_millis(MAX_AGE_MS);
        let urgent_to = received.event.user.clone();
        (Some(Self { urgent_to, ..reply.quoting(received) }), end)
    }

    /// With a quote of the words it answers, where LINE allows it.
    pub(super) fn quoting(self, received: &Received) -> Self {
        let What::Message { quote_token, .. } = &received.event.what else { return self };
        Self { quote_token: quote_token.clone(), ..self }
    }

    pub(super) fn saying(self, text: String) -> Self {
        Self { texts: vec![text], ..self }
    }

    fn is_fresh(&self, now: Timestamp) -> bool {
        now.millis_since(self.at) <= MAX_AGE_MS
    }

    fn messages(&self) -> Vec<Value> {
        let mut messages: Vec<_> =
            self.texts.iter().map(|text| json!({ "type": "text", "text": text })).collect();
        if let (Some(first), Some(token)) = (messages.first_mut(), &self.quote_token) {
            first["quoteToken"] = json!(token);
        }
        messages
    }

    async fn send(&self, line: &line::Client) -> Result<(), LineError> {
        line.reply(&self.token, &self.messages()).await
    }
}

/// Sends replies in the background. A reply that fails stays unsent, since nobody pays for a push
/// to say thank you; those that say whom to call are retried.
pub(super) fn send(core: &Core, replies: Vec<Reply>, now: Timestamp) {
    let fresh = replies.into_iter().filter(|reply| reply.is_fresh(now));
    let (urgent, others): (Vec<_>, Vec<_>) = fresh.partition(|reply| reply.urgent_to.is_some());
    if let Some(core) = core.shared() {
        for reply in urgent {
            core.background.spawn(tell(Arc::clone(&core), reply));
        }
    }
    if others.is_empty() {
        return;
    }
    let line = core.line.clone();
    core.background.spawn(async move {
        let line = &line;
        futures::stream::iter(others)
            .for_each_concurrent(MAX_AT_ONCE, |reply| async move {
                if let Err(error) = reply.send(line).await {
                    tracing::debug!(%error, "a reply was not taken");
                }
            })
            .await;
    });
}

/// Tells somebody whom to call, and notes whether LINE took it.
async fn tell(core: Arc<Core>, reply: Reply) {
    let Some(user) = reply.urgent_to.clone() else { return };
    let token = reply.token.clone();
    let begun = core.urgent_replies().begin(&token, core.now());
    let taken = match begun {
        // Another event brought the same token: its task notes the result.
        Begun::UnderWay => return,
        Begun::Before { taken } => taken,
        Begun::Now => insist(&core, reply).await,
    };
    core.urgent_replies().end(&token, taken);
    if !taken {
        tracing::warn!("LINE did not take the words with whom to call in an emergency");
    }
    let untold_from = (!taken).then(|| core.now());
    if let Err(error) = note(&core, &user, untold_from).await {
        tracing::warn!(%error, "what became of an urgent reply could not be noted");
    }
}

/// Tries a reply as long as its token lives. Returns whether LINE took it. A token is good for one
/// message, so a retry is taken only where the first was not, and nobody reads it twice. Where an
/// answer was lost and the next try is refused, the result is unknown, and staff are told that LINE
/// did not confirm. A push would come twice.
async fn insist(core: &Core, mut reply: Reply) -> bool {
    let mut waits = WAITS_MS.into_iter();
    while reply.is_fresh(core.now()) {
        match reply.send(&core.line).await {
            Ok(()) => return true,
            // The quoted message may be gone: the words stand without it.
            Err(LineError::Refused { status: 400, .. }) if reply.quote_token.take().is_some() => continue,
            Err(LineError::Refused { status, .. }) if !line::passes(status) => return false,
            Err(LineError::Refused { .. } | LineError::Unreachable(_)) => {}
        }
        let Some(wait) = waits.next() else { return false };
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
    false
}

async fn note(core: &Core, user: &str, untold_from: Option<Timestamp>) -> sqlx::Result<()> {
    let mut tx = core.store.begin().await?;
    worklist::answered(&mut tx, user, untold_from).await?;
    strangers::answered(&mut tx, user, untold_from).await?;
    tx.commit().await
}
