//! The steps of a protocol's version, as the planner reads them.

use std::collections::HashMap;

use super::planner::Plan;
use crate::{
    domain::{clinic::Clinic, trigger::Rule},
    ids::VersionId,
    store::{
        Conn,
        assignments::Assignment,
        protocols::{self, Step},
    },
};

/// The steps of one version, as stored and as the planner reads them.
pub(super) struct Version {
    stored: Vec<Step>,
    rules: Vec<Rule>,
}

impl Version {
    /// Reads the triggers of stored steps. One that cannot be read any more is left out and logged;
    /// it was valid when it was saved.
    pub(super) fn of(stored: Vec<Step>) -> Self {
        let (mut kept, mut rules) = (Vec::new(), Vec::new());
        for step in stored {
            match step.trigger.parse("trigger") {
                Ok(rule) => {
                    rules.push(rule);
                    kept.push(step);
                }
                Err(e) => {
                    tracing::error!(step = %step.id, problem = %e.message, "a stored trigger cannot be read");
                }
            }
        }
        Self { stored: kept, rules }
    }

    pub(super) fn plan<'a>(&'a self, a: &'a Assignment, clinic: &Clinic) -> Plan<'a> {
        Plan {
            rules: &self.rules,
            started_at: a.started_at.unwrap_or(a.created_at),
            pauses: &a.pauses,
            zone: clinic.zone_of(a.patient_zone.as_deref()),
            passed: a.passed.iter().filter_map(|p| Some((self.index(p.step_order)?, p.occurrence))).collect(),
        }
    }

    pub(super) fn steps(&self) -> impl Iterator<Item = &Step> {
        self.stored.iter()
    }

    fn index(&self, step_order: i64) -> Option<usize> {
        self.stored.iter().position(|step| step.step_order == step_order)
    }

    pub(super) fn step(&self, index: usize) -> Option<&Step> {
        self.stored.get(index)
    }
}

pub(super) async fn of(conn: &mut Conn, due: &[Assignment]) -> sqlx::Result<HashMap<VersionId, Version>> {
    let mut ids: Vec<_> = due.iter().map(|a| a.version_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let stored = protocols::steps_of(conn, &ids).await?;
    Ok(stored.into_iter().map(|(id, steps)| (id, Version::of(steps))).collect())
}
