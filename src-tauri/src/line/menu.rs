//! Rich menus: created, given their picture, shown to everybody or to some (Messaging API, "Rich
//! menu").

use reqwest::Method;
use serde_json::{Value, json};

use super::{
    client::Client,
    error::{LineError, Unreached, read, refused, unreachable},
};
use crate::domain::{
    language::Language,
    menu::{Button, bar_text, call_label},
};

/// The size of the pictures in pixels (`src-tauri/menus`).
pub(crate) const WIDTH: u32 = 1_200;
pub(crate) const HEIGHT: u32 = 405;

/// The most users of one call ("Link rich menu to multiple users").
pub(crate) const MAX_USERS: u32 = 500;

/// A menu as LINE takes it; `tel` is the address of the button that calls, `None` for a menu
/// without it.
pub(crate) fn object(name: &str, language: Language, tel: Option<&str>) -> Value {
    let presses = Button::ALL.map(|button| {
        let label = button.label(language);
        json!({ "type": "postback", "label": label, "data": button.data(), "displayText": label })
    });
    let call = tel.map(|tel| json!({ "type": "uri", "label": call_label(language), "uri": tel }));
    let actions: Vec<_> = presses.into_iter().chain(call).collect();
    let width = WIDTH / u32::try_from(actions.len()).unwrap_or(1);
    let areas: Vec<_> = (0_u32..)
        .zip(actions)
        .map(|(n, action)| {
            json!({ "bounds": { "x": n * width, "y": 0, "width": width, "height": HEIGHT }, "action": action })
        })
        .collect();
    json!({
        "size": { "width": WIDTH, "height": HEIGHT },
        "selected": false,
        "name": name,
        "chatBarText": bar_text(language),
        "areas": areas,
    })
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MenuAtLine {
    pub(crate) id: String,
    pub(crate) name: String,
}

impl Client {
    /// Returns LINE's id. Nobody sees it yet.
    pub(crate) async fn create_menu(&self, object: &Value) -> Result<String, LineError> {
        let made: Value = self.call(Method::POST, "/v2/bot/richmenu", Some(object.clone())).await?;
        let id = made["richMenuId"].as_str().map(str::to_owned);
        id.ok_or(LineError::Unreachable(Unreached::Unreadable))
    }

    /// A PNG; possible once.
    pub(crate) async fn set_menu_image(&self, menu: &str, png: &'static [u8]) -> Result<(), LineError> {
        let path = format!("/v2/bot/richmenu/{menu}/content");
        let used = self.credentials().token;
        let mut response = self.send_picture(&path, png, &used).await?;
        if response.status() == reqwest::StatusCode::UNAUTHORIZED
            && let Some(fresh) = self.token_other_than(&used).await
        {
            response = self.send_picture(&path, png, &fresh).await?;
        }
        let (status, headers) = (response.status(), response.headers().clone());
        if status.is_success() {
            return Ok(());
        }
        Err(refused(status, &headers, &read(response).await.unwrap_or_default()))
    }

    async fn send_picture(
        &self,
        path: &str,
        png: &'static [u8],
        token: &super::client::Token,
    ) -> Result<reqwest::Response, LineError> {
        let request = self.request_data(Method::POST, path, token).header("content-type", "image/png");
        request.body(png).send().await.map_err(unreachable)
    }

    pub(crate) async fn show_menu_to_all(&self, menu: &str) -> Result<(), LineError> {
        self.order(Method::POST, &format!("/v2/bot/user/all/richmenu/{menu}"), None).await
    }

    /// `None` where there is none.
    pub(crate) async fn menu_of_all(&self) -> Result<Option<String>, LineError> {
        match self.call::<Value>(Method::GET, "/v2/bot/user/all/richmenu", None).await {
            Ok(shown) => Ok(shown["richMenuId"].as_str().map(str::to_owned)),
            Err(LineError::Refused { status: 404, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(crate) async fn hide_menu_of_all(&self) -> Result<(), LineError> {
        self.order(Method::DELETE, "/v2/bot/user/all/richmenu", None).await
    }

    pub(crate) async fn menus(&self) -> Result<Vec<MenuAtLine>, LineError> {
        let list: Value = self.call(Method::GET, "/v2/bot/richmenu/list", None).await?;
        let text = |menu: &Value, name: &str| menu[name].as_str().map(str::to_owned);
        let known =
            |menu: &Value| Some(MenuAtLine { id: text(menu, "richMenuId")?, name: text(menu, "name")? });
        Ok(list["richmenus"].as_array().into_iter().flatten().filter_map(known).collect())
    }

    /// Every link to it goes, too. A missing one counts as deleted.
    pub(crate) async fn delete_menu(&self, menu: &str) -> Result<(), LineError> {
        match self.order(Method::DELETE, &format!("/v2/bot/richmenu/{menu}"), None).await {
            Ok(()) | Err(LineError::Refused { status: 404, .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Up to [`MAX_USERS`] users; LINE does it soon after.
    pub(crate) async fn link_menu(&self, menu: &str, users: &[&str]) -> Result<(), LineError> {
        let body = json!({ "richMenuId": menu, "userIds": users });
        self.order(Method::POST, "/v2/bot/richmenu/bulk/link", Some(body)).await
    }

    /// Up to [`MAX_USERS`] users.
    pub(crate) async fn unlink_menus(&self, users: &[&str]) -> Result<(), LineError> {
        let body = json!({ "userIds": users });
        self.order(Method::POST, "/v2/bot/richmenu/bulk/unlink", Some(body)).await
    }
}
