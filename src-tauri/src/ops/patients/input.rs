//! What staff enter of patients, and its limits.

use crate::{
    clock::{DAY_MS, Timestamp},
    domain::patient::{Group, Sort, Status, is_birth_date, is_line_user_id, is_phone},
    error::{FieldCode, FieldProblem},
    fields::{Form, LINES, ONE_LINE, ZONE, day, or_default},
    ids::PatientId,
    ops::wire::{CURSOR, Checks, MAX_ROWS, given, inputs},
};

/// Characters of a patient's name as written.
pub(in crate::ops) const MAX_NAME: usize = 200;
/// Characters of what they are called.
const MAX_NICKNAME: usize = 100;
/// Characters of how a name is read.
const MAX_READING: usize = 200;
/// Characters of a telephone number as it is written.
const MAX_PHONE: usize = 40;
/// Characters of a note on a patient.
const MAX_NOTE: usize = 5_000;

static LINE_USER_ID: Form = Form::new("^U[0-9a-f]{32}$", is_line_user_id, FieldCode::NotALineUserId);

static PHONE: Form = Form::new(r"^[+＋0-9０-９๐-๙()（）./ \u3000#-]+$", is_phone, FieldCode::NotAPhone);

static BIRTH_DATE: Form = Form::new(
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    |text| day(text).is_some_and(is_birth_date),
    FieldCode::NotABirthDate,
);

/// Characters of one label.
const MAX_TAG: usize = 50;

/// All labels of a patient: up to 20.
// It is written as well, since the OpenAPI document takes what stands for a field left out from it.
#[derive(
    Clone,
    Debug,
    Default,
    serde::Deserialize,
    serde::Serialize,
    garde::Validate,
    schemars::JsonSchema,
    specta::Type,
)]
#[serde(transparent)]
#[specta(transparent)]
#[schemars(inline)]
#[garde(transparent)]
pub(crate) struct Tags(
    #[garde(length(max = 20), inner(length(chars, min = 1, max = MAX_TAG), pattern(ONE_LINE)))]
    pub  Vec<String>,
);

inputs! {
    /// Which patients are listed; all of them where nothing is given.
    pub(crate) struct ListPatients {
        /// Only patients with this label, as it is written.
        #[serde(default)]
        #[garde(length(chars, min = 1, max = MAX_TAG), pattern(ONE_LINE))]
        pub(crate) tag: Option<String>,
        /// The order: from the newest to the oldest where it is left out.
        #[serde(default)]
        pub(crate) sort: Option<Sort>,
        /// Part of a name, of how it is read, of a number, the digits of a telephone number or a
        /// LINE user id; up to 100 characters.
        #[serde(default)]
        #[garde(length(chars, max = 100), pattern(LINES))]
        pub(crate) search: Option<String>,
        /// Only patients of this group.
        #[serde(default)]
        pub(crate) group: Option<Group>,
        /// Rows of a page: 1 to 200; 50 where it is left out.
        #[serde(default)]
        #[garde(range(min = 1, max = MAX_ROWS))]
        pub(crate) limit: Option<u32>,
        /// `nextCursor` of the page before; left out for the first page.
        #[serde(default)]
        #[schemars(regex(pattern = CURSOR))]
        pub(crate) cursor: Option<String>,
    }

    /// A patient as staff enter them.
    pub struct CreatePatient {
        /// The name as written; 1 to 200 characters.
        #[garde(length(chars, min = 1, max = MAX_NAME), pattern(ONE_LINE))]
        pub(crate) display_name: String,
        /// What they are called, for messages to them; 1 to 100 characters.
        #[serde(default)]
        #[garde(length(chars, min = 1, max = MAX_NICKNAME), pattern(ONE_LINE))]
        pub(crate) nickname: Option<String>,
        /// How the name is read, in kana or Latin letters; 1 to 200 characters.
        #[serde(default)]
        #[garde(length(chars, min = 1, max = MAX_READING), pattern(ONE_LINE))]
        pub(crate) reading: Option<String>,
        /// A telephone number as it is written: digits with `+`, brackets, hyphens and spaces;
        /// up to 40 characters.
        #[serde(default)]
        #[garde(length(chars, min = 1, max = MAX_PHONE), pattern(PHONE))]
        pub(crate) phone: Option<String>,
        /// Day of birth, `1956-04-13`, of the Gregorian calendar; from 1900 until today.
        #[serde(default)]
        #[garde(pattern(BIRTH_DATE))]
        pub(crate) birth_date: Option<String>,
        /// IANA zone; the clinic's where it is left out.
        #[serde(default)]
        #[garde(pattern(ZONE))]
        pub(crate) time_zone: Option<String>,
        /// LINE's id of them: `U` and 32 hex digits in small letters.
        #[serde(default)]
        #[garde(pattern(LINE_USER_ID))]
        pub(crate) line_user_id: Option<String>,
        /// BCP 47 tag of their language: `th`, `ja`, `zh-TW`, `en`.
        #[serde(default)]
        #[garde(length(chars, min = 1, max = 35), pattern(ONE_LINE))]
        pub(crate) locale: Option<String>,
        /// The clinic's own number; up to 100 characters.
        #[serde(default)]
        #[garde(length(chars, min = 1, max = 100), pattern(ONE_LINE))]
        pub(crate) external_ref: Option<String>,
        /// A note for staff; up to 5,000 characters.
        #[serde(default)]
        #[garde(length(chars, max = MAX_NOTE), pattern(LINES))]
        pub(crate) note: Option<String>,
        /// Up to 20 labels of up to 50 characters.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = Tags)]
        #[garde(dive)]
        pub(crate) tags: Tags,
    } also new;

    pub(crate) struct OnePatient {
        /// The id of the patient, a UUID.
        pub(crate) id: PatientId,
    }

    /// What changes of a patient; what is left out stays.
    pub(crate) struct UpdatePatient {
        /// The id of the patient, a UUID.
        pub(crate) id: PatientId,
        /// The `updatedAt` the caller has seen; 409 where the patient changed since.
        #[serde(default)]
        pub(crate) unchanged_since: Option<Timestamp>,
        /// The name as written, 1 to 200 characters.
        #[serde(default)]
        #[garde(length(chars, min = 1, max = MAX_NAME), pattern(ONE_LINE))]
        pub(crate) display_name: Option<String>,
        /// What they are called, 1 to 100 characters; null where nothing but their name is.
        #[serde(default, deserialize_with = "given")]
        #[specta(type = Option<String>)]
        #[garde(length(chars, min = 1, max = MAX_NICKNAME), pattern(ONE_LINE))]
        pub(crate) nickname: Option<Option<String>>,
        /// How the name is read, 1 to 200 characters; null where nobody noted it.
        #[serde(default, deserialize_with = "given")]
        #[specta(type = Option<String>)]
        #[garde(length(chars, min = 1, max = MAX_READING), pattern(ONE_LINE))]
        pub(crate) reading: Option<Option<String>>,
        /// A telephone number as it is written, up to 40 characters; null where there is none.
        #[serde(default, deserialize_with = "given")]
        #[specta(type = Option<String>)]
        #[garde(length(chars, min = 1, max = MAX_PHONE), pattern(PHONE))]
        pub(crate) phone: Option<Option<String>>,
        /// Day of birth, `1956-04-13`; null where it is not known.
        #[serde(default, deserialize_with = "given")]
        #[specta(type = Option<String>)]
        #[garde(pattern(BIRTH_DATE))]
        pub(crate) birth_date: Option<Option<String>>,
        /// LINE's id of them; null unlinks.
        #[serde(default, deserialize_with = "given")]
        #[specta(type = Option<String>)]
        #[garde(pattern(LINE_USER_ID))]
        pub(crate) line_user_id: Option<Option<String>>,
        /// IANA zone; null for the clinic's.
        #[serde(default, deserialize_with = "given")]
        #[specta(type = Option<String>)]
        #[garde(pattern(ZONE))]
        pub(crate) time_zone: Option<Option<String>>,
        /// BCP 47 tag of their language, up to 35 characters; null where it is not known.
        #[serde(default, deserialize_with = "given")]
        #[specta(type = Option<String>)]
        #[garde(length(chars, min = 1, max = 35), pattern(ONE_LINE))]
        pub(crate) locale: Option<Option<String>>,
        /// The clinic's own number (HN), 1 to 100 characters; null for none.
        #[serde(default, deserialize_with = "given")]
        #[specta(type = Option<String>)]
        #[garde(length(chars, min = 1, max = 100), pattern(ONE_LINE))]
        pub(crate) external_ref: Option<Option<String>>,
        /// A note for staff, up to 5,000 characters; patients never see it.
        #[serde(default)]
        #[garde(length(chars, max = MAX_NOTE), pattern(LINES))]
        pub(crate) note: Option<String>,
        /// All their labels, in place of those before: up to 20 of up to 50 characters.
        #[serde(default)]
        #[garde(dive)]
        pub(crate) tags: Option<Tags>,
        /// Whether the clinic still cares for them; archived patients get nothing.
        #[serde(default)]
        pub(crate) status: Option<Status>,
        /// Whether they agreed to get messages.
        #[serde(default)]
        pub(crate) consented: Option<bool>,
    } also changed;
}

fn new(patient: &CreatePatient, now: Timestamp, checks: &mut Checks) {
    born(patient.birth_date.as_deref(), now, checks);
}

fn changed(patient: &UpdatePatient, now: Timestamp, checks: &mut Checks) {
    born(patient.birth_date.as_ref().and_then(|date| date.as_deref()), now, checks);
}

/// A day that has not come anywhere is nobody's day of birth.
fn born(date: Option<&str>, now: Timestamp, checks: &mut Checks) {
    let latest = now.plus_millis(DAY_MS).to_utc().date_naive();
    if date.and_then(day).is_some_and(|date| date > latest) {
        checks.add(FieldProblem::new("birthDate", FieldCode::NotABirthDate));
    }
}
