//! Rules about texts: emojis, placeholders, the name of a sender.

use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization as _;

use super::{Step, Walk, also::text};

/// The most mentions of one text, and the most emojis (Messaging API, "Text message (v2)").
const MAX_OF_A_KIND: usize = 20;

const MAX_PLACEHOLDER: usize = 20;

type Members = Map<String, Value>;

impl<'a> Walk<'a> {
    /// Checks that each emoji has a `$` of its own in the text, by its place in UTF-16.
    pub(super) fn emojis(&mut self, object: &'a Members) {
        let units: Vec<_> = text(object, "text").unwrap_or_default().encode_utf16().collect();
        let emojis = object.get("emojis").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let mut taken = Vec::new();
        self.path.push(Step::Name("emojis"));
        for (n, emoji) in emojis.iter().enumerate() {
            let Some(index) = emoji["index"].as_u64().and_then(|index| usize::try_from(index).ok()) else {
                continue;
            };
            if units.get(index) != Some(&u16::from(b'$')) || taken.contains(&index) {
                self.path.push(Step::Index(n));
                self.at("index", "", "Must be the position of a $ in the text");
                self.path.pop();
            }
            taken.push(index);
        }
        self.path.pop();
    }

    /// Checks placeholders: `{name}` stands for a substitution, `{{` and `}}` for a brace.
    pub(super) fn placeholders(&mut self, object: &'a Members) {
        let given = object.get("substitution").and_then(Value::as_object);
        match names_in(text(object, "text").unwrap_or_default()) {
            None => self.at("text", "", "The braces in the text are invalid"),
            Some(names) => {
                let is_given = |name: &&str| given.is_some_and(|given| given.contains_key(*name));
                if !names.iter().all(is_given) {
                    self.at("text", "", "A placeholder has no substitution");
                }
            }
        }
        let of_kind =
            |kind: &str| given.into_iter().flatten().filter(|(_, value)| value["type"] == kind).count();
        if of_kind("mention") > MAX_OF_A_KIND || of_kind("emoji") > MAX_OF_A_KIND {
            self.at("substitution", "", "Too many substitutions of one type");
        }
        if given.into_iter().flatten().any(|(name, _)| !is_name(name)) {
            self.at("substitution", "", "The name of a substitution is invalid");
        }
    }

    /// Refuses a name with LINE as a word by itself.
    pub(super) fn sender(&mut self, object: &'a Members) {
        let name = text(object, "name").unwrap_or_default().nfkc().collect::<String>().to_lowercase();
        let letters = |c: char| !c.is_ascii_alphabetic();
        if name.split(letters).any(|word| word == "line") {
            self.at("name", "", "Certain words, such as LINE, may not be used");
        }
    }
}

fn is_name(name: &str) -> bool {
    (1..=MAX_PLACEHOLDER).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// The names between braces; `None` where a brace is unpaired or holds no name.
fn names_in(text: &str) -> Option<Vec<&str>> {
    let (mut names, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find(['{', '}']) {
        let found = &rest[at..];
        if let Some(after) = found.strip_prefix("{{").or_else(|| found.strip_prefix("}}")) {
            rest = after;
            continue;
        }
        let (name, after) = found.strip_prefix('{')?.split_once('}')?;
        if !is_name(name) {
            return None;
        }
        names.push(name);
        rest = after;
    }
    Some(names)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::line::sandbox::check::body;

    fn refuses(message: serde_json::Value) -> Vec<String> {
        let call = json!({ "to": "U", "messages": [message] });
        body(&call, "push").plain.into_iter().map(|detail| detail.property).collect()
    }

    #[test]
    fn an_emoji_has_a_sign_of_its_own_in_the_text() {
        let with = |text: &str, indices: &[u64]| {
            let emojis: Vec<_> =
                indices.iter().map(|i| json!({ "index": i, "productId": "p", "emojiId": "e" })).collect();
            refuses(json!({ "type": "text", "text": text, "emojis": emojis }))
        };
        assert_eq!(with("😀 $ and $", &[3, 9]), Vec::<String>::new());
        assert_eq!(with("$ and $", &[0, 0]), ["messages[0].emojis[1].index"]);
        assert_eq!(with("none", &[0]), ["messages[0].emojis[0].index"]);
        assert_eq!(with("$", &[1]), ["messages[0].emojis[0].index"]);
    }

    #[test]
    fn a_placeholder_has_its_substitution() {
        let with = |text: &str, substitution: serde_json::Value| {
            refuses(json!({ "type": "textV2", "text": text, "substitution": substitution }))
        };
        let emoji = json!({ "type": "emoji", "productId": "p", "emojiId": "e" });
        assert_eq!(with("{{a}} {smile}", json!({ "smile": emoji })), Vec::<String>::new());
        for text in ["{smile}", "a {", "a }", "{}", "{sm ile}"] {
            assert_eq!(with(text, json!({ "other": emoji })), ["messages[0].text"], "{text}");
        }
        let strange = with("{a}", json!({ "a": { "type": "video" } }));
        assert_eq!(strange, ["messages[0].substitution.a.type"]);
        let many: serde_json::Map<_, _> = (0..21).map(|n| (format!("e{n}"), emoji.clone())).collect();
        assert_eq!(with("a", json!(many)), ["messages[0].substitution"]);
    }

    #[test]
    fn a_sender_does_not_name_line() {
        let with = |name: &str| refuses(json!({ "type": "text", "text": "a", "sender": { "name": name } }));
        for name in ["LINE", "Line nurse", "ＬＩＮＥ"] {
            assert_eq!(with(name), ["messages[0].sender.name"], "{name}");
        }
        assert_eq!(with("Caroline"), Vec::<String>::new());
    }
}
