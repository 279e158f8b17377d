//! From start to stop: database, migrations, secrets, root, listener, background tasks; and back in order.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use raas_db::{
    Db, DbError, DbOptions, listen, migrate, partition,
    private::{PrivateOptions, PrivatePostgres},
    secret,
};
use raas_wire::key;
use tokio::{sync::Semaphore, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::{
    AppState, audit, auth, clock::Clock, config::Config, link::Taking, random::Random, reconcile,
    state::Inner, stream,
};

/// How long a new connection may take to say what it wants; a TLS handshake has its own 10 s.
const FIRST_REQUEST: Duration = Duration::from_secs(10);
/// The same for each later request, the pause before it included: longer than the usual intervals of monitors.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// Pauses between tries to start the private PostgreSQL again.
const RESTART_FIRST: Duration = Duration::from_millis(500);
const RESTART_LAST: Duration = Duration::from_secs(30);

/// What main hands over.
#[derive(Debug)]
pub struct ServeOptions {
    /// Configuration, checked.
    pub config: Config,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// `PATH`, where PostgreSQL's programs are looked for first.
    pub search_path: Option<std::ffi::OsString>,
    /// `RAAS_ROOT_PASSWORD`.
    pub root_password: Option<String>,
    /// Ends the server in order.
    pub shutdown: CancellationToken,
    /// Told the address once it is served.
    pub ready: Option<tokio::sync::oneshot::Sender<SocketAddr>>,
}

/// Why the server cannot start or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The listen address.
    #[error("cannot listen on {address}: {problem}")]
    Listen {
        /// Address.
        address: String,
        /// What is wrong, and what to do.
        problem: String,
    },
    /// The certificate.
    #[error("certificate {cert} with key {key}: {problem}")]
    Certificate {
        /// File.
        cert: String,
        /// File.
        key: String,
        /// What is wrong.
        problem: String,
    },
    /// A file that the server needs.
    #[error("{path}: {problem}")]
    File {
        /// Path.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// The rest.
    #[error("{0}")]
    Other(String),
}

/// Runs the server until `shutdown`.
///
/// # Errors
/// When it cannot start: one sentence that says what to do.
pub async fn serve(mut options: ServeOptions) -> Result<(), ServeError> {
    let listener = bind(&options.config)?; // first: a port in use must not cost a PostgreSQL start
    let mut own = match options.config.database.url {
        Some(_) => None,
        None => Some(start_private(&options).await?),
    };
    let url = match &own {
        Some(postgres) => postgres.url().to_owned(),
        None => options.config.database.url.clone().unwrap_or_default(),
    };
    let ready = options.ready.take();
    let result = match open(&options, url).await {
        Ok(state) => run(&state, listener, ready, own.as_mut()).await,
        Err(error) => Err(error),
    };
    if let Some(postgres) = own {
        tracing::info!("stopping the private PostgreSQL");
        postgres.stop().await;
    }
    result
}

async fn run(
    state: &AppState,
    listener: std::net::TcpListener,
    ready: Option<tokio::sync::oneshot::Sender<SocketAddr>>,
    own: Option<&mut PrivatePostgres>,
) -> Result<(), ServeError> {
    let mut tasks = JoinSet::new();
    tasks.spawn(stream::pump(state.clone()));
    told(state, "startup").await;
    reconcile::spawn(state, &mut tasks);
    let result = tokio::select! {
        result = listen_until_shutdown(state, listener, ready) => result,
        () = keep_running(own) => Err(ServeError::Other("the private PostgreSQL was given up".to_owned())),
    };
    state.shutdown.cancel();
    let ended =
        tokio::time::timeout(Duration::from_secs(10), async { while tasks.join_next().await.is_some() {} })
            .await;
    told(state, "shutdown").await;
    if ended.is_err() {
        tracing::warn!("background tasks did not end within 10 s");
    }
    state.db.close();
    result
}

/// Writes to the audit that the server starts or stops.
async fn told(state: &AppState, what: &str) {
    let data =
        serde_json::json!({"version": env!("CARGO_PKG_VERSION"), "listen": state.config.server.listen});
    let event = audit::system(what, state.clock.now(), &data);
    match tokio::time::timeout(Duration::from_secs(3), audit::write(state, &event)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(cause = %error.internal(), what, "the audit lacks a row"),
        Err(_) => tracing::warn!(what, "the audit lacks a row: the database did not answer"),
    }
}

async fn start_private(options: &ServeOptions) -> Result<PrivatePostgres, ServeError> {
    let password = hex::encode(options.random.key());
    let mut private = PrivateOptions::new(&options.config.server.data_dir, password);
    private.search_path.clone_from(&options.search_path);
    private.run_as.clone_from(&options.config.database.private_user);
    let postgres = PrivatePostgres::start(private).await.map_err(DbError::from)?;
    tracing::info!(pid = postgres.pid(), adopted = postgres.is_adopted(), "private PostgreSQL is running");
    Ok(postgres)
}

/// Starts the private PostgreSQL again whenever it ends by itself: plugins keep what they have, and it all comes when it
/// is back. Never ends.
async fn keep_running(own: Option<&mut PrivatePostgres>) {
    let Some(postgres) = own else { return std::future::pending().await };
    loop {
        let why = postgres.ended().await;
        tracing::error!(why, "the private PostgreSQL ended; it is started again");
        let mut pause = RESTART_FIRST;
        while let Err(error) = postgres.start_again().await {
            tracing::error!(%error, "the private PostgreSQL does not start; trying again in {pause:?}");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(RESTART_LAST);
        }
        tracing::info!(pid = postgres.pid(), "the private PostgreSQL is running again");
    }
}

/// Database, schema, secrets, root: everything the routes need.
async fn open(options: &ServeOptions, url: String) -> Result<AppState, ServeError> {
    let now = options.clock.now();
    let db = Db::open(db_options(&options.config, url)).await?;
    migrate::run(&db).await?;
    let mut client = db.client().await?;
    partition::ensure(&mut client, now.to_zoned(jiff::tz::TimeZone::UTC).date(), 7).await?;
    let server_key = secret::get_or_insert(&client, "server_key", &options.random.key(), now).await?;
    let jwt_secret = secret::get_or_insert(&client, "jwt_secret", &options.random.key(), now).await?;
    let seed = <[u8; 32]>::try_from(server_key.as_slice())
        .map_err(|_| ServeError::Other("the secret server_key in the database is not 32 bytes".to_owned()))?;
    auth::save_built_in_roles(&mut client).await?;
    let root = auth::ensure_root(&client, options.random.as_ref(), now, options.root_password.clone())
        .await
        .map_err(|error| ServeError::Other(error.to_string()))?;
    keep_password(&options.config, root)?;
    let listener = listen::Listener::start(&db)?;
    Ok(AppState::new(Inner {
        db,
        tokens: auth::Tokens::new(&jwt_secret, options.config.auth.jwt_ttl_s),
        config: options.config.clone(),
        clock: options.clock.clone(),
        random: options.random.clone(),
        server_key: key::from_random(&seed),
        signing_in: Semaphore::new(auth::MAX_SIGNING_IN),
        taking: Taking::default(),
        listener,
        unknown_tokens: crate::auth::UnknownTokens::default(),
        stream: stream::Stream::new(options.random.uuid()),
        audit_day: std::sync::Mutex::default(),
        shutdown: options.shutdown.clone(),
    }))
}

fn db_options(config: &Config, url: String) -> DbOptions {
    let mut options = DbOptions::new(url);
    options.max_connections = usize::try_from(config.database.max_connections).unwrap_or(16);
    options
}

/// A drawn password is shown once and kept where only its owner reads it.
fn keep_password(config: &Config, root: auth::RootPassword) -> Result<(), ServeError> {
    let auth::RootPassword::Drawn(password) = root else { return Ok(()) };
    let path = PathBuf::from(&config.server.data_dir).join("root-password");
    let failed = |error: std::io::Error| ServeError::File {
        path: path.display().to_string(),
        problem: error.to_string(),
    };
    std::fs::create_dir_all(&config.server.data_dir).map_err(failed)?;
    write_private(&path, &password).map_err(failed)?;
    println!("First start: account root, password {password} (kept in {})", path.display());
    Ok(())
}

fn write_private(path: &std::path::Path, text: &str) -> std::io::Result<()> {
    use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

fn bind(config: &Config) -> Result<std::net::TcpListener, ServeError> {
    let address = config.server.listen.clone();
    let failed = |error: std::io::Error| ServeError::Listen {
        address: address.clone(),
        problem: match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                "the port is in use: stop the other program, or set server.listen (--listen) to another one"
                    .to_owned()
            }
            std::io::ErrorKind::PermissionDenied => {
                "not allowed: ports below 1024 want a capability; choose a higher one".to_owned()
            }
            std::io::ErrorKind::AddrNotAvailable => "this machine has no such address".to_owned(),
            _ => error.to_string(),
        },
    };
    let listener = std::net::TcpListener::bind(&address).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    Ok(listener)
}

async fn listen_until_shutdown(
    state: &AppState,
    listener: std::net::TcpListener,
    ready: Option<tokio::sync::oneshot::Sender<SocketAddr>>,
) -> Result<(), ServeError> {
    let failed = |error: std::io::Error| ServeError::Listen {
        address: state.config.server.listen.clone(),
        problem: error.to_string(),
    };
    let address = listener.local_addr().map_err(failed)?;
    let handle = axum_server::Handle::new();
    let stopper = handle.clone();
    let shutdown = state.shutdown.clone();
    tokio::spawn(async move {
        shutdown.cancelled().await;
        stopper.graceful_shutdown(Some(Duration::from_secs(10)));
    });
    let service = crate::router(state.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let scheme = if state.config.server.tls.is_some() { "https" } else { "http" };
    println!("raas is ready: {scheme}://{address}/");
    if let Some(ready) = ready {
        let _ = ready.send(address);
    }
    match &state.config.server.tls {
        None => {
            let server = axum_server::from_tcp(listener).map_err(failed)?;
            patient(server).handle(handle).serve(service).await.map_err(failed)
        }
        Some(tls) => {
            let config = axum_server::tls_rustls::RustlsConfig::from_pem_file(&tls.cert, &tls.key)
                .await
                .map_err(|error| ServeError::Certificate {
                    cert: tls.cert.clone(),
                    key: tls.key.clone(),
                    problem: error.to_string(),
                })?;
            let server = axum_server::from_tcp_rustls(listener, config).map_err(failed)?;
            patient(server).handle(handle).serve(service).await.map_err(failed)
        }
    }
}

/// Who connects and says nothing, or says it letter by letter, holds its connection for a short time only.
fn patient<A: axum_server::Address, T>(mut server: axum_server::Server<A, T>) -> axum_server::Server<A, T> {
    server.http_builder().http1().header_read_timeout(KEEP_ALIVE);
    server.first_request_timeout(FIRST_REQUEST)
}
