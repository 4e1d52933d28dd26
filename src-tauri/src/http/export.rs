//! Files that are streamed.

use axum::{
    Extension,
    body::{Body, Bytes},
    extract::{RawQuery, State},
    http::header,
    response::{IntoResponse, Response},
};
use futures::StreamExt as _;

use super::FromWeb;
use crate::{
    error::{Problem, Result},
    ops::{
        Caller, check,
        exports::{self, ExportInteractions, Format},
        operation::{allow, read},
    },
};

/// The header with the number of rows to come, for a progress bar.
const TOTAL_ROWS: &str = "x-total-rows";

/// `GET /api/interactions/export?from=&to=&format=csv|json&pseudonymise=true`
pub(super) async fn interactions(
    State(web): FromWeb,
    Extension(who): Extension<Caller>,
    RawQuery(query): RawQuery,
) -> Response {
    let begun = async {
        allow(&who, exports::MIN_ROLE)?;
        let input: ExportInteractions = read(super::api::query_input(query.as_deref())?)?;
        check(&input, web.core.now())?;
        exports::begin(&web.core, &who, input).await
    };
    match begun.await {
        Ok(export) => file(export),
        Err(problem) => problem.into_response(),
    }
}

fn file(export: exports::Export) -> Response {
    let kind = match export.format {
        Format::Csv => "text/csv; charset=utf-8",
        Format::Json => "application/json",
    };
    let (name, total) = (export.file_name(), export.total);
    // A stream that breaks off tells the reader that the file is not whole.
    let parts = export.stream().map(|part: Result<_>| {
        part.map(|(bytes, _)| Bytes::from(bytes)).map_err(|p: Problem| std::io::Error::other(p.detail))
    });
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, [(TOTAL_ROWS, total.to_string())], Body::from_stream(parts)).into_response()
}
