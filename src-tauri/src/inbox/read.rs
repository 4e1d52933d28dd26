//! Marks a writer's messages as read at LINE, once staff look after them.

use crate::{
    core::Core,
    ids::{PatientId, StrangerId},
    line::LineError,
    store::{patient_messages, strangers},
};

/// Somebody whose words staff have read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Writer {
    Patient(PatientId),
    Stranger(StrangerId),
}

/// Marks a writer's messages as read, in the background, where the clinic wants it. A mark that
/// LINE did not take, or that the program's end cut off, is made the next time.
pub(crate) fn mark_as_read(core: &Core, writer: Writer) {
    let Some(core) = core.shared().filter(|core| core.clinic().mark_as_read) else { return };
    core.background.clone().spawn(async move {
        if let Err(error) = mark(&core, writer).await {
            tracing::warn!(%error, "it was not noted what is marked as read");
        }
    });
}

async fn mark(core: &Core, writer: Writer) -> sqlx::Result<()> {
    let unread = match writer {
        Writer::Patient(id) => patient_messages::unread(core.store.read(), id).await?,
        Writer::Stranger(id) => strangers::unread(core.store.read(), id).await?,
    };
    let Some(unread) = unread else { return Ok(()) };
    match core.line.mark_as_read(&unread.read_token).await {
        // A token LINE does not know is not tried again.
        Ok(()) | Err(LineError::Refused { status: 400, .. }) => {}
        Err(error) => {
            tracing::debug!(%error, "LINE did not mark as read");
            return Ok(());
        }
    }
    let (through, now) = (unread.said_at, core.now());
    let mut tx = core.store.begin().await?;
    match writer {
        Writer::Patient(id) => patient_messages::marked(&mut tx, id, through, now).await?,
        Writer::Stranger(id) => strangers::marked(&mut tx, id, through, now).await?,
    }
    tx.commit().await
}
