//! Every endpoint of LINE's Messaging API and of related APIs that a channel meets: the account,
//! tokens, messages, rich menus, content, audiences, insight. APIs that a clinic's account may not
//! use are refused as LINE refuses them (`closed`).

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State as From},
    http::HeaderMap,
    middleware::{Next, from_fn_with_state},
    response::Response,
};

use super::{FaultKind, Sandbox};
use answer::refuse;
pub(super) use send::Narrowcast;

mod account;
mod answer;
mod audience;
mod closed;
mod content;
mod coupon;
mod insight;
mod push;
mod rich_menu;
mod rich_menu_links;
mod send;
pub(super) mod tokens;

/// The most bytes of a body; LINE takes 2 MB.
const MAX_BODY: usize = 2 * 1024 * 1024;

pub(super) fn router(sandbox: &Sandbox) -> Router<Sandbox> {
    let authenticated = Router::new()
        .merge(account::router())
        .merge(send::router())
        .merge(rich_menu::router())
        .merge(rich_menu_links::router())
        .merge(content::router())
        .merge(coupon::router())
        .merge(audience::router())
        .merge(insight::router())
        .merge(closed::router())
        .method_not_allowed_fallback(answer::no_such_method)
        .layer(from_fn_with_state(sandbox.clone(), need_token));
    let without_token = tokens::router().merge(closed::without_token());
    Router::new()
        .merge(authenticated)
        .merge(without_token.method_not_allowed_fallback(answer::no_such_method))
        .fallback(answer::no_such_path)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn_with_state(sandbox.clone(), answer::frame))
}

async fn need_token(From(sandbox): From<Sandbox>, call: Request, next: Next) -> Response {
    if sandbox.knows_token(call.headers()) {
        return next.run(call).await;
    }
    refuse(
        401,
        "Authentication failed. Confirm that the access token in the authorization header is valid.",
        vec![],
    )
}

impl Sandbox {
    fn knows_token(&self, headers: &HeaderMap) -> bool {
        let given = headers.get("authorization").and_then(|v| v.to_str().ok());
        let Some(token) = given.and_then(|v| v.strip_prefix("Bearer ")) else { return false };
        let now = self.clock.now();
        let state = self.state();
        match state.fault.kind {
            FaultKind::Unauthorized => false,
            FaultKind::TokenExpired => state.tokens.is_valid(token, now),
            _ => {
                let entered = self.options.access_token.as_deref();
                (entered.is_none_or(|t| t == token) && !state.tokens.was_revoked(token))
                    || state.tokens.is_valid(token, now)
            }
        }
    }
}
