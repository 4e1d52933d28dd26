//! The tables by name: which of them a transaction wrote, so that whoever shows them can look
//! again, and, for tests, which of them some work read.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

macro_rules! tables {
    ($($variant:ident = $name:literal),+ $(,)?) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Table { $($variant),+ }

        impl Table {
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            pub(super) fn named(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

tables! {
    AggregationUnits = "aggregation_units",
    AnswerStats = "answer_stats",
    Answers = "answers",
    ApiTokens = "api_tokens",
    Assignments = "assignments",
    AuditLog = "audit_log",
    CronJobs = "cron_jobs",
    Deliveries = "deliveries",
    DeliveryAttempts = "delivery_attempts",
    DeliveryStats = "delivery_stats",
    InteractionLogs = "interaction_logs",
    Jobs = "Jobs",
    LinkCodes = "link_codes",
    Media = "media",
    MessageTemplates = "message_templates",
    Notes = "notes",
    PatientMessages = "patient_messages",
    Patients = "patients",
    ProtocolSteps = "protocol_steps",
    ProtocolVersions = "protocol_versions",
    Protocols = "protocols",
    Recurrences = "recurrences",
    Sessions = "sessions",
    Settings = "settings",
    Staff = "staff",
    StrangerWords = "stranger_words",
    Strangers = "strangers",
    UnsentMessages = "unsent_messages",
    Uploads = "uploads",
    WebhookEvents = "webhook_events",
    Workers = "Workers",
    Worklist = "worklist",
}

impl Table {
    /// The table a statement writes; `None` for one that only reads.
    pub(super) fn written_by(text: &str) -> Option<Self> {
        const WRITES: [&str; 3] = ["INSERT INTO ", "UPDATE ", "DELETE FROM "];
        let text = text.trim_start();
        let after = if text.starts_with("WITH ") {
            WRITES.iter().find_map(|write| text.split_once(write)).map(|(_, after)| after)
        } else {
            WRITES.iter().find_map(|write| text.strip_prefix(write))
        }?;
        Self::first_word(after)
    }

    fn first_word(text: &str) -> Option<Self> {
        Self::named(text.split(|c: char| !c.is_alphanumeric() && c != '_').next()?)
    }
}

#[cfg(debug_assertions)]
tokio::task_local! {
    static READ: std::cell::RefCell<std::collections::BTreeSet<Table>>;
}

/// Notes the tables a statement reads for [`tables_read`]; nothing outside of it.
#[cfg(debug_assertions)]
pub(super) fn note_read(text: &str) {
    let _ = READ.try_with(|read| {
        let after = ["FROM ", "JOIN "].into_iter().flat_map(|word| text.split(word).skip(1));
        read.borrow_mut().extend(after.filter_map(Table::first_word));
    });
}

/// Does `work`, and returns the tables it read on its own task. For tests.
#[cfg(debug_assertions)]
pub async fn tables_read<T>(work: impl Future<Output = T>) -> (T, Vec<Table>) {
    let read = std::cell::RefCell::default();
    READ.scope(read, async {
        let done = work.await;
        (done, READ.with(|read| read.borrow().iter().copied().collect()))
    })
    .await
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written(u64);

impl Written {
    pub(super) const fn add(&mut self, table: Table) {
        self.0 |= 1 << table as u32;
    }

    pub(crate) fn tables(self) -> impl Iterator<Item = Table> {
        Table::ALL.iter().copied().filter(move |table| self.0 & (1 << *table as u32) != 0)
    }
}

/// Hears of every commit that wrote something; clones share it.
#[derive(Clone, Default)]
pub(super) struct Listener(Arc<OnceLock<Hears>>);

type Hears = Box<dyn Fn(Written) + Send + Sync>;

impl Listener {
    /// Sets who hears; the first one stays.
    pub(super) fn set(&self, hears: impl Fn(Written) + Send + Sync + 'static) {
        let _ = self.0.set(Box::new(hears));
    }

    pub(super) fn hear(&self, written: Written) {
        if let Some(hears) = self.0.get().filter(|_| written != Written::default()) {
            hears(written);
        }
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_says_which_table_it_writes() {
        let written = Table::written_by;
        assert_eq!(written("UPDATE patients SET x = 1"), Some(Table::Patients));
        assert_eq!(written("\n  DELETE FROM Jobs WHERE id = $1"), Some(Table::Jobs));
        assert_eq!(written("INSERT INTO notes(id) VALUES ($1)"), Some(Table::Notes));
        let with = "WITH given AS (SELECT value AS one FROM json_each($1)) UPDATE deliveries AS d SET x = 1";
        assert_eq!(written(with), Some(Table::Deliveries));
        assert_eq!(written("SELECT 'UPDATE patients' FROM deliveries"), None);
    }
}
