//! What work needs of the Salt master and of the server, so that a test can stand in for either.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use raas_salt::{
    Keys, MasterConfig, Publication, PublishRequest, RequestError, Requests, RunnerStarted, WheelReply,
    job_cache,
};
use raas_wire::{Claim, Claimed, KeyAction, KeyChange, Return};
use serde_json::{Value, json};

use crate::uplink::{CallError, Client};
use crate::watch::returns;

/// Runs are allowed one by one.
#[async_trait]
pub trait Claims: Send + Sync + std::fmt::Debug {
    /// Asks whether a delivery may be run.
    async fn claim(&self, claim: &Claim) -> Result<Claimed, CallError>;
}

#[async_trait]
impl Claims for Client {
    async fn claim(&self, claim: &Claim) -> Result<Claimed, CallError> {
        Client::claim(self, claim).await
    }
}

/// A function with its arguments and who asks.
#[derive(Clone, Debug)]
pub struct Call {
    /// Function.
    pub fun: String,
    /// Array.
    pub arg: Value,
    /// Map.
    pub kwarg: Value,
    /// Goes into Salt's `user` field.
    pub user: String,
}

/// A Salt master.
#[async_trait]
pub trait Salt: Send + Sync + std::fmt::Debug {
    /// Publishes a job.
    async fn publish(&self, job: &PublishRequest, limit: Duration) -> Result<Publication, RequestError>;
    /// Starts a runner.
    async fn runner(&self, call: &Call, limit: Duration) -> Result<RunnerStarted, RequestError>;
    /// Runs a wheel function.
    async fn wheel(&self, call: &Call, limit: Duration) -> Result<WheelReply, RequestError>;
    /// The returns of these minions that the master's job cache has.
    async fn returned(&self, jid: &str, minions: &[String]) -> Vec<Return>;
    /// Changes one key; a sentence when that was not done.
    async fn change_key(&self, change: KeyChange) -> Result<(), String>;
}

/// The real one.
#[derive(Clone, Debug)]
pub struct RealSalt {
    /// Its request port.
    pub requests: Requests,
    /// Its keys.
    pub keys: Keys,
    /// Where its job cache is.
    pub config: Arc<MasterConfig>,
}

#[async_trait]
impl Salt for RealSalt {
    async fn publish(&self, job: &PublishRequest, limit: Duration) -> Result<Publication, RequestError> {
        self.requests.publish(job, limit).await
    }

    async fn runner(&self, call: &Call, limit: Duration) -> Result<RunnerStarted, RequestError> {
        self.requests.runner(&call.fun, &call.arg, &call.kwarg, &call.user, limit).await
    }

    async fn wheel(&self, call: &Call, limit: Duration) -> Result<WheelReply, RequestError> {
        self.requests.wheel(&call.fun, &call.arg, &call.kwarg, &call.user, limit).await
    }

    async fn returned(&self, jid: &str, minions: &[String]) -> Vec<Return> {
        let (config, jid, minions) = (Arc::clone(&self.config), jid.to_owned(), minions.to_vec());
        let look = move || {
            let Some(job) = job_cache::find(&config, &jid) else { return Vec::new() };
            let load = job.load();
            let found = minions.iter().filter_map(|id| job.return_of(id));
            found.map(|one| returns::of_cache(&jid, &one, load.as_ref(), None)).collect()
        };
        tokio::task::spawn_blocking(look).await.unwrap_or_default()
    }

    async fn change_key(&self, change: KeyChange) -> Result<(), String> {
        if change.action == KeyAction::Delete && raas_salt::is_minion_id(&change.minion_id) {
            self.delete_through_salt(&change.minion_id).await;
        }
        let keys = self.keys.clone();
        let changed = tokio::task::spawn_blocking(move || {
            let (id, pem) = (&change.minion_id, change.public_key.as_deref());
            match change.action {
                KeyAction::Accept => keys.accept(id, pem),
                KeyAction::Reject => keys.reject(id, pem),
                KeyAction::Delete => keys.delete(id),
            }
        });
        match changed.await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(error) => Err(format!("the change was not finished: {error}")),
        }
    }
}

impl RealSalt {
    /// Salt changes its session key when it deletes an accepted key itself. What it leaves is deleted as files afterwards.
    async fn delete_through_salt(&self, minion_id: &str) {
        let call = json!([{"minions": [minion_id]}]);
        let limit = Duration::from_secs(20);
        if let Err(error) = self.requests.wheel("key.delete_dict", &call, &json!({}), "raas", limit).await {
            tracing::warn!(minion_id, %error, "Salt did not delete the key; its session key stays as it was");
        }
    }
}
