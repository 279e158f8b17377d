//! A plugin's hands: signed calls to the plugins' door, every reply verified. Knows no Salt; stories say what it reports.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use jiff::Timestamp;
use raas_server::{
    clock::Clock as _,
    random::{Random as _, SystemRandom},
};
use raas_wire::{
    Batch, Claim, Claimed, ClusterKind, Commands, Committed, Enroll, Enrolled, Heartbeat, MasterFacts,
    Record, Refusal, Report, SaltState, Work,
    key::{self, SigningKey, VerifyingKey},
    path,
    signature::{
        KEY_HEADER, NONCE_HEADER, PROTOCOL_HEADER, SIGNATURE_HEADER, SignedReply, SignedRequest, TIME_HEADER,
    },
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::TestClock;

/// A refused call.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) status: u16,
    pub(crate) refusal: Refusal,
}

/// One plugin.
pub(crate) struct Plugin {
    pub(crate) url: String,
    pub(crate) http: reqwest::Client,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) master_id: String,
    pub(crate) cluster_id: Option<String>,
    pub(crate) kind: ClusterKind,
    pub(crate) facts: MasterFacts,
    pub(crate) key: SigningKey,
    pub(crate) epoch: Uuid,
    /// What it says of the Salt master in heartbeats.
    pub(crate) salt: SaltState,
    /// Its clock minus the server's, in seconds.
    pub(crate) skew: i64,
    pub(crate) server_key: Mutex<Option<VerifyingKey>>,
    pub(crate) last: AtomicU64,
}

/// A signed request, which a story may still spoil.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path_and_query: String,
    pub(crate) body: Vec<u8>,
    pub(crate) protocol: String,
    pub(crate) fingerprint: String,
    pub(crate) time: String,
    pub(crate) nonce: String,
    pub(crate) signature: String,
}

impl Request {
    /// The headers that carry the signature; what a story left empty is not sent.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            (PROTOCOL_HEADER, self.protocol.as_str()),
            (KEY_HEADER, &self.fingerprint),
            (TIME_HEADER, &self.time),
            (NONCE_HEADER, &self.nonce),
            (SIGNATURE_HEADER, &self.signature),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty())
    }
}

impl Plugin {
    pub(crate) fn new(url: &str, clock: Arc<TestClock>, master_id: &str) -> Self {
        Self {
            url: url.to_owned(),
            http: reqwest::Client::new(),
            clock,
            master_id: master_id.to_owned(),
            cluster_id: None,
            kind: ClusterKind::Single,
            facts: MasterFacts {
                plugin_version: env!("CARGO_PKG_VERSION").to_owned(),
                salt_version: Some("3007.1".to_owned()),
                salt_key_fingerprint: Some("5a17".to_owned()),
                ..MasterFacts::default()
            },
            key: key::from_random(&SystemRandom.key()),
            epoch: SystemRandom.uuid(),
            salt: SaltState::Answering,
            skew: 0,
            server_key: Mutex::default(),
            last: AtomicU64::new(0),
        }
    }

    /// … of this cluster.
    pub(crate) fn of(self, cluster_id: &str, kind: ClusterKind) -> Self {
        Self { cluster_id: Some(cluster_id.to_owned()), kind, ..self }
    }

    pub(crate) fn fingerprint(&self) -> String {
        key::fingerprint(&self.key.verifying_key())
    }

    /// The master's clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now().checked_add(jiff::SignedDuration::from_secs(self.skew)).unwrap()
    }

    /// What it says when it makes itself known.
    pub(crate) fn introduction(&self) -> Enroll {
        Enroll {
            master_id: self.master_id.clone(),
            cluster_id: self.cluster_id.clone(),
            kind: self.kind,
            public_key: key::public_to_pem(&self.key.verifying_key()).unwrap(),
            epoch: self.epoch,
            facts: self.facts.clone(),
        }
    }

    pub(crate) async fn enroll(&self) -> Result<Enrolled, Refused> {
        let body = serde_json::to_vec(&self.introduction()).unwrap();
        let enrolled: Enrolled = self.send(&self.signed("POST", path::ENROLL, body)).await?;
        let served = key::public_from_pem(&enrolled.server_key).unwrap();
        let pinned = *self.server_key.lock().unwrap().get_or_insert(served);
        assert_eq!(pinned, served, "the server has another key than at first sight");
        Ok(enrolled)
    }

    /// One held GET, answered at once.
    pub(crate) async fn beat(&self) -> Result<Vec<Work>, Refused> {
        self.commands(0).await
    }

    /// One held GET.
    pub(crate) async fn commands(&self, wait_ms: u32) -> Result<Vec<Work>, Refused> {
        let request = self.signed("GET", &self.commands_path(wait_ms, |_| {}), Vec::new());
        Ok(self.send::<Commands>(&request).await?.work)
    }

    /// Path and query of a held GET.
    pub(crate) fn commands_path(&self, wait_ms: u32, change: impl FnOnce(&mut Heartbeat)) -> String {
        let mut beat = Heartbeat {
            wait_ms,
            epoch: self.epoch,
            clock: self.now(),
            salt: self.salt,
            spool_records: 0,
            spool_oldest_s: 0,
            connections: None,
        };
        change(&mut beat);
        let mut url = reqwest::Url::parse("http://x").unwrap();
        url.set_path(path::COMMANDS);
        let fields = serde_json::to_value(&beat).unwrap();
        for (name, value) in fields.as_object().unwrap() {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            url.query_pairs_mut().append_pair(name, &text);
        }
        format!("{}?{}", url.path(), url.query().unwrap())
    }

    pub(crate) async fn claim(&self, delivery_id: Uuid, claim_id: Uuid) -> Result<Claimed, Refused> {
        let body = serde_json::to_vec(&Claim { delivery_id, claim_id }).unwrap();
        self.send(&self.signed("POST", path::CLAIM, body)).await
    }

    /// Reports these with the next numbers; all must be committed.
    pub(crate) async fn report(&self, reports: impl IntoIterator<Item = Report>) {
        let batch = self.batch(reports);
        let last = batch.records.last().map_or(0, |record| record.n);
        let committed = self.send_batch(&batch).await.unwrap();
        assert_eq!((committed.epoch, committed.through), (self.epoch, last));
    }

    /// A batch with the next numbers.
    pub(crate) fn batch(&self, reports: impl IntoIterator<Item = Report>) -> Batch {
        let record = |report| Record {
            n: self.last.fetch_add(1, Ordering::Relaxed) + 1,
            at: self.now(),
            skew_ms: None,
            report,
        };
        Batch { epoch: self.epoch, records: reports.into_iter().map(record).collect() }
    }

    pub(crate) async fn send_batch(&self, batch: &Batch) -> Result<Committed, Refused> {
        self.send(&self.signed("POST", path::REPORTS, raas_wire::encode(batch).unwrap())).await
    }

    /// Signs a request as of now.
    pub(crate) fn signed(&self, method: &'static str, path_and_query: &str, body: Vec<u8>) -> Request {
        let time = self.clock.now().to_string();
        self.signed_at(method, path_and_query, body, &time)
    }

    /// Signs a request as of then.
    pub(crate) fn signed_at(
        &self,
        method: &'static str,
        path_and_query: &str,
        body: Vec<u8>,
        time: &str,
    ) -> Request {
        let nonce = hex::encode(SystemRandom.key());
        let what = SignedRequest { method, path_and_query, time, nonce: &nonce, body: &body };
        Request {
            method,
            path_and_query: path_and_query.to_owned(),
            protocol: raas_wire::PROTOCOL.to_string(),
            fingerprint: self.fingerprint(),
            time: time.to_owned(),
            signature: what.sign(&self.key),
            nonce,
            body,
        }
    }

    /// Sends it, verifies who answers, and reads the answer.
    pub(crate) async fn send<T: DeserializeOwned>(&self, request: &Request) -> Result<T, Refused> {
        let (status, body, signature) = self.raw(request).await;
        if let Some(server) = *self.server_key.lock().unwrap() {
            let reply = SignedReply { nonce: &request.nonce, status, body: &body };
            assert!(reply.verify(&server, &signature), "the server did not sign its reply");
        }
        if status == 200 {
            return Ok(serde_json::from_slice(&body).unwrap());
        }
        let refusal = serde_json::from_slice(&body)
            .unwrap_or_else(|error| panic!("{status}: {error}: {}", String::from_utf8_lossy(&body)));
        Err(Refused { status, refusal })
    }

    /// Sends it as it is. Returns status, body and the reply's signature.
    pub(crate) async fn raw(&self, request: &Request) -> (u16, Vec<u8>, String) {
        let method = reqwest::Method::from_bytes(request.method.as_bytes()).unwrap();
        let mut builder = self.http.request(method, format!("{}{}", self.url, request.path_and_query));
        for (name, value) in request.headers() {
            builder = builder.header(name, value);
        }
        let response = builder.body(request.body.clone()).send().await.unwrap();
        let status = response.status().as_u16();
        let signature =
            response.headers().get(SIGNATURE_HEADER).map(|value| value.to_str().unwrap().to_owned());
        (status, response.bytes().await.unwrap().to_vec(), signature.unwrap_or_default())
    }
}
