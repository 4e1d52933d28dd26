//! The facts known before a batch is worked on, read in a few queries for all its events.

use std::collections::HashMap;

use super::received::Received;
use crate::{
    clock::Timestamp,
    domain::menu::Button,
    ids::{DeliveryId, PatientId},
    line::{webhook::What, wire},
    store::{
        Conn,
        answers::{self, Ask},
        menus::{self, Coming},
        patient_messages::{self, Moment, Pressed, PressedUnder, Quote},
        patients::{self, Patient},
        strangers::{self, Stranger},
    },
};

pub(super) struct Known {
    /// By the id of their LINE account.
    pub(super) patients: HashMap<String, Patient>,
    /// By the id of their LINE account.
    pub(super) strangers: HashMap<String, Stranger>,
    pub(super) asks: HashMap<DeliveryId, Ask>,
    /// The last message that asks a postponed question again, by the message it was postponed on.
    pub(super) asked_again: HashMap<DeliveryId, DeliveryId>,
    /// Messages of the clinic by LINE's id, which quotes name.
    pub(super) quoted: HashMap<String, DeliveryId>,
    /// The latest message a patient had got at an instant.
    pub(super) latest: HashMap<Moment, DeliveryId>,
    /// Of patients who ask for it.
    pub(super) coming: HashMap<PatientId, Coming>,
    /// The message of each pressed button that belongs to no question.
    pub(super) pressed: HashMap<Pressed, PressedUnder>,
}

impl Known {
    pub(super) async fn gather(conn: &mut Conn, batch: &[Received], now: Timestamp) -> sqlx::Result<Self> {
        let mut users: Vec<_> = batch.iter().filter_map(|r| r.event.user.clone()).collect();
        users.sort_unstable();
        users.dedup();
        let found = patients::by_line_users(conn, &users).await?;
        let patients: HashMap<_, _> =
            found.into_iter().filter_map(|p| Some((p.line_user_id.clone()?, p))).collect();
        let unknown: Vec<_> = users.into_iter().filter(|user| !patients.contains_key(user)).collect();
        let strangers = strangers::by_line_users(conn, &unknown).await?;
        let strangers = strangers.into_iter().map(|s| (s.line_user_id.clone(), s)).collect();
        let (mut asked, mut quotes, mut words, mut presses) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for received in batch {
            let patient = received.event.user.as_ref().and_then(|u| patients.get(u));
            match (&received.event.what, patient) {
                (What::Postback { data, .. }, patient) => {
                    asked.extend(wire::PressData::from_data(data).map(|a| a.delivery));
                    presses.extend(patient.map(|p| Pressed {
                        patient_id: p.id,
                        at: received.at,
                        data: data.clone(),
                    }));
                }
                (What::Watched { tracking_id }, _) => asked.extend(wire::tracked(tracking_id)),
                (What::Message { quoted: Some(quoted), .. }, Some(p)) => {
                    quotes.push(Quote { patient_id: p.id, line_message_id: quoted.clone() });
                }
                (What::Message { .. }, Some(p)) => words.push(Moment { patient_id: p.id, at: received.at }),
                // Of each kind of event it is said here what has to be known; these need no more.
                (What::Message { .. }, None)
                | (What::Unsend { .. } | What::Follow | What::Unfollow | What::SignOfLife | What::Other, _) =>
                    {}
            }
        }
        let curious: Vec<_> = presses
            .iter()
            .filter(|press| Button::of(&press.data) == Some(Button::Next))
            .map(|press| press.patient_id)
            .collect();
        let coming = menus::coming(conn, &curious, now).await?;
        let again = answers::asked_again(conn, &asked).await?;
        asked.extend(again.iter().map(|a| a.again_id));
        let asked_again = again.into_iter().map(|a| (a.first_id, a.again_id)).collect();
        let asks = answers::asks(conn, &asked).await?.into_iter().map(|a| (a.id, a)).collect();
        let quoted = patient_messages::quoted(conn, &quotes).await?;
        let latest = patient_messages::latest_sent(conn, &words).await?;
        let pressed = patient_messages::pressed_under(conn, &presses).await?;
        Ok(Self { patients, strangers, asks, asked_again, quoted, latest, coming, pressed })
    }
}
