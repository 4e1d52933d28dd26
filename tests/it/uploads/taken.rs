//! Which files are taken, and what is said of those that are not.

use image::ImageFormat;

use super::{app, boxed, encoded, files, flag, upload, video};

#[tokio::test]
async fn a_jpeg_that_is_cut_anywhere_is_refused_and_one_with_something_behind_it_is_not() {
    let app = app().await;
    let jpeg = encoded(&flag(), ImageFormat::Jpeg);
    for end in [jpeg.len() / 2, jpeg.len() * 9 / 10, jpeg.len() - 2, jpeg.len() - 1] {
        let refused = upload(&app, &jpeg[..end]).await;
        assert_eq!(
            refused.json["refusal"]["code"],
            "brokenFile",
            "{end} of {}: {}",
            jpeg.len(),
            refused.json
        );
        refused.problem(422);
    }
    assert!(files(&app).is_empty());
    // Some phones write a short film behind a picture.
    upload(&app, &[jpeg, video()].concat()).await.expect(201);
}

#[tokio::test]
async fn a_picture_as_an_iphone_keeps_it_is_to_be_saved_as_jpeg() {
    let app = app().await;
    for kind in ["heic", "heix", "mif1", "avif"] {
        let head = boxed("ftyp", format!("{kind}\0\0\0\0mif1heic").as_bytes());
        let refused = upload(&app, &[head, boxed("meta", &[0; 40])].concat()).await;
        assert_eq!(refused.json["refusal"]["code"], "saveAsJpeg", "{kind}: {}", refused.json);
        assert!(refused.json["detail"].as_str().is_some_and(|words| words.contains("save it as JPEG")));
        refused.problem(415);
    }
    assert!(files(&app).is_empty());
}

#[tokio::test]
async fn sound_alone_is_no_video() {
    let app = app().await;
    let sound = boxed("moov", &boxed("hdlr", b"\0\0\0\0\0\0\0\0soun\0"));
    for kind in ["M4A ", "isom"] {
        let head = boxed("ftyp", format!("{kind}\0\0\0\0isom").as_bytes());
        let refused = upload(&app, &[head, sound.clone(), boxed("mdat", &[1; 100])].concat()).await;
        assert_eq!(refused.json["refusal"]["code"], "notAPicture", "{kind}: {}", refused.json);
        refused.problem(415);
    }
    assert!(files(&app).is_empty());
}
