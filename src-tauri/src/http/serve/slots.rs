//! The connected callers, and which of them gives way when there is no place left.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv6Addr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio_util::sync::CancellationToken;

use super::Limits;

#[derive(Default)]
pub(super) struct Open {
    limits: Limits,
    places: Mutex<BTreeMap<u64, Connected>>,
    count: AtomicU64,
}

struct Connected {
    from: IpAddr,
    /// The counter's value when the last request ended; `BUSY` while one is under way.
    idle_since: Arc<AtomicU64>,
    make_room: CancellationToken,
}

const BUSY: u64 = u64::MAX;

impl Open {
    pub(super) fn within(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// A place for a connection from `ip`. Where there is none, the connection that has been
    /// idle longest gives way, so that idle ones keep nobody out; `None` when all are busy.
    pub(super) fn place(open: &Arc<Self>, ip: IpAddr) -> Option<Slot> {
        let (from, max) = match subscriber(ip) {
            from if from.is_loopback() => (from, open.limits.from_loopback),
            from => (from, open.limits.from_one_address),
        };
        let number = open.next();
        let mut places = open.places();
        let crowded = places.values().filter(|c| c.from == from).count() >= max;
        if crowded || places.len() >= open.limits.connections {
            let idlest = places
                .iter()
                .filter(|(_, c)| !crowded || c.from == from)
                .map(|(number, c)| (c.idle_since.load(Ordering::Acquire), *number))
                .min()
                .filter(|(since, _)| *since != BUSY);
            places.remove(&idlest?.1)?.make_room.cancel();
        }
        let (idle_since, make_room) = (Arc::new(AtomicU64::new(number)), CancellationToken::new());
        let connected = Connected { from, idle_since: Arc::clone(&idle_since), make_room: make_room.clone() };
        places.insert(number, connected);
        drop(places);
        Some(Slot { open: Arc::clone(open), number, idle_since, make_room })
    }

    fn places(&self) -> MutexGuard<'_, BTreeMap<u64, Connected>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> u64 {
        self.count.fetch_add(1, Ordering::Relaxed)
    }
}

/// The unit that places are counted by: an IPv4 address, or a /64 of IPv6, which is one subscriber.
fn subscriber(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(v6) if !v6.is_loopback() => {
            IpAddr::V6(Ipv6Addr::from(u128::from(v6) & !u128::from(u64::MAX)))
        }
        other => other,
    }
}

/// Freed on drop.
pub(super) struct Slot {
    open: Arc<Open>,
    number: u64,
    idle_since: Arc<AtomicU64>,
    pub(super) make_room: CancellationToken,
}

impl Slot {
    pub(super) fn is_idle(&self) -> bool {
        self.idle_since.load(Ordering::Acquire) != BUSY
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.open.places().remove(&self.number);
    }
}

/// Until it is dropped.
pub(super) struct Busy(Arc<Slot>);

impl Busy {
    pub(super) fn with(place: &Arc<Slot>) -> Self {
        place.idle_since.store(BUSY, Ordering::Release);
        Self(Arc::clone(place))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.idle_since.store(self.0.open.next(), Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscriber_is_an_address_or_a_64_of_ipv6() {
        let of = |ip: &str| subscriber(ip.parse().expect("an address")).to_string();
        assert_eq!(of("192.168.1.5"), "192.168.1.5");
        assert_eq!(of("::ffff:192.168.1.5"), "192.168.1.5");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("::1"), "::1");
    }
}
