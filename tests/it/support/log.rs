//! The log of the program, as far as tests look at it: its errors by the test that made them,
//! the statements it gave the database, and all of it for whoever asks by `CLINICUE_LOG`.

use std::sync::{LazyLock, Mutex};

use tokio::runtime::{Handle, Id};
use tracing::{Event, Level, Subscriber, field};
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{LevelFilter, Targets},
    layer::{Context, SubscriberExt as _},
    registry::Registry,
    reload,
};

use super::statements::Watch;

/// What of the log whoever looks at a test wants to see.
#[expect(clippy::disallowed_methods, reason = "it is the tests' own setting")]
pub fn filter() -> Option<String> {
    std::env::var("CLINICUE_LOG").ok()
}

/// Whether statements are noted: that costs time, so only from when a test asks for it.
static STATEMENTS: LazyLock<reload::Handle<Targets, Registry>> = LazyLock::new(|| {
    let (statements, handle) = reload::Layer::new(Targets::new());
    let shown = filter().map(|filter| {
        tracing_subscriber::fmt::layer().with_test_writer().with_filter(EnvFilter::new(filter))
    });
    let ours = Targets::new().with_target("clinicue", LevelFilter::ERROR);
    let all = tracing_subscriber::registry()
        .with(Watch.with_filter(statements))
        .with(Errors.with_filter(ours))
        .with(shown);
    tracing::subscriber::set_global_default(all).expect("nobody else listens");
    handle
});

/// Listens to the log from now on.
pub fn listen() {
    LazyLock::force(&STATEMENTS);
}

/// Notes every statement from now on.
pub fn watch_statements() {
    let all = Targets::new().with_target("sqlx::query", Level::DEBUG);
    STATEMENTS.reload(all).expect("it listens");
}

/// The errors that were logged, each with the runtime it was logged in: every test has its own.
static ERRORS: Mutex<Vec<(Id, String)>> = Mutex::new(Vec::new());

/// The errors of a runtime; they are forgotten with that.
pub fn take_errors(of: Id) -> Vec<String> {
    let mut errors = ERRORS.lock().expect("not poisoned");
    errors.extract_if(.., |(runtime, _)| *runtime == of).map(|(_, error)| error).collect()
}

/// Notes each error that is logged.
struct Errors;

impl<S: Subscriber> Layer<S> for Errors {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let Ok(runtime) = Handle::try_current() else { return };
        let mut words = Words(Vec::new());
        event.record(&mut words);
        ERRORS.lock().expect("not poisoned").push((runtime.id(), words.0.join(" ")));
    }
}

/// The fields of an event in its order.
struct Words(Vec<String>);

impl field::Visit for Words {
    fn record_debug(&mut self, field: &field::Field, value: &dyn std::fmt::Debug) {
        self.0.push(if field.name() == "message" {
            format!("{value:?}")
        } else {
            format!("{}={value:?}", field.name())
        });
    }
}
