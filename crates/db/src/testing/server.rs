//! The PostgreSQL of the tests: TEST_DATABASE_URL, or a private one that all test processes of this target folder share.
use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::PathBuf;
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio::sync::OnceCell;

use super::{batch, connect, watchdog, with_database};
use crate::migrate::{self, Migration};
use crate::private::{PrivateOptions, PrivatePostgres};
use crate::{Db, DbError, DbOptions};

/// "raastest" as a number: one process makes the template.
const LOCK: i64 = 0x7261_6173_7465_7374;

static SHARED: OnceCell<TestServer> = OnceCell::const_new();

/// The server of the tests, with a migrated template in it.
#[derive(Debug)]
pub struct TestServer {
    admin_url: String,
    template: String,
}

impl TestServer {
    /// The server of this process: started, or found running, at the first call.
    pub async fn shared() -> Result<&'static Self, DbError> {
        SHARED.get_or_try_init(Self::start).await
    }

    /// A URL with the right to make databases.
    pub fn admin_url(&self) -> &str {
        &self.admin_url
    }

    pub(super) fn template(&self) -> &str {
        &self.template
    }

    async fn start() -> Result<Self, DbError> {
        let files = Migration::embedded()?;
        let all: String = files.iter().map(Migration::sha256).collect();
        let template = format!("raas_template_{}", short_hash(all.as_bytes()));
        #[allow(clippy::disallowed_methods)] // tests have no main that could read it
        let given = std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty());
        let admin_url = match given {
            Some(url) => url,
            None => start_private(&template).await?,
        };
        ensure_template(&admin_url, &template).await?;
        Ok(Self { admin_url, template })
    }
}

/// Starts or adopts the shared server. It stays for the next process; its watchdog stops it when none is left.
async fn start_private(template: &str) -> Result<String, DbError> {
    let base = folder()?;
    let lock = lock(base.join("test.lock")).await?;
    watchdog::register(&base).await.map_err(|error| failed("register a test process", &error))?;
    let mut options = PrivateOptions::new(&base, "only-for-tests");
    options.throwaway = true;
    options.settings = vec![
        ("max_connections".into(), "200".into()),
        ("autovacuum".into(), "off".into()),
        ("log_min_duration_statement".into(), "-1".into()),
    ];
    #[allow(clippy::disallowed_methods)] // tests have no main that could read it
    let path = std::env::var_os("PATH");
    options.search_path = path;
    let server = PrivatePostgres::start(options).await?;
    let url = with_database(server.url(), "postgres");
    if !server.is_adopted() {
        watchdog::spawn(&base, server.pid()).map_err(|error| failed("start the watchdog", &error))?;
        sweep(&url, template).await?;
    }
    server.leave_running();
    drop(lock);
    Ok(url)
}

/// In /tmp: short enough for a socket, and PostgreSQL's user may pass. One per user and target folder.
fn folder() -> Result<PathBuf, DbError> {
    let program = std::env::current_exe().map_err(|error| failed("find this program", &error))?;
    let target =
        program.ancestors().find(|folder| folder.join(".rustc_info.json").exists()).unwrap_or(&program);
    let uid = rustix::process::geteuid().as_raw();
    let hash = short_hash(target.as_os_str().as_encoded_bytes());
    let base = PathBuf::from(format!("/tmp/raas-test-{uid}-{hash}"));
    let made = DirBuilder::new().recursive(true).mode(0o711).create(&base);
    made.map_err(|error| failed("make the folder of the test server", &error))?;
    let meta = fs::symlink_metadata(&base)
        .map_err(|error| failed("look at the folder of the test server", &error))?;
    if !meta.is_dir() || meta.uid() != uid {
        return Err(DbError::Config(format!("{} is not ours: remove it", base.display())));
    }
    Ok(base)
}

async fn lock(path: PathBuf) -> Result<File, DbError> {
    let open = move || {
        let file = File::options().append(true).create(true).open(path)?;
        file.lock()?;
        Ok::<_, std::io::Error>(file)
    };
    let opened = tokio::task::spawn_blocking(open).await;
    opened
        .map_err(|error| DbError::Config(error.to_string()))?
        .map_err(|error| failed("lock the test server", &error))
}

/// Makes the template unless it is there whole. It counts as whole once it is marked as a template.
async fn ensure_template(admin_url: &str, name: &str) -> Result<(), DbError> {
    let admin = connect(admin_url).await?;
    admin.query_one(include_str!("../../queries/testing/lock.sql"), &[&LOCK]).await?;
    let state = admin.query_opt(include_str!("../../queries/testing/template_state.sql"), &[&name]).await?;
    if state.map(|row| row.try_get::<_, bool>(0)).transpose()? == Some(true) {
        return Ok(());
    }
    admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
    admin.batch_execute(&format!("CREATE DATABASE {name}")).await?;
    migrate::run(&Db::lazy(DbOptions::new(with_database(admin_url, name)))?).await?;
    admin
        .batch_execute(&format!("ALTER DATABASE {name} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false"))
        .await?;
    Ok(())
}

/// Only at a fresh start: nobody uses them.
async fn sweep(admin_url: &str, template: &str) -> Result<(), DbError> {
    let admin = connect(admin_url).await?;
    for row in admin.query(include_str!("../../queries/testing/leftovers.sql"), &[&template]).await? {
        let (name, is_template): (String, bool) = (row.try_get(0)?, row.try_get(1)?);
        if is_template {
            batch(admin_url, &format!("ALTER DATABASE {name} WITH IS_TEMPLATE false")).await?;
        }
        batch(admin_url, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
    }
    Ok(())
}

fn short_hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes)).get(..10).unwrap_or_default().to_owned()
}

fn failed(what: &str, error: &std::io::Error) -> DbError {
    DbError::Config(format!("cannot {what}: {error}"))
}

/// How long a test process waits for a server that is just being stopped.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);
