//! What LINE's answer to a push means. Pure.

use reqwest::{StatusCode, header::HeaderMap};
use serde::Deserialize;

use crate::domain::delivery::Cause;

/// What became of a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PushOutcome {
    /// LINE has it: now, or since an earlier request under the same key (409).
    Accepted {
        /// LINE's ids of the message objects, in their order.
        line_message_ids: Vec<String>,
        /// LINE's id of the request that was accepted.
        request_id: Option<String>,
        /// Whether an earlier request had been accepted already.
        already: bool,
    },
    /// LINE does not have it, and may take it later.
    Retry {
        /// Why.
        cause: Cause,
        /// LINE's status; `None` when no connection came about.
        status: Option<u16>,
        /// LINE asks not to come back before so many milliseconds.
        not_before_ms: Option<i64>,
        /// LINE's words, or ours.
        text: String,
    },
    /// LINE will not take it as it is.
    Refused {
        /// Why.
        cause: Cause,
        /// LINE's status.
        status: u16,
        /// LINE's words.
        text: String,
    },
    /// LINE takes nothing of this channel at present.
    ChannelDown {
        /// Why.
        cause: Cause,
        /// LINE's status.
        status: u16,
        /// LINE's words.
        text: String,
    },
    /// The answer was lost: LINE may have it or not. The same key finds out.
    Unknown {
        /// What happened to the answer.
        text: String,
    },
}

impl PushOutcome {
    /// LINE's status, where it answered.
    pub const fn status(&self) -> Option<u16> {
        match self {
            Self::Accepted { already, .. } => Some(if *already { 409 } else { 200 }),
            Self::Retry { status, .. } => *status,
            Self::Refused { status, .. } | Self::ChannelDown { status, .. } => Some(*status),
            Self::Unknown { .. } => None,
        }
    }

    /// Whether LINE may have taken the message without saying so: the answer was lost, or LINE
    /// failed after it had the request.
    pub const fn may_be_accepted(&self) -> bool {
        match self {
            Self::Unknown { .. } => true,
            Self::Retry { cause, status, .. } => matches!(cause, Cause::LineUnavailable) && status.is_some(),
            Self::Accepted { .. } | Self::Refused { .. } | Self::ChannelDown { .. } => false,
        }
    }

    /// What went wrong, in LINE's words or ours.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Accepted { .. } => None,
            Self::Retry { text, .. }
            | Self::Refused { text, .. }
            | Self::ChannelDown { text, .. }
            | Self::Unknown { text } => Some(text),
        }
    }
}

/// `{"sentMessages":[{"id","quoteToken"?}]}`
#[derive(Debug, Default, Deserialize)]
struct Sent {
    #[serde(rename = "sentMessages", default)]
    sent_messages: Vec<SentMessage>,
}

#[derive(Debug, Deserialize)]
struct SentMessage {
    id: String,
}

/// `{"message","details":[{"message","property"}]}`
#[derive(Debug, Default, Deserialize)]
struct ErrorBody {
    #[serde(default)]
    message: String,
    #[serde(default)]
    details: Vec<Detail>,
}

#[derive(Debug, Deserialize)]
struct Detail {
    #[serde(default)]
    message: String,
    #[serde(default)]
    property: String,
}

/// Reads an answer to a push. The texts of LINE's errors are not guaranteed, so the status
/// decides and the text only tells kinds of 400 and 429 apart.
pub fn classify(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> PushOutcome {
    match status.as_u16() {
        200..=299 => accepted(headers, body),
        409 => accepted_before(headers, body),
        status => refused(status, headers, body),
    }
}

fn accepted(headers: &HeaderMap, body: &[u8]) -> PushOutcome {
    match serde_json::from_slice::<Sent>(body) {
        Ok(sent) => PushOutcome::Accepted {
            line_message_ids: sent.sent_messages.into_iter().map(|m| m.id).collect(),
            request_id: header(headers, "x-line-request-id"),
            already: false,
        },
        Err(_) => PushOutcome::Unknown { text: "LINE's answer could not be read".into() },
    }
}

/// 409: this key was accepted before, whatever else the answer says.
fn accepted_before(headers: &HeaderMap, body: &[u8]) -> PushOutcome {
    let sent: Sent = serde_json::from_slice(body).unwrap_or_default();
    PushOutcome::Accepted {
        line_message_ids: sent.sent_messages.into_iter().map(|m| m.id).collect(),
        request_id: header(headers, "x-line-accepted-request-id"),
        already: true,
    }
}

fn refused(status: u16, headers: &HeaderMap, body: &[u8]) -> PushOutcome {
    let error: ErrorBody = serde_json::from_slice(body).unwrap_or_default();
    let text = in_words(&error, status);
    let hint = error.message.to_ascii_lowercase();
    let retry = |cause| PushOutcome::Retry {
        cause,
        status: Some(status),
        not_before_ms: retry_after_ms(headers),
        text: text.clone(),
    };
    let refuse = |cause| PushOutcome::Refused { cause, status, text: text.clone() };
    match status {
        400 if error.details.is_empty() && hint.contains("failed to send messages") => {
            refuse(Cause::PatientUnknown)
        }
        400 => refuse(Cause::MessageInvalid),
        401 => PushOutcome::ChannelDown { cause: Cause::TokenInvalid, status, text },
        403 => refuse(Cause::NotAllowed),
        429 if hint.contains("monthly limit") => {
            PushOutcome::ChannelDown { cause: Cause::QuotaExhausted, status, text }
        }
        429 if hint.contains("user") => retry(Cause::PatientRateLimited),
        429 => retry(Cause::RateLimited),
        408 | 425 | 500..=599 => retry(Cause::LineUnavailable),
        // A redirect or another surprise of something between us and LINE.
        100..=399 => PushOutcome::Unknown { text },
        _ => refuse(Cause::Refused),
    }
}

/// Characters of LINE's words that are kept.
const MAX_TEXT: usize = 300;

fn in_words(error: &ErrorBody, status: u16) -> String {
    if error.message.is_empty() {
        return format!("LINE answered {status}");
    }
    let details =
        error.details.iter().map(|d| format!("; {}: {}", d.property, d.message)).collect::<String>();
    format!("{}{details}", error.message).chars().take(MAX_TEXT).collect()
}

/// The longest wait that is taken from LINE; longer ones are asked again.
const MAX_WAIT_MS: i64 = 3_600_000;

/// `Retry-After` in seconds; LINE documents none, and one may come from a proxy.
fn retry_after_ms(headers: &HeaderMap) -> Option<i64> {
    let seconds: i64 = header(headers, "retry-after")?.trim().parse().ok()?;
    (seconds >= 0).then(|| seconds.saturating_mul(1000).min(MAX_WAIT_MS))
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.chars().take(100).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> PushOutcome {
        let status = StatusCode::from_u16(status).expect("a status");
        classify(status, &HeaderMap::new(), body.as_bytes())
    }

    fn cause(status: u16, message: &str) -> (&'static str, Cause) {
        match answer(status, &format!(r#"{{"message":"{message}"}}"#)) {
            PushOutcome::Retry { cause, .. } => ("retry", cause),
            PushOutcome::Refused { cause, .. } => ("refused", cause),
            PushOutcome::ChannelDown { cause, .. } => ("down", cause),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_refusal_has_its_cause() {
        for (status, message, expected) in [
            (400, "The request body has 1 error(s)", ("refused", Cause::MessageInvalid)),
            (400, "Failed to send messages", ("refused", Cause::PatientUnknown)),
            (401, "Authentication failed", ("down", Cause::TokenInvalid)),
            (403, "Access to this API is not available", ("refused", Cause::NotAllowed)),
            (404, "Not found", ("refused", Cause::Refused)),
            (410, "Gone", ("refused", Cause::Refused)),
            (413, "Request Entity Too Large", ("refused", Cause::Refused)),
            (415, "Unsupported", ("refused", Cause::Refused)),
            (429, "The API rate limit has been exceeded. Try again later.", ("retry", Cause::RateLimited)),
            (429, "You have reached your monthly limit.", ("down", Cause::QuotaExhausted)),
            (429, "Too many messages to the same user", ("retry", Cause::PatientRateLimited)),
            (500, "Internal server error", ("retry", Cause::LineUnavailable)),
            (503, "Service unavailable", ("retry", Cause::LineUnavailable)),
        ] {
            assert_eq!(cause(status, message), expected, "{status} {message}");
        }
    }

    #[test]
    fn a_repeat_under_a_known_key_counts_as_accepted() {
        let outcome =
            answer(409, r#"{"message":"The retry key is already accepted","sentMessages":[{"id":"461"}]}"#);
        assert!(
            matches!(outcome, PushOutcome::Accepted { already: true, ref line_message_ids, .. } if line_message_ids == &["461"])
        );
        assert!(matches!(answer(409, "not json"), PushOutcome::Accepted { .. }));
    }

    #[test]
    fn an_unreadable_success_is_unknown() {
        assert!(matches!(answer(200, r#"{"sentMess"#), PushOutcome::Unknown { .. }));
        assert!(matches!(answer(302, ""), PushOutcome::Unknown { .. }));
    }

    #[test]
    fn a_retry_after_is_read_in_seconds_and_capped() {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", "30".parse().expect("a value"));
        assert_eq!(retry_after_ms(&headers), Some(30_000));
        headers.insert("retry-after", "999999999".parse().expect("a value"));
        assert_eq!(retry_after_ms(&headers), Some(MAX_WAIT_MS));
    }
}
