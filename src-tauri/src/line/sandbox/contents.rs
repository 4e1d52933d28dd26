//! Users' contents besides words: pictures, videos, sounds, files.

use std::collections::VecDeque;

use axum::body::Bytes;

use crate::clock::Timestamp;

/// The most contents kept; LINE, too, deletes them after a while.
const MAX_CONTENTS: usize = 200;

#[derive(Debug)]
pub(super) struct Content {
    pub(super) message_id: String,
    /// `image/png`.
    pub(super) media_type: String,
    pub(super) bytes: Bytes,
    pub(super) ready_at: Timestamp,
    pub(super) is_taken_back: bool,
}

#[derive(Debug, Default)]
pub(super) struct Contents(VecDeque<Content>);

impl Contents {
    pub(super) fn add(&mut self, content: Content) {
        if self.0.len() >= MAX_CONTENTS {
            self.0.pop_front();
        }
        self.0.push_back(content);
    }

    pub(super) fn of(&self, message_id: &str) -> Option<&Content> {
        self.0.iter().find(|content| content.message_id == message_id)
    }

    pub(super) fn take_back(&mut self, message_id: &str) {
        for content in self.0.iter_mut().filter(|content| content.message_id == message_id) {
            content.is_taken_back = true;
            content.bytes = Bytes::new();
        }
    }
}
