//! For tests of every crate: a real PostgreSQL, and a migrated database of its own for each test. Not in the product.
mod own;
mod server;
mod watchdog;

use std::sync::atomic::{AtomicU32, Ordering};

pub use own::OwnPostgres;
pub use server::TestServer;
use tokio_postgres::Client;

use crate::connect::Connector;
use crate::{Db, DbError, DbOptions};

static NEXT: AtomicU32 = AtomicU32::new(1);

/// A database for one test: a clone of the migrated template. Dropped with this.
#[derive(Debug)]
pub struct TestDb {
    db: Db,
    url: String,
    name: String,
    admin_url: String,
}

impl TestDb {
    /// A database with the whole schema, without partitions: `partition::ensure` makes those of the test's days.
    pub async fn new() -> Result<Self, DbError> {
        let server = TestServer::shared().await?;
        Self::create(server, &format!("TEMPLATE {}", server.template())).await
    }

    /// A database with nothing in it, for tests of migrations.
    pub async fn empty() -> Result<Self, DbError> {
        Self::create(TestServer::shared().await?, "").await
    }

    async fn create(server: &TestServer, from: &str) -> Result<Self, DbError> {
        let name = format!("raas_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let admin_url = server.admin_url().to_owned();
        batch(&admin_url, &format!("CREATE DATABASE {name} {from}")).await?;
        let url = with_database(&admin_url, &name);
        let mut options = DbOptions::new(url.clone());
        options.max_connections = 8;
        Ok(Self { db: Db::lazy(options)?, url, name, admin_url })
    }

    /// Its pool.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Its URL, for a server that opens its own pool.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The URL of the same server with the right to make and drop databases, and to end connections.
    pub fn admin_url(&self) -> &str {
        &self.admin_url
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Ends every connection to it, as a restart of PostgreSQL would.
    pub async fn cut_connections(&self) -> Result<(), DbError> {
        let client = connect(&self.admin_url).await?;
        client.execute(include_str!("../queries/testing/cut_connections.sql"), &[&self.name]).await?;
        Ok(())
    }
}

impl TestDb {
    /// How many of its sessions wait for a lock that another one holds.
    pub async fn waiting_for_locks(&self) -> Result<i64, DbError> {
        let client = connect(&self.admin_url).await?;
        let row = client.query_one(include_str!("../queries/testing/waiting.sql"), &[&self.name]).await?;
        Ok(row.try_get("waiting")?)
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        self.db.close();
        let (url, sql) =
            (self.admin_url.clone(), format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        // A drop cannot wait in the test's own runtime.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map(|runtime| runtime.block_on(batch(&url, &sql)))
        });
        if !matches!(dropped.join(), Ok(Ok(Ok(())))) {
            eprintln!(
                "test database {} was not dropped; the next start of the test server does it",
                self.name
            );
        }
    }
}

/// A connection for administration, outside any pool. Its task ends with it.
async fn connect(url: &str) -> Result<Client, DbError> {
    let mut options = DbOptions::new(url);
    options.statement_timeout = std::time::Duration::from_secs(120);
    options.lock_timeout = options.statement_timeout;
    Ok(Connector::new(&options)?.connect_driven().await?.0)
}

async fn batch(url: &str, sql: &str) -> Result<(), DbError> {
    Ok(connect(url).await?.batch_execute(sql).await?)
}

/// The same URL with another database.
fn with_database(url: &str, name: &str) -> String {
    let (base, query) = url.split_once('?').map_or((url, None), |(base, query)| (base, Some(query)));
    let authority = base.find("://").map_or(0, |at| at + 3);
    let end = base.get(authority..).and_then(|rest| rest.find('/')).map_or(base.len(), |at| authority + at);
    let start = base.get(..end).unwrap_or(base);
    query.map_or_else(|| format!("{start}/{name}"), |query| format!("{start}/{name}?{query}"))
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn the_database_of_a_url_is_exchanged() {
        for (url, want) in [
            ("postgresql://u:p@h:1/a", "postgresql://u:p@h:1/b"),
            ("postgresql://u@%2Frun/a?x=/y", "postgresql://u@%2Frun/b?x=/y"),
            ("postgresql://u@h", "postgresql://u@h/b"),
        ] {
            assert_eq!(with_database(url, "b"), want);
        }
    }
}
