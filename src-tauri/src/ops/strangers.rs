//! Strangers, whose LINE account is no patient's: listed, linked to a patient, settled.

use std::collections::HashMap;

use super::{
    Caller, Paged, audit, found,
    media::PatientMedia,
    patients::{Patient, plug_in_phone},
    wire::{CURSOR, MAX_ROWS, inputs, outputs, page},
    words::{PatientWords, PressedButton},
};
use crate::{
    clock::Timestamp,
    core::Core,
    domain::activity::Act,
    domain::{media::Details, work::StrangerAction},
    error::{Problem, Refusal, Result, Thing},
    fields::or_default,
    ids::{PatientId, StrangerId},
    inbox,
    queue::in_progress::Scope,
    store::{
        Conn, media, patients,
        strangers::{self, Words},
    },
};

inputs! {
    pub(crate) struct ListStrangers {
        /// Whether settled ones are listed instead of those that wait for staff.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = bool)]
        pub(crate) resolved: bool,
        /// Rows of a page: 1 to 200; 50 where left out.
        #[serde(default)]
        #[garde(range(min = 1, max = MAX_ROWS))]
        pub(crate) limit: Option<u32>,
        /// The `nextCursor` of the page before; left out for the first page.
        #[serde(default)]
        #[schemars(regex(pattern = CURSOR))]
        pub(crate) cursor: Option<String>,
    }

    pub(crate) struct OneStranger {
        pub(crate) id: StrangerId,
    }

    /// Links a stranger to a patient.
    pub(crate) struct LinkStranger {
        pub(crate) id: StrangerId,
        /// The patient they are, who must not be linked to another account.
        pub(crate) patient_id: PatientId,
    }
}

outputs! {
    /// Somebody who wrote, and of whom only the LINE account is known.
    pub(crate) struct Stranger {
        /// A UUID, valid until they are linked.
        pub(crate) id: StrangerId,
        /// Their name at LINE, up to 100 characters; null until LINE was asked, or where it tells
        /// none.
        pub(crate) display_name: Option<String>,
        /// Whether staff are called at once.
        pub(crate) urgent: bool,
        /// Whether LINE, as far as is known, did not take the reply that says whom to call in an
        /// emergency: they may not have read it.
        pub(crate) untold: bool,
        /// Their last messages, at most 200, oldest first.
        pub(crate) said: Vec<PatientWords>,
        /// The actions staff may take now.
        pub(crate) actions: [StrangerAction; 2],
        /// When they first wrote or pressed something.
        pub(crate) created_at: Timestamp,
        /// When they last wrote or pressed something.
        pub(crate) updated_at: Timestamp,
        /// When staff settled it; null while it waits, and again once they write anew.
        pub(crate) resolved_at: Option<Timestamp>,
        /// The name of whoever settled it; null while it waits.
        pub(crate) resolved_by: Option<String>,
    }
}

impl Stranger {
    fn of(s: strangers::Stranger, said: Vec<PatientWords>, now: Timestamp) -> Self {
        Self {
            id: s.id,
            display_name: s.display_name,
            urgent: s.urgent,
            untold: s.untold_from.is_some_and(|from| from <= now),
            said,
            actions: StrangerAction::offered(s.resolved_at.is_some()),
            created_at: s.created_at,
            updated_at: s.updated_at,
            resolved_at: s.resolved_at,
            resolved_by: s.resolved_by,
        }
    }
}

impl From<Words> for PatientWords {
    fn from(w: Words) -> Self {
        let params = w.params.unwrap_or_default();
        let Details { place, sticker, address } = w.details.unwrap_or_default();
        Self {
            kind: w.kind,
            text: w.text,
            press: w.data.map(|data| PressedButton { label: w.label, data, params }),
            media: None,
            place,
            sticker,
            address,
            quote_token: None,
            quoted: false,
            at: w.said_at,
            unsent_at: w.unsent_at,
        }
    }
}

pub(crate) async fn list(core: &Core, _: &Caller, input: ListStrangers) -> Result<Paged<Stranger>> {
    let (after, limit) = page(input.limit, input.cursor.as_deref())?;
    let rows = strangers::list(core.store.read(), input.resolved, &after, limit).await?;
    let ids: Vec<_> = rows.items.iter().map(|s| s.id).collect();
    let mut conn = core.store.read().acquire().await?;
    let mut said = words_of(&mut conn, &ids).await?;
    let now = core.now();
    Ok(Paged::of(rows, |s| {
        let theirs = said.remove(&s.id).unwrap_or_default();
        Stranger::of(s, theirs, now)
    }))
}

/// With what came with them.
async fn words_of(conn: &mut Conn, ids: &[StrangerId]) -> Result<HashMap<StrangerId, Vec<PatientWords>>> {
    let said = strangers::words_of(conn, ids).await?;
    let messages: Vec<_> = said.values().flatten().map(|w| w.line_message_id.as_str()).collect();
    let mut media = media::of_messages(conn, &messages).await?;
    let mut with = |words: Words| {
        let media = media.remove(&words.line_message_id).map(PatientMedia::from);
        PatientWords { media, ..PatientWords::from(words) }
    };
    Ok(said.into_iter().map(|(id, words)| (id, words.into_iter().map(&mut with).collect())).collect())
}

/// Links a stranger's account to a patient: their messages become the patient's, and wait on the
/// worklist unless somebody had settled them.
pub(crate) async fn link(core: &Core, who: &Caller, input: LinkStranger) -> Result<Patient> {
    let now = core.now();
    let mut tx = core.store.begin().await?;
    let stranger = found(strangers::get(&mut tx, input.id).await?, Thing::Stranger, input.id)?;
    let mut patient =
        found(patients::get(&mut tx, input.patient_id).await?, Thing::Patient, input.patient_id)?;
    if patient.line_user_id.is_some() {
        return Err(Problem::conflict(
            Refusal::PatientLinked,
            "this patient is linked to another LINE account; take that link away first",
        ));
    }
    // Nothing to this patient begins until the commit.
    let act = core.in_progress.act(Scope::Patient(patient.id));
    let user = stranger.line_user_id;
    inbox::bind(&mut tx, &mut patient, &user, Some(now), Vec::new(), &who.actor, now)
        .await
        .map_err(super::patients::taken)?;
    tx.commit().await?;
    drop(act);
    plug_in_phone(core, &patient);
    core.tick_bell.notify_one();
    Ok(Patient::of(patient, core))
}

/// They are open again once the stranger writes anew.
pub(crate) async fn resolve(core: &Core, who: &Caller, input: OneStranger) -> Result<Stranger> {
    let now = core.now();
    change(core, who, input.id, Act::StrangerResolve, |stranger| {
        if stranger.resolved_at.is_some() {
            return Err(Problem::conflict(
                Refusal::SettledAlready,
                "this is settled already; reopen it first",
            ));
        }
        stranger.resolved_at = Some(now);
        stranger.resolved_by = Some(who.actor.clone());
        Ok(())
    })
    .await
    .inspect(|stranger| inbox::mark_as_read(core, inbox::Writer::Stranger(stranger.id)))
}

pub(crate) async fn reopen(core: &Core, who: &Caller, input: OneStranger) -> Result<Stranger> {
    change(core, who, input.id, Act::StrangerReopen, |stranger| {
        stranger.resolved_at = None;
        stranger.resolved_by = None;
        Ok(())
    })
    .await
}

async fn change(
    core: &Core,
    who: &Caller,
    id: StrangerId,
    action: Act,
    set: impl FnOnce(&mut strangers::Stranger) -> Result<()>,
) -> Result<Stranger> {
    let mut tx = core.store.begin().await?;
    let mut stranger = found(strangers::get(&mut tx, id).await?, Thing::Stranger, id)?;
    set(&mut stranger)?;
    strangers::settle(&mut tx, &stranger).await?;
    audit(&mut tx, core, who, action, None, None).await?;
    let shown = read(&mut tx, stranger, core.now()).await?;
    tx.commit().await?;
    Ok(shown)
}

async fn read(conn: &mut Conn, stranger: strangers::Stranger, now: Timestamp) -> Result<Stranger> {
    let said = words_of(conn, &[stranger.id]).await?.remove(&stranger.id);
    Ok(Stranger::of(stranger, said.unwrap_or_default(), now))
}
