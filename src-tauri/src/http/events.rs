//! Server-sent events: which topics changed, at most twice a second.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    http::HeaderMap,
    response::sse::{Event, KeepAlive, Sse},
};
use futures::{Stream, StreamExt as _};
use tokio::sync::broadcast::error::RecvError;

use super::{FromWeb, auth::caller};
use crate::core::{Core, Topic, Topics};

/// Changes are gathered for this long.
const GATHER: Duration = Duration::from_millis(500);

/// The pause between two checks of the session while nothing changes.
const LOOK_EVERY: Duration = Duration::from_secs(10);

async fn is_signed_in(core: &Core, headers: &HeaderMap) -> bool {
    matches!(caller(core, headers).await, Ok(Some(_)))
}

/// Streams `event: changed`, `data: {"topics":[…]}`, while the browser listens and its session
/// lasts.
pub(super) async fn events(
    State(web): FromWeb,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let stop = web.core.supervisor.stop().clone();
    let listening = (web.core.changes(), web.core, headers);
    let stream = futures::stream::unfold(listening, |(mut changes, core, headers)| async move {
        let mut topics = Topics::new();
        let heard = loop {
            match tokio::time::timeout(LOOK_EVERY, changes.recv()).await {
                Ok(heard) => break heard,
                // An ended session gets nothing more, even where nothing happens.
                Err(_) if !is_signed_in(&core, &headers).await => return None,
                Err(_) => {}
            }
        };
        match heard {
            Ok(topic) => _ = topics.insert(topic),
            Err(RecvError::Lagged(_)) => topics.extend(Topic::ALL),
            Err(RecvError::Closed) => return None,
        }
        tokio::time::sleep(GATHER).await;
        loop {
            match changes.try_recv() {
                Ok(topic) => _ = topics.insert(topic),
                Err(tokio::sync::broadcast::error::TryRecvError::Lagged(_)) => topics.extend(Topic::ALL),
                Err(_) => break,
            }
        }
        if !is_signed_in(&core, &headers).await {
            return None;
        }
        let event = Event::default().event("changed").json_data(serde_json::json!({ "topics": topics }));
        Some((Ok(event.unwrap_or_default()), (changes, core, headers)))
    });
    // A browser that listens would take the program for running after its end.
    let stream = stream.take_until(stop.cancelled_owned());
    Sse::new(stream).keep_alive(KeepAlive::default())
}
