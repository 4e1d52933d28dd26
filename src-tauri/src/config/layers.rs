//! The layers the settings are put together from. Each has a name, which an error about a bad value
//! gives as its source.

use std::path::Path;

use figment::{
    Figment, Metadata, Profile, Provider,
    value::{Dict, Map, Value},
};
use serde::Serialize;

use super::{Error, Flags, environment};
use crate::error::FieldProblem;

/// Some of the settings, from one source.
pub(super) struct Layer {
    name: String,
    values: Dict,
}

impl Layer {
    pub(super) fn new(name: impl Into<String>, values: &impl Serialize) -> Self {
        let values = Value::serialize(values).ok().and_then(Value::into_dict).unwrap_or_default();
        Self { name: name.into(), values }
    }

    /// One value under `key`: `line.api_base`.
    fn one(name: &str, key: &str, value: impl Into<Value>) -> Self {
        let mut value: Value = value.into();
        let mut names = key.rsplit('.');
        let last = names.next().unwrap_or(key);
        let mut values = Dict::from([(last.to_owned(), value)]);
        for name in names {
            value = Value::from(values);
            values = Dict::from([(name.to_owned(), value)]);
        }
        Self { name: name.to_owned(), values }
    }
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Map::from([(Profile::Default, self.values.clone())]))
    }
}

/// The keys that the file does not take, only the command line.
const OF_THE_COMMAND_LINE: [&str; 3] = ["data_dir", "sandbox", "demo"];

/// Whether only the command line has the key.
#[cfg(test)]
pub(super) fn is_a_flag_alone(key: &str) -> bool {
    OF_THE_COMMAND_LINE.contains(&key)
}

/// The settings of the file; none where there is no file.
pub(super) fn file(path: &Path) -> Result<Layer, Error> {
    let name = path.display().to_string();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(e) => return Err(Error::Read(path.to_owned(), e)),
    };
    let table: toml::Table =
        toml::from_str(&text).map_err(|e| Error::Parse(path.to_owned(), e.to_string()))?;
    match OF_THE_COMMAND_LINE.into_iter().find(|key| table.contains_key(*key)) {
        Some(key) => Err(Error::Value {
            key: key.to_owned(),
            value: None,
            source_name: name,
            problem: format!("is a flag: give --{}", key.replace('_', "-")),
        }),
        None => Ok(Layer::new(name, &table)),
    }
}

/// The variables of the environment that are set.
pub(super) fn variables() -> impl Iterator<Item = Layer> {
    let keys = [
        ("CLINICUE_LISTEN", "listen"),
        ("CLINICUE_LOG", "log"),
        ("CLINICUE_LINE_API_BASE", "line.api_base"),
        ("CLINICUE_LINE_DATA_BASE", "line.data_base"),
        ("CLINICUE_LINE_CHANNEL_ID", "line.channel_id"),
    ];
    keys.into_iter().filter_map(|(name, key)| Some(Layer::one(name, key, environment(name)?)))
}

/// The flags that were given, without the data folder, which is known before.
pub(super) fn flags(flags: &Flags) -> impl Iterator<Item = Layer> {
    let listen = flags.listen.map(|listen| Layer::one("--listen", "listen", listen.to_string()));
    let sandbox = flags.sandbox.then(|| Layer::one("--sandbox", "sandbox", true));
    let demo = flags.demo.then(|| Layer::one("--demo", "demo", true));
    [listen, sandbox, demo].into_iter().flatten()
}

/// The error for a value of another type, or an unknown key.
pub(super) fn refused(together: &Figment, error: figment::Error) -> Error {
    let key = error.path.join(".");
    let source_name = error.metadata.as_ref().map(|m| m.name.to_string());
    let value = together.find_value(&key).ok();
    Error::Value {
        source_name: source_name.unwrap_or_else(|| source_of(together, &key)),
        value: value.filter(|v| v.as_dict().is_none()).map(|v| shown(&v)),
        problem: error.kind.to_string(),
        key,
    }
}

/// The error for a value outside its limits, with the layer it came from.
pub(super) fn outside(together: &Figment, problem: FieldProblem) -> Error {
    // For a list the whole is shown.
    let key = problem.field.split('[').next().unwrap_or_default().to_owned();
    Error::Value {
        value: together.find_value(&key).ok().map(|v| shown(&v)),
        source_name: source_of(together, &key),
        problem: problem.message,
        key,
    }
}

fn source_of(together: &Figment, key: &str) -> String {
    together.find_metadata(key).map_or_else(|| "the settings".to_owned(), |m| m.name.to_string())
}

/// A value as the file would have it.
fn shown(value: &Value) -> String {
    toml::Value::try_from(value).map_or_else(|_| format!("{value:?}"), |value| value.to_string())
}
