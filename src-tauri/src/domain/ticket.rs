//! Tickets: addresses that open one file of a patient for a while, to whoever has them.

use std::collections::HashMap;

use crate::{clock::Timestamp, ids::MediaId};

/// The most tickets at once, far more than are used within the life of one.
const MAX_TICKETS: usize = 10_000;

/// The file each ticket opens, by the hash of its secret; tickets end with the program.
#[derive(Debug, Default)]
pub(crate) struct Tickets(HashMap<String, Ticket>);

#[derive(Debug)]
struct Ticket {
    media: MediaId,
    until: Timestamp,
}

impl Tickets {
    /// Adds a ticket; where there are too many, the one that would end first goes.
    pub(crate) fn add(&mut self, hash: String, media: MediaId, until: Timestamp, now: Timestamp) {
        self.0.retain(|_, ticket| ticket.until > now);
        if self.0.len() >= MAX_TICKETS
            && let Some(first) = self.0.iter().min_by_key(|(_, t)| t.until).map(|(hash, _)| hash.clone())
        {
            self.0.remove(&first);
        }
        self.0.insert(hash, Ticket { media, until });
    }

    /// `None` once it has ended.
    pub(crate) fn opens(&self, hash: &str, now: Timestamp) -> Option<MediaId> {
        self.0.get(hash).filter(|ticket| ticket.until > now).map(|ticket| ticket.media)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_opens_its_file_until_its_end_and_too_many_push_out_the_oldest() {
        let now = Timestamp::from_millis(0);
        let mut tickets = Tickets::default();
        let media = MediaId::new(now);
        tickets.add("first".to_owned(), media, now.plus_millis(10), now);
        assert_eq!(tickets.opens("first", now.plus_millis(9)), Some(media));
        assert_eq!(tickets.opens("first", now.plus_millis(10)), None);
        assert_eq!(tickets.opens("other", now), None);
        for n in 1..=MAX_TICKETS {
            tickets.add(format!("{n}"), media, now.plus_millis(20), now);
        }
        assert_eq!(tickets.opens("first", now), None);
        assert_eq!(tickets.opens("1", now), Some(media));
    }
}
