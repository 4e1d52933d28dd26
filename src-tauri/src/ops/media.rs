//! Pictures, videos, sounds and files of patients: their descriptions, and their bytes.

use tokio::fs::File;

use super::{
    Caller, found, tokens,
    wire::{inputs, outputs},
};
use crate::{
    clock::{HOUR_MS, Timestamp},
    core::Core,
    domain::media::{Reason, SHOWN_INLINE, State},
    error::{Problem, Result, Thing},
    ids::{self, MediaId},
    inbox,
    store::media,
};

inputs! {
    /// Names a picture, video, sound or file of a patient.
    pub(crate) struct OneMedia {
        /// The id of the file, a UUID.
        pub(crate) id: MediaId,
    }
}

outputs! {
    /// A picture, video, sound or file of a patient.
    pub(crate) struct PatientMedia {
        /// A UUID that never changes; its bytes are at `/api/media/{id}` while it is stored.
        pub(crate) id: MediaId,
        pub(crate) state: State,
        /// Why it is not here; null while it is stored.
        pub(crate) reason: Option<Reason>,
        /// The name the patient's phone gave it, up to 200 characters; only a file has one.
        pub(crate) file_name: Option<String>,
        /// Bytes; null until that is known.
        pub(crate) size: Option<i64>,
        /// The type by its first bytes: a picture, video or sound that a browser shows and does not
        /// run; null for anything else, which is only saved.
        pub(crate) media_type: Option<String>,
    }
}

outputs! {
    /// An address that serves the bytes for a while to whoever knows it: a browser's player asks
    /// part by part, and sends no token.
    pub(crate) struct MediaTicket {
        /// The path at this server: `/m/` and 43 random letters.
        pub(crate) url: String,
        /// The instant until which the address works.
        pub(crate) expires_at: Timestamp,
    }
}

/// Milliseconds a ticket works: enough to watch a long film, and to jump about in it.
const TICKET_LIFE_MS: i64 = HOUR_MS / 4;

/// The path under which tickets are taken.
pub(crate) const TICKETS: &str = "/m/";

pub(crate) async fn ticket(core: &Core, who: &Caller, input: OneMedia) -> Result<MediaTicket> {
    let id = input.id;
    open(core, who, input).await?;
    let (secret, expires_at) = (ids::secret(), core.now().plus_millis(TICKET_LIFE_MS));
    core.tickets().add(tokens::hash(&secret), id, expires_at, core.now());
    Ok(MediaTicket { url: format!("{TICKETS}{secret}"), expires_at })
}

/// Opens the file of a ticket; `None` where the ticket is not valid.
///
/// # Errors
/// 404 where the file is gone.
pub(crate) async fn open_by_ticket(core: &Core, secret: &str) -> Result<Option<Opened>> {
    let Some(id) = core.tickets().opens(&tokens::hash(secret), core.now()) else { return Ok(None) };
    open_stored(core, id).await.map(Some)
}

impl From<media::Media> for PatientMedia {
    fn from(m: media::Media) -> Self {
        Self {
            id: m.id,
            state: m.state,
            reason: m.reason,
            file_name: m.file_name,
            size: m.size,
            media_type: m.media_type,
        }
    }
}

/// A stored file, opened to be sent.
pub(crate) struct Opened {
    pub(crate) file: File,
    /// The size in bytes.
    pub(crate) size: u64,
    /// The type, where a browser may show it; `None` for a file that is only saved.
    pub(crate) shown_as: Option<&'static str>,
    /// The name the patient's phone gave it; only a file has one.
    pub(crate) file_name: Option<String>,
    pub(crate) kind: String,
}

impl Opened {
    /// The name of the file, or a plain one where the patient gave none.
    pub(crate) fn plain_name(&self) -> String {
        match self.shown_as.and_then(|shown| shown.split_once('/')) {
            Some(("audio", "mp4")) => format!("{}.m4a", self.kind),
            Some(("audio", "mpeg")) => format!("{}.mp3", self.kind),
            Some((_, "jpeg")) => format!("{}.jpg", self.kind),
            Some((_, part)) => format!("{}.{part}", self.kind),
            None => self.kind.clone(),
        }
    }
}

/// # Errors
/// 404 where there is no such file, or not any more.
pub(crate) async fn open(core: &Core, _: &Caller, input: OneMedia) -> Result<Opened> {
    open_stored(core, input.id).await
}

async fn open_stored(core: &Core, id: MediaId) -> Result<Opened> {
    let media = found(media::get(core.store.read(), id).await?, Thing::Media, id)?;
    let name = media.stored_as.filter(|_| media.state == State::Stored);
    let gone = || Problem::not_found(Thing::Media, id);
    let failed = |error: std::io::Error| Problem::internal("reading a file of a patient", error);
    let file =
        inbox::media::folder(core).open(&name.ok_or_else(gone)?).await.map_err(failed)?.ok_or_else(gone)?;
    Ok(Opened {
        size: file.metadata().await.map_err(failed)?.len(),
        file,
        shown_as: media
            .media_type
            .and_then(|stored| SHOWN_INLINE.iter().copied().find(|shown| *shown == stored)),
        file_name: media.file_name,
        kind: media.kind,
    })
}
