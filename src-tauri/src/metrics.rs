//! Counters of the process, for Prometheus.

use std::sync::atomic::Ordering;

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Depth {
    queue: &'static str,
    state: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Task {
    task: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Checked {
    check: String,
}

/// Bounds in seconds, from "due by now" to "an outage".
const LATENCY_BUCKETS: [f64; 12] = [0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.5, 5.0, 15.0, 60.0, 600.0, 3_600.0];

#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    outcomes: Family<Outcome, Counter>,
    latency: Histogram,
    depth: Family<Depth, Gauge>,
    refused: Counter,
    ticks: Counter,
    restarts: Family<Task, Counter>,
    up: Family<Task, Gauge>,
    healthy: Family<Checked, Gauge>,
    oldest_queued: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("clinicue");
        let outcomes = Family::<Outcome, Counter>::default();
        let latency = Histogram::new(LATENCY_BUCKETS);
        let depth = Family::<Depth, Gauge>::default();
        registry.register("deliveries", "Attempts by what became of them", outcomes.clone());
        registry.register("delivery_latency_seconds", "From due to accepted by LINE", latency.clone());
        registry.register("jobs", "Jobs by queue and state", depth.clone());
        let refused = Counter::default();
        registry.register("webhooks_refused", "Webhook calls without LINE's signature", refused.clone());
        let (ticks, oldest_queued) = (Counter::default(), Gauge::default());
        registry.register("ticks", "Looks for what is due", ticks.clone());
        registry.register(
            "oldest_queued_seconds",
            "How long the message waits that was queued first",
            oldest_queued.clone(),
        );
        let (restarts, up) = (Family::<Task, Counter>::default(), Family::<Task, Gauge>::default());
        registry.register("task_restarts", "Restarts of what runs as long as the program", restarts.clone());
        registry.register("task_up", "Whether a task runs", up.clone());
        let healthy = Family::<Checked, Gauge>::default();
        registry.register("healthy", "Whether a check of the health is passed", healthy.clone());
        Self { registry, outcomes, latency, depth, refused, ticks, restarts, up, healthy, oldest_queued }
    }
}

impl Metrics {
    pub(crate) fn recorded(&self, outcome: &'static str) {
        self.outcomes.get_or_create(&Outcome { outcome }).inc();
    }

    pub(crate) fn webhook_refused(&self) {
        self.refused.inc();
    }

    pub(crate) fn ticked(&self) {
        self.ticks.inc();
    }

    pub(crate) fn set_task(&self, task: &'static str, is_up: bool, restarts: u64) {
        self.up.get_or_create(&Task { task }).set(i64::from(is_up));
        self.restarts.get_or_create(&Task { task }).inner().store(restarts, Ordering::Relaxed);
    }

    pub(crate) fn set_healthy(&self, check: &str, ok: bool) {
        self.healthy.get_or_create(&Checked { check: check.to_owned() }).set(i64::from(ok));
    }

    pub(crate) fn set_oldest_queued(&self, seconds: i64) {
        self.oldest_queued.set(seconds);
    }

    #[expect(clippy::cast_precision_loss, reason = "milliseconds stay far below 2^53")]
    pub(crate) fn accepted_after(&self, ms: i64) {
        self.latency.observe(ms.max(0) as f64 / 1000.0);
    }

    pub(crate) fn set_depth(&self, queue: &'static str, state: &'static str, jobs: i64) {
        self.depth.get_or_create(&Depth { queue, state }).set(jobs);
    }

    /// All metrics as OpenMetrics text.
    pub(crate) fn encode(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
