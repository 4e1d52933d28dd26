//! The deliveries somebody is busy with, so that nobody else takes them up.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::ids::DeliveryId;

/// A set of deliveries, each in it as long as one of its guards lives. The worker owns the guard,
/// so a delivery leaves the set however the work ends.
#[derive(Clone, Debug, Default)]
pub struct BusySet(Arc<Mutex<BTreeMap<DeliveryId, Guards>>>);

#[derive(Debug)]
struct Guards {
    /// 1 or more.
    count: usize,
    /// When the first of them was made.
    since: Instant,
}

impl Guards {
    fn begin() -> Self {
        Self { count: 0, since: Instant::now() }
    }
}

impl BusySet {
    fn all(&self) -> MutexGuard<'_, BTreeMap<DeliveryId, Guards>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Until the guard is dropped.
    pub fn add(&self, id: DeliveryId) -> Busy {
        self.all().entry(id).or_insert_with(Guards::begin).count += 1;
        Busy { set: self.clone(), id }
    }

    pub(super) fn add_new(&self, id: DeliveryId) -> Option<Busy> {
        let mut all = self.all();
        if all.contains_key(&id) {
            return None;
        }
        all.insert(id, Guards { count: 1, ..Guards::begin() });
        Some(Busy { set: self.clone(), id })
    }

    pub(crate) fn contains(&self, id: DeliveryId) -> bool {
        self.all().contains_key(&id)
    }

    pub(crate) fn ids(&self) -> Vec<DeliveryId> {
        self.all().keys().copied().collect()
    }

    /// Each with the time somebody has been busy with it.
    pub(super) fn for_how_long(&self) -> Vec<(DeliveryId, Duration)> {
        self.all().iter().map(|(id, guards)| (*id, guards.since.elapsed())).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.all().len()
    }
}

/// Until it is dropped.
#[derive(Debug)]
pub struct Busy {
    set: BusySet,
    id: DeliveryId,
}

impl Busy {
    pub(crate) const fn id(&self) -> DeliveryId {
        self.id
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let mut all = self.set.all();
        if let Some(guards) = all.get_mut(&self.id) {
            guards.count -= 1;
            if guards.count == 0 {
                all.remove(&self.id);
            }
        }
    }
}
