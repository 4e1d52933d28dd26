//! The last lines of the log, kept in memory for operators who cannot see stderr. A line has no
//! name, LINE user id, message body or token.

use std::{
    collections::VecDeque,
    fmt::{Debug, Write as _},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{Layer, layer::Context};

use crate::clock::{Clock as _, SystemClock, Timestamp};

/// The most lines kept of each kind.
pub(crate) const KEPT: usize = 500;

/// The most characters of a line; longer ones are cut.
const MAX_CHARS: usize = 1_000;

#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) at: Timestamp,
    pub(crate) level: Level,
    /// The module it comes from: `clinicue::delivery::recorder`.
    pub(crate) target: &'static str,
    /// With its values.
    pub(crate) text: String,
}

/// The clinic a line is about, so that nobody takes practice for real patients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    /// The program itself, with the real clinic.
    Program,
    /// The practice clinic beside the real one.
    Practice,
}

/// The kept lines; like the subscriber, one set for the whole process.
#[derive(Debug)]
struct Lines {
    program: Mutex<VecDeque<Entry>>,
    practice: Mutex<VecDeque<Entry>>,
}

static LINES: Lines = Lines { program: Mutex::new(VecDeque::new()), practice: Mutex::new(VecDeque::new()) };

impl Lines {
    fn of(&self, of: Of) -> MutexGuard<'_, VecDeque<Entry>> {
        let lines = match of {
            Of::Program => &self.program,
            Of::Practice => &self.practice,
        };
        lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The prefix of thread names that work for the practice clinic only.
pub(crate) const PRACTICE: &str = "practice";

impl Of {
    fn this_thread() -> Self {
        let practises = thread::current().name().is_some_and(|name| name.starts_with(PRACTICE));
        if practises { Self::Practice } else { Self::Program }
    }
}

/// Up to `limit` lines of at least this weight, the newest first.
pub(crate) fn newest(of: Of, least: Level, limit: usize) -> Vec<Entry> {
    let lines = LINES.of(of);
    // A level is greater the more it lets through.
    lines.iter().rev().filter(|line| line.level <= least).take(limit).cloned().collect()
}

/// Keeps each line that the filter of the log lets through.
pub(crate) struct Tail;

impl<S: Subscriber> Layer<S> for Tail {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut text = Text::default();
        event.record(&mut text);
        let line = Entry {
            at: SystemClock.now(),
            level: *event.metadata().level(),
            target: event.metadata().target(),
            text: text.whole(),
        };
        let mut lines = LINES.of(Of::this_thread());
        if lines.len() == KEPT {
            lines.pop_front();
        }
        lines.push_back(line);
    }
}

#[derive(Default)]
struct Text {
    message: String,
    values: String,
}

impl Text {
    fn whole(self) -> String {
        let whole = format!("{}{}", self.message, self.values);
        match whole.char_indices().nth(MAX_CHARS) {
            Some((end, _)) => format!("{}…", &whole[..end]),
            None => whole,
        }
    }
}

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Writing into a string does not fail.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.values, " {name}={value:?}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[test]
    fn the_newest_lines_are_kept_with_their_values_and_the_oldest_go() {
        let listening = tracing_subscriber::registry().with(Tail);
        tracing::subscriber::with_default(listening, || {
            tracing::warn!(count = 3, cause = "stale", "put up for review");
            for n in 0..KEPT {
                tracing::info!(n, "one more");
            }
            tracing::error!("{}", "x".repeat(2 * MAX_CHARS));
        });
        let newest = |least, limit| newest(Of::Program, least, limit);
        let all = newest(Level::INFO, usize::MAX);
        assert_eq!(all.len(), KEPT);
        assert_eq!(all[0].text.chars().count(), MAX_CHARS + 1);
        assert_eq!((all[1].text.as_str(), all[1].level), ("one more n=499", Level::INFO));
        assert_eq!(all[0].target, "clinicue::logs::tests");
        assert!(!all.iter().any(|line| line.text.contains("review")));
        assert_eq!(newest(Level::WARN, 10).len(), 1);
        assert_eq!(newest(Level::INFO, 2).len(), 2);
    }

    #[test]
    fn a_line_of_the_practice_clinic_or_of_its_database_is_its_own() {
        for name in [PRACTICE, "practice-sqlite-0"] {
            let work = thread::Builder::new().name(name.to_owned()).spawn(|| {
                let listening = tracing_subscriber::registry().with(Tail);
                tracing::subscriber::with_default(listening, || {
                    tracing::warn!("a slow statement of practice");
                });
            });
            work.expect("a thread").join().expect("it ends");
        }
        assert_eq!(newest(Of::Practice, Level::WARN, usize::MAX).len(), 2);
        let real = newest(Of::Program, Level::WARN, usize::MAX);
        assert!(!real.iter().any(|line| line.text.contains("of practice")));
    }
}
