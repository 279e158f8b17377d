//! The client itself.

use std::time::Duration;

use http::StatusCode;
use raas_api::{Call, ErrorBody, Method, Reply};
use reqwest::header::{AUTHORIZATION, COOKIE, SET_COOKIE};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::RwLock;

use crate::{Answer, Changes, ClientError};

/// Longest time for a stream; whoever reads it notices when it falls silent.
const NO_END: Duration = Duration::from_hours(10 * 365 * 24);

/// How to sign in.
#[derive(Clone)]
pub enum Credentials {
    /// Name and password: a token is fetched at the first call, and again when it has expired.
    Password {
        /// Account.
        username: String,
        /// Password.
        password: String,
    },
    /// A token that somebody else fetched.
    Token(String),
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Password { username, .. } => write!(f, "Password({username})"),
            Self::Token(_) => f.write_str("Token"),
        }
    }
}

/// Where and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// `https://raas.example:8080`
    pub url: String,
    /// Who.
    pub credentials: Credentials,
    /// Longest time for one call.
    pub timeout: Duration,
    /// Take any certificate.
    pub insecure: bool,
}

impl Options {
    /// A minute for each call, certificates checked.
    pub fn new(url: &str, credentials: Credentials) -> Self {
        let url = url.trim_end_matches('/').to_owned();
        Self { url, credentials, timeout: Duration::from_mins(1), insecure: false }
    }
}

/// A client of one server.
#[derive(Debug)]
pub struct Client {
    options: Options,
    http: reqwest::Client,
    token: RwLock<Option<String>>,
}

#[derive(Deserialize)]
struct Login {
    jwt: String,
}

impl Client {
    /// Makes a client; nothing is sent yet.
    ///
    /// # Errors
    /// When the TLS side cannot be set up.
    pub fn new(options: Options) -> Result<Self, ClientError> {
        let http = reqwest::Client::builder()
            .timeout(options.timeout)
            .connect_timeout(Duration::from_secs(10))
            .danger_accept_invalid_certs(options.insecure)
            .build()
            .map_err(|error| transport(&options.url, &error))?;
        let token = match &options.credentials {
            Credentials::Token(token) => Some(token.clone()),
            Credentials::Password { .. } => None,
        };
        Ok(Self { options, http, token: RwLock::new(token) })
    }

    /// The token in use; signs in when there is none.
    ///
    /// # Errors
    /// When signing in fails.
    pub async fn token(&self) -> Result<String, ClientError> {
        if let Some(token) = self.token.read().await.clone() {
            return Ok(token);
        }
        let token = self.sign_in().await?;
        *self.token.write().await = Some(token.clone());
        Ok(token)
    }

    /// Calls a method.
    ///
    /// # Errors
    /// Transport, signing in, or the method's own error.
    pub async fn call<M: Method>(&self, params: &M::Params) -> Result<Answer<M::Reply>, ClientError> {
        let kwarg = match serde_json::to_value(params) {
            Ok(Value::Object(map)) => map,
            Ok(_) | Err(_) => serde_json::Map::new(),
        };
        let call = Call {
            resource: M::RESOURCE.to_owned(),
            method: M::NAME.to_owned(),
            kwarg: Some(kwarg),
            ..Call::default()
        };
        let Answer { ret, warnings } = self.raw(&call).await?;
        let ret = serde_json::from_value(ret).map_err(|error| self.not_raas(&error.to_string()))?;
        Ok(Answer { ret, warnings })
    }

    /// Calls a method by its names.
    ///
    /// # Errors
    /// Transport, signing in, or the method's own error.
    pub async fn raw(&self, call: &Call) -> Result<Answer<Value>, ClientError> {
        let mut reply = self.post(call).await?;
        if reply.0 == StatusCode::UNAUTHORIZED
            && matches!(self.options.credentials, Credentials::Password { .. })
        {
            *self.token.write().await = None;
            reply = self.post(call).await?;
        }
        let (_, Reply { ret, error, warnings, .. }) = reply;
        match error {
            None => Ok(Answer { ret, warnings }),
            Some(error) => Err(ClientError::Method {
                method: format!("{}.{}", call.resource, call.method),
                error: Box::new(error),
            }),
        }
    }

    /// Opens the live changes, after `last_id` where the server still knows it.
    ///
    /// # Errors
    /// Transport, signing in, or the server's refusal.
    pub async fn changes(&self, last_id: Option<&str>) -> Result<Changes, ClientError> {
        let mut response = self.open(last_id).await?;
        if response.status() == StatusCode::UNAUTHORIZED
            && matches!(self.options.credentials, Credentials::Password { .. })
        {
            *self.token.write().await = None;
            response = self.open(last_id).await?;
        }
        if response.status() == StatusCode::OK {
            return Ok(Changes::of(&self.options.url, response, last_id.map(str::to_owned)));
        }
        let status = response.status();
        match response.json::<Reply>().await.ok().and_then(|reply| reply.error) {
            Some(error) => Err(ClientError::Method { method: "/stream".to_owned(), error: Box::new(error) }),
            None => Err(self.not_raas(&format!("{status} from /stream"))),
        }
    }

    async fn open(&self, last_id: Option<&str>) -> Result<reqwest::Response, ClientError> {
        let token = self.token().await?;
        let request = self.http.get(format!("{}/stream", self.options.url)).timeout(NO_END);
        let request = request.header(AUTHORIZATION, format!("JWT {token}"));
        let request = match last_id {
            Some(id) => request.header("last-event-id", id),
            None => request,
        };
        request.send().await.map_err(|error| transport(&self.options.url, &error))
    }

    async fn post(&self, call: &Call) -> Result<(StatusCode, Reply), ClientError> {
        let url = format!("{}/rpc", self.options.url);
        let token = self.token().await?;
        let request = self.http.post(&url).header(AUTHORIZATION, format!("JWT {token}")).json(call);
        let response = request.send().await.map_err(|error| transport(&self.options.url, &error))?;
        let status = response.status();
        let body = response.bytes().await.map_err(|error| transport(&self.options.url, &error))?;
        serde_json::from_slice(&body)
            .map(|reply| (status, reply))
            .map_err(|_| self.not_raas(&format!("{status}, {} bytes that are no reply", body.len())))
    }

    async fn sign_in(&self) -> Result<String, ClientError> {
        let Credentials::Password { username, password } = &self.options.credentials else {
            return Err(self.refused("the token is no longer valid: sign in again"));
        };
        let url = format!("{}/account/login", self.options.url);
        let offer = self.http.get(&url).send().await.map_err(|error| transport(&self.options.url, &error))?;
        let xsrf = offer
            .headers()
            .get_all(SET_COOKIE)
            .iter()
            .find_map(|cookie| cookie.to_str().ok()?.strip_prefix("_xsrf=")?.split(';').next())
            .ok_or_else(|| self.not_raas("GET /account/login set no _xsrf cookie"))?
            .to_owned();
        let response = self
            .http
            .post(&url)
            .header("X-Xsrftoken", &xsrf)
            .header(COOKIE, format!("_xsrf={xsrf}"))
            .json(&json!({"username": username, "password": password, "config_name": "internal", "token_type": "jwt"}))
            .send()
            .await
            .map_err(|error| transport(&self.options.url, &error))?;
        let body: Value = response.json().await.map_err(|error| self.not_raas(&error.to_string()))?;
        if let Ok(error) = serde_json::from_value::<ErrorBody>(body["error"].clone()) {
            return Err(self.refused(&error.message));
        }
        serde_json::from_value::<Login>(body)
            .map(|login| login.jwt)
            .map_err(|_| self.not_raas("the login gave no token"))
    }

    fn refused(&self, message: &str) -> ClientError {
        ClientError::SignIn { url: self.options.url.clone(), message: message.to_owned() }
    }

    fn not_raas(&self, problem: &str) -> ClientError {
        ClientError::NotRaas { url: self.options.url.clone(), problem: problem.to_owned() }
    }
}

/// The innermost cause says it best: "connection refused" rather than "error sending request".
fn transport(url: &str, error: &reqwest::Error) -> ClientError {
    ClientError::Transport { url: url.to_owned(), problem: innermost(error) }
}

pub(crate) fn innermost(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
