//! What screens show and look at again when it changes, and which tables each of it lies in.

use std::collections::BTreeSet;

use crate::{domain::named_enum, store::Table};

named_enum! {
    /// The kind of thing that changed, so that its screens look again.
    #[derive(PartialOrd, Ord)]
    Topic {
        /// Deliveries and the interaction log.
        Messages = "messages",
        /// An assignment, or where it stands.
        Assignments = "assignments",
        /// A patient, or the way to them.
        Patients = "patients",
        /// A protocol or its steps.
        Protocols = "protocols",
        /// Queue counts, or recurring work.
        Jobs = "jobs",
        /// Settings of the clinic.
        Settings = "settings",
        /// A chat or a fault of the practice LINE.
        Phones = "phones",
        /// Whether messages are being sent.
        Status = "status",
        /// Items that call for a person.
        Worklist = "worklist",
        Tasks = "tasks",
        /// Messages kept to write others from.
        Templates = "templates",
    }
}

pub(crate) type Topics = BTreeSet<Topic>;

pub const fn shown_of(table: Table) -> &'static [Topic] {
    match table {
        Table::Deliveries
        | Table::DeliveryAttempts
        | Table::InteractionLogs
        | Table::Answers
        | Table::AnswerStats
        | Table::DeliveryStats
        | Table::Recurrences => &[Topic::Messages],
        Table::Assignments => &[Topic::Assignments],
        Table::Patients | Table::LinkCodes | Table::Notes => &[Topic::Patients],
        Table::PatientMessages | Table::Media => &[Topic::Patients, Topic::Worklist],
        Table::Protocols | Table::ProtocolSteps | Table::ProtocolVersions | Table::AggregationUnits => {
            &[Topic::Protocols]
        }
        Table::Jobs | Table::Workers | Table::CronJobs => &[Topic::Jobs],
        Table::Settings => &[Topic::Settings, Topic::Status],
        Table::Worklist | Table::Strangers | Table::StrangerWords => &[Topic::Worklist],
        Table::MessageTemplates | Table::Uploads => &[Topic::Templates],
        // The log of activity is looked at again whenever anything else is.
        Table::ApiTokens
        | Table::AuditLog
        | Table::Sessions
        | Table::Staff
        | Table::UnsentMessages
        | Table::WebhookEvents => &[],
    }
}
