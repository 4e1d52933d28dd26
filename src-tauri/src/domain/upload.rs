//! Pictures and videos that staff upload, shown in messages under an address that nobody can guess.

use std::collections::BTreeSet;

use serde_json::Value;

use super::named_enum;

named_enum! {
    /// The kind of a file that staff upload.
    #[serde(rename = "UploadKind")]
    Kind {
        /// JPEG or PNG; decoded and written anew before it is kept.
        Picture = "picture",
        /// A video in an MP4 file.
        Video = "video",
    }
}

/// The path under which uploads are served, without a session: LINE and patients' phones fetch them
/// here.
pub(crate) const PATH: &str = "/u/";

/// Letters of the random part of an address: 256 bits.
const TOKEN_LETTERS: usize = 43;

/// The most bytes of a picture, as uploaded and as kept (LINE's image message).
pub(crate) const MAX_PICTURE_BYTES: usize = 10_000_000;

/// The most bytes of a video (LINE's video message).
pub(crate) const MAX_VIDEO_BYTES: usize = 200_000_000;

/// The most bytes of the preview picture (LINE's image and video messages).
pub(crate) const MAX_PREVIEW_BYTES: usize = 1_000_000;

/// The most millions of pixels of a picture: more than phone cameras make, few enough that none
/// fills the memory.
pub(crate) const MAX_MEGAPIXELS: u32 = 40;

/// The most characters of a file's name.
pub(crate) const MAX_FILE_NAME: usize = 200;

/// The file name at the end of an address. It is for people: LINE takes no type from it.
pub(crate) fn original_name(media_type: &str) -> &'static str {
    match media_type {
        "image/png" => "original.png",
        "video/mp4" => "original.mp4",
        _ => "original.jpg",
    }
}

/// The name of the preview picture.
pub(crate) const PREVIEW_NAME: &str = "preview.jpg";

/// The address of an upload's file, below the clinic's public address.
pub(crate) fn path_of(token: &str, name: &str) -> String {
    format!("{PATH}{token}/{name}")
}

/// Whether a text may be the random part of an address.
pub(crate) fn is_token(text: &str) -> bool {
    text.len() == TOKEN_LETTERS && text.bytes().all(is_of_token)
}

fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// The random parts of all upload addresses in a text, whatever stands around them, and even where
/// letters are written as `%61`.
pub(crate) fn tokens_in(text: &str) -> BTreeSet<String> {
    let decoded = text.contains('%').then(|| decoded(text));
    [Some(text), decoded.as_deref()].into_iter().flatten().flat_map(plain_tokens_in).collect()
}

fn plain_tokens_in(text: &str) -> Vec<String> {
    let after = text.match_indices(PATH).map(|(at, path)| &text[at + path.len()..]);
    after
        .filter_map(|rest| {
            let token = rest.split(|c: char| !c.is_ascii() || !is_of_token(c as u8)).next()?;
            (is_token(token) && rest[token.len()..].starts_with('/')).then(|| token.to_owned())
        })
        .collect()
}

/// A text with each `%` and two hex digits replaced by the letter they stand for.
fn decoded(text: &str) -> String {
    let hex = |at: usize| {
        let digits = text.as_bytes().get(at + 1..at + 3)?;
        digits.iter().try_fold(0, |sum, digit| Some(sum * 16 + char::from(*digit).to_digit(16)?))
    };
    let (mut bytes, mut at) = (Vec::with_capacity(text.len()), 0);
    while let Some(byte) = text.as_bytes().get(at) {
        let letter = (*byte == b'%').then(|| u8::try_from(hex(at)?).ok()).flatten();
        bytes.push(letter.unwrap_or(*byte));
        at += if letter.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The random part and the file name in what follows `/u/`, as our server reads them: two parts, in
/// each of which letters may be written as `%61`. `None` where nothing is served.
fn parts_of(rest: &str) -> Option<(String, String)> {
    let (token, name) = rest.split_once('/')?;
    (!name.is_empty() && !name.contains('/')).then(|| (decoded(token), decoded(name)))
}

/// The preview's address beside a picture of an upload; `None` for any other address.
pub(crate) fn preview_of(url: &str) -> Option<String> {
    // A query or a fragment changes nothing of what is served.
    let (before, rest) = url.split(['?', '#']).next()?.rsplit_once(PATH)?;
    let (token, name) = parts_of(rest)?;
    let is_picture = is_token(&token) && matches!(name.as_str(), "original.jpg" | "original.png");
    is_picture.then(|| before.to_owned() + &path_of(&token, PREVIEW_NAME))
}

/// An address below the clinic's own, found in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OwnAddress {
    pub(crate) field: String,
    /// The random part; empty where the address has no form that is served.
    pub(crate) token: String,
    /// The file name at the end of the address.
    pub(crate) name: String,
    /// The kind that belongs there; `None` where either may stand.
    pub(crate) takes: Option<Kind>,
}

/// Finds addresses of uploads below `base`, the clinic's own.
#[derive(Debug)]
pub(crate) struct OwnAddresses {
    base: Option<WebAddress>,
    pub(crate) found: Vec<OwnAddress>,
}

/// A place on the web, however its address is written: capitals in the host, the usual port, a dot
/// at the end of the host.
#[derive(Debug, PartialEq, Eq)]
struct WebAddress {
    host: String,
    port: u16,
    path: String,
}

impl WebAddress {
    fn of(url: &str) -> Option<Self> {
        let url = url::Url::parse(url).ok()?;
        // The host under http:// is the same one.
        let port = url.port().filter(|port| !matches!(port, 80 | 443)).unwrap_or(443);
        let host = url.host_str()?.trim_end_matches('.').to_owned();
        Some(Self { host, port, path: url.path().to_owned() })
    }
}

impl OwnAddresses {
    pub(crate) fn below(base: &str) -> Self {
        let base = WebAddress::of(base).map(|base| {
            let path = base.path.trim_end_matches('/').to_owned();
            WebAddress { path, ..base }
        });
        Self { base, found: Vec::new() }
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

    /// Notes the uploads that a text names, whatever stands around them.
    pub(crate) fn in_text(&mut self, text: &str, field: String, takes: Option<Kind>) {
        let Some(base) = &self.base else { return };
        let plain = text.to_ascii_lowercase();
        for (at, _) in plain.match_indices("http") {
            let written = &text[at..];
            let is_one = ["http://", "https://"].iter().any(|scheme| plain[at..].starts_with(scheme));
            if let Some((token, name)) = is_one.then(|| base.upload_at(address_in(written))).flatten() {
                self.found.push(OwnAddress { field: field.clone(), token, name, takes });
            }
        }
    }
}

/// The address at the beginning of a text: up to the next blank or other character that no address
/// has, without the closing punctuation of its sentence.
fn address_in(text: &str) -> &str {
    let ends = |c: char| !c.is_ascii_graphic() || matches!(c, '"' | '<' | '>' | '^' | '`' | '{' | '|' | '}');
    let address = text.split(ends).next().unwrap_or_default();
    address.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\''])
}

impl WebAddress {
    /// The random part and the file name of the upload that an address below this place means; both
    /// empty where our server would not find it. `None` for an address elsewhere.
    fn upload_at(&self, url: &str) -> Option<(String, String)> {
        let there = Self::of(url)?;
        if (&there.host, there.port) != (&self.host, self.port) {
            return None;
        }
        if let Some(rest) = there.path.strip_prefix(&self.path).and_then(|path| path.strip_prefix(PATH)) {
            // What shows an upload is looked for by these very letters before it is deleted.
            let is_plain = |(token, _): &(String, String)| rest.starts_with(token.as_str());
            return Some(parts_of(rest).filter(is_plain).unwrap_or_default());
        }
        // `//u/…`, `/%75/…`, `/u%2f…`: it means an upload, and nothing is served there.
        let meant = |path: &str| {
            let decoded = decoded(path);
            let parts = decoded.split('/').filter(|part| !part.is_empty());
            parts.map(str::to_owned).collect::<Vec<_>>()
        };
        let (own, theirs) = (meant(&self.path), meant(&there.path));
        let is_below =
            theirs.strip_prefix(own.as_slice()).is_some_and(|rest| rest.first().is_some_and(|u| u == "u"));
        is_below.then(Default::default)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_small_picture_lies_beside_its_picture_whatever_is_asked_for_within_that() {
        let token = "a".repeat(TOKEN_LETTERS);
        let small = Some(format!("https://a.b{}", path_of(&token, PREVIEW_NAME)));
        for end in ["", "#top", "?size=small", "#/u/x"] {
            assert_eq!(preview_of(&format!("https://a.b/u/{token}/original.jpg{end}")), small, "{end}");
        }
        assert_eq!(preview_of("https://a.b/other.jpg"), None);
    }

    #[test]
    fn the_addresses_of_uploads_are_found_in_whatever_is_written() {
        let (a, b) = ("a".repeat(TOKEN_LETTERS), format!("{}-_", "B".repeat(TOKEN_LETTERS - 2)));
        let text = format!(
            r#"[["{{\"imageUrl\":\"https://clinic.example/u/{a}/original.jpg\"}}","https://x/y/u/{b}/preview.jpg"]]"#
        );
        assert_eq!(tokens_in(&text), BTreeSet::from([b.clone(), a.clone()]));
        let escaped = format!("https://x/u/%{:x}{}/original%2ejpg", b'a', &a[1..]);
        assert_eq!(tokens_in(&escaped), BTreeSet::from([a.clone()]));
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
        for served in [
            format!("https://clinic.example/u/{token}/original%2Ejpg"),
            format!("https://clinic.example/x/../u/{token}/original.jpg"),
        ] {
            let expected = [(token.clone(), "original.jpg".to_owned())];
            assert_eq!(found("https://clinic.example", &served), expected, "{served}");
        }
        for unserved in [
            format!("https://clinic.example/u/{token}"),
            format!("https://clinic.example//u/{token}/original.jpg"),
            format!("https://clinic.example/u//{token}/original.jpg"),
            format!("https://clinic.example/%75/{token}/original.jpg"),
            format!("https://clinic.example/u%2f{token}/original.jpg"),
            format!("https://clinic.example/u/{token}/original.jpg/"),
            format!("https://clinic.example/u/{token}%2foriginal.jpg"),
            format!("https://clinic.example/u/%61{}/original.jpg", &token[1..]),
        ] {
            let nowhere = [(String::new(), String::new())];
            assert_eq!(found("https://clinic.example", &unserved), nowhere, "{unserved}");
        }
        let below = format!("https://clinic.example:8443/line/u/{token}/preview.jpg");
        assert_eq!(found("https://Clinic.example:8443/line", &below).len(), 1);
        for other in [
            format!("https://other.example/u/{token}/original.jpg"),
            format!("https://clinic.example:8443/u/{token}/original.jpg"),
            format!("https://clinic.example/x/u/{token}/original.jpg"),
            "https://clinic.example/logo.png".to_owned(),
            format!("/u/{token}/original.jpg"),
        ] {
            assert_eq!(found("https://clinic.example", &other), [], "{other}");
        }
    }
}
