//! Which menu a user sees: a patient the one of their language, by a link where that is not the
//! clinic's; an account that is no patient's any more the clinic's again. Many users go in one
//! call, and one whom LINE refuses holds up nobody.

use std::{collections::BTreeMap, time::Duration};

use super::{
    state::{Made, change, get},
    step::{Step, Wrong},
};
use crate::{
    core::Core,
    domain::language::Language,
    ids::PatientId,
    line::{LineError, menu as wire},
    store::menus,
};

/// An account, and the patient it is or was linked to.
#[derive(Clone, Copy)]
struct Account<'a> {
    patient: PatientId,
    line_user_id: &'a str,
}

pub(super) async fn link(core: &Core, made: Made, between: Duration) -> Result<Step, Wrong> {
    let unseen = menus::unseen(core.store.read(), wire::MAX_USERS).await?;
    if unseen.is_empty() {
        return Ok(Step::Nothing);
    }
    let clinic = core.clinic();
    let mut by_menu: BTreeMap<Option<&str>, Vec<Account<'_>>> = BTreeMap::new();
    for patient in unseen.iter().filter(|patient| is_at_line(core, patient.demo)) {
        let language = Language::of(patient.locale.as_deref(), clinic.time_zone).tag();
        let own = (language != made.language).then(|| made.menus.get(language)).flatten();
        // A reader of the clinic's language who never had another menu sees the right one already.
        if own.is_some() || patient.had_one {
            let account = Account { patient: patient.id, line_user_id: &patient.line_user_id };
            by_menu.entry(own.map(|one| one.id.as_str())).or_default().push(account);
        }
    }
    let calls = !by_menu.is_empty();
    for (menu, accounts) in by_menu {
        tell(core, menu, &accounts, between).await?;
    }
    let mut tx = core.store.begin().await?;
    menus::seen(&mut tx, &unseen).await?;
    tx.commit().await?;
    done(core, calls).await
}

/// Returns accounts that no patient has any more to the default menu. It runs before any linking:
/// an account may be another patient's by now.
pub(super) async fn unlink_left(core: &Core, between: Duration) -> Result<Step, Wrong> {
    let left = menus::left(core.store.read(), wire::MAX_USERS).await?;
    if left.is_empty() {
        return Ok(Step::Nothing);
    }
    let accounts: Vec<_> = left
        .iter()
        .filter(|left| is_at_line(core, left.demo))
        .map(|left| Account { patient: left.id, line_user_id: left.account() })
        .collect();
    tell(core, None, &accounts, between).await?;
    let mut tx = core.store.begin().await?;
    menus::taken_away(&mut tx, &left).await?;
    tx.commit().await?;
    done(core, !accounts.is_empty()).await
}

/// Whether LINE knows the patient: the real LINE knows nobody of the demo clinic.
fn is_at_line(core: &Core, demo: bool) -> bool {
    core.sandbox.is_some() || !demo
}

async fn done(core: &Core, calls: bool) -> Result<Step, Wrong> {
    if get(core).await?.trouble.is_some() {
        change(core, |menu| menu.trouble = None).await?;
    }
    Ok(if calls { Step::Linked } else { Step::Taken })
}

/// Shows these accounts a menu, or the default again. LINE refuses a whole call for one account it
/// does not take: then each half is tried, until that account stands alone and is skipped. It is
/// tried again when its patient's account or language changes.
async fn tell(
    core: &Core,
    menu: Option<&str>,
    accounts: &[Account<'_>],
    between: Duration,
) -> Result<(), LineError> {
    let mut pieces = vec![accounts];
    let mut is_there = None;
    while let Some(piece) = pieces.pop().filter(|piece| !piece.is_empty()) {
        let users: Vec<_> = piece.iter().map(|account| account.line_user_id).collect();
        let told = match menu {
            Some(menu) => core.line.link_menu(menu, &users).await,
            None => core.line.unlink_menus(&users).await,
        };
        if let Err(error) = told {
            if !is_about_accounts(core, menu, &error, &mut is_there).await? {
                return Err(error);
            }
            match piece {
                // An account LINE does not know has nothing to take away.
                [_] if menu.is_none() && matches!(error, LineError::Refused { status: 404, .. }) => {}
                [one] => {
                    tracing::warn!(patient = %one.patient, %error, "LINE takes this patient into no rich menu");
                }
                several => {
                    let (first, second) = several.split_at(several.len() / 2);
                    pieces.extend([second, first]);
                }
            }
        }
        if !pieces.is_empty() {
            tokio::time::sleep(between).await;
        }
    }
    Ok(())
}

/// Whether a refusal is about the accounts: LINE has the menu, and takes the call.
async fn is_about_accounts(
    core: &Core,
    menu: Option<&str>,
    error: &LineError,
    is_there: &mut Option<bool>,
) -> Result<bool, LineError> {
    if !matches!(error, LineError::Refused { status: 400 | 404, .. }) {
        return Ok(false);
    }
    if let (Some(menu), None) = (menu, *is_there) {
        *is_there = Some(core.line.menus().await?.iter().any(|known| known.id == menu));
    }
    Ok(is_there.unwrap_or(true))
}
