//! Replies that say whom to call in an emergency: a reply token is good for one reply, even where
//! several events bring it.

use std::collections::HashMap;

use crate::clock::{HOUR_MS, Timestamp};

/// Whether a reply is still to be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begun {
    Now,
    /// Another event brought its token, and it is being tried.
    UnderWay,
    /// It was tried before, with this result.
    Before {
        taken: bool,
    },
}

/// The replies of the last hour, by their token.
#[derive(Debug, Default)]
pub(crate) struct UrgentReplies(HashMap<String, Reply>);

#[derive(Debug)]
struct Reply {
    begun_at: Timestamp,
    /// Whether LINE took it; `None` while that is unknown.
    taken: Option<bool>,
}

impl UrgentReplies {
    /// Begins the reply with this token, unless somebody did already.
    pub(crate) fn begin(&mut self, token: &str, now: Timestamp) -> Begun {
        self.0.retain(|_, reply| now.millis_since(reply.begun_at) < HOUR_MS);
        match self.0.get(token) {
            Some(Reply { taken: Some(taken), .. }) => Begun::Before { taken: *taken },
            Some(_) => Begun::UnderWay,
            None => {
                self.0.insert(token.to_owned(), Reply { begun_at: now, taken: None });
                Begun::Now
            }
        }
    }

    /// Notes whether LINE took the reply with this token; an unknown token is ignored.
    pub(crate) fn end(&mut self, token: &str, taken: bool) {
        if let Some(reply) = self.0.get_mut(token) {
            reply.taken = Some(taken);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_tried_once_and_its_end_is_remembered_for_an_hour() {
        let mut replies = UrgentReplies::default();
        let now = Timestamp::from_millis(0);
        assert_eq!(replies.begin("t", now), Begun::Now);
        assert_eq!(replies.begin("t", now), Begun::UnderWay);
        replies.end("t", true);
        assert_eq!(replies.begin("t", now.plus_millis(HOUR_MS - 1)), Begun::Before { taken: true });
        assert_eq!(replies.begin("other", now), Begun::Now);
        assert_eq!(replies.begin("t", now.plus_millis(HOUR_MS)), Begun::Now);
    }
}
