//! Backups, and the consequences of restoring one.

use std::sync::Arc;

use tokio::sync::oneshot;

use super::{
    Caller, announce, audit, found,
    settings::{open_clinic, store_clinic},
    tasks::{self, Task},
    wire::{Nothing, inputs, outputs},
};
use crate::{
    clock::Timestamp,
    core::{AskToRestore, Core, Topic},
    domain::{
        activity::{Act, Actor},
        clinic::{PauseReason, Paused},
        staff::Role,
        upkeep::Upkeep,
    },
    error::{Code, FieldCode, Problem, Refusal, Result, Thing},
    fields::ONE_LINE,
    queue::Name,
    schedule::backup,
    store::{self, cron_jobs, deliveries, interactions, jobs, sessions, worklist},
};

/// The longest name a folder has on the file systems in use, in bytes.
const MAX_NAME: usize = 255;

inputs! {
    /// The name of a backup.
    pub(crate) struct OneBackup {
        /// The name in the list of backups.
        #[garde(length(bytes, min = 1, max = MAX_NAME), pattern(ONE_LINE))]
        pub(crate) name: String,
    }

    /// A backup that is to be put back, confirmed by name.
    pub(crate) struct RestoreBackup {
        /// The name in the list of backups.
        #[garde(length(bytes, min = 1, max = MAX_NAME), pattern(ONE_LINE))]
        pub(crate) name: String,
        /// The name again: what came since then leaves the program's sight.
        #[garde(length(bytes, min = 1, max = MAX_NAME), pattern(ONE_LINE))]
        pub(crate) confirm_name: String,
    }
}

outputs! {
    /// What leaves the program's sight when a backup is put back; it is kept in a folder beside it.
    pub(crate) struct SinceBackup {
        /// The backup.
        pub(crate) backup: Backup,
        /// Messages that were sent, failed or were missed since then.
        pub(crate) messages: i64,
        /// Patients that were added since then.
        pub(crate) patients: i64,
        /// What staff and the program have done since then, as counted in the activity.
        pub(crate) acts: i64,
    }

    /// A backup that is being put back. The program ends, and begins again at the same address.
    pub(crate) struct Restoring {
        /// A one-time link that signs the caller in once the program is back: all sessions end.
        pub(crate) link: String,
    }

    /// A copy of all data, made while the program ran.
    pub(crate) struct Backup {
        /// The name of its folder, by which it is restored.
        pub(crate) name: String,
        /// The instant up to which it is complete.
        pub(crate) made_at: Timestamp,
        /// The version of the program that made it.
        pub(crate) version: String,
        /// The size of the database, in bytes.
        pub(crate) database_bytes: u64,
        /// The number of files of patients and of staff.
        pub(crate) files: u64,
        /// Bytes of the files; where the disk can do that they share space with the clinic's own.
        pub(crate) file_bytes: u64,
    }

    /// A backup that could not be made, or put back.
    pub(crate) struct FailedBackup {
        /// When that was tried.
        pub(crate) at: Timestamp,
        /// Why it failed, in English.
        pub(crate) problem: String,
        /// Why it failed, as a stable name with its parts, for translation.
        pub(crate) refusal: Option<Refusal>,
    }

    /// The backups that exist, and when the next one is made.
    pub(crate) struct Backups {
        /// All of them, from the newest to the oldest.
        pub(crate) items: Vec<Backup>,
        /// Their folder, on the machine the program runs on.
        pub(crate) folder: String,
        /// The number of days for which each day's last one is kept; 0 where none is made
        /// automatically, and none removed.
        pub(crate) kept: u32,
        /// When the next one is made automatically; null where none is.
        pub(crate) next_at: Option<Timestamp>,
        /// Since when one is being made; null while none is.
        pub(crate) running_since: Option<Timestamp>,
        /// The last try, where it failed and none was made since; else null.
        pub(crate) failed: Option<FailedBackup>,
        /// Whether one can be put back while the program runs: not in a practice clinic beside the
        /// real one.
        pub(crate) restorable: bool,
        /// When one was last put back, and sending paused for it; null where none was.
        pub(crate) restored_at: Option<Timestamp>,
        /// The last backup that could not be put back since the start; the data are as they were.
        pub(crate) not_restored: Option<FailedBackup>,
    }
}

impl From<store::backup::Backup> for Backup {
    fn from(made: store::backup::Backup) -> Self {
        let store::backup::Backup { name, made_at, version, database_bytes, files, file_bytes } = made;
        Self { name, made_at, version, database_bytes, files, file_bytes }
    }
}

pub(crate) async fn list(core: &Core, _: &Caller, _: Nothing) -> Result<Backups> {
    let folder = core.config.backup_folder();
    let found = store::backup::list(&folder).map_err(|error| refused(&backup::unreadable(&folder, error)))?;
    let jobs = cron_jobs::all(core.store.read()).await?;
    let next = jobs.into_iter().find(|job| job.name == Upkeep::Backup).map(|job| job.next_run_at);
    let standing = core.backing_up().clone();
    let kept = core.config.backup.keep;
    Ok(Backups {
        items: found.into_iter().map(Backup::from).collect(),
        folder: folder.display().to_string(),
        kept,
        next_at: next.filter(|_| kept > 0 && !core.store.is_on_server()),
        running_since: standing.running_since,
        failed: standing.failed.map(FailedBackup::from),
        restorable: core.restore_offered().is_some(),
        restored_at: core.clinic().restored_at,
        not_restored: standing.not_restored.map(FailedBackup::from),
    })
}

impl From<(Timestamp, Arc<store::backup::Failed>)> for FailedBackup {
    fn from((at, failed): (Timestamp, Arc<store::backup::Failed>)) -> Self {
        let problem = refused(&failed);
        Self { at, problem: problem.detail, refusal: problem.refusal }
    }
}

pub(crate) async fn look(core: &Core, _: &Caller, input: OneBackup) -> Result<SinceBackup> {
    let backup = named(core, &input.name)?;
    let store::backup::Since { messages, patients, acts } =
        store::backup::since(core.store.read(), backup.made_at).await?;
    Ok(SinceBackup { backup: backup.into(), messages, patients, acts })
}

fn named(core: &Core, name: &str) -> Result<store::backup::Backup> {
    let folder = core.config.backup_folder();
    let all = store::backup::list(&folder).map_err(|error| refused(&backup::unreadable(&folder, error)))?;
    found(all.into_iter().find(|backup| backup.name == name), Thing::Backup, name)
}

/// Changes nothing until the backup is known to be sound.
pub(crate) async fn restore(core: &Core, who: &Caller, input: RestoreBackup) -> Result<Restoring> {
    if core.store.is_on_server() {
        return Err(refused(&store::backup::Failed::OnServer));
    }
    let Some(restores) = core.restore_offered() else {
        let detail = "a practice clinic beside the real one takes no backup";
        return Err(Problem::conflict(Refusal::NoRestoreHere, detail));
    };
    let name = named(core, &input.name)?.name;
    if input.confirm_name != name {
        return Err(Problem::field("confirmName", FieldCode::NotTheName));
    }
    let folder = core.config.backup_folder().join(name);
    if core.backing_up().running_since.is_some() {
        return Err(Problem::conflict(Refusal::BackupRuns, "a backup is being made at this moment"));
    }
    let found = store::backup::check_backup(&folder).await.map_err(|failed| refused(&failed))?;
    store::backup::look_for_room_of(&core.config.data_dir, &found).map_err(|failed| refused(&failed))?;
    let (link, answer) = oneshot::channel();
    let ask = AskToRestore { backup: folder, actor: who.actor.clone(), role: who.role, link };
    let ended = || Problem::new(Code::Unavailable, "the program is about to end");
    restores.send(ask).await.map_err(|_| ended())?;
    Ok(Restoring { link: answer.await.map_err(|_| ended())? })
}

pub(crate) async fn make(core: &Core, who: &Caller, _: Nothing) -> Result<Task> {
    if core.store.is_on_server() {
        return Err(refused(&store::backup::Failed::OnServer));
    }
    let Some(core) = core.shared() else {
        return Err(Problem::internal("making a backup", "the program is ending"));
    };
    let Some(turn) = backup::begin(&core) else {
        return Err(Problem::conflict(Refusal::BackupRuns, "a backup is being made at this moment"));
    };
    let mut tx = core.store.begin().await?;
    audit(&mut tx, &core, who, Act::BackupMake, None, None).await?;
    tx.commit().await?;
    let id = core.tasks.begin(1, core.now());
    let worker = core.clone();
    core.background.spawn(async move {
        let made = turn.make().await.map(|_| ()).map_err(|failed| refused(&failed));
        worker.tasks.end(id, made);
        announce(&worker, &[Topic::Tasks, Topic::Jobs]);
    });
    tasks::shown(&core, id)
}

fn refused(failed: &store::backup::Failed) -> Problem {
    use store::backup::Failed;
    let refusal = match failed {
        Failed::NoRoom { needed, free } => Refusal::NoRoomForBackup { needed: *needed, free: *free },
        Failed::Files(..) => Refusal::Database { trouble: crate::error::Trouble::Files },
        Failed::OnServer => Refusal::BackupOnServer,
        Failed::DamagedBackup { .. } => Refusal::DamagedBackup,
        Failed::Damaged(_) | Failed::Database(_) | Failed::Unknown(_) | Failed::Unusable(_) => Refusal::InLog,
    };
    Problem::conflict(refusal, failed.to_string())
}

/// Handles a restored older copy of the database: pauses sending until staff resume it, puts
/// messages that were due until now, and may have gone out before, up for review, and ends all
/// sessions. Does nothing on any other database.
pub(crate) async fn settle_restored(core: &Core) -> Result<()> {
    let Some(origin) = store::backup::origin(core.store.read()).await? else { return Ok(()) };
    let now = core.now();
    let who = Caller { actor: Actor::Program.to_string(), role: Role::Admin };
    let (mut tx, mut clinic) = open_clinic(core).await?;
    clinic.paused = Some(Paused { by: who.actor.clone(), at: now, because: Some(PauseReason::Restored) });
    clinic.restored_at = Some(now);
    let ids = deliveries::open_until(&mut tx, now).await?;
    deliveries::put_in_doubt(&mut tx, &ids, now).await?;
    jobs::release_all(&mut tx).await?;
    jobs::kill(&mut tx, &Name::STRS, &ids, now).await?;
    interactions::log_outcomes(&mut tx, &ids, clinic.time_zone, now).await?;
    worklist::follow_outcomes(&mut tx, &ids, now).await?;
    sessions::end_all(&mut tx).await?;
    store::backup::end_of_doubt(&mut tx).await?;
    store_clinic(core, &who, tx, clinic, Act::BackupRestore).await?;
    let made_at = origin.made_at.map(|at| at.to_string());
    tracing::warn!(
        made_at,
        in_doubt = ids.len(),
        "an older copy of the database was put back; nothing is sent until sending is resumed"
    );
    Ok(())
}
