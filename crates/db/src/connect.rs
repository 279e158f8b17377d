//! One connection: every address of every host in turn, each with its own full time limit. The pool is in `pool`.
pub(crate) mod tls;

use std::future::Future as _;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rustls::ClientConfig;
use tokio::time::timeout;
use tokio_postgres::config::{Host, SslMode as Wire, TargetSessionAttrs};
use tokio_postgres::tls::{MakeTlsConnect, NoTlsStream};
use tokio_postgres::{Client, Config, Connection, NoTls, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::{DbError, Trouble, chain, trouble_at_connect};
use crate::options::{DbOptions, SslMode, Target};

type RustlsStream = <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream;

/// The half of a connection that moves the bytes; it must be polled for the other half to work.
pub(crate) enum Wires {
    Plain(Box<Connection<Socket, NoTlsStream>>),
    Tls(Box<Connection<Socket, RustlsStream>>),
}

/// Knows how to open connections to one database.
pub(crate) struct Connector {
    target: Target,
    limit: Duration,
    tls: Option<ClientConfig>,
    /// Of several hosts: the newest timeline that was seen. A promotion begins a new one; 0: nobody was seen yet.
    timeline: AtomicU32,
}

/// An open connection.
struct Open {
    name: String,
    /// Of the server, where that was asked.
    timeline: u32,
    client: Client,
    wires: Wires,
}

impl std::fmt::Debug for Connector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connector").field("target", &self.target).finish_non_exhaustive()
    }
}

impl Connector {
    pub(crate) fn new(options: &DbOptions) -> Result<Self, DbError> {
        let mut target = Target::parse(&options.url)?;
        // What is acknowledged is forgotten by whoever sent it: a commit that is not written yet must not be called one,
        // whatever postgresql.conf says. PostgreSQL's price of a page is that of disks that turn: whole tables are read for it
        // where an index would answer. And a list does not take more than two cores from the others.
        let ours = format!(
            "-c synchronous_commit=on -c random_page_cost=1.1 -c max_parallel_workers_per_gather=1 -c statement_timeout={} -c lock_timeout={} -c idle_in_transaction_session_timeout={}",
            options.statement_timeout.as_millis(),
            options.lock_timeout.as_millis(),
            options.idle_in_transaction_timeout.as_millis(),
        );
        // The URL's own options come last and so win.
        let all =
            target.config.get_options().map_or_else(|| ours.clone(), |theirs| format!("{ours} {theirs}"));
        target.config.options(all);
        if target.config.get_application_name().is_none() {
            target.config.application_name("raas");
        }
        let hosts = target.config.get_hosts().len().max(target.config.get_hostaddrs().len());
        if hosts > 1 && !target.names_session {
            target.config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        let limit = target.config.get_connect_timeout().copied().unwrap_or(options.connect_timeout);
        let tls = tls::client_config(&target)?;
        Ok(Self { target, limit, tls, timeline: AtomicU32::new(0) })
    }

    /// Opens a connection to the first host that lets us in; the error tells what each one said. Of several hosts one that
    /// was left behind by a failover is not taken, though it takes writes: what it is given would be lost.
    pub(crate) async fn connect(&self) -> Result<(Client, Wires), DbError> {
        let (mut said, mut worst) = (Vec::new(), Trouble::Away);
        let places = self.places().await;
        let several = places.len() > 1 && self.writes();
        let newest = self.timeline.load(Ordering::Relaxed);
        let mut best: Option<Open> = None;
        for place in places {
            match self.open(place, several).await {
                Ok(open) if !several || (newest != 0 && open.timeline >= newest) => {
                    best = Some(open);
                    break;
                }
                Ok(open) if open.timeline < newest => {
                    worst = worst.max(Trouble::ReadOnly);
                    said.push(format!("{}: it was left behind by a failover", open.name));
                }
                // The first time all are looked at: the newest is meant.
                Ok(open) if best.as_ref().is_none_or(|best| best.timeline < open.timeline) => {
                    best = Some(open);
                }
                Ok(_) => {}
                Err((trouble, why)) => {
                    worst = worst.max(trouble);
                    said.push(why);
                }
            }
        }
        let open = best.ok_or_else(|| DbError::trouble(worst, said.join("; ")))?;
        self.timeline.fetch_max(open.timeline, Ordering::Relaxed);
        Ok((open.client, open.wires))
    }

    async fn open(&self, place: Result<Place, String>, several: bool) -> Result<Open, (Trouble, String)> {
        let place = place.map_err(|why| (Trouble::Away, why))?;
        let name = place.name();
        let opened = timeout(self.limit, async {
            let (client, mut wires) = self.one(&place).await?;
            let timeline = if several { timeline(&client, &mut wires).await? } else { 0 };
            Ok::<_, tokio_postgres::Error>((timeline, client, wires))
        });
        match opened.await {
            Ok(Ok((timeline, client, wires))) => Ok(Open { name, timeline, client, wires }),
            Ok(Err(error)) => Err((trouble_at_connect(&error), format!("{name}: {}", reason(&error)))),
            Err(_) => {
                let seconds = self.limit.as_secs_f32();
                Err((Trouble::Away, format!("{name}: no answer within {seconds} s")))
            }
        }
    }

    fn writes(&self) -> bool {
        self.target.config.get_target_session_attrs() == TargetSessionAttrs::ReadWrite
    }

    /// A connection whose bytes are moved by a task of its own.
    pub(crate) async fn connect_driven(&self) -> Result<(Client, tokio::task::JoinHandle<()>), DbError> {
        let (client, wires) = self.connect().await?;
        Ok((client, tokio::spawn(wires.drive())))
    }

    async fn one(&self, place: &Place) -> Result<(Client, Wires), tokio_postgres::Error> {
        let mut config = self.without_hosts();
        config.host(&place.host).port(place.port);
        if let Some(address) = place.address {
            config.hostaddr(address);
        }
        let mode = place.sslmode(self.target.sslmode);
        config.ssl_mode(match mode {
            SslMode::Disable => Wire::Disable,
            SslMode::Prefer => Wire::Prefer,
            SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => Wire::Require,
        });
        match &self.tls {
            Some(tls) if mode != SslMode::Disable => {
                let (client, wires) = config.connect(MakeRustlsConnect::new(tls.clone())).await?;
                Ok((client, Wires::Tls(Box::new(wires))))
            }
            _ => {
                let (client, wires) = config.connect(NoTls).await?;
                Ok((client, Wires::Plain(Box::new(wires))))
            }
        }
    }

    fn without_hosts(&self) -> Config {
        let from = &self.target.config;
        let mut to = Config::new();
        to.user(from.get_user().unwrap_or_default());
        if let Some(password) = from.get_password() {
            to.password(password);
        }
        if let Some(name) = from.get_dbname() {
            to.dbname(name);
        }
        to.options(from.get_options().unwrap_or_default())
            .application_name(from.get_application_name().unwrap_or_default())
            .channel_binding(from.get_channel_binding())
            .ssl_negotiation(from.get_ssl_negotiation())
            .target_session_attrs(from.get_target_session_attrs())
            .keepalives(from.get_keepalives())
            .keepalives_idle(from.get_keepalives_idle().min(Duration::from_secs(60)))
            .keepalives_interval(from.get_keepalives_interval().unwrap_or(Duration::from_secs(10)))
            .keepalives_retries(from.get_keepalives_retries().unwrap_or(3))
            .tcp_user_timeout(from.get_tcp_user_timeout().copied().unwrap_or(Duration::from_secs(30)));
        to
    }

    /// Every address of every host. Names are resolved here, so that a dead address cannot eat the time of the next.
    async fn places(&self) -> Vec<Result<Place, String>> {
        let config = &self.target.config;
        let (hosts, addresses) = (config.get_hosts(), config.get_hostaddrs());
        let mut places = Vec::new();
        for n in 0..hosts.len().max(addresses.len()) {
            let ports = config.get_ports();
            let port = ports.get(n).or(ports.first()).copied().unwrap_or(5432);
            let host = match hosts.get(n) {
                Some(Host::Tcp(name)) => name.clone(),
                #[cfg(unix)]
                Some(Host::Unix(path)) => path.display().to_string(),
                None => addresses.get(n).map(ToString::to_string).unwrap_or_default(),
            };
            if host.starts_with('/') || addresses.get(n).is_some() {
                places.push(Ok(Place { host, port, address: addresses.get(n).copied() }));
                continue;
            }
            match timeout(self.limit, tokio::net::lookup_host((host.as_str(), port))).await {
                Ok(Ok(found)) => places
                    .extend(found.map(|at| Ok(Place { host: host.clone(), port, address: Some(at.ip()) }))),
                Ok(Err(error)) => places.push(Err(format!("{host}: the name cannot be resolved ({error})"))),
                Err(_) => places.push(Err(format!("{host}: the name was not resolved in time"))),
            }
        }
        places
    }
}

/// The timeline of a server that takes writes: the first eight digits of the file it writes its log to.
async fn timeline(client: &Client, wires: &mut Wires) -> Result<u32, tokio_postgres::Error> {
    let asked = client.query_one(include_str!("../queries/private/timeline.sql"), &[]);
    let mut asked = std::pin::pin!(asked);
    let row = std::future::poll_fn(|cx| {
        // Nobody else moves the bytes yet.
        while let std::task::Poll::Ready(Some(message)) = wires.poll_message(cx) {
            if message.is_err() {
                break;
            }
        }
        asked.as_mut().poll(cx)
    });
    let name: String = row.await?.try_get(0)?;
    Ok(name.get(..8).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(0))
}

/// What PostgreSQL or the system said, as one sentence for an operator.
fn reason(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(said) => said.message().to_owned(),
        None => chain(error),
    }
}

struct Place {
    host: String,
    port: u16,
    address: Option<IpAddr>,
}

impl Place {
    fn name(&self) -> String {
        match self.address {
            Some(address) if address.to_string() != self.host => {
                format!("{} ({address}) port {}", self.host, self.port)
            }
            _ => format!("{} port {}", self.host, self.port),
        }
    }

    fn sslmode(&self, asked: Option<SslMode>) -> SslMode {
        let here = self.address.is_some_and(|address| address.is_loopback());
        match asked {
            _ if self.host.starts_with('/') => SslMode::Disable,
            Some(mode) => mode,
            None if here => SslMode::Disable,
            None => SslMode::VerifyFull,
        }
    }
}

impl Wires {
    /// Moves bytes until the connection ends.
    pub(crate) async fn drive(self) {
        let ended = match self {
            Self::Plain(wires) => wires.await,
            Self::Tls(wires) => wires.await,
        };
        if let Err(error) = ended {
            tracing::warn!(error = chain(&error), "a database connection ended");
        }
    }

    /// The next thing that the server says by itself; None when the connection ended.
    pub(crate) fn poll_message(
        &mut self,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<tokio_postgres::AsyncMessage, tokio_postgres::Error>>> {
        match self {
            Self::Plain(wires) => wires.poll_message(cx),
            Self::Tls(wires) => wires.poll_message(cx),
        }
    }
}
