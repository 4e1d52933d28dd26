//! What LINE tells us: checked, stored, answered with 200, and worked on afterwards.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{FromWeb, body_of};
use crate::{
    core::Core,
    error::{Code, Problem, Result},
    ids::WebhookId,
    line::webhook::{self, Call, SIGNATURE},
    store::webhooks::{self, Event},
};

/// LINE sends up to 100 events in a call; this leaves room.
const MOST_EVENTS: usize = 1_000;

pub(super) async fn receive(State(web): FromWeb, request: Request) -> Response {
    match store(&web.core, request).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(problem) => problem.into_response(),
    }
}

async fn store(core: &Core, request: Request) -> Result<()> {
    let signature = request.headers().get(SIGNATURE).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let body = body_of(request).await?;
    let secret = core.webhook_secret();
    let genuine = secret.zip(signature).is_some_and(|(secret, s)| webhook::verify(&secret, &body, &s));
    if !genuine {
        core.metrics.webhook_refused();
        return Err(Problem::new(Code::Unauthenticated, "the signature is not LINE's for this body"));
    }
    let call: Call = serde_json::from_slice(&body)
        .map_err(|e| Problem::new(Code::InvalidInput, format!("the body is not a webhook call: {e}")))?;
    if call.events.len() > MOST_EVENTS {
        return Err(Problem::new(Code::TooLarge, format!("a call takes at most {MOST_EVENTS} events")));
    }
    let now = core.now();
    let events: Vec<_> = call
        .events
        .iter()
        .filter_map(|event| {
            let head = webhook::head(event)?;
            Some(Event {
                id: WebhookId::new(now),
                webhook_event_id: head.webhook_event_id,
                event_type: head.event_type,
                body: event.to_string(),
                redelivered: head.redelivered,
            })
        })
        .collect();
    let mut tx = core.store.begin().await?;
    webhooks::insert(&mut tx, &events, now).await?;
    tx.commit().await?;
    core.inbox_bell.notify_one();
    Ok(())
}
