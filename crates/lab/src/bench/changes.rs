//! The server's `/stream` as a benchmark reads it: wake up when a job changed.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use raas_api::Jid;
use raas_lab::Stage;
use serde_json::Value;

/// An open stream.
pub(crate) struct Changes {
    response: reqwest::Response,
    text: String,
}

impl Changes {
    /// Opens it and waits for its first word.
    pub(crate) async fn listen(stage: &Stage) -> Result<Self> {
        let http = reqwest::Client::builder().build().context("cannot make an HTTP client")?;
        let request =
            http.get(format!("{}/stream", stage.server.url())).bearer_auth(stage.api.token().await?);
        let response = request.send().await.context("cannot open the stream")?;
        let response = response.error_for_status().context("the stream was refused")?;
        let mut changes = Self { response, text: String::new() };
        changes.line(Duration::from_secs(10)).await?;
        Ok(changes)
    }

    /// Returns at the next change of this job, or when everything is to be looked at again.
    pub(crate) async fn of(&mut self, jid: &Jid, limit: Duration) -> Result<()> {
        loop {
            let line = self.line(limit).await?;
            let Some(data) = line.strip_prefix("data:") else { continue };
            let change: Value = serde_json::from_str(data).unwrap_or_default();
            if change["jid"] == jid.as_str() || change.get("jid").is_none() {
                return Ok(());
            }
        }
    }

    async fn line(&mut self, limit: Duration) -> Result<String> {
        loop {
            if let Some(end) = self.text.find('\n') {
                return Ok(self.text.drain(..=end).collect::<String>().trim_end().to_owned());
            }
            let chunk = tokio::time::timeout(limit, self.response.chunk());
            match chunk.await.context("the stream was silent for too long")?? {
                Some(bytes) => self.text += &String::from_utf8_lossy(&bytes),
                None => bail!("the server closed the stream"),
            }
        }
    }
}
