//! Talking over one connection: statements with typed errors, alone or in a transaction. No SQL of its own.
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use deadpool_postgres::Object;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{CopyInSink, Row, Statement};

use crate::error::{DbError, Trouble, spoils_connection};

/// The values of a statement's `$1`, `$2`, …
pub type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// A connection of the pool. Goes back when dropped, unless it was spoilt: to a demoted or stopping server none returns.
#[derive(Debug)]
pub struct Client {
    /// Some until it is dropped.
    object: Option<Object>,
    wire: Wire,
}

/// An open transaction; dropped without [`Transaction::commit`] it is rolled back.
pub struct Transaction<'a> {
    txn: deadpool_postgres::Transaction<'a>,
    wire: &'a Wire,
}

/// The inside of a session; only this crate can make one, so only this crate can be a session.
#[derive(Clone, Copy)]
pub struct Link<'a> {
    on: On<'a>,
    wire: &'a Wire,
}

#[derive(Clone, Copy)]
enum On<'a> {
    /// Nothing: the connection was given back, which no caller can see.
    Nothing,
    Client(&'a Object),
    Transaction(&'a deadpool_postgres::Transaction<'a>),
}

/// What is known of the connection itself.
#[derive(Debug)]
struct Wire {
    /// Whether it must not go back into the pool.
    spoilt: AtomicBool,
    /// How long an answer may take. The database's own limits end earlier, unless it does not answer at all.
    limit: Duration,
    /// Told when the disk is full; shared by all connections of a pool.
    full: Arc<AtomicBool>,
}

impl Client {
    pub(crate) fn new(object: Object, limit: Duration, full: Arc<AtomicBool>) -> Self {
        Self { object: Some(object), wire: Wire { spoilt: AtomicBool::new(false), limit, full } }
    }

    /// Waits for each answer no longer than this.
    pub(crate) fn limit(&mut self, limit: Duration) {
        self.wire.limit = limit;
    }

    /// Begins a transaction.
    pub async fn transaction(&mut self) -> Result<Transaction<'_>, DbError> {
        let Self { object, wire } = self;
        let object = object.as_mut().ok_or_else(given_back)?;
        let txn = wire.answer(object.transaction()).await?;
        Ok(Transaction { txn, wire })
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if let Some(object) = self.object.take().filter(|_| self.wire.spoilt.load(Ordering::Relaxed)) {
            drop(Object::take(object));
        }
    }
}

impl Transaction<'_> {
    /// Makes everything in it last.
    pub async fn commit(self) -> Result<(), DbError> {
        self.wire.answer(self.txn.commit()).await
    }

    /// Undoes everything in it, now and not at some later time.
    pub async fn rollback(self) -> Result<(), DbError> {
        self.wire.answer(self.txn.rollback()).await
    }

    /// A part that can fail and be undone without the whole.
    pub async fn savepoint(&mut self) -> Result<Transaction<'_>, DbError> {
        let wire = self.wire;
        let txn = wire.answer(self.txn.transaction()).await?;
        Ok(Transaction { txn, wire })
    }
}

impl std::fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Transaction")
    }
}

impl Wire {
    fn judge(&self, error: tokio_postgres::Error) -> DbError {
        if spoils_connection(&error) {
            self.spoilt.store(true, Ordering::Relaxed);
        }
        let error = DbError::from(error);
        if matches!(error, DbError::Unavailable { trouble: Trouble::Full, .. }) {
            self.full.store(true, Ordering::Relaxed);
        }
        error
    }

    /// The answer to one call, within the limit.
    async fn answer<T>(
        &self,
        call: impl Future<Output = Result<T, tokio_postgres::Error>> + Send,
    ) -> Result<T, DbError> {
        self.limited(async { call.await.map_err(|error| self.judge(error)) }).await
    }

    /// What comes of `work` within the limit. Where nothing does, the connection is cut: its answer may still come.
    async fn limited<T>(&self, work: impl Future<Output = Result<T, DbError>> + Send) -> Result<T, DbError> {
        let Ok(done) = tokio::time::timeout(self.limit, work).await else {
            self.spoilt.store(true, Ordering::Relaxed);
            return Err(no_answer(self.limit));
        };
        done
    }
}

/// The error of a database that is silent.
pub(crate) fn no_answer(limit: Duration) -> DbError {
    DbError::unavailable(format!("the database did not answer within {} s", limit.as_secs_f32()))
}

fn given_back() -> DbError {
    DbError::unavailable("this connection was given back")
}

/// A [`Client`] or a [`Transaction`]. Statements are constants (`include_str!`), prepared once per connection.
pub trait Session: Sync {
    /// The inside; for this crate.
    #[doc(hidden)]
    fn link(&self) -> Link<'_>;

    /// All rows.
    fn query(
        &self,
        sql: &'static str,
        params: Params<'_>,
    ) -> impl Future<Output = Result<Vec<Row>, DbError>> + Send {
        async move { self.link().query(sql, params).await }
    }

    /// All rows, planned for these values: for searches with filters that may be left out and may be large. A plan for any values
    /// guesses that each of them leaves next to nothing, and reads everything.
    fn query_anew(
        &self,
        sql: &'static str,
        params: Params<'_>,
    ) -> impl Future<Output = Result<Vec<Row>, DbError>> + Send {
        async move { self.link().query_anew(sql, params).await }
    }

    /// Exactly one row; anything else is an error.
    fn query_one(
        &self,
        sql: &'static str,
        params: Params<'_>,
    ) -> impl Future<Output = Result<Row, DbError>> + Send {
        async move {
            let found = self.query_opt(sql, params).await?;
            found.ok_or_else(|| DbError::Query {
                code: "client".into(),
                internal: format!("no row from: {sql}"),
            })
        }
    }

    /// One row or none; more is an error.
    fn query_opt(
        &self,
        sql: &'static str,
        params: Params<'_>,
    ) -> impl Future<Output = Result<Option<Row>, DbError>> + Send {
        async move {
            let mut rows = self.link().query(sql, params).await?;
            if rows.len() > 1 {
                return Err(DbError::Query {
                    code: "client".into(),
                    internal: format!("{} rows from: {sql}", rows.len()),
                });
            }
            Ok(rows.pop())
        }
    }

    /// The number of rows touched.
    fn execute(
        &self,
        sql: &'static str,
        params: Params<'_>,
    ) -> impl Future<Output = Result<u64, DbError>> + Send {
        async move { self.link().execute(sql, params).await }
    }

    /// Statements without values, also several, also made at run time (the names of partitions). Never with data in them.
    fn batch(&self, sql: &str) -> impl Future<Output = Result<(), DbError>> + Send {
        async move {
            let link = self.link();
            link.wire.answer(link.client()?.batch_execute(sql)).await
        }
    }

    /// Opens `COPY … FROM STDIN`. The sink must be finished (`finish`), else the copy is undone.
    fn copy_in(&self, sql: &'static str) -> impl Future<Output = Result<CopyInSink<Bytes>, DbError>> + Send {
        async move {
            let link = self.link();
            link.wire.answer(link.client()?.copy_in(sql)).await
        }
    }

    /// Runs a whole `COPY … FROM STDIN BINARY`. Every row must have as many values as there are types.
    fn copy_rows(
        &self,
        sql: &'static str,
        types: &[Type],
        rows: &[Vec<&(dyn ToSql + Sync)>],
    ) -> impl Future<Output = Result<u64, DbError>> + Send {
        async move {
            // The writer panics on a wrong number of values.
            if let Some(row) = rows.iter().find(|row| row.len() != types.len()) {
                let internal = format!("a row of {} values for {} columns: {sql}", row.len(), types.len());
                return Err(DbError::Query { code: "client".into(), internal });
            }
            let wire = self.link().wire;
            let copied = async {
                let sink = self.copy_in(sql).await?;
                let writer = tokio_postgres::binary_copy::BinaryCopyInWriter::new(sink, types);
                let mut writer = std::pin::pin!(writer);
                for row in rows {
                    writer.as_mut().write(row).await.map_err(|error| wire.judge(error))?;
                }
                writer.as_mut().finish().await.map_err(|error| wire.judge(error))
            };
            wire.limited(copied).await
        }
    }
}

impl Session for Client {
    fn link(&self) -> Link<'_> {
        Link { on: self.object.as_ref().map_or(On::Nothing, On::Client), wire: &self.wire }
    }
}

impl Session for Transaction<'_> {
    fn link(&self) -> Link<'_> {
        Link { on: On::Transaction(&self.txn), wire: self.wire }
    }
}

impl<'a> Link<'a> {
    fn client(&self) -> Result<&'a tokio_postgres::Client, DbError> {
        match self.on {
            On::Nothing => Err(given_back()),
            On::Client(object) => Ok(object),
            On::Transaction(txn) => Ok(txn.client()),
        }
    }

    async fn prepared(&self, sql: &'static str) -> Result<Statement, DbError> {
        let known = match self.on {
            On::Nothing => return Err(given_back()),
            On::Client(object) => object.prepare_cached(sql).await,
            On::Transaction(txn) => txn.prepare_cached(sql).await,
        };
        known.map_err(|error| self.wire.judge(error))
    }

    async fn query(&self, sql: &'static str, params: Params<'_>) -> Result<Vec<Row>, DbError> {
        let call = async {
            let (client, statement) = (self.client()?, self.prepared(sql).await?);
            match client.query(&statement, params).await {
                Err(error) if self.outdated(&error) => {
                    let statement = self.prepared(sql).await?;
                    client.query(&statement, params).await.map_err(|error| self.wire.judge(error))
                }
                other => other.map_err(|error| self.wire.judge(error)),
            }
        };
        self.wire.limited(call).await
    }

    async fn query_anew(&self, sql: &'static str, params: Params<'_>) -> Result<Vec<Row>, DbError> {
        let call = async {
            let client = self.client()?;
            let statement = client.prepare(sql).await.map_err(|error| self.wire.judge(error))?;
            client.query(&statement, params).await.map_err(|error| self.wire.judge(error))
        };
        self.wire.limited(call).await
    }

    async fn execute(&self, sql: &'static str, params: Params<'_>) -> Result<u64, DbError> {
        let call = async {
            let (client, statement) = (self.client()?, self.prepared(sql).await?);
            match client.execute(&statement, params).await {
                Err(error) if self.outdated(&error) => {
                    let statement = self.prepared(sql).await?;
                    client.execute(&statement, params).await.map_err(|error| self.wire.judge(error))
                }
                other => other.map_err(|error| self.wire.judge(error)),
            }
        };
        self.wire.limited(call).await
    }

    /// After a migration old plans fail with "cached plan must not change result type": forget them. Nothing was
    /// executed yet, so the statement may run again, unless a transaction around it is now lost.
    fn outdated(&self, error: &tokio_postgres::Error) -> bool {
        let outdated = error.code() == Some(&SqlState::FEATURE_NOT_SUPPORTED)
            && error.as_db_error().is_some_and(|said| said.routine() == Some("RevalidateCachedQuery"));
        match self.on {
            On::Client(object) if outdated => object.statement_cache.clear(),
            On::Transaction(txn) if outdated => txn.statement_cache.clear(),
            _ => {}
        }
        outdated && matches!(self.on, On::Client(_))
    }
}
