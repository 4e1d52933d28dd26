//! One upload while it comes: recognised by its first bytes, within the limits of its kind. A
//! picture is written only once made anew; a video goes into a file as it comes. An incomplete
//! upload leaves nothing behind.

use std::{io, sync::Arc};

use image::ImageFormat;
use tokio::sync::OwnedRwLockReadGuard;

use super::{
    Upload,
    mp4::{self, Boxes},
    origin,
    picture::{self, Unfit},
};
use crate::{
    core::Core,
    domain::activity::Act,
    domain::upload::{Kind, MAX_MEGAPIXELS, MAX_PICTURE_BYTES, MAX_VIDEO_BYTES},
    error::{Code, Problem, Refusal, Result, Trouble},
    files::{self, NewFile},
    ids::{self, UploadId},
    ops::{Caller, audit},
    schedule::uploads::folder,
    store::uploads::{self, Stored},
};

/// The first bytes that tell the kind.
const HEAD_BYTES: usize = 12;

/// An upload that comes piece by piece.
pub(crate) struct Receiving {
    core: Arc<Core>,
    so_far: SoFar,
    /// Held so that nobody takes the written bytes for a leftover.
    _writing: OwnedRwLockReadGuard<()>,
}

enum SoFar {
    /// Too few bytes so far to tell the kind.
    Beginning(Vec<u8>),
    Picture(ImageFormat, Vec<u8>),
    Video(Box<Video>),
}

struct Video {
    file: NewFile,
    size: usize,
    boxes: Boxes,
}

/// The stored files of an upload, by name.
struct Kept {
    kind: Kind,
    media_type: &'static str,
    stored_as: String,
    preview_as: String,
    /// Width and height; `None` for a video.
    size_in_pixels: Option<(u32, u32)>,
    bytes: usize,
}

impl Receiving {
    pub(crate) async fn begin(core: &Arc<Core>) -> Self {
        Self {
            core: Arc::clone(core),
            so_far: SoFar::Beginning(Vec::new()),
            _writing: Arc::clone(&core.uploading).read_owned().await,
        }
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// 415 for a file that is no picture and no video, 413 for one that is too large, 503 where it
    /// cannot be written.
    pub(crate) async fn take(&mut self, bytes: &[u8]) -> Result<()> {
        match &mut self.so_far {
            SoFar::Beginning(head) => {
                let missing = HEAD_BYTES.saturating_sub(head.len()).min(bytes.len());
                head.extend_from_slice(&bytes[..missing]);
                if head.len() < HEAD_BYTES {
                    return Ok(());
                }
                let head = std::mem::take(head);
                self.so_far = known(&self.core, &head).await?;
                Box::pin(self.add(&head)).await?;
                Box::pin(self.add(&bytes[missing..])).await
            }
            _ => self.add(bytes).await,
        }
    }

    async fn add(&mut self, bytes: &[u8]) -> Result<()> {
        match &mut self.so_far {
            SoFar::Beginning(_) => Ok(()),
            SoFar::Picture(_, so_far) => {
                within(so_far.len() + bytes.len(), MAX_PICTURE_BYTES)?;
                so_far.extend_from_slice(bytes);
                Ok(())
            }
            SoFar::Video(video) => {
                video.size += bytes.len();
                within(video.size, MAX_VIDEO_BYTES)?;
                video.boxes.pass(bytes);
                video.file.write(bytes).await.map_err(|error| not_written(&error))
            }
        }
    }

    /// Stores the complete upload, under the name for staff.
    ///
    /// # Errors
    /// 415 for a file that is no picture and no video, 422 for one that cannot be read to its end,
    /// 503 where it cannot be written.
    pub(crate) async fn keep(self, who: &Caller, file_name: Option<String>) -> Result<Upload> {
        let core = &self.core;
        let kept = match self.so_far {
            SoFar::Beginning(_) => return Err(not_taken()),
            SoFar::Picture(format, bytes) => picture(core, format, bytes).await?,
            SoFar::Video(video) if !video.boxes.are_whole() => return Err(broken()),
            // Sound files have the same boxes.
            SoFar::Video(video) if !video.boxes.show_something() => return Err(not_taken()),
            SoFar::Video(video) => video_file(core, *video).await?,
        };
        let names = [kept.stored_as.clone(), kept.preview_as.clone()];
        let noted = note(core, who, kept, file_name).await;
        if noted.is_err() {
            for name in names {
                folder(core).delete(&name).await;
            }
        }
        noted
    }
}

async fn known(core: &Core, head: &[u8]) -> Result<SoFar> {
    if let Some(format) = picture::format_of(head) {
        return Ok(SoFar::Picture(format, Vec::new()));
    }
    if !mp4::is_mp4(head) {
        return Err(if mp4::is_heic(head) { heic() } else { not_taken() });
    }
    let file = NewFile::begin(&folder(core)).await.map_err(|error| not_written(&error))?;
    Ok(SoFar::Video(Box::new(Video { file, size: 0, boxes: Boxes::default() })))
}

async fn picture(core: &Core, format: ImageFormat, bytes: Vec<u8>) -> Result<Kept> {
    // One at a time: each may take hundreds of megabytes for a moment.
    let _turn = core.decoding.acquire().await.map_err(|e| Problem::internal("reading a picture", e))?;
    let making = tokio::task::spawn_blocking(move || picture::made(&bytes, format));
    // A file that makes the decoder panic was no picture.
    let made = making.await.unwrap_or(Err(Unfit::Broken)).map_err(|unfit| match unfit {
        Unfit::TooManyPixels => too_many_pixels(),
        Unfit::Broken => broken(),
    })?;
    let preview_as = file_of(core, &made.preview).await?;
    let stored_as = match file_of(core, &made.original).await {
        Ok(name) => name,
        Err(problem) => {
            folder(core).delete(&preview_as).await;
            return Err(problem);
        }
    };
    Ok(Kept {
        kind: Kind::Picture,
        media_type: made.media_type,
        stored_as,
        preview_as,
        size_in_pixels: Some((made.width, made.height)),
        bytes: made.original.len(),
    })
}

async fn video_file(core: &Core, mut video: Video) -> Result<Kept> {
    video.file.change(origin::forget).await.map_err(|error| not_written(&error))?;
    let preview_as = file_of(core, &picture::of_video()).await?;
    match video.file.keep().await {
        Ok(stored_as) => Ok(Kept {
            kind: Kind::Video,
            media_type: "video/mp4",
            stored_as,
            preview_as,
            size_in_pixels: None,
            bytes: video.size,
        }),
        Err(error) => {
            folder(core).delete(&preview_as).await;
            Err(not_written(&error))
        }
    }
}

async fn file_of(core: &Core, bytes: &[u8]) -> Result<String> {
    let written = async {
        let mut file = NewFile::begin(&folder(core)).await?;
        file.write(bytes).await?;
        file.keep().await
    };
    written.await.map_err(|error| not_written(&error))
}

async fn note(core: &Core, who: &Caller, kept: Kept, file_name: Option<String>) -> Result<Upload> {
    let now = core.now();
    let row = Stored {
        id: UploadId::new(now),
        kind: kept.kind,
        media_type: kept.media_type.to_owned(),
        token: ids::secret(),
        file_name,
        stored_as: kept.stored_as,
        preview_as: kept.preview_as,
        width: kept.size_in_pixels.map(|(width, _)| i64::from(width)),
        height: kept.size_in_pixels.map(|(_, height)| i64::from(height)),
        size: i64::try_from(kept.bytes).unwrap_or(i64::MAX),
        created_at: now,
        used_at: None,
    };
    let mut tx = core.store.begin().await?;
    uploads::insert(&mut tx, &row).await?;
    audit(&mut tx, core, who, Act::UploadCreate, Some(row.id.to_string()), None).await?;
    tx.commit().await?;
    Ok(Upload::of(core, row))
}

fn within(size: usize, max: usize) -> Result<()> {
    if size <= max {
        return Ok(());
    }
    let refusal = Refusal::BodyTooLarge { limit: u32::try_from(max).unwrap_or(u32::MAX) };
    Err(Problem::new(Code::TooLarge, format!("it takes at most {max} bytes")).because(refusal))
}

fn not_taken() -> Problem {
    Problem::new(
        Code::UnsupportedMediaType,
        "only JPEG and PNG pictures and MP4 videos are taken, whatever a file is called",
    )
    .because(Refusal::NotAPicture)
}

fn heic() -> Problem {
    Problem::new(
        Code::UnsupportedMediaType,
        "LINE shows no picture of this kind (HEIC, as an iPhone keeps them); save it as JPEG and take that",
    )
    .because(Refusal::SaveAsJpeg)
}

fn broken() -> Problem {
    Problem::new(Code::OutOfLimits, "the file cannot be read to its end; make it anew")
        .because(Refusal::BrokenFile)
}

fn too_many_pixels() -> Problem {
    let detail =
        format!("the picture has more than {MAX_MEGAPIXELS} million pixels, or a side that is too long");
    Problem::new(Code::OutOfLimits, detail).because(Refusal::TooManyPixels { megapixels: MAX_MEGAPIXELS })
}

fn not_written(error: &io::Error) -> Problem {
    tracing::warn!(%error, "an upload cannot be written");
    Problem::of_trouble(if files::is_full(error) { Trouble::Full } else { Trouble::Files })
}
