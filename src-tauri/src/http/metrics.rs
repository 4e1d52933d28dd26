//! `/metrics`: the counters of this process and the depth of the queues.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};

use super::FromWeb;
use crate::{
    domain::staff::Role,
    error::{Problem, Result},
    ops::{Caller, health, jobs},
};

pub(super) async fn metrics(State(web): FromWeb) -> Response {
    match text(&web.core).await {
        Ok(text) => {
            ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text)
                .into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

async fn text(core: &crate::core::Core) -> Result<String> {
    let reader = Caller { actor: "metrics".to_owned(), role: Role::Viewer };
    let queues = jobs::stats(core, &reader, crate::ops::Nothing {}).await?.queues;
    for (name, counts) in
        [("message-delivery", queues.message_delivery), ("scheduled-messages", queues.scheduled_messages)]
    {
        for (state, jobs) in [
            ("waiting", counts.waiting),
            ("active", counts.active),
            ("delayed", counts.delayed),
            ("completed", counts.completed),
            ("failed", counts.failed),
        ] {
            core.metrics.set_depth(name, state, jobs);
        }
    }
    for (name, standing) in core.supervisor.all() {
        core.metrics.set_task(name, standing.is_up, standing.restarts);
    }
    for check in health::health(core, &reader, crate::ops::Nothing {}).await?.checks {
        core.metrics.set_healthy(check.name.as_str(), check.ok);
        if let Some(seconds) = check.seconds {
            core.metrics.set_oldest_queued(seconds);
        }
    }
    core.metrics.encode().map_err(|e| Problem::internal("writing the metrics", e))
}
