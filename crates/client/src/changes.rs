//! `/stream`, read: live changes as they come. Whoever reads decides what to do when it breaks.

use std::{collections::VecDeque, time::Duration};

use raas_api::LiveChange;

use crate::ClientError;

/// The server says something each 15 s: after this long it is gone.
const SILENCE: Duration = Duration::from_secs(40);

/// What comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// What came before this may have been missed: whoever keeps something looks at it again.
    Snapshot,
    /// Something changed.
    Changed(LiveChange),
}

/// An open stream.
#[derive(Debug)]
pub struct Changes {
    url: String,
    response: reqwest::Response,
    /// Bytes of an event that is not whole yet.
    begun: Vec<u8>,
    ready: VecDeque<Told>,
    last_id: Option<String>,
}

impl Changes {
    pub(crate) fn of(url: &str, response: reqwest::Response, last_id: Option<String>) -> Self {
        Self { url: url.to_owned(), response, begun: Vec::new(), ready: VecDeque::new(), last_id }
    }

    /// Where to go on, for the next [`Client::changes`](crate::Client::changes).
    pub fn last_id(&self) -> Option<String> {
        self.last_id.clone()
    }

    /// The next one; none: the server ended the stream.
    ///
    /// # Errors
    /// When the connection breaks, or the server falls silent.
    pub async fn next(&mut self) -> Result<Option<Told>, ClientError> {
        loop {
            if let Some(told) = self.ready.pop_front() {
                return Ok(Some(told));
            }
            let broken = |problem: String| ClientError::Transport { url: self.url.clone(), problem };
            let read = tokio::time::timeout(SILENCE, self.response.chunk()).await;
            let read = read.map_err(|_| broken(format!("nothing came for {} s", SILENCE.as_secs())))?;
            match read.map_err(|error| broken(crate::client::innermost(&error)))? {
                None => return Ok(None),
                Some(bytes) => self.take(&bytes),
            }
        }
    }

    /// Events end with an empty line.
    fn take(&mut self, bytes: &[u8]) {
        self.begun.extend_from_slice(bytes);
        while let Some(end) = self.begun.windows(2).position(|two| two == b"\n\n") {
            let event: Vec<u8> = self.begun.drain(..end + 2).collect();
            self.read(&String::from_utf8_lossy(&event));
        }
    }

    /// Heartbeats are comments, without an event.
    fn read(&mut self, event: &str) {
        let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
        if let Some(id) = field("id: ") {
            self.last_id = Some(id.to_owned());
        }
        match (field("event: "), field("data: ").map(serde_json::from_str::<LiveChange>)) {
            (Some("change"), Some(Ok(change))) => self.ready.push_back(Told::Changed(change)),
            (Some(_), _) => self.ready.push_back(Told::Snapshot),
            (None, _) => {}
        }
    }
}
