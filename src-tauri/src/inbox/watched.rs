//! A video that was watched to its end: its message, and what follows.

use super::{effects::Effects, known::Known, received::Received};
use crate::{domain::delivery::State, line::wire, store::interactions::Quoted};

/// Notes that `user` watched the video of a message; ignored where the message was not theirs.
pub(super) fn watched(
    received: &Received,
    user: &str,
    tracking_id: &str,
    known: &Known,
    effects: &mut Effects,
) {
    let Some(ask) = wire::tracked(tracking_id).and_then(|id| known.asks.get(&id)) else { return };
    let patient = known.patients.get(user);
    if ask.recipient.as_deref() != Some(user) && patient.is_none_or(|p| p.id != ask.patient_id) {
        return;
    }
    match ask.state {
        State::Sent => {}
        // The patient was faster than the record of the message, which is being written.
        State::Queued => {
            effects.waits.push(received.id);
            return;
        }
        // Only a message that arrived has a video.
        _ => effects.arrived(ask.id),
    }
    effects.watched(Quoted { id: ask.id, at: received.at });
}
