//! What the server is compared with: Salt's own salt-api (rest_cherrypy), and publishes that go straight to the master's
//! request port, as the plugin sends them.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use raas_lab::{Process, Venv, wait};
use raas_salt::{MasterConfig, PublishRequest, Requests, job_cache};
use reqwest::StatusCode;
use serde_json::{Value, json};

const USER: &str = "bench";
const LIMIT: Duration = Duration::from_mins(1);

/// What the master's configuration says for salt-api. Anybody is let in: it listens here only.
pub(super) fn master_settings(port: u16) -> String {
    format!(
        "rest_cherrypy: {{host: 127.0.0.1, port: {port}, disable_ssl: true, thread_pool: 8}}\n\
         netapi_enable_clients: [local_async]\nexternal_auth: {{auto: {{{USER}: ['.*']}}}}\n"
    )
}

/// Where salt-api is started: beside the master of this configuration.
#[derive(Clone, Copy, Debug)]
pub(super) struct SaltApiPlace<'a> {
    /// With Salt.
    pub(super) venv: &'a Venv,
    /// Where CherryPy is kept.
    pub(super) cache: &'a Path,
    /// The master's.
    pub(super) config: &'a Path,
    /// The master's.
    pub(super) dir: &'a Path,
    /// Where it listens.
    pub(super) port: u16,
}

impl SaltApiPlace<'_> {
    /// Starts it.
    pub(super) async fn start(&self) -> Result<SaltApi> {
        let packages = self.cache.join(format!("cherrypy-{}", self.venv.version()));
        if !packages.join("cherrypy").is_dir() {
            eprintln!("CherryPy from the Python registry");
            install(self.venv, &packages)?;
        }
        let mut command = Command::new(self.venv.program("salt-api"));
        command.arg("-c").arg(self.config).args(["--log-file-level", "error"]).current_dir(self.dir);
        command.env("PYTHONPATH", &packages).env(raas_lab::process::MARK, self.dir);
        let process = Process::start("salt-api", &mut command, &self.dir.join("salt-api.log"))?;
        let http = reqwest::Client::builder().timeout(LIMIT).build().context("cannot make an HTTP client")?;
        let url = format!("http://127.0.0.1:{}", self.port);
        let token = wait::until("salt-api to let us in", LIMIT, || async {
            login(&http, &url).await.map_err(|error| format!("{error:#}; {}", process.last_words()))
        })
        .await?;
        Ok(SaltApi { http, url, token, failures: AtomicU32::new(0), _process: process })
    }
}

/// A running salt-api, signed in; ends when dropped.
#[derive(Debug)]
pub(super) struct SaltApi {
    http: reqwest::Client,
    url: String,
    token: String,
    failures: AtomicU32,
    _process: Process,
}

impl SaltApi {
    /// One job; whether salt-api made it. With several clients at once it answers some of them 500.
    pub(super) async fn local_async(&self) -> Result<bool> {
        let low = json!([{"client": "local_async", "tgt": "*", "fun": "test.ping"}]);
        let request = self.http.post(&self.url).header("X-Auth-Token", &self.token).json(&low);
        let answer =
            request.header("Accept", "application/json").send().await.context("salt-api does not answer")?;
        if answer.status() == StatusCode::INTERNAL_SERVER_ERROR {
            self.failures.fetch_add(1, Ordering::Relaxed);
            return Ok(false);
        }
        let answer = read(answer).await?;
        if answer["return"][0]["jid"].is_string() {
            Ok(true)
        } else {
            bail!("salt-api made no job: {answer}")
        }
    }

    /// Calls that it answered 500.
    pub(super) fn failures(&self) -> u32 {
        self.failures.load(Ordering::Relaxed)
    }
}

async fn login(http: &reqwest::Client, url: &str) -> Result<String> {
    let account = json!({"username": USER, "password": USER, "eauth": "auto"});
    let answer = json_of(http.post(format!("{url}/login")).json(&account)).await?;
    let token = answer["return"][0]["token"].as_str();
    token.map(str::to_owned).with_context(|| format!("no token: {answer}"))
}

async fn json_of(request: reqwest::RequestBuilder) -> Result<Value> {
    read(request.header("Accept", "application/json").send().await.context("salt-api does not answer")?).await
}

async fn read(answer: reqwest::Response) -> Result<Value> {
    let (status, text) = (answer.status(), answer.text().await.unwrap_or_default());
    if !status.is_success() {
        bail!("salt-api answers {status}: {text}");
    }
    serde_json::from_str(&text).with_context(|| format!("salt-api answers no JSON: {text}"))
}

fn install(venv: &Venv, packages: &Path) -> Result<()> {
    let mut pip = Command::new(venv.program("python"));
    pip.args(["-m", "pip", "install", "--quiet", "--retries", "5", "--target"]).arg(packages).arg("cherrypy");
    let out = pip.output().context("cannot run pip")?;
    if !out.status.success() {
        bail!("CherryPy cannot be installed:\n{}", String::from_utf8_lossy(&out.stderr));
    }
    Ok(())
}

/// The master's request port, and its job cache.
#[derive(Debug)]
pub(super) struct Bare {
    config: MasterConfig,
    requests: Requests,
    number: AtomicU32,
}

impl Bare {
    /// Of the master of this configuration.
    pub(super) fn of(config: &Path) -> Result<Self> {
        let config = MasterConfig::read(config).context("the master's configuration cannot be read")?;
        Ok(Self { requests: Requests::new(&config), config, number: AtomicU32::new(0) })
    }

    /// Takes those jobs from the end of `missing` that the master's job cache has, until one is not there. Looking through the whole
    /// cache again and again would take the processor from the master that is measured.
    pub(super) fn found(&self, missing: &mut Vec<String>) {
        while missing.last().is_some_and(|jid| job_cache::find(&self.config, jid).is_some()) {
            missing.pop();
        }
    }

    /// Publishes one job and waits for the answer.
    pub(super) async fn publish(&self) -> Result<()> {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let job = PublishRequest {
            jid: format!("{}{:06}", now().strftime("%Y%m%d%H%M%S"), number % 1_000_000),
            // As costly for the master as any other, and the server expects no answers of it: else it would ask about each, as
            // nobody answers here, while others are measured.
            fun: "saltutil.find_job".to_owned(),
            arg: json!(["20260102030405000678"]),
            tgt: json!("*"),
            tgt_type: "glob".to_owned(),
            user: USER.to_owned(),
            metadata: None,
        };
        self.requests.publish(&job, LIMIT).await.context("the master takes no job").map(drop)
    }
}

#[allow(clippy::disallowed_methods, reason = "a benchmark's own clock, for jids")]
fn now() -> Timestamp {
    Timestamp::now()
}
