//! Pictures and videos that staff upload, to be shown in messages under an address that nobody can
//! guess.

use std::collections::BTreeSet;

use serde_json::Value;

use super::named_enum;

named_enum! {
    /// What was uploaded.
    #[serde(rename = "UploadKind")]
    Kind {
        /// A picture, JPEG or PNG.
        Picture = "picture",
        /// A video, MP4.
        Video = "video",
    }
}

/// Where uploads are served, without a session: LINE and the phones of patients fetch them here.
pub(crate) const PATH: &str = "/u/";

/// Letters of the random part of an address: 256 bits.
const TOKEN_LETTERS: usize = 43;

/// Most bytes of a picture, as it comes and as it is kept (LINE's image message).
pub(crate) const MAX_PICTURE_BYTES: usize = 10_000_000;

/// Most bytes of a video (LINE's video message).
pub(crate) const MAX_VIDEO_BYTES: usize = 200_000_000;

/// Most bytes of the small picture (LINE's image and video messages).
pub(crate) const MAX_PREVIEW_BYTES: usize = 1_000_000;

/// Most millions of pixels of a picture: more than the cameras of phones make, and few enough
/// that a picture made to fill the memory does not.
pub(crate) const MAX_MEGAPIXELS: u32 = 40;

/// Characters of the name of a file.
pub(crate) const MAX_FILE_NAME: usize = 200;

/// The name of the file at the end of an address. LINE knows no type by it; people do.
pub(crate) fn original_name(media_type: &str) -> &'static str {
    match media_type {
        "image/png" => "original.png",
        "video/mp4" => "original.mp4",
        _ => "original.jpg",
    }
}

/// The name of the small picture.
pub(crate) const PREVIEW_NAME: &str = "preview.jpg";

/// The address of a file of an upload below where the clinic is reached from outside.
pub(crate) fn path_of(token: &str, name: &str) -> String {
    format!("{PATH}{token}/{name}")
}

/// Whether it may be the random part of an address.
pub(crate) fn is_token(text: &str) -> bool {
    text.len() == TOKEN_LETTERS && text.bytes().all(is_of_token)
}

fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// The random parts of all addresses of uploads in a text, whatever stands around them.
pub(crate) fn tokens_in(text: &str) -> BTreeSet<&str> {
    let after = text.match_indices(PATH).map(|(at, path)| &text[at + path.len()..]);
    after
        .filter_map(|rest| {
            let token = rest.split(|c: char| !c.is_ascii() || !is_of_token(c as u8)).next()?;
            (is_token(token) && rest[token.len()..].starts_with('/')).then_some(token)
        })
        .collect()
}

/// The address of the small picture beside a picture of an upload; `None` of any other address.
pub(crate) fn preview_of(url: &str) -> Option<String> {
    let (before, rest) = url.rsplit_once(PATH)?;
    let (token, name) = rest.split_once('/')?;
    let is_picture = is_token(token) && matches!(name, "original.jpg" | "original.png");
    is_picture.then(|| before.to_owned() + &path_of(token, PREVIEW_NAME))
}

/// An address below the clinic's own, where it stands in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OwnAddress {
    pub(crate) field: String,
    pub(crate) token: String,
    /// The name of the file at its end.
    pub(crate) name: String,
    /// What belongs there; `None` where either may stand.
    pub(crate) takes: Option<Kind>,
}

/// Looks for addresses of uploads below `base`, the clinic's own.
#[derive(Debug)]
pub(crate) struct OwnAddresses {
    base: Option<Place>,
    pub(crate) found: Vec<OwnAddress>,
}

/// Where something lies on the web, however its address is written: capitals in the name, the
/// usual port, a dot at the end of the name.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    host: String,
    port: u16,
    path: String,
}

impl Place {
    fn of(url: &str) -> Option<Self> {
        let url = url::Url::parse(url).ok()?;
        // One who is asked under http:// is the same one.
        let port = url.port().filter(|port| !matches!(port, 80 | 443)).unwrap_or(443);
        let host = url.host_str()?.trim_end_matches('.').to_owned();
        Some(Self { host, port, path: url.path().trim_end_matches('/').to_owned() })
    }
}

impl OwnAddresses {
    pub(crate) fn below(base: &str) -> Self {
        Self { base: Place::of(base), found: Vec::new() }
    }

    pub(super) fn in_json(&mut self, value: &Value, path: &str) {
        match value {
            Value::Array(items) => {
                for (n, item) in items.iter().enumerate() {
                    self.in_json(item, &format!("{path}[{n}]"));
                }
            }
            Value::Object(members) => {
                let is_video = members.get("type").is_some_and(|kind| kind == "video");
                for (name, member) in members {
                    let here = format!("{path}.{name}");
                    let Value::String(text) = member else {
                        self.in_json(member, &here);
                        continue;
                    };
                    let takes = match name.as_str() {
                        "url" if is_video => Some(Kind::Video),
                        "url" | "previewUrl" | "imageUrl" | "thumbnailImageUrl" => Some(Kind::Picture),
                        _ => None,
                    };
                    self.in_text(text, here, takes);
                }
            }
            _ => {}
        }
    }

    /// In a text, whatever stands around them.
    pub(crate) fn in_text(&mut self, text: &str, field: String, takes: Option<Kind>) {
        let Some(base) = &self.base else { return };
        for (at, path) in text.match_indices(PATH) {
            let before = &text[..at];
            let plain = before.to_ascii_lowercase();
            let begin = ["http://", "https://"].iter().filter_map(|scheme| plain.rfind(scheme)).max();
            let Some(begin) = begin else { continue };
            if Place::of(&before[begin..]).as_ref() != Some(base) {
                continue;
            }
            let rest = &text[at + path.len()..];
            let (token, after) = rest.split_at(rest.bytes().take_while(|b| is_of_token(*b)).count());
            let name: String = after
                .strip_prefix('/')
                .unwrap_or_default()
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
                .collect();
            self.found.push(OwnAddress { field: field.clone(), token: token.to_owned(), name, takes });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_uploads_are_found_in_whatever_is_written() {
        let (a, b) = ("a".repeat(TOKEN_LETTERS), format!("{}-_", "B".repeat(TOKEN_LETTERS - 2)));
        let text = format!(
            r#"[["{{\"imageUrl\":\"https://clinic.example/u/{a}/original.jpg\"}}","https://x/y/u/{b}/preview.jpg"]]"#
        );
        assert_eq!(tokens_in(&text), BTreeSet::from([b.as_str(), a.as_str()]));
        for other in
            ["", "/u/", "/u//", "/u/short/original.jpg", &format!("/u/{a}"), &format!("/u/{a}b/x"), "/u/ก/"]
        {
            assert!(tokens_in(other).is_empty(), "{other}");
        }
    }
    #[test]
    fn the_clinics_own_addresses_are_known_however_they_are_written() {
        let token = "a".repeat(TOKEN_LETTERS);
        let found = |base: &str, text: &str| {
            let mut own = OwnAddresses::below(base);
            own.in_text(text, "field".to_owned(), None);
            own.found.into_iter().map(|address| (address.token, address.name)).collect::<Vec<_>>()
        };
        for text in [
            format!("https://clinic.example/u/{token}/original.jpg"),
            format!("HTTPS://Clinic.EXAMPLE:443/u/{token}/original.jpg"),
            format!("see http://clinic.example./u/{token}/original.jpg?a=b, please"),
        ] {
            let expected = [(token.clone(), "original.jpg".to_owned())];
            assert_eq!(found("https://clinic.example", &text), expected, "{text}");
        }
        for base in ["https://myhttp.example", "https://clinic.example/line-http"] {
            assert_eq!(found(base, &format!("{base}/u/{token}/original.jpg")).len(), 1, "{base}");
        }
        let alone = format!("https://clinic.example/u/{token}");
        assert_eq!(found("https://clinic.example", &alone), [(token.clone(), String::new())]);
        let below = format!("https://clinic.example:8443/line/u/{token}/preview.jpg");
        assert_eq!(found("https://Clinic.example:8443/line", &below).len(), 1);
        for other in [
            format!("https://other.example/u/{token}/original.jpg"),
            format!("https://clinic.example:8443/u/{token}/original.jpg"),
            format!("https://clinic.example/x/u/{token}/original.jpg"),
            format!("/u/{token}/original.jpg"),
        ] {
            assert_eq!(found("https://clinic.example", &other), [], "{other}");
        }
    }
}
