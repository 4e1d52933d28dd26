//! How many people opened a plan's messages, by LINE's count: a number for a month, or why there is
//! none. LINE gives none for a single patient.

use super::{
    Caller, found,
    wire::{inputs, outputs},
};
use crate::{
    clock::{DAY_MS, Timestamp},
    core::Core,
    domain::unit::{MAX_UNITS, MIN_PATIENTS, Month},
    error::{Result, Thing},
    ids::ProtocolId,
    store::{
        aggregation_units::{self, OfPlan},
        protocols,
    },
};

inputs! {
    /// Which plans' openings are shown; left out, those of all plans in use.
    pub(crate) struct OpeningsOf {
        /// Only those of this protocol.
        #[serde(default)]
        pub(crate) protocol_id: Option<ProtocolId>,
    }
}

/// Why LINE shows no number for a plan and month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum NoOpenings {
    /// The plan runs for fewer than 20 patients: LINE shows no number for so few, and its messages
    /// are not counted.
    TooFewPatients,
    /// LINE counts 1,000 names a month, and this month has as many.
    TooManyPlans,
    /// It is counted, and LINE has the numbers of a day on the next.
    NotYet,
    /// LINE was asked and shows no number: fewer than 20 people are known to have opened a message.
    FewerThanTwenty,
    /// LINE was asked and gave no answer; it is asked again.
    NotAnswered,
    /// The practice LINE counts no openings.
    Practice,
}

outputs! {
    /// Openings by plan and month.
    pub(crate) struct Openings {
        /// Plans in use by name, with the newest month of each first.
        pub(crate) items: Vec<PlanOpenings>,
    }

    /// The openings of one plan's messages in one month.
    pub(crate) struct PlanOpenings {
        /// The plan whose messages were opened.
        pub(crate) protocol_id: ProtocolId,
        /// What staff call the plan, 1 to 200 characters.
        pub(crate) name: String,
        /// The month in Japan, as LINE counts: `2026-11`.
        pub(crate) month: String,
        /// The least number of people who opened a message, 20 or more. LINE counts openings for 14
        /// days after sending. Null where LINE gives no number.
        pub(crate) opened_by_at_least: Option<i64>,
        /// Why there is no number; null where there is one.
        pub(crate) why: Option<NoOpenings>,
        /// When LINE was last asked; null where it never was.
        pub(crate) asked_at: Option<Timestamp>,
        /// LINE's words where it gave no number; null where it gave none.
        pub(crate) error_text: Option<String>,
    }
}

/// The months shown: this one and those before it.
const MONTHS: i64 = 12;

/// The most rows shown, one for each plan and month.
const MAX_ROWS: u32 = 1_000;

pub(crate) async fn openings(core: &Core, _: &Caller, input: OpeningsOf) -> Result<Openings> {
    let now = core.now();
    let this_month = Month::of(now).text();
    let earliest = Month::of(now.plus_millis(-MONTHS * 30 * DAY_MS)).text();
    let mut conn = core.store.read().acquire().await?;
    if let Some(id) = input.protocol_id {
        found(protocols::get(&mut conn, id).await?, Thing::Protocol, id)?;
    }
    let (pool, plan) = (core.store.read(), input.protocol_id);
    let rows = aggregation_units::list(pool, plan, &earliest, MIN_PATIENTS, MAX_ROWS).await?;
    let is_full = aggregation_units::count(&mut conn, &this_month).await? >= MAX_UNITS;
    let shown = Shown { this_month, is_full, in_practice: core.sandbox.is_some() };
    Ok(Openings { items: rows.chunk_by(|a, b| a.id == b.id).flat_map(|plan| shown.of_plan(plan)).collect() })
}

/// The facts that decide which reason is given.
struct Shown {
    this_month: String,
    is_full: bool,
    in_practice: bool,
}

impl Shown {
    /// The months of one plan, from the newest to the oldest, this one included. In the last hours
    /// of a month a unit of the next may exist already.
    fn of_plan(&self, rows: &[OfPlan]) -> Vec<PlanOpenings> {
        let mut months: Vec<_> = rows.iter().filter_map(|row| self.counted(row.clone())).collect();
        if !months.iter().any(|shown| shown.month == self.this_month) {
            let at = months.iter().take_while(|shown| shown.month > self.this_month).count();
            months.splice(at..at, rows.first().map(|row| self.not_counted(row)));
        }
        months
    }

    /// A plan whose messages go without a unit in this month.
    fn not_counted(&self, row: &OfPlan) -> PlanOpenings {
        let why = match (row.is_counted, self.is_full) {
            (false, _) => NoOpenings::TooFewPatients,
            (true, true) => NoOpenings::TooManyPlans,
            // Its unit is opened within the hour.
            (true, false) => NoOpenings::NotYet,
        };
        PlanOpenings {
            protocol_id: row.id,
            name: row.plan_name.clone(),
            month: self.this_month.clone(),
            opened_by_at_least: None,
            why: Some(why),
            asked_at: None,
            error_text: None,
        }
    }

    fn counted(&self, row: OfPlan) -> Option<PlanOpenings> {
        let told = row.refused.is_none() && row.was_reached != Some(false);
        let why = match (row.opened, row.asked_at) {
            (Some(_), _) => None,
            _ if self.in_practice => Some(NoOpenings::Practice),
            (None, None) => Some(NoOpenings::NotYet),
            (None, Some(_)) if told => Some(NoOpenings::FewerThanTwenty),
            (None, Some(_)) => Some(NoOpenings::NotAnswered),
        };
        Some(PlanOpenings {
            protocol_id: row.id,
            name: row.plan_name,
            month: row.month?,
            opened_by_at_least: row.opened,
            why,
            asked_at: row.asked_at,
            error_text: row.refused.filter(|words| !words.is_empty()),
        })
    }
}
