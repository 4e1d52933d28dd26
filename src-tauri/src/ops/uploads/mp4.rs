//! Whether a video is one: the boxes of an MP4 file, looked at as they pass by (ISO/IEC 14496-12,
//! "File type box" and "Box").

/// The heads of boxes with a size of their own, of 64 bits.
const LONG_HEAD: usize = 16;
const HEAD: usize = 8;

/// A size of 0: the box goes on to the end of the file.
const TO_THE_END: u64 = u64::MAX;

/// Walks along the boxes of a file that comes piece by piece.
#[derive(Debug, Default)]
pub(super) struct Boxes {
    /// What is known of the head of the next box.
    head: Vec<u8>,
    /// Bytes of this box that are still to come.
    rest: u64,
    has_type: bool,
    has_index: bool,
    is_broken: bool,
}

impl Boxes {
    /// Looks at the next bytes.
    pub(super) fn pass(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() && !self.is_broken {
            if self.rest > 0 {
                let skipped = usize::try_from(self.rest).unwrap_or(usize::MAX).min(bytes.len());
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
            // What comes before the type is no MP4 file of today.
            _ if !self.has_type => self.is_broken = true,
            b"moov" => self.has_index = true,
            _ => {}
        }
        self.is_broken |= rest.is_none();
        self.rest = rest.unwrap_or(0);
        self.head.clear();
    }

    /// Whether it was a video, and is there to its end.
    pub(super) fn are_whole(&self) -> bool {
        let is_at_an_end = self.head.is_empty() && matches!(self.rest, 0 | TO_THE_END);
        self.has_type && self.has_index && !self.is_broken && is_at_an_end
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
    fn what_is_cut_short_or_no_video_is_not_whole() {
        let video = video();
        for end in [video.len() - 1, video.len() - 100, video.len() - 104, 20, 8, 4, 0] {
            assert!(!are_whole(&video[..end], 7), "{end} bytes");
        }
        for other in [
            [boxed("ftyp", b"isom"), boxed("mdat", b"no index")].concat(),
            [boxed("moov", b""), boxed("ftyp", b"isom")].concat(),
            [boxed("ftyp", b"isom"), boxed("moov", b""), 5_u32.to_be_bytes().into(), b"mdat".into()].concat(),
            b"<html>no video at all</html>".to_vec(),
        ] {
            assert!(!are_whole(&other, 3));
        }
    }
}
