//! Limits of connections: how many, and how slow.

use std::time::Duration;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) connections: usize,
    /// The most from this machine: a reverse proxy or tunnel has everybody's.
    pub(crate) from_loopback: usize,
    /// The most from any other address (for IPv6, any other /64, which is one subscriber).
    pub(crate) from_one_address: usize,
    /// The time for the head of a request, counted from the end of the one before.
    pub(crate) head: Duration,
    /// The longest pause of a reader of an answer.
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

/// Files kept free for the database, LINE and the log.
const FILES_KEPT_FREE: usize = 256;

/// At most `wanted`, and fewer where the system allows this process few open files: connections
/// must not use them up, or the database cannot be opened.
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
