//! The translation of a step: what patients of that language read in place of the step's own
//! messages. Pure.

use std::{collections::BTreeMap, fmt};

use garde::{
    Validate,
    error::{Kind, PathComponentKind},
};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error as _, MapAccess, Visitor},
};
use serde_json::Value;

use super::{
    feedback::{Button, Feedback, FeedbackAction, MAX_BUTTONS, MAX_LABEL, MAX_QUESTION, MAX_VALUE},
    language::Language,
    message::{Content, FurtherMessage, MAX_ALT_TEXT, MAX_FURTHER, MessageType},
    quick_reply::{MAX_QUICK_REPLIES, QuickReply},
};
use crate::fields::or_default;

/// The translations of one step; patients of other languages get the step's own messages.
pub(crate) type Translations = BTreeMap<Language, Translation>;

/// Reads translations so that a refusal names the language; null counts as left out.
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

        // As a text first: an enum key would lose its place in the path of an error.
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut all = Translations::new();
            while let Some(tag) = map.next_key::<String>()? {
                let language: Language = tag.parse().map_err(A::Error::custom)?;
                // A language that is null has no translation.
                if let Some(translation) = map.next_value::<Option<Translation>>()? {
                    all.insert(language, translation);
                }
            }
            Ok(all)
        }
    }

    deserializer.deserialize_option(ByLanguage)
}

/// By this a refusal names the language: `translations.th.quickReplies[0]`.
impl PathComponentKind for Language {
    fn component_kind() -> Kind {
        Kind::Key
    }
}

/// A step in one language. Its times and the meaning of its buttons stay the step's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate, schemars::JsonSchema, specta::Type)]
#[garde(allow_unvalidated)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Translation {
    /// The type of the message; it may differ from the step's.
    pub(crate) message_type: MessageType,
    /// The fields that go with `messageType`, as in a step.
    #[specta(type = specta_typescript::Unknown)]
    #[schemars(with = "Content")]
    pub(crate) content: Value,
    /// Up to four more messages of the same push, in order; three where a question follows them.
    /// The step's own are not sent with it.
    #[serde(default, deserialize_with = "or_default")]
    #[specta(type = Vec<FurtherMessage>)]
    #[garde(length(max = MAX_FURTHER), dive)]
    pub(crate) further_messages: Vec<FurtherMessage>,
    /// Up to 13 quick replies under the last message. The step's own are not sent with it.
    #[serde(default, deserialize_with = "or_default")]
    #[specta(type = Vec<QuickReply>)]
    #[garde(length(max = MAX_QUICK_REPLIES), dive)]
    pub(crate) quick_replies: Vec<QuickReply>,
    /// The words of the step's question; left out, the step's own words are used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub(crate) feedback: Option<TranslatedQuestion>,
}

/// The words of a question in another language.
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate, schemars::JsonSchema, specta::Type,
)]
#[garde(allow_unvalidated)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TranslatedQuestion {
    /// The question; 1 to 160 grapheme clusters.
    #[schemars(length(min = 1, max = MAX_QUESTION))]
    pub(crate) question: String,
    /// What the lock screen shows; 1 to 1,500 UTF-16 code units. Left out, a sentence in the
    /// patient's language that says only that there is a question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = MAX_ALT_TEXT))]
    pub(crate) alt_text: Option<String>,
    /// Each button of the step's question once, in any order.
    #[garde(length(max = MAX_BUTTONS))]
    pub(crate) buttons: Vec<TranslatedButton>,
}

/// What a button says in another language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TranslatedButton {
    /// The value of the button in the step's question; a press counts alike in every language.
    #[schemars(length(min = 1, max = MAX_VALUE))]
    pub(crate) value: String,
    /// What the patient reads; 1 to 20 grapheme clusters.
    #[schemars(length(min = 1, max = MAX_LABEL))]
    pub(crate) label: String,
}

impl TranslatedQuestion {
    /// The step's question in these words: the step's values and meanings, in this order.
    pub(crate) fn of(&self, own: &Feedback) -> Feedback {
        let button = |said: &TranslatedButton| {
            let own = own.buttons.iter().find(|b| b.value == said.value).cloned();
            // A missing button is refused when it is saved; it stands here so that its place is
            // reported.
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
