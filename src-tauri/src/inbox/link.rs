//! Links by one-time codes: the patient's first message binds the LINE account that sends it.

use serde_json::json;

use super::{
    code::{code_hash, codes_in},
    received::Received,
    reply::Reply,
    words::{Told, Words},
};
use crate::{
    clock::Timestamp,
    core::Core,
    domain::activity::{Act, Actor},
    domain::{language::Language, patient::Reachability, work::Reason},
    ids::{AuditId, PatientId, WorkId},
    line::webhook::What,
    store::{
        Conn, assignments, audit_log, deliveries, link_codes,
        patients::{self, Patient},
        strangers::{self, Moved},
        worklist,
    },
};

/// Works on the codes among the events. A text with other words stays a message, with the code
/// masked, and is the patient's once linked; a code alone is no message for staff and counts as a
/// sign of life only.
pub(super) async fn take_codes(
    conn: &mut Conn,
    core: &Core,
    batch: &mut [Received],
    replies: &mut Vec<Reply>,
) -> sqlx::Result<()> {
    for received in batch {
        let What::Message { text: Some(text), .. } = &mut received.event.what else { continue };
        let (Some(found), Some(user)) = (codes_in(text), received.event.user.clone()) else { continue };
        let mut said = Vec::new();
        for code in found.codes {
            said.push(take(conn, core, &user, &code, received.at).await?);
        }
        let told = in_answer(said);
        if let Some(words) = found.words {
            *text = words;
            received.told = Some(told);
        } else {
            received.event.what = What::SignOfLife;
            let language = Language::of(told.locale.as_deref(), core.clinic().time_zone);
            replies.extend(Reply::to(received, told.in_language(language)));
        }
    }
    Ok(())
}

/// The words to answer with, and the locale of the patient they are about.
struct Said {
    words: Words,
    locale: Option<String>,
}

impl Said {
    const fn is_taken(&self) -> bool {
        matches!(self.words, Words::Linked(_) | Words::StaffDecide)
    }
}

/// One answer about all codes of a text: where some were taken only those are named, else the first
/// tells why.
fn in_answer(mut said: Vec<Said>) -> Told {
    if said.iter().any(Said::is_taken) {
        said.retain(Said::is_taken);
    } else {
        said.truncate(1);
    }
    said.truncate(MAX_TOLD);
    let locale = said.iter().find_map(|said| said.locale.clone());
    Told { words: said.into_iter().map(|said| said.words).collect(), locale }
}

/// The most lines of an answer about codes.
const MAX_TOLD: usize = 5;

/// Works on one code of one account. An account with too many wrong guesses is not looked up any
/// more: a text has room for hundreds.
async fn take(conn: &mut Conn, core: &Core, user: &str, code: &str, at: Timestamp) -> sqlx::Result<Said> {
    let now = core.now();
    let hash = code_hash(code);
    if !core.code_tries().are_left(user, core.now()) {
        return Ok(Said { words: Words::TooManyCodes, locale: None });
    }
    let Some(known) = link_codes::get(conn, &hash).await? else {
        core.code_tries().count_wrong(user, core.now());
        return Ok(Said { words: Words::WrongCode, locale: None });
    };
    let Some(mut patient) = patients::get(conn, known.patient_id).await? else {
        return Ok(Said { words: Words::WrongCode, locale: None });
    };
    let locale = patient.locale.clone();
    let said = move |words| Ok(Said { words, locale });
    let linked = patient.line_user_id.as_deref() == Some(user);
    if linked {
        link_codes::used(conn, &hash, now).await?;
        return said(Words::Linked(core.clinic().name.clone()));
    }
    if known.used_at.is_some() {
        return said(Words::UsedCode);
    }
    if known.expires_at < at {
        return said(Words::ExpiredCode);
    }
    link_codes::used(conn, &hash, now).await?;
    let other = patients::by_line_users(conn, &[user.to_owned()]).await?.into_iter().next();
    if patient.line_user_id.is_some() || other.is_some() {
        ask_staff(conn, &patient, other.as_ref(), user, now).await?;
        return said(Words::StaffDecide);
    }
    bind(conn, &mut patient, user, Some(at), Vec::new(), Actor::PatientByCode.as_str(), now).await?;
    said(Words::Linked(core.clinic().name.clone()))
}

/// Asks staff to decide, since the account or the patient is linked already.
async fn ask_staff(
    conn: &mut Conn,
    patient: &Patient,
    other: Option<&Patient>,
    user: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    let detail = json!({ "lineUserId": user, "linkedTo": other.map(|p| p.id) });
    let work = worklist::New {
        id: WorkId::new(now),
        patient_id: patient.id,
        delivery_id: None,
        reason: Reason::Relink,
        detail: Some(detail.to_string()),
        since: None,
    };
    worklist::open(conn, &[work], now).await
}

/// Binds an account to a patient, and takes it from the `losers` who had it. Settles the worklist
/// items about the patient's missing link, lets held messages go, and tells staff which losers
/// cannot be reached any more. `proven_at` is when the account itself gave the patient's code;
/// `None` where staff typed its id.
///
/// The caller must not store `patient` itself, and must hold acts on everybody concerned.
///
/// # Errors
/// Another patient has the account and is no loser (a unique violation): roll back.
pub(crate) async fn bind(
    conn: &mut Conn,
    patient: &mut Patient,
    user: &str,
    proven_at: Option<Timestamp>,
    losers: Vec<Patient>,
    by: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    for mut loser in losers {
        unbind(conn, &mut loser, by, now).await?;
    }
    patient.line_user_id = Some(user.to_owned());
    patient.reachability = if proven_at.is_some() { Reachability::Reachable } else { Reachability::Unknown };
    patient.reached_at = proven_at;
    store(conn, patient, Act::PatientLink, by, now).await?;
    deliveries::release_held_of(conn, &[patient.id], now).await?;
    worklist::settle(conn, &[patient.id], &[Reason::Unlinked, Reason::Blocked], now).await?;
    worklist::settle_relinks(conn, patient.id, user, now).await?;
    welcome(conn, &[patient.id], now).await
}

pub(crate) async fn entered(
    conn: &mut Conn,
    patients: &[Patient],
    by: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    let linked: Vec<_> = patients.iter().filter(|p| p.line_user_id.is_some()).map(|p| p.id).collect();
    if linked.is_empty() {
        return Ok(());
    }
    let entries: Vec<_> = linked.iter().map(|id| entry_of(*id, Act::PatientLink, by, now)).collect();
    audit_log::add_many(conn, &entries).await?;
    welcome(conn, &linked, now).await
}

/// Gives these patients the messages they wrote as strangers; open items move to their names.
async fn welcome(conn: &mut Conn, patients: &[PatientId], now: Timestamp) -> sqlx::Result<()> {
    let waited = strangers::become_patients(conn, patients).await?;
    let (mut items, mut untold) = (Vec::new(), Vec::new());
    for moved in waited {
        let (patient_id, since, untold_from) = (moved.patient_id, moved.opened_at, moved.untold_from);
        for Waiting { reason, detail } in waiting_of(moved) {
            let about = worklist::New::about(patient_id, reason, now);
            items.push(worklist::New { detail: Some(detail), since, ..about });
            let owed = untold_from.filter(|_| reason.is_urgent());
            untold.extend(owed.map(|from| worklist::Untold { patient_id, reason, from }));
        }
    }
    worklist::open(conn, &items, now).await?;
    worklist::owe_answers(conn, &untold).await
}

struct Waiting {
    reason: Reason,
    /// LINE's id of the words, or the key of the press.
    detail: String,
}

/// What a stranger waited with for staff: a press that alarmed, and all their words as one.
fn waiting_of(moved: Moved) -> Vec<Waiting> {
    let pressed = moved.pressed.filter(|_| moved.urgent);
    // Of words before the last update it was not noted which alarmed.
    let alarming = moved.urgent && (moved.alarming || pressed.is_none());
    let of_words = if alarming { Reason::Alarming } else { Reason::Wrote };
    let all = [(Reason::FeelsWorse, pressed), (of_words, moved.newest)];
    let waiting = |(reason, detail): (Reason, Option<String>)| Some(Waiting { reason, detail: detail? });
    all.into_iter().filter_map(waiting).collect()
}

/// Takes the account from a patient, and tells staff where the patient still expects messages.
pub(crate) async fn unbind(
    conn: &mut Conn,
    patient: &mut Patient,
    by: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    patient.line_user_id = None;
    patient.reachability = Reachability::Unknown;
    patient.reached_at = None;
    store(conn, patient, Act::PatientUnlink, by, now).await?;
    let waiting = assignments::with_started(conn, &[patient.id]).await?;
    let items: Vec<_> =
        waiting.into_iter().map(|id| worklist::New::about(id, Reason::Unlinked, now)).collect();
    worklist::open(conn, &items, now).await
}

async fn store(
    conn: &mut Conn,
    patient: &mut Patient,
    action: Act,
    by: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    // Always later than before, even within one millisecond: a holder of the earlier state is
    // refused.
    patient.updated_at = now.max(patient.updated_at.plus_millis(1));
    patients::update(conn, patient).await?;
    audit_log::add(conn, &entry_of(patient.id, action, by, now)).await
}

fn entry_of(patient: PatientId, action: Act, by: &str, now: Timestamp) -> audit_log::AuditRow {
    audit_log::AuditRow {
        id: AuditId::new(now),
        at: now,
        actor: by.to_owned(),
        action,
        subject: Some(patient.to_string()),
        detail: None,
    }
}
