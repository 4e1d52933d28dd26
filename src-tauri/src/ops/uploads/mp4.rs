//! Checks that a video is an MP4 file, box by box as its bytes pass (ISO/IEC 14496-12, "File type
//! box" and "Box").

/// Bytes of the head of a box with a 64-bit size.
const LONG_HEAD: usize = 16;
const HEAD: usize = 8;

/// Pictures in the same boxes (ISO/IEC 23008-12): those of an iPhone, and related ones.
const HEIC: [&[u8; 4]; 12] = [
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1", b"avif",
    b"avis",
];

/// Files in the same boxes that LINE does not play: sounds and `QuickTime`.
const OTHERS: [&[u8; 4]; 4] = [b"qt  ", b"M4A ", b"M4B ", b"M4P "];

/// Whether a file with this beginning may be a video that LINE plays.
pub(super) fn is_mp4(head: &[u8]) -> bool {
    kind_of(head).is_some_and(|kind| !HEIC.contains(&kind) && !OTHERS.contains(&kind))
}

/// Whether a file with this beginning is a HEIC picture, as an iPhone keeps it.
pub(super) fn is_heic(head: &[u8]) -> bool {
    kind_of(head).is_some_and(|kind| HEIC.contains(&kind))
}

/// The kind a file of boxes gives itself.
fn kind_of(head: &[u8]) -> Option<&[u8; 4]> {
    if head.get(4..8)? == b"ftyp" { head.get(8..12)?.try_into().ok() } else { None }
}

/// Stands for a size of 0: the box goes on to the end of the file.
const TO_THE_END: u64 = u64::MAX;

/// Walks along the boxes of a file that comes piece by piece.
#[derive(Debug, Default)]
pub(super) struct Boxes {
    /// The bytes of the next box's head so far.
    head: Vec<u8>,
    /// Bytes of this box still ahead.
    rest: u64,
    /// Four letters of this box, such as `moov`.
    kind: [u8; 4],
    has_type: bool,
    /// The findings in the index; `None` before it came.
    index: Option<Index>,
    /// Whether pictures and sound themselves have begun.
    has_media: bool,
    is_broken: bool,
}

/// The search in the index as its bytes pass.
#[derive(Debug, Default)]
struct Index {
    /// The last 16 bytes that passed.
    last: u128,
    has_pictures: bool,
}

/// Whether the last bytes are the handler of a video track, after its box's head and eight unused
/// bytes (ISO/IEC 14496-12, "Handler reference box").
fn is_of_pictures(last: u128) -> bool {
    let bytes = last.to_be_bytes();
    bytes.starts_with(b"hdlr") && bytes.ends_with(b"vide")
}

impl Index {
    fn pass(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.last = self.last << 8 | u128::from(*byte);
            self.has_pictures |= is_of_pictures(self.last);
        }
    }
}

impl Boxes {
    /// In pieces of any size.
    pub(super) fn pass(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() && !self.is_broken {
            if self.rest > 0 {
                let skipped = usize::try_from(self.rest).unwrap_or(usize::MAX).min(bytes.len());
                if let Some(index) = self.index.as_mut().filter(|_| &self.kind == b"moov") {
                    index.pass(&bytes[..skipped]);
                }
                bytes = &bytes[skipped..];
                if self.rest != TO_THE_END {
                    self.rest -= skipped as u64;
                }
                continue;
            }
            self.head.push(bytes[0]);
            bytes = &bytes[1..];
            self.read_head();
        }
    }

    fn read_head(&mut self) {
        let Some(&[a, b, c, d, ref kind @ ..]) = self.head.first_chunk::<HEAD>() else { return };
        let size = u64::from(u32::from_be_bytes([a, b, c, d]));
        let long = || self.head.get(HEAD..LONG_HEAD)?.try_into().ok().map(u64::from_be_bytes);
        let rest = match size {
            0 => Some(TO_THE_END),
            1 => match long() {
                Some(size) => size.checked_sub(LONG_HEAD as u64),
                None => return,
            },
            _ => size.checked_sub(HEAD as u64),
        };
        match kind {
            b"ftyp" => self.has_type = true,
            // A file that does not begin with its type is no MP4 of today.
            _ if !self.has_type => self.is_broken = true,
            b"moov" => drop(self.index.get_or_insert_default()),
            b"mdat" => self.has_media = true,
            _ => {}
        }
        if let Some(kind) = kind.first_chunk() {
            self.kind = *kind;
        }
        self.is_broken |= rest.is_none();
        self.rest = rest.unwrap_or(0);
        self.head.clear();
    }

    /// Whether it has pictures, not only sound.
    pub(super) fn show_something(&self) -> bool {
        self.index.as_ref().is_some_and(|index| index.has_pictures)
    }

    /// Whether it has the boxes of a video, complete to its end.
    pub(super) fn are_whole(&self) -> bool {
        let is_at_an_end = self.head.is_empty() && matches!(self.rest, 0 | TO_THE_END);
        let is_complete = self.has_type && self.index.is_some() && self.has_media;
        is_complete && !self.is_broken && is_at_an_end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(kind: &str, content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(HEAD + content.len()).expect("short").to_be_bytes();
        [&size[..], kind.as_bytes(), content].concat()
    }

    fn video() -> Vec<u8> {
        [boxed("ftyp", b"isom\0\0\x02\0isom"), boxed("moov", &[7; 40]), boxed("mdat", &[1; 100])].concat()
    }

    fn are_whole(bytes: &[u8], piece: usize) -> bool {
        let mut boxes = Boxes::default();
        bytes.chunks(piece).for_each(|piece| boxes.pass(piece));
        boxes.are_whole()
    }

    #[test]
    fn a_video_is_whole_in_whatever_pieces_it_comes() {
        for piece in [1, 3, 8, 1_000] {
            assert!(are_whole(&video(), piece), "{piece}");
        }
        let long =
            [&1_u32.to_be_bytes()[..], b"mdat", &(LONG_HEAD as u64 + 5).to_be_bytes(), &[1; 5]].concat();
        let open = [&0_u32.to_be_bytes()[..], b"mdat", &[1; 9]].concat();
        for end in [long, open] {
            assert!(are_whole(&[video(), end].concat(), 5));
        }
    }

    #[test]
    fn sound_alone_shows_nothing() {
        let track = |kind: &str| boxed("hdlr", format!("\0\0\0\0\0\0\0\0{kind}name").as_bytes());
        for piece in [1, 5, 1_000] {
            let shows = |tracks: &[Vec<u8>]| {
                let file = [boxed("ftyp", b"isom"), boxed("moov", &tracks.concat())].concat();
                let mut boxes = Boxes::default();
                file.chunks(piece).for_each(|piece| boxes.pass(piece));
                boxes.show_something()
            };
            assert!(shows(&[track("soun"), track("vide")]));
            assert!(!shows(&[track("soun")]));
        }
    }

    #[test]
    fn a_kind_is_known_by_the_first_box() {
        let head = |kind: &str| [&[0, 0, 0, 24], b"ftyp", kind.as_bytes()].concat();
        assert!(["isom", "mp42", "M4V ", "3gp5"].iter().all(|kind| is_mp4(&head(kind))));
        assert!(["heic", "mif1", "avif"].iter().all(|kind| is_heic(&head(kind)) && !is_mp4(&head(kind))));
        assert!(["M4A ", "qt  "].iter().all(|kind| !is_heic(&head(kind)) && !is_mp4(&head(kind))));
        assert!(!is_mp4(b"RIFF") && !is_heic(b""));
    }

    #[test]
    fn what_is_cut_short_or_no_video_is_not_whole() {
        let video = video();
        for end in [video.len() - 1, video.len() - 100, video.len() - 104, 20, 8, 4, 0] {
            assert!(!are_whole(&video[..end], 7), "{end} bytes");
        }
        for other in [
            [boxed("ftyp", b"isom"), boxed("mdat", b"no index")].concat(),
            [boxed("ftyp", b"isom"), boxed("moov", b"nothing to show")].concat(),
            [boxed("moov", b""), boxed("ftyp", b"isom")].concat(),
            [boxed("ftyp", b"isom"), boxed("moov", b""), 5_u32.to_be_bytes().into(), b"mdat".into()].concat(),
            b"<html>no video at all</html>".to_vec(),
        ] {
            assert!(!are_whole(&other, 3));
        }
    }
}
