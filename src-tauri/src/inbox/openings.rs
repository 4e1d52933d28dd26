//! Asks LINE how many people opened the messages of a plan. LINE counts by units, so each plan with
//! enough patients gets a unit before its messages go.

use crate::{
    clock::{HOUR_MS, Timestamp},
    core::Core,
    domain::unit::{MAX_UNITS, MIN_PATIENTS, Month, day_began},
    line::LineError,
    store::{
        Conn,
        aggregation_units::{self, Openings, Unit},
    },
};

/// Questions of one hourly round: LINE allows 60 an hour.
const MAX_ROUND: u32 = 50;

/// Months that are asked about, which are those shown. LINE documents no end to what it keeps.
const MAX_MONTHS: usize = 12;

/// How long before its month a unit is opened: the next round may be an hour away.
const AHEAD_MS: i64 = 2 * HOUR_MS;

/// Opens the units of this month, and asks for the numbers of those opened before today: LINE has
/// the numbers of a day on the next. Returns how many it asked about.
pub async fn round(core: &Core) -> sqlx::Result<usize> {
    let now = core.now();
    let mut tx = core.store.begin().await?;
    open(&mut tx, core, Month::of(now)).await?;
    open(&mut tx, core, Month::of(now.plus_millis(AHEAD_MS))).await?;
    let due = due(&mut tx, now).await?;
    tx.commit().await?;
    if due.is_empty() || !core.line.is_connected() || core.channel().down().is_some() {
        return Ok(0);
    }
    let mut answers = Vec::with_capacity(due.len());
    for unit in &due {
        answers.extend(ask(core, unit).await);
    }
    let mut tx = core.store.begin().await?;
    aggregation_units::answered(&mut tx, &answers, core.now()).await?;
    tx.commit().await?;
    Ok(answers.len())
}

/// The units to ask LINE about now, the latest month first: daily while openings may still be
/// counted, and once when LINE has counted the whole month, even where its follow-ups have ended or
/// the program did not run.
async fn due(conn: &mut Conn, now: Timestamp) -> sqlx::Result<Vec<Unit>> {
    let mut month = Month::of(now.plus_millis(AHEAD_MS));
    let mut due = Vec::new();
    for _ in 0..MAX_MONTHS {
        let left = MAX_ROUND.saturating_sub(u32::try_from(due.len()).unwrap_or(MAX_ROUND));
        if left == 0 {
            break;
        }
        let before = day_began(now).min(month.counted_at());
        due.extend(aggregation_units::to_ask(conn, &month.text(), before, left).await?);
        month = month.before();
    }
    Ok(due)
}

async fn open(conn: &mut Conn, core: &Core, month: Month) -> sqlx::Result<()> {
    let text = month.text();
    let left = MAX_UNITS - aggregation_units::count(conn, &text).await?;
    if left <= 0 {
        return Ok(());
    }
    let plans = aggregation_units::plans_without(conn, &text, MIN_PATIENTS, left).await?;
    let units: Vec<_> = plans.into_iter().map(|plan| (plan, month.unit_of(plan))).collect();
    if units.is_empty() {
        return Ok(());
    }
    aggregation_units::insert(conn, &text, &units, core.now()).await
}

/// LINE's answer about a unit; `None` where its month cannot be read.
async fn ask(core: &Core, unit: &Unit) -> Option<Openings> {
    let (from, to) = Month::parse(&unit.month)?.span();
    let name = unit.name.clone();
    Some(match core.line.opened(&name, &from, &to).await {
        Ok(opened) => Openings { name, opened, refused: None, was_reached: true },
        Err(LineError::Refused { message, .. }) => {
            Openings { name, opened: None, refused: Some(message), was_reached: true }
        }
        Err(LineError::Unreachable(_)) => Openings { name, opened: None, refused: None, was_reached: false },
    })
}
