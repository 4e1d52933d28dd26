//! A reader of JSON that skips what it cannot represent: such a member becomes `null`, and its
//! neighbours are kept.
//!
//! A webhook call carries the words of many patients. Half of an emoji in one of them (a lone
//! surrogate, which JSON's grammar allows), a number beyond every float or a hundred nested lists
//! must not lose the others.

use std::fmt;

use serde::{Deserialize, Deserializer, de};
use serde_json::{Map, Value, value::RawValue};

/// Levels of lists and objects that are read; deeper ones become `null`. LINE's events have six.
const MAX_DEPTH: usize = 32;

/// The value of a text that is JSON by its grammar.
pub(super) fn read(raw: &RawValue) -> Value {
    serde_json::from_str(raw.get()).unwrap_or_else(|_| at_depth(raw, 0))
}

fn at_depth(raw: &RawValue, depth: usize) -> Value {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'"') => serde_json::from_str(text).map_or(Value::Null, |Mended(text)| text.into()),
        Some(b'[') if depth < MAX_DEPTH => {
            let items: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
            items.into_iter().map(|item| at_depth(item, depth + 1)).collect()
        }
        Some(b'{') if depth < MAX_DEPTH => {
            serde_json::from_str(text).map_or(Value::Null, |Members(members)| {
                let read = |(name, value)| (name, at_depth(value, depth + 1));
                members.into_iter().map(read).collect::<Map<_, _>>().into()
            })
        }
        Some(b'[' | b'{') => Value::Null,
        _ => serde_json::from_str(text).unwrap_or_default(),
    }
}

/// A text with U+FFFD for what is no character.
struct Mended(String);

impl<'de> Deserialize<'de> for Mended {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Mended;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Mended, E> {
                Ok(Mended(String::from_utf8_lossy(bytes).into_owned()))
            }
        }
        from.deserialize_bytes(Visitor)
    }
}

/// The members of an object, unread.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some((Mended(name), value)) = map.next_entry()? {
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }
        from.deserialize_map(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(text: &str) -> Value {
        read(serde_json::from_str(text).expect("JSON by its grammar"))
    }

    #[test]
    fn what_can_be_read_is_read_as_it_is() {
        assert_eq!(of(r#"{"a":[1,"x",{"b":null}]}"#), json!({ "a": [1, "x", { "b": null }] }));
    }

    #[test]
    fn half_an_emoji_leaves_the_words_around_it() {
        let read = of(r#"{"message":{"text":"pain \ud83d here","id":"1"},"\udc00":2}"#);
        assert_eq!(read["message"]["id"], "1");
        let text = read["message"]["text"].as_str().expect("words");
        assert!(text.starts_with("pain ") && text.ends_with(" here"), "{text}");
    }

    #[test]
    fn a_number_beyond_every_float_and_what_lies_too_deep_are_nothing() {
        for levels in [130, 150, 10_000] {
            let deep = format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
            let read = of(&format!(r#"{{"n":1e999,"deep":{deep},"id":"1"}}"#));
            assert_eq!((&read["n"], &read["id"]), (&Value::Null, &json!("1")));
            // What was read can be written and read again.
            assert_eq!(serde_json::from_str::<Value>(&read.to_string()).expect("JSON"), read);
        }
    }
}
