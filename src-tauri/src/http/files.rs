//! A file, whole or one range of it.

use std::io::SeekFrom;

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use tokio::{
    fs::File,
    io::{AsyncReadExt as _, AsyncSeekExt as _},
};
use tokio_util::io::ReaderStream;

use crate::error::{Problem, Result};

/// Bytes read from the disk at once.
const PIECE_BYTES: usize = 64 * 1024;

/// Lets nothing in the file run, load or be framed, even where somebody opens it by its address.
const CSP: &str = "sandbox; default-src 'none'";

pub(super) struct Sent {
    pub(super) file: File,
    pub(super) size: u64,
    pub(super) content_type: String,
    pub(super) disposition: String,
    pub(super) cache: &'static str,
}

/// Answers with the part that `range` asks for. `tower_http`'s `ServeFile` would refuse several
/// ranges and units other than bytes, which RFC 9110 lets a server answer whole; and it takes a
/// path, not an open file.
pub(super) async fn answer(sent: Sent, range: Option<&HeaderValue>) -> Result<Response> {
    let Sent { mut file, size, content_type, disposition, cache } = sent;
    let wanted = Wanted::of(range.and_then(|v| v.to_str().ok()), size);
    let (status, start, length) = match wanted {
        Wanted::All => (StatusCode::OK, 0, size),
        Wanted::Part { start, length } => (StatusCode::PARTIAL_CONTENT, start, length),
        Wanted::Nothing => (StatusCode::RANGE_NOT_SATISFIABLE, 0, 0),
    };
    file.seek(SeekFrom::Start(start)).await.map_err(|e| Problem::internal("reading a file", e))?;
    let body = Body::from_stream(ReaderStream::with_capacity(file.take(length), PIECE_BYTES));
    let mut response = (status, body).into_response();
    let mut set = |name, value: String| {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, content_type);
    set(header::CONTENT_DISPOSITION, disposition);
    set(header::CONTENT_LENGTH, length.to_string());
    set(header::ACCEPT_RANGES, "bytes".to_owned());
    set(header::CACHE_CONTROL, cache.to_owned());
    set(header::CONTENT_SECURITY_POLICY, CSP.to_owned());
    match wanted {
        Wanted::All => {}
        Wanted::Part { .. } => {
            set(header::CONTENT_RANGE, format!("bytes {start}-{}/{size}", start + length - 1));
        }
        Wanted::Nothing => set(header::CONTENT_RANGE, format!("bytes */{size}")),
    }
    Ok(response)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    All,
    Part {
        start: u64,
        length: u64,
    },
    /// A range that lies outside the file: 416.
    Nothing,
}

impl Wanted {
    /// Reads a `Range` header (RFC 9110, section 14.2). Several ranges, or an invalid one, ask for
    /// the whole.
    fn of(range: Option<&str>, size: u64) -> Self {
        let Some((first, last)) = range.and_then(|r| r.strip_prefix("bytes=")?.split_once('-')) else {
            return Self::All;
        };
        let (start, end) = match (first.trim().parse::<u64>(), last.trim().parse::<u64>()) {
            (Ok(start), Ok(end)) if start <= end => (start, end.saturating_add(1).min(size)),
            (Ok(start), Err(_)) if last.trim().is_empty() => (start, size),
            (Err(_), Ok(count)) if first.trim().is_empty() => (size.saturating_sub(count), size),
            _ => return Self::All,
        };
        if start >= end { Self::Nothing } else { Self::Part { start, length: end - start } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_answered_and_what_is_none_gets_the_whole() {
        let part = |start, length| Wanted::Part { start, length };
        for (range, wanted) in [
            ("bytes=0-0", part(0, 1)),
            ("bytes=2-5", part(2, 4)),
            ("bytes=2-", part(2, 8)),
            ("bytes=-3", part(7, 3)),
            ("bytes=-30", part(0, 10)),
            ("bytes=8-99", part(8, 2)),
            ("bytes=10-", Wanted::Nothing),
            ("bytes=-0", Wanted::Nothing),
            ("bytes=5-2", Wanted::All),
            ("bytes=0-1,3-4", Wanted::All),
            ("bytes=a-b", Wanted::All),
            ("rows=1-2", Wanted::All),
            ("bytes=-", Wanted::All),
        ] {
            assert_eq!(Wanted::of(Some(range), 10), wanted, "{range}");
        }
        assert_eq!(Wanted::of(None, 10), Wanted::All);
        assert_eq!(Wanted::of(Some("bytes=0-"), 0), Wanted::Nothing);
    }
}
