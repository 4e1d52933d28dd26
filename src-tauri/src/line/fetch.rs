//! Users' contents, fetched from LINE's host for data.

use std::time::Duration;

use axum::body::Bytes;
use reqwest::{Method, Response, StatusCode};
use serde_json::Value;

use super::{
    client::{Client, Token},
    error::{LineError, Unreached, read, refused, unreachable},
};

/// The most time for one of them: 200 MB over a line of 2 Mbit/s.
const MAX_TIME: Duration = Duration::from_secs(900);

/// The most time between two pieces.
const MAX_SILENCE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(crate) enum Content {
    Ready(Pieces),
    /// A video or sound is still being transcoded.
    Preparing,
}

#[derive(Debug)]
pub(crate) struct Pieces(Response);

impl Pieces {
    /// `None` where LINE does not give it.
    pub(crate) fn length(&self) -> Option<u64> {
        self.0.content_length()
    }

    /// `None` at the end.
    ///
    /// # Errors
    /// The connection was lost, or nothing came for too long.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, LineError> {
        match tokio::time::timeout(MAX_SILENCE, self.0.chunk()).await {
            Ok(Ok(piece)) => Ok(piece),
            Ok(Err(_)) => Err(LineError::Unreachable(Unreached::CutOff)),
            Err(_) => Err(LineError::Unreachable(Unreached::NoAnswer)),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transcoding {
    Processing,
    Succeeded,
    Failed,
}

impl Client {
    /// # Errors
    /// 404 where LINE no longer has it, 410 where it was taken back.
    pub(crate) async fn content(&self, message_id: &str) -> Result<Content, LineError> {
        let response = self.data(message_id, "content").await?;
        match response.status() {
            StatusCode::OK => Ok(Content::Ready(Pieces(response))),
            StatusCode::ACCEPTED => Ok(Content::Preparing),
            status => {
                let headers = response.headers().clone();
                Err(refused(status, &headers, &read(response).await.unwrap_or_default()))
            }
        }
    }

    pub(crate) async fn transcoding(&self, message_id: &str) -> Result<Transcoding, LineError> {
        let response = self.data(message_id, "content/transcoding").await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = read(response).await.map_err(LineError::Unreachable)?;
        if !status.is_success() {
            return Err(refused(status, &headers, &bytes));
        }
        let said: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        Ok(match said["status"].as_str() {
            Some("succeeded") => Transcoding::Succeeded,
            Some("failed") => Transcoding::Failed,
            _ => Transcoding::Processing,
        })
    }

    /// Asks the host for a message's data, with another token where LINE does not take the one in
    /// use.
    async fn data(&self, message_id: &str, what: &str) -> Result<Response, LineError> {
        // LINE's ids are digits; other characters would change the path.
        if message_id.is_empty() || !message_id.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(LineError::Refused { status: 404, message: "no id of LINE's".into() });
        }
        let path = format!("/v2/bot/message/{message_id}/{what}");
        let used = self.credentials().token;
        let response = self.data_once(&path, &used).await?;
        if response.status() == StatusCode::UNAUTHORIZED
            && let Some(fresh) = self.token_other_than(&used).await
        {
            return self.data_once(&path, &fresh).await;
        }
        Ok(response)
    }

    async fn data_once(&self, path: &str, token: &Token) -> Result<Response, LineError> {
        self.request_data(Method::GET, path, token).timeout(MAX_TIME).send().await.map_err(unreachable)
    }
}
