//! Where messages are looked for.

use super::{delivery::State, named_enum};

named_enum! {
    /// Where messages are looked for: the states that staff take for one.
    Stage {
        /// Its time or its turn is to come: `scheduled`, `queued` or `retrying`.
        Coming = "coming",
        /// It waits for the end of a reason.
        Held = "held",
        /// It failed, or a person is to decide: `failed` or `review`.
        Failed = "failed",
        /// LINE accepted it.
        Sent = "sent",
        /// It will not be sent, by an act of staff or the end of its follow-up.
        Cancelled = "cancelled",
    }
}

impl Stage {
    /// The states of a delivery that it stands for.
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
