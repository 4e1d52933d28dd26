//! What comes with a message besides its words (Messaging API, "Webhook event objects").

use serde_json::Value;

use crate::{
    domain::media::{Attachment, Details, Place, Sticker},
    files::plain_name,
};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct With {
    pub(crate) attachment: Option<Attachment>,
    /// A place, a sticker, an address.
    pub(crate) details: Option<Details>,
}

/// The most characters of a file's name; most file systems take 255 bytes.
const MAX_FILE_NAME: usize = 200;

const MAX_ADDRESS: usize = 2_000;

/// The most words kept of a sticker ("keywords": up to 15).
const MAX_KEYWORDS: usize = 15;

/// Empty where it is not as documented.
pub(super) fn of(message: &Value) -> With {
    let kind = message["type"].as_str().unwrap_or_default();
    let address = address(message);
    let fetched = matches!(kind, "image" | "video" | "audio" | "file") && address.is_none();
    let attachment = fetched.then(|| Attachment {
        file_name: text(message, "fileName", MAX_FILE_NAME).as_deref().and_then(plain_name),
        size: message["fileSize"].as_u64(),
    });
    let details = match kind {
        "location" => place(message).map(|place| Details { place: Some(place), ..Details::default() }),
        "sticker" => sticker(message).map(|sticker| Details { sticker: Some(sticker), ..Details::default() }),
        _ => address.map(|address| Details { address: Some(address), ..Details::default() }),
    };
    With { attachment, details }
}

fn address(message: &Value) -> Option<String> {
    let provider = &message["contentProvider"];
    (provider["type"] == "external")
        .then(|| text(provider, "originalContentUrl", MAX_ADDRESS).unwrap_or_default())
}

fn place(message: &Value) -> Option<Place> {
    let degrees = |name: &str, max: f64| {
        message[name].as_f64().filter(|d| d.abs() <= max).map(|degrees| degrees.to_string())
    };
    Some(Place {
        title: text(message, "title", 200),
        address: text(message, "address", 500),
        latitude: degrees("latitude", 90.0)?,
        longitude: degrees("longitude", 180.0)?,
    })
}

fn sticker(message: &Value) -> Option<Sticker> {
    let words = message["keywords"].as_array().into_iter().flatten().filter_map(Value::as_str);
    Some(Sticker {
        package_id: text(message, "packageId", 50)?,
        sticker_id: text(message, "stickerId", 50)?,
        keywords: words.take(MAX_KEYWORDS).map(|word| word.chars().take(100).collect()).collect(),
    })
}

fn text(value: &Value, name: &str, max: usize) -> Option<String> {
    let text = value[name].as_str()?;
    (!text.is_empty()).then(|| text.chars().take(max).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_lies_elsewhere_is_an_address_and_nothing_to_fetch() {
        let elsewhere = json!({ "type": "image", "contentProvider": { "type": "external",
            "originalContentUrl": "https://example.org/a.jpg" } });
        let With { attachment, details } = of(&elsewhere);
        assert_eq!(attachment, None);
        assert_eq!(details.and_then(|d| d.address).as_deref(), Some("https://example.org/a.jpg"));
        let at_line = of(&json!({ "type": "image", "contentProvider": { "type": "line" } }));
        assert_eq!(at_line, With { attachment: Some(Attachment::default()), details: None });
    }

    #[test]
    fn a_place_that_is_nowhere_on_earth_is_none() {
        let place = |latitude: f64| json!({ "type": "location", "latitude": latitude, "longitude": 100.5, "title": "Home" });
        assert!(of(&place(13.75)).details.is_some());
        assert_eq!(of(&place(91.0)), With::default());
        assert_eq!(of(&json!({ "type": "location", "latitude": "north" })), With::default());
    }
}
