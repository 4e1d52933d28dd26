//! One attempt to fetch a content: from LINE, piece by piece, into a file.

use super::{Outcome, folder};
use crate::{
    core::Core,
    domain::media::{Reason, SHOWN_INLINE, State},
    files::{self, NewFile},
    line::{Content, LineError, Pieces, Transcoding},
    store::media::Media,
};

/// Bytes read to tell the type; every known signature lies within.
const HEAD_BYTES: usize = 4_096;

/// Attempts, over some 20 minutes, after which an empty content is believed.
const MAX_EMPTY: i64 = 8;

pub(super) async fn fetch(core: &Core, media: &Media) -> Outcome {
    let max = core.config.media.max_bytes(&media.kind);
    let told = media.size.and_then(|size| u64::try_from(size).ok());
    if told.is_some_and(|size| size > max) {
        return Outcome::Over(State::Refused, Reason::TooLarge);
    }
    match core.line.content(&media.line_message_id).await {
        Ok(Content::Ready(pieces)) => match store(core, pieces, max).await {
            Outcome::Again(Reason::Empty) if media.attempts >= MAX_EMPTY => {
                Outcome::Over(State::Failed, Reason::Empty)
            }
            outcome => outcome,
        },
        Ok(Content::Preparing) => prepared(core, media).await,
        Err(error) => refused(&error),
    }
}

/// The result where LINE has no content yet: it still prepares it, or has given up.
async fn prepared(core: &Core, media: &Media) -> Outcome {
    match core.line.transcoding(&media.line_message_id).await {
        Ok(Transcoding::Failed) => Outcome::Over(State::Failed, Reason::NotPrepared),
        Ok(Transcoding::Processing | Transcoding::Succeeded) => Outcome::Again(Reason::Preparing),
        Err(error) => refused(&error),
    }
}

fn refused(error: &LineError) -> Outcome {
    match error {
        LineError::Refused { status: 410, .. } => Outcome::Over(State::Gone, Reason::TakenBack),
        LineError::Refused { status: 400 | 404, .. } => Outcome::Over(State::Failed, Reason::NotFound),
        // LINE refuses the channel, is busy or away.
        LineError::Refused { .. } | LineError::Unreachable(_) => Outcome::Again(Reason::LineUnavailable),
    }
}

enum Wrong {
    Line,
    /// LINE gave all of it, and it is empty.
    Empty,
    Disk(std::io::Error),
    TooLarge,
}

async fn store(core: &Core, pieces: Pieces, max: u64) -> Outcome {
    if pieces.length().is_some_and(|length| length > max) {
        return Outcome::Over(State::Refused, Reason::TooLarge);
    }
    match written(core, pieces, max).await {
        Ok(outcome) => outcome,
        Err(Wrong::Line) => Outcome::Again(Reason::LineUnavailable),
        Err(Wrong::Empty) => Outcome::Again(Reason::Empty),
        Err(Wrong::TooLarge) => Outcome::Over(State::Refused, Reason::TooLarge),
        Err(Wrong::Disk(error)) => {
            tracing::warn!(%error, "what a patient sent cannot be written; it is tried again");
            Outcome::Again(if files::is_full(&error) { Reason::NoRoom } else { Reason::NotWritable })
        }
    }
}

/// Writes the pieces to a file; an incomplete file leaves nothing behind.
async fn written(core: &Core, mut pieces: Pieces, max: u64) -> Result<Outcome, Wrong> {
    let mut draft = NewFile::begin(&folder(core)).await.map_err(Wrong::Disk)?;
    let (size, media_type) = filled(&mut draft, &mut pieces, max).await?;
    let name = draft.keep().await.map_err(Wrong::Disk)?;
    Ok(Outcome::Stored { name, size, media_type })
}

async fn filled(
    draft: &mut NewFile,
    pieces: &mut Pieces,
    max: u64,
) -> Result<(u64, Option<&'static str>), Wrong> {
    let told = pieces.length();
    let (mut size, mut head) = (0_u64, Vec::new());
    while let Some(piece) = pieces.next().await.map_err(|_| Wrong::Line)? {
        size += piece.len() as u64;
        if size > max {
            return Err(Wrong::TooLarge);
        }
        let missing = HEAD_BYTES.saturating_sub(head.len()).min(piece.len());
        head.extend_from_slice(&piece[..missing]);
        draft.write(&piece).await.map_err(Wrong::Disk)?;
    }
    if told.is_some_and(|told| told != size) {
        return Err(Wrong::Line);
    }
    if size == 0 {
        return Err(Wrong::Empty);
    }
    Ok((size, type_of(&head)))
}

/// The media type by the first bytes, as it is served; `None` for types a browser must not show.
fn type_of(head: &[u8]) -> Option<&'static str> {
    let known = infer::get(head)?.mime_type();
    let served = match known {
        "video/x-m4v" => "video/mp4",
        "audio/m4a" => "audio/mp4",
        other => other,
    };
    SHOWN_INLINE.iter().copied().find(|shown| *shown == served)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_known_by_its_first_bytes_alone() {
        for (head, known) in [
            (&b"\xff\xd8\xff\xe0\0\x10JFIF\0"[..], Some("image/jpeg")),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Some("image/png")),
            (b"GIF89a\x01\0\x01\0", Some("image/gif")),
            (b"RIFF\x24\0\0\0WEBPVP8 ", Some("image/webp")),
            (b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2", Some("video/mp4")),
            (b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42", Some("audio/mp4")),
            (b"ID3\x04\0\0\0\0\0\0", Some("audio/mpeg")),
            (b"\xff\xf1\x50\x80\x02\x1f\xfc", Some("audio/aac")),
        ] {
            assert_eq!(type_of(head), known, "{head:?}");
        }
    }

    #[test]
    fn what_a_browser_might_run_is_of_no_known_type() {
        for head in [
            &b"<!DOCTYPE html><script>alert(1)</script>"[..],
            b"<html><body onload=alert(1)>",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>",
            b"<?xml version=\"1.0\"?><svg/>",
            b"%PDF-1.7\n",
            b"PK\x03\x04\x14\0\0\0",
            b"MZ\x90\0\x03\0\0\0",
            b"#!/bin/sh\n",
            b"",
        ] {
            assert_eq!(type_of(head), None, "{head:?}");
        }
    }
}
