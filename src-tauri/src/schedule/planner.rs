//! Finds the due occurrences of steps. Pure; the only place that plans by local time.
//!
//! Every occurrence has a key that stays the same however often and from wherever it is planned: 0
//! for a step that comes once, the local time for one that repeats. So a patient who moves to
//! another zone, or an hour that exists twice, never gets a local time twice. The cost grows with
//! the result, not with the time since the start.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, Timelike as _};
use chrono_tz::Tz;

use crate::{
    clock::Timestamp,
    domain::{
        assignment::Pause,
        calendar::{instant_of, local_of},
        trigger::{Cron, Days, Moment, Rule},
    },
};

#[derive(Clone, Debug)]
pub(crate) struct Plan<'a> {
    /// One for each step, in order.
    pub(crate) rules: &'a [Rule],
    pub(crate) started_at: Timestamp,
    /// Those that are over, in order.
    pub(crate) pauses: &'a [Pause],
    /// The patient's, or the clinic's.
    pub(crate) zone: Tz,
    /// Occurrences that are planned no more: index of the step, key.
    pub(crate) passed: Vec<(usize, i64)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Occurrence {
    /// Index into the steps of the plan, from 0.
    pub(crate) step: usize,
    pub(crate) due_at: Timestamp,
    /// 0, or the local time as YYYYMMDDHHMM.
    pub(crate) key: i64,
}

impl Occurrence {
    pub(super) const fn comes_once(&self) -> bool {
        self.key == 0
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Due {
    /// In the order of their time, then of the steps.
    pub(crate) occurrences: Vec<Occurrence>,
    /// The instant up to which, included, everything due is among them.
    pub(crate) planned_through: Timestamp,
    pub(crate) next_due_at: Option<Timestamp>,
}

/// Everything due after `after`, up to and including `until`. A repeating step is due only at its
/// latest time in the window, for each of its times of day: a machine that slept for eight hours
/// sends an hourly message once, not eight times.
pub(crate) fn due(plan: &Plan<'_>, after: Timestamp, until: Timestamp) -> Due {
    let mut occurrences = Vec::new();
    for (step, rule) in plan.rules.iter().enumerate() {
        add_due(plan, step, rule, (after, until), &mut occurrences);
    }
    occurrences.sort_by_key(|o| (o.due_at, o.step, o.key));
    Due { occurrences, planned_through: until.max(after), next_due_at: next_after(plan, until.max(after)) }
}

/// Adds one step's occurrences after the first instant, up to and including the second.
fn add_due(
    plan: &Plan<'_>,
    step: usize,
    rule: &Rule,
    (after, until): (Timestamp, Timestamp),
    to: &mut Vec<Occurrence>,
) {
    let mut add = |due_at: Timestamp, key: i64| {
        if !plan.passed.contains(&(step, key)) {
            to.push(Occurrence { step, due_at, key });
        }
    };
    match rule {
        Rule::TimesOfDay { times, days } => times
            .iter()
            .filter_map(|&time| Daily { time, days }.last(plan, after, until))
            .for_each(|moment| add(moment.at, key_of(moment.local))),
        Rule::Cron(cron) => last_by_cron(plan, cron, after, until)
            .into_iter()
            .for_each(|moment| add(moment.at, key_of(moment.local))),
        Rule::Immediate | Rule::Delay { .. } => {
            once_at(plan, rule)
                .into_iter()
                .filter(|at| after < *at && *at <= until)
                .for_each(|at| add(at, 0));
        }
    }
}

/// `None` when nothing can come any more.
pub(crate) fn next_after(plan: &Plan<'_>, after: Timestamp) -> Option<Timestamp> {
    let next = |(step, rule)| next_not_passed(plan, step, rule, after);
    plan.rules.iter().enumerate().filter_map(next).min()
}

fn next_not_passed(plan: &Plan<'_>, step: usize, rule: &Rule, after: Timestamp) -> Option<Timestamp> {
    let mut seen = after;
    for _ in 0..MAX_PASSES {
        let at = next_of(plan, rule, seen)?;
        if plan.passed.is_empty() {
            return Some(at);
        }
        let mut there = Vec::new();
        add_due(plan, step, rule, (at.plus_millis(-1), at), &mut there);
        if !there.is_empty() {
            return Some(at);
        }
        seen = at;
    }
    None
}

fn next_of(plan: &Plan<'_>, rule: &Rule, after: Timestamp) -> Option<Timestamp> {
    match rule {
        Rule::TimesOfDay { times, days } => {
            times.iter().filter_map(|&time| Daily { time, days }.next(plan, after)).min()
        }
        Rule::Cron(cron) => next_by_cron(plan, cron, after),
        Rule::Immediate | Rule::Delay { .. } => once_at(plan, rule).filter(|at| *at > after),
    }
}

/// In order.
pub(crate) fn upcoming(plan: &Plan<'_>, after: Timestamp, limit: usize) -> Vec<Occurrence> {
    let (mut found, mut seen) = (Vec::new(), after);
    while found.len() < limit {
        let Some(at) = next_after(plan, seen) else { break };
        found.extend(due(plan, at.plus_millis(-1), at).occurrences);
        seen = at;
    }
    found.truncate(limit);
    found
}

/// The instant of a step that comes once. A delay counts only unpaused time; a pause before the
/// start, which may have been moved, does not count.
fn once_at(plan: &Plan<'_>, rule: &Rule) -> Option<Timestamp> {
    match rule {
        Rule::Immediate => Some(plan.started_at),
        Rule::Delay { ms } => {
            let unpaused = plan.started_at.plus_millis(*ms);
            let moved = plan.pauses.iter().fold(unpaused, |at, pause| {
                let from = pause.from.max(plan.started_at);
                if from < at && from < pause.to { at.plus_millis(pause.to.millis_since(from)) } else { at }
            });
            Some(moved)
        }
        Rule::TimesOfDay { .. } | Rule::Cron(_) => None,
    }
}

/// Whether a repeating step may come at `at`: after the start, outside pauses.
fn counts(plan: &Plan<'_>, at: Timestamp) -> bool {
    at >= plan.started_at && pause_at(plan, at).is_none()
}

fn pause_at<'a>(plan: &Plan<'a>, at: Timestamp) -> Option<&'a Pause> {
    plan.pauses.iter().find(|pause| pause.covers(at))
}

/// The most pauses or dropped occurrences one search passes; more than anybody makes.
const MAX_PASSES: usize = 1_000;

fn next_by_cron(plan: &Plan<'_>, cron: &Cron, after: Timestamp) -> Option<Timestamp> {
    let mut seen = after.max(plan.started_at.plus_millis(-1));
    for _ in 0..MAX_PASSES {
        let at = cron.next_after(seen, plan.zone)?;
        match pause_at(plan, at) {
            None => return Some(at),
            Some(pause) => seen = pause.to.plus_millis(-1),
        }
    }
    None
}

fn last_by_cron(plan: &Plan<'_>, cron: &Cron, after: Timestamp, until: Timestamp) -> Option<Moment> {
    let mut until = until;
    for _ in 0..MAX_PASSES {
        let moment = cron.last_until(until, plan.zone)?;
        let at = moment.at;
        if at <= after || at < plan.started_at {
            return None;
        }
        match pause_at(plan, at) {
            None => return Some(moment),
            Some(pause) => until = pause.from.plus_millis(-1),
        }
    }
    None
}

struct Daily<'a> {
    time: NaiveTime,
    days: &'a Days,
}

impl Daily<'_> {
    /// Counted in the patient's zone.
    fn span(&self, plan: &Plan<'_>) -> Option<(NaiveDate, NaiveDate)> {
        let start = local_of(plan.started_at, plan.zone).date();
        let first = start.checked_add_days(chrono::Days::new(self.days.start.into()))?;
        let last = match self.days.count {
            Some(days) => first.checked_add_days(chrono::Days::new(u64::from(days.max(1)) - 1))?,
            None => NaiveDate::MAX,
        };
        Some((first, last))
    }

    fn is_on(&self, day: NaiveDate, first: NaiveDate) -> bool {
        self.days.which.has(first, day)
    }

    fn on(&self, day: NaiveDate, plan: &Plan<'_>) -> Option<Moment> {
        let local = day.and_time(self.time);
        Some(Moment { at: instant_of(local, plan.zone)?, local })
    }

    fn next(&self, plan: &Plan<'_>, after: Timestamp) -> Option<Timestamp> {
        let (first, last) = self.span(plan)?;
        let mut seen = after;
        for _ in 0..MAX_PASSES {
            // A local time of yesterday may lie in a gap that ends today.
            let mut day = local_of(seen, plan.zone).date().pred_opt()?.max(first);
            let at = loop {
                if day > last {
                    return None;
                }
                match self.on(day, plan) {
                    Some(Moment { at, .. })
                        if at > seen && at >= plan.started_at && self.is_on(day, first) =>
                    {
                        break at;
                    }
                    _ => day = day.succ_opt()?,
                }
            };
            match pause_at(plan, at) {
                None => return Some(at),
                Some(pause) => seen = pause.to.plus_millis(-1),
            }
        }
        None
    }

    fn last(&self, plan: &Plan<'_>, after: Timestamp, until: Timestamp) -> Option<Moment> {
        let (first, last) = self.span(plan)?;
        let mut day = local_of(until, plan.zone).date().succ_opt()?.min(last);
        while day >= first {
            let moment = self.on(day, plan)?;
            if moment.at <= after {
                return None;
            }
            if moment.at <= until && counts(plan, moment.at) && self.is_on(day, first) {
                return Some(moment);
            }
            day = day.pred_opt()?;
        }
        None
    }
}

fn key_of(local: NaiveDateTime) -> i64 {
    let date = i64::from(local.year()) * 10_000 + i64::from(local.month()) * 100 + i64::from(local.day());
    date * 10_000 + i64::from(local.hour()) * 100 + i64::from(local.minute())
}

#[cfg(test)]
mod tests;
