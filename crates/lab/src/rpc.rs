//! A signed-in user of the API; `operator` says what such a user does.

use anyhow::{Context, Result};
use raas_api::{Call, Method};
use raas_client::{Answer, Client, ClientError, Credentials, Options};
use serde_json::Value;

/// A signed-in user.
#[derive(Debug)]
pub struct Api(Client);

impl Api {
    /// Signs in at `url`.
    pub async fn login(url: &str, user: &str, password: &str) -> Result<Self> {
        let credentials = Credentials::Password { username: user.to_owned(), password: password.to_owned() };
        let client = Client::new(Options::new(url, credentials))?;
        client.token().await?;
        Ok(Self(client))
    }

    /// Calls a method.
    pub async fn call<M: Method>(&self, params: &M::Params) -> Result<M::Reply> {
        Ok(self.0.call::<M>(params).await?.ret)
    }

    /// Calls a method by its names, and returns its warnings or its error too.
    pub async fn raw(
        &self,
        resource: &str,
        method: &str,
        kwarg: Value,
    ) -> Result<Answer<Value>, ClientError> {
        let kwarg = kwarg.as_object().cloned();
        let call =
            Call { resource: resource.to_owned(), method: method.to_owned(), kwarg, ..Call::default() };
        self.0.raw(&call).await
    }

    /// The token in use, for what speaks HTTP by itself.
    pub async fn token(&self) -> Result<String> {
        self.0.token().await.context("cannot sign in again")
    }
}
