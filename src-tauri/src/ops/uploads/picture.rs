//! Pictures, decoded and written anew: only what is visible is kept. Where and when it was taken,
//! by which camera and whom, is dropped; the rotation a camera noted is applied.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder as _, ImageEncoder as _, ImageFormat, ImageReader, ImageResult, Limits,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
    imageops::FilterType,
};

use crate::domain::upload::{MAX_MEGAPIXELS, MAX_PICTURE_BYTES, MAX_PREVIEW_BYTES};

/// The most pixels of a side of a picture that is read.
const MAX_SIDE: u32 = 12_000;

/// The most bytes a picture may take while it is read: the most pixels, four bytes each, and the
/// decoder's own.
const MAX_MEMORY: u64 = 400_000_000;

/// The most pixels of a side of a kept picture; no phone shows more.
const MAX_KEPT_SIDE: u32 = 4_096;

/// The most pixels of a side of the preview: LINE shows it up to the width of a phone.
const MAX_PREVIEW_SIDE: u32 = 1_024;

/// JPEG qualities, tried in turn until the file is small enough.
const QUALITIES: [u8; 4] = [90, 80, 60, 40];

/// The most bytes of a colour profile that is kept; those of phones have less than a thousand.
const MAX_PROFILE_BYTES: usize = 64 * 1024;

/// A picture as it is kept, with its preview.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) media_type: &'static str,
    pub(super) original: Vec<u8>,
    pub(super) preview: Vec<u8>,
    /// Width and height in pixels.
    pub(super) width: u32,
    pub(super) height: u32,
}

/// Why a picture cannot be kept.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// More pixels than any phone shows, in however few bytes.
    TooManyPixels,
    /// It cannot be read to its end.
    Broken,
}

/// The kind of a picture by its first bytes; `None` for kinds not read here.
pub(super) fn format_of(head: &[u8]) -> Option<ImageFormat> {
    match head {
        [0xff, 0xd8, 0xff, ..] => Some(ImageFormat::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(ImageFormat::Png),
        _ => None,
    }
}

/// Writes a picture anew, with a preview. Takes a while and much memory.
pub(super) fn made(bytes: &[u8], format: ImageFormat) -> Result<Made, Unfit> {
    let (picture, profile) = read(bytes, format)?;
    let (width, height) = (picture.width(), picture.height());
    let preview = small(&picture);
    let preview = jpeg(preview, profile.as_deref(), MAX_PREVIEW_BYTES).ok_or(Unfit::Broken)?;
    let as_png = (format == ImageFormat::Png).then(|| png(&picture, profile.as_deref())).flatten();
    let (media_type, original) = match as_png {
        Some(bytes) => ("image/png", bytes),
        None => ("image/jpeg", jpeg(picture, profile.as_deref(), MAX_PICTURE_BYTES).ok_or(Unfit::Broken)?),
    };
    Ok(Made { media_type, original, preview, width, height })
}

/// The preview of a video, which nothing here can decode: a play button.
pub(super) fn of_video() -> Vec<u8> {
    const WIDTH: u32 = 640;
    const HEIGHT: u32 = 360;
    // The play arrow, its point to the right.
    let is_arrow = |x: u32, y: u32| {
        let (from_left, from_middle) = (x.wrapping_sub(WIDTH / 2 - 40), y.abs_diff(HEIGHT / 2));
        from_left < 100 && from_middle * 5 <= (100 - from_left) * 3
    };
    let drawn = image::RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        image::Rgb(if is_arrow(x, y) { [0xf5, 0xf7, 0xfa] } else { [0x1c, 0x3d, 0x6e] })
    });
    jpeg(drawn.into(), None, MAX_PREVIEW_BYTES).unwrap_or_default()
}

type Profile = Option<Vec<u8>>;

fn read(bytes: &[u8], format: ImageFormat) -> Result<(DynamicImage, Profile), Unfit> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| why(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > u64::from(MAX_MEGAPIXELS) * 1_000_000 {
        return Err(Unfit::TooManyPixels);
    }
    let turn = decoder.orientation().map_err(|error| why(&error))?;
    let profile = decoder.icc_profile().ok().flatten();
    if format == ImageFormat::Jpeg && !is_whole(bytes) {
        return Err(Unfit::Broken);
    }
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| why(&error))?;
    let profile = profile.filter(|profile| fits(profile, &picture));
    // Reduced first: each of the other steps holds a second picture of the same size for a moment.
    let mut picture = eight_bits(reduced(picture));
    picture.apply_orientation(turn);
    Ok((picture, profile))
}

/// Whether a JPEG is complete (ITU T.81, B.1.1): the decoder paints missing parts grey.
fn is_whole(jpeg: &[u8]) -> bool {
    // After the mark with which each JPEG begins.
    let mut at = 2;
    loop {
        let Some(next) = jpeg.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == 0xff)) else {
            return false;
        };
        at += next;
        at += match (jpeg.get(at + 1), jpeg.get(at + 2..at + 4)) {
            (Some(0xd9), _) => return true,
            (Some(0xff), _) => 1,
            // A byte of a scan, or a mark without a length.
            (Some(0x00 | 0x01 | 0xd0..=0xd8), _) => 2,
            (Some(_), Some(&[high, low])) => 2 + usize::from(u16::from_be_bytes([high, low])),
            _ => return false,
        };
    }
}

/// Whether a colour profile fits this picture. One for a printer's four inks does not fit red,
/// green and blue.
fn fits(profile: &[u8], picture: &DynamicImage) -> bool {
    let space: &[u8] = if picture.color().has_color() { b"RGB " } else { b"GRAY" };
    profile.len() <= MAX_PROFILE_BYTES && profile.get(16..20) == Some(space)
}

fn why(error: &image::ImageError) -> Unfit {
    if matches!(error, image::ImageError::Limits(_)) { Unfit::TooManyPixels } else { Unfit::Broken }
}

fn eight_bits(picture: DynamicImage) -> DynamicImage {
    match picture.color() {
        image::ColorType::L8 | image::ColorType::La8 | image::ColorType::Rgb8 | image::ColorType::Rgba8 => {
            picture
        }
        image::ColorType::L16 => DynamicImage::ImageLuma8(picture.into_luma8()),
        color if color.has_alpha() => DynamicImage::ImageRgba8(picture.into_rgba8()),
        _ => DynamicImage::ImageRgb8(picture.into_rgb8()),
    }
}

/// Scales a picture so that no side is longer than is kept. Each pixel is the mean of those it
/// replaces: any better filter takes sixteen bytes for each pixel of the large picture's width.
fn reduced(picture: DynamicImage) -> DynamicImage {
    if picture.width().max(picture.height()) <= MAX_KEPT_SIDE {
        return picture;
    }
    picture.thumbnail(MAX_KEPT_SIDE, MAX_KEPT_SIDE)
}

/// Scales a picture down to `MAX_PREVIEW_SIDE`; a smaller one stays.
fn small(picture: &DynamicImage) -> DynamicImage {
    if picture.width().max(picture.height()) <= MAX_PREVIEW_SIDE {
        return picture.clone();
    }
    picture.resize(MAX_PREVIEW_SIDE, MAX_PREVIEW_SIDE, FilterType::CatmullRom)
}

/// Writes a JPEG of at most `max` bytes, transparent parts white: at the best quality that fits,
/// then smaller. `None` where it cannot be written.
fn jpeg(picture: DynamicImage, profile: Option<&[u8]>, max: usize) -> Option<Vec<u8>> {
    let profile = profile.filter(|_| picture.color() != image::ColorType::La8);
    let mut picture = on_white(picture);
    while picture.width() > 0 && picture.height() > 0 {
        for quality in QUALITIES {
            let mut bytes = Vec::new();
            let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
            if let Some(profile) = profile {
                encoder.set_icc_profile(profile.to_vec()).ok()?;
            }
            written(encoder, &picture).ok()?;
            if bytes.len() <= max {
                return Some(bytes);
            }
        }
        picture = picture.thumbnail(picture.width() / 2, picture.height() / 2);
    }
    None
}

fn on_white(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return picture;
    }
    let seen = picture.into_rgba8();
    let mix = |color: u8, alpha: u8| {
        let (color, alpha) = (u16::from(color), u16::from(alpha));
        u8::try_from((color * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
    };
    image::RgbImage::from_fn(seen.width(), seen.height(), |x, y| {
        let image::Rgba([r, g, b, a]) = *seen.get_pixel(x, y);
        image::Rgb([mix(r, a), mix(g, a), mix(b, a)])
    })
    .into()
}

/// Writes a PNG; `None` where it is larger than LINE takes.
fn png(picture: &DynamicImage, profile: Option<&[u8]>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile.to_vec()).ok()?;
    }
    written(encoder, picture).ok()?;
    (bytes.len() <= MAX_PICTURE_BYTES).then_some(bytes)
}

fn written(encoder: impl image::ImageEncoder, picture: &DynamicImage) -> ImageResult<()> {
    encoder.write_image(picture.as_bytes(), picture.width(), picture.height(), picture.color().into())
}
