//! What a step says in a language of its own: what patients read who are written to in it, in
//! place of the step's own messages. Pure.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error as _, MapAccess, Visitor},
};
use serde_json::Value;

use super::{
    feedback::{Button, Feedback, FeedbackAction, MAX_LABEL, MAX_QUESTION, MAX_VALUE},
    language::Language,
    message::{Content, FurtherMessage, MAX_ALT_TEXT, MAX_FURTHER, MessageType},
    quick_reply::{MAX_QUICK_REPLIES, QuickReply},
};
use crate::fields::or_default;

/// Those of one step; who is written to in another language gets the step's own.
pub(crate) type Translations = BTreeMap<Language, Translation>;

/// Reads what a request says of them, so that a refusal names the language; null is none.
pub(crate) fn by_language<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Translations, D::Error> {
    struct ByLanguage;

    impl<'de> Visitor<'de> for ByLanguage {
        type Value = Translations;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a translation for each language")
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Translations::new())
        }

        fn visit_none<E>(self) -> Result<Self::Value, E> {
            Ok(Translations::new())
        }

        fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
            deserializer.deserialize_map(self)
        }

        // As a text first: what is read as a name of ours has no place in a path.
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut all = Translations::new();
            while let Some(tag) = map.next_key::<String>()? {
                let language: Language = tag.parse().map_err(A::Error::custom)?;
                // Of a language that is null there is none.
                if let Some(translation) = map.next_value::<Option<Translation>>()? {
                    all.insert(language, translation);
                }
            }
            Ok(all)
        }
    }

    deserializer.deserialize_option(ByLanguage)
}

/// What a step says in one language. When it is due and what its buttons mean is the step's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Translation {
    /// What kind of message; it may be another than the step's.
    pub(crate) message_type: MessageType,
    /// The fields that go with `messageType`, as of a step.
    #[specta(type = specta_typescript::Unknown)]
    #[schemars(with = "Content")]
    pub(crate) content: Value,
    /// Up to four more messages of the same push, in their order, and three where a question
    /// follows them. Those of the step do not go with it.
    #[serde(default, deserialize_with = "or_default")]
    #[specta(type = Vec<FurtherMessage>)]
    #[schemars(length(max = MAX_FURTHER))]
    pub(crate) further_messages: Vec<FurtherMessage>,
    /// Up to 13 quick replies under the last message. Those of the step do not go with it.
    #[serde(default, deserialize_with = "or_default")]
    #[specta(type = Vec<QuickReply>)]
    #[schemars(length(max = MAX_QUICK_REPLIES))]
    pub(crate) quick_replies: Vec<QuickReply>,
    /// The words of the step's question; where they are left out it is asked as the step has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) feedback: Option<TranslatedQuestion>,
}

/// The words of a question in another language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TranslatedQuestion {
    /// What is asked; 1 to 160 grapheme clusters.
    #[schemars(length(min = 1, max = MAX_QUESTION))]
    pub(crate) question: String,
    /// What the lock screen shows of it; 1 to 1,500 UTF-16 code units. Left out, a sentence that
    /// says nothing but that there is a question, in the patient's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = MAX_ALT_TEXT))]
    pub(crate) alt_text: Option<String>,
    /// Each button of the step's question once, in any order.
    pub(crate) buttons: Vec<TranslatedButton>,
}

/// What a button says in another language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TranslatedButton {
    /// The value of the button in the step's question, which a press counts as in any language.
    #[schemars(length(min = 1, max = MAX_VALUE))]
    pub(crate) value: String,
    /// What the patient reads; 1 to 20 grapheme clusters.
    #[schemars(length(min = 1, max = MAX_LABEL))]
    pub(crate) label: String,
}

impl TranslatedQuestion {
    /// The step's question in these words: the same values and what they mean, in this order.
    pub(crate) fn of(&self, own: &Feedback) -> Feedback {
        let button = |said: &TranslatedButton| {
            let own = own.buttons.iter().find(|b| b.value == said.value).cloned();
            // None is refused when it is saved; it stands here so that its place is told.
            let own = own.unwrap_or_else(|| Button {
                label: String::new(),
                value: said.value.clone(),
                action: FeedbackAction::Complete,
                worrying: false,
                picker: None,
            });
            Button { label: said.label.clone(), ..own }
        };
        Feedback {
            question: self.question.clone(),
            alt_text: self.alt_text.clone(),
            buttons: self.buttons.iter().map(button).collect(),
            ..own.clone()
        }
    }
}
