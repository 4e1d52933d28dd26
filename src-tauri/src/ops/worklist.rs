//! The worklist: people who need a person, and what staff do about it.

use super::{
    Caller, Paged, announce, audit, found, messages,
    wire::{Checks, given, inputs, outputs, page},
};
use crate::{
    clock::Timestamp,
    core::{Core, Topic},
    domain::{
        assignment,
        delivery::{Cause, KEY_LIFE_MS, State},
        draft::{Draft, Rules},
        work::{NoteKind, Reason},
    },
    error::{FieldProblem, Problem, Result},
    ids::{DeliveryId, NoteId, PatientId, WorkId},
    inbox,
    queue::{self, Name, in_progress::Scope},
    store::{
        Conn,
        answers::{self, Ask},
        deliveries, patients,
        worklist::{self, Filter, Note, Work},
    },
};

inputs! {
    /// Which lines.
    pub struct ListWork {
        /// One patient's.
        #[serde(default)]
        pub patient_id: Option<PatientId>,
        /// For one reason.
        #[serde(default)]
        pub reason: Option<Reason>,
        /// Those that are settled instead of those that are open.
        #[serde(default)]
        pub resolved: bool,
        /// Also those that are snoozed.
        #[serde(default)]
        pub snoozed: bool,
        /// Rows of a page: 1 to 200; 50 where it is left out.
        #[serde(default)]
        pub limit: Option<u32>,
        /// `nextCursor` of the page before.
        #[serde(default)]
        pub cursor: Option<String>,
    }

    /// One line.
    pub struct OneWork {
        /// Which.
        pub id: WorkId,
    }

    /// Who looks after a line.
    pub struct TakeWork {
        /// Which.
        pub id: WorkId,
        /// Who; whoever calls where it is left out, nobody where it is null.
        #[serde(default, deserialize_with = "given")]
        #[specta(type = Option<String>)]
        pub owner: Option<Option<String>>,
    }

    /// When a line comes back.
    pub struct SnoozeWork {
        /// Which.
        pub id: WorkId,
        /// Not shown before this; up to a year ahead.
        pub until: Timestamp,
    }

    /// A note on a line.
    pub struct NoteWork {
        /// On which.
        pub id: WorkId,
        /// A note, or a call with the patient.
        pub kind: NoteKind,
        /// What it says; 1 to 5,000 characters.
        pub text: String,
    }

    /// Whether a LINE account is linked to the patient of a line.
    pub struct DecideLink {
        /// Which line.
        pub id: WorkId,
        /// Whether the account becomes this patient's and nobody else's.
        pub accept: bool,
    }

    /// A note on a patient.
    pub struct NotePatient {
        /// On whom.
        pub id: PatientId,
        /// A note, or a call with the patient.
        pub kind: NoteKind,
        /// What it says; 1 to 5,000 characters.
        pub text: String,
    }
}

outputs! {
    /// A line of the worklist.
    pub struct WorkItem {
        /// Its id.
        pub id: WorkId,
        /// Who needs a person.
        pub patient_id: PatientId,
        /// Their name.
        pub patient_name: String,
        /// The message it is about.
        pub message_id: Option<DeliveryId>,
        /// What the message's step is called.
        pub step_name: Option<String>,
        /// Of which protocol it is.
        pub protocol_name: Option<String>,
        /// Why they are on the list.
        pub reason: Reason,
        /// What happened, in plain words.
        pub what: String,
        /// What was answered or written.
        pub detail: Option<String>,
        /// Why the message failed.
        pub cause: Option<Cause>,
        /// Whether staff are called at once.
        pub urgent: bool,
        /// Who looks after it.
        pub owner: Option<String>,
        /// Not shown before this.
        pub snoozed_until: Option<Timestamp>,
        /// Whether its message can be sent again.
        pub can_send_again: bool,
        /// The patient the LINE account is linked to now, where staff decide about a link.
        pub linked_to: Option<PatientId>,
        /// Notes of staff, oldest first.
        pub notes: Vec<StaffNote>,
        /// When it came up.
        pub created_at: Timestamp,
        /// When it last changed.
        pub updated_at: Timestamp,
        /// When it was settled.
        pub resolved_at: Option<Timestamp>,
        /// By whom.
        pub resolved_by: Option<String>,
    }

    /// A note of staff.
    pub struct StaffNote {
        /// Its id.
        pub id: NoteId,
        /// A note or a call.
        pub kind: NoteKind,
        /// What it says.
        pub text: String,
        /// Who wrote it.
        pub author: String,
        /// When.
        pub created_at: Timestamp,
    }
}

impl From<Note> for StaffNote {
    fn from(n: Note) -> Self {
        Self { id: n.id, kind: n.kind, text: n.text, author: n.author, created_at: n.created_at }
    }
}

/// What happened, in plain words.
fn in_words(w: &Work) -> &'static str {
    match (w.reason, w.cause) {
        (Reason::Worrying, _) => "gave an answer that worries",
        (Reason::Postponed, _) => "postponed more often than the plan allows",
        (Reason::Missed, _) => "did not answer in time",
        (Reason::Blocked, _) => "blocked the clinic's LINE account; nothing arrives",
        (Reason::Unlinked, _) if !w.linked => "is not linked to LINE; steps wait and grow too old",
        (Reason::Unlinked, _) => "LINE does not know this patient's id; link the patient again",
        (Reason::Failed, Some(cause)) => cause.in_words(),
        (Reason::Failed, None) => "a message failed for good",
        (Reason::Expired, _) => "a message grew too old before it could be sent",
        (Reason::Wrote, _) => "wrote a message",
        (Reason::Relink, _) => "used the code of this patient from a LINE account; a link exists already",
    }
}

impl WorkItem {
    fn of(w: Work, notes: Vec<StaffNote>, now: Timestamp) -> Self {
        let link = if w.reason == Reason::Relink { w.detail.as_deref().and_then(link_of) } else { None };
        // A message that failed goes again under its own key, which LINE has to know still.
        let key_is_known = w.maybe_sent_at.is_none_or(|at| now.millis_since(at) <= KEY_LIFE_MS);
        let sendable = match w.reason {
            Reason::Missed | Reason::Postponed => true,
            Reason::Expired => key_is_known,
            Reason::Failed => key_is_known && w.cause.is_none_or(Cause::is_retryable),
            _ => false,
        };
        Self {
            what: in_words(&w).to_owned(),
            can_send_again: sendable && w.delivery_id.is_some() && w.resolved_at.is_none(),
            linked_to: link.as_ref().and_then(|l| l.linked_to),
            detail: w.detail.filter(|_| link.is_none()),
            id: w.id,
            patient_id: w.patient_id,
            patient_name: w.patient_name,
            message_id: w.delivery_id,
            step_name: w.step_name,
            protocol_name: w.protocol_name,
            reason: w.reason,
            cause: w.cause,
            urgent: w.urgent,
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
struct Link {
    line_user_id: String,
    linked_to: Option<PatientId>,
}

fn link_of(detail: &str) -> Option<Link> {
    serde_json::from_str(detail).ok()
}

/// Lines of the worklist: the urgent ones first, then from the newest to the oldest.
pub async fn list(core: &Core, _: &Caller, input: ListWork) -> Result<Paged<WorkItem>> {
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
    Ok(Paged::of(rows, |w| {
        let theirs = notes.extract_if(.., |n| n.work_id == Some(w.id)).map(StaffNote::from).collect();
        WorkItem::of(w, theirs, now)
    }))
}

async fn read(conn: &mut Conn, id: WorkId, now: Timestamp) -> Result<WorkItem> {
    let work = found(worklist::get(conn, id).await?, "line of the worklist", id)?;
    let notes = worklist::notes_of(conn, &[id]).await?;
    Ok(WorkItem::of(work, notes.into_iter().map(StaffNote::from).collect(), now))
}

/// Changes a line in one transaction.
async fn change(
    core: &Core,
    who: &Caller,
    id: WorkId,
    action: &str,
    set: impl FnOnce(&mut Work) -> Result<()>,
) -> Result<WorkItem> {
    let now = core.now();
    let mut tx = core.store.begin().await?;
    let mut work = found(worklist::get(&mut tx, id).await?, "line of the worklist", id)?;
    set(&mut work)?;
    work.updated_at = now;
    worklist::update(&mut tx, &work).await.map_err(|error| match error.as_database_error() {
        Some(e) if e.is_unique_violation() => {
            Problem::conflict("the same matter is on the list again already")
        }
        _ => error.into(),
    })?;
    audit(&mut tx, core, who, action, Some(work.patient_id.to_string()), None).await?;
    let item = read(&mut tx, id, core.now()).await?;
    tx.commit().await?;
    announce(core, &[Topic::Worklist, Topic::Status]);
    Ok(item)
}

fn open(work: &Work) -> Result<()> {
    if work.resolved_at.is_some() {
        return Err(Problem::conflict("this is settled already; reopen it first"));
    }
    Ok(())
}

/// Looks after a line, or lets go of it.
pub async fn take(core: &Core, who: &Caller, input: TakeWork) -> Result<WorkItem> {
    let mut checks = Checks::default();
    checks.line("owner", input.owner.as_ref().and_then(Option::as_deref), 200);
    checks.done()?;
    let given = input.owner.is_some();
    let owner = input.owner.unwrap_or_else(|| Some(who.actor.clone()));
    change(core, who, input.id, "worklist.take", |work| {
        open(work)?;
        // Of two who take it at the same moment the second is told.
        if let Some(other) = work.owner.as_deref().filter(|o| !given && *o != who.actor) {
            return Err(Problem::conflict(format!("{other} looks after this already")));
        }
        work.owner = owner;
        Ok(())
    })
    .await
}

/// Lets a line come back later.
pub async fn snooze(core: &Core, who: &Caller, input: SnoozeWork) -> Result<WorkItem> {
    let ahead = input.until.millis_since(core.now());
    if !(1..=366 * 24 * 3_600_000).contains(&ahead) {
        return Err(Problem::field("until", "takes a time ahead, up to a year"));
    }
    change(core, who, input.id, "worklist.snooze", |work| {
        open(work)?;
        work.snoozed_until = Some(input.until);
        Ok(())
    })
    .await
}

/// Settles a line.
pub async fn resolve(core: &Core, who: &Caller, input: OneWork) -> Result<WorkItem> {
    let (now, by) = (core.now(), who.actor.clone());
    change(core, who, input.id, "worklist.resolve", |work| {
        open(work)?;
        work.resolved_at = Some(now);
        work.resolved_by = Some(by);
        Ok(())
    })
    .await
}

/// Brings a settled line back.
pub async fn reopen(core: &Core, who: &Caller, input: OneWork) -> Result<WorkItem> {
    change(core, who, input.id, "worklist.reopen", |work| {
        work.resolved_at = None;
        work.resolved_by = None;
        work.snoozed_until = None;
        Ok(())
    })
    .await
}

/// Writes a note on a line.
pub async fn note(core: &Core, who: &Caller, input: NoteWork) -> Result<WorkItem> {
    let mut tx = core.store.begin().await?;
    let work = found(worklist::get(&mut tx, input.id).await?, "line of the worklist", input.id)?;
    write_note(&mut tx, core, who, work.patient_id, Some(work.id), input.kind, input.text).await?;
    let item = read(&mut tx, input.id, core.now()).await?;
    tx.commit().await?;
    announce(core, &[Topic::Worklist, Topic::Patients]);
    Ok(item)
}

/// Writes a note on a patient.
pub async fn note_patient(core: &Core, who: &Caller, input: NotePatient) -> Result<StaffNote> {
    let mut tx = core.store.begin().await?;
    found(patients::get(&mut tx, input.id).await?, "patient", input.id)?;
    let note = write_note(&mut tx, core, who, input.id, None, input.kind, input.text).await?;
    tx.commit().await?;
    announce(core, &[Topic::Patients]);
    Ok(note.into())
}

async fn write_note(
    conn: &mut Conn,
    core: &Core,
    who: &Caller,
    patient_id: PatientId,
    work_id: Option<WorkId>,
    kind: NoteKind,
    text: String,
) -> Result<Note> {
    let mut checks = Checks::default();
    checks.note("text", Some(&text), 5_000);
    if text.trim().is_empty() {
        checks.add(FieldProblem::new("text", "must not be empty"));
    }
    checks.done()?;
    let now = core.now();
    let note = Note {
        id: NoteId::new(now),
        patient_id,
        work_id,
        kind,
        text,
        author: who.actor.clone(),
        created_at: now,
    };
    worklist::add_note(conn, &note).await?;
    Ok(note)
}

/// Sends the message of a line again: one that failed under its own key, a question that was
/// missed or postponed too often as a new message.
pub async fn send_again(core: &Core, who: &Caller, input: OneWork) -> Result<WorkItem> {
    let mut conn = core.store.read().acquire().await?;
    let item = read(&mut conn, input.id, core.now()).await?;
    let Some(id) = item.message_id.filter(|_| item.can_send_again) else {
        return Err(Problem::conflict("there is nothing to send again here; call the patient instead"));
    };
    let asks = answers::asks(&mut conn, &[id]).await?;
    drop(conn);
    let ask = found(asks.into_iter().next(), "message", id)?;
    if matches!(ask.state, State::Failed | State::Review) {
        messages::retry(core, who, messages::OneMessage { id }).await?;
    } else {
        ask_again(core, who, &ask).await?;
    }
    resolve_quietly(core, who, input.id).await
}

/// Settles a line unless it settled itself when its message went out.
async fn resolve_quietly(core: &Core, who: &Caller, id: WorkId) -> Result<WorkItem> {
    let (now, by) = (core.now(), who.actor.clone());
    change(core, who, id, "worklist.send_again", |work| {
        work.resolved_at.get_or_insert(now);
        work.resolved_by.get_or_insert(by);
        Ok(())
    })
    .await
}

async fn ask_again(core: &Core, who: &Caller, ask: &Ask) -> Result<()> {
    let now = core.now();
    let clinic = core.clinic();
    let active = ask.assignment_status == Some(assignment::Status::Active);
    let mut source = ask.source();
    // A follow-up that is over sends nothing more; the question then stands alone.
    source.assignment_id = source.assignment_id.filter(|_| active);
    let mut tx = core.store.begin().await?;
    let patient = found(patients::get(&mut tx, ask.patient_id).await?, "patient", ask.patient_id)?;
    let rules = Rules { clinic: &clinic, zone: clinic.zone_of(patient.time_zone.as_deref()), now };
    let again = Draft::sent_again(source, rules);
    let inserted = deliveries::insert(&mut tx, &[again], now).await?;
    let jobs: Vec<_> = inserted.iter().map(|id| (*id, ask.priority)).collect();
    queue::enqueue(&mut tx, Name::MessageDelivery, &jobs).await?;
    audit(&mut tx, core, who, "message.send_again", Some(ask.id.to_string()), None).await?;
    tx.commit().await?;
    core.queues.wake(Name::MessageDelivery);
    announce(core, &[Topic::Messages]);
    Ok(())
}

/// Decides whether the LINE account that sent a patient's code becomes theirs.
pub async fn decide_link(core: &Core, who: &Caller, input: DecideLink) -> Result<WorkItem> {
    let now = core.now();
    let mut tx = core.store.begin().await?;
    let mut work = found(worklist::get(&mut tx, input.id).await?, "line of the worklist", input.id)?;
    open(&work)?;
    let link = work.detail.as_deref().filter(|_| work.reason == Reason::Relink).and_then(link_of);
    let Some(link) = link else {
        return Err(Problem::conflict("this line is not about a link"));
    };
    // Until the commit nothing begins to either of them: the account changes hands.
    let mut acts = vec![core.in_progress.act(Scope::Patient(work.patient_id))];
    if input.accept {
        let mut patient = found(patients::get(&mut tx, work.patient_id).await?, "patient", work.patient_id)?;
        let user = &link.line_user_id;
        let losers = patients::by_line_users(&mut tx, std::slice::from_ref(user)).await?;
        acts.extend(losers.iter().map(|p| core.in_progress.act(Scope::Patient(p.id))));
        inbox::bind(&mut tx, &mut patient, user, Some(now), losers, &who.actor, now).await?;
    } else {
        let subject = Some(work.patient_id.to_string());
        audit(&mut tx, core, who, "patient.link_refused", subject, None).await?;
    }
    work.resolved_at = Some(now);
    work.resolved_by = Some(who.actor.clone());
    work.updated_at = now;
    worklist::update(&mut tx, &work).await?;
    let item = read(&mut tx, input.id, core.now()).await?;
    tx.commit().await?;
    drop(acts);
    core.tick_bell.notify_one();
    announce(core, &[Topic::Worklist, Topic::Status, Topic::Patients]);
    Ok(item)
}
