//! The form of every answer: JSON, LINE's words where it refuses, a request id on all of them.

use axum::{
    Extension, Json,
    body::{Bytes, HttpBody as _},
    extract::{FromRequest, Request, State as From},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header::CONTENT_TYPE},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::MAX_BODY;
use crate::{
    ids,
    line::sandbox::{MAX_REFUSED, Sandbox, check},
};

/// The id of a call, a UUID, in `x-line-request-id`; a narrowcast's progress is asked for by it.
#[derive(Clone)]
pub(super) struct RequestId(pub(super) String);

#[derive(Clone)]
struct Refusal(String);

/// `{"message","details"}`, without `details` where there are none.
pub(super) fn refuse(status: u16, message: &str, details: Vec<Value>) -> Response {
    let mut body = json!({ "message": message });
    if !details.is_empty() {
        body["details"] = Value::Array(details);
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    (status, Extension(Refusal(body["message"].to_string())), Json(body)).into_response()
}

/// One error in the body, at `property`.
pub(super) fn refuse_property(property: &str, message: &str) -> Response {
    let detail = json!({ "message": message, "property": property });
    refuse(400, "The request body has 1 error(s)", vec![detail])
}

/// LINE's answer for a user, group or id it does not know, and for a path it does not have.
pub(super) fn not_found() -> Response {
    refuse(404, "Not found", vec![])
}

pub(super) struct Refused(Box<Response>);

impl std::convert::From<Response> for Refused {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        *self.0
    }
}

pub(super) type Answer = Result<Response, Refused>;

/// The answer `{}`, which says no more than yes.
pub(super) fn done() -> Response {
    Json(json!({})).into_response()
}

/// The call with its body in memory. An answer before the body has come closes the connection, and
/// the client's next call on it fails. A body that is too large or of unknown size is left to its
/// reader.
async fn read_through(call: Request) -> Request {
    let (parts, body) = call.into_parts();
    let is_small = body.size_hint().exact().is_some_and(|size| size <= MAX_BODY as u64);
    let body = if is_small {
        // A body that ends early becomes empty, which the handler refuses.
        axum::body::to_bytes(body, MAX_BODY).await.unwrap_or_default().into()
    } else {
        body
    };
    Request::from_parts(parts, body)
}

/// Gives every answer its request id, and remembers refused calls: a fault answers with 401, 429 or
/// 500 and is not remembered.
pub(super) async fn frame(From(sandbox): From<Sandbox>, mut call: Request, next: Next) -> Response {
    let id = ids::time_ordered(sandbox.clock.now()).to_string();
    let path = call.uri().path().to_owned();
    call.extensions_mut().insert(RequestId(id.clone()));
    let mut answer = in_json(next.run(read_through(call).await).await);
    // 404 and 409 are answers to valid calls, too.
    if matches!(answer.status().as_u16(), 400 | 405 | 413 | 415) {
        let message = answer.extensions().get::<Refusal>().map_or("", |refusal| refusal.0.as_str());
        let mut state = sandbox.state();
        if state.refused.len() < MAX_REFUSED {
            state.refused.push(format!("{path}: {message}"));
        }
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        answer.headers_mut().insert("x-line-request-id", id);
    }
    answer
}

/// Rewrites a refusal of the server itself, for an unreadable query or path, into LINE's form.
fn in_json(answer: Response) -> Response {
    let is_json =
        answer.headers().get(CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"application/json"));
    if is_json || !answer.status().is_client_error() {
        return answer;
    }
    refuse(answer.status().as_u16(), "The request is invalid", vec![])
}

/// Answers a path LINE does not have, and remembers it, since some answers of real paths look the
/// same.
pub(super) async fn no_such_path(From(sandbox): From<Sandbox>, method: Method, uri: Uri) -> Response {
    let mut state = sandbox.state();
    if state.no_such_path.len() < MAX_REFUSED {
        state.no_such_path.push(format!("{method} {}", uri.path()));
    }
    not_found()
}

pub(super) async fn no_such_method(From(sandbox): From<Sandbox>, method: Method, uri: Uri) -> Response {
    let mut state = sandbox.state();
    if state.no_such_path.len() < MAX_REFUSED {
        state.no_such_path.push(format!("{method} {}", uri.path()));
    }
    refuse(405, "Method not allowed", vec![])
}

/// The JSON object of a call's body; anything else is refused in LINE's words.
pub(super) struct Call(pub(super) Value);

impl FromRequest<Sandbox> for Call {
    type Rejection = Refused;

    async fn from_request(request: Request, sandbox: &Sandbox) -> Result<Self, Refused> {
        let is_json = is_json(request.headers());
        let (body, content_type) = read(request, sandbox).await?;
        if !is_json {
            return Err(unsupported(content_type.as_deref()).into());
        }
        match serde_json::from_slice(&body) {
            Ok(call @ Value::Object(_)) => Ok(Self(call)),
            Ok(_) => Err(no_json(1, 1).into()),
            Err(error) => Err(no_json(error.line(), error.column()).into()),
        }
    }
}

impl Call {
    pub(super) fn checked(self, table: &str) -> Result<Value, Refused> {
        let found = check::body(&self.0, table);
        if found.is_none() { Ok(self.0) } else { Err(refused(&found).into()) }
    }
}

pub(super) fn refused(found: &check::Faults) -> Response {
    let (message, details) = found.words();
    refuse(400, &message, details)
}

/// A body of any type, and the type.
pub(super) async fn read(request: Request, sandbox: &Sandbox) -> Result<(Bytes, Option<String>), Refused> {
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let too_large = |_| Refused::from(refuse(413, "Request exceeds the max size of 2MB", vec![]));
    Ok((Bytes::from_request(request, sandbox).await.map_err(too_large)?, content_type))
}

pub(super) fn unsupported(content_type: Option<&str>) -> Response {
    refuse(415, &format!("The content type, {}, is not supported", content_type.unwrap_or("null")), vec![])
}

fn is_json(headers: &HeaderMap) -> bool {
    let given = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    given.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn no_json(line: usize, column: usize) -> Response {
    let message = format!("The request body could not be parsed as JSON (line: {line}, column: {column})");
    refuse(400, &message, vec![])
}
