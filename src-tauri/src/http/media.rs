//! The bytes of pictures, videos, sounds and files of patients. Whatever they are, a browser is
//! told to run nothing of them.

use std::io::SeekFrom;

use axum::{
    Extension,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

use super::FromWeb;
use crate::{
    domain::staff::Role,
    error::{Problem, Result},
    ops::{
        Caller,
        list::{allow, read},
        media::{self, OneMedia, Opened},
    },
};

/// Read at once.
const PIECE_BYTES: usize = 64 * 1024;

/// Nothing in it may run, load or be framed, even where somebody opens it by its address.
const CSP: &str = "sandbox; default-src 'none'";

/// `GET /api/media/{id}`, whole or one range of it.
pub(super) async fn serve(
    State(web): FromWeb,
    Extension(who): Extension<Caller>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let opened = async {
        allow(&who, Role::Viewer)?;
        let input: OneMedia = read(serde_json::json!({ "id": id }))?;
        media::open(&web.core, &who, input).await
    };
    let answered = match opened.await {
        Ok(opened) => answer(opened, headers.get(header::RANGE)).await,
        Err(problem) => Err(problem),
    };
    answered.unwrap_or_else(IntoResponse::into_response)
}

async fn answer(opened: Opened, range: Option<&HeaderValue>) -> Result<Response> {
    let name = opened.file_name.clone().unwrap_or_else(|| opened.plain_name());
    let Opened { mut file, size, shown_as, .. } = opened;
    let wanted = Wanted::of(range.and_then(|v| v.to_str().ok()), size);
    let (status, start, length) = match wanted {
        Wanted::All => (StatusCode::OK, 0, size),
        Wanted::Part { start, length } => (StatusCode::PARTIAL_CONTENT, start, length),
        Wanted::Nothing => (StatusCode::RANGE_NOT_SATISFIABLE, 0, 0),
    };
    file.seek(SeekFrom::Start(start))
        .await
        .map_err(|e| Problem::internal("reading a file of a patient", e))?;
    let body = Body::from_stream(ReaderStream::with_capacity(file.take(length), PIECE_BYTES));
    let mut response = (status, body).into_response();
    let mut set = |name, value: String| {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, shown_as.unwrap_or("application/octet-stream").to_owned());
    set(header::CONTENT_DISPOSITION, disposition(shown_as.is_some(), &name));
    set(header::CONTENT_LENGTH, length.to_string());
    set(header::ACCEPT_RANGES, "bytes".to_owned());
    // What is taken back must not stay in anybody's cache.
    set(header::CACHE_CONTROL, "private, no-store".to_owned());
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

/// What of a file is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    All,
    Part {
        start: u64,
        length: u64,
    },
    /// A range that lies outside.
    Nothing,
}

impl Wanted {
    /// Reads a `Range` header (RFC 9110, section 14.2). Several ranges, or what is none, ask for
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

/// Shown where it may be; else saved, under the name the patient gave it.
fn disposition(is_shown: bool, name: &str) -> String {
    let how = if is_shown { "inline" } else { "attachment" };
    // RFC 8187: every byte that is no plain character is written by its number.
    let encoded: String = name
        .bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(b).to_string(),
            _ => format!("%{b:02X}"),
        })
        .collect();
    format!("{how}; filename*=UTF-8''{encoded}")
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

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        let said = disposition(false, "a\"; x=\r\nแผล.html");
        assert_eq!(said, "attachment; filename*=UTF-8''a%22%3B%20x%3D%0D%0A%E0%B9%81%E0%B8%9C%E0%B8%A5.html");
        assert_eq!(disposition(true, "image.png"), "inline; filename*=UTF-8''image.png");
    }
}
