//! The pool of connections: hands them out, takes them back, drops the spoilt ones. What is said over them is in `session`.
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use deadpool::Runtime;
use deadpool::managed::{self, Metrics, PoolError, RecycleError, TimeoutType};
use tokio::task::JoinHandle;
use tokio_postgres::Statement;

use crate::connect::Connector;
use crate::error::DbError;
use crate::options::DbOptions;
use crate::session::Client;

/// The database. Cheap to clone; all clones share one pool.
#[derive(Clone, Debug)]
pub struct Db {
    pool: managed::Pool<Manager>,
    options: Arc<DbOptions>,
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
        let manager = Manager { connector: Connector::new(&options)? };
        let pool = managed::Pool::builder(manager)
            .max_size(options.max_connections.max(1))
            .wait_timeout(Some(options.wait_timeout))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| DbError::Config(error.to_string()))?;
        Ok(Self { pool, options: Arc::new(options) })
    }

    /// A connection of the pool. It goes back when it is dropped.
    pub async fn client(&self) -> Result<Client, DbError> {
        match self.pool.get().await {
            Ok(connection) => Ok(Client::new(connection)),
            Err(PoolError::Backend(error)) => Err(error),
            Err(PoolError::Timeout(TimeoutType::Wait)) => Err(DbError::unavailable(format!(
                "all {} connections were busy for {} s",
                self.options.max_connections,
                self.options.wait_timeout.as_secs_f32()
            ))),
            Err(PoolError::Closed) => Err(DbError::unavailable("this server is stopping")),
            Err(other) => Err(DbError::unavailable(other.to_string())),
        }
    }

    /// Asks the database for an answer, as `/health/ready` does.
    pub async fn ping(&self) -> Result<(), DbError> {
        use crate::session::Session as _;
        self.client().await?.query_one("SELECT 1", &[]).await.map(drop)
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

/// One connection with what belongs to it.
#[derive(Debug)]
pub(crate) struct Pooled {
    pub(crate) client: tokio_postgres::Client,
    pub(crate) side: Side,
    task: JoinHandle<()>,
}

impl Drop for Pooled {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What is known about a connection beside the connection itself.
#[derive(Debug, Default)]
pub(crate) struct Side {
    spoilt: AtomicBool,
    statements: Mutex<HashMap<&'static str, Statement>>,
}

impl Side {
    pub(crate) fn spoil(&self) {
        self.spoilt.store(true, Ordering::Relaxed);
    }

    pub(crate) fn statement(&self, sql: &'static str) -> Option<Statement> {
        self.statements.lock().unwrap_or_else(PoisonError::into_inner).get(sql).cloned()
    }

    pub(crate) fn remember(&self, sql: &'static str, statement: Statement) {
        self.statements.lock().unwrap_or_else(PoisonError::into_inner).insert(sql, statement);
    }

    pub(crate) fn forget_statements(&self) {
        self.statements.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// An own manager in the place of deadpool-postgres: a failed connect must tell what each host said,
/// and a connection to a demoted or stopping server must not come back.
#[derive(Debug)]
pub(crate) struct Manager {
    connector: Connector,
}

impl managed::Manager for Manager {
    type Type = Pooled;
    type Error = DbError;

    async fn create(&self) -> Result<Pooled, DbError> {
        let (client, task) = self.connector.connect_driven().await?;
        Ok(Pooled { client, side: Side::default(), task })
    }

    async fn recycle(&self, pooled: &mut Pooled, _: &Metrics) -> managed::RecycleResult<DbError> {
        if pooled.client.is_closed() || pooled.side.spoilt.load(Ordering::Relaxed) {
            return Err(RecycleError::message("closed or spoilt"));
        }
        Ok(())
    }
}
