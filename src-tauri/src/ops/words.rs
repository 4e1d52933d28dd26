//! Patients' words as shown: beside the message they are about, on the timeline, on the worklist,
//! and those of strangers.

use std::collections::BTreeMap;

use super::{media::PatientMedia, wire::outputs};
use crate::{
    clock::Timestamp,
    domain::media::{Details, Place, Sticker},
    error::Result,
    store::{Conn, media, patient_messages::Said},
};

outputs! {
    /// Something a patient wrote or sent, or a button they pressed.
    pub(crate) struct PatientWords {
        /// LINE's type: text, image, sticker, …; `postback` for a press of a button that belongs
        /// to no question.
        pub(crate) kind: String,
        /// The words; null for anything else, and once the patient took them back.
        pub(crate) text: Option<String>,
        /// The pressed button; null for anything else.
        pub(crate) press: Option<PressedButton>,
        /// The picture, video, sound or file; null for anything else.
        pub(crate) media: Option<PatientMedia>,
        /// The place; null for anything else, and once it was taken back.
        pub(crate) place: Option<Place>,
        /// The sticker; null for anything else, and once it was taken back.
        pub(crate) sticker: Option<Sticker>,
        /// The address of a picture, video or sound that is not at LINE, and is never fetched; else
        /// null.
        pub(crate) address: Option<String>,
        /// The token that quotes these words, as `content.quoteToken` of a text to this patient;
        /// null where LINE allows no quote, and once they were taken back.
        pub(crate) quote_token: Option<String>,
        /// Whether the patient quoted the message.
        pub(crate) quoted: bool,
        /// When it was written, by LINE's clock.
        pub(crate) at: Timestamp,
        /// When the patient took it back; null where they did not.
        pub(crate) unsent_at: Option<Timestamp>,
    }

    /// A pressed button of a message or of the menu that belongs to no question.
    pub(crate) struct PressedButton {
        /// The label, up to 100 characters; null for a button of a menu, and where none is known.
        pub(crate) label: Option<String>,
        /// The data its maker gave it; up to 1,000 characters.
        pub(crate) data: String,
        /// LINE's own parameters: `date` `2026-12-01`, `time` `09:30`, `datetime`
        /// `2026-12-01T09:30` of a picker, without a zone; at most 10.
        pub(crate) params: BTreeMap<String, String>,
    }
}

impl From<Said> for PatientWords {
    fn from(s: Said) -> Self {
        let params = s.params.unwrap_or_default();
        let Details { place, sticker, address } = s.details.unwrap_or_default();
        Self {
            kind: s.kind,
            text: s.text,
            press: s.data.map(|data| PressedButton { label: s.label, data, params }),
            media: None,
            place,
            sticker,
            address,
            quote_token: s.quote_token,
            quoted: s.quoted,
            at: s.said_at,
            unsent_at: s.unsent_at,
        }
    }
}

/// With what came with them.
pub(super) async fn with_media(conn: &mut Conn, said: Vec<Said>) -> Result<Vec<(Said, PatientWords)>> {
    let ids: Vec<_> = said.iter().map(|s| s.line_message_id.as_str()).collect();
    let media = media::of_messages(conn, &ids).await?;
    let with = |said: Said| {
        let mut words = PatientWords::from(said.clone());
        words.media = media.get(&said.line_message_id).cloned().map(PatientMedia::from);
        (said, words)
    };
    Ok(said.into_iter().map(with).collect())
}
