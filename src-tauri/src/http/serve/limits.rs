//! How many may be connected, and how slow they may be.

use std::time::Duration;

/// How many may be connected, and how slow they may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) connections: usize,
    /// How many of these from this machine: a reverse proxy or tunnel has everybody's.
    pub(crate) from_loopback: usize,
    /// How many of these from any other address (IPv6: any other /64, which is one subscriber).
    pub(crate) from_one_address: usize,
    /// Time for the head of a request, counted from the end of the one before.
    pub(crate) head: Duration,
    /// Longest pause of a reader of an answer.
    pub(crate) stall: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: connections_possible(2_048),
            from_loopback: connections_possible(1_536),
            from_one_address: 192,
            head: Duration::from_secs(10),
            stall: Duration::from_secs(30),
        }
    }
}

/// Files that stay free for the database, LINE and the log.
const FILES_KEPT_FREE: usize = 256;

/// At most `wanted`, and no more than the system gives this process files for: where
/// connections use them up, the database cannot be opened any more.
#[cfg(unix)]
fn connections_possible(wanted: usize) -> usize {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    let needed = u64::try_from(wanted + FILES_KEPT_FREE).unwrap_or(u64::MAX);
    let possible = needed.min(limit.maximum.unwrap_or(u64::MAX));
    if limit.current.is_some_and(|current| current < possible) {
        let before = limit.current;
        limit.current = Some(possible);
        if setrlimit(Resource::Nofile, limit).is_err() {
            limit.current = before;
        }
    }
    let files = limit.current.and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX);
    wanted.min(files.saturating_sub(FILES_KEPT_FREE).max(16))
}

#[cfg(not(unix))]
fn connections_possible(wanted: usize) -> usize {
    wanted
}
