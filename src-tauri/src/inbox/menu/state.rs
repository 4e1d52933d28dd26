//! The stored state of the rich menu: what staff want, which menus LINE has, and what failed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{clock::Timestamp, core::Core, store::settings};

/// The name of the stored setting.
const MENU: &str = "rich_menu";

/// The wish of staff, and the progress towards it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Menu {
    /// Whether staff switched the rich menu on.
    pub(crate) wanted: bool,
    /// The caller who last switched it on or off; `None` where nobody did.
    pub(crate) by: Option<String>,
    /// Since when everybody sees it; `None` while not everybody does.
    pub(crate) since: Option<Timestamp>,
    /// When LINE last confirmed it.
    pub(crate) seen_at: Option<Timestamp>,
    /// Why the last step failed; `None` where it did not.
    pub(crate) trouble: Option<Trouble>,
    /// The menus that were made at LINE; `None` while there are none.
    pub(super) made: Option<Made>,
}

impl Menu {
    /// Whether LINE has any part of it.
    pub(crate) fn is_made(&self) -> bool {
        self.made.is_some()
    }

    /// Whether the menus at LINE have the button that calls; `None` where there are none.
    pub(crate) fn has_call(&self) -> Option<bool> {
        self.made.as_ref().map(|made| made.tel.is_some())
    }
}

/// Why a step failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Trouble {
    /// LINE's HTTP status; `None` where it could not be reached.
    pub(crate) status: Option<u16>,
    /// LINE's words; empty where it gave none.
    pub(crate) words: String,
    pub(crate) at: Timestamp,
}

/// The menus at LINE, by language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Made {
    /// The language of users without a menu of their own.
    pub(super) language: String,
    /// The number its third button dials; `None` for a menu without one.
    pub(super) tel: Option<String>,
    /// Menus by the tag of their language.
    pub(super) menus: BTreeMap<String, One>,
    pub(super) shown_to_all: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct One {
    /// LINE's id of the menu.
    pub(super) id: String,
    pub(super) has_picture: bool,
}

impl Made {
    pub(super) fn is_complete(&self) -> bool {
        self.shown_to_all
    }

    /// Whether it agrees with the clinic's present settings.
    pub(super) fn fits(&self, language: &str, tel: Option<&str>) -> bool {
        self.language == language && self.tel.as_deref() == tel
    }
}

/// The stored state; off where nothing is stored.
pub(crate) async fn get(core: &Core) -> sqlx::Result<Menu> {
    Ok(settings::get(core.store.read(), MENU).await?.unwrap_or_default())
}

/// Changes the stored state as it is now: staff may have decided anew while LINE was asked.
pub(crate) async fn change(core: &Core, set: impl FnOnce(&mut Menu)) -> sqlx::Result<Menu> {
    let mut tx = core.store.begin().await?;
    let mut menu: Menu = settings::get(&mut *tx, MENU).await?.unwrap_or_default();
    set(&mut menu);
    settings::set(&mut tx, MENU, &menu, core.now()).await?;
    tx.commit().await?;
    Ok(menu)
}
