//! The demo clinic: made-up patients on practice phones with two care plans that run. Only
//! where messages go to the practice LINE, marked everywhere, and gone in one step.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{
    Caller, announce,
    assignments::{CreateAssignment, act_in, write_new as assign},
    protocols::{CreateProtocol, Made, write_new as write_protocol},
    wire::{Nothing, outputs},
};
use crate::{
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
    /// How much the demo clinic has of what.
    pub(crate) struct Loaded {
        /// Patients that are new.
        pub(crate) patients: u64,
        /// Care plans that are new, all published.
        pub(crate) protocols: u64,
        /// Follow-ups, all started.
        pub(crate) assignments: u64,
    }

    /// How much the demo clinic had.
    pub(crate) struct DemoRemoved {
        /// Patients and care plans.
        pub(crate) removed: u64,
    }
}

/// Under which name it is stored that the demo clinic was loaded or removed once.
pub(crate) const OFFERED: &str = "demo.offered";

/// Name, LINE user id, zone, language.
const PATIENTS: [(&str, &str, &str, &str); 4] = [
    ("สมชาย ใจดี (Demo)", "U00000000000000000000000000000d01", "Asia/Bangkok", "th"),
    ("佐藤 花子 (Demo)", "U00000000000000000000000000000d02", "Asia/Tokyo", "ja"),
    ("陳 小美 (Demo)", "U00000000000000000000000000000d03", "Asia/Taipei", "zh-TW"),
    ("Anna Keller (Demo)", "U00000000000000000000000000000d04", "Asia/Bangkok", "en"),
];

/// Gives the phones of demo patients to a practice LINE, which forgets them when it ends.
pub(crate) fn plug_in_phones(sandbox: &Sandbox) {
    for (name, line_user_id, ..) in PATIENTS {
        sandbox.add_user(line_user_id, name);
    }
}

/// Loads the demo clinic; its first messages go out at once.
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
    let mut assigned = 0;
    for (n, patient) in PATIENTS.into_iter().enumerate() {
        let patient_id = add_patient(&mut tx, core, patient).await?;
        let protocol_id = plans[n % plans.len()];
        let id = assign(&mut tx, core, &CreateAssignment { patient_id, protocol_id }).await?;
        act_in(&mut tx, core, who, id, Action::Start, None).await?;
        assigned += 1;
    }
    settings::set(&mut tx, OFFERED, &true, core.now()).await?;
    super::audit(&mut tx, core, who, Act::DemoLoad, None, None).await?;
    tx.commit().await?;
    core.tick_bell.notify_one();
    announce(core, &[Topic::Patients, Topic::Protocols, Topic::Assignments, Topic::Phones]);
    Ok(Loaded { patients: PATIENTS.len() as u64, protocols: plans.len() as u64, assignments: assigned })
}

async fn add_patient(
    conn: &mut Conn,
    core: &Core,
    (name, line_user_id, zone, locale): (&str, &str, &str, &str),
) -> Result<PatientId> {
    let now = core.now();
    let patient = patients::Patient {
        id: PatientId::new(now),
        line_user_id: Some(line_user_id.to_owned()),
        display_name: name.to_owned(),
        nickname: None,
        reading: None,
        phone: None,
        birth_date: None,
        external_ref: None,
        locale: Some(locale.to_owned()),
        time_zone: Some(zone.to_owned()),
        status: Status::Active,
        reachability: Reachability::Reachable,
        reached_at: None,
        consented_at: Some(now),
        consented_by: None,
        tags: vec!["demo".to_owned()],
        note: String::new(),
        demo: true,
        created_at: now,
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
    for plan in [after_extraction(), medication()] {
        let plan: CreateProtocol =
            serde_json::from_value(plan).map_err(|e| Problem::internal("writing the demo", e))?;
        let id = write_protocol(conn, core, &plan, Made { demo: true, line_checked_at: None }).await?;
        let written = super::found(protocols::get(conn, id).await?, Thing::Protocol, id)?;
        protocols::publish(conn, id, written.version_id, core.now()).await?;
        ids.push(id);
    }
    Ok(ids)
}

fn after_extraction() -> serde_json::Value {
    json!({
        "name": "Demo: After a tooth extraction",
        "description": "An example. Have a clinician check a care plan before it is used.",
        "steps": [
            { "name": "Welcome", "trigger": { "type": "immediate" }, "messageType": "text",
              "content": { "text": "🦷 Bite on the gauze for 30 minutes. No hot drinks today.\nกัดผ้าก๊อซไว้ 30 นาที วันนี้งดเครื่องดื่มร้อน" } },
            { "name": "Bleeding check", "trigger": { "type": "delay", "value": "30s" }, "messageType": "text",
              "content": { "text": "A short question about how you are doing." }, "requiresFeedback": true,
              "feedback": { "question": "Has the bleeding stopped? / เลือดหยุดหรือยัง", "buttons": [
                { "label": "Yes / หยุดแล้ว", "value": "stopped", "action": "complete" },
                { "label": "Not yet / ยังไม่หยุด", "value": "bleeding", "action": "postpone" },
                { "label": "It hurts / ปวดมาก", "value": "pain", "action": "complete", "worrying": true } ] } },
            { "name": "Painkiller", "trigger": { "type": "scheduled", "value": "09:00,21:00", "days": 3 }, "messageType": "text",
              "content": { "text": "Time for your painkiller.\nได้เวลายาแก้ปวด" }, "freshnessHours": 3 },
            { "name": "How is it healing?", "trigger": { "type": "delay", "value": "2d" }, "messageType": "text",
              "content": { "text": "Two days have passed. Rinse gently with salt water." } },
        ]
    })
}

fn medication() -> serde_json::Value {
    json!({
        "name": "Demo: Blood pressure medicine",
        "description": "An example. Have a clinician check a care plan before it is used.",
        "steps": [
            { "name": "Welcome", "trigger": { "type": "immediate" }, "messageType": "flex",
              "content": { "altText": "Your medicine plan / お薬のご案内 / 用藥提醒", "contents": {
                "type": "bubble", "body": { "type": "box", "layout": "vertical", "contents": [
                    { "type": "text", "text": "Your medicine plan", "weight": "bold", "size": "lg" },
                    { "type": "text", "text": "毎日同じ時間に / 每天固定時間服藥", "wrap": true, "color": "#666666" } ] } } } },
            { "name": "Taken?", "trigger": { "type": "delay", "value": "1m" }, "messageType": "text",
              "content": { "text": "💊 Time for your medicine." }, "requiresFeedback": true,
              "feedback": { "question": "Taken?", "buttons": [
                { "label": "Done", "value": "taken", "action": "complete" },
                { "label": "Later", "value": "later", "action": "postpone" },
                { "label": "Skip today", "value": "skipped", "action": "skip" } ] },
              "translations": {
                "ja": translated("💊 お薬の時間です。", "飲みましたか", ["はい", "あとで", "今日は休む"]),
                "zh-TW": translated("💊 服藥時間到了。", "吃藥了嗎？", ["吃了", "稍後", "今天跳過"]),
                "th": translated("💊 ได้เวลาทานยาแล้ว", "ทานยาแล้วหรือยัง", ["ทานแล้ว", "ไว้ทีหลัง", "วันนี้ขอข้าม"]) } },
            { "name": "Every morning", "trigger": { "type": "recurring", "value": "0 8 * * *" }, "messageType": "text",
              "content": { "text": "Good morning. Time for your medicine." }, "freshnessHours": 3 },
        ]
    })
}

/// The step that asks about the medicine, in another language.
fn translated(text: &str, question: &str, labels: [&str; 3]) -> serde_json::Value {
    let values = ["taken", "later", "skipped"];
    let buttons: Vec<_> =
        values.iter().zip(labels).map(|(value, label)| json!({ "value": value, "label": label })).collect();
    json!({ "messageType": "text", "content": { "text": text },
            "feedback": { "question": question, "buttons": buttons } })
}

/// Messages that are on their way when the demo is to go may take so long to land.
const LAND_WITHIN: Duration = Duration::from_secs(10);

/// Between two looks whether they have.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// A transaction that begins when no message to a demo patient is on its way. What LINE has
/// accepted is written down before its row goes.
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

/// Removes the demo clinic with everything that hangs on it.
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
    announce(core, &[Topic::Patients, Topic::Protocols, Topic::Assignments, Topic::Messages]);
    Ok(DemoRemoved { removed })
}
