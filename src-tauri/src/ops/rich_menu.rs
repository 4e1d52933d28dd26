//! The clinic's rich menu at LINE: switched on and off by staff, and its progress.

use super::{
    Caller, audit,
    wire::{Nothing, outputs},
};
use crate::{
    clock::Timestamp,
    core::Core,
    domain::activity::Act,
    domain::menu::dialled,
    error::Result,
    inbox::menu::{self, Menu},
    store::menus,
};

/// The progress of the rich menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum RichMenuState {
    /// No patient sees it.
    Off,
    /// It is being made at LINE.
    Starting,
    /// It is at LINE, and everybody sees it.
    On,
    /// It is being removed at LINE.
    Stopping,
    /// LINE refused the last step, or could not be reached; it is tried again every minute.
    Failed,
}

outputs! {
    /// The clinic's rich menu, as it is at LINE.
    pub(crate) struct RichMenu {
        /// Its progress. While it is `failed` patients may see it or not.
        pub(crate) state: RichMenuState,
        /// Whether staff switched it on.
        pub(crate) wanted: bool,
        /// Who last switched it on or off; null where nobody did.
        pub(crate) by: Option<String>,
        /// Since when everybody sees it; null while not everybody does.
        pub(crate) since: Option<Timestamp>,
        /// When LINE last confirmed it; null where it never did.
        pub(crate) seen_at: Option<Timestamp>,
        /// Patients who do not see the menu of their language yet; they see the clinic's.
        pub(crate) waiting: i64,
        /// Whether it has the button that calls the clinic, which needs a phone number.
        pub(crate) with_call: bool,
        /// LINE's words on the failed step; null where none failed.
        pub(crate) trouble: Option<String>,
        /// LINE's HTTP status of the failed step; null where LINE could not be reached, or none
        /// failed.
        pub(crate) trouble_status: Option<u16>,
    }
}

pub(crate) async fn get(core: &Core, _: &Caller, _: Nothing) -> Result<RichMenu> {
    shown(core, menu::get(core).await?).await
}

pub(crate) async fn on(core: &Core, who: &Caller, _: Nothing) -> Result<RichMenu> {
    switch(core, who, true).await
}

pub(crate) async fn off(core: &Core, who: &Caller, _: Nothing) -> Result<RichMenu> {
    switch(core, who, false).await
}

async fn switch(core: &Core, who: &Caller, wanted: bool) -> Result<RichMenu> {
    let by = who.actor.clone();
    let menu = menu::change(core, |menu| {
        if menu.wanted != wanted {
            menu.wanted = wanted;
            menu.by = Some(by);
            menu.trouble = None;
            // What the other decision left at LINE is looked at first.
            menu.since = None;
            menu.seen_at = None;
        }
    })
    .await?;
    let mut tx = core.store.begin().await?;
    audit(&mut tx, core, who, if wanted { Act::MenuOn } else { Act::MenuOff }, None, None).await?;
    tx.commit().await?;
    core.menu_bell.notify_one();
    shown(core, menu).await
}

async fn shown(core: &Core, menu: Menu) -> Result<RichMenu> {
    let state = match (&menu.trouble, menu.wanted, menu.since) {
        (Some(_), ..) => RichMenuState::Failed,
        (None, true, Some(_)) => RichMenuState::On,
        (None, true, None) => RichMenuState::Starting,
        (None, false, _) if menu.is_made() => RichMenuState::Stopping,
        (None, false, _) => RichMenuState::Off,
    };
    let waiting = if menu.wanted { menus::count_unseen(core.store.read()).await? } else { 0 };
    let can_call = core.clinic().phone.as_deref().and_then(dialled).is_some();
    let with_call = menu.has_call().unwrap_or(can_call);
    let trouble_status = menu.trouble.as_ref().and_then(|trouble| trouble.status);
    Ok(RichMenu {
        state,
        wanted: menu.wanted,
        by: menu.by,
        since: menu.since,
        seen_at: menu.seen_at,
        waiting,
        with_call,
        trouble: menu.trouble.map(|trouble| trouble.words),
        trouble_status,
    })
}
