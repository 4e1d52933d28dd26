//! The stored state of the rich menu: what staff want, which menus LINE has, and what failed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{clock::Timestamp, core::Core, store::settings};

const MENU: &str = "rich_menu";

/// The wish of staff, and the progress towards it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Menu {
    pub(crate) wanted: bool,
    /// `None` where nobody did.
    pub(crate) by: Option<String>,
    /// Since when everybody sees it; `None` while not everybody does.
    pub(crate) since: Option<Timestamp>,
    pub(crate) seen_at: Option<Timestamp>,
    pub(crate) trouble: Option<Trouble>,
    pub(super) made: Option<Made>,
}

impl Menu {
    pub(crate) fn is_made(&self) -> bool {
        self.made.is_some()
    }

    /// Whether the menus at LINE have the button that calls; `None` where there are none.
    pub(crate) fn has_call(&self) -> Option<bool> {
        self.made.as_ref().map(|made| made.tel.is_some())
    }
}

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
    /// Of users without a menu of their own.
    pub(super) language: String,
    /// The number its third button dials; `None` for a menu without one.
    pub(super) tel: Option<String>,
    /// By the tag of their language.
    pub(super) menus: BTreeMap<String, One>,
    pub(super) shown_to_all: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct One {
    pub(super) id: String,
    pub(super) has_picture: bool,
}

impl Made {
    pub(super) fn is_complete(&self) -> bool {
        self.shown_to_all
    }

    pub(super) fn fits(&self, language: &str, tel: Option<&str>) -> bool {
        self.language == language && self.tel.as_deref() == tel
    }
}

/// Off where nothing is stored.
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
