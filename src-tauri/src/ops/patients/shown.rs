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
    /// The reason that keeps messages to a patient from going out now.
    pub(crate) struct Obstacle {
        /// The cause a held message would have.
        pub(crate) cause: Cause,
        /// When it ends by itself; null while it depends on somebody's act.
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
        /// The nickname, for messages; null where staff entered none.
        pub(crate) nickname: Option<String>,
        /// The reading of the name, in kana or Latin letters; null where staff entered none.
        pub(crate) reading: Option<String>,
        /// The telephone number as written; null where staff entered none.
        pub(crate) phone: Option<String>,
        /// The number as a telephone dials it, `tel:021234567`; null where `phone` is not exactly
        /// one number: somebody else would answer.
        pub(crate) phone_uri: Option<String>,
        /// The date of birth, `1956-04-13`, in the Gregorian calendar; null where unknown.
        pub(crate) birth_date: Option<String>,
        /// LINE's user id: `U` and 32 hex digits; null where they are not linked.
        pub(crate) line_user_id: Option<String>,
        /// The clinic's own number (HN); null where staff entered none.
        pub(crate) external_ref: Option<String>,
        /// BCP 47 tag of the patient's language: `th`, `ja`, `zh-TW`, `en`; null where unknown.
        pub(crate) locale: Option<String>,
        /// The language of their messages: their own, or where unknown that of the clinic's zone;
        /// English where Clinicue does not speak it.
        pub(crate) language: Language,
        /// Their IANA zone; null for the clinic's.
        pub(crate) time_zone: Option<String>,
        /// Set by staff; archived patients get nothing.
        pub(crate) status: Status,
        /// Whether LINE reaches them, as far as is known.
        pub(crate) reachability: Reachability,
        /// The reason that would keep a message from going out now; null where neither the patient
        /// nor a rule of the clinic is one.
        pub(crate) obstacle: Option<Obstacle>,
        /// The end of the quiet hours that hold for them now, whatever the clinic's rule or a step
        /// makes of a message in them; null outside quiet hours.
        pub(crate) quiet_until: Option<Timestamp>,
        /// When they agreed to get messages; null where they did not.
        pub(crate) consented_at: Option<Timestamp>,
        /// Who recorded the consent; null where unknown.
        pub(crate) consented_by: Option<String>,
        /// Up to 20 labels of up to 50 characters, in the order staff gave them.
        pub(crate) tags: Vec<String>,
        /// A note for staff, up to 5,000 characters; patients never see it.
        pub(crate) note: String,
        /// Whether they belong to the demo clinic.
        pub(crate) demo: bool,
        /// When they were added; it never changes.
        pub(crate) created_at: Timestamp,
        /// When anything here last changed.
        pub(crate) updated_at: Timestamp,
    }

    /// A patient as lists show them.
    pub(crate) struct PatientSummary {
        #[serde(flatten)]
        pub(crate) patient: Patient,
        /// How many follow-ups of theirs are active.
        pub(crate) active_assignments: i64,
        /// When the next step of any follow-up is due; null where none is ahead.
        pub(crate) next_due_at: Option<Timestamp>,
        /// When the next message goes, as far as is known: that step's, or one that already waits;
        /// null where none is planned, and where all wait for an act of somebody.
        pub(crate) next_message_at: Option<Timestamp>,
        /// When they last answered a question; null where they never did.
        pub(crate) last_answer_at: Option<Timestamp>,
    }

    /// The labels that patients have.
    pub(crate) struct PatientTags {
        /// Up to 500, the most frequent first.
        pub(crate) items: Vec<TagCount>,
    }

    /// A label and how many patients have it, archived ones included.
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
            quiet_until: quiet_until(&p, core),
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

fn quiet_until(p: &patients::Patient, core: &Core) -> Option<Timestamp> {
    let clinic = core.clinic();
    clinic.quiet_until(core.now(), clinic.zone_of(p.time_zone.as_deref()))
}

fn obstacle(p: &patients::Patient, core: &Core) -> Option<Obstacle> {
    match gate::towards(p, &core.clinic(), core.sandbox.is_some(), core.now()) {
        // Waiting messages are kept for them; a new message is refused.
        Verdict::Wait(until, cause) => {
            Some(Obstacle { cause, until, waits: cause != Cause::PatientArchived })
        }
        Verdict::Drop(DropReason::LeftOut(cause)) => Some(Obstacle { cause, until: None, waits: false }),
        Verdict::Drop(_) | Verdict::Go => None,
    }
}
