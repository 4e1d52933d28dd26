//! Marks what a patient wrote as read at LINE, once staff look after it.

use crate::{core::Core, ids::PatientId, line::LineError, store::patient_messages};

/// Marks what a patient wrote as read, beside whatever the caller goes on with, where the clinic
/// wants it. What LINE did not take, or the program's end cut off, is marked the next time.
pub(crate) fn mark_as_read(core: &Core, patient: PatientId) {
    let Some(core) = core.shared().filter(|core| core.clinic().mark_as_read) else { return };
    core.background.clone().spawn(async move {
        if let Err(error) = mark(&core, patient).await {
            tracing::warn!(%error, "it was not noted what is marked as read");
        }
    });
}

async fn mark(core: &Core, patient: PatientId) -> sqlx::Result<()> {
    let Some(unread) = patient_messages::unread(core.store.read(), patient).await? else { return Ok(()) };
    match core.line.mark_as_read(&unread.read_token).await {
        // A token LINE does not know is not asked about again.
        Ok(()) | Err(LineError::Refused { status: 400, .. }) => {}
        Err(error) => {
            tracing::debug!(%error, "LINE did not mark as read");
            return Ok(());
        }
    }
    let mut tx = core.store.begin().await?;
    patient_messages::marked(&mut tx, patient, unread.said_at, core.now()).await?;
    tx.commit().await
}
