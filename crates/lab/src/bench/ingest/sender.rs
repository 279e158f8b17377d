//! A master's plugin as far as the server sees it: the plugin's own uplink enrols and keeps calling for work; batches that were
//! encoded beforehand are sent with its signed client, so that the server is measured and not the masters.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use raas_lab::Api;
use raas_plugin::clock::{Clock as _, SystemClock};
use raas_plugin::identity::Identity;
use raas_plugin::random::{Random as _, SystemRandom};
use raas_plugin::spool::{Limits, Options, Spool};
use raas_plugin::uplink::{BATCH_BYTES, Client, Declaration, Link, Pace, Pin, Standing, Uplink};
use raas_plugin::watch::SaltNow;
use raas_wire::{
    Batch, ClusterKind, Evidence, JobSeen, Json, MasterFacts, Record, Report, Return, ReturnSource,
    SaltState, Seen,
};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::sample::Sample;

/// Records of one batch, as the plugin's own default is.
const RECORDS: usize = 2000;
/// Returns of one sign of life: the plugin tells a minion's again after 5 s.
const QUIET: usize = 25;

/// A master whose plugin is accepted.
pub(super) struct Sender {
    pub(super) master_id: String,
    client: Arc<Client>,
    epoch: Uuid,
    next: u64,
    /// To be encoded.
    reports: Vec<Report>,
    /// To be sent.
    batches: Vec<Vec<u8>>,
    end: CancellationToken,
    _work: mpsc::UnboundedReceiver<raas_wire::Work>,
    _salt: watch::Sender<SaltNow>,
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.end.cancel();
    }
}

impl Sender {
    /// Enrols, is accepted, and calls from then on.
    pub(super) async fn join(
        api: &Api,
        server: &str,
        dir: &Path,
        master_id: &str,
        cluster_id: &str,
    ) -> Result<Self> {
        let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
        let path = dir.join(format!("{master_id}.spool"));
        let spool = Spool::open(Options { path, limits: Limits::default() }, clock.clone(), random.clone())?;
        let client = Arc::new(client(server, dir, master_id)?);
        let (salt_out, salt) = watch::channel(SaltNow { state: SaltState::Answering, connections: None });
        let (work, work_in) = mpsc::unbounded_channel();
        let (standing, mut stands) = watch::channel(Standing::starting(clock.now()));
        let declaration = declaration(master_id, cluster_id);
        let pace = Pace { hold: Duration::from_secs(10), key_check: Duration::from_secs(1), batch: RECORDS };
        let uplink = Uplink { client: Arc::clone(&client), declaration, spool, salt, work, standing, pace };
        let end = CancellationToken::new();
        let until = end.clone();
        tokio::spawn(async move { uplink.run(until).await });
        api.accept(&api.pending_masters(&[master_id.to_owned()]).await?).await?;
        let accepted = stands.wait_for(|now| now.state == "accepted");
        tokio::time::timeout(Duration::from_mins(1), accepted)
            .await
            .with_context(|| format!("{master_id} was not accepted"))?
            .context("the uplink ended")?;
        Ok(Self {
            master_id: master_id.to_owned(),
            client,
            epoch: random.uuid(),
            next: 1,
            reports: Vec::new(),
            batches: Vec::new(),
            end,
            _work: work_in,
            _salt: salt_out,
        })
    }

    /// Takes what this master reports of a job: that it was published, and the returns that it sees.
    pub(super) fn prepare(&mut self, named: &[String], returns: &[Sample]) -> Result<()> {
        let Some(first) = returns.first() else { return Ok(()) };
        self.reports.push(Report::Job(JobSeen {
            jid: first.jid.clone(),
            fun: first.fun.to_owned(),
            arg: Json::from_text(first.fun_args.to_owned())?,
            tgt: serde_json::json!("*").into(),
            tgt_type: "glob".to_owned(),
            user: "root".to_owned(),
            minions: named.to_vec(),
        }));
        self.reports
            .push(Report::Seen(returns.iter().step_by(QUIET).map(|one| seen(&one.minion_id)).collect()));
        for one in returns {
            self.reports.push(Report::Return(returned(one)?));
        }
        Ok(())
    }

    /// Encodes what was taken, in batches as the plugin makes them.
    pub(super) fn encode(&mut self) -> Result<()> {
        let (mut records, mut bytes) = (Vec::new(), 0);
        for report in std::mem::take(&mut self.reports) {
            let size = if let Report::Return(one) = &report { one.ret.as_str().len() + 200 } else { 200 };
            if records.len() == RECORDS || bytes + size > BATCH_BYTES {
                self.batch(std::mem::take(&mut records))?;
                bytes = 0;
            }
            bytes += size;
            records.push(Record { n: self.next, at: SystemClock.now(), skew_ms: None, report });
            self.next += 1;
        }
        self.batch(records)
    }

    fn batch(&mut self, records: Vec<Record>) -> Result<()> {
        let epoch = self.epoch;
        self.batches.push(raas_wire::encode(&Batch { epoch, records })?);
        Ok(())
    }

    /// Sends what was prepared, batch by batch: the next when the one before is committed. How many batches there were.
    pub(super) async fn send(&mut self) -> Result<usize> {
        let batches = std::mem::take(&mut self.batches);
        let count = batches.len();
        let mut through = 0;
        for batch in batches {
            let committed = self.client.report(batch).await;
            through =
                committed.with_context(|| format!("a batch of {} was not taken", self.master_id))?.through;
        }
        anyhow::ensure!(through + 1 == self.next, "{} records of {} are committed", through, self.next - 1);
        Ok(count)
    }
}

fn client(server: &str, dir: &Path, master_id: &str) -> Result<Client> {
    Ok(Client::new(Link {
        server: server.to_owned(),
        validate: true,
        timeout: Duration::from_mins(2),
        identity: Identity::passing(&SystemRandom)?,
        pin: Pin::load(&dir.join(format!("{master_id}.server")))?,
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
    })?)
}

fn declaration(master_id: &str, cluster_id: &str) -> Declaration {
    Declaration {
        master_id: master_id.to_owned(),
        cluster_id: Some(cluster_id.to_owned()),
        kind: ClusterKind::Failover,
        facts: MasterFacts { plugin_version: env!("CARGO_PKG_VERSION").to_owned(), ..MasterFacts::default() },
    }
}

fn seen(minion_id: &str) -> Seen {
    Seen { minion_id: minion_id.to_owned(), evidence: Evidence::Return, at: SystemClock.now() }
}

fn returned(one: &Sample) -> Result<Return> {
    Ok(Return {
        jid: one.jid.clone(),
        minion_id: one.minion_id.clone(),
        fun: one.fun.to_owned(),
        fun_args: Json::from_text(one.fun_args.to_owned())?,
        success: true,
        retcode: 0,
        ret: Json::from_text(one.value.clone())?,
        original: None,
        extra: (one.fun == "state.apply").then(|| serde_json::json!({"out": "highstate"}).into()),
        source: ReturnSource::Bus,
        trimmed: false,
    })
}
