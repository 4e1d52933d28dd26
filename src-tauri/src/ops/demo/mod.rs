//! The demo clinic: made-up patients on practice phones with running care plans, some of them for
//! days. It exists only where messages go to the practice LINE, is marked everywhere, and is
//! removed in one step.

mod history;
mod plans;

use std::time::{Duration, Instant};

use super::{
    Caller,
    assignments::{CreateAssignment, act_in, write_new as assign},
    protocols::{CreateProtocol, Made, write_new as write_protocol},
    wire::{Nothing, outputs},
};
use crate::{
    clock::{DAY_MS, Timestamp},
    core::{Core, Topic},
    domain::activity::Act,
    domain::{
        assignment::Action,
        patient::{Reachability, Status},
    },
    error::{Problem, Refusal, Result, Thing},
    ids::{PatientId, ProtocolId},
    line::sandbox::Sandbox,
    queue,
    schedule::recurring,
    store::{Conn, Tx, demo, patients, protocols, settings, statistics},
};

outputs! {
    /// What was loaded into the demo clinic.
    pub(crate) struct Loaded {
        /// How many patients were made.
        pub(crate) patients: u64,
        /// How many care plans were made and published.
        pub(crate) protocols: u64,
        /// How many follow-ups were made and started.
        pub(crate) assignments: u64,
    }

    /// What was removed of the demo clinic.
    pub(crate) struct DemoRemoved {
        /// How many patients and care plans were removed, together.
        pub(crate) removed: u64,
    }
}

/// The name of the setting that says the demo clinic was loaded or removed once.
pub(crate) const OFFERED: &str = "demo.offered";

/// A patient of the demo clinic.
struct Person {
    name: &'static str,
    reading: Option<&'static str>,
    line_user_id: &'static str,
    zone: &'static str,
    locale: &'static str,
    /// The index of the care plan in [`plans::all`].
    plan: usize,
    /// Days since its start.
    since_days: i64,
}

const fn person(
    name: &'static str,
    line_user_id: &'static str,
    (zone, locale): (&'static str, &'static str),
    (plan, since_days): (usize, i64),
) -> Person {
    Person { name, reading: None, line_user_id, zone, locale, plan, since_days }
}

impl Person {
    const fn read(self, reading: &'static str) -> Self {
        Self { reading: Some(reading), ..self }
    }
}

const TH: (&str, &str) = ("Asia/Bangkok", "th");
const JA: (&str, &str) = ("Asia/Tokyo", "ja");
const TW: (&str, &str) = ("Asia/Taipei", "zh-TW");
const EN: (&str, &str) = ("Asia/Bangkok", "en");

/// The first four begin now, so that something happens at once; the others have a past.
const PEOPLE: [Person; 12] = [
    person("สมชาย ใจดี (Demo)", "U00000000000000000000000000000d01", TH, (0, 0)),
    person("佐藤 花子 (Demo)", "U00000000000000000000000000000d02", JA, (1, 0)).read("サトウ ハナコ"),
    person("陳 小美 (Demo)", "U00000000000000000000000000000d03", TW, (0, 0)),
    person("Anna Keller (Demo)", "U00000000000000000000000000000d04", EN, (1, 0)),
    person("มาลี แสงทอง (Demo)", "U00000000000000000000000000000d05", TH, (2, 3)),
    person("鈴木 一郎 (Demo)", "U00000000000000000000000000000d06", JA, (2, 5)).read("スズキ イチロウ"),
    person("林 志明 (Demo)", "U00000000000000000000000000000d07", TW, (2, 8)),
    person("ประเสริฐ วงศ์ดี (Demo)", "U00000000000000000000000000000d08", TH, (2, 10)),
    person("高橋 美咲 (Demo)", "U00000000000000000000000000000d09", JA, (2, 12)).read("タカハシ ミサキ"),
    person("王 淑芬 (Demo)", "U00000000000000000000000000000d0a", TW, (2, 13)),
    person("อรุณ ศรีสุข (Demo)", "U00000000000000000000000000000d0b", TH, (2, 20)),
    person("Tom Baker (Demo)", "U00000000000000000000000000000d0c", EN, (2, 24)),
];

/// Adds the phones of demo patients to a practice LINE, which forgets them when it ends.
pub(crate) fn plug_in_phones(sandbox: &Sandbox) {
    for one in &PEOPLE {
        sandbox.add_user(one.line_user_id, one.name);
    }
}

/// Its first messages go out at once.
pub(crate) async fn load(core: &Core, who: &Caller, _: Nothing) -> Result<Loaded> {
    let Some(running) = &core.sandbox else {
        return Err(Problem::conflict(
            Refusal::DemoNeedsPractice,
            "the demo clinic needs practice mode: start with --sandbox",
        ));
    };
    plug_in_phones(&running.sandbox);
    let mut tx = core.store.begin().await?;
    let plans = write_plans(&mut tx, core).await?;
    let mut with_past = Vec::new();
    for one in &PEOPLE {
        let began = core.now().plus_millis(-one.since_days * DAY_MS);
        let patient_id = add_patient(&mut tx, core, one, began).await?;
        let id =
            assign(&mut tx, core, &CreateAssignment { patient_id, protocol_id: plans[one.plan] }).await?;
        let has_past = one.since_days > 0;
        act_in(&mut tx, core, who, id, Action::Start, has_past.then_some(began)).await?;
        with_past.extend(has_past.then_some(id));
    }
    history::write(&mut tx, core, &with_past).await?;
    settings::set(&mut tx, OFFERED, &true, core.now()).await?;
    super::audit(&mut tx, core, who, Act::DemoLoad, None, None).await?;
    tx.commit().await?;
    core.tick_bell.notify_one();
    core.announce(Topic::Phones);
    let patients = PEOPLE.len() as u64;
    Ok(Loaded { patients, protocols: plans.len() as u64, assignments: patients })
}

async fn add_patient(conn: &mut Conn, core: &Core, one: &Person, since: Timestamp) -> Result<PatientId> {
    let now = core.now();
    let patient = patients::Patient {
        id: PatientId::new(now),
        line_user_id: Some(one.line_user_id.to_owned()),
        display_name: one.name.to_owned(),
        nickname: None,
        reading: one.reading.map(str::to_owned),
        phone: None,
        birth_date: None,
        external_ref: None,
        locale: Some(one.locale.to_owned()),
        time_zone: Some(one.zone.to_owned()),
        status: Status::Active,
        reachability: Reachability::Reachable,
        reached_at: None,
        consented_at: Some(since),
        consented_by: None,
        tags: vec!["demo".to_owned()],
        note: String::new(),
        demo: true,
        created_at: since,
        updated_at: now,
    };
    patients::insert(conn, &patient).await.map_err(|error| match error.as_database_error() {
        Some(e) if e.is_unique_violation() => {
            Problem::conflict(Refusal::DemoLoaded, "the demo clinic is loaded already")
        }
        _ => error.into(),
    })?;
    Ok(patient.id)
}

async fn write_plans(conn: &mut Conn, core: &Core) -> Result<Vec<ProtocolId>> {
    let mut ids = Vec::new();
    for plan in plans::all() {
        let plan: CreateProtocol =
            serde_json::from_value(plan).map_err(|e| Problem::internal("writing the demo", e))?;
        let id = write_protocol(conn, core, &plan, Made { demo: true, line_checked_at: None }).await?;
        let written = super::found(protocols::get(conn, id).await?, Thing::Protocol, id)?;
        protocols::publish(conn, id, written.version_id, core.now()).await?;
        ids.push(id);
    }
    Ok(ids)
}

/// The longest wait for messages that are being sent, before the demo is removed.
const LAND_WITHIN: Duration = Duration::from_secs(10);

/// The pause between two looks at them.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// Begins a transaction when no message to a demo patient is on its way, so that what LINE accepted
/// is recorded before its row goes.
async fn begin_at_rest(core: &Core) -> Result<Tx> {
    let began = Instant::now();
    loop {
        let mut tx = core.store.begin().await?;
        if !demo::is_under_way(&mut tx).await? {
            return Ok(tx);
        }
        drop(tx);
        if began.elapsed() >= LAND_WITHIN {
            return Err(Problem::conflict(
                Refusal::DemoOnItsWay,
                "a message to a demo patient is on its way; try again in a moment",
            ));
        }
        tokio::time::sleep(LOOK_AGAIN_AFTER).await;
    }
}

pub(crate) async fn remove(core: &Core, who: &Caller, _: Nothing) -> Result<DemoRemoved> {
    let mut tx = begin_at_rest(core).await?;
    let removed = demo::remove(&mut tx, &queue::Name::STRS).await?;
    if removed > 0 {
        statistics::count_anew(&mut tx, core.clinic().time_zone, core.now()).await?;
    }
    settings::set(&mut tx, OFFERED, &true, core.now()).await?;
    super::audit(&mut tx, core, who, Act::DemoRemove, None, None).await?;
    tx.commit().await?;
    core.recount_bell.notify_one();
    recurring::erase_media(core).await?;
    Ok(DemoRemoved { removed })
}
