//! A small client of the RPC API: signs in once and calls typed methods.

use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use raas_api::{Method, Reply};
use reqwest::header::SET_COOKIE;
use serde_json::{Value, json};

/// A signed-in user.
#[derive(Clone, Debug)]
pub struct Api {
    http: reqwest::Client,
    url: String,
    jwt: String,
}

impl Api {
    /// Signs in at `url` by `/account/login`.
    pub async fn login(url: &str, user: &str, password: &str) -> Result<Self> {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_mins(1))
            .build()
            .context("cannot make an HTTP client")?;
        let login = format!("{url}/account/login");
        let page = http.get(&login).send().await.with_context(|| format!("cannot reach {login}"))?;
        let xsrf = page
            .headers()
            .get_all(SET_COOKIE)
            .iter()
            .find_map(|cookie| cookie.to_str().ok()?.strip_prefix("_xsrf=")?.split(';').next())
            .with_context(|| format!("GET {login} set no _xsrf cookie"))?
            .to_owned();
        let answer = http
            .post(&login)
            .header("X-Xsrftoken", &xsrf)
            .header("Cookie", format!("_xsrf={xsrf}"))
            .json(&json!({"username": user, "password": password, "config_name": "internal"}))
            .send()
            .await
            .with_context(|| format!("cannot reach {login}"))?;
        let status = answer.status();
        let body: Value =
            answer.json().await.with_context(|| format!("POST {login}: {status} and no JSON"))?;
        let jwt = body["jwt"]
            .as_str()
            .with_context(|| format!("POST {login}: {status}, no jwt in {body}"))?
            .to_owned();
        Ok(Self { http, url: url.to_owned(), jwt })
    }

    /// Calls a method; an error of the reply is an error here.
    pub async fn call<M: Method>(&self, params: &M::Params) -> Result<M::Reply> {
        let name = format!("{}.{}", M::RESOURCE, M::NAME);
        let reply = self.raw(M::RESOURCE, M::NAME, serde_json::to_value(params)?).await?;
        if let Some(error) = reply.error {
            return Err(anyhow!("{name}: {} {}", error.code, error.message));
        }
        serde_json::from_value(reply.ret.clone())
            .with_context(|| format!("{name}: unexpected reply {}", reply.ret))
    }

    /// Calls a method by its names and returns the whole reply, with its error.
    pub async fn raw(&self, resource: &str, method: &str, kwarg: Value) -> Result<Reply> {
        let answer = self
            .http
            .post(format!("{}/rpc", self.url))
            .header("Authorization", format!("JWT {}", self.jwt))
            .json(&json!({"resource": resource, "method": method, "kwarg": kwarg, "riq": 1}))
            .send()
            .await
            .with_context(|| format!("cannot reach {}/rpc", self.url))?;
        let status = answer.status();
        let text =
            answer.text().await.with_context(|| format!("{resource}.{method}: the reply broke off"))?;
        match serde_json::from_str(&text) {
            Ok(reply) => Ok(reply),
            Err(_) => bail!("{resource}.{method}: {status} and no envelope: {text}"),
        }
    }
}
