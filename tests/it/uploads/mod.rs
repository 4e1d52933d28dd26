//! Pictures and videos that staff upload: made anew, kept, served to whoever knows their address,
//! and gone when nothing shows them.

use std::{
    io::{Cursor, Write as _},
    path::PathBuf,
};

use image::{DynamicImage, GenericImageView as _, ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};

use crate::support::{Answer, HANGS, TestApp, answer};

mod gone;
mod shown;
mod taken;
mod watched;

const PUBLIC: &str = "https://clinic.example/care";

/// A program that is reached from outside.
async fn app() -> TestApp {
    let app = TestApp::start().await;
    app.call_as(&app.token, "PATCH", "/api/settings", Some(json!({ "publicUrl": PUBLIC }))).await.expect(200);
    app
}

async fn upload(app: &TestApp, bytes: &[u8]) -> Answer {
    let request = app.request("POST", "/api/uploads?fileName=wound%20care.jpg").bearer_auth(&app.token);
    answer(request.body(bytes.to_vec()).send().await.expect("an answer")).await
}

fn files(app: &TestApp) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(app.dir.path().join("uploads")) else { return Vec::new() };
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

/// The path of an address of the clinic.
fn path(url: &Value) -> String {
    url.as_str().expect("an address").strip_prefix(PUBLIC).expect("the clinic's").to_owned()
}

/// What anybody gets at an address who has no session.
async fn fetch(app: &TestApp, url: &Value) -> reqwest::Response {
    app.request("GET", &path(url)).header("host", "clinic.example").send().await.expect("an answer")
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), format).expect("encoded");
    bytes
}

/// Red on the left, blue on the right, twice as wide as high.
fn flag() -> DynamicImage {
    RgbImage::from_fn(80, 40, |x, _| Rgb(if x < 40 { [220, 20, 20] } else { [20, 20, 220] })).into()
}

/// What a phone writes into a picture: that it is to be turned to the right, and where it was.
fn exif() -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value].concat()
    };
    let ifd = |entries: &[Vec<u8>]| {
        let count = u16::try_from(entries.len()).expect("few").to_le_bytes();
        [&count[..], &entries.concat(), &[0; 4]].concat()
    };
    let first = ifd(&[entry(0x0112, 3, 1, [6, 0, 0, 0]), entry(0x8825, 4, 1, 38_u32.to_le_bytes())]);
    let gps = ifd(&[entry(1, 2, 2, *b"N\0\0\0")]);
    [b"Exif\0\0II*\0", &8_u32.to_le_bytes()[..], &first, &gps, b"13.7563 N 100.5018 E"].concat()
}

fn with_exif(jpeg: &[u8]) -> Vec<u8> {
    let exif = exif();
    let length = u16::try_from(exif.len() + 2).expect("short").to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
}

fn has(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|part| part == what)
}

fn boxed(kind: &str, content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(8 + content.len()).expect("short").to_be_bytes();
    [&size[..], kind.as_bytes(), content].concat()
}

fn video() -> Vec<u8> {
    let index = boxed("hdlr", b"\0\0\0\0\0\0\0\0vide\0");
    [boxed("ftyp", b"isom\0\0\x02\0isom"), boxed("moov", &index), boxed("mdat", &[1; 3_000])].concat()
}

/// A PNG that says it has so many pixels, and has none.
fn png_of(width: u32, height: u32) -> Vec<u8> {
    fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let named = [kind, content].concat();
        let mut crc = !0_u32;
        for byte in &named {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 };
            }
        }
        let size = u32::try_from(content.len()).expect("short").to_be_bytes();
        [&size[..], &named, &(!crc).to_be_bytes()].concat()
    }
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &header), chunk(b"IDAT", &[]), chunk(b"IEND", &[])]
        .concat()
}

#[tokio::test]
async fn a_picture_is_kept_as_it_is_seen_without_where_and_when_it_was_taken() {
    let app = app().await;
    let sent = with_exif(&encoded(&flag(), ImageFormat::Jpeg));
    assert!(has(&sent, b"13.7563"));
    let kept = upload(&app, &sent).await.expect(201);
    assert_eq!((&kept["kind"], &kept["mediaType"]), (&json!("picture"), &json!("image/jpeg")));
    assert_eq!((&kept["width"], &kept["height"]), (&json!(40), &json!(80)), "it is turned");
    assert_eq!((&kept["fileName"], &kept["used"]), (&json!("wound care.jpg"), &json!(false)));
    for url in [&kept["url"], &kept["previewUrl"]] {
        let bytes = fetch(&app, url).await.bytes().await.expect("bytes");
        assert!(!has(&bytes, b"Exif") && !has(&bytes, b"13.7563"), "{url}");
        let seen = image::load_from_memory(&bytes).expect("a picture");
        assert_eq!(seen.dimensions(), (40, 80));
        let (top, bottom) = (seen.get_pixel(20, 10), seen.get_pixel(20, 70));
        assert!(top[0] > 150 && bottom[2] > 150, "red above, blue below: {top:?} {bottom:?}");
    }
    assert_eq!(
        app.get(&format!("/api/uploads/{}", kept["id"].as_str().expect("an id"))).await.expect(200),
        kept
    );
    assert_eq!(app.get("/api/uploads").await.expect(200)["items"], json!([kept]));
}

#[tokio::test]
async fn a_png_stays_one_and_what_can_be_seen_through_is_white_in_its_small_picture() {
    let app = app().await;
    let glass = DynamicImage::new_rgba8(1_500, 600);
    let kept = upload(&app, &encoded(&glass, ImageFormat::Png)).await.expect(201);
    assert_eq!((&kept["mediaType"], &kept["width"]), (&json!("image/png"), &json!(1_500)));
    assert!(path(&kept["url"]).ends_with("/original.png"));
    let small = fetch(&app, &kept["previewUrl"]).await.bytes().await.expect("bytes");
    let small = image::load_from_memory_with_format(&small, ImageFormat::Jpeg).expect("a JPEG");
    assert_eq!((small.width(), small.get_pixel(5, 5)[0] > 250), (1_024, true));
}

#[tokio::test]
async fn what_is_sent_to_patients_is_within_lines_limits() {
    let app = app().await;
    // Noise, which no encoder makes small.
    let mut state = 7_u32;
    let noise = RgbImage::from_fn(3_000, 1_100, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [_, a, b, c] = state.to_le_bytes();
        Rgb([a, b, c])
    });
    let sent = encoded(&noise.into(), ImageFormat::Png);
    assert!((9_000_000..10_000_000).contains(&sent.len()), "{}", sent.len());
    let kept = upload(&app, &sent).await.expect(201);
    let large = fetch(&app, &kept["url"]).await.bytes().await.expect("bytes").len();
    let small = fetch(&app, &kept["previewUrl"]).await.bytes().await.expect("bytes").len();
    assert_eq!(kept["size"], large);
    assert!(large <= 10_000_000 && small <= 1_000_000, "{large} {small}");
}

#[tokio::test]
async fn anybody_who_knows_the_address_gets_it_and_nobody_else() {
    let app = app().await;
    let kept = upload(&app, &encoded(&flag(), ImageFormat::Jpeg)).await.expect(201);
    let shown = fetch(&app, &kept["url"]).await;
    assert_eq!(shown.status(), 200);
    for (name, value) in [
        ("content-type", "image/jpeg"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("content-disposition", "inline"),
    ] {
        assert_eq!(shown.headers()[name], value, "{name}");
    }
    let token = path(&kept["url"]).split('/').nth(2).expect("a token").to_owned();
    assert_eq!(token.len(), 43);
    let other = format!("{}{}", if token.starts_with('a') { 'b' } else { 'a' }, &token[1..]);
    for path in [
        format!("/u/{other}/original.jpg"),
        format!("/u/{token}/original.png"),
        format!("/u/{token}/{}", files(&app)[0].file_name().expect("a name").to_string_lossy()),
        format!("/u/{token}/..%2F..%2Fclinicue.db"),
        format!("/u/{token}/%00"),
        "/u/..%2F..%2Fetc/passwd".to_owned(),
        "/u/%ff/original.jpg".to_owned(),
        format!("/u/{token}"),
        format!("/u/{token}/"),
        format!("/u/{token}/original.jpg/more"),
        "/u/".to_owned(),
    ] {
        let refused = app.request("GET", &path).send().await.expect("an answer");
        assert_eq!(refused.headers()["content-type"], "application/problem+json", "{path}");
        assert!([400, 404].contains(&refused.status().as_u16()), "{path}: {}", refused.status());
    }
    let head = app.request("HEAD", &path(&kept["url"])).send().await.expect("an answer");
    let length = head.headers()["content-length"].to_str().expect("text");
    assert_eq!((head.status().as_u16(), length), (200, kept["size"].to_string().as_str()));
}

#[tokio::test]
async fn a_video_says_nothing_of_where_and_by_what_it_was_made() {
    let app = app().await;
    let made = boxed("udta", b"\x00\x00\x00\x1e\xa9xyz\x00\x12\x15\xc7+13.7563+100.5018/");
    let index = [boxed("hdlr", b"\0\0\0\0\0\0\0\0vide\0"), made].concat();
    let phones =
        [boxed("ftyp", b"isom\0\0\x02\0isom"), boxed("moov", &index), boxed("mdat", &[1; 90])].concat();
    let kept = upload(&app, &phones).await.expect(201);
    let shown = fetch(&app, &kept["url"]).await.bytes().await.expect("bytes");
    assert!(has(&phones, b"+13.7563") && !has(&shown, b"+13.7563") && !has(&shown, b"udta"));
    assert_eq!(shown.len(), phones.len());
    assert!(shown.ends_with(&boxed("mdat", &[1; 90])), "pictures and sound stand where they stood");
}

#[tokio::test]
async fn a_video_is_kept_as_it_is_and_a_player_gets_the_part_it_asks_for() {
    let app = app().await;
    let kept = upload(&app, &video()).await.expect(201);
    assert_eq!((&kept["kind"], &kept["mediaType"]), (&json!("video"), &json!("video/mp4")));
    assert!(path(&kept["url"]).ends_with("/original.mp4"));
    let all = fetch(&app, &kept["url"]).await;
    assert_eq!(all.headers()["accept-ranges"], "bytes");
    assert_eq!(all.bytes().await.expect("bytes"), video());
    let part =
        app.request("GET", &path(&kept["url"])).header("range", "bytes=4-7").send().await.expect("an answer");
    assert_eq!(part.status(), 206);
    assert_eq!(part.headers()["content-range"], format!("bytes 4-7/{}", video().len()));
    assert_eq!(part.bytes().await.expect("bytes"), &b"ftyp"[..]);
    let small = fetch(&app, &kept["previewUrl"]).await.bytes().await.expect("bytes");
    assert!(image::load_from_memory_with_format(&small, ImageFormat::Jpeg).is_ok());
}

#[tokio::test]
async fn what_is_no_picture_and_no_video_is_refused_whatever_it_is_called_and_leaves_nothing() {
    let app = app().await;
    for bytes in [
        &b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"[..],
        b"<!DOCTYPE html><script>alert(document.cookie)</script>",
        b"GIF89a\x01\0\x01\0\x80\0\0\0",
        b"RIFF\x24\0\0\0WEBPVP8 ",
        b"\0\0\0\x14ftypqt  \0\0\0\0qt  ",
        b"MZ\x90\0\x03\0\0\0\x04\0\0\0",
        b"short",
        b"",
    ] {
        let refused = upload(&app, bytes).await;
        assert_eq!(refused.json["refusal"]["code"], "notAPicture", "{}", refused.json);
        refused.problem(415);
    }
    assert!(files(&app).is_empty());
}

#[tokio::test]
async fn a_picture_made_to_fill_the_memory_is_refused() {
    let app = app().await;
    for (width, height) in [(30_000, 30_000), (11_000, 11_000), (u32::MAX >> 1, 1)] {
        let refused = upload(&app, &png_of(width, height)).await;
        assert_eq!(refused.json["refusal"]["code"], "tooManyPixels", "{width} x {height}: {}", refused.json);
        refused.problem(422);
    }
    assert!(files(&app).is_empty());
}

#[tokio::test]
async fn what_is_cut_short_or_spoilt_is_refused_and_leaves_nothing() {
    let app = app().await;
    let (jpeg, png) = (encoded(&flag(), ImageFormat::Jpeg), encoded(&flag(), ImageFormat::Png));
    let mut spoilt = png.clone();
    spoilt.truncate(png.len() / 2);
    for bytes in [&jpeg[..40], &spoilt, &png_of(10, 10), &video()[..100], &video()[..video().len() - 1]] {
        let refused = upload(&app, bytes).await;
        assert_eq!(refused.json["refusal"]["code"], "brokenFile", "{}", refused.json);
        refused.problem(422);
    }
    assert!(files(&app).is_empty());
}

#[tokio::test]
async fn what_is_too_large_is_refused_while_it_comes() {
    let app = app().await;
    let mut large = encoded(&flag(), ImageFormat::Jpeg);
    large.resize(10_000_001, 0);
    let refused = upload(&app, &large).await;
    assert_eq!(refused.json["refusal"], json!({ "code": "bodyTooLarge", "limit": 10_000_000 }));
    refused.problem(413);
    assert!(files(&app).is_empty());
}

#[tokio::test]
async fn whoever_hangs_up_in_the_middle_leaves_nothing() {
    let app = app().await;
    let address = app.app.as_ref().expect("running").addr;
    let mut stream = std::net::TcpStream::connect(address).expect("connected");
    let head = format!(
        "POST /api/uploads HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\ncontent-length: 100000\r\n\r\n",
        app.token
    );
    stream.write_all(&[head.as_bytes(), &video()[..2_000]].concat()).expect("sent");
    let until = async |done: &dyn Fn() -> bool| {
        let waiting = async {
            while !done() {
                tokio::task::yield_now().await;
            }
        };
        assert!(tokio::time::timeout(HANGS, waiting).await.is_ok());
    };
    until(&|| files(&app).len() == 1).await;
    drop(stream);
    until(&|| files(&app).is_empty()).await;
}

#[tokio::test]
async fn only_staff_who_may_write_upload_and_a_name_has_its_limits() {
    let app = app().await;
    let jpeg = encoded(&flag(), ImageFormat::Jpeg);
    let nobody = app.request("POST", "/api/uploads").body(jpeg.clone()).send().await.expect("an answer");
    assert_eq!(nobody.status(), 401);
    let viewer = clinicue::ops::tokens::create(
        &app.core().store,
        "viewer",
        clinicue::domain::staff::Role::Viewer,
        app.core().now(),
    )
    .await
    .expect("a token");
    let request = app.request("POST", "/api/uploads").bearer_auth(&viewer).body(jpeg.clone());
    answer(request.send().await.expect("an answer")).await.problem(403);
    let named = format!("/api/uploads?fileName={}", "a".repeat(201));
    let request = app.request("POST", &named).bearer_auth(&app.token).body(jpeg);
    answer(request.send().await.expect("an answer")).await.problem(422);
    assert!(files(&app).is_empty());
}

#[tokio::test]
async fn a_clinic_without_a_public_address_has_none_for_its_uploads() {
    let app = TestApp::start().await;
    let kept = upload(&app, &encoded(&flag(), ImageFormat::Png)).await.expect(201);
    assert_eq!((&kept["url"], &kept["previewUrl"]), (&Value::Null, &Value::Null));
    let set = async |url: Value| {
        app.call_as(&app.token, "PATCH", "/api/settings", Some(json!({ "publicUrl": url }))).await
    };
    for url in [
        "http://clinic.example",
        "clinic.example",
        "https://",
        "https://a.example/?x=1",
        "https://u:p@a.example",
    ] {
        set(json!(url)).await.problem(422);
    }
    for (url, stored) in [
        ("https://คลินิก.example/line", "https://xn--12cf7d3b4db.example/line"),
        ("https://clinic.example/", "https://clinic.example"),
    ] {
        assert_eq!(set(json!(url)).await.expect(200)["publicUrl"], stored);
    }
    let shown = app.get(&format!("/api/uploads/{}", kept["id"].as_str().expect("an id"))).await.expect(200);
    assert!(shown["url"].as_str().expect("an address").starts_with("https://clinic.example/u/"));
    assert_eq!(set(Value::Null).await.expect(200)["publicUrl"], Value::Null);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_files_of_uploads() {
    use std::os::unix::fs::PermissionsExt as _;
    let app = app().await;
    upload(&app, &video()).await.expect(201);
    let mode = |path: &std::path::Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    let files = files(&app);
    assert_eq!((files.len(), mode(&app.dir.path().join("uploads"))), (2, 0o700));
    assert!(files.iter().all(|file| mode(file) == 0o600));
}
