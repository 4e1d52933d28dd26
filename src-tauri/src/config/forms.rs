//! The forms of texts of the settings, each with what the key takes. They are for whoever edits
//! the file, so they have no code and no translation.

use garde::{Error, Result};
use tracing_subscriber::EnvFilter;
use url::Url;

/// A filter of the log.
pub(super) fn filter(text: &str, (): &()) -> Result {
    let takes = "takes error, warn, info, debug, or a filter such as info,clinicue::delivery=debug";
    EnvFilter::try_new(text).map(drop).map_err(|_| Error::new(takes))
}

/// The base of addresses: what is asked for is written behind it.
pub(super) fn base(text: &str, (): &()) -> Result {
    let is_base = text.starts_with("https://") || text.starts_with("http://");
    let is_plain = !text.contains(|c: char| c.is_whitespace() || matches!(c, '?' | '#' | '@'));
    if is_base && is_plain && Url::parse(text).is_ok_and(|url| url.has_host()) {
        return Ok(());
    }
    Err(Error::new("takes an address such as https://api.line.me, without ? and #"))
}

/// The name of a host, with its port where that is another than ours.
pub(super) fn host(text: &str, (): &()) -> Result {
    let is_plain = !text.contains(|c: char| c.is_whitespace() || matches!(c, '/' | '\\' | '?' | '#' | '@'));
    if is_plain && Url::parse(&format!("http://{text}")).is_ok_and(|url| url.has_host()) {
        return Ok(());
    }
    Err(Error::new("takes names such as clinic.example or 127.0.0.1:8080, without https:// and /"))
}
