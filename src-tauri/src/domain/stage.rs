//! The groups of states in which staff look for messages.

use super::{delivery::State, named_enum};
#[cfg(feature = "desktop")]
use crate::domain::delivery::Cause;

named_enum! {
    /// A group of delivery states that staff see as one.
    Stage {
        /// Its time or its turn is ahead: `scheduled`, `queued` or `retrying`.
        Coming = "coming",
        /// It waits for a reason to pass: `held`.
        Held = "held",
        /// It failed, or waits for a person: `failed` or `review`.
        Failed = "failed",
        /// LINE accepted the message: `sent`.
        Sent = "sent",
        /// It will not be sent, because of staff or of the end of its follow-up: `cancelled`.
        Cancelled = "cancelled",
    }
}

impl Stage {
    pub(crate) const fn states(self) -> &'static [State] {
        match self {
            Self::Coming => &[State::Scheduled, State::Queued, State::Retrying],
            Self::Held => &[State::Held],
            Self::Failed => State::ATTENTION,
            Self::Sent => &[State::Sent],
            Self::Cancelled => &[State::Cancelled],
        }
    }
}

/// The states of each stage, and of each group the screens tell apart, and the causes messages are
/// held for: `{"stages","groups","holding"}`.
#[cfg(feature = "desktop")]
pub(crate) fn table() -> serde_json::Value {
    let stages: serde_json::Map<_, _> = Stage::ALL
        .iter()
        .map(|stage| (stage.as_str().to_owned(), serde_json::json!(stage.states())))
        .collect();
    serde_json::json!({
        "stages": stages,
        "groups": {
            "open": State::OPEN,
            "waiting": State::WAITING,
            "hindered": State::HINDERED,
            "attention": State::ATTENTION,
        },
        "holding": Cause::ALL.iter().filter(|cause| cause.holds()).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_is_looked_for_in_one_stage() {
        let mut found: Vec<_> = Stage::ALL.iter().flat_map(|stage| stage.states().iter().copied()).collect();
        found.sort_by_key(|state| state.as_str());
        let mut all = State::ALL.to_vec();
        all.sort_by_key(|state| state.as_str());
        assert_eq!(found, all);
    }
}
