//! Slips with a one-time code: the patient scans it and sends it, and is linked.

use qrcode::{EcLevel, QrCode, render::svg};

use super::{
    Caller, announce, audit, found,
    wire::{inputs, outputs},
};
use crate::{
    clock::{DAY_MS, Timestamp},
    core::{Core, Topic},
    domain::{activity::Act, language::Language},
    error::{Problem, Result, Thing},
    ids::PatientId,
    inbox::{code_hash, fresh_code},
    store::{link_codes, patients},
};

inputs! {
    /// For whom a code is made.
    pub(crate) struct MakeLinkCode {
        /// The patient whose LINE account the code will link.
        pub(crate) id: PatientId,
        /// Days it is good for: 1 to 60; 14 where it is left out.
        #[serde(default)]
        #[garde(range(min = 1, max = 60))]
        pub(crate) valid_days: Option<u32>,
    }
}

outputs! {
    /// A one-time code. It is shown once: only its hash is kept.
    pub(crate) struct LinkCode {
        /// The code as it is printed: `CQ-7KQ2-M9XD`.
        pub(crate) code: String,
        /// No longer taken after this.
        pub(crate) expires_at: Timestamp,
        /// Opens LINE with the code ready to be sent; null while LINE cannot be asked for the
        /// account's id.
        pub(crate) url: Option<String>,
        /// The address as a QR code, as SVG.
        pub(crate) qr_svg: Option<String>,
        /// The name of the clinic's LINE account.
        pub(crate) account_name: Option<String>,
        /// The language in which the patient is spoken to, and which the slip speaks.
        pub(crate) language: Language,
    }
}
/// Days for which a code is taken where nobody says how many.
const DEFAULT_VALID_DAYS: u32 = 14;

/// Makes a new code for a patient; an earlier one that was not used is no longer taken.
pub(crate) async fn make(core: &Core, who: &Caller, input: MakeLinkCode) -> Result<LinkCode> {
    let now = core.now();
    let days = input.valid_days.unwrap_or(DEFAULT_VALID_DAYS);
    let code = fresh_code();
    let expires_at = now.plus_millis(i64::from(days) * DAY_MS);
    let mut tx = core.store.begin().await?;
    let patient = found(patients::get(&mut tx, input.id).await?, Thing::Patient, input.id)?;
    let language = Language::of(patient.locale.as_deref(), core.clinic().time_zone);
    link_codes::insert(&mut tx, &code_hash(&code), input.id, expires_at, now).await?;
    audit(&mut tx, core, who, Act::PatientLinkCode, Some(input.id.to_string()), None).await?;
    tx.commit().await?;
    announce(core, &[Topic::Patients]);
    let bot = core.line.bot_info().await.ok().filter(|b| !b.basic_id.is_empty());
    let url = bot.as_ref().map(|b| address(&b.basic_id, &code));
    let qr_svg = url.as_deref().map(qr).transpose()?;
    Ok(LinkCode { code, expires_at, url, qr_svg, account_name: bot.map(|b| b.display_name), language })
}

/// Opens a chat with the account and the code as its text (LINE URL scheme, "Send text
/// messages": `https://line.me/R/oaMessage/{percent-encoded id}/?{percent-encoded text}`).
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
