use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::clock::{DAY_MS, HOUR_MS};
use crate::domain::trigger::{Weekday, Which};

/// 2026-10-20T05:00:00Z: the zones below change their clocks within the following days.
const START: Timestamp = Timestamp::from_millis(1_792_472_400_000);

const ZONES: [Tz; 3] = [Tz::Asia__Bangkok, Tz::America__New_York, Tz::Australia__Lord_Howe];

fn rule() -> impl Strategy<Value = Rule> {
    let cron = |text: &str| Rule::Cron(Box::new(Cron::parse(text, "cron").expect("a cron expression")));
    let times = prop::collection::btree_set(0_u32..24 * 12, 1..4).prop_map(|times| {
        times.into_iter().filter_map(|n| NaiveTime::from_hms_opt(n / 12, n % 12 * 5, 0)).collect()
    });
    prop_oneof![
        Just(Rule::Immediate),
        (1_000..20 * DAY_MS).prop_map(|ms| Rule::Delay { ms }),
        (times, 0_u32..4, prop::option::of(1_u32..12), which()).prop_map(|(times, start, count, which)| {
            Rule::TimesOfDay { times, days: Days { start, count, which } }
        }),
        prop::sample::select(vec!["0 9 * * *", "30 2 * * 0", "15 */6 1-20 * *"]).prop_map(cron),
    ]
}

fn which() -> impl Strategy<Value = Which> {
    let weekdays = prop::sample::subsequence(Weekday::ALL.to_vec(), 1..4);
    prop_oneof![Just(Which::Nth(1)), (2_u32..5).prop_map(Which::Nth), weekdays.prop_map(Which::Weekdays)]
}

/// Disjoint pauses in order, each up to two days long.
fn pauses() -> impl Strategy<Value = Vec<Pause>> {
    prop::collection::vec((HOUR_MS..5 * DAY_MS, HOUR_MS..2 * DAY_MS), 0..3).prop_map(|all| {
        let mut at = START.plus_millis(-DAY_MS);
        let pause = |(gap, length)| {
            let from = at.plus_millis(gap);
            at = from.plus_millis(length);
            Pause { from, to: at }
        };
        all.into_iter().map(pause).collect()
    })
}

#[derive(Debug)]
struct Given {
    rules: Vec<Rule>,
    pauses: Vec<Pause>,
    zone: Tz,
}

impl Given {
    fn plan(&self) -> Plan<'_> {
        let Self { rules, pauses, zone } = self;
        Plan { rules, started_at: START, pauses, zone: *zone, passed: Vec::new() }
    }
}

fn given() -> impl Strategy<Value = Given> {
    let rules = prop::collection::vec(rule(), 1..5);
    (rules, pauses(), prop::sample::select(ZONES.to_vec())).prop_map(|(rules, pauses, zone)| Given {
        rules,
        pauses,
        zone,
    })
}

fn before_start() -> Timestamp {
    START.plus_millis(-1)
}

proptest! {
    #[test]
    fn whatever_the_windows_nothing_is_due_twice_outside_its_window_or_before_the_start(
        given in given(),
        steps in prop::collection::vec(1..5 * DAY_MS, 1..20),
    ) {
        let (plan, mut after, mut seen) = (given.plan(), before_start(), HashSet::new());
        for step in steps {
            let until = after.plus_millis(step);
            for o in due(&plan, after, until).occurrences {
                prop_assert!(seen.insert((o.step, o.key)), "{o:?} twice");
                prop_assert!(after < o.due_at && o.due_at <= until && o.due_at >= START);
            }
            after = until;
        }
    }

    #[test]
    fn the_next_time_is_the_first_at_which_something_is_due(given in given(), after in 0..10 * DAY_MS) {
        let (plan, after) = (given.plan(), START.plus_millis(after));
        if let Some(next) = next_after(&plan, after) {
            prop_assert!(next > after);
            prop_assert!(due(&plan, after, next.plus_millis(-1)).occurrences.is_empty());
            prop_assert!(!due(&plan, next.plus_millis(-1), next).occurrences.is_empty());
        }
    }

    #[test]
    fn nothing_that_repeats_is_due_in_a_pause(given in given()) {
        for o in upcoming(&given.plan(), before_start(), 40).iter().filter(|o| !o.comes_once()) {
            prop_assert!(!given.pauses.iter().any(|pause| pause.from <= o.due_at && o.due_at < pause.to));
        }
    }

    #[test]
    fn what_is_left_out_is_missing_and_everything_else_comes_as_before(
        given in given(),
        left_out in prop::collection::hash_set(0_usize..30, 0..10),
    ) {
        let all = upcoming(&given.plan(), before_start(), 30);
        let is_left_out = |n: &usize| left_out.contains(n);
        let passed: Vec<_> =
            all.iter().enumerate().filter(|(n, _)| is_left_out(n)).map(|(_, o)| (o.step, o.key)).collect();
        let rest: Vec<_> = all.iter().filter(|o| !passed.contains(&(o.step, o.key))).copied().collect();
        let plan = Plan { passed, ..given.plan() };
        prop_assert_eq!(upcoming(&plan, before_start(), rest.len()), rest.clone());
        prop_assert_eq!(next_after(&plan, before_start()), rest.first().map(|o| o.due_at)
            .or_else(|| next_after(&plan, all.last().map_or(before_start(), |o| o.due_at.plus_millis(-1)))));
    }

    #[test]
    fn a_pause_before_the_start_delays_nothing(ms in 1_000..20 * DAY_MS, length in 1..DAY_MS) {
        let rules = [Rule::Delay { ms }];
        let of = |pauses: &[Pause]| {
            let plan = Plan { rules: &rules, started_at: START, pauses, zone: Tz::UTC, passed: Vec::new() };
            next_after(&plan, before_start())
        };
        let earlier = START.plus_millis(-2 * DAY_MS);
        prop_assert_eq!(of(&[Pause { from: earlier, to: earlier.plus_millis(length) }]), of(&[]));
    }
}
