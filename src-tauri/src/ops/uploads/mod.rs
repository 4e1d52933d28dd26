//! Pictures and videos that staff upload, shown in messages.

use tokio::fs::File;

use super::{
    Caller, Paged, audit, found,
    wire::{PageOf, inputs, outputs, page},
};
use crate::{
    clock::Timestamp,
    core::Core,
    domain::activity::Act,
    domain::staff::Role,
    domain::upload::{self, Kind, MAX_FILE_NAME, PREVIEW_NAME},
    error::{Problem, Refusal, Result, Thing},
    fields::ONE_LINE,
    ids::UploadId,
    schedule::uploads::folder,
    store::uploads::{self, Stored},
};

mod mp4;
mod origin;
#[cfg(any(feature = "desktop", test))]
mod parts;
mod picture;
mod receive;

#[cfg(feature = "desktop")]
pub(crate) use parts::Parts;
pub(crate) use receive::Receiving;

/// The least role that may upload.
pub(crate) const MIN_ROLE: Role = Role::Operator;

inputs! {
    /// One picture or video that staff uploaded.
    pub(crate) struct OneUpload {
        /// The id of the upload, a UUID.
        pub(crate) id: UploadId,
    }

    /// What comes with the bytes of an upload.
    pub(crate) struct NewUpload {
        /// The name for staff, 1 to 200 characters; patients never see it.
        #[serde(default)]
        #[garde(length(chars, min = 1, max = MAX_FILE_NAME), pattern(ONE_LINE))]
        pub(crate) file_name: Option<String>,
    }
}

outputs! {
    /// A picture or video that staff uploaded.
    pub(crate) struct Upload {
        /// A UUID that never changes.
        pub(crate) id: UploadId,
        /// Its kind, by its bytes.
        pub(crate) kind: Kind,
        /// `image/jpeg`, `image/png` or `video/mp4`.
        pub(crate) media_type: String,
        /// The name for staff; null where it came without one.
        pub(crate) file_name: Option<String>,
        /// Width in pixels; null for a video.
        pub(crate) width: Option<i64>,
        /// Height in pixels; null for a video.
        pub(crate) height: Option<i64>,
        /// The stored size, in bytes.
        pub(crate) size: i64,
        /// The address for messages, at which anybody who knows it may fetch the file; null while
        /// the clinic has no public address (`publicUrl`).
        pub(crate) url: Option<String>,
        /// The address of the preview, a JPEG of at most 1 MB; null with `url`.
        pub(crate) preview_url: Option<String>,
        /// Whether a plan, a template or a message was written with it; an unused one is deleted
        /// after 24 hours.
        pub(crate) used: bool,
        /// When it was uploaded; it never changes.
        pub(crate) created_at: Timestamp,
    }
}

impl Upload {
    fn of(core: &Core, row: Stored) -> Self {
        let public = core.clinic().public_url.clone();
        let address =
            |name: &str| public.as_ref().map(|base| base.clone() + &upload::path_of(&row.token, name));
        Self {
            id: row.id,
            kind: row.kind,
            url: address(upload::original_name(&row.media_type)),
            preview_url: address(PREVIEW_NAME),
            media_type: row.media_type,
            file_name: row.file_name,
            width: row.width,
            height: row.height,
            size: row.size,
            used: row.used_at.is_some(),
            created_at: row.created_at,
        }
    }
}

pub(crate) async fn list(core: &Core, _: &Caller, input: PageOf) -> Result<Paged<Upload>> {
    let (after, limit) = page(input.limit, input.cursor.as_deref())?;
    let rows = uploads::list(core.store.read(), &after, limit).await?;
    Ok(Paged::of(rows, |row| Upload::of(core, row)))
}

/// With its address for messages.
pub(crate) async fn get(core: &Core, _: &Caller, input: OneUpload) -> Result<Upload> {
    let mut conn = core.store.read().acquire().await?;
    Ok(Upload::of(core, found(uploads::get(&mut conn, input.id).await?, Thing::Upload, input.id)?))
}

/// Deletes an upload that is in no plan, template or waiting message. Chats in which it was sent
/// may stop showing it.
pub(crate) async fn delete(core: &Core, who: &Caller, input: OneUpload) -> Result<Upload> {
    let mut tx = core.store.begin().await?;
    let row = found(uploads::get(&mut tx, input.id).await?, Thing::Upload, input.id)?;
    if uploads::is_used(&mut tx, &row.token).await? {
        return Err(Problem::conflict(
            Refusal::UploadUsed,
            "a care plan, a template or a message that waits shows it; take it out there first",
        ));
    }
    uploads::delete(&mut tx, &[row.id]).await?;
    audit(&mut tx, core, who, Act::UploadDelete, Some(row.id.to_string()), None).await?;
    tx.commit().await?;
    // A file that cannot be deleted now has no row, and goes with the next maintenance.
    for name in [&row.stored_as, &row.preview_as] {
        folder(core).delete(name).await;
    }
    Ok(Upload::of(core, row))
}

/// A file of an upload, opened for anybody who knows its address.
pub(crate) struct PublicFile {
    pub(crate) file: File,
    /// The size in bytes.
    pub(crate) size: u64,
    pub(crate) media_type: String,
}

/// `None` where there is none at this address.
pub(crate) async fn open(core: &Core, token: &str, name: &str) -> Result<Option<PublicFile>> {
    if !upload::is_token(token) {
        return Ok(None);
    }
    let Some(row) = uploads::by_token(core.store.read(), token).await? else { return Ok(None) };
    let (stored_as, media_type) = match name {
        PREVIEW_NAME => (row.preview_as, "image/jpeg".to_owned()),
        name if name == upload::original_name(&row.media_type) => (row.stored_as, row.media_type),
        _ => return Ok(None),
    };
    let failed = |error: std::io::Error| Problem::internal("reading an upload", error);
    let Some(file) = folder(core).open(&stored_as).await.map_err(failed)? else { return Ok(None) };
    let size = file.metadata().await.map_err(failed)?.len();
    Ok(Some(PublicFile { file, size, media_type }))
}
