//! The last lines of the program's log.

use tracing::Level;

use super::{
    Caller,
    wire::{inputs, outputs},
};
use crate::{clock::Timestamp, core::Core, domain::named_enum, error::Result, logs};

named_enum! {
    /// The severity of a line of the log.
    LogLevel {
        /// Something is broken and stays so without help.
        Error = "error",
        /// Something is not as it should be.
        Warn = "warn",
        /// The program's main steps.
        Info = "info",
        /// The details of these steps.
        Debug = "debug",
        /// Everything, down to single statements.
        Trace = "trace",
    }
}

impl LogLevel {
    const fn least(self) -> Level {
        match self {
            Self::Error => Level::ERROR,
            Self::Warn => Level::WARN,
            Self::Info => Level::INFO,
            Self::Debug => Level::DEBUG,
            Self::Trace => Level::TRACE,
        }
    }

    const fn of(level: Level) -> Self {
        match level {
            Level::ERROR => Self::Error,
            Level::WARN => Self::Warn,
            Level::INFO => Self::Info,
            Level::DEBUG => Self::Debug,
            Level::TRACE => Self::Trace,
        }
    }
}

/// Lines of an answer by default.
const DEFAULT_LINES: usize = 100;

inputs! {
    /// Which of the last lines of the log are shown.
    pub(crate) struct ListLog {
        /// The least severity; left out, all lines.
        #[serde(default)]
        pub(crate) level: Option<LogLevel>,
        /// Lines of the answer: 1 to 500; 100 where left out.
        #[serde(default)]
        #[garde(range(min = 1, max = logs::KEPT))]
        pub(crate) limit: Option<usize>,
    }
}

outputs! {
    /// The last lines of the log.
    pub(crate) struct LogTail {
        /// The newest first. The program keeps the last 500 lines since its start that its filter
        /// (`log` of the configuration) lets through.
        pub(crate) items: Vec<LogLine>,
    }

    /// One line of the program's log.
    pub(crate) struct LogLine {
        /// When it was written, by the program's clock.
        pub(crate) at: Timestamp,
        /// The severity, from `error` to `trace`.
        pub(crate) level: LogLevel,
        /// The module it comes from.
        pub(crate) target: String,
        /// The line in English; never a name, a LINE id or the words of a message.
        pub(crate) text: String,
    }
}

#[expect(clippy::unused_async, reason = "every operation is async, for the one list")]
pub(crate) async fn list(core: &Core, _: &Caller, input: ListLog) -> Result<LogTail> {
    let least = input.level.unwrap_or(LogLevel::Trace).least();
    let of = if core.home.is_some() { logs::Of::Practice } else { logs::Of::Program };
    let lines = logs::newest(of, least, input.limit.unwrap_or(DEFAULT_LINES));
    let items = lines.into_iter().map(|line| LogLine {
        at: line.at,
        level: LogLevel::of(line.level),
        target: line.target.to_owned(),
        text: line.text,
    });
    Ok(LogTail { items: items.collect() })
}
