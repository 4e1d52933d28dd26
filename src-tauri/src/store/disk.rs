//! The disk of a clinic's data.

use std::path::Path;

/// Bytes that a backup or a practice clinic leaves free for the messages of the next hours.
pub(crate) const KEPT_FREE: u64 = 64 * 1024 * 1024;

/// Bytes free for writing at `path`; `None` where unknown.
#[cfg(unix)]
pub(crate) fn free(path: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(path).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

#[cfg(not(unix))]
pub(crate) fn free(_: &Path) -> Option<u64> {
    None
}
