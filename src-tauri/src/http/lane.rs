//! Lanes: requests of one kind share a number of places and wait for no other kind.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::sync::Semaphore;

use crate::error::{Code, Problem, Refusal};

/// The longest wait for a place: a burst passes, a flood is told to come back.
const MAX_WAIT: Duration = Duration::from_secs(1);

#[derive(Clone, Debug)]
pub(super) struct Lane {
    places: Arc<Semaphore>,
    limit: Duration,
}

impl Lane {
    /// A lane that works on `at_once` requests at once, each for at most `limit`, its body
    /// included.
    pub(super) fn new(at_once: usize, limit: Duration) -> Self {
        Self { places: Arc::new(Semaphore::new(at_once)), limit }
    }
}

/// Works on a request in its lane; 503 when there is no place, or it takes too long.
pub(super) async fn keep(State(lane): State<Lane>, request: Request, next: Next) -> Response {
    let Ok(Ok(_place)) = tokio::time::timeout(MAX_WAIT, lane.places.acquire()).await else {
        return later(Refusal::TooBusy, "too many requests at once; come back in a moment");
    };
    match tokio::time::timeout(lane.limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => later(Refusal::TookTooLong, "this took too long"),
    }
}

fn later(refusal: Refusal, detail: &'static str) -> Response {
    let mut response = Problem::new(Code::Unavailable, detail).because(refusal).into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}
