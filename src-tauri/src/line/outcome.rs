//! The meaning of LINE's answer to a push. Pure.

use reqwest::{StatusCode, header::HeaderMap};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;

use super::retry_after::retry_after_ms;
use crate::{
    domain::{delivery::Cause, unseen::turns_direction},
    fields::or_default,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PushOutcome {
    /// LINE has it: now, or since an earlier request under the same key (409).
    Accepted {
        /// Of the message objects, in their order.
        line_message_ids: Vec<String>,
        /// LINE's id of the request that was accepted.
        request_id: Option<String>,
        /// Whether an earlier request had been accepted already.
        already: bool,
    },
    /// LINE does not have it, and may take it later.
    Retry {
        cause: Cause,
        /// Milliseconds that LINE asks to wait before the next call.
        not_before_ms: Option<i64>,
        answer: LineAnswer,
    },
    /// LINE refuses it as it is.
    Refused { cause: Cause, answer: LineAnswer },
    /// LINE takes nothing of this channel now.
    ChannelDown { cause: Cause, answer: LineAnswer },
    /// The answer was lost, or cannot be read: LINE may have it or not. A retry under the same key
    /// finds out.
    Unknown,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LineAnswer {
    /// LINE's status; `None` when no connection came about.
    pub(crate) status: Option<u16>,
    /// LINE's id of the request, by which LINE's support finds it.
    pub(crate) request_id: Option<String>,
    /// LINE's words, with the path of what it refused; at most [`MAX_TEXT`] characters. `None`
    /// where it gave none.
    pub(crate) text: Option<String>,
}

impl PushOutcome {
    const fn answer(&self) -> Option<&LineAnswer> {
        match self {
            Self::Retry { answer, .. } | Self::Refused { answer, .. } | Self::ChannelDown { answer, .. } => {
                Some(answer)
            }
            Self::Accepted { .. } | Self::Unknown => None,
        }
    }

    pub(crate) fn request_id(&self) -> Option<&str> {
        match self {
            Self::Accepted { request_id, .. } => request_id.as_deref(),
            other => other.answer()?.request_id.as_deref(),
        }
    }

    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            Self::Accepted { already, .. } => Some(if *already { 409 } else { 200 }),
            other => other.answer()?.status,
        }
    }

    /// Whether LINE may have taken the message without saying so: the answer was lost, or LINE
    /// failed after it had the request.
    pub(crate) const fn may_be_accepted(&self) -> bool {
        match self {
            Self::Unknown => true,
            Self::Retry { cause, answer, .. } => {
                matches!(cause, Cause::LineUnavailable) && answer.status.is_some()
            }
            Self::Accepted { .. } | Self::Refused { .. } | Self::ChannelDown { .. } => false,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        self.answer()?.text.as_deref()
    }
}

/// `{"sentMessages":[{"id","quoteToken"?}]}`
#[derive(Debug, Default, Deserialize)]
struct Sent {
    #[serde(rename = "sentMessages", default, deserialize_with = "or_default")]
    sent_messages: Vec<Value>,
}

impl Sent {
    fn ids(&self) -> Vec<String> {
        self.sent_messages
            .iter()
            .filter_map(|message| Some(message.get("id")?.as_str()?.to_owned()))
            .collect()
    }
}

/// Reads an object; a list is refused, which serde would read as the members in order.
pub(super) fn object<T: DeserializeOwned>(body: &[u8]) -> serde_json::Result<T> {
    serde_json::from_value(Value::Object(serde_json::from_slice(body)?))
}

/// `{"message","details":[{"message","property"}]}`
#[derive(Debug, Default, Deserialize)]
pub(super) struct ErrorBody {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) message: String,
    /// `None` for the `null` that LINE gives beside some refusals.
    #[serde(default, deserialize_with = "as_far_as_known")]
    details: Option<Vec<Detail>>,
}

impl ErrorBody {
    pub(super) fn details(&self) -> &[Detail] {
        self.details.as_deref().unwrap_or_default()
    }

    /// Whether LINE refuses the addressee. It says so in three forms: `details` that name `to`, a
    /// message that names it, and a message without details.
    fn is_about_the_addressee(&self) -> bool {
        let hint = self.message.to_ascii_lowercase();
        // Words about a text of the message may quote it.
        let unnamed = self.details().is_empty() && is_all_it_says(&hint, "failed to send messages");
        // Words about another property may quote the text of the message, which may say "to".
        let names_to = |d: &Detail| d.property.is_empty() && is_about_to(&d.message.to_ascii_lowercase());
        unnamed
            || (self.details().is_empty() && is_about_to(&hint))
            || self.details().iter().any(|d| d.property.trim_start_matches('/') == "to" || names_to(d))
    }
}

/// Whether a message says this and nothing else.
fn is_all_it_says(hint: &str, words: &str) -> bool {
    hint.trim().trim_end_matches('.') == words
}

/// Whether LINE's words are about the property `to`.
fn is_about_to(hint: &str) -> bool {
    ["property, 'to'", "property 'to'", "property \"to\"", "property, \"to\""]
        .iter()
        .any(|named| hint.contains(named))
}

#[derive(Debug, Deserialize)]
pub(super) struct Detail {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) message: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) property: String,
}

/// Reads details; an unknown form of them must not lose the words beside them.
fn as_far_as_known<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Detail>>, D::Error> {
    let Value::Array(details) = Value::deserialize(deserializer)? else { return Ok(None) };
    let objects = details.into_iter().filter(Value::is_object);
    Ok(Some(objects.filter_map(|detail| serde_json::from_value(detail).ok()).collect()))
}

/// Reads an answer to a push. The texts of LINE's errors are not guaranteed, so the status
/// decides and the text only tells kinds of 400 and 429 apart.
pub(crate) fn classify(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> PushOutcome {
    match status.as_u16() {
        200..=299 => accepted(headers, body),
        409 => accepted_before(headers, body),
        status => refused(status, headers, body),
    }
}

fn accepted(headers: &HeaderMap, body: &[u8]) -> PushOutcome {
    match object::<Sent>(body) {
        Ok(sent) => PushOutcome::Accepted {
            line_message_ids: sent.ids(),
            request_id: header(headers, "x-line-request-id"),
            already: false,
        },
        Err(_) => PushOutcome::Unknown,
    }
}

/// Handles 409: this key was accepted before, whatever else the answer says.
fn accepted_before(headers: &HeaderMap, body: &[u8]) -> PushOutcome {
    let sent: Sent = object(body).unwrap_or_default();
    PushOutcome::Accepted {
        line_message_ids: sent.ids(),
        request_id: header(headers, "x-line-accepted-request-id"),
        already: true,
    }
}

fn refused(status: u16, headers: &HeaderMap, body: &[u8]) -> PushOutcome {
    let error: ErrorBody = object(body).unwrap_or_default();
    let hint = error.message.to_ascii_lowercase();
    let request_id = header(headers, "x-line-request-id");
    let answer = LineAnswer { status: Some(status), request_id, text: in_words(&error) };
    let not_before_ms = retry_after_ms(headers);
    let (retry, refused) = (
        |cause, answer| PushOutcome::Retry { cause, not_before_ms, answer },
        |cause, answer| PushOutcome::Refused { cause, answer },
    );
    match status {
        400 if error.is_about_the_addressee() => refused(Cause::PatientUnknown, answer),
        400 => refused(Cause::MessageInvalid, answer),
        401 => PushOutcome::ChannelDown { cause: Cause::TokenInvalid, answer },
        403 => refused(Cause::NotAllowed, answer),
        // By its words only: LINE's counts decide.
        429 if hint.contains("monthly limit") => retry(Cause::QuotaExhausted, answer),
        429 if hint.contains("user") => retry(Cause::PatientRateLimited, answer),
        429 => retry(Cause::RateLimited, answer),
        status if passes(status) => retry(Cause::LineUnavailable, answer),
        // A redirect or another surprise from something between us and LINE.
        100..=399 => PushOutcome::Unknown,
        _ => refused(Cause::Refused, answer),
    }
}

/// Whether a status is a fault of LINE or of something on the way, and no refusal: the same request
/// may be taken later.
pub(crate) const fn passes(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..=599)
}

/// The most characters kept of LINE's words: a refusal names each place.
const MAX_TEXT: usize = 1_000;

fn in_words(error: &ErrorBody) -> Option<String> {
    let joined = |parts: &[&str], by: &str| {
        parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(by)
    };
    let details: Vec<_> = error.details().iter().map(|d| joined(&[&d.property, &d.message], ": ")).collect();
    let said: Vec<_> =
        std::iter::once(error.message.as_str()).chain(details.iter().map(String::as_str)).collect();
    let words = one_line(&joined(&said, "; "), MAX_TEXT);
    Some(words).filter(|words| !words.is_empty())
}

/// LINE's words cut to `max` characters, without characters that move a cursor or turn the text
/// direction.
pub(super) fn one_line(words: &str, max: usize) -> String {
    let seen = words.chars().filter(|c| !turns_direction(*c));
    seen.map(|c| if c.is_control() { ' ' } else { c }).take(max).collect()
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
            (429, "You have reached your monthly limit.", ("retry", Cause::QuotaExhausted)),
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
        assert!(matches!(answer(200, r#"{"sentMess"#), PushOutcome::Unknown));
        assert!(matches!(answer(200, r#"[[{"id":"1"}]]"#), PushOutcome::Unknown));
        assert!(matches!(answer(200, r#"{"sentMessages":null}"#), PushOutcome::Accepted { .. }));
        assert!(matches!(answer(302, ""), PushOutcome::Unknown));
    }

    #[test]
    fn lines_words_are_kept_whatever_is_missing_beside_them() {
        for (body, words) in [
            (r#"{"message":"no","details":[{"message":"nope","property":null}]}"#, Some("no; nope")),
            (r#"{"message":"no","details":[{"message":null,"property":"a"}]}"#, Some("no; a")),
            (r#"{"message":null,"details":[{"message":"May not","property":"a"}]}"#, Some("a: May not")),
            (r#"{"message":"no","details":"b"}"#, Some("no")),
            (r#"{"message":"no","details":{}}"#, Some("no")),
            (r#"{"message":"no","details":[["nope","a"],{"message":"x","property":"a"}]}"#, Some("no; a: x")),
            (r#"["message"]"#, None),
            (r#"{"message":null}"#, None),
            ("<html>", None),
        ] {
            assert_eq!(answer(400, body).text(), words, "{body}");
        }
        let to = answer(400, r#"{"message":"no","details":[{"message":null,"property":"to"}]}"#);
        assert!(matches!(to, PushOutcome::Refused { cause: Cause::PatientUnknown, .. }), "{to:?}");
    }

    #[test]
    fn a_refusal_of_the_addressee_is_known_in_every_form() {
        for body in [
            r#"{"message":"Failed to send messages"}"#,
            r#"{"message":"Failed to send messages","details":null}"#,
            r#"{"message":"The property, 'to', in the request body is invalid (line: -, column: -)"}"#,
            r#"{"message":"The request body has 1 error(s)","details":[{"message":"Must be a user","property":"to"}]}"#,
            r#"{"message":"x","details":[{"message":"The property 'to' is invalid","property":""}]}"#,
            r#"{"message":"x","details":[{"message":"Must be a user","property":"/to"}]}"#,
        ] {
            let outcome = answer(400, body);
            assert!(
                matches!(outcome, PushOutcome::Refused { cause: Cause::PatientUnknown, .. }),
                "{body}: {outcome:?}"
            );
        }
        let message = r#"{"message":"The request body has 1 error(s)","details":[{"message":"May not be empty","property":"messages[0].text"}]}"#;
        let quoted = r#"{"message":"The request body has 1 error(s)","details":[{"message":"'to' is no value of mode","property":"messages[0].mode"}]}"#;
        let in_text = r#"{"message":"A message ('how to', 'to') in the request body is invalid"}"#;
        let said = r#"{"message":"The text 'Failed to send messages' in the request body is invalid"}"#;
        for body in [message, quoted, in_text, said] {
            let outcome = answer(400, body);
            assert!(
                matches!(outcome, PushOutcome::Refused { cause: Cause::MessageInvalid, .. }),
                "{body}: {outcome:?}"
            );
        }
    }

    #[test]
    fn a_refusal_keeps_the_id_of_the_request_and_the_place_line_did_not_like() {
        let mut headers = HeaderMap::new();
        headers.insert("x-line-request-id", "7b2c".parse().expect("a value"));
        let body = br#"{"message":"A message (messages[0]) in the request body is invalid","details":[{"message":"invalid property","property":"/footer/contents/2"}]}"#;
        let outcome = classify(StatusCode::BAD_REQUEST, &headers, body);
        assert_eq!(outcome.request_id(), Some("7b2c"));
        assert!(outcome.text().expect("words").ends_with("; /footer/contents/2: invalid property"));
    }
}
