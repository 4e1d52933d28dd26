//! Patients as they are shown.

use crate::{
    clock::Timestamp,
    core::Core,
    delivery::gate::{self, DropReason, Verdict},
    domain::{
        delivery::Cause,
        language::Language,
        menu::dialled,
        patient::{Reachability, Status},
    },
    ids::PatientId,
    ops::wire::outputs,
    store::patients,
};

outputs! {
    /// What keeps messages to a patient from going out now.
    pub(crate) struct Obstacle {
        /// Why they wait, as a held message says it.
        pub(crate) cause: Cause,
        /// When it ends by itself; null while it hangs on somebody's act.
        pub(crate) until: Option<Timestamp>,
        /// Whether a new message would wait for that; else it is refused or left out.
        pub(crate) waits: bool,
    }

    /// A person who gets messages, or who is kept on file.
    pub struct Patient {
        /// A UUID that never changes.
        pub id: PatientId,
        /// The name as written, 1 to 200 characters.
        pub(crate) display_name: String,
        /// What they are called, in messages to them; null where staff entered nothing.
        pub(crate) nickname: Option<String>,
        /// How the name is read, in kana or Latin letters; null where nobody noted it.
        pub(crate) reading: Option<String>,
        /// Their telephone number as it is written.
        pub(crate) phone: Option<String>,
        /// The same as a telephone dials it, `tel:021234567`; null where what is written is not one
        /// number alone: somebody else would answer.
        pub(crate) phone_uri: Option<String>,
        /// Day of birth, `1956-04-13`, of the Gregorian calendar.
        pub(crate) birth_date: Option<String>,
        /// LINE's id of them: `U` and 32 hex digits; null where they are not linked.
        pub(crate) line_user_id: Option<String>,
        /// The clinic's own number (HN); null where nobody noted it.
        pub(crate) external_ref: Option<String>,
        /// BCP 47 tag of their language: `th`, `ja`, `zh-TW`, `en`; null where it is not known.
        pub(crate) locale: Option<String>,
        /// The language in which they are spoken to: theirs, else that of the clinic's zone, else
        /// English.
        pub(crate) language: Language,
        /// Their zone; null for the clinic's.
        pub(crate) time_zone: Option<String>,
        /// Set by staff; archived patients get nothing.
        pub(crate) status: Status,
        /// Whether LINE reaches them, as far as is known.
        pub(crate) reachability: Reachability,
        /// What would keep a message to them from going out now; null where nothing of theirs or
        /// of the clinic's rules does.
        pub(crate) obstacle: Option<Obstacle>,
        /// When they agreed to get messages.
        pub(crate) consented_at: Option<Timestamp>,
        /// Who noted that; null where that is not known.
        pub(crate) consented_by: Option<String>,
        /// Up to 20 labels of up to 50 characters, in the order staff gave them.
        pub(crate) tags: Vec<String>,
        /// A note for staff, up to 5,000 characters; patients never see it.
        pub(crate) note: String,
        /// Whether they belong to the demo clinic.
        pub(crate) demo: bool,
        /// When they were added; it never changes.
        pub(crate) created_at: Timestamp,
        /// When anything of this last changed.
        pub(crate) updated_at: Timestamp,
    }

    /// A patient as lists show them.
    pub(crate) struct PatientSummary {
        #[serde(flatten)]
        pub(crate) patient: Patient,
        /// How many follow-ups of theirs are active.
        pub(crate) active_assignments: i64,
        /// When the next step is due.
        pub(crate) next_due_at: Option<Timestamp>,
        /// When the next message goes, as far as is known: that step's, or one that waits already;
        /// null where none is planned, and where all wait for an act of somebody.
        pub(crate) next_message_at: Option<Timestamp>,
        /// When they last answered a question.
        pub(crate) last_answer_at: Option<Timestamp>,
    }

    /// The labels that patients have.
    pub(crate) struct PatientTags {
        /// Up to 500, those of most patients first.
        pub(crate) items: Vec<TagCount>,
    }

    /// A label and how many patients have it, archived ones too.
    pub(crate) struct TagCount {
        /// The label as staff wrote it, up to 50 characters.
        pub(crate) tag: String,
        /// How many patients have it, 1 or more.
        pub(crate) patients: i64,
    }
}

impl Patient {
    pub(in crate::ops) fn of(p: patients::Patient, core: &Core) -> Self {
        Self {
            language: Language::of(p.locale.as_deref(), core.clinic().time_zone),
            obstacle: obstacle(&p, core),
            id: p.id,
            display_name: p.display_name,
            nickname: p.nickname,
            reading: p.reading,
            phone_uri: p.phone.as_deref().and_then(dialled),
            phone: p.phone,
            birth_date: p.birth_date,
            line_user_id: p.line_user_id,
            external_ref: p.external_ref,
            locale: p.locale,
            time_zone: p.time_zone,
            status: p.status,
            reachability: p.reachability,
            consented_at: p.consented_at,
            consented_by: p.consented_by,
            tags: p.tags,
            note: p.note,
            demo: p.demo,
            created_at: p.created_at,
            updated_at: p.updated_at,
        }
    }
}

fn obstacle(p: &patients::Patient, core: &Core) -> Option<Obstacle> {
    match gate::towards(p, &core.clinic(), core.sandbox.is_some(), core.now()) {
        // What waits already is kept for them; a new message is refused.
        Verdict::Wait(until, cause) => {
            Some(Obstacle { cause, until, waits: cause != Cause::PatientArchived })
        }
        Verdict::Drop(DropReason::LeftOut(cause)) => Some(Obstacle { cause, until: None, waits: false }),
        Verdict::Drop(_) | Verdict::Go => None,
    }
}
