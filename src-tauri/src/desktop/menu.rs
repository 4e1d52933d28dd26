//! The menu bar of macOS, where every program has one and copying and pasting by keys needs it.
//! Windows and Linux have none: the page shows the same entries and hears the keys.

use tauri::{
    AppHandle, Emitter as _, Wry,
    menu::{
        AboutMetadata, HELP_SUBMENU_ID, Menu, MenuBuilder, MenuItem, Submenu, SubmenuBuilder,
        WINDOW_SUBMENU_ID,
    },
};

use super::closing;
use crate::error::Problem;

const QUIT: &str = "menu.quit";

/// The labels of the entries, in the reader's language; the page supplies them.
#[derive(Clone, Debug, serde::Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MenuWords {
    about: String,
    hide: String,
    quit: String,
    edit: String,
    undo: String,
    redo: String,
    cut: String,
    copy: String,
    paste: String,
    select_all: String,
    view: String,
    larger: String,
    smaller: String,
    usual: String,
    fullscreen: String,
    window: String,
    minimize: String,
    close: String,
    help: String,
    keys: String,
}

/// The menu entries that the page carries out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum MenuAct {
    Larger,
    Smaller,
    Usual,
    Keys,
}

impl MenuAct {
    const ALL: [Self; 4] = [Self::Larger, Self::Smaller, Self::Usual, Self::Keys];

    const fn id(self) -> &'static str {
        match self {
            Self::Larger => "menu.larger",
            Self::Smaller => "menu.smaller",
            Self::Usual => "menu.usual",
            Self::Keys => "menu.keys",
        }
    }
}

/// Labels the menu bar in the reader's language, where there is one. Only in the window.
#[tauri::command]
#[specta::specta]
pub(super) async fn menu_words(app: AppHandle, input: MenuWords) -> Result<(), Problem> {
    if !cfg!(target_os = "macos") {
        return Ok(());
    }
    let set = build(&app, &input).and_then(|menu| app.set_menu(menu));
    set.map(|_| ()).map_err(|e| Problem::internal("naming the entries of the menu bar", e))
}

/// An id that is no entry of the menu bar is ignored.
pub(super) fn chosen(app: &AppHandle, id: &str) {
    if id == QUIT {
        // The system's own entry would end the program without asking.
        closing::quit_asked(app);
    } else if let Some(act) = MenuAct::ALL.into_iter().find(|act| act.id() == id)
        && let Err(error) = app.emit("menu", act)
    {
        tracing::debug!(%error, "the page could not be told of a menu's entry");
    }
}

fn build(app: &AppHandle, words: &MenuWords) -> tauri::Result<Menu<Wry>> {
    let edit = SubmenuBuilder::new(app, &words.edit)
        .undo_with_text(&words.undo)
        .redo_with_text(&words.redo)
        .separator()
        .cut_with_text(&words.cut)
        .copy_with_text(&words.copy)
        .paste_with_text(&words.paste)
        .select_all_with_text(&words.select_all)
        .build()?;
    let window = SubmenuBuilder::with_id(app, WINDOW_SUBMENU_ID, &words.window)
        .minimize_with_text(&words.minimize)
        .close_window_with_text(&words.close)
        .build()?;
    let keys = of_page(app, MenuAct::Keys, &words.keys, None)?;
    let help = SubmenuBuilder::with_id(app, HELP_SUBMENU_ID, &words.help).item(&keys).build()?;
    MenuBuilder::new(app).items(&[&own(app, words)?, &edit, &view(app, words)?, &window, &help]).build()
}

fn own(app: &AppHandle, words: &MenuWords) -> tauri::Result<Submenu<Wry>> {
    let about = AboutMetadata {
        version: Some(app.package_info().version.to_string()),
        license: app.config().bundle.license.clone(),
        ..AboutMetadata::default()
    };
    let quit = MenuItem::with_id(app, QUIT, &words.quit, true, Some("CmdOrCtrl+Q"))?;
    SubmenuBuilder::new(app, "Clinicue")
        .about_with_text(&words.about, Some(about))
        .separator()
        .hide_with_text(&words.hide)
        .separator()
        .item(&quit)
        .build()
}

fn view(app: &AppHandle, words: &MenuWords) -> tauri::Result<Submenu<Wry>> {
    let larger = of_page(app, MenuAct::Larger, &words.larger, Some("CmdOrCtrl+Plus"))?;
    let smaller = of_page(app, MenuAct::Smaller, &words.smaller, Some("CmdOrCtrl+-"))?;
    let usual = of_page(app, MenuAct::Usual, &words.usual, Some("CmdOrCtrl+0"))?;
    SubmenuBuilder::new(app, &words.view)
        .items(&[&larger, &smaller, &usual])
        .separator()
        .fullscreen_with_text(&words.fullscreen)
        .build()
}

fn of_page(app: &AppHandle, act: MenuAct, words: &str, keys: Option<&str>) -> tauri::Result<MenuItem<Wry>> {
    MenuItem::with_id(app, act.id(), words, true, keys)
}
