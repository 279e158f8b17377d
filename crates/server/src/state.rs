//! What every part of the running server shares.

use std::sync::{Arc, Mutex};

use raas_db::{Db, DbError, Session, listen};
use raas_wire::key::SigningKey;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    auth::{Tokens, UnknownTokens},
    clock::Clock,
    config::Config,
    link::Taking,
    random::Random,
    stream::Stream,
};

/// The running server. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState(Arc<Inner>);

/// What [`AppState`] holds.
#[derive(Debug)]
pub struct Inner {
    /// PostgreSQL.
    pub db: Db,
    /// Configuration.
    pub config: Config,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// Signs replies to plugins.
    pub server_key: SigningKey,
    /// Signs and reads tokens.
    pub tokens: Tokens,
    /// Places for sign-ins whose passwords are being checked, those who wait for their turn included.
    pub signing_in: Semaphore,
    /// Places for batches of reports that are being taken.
    pub taking: Taking,
    /// Tokens that were refused lately.
    pub unknown_tokens: UnknownTokens,
    /// Hears of work and changes from every server of this database.
    pub listener: listen::Listener,
    /// Numbered changes for `/stream`.
    pub stream: Stream,
    /// The day whose partition of the audit is certainly there.
    pub audit_day: Mutex<Option<jiff::civil::Date>>,
    /// Ends everything.
    pub shutdown: CancellationToken,
}

impl std::ops::Deref for AppState {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// Something that `/stream` shows has changed. Payload of the `raas_change` channel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Change {
    /// clusters, masters, minions, commands, outcomes.
    pub topic: String,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster_id: Option<String>,
    /// Which job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jid: Option<String>,
}

impl Change {
    /// A change of one topic.
    pub fn of(topic: &str) -> Self {
        Self { topic: topic.to_owned(), ..Self::default() }
    }

    /// … in one cluster.
    #[must_use]
    pub fn in_cluster(self, cluster_id: &str) -> Self {
        Self { cluster_id: Some(cluster_id.to_owned()), ..self }
    }

    /// … of one job.
    #[must_use]
    pub fn of_job(self, jid: &str) -> Self {
        Self { jid: Some(jid.to_owned()), ..self }
    }
}

impl AppState {
    /// Puts the parts together.
    pub fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// Tells the server that holds this master's call that there is work. In a transaction it is told on commit.
    pub async fn notify_work(&self, session: &impl Session, master_uuid: Uuid) -> Result<(), DbError> {
        listen::notify(session, listen::WORK, &master_uuid.to_string()).await
    }

    /// Tells every `/stream` of every server. In a transaction they are told on commit.
    pub async fn notify_change(&self, session: &impl Session, change: &Change) -> Result<(), DbError> {
        let payload = serde_json::to_string(change).unwrap_or_default();
        listen::notify(session, listen::CHANGE, &payload).await
    }
}
