//! The data staff enter about patients, and their limits.

use crate::{
    clock::{DAY_MS, Timestamp},
    domain::patient::{Group, Sort, Status, is_birth_date, is_line_user_id, is_phone},
    error::{FieldCode, FieldProblem},
    fields::{Form, LINES, ONE_LINE, ZONE, day, or_default},
    ids::PatientId,
    ops::wire::{CURSOR, Checks, MAX_ROWS, given, inputs},
};

/// The most characters of a patient's name.
pub(in crate::ops) const MAX_NAME: usize = 200;
/// The most characters of a nickname.
const MAX_NICKNAME: usize = 100;
/// The most characters of a name's reading.
const MAX_READING: usize = 200;
/// The most characters of a telephone number as written.
const MAX_PHONE: usize = 40;
/// The most characters of a note on a patient.
pub(in crate::ops) const MAX_NOTE: usize = 5_000;

static LINE_USER_ID: Form = Form::new("^U[0-9a-f]{32}$", is_line_user_id, FieldCode::NotALineUserId);

static PHONE: Form = Form::new(r"^[+＋0-9０-９๐-๙()（）./ \u3000#-]+$", is_phone, FieldCode::NotAPhone);

static BIRTH_DATE: Form = Form::new(
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    |text| day(text).is_some_and(is_birth_date),
    FieldCode::NotABirthDate,
);

/// The most characters of one label.
const MAX_TAG: usize = 50;

/// All labels of a patient, up to 20.
// It is serialized as well: the OpenAPI document takes the default of a field from it.
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
    /// A filter of patients; all fields left out, everybody is listed.
    pub(crate) struct ListPatients {
        /// Only patients with exactly this label.
        #[serde(default)]
        #[garde(length(chars, min = 1, max = MAX_TAG), pattern(ONE_LINE))]
        pub(crate) tag: Option<String>,
        /// The order; from the newest to the oldest where left out.
        #[serde(default)]
        pub(crate) sort: Option<Sort>,
        /// Part of a name, of its reading, of a number, the digits of a telephone number or a LINE
        /// user id; up to 100 characters.
        #[serde(default)]
        #[garde(length(chars, max = 100), pattern(LINES))]
        pub(crate) search: Option<String>,
        /// Only patients of this group.
        #[serde(default)]
        pub(crate) group: Option<Group>,
        /// Rows of a page: 1 to 200; 50 where left out.
        #[serde(default)]
        #[garde(range(min = 1, max = MAX_ROWS))]
        pub(crate) limit: Option<u32>,
        /// The `nextCursor` of the page before; left out for the first page.
        #[serde(default)]
        #[schemars(regex(pattern = CURSOR))]
        pub(crate) cursor: Option<String>,
    }

    /// A patient as staff enter them.
    pub struct CreatePatient {
        /// The name as written; 1 to 200 characters.
        #[garde(length(chars, min = 1, max = MAX_NAME), pattern(ONE_LINE))]
        pub(crate) display_name: String,
        /// The nickname, for messages; 1 to 100 characters.
        #[serde(default)]
        #[garde(length(chars, min = 1, max = MAX_NICKNAME), pattern(ONE_LINE))]
        pub(crate) nickname: Option<String>,
        /// The reading of the name, in kana or Latin letters; 1 to 200 characters.
        #[serde(default)]
        #[garde(length(chars, min = 1, max = MAX_READING), pattern(ONE_LINE))]
        pub(crate) reading: Option<String>,
        /// A telephone number as written: digits with `+`, brackets, hyphens and spaces; up to 40
        /// characters.
        #[serde(default)]
        #[garde(length(chars, min = 1, max = MAX_PHONE), pattern(PHONE))]
        pub(crate) phone: Option<String>,
        /// The date of birth, `1956-04-13`, in the Gregorian calendar; from 1900 until today.
        #[serde(default)]
        #[garde(pattern(BIRTH_DATE))]
        pub(crate) birth_date: Option<String>,
        /// IANA zone; the clinic's where left out.
        #[serde(default)]
        #[garde(pattern(ZONE))]
        pub(crate) time_zone: Option<String>,
        /// LINE's user id: `U` and 32 hex digits in small letters.
        #[serde(default)]
        #[garde(pattern(LINE_USER_ID))]
        pub(crate) line_user_id: Option<String>,
        /// BCP 47 tag of the patient's language: `th`, `ja`, `zh-TW`, `en`.
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

    /// Changes of a patient; fields left out stay.
    pub(crate) struct UpdatePatient {
        /// The id of the patient, a UUID.
        pub(crate) id: PatientId,
        /// The `updatedAt` the caller last read; 409 where the patient changed since.
        #[serde(default)]
        pub(crate) unchanged_since: Option<Timestamp>,
        /// The name as written, 1 to 200 characters.
        #[serde(default)]
        #[garde(length(chars, min = 1, max = MAX_NAME), pattern(ONE_LINE))]
        pub(crate) display_name: Option<String>,
        /// The nickname, 1 to 100 characters; null for none.
        #[serde(default, deserialize_with = "given")]
        #[specta(type = Option<String>)]
        #[garde(length(chars, min = 1, max = MAX_NICKNAME), pattern(ONE_LINE))]
        pub(crate) nickname: Option<Option<String>>,
        /// The reading of the name, 1 to 200 characters; null for none.
        #[serde(default, deserialize_with = "given")]
        #[specta(type = Option<String>)]
        #[garde(length(chars, min = 1, max = MAX_READING), pattern(ONE_LINE))]
        pub(crate) reading: Option<Option<String>>,
        /// A telephone number as written, up to 40 characters; null for none.
        #[serde(default, deserialize_with = "given")]
        #[specta(type = Option<String>)]
        #[garde(length(chars, min = 1, max = MAX_PHONE), pattern(PHONE))]
        pub(crate) phone: Option<Option<String>>,
        /// The date of birth, `1956-04-13`; null where unknown.
        #[serde(default, deserialize_with = "given")]
        #[specta(type = Option<String>)]
        #[garde(pattern(BIRTH_DATE))]
        pub(crate) birth_date: Option<Option<String>>,
        /// LINE's user id; null unlinks.
        #[serde(default, deserialize_with = "given")]
        #[specta(type = Option<String>)]
        #[garde(pattern(LINE_USER_ID))]
        pub(crate) line_user_id: Option<Option<String>>,
        /// IANA zone; null for the clinic's.
        #[serde(default, deserialize_with = "given")]
        #[specta(type = Option<String>)]
        #[garde(pattern(ZONE))]
        pub(crate) time_zone: Option<Option<String>>,
        /// BCP 47 tag of the patient's language, up to 35 characters; null where unknown.
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
        /// All labels, replacing the earlier ones: up to 20 of up to 50 characters.
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

/// Refuses a date of birth that has not come anywhere on earth.
fn born(date: Option<&str>, now: Timestamp, checks: &mut Checks) {
    let latest = now.plus_millis(DAY_MS).to_utc().date_naive();
    if date.and_then(day).is_some_and(|date| date > latest) {
        checks.add(FieldProblem::new("birthDate", FieldCode::NotABirthDate));
    }
}
