//! Patients.

use super::{
    Caller, Paged, announce, audit, found, unchanged,
    wire::{CURSOR, MAX_ROWS, given, inputs, outputs, page},
};
use crate::{
    clock::Timestamp,
    core::{Core, Topic},
    delivery::gate::{self, Addressee, Fate, Verdict},
    domain::activity::Act,
    domain::delivery::Cause,
    domain::language::Language,
    domain::patient::{Reachability, Status, is_line_user_id},
    error::{FieldCode, Problem, Refusal, Result, Thing},
    fields::{Form, LINES, ONE_LINE, ZONE, or_default},
    ids::PatientId,
    inbox,
    queue::in_progress::Scope,
    schedule::replan,
    store::{deliveries, patients},
};

/// Characters of a patient's name.
pub(super) const MAX_NAME: usize = 200;
/// Characters of what they are called.
const MAX_NICKNAME: usize = 100;
/// Characters of a note on a patient.
const MAX_NOTE: usize = 5_000;

static LINE_USER_ID: Form = Form::new("^U[0-9a-f]{32}$", is_line_user_id, FieldCode::NotALineUserId);

/// Labels of a patient.
#[derive(Clone, Debug, Default, serde::Deserialize, garde::Validate, schemars::JsonSchema, specta::Type)]
#[serde(transparent)]
#[specta(transparent)]
#[schemars(inline)]
#[garde(transparent)]
pub(crate) struct Tags(
    #[garde(length(max = 20), inner(length(chars, min = 1, max = 50), pattern(ONE_LINE)))] pub Vec<String>,
);

inputs! {
    /// Which patients are listed; all of them where nothing is given.
    pub(crate) struct ListPatients {
        /// Part of a name, a number or a LINE user id; up to 100 characters.
        #[serde(default)]
        #[garde(length(chars, max = 100), pattern(LINES))]
        pub(crate) search: Option<String>,
        /// Rows of a page: 1 to 200; 50 where it is left out.
        #[serde(default)]
        #[garde(range(min = 1, max = MAX_ROWS))]
        pub(crate) limit: Option<u32>,
        /// `nextCursor` of the page before.
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
        #[garde(dive)]
        pub(crate) tags: Tags,
    }

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
        /// The name as written.
        #[serde(default)]
        #[garde(length(chars, min = 1, max = MAX_NAME), pattern(ONE_LINE))]
        pub(crate) display_name: Option<String>,
        /// What they are called, 1 to 100 characters; null where nothing but their name is.
        #[serde(default, deserialize_with = "given")]
        #[specta(type = Option<String>)]
        #[garde(length(chars, min = 1, max = MAX_NICKNAME), pattern(ONE_LINE))]
        pub(crate) nickname: Option<Option<String>>,
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
        /// The clinic's own number.
        #[serde(default, deserialize_with = "given")]
        #[specta(type = Option<String>)]
        #[garde(length(chars, min = 1, max = 100), pattern(ONE_LINE))]
        pub(crate) external_ref: Option<Option<String>>,
        /// A note for staff.
        #[serde(default)]
        #[garde(length(chars, max = MAX_NOTE), pattern(LINES))]
        pub(crate) note: Option<String>,
        /// All their labels, in place of those before: up to 20 of up to 50 characters.
        #[serde(default)]
        #[garde(dive)]
        pub(crate) tags: Option<Tags>,
        /// Archived patients get nothing.
        #[serde(default)]
        pub(crate) status: Option<Status>,
        /// Whether they agreed to get messages.
        #[serde(default)]
        pub(crate) consented: Option<bool>,
    }
}

outputs! {
    /// What keeps messages from going.
    pub struct Obstacle {
        /// Why they wait, as a held message says it.
        pub(crate) cause: Cause,
        /// When it ends by itself; null while it hangs on somebody's act.
        pub(crate) until: Option<Timestamp>,
        /// Whether a new message would wait for that; else it is refused or left out.
        pub(crate) waits: bool,
    }

    /// A person who gets messages, or whom the clinic keeps on file.
    pub struct Patient {
        /// A UUID that never changes.
        pub id: PatientId,
        /// The name as written.
        pub(crate) display_name: String,
        /// What they are called, in messages to them; null where staff entered nothing.
        pub(crate) nickname: Option<String>,
        /// LINE's id of them.
        pub(crate) line_user_id: Option<String>,
        /// The clinic's own number.
        pub(crate) external_ref: Option<String>,
        /// BCP 47 tag of their language: `th`, `ja`, `zh-TW`, `en`; null where it is not known.
        pub(crate) locale: Option<String>,
        /// The language in which they are spoken to: theirs, else that of the clinic's zone, else
        /// English.
        pub(crate) language: Language,
        /// Their zone; null for the clinic's.
        pub(crate) time_zone: Option<String>,
        /// Archived patients get nothing.
        pub(crate) status: Status,
        /// What is known of the way to their LINE.
        pub(crate) reachability: Reachability,
        /// What would keep a message to them from going out now; null where nothing of theirs or
        /// of the clinic's rules does.
        pub(crate) obstacle: Option<Obstacle>,
        /// When they agreed to get messages.
        pub(crate) consented_at: Option<Timestamp>,
        /// Up to 20 labels of up to 50 characters, in the order staff gave them.
        pub(crate) tags: Vec<String>,
        /// A note for staff.
        pub(crate) note: String,
        /// Part of the demo clinic.
        pub(crate) demo: bool,
        /// When they were added.
        pub(crate) created_at: Timestamp,
        /// When the row last changed.
        pub(crate) updated_at: Timestamp,
    }

    /// A patient in a list.
    pub(crate) struct PatientSummary {
        #[serde(flatten)]
        pub(crate) patient: Patient,
        /// Follow-ups that run now.
        pub(crate) active_assignments: i64,
        /// When the next step is due.
        pub(crate) next_due_at: Option<Timestamp>,
    }
}

impl Patient {
    pub(super) fn of(p: patients::Patient, core: &Core) -> Self {
        Self {
            language: Language::of(p.locale.as_deref(), core.clinic().time_zone),
            obstacle: obstacle(&p, core),
            id: p.id,
            display_name: p.display_name,
            nickname: p.nickname,
            line_user_id: p.line_user_id,
            external_ref: p.external_ref,
            locale: p.locale,
            time_zone: p.time_zone,
            status: p.status,
            reachability: p.reachability,
            consented_at: p.consented_at,
            tags: p.tags,
            note: p.note,
            demo: p.demo,
            created_at: p.created_at,
            updated_at: p.updated_at,
        }
    }
}

fn obstacle(p: &patients::Patient, core: &Core) -> Option<Obstacle> {
    let to = Addressee {
        line_user_id: p.line_user_id.as_deref(),
        reachability: p.reachability,
        status: p.status,
        consented_at: p.consented_at,
        time_zone: p.time_zone.as_deref(),
        demo: p.demo,
    };
    match gate::towards(to, &core.clinic(), core.sandbox.is_some(), core.now()) {
        // What waits already is kept for them; a new message is refused.
        Verdict::Wait(until, cause) => {
            Some(Obstacle { cause, until, waits: cause != Cause::PatientArchived })
        }
        Verdict::Drop(Fate::LeftOut(cause)) => Some(Obstacle { cause, until: None, waits: false }),
        Verdict::Drop(_) | Verdict::Go => None,
    }
}

/// Patients from the newest to the oldest.
pub(crate) async fn list(core: &Core, _: &Caller, input: ListPatients) -> Result<Paged<PatientSummary>> {
    let (after, limit) = page(input.limit, input.cursor.as_deref())?;
    let search = input.search.as_deref().map(str::trim).filter(|s| !s.is_empty());
    let rows = patients::list(core.store.read(), search, &after, limit).await?;
    Ok(Paged::of(rows, |row| PatientSummary {
        patient: Patient::of(row.patient, core),
        active_assignments: row.active_assignments,
        next_due_at: row.next_due_at,
    }))
}

pub async fn create(core: &Core, who: &Caller, input: CreatePatient) -> Result<Patient> {
    let now = core.now();
    let patient = new_patient(input, now);
    let mut tx = core.store.begin().await?;
    patients::insert(&mut tx, &patient).await.map_err(taken)?;
    audit(&mut tx, core, who, Act::PatientCreate, Some(patient.id.to_string()), None).await?;
    inbox::entered(&mut tx, std::slice::from_ref(&patient), &who.actor, now).await?;
    tx.commit().await?;
    plug_in_phone(core, &patient);
    announce(core, &[Topic::Patients, Topic::Worklist]);
    Ok(Patient::of(patient, core))
}

/// A patient as they are entered.
pub(super) fn new_patient(input: CreatePatient, now: Timestamp) -> patients::Patient {
    patients::Patient {
        id: PatientId::new(now),
        line_user_id: input.line_user_id,
        display_name: input.display_name,
        nickname: input.nickname,
        external_ref: input.external_ref,
        locale: input.locale,
        time_zone: input.time_zone,
        status: Status::Active,
        reachability: Reachability::Unknown,
        reached_at: None,
        consented_at: None,
        tags: input.tags.0,
        note: input.note.unwrap_or_default(),
        demo: false,
        created_at: now,
        updated_at: now,
    }
}

/// In practice mode a linked patient has a practice phone with their name on it.
pub(super) fn plug_in_phone(core: &Core, patient: &patients::Patient) {
    if let (Some(running), Some(line_user_id)) = (&core.sandbox, &patient.line_user_id) {
        running.sandbox.add_user(line_user_id, &patient.display_name);
        core.announce(Topic::Phones);
    }
}

pub(crate) async fn get(core: &Core, _: &Caller, input: OnePatient) -> Result<Patient> {
    let mut conn = core.store.read().acquire().await?;
    let patient = found(patients::get(&mut conn, input.id).await?, Thing::Patient, input.id)?;
    Ok(Patient::of(patient, core))
}

/// Changes a patient. A link to another LINE account lets what was held for want of one go.
pub(crate) async fn update(core: &Core, who: &Caller, input: UpdatePatient) -> Result<Patient> {
    let now = core.now();
    let mut tx = core.store.begin().await?;
    let mut p = found(patients::get(&mut tx, input.id).await?, Thing::Patient, input.id)?;
    unchanged(input.unchanged_since, p.updated_at, Thing::Patient)?;
    // Until the commit nothing to this patient begins.
    let act = core.in_progress.act(Scope::Patient(p.id));
    let zone_before = p.time_zone.clone();
    set(&mut p.display_name, input.display_name);
    set(&mut p.nickname, input.nickname);
    set(&mut p.time_zone, input.time_zone);
    set(&mut p.locale, input.locale);
    set(&mut p.external_ref, input.external_ref);
    set(&mut p.note, input.note);
    set(&mut p.tags, input.tags.map(|tags| tags.0));
    set(&mut p.status, input.status);
    match input.consented {
        Some(true) => p.consented_at = p.consented_at.or(Some(now)),
        Some(false) => p.consented_at = None,
        None => {}
    }
    let link = input.line_user_id.filter(|user| *user != p.line_user_id);
    match &link {
        Some(Some(user)) => inbox::bind(&mut tx, &mut p, user, None, Vec::new(), &who.actor, now).await,
        Some(None) => inbox::unbind(&mut tx, &mut p, &who.actor, now).await,
        None => Ok(()),
    }
    .map_err(taken)?;
    p.updated_at = now.max(p.updated_at.plus_millis(1));
    patients::update(&mut tx, &p).await?;
    deliveries::release_held_of(&mut tx, &[p.id], now).await?;
    if zone_before != p.time_zone {
        replan::patient(&mut tx, p.id, &core.clinic(), now).await?;
    }
    audit(&mut tx, core, who, Act::PatientUpdate, Some(p.id.to_string()), None).await?;
    tx.commit().await?;
    drop(act);
    plug_in_phone(core, &p);
    core.tick_bell.notify_one();
    announce(core, &[Topic::Patients, Topic::Worklist]);
    Ok(Patient::of(p, core))
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

pub(super) fn taken(error: sqlx::Error) -> Problem {
    if error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation) {
        return Problem::conflict(
            Refusal::AccountTaken,
            "lineUserId: another patient is linked to this LINE account",
        );
    }
    error.into()
}
