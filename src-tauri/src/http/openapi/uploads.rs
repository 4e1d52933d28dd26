//! The paths of uploads that are no operations of the list: their bytes on the way in and out.

use serde_json::{Map, Value, json};

use super::with_problems;
use crate::{
    domain::upload::{MAX_FILE_NAME, MAX_PICTURE_BYTES, MAX_VIDEO_BYTES},
    error::Code,
    ops::uploads,
};

/// Adds the paths; `upload` is the schema of the answer.
pub(super) fn add(paths: &mut Map<String, Value>, upload: &Value) {
    let of_list = paths.entry("/api/uploads").or_insert_with(|| json!({}));
    of_list["post"] = receive(upload);
    paths.insert("/u/{token}/{name}".into(), serve());
}

fn receive(upload: &Value) -> Value {
    use Code::{
        Forbidden, Internal, InvalidInput, OutOfLimits, TooLarge, Unauthenticated, Unavailable,
        UnsupportedMediaType,
    };
    let codes = [
        InvalidInput,
        Unauthenticated,
        Forbidden,
        TooLarge,
        UnsupportedMediaType,
        OutOfLimits,
        Internal,
        Unavailable,
    ];
    let kept =
        json!({ "201": { "description": "Kept.", "content": { "application/json": { "schema": upload } } } });
    json!({ "operationId": "upload",
        "summary": "Keeps a picture or video for messages; the body is the file itself.",
        "description": format!("Needs the role {}. JPEG or PNG up to {MAX_PICTURE_BYTES} bytes, MP4 up to \
            {MAX_VIDEO_BYTES}, known by the bytes alone. A picture is made anew, without what its file says of \
            place, time and camera; of a video, what tells where and by what it was \
            made is emptied.", uploads::MIN_ROLE),
        "tags": ["uploads"],
        "parameters": [{ "name": "fileName", "in": "query", "required": false,
            "schema": { "type": "string", "minLength": 1, "maxLength": MAX_FILE_NAME } }],
        "requestBody": { "required": true, "content": { "application/octet-stream": {
            "schema": { "type": "string", "format": "binary" } } } },
        "responses": with_problems(kept, &codes) })
}

fn serve() -> Value {
    use Code::{Internal, InvalidInput, NotFound, Unavailable};
    let bytes = json!({ "schema": { "type": "string", "format": "binary" } });
    let bytes = json!({ "image/jpeg": bytes, "image/png": bytes, "video/mp4": bytes });
    let right = json!({
        "200": { "description": "All of it.", "content": bytes },
        "206": { "description": "The part that Range asks for.", "content": bytes },
        "416": { "description": "The range lies outside." },
    });
    let in_path =
        |name: &str| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
    json!({ "get": { "operationId": "publicUpload", "security": [],
        "summary": "An upload, for whoever knows its address: LINE and the phones of patients.",
        "parameters": [in_path("token"), in_path("name"),
            { "name": "Range", "in": "header", "required": false, "schema": { "type": "string" } }],
        "responses": with_problems(right, &[InvalidInput, NotFound, Internal, Unavailable]) } })
}
