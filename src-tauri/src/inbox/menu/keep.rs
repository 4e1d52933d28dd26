//! Keeps LINE's rich menus as the clinic wants them: one step at a time, each noted before the
//! next, so that a crash costs nothing but time. `links` decides who sees which.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use super::{
    links::{link, unlink_left},
    state::{Made, One, Trouble, change, get},
    step::{Step, Wrong},
};
use crate::{
    clock::{HOUR_MS, Timestamp},
    core::Core,
    domain::{
        language::Language,
        menu::{LANGUAGES, dialled},
    },
    line::{LineError, menu as wire},
    store::menus,
};

/// The prefix of our menus' names; LINE shows names to nobody.
const NAME: &str = "clinicue ";

/// The longest sleep between two looks for linked patients and changed languages.
const MAX_WAIT: Duration = Duration::from_secs(30);

const AFTER_TROUBLE: Duration = Duration::from_secs(60);

/// The pause between two calls: LINE takes three calls for many users in a second ("Rate limits").
const BETWEEN_CALLS: Duration = Duration::from_millis(400);

/// How often LINE is asked whether the menu is still there.
const LOOK_EVERY_MS: i64 = HOUR_MS;

const MAX_PIECE: u32 = 500;

/// Keeps the menus until `stop`: when staff decide, when patients change, and now and then.
pub(crate) async fn run(core: Arc<Core>, stop: CancellationToken) {
    loop {
        let wait = tokio::select! {
            round = round(&core, BETWEEN_CALLS, usize::MAX) => round.unwrap_or_else(|error| {
                tracing::error!(%error, "the rich menu could not be seen to; it is tried again");
                AFTER_TROUBLE
            }),
            () = stop.cancelled() => return,
        };
        tokio::select! {
            () = core.menu_bell.notified() => {}
            () = tokio::time::sleep(wait) => {}
            () = stop.cancelled() => return,
        }
    }
}

pub async fn drain(core: &Core) -> sqlx::Result<()> {
    take_steps(core, usize::MAX).await
}

/// Takes up to `max` steps, as if the program ended then.
pub async fn take_steps(core: &Core, max: usize) -> sqlx::Result<()> {
    round(core, Duration::ZERO, max).await.map(|_| ())
}

/// Takes step after step until none is left, or LINE refuses one. Returns how long to wait then.
async fn round(core: &Core, between: Duration, max: usize) -> sqlx::Result<Duration> {
    for _ in 0..max {
        if !core.line.is_connected() || core.channel().down().is_some() {
            return Ok(AFTER_TROUBLE);
        }
        match step(core, between).await {
            Ok(Step::Nothing) => return Ok(MAX_WAIT),
            Ok(Step::Taken) => {}
            Ok(Step::Linked) => tokio::time::sleep(between).await,
            Err(Wrong::Database(error)) => return Err(error),
            Err(Wrong::Line(error)) => {
                tracing::warn!(%error, "LINE did not let the rich menu be seen to; it is tried again");
                after(core, error).await?;
                return Ok(AFTER_TROUBLE);
            }
        }
    }
    Ok(Duration::ZERO)
}

/// Notes why a step failed, and drops noted facts that the failure puts in doubt.
async fn after(core: &Core, error: LineError) -> sqlx::Result<()> {
    let is_gone = matches!(error, LineError::Refused { status: 404, .. });
    // LINE may have made a menu while its answer was lost.
    let in_doubt = is_gone || matches!(error, LineError::Unreachable(_));
    let trouble = trouble_of(error, core.now());
    change(core, |menu| {
        menu.trouble = Some(trouble);
        match &menu.made {
            Some(made) if made.is_complete() => menu.seen_at = menu.seen_at.filter(|_| !is_gone),
            Some(_) if menu.wanted && in_doubt => menu.made = None,
            _ => {}
        }
    })
    .await
    .map(|_| ())
}

fn trouble_of(error: LineError, at: Timestamp) -> Trouble {
    match error {
        LineError::Refused { status, message } => Trouble { status: Some(status), words: message, at },
        LineError::Unreachable(_) => Trouble { status: None, words: String::new(), at },
    }
}

async fn step(core: &Core, between: Duration) -> Result<Step, Wrong> {
    let menu = get(core).await?;
    let clinic = core.clinic();
    let language = Language::of(None, clinic.time_zone).tag();
    let tel = clinic.phone.as_deref().and_then(dialled);
    let Some(made) = menu.made else {
        return if menu.wanted { begin(core, language, tel).await } else { Ok(Step::Nothing) };
    };
    if !menu.wanted || !made.fits(language, tel.as_deref()) {
        return take_down(core, made).await;
    }
    if !made.is_complete() {
        return build(core, made).await;
    }
    if menu.seen_at.is_none_or(|at| core.now().millis_since(at) >= LOOK_EVERY_MS) {
        return look(core, made).await;
    }
    match unlink_left(core, between).await? {
        Step::Nothing => link(core, made, between).await,
        step => Ok(step),
    }
}

/// Begins anew, removing what an earlier beginning may have left at LINE.
async fn begin(core: &Core, language: &str, tel: Option<String>) -> Result<Step, Wrong> {
    delete_but(core, &BTreeMap::new()).await?;
    forget_links(core).await?;
    let made = Made { language: language.to_owned(), tel, menus: BTreeMap::new(), shown_to_all: false };
    change(core, |menu| {
        menu.since = None;
        menu.made = Some(made);
    })
    .await?;
    Ok(Step::Taken)
}

/// Deletes every menu of ours but those in `kept`: one that LINE made as the program ended is noted
/// nowhere here.
async fn delete_but(core: &Core, kept: &BTreeMap<String, One>) -> Result<(), Wrong> {
    for known in core.line.menus().await? {
        if known.name.starts_with(NAME) && !kept.values().any(|one| one.id == known.id) {
            core.line.delete_menu(&known.id).await?;
        }
    }
    Ok(())
}

async fn forget_links(core: &Core) -> sqlx::Result<()> {
    loop {
        let mut tx = core.store.begin().await?;
        let forgotten = menus::forget(&mut tx, MAX_PIECE).await?;
        tx.commit().await?;
        if forgotten == 0 {
            return Ok(());
        }
    }
}

/// Makes the next menu or its picture, and in the end shows one to everybody.
async fn build(core: &Core, made: Made) -> Result<Step, Wrong> {
    for language in LANGUAGES {
        let tag = language.tag();
        match made.menus.get(tag) {
            None => {
                let object = wire::object(&format!("{NAME}{tag}"), language, made.tel.as_deref());
                let one = One { id: core.line.create_menu(&object).await?, has_picture: false };
                note(core, |made| {
                    made.menus.insert(tag.to_owned(), one);
                })
                .await?;
                return Ok(Step::Taken);
            }
            Some(one) if !one.has_picture => {
                let set = core.line.set_menu_image(&one.id, picture(language, made.tel.is_some())).await;
                if !set.as_ref().is_err_and(has_one_already) {
                    set?;
                }
                note(core, |made| {
                    if let Some(one) = made.menus.get_mut(tag) {
                        one.has_picture = true;
                    }
                })
                .await?;
                return Ok(Step::Taken);
            }
            Some(_) => {}
        }
    }
    delete_but(core, &made.menus).await?;
    if let Some(one) = made.menus.get(&made.language) {
        core.line.show_menu_to_all(&one.id).await?;
    }
    let now = core.now();
    change(core, |menu| {
        if let Some(made) = &mut menu.made {
            made.shown_to_all = true;
        }
        menu.since.get_or_insert(now);
        menu.seen_at = Some(now);
        menu.trouble = None;
    })
    .await?;
    Ok(Step::Taken)
}

/// Notes a step on menus that everybody does not see, or no longer.
async fn note(core: &Core, set: impl FnOnce(&mut Made)) -> sqlx::Result<()> {
    change(core, |menu| {
        if let Some(made) = &mut menu.made {
            set(made);
        }
        menu.since = None;
        menu.trouble = None;
    })
    .await
    .map(|_| ())
}

/// Whether LINE refuses a second picture for a menu: it took the first, whose answer was lost or
/// not noted.
fn has_one_already(error: &LineError) -> bool {
    matches!(error, LineError::Refused { status: 400, message } if message.contains("already been uploaded"))
}

/// Takes the next part away, which may be gone already. Each is noted before the next, so that
/// switching the menu on meanwhile restores just what is missing.
async fn take_down(core: &Core, made: Made) -> Result<Step, Wrong> {
    let shown = core.line.menu_of_all().await?;
    let is_shown = made.menus.values().any(|one| shown.as_deref() == Some(&one.id));
    if is_shown {
        core.line.hide_menu_of_all().await?;
    }
    if is_shown || made.shown_to_all {
        forget_links(core).await?;
        note(core, |made| made.shown_to_all = false).await?;
        return Ok(Step::Taken);
    }
    if let Some((tag, one)) = made.menus.first_key_value() {
        core.line.delete_menu(&one.id).await?;
        note(core, |made| {
            made.menus.remove(tag);
        })
        .await?;
        return Ok(Step::Taken);
    }
    delete_but(core, &made.menus).await?;
    change(core, |menu| {
        menu.made = None;
        menu.since = None;
        menu.seen_at = None;
        menu.trouble = None;
    })
    .await?;
    Ok(Step::Taken)
}

/// Asks LINE whether the menu is still as noted: somebody may have changed it in LINE's own
/// manager.
async fn look(core: &Core, made: Made) -> Result<Step, Wrong> {
    let there = core.line.menus().await?;
    let is_there = made.menus.values().all(|one| there.iter().any(|known| known.id == one.id));
    let shown = core.line.menu_of_all().await?;
    let is_shown = made.menus.get(&made.language).is_some_and(|one| shown.as_ref() == Some(&one.id));
    let now = core.now();
    change(core, |menu| {
        menu.trouble = None;
        if is_there && is_shown {
            menu.since.get_or_insert(now);
            menu.seen_at = Some(now);
            return;
        }
        menu.since = None;
        match &mut menu.made {
            Some(made) if is_there => made.shown_to_all = false,
            made => *made = None,
        }
    })
    .await?;
    Ok(Step::Taken)
}

/// The picture of a menu, drawn beforehand (`scripts/menus.mjs`).
fn picture(language: Language, with_call: bool) -> &'static [u8] {
    match (language, with_call) {
        (Language::English, true) => include_bytes!("../../../menus/en-3.png"),
        (Language::English, false) => include_bytes!("../../../menus/en-2.png"),
        (Language::Thai, true) => include_bytes!("../../../menus/th-3.png"),
        (Language::Thai, false) => include_bytes!("../../../menus/th-2.png"),
        (Language::Japanese, true) => include_bytes!("../../../menus/ja-3.png"),
        (Language::Japanese, false) => include_bytes!("../../../menus/ja-2.png"),
        (Language::TraditionalChinese, true) => include_bytes!("../../../menus/zh-TW-3.png"),
        (Language::TraditionalChinese, false) => include_bytes!("../../../menus/zh-TW-2.png"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_picture_has_the_size_of_its_menu_and_is_within_lines_limit() {
        for language in LANGUAGES {
            for with_call in [true, false] {
                let png = picture(language, with_call);
                let picture = image::load_from_memory(png).expect("a picture");
                assert_eq!((picture.width(), picture.height()), (wire::WIDTH, wire::HEIGHT));
                assert!(png.len() < 1_000_000, "{} has {} bytes", language.tag(), png.len());
            }
        }
    }
}
