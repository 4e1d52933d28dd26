//! LINE's figures about many patients together, never about one.

use reqwest::Method;
use serde_json::Value;

use super::{Client, LineError};

impl Client {
    /// Asks how many people opened a message of an aggregation unit sent on these days (`20261101`,
    /// in Japan, at most 31); `None` where LINE shows no number, for example for fewer than 20
    /// people.
    ///
    /// # Errors
    /// LINE refused (it takes 60 an hour) or cannot be reached.
    pub(crate) async fn opened(&self, unit: &str, from: &str, to: &str) -> Result<Option<i64>, LineError> {
        let path = format!(
            "/v2/bot/insight/message/event/aggregation?customAggregationUnit={unit}&from={from}&to={to}"
        );
        let told: Value = self.call(Method::GET, &path, None).await?;
        Ok(told["overview"]["uniqueImpression"].as_i64().filter(|people| SAID.contains(people)))
    }
}

/// The numbers LINE shows ("it is not shown when it is less than 20"), up to all people there are.
const SAID: std::ops::Range<i64> = 20..10_000_000_000;
