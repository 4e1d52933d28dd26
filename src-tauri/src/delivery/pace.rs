//! Turns of the messages of one patient, so that several due at the same moment keep the
//! pace, too. In memory: after a restart the turns are given anew, from what was accepted, and a
//! patient is put off for as long as a message of theirs waits for that.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::{
    clock::Timestamp,
    ids::{DeliveryId, PatientId},
    store::{deliveries, sql::Pool},
};

/// Patients with turns; beyond that, past turns are removed.
const TIDY_FROM: usize = 10_000;

/// The turns given so far, and the patients that are put off.
#[derive(Debug, Default)]
pub(super) struct Pace {
    turns: Mutex<HashMap<PatientId, Turns>>,
    put_off: Mutex<HashMap<PatientId, Timestamp>>,
}

#[derive(Debug, Default)]
struct Turns {
    pace_ms: i64,
    given: Vec<Turn>,
}

#[derive(Debug)]
struct Turn {
    delivery: DeliveryId,
    at: Timestamp,
}

impl Pace {
    /// Knows whom LINE put off before the program began.
    pub(super) async fn start(pool: &Pool, now: Timestamp) -> sqlx::Result<Self> {
        let put_off = deliveries::put_off(pool, now).await?.into_iter().collect();
        Ok(Self { turns: Mutex::default(), put_off: Mutex::new(put_off) })
    }

    /// Sends nothing to this patient until `until`, since LINE takes nothing for them.
    pub(super) fn put_off(&self, patient: PatientId, until: Timestamp, now: Timestamp) {
        let mut all = self.put_off.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, until| *until > now);
        all.insert(patient, until);
    }

    pub(super) fn put_off_until(&self, patient: PatientId, now: Timestamp) -> Option<Timestamp> {
        let all = self.put_off.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&patient).copied().filter(|until| *until > now)
    }

    /// Takes the turn of a delivery at `now`, `pace_ms` after the one before it.
    ///
    /// # Errors
    /// The instant of its turn, which it keeps.
    pub(super) fn turn(
        &self,
        patient: PatientId,
        delivery: DeliveryId,
        last_accepted_at: Option<Timestamp>,
        pace_ms: i64,
        now: Timestamp,
    ) -> Result<(), Timestamp> {
        if pace_ms <= 0 {
            return Ok(());
        }
        let mut all = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= TIDY_FROM {
            all.retain(|_, turns| turns.given.iter().any(|turn| turn.at.plus_millis(turns.pace_ms) > now));
        }
        let turns = all.entry(patient).or_default();
        if turns.pace_ms != pace_ms {
            *turns = Turns { pace_ms, given: Vec::new() };
        }
        // A turn that nobody took is over as well; a clock that was set back starts anew.
        turns.given.retain(|turn| {
            let is_near = turn.delivery == delivery || turn.at.millis_since(now) <= 1_000 * pace_ms;
            turn.at.plus_millis(pace_ms) > now && is_near
        });
        if let Some(turn) = turns.given.iter_mut().find(|turn| turn.delivery == delivery) {
            if turn.at > now {
                return Err(turn.at);
            }
            turn.at = now;
            return Ok(());
        }
        let after_last = last_accepted_at.map(|at| at.plus_millis(pace_ms));
        let after_given = turns.given.iter().map(|turn| turn.at.plus_millis(pace_ms)).max();
        let free_at = after_last.max(after_given).unwrap_or(now).max(now);
        turns.given.push(Turn { delivery, at: free_at });
        if free_at > now { Err(free_at) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    const fn at(minutes: i64) -> Timestamp {
        Timestamp::from_millis(minutes * MINUTE)
    }

    #[test]
    fn messages_due_at_the_same_moment_go_one_after_the_other() {
        let (pace, patient) = (Pace::default(), PatientId::new(at(0)));
        let ids: Vec<_> = (0..4).map(|_| DeliveryId::new(at(0))).collect();
        let turns: Vec<_> = ids.iter().map(|id| pace.turn(patient, *id, None, MINUTE, at(0))).collect();
        assert_eq!(turns, [Ok(()), Err(at(1)), Err(at(2)), Err(at(3))]);
        let other = pace.turn(PatientId::new(at(0)), DeliveryId::new(at(0)), None, MINUTE, at(0));
        assert_eq!(other, Ok(()));
        assert_eq!(pace.turn(patient, ids[2], None, MINUTE, at(1)), Err(at(2)));
        assert_eq!(pace.turn(patient, ids[1], Some(at(0)), MINUTE, at(1)), Ok(()));
        assert_eq!(pace.turn(patient, DeliveryId::new(at(1)), Some(at(1)), MINUTE, at(1)), Err(at(4)));
    }

    #[test]
    fn a_patient_is_put_off_for_a_while_and_only_that_one() {
        let (pace, patient) = (Pace::default(), PatientId::new(at(0)));
        pace.put_off(patient, at(5), at(0));
        assert_eq!(pace.put_off_until(patient, at(4)), Some(at(5)));
        assert_eq!(pace.put_off_until(patient, at(5)), None);
        assert_eq!(pace.put_off_until(PatientId::new(at(0)), at(4)), None);
    }

    #[test]
    fn after_a_restart_what_was_accepted_last_counts() {
        let (pace, patient) = (Pace::default(), PatientId::new(at(0)));
        let turn = pace.turn(patient, DeliveryId::new(at(0)), Some(at(5)), 2 * MINUTE, at(6));
        assert_eq!(turn, Err(at(7)));
    }
}
