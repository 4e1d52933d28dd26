//! Stored events, read once more.

use serde_json::Value;

use super::words::Told;
use crate::{
    clock::Timestamp,
    domain::clinic::Clinic,
    ids::{MediaId, WebhookId},
    line::webhook::{Event, What, read},
    store::{media, patients::Patient, webhook_events},
};

/// The conditions that decide about a batch's events, besides the facts about their users.
pub(super) struct Situation<'a> {
    pub(super) clinic: &'a Clinic,
    /// Whether messages go to the practice LINE; only there patients of the demo clinic are
    /// answered.
    pub(super) in_practice: bool,
    pub(super) now: Timestamp,
}

impl Situation<'_> {
    pub(super) const fn answers(&self, patient: &Patient) -> bool {
        self.in_practice || !patient.demo
    }
}

pub(super) struct Received {
    pub(super) id: WebhookId,
    /// The time by LINE's clock, never later than now.
    pub(super) at: Timestamp,
    pub(super) event: Event,
    /// The answer to the codes in it; its other words are answered separately.
    pub(super) told: Option<Told>,
}

impl Received {
    pub(super) fn of(stored: &webhook_events::Event, now: Timestamp) -> Self {
        let event = read(&serde_json::from_str(&stored.body).unwrap_or(Value::Null));
        // A clock ahead of ours must not date an answer into the future.
        Self { id: stored.id, at: event.at.unwrap_or(now).min(now), event, told: None }
    }

    pub(super) fn to_fetch(&self, now: Timestamp) -> Option<media::New> {
        let What::Message { id, kind, with, .. } = &self.event.what else { return None };
        let attachment = with.attachment.as_ref()?;
        Some(media::New {
            id: MediaId::new(now),
            line_message_id: id.clone(),
            kind: kind.clone(),
            file_name: attachment.file_name.clone(),
            size: attachment.size,
        })
    }
}
