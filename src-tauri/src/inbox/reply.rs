//! Free replies: within a minute of what the patient did, or not at all.

use futures::StreamExt as _;
use serde_json::{Value, json};

use super::received::Received;
use crate::{clock::Timestamp, core::Core, line::webhook::What};

/// LINE takes a reply token for a minute; what is older than this is not tried.
const MAX_AGE_MS: i64 = 50_000;

/// Replies under way at once.
const MAX_AT_ONCE: usize = 16;

/// A reply that may still be sent.
pub(super) struct Reply {
    token: String,
    at: Timestamp,
    /// Each a message of its own, in this order.
    texts: Vec<String>,
    /// What the first of them quotes.
    quote_token: Option<String>,
}

impl Reply {
    /// A reply to an event that can be answered.
    pub(super) fn to(received: &Received, text: String) -> Option<Self> {
        Self::of(received, vec![text])
    }

    /// The same of several messages; none where there is nothing to say.
    pub(super) fn of(received: &Received, texts: Vec<String>) -> Option<Self> {
        let token = received.event.reply_token.clone().filter(|_| !texts.is_empty())?;
        Some(Self { token, at: received.at, texts, quote_token: None })
    }

    /// The same under the words it answers, where LINE lets them be quoted.
    pub(super) fn quoting(self, received: &Received) -> Self {
        let What::Message { quote_token, .. } = &received.event.what else { return self };
        Self { quote_token: quote_token.clone(), ..self }
    }

    /// The same with other words.
    pub(super) fn saying(self, text: String) -> Self {
        Self { texts: vec![text], ..self }
    }

    fn messages(&self) -> Vec<Value> {
        let mut messages: Vec<_> =
            self.texts.iter().map(|text| json!({ "type": "text", "text": text })).collect();
        if let (Some(first), Some(token)) = (messages.first_mut(), &self.quote_token) {
            first["quoteToken"] = json!(token);
        }
        messages
    }
}

/// Sends replies beside the work on events. One that fails stays unsent: a token is good for
/// one try, and nobody pays for a push to say thank you.
pub(super) fn send(core: &Core, replies: Vec<Reply>, now: Timestamp) {
    let fresh: Vec<_> = replies.into_iter().filter(|r| now.millis_since(r.at) <= MAX_AGE_MS).collect();
    if fresh.is_empty() {
        return;
    }
    let line = core.line.clone();
    core.background.spawn(async move {
        futures::stream::iter(fresh)
            .for_each_concurrent(MAX_AT_ONCE, |reply| {
                let line = line.clone();
                async move {
                    if let Err(error) = line.reply(&reply.token, &reply.messages()).await {
                        tracing::debug!(%error, "a reply was not taken");
                    }
                }
            })
            .await;
    });
}
