//! The clinic's decisions, and the keys of its LINE channel.

use super::{
    Caller,
    wire::{Checks, Nothing, given, inputs, outputs},
};
use crate::{
    clock::Timestamp,
    config::secrets::{Home, Secrets},
    core::Core,
    domain::activity::Act,
    domain::{
        alarm::{AlarmWords, EmergencyText},
        clinic::{Clinic, MAX_PHONE, MAX_PUBLIC_URL, QuietHours},
        variables,
    },
    error::{FieldCode, FieldProblem, Problem, Refusal, Result, Thing},
    fields::{LINES, ONE_LINE, ZONE},
    line::{
        client::{Channel, Credentials, Token},
        limits,
    },
    schedule::replan,
    store::{Tx, deliveries, settings, statistics},
};

mod real;

pub(crate) use real::{is_for_real, note_real_line};

/// The name of the setting with the clinic's decisions.
pub(crate) const CLINIC: &str = "clinic";

/// The name of the setting with the channel's id.
pub(crate) const CHANNEL_ID: &str = "line.channel_id";

inputs! {
    /// Changes of the settings; fields left out stay.
    pub struct UpdateSettings {
        /// The `version` the caller last read; 409 where somebody changed the settings since.
        #[serde(default)]
        pub(crate) version: Option<u32>,
        /// The clinic's name; 1 to 200 characters.
        #[serde(default)]
        #[garde(length(chars, min = 1, max = 200), pattern(ONE_LINE))]
        pub(crate) clinic_name: Option<String>,
        /// The phone number patients call, as they read it; 1 to 30 characters, null for none.
        #[serde(default, deserialize_with = "given")]
        #[specta(type = Option<String>)]
        #[garde(length(chars, min = 1, max = MAX_PHONE), pattern(ONE_LINE))]
        pub(crate) clinic_phone: Option<Option<String>>,
        /// The address under which LINE reaches this program, up to `/webhook/line`: an `https://`
        /// address of 1 to 300 characters, null for none.
        #[serde(default, deserialize_with = "given")]
        #[specta(type = Option<String>)]
        #[garde(length(chars, min = 1, max = MAX_PUBLIC_URL), pattern(ONE_LINE))]
        pub(crate) public_url: Option<Option<String>>,
        /// The clinic's IANA zone, such as `Asia/Bangkok`.
        #[serde(default)]
        #[garde(pattern(ZONE))]
        pub(crate) time_zone: Option<String>,
        /// The span in which nothing goes out, in the patient's local time; null for none.
        #[serde(default, deserialize_with = "given")]
        #[specta(type = Option<QuietHours>)]
        pub(crate) quiet_hours: Option<Option<QuietHours>>,
        /// Seconds between two messages to one patient, 1 to 86,400; null for none.
        #[serde(default, deserialize_with = "given")]
        #[specta(type = Option<u32>)]
        #[garde(range(min = 1, max = 86_400))]
        pub(crate) patient_pace_seconds: Option<Option<u32>>,
        /// Whether only patients who agreed get messages.
        #[serde(default)]
        pub(crate) consent_required: Option<bool>,
        /// Whether a new urgent worklist item raises a notification on the desktop.
        #[serde(default)]
        pub(crate) notify_urgent: Option<bool>,
        /// Words that make a message urgent; all four languages at once.
        #[serde(default)]
        #[garde(dive)]
        pub(crate) alarm_words: Option<AlarmWords>,
        /// The emergency text for patients who wrote one of them: whom to call. All four languages
        /// at once.
        #[serde(default)]
        #[garde(dive)]
        pub(crate) emergency_text: Option<EmergencyText>,
        /// Whether a patient's message is marked as read at LINE when staff take or settle its
        /// item.
        #[serde(default)]
        pub(crate) mark_as_read: Option<bool>,
        /// Days for which pictures, videos, sounds and files of patients are kept; 1 to 3,650.
        #[serde(default)]
        #[garde(range(min = 1, max = 3_650))]
        pub(crate) media_retention_days: Option<u32>,
        /// The LINE channel access token; empty forgets it.
        #[serde(default)]
        #[garde(length(chars, max = 1_000), pattern(LINES))]
        pub(crate) line_channel_access_token: Option<String>,
        /// The LINE channel secret; empty forgets it.
        #[serde(default)]
        #[garde(length(chars, max = 200), pattern(LINES))]
        pub(crate) line_channel_secret: Option<String>,
        /// The LINE channel id; empty forgets it.
        #[serde(default)]
        #[garde(length(chars, max = 50), pattern(LINES))]
        pub(crate) line_channel_id: Option<String>,
    } also further;
}

outputs! {
    /// The clinic's decisions. Secrets are never shown.
    pub struct Settings {
        /// How often the clinic's decisions were changed, not counting the channel's.
        pub(crate) version: u32,
        /// 1 to 200 characters; shown at the head of every page.
        pub(crate) clinic_name: String,
        /// The number patients call; null where none was entered.
        pub(crate) clinic_phone: Option<String>,
        /// The address under which LINE reaches this program; null where none was entered.
        pub(crate) public_url: Option<String>,
        /// The clinic's IANA zone, such as `Asia/Bangkok`.
        pub(crate) time_zone: String,
        /// The span in which nothing goes out, in the patient's local time; null for none.
        pub(crate) quiet_hours: Option<QuietHours>,
        /// Seconds between two messages to one patient; null for no limit.
        pub(crate) patient_pace_seconds: Option<u32>,
        /// Whether only patients who agreed get messages.
        pub(crate) consent_required: bool,
        /// Whether a new urgent worklist item raises a notification on the desktop.
        pub(crate) notify_urgent: bool,
        /// Words that make a message urgent, by language.
        pub(crate) alarm_words: AlarmWords,
        /// The emergency text for patients who wrote one of them, by language.
        pub(crate) emergency_text: EmergencyText,
        /// Whether a patient's message is marked as read at LINE when staff take or settle its
        /// item.
        pub(crate) mark_as_read: bool,
        /// Days for which pictures, videos, sounds and files of patients are kept.
        pub(crate) media_retention_days: u32,
        /// Hours a message may be late where its step does not say (`freshness_hours`).
        pub(crate) freshness_hours: f64,
        /// Whether a LINE channel access token is set.
        pub(crate) line_token_set: bool,
        /// Whether a LINE channel secret is set.
        pub(crate) line_secret_set: bool,
        /// LINE's number of the channel; null where none was entered.
        pub(crate) line_channel_id: Option<String>,
        /// Where the secrets are kept, in English.
        pub(crate) secrets_kept_in: String,
        /// Where the secrets are kept, as a stable name for translation.
        pub(crate) secrets_home: Home,
    }
}

/// Of secrets only whether they are set.
pub(crate) async fn get(core: &Core, _: &Caller, _: Nothing) -> Result<Settings> {
    let (secrets, home) = load_secrets(core)?;
    let channel_id = channel_id(core).await?;
    Ok(shown(core, &secrets, home, channel_id))
}

/// Keeps the others.
pub async fn update(core: &Core, who: &Caller, input: UpdateSettings) -> Result<Settings> {
    // Settings change one after the other: the version is checked before the secrets, which are not
    // in the database, are touched.
    let turn = core.secrets.turn().await;
    if input.version.is_some_and(|seen| seen != core.clinic().version) {
        return Err(Problem::conflict(
            Refusal::ChangedMeanwhile { what: Thing::Settings },
            "somebody else changed the settings meanwhile; look at them again before you save",
        ));
    }
    enter_channel(core, &input).await?;
    let (tx, mut clinic) = open_clinic(core).await?;
    let before = clinic.clone();
    apply(&input, &mut clinic);
    if clinic != before {
        clinic.version += 1;
    }
    store_clinic(core, who, tx, clinic, Act::SettingsUpdate).await?;
    drop(turn);
    get(core, who, Nothing {}).await
}

fn shown(core: &Core, secrets: &Secrets, home: Home, channel_id: Option<String>) -> Settings {
    // Destructured here and in `apply`, so that a decision one of them forgets does not compile.
    let Clinic {
        name,
        phone,
        public_url,
        time_zone,
        quiet_hours,
        patient_pace_seconds,
        consent_required,
        notify_urgent,
        alarm_words,
        emergency_text,
        mark_as_read,
        media_retention_days,
        paused: _,
        restored_at: _,
        version,
    } = &*core.clinic();
    Settings {
        version: *version,
        clinic_name: name.clone(),
        clinic_phone: phone.clone(),
        public_url: public_url.clone(),
        time_zone: time_zone.name().to_owned(),
        quiet_hours: *quiet_hours,
        patient_pace_seconds: *patient_pace_seconds,
        consent_required: *consent_required,
        notify_urgent: *notify_urgent,
        alarm_words: alarm_words.clone(),
        emergency_text: emergency_text.clone(),
        mark_as_read: *mark_as_read,
        media_retention_days: *media_retention_days,
        freshness_hours: core.config.delivery.freshness_hours,
        line_token_set: secrets.access_token.is_some(),
        line_secret_set: secrets.channel_secret.is_some(),
        line_channel_id: channel_id,
        secrets_kept_in: home.in_words().to_owned(),
        secrets_home: home,
    }
}

fn apply(input: &UpdateSettings, clinic: &mut Clinic) {
    let UpdateSettings {
        version: _,
        clinic_name,
        clinic_phone,
        public_url,
        time_zone,
        quiet_hours,
        patient_pace_seconds,
        consent_required,
        notify_urgent,
        alarm_words,
        emergency_text,
        mark_as_read,
        media_retention_days,
        line_channel_access_token: _,
        line_channel_secret: _,
        line_channel_id: _,
    } = input;
    if let Some(name) = clinic_name {
        clinic.name.clone_from(name);
    }
    if let Some(phone) = clinic_phone {
        clinic.phone.clone_from(phone);
    }
    if let Some(url) = public_url {
        clinic.public_url = url.as_deref().map(limits::public_base);
    }
    if let Some(zone) = time_zone.as_deref().and_then(|z| z.parse().ok()) {
        clinic.time_zone = zone;
    }
    if let Some(quiet) = *quiet_hours {
        clinic.quiet_hours = quiet;
    }
    if let Some(pace) = *patient_pace_seconds {
        clinic.patient_pace_seconds = pace;
    }
    if let Some(required) = *consent_required {
        clinic.consent_required = required;
    }
    if let Some(notify) = *notify_urgent {
        clinic.notify_urgent = notify;
    }
    if let Some(words) = alarm_words {
        clinic.alarm_words.clone_from(words);
    }
    if let Some(text) = emergency_text {
        clinic.emergency_text.clone_from(text);
    }
    if let Some(mark) = *mark_as_read {
        clinic.mark_as_read = mark;
    }
    if let Some(days) = *media_retention_days {
        clinic.media_retention_days = days;
    }
}

fn further(input: &UpdateSettings, _: Timestamp, checks: &mut Checks) {
    if matches!(input.quiet_hours, Some(Some(quiet)) if quiet.start == quiet.end) {
        checks.add(FieldProblem::new("quietHours", FieldCode::EndsAsItBegins));
    }
    let texts = input.emergency_text.iter().flat_map(EmergencyText::all);
    for (language, _) in texts.filter(|(_, text)| variables::are_in_text(text)) {
        checks.add(FieldProblem::new(format!("emergencyText.{language}"), FieldCode::NoVariableHere));
    }
    if matches!(&input.public_url, Some(Some(url)) if !limits::is_public_base(url)) {
        checks.add(FieldProblem::new("publicUrl", FieldCode::NotAPublicAddress));
    }
}

async fn enter_channel(core: &Core, input: &UpdateSettings) -> Result<()> {
    let given =
        |text: &Option<String>| text.as_ref().map(|t| Some(t.trim().to_owned()).filter(|t| !t.is_empty()));
    let (token, secret) = (given(&input.line_channel_access_token), given(&input.line_channel_secret));
    let id = given(&input.line_channel_id);
    if token.is_none() && secret.is_none() && id.is_none() {
        return Ok(());
    }
    let (mut secrets, home) = load_secrets(core)?;
    if home == Home::Environment && (token.is_some() || secret.is_some()) {
        return Err(Problem::conflict(
            Refusal::SecretsFromEnvironment,
            "the LINE token and secret come from the environment; change them there",
        ));
    }
    if let Some(token) = token {
        secrets.access_token = token;
    }
    if let Some(secret) = secret {
        secrets.channel_secret = secret;
    }
    core.secrets.save(&secrets).map_err(|e| Problem::internal("keeping the secrets", e))?;
    if let Some(id) = id {
        let mut tx = core.store.begin().await?;
        settings::set(&mut tx, CHANNEL_ID, &id, core.now()).await?;
        tx.commit().await?;
    }
    if core.sandbox.is_none() {
        let id = channel_id(core).await?;
        core.line.set_credentials(credentials(&secrets, id.as_deref()));
        core.set_webhook_secret(secrets.channel_secret);
        core.channel().probe_now(core.now());
        note_real_line(core).await?;
    }
    Ok(())
}

fn load_secrets(core: &Core) -> Result<(Secrets, Home)> {
    core.secrets.load().map_err(|e| Problem::internal("reading the secrets", e))
}

/// The configured one, else the stored one.
async fn channel_id(core: &Core) -> Result<Option<String>> {
    match &core.config.line.channel_id {
        Some(id) => Ok(Some(id.clone())),
        None => Ok(settings::get(core.store.read(), CHANNEL_ID).await?.flatten()),
    }
}

/// The stored decisions, in the transaction that will change them: nobody else writes in between.
pub(super) async fn open_clinic(core: &Core) -> Result<(Tx, Clinic)> {
    let mut tx = core.store.begin().await?;
    let clinic: Option<Clinic> = settings::get(&mut *tx, CLINIC).await?;
    Ok((tx, clinic.unwrap_or_default()))
}

/// Stores the clinic's decisions; held messages are tried again under the new ones.
pub(super) async fn store_clinic(
    core: &Core,
    who: &Caller,
    mut tx: Tx,
    clinic: Clinic,
    action: Act,
) -> Result<()> {
    let now = core.now();
    settings::set(&mut tx, CLINIC, &clinic, now).await?;
    let before = core.clinic();
    statistics::count_by(&mut tx, clinic.time_zone, now).await?;
    if (before.quiet_hours, before.patient_pace_seconds) != (clinic.quiet_hours, clinic.patient_pace_seconds)
        || before.time_zone != clinic.time_zone
    {
        deliveries::release_ruled(&mut tx, now).await?;
    }
    if (&before.phone, &before.name) != (&clinic.phone, &clinic.name) {
        deliveries::release_unfilled(&mut tx, now).await?;
    }
    if before.time_zone != clinic.time_zone {
        replan::clinic(&mut tx, &clinic, now).await?;
    }
    super::audit(&mut tx, core, who, action, None, None).await?;
    // Before the commit, while nobody else can write: the next writes count their days in the new
    // zone.
    core.set_clinic(clinic);
    if let Err(error) = tx.commit().await {
        core.set_clinic(Clinic::clone(&before));
        return Err(error.into());
    }
    core.tick_bell.notify_one();
    // The menu may gain a call button, or another number.
    core.menu_bell.notify_one();
    core.recount_bell.notify_one();
    Ok(())
}

pub(crate) fn credentials(secrets: &Secrets, channel_id: Option<&str>) -> Credentials {
    let channel = channel_id.zip(secrets.channel_secret.clone());
    Credentials {
        token: Token(secrets.access_token.clone().unwrap_or_default()),
        channel: channel.map(|(id, secret)| Channel { id: id.to_owned(), secret: Token(secret) }),
    }
}
