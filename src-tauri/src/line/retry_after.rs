//! The wait LINE asks for.

use reqwest::header::HeaderMap;

use crate::clock::{HOUR_MS, Timestamp};

/// The longest wait taken from LINE; after it LINE is asked again.
const MAX_WAIT_MS: i64 = HOUR_MS;

/// The wait of `Retry-After` in milliseconds, given in seconds or as a date (RFC 9110, 10.2.3).
/// LINE documents none; a proxy may send one. A date is compared with the answer's own `Date`, not
/// with our clock.
pub(super) fn retry_after_ms(headers: &HeaderMap) -> Option<i64> {
    let text = header(headers, "retry-after")?;
    let ms = match text.trim().parse::<i64>() {
        Ok(seconds) => seconds.saturating_mul(1000),
        Err(_) => date(&text)?.millis_since(date(&header(headers, "date")?)?),
    };
    (ms >= 0).then_some(ms.min(MAX_WAIT_MS))
}

/// A date of a header, in any of the three forms a recipient takes (RFC 9110, 5.6.7):
/// `Sun, 06 Nov 1994 08:49:37 GMT` and two that are older.
pub(super) fn date(text: &str) -> Option<Timestamp> {
    Some(chrono::DateTime::<chrono::Utc>::from(httpdate::parse_http_date(text.trim()).ok()?).into())
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retry_after_is_read_in_seconds_and_capped() {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", "30".parse().expect("a value"));
        assert_eq!(retry_after_ms(&headers), Some(30_000));
        headers.insert("retry-after", "999999999".parse().expect("a value"));
        assert_eq!(retry_after_ms(&headers), Some(MAX_WAIT_MS));
    }

    #[test]
    fn a_retry_after_may_be_a_date_and_counts_from_the_date_of_the_answer() {
        let mut headers = HeaderMap::new();
        let mut put = |name: &'static str, value: &str| {
            headers.insert(name, value.parse().expect("a value"));
            retry_after_ms(&headers)
        };
        assert_eq!(put("retry-after", "Fri, 27 Nov 2026 10:00:30 GMT"), None, "from when is not known");
        assert_eq!(put("date", "Fri, 27 Nov 2026 10:00:00 GMT"), Some(30_000));
        for older in ["Friday, 27-Nov-26 10:00:30 GMT", "Fri Nov 27 10:00:30 2026"] {
            assert_eq!(put("retry-after", older), Some(30_000), "{older}");
        }
        assert_eq!(put("date", "Fri, 27 Nov 2026 11:00:00 GMT"), None, "it is past");
        assert_eq!(put("retry-after", "tomorrow"), None);
    }
}
