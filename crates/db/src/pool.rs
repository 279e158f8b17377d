//! The pool of connections: hands them out, takes them back, drops the spoilt ones. What is said over them is in `session`.
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use deadpool_postgres::{
    Connect, Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime, TimeoutType, Timeouts,
};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};
use tokio_postgres::{Config, NoTls};

use crate::connect::{Connector, Wires};
use crate::error::{DbError, Trouble};
use crate::options::DbOptions;
use crate::session::{Client, no_answer};

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
/// How long the database may take to say that it is there.
const PING: Duration = Duration::from_secs(3);

type Opened = (tokio_postgres::Client, JoinHandle<()>);

/// The database. Cheap to clone; all clones share one pool.
#[derive(Clone, Debug)]
pub struct Db {
    pool: Pool,
    options: Arc<DbOptions>,
    /// What the hosts said when no connection could be opened.
    said: Arc<Mutex<Option<DbError>>>,
    /// Something could not be written, as the disk was full; until a look finds room.
    full: Arc<AtomicBool>,
}

impl Db {
    /// Reads the options and opens a first connection, so that a wrong URL is told at once.
    pub async fn open(options: DbOptions) -> Result<Self, DbError> {
        let db = Self::lazy(options)?;
        db.client().await?;
        Ok(db)
    }

    /// Reads the options; the first call opens the first connection.
    pub fn lazy(options: DbOptions) -> Result<Self, DbError> {
        let said = Arc::default();
        let door = Door { connector: Connector::new(&options)?, said: Arc::clone(&said) };
        // A connection that is spoilt is not given back (session.rs), so asking whether it is closed is enough.
        let fast = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let pool = Pool::builder(Manager::from_connect(Config::new(), door, fast))
            .max_size(options.max_connections.max(1))
            .wait_timeout(Some(options.wait_timeout))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| DbError::Config(error.to_string()))?;
        Ok(Self { pool, options: Arc::new(options), said, full: Arc::default() })
    }

    /// A connection of the pool. It goes back when it is dropped.
    pub async fn client(&self) -> Result<Client, DbError> {
        match self.pool.get().await {
            Ok(connection) => {
                Ok(Client::new(connection, self.options.answer_timeout, Arc::clone(&self.full)))
            }
            Err(PoolError::Backend(error)) => {
                let said = self.said.lock().unwrap_or_else(PoisonError::into_inner).take();
                Err(said.unwrap_or_else(|| DbError::from(error)))
            }
            Err(PoolError::Timeout(TimeoutType::Wait)) => Err(DbError::trouble(
                Trouble::Busy,
                format!(
                    "all {} connections were busy for {} s",
                    self.options.max_connections,
                    self.options.wait_timeout.as_secs_f32()
                ),
            )),
            Err(PoolError::Closed) => Err(DbError::unavailable("this server is stopping")),
            Err(other) => Err(DbError::unavailable(other.to_string())),
        }
    }

    /// A second connection for work that goes faster side by side, where one is free: whoever holds one never waits for another.
    pub async fn spare(&self) -> Option<Client> {
        let now = Timeouts { wait: Some(Duration::ZERO), ..self.pool.timeouts() };
        let connection = self.pool.timeout_get(&now).await.ok()?;
        Some(Client::new(connection, self.options.answer_timeout, Arc::clone(&self.full)))
    }

    /// Asks the database for an answer within 3 s, as `/health/ready` does. When its disk was full, also whether there is
    /// room again: reading works all the time.
    pub async fn ping(&self) -> Result<(), DbError> {
        use crate::session::Session as _;
        let limit = PING.min(self.options.answer_timeout);
        let started = Instant::now();
        let mut client = timeout(limit, self.client()).await.map_err(|_| no_answer(limit))??;
        client.limit(limit.saturating_sub(started.elapsed()));
        client.query_one("SELECT 1", &[]).await?;
        if self.full.load(Ordering::Relaxed) {
            look_for_room(&mut client).await?;
            self.full.store(false, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Closes the pool: idle connections end now, others when they are given back.
    pub fn close(&self) {
        self.pool.close();
    }

    /// The options that this was opened with.
    pub(crate) fn options(&self) -> &DbOptions {
        &self.options
    }
}

/// Writes about a MiB and takes it back.
async fn look_for_room(client: &mut Client) -> Result<(), DbError> {
    use crate::session::Session as _;
    let tx = client.transaction().await?;
    tx.batch(include_str!("../queries/room/look.sql")).await?;
    tx.rollback().await
}

/// Opens connections for the pool, host by host, and keeps what each host said: the error that deadpool-postgres
/// passes on can tell of one host only.
struct Door {
    connector: Connector,
    said: Arc<Mutex<Option<DbError>>>,
}

impl Connect for Door {
    fn connect(&self, _: &Config) -> BoxFuture<'_, Result<Opened, tokio_postgres::Error>> {
        Box::pin(async move {
            let error = match self.connector.connect_driven().await {
                Ok(opened) => return Ok(opened),
                Err(error) => error,
            };
            *self.said.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            // The words are in `said`. tokio-postgres lets nobody make its errors, so one is provoked: this names no host.
            let (client, wires) = Config::new().connect(NoTls).await?;
            Ok((client, tokio::spawn(Wires::Plain(Box::new(wires)).drive())))
        })
    }
}
