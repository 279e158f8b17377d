//! Two real `raas serve` on one PostgreSQL behind a balancer, with a real plugin's uplink and spool: one is killed with -9
//! in mid-job. And a private PostgreSQL that is killed: its server starts it again.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use raas_api::{
    OutcomeState,
    cmd::{GetCmdDetails, GetCmdDetailsParams, RouteCmd, RouteCmdParams, RouteTarget},
};
use raas_db::testing::OwnPostgres;
use raas_lab::{Api, Bins, Server, wait};
use raas_plugin::{
    clock::{Clock as _, SystemClock},
    identity::Identity,
    random::SystemRandom,
    spool::{Limits, Options, Spool},
    uplink::{Client, Declaration, Link, Pace, Pin, Standing, Uplink},
    watch::SaltNow,
};
use raas_wire::{
    ClusterKind, KeyLists, KeyOfMinion, MasterFacts, Pinged, Published, Report, Return, ReturnSource,
    SaltState, Work,
};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

const PATIENCE: Duration = Duration::from_mins(2);
const MINIONS: usize = 30;

/// Takes connections for whichever server takes them.
async fn balancer(servers: [SocketAddr; 2]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut turn = 0_usize;
        while let Ok((mut client, _)) = listener.accept().await {
            turn += 1;
            tokio::spawn(async move {
                for n in [turn, turn + 1] {
                    if let Ok(mut server) = TcpStream::connect(servers[n % 2]).await {
                        let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
                        return;
                    }
                }
            });
        }
    });
    address
}

/// A plugin's uplink and spool; the test is its Salt.
struct Beside {
    spool: Spool,
    work: mpsc::UnboundedReceiver<Work>,
    end: CancellationToken,
    _salt: watch::Sender<SaltNow>,
    _standing: watch::Receiver<Standing>,
    _dir: tempfile::TempDir,
}

impl Beside {
    fn start(url: &str) -> Self {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let dir = tempfile::tempdir().unwrap();
        let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
        let options = Options { path: dir.path().join("spool.db"), limits: Limits::default() };
        let spool = Spool::open(options, clock.clone(), random.clone()).unwrap();
        let link = Link {
            server: url.to_owned(),
            validate: true,
            timeout: Duration::from_secs(20),
            identity: Identity::load_or_make(&dir.path().join("key.pub"), &*random).unwrap(),
            pin: Pin::load(&dir.path().join("server.pub")).unwrap(),
            clock,
            random,
        };
        let (salt, salt_now) = watch::channel(SaltNow { state: SaltState::Answering, connections: None });
        let (work_out, work) = mpsc::unbounded_channel();
        let (standing_out, standing) = watch::channel(Standing::starting(SystemClock.now()));
        let uplink = Uplink {
            client: Arc::new(Client::new(link).unwrap()),
            declaration: Declaration {
                master_id: "m1".to_owned(),
                cluster_id: Some("eu".to_owned()),
                kind: ClusterKind::Hot,
                facts: MasterFacts::default(),
            },
            spool: spool.clone(),
            salt: salt_now,
            work: work_out,
            standing: standing_out,
            pace: Pace { hold: Duration::from_secs(5), key_check: Duration::from_secs(1), batch: 50 },
        };
        let end = CancellationToken::new();
        let until = end.clone();
        tokio::spawn(async move { uplink.run(until).await });
        Self { spool, work, end, _salt: salt, _standing: standing, _dir: dir }
    }

    async fn report(&self, report: Report) {
        self.spool.recorder().record(vec![(SystemClock.now(), report)]).await.unwrap();
    }

    async fn publish(&mut self) -> raas_wire::Publish {
        let next = async {
            loop {
                if let Work::Publish(one) = self.work.recv().await.unwrap() {
                    return one;
                }
            }
        };
        tokio::time::timeout(PATIENCE, next).await.expect("no publish came")
    }

    async fn returns(&self, jid: &str, minion: &str) {
        let one = Return {
            jid: jid.to_owned(),
            minion_id: minion.to_owned(),
            fun: "test.ping".to_owned(),
            fun_args: json!([]).into(),
            success: true,
            retcode: 0,
            ret: json!(minion).into(),
            original: None,
            extra: None,
            source: ReturnSource::Bus,
            trimmed: false,
        };
        self.report(Report::Return(one)).await;
    }
}

fn minions() -> Vec<String> {
    (0..MINIONS).map(|n| format!("w{n:02}")).collect()
}

/// A master with its minions, each of which answered just now.
async fn joins(api: &Api, m1: &Beside) {
    let pending = api.pending_masters(&["m1".to_owned()]).await.unwrap();
    api.accept(&pending).await.unwrap();
    let key = |id: String| KeyOfMinion {
        public_key: format!("pem-{id}"),
        fingerprint: format!("f-{id}"),
        minion_id: id,
    };
    let accepted = minions().into_iter().map(key).collect();
    m1.report(Report::Keys(KeyLists { accepted, ..KeyLists::default() })).await;
    let (sent_at, answered) = (SystemClock.now(), minions());
    m1.report(Report::Pinged(Pinged { delivery_id: None, sent_at, answered, silent: Vec::new() })).await;
    drained(m1).await;
}

async fn drained(m1: &Beside) {
    let left = || m1.spool.depth().borrow().records;
    wait::until_true("everything was sent", PATIENCE, || left() == 0).await.unwrap();
}

async fn route(api: &Api) -> String {
    let tgt = [("eu".to_owned(), RouteTarget::glob("*"))].into();
    let params =
        RouteCmdParams { fun: Some("test.ping".to_owned()), tgt: Some(tgt), ..RouteCmdParams::default() };
    wait::until("a job is taken", PATIENCE, || async {
        api.call::<RouteCmd>(&params).await.map(|jid| jid.to_string()).map_err(|error| error.to_string())
    })
    .await
    .unwrap()
}

/// Every minion's outcome is that it succeeded, once.
async fn all_succeed(api: &Api, jid: &str) {
    let params: GetCmdDetailsParams = serde_json::from_value(json!({"jid": jid, "limit": -1})).unwrap();
    wait::until("every outcome ends", PATIENCE, || async {
        let rows = api.call::<GetCmdDetails>(&params).await.map_err(|error| error.to_string())?.results;
        let good = rows.iter().filter(|row| row.state == OutcomeState::Succeeded && !row.ran_twice).count();
        if (good, rows.len()) == (MINIONS, MINIONS) {
            Ok(())
        } else {
            Err(format!("{good} of {}", rows.len()))
        }
    })
    .await
    .unwrap();
}

/// The master publishes what it is given, and says so.
async fn published(master: &mut Beside) {
    let publish = master.publish().await;
    let (delivery_id, jid) = (publish.delivery_id, publish.jid);
    master
        .report(Report::Published(Published { delivery_id, jid, minions: minions(), matched_none: false }))
        .await;
}

#[tokio::test]
async fn a_server_killed_in_mid_job_is_replaced_by_the_other_and_nothing_is_lost() {
    let postgres = OwnPostgres::start().await.unwrap();
    let raas = Bins::find().unwrap().raas;
    let server = || {
        let one = Server::new(&raas).unwrap().database(postgres.url());
        one.setting("RAAS_ROOT_PASSWORD", "for the story").setting("RAAS__JOBS__TIMEOUT_S", "5")
    };
    let [mut a, mut b] = [server(), server()];
    a.start().await.unwrap(); // the first one leads
    b.start().await.unwrap();
    let at = |server: &Server| server.url().trim_start_matches("http://").parse::<SocketAddr>().unwrap();
    let url = format!("http://{}", balancer([at(&a), at(&b)]).await);
    let api = Api::login(&url, "root", "for the story").await.unwrap();
    let mut m1 = Beside::start(&url);
    joins(&api, &m1).await;

    for killed_first in [true, false] {
        let jid = route(&api).await;
        published(&mut m1).await;
        // Half of the minions answer, a server dies, the other half answers.
        for (n, minion) in minions().iter().enumerate() {
            m1.returns(&jid, minion).await;
            if n == MINIONS / 2 {
                if killed_first { a.kill().unwrap() } else { b.kill().unwrap() }
            }
        }
        drained(&m1).await;
        all_succeed(&api, &jid).await;
        if killed_first {
            a.start().await.unwrap();
        }
    }
    // The one that leads now was not the leader before: what nobody answers still ends.
    let silent = route(&api).await;
    published(&mut m1).await;
    let ask = tokio::time::timeout(PATIENCE, async {
        loop {
            if let Work::Ask(ask) = m1.work.recv().await.unwrap() {
                return ask;
            }
        }
    });
    assert_eq!(ask.await.expect("nobody asks about a silent job").jid, silent);
    m1.end.cancel();
}

#[tokio::test]
async fn a_private_postgresql_that_is_killed_is_started_again_by_its_server() {
    let mut server = Server::new(&Bins::find().unwrap().raas).unwrap();
    server.start().await.unwrap();
    let api = server.api().await.unwrap();
    let pid_file = server.data_dir().join("postgres/data/postmaster.pid");
    let pid = std::fs::read_to_string(&pid_file).unwrap().lines().next().unwrap().parse::<u32>().unwrap();
    raas_lab::tree::signal(&[pid], rustix::process::Signal::KILL);
    wait::until("another PostgreSQL runs", PATIENCE, || async {
        let text = std::fs::read_to_string(&pid_file).unwrap_or_default();
        let now = text.lines().next().and_then(|line| line.parse::<u32>().ok());
        if now.is_some_and(|now| now != pid) { Ok(()) } else { Err(format!("{now:?}")) }
    })
    .await
    .unwrap();
    server.ready().await.unwrap();
    api.raw("master", "get_master_keys", json!({})).await.unwrap();
    assert!(server.stop(), "it stops in order, with the PostgreSQL that it started");
}
