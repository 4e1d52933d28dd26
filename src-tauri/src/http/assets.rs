//! The web UI, built into the program.

use axum::{
    extract::Request,
    http::{Method, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;

use crate::error::{Code, Problem};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/ui/dist"]
struct Files;

/// Serves a file of the UI, or the UI's page for any of its paths.
pub(super) async fn serve(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return nothing(path);
    }
    match Files::get(path) {
        Some(file) if !path.is_empty() => {
            // Vite puts a hash of the content into the names under assets/.
            let cache =
                if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
            page(file, path, cache)
        }
        // A missing file, rather than a path of the UI.
        None if path.rsplit('/').next().is_some_and(|name| name.contains('.')) => nothing(path),
        _ => match Files::get("index.html") {
            Some(file) => page(file, "index.html", "no-cache"),
            None => Problem::new(Code::Unavailable, "the web UI was not built; run `npm run build`")
                .into_response(),
        },
    }
}

fn page(file: rust_embed::EmbeddedFile, path: &str, cache: &'static str) -> Response {
    let kind = match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" | "webmanifest" => "application/json",
        _ => "application/octet-stream",
    };
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cache)], file.data).into_response()
}

fn nothing(path: &str) -> Response {
    Problem::new(
        Code::NotFound,
        format!("there is nothing at /{}", path.chars().take(200).collect::<String>()),
    )
    .into_response()
}
