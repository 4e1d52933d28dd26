//! Events as they were stored, read once more.

use serde_json::Value;

use crate::{
    clock::Timestamp,
    ids::WebhookId,
    line::webhook::{Event, read},
    store::webhook_events,
};

/// An event and what it is stored under.
pub(super) struct Received {
    pub(super) id: WebhookId,
    /// When it happened by LINE's clock, and never later than now.
    pub(super) at: Timestamp,
    pub(super) event: Event,
}

impl Received {
    pub(super) fn of(stored: &webhook_events::Event, now: Timestamp) -> Self {
        let event = read(&serde_json::from_str(&stored.body).unwrap_or(Value::Null));
        // A clock ahead of ours does not make an answer come from the future.
        Self { id: stored.id, at: event.at.unwrap_or(now).min(now), event }
    }
}
