//! What is stored of the rich menu: what staff want, what there is at LINE, and why not more.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    clock::Timestamp,
    core::{Core, Topic},
    store::settings,
};

/// The name of the setting it is stored in.
const MENU: &str = "rich_menu";

/// What staff want, and how far it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Menu {
    /// Whether staff switched it on.
    pub(crate) wanted: bool,
    /// The caller who switched it on or off last; `None` where nobody did.
    pub(crate) by: Option<String>,
    /// Since when everybody sees it; `None` while not everybody does.
    pub(crate) since: Option<Timestamp>,
    /// When LINE last said that it is there.
    pub(crate) seen_at: Option<Timestamp>,
    /// Why the last step came to nothing.
    pub(crate) trouble: Option<Trouble>,
    /// The menus that were made at LINE; `None` while there are none.
    pub(super) made: Option<Made>,
}

impl Menu {
    /// Whether there is anything of it at LINE.
    pub(crate) fn is_made(&self) -> bool {
        self.made.is_some()
    }

    /// Whether the menus at LINE have the button that calls; `None` where there are none.
    pub(crate) fn has_call(&self) -> Option<bool> {
        self.made.as_ref().map(|made| made.tel.is_some())
    }
}

/// Why a step came to nothing.
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
    /// The language of those who have no menu of their own.
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

    /// Whether it is what the clinic is like now.
    pub(super) fn fits(&self, language: &str, tel: Option<&str>) -> bool {
        self.language == language && self.tel.as_deref() == tel
    }
}

/// The menu as it was noted last; off where nothing was.
pub(crate) async fn get(core: &Core) -> sqlx::Result<Menu> {
    Ok(settings::get(core.store.read(), MENU).await?.unwrap_or_default())
}

/// Changes what is stored of it, as it is at this moment: staff may have decided anew while LINE
/// was asked.
pub(crate) async fn change(core: &Core, set: impl FnOnce(&mut Menu)) -> sqlx::Result<Menu> {
    let mut tx = core.store.begin().await?;
    let mut menu: Menu = settings::get(&mut *tx, MENU).await?.unwrap_or_default();
    set(&mut menu);
    settings::set(&mut tx, MENU, &menu, core.now()).await?;
    tx.commit().await?;
    core.announce(Topic::Settings);
    Ok(menu)
}
