//! The bytes of pictures, videos, sounds and files of patients. A browser is told to run nothing of
//! them.

use axum::{
    Extension,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::{
    FromWeb,
    files::{self, Sent},
    no_route_at,
};
use crate::{
    domain::staff::Role,
    error::Result,
    ops::{
        Caller,
        media::{self, OneMedia, Opened},
        operation::{allow, read},
    },
};

/// `GET /api/media/{id}`, whole or one range of it.
pub(super) async fn serve(
    State(web): FromWeb,
    Extension(who): Extension<Caller>,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let Ok(Path(id)) = path else { return no_route_at("/api/media/").into_response() };
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

/// `GET /m/{ticket}`, whole or one range of it, for a player, which sends no token.
pub(super) async fn by_ticket(
    State(web): FromWeb,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let Ok(Path(ticket)) = path else { return no_route_at(media::TICKETS).into_response() };
    let answered = match media::open_by_ticket(&web.core, &ticket).await {
        Ok(Some(opened)) => answer(opened, headers.get(header::RANGE)).await,
        // Never the whole path: a ticket opens its file.
        Ok(None) => Err(no_route_at(media::TICKETS)),
        Err(problem) => Err(problem),
    };
    answered.unwrap_or_else(IntoResponse::into_response)
}

async fn answer(opened: Opened, range: Option<&HeaderValue>) -> Result<Response> {
    let name = opened.file_name.clone().unwrap_or_else(|| opened.plain_name());
    let Opened { file, size, shown_as, .. } = opened;
    let sent = Sent {
        file,
        size,
        content_type: shown_as.unwrap_or("application/octet-stream").to_owned(),
        disposition: disposition(shown_as.is_some(), &name),
        // A file that is taken back must not stay in a cache.
        cache: "private, no-store",
    };
    files::answer(sent, range).await
}

/// The `Content-Disposition`: inline where the type may be shown; else an attachment under the name
/// the patient gave it.
fn disposition(is_shown: bool, name: &str) -> String {
    let how = if is_shown { "inline" } else { "attachment" };
    // RFC 8187: every byte that is no plain character is percent-encoded.
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
    fn a_name_cannot_break_out_of_its_header() {
        let said = disposition(false, "a\"; x=\r\nแผล.html");
        assert_eq!(said, "attachment; filename*=UTF-8''a%22%3B%20x%3D%0D%0A%E0%B9%81%E0%B8%9C%E0%B8%A5.html");
        assert_eq!(disposition(true, "image.png"), "inline; filename*=UTF-8''image.png");
    }
}
