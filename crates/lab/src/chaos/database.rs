//! PostgreSQL of a chaos run: killed with SIGKILL, its children too, and started again on what it left.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use raas_db::private::{PrivateOptions, PrivatePostgres};
use raas_lab::tree;
use rustix::process::Signal;
use tokio::sync::Mutex;

/// Of a database that lives as long as the run.
const PASSWORD: &str = "only-for-chaos";

/// PostgreSQL on a directory.
#[derive(Debug)]
pub(crate) struct Database {
    options: PrivateOptions,
    running: Mutex<Option<PrivatePostgres>>,
}

impl Database {
    /// Makes and starts it.
    /// `synced`: as in production. What only SIGKILL threatens needs no fsync, and recovery is much faster without.
    pub(crate) async fn start(dir: &Path, synced: bool) -> Result<Self> {
        let mut options = PrivateOptions::new(dir, PASSWORD);
        options.throwaway = !synced;
        options.start_timeout = Duration::from_mins(5);
        let database = Self { options, running: Mutex::new(None) };
        database.up().await?;
        Ok(database)
    }

    /// Starts it, unless it runs.
    pub(crate) async fn up(&self) -> Result<()> {
        let mut running = self.running.lock().await;
        if running.is_none() {
            let started = PrivatePostgres::start(self.options.clone()).await;
            *running = Some(started.context("PostgreSQL does not start")?);
        }
        Ok(())
    }

    /// SIGKILL to all of it.
    pub(crate) async fn kill(&self) {
        let mut running = self.running.lock().await;
        let Some(postgres) = running.take() else { return };
        let all = u32::try_from(postgres.pid()).map(tree::members).unwrap_or_default();
        tree::signal(&all, Signal::KILL);
    }

    /// Its main process.
    pub(crate) async fn pid(&self) -> Option<u32> {
        self.running.lock().await.as_ref().and_then(|postgres| u32::try_from(postgres.pid()).ok())
    }

    /// Its socket.
    pub(crate) fn socket(&self) -> PathBuf {
        self.options.data_dir.join("postgres/run/.s.PGSQL.5432")
    }

    /// How to reach it through a proxy.
    pub(crate) fn url(proxy: SocketAddr) -> String {
        format!("postgresql://raas:{PASSWORD}@{proxy}/raas")
    }

    /// Stops it in order.
    pub(crate) async fn stop(&self) {
        if let Some(postgres) = self.running.lock().await.take() {
            postgres.stop().await;
        }
    }
}
