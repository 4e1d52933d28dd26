//! Patients: lists, labels, and changes.

mod input;
mod shown;

pub use input::CreatePatient;
pub(crate) use input::{ListPatients, OnePatient, UpdatePatient};
pub(super) use input::{MAX_NAME, MAX_NOTE, Tags};
pub use shown::Patient;
use shown::TagCount;
pub(crate) use shown::{PatientSummary, PatientTags};

use unicode_normalization::UnicodeNormalization as _;

use super::{Caller, Nothing, Paged, audit, check, found, unchanged, wire::page};
use crate::{
    clock::Timestamp,
    core::{Core, Topic},
    domain::activity::Act,
    domain::patient::{Reachability, Sort, Status},
    error::{FieldCode, FieldProblem, Problem, Refusal, Result, Thing},
    ids::PatientId,
    inbox,
    queue::in_progress::Scope,
    schedule::replan,
    store::{deliveries, patients},
};

pub(crate) async fn list(core: &Core, _: &Caller, input: ListPatients) -> Result<Paged<PatientSummary>> {
    let (place, limit) = page(input.limit, input.cursor.as_deref())?;
    let filter = patients::Filter { search: input.search, group: input.group, tag: input.tag };
    let sort = input.sort.unwrap_or(Sort::Newest);
    let after = if input.cursor.is_some() { place } else { patients::beginning(sort) };
    let rows = patients::list(core.store.read(), &filter, sort, &after, limit).await?;
    let rows = rows.ok_or_else(|| Problem::field("cursor", FieldCode::NotACursor))?;
    Ok(Paged::of(rows, |row| PatientSummary {
        next_message_at: row.next_message_at(),
        last_answer_at: row.last_answer_at(),
        patient: Patient::of(row.patient, core),
        active_assignments: row.active_assignments,
        next_due_at: row.next_due_at,
    }))
}

/// The most labels offered; nobody chooses among more.
const MAX_TAGS: u32 = 500;

/// The most frequent first.
pub(crate) async fn tags(core: &Core, _: &Caller, _: Nothing) -> Result<PatientTags> {
    let tags = patients::tags(core.store.read(), MAX_TAGS).await?;
    let items = tags.into_iter().map(|t| TagCount { tag: t.tag, patients: t.patients });
    Ok(PatientTags { items: items.collect() })
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
    Ok(Patient::of(patient, core))
}

pub(super) fn wrong(input: &CreatePatient, now: Timestamp) -> Vec<FieldProblem> {
    check(input, now).err().map(|problem| problem.errors).unwrap_or_default()
}

pub(super) fn new_patient(input: CreatePatient, now: Timestamp) -> patients::Patient {
    patients::Patient {
        id: PatientId::new(now),
        line_user_id: input.line_user_id,
        display_name: input.display_name,
        nickname: input.nickname,
        reading: input.reading,
        phone: input.phone.as_deref().map(one_width),
        birth_date: input.birth_date,
        external_ref: input.external_ref,
        locale: input.locale,
        time_zone: input.time_zone,
        status: Status::Active,
        reachability: Reachability::Unknown,
        reached_at: None,
        consented_at: None,
        consented_by: None,
        tags: input.tags.0,
        note: input.note.unwrap_or_default(),
        demo: false,
        created_at: now,
        updated_at: now,
    }
}

/// Gives a linked patient a practice phone with their name, in practice mode.
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

/// Changes a patient. A link to another LINE account lets messages go that were held without one.
pub(crate) async fn update(core: &Core, who: &Caller, input: UpdatePatient) -> Result<Patient> {
    let now = core.now();
    let mut tx = core.store.begin().await?;
    let mut p = found(patients::get(&mut tx, input.id).await?, Thing::Patient, input.id)?;
    unchanged(input.unchanged_since, p.updated_at, Thing::Patient)?;
    // Nothing to this patient begins until the commit.
    let act = core.in_progress.act(Scope::Patient(p.id));
    let zone_before = p.time_zone.clone();
    set(&mut p.display_name, input.display_name);
    set(&mut p.nickname, input.nickname);
    set(&mut p.reading, input.reading);
    set(&mut p.phone, input.phone.map(|phone| phone.as_deref().map(one_width)));
    set(&mut p.birth_date, input.birth_date);
    set(&mut p.time_zone, input.time_zone);
    set(&mut p.locale, input.locale);
    set(&mut p.external_ref, input.external_ref);
    set(&mut p.note, input.note);
    set(&mut p.tags, input.tags.map(|tags| tags.0));
    set(&mut p.status, input.status);
    consent(&mut p, input.consented, who, now);
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
    Ok(Patient::of(p, core))
}

/// Notes who recorded the consent, and when; an existing consent keeps both.
fn consent(p: &mut patients::Patient, consented: Option<bool>, who: &Caller, now: Timestamp) {
    match consented {
        Some(true) if p.consented_at.is_none() => {
            (p.consented_at, p.consented_by) = (Some(now), Some(who.actor.clone()));
        }
        Some(false) => (p.consented_at, p.consented_by) = (None, None),
        Some(true) | None => {}
    }
}

/// A number with full-width digits as plain ones.
fn one_width(phone: &str) -> String {
    phone.nfkc().collect::<String>().trim().to_owned()
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
