//! Slips with a one-time code: the patient scans it and sends it, and is linked.

use qrcode::{EcLevel, QrCode, render::svg};

use super::{
    Caller, audit, found,
    patients::OnePatient,
    wire::{inputs, outputs},
};
use crate::{
    clock::{DAY_MS, Timestamp},
    core::Core,
    domain::{activity::Act, language::Language},
    error::{Problem, Result, Thing},
    ids::{self, PatientId},
    inbox::{code_hash, code_of},
    store::{Tx, link_codes, patients, settings},
};

inputs! {
    /// Asks for a new code for a patient.
    pub(crate) struct MakeLinkCode {
        /// The patient whose LINE account the code will link.
        pub(crate) id: PatientId,
        /// Days it is valid: 1 to 60; 14 where left out.
        #[serde(default)]
        #[garde(range(min = 1, max = 60))]
        pub(crate) valid_days: Option<u32>,
    }
}

outputs! {
    /// The code of a patient's slip, where one is valid.
    pub(crate) struct CurrentLinkCode {
        /// Null where none was made, or the last one was used or has expired.
        pub(crate) current: Option<LinkCode>,
    }

    /// A code that links one patient, once.
    pub(crate) struct LinkCode {
        /// The code as it is printed: `CQ-7KQ2-M9XD`.
        pub(crate) code: String,
        /// The instant until which the code is taken.
        pub(crate) expires_at: Timestamp,
        /// Opens LINE with the code ready to send; null while LINE cannot be asked for the
        /// account's id.
        pub(crate) url: Option<String>,
        /// `url` as a QR code in SVG; null with it.
        pub(crate) qr_svg: Option<String>,
        /// The name of the clinic's LINE account.
        pub(crate) account_name: Option<String>,
        /// The language of the patient, and of the slip.
        pub(crate) language: Language,
    }
}
/// Days a code is valid by default.
const DEFAULT_VALID_DAYS: u32 = 14;

/// The name of the setting with the key that codes are made from.
const KEY: &str = "link_codes.key";

/// Makes a new code for a patient; an earlier unused one stops working.
pub(crate) async fn make(core: &Core, who: &Caller, input: MakeLinkCode) -> Result<LinkCode> {
    let now = core.now();
    let days = input.valid_days.unwrap_or(DEFAULT_VALID_DAYS);
    let mut tx = core.store.begin().await?;
    let patient = found(patients::get(&mut tx, input.id).await?, Thing::Patient, input.id)?;
    let key = key_of(&mut tx, now).await?;
    // Each code is made from a time of its own.
    let before = link_codes::latest(&mut tx, input.id).await?;
    let made_at = before.map_or(now, |slip| now.max(slip.created_at.plus_millis(1)));
    let code = code_of(&key, input.id, made_at);
    let expires_at = now.plus_millis(i64::from(days) * DAY_MS);
    link_codes::insert(&mut tx, &code_hash(&code), input.id, expires_at, made_at).await?;
    audit(&mut tx, core, who, Act::PatientLinkCode, Some(input.id.to_string()), None).await?;
    tx.commit().await?;
    slip(core, &patient, code, expires_at).await
}

pub(crate) async fn current(core: &Core, _: &Caller, input: OnePatient) -> Result<CurrentLinkCode> {
    let mut conn = core.store.read().acquire().await?;
    let patient = found(patients::get(&mut conn, input.id).await?, Thing::Patient, input.id)?;
    let key: Option<String> = settings::get(&mut conn, KEY).await?;
    let last = link_codes::latest(&mut conn, input.id).await?;
    drop(conn);
    let now = core.now();
    let good = last.filter(|slip| slip.used_at.is_none() && slip.expires_at > now).zip(key);
    let Some((last, key)) = good else { return Ok(CurrentLinkCode { current: None }) };
    let code = code_of(&key, input.id, last.created_at);
    // A code made from another key exists only on paper.
    if code_hash(&code) != last.code_hash {
        return Ok(CurrentLinkCode { current: None });
    }
    Ok(CurrentLinkCode { current: Some(slip(core, &patient, code, last.expires_at).await?) })
}

/// Drawn with the first of them.
async fn key_of(tx: &mut Tx, now: Timestamp) -> Result<String> {
    if let Some(key) = settings::get(&mut **tx, KEY).await? {
        return Ok(key);
    }
    let key = ids::secret();
    settings::set(tx, KEY, &key, now).await?;
    Ok(key)
}

async fn slip(
    core: &Core,
    patient: &patients::Patient,
    code: String,
    expires_at: Timestamp,
) -> Result<LinkCode> {
    let language = Language::of(patient.locale.as_deref(), core.clinic().time_zone);
    let bot = core.line.bot_info().await.ok().filter(|b| !b.basic_id.is_empty());
    let url = bot.as_ref().map(|b| address(&b.basic_id, &code));
    let qr_svg = url.as_deref().map(qr).transpose()?;
    Ok(LinkCode { code, expires_at, url, qr_svg, account_name: bot.map(|b| b.display_name), language })
}

/// The address that opens a chat with the account and the code as its text (LINE URL scheme, "Send
/// text messages": `https://line.me/R/oaMessage/{percent-encoded id}/?{percent-encoded text}`).
fn address(basic_id: &str, code: &str) -> String {
    let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!("https://line.me/R/oaMessage/{}/?{}", encode(basic_id), encode(code))
}

fn qr(text: &str) -> Result<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|e| Problem::internal("drawing a QR code", e))?;
    Ok(code
        .render::<svg::Color<'_>>()
        .min_dimensions(240, 240)
        .quiet_zone(true)
        .dark_color(svg::Color("#000000"))
        .light_color(svg::Color("#ffffff"))
        .build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_opens_the_account_with_the_code() {
        assert_eq!(address("@clinic", "CQ-7KQ2-M9XD"), "https://line.me/R/oaMessage/%40clinic/?CQ-7KQ2-M9XD");
    }

    #[test]
    fn the_qr_code_is_an_image() {
        let svg = qr("https://line.me/R/oaMessage/%40clinic/?CQ-7KQ2-M9XD").expect("drawn");
        assert!(svg.contains("<svg") && svg.contains("</svg>"));
    }
}
