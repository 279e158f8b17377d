//! A stand-in for the server: verifies what it gets, signs what it says, and misbehaves as the story wants.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, Uri};
use jiff::{SignedDuration, Timestamp};
use raas_plugin::clock::{Clock as _, SystemClock};
use raas_wire::key::{self, SigningKey, VerifyingKey};
use raas_wire::signature::{
    KEY_HEADER, MAX_SKEW_S, NONCE_HEADER, SIGNATURE_HEADER, SignedReply, SignedRequest, TIME_HEADER,
};
use raas_wire::{
    Batch, Commands, Committed, Enroll, Enrolled, MasterKeyState, Refusal, RefusalCode, Report, SaltState,
    Work, path,
};
use serde_json::{Value, json};
use tokio::sync::watch;

const PATIENCE: Duration = Duration::from_secs(20);

/// How it behaves, and what it has.
#[derive(Clone)]
pub(super) struct Inner {
    pub(super) key: SigningKey,
    pub(super) accepted: bool,
    pub(super) work: Vec<Work>,
    pub(super) ahead: SignedDuration,
    pub(super) down: bool,
    /// Signs with this key instead.
    pub(super) forge: Option<SigningKey>,
    /// Each record of a batch takes it so long.
    pub(super) slow: Duration,
    /// How long a reply to a call for work is under way.
    pub(super) under_way: Duration,
    /// How long it says that it held the call.
    pub(super) held_ms: u64,
    /// Refuses batches with this report.
    pub(super) refuse: Option<(Report, RefusalCode)>,
    master: Option<VerifyingKey>,
    held: Vec<Report>,
    through: u64,
    batches: usize,
    salt: Option<String>,
}

pub(super) struct Server {
    pub(super) url: String,
    inner: Arc<Mutex<Inner>>,
    changed: watch::Sender<()>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Clone)]
struct Shared(Arc<Mutex<Inner>>, watch::Sender<()>);

impl Server {
    pub(super) async fn start() -> Self {
        let inner = Arc::new(Mutex::new(Inner {
            key: key::from_random(&[77; 32]),
            accepted: false,
            work: Vec::new(),
            ahead: SignedDuration::ZERO,
            down: false,
            forge: None,
            slow: Duration::ZERO,
            under_way: Duration::ZERO,
            held_ms: 0,
            refuse: None,
            master: None,
            held: Vec::new(),
            through: 0,
            batches: 0,
            salt: None,
        }));
        let (changed, _) = watch::channel(());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Shared(Arc::clone(&inner), changed.clone());
        let app = Router::new().fallback(answer).with_state(shared);
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, inner, changed, task }
    }

    pub(super) async fn accepting() -> Self {
        let server = Self::start().await;
        server.set(|server| server.accepted = true);
        server
    }

    pub(super) fn set(&self, change: impl FnOnce(&mut Inner)) {
        change(&mut self.inner.lock().unwrap());
        self.changed.send_replace(());
    }

    pub(super) fn batches(&self) -> usize {
        self.inner.lock().unwrap().batches
    }

    pub(super) fn held(&self) -> Vec<Report> {
        self.inner.lock().unwrap().held.clone()
    }

    /// Waits until it holds exactly these reports.
    pub(super) async fn holds(&self, reports: &[Report]) {
        self.until("reports", |inner| inner.held == reports).await;
    }

    /// Waits until a heartbeat says so.
    pub(super) async fn heard(&self, salt: SaltState) {
        self.until("heartbeat", |inner| inner.salt.as_deref() == Some(salt.as_str())).await;
    }

    async fn until(&self, what: &str, is: impl Fn(&Inner) -> bool) {
        let mut changed = self.changed.subscribe();
        let waited = tokio::time::timeout(PATIENCE, async {
            while !is(&self.inner.lock().unwrap()) {
                changed.changed().await.unwrap();
            }
        });
        assert!(waited.await.is_ok(), "no such {what}; held: {:?}", self.held());
    }
}

async fn answer(
    State(Shared(inner, changed)): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default();
    let nonce = header(NONCE_HEADER).to_owned();
    let call = Call {
        path: uri.path(),
        query: uri.query().unwrap_or_default(),
        time: header(TIME_HEADER).parse().unwrap(),
        body: &body,
    };
    if uri.path() == path::COMMANDS {
        hold(&inner, &changed).await;
    }
    if uri.path() == path::REPORTS {
        // Whoever hangs up meanwhile has not been heard.
        let (slow, batch) = (inner.lock().unwrap().slow, raas_wire::decode::<Batch>(&body).unwrap());
        tokio::time::sleep(slow * u32::try_from(batch.records.len()).unwrap()).await;
    }
    let (status, reply, key, under_way) = {
        let mut inner = inner.lock().unwrap();
        if inner.down {
            return Response::builder().status(502).body(Body::from("bad gateway")).unwrap();
        }
        let request = SignedRequest {
            method: method.as_str(),
            path_and_query: uri.path_and_query().unwrap().as_str(),
            time: header(TIME_HEADER),
            nonce: &nonce,
            body: &body,
        };
        let master = call.master().or(inner.master).expect("enrol first");
        assert_eq!(header(KEY_HEADER), key::fingerprint(&master));
        assert!(request.verify(&master, header(SIGNATURE_HEADER)), "a request with a wrong signature");
        inner.master = Some(master);
        let (status, reply) = inner.serve(&call);
        let gave = uri.path() == path::COMMANDS && !reply["work"].as_array().is_none_or(Vec::is_empty);
        let under_way = if gave { inner.under_way } else { Duration::ZERO };
        (status, reply.to_string(), inner.forge.clone().unwrap_or_else(|| inner.key.clone()), under_way)
    };
    tokio::time::sleep(under_way).await;
    changed.send_replace(());
    let signature = SignedReply { nonce: &nonce, status, body: reply.as_bytes() }.sign(&key);
    Response::builder().status(status).header(SIGNATURE_HEADER, signature).body(Body::from(reply)).unwrap()
}

/// Until there is something to say, but not for long.
async fn hold(inner: &Mutex<Inner>, changed: &watch::Sender<()>) {
    let mut changed = changed.subscribe();
    let idle = || {
        let inner = inner.lock().unwrap();
        inner.work.is_empty() && inner.accepted && !inner.down && inner.forge.is_none()
    };
    let waited = async {
        while idle() {
            changed.changed().await.unwrap();
        }
    };
    let _ = tokio::time::timeout(Duration::from_millis(300), waited).await;
}

struct Call<'a> {
    path: &'a str,
    query: &'a str,
    time: Timestamp,
    body: &'a [u8],
}

impl Call<'_> {
    fn master(&self) -> Option<VerifyingKey> {
        let call: Enroll = serde_json::from_slice(self.body).ok()?;
        Some(key::public_from_pem(&call.public_key).unwrap())
    }
}

impl Inner {
    fn serve(&mut self, call: &Call<'_>) -> (u16, Value) {
        let now = SystemClock.now().checked_add(self.ahead).unwrap();
        let refuse = |status: u16, code: RefusalCode| {
            let refusal = Refusal { code, message: format!("{code:?}"), server_time: now };
            (status, serde_json::to_value(refusal).unwrap())
        };
        if call.time.duration_since(now).as_secs().abs() > MAX_SKEW_S {
            return refuse(401, RefusalCode::Clock);
        }
        if call.path == path::ENROLL {
            return (200, serde_json::to_value(self.enrolled(now)).unwrap());
        }
        if !self.accepted {
            return refuse(403, RefusalCode::NotAccepted);
        }
        match call.path {
            path::COMMANDS => {
                let salt = call.query.split('&').find_map(|pair| pair.strip_prefix("salt="));
                self.salt = salt.map(str::to_owned);
                let work = std::mem::take(&mut self.work);
                let commands = Commands { work, server_time: None, held_ms: self.held_ms };
                (200, serde_json::to_value(commands).unwrap())
            }
            path::REPORTS => self.take(call.body).unwrap_or_else(|code| refuse(400, code)),
            other => panic!("no such call: {other}"),
        }
    }

    fn enrolled(&self, now: Timestamp) -> Enrolled {
        let state = if self.accepted { MasterKeyState::Accepted } else { MasterKeyState::Pending };
        Enrolled {
            state,
            reason: None,
            fingerprint: String::new(),
            master_uuid: None,
            server_time: now,
            server_key: key::public_to_pem(&self.key.verifying_key()).unwrap(),
        }
    }

    fn take(&mut self, body: &[u8]) -> Result<(u16, Value), RefusalCode> {
        let batch: Batch = raas_wire::decode(body).unwrap();
        if let Some((report, code)) = &self.refuse
            && batch.records.iter().any(|record| record.report == *report)
        {
            return Err(*code);
        }
        self.batches += 1;
        for record in batch.records {
            if record.n > self.through {
                self.through = record.n;
                self.held.push(record.report);
            }
        }
        let committed = Committed { epoch: batch.epoch, through: self.through };
        Ok((200, json!(committed)))
    }
}
