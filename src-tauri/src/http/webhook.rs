//! LINE's webhook: calls are checked, stored, answered with 200, and worked on afterwards.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{FromWeb, body_of};
use crate::{
    core::Core,
    error::{Code, Problem, Result, Trouble, trouble},
    ids::WebhookId,
    line::webhook::{self, Call, SIGNATURE},
    store::webhook_events::{self, Event},
    tasks::{Batcher, NoAnswer},
};

/// The largest body: 100 of the longest texts, the most LINE documents in one call, are 1.5 MB.
const MAX_BODY: usize = 2 * 1024 * 1024;

/// LINE sends up to 100 events in a call; this leaves room.
const MAX_EVENTS: usize = 1_000;

/// The most calls stored in one transaction.
const MAX_CALLS: usize = 100;

/// Stores webhook calls: those that wait at the same moment share one transaction, and so one wait
/// for the disk.
#[derive(Clone)]
pub(super) struct Intake(Arc<Batcher<Vec<Event>, (), sqlx::Error>>);

impl Intake {
    /// Starts the intake. A caller that waits while it panics gets an error, and LINE delivers
    /// again.
    pub(super) fn start(core: Arc<Core>) -> Self {
        let supervisor = core.supervisor.clone();
        Self(Arc::new(Batcher::start(&supervisor, "intake", MAX_CALLS, move |calls| {
            let core = Arc::clone(&core);
            async move { take_in(&core, &calls).await }
        })))
    }

    /// Waits until the events are on disk.
    async fn store(&self, events: Vec<Event>) -> Result<()> {
        self.0.ask(events).await.map_err(|error| match error {
            NoAnswer::Failed(error) => Problem::of_database(&error),
            NoAnswer::Ended(_) => Problem::of_trouble(Trouble::Busy),
        })
    }
}

async fn take_in(core: &Core, calls: &[Vec<Event>]) -> sqlx::Result<Vec<()>> {
    fail::fail_point!("intake-stores");
    let stored = insert(core, &calls.concat()).await;
    let trouble = stored.as_ref().err().and_then(trouble);
    core.supervisor.set_trouble("intake", trouble);
    match &stored {
        Ok(()) => core.inbox_bell.notify_one(),
        Err(error) => {
            tracing::error!(%error, calls = calls.len(), "webhook calls could not be stored");
            core.write_bell.notify_one();
        }
    }
    stored.map(|()| vec![(); calls.len()])
}

async fn insert(core: &Core, events: &[Event]) -> sqlx::Result<()> {
    let mut tx = core.store.begin().await?;
    webhook_events::insert(&mut tx, events, core.now()).await?;
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
    // A caller without a signature does not even claim to be LINE.
    let Some((secret, signature)) = core.webhook_secret().zip(signature) else {
        return Err(not_lines(core));
    };
    let body = body_of(request, MAX_BODY).await?;
    if !webhook::verify(&secret, &body, &signature) {
        return Err(not_lines(core));
    }
    let call = Call::read(&body)
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
