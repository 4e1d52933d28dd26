//! What LINE tells us: checked, stored, answered with 200, and worked on afterwards.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use tokio::sync::{Mutex, mpsc, oneshot};

use super::{FromWeb, body_of};
use crate::{
    core::Core,
    error::{Code, Problem, Result, trouble},
    ids::WebhookId,
    line::webhook::{self, Call, SIGNATURE},
    store::webhooks::{self, Event},
};

/// Largest body; LINE's are a few kilobytes.
const MAX_BODY: usize = 1024 * 1024;

/// LINE sends up to 100 events in a call; this leaves room.
const MAX_EVENTS: usize = 1_000;

/// Calls that wait to be stored, and who waits for each.
type Waiting = (Vec<Event>, oneshot::Sender<Result<()>>);

/// Most calls stored in one transaction.
const TOGETHER: usize = 100;

/// Stores what comes in: calls that wait at the same moment share one transaction, and so one
/// wait for the disk.
#[derive(Clone)]
pub(super) struct Intake(mpsc::Sender<Waiting>);

impl Intake {
    /// Starts the intake; it ends when the last way to it is gone. Whoever waits while it
    /// panics gets an error, and LINE delivers again.
    pub(super) fn start(core: Arc<Core>) -> Self {
        let (sender, calls) = mpsc::channel::<Waiting>(TOGETHER);
        let calls = Arc::new(Mutex::new(calls));
        core.clone().supervisor.spawn("intake", move || {
            let (core, calls) = (Arc::clone(&core), Arc::clone(&calls));
            async move {
                let (mut calls, mut batch) = (calls.lock().await, Vec::with_capacity(TOGETHER));
                while calls.recv_many(&mut batch, TOGETHER).await > 0 {
                    take_in(&core, batch.drain(..)).await;
                }
                Ok(())
            }
        });
        Self(sender)
    }

    /// Waits until the events are on disk.
    async fn store(&self, events: Vec<Event>) -> Result<()> {
        let (sender, stored) = oneshot::channel();
        self.0.send((events, sender)).await.map_err(|_| sqlx::Error::PoolClosed)?;
        stored.await.map_err(|_| sqlx::Error::PoolClosed)?
    }
}

async fn take_in(core: &Core, batch: impl Iterator<Item = Waiting>) {
    fail::fail_point!("intake-stores");
    let (events, waiting): (Vec<_>, Vec<_>) = batch.unzip();
    let stored = insert(core, &events.concat()).await;
    let trouble = stored.as_ref().err().and_then(trouble);
    core.supervisor.set_trouble("intake", trouble);
    if let Err(error) = &stored {
        tracing::error!(%error, calls = waiting.len(), "webhook calls could not be stored");
        core.write_bell.notify_one();
    }
    let stored = stored.map_err(Problem::from);
    for waiting in waiting {
        let _ = waiting.send(stored.clone());
    }
    core.inbox_bell.notify_one();
}

async fn insert(core: &Core, events: &[Event]) -> sqlx::Result<()> {
    let mut tx = core.store.begin().await?;
    webhooks::insert(&mut tx, events, core.now()).await?;
    tx.commit().await
}

pub(super) async fn receive(State(web): FromWeb, request: Request) -> Response {
    match store(&web.core, &web.intake, request).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(problem) => problem.into_response(),
    }
}

async fn store(core: &Core, intake: &Intake, request: Request) -> Result<()> {
    let signature = request.headers().get(SIGNATURE).and_then(|v| v.to_str().ok()).map(str::to_owned);
    // Who does not even claim to be LINE is not listened to.
    let Some((secret, signature)) = core.webhook_secret().zip(signature) else {
        return Err(not_lines(core));
    };
    let body = body_of(request, MAX_BODY).await?;
    if !webhook::verify(&secret, &body, &signature) {
        return Err(not_lines(core));
    }
    let call: Call = serde_json::from_slice(&body)
        .map_err(|e| Problem::new(Code::InvalidInput, format!("the body is not a webhook call: {e}")))?;
    if call.events.len() > MAX_EVENTS {
        return Err(Problem::new(Code::TooLarge, format!("a call takes at most {MAX_EVENTS} events")));
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
    if events.is_empty() {
        return Ok(());
    }
    intake.store(events).await
}

fn not_lines(core: &Core) -> Problem {
    core.metrics.webhook_refused();
    Problem::new(Code::Unauthenticated, "the signature is not LINE's for this body")
}
