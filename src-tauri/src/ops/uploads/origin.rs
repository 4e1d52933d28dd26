//! The data about a video's making: where, with what, by whom. A phone writes the place into each
//! (ISO/IEC 14496-12, "User data box" and "Meta box"; XMP in a `uuid`).

use std::io::{self, Read, Seek, SeekFrom, Write};

const HEAD: u64 = 8;
const LONG_HEAD: u64 = 16;

/// Boxes within boxes that are looked into: those of a track of a file's index.
const DEPTH: usize = 6;

/// The zeros written in one go.
const ZEROS: [u8; 4096] = [0; 4096];

/// One box of a file.
struct BoxAt {
    kind: [u8; 4],
    content: u64,
    end: u64,
}

/// Empties the boxes about a video's making. They become free space of the same size: nothing else
/// moves, and a player sees no difference.
pub(super) fn forget<F: Read + Write + Seek>(file: &mut F) -> io::Result<()> {
    let end = file.seek(SeekFrom::End(0))?;
    forget_between(file, 0, end, DEPTH)
}

fn forget_between<F: Read + Write + Seek>(
    file: &mut F,
    mut at: u64,
    end: u64,
    depth: usize,
) -> io::Result<()> {
    while let Some(found) = box_at(file, at, end)? {
        match &found.kind {
            // Free space is what some programs strike out, and leave as it was.
            b"udta" | b"meta" | b"uuid" | b"XMP_" | b"free" | b"skip" => empty(file, at, &found)?,
            // The index and its tracks, whole and in fragments.
            b"moov" | b"trak" | b"mdia" | b"minf" | b"stbl" | b"dinf" | b"edts" | b"mvex" | b"moof"
            | b"traf" | b"mfra" | b"meco"
                if depth > 0 =>
            {
                forget_between(file, found.content, found.end, depth - 1)?;
            }
            _ => {}
        }
        at = found.end;
    }
    Ok(())
}

/// The box that begins here; `None` where none ends before `end`.
fn box_at<F: Read + Seek>(file: &mut F, at: u64, end: u64) -> io::Result<Option<BoxAt>> {
    if end.saturating_sub(at) < HEAD {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(at))?;
    let (mut size, mut kind) = ([0; 4], [0; 4]);
    file.read_exact(&mut size)?;
    file.read_exact(&mut kind)?;
    let (head, size) = match u32::from_be_bytes(size) {
        0 => (HEAD, end - at),
        1 if end - at >= LONG_HEAD => {
            let mut size = [0; 8];
            file.read_exact(&mut size)?;
            (LONG_HEAD, u64::from_be_bytes(size))
        }
        size => (HEAD, size.into()),
    };
    // One that says it is longer than what holds it ends there.
    let size = size.min(end - at);
    Ok((size >= head).then(|| BoxAt { kind, content: at + head, end: at + size }))
}

fn empty<F: Write + Seek>(file: &mut F, at: u64, found: &BoxAt) -> io::Result<()> {
    file.seek(SeekFrom::Start(at + 4))?;
    file.write_all(b"free")?;
    file.seek(SeekFrom::Start(found.content))?;
    let mut left = found.end - found.content;
    while left > 0 {
        let some = usize::try_from(left).unwrap_or(usize::MAX).min(ZEROS.len());
        file.write_all(&ZEROS[..some])?;
        left -= some as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn boxed(kind: &str, content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(content.len() + 8).expect("short").to_be_bytes();
        [&size[..], kind.as_bytes(), content].concat()
    }

    fn forgotten(bytes: &[u8]) -> Vec<u8> {
        let mut file = Cursor::new(bytes.to_vec());
        forget(&mut file).expect("memory can be read and written");
        file.into_inner()
    }

    #[test]
    fn where_and_by_what_a_video_was_made_becomes_free_space() {
        let place = boxed("loci", b"+13.7563+100.5018/");
        let track = |made: &[u8]| boxed("trak", &[boxed("tkhd", b"kept"), made.to_vec()].concat());
        let file = |udta: &[u8], meta: &[u8], xmp: &[u8]| {
            let index = [boxed("mvhd", b"kept"), track(udta), udta.to_vec(), meta.to_vec()].concat();
            [boxed("ftyp", b"isom"), boxed("moov", &index), xmp.to_vec(), boxed("mdat", b"udta")].concat()
        };
        let free = |made: &[u8]| boxed("free", &vec![0; made.len() - 8]);
        let (udta, meta, xmp) =
            (boxed("udta", &place), boxed("meta", b"a telephone"), boxed("uuid", b"<x:xmpmeta>"));
        assert_eq!(forgotten(&file(&udta, &meta, &xmp)), file(&free(&udta), &free(&meta), &free(&xmp)));
    }

    #[test]
    fn fragments_media_and_struck_out_space_tell_nothing_either() {
        let file = |made: &[u8], struck: &[u8]| {
            let media = boxed("mdia", &[boxed("minf", made), made.to_vec()].concat());
            let index = [boxed("trak", &media), boxed("mvex", made)].concat();
            let fragment = boxed("moof", &boxed("traf", made));
            [boxed("ftyp", b"isom"), boxed("moov", &index), fragment, struck.to_vec()].concat()
        };
        let made = boxed("udta", b"+13.7563+100.5018/");
        let free = boxed("free", &vec![0; made.len() - 8]);
        for kind in ["XMP_", "free", "skip"] {
            let struck = boxed(kind, b"+13.7563+100.5018/");
            assert_eq!(forgotten(&file(&made, &struck)), file(&free, &free), "{kind}");
        }
    }

    #[test]
    fn a_box_longer_than_what_holds_it_is_emptied_to_the_end_of_that() {
        let too_long = [&[0, 0, 0, 99][..], b"udta", b"+13.7563+100.5018/"].concat();
        let emptied = [&[0, 0, 0, 99][..], b"free", &[0; 18]].concat();
        let file = |made: &[u8]| [boxed("moov", &boxed("trak", made)), boxed("mdat", b"kept")].concat();
        assert_eq!(forgotten(&file(&too_long)), file(&emptied));
    }

    #[test]
    fn a_long_box_and_one_to_the_end_are_known() {
        let long = |kind: &str, content: &[u8]| {
            [&1_u32.to_be_bytes()[..], kind.as_bytes(), &(16 + content.len() as u64).to_be_bytes(), content]
                .concat()
        };
        let open = |kind: &str, content: &[u8]| [&[0; 4], kind.as_bytes(), content].concat();
        let file = [boxed("ftyp", b"isom"), long("udta", b"here"), open("uuid", b"there")].concat();
        let expected = [boxed("ftyp", b"isom"), long("free", &[0; 4]), open("free", &[0; 5])].concat();
        assert_eq!(forgotten(&file), expected);
    }

    proptest! {
        #[test]
        fn any_bytes_are_looked_through_and_keep_their_number(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(forgotten(&bytes).len(), bytes.len());
        }
    }
}
