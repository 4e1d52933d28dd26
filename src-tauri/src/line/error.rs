//! Why a call to LINE came to nothing.

use reqwest::{Response, StatusCode, header::HeaderMap};

use super::outcome::classify;

/// LINE's answers are small; anything longer is cut off.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// Why a call other than push came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LineError {
    /// LINE could not be reached, or its answer could not be read.
    #[error("LINE could not be reached: {0}")]
    Unreachable(String),
    /// LINE answered with a status that is not a success.
    #[error("LINE answered {status}: {message}")]
    Refused {
        /// The HTTP status of the answer.
        status: u16,
        /// The `message` of the answer, in LINE's words.
        message: String,
    },
}

pub(super) fn unreachable(error: reqwest::Error) -> LineError {
    let why = if error.is_timeout() { "it did not answer in time" } else { "no connection" };
    LineError::Unreachable(why.into())
}

pub(super) fn refused(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> LineError {
    let message = classify(status, headers, body).text().unwrap_or_default().to_owned();
    LineError::Refused { status: status.as_u16(), message }
}

/// Reads an answer, up to [`MAX_ANSWER_BYTES`] bytes.
pub(super) async fn read(mut response: Response) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    loop {
        match response.chunk().await {
            Ok(None) => return Ok(bytes),
            Ok(Some(chunk)) if bytes.len() + chunk.len() <= MAX_ANSWER_BYTES => {
                bytes.extend_from_slice(&chunk);
            }
            Ok(Some(_)) => return Err("LINE's answer was too long".into()),
            Err(_) => return Err("LINE's answer was cut off".into()),
        }
    }
}
