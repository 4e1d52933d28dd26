//! How the process is set up: defaults, then the file, then the environment, then flags. The
//! only place that reads the environment. `config.default.toml` beside this crate is the
//! manual of every key.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use serde::Deserialize;

pub mod secrets;

/// The settings of the process, complete.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the database and everything else of this clinic lies.
    pub data_dir: PathBuf,
    /// Where the HTTP API listens.
    pub listen: SocketAddr,
    /// Names beside `localhost` and addresses under which browsers may reach the web UI.
    pub hosts: Vec<String>,
    /// What is logged: a `tracing` filter such as `info` or `clinicue=debug`.
    pub log: String,
    /// Whether messages go to the built-in practice LINE instead of the real one.
    pub sandbox: bool,
    /// Whether the demo clinic is loaded into an empty database.
    pub demo: bool,
    /// LINE.
    pub line: Line,
    /// Sending.
    pub delivery: Delivery,
    /// What is kept how long.
    pub retention: Retention,
}

/// How LINE is reached.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Line {
    /// The base of LINE's API.
    pub api_base: String,
    /// The channel's id, with which a new token is minted when one expires.
    pub channel_id: Option<String>,
    /// Most milliseconds to connect.
    pub connect_timeout_ms: u64,
    /// Most milliseconds for a whole request.
    pub timeout_ms: u64,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            api_base: "https://api.line.me".to_owned(),
            channel_id: None,
            connect_timeout_ms: 3_000,
            timeout_ms: 10_000,
        }
    }
}

/// How messages are sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Delivery {
    /// Messages sent at once.
    pub workers: usize,
    /// Scheduled messages promoted at once.
    pub scheduled_workers: usize,
    /// Seconds to wait before each retry after the first try.
    pub retry_delays_s: Vec<f64>,
    /// How far a retry may fall from its time: 0.2 is ± 20 %.
    pub retry_jitter: f64,
    /// Hours after its due time in which a message may still be sent; at most 23.
    pub freshness_hours: f64,
    /// Most results written in one transaction.
    pub record_batch: usize,
}

impl Default for Delivery {
    fn default() -> Self {
        Self {
            workers: 10,
            scheduled_workers: 5,
            retry_delays_s: vec![2.0, 4.0, 8.0],
            retry_jitter: 0.2,
            freshness_hours: 6.0,
            record_batch: 500,
        }
    }
}

/// What is kept of finished jobs; the messages and the log themselves stay.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Retention {
    /// Completed jobs kept for each queue.
    pub completed_jobs: u32,
    /// Failed jobs kept for each queue.
    pub failed_jobs: u32,
    /// Hours after which maintenance removes finished jobs.
    pub hours: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { completed_jobs: 100, failed_jobs: 50, hours: 24 }
    }
}

/// What the file may say.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    listen: Option<SocketAddr>,
    hosts: Vec<String>,
    log: Option<String>,
    line: Line,
    delivery: Delivery,
    retention: Retention,
}

/// What the command line says; it beats everything else.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--data-dir`
    pub data_dir: Option<PathBuf>,
    /// `--listen`
    pub listen: Option<SocketAddr>,
    /// `--sandbox`
    pub sandbox: bool,
    /// `--demo`
    pub demo: bool,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error("cannot read {0}")]
    Read(PathBuf, #[source] std::io::Error),
    /// The file is not of the form of `config.default.toml`.
    #[error("{0} is not a valid configuration: {1}")]
    Parse(PathBuf, String),
    /// A value is outside its limits.
    #[error("{key} = {value}: {limit}")]
    Limit {
        /// Which.
        key: &'static str,
        /// What was given.
        value: String,
        /// What it takes.
        limit: &'static str,
    },
    /// There is no place for the data.
    #[error("this system names no folder for application data; give --data-dir")]
    NoDataDir,
}

/// The port beside BullMQ's old 3000 that nothing common uses.
const DEFAULT_LISTEN: &str = "127.0.0.1:4180";

/// The name of the file in the data folder.
pub const FILE_NAME: &str = "config.toml";

impl Config {
    /// Puts the settings together for this process.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn load(flags: Flags) -> Result<Self, Error> {
        let env = |name: &str| environment(name);
        let data_dir = match flags.data_dir.or_else(|| env("CLINICUE_DATA_DIR").map(PathBuf::from)) {
            Some(dir) => dir,
            None => dirs::data_dir().ok_or(Error::NoDataDir)?.join("clinicue"),
        };
        let file = read_file(&data_dir.join(FILE_NAME))?;
        let listen = match (flags.listen, env("CLINICUE_LISTEN"), file.listen) {
            (Some(flag), _, _) => flag,
            (None, Some(text), _) => address("CLINICUE_LISTEN", text)?,
            (None, None, Some(addr)) => addr,
            (None, None, None) => address("listen", DEFAULT_LISTEN.to_owned())?,
        };
        let mut line = file.line;
        if let Some(base) = env("CLINICUE_LINE_API_BASE") {
            line.api_base = base;
        }
        if let Some(id) = env("CLINICUE_LINE_CHANNEL_ID") {
            line.channel_id = Some(id);
        }
        line.api_base = line.api_base.trim_end_matches('/').to_owned();
        let config = Self {
            data_dir,
            listen,
            hosts: file.hosts,
            log: env("CLINICUE_LOG").or(file.log).unwrap_or_else(|| "info".to_owned()),
            sandbox: flags.sandbox,
            demo: flags.demo,
            line,
            delivery: file.delivery,
            retention: file.retention,
        };
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), Error> {
        let d = &self.delivery;
        let limits = [
            ("delivery.workers", d.workers.to_string(), (1..=100).contains(&d.workers), "takes 1 to 100"),
            (
                "delivery.scheduled_workers",
                d.scheduled_workers.to_string(),
                (1..=100).contains(&d.scheduled_workers),
                "takes 1 to 100",
            ),
            (
                "delivery.retry_delays_s",
                format!("{:?}", d.retry_delays_s),
                d.retry_delays_s.len() <= 10 && d.retry_delays_s.iter().all(|s| (0.0..=3600.0).contains(s)),
                "takes up to 10 delays of 0 to 3600 seconds",
            ),
            (
                "delivery.retry_jitter",
                d.retry_jitter.to_string(),
                (0.0..=1.0).contains(&d.retry_jitter),
                "takes 0 to 1",
            ),
            (
                "delivery.freshness_hours",
                d.freshness_hours.to_string(),
                (0.01..=23.0).contains(&d.freshness_hours),
                "takes 0.01 to 23: LINE forgets a retry key after 24 hours",
            ),
            (
                "delivery.record_batch",
                d.record_batch.to_string(),
                (1..=1_000).contains(&d.record_batch),
                "takes 1 to 1000",
            ),
            (
                "line.timeout_ms",
                self.line.timeout_ms.to_string(),
                (100..=60_000).contains(&self.line.timeout_ms),
                "takes 100 to 60000",
            ),
        ];
        match limits.into_iter().find(|(_, _, ok, _)| !ok) {
            Some((key, value, _, limit)) => Err(Error::Limit { key, value, limit }),
            None => Ok(()),
        }
    }
}

impl Delivery {
    /// The freshness window in milliseconds.
    #[expect(clippy::cast_possible_truncation, reason = "at most 23 hours")]
    pub fn freshness_ms(&self) -> i64 {
        (self.freshness_hours * 3_600_000.0) as i64
    }
}

fn address(key: &'static str, value: String) -> Result<SocketAddr, Error> {
    value.parse().map_err(|_| Error::Limit {
        key,
        value,
        limit: "takes an address and port such as 127.0.0.1:4180",
    })
}

fn read_file(path: &Path) -> Result<File, Error> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(File::default()),
        Err(e) => return Err(Error::Read(path.to_owned(), e)),
    };
    toml::from_str(&text).map_err(|e| Error::Parse(path.to_owned(), e.to_string()))
}

/// A variable of the environment that is set to something.
#[expect(clippy::disallowed_methods, reason = "the one home of the environment")]
pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|v| !v.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_says_what_the_defaults_are() {
        let manual: File =
            toml::from_str(include_str!("../../config.default.toml")).expect("the manual parses");
        let defaults = File::default();
        assert_eq!(manual.delivery.workers, defaults.delivery.workers);
        assert_eq!(manual.delivery.scheduled_workers, defaults.delivery.scheduled_workers);
        assert_eq!(manual.delivery.retry_delays_s, defaults.delivery.retry_delays_s);
        assert_eq!(manual.line.api_base, defaults.line.api_base);
        assert_eq!(manual.retention.completed_jobs, defaults.retention.completed_jobs);
        assert_eq!(manual.retention.failed_jobs, defaults.retention.failed_jobs);
    }

    #[test]
    fn an_unknown_key_in_the_file_is_refused() {
        assert!(toml::from_str::<File>("[delivery]\nworker = 3").is_err());
    }
}
