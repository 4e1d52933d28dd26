//! Why a call to LINE failed.

use reqwest::{Response, StatusCode, header::HeaderMap};

use super::outcome::classify;
use crate::domain::named_enum;

/// The most bytes read of an answer; LINE's are small.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

named_enum! {
    /// How LINE could not be reached.
    Unreached {
        /// No connection was made.
        NoConnection = "noConnection",
        /// LINE did not answer in time.
        NoAnswer = "noAnswer",
        /// The connection was lost during the answer.
        CutOff = "cutOff",
        /// The answer is not of the documented form.
        Unreadable = "unreadable",
    }
}

impl Unreached {
    /// English, for logs and for programs.
    pub(crate) const fn in_words(self) -> &'static str {
        match self {
            Self::NoConnection => "no connection came about",
            Self::NoAnswer => "it did not answer in time",
            Self::CutOff => "its answer was cut off",
            Self::Unreadable => "its answer could not be read",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LineError {
    #[error("LINE could not be reached: {}", .0.in_words())]
    Unreachable(Unreached),
    #[error("LINE answered {status}{}{message}", if message.is_empty() { "" } else { ": " })]
    Refused {
        status: u16,
        /// In LINE's words; empty where it gave none.
        message: String,
    },
}

pub(super) fn unreachable(error: reqwest::Error) -> LineError {
    LineError::Unreachable(if error.is_timeout() { Unreached::NoAnswer } else { Unreached::NoConnection })
}

pub(super) fn refused(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> LineError {
    let message = classify(status, headers, body).text().unwrap_or_default().to_owned();
    LineError::Refused { status: status.as_u16(), message }
}

/// Up to [`MAX_ANSWER_BYTES`] bytes.
pub(super) async fn read(mut response: Response) -> Result<Vec<u8>, Unreached> {
    let mut bytes = Vec::new();
    loop {
        match response.chunk().await {
            Ok(None) => return Ok(bytes),
            Ok(Some(chunk)) if bytes.len() + chunk.len() <= MAX_ANSWER_BYTES => {
                bytes.extend_from_slice(&chunk);
            }
            Ok(Some(_)) => return Err(Unreached::Unreadable),
            Err(_) => return Err(Unreached::CutOff),
        }
    }
}
