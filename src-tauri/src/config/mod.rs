//! How the process is set up: defaults, then the file, then the environment, then flags. The
//! only place that reads the environment. `config.default.toml` beside this crate is the
//! manual of every key.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use figment::Figment;
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

pub use self::flags::{Flags, Folder};
pub(crate) use self::kept::Retention;
use self::{kept::Backup, layers::Layer};
use crate::{clock::hours_in_ms, fields};

mod flags;
mod forms;
mod kept;
mod layers;
pub mod secrets;

/// The longest freshness of a message, in hours: as long as LINE surely knows its retry key
/// (`domain/delivery.rs` says why). A message that waits longer is for a person to decide.
pub(crate) const MAX_FRESHNESS_HOURS: u32 = 23;

/// The settings of the process, complete.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, JsonSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Config {
    /// The folder with the database and everything else of this clinic.
    pub data_dir: PathBuf,
    /// Address and port of the HTTP API.
    #[serde(deserialize_with = "address")]
    #[schemars(with = "String")]
    pub listen: SocketAddr,
    /// Names besides `localhost`, and addresses, under which browsers may reach the web UI.
    #[garde(length(max = 100), inner(custom(forms::host)))]
    pub(crate) hosts: Vec<String>,
    /// The log's filter, as `tracing` reads it: `info`, `clinicue=debug`.
    #[garde(custom(forms::filter))]
    pub(crate) log: String,
    /// Whether messages go to the built-in practice LINE instead of the real one.
    pub sandbox: bool,
    /// Whether the demo clinic is loaded into an empty database.
    pub demo: bool,
    #[garde(dive)]
    pub line: Line,
    #[garde(dive)]
    pub delivery: Delivery,
    /// How pictures, sounds and files of patients are fetched and kept.
    #[garde(dive)]
    pub media: Media,
    /// How many finished jobs are kept, and for how long.
    #[garde(dive)]
    pub(crate) retention: Retention,
    #[garde(dive)]
    pub backup: Backup,
}

/// How LINE is reached, and how long it is waited for.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Line {
    /// The base of LINE's API; a slash at its end is dropped.
    #[garde(custom(forms::base))]
    pub api_base: String,
    /// The base of LINE's host for users' contents; by default LINE's own, or `api_base` where that
    /// is not LINE's.
    #[garde(inner(custom(forms::base)))]
    pub(crate) data_base: Option<String>,
    /// The channel's id, with which a new token is minted when one expires.
    #[garde(length(chars, min = 1, max = 50))]
    pub(crate) channel_id: Option<String>,
    /// Milliseconds a connection may take to open.
    #[garde(range(min = 100, max = 60_000))]
    pub(crate) connect_timeout_ms: u64,
    /// The most milliseconds for a whole request.
    #[garde(range(min = 100, max = 60_000))]
    pub(crate) timeout_ms: u64,
}

/// LINE's own hosts (Messaging API, "Domain name").
const API_BASE: &str = "https://api.line.me";
const DATA_BASE: &str = "https://api-data.line.me";

impl Line {
    /// The base address for what users sent. A stand-in for LINE serves both hosts.
    pub(crate) fn data_base(&self) -> &str {
        let stand_in = (self.api_base != API_BASE).then_some(self.api_base.as_str());
        self.data_base.as_deref().or(stand_in).unwrap_or(DATA_BASE)
    }
}

impl Default for Line {
    fn default() -> Self {
        Self {
            api_base: API_BASE.to_owned(),
            data_base: None,
            channel_id: None,
            connect_timeout_ms: 3_000,
            timeout_ms: 10_000,
        }
    }
}

/// How messages are sent, how often they are tried, and how long they are fresh.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Delivery {
    /// How many messages are sent at the same time.
    #[garde(range(min = 1, max = 100))]
    pub(crate) workers: usize,
    /// How many scheduled messages are promoted at the same time.
    #[garde(range(min = 1, max = 100))]
    pub(crate) scheduled_workers: usize,
    /// Seconds to wait before each retry after the first try.
    #[garde(length(max = 10), inner(range(min = 0.0, max = 3_600.0)))]
    pub(crate) retry_delays_s: Vec<f64>,
    /// The share by which a retry may miss its time: 0.2 is ± 20 %.
    #[garde(range(min = 0.0, max = 1.0))]
    pub(crate) retry_jitter: f64,
    /// Hours after its due time in which a message may still be sent; at most 23.
    #[garde(range(min = 0.01, max = f64::from(MAX_FRESHNESS_HOURS)))]
    pub(crate) freshness_hours: f64,
    /// The most results written in one transaction.
    #[garde(range(min = 1, max = 1_000))]
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

/// Size limits for pictures, videos, sounds and files of patients.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Media {
    /// The most megabytes of a picture that is kept.
    #[garde(range(min = 1, max = 1_000))]
    pub max_picture_mb: u32,
    /// The most megabytes of a video, sound or file that is kept.
    #[garde(range(min = 1, max = 1_000))]
    pub max_file_mb: u32,
}

impl Default for Media {
    fn default() -> Self {
        Self { max_picture_mb: 20, max_file_mb: 200 }
    }
}

impl Media {
    /// The most bytes kept of a message of `kind`, as LINE names it.
    pub(crate) fn max_bytes(&self, kind: &str) -> u64 {
        let mb = if kind == "image" { self.max_picture_mb } else { self.max_file_mb };
        u64::from(mb) * 1_000_000
    }
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The configuration file cannot be read.
    #[error("cannot read {0}")]
    Read(PathBuf, #[source] std::io::Error),
    /// The file is not of the form of `config.default.toml`.
    #[error("{0} is not a valid configuration: {1}")]
    Parse(PathBuf, String),
    /// A value is of another kind, or outside its limits.
    #[error("{key}{} in {source_name}: {problem}", value.as_ref().map(|v| format!(" = {v}")).unwrap_or_default())]
    Value {
        /// The path of the key in the file: `delivery.workers`.
        key: String,
        /// The value that was given; `None` where it is not a single value.
        value: Option<String>,
        /// The source: the file, the variable or the flag.
        source_name: String,
        /// What the key takes, in English.
        problem: String,
    },
    /// No data folder was given, and the system names none.
    #[error("this system names no folder for application data; give --data-dir")]
    NoDataDir,
}

/// The default address; nothing common uses the port.
const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 4180);

/// The name of the file in the data folder.
pub(crate) const FILE_NAME: &str = "config.toml";

impl Config {
    /// Puts the settings together for this process.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn load(flags: Flags) -> Result<Self, Error> {
        let given =
            flags.folder.data_dir.clone().or_else(|| environment("CLINICUE_DATA_DIR").map(PathBuf::from));
        let data_dir = match given {
            Some(dir) => dir,
            None => dirs::data_dir().ok_or(Error::NoDataDir)?.join("clinicue"),
        };
        let file = layers::file(&data_dir.join(FILE_NAME))?;
        let defaults = Layer::new("the defaults", &Self::defaults(data_dir));
        let layers = [defaults, file].into_iter().chain(layers::variables()).chain(layers::flags(&flags));
        let together = layers.fold(Figment::new(), Figment::merge);
        let mut config: Self = together.extract().map_err(|error| layers::refused(&together, error))?;
        if let Some(problem) = fields::refusals_as_written(&config).into_iter().next() {
            return Err(layers::outside(&together, problem));
        }
        config.line.api_base = config.line.api_base.trim_end_matches('/').to_owned();
        config.line.data_base = config.line.data_base.map(|base| base.trim_end_matches('/').to_owned());
        Ok(config)
    }

    /// Where backups lie: as configured, or `backups` in the data folder.
    pub(crate) fn backup_folder(&self) -> PathBuf {
        self.backup.folder.clone().unwrap_or_else(|| self.data_dir.join("backups"))
    }

    fn defaults(data_dir: PathBuf) -> Self {
        Self {
            data_dir,
            listen: DEFAULT_LISTEN,
            hosts: Vec::new(),
            log: "info".to_owned(),
            sandbox: false,
            demo: false,
            line: Line::default(),
            delivery: Delivery::default(),
            media: Media::default(),
            retention: Retention::default(),
            backup: Backup::default(),
        }
    }
}

impl Delivery {
    /// `freshness_hours` in milliseconds.
    pub(crate) fn freshness_ms(&self) -> i64 {
        hours_in_ms(self.freshness_hours)
    }
}

fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| D::Error::custom("takes an address and port such as 127.0.0.1:4180"))
}

/// A variable of the environment that is set to something.
#[expect(clippy::disallowed_methods, reason = "the one home of the environment")]
pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|v| !v.is_empty())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn said(file: &str) -> String {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::write(dir.path().join(FILE_NAME), file).expect("written");
        let flags = Flags::on(dir.path());
        let path = dir.path().display().to_string();
        Config::load(flags).expect_err(file).to_string().replace(&path, "DIR")
    }

    #[test]
    fn the_manual_says_what_the_defaults_are() {
        let dir = tempfile::tempdir().expect("a folder");
        let flags = || Flags::on(dir.path());
        let defaults = Config::load(flags()).expect("defaults");
        std::fs::write(dir.path().join(FILE_NAME), include_str!("../../config.default.toml"))
            .expect("written");
        let manual = Config::load(flags()).expect("the manual is a configuration");
        let text = |config: &Config| serde_json::to_value(config).expect("JSON");
        assert_eq!(text(&manual), text(&defaults));
    }

    #[test]
    fn the_manual_names_every_key() {
        // A key without a default is in the file behind a `#`.
        let key_of = |line: &str| {
            let line = line.strip_prefix("# ").unwrap_or(line);
            let key = line.split_once(" = ").map(|(key, _)| key.to_owned());
            key.filter(|key| key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
        };
        let mut section = String::new();
        let mut named = BTreeSet::new();
        for line in include_str!("../../config.default.toml").lines() {
            if let Some(name) = line.strip_prefix('[') {
                section = name.replace(']', ".");
            }
            named.extend(key_of(line).map(|key| format!("{section}{key}")));
        }
        let mut keys = BTreeSet::new();
        let defaults = serde_json::to_value(Config::defaults(PathBuf::new())).expect("JSON");
        for (key, value) in defaults.as_object().expect("an object") {
            match value.as_object() {
                Some(part) => keys.extend(part.keys().map(|inner| format!("{key}.{inner}"))),
                None => keys.extend([key.clone()].into_iter().filter(|key| !layers::is_a_flag_alone(key))),
            }
        }
        assert_eq!(named, keys);
    }

    #[test]
    fn a_flag_beats_the_file_and_the_file_the_defaults() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = "listen = \"127.0.0.1:1\"\n[delivery]\nworkers = 3";
        std::fs::write(dir.path().join(FILE_NAME), file).expect("written");
        let listen = Some("127.0.0.1:2".parse().expect("an address"));
        let flags = Flags { listen, ..Flags::on(dir.path()) };
        let config = Config::load(flags).expect("settings");
        assert_eq!(config.listen.port(), 2);
        assert_eq!((config.delivery.workers, config.delivery.scheduled_workers), (3, 5));
    }

    #[test]
    fn what_cannot_be_used_is_told_by_key_and_source_and_what_it_takes() {
        assert_eq!(
            said("[delivery]\nworkers = 0"),
            "delivery.workers = 0 in DIR/config.toml: takes 1 to 100"
        );
        assert_eq!(
            said("[delivery]\nretry_delays_s = [1.0, 4000.0]"),
            "delivery.retry_delays_s = [1.0, 4000.0] in DIR/config.toml: takes 0 to 3600"
        );
        assert_eq!(
            said("listen = \"here\""),
            "listen = \"here\" in DIR/config.toml: takes an address and port such as 127.0.0.1:4180"
        );
        assert!(
            said("[delivery]\nworkers = \"many\"")
                .starts_with("delivery.workers = \"many\" in DIR/config.toml: ")
        );
        assert_eq!(
            said("hosts = [\"clinic.example\", \"https://clinic.example/\"]"),
            "hosts = [\"clinic.example\", \"https://clinic.example/\"] in DIR/config.toml: \
             takes names such as clinic.example or 127.0.0.1:8080, without https:// and /"
        );
        assert!(said("[delivery\n").starts_with("DIR/config.toml is not a valid configuration: "));
    }

    #[test]
    fn a_value_nothing_could_work_with_is_refused_by_its_name() {
        for (file, key, takes) in [
            ("log = \"clinicue=loud\"", "log", "takes error, warn, info, debug, or a filter"),
            ("hosts = [\"\"]", "hosts", "takes names such as"),
            ("[line]\napi_base = \"api.line.me\"", "line.api_base", "takes an address such as"),
            ("[line]\ndata_base = \"ftp://line.me\"", "line.data_base", "takes an address such as"),
            ("[line]\nchannel_id = \"\"", "line.channel_id", "must not be empty"),
            ("[line]\nconnect_timeout_ms = 0", "line.connect_timeout_ms", "takes 100 to 60000"),
            ("[retention]\nhours = 8761", "retention.hours", "takes 0 to 8760"),
            ("[retention]\ncompleted_jobs = 100001", "retention.completed_jobs", "takes 0 to 100000"),
            ("[retention]\nfailed_jobs = 100001", "retention.failed_jobs", "takes 0 to 100000"),
        ] {
            let said = said(file);
            assert!(said.starts_with(&format!("{key} = ")) && said.contains(takes), "{said}");
        }
    }

    #[test]
    fn an_unknown_key_in_the_file_is_refused() {
        assert!(said("[delivery]\nworker = 3").contains("worker"));
        // These are the command line's alone.
        for key in ["data_dir = \"/x\"", "sandbox = true", "demo = true"] {
            assert!(said(key).contains("config.toml"), "{key}");
        }
    }
}
