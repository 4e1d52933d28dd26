//! The worklist as shown.

use std::collections::{HashMap, HashSet};

use crate::{
    clock::Timestamp,
    core::Core,
    domain::{
        delivery::Cause,
        work::{Action, NoteKind, Reason, WhatHappened, WorkState},
    },
    error::{Result, Thing},
    fields::or_default,
    ids::{DeliveryId, NoteId, PatientId, WorkId},
    ops::{
        Caller, Nothing, Paged, found,
        wire::{CURSOR, MAX_ROWS, inputs, outputs, page},
        words::{self, PatientWords},
    },
    store::{
        Conn,
        patient_messages::{self, Said, SaidSince, Since},
        worklist::{self, Filter, Note, Work},
    },
};

inputs! {
    pub(crate) struct ListWork {
        /// Only items about this patient.
        #[serde(default)]
        pub(crate) patient_id: Option<PatientId>,
        /// Only items that came up for this reason.
        #[serde(default)]
        pub(crate) reason: Option<Reason>,
        /// Whether settled items are listed instead of open ones.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = bool)]
        pub(crate) resolved: bool,
        /// Whether snoozed items are listed, too.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = bool)]
        pub(crate) snoozed: bool,
        /// Rows of a page: 1 to 200; 50 where left out.
        #[serde(default)]
        #[garde(range(min = 1, max = MAX_ROWS))]
        pub(crate) limit: Option<u32>,
        /// The `nextCursor` of the page before; left out for the first page.
        #[serde(default)]
        #[schemars(regex(pattern = CURSOR))]
        pub(crate) cursor: Option<String>,
    }

    pub(crate) struct OneWork {
        /// The id of the item, a UUID.
        pub(crate) id: WorkId,
    }
}

outputs! {
    pub(crate) struct WorkItem {
        /// A UUID that never changes.
        pub(crate) id: WorkId,
        /// The patient who needs a person.
        pub(crate) patient_id: PatientId,
        /// The patient's name as written, 1 to 200 characters.
        pub(crate) patient_name: String,
        /// The message it is about; null where it is about none.
        pub(crate) message_id: Option<DeliveryId>,
        /// The name of the message's step; null without one.
        pub(crate) step_name: Option<String>,
        /// The name of that message's protocol; null without one.
        pub(crate) protocol_name: Option<String>,
        /// Why they are on the list.
        pub(crate) reason: Reason,
        /// What happened, in English; never empty.
        pub(crate) what: String,
        /// What happened, as a stable name for translation; for a failed message `cause` says more.
        pub(crate) what_code: WhatHappened,
        /// The answered label or the written words; null where `what` says it all.
        pub(crate) detail: Option<String>,
        /// The choice made with a picker, where that is the answer: `2026-12-01`, `09:30` or
        /// `2026-12-01T09:30`; else null.
        pub(crate) chosen: Option<String>,
        /// For items about words: what the patient said since the item came up, the newest 10,
        /// oldest first.
        pub(crate) said: Vec<PatientWords>,
        /// Why the message failed; null for any other item.
        pub(crate) cause: Option<Cause>,
        /// Whether staff are called at once.
        pub(crate) urgent: bool,
        /// Whether LINE, as far as is known, did not take the reply that says whom to call in an
        /// emergency: the patient may not have read it.
        pub(crate) untold: bool,
        /// The name of whoever looks after it; null for nobody.
        pub(crate) owner: Option<String>,
        /// The instant until which it is hidden from the list; null where it is not snoozed.
        pub(crate) snoozed_until: Option<Timestamp>,
        /// The actions staff may take now.
        pub(crate) actions: Vec<Action>,
        /// Whether its message can be sent again.
        pub(crate) can_send_again: bool,
        /// The patient the LINE account is linked to now, where staff decide about a link; else
        /// null.
        pub(crate) linked_to: Option<PatientId>,
        /// Notes of staff, oldest first.
        pub(crate) notes: Vec<StaffNote>,
        /// When it came up, by the program's clock.
        pub(crate) created_at: Timestamp,
        /// When it last changed, by staff or by the program.
        pub(crate) updated_at: Timestamp,
        /// When it was settled; null while it is open.
        pub(crate) resolved_at: Option<Timestamp>,
        /// The name of whoever settled it; null while it is open.
        pub(crate) resolved_by: Option<String>,
    }

    /// The item settled last.
    pub(crate) struct LastSettled {
        /// Null where nothing was ever settled.
        pub(crate) settled: Option<Settled>,
    }

    /// A settled item, in short.
    pub(crate) struct Settled {
        /// The patient who needed a person.
        pub(crate) patient_id: PatientId,
        pub(crate) patient_name: String,
        /// When it was settled.
        pub(crate) resolved_at: Timestamp,
        /// The name of whoever settled it, or of the program.
        pub(crate) resolved_by: Option<String>,
    }

    /// A note of staff.
    pub(crate) struct StaffNote {
        /// A UUID that never changes.
        pub(crate) id: NoteId,
        /// The kind: a note, or the result of a call.
        pub(crate) kind: NoteKind,
        /// The text, 1 to 5,000 characters.
        pub(crate) text: String,
        /// The name of the token or session that wrote it.
        pub(crate) author: String,
        /// When it was written; it never changes.
        pub(crate) created_at: Timestamp,
    }
}

impl From<Note> for StaffNote {
    fn from(n: Note) -> Self {
        Self { id: n.id, kind: n.kind, text: n.text, author: n.author, created_at: n.created_at }
    }
}

impl WorkItem {
    fn of(w: Work, said: Vec<PatientWords>, notes: Vec<StaffNote>, now: Timestamp) -> Self {
        let link = if w.reason == Reason::Relink { w.detail().and_then(link_of) } else { None };
        let state = WorkState {
            reason: w.reason,
            is_settled: w.resolved_at.is_some(),
            has_owner: w.owner.is_some(),
            has_message: w.delivery_id.is_some(),
            cause: w.cause,
            maybe_sent_at: w.maybe_sent_at,
        };
        let actions = state.actions(now);
        let happened = WhatHappened::of(w.reason, w.linked);
        Self {
            what: happened.in_words(w.cause).to_owned(),
            what_code: happened,
            can_send_again: actions.contains(&Action::SendAgain),
            actions,
            linked_to: link.as_ref().and_then(|l| l.linked_to),
            detail: w.detail().filter(|_| link.is_none()).map(str::to_owned),
            chosen: w.chosen().map(str::to_owned),
            said,
            id: w.id,
            patient_id: w.patient_id,
            patient_name: w.patient_name,
            message_id: w.delivery_id,
            step_name: w.step_name,
            protocol_name: w.protocol_name,
            reason: w.reason,
            cause: w.cause,
            urgent: w.urgent,
            untold: w.untold_from.is_some_and(|from| from <= now),
            owner: w.owner,
            snoozed_until: w.snoozed_until,
            notes,
            created_at: w.created_at,
            updated_at: w.updated_at,
            resolved_at: w.resolved_at,
            resolved_by: w.resolved_by,
        }
    }
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Link {
    pub(super) line_user_id: String,
    linked_to: Option<PatientId>,
}

pub(super) fn link_of(detail: &str) -> Option<Link> {
    serde_json::from_str(detail).ok()
}

pub(crate) async fn last_settled(core: &Core, _: &Caller, _: Nothing) -> Result<LastSettled> {
    let settled = worklist::last_settled(core.store.read()).await?.map(|s| Settled {
        patient_id: s.patient_id,
        patient_name: s.patient_name,
        resolved_at: s.resolved_at,
        resolved_by: s.resolved_by,
    });
    Ok(LastSettled { settled })
}

pub(crate) async fn list(core: &Core, _: &Caller, input: ListWork) -> Result<Paged<WorkItem>> {
    let (after, limit) = page(input.limit, input.cursor.as_deref())?;
    let filter = Filter {
        patient_id: input.patient_id,
        reason: input.reason,
        resolved: input.resolved,
        snoozed: input.snoozed,
    };
    let now = core.now();
    let rows = worklist::list(core.store.read(), filter, &after, limit, now).await?;
    let ids: Vec<_> = rows.items.iter().map(|w| w.id).collect();
    let mut conn = core.store.read().acquire().await?;
    let mut notes = worklist::notes_of(&mut conn, &ids).await?;
    let mut said = words_of(&mut conn, &rows.items).await?;
    Ok(Paged::of(rows, |w| {
        let theirs = notes.extract_if(.., |n| n.work_id == Some(w.id)).map(StaffNote::from).collect();
        let said = said.remove(&w.id).unwrap_or_default();
        WorkItem::of(w, said, theirs, now)
    }))
}

/// The most words an item shows.
const MAX_SAID: u32 = 10;

/// Since the items about them came up.
async fn words_of(conn: &mut Conn, items: &[Work]) -> Result<HashMap<WorkId, Vec<PatientWords>>> {
    let about_words = items.iter().filter_map(|w| Some((w, w.said_id()?)));
    let asked: Vec<_> = about_words
        .map(|(w, said_id)| Since { work_id: w.id, patient_id: w.patient_id, at: w.created_at, said_id })
        .collect();
    let mut by_item: HashMap<WorkId, Vec<Said>> = HashMap::new();
    for SaidSince { work_id, said } in patient_messages::since(conn, &asked, MAX_SAID).await? {
        by_item.entry(work_id).or_default().push(said);
    }
    // Words shown on one item of a patient are not repeated on the next.
    let (mut shown, mut rows) = (HashSet::new(), Vec::new());
    for item in items {
        let theirs = by_item.remove(&item.id).unwrap_or_default();
        let new = theirs.into_iter().filter(|s| shown.insert(s.id) || item.said_id() == Some(s.id));
        rows.extend(new.map(|said| (item.id, said)));
    }
    let (of, said): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    let mut found: HashMap<WorkId, Vec<PatientWords>> = HashMap::new();
    for (item, (_, words)) in of.into_iter().zip(words::with_media(conn, said).await?) {
        found.entry(item).or_default().push(words);
    }
    Ok(found)
}

pub(super) async fn read(conn: &mut Conn, id: WorkId, now: Timestamp) -> Result<WorkItem> {
    let work = found(worklist::get(conn, id).await?, Thing::WorkItem, id)?;
    let notes = worklist::notes_of(conn, &[id]).await?;
    let said = words_of(conn, std::slice::from_ref(&work)).await?.remove(&id).unwrap_or_default();
    Ok(WorkItem::of(work, said, notes.into_iter().map(StaffNote::from).collect(), now))
}
