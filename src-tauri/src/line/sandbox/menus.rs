//! The rich menus, their aliases, and who sees which.

use std::collections::{BTreeMap, VecDeque};

use serde_json::Value;

use super::Sandbox;
use crate::clock::Timestamp;

/// The most menus, and the most aliases, that LINE keeps.
pub(super) const MAX_MENUS: usize = 1_000;

#[derive(Debug)]
pub(super) struct Menu {
    /// The object it was created with, without its id.
    pub(super) object: Value,
    /// Its media type and bytes.
    pub(super) image: Option<(String, axum::body::Bytes)>,
}

#[derive(Debug, Default)]
pub(super) struct Menus {
    /// `richmenu-` and 32 hex digits.
    pub(super) by_id: BTreeMap<String, Menu>,
    pub(super) aliases: BTreeMap<String, String>,
    /// Only users who have one of their own.
    pub(super) of_users: BTreeMap<String, String>,
    pub(super) default: Option<String>,
    /// Accepted batches by the id of their request. They are done at once.
    pub(super) batches: VecDeque<(String, Timestamp)>,
}

impl Menus {
    pub(super) fn has_image(&self, menu: &str) -> bool {
        self.by_id.get(menu).is_some_and(|menu| menu.image.is_some())
    }

    /// Deletes a menu with its links and its default, but not its aliases. Returns whether it
    /// existed.
    pub(super) fn delete(&mut self, menu: &str) -> bool {
        self.of_users.retain(|_, linked| linked != menu);
        if self.default.as_deref() == Some(menu) {
            self.default = None;
        }
        self.by_id.remove(menu).is_some()
    }
}

impl Sandbox {
    /// Empty where they see none.
    pub(crate) fn menu_of(&self, line_user_id: &str) -> Vec<Value> {
        let state = self.state();
        let menus = &state.menus;
        let shown = menus.of_users.get(line_user_id).or(menus.default.as_ref());
        let menu = shown.and_then(|id| menus.by_id.get(id));
        let areas = menu.and_then(|menu| menu.object["areas"].as_array()).into_iter().flatten();
        areas.map(|area| area["action"].clone()).collect()
    }
}

/// Whether a text is `richmenu-` and 32 hex digits.
pub(super) fn is_menu_id(text: &str) -> bool {
    let digits = |hex: &str| hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_hexdigit());
    text.strip_prefix("richmenu-").is_some_and(digits)
}
